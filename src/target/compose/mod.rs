//! Files in Compose's format, in its two dialects: a compose file for each machine that runs containers or for the
//! reader's own computer, and a stack file for each swarm.
//!
//! A service is the same in both, from the same facts; `stack.rs` has what a swarm says otherwise.

mod build;
mod bundle;
mod cluster;
pub(in crate::target) mod emit;
mod env_file;
mod health;
mod jobs;
mod losses;
mod mounts;
mod networks;
mod prepare;
mod router;
mod service;
mod stack;
pub(in crate::target) mod tree;
mod words;

use crate::artifact::{Artifact, CommentStyle, Content, RelPath};
use crate::catalog::TargetName;
use crate::diag::Diagnostics;
use crate::document::tree::Node;
use crate::model::derive::ContainerHost;
use crate::model::{ComponentId, JobTime, Loss};
use crate::source::Span;
use crate::target::{Input, Output, Target};

pub use bundle::{Bundle, bundle, bundle_of_one};
pub use cluster::{ClusterNeeds, Kubernetes, LATER, cluster_needs};

use losses::Losses;
use service::{Place, Service};
use tree::{Data, Map};
use words::{Book, Words};
pub use words::{ENCODED, Source};

/// The name of a compose file.
const FILE: &str = "docker-compose.yml";

/// Writes compose files with what belongs to them: `.env.example`, configurations of routers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compose;

/// Writes stack files with what belongs to them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Swarm;

impl Target for Compose {
    fn name(&self) -> &'static str {
        TargetName::Compose.name()
    }

    fn generate(&self, input: &Input) -> Output {
        generate(input, TargetName::Compose)
    }
}

impl Target for Swarm {
    fn name(&self) -> &'static str {
        TargetName::Swarm.name()
    }

    fn generate(&self, input: &Input) -> Output {
        generate(input, TargetName::Swarm)
    }
}

/// The files of all hosts whose containers a target writes.
fn generate(input: &Input, target: TargetName) -> Output {
    let mut output = Output::default();
    if !input.model.has_target(target) {
        return output;
    }
    let all = input.facts.machines.iter();
    let hosts: Vec<&ContainerHost> = all.filter(|host| host.target() == target).collect();
    for host in hosts {
        let mut losses = Losses::new(input.messages, target.name());
        let book = Book::new(host);
        let place = place(input, host, &book);
        for (path, text, spans) in files(&place, &mut losses) {
            match RelPath::new(format!("{}/{path}", place.folder)) {
                Ok(path) => output.artifacts.push(artifact(input, target, path, text, spans)),
                Err(error) => losses.bad_path(input, host, &error.to_string()),
            }
        }
        output.losses.extend(losses.rows);
        output.diagnostics.extend(losses.diagnostics);
    }
    output
}

/// The folder of a host's files below the output, and the name of its project or stack.
pub fn folder(input: &Input, host: &ContainerHost) -> (String, String) {
    let book = Book::new(host);
    let place = place(input, host, &book);
    (place.folder.clone(), place.project.clone())
}

/// A host's place among the files of its environment: several have a folder each.
fn place<'a>(input: &'a Input<'a>, host: &'a ContainerHost, book: &'a Book) -> Place<'a> {
    let all = input.facts.machines.iter().filter(|other| input.model.has_target(other.target()));
    let several = all.filter(|other| has_services(input, other)).count() > 1;
    let mut folder = input.model.environment().id.clone();
    let mut project = format!("{}-{folder}", input.model.system().id);
    let mut back = input.to_description.to_owned();
    if let (Some(zone), true) = (host.zone, several) {
        let zone = &input.model.zone(zone).id;
        folder = format!("{folder}/{zone}");
        project = format!("{project}-{zone}");
        back = if back.is_empty() || back == "." { "..".to_owned() } else { format!("{back}/..") };
    }
    if back == "." {
        back.clear();
    }
    Place { input, host, book, folder, project, back }
}

/// What a stack does not bring along: somebody gives it to the swarm before the first deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StackNeeds {
    /// The folder of the stack file below the output.
    pub folder: String,
    /// The name of the stack.
    pub stack: String,
    /// Docker secrets: the name in the stack file, and the name in the swarm with its first number.
    pub secrets: Vec<(String, String)>,
    /// Labels of the nodes that hold volumes of their own disk.
    pub labels: Vec<String>,
    /// The variables of `.env.example`.
    pub variables: Vec<String>,
    /// Jobs that have ended before a new version starts: the id of each, and the service that its own stack file has.
    pub before: Vec<(String, String)>,
    /// Jobs that run when it serves.
    pub after: Vec<(String, String)>,
}

/// What the stack of a swarm needs, as its stack file says.
pub fn stack_needs(input: &Input, host: &ContainerHost) -> StackNeeds {
    let mut losses = Losses::new(input.messages, host.target().name());
    let book = Book::new(host);
    let place = place(input, host, &book);
    let services = service::services(&place, &mut losses);
    let mut needs = StackNeeds {
        folder: place.folder.clone(),
        stack: place.project.clone(),
        variables: book.used().into_iter().map(|variable| variable.name).collect(),
        ..StackNeeds::default()
    };
    for service in &services {
        for job in jobs::of(&place, service, &mut losses) {
            let list = match job.job.when {
                JobTime::BeforeDeploy => &mut needs.before,
                _ => &mut needs.after,
            };
            list.push((job.job.id.clone(), job.name));
        }
        for (key, _) in &service.secrets {
            let row = (key.clone(), stack::first_name(&place, key));
            if !needs.secrets.contains(&row) {
                needs.secrets.push(row);
            }
        }
        if stack::nodes(&place) != Some(1) {
            let labels = service.on_node.iter().map(|volume| stack::label(&place.project, volume));
            needs.labels.extend(labels.filter(|label| !needs.labels.contains(label)).collect::<Vec<_>>());
        }
    }
    needs
}

/// The configuration of a program that runs on a machine's own system.
#[derive(Debug, Default)]
pub struct Software {
    /// Its text; empty where there is nothing to say. Variables stand in it as `${NAME}`.
    pub text: String,
    /// Where the program reads it.
    pub path: String,
    /// Variables whose values the text wants.
    pub variables: Vec<String>,
    /// What the configuration cannot say.
    pub losses: Vec<Loss>,
    /// Mistakes in its template.
    pub diagnostics: Diagnostics,
}

/// The configuration of a program on a machine's own system.
pub fn software(input: &Input, host: &ContainerHost, id: ComponentId) -> Software {
    let mut losses = Losses::new(input.messages, host.target().name());
    let book = Book::new(host);
    let place = place(input, host, &book);
    let words = Words { on_machine: true, ..Words::new(input, host, &book) };
    let config = router::configuration(&place, id, &words, &mut losses);
    let (text, path, variables) =
        config.map(|config| (config.text, config.home, config.variables)).unwrap_or_default();
    Software { text, path, variables, losses: losses.rows, diagnostics: losses.diagnostics }
}

fn has_services(input: &Input, host: &ContainerHost) -> bool {
    host.components.iter().any(|&id| words::is_service(input, host, id))
}

fn artifact(input: &Input, target: TargetName, path: RelPath, text: String, from: Vec<Span>) -> Artifact {
    let mut artifact = Artifact::text(target.name(), path, text);
    if let Content::Text { style, .. } = &mut artifact.content {
        // All that is written here takes `#`, also what an image fills in (`web.conf.template`).
        *style = Some(CommentStyle::Hash);
    }
    Artifact { environment: Some(input.model.environment().id.clone()), from, ..artifact }
}

/// The files of one host: path below its folder, text, and what they came from.
fn files(place: &Place, losses: &mut Losses) -> Vec<(String, String, Vec<Span>)> {
    let mut out = Vec::new();
    let model = place.input.model;
    let mut services = service::services(place, losses);
    let swarm = place.host.swarm;
    for at in 0..services.len() {
        if !swarm {
            let needs = service::depends_on(place, services[at].id, &services);
            services[at].map.fill("depends_on", needs);
        }
        services[at].map.sort_keys(&KEY_ORDER);
    }
    if !services.is_empty() {
        let file = compose_file(place, &services, losses);
        let spans = services.iter().map(|service| model.component(service.id).span).collect();
        let name = if swarm { "stack.yml" } else { FILE };
        out.push((name.to_owned(), file, spans));
    }
    if swarm {
        out.extend(job_files(place, &services));
    }
    for service in &services {
        if let Some((path, text, _)) = &service.config {
            out.push((path.clone(), text.clone(), vec![model.component(service.id).span]));
        }
    }
    for &id in &place.host.software {
        let words = Words { on_machine: true, ..Words::new(place.input, place.host, place.book) };
        if let Some(config) = router::configuration(place, id, &words, losses) {
            if !place.input.facts.is_installed(id) {
                losses.add(model.component(id), "software", &[("path", &config.path)]);
            }
            out.push((config.path, config.text, vec![model.component(id).span]));
        }
    }
    let variables = place.book.used();
    if !variables.is_empty() {
        let spans = services.iter().map(|service| model.component(service.id).span).collect();
        out.push((
            ".env.example".to_owned(),
            env_file::text(place.input, "compose.env.header", &variables),
            spans,
        ));
    }
    out
}

/// The order of a service's keys: what it is, what it is told, whom it meets, how it runs.
const KEY_ORDER: [&str; 36] = [
    "profiles",
    "image",
    "build",
    "pull_policy",
    "platform",
    "entrypoint",
    "command",
    "hostname",
    "user",
    "init",
    "environment",
    "secrets",
    "configs",
    "extra_hosts",
    "ports",
    "volumes",
    "tmpfs",
    "shm_size",
    "networks",
    "depends_on",
    "healthcheck",
    "restart",
    "stop_grace_period",
    "read_only",
    "privileged",
    "cap_drop",
    "cap_add",
    "security_opt",
    "ulimits",
    "sysctls",
    "deploy",
    "develop",
    "labels",
    "expose",
    "logging",
    "extends",
];

fn compose_file(place: &Place, services: &[Service], losses: &mut Losses) -> String {
    let mut all = Map::default();
    for service in services {
        all.section(service.name.clone(), service.map.clone(), about(place, service));
        if let Some((name, map)) = &service.prepare {
            let title = place.input.model.component(service.id).title.clone();
            let comment = place.input.messages.say("compose.file.prepare", &[("title", &title)]);
            all.section(name.clone(), map.clone(), comment);
        }
        for job in jobs::of(place, service, losses) {
            if place.host.swarm {
                continue;
            }
            let values = [("title", job.job.title.as_str()), ("service", job.name.as_str())];
            let comment = place.input.messages.say("compose.file.job", &values);
            all.section(job.name, job.map, comment);
        }
    }
    let mut file = Map::default();
    match place.host.swarm {
        true => file.set("version", Data::text(stack::VERSION)),
        false => file.set("name", Data::text(place.project.clone())),
    }
    file.section("services", all, String::new());
    let networks = networks::section(place.input, place.host);
    if !networks.entries.is_empty() {
        file.section("networks", networks, String::new());
    }
    let volumes = services.iter().flat_map(|service| &service.volumes);
    let secrets = services.iter().flat_map(|service| &service.secrets);
    let configs = services.iter().flat_map(|service| &service.configs);
    definitions("volumes", volumes, &mut file);
    definitions("configs", configs, &mut file);
    definitions("secrets", secrets, &mut file);
    passthrough(place, services, &mut file);
    let mut text = String::new();
    let key = if place.book.used().is_empty() { "header" } else { "header_env" };
    let key = format!("{}.file.{key}", place.host.target().name());
    for line in place.input.messages.say(&key, &[("project", &place.project)]).lines() {
        text.push_str(&format!("# {line}\n"));
    }
    text.push_str(&emit::yaml(&file));
    text
}

/// The stack files of a swarm's jobs: each has one service, and of the rest what that one names. What goes wrong with a job
/// is said where the services are.
fn job_files(place: &Place, services: &[Service]) -> Vec<(String, String, Vec<Span>)> {
    let mut out = Vec::new();
    for service in services {
        for job in
            jobs::of(place, service, &mut Losses::new(place.input.messages, place.host.target().name()))
        {
            let mut file = Map::default();
            file.set("version", Data::text(stack::VERSION));
            let mut networks = networks::section(place.input, place.host);
            if let Some(Data::List(own)) = job.map.get("networks") {
                networks.entries.retain(|entry| own.contains(&Data::text(entry.key.clone())));
            }
            let mut map = job.map;
            map.sort_keys(&KEY_ORDER);
            file.section("services", alone(&job.name, map), String::new());
            if !networks.entries.is_empty() {
                file.section("networks", networks, String::new());
            }
            definitions("volumes", service.volumes.iter(), &mut file);
            definitions("configs", service.configs.iter(), &mut file);
            definitions("secrets", service.secrets.iter(), &mut file);
            let values = [("title", job.job.title.as_str()), ("file", job.name.as_str())];
            let mut text = String::new();
            for line in place.input.messages.say("swarm.file.job", &values).lines() {
                text.push_str(&format!("# {line}\n"));
            }
            text.push_str(&emit::yaml(&file));
            out.push((format!("{}.yml", job.name), text, vec![job.job.span]));
        }
    }
    out
}

fn alone(name: &str, map: Map) -> Map {
    let mut all = Map::default();
    all.section(name.to_owned(), map, String::new());
    all
}

/// A section of what services name: each thing once.
fn definitions<'a>(title: &str, all: impl Iterator<Item = &'a (String, Map)>, file: &mut Map) {
    let mut map = Map::default();
    for (name, about) in all {
        map.set(name.clone(), about.clone());
    }
    if !map.entries.is_empty() {
        file.section(title, map, String::new());
    }
}

/// What a service is, in one line.
fn about(place: &Place, service: &Service) -> String {
    let component = place.input.model.component(service.id);
    let kind = place.input.catalog.kind(component.kind).title.get(&place.input.model.system().language);
    match component.title.as_str() {
        title if title == kind || title.is_empty() => kind.to_owned(),
        title => format!("{title}: {kind}"),
    }
}

/// Lays the author's raw keys over the file: those of a component over its service, then those of the system.
fn passthrough(place: &Place, services: &[Service], file: &mut Map) {
    let target = place.host.target().name();
    for service in services {
        let base = format!("services.{}", service.name);
        overlay(&place.input.model.component(service.id).passthrough, target, Some(&base), file);
    }
    overlay(place.input.model.passthrough(), target, None, file);
}

fn overlay(raw: &[(String, Node)], target: &str, base: Option<&str>, file: &mut Map) {
    let under = |path: &str| match base {
        Some(base) => format!("{base}.{path}"),
        None => path.to_owned(),
    };
    for (key, value) in raw {
        let Some(rest) = key.strip_prefix(target) else { continue };
        if let Some(path) = rest.strip_prefix('.') {
            file.overlay(&under(path), value);
        } else if let ("", Some(map)) = (rest, value.as_map()) {
            for entry in &map.entries {
                file.overlay(&under(&entry.key.value), &entry.value);
            }
        }
    }
}
