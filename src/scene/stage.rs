//! What the painters share: the view with its layout on the page, and the small tools for items.

use super::route::{Run, runs};
use super::{Anchor, Box4, Item, Paint, Stroke, Tenths};
use crate::layout::{Fx, Graph, Layout, Rect, Size};
use crate::view::font::{Weight, width};
use crate::view::{Style, View};

pub(super) struct Stage<'a> {
    pub(super) view: &'a View,
    /// Tiles, containers, groups and label boxes on the page.
    pub(super) tiles: Vec<Box4>,
    pub(super) boxes: Vec<Box4>,
    pub(super) frames: Vec<Box4>,
    /// Where overlays have their titles; no width where they have none.
    pub(super) frame_titles: Vec<Box4>,
    pub(super) labels: Vec<Option<Box4>>,
    /// Labels on the borders of containers.
    pub(super) gates: Vec<Option<Box4>>,
    pub(super) runs: Vec<Run>,
}

impl<'a> Stage<'a> {
    /// A view whose layout's corner lies at a point of the page.
    pub(super) fn new(view: &'a View, graph: &Graph, layout: &Layout, origin: (Tenths, Tenths)) -> Self {
        let place = |rect: &Rect| {
            let (x, y) = (tenths(rect.x), tenths(rect.y));
            // Both corners are rounded, so that boxes which touch keep touching.
            let (right, low) = (tenths(Fx(rect.x.0 + rect.w.0)), tenths(Fx(rect.y.0 + rect.h.0)));
            (origin.0 + x, origin.1 + y, right - x, low - y)
        };
        let tiles: Vec<Box4> = layout.tiles.iter().map(place).collect();
        let boxes: Vec<Box4> = layout.containers.iter().map(place).collect();
        let frames: Vec<Box4> = layout.groups.iter().map(place).collect();
        let frame_titles: Vec<Box4> = layout.group_titles.iter().map(place).collect();
        let labels = layout.routes.iter().map(|route| route.label.as_ref().map(place)).collect();
        let gates = layout.routes.iter().map(|route| route.gate.as_ref().map(place)).collect();
        let points = layout.routes.iter().map(|route| {
            let on_page = |p: &crate::layout::Point| (origin.0 + tenths(p.x), origin.1 + tenths(p.y));
            route.points.iter().map(on_page).collect()
        });
        let runs = runs(view, graph, &tiles, &boxes, &frames, points.collect());
        Stage { view, tiles, boxes, frames, frame_titles, labels, gates, runs }
    }

    /// The start of a container's colour names.
    pub(super) fn tokens(&self, container: usize) -> String {
        let style = self.view.containers[container].style;
        let before = self.view.containers[..container].iter().filter(|c| c.style == Style::Network).count();
        match style {
            Style::Network if before % 2 == 1 => "box-network-2".to_owned(),
            style => format!("box-{}", style.name()),
        }
    }

    /// The colour that is seen at a point below all lines.
    pub(super) fn ground(&self, at: (Tenths, Tenths)) -> Paint {
        let filled = |style: Style| {
            use Style::{Network, SubnetIsolated, SubnetPrivate, SubnetPublic};
            matches!(style, SubnetPublic | SubnetPrivate | SubnetIsolated | Network)
        };
        let containers = (0..self.boxes.len()).filter(|c| filled(self.view.containers[*c].style));
        let containers = containers.filter(|c| holds(self.boxes[*c], at));
        let mut names: Vec<String> = containers.map(|c| format!("{}-fill", self.tokens(c))).collect();
        if self.frames.iter().any(|frame| holds(*frame, at)) {
            names.push("box-group-fill".to_owned());
        }
        Paint::Ground(names)
    }
}

/// From 1/64 px to tenths of a px.
pub(super) fn tenths(length: Fx) -> Tenths {
    (length.0.saturating_mul(10).saturating_add(32)).div_euclid(64)
}

/// Whole px as tenths.
pub(super) const fn px(length: i32) -> Tenths {
    length * 10
}

/// Width and height in tenths.
pub(super) fn size(size: Size) -> (Tenths, Tenths) {
    (tenths(size.w), tenths(size.h))
}

/// How wide a text is, in tenths.
pub(super) fn text_width(text: &str, size: i32, bold: bool) -> Tenths {
    tenths(width(text, size, if bold { Weight::Bold } else { Weight::Regular }))
}

/// Whether a point lies in a box.
pub(super) fn holds(at: Box4, point: (Tenths, Tenths)) -> bool {
    let (x, y, w, h) = at;
    w > 0 && h > 0 && point.0 >= x && point.0 <= x + w && point.1 >= y && point.1 <= y + h
}

pub(super) fn rect(at: Box4, radius: Tenths, fill: Paint, stroke: Option<Stroke>) -> Item {
    Item::Rect { at, radius, fill, stroke }
}

pub(super) fn stroke(paint: Paint, width: Tenths, dash: &'static str) -> Option<Stroke> {
    Some(Stroke { paint, width, dash, round: false })
}

pub(super) fn text(
    at: (Tenths, Tenths),
    size: i32,
    bold: bool,
    fill: Paint,
    text: impl Into<String>,
) -> Item {
    Item::Text { at, size, bold, anchor: Anchor::Start, fill, text: text.into(), tracking: 0 }
}

/// The same text with another end at its position.
pub(super) fn anchored(item: Item, anchor: Anchor) -> Item {
    match item {
        Item::Text { at, size, bold, fill, text, tracking, .. } => {
            Item::Text { at, size, bold, anchor, fill, text, tracking }
        }
        other => other,
    }
}

/// A name in letters that ids allow; never empty.
pub(super) fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("view-{name}") }
}
