//! One system in one environment: resolved, defaulted and checked.
//!
//! [`resolve`] makes a [`Model`] out of a [`Document`](crate::document::Document); nothing else can. Its fields
//! are private to this module, so no later stage meets a dangling reference or an element without a kind.
//! Everything keeps the order of the description, which is the order of every picture and file.

mod before;
mod build;
mod certified;
mod component;
mod components;
mod connection;
mod connections;
mod credentials;
mod dangling;
pub mod derive;
mod forms;
mod hints;
mod merge;
mod names;
mod nowhere;
pub mod operations;
mod ops;
pub mod os;
pub mod pipeline;
mod pipelines;
mod placement;
mod prune;
mod ranges;
mod read;
mod references;
mod regions;
mod settings;
pub mod text;
mod unused;
pub mod zone;
mod zones;

pub use build::{ONLY_ENVIRONMENT, environments, language, resolve};
pub use names::check_names;

use crate::catalog::{Catalog, Reach, TargetName, Trait};
use crate::document::tree::Node;
use crate::source::Span;

pub use component::{
    Backup, Build, CertificateFor, Command, Component, FileSource, Health, HealthTiming, Hint, Mount, Origin,
    Port, Publish, Setting, Store, Tls, Workload,
};
pub use connection::{Arrow, Connection, DataAccess, End, Leg, Link};
pub use operations::{
    Alarm, Decision, Flow, FlowStep, GoneStep, Issue, Job, JobTime, Operations, Procedure, Step,
};
pub use pipeline::{Pipeline, PipelineJob, PipelineStep, Trigger, Verb};
pub use pipelines::ids as pipeline_ids;
pub use text::{Part, RefRoot, Reference, Template};
pub use zone::{
    Access, Cluster, Endpoints, Machine, Nat, NetworkDetail, Provider, Replicas, ScaleOn, Setup, Space, Zone,
    ZoneDetail,
};

/// A zone of one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneId(pub(crate) u32);

/// A component of one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId(pub(crate) u32);

/// A connection of one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub(crate) u32);

/// A secret of one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretId(pub(crate) u32);

/// A variable of one model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub(crate) u32);

/// One system in one environment.
#[derive(Debug, Clone)]
pub struct Model {
    system: System,
    environment: Environment,
    zones: Vec<Zone>,
    components: Vec<Component>,
    connections: Vec<Connection>,
    secrets: Vec<Secret>,
    vars: Vec<Var>,
    operations: Operations,
    pipelines: Vec<Pipeline>,
    assertions: Vec<Assertion>,
    passthrough: Vec<(String, Node)>,
    views: Vec<(String, Node)>,
    losses: Vec<Loss>,
}

/// What holds for the system in every environment.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// Short name, safe in file names and resource names.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Markdown.
    pub description: String,
    /// `en` or `es`: the language of generated prose.
    pub language: String,
    /// Team or person.
    pub owner: Option<String>,
    /// URL of the source code.
    pub repository: Option<String>,
    /// Rows of the runbook's first table: name and one or more values.
    pub facts: Vec<(String, Vec<String>)>,
    /// Tools and versions.
    pub requires: Vec<(String, String)>,
    /// Titles and addresses.
    pub links: Vec<(String, String)>,
    /// Paths and notes, to be drawn as a tree.
    pub files: Vec<(String, String)>,
    /// Ids and titles of the layers, in their order.
    pub layers: Vec<(String, String)>,
    /// How the author wants the Terraform laid out.
    pub terraform: Layout,
    /// Rules that are broken on purpose everywhere, with reasons.
    pub allow: Vec<(String, String)>,
}

/// How the author wants the Terraform laid out.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// The folder of the module that the resources stand in; `None` without a module.
    pub modules: Option<String>,
    /// Names of files by element.
    pub names: Vec<(String, String)>,
}

/// Where and how the system runs.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Its id; also the name of its folder.
    pub id: String,
    /// What people call it; the id when none was given.
    pub title: String,
    /// Markdown.
    pub description: String,
    /// Rows of the runbook's first table.
    pub facts: Vec<(String, Vec<String>)>,
    /// What is generated, beside pictures and the runbook.
    pub targets: Vec<TargetName>,
    /// `user@host` of an existing machine.
    pub host: Option<String>,
    /// What brings new versions here, where a pipeline names something beside the targets: `codedeploy`.
    pub deployed_by: Option<String>,
    /// Ids of components whose new images pipelines bring here.
    pub delivered: Vec<String>,
}

/// Who builds an element in this environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Built {
    /// This target.
    By(TargetName),
    /// Another environment, named here; it is looked up.
    Shared(String),
    /// Nobody: it exists (people, external systems).
    Exists,
    /// No target of the environment can; it is drawn and stands in the loss report.
    Nowhere,
}

/// A secret: its name and where it comes from, never a value.
#[derive(Debug, Clone)]
pub struct Secret {
    /// The author's name for it, or `<component>-password`.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it comes from, when given: `aws.ssm`, `ci`, `env` …
    pub from: Option<String>,
    /// Its name there.
    pub name: Option<String>,
    /// Seconds after which it is changed.
    pub rotate: Option<u64>,
    /// Characters of a generated value.
    pub generate: Option<u32>,
    /// The store that it opens.
    pub owner: Option<ComponentId>,
    /// Where it is written, or the store's id.
    pub span: Span,
}

impl Secret {
    /// Its name as an environment variable.
    pub fn variable(&self) -> String {
        variable_name(&self.id)
    }
}

/// A value that differs by environment.
#[derive(Debug, Clone)]
pub struct Var {
    /// The author's name for it.
    pub id: String,
    /// The value; `None`: asked for at deployment.
    pub value: Option<String>,
    /// What it is.
    pub doc: String,
    /// Where it is written.
    pub span: Span,
}

impl Var {
    /// Its name as an environment variable.
    pub fn variable(&self) -> String {
        variable_name(&self.id)
    }
}

/// `db-password` as the name of an environment variable: `DB_PASSWORD`. A name that shells and Docker give a
/// meaning of their own gets `_VALUE` behind it: the surroundings' `PATH` must not pass for a secret.
pub fn variable_name(id: &str) -> String {
    const TAKEN: [&str; 12] = [
        "PATH", "HOME", "USER", "SHELL", "PWD", "LANG", "TERM", "HOSTNAME", "LOGNAME", "IFS", "UID", "TMPDIR",
    ];
    let name = id.replace(['-', '.'], "_").to_uppercase();
    let taken =
        TAKEN.contains(&name.as_str()) || ["COMPOSE_", "DOCKER_", "LC_"].iter().any(|p| name.starts_with(p));
    if taken { format!("{name}_VALUE") } else { name }
}

/// A fact that must hold.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// As written.
    pub text: String,
    /// What it asks.
    pub claim: Claim,
    /// Why.
    pub reason: String,
    /// Where.
    pub span: Span,
}

/// What an assertion asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Every source may reach every target, or none may.
    Reach {
        /// The sources.
        from: Vec<derive::reach::Point>,
        /// The targets.
        to: Vec<derive::reach::Point>,
        /// Whether there must be a way, or must not.
        holds: bool,
        /// Whether any number of hops counts, or one alone.
        any_hops: bool,
    },
    /// Nothing but the sources may reach the targets.
    Only {
        /// Who may.
        from: Vec<derive::reach::Point>,
        /// What is reached.
        to: Vec<derive::reach::Point>,
    },
    /// Whichever availability zone is lost, everything still has a copy.
    SurvivesZoneLoss,
    /// Without this element, the others reach each other as before.
    SurvivesLossOf(End),
}

/// Something that a target could not express, or that fell away, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Whose artifact lacks it; empty for all.
    pub target: String,
    /// The element, by id.
    pub element: String,
    /// What is missing, in the system's language.
    pub what: String,
    /// Why, and what the reader may do.
    pub why: String,
}

impl Model {
    /// The system.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The environment.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// All zones, in order; a zone stands after the one it is in only if the author wrote it so.
    pub fn zones(&self) -> impl Iterator<Item = (ZoneId, &Zone)> {
        self.zones.iter().enumerate().map(|(at, zone)| (ZoneId(at as u32), zone))
    }

    /// All components, in order.
    pub fn components(&self) -> impl Iterator<Item = (ComponentId, &Component)> {
        self.components.iter().enumerate().map(|(at, component)| (ComponentId(at as u32), component))
    }

    /// All connections, in order.
    pub fn connections(&self) -> impl Iterator<Item = (ConnectionId, &Connection)> {
        self.connections.iter().enumerate().map(|(at, connection)| (ConnectionId(at as u32), connection))
    }

    /// All secrets, the author's first.
    pub fn secrets(&self) -> impl Iterator<Item = (SecretId, &Secret)> {
        self.secrets.iter().enumerate().map(|(at, secret)| (SecretId(at as u32), secret))
    }

    /// All variables, in order.
    pub fn vars(&self) -> impl Iterator<Item = (VarId, &Var)> {
        self.vars.iter().enumerate().map(|(at, var)| (VarId(at as u32), var))
    }

    /// The zone behind an id.
    pub fn zone(&self, id: ZoneId) -> &Zone {
        &self.zones[id.0 as usize]
    }

    /// The component behind an id.
    pub fn component(&self, id: ComponentId) -> &Component {
        &self.components[id.0 as usize]
    }

    /// The connection behind an id.
    pub fn connection(&self, id: ConnectionId) -> &Connection {
        &self.connections[id.0 as usize]
    }

    /// The secret behind an id.
    pub fn secret(&self, id: SecretId) -> &Secret {
        &self.secrets[id.0 as usize]
    }

    /// The variable behind an id.
    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// Jobs, alarms, procedures, issues, contacts, decisions and flows.
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// Pipelines that name components of this environment, in order.
    pub fn pipelines(&self) -> &[Pipeline] {
        &self.pipelines
    }

    /// Facts that must hold.
    pub fn assertions(&self) -> &[Assertion] {
        &self.assertions
    }

    /// Raw text or keys by target.
    pub fn passthrough(&self) -> &[(String, Node)] {
        &self.passthrough
    }

    /// The author's views of this environment alone, by id.
    pub fn views(&self) -> &[(String, Node)] {
        &self.views
    }

    /// What fell away while resolving.
    pub fn losses(&self) -> &[Loss] {
        &self.losses
    }

    /// The id of an end, as written.
    pub fn end_id(&self, end: End) -> &str {
        match end {
            End::Zone(zone) => &self.zone(zone).id,
            End::Component(component) => &self.component(component).id,
        }
    }

    /// The zone and all zones around it, from the inside out.
    pub fn around(&self, zone: ZoneId) -> impl Iterator<Item = ZoneId> {
        std::iter::successors(Some(zone), |&inner| self.zone(inner).parent)
    }

    /// The places around a component, from the inside out.
    pub fn places(&self, component: ComponentId) -> impl Iterator<Item = ZoneId> {
        self.component(component).place.into_iter().flat_map(|place| self.around(place))
    }

    /// The places around an end, from the inside out; a zone is around itself.
    pub fn places_of(&self, end: End) -> Vec<ZoneId> {
        match end {
            End::Zone(zone) => self.around(zone).collect(),
            End::Component(component) => self.places(component).collect(),
        }
    }

    /// The nearest zone around an end for which a question is answered with yes.
    pub fn nearest(&self, end: End, wanted: impl Fn(&Zone) -> bool) -> Option<ZoneId> {
        self.places_of(end).into_iter().find(|&zone| wanted(self.zone(zone)))
    }

    /// The machine, group of machines or swarm that an end stands on.
    pub fn machine(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Machine(_)))
    }

    /// The cluster with machines of its own that an end stands in.
    pub fn cluster(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Cluster(_)))
    }

    /// The machine, or the cluster's machines, that an end stands on: whose addresses its traffic has.
    pub fn carrier(&self, end: End) -> Option<ZoneId> {
        self.machine(end).or_else(|| self.cluster(end))
    }

    /// The tier of an address space that an end stands in.
    pub fn tier(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Tier(_)))
    }

    /// Whether an end stands in a tier that the internet reaches.
    pub fn is_public(&self, end: End) -> bool {
        self.tier(end).is_some_and(|tier| self.zone(tier).detail == ZoneDetail::Tier(Access::Public))
    }

    /// The address space that an end stands in.
    pub fn space(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Space(_)))
    }

    /// The provider's zone that an end stands in.
    pub fn provider(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Provider(_)))
    }

    /// Whether a component hands messages over to a workload along a dashed arrow: the workload calls it, to fetch them.
    /// What is behind a provider's API calls by itself.
    pub fn hands_over(&self, catalog: &Catalog, arrow: Arrow, from: End, to: End) -> bool {
        let (End::Component(from), End::Component(to)) = (from, to) else { return false };
        let kind = |id: ComponentId| catalog.kind(self.component(id).kind);
        let called = catalog.form(self.component(from).form).reach != Reach::Api
            && self.component(from).port().is_some();
        arrow == Arrow::Async
            && called
            && kind(from).has(Trait::DataStore)
            && kind(to).has(Trait::Workload)
            && !kind(to).has(Trait::DataStore)
    }

    /// Who opens a connection for one leg, and who answers it: against the arrow where messages are fetched.
    pub fn opened(&self, catalog: &Catalog, connection: &Connection, leg: &Leg) -> (End, End) {
        let (from, to) = (connection.from, connection.to);
        let fetched = self.hands_over(catalog, connection.arrow, from, to)
            && matches!(from, End::Component(id) if self.component(id).speaks(&leg.protocol));
        if fetched { (to, from) } else { (from, to) }
    }

    /// Whether the environment generates for a target.
    pub fn has_target(&self, target: TargetName) -> bool {
        self.environment.targets.contains(&target)
    }
}
