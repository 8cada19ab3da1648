//! What people do with the system: jobs, alarms, procedures, known issues, decisions, flows.

use super::{ConnectionId, End, Template};
use crate::source::Span;

/// Everything about running the system.
#[derive(Debug, Clone, Default)]
pub struct Operations {
    /// Names and addresses.
    pub contacts: Vec<(String, String)>,
    /// Commands that run once or by the clock.
    pub jobs: Vec<Job>,
    /// What wakes somebody up.
    pub alarms: Vec<Alarm>,
    /// Step by step.
    pub procedures: Vec<Procedure>,
    /// Known, planned and fixed problems.
    pub issues: Vec<Issue>,
    /// Choices with reasons.
    pub decisions: Vec<Decision>,
    /// Walks along connections.
    pub flows: Vec<Flow>,
}

/// A command that runs once or by the clock.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// Its title; the id when none was given.
    pub title: String,
    /// More about it (Markdown).
    pub description: String,
    /// Where it runs.
    pub at: End,
    /// The command.
    pub run: Template,
    /// When.
    pub when: JobTime,
    /// Where it is written.
    pub span: Span,
}

/// When a job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobTime {
    /// When somebody starts it.
    Manual,
    /// Before each deployment.
    BeforeDeploy,
    /// After each deployment.
    AfterDeploy,
    /// By the clock, in cron's words.
    Schedule(String),
}

/// What wakes somebody up.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// Its id.
    pub id: String,
    /// What has happened when it rings.
    pub title: Option<String>,
    /// More about it (Markdown).
    pub description: Option<String>,
    /// What is watched.
    pub watch: End,
    /// Which metric.
    pub metric: String,
    /// Above which value, as written.
    pub above: Option<String>,
    /// Below which value, as written.
    pub below: Option<String>,
    /// For how many seconds the limit must be passed.
    pub lasting: u64,
    /// Id of a contact.
    pub notify: Option<String>,
    /// Id of a procedure.
    pub procedure: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// Step by step.
#[derive(Debug, Clone)]
pub struct Procedure {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// More about it (Markdown).
    pub description: String,
    /// In order.
    pub steps: Vec<Step>,
}

/// One step of a procedure.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// What to do, in words.
    pub action: String,
    /// What to run.
    pub run: Option<Template>,
    /// What the output shows then.
    pub expect: Option<String>,
    /// A command that must succeed.
    pub check: Option<Template>,
    /// How to go back.
    pub rollback: Option<Template>,
    /// How long it takes, as written.
    pub time: Option<String>,
    /// Where; `None`: on the operator's machine.
    pub at: Option<String>,
    /// Whether a person must do it by hand.
    pub manual: bool,
    /// Whether it changes nothing.
    pub safe: bool,
}

/// A known, planned or fixed problem.
#[derive(Debug, Clone)]
pub struct Issue {
    /// Its id.
    pub id: String,
    /// What it is.
    pub title: String,
    /// What it belongs to.
    pub of: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// Why it happens.
    pub cause: Option<String>,
    /// What helps.
    pub fix: Option<String>,
    /// Where it is discussed.
    pub link: Option<String>,
    /// `known`, `planned` or `fixed`.
    pub state: String,
}

/// A choice with its reason.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its id.
    pub id: String,
    /// Its title; made of the choice when none was given.
    pub title: Option<String>,
    /// What it belongs to.
    pub of: Option<String>,
    /// What was chosen.
    pub choose: String,
    /// What was not.
    pub over: Vec<String>,
    /// Why.
    pub because: String,
    /// More about it (Markdown).
    pub description: String,
    /// When to look at it again, as written.
    pub revisit: Option<String>,
}

/// A walk along connections.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Markdown: when and why it is walked.
    pub description: String,
    /// In order.
    pub steps: Vec<FlowStep>,
    /// What the author wrote, but an end of which does not exist in this environment.
    pub gone: Vec<GoneStep>,
}

/// A step that is not walked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneStep {
    /// From where, by id.
    pub from: String,
    /// To where, by id.
    pub to: String,
    /// What would happen.
    pub text: String,
}

/// One step of a walk.
#[derive(Debug, Clone)]
pub struct FlowStep {
    /// From where.
    pub from: End,
    /// To where.
    pub to: End,
    /// What happens.
    pub text: String,
    /// The connections it goes along, in order; more than one where it looks through a transparent one.
    pub along: Vec<ConnectionId>,
}
