//! P1 to P6: where everything stands, from the innermost boxes outwards.

use super::geom::{Area, Len, px, up};
use super::input::{Input, Inside, Item, Slot, sane};
use super::{Class, End, Role, Sort, block, spine, zones};

/// Positions relative to the box around each item, sizes and lines of alignment of the boxes.
pub(super) struct Placed {
    /// Corner of each leaf's slot in its container.
    pub(super) leaf_at: Vec<(Len, Len)>,
    /// Corner of each container in its container.
    pub(super) box_at: Vec<(Len, Len)>,
    /// Size of each container, the page last.
    pub(super) size: Vec<(Len, Len)>,
    /// How far a leaf on the top border stands out of each container, the page last.
    pub(super) over: Vec<Len>,
    /// The point of each container by which rows and columns line it up, the page last.
    pub(super) anchor: Vec<(Len, Len)>,
    /// The right end of the rows above the inner box, for containers on the spine.
    pub(super) row_end: Vec<Len>,
}

/// A finished arrangement of items: their corners, and the size of it all.
#[derive(Default)]
pub(super) struct Arranged {
    pub(super) at: Vec<(Item, (Len, Len))>,
    pub(super) w: Len,
    pub(super) h: Len,
    pub(super) anchor: (Len, Len),
}

/// The empty room inside a container's borders.
#[derive(Clone, Copy)]
pub(super) struct Pads {
    pub(super) left: Len,
    pub(super) top: Len,
    pub(super) right: Len,
    pub(super) bottom: Len,
}

/// Places everything.
pub(super) fn place(input: &Input) -> Placed {
    let page = input.page();
    let mut placed = Placed {
        leaf_at: vec![(0, 0); input.slots.len()],
        box_at: vec![(0, 0); page],
        size: vec![(0, 0); page + 1],
        over: vec![0; page + 1],
        anchor: vec![(0, 0); page + 1],
        row_end: vec![0; page + 1],
    };
    for c in (0..page).rev().chain([page]) {
        match input.inside[c] {
            Inside::Managed => {}
            Inside::Layers => {
                let arranged = block::arrange(input, &placed, c, &input.children[c]);
                placed.frame(input, c, arranged);
            }
            Inside::Zones => zones::arrange(input, &mut placed, c),
            Inside::Spine(main) => {
                let arranged = spine::arrange(input, &mut placed, c, main);
                placed.frame(input, c, arranged);
            }
        }
    }
    placed
}

/// The room that a container keeps free inside its borders; the page keeps none.
pub(super) fn pads(input: &Input, c: usize) -> Pads {
    let Some(sort) = input.sort(c) else { return Pads { left: 0, top: 0, right: 0, bottom: 0 } };
    let (w, h) = input.title(c);
    let side = if sort == Sort::Network { px(24) } else { px(16) };
    if input.right {
        let title = if w > 0 { (w + px(12)).max(px(28)) } else { side };
        Pads { left: title, top: side, right: side, bottom: side }
    } else {
        let title = if h > 0 { (h + px(12)).max(px(28)) } else { side };
        Pads { left: side, top: title, right: side, bottom: side }
    }
}

/// The least size that shows a container's title with a rest of its border.
pub(super) fn least(input: &Input, c: usize) -> (Len, Len) {
    if input.sort(c).is_none() {
        return (0, 0);
    }
    let (w, h) = input.title(c);
    if input.right {
        ((w + px(16)).max(px(64)), up(h + px(16)).max(px(96)))
    } else {
        (up(w + px(16)).max(px(96)), (h + px(16)).max(px(64)))
    }
}

impl Placed {
    /// The room an item takes, whatever stands out of its top border included.
    pub(super) fn slot(&self, input: &Input, item: Item) -> Slot {
        match item {
            Item::Leaf(v) => input.slots[v],
            Item::Box(c) => {
                let (w, h) = self.size[c];
                let (ax, ay) = self.anchor[c];
                Slot { w, h: h + self.over[c], ax, ay: ay + self.over[c] }
            }
        }
    }

    /// Puts the corner of an item's slot at a point of its container.
    pub(super) fn put(&mut self, item: Item, at: (Len, Len)) {
        match item {
            Item::Leaf(v) => self.leaf_at[v] = at,
            Item::Box(c) => self.box_at[c] = (at.0, at.1 + self.over[c]),
        }
    }

    /// Where the point of `end` that lines leave from lies in the slot of `item`, which holds it or is it.
    pub(super) fn spot(&self, input: &Input, end: End, item: Item) -> (Len, Len) {
        let Some(mut at) = input.end_item(end) else { return (0, 0) };
        let slot = self.slot(input, at);
        let (mut x, mut y) = (slot.ax, slot.ay);
        while at != item {
            let (dx, dy) = match at {
                Item::Leaf(v) => self.leaf_at[v],
                Item::Box(c) => (self.box_at[c].0, self.box_at[c].1 - self.over[c]),
            };
            x += dx;
            y += dy;
            let parent = input.parent(at);
            if parent == input.page() {
                return (x, y);
            }
            y += self.over[parent];
            at = Item::Box(parent);
        }
        (x, y)
    }

    /// Draws container `c` around an arrangement.
    pub(super) fn frame(&mut self, input: &Input, c: usize, arranged: Arranged) {
        let pad = pads(input, c);
        let least = least(input, c);
        for &(item, at) in &arranged.at {
            self.put(item, at);
        }
        // Beside the title, right of it, is room for the lines that come in from above.
        let clear = (self.clear(input, c, &arranged) - pad.left).max(0);
        let w = (pad.left + clear + arranged.w + pad.right).max(least.0);
        let h = (pad.top + arranged.h + pad.bottom).max(least.1);
        // A box that is wider than its content only because of its title keeps the content in the middle.
        let dx = pad.left + ((w - pad.left - pad.right - arranged.w) / 2).max(clear);
        let dy = pad.top + if input.right { (h - pad.top - pad.bottom - arranged.h) / 2 } else { 0 };
        for (item, (x, y)) in arranged.at {
            self.put(item, (x + dx, y + dy));
        }
        self.size[c] = (w, h);
        self.anchor[c] = if input.children[c].is_empty() {
            (w / 2, h / 2)
        } else {
            (arranged.anchor.0 + dx, arranged.anchor.1 + dy)
        };
        self.row_end[c] += dx;
    }

    /// How far from the left border what is arranged in `c` must begin, so that the lines that run straight up pass its title on
    /// the right: requests from outside of what is around, and those to other systems, which stand on top. What comes from
    /// a neighbour comes in from the side.
    fn clear(&self, input: &Input, c: usize, arranged: &Arranged) -> Len {
        let Some(&parent) = input.cont_parent.get(c).filter(|_| !input.right) else { return 0 };
        let outside = |end: End| {
            input.end_item(end).is_some_and(|item| parent == input.page() || !input.is_in(item, parent))
        };
        let external = |end: End| matches!(end, End::Node(v) if input.role(v) == Role::External);
        let covered = |x: Len, top: Len| {
            let over = |&(item, (left, y)): &(Item, (Len, Len))| {
                y < top && (left..left + self.slot(input, item).w).contains(&x)
            };
            arranged.at.iter().any(over)
        };
        let title = input.title(c).0;
        let mut most = 0;
        for (e, edge) in input.lines_at(c).filter(|(_, edge)| edge.class == Class::Request) {
            let upwards = match () {
                () if outside(edge.from) => edge.to,
                () if outside(edge.to) && external(edge.to) => edge.from,
                () => continue,
            };
            let Some(item) = input.end_item(upwards).and_then(|item| input.child_towards(item, c)) else {
                continue;
            };
            let Some(&(_, (left, top))) = arranged.at.iter().find(|(other, _)| *other == item) else {
                continue;
            };
            let x = left + self.spot(input, upwards, item).0;
            let gate = edge.gate.filter(|_| super::gate::container(input, e) == Some(c));
            let half = gate.map_or(0, |gate| sane(gate.size).0 / 2);
            if !covered(x, top) {
                most = most.max(title + px(12).max(half + px(8)) - x);
            }
        }
        up(most)
    }

    /// Where a line from `item` can run straight up beside the tiers above it, in the slot of `main`: right of the box with the
    /// tiers. `None` when no tier stands above it.
    pub(super) fn beside_tiers(&self, input: &Input, main: usize, item: Item) -> Option<Len> {
        if input.right {
            return None;
        }
        let mut at = item;
        let tiers = loop {
            let parent = input.parent(at);
            if parent == input.page() || parent == main && input.inside[main] != Inside::Zones {
                return None;
            }
            if input.inside[parent] == Inside::Zones {
                break parent;
            }
            at = Item::Box(parent);
        };
        let rank = |item: &Item| if let Item::Box(b) = item { input.sort(*b) } else { None };
        let above = |other: &Item| matches!((rank(other), rank(&at)), (Some(Sort::Tier(a)), Some(Sort::Tier(b))) if a < b);
        if !input.children[tiers].iter().any(above) {
            return None;
        }
        let anchor = self.spot(input, End::Container(tiers), Item::Box(main)).0;
        Some(anchor - self.anchor[tiers].0 + self.size[tiers].0 + px(56))
    }

    /// The boxes of all slots and containers on the page, still along the flow.
    pub(super) fn absolute(&self, input: &Input) -> (Vec<Area>, Vec<Area>) {
        let page = input.page();
        let mut corner = vec![(0, self.over[page]); page + 1];
        let mut boxes = Vec::with_capacity(page);
        for c in 0..page {
            let (px0, py0) = corner[input.cont_parent[c]];
            corner[c] = (px0 + self.box_at[c].0, py0 + self.box_at[c].1);
            boxes.push(Area::at(corner[c].0, corner[c].1, self.size[c].0, self.size[c].1));
        }
        let slots = (0..self.leaf_at.len())
            .map(|v| {
                let (px0, py0) = corner[input.node_parent[v]];
                let slot = input.slots[v];
                Area::at(px0 + self.leaf_at[v].0, py0 + self.leaf_at[v].1, slot.w, slot.h)
            })
            .collect();
        (slots, boxes)
    }
}
