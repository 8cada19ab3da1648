//! What is not drawn: nodes that have neither a line nor a place of their own, unless the author asked for them.

use super::draft::Draft;
use crate::catalog::Trait;
use crate::layout::End;
use crate::view::View;
use std::collections::BTreeSet;

impl Draft<'_> {
    /// Drops them from the view, once its lines are known.
    pub(super) fn drop_loose_ends(&mut self) {
        if self.plan.only.is_some() || self.view.lines.is_empty() {
            return;
        }
        let tied: BTreeSet<End> = self.view.lines.iter().flat_map(|line| [line.from, line.to]).collect();
        let mut keep = vec![true; self.view.nodes.len()];
        for (id, component) in self.shown() {
            let placed = component.place.is_some() || self.has(id, Trait::Workload);
            for copy in &self.copies[id.0 as usize] {
                let line = tied.contains(&End::Node(copy.node));
                let grouped = self.groups[id.0 as usize].is_some();
                keep[copy.node] = line || grouped || placed || self.docker_spot(id).is_some();
            }
        }
        retain_nodes(&mut self.view, &keep);
    }
}

/// Drops nodes and everything that refers to them; indices follow. No line may lead to a dropped node.
fn retain_nodes(view: &mut View, keep: &[bool]) {
    let mut next = 0;
    let places: Vec<Option<usize>> = keep
        .iter()
        .map(|keep| {
            let at = keep.then_some(next);
            next += usize::from(*keep);
            at
        })
        .collect();
    let mut kept = keep.iter().copied();
    view.nodes.retain(|_| kept.next().unwrap_or(true));
    for node in &mut view.nodes {
        node.after = node.after.and_then(|after| places[after]);
        node.copy_of = node.copy_of.and_then(|(az, first)| Some((az, places[first]?)));
    }
    for group in &mut view.groups {
        group.members = group.members.iter().filter_map(|member| places[*member]).collect();
    }
    let move_end = |end: &mut End| {
        if let End::Node(node) = end {
            *node = places[*node].unwrap_or(*node);
        }
    };
    for line in &mut view.lines {
        move_end(&mut line.from);
        move_end(&mut line.to);
    }
    for edge in &mut view.edges {
        move_end(&mut edge.from);
        move_end(&mut edge.to);
        for stretch in &mut edge.covers {
            move_end(&mut stretch.from);
            move_end(&mut stretch.to);
        }
    }
}
