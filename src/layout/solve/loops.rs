//! Lines from something to itself: one piece with its label, at a corner of what it belongs to.

use std::collections::BTreeMap;

use super::super::geom::{Area, Len, px};
use super::super::input::{Input, sane};
use super::super::picture::Picture;
use super::super::route::Path;
use super::lines::{Thing, thing};
use super::model::Rider;

/// A line from something to itself.
pub(super) struct Loop {
    pub(super) line: usize,
    pub(super) rider: Rider,
    /// Corners and label, seen from the top right corner of the thing.
    points: Vec<(Len, Len)>,
    label: Option<Area>,
}

/// All of them: the first around the top right corner, the next ones around those before.
pub(super) fn loops(input: &Input, picture: &Picture) -> Vec<Loop> {
    let mut reach: BTreeMap<Thing, (Len, Len)> = BTreeMap::new();
    let mut loops = Vec::new();
    for (e, edge) in input.graph.edges.iter().enumerate() {
        let (Some(own), Some(to)) = (thing(input, picture, edge.from), thing(input, picture, edge.to)) else {
            continue;
        };
        if own != to {
            continue;
        }
        let area = corner(picture, own);
        // A badge on the corner stays within the innermost.
        let badge = match own {
            Thing::Leaf(v) => input.badge(v, &area).map(|badge| badge.moved(-area.x1, -area.y0)),
            _ => None,
        };
        let badge = badge.map_or(Area::default(), |badge| badge.grown(px(6)));
        let (free, count) = *reach.entry(own).or_insert((px(12).max(badge.x1), 0));
        let size = edge.label.map(sane);
        // The label is centred on the upright part.
        let half = size.map_or(px(16), |(w, _)| (w / 2).max(px(16)));
        let out = free + half;
        let inset = (px(10).max(-badge.x0).max(badge.y1) + count * px(6)).min(area.w() / 2).min(area.h() / 2);
        let (up, down) = ((-px(20)).min(badge.y0) - count * px(16), inset);
        let points = vec![(0, down), (out, down), (out, up), (-inset, up), (-inset, 0)];
        let label = size.map(|(w, h)| Area::at(out - w / 2, -px(2) - h / 2, w, h));
        let mut areas =
            vec![Area { x0: 0, y0: up, x1: out, y1: down }, Area { x0: -inset, y0: up, x1: out, y1: 0 }];
        areas.extend(label);
        let areas = areas.iter().map(|part| part.moved(area.x1, area.y0)).collect();
        reach.insert(own, (out + half + px(8), count + 1));
        loops.push(Loop { line: e, rider: Rider { thing: own, areas }, points, label });
    }
    loops
}

/// What stands on the corners of leaves.
pub(super) fn badges(input: &Input, picture: &Picture) -> impl Iterator<Item = Rider> {
    picture.tiles.iter().enumerate().filter_map(|(v, tile)| {
        let badge = input.badge(v, tile)?;
        Some(Rider { thing: Thing::Leaf(v), areas: vec![badge] })
    })
}

fn corner(picture: &Picture, thing: Thing) -> Area {
    match thing {
        Thing::Leaf(v) => picture.tiles[v],
        Thing::Box(c) => picture.boxes[c],
        Thing::Frame(g) => picture.frames[g].unwrap_or_default(),
    }
}

impl Loop {
    /// Its way in the final picture.
    pub(super) fn path(&self, picture: &Picture) -> Path {
        let area = corner(picture, self.rider.thing);
        Path {
            points: self.points.iter().map(|&(x, y)| (area.x1 + x, area.y0 + y)).collect(),
            chip: self.label.map(|label| label.moved(area.x1, area.y0)),
            gate: None,
        }
    }
}
