//! Pictures of the system as a whole: its surroundings, what it does without infrastructure, several environments side
//! by side.

use super::context::context;
use super::{Input, Plan, draft, fitting, wish};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Map, Node};
use crate::layout::Direction;
use crate::view::words::Words;
use crate::view::{Beside, Picture, Sheet, Shows, View};

/// Everything that pictures of the whole system are built from.
#[derive(Debug, Clone)]
pub struct Whole<'a> {
    /// What holds everywhere: the description without its environments; where that cannot stand alone, the first one.
    pub base: Input<'a>,
    /// The environments, in order.
    pub environments: Vec<Input<'a>>,
    /// The views that the author asked for.
    pub views: &'a Map,
}

/// The name of the view of people, the system and others.
const CONTEXT: &str = "context";

/// The name of the view without infrastructure.
const LOGICAL: &str = "logical";

/// Builds the pictures of the whole system: the unasked `context` and `logical`, then what the author asked for that is
/// of no single environment. A view with the name of an unasked one takes its place.
pub fn whole(input: &Whole<'_>, diagnostics: &mut Diagnostics) -> Vec<Picture> {
    let words = Words::new(input.base.messages);
    let mut pictures = unasked(input, &words);
    for entry in &input.views.entries {
        let id = &entry.key.value;
        let of: Vec<&str> = listed(&entry.value, "of");
        let pictured: Vec<&Input<'_>> = of
            .iter()
            .filter_map(|name| input.environments.iter().find(|e| e.model.environment().id == *name))
            .collect();
        let shows = match (of.as_slice(), pictured.as_slice()) {
            ([], _) => asked(input.base, id, &entry.value, &words, diagnostics).map(Shows::View),
            ([_], _) => continue,
            (_, several) => beside(input, several, id, &entry.value, &words, diagnostics).map(Shows::Beside),
        };
        let Some(shows) = shows else {
            diagnostics.push(wish::empty(id, entry.value.span, &of.join(", ")));
            continue;
        };
        let picture = Picture { name: id.clone(), flow: wish::flow_of(&entry.value), shows };
        match pictures.iter_mut().find(|other| other.name == *id) {
            Some(unasked) => *unasked = picture,
            None => pictures.push(picture),
        }
    }
    pictures
}

fn unasked(input: &Whole<'_>, words: &Words) -> Vec<Picture> {
    let plan = |id: &str, key: &'static str| Plan {
        id: id.to_owned(),
        title: words.get(key).to_owned(),
        whole: true,
        logical: true,
        direction: Some(Direction::Down),
        ..Plan::default()
    };
    let mut pictures = Vec::new();
    let mut add = |view: View, name: &str| {
        if view.nodes.len() > 1 {
            pictures.push(Picture { name: name.to_owned(), flow: None, shows: Shows::View(view) });
        }
    };
    let own = plan(CONTEXT, "context-view");
    add(context(input.base, &own, words), CONTEXT);
    let own = plan(LOGICAL, "logical-view");
    if tells_more(input) {
        add(draft::Draft::new(input.base, &own, words).view(), LOGICAL);
    }
    pictures
}

/// Whether the view without infrastructure differs from every other: with one environment that has no places and
/// nothing to leave out, it would be the overview once more.
fn tells_more(input: &Whole<'_>) -> bool {
    let plan = Plan { logical: true, ..Plan::default() };
    let words = Words::default();
    let draft = draft::Draft::new(input.base, &plan, &words);
    let model = input.base.model;
    let aside = model.components().any(|(id, _)| draft.is_infrastructure(id));
    input.environments.len() > 1 || aside || model.zones().next().is_some()
}

/// One view of a model as the system's own.
fn asked(
    base: Input<'_>,
    id: &str,
    node: &Node,
    words: &Words,
    diagnostics: &mut Diagnostics,
) -> Option<View> {
    let plan = Plan { whole: true, ..wish::plan(base.model, id, node, diagnostics) };
    let view = fitting(base, &plan, words);
    (!view.nodes.is_empty()).then_some(view)
}

/// One view of each environment, side by side. What one of them lacks is told only if all of them do.
fn beside(
    input: &Whole<'_>,
    several: &[&Input<'_>],
    id: &str,
    node: &Node,
    words: &Words,
    diagnostics: &mut Diagnostics,
) -> Option<Beside> {
    let mut views = Vec::new();
    let mut title = id.to_owned();
    let mut findings: Vec<Diagnostics> = Vec::new();
    for one in several {
        let mut found = Diagnostics::default();
        let plan = wish::plan(one.model, id, node, &mut found);
        findings.push(found);
        title.clone_from(&plan.title);
        let mut view = fitting(**one, &plan, words);
        if !view.nodes.is_empty() {
            let environment = &one.model.environment().title;
            let subtitle = view.sheet.subtitle.strip_prefix(environment.as_str());
            view.sheet.subtitle =
                subtitle.map_or(String::new(), |rest| rest.trim_start_matches(" · ").to_owned());
            view.sheet.title.clone_from(environment);
            views.push(view);
        }
    }
    let everywhere = |finding: &&Diagnostic| {
        let same = |other: &&Diagnostic| (other.code, other.span) == (finding.code, finding.span);
        findings.iter().all(|found| found.sorted().iter().any(same))
    };
    for finding in findings.first().into_iter().flat_map(Diagnostics::sorted).filter(everywhere) {
        diagnostics.push(finding.clone());
    }
    let first = views.first()?;
    let names: Vec<&str> = views.iter().map(|view| view.sheet.title.as_str()).collect();
    let said: Vec<String> =
        views.iter().map(|view| format!("{}: {}", view.sheet.title, view.sheet.description)).collect();
    let sheet = Sheet {
        id: id.to_owned(),
        title: format!("{} · {title}", input.base.model.system().title),
        subtitle: names.join(" · "),
        description: said.join(" "),
        ..first.sheet.clone()
    };
    Some(Beside { sheet, views })
}

fn listed<'n>(node: &'n Node, key: &str) -> Vec<&'n str> {
    let list = node.get(key);
    let many = list.and_then(Node::as_list).into_iter().flatten();
    many.chain(list.filter(|node| node.as_list().is_none())).filter_map(Node::as_str).collect()
}
