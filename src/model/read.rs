//! Small readers of the document's tree. The language has checked every shape, so these only fetch; what does
//! not fit its shape was reported and counts as absent.

use crate::document::tree::{Map, Node};
use crate::document::units;

/// A text.
pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_str).map(unescaped)
}

/// A text in which no references are resolved: `$${` stands for `${` all the same.
fn unescaped(text: &str) -> String {
    text.replace("$${", "${")
}

/// A whole number.
pub(super) fn int(node: &Node, key: &str) -> Option<i64> {
    node.get(key).and_then(Node::as_scalar).and_then(|scalar| scalar.as_int())
}

/// A whole number that cannot be negative.
pub(super) fn count(node: &Node, key: &str) -> Option<u32> {
    int(node, key).and_then(|number| u32::try_from(number).ok())
}

/// A truth value.
pub(super) fn flag(node: &Node, key: &str) -> Option<bool> {
    node.get(key).and_then(Node::as_scalar).and_then(|scalar| scalar.as_bool())
}

/// Bytes.
pub(super) fn bytes(node: &Node, key: &str) -> Option<u64> {
    node.get(key).and_then(Node::as_str).and_then(|text| units::size(text).ok()).map(|size| size.bytes)
}

/// Seconds.
pub(super) fn seconds(node: &Node, key: &str) -> Option<u64> {
    node.get(key)
        .and_then(Node::as_str)
        .and_then(|text| units::duration(text).ok())
        .map(|duration| duration.seconds)
}

/// The values of a list, or a single value as a list of one.
pub(super) fn nodes<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    match node.get(key) {
        Some(value) if value.as_list().is_some() => value.as_list().unwrap_or_default(),
        Some(value) if !value.is_null() => std::slice::from_ref(value),
        _ => &[],
    }
}

/// The texts of a list, or a single text.
pub(super) fn texts(node: &Node, key: &str) -> Vec<String> {
    nodes(node, key).iter().filter_map(Node::as_str).map(str::to_owned).collect()
}

/// The entries of a map as pairs of texts, in order.
pub(super) fn pairs(node: &Node, key: &str) -> Vec<(String, String)> {
    entries(node, key).filter_map(|(key, value)| Some((key.to_owned(), value.as_str()?.to_owned()))).collect()
}

/// The entries of a map, in order.
pub(super) fn entries<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = (&'a str, &'a Node)> {
    let map = node.get(key).and_then(Node::as_map);
    map.into_iter().flat_map(|map| map.entries.iter().map(|entry| (entry.key.value.as_str(), &entry.value)))
}

/// Prose: a text, or the text of one language (else English, else the first).
pub(super) fn prose(node: &Node, key: &str, language: &str) -> Option<String> {
    node.get(key).and_then(|value| localised(value, language))
}

/// The text of a node that is a text or one text for each language.
pub(super) fn localised(node: &Node, language: &str) -> Option<String> {
    let chosen = match node.as_map() {
        Some(map) => map.get(language).or_else(|| map.get("en")).or(map.entries.first().map(|e| &e.value))?,
        None => node,
    };
    chosen.as_str().map(|text| unescaped(text.trim_end()))
}

/// The entries of a map of prose, in order.
pub(super) fn prose_pairs(node: &Node, key: &str, language: &str) -> Vec<(String, String)> {
    entries(node, key)
        .filter_map(|(key, value)| Some((key.to_owned(), localised(value, language)?)))
        .collect()
}

/// The entries of a map, each with one or more texts.
pub(super) fn facts(node: &Node) -> Vec<(String, Vec<String>)> {
    entries(node, "facts")
        .map(|(key, _)| key.to_owned())
        .map(|key| {
            let values = node.get("facts").map(|facts| texts(facts, &key)).unwrap_or_default();
            (key, values)
        })
        .collect()
}

/// A node around a map, so that the readers above can be used on it.
pub(super) fn as_node(map: &Map) -> Node {
    Node::map(map.entries.clone(), crate::source::Span::default())
}
