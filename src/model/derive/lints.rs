//! What can be built as it is described and will hardly work so: protocols that nobody answers, addresses of what
//! nothing leads to, calls from where there is no way out.
//!
//! A warning says its rule; `allow: { RULE: reason }` at one of the elements, or at the system, silences it.

use std::net::Ipv4Addr;

use super::{endpoints, rules};
use crate::catalog::{Catalog, Hosting, Kind, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{
    Command, Component, ComponentId, End, Leg, Model, RefRoot, Reference, Template, Workload,
};
use crate::source::Span;

/// Protocols of requests, without TLS and with it; one of the former and one of the latter do not share a port.
const PLAIN: [&str; 2] = ["http", "ws"];
const ENCRYPTED: [&str; 2] = ["https", "wss"];

/// What travels in requests, too.
const IN_REQUESTS: [&str; 1] = ["grpc"];

/// Protocols that say nothing of what is inside, or that reach the machine below.
const ANYTHING: [&str; 5] = ["tcp", "udp", "tls", "ssh", "replication"];

/// Attributes with which nobody opens a connection.
const NAMES: [&str; 5] = ["id", "name", "arn", "title", "images"];

/// Judges the connections and references of one environment.
pub(super) fn check(model: &Model, catalog: &Catalog, out: &mut Diagnostics) {
    let lints = Lints { model, catalog };
    let torn = lints.shared_ports(out);
    for (_, connection) in model.connections() {
        for leg in &connection.legs {
            let (from, to) = model.opened(catalog, connection, leg);
            if let End::Component(to) = to
                && !torn.contains(&leg.span)
            {
                lints.leg(from, to, leg, out);
            }
        }
    }
    lints.ways_out(out);
    lints.references(out);
}

struct Lints<'a> {
    model: &'a Model,
    catalog: &'a Catalog,
}

impl Lints<'_> {
    fn component(&self, id: ComponentId) -> (&Component, &Kind) {
        let component = self.model.component(id);
        (component, self.catalog.kind(component.kind))
    }

    /// Whether the author breaks a rule on purpose.
    fn is_allowed(&self, rule: &str, ends: &[End]) -> bool {
        let named = |allow: &[(String, String)]| allow.iter().any(|(name, _)| name == rule);
        named(&self.model.system().allow)
            || ends.iter().any(|end| match *end {
                End::Component(id) => named(&self.model.component(id).allow),
                End::Zone(id) => named(&self.model.zone(id).allow),
            })
    }

    /// A warning with how to silence it, unless it is silenced.
    fn warn(
        &self,
        rule: &'static str,
        ends: &[End],
        out: &mut Diagnostics,
        say: impl FnOnce() -> Diagnostic,
    ) {
        if !self.is_allowed(rule, ends) {
            let silence = format!("where it is meant so, say why: `allow: {{ {rule}: reason }}`");
            out.push(say().hint(silence));
        }
    }

    /// Reports ports that are spoken to with TLS and without; gives the places of the legs it spoke of.
    fn shared_ports(&self, out: &mut Diagnostics) -> Vec<Span> {
        let mut torn = Vec::new();
        let legs = || {
            self.model.connections().flat_map(|(_, connection)| {
                connection.legs.iter().map(move |leg| {
                    let (from, to) = self.model.opened(self.catalog, connection, leg);
                    (from, to, leg)
                })
            })
        };
        let mut told: Vec<(End, u16)> = Vec::new();
        for (from, to, leg) in legs().filter(|(.., leg)| is(&ENCRYPTED, leg)) {
            let Some(port) = leg.port.filter(|port| !told.contains(&(to, *port))) else { continue };
            let same = |other: &Leg| other.port == Some(port) && is(&PLAIN, other);
            let Some((other, _, plain)) = legs().find(|(_, end, leg)| *end == to && same(leg)) else {
                continue;
            };
            told.push((to, port));
            torn.extend([leg.span, plain.span]);
            self.warn("port-of-two-protocols", &[from, other, to], out, || {
                let id = self.model.end_id(to);
                let message = format!(
                    "port {port} of `{id}` is spoken to in `{}` and in `{}`",
                    plain.protocol, leg.protocol
                );
                Diagnostic::warning("port-of-two-protocols", leg.span, message)
                    .label("with TLS here")
                    .related(plain.span, "without it here")
                    .hint(format!(
                        "a port is one or the other: change one of the arrows, or give `{id}` two `ports`"
                    ))
            });
        }
        torn
    }

    /// Judges what one connection speaks at its target.
    fn leg(&self, from: End, to: ComponentId, leg: &Leg, out: &mut Diagnostics) {
        let (target, kind) = self.component(to);
        if [Trait::Actor, Trait::External, Trait::Transparent].into_iter().any(|one| kind.has(one)) {
            return;
        }
        let exists = self.catalog.form(target.form).hosting == Hosting::External;
        let ends = [from, End::Component(to)];
        let id = &target.id;
        if is(&ENCRYPTED, leg) && !exists && !self.ends_tls(target, kind, leg) {
            self.warn("tls-without-end", &ends, out, || {
                let message = format!("`{}` leads to `{id}`, where nothing ends TLS", leg.protocol);
                let warning = Diagnostic::warning("tls-without-end", leg.span, message);
                let plain = if leg.protocol == "wss" { "ws" } else { "http" };
                if kind.has(Trait::TlsEnd) {
                    warning.hint(format!(
                        "give `{id}` a certificate: `tls: ID` of a component of kind `certificate`; else speak `{plain}`"
                    ))
                } else if kind.has(Trait::Workload) {
                    let port = leg.port.unwrap_or(443);
                    warning.hint(format!(
                        "speak `{plain}`; or, where the program has a certificate of its own: `ports: {{ https: {port} }}`"
                    ))
                } else {
                    warning.hint(format!("speak `{plain}`"))
                }
            });
        }
        // People are led on by the answer; programs often follow it with another request, or not at all.
        let person = matches!(from, End::Component(id) if {
            let kind = self.component(id).1;
            kind.has(Trait::Actor) || kind.has(Trait::Transparent)
        });
        if is(&PLAIN, leg) && target.tls.is_some() && target.redirect_http && !person {
            self.warn("plain-to-tls", &ends, out, || {
                let message = format!("`{id}` has `tls` and leads `{}` on to `https`", leg.protocol);
                Diagnostic::warning("plain-to-tls", leg.span, message).hint(format!(
                    "speak `https` to it; or let it answer plainly as well: `redirect_http: false` in `{id}`"
                ))
            });
        }
        if is(&ENCRYPTED, leg) && target.tls.is_some() && self.passes_on_encrypted(from) {
            self.warn("tls-twice", &ends, out, || {
                let first = self.model.end_id(from);
                let message = format!("TLS ends at `{first}`, and once more at `{id}` behind it");
                Diagnostic::warning("tls-twice", leg.span, message)
                    .hint(format!("take `tls` from one of them: `{first}` speaks `http` to what has none"))
            });
        }
        let spoken = spoken(target, kind);
        let own_port = leg.port.is_none_or(|port| target.ports.iter().any(|own| own.number == port));
        if kind.has(Trait::Workload)
            || kind.has(Trait::Router)
            || spoken.is_empty()
            || !own_port
            || is(&ANYTHING, leg)
            || speaks(&spoken, &leg.protocol)
        {
            return;
        }
        self.warn("protocol-not-spoken", &ends, out, || {
            let message = format!("`{id}` is of kind `{}` and does not speak `{}`", kind.name, leg.protocol);
            let own = target.port().map_or("auto", |port| port.protocol.as_str());
            Diagnostic::warning("protocol-not-spoken", leg.span, message)
                .hint(format!("write `auto`, which is `{own}` there"))
                .hint("what listens beside it on another port is named with it: `PROTOCOL/PORT`")
        });
    }

    /// Whether what comes out of a component was encrypted on its way in, and goes on inside a network: what delivers
    /// from the provider's edge reaches its origin over the internet.
    fn passes_on_encrypted(&self, from: End) -> bool {
        let End::Component(id) = from else { return false };
        let (component, kind) = self.component(id);
        component.tls.is_some() && kind.has(Trait::Router) && !kind.has(Trait::Cdn)
    }

    /// Whether TLS can end at a component: it has a certificate, or its kind, in some form, answers with one by itself.
    fn ends_tls(&self, target: &Component, kind: &Kind, leg: &Leg) -> bool {
        let own = target.tls.is_some()
            || target.ports.iter().any(|port| ENCRYPTED.contains(&port.protocol.as_str()));
        let by_kind = if kind.has(Trait::TlsEnd) {
            kind.ports.first().is_some_and(|port| port.protocol == "https")
        } else {
            let forms = kind.forms.iter().flat_map(|form| &form.ports);
            kind.ports.iter().chain(forms).any(|port| port.protocol == "https")
        };
        own || by_kind || leg.port == Some(443) && kind.has(Trait::Workload) && !kind.has(Trait::TlsEnd)
    }

    /// Reports calls to other systems from where no route leads out.
    fn ways_out(&self, out: &mut Diagnostics) {
        for way in rules::ways(self.model, self.catalog) {
            let End::Component(to) = way.to else { continue };
            let (target, kind) = self.component(to);
            let outside = kind.has(Trait::External) && self.model.places_of(way.to).is_empty();
            let Some(tier) = self.model.tier(way.from).filter(|_| outside) else { continue };
            if endpoints::has_exit(self.model, way.from) || has_private_address(target) {
                continue;
            }
            let (from, tier) = (self.model.end_id(way.from), self.model.zone(tier));
            let last = way.along.first().map_or(way.leg.span, |first| self.model.connection(*first).span);
            let message =
                format!("`{from}` has no way to `{}`: `{}` has none to the internet", target.id, tier.id);
            out.push(
                Diagnostic::error("no-way-out", last, message)
                    .label("leads out of the network")
                    .related(tier.span, "no route leads out of here")
                    .hint(format!(
                        "put `{from}` into a subnet with `access: private`, which goes out through NAT, in a network with a public one"
                    )),
            );
        }
    }

    /// Reports addresses of what a program has no connection to.
    fn references(&self, out: &mut Diagnostics) {
        for (id, component) in self.model.components() {
            let mut told: Vec<ComponentId> = Vec::new();
            let texts = component.workload.iter().flat_map(texts);
            for reference in texts.flat_map(Template::references) {
                let RefRoot::Component(to) = reference.root else { continue };
                if told.contains(&to) || !self.is_out_of_reach(id, to, reference) {
                    continue;
                }
                told.push(to);
                let ends = [End::Component(id), End::Component(to)];
                self.warn("reference-without-connection", &ends, out, || {
                    let (from, to) = (&component.id, &self.model.component(to).id);
                    let message = format!("`{from}` is told where `{to}` is, and no connection leads there");
                    Diagnostic::warning("reference-without-connection", reference.span, message)
                        .label("no rule, network or right follows from this alone")
                        .hint(format!("write it: `{from} -> {to}: auto`"))
                });
            }
        }
    }

    /// Whether a reference gives an address of something that its reader cannot call, and that nobody calls from outside.
    fn is_out_of_reach(&self, from: ComponentId, to: ComponentId, reference: &Reference) -> bool {
        let (_, kind) = self.component(to);
        let attribute = reference.attribute.as_str();
        if from == to
            || NAMES.contains(&attribute)
            || !(kind.has(Trait::DataStore) || kind.has(Trait::Workload))
        {
            return false;
        }
        // Pages carry the address to the browser, and a program knows the one that it is called by.
        !self.leads(from, to) && !self.leads(to, from) && !self.is_public(to)
    }

    /// Whether a way leads from one to the other, past what only passes on.
    fn leads(&self, from: ComponentId, to: ComponentId) -> bool {
        let mut seen = vec![End::Component(from)];
        let mut at = 0;
        // What stands on a machine may use the connections of the machine.
        seen.extend(self.model.carrier(End::Component(from)).map(End::Zone));
        let starts = seen.len();
        while let Some(&next) = seen.get(at) {
            let passes = at < starts
                || matches!(next, End::Component(id) if {
                    let kind = self.component(id).1;
                    kind.has(Trait::Transparent) || kind.has(Trait::Router)
                });
            for (_, connection) in self.model.connections().filter(|(_, c)| passes && c.from == next) {
                if !seen.contains(&connection.to) {
                    seen.push(connection.to);
                }
            }
            at += 1;
        }
        let carrier = self.model.carrier(End::Component(to)).map(End::Zone);
        seen[starts..].iter().any(|end| *end == End::Component(to) || Some(*end) == carrier)
    }

    /// Whether people reach a component, directly or past what only passes on.
    fn is_public(&self, id: ComponentId) -> bool {
        let actors = self.model.components().filter(|(_, c)| self.catalog.kind(c.kind).has(Trait::Actor));
        actors.map(|(actor, _)| actor).any(|actor| self.leads(actor, id))
    }
}

fn is(words: &[&str], leg: &Leg) -> bool {
    words.contains(&leg.protocol.as_str())
}

/// What a component speaks, in this form or in another one of its kind: an environment may swap them.
fn spoken<'a>(target: &'a Component, kind: &'a Kind) -> Vec<&'a str> {
    let forms = kind.forms.iter().flat_map(|form| &form.ports);
    let of_kind = kind.ports.iter().chain(forms).map(|port| port.protocol.as_str());
    target.ports.iter().map(|port| port.protocol.as_str()).chain(of_kind).collect()
}

/// Whether a protocol is among those that are spoken; one of requests stands for all of them.
fn speaks(spoken: &[&str], protocol: &str) -> bool {
    let requests =
        |word: &str| [&PLAIN[..], &ENCRYPTED, &IN_REQUESTS].iter().any(|words| words.contains(&word));
    spoken.contains(&protocol) || requests(protocol) && spoken.iter().any(|word| requests(word))
}

/// Whether another system answers at an address that no route over the internet leads to.
fn has_private_address(external: &Component) -> bool {
    let host = |text: String| {
        let rest = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
        rest.split(['/', ':', '?']).next().and_then(|host| host.parse::<Ipv4Addr>().ok())
    };
    let told = ["host", "url"].into_iter().filter_map(|name| external.setting_text(name)).filter_map(host);
    told.into_iter().any(|address| address.is_private())
}

/// The texts of a workload that reach the running program.
fn texts(workload: &Workload) -> impl Iterator<Item = &Template> {
    let command: Vec<&Template> = match &workload.command {
        Some(Command::Line(line)) => vec![line],
        Some(Command::Words(words)) => words.iter().collect(),
        None => Vec::new(),
    };
    workload.env.iter().map(|(_, text)| text).chain(command)
}
