//! `archgen.yaml` as written: text in, [`Document`] out.
//!
//! A document is checked against the language (names of keys, types, ranges, syntax of arrows) and has one
//! form for everything: short forms, chains and fans are gone. What it is not: resolved. Names may dangle,
//! kinds may not exist, and each environment is still a layer of its own.

pub mod advice;
pub mod arrow;
pub mod check;
pub mod format;
pub mod language;
pub mod leaf;
pub mod normalise;
pub mod packed;
mod read;
pub mod reference;
mod rename;
pub mod schema;
pub mod shape;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod units;
pub mod yaml;

pub use read::from_tree;

use crate::diag::Diagnostics;
use crate::source::{SourceId, Span, Spanned};
use tree::{Map, Node};

/// One description: the system, and what differs by environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Where it was read from.
    pub source: SourceId,
    /// The whole text, for places inside block texts (see [`mod@reference`]).
    pub text: String,
    /// The `system` section: always a map, empty when it was not written.
    pub system: Node,
    /// What holds in every environment unless that says otherwise.
    pub base: Layer,
    /// The environments in order; empty when the file has none (then it is one environment, `main`).
    pub environments: Vec<Environment>,
    /// Views by id: maps `{ title?, of?: [..], show?: [..], hide?: [..], neighbours?, .. }`.
    pub views: Map,
    /// The `outputs` section, empty when it was not written.
    pub outputs: Map,
}

/// The sections that the base and every environment may have. In an environment a value may be null at
/// every depth: it deletes what the layers below have there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layer {
    /// Variables by id: maps `{ value?, doc? }`.
    pub vars: Map,
    /// Zones by id: maps with long forms; settings of their kind are not checked yet.
    pub zones: Map,
    /// Components by id: maps with long forms; settings of their kind are not checked yet.
    pub components: Map,
    /// Single connections, in the order of the arrows; no ordered pair stands twice.
    pub connections: Vec<Connection>,
    /// Secrets by id: maps.
    pub secrets: Map,
    /// Flows by id: maps whose `steps` are maps `{ from, to, arrow, text }`.
    pub flows: Map,
    /// `contacts`, `jobs`, `alarms`, `issues` and `runbooks`, each a map by id.
    pub operations: Map,
    /// Decisions by id: maps.
    pub decisions: Map,
    /// Pipelines by id: maps with `trigger` and `jobs`, each job `{ needs?, steps }`.
    pub pipelines: Map,
    /// Facts that must hold.
    pub assertions: Vec<Assertion>,
    /// Raw additions by target.
    pub passthrough: Map,
}

/// One environment as written: a layer over the base or over the one it extends.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// Its name.
    pub id: Spanned<String>,
    /// Its own fields: `title`, `description`, `facts`, `target` (a list), `extends`, `only` (a list), `host`.
    pub fields: Map,
    /// The sections that it lays over.
    pub layer: Layer,
}

/// What an arrow says about the direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrow {
    /// `->`: the first end asks, the second answers.
    OneWay,
    /// `<->`: both ways, such as replication.
    BothWays,
    /// `-->`: asynchronous.
    Async,
}

/// One arrow between two ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// The end before the arrow, at its place in the key.
    pub from: Spanned<String>,
    /// The end after the arrow, at its place in the key.
    pub to: Spanned<String>,
    /// Which arrow it is.
    pub arrow: Arrow,
    /// What goes over it: maps `{ proto?, port?, label?, access?, path?, host?, name?, description?, tags? }`, one
    /// for each thing in a list, at least one. `None` deletes the connection (environments only).
    ///
    /// `auto` is `proto: auto`. Layers merge key by key where both have exactly one map; otherwise the upper
    /// replaces the lower.
    pub values: Option<Vec<Node>>,
    /// This arrow in the key, from the first end to the second.
    pub span: Span,
}

/// A fact that must hold, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Assertion {
    /// The key as written, with single spaces: what layers merge by.
    pub key: Spanned<String>,
    /// What it asks.
    pub form: AssertionForm,
    /// Why it must hold (Markdown); `None` deletes the assertion (environments only).
    pub reason: Option<Node>,
}

/// What an assertion asks.
#[derive(Debug, Clone, PartialEq)]
pub enum AssertionForm {
    /// `A -> B` and its kin: every `from` to every `to`.
    Reach {
        /// The sources; `internet` may be one.
        from: Vec<Spanned<String>>,
        /// The targets.
        to: Vec<Spanned<String>>,
        /// Whether the way must exist (`->`) or must not (`!->`).
        holds: bool,
        /// Whether any number of hops counts (`->>`) or one alone (`->`).
        any_hops: bool,
    },
    /// `only A -> B`: nothing but the sources may reach the targets.
    Only {
        /// Who may.
        from: Vec<Spanned<String>>,
        /// What is reached.
        to: Vec<Spanned<String>>,
    },
    /// `survives loss of one az`: whoever reached something still does.
    SurvivesZoneLoss,
    /// `survives loss of ID`.
    SurvivesLossOf(Spanned<String>),
}

/// Reads a description: text in, document out.
///
/// Every mistake is reported. With mistakes in the values there is a document all the same (what does not fit
/// is left out of it; something obligatory may be missing), so that later stages report theirs in the same
/// run. `None` when the text is not YAML or describes nothing.
pub fn read(source: SourceId, text: &str, out: &mut Diagnostics) -> Option<Document> {
    let root = yaml::parse(source, text, out)?;
    from_tree(source, text, root, out)
}
