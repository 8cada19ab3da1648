//! Components: what runs or is used.

use serde_json::{Value, json};

use super::{Built, ComponentId, Replicas, ScaleOn, SecretId, Template, ZoneId};
use crate::catalog::{FormId, KindId, Transport};
use crate::document::tree::Node;
use crate::source::Span;

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
    /// The ids that it had before, the oldest first.
    pub was: Vec<String>,
    /// The author's tags.
    pub tags: Vec<String>,
    /// Id of a layer of [`System::layers`](super::System::layers).
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

    /// Whether a word is the name or the protocol of one of its ports.
    pub fn speaks(&self, word: &str) -> bool {
        self.ports.iter().any(|port| port.name == word || port.protocol == word)
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

impl Setting {
    /// The value, where no reference stands in it.
    pub fn plain(&self) -> Option<Value> {
        Some(match self {
            Setting::Text(template) => json!(template.as_plain()?),
            Setting::Int(number) => json!(number),
            Setting::Bool(value) => json!(value),
            Setting::List(list) => Value::Array(list.iter().filter_map(Setting::plain).collect()),
            Setting::Map(pairs) => {
                let pair = |(key, value): &(String, Setting)| Some((key.clone(), value.plain()?));
                Value::Object(pairs.iter().filter_map(pair).collect())
            }
        })
    }
}

/// The author's wish for a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hint {
    /// `left`, `right`, `below` or `row`.
    pub place: Option<String>,
    /// Stands after this one.
    pub after: Option<ComponentId>,
    /// The name of its icon.
    pub icon: Option<String>,
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
    /// Whether each region has a store of its own, and not a copy of one.
    pub own_in_regions: bool,
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
