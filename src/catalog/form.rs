//! One file of `templates/forms/` -> [`Form`].

use std::collections::BTreeMap;

use super::{
    DELIVERY_KEYS, Form, Hosting, Origin, OriginBy, PIPELINE_KEYS, RUNBOOK_KEYS, Reach, TargetName,
    ZONE_ROLES, api, copies, metric, naming, read, regions,
};
use crate::diag::Diagnostics;
use crate::document::tree::{Map, Node};
use crate::source::{SourceId, Span};

const KEYS: &[&str] = &[
    "form",
    "title",
    "short",
    "quiet",
    "doc",
    "words",
    "provider",
    "icon",
    "icon_names",
    "traits",
    "targets",
    "reach",
    "origin_by",
    "stands_in",
    "azs",
    "hosting",
    "machine",
    "copies",
    "regions",
    "attributes",
    "grants",
    "keeps",
    "endpoints",
    "calls",
    "calls-for-secrets",
    "metrics",
    "egress",
    "names",
    "terraform",
    "schedule",
    "runbook",
    "delivery",
    "pipeline",
];

const REACH: [(&str, Reach); 4] =
    [("network", Reach::Network), ("api", Reach::Api), ("edge", Reach::Edge), ("none", Reach::None)];

const ORIGIN_BY: [(&str, OriginBy); 2] = [("private", OriginBy::Private), ("key", OriginBy::Key)];

const HOSTING: [(&str, Hosting); 4] = [
    ("own", Hosting::Own),
    ("container", Hosting::Container),
    ("host", Hosting::Host),
    ("external", Hosting::External),
];

/// A template and where it stands.
#[derive(Debug, Clone)]
pub struct TemplateText {
    /// The template.
    pub text: String,
    /// Its place in the catalog file.
    pub span: Span,
}

/// Reads a form; what is wrong in it is reported and left out.
pub(super) fn read(
    stem: &str,
    node: &Node,
    source: SourceId,
    origin: Origin,
    out: &mut Diagnostics,
) -> Option<Form> {
    let map = read::map(node, "a form", out)?;
    read::keys(map, "a form", KEYS, out);
    let span = read::name(map, "form", stem, node.span, out);
    let runbook = read::texts(map, "runbook", out);
    if let Some(map) = map.get("runbook").and_then(Node::as_map) {
        read::keys(map, "`runbook`", &RUNBOOK_KEYS, out);
    }
    let target_words = TargetName::ALL.map(TargetName::name);
    let reach = read::word(map, "reach", &REACH.map(|(word, _)| word), out);
    let hosting = read::word(map, "hosting", &HOSTING.map(|(word, _)| word), out);
    let mut places = ZONE_ROLES.to_vec();
    places.push("none");
    Some(Form {
        name: stem.to_owned(),
        title: read::title(map, node.span, out),
        short: read::translation(map, "short", out),
        quiet: read::translation(map, "quiet", out),
        doc: read::required(map, node.span, "doc", "one sentence: what it is and when to take it", out),
        words: read::list(map, "words", out).into_iter().map(|(word, _)| word).collect(),
        provider: read::text(map, "provider", out).unwrap_or_default(),
        icon: read::text(map, "icon", out),
        icon_names: read::list(map, "icon_names", out).into_iter().map(|(name, _)| name).collect(),
        traits: read::traits(map, out),
        targets: read::words(map, "targets", &target_words, out)
            .iter()
            .filter_map(|word| TargetName::parse(word))
            .collect(),
        reach: pick(&REACH, reach.as_deref(), Reach::Network),
        origin_by: read::words(map, "origin_by", &ORIGIN_BY.map(|(word, _)| word), out)
            .iter()
            .filter_map(|word| ORIGIN_BY.iter().find(|(known, _)| known == word))
            .map(|(_, by)| *by)
            .collect(),
        stands_in: read::words(map, "stands_in", &places, out),
        azs: azs(map, out),
        machine: read::text(map, "machine", out),
        hosting: pick(&HOSTING, hosting.as_deref(), Hosting::Own),
        copies: copies::read(map, out),
        regions: regions::read(map, out),
        attributes: attributes(map, &target_words, out),
        grants: api::grants(map, out),
        keeps: api::keeps(map, out),
        services: api::services(map, out),
        metrics: metric::read(map, out),
        egress: egress(map, out),
        terraform: template(map, "terraform", out),
        schedule: template(map, "schedule", out),
        runbook,
        delivery: part(map, "delivery", &DELIVERY_KEYS, out),
        pipeline: part(map, "pipeline", &PIPELINE_KEYS, out),
        names: naming::read(map, &[], out),
        origin,
        source,
        span,
    })
}

/// A part whose values belong to the target that reads it; unknown keys are reported.
fn part(map: &Map, key: &str, known: &[&str], out: &mut Diagnostics) -> Option<Node> {
    let node = map.get(key).filter(|node| !node.is_null())?;
    read::keys(read::map(node, &format!("`{key}`"), out)?, &format!("`{key}`"), known, out);
    Some(node.clone())
}

/// A long text with placeholders, and where it stands.
fn template(map: &Map, key: &str, out: &mut Diagnostics) -> Option<TemplateText> {
    let node = map.get(key).filter(|node| !node.is_null())?;
    Some(TemplateText { text: read::text(map, key, out)?, span: node.span })
}

fn pick<T: Copy, const N: usize>(words: &[(&str, T); N], word: Option<&str>, default: T) -> T {
    words.iter().find(|(known, _)| Some(*known) == word).map_or(default, |(_, value)| *value)
}

fn attributes(
    map: &Map,
    targets: &[&str],
    out: &mut Diagnostics,
) -> BTreeMap<TargetName, BTreeMap<String, String>> {
    let Some(inner) = map.get("attributes").and_then(|node| read::map(node, "`attributes`", out)) else {
        return BTreeMap::new();
    };
    read::keys(inner, "`attributes` (a target)", targets, out);
    inner
        .entries
        .iter()
        .filter_map(|entry| {
            let target = TargetName::parse(&entry.key.value)?;
            Some((target, read::texts_of(&entry.value, &format!("`{}`", entry.key.value), out)))
        })
        .collect()
}

/// A number of availability zones; one where none is written.
fn azs(map: &Map, out: &mut Diagnostics) -> usize {
    let Some(node) = map.get("azs").filter(|node| !node.is_null()) else { return 1 };
    let number = node.as_scalar().and_then(|scalar| scalar.as_int()).and_then(|n| usize::try_from(n).ok());
    number.unwrap_or_else(|| {
        read::wrong_type(node.span, "`azs`", "a number of availability zones", out);
        1
    })
}

/// Ports as numbers.
fn egress(map: &Map, out: &mut Diagnostics) -> Vec<u16> {
    let mut ports = Vec::new();
    for (text, span) in read::list(map, "egress", out) {
        match text.parse() {
            Ok(port) => ports.push(port),
            Err(_) => read::wrong_type(span, "an entry of `egress`", "a port number", out),
        }
    }
    ports
}
