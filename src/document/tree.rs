//! The description as a tree with places: what YAML gives, without YAML's own notions.
//!
//! Anchors, aliases and merge keys are gone here and keys are unique, so later stages need to know nothing
//! about YAML. Every scalar keeps its text as written: `8.10` stays `8.10`, and whether it was quoted decides
//! if it can be a number.

use crate::source::{Span, Spanned};

/// One value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// From its first to its last byte; for a value that came through an alias, the anchored text.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Nothing was written, or `null` or `~`.
    Null,
    /// A word, number or text.
    Scalar(Scalar),
    /// Values in order.
    List(Vec<Node>),
    /// Keys with values, in order.
    Map(Map),
}

/// A word, number or text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, with quotes and escapes resolved.
    pub text: String,
    /// Whether it stood without quotes and not as a block, so that it may be a number or truth value.
    pub plain: bool,
}

impl Scalar {
    /// The whole number that a plain scalar is.
    pub fn as_int(&self) -> Option<i64> {
        self.plain.then(|| self.text.parse().ok()).flatten()
    }

    /// The truth value that a plain scalar is; `yes` and `on` are words, as in YAML 1.2.
    pub fn as_bool(&self) -> Option<bool> {
        match (self.plain, self.text.as_str()) {
            (true, "true") => Some(true),
            (true, "false") => Some(false),
            _ => None,
        }
    }

    /// Whether YAML readers would take it for a number (also `1e3`, `0x10`, `.5`, `22:22` in YAML 1.1).
    pub fn looks_like_number(&self) -> bool {
        let text = self.text.trim_start_matches(['+', '-']);
        self.plain
            && text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && (text.parse::<f64>().is_ok()
                || text.strip_prefix("0x").is_some_and(|hex| i64::from_str_radix(hex, 16).is_ok())
                || text.strip_prefix("0o").is_some_and(|oct| i64::from_str_radix(oct, 8).is_ok())
                || (text.contains(':')
                    && text
                        .split(':')
                        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))))
    }
}

/// Keys with values, in the order written; keys are unique.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map {
    /// The pairs, in order.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key with its place.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

impl Map {
    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.key.value == key)?;
        Some(self.entries.remove(at))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.key.value.as_str())
    }
}

impl Node {
    /// A text at a place, as if it had been quoted.
    pub fn text(text: impl Into<String>, span: Span) -> Node {
        Node { span, data: Data::Scalar(Scalar { text: text.into(), plain: false }) }
    }

    /// A map at a place.
    pub fn map(entries: Vec<Entry>, span: Span) -> Node {
        Node { span, data: Data::Map(Map { entries }) }
    }

    /// The text of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The scalar.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.data {
            Data::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The map.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.data {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.data {
            Data::List(list) => Some(list),
            _ => None,
        }
    }

    /// Whether it is empty (`null`).
    pub fn is_null(&self) -> bool {
        self.data == Data::Null
    }

    /// The value of a key, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }
}
