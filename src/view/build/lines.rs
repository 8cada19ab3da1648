//! Lines: connections, what they look through, replication between copies.

use super::draft::{Draft, Spot};
use super::{logical, text};
use crate::catalog::{Copies, Copying, Reach, Trait};
use crate::layout::{Class, End as Drawn};
use crate::model::derive::{CopyPart, Published};
use crate::model::{Arrow, ComponentId, Connection, End, FileSource, Link};
use crate::view::Heads;

/// What a line looks like and says.
#[derive(Debug, Clone)]
pub(super) struct Look {
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
                // Without infrastructure, what leads out of it is drawn from whoever it passes requests on for.
                (Some(_), _) if self.plan.logical => {}
                (Some(between), _) => self.attach(between, connection),
                (None, Some(between)) => self.look_through(connection, between),
                (None, None) => self.connect_as(connection.from, connection.to, &self.look(connection)),
            }
        }
        self.draw_replication();
        self.draw_pulls();
        self.connect_nats();
        if !self.plan.logical {
            self.publish();
            self.redirect();
        }
    }

    /// Draws a connection that the author means.
    pub(super) fn connect_as(&mut self, from: End, to: End, look: &Look) {
        self.connect(from, to, look, Some((from, to)));
    }

    pub(super) fn transparent(&self, end: End) -> Option<ComponentId> {
        match end {
            End::Component(id) if self.has(id, Trait::Transparent) => Some(id),
            End::Component(id) if self.plan.logical && self.is_infrastructure(id) => Some(id),
            _ => None,
        }
    }

    /// What a connection looks like.
    pub(super) fn look(&self, connection: &Connection) -> Look {
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
        } else if target(Trait::Volume) || target(Trait::Care) || self.mounted(connection).is_some() {
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
        let label = match self.plan.logical {
            true => logical::exchange(self, connection),
            false => self.mounted(connection).unwrap_or_else(|| text::label(self, connection)),
        };
        Look { class, label, heads }
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

    /// Copies of one store: to the standby, or among equal ones both ways.
    fn draw_replication(&mut self) {
        let mut stores: Vec<ComponentId> =
            self.shown().into_iter().map(|(id, _)| id).filter(|&id| self.has(id, Trait::DataStore)).collect();
        // The first replication gets the straightest way: what would lose data stands before what it could forget.
        stores.sort_by_key(|&id| !self.has(id, Trait::Stateful));
        for id in stores {
            let copies = self.copies[id.0 as usize].clone();
            let primary = copies.iter().find(|copy| copy.part == CopyPart::Primary);
            match primary {
                Some(primary) => {
                    let copying = self.copies_of(id).standby;
                    let heads = if copying == Some(Copying::Sync) { Heads::Both } else { Heads::End };
                    let label = text::replication(self, copying);
                    let look = Look { class: Class::Replication, label, heads };
                    for copy in copies.iter().filter(|copy| copy.part == CopyPart::Standby) {
                        self.line(Drawn::Node(primary.node), Drawn::Node(copy.node), &look, None);
                    }
                }
                None => {
                    let label = text::replication(self, None);
                    let look = Look { class: Class::Replication, label, heads: Heads::Both };
                    for pair in copies.windows(2) {
                        self.line(Drawn::Node(pair[0].node), Drawn::Node(pair[1].node), &look, None);
                    }
                }
            }
        }
    }

    /// How the form of a store keeps its copies alike.
    pub(super) fn copies_of(&self, id: ComponentId) -> Copies {
        self.input.catalog.form(self.model.component(id).form).copies
    }

    /// Ports of Docker hosts, on the lines that enter them; the pill says what the label would.
    fn publish(&mut self) {
        // A cluster opens no port of a host: an ingress or an address of the provider's leads in.
        for (at, host) in self.input.facts.machines.iter().enumerate().filter(|(_, host)| !host.cluster) {
            // Of several ports of one component, a line enters by the one that it speaks of; where its label is the
            // author's, by that of TLS.
            let mut ports: Vec<&Published> = host.published.iter().collect();
            let encrypted = |port: &Published| {
                let component = self.model.component(port.component);
                let https =
                    component.ports.iter().any(|own| own.number == port.port && own.protocol == "https");
                https && component.tls.is_some()
            };
            ports.sort_by_key(|port| !encrypted(port));
            for port in ports {
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
                    let line = &mut self.view.lines[line];
                    let speaks = said.iter().flatten().any(|number| line.label.ends_with(number));
                    let better = line.published.is_empty() || speaks && !line.said;
                    if better && line.class != Class::Attached {
                        line.published = text.clone();
                        line.said = speaks;
                    }
                }
            }
        }
    }

    /// Where a firewall lets plain requests in only for them to be led to https, the line that arrives there says so.
    fn redirect(&mut self) {
        for rule in self.input.facts.rules.iter().filter(|rule| rule.protocol == "http") {
            let along: Vec<&Connection> =
                rule.connections.iter().map(|id| self.model.connection(*id)).collect();
            let plain = |connection: &&Connection| connection.legs.iter().any(|leg| leg.protocol == "http");
            let redirects =
                |end: End| matches!(end, End::Component(id) if self.model.component(id).redirect_http);
            let Some(last) = along.iter().find(|c| redirects(c.to)).filter(|c| !plain(c)) else { continue };
            let text = self.word("redirects").replace("{port}", &rule.port.to_string());
            let arrives = |meant: &Option<(End, End)>| {
                meant.is_some_and(|(from, to)| to == last.to && along.iter().any(|c| c.from == from))
            };
            for at in (0..self.meant.len()).filter(|at| arrives(&self.meant[*at])) {
                if self.view.lines[at].class == Class::Request {
                    self.view.lines[at].arrives.clone_from(&text);
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

    /// Each NAT gateway leads to its internet gateway.
    fn connect_nats(&mut self) {
        let look = Look { class: Class::Request, label: String::new(), heads: Heads::End };
        for ((space, _), nat) in self.nats.clone() {
            if let Some(gateway) = self.gateways.get(&space).copied() {
                self.line(Drawn::Node(nat), Drawn::Node(gateway), &look, None);
            }
        }
    }

    /// Images come from a registry that the author shows.
    fn draw_pulls(&mut self) {
        let Some(only) = &self.plan.only else { return };
        let registries: Vec<ComponentId> =
            only.iter().copied().filter(|id| self.has(*id, Trait::Registry)).collect();
        let look = Look { class: Class::Attached, label: self.word("image").to_owned(), heads: Heads::End };
        for registry in registries {
            for (id, component) in self.shown() {
                if component.workload.as_ref().is_some_and(|workload| workload.build.is_some()) {
                    self.connect(End::Component(registry), End::Component(id), &look, None);
                }
            }
        }
    }
}
