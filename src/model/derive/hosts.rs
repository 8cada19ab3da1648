//! Docker hosts: what runs on which, the networks between containers, and the ports that a host opens.

use super::{ContainerHost, ContainerNetwork, Published};
use crate::catalog::{Catalog, Hosting, TargetName, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Built, Component, ComponentId, End, Leg, Model, Publish, ZoneDetail, ZoneId};

/// Whether a component runs in a container that one of this environment's targets writes.
pub(super) fn in_container(model: &Model, catalog: &Catalog, component: &Component) -> bool {
    catalog.form(component.form).hosting == Hosting::Container
        && matches!(
            component.built,
            Built::By(TargetName::Compose | TargetName::Swarm | TargetName::Kubernetes)
        )
        && model.has_target(match component.built {
            Built::By(target) => target,
            _ => TargetName::Diagram,
        })
}

/// The machine that carries a component's container or software; `None` for the reader's computer.
pub(super) fn machine_of(model: &Model, id: ComponentId) -> Option<ZoneId> {
    model.machine(End::Component(id))
}

/// One host for each machine that carries containers or software, in the order of their first component.
pub(super) fn hosts(model: &Model, catalog: &Catalog, out: &mut Diagnostics) -> Vec<ContainerHost> {
    let mut hosts: Vec<ContainerHost> = Vec::new();
    for (id, component) in model.components() {
        let container = in_container(model, catalog, component);
        let software =
            catalog.form(component.form).hosting == Hosting::Host && component.built != Built::Nowhere;
        if !container && !software {
            continue;
        }
        let cluster = component.built == Built::By(TargetName::Kubernetes);
        let zone = if cluster { component.place } else { machine_of(model, id) };
        let at = match hosts.iter().position(|host| host.zone == zone && host.cluster == cluster) {
            Some(at) => at,
            None => {
                let swarm = zone.is_some_and(|zone| {
                    matches!(&model.zone(zone).detail, ZoneDetail::Machine(machine) if machine.nodes.is_some())
                }) || component.built == Built::By(TargetName::Swarm);
                hosts.push(ContainerHost { zone, swarm, cluster, ..ContainerHost::default() });
                hosts.len() - 1
            }
        };
        if container {
            hosts[at].components.push(id);
        } else {
            hosts[at].software.push(id);
        }
    }
    for host in &mut hosts {
        host.published = published(model, catalog, host, out);
        report_programs(model, host, out);
        // In a cluster policies part what may not meet, not networks.
        if !host.cluster {
            host.networks = networks(model, catalog, host);
        }
    }
    hosts
}

/// Who opens connections to a component, with what each speaks.
fn into<'m>(model: &'m Model, catalog: &'m Catalog, id: ComponentId) -> impl Iterator<Item = (End, &'m Leg)> {
    let legs = model.connections().flat_map(|(_, c)| c.legs.iter().map(move |leg| (c, leg)));
    legs.map(move |(connection, leg)| (model.opened(catalog, connection, leg), leg))
        .filter(move |((_, to), _)| *to == End::Component(id))
        .map(|((from, _), leg)| (from, leg))
}

fn published(
    model: &Model,
    catalog: &Catalog,
    host: &ContainerHost,
    out: &mut Diagnostics,
) -> Vec<Published> {
    let mut published: Vec<Published> = Vec::new();
    for &id in &host.components {
        let component = model.component(id);
        let publish = component.workload.as_ref().map_or(Publish::Derived, |workload| workload.publish);
        if publish == Publish::Never {
            continue;
        }
        let asked = publish != Publish::Derived;
        let mut outside = false;
        let mut from_host = false;
        let mut ports: Vec<u16> = Vec::new();
        for (from, leg) in into(model, catalog, id) {
            let origin = source_of(host, from);
            outside |= origin == SourcePlace::Outside;
            from_host |= origin == SourcePlace::OnHost;
            if origin != SourcePlace::Container {
                ports.extend(leg.port);
            }
        }
        let local = is_local(model, catalog, host, component);
        // What a person looks at in a stand-in (the mail that it caught) is open to its reader. A store stays where it
        // has no way out.
        let store = catalog.kind(component.kind).has(Trait::DataStore);
        let shown: Vec<u16> = component
            .ports
            .iter()
            .filter(|port| local && !store && port.name == CONSOLE)
            .map(|port| port.number)
            .collect();
        if !outside && !from_host && !asked && shown.is_empty() {
            continue;
        }
        if component.redirect_http && outside {
            ports.extend(
                component.ports.iter().filter(|port| port.protocol == "http").map(|port| port.number),
            );
        }
        if asked || ports.is_empty() && (outside || from_host) {
            ports.extend(component.port().map(|port| port.number));
        }
        ports.extend(&shown);
        ports.sort_unstable();
        ports.dedup();
        let main = component.port().map(|port| port.number);
        for number in ports {
            let Some(port) = component.ports.iter().find(|port| port.number == number) else { continue };
            let (host_port, ingress) = match publish {
                Publish::Port { number: written, ingress } if Some(number) == main => {
                    (Some(written), ingress)
                }
                // A program of the host's own system must know the port.
                Publish::Auto if Some(number) == main && !from_host => (None, true),
                _ => (Some(number), true),
            };
            let mut row = Published {
                component: id,
                port: number,
                host_port,
                transport: port.transport,
                loopback: from_host && !outside || local && !asked,
                ingress,
            };
            if shown.contains(&number) && taken(&published, &row).is_some() {
                row.host_port = None;
            }
            // In a cluster every service has an address of its own.
            if let Some(first) = taken(&published, &row).filter(|_| !host.cluster) {
                report_taken(model, component, first, &row, out);
            }
            published.push(row);
        }
    }
    published
}

/// The port by which a stand-in shows itself in a browser.
const CONSOLE: &str = "console";

/// Whether a container on the reader's own computer stands in for a service of a provider: nobody else needs it.
fn is_local(model: &Model, catalog: &Catalog, host: &ContainerHost, component: &Component) -> bool {
    let kind = catalog.kind(component.kind);
    let first = kind.forms.first().map(|used| catalog.form(used.form));
    host.zone.is_none()
        && !host.is_spread()
        && model.environment().host.is_none()
        && first.is_some_and(|form| form.hosting == Hosting::Own)
        && !kind.has(Trait::Workload)
        && !kind.has(Trait::Router)
}

fn taken<'a>(published: &'a [Published], row: &Published) -> Option<&'a Published> {
    published.iter().find(|other| {
        other.host_port.is_some() && other.host_port == row.host_port && other.transport == row.transport
    })
}

fn report_taken(
    model: &Model,
    component: &Component,
    first: &Published,
    row: &Published,
    out: &mut Diagnostics,
) {
    let other = model.component(first.component);
    let port = row.host_port.unwrap_or(row.port);
    out.push(
        Diagnostic::error(
            "port-taken",
            component.span,
            format!("`{}` and `{}` both open port {port} of one host", other.id, component.id),
        )
        .related(other.span, "opens it first")
        .hint("give one of them another port: a container by `publish`, a program of the machine by `port`"),
    );
}

/// Reports programs of a machine's own system that listen where another one does, or where a container is open.
fn report_programs(model: &Model, host: &ContainerHost, out: &mut Diagnostics) {
    let mut open: Vec<Published> = host.published.clone();
    for &id in &host.software {
        let Some(port) = model.component(id).port() else { continue };
        let row = Published {
            component: id,
            port: port.number,
            host_port: Some(port.number),
            transport: port.transport,
            loopback: false,
            ingress: false,
        };
        if let Some(first) = taken(&open, &row).filter(|_| !host.is_spread()) {
            report_taken(model, model.component(id), first, &row, out);
        }
        open.push(row);
    }
}

/// Where a client of a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SourcePlace {
    /// In a container of the same host.
    Container,
    /// In the host's own system.
    OnHost,
    /// Anywhere else.
    Outside,
}

fn source_of(host: &ContainerHost, from: End) -> SourcePlace {
    match from {
        End::Component(id) if host.components.contains(&id) => SourcePlace::Container,
        End::Component(id) if host.software.contains(&id) => SourcePlace::OnHost,
        End::Zone(zone) if host.zone == Some(zone) => SourcePlace::OnHost,
        _ => SourcePlace::Outside,
    }
}

/// Networks, so that only those who talk share one: the declared ones, then one for each container that others
/// reach. Stores with the same clients share one, which has no way out.
fn networks(model: &Model, catalog: &Catalog, host: &ContainerHost) -> Vec<ContainerNetwork> {
    let mut networks = declared(model, host);
    let shared = |networks: &[ContainerNetwork], a: ComponentId, b: ComponentId| {
        networks.iter().any(|n| n.zone.is_some() && n.members.contains(&a) && n.members.contains(&b))
    };
    for &target in &host.components {
        let mut clients: Vec<ComponentId> = Vec::new();
        for connection in model.connections().map(|(_, c)| c) {
            let (End::Component(from), End::Component(to)) = (connection.from, connection.to) else {
                continue;
            };
            if to == target
                && host.components.contains(&from)
                && !clients.contains(&from)
                && !shared(&networks, from, target)
                && connection.legs.iter().any(|leg| leg.port.is_some())
            {
                clients.push(from);
            }
        }
        if clients.is_empty() {
            continue;
        }
        let store = catalog.kind(model.component(target).kind).has(Trait::DataStore);
        let same = networks.iter_mut().find(|network| {
            let stores: Vec<ComponentId> = network
                .members
                .iter()
                .copied()
                .filter(|m| catalog.kind(model.component(*m).kind).has(Trait::DataStore))
                .collect();
            let others = network.members.iter().filter(|member| !stores.contains(member));
            store && network.internal && network.zone.is_none() && others.eq(clients.iter())
        });
        match same {
            Some(network) => network.members.push(target),
            None => {
                let mut members = clients;
                members.push(target);
                let name = network_name(&networks, &model.component(target).id);
                networks.push(ContainerNetwork { name, zone: None, members, internal: store });
            }
        }
    }
    ways_out(model, host, &mut networks);
    networks
}

fn declared(model: &Model, host: &ContainerHost) -> Vec<ContainerNetwork> {
    model
        .zones()
        .filter(|(_, zone)| matches!(zone.detail, ZoneDetail::Network(_)))
        .map(|(id, zone)| ContainerNetwork {
            name: zone.id.clone(),
            zone: Some(id),
            members: host
                .components
                .iter()
                .copied()
                .filter(|component| model.component(*component).groups.contains(&id))
                .collect(),
            internal: false,
        })
        .filter(|network| !network.members.is_empty())
        .collect()
}

fn network_name(networks: &[ContainerNetwork], id: &str) -> String {
    let mut name = format!("{id}-net");
    while networks.iter().any(|network| network.name == name) {
        name.push('2');
    }
    name
}

/// A container that publishes a port or calls something outside needs a network that leads out.
fn ways_out(model: &Model, host: &ContainerHost, networks: &mut Vec<ContainerNetwork>) {
    for &id in &host.components {
        let publishes = host.published.iter().any(|published| published.component == id);
        let calls_out = model.connections().any(|(_, connection)| {
            connection.from == End::Component(id)
                && !matches!(connection.to, End::Component(to) if host.components.contains(&to))
        });
        let mut own = networks.iter().filter(|network| network.members.contains(&id)).peekable();
        let enclosed = own.peek().is_some() && own.all(|network| network.internal);
        if enclosed && (publishes || calls_out) {
            let name = network_name(networks, &model.component(id).id);
            networks.push(ContainerNetwork { name, zone: None, members: vec![id], internal: false });
        }
    }
}
