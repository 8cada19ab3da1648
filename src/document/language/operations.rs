//! What people do and decide: contacts, jobs, alarms, issues, runbooks, decisions.

use crate::document::shape::{Keys, Object, Of, Rule, Shape, field, list, many, map, words};

/// `operations`.
pub(super) fn operations() -> Object {
    Object::new(
        "operations",
        "What people do: jobs, alarms, issues, runbooks.",
        vec![
            field("contacts", map(Keys::Id, Shape::Text), "Who is told: addresses by id."),
            field("jobs", map(Keys::Id, job().shape()), "Commands that run once or by schedule, by id."),
            field("alarms", map(Keys::Id, alarm().shape()), "What is watched, by id."),
            field("issues", map(Keys::Id, issue().shape()), "What is known to be wrong or planned, by id."),
            field("runbooks", map(Keys::Id, runbook().shape()), "Procedures beyond the derived ones, by id."),
        ],
    )
}

fn job() -> Object {
    Object::new(
        "job",
        "A command that runs in a component.",
        vec![
            field("in", Shape::Name(Of::Component), "The component whose image and settings it uses.")
                .required(),
            field("run", Shape::Command, "The command.").required(),
            field("title", Shape::Markdown, "What it does.").default("the id"),
            field("description", Shape::Markdown, "More about it."),
            field(
                "when",
                words([
                    ("manual", "Somebody starts it."),
                    ("before-deploy", "Before each deployment."),
                    ("after-deploy", "After each deployment."),
                ]),
                "When it runs.",
            )
            .default("manual"),
            field("schedule", Shape::Schedule, "When it runs, as cron's five fields: `\"0 3 * * *\"`."),
        ],
    )
    .rule(Rule::AtMostOne(&["when", "schedule"]))
    .habits(&[
        ("command", "the command is `run`"),
        ("of", "the component is `in`"),
        ("cron", "say `schedule`"),
        ("on", "say `when`, or `schedule` for the clock: YAML 1.1 tools read `on` as a truth value"),
        (
            "notify",
            "an alarm has `notify`; a job tells nobody: watch what it works on in `operations.alarms`",
        ),
    ])
}

fn alarm() -> Object {
    let level = || {
        Shape::Either(vec![
            Shape::Number(f64::MIN, f64::MAX),
            Shape::Share,
            Shape::Rate,
            Shape::Duration,
            Shape::Size,
        ])
    };
    Object::new(
        "alarm",
        "A measured value with a limit.",
        vec![
            field("watch", Shape::Name(Of::Element), "What is watched: a component or zone.").required(),
            field(
                "metric",
                Shape::Text,
                "What is measured; the form of the element says which metrics it has.",
            )
            .required(),
            field("title", Shape::Markdown, "What has happened when it rings.").default("the id"),
            field("description", Shape::Markdown, "More about it."),
            field("above", level(), "Rings above this: `80%`, `5 per 1m`, `2s`, `10GiB` or a number."),
            field("below", level(), "Rings below this."),
            field("for", Shape::Duration, "How long the limit must be passed.").default("5m"),
            field("notify", many(Shape::Name(Of::Contact)), "Who is told."),
            field("runbook", Shape::Name(Of::Runbook), "The procedure that mends it."),
        ],
    )
    .rule(Rule::ExactlyOne(&["above", "below"]))
    .habits(&[
        ("on", "say `watch`: YAML 1.1 tools read `on` as a truth value"),
        ("of", "what is watched is `watch`"),
        ("threshold", "the limit is `above` or `below`"),
        ("when", "the limit is `above` or `below`, and how long it is passed `for`"),
        ("to", "who is told is `notify`"),
        ("contact", "who is told is `notify`"),
    ])
}

fn issue() -> Object {
    Object::new(
        "issue",
        "Something that is known to be wrong, or planned.",
        vec![
            field("title", Shape::Markdown, "What is wrong.").required(),
            field("of", Shape::Name(Of::Element), "The component or zone it belongs to."),
            field("description", Shape::Markdown, "More about it."),
            field("cause", Shape::Markdown, "Why it happens."),
            field("fix", Shape::Markdown, "What helps."),
            field(
                "state",
                words([
                    ("known", "It is there."),
                    ("planned", "It will be worked on."),
                    ("fixed", "It is gone; kept so that nobody looks for it again."),
                ]),
                "How it stands.",
            )
            .default("known"),
            field("link", Shape::Text, "Where it is discussed."),
        ],
    )
}

fn runbook() -> Object {
    Object::new(
        "runbook",
        "A procedure.",
        vec![
            field("title", Shape::Markdown, "What it is for.").default("the id"),
            field("description", Shape::Markdown, "When to follow it."),
            field("of", Shape::Name(Of::Element), "The component or zone it belongs to."),
            field("steps", list(step().shape()), "The steps in order.").required(),
        ],
    )
}

fn step() -> Object {
    Object::new(
        "step",
        "One step of a procedure.",
        vec![
            field("do", Shape::Markdown, "What to do."),
            field("run", Shape::Command, "The command that does it."),
            field("at", Shape::Name(Of::Element), "Where it runs: a zone or component.")
                .default("the operator's machine"),
            field("expect", Shape::Text, "What the output contains when it went well."),
            field("check", Shape::Command, "A command that succeeds when the step went well."),
            field("rollback", Shape::Markdown, "How to undo it."),
            field("time", Shape::Duration, "How long it takes."),
            field("manual", Shape::Bool, "Whether a person must do it.").default("false"),
            field("safe", Shape::Bool, "Whether a test may run it.").default("false"),
        ],
    )
    .rule(Rule::AtLeastOne(&["do", "run"]))
    .habits(&[
        ("on", "say `at`: YAML 1.1 tools read `on` as a truth value"),
        ("title", "what to do is `do`"),
        ("command", "the command is `run`"),
        ("in", "where it runs is `at`"),
    ])
}

/// One of `decisions`.
pub(super) fn decision() -> Object {
    Object::new(
        "decision",
        "A choice with its reason: a short page.",
        vec![
            field("choose", Shape::Markdown, "What was chosen.").required(),
            field("title", Shape::Markdown, "What the question was.").default("the id"),
            field("of", Shape::Name(Of::Element), "The component or zone it belongs to."),
            field("over", many(Shape::Text), "What was not chosen."),
            field("because", Shape::Markdown, "The reason.").required(),
            field("description", Shape::Markdown, "More about it."),
            field("revisit", Shape::Date, "When to think again: a year, a month or a day."),
        ],
    )
    .habits(&[("why", "the reason is `because`"), ("reason", "the reason is `because`")])
}
