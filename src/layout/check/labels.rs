//! Labels: what they lie on that is not their own line.

use std::collections::BTreeSet;

use super::bounds::{Bounds, SLACK, pairs, twins};
use super::boxes::rims;
use super::drawn::{Drawn, Step};
use super::trunks::shared;
use super::{Found, Kind};

pub(super) fn count(drawn: &Drawn, found: &mut Found) {
    let labels: Vec<Bounds> = drawn.labels.iter().map(|(_, label)| *label).collect();
    let name = |k: usize| drawn.edge(drawn.labels[k].0);
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
        if rims[r].borders().iter().any(|&(a, b)| labels[k].crossed_by(a, b)) {
            found.add(Kind::LabelBorder, name(k), drawn.owner(owners[r]));
        }
    });
    lines(drawn, &labels, found);
}

/// A label is centred on its own line and on no other.
fn lines(drawn: &Drawn, labels: &[Bounds], found: &mut Found) {
    let steps: Vec<Bounds> = drawn.steps.iter().map(Step::bounds).collect();
    let mut hits = BTreeSet::new();
    let mut held = vec![false; labels.len()];
    pairs(labels, &steps, |k, s| {
        let (e, label) = drawn.labels[k];
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
        found.add(Kind::LabelEdge, drawn.edge(drawn.labels[k].0), drawn.edge(f));
    }
    for (k, _) in held.iter().enumerate().filter(|(_, held)| !**held) {
        found.add(Kind::LabelOffLine, drawn.edge(drawn.labels[k].0), "");
    }
}
