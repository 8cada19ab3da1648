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

use super::View;
use super::words::Words;
use crate::catalog::Catalog;
use crate::diag::Diagnostics;
use crate::layout::Direction;
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
    plans
        .iter()
        .map(|plan| draft::Draft::new(input, plan, &words).view())
        .filter(|view| !view.nodes.is_empty())
        .collect()
}
