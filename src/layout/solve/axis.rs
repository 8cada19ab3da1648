//! P10: one axis of the picture as a system of separations: its variables, who is rigid with whom, and its bounds.

use std::collections::BTreeMap;

use super::super::Sort;
use super::super::geom::{Area, Len, px};
use super::lines::{Anchor, FINE, Part, Thing, edge_of, span};
use super::model::Drawing;
use super::relax::Gap;
use super::sweep::{self, Kind};

/// A port of a line that stands in the way of a solution.
pub(super) type Bound = (usize, usize);

/// One axis of a drawing.
pub(super) struct Axis<'d, 'a> {
    pub(super) d: &'d Drawing<'a>,
    pub(super) axis: usize,
    /// By variable.
    pub(super) rough: Vec<Len>,
    pub(super) keys: Vec<i64>,
    pub(super) stage: Vec<u8>,
    pub(super) gaps: Vec<Gap>,
    /// Gaps that keep a line at its leaf: index, segment, end.
    pub(super) bounds: Vec<(usize, Bound)>,
    pub(super) leaf: Vec<usize>,
    pub(super) boxes: Vec<[usize; 2]>,
    pub(super) frames: Vec<[usize; 2]>,
    pub(super) frame_titles: Vec<usize>,
    pub(super) seg: Vec<usize>,
    pub(super) label: Vec<usize>,
    /// The room between neighbouring lines at each side of a leaf.
    pub(super) pitch: BTreeMap<Anchor, Len>,
}

pub(super) const HEAVY: u8 = 1;
pub(super) const PORT: u8 = 2;
pub(super) const FREE: u8 = 3;
pub(super) const LABEL: u8 = 4;

impl<'d, 'a> Axis<'d, 'a> {
    pub(super) fn new(d: &'d Drawing<'a>, axis: usize) -> Axis<'d, 'a> {
        let mut it = Axis {
            d,
            axis,
            rough: Vec::new(),
            keys: Vec::new(),
            stage: Vec::new(),
            gaps: Vec::new(),
            bounds: Vec::new(),
            leaf: Vec::new(),
            boxes: Vec::new(),
            frames: Vec::new(),
            frame_titles: Vec::new(),
            seg: Vec::new(),
            label: Vec::new(),
            pitch: BTreeMap::new(),
        };
        it.variables();
        it.contain();
        it.ports();
        it.jogs();
        it.label_ends();
        let mut objs = it.objects();
        let mut gaps = std::mem::take(&mut it.gaps);
        sweep::neighbours(&mut objs, &it.rough, |p, q| it.apart(p, q), &mut gaps);
        it.gaps = gaps;
        it
    }

    fn variable(&mut self, rough: Len, rank: i64, stage: u8) -> usize {
        self.rough.push(rough);
        self.keys.push(rough * FINE + rank);
        self.stage.push(stage);
        self.rough.len() - 1
    }

    /// Leaves in one row share a variable, and so do the borders of zones and tiers that are level.
    fn variables(&mut self) {
        let (d, axis) = (self.d, self.axis);
        let mut rows: BTreeMap<Len, usize> = BTreeMap::new();
        for tile in &d.now.tiles {
            let centre = middle(span(tile, axis));
            let var = *rows.entry(centre).or_insert_with(|| self.rough.len());
            if var == self.rough.len() {
                self.variable(centre, 0, HEAVY);
            }
            self.leaf.push(var);
        }
        let mut level: BTreeMap<(bool, usize, Len), usize> = BTreeMap::new();
        for (area, cont) in d.now.boxes.iter().zip(&d.input.graph.containers) {
            let ends = span(area, axis);
            let tier = matches!(cont.sort, Sort::Tier(_));
            let mut vars = [0, 0];
            for (side, at) in [ends.0, ends.1].into_iter().enumerate() {
                vars[side] = if tier || cont.sort == Sort::Zone {
                    let next = self.rough.len();
                    let var = *level.entry((tier, side, at)).or_insert(next);
                    if var == next { self.variable(at, 0, HEAVY) } else { var }
                } else {
                    self.variable(at, 0, HEAVY)
                };
            }
            self.boxes.push(vars);
        }
        for (frame, title) in d.now.frames.iter().zip(&d.now.frame_titles) {
            let ends = span(&frame.unwrap_or_default(), axis);
            let vars = [self.variable(ends.0, 0, HEAVY), self.variable(ends.1, 0, HEAVY)];
            self.frames.push(vars);
            let centre = middle(span(&title.unwrap_or_default(), axis));
            let var = self.variable(centre, 0, HEAVY);
            self.frame_titles.push(var);
        }
        let mut classes: BTreeMap<usize, usize> = BTreeMap::new();
        for seg in &d.lines.segs {
            if seg.axis != axis {
                self.seg.push(usize::MAX);
                continue;
            }
            let hangs = |end: &Option<Anchor>| matches!(end, Some(Anchor { thing: Thing::Leaf(_), .. }));
            let stage = if seg.ends.iter().any(hangs) { PORT } else { FREE };
            let var = *classes.entry(seg.class).or_insert_with(|| self.rough.len());
            if var == self.rough.len() {
                self.variable(seg.at, seg.rank, stage);
            }
            self.stage[var] = self.stage[var].min(stage);
            self.seg.push(var);
        }
        for label in &d.lines.labels {
            let var = match label.border {
                _ if d.lines.segs[label.host].axis == axis => self.seg[label.host],
                Some((c, side)) => self.boxes[c][side],
                None => self.variable(label.along, 0, LABEL),
            };
            self.label.push(var);
        }
    }

    fn at_least(&mut self, from: usize, to: usize, gap: Len) {
        if from != to {
            self.gaps.push(Gap { from, to, gap });
        }
    }

    /// A distance that is kept where it is narrower than wanted already.
    fn kept(now: Len, (want, least): (Len, Len)) -> Len {
        now.min(want).max(least)
    }

    /// Everything stands inside what it belongs to.
    fn contain(&mut self) {
        let (d, axis) = (self.d, self.axis);
        let page = d.input.page();
        for (v, tile) in d.now.tiles.iter().enumerate() {
            let parent = d.input.node_parent[v];
            if parent == page {
                continue;
            }
            let centre = self.rough[self.leaf[v]];
            let slot = if d.now.texts[v].w() > 0 { tile.join(&d.now.texts[v]) } else { *tile };
            for side in [0, 1] {
                if d.straddles(v, axis, side) {
                    let offset = centre - self.rough[self.boxes[parent][side]];
                    self.at_least(self.boxes[parent][side], self.leaf[v], offset);
                    self.at_least(self.leaf[v], self.boxes[parent][side], -offset);
                } else {
                    self.inside(
                        self.boxes[parent],
                        self.leaf[v],
                        side,
                        span(&slot, axis),
                        (Kind::Border, Kind::Leaf),
                    );
                }
            }
        }
        for (c, area) in d.now.boxes.iter().enumerate() {
            let ends = span(area, axis);
            let title = span(&d.now.titles[c], axis);
            let titled = if d.now.titles[c].w() > 0 { title.1 - ends.0 + px(8) } else { 0 };
            self.at_least(self.boxes[c][0], self.boxes[c][1], (ends.1 - ends.0).min(titled.max(px(32))));
            let parent = d.input.cont_parent[c];
            if parent == page {
                continue;
            }
            for side in [0, 1] {
                let var = self.boxes[c][side];
                self.inside(self.boxes[parent], var, side, ends, (Kind::Border, Kind::Border));
            }
        }
        for (g, frame) in d.now.frames.iter().enumerate() {
            if frame.is_none() {
                continue;
            }
            for &v in &d.input.members[g] {
                let slot = span(&d.now.tiles[v].join(&d.now.texts[v]), axis);
                for side in [0, 1] {
                    self.inside(self.frames[g], self.leaf[v], side, slot, (Kind::Frame, Kind::Leaf));
                }
            }
            self.at_least(self.frames[g][0], self.frames[g][1], px(32));
            if let (Some(frame), Some(title)) = (frame, &d.now.frame_titles[g]) {
                for side in [0, 1].into_iter().filter(|&side| out_of(title, frame, axis, side)) {
                    let offset = self.rough[self.frame_titles[g]] - self.rough[self.frames[g][side]];
                    self.at_least(self.frames[g][side], self.frame_titles[g], offset);
                    self.at_least(self.frame_titles[g], self.frames[g][side], -offset);
                }
            }
        }
        for (group, size) in d.equal[axis].iter() {
            for &c in group {
                self.at_least(self.boxes[c][0], self.boxes[c][1], *size);
                if d.fixed[axis] {
                    self.at_least(self.boxes[c][1], self.boxes[c][0], -size);
                }
            }
        }
    }

    /// `inner`, whose extent is `ends` now, stands inside the border of `outer` at one side.
    fn inside(
        &mut self,
        outer: [usize; 2],
        inner: usize,
        side: usize,
        ends: (Len, Len),
        kinds: (Kind, Kind),
    ) {
        let wanted = sweep::distance(kinds.0, kinds.1);
        let (at, border) = (self.rough[inner], self.rough[outer[side]]);
        if side == 0 {
            let room = Self::kept(ends.0 - border, wanted);
            self.at_least(outer[0], inner, room + at - ends.0);
        } else {
            let room = Self::kept(border - ends.1, wanted);
            self.at_least(inner, outer[1], room + ends.1 - at);
        }
    }

    /// The variable that an end of a line hangs on along this axis, and how far from it.
    pub(super) fn hook(&self, anchor: Anchor) -> (usize, Len) {
        let side = usize::from(anchor.side.far());
        let var = match anchor.thing {
            Thing::Leaf(v) => self.leaf[v],
            Thing::Box(c) => self.boxes[c][side],
            Thing::Frame(g) => self.frames[g][side],
        };
        (var, edge_of(&self.d.now, anchor) - self.rough[var])
    }

    /// Lines stay within the side that they end at, the lines of one side a little apart and in their order.
    fn ports(&mut self) {
        let (d, axis) = (self.d, self.axis);
        let mut sides: BTreeMap<Anchor, Vec<(i64, usize)>> = BTreeMap::new();
        for (s, seg) in d.lines.segs.iter().enumerate().filter(|(_, seg)| seg.axis == axis) {
            for (end, anchor) in seg.ends.iter().enumerate() {
                let Some(anchor) = *anchor else { continue };
                let var = self.seg[s];
                match anchor.thing {
                    Thing::Leaf(v) => {
                        let (low, high) = d.reach(v, anchor.side);
                        self.bounds.push((self.gaps.len(), (s, end)));
                        self.at_least(self.leaf[v], var, low);
                        self.bounds.push((self.gaps.len(), (s, end)));
                        self.at_least(var, self.leaf[v], -high);
                        sides.entry(anchor).or_default().push((seg.fine(), var));
                    }
                    Thing::Box(c) => self.within(self.boxes[c], var),
                    Thing::Frame(g) => self.within(self.frames[g], var),
                }
            }
        }
        for (anchor, mut list) in sides {
            list.sort_unstable();
            list.dedup_by_key(|port| port.1);
            let Thing::Leaf(v) = anchor.thing else { continue };
            let (low, high) = d.reach(v, anchor.side);
            let count = Len::try_from(list.len()).unwrap_or(1);
            let pitch = px(16).min((high - low) / (count - 1).max(1));
            self.pitch.insert(anchor, pitch);
            for pair in list.windows(2) {
                let now = self.rough[pair[1].1] - self.rough[pair[0].1];
                self.at_least(pair[0].1, pair[1].1, Self::kept(now, (pitch, pitch.min(px(8)))));
            }
        }
    }

    /// A line ends at a border away from its corners.
    fn within(&mut self, borders: [usize; 2], var: usize) {
        let (want, least) = (px(14), px(10));
        let low = Self::kept(self.rough[var] - self.rough[borders[0]], (want, least));
        let high = Self::kept(self.rough[borders[1]] - self.rough[var], (want, least));
        self.at_least(borders[0], var, low);
        self.at_least(var, borders[1], high);
    }

    /// Jogs of one side of a leaf lie one behind the other, and none touches the leaf.
    fn jogs(&mut self) {
        let d = self.d;
        let mut sides: BTreeMap<Anchor, Vec<(i64, usize)>> = BTreeMap::new();
        for (s, seg) in d.lines.segs.iter().enumerate() {
            if seg.axis == self.axis
                && seg.part == Part::Jog
                && let Some(anchor) = d.lines.jogs_from(s)
            {
                sides.entry(anchor).or_default().push((seg.fine(), self.seg[s]));
            }
        }
        for (anchor, mut list) in sides {
            list.sort_unstable();
            list.dedup_by_key(|jog| jog.1);
            let (leaf, offset) = self.hook(anchor);
            for &(_, var) in &list {
                if anchor.side.far() {
                    self.at_least(leaf, var, offset + px(10));
                } else {
                    self.at_least(var, leaf, px(10) - offset);
                }
            }
            if self.axis == 0 {
                for pair in list.windows(2) {
                    self.at_least(pair[0].1, pair[1].1, px(8));
                }
            }
        }
    }

    /// Labels stay between the ends of the segment that they stand on.
    fn label_ends(&mut self) {
        let d = self.d;
        for (l, label) in d.lines.labels.iter().enumerate() {
            let host = &d.lines.segs[label.host];
            if host.axis == self.axis {
                continue;
            }
            let half = extent(label.size, self.axis) / 2;
            let mut ends =
                [0, 1].map(|end| (d.lines.end(&d.now, label.host, end), self.end(label.host, end), end));
            ends.sort_unstable();
            for (low, (_, (var, offset), end)) in ends.into_iter().enumerate() {
                let last = host.ends[end].is_some() && end == 1;
                let wanted = match label.border {
                    // One that cannot move along the line makes room for an arrowhead and some of the line.
                    Some(_) if last => (px(24), px(24)),
                    Some(_) => (px(12), px(12)),
                    None if last => (px(17), px(14)),
                    None => (px(8), px(6)),
                };
                let at = self.rough[var] + offset;
                if low == 0 {
                    let room = Self::kept(label.along - half - at, wanted);
                    self.at_least(var, self.label[l], offset + room + half);
                } else {
                    let room = Self::kept(at - label.along - half, wanted);
                    self.at_least(self.label[l], var, room + half - offset);
                }
            }
        }
    }

    /// The variable at an end of a segment of the other axis, and how far from it.
    pub(super) fn end(&self, s: usize, end: usize) -> (usize, Len) {
        match self.d.lines.segs[s].ends[end] {
            Some(anchor) => self.hook(anchor),
            None => (self.seg[self.d.lines.next(s, end)], 0),
        }
    }
}

/// The middle of a span.
pub(super) fn middle((low, high): (Len, Len)) -> Len {
    (low + high) / 2
}

/// Width or height.
pub(super) fn extent((w, h): (Len, Len), axis: usize) -> Len {
    if axis == 0 { w } else { h }
}

/// The sides on which children can stand out of their box.
pub(super) fn out_of(area: &Area, border: &Area, axis: usize, side: usize) -> bool {
    let (low, high) = span(area, axis);
    let ends = span(border, axis);
    let at = if side == 0 { ends.0 } else { ends.1 };
    low < at && at < high
}
