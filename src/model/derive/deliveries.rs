//! How the image of a component comes to where it runs, and which registry it is pulled from.

use super::{ContainerHost, Delivery, Published};
use crate::catalog::{Catalog, Hosting, TargetName, Trait};
use crate::model::{Built, Component, ComponentId, Model};

/// The registry that images are pulled from where they name none: the first. One in a container that opens no port
/// cannot be pushed to.
pub(super) fn registry(model: &Model, catalog: &Catalog, machines: &[ContainerHost]) -> Option<ComponentId> {
    let is_closed = |id: ComponentId| {
        let opens = |row: &Published| row.component == id;
        machines.iter().any(|host| host.has(id))
            && !machines.iter().flat_map(|host| &host.published).any(opens)
    };
    let is_registry = |component: &Component| catalog.kind(component.kind).has(Trait::Registry);
    model.components().find(|(id, component)| is_registry(component) && !is_closed(*id)).map(|(id, _)| id)
}

/// For each component, by index: how its image comes to where it runs; nothing for what has no image of its own.
pub(super) fn deliveries(
    model: &Model,
    catalog: &Catalog,
    machines: &[ContainerHost],
    registry: Option<ComponentId>,
) -> Vec<Option<Delivery>> {
    let of = |(id, component): (ComponentId, &Component)| {
        let workload = component.workload.as_ref()?;
        let host = machines.iter().find(|host| host.has(id));
        let named = workload.image.is_some();
        if component.built == Built::By(TargetName::Terraform)
            && catalog.form(component.form).hosting == Hosting::Own
        {
            return Some(if named { Delivery::Registry } else { Delivery::Repository });
        }
        if !named && workload.build.is_none() {
            return None;
        }
        Some(match workload.deliver.as_deref() {
            Some("registry") => Delivery::Registry,
            Some("copy") => Delivery::Copy,
            Some(_) => Delivery::Build,
            None if workload.build.is_none() || host.is_some_and(ContainerHost::is_spread) => {
                Delivery::Registry
            }
            // On the reader's own computer.
            None if host.is_none_or(|host| host.zone.is_none()) => Delivery::Build,
            None if named || registry.is_some() => Delivery::Registry,
            None => Delivery::Build,
        })
    };
    model.components().map(of).collect()
}
