//! From the tree of a whole file to a [`Document`].

use super::arrow;
use super::check::{Context, Mode, check};
use super::language;
use super::normalise::normalise;
use super::rename::rename_bad_ids;
use super::shape::Shape;
use super::tree::{Data, Entry, Map, Node};
use super::{Arrow, Assertion, Connection, Document, Environment, Layer};
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// Checks a tree against the language and brings it into normal form.
///
/// Whatever is wrong is reported; what remains is a document all the same, so that the next stage can report
/// its mistakes in the same run. `None` when the file holds no description at all.
pub fn from_tree(source: SourceId, text: &str, mut root: Node, out: &mut Diagnostics) -> Option<Document> {
    let torn: BTreeSet<Span> =
        out.sorted().iter().filter(|one| one.code == "missing-value").filter_map(|one| one.span).collect();
    if !torn.is_empty() {
        without(&mut root, &torn);
    }
    let top = Spanned::new(String::new(), Span::new(source, 0, 0));
    let begin = "begin with `archgen: v1`, then `components:` and `connections:`";
    if root.is_null() {
        out.push(
            Diagnostic::error("empty-file", top.span, "the file describes nothing")
                .label("empty")
                .hint(begin),
        );
        return None;
    }
    if root.as_map().is_none() {
        let problem = Diagnostic::error("wrong-type", top.span, "a description is a map of sections");
        out.push(problem.label(format!("found {}", super::leaf::found(&root))).hint(begin));
        return None;
    }
    let context = Context { mode: Mode::Base, text };
    let whole = Shape::Object(language::document().clone());
    rename_bad_ids(&mut root, &whole, out);
    check(&top, &root, &whole, context, out);
    one_namespace(&root, out);

    let connections = root.get("connections").cloned();
    // The normal form has no keys with arrows, so those are kept as written; it keeps every environment.
    let written: Vec<Option<Node>> = (root.get("environments").and_then(Node::as_map).iter())
        .flat_map(|map| map.entries.iter().map(|entry| entry.value.get("connections").cloned()))
        .collect();
    let mut map = match normalise(root, &whole, context)?.data {
        Data::Map(map) => map,
        _ => return None,
    };
    let environments = take(&mut map, "environments");
    let mut all = Vec::new();
    for (Entry { key, value }, connections) in environments.entries.into_iter().zip(written) {
        let mut fields = match value.data {
            Data::Map(map) => map,
            _ => Map::default(),
        };
        let overlay = Context { mode: Mode::Overlay, text };
        let layer = layer(&mut fields, connections.as_ref(), overlay, out);
        all.push(Environment { id: key, fields, layer });
    }
    let base = layer(&mut map, connections.as_ref(), context, out);
    let system = map.remove("system").map_or_else(|| Node::map(Vec::new(), top.span), |entry| entry.value);
    let views = take(&mut map, "views");
    let outputs = take(&mut map, "outputs");
    Some(Document { source, text: text.to_owned(), system, base, environments: all, views, outputs })
}

/// Takes out keys of which it was already reported that they have no value.
fn without(node: &mut Node, reported: &BTreeSet<Span>) {
    match &mut node.data {
        Data::Map(map) => {
            map.entries.retain(|entry| !(entry.value.is_null() && reported.contains(&entry.key.span)));
            map.entries.iter_mut().for_each(|entry| without(&mut entry.value, reported));
        }
        Data::List(items) => items.iter_mut().for_each(|item| without(item, reported)),
        _ => {}
    }
}

fn take(map: &mut Map, key: &str) -> Map {
    match map.remove(key).map(|entry| entry.value.data) {
        Some(Data::Map(map)) => map,
        _ => Map::default(),
    }
}

fn layer(map: &mut Map, connections: Option<&Node>, context: Context, out: &mut Diagnostics) -> Layer {
    map.remove("connections");
    Layer {
        vars: take(map, "vars"),
        zones: take(map, "zones"),
        components: take(map, "components"),
        connections: pairs(connections.and_then(Node::as_map).unwrap_or(&Map::default()), context, out),
        secrets: take(map, "secrets"),
        flows: take(map, "flows"),
        operations: take(map, "operations"),
        decisions: take(map, "decisions"),
        pipelines: take(map, "pipelines"),
        assertions: assertions(take(map, "assert"), out),
        passthrough: take(map, "passthrough"),
    }
}

/// Chains and fans as single connections. Pairs that stand twice and loops are reported; the keys and values
/// themselves have been checked.
fn pairs(map: &Map, context: Context, out: &mut Diagnostics) -> Vec<Connection> {
    let shape = language::document().field("connections").map(|field| &field.shape);
    let Some(Shape::Map(_, shape)) = shape else { return Vec::new() };
    let mut all: Vec<Connection> = Vec::new();
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    for entry in &map.entries {
        let Some(chain) = arrow::chain(&entry.key, &mut Diagnostics::default()) else { continue };
        let values = values(&entry.value, shape, context);
        for (at, arrow) in chain.arrows.iter().enumerate() {
            for from in &chain.ends[at] {
                for to in &chain.ends[at + 1] {
                    let span = from.span.to(to.span);
                    if from.value == to.value {
                        out.push(
                            Diagnostic::error("self-connection", to.span, format!("`{}` is connected with itself", to.value))
                                .label("the same end")
                                .related(from.span, "the other end")
                                .hint("name another component, or take this arrow out; copies of one component replicate by `replicas`"),
                        );
                        continue;
                    }
                    let pair = (from.value.clone(), to.value.clone());
                    if let Some(first) = places.get(&pair) {
                        out.push(twice(from, to, *arrow, span, &all[*first]));
                        continue;
                    }
                    places.insert(pair, all.len());
                    let (from, to, values) = (from.clone(), to.clone(), values.clone());
                    all.push(Connection { from, to, arrow: *arrow, values, span });
                }
            }
        }
    }
    all
}

fn twice(
    from: &Spanned<String>,
    to: &Spanned<String>,
    arrow: Arrow,
    span: Span,
    first: &Connection,
) -> Diagnostic {
    let problem = Diagnostic::error(
        "duplicate-connection",
        span,
        format!("`{}` to `{}` is connected twice", from.value, to.value),
    )
    .label("the second")
    .related(first.span, "the first");
    if arrow == first.arrow {
        problem.hint(format!(
            "keep one; several protocols are a list: `{} -> {}: [http, https]`",
            from.value, to.value
        ))
    } else {
        problem.hint("a pair is one connection, whatever the arrow: keep one")
    }
}

/// The value of a connection as a list of maps; what cannot be read counts as `auto`.
fn values(node: &Node, shape: &Shape, context: Context) -> Option<Vec<Node>> {
    if node.is_null() && context.mode == Mode::Overlay {
        return None;
    }
    let list = normalise(node.clone(), shape, context).and_then(|node| match node.data {
        Data::List(items) if !items.is_empty() => Some(items),
        _ => None,
    });
    let auto = || {
        let key = Spanned::new("proto".to_owned(), node.span);
        vec![Node::map(vec![Entry { key, value: Node::text("auto", node.span) }], node.span)]
    };
    Some(list.unwrap_or_else(auto))
}

fn assertions(map: Map, out: &mut Diagnostics) -> Vec<Assertion> {
    let mut all: Vec<Assertion> = Vec::new();
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    for Entry { key, value } in map.entries {
        let Some(form) = arrow::assertion(&key, &mut Diagnostics::default()) else { continue };
        let words: Vec<&str> = key.value.split_whitespace().collect();
        let key = Spanned::new(words.join(" ").replace(" ,", ","), key.span);
        if let Some(first) = places.get(&key.value) {
            out.push(
                Diagnostic::error("duplicate-key", key.span, format!("`{}` stands twice", key.value))
                    .label("the second")
                    .related(*first, "the first")
                    .hint("keep one of them"),
            );
            continue;
        }
        places.insert(key.value.clone(), key.span);
        let reason = (!value.is_null()).then_some(value);
        all.push(Assertion { key, form, reason });
    }
    all
}

/// Zones and components share one namespace, over the base and all environments.
fn one_namespace(root: &Node, out: &mut Diagnostics) {
    let environments = root.get("environments").and_then(Node::as_map);
    let layers: Vec<&Node> = std::iter::once(root)
        .chain(environments.iter().flat_map(|map| map.entries.iter().map(|e| &e.value)))
        .collect();
    let mut zones: BTreeMap<&str, Span> = BTreeMap::new();
    let entries = |layer: &'_ Node, section: &str| -> Vec<(String, Span, bool)> {
        let map = layer.get(section).and_then(Node::as_map);
        map.iter()
            .flat_map(|map| &map.entries)
            .map(|e| (e.key.value.clone(), e.key.span, e.value.is_null()))
            .collect()
    };
    let all: Vec<(String, Span, bool)> = layers.iter().flat_map(|layer| entries(layer, "zones")).collect();
    for (id, span, _) in all.iter().filter(|(_, _, deletes)| !deletes) {
        zones.entry(id).or_insert(*span);
    }
    let mut components: BTreeMap<String, Span> = BTreeMap::new();
    for (id, span, deletes) in layers.iter().flat_map(|layer| entries(layer, "components")) {
        if let Some(zone) = zones.get(id.as_str()) {
            out.push(if deletes {
                wrong_section(&id, span, "zone", *zone)
            } else {
                Diagnostic::error("duplicate-id", span, format!("`{id}` is a zone and a component"))
                    .label("the component")
                    .related(*zone, "the zone")
                    .hint("zones and components share one namespace: give one of them another id")
            });
        }
        if !deletes {
            components.entry(id).or_insert(span);
        }
    }
    for (id, span, deletes) in &all {
        if *deletes
            && !zones.contains_key(id.as_str())
            && let Some(component) = components.get(id)
        {
            out.push(wrong_section(id, *span, "component", *component));
        }
    }
}

fn wrong_section(id: &str, span: Span, what: &str, place: Span) -> Diagnostic {
    Diagnostic::error("wrong-section", span, format!("`{id}` is a {what}"))
        .label(format!("not among the {what}s"))
        .related(place, format!("the {what}"))
        .hint(format!("delete it under `{what}s`"))
}
