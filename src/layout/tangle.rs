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
