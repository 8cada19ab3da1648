//! What a compose file holds, before it is text.

use crate::document::tree::{Data as NodeData, Node, Scalar};

/// One value.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::target) enum Data {
    /// Nothing.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, in the digits that are written.
    Number(String),
    /// A text, whatever it looks like.
    Text(String),
    /// Values in order.
    List(Vec<Data>),
    /// Values by key.
    Map(Map),
}

/// Values by key, in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::target) struct Map {
    /// The entries; keys are unique.
    pub(in crate::target) entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::target) struct Entry {
    /// The key.
    pub(in crate::target) key: String,
    /// The value.
    pub(in crate::target) value: Data,
    /// A line of explanation above it; may be empty.
    pub(in crate::target) comment: String,
    /// Whether a blank line sets it off.
    pub(in crate::target) apart: bool,
}

impl Data {
    /// A text.
    pub(in crate::target) fn text(text: impl Into<String>) -> Data {
        Data::Text(text.into())
    }

    /// A whole number.
    pub(in crate::target) fn int(number: impl Into<i64>) -> Data {
        Data::Number(number.into().to_string())
    }

    /// Texts in order.
    pub(in crate::target) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Data {
        Data::List(texts.into_iter().map(|text| Data::Text(text.into())).collect())
    }

    /// Whether nothing is in it.
    pub(in crate::target) fn is_empty(&self) -> bool {
        match self {
            Data::Null => true,
            Data::List(list) => list.is_empty(),
            Data::Map(map) => map.entries.is_empty(),
            _ => false,
        }
    }
}

impl From<Map> for Data {
    fn from(map: Map) -> Data {
        Data::Map(map)
    }
}

impl Map {
    /// Sets a key; an older value keeps its place.
    pub(in crate::target) fn set(&mut self, key: impl Into<String>, value: impl Into<Data>) {
        let (key, value) = (key.into(), value.into());
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.value = value,
            None => self.entries.push(Entry { key, value, comment: String::new(), apart: false }),
        }
    }

    /// Sets a key unless the value is empty.
    pub(in crate::target) fn fill(&mut self, key: &str, value: impl Into<Data>) {
        let value = value.into();
        if !value.is_empty() {
            self.set(key, value);
        }
    }

    /// Adds a key that stands apart, with a line of explanation.
    pub(in crate::target) fn section(
        &mut self,
        key: impl Into<String>,
        value: impl Into<Data>,
        comment: String,
    ) {
        self.entries.push(Entry { key: key.into(), value: value.into(), comment, apart: true });
    }

    /// The value of a key.
    pub(in crate::target) fn get(&self, key: &str) -> Option<&Data> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// Puts known keys into an order; others keep theirs, behind.
    pub(in crate::target) fn sort_keys(&mut self, order: &[&str]) {
        self.entries
            .sort_by_key(|entry| order.iter().position(|key| *key == entry.key).unwrap_or(order.len()));
    }

    /// The value of a key, an empty map where there was none.
    fn map_at(&mut self, key: &str) -> &mut Map {
        let at = match self.entries.iter().position(|entry| entry.key == key) {
            Some(at) => at,
            None => {
                self.set(key, Map::default());
                self.entries.len() - 1
            }
        };
        let value = &mut self.entries[at].value;
        if !matches!(value, Data::Map(_)) {
            *value = Data::Map(Map::default());
        }
        match value {
            Data::Map(map) => map,
            _ => unreachable!("it was just made a map"),
        }
    }

    /// Lays a raw value over what stands at a path whose steps are joined with dots. A key that has dots itself
    /// is found if it is there already.
    pub(in crate::target) fn overlay(&mut self, path: &str, value: &Node) {
        if self.get(path).is_none()
            && let Some((first, rest)) = path.split_once('.')
        {
            self.map_at(first).overlay(rest, value);
            return;
        }
        self.merge(path, value);
    }

    /// Maps merge key by key, nothing deletes, all else replaces.
    fn merge(&mut self, key: &str, value: &Node) {
        match &value.data {
            NodeData::Null => self.entries.retain(|entry| entry.key != key),
            NodeData::Map(map) if !map.entries.is_empty() => {
                let inner = self.map_at(key);
                for entry in &map.entries {
                    inner.merge(&entry.key.value, &entry.value);
                }
            }
            _ => self.set(key, from_node(value)),
        }
    }
}

/// The name of a network or a volume: Compose takes keys that begin with `x-` for notes of somebody else.
pub(in crate::target) fn part_name(name: &str) -> String {
    match name.strip_prefix("x-") {
        Some(rest) => format!("x_{rest}"),
        None => name.to_owned(),
    }
}

/// Whether a plain scalar is a number such as `0.5`.
fn is_decimal(scalar: &Scalar) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    scalar.plain && scalar.text.split_once('.').is_some_and(|(whole, part)| digits(whole) && digits(part))
}

/// A raw value of the description.
pub(in crate::target) fn from_node(node: &Node) -> Data {
    match &node.data {
        NodeData::Null => Data::Null,
        NodeData::Scalar(scalar) => match scalar.as_bool() {
            Some(value) => Data::Bool(value),
            None if scalar.as_int().is_some() || is_decimal(scalar) => Data::Number(scalar.text.clone()),
            None => Data::Text(scalar.text.clone()),
        },
        NodeData::List(list) => Data::List(list.iter().map(from_node).collect()),
        NodeData::Map(map) => {
            let mut out = Map::default();
            for entry in &map.entries {
                out.set(entry.key.value.clone(), from_node(&entry.value));
            }
            Data::Map(out)
        }
    }
}
