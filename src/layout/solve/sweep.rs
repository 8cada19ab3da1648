//! Which things need a separation: a line sweeps over them in their order and remembers, for every stretch of itself,
//! what it met last. Only neighbours get a separation; those behind them follow from it.

use std::collections::BTreeMap;

use super::super::geom::{Len, px};
use super::relax::Gap;

/// What sort of thing keeps a distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A border of a box.
    Border,
    /// A border of a group's frame.
    Frame,
    Title,
    Leaf,
    Line,
    Label,
}

/// A box in one system: rigid around a variable, with a fixed extent on the other axis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Obj {
    pub(super) var: usize,
    /// Extent around the variable.
    pub(super) lo: Len,
    pub(super) hi: Len,
    /// Its place in the order, finely.
    pub(super) key: i64,
    /// Extent on the other axis, finely.
    pub(super) a: i64,
    pub(super) b: i64,
    pub(super) kind: Kind,
    /// The leaf, box, frame, segment or label it is.
    pub(super) id: usize,
}

/// The distance that two neighbours should have, and the least.
pub(super) fn distance(p: Kind, q: Kind) -> (Len, Len) {
    use Kind::{Border, Frame, Label, Leaf, Line, Title};
    let (want, least) = match (p.min(q), p.max(q)) {
        (Leaf, Leaf) => (16, 8),
        (Border, Border) | (Border, Leaf) => (14, 9),
        (Leaf, Line) => (12, 8),
        (Leaf, Label) => (7, 4),
        (Border | Frame, Line) => (10, 7),
        (Border | Frame, Label) => (6, 4),
        (Border, Frame) => (8, 4),
        (Frame, Frame) => (8, 6),
        (Frame, Leaf) => (8, 6),
        (Line, Line) => (12, 8),
        (Line, Label) => (8, 5),
        (Label, Label) => (6, 3),
        (Title, Leaf) => (8, 4),
        (Title, Line) => (8, 5),
        _ => (6, 4),
    };
    (px(want), px(least))
}

/// The separations between neighbours among `objs`. `rough` is where each variable stands before, `apart` says how far
/// two things stand apart: `None` when they need not.
pub(super) fn neighbours(
    objs: &mut [Obj],
    rough: &[Len],
    apart: impl Fn(&Obj, &Obj) -> Option<(Len, Len)>,
    gaps: &mut Vec<Gap>,
) {
    objs.sort_by_key(|o| (o.key, o.kind, o.id, o.a));
    // For each start of a stretch its end and the index of what was met last on it.
    let mut front: BTreeMap<i64, (i64, usize)> = BTreeMap::new();
    let mut met: Vec<(i64, i64, usize)> = Vec::new();
    for k in 0..objs.len() {
        let q = objs[k];
        if q.a >= q.b {
            continue;
        }
        met.clear();
        let before =
            front.range(..q.a).next_back().map(|(&a, &(b, i))| (a, b, i)).filter(|&(_, b, _)| b > q.a);
        met.extend(before);
        met.extend(front.range(q.a..q.b).map(|(&a, &(b, i))| (a, b, i)));
        for &(a, b, i) in &met {
            front.remove(&a);
            if a < q.a {
                front.insert(a, (q.a, i));
            }
            if b > q.b {
                front.insert(q.b, (b, i));
            }
        }
        // What reaches past a shorter one on both sides is met twice.
        met.sort_unstable_by_key(|&(_, _, i)| i);
        met.dedup_by_key(|&mut (_, _, i)| i);
        gaps.extend(met.iter().filter_map(|&(_, _, i)| gap(&objs[i], &q, rough, &apart)));
        front.insert(q.a, (q.b, k));
    }
}

/// The separation of two things, `p` before `q`: as wide as wanted, unless they stood nearer already.
fn gap(p: &Obj, q: &Obj, rough: &[Len], apart: impl Fn(&Obj, &Obj) -> Option<(Len, Len)>) -> Option<Gap> {
    if p.var == q.var {
        return None;
    }
    let (want, least) = apart(p, q)?;
    let now = rough[q.var] + q.lo - rough[p.var] - p.hi;
    Some(Gap { from: p.var, to: q.var, gap: p.hi - q.lo + now.min(want).max(least) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn obj(var: usize, key: i64, a: i64, b: i64) -> Obj {
        Obj { var, lo: 0, hi: 0, key, a, b, kind: Kind::Line, id: var }
    }

    fn pairs(mut objs: Vec<Obj>) -> Vec<(usize, usize)> {
        let rough: Vec<Len> = vec![0; objs.len()];
        let mut gaps = Vec::new();
        neighbours(&mut objs, &rough, |p, q| Some(distance(p.kind, q.kind)), &mut gaps);
        let mut pairs: Vec<_> = gaps.iter().map(|gap| (gap.from, gap.to)).collect();
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn only_neighbours_meet() {
        assert_eq!(pairs(vec![obj(0, 0, 0, 10), obj(1, 1, 0, 10), obj(2, 2, 0, 10)]), [(0, 1), (1, 2)]);
    }

    #[test]
    fn what_is_seen_past_a_short_one_meets_too() {
        assert_eq!(
            pairs(vec![obj(0, 0, 0, 10), obj(1, 1, 4, 6), obj(2, 2, 0, 10)]),
            [(0, 1), (0, 2), (1, 2)]
        );
    }

    #[test]
    fn those_beside_each_other_on_the_other_axis_do_not_meet() {
        assert_eq!(pairs(vec![obj(0, 0, 0, 5), obj(1, 1, 5, 10)]), []);
    }

    #[test]
    fn a_gap_that_is_there_is_kept_as_it_is() {
        let mut objs = [obj(0, 0, 0, 5), obj(1, 1, 0, 5)];
        let mut gaps = Vec::new();
        neighbours(&mut objs, &[0, px(9)], |_, _| Some((px(12), px(8))), &mut gaps);
        assert_eq!(gaps[0].gap, px(9));
        gaps.clear();
        neighbours(&mut objs, &[0, px(3)], |_, _| Some((px(12), px(8))), &mut gaps);
        assert_eq!(gaps[0].gap, px(8));
    }
}
