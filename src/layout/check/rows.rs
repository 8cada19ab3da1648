//! Zones and tiers: sibling zones are equal and level, and requests run from row to row in the order of the tiers.

use std::collections::{BTreeMap, BTreeSet};

use super::bounds::{Bounds, SLACK};
use super::drawn::Drawn;
use super::{Found, Kind};
use crate::layout::{Class, Direction, End, Role, Sort};

pub(super) fn count(drawn: &Drawn, found: &mut Found) {
    let rows = Rows::new(drawn);
    for zones in rows.siblings.values() {
        rows.equal(zones, found);
        rows.level(zones, found);
    }
    rows.copies(found);
    rows.flow(found);
}

/// The picture with the flow turned downwards.
struct Rows<'a> {
    drawn: &'a Drawn<'a>,
    tiles: Vec<Bounds>,
    boxes: Vec<Bounds>,
    /// Zones by what holds them.
    siblings: BTreeMap<Option<usize>, Vec<usize>>,
}

/// The tier a leaf stands in.
struct Tiered {
    rank: u8,
    /// The container whose rows the tiers are.
    holder: Option<usize>,
    /// The zone around the tier.
    zone: Option<usize>,
}

impl<'a> Rows<'a> {
    fn new(drawn: &'a Drawn<'a>) -> Rows<'a> {
        let turned = drawn.graph.direction == Direction::Right;
        let seen = |all: &[Bounds]| -> Vec<Bounds> {
            all.iter().map(|bounds| if turned { bounds.turned() } else { *bounds }).collect()
        };
        let mut siblings: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (c, container) in drawn.graph.containers.iter().enumerate() {
            let parent = drawn.cont_parent[c];
            let odd =
                parent.is_some_and(|p| matches!(drawn.graph.containers[p].sort, Sort::Zone | Sort::Tier(_)));
            if container.sort == Sort::Zone && !odd {
                siblings.entry(parent).or_default().push(c);
            }
        }
        Rows { drawn, tiles: seen(&drawn.tiles), boxes: seen(&drawn.boxes), siblings }
    }

    /// Whether two zones stand beside each other.
    fn beside(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.boxes[a], &self.boxes[b]);
        a.y1.min(b.y1) - a.y0.max(b.y0) > SLACK
    }

    fn equal(&self, zones: &[usize], found: &mut Found) {
        let first = &self.boxes[zones[0]];
        for &z in &zones[1..] {
            let zone = &self.boxes[z];
            if (zone.w() - first.w()).abs() > SLACK || (zone.h() - first.h()).abs() > SLACK {
                found.add(Kind::ZonesUnequal, self.drawn.container(zones[0]), self.drawn.container(z));
            }
        }
    }

    /// Tiers of one rank in zones beside each other share their top and bottom and are equally wide. Zones stand in rows and
    /// columns.
    fn level(&self, zones: &[usize], found: &mut Found) {
        let tiers: Vec<BTreeMap<(u8, usize), usize>> = zones.iter().map(|&z| self.tiers(z)).collect();
        for (k, &z) in zones.iter().enumerate().skip(1) {
            let name = |c: usize| self.drawn.container(c);
            let Some(first) = (0..k).find(|&j| self.beside(zones[j], z)) else {
                let zone = &self.boxes[z];
                let in_column = |&other: &usize| (self.boxes[other].x0 - zone.x0).abs() <= SLACK;
                if !zones[..k].iter().any(in_column) {
                    found.add(Kind::TiersNotLevel, name(zones[0]), name(z));
                }
                continue;
            };
            for (key, &t) in &tiers[k] {
                let Some(&other) = tiers[first].get(key) else { continue };
                let (a, b) = (&self.boxes[other], &self.boxes[t]);
                if (a.y0 - b.y0).abs() > SLACK || (a.y1 - b.y1).abs() > SLACK {
                    found.add(Kind::TiersNotLevel, name(other), name(t));
                }
                if (a.w() - b.w()).abs() > SLACK {
                    found.add(Kind::SyncWidth, name(other), name(t));
                }
            }
        }
    }

    /// The tiers of a zone by rank, and by their order where several have one rank.
    fn tiers(&self, zone: usize) -> BTreeMap<(u8, usize), usize> {
        let mut tiers = BTreeMap::new();
        let mut seen: BTreeMap<u8, usize> = BTreeMap::new();
        for (c, container) in self.drawn.graph.containers.iter().enumerate().skip(zone + 1) {
            if let (Some(parent), Sort::Tier(rank)) = (self.drawn.cont_parent[c], container.sort)
                && parent == zone
            {
                let nth = seen.entry(rank).or_default();
                tiers.insert((rank, *nth), c);
                *nth += 1;
            }
        }
        tiers
    }

    fn tier(&self, v: usize) -> Option<Tiered> {
        let sort = |c: usize| self.drawn.graph.containers[c].sort;
        let mut at = self.drawn.node_parent[v];
        while let Some(c) = at {
            let parent = self.drawn.cont_parent[c];
            if let Sort::Tier(rank) = sort(c) {
                let zone = parent.filter(|&p| sort(p) == Sort::Zone);
                let holder = zone.map_or(parent, |z| self.drawn.cont_parent[z]);
                return Some(Tiered { rank, holder, zone });
            }
            at = parent;
        }
        None
    }

    /// Copies of one component, and members of one group, stand in one row where they stand in tiers of one rank.
    fn copies(&self, found: &mut Found) {
        let mut sets: Vec<Vec<usize>> = Vec::new();
        let mut of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (v, node) in self.drawn.graph.nodes.iter().enumerate() {
            if let Some((_, first)) = node.copy_of {
                of.entry(first).or_default().push(v);
            }
        }
        sets.extend(of.into_values());
        sets.extend((0..self.drawn.frames.len()).map(|g| self.drawn.members(g).collect()));
        let mut apart = BTreeSet::new();
        for set in sets {
            // The topmost of each zone and rank.
            let mut tops: BTreeMap<(u8, Option<usize>, usize), usize> = BTreeMap::new();
            for v in set {
                let Some(Tiered { rank, holder, zone: Some(zone) }) = self.tier(v) else { continue };
                let top = tops.entry((rank, holder, zone)).or_insert(v);
                if self.tiles[v].y0 < self.tiles[*top].y0 {
                    *top = v;
                }
            }
            let tops: Vec<_> = tops.into_iter().collect();
            for (k, &((rank, holder, zone), v)) in tops.iter().enumerate() {
                let beside = |(key, _): &&((u8, Option<usize>, usize), usize)| {
                    key.0 == rank && key.1 == holder && self.beside(key.2, zone)
                };
                if let Some(&(_, first)) = tops[..k].iter().find(beside)
                    && (self.tiles[first].y0 - self.tiles[v].y0).abs() > SLACK
                {
                    apart.insert((first, v));
                }
            }
        }
        for (first, v) in apart {
            found.add(Kind::SyncMisaligned, self.drawn.node(first), self.drawn.node(v));
        }
    }

    /// Requests between tiers run the way of their ranks; a balancer never stands below what it serves, nor above what calls it
    /// from a tier above all that it serves.
    fn flow(&self, found: &mut Found) {
        let graph = self.drawn.graph;
        let requests: Vec<(usize, usize, usize)> = graph
            .edges
            .iter()
            .enumerate()
            .filter(|(e, edge)| edge.class == Class::Request && self.drawn.counts(*e))
            .filter_map(|(e, edge)| Some((e, self.leaf(edge.from)?, self.leaf(edge.to)?)))
            .collect();
        let mut onwards: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &(_, a, b) in &requests {
            onwards.entry(a).or_default().push(b);
        }
        let below = |a: usize, b: usize| self.tiles[b].centre().1 > self.tiles[a].centre().1 + SLACK;
        for &(e, a, b) in &requests {
            let reversed = match (self.tier(a), self.tier(b)) {
                (Some(p), Some(q)) => {
                    let rows = p.holder == q.holder
                        && p.zone.zip(q.zone).is_none_or(|(p, q)| p == q || self.beside(p, q));
                    rows && ((p.rank < q.rank && !below(a, b)) || (p.rank > q.rank && !below(b, a)))
                }
                (None, Some(q)) if self.balances(a, &q) => below(b, a) && !self.reaches(&onwards, b, a),
                (Some(p), None) if self.balances(b, &p) => {
                    let served = onwards.get(&b).into_iter().flatten();
                    let ranks = served.filter_map(|&v| self.tier(v)).map(|tier| tier.rank);
                    ranks.min().is_some_and(|least| p.rank < least) && below(b, a)
                }
                _ => false,
            };
            if reversed {
                found.add(Kind::FlowReversed, self.drawn.edge(e), "");
            }
        }
    }

    /// The leaf that says where an end of a line stands.
    fn leaf(&self, end: End) -> Option<usize> {
        match end {
            End::Node(v) => Some(v),
            End::Group(g) => self.drawn.members(g).next(),
            End::Container(_) => None,
        }
    }

    /// Whether a leaf is a balancer that stands among the rows that the tier is one of.
    fn balances(&self, v: usize, tier: &Tiered) -> bool {
        self.drawn.graph.nodes[v].role == Role::Balancer && self.drawn.node_parent[v] == tier.holder
    }

    /// Whether requests lead from one leaf to another.
    fn reaches(&self, onwards: &BTreeMap<usize, Vec<usize>>, from: usize, to: usize) -> bool {
        let mut open = vec![from];
        let mut seen = BTreeSet::from([from]);
        while let Some(v) = open.pop() {
            if v == to {
                return true;
            }
            open.extend(onwards.get(&v).into_iter().flatten().copied().filter(|&next| seen.insert(next)));
        }
        false
    }
}
