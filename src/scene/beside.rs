//! Several views on one page: each laid out by itself, under its own heading, in rows that a page holds.

use super::canvas::{Canvas, On};
use super::stage::{Stage, px, size, text, text_width};
use super::{Group, Paint, Scene, Style, Tenths, finish, paint};
use crate::layout::{Graph, Layout};
use crate::view::font::Weight;
use crate::view::{Beside, View, caption};

/// A row of views is no wider, unless one alone is.
const WIDEST: Tenths = px(1760);
/// Between views side by side.
const APART: Tenths = px(64);
/// Between rows of views.
const BELOW: Tenths = px(48);
/// A heading has as much room as its view, and at least this.
const LEAST_HEADING: Tenths = px(320);
/// What a heading takes above its view.
const HEADING: Tenths = px(48);

/// Paints views with their graphs and layouts.
pub fn beside(beside: &Beside, laid_out: &[(Graph, Layout)], style: Style<'_>) -> Scene {
    let sizes: Vec<(Tenths, Tenths)> =
        beside.views.iter().zip(laid_out).map(|(view, (_, layout))| panel(view, layout)).collect();
    let (corners, whole) = arrange(&sizes);
    let mut canvas = Canvas::new(&beside.sheet, whole, style);
    let mut stages = Vec::new();
    for ((view, (graph, layout)), corner) in beside.views.iter().zip(laid_out).zip(corners) {
        let (x, y) = (canvas.origin.0 + corner.0, canvas.origin.1 + corner.1);
        heading(&mut canvas, view, size(layout.size).0, (x, y));
        let stage = Stage::new(view, graph, layout, (x, y + HEADING));
        paint(&mut canvas, &stage);
        stages.push(stage);
    }
    finish(canvas, &stages, style.look)
}

/// What a view takes with its heading.
fn panel(view: &View, layout: &Layout) -> (Tenths, Tenths) {
    let (wide, high) = size(layout.size);
    let (title, subtitle) = words(view, wide);
    (wide.max(text_width(&title, 14, true)).max(text_width(&subtitle, 12, false)), high + HEADING)
}

/// Title and subtitle of a view of a width, cut where they would make it much wider than what it shows.
fn words(view: &View, wide: Tenths) -> (String, String) {
    let room = wide.max(LEAST_HEADING) / 10;
    let title = caption::cut(&caption::clean(&view.sheet.title), 14, Weight::Bold, room);
    (title, caption::cut(&caption::clean(&view.sheet.subtitle), 12, Weight::Regular, room))
}

/// The corners of views in rows, and the size of all.
fn arrange(sizes: &[(Tenths, Tenths)]) -> (Vec<(Tenths, Tenths)>, (Tenths, Tenths)) {
    let mut corners = Vec::new();
    let (mut x, mut y, mut high, mut widest) = (0, 0, 0, 0);
    for (wide, tall) in sizes {
        if x > 0 && x + wide > WIDEST {
            (x, y, high) = (0, y + high + BELOW, 0);
        }
        corners.push((x, y));
        widest = widest.max(x + wide);
        high = high.max(*tall);
        x += wide + APART;
    }
    (corners, (widest, y + high))
}

fn heading(canvas: &mut Canvas<'_>, view: &View, wide: Tenths, (x, y): (Tenths, Tenths)) {
    let (title, subtitle) = words(view, wide);
    let mut items = vec![text((x, y + px(14)), 14, true, Paint::token("ink"), title)];
    if !subtitle.is_empty() {
        items.push(text((x, y + px(31)), 12, false, Paint::token("quiet"), subtitle));
    }
    canvas.push(On::Frame, Group { class: "heading", items, ..Group::default() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_what_fits() {
        let wide = px(700);
        let (corners, whole) = arrange(&[(wide, 100), (wide, 300), (wide, 200)]);
        assert_eq!(corners, [(0, 0), (wide + APART, 0), (0, 300 + BELOW)]);
        assert_eq!(whole, (2 * wide + APART, 500 + BELOW));
        let (corners, whole) = arrange(&[(px(2000), 100), (px(2000), 100)]);
        assert_eq!((corners[1].0, whole.0), (0, px(2000)));
        assert_eq!(arrange(&[]).1, (0, 0));
    }
}
