//! Sized boxes, nested clusters and edges in; positions and routes out.
//!
//! The layout knows no kinds, no colours and no text: whoever builds the [`Graph`] says what a box's part in
//! the picture is ([`Role`]) and how large its texts are.

mod block;
pub mod check;
mod chips;
mod columns;
mod coords;
mod fan;
mod gate;
mod geom;
mod grid;
mod input;
mod lanes;
mod layers;
mod order;
mod picture;
mod place;
mod ports;
mod queue;
mod route;
mod rows;
mod search;
mod solve;
mod spine;
mod tangle;
mod tiers;
mod walls;
mod zones;

use route::Path;

/// Places every leaf and box of `graph` and routes its lines.
///
/// Never fails: what makes no sense in the graph (an index out of range, a size below zero) is left out. The same graph
/// gives the same layout on every machine.
pub fn layout(graph: &Graph) -> Layout {
    let (sound, kept) = input::sound(graph);
    let input = input::normalise(&sound);
    let placed = place::place(&input);
    let picture = picture::picture(&input, &placed);
    let mut best: Option<(usize, Layout)> = None;
    let mut keep = |picture: &picture::Picture, ways: Vec<Path>| {
        let mut paths = vec![Path::default(); graph.edges.len()];
        for (&e, path) in kept.iter().zip(ways) {
            paths[e] = path;
        }
        let made = finish(&input, picture, paths);
        let wrong = check::check(graph, &made).violations();
        if best.as_ref().is_none_or(|(least, _)| wrong < *least) {
            best = Some((wrong, made));
        }
        wrong == 0
    };
    // The solve leaves nothing wrong where the ways go round everything. What the verifier finds all the same is tried again
    // with more freedom for the lines, then with twice the room for their ways.
    let rough = route::routes(&input, &picture);
    let solved = |picture: &picture::Picture, rough: &[Path], ease: solve::Ease| {
        solve::solve(&input, picture, rough, ease).unwrap_or_else(|| (picture.clone(), rough.to_vec()))
    };
    let (made, ways) = solved(&picture, &rough, solve::Ease::Tight);
    if !keep(&made, ways) {
        let (made, ways) = solved(&picture, &rough, solve::Ease::Loose);
        if !keep(&made, ways) {
            let wide = picture.spread(&input);
            let rough = route::routes(&input, &wide);
            let (made, ways) = solved(&wide, &rough, solve::Ease::Tight);
            keep(&made, ways);
        }
    }
    best.map(|(_, made)| made).unwrap_or_default()
}

/// The picture as others see it; lines and chips may reach beyond the outermost boxes.
fn finish(input: &input::Input, picture: &picture::Picture, routes: Vec<Path>) -> Layout {
    let ways = routes.iter().flat_map(|path| {
        path.points.iter().map(|&at| geom::Area::spanning(at, at)).chain(path.chip).chain(path.gate)
    });
    let boxes = picture.slots.iter().chain(&picture.boxes).chain(picture.frames.iter().flatten()).copied();
    let hull = boxes.chain(ways).chain(picture.badges(input)).reduce(|a, b| a.join(&b)).unwrap_or_default();
    let moved = |area: &geom::Area| area.moved(-hull.x0, -hull.y0).rect();
    let maybe = |area: &Option<geom::Area>| area.as_ref().map(moved).unwrap_or_default();
    Layout {
        size: Size { w: geom::fx(hull.w()), h: geom::fx(hull.h()) },
        tiles: picture.tiles.iter().map(moved).collect(),
        containers: picture.boxes.iter().map(moved).collect(),
        groups: picture.frames.iter().map(maybe).collect(),
        group_titles: picture.frame_titles.iter().map(maybe).collect(),
        routes: routes
            .iter()
            .map(|path| Route {
                points: path.points.iter().map(|&(x, y)| geom::point((x - hull.x0, y - hull.y0))).collect(),
                label: path.chip.as_ref().map(moved),
                gate: path.gate.as_ref().map(moved),
            })
            .collect(),
    }
}

/// A length or position in 1/64 px: whole numbers, so that every machine decides alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fx(pub i32);

/// Width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Width.
    pub w: Fx,
    /// Height.
    pub h: Fx,
}

/// A point; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    /// From the left.
    pub x: Fx,
    /// From the top.
    pub y: Fx,
}

/// A box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: Fx,
    /// Top edge.
    pub y: Fx,
    /// Width.
    pub w: Fx,
    /// Height.
    pub h: Fx,
}

/// What is to be laid out. Indices follow the order of the description, which decides every tie.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Leaves: one tile with its texts below.
    pub nodes: Vec<Node>,
    /// Boxes around leaves and other boxes; a parent stands before its children.
    pub containers: Vec<Container>,
    /// Overlays: frames around leaves of several containers (a group that spans zones).
    pub groups: Vec<Group>,
    /// Lines.
    pub edges: Vec<Edge>,
    /// Which way the flow runs.
    pub direction: Direction,
}

/// Which way the flow runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// What suits the picture: down along a spine with zones, to the right in small pictures without one.
    #[default]
    Auto,
    /// From top to bottom.
    Down,
    /// From left to right.
    Right,
}

/// A leaf: the tile is centred at the top of the slot, its texts stand below it.
#[derive(Debug, Clone)]
pub struct Node {
    /// Stable name, as in the description (`backend`, `backend@a`); used by tests and messages.
    pub id: String,
    /// The container it stands in; `None` for the page.
    pub parent: Option<usize>,
    /// Its part in the picture.
    pub role: Role,
    /// The tile, usually 64 x 64 px.
    pub tile: Size,
    /// The texts below the tile: widest line and height of all lines with their gap; zero when there is none.
    pub text: Size,
    /// What stands on its tile's top right corner (a count of copies), seen from that corner; it reaches over the corner.
    pub badge: Option<Rect>,
    /// Where the author wants it; never a coordinate.
    pub place: Option<Place>,
    /// Stands after this node in its row (the author's wish).
    pub after: Option<usize>,
    /// Which availability zone's copy it is (0 = first) and of which component (index of the first copy).
    pub copy_of: Option<(usize, usize)>,
}

/// A box around others.
#[derive(Debug, Clone)]
pub struct Container {
    /// Stable name.
    pub id: String,
    /// The container around it; `None` for the page.
    pub parent: Option<usize>,
    /// Containers of one sort stand in rows and columns of equal size when they are siblings.
    pub sort: Sort,
    /// Size of its title line, badge included.
    pub title: Size,
}

/// What sort of container it is, as far as placing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Holds everything of one provider or site.
    Outer,
    /// A region of a provider.
    Region,
    /// A private network: what stands inside it is apart from the outside.
    Network,
    /// A column of tiers; sibling zones are equal.
    Zone,
    /// A row of a zone with a rank: 0 is entered first (public), larger ranks lie deeper.
    Tier(u8),
    /// One machine, or anything else that holds leaves.
    Host,
    /// A frame without a part of its own (docker network, group).
    Plain,
}

/// A leaf's part in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A person, the start of everything.
    Actor,
    /// A name, filter or guard before the entry (DNS, WAF).
    Guard,
    /// Delivers from the provider's edge.
    Cdn,
    /// Stands on the border of a network: the way in and out of it.
    Gateway,
    /// The way out of a private tier.
    Nat,
    /// Spreads requests.
    Balancer,
    /// Runs code.
    Compute,
    /// Keeps data.
    Store,
    /// Serves a whole region beside the network: object storage, queues, secrets.
    Regional,
    /// Watches others.
    Monitor,
    /// Somebody else's system.
    External,
}

/// Where the author wants a leaf beside its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Left of what it is connected with.
    Left,
    /// Right of it.
    Right,
    /// Below it.
    Below,
    /// In the same row.
    Row,
}

/// A frame around leaves of several containers.
#[derive(Debug, Clone)]
pub struct Group {
    /// Stable name.
    pub id: String,
    /// The leaves, by index.
    pub members: Vec<usize>,
    /// Size of its title.
    pub title: Size,
}

/// An end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// A leaf.
    Node(usize),
    /// A container's border.
    Container(usize),
    /// An overlay's border.
    Group(usize),
}

/// A line.
#[derive(Debug, Clone)]
pub struct Edge {
    /// Stable name (`backend->db`).
    pub id: String,
    /// Where it starts.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What flows, as far as placing and merging go.
    pub class: Class,
    /// Size of its label chip; `None` without a label.
    pub label: Option<Size>,
    /// What stands where it crosses the border of a container; `None` for most.
    pub gate: Option<Gate>,
    /// Lines with the same number have one end in common and share their way from it: a trunk with one chip.
    pub trunk: Option<usize>,
    /// The members of the group it starts at that it speaks for, by index: it leaves near one of them. Empty for all.
    pub speakers: Vec<usize>,
}

/// A label on the border of a container, where a line enters or leaves it (a published port). A line that does not cross that
/// border shows none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// The container, which holds one of the line's two ends.
    pub container: usize,
    /// The label's size.
    pub size: Size,
}

/// What flows along a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A request that waits for its answer; decides what lies below what.
    Request,
    /// Fire and forget.
    Async,
    /// Copies of data.
    Replication,
    /// Logs and metrics.
    Telemetry,
    /// Belongs to something rather than flows (web ACL, alias, mount, certificate).
    Attached,
}

/// Where everything stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The whole picture without margins; its corner is at 0, 0.
    pub size: Size,
    /// The tile of each leaf, by index.
    pub tiles: Vec<Rect>,
    /// The box of each container, by index.
    pub containers: Vec<Rect>,
    /// The frame of each group, by index; an empty box when it could not be framed.
    pub groups: Vec<Rect>,
    /// Where each group's title stands, by index; an empty box when it was not framed or has no title. Lines keep off it.
    pub group_titles: Vec<Rect>,
    /// The route of each line, by index.
    pub routes: Vec<Route>,
}

/// A line's way and its labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Route {
    /// Corners from start to end; each step runs along one axis.
    pub points: Vec<Point>,
    /// The label's box.
    pub label: Option<Rect>,
    /// The box of the label on a container's border.
    pub gate: Option<Rect>,
}
