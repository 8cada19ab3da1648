//! The picture as the verifier sees it, and who belongs to whom in it.

use super::bounds::{At, Bounds, at, length, px};
use crate::layout::{End, Graph, Layout, Role, Sort};

/// Everything that was drawn.
pub(super) struct Drawn<'a> {
    pub(super) graph: &'a Graph,
    pub(super) layout: &'a Layout,
    pub(super) tiles: Vec<Bounds>,
    /// The texts below the tiles; empty where there are none.
    pub(super) texts: Vec<Bounds>,
    pub(super) boxes: Vec<Bounds>,
    /// Frames of the groups; `None` for those that could not be framed.
    pub(super) frames: Vec<Option<Bounds>>,
    pub(super) titles: Vec<Title>,
    /// Straight parts of the lines.
    pub(super) steps: Vec<Step>,
    pub(super) labels: Vec<Label>,
    /// The container of each leaf.
    pub(super) node_parent: Vec<Option<usize>>,
    /// The container of each container.
    pub(super) cont_parent: Vec<Option<usize>>,
}

/// A title and whose it is.
pub(super) struct Title {
    pub(super) of: Owner,
    pub(super) at: Bounds,
}

/// Who owns a title or a border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Container(usize),
    Group(usize),
}

/// A label and the line that it belongs to.
pub(super) struct Label {
    pub(super) edge: usize,
    pub(super) at: Bounds,
    /// The container on whose border it stands; `None` for one that stands on its line alone.
    pub(super) border: Option<usize>,
}

/// One straight part of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) edge: usize,
    pub(super) from: At,
    pub(super) to: At,
}

impl Step {
    pub(super) fn bounds(&self) -> Bounds {
        Bounds::spanning(self.from, self.to)
    }
}

impl<'a> Drawn<'a> {
    pub(super) fn new(graph: &'a Graph, layout: &'a Layout) -> Drawn<'a> {
        let tiles: Vec<Bounds> =
            (0..graph.nodes.len()).map(|v| layout.tiles.get(v).map(Bounds::of).unwrap_or_default()).collect();
        let texts = tiles.iter().zip(&graph.nodes).map(|(tile, node)| {
            let (w, h) = (length(node.text.w), length(node.text.h));
            let x0 = tile.centre().0 - w / 2;
            let (w, h) = if w == 0 || h == 0 { (0, 0) } else { (w, h) };
            Bounds { x0, y0: tile.y1, x1: x0 + w, y1: tile.y1 + h }
        });
        let texts = texts.collect();
        let boxes: Vec<Bounds> = (0..graph.containers.len())
            .map(|c| layout.containers.get(c).map(Bounds::of).unwrap_or_default())
            .collect();
        let whole = |rect| Some(Bounds::of(rect)).filter(|bounds| !bounds.is_empty());
        let frames: Vec<Option<Bounds>> =
            (0..graph.groups.len()).map(|g| layout.groups.get(g).and_then(whole)).collect();
        let mut titles = Vec::new();
        for (c, (at, container)) in boxes.iter().zip(&graph.containers).enumerate() {
            let (w, h) = (length(container.title.w), length(container.title.h));
            let at = Bounds { x1: at.x0 + w, y1: at.y0 + h, ..*at };
            titles.push(Title { of: Owner::Container(c), at });
        }
        for (g, frame) in frames.iter().enumerate() {
            if let (Some(_), Some(at)) = (frame, layout.group_titles.get(g).and_then(whole)) {
                titles.push(Title { of: Owner::Group(g), at });
            }
        }
        titles.retain(|title| !title.at.is_empty());
        let node_parent =
            graph.nodes.iter().map(|node| node.parent.filter(|&p| p < graph.containers.len())).collect();
        let cont_parent =
            graph.containers.iter().enumerate().map(|(c, box_)| box_.parent.filter(|&p| p < c)).collect();
        let mut drawn = Drawn {
            graph,
            layout,
            tiles,
            texts,
            boxes,
            frames,
            titles,
            steps: Vec::new(),
            labels: Vec::new(),
            node_parent,
            cont_parent,
        };
        for e in (0..graph.edges.len()).filter(|&e| drawn.counts(e)).collect::<Vec<_>>() {
            let corners = drawn.corners(e);
            drawn.steps.extend(corners.windows(2).map(|pair| Step { edge: e, from: pair[0], to: pair[1] }));
            let Some(route) = layout.routes.get(e) else { continue };
            let free = route.label.iter().map(|label| (None, label));
            let gate = graph.edges[e].gate.map(|gate| gate.container);
            let on_border = route.gate.iter().map(|label| (gate, label));
            drawn.labels.extend(free.chain(on_border).map(|(border, label)| Label {
                edge: e,
                at: Bounds::of(label),
                border,
            }));
        }
        drawn
    }

    /// Whether a line has two ends that exist; others are not drawn.
    pub(super) fn counts(&self, edge: usize) -> bool {
        let exists = |end: End| match end {
            End::Node(v) => v < self.tiles.len(),
            End::Container(c) => c < self.boxes.len(),
            End::Group(g) => g < self.frames.len() && self.members(g).next().is_some(),
        };
        self.graph.edges.get(edge).is_some_and(|line| exists(line.from) && exists(line.to))
    }

    /// The leaves of a group that exist.
    pub(super) fn members(&self, g: usize) -> impl Iterator<Item = usize> + '_ {
        self.graph.groups[g].members.iter().copied().filter(|&v| v < self.tiles.len())
    }

    /// Tile, texts and badge of a leaf; the latter are empty without any.
    pub(super) fn parts(&self, v: usize) -> [Bounds; 3] {
        [self.tiles[v], self.texts[v], self.badge(v)]
    }

    /// What stands on the corner of a leaf's tile. One that does not reach over the corner is not drawn.
    fn badge(&self, v: usize) -> Bounds {
        let (tile, none) = (&self.tiles[v], Bounds::default());
        let Some(seen) = self.graph.nodes[v].badge else { return none };
        let (x0, y0) = (tile.x1 + i64::from(seen.x.0), tile.y0 + i64::from(seen.y.0));
        let at = Bounds { x0, y0, x1: x0 + length(seen.w), y1: y0 + length(seen.h) };
        let sane = at.x0 >= tile.x1 - (tile.w() / 2 - px(8)).max(0)
            && at.y0 >= tile.y0 - px(64)
            && at.y1 < tile.y0 + tile.h() / 4;
        let over = at.x0 < tile.x1 && at.x1 > tile.x1 && at.y0 < tile.y0 && at.y1 >= tile.y0;
        if sane && over { at } else { none }
    }

    /// The smallest box around a leaf's tile, texts and badge.
    pub(super) fn hull(&self, v: usize) -> Bounds {
        let parts = self.parts(v);
        parts[1..].iter().filter(|part| !part.is_empty()).fold(parts[0], |hull, part| hull.join(part))
    }

    /// The corners of a line; those that count for nothing are left out.
    pub(super) fn corners(&self, edge: usize) -> Vec<At> {
        let mut corners: Vec<At> = Vec::new();
        for point in self.layout.routes.get(edge).map(|route| route.points.as_slice()).unwrap_or_default() {
            let point = at(point);
            if corners.last() == Some(&point) {
                continue;
            }
            if let [.., a, b] = corners.as_slice() {
                let onwards = (b.0 - a.0).signum() == (point.0 - b.0).signum()
                    && (b.1 - a.1).signum() == (point.1 - b.1).signum();
                if onwards && super::bounds::side(*a, *b, point) == 0 {
                    corners.pop();
                }
            }
            corners.push(point);
        }
        corners
    }

    /// Whether container `outer` is `inner` or lies around it.
    pub(super) fn holds(&self, outer: usize, inner: Option<usize>) -> bool {
        let mut at = inner;
        while let Some(c) = at {
            if c == outer {
                return true;
            }
            // Parents stand before their children, so nothing further up can be the one.
            if c < outer {
                return false;
            }
            at = self.cont_parent[c];
        }
        false
    }

    /// Whether container `c` lies around an end of a line or is it.
    pub(super) fn around(&self, c: usize, end: End) -> bool {
        match end {
            End::Node(v) => self.holds(c, self.node_parent[v]),
            End::Container(inner) => self.holds(c, Some(inner)),
            End::Group(g) => self.members(g).any(|v| self.holds(c, self.node_parent[v])),
        }
    }

    /// Whether a leaf may stand on the border of its container.
    pub(super) fn on_border(&self, v: usize) -> bool {
        self.graph.nodes[v].role == Role::Gateway
            && self.node_parent[v].is_some_and(|c| self.graph.containers[c].sort == Sort::Network)
    }

    pub(super) fn node(&self, v: usize) -> &str {
        &self.graph.nodes[v].id
    }

    pub(super) fn container(&self, c: usize) -> &str {
        &self.graph.containers[c].id
    }

    pub(super) fn edge(&self, e: usize) -> &str {
        &self.graph.edges[e].id
    }

    pub(super) fn owner(&self, owner: Owner) -> &str {
        match owner {
            Owner::Container(c) => self.container(c),
            Owner::Group(g) => &self.graph.groups[g].id,
        }
    }
}
