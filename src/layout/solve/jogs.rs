//! R6, R9: lines whose labels have no room side by side at the 52 px of a tile's side leave it by a stub and go round.
//!
//! A stub holds on to the tile, the way beyond the jog is free, so the tile's width limits nothing but the stubs. Of those
//! that go to one side the outermost turns first: nearest to the tile.

use std::collections::{BTreeMap, BTreeSet};

use super::super::geom::Len;
use super::super::picture::Picture;
use super::lines::{Anchor, FINE, Lines, Part, Seg, Side, Thing, edge_of};

/// Ends of lines that are jogged: the class of the segment and what it ends at.
pub(super) type Jogs = BTreeSet<(usize, Anchor)>;

impl Lines {
    /// The lines with a stub and a jog at each of `jogs`.
    pub(super) fn jogged(&self, picture: &Picture, jogs: &Jogs) -> Lines {
        let mut made = Lines { first: vec![0], ..Lines::default() };
        let mut home = vec![0; self.segs.len()];
        let mut classes: BTreeMap<(usize, Option<Anchor>, u8), usize> = BTreeMap::new();
        for line in 0..self.first.len() - 1 {
            for s in self.first[line]..self.first[line + 1] {
                let seg = &self.segs[s];
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
                home[s] = made.segs.len();
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
        for (anchor, mut list) in sides {
            list.sort_unstable();
            let upright = matches!(anchor.side, Side::Top | Side::Bottom);
            let count = list.len();
            let mut ranks: BTreeMap<usize, i64> = BTreeMap::new();
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
            for s in 0..self.segs.len() {
                if self.segs[s].part == Part::Jog
                    && let Some(rank) = ranks.get(&self.segs[s].class)
                {
                    self.segs[s].rank = *rank;
                }
            }
        }
    }

    /// Lines at one side of a leaf of which one has a label beside another: all but one of them need a jog.
    pub(super) fn crowded(&self, picture: &Picture) -> Jogs {
        let mut sides: BTreeMap<Anchor, Vec<(i64, usize)>> = BTreeMap::new();
        for (s, seg) in self.segs.iter().enumerate() {
            for anchor in seg.ends.iter().flatten() {
                if matches!(anchor.thing, Thing::Leaf(_)) {
                    sides.entry(*anchor).or_default().push((seg.fine(), s));
                }
            }
        }
        let mut jogs = Jogs::new();
        for (anchor, mut list) in sides {
            list.sort_unstable();
            let labelled: Vec<usize> = list
                .iter()
                .map(|&(_, s)| s)
                .filter(|&s| {
                    self.labels
                        .iter()
                        .any(|label| self.segs[label.host].class == self.segs[s].class && label.host == s)
                })
                .collect();
            for &s in &labelled {
                let Some(label) = self.labels.iter().find(|label| label.host == s) else { continue };
                // Labels of level lines are low: two of them have room, one above the other.
                if self.segs[s].axis == 1 && list.len() < 4 && labelled.len() < 2 {
                    continue;
                }
                let beside = |t: usize| {
                    let (a, b) = self.extent(picture, t);
                    let half = super::axis::extent(label.size, 1 - self.segs[s].axis) / 2;
                    self.segs[t].class != self.segs[s].class
                        && a < (label.along + half) * FINE
                        && (label.along - half) * FINE < b
                };
                if list.iter().any(|&(_, t)| beside(t) && !jogs.contains(&(self.segs[t].class, anchor))) {
                    jogs.insert((self.segs[s].class, anchor));
                }
            }
        }
        jogs
    }
}
