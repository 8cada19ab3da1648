//! Who may open a connection to whom: what connections say, and what else firewalls and networks let through.

use std::collections::BTreeSet;

use super::{ContainerHost, Facts, Source, endpoints, rules};
use crate::catalog::{Catalog, Hosting, Trait};
use crate::model::{ComponentId, ConnectionId, End, Model, ZoneId};

/// An end, or anybody on the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// Anybody, from any address.
    Internet,
    /// A component or zone.
    End(End),
}

/// One connection that may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// Who opens it.
    pub from: Point,
    /// Who answers.
    pub to: Point,
    /// What lets it through.
    pub by: Door,
}

/// What lets a connection through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    /// It is written or follows from what is: the last connection of the way.
    Connection(ConnectionId),
    /// A firewall's rule for others on the same machine, with its port.
    Rule(u16),
    /// Both are on one docker network of this name.
    Network(String),
    /// The tier or network it stands in has a way out.
    Exit,
}

/// All connections that may be opened, those that are written first.
pub(super) fn hops(model: &Model, catalog: &Catalog, facts: &Facts) -> Vec<Hop> {
    let mut hops = written(model, catalog);
    through_rules(model, catalog, facts, &mut hops);
    for host in &facts.machines {
        for network in &host.networks {
            // A store answers and calls nobody by itself; what its copies say to each other is written.
            let calls = |id: &&ComponentId| !catalog.kind(model.component(**id).kind).has(Trait::DataStore);
            for &from in network.members.iter().filter(calls) {
                for &to in network.members.iter().filter(|&&to| to != from) {
                    if model.component(to).ports.is_empty() {
                        continue;
                    }
                    let (from, to) = (End::Component(from), End::Component(to));
                    let (from, to) = (Point::End(from), Point::End(to));
                    hops.push(Hop { from, to, by: Door::Network(network.name.clone()) });
                }
            }
        }
    }
    exits(model, catalog, facts, &mut hops);
    // A door is named once, by what opens it first.
    let mut seen = BTreeSet::new();
    hops.retain(|hop| hop.from != hop.to && seen.insert((hop.from, hop.to)));
    hops
}

/// What the connections say, looking through what only forwards names.
fn written(model: &Model, catalog: &Catalog) -> Vec<Hop> {
    let mut hops = Vec::new();
    for way in rules::ways(model, catalog) {
        let Some(&last) = way.along.last() else { continue };
        let by = Door::Connection(last);
        if is_anybody(model, catalog, way.from) && is_open(model, catalog, way.to) {
            hops.push(Hop { from: Point::Internet, to: Point::End(way.to), by: by.clone() });
        }
        if is_anybody(model, catalog, way.to) {
            hops.push(Hop { from: Point::End(way.from), to: Point::Internet, by: by.clone() });
        }
        hops.push(Hop { from: Point::End(way.from), to: Point::End(way.to), by });
    }
    hops
}

/// Whether an end is people or systems outside, whatever their address.
fn is_anybody(model: &Model, catalog: &Catalog, end: End) -> bool {
    let End::Component(id) = end else { return false };
    let component = model.component(id);
    let kind = catalog.kind(component.kind);
    (kind.has(Trait::Actor) || kind.has(Trait::External)) && component.setting("from").is_none()
}

/// Whether what stands there can be called from the internet at all: at a provider, or on a host that exists. The
/// reader's own machine cannot.
fn is_open(model: &Model, catalog: &Catalog, end: End) -> bool {
    let at_provider = match end {
        End::Component(id) => !catalog.form(model.component(id).form).provider.is_empty(),
        End::Zone(_) => false,
    };
    at_provider || model.space(end).is_some() || model.environment().host.is_some()
}

/// What firewalls let through beside that: a rule is for a machine, so everything on it may use the rule.
fn through_rules(model: &Model, catalog: &Catalog, facts: &Facts, hops: &mut Vec<Hop>) {
    for rule in &facts.rules {
        let froms: Vec<Point> = match &rule.from {
            Source::Internet => vec![Point::Internet],
            Source::Range(_) => Vec::new(),
            Source::Edge(edge) => vec![Point::End(End::Component(*edge))],
            Source::Inside(End::Zone(zone)) => {
                let on = on_machine(model, catalog, *zone).map(End::Component);
                on.chain([End::Zone(*zone)]).map(Point::End).collect()
            }
            Source::Inside(end) => vec![Point::End(*end)],
        };
        let tos: Vec<End> = match rule.to {
            End::Zone(zone) => {
                let open =
                    on_machine(model, catalog, zone).filter(|id| answers(model, facts, *id, rule.port));
                open.map(End::Component).chain([rule.to]).collect()
            }
            to => vec![to],
        };
        for &from in &froms {
            hops.extend(tos.iter().map(|&to| Hop { from, to: Point::End(to), by: Door::Rule(rule.port) }));
        }
    }
}

/// What runs on a machine, in a container or as software.
fn on_machine<'m>(
    model: &'m Model,
    catalog: &'m Catalog,
    zone: ZoneId,
) -> impl Iterator<Item = ComponentId> + 'm {
    let on = move |id: ComponentId| {
        let form = catalog.form(model.component(id).form);
        matches!(form.hosting, Hosting::Container | Hosting::Host)
            && model.machine(End::Component(id)) == Some(zone)
    };
    model.components().map(|(id, _)| id).filter(move |id| on(*id))
}

/// Who may call anybody on the internet: workloads and machines in tiers with a route, containers with a way out.
fn exits(model: &Model, catalog: &Catalog, facts: &Facts, hops: &mut Vec<Hop>) {
    let routed = |end: End| model.tier(end).is_some() && endpoints::has_exit(model, end);
    let outward = |host: &ContainerHost, id| {
        let mut on = host.networks.iter().filter(|network| network.members.contains(&id)).peekable();
        on.peek().is_none() || on.any(|network| !network.internal)
    };
    let calls = |id: ComponentId| {
        let component = model.component(id);
        let end = End::Component(id);
        match facts.host(id) {
            Some(host) => outward(host, id) && (model.space(end).is_none() || routed(end)),
            None => catalog.kind(component.kind).has(Trait::Workload) && routed(end),
        }
    };
    let components = model.components().map(|(id, _)| id).filter(|id| calls(*id)).map(End::Component);
    let machines = model.zones().filter(|(_, zone)| zone.machine().is_some()).map(|(id, _)| End::Zone(id));
    let ends = components.chain(machines.filter(|end| routed(*end)));
    hops.extend(ends.map(|end| Hop { from: Point::End(end), to: Point::Internet, by: Door::Exit }));
}

/// Whether a component answers on a port of its machine.
fn answers(model: &Model, facts: &Facts, id: ComponentId, port: u16) -> bool {
    let mut published = facts.published(id).filter(|row| !row.loopback).peekable();
    if published.peek().is_some() {
        return published.any(|row| row.host_port == Some(port));
    }
    let software = facts.host(id).is_some_and(|host| host.software.contains(&id));
    software && model.component(id).ports.iter().any(|own| own.number == port)
}

/// Everything that can be reached from some points over any number of hops, each with the hop that led there; `passes`
/// says which hops count. What goes out to the internet does not come back in by it: that is another's call.
pub(super) fn closure<'h>(
    hops: &'h [Hop],
    from: &[Point],
    passes: impl Fn(&Hop) -> bool,
) -> Vec<(Point, &'h Hop)> {
    let mut reached: Vec<(Point, &Hop)> = Vec::new();
    let mut todo: Vec<Point> = from.to_vec();
    let mut seen: BTreeSet<Point> = todo.iter().copied().collect();
    while let Some(at) = todo.pop() {
        for hop in hops.iter().filter(|hop| hop.from == at && passes(hop)) {
            if seen.insert(hop.to) {
                reached.push((hop.to, hop));
                if hop.to != Point::Internet {
                    todo.push(hop.to);
                }
            }
        }
    }
    reached
}
