//! Copies of components and machines, and the availability zones they stand in.

use super::{ContainerHost, CopyPart, Instance};
use crate::catalog::{Catalog, Hosting, Trait};
use crate::model::{ComponentId, End, Model, ZoneDetail, ZoneId};

/// Letters of the availability zones around an end; empty outside of networks.
fn letters(model: &Model, end: End) -> Vec<String> {
    match model.space(end).map(|space| &model.zone(space).detail) {
        Some(ZoneDetail::Space(space)) => space.azs.clone(),
        _ => Vec::new(),
    }
}

/// The availability zone of each machine of a zone: spread evenly, the first zones get the remainder.
pub fn machines(model: &Model, zone: ZoneId) -> Vec<Option<String>> {
    let ZoneDetail::Machine(machine) = &model.zone(zone).detail else { return Vec::new() };
    spread(&letters(model, End::Zone(zone)), machine.replicas.min.max(1))
}

fn spread(letters: &[String], count: u32) -> Vec<Option<String>> {
    (0..count as usize).map(|at| (!letters.is_empty()).then(|| letters[at % letters.len()].clone())).collect()
}

/// The copies of one component.
pub(super) fn of(
    model: &Model,
    catalog: &Catalog,
    hosts: &[ContainerHost],
    id: ComponentId,
) -> Vec<Instance> {
    let component = model.component(id);
    let end = End::Component(id);
    let kind = catalog.kind(component.kind);
    let letters = letters(model, end);
    let equal = |az: Option<String>| Instance { az, part: CopyPart::Equal };
    // One host can open a port once, and two containers must not write to one disk.
    let alone = hosts.iter().any(|host| {
        host.components.contains(&id)
            && (kind.has(Trait::DataStore)
                || !host.is_spread() && host.published.iter().any(|row| row.component == id))
    });
    let replicas = if alone { 1 } else { component.replicas.min.max(1) };
    if let Some(zone) = model.machine(end) {
        let machines = machines(model, zone);
        let spreads = matches!(&model.zone(zone).detail, ZoneDetail::Machine(m) if m.nodes.is_some());
        let each = replicas as usize;
        if spreads {
            return (0..each).map(|at| equal(machines[at % machines.len().max(1)].clone())).collect();
        }
        return machines.into_iter().flat_map(|az| std::iter::repeat_n(equal(az), each)).collect();
    }
    if component.store.as_ref().is_some_and(|store| store.standby) && !letters.is_empty() {
        let second = letters.get(1).unwrap_or(&letters[0]).clone();
        return vec![
            Instance { az: Some(letters[0].clone()), part: CopyPart::Primary },
            Instance { az: Some(second), part: CopyPart::Standby },
        ];
    }
    let form = catalog.form(component.form);
    // A machine stands in one zone, whatever it is for.
    // A router of the provider is one thing to us, whatever it is made of; one in a container is a program like others.
    let program = form.hosting == Hosting::Container && kind.has(Trait::Router);
    let counted =
        kind.has(Trait::Workload) || kind.has(Trait::DataStore) || form.machine.is_some() || program;
    if letters.is_empty() || form.hosting != Hosting::Own || !counted {
        let count = if counted { replicas } else { 1 };
        return (0..count).map(|_| equal(None)).collect();
    }
    spread(&letters, replicas).into_iter().map(equal).collect()
}
