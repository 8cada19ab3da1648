//! Trunks: what lines share with each other is drawn once, and the others branch off it.

use super::Tenths;
use super::route::{CORNER, HEAD, Mark, Pt, Run, distance, towards};
use crate::view::View;

/// Where a line leaves the way that it shares with another of its trunk.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Branch {
    /// What remains of the line, from there on.
    rest: Vec<Pt>,
    /// How long the shared part is.
    shared: Tenths,
    /// Whether the two turn to opposite sides, so that neither branches off the other.
    parts: bool,
}

/// Cuts each line of a trunk back to where it leaves an earlier one: the one that it goes furthest with.
pub(super) fn share(view: &View, runs: &mut [Run]) {
    let whole: Vec<Vec<Pt>> = runs.iter().map(|run| run.points.clone()).collect();
    for (later, edge) in view.edges.iter().enumerate().take(runs.len()) {
        let mates = view.edges[..later].iter().enumerate();
        let mates = mates.filter(|(_, mate)| mate.trunk.is_some() && mate.trunk == edge.trunk);
        let mut best: Option<(Branch, bool)> = None;
        for (earlier, mate) in mates {
            let starts = mate.from == edge.from;
            let way = |points: &[Pt]| match starts {
                true => points.to_vec(),
                false => points.iter().rev().copied().collect(),
            };
            let found = branch(&way(&whole[earlier]), &way(&whole[later]));
            if let Some(found) = found.filter(|new| best.as_ref().is_none_or(|old| new.shared > old.0.shared))
            {
                best = Some((found, starts));
            }
        }
        let Some((branch, starts)) = best else { continue };
        let run = &mut runs[later];
        let mark = if branch.parts { Mark::Plain } else { Mark::Dot };
        run.points = branch.rest;
        if starts {
            run.start = mark;
        } else {
            run.points.reverse();
            run.end = mark;
        }
    }
}

/// Where `own` leaves `other`, both seen from their common end; `None` where the shared part is shorter than a head
/// and its stub, or when nothing would remain.
fn branch(other: &[Pt], own: &[Pt]) -> Option<Branch> {
    if other.first() != own.first() {
        return None;
    }
    let heading = |from: Pt, to: Pt| ((to.0 - from.0).signum(), (to.1 - from.1).signum());
    let (mut shared, mut index) = (0, 0);
    loop {
        let (from, a, b) = (*own.get(index)?, *other.get(index + 1)?, *own.get(index + 1)?);
        let length = match heading(from, a) == heading(from, b) {
            true => distance(from, a).min(distance(from, b)),
            false => 0,
        };
        shared += length;
        if length == distance(from, b) && length == distance(from, a) && length > 0 {
            index += 1;
            continue;
        }
        let parting = towards(from, b, length);
        let rest = if parting == b { index + 2 } else { index + 1 };
        let next = *own.get(rest)?;
        if shared <= 2 * HEAD {
            return None;
        }
        let (mine, its) = (heading(parting, next), heading(from, a));
        let parts = length == 0 && mine == (-its.0, -its.1);
        let before = (index > 0 && parts).then(|| towards(parting, own[index - 1], CORNER));
        let points = before.into_iter().chain([parting]).chain(own[rest..].iter().copied());
        return Some(Branch { rest: points.collect(), shared, parts });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(other: &[Pt], own: &[Pt]) -> Option<(Vec<Pt>, bool)> {
        branch(other, own).map(|branch| (branch.rest, branch.parts))
    }

    #[test]
    fn a_branch_begins_where_it_leaves_the_trunk() {
        let trunk = [(0, 0), (1000, 0), (1000, 900)];
        assert_eq!(rest(&trunk, &[(0, 0), (600, 0), (600, 300)]), Some((vec![(600, 0), (600, 300)], false)));
        assert_eq!(rest(&trunk, &[(0, 0), (1400, 0)]), Some((vec![(1000, 0), (1400, 0)], false)));
        let beyond = [(0, 0), (1000, 0), (1000, 500), (2000, 500)];
        assert_eq!(rest(&trunk, &beyond), Some((vec![(1000, 500), (2000, 500)], false)));
    }

    #[test]
    fn what_shares_too_little_stays_whole() {
        let trunk = [(0, 0), (1000, 0), (1000, 900)];
        assert_eq!(rest(&trunk, &trunk), None, "the same line");
        assert_eq!(rest(&trunk, &[(0, 0), (100, 0), (100, 300)]), None, "only a stub");
        assert_eq!(rest(&trunk, &[(0, 0), (0, 300)]), None, "another way");
        assert_eq!(rest(&trunk, &[(0, 10), (500, 10)]), None, "another end");
    }

    #[test]
    fn a_fork_has_two_round_corners_and_no_dot() {
        let left = [(500, 0), (500, 600), (100, 600)];
        let right = [(500, 0), (500, 600), (900, 600)];
        assert_eq!(rest(&left, &right), Some((vec![(500, 520), (500, 600), (900, 600)], true)));
    }
}
