//! From connections of the model to lines between copies, and what the reduction has to know of them.

use super::draft::{Copy, Draft, Spot};
use super::lines::Look;
use crate::layout::End as Drawn;
use crate::model::derive::CopyPart;
use crate::model::{ComponentId, End, ZoneId};
use crate::view::Style;
use crate::view::reduce::{Fold, Ground, Line};

impl Draft<'_> {
    /// Adds the lines of a connection between two ends: from every copy to every copy, but a store with a standby is
    /// spoken for by its primary, and copies on the same machines talk to their neighbours.
    pub(super) fn connect(&mut self, from: End, to: End, look: &Look, meant: Option<(End, End)>) {
        if from == to {
            return;
        }
        let (sources, targets) = (self.ends(from), self.ends(to));
        let together = self.shared_machine(from, to);
        for (source, zone) in sources {
            let same = |(_, other): &&(Drawn, Option<usize>)| zone.is_some() && *other == zone;
            let beside = targets.iter().find(same).filter(|_| together);
            for (target, _) in beside.map_or(targets.as_slice(), std::slice::from_ref) {
                self.line(source, *target, look, meant);
            }
        }
    }

    /// Adds one line between things that are drawn.
    pub(super) fn line(&mut self, from: Drawn, to: Drawn, look: &Look, meant: Option<(End, End)>) {
        if from == to {
            return;
        }
        self.view.lines.push(Line {
            from,
            to,
            class: look.class,
            heads: look.heads,
            label: look.label.clone(),
            numbers: Vec::new(),
            published: String::new(),
            said: false,
            arrives: String::new(),
        });
        self.meant.push(meant);
    }

    /// What the reduction has to know of this view.
    pub(super) fn ground(&self) -> Ground {
        let mut folds: Vec<Fold> = Vec::new();
        let nodes = |copies: &[Copy]| copies.iter().map(|copy| copy.node).collect::<Vec<_>>();
        for (id, _) in self.shown() {
            let own = self.groups[id.0 as usize];
            let shared = || self.spread_machine(End::Component(id)).and_then(|zone| self.machine_frame(zone));
            if let Some(group) = own.or_else(shared) {
                let members = nodes(&self.copies[id.0 as usize]);
                folds.push(Fold { members, group, alone: own.is_some() });
            }
        }
        for (zone, copies) in &self.machines {
            if let Some(group) = self.machine_frame(*zone) {
                folds.push(Fold { members: nodes(copies), group, alone: true });
            }
        }
        let mut nats: Vec<usize> = self.nats.values().copied().collect();
        nats.sort_unstable();
        Ground {
            folds,
            gateways: self.gateways.values().copied().collect(),
            nats,
            egress: self.word("egress").to_owned(),
        }
    }

    /// The machine with more than one copy that both ends stand on.
    fn shared_machine(&self, from: End, to: End) -> bool {
        let components = |end: End| matches!(end, End::Component(_));
        let machine = self.spread_machine(from);
        components(from) && components(to) && machine.is_some() && machine == self.spread_machine(to)
    }

    fn spread_machine(&self, end: End) -> Option<ZoneId> {
        self.model.machine(end).filter(|machine| self.spreads(*machine))
    }

    /// Index of the frame around everything on a machine that spreads over zones.
    fn machine_frame(&self, machine: ZoneId) -> Option<usize> {
        let name = format!("{}-group", self.model.zone(machine).id);
        self.view.groups.iter().position(|group| group.id == name)
    }

    /// The leaves that a connection's end means, with their availability zones.
    fn ends(&self, end: End) -> Vec<(Drawn, Option<usize>)> {
        let spoken = |copies: &[Copy]| {
            let primary = copies.iter().find(|copy| copy.part == CopyPart::Primary);
            let copies = primary.map_or(copies, std::slice::from_ref);
            copies.iter().map(|copy| (Drawn::Node(copy.node), copy.az)).collect()
        };
        match end {
            End::Component(ComponentId(id)) => spoken(&self.copies[id as usize]),
            End::Zone(id) => match self.machines.get(&id) {
                Some(copies) => spoken(copies),
                None => self.machine_box(id).map(|drawn| (drawn, None)).into_iter().collect(),
            },
        }
    }

    /// The box of a machine with something on it, or the frame around all that it repeats.
    fn machine_box(&self, id: ZoneId) -> Option<Drawn> {
        let own = |(spot, at): (&Spot, &usize)| match spot {
            Spot::Zone(zone, _) if *zone == id => {
                let style = self.view.containers[*at].style;
                matches!(style, Style::Host | Style::Plain).then_some(Drawn::Container(*at))
            }
            _ => None,
        };
        let frame = self.machine_frame(id).map(Drawn::Group);
        frame.or_else(|| self.boxes.iter().find_map(own))
    }
}
