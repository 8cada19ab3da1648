//! Leaves, containers, groups and their titles: who overlaps whom, and who left where it belongs.

use super::bounds::{Bounds, SLACK, pairs, twins};
use super::drawn::{Drawn, Owner};
use super::{Found, Kind};

pub(super) fn count(drawn: &Drawn, found: &mut Found) {
    leaves(drawn, found);
    homes(drawn, found);
    strangers(drawn, found);
    groups(drawn, found);
    titles(drawn, found);
    edges_of_picture(drawn, found);
}

fn hulls(drawn: &Drawn) -> Vec<Bounds> {
    (0..drawn.tiles.len()).map(|v| drawn.hull(v)).collect()
}

/// Whether tile or texts of a leaf overlap something.
fn hit(drawn: &Drawn, v: usize, other: &Bounds) -> bool {
    drawn.parts(v).iter().any(|part| part.overlaps(other))
}

fn leaves(drawn: &Drawn, found: &mut Found) {
    twins(&hulls(drawn), |a, b| {
        if drawn.parts(a).iter().any(|part| hit(drawn, b, part)) {
            found.add(Kind::NodeOverlap, drawn.node(a), drawn.node(b));
        }
    });
}

/// Everything stands in its container, gateways possibly on its border.
fn homes(drawn: &Drawn, found: &mut Found) {
    for v in 0..drawn.tiles.len() {
        let Some(parent) = drawn.node_parent[v] else { continue };
        let (hull, home) = (drawn.hull(v), &drawn.boxes[parent]);
        let inside = hull.strictly_in(home);
        let astride = drawn.on_border(v)
            && drawn.tiles[v].overlaps(home)
            && drawn.cont_parent[parent].is_none_or(|outer| hull.strictly_in(&drawn.boxes[outer]));
        if !inside && !astride {
            found.add(Kind::NotInContainer, drawn.node(v), drawn.container(parent));
        }
    }
    for (c, parent) in drawn.cont_parent.iter().enumerate() {
        if let Some(parent) = *parent
            && !drawn.boxes[c].strictly_in(&drawn.boxes[parent])
        {
            found.add(Kind::NotInContainer, drawn.container(c), drawn.container(parent));
        }
    }
}

/// Nothing reaches into a container that it is no part of.
fn strangers(drawn: &Drawn, found: &mut Found) {
    pairs(&hulls(drawn), &drawn.boxes, |v, c| {
        if !drawn.holds(c, drawn.node_parent[v]) && hit(drawn, v, &drawn.boxes[c]) {
            found.add(Kind::ForeignInContainer, drawn.node(v), drawn.container(c));
        }
    });
    twins(&drawn.boxes, |a, b| {
        let related = drawn.holds(a, Some(b)) || drawn.holds(b, Some(a));
        if !related && drawn.boxes[a].overlaps(&drawn.boxes[b]) {
            // Each of the two reaches into the other.
            found.add(Kind::SiblingContainerOverlap, drawn.container(a), drawn.container(b));
            found.add(Kind::SiblingContainerOverlap, drawn.container(b), drawn.container(a));
        }
    });
}

/// A frame holds its members and no other leaf.
fn groups(drawn: &Drawn, found: &mut Found) {
    let frames: Vec<(usize, Bounds)> =
        drawn.frames.iter().enumerate().filter_map(|(g, frame)| Some((g, (*frame)?))).collect();
    let bounds: Vec<Bounds> = frames.iter().map(|(_, frame)| *frame).collect();
    for &(g, frame) in &frames {
        for v in drawn.members(g).filter(|&v| !drawn.hull(v).within(&frame.grown(SLACK))) {
            found.add(Kind::NotInGroup, drawn.node(v), drawn.owner(Owner::Group(g)));
        }
    }
    pairs(&hulls(drawn), &bounds, |v, k| {
        let (g, frame) = frames[k];
        if drawn.members(g).all(|member| member != v) && hit(drawn, v, &frame) {
            found.add(Kind::ForeignInGroup, drawn.node(v), drawn.owner(Owner::Group(g)));
        }
    });
}

/// Titles are whole, and neither a leaf nor another title nor another's border lies on them.
fn titles(drawn: &Drawn, found: &mut Found) {
    let bounds: Vec<Bounds> = drawn.titles.iter().map(|title| title.at).collect();
    pairs(&bounds, &hulls(drawn), |t, v| {
        if hit(drawn, v, &bounds[t]) {
            found.add(Kind::TitleNode, drawn.owner(drawn.titles[t].of), drawn.node(v));
        }
    });
    twins(&bounds, |a, b| {
        if bounds[a].overlaps(&bounds[b]) {
            found.add(Kind::TitleTitle, drawn.owner(drawn.titles[a].of), drawn.owner(drawn.titles[b].of));
        }
    });
    for title in &drawn.titles {
        if let Owner::Container(c) = title.of
            && !title.at.within(&drawn.boxes[c].grown(SLACK))
        {
            found.add(Kind::TitleCut, drawn.container(c), "");
        }
    }
    let (owners, rims) = rims(drawn);
    pairs(&bounds, &rims, |t, k| {
        let title = &drawn.titles[t];
        if owners[k] != title.of && rims[k].borders().iter().any(|&(a, b)| title.at.crossed_by(a, b)) {
            found.add(Kind::TitleBorder, drawn.owner(title.of), drawn.owner(owners[k]));
        }
    });
}

/// Everything that has a border: containers and frames of groups.
pub(super) fn rims(drawn: &Drawn) -> (Vec<Owner>, Vec<Bounds>) {
    let boxes = drawn.boxes.iter().enumerate().map(|(c, bounds)| (Owner::Container(c), *bounds));
    let frames = drawn.frames.iter().enumerate().filter_map(|(g, frame)| Some((Owner::Group(g), (*frame)?)));
    boxes.chain(frames).unzip()
}

/// Nothing lies outside the picture.
fn edges_of_picture(drawn: &Drawn, found: &mut Found) {
    let size = drawn.layout.size;
    let page = Bounds { x0: 0, y0: 0, x1: i64::from(size.w.0), y1: i64::from(size.h.0) }.grown(SLACK);
    for v in (0..drawn.tiles.len()).filter(|&v| !drawn.hull(v).within(&page)) {
        found.add(Kind::OutsidePicture, drawn.node(v), "");
    }
    let (owners, rims) = rims(drawn);
    for (owner, _) in owners.iter().zip(&rims).filter(|(_, rim)| !rim.within(&page)) {
        found.add(Kind::OutsidePicture, drawn.owner(*owner), "");
    }
    let steps = drawn.steps.iter().map(|step| (step.edge, step.bounds()));
    let mut out: Vec<usize> = steps
        .chain(drawn.labels.iter().map(|label| (label.edge, label.at)))
        .filter(|(_, bounds)| !bounds.within(&page))
        .map(|(edge, _)| edge)
        .collect();
    out.sort_unstable();
    out.dedup();
    for edge in out {
        found.add(Kind::OutsidePicture, drawn.edge(edge), "");
    }
}
