//! Pipelines: when they run, their jobs and the verbs of their steps.

use crate::document::shape::{Keys, Object, Of, Rule, Shape, field, list, many, map, to_field};

const VERBS: &[&str] = &["run", "test", "build", "push", "try", "scan", "approve", "deploy"];

/// One of `pipelines`.
pub(super) fn pipeline() -> Object {
    let steps = || list(step().shape());
    let job = Object::new(
        "pipeline job",
        "Steps on one machine.",
        vec![
            field("needs", many(Shape::Name(Of::Job)), "The jobs that must have succeeded.")
                .default("the job before it"),
            field("image", Shape::Text, "The image that its commands run in, such as `node:22-alpine`.")
                .default("the machine that the platform gives"),
            field("steps", steps(), "The steps in order.").required(),
        ],
    )
    .short(vec![to_field(steps(), &["steps"])]);
    Object::new(
        "pipeline",
        "What builds, tests and deploys.",
        vec![
            field("title", Shape::Markdown, "What it does.").default("the id"),
            field("description", Shape::Markdown, "More about it."),
            field("as", Shape::Name(Of::Form), "What runs it, such as `github-actions` or `gitlab-ci`.")
                .default("the first form that its kind has"),
            field("trigger", trigger().shape(), "When it runs.").default("when somebody starts it"),
            field("steps", steps(), "The steps in order, for a pipeline of one job.")
                .moves_to(&["jobs", "main", "steps"]),
            field("jobs", map(Keys::Id, job), "Jobs by id, in order unless `needs` says otherwise."),
        ],
    )
    .rule(Rule::ExactlyOne(&["steps", "jobs"]))
    .habits(&[("on", "say `trigger`: YAML 1.1 tools read `on` as a truth value"), ("stages", "say `jobs`")])
}

fn trigger() -> Object {
    Object::new(
        "trigger",
        "When a pipeline runs.",
        vec![
            field("push", many(Shape::Text), "The branches whose new commits start it."),
            field("paths", many(Shape::Text), "Only when one of these files has changed."),
            field("tag", many(Shape::Text), "The tags that start it, such as `v*`."),
            field(
                "pull_request",
                Shape::Either(vec![Shape::Bool, many(Shape::Text)]),
                "Whether a proposed change starts it, or the branches it must aim at.",
            ),
            field("schedule", Shape::Schedule, "When it runs, as cron's five fields."),
            field("manual", Shape::Bool, "Whether somebody can start it.").default("true"),
        ],
    )
    .rule(Rule::AtLeastOne(&["push", "tag", "pull_request", "schedule", "manual"]))
    .habits(&[
        ("branches", "the branches stand in `push`"),
        ("tags", "say `tag`"),
        ("cron", "say `schedule`"),
    ])
}

fn step() -> Object {
    let ids = || many(Shape::Name(Of::Component));
    Object::new(
        "pipeline step",
        "One verb.",
        vec![
            field("run", Shape::Command, "Runs a command."),
            field("test", Shape::Command, "Runs a command that tests; its failure stops everything."),
            field("build", ids(), "Builds the images of these components."),
            field("push", Shape::Name(Of::Component), "Pushes what was built to this registry."),
            field(
                "try",
                Shape::Name(Of::Component),
                "Runs this component in the runner and checks its health.",
            ),
            field("scan", ids(), "Scans the images of these components for known holes."),
            field("approve", Shape::Markdown, "Waits until somebody agrees to this."),
            field("deploy", Shape::Name(Of::Environment), "Deploys this environment."),
            field("by", Shape::Text, "What deploys, such as `cloudformation`.")
                .default("the environment's target"),
            field("title", Shape::Markdown, "What the step is called.").default("derived from the verb"),
        ],
    )
    .rule(Rule::ExactlyOne(VERBS))
    .habits(&[("name", "the name of a step is `title`"), ("uses", "say what it does: `run: …`")])
}
