//! Labels on borders: where a line enters the container that holds its end.

use super::End;
use super::geom::{Area, Len};
use super::input::{Input, Item};
use super::picture::Picture;
use super::walls::side;

/// A border that a line crosses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crossing {
    /// The axis along which the line runs: 0 from left to right.
    pub(super) axis: usize,
    /// The border at the smaller coordinates (0) or at the larger ones (1).
    pub(super) side: usize,
    /// Where the border lies along the line.
    pub(super) at: Len,
}

/// The container on whose border a line has a label: one that holds one of its ends and is none.
pub(super) fn container(input: &Input, line: usize) -> Option<usize> {
    let edge = &input.graph.edges[line];
    let c = edge.gate?.container;
    let inside = |end: End| {
        end != End::Container(c)
            && input.end_item(end).is_some_and(|item| item != Item::Box(c) && input.is_in(item, c))
    };
    let ends = [edge.from, edge.to];
    let entered =
        c < input.page() && !ends.contains(&End::Container(c)) && inside(edge.from) != inside(edge.to);
    entered.then_some(c)
}

/// Where the straight way from `a` to `b` crosses a border of `area`.
pub(super) fn crossing(area: &Area, a: (Len, Len), b: (Len, Len)) -> Option<Crossing> {
    let way = Area::spanning(a, b);
    let axis = usize::from(a.0 == b.0);
    let (from, to) = side(&way, axis);
    let (at, _) = side(&way, 1 - axis);
    let (low, high) = side(area, 1 - axis);
    let (near, far) = side(area, axis);
    let crosses = |border: Len| from < border && border < to && low < at && at < high;
    [near, far].into_iter().enumerate().find(|&(_, border)| crosses(border)).map(|(side, at)| Crossing {
        axis,
        side,
        at,
    })
}

/// The first place where a line with a label on a border crosses that border.
pub(super) fn place(input: &Input, picture: &Picture, line: usize, points: &[(Len, Len)]) -> Option<Area> {
    let area = &picture.boxes[container(input, line)?];
    let (w, h) = super::input::sane(input.graph.edges[line].gate?.size);
    points.windows(2).find_map(|pair| {
        let Crossing { axis, at, .. } = crossing(area, pair[0], pair[1])?;
        let (x, y) = if axis == 0 { (at, pair[0].1) } else { (pair[0].0, at) };
        Some(Area::at(x - w / 2, y - h / 2, w, h))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_crosses_the_border_that_it_runs_through() {
        let area = Area::at(100, 100, 100, 100);
        let found = |a, b| crossing(&area, a, b).map(|c| (c.axis, c.side, c.at));
        assert_eq!(found((0, 150), (150, 150)), Some((0, 0, 100)));
        assert_eq!(found((150, 150), (300, 150)), Some((0, 1, 200)));
        assert_eq!(found((150, 300), (150, 120)), Some((1, 1, 200)));
        assert_eq!(found((0, 50), (300, 50)), None);
        assert_eq!(found((0, 150), (100, 150)), None);
    }
}
