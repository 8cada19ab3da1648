//! Names and filters: what only belongs to something is attached to it, unless it is a station of the way.

use super::draft::Draft;
use super::lines::Look;
use super::logical;
use crate::catalog::{Reach, Trait};
use crate::layout::Class;
use crate::model::{ComponentId, Connection, End};
use crate::view::Heads;

impl<'a> Draft<'a> {
    /// A request towards a name or a filter: the name is asked, then the request goes on to what is behind.
    pub(super) fn look_through(&mut self, connection: &Connection, between: ComponentId) {
        if self.has(between, Trait::Dns) {
            let look = Look { class: Class::Request, label: "DNS".to_owned(), heads: Heads::End };
            self.connect_as(connection.from, End::Component(between), &look);
        }
        for (guards, last) in self.behind(between) {
            let mut look = self.look(last);
            look.heads = Heads::End;
            if self.plan.logical {
                look.label = logical::asked(self, connection, last);
            }
            // A filter before something in an address space is a station of the way; elsewhere it is attached.
            match guards.iter().find(|guard| self.is_station(**guard, last.to)) {
                Some(guard) => self.connect_as(connection.from, End::Component(*guard), &look),
                None => self.connect_as(connection.from, last.to, &look),
            }
        }
    }

    /// A line out of a name (an alias) or a filter (what it protects).
    pub(super) fn attach(&mut self, between: ComponentId, connection: &'a Connection) {
        let behind = match self.transparent(connection.to) {
            Some(next) => self.behind(next),
            None => vec![(Vec::new(), connection)],
        };
        let dns = self.has(between, Trait::Dns);
        let me = End::Component(between);
        for (guards, last) in behind {
            if dns {
                let look = Look { class: Class::Attached, label: self.record(last.to), heads: Heads::End };
                self.connect_as(me, last.to, &look);
            } else if self.is_station(between, last.to) {
                let look = Look { heads: Heads::End, ..self.look(last) };
                let next = guards.first().map_or(last.to, |guard| End::Component(*guard));
                self.connect_as(me, next, &look);
            } else {
                let look = Look {
                    class: Class::Attached,
                    label: self.word("web-acl").to_owned(),
                    heads: Heads::None,
                };
                self.connect(last.to, me, &look, Some((me, last.to)));
            }
        }
    }

    /// What a name leads to: itself an address on the internet, or another name at the provider's edge.
    fn record(&self, target: End) -> String {
        let networked = match target {
            End::Component(id) => {
                self.input.catalog.form(self.model.component(id).form).reach == Reach::Network
            }
            End::Zone(_) => true,
        };
        match networked && self.model.is_public(target) {
            true => format!("{} · {}", self.word("alias"), self.word("public-address")),
            false => self.word("alias").to_owned(),
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
}
