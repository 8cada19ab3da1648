//! What the painters share: the view with its layout on the page, layers to paint on, ids that stay unique.

use super::icon::{Icon, Icons};
use super::route::{Run, runs};
use super::{Anchor, Box4, Group, Item, Layer, Look, Paint, Scene, Stroke, Style as Drawing, Tenths};
use crate::layout::{Fx, Graph, Layout, Rect, Size};
use crate::view::font::{Weight, width};
use crate::view::{Style, View};
use std::collections::{BTreeMap, BTreeSet};

/// Free space around everything.
pub(super) const MARGIN: Tenths = 320;
/// A page is no narrower, so that title and legend have room.
const LEAST_WIDTH: Tenths = 3200;

/// The layers, back to front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Page,
    Places,
    Overlays,
    Lines,
    Nodes,
    Titles,
    Labels,
    Frame,
}

const LAYERS: [&str; 8] = ["page", "places", "overlays", "lines", "nodes", "titles", "labels", "frame"];

pub(super) struct Stage<'a> {
    pub(super) view: &'a View,
    /// Tiles, containers, groups and label boxes on the page.
    pub(super) tiles: Vec<Box4>,
    pub(super) boxes: Vec<Box4>,
    pub(super) frames: Vec<Box4>,
    /// Where overlays have their titles; no width where they have none.
    pub(super) frame_titles: Vec<Box4>,
    pub(super) labels: Vec<Option<Box4>>,
    pub(super) runs: Vec<Run>,
    /// Left and right end of what stands around the picture.
    pub(super) left: Tenths,
    pub(super) right: Tenths,
    /// Where the picture ends below.
    pub(super) bottom: Tenths,
    /// Nothing is filled: patterns tell categories and places.
    pub(super) outlined: bool,
    icons: &'a Icons,
    used: BTreeMap<String, Icon>,
    ids: BTreeSet<String>,
    layers: Vec<Layer>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(view: &'a View, graph: &Graph, layout: &Layout, style: Drawing<'a>) -> Self {
        let heading = tenths(width(&view.title, 22, Weight::Bold));
        let heading = heading.max(tenths(width(&view.subtitle, 13, Weight::Regular)));
        let picture = tenths(layout.size.w);
        let wide = picture.max(heading).max(LEAST_WIDTH);
        let origin = (MARGIN + (wide - picture) / 2, super::frame::picture_top(view));
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
        let points = layout.routes.iter().map(|route| {
            let on_page = |p: &crate::layout::Point| (origin.0 + tenths(p.x), origin.1 + tenths(p.y));
            route.points.iter().map(on_page).collect()
        });
        let runs = runs(view, graph, &tiles, &boxes, &frames, points.collect());
        let layers = LAYERS.iter().map(|class| Layer { class, groups: Vec::new() }).collect();
        Stage {
            view,
            tiles,
            boxes,
            frames,
            frame_titles,
            labels,
            runs,
            left: MARGIN,
            right: MARGIN + wide,
            bottom: origin.1 + tenths(layout.size.h),
            outlined: style.look.is_outlined(),
            icons: style.icons,
            used: BTreeMap::new(),
            ids: BTreeSet::new(),
            layers,
        }
    }

    pub(super) fn push(&mut self, on: On, group: Group) {
        self.layers[on as usize].groups.push(group);
    }

    /// An id that no other group has: the view's name, what it is, and its own name in letters that ids allow.
    pub(super) fn id(&mut self, what: &str, name: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '.' };
        let name: String = name.chars().map(plain).collect();
        let first = format!("{}-{what}-{name}", slug(&self.view.id));
        let mut id = first.clone();
        let mut count = 1;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{first}.{count}");
        }
        id
    }

    /// An icon at a place; it is written once however often it occurs.
    pub(super) fn glyph(
        &mut self,
        icon: &str,
        category: &str,
        at: (Tenths, Tenths),
        side: Tenths,
        colour: Paint,
    ) -> Item {
        let (name, body) = self.icons.find(icon, category);
        self.used.entry(name.clone()).or_insert(body);
        Item::Glyph { at, side, icon: name, colour }
    }

    /// Whether an icon has colours of its own, so that it cannot stand on a colour.
    pub(super) fn is_coloured(&self, icon: &str, category: &str) -> bool {
        self.icons.find(icon, category).1.coloured
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

    pub(super) fn finish(self, bottom: Tenths, look: &Look) -> Scene {
        let (wide, high) = (self.right + MARGIN, bottom);
        let mut layers = self.layers;
        let page = rect((0, 0, wide, high), 0, Paint::token("page"), None);
        layers[On::Page as usize].groups.push(Group { items: vec![page], ..Group::default() });
        layers.retain(|layer| !layer.groups.is_empty());
        Scene {
            id: slug(&self.view.id),
            language: self.view.language.clone(),
            width: wide,
            height: high,
            title: self.view.title.clone(),
            description: self.view.description.clone(),
            look: look.clone(),
            icons: self.used.into_iter().collect(),
            layers,
        }
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
fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("view-{name}") }
}
