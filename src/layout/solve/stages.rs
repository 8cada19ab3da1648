//! P10: the system of one axis solved in stages: leaves and borders, lines at leaves, other lines, labels.

use std::collections::BTreeMap;

use super::super::geom::Len;
use super::axis::{Axis, Bound, FREE, HEAVY, LABEL, PORT};
use super::lines::{Part, Thing};
use super::relax::{Contradiction, System};

/// Positions along one axis.
pub(super) struct Solved {
    pub(super) leaf: Vec<Len>,
    pub(super) boxes: Vec<[Len; 2]>,
    pub(super) frames: Vec<[Len; 2]>,
    pub(super) frame_titles: Vec<Len>,
    pub(super) seg: Vec<Option<Len>>,
    pub(super) label: Vec<Len>,
}

impl Axis<'_, '_> {
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

    /// Whether any positions at all keep the distances.
    pub(super) fn solvable(&self) -> bool {
        System::new(&self.keys, &self.gaps).check(&self.rough).is_ok()
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
                    .map(|list| list[v])
                    .filter(|&n| n != usize::MAX)
                    .map(|n| self.moved(system, n))
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
            if self.d.lines.segs[label.host].axis == self.axis || label.border.is_some() {
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
