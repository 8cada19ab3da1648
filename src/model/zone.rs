//! Zones: what contains.

use ipnet::Ipv4Net;

use super::{Built, ZoneId};
use crate::catalog::{FormId, KindId};
use crate::document::tree::Node;
use crate::source::Span;

/// What contains others.
#[derive(Debug, Clone)]
pub struct Zone {
    /// The user's name for it.
    pub id: String,
    /// What it is.
    pub kind: KindId,
    /// What it becomes; `None` for what needs no form.
    pub form: Option<FormId>,
    /// Who builds it.
    pub built: Built,
    /// The ids that it had before, the oldest first.
    pub was: Vec<String>,
    /// The author's title, else the kind's.
    pub title: String,
    /// Whether the author gave the title.
    pub titled: bool,
    /// Markdown.
    pub description: String,
    /// The place around it.
    pub parent: Option<ZoneId>,
    /// The groups it belongs to.
    pub groups: Vec<ZoneId>,
    /// The id of the zone that it follows in pictures.
    pub after: Option<String>,
    /// The name of its icon, where the author chose one.
    pub icon: Option<String>,
    /// Whether it belongs to the one tree of places; else it is a group that may cross it.
    pub is_place: bool,
    /// The range of addresses that was written.
    pub cidr: Option<Ipv4Net>,
    /// Its number among the tiers of its network, as written; also those count that are empty here.
    pub row: usize,
    /// What its kind has beside that.
    pub detail: ZoneDetail,
    /// Raw keys of one target.
    pub passthrough: Vec<(String, Node)>,
    /// Lint rules that are silenced, with reasons.
    pub allow: Vec<(String, String)>,
    /// Where its id is written.
    pub span: Span,
}

impl Zone {
    /// The id with `_` for `-`: safe in Terraform, SQL and shell names.
    pub fn name(&self) -> String {
        self.id.replace('-', "_")
    }

    /// The machine's part, when it is one.
    pub fn machine(&self) -> Option<&Machine> {
        match &self.detail {
            ZoneDetail::Machine(machine) => Some(machine),
            _ => None,
        }
    }
}

/// What a zone has by its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum ZoneDetail {
    /// A provider's account.
    Provider(Provider),
    /// A private network.
    Space(Space),
    /// A part of a private network, repeated over its availability zones.
    Tier(Access),
    /// Machines that archgen installs.
    Machine(Box<Machine>),
    /// Machines that belong to a scheduler, which decides what stands on them.
    Cluster(Cluster),
    /// A docker network.
    Network(NetworkDetail),
    /// Anything else that contains: a site, a group, a managed cluster.
    Plain,
}

/// A provider's account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider {
    /// `aws`.
    pub name: String,
    /// Its regions; everything inside stands once in each.
    pub regions: Vec<String>,
    /// What the account cannot have.
    pub profile: Option<String>,
}

/// A scheduler with machines of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The scheduler's version.
    pub version: Option<String>,
    /// Size of the machines in the provider's words.
    pub instance: String,
    /// Size of each machine's disk in bytes.
    pub disk: Option<u64>,
    /// Fewest and most machines.
    pub replicas: Replicas,
}

/// A private network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// All addresses.
    pub cidr: Ipv4Net,
    /// Letters of the availability zones, at least one.
    pub azs: Vec<String>,
    /// Whether only their number was written: the letters are then keys, and the provider may name its zones
    /// otherwise.
    pub azs_counted: bool,
    /// The way out of private tiers.
    pub nat: Nat,
    /// Which of the provider's services have addresses of their own inside.
    pub endpoints: Endpoints,
    /// How many tiers are written in it.
    pub rows: usize,
    /// Whether what goes in and out is written down.
    pub flow_logs: bool,
}

/// Which of the provider's services have addresses of their own in a private network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoints {
    /// Those that cost nothing, and those that something reaches in no other way.
    Auto,
    /// All that something uses.
    All,
    /// None.
    None,
}

/// The way out of private tiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nat {
    /// One for each availability zone.
    PerAz,
    /// One for all.
    Single,
    /// None.
    None,
}

/// Who reaches a tier, and what it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Has public addresses.
    Public,
    /// Reaches the internet through NAT.
    Private,
    /// Has no route to the internet.
    Isolated,
}

impl Access {
    /// The word of the description.
    pub fn name(self) -> &'static str {
        match self {
            Access::Public => "public",
            Access::Private => "private",
            Access::Isolated => "isolated",
        }
    }
}

/// Machines that archgen installs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Machine {
    /// Such as `ubuntu-24.04`.
    pub os: String,
    /// The provider's size.
    pub instance: String,
    /// Bytes of the disk, when given.
    pub disk: Option<u64>,
    /// Name of the SSH key pair.
    pub key: Option<String>,
    /// `on-demand`, `spot`, `reserved-1y` …
    pub purchase: Option<String>,
    /// How many; a swarm's managers and workers together.
    pub replicas: Replicas,
    /// When their number changes.
    pub scale_on: Option<ScaleOn>,
    /// Whether the number changes, so that addresses do.
    pub elastic: bool,
    /// Managers and workers, when it spreads containers over its nodes.
    pub nodes: Option<(u32, u32)>,
    /// What is installed beside what archgen installs.
    pub setup: Setup,
    /// Folder of the repository that builds on the host start from.
    pub checkout: Option<String>,
}

/// What the author installs on a machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setup {
    /// Packages of the system.
    pub packages: Vec<String>,
    /// Commands, in order.
    pub run: Vec<String>,
    /// Paths and contents.
    pub files: Vec<(String, String)>,
}

/// How many equal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replicas {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
    /// Whether the author wrote the number.
    pub written: bool,
}

impl Default for Replicas {
    fn default() -> Self {
        Replicas { min: 1, max: 1, written: false }
    }
}

/// What makes a number of replicas change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleOn {
    /// `cpu`, `memory`, `requests` or `queue`.
    pub metric: String,
    /// The value to hold: per cent, requests per replica and minute, or messages.
    pub value: u32,
}

/// A docker network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkDetail {
    /// `bridge`, `overlay`; `None`: by where its members run.
    pub driver: Option<String>,
    /// Whether other containers may join.
    pub attachable: bool,
    /// Whether what goes from one node of a swarm to another is encrypted.
    pub encrypted: bool,
}
