//! The part that two lines of one trunk share: from their common end to where they part.

use super::bounds::{At, Bounds};
use super::drawn::Drawn;

/// Whether two lines belong to one trunk.
pub(super) fn mates(drawn: &Drawn, e: usize, f: usize) -> bool {
    let trunk = drawn.graph.edges[e].trunk;
    e != f && trunk.is_some() && trunk == drawn.graph.edges[f].trunk
}

/// The straight parts that two lines of one trunk share; nothing for others.
pub(super) fn shared(drawn: &Drawn, e: usize, f: usize) -> Vec<Bounds> {
    if !mates(drawn, e, f) {
        return Vec::new();
    }
    let (a, b) = (&drawn.graph.edges[e], &drawn.graph.edges[f]);
    let (mut p, mut q) = (drawn.corners(e), drawn.corners(f));
    let mut shared = Vec::new();
    if a.from == b.from {
        shared.extend(prefix(&p, &q));
    }
    if a.to == b.to {
        p.reverse();
        q.reverse();
        shared.extend(prefix(&p, &q));
    }
    shared
}

/// The length that a line shares with another of its trunk.
pub(super) fn shared_length(drawn: &Drawn, e: usize, f: usize) -> i64 {
    shared(drawn, e, f).iter().map(|part| part.w() + part.h()).sum()
}

/// The straight parts from the start that two lines have in common.
fn prefix(p: &[At], q: &[At]) -> Vec<Bounds> {
    let mut parts = Vec::new();
    if p.first() != q.first() {
        return parts;
    }
    for (s, t) in p.windows(2).zip(q.windows(2)) {
        let way = |step: &[At]| ((step[1].0 - step[0].0).signum(), (step[1].1 - step[0].1).signum());
        let straight = |step: &[At]| step[0].0 == step[1].0 || step[0].1 == step[1].1;
        if way(s) != way(t) || !straight(s) || !straight(t) {
            break;
        }
        parts.push(Bounds::spanning(s[0], s[1]).common(&Bounds::spanning(t[0], t[1])));
        if s[1] != t[1] {
            break;
        }
    }
    parts
}
