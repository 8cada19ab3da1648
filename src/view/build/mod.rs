//! From a model and its facts to views: what is shown, where it stands, what the lines say.
//!
//! What is drawn decides more than how: replicas over zones share their lines (a group's border), what only
//! belongs to something is a quiet word (certificates), ways out go through their gateways once.

mod attach;
mod boxes;
mod context;
mod crowd;
mod draft;
mod lines;
mod logical;
mod loose;
mod marks;
mod nodes;
mod spread;
mod stages;
mod text;
mod walk;
mod whole;
mod wish;

pub use whole::{Whole, whole};

use super::words::Words;
use super::{About, Picture, Shows, View, graph};
use crate::catalog::Catalog;
use crate::diag::Diagnostics;
use crate::layout::{Direction, Fx, Sort, layout};
use crate::model::derive::Facts;
use crate::model::{ComponentId, Model, ZoneId};
use crate::source::Span;
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

/// The name of the view of an environment where it fits on one page.
const OVERVIEW: &str = "overview";

/// How the names of the pictures begin that every flow has unasked: its way in numbers, and in the order of time.
pub const UNASKED_OF_FLOWS: [&str; 2] = ["flow-", "sequence-"];

/// What one view is to show.
#[derive(Debug, Clone, Default)]
struct Plan {
    id: String,
    title: String,
    /// What the author says that it shows.
    about: String,
    /// Whether it shows the system as a whole, so that no environment is part of its name.
    whole: bool,
    /// Whether availability zones stand side by side; else what they repeat is drawn once, with `×N`.
    expand: bool,
    /// Whether every copy is drawn, also those beside each other.
    copies: bool,
    /// Whether the second column of zones stands for all zones but the first.
    fold: bool,
    /// Whether infrastructure is left out: places, and what only passes requests on or looks after others.
    logical: bool,
    /// What is shown; `None` for everything.
    only: Option<BTreeSet<ComponentId>>,
    /// The group that is shown: its members stand in its frame, wherever they run.
    frame: Option<ZoneId>,
    /// Index of the flow that is numbered.
    flow: Option<usize>,
    direction: Option<Direction>,
}

/// Builds the pictures of one environment: the unasked `overview` and, where there is more than one availability
/// zone, `network`, then what the author asked for, then every flow, numbered and in the order of time. A view with the
/// name of an unasked one takes its place.
pub fn build(input: Input<'_>, diagnostics: &mut Diagnostics) -> Vec<Picture> {
    let words = Words::new(input.messages);
    let word = |key| words.get(key).to_owned();
    let mut plans = vec![Plan { id: OVERVIEW.to_owned(), title: word(OVERVIEW), ..Plan::default() }];
    let zones = draft::zone_count(input.model) > 1;
    if zones {
        plans.push(Plan {
            id: NETWORK.to_owned(),
            title: word("network-view"),
            expand: true,
            ..Plan::default()
        });
    }
    let mut asked: Vec<(String, Span)> = Vec::new();
    for (id, node) in input.model.views() {
        let plan = wish::plan(input.model, id, node, diagnostics);
        asked.push((id.clone(), node.span));
        match plans.iter_mut().find(|other| other.id == *id) {
            Some(unasked) => *unasked = plan,
            None => plans.push(plan),
        }
    }
    let flows = &input.model.operations().flows;
    let [numbered, in_time] = UNASKED_OF_FLOWS;
    for (at, flow) in flows.iter().enumerate() {
        let id = format!("{numbered}{}", flow.id);
        let numbers_all = |plan: &Plan| plan.flow == Some(at) && plan.only.is_none();
        if !plans.iter().any(|plan| numbers_all(plan) || plan.id == id) {
            let title = flow.title.clone();
            plans.push(Plan { id, title, expand: zones, flow: Some(at), ..Plan::default() });
        }
    }
    let mut pictures = Vec::new();
    for plan in &plans {
        let view = fitting(input, plan, &words);
        let wish = asked.iter().find(|(id, _)| *id == plan.id);
        if view.nodes.is_empty() {
            if let Some((id, span)) = wish {
                diagnostics.push(wish::empty(id, *span, &input.model.environment().id));
            }
            continue;
        }
        // A flow whose steps are all hidden is no picture of its own.
        if wish.is_none() && plan.flow.is_some() && view.steps.is_empty() {
            continue;
        }
        if plan.flow.is_none() {
            diagnostics.extend(crowd::check(input.model, &view, wish.map(|(_, span)| *span)));
        }
        let about = plan.flow.and_then(|at| flows.get(at)).map(|flow| About::Flow(flow.id.clone()));
        pictures.push(Picture { name: plan.id.clone(), about, shows: Shows::View(view) });
    }
    for flow in flows {
        let name = format!("{in_time}{}", flow.id);
        if !pictures.iter().any(|picture| picture.name == name) {
            let shows = Shows::Sequence(walk::sequence(input, flow, &name, &words));
            pictures.push(Picture { name, about: Some(About::Flow(flow.id.clone())), shows });
        }
    }
    pictures
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
