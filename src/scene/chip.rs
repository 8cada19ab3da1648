//! Labels on lines: words, flow numbers and published ports.

use super::canvas::{Canvas, On};
use super::route::{Pt, Run};
use super::stage::{Stage, anchored, px, rect, size, stroke, text, text_width};
use super::{Anchor, Box4, Group, Item, Paint, Tenths};
use crate::view::Edge;
use crate::view::caption::{self, CHIP_HEIGHT, number_width};

/// Paints all labels.
pub(super) fn chips(canvas: &mut Canvas<'_>, stage: &Stage<'_>) {
    let view = stage.view;
    for (at, edge) in view.edges.iter().enumerate() {
        let Some(run) = stage.runs.get(at).filter(|run| run.points.len() > 1).cloned() else { continue };
        let mut items = Vec::new();
        if let Some(place) = place(stage, at, edge, &run) {
            items.extend(chip(stage, edge, place, canvas.outlined));
        }
        if !edge.published.is_empty() {
            items.extend(published(stage, at, edge, &run));
        }
        if !items.is_empty() {
            let named = vec![("id", edge.id.clone())];
            canvas.push(On::Labels, Group { class: "label", data: named, items, ..Group::default() });
        }
    }
}

/// The label's box: the layout's, or the middle of the longest step where the layout has none.
fn place(stage: &Stage<'_>, at: usize, edge: &Edge, run: &Run) -> Option<Box4> {
    let (w, h) = size(caption::chip(&edge.label, &edge.numbers)?);
    if let Some((x, y, lw, lh)) = stage.labels.get(at).copied().flatten() {
        let left = if lw > w + px(1) { x } else { x + (lw - w) / 2 };
        return Some((left, y + (lh - h) / 2, w, h));
    }
    run.middle().map(|(x, y)| (x - w / 2, y - h / 2, w, h))
}

fn chip(stage: &Stage<'_>, edge: &Edge, place: Box4, outlined: bool) -> Vec<Item> {
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
        items.extend(number_badge((left, middle), *number, outlined));
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

/// The pill of a published port: where the line enters the machine, else where its label stands, behind the words.
fn published(stage: &Stage<'_>, line: usize, edge: &Edge, run: &Run) -> Vec<Item> {
    let words = caption::clean(&edge.published);
    let middle = |(x, y, w, h): Box4| (x + w / 2, y + h / 2);
    let on_line = stage.labels.get(line).copied().flatten().map(|(x, y, w, h)| {
        let wide = caption::port(&words).map_or(w, |port| size(port).0);
        middle((x + w - wide, y, wide, h))
    });
    let at = stage.gates.get(line).copied().flatten().map(middle).or(on_line).or_else(|| run.middle());
    at.map(|at| port_pill(at, &words)).unwrap_or_default()
}

/// A pill for a published port around a point; also for the legend.
pub(super) fn port_pill(at: Pt, words: &str) -> Vec<Item> {
    let wide = text_width(words, 12, true) + px(16);
    let border = stroke(Paint::token("box-host-stroke"), 13, "");
    let place = (at.0 - wide / 2, at.1 - px(CHIP_HEIGHT) / 2, wide, px(CHIP_HEIGHT));
    let words = text((at.0, at.1 + 43), 12, true, Paint::token("label"), words);
    vec![rect(place, px(CHIP_HEIGHT) / 2, Paint::token("page"), border), anchored(words, Anchor::Middle)]
}
