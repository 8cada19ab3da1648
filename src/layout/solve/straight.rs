//! Small steps aside that a line needs no more: its two halves become one straight line where all distances allow that.
//!
//! The rough way decides on a step, for instance because the middle of a side was taken; when the ends have moved the two halves
//! often lie a few px apart, which looks like a mistake.

use super::super::geom::{Len, px};
use super::axis::Axis;
use super::lines::Part;
use super::model::Drawing;
use super::relax::Gap;
use super::stages::Solved;

/// Steps up to this size are worth a try.
const SMALL: Len = px(24);
/// In pictures with more lines than this the steps stay.
const MANY: usize = 150;

/// The same solution with fewer steps.
pub(super) fn straightened(d: &Drawing, axis: usize, solved: Solved) -> Solved {
    if d.lines.first.len() > MANY {
        return solved;
    }
    let steps = steps(d, &solved);
    if steps.is_empty() {
        return solved;
    }
    let mut it = Axis::new(d, axis);
    for (s, t) in steps {
        let (a, b) = (it.seg[s], it.seg[t]);
        it.gaps.extend([Gap { from: a, to: b, gap: 0 }, Gap { from: b, to: a, gap: 0 }]);
        if !it.solvable() {
            it.gaps.truncate(it.gaps.len() - 2);
        }
    }
    match it.solve() {
        // Boxes that must be equal stay so.
        Ok(better) if even(d, axis, &better) => better,
        _ => solved,
    }
}

/// The segments before and after each small step, the smallest step first.
fn steps(d: &Drawing, solved: &Solved) -> Vec<(usize, usize)> {
    let lines = &d.lines;
    let mut found: Vec<(Len, usize, usize)> = Vec::new();
    for line in lines.first.windows(2) {
        for s in line[0]..line[1].saturating_sub(2) {
            let (t, between) = (s + 2, s + 1);
            let way = [s, between, t].iter().all(|&k| lines.segs[k].part == Part::Way);
            let labelled = lines.labels.iter().any(|label| label.host == between);
            let (Some(a), Some(b)) = (solved.seg[s], solved.seg[t]) else { continue };
            let onwards = |k: usize| (lines.end(&d.now, k, 1) - lines.end(&d.now, k, 0)).signum();
            let small = (1..=SMALL).contains(&(a - b).abs());
            if way && !labelled && small && onwards(s) == onwards(t) {
                found.push(((a - b).abs(), s, t));
            }
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, s, t)| (s, t)).collect()
}

fn even(d: &Drawing, axis: usize, solved: &Solved) -> bool {
    d.equal[axis].iter().all(|(group, _)| {
        let mut sizes = group.iter().map(|&c| solved.boxes[c][1] - solved.boxes[c][0]);
        let first = sizes.next();
        sizes.all(|size| Some(size) == first)
    })
}
