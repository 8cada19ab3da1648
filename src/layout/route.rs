//! The lines: for now straight or with two corners.

use super::End;
use super::geom::{Area, Len, px};
use super::input::{Input, sane};
use super::picture::Picture;

/// A line's way and its chip.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub(super) points: Vec<(Len, Len)>,
    pub(super) chip: Option<Area>,
}

/// Routes all lines and places their labels.
pub(super) fn routes(input: &Input, picture: &Picture) -> Vec<Path> {
    input
        .graph
        .edges
        .iter()
        .map(|edge| {
            let (Some(a), Some(b)) = (area(input, picture, edge.from), area(input, picture, edge.to)) else {
                return Path::default();
            };
            let points = elbow(a, b);
            let label = edge.label.map(|size| {
                let (w, h) = sane(size);
                let mid = points[points.len() / 2 - 1];
                let next = points[points.len() / 2];
                let (x, y) = ((mid.0 + next.0) / 2, (mid.1 + next.1) / 2);
                Area::at(x - w / 2, y - h / 2, w, h)
            });
            Path { points, chip: label }
        })
        .collect()
}

fn area(input: &Input, picture: &Picture, end: End) -> Option<Area> {
    match end {
        End::Node(v) => picture.tiles.get(v).map(|tile| tile.join(&picture.texts[v])),
        End::Container(c) => picture.boxes.get(c).copied(),
        End::Group(g) => {
            let first = *input.members.get(g)?.first()?;
            Some(picture.frames[g].unwrap_or(picture.tiles[first]))
        }
    }
}

fn elbow(a: Area, b: Area) -> Vec<(Len, Len)> {
    let (ca, cb) = ((a.centre().0, a.y0 + px(32)), (b.centre().0, b.y0 + px(32)));
    if a.y1 < b.y0 || b.y1 < a.y0 {
        let (y0, y1) = if a.y1 < b.y0 { (a.y1, b.y0) } else { (a.y0, b.y1) };
        if ca.0 == cb.0 {
            return vec![(ca.0, y0), (cb.0, y1)];
        }
        return vec![(ca.0, y0), (ca.0, (y0 + y1) / 2), (cb.0, (y0 + y1) / 2), (cb.0, y1)];
    }
    let (x0, x1) = if a.centre().0 < b.centre().0 { (a.x1, b.x0) } else { (a.x0, b.x1) };
    if ca.1 == cb.1 {
        return vec![(x0, ca.1), (x1, cb.1)];
    }
    vec![(x0, ca.1), ((x0 + x1) / 2, ca.1), ((x0 + x1) / 2, cb.1), (x1, cb.1)]
}
