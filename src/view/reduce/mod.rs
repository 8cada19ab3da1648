//! The reduction: fewer lines that say the same. What is drawn decides more than how it is drawn.
//!
//! A view starts with a [`Line`] from every copy to every copy that it talks to. [`reduce`] draws them as edges:
//! first each line is led through the gateways on its way (`ways`), then what all replicas of a group have becomes
//! one line from its border or a fork (`fold`), then lines with a common end share a trunk (`trunk`). Every edge
//! keeps which stretch of which line it stands for, and [`expand`] reads the lines back from the edges alone.

mod fold;
mod trunk;
mod ways;

use super::{Edge, Heads, View};
use crate::layout::{Class, End};
use std::collections::BTreeMap;

/// A line before the reduction: between two leaves, or from and to a box that stands for what is not drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it starts.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What flows.
    pub class: Class,
    /// Which ends have an arrowhead.
    pub heads: Heads,
    /// Protocol and port, or the author's words; empty for none.
    pub label: String,
    /// Numbers of the flow's steps that go along it.
    pub numbers: Vec<u32>,
    /// The port published on the machine that it enters; empty for none.
    pub published: String,
    /// Whether the published port says what the label would.
    pub said: bool,
    /// What is said beside the label where the line arrives; empty for nothing.
    pub arrives: String,
}

/// The part of a line that an edge draws, between the very ends that the line has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Index of the line.
    pub line: usize,
    /// Where the part starts: the edge's own end, or a member of its group.
    pub from: End,
    /// Where it ends.
    pub to: End,
}

/// What the reduction has to know of a view beside its boxes.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Leaves that are copies of one component, with the frame that stands for all of them.
    pub folds: Vec<Fold>,
    /// The ways in and out of networks, by node index.
    pub gateways: Vec<usize>,
    /// The ways out of private tiers, by node index.
    pub nats: Vec<usize>,
    /// What a line from a private leaf to its way out says.
    pub egress: String,
}

/// Leaves that are copies of one component.
#[derive(Debug, Clone)]
pub struct Fold {
    /// All of them.
    pub members: Vec<usize>,
    /// Index of the frame around them.
    pub group: usize,
    /// Whether the frame holds nothing else, so that lines may also end at it.
    pub alone: bool,
}

/// Reduces a view's lines to what is drawn. The edges of a trunk have one end in common, and the first of them bears the label.
pub fn reduce(view: &View, ground: &Ground) -> Vec<Edge> {
    let hops = once(ways::hops(view, ground));
    let folded = merged(fold::targets(ground, fold::sources(view, ground, hops)));
    let mut edges = fold::forks(view, ground, folded);
    name(view, &mut edges);
    trunk::share(view, ground, &mut edges);
    edges
}

/// What edges say of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Index of the line.
    pub line: usize,
    /// Where it starts.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What flows at its end.
    pub class: Class,
    /// All words on its way; a trunk says them for all of its lines.
    pub words: Vec<String>,
    /// The numbers of steps on its way.
    pub numbers: Vec<u32>,
    /// The ports published on its way.
    pub published: Vec<String>,
}

/// Reads the lines back from a view's edges alone, by index; a line whose edges do not lead from end to end is missing.
pub fn expand(view: &View) -> Vec<Read> {
    let mut parts: BTreeMap<usize, Vec<(&Edge, Stretch)>> = BTreeMap::new();
    for edge in &view.edges {
        for stretch in edge.covers.iter().filter(|stretch| belongs(view, edge, stretch)) {
            parts.entry(stretch.line).or_default().push((edge, *stretch));
        }
    }
    parts.into_iter().filter_map(|(line, parts)| walk(view, line, &parts)).collect()
}

/// Whether a stretch's ends are those of its edge, or members of the groups that it is drawn from and to.
fn belongs(view: &View, edge: &Edge, stretch: &Stretch) -> bool {
    let within = |drawn: End, own: End| match (drawn, own) {
        (End::Group(group), End::Node(node)) => {
            view.groups.get(group).is_some_and(|group| group.members.contains(&node))
        }
        _ => drawn == own,
    };
    within(edge.from, stretch.from) && within(edge.to, stretch.to)
}

/// Puts the stretches of one line one after the other.
fn walk(view: &View, line: usize, parts: &[(&Edge, Stretch)]) -> Option<Read> {
    let starts = |part: &&(&Edge, Stretch)| parts.iter().all(|(_, other)| other.to != part.1.from);
    let first = parts.iter().find(starts)?;
    let mut read = Read {
        line,
        from: first.1.from,
        to: first.1.from,
        class: first.0.class,
        words: Vec::new(),
        numbers: Vec::new(),
        published: Vec::new(),
    };
    for _ in parts {
        let (edge, stretch) = parts.iter().find(|(_, stretch)| stretch.from == read.to)?;
        let mates = view.edges.iter().filter(|mate| mate.trunk.is_some() && mate.trunk == edge.trunk);
        for said in std::iter::once(*edge).chain(mates) {
            read.words.extend(words(&said.label).map(str::to_owned));
            read.numbers.extend(&said.numbers);
            read.published.extend(said.published.split(", ").map(str::to_owned));
        }
        read.class = edge.class;
        read.to = stretch.to;
    }
    Some(read)
}

/// The words of a label, also without the name of whose line it is.
fn words(label: &str) -> impl Iterator<Item = &str> {
    let whole = label.split(", ");
    whole.flat_map(|word| [Some(word), word.split_once(": ").map(|(_, rest)| rest)]).flatten()
}

/// An edge that draws one stretch of a line.
fn edge(line: &Line, stretch: Stretch) -> Edge {
    Edge {
        id: String::new(),
        from: stretch.from,
        to: stretch.to,
        class: line.class,
        heads: line.heads,
        label: line.label.clone(),
        numbers: line.numbers.clone(),
        published: line.published.clone(),
        trunk: None,
        sentence: String::new(),
        covers: vec![stretch],
    }
}

/// All that has to be equal for two edges to be drawn as one: class, words, numbers and marks.
type Look = (Class, Heads, String, Vec<u32>, String);

fn look(edge: &Edge) -> Look {
    (edge.class, edge.heads, edge.label.clone(), edge.numbers.clone(), edge.published.clone())
}

/// Draws hops that are equal in all once.
fn once(hops: Vec<Edge>) -> Vec<Edge> {
    let mut seen: BTreeMap<(End, End, Look), usize> = BTreeMap::new();
    let mut edges: Vec<Edge> = Vec::new();
    for hop in hops {
        match seen.get(&(hop.from, hop.to, look(&hop))) {
            Some(at) => edges[*at].covers.extend(hop.covers),
            None => {
                seen.insert((hop.from, hop.to, look(&hop)), edges.len());
                edges.push(hop);
            }
        }
    }
    edges
}

/// Draws edges of one class between the same ends as one that says everything.
fn merged(all: Vec<Edge>) -> Vec<Edge> {
    let mut seen: BTreeMap<(End, End, Class), usize> = BTreeMap::new();
    let mut edges: Vec<Edge> = Vec::new();
    for edge in all {
        let key = (edge.from, edge.to, edge.class);
        let Some(at) = seen.get(&key) else {
            seen.insert(key, edges.len());
            edges.push(edge);
            continue;
        };
        let first = &mut edges[*at];
        first.label = joined(&first.label, &edge.label);
        first.numbers.extend(edge.numbers);
        first.numbers.sort_unstable();
        first.numbers.dedup();
        first.heads = if first.heads == edge.heads { first.heads } else { Heads::Both };
        first.published = joined(&first.published, &edge.published);
        first.covers.extend(edge.covers);
    }
    edges
}

/// The words of both labels, each once.
fn joined(first: &str, second: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in first.split(", ").chain(second.split(", ")) {
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(", ")
}

/// Gives edges their names, each its own, and says them in a sentence.
fn name(view: &View, edges: &mut [Edge]) {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for edge in edges {
        let id = format!("{}->{}", end_id(view, edge.from), end_id(view, edge.to));
        let count = taken.entry(id.clone()).or_default();
        *count += 1;
        edge.id = if *count == 1 { id } else { format!("{id}.{count}") };
        let starts = edge.covers.iter().map(|stretch| stretch.from);
        let (from, to) = (titles(view, starts), titles(view, edge.covers.iter().map(|stretch| stretch.to)));
        edge.sentence = view.sheet.words.sentence(edge.class, &from, &to, &edge.label);
    }
}

fn end_id(view: &View, end: End) -> &str {
    match end {
        End::Node(at) => view.nodes.get(at).map(|node| node.id.as_str()),
        End::Container(at) => view.containers.get(at).map(|container| container.id.as_str()),
        End::Group(at) => view.groups.get(at).map(|group| group.id.as_str()),
    }
    .unwrap_or_default()
}

/// What people call the ends of lines that are drawn as one, each name once: not the frame, which others may share.
fn titles(view: &View, ends: impl Iterator<Item = End>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for end in ends {
        let name = title(view, end);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn title(view: &View, end: End) -> &str {
    match end {
        End::Node(at) => view.nodes.get(at).map(|node| node.title.as_str()),
        End::Container(at) => view.containers.get(at).map(|container| container.title.as_str()),
        End::Group(at) => view.groups.get(at).map(|group| {
            let first = group.members.first().and_then(|node| view.nodes.get(*node));
            first.map_or(group.title.as_str(), |node| node.title.as_str())
        }),
    }
    .unwrap_or_default()
}

/// The containers around an end, from the inside out.
fn around(view: &View, end: End) -> Vec<usize> {
    let member = |group: usize| view.groups.get(group)?.members.first().copied();
    let leaf = |node: usize| view.nodes.get(node)?.parent;
    let mut next = match end {
        End::Node(node) => leaf(node),
        End::Container(container) => view.containers.get(container).and_then(|container| container.parent),
        End::Group(group) => member(group).and_then(leaf),
    };
    let mut found = Vec::new();
    // A parent stands before its children; anything else is no container around it.
    while let Some(at) = next.filter(|at| *at < view.containers.len() && !found.contains(at)) {
        found.push(at);
        next = view.containers[at].parent;
    }
    found
}

#[cfg(test)]
mod tests;
