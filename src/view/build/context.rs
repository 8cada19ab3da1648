//! The system as one box among people and other systems: what they exchange.

use super::draft::Draft;
use super::{Input, Plan};
use crate::layout::{End as Drawn, Role};
use crate::view::reduce::{Ground, Line, reduce};
use crate::view::words::Words;
use crate::view::{Card, Detail, Marks, Node, View};

/// The name of the system's box.
const SYSTEM: &str = "system";

/// The view; without nodes where nobody outside has anything to do with the system.
pub(super) fn context(input: Input<'_>, plan: &Plan, words: &Words) -> View {
    let mut draft = Draft::new(input, plan, words);
    draft.draw_nodes();
    draft.draw_lines();
    let drawn = std::mem::take(&mut draft.view);
    let outside: Vec<bool> = {
        let mut outside = vec![false; drawn.nodes.len()];
        for (id, _) in draft.shown() {
            for copy in &draft.copies[id.0 as usize] {
                outside[copy.node] = draft.is_outside(id);
            }
        }
        outside
    };
    let stays = |end: Drawn| matches!(end, Drawn::Node(node) if outside.get(node) == Some(&true));
    let crosses = |line: &&Line| stays(line.from) != stays(line.to);
    let crossing: Vec<&Line> = drawn.lines.iter().filter(crosses).collect();
    let tied = |node: usize| {
        let end = Drawn::Node(node);
        outside[node] && crossing.iter().any(|line| line.from == end || line.to == end)
    };
    let mut view = View { sheet: draft.sheet(&plan.id, &plan.title), ..View::default() };
    let mut places = vec![0; drawn.nodes.len()];
    let people = |node: &Node| node.role == Role::Actor;
    let (first, last): (Vec<_>, Vec<_>) =
        drawn.nodes.iter().enumerate().filter(|(at, _)| tied(*at)).partition(|(_, node)| people(node));
    if first.is_empty() && last.is_empty() {
        return view;
    }
    view.nodes.push(system(&draft));
    for (at, node) in first.into_iter().chain(last) {
        places[at] = view.nodes.len();
        let role = if people(node) { Role::Actor } else { Role::External };
        view.nodes.push(Node { role, after: None, marks: Marks::default(), ..node.clone() });
    }
    let moved = |end: Drawn| match end {
        Drawn::Node(node) if stays(end) => Drawn::Node(places[node]),
        _ => Drawn::Node(0),
    };
    view.lines = crossing
        .into_iter()
        .map(|line| Line { from: moved(line.from), to: moved(line.to), ..line.clone() })
        .collect();
    view.edges = reduce(&view, &Ground::default());
    view.direction = plan.direction.unwrap_or_default();
    draft.view = view;
    draft.view.sheet.subtitle = draft.word("context-subtitle").to_owned();
    draft.view.sheet.description = draft.describe();
    draft.view
}

/// The system as one card.
fn system(draft: &Draft<'_>) -> Node {
    let system = draft.model.system();
    Node {
        id: SYSTEM.to_owned(),
        kind: SYSTEM.to_owned(),
        category: "compute".to_owned(),
        icon: "component".to_owned(),
        title: system.title.clone(),
        quiet: String::new(),
        copies: 1,
        badge: String::new(),
        card: Some(Card { text: system.description.clone(), rows: Vec::new() }),
        parent: None,
        role: Role::Compute,
        place: None,
        after: None,
        copy_of: None,
        detail: Detail::default(),
        marks: Marks::default(),
    }
}
