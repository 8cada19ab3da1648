//! From a model and its facts to views: what is shown, where it stands, what the lines say.
//!
//! What is drawn decides more than how: replicas over zones share their lines (a group's border), what only
//! belongs to something is a quiet word (certificates), ways out go through their gateways once.

mod attach;
mod boxes;
mod draft;
mod lines;
mod loose;
mod nodes;
mod spread;
mod text;
mod wish;

use super::words::Words;
use super::{View, graph};
use crate::catalog::Catalog;
use crate::diag::Diagnostics;
use crate::layout::{Direction, Fx, Sort, layout};
use crate::model::derive::Facts;
use crate::model::{ComponentId, Model};
use crate::template::messages::Messages;
use std::collections::BTreeSet;

/// Everything that views are built from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The system in one environment.
    pub model: &'a Model,
    /// What follows from it.
    pub facts: &'a Facts,
    /// Kinds and forms.
    pub catalog: &'a Catalog,
    /// The sentences of the system's language.
    pub messages: &'a Messages,
}

/// The name of the view with availability zones side by side, where there is more than one.
pub const NETWORK: &str = "network";

/// What one view is to show.
#[derive(Debug, Clone, Default)]
struct Plan {
    id: String,
    title: String,
    /// Whether availability zones stand side by side; else what they repeat is drawn once, with `×N`.
    expand: bool,
    /// Whether the second column of zones stands for all zones but the first.
    fold: bool,
    /// What is shown; `None` for everything.
    only: Option<BTreeSet<ComponentId>>,
    /// Index of the flow that is numbered.
    flow: Option<usize>,
    direction: Option<Direction>,
}

/// Builds the views of one environment: the unasked `overview` and, where there is more than one availability
/// zone, `network`, then what the author asked for. A view with the name of an unasked one takes its place.
pub fn build(input: Input<'_>, diagnostics: &mut Diagnostics) -> Vec<View> {
    let words = Words::new(input.messages);
    let word = |key| words.get(key).to_owned();
    let mut plans = vec![Plan { id: "overview".to_owned(), title: word("overview"), ..Plan::default() }];
    if draft::zone_count(input.model) > 1 {
        plans.push(Plan {
            id: NETWORK.to_owned(),
            title: word("network-view"),
            expand: true,
            ..Plan::default()
        });
    }
    for (id, node) in input.model.views() {
        let plan = wish::plan(input.model, id, node, diagnostics);
        match plans.iter_mut().find(|other| other.id == *id) {
            Some(unasked) => *unasked = plan,
            None => plans.push(plan),
        }
    }
    plans.iter().map(|plan| fitting(input, plan, &words)).filter(|view| !view.nodes.is_empty()).collect()
}

/// A picture with more than two zones is folded where it would become wider than this, in px.
const WIDEST: i32 = 1700;

/// The view of a plan; from the third zone on, zones become one column with the second where they would not fit.
fn fitting(input: Input<'_>, plan: &Plan, words: &Words) -> View {
    let view = draft::Draft::new(input, plan, words).view();
    let columns = view.containers.iter().filter(|container| container.sort == Sort::Zone).count();
    if columns < 3 || layout(&graph(&view)).size.w <= Fx(WIDEST * 64) {
        return view;
    }
    let folded = Plan { fold: true, ..plan.clone() };
    draft::Draft::new(input, &folded, words).view()
}
