//! P3 to P6 for a hub: one item that everything else hangs on, in the middle of the rest.
//!
//! The rest stands in rows above and below it. What sends to the hub comes first, so it stands above; every line leaves the
//! hub towards its row and column, which keeps the order of the lines at the hub that of their ends.

use super::geom::{Len, px, up};
use super::input::{Input, Item, Lift, Slot};
use super::place::Arranged;

/// So many neighbours make a hub.
const HUB: usize = 8;

/// Arranges the items around the one that is the hub of all; `None` if there is none.
pub(super) fn arrange(
    input: &Input,
    items: &[Item],
    slots: &[Slot],
    lines: &[(usize, usize, Lift)],
) -> Option<Arranged> {
    let hub = hub(items.len(), lines)?;
    let spokes: Vec<usize> = (0..items.len()).filter(|&v| v != hub).collect();
    let sends = |v: usize| lines.iter().any(|line| line.0 == v && line.1 == hub);
    let (first, second): (Vec<usize>, Vec<usize>) = spokes.iter().partition(|&&v| sends(v));
    // What sends is above and what receives below, unless one of them is much more than the other.
    let above = if 3 * first.len().min(second.len()) >= spokes.len() {
        first.len()
    } else {
        spokes.len().div_ceil(2)
    };
    let order: Vec<usize> = first.into_iter().chain(second).collect();
    let (top, bottom) = order.split_at(above);
    let rows = rows(slots, top.len().max(bottom.len()));
    let (top, bottom) = (split(top, rows), split(bottom, rows));
    Some(finish(input, items, slots, lines, hub, &top, &bottom))
}

/// The item that all others are connected with, if it has enough of them.
fn hub(n: usize, lines: &[(usize, usize, Lift)]) -> Option<usize> {
    if n <= HUB {
        return None;
    }
    let mut near = vec![0usize; n];
    let mut pairs: Vec<(usize, usize)> = lines.iter().map(|&(a, b, _)| (a.min(b), a.max(b))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    for &(a, b) in &pairs {
        near[a] += 1;
        near[b] += 1;
    }
    let hub = (0..n).find(|&v| near[v] == n - 1)?;
    // More than a few lines between the others make it a net, not a fan.
    (pairs.len() <= (n - 1) + (n - 1) / 4).then_some(hub)
}

/// How many rows each half takes to make a picture of about 16:10.
fn rows(slots: &[Slot], half: usize) -> usize {
    let w = slots.iter().map(|slot| slot.w).max().unwrap_or(0) + px(24);
    let h = slots.iter().map(|slot| slot.h).max().unwrap_or(0) + px(56);
    let off = |rows: usize| {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / px(1 << 20));
        let (width, height) = (w * count(half.div_ceil(rows)), h * (2 * count(rows) + 2));
        (10 * width - 16 * height).abs()
    };
    (1..=half.clamp(1, 64)).min_by_key(|&rows| (off(rows), rows)).unwrap_or(1)
}

/// The list in so many rows of about equal length.
fn split(list: &[usize], rows: usize) -> Vec<Vec<usize>> {
    if list.is_empty() {
        return Vec::new();
    }
    list.chunks(list.len().div_ceil(rows)).map(<[usize]>::to_vec).collect()
}

/// Rows above, the hub, rows below, all centred on one line.
fn finish(
    input: &Input,
    items: &[Item],
    slots: &[Slot],
    lines: &[(usize, usize, Lift)],
    hub: usize,
    top: &[Vec<usize>],
    bottom: &[Vec<usize>],
) -> Arranged {
    let chip = lines.iter().map(|line| input.chip(line.2.edge).1).max().unwrap_or(0);
    let link = up(chip + px(28)).max(px(40));
    // Half of the lines on one side of the hub lie over each other between it and its nearest row.
    let tracks = |rows: &[Vec<usize>]| {
        let lines: usize = rows.iter().map(Vec::len).sum();
        px(12) * i64::try_from(lines / 2).unwrap_or(0).min(24)
    };
    let passing = i64::try_from(top.len().max(bottom.len())).unwrap_or(1) - 1;
    let pitch = up((0..items.len()).filter(|&v| v != hub).map(|v| slots[v].w).max().unwrap_or(0)
        + if input.right { px(24) } else { px(8) }
        + px(12) * passing.min(8));
    let mut at = Vec::with_capacity(items.len());
    let mut y = 0;
    let mut put = |row: &[usize], y: &mut Len, gap: Len| {
        let above = row.iter().map(|&v| slots[v].ay).max().unwrap_or(0);
        let below = row.iter().map(|&v| slots[v].h - slots[v].ay).max().unwrap_or(0);
        let count = i64::try_from(row.len()).unwrap_or(0);
        for (i, &v) in (0i64..).zip(row) {
            let x = (2 * i - (count - 1)) * pitch / 2 - slots[v].ax;
            at.push((items[v], (x, *y + above - slots[v].ay)));
        }
        *y += above + below + gap;
    };
    for (r, row) in top.iter().enumerate() {
        let gap = if r + 1 == top.len() { link + tracks(top) } else { link };
        put(row, &mut y, gap);
    }
    let anchor_y = y + slots[hub].ay;
    put(&[hub], &mut y, if bottom.is_empty() { 0 } else { link + tracks(bottom) });
    for (r, row) in bottom.iter().enumerate() {
        put(row, &mut y, if r + 1 == bottom.len() { 0 } else { link });
    }
    let left = at.iter().map(|(_, (x, _))| *x).min().unwrap_or(0);
    for (_, (x, _)) in &mut at {
        *x -= left;
    }
    let slot = |item: &Item| items.iter().position(|other| other == item).map_or(0, |i| slots[i].w);
    let w = at.iter().map(|(item, (x, _))| x + slot(item)).max().unwrap_or(0);
    Arranged { at, w, h: y, anchor: (-left, anchor_y) }
}
