//! R6, R9: lines whose labels have no room side by side at the 52 px of a tile's side leave it by a stub and go round.
//!
//! A stub holds on to the tile, the way beyond the jog is free, so the tile's width limits nothing but the stubs. Of those
//! that go to one side the outermost turns first: nearest to the tile.

use std::collections::{BTreeMap, BTreeSet};

use super::super::geom::{Len, px};
use super::super::picture::Picture;
use super::axis::extent;
use super::lines::{Anchor, FINE, Label, Lines, Part, Seg, Side, Thing, edge_of, span};

/// Ends of lines that are jogged: the class of the segment and what it ends at.
pub(super) type Jogs = BTreeSet<(usize, Anchor)>;

impl Lines {
    /// The lines with a stub and a jog at each of `jogs`.
    pub(super) fn jogged(&self, picture: &Picture, jogs: &Jogs) -> Lines {
        let mut made = Lines { first: vec![0], ..Lines::default() };
        let mut home = vec![0; self.segs.len()];
        let mut classes: BTreeMap<(usize, Option<Anchor>, u8), usize> = BTreeMap::new();
        for line in 0..self.first.len() - 1 {
            let range = self.first[line]..self.first[line + 1];
            for (seg, home) in self.segs[range.clone()].iter().zip(&mut home[range]) {
                let jog = |end: usize| seg.ends[end].filter(|&anchor| jogs.contains(&(seg.class, anchor)));
                let mut push = |made: &mut Lines, part: Part, key: (usize, Option<Anchor>, u8), seg: Seg| {
                    let next = made.segs.len();
                    let class = *classes.entry(key).or_insert(next);
                    made.segs.push(Seg { part, class, ..seg });
                };
                let stub = |anchor: Anchor, end: usize| {
                    let mut ends = [None, None];
                    ends[end] = Some(anchor);
                    Seg { ends, ..seg.clone() }
                };
                let bend = |anchor: Anchor| {
                    let at = edge_of(picture, anchor);
                    Seg { axis: 1 - seg.axis, at, rank: 0, ends: [None, None], ..seg.clone() }
                };
                if let Some(anchor) = jog(0) {
                    push(&mut made, Part::Stub, (seg.class, Some(anchor), 0), stub(anchor, 0));
                    push(&mut made, Part::Jog, (seg.class, Some(anchor), 1), bend(anchor));
                }
                *home = made.segs.len();
                let ends = [0, 1].map(|end| if jog(end).is_some() { None } else { seg.ends[end] });
                push(&mut made, Part::Way, (seg.class, None, 2), Seg { ends, ..seg.clone() });
                if let Some(anchor) = jog(1) {
                    push(&mut made, Part::Jog, (seg.class, Some(anchor), 1), bend(anchor));
                    push(&mut made, Part::Stub, (seg.class, Some(anchor), 0), stub(anchor, 1));
                }
            }
            made.first.push(made.segs.len());
        }
        made.labels = self.labels.clone();
        for label in &mut made.labels {
            label.host = home[label.host];
        }
        made.order_jogs(&[]);
        made
    }

    /// Decides which jogs lie nearest to their tile. `at` is where each segment stands, when x is solved.
    pub(super) fn order_jogs(&mut self, at: &[Len]) {
        let mut sides: BTreeMap<Anchor, Vec<(i64, usize, usize, usize)>> = BTreeMap::new();
        for s in 0..self.segs.len() {
            if self.segs[s].part != Part::Jog {
                continue;
            }
            let Some(anchor) = self.jogs_from(s) else { continue };
            let from_start =
                s > 0 && self.segs[s - 1].part == Part::Stub && self.segs[s - 1].ends[0] == Some(anchor);
            let (stub, way) = if from_start { (s - 1, s + 1) } else { (s + 1, s - 1) };
            sides.entry(anchor).or_default().push((self.segs[stub].fine(), self.segs[s].class, stub, way));
        }
        let mut ranks: BTreeMap<usize, i64> = BTreeMap::new();
        for (anchor, mut list) in sides {
            list.sort_unstable();
            let upright = matches!(anchor.side, Side::Top | Side::Bottom);
            let count = list.len();
            for (k, &(_, class, stub, way)) in list.iter().enumerate() {
                // Where the way went is known for x; else those in the upper half are taken to go up.
                let up = match (at.get(stub), at.get(way)) {
                    (Some(stub), Some(way)) if upright => way < stub,
                    _ => 2 * k + 1 < count,
                };
                let near = if up { k + 1 } else { count - k };
                let near = i64::try_from(near).unwrap_or(0).min(FINE / 4);
                ranks.entry(class).or_insert(if anchor.side.far() { near } else { -near });
            }
        }
        for seg in self.segs.iter_mut().filter(|seg| seg.part == Part::Jog) {
            seg.rank = ranks.get(&seg.class).copied().unwrap_or(0);
        }
    }

    /// Lines at one side of a leaf of which one has a label for which there is no room beside another: one of the two needs a
    /// jog, rather the one that turns anyway.
    pub(super) fn crowded(&self, picture: &Picture) -> Jogs {
        let mut sides: BTreeMap<Anchor, Vec<(i64, usize)>> = BTreeMap::new();
        for (s, seg) in self.segs.iter().enumerate() {
            for anchor in seg.ends.iter().flatten() {
                if matches!(anchor.thing, Thing::Leaf(_)) {
                    sides.entry(*anchor).or_default().push((seg.fine(), s));
                }
            }
        }
        let mut labels: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (l, label) in self.labels.iter().enumerate() {
            labels.entry(label.host).or_default().push(l);
        }
        // Half of what a label takes beside its line, if it stands beside the stretch of another.
        let beside = |s: usize, (a, b): (i64, i64)| -> Option<Len> {
            let axis = self.segs[s].axis;
            let meets = |label: &&Label| {
                let half = extent(label.size, 1 - axis) / 2;
                a < (label.along + half) * FINE && (label.along - half) * FINE < b
            };
            let met = labels.get(&s)?.iter().map(|&l| &self.labels[l]).filter(meets);
            met.map(|label| extent(label.size, axis) / 2).max()
        };
        let mut jogs = Jogs::new();
        for (anchor, mut list) in sides {
            list.sort_unstable();
            let Thing::Leaf(v) = anchor.thing else { continue };
            let (low, high) = span(&picture.tiles[v], 1 - anchor.side.axis());
            for (k, &(_, s)) in list.iter().enumerate() {
                for &(_, t) in &list[k + 1..] {
                    let (of_s, of_t) =
                        (beside(s, self.extent(picture, t)), beside(t, self.extent(picture, s)));
                    let need = match (of_s, of_t) {
                        (Some(p), Some(q)) => p + q + px(8),
                        (Some(p), None) | (None, Some(p)) => p + px(8),
                        (None, None) => continue,
                    };
                    let (p, q) = (self.segs[s].class, self.segs[t].class);
                    let jogged = jogs.contains(&(p, anchor)) || jogs.contains(&(q, anchor));
                    if need <= high - low - px(12) || p == q || jogged {
                        continue;
                    }
                    let other = if self.straight(s) || (of_s.is_none() && !self.straight(t)) { q } else { p };
                    jogs.insert((other, anchor));
                }
            }
        }
        jogs
    }

    /// Whether a line is nothing but this segment.
    pub(super) fn straight(&self, s: usize) -> bool {
        self.segs[s].ends.iter().all(Option::is_some)
    }
}
