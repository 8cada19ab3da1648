//! What the author asks of a view.

use super::Plan;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Data, Node};
use crate::layout::Direction;
use crate::model::{ComponentId, End, Model, ZoneDetail, ZoneId};
use crate::source::Span;
use std::collections::BTreeSet;

/// Reads one entry of `views:`.
pub(super) fn plan(model: &Model, id: &str, node: &Node, diagnostics: &mut Diagnostics) -> Plan {
    let field = |name: &str| node.as_map().and_then(|map| map.get(name));
    let shown = field("show").map(|list| chosen(model, list, diagnostics));
    let shown = shown.map(|shown| {
        let steps = field("neighbours").and_then(Node::as_scalar).and_then(|s| s.as_int()).unwrap_or(0);
        with_neighbours(model, shown, steps.clamp(0, 9))
    });
    let hidden = field("hide").map(|list| chosen(model, list, diagnostics)).unwrap_or_default();
    let only = (shown.is_some() || !hidden.is_empty()).then(|| {
        let all = || model.components().map(|(id, _)| id).collect();
        shown.unwrap_or_else(all).difference(&hidden).copied().collect()
    });
    let flow = field("flow").and_then(|wanted| {
        let name = wanted.as_str()?;
        let found = model.operations().flows.iter().position(|flow| flow.id == name);
        if found.is_none() {
            let place = place(model);
            let message = format!("no step of the flow `{name}` is walked in {place}");
            let hint = "an end of each of its steps is missing here; number another one, or show another environment";
            diagnostics.push(Diagnostic::warning("view-flow", wanted.span, message).hint(hint));
        }
        found
    });
    let word = |name: &str| field(name).and_then(Node::as_str);
    Plan {
        id: id.to_owned(),
        title: title(model, node).unwrap_or_else(|| id.to_owned()),
        about: field("description")
            .and_then(|text| in_language(text, &model.system().language))
            .unwrap_or_default(),
        whole: false,
        expand: matches!(word("expand"), Some("az" | "replicas")),
        copies: word("expand") == Some("replicas"),
        fold: false,
        logical: false,
        only,
        frame: field("show").and_then(|list| group(model, list)).filter(|_| field("neighbours").is_none()),
        flow,
        direction: direction(node),
    }
}

/// Which way the author wants requests to run.
pub(super) fn direction(node: &Node) -> Option<Direction> {
    match node.get("direction").and_then(Node::as_str) {
        Some("right") => Some(Direction::Right),
        Some("down") => Some(Direction::Down),
        _ => None,
    }
}

/// What is said of a view that shows nothing; `of` is what it shows, nothing for the base.
pub(super) fn empty(id: &str, span: Span, of: &str) -> Diagnostic {
    let of = if of.is_empty() { "the base".to_owned() } else { format!("`{of}`") };
    Diagnostic::warning("view-empty", span, format!("the view `{id}` of {of} shows nothing"))
        .label("not drawn")
        .hint("`show` needs something that stands there, and `hide` must leave something")
}

/// The title that the author gives a view.
pub(super) fn title(model: &Model, node: &Node) -> Option<String> {
    in_language(node.get("title")?, &model.system().language)
}

/// The flow that a view numbers.
pub(super) fn flow_of(node: &Node) -> Option<String> {
    node.get("flow").and_then(Node::as_str).map(str::to_owned)
}

fn place(model: &Model) -> String {
    let id = &model.environment().id;
    if id.is_empty() { "the base".to_owned() } else { format!("`{id}`") }
}

/// A text, or the one of several languages.
pub(super) fn in_language(node: &Node, language: &str) -> Option<String> {
    match &node.data {
        Data::Map(map) => {
            let first = || map.entries.first().map(|entry| &entry.value);
            map.get(language).or_else(first).and_then(Node::as_str).map(str::to_owned)
        }
        _ => node.as_str().map(str::to_owned),
    }
}

/// The components that a list of ids means: an element with what is inside it.
fn chosen(model: &Model, list: &Node, diagnostics: &mut Diagnostics) -> BTreeSet<ComponentId> {
    let one = std::slice::from_ref(list);
    let mut chosen = BTreeSet::new();
    for wanted in list.as_list().unwrap_or(one) {
        let Some(name) = wanted.as_str() else { continue };
        if let Some((id, _)) = model.components().find(|(_, component)| component.id == name) {
            chosen.insert(id);
        } else if let Some((zone, _)) = model.zones().find(|(_, zone)| zone.id == name) {
            let inside = model.components().filter(|(id, component)| {
                let groups = component.groups.iter().flat_map(|group| model.around(*group));
                model.places(*id).chain(groups).any(|place| place == zone)
            });
            chosen.extend(inside.map(|(id, _)| id));
        } else if let Some(flow) = model.operations().flows.iter().find(|flow| flow.id == name) {
            let ends = flow.steps.iter().flat_map(|step| [step.from, step.to]);
            chosen.extend(ends.filter_map(component));
        } else {
            let message = format!("there is no `{name}` in {}", place(model));
            let hint = "it exists elsewhere only: leave it out, or show another environment";
            diagnostics.push(Diagnostic::warning("view-element", wanted.span, message).hint(hint));
        }
    }
    chosen
}

/// The group that is all that a view shows, where it is one that crosses places.
fn group(model: &Model, list: &Node) -> Option<ZoneId> {
    let name = match list.as_list() {
        Some([only]) => only.as_str()?,
        Some(_) => return None,
        None => list.as_str()?,
    };
    let (id, zone) = model.zones().find(|(_, zone)| zone.id == name)?;
    (!zone.is_place && zone.detail == ZoneDetail::Plain).then_some(id)
}

fn component(end: End) -> Option<ComponentId> {
    match end {
        End::Component(id) => Some(id),
        End::Zone(_) => None,
    }
}

/// Adds what is at most so many connections away.
fn with_neighbours(model: &Model, mut set: BTreeSet<ComponentId>, steps: i64) -> BTreeSet<ComponentId> {
    for _ in 0..steps {
        let mut next = set.clone();
        for (_, connection) in model.connections() {
            if let (Some(from), Some(to)) = (component(connection.from), component(connection.to))
                && (set.contains(&from) || set.contains(&to))
            {
                next.extend([from, to]);
            }
        }
        set = next;
    }
    set
}
