//! Grants, upstreams and the table of ports.

use std::collections::BTreeMap;

use super::{Address, ContainerHost, Grant, PortRow, Upstream};
use crate::catalog::{Catalog, Hosting, Reach, Trait};
use crate::document::Arrow;
use crate::model::{Built, ComponentId, Connection, DataAccess, End, Model};

/// What may call which provider API, in the order of the connections.
pub(super) fn grants(model: &Model, catalog: &Catalog) -> Vec<Grant> {
    let by_api = |id: ComponentId| {
        let component = model.component(id);
        catalog.form(component.form).reach == Reach::Api && component.built != Built::Nowhere
    };
    let acts = |id: ComponentId| {
        let kind = catalog.kind(model.component(id).kind);
        kind.has(Trait::Workload) || kind.has(Trait::DataStore)
    };
    let mut grants: Vec<Grant> = Vec::new();
    for (_, connection) in model.connections() {
        let (End::Component(from), End::Component(to)) = (connection.from, connection.to) else { continue };
        let (who, on, read_only) = if by_api(to) && acts(from) {
            (from, to, false)
        } else if by_api(from) && acts(to) && connection.arrow == Arrow::Async {
            // Who is triggered by a queue fetches from it.
            (to, from, true)
        } else {
            continue;
        };
        for leg in &connection.legs {
            let access = if read_only { DataAccess::Read } else { leg.access };
            match grants.iter_mut().find(|grant| grant.who == who && grant.on == on) {
                Some(grant) if grant.access != access => grant.access = DataAccess::ReadWrite,
                Some(_) => {}
                None => grants.push(Grant { who, on, access }),
            }
        }
    }
    grants
}

/// Where routers pass requests on to, in the order of the connections.
pub(super) fn upstreams(model: &Model, catalog: &Catalog, hosts: &[ContainerHost]) -> Vec<Upstream> {
    let mut upstreams = Vec::new();
    for (connection, written) in model.connections() {
        let (End::Component(router), End::Component(target)) = (written.from, written.to) else { continue };
        let routes = catalog.kind(model.component(router).kind).has(Trait::Router);
        if !routes || !matches!(written.origin, crate::model::Link::Written | crate::model::Link::Bridged(_))
        {
            continue;
        }
        let address = address(model, catalog, hosts, router, target);
        for leg in &written.legs {
            let Some(port) = leg.port else { continue };
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

/// What listens where, and who connects; in the order of the model.
pub(super) fn ports(model: &Model, hosts: &[ContainerHost]) -> Vec<PortRow> {
    let mut rows = Vec::new();
    let mut into: BTreeMap<ComponentId, Vec<&Connection>> = BTreeMap::new();
    for (_, connection) in model.connections() {
        if let End::Component(to) = connection.to {
            into.entry(to).or_default().push(connection);
        }
    }
    for (id, component) in model.components() {
        if !matches!(component.built, Built::By(_) | Built::Shared(_)) {
            continue;
        }
        for port in &component.ports {
            let clients: Vec<End> = into
                .get(&id)
                .into_iter()
                .flatten()
                .filter(|c| c.legs.iter().any(|leg| leg.port == Some(port.number)))
                .map(|c| c.from)
                .collect();
            let opened = hosts
                .iter()
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
