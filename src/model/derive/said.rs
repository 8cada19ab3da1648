//! What kinds and forms say in a few quiet words: templates of the catalog over what the model knows.
//!
//! They see `settings` (of a component), `targets` (how many it leads to), `secrets` (how many those need who use it),
//! `alarms` (how many watch it; all of them where it is a monitor), `public` (it stands in a public tier), `nodes` (its
//! machines are a swarm's), `driver`, `attachable` and `encrypted` (of a network of containers), and `part`: `nat` or
//! `gateway` for what an address space has of itself, else empty.

use super::Facts;
use crate::catalog::{Catalog, Text, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{ComponentId, End, Model, Setting, ZoneDetail, ZoneId};
use crate::source::Span;
use crate::template::{self, TemplateError};
use serde_json::{Value, json};

/// What an address space has of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpacePart {
    /// A way out of its private tiers.
    Nat,
    /// The way in and out of it.
    Gateway,
}

/// The quiet words of one model.
#[derive(Debug, Clone, Default)]
pub struct Said {
    components: Vec<String>,
    /// Of each zone: of itself, of its ways out, of its gateway.
    zones: Vec<[String; 3]>,
}

impl Said {
    /// What the form or kind of a component says of it.
    pub fn of(&self, id: ComponentId) -> &str {
        self.components.get(id.0 as usize).map_or("", String::as_str)
    }

    /// What the form or kind of a zone says of it, or of a part that it has of itself.
    pub fn of_zone(&self, id: ZoneId, part: Option<SpacePart>) -> &str {
        let at = match part {
            None => 0,
            Some(SpacePart::Nat) => 1,
            Some(SpacePart::Gateway) => 2,
        };
        self.zones.get(id.0 as usize).map_or("", |said| said[at].as_str())
    }
}

/// Fills the templates; what cannot be filled is reported once and says nothing.
pub(super) fn said(model: &Model, catalog: &Catalog, facts: &Facts, out: &mut Diagnostics) -> Said {
    let input = Input { model, catalog, facts };
    let mut told: Vec<Span> = Vec::new();
    let mut text = |filled: Option<Filled<'_>>| match filled {
        None => String::new(),
        Some(Filled { outcome: Ok(text), .. }) => text,
        Some(Filled { outcome: Err(error), owner, span }) => {
            if !told.contains(&span) {
                told.push(span);
                let message = format!("the `quiet` of `{owner}` cannot be filled: {}", error.message);
                let hint =
                    "correct the name, or say what holds without it: `{{ settings.x | default(value=1) }}`";
                out.push(Diagnostic::error("catalog-bad-template", span, message).hint(hint));
            }
            String::new()
        }
    };
    let components = model.components().map(|(id, _)| text(of_component(input, id))).collect();
    let zones = model.zones().map(|(id, zone)| {
        let mut part = |wanted: &str| match zone.detail {
            ZoneDetail::Space(_) => text(of_zone(input, id, wanted)),
            _ => String::new(),
        };
        let [nat, gateway] = ["nat", "gateway"].map(&mut part);
        [text(of_zone(input, id, "")), nat, gateway]
    });
    let zones = zones.collect();
    Said { components, zones }
}

#[derive(Clone, Copy)]
struct Input<'a> {
    model: &'a Model,
    catalog: &'a Catalog,
    facts: &'a Facts,
}

/// A template that was filled: whose it is, and what came of it.
struct Filled<'a> {
    owner: &'a str,
    span: Span,
    outcome: Result<String, TemplateError>,
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
