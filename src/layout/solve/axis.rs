//! P10: one axis of the picture as a system of separations: its variables, who is rigid with whom, and its bounds.

use std::collections::BTreeMap;

use super::super::Sort;
use super::super::geom::{Area, Len, px};
use super::lines::{Anchor, FINE, Part, Thing, edge_of, span};
use super::model::{Drawing, Rider};
use super::relax::{Contradiction, Gap, System};
use super::sweep::{self, Kind, Obj};

/// Nearer than this across the other axis things count as beside each other, so that no corners touch.
const MARGIN: Len = px(3) / 2;
/// The same for lines.
const LINE_MARGIN: Len = px(3);

/// A port of a line that stands in the way of a solution.
pub(super) type Bound = (usize, usize);

/// One axis of a drawing.
pub(super) struct Axis<'d, 'a> {
    pub(super) d: &'d Drawing<'a>,
    pub(super) axis: usize,
    /// By variable.
    rough: Vec<Len>,
    keys: Vec<i64>,
    stage: Vec<u8>,
    gaps: Vec<Gap>,
    /// Gaps that keep a line at its leaf: index, segment, end.
    bounds: Vec<(usize, Bound)>,
    leaf: Vec<usize>,
    boxes: Vec<[usize; 2]>,
    frames: Vec<[usize; 2]>,
    frame_titles: Vec<usize>,
    seg: Vec<usize>,
    label: Vec<usize>,
    /// The room between neighbouring lines at each side of a leaf.
    pitch: BTreeMap<Anchor, Len>,
}

/// Positions along one axis.
pub(super) struct Solved {
    pub(super) leaf: Vec<Len>,
    pub(super) boxes: Vec<[Len; 2]>,
    pub(super) frames: Vec<[Len; 2]>,
    pub(super) frame_titles: Vec<Len>,
    pub(super) seg: Vec<Option<Len>>,
    pub(super) label: Vec<Len>,
}

const HEAVY: u8 = 1;
const PORT: u8 = 2;
const FREE: u8 = 3;
const LABEL: u8 = 4;

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
            let var = if d.lines.segs[label.host].axis == axis {
                self.seg[label.host]
            } else {
                self.variable(label.along, 0, LABEL)
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
    fn hook(&self, anchor: Anchor) -> (usize, Len) {
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
                let wanted = if last { (px(17), px(14)) } else { (px(8), px(6)) };
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
    fn end(&self, s: usize, end: usize) -> (usize, Len) {
        match self.d.lines.segs[s].ends[end] {
            Some(anchor) => self.hook(anchor),
            None => (self.seg[self.d.lines.next(s, end)], 0),
        }
    }

    /// Extent on the other axis, finely.
    fn across(&self, area: &Area) -> (i64, i64) {
        let (low, high) = span(area, 1 - self.axis);
        let margin = if self.axis == 1 { MARGIN } else { 0 };
        ((low - margin) * FINE, (high + margin) * FINE)
    }

    /// All things that keep distances.
    fn objects(&self) -> Vec<Obj> {
        let (d, axis) = (self.d, self.axis);
        let mut objs = Vec::new();
        let mut one_piece: Vec<(usize, usize, Vec<Area>)> = Vec::new();
        let mut add = |var: usize, area: &Area, kind: Kind, id: usize| {
            let (lo, hi) = span(area, axis);
            let (a, b) = self.across(area);
            let at = self.rough[var];
            objs.push(Obj { var, lo: lo - at, hi: hi - at, key: middle((lo, hi)) * FINE, a, b, kind, id });
        };
        let mut riding: BTreeMap<Thing, Vec<Area>> = BTreeMap::new();
        for Rider { thing, areas } in &d.riders {
            riding.entry(*thing).or_default().extend(areas);
        }
        for (v, (tile, text)) in d.now.tiles.iter().zip(&d.now.texts).enumerate() {
            match riding.get(&Thing::Leaf(v)) {
                Some(areas) => {
                    let mut areas = areas.clone();
                    areas.push(*tile);
                    one_piece.push((self.leaf[v], v, areas));
                }
                None => add(self.leaf[v], tile, Kind::Leaf, v),
            }
            if text.w() > 0 && text.h() > 0 {
                add(self.leaf[v], text, Kind::Leaf, v);
            }
        }
        for (thing, areas) in riding {
            match thing {
                Thing::Leaf(_) => {}
                Thing::Box(c) => one_piece.push((self.boxes[c][1 - axis], usize::MAX, areas)),
                Thing::Frame(g) => one_piece.push((self.frames[g][1 - axis], usize::MAX, areas)),
            }
        }
        for (g, title) in d.now.frame_titles.iter().enumerate() {
            if let Some(title) = title {
                add(self.frame_titles[g], title, Kind::Title, usize::MAX - g);
            }
        }
        for (c, title) in d.now.titles.iter().enumerate().filter(|(_, title)| title.w() > 0 && title.h() > 0)
        {
            let var = self.boxes[c][0];
            let (_, hi) = span(title, axis);
            let (a, b) = self.across(title);
            let at = self.rough[var];
            objs.push(Obj { var, lo: 0, hi: hi - at, key: at * FINE, a, b, kind: Kind::Title, id: c });
        }
        for (var, id, areas) in one_piece {
            self.stripes(var, id, &areas, &mut objs);
        }
        self.borders(&mut objs);
        self.ways(&mut objs);
        objs
    }

    /// Areas that are rigid with each other, cut into stripes of which none hides another. All have the place of their
    /// variable in the order, so that lines pass them on the same side.
    fn stripes(&self, var: usize, id: usize, areas: &[Area], objs: &mut Vec<Obj>) {
        let (at, key) = (self.rough[var], self.keys[var]);
        let mut cuts: Vec<i64> =
            areas.iter().map(|area| self.across(area)).flat_map(|(a, b)| [a, b]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for pair in cuts.windows(2) {
            let within = areas.iter().filter(|area| {
                let (a, b) = self.across(area);
                area.w() > 0 && area.h() > 0 && a <= pair[0] && pair[1] <= b
            });
            let ends = within.map(|area| span(area, self.axis)).reduce(|p, q| (p.0.min(q.0), p.1.max(q.1)));
            let Some((lo, hi)) = ends else { continue };
            // What rides on a border reaches up to it.
            let (lo, hi) = if id == usize::MAX { (lo.min(at), hi.max(at)) } else { (lo, hi) };
            objs.push(Obj {
                var,
                lo: lo - at,
                hi: hi - at,
                key,
                a: pair[0],
                b: pair[1],
                kind: Kind::Leaf,
                id,
            });
        }
    }

    fn borders(&self, objs: &mut Vec<Obj>) {
        let d = self.d;
        // A leaf that stands on a border takes its place there.
        let mut cuts: BTreeMap<(usize, usize), Vec<(i64, i64)>> = BTreeMap::new();
        for (v, tile) in d.now.tiles.iter().enumerate() {
            let slot = if d.now.texts[v].w() > 0 { tile.join(&d.now.texts[v]) } else { *tile };
            for side in [0, 1] {
                if d.straddles(v, self.axis, side) {
                    cuts.entry((d.input.node_parent[v], side)).or_default().push(self.across(&slot));
                }
            }
        }
        for (c, area) in d.now.boxes.iter().enumerate() {
            for side in [0, 1] {
                let var = self.boxes[c][side];
                let mut list = cuts.remove(&(c, side)).unwrap_or_default();
                for (a, b) in pieces(self.across(area), &mut list) {
                    let key = self.keys[var];
                    objs.push(Obj { var, lo: 0, hi: 0, key, a, b, kind: Kind::Border, id: c });
                }
            }
        }
        for (g, frame) in d.now.frames.iter().enumerate() {
            let Some(frame) = frame else { continue };
            for side in [0, 1] {
                let var = self.frames[g][side];
                let mut list: Vec<(i64, i64)> = d.now.frame_titles[g]
                    .iter()
                    .filter(|title| out_of(title, frame, self.axis, side))
                    .map(|title| self.across(title))
                    .collect();
                for (a, b) in pieces(self.across(frame), &mut list) {
                    let key = self.keys[var];
                    objs.push(Obj { var, lo: 0, hi: 0, key, a, b, kind: Kind::Frame, id: g });
                }
            }
        }
    }

    fn ways(&self, objs: &mut Vec<Obj>) {
        let (d, axis) = (self.d, self.axis);
        let mut hosted: BTreeMap<usize, Vec<(i64, i64)>> = BTreeMap::new();
        for (l, label) in d.lines.labels.iter().enumerate() {
            let host = &d.lines.segs[label.host];
            let var = self.label[l];
            let half = extent(label.size, axis) / 2;
            let (at, half_across) = (self.label_across(l), extent(label.size, 1 - axis) / 2);
            let margin = if axis == 1 { MARGIN } else { 0 };
            let (a, b) = (at - (half_across + margin) * FINE, at + (half_across + margin) * FINE);
            if host.axis == axis {
                hosted.entry(var).or_default().push((a, b));
            }
            objs.push(Obj { var, lo: -half, hi: half, key: self.keys[var], a, b, kind: Kind::Label, id: l });
        }
        for (s, seg) in d.lines.segs.iter().enumerate().filter(|(_, seg)| seg.axis == axis) {
            let var = self.seg[s];
            let key = self.keys[var];
            let mut push = |a, b| objs.push(Obj { var, lo: 0, hi: 0, key, a, b, kind: Kind::Line, id: s });
            let (a, b) = match (seg.part, axis) {
                // What lies so close to a leaf that nothing else fits between is ordered by `ports` alone.
                (Part::Stub, 0) => continue,
                (Part::Jog, 0) => {
                    let Some(Anchor { thing: Thing::Leaf(v), .. }) = d.lines.jogs_from(s) else { continue };
                    self.across(&d.now.tiles[v].join(&d.now.texts[v]))
                }
                (_, 0) => d.lines.extent(&d.now, s),
                _ => {
                    let (a, b) = d.solved_extent(s);
                    if a == b && seg.part == Part::Jog {
                        continue;
                    }
                    // A stub ends where the free way of its own line begins: they must not seem to meet.
                    let margin = if seg.part == Part::Stub { -px(4) } else { LINE_MARGIN };
                    ((a - margin) * FINE, (b + margin) * FINE)
                }
            };
            match hosted.get_mut(&var) {
                Some(cuts) => pieces((a, b), cuts).into_iter().for_each(|(a, b)| push(a, b)),
                None => push(a, b),
            }
        }
    }

    /// The middle of a label on the other axis, finely.
    fn label_across(&self, l: usize) -> i64 {
        let (d, other) = (self.d, 1 - self.axis);
        let label = &d.lines.labels[l];
        let host = &d.lines.segs[label.host];
        if self.axis == 1 {
            return d.label_at[l][0] * FINE;
        }
        if host.axis == other { host.fine() } else { label.along * FINE }
    }

    /// How far two things must stand apart; `None` for those that may meet.
    fn apart(&self, p: &Obj, q: &Obj) -> Option<(Len, Len)> {
        let d = self.d;
        let (a, b) = if p.kind <= q.kind { (p, q) } else { (q, p) };
        match (a.kind, b.kind) {
            (Kind::Leaf, Kind::Line) => {
                let own = |end: &Option<Anchor>| end.is_some_and(|end| end.thing == Thing::Leaf(a.id));
                if d.lines.segs[b.id].ends.iter().any(own) {
                    return None;
                }
            }
            (Kind::Border, Kind::Leaf) => {
                let stands = |side| d.straddles(b.id, self.axis, side);
                if b.id < d.now.tiles.len() && d.input.node_parent[b.id] == a.id && (stands(0) || stands(1)) {
                    let side = usize::from(a.var == self.boxes[a.id][1]);
                    if stands(side) {
                        return None;
                    }
                }
            }
            // A title on its frame's border is held there by `contain`.
            (Kind::Frame, Kind::Title) if b.id == usize::MAX - a.id => {
                let held = |(frame, title): (&Area, &Area)| d.on_border(title, frame, self.axis);
                if d.now.frames[a.id].as_ref().zip(d.now.frame_titles[a.id].as_ref()).is_some_and(held) {
                    return None;
                }
            }
            (Kind::Line, Kind::Line) => {
                let (s, t) = (&d.lines.segs[a.id], &d.lines.segs[b.id]);
                let shared =
                    s.ends.iter().flatten().find(|end| t.ends.iter().flatten().any(|other| other == *end));
                if let Some(pitch) = shared.and_then(|anchor| self.pitch.get(anchor)) {
                    return Some((*pitch, (*pitch).min(px(8))));
                }
            }
            _ => {}
        }
        Some(sweep::distance(p.kind, q.kind))
    }

    /// Positions that keep all distances; else the lines at leaves whose ports make that impossible.
    pub(super) fn solve(&self) -> Result<Solved, Vec<Vec<Bound>>> {
        self.settle().map_err(|Contradiction(circles)| {
            let bounds: BTreeMap<usize, Bound> = self.bounds.iter().copied().collect();
            circles
                .iter()
                .map(|circle| circle.iter().filter_map(|gap| bounds.get(gap).copied()).collect())
                .collect()
        })
    }

    fn settle(&self) -> Result<Solved, Contradiction> {
        let mut system = System::new(&self.keys, &self.gaps);
        system.check(&self.rough)?;
        let count = self.rough.len();
        let at_stage = |stage: u8, wish: &dyn Fn(usize) -> Len| -> Vec<Option<Len>> {
            (0..count).map(|v| (self.stage[v] == stage).then(|| wish(v))).collect()
        };
        let heavy = at_stage(HEAVY, &|v| self.rough[v]);
        system.settle(&heavy)?;
        let wishes = self.port_wishes(&system);
        system.settle(&at_stage(PORT, &|v| wishes[v]))?;
        let wishes = self.way_wishes(&system);
        system.settle(&at_stage(FREE, &|v| wishes[v]))?;
        let wishes = self.label_wishes(&system);
        system.settle(&at_stage(LABEL, &|v| wishes[v]))?;
        let at = |v: usize| system.at(v);
        Ok(Solved {
            leaf: self.leaf.iter().map(|&v| at(v)).collect(),
            boxes: self.boxes.iter().map(|vars| vars.map(at)).collect(),
            frames: self.frames.iter().map(|vars| vars.map(at)).collect(),
            frame_titles: self.frame_titles.iter().map(|&v| at(v)).collect(),
            seg: self.seg.iter().map(|&v| (v != usize::MAX).then(|| at(v))).collect(),
            label: self.label.iter().map(|&v| at(v)).collect(),
        })
    }

    fn moved(&self, system: &System, v: usize) -> Len {
        system.at(v) - self.rough[v]
    }

    /// Lines at a leaf move with it.
    fn port_wishes(&self, system: &System) -> Vec<Len> {
        let mut sums = vec![(0, 0); self.rough.len()];
        for (s, seg) in self.d.lines.segs.iter().enumerate().filter(|(_, seg)| seg.axis == self.axis) {
            for anchor in seg.ends.iter().flatten() {
                if let Thing::Leaf(v) = anchor.thing {
                    let sum = &mut sums[self.seg[s]];
                    *sum = (sum.0 + self.moved(system, self.leaf[v]), sum.1 + 1);
                }
            }
        }
        (0..self.rough.len()).map(|v| self.rough[v] + sums[v].0 / sums[v].1.max(1)).collect()
    }

    /// Other lines move with what stands beside them, and what goes on from a stub stays in line with it.
    fn way_wishes(&self, system: &System) -> Vec<Len> {
        let count = self.rough.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|&v| (self.keys[v], v));
        let mut place = vec![0; count];
        for (k, &v) in order.iter().enumerate() {
            place[v] = k;
        }
        // The heavy neighbour on each side, passed on from line to line.
        let mut beside = [vec![usize::MAX; count], vec![usize::MAX; count]];
        let mut next = [vec![usize::MAX; count], vec![usize::MAX; count]];
        for gap in &self.gaps {
            if place[gap.from] < place[gap.to] && self.stage[gap.from] != LABEL && self.stage[gap.to] != LABEL
            {
                let nearer = |old: usize, new: usize, larger: bool| {
                    old == usize::MAX || (place[new] > place[old]) == larger
                };
                if nearer(next[0][gap.to], gap.from, true) {
                    next[0][gap.to] = gap.from;
                }
                if nearer(next[1][gap.from], gap.to, false) {
                    next[1][gap.from] = gap.to;
                }
            }
        }
        for (side, beside) in beside.iter_mut().enumerate() {
            for k in 0..count {
                let v = order[if side == 0 { k } else { count - 1 - k }];
                let n = next[side][v];
                if n != usize::MAX {
                    beside[v] = if self.stage[n] == HEAVY { n } else { beside[n] };
                }
            }
        }
        let mut wishes: Vec<Len> = (0..count)
            .map(|v| {
                let near: Vec<Len> = beside
                    .iter()
                    .filter_map(|list| (list[v] != usize::MAX).then(|| self.moved(system, list[v])))
                    .collect();
                self.rough[v] + near.iter().sum::<Len>() / Len::try_from(near.len().max(1)).unwrap_or(1)
            })
            .collect();
        for (s, seg) in self.d.lines.segs.iter().enumerate().filter(|(_, seg)| seg.axis == self.axis) {
            match seg.part {
                Part::Jog => {
                    if let Some(anchor) = self.d.lines.jogs_from(s) {
                        wishes[self.seg[s]] =
                            self.rough[self.seg[s]] + self.moved(system, self.hook(anchor).0);
                    }
                }
                Part::Way => {
                    if let Some(stub) = self.d.lines.stub_of(s) {
                        wishes[self.seg[s]] = system.at(self.seg[stub]);
                    }
                }
                Part::Stub => {}
            }
        }
        wishes
    }

    /// Labels keep their place between the ends of their segment.
    fn label_wishes(&self, system: &System) -> Vec<Len> {
        let mut wishes = self.rough.clone();
        for (l, label) in self.d.lines.labels.iter().enumerate() {
            if self.d.lines.segs[label.host].axis == self.axis {
                continue;
            }
            let [(old0, new0), (old1, new1)] = [0, 1].map(|end| {
                let (var, offset) = self.end(label.host, end);
                (self.rough[var] + offset, system.at(var) + offset)
            });
            if old1 != old0 {
                wishes[self.label[l]] = new0 + (label.along - old0) * (new1 - new0) / (old1 - old0);
            } else {
                wishes[self.label[l]] = (new0 + new1) / 2;
            }
        }
        wishes
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

/// What is left of a stretch without `cuts`.
fn pieces((a, b): (i64, i64), cuts: &mut [(i64, i64)]) -> Vec<(i64, i64)> {
    cuts.sort_unstable();
    let mut left = Vec::new();
    let mut from = a;
    for &(low, high) in cuts.iter() {
        if low > from {
            left.push((from, low.min(b)));
        }
        from = from.max(high);
    }
    if from < b {
        left.push((from, b));
    }
    left.retain(|(a, b)| a < b);
    left
}

/// The sides on which children can stand out of their box.
pub(super) fn out_of(area: &Area, border: &Area, axis: usize, side: usize) -> bool {
    let (low, high) = span(area, axis);
    let ends = span(border, axis);
    let at = if side == 0 { ends.0 } else { ends.1 };
    low < at && at < high
}
