//! Labels on lines: words, flow numbers and published ports.

use super::route::{Pt, Run};
use super::stage::{On, Stage, anchored, px, rect, size, stroke, text, text_width};
use super::{Anchor, Box4, Group, Item, Paint, Tenths};
use crate::layout::End;
use crate::view::caption::{self, CHIP_HEIGHT, number_width};
use crate::view::{Edge, Style};

/// Paints all labels.
pub(super) fn chips(stage: &mut Stage<'_>) {
    let view = stage.view;
    for (at, edge) in view.edges.iter().enumerate() {
        let Some(run) = stage.runs.get(at).filter(|run| run.points.len() > 1).cloned() else { continue };
        let mut items = Vec::new();
        if let Some(place) = place(stage, at, edge, &run) {
            items.extend(chip(stage, edge, place));
        }
        if !edge.published.is_empty() {
            items.extend(published(stage, at, edge, &run));
        }
        if !items.is_empty() {
            let named = vec![("id", edge.id.clone())];
            stage.push(On::Labels, Group { class: "label", data: named, items, ..Group::default() });
        }
    }
}

/// The label's box: the layout's, or the middle of the longest step where the layout has none.
fn place(stage: &Stage<'_>, at: usize, edge: &Edge, run: &Run) -> Option<Box4> {
    let (w, h) = size(caption::chip(&edge.label, &edge.numbers)?);
    if let Some((x, y, lw, lh)) = stage.labels.get(at).copied().flatten() {
        return Some((x + (lw - w) / 2, y + (lh - h) / 2, w, h));
    }
    run.middle().map(|(x, y)| (x - w / 2, y - h / 2, w, h))
}

fn chip(stage: &Stage<'_>, edge: &Edge, place: Box4) -> Vec<Item> {
    let (x, y, w, h) = place;
    let middle = y + h / 2;
    let words = caption::label(&edge.label);
    let mut items = Vec::new();
    let mut left = x;
    if !words.is_empty() {
        items.push(rect(place, px(6), stage.ground((x + w / 2, middle)), None));
        left += px(2);
    }
    for number in &edge.numbers {
        items.extend(number_badge((left, middle), *number, stage.outlined));
        left += px(number_width(*number) + 2);
    }
    if !words.is_empty() {
        let start = if edge.numbers.is_empty() { x + px(6) } else { left + px(4) };
        items.push(text((start, middle + 43), 12, false, Paint::token("label"), words));
    }
    items
}

/// The number of a flow's step; `at` is the middle of its left side.
pub(super) fn number_badge(at: (Tenths, Tenths), number: u32, outlined: bool) -> Vec<Item> {
    let wide = px(number_width(number));
    let fill = Paint::token("flow");
    let shape = match wide {
        _ if outlined => {
            let border = stroke(Paint::token("digit"), 13, "");
            rect((at.0, at.1 - px(9), wide, px(18)), px(9), fill, border)
        }
        180 => Item::Circle { at: (at.0 + px(9), at.1), radius: px(9), fill },
        _ => rect((at.0, at.1 - px(9), wide, px(18)), px(9), fill, None),
    };
    let digits = text((at.0 + wide / 2, at.1 + 40), 11, true, Paint::token("digit"), number.to_string());
    vec![shape, anchored(digits, Anchor::Middle)]
}

/// The pill of a published port, where the line enters the machine.
fn published(stage: &Stage<'_>, line: usize, edge: &Edge, run: &Run) -> Vec<Item> {
    let host = entered(stage, edge);
    let crossing = host.and_then(|host| crossing(run, stage.boxes[host]));
    // The layout's place is free for the pill where no label needs it.
    let free = stage.labels.get(line).copied().flatten().filter(|_| edge.label.is_empty());
    let free = free.map(|(x, y, w, h)| (x + w / 2, y + h / 2));
    let Some(at) = crossing.or(free).or_else(|| run.middle()) else { return Vec::new() };
    port_pill(at, &caption::clean(&edge.published))
}

/// A pill for a published port around a point; also for the legend.
pub(super) fn port_pill(at: Pt, words: &str) -> Vec<Item> {
    let wide = text_width(words, 12, true) + px(16);
    let border = stroke(Paint::token("box-host-stroke"), 13, "");
    let place = (at.0 - wide / 2, at.1 - px(CHIP_HEIGHT) / 2, wide, px(CHIP_HEIGHT));
    let words = text((at.0, at.1 + 43), 12, true, Paint::token("label"), words);
    vec![rect(place, px(CHIP_HEIGHT) / 2, Paint::token("page"), border), anchored(words, Anchor::Middle)]
}

/// The machine around a line's target that its source stands outside of.
fn entered(stage: &Stage<'_>, edge: &Edge) -> Option<usize> {
    let around = |end: End| {
        let mut chain = Vec::new();
        let mut next = match end {
            End::Node(node) => stage.view.nodes.get(node).and_then(|node| node.parent),
            End::Container(container) => Some(container),
            End::Group(group) => {
                let first = stage.view.groups.get(group).and_then(|group| group.members.first());
                first.and_then(|node| stage.view.nodes.get(*node)).and_then(|node| node.parent)
            }
        };
        while let Some(container) = next.filter(|container| !chain.contains(container)) {
            chain.push(container);
            next = stage.view.containers.get(container).and_then(|container| container.parent);
        }
        chain
    };
    let (source, target) = (around(edge.from), around(edge.to));
    let machine = |container: &usize| stage.view.containers[*container].style == Style::Host;
    target.into_iter().filter(|c| *c < stage.boxes.len()).find(|c| machine(c) && !source.contains(c))
}

/// The point where a line crosses a box's border.
fn crossing(run: &Run, place: Box4) -> Option<Pt> {
    let (x, y, w, h) = place;
    run.points.windows(2).find_map(|step| {
        let (a, b) = (step[0], step[1]);
        let between = |v: Tenths, from: Tenths, to: Tenths| v >= from.min(to) && v <= from.max(to);
        if a.1 == b.1 && a.1 >= y && a.1 <= y + h {
            [x, x + w].into_iter().find(|side| between(*side, a.0, b.0)).map(|side| (side, a.1))
        } else if a.0 == b.0 && a.0 >= x && a.0 <= x + w {
            [y, y + h].into_iter().find(|side| between(*side, a.1, b.1)).map(|side| (a.0, side))
        } else {
            None
        }
    })
}
