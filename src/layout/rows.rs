//! Which row of a zoned box each tile stands in.
//!
//! Along the spine each balancer and each group takes the next row of its tier; what neither is takes a row of its tier
//! that no group has.

use std::collections::BTreeMap;

use super::input::{Input, Item};
use super::layers::{Arc, Pull, layers};
use super::zones::{Parts, TierKey};
use super::{Class, End, Role};

/// The most tiles of a zone in one row.
pub(super) const COLUMNS: usize = 4;

/// A row that all zones share.
pub(super) struct Row {
    pub(super) tier: TierKey,
    /// Whether a group is framed in it, which takes room around the tiles.
    pub(super) framed: bool,
}

/// The rows and who stands in them.
pub(super) struct Cells {
    pub(super) rows: Vec<Row>,
    /// The row of each tile, in the order of [`Parts::tiled`].
    pub(super) row: Vec<usize>,
    /// The row of each balancer.
    pub(super) station: BTreeMap<usize, usize>,
    /// The groups whose members all stand in one row.
    pub(super) frames: Vec<usize>,
    /// How many labelled lines enter each tier from above or leave it upwards.
    pub(super) busy: BTreeMap<TierKey, i64>,
}

/// What moves as one when rows are given out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Station(usize),
    Frame(usize),
    Tile(usize),
}

/// Gives every tile and balancer its row. `columns`: the most tiles of a zone in one row.
pub(super) fn assign(input: &Input, c: usize, parts: &Parts, columns: usize) -> Cells {
    let index: BTreeMap<Item, usize> = parts.tiled.iter().enumerate().map(|(i, tile)| (tile.0, i)).collect();
    let frames = frames(input, parts, &index);
    let mut frame_of: BTreeMap<usize, usize> = BTreeMap::new();
    for &g in &frames {
        for v in &input.members[g] {
            if let Some(&tile) = index.get(&Item::Leaf(*v)) {
                frame_of.insert(tile, g);
            }
        }
    }
    let mut units: Vec<Unit> = parts.stations.iter().map(|&v| Unit::Station(v)).collect();
    units.extend(frames.iter().map(|&g| Unit::Frame(g)));
    units.extend((0..parts.tiled.len()).filter(|tile| !frame_of.contains_key(tile)).map(Unit::Tile));
    let unit_at: BTreeMap<Unit, usize> = units.iter().enumerate().map(|(i, &unit)| (unit, i)).collect();
    let unit_of = |end: End| -> Option<usize> {
        if let End::Group(g) = end
            && let Some(&u) = unit_at.get(&Unit::Frame(g))
        {
            return Some(u);
        }
        let mut at = input.end_item(end)?;
        loop {
            if let Some(&tile) = index.get(&at) {
                let unit = frame_of.get(&tile).map_or(Unit::Tile(tile), |&g| Unit::Frame(g));
                return unit_at.get(&unit).copied();
            }
            if let Item::Leaf(v) = at
                && let Some(&u) = unit_at.get(&Unit::Station(v))
            {
                return Some(u);
            }
            let parent = input.parent(at);
            if parent == input.page() || parent == c {
                return None;
            }
            at = Item::Box(parent);
        }
    };
    let mut arcs = Vec::new();
    for (_, edge) in input.lines_at(c) {
        if let (Some(from), Some(to)) = (unit_of(edge.from), unit_of(edge.to))
            && matches!(edge.class, Class::Request | Class::Async)
            && from != to
        {
            arcs.push(Arc { from, to, pull: Pull::Flow });
        }
    }
    let rank: Vec<u8> = units
        .iter()
        .map(|unit| match unit {
            Unit::Station(_) => 0,
            Unit::Frame(_) => 1,
            Unit::Tile(tile) => 2 + super::block::rank(input, parts.tiled[*tile].0),
        })
        .collect();
    let level = layers(units.len(), &arcs, &rank);
    let tier: Vec<TierKey> = tiers(input, parts, &units, &index, &arcs);
    let (slot, rows) = give_out(input, parts, &units, &level, &tier);
    let mut cells = Cells {
        rows,
        row: vec![0; parts.tiled.len()],
        station: BTreeMap::new(),
        frames,
        busy: busy(input, c, &unit_of, &tier),
    };
    for (u, unit) in units.iter().enumerate() {
        match unit {
            Unit::Station(v) => {
                cells.station.insert(*v, slot[u]);
            }
            Unit::Frame(g) => {
                for v in &input.members[*g] {
                    if let Some(&tile) = index.get(&Item::Leaf(*v)) {
                        cells.row[tile] = slot[u];
                    }
                }
            }
            Unit::Tile(tile) => cells.row[*tile] = slot[u],
        }
    }
    let levels = levels(input, parts, &index, &level, &units);
    fold(parts, &levels, &mates(input, parts, &index), columns, &mut cells);
    cells
}

/// The groups that can be framed in a row: all members are tiles of one tier, no two groups share one.
fn frames(input: &Input, parts: &Parts, index: &BTreeMap<Item, usize>) -> Vec<usize> {
    let mut taken = vec![false; parts.tiled.len()];
    let mut frames = Vec::new();
    for (g, members) in input.members.iter().enumerate() {
        let tiles: Option<Vec<usize>> = members.iter().map(|&v| index.get(&Item::Leaf(v)).copied()).collect();
        let Some(tiles) = tiles.filter(|tiles| !tiles.is_empty()) else { continue };
        let tier = parts.tiled[tiles[0]].2;
        if tiles.iter().all(|&t| parts.tiled[t].2 == tier && !taken[t]) {
            for t in tiles {
                taken[t] = true;
            }
            frames.push(g);
        }
    }
    frames
}

/// The tier of each unit. A balancer that the outside enters stands in the first, one behind others in its targets'.
fn tiers(
    input: &Input,
    parts: &Parts,
    units: &[Unit],
    index: &BTreeMap<Item, usize>,
    arcs: &[Arc],
) -> Vec<TierKey> {
    let first = parts
        .tiled
        .iter()
        .map(|tile| tile.2)
        .chain(parts.zones.iter().flat_map(|z| z.tiers.keys().copied()))
        .min();
    let first = first.unwrap_or((0, 0));
    let mut tier: Vec<TierKey> = units
        .iter()
        .map(|unit| match unit {
            Unit::Station(_) => first,
            Unit::Frame(g) => {
                index.get(&Item::Leaf(input.members[*g][0])).map_or(first, |&t| parts.tiled[t].2)
            }
            Unit::Tile(t) => parts.tiled[*t].2,
        })
        .collect();
    for (u, unit) in units.iter().enumerate() {
        if matches!(unit, Unit::Station(_))
            && arcs.iter().any(|arc| arc.to == u && !matches!(units[arc.from], Unit::Station(_)))
        {
            let target = arcs.iter().filter(|arc| arc.from == u).map(|arc| tier[arc.to]).min();
            tier[u] = target.unwrap_or(first);
        }
    }
    tier
}

/// The row of each unit, and all rows in order.
fn give_out(
    input: &Input,
    parts: &Parts,
    units: &[Unit],
    level: &[usize],
    tier: &[TierKey],
) -> (Vec<usize>, Vec<Row>) {
    let mut sequence: Vec<usize> = (0..units.len()).filter(|&u| !matches!(units[u], Unit::Tile(_))).collect();
    sequence.sort_by_key(|&u| (level[u], matches!(units[u], Unit::Frame(_)), u));
    // Per tier, the rows from the top: whether a group has it.
    let mut taken: BTreeMap<TierKey, Vec<bool>> = BTreeMap::new();
    let mut at: Vec<(TierKey, usize)> = vec![((0, 0), 0); units.len()];
    for u in sequence {
        let rows = taken.entry(tier[u]).or_default();
        at[u] = (tier[u], rows.len());
        rows.push(matches!(units[u], Unit::Frame(_)));
    }
    for (u, unit) in units.iter().enumerate() {
        let Unit::Tile(tile) = unit else { continue };
        let rows = taken.entry(tier[u]).or_default();
        let way_out = matches!(parts.tiled[*tile].0, Item::Leaf(v) if matches!(input.role(v), Role::Nat | Role::Gateway));
        let mut free = (0..rows.len()).filter(|&r| !rows[r]);
        let row = if way_out { free.next() } else { free.next_back() };
        at[u] = (
            tier[u],
            row.unwrap_or_else(|| {
                rows.push(false);
                rows.len() - 1
            }),
        );
    }
    let mut base: BTreeMap<TierKey, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for (&key, rows) in &taken {
        base.insert(key, all.len());
        all.extend(rows.iter().map(|&framed| Row { tier: key, framed }));
    }
    (at.iter().map(|(key, r)| base.get(key).copied().unwrap_or(0) + r).collect(), all)
}

/// How far along the flow each tile stands; copies that replicate stand level.
fn levels(
    input: &Input,
    parts: &Parts,
    index: &BTreeMap<Item, usize>,
    level: &[usize],
    units: &[Unit],
) -> Vec<usize> {
    let mut level_of = vec![0; parts.tiled.len()];
    for (u, unit) in units.iter().enumerate() {
        if let Unit::Tile(tile) = unit {
            level_of[*tile] = level[u];
        }
    }
    let tile = |end: End| if let End::Node(v) = end { index.get(&Item::Leaf(v)).copied() } else { None };
    for (_, edge) in input.lines_at(parts.of).filter(|(_, edge)| edge.class == Class::Replication) {
        if let (Some(a), Some(b)) = (tile(edge.from), tile(edge.to))
            && parts.tiled[a].1 != parts.tiled[b].1
        {
            let both = level_of[a].max(level_of[b]);
            level_of[a] = both;
            level_of[b] = both;
        }
    }
    level_of
}

/// The first tile of those that must stand level with each tile: its copies in other zones, and what it replicates to.
fn mates(input: &Input, parts: &Parts, index: &BTreeMap<Item, usize>) -> Vec<usize> {
    let mut mate: Vec<usize> = (0..parts.tiled.len()).collect();
    let mut join = |a: usize, b: usize| {
        if parts.tiled[a].1 != parts.tiled[b].1 {
            let (first, other) = (mate[a].min(mate[b]), mate[a].max(mate[b]));
            mate.iter_mut().filter(|m| **m == other).for_each(|m| *m = first);
        }
    };
    let tile = |v: usize| index.get(&Item::Leaf(v)).copied();
    for (v, node) in input.graph.nodes.iter().enumerate() {
        if let Some((_, first)) = node.copy_of
            && let (Some(a), Some(b)) = (tile(first), tile(v))
        {
            join(a, b);
        }
    }
    for (_, edge) in input.lines_at(parts.of).filter(|(_, edge)| edge.class == Class::Replication) {
        if let (End::Node(v), End::Node(w)) = (edge.from, edge.to)
            && let (Some(a), Some(b)) = (tile(v), tile(w))
        {
            join(a, b);
        }
    }
    mate
}

/// The place of each of these tiles in the list of its zone: mates have the same one and come first, then what is
/// entered first.
fn places(parts: &Parts, tiles: &[usize], level_of: &[usize], mate: &[usize]) -> Vec<usize> {
    let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, &tile) in tiles.iter().enumerate() {
        sets.entry(mate[tile]).or_default().push(i);
    }
    let mut sets: Vec<Vec<usize>> = sets.into_values().collect();
    sets.sort_by_key(|set| (set.len() < 2, level_of[tiles[set[0]]], tiles[set[0]]));
    let mut free = vec![0; parts.zones.len()];
    let mut place = vec![0; tiles.len()];
    for set in sets {
        let mut at = set.iter().map(|&i| free[parts.tiled[tiles[i]].1]).max().unwrap_or(0);
        let mut seen = vec![false; parts.zones.len()];
        for i in set {
            let zone = parts.tiled[tiles[i]].1;
            // Several of one zone cannot share a place.
            if std::mem::replace(&mut seen[zone], true) {
                at = free[zone].max(at + 1);
            }
            place[i] = at;
            free[zone] = at + 1;
        }
    }
    place
}

/// Splits rows with more tiles per zone than columns into several.
fn fold(parts: &Parts, level_of: &[usize], mate: &[usize], least: usize, cells: &mut Cells) {
    let mut folded: Vec<Row> = Vec::new();
    let mut row = vec![0; parts.tiled.len()];
    let mut moved = vec![0; cells.rows.len()];
    for (r, old) in cells.rows.iter().enumerate() {
        let tiles: Vec<usize> = (0..row.len()).filter(|&t| cells.row[t] == r).collect();
        let place = places(parts, &tiles, level_of, mate);
        let most = place.iter().map(|at| at + 1).max().unwrap_or(0);
        // Up to two rows of six, so that few lines pass rows; larger tiers grow in both directions.
        let half = most.div_ceil(2);
        let columns = match () {
            () if least < COLUMNS || most <= least => Some(least),
            () if half <= 6 => Some(half.max(least)),
            () => (6..).find(|columns| columns * columns * 3 / 4 >= most),
        };
        let columns = if old.framed { most.max(1) } else { columns.unwrap_or(least) };
        moved[r] = folded.len();
        for (&tile, at) in tiles.iter().zip(&place) {
            row[tile] = folded.len() + at / columns;
        }
        for _ in 0..most.div_ceil(columns).max(1) {
            folded.push(Row { tier: old.tier, framed: old.framed });
        }
    }
    for at in cells.station.values_mut() {
        *at = moved[*at];
    }
    cells.row = row;
    cells.rows = folded;
}

/// How many labelled lines run into each tier from the tiers above it.
fn busy(
    input: &Input,
    c: usize,
    unit_of: &dyn Fn(End) -> Option<usize>,
    tier: &[TierKey],
) -> BTreeMap<TierKey, i64> {
    let mut busy = BTreeMap::new();
    for (_, edge) in input.lines_at(c).filter(|(_, edge)| edge.label.is_some()) {
        if let (Some(a), Some(b)) = (unit_of(edge.from), unit_of(edge.to))
            && tier[a] != tier[b]
        {
            *busy.entry(tier[a].max(tier[b])).or_insert(0) += 1;
        }
    }
    busy
}
