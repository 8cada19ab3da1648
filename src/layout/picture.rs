//! From relative places to the picture: absolute boxes in their real direction, frames of groups, titles.

use super::Sort;
use super::geom::{Area, Len, px};
use super::input::{Input, Item, TEXT_PORT, sane};
use super::place::Placed;

/// Everything but the lines, in the picture's own axes.
#[derive(Clone)]
pub(super) struct Picture {
    pub(super) tiles: Vec<Area>,
    /// The texts below the tiles; empty boxes where there are none.
    pub(super) texts: Vec<Area>,
    /// Tile and texts as placed.
    pub(super) slots: Vec<Area>,
    pub(super) boxes: Vec<Area>,
    /// Title lines of the containers.
    pub(super) titles: Vec<Area>,
    /// Frames of the groups that could be framed.
    pub(super) frames: Vec<Option<Area>>,
    pub(super) frame_titles: Vec<Option<Area>>,
}

/// Room between a group's frame and the tiles and texts of its members.
const FRAME: Len = px(12);

/// Turns relative places into the picture.
pub(super) fn picture(input: &Input, placed: &Placed) -> Picture {
    let (mut slots, mut boxes) = placed.absolute(input);
    if input.right {
        for area in slots.iter_mut().chain(&mut boxes) {
            *area = area.transposed();
        }
    }
    let tiles: Vec<Area> = slots
        .iter()
        .zip(&input.tiles)
        .map(|(slot, &(w, h))| Area::at(slot.centre().0 - w / 2, slot.y0, w, h))
        .collect();
    let texts = tiles
        .iter()
        .zip(&input.graph.nodes)
        .map(|(tile, node)| {
            let (w, h) = sane(node.text);
            if w == 0 || h == 0 {
                return Area::at(tile.centre().0, tile.y1, 0, 0);
            }
            Area::at(tile.centre().0 - w / 2, tile.y1, w, h + TEXT_PORT)
        })
        .collect();
    let titles = boxes
        .iter()
        .zip(&input.graph.containers)
        .map(|(area, container)| {
            let (w, h) = sane(container.title);
            Area::at(area.x0, area.y0, w.min(area.w()), h.min(area.h()))
        })
        .collect();
    let mut picture =
        Picture { tiles, texts, slots, boxes, titles, frames: Vec::new(), frame_titles: Vec::new() };
    for g in 0..input.graph.groups.len() {
        let frame = picture.frame(input, g);
        let title = frame.and_then(|frame| picture.frame_title(input, g, &frame));
        picture.frames.push(frame);
        picture.frame_titles.push(title);
    }
    picture.start_at_zero();
    picture
}

impl Picture {
    /// The frame of a group, if one can hold all members and nobody else.
    fn frame(&self, input: &Input, g: usize) -> Option<Area> {
        let members = &input.members[g];
        let around = members.iter().map(|&v| self.drawn(v)).reduce(|a, b| a.join(&b))?;
        let below = members.iter().map(|&v| self.slots[v].y1).max()?;
        let tight = Area { y0: around.y0 - px(16), y1: below + px(8), ..around.grown(FRAME) };
        let free = |frame: &Area| {
            let no_leaf = (0..self.slots.len()).all(|v| members.contains(&v) || !self.drawn(v).hits(frame));
            let no_title = self.titles.iter().all(|title| !title.hits(frame));
            no_leaf && no_title
        };
        let wide = self.widened(input, g, tight);
        [wide, tight].into_iter().find(free)
    }

    /// What stands on the corners of tiles.
    pub(super) fn badges(&self, input: &Input) -> impl Iterator<Item = Area> {
        self.tiles.iter().enumerate().filter_map(|(v, tile)| input.badge(v, tile))
    }

    /// A leaf's tile and texts.
    fn drawn(&self, v: usize) -> Area {
        Area { y1: self.slots[v].y1.max(self.tiles[v].y1), ..self.tiles[v].join(&self.texts[v]) }
    }

    /// The frame drawn out to the borders of the outer tiers, where nothing else stands in them beside the members.
    fn widened(&self, input: &Input, g: usize, mut frame: Area) -> Area {
        let members = &input.members[g];
        for &v in members {
            let parent = input.node_parent[v];
            if !matches!(input.sort(parent), Some(Sort::Tier(_))) {
                continue;
            }
            let tier = self.boxes[parent];
            let mut wide = frame;
            wide.x0 = wide.x0.min(tier.x0 + px(16));
            wide.x1 = wide.x1.max(tier.x1 - px(16));
            let strange = |item: &Item| match item {
                Item::Leaf(w) => !members.contains(w) && self.drawn(*w).hits(&wide.grown(px(8))),
                Item::Box(b) => self.boxes[*b].hits(&wide),
            };
            if !input.children[parent].iter().any(strange) {
                frame = wide;
            }
        }
        frame
    }

    /// Where a group's title stands: between two of its members where nothing else is, else at the frame's top left.
    fn frame_title(&self, input: &Input, g: usize, frame: &Area) -> Option<Area> {
        let (w, h) = sane(input.graph.groups[g].title);
        if w == 0 || h == 0 {
            return None;
        }
        let mut members: Vec<(Area, Area)> = input.members[g]
            .iter()
            .map(|&v| (self.slots[v], self.boxes.get(input.node_parent[v]).copied().unwrap_or(self.slots[v])))
            .collect();
        members.sort_by_key(|(slot, _)| (slot.x0, slot.y0));
        let mut wishes: Vec<Area> = Vec::new();
        let y = (frame.y0 + px(72)).min(frame.y1 - h - px(4));
        for pair in members.windows(2).filter(|pair| pair[0].1.x1 < pair[1].1.x0) {
            wishes.push(Area::at((pair[0].1.x1 + pair[1].1.x0) / 2 - w / 2, y, w, h));
        }
        for pair in members.windows(2) {
            wishes.push(Area::at((pair[0].0.x1 + pair[1].0.x0) / 2 - w / 2, y, w, h));
        }
        wishes.push(Area::at(frame.x0 + px(8), frame.y0 + px(4), w, h));
        wishes.push(Area::at(frame.x0 + px(16), frame.y0 - h / 2, w, h));
        wishes.push(Area::at(frame.x0 + px(16), frame.y1 - h / 2, w, h));
        let sides = |area: &Area| {
            self.boxes.iter().any(|b| {
                let inner = b.x0 > area.x0 && b.x0 < area.x1 || b.x1 > area.x0 && b.x1 < area.x1;
                inner && b.y0 < area.y1 && area.y0 < b.y1
            })
        };
        let free = |area: &Area| {
            self.slots.iter().all(|slot| !slot.hits(area))
                && self.titles.iter().all(|title| !title.hits(area))
        };
        let best = wishes
            .iter()
            .find(|area| free(area) && !sides(area))
            .or_else(|| wishes.iter().find(|area| free(area)));
        best.copied()
    }

    /// The picture with everything twice as far apart: a last resort where lines found no way.
    pub(super) fn spread(&self, input: &Input) -> Picture {
        let twice = |area: &Area| Area { x0: 2 * area.x0, y0: 2 * area.y0, x1: 2 * area.x1, y1: 2 * area.y1 };
        let mut wide = self.clone();
        for area in wide.boxes.iter_mut().chain(wide.frames.iter_mut().flatten()) {
            *area = twice(area);
        }
        for (title, (old, new)) in wide.titles.iter_mut().zip(self.boxes.iter().zip(&wide.boxes)) {
            *title = title.moved(new.x0 - old.x0, new.y0 - old.y0);
        }
        for (title, (old, new)) in wide.frame_titles.iter_mut().zip(self.frames.iter().zip(&wide.frames)) {
            if let (Some(title), Some(old), Some(new)) = (title, old, new) {
                *title = title.moved(new.x0 - old.x0, new.y0 - old.y0);
            }
        }
        for (v, tile) in self.tiles.iter().enumerate() {
            let (cx, cy) = tile.centre();
            let (mut dx, mut dy) = (cx, cy);
            // What stands on the border of its box stays on it.
            if let Some(area) = self.boxes.get(input.node_parent[v]) {
                dx = [area.x0, area.x1].into_iter().find(|&x| tile.x0 < x && x < tile.x1).unwrap_or(dx);
                dy = [area.y0, area.y1].into_iter().find(|&y| tile.y0 < y && y < tile.y1).unwrap_or(dy);
            }
            for list in [&mut wide.tiles, &mut wide.texts, &mut wide.slots] {
                list[v] = list[v].moved(dx, dy);
            }
        }
        wide.start_at_zero();
        wide
    }

    /// Moves everything so that the corner of the picture is at zero.
    fn start_at_zero(&mut self) {
        let all = self.slots.iter().chain(&self.boxes).chain(self.frames.iter().flatten());
        let hull = all.copied().reduce(|a, b| a.join(&b)).unwrap_or_default();
        let lists = [&mut self.tiles, &mut self.texts, &mut self.slots, &mut self.boxes, &mut self.titles];
        let frames = self.frames.iter_mut().chain(&mut self.frame_titles).flatten();
        for area in lists.into_iter().flatten().chain(frames) {
            *area = area.moved(-hull.x0, -hull.y0);
        }
    }
}
