//! What is installed on the machines of an environment when they start for the first time.

use super::endpoints::nat;
use super::{ContainerHost, Install, Instance, StoreInstall};
use crate::catalog::{Catalog, Hosting, TargetName, Trait};
use crate::model::{Access, Built, Component, ComponentId, End, FileSource, Model, Nat, ZoneDetail, os};
use crate::template;

/// One installation for each machine that Terraform makes, in the order of the model.
pub(super) fn installs(model: &Model, catalog: &Catalog, hosts: &[ContainerHost]) -> Vec<Install> {
    let mut installs = Vec::new();
    for (zone, about) in model.zones() {
        let ZoneDetail::Machine(machine) = &about.detail else { continue };
        if about.built != Built::By(TargetName::Terraform) {
            continue;
        }
        let host = hosts.iter().find(|host| host.zone == Some(zone));
        let setup = &machine.setup;
        let own = !setup.packages.is_empty() || !setup.run.is_empty() || !setup.files.is_empty();
        if host.is_none() && !own {
            continue;
        }
        let mut software = host.map(|host| host.software.clone()).unwrap_or_default();
        software.extend(certificates(model, catalog, host));
        let docker = host.is_some_and(|host| !host.components.is_empty());
        let mounted = |wanted| host.map(|host| mounted(model, catalog, host, wanted)).unwrap_or_default();
        let shares = mounted(Trait::FileShare);
        // Who comes and goes has no disk that stays.
        let disks = if machine.elastic { Vec::new() } else { mounted(Trait::Volume) };
        let known = os::of(&machine.os).is_some();
        installs.push(Install { zone, known, docker, software, shares, disks });
    }
    installs
}

/// For each component, by index: how a store comes onto a machine of its own; nothing for what has none. It installs itself
/// but where several copies would have to be made into one store, and where the machine could fetch nothing.
pub(super) fn stores(
    model: &Model,
    catalog: &Catalog,
    copies: &[Vec<Instance>],
) -> Vec<Option<StoreInstall>> {
    let of = |((id, component), copies): ((ComponentId, &Component), &Vec<Instance>)| {
        let (end, form) = (End::Component(id), catalog.form(component.form));
        let machine = form.machine.as_deref()?;
        if component.store.is_none() || model.machine(end).is_some() {
            return None;
        }
        let leads_out = |tier| match model.zone(tier).detail {
            ZoneDetail::Tier(Access::Public) => true,
            ZoneDetail::Tier(Access::Private) => nat(model, tier) != Nat::None,
            _ => false,
        };
        let container = catalog.kind(component.kind).container.as_ref();
        let image = container.is_some_and(|container| container.get("image").is_some());
        let fetches = model.tier(end).is_some_and(leads_out);
        let by_itself = os::of(machine).is_some() && image && copies.len() == 1 && fetches;
        Some(if by_itself { StoreInstall::ByItself } else { StoreInstall::ByHand })
    };
    model.components().zip(copies).map(of).collect()
}

/// The certificates that TLS on a machine ends with and that machines keep; a swarm has them as secrets.
fn certificates(model: &Model, catalog: &Catalog, host: Option<&ContainerHost>) -> Vec<ComponentId> {
    let mut found: Vec<ComponentId> = Vec::new();
    let Some(host) = host.filter(|host| !host.swarm) else { return found };
    for id in host.components.iter().chain(&host.software) {
        let Some(tls) = &model.component(*id).tls else { continue };
        let kept = catalog.form(model.component(tls.certificate).form).hosting == Hosting::Host;
        if kept && !found.contains(&tls.certificate) && !host.software.contains(&tls.certificate) {
            found.push(tls.certificate);
        }
    }
    found
}

/// The shares, or the disks, that a machine mounts for what stands on it. The nodes of a swarm mount those of their containers when
/// one starts, so that a share that does not answer stops no node.
fn mounted(
    model: &Model,
    catalog: &Catalog,
    host: &ContainerHost,
    wanted: Trait,
) -> Vec<(ComponentId, String)> {
    let containers = host.components.iter().filter(|_| !host.swarm);
    let mut found: Vec<(ComponentId, String)> = Vec::new();
    for &id in containers.chain(&host.software) {
        let component = model.component(id);
        let volumes =
            component.workload.iter().flat_map(|workload| &workload.volumes).map(|mount| &mount.from);
        for source in volumes.chain(component.files.iter().map(|(_, source)| source)) {
            let FileSource::Component(share) = source else { continue };
            let about = model.component(*share);
            let mounted = catalog.kind(about.kind).has(wanted)
                && catalog.form(about.form).hosting != Hosting::Container
                && (wanted != Trait::Volume || about.built == Built::By(TargetName::Terraform))
                && found.iter().all(|(known, _)| known != share);
            if mounted {
                found.push((*share, mount_path(model, *share)));
            }
        }
    }
    found
}

/// Where machines mount a share.
fn mount_path(model: &Model, share: ComponentId) -> String {
    let component = model.component(share);
    let pattern = component.setting_text("mount").unwrap_or_else(|| "/mnt/{{ id }}".to_owned());
    template::render(&pattern, &serde_json::json!({ "id": component.id })).unwrap_or(pattern)
}
