//! Compose files: one for each machine that runs containers, or one for the reader's own computer.

mod build;
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
pub(in crate::target) mod tree;
mod words;

use crate::artifact::{Artifact, CommentStyle, Content, RelPath};
use crate::catalog::TargetName;
use crate::document::tree::Node;
use crate::model::derive::ContainerHost;
use crate::source::Span;
use crate::target::{Input, Output, Target};

use losses::Losses;
use service::{Place, Service};
use tree::{Data, Map};
use words::{Book, Words};

/// The target's name.
const NAME: &str = "compose";

/// Writes compose files with what belongs to them: `.env.example`, configurations of routers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compose;

impl Target for Compose {
    fn name(&self) -> &'static str {
        NAME
    }

    fn generate(&self, input: &Input) -> Output {
        let mut output = Output::default();
        if !input.model.has_target(TargetName::Compose) {
            return output;
        }
        let hosts: Vec<&ContainerHost> = input.facts.machines.iter().filter(|host| !host.swarm).collect();
        let several = hosts.iter().filter(|host| has_services(input, host)).count() > 1;
        for host in hosts {
            let mut losses = Losses::new(input.messages);
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
            let book = Book::default();
            let place = Place { input, host, book: &book, project, back };
            for (path, text, spans) in files(&place, &mut losses) {
                match RelPath::new(format!("{folder}/{path}")) {
                    Ok(path) => output.artifacts.push(artifact(input, path, text, spans)),
                    Err(error) => losses.bad_path(input, host, &error.to_string()),
                }
            }
            output.losses.extend(losses.rows);
            output.diagnostics.extend(losses.diagnostics);
        }
        output
    }
}

fn has_services(input: &Input, host: &ContainerHost) -> bool {
    host.components.iter().any(|&id| words::is_service(input, host, id))
}

fn artifact(input: &Input, path: RelPath, text: String, from: Vec<Span>) -> Artifact {
    let mut artifact = Artifact::text(NAME, path, text);
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
    for at in 0..services.len() {
        let needs = service::depends_on(place, services[at].id, &services);
        services[at].map.fill("depends_on", needs);
        services[at].map.sort_keys(&KEY_ORDER);
    }
    if !services.is_empty() {
        let file = compose_file(place, &services, losses);
        let spans = services.iter().map(|service| model.component(service.id).span).collect();
        out.push(("docker-compose.yml".to_owned(), file, spans));
    }
    for service in &services {
        if let Some((path, text)) = &service.config {
            out.push((path.clone(), text.clone(), vec![model.component(service.id).span]));
        }
    }
    for &id in &place.host.software {
        let words = Words { on_machine: true, ..Words::new(place.input, place.host, place.book) };
        if let Some(config) = router::configuration(place, id, &words, losses) {
            losses.add(model.component(id), "software", &[("path", &config.path)]);
            out.push((config.path, config.text, vec![model.component(id).span]));
        }
    }
    let variables = place.book.used();
    if !variables.is_empty() {
        let spans = services.iter().map(|service| model.component(service.id).span).collect();
        out.push((".env.example".to_owned(), env_file::text(place.input, &variables), spans));
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
    "configs",
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
            let values = [("title", job.job.title.as_str()), ("service", job.name.as_str())];
            let comment = place.input.messages.say("compose.file.job", &values);
            all.section(job.name, job.map, comment);
        }
    }
    let mut file = Map::default();
    file.set("name", Data::text(place.project.clone()));
    file.section("services", all, String::new());
    let networks = networks::section(place.input, place.host);
    if !networks.entries.is_empty() {
        file.section("networks", networks, String::new());
    }
    let mut volumes = Map::default();
    for name in services.iter().flat_map(|service| &service.volumes) {
        volumes.set(name.clone(), Map::default());
    }
    if !volumes.entries.is_empty() {
        file.section("volumes", volumes, String::new());
    }
    let mut secrets = Map::default();
    for (id, variable) in services.iter().flat_map(|service| &service.secrets) {
        let mut from = Map::default();
        from.set("environment", Data::text(variable.clone()));
        secrets.set(id.clone(), from);
    }
    if !secrets.entries.is_empty() {
        file.section("secrets", secrets, String::new());
    }
    passthrough(place, services, &mut file);
    let mut text = String::new();
    let key = if place.book.used().is_empty() { "compose.file.header" } else { "compose.file.header_env" };
    for line in place.input.messages.say(key, &[]).lines() {
        text.push_str(&format!("# {line}\n"));
    }
    text.push_str(&emit::yaml(&file));
    text
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
    for service in services {
        let base = format!("services.{}", service.name);
        overlay(&place.input.model.component(service.id).passthrough, Some(&base), file);
    }
    overlay(place.input.model.passthrough(), None, file);
}

fn overlay(raw: &[(String, Node)], base: Option<&str>, file: &mut Map) {
    let under = |path: &str| match base {
        Some(base) => format!("{base}.{path}"),
        None => path.to_owned(),
    };
    for (key, value) in raw {
        if let Some(path) = key.strip_prefix("compose.") {
            file.overlay(&under(path), value);
        } else if let (NAME, Some(map)) = (key.as_str(), value.as_map()) {
            for entry in &map.entries {
                file.overlay(&under(&entry.key.value), &entry.value);
            }
        }
    }
}
