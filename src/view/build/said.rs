//! What kinds and forms say in a few quiet words: templates of the catalog over what the model knows.
//!
//! They see `settings` (of a component), `targets` (how many it leads to), `secrets` (how many those need who use it),
//! `alarms` (how many watch it; all of them where it is a monitor), `public` (it stands in a public tier), `nodes` (its
//! machines are a swarm's), `driver`, `attachable` and `encrypted` (of a network of containers), and `part`: `nat` or
//! `gateway` for what an address space has of itself, else empty.

use super::Input;
use super::draft::Draft;
use crate::catalog::{Text, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{ComponentId, End, Setting, ZoneDetail, ZoneId};
use crate::source::Span;
use crate::template::{self, TemplateError};
use serde_json::{Value, json};

/// A template that was filled: whose it is, and what came of it.
struct Filled<'a> {
    owner: &'a str,
    span: Span,
    outcome: Result<String, TemplateError>,
}

/// Reports the templates that could not be filled for something of the model.
pub(super) fn check(input: Input<'_>, diagnostics: &mut Diagnostics) {
    let components = input.model.components().filter_map(|(id, _)| of_component(input, id));
    let zones = input.model.zones().filter_map(|(id, _)| of_zone(input, id, ""));
    let mut told: Vec<Span> = Vec::new();
    for filled in components.chain(zones) {
        if let Err(error) = filled.outcome
            && !told.contains(&filled.span)
        {
            told.push(filled.span);
            let message = format!("the `quiet` of `{}` cannot be filled: {}", filled.owner, error.message);
            let hint =
                "correct the name, or say what holds without it: `{{ settings.x | default(value=1) }}`";
            diagnostics.push(Diagnostic::error("catalog-bad-template", filled.span, message).hint(hint));
        }
    }
}

impl Draft<'_> {
    /// What the form or kind of a component says of it.
    pub(super) fn said(&self, id: ComponentId) -> String {
        text(of_component(self.input, id))
    }

    /// What the form or kind of a zone says of it, or of a part that it has of itself.
    pub(super) fn zone_said(&self, id: ZoneId, part: &str) -> String {
        text(of_zone(self.input, id, part))
    }
}

fn text(filled: Option<Filled<'_>>) -> String {
    filled.and_then(|filled| filled.outcome.ok()).unwrap_or_default()
}

fn of_component(input: Input<'_>, id: ComponentId) -> Option<Filled<'_>> {
    let component = input.model.component(id);
    let form = input.catalog.form(component.form);
    let kind = input.catalog.kind(component.kind);
    let own = form.quiet.as_ref().map(|text| (text, form.name.as_str(), form.span));
    let wanted = own.or_else(|| Some((kind.quiet.as_ref()?, kind.name.as_str(), kind.span)))?;
    let end = End::Component(id);
    let settings = component.settings.iter();
    let settings = settings.filter_map(|(name, setting)| Some((name.clone(), Setting::plain(setting)?)));
    let mut context = common(input, end, kind.has(Trait::Monitor));
    context["settings"] = settings.collect();
    context["targets"] = json!(targets(input, id));
    context["secrets"] = json!(secrets(input, id));
    Some(fill(input, wanted, &context))
}

fn of_zone<'a>(input: Input<'a>, id: ZoneId, part: &str) -> Option<Filled<'a>> {
    let zone = input.model.zone(id);
    let kind = input.catalog.kind(zone.kind);
    let form = zone.form.map(|form| input.catalog.form(form));
    let own = form.and_then(|form| Some((form.quiet.as_ref()?, form.name.as_str(), form.span)));
    let wanted = own.or_else(|| Some((kind.quiet.as_ref()?, kind.name.as_str(), kind.span)))?;
    let mut context = common(input, End::Zone(id), false);
    context["part"] = json!(part);
    if let ZoneDetail::Network(network) = &zone.detail {
        let mut networks = input.facts.machines.iter().flat_map(|host| {
            let own = host.networks.iter().filter(|network| network.zone == Some(id));
            own.map(move |network| network.driver(input.model, host))
        });
        context["driver"] = json!(networks.next().flatten().unwrap_or_default());
        context["attachable"] = json!(network.attachable);
        context["encrypted"] = json!(network.encrypted);
    }
    Some(fill(input, wanted, &context))
}

fn common(input: Input<'_>, end: End, all_alarms: bool) -> Value {
    let alarms = input.model.operations().alarms.iter();
    let alarms = alarms.filter(|alarm| all_alarms || alarm.watch == end).count();
    let machine = input.model.machine(end).and_then(|zone| input.model.zone(zone).machine());
    json!({
        "settings": {},
        "targets": 0,
        "secrets": 0,
        "alarms": alarms,
        "public": input.model.is_public(end),
        "nodes": machine.is_some_and(|machine| machine.nodes.is_some()),
        "driver": "",
        "attachable": false,
        "encrypted": false,
        "part": "",
    })
}

/// How many others a component leads to.
fn targets(input: Input<'_>, id: ComponentId) -> usize {
    let from = input.model.connections().filter(|(_, connection)| connection.from == End::Component(id));
    let mut targets: Vec<End> = from.map(|(_, connection)| connection.to).collect();
    targets.sort_unstable();
    targets.dedup();
    targets.len()
}

/// How many secrets those need who use a component.
fn secrets(input: Input<'_>, id: ComponentId) -> usize {
    let uses = |user: &ComponentId| {
        let (from, to) = (End::Component(*user), End::Component(id));
        input.model.connections().any(|(_, connection)| (connection.from, connection.to) == (from, to))
    };
    input.facts.secrets.iter().filter(|secret| secret.users.iter().any(uses)).count()
}

fn fill<'a>(input: Input<'_>, wanted: (&Text, &'a str, Span), context: &Value) -> Filled<'a> {
    let (template, owner, span) = wanted;
    let outcome = template::render(template.get(&input.model.system().language), context);
    Filled { owner, span, outcome: outcome.map(|text| text.trim().to_owned()) }
}
