//! Lines: what they run through, and which of them lie on each other.

use std::collections::{BTreeMap, BTreeSet};

use super::bounds::{Bounds, pairs, px, twins};
use super::drawn::{Drawn, Owner, Step};
use super::trunks::shared;
use super::{Found, Kind};
use crate::layout::End;

/// Parallel lines nearer than this look like one.
const APART: i64 = px(3);
/// So long two lines may be too near to each other.
const BRIEF: i64 = px(6);
/// A step that drifts less than this still runs along its axis.
const DRIFT: i64 = 6;

pub(super) fn count(drawn: &Drawn, found: &mut Found) {
    for (e, route) in (0..drawn.graph.edges.len()).map(|e| (e, drawn.layout.routes.get(e))) {
        if !drawn.counts(e) {
            continue;
        }
        if drawn.corners(e).len() < 2 {
            found.add(Kind::MissingEdge, drawn.edge(e), "");
        }
        if drawn.graph.edges[e].label.is_some() && route.is_none_or(|route| route.label.is_none()) {
            found.add(Kind::MissingLabel, drawn.edge(e), "");
        }
    }
    let aslant: BTreeSet<usize> = drawn
        .steps
        .iter()
        .filter(|step| step.from.0 != step.to.0 && step.from.1 != step.to.1)
        .map(|step| step.edge)
        .collect();
    for e in aslant {
        found.add(Kind::NotOrthogonal, drawn.edge(e), "");
    }
    let steps: Vec<Bounds> = drawn.steps.iter().map(Step::bounds).collect();
    through_leaves(drawn, &steps, found);
    through_titles(drawn, &steps, found);
    through_boxes(drawn, &steps, found);
    trunks_in_frames(drawn, found);
    coincident(drawn, &steps, found);
}

/// The leaf that an end of a line stands for; a group without a frame is where the line ends, at one of its members.
fn own(drawn: &Drawn, e: usize, v: usize) -> bool {
    let line = &drawn.graph.edges[e];
    let corners = drawn.corners(e);
    [(line.from, corners.first()), (line.to, corners.last())].into_iter().any(|(end, point)| match end {
        End::Node(w) => v == w,
        End::Container(_) => false,
        End::Group(g) => {
            drawn.frames[g].is_none()
                && drawn.members(g).any(|member| member == v)
                && point.is_some_and(|&point| super::ends::at_leaf(drawn, v, point))
        }
    })
}

fn through_leaves(drawn: &Drawn, steps: &[Bounds], found: &mut Found) {
    let hulls: Vec<Bounds> = (0..drawn.tiles.len()).map(|v| drawn.hull(v)).collect();
    let mut hits = BTreeSet::new();
    pairs(steps, &hulls, |s, v| {
        let step = &drawn.steps[s];
        if drawn.parts(v).iter().any(|part| part.crossed_by(step.from, step.to)) {
            hits.insert((step.edge, v));
        }
    });
    for (e, v) in hits {
        let kind = if own(drawn, e, v) { Kind::EdgeThroughOwnNode } else { Kind::EdgeThroughNode };
        found.add(kind, drawn.edge(e), drawn.node(v));
    }
}

fn through_titles(drawn: &Drawn, steps: &[Bounds], found: &mut Found) {
    let titles: Vec<Bounds> = drawn.titles.iter().map(|title| title.at).collect();
    let mut hits = BTreeSet::new();
    pairs(steps, &titles, |s, t| {
        let step = &drawn.steps[s];
        if titles[t].crossed_by(step.from, step.to) {
            hits.insert((step.edge, t));
        }
    });
    for (e, t) in hits {
        found.add(Kind::EdgeThroughTitle, drawn.edge(e), drawn.owner(drawn.titles[t].of));
    }
}

/// A line runs only through containers around one of its ends, and meets a container or frame it ends at from outside unless
/// it comes from within.
fn through_boxes(drawn: &Drawn, steps: &[Bounds], found: &mut Found) {
    let mut hits = BTreeSet::new();
    pairs(steps, &drawn.boxes, |s, c| {
        let step = &drawn.steps[s];
        let line = &drawn.graph.edges[step.edge];
        if !drawn.boxes[c].crossed_by(step.from, step.to) {
            return;
        }
        if !drawn.around(c, line.from) && !drawn.around(c, line.to) {
            hits.insert((step.edge, false, c));
        }
        let at = End::Container(c);
        let from_within = |other: End| other != at && drawn.around(c, other);
        if (line.from == at || line.to == at) && !from_within(line.from) && !from_within(line.to) {
            hits.insert((step.edge, true, c));
        }
    });
    for (e, own, c) in hits {
        let kind = if own { Kind::EdgeThroughOwnNode } else { Kind::EdgeThroughForeignContainer };
        found.add(kind, drawn.edge(e), drawn.container(c));
    }
    for (e, line) in drawn.graph.edges.iter().enumerate().filter(|(e, _)| drawn.counts(*e)) {
        for (end, other) in [(line.from, line.to), (line.to, line.from)] {
            let End::Group(g) = end else { continue };
            let Some(frame) = drawn.frames[g] else { continue };
            let from_within = matches!(other, End::Node(v) if drawn.members(g).any(|member| member == v));
            let corners = drawn.corners(e);
            if !from_within && corners.windows(2).any(|step| frame.crossed_by(step[0], step[1])) {
                found.add(Kind::EdgeThroughOwnNode, drawn.edge(e), drawn.owner(Owner::Group(g)));
            }
        }
    }
}

/// A line of a trunk stays out of the frame that another line of the trunk ends at, or it would seem to come from there.
fn trunks_in_frames(drawn: &Drawn, found: &mut Found) {
    let mut trunks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (e, line) in drawn.graph.edges.iter().enumerate().filter(|(e, _)| drawn.counts(*e)) {
        if let Some(trunk) = line.trunk {
            trunks.entry(trunk).or_default().push(e);
        }
    }
    for mates in trunks.values() {
        let ends = |e: usize| [drawn.graph.edges[e].from, drawn.graph.edges[e].to];
        let groups: BTreeSet<usize> = mates
            .iter()
            .flat_map(|&e| ends(e))
            .filter_map(|end| if let End::Group(g) = end { Some(g) } else { None })
            .collect();
        for (g, frame) in groups.into_iter().filter_map(|g| Some((g, drawn.frames[g]?))) {
            for &e in mates {
                let belongs = ends(e).iter().any(|end| match end {
                    End::Node(v) => drawn.members(g).any(|member| member == *v),
                    other => *other == End::Group(g),
                });
                let corners = drawn.corners(e);
                if !belongs && corners.windows(2).any(|step| frame.crossed_by(step[0], step[1])) {
                    found.add(Kind::EdgeThroughOwnNode, drawn.edge(e), drawn.owner(Owner::Group(g)));
                }
            }
        }
    }
}

/// Lines side by side that look like one, except where a trunk says that they are one.
fn coincident(drawn: &Drawn, steps: &[Bounds], found: &mut Found) {
    let wide: Vec<Bounds> = steps.iter().map(|step| step.grown(APART / 2)).collect();
    let upright = |step: &Bounds| step.w() <= DRIFT && step.h() > DRIFT;
    twins(&wide, |i, j| {
        let (p, q) = (&drawn.steps[i], &drawn.steps[j]);
        if p.edge == q.edge {
            return;
        }
        let (a, b) = (steps[i], steps[j]);
        let both = |test: fn(&Bounds) -> bool| test(&a) && test(&b);
        let turned = if upright(&a) && upright(&b) {
            false
        } else if both(|step| step.h() <= DRIFT && step.w() > DRIFT) {
            true
        } else {
            return;
        };
        let (x, y) = if turned {
            (p.from.1 - q.from.1, a.turned().common(&b.turned()))
        } else {
            (p.from.0 - q.from.0, a.common(&b))
        };
        if x.abs() >= APART || y.h() <= BRIEF {
            return;
        }
        let together = a.common(&b);
        let covered = shared(drawn, p.edge, q.edge)
            .iter()
            .map(|part| part.common(&together))
            .filter(|part| part.w() >= 0 && part.h() >= 0)
            .map(|part| part.w() + part.h())
            .max()
            .unwrap_or(0);
        if y.h() - covered > BRIEF {
            found.add(Kind::EdgesCoincident, drawn.edge(p.edge), drawn.edge(q.edge));
        }
    });
}
