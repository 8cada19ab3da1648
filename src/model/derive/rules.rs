//! Firewall rules: the narrowest that let every connection through.

use super::{ContainerHost, Rule, Source};
use crate::catalog::{Catalog, Hosting, Reach, Trait, Transport};
use crate::model::{
    Built, Component, ConnectionId, End, Leg, Link, Model, Part, Port, RefRoot, Setting, Template,
    ZoneDetail, ZoneId,
};

/// One way from a source to a target, through what only forwards names.
pub(super) struct Way {
    pub(super) from: End,
    pub(super) to: End,
    pub(super) leg: Leg,
    pub(super) along: Vec<ConnectionId>,
}

/// All rules of one environment, in the order of the connections.
pub(super) fn rules(model: &Model, catalog: &Catalog, hosts: &[ContainerHost]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for way in ways(model, catalog) {
        let Some(to) = guarded(model, catalog, way.to) else { continue };
        let Some(from) = source(model, catalog, way.from) else { continue };
        if from == Source::Inside(to) || is_led_in(model, &way, &from) {
            continue;
        }
        for (port, protocol) in ports(model, hosts, &way, &from) {
            add(
                &mut rules,
                Rule {
                    to,
                    from: from.clone(),
                    port,
                    transport: way.leg.transport,
                    protocol,
                    connections: way.along.clone(),
                },
            );
        }
    }
    for rule in among_copies(model, catalog, hosts) {
        add(&mut rules, rule);
    }
    rules
}

/// Takes a rule in; one that lets the same through serves both connections.
fn add(rules: &mut Vec<Rule>, rule: Rule) {
    let same = rules.iter_mut().find(|old| {
        (old.to, &old.from, old.port, old.transport) == (rule.to, &rule.from, rule.port, rule.transport)
    });
    match same {
        Some(old) => {
            for connection in rule.connections {
                if !old.connections.contains(&connection) {
                    old.connections.push(connection);
                }
            }
        }
        None => rules.push(rule),
    }
}

/// The connections as traffic sees them: transparent components are looked through, the last leg counts.
pub(super) fn ways(model: &Model, catalog: &Catalog) -> Vec<Way> {
    let transparent = |end: End| matches!(end, End::Component(c) if catalog.kind(model.component(c).kind).has(Trait::Transparent));
    let mut ways = Vec::new();
    for (id, connection) in model.connections() {
        if transparent(connection.from) || connection.origin == Link::Replication {
            continue;
        }
        let mut todo = vec![(id, vec![id])];
        let mut steps = 0;
        while let Some((last, along)) = todo.pop() {
            steps += 1;
            let reached = model.connection(last);
            if transparent(reached.to) && steps < 10_000 {
                let onward: Vec<ConnectionId> = model
                    .connections()
                    .filter(|(next, c)| c.from == reached.to && !along.contains(next))
                    .map(|(next, _)| next)
                    .collect();
                todo.extend(onward.into_iter().rev().map(|next| {
                    let mut longer = along.clone();
                    longer.push(next);
                    (next, longer)
                }));
                continue;
            }
            for leg in reached.legs.iter().filter(|leg| admits(model, catalog, &along, leg.name.as_ref())) {
                let fetched = model.opened(catalog, reached, leg).0 != reached.from;
                let (from, to) =
                    if fetched { (reached.to, connection.from) } else { (connection.from, reached.to) };
                ways.push(Way { from, to, leg: leg.clone(), along: along.clone() });
            }
        }
    }
    ways
}

/// Whether what came along some connections to a name is led on by a leg of the last one, which stands for one name: who
/// asks for a name reaches what stands for it. What nobody asks for by its name is for all who name none.
fn admits(model: &Model, catalog: &Catalog, along: &[ConnectionId], name: Option<&String>) -> bool {
    let named =
        |end: End| matches!(end, End::Component(c) if catalog.kind(model.component(c).kind).has(Trait::Dns));
    along.windows(2).rev().all(|pair| {
        let (asked, onward) = (model.connection(pair[0]), model.connection(pair[1]));
        if !named(asked.to) {
            return true;
        }
        let last = along.last() == Some(&pair[1]);
        let matches = |leg: &Leg| {
            let by_name =
                |c: &crate::model::Connection| c.to == asked.to && c.legs.iter().any(|l| l.name == leg.name);
            let said = leg.name.is_some() && model.connections().any(|(_, c)| by_name(c));
            asked.legs.iter().any(|ask| ask.name == leg.name || ask.name.is_none() && !said)
        };
        onward.legs.iter().filter(|leg| !last || leg.name.as_ref() == name).any(matches)
    })
}

/// Who owns the security group in front of an end: the machine it stands on, or the end itself; `None` for what
/// no rule guards.
pub(super) fn guarded(model: &Model, catalog: &Catalog, end: End) -> Option<End> {
    model.space(end)?;
    match end {
        End::Zone(_) => Some(model.carrier(end).map_or(end, End::Zone)),
        End::Component(id) => {
            let component = model.component(id);
            let form = catalog.form(component.form);
            if matches!(form.hosting, Hosting::Container | Hosting::Host) {
                return model.carrier(end).map(End::Zone);
            }
            (form.reach == Reach::Network
                && form.hosting == Hosting::Own
                && component.built != Built::Nowhere)
                .then_some(end)
        }
    }
}

/// Whether a way from outside of the network leads to what runs in a cluster: there the cluster itself makes a
/// balancer and lets it in, and nobody reaches the machines.
fn is_led_in(model: &Model, way: &Way, from: &Source) -> bool {
    let inside = matches!(way.to, End::Component(_)) && model.machine(way.to).is_none();
    inside && model.cluster(way.to).is_some() && !matches!(from, Source::Inside(_))
}

/// Where traffic from an end comes from, as a firewall sees it.
fn source(model: &Model, catalog: &Catalog, end: End) -> Option<Source> {
    if let Some(owner) = guarded(model, catalog, end) {
        return Some(Source::Inside(owner));
    }
    let End::Component(id) = end else { return Some(Source::Internet) };
    let component = model.component(id);
    let kind = catalog.kind(component.kind);
    match catalog.form(component.form).reach {
        _ if kind.has(Trait::Actor) || kind.has(Trait::External) => Some(outside(model, component)),
        Reach::Edge => Some(Source::Edge(id)),
        // Others call it by the provider's API; it calls from its place in the network.
        Reach::Api if kind.has(Trait::Workload) && model.tier(end).is_some() => Some(Source::Inside(end)),
        Reach::Api | Reach::None => None,
        Reach::Network => Some(Source::Internet),
    }
}

/// Who owns the security group that traffic from an end leaves through.
pub(super) fn stands(model: &Model, catalog: &Catalog, end: End) -> Option<End> {
    match source(model, catalog, end) {
        Some(Source::Inside(owner)) => Some(owner),
        _ => None,
    }
}

/// The addresses that an actor or external system comes from.
fn outside(model: &Model, component: &Component) -> Source {
    match component.setting("from") {
        Some(Setting::Text(range)) => Source::Range(written(model, range)),
        _ => Source::Internet,
    }
}

/// A text as the description has it, with variables by name.
fn written(model: &Model, template: &Template) -> String {
    template
        .parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Ref(reference) => match reference.root {
                RefRoot::Var(var) => format!("${{var.{}}}", model.var(var).id),
                _ => String::new(),
            },
        })
        .collect()
}

/// The ports that a way arrives at, each with what is spoken there: a container's is the one that its host opens.
fn ports(model: &Model, hosts: &[ContainerHost], way: &Way, from: &Source) -> Vec<(u16, String)> {
    let Some(port) = way.leg.port else { return Vec::new() };
    let spoken = way.leg.protocol.clone();
    let End::Component(id) = way.to else { return vec![(port, spoken)] };
    let component = model.component(id);
    let on_host = |port: u16| {
        hosts
            .iter()
            .flat_map(|host| &host.published)
            .find(|published| published.component == id && published.port == port)
            .map_or(Some(port), |published| published.host_port)
    };
    let mut ports: Vec<(u16, String)> = on_host(port).map(|port| (port, spoken)).into_iter().collect();
    // Whoever types the name without its scheme is led to https; what calls by itself needs no such door.
    if component.redirect_http
        && way.leg.protocol == "https"
        && matches!(from, Source::Internet | Source::Range(_))
    {
        let plain =
            redirecting(component).and_then(|port| Some((on_host(port.number)?, port.protocol.clone())));
        ports.extend(plain.filter(|(port, _)| ports.iter().all(|(other, _)| other != port)));
    }
    ports
}

/// The port from which plain requests are led to https.
pub(super) fn redirecting(component: &Component) -> Option<&Port> {
    let mut ports = component.ports.iter().filter(|_| component.redirect_http);
    ports.find(|port| port.protocol == "http" && port.transport == Transport::Tcp)
}

/// What copies of one thing need among themselves.
fn among_copies(model: &Model, catalog: &Catalog, hosts: &[ContainerHost]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (id, zone) in model.zones() {
        let several = matches!(&zone.detail, ZoneDetail::Machine(machine) if machine.replicas.max > 1);
        let end = End::Zone(id);
        if !several || model.space(end).is_none() {
            continue;
        }
        // Packets that IP itself carries are those of networks that encrypt.
        let encrypts = encrypts(model, hosts, id);
        let peers = catalog.kind(zone.kind).peer_ports.iter();
        for port in peers.filter(|port| encrypts || port.transport != Transport::Ip) {
            rules.extend(port.number.map(|number| own_rule(end, number, port.transport, &port.protocol)));
        }
    }
    for (id, component) in model.components() {
        let kind = catalog.kind(component.kind);
        let end = End::Component(id);
        if component.replicas.max < 2
            || !kind.has(Trait::DataStore)
            || guarded(model, catalog, end) != Some(end)
        {
            continue;
        }
        if let Some(port) = component.port() {
            rules.push(own_rule(end, port.number, port.transport, &port.protocol));
        }
        for port in &kind.peer_ports {
            rules.extend(port.number.map(|number| own_rule(end, number, port.transport, &port.protocol)));
        }
    }
    rules
}

/// Whether a network among the containers of a machine's nodes encrypts.
fn encrypts(model: &Model, hosts: &[ContainerHost], machine: ZoneId) -> bool {
    let networks = hosts.iter().filter(|host| host.zone == Some(machine)).flat_map(|host| &host.networks);
    networks
        .filter_map(|network| network.zone)
        .any(|zone| matches!(&model.zone(zone).detail, ZoneDetail::Network(detail) if detail.encrypted))
}

fn own_rule(end: End, port: u16, transport: Transport, protocol: &str) -> Rule {
    let protocol = protocol.to_owned();
    Rule { to: end, from: Source::Inside(end), port, transport, protocol, connections: Vec::new() }
}
