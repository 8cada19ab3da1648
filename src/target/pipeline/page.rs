//! The page about pipelines: when each runs, what it does, what its platform must have, how its runs are looked at.

use serde_json::json;

use crate::model::Trigger;
use crate::model::derive::pipelines::{Action, Stage};
use crate::target::markdown::{self, code, fence, heading, line, table};
use crate::template;

use super::Made;
use super::words::Need;

/// The page.
pub(super) fn text(all: &[Made], picture: &dyn Fn(&str) -> Option<String>) -> String {
    let Some(first) = all.first() else { return String::new() };
    let say = first.input.messages;
    let title = say.say("pipeline.page.title", &[("system", &line(&first.input.model.system().title))]);
    let mut out = format!("{}\n", heading(1, &title));
    for made in all {
        out.push_str(&chapter(made, picture(&made.pipeline.id)));
    }
    markdown::tidy(&out)
}

fn chapter(made: &Made, picture: Option<String>) -> String {
    let (input, pipeline) = (made.input, made.pipeline);
    let say =
        |key: &str, values: &[(&str, &str)]| input.messages.say(&format!("pipeline.page.{key}"), values);
    let form = input.catalog.form(pipeline.form);
    let mut out = format!("\n<a id=\"{}\"></a>\n\n{}\n", pipeline.id, heading(2, &line(&pipeline.title)));
    if let Some(badge) = super::badge(input, pipeline) {
        out.push_str(&format!("\n{badge}\n"));
    }
    if !pipeline.description.trim().is_empty() {
        out.push_str(&format!("\n{}\n", markdown::prose(&pipeline.description, 2).trim_end()));
    }
    if let Some(path) = picture {
        out.push_str(&format!("\n!{}\n", markdown::link(&pipeline.title, &path)));
    }
    let files: Vec<String> = made.paths.iter().map(|path| code(path)).collect();
    if !files.is_empty() {
        let platform = form.title.get(&input.messages.language);
        let values = [("files", files.join(", ")), ("platform", line(platform))];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        out.push_str(&format!("\n{}\n", say("files", &values)));
    }
    out.push_str(&format!("\n{}\n", when(made, &pipeline.trigger)));
    let head = ["job", "after", "work"].map(|key| say(key, &[]));
    let row = |stage: &Stage| {
        let needs: Vec<String> = stage.needs.iter().map(|need| code(need)).collect();
        vec![code(&stage.id), needs.join(", "), does(made, stage)]
    };
    let rows: Vec<Vec<String>> = made.stages.iter().map(row).collect();
    out.push_str(&format!("\n{}\n", table(&head, &rows)));
    out.push_str(&needs(made));
    let once = form.pipeline.as_ref().and_then(|about| about.get("once"));
    let once = once.filter(|_| super::is_made(input, pipeline));
    if let Some(text) = once.and_then(|node| node.get(&input.messages.language)?.as_str()) {
        out.push_str(&format!("\n{text}\n"));
    }
    let context = json!({
        "id": pipeline.id,
        "system": input.model.system().id,
        "environment": input.model.environment().id,
    });
    let keys = ["check", "logs", "restart"].iter();
    let commands: Vec<String> =
        keys.filter_map(|key| template::render(form.runbook.get(*key)?, &context).ok()).collect();
    if !commands.is_empty() {
        out.push_str(&format!("\n{}\n\n{}\n", say("look", &[]), fence("sh", &commands.join("\n"))));
    }
    out
}

/// When it runs, as a sentence.
fn when(made: &Made, trigger: &Trigger) -> String {
    let say = |key: &str, values: &[(&str, &str)]| {
        made.input.messages.say(&format!("pipeline.page.when.{key}"), values)
    };
    let codes = |all: &[String]| all.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    if !trigger.push.is_empty() {
        parts.push(say("push", &[("branches", &codes(&trigger.push))]));
    }
    if !trigger.tags.is_empty() {
        parts.push(say("tag", &[("tags", &codes(&trigger.tags))]));
    }
    let form = made.input.catalog.form(made.pipeline.form).pipeline.as_ref();
    let ignored = form.is_some_and(|about| about.get("proposals").is_some());
    match trigger.pull_request.as_deref().filter(|_| !ignored) {
        Some([]) => parts.push(say("proposal", &[])),
        Some(branches) => parts.push(say("proposal_to", &[("branches", &codes(branches))])),
        None => {}
    }
    if let Some(schedule) = &trigger.schedule {
        parts.push(say("schedule", &[("schedule", &code(schedule))]));
    }
    if trigger.manual {
        parts.push(say("manual", &[]));
    }
    let messages = made.input.messages;
    let mut out = messages.say("pipeline.page.runs", &[("when", &parts.join("; "))]);
    if !trigger.paths.is_empty() && (!trigger.push.is_empty() || trigger.pull_request.is_some() && !ignored) {
        let paths = messages.say("pipeline.page.paths", &[("paths", &codes(&trigger.paths))]);
        out.push_str(&format!(" {paths}"));
    }
    out
}

/// What a stage does, in the order of its works.
fn does(made: &Made, stage: &Stage) -> String {
    let model = made.input.model;
    let say =
        |key: &str, id: &str| made.input.messages.say(&format!("pipeline.page.does.{key}"), &[("id", id)]);
    let mut parts: Vec<String> = Vec::new();
    if let Some(gate) = &stage.gate {
        parts.push(say("approve", &line(gate)));
    }
    for work in &stage.works {
        let id = |image: &crate::model::derive::pipelines::Image| code(&model.component(image.component).id);
        let part = match &work.action {
            Action::Run(_) => work.title.as_ref().map_or_else(|| say("run", ""), |title| line(title)),
            Action::Test(_) => work.title.as_ref().map_or_else(|| say("test", ""), |title| line(title)),
            Action::Build { component, .. } => say("build", &code(&model.component(*component).id)),
            Action::Fetch(image) => say("fetch", &id(image)),
            Action::Try(image) => say("try", &id(image)),
            Action::Scan(image) => say("scan", &id(image)),
            Action::Push(image) => {
                let registry = image.registry.map(|registry| code(&model.component(registry).id));
                let id = id(image);
                let values = [("id", id.as_str()), ("registry", registry.as_deref().unwrap_or_default())];
                made.input.messages.say("pipeline.page.does.push", &values)
            }
            Action::Deploy { environment, .. } => {
                say("deploy", &format!("[{}](runbook/{environment}.md)", line(environment)))
            }
        };
        parts.push(part);
    }
    parts.join("; ")
}

/// What the platform must have before the first run.
fn needs(made: &Made) -> String {
    let input = made.input;
    let say = |key: &str| input.messages.say(&format!("pipeline.page.{key}"), &[]);
    let gates: Vec<&Stage> = made.stages.iter().filter(|stage| stage.gate.is_some()).collect();
    let mut out = String::new();
    if !made.needs.is_empty() {
        out.push_str(&format!("\n{}\n\n", say("needs")));
        let head = ["name", "kept", "about"].map(say);
        let row = |need: &Need| {
            let kept = say(if need.secret { "secret" } else { "variable" });
            vec![code(&need.name), kept, line(&need.about)]
        };
        let rows: Vec<Vec<String>> = made.needs.iter().map(row).collect();
        out.push_str(&format!("{}\n", table(&head, &rows)));
        let about = input.catalog.form(made.pipeline.form).pipeline.as_ref();
        let command = |need: &Need| {
            let key = if need.secret { "set_secret" } else { "set_variable" };
            let pattern = about?.get(key)?.as_str()?;
            template::render(
                pattern,
                &json!({
                    "name": need.name,
                    "id": made.pipeline.id,
                    "system": input.model.system().id,
                    "lines": need.lines,
                }),
            )
            .ok()
        };
        let commands: Vec<String> = made.needs.iter().filter_map(command).collect();
        if !commands.is_empty() {
            out.push_str(&format!("\n{}\n", fence("sh", &commands.join("\n"))));
        }
    }
    if let Some(schedule) = &made.pipeline.trigger.schedule {
        let pattern = input.catalog.form(made.pipeline.form).pipeline.as_ref();
        let pattern = pattern.and_then(|about| about.get("set_schedule")?.as_str());
        let command = pattern.and_then(|pattern| {
            template::render(pattern, &json!({ "schedule": schedule, "id": made.pipeline.id })).ok()
        });
        if let Some(command) = command {
            out.push_str(&format!("\n{}\n\n{}\n", say("clock"), fence("sh", &command)));
        }
    }
    for stage in gates {
        let name = stage.environment.as_deref().unwrap_or(&stage.id);
        let text = line(stage.gate.as_deref().unwrap_or_default());
        let own = input.catalog.form(made.pipeline.form).pipeline.as_ref();
        let own = own.and_then(|about| about.get("gate")?.get(&input.messages.language)?.as_str());
        let own = own.and_then(|own| template::render(own, &json!({ "name": name, "text": text })).ok());
        if let Some(own) = own {
            out.push_str(&format!("\n{own}\n"));
            continue;
        }
        let values = [("name", code(name)), ("text", text)];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        out.push_str(&format!("\n{}\n", input.messages.say("pipeline.page.gate", &values)));
    }
    out
}
