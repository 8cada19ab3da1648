//! One component -> one service.

use serde_json::Value;

use crate::catalog::Catalog;
use crate::diag::Diagnostic;
use crate::document::tree::{Data as NodeData, Node};
use crate::model::derive::{ContainerHost, copies, secrets};
use crate::model::{Arrow, Command, Component, ComponentId, End, Model, Workload};
use crate::target::attributes::Unknown;
use crate::template;

use super::build;
use super::health;
use super::losses::Losses;
use super::mounts::{self, Mounts};
use super::prepare;
use super::router;
use super::stack;
use super::tree::{Data, Map, from_node, part_name};
use super::words::{Book, Words, is_service, mark};
use crate::target::Input;

/// What all services of one file share.
pub(super) struct Place<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) host: &'a ContainerHost,
    pub(super) book: &'a Book,
    /// The folder of the file, below the output.
    pub(super) folder: String,
    /// The project's name in the file.
    pub(super) project: String,
    /// Path from the file's folder back to the description's.
    pub(super) back: String,
}

impl Place<'_> {
    pub(super) fn model(&self) -> &Model {
        self.input.model
    }

    pub(super) fn catalog(&self) -> &Catalog {
        self.input.catalog
    }

    /// A path of the description, from the file's folder.
    pub(super) fn path(&self, path: &str) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
            parts.push(part);
        }
        match (self.back.as_str(), parts.is_empty()) {
            ("", true) => ".".to_owned(),
            ("", false) => format!("./{}", parts.join("/")),
            (back, true) => back.to_owned(),
            (back, false) => format!("{back}/{}", parts.join("/")),
        }
    }
}

/// A service, and what it needs beside itself.
pub(super) struct Service {
    pub(super) id: ComponentId,
    pub(super) name: String,
    pub(super) map: Map,
    /// Named volumes, with their definitions.
    pub(super) volumes: Vec<(String, Map)>,
    /// Volumes on the disk of the node that runs it.
    pub(super) on_node: Vec<String>,
    /// Secrets that are mounted as files, with their definitions.
    pub(super) secrets: Vec<(String, Map)>,
    /// Files that a swarm carries to its nodes, with their definitions.
    pub(super) configs: Vec<(String, Map)>,
    /// What makes once, before clients start, what an empty one lacks: the name of that service, and its keys.
    pub(super) prepare: Option<(String, Map)>,
    /// A configuration file: path below the compose file's folder, text, and where it is mounted.
    pub(super) config: Option<(String, String, String)>,
}

/// The services of a host, without jobs.
pub(super) fn services(place: &Place, losses: &mut Losses) -> Vec<Service> {
    let ids = place.host.components.iter().copied();
    ids.filter(|&id| is_service(place.input, place.host, id)).map(|id| service(place, id, losses)).collect()
}

/// One service.
fn service(place: &Place, id: ComponentId, losses: &mut Losses) -> Service {
    let component = place.model().component(id);
    let words = Words::new(place.input, place.host, place.book);
    let kind = place.catalog().kind(component.kind);
    let own_image = component.workload.as_ref().is_some_and(|w| w.image.is_some() || w.build.is_some());
    // What a kind says of its container is about its own image; an author's image is the author's.
    let container = if own_image { None } else { kind.container.as_ref() };
    let swarm = place.host.swarm;
    let container = container.map(|node| match swarm {
        true => stack::passwords_as_files(place, id, node, &words),
        false => node.clone(),
    });
    let kind_keys = container.map(|node| kind_keys(place, id, &node, &words, losses)).unwrap_or_default();
    if kind_keys.get("fixed_ports") == Some(&Data::Bool(true)) {
        losses.fixed_ports(place, component);
    }
    let config = router::configuration(place, id, &words, losses);
    let mounted = mounts::of(place, id, &kind_keys, config.as_ref(), &words, losses);

    let mut map = Map::default();
    build::image(place, id, &kind_keys, &words, &mut map, losses);
    copy(&kind_keys, &mut map, &["entrypoint", "command"]);
    if let Some(command) = component.workload.as_ref().and_then(|w| w.command.as_ref()) {
        match command_data(command, place, &words) {
            Ok(command) => map.set("command", command),
            Err(unknown) => losses.unknown(component, "command", &unknown),
        }
    }
    copy(&kind_keys, &mut map, &["hostname", "user", "init"]);
    let privileged = kind_keys.get("privileged") == Some(&Data::Bool(true));
    let environment = environment(place, id, &kind_keys, config.as_ref(), &words, losses);
    map.fill("environment", environment);
    let named = secrets(place, &words, &mounted);
    map.fill("secrets", Data::List(named.iter().map(|(mount, _, _)| mount.clone()).collect()));
    map.fill("ports", if swarm { stack::ports(place, id) } else { ports(place, id) });
    let mut list = mounted.list.clone();
    let mut configs = Vec::new();
    if swarm {
        if let (Data::List(list), Some(memory)) = (&mut list, stack::shared_memory(&kind_keys)) {
            list.push(memory);
        }
        if let Some(config) = &config {
            let (key, about) = stack::config(place, config);
            map.set("configs", Data::List(vec![stack::handed(&key, &config.target)]));
            configs.push((key, about));
        }
    }
    map.fill("volumes", list);
    map.fill("tmpfs", tmpfs(&kind_keys, config.as_ref()));
    map.fill("networks", networks(place, id));
    if let Some(check) = health::check(component, &kind_keys, place.book) {
        map.set("healthcheck", check);
    }
    copy(
        &kind_keys,
        &mut map,
        &["stop_grace_period", "read_only", "cap_drop", "cap_add", "ulimits", "sysctls"],
    );
    if swarm {
        map.fill("deploy", stack::deploy(place, id, &mounted));
        if privileged {
            losses.add(component, "privileged", &[]);
        }
        if words.names_machine.get() {
            losses.add(component, "machine", &[]);
        }
        stack::readable(place, id, &map, losses);
    } else if place.host.cluster {
        copy(&kind_keys, &mut map, &["privileged", "shm_size"]);
        if words.names_machine.get() {
            losses.add(component, "machine", &[]);
        }
    } else {
        copy(&kind_keys, &mut map, &["privileged", "shm_size"]);
        if words.names_machine.get() {
            map.set("extra_hosts", Data::texts(["host.docker.internal:host-gateway"]));
        }
        map.set("restart", Data::text(restart(component)));
        if !privileged {
            map.set("security_opt", Data::texts(["no-new-privileges:true"]));
        }
        map.fill("deploy", deploy(place, id));
        map.fill("develop", build::watch(place, component, &map));
    }
    if let Some(workload) = &component.workload {
        map.fill("labels", labels(workload, place.book));
    }
    losses.of_component(place, id);
    Service {
        id,
        name: component.id.clone(),
        map,
        volumes: mounted.volumes,
        on_node: mounted.on_node,
        secrets: named.into_iter().map(|(_, key, about)| (key, about)).collect(),
        configs,
        prepare: prepare::service(place, id, &kind_keys),
        config: config.map(|c| (c.path, c.text, c.target)),
    }
}

/// The secrets that a service has as files: the mount, the name in the file, and the definition.
fn secrets(place: &Place, words: &Words, mounts: &Mounts) -> Vec<(Data, String, Map)> {
    let mut all = Vec::new();
    for &secret in words.files.borrow().iter() {
        let secret = place.model().secret(secret);
        let about = if place.host.swarm {
            stack::secret(place, &secret.id)
        } else if place.host.cluster {
            Map::default()
        } else {
            place.book.note(&secret.variable());
            let mut about = Map::default();
            about.set("environment", Data::text(secret.variable()));
            about
        };
        all.push((Data::text(secret.id.clone()), secret.id.clone(), about));
    }
    for (key, target) in &mounts.secrets {
        let about = if place.host.swarm { stack::secret(place, key) } else { Map::default() };
        all.push((stack::handed(key, target), key.clone(), about));
    }
    all
}

fn copy(from: &Map, to: &mut Map, keys: &[&str]) {
    for key in keys {
        if let Some(value) = from.get(key) {
            to.set(*key, value.clone());
        }
    }
}

/// What the kind says of its container, filled in.
fn kind_keys(place: &Place, id: ComponentId, node: &Node, words: &Words, losses: &mut Losses) -> Map {
    let context = Value::Object(words.context(id));
    let fill = Fill { context, book: place.book };
    let mut map = Map::default();
    let Some(keys) = node.as_map() else { return map };
    for entry in &keys.entries {
        match fill.node(&entry.value) {
            Ok(Some(value)) => map.set(entry.key.value.clone(), value),
            Ok(None) => {}
            Err(message) => {
                let kind = place.catalog().kind(place.model().component(id).kind);
                losses.diagnostics.push(
                    Diagnostic::error(
                        "catalog-bad-container",
                        entry.value.span,
                        format!(
                            "`{}` of the kind `{}` cannot be filled in: {message}",
                            entry.key.value, kind.name
                        ),
                    )
                    .hint("templates here may name settings, `port`, `ports`, `host`, `password` and `id`"),
                );
            }
        }
    }
    map
}

/// Fills in the texts of a tree; what is empty then falls out.
struct Fill<'a> {
    context: Value,
    book: &'a Book,
}

impl Fill<'_> {
    fn node(&self, node: &Node) -> Result<Option<Data>, String> {
        match &node.data {
            NodeData::Scalar(scalar)
                if scalar.plain && (scalar.as_int().is_some() || scalar.as_bool().is_some()) =>
            {
                Ok(Some(from_node(node)))
            }
            NodeData::Scalar(scalar) => {
                let text = template::render(&scalar.text, &self.context).map_err(|error| error.message)?;
                Ok((!text.is_empty()).then(|| Data::Text(self.book.finish(&text))))
            }
            NodeData::Null => Ok(None),
            NodeData::List(list) => {
                let mut out = Vec::new();
                for item in list {
                    out.extend(self.node(item)?);
                }
                Ok((!out.is_empty()).then_some(Data::List(out)))
            }
            NodeData::Map(map) => {
                let mut out = Map::default();
                for entry in &map.entries {
                    if let Some(value) = self.node(&entry.value)? {
                        out.set(entry.key.value.clone(), value);
                    }
                }
                Ok((!out.entries.is_empty()).then_some(Data::Map(out)))
            }
        }
    }
}

/// A command in Compose's words: a shell is called only for a line that needs one.
pub(super) fn command_data(command: &Command, place: &Place, words: &Words) -> Result<Data, Unknown> {
    match command {
        Command::Words(list) => {
            let texts: Result<Vec<String>, Unknown> = list.iter().map(|word| words.raw(word)).collect();
            Ok(Data::texts(texts?.iter().map(|text| place.book.finish(text))))
        }
        Command::Line(line) => {
            let raw = words.raw(line)?;
            let text = place.book.finish(&raw);
            let shell = raw.contains(['|', '&', ';', '<', '>', '$', '*', '?', '`', '(', '~', '\n']);
            Ok(if shell { Data::texts(["sh".to_owned(), "-c".to_owned(), text]) } else { Data::Text(text) })
        }
    }
}

/// Environment variables: the kind's, those that stand-ins ask of their clients, the author's.
fn environment(
    place: &Place,
    id: ComponentId,
    kind_keys: &Map,
    config: Option<&router::Config>,
    words: &Words,
    losses: &mut Losses,
) -> Map {
    let mut map = Map::default();
    if let Some(Data::Map(own)) = kind_keys.get("environment") {
        map = own.clone();
    }
    for (name, value) in client_environment(place, id, words, losses) {
        map.set(name, Data::Text(place.book.finish(&value)));
    }
    if let Some(config) = config
        && let Some((filter, _)) = &config.filling
    {
        for name in &config.variables {
            map.set(name.clone(), Data::Text(place.book.finish(&mark(name))));
        }
        if !filter.is_empty() {
            let names = format!("^({})$", config.variables.join("|"));
            map.set(filter.clone(), Data::Text(place.book.finish(&names)));
        }
    }
    let component = place.model().component(id);
    for (name, value) in component.workload.iter().flat_map(|workload| &workload.env) {
        match words.raw(value) {
            Ok(text) => map.set(name.clone(), Data::Text(place.book.finish(&text))),
            Err(unknown) => losses.unknown(component, name, &unknown),
        }
    }
    map
}

/// What the components that this one uses ask of their clients. Where two ask for different values of one name,
/// the one that checks a password wins: the others take anything.
fn client_environment(
    place: &Place,
    id: ComponentId,
    words: &Words,
    losses: &mut Losses,
) -> Vec<(String, String)> {
    let mut found: Vec<(String, String, bool)> = Vec::new();
    if !secrets::asks(place.model(), place.catalog(), id) {
        return Vec::new();
    }
    for used in uses(place, id) {
        let component = place.model().component(used);
        let Some(form) = place.catalog().kind(component.kind).form(component.form) else { continue };
        let context = Value::Object(words.context(used));
        for (name, pattern) in &form.client_environment {
            let value = match template::render(pattern, &context) {
                Ok(value) => value,
                Err(error) => {
                    let unknown = Unknown {
                        element: component.id.clone(),
                        attribute: name.clone(),
                        cause: Some(error.message),
                    };
                    losses.unknown(place.model().component(id), name, &unknown);
                    continue;
                }
            };
            let strict = component.password.is_some();
            match found.iter_mut().find(|(other, _, _)| other == name) {
                Some(old) if strict && !old.2 => *old = (name.clone(), value, strict),
                Some(_) => {}
                None => found.push((name.clone(), value, strict)),
            }
        }
    }
    found.into_iter().map(|(name, value, _)| (name, value)).collect()
}

/// The services of this host that a component is a client of.
fn uses(place: &Place, id: ComponentId) -> Vec<ComponentId> {
    let mut found = Vec::new();
    for (_, connection) in place.model().connections() {
        let (End::Component(from), End::Component(to)) = (connection.from, connection.to) else { continue };
        let used = if from == id {
            to
        } else if to == id && connection.arrow == Arrow::Async {
            // Who is woken by a queue fetches from it.
            from
        } else {
            continue;
        };
        if is_service(place.input, place.host, used) && !found.contains(&used) {
            found.push(used);
        }
    }
    found
}

fn ports(place: &Place, id: ComponentId) -> Data {
    let rows = place.host.published.iter().filter(|row| row.component == id);
    Data::texts(rows.map(|row| {
        let udp = if row.transport.name() == "udp" { "/udp" } else { "" };
        match (row.host_port, row.loopback) {
            (Some(port), true) => format!("127.0.0.1:{port}:{}{udp}", row.port),
            (Some(port), false) => format!("{port}:{}{udp}", row.port),
            (None, true) => format!("127.0.0.1::{}{udp}", row.port),
            (None, false) => format!("{}{udp}", row.port),
        }
    }))
}

/// Folders in memory: the kind's, and where an image writes the configuration that it fills in.
fn tmpfs(kind_keys: &Map, config: Option<&router::Config>) -> Data {
    let mut list = match kind_keys.get("tmpfs") {
        Some(Data::List(list)) => list.clone(),
        Some(Data::Text(one)) => vec![Data::text(one.clone())],
        _ => Vec::new(),
    };
    let filling = config.and_then(|config| config.filling.as_ref());
    if let Some((_, folder)) = filling.filter(|(_, folder)| !folder.is_empty()) {
        list.push(Data::text(folder.clone()));
    }
    Data::List(list)
}

pub(super) fn networks(place: &Place, id: ComponentId) -> Data {
    Data::texts(
        super::networks::of(place.input, place.host)
            .into_iter()
            .filter(|network| network.members.contains(&id))
            .map(|network| part_name(&network.name)),
    )
}

fn restart(component: &Component) -> String {
    match component.workload.as_ref().and_then(|workload| workload.restart.as_deref()) {
        None => "unless-stopped",
        Some("any") => "always",
        Some("none") => "no",
        Some(other) => other,
    }
    .to_owned()
}

/// How many copies one host has, and what each may use.
fn deploy(place: &Place, id: ComponentId) -> Map {
    let mut map = Map::default();
    let machines = place.host.zone.map_or(1, |zone| copies::machines(place.model(), zone).len().max(1));
    let each = place.input.facts.copies(id).len() / machines;
    if each > 1 {
        map.set("replicas", Data::Number(each.to_string()));
    }
    map.fill("resources", resources(place.model().component(id)));
    map
}

/// What each copy of a component may use at most, where its description says so.
pub(super) fn resources(component: &Component) -> Map {
    let mut limits = Map::default();
    if let Some(workload) = &component.workload {
        if let Some(cpu) = &workload.cpu {
            limits.set("cpus", Data::text(cpu.clone()));
        }
        if let Some(memory) = workload.memory {
            limits.set("memory", Data::text(bytes(memory)));
        }
    }
    let mut resources = Map::default();
    resources.fill("limits", limits);
    resources
}

/// A size in Docker's words.
pub(super) fn bytes(size: u64) -> String {
    for (unit, shift) in [("g", 30), ("m", 20), ("k", 10)] {
        if size > 0 && size.is_multiple_of(1 << shift) {
            return format!("{}{unit}", size >> shift);
        }
    }
    format!("{size}b")
}

fn labels(workload: &Workload, book: &Book) -> Map {
    let mut map = Map::default();
    for (key, value) in &workload.labels {
        map.set(key.clone(), Data::Text(book.finish(value)));
    }
    map
}

/// `depends_on`: what must run before, and whether it must be healthy.
pub(super) fn depends_on(place: &Place, id: ComponentId, services: &[Service]) -> Map {
    let mut map = Map::default();
    for needs in place.input.facts.needs(id) {
        let Some(service) = services.iter().find(|service| service.id == needs) else { continue };
        let condition = match service.map.get("healthcheck") {
            Some(_) => "service_healthy",
            None => "service_started",
        };
        let mut how = Map::default();
        how.set("condition", Data::text(condition));
        map.set(service.name.clone(), how);
        if let Some((name, _)) = &service.prepare {
            let mut how = Map::default();
            how.set("condition", Data::text("service_completed_successfully"));
            map.set(name.clone(), how);
        }
    }
    map
}
