//! What a pipeline's jobs do, step by step: which images are built for which registry, what is fetched again in
//! another job, and where somebody must agree first.
//!
//! Every job runs on a machine of its own, so an image travels from one to another by a registry alone. Agreement is
//! asked for before a job begins: a job with such a step in its middle becomes two.

use crate::catalog::{Catalog, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{ComponentId, Model, Pipeline, PipelineJob, PipelineStep, Template, Verb};
use crate::source::Span;

/// A job as a machine does it.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its id; a part of a job that was cut has the job's with a number behind it.
    pub id: String,
    /// The stages that must have succeeded.
    pub needs: Vec<String>,
    /// What somebody must agree to before it begins.
    pub gate: Option<String>,
    /// The environment that it deploys.
    pub environment: Option<String>,
    /// The image that its commands run in.
    pub image: Option<String>,
    /// In order.
    pub works: Vec<Work>,
}

/// One thing that a stage does.
#[derive(Debug, Clone)]
pub struct Work {
    /// What the author calls it.
    pub title: Option<String>,
    /// What is done.
    pub action: Action,
}

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Runs a command of the author.
    Run(Template),
    /// Runs tests.
    Test(Template),
    /// Builds an image, under its name in each of these registries; without one it stays on the machine.
    Build {
        /// Whose.
        component: ComponentId,
        /// Where it will be pushed.
        registries: Vec<ComponentId>,
    },
    /// Fetches an image that an earlier stage pushed.
    Fetch(Image),
    /// Runs a container and checks its health.
    Try(Image),
    /// Looks for known holes.
    Scan(Image),
    /// Pushes an image.
    Push(Image),
    /// Deploys an environment.
    Deploy {
        /// Its id.
        environment: String,
        /// What deploys it, when the author says so.
        by: Option<String>,
        /// What was pushed before, and where.
        images: Vec<Image>,
    },
}

/// An image of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image {
    /// Whose.
    pub component: ComponentId,
    /// The registry whose name it has; `None`: a name on this machine, or the author's.
    pub registry: Option<ComponentId>,
}

impl Stage {
    /// The components whose images it works with.
    pub fn components(&self) -> impl Iterator<Item = ComponentId> {
        self.works.iter().filter_map(|work| match &work.action {
            Action::Build { component, .. } => Some(*component),
            Action::Fetch(image) | Action::Try(image) | Action::Scan(image) | Action::Push(image) => {
                Some(image.component)
            }
            Action::Run(_) | Action::Test(_) | Action::Deploy { .. } => None,
        })
    }

    /// Whether it works with images or containers.
    pub fn has_images(&self) -> bool {
        self.components().next().is_some()
    }
}

/// The stages of a pipeline. What cannot be done is reported.
pub fn stages(pipeline: &Pipeline, model: &Model, catalog: &Catalog, out: &mut Diagnostics) -> Vec<Stage> {
    let parts = cut(pipeline);
    let order = in_order(&parts, pipeline, out);
    let mut stages: Vec<Stage> = Vec::new();
    let mut pushed: Vec<(String, Image)> = Vec::new();
    for at in order {
        let part = &parts[at];
        let before = ancestors(&parts, &part.id);
        let mut works = Works { model, catalog, works: Vec::new(), built: Vec::new(), fetched: Vec::new() };
        for (number, step) in part.steps.iter().enumerate() {
            let known: Vec<Image> =
                pushed.iter().filter(|(id, _)| before.contains(id)).map(|(_, image)| *image).collect();
            for image in works.add(step, &part.steps[number + 1..], &known, out) {
                pushed.push((part.id.clone(), image));
            }
        }
        stages.push(Stage {
            id: part.id.clone(),
            needs: part.needs.clone(),
            gate: part.gate.clone(),
            environment: part.environment.clone(),
            image: part.image.clone(),
            works: works.works,
        });
    }
    stages
}

/// A job, or a part of one, before its steps are looked into.
struct Part<'a> {
    id: String,
    needs: Vec<String>,
    gate: Option<String>,
    environment: Option<String>,
    image: Option<String>,
    steps: Vec<&'a PipelineStep>,
}

/// Cuts jobs before each agreement, before the deployment of a second environment, and before any deployment where
/// proposed changes run too: what they run must have no part in it.
fn cut(pipeline: &Pipeline) -> Vec<Part<'_>> {
    let taken: Vec<&str> = pipeline.jobs.iter().map(|job| job.id.as_str()).collect();
    let mut last: Vec<(&str, String)> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    for job in &pipeline.jobs {
        let of_job = cut_job(job, &taken, pipeline.trigger.pull_request.is_some());
        if let Some(part) = of_job.last() {
            last.push((&job.id, part.id.clone()));
        }
        parts.extend(of_job);
    }
    for part in &mut parts {
        for need in &mut part.needs {
            let first_of_job = pipeline.jobs.iter().any(|job| job.id == part.id);
            if let (true, Some((_, end))) = (first_of_job, last.iter().find(|(id, _)| id == need)) {
                need.clone_from(end);
            }
        }
    }
    parts
}

fn cut_job<'a>(job: &'a PipelineJob, taken: &[&str], proposals: bool) -> Vec<Part<'a>> {
    let part = |id: String, needs: Vec<String>| Part {
        id,
        needs,
        gate: None,
        environment: None,
        image: job.image.clone(),
        steps: Vec::new(),
    };
    let mut parts = vec![part(job.id.clone(), job.needs.clone())];
    let mut number = 1;
    for step in &job.steps {
        let next = match (&step.verb, parts.last()) {
            (Verb::Approve(_), Some(current)) => current.gate.is_some() || !current.steps.is_empty(),
            (Verb::Deploy { environment, .. }, Some(current)) => match &current.environment {
                Some(other) => other != environment,
                None => proposals && !current.steps.is_empty(),
            },
            _ => false,
        };
        if next {
            let mut id = String::new();
            while id.is_empty() || taken.contains(&id.as_str()) {
                number += 1;
                id = format!("{}-{number}", job.id);
            }
            let needs = parts.last().map(|current| current.id.clone()).into_iter().collect();
            parts.push(part(id, needs));
        }
        let Some(current) = parts.last_mut() else { continue };
        match &step.verb {
            Verb::Approve(text) => current.gate = Some(text.clone()),
            verb => {
                if let Verb::Deploy { environment, .. } = verb {
                    current.environment = Some(environment.clone());
                }
                current.steps.push(step);
            }
        }
    }
    parts
}

/// All parts, each after what it needs; a circle is reported and kept in the order of the description.
fn in_order(parts: &[Part], pipeline: &Pipeline, out: &mut Diagnostics) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    while order.len() < parts.len() {
        let done = |id: &String| order.iter().any(|&at| parts[at].id == *id);
        let known = |id: &String| parts.iter().any(|part| part.id == *id);
        let next = (0..parts.len())
            .find(|at| !order.contains(at) && parts[*at].needs.iter().all(|id| done(id) || !known(id)));
        let Some(next) = next else {
            out.push(
                Diagnostic::error(
                    "needs-cycle",
                    pipeline.span,
                    format!("the jobs of `{}` need each other, so that none can begin", pipeline.id),
                )
                .hint("take one `needs` out"),
            );
            order.extend((0..parts.len()).filter(|at| !order.contains(at)).collect::<Vec<_>>());
            break;
        };
        order.push(next);
    }
    order
}

/// The ids of all parts that end before one begins.
fn ancestors(parts: &[Part], id: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut todo = vec![id.to_owned()];
    while let Some(id) = todo.pop() {
        for need in parts.iter().filter(|part| part.id == id).flat_map(|part| &part.needs) {
            if !found.contains(need) {
                found.push(need.clone());
                todo.push(need.clone());
            }
        }
    }
    found
}

/// The works of one stage, while they are collected.
struct Works<'a> {
    model: &'a Model,
    catalog: &'a Catalog,
    works: Vec<Work>,
    built: Vec<Image>,
    fetched: Vec<Image>,
}

impl Works<'_> {
    /// Adds what a step does, and returns what it pushes. `later` are the steps behind it, `pushed` what earlier
    /// stages pushed.
    fn add(
        &mut self,
        step: &PipelineStep,
        later: &[&PipelineStep],
        pushed: &[Image],
        out: &mut Diagnostics,
    ) -> Vec<Image> {
        let title = || step.title.clone();
        match &step.verb {
            Verb::Run(command) => self.push(title(), Action::Run(command.clone())),
            Verb::Test(command) => self.push(title(), Action::Test(command.clone())),
            Verb::Approve(_) => {}
            Verb::Build(components) => {
                for &component in components {
                    self.build(component, step, later, out);
                }
            }
            Verb::Try(component) => {
                if let Some(image) = self.image(*component, pushed, step.span, out) {
                    self.push(title(), Action::Try(image));
                }
            }
            Verb::Scan(components) => {
                for &component in components {
                    if let Some(image) = self.image(component, pushed, step.span, out) {
                        self.push(title(), Action::Scan(image));
                    }
                }
            }
            Verb::Push(registry) => return self.push_all(*registry, step, out),
            Verb::Deploy { environment, by } => {
                let images = pushed.to_vec();
                let own = self.works.iter().filter_map(|work| match work.action {
                    Action::Push(image) => Some(image),
                    _ => None,
                });
                let images = images.into_iter().chain(own).collect();
                let action = Action::Deploy { environment: environment.clone(), by: by.clone(), images };
                self.push(title(), action);
            }
        }
        Vec::new()
    }

    fn push(&mut self, title: Option<String>, action: Action) {
        self.works.push(Work { title, action });
    }

    fn build(
        &mut self,
        component: ComponentId,
        step: &PipelineStep,
        later: &[&PipelineStep],
        out: &mut Diagnostics,
    ) {
        let about = self.model.component(component);
        if about.workload.as_ref().is_none_or(|workload| workload.build.is_none()) {
            out.push(
                Diagnostic::error("nothing-to-build", step.span, format!("`{}` is not built", about.id))
                    .hint(format!("say `build: FOLDER` on `{}`, or leave it out here", about.id)),
            );
            return;
        }
        let mut registries = Vec::new();
        for step in later {
            if let Verb::Push(registry) = step.verb
                && !registries.contains(&registry)
            {
                registries.push(registry);
            }
        }
        self.built.push(Image { component, registry: registries.first().copied() });
        self.push(step.title.clone(), Action::Build { component, registries });
    }

    /// The image of a component that this stage can use: built here, pushed before, or somebody's own.
    fn image(
        &mut self,
        component: ComponentId,
        pushed: &[Image],
        span: Span,
        out: &mut Diagnostics,
    ) -> Option<Image> {
        let here = |images: &[Image]| images.iter().find(|image| image.component == component).copied();
        if let Some(image) = here(&self.built).or_else(|| here(&self.fetched)) {
            return Some(image);
        }
        if let Some(image) = here(pushed) {
            self.fetched.push(image);
            self.push(None, Action::Fetch(image));
            return Some(image);
        }
        let about = self.model.component(component);
        let workload = about.workload.as_ref();
        if workload.is_some_and(|workload| workload.build.is_none() && workload.image.is_some()) {
            return Some(Image { component, registry: None });
        }
        out.push(
            Diagnostic::error("not-built", span, format!("no step before this one builds `{}`", about.id))
                .label("images do not travel between jobs, unless they are pushed")
                .hint(format!(
                    "add `build: [{}]` before it, or push it in a job that this one needs",
                    about.id
                )),
        );
        None
    }

    fn push_all(&mut self, registry: ComponentId, step: &PipelineStep, out: &mut Diagnostics) -> Vec<Image> {
        let about = self.model.component(registry);
        if !self.catalog.kind(about.kind).has(Trait::Registry) {
            out.push(
                Diagnostic::error("not-a-registry", step.span, format!("`{}` keeps no images", about.id))
                    .hint("push to a component of the kind `registry`"),
            );
            return Vec::new();
        }
        if self.built.is_empty() {
            out.push(
                Diagnostic::error("not-built", step.span, "no step before this one builds anything")
                    .label("images do not travel between jobs")
                    .hint("push in the job that builds"),
            );
            return Vec::new();
        }
        let images: Vec<Image> = self
            .built
            .iter()
            .map(|image| Image { component: image.component, registry: Some(registry) })
            .collect();
        for image in &images {
            self.push(step.title.clone(), Action::Push(*image));
        }
        images
    }
}
