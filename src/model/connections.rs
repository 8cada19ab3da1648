//! Connections of a model: ends, ports and protocols of each arrow, and those that nobody has to write.

use std::collections::BTreeMap;

use super::build::Builder;
use super::merge::{Wire, unknown};
use super::{ComponentId, Connection, DataAccess, End, FileSource, Leg, Link, Origin, read};
use crate::catalog::{Trait, Transport};
use crate::diag::{Diagnostic, suggest};
use crate::document::Arrow;
use crate::document::tree::Node;
use crate::source::{Span, Spanned};

/// Protocols of the language with their ports; kinds add their own.
const PROTOCOLS: [(&str, Option<u16>, Transport); 14] = [
    ("http", Some(80), Transport::Tcp),
    ("https", Some(443), Transport::Tcp),
    ("grpc", None, Transport::Tcp),
    ("ws", Some(80), Transport::Tcp),
    ("wss", Some(443), Transport::Tcp),
    ("tcp", None, Transport::Tcp),
    ("udp", None, Transport::Udp),
    ("tls", Some(443), Transport::Tcp),
    ("ssh", Some(22), Transport::Tcp),
    ("nfs", Some(2049), Transport::Tcp),
    ("smb", Some(445), Transport::Tcp),
    ("dns", Some(53), Transport::Udp),
    ("smtp", Some(587), Transport::Tcp),
    ("replication", None, Transport::Tcp),
];

impl Builder<'_> {
    /// Makes the connections: written, bridged, then derived ones.
    pub(super) fn connections(&mut self) {
        let mut at: BTreeMap<(End, End), usize> = BTreeMap::new();
        for wire in self.merged.wires.clone() {
            let from = self.end(&wire.from);
            let to = self.end(&wire.to);
            let (Some(from), Some(to)) = (from, to) else { continue };
            if from == to {
                continue;
            }
            self.check_target(&wire, to);
            let legs: Vec<Leg> =
                wire.values.iter().filter_map(|value| self.leg(value, &wire, from, to)).collect();
            if legs.is_empty() {
                continue;
            }
            let next = self.model.connections.len();
            let same = self.model.connections.get_mut(*at.entry((from, to)).or_insert(next));
            match same {
                // Two names of one component, such as a store and its read replica in a container.
                Some(connection) => {
                    for leg in legs {
                        let known = connection
                            .legs
                            .iter_mut()
                            .find(|old| (&old.protocol, old.port) == (&leg.protocol, leg.port));
                        match known {
                            Some(old) if old.access != leg.access => old.access = Some(DataAccess::ReadWrite),
                            Some(_) => {}
                            None => connection.legs.push(leg),
                        }
                    }
                }
                None => self.model.connections.push(Connection {
                    from,
                    to,
                    arrow: wire.arrow,
                    legs,
                    origin: wire.bridged.clone().map_or(Link::Written, Link::Bridged),
                    span: wire.span,
                }),
            }
        }
        self.mounts();
        self.replication();
    }

    /// The element that an end names.
    fn end(&mut self, name: &Spanned<String>) -> Option<End> {
        let text = self.aliases.get(&name.value).unwrap_or(&name.value).clone();
        if let Some(&component) = self.component_ids.get(&text) {
            return Some(End::Component(component));
        }
        if let Some(&zone) = self.zone_ids.get(&text) {
            if self.is_machine(zone) {
                return Some(End::Zone(zone));
            }
            self.out.push(
                Diagnostic::error(
                    "zone-as-end",
                    name.span,
                    format!("`{text}` cannot be an end of a connection"),
                )
                .hint("only servers, server groups, swarms and clusters talk; name a component in it"),
            );
            return None;
        }
        if self.merged.is_gone(&text) {
            self.out.push(Diagnostic::note(
                "dropped-connection",
                name.span,
                format!("left out in `{}`: `{text}` is not there", self.model.environment.id),
            ));
            return None;
        }
        let original = text.split_once("-read").map(|(original, _)| original);
        let replica = original.is_some_and(|original| self.written.contains(original));
        if self.reported(&text) || !replica && !self.written.contains(text.as_str()) {
            return None;
        }
        // A read replica that is not there any more.
        let mut names: Vec<String> = self.merged.components.keys().map(str::to_owned).collect();
        let machines = self.zone_ids.iter().filter(|(_, zone)| self.is_machine(**zone));
        names.extend(machines.map(|(name, _)| name.clone()));
        let mut diagnostic =
            unknown("unknown-end", "component or server", &text, name.span, names.iter().map(String::as_str));
        if let Some(original) = original.filter(|id| self.component_ids.contains_key(*id)) {
            diagnostic
                .hints
                .insert(0, format!("`{original}` has no read replica here: give it `read_replicas: 1`"));
        }
        self.out.push(diagnostic);
        None
    }

    /// Reports arrows into what cannot answer.
    fn check_target(&mut self, wire: &Wire, to: End) {
        let End::Component(to) = to else { return };
        let component = &self.model.components[to.0 as usize];
        let kind = self.catalog.kind(component.kind);
        if kind.has(Trait::Actor) {
            let (from, to) = (&wire.from.value, &wire.to.value);
            self.out.push(
                Diagnostic::error(
                    "arrow-into-actor",
                    wire.to.span,
                    format!("nobody opens a connection to `{to}`, of kind `{}`: it opens them", kind.name),
                )
                .hint(format!("turn the arrow round: `{to} -> {from}`")),
            );
        }
    }

    /// What one value of an arrow means at its target.
    fn leg(&mut self, value: &Node, wire: &Wire, from: End, to: End) -> Option<Leg> {
        let language = self.messages.language.clone();
        let word = read::text(value, "proto").unwrap_or_else(|| "auto".to_owned());
        let span = value.get("proto").map_or(value.span, |node| node.span);
        let written = read::int(value, "port").and_then(|port| u16::try_from(port).ok());
        // Who fetches messages arrives at the port of what holds them.
        let fetched = self.model.hands_over(self.catalog, wire.arrow, from, to)
            && (word == "auto"
                || matches!(from, End::Component(id) if self.model.component(id).speaks(&word)));
        let (protocol, port, transport) = match if fetched { from } else { to } {
            End::Component(id) => self.at_component(&word, written, id, span)?,
            End::Zone(_) => self.at_zone(&word, written, span)?,
        };
        let access = match read::text(value, "access").as_deref() {
            Some("read") => Some(DataAccess::Read),
            Some("write") => Some(DataAccess::Write),
            Some(_) => Some(DataAccess::ReadWrite),
            None => None,
        };
        let protocol =
            if wire.arrow == Arrow::BothWays && word == "auto" { "replication".to_owned() } else { protocol };
        Some(Leg {
            protocol,
            port,
            transport,
            label: read::prose(value, "label", &language),
            access,
            path: read::text(value, "path"),
            host: read::text(value, "host"),
            name: read::text(value, "name"),
            description: read::prose(value, "description", &language),
            span,
        })
    }

    /// Protocol, port and transport at a component.
    fn at_component(
        &mut self,
        word: &str,
        written: Option<u16>,
        id: ComponentId,
        span: Span,
    ) -> Option<(String, Option<u16>, Transport)> {
        let component = self.model.components[id.0 as usize].clone();
        let kind = self.catalog.kind(component.kind);
        let main = component.port().cloned();
        if word == "auto" {
            let protocol = main.as_ref().map_or_else(String::new, |port| port.protocol.clone());
            let transport = main.as_ref().map_or(Transport::Tcp, |port| port.transport);
            return Some((protocol, written.or(main.map(|port| port.number)), transport));
        }
        let named = component.ports.iter().find(|port| port.name == word);
        let spoken = component.ports.iter().find(|port| port.protocol == word);
        if let Some(port) = named.or(spoken) {
            return Some((port.protocol.clone(), written.or(Some(port.number)), port.transport));
        }
        let Some((default, transport)) = self.protocol(word) else {
            self.unknown_protocol(word, span, component.ports.iter().map(|port| port.name.clone()).collect());
            return None;
        };
        let transparent = kind.has(Trait::Transparent);
        let by_url = component.setting_text("url").and_then(|url| port_of_url(&url));
        let by_setting = component.setting_text("port").and_then(|text| text.parse().ok());
        let port = written
            .or(by_setting)
            .or(by_url)
            .or(if transparent { default } else { main.map(|port| port.number) })
            .or(default);
        Some((word.to_owned(), port, transport))
    }

    /// Protocol, port and transport at a machine.
    fn at_zone(
        &mut self,
        word: &str,
        written: Option<u16>,
        span: Span,
    ) -> Option<(String, Option<u16>, Transport)> {
        let word = if word == "auto" { "ssh" } else { word };
        match self.protocol(word) {
            Some((default, transport)) => Some((word.to_owned(), written.or(default), transport)),
            None => {
                self.unknown_protocol(word, span, Vec::new());
                None
            }
        }
    }

    /// The usual port and the transport of a protocol.
    fn protocol(&self, word: &str) -> Option<(Option<u16>, Transport)> {
        let known = PROTOCOLS
            .iter()
            .find(|(name, _, _)| *name == word)
            .map(|(_, port, transport)| (*port, *transport));
        known.or_else(|| {
            let ports = self.catalog.kinds().iter().flat_map(|kind| &kind.ports);
            let mut spoken = ports.filter(|port| port.protocol == word);
            spoken.next().map(|port| (port.number, port.transport))
        })
    }

    fn unknown_protocol(&mut self, word: &str, span: Span, ports: Vec<String>) {
        let mut names: Vec<String> = PROTOCOLS.iter().map(|(name, _, _)| (*name).to_owned()).collect();
        for kind in self.catalog.kinds() {
            names.extend(kind.ports.iter().map(|port| port.protocol.clone()));
        }
        names.extend(ports);
        names.push("auto".to_owned());
        names.sort();
        names.dedup();
        let diagnostic =
            Diagnostic::error("unknown-protocol", span, format!("there is no protocol `{word}`"));
        self.out.push(match suggest::nearest(word, names.iter().map(String::as_str)) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => {
                diagnostic.hint("`auto` takes the target's own; `tcp/PORT` and `udp/PORT` are anything else")
            }
        });
    }

    /// Files that are mounted or delivered.
    fn mounts(&mut self) {
        let mut found: Vec<(ComponentId, ComponentId, DataAccess, Span)> = Vec::new();
        for (id, component) in self.model.components() {
            let delivered = component.files.iter().map(|(_, source)| (source, DataAccess::Read));
            let mounts = component.workload.iter().flat_map(|w| &w.volumes).map(|mount| {
                (&mount.from, if mount.read_only { DataAccess::Read } else { DataAccess::ReadWrite })
            });
            for (source, access) in delivered.chain(mounts) {
                if let FileSource::Component(share) = source {
                    found.push((id, *share, access, component.span));
                }
            }
        }
        for (from, to, access, span) in found {
            let (from, to) = (End::Component(from), End::Component(to));
            if let Some(old) = self.model.connections.iter_mut().find(|c| c.from == from && c.to == to) {
                if old.origin == Link::Mount && old.legs[0].access != Some(access) {
                    old.legs[0].access = Some(DataAccess::ReadWrite);
                }
                continue;
            }
            let End::Component(target) = to else { continue };
            let port = self.model.component(target).port().cloned();
            let leg = Leg {
                protocol: port.as_ref().map_or_else(String::new, |port| port.protocol.clone()),
                port: port.as_ref().map(|port| port.number),
                transport: port.map_or(Transport::Tcp, |port| port.transport),
                label: None,
                access: Some(access),
                path: None,
                host: None,
                name: None,
                description: None,
                span,
            };
            let origin = Link::Mount;
            self.model.connections.push(Connection {
                from,
                to,
                arrow: Arrow::OneWay,
                legs: vec![leg],
                origin,
                span,
            });
        }
    }

    /// Copies between a store and its read replicas.
    fn replication(&mut self) {
        let mut found = Vec::new();
        for (id, component) in self.model.components() {
            if let Origin::ReadReplica(original) = component.origin {
                found.push((original, id, component.port().cloned(), component.span));
            }
        }
        for (from, to, port, span) in found {
            let (from, to) = (End::Component(from), End::Component(to));
            if self.model.connections.iter().any(|c| c.from == from && c.to == to) {
                continue;
            }
            let leg = Leg {
                protocol: "replication".to_owned(),
                port: port.as_ref().map(|port| port.number),
                transport: Transport::Tcp,
                label: None,
                access: Some(DataAccess::Read),
                path: None,
                host: None,
                name: None,
                description: None,
                span,
            };
            let origin = Link::Replication;
            self.model.connections.push(Connection {
                from,
                to,
                arrow: Arrow::Async,
                legs: vec![leg],
                origin,
                span,
            });
        }
    }
}

/// The port of an address: written, or its scheme's.
pub(super) fn port_of_url(url: &str) -> Option<u16> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let written = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    written.or_else(|| PROTOCOLS.iter().find(|(name, _, _)| *name == scheme).and_then(|(_, port, _)| *port))
}
