//! P4: a box with zones: equal columns left and right of the spine, tiers in rows that all zones share.
//!
//! Everything stands on one grid of rows and columns, which is why zones come out equal and nothing can overlap.
//! A box with tiers but no zones has one zone without borders.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{self, Tile};
use super::geom::{Len, px, up};
use super::input::{Input, Item, Slot};
use super::place::{Placed, least, pads};
use super::rows::{self, Cells};
use super::{Class, End, Place, Role, Sort, block, tiers};

/// Which tier of a zone: its rank, and which of several with this rank. What stands in a zone without a tier comes last.
pub(super) type TierKey = (u16, usize);

/// The key of what stands directly in a zone.
const BARE: TierKey = (u16::MAX, 0);

/// A zone, its tiers and what stands in them.
#[derive(Default)]
pub(super) struct Zone {
    /// `None` for the zone without borders.
    pub(super) at: Option<usize>,
    pub(super) tiers: BTreeMap<TierKey, Option<usize>>,
}

/// The children of a zoned box by the part they play in it.
pub(super) struct Parts {
    /// The box itself.
    pub(super) of: usize,
    pub(super) zones: Vec<Zone>,
    /// What stands in the tiers: item, zone, tier.
    pub(super) tiled: Vec<(Item, usize, TierKey)>,
    /// Balancers between the zones.
    pub(super) stations: Vec<usize>,
    /// On the top border.
    pub(super) gateways: Vec<usize>,
    /// Everything else.
    pub(super) annex: Vec<Item>,
}

/// The measures of one box with zones.
pub(super) struct Measures {
    /// Whether there is a spine column at all.
    spine: bool,
    /// Left edge of each zone, relative to the first.
    zone_x: Vec<Len>,
    zone_w: Len,
    /// Centre of each column, relative to its zone.
    pub(super) column_x: Vec<Len>,
    spine_x: Len,
    /// From zone border to tier border.
    pub(super) inset: Len,
}

/// Arranges the inside of `c`.
pub(super) fn arrange(input: &Input, placed: &mut Placed, c: usize) {
    let parts = parts(input, c);
    let gap = match parts.zones.len() {
        0 | 1 => None,
        n if n % 2 == 0 => Some(n / 2 - 1),
        n => Some((n - 1) / 2 - 1),
    };
    // Three zones and more are drawn with fewer columns and more rows where they would make too wide a picture.
    let room = if parts.zones.len() > 2 { room(input, c) } else { Len::MAX };
    // The search for columns may take the longer the fewer boxes there are.
    let effort = (1_500_000 / input.graph.nodes.len().max(1)).clamp(500, 40_000);
    for most in (1..=rows::COLUMNS).rev() {
        let cells = rows::assign(input, c, &parts, most);
        let tiles = tiles(input, &parts, &cells);
        let cap = if most < rows::COLUMNS { most } else { usize::MAX };
        let fits = |column: &[usize]| {
            let measures = measures(input, placed, &parts, &cells, column, gap);
            let width = measures.zone_x.last().copied().unwrap_or(0) + measures.zone_w;
            (most == 1 || width <= room).then_some(measures)
        };
        if fits(&columns::plain(&tiles)).is_none() {
            continue;
        }
        let links = links(input, c, &parts, &cells);
        let column = columns::assign(&tiles, &links, parts.zones.len(), gap, cap, effort);
        if let Some(measures) = fits(&column) {
            fill(input, placed, c, &parts, &cells, &column, &measures);
            return;
        }
    }
}

/// How wide the zones of `c` may be for the whole picture to stay readable: less what stands around them.
fn room(input: &Input, c: usize) -> Len {
    let mut room = px(1700 - 64 - 48);
    let mut at = c;
    while at != input.page() {
        at = input.cont_parent[at];
        room -= px(32);
        let beside = |item: &Item| matches!(item, Item::Leaf(v) if matches!(input.role(*v), Role::Regional | Role::Monitor | Role::Store | Role::Compute));
        if input.sort(at) == Some(Sort::Region) && input.children[at].iter().any(beside) {
            room -= px(220);
        }
    }
    room
}

/// Sorts the children of `c` by their part in it.
fn parts(input: &Input, c: usize) -> Parts {
    let mut parts = Parts {
        of: c,
        zones: Vec::new(),
        tiled: Vec::new(),
        stations: Vec::new(),
        gateways: Vec::new(),
        annex: Vec::new(),
    };
    let real = input.children[c]
        .iter()
        .any(|item| matches!(item, Item::Box(b) if input.sort(*b) == Some(Sort::Zone)));
    if !real {
        parts.zones.push(Zone::default());
    }
    let tier = |parts: &mut Parts, z: usize, t: usize, rank: u8| {
        let nth = parts.zones[z].tiers.keys().filter(|key| key.0 == u16::from(rank)).count();
        let key = (u16::from(rank), nth);
        parts.zones[z].tiers.insert(key, Some(t));
        parts.tiled.extend(input.children[t].iter().map(|&item| (item, z, key)));
    };
    for &item in &input.children[c] {
        match item {
            Item::Box(b) if real && input.sort(b) == Some(Sort::Zone) => {
                let z = parts.zones.len();
                parts.zones.push(Zone { at: Some(b), tiers: BTreeMap::new() });
                for &inner in &input.children[b] {
                    match inner {
                        Item::Box(t) if let Some(Sort::Tier(rank)) = input.sort(t) => {
                            tier(&mut parts, z, t, rank)
                        }
                        _ => {
                            parts.zones[z].tiers.insert(BARE, None);
                            parts.tiled.push((inner, z, BARE));
                        }
                    }
                }
            }
            Item::Box(t) if !real && let Some(Sort::Tier(rank)) = input.sort(t) => {
                tier(&mut parts, 0, t, rank)
            }
            Item::Leaf(v) if input.role(v) == Role::Balancer => parts.stations.push(v),
            Item::Leaf(v) if input.role(v) == Role::Gateway && input.sort(c) == Some(Sort::Network) => {
                parts.gateways.push(v)
            }
            other => parts.annex.push(other),
        }
    }
    parts
}

/// The tiles as the search for columns sees them.
fn tiles(input: &Input, parts: &Parts, cells: &Cells) -> Vec<Tile> {
    let mut frame_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (g, members) in input.members.iter().enumerate() {
        for &v in members {
            frame_of.entry(v).or_insert(g);
        }
    }
    parts
        .tiled
        .iter()
        .zip(&cells.row)
        .map(|(&(item, zone, _), &row)| Tile {
            zone,
            row,
            frame: if let Item::Leaf(v) = item { frame_of.get(&v).copied() } else { None },
        })
        .collect()
}

/// The lines between tiles, and from groups and to gateways, that the columns should keep straight.
fn links(input: &Input, c: usize, parts: &Parts, cells: &Cells) -> columns::Links {
    let index: BTreeMap<Item, usize> = parts.tiled.iter().enumerate().map(|(i, tile)| (tile.0, i)).collect();
    let within = |end: End| -> Option<usize> {
        let mut at = input.end_item(end)?;
        loop {
            if let Some(&i) = index.get(&at) {
                return Some(i);
            }
            let parent = input.parent(at);
            if parent == input.page() || parent == c {
                return None;
            }
            at = Item::Box(parent);
        }
    };
    let mut links = columns::Links::default();
    for (t, tile) in parts.tiled.iter().enumerate() {
        let Item::Leaf(v) = tile.0 else { continue };
        let node = &input.graph.nodes[v];
        let level = |&u: &usize| parts.tiled[u].1 == tile.1 && cells.row[u] == cells.row[t] && u != t;
        let before = node.after.and_then(|w| index.get(&Item::Leaf(w)).copied()).filter(level);
        links.after.extend(before.map(|u| (u, t)));
        match node.place {
            Some(Place::Left) => links.outermost.push((t, false)),
            Some(Place::Right) => links.outermost.push((t, true)),
            _ => {}
        }
    }
    for (_, edge) in input.lines_at(c) {
        let level = matches!(edge.class, Class::Replication);
        match (edge.from, edge.to) {
            (End::Group(g), to) => {
                let Some(b) = within(to).filter(|_| !matches!(to, End::Group(_))) else { continue };
                let zone = parts.tiled[b].1;
                let speakers = edge.speakers.iter().filter_map(|v| index.get(&Item::Leaf(*v)).copied());
                let mut beside = speakers.filter(|&a| parts.tiled[a].1 == zone && a != b).peekable();
                if beside.peek().is_some() {
                    links.flow.extend(beside.map(|a| (a, b)));
                } else if cells.frames.contains(&g) {
                    links.framed.push((g, b));
                }
            }
            (from, End::Node(v)) if parts.gateways.contains(&v) => links.upwards.extend(within(from)),
            (End::Node(v), to @ End::Node(_)) if parts.stations.contains(&v) => {
                links.entered.extend(within(to))
            }
            (from, to) if !matches!(to, End::Group(_)) => {
                if let (Some(a), Some(b)) = (within(from), within(to))
                    && a != b
                {
                    if level { links.level.push((a, b)) } else { links.flow.push((a, b)) }
                }
            }
            _ => {}
        }
    }
    links
}

fn measures(
    input: &Input,
    placed: &Placed,
    parts: &Parts,
    cells: &Cells,
    column: &[usize],
    gap: Option<usize>,
) -> Measures {
    let virtual_zone = parts.zones.iter().all(|zone| zone.at.is_none());
    let inset =
        parts.zones.iter().filter_map(|zone| zone.at).map(|zone| pads(input, zone).left).max().unwrap_or(0);
    let outset = if virtual_zone { 0 } else { px(16) };
    let columns = column.iter().max().map_or(1, |most| most + 1);
    let sides: Vec<(Len, Len)> =
        (0..parts.tiled.len()).map(|i| sides(input, placed, parts, cells, i)).collect();
    // The first column stands right of the titles, so that lines from above never meet one.
    let tiers: BTreeSet<usize> =
        parts.zones.iter().flat_map(|zone| zone.tiers.values().flatten().copied()).collect();
    let mut first = px(76);
    for (i, side) in sides.iter().enumerate().filter(|(i, _)| column[*i] == 0) {
        // Along a flow to the right the titles stand left of everything.
        let title = match parts.zones[parts.tiled[i].1].tiers.get(&parts.tiled[i].2) {
            Some(Some(t)) if input.right => pads(input, *t).left + placed.slot(input, parts.tiled[i].0).ax,
            _ => 0,
        };
        first = first.max(side.0).max(title);
    }
    if !input.right {
        // Without zones beside the spine, lines from its left come down over the first column.
        let left = if virtual_zone { input.beside_spine(parts.of) } else { 0 };
        for &t in &tiers {
            first = first.max(beside(input.title(t)) + left);
        }
        for zone in parts.zones.iter().filter_map(|zone| zone.at) {
            first = first.max(beside(input.title(zone)) - inset);
        }
    }
    let mut column_x = vec![inset + up(first)];
    let chips = neighbours(input, parts, cells, column, columns);
    for j in 1..columns {
        let mut x = column_x[j - 1] + px(128).max(chips[j]);
        for (side, _) in sides.iter().zip(column).filter(|(_, at)| **at == j) {
            x = x.max(inset + side.0);
        }
        column_x.push(x.max(right_of_others(input, placed, parts, cells, column, &column_x)));
        column_x[j] = up(column_x[j]);
    }
    let mut zone_w = column_x[columns - 1] + px(60) + outset;
    for (side, &j) in sides.iter().zip(column) {
        zone_w = zone_w.max(column_x[j] + side.1 + outset);
    }
    for &t in &tiers {
        zone_w = zone_w.max(least(input, t).0 + inset + outset);
    }
    for zone in parts.zones.iter().filter_map(|zone| zone.at) {
        zone_w = zone_w.max(least(input, zone).0);
    }
    let zone_w = up(zone_w);
    let spine = !parts.stations.is_empty() || (!parts.gateways.is_empty() && parts.zones.len() > 1);
    let wide = up(spine_width(input, parts, cells));
    let mut zone_x = Vec::new();
    let mut x = 0;
    for z in 0..parts.zones.len() {
        zone_x.push(x);
        x += zone_w
            + if gap == Some(z) && spine { wide } else { up(plain_gap(input, parts, cells, column, z)) };
    }
    let spine_x = match gap {
        _ if !spine => column_x[entry(input, parts, column)],
        Some(z) => zone_x[z] + zone_w + wide / 2,
        None => -wide / 2,
    };
    Measures { spine, zone_x, zone_w, column_x, spine_x, inset }
}

/// The column that a request from outside enters first, which stands in line with where it comes from.
fn entry(input: &Input, parts: &Parts, column: &[usize]) -> usize {
    let tile = |item: Item| {
        (0..parts.tiled.len()).find(|&t| {
            let tiled = parts.tiled[t].0;
            tiled == item || matches!(tiled, Item::Box(b) if input.is_in(item, b))
        })
    };
    let entered = input.lines_at(parts.of).find_map(|(_, edge)| {
        let outside = input.end_item(edge.from).is_some_and(|item| !input.is_in(item, parts.of));
        let target = if outside && edge.class == Class::Request { input.end_item(edge.to) } else { None };
        tile(target?)
    });
    entered.map_or(0, |t| column[t])
}

/// The room a tile asks for left and right of its line, up to the border of its tier. Tile and text of a leaf keep 8 px to
/// the border, a frame around it stands 16 px inside of it.
fn sides(input: &Input, placed: &Placed, parts: &Parts, cells: &Cells, tile: usize) -> (Len, Len) {
    let item = parts.tiled[tile].0;
    let slot = placed.slot(input, item);
    match item {
        Item::Box(_) => (slot.ax + px(16), slot.w - slot.ax + px(16)),
        Item::Leaf(v) => {
            let (left, right) = input.halves(v);
            let pad = if cells.rows[cells.row[tile]].framed { px(28) } else { px(8) };
            (left + pad, right + pad)
        }
    }
}

/// Where the next column may stand so that it comes too close to nothing in the columns left of it.
fn right_of_others(
    input: &Input,
    placed: &Placed,
    parts: &Parts,
    cells: &Cells,
    column: &[usize],
    column_x: &[Len],
) -> Len {
    let half = |t: usize| match parts.tiled[t].0 {
        Item::Leaf(v) => input.halves(v),
        item @ Item::Box(_) => {
            let slot = placed.slot(input, item);
            (slot.ax, slot.w - slot.ax)
        }
    };
    let mut least = 0;
    for (t, tile) in parts.tiled.iter().enumerate().filter(|(t, _)| column[*t] == column_x.len()) {
        let same_row = (0..parts.tiled.len()).filter(|&u| {
            column[u] < column_x.len() && parts.tiled[u].1 == tile.1 && cells.row[u] == cells.row[t]
        });
        for u in same_row {
            let boxes = [t, u].iter().any(|&t| matches!(parts.tiled[t].0, Item::Box(_)));
            let gap = if boxes { px(24) } else { px(16) };
            least = least.max(column_x[column[u]] + half(u).1 + half(t).0 + gap);
        }
    }
    least
}

/// By column, the room that chips of lines from a tile to its left neighbour need between the two.
fn neighbours(input: &Input, parts: &Parts, cells: &Cells, column: &[usize], columns: usize) -> Vec<Len> {
    let index: BTreeMap<Item, usize> = parts.tiled.iter().enumerate().map(|(i, tile)| (tile.0, i)).collect();
    let tile = |end: End| if let End::Node(v) = end { index.get(&Item::Leaf(v)).copied() } else { None };
    let mut room = vec![0; columns];
    for (e, edge) in input.lines_at(parts.of) {
        let (Some(a), Some(b)) = (tile(edge.from), tile(edge.to)) else { continue };
        let level = cells.row[a] == cells.row[b] && parts.tiled[a].1 == parts.tiled[b].1;
        if level && column[a].abs_diff(column[b]) == 1 && edge.label.is_some() {
            let at = column[a].max(column[b]);
            room[at] = room[at].max(up(input.chip(e).0 + px(64 + 36)));
        }
    }
    room
}

/// How far right of its box's border the first column's centre must stand to clear a title.
fn beside((w, h): (Len, Len)) -> Len {
    match () {
        // So long a title stands above the tiles instead.
        () if w > px(280) || w == 0 => 0,
        () if h > px(26) => w + px(8) + px(32),
        () => w + px(12),
    }
}

/// The width of the gap that holds the spine.
fn spine_width(input: &Input, parts: &Parts, cells: &Cells) -> Len {
    let mut wide = px(144);
    // A name or filter outside reaches its balancer past the gateway, between its texts and the zone.
    let passed = input.lines_at(parts.of).any(|(_, edge)| {
        let outside = input.end_item(edge.from).is_some_and(|item| !input.is_in(item, parts.of));
        edge.class == Class::Attached
            && outside
            && matches!(edge.to, End::Node(v) if parts.stations.contains(&v))
    });
    let beside = if passed { px(28) } else { px(10) };
    for &v in parts.stations.iter().chain(&parts.gateways) {
        let (left, right) = input.halves(v);
        wide = wide.max(2 * (left.max(right) + beside));
    }
    let station = |end: End| match end {
        End::Node(v) => parts.stations.contains(&v) || parts.gateways.contains(&v),
        End::Group(g) => cells.frames.contains(&g),
        End::Container(_) => false,
    };
    for (e, edge) in input.lines_at(parts.of) {
        if station(edge.from) && station(edge.to) {
            wide = wide.max(input.chip(e).0 + px(24));
        }
    }
    for &g in &cells.frames {
        let title = super::input::sane(input.graph.groups[g].title);
        wide = wide.max(input.swapped(title).0 + px(16));
    }
    wide
}

/// The width of the gap after zone `z` without a spine: room for the chips of what runs straight through it.
fn plain_gap(input: &Input, parts: &Parts, cells: &Cells, column: &[usize], z: usize) -> Len {
    let tile_of = |end: End| match end {
        End::Node(v) => parts.tiled.iter().position(|tile| tile.0 == Item::Leaf(v)),
        _ => None,
    };
    let mut gap = px(56);
    for (e, edge) in input.lines_at(parts.of) {
        if let (Some(a), Some(b)) = (tile_of(edge.from), tile_of(edge.to)) {
            let (low, high) =
                (parts.tiled[a].1.min(parts.tiled[b].1), parts.tiled[a].1.max(parts.tiled[b].1));
            if low == z && high == z + 1 && tiers::faces(parts, cells, column, a, b) {
                gap = gap.max(input.chip(e).0 + px(40));
            }
        }
    }
    gap
}

/// Gives everything its place on the grid.
fn fill(
    input: &Input,
    placed: &mut Placed,
    c: usize,
    parts: &Parts,
    cells: &Cells,
    column: &[usize],
    m: &Measures,
) {
    let pad = pads(input, c);
    let bordered = parts.zones.iter().any(|zone| zone.at.is_some());
    let gateway: Option<Slot> = parts.gateways.first().map(|&v| input.slots[v]);
    let over = parts.gateways.iter().map(|&v| input.slots[v].ay).max().unwrap_or(0);
    let hang = parts.gateways.iter().map(|&v| input.slots[v].h - input.slots[v].ay).max().unwrap_or(0);
    // Below a lone gateway in the gap the zones start early; others need the strip below the border for their texts.
    let strip = match gateway {
        Some(_) if parts.gateways.len() == 1 && m.spine => pad.top.max(px(56)),
        Some(_) => pad.top.max(up(hang + px(24))),
        None => pad.top,
    };
    let spine_left =
        parts.stations.iter().chain(&parts.gateways).map(|&v| input.slots[v].ax).max().unwrap_or(0);
    let spine_right = parts
        .stations
        .iter()
        .chain(&parts.gateways)
        .map(|&v| input.slots[v].w - input.slots[v].ax)
        .max()
        .unwrap_or(0);
    let spread =
        gateway_pitch(input, parts) * i64::try_from(parts.gateways.len().saturating_sub(1)).unwrap_or(0);
    // The gateways stand on the border right of the title.
    let title = if gateway.is_some() { input.title(c).0 + px(12) } else { 0 };
    let left = pad.left.max(pad.left + spine_left - m.spine_x).max(title + spine_left - m.spine_x);
    let zone_right = m.zone_x.last().copied().unwrap_or(0) + m.zone_w;
    let mut right = left + zone_right.max(m.spine_x + spine_right + spread);

    let beside = tiers::beside_titles(input, placed, parts, cells, column, m);
    let heights = tiers::heights(input, placed, parts, cells, &beside, (strip, hang));
    let (zone_top, row_y) = (heights.zone_top, &heights.row_y);
    let mut y = heights.bottom;
    for (i, &(item, z, key)) in parts.tiled.iter().enumerate() {
        let slot = placed.slot(input, item);
        let (x, top) = (left + m.zone_x[z] + m.column_x[column[i]] - slot.ax, row_y[cells.row[i]] - slot.ay);
        let zone_at = if bordered { (left + m.zone_x[z], zone_top) } else { (0, 0) };
        let tier_at = match parts.zones[z].tiers.get(&key) {
            Some(Some(_)) => (left + m.zone_x[z] + m.inset, heights.tiers.get(&key).map_or(0, |span| span.0)),
            _ => zone_at,
        };
        placed.put(item, (x - tier_at.0, top - tier_at.1));
    }
    for (z, zone) in parts.zones.iter().enumerate() {
        let x = left + m.zone_x[z];
        let zone_at = if zone.at.is_some() { (x, zone_top) } else { (0, 0) };
        for (key, tier) in &zone.tiers {
            if let (Some(t), Some(&(top, bottom))) = (*tier, heights.tiers.get(key)) {
                let w = m.zone_w - m.inset - if bordered { px(16) } else { 0 };
                placed.box_at[t] = (x + m.inset - zone_at.0, top - zone_at.1);
                placed.size[t] = (w, bottom - top);
                placed.anchor[t] = (m.column_x[0] - m.inset, px(64));
            }
        }
        if let Some(at) = zone.at {
            placed.box_at[at] = (x, zone_top);
            placed.size[at] = (m.zone_w, y - zone_top);
            placed.anchor[at] = (m.column_x[0], px(96));
        }
    }
    for &v in &parts.stations {
        let slot = input.slots[v];
        let row = cells.station.get(&v).copied().unwrap_or(0);
        placed.put(Item::Leaf(v), (left + m.spine_x - slot.ax, row_y[row] - slot.ay));
    }
    let mut x = left + m.spine_x;
    for &v in &parts.gateways {
        let slot = input.slots[v];
        placed.put(Item::Leaf(v), (x - slot.ax, -slot.ay));
        x += gateway_pitch(input, parts);
    }
    y += tiers::foot(tiers::lanes(input, parts, cells, column), pad.bottom);
    if !parts.annex.is_empty() {
        let arranged = block::arrange(input, placed, c, &parts.annex);
        let (x0, y0) = (right + px(48), strip.max(up(hang)));
        for (item, (x, y)) in arranged.at {
            placed.put(item, (x + x0, y + y0));
        }
        right = x0 + arranged.w;
        y = y.max(y0 + arranged.h + pad.bottom);
    }
    let least = least(input, c);
    placed.size[c] = ((right + pad.right).max(least.0), y.max(least.1));
    placed.over[c] = over;
    placed.anchor[c] =
        (left + m.spine_x, if gateway.is_some() { 0 } else { row_y.first().copied().unwrap_or(zone_top) });
}

/// From the first gateway on the border to the next.
fn gateway_pitch(input: &Input, parts: &Parts) -> Len {
    up(parts.gateways.iter().map(|&v| input.slots[v].w).max().unwrap_or(0) + px(24))
}
