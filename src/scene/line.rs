//! Lines with their marks.

use super::canvas::{Canvas, On};
use super::route::Run;
use super::stage::{Stage, px};
use super::{Group, Item, Paint, Stroke, Tenths};
use crate::layout::{Class, End};
use crate::view::caption;

/// Paints all lines.
pub(super) fn lines(canvas: &mut Canvas<'_>, stage: &Stage<'_>) {
    let view = stage.view;
    for (at, edge) in view.edges.iter().enumerate() {
        let items = match stage.runs.get(at) {
            Some(run) if run.points.len() > 1 => items(run, edge.class, canvas.outlined),
            _ => continue,
        };
        let group = Group {
            id: canvas.id("e", &edge.id),
            class: "edge",
            data: vec![
                ("id", edge.id.clone()),
                ("from", end_name(stage, edge.from)),
                ("to", end_name(stage, edge.to)),
                ("class", class_name(edge.class).to_owned()),
            ],
            title: caption::clean(&edge.sentence),
            items,
            ..Group::default()
        };
        canvas.push(On::Lines, group);
    }
}

fn end_name(stage: &Stage<'_>, end: End) -> String {
    let view = stage.view;
    let id = match end {
        End::Node(at) => view.nodes.get(at).map(|node| &node.id),
        End::Container(at) => view.containers.get(at).map(|container| &container.id),
        End::Group(at) => view.groups.get(at).map(|group| &group.id),
    };
    id.cloned().unwrap_or_default()
}

/// The name of a class in data, colours and the legend.
pub fn class_name(class: Class) -> &'static str {
    match class {
        Class::Request => "request",
        Class::Async => "async",
        Class::Replication => "replication",
        Class::Telemetry => "telemetry",
        Class::Attached => "attached",
    }
}

/// A line and its marks in the style of its class; also for the legend.
pub(super) fn items(run: &Run, class: Class, outlined: bool) -> Vec<Item> {
    let colour = Paint::Token(format!("line-{}", class_name(class)));
    let (width, dash): (Tenths, _) = match class {
        Class::Request => (16, ""),
        Class::Async => (16, "6 4"),
        // On paper no colour tells it from a request.
        Class::Replication if outlined => (18, "9 3 2 3"),
        Class::Replication => (18, ""),
        Class::Telemetry => (20, "0.1 5"),
        Class::Attached => (14, "2 3"),
    };
    let stroke = Some(Stroke { paint: colour.clone(), width, dash, round: true });
    let mut items = vec![Item::Path { steps: run.path(), fill: Paint::None, stroke }];
    items.extend(run.heads().into_iter().map(|steps| Item::Path {
        steps,
        fill: colour.clone(),
        stroke: None,
    }));
    items.extend(run.dots().into_iter().map(|at| Item::Circle { at, radius: px(3), fill: colour.clone() }));
    items
}
