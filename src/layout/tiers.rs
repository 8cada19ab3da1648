//! The heights of a zoned box: where each tier begins and ends, the line of each row, and what must run below the zones.

use std::collections::{BTreeMap, BTreeSet};

use super::geom::{Len, px, up};
use super::input::{Input, Item, Slot};
use super::place::{Placed, least, pads};
use super::rows::Cells;
use super::zones::{Measures, Parts, TierKey};
use super::{Class, End, Role};

/// From a row to its group's frame, above and below.
const FRAME_ABOVE: Len = px(16);
const FRAME_BELOW: Len = px(8);

/// What the rows of a zoned box come to.
pub(super) struct Heights {
    /// The top border of the zones.
    pub(super) zone_top: Len,
    /// Top and bottom of each tier.
    pub(super) tiers: BTreeMap<TierKey, (Len, Len)>,
    /// The line of each row.
    pub(super) row_y: Vec<Len>,
    /// The bottom border of the zones.
    pub(super) bottom: Len,
}

/// The rows from top to bottom. `strip`: where the zones may begin; `hang`: how far down the spine's gap is taken there.
pub(super) fn heights(
    input: &Input,
    placed: &Placed,
    parts: &Parts,
    cells: &Cells,
    beside: &BTreeSet<TierKey>,
    (strip, hang): (Len, Len),
) -> Heights {
    let zones: Vec<usize> = parts.zones.iter().filter_map(|zone| zone.at).collect();
    let zone_head = zones.iter().map(|&z| pads(input, z).top).max().map_or(0, |top| top.max(px(40)));
    let rooms = rooms(input, placed, parts, cells);
    let link = link(input, parts);
    let mut result =
        Heights { zone_top: strip, tiers: BTreeMap::new(), row_y: vec![0; cells.rows.len()], bottom: 0 };
    let mut y = strip + zone_head;
    // Down to where the spine's gap is taken by balancers and frames.
    let mut low = hang;
    let mut keys: BTreeSet<TierKey> =
        parts.zones.iter().flat_map(|zone| zone.tiers.keys().copied()).collect();
    keys.extend(cells.rows.iter().map(|row| row.tier));
    for (n, &key) in keys.iter().enumerate() {
        let busy = cells.busy.get(&key).copied().unwrap_or(0);
        if n > 0 {
            y += if busy > 0 { px(48) + px(12) * (busy - 3).clamp(0, 4) } else { px(40) };
        }
        let rows: Vec<usize> = (0..cells.rows.len()).filter(|&r| cells.rows[r].tier == key).collect();
        // Balancers before everything else of a tier stand above it, or their row would be empty in every zone.
        let ahead = rows.iter().take_while(|&&r| rooms[r].lone).count();
        for &r in &rows[..ahead] {
            result.row_y[r] = low + link + rooms[r].above;
            low = result.row_y[r] + rooms[r].below;
        }
        let measure = tier_measure(input, parts, key, beside.contains(&key));
        if let Some(&first) = rows.get(ahead) {
            let start = y + measure.head + line(cells, &rooms, first);
            let push = up((needed(cells, &rooms, first, low + link, ahead > 0) - start).max(0));
            if n == 0 {
                result.zone_top += push;
            }
            y += push;
        }
        let top = y;
        y += measure.head;
        for (i, &r) in rows[ahead..].iter().enumerate() {
            let before = if i > 0 { Some(rows[ahead + i - 1]) } else { None };
            y += match before {
                Some(before) if cells.rows[before].framed => px(48) + FRAME_BELOW,
                Some(_) => px(48),
                None => 0,
            };
            let at = y + line(cells, &rooms, r);
            let at = at.max(needed(cells, &rooms, r, low + link, false));
            result.row_y[r] = at;
            y = at + rooms[r].below;
            if cells.rows[r].framed {
                low = y + FRAME_BELOW;
            } else if rooms[r].stationed {
                low = at + rooms[r].station_below;
            }
        }
        if rows.len() == ahead {
            y += px(32);
        }
        let last_framed = rows[ahead..].last().is_some_and(|&r| cells.rows[r].framed);
        y += measure.foot + if last_framed { FRAME_BELOW } else { 0 };
        y = up(y.max(top + measure.least));
        result.tiers.insert(key, (top, y));
    }
    let tall = zones.iter().map(|&z| least(input, z).1).max().unwrap_or(0);
    result.bottom = if zones.is_empty() { y } else { (y.max(low) + px(16)).max(result.zone_top + tall) };
    result
}

/// What a row needs above and below its line.
struct Room {
    above: Len,
    below: Len,
    /// Whether balancers stand in it, and nothing else.
    lone: bool,
    stationed: bool,
    station_below: Len,
}

fn rooms(input: &Input, placed: &Placed, parts: &Parts, cells: &Cells) -> Vec<Room> {
    let empty = || Room { above: px(32), below: px(72), lone: true, stationed: false, station_below: 0 };
    let mut rooms: Vec<Room> = cells.rows.iter().map(|_| empty()).collect();
    let mut take = |row: usize, slot: Slot| {
        rooms[row].above = rooms[row].above.max(slot.ay);
        rooms[row].below = rooms[row].below.max(slot.h - slot.ay);
    };
    for (tile, &row) in parts.tiled.iter().zip(&cells.row) {
        take(row, placed.slot(input, tile.0));
    }
    for (&v, &row) in &cells.station {
        take(row, input.slots[v]);
    }
    for &row in &cells.row {
        rooms[row].lone = false;
    }
    for (&v, &row) in &cells.station {
        rooms[row].stationed = true;
        rooms[row].station_below = rooms[row].station_below.max(input.slots[v].h - input.slots[v].ay);
    }
    for room in &mut rooms {
        room.lone &= room.stationed;
    }
    rooms
}

/// From what stands in the spine's gap to the next below it: a chip with a piece of line above and below.
fn link(input: &Input, parts: &Parts) -> Len {
    let in_gap = |end: End| match end {
        End::Node(v) => parts.stations.contains(&v) || parts.gateways.contains(&v),
        _ => false,
    };
    let chips = input.lines_at(parts.of).filter(|(_, edge)| in_gap(edge.from) || in_gap(edge.to));
    chips.map(|(e, _)| up(input.chip(e).1 + px(24))).max().unwrap_or(0).max(px(44))
}

/// From the top of a row's room to its line.
fn line(cells: &Cells, rooms: &[Room], row: usize) -> Len {
    rooms[row].above + if cells.rows[row].framed { px(24) } else { 0 }
}

/// The least line of a row whose part in the spine's gap may begin at `low`. `entered`: a balancer stands right above it.
fn needed(cells: &Cells, rooms: &[Room], row: usize, low: Len, entered: bool) -> Len {
    match &rooms[row] {
        room if cells.rows[row].framed => low + FRAME_ABOVE + room.above,
        room if room.stationed => low + room.above,
        // Lines from the gap run straight into the tiles of the row.
        _ if entered => low,
        _ => 0,
    }
}

/// The room a tier's title, padding and least size ask for, the largest of all zones.
struct TierMeasure {
    head: Len,
    foot: Len,
    least: Len,
}

fn tier_measure(input: &Input, parts: &Parts, key: TierKey, beside: bool) -> TierMeasure {
    let mut measure = TierMeasure { head: px(32), foot: px(12), least: 0 };
    for t in parts.zones.iter().filter_map(|zone| zone.tiers.get(&key).copied().flatten()) {
        let pad = pads(input, t);
        measure.foot = measure.foot.max(pad.bottom);
        measure.least = measure.least.max(least(input, t).1);
        measure.head = measure.head.max(if beside { px(32) } else { pad.top });
    }
    measure
}

/// The tiers whose first row stands right of their titles, in every zone, and so may begin level with them.
pub(super) fn beside_titles(
    input: &Input,
    placed: &Placed,
    parts: &Parts,
    cells: &Cells,
    column: &[usize],
    m: &Measures,
) -> BTreeSet<TierKey> {
    let mut beside: BTreeSet<TierKey> =
        parts.zones.iter().flat_map(|zone| zone.tiers.keys().copied()).collect();
    for (i, &(item, z, key)) in parts.tiled.iter().enumerate() {
        let first =
            cells.row.iter().zip(&parts.tiled).filter(|(_, tile)| tile.2 == key).map(|(r, _)| *r).min();
        let Some(Some(t)) = parts.zones[z].tiers.get(&key) else { continue };
        let (w, h) = input.title(*t);
        let half = match item {
            Item::Leaf(v) => input.swapped(input.tiles[v]).0 / 2,
            Item::Box(_) => placed.slot(input, item).ax,
        };
        let right_of = m.column_x[column[i]] - m.inset - half >= w + px(4);
        let texts = matches!(item, Item::Leaf(_)) && h > px(32 + 48);
        if input.right || texts || (!right_of && Some(cells.row[i]) == first) {
            beside.remove(&key);
        }
    }
    beside
}

/// Whether a straight line leads from one tile to another in its row.
pub(super) fn faces(parts: &Parts, cells: &Cells, column: &[usize], a: usize, b: usize) -> bool {
    let spot = |t: usize| (parts.tiled[t].1, column[t]);
    let (low, high) = (spot(a).min(spot(b)), spot(a).max(spot(b)));
    let between = |t: usize| cells.row[t] == cells.row[a] && low < spot(t) && spot(t) < high;
    cells.row[a] == cells.row[b] && !(0..column.len()).any(between)
}

/// How many lines must run below the zones: copies that do not face each other, and watched tiles.
pub(super) fn lanes(input: &Input, parts: &Parts, cells: &Cells, column: &[usize]) -> i64 {
    let tile = |end: End| match end {
        End::Node(v) => parts.tiled.iter().position(|tile| tile.0 == Item::Leaf(v)),
        _ => None,
    };
    let spot = |t: usize| (parts.tiled[t].1, column[t]);
    let mut copies: BTreeSet<End> = BTreeSet::new();
    let mut watched: BTreeSet<End> = BTreeSet::new();
    for (_, edge) in input.lines_at(parts.of) {
        match (tile(edge.from), tile(edge.to)) {
            (Some(a), Some(b))
                if edge.class == Class::Replication
                    && spot(a).0 != spot(b).0
                    && !faces(parts, cells, column, a, b) =>
            {
                copies.insert(edge.from);
            }
            (Some(a), None) if matches!(edge.to, End::Node(v) if matches!(input.role(v), Role::Monitor | Role::Regional)) =>
            {
                let last = (parts.zones.len(), 0);
                let free = (0..column.len())
                    .all(|t| cells.row[t] != cells.row[a] || spot(t) <= spot(a) || spot(t) >= last);
                if !free {
                    watched.insert(edge.to);
                }
            }
            _ => {}
        }
    }
    i64::try_from(copies.len() + watched.len()).unwrap_or(0).min(12)
}

/// The room below the zones for `lanes` lines.
pub(super) fn foot(lanes: i64, plain: Len) -> Len {
    if lanes == 0 { plain } else { up(px(20) * (lanes + 1)) }
}
