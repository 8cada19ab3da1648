//! Pipelines that the provider runs: what the templates of their forms may name.

use serde_json::{Map, Value, json};

use super::files::{self, Piece};
use super::{Element, Findings, element, element_pieces, naming};
use crate::catalog::{Catalog, TargetName};
use crate::diag::Diagnostics;
use crate::document::tree::Node;
use crate::model::derive::pipelines::{Action, Image, Stage, stages};
use crate::model::{Built, ComponentId, Pipeline};
use crate::target::Input;
use crate::target::delivery;
use crate::target::host;
use crate::template;

/// Hosts of sources that the provider connects to, with its words for them.
const HOSTS: [(&str, &str); 3] =
    [("github.com", "GitHub"), ("gitlab.com", "GitLab"), ("bitbucket.org", "Bitbucket")];

/// The values of cron's five fields.
const FIELDS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The blocks of all pipelines of this environment whose forms Terraform makes.
pub(super) fn pieces(input: &Input, findings: &mut Findings) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for pipeline in input.model.pipelines() {
        let form = input.catalog.form(pipeline.form);
        if form.terraform.is_none() {
            continue;
        }
        let element = Element {
            form: pipeline.form,
            built: &Built::By(TargetName::Terraform),
            id: &pipeline.id,
            span: pipeline.span,
            file: files::of_element(input.model, &pipeline.id),
        };
        pieces.extend(element_pieces(input, &element, || context(input, pipeline), findings));
    }
    pieces
}

/// `id`, `name`, `title`, `full`, `system`, `environment`, `deploys`, `trigger` (`push`, `paths`, `tags`, `proposals`),
/// `clock` (in the provider's words), `source` (`provider`, `path`, `branch`) and `stages`: each with `id`, `name`
/// (of its resources), `file` (what its build reads), `gate`, `image`, `arm`, `docker`, `deploys` and `rights`.
fn context(input: &Input, pipeline: &Pipeline) -> Value {
    let model = input.model;
    let trigger = &pipeline.trigger;
    // What is wrong with them is reported where their files are written.
    let stages = stages(pipeline, model, input.catalog, &mut Diagnostics::default());
    let stages: Vec<Value> =
        stages.iter().enumerate().map(|(at, stage)| one_stage(input, pipeline, at + 1, stage)).collect();
    json!({
        "id": pipeline.id,
        "name": naming::identifier(&pipeline.id),
        "title": pipeline.title,
        "full": naming::full(model, &Built::By(TargetName::Terraform), &pipeline.id),
        "system": model.system().id,
        "environment": model.environment().id,
        "say": element::sentences(input),
        "deploys": pipeline.deploys().next().is_some(),
        "trigger": {
            "push": trigger.push,
            "paths": trigger.paths,
            "tags": trigger.tags,
            "proposals": trigger.pull_request.is_some(),
        },
        "clock": trigger.schedule.as_deref().map(clock),
        "source": source(input, pipeline),
        "stages": stages,
    })
}

/// Where the sources are.
fn source(input: &Input, pipeline: &Pipeline) -> Value {
    let written = input.model.system().repository.as_deref().unwrap_or("https://github.com/");
    let address = written.trim_end_matches('/').trim_end_matches(".git");
    let (host, path) =
        address.split_once("://").map_or(address, |(_, rest)| rest).split_once('/').unwrap_or((address, ""));
    let provider = HOSTS.iter().find(|(known, _)| *known == host.trim_end_matches('/')).map(|(_, word)| *word);
    let branch = pipeline.trigger.push.iter().find(|branch| !branch.contains(['*', '?', '[', '{']));
    json!({
        "provider": provider,
        "path": path.contains('/').then_some(path),
        "branch": branch.map_or("main", String::as_str),
    })
}

fn one_stage(input: &Input, pipeline: &Pipeline, number: usize, stage: &Stage) -> Value {
    let model = input.model;
    let arm = stage.components().any(|id| {
        let workload = model.component(id).workload.as_ref();
        workload.and_then(|workload| workload.platform.as_ref()).is_some_and(|name| name.contains("arm"))
    });
    json!({
        "id": stage.id,
        "number": number,
        "name": naming::identifier(&format!("{}_{}", pipeline.id, stage.id)),
        "file": file(input.catalog, pipeline, number, stage),
        "gate": stage.gate,
        // With images, commands run in containers of this one in place of the build itself.
        "image": stage.image.as_ref().filter(|_| !stage.has_images()),
        "arm": arm,
        "docker": stage.has_images(),
        "deploys": stage.environment.is_some(),
        "rights": rights(input, stage),
    })
}

/// The path of the file that a stage's build reads: the pipeline's form gives one for each stage.
fn file(catalog: &Catalog, pipeline: &Pipeline, number: usize, stage: &Stage) -> Option<String> {
    let files = catalog.form(pipeline.form).pipeline.as_ref()?.get("files")?.as_list()?;
    let file = files.iter().find(|file| file.get("each").is_some())?;
    let context = json!({
        "id": pipeline.id, "alone": pipeline.alone, "stage": { "id": stage.id, "number": number },
    });
    template::render(file.get("path")?.as_str()?, &context).ok()
}

/// What a stage's build may do: fetch and push images, and bring them into service.
fn rights(input: &Input, stage: &Stage) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut add = |more: Vec<Value>| {
        for right in more {
            if !all.contains(&right) {
                all.push(right);
            }
        }
    };
    for work in &stage.works {
        match &work.action {
            Action::Fetch(Image { registry: Some(registry), .. }) => add(of_registry(input, *registry, false)),
            Action::Push(Image { registry: Some(registry), .. }) => add(of_registry(input, *registry, true)),
            Action::Deploy { environment, by, images } => {
                if *environment == input.model.environment().id {
                    add(of_machines(input));
                }
                for image in images {
                    add(of_service(input, image.component, environment, by.as_deref()));
                }
            }
            _ => {}
        }
    }
    all
}

/// Rights at a registry.
fn of_registry(input: &Input, id: ComponentId, writes: bool) -> Vec<Value> {
    let form = input.catalog.form(input.model.component(id).form);
    let context = delivery::context(input, id);
    let mut all = delivery::rights(form.delivery.as_ref().and_then(|node| node.get("rights")), &context);
    if let Some(grants) = &form.grants {
        let mut actions = grants.read.clone();
        if writes {
            actions.extend(grants.write.iter().filter(|action| !grants.read.contains(action)).cloned());
        }
        let context = Value::Object(context);
        let resources: Vec<String> =
            grants.resources.iter().filter_map(|text| template::render(text, &context).ok()).collect();
        all.push(json!({ "actions": actions, "resources": resources, "conditions": [] }));
    }
    all
}

/// Rights at the machines of this environment that start their containers by themselves.
fn of_machines(input: &Input) -> Vec<Value> {
    let own = input.model.zones().filter(|(id, _)| host::starts(input, *id).is_some());
    let rights = own.filter_map(|(_, zone)| {
        let about = input.catalog.form(zone.form?).delivery.as_ref()?;
        Some(delivery::rights(about.get("rights"), &delivery::zone_context(input, zone)))
    });
    rights.flatten().collect()
}

/// Rights at what runs an image, in this environment or in another one of the same account.
fn of_service(input: &Input, id: ComponentId, environment: &str, by: Option<&str>) -> Vec<Value> {
    let Some(about) = input.catalog.form(input.model.component(id).form).delivery.as_ref() else {
        return Vec::new();
    };
    let home = &input.model.environment().id;
    let by = if environment == home { input.facts.rollout(id).map(|rollout| rollout.by.as_str()) } else { by };
    let context = elsewhere(delivery::context(input, id), (&input.model.system().id, home), environment);
    let mut all = delivery::rights(about.get("rights"), &context);
    if let Some(way) = by.and_then(|by| about.get("by")?.get(by)) {
        all.extend(delivery::rights(way.get("rights"), &context));
        let first = way.get("prepare").and_then(|first: &Node| first.get("rights"));
        all.extend(delivery::rights(first, &context));
    }
    all
}

/// The same names as another environment has them.
fn elsewhere(context: Map<String, Value>, (system, home): (&str, &str), environment: &str) -> Map<String, Value> {
    let (here, there) = (format!("{system}-{home}"), format!("{system}-{environment}"));
    let rename = |(key, value): (String, Value)| {
        let value = match value.as_str() {
            Some(_) if key == "environment" => json!(environment),
            Some(text) if ["full", "cluster", "target_group"].contains(&key.as_str()) => {
                json!(text.replacen(&here, &there, 1))
            }
            _ => value,
        };
        (key, value)
    };
    context.into_iter().map(rename).collect()
}

/// A schedule in the provider's words, which has names for days, a field for years, and no two conditions on days:
/// cron starts on either, so it becomes two.
fn clock(schedule: &str) -> Vec<String> {
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    let [minute, hour, day, month, week] = fields.as_slice() else { return Vec::new() };
    let [minute, hour, day, month] =
        [(minute, 0), (hour, 1), (day, 2), (month, 3)].map(|(field, at)| values(field, FIELDS[at]));
    let week = values(week, FIELDS[4]);
    let week: Vec<String> = week
        .split(',')
        .map(|part| {
            let name = |text: &str| match text.parse::<usize>() {
                Ok(number) => DAYS[number % 7].to_owned(),
                Err(_) => text.to_owned(),
            };
            part.split('-').map(name).collect::<Vec<_>>().join("-")
        })
        .collect();
    let week = week.join(",");
    let by_day = |day: &str| format!("{minute} {hour} {day} {month} ? *");
    let by_week = |week: &str| format!("{minute} {hour} ? {month} {week} *");
    match (day.as_str(), week.as_str()) {
        (day, "*") => vec![by_day(day)],
        ("*", week) => vec![by_week(week)],
        (day, week) => vec![by_day(day), by_week(week)],
    }
}

/// One field: steps become lists.
fn values(field: &str, (low, high): (u32, u32)) -> String {
    let part = |part: &str| -> String {
        let Some((range, step)) = part.split_once('/') else { return part.to_uppercase() };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (from.parse().unwrap_or(low), to.parse().unwrap_or(high)),
            None => (range.parse().unwrap_or(low), high),
        };
        let step = step.parse::<usize>().unwrap_or(1).max(1);
        (from..=to).step_by(step).map(|value| value.to_string()).collect::<Vec<_>>().join(",")
    };
    field.split(',').map(part).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn schedules_are_in_the_words_of_the_provider() {
        assert_eq!(clock("0 3 * * *"), ["0 3 * * ? *"]);
        assert_eq!(clock("*/20 3 * * 1-5"), ["0,20,40 3 ? * MON-FRI *"]);
        assert_eq!(clock("0 3 * * 0,7"), ["0 3 ? * SUN,SUN *"]);
        assert_eq!(clock("0 3 1 jan mon"), ["0 3 1 JAN ? *", "0 3 ? JAN MON *"]);
    }
}
