//! The normal form: short forms become long ones, one value becomes a list of one, other names become ours.
//!
//! It follows the same shapes as the checks. What does not fit is left out, for it has been reported; only
//! elements stay, so that a mistake in one is not also a dangling name everywhere else.

use super::Arrow;
use super::arrow;
use super::check::{Context, Mode, fits};
use super::leaf::{self, is_leaf};
use super::shape::{Becomes, Keys, Object, Shape, ShortForm};
use super::tree::{Data, Entry, Map, Node, Scalar};
use crate::diag::Diagnostics;
use crate::source::{Span, Spanned};

/// The normal form of a value; `None` when it does not fit the shape at all.
pub fn normalise(node: Node, shape: &Shape, context: Context) -> Option<Node> {
    if node.is_null() && *shape != Shape::Any {
        return (context.mode == Mode::Overlay).then_some(node);
    }
    let span = node.span;
    match shape {
        Shape::Any => Some(node),
        Shape::Markdown | Shape::Command => fits(&node, shape, context).then_some(node),
        Shape::List(inner) | Shape::Many(inner) => {
            let items = match node.data {
                Data::List(items) => items,
                _ if matches!(shape, Shape::Many(_)) => {
                    let one = normalise(node, inner, context)?;
                    return Some(Node { span, data: Data::List(vec![one]) });
                }
                _ => return None,
            };
            let context = Context { mode: Mode::Base, ..context };
            let items = items.into_iter().filter(|item| !item.is_null());
            let items = items.filter_map(|item| normalise(item, inner, context)).collect();
            Some(Node { span, data: Data::List(items) })
        }
        Shape::Map(keys, inner) => match node.data {
            Data::Map(map) => Some(Node { span, data: Data::Map(entries(map, *keys, inner, context)) }),
            _ => None,
        },
        Shape::Object(object) => match node.data {
            Data::Map(map) => Some(Node { span, data: Data::Map(fields(map, object, context)) }),
            _ => None,
        },
        Shape::Short(forms, object) => match node.data {
            Data::Map(map) => Some(Node { span, data: Data::Map(fields(map, object, context)) }),
            _ => forms
                .iter()
                .find(|form| fits(&node, &form.shape, context))
                .and_then(|form| long(node, form, context)),
        },
        Shape::Either(all) => {
            let fit = all.iter().find(|one| fits(&node, one, context));
            // A map with a mistake inside still is that map.
            let fit = fit.or_else(|| all.iter().find(|one| !is_leaf(one) && node.as_scalar().is_none()));
            fit.and_then(|one| normalise(node, one, context))
        }
        Shape::Step => step(&node),
        Shape::Overlay(inner) => normalise(node, inner, Context { mode: Mode::Overlay, ..context }),
        leaf => leaf::misfit(leaf, &node).is_none().then_some(node),
    }
}

/// An empty map at a place, for an element whose value did not fit.
fn empty(span: Span) -> Node {
    Node::map(Vec::new(), span)
}

fn entries(map: Map, keys: Keys, inner: &Shape, context: Context) -> Map {
    let element = matches!(keys, Keys::Id | Keys::Element)
        && matches!(inner, Shape::Object(_) | Shape::Short(..) | Shape::Overlay(_));
    let entries = map.entries.into_iter().filter_map(|entry| {
        let value = normalise(entry.value, inner, context);
        let value = value.or_else(|| element.then(|| empty(entry.key.span)))?;
        Some(Entry { key: entry.key, value })
    });
    Map { entries: entries.collect() }
}

fn fields(map: Map, object: &Object, context: Context) -> Map {
    let mut result = Map::default();
    for Entry { key, value } in map.entries {
        let Some(field) = object.field(&key.value) else {
            if object.open && !object.habits.iter().any(|(habit, _)| *habit == key.value) {
                result.entries.push(Entry { key, value });
            }
            continue;
        };
        let Some(value) = normalise(value, &field.shape, context) else { continue };
        let path: Vec<&str> = match field.moves_to {
            Some(path) => path.to_vec(),
            None => vec![field.name.as_str()],
        };
        put(&mut result, &path, key.span, value);
    }
    result
}

/// Puts a value at a path of keys. What stands there already stays: said twice has been reported.
fn put(map: &mut Map, path: &[&str], at: Span, value: Node) {
    let Some((first, rest)) = path.split_first() else { return };
    let place = map.entries.iter().position(|entry| entry.key.value == *first);
    let new = |value| Entry { key: Spanned::new((*first).to_owned(), at), value };
    match (place, rest.is_empty()) {
        (None, true) => map.entries.push(new(value)),
        (None, false) => {
            let mut inner = Map::default();
            let span = value.span;
            put(&mut inner, rest, at, value);
            map.entries.push(new(Node { span, data: Data::Map(inner) }));
        }
        (Some(place), deeper) => {
            // `port` before `ports` and the other way round end in one map.
            let here = &mut map.entries[place].value;
            match (&mut here.data, deeper, value) {
                (Data::Map(here), false, value) => put(here, rest, at, value),
                (Data::Map(here), true, Node { data: Data::Map(more), .. }) => {
                    for entry in more.entries {
                        if here.get(&entry.key.value).is_none() {
                            here.entries.push(entry);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// The object that a short form stands for.
fn long(node: Node, form: &ShortForm, context: Context) -> Option<Node> {
    let node = normalise(node, &form.shape, context)?;
    let span = node.span;
    let entry = |name: &str, value: Node| Entry { key: Spanned::new(name.to_owned(), value.span), value };
    let entries = match &form.becomes {
        Becomes::Fields(names) => names.iter().map(|name| entry(name, node.clone())).collect(),
        Becomes::ProtocolAndPort => {
            let scalar = node.as_scalar()?;
            match scalar.text.split_once('/') {
                None => vec![entry("proto", node)],
                Some((protocol, port)) => {
                    // Of a plain scalar, both halves have places of their own.
                    let cut = scalar.plain.then(|| span.start + protocol.len() as u32);
                    let first = cut.map_or(span, |cut| Span { end: cut, ..span });
                    let second = cut.map_or(span, |cut| Span { start: cut + 1, ..span });
                    let number = Scalar { text: port.to_owned(), plain: true };
                    vec![
                        entry("proto", Node::text(protocol, first)),
                        entry("port", Node { span: second, data: Data::Scalar(number) }),
                    ]
                }
            }
        }
    };
    Some(Node::map(entries, span))
}

/// `{ from, to, arrow, text }` of `a -> b: text`.
fn step(node: &Node) -> Option<Node> {
    let entry = node.as_map()?.entries.first()?;
    let (from, arrow, to) = arrow::step(&entry.key, &mut Diagnostics::default())?;
    let sign = match arrow {
        Arrow::OneWay => "->",
        Arrow::Async => "-->",
        Arrow::BothWays => "<->",
    };
    let part = |name: &str, value: Node| Entry { key: Spanned::new(name.to_owned(), value.span), value };
    let between = Span { start: from.span.end, end: to.span.start, ..from.span };
    let mut parts = vec![
        part("from", Node::text(from.value, from.span)),
        part("to", Node::text(to.value, to.span)),
        part("arrow", Node::text(sign, if between.start < between.end { between } else { entry.key.span })),
    ];
    if !entry.value.is_null() {
        parts.push(part("text", entry.value.clone()));
    }
    Some(Node::map(parts, node.span))
}
