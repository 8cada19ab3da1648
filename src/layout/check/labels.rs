//! Labels: what they lie on that is not their own line.

use std::collections::BTreeSet;

use super::bounds::{Bounds, SLACK, pairs, twins};
use super::boxes::rims;
use super::drawn::{Drawn, Owner, Step};
use super::trunks::shared;
use super::{Found, Kind};
use crate::layout::End;

pub(super) fn count(drawn: &Drawn, found: &mut Found) {
    let labels: Vec<Bounds> = drawn.labels.iter().map(|label| label.at).collect();
    let name = |k: usize| drawn.edge(drawn.labels[k].edge);
    let hulls: Vec<Bounds> = (0..drawn.tiles.len()).map(|v| drawn.hull(v)).collect();
    pairs(&labels, &hulls, |k, v| {
        if drawn.parts(v).iter().any(|part| part.overlaps(&labels[k])) {
            found.add(Kind::LabelNode, name(k), drawn.node(v));
        }
    });
    twins(&labels, |k, l| {
        if labels[k].overlaps(&labels[l]) {
            found.add(Kind::LabelLabel, name(k), name(l));
        }
    });
    let titles: Vec<Bounds> = drawn.titles.iter().map(|title| title.at).collect();
    pairs(&labels, &titles, |k, t| {
        if titles[t].overlaps(&labels[k]) {
            found.add(Kind::LabelTitle, name(k), drawn.owner(drawn.titles[t].of));
        }
    });
    let (owners, rims) = rims(drawn);
    pairs(&labels, &rims, |k, r| {
        let own = drawn.labels[k].border.is_some_and(|c| owners[r] == Owner::Container(c));
        if !own && rims[r].borders().iter().any(|&(a, b)| labels[k].crossed_by(a, b)) {
            found.add(Kind::LabelBorder, name(k), drawn.owner(owners[r]));
        }
    });
    lines(drawn, &labels, found);
    gates(drawn, found);
}

/// A label is centred on its own line and on no other.
fn lines(drawn: &Drawn, labels: &[Bounds], found: &mut Found) {
    let steps: Vec<Bounds> = drawn.steps.iter().map(Step::bounds).collect();
    let mut hits = BTreeSet::new();
    let mut held = vec![false; labels.len()];
    pairs(labels, &steps, |k, s| {
        let (e, label) = (drawn.labels[k].edge, labels[k]);
        let step = &drawn.steps[s];
        if step.edge == e {
            held[k] |= steps[s].grown(2 * SLACK).covers(label.centre());
        } else if label.crossed_by(step.from, step.to) {
            let visible = label.common(&steps[s]);
            let one = shared(drawn, e, step.edge).iter().any(|part| visible.within(part));
            if !one {
                hits.insert((k, step.edge));
            }
        }
    });
    for (k, f) in hits {
        found.add(Kind::LabelEdge, drawn.edge(drawn.labels[k].edge), drawn.edge(f));
    }
    for (k, _) in held.iter().enumerate().filter(|(_, held)| !**held) {
        found.add(Kind::LabelOffLine, drawn.edge(drawn.labels[k].edge), "");
    }
}

/// A label of a border stands in the middle of that; a line that crosses the border has it.
fn gates(drawn: &Drawn, found: &mut Found) {
    for label in &drawn.labels {
        let Some(rim) = label.border.and_then(|c| drawn.boxes.get(c)) else { continue };
        let (x, y) = label.at.centre();
        let on = rim.borders().iter().any(|&(a, b)| Bounds::spanning(a, b).grown(2 * SLACK).covers((x, y)));
        if !on {
            found.add(
                Kind::LabelOffLine,
                drawn.edge(label.edge),
                drawn.container(label.border.unwrap_or_default()),
            );
        }
    }
    for (e, line) in drawn.graph.edges.iter().enumerate().filter(|(e, _)| drawn.counts(*e)) {
        let Some(c) = line.gate.map(|gate| gate.container).filter(|&c| c < drawn.boxes.len()) else {
            continue;
        };
        let (from, to) = (drawn.around(c, line.from), drawn.around(c, line.to));
        let at = End::Container(c);
        let corners = drawn.corners(e);
        let crosses = drawn.boxes[c].borders().iter().any(|&(a, b)| {
            corners.windows(2).any(|step| Bounds::spanning(a, b).crossed_squarely(step[0], step[1]))
        });
        let has = drawn.layout.routes.get(e).is_some_and(|route| route.gate.is_some());
        if from != to && line.from != at && line.to != at && crosses && !has {
            found.add(Kind::MissingLabel, drawn.edge(e), drawn.container(c));
        }
    }
}
