//! The lines of a shell that steps run: trying and scanning images, pushing them, deploying environments.
//!
//! They are the same on every platform. Their templates are `templates/pipeline/*.sh`; how a provider's service takes
//! a new image stands in the form's `delivery`.

use serde_json::{Value, json};

use crate::catalog::TargetName;
use crate::diag::Diagnostic;
use crate::document::tree::Node;
use crate::model::derive::ContainerHost;
use crate::model::derive::pipelines::Image;
use crate::model::{
    Built, Command, Component, ComponentId, End, Health, JobTime, Part, RefRoot, Template, ZoneId,
};
use crate::target::compose::{LATER, cluster_needs, stack_needs};
use crate::target::delivery;
use crate::target::parts::own_or_built_in;
use crate::target::runbook::page::Page;
use crate::target::runbook::start::checkout;
use crate::template;

use super::Findings;
use super::images::{self, Name, TAG};
use super::words::{Words, variable};

/// A step that deploys.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    /// What it deploys, or to where.
    pub(super) title: String,
    /// Lines of a shell.
    pub(super) run: String,
    /// The provider in whose account it works.
    pub(super) cloud: Option<String>,
}

/// Runs a container of an image and checks its health.
pub(super) fn attempt(words: &Words, image: Image, findings: &mut Findings) -> String {
    let input = words.input;
    let component = input.model.component(image.component);
    if input.facts.needs(image.component).next().is_some() {
        let needs: Vec<&str> =
            input.facts.needs(image.component).map(|id| input.model.component(id).id.as_str()).collect();
        findings.loss(words, &component.id, "alone", &[("needs", &needs.join(", "))]);
    }
    let workload = component.workload.as_ref();
    let health = workload.and_then(|workload| workload.health.as_ref());
    let port = component.port().filter(|port| port.protocol.starts_with("http")).map(|port| port.number);
    let context = json!({
        "id": component.id,
        "image": images::name(words, image).this(),
        "platform": workload.and_then(|workload| workload.platform.clone()),
        "port": port,
        "path": match health { Some(Health::Path(path)) => Some(path), _ => None },
        "check": match health { Some(Health::Run(run)) => Some(run), _ => None },
        "env": environment(component),
        "command": workload.and_then(|workload| command(words, workload.command.as_ref()?)).unwrap_or_default(),
    });
    script(words, "try", &context, findings)
}

/// What a container is told, as far as it can be told alone: texts, and any value for a secret.
fn environment(component: &Component) -> Vec<Value> {
    let env = component.workload.iter().flat_map(|workload| &workload.env);
    env.filter_map(|(name, template)| {
        let parts: Option<Vec<(&str, bool)>> = template
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some((text.as_str(), false)),
                Part::Ref(reference) if matches!(reference.root, RefRoot::Secret(_)) => Some(("", true)),
                Part::Ref(_) => None,
            })
            .collect();
        let parts = parts?;
        let secret = parts.iter().any(|(_, secret)| *secret);
        let value: String = parts.iter().map(|(text, _)| *text).collect();
        Some(json!({ "name": name, "value": value, "secret": secret }))
    })
    .collect()
}

fn command(words: &Words, command: &Command) -> Option<Vec<String>> {
    let text = |template: &Template| words.text(template).ok();
    match command {
        Command::Line(line) => Some(vec!["sh".to_owned(), "-c".to_owned(), text(line)?]),
        Command::Words(list) => list.iter().map(text).collect(),
    }
}

/// Looks for known holes in an image.
pub(super) fn scan(words: &Words, image: Image, findings: &mut Findings) -> String {
    script(words, "scan", &json!({ "image": images::name(words, image).this() }), findings)
}

/// Pushes an image under all its names.
pub(super) fn push(words: &Words, image: Image, findings: &mut Findings) -> String {
    let name = images::name(words, image);
    script(words, "push", &json!({ "names": name.all(), "fixed": name.fixed }), findings)
}

/// Copies an image from one repository to another, as it is.
pub(super) fn promote(words: &Words, from: &str, to: &Name, findings: &mut Findings) -> String {
    script(words, "promote", &json!({ "from": from, "names": to.all(), "fixed": to.fixed }), findings)
}

/// Builds an image under all its names, for platforms without a step of their own for that.
pub(super) fn build(words: &Words, component: &Component, names: &[String]) -> String {
    let Some(build) = component.workload.as_ref().and_then(|workload| workload.build.as_ref()) else {
        return String::new();
    };
    let quote = template::filters::shell;
    let mut line = "docker build --pull".to_owned();
    if let Some(platform) = component.workload.as_ref().and_then(|workload| workload.platform.as_ref()) {
        line.push_str(&format!(" --platform {}", quote(platform)));
    }
    let context = context(&build.context);
    if let Some(file) = &build.dockerfile {
        line.push_str(&format!(" --file {}", quote(&dockerfile(&context, file))));
    }
    if let Some(target) = &build.target {
        line.push_str(&format!(" --target {}", quote(target)));
    }
    for (name, value) in &build.args {
        if let Ok(value) = words.text(value) {
            line.push_str(&format!(" --build-arg \"{name}={}\"", value.replace('"', "\\\"")));
        }
    }
    for name in names {
        line.push_str(&format!(" --tag \"{name}\""));
    }
    format!("{line} {}", quote(&context))
}

/// The folder of a build as seen from the folder of the description.
pub(super) fn context(path: &str) -> String {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() || path == "." { ".".to_owned() } else { path.to_owned() }
}

/// A Dockerfile as seen from there.
pub(super) fn dockerfile(context: &str, file: &str) -> String {
    if context == "." { file.to_owned() } else { format!("{context}/{file}") }
}

/// All that brings an environment up to date: its machines, its swarms, the provider's services. `images` are what was
/// pushed, `pushing` the words of the environment whose names they have.
pub(super) fn deployments(
    words: &Words,
    pushing: &Words,
    images: &[Image],
    findings: &mut Findings,
) -> Vec<Deployment> {
    let input = words.input;
    let page = Page { input };
    let mut all = Vec::new();
    let services = services(words, pushing, images, findings);
    // What jobs prepare is there before anything else of the new version starts.
    let prepares = |id| !delivery::jobs(input, id, &JobTime::BeforeDeploy).is_empty();
    let (first, later) = match delivery::services(input).any(prepares) {
        true => (services, Vec::new()),
        false => (Vec::new(), services),
    };
    all.extend(first);
    for host in page.compose_hosts() {
        if let Some(refresh) = page.own_start(host).and_then(|_| refresh(words, host.zone?)) {
            all.push(refresh);
            jobs_left(words, host, findings);
            continue;
        }
        let (folder, _) = page.compose_place(host);
        let jobs = |when: &JobTime| -> Vec<String> {
            let jobs = input.model.operations().jobs.iter().filter(|job| job.when == *when);
            jobs.filter_map(|job| match job.at {
                End::Component(id) if page.is_service(host, id) => {
                    Some(format!("{}-{}", input.model.component(id).id, job.id))
                }
                _ => None,
            })
            .collect()
        };
        let pushed =
            |id: &str| images.iter().any(|image| pushing.input.model.component(image.component).id == id);
        let (mut pulled, mut built) = (Vec::new(), Vec::new());
        for &id in host.components.iter().filter(|id| page.is_service(host, **id)) {
            let component = input.model.component(id);
            let builds = component.workload.as_ref().is_some_and(|workload| workload.build.is_some());
            if builds && !pushed(&component.id) {
                built.push(&component.id);
            } else {
                pulled.push(&component.id);
            }
        }
        let context = json!({
            "folder": folder,
            "repository": input.model.system().repository.as_deref().map(checkout),
            "before": jobs(&JobTime::BeforeDeploy),
            "after": jobs(&JobTime::AfterDeploy),
            "pulled": pulled,
            "built": built,
        });
        all.extend(over_ssh(words, host, "compose", &folder, context, findings));
    }
    for host in page.swarms() {
        if !input.model.has_target(TargetName::Swarm) {
            continue;
        }
        let needs = stack_needs(input, host);
        let folder = page.folder(&needs.folder);
        let names = |jobs: &[(String, String)]| jobs.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>();
        let context = json!({
            "folder": folder,
            "stack": needs.stack,
            "values": !needs.variables.is_empty(),
            "before": names(&needs.before),
            "after": names(&needs.after),
        });
        all.extend(over_ssh(words, host, "stack", &folder, context, findings));
    }
    for host in page.clusters() {
        all.push(cluster(words, pushing, images, host, findings));
    }
    all.extend(later);
    if all.is_empty() {
        findings.loss(words, &input.model.environment().id, "unreachable", &[]);
    }
    all
}

/// Applies the manifests of a cluster with the images of this run, and waits until they run.
fn cluster(
    words: &Words,
    pushing: &Words,
    images: &[Image],
    host: &ContainerHost,
    findings: &mut Findings,
) -> Deployment {
    let input = words.input;
    let needs = cluster_needs(input, host);
    let id = match host.zone {
        Some(zone) => &input.model.zone(zone).id,
        None => &input.model.environment().id,
    };
    let say = |key: &str| input.messages.say(&format!("pipeline.need.{key}"), &[("id", id)]);
    let need = |what: &str| words.needs.note_lines(&variable(id, what), true, &say(what));
    let mut names: Vec<String> = Vec::new();
    for image in images {
        let pushed = &pushing.input.model.component(image.component).id;
        if host.components.iter().any(|id| input.model.component(*id).id == *pushed) {
            // An image that was only fetched keeps the tag that its author gave it.
            let name = images::name_in(words, pushing, *image).this();
            let name = name.strip_suffix(&format!(":${{{TAG}}}")).map(str::to_owned);
            names.extend(name.filter(|name| !names.contains(name)));
        }
    }
    let context = json!({
        "kubeconfig": need("kubeconfig"),
        "values": needs.values.then(|| need("values")),
        "folder": Page { input }.folder(&needs.folder),
        "namespace": needs.namespace,
        "names": names,
        "tag": TAG,
        "workloads": needs.workloads,
        "stores": needs.stores,
        "before": needs.before.iter().map(|(_, name)| name).collect::<Vec<_>>(),
        "after": needs.after.iter().map(|(_, name)| name).collect::<Vec<_>>(),
        "later": [LATER.0, LATER.1],
    });
    let run = script(words, "manifests", &context, findings);
    Deployment { title: input.messages.say("pipeline.step.deploy", &[("id", id)]), run, cloud: None }
}

/// Jobs around a deployment that the way of this host does not run.
fn jobs_left(words: &Words, host: &ContainerHost, findings: &mut Findings) {
    for &id in &host.components {
        jobs_of_left(words, id, findings);
    }
}

/// The same of what a service of the provider runs.
fn jobs_of_left(words: &Words, id: ComponentId, findings: &mut Findings) {
    for job in &words.input.model.operations().jobs {
        let around = matches!(job.when, JobTime::BeforeDeploy | JobTime::AfterDeploy);
        if around && job.at == End::Component(id) && !delivery::runs(words.input, id, job) {
            let of = &words.input.model.component(id).id;
            findings.loss(words, &words.input.model.environment().id, "job", &[("job", &job.id), ("of", of)]);
        }
    }
}

/// Replaces the machines of a zone by new ones, which start with the images that are there now.
fn refresh(words: &Words, zone: ZoneId) -> Option<Deployment> {
    let zone = words.input.model.zone(zone);
    let about = words.input.catalog.form(zone.form?).delivery.as_ref()?;
    let context = delivery::zone_context(words.input, zone);
    let run = template::render(about.get("deploy")?.as_str()?, &Value::Object(context)).ok()?;
    let title = words.input.messages.say("pipeline.step.deploy", &[("id", &zone.id)]);
    let cloud = about.get("cloud").and_then(Node::as_str).map(str::to_owned);
    Some(Deployment { title, run: without_blank_lines(&run), cloud })
}

/// What brings new images to the provider's services, with what comes first.
fn services(words: &Words, pushing: &Words, images: &[Image], findings: &mut Findings) -> Vec<Deployment> {
    let input = words.input;
    let mut all: Vec<Deployment> = Vec::new();
    let mut prepared: Vec<&Node> = Vec::new();
    let prepares = |id: &ComponentId| !delivery::jobs(input, *id, &JobTime::BeforeDeploy).is_empty();
    let (first, others): (Vec<_>, Vec<_>) = delivery::services(input).partition(prepares);
    for id in first.into_iter().chain(others) {
        let component = input.model.component(id);
        let pushed = |image: &&Image| pushing.input.model.component(image.component).id == component.id;
        let Some(image) = images.iter().find(pushed) else { continue };
        let Some(way) = delivery::way(input, id) else { continue };
        let cloud = words.delivery(id, "cloud").and_then(Node::as_str).map(str::to_owned);
        if let Some(by) = &input.model.environment().deployed_by
            && input.facts.rollout(id).is_none()
            && words.delivery(id, "by").is_some_and(|known| known.get(by).is_some())
        {
            findings.loss(words, &component.id, "by", &[("by", by)]);
        }
        let mine = |found: &&delivery::Preparation| Some(found.about) == way.get("prepare");
        if let Some(first) = delivery::preparations(input).iter().find(mine)
            && !prepared.contains(&first.about)
        {
            prepared.push(first.about);
            let context = Value::Object(delivery::preparation_context(input, first));
            let pattern = first.about.get("run").and_then(Node::as_str).unwrap_or_default();
            if let Ok(run) = template::render(pattern, &context) {
                let title =
                    input.messages.say("pipeline.step.prepare", &[("id", &input.model.environment().id)]);
                all.push(Deployment { title, run: without_blank_lines(&run), cloud: cloud.clone() });
            }
        }
        let jobs = |when| {
            let jobs = delivery::jobs(input, id, when);
            json!(
                jobs.iter()
                    .map(|(job, command)| json!({ "id": job.id, "command": command }))
                    .collect::<Vec<_>>()
            )
        };
        let more = [
            ("image", json!(images::name_in(words, pushing, *image).this())),
            ("before", jobs(&JobTime::BeforeDeploy)),
            ("after", jobs(&JobTime::AfterDeploy)),
        ];
        jobs_of_left(words, id, findings);
        let pattern = way.get("deploy").and_then(Node::as_str).unwrap_or_default();
        if let Some(run) = words.fill(id, pattern, &more) {
            let title = input.messages.say("pipeline.step.deploy_service", &[("id", &component.id)]);
            all.push(Deployment { title, run: without_blank_lines(&run), cloud });
        }
    }
    all
}

/// A deployment to the machines of a host; `None` where they are the reader's own computer.
fn over_ssh(
    words: &Words,
    host: &ContainerHost,
    template: &str,
    folder: &str,
    mut context: Value,
    findings: &mut Findings,
) -> Option<Deployment> {
    let input = words.input;
    let page = Page { input };
    let remote = page.remote(host)?;
    let id = match host.zone {
        Some(zone) => &input.model.zone(zone).id,
        None => &input.model.environment().id,
    };
    // Nothing outside of its network gets there, so that keys and addresses would be asked for in vain.
    if let Some(zone) = host.zone
        && input.model.zone(zone).built == Built::By(TargetName::Terraform)
        && !page.is_public(zone)
        && !page.is_opened(zone)
    {
        findings.loss(words, id, "closed", &[]);
        return None;
    }
    let say = |key: &str| input.messages.say(&format!("pipeline.need.{key}"), &[("id", id)]);
    let need = |what: &str, secret: bool| words.needs.note_lines(&variable(id, what), secret, &say(what));
    let (user, hosts) = match host.zone {
        None => (None, template::filters::shell(&remote.address)),
        Some(_) => {
            let hosts = words.needs.note(&variable(id, "hosts"), false, &say("hosts"));
            (Some(remote.user.clone()), hosts)
        }
    };
    if let Some(zone) = host.zone
        && input.model.zone(zone).machine().is_some_and(|machine| machine.elastic)
    {
        findings.loss(words, id, "elastic", &[]);
    }
    let more = json!({
        "user": user,
        "hosts": hosts,
        "first": template == "stack",
        "port": remote.port,
        "key": need("ssh-key", true),
        "known_hosts": need("known-hosts", false),
        "folder": folder,
        "tag": TAG,
        "repository": input.model.system().repository.as_deref().map(checkout),
    });
    if let (Some(into), Some(from)) = (context.as_object_mut(), more.as_object()) {
        into.extend(from.clone());
    }
    let there = script(words, template, &context, findings);
    if let Some(into) = context.as_object_mut() {
        into.insert("there".to_owned(), json!(there));
    }
    let run = script(words, "ssh", &context, findings);
    let title = input.messages.say("pipeline.step.deploy", &[("id", id)]);
    Some(Deployment { title, run, cloud: None })
}

/// A script from its template, without blank lines.
fn script(words: &Words, name: &str, context: &Value, findings: &mut Findings) -> String {
    let path = format!("pipeline/{name}.sh");
    match own_or_built_in(words.input, &path).map(|text| template::render(&text, context)) {
        Some(Ok(text)) => without_blank_lines(&text),
        Some(Err(error)) => {
            let line = error.line.map_or(String::new(), |line| format!(" (line {line} of `{path}`)"));
            findings.diagnostics.push(
                Diagnostic::error("bad-template", findings.span, format!("{}{line}", error.message))
                    .hint("correct the template; its names stand in the built-in one"),
            );
            String::new()
        }
        None => String::new(),
    }
}

fn without_blank_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
