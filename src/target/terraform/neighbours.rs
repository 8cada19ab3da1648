//! Who an element is connected with, as the templates of forms see it: a topic subscribes the queues that it
//! feeds, a function fetches from the queue that feeds it, a cluster lists its machines.

use serde_json::{Map, Value, json};

use super::dialect::{Text, Words};
use super::{naming, place, regions};
use crate::catalog::{Hosting, Reach, TargetName, Trait};
use crate::model::derive::Delivery;
use crate::model::{ComponentId, Connection, End, Link, ZoneId};
use crate::target::Input;
use crate::target::attributes::{self, Dialect};

/// What templates may say: `feeds` (elements that this one has an arrow to), `fed_by` (elements that have one to
/// this one) and `mounted_by`, each an entry as [`entry`] describes, once, in the order of the description; `readers_at_edge`, `encryption_key`,
/// `name_zones`, the names whose records are made here, and the `repositories` of a registry.
pub(super) fn insert(input: &Input, words: &Words, id: ComponentId, context: &mut Map<String, Value>) {
    let end = End::Component(id);
    let along = |wanted: fn(&Connection) -> bool, out: bool| {
        let mut found: Vec<Value> = Vec::new();
        for (_, connection) in input.model.connections().filter(|(_, connection)| wanted(connection)) {
            let (here, other) =
                if out { (connection.from, connection.to) } else { (connection.to, connection.from) };
            let End::Component(other) = other else { continue };
            if here != end {
                continue;
            }
            let entry = entry(input, words, other, connection);
            if !found.iter().any(|known| known["id"] == entry["id"]) {
                found.push(entry);
            }
        }
        Value::Array(found)
    };
    context.insert("feeds".into(), along(is_traffic, true));
    context.insert("fed_by".into(), along(is_traffic, false));
    context.insert("mounted_by".into(), along(is_mount, false));
    context.insert("encryption_key".into(), json!(encryption_key(input, words, id)));
    context.insert("readers_at_edge".into(), readers_at_edge(input, words, id));
    context.insert("name_zones".into(), name_zones(input, words));
    context.insert("repositories".into(), repositories(input, words, id));
}

/// `{ name, path }` of every image that machines pull from a registry and that is built for them: what the provider
/// itself runs has its repository beside it.
fn repositories(input: &Input, words: &Words, registry: ComponentId) -> Value {
    let (model, catalog) = (input.model, input.catalog);
    let is_registry = |id: ComponentId| catalog.kind(model.component(id).kind).has(Trait::Registry);
    if !is_registry(registry) || !naming::is_ours(&model.component(registry).built) {
        return json!([]);
    }
    let Some(host) = words.attribute(registry, "host") else { return json!([]) };
    let images = attributes::attribute(registry, "images", model, catalog, words).ok();
    let mut found: Vec<Value> = Vec::new();
    for (id, component) in model.components() {
        let Some(workload) = component.workload.as_ref().filter(|workload| workload.build.is_some()) else {
            continue;
        };
        let pulled = input.facts.delivery(id) == Some(Delivery::Registry);
        let on_machine = catalog.form(component.form).hosting == Hosting::Container
            && input.facts.host(id).is_some_and(|host| host.zone.is_some());
        if !pulled || !on_machine {
            continue;
        }
        let name = match &workload.image {
            Some(written) => match words.text(written) {
                Ok(Text::Plain(text)) => Some(text),
                _ => None,
            },
            None if input.facts.registry == Some(registry) => {
                images.as_ref().map(|images| format!("{images}/{}", component.id))
            }
            None => None,
        };
        let path = name.as_deref().and_then(|name| name.strip_prefix(&host)?.strip_prefix('/'));
        let Some(path) = path.map(|path| path.split([':', '@']).next().unwrap_or(path)) else { continue };
        if !found.iter().any(|known| known["path"] == path) {
            found.push(json!({ "name": component.name(), "path": path }));
        }
    }
    Value::Array(found)
}

fn is_traffic(connection: &Connection) -> bool {
    matches!(connection.origin, Link::Written | Link::Bridged(_))
}

fn is_mount(connection: &Connection) -> bool {
    connection.origin == Link::Mount
}

/// `{ arn }` of every router at the provider's edge that is made here and fetches from an element.
fn readers_at_edge(input: &Input, words: &Words, id: ComponentId) -> Value {
    let model = input.model;
    let at_edge = |router: ComponentId| {
        let component = model.component(router);
        input.catalog.kind(component.kind).has(Trait::Router)
            && input.catalog.form(component.form).reach == Reach::Edge
            && naming::is_ours(&component.built)
    };
    let mut arns: Vec<String> = Vec::new();
    for (_, connection) in model.connections().filter(|(_, connection)| connection.to == End::Component(id)) {
        let End::Component(router) = connection.from else { continue };
        let arn = words.attribute(router, "arn").filter(|arn| at_edge(router) && !arns.contains(arn));
        arns.extend(arn);
    }
    Value::Array(arns.into_iter().map(|arn| json!({ "arn": arn })).collect())
}

/// The key that an element names to be encrypted with.
fn encryption_key(input: &Input, words: &Words, id: ComponentId) -> Option<String> {
    let arrows = input.model.connections().filter(|(_, connection)| connection.from == End::Component(id));
    arrows.into_iter().find_map(|(_, connection)| match connection.to {
        End::Component(key) => words.attribute(key, "encrypts_with"),
        End::Zone(_) => None,
    })
}

/// One neighbour: `id`, `name`, `full`, `form` (a form's name), `known` (whether there is something to refer to),
/// `shared`, `made` (whether Terraform makes it here), `inside` (whether it has a security group), `security_group`,
/// `subnets`, `vpc_ref`, `machine` with its `machine_form` and `machine_copies`, `at_edge` (whether the provider's edge fetches from it), `runs` (whether it is a program), `timeout` of a call, `port`, and every attribute that its form has.
fn entry(input: &Input, words: &Words, id: ComponentId, connection: &Connection) -> Value {
    let model = input.model;
    let component = model.component(id);
    let form = input.catalog.form(component.form);
    let mut entry = Map::new();
    let names = form.attributes.get(&TargetName::Terraform).into_iter().flat_map(|known| known.keys());
    for name in names {
        entry.insert(name.clone(), json!(words.attribute(id, name)));
    }
    place::insert(input, End::Component(id), &mut entry);
    regions::insert(input, id, &mut entry);
    let machine = model.machine(End::Component(id)).map(|zone| model.zone(zone));
    let machine_form = machine.and_then(|zone| zone.form).map(|form| &input.catalog.form(form).name);
    entry.insert("id".into(), json!(component.id));
    entry.insert("name".into(), json!(component.name()));
    entry.insert("full".into(), json!(naming::full(model, &component.built, component.first_id())));
    entry.insert("form".into(), json!(form.name));
    entry.insert("known".into(), json!(words.is_known(id)));
    entry.insert("shared".into(), json!(naming::shared_by(&component.built).is_some()));
    entry.insert("made".into(), json!(naming::is_ours(&component.built)));
    entry.insert("inside".into(), json!(place::group_of(input, End::Component(id)).is_some()));
    entry.insert("machine".into(), json!(machine.map(crate::model::Zone::name)));
    entry.insert("machine_form".into(), json!(machine_form));
    entry.insert("machine_copies".into(), machine_copies(input, End::Component(id)));
    let edge = readers_at_edge(input, words, id).as_array().is_some_and(|readers| !readers.is_empty());
    entry.insert("at_edge".into(), json!(edge));
    entry.insert("runs".into(), json!(component.workload.is_some()));
    entry.insert("timeout".into(), json!(component.setting_text("timeout")));
    entry.insert("port".into(), json!(connection.legs.first().and_then(|leg| leg.port)));
    Value::Object(entry)
}

/// `{ key, az, part }` of every machine that an element stands on one of.
fn machine_copies(input: &Input, end: End) -> Value {
    let zone = input.model.machine(end);
    let machine = zone.and_then(|zone| input.model.zone(zone).machine());
    machine.map_or(Value::Null, |machine| place::machine_copies(input.model, end, machine))
}

/// `{ name, domain }` of every name whose zone Terraform makes here.
fn name_zones(input: &Input, words: &Words) -> Value {
    let made = input.model.components().filter(|(id, component)| {
        input.catalog.kind(component.kind).has(Trait::Dns)
            && naming::is_ours(&component.built)
            && words.is_known(*id)
    });
    let entry = |component: &crate::model::Component| json!({ "name": component.name(), "domain": component.setting_text("name") });
    Value::Array(made.map(|(_, component)| entry(component)).collect())
}

/// `{ id, name, form }` of everything that Terraform makes here: as members of a cluster, or those of none.
pub(super) fn members(input: &Input, cluster: Option<ZoneId>) -> Value {
    let model = input.model;
    let here = model
        .components()
        .filter(|(id, component)| naming::is_ours(&component.built) && place::cluster(input, *id) == cluster);
    let entry = |component: &crate::model::Component| {
        json!({
            "id": component.id,
            "name": component.name(),
            "form": input.catalog.form(component.form).name,
        })
    };
    Value::Array(here.map(|(_, component)| entry(component)).collect())
}
