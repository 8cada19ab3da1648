//! `archgen.yaml` as written: text in, [`Document`] out.
//!
//! A document is checked against the language (names of keys, types, ranges, syntax of arrows) and has one
//! form for everything: short forms, chains and fans are gone. What it is not: resolved. Names may dangle,
//! kinds may not exist, and each environment is still a layer of its own.

pub mod arrow;
pub mod check;
pub mod language;
pub mod leaf;
pub mod normalise;
mod read;
pub mod reference;
pub mod schema;
pub mod shape;
pub mod tree;
        /// The sources; `internet` may be one.
        /// The targets.
        /// What is reached.
        /// Whether any number of hops counts (`->>`) or one alone (`->`).
        /// Whether the way must exist (`->`) or must not (`!->`).
        /// Who may.
        any_hops: bool,
        from: Vec<Spanned<String>>,
        holds: bool,
        to: Vec<Spanned<String>>,
    ///
    /// Components by id: maps with long forms; settings of their kind are not checked yet.
    /// Decisions by id: maps.
    /// Facts that must hold.
    /// Flows by id: maps whose `steps` are maps `{ from, to, arrow, text }`.
    /// Its name.
    /// Its own fields: `title`, `description`, `facts`, `target` (a list), `extends`, `only` (a list), `host`.
    /// Pipelines by id: maps with `trigger` and `jobs`, each job `{ needs?, steps }`.
    /// Raw additions by target.
    /// Secrets by id: maps.
    /// Single connections, in the order of the arrows; no ordered pair stands twice.
    /// The `outputs` section, empty when it was not written.
    /// The `system` section: always a map, empty when it was not written.
    /// The end after the arrow, at its place in the key.
    /// The end before the arrow, at its place in the key.
    /// The environments in order; empty when the file has none (then it is one environment, `main`).
    /// The key as written, with single spaces: what layers merge by.
    /// The sections that it lays over.
    /// The whole text, for places inside block texts (see [`reference`]).
    /// This arrow in the key, from the first end to the second.
    /// Variables by id: maps `{ value?, doc? }`.
    /// Views by id: maps `{ title?, of?: [..], show?: [..], hide?: [..], neighbours?, .. }`.
    /// What goes over it: maps `{ proto?, port?, label?, access?, path?, host?, name?, description?, tags? }`, one
    /// What holds in every environment unless that says otherwise.
    /// What it asks.
    /// Where it was read from.
    /// Which arrow it is.
    /// Why it must hold (Markdown); `None` deletes the assertion (environments only).
    /// Zones by id: maps with long forms; settings of their kind are not checked yet.
    /// `-->`: asynchronous.
    /// `->`: the first end asks, the second answers.
    /// `<->`: both ways, such as replication.
    /// `A -> B` and its kin: every `from` to every `to`.
    /// `auto` is `proto: auto`. Layers merge key by key where both have exactly one map; otherwise the upper
    /// `contacts`, `jobs`, `alarms`, `issues` and `runbooks`, each a map by id.
    /// `only A -> B`: nothing but the sources may reach the targets.
    /// `survives loss of ID`.
    /// `survives loss of one az`: whoever reached something still does.
    /// for each thing in a list, at least one. `None` deletes the connection (environments only).
    /// replaces the lower.
    Async,
    BothWays,
    OneWay,
    Only {
    Reach {
    SurvivesLossOf(Spanned<String>),
    SurvivesZoneLoss,
    pub arrow: Arrow,
    pub assertions: Vec<Assertion>,
    pub base: Layer,
    pub components: Map,
    pub connections: Vec<Connection>,
    pub decisions: Map,
    pub environments: Vec<Environment>,
    pub fields: Map,
    pub flows: Map,
    pub form: AssertionForm,
    pub from: Spanned<String>,
    pub id: Spanned<String>,
    pub key: Spanned<String>,
    pub layer: Layer,
    pub operations: Map,
    pub outputs: Map,
    pub passthrough: Map,
    pub pipelines: Map,
    pub reason: Option<Node>,
    pub secrets: Map,
    pub source: SourceId,
    pub span: Span,
    pub system: Node,
    pub text: String,
    pub to: Spanned<String>,
    pub values: Option<Vec<Node>>,
    pub vars: Map,
    pub views: Map,
    pub zones: Map,
    },
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Debug, Clone, PartialEq)]
#[derive(Debug, Clone, PartialEq, Default)]
/// A fact that must hold, and why.
/// One arrow between two ends.
/// One description: the system, and what differs by environment.
/// One environment as written: a layer over the base or over the one it extends.
/// The sections that the base and every environment may have. In an environment a value may be null at
/// What an arrow says about the direction of a connection.
/// What an assertion asks.
/// every depth: it deletes what the layers below have there.
pub enum Arrow {
pub enum AssertionForm {
pub mod units;
pub mod yaml;
pub struct Assertion {
pub struct Connection {
pub struct Document {
pub struct Environment {
pub struct Layer {
use crate::diag::Diagnostics;
pub use read::from_tree;
use crate::source::{SourceId, Span, Spanned};
use tree::{Map, Node};
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
