//! One system in one environment: resolved, defaulted and checked.
//!
//! [`resolve`] makes a [`Model`] out of a [`Document`](crate::document::Document); nothing else can. Its fields
//! are private to this module, so no later stage meets a dangling reference or an element without a kind.
//! Everything keeps the order of the description, which is the order of every picture and file.

mod build;
mod components;
mod connections;
pub mod derive;
mod merge;
pub mod operations;
mod ops;
mod placement;
mod read;
mod references;
mod settings;
pub mod text;
pub mod zone;
mod zones;

pub use build::{ONLY_ENVIRONMENT, environments, language, resolve};

use crate::catalog::{FormId, KindId, TargetName, Transport};
pub use crate::document::Arrow;
use crate::document::tree::Node;
use crate::source::Span;

pub use operations::{Alarm, Decision, Flow, FlowStep, Issue, Job, JobTime, Operations, Procedure, Step};
pub use text::{Part, RefRoot, Reference, Template};
pub use zone::{
    Access, Machine, Nat, NetworkDetail, Provider, Replicas, ScaleOn, Setup, Space, Zone, ZoneDetail,
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
    pipelines: Vec<(String, Node)>,
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

/// What runs or is used.
#[derive(Debug, Clone)]
pub struct Component {
    /// The user's name for it.
    pub id: String,
    /// What it is.
    pub kind: KindId,
    /// What it becomes here.
    pub form: FormId,
    /// Who builds it.
    pub built: Built,
    /// What people call it: the author's title, else the kind's in the system's language.
    pub title: String,
    /// Markdown.
    pub description: String,
    /// Titles and addresses.
    pub links: Vec<(String, String)>,
    /// The author's tags.
    pub tags: Vec<String>,
    /// Id of a layer of [`System::layers`].
    pub layer: Option<String>,
    /// The place it stands in.
    pub place: Option<ZoneId>,
    /// The groups it belongs to.
    pub groups: Vec<ZoneId>,
    /// The author's wish for the picture: `left`, `right`, `below`, `row`, and whom it follows.
    pub hint: Hint,
    /// What it listens on, the main port first; empty when it listens on nothing.
    pub ports: Vec<Port>,
    /// How many equal instances.
    pub replicas: Replicas,
    /// When their number changes.
    pub scale_on: Option<ScaleOn>,
    /// What only workloads have; `None` for every other kind.
    pub workload: Option<Workload>,
    /// Where TLS ends, and with which certificate.
    pub tls: Option<Tls>,
    /// Whether port 80 answers with a redirect to 443.
    pub redirect_http: bool,
    /// Folders it delivers itself: URL path and where the files are.
    pub files: Vec<(String, FileSource)>,
    /// What only data stores have; `None` for every other kind.
    pub store: Option<Store>,
    /// The dns component that a certificate is for, or further names.
    pub certificate: Option<CertificateFor>,
    /// Everything that the kind declares or the language gives, by name, with defaults filled in.
    pub settings: Vec<(String, Setting)>,
    /// The secret that `${id.password}` names.
    pub password: Option<SecretId>,
    /// Further secrets that the kind needs, by the kind's name for them (`root_password`).
    pub own_secrets: Vec<(String, SecretId)>,
    /// How it came to be.
    pub origin: Origin,
    /// Raw keys of one target, relative to its own service or resource.
    pub passthrough: Vec<(String, Node)>,
    /// Lint rules that are silenced, with reasons.
    pub allow: Vec<(String, String)>,
    /// Where its id is written.
    pub span: Span,
}

impl Component {
    /// A setting by name.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The text of a setting without references.
    pub fn setting_text(&self, name: &str) -> Option<String> {
        match self.setting(name)? {
            Setting::Text(template) => template.as_plain(),
            Setting::Int(number) => Some(number.to_string()),
            Setting::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The main port.
    pub fn port(&self) -> Option<&Port> {
        self.ports.first()
    }

    /// The id with `_` for `-`: safe in Terraform, SQL and shell names.
    pub fn name(&self) -> String {
        self.id.replace('-', "_")
    }
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// Text, with references where the author wrote some.
    Text(Template),
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// Values in order.
    List(Vec<Setting>),
    /// Values by key, in order.
    Map(Vec<(String, Setting)>),
}

/// The author's wish for a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint {
    /// `left`, `right`, `below` or `row`.
    pub place: Option<String>,
    /// Stands after this one.
    pub after: Option<ComponentId>,
}

/// How a component came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The author wrote it.
    Written,
    /// A read replica of another component.
    ReadReplica(ComponentId),
}

/// A port that a component listens on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// `main`, or the author's or kind's name.
    pub name: String,
    /// The number that it listens on.
    pub number: u16,
    /// TCP or UDP.
    pub transport: Transport,
    /// What is spoken there.
    pub protocol: String,
}

/// What only workloads have.
#[derive(Debug, Clone, Default)]
pub struct Workload {
    /// The image's name with tag.
    pub image: Option<Template>,
    /// How it is built.
    pub build: Option<Build>,
    /// `registry`, `build` or `copy`: how the image reaches a server; `None`: by the rule of the language.
    pub deliver: Option<String>,
    /// `linux/amd64` and the like.
    pub platform: Option<String>,
    /// Replaces the image's command.
    pub command: Option<Command>,
    /// The host port.
    pub publish: Publish,
    /// Environment variables, in order.
    pub env: Vec<(String, Template)>,
    /// Mounts, in order.
    pub volumes: Vec<Mount>,
    /// How to see that it works.
    pub health: Option<Health>,
    /// How often and how long, where the author says so.
    pub health_timing: HealthTiming,
    /// `no`, `any`, `on-failure` …, in Compose's words.
    pub restart: Option<String>,
    /// Container labels.
    pub labels: Vec<(String, String)>,
    /// At most so many on one node of a swarm.
    pub max_per_node: Option<u32>,
    /// Share of CPUs, as written (`0.5`).
    pub cpu: Option<String>,
    /// Memory in bytes.
    pub memory: Option<u64>,
}

/// A command: one line for a shell, or words.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// For a shell.
    Line(Template),
    /// As it is.
    Words(Vec<Template>),
}

/// How an image is built.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Build {
    /// Folder, relative to the description.
    pub context: String,
    /// Dockerfile, relative to the context.
    pub dockerfile: Option<String>,
    /// Stage.
    pub target: Option<String>,
    /// Build arguments.
    pub args: Vec<(String, Template)>,
    /// Recipe that writes the Dockerfile.
    pub recipe: Option<String>,
    /// Base image of the recipe.
    pub base: Option<String>,
    /// Packages of the system that the recipe installs.
    pub packages: Vec<String>,
    /// Files that the recipe copies: source and destination.
    pub files: Vec<(String, String)>,
}

/// The host port of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Publish {
    /// By the rule of the language: when something outside the Docker host connects.
    #[default]
    Derived,
    /// Any free one.
    Auto,
    /// None.
    Never,
    /// This one; in a swarm by its routing mesh (`ingress`) or on the node itself.
    Port {
        /// The number on the host.
        number: u16,
        /// By the swarm's mesh (true, the default) or on the node itself.
        ingress: bool,
    },
}

/// A mount in a container.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// Where in the container.
    pub path: String,
    /// What is mounted.
    pub from: FileSource,
    /// A folder inside of what is mounted; `None`: all of it.
    pub inside: Option<String>,
    /// Whether it cannot be written.
    pub read_only: bool,
}

/// Where files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSource {
    /// A file share, volume or bucket.
    Component(ComponentId),
    /// A path beside the description, or an absolute one on the host.
    Path(String),
}

/// How to see that a workload works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// A path that answers 200 on the main port.
    Path(String),
    /// A command in the container.
    Run(String),
}

/// How often a workload's health is asked for; what is absent is up to the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HealthTiming {
    /// Seconds between two questions.
    pub interval: Option<u64>,
    /// Seconds that an answer may take.
    pub timeout: Option<u64>,
    /// Failures until it counts as ill.
    pub retries: Option<u32>,
    /// Seconds at the start in which failures do not count.
    pub start_period: Option<u64>,
}

/// Where TLS ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate.
    pub certificate: ComponentId,
    /// The provider's name of a policy.
    pub policy: Option<String>,
}

/// What a certificate proves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateFor {
    /// The component whose name it carries.
    pub dns: Option<ComponentId>,
    /// All names, the first one first.
    pub names: Vec<String>,
}

/// What only data stores have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Store {
    /// Whether a passive copy stands in the next zone.
    pub standby: bool,
    /// How many copies only answer reads.
    pub read_replicas: u32,
    /// The backup, when one is kept.
    pub backup: Option<Backup>,
}

/// A backup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backup {
    /// Seconds between two.
    pub every: Option<u64>,
    /// Seconds that one is kept.
    pub keep: Option<u64>,
    /// Who makes it.
    pub by: Option<String>,
    /// Where it goes.
    pub to: Option<String>,
}

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
    /// Who opens it.
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
    /// What the source may do.
    pub access: DataAccess,
    /// Only requests with this path.
    pub path: Option<String>,
    /// Only requests for this host.
    pub host: Option<String>,
    /// Subdomain of the record.
    pub name: Option<String>,
    /// A sentence of the author.
    pub description: Option<String>,
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

/// `db-password` as the name of an environment variable: `DB_PASSWORD`.
pub fn variable_name(id: &str) -> String {
    id.replace(['-', '.'], "_").to_uppercase()
}

/// A fact that must hold.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// As written.
    pub text: String,
    /// Why.
    pub reason: String,
    /// Where.
    pub span: Span,
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

    /// Pipelines by id, in their long form.
    pub fn pipelines(&self) -> &[(String, Node)] {
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

    /// The author's views of this environment, by id.
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

    /// The tier of an address space that an end stands in.
    pub fn tier(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Tier(_)))
    }

    /// The address space that an end stands in.
    pub fn space(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Space(_)))
    }

    /// The provider's zone that an end stands in.
    pub fn provider(&self, end: End) -> Option<ZoneId> {
        self.nearest(end, |zone| matches!(zone.detail, ZoneDetail::Provider(_)))
    }

    /// Whether the environment generates for a target.
    pub fn has_target(&self, target: TargetName) -> bool {
        self.environment.targets.contains(&target)
    }
}
