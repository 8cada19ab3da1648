//! P0b: the boxes around the one with zones, and the page. What is on the way in stands above the inner box, in line with
//! the spine; what serves from beside stands in one column at its right.

use std::collections::{BTreeMap, BTreeSet};

use super::block;
use super::geom::{Len, px, up};
use super::input::{Input, Item};
use super::place::{Arranged, Placed, pads};
use super::{Class, End, Place, Role};

/// The parts around the inner box.
#[derive(Default)]
struct Around {
    /// In the row above.
    row: Vec<usize>,
    /// In the column at the right.
    column: Vec<usize>,
    /// Below.
    below: Vec<usize>,
    /// Boxes without zones, right of everything.
    boxes: Vec<Item>,
}

/// Arranges the children of `c` around `main`.
pub(super) fn arrange(input: &Input, placed: &mut Placed, c: usize, main: usize) -> Arranged {
    let around = sort_out(input, c, main);
    let inner = placed.slot(input, Item::Box(main));
    // The inner box stands with its spine at x = 0 and the top of its border at y = 0 until all is known.
    let core = Core {
        x0: -inner.ax,
        y0: -placed.over[main],
        x1: inner.w - inner.ax,
        y1: inner.h - placed.over[main],
    };
    let mut at: Vec<(Item, (Len, Len))> = vec![(Item::Box(main), (core.x0, core.y0))];

    let column = column(input, placed, c, main, &around, core);
    let mut right = core.x1;
    for &(v, (x, y)) in &column {
        at.push((Item::Leaf(v), (x, y)));
        right = right.max(x + input.slots[v].w);
    }
    let top = column.iter().map(|(_, (_, y))| *y).chain([core.y0]).min().unwrap_or(core.y0);
    let mut row_end = placed.row_end[main] + core.x0;
    let mut ground = top;
    let mut first = Len::MAX;
    for (outside, list) in around.rows(input, c) {
        let row = row(input, placed, c, main, &list, outside, row_end);
        let height = row.iter().map(|&(v, _)| input.slots[v].h).max().unwrap_or(0);
        ground -= row_gap(input, c, main, &list, ground == top) + height;
        let above = row.iter().map(|&(v, _)| input.slots[v].ay).max().unwrap_or(0);
        for &(v, x) in &row {
            let slot = input.slots[v];
            at.push((Item::Leaf(v), (x - slot.ax, ground + above - slot.ay)));
            row_end = row_end.max(x - slot.ax + slot.w);
            first = first.min(x);
        }
    }
    let mut bottom = at.iter().map(|&(item, (_, y))| y + placed.slot(input, item).h).max().unwrap_or(0);
    let mut x = core.x0;
    let below_y = core.y1 + px(56);
    for &v in &around.below {
        at.push((Item::Leaf(v), (x, below_y)));
        x += input.slots[v].w + px(24);
        bottom = bottom.max(below_y + input.slots[v].h);
    }
    right = right.max(x);
    if !around.boxes.is_empty() {
        let others = block::arrange(input, placed, c, &around.boxes);
        let x0 = right.max(row_end) + px(64);
        at.extend(others.at.into_iter().map(|(item, (x, y))| (item, (x + x0, y + core.y0))));
    }
    placed.row_end[c] = row_end;
    finish(input, placed, c, at, first, &around)
}

impl Around {
    /// The rows above the inner box from below, and whether what is outside stands in them. On a page without a box
    /// around the edge, names and guards take a row of their own below the actors.
    fn rows(&self, input: &Input, c: usize) -> Vec<(bool, Vec<usize>)> {
        if input.sort(c).is_some() {
            return vec![(false, self.row.clone())];
        }
        let outside = |v: &usize| matches!(input.role(*v), Role::Actor | Role::External);
        let (top, edge): (Vec<usize>, Vec<usize>) = self.row.iter().partition(|v| outside(v));
        if top.is_empty() { vec![(true, edge)] } else { vec![(false, edge), (true, top)] }
    }
}

#[derive(Clone, Copy)]
struct Core {
    x0: Len,
    y0: Len,
    x1: Len,
    y1: Len,
}

/// Moves everything to the corner at zero and keeps the row clear of the container's title.
fn finish(
    input: &Input,
    placed: &mut Placed,
    c: usize,
    mut at: Vec<(Item, (Len, Len))>,
    first: Len,
    around: &Around,
) -> Arranged {
    let mut left = at.iter().map(|(_, (x, _))| *x).min().unwrap_or(0);
    let top = at.iter().map(|(_, (_, y))| *y).min().unwrap_or(0);
    if !input.right && input.sort(c).is_some() {
        // Lines that come down to the row or to the spine pass right of the title.
        let first = first.min(-input.beside_spine(c));
        left = left.min(first.min(0) - px(32) - input.title(c).0 - px(12) + pads(input, c).left);
    }
    let left = left.div_euclid(px(8)) * px(8);
    let head = head(input, c, around);
    for (_, (x, y)) in &mut at {
        *x -= left;
        *y += head - top;
    }
    let w = at.iter().map(|&(item, (x, _))| x + placed.slot(input, item).w).max().unwrap_or(0);
    let h = at.iter().map(|&(item, (_, y))| y + placed.slot(input, item).h).max().unwrap_or(0);
    placed.row_end[c] -= left;
    let (corner, slot) =
        at.first().map_or(((0, 0), Default::default()), |&(item, at)| (at, placed.slot(input, item)));
    Arranged { at, w, h, anchor: (corner.0 + slot.ax, corner.1 + slot.ay) }
}

/// The room above everything for the lines and chips that come from outside.
fn head(input: &Input, c: usize, around: &Around) -> Len {
    if input.sort(c).is_none() {
        return 0;
    }
    if around.row.is_empty() {
        return px(24);
    }
    let leaf = |end: End| if let End::Node(v) = end { around.row.contains(&v) } else { false };
    let mut head = 0;
    let mut over = 0;
    for (_, edge) in input.lines_at(c) {
        let inside = |end: End| input.end_item(end).is_some_and(|item| input.is_in(item, c));
        if leaf(edge.to) && !inside(edge.from) && edge.label.is_some() {
            head = px(24);
        }
        if leaf(edge.from) && leaf(edge.to) && edge.class == Class::Attached {
            over += 1;
        }
    }
    head + if over > 1 { px(20) } else { 0 }
}

/// The room between a row and what stands below it.
fn row_gap(input: &Input, c: usize, main: usize, row: &[usize], last: bool) -> Len {
    if row.is_empty() {
        return 0;
    }
    let chip = input.lifts[c]
        .iter()
        .filter(|lift| {
            let ends = [lift.from, lift.to];
            ends.contains(&Item::Box(main))
                || !last && ends.iter().any(|end| matches!(end, Item::Leaf(v) if row.contains(v)))
        })
        .map(|lift| input.chip(lift.edge).1)
        .max()
        .unwrap_or(0);
    match last {
        true if input.right => px(32).max(chip / 2),
        true => px(32),
        false => px(40).max(chip + px(40)),
    }
}

/// Decides who stands where around the inner box.
fn sort_out(input: &Input, c: usize, main: usize) -> Around {
    let mut around = Around::default();
    let leaves: Vec<usize> = input.children[c]
        .iter()
        .filter_map(|item| if let Item::Leaf(v) = item { Some(*v) } else { None })
        .collect();
    let mut beside: BTreeSet<usize> = BTreeSet::new();
    for &v in &leaves {
        let entry =
            matches!(input.role(v), Role::Actor | Role::Guard | Role::Cdn | Role::Gateway | Role::External);
        let linked = input.lifts[c].iter().any(|lift| {
            (lift.from == Item::Leaf(v) && lift.to == Item::Box(main))
                || (lift.to == Item::Leaf(v) && lift.from == Item::Box(main))
        });
        let any = input.lifts[c].iter().any(|lift| lift.from == Item::Leaf(v) || lift.to == Item::Leaf(v));
        let stays = matches!(input.role(v), Role::Regional | Role::Monitor);
        if !entry && (linked || (!any && (stays || input.sort(c).is_some()))) {
            beside.insert(v);
        }
    }
    // What one of the column triggers belongs to the column as well.
    loop {
        let before = beside.len();
        for lift in &input.lifts[c] {
            if let (Item::Leaf(a), Item::Leaf(b)) = (lift.from, lift.to) {
                for (from, to) in [(a, b), (b, a)] {
                    let free = matches!(
                        input.role(to),
                        Role::Regional
                            | Role::Monitor
                            | Role::Compute
                            | Role::Store
                            | Role::Balancer
                            | Role::Nat
                    );
                    if beside.contains(&from) && free {
                        beside.insert(to);
                    }
                }
            }
        }
        if beside.len() == before {
            break;
        }
    }
    let with_main = |v: usize| {
        input.lifts[c].iter().any(|lift| {
            [lift.from, lift.to].contains(&Item::Leaf(v)) && [lift.from, lift.to].contains(&Item::Box(main))
        })
    };
    for v in leaves {
        match input.graph.nodes[v].place {
            // Right of the inner box if it is connected with that, right in the row above otherwise.
            Some(Place::Right) if with_main(v) || beside.contains(&v) => around.column.push(v),
            Some(Place::Right) => around.row.push(v),
            Some(Place::Left | Place::Row) => around.row.push(v),
            Some(Place::Below) => around.below.push(v),
            None if beside.contains(&v) => around.column.push(v),
            None => around.row.push(v),
        }
    }
    around.boxes =
        input.children[c].iter().copied().filter(|item| matches!(item, Item::Box(b) if *b != main)).collect();
    around
}

/// A row above: the spine's station over the spine, guards and names left of it, everything else right. Returns the line
/// of each leaf. `outside`: externals stand in it, right of `below`, where the rows below end.
fn row(
    input: &Input,
    placed: &Placed,
    c: usize,
    main: usize,
    list: &[usize],
    outside: bool,
    below: Len,
) -> Vec<(usize, Len)> {
    let centre = station(input, c, main, list);
    let mut left: Vec<usize> = Vec::new();
    let mut right: Vec<usize> = Vec::new();
    let to_left = |v: usize| match input.graph.nodes[v].place {
        Some(place) => place == Place::Left,
        None => matches!(input.role(v), Role::Actor | Role::Guard | Role::Cdn | Role::Gateway),
    };
    for &v in list.iter().filter(|&&v| Some(v) != centre) {
        // Who is wished after somebody stands on the same side; after the station means right of it.
        let host = input.graph.nodes[v].after.filter(|host| *host != v && list.contains(host));
        if host.map_or(to_left(v), |host| Some(host) != centre && to_left(host)) {
            left.push(v);
        } else {
            right.push(v);
        }
    }
    // Nearest to the spine stands what only the station knows; what users reach as well stands further out.
    let entered = |v: usize| {
        input.lines_at(c).any(|(_, edge)| {
            edge.to == End::Node(v)
                && matches!(input.end_item(edge.from), Some(Item::Leaf(w)) if input.role(w) == Role::Actor && w != v)
        })
    };
    left.sort_by_key(|&v| (entered(v), v));
    // The left side counts from the spine outwards, where who comes after somebody stands nearer to the spine.
    wished(input, &mut left, 0);
    let mut placed_row: Vec<(usize, Len)> = Vec::new();
    if let Some(v) = centre {
        placed_row.push((v, 0));
    }
    let (mut x, mut last) = (0, centre);
    for &v in &left {
        x -= pitch(input, last, v, last.is_none() && placed_row.is_empty());
        placed_row.push((v, x));
        last = Some(v);
    }
    let (mut x, mut last) = (0, centre);
    let after_station = |v: usize| centre.is_none() || input.graph.nodes[v].after != centre;
    right.sort_by_key(|&v| {
        let wish = over_source(input, placed, c, main, v);
        (after_station(v), wish.is_some(), wish, v)
    });
    wished(input, &mut right, 1);
    let order: Vec<(Option<Len>, usize)> =
        right.iter().map(|&v| (over_source(input, placed, c, main, v), v)).collect();
    for (wish, v) in order {
        let half = input.slots[v].ax;
        let mut next = x + pitch(input, last, v, last.is_none());
        if outside {
            // Lines rise to the externals right of the rows below, which they would cross otherwise.
            next = next.max(below + px(24) + half).max(wish.unwrap_or(next));
        }
        x = up(next);
        placed_row.push((v, x));
        last = Some(v);
    }
    placed_row
}

/// Moves every leaf with a wish next to whom it is wished after: `behind` 1 behind it in the list, 0 before it.
fn wished(input: &Input, list: &mut Vec<usize>, behind: usize) {
    for v in list.clone() {
        let Some(host) = input.graph.nodes[v].after.filter(|host| *host != v && list.contains(host)) else {
            continue;
        };
        list.retain(|&w| w != v);
        let at = list.iter().position(|&w| w == host).unwrap_or(0);
        list.insert(at + behind, v);
    }
}

/// From one leaf of a row to the next: slots, and the chip of a line between the two.
fn pitch(input: &Input, from: Option<usize>, to: usize, first: bool) -> Len {
    let Some(from) = from else { return if first { up(input.slots[to].w) } else { px(128) } };
    let ends = [End::Node(from), End::Node(to)];
    let chip = input
        .lines_at(input.node_parent[to])
        .filter(|(_, edge)| ends.contains(&edge.from) && ends.contains(&edge.to) && edge.from != edge.to)
        .map(|(e, _)| input.chip(e).0 + px(64 + 44))
        .max()
        .unwrap_or(0);
    let (a, b) = (input.slots[from], input.slots[to]);
    let slots = (a.w - a.ax + b.ax).max(b.w - b.ax + a.ax) + px(8);
    up(px(136).max(slots).max(chip))
}

/// The station of the row that stands over the spine: the last one before the inner box.
fn station(input: &Input, c: usize, main: usize, row: &[usize]) -> Option<usize> {
    let enters = |v: usize| {
        input.lifts[c].iter().any(|lift| {
            lift.from == Item::Leaf(v) && lift.to == Item::Box(main) && lift.class == Class::Request
        })
    };
    let sorted = |roles: &[Role]| -> Option<usize> {
        let mut best: Option<(bool, usize)> = None;
        for &v in
            row.iter().filter(|&&v| roles.contains(&input.role(v)) && input.graph.nodes[v].place.is_none())
        {
            let key = (enters(v), v);
            if best.is_none_or(|(entering, _)| key.0 && !entering) {
                best = Some(key);
            }
        }
        best.map(|(_, v)| v)
    };
    sorted(&[Role::Actor])
        .or_else(|| sorted(&[Role::Cdn, Role::Gateway]))
        .or_else(|| sorted(&[Role::Guard]).filter(|&v| enters(v)))
}

/// The line of the leaf in a column inside the inner box that feeds `v`, if one does.
fn over_source(input: &Input, placed: &Placed, c: usize, main: usize, v: usize) -> Option<Len> {
    input.lifts[c].iter().find_map(|lift| {
        if lift.to != Item::Leaf(v) || lift.from != Item::Box(main) {
            return None;
        }
        let from = input.graph.edges[lift.edge].from;
        match input.end_item(from) {
            Some(Item::Leaf(w)) if matches!(input.role(w), Role::Gateway | Role::Nat) => None,
            source => {
                let slot = placed.slot(input, Item::Box(main));
                let x = placed.spot(input, from, Item::Box(main)).0 - slot.ax;
                let beside = source.and_then(|item| placed.beside_tiers(input, main, item));
                (x > 0).then_some(beside.map_or(x, |beside| x.max(beside - slot.ax)))
            }
        }
    })
}

/// The column at the right: each leaf's corner.
fn column(
    input: &Input,
    placed: &Placed,
    c: usize,
    main: usize,
    around: &Around,
    core: Core,
) -> Vec<(usize, (Len, Len))> {
    if around.column.is_empty() {
        return Vec::new();
    }
    let sources = sources(input, placed, c, main, core);
    let order = column_order(input, c, around, &sources);
    let lift_chips = input.lifts[c].iter().filter(|lift| {
        matches!(lift.to, Item::Leaf(v) if around.column.contains(&v)) && lift.from == Item::Box(main)
    });
    let chip = lift_chips.map(|lift| input.chip(lift.edge).0).max().unwrap_or(0);
    let fed = order.iter().filter(|v| sources.contains_key(v)).count();
    // One of them is level with its source; of the others about half turn up and half down, in the same lanes.
    let lanes = i64::try_from(fed / 2).unwrap_or(0).clamp(1, 6);
    let half = order.iter().map(|&v| input.halves(v).0).max().unwrap_or(0);
    let wide = order.iter().map(|&v| input.slots[v].ax).max().unwrap_or(0);
    let x =
        up((core.x1 + px(16) + px(16) * (lanes - 1) + px(8) + chip + px(54)).max(core.x1 + px(40) + half));
    let linked = |a: usize, b: usize| {
        input.lines_at(c).any(|(_, edge)| {
            edge.label.is_some()
                && [edge.from, edge.to].contains(&End::Node(a))
                && [edge.from, edge.to].contains(&End::Node(b))
        })
    };
    let pitch_after = |v: usize, next: usize| {
        let slot = input.slots[v];
        let gap = if linked(v, next) { px(48) } else { px(32) };
        up(slot.h - slot.ay + gap + input.slots[next].ay).max(px(128))
    };
    // A column much higher than the inner box is folded.
    let total: Len = order.iter().map(|&v| input.slots[v].h + px(32)).sum();
    let height = (core.y1 - core.y0).max(px(6 * 136));
    let folds = usize::try_from(total / (height + height / 3) + 1).unwrap_or(1).min(order.len());
    let each = order.len().div_ceil(folds);
    let mut at = Vec::new();
    let mut fold_x = x;
    for chunk in order.chunks(each) {
        let mut offsets = vec![0];
        for pair in chunk.windows(2) {
            offsets.push(offsets[offsets.len() - 1] + pitch_after(pair[0], pair[1]));
        }
        let start = best_start(input, chunk, &offsets, &sources, core);
        for (&v, offset) in chunk.iter().zip(&offsets) {
            let slot = input.slots[v];
            at.push((v, (fold_x - slot.ax, start + offset - slot.ay)));
        }
        let right = chunk.iter().map(|&v| input.slots[v].w - input.slots[v].ax).max().unwrap_or(0);
        fold_x = up(fold_x + right + px(32) + wide);
    }
    at
}

/// The line across the flow from which each leaf of the column is fed first.
fn sources(input: &Input, placed: &Placed, c: usize, main: usize, core: Core) -> BTreeMap<usize, Vec<Len>> {
    let mut sources: BTreeMap<usize, Vec<Len>> = BTreeMap::new();
    for lift in &input.lifts[c] {
        let edge = &input.graph.edges[lift.edge];
        let (leaf, end) = match (lift.from, lift.to) {
            (Item::Box(b), Item::Leaf(v)) if b == main => (v, edge.from),
            (Item::Leaf(v), Item::Box(b)) if b == main => (v, edge.to),
            _ => continue,
        };
        sources.entry(leaf).or_default().push(placed.spot(input, end, Item::Box(main)).1 + core.y0);
    }
    sources
}

/// The order from top to bottom: by the row they are fed from, what leads outside first, who watches last.
fn column_order(input: &Input, c: usize, around: &Around, sources: &BTreeMap<usize, Vec<Len>>) -> Vec<usize> {
    let inside: BTreeSet<usize> = around.column.iter().copied().collect();
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut leads_out: BTreeSet<usize> = BTreeSet::new();
    for (_, edge) in input.lines_at(c) {
        if let (Some(Item::Leaf(a)), Some(Item::Leaf(b))) =
            (input.end_item(edge.from), input.end_item(edge.to))
            && inside.contains(&a)
        {
            if inside.contains(&b) {
                next.entry(a).or_default().push(b);
            } else if input.role(b) == Role::External || !input.is_in(Item::Leaf(b), c) {
                leads_out.insert(a);
            }
        }
    }
    loop {
        let before = leads_out.len();
        for (a, list) in &next {
            if list.iter().any(|b| leads_out.contains(b)) {
                leads_out.insert(*a);
            }
        }
        if leads_out.len() == before {
            break;
        }
    }
    let first = |v: usize| sources.get(&v).and_then(|list| list.iter().min()).copied();
    let mut heads: Vec<usize> = around.column.iter().copied().filter(|&v| first(v).is_some()).collect();
    heads.sort_by_key(|&v| {
        let out = leads_out.contains(&v);
        (input.role(v) == Role::Monitor, !out, if out { None } else { first(v) }, v)
    });
    let mut done: BTreeSet<usize> = heads.iter().copied().collect();
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for head in heads {
        let mut chain = vec![head];
        let mut i = 0;
        while i < chain.len() {
            for &w in next.get(&chain[i]).into_iter().flatten() {
                if done.insert(w) {
                    chain.push(w);
                }
            }
            i += 1;
        }
        if leads_out.contains(&head) {
            chain.reverse();
        }
        blocks.push(chain);
    }
    untangle(&mut blocks, sources);
    let mut order: Vec<usize> = blocks.into_iter().flatten().collect();
    let rest: Vec<usize> = around.column.iter().copied().filter(|v| !order.contains(v)).collect();
    order.extend(rest);
    let wished: Vec<(usize, usize)> = order
        .iter()
        .filter_map(|&v| Some((v, input.graph.nodes[v].after?)))
        .filter(|(_, a)| inside.contains(a))
        .collect();
    for (v, after) in wished {
        order.retain(|&w| w != v);
        let at = order.iter().position(|&w| w == after).map_or(order.len(), |i| i + 1);
        order.insert(at, v);
    }
    order
}

/// Neighbouring blocks change places as long as that lowers the number of crossing lines.
fn untangle(blocks: &mut [Vec<usize>], sources: &BTreeMap<usize, Vec<Len>>) {
    let inversions = |blocks: &[Vec<usize>]| -> usize {
        let lines: Vec<(Len, usize)> = blocks
            .iter()
            .flatten()
            .enumerate()
            .flat_map(|(rank, v)| sources.get(v).into_iter().flatten().map(move |&y| (y, rank)))
            .collect();
        lines.iter().map(|a| lines.iter().filter(|b| a.0 < b.0 && a.1 > b.1).count()).sum()
    };
    if blocks.len() > 30 {
        return;
    }
    let mut least = inversions(blocks);
    for _ in 0..blocks.len() {
        for i in 1..blocks.len() {
            blocks.swap(i - 1, i);
            let now = inversions(blocks);
            if now < least {
                least = now;
            } else {
                blocks.swap(i - 1, i);
            }
        }
    }
}

/// Where the first line of a column stands, so that one leaf is level with its source and the column ends up centred.
fn best_start(
    input: &Input,
    chunk: &[usize],
    offsets: &[Len],
    sources: &BTreeMap<usize, Vec<Len>>,
    core: Core,
) -> Len {
    let first = input.slots[chunk[0]].ay;
    let last = chunk.len() - 1;
    let height = offsets[last] + input.slots[chunk[last]].h - input.slots[chunk[last]].ay + first;
    let mut best: Option<(Len, Len, Len)> = None;
    for (&v, &offset) in chunk.iter().zip(offsets) {
        let Some(&source) = sources.get(&v).and_then(|list| list.iter().min()) else { continue };
        let start = source - offset;
        let (top, bottom) = (start - first, start - first + height);
        let over = (core.y0 + px(32) - top).max(0) + (bottom - core.y1).max(0);
        let off = ((top + bottom) - (core.y0 + core.y1)).abs();
        if best.is_none_or(|(o, f, _)| (over, off) < (o, f)) {
            best = Some((over, off, start));
        }
    }
    match best {
        Some((over, _, start)) if over < px(320) => start,
        // A column that fits nowhere starts level with the inner box.
        _ => core.y0 + px(40) + first,
    }
}
