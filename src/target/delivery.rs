//! How new versions come to what the provider runs: the ways that the `delivery` of forms gives, what stands in their
//! templates, and which rights they need.

use serde_json::{Map, Value, json};

use super::terraform::{naming, place, routes};
use super::{Input, parts};
use crate::catalog::TargetName;
use crate::document::tree::Node;
use crate::model::{Built, ComponentId, End, Job, JobTime, Zone};
use crate::template;

/// What comes first wherever the components of an environment are deployed in one way.
#[derive(Debug, Clone, Copy)]
pub struct Preparation<'a> {
    /// What it is: `path` and `content` of a file, lines to `run`, `rights`.
    pub about: &'a Node,
    /// One of those that are deployed so.
    pub of: ComponentId,
}

/// The components of an environment whose images a service of the provider takes.
pub fn services<'a>(input: &Input<'a>) -> impl Iterator<Item = ComponentId> + use<'a> {
    let (model, catalog) = (input.model, input.catalog);
    let takes = move |id: ComponentId| {
        let component = model.component(id);
        component.built == Built::By(TargetName::Terraform)
            && catalog.form(component.form).delivery.as_ref().is_some_and(|node| node.get("deploy").is_some())
    };
    model.components().map(|(id, _)| id).filter(move |id| takes(*id))
}

/// Whether a pipeline brings new images of a component to this environment, where a service of the provider takes them.
pub fn is_deployed(input: &Input, id: ComponentId) -> bool {
    input.model.environment().delivered.contains(&input.model.component(id).id)
        && services(input).any(|service| service == id)
}

/// The part of a form's `delivery` that holds for a component: its rollout's, else the plain one.
pub fn way<'a>(input: &Input<'a>, id: ComponentId) -> Option<&'a Node> {
    let plain = input.catalog.form(input.model.component(id).form).delivery.as_ref()?;
    match input.facts.rollout(id) {
        Some(rollout) => plain.get("by")?.get(&rollout.by),
        None => Some(plain),
    }
}

/// The jobs of a component around its deployment that the way of its form runs: a command that names nothing else, since a
/// pipeline knows no addresses, and what a task is told stands open to whoever may look at tasks.
pub fn jobs<'a>(input: &Input<'a>, id: ComponentId, when: &JobTime) -> Vec<(&'a Job, String)> {
    let model = input.model;
    let about = input.catalog.form(model.component(id).form).delivery.as_ref();
    if about.is_none_or(|about| about.get("job").is_none()) {
        return Vec::new();
    }
    let here = model.operations().jobs.iter().filter(|job| job.at == End::Component(id) && job.when == *when);
    here.filter_map(|job| Some((job, job.run.as_plain()?))).collect()
}

/// Whether a pipeline runs a job when it deploys a component.
pub fn runs(input: &Input, id: ComponentId, job: &Job) -> bool {
    is_deployed(input, id) && jobs(input, id, &job.when).iter().any(|(known, _)| known.id == job.id)
}

/// The lines of a shell that run a job of a component by hand, in its newest revision.
pub fn by_hand(input: &Input, id: ComponentId, job: &Job) -> Option<String> {
    let (_, command) = jobs(input, id, &job.when).into_iter().find(|(known, _)| known.id == job.id)?;
    let pattern =
        input.catalog.form(input.model.component(id).form).delivery.as_ref()?.get("job")?.as_str()?;
    let mut context = context(input, id);
    context.insert("job".to_owned(), json!({ "id": job.id, "command": command }));
    let newest = context.get("full").cloned().unwrap_or_default();
    context.insert("task".to_owned(), newest);
    let whole = parts::whole(input, pattern, parts::SHELL).ok()?;
    template::render(&whole, &Value::Object(context)).ok().map(|text| text.trim().to_owned())
}

/// What comes first in an environment, each once.
pub fn preparations<'a>(input: &Input<'a>) -> Vec<Preparation<'a>> {
    let mut found: Vec<Preparation> = Vec::new();
    for id in services(input) {
        let Some(about) = way(input, id).and_then(|way| way.get("prepare")) else { continue };
        if !found.iter().any(|known| known.about == about) {
            found.push(Preparation { about, of: id });
        }
    }
    found
}

/// What every template of a `delivery` may name: `id`, `first_id` (before it was called otherwise), `name`, `full` (its name at the provider), `system`,
/// `environment`, `cluster`, and of a rollout its `port`, the name of its `target_group` and its `router`.
pub fn context(input: &Input, id: ComponentId) -> Map<String, Value> {
    let model = input.model;
    let component = model.component(id);
    let cluster = match place::cluster(input, id) {
        Some(zone) => naming::full(model, &model.zone(zone).built, &model.zone(zone).id),
        None => format!("{}-{}", model.system().id, model.environment().id),
    };
    let rollout = input.facts.rollout(id);
    let group = rollout.map(|r| routes::full(input, r.router, id, &r.protocol, r.port));
    let mut context = Map::new();
    let mut insert = |key: &str, value: Value| context.insert(key.to_owned(), value);
    insert("id", json!(component.id));
    insert("first_id", json!(component.first_id()));
    insert("name", json!(component.name()));
    insert("full", json!(naming::full(model, &component.built, component.first_id())));
    insert("system", json!(model.system().id));
    insert("environment", json!(model.environment().id));
    insert("cluster", json!(cluster));
    insert("port", json!(rollout.map(|rollout| rollout.port)));
    insert("target_group", json!(group));
    insert("router", json!(rollout.map(|rollout| model.component(rollout.router).name())));
    context
}

/// The same of machines: `id`, `name`, `full`, `system`, `environment`.
pub fn zone_context(input: &Input, zone: &Zone) -> Map<String, Value> {
    let model = input.model;
    let context = json!({
        "id": zone.id,
        "name": zone.name(),
        "full": naming::full(model, &zone.built, zone.first_id()),
        "system": model.system().id,
        "environment": model.environment().id,
    });
    context.as_object().cloned().unwrap_or_default()
}

/// What the templates of a preparation may name beside that: `services`, all that are deployed so, and `file`, as seen
/// from the folder of the description.
pub fn preparation_context(input: &Input, preparation: &Preparation) -> Map<String, Value> {
    let mut all = context(input, preparation.of);
    let alike = services(input)
        .filter(|id| way(input, *id).and_then(|way| way.get("prepare")) == Some(preparation.about));
    let alike: Vec<Value> = alike.map(|id| Value::Object(context(input, id))).collect();
    all.insert("services".to_owned(), Value::Array(alike));
    let path = preparation.about.get("path").and_then(Node::as_str).unwrap_or_default();
    if let Ok(path) = template::render(path, &Value::Object(all.clone())) {
        all.insert("path".to_owned(), json!(path));
        all.insert("file".to_owned(), json!(format!("{}/{path}", input.output_dir)));
    }
    all
}

/// The lines of a shell that remove what a preparation has made, which no other target knows.
pub fn removal(input: &Input, preparation: &Preparation) -> Option<String> {
    let pattern = preparation.about.get("remove")?.as_str()?;
    let context = Value::Object(preparation_context(input, preparation));
    template::render(pattern, &context).ok().map(|text| text.trim().to_owned())
}

/// Rights of a `rights` list: each with `actions`, `resources` and `conditions` (pairs of a key and its value).
pub fn rights(listed: Option<&Node>, context: &Map<String, Value>) -> Vec<Value> {
    let context = Value::Object(context.clone());
    let texts = |node: Option<&Node>| -> Vec<String> {
        let list = node.and_then(Node::as_list).unwrap_or_default();
        list.iter().filter_map(|text| template::render(text.as_str()?, &context).ok()).collect()
    };
    let one = |right: &Node| {
        let conditions = right.get("if").and_then(Node::as_map);
        let conditions: Vec<Value> = conditions
            .into_iter()
            .flat_map(|map| &map.entries)
            .filter_map(|entry| {
                let value = template::render(entry.value.as_str()?, &context).ok()?;
                Some(json!([entry.key.value, value]))
            })
            .collect();
        json!({
            "actions": texts(right.get("actions")),
            "resources": texts(right.get("resources")),
            "conditions": conditions,
        })
    };
    listed.and_then(Node::as_list).unwrap_or_default().iter().map(one).collect()
}
