//! Grants, upstreams and the table of ports.

use std::collections::BTreeMap;

use super::{Address, ContainerHost, Grant, PortRow, Upstream, rules};
use crate::catalog::{Catalog, Hosting, Reach, Trait};
use crate::document::Arrow;
use crate::model::{Built, ComponentId, DataAccess, End, Leg, Link, Model};

/// What may call which provider API, in the order of the connections.
pub(super) fn grants(model: &Model, catalog: &Catalog) -> Vec<Grant> {
    let by_api = |id: ComponentId| {
        let component = model.component(id);
        catalog.form(component.form).reach == Reach::Api && component.built != Built::Nowhere
    };
    let has = |id: ComponentId, wanted: Trait| catalog.kind(model.component(id).kind).has(wanted);
    let stores = |id: ComponentId| has(id, Trait::DataStore) || has(id, Trait::Stateful);
    let mut grants: Vec<Grant> = Vec::new();
    for (_, connection) in model.connections() {
        let (End::Component(from), End::Component(to)) = (connection.from, connection.to) else { continue };
        if looks_after_itself(model, catalog, from, to) {
            continue;
        }
        // What a store behind an API holds is handed over along a dashed arrow: it asks nobody.
        let hands_over = connection.arrow == Arrow::Async && by_api(from);
        let (who, on, read_only) = if by_api(to) && has(from, Trait::Workload) {
            (from, to, false)
        } else if hands_over && has(to, Trait::Workload) {
            // Who is triggered by a queue fetches from it.
            (to, from, true)
        } else if by_api(to) && stores(from) && !hands_over {
            (from, to, false)
        } else {
            continue;
        };
        for leg in &connection.legs {
            let access = match leg.access {
                _ if read_only => DataAccess::Read,
                Some(access) => access,
                // Who hands something over along a dashed arrow waits for no answer.
                None if connection.arrow == Arrow::Async => DataAccess::Write,
                None => DataAccess::ReadWrite,
            };
            match grants.iter_mut().find(|grant| grant.who == who && grant.on == on) {
                Some(grant) if grant.access != access => grant.access = DataAccess::ReadWrite,
                Some(_) => {}
                None => grants.push(Grant { who, on, access }),
            }
        }
    }
    grants
}

/// Whether a store points at what the provider does for it: copies that a service of its own keeps, and what a service
/// without a machine of ours reports.
pub(super) fn looks_after_itself(
    model: &Model,
    catalog: &Catalog,
    from: ComponentId,
    to: ComponentId,
) -> bool {
    let has = |id: ComponentId, wanted: Trait| catalog.kind(model.component(id).kind).has(wanted);
    let form = catalog.form(model.component(from).form);
    let managed = form.hosting == Hosting::Own && form.machine.is_none();
    let store = has(from, Trait::DataStore);
    (store || has(from, Trait::Stateful)) && has(to, Trait::Care)
        || store && managed && has(to, Trait::Monitor)
}

/// Where routers pass requests on to, in the order of the connections.
pub(super) fn upstreams(model: &Model, catalog: &Catalog, hosts: &[ContainerHost]) -> Vec<Upstream> {
    let mut upstreams = Vec::new();
    for (connection, written) in model.connections() {
        let (End::Component(router), End::Component(target)) = (written.from, written.to) else { continue };
        let routes = catalog.kind(model.component(router).kind).has(Trait::Router);
        if !routes || !matches!(written.origin, Link::Written | Link::Bridged(_)) {
            continue;
        }
        let address = address(model, catalog, hosts, router, target);
        for leg in &written.legs {
            let Some(port) = leg.port else { continue };
            // Who is asked through an API of the provider answers no requests of a router.
            if asked_only(model, catalog, target) {
                continue;
            }
            let host_port = hosts
                .iter()
                .flat_map(|host| &host.published)
                .find(|row| row.component == target && row.port == port)
                .and_then(|row| row.host_port);
            upstreams.push(Upstream {
                router,
                target,
                protocol: leg.protocol.clone(),
                port: if address == Address::ServiceName { port } else { host_port.unwrap_or(port) },
                path: leg.path.clone(),
                host: leg.host.clone(),
                address,
                connection,
            });
        }
    }
    upstreams
}

/// Whether something has an API of the provider and neither runs a program nor delivers files.
fn asked_only(model: &Model, catalog: &Catalog, id: ComponentId) -> bool {
    let component = model.component(id);
    let kind = catalog.kind(component.kind);
    catalog.form(component.form).reach == Reach::Api && !kind.has(Trait::Workload) && !kind.has(Trait::Files)
}

fn address(
    model: &Model,
    catalog: &Catalog,
    hosts: &[ContainerHost],
    router: ComponentId,
    target: ComponentId,
) -> Address {
    let host_of =
        |id: ComponentId| hosts.iter().position(|h| h.components.contains(&id) || h.software.contains(&id));
    let software = |id: ComponentId| catalog.form(model.component(id).form).hosting == Hosting::Host;
    match (host_of(router), host_of(target)) {
        (Some(a), Some(b)) if a == b && software(router) => Address::Localhost,
        (Some(a), Some(b)) if a == b && !software(target) => Address::ServiceName,
        _ => Address::Private,
    }
}

/// What listens where, and who connects, through what only forwards names; in the order of the model.
pub(super) fn ports(model: &Model, catalog: &Catalog, hosts: &[ContainerHost]) -> Vec<PortRow> {
    let mut rows = Vec::new();
    let mut into: BTreeMap<ComponentId, Vec<(End, Leg)>> = BTreeMap::new();
    let ways = rules::ways(model, catalog).into_iter().map(|way| (way.from, way.to, way.leg));
    // What copies say to each other needs no rule of its own, but a port.
    let copies = model.connections().filter(|(_, c)| c.origin == Link::Replication);
    let copies = copies.flat_map(|(_, c)| c.legs.iter().map(|leg| (c.from, c.to, leg.clone())));
    for (from, to, leg) in ways.chain(copies) {
        if let End::Component(to) = to {
            into.entry(to).or_default().push((from, leg));
        }
    }
    for (id, component) in model.components() {
        if !matches!(component.built, Built::By(_) | Built::Shared(_)) {
            continue;
        }
        let redirecting = rules::redirecting(component);
        for port in &component.ports {
            // Who types a name without its scheme arrives at the port that leads to https.
            let led = redirecting.is_some_and(|other| other.number == port.number);
            let types = |end: End| match end {
                End::Component(from) => catalog.kind(model.component(from).kind).has(Trait::Actor),
                End::Zone(_) => false,
            };
            let mut clients: Vec<End> = Vec::new();
            for (from, leg) in into.get(&id).into_iter().flatten() {
                let here = leg.port == Some(port.number) || led && leg.protocol == "https" && types(*from);
                if here && !clients.contains(from) {
                    clients.push(*from);
                }
            }
            // A cluster opens no port of a host.
            let opened = hosts
                .iter()
                .filter(|host| !host.cluster)
                .flat_map(|host| &host.published)
                .find(|row| row.component == id && row.port == port.number);
            rows.push(PortRow {
                component: id,
                port: port.number,
                transport: port.transport,
                protocol: port.protocol.clone(),
                host_port: opened.map(|row| row.host_port),
                clients,
            });
        }
    }
    rows
}

/// The domain names that lead to a component, the nearest first: records that point at it, through what only forwards
/// names and, if asked for, through balancers and the like that keep the name of the request.
pub fn domains(model: &Model, catalog: &Catalog, id: ComponentId, through_routers: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut todo = vec![id];
    let mut seen = vec![id];
    while let Some(at) = todo.pop() {
        for (_, connection) in model.connections().filter(|(_, c)| c.to == End::Component(at)) {
            let End::Component(from) = connection.from else { continue };
            let kind = catalog.kind(model.component(from).kind);
            if kind.has(Trait::Dns) {
                let Some(name) = model.component(from).setting_text("name") else { continue };
                let subs: Vec<&String> = connection.legs.iter().filter_map(|leg| leg.name.as_ref()).collect();
                let all = match subs.is_empty() {
                    true => vec![name],
                    false => subs.iter().map(|sub| format!("{sub}.{name}")).collect(),
                };
                names.extend(all.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
            }
            let passes = kind.has(Trait::Transparent) || through_routers && kind.has(Trait::Router);
            if passes && !seen.contains(&from) {
                seen.push(from);
                todo.push(from);
            }
        }
    }
    names
}
