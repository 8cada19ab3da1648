//! Working lengths of the layout: 64-bit, so that no sum of sane sizes can overflow.

use super::{Fx, Point, Rect};

/// A length or position in 1/64 px.
pub(super) type Len = i64;

/// Whole pixels as a length.
pub(super) const fn px(pixels: i64) -> Len {
    pixels * 64
}

/// The next multiple of 8 px, so that pictures stay on the grid of the design.
pub(super) const fn up(length: Len) -> Len {
    const GRID: Len = px(8);
    (length + GRID - 1).div_euclid(GRID) * GRID
}

/// A box by its edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) x0: Len,
    pub(super) y0: Len,
    pub(super) x1: Len,
    pub(super) y1: Len,
}

impl Area {
    /// The box with this corner and size.
    pub(super) const fn at(x: Len, y: Len, w: Len, h: Len) -> Area {
        Area { x0: x, y0: y, x1: x + w, y1: y + h }
    }

    /// The smallest box around two corners, whichever they are.
    pub(super) fn spanning(a: (Len, Len), b: (Len, Len)) -> Area {
        Area { x0: a.0.min(b.0), y0: a.1.min(b.1), x1: a.0.max(b.0), y1: a.1.max(b.1) }
    }

    pub(super) const fn w(&self) -> Len {
        self.x1 - self.x0
    }

    pub(super) const fn h(&self) -> Len {
        self.y1 - self.y0
    }

    pub(super) const fn centre(&self) -> (Len, Len) {
        ((self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2)
    }

    /// The box with `by` more on every side.
    pub(super) const fn grown(&self, by: Len) -> Area {
        Area { x0: self.x0 - by, y0: self.y0 - by, x1: self.x1 + by, y1: self.y1 + by }
    }

    /// Whether the two share more than a border.
    pub(super) const fn hits(&self, other: &Area) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    /// The smallest box around both.
    pub(super) fn join(&self, other: &Area) -> Area {
        Area {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Rows become columns.
    pub(super) const fn transposed(&self) -> Area {
        Area { x0: self.y0, y0: self.x0, x1: self.y1, y1: self.x1 }
    }

    pub(super) const fn moved(&self, dx: Len, dy: Len) -> Area {
        Area { x0: self.x0 + dx, y0: self.y0 + dy, x1: self.x1 + dx, y1: self.y1 + dy }
    }

    /// The box as others see it.
    pub(super) fn rect(&self) -> Rect {
        Rect { x: fx(self.x0), y: fx(self.y0), w: fx(self.w()), h: fx(self.h()) }
    }
}

/// The length as others see it; what no picture could show is cut off instead of wrapped.
pub(super) fn fx(length: Len) -> Fx {
    const MOST: Len = 1 << 29;
    Fx(i32::try_from(length.clamp(-MOST, MOST)).unwrap_or(i32::MAX))
}

/// The point as others see it.
pub(super) fn point(at: (Len, Len)) -> Point {
    Point { x: fx(at.0), y: fx(at.1) }
}
