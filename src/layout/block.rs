//! A container without zones: its children in layers along the flow, parts without lines between them side by side.

use std::collections::BTreeMap;

use super::geom::{Len, px, up};
use super::input::{Input, Item, Lift, Slot};
use super::layers::{Arc, Pull, layers};
use super::place::{Arranged, Placed};
use super::{Class, Place, Role, Sort, coords, fan, order};

/// The most items in a layer before it is folded into several.
const LAYER: usize = 8;

/// Arranges `items`, direct children of `c`.
pub(super) fn arrange(input: &Input, placed: &Placed, c: usize, items: &[Item]) -> Arranged {
    let index: BTreeMap<Item, usize> = items.iter().enumerate().map(|(i, &item)| (item, i)).collect();
    let lines: Vec<(usize, usize, Lift)> = input.lifts[c]
        .iter()
        .filter_map(|lift| Some((*index.get(&lift.from)?, *index.get(&lift.to)?, *lift)))
        .collect();
    let parts: Vec<Arranged> = components(items.len(), &lines)
        .into_iter()
        .map(|part| layered(input, placed, items, &lines, &part))
        .collect();
    shelves(parts)
}

/// What hangs together, each part and the list of parts in the order of the items.
fn components(n: usize, lines: &[(usize, usize, Lift)]) -> Vec<Vec<usize>> {
    fn root(of: &mut [usize], mut v: usize) -> usize {
        while of[v] != v {
            of[v] = of[of[v]];
            v = of[v];
        }
        v
    }
    let mut of: Vec<usize> = (0..n).collect();
    for &(a, b, _) in lines {
        let (a, b) = (root(&mut of, a), root(&mut of, b));
        let (low, high) = (a.min(b), a.max(b));
        of[high] = low;
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for v in 0..n {
        parts.entry(root(&mut of, v)).or_default().push(v);
    }
    parts.into_values().collect()
}

/// One connected part in layers.
fn layered(
    input: &Input,
    placed: &Placed,
    items: &[Item],
    lines: &[(usize, usize, Lift)],
    part: &[usize],
) -> Arranged {
    let local: BTreeMap<usize, usize> = part.iter().enumerate().map(|(i, &v)| (v, i)).collect();
    let lines: Vec<(usize, usize, Lift)> =
        lines.iter().filter_map(|(a, b, lift)| Some((*local.get(a)?, *local.get(b)?, *lift))).collect();
    let items: Vec<Item> = part.iter().map(|&v| items[v]).collect();
    let slots: Vec<Slot> = items.iter().map(|&item| placed.slot(input, item)).collect();
    if let Some(fan) = fan::arrange(input, &items, &slots, &lines) {
        return fan;
    }
    let arcs: Vec<Arc> =
        lines.iter().map(|&(from, to, lift)| Arc { from, to, pull: pull(input, &lift) }).collect();
    let rank: Vec<u8> = items.iter().map(|&item| rank(input, item)).collect();
    let mut layer = layers(items.len(), &arcs, &rank);
    wishes(input, &items, &arcs, &mut layer);
    let mut rows = folded(&layer, &slots);
    let mut pairs: Vec<(usize, usize)> = arcs.iter().map(|arc| (arc.from, arc.to)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    order::order(&mut rows, &pairs, items.len());
    sides(input, &items, &mut rows);
    let width: Vec<Len> = slots.iter().map(|slot| slot.w).collect();
    // Lines out of what a line enters, not out of the whole box around it, tell whether its way goes on.
    let goes_on = |lift: &Lift| {
        let end = input.graph.edges[lift.edge].to;
        let flows = |class: Class| matches!(class, Class::Request | Class::Async);
        let parent = input.end_item(end).map_or(input.page(), |item| input.parent(item));
        input.lines_at(parent).any(|(_, edge)| edge.from == end && edge.to != end && flows(edge.class))
    };
    let wishes: Vec<coords::Pair> = lines
        .iter()
        .map(|&(a, b, lift)| {
            let edge = &input.graph.edges[lift.edge];
            coords::Pair {
                a,
                a_at: placed.spot(input, edge.from, lift.from).0,
                b,
                b_at: placed.spot(input, edge.to, lift.to).0,
                // Where a way goes on it runs straight; its dead ends may stand aside.
                weight: match lift.class {
                    Class::Request | Class::Async if goes_on(&lift) => 6,
                    Class::Request | Class::Async => 4,
                    _ => 1,
                },
            }
        })
        .collect();
    let beside = |a: usize, b: usize| across_gap(input, &items, &lines, a, b);
    let x = coords::across(&rows, &width, beside, &wishes);
    finish(input, &items, &slots, &rows, &lines, &x)
}

/// Row heights, gaps between rows, and the corner of it all at zero.
fn finish(
    input: &Input,
    items: &[Item],
    slots: &[Slot],
    rows: &[Vec<usize>],
    lines: &[(usize, usize, Lift)],
    x: &[Len],
) -> Arranged {
    let left = x.iter().copied().min().unwrap_or(0);
    let right = x.iter().zip(slots).map(|(x, slot)| x + slot.w).max().unwrap_or(0);
    let mut row_of = vec![0; items.len()];
    for (r, row) in rows.iter().enumerate() {
        for &v in row {
            row_of[v] = r;
        }
    }
    let mut y = 0;
    let mut at = Vec::with_capacity(items.len());
    let mut anchor = (0, 0);
    for (r, row) in rows.iter().enumerate() {
        let above = row.iter().map(|&v| slots[v].ay).max().unwrap_or(0);
        let below = row.iter().map(|&v| slots[v].h - slots[v].ay).max().unwrap_or(0);
        for &v in row {
            at.push((items[v], (x[v] - left, y + above - slots[v].ay)));
        }
        if r == 0 {
            let first = row.first().copied().unwrap_or(0);
            anchor = (x[first] - left + slots[first].ax, above);
        }
        y += above + below;
        if r + 1 < rows.len() {
            y += along_gap(input, items, lines, &row_of, r);
        }
    }
    Arranged { at, w: right - left, h: y, anchor }
}

/// The gap along the flow after row `r`: room for the chips and the lines that pass it.
fn along_gap(
    input: &Input,
    items: &[Item],
    lines: &[(usize, usize, Lift)],
    row_of: &[usize],
    r: usize,
) -> Len {
    let mut gap = px(40);
    let mut passing = 0;
    for &(a, b, lift) in lines {
        let (low, high) = (row_of[a].min(row_of[b]), row_of[a].max(row_of[b]));
        if low > r || high <= r {
            continue;
        }
        passing += 1;
        let chip = input.chip(lift.edge).1;
        if chip == 0 || high > r + 1 {
            continue;
        }
        // Between two leaves the room beside their tiles counts as well.
        let free = |item: Item| match item {
            Item::Leaf(v) if input.right => (input.slots[v].h - px(64)).max(0) / 2,
            _ => 0,
        };
        gap = gap.max(chip + px(if input.right { 44 } else { 28 }) - free(items[a]) - free(items[b]));
    }
    up(gap.max(px(24)) + px(8) * (passing - 2i64).clamp(0, 8))
}

/// The gap across the flow between two neighbours of a row.
fn across_gap(input: &Input, items: &[Item], lines: &[(usize, usize, Lift)], a: usize, b: usize) -> Len {
    let boxes = [items[a], items[b]].iter().filter(|item| matches!(item, Item::Box(_))).count();
    let plain = if input.right { px(32) } else { [px(8), px(24), px(48)][boxes] };
    let chip = lines
        .iter()
        .filter(|line| (line.0, line.1) == (a, b) || (line.0, line.1) == (b, a))
        .map(|line| input.chip(line.2.edge).0)
        .max();
    match chip {
        Some(chip) => {
            plain.max(up(chip + px(if input.right { 32 } else { 44 }) - px(56 - 28 * i64::from(boxes > 0))))
        }
        None => plain,
    }
}

/// What a line says about the layers of its ends.
fn pull(input: &Input, lift: &Lift) -> Pull {
    let sort = |item: Item| if let Item::Box(c) = item { input.sort(c) } else { None };
    let peers = matches!((sort(lift.from), sort(lift.to)), (Some(Sort::Zone), Some(Sort::Zone)));
    match lift.class {
        _ if peers => Pull::Level,
        Class::Request | Class::Async => Pull::Flow,
        Class::Telemetry => Pull::Watch,
        Class::Replication => Pull::Level,
        Class::Attached => Pull::Beside,
    }
}

/// How early an item stands on a way without a natural start.
pub(super) fn rank(input: &Input, item: Item) -> u8 {
    match item {
        Item::Box(_) => 6,
        Item::Leaf(v) => match input.role(v) {
            Role::Actor => 0,
            Role::Guard => 1,
            Role::Cdn => 2,
            Role::Gateway => 3,
            Role::Balancer => 4,
            Role::Nat => 5,
            Role::Compute => 6,
            Role::Store => 7,
            Role::Regional => 8,
            Role::Monitor => 9,
            Role::External => 10,
        },
    }
}

/// Moves the leaves whose author wants them in another layer than the flow gives.
fn wishes(input: &Input, items: &[Item], arcs: &[Arc], layer: &mut [usize]) {
    for (i, &item) in items.iter().enumerate() {
        let Item::Leaf(v) = item else { continue };
        let Some(place) = input.graph.nodes[v].place else { continue };
        let host = arcs.iter().find_map(|arc| {
            if arc.from == i && arc.to != i {
                Some(arc.to)
            } else if arc.to == i && arc.from != i {
                Some(arc.from)
            } else {
                None
            }
        });
        let Some(host) = host else { continue };
        layer[i] = match (place, input.right) {
            (Place::Row | Place::Left | Place::Right, false) | (Place::Below, true) => layer[host],
            (Place::Below, false) | (Place::Right | Place::Row, true) => layer[host] + 1,
            (Place::Left, true) => layer[host].saturating_sub(1),
        };
    }
}

/// The rows of the layers; a layer that is too long is folded into several rows of about equal length.
fn folded(layer: &[usize], slots: &[Slot]) -> Vec<Vec<usize>> {
    let mut by_layer: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (v, &l) in layer.iter().enumerate() {
        by_layer.entry(l).or_default().push(v);
    }
    // A third more columns than rows makes a near-square block of slots, which are higher than wide.
    let most = (1..=slots.len()).find(|k| k * k * 3 >= slots.len() * 4).unwrap_or(1).max(LAYER);
    let area: i128 = slots.iter().map(|slot| i128::from(slot.w) * i128::from(slot.h)).sum();
    let widest = Len::try_from((area * 2).isqrt()).unwrap_or(Len::MAX).max(px(2000));
    let mut rows = Vec::new();
    for list in by_layer.into_values() {
        let width: Len = list.iter().map(|&v| slots[v].w).sum();
        let by_width = usize::try_from(width.div_euclid(widest) + 1).unwrap_or(1).min(list.len());
        let count = list.len().div_ceil(most).max(by_width);
        let each = list.len().div_ceil(count);
        rows.extend(list.chunks(each).map(<[usize]>::to_vec));
    }
    rows
}

/// Obeys the author's left, right and after inside each row.
fn sides(input: &Input, items: &[Item], rows: &mut [Vec<usize>]) {
    let leaf = |i: usize| if let Item::Leaf(v) = items[i] { Some(v) } else { None };
    let side = |i: usize| match leaf(i).and_then(|v| input.graph.nodes[v].place) {
        Some(Place::Left) => 0,
        Some(Place::Right) => 2,
        _ => 1,
    };
    for row in rows {
        if !input.right {
            row.sort_by_key(|&i| side(i));
        }
        for i in row.clone() {
            let Some(before) = leaf(i).and_then(|v| input.graph.nodes[v].after) else { continue };
            if let Some(to) = row.iter().position(|&j| leaf(j) == Some(before) && j != i) {
                let host = row[to];
                row.retain(|&j| j != i);
                let to = row.iter().position(|&j| j == host).unwrap_or(0);
                row.insert(to + 1, i);
            }
        }
    }
}

/// Parts side by side, in as many rows as make a picture of about 16:10.
fn shelves(parts: Vec<Arranged>) -> Arranged {
    let gap = px(40);
    if parts.len() == 1 {
        return parts.into_iter().next().unwrap_or_default();
    }
    let area: i128 = parts.iter().map(|part| i128::from(part.w + gap) * i128::from(part.h + gap)).sum();
    let widest = parts.iter().map(|part| part.w).max().unwrap_or(0);
    let wanted = Len::try_from((area * 16 / 10).isqrt()).unwrap_or(widest).max(widest);
    let mut all = Arranged::default();
    let mut rows: Vec<Vec<Arranged>> = Vec::new();
    let mut x = 0;
    for part in parts {
        if rows.is_empty() || x + part.w > wanted {
            rows.push(Vec::new());
            x = 0;
        }
        x += part.w + gap;
        if let Some(row) = rows.last_mut() {
            row.push(part);
        }
    }
    let mut y = 0;
    for (r, row) in rows.into_iter().enumerate() {
        let above = row.iter().map(|part| part.anchor.1).max().unwrap_or(0);
        let mut x = 0;
        let mut bottom = y;
        for (i, part) in row.into_iter().enumerate() {
            let top = y + above - part.anchor.1;
            if r == 0 && i == 0 {
                all.anchor = (part.anchor.0, above);
            }
            all.at.extend(part.at.into_iter().map(|(item, at)| (item, (at.0 + x, at.1 + top))));
            bottom = bottom.max(top + part.h);
            x += part.w;
            all.w = all.w.max(x);
            x += gap;
        }
        all.h = bottom;
        y = bottom + gap;
    }
    all
}
