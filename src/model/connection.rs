//! Connections: who talks to whom.

use super::{ComponentId, ZoneId};
use crate::catalog::Transport;
pub use crate::document::Arrow;
use crate::source::Span;

/// An end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// A zone with machines.
    Zone(ZoneId),
    /// A component.
    Component(ComponentId),
}

/// Who talks to whom: one ordered pair of ends.
#[derive(Debug, Clone)]
pub struct Connection {
    /// What stands before the arrow; `Model::opened` says who opens the connection.
    pub from: End,
    /// Who answers.
    pub to: End,
    /// How it was drawn.
    pub arrow: Arrow,
    /// What is spoken; at least one.
    pub legs: Vec<Leg>,
    /// How it came to be.
    pub origin: Link,
    /// Where the arrow is written.
    pub span: Span,
}

/// How a connection came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The author wrote it.
    Written,
    /// A component that passed traffic on is gone; its id.
    Bridged(String),
    /// Files are mounted or delivered from there.
    Mount,
    /// Copies of one store.
    Replication,
}

/// One thing that is spoken along a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// `http`, `https`, `postgres`, `replication` …
    pub protocol: String,
    /// The port it arrives at; `None` for what has none (a provider's API, an alias).
    pub port: Option<u16>,
    /// TCP or UDP.
    pub transport: Transport,
    /// Words of the author.
    pub label: Option<String>,
    /// What the source may do; where the author says nothing, what the arrow says.
    pub access: Option<DataAccess>,
    /// Only requests with this path.
    pub path: Option<String>,
    /// Only requests for this host.
    pub host: Option<String>,
    /// Subdomain of the record.
    pub name: Option<String>,
    /// A sentence of the author.
    pub description: Option<String>,
    /// Where the protocol is written, else the connection.
    pub span: Span,
}

/// What a source may do with data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum DataAccess {
    /// Only read.
    Read,
    /// Only write.
    Write,
    /// Both.
    #[default]
    ReadWrite,
}
