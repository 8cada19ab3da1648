//! Machines whose number follows the load: each new one starts its containers by itself, from files in its script and
//! values that it asks the provider for.

use serde_json::{Value, json};

use crate::catalog::{TargetName, Trait};
use crate::document::tree::Node;
use crate::model::derive::{ContainerHost, Install, StoreInstall};
use crate::model::{Built, ComponentId, ZoneId};
use crate::target::Input;
use crate::target::compose::{Bundle, ENCODED, Source, bundle, bundle_of_one};
use crate::target::delivery;
use crate::target::terraform;
use crate::template;

/// How a machine starts its containers by itself.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// The name of the project, of its folder below `/opt` and of its unit.
    pub project: String,
    /// Paths below that folder, with their texts.
    pub files: Vec<(String, String)>,
    /// Variables whose values Terraform knows: the name, and the value in its words.
    pub values: Vec<(String, String)>,
    /// Variables that hold secrets.
    pub secrets: Vec<Kept>,
    /// Lines that log in to registries of the provider.
    pub logins: Vec<String>,
    /// Variables that whoever deploys chooses, with what holds when nothing is said.
    pub choices: Vec<(String, String)>,
    /// Registries of the provider that images come from.
    registries: Vec<ComponentId>,
}

/// A variable that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// Where the value is kept, in the words of Terraform.
    pub place: String,
    /// The key of the value there.
    pub key: Option<String>,
    /// The variable that holds it as a URL takes it, where one does.
    pub encoded: Option<String>,
    /// The actions that reading it takes.
    read: Vec<String>,
}

/// Why a machine that should cannot.
pub(super) enum Obstacle {
    /// These are made of sources that it does not have.
    Sources(Vec<ComponentId>),
    /// Nobody knows the value of a variable.
    Value(String),
}

/// How the machines of a zone start their containers by themselves; `None` where somebody else does it.
pub fn starts(input: &Input, zone: ZoneId) -> Option<Start> {
    let install = input.facts.installs.iter().find(|install| install.zone == zone && install.known)?;
    of(input, install)?.ok()
}

/// The same for one installation; nothing where the number of machines is fixed.
pub(super) fn of(input: &Input, install: &Install) -> Option<Result<Start, Obstacle>> {
    let model = input.model;
    let elastic = model.zone(install.zone).machine().is_some_and(|machine| machine.elastic);
    let here = |host: &&ContainerHost| host.zone == Some(install.zone);
    let host = input.facts.machines.iter().find(here)?;
    // A new machine would begin an empty store beside the one that is there, under the same name.
    let stores = host.components.iter().any(|id| model.component(*id).store.is_some());
    if !elastic || stores || !install.docker || host.is_spread() || !model.has_target(TargetName::Compose) {
        return None;
    }
    Some(start(input, bundle(input, host)))
}

/// How a store starts on a machine of its own, where it installs itself there.
pub fn store(input: &Input, id: ComponentId) -> Option<Start> {
    let component = input.model.component(id);
    let ours = component.built == Built::By(TargetName::Terraform);
    if !ours || input.facts.store_install(id) != Some(StoreInstall::ByItself) {
        return None;
    }
    start(input, bundle_of_one(input, id, &data_folder(&component.id))).ok()
}

/// Where the disk of a store is mounted.
pub fn data_folder(id: &str) -> String {
    format!("/srv/{id}")
}

fn start(input: &Input, bundle: Bundle) -> Result<Start, Obstacle> {
    if !bundle.of_sources.is_empty() {
        return Err(Obstacle::Sources(bundle.of_sources));
    }
    let mut start = Start { project: bundle.project, files: bundle.files, ..Start::default() };
    for (name, source, default) in bundle.values {
        if let Source::Secret(secret) = source {
            let (place, key, read) = terraform::secret(input, secret);
            let encoded = bundle.encoded.contains(&name).then(|| format!("{name}{ENCODED}"));
            start.secrets.push(Kept { name, place, key, encoded, read });
            continue;
        }
        let value = match &source {
            Source::Component(id, attribute) => terraform::value(input, *id, attribute),
            Source::Zone(id, attribute) => terraform::zone_value(input, *id, attribute),
            Source::Var(id) => Some(terraform::variable(input, *id)),
            Source::Secret(_) => None,
            Source::Choice => default.map(|default| {
                let variable = name.to_lowercase();
                let value = format!("${{var.{variable}}}");
                start.choices.push((variable, default));
                value
            }),
        };
        let Some(value) = value else { return Err(Obstacle::Value(name)) };
        if let Source::Component(id, _) = source {
            start.log_in(input, id, &name);
        }
        start.values.push((name, value));
    }
    Ok(start)
}

impl Kept {
    /// Whether reading it takes a program that knows JSON and URLs.
    pub(super) fn takes_jq(&self) -> bool {
        self.key.is_some() || self.encoded.is_some()
    }
}

impl Start {
    /// Logs in to a registry whose address a variable has.
    fn log_in(&mut self, input: &Input, id: ComponentId, variable: &str) {
        let component = input.model.component(id);
        if !input.catalog.kind(component.kind).has(Trait::Registry) || self.registries.contains(&id) {
            return;
        }
        let about = input.catalog.form(component.form).delivery.as_ref();
        let Some(pattern) = about.and_then(|about| about.get("login")?.as_str()) else { return };
        let context = json!({ "host": format!("${{{variable}}}") });
        if let Ok(line) = template::render(pattern, &context) {
            self.logins.push(line);
            self.registries.push(id);
        }
    }

    /// What a machine may do to start them: `{ actions, resources, conditions }` each.
    pub fn rights(&self, input: &Input) -> Vec<Value> {
        let mut reads: Vec<(&[String], Vec<&str>)> = Vec::new();
        for kept in &self.secrets {
            match reads.iter_mut().find(|(actions, _)| *actions == kept.read) {
                Some((_, places)) if places.contains(&kept.place.as_str()) => {}
                Some((_, places)) => places.push(&kept.place),
                None => reads.push((&kept.read, vec![&kept.place])),
            }
        }
        let read = |(actions, places): &(&[String], Vec<&str>)| json!({ "actions": actions, "resources": places, "conditions": [] });
        let mut all: Vec<Value> = reads.iter().map(read).collect();
        for &id in &self.registries {
            let form = input.catalog.form(input.model.component(id).form);
            let context = delivery::context(input, id);
            let listed = form.delivery.as_ref().and_then(|about: &Node| about.get("rights"));
            all.extend(delivery::rights(listed, &context));
            if let Some(grants) = &form.grants {
                let context = Value::Object(context);
                let fill = |text: &String| template::render(text, &context).ok();
                let resources: Vec<String> = grants.resources.iter().filter_map(fill).collect();
                all.push(json!({ "actions": grants.read, "resources": resources, "conditions": [] }));
            }
        }
        all
    }
}
