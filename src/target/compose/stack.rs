//! What a swarm's stack file says otherwise than a compose file.
//!
//! It is an older dialect: Docker reads no conditions of starting, no build and no profile there, files come as
//! configs and secrets that the swarm carries to its nodes, and copies are a matter of the scheduler.

use sha2::{Digest, Sha256};

use crate::document::tree::{Data as NodeData, Entry, Node, Scalar};
use crate::model::{Component, ComponentId};
use crate::target::attributes::{self, Dialect};

use super::losses::Losses;
use super::mounts::Mounts;
use super::router::Config;
use super::service::{Place, Service, resources};
use super::tree::{Data, Map, part_name};
use super::words::{Source, Variable, Words, demanded};

/// The dialect that every Docker since 19.03 reads.
pub(super) const VERSION: &str = "3.8";

/// A certificate and its key, by the names of their files.
const CERTIFICATE: [&str; 2] = ["fullchain", "privkey"];

/// How many nodes the swarm has; `None` for one that exists, whose nodes nobody wrote down.
pub(super) fn nodes(place: &Place) -> Option<u32> {
    let machine = place.model().zone(place.host.zone?).machine()?;
    machine.nodes.map(|(managers, workers)| managers + workers)
}

/// The label of the node that holds a volume of its own disk.
pub(super) fn label(project: &str, volume: &str) -> String {
    format!("{project}.{volume}")
}

/// What a kind says of its container, with passwords that the image can read from a file handed over as files: a
/// variable of a service can be read by everybody who may look at the swarm.
pub(super) fn passwords_as_files(place: &Place, id: ComponentId, node: &Node, words: &Words) -> Node {
    let component = place.model().component(id);
    let Some(files) = node.get("secret_files").and_then(Node::as_map) else { return node.clone() };
    let named = component.own_secrets.iter().map(|(name, secret)| (name.as_str(), *secret));
    let named: Vec<_> =
        component.password.map(|secret| ("password", secret)).into_iter().chain(named).collect();
    let mut node = node.clone();
    let NodeData::Map(keys) = &mut node.data else { return node };
    let environment = keys.entries.iter_mut().find(|entry| entry.key.value == "environment");
    let Some(NodeData::Map(environment)) = environment.map(|entry| &mut entry.value.data) else {
        return node;
    };
    for Entry { key, value } in &mut environment.entries {
        let Some(file) = files.entries.iter().find(|entry| entry.key.value == key.value) else { continue };
        let Some(file) = file.value.as_str() else { continue };
        let pattern = value.as_str().unwrap_or_default();
        let secret = named.iter().find(|(name, _)| pattern == format!("{{{{ {name} }}}}"));
        if let Some(path) = secret.and_then(|(_, secret)| words.secret_file(*secret)) {
            key.value = file.to_owned();
            value.data = NodeData::Scalar(Scalar { text: path, plain: false });
        }
    }
    node
}

/// The longest name that Docker gives a config or a secret.
const LONGEST: usize = 64;

/// A name that is the stack's own and not too long; one that would be is cut, and told apart by its digest.
fn name(place: &Place, id: &str, room: usize) -> String {
    let full = format!("{}-{id}", place.project);
    let most = LONGEST - room;
    if full.len() <= most {
        return full;
    }
    let cut: String = full.chars().take(most - 9).collect();
    format!("{cut}-{}", digest(&full, 4))
}

/// The first bytes of a text's digest.
fn digest(text: &str, bytes: usize) -> String {
    Sha256::digest(text.as_bytes()).iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

/// A secret that the swarm keeps: its definition. Its name carries a number, because its value cannot change: who
/// changes it makes one with the next number and deploys again.
pub(super) fn secret(place: &Place, id: &str) -> Map {
    let about = place.input.messages.say("swarm.env.version", &[("id", id)]);
    let variable = format!("{}_VERSION", crate::model::variable_name(id));
    let about = about.lines().map(str::to_owned).collect();
    let number = place.book.mark(Variable {
        name: variable,
        about,
        default: Some("1".to_owned()),
        source: Source::Choice,
    });
    let mut map = Map::default();
    map.set("external", Data::Bool(true));
    map.set("name", Data::Text(place.book.finish(&format!("{}-{number}", name(place, id, 4)))));
    map
}

/// The name of a secret before it was ever changed.
pub(super) fn first_name(place: &Place, id: &str) -> String {
    format!("{}-1", name(place, id, 4))
}

/// The secrets of a certificate: the name in the file, and where it is mounted.
pub(super) fn certificate(id: &str, folder: &str) -> Vec<(String, String)> {
    CERTIFICATE.iter().map(|file| (format!("{id}-{file}"), format!("{folder}/{file}.pem"))).collect()
}

/// The definition of a configuration, whose name changes with its text: a swarm never changes one in place.
pub(super) fn config(place: &Place, config: &Config) -> (String, Map) {
    let key = config.path.rsplit('/').next().unwrap_or_default().replace('.', "-");
    let mut map = Map::default();
    map.set("file", Data::text(format!("./{}", config.path)));
    map.set("name", Data::text(format!("{}-{}", name(place, &key, 13), digest(&config.text, 6))));
    (key, map)
}

/// A mount of files: `source` and `target` of a config or a secret.
pub(super) fn handed(source: &str, target: &str) -> Data {
    let mut map = Map::default();
    map.set("source", Data::text(source));
    map.set("target", Data::text(target));
    map.into()
}

/// A share that every node mounts over the network by itself: the definition of its volume.
pub(super) fn share(place: &Place, id: ComponentId, inside: Option<&str>, words: &Words) -> Option<Map> {
    let host = attributes::attribute(id, "host", place.model(), place.catalog(), words).ok()?;
    let mut options = Map::default();
    options.set("type", Data::text("nfs"));
    let how = format!("addr={host},nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2");
    options.set("o", Data::Text(place.book.finish(&how)));
    options.set("device", Data::text(format!(":/{}", inside.unwrap_or_default().trim_start_matches('/'))));
    let mut map = Map::default();
    map.set("driver", Data::text("local"));
    map.set("driver_opts", options);
    Some(map)
}

/// A folder of the node itself: every node that may run the service must have it. What lies beside the description
/// is on no node.
pub(super) fn folder(place: &Place, id: ComponentId, path: &str, target: &str, losses: &mut Losses) -> bool {
    let there = path.starts_with('/');
    if !there {
        losses.add(place.model().component(id), "folder", &[("folder", path), ("path", target)]);
    }
    there
}

/// The ports, in the long form: whether every node answers, or the one that runs the container.
pub(super) fn ports(place: &Place, id: ComponentId) -> Data {
    let rows = place.host.published.iter().filter(|row| row.component == id);
    Data::List(
        rows.map(|row| {
            let mut map = Map::default();
            map.set("target", Data::int(row.port));
            if let Some(port) = row.host_port {
                map.set("published", Data::int(port));
            }
            map.set("protocol", Data::text(row.transport.name()));
            map.set("mode", Data::text(if row.ingress { "ingress" } else { "host" }));
            map.into()
        })
        .collect(),
    )
}

/// Memory that the kind asks for between its processes: a swarm has no option for its size but can mount it.
pub(super) fn shared_memory(kind_keys: &Map) -> Option<Data> {
    let Some(Data::Text(size)) = kind_keys.get("shm_size") else { return None };
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match size[digits.len()..].bytes().next().map(|unit| unit.to_ascii_lowercase()) {
        Some(b'g') => 30,
        Some(b'm') => 20,
        Some(b'k') => 10,
        _ => 0,
    };
    let mut memory = Map::default();
    memory.set("size", Data::int(digits.parse::<i64>().ok()? << shift));
    let mut map = Map::default();
    map.set("type", Data::text("tmpfs"));
    map.set("target", Data::text("/dev/shm"));
    map.set("tmpfs", memory);
    Some(map.into())
}

/// How many copies run where, how they are replaced, and what each may use.
pub(super) fn deploy(place: &Place, id: ComponentId, mounts: &Mounts) -> Map {
    let component = place.model().component(id);
    let copies = place.input.facts.copies(id).len().max(1) as u32;
    let mut map = Map::default();
    map.set("replicas", Data::int(copies));
    map.fill("placement", placement(place, component, mounts));
    let order = order(place, id, copies, mounts);
    let mut update = Map::default();
    // A quarter at a time: the rest goes on answering.
    update.set("parallelism", Data::int(copies.div_ceil(4)));
    update.set("delay", Data::text("10s"));
    update.set("order", Data::text(order));
    let mut back = update.clone();
    update.set("failure_action", Data::text("rollback"));
    update.set("monitor", Data::text("30s"));
    back.set("delay", Data::text("0s"));
    map.set("update_config", update);
    map.set("rollback_config", back);
    map.set("restart_policy", restart(component));
    map.fill("resources", resources(component));
    map
}

/// Whether a new copy starts before the old one stops: not where two would meet at one disk or one port of a node,
/// and not where the nodes have no room for one more.
fn order(place: &Place, id: ComponentId, copies: u32, mounts: &Mounts) -> &'static str {
    let workload = place.model().component(id).workload.as_ref();
    let on_node = place.host.published.iter().any(|row| row.component == id && !row.ingress);
    let most = workload.and_then(|workload| workload.max_per_node);
    let full = most.zip(nodes(place)).is_some_and(|(most, nodes)| copies >= most.saturating_mul(nodes));
    if mounts.on_node.is_empty() && !on_node && !full { "start-first" } else { "stop-first" }
}

/// On which nodes it may run.
fn placement(place: &Place, component: &Component, mounts: &Mounts) -> Map {
    let mut map = Map::default();
    let workload = component.workload.as_ref();
    if let Some(most) = workload.and_then(|workload| workload.max_per_node) {
        map.set("max_replicas_per_node", Data::int(most));
    }
    let mut constraints: Vec<String> = Vec::new();
    if nodes(place) != Some(1) {
        let labels = mounts.on_node.iter().map(|volume| label(&place.project, volume));
        constraints.extend(labels.map(|label| format!("node.labels.{label} == true")));
    }
    if let Some((system, processor)) = workload
        .and_then(|workload| workload.platform.as_deref())
        .and_then(|platform| platform.split_once('/'))
    {
        let processor = processor.split('/').next().unwrap_or(processor);
        let known = PROCESSORS.iter().find(|(name, _)| *name == processor);
        constraints.push(format!("node.platform.os == {system}"));
        constraints.push(format!("node.platform.arch == {}", known.map_or(processor, |(_, arch)| arch)));
    }
    map.fill("constraints", Data::texts(constraints));
    map
}

/// Processors in the words of images and in those of nodes.
const PROCESSORS: [(&str, &str); 2] = [("amd64", "x86_64"), ("arm64", "aarch64")];

fn restart(component: &Component) -> Map {
    let condition = match component.workload.as_ref().and_then(|workload| workload.restart.as_deref()) {
        Some("no" | "none") => "none",
        Some(word) if word.starts_with("on-failure") => "on-failure",
        _ => "any",
    };
    let mut map = Map::default();
    map.set("condition", Data::text(condition));
    map.set("delay", Data::text("5s"));
    map
}

/// What makes once, before others use it, what an empty service lacks: a job that is tried until it succeeds.
pub(super) fn prepare(said: &Map, networks: Data) -> Map {
    let mut map = said.clone();
    map.fill("networks", networks);
    map.set("cap_drop", Data::texts(["ALL"]));
    let mut again = Map::default();
    again.set("condition", Data::text("on-failure"));
    again.set("delay", Data::text("10s"));
    let mut deploy = Map::default();
    deploy.set("mode", Data::text("replicated-job"));
    deploy.set("restart_policy", again);
    map.set("deploy", deploy);
    map
}

/// A job in place of a service: it runs once where the service may run, with what the service may use.
pub(super) fn once(service: &Service) -> Map {
    let mut map = Map::default();
    map.set("mode", Data::text("replicated-job"));
    if let Some(Data::Map(own)) = service.map.get("deploy") {
        for key in ["placement", "resources"] {
            map.fill(key, own.get(key).cloned().unwrap_or_default());
        }
    }
    // A job is one task: how many of a service's copies a node takes is nothing to it.
    if let Some(Data::Map(mut placement)) = map.get("placement").cloned() {
        placement.entries.retain(|entry| entry.key != "max_replicas_per_node");
        map.entries.retain(|entry| entry.key != "placement");
        map.fill("placement", placement);
    }
    let mut never = Map::default();
    never.set("condition", Data::text("none"));
    map.set("restart_policy", never);
    map
}

/// Secrets that stand as text in the definition of a service, where those who may look at the swarm read them.
pub(super) fn readable(place: &Place, id: ComponentId, service: &Map, losses: &mut Losses) {
    for used in place.input.facts.secrets.iter().filter(|used| used.users.contains(&id)) {
        let secret = place.model().secret(used.secret);
        if stands_in(service, &demanded(&secret.variable())) {
            losses.add(place.model().component(id), "readable", &[("secret", &secret.id)]);
        }
    }
}

fn stands_in(map: &Map, text: &str) -> bool {
    fn holds(data: &Data, text: &str) -> bool {
        match data {
            Data::Text(own) => own.contains(text),
            Data::List(list) => list.iter().any(|data| holds(data, text)),
            Data::Map(map) => stands_in(map, text),
            _ => false,
        }
    }
    map.entries.iter().any(|entry| holds(&entry.value, text))
}

/// The name of a share's volume; a folder inside of it is a volume of its own.
pub(super) fn share_name(component: &Component, inside: Option<&str>) -> String {
    let folder = inside.map(|inside| format!("-{}", inside.trim_matches('/').replace('/', "-")));
    part_name(&format!("{}{}", component.id, folder.unwrap_or_default()))
}
