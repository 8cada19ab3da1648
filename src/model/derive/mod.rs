//! What follows from the model and is needed by more than one target, computed once.
//!
//! Two artifacts cannot disagree about a port, a rule or an order when neither computes it. Targets only
//! translate [`Facts`] into their own language.

pub mod assertions;
pub mod copies;
mod deliveries;
mod edges;
pub mod endpoints;
mod hosts;
pub mod images;
mod installs;
mod lints;
mod order;
pub mod pipelines;
pub mod reach;
mod regions;
mod rollouts;
mod rules;
mod said;
pub mod secrets;
mod subnets;
mod traffic;

use ipnet::Ipv4Net;

pub use edges::{EdgeBy, EdgeWay};
pub use regions::{Kept, Regions, has_region_copies};
pub use said::{Said, SpacePart};
pub use traffic::domains;

use super::{ComponentId, ConnectionId, DataAccess, End, Model, SecretId, ZoneDetail, ZoneId};
use crate::catalog::{Catalog, Grants, TargetName, Transport};
use crate::diag::Diagnostics;

/// Derives everything. What cannot be (two containers on one port, a range that is too small) is reported.
pub fn derive(model: &Model, catalog: &Catalog, out: &mut Diagnostics) -> Facts {
    let machines = hosts::hosts(model, catalog, out);
    let (starts_after, start_order) = order::order(model, catalog, out);
    let grants = traffic::grants(model, catalog);
    let secrets = secrets::uses(model, catalog);
    let upstreams = traffic::upstreams(model, catalog, &machines);
    let registry = deliveries::registry(model, catalog, &machines);
    let rules = rules::rules(model, catalog, &machines);
    let copies: Vec<Vec<Instance>> =
        model.components().map(|(id, _)| copies::of(model, catalog, &machines, id)).collect();
    let mut facts = Facts {
        store_installs: installs::stores(model, catalog, &copies),
        edges: edges::ways(model, catalog, &rules, &upstreams),
        rules,
        starts_after,
        start_order,
        rollouts: rollouts::rollouts(model, catalog, &upstreams),
        upstreams,
        subnets: subnets::subnets(model, out),
        regions: regions::regions(model, catalog, out),
        ports: traffic::ports(model, catalog, &machines),
        installs: installs::installs(model, catalog, &machines),
        endpoints: endpoints::endpoints(model, catalog, &grants, &secrets),
        grants,
        secrets,
        copies,
        deliveries: deliveries::deliveries(model, catalog, &machines, registry),
        registry,
        machines,
        verdicts: Vec::new(),
        said: Said::default(),
    };
    facts.said = said::said(model, catalog, &facts, out);
    facts.verdicts = assertions::judge(model, catalog, &facts);
    assertions::report(model, &facts.verdicts, out);
    lints::check(model, catalog, out);
    facts
}

/// What follows from one model.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Firewall rules: the narrowest that let every connection through.
    pub rules: Vec<Rule>,
    /// Machines and what runs on them in containers, in the order of the model.
    pub machines: Vec<ContainerHost>,
    /// What machines install when they start for the first time.
    pub installs: Vec<Install>,
    /// How each component that is a store comes onto a machine of its own, by component index.
    pub store_installs: Vec<Option<StoreInstall>>,
    /// What must be healthy before something starts.
    pub starts_after: Vec<StartsAfter>,
    /// All built components, each after what it starts after.
    pub start_order: Vec<ComponentId>,
    /// What may call which provider API.
    pub grants: Vec<Grant>,
    /// Where routers pass requests on to.
    pub upstreams: Vec<Upstream>,
    /// How what stands at the provider's edge reaches its origins in a network.
    pub edges: Vec<EdgeWay>,
    /// What is rolled out by a service that moves requests to the new version.
    pub rollouts: Vec<Rollout>,
    /// Addresses of the subnets.
    pub subnets: Vec<Subnet>,
    /// The regions, where there are several.
    pub regions: Option<Regions>,
    /// Secrets that somebody must set or that are generated, with who needs them.
    pub secrets: Vec<SecretUse>,
    /// What listens where.
    pub ports: Vec<PortRow>,
    /// Ways to the provider's services that do not lead over the internet.
    pub endpoints: Vec<Endpoint>,
    /// Copies of each component, by component index.
    pub copies: Vec<Vec<Instance>>,
    /// How the image of each component comes to where it runs, by component index.
    pub deliveries: Vec<Option<Delivery>>,
    /// The registry that images are pulled from which do not name theirs.
    pub registry: Option<ComponentId>,
    /// For each assertion of the model why it does not hold; nothing where it holds.
    pub verdicts: Vec<Vec<assertions::Fault>>,
    /// What kinds and forms say in a few quiet words.
    pub said: Said,
}

/// A way to one of the provider's services that does not lead over the internet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The network that it is in.
    pub space: ZoneId,
    /// The provider's name of the service.
    pub service: String,
    /// Whether it is a route and not an address.
    pub gateway: bool,
    /// Who uses it: components with a security group of their own, and machines.
    pub clients: Vec<End>,
}

/// Lets traffic in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Where it arrives: a component with a security group of its own, or a machine.
    pub to: End,
    /// Where it comes from.
    pub from: Source,
    /// The port.
    pub port: u16,
    /// TCP or UDP.
    pub transport: Transport,
    /// What is spoken.
    pub protocol: String,
    /// The connections it serves; empty for what a kind needs among its own nodes.
    pub connections: Vec<ConnectionId>,
}

/// Where traffic comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Anywhere.
    Internet,
    /// An address range as written; a variable stands in it as `${var.ID}`.
    Range(String),
    /// From the provider's edge, whose addresses the provider lists: a CDN.
    Edge(ComponentId),
    /// A component with a security group of its own, or a machine.
    Inside(End),
}

/// A Docker host and its containers: one compose file, or one stack.
#[derive(Debug, Clone, Default)]
pub struct ContainerHost {
    /// The machine; `None` for the reader's own computer or a host that exists.
    pub zone: Option<ZoneId>,
    /// Whether its containers are spread over a swarm's nodes.
    pub swarm: bool,
    /// Whether a cluster runs its containers.
    pub cluster: bool,
    /// What runs there in containers.
    pub components: Vec<ComponentId>,
    /// What runs on the machine's own system.
    pub software: Vec<ComponentId>,
    /// Docker networks, so that only those who talk share one.
    pub networks: Vec<ContainerNetwork>,
    /// Ports that the host opens.
    pub published: Vec<Published>,
}

impl ContainerHost {
    /// The target that writes its containers.
    pub fn target(&self) -> TargetName {
        match (self.cluster, self.swarm) {
            (true, _) => TargetName::Kubernetes,
            (false, true) => TargetName::Swarm,
            (false, false) => TargetName::Compose,
        }
    }

    /// Whether a component runs there, in a container or as software.
    pub fn has(&self, component: ComponentId) -> bool {
        self.components.contains(&component) || self.software.contains(&component)
    }

    /// Whether its containers run on nodes that only pull images and share no folder.
    pub fn is_spread(&self) -> bool {
        self.swarm || self.cluster
    }
}

/// How a store comes onto a machine that it has for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreInstall {
    /// The machine installs it when it starts for the first time.
    ByItself,
    /// Somebody installs it there.
    ByHand,
}

/// What a machine installs when it starts for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    /// The machine.
    pub zone: ZoneId,
    /// Whether its operating system is one that archgen can install on.
    pub known: bool,
    /// Whether containers run there.
    pub docker: bool,
    /// What runs on its own system.
    pub software: Vec<ComponentId>,
    /// Shares, and where they are mounted.
    pub shares: Vec<(ComponentId, String)>,
    /// Disks of its own, and where they are mounted.
    pub disks: Vec<(ComponentId, String)>,
}

impl Install {
    /// What a disk is called when it comes to the machine: the provider keeps the letters from f to p for disks, and
    /// f for one that belongs to the machine itself.
    pub fn device(&self, disk: ComponentId) -> Option<String> {
        let at = self.disks.iter().position(|(known, _)| *known == disk)?;
        ('g'..='p').nth(at).map(|letter| format!("sd{letter}"))
    }
}

/// How an image comes to where it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is pulled, under the name that the author gave it or from the registry of the description.
    Registry,
    /// It is pulled from a repository of its own, which is made beside what the provider runs.
    Repository,
    /// It is built where it runs.
    Build,
    /// Somebody loads it there.
    Copy,
}

/// A docker network of one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerNetwork {
    /// Its name: a declared network's id, else one made of its members' part.
    pub name: String,
    /// The declared one.
    pub zone: Option<ZoneId>,
    /// Who is on it.
    pub members: Vec<ComponentId>,
    /// Whether it has no way out.
    pub internal: bool,
}

/// Docker's driver of networks that span several machines.
pub const OVERLAY: &str = "overlay";

impl ContainerNetwork {
    /// Its driver, where it is not left to Docker: the author's, else that of what spans the nodes of a swarm, so that
    /// nobody takes it for a bridge of one machine.
    pub fn driver<'m>(&self, model: &'m Model, host: &ContainerHost) -> Option<&'m str> {
        let written = self.zone.and_then(|zone| match &model.zone(zone).detail {
            ZoneDetail::Network(detail) => detail.driver.as_deref(),
            _ => None,
        });
        written.or(host.swarm.then_some(OVERLAY))
    }
}

/// A port that a Docker host opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Whose.
    pub component: ComponentId,
    /// The container's port.
    pub port: u16,
    /// The host's; `None`: any free one.
    pub host_port: Option<u16>,
    /// TCP or UDP.
    pub transport: Transport,
    /// Whether only the host itself reaches it (127.0.0.1).
    pub loopback: bool,
    /// Whether a swarm's mesh answers on every node.
    pub ingress: bool,
}

/// One component needs another one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartsAfter {
    /// Who waits.
    pub component: ComponentId,
    /// For whom.
    pub needs: ComponentId,
}

/// A right at a provider's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who may.
    pub who: ComponentId,
    /// On what.
    pub on: ComponentId,
    /// What.
    pub access: DataAccess,
}

impl Grant {
    /// What a form lists for this access: what only reads, and what writes.
    pub fn actions<'f>(&self, listed: &'f Grants) -> (&'f [String], &'f [String]) {
        let read: &[String] = if self.access == DataAccess::Write { &[] } else { &listed.read };
        let write: &[String] = if self.access == DataAccess::Read { &[] } else { &listed.write };
        (read, write)
    }
}

/// Where a router passes requests on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// The router.
    pub router: ComponentId,
    /// Who answers.
    pub target: ComponentId,
    /// `http` or `https` and the like: what is spoken behind the router.
    pub protocol: String,
    /// The port that the router connects to.
    pub port: u16,
    /// Only requests with this path; `None`: the rest.
    pub path: Option<String>,
    /// Only requests for this host.
    pub host: Option<String>,
    /// How the router finds it.
    pub address: Address,
    /// The connection.
    pub connection: ConnectionId,
}

/// A component whose new version starts beside the old one, before requests are moved to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// What is rolled out.
    pub component: ComponentId,
    /// The word for what does it, as the pipeline and the form's `delivery` have it.
    pub by: String,
    /// The balancer that moves the requests.
    pub router: ComponentId,
    /// The port that it connects to.
    pub port: u16,
    /// What is spoken there.
    pub protocol: String,
}

/// How one component finds another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// By its service name on a shared docker network.
    ServiceName,
    /// On the same machine, by its published port.
    Localhost,
    /// By its private name or the attribute of its resource.
    Private,
}

/// A subnet of one tier in one availability zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    /// The address space.
    pub space: ZoneId,
    /// The tier.
    pub tier: ZoneId,
    /// Letter of the availability zone.
    pub az: String,
    /// Its addresses.
    pub cidr: Ipv4Net,
}

/// A secret and who needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretUse {
    /// The secret.
    pub secret: SecretId,
    /// Who reads it.
    pub users: Vec<ComponentId>,
}

/// A row of the port table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortRow {
    /// Who listens.
    pub component: ComponentId,
    /// On which port.
    pub port: u16,
    /// TCP or UDP.
    pub transport: Transport,
    /// What is spoken.
    pub protocol: String,
    /// The Docker host's port, when it is open; `Some(None)`: any free one.
    pub host_port: Option<Option<u16>>,
    /// Who connects.
    pub clients: Vec<End>,
}

/// One copy of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Letter of its availability zone; `None` outside of address spaces.
    pub az: Option<String>,
    /// Its part.
    pub part: CopyPart,
}

/// What a copy of a component does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CopyPart {
    /// One of equal ones.
    Equal,
    /// Answers reads and writes.
    Primary,
    /// Waits to take over.
    Standby,
}

impl Facts {
    /// The copies of a component, at least one.
    pub fn copies(&self, component: ComponentId) -> &[Instance] {
        self.copies.get(component.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// How a store comes onto a machine of its own; nothing for what has none.
    pub fn store_install(&self, component: ComponentId) -> Option<StoreInstall> {
        self.store_installs.get(component.0 as usize).copied().flatten()
    }

    /// Whether the number of a component's copies may change while it runs: containers of a machine, and of a swarm, stay
    /// as many as they were started.
    pub fn scales(&self, component: ComponentId) -> bool {
        let host = self.machines.iter().find(|host| host.components.contains(&component));
        host.is_none_or(|host| host.cluster)
    }

    /// How the image of a component comes to where it runs; `None` for what has no image of its own.
    pub fn delivery(&self, component: ComponentId) -> Option<Delivery> {
        self.deliveries.get(component.0 as usize).copied().flatten()
    }

    /// What a component waits for when it starts.
    pub fn needs(&self, component: ComponentId) -> impl Iterator<Item = ComponentId> {
        self.starts_after.iter().filter(move |edge| edge.component == component).map(|edge| edge.needs)
    }

    /// Where a router passes requests on to.
    pub fn upstreams(&self, router: ComponentId) -> impl Iterator<Item = &Upstream> {
        self.upstreams.iter().filter(move |upstream| upstream.router == router)
    }

    /// How a component is rolled out, where a service does it that moves requests.
    pub fn rollout(&self, component: ComponentId) -> Option<&Rollout> {
        self.rollouts.iter().find(|rollout| rollout.component == component)
    }

    /// The host that a component runs on, in a container or as software.
    pub fn host(&self, component: ComponentId) -> Option<&ContainerHost> {
        self.machines.iter().find(|host| host.has(component))
    }

    /// Whether the machine of a component installs it by itself.
    pub fn is_installed(&self, component: ComponentId) -> bool {
        self.installs.iter().any(|install| install.known && install.software.contains(&component))
    }

    /// The ports of a component that its host opens.
    pub fn published(&self, component: ComponentId) -> impl Iterator<Item = &Published> {
        self.machines.iter().flat_map(|host| &host.published).filter(move |row| row.component == component)
    }
}
