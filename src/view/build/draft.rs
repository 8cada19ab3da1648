//! A view in the making: where everything of the model has gone so far.

use super::{Input, Plan};
use crate::catalog::{Kind, Trait};
use crate::layout::Role;
use crate::model::derive::CopyPart;
use crate::model::{Component, ComponentId, End, Model, Space, ZoneDetail, ZoneId};
use crate::view::reduce::{Line, reduce};
use crate::view::words::Words;
use crate::view::{Sheet, Step, View};
use std::collections::BTreeMap;

pub(super) struct Draft<'a> {
    pub(super) model: &'a Model,
    pub(super) input: Input<'a>,
    pub(super) plan: &'a Plan,
    pub(super) words: &'a Words,
    pub(super) view: View,
    /// Containers by zone and availability zone.
    pub(super) boxes: BTreeMap<Spot, usize>,
    /// Nodes of each component, by component index.
    pub(super) copies: Vec<Vec<Copy>>,
    /// Nodes of machines on which nothing is drawn.
    pub(super) machines: BTreeMap<ZoneId, Vec<Copy>>,
    /// The overlay whose members are exactly a component's copies, by component index.
    pub(super) groups: Vec<Option<usize>>,
    /// The gateway of each address space.
    pub(super) gateways: BTreeMap<ZoneId, usize>,
    /// The ways out of private tiers, by address space and availability zone.
    pub(super) nats: BTreeMap<(ZoneId, usize), usize>,
    /// For each line between copies, the pair of ends that the author connected.
    pub(super) meant: Vec<Option<(End, End)>>,
}

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spot {
    /// On the page.
    Page,
    /// In a provider, outside of its region.
    Edge(ZoneId),
    /// In a provider's region.
    Region(ZoneId),
    /// In a zone, and in which availability zone.
    Zone(ZoneId, Option<usize>),
    /// An availability zone of an address space.
    Az(ZoneId, usize),
    /// On the Docker host with this index in the facts.
    Docker(usize),
    /// On a docker network: indices of host and network.
    Network(usize, usize),
}

/// One node of a component.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copy {
    pub(super) node: usize,
    pub(super) az: Option<usize>,
    pub(super) part: CopyPart,
}

/// The largest number of availability zones in a model.
pub(super) fn zone_count(model: &Model) -> usize {
    let spaces = model.zones().filter_map(|(_, zone)| space(&zone.detail));
    spaces.map(|space| space.azs.len()).max().unwrap_or(0)
}

pub(super) fn space(detail: &ZoneDetail) -> Option<&Space> {
    match detail {
        ZoneDetail::Space(space) => Some(space),
        _ => None,
    }
}

impl<'a> Draft<'a> {
    pub(super) fn new(input: Input<'a>, plan: &'a Plan, words: &'a Words) -> Self {
        let count = input.model.components().count();
        Draft {
            model: input.model,
            input,
            plan,
            words,
            view: View::default(),
            boxes: BTreeMap::new(),
            copies: vec![Vec::new(); count],
            machines: BTreeMap::new(),
            groups: vec![None; count],
            gateways: BTreeMap::new(),
            nats: BTreeMap::new(),
            meant: Vec::new(),
        }
    }

    /// Builds the view, stage by stage.
    pub(super) fn view(mut self) -> View {
        self.view.sheet = self.sheet(&self.plan.id, &self.plan.title);
        if !self.plan.logical {
            self.draw_boxes();
        }
        self.draw_nodes();
        if !self.plan.logical {
            self.draw_groups();
            self.draw_gateways();
        }
        self.draw_lines();
        self.number_flow();
        self.view.layers = self.layers();
        self.view.edges = reduce(&self.view, &self.ground());
        self.drop_loose_ends();
        self.view.direction = self.plan.direction.unwrap_or_default();
        self.view.sheet.subtitle = self.subtitle();
        self.view.sheet.description = self.describe();
        self.view
    }

    /// What stands around a picture with a name.
    pub(super) fn sheet(&self, name: &str, title: &str) -> Sheet {
        let model = self.model;
        Sheet {
            id: match self.plan.whole {
                true => name.to_owned(),
                false => format!("{}-{name}", model.environment().id),
            },
            title: format!("{} · {title}", model.system().title),
            language: model.system().language.clone(),
            words: self.words.clone(),
            ..Sheet::default()
        }
    }

    pub(super) fn word(&self, key: &'a str) -> &'a str {
        self.words.get(key)
    }

    pub(super) fn kind(&self, component: &Component) -> &'a Kind {
        self.input.catalog.kind(component.kind)
    }

    /// Components that the picture shows, in order. Certificates are a quiet word of whoever uses them.
    pub(super) fn shown(&self) -> Vec<(ComponentId, &'a Component)> {
        let wanted = |id: &ComponentId| self.plan.only.as_ref().is_none_or(|only| only.contains(id));
        let drawn = |id: ComponentId, component: &Component| match self.plan.logical {
            true => !self.is_infrastructure(id),
            false => !self.kind(component).has(Trait::Certificate),
        };
        self.model.components().filter(|(id, component)| wanted(id) && drawn(*id, component)).collect()
    }

    pub(super) fn role(&self, component: &Component) -> Role {
        role(&self.kind(component).role)
    }

    /// The address space around a component, when its availability zones stand side by side here.
    pub(super) fn expanded(&self, zone: ZoneId) -> Option<(ZoneId, &'a Space)> {
        let around =
            self.model.around(zone).find_map(|id| space(&self.model.zone(id).detail).map(|s| (id, s)));
        around.filter(|_| self.plan.expand && self.plan.frame.is_none())
    }

    /// The availability zones of a space as they are drawn: each column's letters.
    pub(super) fn columns(&self, space: &'a Space) -> Vec<&'a [String]> {
        match (self.plan.fold, space.azs.as_slice()) {
            (true, [first, rest @ ..]) if rest.len() > 1 => vec![std::slice::from_ref(first), rest],
            (_, azs) => azs.iter().map(std::slice::from_ref).collect(),
        }
    }

    /// Whether a machine stands in more than one availability zone of this picture.
    pub(super) fn spreads(&self, zone: ZoneId) -> bool {
        let Some((_, space)) = self.expanded(zone) else { return false };
        self.model.zone(zone).machine().is_some_and(|machine| machine.replicas.max > 1 && space.azs.len() > 1)
    }

    /// The numbers of the flow's steps go to the lines that were drawn for them; a step has the same number in every
    /// picture of its environment.
    fn number_flow(&mut self) {
        let Some(flow) = self.plan.flow.and_then(|at| self.model.operations().flows.get(at)) else { return };
        self.view.flow = flow.title.clone();
        for (step, number) in flow.steps.iter().zip(1..) {
            let exact = self.meant.iter().position(|meant| *meant == Some((step.from, step.to)));
            let along = || {
                let ends = step.along.iter().map(|id| self.model.connection(*id)).map(|c| (c.from, c.to));
                ends.rev().find_map(|ends| self.meant.iter().position(|meant| *meant == Some(ends)))
            };
            let Some(line) = exact.or_else(along) else { continue };
            // The copies of one line carry its number together, so that they can be drawn as one.
            let same = |a: &Line, b: &Line| a.class == b.class && a.label == b.label;
            let copies: Vec<usize> = (0..self.view.lines.len())
                .filter(|at| {
                    self.meant[*at] == self.meant[line] && same(&self.view.lines[*at], &self.view.lines[line])
                })
                .collect();
            for copy in copies {
                self.view.lines[copy].numbers.push(number);
            }
            self.view.steps.push(Step { number, text: step.text.clone() });
        }
    }
}

/// A role by the word of the catalog.
fn role(word: &str) -> Role {
    match word {
        "actor" => Role::Actor,
        "guard" => Role::Guard,
        "cdn" => Role::Cdn,
        "gateway" => Role::Gateway,
        "balancer" => Role::Balancer,
        "store" => Role::Store,
        "regional" => Role::Regional,
        "monitor" => Role::Monitor,
        "external" => Role::External,
        _ => Role::Compute,
    }
}
