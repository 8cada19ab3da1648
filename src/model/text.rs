//! Texts with references: `postgres://${db.host}`.

use super::{ComponentId, SecretId, VarId, ZoneId};
use crate::source::Span;

/// A text in which references are resolved to elements, but not yet to the words of a target.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    /// Texts and references, in order.
    pub parts: Vec<Part>,
    /// Where it is written.
    pub span: Span,
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// As it is.
    Text(String),
    /// Each target says it in its own words.
    Ref(Reference),
}

/// `${root.attribute}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Whose.
    pub root: RefRoot,
    /// Which; `file` of a secret is the path where it is mounted.
    pub attribute: String,
    /// Where it is written.
    pub span: Span,
}

/// Whose attribute a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefRoot {
    /// A component's.
    Component(ComponentId),
    /// A zone's.
    Zone(ZoneId),
    /// A secret; the attribute is empty, or `file`.
    Secret(SecretId),
    /// A variable; the attribute is empty.
    Var(VarId),
    /// The system's.
    System,
    /// The environment's.
    Environment,
}

impl Template {
    /// A text without references.
    pub fn plain(text: impl Into<String>, span: Span) -> Self {
        Template { parts: vec![Part::Text(text.into())], span }
    }

    /// The text, if no reference is in it.
    pub fn as_plain(&self) -> Option<String> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::Ref(_) => None,
            })
            .collect()
    }

    /// The references, in order.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts.iter().filter_map(|part| match part {
            Part::Ref(reference) => Some(reference),
            Part::Text(_) => None,
        })
    }
}
