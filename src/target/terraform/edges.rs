//! Origins behind what stands at the provider's edge: which way leads to them, and which requests they answer.

use serde_json::{Value, json};

use super::naming;
use super::security::range_words;
use crate::model::derive::{EdgeBy, Source};
use crate::model::{ComponentId, End, ZoneId};
use crate::target::Input;

/// How many ranges of addresses the condition of one rule takes beside a path and a host.
const RANGES: usize = 3;

/// The word for the way from a router at the edge to a target: `private`, `key`, `open`, `anybody` or `nowhere`; null
/// for what stands in no network.
pub(super) fn way(input: &Input, router: ComponentId, target: ComponentId) -> Option<&'static str> {
    let way = input.facts.edges.iter().find(|way| (way.router, way.target) == (router, target));
    way.map(|way| match way.by {
        EdgeBy::Private => "private",
        EdgeBy::Key => "key",
        EdgeBy::Open => "open",
        EdgeBy::Anybody => "anybody",
        EdgeBy::Nowhere => "nowhere",
    })
}

/// Whether a private way leads from the edge into a network.
pub(super) fn leads_into(input: &Input, space: ZoneId) -> bool {
    let mut private = input.facts.edges.iter().filter(|way| way.by == EdgeBy::Private);
    private.any(|way| input.model.space(End::Component(way.target)) == Some(space))
}

/// Who may come through a balancer that answers only whom it knows: `{ name, keys }`, the name of a router at the edge
/// whose keys it takes, or `{ name, ranges }`, addresses as expressions. Nothing where it answers everybody that its
/// security group lets through. `behind` stands behind the names of rules; the first one has none.
pub(super) fn entrances(input: &Input, id: ComponentId) -> Vec<Value> {
    let model = input.model;
    let keyed = input.facts.edges.iter().filter(|way| way.target == id && way.by == EdgeBy::Key);
    let mut found: Vec<Value> =
        keyed.map(|way| json!({ "name": model.component(way.router).name(), "ranges": [] })).collect();
    if found.is_empty() {
        return found;
    }
    let mut ranges: Vec<(String, String)> = Vec::new();
    for rule in input.facts.rules.iter().filter(|rule| rule.to == End::Component(id)) {
        let Source::Range(range) = &rule.from else { continue };
        let words = range_words(range);
        if !ranges.contains(&words) {
            ranges.push(words);
        }
    }
    found.extend(ranges.chunks(RANGES).map(|some| {
        let values: Vec<&str> = some.iter().map(|(_, value)| value.as_str()).collect();
        let name = some.first().map(|(name, _)| naming::identifier(name));
        json!({ "name": name, "ranges": values })
    }));
    for (at, entrance) in found.iter_mut().enumerate() {
        let name = entrance["name"].as_str().unwrap_or_default();
        let behind = if at == 0 { String::new() } else { format!("_from_{name}") };
        entrance["behind"] = json!(behind);
    }
    found
}
