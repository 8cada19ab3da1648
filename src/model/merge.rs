//! The base and an environment's layers, laid over one another.
//!
//! Maps merge key by key, scalars and lists replace, null deletes. A component that falls away takes its
//! connections along; if its kind passes traffic on, each arrow in is joined to each arrow out instead.

use crate::diag::{Diagnostic, Diagnostics, suggest};
use crate::document::tree::{Data, Entry, Map, Node};
use crate::document::{Arrow, Assertion, Connection, Document, Environment, Layer};
use crate::source::{Span, Spanned};

/// Everything that holds in one environment, names still being strings.
#[derive(Debug, Clone, Default)]
pub(super) struct Merged {
    pub(super) vars: Map,
    pub(super) zones: Map,
    pub(super) components: Map,
    pub(super) wires: Vec<Wire>,
    pub(super) secrets: Map,
    pub(super) flows: Map,
    pub(super) operations: Map,
    pub(super) decisions: Map,
    pub(super) assertions: Vec<Assertion>,
    pub(super) passthrough: Map,
    /// Components that fell away, in the order they did.
    pub(super) gone: Vec<Gone>,
    /// Zones that fell away.
    pub(super) gone_zones: Vec<String>,
    /// The environment's own fields; `target` may come from the one it extends.
    pub(super) fields: Map,
    /// Pairs that an environment deleted: they are not bridged.
    denied: Vec<(String, String)>,
}

/// A component that fell away.
#[derive(Debug, Clone)]
pub(super) struct Gone {
    pub(super) id: String,
    /// What it was.
    pub(super) node: Node,
    /// What its arrows led to.
    pub(super) targets: Vec<String>,
    /// Whether traffic to it now goes to its targets.
    pub(super) bridged: bool,
    /// Whether no target could build it; else the author left it out.
    pub(super) unbuilt: bool,
}

/// One arrow between two names.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) from: Spanned<String>,
    pub(super) to: Spanned<String>,
    pub(super) arrow: Arrow,
    pub(super) values: Vec<Node>,
    pub(super) span: Span,
    /// The component that passed traffic on here and is gone.
    pub(super) bridged: Option<String>,
}

/// Tells whether a component passes traffic on when it falls away.
pub(super) type Bridges<'a> = &'a dyn Fn(&Node) -> bool;

impl Merged {
    /// The component that a name stands for after bridging: itself, or the only target of what is gone.
    pub(super) fn stands_for<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let mut name = name;
        for _ in 0..=self.gone.len() {
            if self.components.get(name).is_some() {
                return Some(name);
            }
            let gone = self.gone.iter().rev().find(|gone| gone.id == name)?;
            match gone.targets.as_slice() {
                [only] if gone.bridged => name = only,
                _ => return None,
            }
        }
        None
    }

    /// Whether a name was an element of this system before it fell away.
    pub(super) fn is_gone(&self, name: &str) -> bool {
        self.gone.iter().any(|gone| gone.id == name) || self.gone_zones.iter().any(|zone| zone == name)
    }

    /// The last of the fallen ones with this name.
    pub(super) fn gone(&self, name: &str) -> Option<&Gone> {
        self.gone.iter().rev().find(|gone| gone.id == name)
    }

    /// Whether a connection begins or ends at a component.
    pub(super) fn is_wired(&self, id: &str) -> bool {
        self.wires.iter().any(|wire| wire.from.value == id || wire.to.value == id)
    }

    /// Takes components out, bridging those that pass traffic on.
    pub(super) fn drop_components(&mut self, ids: &[String], bridges: Bridges, unbuilt: bool) {
        for id in ids {
            let Some(entry) = self.components.remove(id) else { continue };
            let bridged = bridges(&entry.value);
            let targets: Vec<Wire> =
                self.wires.iter().filter(|wire| wire.from.value == *id).cloned().collect();
            let sources: Vec<Wire> = self.wires.iter().filter(|wire| wire.to.value == *id).cloned().collect();
            let at = self.wires.iter().position(|wire| wire.from.value == *id).unwrap_or(self.wires.len());
            let mut joined = Vec::new();
            if bridged {
                for source in &sources {
                    for target in &targets {
                        let pair = (source.from.value.clone(), target.to.value.clone());
                        let exists =
                            self.wires.iter().any(|w| (&w.from.value, &w.to.value) == (&pair.0, &pair.1));
                        if !exists && pair.0 != pair.1 && !self.denied.contains(&pair) {
                            joined.push(Wire {
                                from: source.from.clone(),
                                bridged: Some(id.clone()),
                                ..target.clone()
                            });
                        }
                    }
                }
            }
            self.wires.splice(at..at, joined);
            self.wires.retain(|wire| wire.from.value != *id && wire.to.value != *id);
            self.gone.push(Gone {
                id: id.clone(),
                node: entry.value,
                targets: targets.into_iter().map(|wire| wire.to.value).collect(),
                bridged,
                unbuilt,
            });
        }
    }
}

/// Lays the base and the layers of an environment over one another; `None` stands for a description without
/// environments.
pub(super) fn merge(
    document: &Document,
    environment: Option<&Environment>,
    bridges: Bridges,
    out: &mut Diagnostics,
) -> Merged {
    let mut merged = Merged::default();
    overlay(&mut merged, &document.base, None, out);
    let mut chain: Vec<&Environment> = Vec::new();
    let mut next = environment;
    while let Some(current) = next {
        if chain.iter().any(|seen| seen.id.value == current.id.value) {
            report_cycle(document, &chain, current, out);
            break;
        }
        chain.push(current);
        next = current.fields.get("extends").and_then(|node| {
            let name = node.as_str()?;
            let found = document.environments.iter().find(|e| e.id.value == name);
            if found.is_none() {
                out.push(unknown(
                    "unknown-environment",
                    "environment",
                    name,
                    node.span,
                    document.environments.iter().map(|e| e.id.value.as_str()),
                ));
            }
            found
        });
    }
    for layer in chain.iter().rev() {
        let before = merged.components.clone();
        overlay(&mut merged, &layer.layer, Some(layer.id.span), out);
        leave_out(&mut merged, &before, layer, bridges, out);
        let target = merged.fields.remove("target");
        merged.fields = layer.fields.clone();
        if let (None, Some(inherited)) = (merged.fields.get("target"), target) {
            merged.fields.entries.push(inherited);
        }
    }
    merged
}

/// Reports environments that extend each other, at the one that stands first, so that each tells the same.
fn report_cycle(document: &Document, chain: &[&Environment], back: &Environment, out: &mut Diagnostics) {
    let start = chain.iter().position(|e| e.id.value == back.id.value).unwrap_or_default();
    let circle = &chain[start..];
    let place = |e: &Environment| document.environments.iter().position(|other| other.id.value == e.id.value);
    let first = (0..circle.len()).min_by_key(|at| place(circle[*at])).unwrap_or_default();
    let Some(environment) = circle.get(first) else { return };
    let names: Vec<&str> =
        circle.iter().cycle().skip(first).take(circle.len() + 1).map(|e| e.id.value.as_str()).collect();
    let span = environment.fields.get("extends").map_or(environment.id.span, |node| node.span);
    out.push(
        Diagnostic::error("extends-cycle", span, format!("`{}` extends itself", environment.id.value))
            .label(names.join(" extends "))
            .hint("an environment may extend one that does not lead back to it"),
    );
}

/// What a layer deletes or does not name under `only` falls away.
fn leave_out(
    merged: &mut Merged,
    before: &Map,
    layer: &Environment,
    bridges: Bridges,
    out: &mut Diagnostics,
) {
    let mut gone: Vec<String> = Vec::new();
    for entry in &before.entries {
        let id = &entry.key.value;
        match merged.components.get(id) {
            None => {
                // The overlay has taken it out already; put it back so that its arrows can be bridged.
                merged.components.entries.push(entry.clone());
                gone.push(id.clone());
            }
            Some(now) => kind_stays(entry, now, out),
        }
    }
    if let Some(only) = layer.fields.get("only").and_then(Node::as_list) {
        for name in only {
            let Some(text) = name.as_str() else { continue };
            if before.get(text).is_none() && layer.layer.components.get(text).is_none() {
                out.push(unknown("unknown-component", "component", text, name.span, before.keys()));
            }
        }
        let stays = |id: &str| {
            only.iter().any(|name| name.as_str() == Some(id))
                || layer.layer.components.get(id).is_some_and(|node| !node.is_null())
        };
        gone.extend(
            merged
                .components
                .keys()
                .filter(|id| !stays(id) && !gone.iter().any(|g| g == id))
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        );
    }
    merged.drop_components(&gone, bridges, false);
}

fn kind_stays(before: &Entry, now: &Node, out: &mut Diagnostics) {
    let (Some(old), Some(new)) = (before.value.get("kind"), now.get("kind")) else { return };
    if old.as_str() != new.as_str() {
        out.push(
            Diagnostic::error("kind-changed", new.span, format!("the kind of `{}` changes here", before.key.value))
                .label(format!("was `{}`", old.as_str().unwrap_or_default()))
                .related(old.span, "first kind")
                .hint("an environment may change what a thing becomes (`as`), not what it is: delete it with null and add another one"),
        );
    }
}

/// Lays one layer over what is there; `span` is the environment's name, `None` for the base.
fn overlay(merged: &mut Merged, layer: &Layer, span: Option<Span>, out: &mut Diagnostics) {
    let before_zones: Vec<String> = merged.zones.keys().map(str::to_owned).collect();
    for (into, from) in [
        (&mut merged.vars, &layer.vars),
        (&mut merged.zones, &layer.zones),
        (&mut merged.components, &layer.components),
        (&mut merged.secrets, &layer.secrets),
        (&mut merged.flows, &layer.flows),
        (&mut merged.operations, &layer.operations),
        (&mut merged.decisions, &layer.decisions),
        (&mut merged.passthrough, &layer.passthrough),
    ] {
        if span.is_some() {
            maps(into, from, out);
        } else {
            *into = from.clone();
        }
    }
    let lost = before_zones.into_iter().filter(|id| merged.zones.get(id).is_none()).collect::<Vec<_>>();
    merged.gone_zones.extend(lost);
    for connection in &layer.connections {
        lay_connection(merged, connection, out);
    }
    for assertion in &layer.assertions {
        let at = merged.assertions.iter().position(|old| old.key.value == assertion.key.value);
        match (at, assertion.reason.is_some()) {
            (Some(at), true) => merged.assertions[at] = assertion.clone(),
            (Some(at), false) => drop(merged.assertions.remove(at)),
            (None, true) => merged.assertions.push(assertion.clone()),
            (None, false) => out.push(deletes_nothing(&assertion.key.value, assertion.key.span)),
        }
    }
}

fn lay_connection(merged: &mut Merged, connection: &Connection, out: &mut Diagnostics) {
    let (from, to) = (&connection.from.value, &connection.to.value);
    let at = merged.wires.iter().position(|wire| wire.from.value == *from && wire.to.value == *to);
    let pair = (from.clone(), to.clone());
    match (&connection.values, at) {
        (None, Some(at)) => {
            merged.wires.remove(at);
            merged.denied.push(pair);
        }
        (None, None) => {
            // Deleting an arrow that bridging would make is meant as well.
            if !merged.is_gone(from) && !merged.is_gone(to) {
                let might_be_bridged =
                    merged.components.get(from).is_some() && merged.components.get(to).is_some();
                if !might_be_bridged {
                    out.push(deletes_nothing(&format!("{from} -> {to}"), connection.span));
                }
            }
            merged.denied.push(pair);
        }
        (Some(values), at) => {
            let wire = Wire {
                from: connection.from.clone(),
                to: connection.to.clone(),
                arrow: connection.arrow,
                values: values.clone(),
                span: connection.span,
                bridged: None,
            };
            merged.denied.retain(|denied| *denied != pair);
            match at {
                None => merged.wires.push(wire),
                Some(at) => {
                    let old = &merged.wires[at];
                    let values = match (old.values.as_slice(), wire.values.as_slice()) {
                        ([old], [new]) => vec![over(old, new, out)],
                        _ => wire.values.clone(),
                    };
                    merged.wires[at] = Wire { values, ..wire };
                }
            }
        }
    }
}

/// Lays a map over another one.
fn maps(into: &mut Map, from: &Map, out: &mut Diagnostics) {
    for entry in &from.entries {
        let key = &entry.key.value;
        if entry.value.is_null() {
            if into.remove(key).is_none() {
                out.push(deletes_nothing(key, entry.key.span));
            }
            continue;
        }
        for other in excluded_by(key) {
            if from.get(other).is_none() {
                into.remove(other);
            }
        }
        match into.entries.iter_mut().find(|old| old.key.value == *key) {
            Some(old) => old.value = over(&old.value, &entry.value, out),
            None => {
                let value = without_nulls(&entry.value, out);
                into.entries.push(Entry { key: entry.key.clone(), value });
            }
        }
    }
}

/// Keys that cannot stand beside a key: who writes one replaces the other.
fn excluded_by(key: &str) -> &'static [&'static str] {
    match key {
        "path" => &["run"],
        "run" => &["path"],
        "when" => &["schedule"],
        "schedule" => &["when"],
        "above" => &["below"],
        "below" => &["above"],
        _ => &[],
    }
}

/// The upper value, merged into the lower one where both are maps.
fn over(lower: &Node, upper: &Node, out: &mut Diagnostics) -> Node {
    match (&lower.data, &upper.data) {
        (Data::Map(low), Data::Map(high)) => {
            let mut map = low.clone();
            maps(&mut map, high, out);
            Node { span: upper.span, data: Data::Map(map) }
        }
        _ => without_nulls(upper, out),
    }
}

/// A new value; null has nothing to delete in it.
fn without_nulls(node: &Node, out: &mut Diagnostics) -> Node {
    match &node.data {
        Data::Map(map) => {
            let mut kept = Map::default();
            for entry in &map.entries {
                if entry.value.is_null() {
                    out.push(deletes_nothing(&entry.key.value, entry.key.span));
                } else {
                    let value = without_nulls(&entry.value, out);
                    kept.entries.push(Entry { key: entry.key.clone(), value });
                }
            }
            Node { span: node.span, data: Data::Map(kept) }
        }
        _ => node.clone(),
    }
}

fn deletes_nothing(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("nothing-to-delete", span, format!("there is no `{what}` to delete here"))
        .label("null deletes what the layers below have")
        .hint("remove this line, or correct the name")
}

/// An error for a name that nothing has.
pub(super) fn unknown<'a>(
    code: &'static str,
    what: &str,
    name: &str,
    span: Span,
    candidates: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let names: Vec<&str> = candidates.collect();
    let diagnostic = Diagnostic::error(code, span, format!("there is no {what} `{name}`"));
    match suggest::nearest(name, names.iter().copied()) {
        Some(near) => diagnostic.label("unknown").hint(format!("did you mean `{near}`?")),
        None if names.is_empty() => diagnostic.label("unknown"),
        None if names.len() <= 12 => {
            diagnostic.label("unknown").hint(format!("there are: {}", names.join(", ")))
        }
        None => diagnostic.label("unknown"),
    }
}
