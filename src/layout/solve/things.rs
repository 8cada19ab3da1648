//! P10: the things of one axis that keep distances, and how large these are.

use std::collections::BTreeMap;

use super::super::geom::{Area, Len, px};
use super::axis::{Axis, extent, middle, out_of};
use super::lines::{Anchor, FINE, Part, Thing, span};
use super::model::Rider;
use super::sweep::{self, Kind, Obj};

/// Nearer than this across the other axis things count as beside each other, so that no corners touch.
const MARGIN: Len = px(3) / 2;
/// The same for lines.
const LINE_MARGIN: Len = px(3);

impl Axis<'_, '_> {
    /// Extent on the other axis, finely.
    fn across(&self, area: &Area) -> (i64, i64) {
        let (low, high) = span(area, 1 - self.axis);
        let margin = if self.axis == 1 { MARGIN } else { 0 };
        ((low - margin) * FINE, (high + margin) * FINE)
    }

    /// All things that keep distances.
    pub(super) fn objects(&self) -> Vec<Obj> {
        let (d, axis) = (self.d, self.axis);
        let mut objs = Vec::new();
        let mut one_piece: Vec<(usize, usize, Area, Vec<Area>)> = Vec::new();
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
                    one_piece.push((self.leaf[v], v, *tile, areas));
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
                Thing::Box(c) => one_piece.push((self.boxes[c][1 - axis], usize::MAX, d.now.boxes[c], areas)),
                Thing::Frame(g) => {
                    let frame = d.now.frames[g].unwrap_or_default();
                    one_piece.push((self.frames[g][1 - axis], usize::MAX, frame, areas));
                }
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
        for (var, id, host, areas) in one_piece {
            self.stripes(var, id, &host, &areas, &mut objs);
        }
        self.borders(&mut objs);
        self.ways(&mut objs);
        objs
    }

    /// Areas that hang on `host`, cut into stripes of which none hides another. They have the place of their variable in the
    /// order, so that lines pass all on the same side; but what runs over or under those beside the host stays there.
    fn stripes(&self, var: usize, id: usize, host: &Area, areas: &[Area], objs: &mut Vec<Obj>) {
        let at = self.rough[var];
        let beside = self.across(host);
        let mut cuts: Vec<i64> =
            areas.iter().chain([host]).map(|area| self.across(area)).flat_map(|(a, b)| [a, b]).collect();
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
            let alone = self.axis == 1 && (pair[1] <= beside.0 || beside.1 <= pair[0]);
            let key = if alone { hi * FINE } else { self.keys[var] };
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
        // A leaf or label that stands on a border takes its place there.
        let mut cuts: BTreeMap<(usize, usize), Vec<(i64, i64)>> = BTreeMap::new();
        for (v, tile) in d.now.tiles.iter().enumerate() {
            let slot = if d.now.texts[v].w() > 0 { tile.join(&d.now.texts[v]) } else { *tile };
            for side in [0, 1] {
                if d.straddles(v, self.axis, side) {
                    cuts.entry((d.input.node_parent[v], side)).or_default().push(self.across(&slot));
                }
            }
        }
        for (l, label) in d.lines.labels.iter().enumerate() {
            if let Some((c, side)) = label.border.filter(|_| d.lines.segs[label.host].axis != self.axis) {
                cuts.entry((c, side)).or_default().push(self.label_extent(l));
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
            let (a, b) = self.label_extent(l);
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

    /// The extent of a label on the other axis, finely.
    fn label_extent(&self, l: usize) -> (i64, i64) {
        let half = extent(self.d.lines.labels[l].size, 1 - self.axis) / 2;
        let margin = if self.axis == 1 { MARGIN } else { 0 };
        let (at, reach) = (self.label_across(l), (half + margin) * FINE);
        (at - reach, at + reach)
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
    pub(super) fn apart(&self, p: &Obj, q: &Obj) -> Option<(Len, Len)> {
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
