//! What the templates of a pipeline's files may name.
//!
//! `id`, `system`, `title`, `description`, `workflows` (the folder of `outputs`), `alone`, `first` and `siblings` (pipelines of the
//! same form), `trigger`, `deploys` (whether it does), `commit` (whether a step names it), `say` (sentences), and `stages`: each with `id`, `number`, `title`,
//! `variables` and `secrets` (names), `needs`, `environment`, `deploys`, `gate`, `guard` (not for proposed changes), `builds`, `docker`, `image`, `region`, `arm`, `packages` (`read` or
//! `write`, where the platform's own token logs in), `cloud`, `commit`, and `steps`. A step has `name`, `guard`, `what` (`run`,
//! `build`, `login`, `cloud`), `run` (the same for a shell, whatever it is) and `env`.

use serde_json::{Map, Value, json};

use crate::document::tree::Node;
use crate::model::derive::pipelines::{Action, Image, Stage, Work};
use crate::model::{ComponentId, Pipeline, Setting};
use crate::target::Input;
use crate::target::attributes;

use super::images::{self, COMMIT};
use super::scripts;
use super::words::{Need, Needs, Words, variable};
use super::{Findings, Made};

/// The context of a pipeline's files, and what its platform must have.
pub(super) fn context(
    made: &Made,
    about: &Node,
    inputs: &[Input],
    siblings: &[&str],
    workflows: &str,
    findings: &mut Findings,
) -> (Value, Vec<Need>) {
    let needs = Needs::default();
    let words = Words { input: made.input, needs: &needs };
    let mut maker = Maker { words: &words, about, inputs, pipeline: made.pipeline, findings };
    let stages: Vec<Value> =
        made.stages.iter().enumerate().map(|(at, stage)| maker.stage(at + 1, stage)).collect();
    let names_commit = stages.iter().any(|stage| stage["commit"] == json!(true));
    let trigger = &made.pipeline.trigger;
    let say = made.input.messages.context();
    let value = json!({
        "id": made.pipeline.id,
        "system": made.input.model.system().id,
        "title": made.pipeline.title,
        "description": made.pipeline.description,
        "workflows": workflows.trim_end_matches('/'),
        "alone": made.pipeline.alone,
        "first": siblings.first() == Some(&made.pipeline.id.as_str()),
        "siblings": siblings,
        "deploys": made.pipeline.deploys().next().is_some(),
        "trigger": {
            "push": trigger.push,
            "paths": trigger.paths,
            "tags": trigger.tags,
            "tag_patterns": trigger.tags.iter().map(|tag| pattern(tag)).collect::<Vec<_>>(),
            "proposals": trigger.pull_request.is_some(),
            "proposed_to": trigger.pull_request.clone().unwrap_or_default(),
            "schedule": trigger.schedule,
            "manual": trigger.manual,
        },
        "stages": stages,
        "newline": "\n",
        "commit": names_commit,
        "say": say["pipeline"]["step"],
    });
    let asked = needs.all().into_iter().filter(|need| !maker.is_provided(&need.name)).collect();
    (value, asked)
}

/// A pattern of tags, in which `*` stands for anything, as a regular expression.
fn pattern(glob: &str) -> String {
    let parts: Vec<String> = glob.split('*').map(quoted).collect();
    format!("^{}$", parts.join(".*"))
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() && !"-_".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A command in a container, in the folder of the sources.
fn inside(image: &str, run: &str) -> String {
    let (image, run) = (crate::template::filters::shell(image), format!("'{}'", run.replace('\'', "'\\''")));
    format!("docker run --rm --volume \"$PWD:/sources\" --workdir /sources {image} sh -ec {run}")
}

/// What all stages of one pipeline share.
struct Maker<'a, 'b> {
    words: &'a Words<'a>,
    about: &'a Node,
    inputs: &'a [Input<'a>],
    pipeline: &'a Pipeline,
    findings: &'b mut Findings,
}

impl Maker<'_, '_> {
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.input.messages.say(&format!("pipeline.step.{key}"), values)
    }

    fn about_text(&self, key: &str) -> &str {
        self.about.get(key).and_then(Node::as_str).unwrap_or_default()
    }

    /// Whether the platform sets a variable itself.
    fn is_provided(&self, name: &str) -> bool {
        let provided = self.about.get("provides").and_then(Node::as_list).unwrap_or_default();
        provided.iter().any(|known| known.as_str() == Some(name))
    }

    /// A text for a shell in the words of the platform's own files.
    fn expression(&self, text: &str) -> String {
        let mut out = text.to_owned();
        let fixed = self.about.get("expressions").and_then(Node::as_map);
        for entry in fixed.into_iter().flat_map(|map| &map.entries) {
            out = out.replace(&format!("${{{}}}", entry.key.value), entry.value.as_str().unwrap_or_default());
        }
        for need in self.words.needs.in_text(&out) {
            out = out.replace(&format!("${{{}}}", need.name), &self.value_of(&need));
        }
        out
    }

    /// How the platform's files name a secret or variable.
    fn value_of(&self, need: &Need) -> String {
        self.about_text(if need.secret { "secret" } else { "variable" }).replace("NAME", &need.name)
    }

    /// The variables that a script must be given.
    fn env(&self, run: &str) -> Map<String, Value> {
        let needs = self.words.needs.in_text(run);
        needs.iter().map(|need| (need.name.clone(), json!(self.value_of(need)))).collect()
    }

    fn stage(&mut self, number: usize, stage: &Stage) -> Value {
        let mut steps: Vec<Value> = Vec::new();
        let (mut packages, mut clouds, mut logged): (_, Vec<String>, Vec<ComponentId>) =
            (None, Vec::new(), Vec::new());
        for work in &stage.works {
            let registry = match &work.action {
                Action::Fetch(image) | Action::Push(image) => image.registry,
                _ => None,
            };
            if let Some(registry) = registry.filter(|registry| !logged.contains(registry)) {
                logged.push(registry);
                let writes = matches!(work.action, Action::Push(_));
                let (more, own) = self.login(self.words, registry, &mut clouds);
                steps.extend(more);
                if own {
                    packages = if writes { Some("write") } else { packages.or(Some("read")) };
                }
            }
            self.work(work, stage, (&mut clouds, &mut logged), &mut steps);
        }
        if self.pipeline.trigger.pull_request.is_none() {
            for step in &mut steps {
                step["guard"] = json!(false);
            }
        }
        let proposals = self.pipeline.trigger.pull_request.is_some();
        let guard = proposals
            && (stage.environment.is_some()
                || !steps.is_empty() && steps.iter().all(|step| step["guard"] == json!(true)));
        let model = self.words.input.model;
        let arm = stage.components().any(|id| {
            let workload = model.component(id).workload.as_ref();
            workload.and_then(|workload| workload.platform.as_ref()).is_some_and(|name| name.contains("arm"))
        });
        let title = if self.pipeline.jobs.len() == 1 && stage.id == self.pipeline.jobs[0].id {
            self.pipeline.title.clone()
        } else {
            stage.id.clone()
        };
        let gate = stage.gate.as_ref().map(|_| stage.environment.clone().unwrap_or_else(|| stage.id.clone()));
        let builds = stage.works.iter().any(|work| matches!(work.action, Action::Build { .. }));
        let runs: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
        let runs = runs.join("\n");
        let needs = self.words.needs.in_text(&runs);
        let names = |secret: bool| -> Vec<String> {
            let wanted = needs.iter().filter(|need| need.secret == secret && !self.is_provided(&need.name));
            wanted.map(|need| need.name.clone()).collect()
        };
        json!({
            "id": stage.id,
            "number": number,
            "variables": names(false),
            "secrets": names(true),
            "title": title,
            "needs": stage.needs,
            "environment": gate.or_else(|| stage.environment.clone()),
            "deploys": stage.environment,
            "gate": stage.gate,
            "guard": guard,
            "builds": builds,
            "docker": stage.has_images(),
            "image": stage.image,
            "region": clouds.first().map(|_| self.expression(&self.words.region())),
            "arm": arm,
            "packages": packages,
            "cloud": clouds.first(),
            "commit": runs.contains(&format!("${{{COMMIT}}}")),
            "steps": steps,
        })
    }

    /// Taking a role in a provider's account, unless the stage has done so.
    fn cloud(&self, cloud: &str, clouds: &mut Vec<String>) -> Option<Value> {
        if clouds.iter().any(|known| known == cloud) {
            return None;
        }
        clouds.push(cloud.to_owned());
        self.words.note_all(self.about.get("accounts").and_then(|accounts| accounts.get(cloud)));
        let name = self.say("cloud", &[]);
        let region = self.expression(&self.words.region());
        Some(json!({ "what": "cloud", "name": name, "cloud": cloud, "region": region, "guard": true }))
    }

    /// Logging in to a registry: the steps, and whether the platform's own token does it.
    fn login(&self, words: &Words, registry: ComponentId, clouds: &mut Vec<String>) -> (Vec<Value>, bool) {
        let (model, catalog) = (words.input.model, words.input.catalog);
        let component = model.component(registry);
        let host = attributes::attribute(registry, "host", model, catalog, words).unwrap_or_default();
        let cloud = words.delivery(registry, "cloud").and_then(Node::as_str).map(str::to_owned);
        let title = catalog.form(component.form).title.get(&words.input.messages.language);
        let mut steps = Vec::new();
        if let Some(cloud) = &cloud {
            steps.extend(self.cloud(cloud, clouds));
        }
        let platform = self.about_text("platform");
        let own = words.delivery_text(registry, "own_token_of", &[]).is_some_and(|word| word == platform);
        let user = component.setting_text("name").unwrap_or_default();
        let secret = match (cloud.is_some() || own, component.setting("token")) {
            (true, _) => String::new(),
            (false, Some(Setting::Text(token))) => words.text(token).unwrap_or_default(),
            (false, _) => {
                let about = words.input.messages.say("pipeline.need.token", &[("title", title)]);
                words.needs.note(&variable(&component.id, "token"), true, &about)
            }
        };
        let own_command = words.delivery_text(registry, "login", &[("host", json!(host))]);
        let run = match own_command {
            Some(command) => command,
            None => format!(
                "printf '%s' \"{secret}\" | docker login --username {} --password-stdin {host}",
                crate::template::filters::shell(&user)
            ),
        };
        steps.push(json!({
            "what": "login",
            "name": self.say("login", &[("title", title)]),
            "guard": true,
            "cloud": cloud,
            "host": host,
            "host_expression": self.expression(&host),
            "region": words.region(),
            "own_token": own,
            "user": user,
            "password": self.expression(&secret),
            "run": run,
            "env": self.env(&format!("{host} {secret}")),
        }));
        (steps, own)
    }

    fn work(
        &mut self,
        work: &Work,
        stage: &Stage,
        accounts: (&mut Vec<String>, &mut Vec<ComponentId>),
        steps: &mut Vec<Value>,
    ) {
        let words = self.words;
        let id = |id: ComponentId| words.input.model.component(id).id.clone();
        let named = |key: &str, image: &Image| self.say(key, &[("id", &id(image.component))]);
        let (name, run, guard) = match &work.action {
            Action::Run(command) | Action::Test(command) => {
                let run = words.text(command).unwrap_or_else(|unknown| {
                    let reference = format!("{}.{}", unknown.element, unknown.attribute);
                    self.findings.loss(words, &stage.id, "unknown", &[("reference", &reference)]);
                    String::new()
                });
                let short: String = run.lines().next().unwrap_or_default().chars().take(60).collect();
                let key = if matches!(work.action, Action::Test(_)) { "test" } else { "run" };
                let run = match &stage.image {
                    Some(image) if stage.has_images() => inside(image, &run),
                    _ => run,
                };
                (self.say(key, &[("command", &short)]), run, false)
            }
            Action::Build { component, registries } => {
                steps.push(self.build(work, *component, registries));
                return;
            }
            Action::Fetch(image) => {
                let run = format!("docker pull \"{}\"", images::name(words, *image).this());
                (named("fetch", image), run, true)
            }
            Action::Try(image) => {
                let name = named("try", image);
                (name, scripts::attempt(words, *image, self.findings), self.is_fetched(stage, image))
            }
            Action::Scan(image) => {
                let name = named("scan", image);
                (name, scripts::scan(words, *image, self.findings), self.is_fetched(stage, image))
            }
            Action::Push(image) => (named("push", image), scripts::push(words, *image, self.findings), true),
            Action::Deploy { environment, by, images } => {
                self.deploy(work, (environment, by.as_deref()), images, accounts, steps);
                return;
            }
        };
        if !run.is_empty() {
            let env = self.env(&run);
            let name = work.title.clone().unwrap_or(name);
            steps.push(json!({ "what": "run", "name": name, "run": run, "env": env, "guard": guard }));
        }
    }

    /// Whether an image comes from a registry, which proposed changes push nothing to.
    fn is_fetched(&self, stage: &Stage, image: &Image) -> bool {
        stage.works.iter().any(|work| work.action == Action::Fetch(*image))
    }

    fn build(&self, work: &Work, id: ComponentId, registries: &[ComponentId]) -> Value {
        let words = self.words;
        let component = words.input.model.component(id);
        let mut names: Vec<String> = Vec::new();
        let mut all: Vec<Option<ComponentId>> = registries.iter().copied().map(Some).collect();
        if all.is_empty() {
            all.push(None);
        }
        for registry in all {
            let more = images::name(words, Image { component: id, registry }).all();
            names.extend(more.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
        }
        let build =
            component.workload.as_ref().and_then(|workload| workload.build.clone()).unwrap_or_default();
        let context = scripts::context(&build.context);
        let args: Vec<String> = build
            .args
            .iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", self.expression(&words.text(value).ok()?))))
            .collect();
        let run = scripts::build(words, component, &names);
        let tags: Vec<String> = names.iter().map(|name| self.expression(name)).collect();
        json!({
            "what": "build",
            "name": work.title.clone().unwrap_or_else(|| self.say("build", &[("id", &component.id)])),
            "guard": false,
            "id": component.id,
            "context": context,
            "file": build.dockerfile.as_ref().map(|file| scripts::dockerfile(&context, file)),
            "target": build.target,
            "args": args.join("\n"),
            "platform": component.workload.as_ref().and_then(|workload| workload.platform.clone()),
            "tags": tags.join("\n"),
            "env": self.env(&run),
            "run": run,
        })
    }

    fn deploy(
        &mut self,
        work: &Work,
        (environment, by): (&str, Option<&str>),
        images: &[Image],
        (clouds, logged): (&mut Vec<String>, &mut Vec<ComponentId>),
        steps: &mut Vec<Value>,
    ) {
        let Some(input) = self.inputs.iter().find(|input| input.model.environment().id == environment) else {
            return;
        };
        let there = Words { input, needs: self.words.needs };
        let environment_of = input.model.environment();
        let target = |by: &str| environment_of.targets.iter().any(|target| target.name() == by);
        let rolled_out = |by: &str| input.facts.rollouts.iter().any(|rollout| rollout.by == by);
        if let Some(by) = by.filter(|by| !target(by) && !rolled_out(by)) {
            self.findings.loss(&there, environment, "by", &[("by", by)]);
        }
        self.promote(&there, images, (&mut *clouds, logged), steps);
        for part in scripts::deployments(&there, self.words, images, self.findings) {
            if let Some(cloud) = &part.cloud {
                steps.extend(self.cloud(cloud, clouds));
            }
            let env = self.env(&part.run);
            let name = work.title.clone().unwrap_or(part.title);
            steps.push(json!({ "what": "run", "name": name, "run": part.run, "env": env, "guard": true }));
        }
    }

    /// Copies what was pushed to the repositories that another environment pulls from.
    fn promote(
        &mut self,
        there: &Words,
        images: &[Image],
        (clouds, logged): (&mut Vec<String>, &mut Vec<ComponentId>),
        steps: &mut Vec<Value>,
    ) {
        for image in images {
            let Some((image_there, to)) = images::elsewhere(there, self.words, *image) else { continue };
            if let Some(registry) = image.registry.filter(|registry| !logged.contains(registry)) {
                logged.push(registry);
                steps.extend(self.login(self.words, registry, clouds).0);
                // Another region is another host.
                let host = |words: &Words, id| words.delivery_text(id, "host", &[]);
                let other = image_there.registry.filter(|id| host(there, *id) != host(self.words, registry));
                steps.extend(other.into_iter().flat_map(|id| self.login(there, id, clouds).0));
            }
            let from = images::name(self.words, *image).this();
            let run = scripts::promote(there, &from, &to, self.findings);
            let component = &there.input.model.component(image_there.component).id;
            let environment = &there.input.model.environment().id;
            let name = self.say("promote", &[("id", component), ("environment", environment)]);
            let env = self.env(&run);
            steps.push(json!({ "what": "run", "name": name, "run": run, "env": env, "guard": true }));
        }
    }
}
