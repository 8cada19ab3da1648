//! What all replicas have is drawn once: from or to the border around them, or as a fork to both of them.

use super::{Fold, Ground, Look, look, title};
use crate::layout::{End, Role, Sort};
use crate::view::{Edge, View, caption};
use std::collections::{BTreeMap, BTreeSet};

/// Edges from every member of a fold that are alike become one from its border.
pub(super) fn sources(view: &View, ground: &Ground, edges: Vec<Edge>) -> Vec<Edge> {
    let homes = homes(ground, false);
    // Lines between those that stand in one frame are not its lines.
    let inside = |fold: &Fold, end: End| match end {
        End::Node(node) => view.groups.get(fold.group).is_some_and(|group| group.members.contains(&node)),
        End::Group(group) => group == fold.group,
        End::Container(_) => false,
    };
    let unclear = unclear(ground, &homes, &edges);
    let mut edges = edges;
    for edge in &mut edges {
        let fold = leaf(edge.from).and_then(|node| homes.get(&node)).map(|at| &ground.folds[*at]);
        let named = fold.filter(|fold| unclear.contains(&(fold.group, look(edge))) && !inside(fold, edge.to));
        if named.is_some() && !edge.label.is_empty() {
            edge.label = caption::named(title(view, edge.from), &edge.label);
        }
    }
    let home = |edge: &Edge| {
        let at = leaf(edge.from).and_then(|node| homes.get(&node).copied())?;
        (!inside(&ground.folds[at], edge.to)).then_some((at, edge.to))
    };
    together(ground, edges, home, |edge| edge.from, |edge, border| edge.from = border)
}

/// The frames, with the looks of edges, that several components leave towards different ends: drawn from the frame,
/// nobody could tell whose is whose unless their labels say it.
fn unclear(ground: &Ground, homes: &BTreeMap<usize, usize>, edges: &[Edge]) -> BTreeSet<(usize, Look)> {
    let mut users: BTreeMap<(usize, Look), BTreeMap<End, BTreeSet<usize>>> = BTreeMap::new();
    for edge in edges {
        let Some(at) = leaf(edge.from).and_then(|node| homes.get(&node).copied()) else { continue };
        let ends = users.entry((ground.folds[at].group, look(edge))).or_default();
        ends.entry(edge.to).or_default().insert(at);
    }
    let differ = |ends: &BTreeMap<End, BTreeSet<usize>>| {
        let mut all = ends.values();
        let first = all.next();
        all.any(|other| Some(other) != first)
    };
    users.into_iter().filter(|(_, ends)| differ(ends)).map(|(key, _)| key).collect()
}

/// Edges to every member of a fold that are alike become one to its border, where that holds nothing else.
pub(super) fn targets(ground: &Ground, edges: Vec<Edge>) -> Vec<Edge> {
    let homes = homes(ground, true);
    let home = |edge: &Edge| {
        let at = leaf(edge.to).and_then(|node| homes.get(&node).copied())?;
        let fold = &ground.folds[at];
        let own = match edge.from {
            End::Node(node) => fold.members.contains(&node),
            End::Group(group) => group == fold.group,
            End::Container(_) => false,
        };
        (!own).then_some((at, edge.from))
    };
    together(ground, edges, home, |edge| edge.to, |edge, border| edge.to = border)
}

/// The fold that each leaf is in.
fn homes(ground: &Ground, alone: bool) -> BTreeMap<usize, usize> {
    let folds = ground.folds.iter().enumerate().filter(|(_, fold)| fold.members.len() > 1);
    let folds = folds.filter(|(_, fold)| fold.alone || !alone);
    folds.flat_map(|(at, fold)| fold.members.iter().map(move |node| (*node, at))).collect()
}

fn leaf(end: End) -> Option<usize> {
    match end {
        End::Node(node) => Some(node),
        _ => None,
    }
}

/// Replaces edges by one where they come from, or lead to, all members of a fold and are alike in everything else.
fn together(
    ground: &Ground,
    edges: Vec<Edge>,
    home: impl Fn(&Edge) -> Option<(usize, End)>,
    member: impl Fn(&Edge) -> End,
    to_border: impl Fn(&mut Edge, End),
) -> Vec<Edge> {
    let mut alike: BTreeMap<(usize, End, Look), Vec<usize>> = BTreeMap::new();
    for (at, edge) in edges.iter().enumerate() {
        if let Some((fold, other)) = home(edge) {
            alike.entry((fold, other, look(edge))).or_default().push(at);
        }
    }
    let mut first_of: BTreeMap<usize, usize> = BTreeMap::new();
    let mut border_of: BTreeMap<usize, End> = BTreeMap::new();
    for ((fold, _, _), list) in alike {
        let fold = &ground.folds[fold];
        let have: BTreeSet<End> = list.iter().map(|at| member(&edges[*at])).collect();
        if fold.members.iter().all(|node| have.contains(&End::Node(*node))) {
            border_of.insert(list[0], End::Group(fold.group));
            first_of.extend(list.iter().map(|at| (*at, list[0])));
        }
    }
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    let mut kept: Vec<Edge> = Vec::new();
    for (at, mut edge) in edges.into_iter().enumerate() {
        match first_of.get(&at).and_then(|first| place.get(first)) {
            Some(first) => kept[*first].covers.extend(edge.covers),
            None => {
                if let Some(border) = border_of.get(&at) {
                    to_border(&mut edge, *border);
                }
                place.insert(at, kept.len());
                kept.push(edge);
            }
        }
    }
    kept
}

/// A line to a group forks to its two tiles where it comes down the gap between them; and so do lines to all copies
/// of a component whose frame holds others too, because they cannot end at that frame. Forks are trunks.
pub(super) fn forks(view: &View, ground: &Ground, edges: Vec<Edge>) -> Vec<Edge> {
    let mut forked: Vec<Edge> = Vec::new();
    let mut next = 0;
    for edge in edges {
        let Some(members) = both_sides(view, &edge) else {
            forked.push(edge);
            continue;
        };
        for member in members {
            let to = End::Node(member);
            let covers = edge.covers.iter().filter(|stretch| stretch.to == to).copied().collect();
            forked.push(Edge { to, covers, trunk: Some(next), ..edge.clone() });
        }
        next += 1;
    }
    let homes = homes(ground, false);
    let mut alike: BTreeMap<(usize, End, Look), Vec<usize>> = BTreeMap::new();
    for (at, edge) in forked.iter().enumerate() {
        let fold = leaf(edge.to).and_then(|node| homes.get(&node));
        if let Some(fold) = fold.filter(|fold| edge.trunk.is_none() && !ground.folds[**fold].alone) {
            alike.entry((*fold, edge.from, look(edge))).or_default().push(at);
        }
    }
    for ((fold, _, _), list) in alike {
        if list.len() == ground.folds[fold].members.len() {
            list.iter().for_each(|at| forked[*at].trunk = Some(next));
            next += 1;
        }
    }
    forked
}

/// The two members of the group that an edge leads to, when it starts in the gap between them: at a balancer that
/// stands beside exactly two zones, with one member in each.
fn both_sides(view: &View, edge: &Edge) -> Option<[usize; 2]> {
    let (End::Node(from), End::Group(group)) = (edge.from, edge.to) else { return None };
    let from = view.nodes.get(from).filter(|node| node.role == Role::Balancer)?;
    let &[a, b] = view.groups.get(group)?.members.as_slice() else { return None };
    let zones: Vec<usize> = (0..view.containers.len())
        .filter(|at| view.containers[*at].parent == from.parent && view.containers[*at].sort == Sort::Zone)
        .collect();
    let zone_of =
        |node: usize| super::around(view, End::Node(node)).into_iter().find(|at| zones.contains(at));
    let (left, right) = (zone_of(a)?, zone_of(b)?);
    (zones.len() == 2 && left != right && from.parent.is_some()).then_some([a, b])
}
