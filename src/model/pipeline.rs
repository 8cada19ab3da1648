//! Pipelines: what builds, tests and deploys, with the components of one environment.

use super::{ComponentId, Template};
use crate::catalog::FormId;
use crate::source::Span;

/// What builds, tests and deploys.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Its id.
    pub id: String,
    /// Its title; the id when none was given.
    pub title: String,
    /// Markdown.
    pub description: String,
    /// What runs it.
    pub form: FormId,
    /// Whether no other pipeline of the description is run by the same form.
    pub alone: bool,
    /// When it runs.
    pub trigger: Trigger,
    /// Its jobs, in order.
    pub jobs: Vec<PipelineJob>,
    /// Where it is written.
    pub span: Span,
}

impl Pipeline {
    /// The environments that it deploys, in order.
    pub fn deploys(&self) -> impl Iterator<Item = &str> {
        self.jobs.iter().flat_map(|job| &job.steps).filter_map(|step| match &step.verb {
            Verb::Deploy { environment, .. } => Some(environment.as_str()),
            _ => None,
        })
    }
}

/// When a pipeline runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trigger {
    /// Branches whose new commits start it.
    pub push: Vec<String>,
    /// Files of which one must have changed; empty: any.
    pub paths: Vec<String>,
    /// Tags that start it.
    pub tags: Vec<String>,
    /// Branches that a proposed change must aim at; empty: any; `None`: proposals start nothing.
    pub pull_request: Option<Vec<String>>,
    /// When it runs by the clock, in cron's words.
    pub schedule: Option<String>,
    /// Whether somebody can start it.
    pub manual: bool,
}

/// Steps on one machine.
#[derive(Debug, Clone)]
pub struct PipelineJob {
    /// Its id.
    pub id: String,
    /// The jobs that must have succeeded.
    pub needs: Vec<String>,
    /// The image that its commands run in.
    pub image: Option<String>,
    /// In order.
    pub steps: Vec<PipelineStep>,
}

/// One step of a job.
#[derive(Debug, Clone)]
pub struct PipelineStep {
    /// What it is called, when the author says so.
    pub title: Option<String>,
    /// What it does.
    pub verb: Verb,
    /// Where it is written.
    pub span: Span,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// Runs a command.
    Run(Template),
    /// Runs a command whose failure means that the sources are wrong.
    Test(Template),
    /// Builds images.
    Build(Vec<ComponentId>),
    /// Pushes what was built to a registry.
    Push(ComponentId),
    /// Runs a container and checks its health.
    Try(ComponentId),
    /// Looks for known holes in images.
    Scan(Vec<ComponentId>),
    /// Waits until somebody agrees.
    Approve(String),
    /// Deploys an environment.
    Deploy {
        /// Its id.
        environment: String,
        /// What deploys it, when the author says so.
        by: Option<String>,
    },
}
