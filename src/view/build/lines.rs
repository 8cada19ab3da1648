//! Lines: connections, what they look through, replication between copies.

use super::draft::{Draft, Spot};
use super::text;
use crate::catalog::{Reach, Trait};
use crate::layout::{Class, End as Drawn};
use crate::model::derive::CopyPart;
use crate::model::{Arrow, ComponentId, Connection, End, FileSource, Link};
use crate::view::{Edge, Heads, words};

/// What a line looks like and says.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) class: Class,
    pub(super) label: String,
    pub(super) heads: Heads,
}

/// A protocol whose lines copy data.
pub(super) const REPLICATION: &str = "replication";

impl<'a> Draft<'a> {
    pub(super) fn draw_lines(&mut self) {
        let connections: Vec<&'a Connection> =
            self.model.connections().map(|(_, connection)| connection).collect();
        for connection in connections {
            match (self.transparent(connection.from), self.transparent(connection.to)) {
                (Some(between), _) => self.attach(between, connection),
                (None, Some(between)) => self.look_through(connection, between),
                (None, None) => {
                    let line = self.line(connection);
                    self.pass(connection.from, connection.to, &line);
                }
            }
        }
        self.draw_replication();
        self.draw_pulls();
        self.connect_nats();
        self.publish();
    }

    fn transparent(&self, end: End) -> Option<ComponentId> {
        match end {
            End::Component(id) if self.has(id, Trait::Transparent) => Some(id),
            _ => None,
        }
    }

    /// What a connection looks like.
    fn line(&self, connection: &Connection) -> Line {
        let to = match connection.to {
            End::Component(id) => Some(id),
            End::Zone(_) => None,
        };
        let target = |wanted: Trait| to.is_some_and(|id| self.has(id, wanted));
        let copies = connection.legs.iter().any(|leg| leg.protocol == REPLICATION);
        let class = if copies || connection.origin == Link::Replication {
            Class::Replication
        } else if target(Trait::Monitor) {
            Class::Telemetry
        } else if target(Trait::Volume) || self.mounted(connection).is_some() {
            Class::Attached
        } else if connection.arrow == Arrow::Async {
            Class::Async
        } else {
            Class::Request
        };
        let heads = match (connection.arrow, class) {
            (_, Class::Attached) => Heads::None,
            (Arrow::BothWays, _) => Heads::Both,
            _ => Heads::End,
        };
        let label = self.mounted(connection).unwrap_or_else(|| text::label(self, connection));
        Line { class, label, heads }
    }

    /// Where a container mounts a folder of its own machine; `None` for everything that goes over a network.
    fn mounted(&self, connection: &Connection) -> Option<String> {
        let (End::Component(from), End::Component(to)) = (connection.from, connection.to) else {
            return None;
        };
        let form = self.input.catalog.form(self.model.component(to).form);
        if connection.origin != Link::Mount || form.reach != Reach::None {
            return None;
        }
        let mounts = self.model.component(from).workload.iter().flat_map(|workload| &workload.volumes);
        let path = mounts
            .filter(|mount| mount.from == FileSource::Component(to))
            .map(|mount| mount.path.clone())
            .next();
        Some(path.unwrap_or_default())
    }

    /// A request towards a name or a filter: the name is asked, then the request goes on to what is behind.
    fn look_through(&mut self, connection: &Connection, between: ComponentId) {
        if self.has(between, Trait::Dns) {
            let line = Line { class: Class::Request, label: "DNS".to_owned(), heads: Heads::End };
            self.pass(connection.from, End::Component(between), &line);
        }
        for (guards, last) in self.behind(between) {
            let mut line = self.line(last);
            line.heads = Heads::End;
            // A filter before something in an address space is a station of the way; elsewhere it is attached.
            match guards.iter().find(|guard| self.is_station(**guard, last.to)) {
                Some(guard) => self.pass(connection.from, End::Component(*guard), &line),
                None => self.pass(connection.from, last.to, &line),
            }
        }
    }

    /// A line out of a name (an alias) or a filter (what it protects).
    fn attach(&mut self, between: ComponentId, connection: &'a Connection) {
        let behind = match self.transparent(connection.to) {
            Some(next) => self.behind(next),
            None => vec![(Vec::new(), connection)],
        };
        let dns = self.has(between, Trait::Dns);
        let me = End::Component(between);
        for (guards, last) in behind {
            if dns {
                let line =
                    Line { class: Class::Attached, label: self.word("alias").to_owned(), heads: Heads::End };
                for (a, b) in self.pairs(me, last.to) {
                    self.push_line(a, b, &line, Some((me, last.to)));
                }
            } else if self.is_station(between, last.to) {
                let line = Line { heads: Heads::End, ..self.line(last) };
                let next = guards.first().map_or(last.to, |guard| End::Component(*guard));
                self.pass(me, next, &line);
            } else {
                let line = Line {
                    class: Class::Attached,
                    label: self.word("web-acl").to_owned(),
                    heads: Heads::None,
                };
                for (a, b) in self.pairs(last.to, me) {
                    self.push_line(a, b, &line, Some((me, last.to)));
                }
            }
        }
    }

    fn is_station(&self, guard: ComponentId, target: End) -> bool {
        let inside = self.model.space(target).is_some();
        inside && self.has(guard, Trait::Guard) && !self.copies[guard.0 as usize].is_empty()
    }

    /// What stands behind a transparent component: the filters on the way, and the last connection.
    fn behind(&self, first: ComponentId) -> Vec<(Vec<ComponentId>, &'a Connection)> {
        let model = self.model;
        let mut found = Vec::new();
        let mut open = vec![(first, Vec::new())];
        let mut seen = vec![first];
        while let Some((at, mut guards)) = open.pop() {
            if self.has(at, Trait::Guard) {
                guards.push(at);
            }
            for (_, connection) in model.connections().filter(|(_, c)| c.from == End::Component(at)) {
                match self.transparent(connection.to) {
                    Some(next) if seen.contains(&next) => {}
                    Some(next) => {
                        seen.push(next);
                        open.push((next, guards.clone()));
                    }
                    None => found.push((guards.clone(), connection)),
                }
            }
        }
        found
    }

    /// Copies of one store: to the standby, or among equal ones both ways.
    fn draw_replication(&mut self) {
        let mut stores: Vec<ComponentId> =
            self.shown().into_iter().map(|(id, _)| id).filter(|&id| self.has(id, Trait::DataStore)).collect();
        // The first replication gets the straightest way: what would lose data stands before what it could forget.
        stores.sort_by_key(|&id| !self.has(id, Trait::Stateful));
        for id in stores {
            let copies = self.copies[id.0 as usize].clone();
            let primary = copies.iter().find(|copy| copy.part == CopyPart::Primary);
            let label = self.word("replication").to_owned();
            match primary {
                Some(primary) => {
                    let line = Line { class: Class::Replication, label, heads: Heads::End };
                    for copy in copies.iter().filter(|copy| copy.part == CopyPart::Standby) {
                        self.push_line(Drawn::Node(primary.node), Drawn::Node(copy.node), &line, None);
                    }
                }
                None => {
                    let line = Line { class: Class::Replication, label, heads: Heads::Both };
                    for pair in copies.windows(2) {
                        self.push_line(Drawn::Node(pair[0].node), Drawn::Node(pair[1].node), &line, None);
                    }
                }
            }
        }
    }

    /// Ports of Docker hosts, on the lines that enter them; the pill says what the label would.
    fn publish(&mut self) {
        for (at, host) in self.input.facts.machines.iter().enumerate() {
            for port in &host.published {
                let to = End::Component(port.component);
                let enters = |meant: &Option<(End, End)>| {
                    meant.is_some_and(|(from, target)| target == to && !self.on_host(from, at))
                };
                let lines: Vec<usize> =
                    (0..self.meant.len()).filter(|line| enters(&self.meant[*line])).collect();
                let text = match port.host_port {
                    Some(number) => format!("{number}:{}", port.port),
                    None => format!(":{}", port.port),
                };
                let said = [Some(port.port), port.host_port].map(|number| number.map(|n| format!(" {n}")));
                for line in lines {
                    let edge = &mut self.view.edges[line];
                    if edge.published.is_empty() && edge.class != Class::Attached {
                        edge.published = text.clone();
                        if said.iter().flatten().any(|number| edge.label.ends_with(number)) {
                            edge.label = String::new();
                        }
                    }
                }
            }
        }
    }

    /// Whether an end runs on a Docker host, in a container or not.
    fn on_host(&self, end: End, host: usize) -> bool {
        let beside = |id: ComponentId| self.loose_host(self.model.component(id)) == Some(Spot::Docker(host));
        let host = &self.input.facts.machines[host];
        let listed = matches!(end, End::Component(id) if host.components.contains(&id) || beside(id));
        listed || (host.zone.is_some() && self.model.machine(end) == host.zone)
    }

    /// Images come from a registry that the author shows.
    fn draw_pulls(&mut self) {
        let Some(only) = &self.plan.only else { return };
        let registries: Vec<ComponentId> =
            only.iter().copied().filter(|id| self.has(*id, Trait::Registry)).collect();
        let line = Line { class: Class::Attached, label: self.word("image").to_owned(), heads: Heads::End };
        for registry in registries {
            for (id, component) in self.shown() {
                if component.workload.as_ref().is_some_and(|workload| workload.build.is_some()) {
                    for (a, b) in self.pairs(End::Component(registry), End::Component(id)) {
                        self.push_line(a, b, &line, None);
                    }
                }
            }
        }
    }

    /// Adds a line; a second one of the same class between the same ends only adds its words.
    pub(super) fn push_line(&mut self, from: Drawn, to: Drawn, line: &Line, meant: Option<(End, End)>) {
        if from == to {
            return;
        }
        let same = |edge: &Edge| edge.from == from && edge.to == to && edge.class == line.class;
        if let Some(edge) = self.view.edges.iter_mut().find(|edge| same(edge)) {
            let known = edge.label.split(", ").any(|label| label == line.label);
            if !known && !line.label.is_empty() {
                let comma = if edge.label.is_empty() { "" } else { ", " };
                edge.label = format!("{}{comma}{}", edge.label, line.label);
            }
            return;
        }
        let (a, b) = (self.name(from), self.name(to));
        let (source, target) = (self.title(from), self.title(to));
        let sentence = words::sentence(&self.view.language, line.class, &source, &target, &line.label);
        self.view.edges.push(Edge {
            id: format!("{a}->{b}"),
            from,
            to,
            class: line.class,
            heads: line.heads,
            label: line.label.clone(),
            numbers: Vec::new(),
            published: String::new(),
            trunk: None,
            sentence,
        });
        self.meant.push(meant);
    }

    fn name(&self, end: Drawn) -> &str {
        match end {
            Drawn::Node(at) => &self.view.nodes[at].id,
            Drawn::Container(at) => &self.view.containers[at].id,
            Drawn::Group(at) => &self.view.groups[at].id,
        }
    }

    /// What people call an end; a frame is called like what it frames.
    fn title(&self, end: Drawn) -> String {
        match end {
            Drawn::Node(at) => self.view.nodes[at].title.clone(),
            Drawn::Container(at) => self.view.containers[at].title.clone(),
            Drawn::Group(at) => {
                let group = &self.view.groups[at];
                let first = group.members.first().map(|node| self.view.nodes[*node].title.clone());
                first.unwrap_or_else(|| group.title.clone())
            }
        }
    }
}
