//! Longer spellings to shorter ones of the same meaning.

use crate::document::tree::{Data, Entry, Map, Node};

/// What takes the place of a key and its value.
struct Shorter<'a> {
    key: &'static str,
    /// The value that stays; `None` when only the key changes.
    value: Option<&'a Node>,
}

/// Where an entry stands decides what its keys mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Zone,
    Component,
}

/// A replacement in the text: bytes `start..end` by `with`.
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) with: String,
}

/// The edits that shorten a description, in the order of the text.
pub(super) fn edits(text: &str, root: &Node) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (place, map) in places(root) {
        for entry in &map.entries {
            let Some(shorter) = shorter(place, map, entry) else { continue };
            let (start, end) = (entry.key.span.start as usize, entry.key.span.end as usize);
            match shorter.value {
                None => edits.push(Edit { start, end, with: shorter.key.to_owned() }),
                Some(value) => {
                    let end = entry.value.span.end as usize;
                    let kept =
                        text.get(value.span.start as usize..value.span.end as usize).unwrap_or_default();
                    let old = text.get(start..end).unwrap_or_default();
                    // A comment in between would be lost, and a text over several lines would not fit.
                    if !old.contains(" #") && !old.contains("\n#") && !kept.contains('\n') && !kept.is_empty()
                    {
                        edits.push(Edit { start, end, with: format!("{}: {kept}", shorter.key) });
                    }
                }
            }
        }
    }
    edits.sort_by_key(|edit| edit.start);
    edits
}

/// A text with edits made; they must not overlap.
pub(super) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (Some(before), true) = (text.get(at..edit.start), edit.end >= edit.start) else { continue };
        result.push_str(before);
        result.push_str(&edit.with);
        at = edit.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    result
}

/// The tree with all short forms and without places and the order of sections: two texts with equal ones mean
/// the same.
pub(super) fn meaning(root: &Node) -> Node {
    let mut root = root.clone();
    if let Data::Map(map) = &mut root.data {
        shorten_inside(map);
        if let Some(Data::Map(environments)) =
            map.entries.iter_mut().find(|e| e.key.value == "environments").map(|e| &mut e.value.data)
        {
            for environment in &mut environments.entries {
                if let Data::Map(map) = &mut environment.value.data {
                    shorten_inside(map);
                }
            }
        }
        map.entries.sort_by(|a, b| a.key.value.cmp(&b.key.value));
    }
    forget_places(&mut root);
    root
}

fn shorten_inside(map: &mut Map) {
    for (section, place) in [("zones", Place::Zone), ("components", Place::Component)] {
        let Some(section) = map.entries.iter_mut().find(|entry| entry.key.value == section) else { continue };
        let Data::Map(elements) = &mut section.value.data else { continue };
        for element in &mut elements.entries {
            let Data::Map(fields) = &mut element.value.data else { continue };
            let old = fields.clone();
            for (entry, old_entry) in fields.entries.iter_mut().zip(&old.entries) {
                if let Some(shorter) = shorter(place, &old, old_entry) {
                    shorter.key.clone_into(&mut entry.key.value);
                    if let Some(value) = shorter.value {
                        entry.value = value.clone();
                    }
                }
            }
        }
    }
}

fn forget_places(node: &mut Node) {
    node.span = Default::default();
    match &mut node.data {
        Data::List(items) => items.iter_mut().for_each(forget_places),
        Data::Map(map) => {
            for entry in &mut map.entries {
                entry.key.span = Default::default();
                forget_places(&mut entry.value);
            }
        }
        Data::Null | Data::Scalar(_) => {}
    }
}

/// The zones and components of the base and of every environment.
fn places(root: &Node) -> Vec<(Place, &Map)> {
    let environments = root.get("environments").and_then(Node::as_map);
    let environments = environments.into_iter().flat_map(|map| &map.entries).map(|entry| &entry.value);
    let mut places = Vec::new();
    for scope in std::iter::once(root).chain(environments) {
        for (section, place) in [("zones", Place::Zone), ("components", Place::Component)] {
            let elements = scope.get(section).and_then(Node::as_map);
            let fields =
                elements.into_iter().flat_map(|map| &map.entries).filter_map(|entry| entry.value.as_map());
            places.extend(fields.map(|fields| (place, fields)));
        }
    }
    places
}

/// The shorter spelling of an entry, if it has one and the map does not say it already.
fn shorter<'a>(place: Place, map: &Map, entry: &'a Entry) -> Option<Shorter<'a>> {
    let key = entry.key.value.as_str();
    let inner = entry.value.as_map().map(|map| map.entries.as_slice());
    let shorter = match (key, inner) {
        ("replicas", Some([a, b]))
            if [a.key.value.as_str(), b.key.value.as_str()] == ["min", "max"]
                && a.value.as_scalar().is_some()
                && a.value.as_scalar() == b.value.as_scalar() =>
        {
            Shorter { key: "replicas", value: Some(&a.value) }
        }
        _ if place == Place::Zone => return None,
        ("health" | "healthcheck", Some([only])) if only.key.value == "path" => {
            Shorter { key: "health", value: Some(&only.value) }
        }
        ("healthcheck", _) => Shorter { key: "health", value: None },
        ("environment", _) => Shorter { key: "env", value: None },
        ("ports", Some([only])) if only.key.value == "main" => {
            Shorter { key: "port", value: Some(&only.value) }
        }
        ("build", Some([only])) if only.key.value == "context" => {
            Shorter { key: "build", value: Some(&only.value) }
        }
        ("tls", Some([only])) if only.key.value == "cert" => Shorter { key: "tls", value: Some(&only.value) },
        _ => return None,
    };
    let taken = shorter.key != key && map.get(shorter.key).is_some();
    let scalar = shorter.value.is_none_or(|value| value.as_scalar().is_some());
    (!taken && scalar).then_some(shorter)
}
