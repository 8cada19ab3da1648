//! What the templates of forms may name, for components and for zones.

use std::collections::BTreeMap;

use ipnet::Ipv4Net;
use serde_json::{Map, Value, json};

use super::dialect::Words;
use super::{
    Findings, alarms, certificate, cluster, edges, hcl, layout, naming, neighbours, place, regions, routes,
    workload,
};
use crate::catalog::{FormId, TargetName, Trait};
use crate::model::derive::CopyPart;
use crate::model::derive::endpoints::{guard, nat};
use crate::model::{Access, ComponentId, End, Nat, Origin, Replicas, ScaleOn, Zone, ZoneDetail, ZoneId};
use crate::target::Input;
use crate::target::attributes::{self, Dialect};
use crate::target::delivery;
use crate::target::host;
use crate::target::secrets::{changed_after, is_given};

/// Bytes of a GiB.
pub(super) const GIB: u64 = 1 << 30;

/// What the template of a component's form may name: what every target gives (settings, `port` …), the place
/// (see [`place::insert`]), `copies`, `replicas`, `scale_on`, and what workloads, stores, routers, names and
/// certificates have beside that. `full` is the name at the provider, before it is shortened to what a service
/// takes; `deployed` says that a pipeline brings its images here; `device` is what a disk is called when it comes to its machine; `shared` says that the element is only looked up.
pub(super) fn component(input: &Input, words: &Words, id: ComponentId, findings: &mut Findings) -> Value {
    let model = input.model;
    let component = model.component(id);
    let end = End::Component(id);
    let mut context = attributes::context(id, model, input.catalog, words);
    context.insert("full".into(), json!(naming::full(model, &component.built, component.first_id())));
    context.insert("first_id".into(), json!(component.first_id()));
    context.insert("say".into(), sentences(input));
    context.insert("description".into(), json!(component.description));
    context.insert("shared".into(), json!(naming::shared_by(&component.built).is_some()));
    context.insert("system_title".into(), json!(model.system().title));
    place::insert(input, end, &mut context);
    regions::insert(input, id, &mut context);
    let cluster = place::cluster(input, id).map(|zone| model.zone(zone).name());
    context.insert("in_cluster".into(), json!(cluster));
    let rollout = input.facts.rollout(id).map(|rollout| {
        json!({ "by": rollout.by, "router": model.component(rollout.router).name(), "port": rollout.port })
    });
    context.insert("rollout".into(), json!(rollout));
    context.insert("deployed".into(), json!(delivery::is_deployed(input, id)));
    insert_replicas(&component.replicas, component.scale_on.as_ref(), &mut context);
    context.insert("copies".into(), copies(input, id));
    context.insert("machine".into(), Value::Null);
    context.insert("nodes".into(), json!(false));
    context.insert("on_machine".into(), json!(model.machine(end).is_some()));
    context.insert("architecture".into(), json!(architecture(&component.setting_text("instance"))));
    context.insert("role".into(), json!(input.facts.grants.iter().any(|grant| grant.who == id)));
    let device = input.facts.installs.iter().find_map(|install| install.device(id));
    context.insert("device".into(), json!(device.as_deref().unwrap_or("sdg")));
    insert_store(input, id, &mut context);
    let start = host::store(input, id);
    insert_start(input, start.as_ref(), &mut context);
    context.insert("installed".into(), json!(start.is_some()));
    let told_of_disk = host::store_variables(input, id).into_iter().map(|told| (told.name, told.value));
    let values = told_of_disk.chain(start_values(start.unwrap_or_default()));
    let alone = host::stores(input).any(|store| store == id);
    let script = alone.then(|| told(input, &host::store_path(input, id), values));
    context.insert("user_data".into(), json!(script));
    workload::insert(input, words, id, &mut context, findings);
    routes::insert_router(input, words, id, &mut context);
    routes::insert_served(input, end, &mut context);
    routes::insert_guard(input, words, id, &mut context);
    routes::insert_records(input, words, id, &mut context);
    certificate::insert(input, id, &mut context);
    neighbours::insert(input, words, id, &mut context);
    if input.catalog.kind(component.kind).has(Trait::Monitor) {
        context.insert("board".into(), alarms::board(input, words));
    }
    Value::Object(context)
}

/// Sentences for descriptions and comments in templates: `{{ say.address }}`.
pub(super) fn sentences(input: &Input) -> Value {
    input.messages.context().pointer("/terraform/text").cloned().unwrap_or_else(|| json!({}))
}

fn insert_replicas(replicas: &Replicas, scale_on: Option<&ScaleOn>, context: &mut Map<String, Value>) {
    context.insert("replicas".into(), json!({ "min": replicas.min, "max": replicas.max }));
    let scale = scale_on.map(|scale| json!({ "metric": scale.metric, "value": scale.value }));
    context.insert("scale_on".into(), json!(scale));
}

/// `{ key, az, part }` of each copy; the key is its number, which no other copy's number depends on.
fn copies(input: &Input, id: ComponentId) -> Value {
    let copies = input.facts.copies(id).iter().enumerate().map(|(at, copy)| {
        let part = match copy.part {
            CopyPart::Equal => "equal",
            CopyPart::Primary => "primary",
            CopyPart::Standby => "standby",
        };
        json!({ "key": (at + 1).to_string(), "az": copy.az, "part": part })
    });
    Value::Array(copies.collect())
}

/// `standby`, `read_replicas`, `replica_of` and `replica_number` (from 0, among those of one primary), `readers` (its copies that only answer reads), `backup` (days and hours), `storage_gib`, and for the password
/// `password_variable` (null when the provider makes and keeps it) and `password_days` (after how many it changes it).
fn insert_store(input: &Input, id: ComponentId, context: &mut Map<String, Value>) {
    let model = input.model;
    let component = model.component(id);
    let Some(store) = &component.store else { return };
    context.insert("standby".into(), json!(store.standby));
    context.insert("read_replicas".into(), json!(store.read_replicas));
    let primary = match component.origin {
        Origin::ReadReplica(primary) => Some(model.component(primary).name()),
        Origin::Written => None,
    };
    context.insert("replica_of".into(), json!(primary));
    let siblings = model.components().filter(|(_, other)| other.origin == component.origin);
    context.insert("replica_number".into(), json!(siblings.take_while(|(other, _)| *other != id).count()));
    let readers = model.components().filter(|(_, other)| other.origin == Origin::ReadReplica(id));
    let readers = readers.map(|(reader, other)| {
        let group = place::group_of(input, End::Component(reader));
        let group = group.map(|group| format!("{}.id", place::group_address(model, group)));
        json!({ "name": other.name(), "security_group": group })
    });
    context.insert("readers".into(), Value::Array(readers.collect()));
    let backup = store.backup.as_ref().map(|backup| {
        let days = backup.keep.map_or(7, |seconds| seconds.div_ceil(86_400).max(1));
        let hours = backup.every.map_or(24, |seconds| seconds.div_ceil(3_600).max(1));
        json!({ "days": days, "hours": hours })
    });
    context.insert("backup".into(), json!(backup));
    context.insert("storage_gib".into(), json!(storage(component.setting_text("storage").as_deref())));
    let variable = component
        .password
        .filter(|&secret| is_given(input.model, input.catalog, secret))
        .map(|secret| super::dialect::secret_variable(model, secret));
    context.insert("password_variable".into(), json!(variable));
    let days = component.password.map(|secret| changed_after(model.secret(secret)));
    context.insert("password_days".into(), json!(days));
}

/// A size in GiB, at least one: `50GiB`, `512MiB`, or bytes.
fn storage(text: Option<&str>) -> u64 {
    let Some(text) = text else { return 20 };
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let Ok(number) = digits.parse::<u64>() else { return 20 };
    let unit = match text[digits.len()..].trim() {
        "TiB" => GIB * 1024,
        "MiB" => GIB / 1024,
        "KiB" => 1024,
        "GiB" => GIB,
        _ => 1,
    };
    number.saturating_mul(unit).div_ceil(GIB).max(1)
}

/// What the template of a zone's form may name: `id`, `name`, `title`, `full`, `shared`, the place, and by the
/// kind `machine` with `copies` and `stores` (ids of what stands on it and holds data), `space` with `tiers`, or `cidrs` and `nat_keys` of a tier.
pub(super) fn zone(input: &Input, id: ZoneId) -> Value {
    let model = input.model;
    let zone = model.zone(id);
    let mut context = Map::new();
    context.insert("id".into(), json!(zone.id));
    context.insert("name".into(), json!(zone.name()));
    context.insert("title".into(), json!(zone.title));
    context.insert("system".into(), json!(model.system().id));
    context.insert("environment".into(), json!(model.environment().id));
    context.insert("full".into(), json!(naming::full(model, &zone.built, zone.first_id())));
    context.insert("first_id".into(), json!(zone.first_id()));
    context.insert("say".into(), sentences(input));
    context.insert("shared".into(), json!(naming::shared_by(&zone.built).is_some()));
    let used = zone.form.and_then(|form| input.catalog.kind(zone.kind).form(form));
    context.insert("form".into(), used.map_or(json!({}), |used| attributes::node_value(&used.data)));
    place::insert(input, End::Zone(id), &mut context);
    context.insert("regions".into(), regions::context(input));
    context.insert("machine".into(), Value::Null);
    context.insert("on_machine".into(), json!(false));
    context.insert("copies".into(), json!([]));
    context.insert("members".into(), neighbours::members(input, Some(id)));
    match &zone.detail {
        ZoneDetail::Machine(_) => insert_machine(input, id, &mut context),
        ZoneDetail::Cluster(_) => cluster::insert(input, id, &mut context),
        ZoneDetail::Space(_) => insert_space(input, id, &mut context),
        ZoneDetail::Tier(access) => insert_tier(input, id, *access, &mut context),
        _ => {}
    }
    Value::Object(context)
}

/// The processor of an instance type: families with a `g` behind their number are ARM.
pub(in crate::target) fn architecture(instance: &Option<String>) -> &'static str {
    let family = instance.as_deref().unwrap_or_default();
    let family = family.strip_prefix("db.").unwrap_or(family).split('.').next().unwrap_or_default();
    let behind = family
        .trim_start_matches(|c: char| !c.is_ascii_digit())
        .trim_start_matches(|c: char| c.is_ascii_digit());
    if behind.contains('g') { "arm64" } else { "amd64" }
}

fn insert_machine(input: &Input, id: ZoneId, context: &mut Map<String, Value>) {
    let model = input.model;
    let Some(machine) = model.zone(id).machine() else { return };
    context.insert(
        "machine".into(),
        json!({
            "os": machine.os,
            "instance": machine.instance,
            "disk_gib": machine.disk.map_or(20, |bytes| bytes.div_ceil(GIB)),
            "key": machine.key,
            "purchase": machine.purchase,
            "elastic": machine.elastic,
        }),
    );
    insert_replicas(&machine.replicas, machine.scale_on.as_ref(), context);
    context.insert("nodes".into(), json!(machine.nodes.is_some()));
    context.insert("architecture".into(), json!(architecture(&Some(machine.instance.clone()))));
    context.insert("copies".into(), place::machine_copies(model, End::Zone(id), machine));
    let stands_here = |component| model.machine(End::Component(component)) == Some(id);
    let role = input.facts.grants.iter().any(|grant| stands_here(grant.who));
    context.insert("role".into(), json!(role));
    let stores = model.components().filter(|(component, about)| {
        stands_here(*component) && input.catalog.kind(about.kind).has(Trait::DataStore)
    });
    context.insert("stores".into(), stores.map(|(_, about)| json!(about.id)).collect());
    context.insert("user_data".into(), json!(user_data(input, id)));
    insert_start(input, host::starts(input, id).as_ref(), context);
    routes::insert_served(input, End::Zone(id), context);
}

/// An expression for the script that a machine runs at its first start; `None` without one. What the script wants to
/// know stands before it.
fn user_data(input: &Input, id: ZoneId) -> Option<String> {
    let install = input.facts.installs.iter().find(|install| install.zone == id && install.known)?;
    let path = host::path(input, install);
    let demanded = host::variables(input, install);
    let demanded = demanded.into_iter().map(|variable| (variable.name, variable.value));
    Some(told(input, &path, demanded.chain(start_values(host::starts(input, id).unwrap_or_default()))))
}

/// What a machine must be told to start its containers: values, and where secrets are kept.
fn start_values(start: host::Start) -> impl Iterator<Item = (String, String)> {
    let places = start.secrets.into_iter().map(|kept| (format!("{}_PLACE", kept.name), kept.place));
    start.values.into_iter().chain(places)
}

/// `starts` (whether a machine starts its containers by itself) and `start_rights`: what it may do for that.
fn insert_start(input: &Input, start: Option<&host::Start>, context: &mut Map<String, Value>) {
    context.insert("starts".into(), json!(start.is_some()));
    context.insert("start_rights".into(), json!(start.map(|start| start.rights(input)).unwrap_or_default()));
}

/// A script by its path, with values before it, each once.
fn told(input: &Input, path: &str, values: impl Iterator<Item = (String, String)>) -> String {
    let below = path.split_once('/').map_or(path, |(_, below)| below);
    let file = format!("file(\"{}/../{below}\")", layout::root(input));
    let mut known: Vec<(String, String)> = Vec::new();
    for value in values {
        if !known.contains(&value) {
            known.push(value);
        }
    }
    let lines: Vec<String> =
        known.iter().map(|(name, value)| format!("\"export {name}='{value}'\"")).collect();
    if lines.is_empty() {
        return file;
    }
    format!("join(\"\\n\", [\"#!/usr/bin/env bash\", {}, {file}])", lines.join(", "))
}

fn insert_space(input: &Input, id: ZoneId, context: &mut Map<String, Value>) {
    let model = input.model;
    let ZoneDetail::Space(space) = &model.zone(id).detail else { return };
    let tiers: Vec<(ZoneId, Access)> = model
        .zones()
        .filter(|(_, zone)| naming::is_ours(&zone.built))
        .filter_map(|(tier, zone)| Some((tier, place::access_of(zone)?)))
        .filter(|(tier, _)| model.space(End::Zone(*tier)) == Some(id))
        .collect();
    let of =
        |wanted| tiers.iter().find(|(_, access)| *access == wanted).map(|(tier, _)| model.zone(*tier).name());
    context.insert("cidr".into(), json!(space.cidr.to_string()));
    context.insert("flow_logs".into(), json!(space.flow_logs));
    context.insert("private_origins".into(), json!(edges::leads_into(input, id)));
    let guard = guard(model, input.catalog, id);
    let guarded: Vec<String> = tiers
        .iter()
        .filter(|(tier, access)| *access == Access::Public && guard.is_some_and(|(_, own)| own != *tier))
        .map(|(tier, _)| model.zone(*tier).name())
        .collect();
    context.insert("guard".into(), json!(guard.map(|(guard, _)| model.component(guard).name())));
    context.insert("guarded".into(), json!(guarded));
    // A gateway for what is private stands behind the guard, too.
    let behind = guarded.first().cloned().or_else(|| of(Access::Public));
    context.insert("public_tier".into(), json!(behind));
    let nat =
        if of(Access::Private).is_some() && of(Access::Public).is_some() { space.nat } else { Nat::None };
    context.insert("nat_keys".into(), json!(nat_keys(nat, &space.azs)));
}

/// Availability zones that have a way out of their own.
fn nat_keys(nat: Nat, letters: &[String]) -> Vec<String> {
    match nat {
        Nat::PerAz => letters.to_vec(),
        Nat::Single => letters.first().cloned().into_iter().collect(),
        Nat::None => Vec::new(),
    }
}

fn insert_tier(input: &Input, id: ZoneId, access: Access, context: &mut Map<String, Value>) {
    let model = input.model;
    let space = model.space(End::Zone(id)).map(|space| model.zone(space));
    let cidrs: Map<String, Value> = input
        .facts
        .subnets
        .iter()
        .filter(|subnet| subnet.tier == id)
        .map(|subnet| (subnet.az.clone(), json!(range(input, space, subnet.cidr))))
        .collect();
    context.insert("cidrs".into(), Value::Object(cidrs));
    context.insert("space".into(), json!(space.map(|zone| zone.name())));
    let counted =
        matches!(space.map(|zone| &zone.detail), Some(ZoneDetail::Space(space)) if space.azs_counted);
    let clusters = model.zones().any(|(other, zone)| {
        matches!(zone.detail, ZoneDetail::Cluster(_))
            && naming::is_ours(&zone.built)
            && model.space(End::Zone(other)) == model.space(End::Zone(id))
    });
    context.insert("clusters".into(), json!(clusters));
    let guard = model.space(End::Zone(id)).and_then(|space| guard(model, input.catalog, space));
    let guard = guard.filter(|(_, own)| *own != id).map(|(guard, _)| model.component(guard).name());
    context.insert("guard".into(), json!(guard));
    context.insert("azs_counted".into(), json!(counted));
    context.insert("space_shared".into(), json!(space.is_some_and(|zone| !naming::is_ours(&zone.built))));
    let nat = if access == Access::Private { nat(model, id) } else { Nat::None };
    let wanted =
        matches!(space.map(|zone| &zone.detail), Some(ZoneDetail::Space(space)) if space.nat != Nat::None);
    context.insert("no_exit".into(), json!(access == Access::Private && wanted && nat == Nat::None));
    let word = match nat {
        Nat::PerAz => "per-az",
        Nat::Single => "single",
        Nat::None => "none",
    };
    context.insert("nat".into(), json!(word));
    let first = place::zone_letters(model, End::Zone(id)).into_iter().next();
    context.insert("first_az".into(), json!(first));
}

/// The range of a subnet as an expression. Where there are several regions, each network has a range of its own, and the
/// subnet its place in it.
fn range(input: &Input, space: Option<&Zone>, cidr: Ipv4Net) -> String {
    let whole = space.and_then(|zone| match &zone.detail {
        ZoneDetail::Space(space) => Some((zone, space.cidr)),
        _ => None,
    });
    let Some((zone, whole)) = whole.filter(|_| regions::of(input).is_some()) else {
        return hcl::quote(&cidr.to_string());
    };
    let bits = cidr.prefix_len().saturating_sub(whole.prefix_len());
    let at = u32::from(cidr.network()) - u32::from(whole.network());
    let number = if bits == 0 { 0 } else { at >> (32 - u32::from(cidr.prefix_len())) };
    format!("cidrsubnet({}.cidr_block, {bits}, {number})", place::space_address(zone))
}

/// Outputs of a component that others need: those that the form's commands for the runbook ask for, and how to
/// reach what something on a machine connects to.
pub(super) fn outputs(input: &Input, words: &Words, id: ComponentId) -> String {
    let model = input.model;
    let component = model.component(id);
    let on_machines = model.connections().any(|(_, connection)| {
        connection.to == End::Component(id) && model.carrier(connection.from).is_some()
    });
    let ours = naming::is_ours(&component.built);
    // Whoever restores a store or opens a shell on it needs its address.
    let stores = ours && component.store.is_some();
    // Whoever builds an image names it by the registry.
    let registry = ours && input.catalog.kind(component.kind).has(Trait::Registry);
    // What stands in no public tier has no address outside.
    let public = model.is_public(End::Component(id));
    let wanted = |name: &str, asked: bool| {
        (asked && ours && (name != "ip" || public))
            || ((stores || registry) && name == "host")
            || (on_machines && ["host", "name", "url"].contains(&name))
    };
    let value = |name: &str| words.attribute(id, name);
    // What the kind says of the form goes before what the form says.
    let kind = input.catalog.kind(component.kind);
    let runbook = kind.form(component.form).map_or(&kind.runbook, |used| &used.runbook);
    form_outputs(input, component.form, runbook, [&component.id, &component.name()], wanted, value)
}

/// Outputs of a zone that the form's commands for the runbook ask for.
pub(super) fn zone_outputs(input: &Input, words: &Words, id: ZoneId) -> String {
    let zone = input.model.zone(id);
    let Some(form) = zone.form else { return String::new() };
    let ours = naming::is_ours(&zone.built);
    let value = |name: &str| words.zone_attribute(id, name);
    let runbook = &input.catalog.form(form).runbook;
    form_outputs(input, form, runbook, [&zone.id, &zone.name()], |_, asked| asked && ours, value)
}

/// An output for each attribute of a form that is wanted and known. Whether it is wanted may depend on whether
/// a command of the runbook asks for it.
fn form_outputs(
    input: &Input,
    form: FormId,
    runbook: &BTreeMap<String, String>,
    [id, name]: [&str; 2],
    wanted: impl Fn(&str, bool) -> bool,
    value: impl Fn(&str) -> Option<String>,
) -> String {
    let form = input.catalog.form(form);
    let mut text = String::new();
    for attribute in form.attributes.get(&TargetName::Terraform).into_iter().flat_map(|known| known.keys()) {
        let place = format!("{{{{ name }}}}_{attribute}");
        let asked = runbook.values().any(|command| command.contains(&place));
        if !wanted(attribute, asked) {
            continue;
        }
        let Some(value) = value(attribute) else { continue };
        let words = input.messages.context();
        let word = words.pointer(&format!("/terraform/attribute/{attribute}")).and_then(Value::as_str);
        let description = format!("{id}: {}", word.unwrap_or(attribute));
        text.push_str(&format!(
            "output \"{name}_{attribute}\" {{\n description = {}\n value = \"{value}\"\n}}\n",
            hcl::quote(&description)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{architecture, storage};

    #[test]
    fn processors_follow_from_the_family() {
        assert_eq!(architecture(&Some("t4g.micro".into())), "arm64");
        assert_eq!(architecture(&Some("c7gn.large".into())), "arm64");
        assert_eq!(architecture(&Some("t3.small".into())), "amd64");
        assert_eq!(architecture(&Some("g5.xlarge".into())), "amd64");
        assert_eq!(architecture(&None), "amd64");
    }

    #[test]
    fn sizes_become_gib() {
        assert_eq!(storage(Some("50GiB")), 50);
        assert_eq!(storage(Some("512MiB")), 1);
        assert_eq!(storage(Some("21474836480")), 20);
        assert_eq!(storage(None), 20);
    }
}
