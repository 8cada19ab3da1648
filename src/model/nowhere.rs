//! Names and filters that requests go to and that lead nowhere: nobody would answer.

use super::build::Builder;
use super::{ComponentId, Connection, End, Leg};
use crate::catalog::Trait;
use crate::diag::Diagnostic;
use crate::source::Span;

impl Builder<'_> {
    /// Warns of arrows into what only leads on, where nothing leads on from there for what is asked.
    pub(super) fn check_names_lead(&mut self) {
        let mut found = Vec::new();
        for connection in &self.model.connections {
            let (End::Component(from), End::Component(to)) = (connection.from, connection.to) else {
                continue;
            };
            let (kind, id) = (self.catalog.kind(self.model.component(to).kind), &self.model.component(to).id);
            if !kind.has(Trait::Transparent) {
                continue;
            }
            // Who speaks a name server's own protocol wants its answer and nothing behind it.
            let person = self.catalog.kind(self.model.component(from).kind).has(Trait::Actor);
            let own = |leg: &&Leg| !person && self.model.component(to).speaks(&leg.protocol);
            let onward: Vec<&Connection> =
                self.model.connections.iter().filter(|next| next.from == End::Component(to)).collect();
            let client = &self.model.component(from).id;
            let lost = |leg: &&Leg| {
                !own(leg)
                    && (onward.is_empty()
                        || kind.has(Trait::Dns) && !onward.iter().any(|next| self.leads(leg, to, next)))
            };
            let Some(leg) = connection.legs.iter().find(lost) else { continue };
            found.push(if onward.is_empty() {
                let problem = format!("`{id}` leads nowhere: nothing answers `{client}`");
                let hint = format!("say what stands behind it: `{id} -> …: https`");
                Diagnostic::warning("leads-nowhere", connection.span, problem).hint(hint)
            } else {
                self.no_such_name(leg, to, client, &onward, connection.span)
            });
        }
        found.into_iter().for_each(|warning| self.out.push(warning));
    }

    /// Whether a connection out of a name is for those who ask it so: by the same name, or by none where nobody asks
    /// by that one.
    fn leads(&self, ask: &Leg, dns: ComponentId, next: &Connection) -> bool {
        let into = || self.model.connections.iter().filter(|other| other.to == End::Component(dns));
        let said = |name: &Option<String>| {
            name.is_some() && into().any(|other| other.legs.iter().any(|leg| leg.name == *name))
        };
        next.legs.iter().any(|leg| leg.name == ask.name || ask.name.is_none() && !said(&leg.name))
    }

    fn no_such_name(
        &self,
        ask: &Leg,
        dns: ComponentId,
        client: &str,
        onward: &[&Connection],
        span: Span,
    ) -> Diagnostic {
        let id = &self.model.component(dns).id;
        let asked = match &ask.name {
            Some(name) => format!("for `{name}`"),
            None => "without a name".to_owned(),
        };
        let mut names: Vec<String> = onward
            .iter()
            .flat_map(|next| &next.legs)
            .filter_map(|leg| Some(format!("`{}`", leg.name.as_ref()?)))
            .collect();
        names.dedup();
        let problem = format!("`{client}` asks `{id}` {asked}, and nothing behind it is for that");
        let hint = match (names.is_empty(), &ask.name) {
            (true, _) => {
                "no arrow out of it has a `name`: write it there too, or leave it out here".to_owned()
            }
            (false, Some(_)) => format!("arrows out of it have the names {}", names.join(", ")),
            (false, None) => {
                format!(
                    "say which name is asked for, one of {}: `{{ proto: https, name: … }}`",
                    names.join(", ")
                )
            }
        };
        Diagnostic::warning("leads-nowhere", span, problem).hint(hint)
    }
}
