//! Pipelines: the files that their platforms read, and a page about them.
//!
//! A file is a template in the catalog file of the platform's form, over what `context` says. What it gives is read
//! as YAML and written again from that structure, so that no text of the author can become anything else.

mod context;
mod images;
mod page;
mod scripts;
mod words;

use serde_json::Value;

use crate::artifact::{Artifact, RelPath, Root};
use crate::catalog::TargetName;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Map as NodeMap, Node};
use crate::document::yaml;
use crate::model::derive::pipelines::{Stage, stages};
use crate::model::{Loss, Pipeline};
use crate::source::Span;
use crate::template;

use super::compose::{emit, tree};
use super::delivery;
use super::{Input, Output};
use words::{Need, Words};

/// The word for it in `--only` and in the lock.
pub const NAME: &str = "pipelines";

/// The page about all pipelines, in the output folder.
pub const PAGE: &str = "pipelines.md";

/// One pipeline with the environments that it knows.
struct Made<'a> {
    /// The environment whose components it names.
    input: &'a Input<'a>,
    pipeline: &'a Pipeline,
    stages: Vec<Stage>,
    /// Secrets and variables that its platform must have.
    needs: Vec<Need>,
    /// The files' paths.
    paths: Vec<String>,
}

/// What was found while a pipeline was written.
struct Findings {
    losses: Vec<Loss>,
    diagnostics: Diagnostics,
    pipeline: String,
    span: Span,
}

impl Findings {
    /// A row of the loss report, by the key of its sentences.
    fn loss(&mut self, words: &Words, id: &str, key: &str, values: &[(&str, &str)]) {
        let mut values = values.to_vec();
        values.push(("id", id));
        let say = words.input.messages;
        let row = Loss {
            target: NAME.to_owned(),
            element: self.pipeline.clone(),
            what: say.say(&format!("pipeline.loss.{key}.what"), &values),
            why: say.say(&format!("pipeline.loss.{key}.why"), &values),
        };
        if !self.losses.contains(&row) {
            self.losses.push(row);
        }
    }

    fn bad(&mut self, message: String) {
        self.diagnostics.push(
            Diagnostic::error("bad-template", self.span, message)
                .hint("correct the form's file; its names stand in the built-in one"),
        );
    }
}

/// The files of all pipelines, and the page about them. `inputs` are all environments, in order, `written` the ids of
/// all pipelines of the description, `picture` the path of a pipeline's picture in the output folder.
pub fn generate(
    inputs: &[Input],
    written: &[&str],
    workflows: &str,
    picture: &dyn Fn(&str) -> Option<String>,
) -> Output {
    let mut output = Output::default();
    let mut all: Vec<Made> = Vec::new();
    for id in written {
        match home(inputs, id) {
            Some((input, pipeline)) => {
                let stages = stages(pipeline, input.model, input.catalog, &mut output.diagnostics);
                all.push(Made { input, pipeline, stages, needs: Vec::new(), paths: Vec::new() });
            }
            None => output.losses.extend(inputs.first().map(|input| Loss {
                target: NAME.to_owned(),
                element: (*id).to_owned(),
                what: input.messages.say("pipeline.loss.homeless.what", &[("id", id)]),
                why: input.messages.say("pipeline.loss.homeless.why", &[]),
            })),
        }
    }
    if output.diagnostics.has_errors() {
        return output;
    }
    for at in 0..all.len() {
        let siblings: Vec<&str> = all
            .iter()
            .filter(|made| made.pipeline.form == all[at].pipeline.form)
            .map(|made| made.pipeline.id.as_str())
            .collect();
        let (paths, needs) = files(&all[at], inputs, &siblings, workflows, &mut output);
        all[at].paths = paths;
        all[at].needs = needs;
    }
    for input in inputs {
        preparations(input, &mut output);
    }
    if let (false, Ok(path)) = (all.is_empty(), RelPath::new(PAGE)) {
        let text = page::text(&all, picture);
        let from = all.iter().map(|made| made.pipeline.span).collect();
        output.artifacts.push(Artifact { from, ..Artifact::text(NAME, path, text) });
    }
    output
}

/// The badges of all pipelines, as Markdown.
pub fn badges(inputs: &[Input], written: &[&str]) -> Vec<String> {
    let all = written.iter().filter_map(|id| home(inputs, id));
    all.filter_map(|(input, pipeline)| badge(input, pipeline)).collect()
}

/// The first environment whose components a pipeline names.
fn home<'a>(inputs: &'a [Input<'a>], id: &str) -> Option<(&'a Input<'a>, &'a Pipeline)> {
    inputs.iter().find_map(|input| {
        let pipeline = input.model.pipelines().iter().find(|pipeline| pipeline.id == id)?;
        Some((input, pipeline))
    })
}

/// The badge of a pipeline with a link to its runs, as Markdown; `None` where its platform has none, or nobody said
/// where the sources are.
pub(super) fn badge(input: &Input, pipeline: &Pipeline) -> Option<String> {
    let image = address(input, pipeline, "badge")?;
    let page = address(input, pipeline, "page")?;
    Some(format!("[![{}]({image})]({page})", super::markdown::line(&pipeline.title)))
}

/// Whether Terraform makes a pipeline itself, with its environment.
pub(super) fn is_made(input: &Input, pipeline: &Pipeline) -> bool {
    input.catalog.form(pipeline.form).terraform.is_some() && input.model.has_target(TargetName::Terraform)
}

/// An address of a pipeline at its platform.
fn address(input: &Input, pipeline: &Pipeline, key: &str) -> Option<String> {
    let repository = input.model.system().repository.as_deref()?;
    let repository = repository.trim_end_matches('/').trim_end_matches(".git");
    let pattern = input.catalog.form(pipeline.form).pipeline.as_ref()?.get(key)?.as_str()?;
    let context = serde_json::json!({ "repository": repository, "id": pipeline.id });
    template::render(pattern, &context).ok().filter(|address| address.starts_with("https://"))
}

/// Writes the files of one pipeline; their paths, and what its platform must have.
fn files(
    made: &Made,
    inputs: &[Input],
    siblings: &[&str],
    workflows: &str,
    output: &mut Output,
) -> (Vec<String>, Vec<Need>) {
    let form = made.input.catalog.form(made.pipeline.form);
    let mut findings = Findings {
        losses: Vec::new(),
        diagnostics: Diagnostics::default(),
        pipeline: made.pipeline.id.clone(),
        span: form.span,
    };
    let mut paths = Vec::new();
    let mut needs = Vec::new();
    let mut written = String::new();
    match &form.pipeline {
        Some(about) => {
            if form.targets.contains(&TargetName::Terraform) && !is_made(made.input, made.pipeline) {
                let words = Words { input: made.input, needs: &words::Needs::default() };
                findings.loss(&words, &form.name, "infrastructure", &[("pipeline", &made.pipeline.id)]);
            }
            let (context, needed) = context::context(made, about, inputs, siblings, workflows, &mut findings);
            needs = needed;
            for file in about.get("files").and_then(Node::as_list).unwrap_or_default() {
                for context in each(file, &context) {
                    let Some((path, text)) = file_of(file, &context, &mut findings) else { continue };
                    paths.push(path.as_str().to_owned());
                    written.push_str(&text);
                    output.artifacts.push(Artifact {
                        root: Root::Beside,
                        from: vec![made.pipeline.span],
                        ..Artifact::text(NAME, path, text)
                    });
                }
            }
        }
        None => {
            let words = Words { input: made.input, needs: &words::Needs::default() };
            findings.loss(&words, &form.name, "form", &[("pipeline", &made.pipeline.id)]);
        }
    }
    // What a template could have named and did not, nobody has to set.
    needs.retain(|need: &Need| !need.if_named || written.contains(&need.name));
    output.losses.extend(findings.losses);
    output.diagnostics.extend(findings.diagnostics);
    (paths, needs)
}

/// The files of what comes before the deployments of an environment.
fn preparations(input: &Input, output: &mut Output) {
    for first in delivery::preparations(input) {
        let component = input.model.component(first.of);
        let form = input.catalog.form(component.form);
        let mut findings = Findings {
            losses: Vec::new(),
            diagnostics: Diagnostics::default(),
            pipeline: input.model.environment().id.clone(),
            span: form.span,
        };
        let context = Value::Object(delivery::preparation_context(input, &first));
        if let Some((path, text)) = file_of(first.about, &context, &mut findings) {
            output.artifacts.push(Artifact {
                environment: Some(input.model.environment().id.clone()),
                from: vec![component.span],
                ..Artifact::text(NAME, path, text)
            });
        }
        output.diagnostics.extend(findings.diagnostics);
    }
}

/// The contexts that a file is made for: one, or one for each stage.
fn each(file: &Node, context: &Value) -> Vec<Value> {
    let Some(list) = file.get("each").and_then(Node::as_str).and_then(|key| context.get(key)?.as_array())
    else {
        return vec![context.clone()];
    };
    let with = |stage: &Value| {
        let mut context = context.clone();
        context["stage"] = stage.clone();
        context
    };
    list.iter().map(with).collect()
}

/// One file: its path, and its text from the structure that its template gives. `None` where its path is empty, which
/// is how a form says that a pipeline has no such file.
fn file_of(file: &Node, context: &Value, findings: &mut Findings) -> Option<(RelPath, String)> {
    let mut fill = |key: &str| {
        let pattern = file.get(key).and_then(Node::as_str).unwrap_or_default();
        template::render(pattern, context).map_err(|error| {
            let line = error.line.map(|line| format!(" (line {line} of `{key}`)")).unwrap_or_default();
            findings.bad(format!("{}{line}", error.message));
        })
    };
    let (path, text) = (fill("path").ok()?, fill("content").ok()?);
    if path.trim().is_empty() {
        return None;
    }
    let path = RelPath::new(path.trim()).map_err(|error| findings.bad(error.to_string())).ok()?;
    let mut wrong = Diagnostics::default();
    let node = yaml::parse(findings.span.source, &text, &mut wrong);
    let Some(map) = node.as_ref().and_then(Node::as_map).filter(|_| !wrong.has_errors()) else {
        let first = wrong.sorted().into_iter().next().cloned();
        let reason = first.as_ref().map(|found| found.message.clone()).unwrap_or_default();
        let at = first.and_then(|found| found.span).map_or(0, |span| span.start as usize);
        let line = text.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let rest = text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
        findings.bad(format!(
            "the file `{path}` of `{}` is no YAML: {reason}, at `{}`",
            findings.pipeline,
            format!("{line}{rest}").trim()
        ));
        return None;
    };
    Some((path, emit::yaml(&structure(map))))
}

/// What is written: sections and jobs stand apart.
fn structure(map: &NodeMap) -> tree::Map {
    let mut out = tree::Map::default();
    for entry in &map.entries {
        out.section(entry.key.value.clone(), tree::from_node(&entry.value), String::new());
        let Some(last) = out.entries.last_mut() else { continue };
        let tree::Data::Map(inner) = &mut last.value else {
            last.apart = false;
            continue;
        };
        let jobs = inner.entries.iter().all(|entry| matches!(entry.value, tree::Data::Map(_)));
        let large =
            |entry: &tree::Entry| matches!(&entry.value, tree::Data::Map(map) if map.entries.len() > 2);
        if jobs && inner.entries.iter().all(large) {
            inner.entries.iter_mut().for_each(|entry| entry.apart = true);
        }
    }
    out
}
