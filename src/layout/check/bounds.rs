//! The verifier's own rectangles, and a sweep that finds which of them meet.

use crate::layout::{Fx, Point, Rect};

/// What counts as touching rather than overlapping: half a pixel.
pub(super) const SLACK: i64 = 32;

/// Whole pixels.
pub(super) const fn px(pixels: i64) -> i64 {
    pixels * 64
}

/// A point.
pub(super) type At = (i64, i64);

/// The point as the verifier sees it.
pub(super) fn at(point: &Point) -> At {
    (i64::from(point.x.0), i64::from(point.y.0))
}

/// A length without the nonsense that a graph may hold; the layout treats sizes alike.
pub(super) fn length(size: Fx) -> i64 {
    i64::from(size.0).clamp(0, px(2048))
}

/// A rectangle by its edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Bounds {
    pub(super) x0: i64,
    pub(super) y0: i64,
    pub(super) x1: i64,
    pub(super) y1: i64,
}

impl Bounds {
    pub(super) fn of(rect: &Rect) -> Bounds {
        let (x0, y0) = (i64::from(rect.x.0), i64::from(rect.y.0));
        Bounds { x0, y0, x1: x0 + i64::from(rect.w.0), y1: y0 + i64::from(rect.h.0) }
    }

    pub(super) fn spanning(a: At, b: At) -> Bounds {
        Bounds { x0: a.0.min(b.0), y0: a.1.min(b.1), x1: a.0.max(b.0), y1: a.1.max(b.1) }
    }

    pub(super) fn w(&self) -> i64 {
        self.x1 - self.x0
    }

    pub(super) fn h(&self) -> i64 {
        self.y1 - self.y0
    }

    pub(super) fn centre(&self) -> At {
        ((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.x0 >= self.x1 || self.y0 >= self.y1
    }

    pub(super) fn grown(&self, by: i64) -> Bounds {
        Bounds { x0: self.x0 - by, y0: self.y0 - by, x1: self.x1 + by, y1: self.y1 + by }
    }

    /// Rows become columns.
    pub(super) fn turned(&self) -> Bounds {
        Bounds { x0: self.y0, y0: self.x0, x1: self.y1, y1: self.x1 }
    }

    pub(super) fn join(&self, other: &Bounds) -> Bounds {
        Bounds {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// What both cover; the edges are the wrong way round when that is nothing.
    pub(super) fn common(&self, other: &Bounds) -> Bounds {
        Bounds {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    /// Whether the two share more than their borders.
    pub(super) fn overlaps(&self, other: &Bounds) -> bool {
        let common = self.common(other);
        common.w() > SLACK && common.h() > SLACK
    }

    /// Whether this lies in `outer` without touching its border.
    pub(super) fn strictly_in(&self, outer: &Bounds) -> bool {
        self.x0 > outer.x0 && self.y0 > outer.y0 && self.x1 < outer.x1 && self.y1 < outer.y1
    }

    /// Whether this lies in `outer`, its border included.
    pub(super) fn within(&self, outer: &Bounds) -> bool {
        self.x0 >= outer.x0 && self.y0 >= outer.y0 && self.x1 <= outer.x1 && self.y1 <= outer.y1
    }

    /// Whether a point lies in this, its border included.
    pub(super) fn covers(&self, (x, y): At) -> bool {
        (self.x0..=self.x1).contains(&x) && (self.y0..=self.y1).contains(&y)
    }

    fn meets(&self, other: &Bounds) -> bool {
        self.x0 <= other.x1 && other.x0 <= self.x1 && self.y0 <= other.y1 && other.y0 <= self.y1
    }

    /// Whether the straight line from `a` to `b` passes through the inside.
    pub(super) fn crossed_by(&self, a: At, b: At) -> bool {
        let inner = self.grown(-SLACK);
        if inner.is_empty() || !inner.meets(&Bounds::spanning(a, b)) {
            return false;
        }
        if a.0 == b.0 || a.1 == b.1 {
            return true;
        }
        // An aslant line misses the box when all corners lie on one side of it.
        let corners =
            [(inner.x0, inner.y0), (inner.x0, inner.y1), (inner.x1, inner.y0), (inner.x1, inner.y1)];
        let sides = corners.map(|corner| side(a, b, corner));
        !(sides.iter().all(|&side| side > 0) || sides.iter().all(|&side| side < 0))
    }

    /// Whether the straight way from `a` to `b` runs across this line without size, from one side of it to the other.
    pub(super) fn crossed_squarely(&self, a: At, b: At) -> bool {
        let way = Bounds::spanning(a, b);
        let upright = |border: &Bounds, way: &Bounds| {
            border.w() == 0
                && way.h() == 0
                && way.x0 < border.x0 - SLACK
                && border.x0 + SLACK < way.x1
                && border.y0 + SLACK < way.y0
                && way.y0 < border.y1 - SLACK
        };
        upright(self, &way) || upright(&self.turned(), &way.turned())
    }

    /// The four border lines.
    pub(super) fn borders(&self) -> [(At, At); 4] {
        let Bounds { x0, y0, x1, y1 } = *self;
        [((x0, y0), (x1, y0)), ((x0, y1), (x1, y1)), ((x0, y0), (x0, y1)), ((x1, y0), (x1, y1))]
    }
}

/// On which side of the line from `a` to `b` a point lies: the sign tells, 0 is on it.
pub(super) fn side(a: At, b: At, point: At) -> i64 {
    let turn =
        i128::from(b.0 - a.0) * i128::from(point.1 - a.1) - i128::from(b.1 - a.1) * i128::from(point.0 - a.0);
    i64::from(turn > 0) - i64::from(turn < 0)
}

/// Calls `found` with each pair of one from `left` and one from `right` that touch.
pub(super) fn pairs(left: &[Bounds], right: &[Bounds], mut found: impl FnMut(usize, usize)) {
    let mut starts: Vec<(i64, bool, usize)> = Vec::with_capacity(left.len() + right.len());
    starts.extend(left.iter().enumerate().map(|(i, bounds)| (bounds.x0, false, i)));
    starts.extend(right.iter().enumerate().map(|(i, bounds)| (bounds.x0, true, i)));
    starts.sort_unstable();
    let (mut open_left, mut open_right): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for (x, is_right, i) in starts {
        if is_right {
            sweep(&mut open_left, left, x, &right[i], |j| found(j, i));
            open_right.push(i);
        } else {
            sweep(&mut open_right, right, x, &left[i], |j| found(i, j));
            open_left.push(i);
        }
    }
}

/// Calls `found` with each two of `all` that touch, the smaller index first.
pub(super) fn twins(all: &[Bounds], mut found: impl FnMut(usize, usize)) {
    let mut starts: Vec<(i64, usize)> = all.iter().enumerate().map(|(i, bounds)| (bounds.x0, i)).collect();
    starts.sort_unstable();
    let mut open = Vec::new();
    for (x, i) in starts {
        sweep(&mut open, all, x, &all[i], |j| found(i.min(j), i.max(j)));
        open.push(i);
    }
}

/// Closes what ended before `x` and reports what of the rest touches `new`.
fn sweep(open: &mut Vec<usize>, all: &[Bounds], x: i64, new: &Bounds, mut found: impl FnMut(usize)) {
    open.retain(|&j| all[j].x1 >= x);
    for &j in open.iter() {
        if all[j].y0 <= new.y1 && new.y0 <= all[j].y1 {
            found(j);
        }
    }
}
