//! Ends of lines: each lies on the border of what it belongs to and leaves it squarely.

use super::bounds::{At, Bounds, SLACK, px};
use super::drawn::Drawn;
use super::{Found, Kind};
use crate::layout::End;

/// Corners are round, so lines keep off them.
const CORNER: i64 = px(4);
/// Lines leave below a leaf at most this far under its last line of text.
const BELOW_TEXT: i64 = px(8);

pub(super) fn count(drawn: &Drawn, found: &mut Found) {
    for (e, line) in drawn.graph.edges.iter().enumerate() {
        let corners = drawn.corners(e);
        if !drawn.counts(e) || corners.len() < 2 {
            continue;
        }
        let last = corners.len() - 1;
        for (end, point, next) in
            [(line.from, corners[0], corners[1]), (line.to, corners[last], corners[last - 1])]
        {
            let fine = match end {
                End::Node(v) => leaves_leaf(drawn, v, point, next),
                End::Container(c) => leaves(&drawn.boxes[c], point, next),
                End::Group(g) => match &drawn.frames[g] {
                    Some(frame) => leaves(frame, point, next),
                    None => drawn.members(g).any(|v| leaves_leaf(drawn, v, point, next)),
                },
            };
            if !fine {
                found.add(Kind::EndpointOffIcon, drawn.edge(e), name(drawn, end));
            }
        }
    }
}

/// Whether a point is one where lines end at a leaf.
pub(super) fn at_leaf(drawn: &Drawn, v: usize, point: At) -> bool {
    side_of(&drawn.tiles[v], point).is_some() || below(drawn, v, point)
}

fn leaves_leaf(drawn: &Drawn, v: usize, point: At, next: At) -> bool {
    leaves(&drawn.tiles[v], point, next) || (below(drawn, v, point) && point.0 == next.0)
}

/// Whether a point lies right under a leaf's texts, in line with its tile.
fn below(drawn: &Drawn, v: usize, point: At) -> bool {
    let (tile, text) = (&drawn.tiles[v], &drawn.texts[v]);
    !text.is_empty()
        && (text.y1 - SLACK..=text.y1 + BELOW_TEXT).contains(&point.1)
        && (tile.x0 - SLACK..=tile.x1 + SLACK).contains(&point.0)
}

/// Whether the line from `point` to `next` starts on the border and not along it.
fn leaves(rim: &Bounds, point: At, next: At) -> bool {
    match side_of(rim, point) {
        Some(Side::Upright) => point.1 == next.1,
        Some(Side::Level) => point.0 == next.0,
        // Of something without a size, lines leave in any direction.
        Some(Side::Any) => true,
        None => false,
    }
}

enum Side {
    Upright,
    Level,
    Any,
}

/// The side of a box that a point lies on, its corners left out.
fn side_of(rim: &Bounds, (x, y): At) -> Option<Side> {
    if rim.is_empty() {
        return rim.grown(SLACK).covers((x, y)).then_some(Side::Any);
    }
    let on = |at: i64, edge: i64| (at - edge).abs() <= SLACK;
    let between = |at: i64, low: i64, high: i64| {
        let corner = CORNER.min((high - low) / 4);
        at >= low + corner && at <= high - corner
    };
    match () {
        () if (on(x, rim.x0) || on(x, rim.x1)) && between(y, rim.y0, rim.y1) => Some(Side::Upright),
        () if (on(y, rim.y0) || on(y, rim.y1)) && between(x, rim.x0, rim.x1) => Some(Side::Level),
        () => None,
    }
}

fn name<'a>(drawn: &'a Drawn, end: End) -> &'a str {
    match end {
        End::Node(v) => drawn.node(v),
        End::Container(c) => drawn.container(c),
        End::Group(g) => &drawn.graph.groups[g].id,
    }
}
