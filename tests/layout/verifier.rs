//! The verifier, on one good layout made by hand that is then broken in every way.

use archgen::layout::check::{check, quality};
use archgen::layout::{Fx, Graph, Layout, Point, Rect, Role, Route, Size, Sort};

use crate::graphs::parse;

const GRAPH: &str = "
C net - network Net
C za net zone A
C zb net zone B
C ta za tier0 App
C da za tier1 Data
C tb zb tier0 App
C db zb tier1 Data
C lone - plain Lone
C shed - plain Shed
N users - actor Users
N gw net gateway Gateway
N lb net balancer Balancer
N a ta compute App
N b tb compute App
N p da store Primary
N q db store Standby
N z db store Z
N watch - monitor Watch
N x - external X
N y - external Y
G app a,b Group
G pair x
E users gw request HTTPS
E gw lb request HTTP
E lb app request 8080
E app p request SQL
E p q replication copies
E app watch telemetry/1 logs
E p watch telemetry/1
E q net async out
E watch net async alarm
E users users request
E x shed async
";

fn fx(pixels: i32) -> Fx {
    Fx(pixels * 64)
}

/// A box by its corner and size in px.
fn rect(x: i32, y: i32, w: i32, h: i32) -> Rect {
    Rect { x: fx(x), y: fx(y), w: fx(w), h: fx(h) }
}

fn points(corners: &[(i32, i32)]) -> Vec<Point> {
    corners.iter().map(|&(x, y)| Point { x: fx(x), y: fx(y) }).collect()
}

/// A line and the middle and width of its label.
fn route(corners: &[(i32, i32)], label: Option<(i32, i32, i32)>) -> Route {
    let label = label.map(|(x, y, w)| rect(x - w / 2, y - 10, w, 20));
    Route { points: points(corners), label, gate: None }
}

fn good() -> (Graph, Layout) {
    let tile = |x, y| rect(x, y, 64, 64);
    let made = Layout {
        size: Size { w: fx(1100), h: fx(820) },
        tiles: vec![
            tile(468, 0),
            tile(468, 118),
            tile(468, 260),
            tile(248, 400),
            tile(688, 400),
            tile(248, 610),
            tile(688, 610),
            tile(600, 650),
            tile(1000, 400),
            tile(10, 600),
            tile(10, 720),
        ],
        containers: vec![
            rect(100, 150, 800, 650),
            rect(120, 230, 320, 530),
            rect(560, 230, 320, 530),
            rect(136, 270, 288, 230),
            rect(136, 540, 288, 200),
            rect(576, 270, 288, 230),
            rect(576, 540, 288, 200),
            rect(0, 300, 80, 80),
            rect(0, 420, 80, 80),
        ],
        groups: vec![rect(152, 390, 696, 100), rect(0, 590, 84, 110)],
        group_titles: vec![rect(470, 420, 59, 20), Rect::default()],
        routes: vec![
            route(&[(500, 88), (500, 118)], Some((500, 103, 46))),
            route(&[(500, 206), (500, 260)], Some((500, 233, 40))),
            route(&[(500, 348), (500, 390)], Some((500, 369, 40))),
            route(&[(280, 490), (280, 610)], Some((280, 520, 32))),
            route(&[(312, 642), (688, 642)], Some((500, 642, 54))),
            route(&[(848, 432), (1000, 432)], Some((957, 432, 40))),
            route(&[(280, 698), (280, 780), (915, 780), (915, 432), (1000, 432)], None),
            route(&[(752, 642), (900, 642)], Some((808, 642, 32))),
            route(&[(1032, 488), (1032, 600), (900, 600)], Some((980, 600, 40))),
            route(&[(532, 16), (560, 16), (560, 48), (532, 48)], None),
            route(&[(70, 600), (70, 500)], None),
        ],
    };
    (parse(GRAPH), made)
}

/// The counts of the good layout after `spoil` that are not zero.
fn broken(spoil: impl FnOnce(&mut Graph, &mut Layout)) -> Vec<(&'static str, usize)> {
    let (mut graph, mut made) = good();
    spoil(&mut graph, &mut made);
    let report = check(&graph, &made);
    let broken: Vec<_> = report.broken().collect();
    assert_eq!(report.details.len(), report.violations(), "every violation is named");
    broken
}

const NET: usize = 0;
const B: usize = 4;
const Z: usize = 7;
const Y: usize = 10;
const LONE: usize = 7;

const GW_LB: usize = 1;
const P_Q: usize = 4;
const APP_WATCH: usize = 5;
const P_WATCH: usize = 6;
const Q_NET: usize = 7;
const WATCH_NET: usize = 8;
const X_SHED: usize = 10;

#[test]
fn nothing_is_wrong_with_a_good_layout() {
    let (graph, made) = good();
    assert_eq!(check(&graph, &made).details, Vec::<String>::new());
    assert_eq!(broken(|_, _| {}), vec![]);
    let found = quality(&graph, &made);
    assert_eq!((found.crossings, found.bends), (1, 6));
    assert_eq!((found.width, found.height, found.area, found.aspect), (1100, 820, 902_000, 74));
}

#[test]
fn leaves_and_boxes() {
    assert_eq!(broken(|_, l| l.tiles[Y] = rect(110, 770, 64, 64)).len(), 2);
    assert_eq!(broken(|_, l| l.tiles[Z].x = fx(660)), vec![("node_overlap", 1)]);
    assert_eq!(broken(|_, l| l.tiles[Z].y = fx(660)), vec![("not_in_container", 1)]);
    let long = |l: &mut Layout| [4, 6].into_iter().for_each(|tier| l.containers[tier].h = fx(225));
    assert_eq!(broken(|_, l| long(l)), vec![("not_in_container", 2)]);
    assert_eq!(broken(|g, _| g.nodes[1].role = Role::Nat), vec![("not_in_container", 1)]);
    assert_eq!(broken(|_, l| l.tiles[Y] = rect(50, 720, 64, 64)), vec![("foreign_in_container", 1)]);
    assert_eq!(broken(|_, l| l.containers[LONE].w = fx(110)), vec![("sibling_container_overlap", 2)]);
    assert_eq!(broken(|_, l| l.tiles[Y].y = fx(690)), vec![("foreign_in_group", 1)]);
    assert_eq!(broken(|_, l| l.groups[1].w = fx(70)), vec![("not_in_group", 1)]);
    assert_eq!(broken(|_, l| l.size.w = fx(1050)), vec![("outside_picture", 1)]);
}

#[test]
fn titles() {
    assert_eq!(broken(|_, l| l.tiles[Z].y = fx(552)), vec![("title_node", 1)]);
    assert_eq!(broken(|_, l| l.group_titles[0] = rect(0, 300, 59, 20)), vec![("title_title", 1)]);
    assert_eq!(broken(|_, l| l.group_titles[0] = rect(30, 370, 59, 20)), vec![("title_border", 1)]);
    assert_eq!(broken(|_, l| l.containers[LONE].w = fx(40)), vec![("title_cut", 1)]);
}

#[test]
fn lines_through_things() {
    assert_eq!(broken(|_, l| l.tiles[Y] = rect(1000, 520, 64, 64)), vec![("edge_through_node", 1)]);
    let through = |l: &mut Layout| l.routes[Q_NET].points[0].x = fx(688);
    assert_eq!(broken(|_, l| through(l)), vec![("edge_through_own_node", 1)]);
    let over_text = |l: &mut Layout| {
        l.routes[WATCH_NET].points = points(&[(1020, 464), (1020, 600), (900, 600)]);
    };
    assert_eq!(broken(|_, l| over_text(l)), vec![("edge_through_own_node", 1)]);
    let through = |l: &mut Layout| l.routes[X_SHED].points[1].y = fx(420);
    assert_eq!(broken(|_, l| through(l)), vec![("edge_through_own_node", 1)], "a container at its far side");
    let through = |l: &mut Layout| l.routes[APP_WATCH].points[0].x = fx(152);
    let found = vec![("edge_through_node", 2), ("edge_through_own_node", 1), ("edge_through_title", 1)];
    assert_eq!(broken(|_, l| through(l)), found, "a group from its far side");
    let past = |l: &mut Layout| {
        l.routes[P_WATCH].points =
            points(&[(312, 630), (500, 630), (500, 460), (915, 460), (915, 432), (1000, 432)]);
    };
    assert!(
        broken(|_, l| past(l)).contains(&("edge_through_own_node", 1)),
        "a trunk inside the frame of a mate"
    );
    assert_eq!(broken(|_, l| l.group_titles[0] = rect(340, 632, 59, 20)), vec![("edge_through_title", 1)]);
    let beside = |l: &mut Layout| l.containers[LONE] = rect(930, 540, 80, 47);
    assert_eq!(broken(|_, l| beside(l)), vec![], "a container beside a line is in nobody's way");
    let under = |l: &mut Layout| l.containers[LONE] = rect(930, 560, 80, 80);
    assert_eq!(broken(|_, l| under(l)), vec![("edge_through_foreign_container", 1)]);
}

#[test]
fn labels() {
    let moved = |l: &mut Layout, e: usize, x: i32, y: i32| {
        let label = l.routes[e].label.as_mut().expect("a label");
        (label.x.0, label.y.0) = (label.x.0 + x * 64, label.y.0 + y * 64);
    };
    assert_eq!(broken(|_, l| moved(l, P_Q, -180, 0)), vec![("label_node", 1)]);
    assert_eq!(
        broken(|_, l| moved(l, GW_LB, 15, 136)),
        vec![("label_label", 1), ("label_edge", 1), ("label_off_line", 1)]
    );
    assert_eq!(broken(|_, l| l.group_titles[0] = rect(470, 615, 59, 20)), vec![("label_title", 1)]);
    assert_eq!(broken(|_, l| moved(l, WATCH_NET, -50, 0)), vec![("label_edge", 1)]);
    assert_eq!(broken(|_, l| moved(l, P_Q, -45, 0)), vec![("label_border", 1)]);
    let on_frame = |l: &mut Layout| l.routes[APP_WATCH].label = Some(rect(836, 422, 24, 20));
    assert_eq!(broken(|_, l| on_frame(l)), vec![("label_border", 1)], "a group's border");
    assert_eq!(broken(|_, l| moved(l, APP_WATCH, 0, 3)), vec![("label_off_line", 1)]);
    assert_eq!(broken(|_, l| l.routes[P_Q].label = None), vec![("missing_label", 1)]);
}

/// A published port stands on the border, where its line crosses that.
#[test]
fn labels_on_borders() {
    let graph = parse(
        "C host - host Host\nN u - actor User\nN a host compute App\nN b host store DB\nE u a request\nP host 8080:80\nE a b request",
    );
    let good = Layout {
        size: Size { w: fx(600), h: fx(400) },
        tiles: vec![rect(0, 100, 64, 64), rect(300, 100, 64, 64), rect(460, 100, 64, 64)],
        containers: vec![rect(200, 50, 400, 200)],
        routes: vec![
            Route { gate: Some(rect(164, 122, 72, 20)), ..route(&[(64, 132), (300, 132)], None) },
            route(&[(364, 132), (460, 132)], None),
        ],
        ..Layout::default()
    };
    let broken = |spoil: &dyn Fn(&mut Layout)| {
        let mut made = good.clone();
        spoil(&mut made);
        check(&graph, &made).broken().collect::<Vec<_>>()
    };
    assert_eq!(broken(&|_| {}), vec![]);
    assert_eq!(broken(&|l| l.routes[0].gate = None), vec![("missing_label", 1)]);
    assert_eq!(broken(&|l| l.routes[0].gate = Some(rect(144, 122, 72, 20))), vec![("label_off_line", 1)]);
    assert_eq!(broken(&|l| l.routes[0].gate = Some(rect(164, 132, 72, 20))), vec![("label_off_line", 1)]);
    let under_title = |l: &mut Layout| {
        l.routes[0].points = points(&[(64, 132), (150, 132), (150, 62), (332, 62), (332, 100)]);
        l.routes[0].gate = Some(rect(164, 52, 72, 20));
    };
    assert!(broken(&under_title).contains(&("label_title", 1)));
    let other = |l: &mut Layout| l.routes[1].points = points(&[(332, 100), (332, 60), (210, 60), (210, 140)]);
    assert!(broken(&other).contains(&("label_edge", 1)), "another line through it");
}

#[test]
fn ways_of_lines() {
    let apart = |g: &mut Graph| g.edges[P_WATCH].trunk = None;
    assert_eq!(broken(|g, _| apart(g)), vec![("label_edge", 1), ("edges_coincident", 1)]);
    let beside = |l: &mut Layout| {
        l.routes[P_WATCH].points = points(&[(280, 698), (280, 780), (915, 780), (915, 434), (1000, 434)]);
    };
    assert_eq!(
        broken(|_, l| beside(l)),
        vec![("label_edge", 1), ("edges_coincident", 1)],
        "a trunk's lines share their way exactly"
    );
    let beside = |l: &mut Layout| {
        l.routes[WATCH_NET].points = points(&[(1000, 450), (917, 450), (917, 600), (900, 600)]);
        l.routes[WATCH_NET].label = Some(rect(956, 440, 20, 20));
    };
    assert_eq!(
        broken(|_, l| beside(l)),
        vec![("label_label", 1), ("edges_coincident", 1)],
        "two px beside another line"
    );
    assert_eq!(broken(|_, l| l.routes[X_SHED].points.clear()), vec![("missing_edge", 1)]);
    assert_eq!(broken(|_, l| l.routes.truncate(X_SHED)), vec![("missing_edge", 1)]);
    assert_eq!(broken(|_, l| l.routes[P_WATCH].points[2].x = fx(920)), vec![("not_orthogonal", 1)]);
    let to = |l: &mut Layout, x: i32, y: i32| l.routes[X_SHED].points = points(&[(x, 600), (x, y)]);
    assert_eq!(broken(|_, l| to(l, 70, 503)), vec![("endpoint_off_icon", 1)], "too short");
    assert_eq!(broken(|_, l| to(l, 72, 500)), vec![("endpoint_off_icon", 1)], "in a corner");
    let along =
        |l: &mut Layout| l.routes[X_SHED].points = points(&[(70, 600), (70, 460), (80, 460), (80, 500)]);
    assert!(broken(|_, l| along(l)).contains(&("endpoint_off_icon", 1)));
}

#[test]
fn rows() {
    assert_eq!(broken(|_, l| l.tiles[B].y = fx(404)), vec![("sync_misaligned", 1)]);
    assert_eq!(broken(|_, l| l.containers[4].w = fx(280)), vec![("sync_width", 1)]);
    assert_eq!(broken(|_, l| l.containers[3].y = fx(274)), vec![("tiers_not_level", 1)]);
    assert_eq!(broken(|_, l| l.containers[2].h = fx(534)), vec![("zones_unequal", 1)]);
    let turned = |g: &mut Graph| {
        for (app, data) in [(3, 4), (5, 6)] {
            (g.containers[app].sort, g.containers[data].sort) = (Sort::Tier(2), Sort::Tier(1));
        }
    };
    assert_eq!(broken(|g, _| turned(g)), vec![("flow_reversed", 1)]);
    let staggered = |l: &mut Layout| l.containers[2].y = fx(800);
    assert!(broken(|_, l| staggered(l)).contains(&("tiers_not_level", 1)), "zones stand in rows or columns");
}

/// A balancer drawn under what it serves runs against the flow.
#[test]
fn balancers_stand_above_what_they_serve() {
    let mut graph = parse(
        "C n - network Net\nC t n tier0 App\nN lb n balancer Balancer\nN a t compute App\nE lb a request",
    );
    let mut made = Layout {
        size: Size { w: fx(400), h: fx(600) },
        tiles: vec![rect(100, 400, 64, 64), rect(100, 100, 64, 64)],
        containers: vec![rect(0, 0, 400, 600), rect(40, 60, 300, 200)],
        routes: vec![route(&[(132, 400), (132, 188)], None)],
        ..Layout::default()
    };
    assert_eq!(check(&graph, &made).broken().collect::<Vec<_>>(), vec![("flow_reversed", 1)]);
    graph.edges[0].class = archgen::layout::Class::Async;
    assert_eq!(check(&graph, &made).violations(), 0, "only requests have a direction");
    graph.edges[0].class = archgen::layout::Class::Request;
    made.tiles.swap(0, 1);
    made.containers[1].y = fx(360);
    made.routes = vec![route(&[(132, 188), (132, 400)], None)];
    assert_eq!(check(&graph, &made).violations(), 0);
}

#[test]
fn a_line_crosses_a_trunk_once() {
    let mut graph = parse(
        "N a - compute A\nN b - compute B\nN c - store C\nN d - compute D\nN e - store E\nE a c async/1\nE a b async/1\nE d e async",
    );
    let made = Layout {
        size: Size { w: fx(900), h: fx(500) },
        tiles: [(0, 100), (800, 300), (800, 100), (400, 0), (400, 400)]
            .map(|(x, y)| rect(x, y, 64, 64))
            .into(),
        routes: vec![
            route(&[(64, 132), (800, 132)], None),
            route(&[(64, 132), (600, 132), (600, 332), (800, 332)], None),
            route(&[(432, 88), (432, 400)], None),
        ],
        ..Layout::default()
    };
    assert_eq!(check(&graph, &made).details, Vec::<String>::new());
    let found = quality(&graph, &made);
    assert_eq!((found.crossings, found.bends, found.length), (1, 2, 736 + 400 + 312));
    graph.edges[1].trunk = None;
    assert_eq!(quality(&graph, &made).crossings, 2);
    assert_eq!(check(&graph, &made).count("edges_coincident"), 1);
}

#[test]
fn ends_that_do_not_exist_are_nobodys_fault() {
    let (mut graph, mut made) = good();
    graph.edges[X_SHED].to = archgen::layout::End::Group(9);
    made.routes[X_SHED] = Route::default();
    graph.containers[NET].parent = Some(77);
    assert_eq!(check(&graph, &made).violations(), 0);
    let nothing = check(&graph, &Layout::default());
    assert!(
        nothing.count("missing_edge") > 5,
        "a layout of nothing is full of mistakes and no reason to panic"
    );
}
