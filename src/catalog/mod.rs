//! What archgen knows of kinds and forms: one file each, built in or from the user's project.
//!
//! A *kind* is what a thing is (a PostgreSQL database, a balancer, an actor). A *form* is what it becomes (a
//! container, Amazon RDS). Later stages read [`Trait`]s and fields and never compare the name of a kind or a
//! form with a text: [`KindId`] and [`FormId`] are opaque.

mod api;
pub mod built_in;
mod copies;
pub mod describe;

mod form;
mod icons;
mod keys;
mod kind;
mod load;
mod meaning;
mod metric;
pub mod naming;
mod profile;
mod read;
mod recipe;
mod regions;
mod target;
mod templates;

use std::collections::{BTreeMap, BTreeSet};

use crate::document::shape::Shape;
use crate::document::tree::Node;
use crate::source::{SourceId, Span};
use naming::Naming;

pub use api::{Grants, Keeps, Services};
pub use copies::{Copies, Copying, RegionCopies};
pub use form::TemplateText;
pub use keys::{DELIVERY_KEYS, PIPELINE_KEYS, RUNBOOK_KEYS};
pub use load::load;
pub use metric::Metric;
pub use profile::{Limit, Profile};
pub use recipe::Recipe;
pub use regions::{KnownRegion, KnownRegions};
pub use target::TargetName;

/// A kind of one catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub(crate) u16);

/// A form of one catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormId(pub(crate) u16);

/// All kinds and forms of a run: the built-in files, overlaid by the project's.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) forms: Vec<Form>,
    pub(crate) profiles: Vec<Profile>,
    /// The project's own icons, by the name of the kind or form that they stand for.
    own_icons: BTreeMap<String, String>,
    pub(crate) recipes: Vec<Recipe>,
}

impl Catalog {
    /// All kinds, by name.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// All forms, by name.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// All profiles, by name.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// All recipes, by name.
    pub fn recipes(&self) -> &[Recipe] {
        &self.recipes
    }

    /// The recipe with the name that the user wrote.
    pub fn find_recipe(&self, name: &str) -> Option<&Recipe> {
        self.recipes.iter().find(|recipe| recipe.name == name)
    }

    /// The tools that routers are configured for: the first part of their templates' paths.
    pub fn tools(&self) -> BTreeSet<String> {
        let uses = self.kinds.iter().flat_map(|kind| &kind.forms);
        // What is under `config` of the form's data, or of what the data has for each value of a setting.
        let all = uses.flat_map(|used| {
            let by = used.data.as_map().into_iter().flat_map(|map| &map.entries).map(|entry| &entry.value);
            by.chain([&used.data])
        });
        let paths = all.filter_map(|data| data.get("config")?.get("template")?.as_str());
        paths.filter_map(|path| Some(path.split_once('/')?.0.to_owned())).collect()
    }

    /// The kind behind an id.
    pub fn kind(&self, id: KindId) -> &Kind {
        &self.kinds[id.0 as usize]
    }

    /// The form behind an id.
    pub fn form(&self, id: FormId) -> &Form {
        &self.forms[id.0 as usize]
    }

    /// The kind with the name that the user wrote.
    pub fn find_kind(&self, name: &str) -> Option<KindId> {
        self.kinds.iter().position(|kind| kind.name == name).map(|at| KindId(at as u16))
    }

    /// The form with the name that the user wrote.
    pub fn find_form(&self, name: &str) -> Option<FormId> {
        self.forms.iter().position(|form| form.name == name).map(|at| FormId(at as u16))
    }

    /// Whether a kind has a trait in a form: its own, or one that the form adds.
    pub fn has(&self, kind: KindId, form: FormId, wanted: Trait) -> bool {
        self.kind(kind).has(wanted) || self.form(form).traits.contains(&wanted)
    }

    /// The profile with the name that the user wrote.
    pub fn find_profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }
}

/// A short text in the languages that archgen writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// By language; `en` is always there.
    pub by_language: BTreeMap<String, String>,
}

impl Text {
    /// The text in a language, else in English.
    pub fn get(&self, language: &str) -> &str {
        self.by_language.get(language).or_else(|| self.by_language.get("en")).map_or("", String::as_str)
    }
}

/// Where a catalog file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    BuiltIn,
    /// A file of the user's project, by its path there.
    Project(String),
}

/// What a thing is: one file under `templates/kinds/`.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The word the user writes; equals the file's stem.
    pub name: String,
    /// What people call it.
    pub title: Text,
    /// One sentence: what it is for.
    pub doc: String,
    /// Everyday words for it, beside its titles: whoever writes one of them as a kind is told this one.
    pub words: Vec<String>,
    /// Words that are no kind, since something else says what they mean: the words, and the sentence that says so.
    pub instead: Vec<(Vec<String>, String)>,
    /// Colour, legend and chapter: one of [`CATEGORIES`]; for zones the style of the box: one of [`BOXES`].
    pub category: String,
    /// Name of the icon; missing ones fall back to the category's.
    pub icon: String,
    /// Its part in a picture: one of [`ROLES`]; for zones one of [`ZONE_ROLES`].
    pub role: String,
    /// What the compiler must know without knowing the kind.
    pub traits: BTreeSet<Trait>,
    /// Ports it listens on for clients, the main one first.
    pub ports: Vec<PortSpec>,
    /// Ports that only its own copies or members use among each other (the gossip of a swarm).
    pub peer_ports: Vec<PortSpec>,
    /// What it becomes, in order of preference, with what the form needs to know of this kind.
    pub forms: Vec<FormUse>,
    /// Its own settings.
    pub settings: Vec<SettingSpec>,
    /// What `${id.NAME}` gives beside the form's attributes: a template over the other attributes and settings.
    pub attributes: BTreeMap<String, String>,
    /// Secrets that exist unasked for it: `password` for whatever has a user, more where a container needs
    /// more. Each is a variable of the templates by its name, `-` written `_`.
    pub secrets: Vec<String>,
    /// The container it runs as: a map with templated leaves, see [`CONTAINER_KEYS`]; `None` when it cannot run
    /// as one, an empty map when its author brings the image.
    ///
    /// An entry or list element whose template gives an empty text is left out, and so is a list or map that is
    /// empty then. A `$` belongs to the
    /// container's shell: the emitter escapes it. Health commands are lists that begin with `CMD` or
    /// `CMD-SHELL`.
    pub container: Option<Node>,
    /// Templated commands for the runbook: see [`RUNBOOK_KEYS`].
    pub runbook: BTreeMap<String, String>,
    /// What pictures say of it in a few quiet words: a template; [`crate::model::derive::Said`] says what it sees.
    pub quiet: Option<Text>,
    /// Where the file is from.
    pub origin: Origin,
    /// The file's text.
    pub source: SourceId,
    /// The place of its name, for messages.
    pub span: Span,
}

impl Kind {
    /// Whether it has a trait.
    pub fn has(&self, wanted: Trait) -> bool {
        self.traits.contains(&wanted)
    }

    /// What it says about one of its forms.
    pub fn form(&self, form: FormId) -> Option<&FormUse> {
        self.forms.iter().find(|used| used.form == form)
    }
}

/// A form that a kind may take, with everything that is special about the kind there.
#[derive(Debug, Clone)]
pub struct FormUse {
    /// The form.
    pub form: FormId,
    /// Icon of this kind in this form, when it differs from both.
    pub icon: Option<String>,
    /// What the form's templates find as `form.…` (an engine's name, a parameter family): a map of plain values.
    pub data: Node,
    /// All ports in this form: the kind's, with those that differ here replaced by name (the local image of a
    /// service of the provider listens elsewhere).
    pub ports: Vec<PortSpec>,
    /// All secrets that exist unasked in this form; the kind's unless written here.
    pub secrets: Vec<String>,
    /// What `${id.NAME}` gives: the kind's attributes, with those that differ here replaced. What
    /// [`Form::attributes`] says for a target comes first; these fill in the rest from it.
    pub attributes: BTreeMap<String, String>,
    /// Environment variables that clients get unless they set them (where a stand-in listens): templates over
    /// this component's attributes.
    pub client_environment: BTreeMap<String, String>,
    /// Commands for the runbook: this use's, else the form's, else the kind's.
    pub runbook: BTreeMap<String, String>,
    /// What settings may say that become names here: this use's over the form's.
    pub names: Vec<Naming>,
}

impl FormUse {
    /// What the form's templates find: where it differs by a setting, whose name `by` says, what stands under the value
    /// that `setting` gives for it.
    pub fn data_by(&self, setting: impl Fn(&str) -> Option<String>) -> &Node {
        let by = self.data.get("by").and_then(Node::as_str);
        by.and_then(setting).and_then(|value| self.data.get(&value)).unwrap_or(&self.data)
    }
}

/// Categories of components: tokens of the themes.
pub const CATEGORIES: [&str; 10] = [
    "actor",
    "external",
    "network",
    "security",
    "compute",
    "database",
    "storage",
    "integration",
    "management",
    "delivery",
];

/// Categories of zones: how the box is painted.
pub const BOXES: [&str; 7] = ["cloud", "vpc", "subnet", "host", "group", "network", "plain"];

/// Parts of components in a picture.
pub const ROLES: [&str; 10] =
    ["actor", "guard", "cdn", "gateway", "balancer", "compute", "store", "regional", "monitor", "external"];

/// Parts of zones in a picture, and words of [`Form::stands_in`].
pub const ZONE_ROLES: [&str; 5] = ["outer", "network", "tier", "host", "plain"];

/// Keys of a kind's `container`, named and meant as in Compose; `data` is a path or a list of paths that are kept,
/// `start_period` belongs to the health check; `fixed_ports: true` says that the image listens on the kind's ports
/// and on no others; `secret_files` says for a variable of `environment` which other one names a file with its value.
pub const CONTAINER_KEYS: [&str; 23] = [
    "image",
    "entrypoint",
    "command",
    "environment",
    "secret_files",
    "data",
    "health",
    "start_period",
    "prepare",
    "user",
    "read_only",
    "tmpfs",
    "cap_add",
    "cap_drop",
    "init",
    "hostname",
    "shm_size",
    "ulimits",
    "sysctls",
    "privileged",
    "stop_grace_period",
    "platform",
    "fixed_ports",
];

/// A port that a kind listens on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortSpec {
    /// `main` or the name of a further one.
    pub name: String,
    /// Its number; `None` for workloads, whose author writes it.
    pub number: Option<u16>,
    /// `tcp` or `udp`.
    pub transport: Transport,
    /// What is spoken there (`http`, `postgres`, `amqp` …).
    pub protocol: String,
}

/// What carries a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// IP itself: what stands for the port is the number of a protocol, such as 50 for the encryption of an overlay.
    Ip,
}

impl Transport {
    /// The word of Compose and Terraform.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
            Transport::Ip => "ip",
        }
    }
}

/// A setting of a kind.
#[derive(Debug, Clone)]
pub struct SettingSpec {
    /// The key the user writes.
    pub name: String,
    /// What values it takes, in the shapes of the language.
    pub shape: Shape,
    /// The shape in the words of the file (`int 1..9`, `a | b`), see [`crate::document::shape::named`].
    pub type_name: String,
    /// What holds when nothing is written; `None`: the setting is absent then.
    pub default: Option<Node>,
    /// One line: what it does.
    pub doc: String,
}

/// What the compiler must know of a kind without knowing the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trait {
    /// Contains others; stands under `zones:`.
    Zone,
    /// A zone that is part of the one tree of places.
    Place,
    /// A zone that may cross places.
    Group,
    /// A zone that stands for a provider: has `provider`, `region`, `profile`.
    Provider,
    /// A zone with an address range that is repeated over availability zones: `cidr`, `azs`, `nat`.
    AddressSpace,
    /// A part of an address space with `access`.
    Tier,
    /// A machine, or several equal ones, that archgen installs: containers and host software stand on it.
    Machine,
    /// Its number of machines changes with load, so their addresses do.
    Elastic,
    /// Spreads containers over its own machines.
    Scheduler,
    /// A docker network.
    ContainerNetwork,
    /// A person or program on the internet.
    Actor,
    /// Somebody else's system.
    External,
    /// Rules look through it: it forwards no traffic itself (names, filters).
    Transparent,
    /// When it is deleted, what led to it leads on to its targets.
    Bridged,
    /// Resolves names: its arrows are records.
    Dns,
    /// Filters what it points at.
    Guard,
    /// Takes requests and passes them on by host and path.
    Router,
    /// Ends TLS when it has a certificate.
    TlsEnd,
    /// Faces the internet in a public tier and is internal elsewhere.
    Balancer,
    /// Delivers from the provider's edge.
    Cdn,
    /// Runs the author's image or build.
    Workload,
    /// Keeps data that others read.
    DataStore,
    /// Losing its disk loses data.
    Stateful,
    /// Its copies agree by majority: those that are left go on while they are more than half of all. What a provider
    /// runs has voters of the provider's own.
    Quorum,
    /// Clients log in with a user and a password.
    HasUser,
    /// Proves a name by TLS.
    Certificate,
    /// Keeps images.
    Registry,
    /// Mounted over the network by several.
    FileShare,
    /// Mounted by one.
    Volume,
    /// Delivers files by itself: a `static` or `source` folder may live there.
    Files,
    /// Keeps secrets.
    SecretStore,
    /// Looks after stores through the provider: an arrow from a store to it is no traffic.
    Care,
    /// Takes logs and metrics.
    Monitor,
    /// Builds and deploys; stands under `pipelines:`.
    Pipeline,
}

impl Trait {
    /// All with the words of the catalog files.
    pub const ALL: [(&'static str, Trait); 34] = [
        ("zone", Trait::Zone),
        ("place", Trait::Place),
        ("group", Trait::Group),
        ("provider", Trait::Provider),
        ("address-space", Trait::AddressSpace),
        ("tier", Trait::Tier),
        ("machine", Trait::Machine),
        ("elastic", Trait::Elastic),
        ("scheduler", Trait::Scheduler),
        ("container-network", Trait::ContainerNetwork),
        ("actor", Trait::Actor),
        ("external", Trait::External),
        ("transparent", Trait::Transparent),
        ("bridged", Trait::Bridged),
        ("dns", Trait::Dns),
        ("guard", Trait::Guard),
        ("router", Trait::Router),
        ("tls-end", Trait::TlsEnd),
        ("balancer", Trait::Balancer),
        ("cdn", Trait::Cdn),
        ("workload", Trait::Workload),
        ("data-store", Trait::DataStore),
        ("stateful", Trait::Stateful),
        ("quorum", Trait::Quorum),
        ("has-user", Trait::HasUser),
        ("certificate", Trait::Certificate),
        ("registry", Trait::Registry),
        ("file-share", Trait::FileShare),
        ("volume", Trait::Volume),
        ("files", Trait::Files),
        ("secret-store", Trait::SecretStore),
        ("care", Trait::Care),
        ("monitor", Trait::Monitor),
        ("pipeline", Trait::Pipeline),
    ];
}

/// What a kind becomes: one file under `templates/forms/`.
#[derive(Debug, Clone)]
pub struct Form {
    /// The word the user writes in `as`; equals the file's stem.
    pub name: String,
    /// What people call it (Amazon RDS).
    pub title: Text,
    /// What they call it where there is little room (ALB).
    pub short: Option<Text>,
    /// What pictures say of what has this form, in a few quiet words; goes before [`Kind::quiet`].
    pub quiet: Option<Text>,
    /// One sentence: what it is and when to take it.
    pub doc: String,
    /// Everyday words for it, beside its titles and the end of its name.
    pub words: Vec<String>,
    /// The provider that `zones` of a cloud name, such as `aws`; empty when it needs none.
    pub provider: String,
    /// Icon, when it differs from the kind's.
    pub icon: Option<String>,
    /// What archives of icons call it, where that is not its title.
    pub icon_names: Vec<String>,
    /// What holds of a kind in this form beside its own traits (a cluster that owns its machines is a place).
    pub traits: BTreeSet<Trait>,
    /// Which targets build it; empty: nobody does, it exists.
    pub targets: Vec<TargetName>,
    /// How others reach it.
    pub reach: Reach,
    /// How a delivery network reaches it so that no other customer's does, in the order of preference.
    pub origin_by: Vec<OriginBy>,
    /// Where it may stand: words of [`ZONE_ROLES`] for the place it is in, and `none` for no place at all;
    /// empty: anywhere.
    pub stands_in: Vec<String>,
    /// In how many availability zones its network must be, at least.
    pub azs: usize,
    /// Runs on a machine's own system or in a container there.
    pub hosting: Hosting,
    /// The operating system of a machine of its own, on which a store's container is started.
    pub machine: Option<String>,
    /// How its copies are kept alike.
    pub copies: Copies,
    /// The regions that a provider is known to have.
    pub regions: Option<KnownRegions>,
    /// What `${id.NAME}` gives, by target: templates in the target's own syntax over `id`, `name` and settings.
    pub attributes: BTreeMap<TargetName, BTreeMap<String, String>>,
    /// What `access` allows at the provider's API.
    pub grants: Option<Grants>,
    /// Through which of the provider's services requests to it and of it go.
    pub services: Services,
    /// How it keeps secrets, when it does.
    pub keeps: Option<Keeps>,
    /// What can be measured of it.
    pub metrics: Vec<Metric>,
    /// Ports that it opens to the internet by itself, to install packages or to reach the provider.
    pub egress: Vec<u16>,
    /// HCL text with `{{ … }}` placeholders; `None` when this release cannot build it yet.
    pub terraform: Option<TemplateText>,
    /// The same for what starts a job in it by the clock; `job` says which.
    pub schedule: Option<TemplateText>,
    /// Templated commands for the runbook: see [`RUNBOOK_KEYS`].
    pub runbook: BTreeMap<String, String>,
    /// What pipelines must know of a registry, or of what runs images: see [`DELIVERY_KEYS`].
    pub delivery: Option<Node>,
    /// What runs pipelines, and what its files look like: see [`PIPELINE_KEYS`].
    pub pipeline: Option<Node>,
    /// What settings may say that become names here.
    pub names: Vec<Naming>,
    /// Where the file is from.
    pub origin: Origin,
    /// The file's text.
    pub source: SourceId,
    /// The place of its name, for messages.
    pub span: Span,
}

/// How others reach a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By address and port: firewall rules apply.
    Network,
    /// By the provider's API: grants apply.
    Api,
    /// From the provider's edge, open to the internet.
    Edge,
    /// Not at all (certificates, registries of images).
    None,
}

/// How a delivery network reaches what stands in a network so that no other customer's network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OriginBy {
    /// By a way of its own to an address that the internet does not know.
    Private,
    /// Over the internet, with a key in a header that is demanded.
    Key,
}

/// What a form runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosting {
    /// Managed by the provider, or a machine of its own.
    Own,
    /// A container on a machine, a scheduler, or the reader's computer.
    Container,
    /// Software on the machine itself.
    Host,
    /// Exists outside of what is generated.
    External,
}
