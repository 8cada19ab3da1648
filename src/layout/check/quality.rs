//! How good a layout without mistakes is: what a reader has to follow.

use std::collections::{BTreeMap, BTreeSet};

use super::bounds::{At, Bounds, side, twins};
use super::drawn::{Drawn, Step};
use super::trunks::{mates, shared_length};
use crate::layout::{Graph, Layout};

/// What costs a reader time. Lines of one trunk count once where they share their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quality {
    /// Points at which two lines cross.
    pub crossings: usize,
    /// Corners of the lines.
    pub bends: usize,
    /// Length of all lines in px.
    pub length: u64,
    /// Width of the picture in px.
    pub width: u64,
    /// Height of the picture in px.
    pub height: u64,
    /// Area of the picture in square px.
    pub area: u64,
    /// Height as a hundredth of the width.
    pub aspect: u64,
}

/// Measures a layout.
pub fn quality(graph: &Graph, layout: &Layout) -> Quality {
    let drawn = Drawn::new(graph, layout);
    let (bends, length) = lines(&drawn);
    let whole = |length: i64| u64::try_from(length.max(0) + 32).unwrap_or(0) / 64;
    let (width, height) = (whole(i64::from(layout.size.w.0)), whole(i64::from(layout.size.h.0)));
    Quality {
        crossings: crossings(&drawn),
        bends,
        length: whole(length),
        width,
        height,
        area: width * height,
        aspect: (height * 100).checked_div(width).unwrap_or(0),
    }
}

/// Corners and length of all lines.
fn lines(drawn: &Drawn) -> (usize, i64) {
    let mut bends: BTreeSet<(usize, At)> = BTreeSet::new();
    let mut count = 0;
    let mut length = 0;
    let mut trunks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for e in (0..drawn.graph.edges.len()).filter(|&e| drawn.counts(e)) {
        let corners = drawn.corners(e);
        let inner = corners.get(1..corners.len().saturating_sub(1)).unwrap_or_default();
        length += corners.windows(2).map(|step| far(step[0], step[1])).sum::<i64>();
        let Some(trunk) = drawn.graph.edges[e].trunk else {
            count += inner.len();
            continue;
        };
        bends.extend(inner.iter().map(|&at| (trunk, at)));
        let earlier = trunks.entry(trunk).or_default();
        length -= earlier.iter().map(|&f| shared_length(drawn, e, f)).max().unwrap_or(0);
        earlier.push(e);
    }
    (count + bends.len(), length)
}

/// The distance of two points.
fn far(a: At, b: At) -> i64 {
    let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
    if dx == 0 || dy == 0 {
        dx + dy
    } else {
        dx.saturating_mul(dx).saturating_add(dy.saturating_mul(dy)).isqrt()
    }
}

/// Points at which two lines cross, each once however many lines of a trunk run through it.
fn crossings(drawn: &Drawn) -> usize {
    let steps: Vec<Bounds> = drawn.steps.iter().map(Step::bounds).collect();
    let line = |e: usize| match drawn.graph.edges[e].trunk {
        Some(trunk) => (true, trunk),
        None => (false, e),
    };
    let mut points = BTreeSet::new();
    let mut others = 0;
    twins(&steps, |i, j| {
        let (p, q) = (&drawn.steps[i], &drawn.steps[j]);
        let apart = side(p.from, p.to, q.from) * side(p.from, p.to, q.to) < 0
            && side(q.from, q.to, p.from) * side(q.from, q.to, p.to) < 0;
        if p.edge == q.edge || !apart {
            return;
        }
        let common = steps[i].common(&steps[j]);
        if mates(drawn, p.edge, q.edge) || common.w() > 0 || common.h() > 0 {
            others += 1;
            return;
        }
        let (a, b) = (line(p.edge), line(q.edge));
        points.insert((a.min(b), a.max(b), (common.x0, common.y0)));
    });
    points.len() + others
}
