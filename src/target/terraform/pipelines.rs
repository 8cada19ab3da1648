//! Pipelines that the provider runs: what the templates of their forms may name.

use serde_json::{Map, Value, json};

use super::files::{self, Piece};
use super::{Element, Findings, element, element_pieces, jobs, naming, regions};
use crate::catalog::{Catalog, TargetName};
use crate::diag::Diagnostics;
use crate::document::tree::Node;
use crate::model::derive::pipelines::{Action, Image, Stage, stages};
use crate::model::{Built, ComponentId, JobTime, Pipeline};
use crate::target::Input;
use crate::target::delivery;
use crate::target::host;
use crate::template;

/// Hosts of sources that the provider connects to, with its words for them.
const HOSTS: [(&str, &str); 3] =
    [("github.com", "GitHub"), ("gitlab.com", "GitLab"), ("bitbucket.org", "Bitbucket")];

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
            // One pipeline builds for all regions.
            across: regions::of(input).is_some(),
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
        "clock": trigger.schedule.as_deref().map(jobs::expressions),
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
    let provider =
        HOSTS.iter().find(|(known, _)| *known == host.trim_end_matches('/')).map(|(_, word)| *word);
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
            join(&mut all, right);
        }
    };
    for work in &stage.works {
        match &work.action {
            Action::Fetch(Image { registry: Some(registry), .. }) => {
                add(of_registry(input, *registry, false))
            }
            Action::Push(Image { registry: Some(registry), .. }) => add(of_registry(input, *registry, true)),
            Action::Deploy { environment, by, images } => {
                if *environment == input.model.environment().id {
                    add(of_machines(input));
                }
                for image in images {
                    // What another environment runs is copied from here to there first.
                    if let Some(registry) =
                        image.registry.filter(|_| *environment != input.model.environment().id)
                    {
                        add(of_registry(input, registry, true));
                    }
                    add(of_service(input, image.component, environment, by.as_deref()));
                }
            }
            _ => {}
        }
    }
    all
}

/// Adds a right to others: the same actions under the same conditions are one statement, whatever they are about, since
/// the provider takes 10,240 characters in all the policies that stand in a role.
fn join(all: &mut Vec<Value>, right: Value) {
    let same = |known: &&mut Value| {
        known["actions"] == right["actions"] && known["conditions"] == right["conditions"]
    };
    let Some(known) = all.iter_mut().find(same).and_then(|known| known["resources"].as_array_mut()) else {
        return all.push(right);
    };
    for resource in right["resources"].as_array().into_iter().flatten() {
        if !known.contains(resource) {
            known.push(resource.clone());
        }
    }
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
    let by =
        if environment == home { input.facts.rollout(id).map(|rollout| rollout.by.as_str()) } else { by };
    let context = elsewhere(delivery::context(input, id), (&input.model.system().id, home), environment);
    let mut all = delivery::rights(about.get("rights"), &context);
    let around = [JobTime::BeforeDeploy, JobTime::AfterDeploy];
    if around.iter().any(|when| !delivery::jobs(input, id, when).is_empty()) {
        all.extend(delivery::rights(about.get("job_rights"), &context));
    }
    if let Some(way) = by.and_then(|by| about.get("by")?.get(by)) {
        all.extend(delivery::rights(way.get("rights"), &context));
        let first = way.get("prepare").and_then(|first: &Node| first.get("rights"));
        all.extend(delivery::rights(first, &context));
    }
    all
}

/// The same names as another environment has them.
fn elsewhere(
    context: Map<String, Value>,
    (system, home): (&str, &str),
    environment: &str,
) -> Map<String, Value> {
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
