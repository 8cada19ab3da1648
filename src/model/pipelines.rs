//! Reads the pipelines that an environment gives its components to.
//!
//! A pipeline is made once, where it is written, and its ids are those of the environment that it deploys first; one
//! that deploys nothing and stands outside of all environments can take those of any that has them all.

use super::build::Builder;
use super::merge::unknown;
use super::{Pipeline, PipelineJob, PipelineStep, Trigger, Verb, read};
use crate::catalog::{Catalog, FormId, Trait};
use crate::diag::{Diagnostic, Diagnostics, suggest};
use crate::document::Document;
use crate::document::tree::{Entry, Map, Node};

impl Builder<'_> {
    /// The pipelines whose ids are those of this environment.
    pub(super) fn pipelines(&mut self) {
        let environment = self.model.environment.id.clone();
        for (home, entry) in written(self.document) {
            let first = first_deployed(&entry.value);
            if first.or(home).is_some_and(|id| id != environment) {
                continue;
            }
            if let Some(pipeline) = self.pipeline(entry) {
                self.model.pipelines.push(pipeline);
            }
        }
    }

    /// A pipeline; `None` when this environment lacks something that it names, or its form is none.
    fn pipeline(&mut self, entry: &Entry) -> Option<Pipeline> {
        let node = &entry.value;
        let language = self.messages.language.clone();
        let mut jobs: Vec<PipelineJob> = Vec::new();
        let all: Vec<(String, Node)> =
            read::entries(node, "jobs").map(|(id, job)| (id.to_owned(), job.clone())).collect();
        for (id, job) in all {
            let mut steps = Vec::new();
            for step in read::nodes(&job, "steps") {
                let verb = self.verb(step, &language)?;
                steps.push(PipelineStep {
                    title: read::prose(step, "title", &language),
                    verb,
                    span: step.span,
                });
            }
            let needs = match job.get("needs") {
                Some(_) => read::texts(&job, "needs"),
                None => jobs.last().map(|before| before.id.clone()).into_iter().collect(),
            };
            let image = read::text(&job, "image");
            jobs.push(PipelineJob { id, needs, image, steps });
        }
        Some(Pipeline {
            id: entry.key.value.clone(),
            title: read::prose(node, "title", &language).unwrap_or_else(|| entry.key.value.clone()),
            description: read::prose(node, "description", &language).unwrap_or_default(),
            form: self.pipeline_form(node)?,
            alone: written(self.document)
                .filter(|(_, other)| self.pipeline_form(&other.value) == self.pipeline_form(node))
                .count()
                < 2,
            trigger: trigger(node.get("trigger")),
            jobs,
            span: entry.key.span,
        })
    }

    /// What runs it; a word that is no form of pipelines was reported when the names were checked.
    fn pipeline_form(&self, node: &Node) -> Option<FormId> {
        let kind = self.catalog.kinds().iter().find(|kind| kind.has(Trait::Pipeline))?;
        let mut forms = kind.forms.iter().map(|used| used.form);
        match node.get("as").and_then(Node::as_str) {
            Some(name) => forms.find(|form| self.catalog.form(*form).name == name),
            None => forms.next(),
        }
    }

    fn verb(&mut self, step: &Node, language: &str) -> Option<Verb> {
        let all = |builder: &Self, key: &str| -> Option<Vec<super::ComponentId>> {
            read::texts(step, key).iter().map(|name| builder.find_component(name)).collect()
        };
        let one = |builder: &Self, key: &str| builder.find_component(&read::text(step, key)?);
        for key in step.as_map().into_iter().flat_map(Map::keys) {
            return Some(match key {
                "run" => Verb::Run(self.words(step.get("run")?)?),
                "test" => Verb::Test(self.words(step.get("test")?)?),
                "build" => Verb::Build(all(self, "build")?),
                "push" => Verb::Push(one(self, "push")?),
                "try" => Verb::Try(one(self, "try")?),
                "scan" => Verb::Scan(all(self, "scan")?),
                "approve" => Verb::Approve(read::prose(step, "approve", language)?),
                "deploy" => {
                    Verb::Deploy { environment: read::text(step, "deploy")?, by: read::text(step, "by") }
                }
                _ => continue,
            });
        }
        None
    }
}

/// The ids of all pipelines, in the order of the description.
pub fn ids(document: &Document) -> Vec<&str> {
    written(document).map(|(_, entry)| entry.key.value.as_str()).collect()
}

/// All pipelines, with the environment that each stands in, if any. What an environment deletes is none.
pub(super) fn written(document: &Document) -> impl Iterator<Item = (Option<&str>, &Entry)> {
    let base = document.base.pipelines.entries.iter().map(|entry| (None, entry));
    let own = document.environments.iter().flat_map(|environment| {
        let id = environment.id.value.as_str();
        environment.layer.pipelines.entries.iter().map(move |entry| (Some(id), entry))
    });
    base.chain(own).filter(|(_, entry)| !entry.value.is_null())
}

/// The environment that a pipeline deploys first.
fn first_deployed(pipeline: &Node) -> Option<&str> {
    let jobs = read::entries(pipeline, "jobs");
    jobs.flat_map(|(_, job)| read::nodes(job, "steps")).find_map(|step| step.get("deploy")?.as_str())
}

/// What the pipelines say that deploys an environment; the first one counts.
pub(super) fn deployed_by(document: &Document, environment: &str) -> Option<String> {
    written(document)
        .flat_map(|(_, entry)| read::entries(&entry.value, "jobs"))
        .flat_map(|(_, job)| read::nodes(job, "steps"))
        .filter(|step| step.get("deploy").and_then(Node::as_str) == Some(environment))
        .find_map(|step| read::text(step, "by"))
}

/// The components whose images pipelines build and push before they deploy an environment.
pub(super) fn delivered(document: &Document, environment: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (_, entry) in written(document) {
        let steps = || read::entries(&entry.value, "jobs").flat_map(|(_, job)| read::nodes(job, "steps"));
        let deploys = |step: &Node| step.get("deploy").and_then(Node::as_str) == Some(environment);
        if steps().any(deploys) && steps().any(|step| step.get("push").is_some()) {
            all.extend(steps().flat_map(|step| read::texts(step, "build")));
        }
    }
    all
}

/// Reports what is wrong with pipelines wherever they stand: two of one name, whose files would be one, and forms
/// that run none.
pub(super) fn check(document: &Document, catalog: &Catalog, out: &mut Diagnostics) {
    let mut seen: Vec<&Entry> = Vec::new();
    let kind = catalog.kinds().iter().find(|kind| kind.has(Trait::Pipeline));
    let forms: Vec<&str> = kind
        .into_iter()
        .flat_map(|kind| &kind.forms)
        .map(|used| catalog.form(used.form).name.as_str())
        .collect();
    for (_, entry) in written(document) {
        let id = &entry.key.value;
        if let Some(first) = seen.iter().find(|other| other.key.value == *id) {
            out.push(
                Diagnostic::error(
                    "pipeline-twice",
                    entry.key.span,
                    format!("two pipelines are called `{id}`"),
                )
                .label("their files would have one name")
                .related(first.key.span, "the first")
                .hint("give one of them another id"),
            );
            continue;
        }
        seen.push(entry);
        let Some(node) = entry.value.get("as") else { continue };
        let Some(name) = node.as_str().filter(|name| !forms.contains(name)) else { continue };
        out.push(match catalog.find_form(name) {
            Some(_) => {
                let report =
                    Diagnostic::error("form-of-other-kind", node.span, format!("`{name}` runs no pipelines"));
                match suggest::nearest(name, forms.iter().copied()) {
                    Some(near) => report.hint(format!("did you mean `{near}`?")),
                    None => report.hint(format!("there are: {}", forms.join(", "))),
                }
            }
            None => unknown("unknown-form", "form", name, node.span, forms.iter().copied()),
        });
    }
}

fn trigger(node: Option<&Node>) -> Trigger {
    let Some(node) = node else { return Trigger { manual: true, ..Trigger::default() } };
    let pull_request = match node.get("pull_request") {
        None => None,
        Some(value) => match value.as_scalar().and_then(|scalar| scalar.as_bool()) {
            Some(false) => None,
            Some(true) => Some(Vec::new()),
            None => Some(read::texts(node, "pull_request")),
        },
    };
    Trigger {
        push: read::texts(node, "push"),
        paths: read::texts(node, "paths"),
        tags: read::texts(node, "tag"),
        pull_request,
        schedule: read::text(node, "schedule"),
        manual: read::flag(node, "manual").unwrap_or(true),
    }
}
