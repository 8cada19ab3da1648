//! How many crossings rough ways will have when those that lie on each other are moved apart: each pair that shares a way
//! crosses once if it swaps sides on it.

use std::collections::BTreeMap;

use super::grid::Grid;

/// Counts the crossings of routes, each given as all its points on the grid; those of one bundle do not count among
/// themselves.
pub(super) fn crossings(grid: &Grid, routes: &[Vec<usize>], bundle: &[usize]) -> usize {
    let mut on: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (e, points) in routes.iter().enumerate() {
        for (k, &p) in points.iter().enumerate() {
            on.entry(p).or_default().push((e, k));
        }
    }
    let mut count = 0;
    for meeting in on.values() {
        for (i, &(e, k)) in meeting.iter().enumerate() {
            for &(f, m) in &meeting[..i] {
                if bundle[e] != bundle[f] && crossed(grid, (&routes[e], k), (&routes[f], m)) {
                    count += 1;
                }
            }
        }
    }
    count
}

/// Whether two routes that meet in a point begin to share their way there and have swapped sides where they part.
fn crossed(grid: &Grid, (p, k): (&[usize], usize), (q, m): (&[usize], usize)) -> bool {
    let before = |list: &[usize], k: usize| k.checked_sub(1).map(|k| list[k]);
    let (p_in, p_out) = (before(p, k), p.get(k + 1).copied());
    let (mut q_in, mut q_out) = (before(q, m), q.get(m + 1).copied());
    // The other one is looked at in the direction of the first.
    let along = |next: Option<usize>| p_out.is_some() && p_out == next;
    let backwards = along(q_in) || (p_in.is_some() && p_in == q_out);
    if backwards {
        (q_in, q_out) = (q_out, q_in);
    }
    // A shared way is judged where it begins.
    if p_in.is_some() && p_in == q_in {
        return false;
    }
    let here = p[k];
    let (Some(p_in), Some(q_in)) = (p_in, q_in) else { return false };
    if !along(q_out) {
        let (Some(p_out), Some(q_out)) = (p_out, q_out) else { return false };
        let toward = |other: usize| grid.direction(here, other);
        let (a, b) = (toward(p_in), toward(p_out));
        let between = |d: usize| (d + 4 - a) % 4 < (b + 4 - a) % 4 && d != a;
        let (c, d) = (toward(q_in), toward(q_out));
        return c != a && c != b && d != a && d != b && between(c) != between(d);
    }
    let start = {
        let ahead = p_out.map_or(0, |next| grid.direction(here, next));
        let turn = |from: usize| (grid.direction(from, here) + 6 - ahead) % 4;
        // Who comes from the left of the way ahead lies left.
        turn(q_in).cmp(&turn(p_in))
    };
    let (mut k, mut m) = (k, m);
    loop {
        let (next, other) = (p.get(k + 1), if backwards { m.checked_sub(1) } else { Some(m + 1) });
        let (Some(&p_next), Some(&q_next)) = (next, other.and_then(|m| q.get(m))) else { return false };
        if p_next == q_next {
            (k, m) = (k + 1, other.unwrap_or(m));
            continue;
        }
        let come = grid.direction(p[k - 1], p[k]);
        let turn = |to: usize| (grid.direction(p[k], to) + 6 - come) % 4;
        return start != turn(p_next).cmp(&turn(q_next));
    }
}

#[cfg(test)]
mod tests {
    use super::super::geom::px;
    use super::super::lanes::Lane;
    use super::super::solve::tests::graph;
    use super::super::walls::Walls;
    use super::super::{input, picture, place};
    use super::*;

    /// The crossings of ways over a grid of five by five points, given as their corners (column, row).
    fn count(ways: &[&[(i64, i64)]], bundle: &[usize]) -> usize {
        let graph = graph(1, Vec::new());
        let input = input::normalise(&graph);
        let picture = picture::picture(&input, &place::place(&input));
        let lane = |axis: usize, k: i64| Lane { axis, at: px(1000 + 10 * k), low: px(1000), high: px(1040) };
        let lanes = (0..5).flat_map(|k| [lane(0, k), lane(1, k)]).collect();
        let grid = Grid::new(&picture, &Walls::new(&input, &picture), lanes);
        let point = |(x, y): (i64, i64)| {
            let at = (px(1000 + 10 * x), px(1000 + 10 * y));
            (0..grid.len()).find(|&p| grid.at(p) == at).expect("a point of the grid")
        };
        let routes: Vec<Vec<usize>> = ways
            .iter()
            .map(|corners| {
                let mut points = vec![point(corners[0])];
                for pair in corners.windows(2) {
                    points.extend(grid.walk(point(pair[0]), point(pair[1])).skip(1));
                }
                points
            })
            .collect();
        crossings(&grid, &routes, bundle)
    }

    #[test]
    fn ways_through_one_point_cross() {
        assert_eq!(count(&[&[(0, 2), (4, 2)], &[(2, 0), (2, 4)]], &[0, 1]), 1);
        assert_eq!(count(&[&[(0, 2), (4, 2)], &[(2, 0), (2, 4)]], &[0, 0]), 0, "one bundle");
        assert_eq!(
            count(&[&[(0, 2), (2, 2), (2, 0)], &[(2, 4), (2, 2), (4, 2)]], &[0, 1]),
            0,
            "both turn away"
        );
    }

    #[test]
    fn ways_that_share_a_stretch_cross_when_they_swap_sides() {
        let from_above = [(1, 0), (1, 2), (3, 2), (3, 0)];
        let from_below = [(1, 4), (1, 2), (3, 2), (3, 4)];
        assert_eq!(count(&[&from_above, &from_below], &[0, 1]), 0);
        let swapped = [(1, 4), (1, 2), (3, 2), (3, 0)];
        let other = [(1, 0), (1, 2), (3, 2), (3, 4)];
        assert_eq!(count(&[&swapped, &other], &[0, 1]), 1);
        let back: Vec<(i64, i64)> = other.iter().rev().copied().collect();
        assert_eq!(count(&[&swapped, &back], &[0, 1]), 1, "the direction of a way does not matter");
    }
}
