//! Small signs on tiles: the number of a layer, and what looks after something unasked.

use super::draft::Draft;
use crate::catalog::Hosting;
use crate::model::derive::CopyPart;
use crate::model::{Component, ComponentId, End, ZoneId};
use crate::view::{Care, Marks, Step};

impl Draft<'_> {
    /// The signs of one copy of a component.
    pub(super) fn marks(&self, id: ComponentId, part: CopyPart) -> Marks {
        let component = self.model.component(id);
        let number = self.layer(component);
        let layer = number.filter(|_| self.layers().len() > 1);
        Marks { layer, care: if part == CopyPart::Standby { Vec::new() } else { self.care(id) } }
    }

    /// The layers that occur. Beside the numbers of a flow, others would confuse.
    pub(super) fn layers(&self) -> Vec<Step> {
        if self.plan.flow.is_some() {
            return Vec::new();
        }
        let shown = self.shown();
        let occurs = |number: u32| shown.iter().any(|(_, component)| self.layer(component) == Some(number));
        let numbered = (1..).zip(&self.model.system().layers).filter(|(number, _)| occurs(*number));
        numbered.map(|(number, (_, title))| Step { number, text: title.clone() }).collect()
    }

    /// How many alarms watch a machine, in words.
    pub(super) fn alarms(&self, machine: ZoneId) -> String {
        match self.watched(End::Zone(machine)) {
            0 => String::new(),
            1 => format!("1 {}", self.word("alarm")),
            several => format!("{several} {}", self.word("alarms")),
        }
    }

    fn layer(&self, component: &Component) -> Option<u32> {
        let wanted = component.layer.as_ref()?;
        let at = self.model.system().layers.iter().position(|(id, _)| id == wanted)?;
        u32::try_from(at + 1).ok()
    }

    /// What the provider does for a component: nobody does it for a container on the reader's own computer.
    fn care(&self, id: ComponentId) -> Vec<Care> {
        let component = self.model.component(id);
        let form = self.input.catalog.form(component.form);
        if self.plan.logical || form.hosting != Hosting::Own || form.provider.is_empty() {
            return Vec::new();
        }
        let backup = component.store.as_ref().is_some_and(|store| store.backup.is_some());
        let wanted = |care: &Care| match care {
            Care::Backup => backup,
            Care::Alarm => self.watched(End::Component(id)) > 0,
        };
        Care::ALL.into_iter().filter(wanted).collect()
    }

    fn watched(&self, end: End) -> usize {
        self.model.operations().alarms.iter().filter(|alarm| alarm.watch == end).count()
    }
}
