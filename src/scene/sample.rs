//! Two pictures composed by hand, as a test of all that is painted: the shop in two zones, and its compose
//! project. Positions are those of the layout's page, in px.

use super::icon::Icons;
use super::theme::Theme;
use super::{Look, Scene, Style as Drawing, build};
use crate::layout::{Class, Direction, End, Fx, Layout, Point, Rect, Role, Route, Size, Sort};
use crate::render;
use crate::view::{Container, Detail, Edge, Group, Heads, Marks, Node, Step, Style, View, graph};

#[derive(Default)]
struct Sample {
    view: View,
    layout: Layout,
}

fn rect(x: i32, y: i32, w: i32, h: i32) -> Rect {
    Rect { x: Fx(x * 64), y: Fx(y * 64), w: Fx(w * 64), h: Fx(h * 64) }
}

impl Sample {
    fn container(
        &mut self,
        id: &str,
        style: Style,
        sort: Sort,
        title: (&str, &str),
        at: (i32, i32, i32, i32),
    ) {
        let (title, quiet) = (title.0.to_owned(), title.1.to_owned());
        let (id, kind) = (id.to_owned(), style.name().to_owned());
        self.view.containers.push(Container {
            id,
            kind,
            style,
            title,
            quiet,
            icon: String::new(),
            parent: None,
            sort,
        });
        self.layout.containers.push(rect(at.0, at.1, at.2, at.3));
    }

    fn node(
        &mut self,
        id: &str,
        (icon, category): (&str, &str),
        title: (&str, &str),
        at: (i32, i32),
    ) -> usize {
        self.view.nodes.push(Node {
            id: id.to_owned(),
            kind: icon.to_owned(),
            category: category.to_owned(),
            icon: icon.to_owned(),
            title: title.0.to_owned(),
            quiet: title.1.to_owned(),
            copies: 1,
            badge: String::new(),
            card: None,
            parent: None,
            role: Role::Compute,
            place: None,
            after: None,
            copy_of: None,
            detail: Detail::default(),
            marks: Marks::default(),
        });
        self.layout.tiles.push(rect(at.0 - 32, at.1, 64, 64));
        self.view.nodes.len() - 1
    }

    /// A line through corners, with the middle of its label.
    fn edge(
        &mut self,
        from: End,
        to: End,
        class: Class,
        points: &[(i32, i32)],
        label: (&str, i32, i32),
    ) -> &mut Edge {
        self.view.edges.push(Edge {
            id: format!("{from:?}->{to:?}"),
            from,
            to,
            class,
            heads: if class == Class::Attached { Heads::None } else { Heads::End },
            label: label.0.to_owned(),
            numbers: Vec::new(),
            published: String::new(),
            trunk: None,
            covers: Vec::new(),
            sentence: format!("{} goes on", label.0),
        });
        let points = points.iter().map(|(x, y)| Point { x: Fx(x * 64), y: Fx(y * 64) }).collect();
        let label = (!label.0.is_empty()).then(|| rect(label.1, label.2, 0, 0));
        self.layout.routes.push(Route { points, label, gate: None });
        self.view.edges.last_mut().unwrap()
    }

    fn scene(&self, look: Look) -> Scene {
        build(&self.view, &graph(&self.view), &self.layout, Drawing { look: &look, icons: &Icons::default() })
    }
}

fn shop() -> Sample {
    let mut s = Sample::default();
    s.view.sheet.id = "prod-network".to_owned();
    s.view.sheet.language = "en".to_owned();
    s.view.sheet.title = "Shop · network".to_owned();
    s.view.sheet.subtitle = "production · AWS us-east-1 · two availability zones".to_owned();
    s.view.sheet.description = "Users reach the shop through CloudFront.".to_owned();
    s.view.sheet.footnote = "archgen.yaml · prod · digest 3f9c2a1b".to_owned();
    s.view.flow = "A request's way".to_owned();
    let words = ["resolve the name", "open the site", "files from the bucket", "API calls to the balancer"];
    for (at, text) in words.into_iter().chain(["to a healthy backend", "read and write rows"]).enumerate() {
        s.view.steps.push(Step { number: at as u32 + 1, text: text.to_owned() });
    }
    let tier = |t| Sort::Tier(t);
    s.container("aws", Style::Cloud, Sort::Outer, ("AWS Cloud", ""), (0, 116, 1272, 1048));
    s.container("region", Style::Region, Sort::Region, ("Region", "us-east-1"), (16, 328, 1240, 820));
    s.container("vpc", Style::Vpc, Sort::Network, ("VPC", "10.0.0.0/16"), (40, 416, 944, 716));
    for (k, (z, x)) in [("a", 64), ("b", 584)].into_iter().enumerate() {
        let zone = format!("Availability Zone {z}");
        s.container(z, Style::Zone, Sort::Zone, (&zone, ""), (x, 468, 376, 604));
        let cidr = |n: usize| format!("10.0.{}.0/24", n + k);
        s.container(
            "public",
            Style::SubnetPublic,
            tier(0),
            ("Public subnet", &cidr(0)),
            (x + 16, 504, 344, 144),
        );
        s.container("app", Style::SubnetPrivate, tier(1), ("App subnet", &cidr(10)), (x + 16, 684, 344, 180));
        s.container(
            "data",
            Style::SubnetIsolated,
            tier(2),
            ("Data subnet", &cidr(20)),
            (x + 16, 912, 344, 144),
        );
    }
    let (spine, a1, a2, b1, b2, col) = (512, 232, 364, 752, 884, 1160);
    let users = s.node("users", ("users", "actor"), ("Users", "browser, mobile app"), (spine, -16));
    let pay = s.node(
        "payments",
        ("external-api", "external"),
        ("Payments API", "api.payments.example"),
        (884, -16),
    );
    let mail = s.node("email", ("mail", "external"), ("Email API", "api.email.example"), (col, -16));
    let dns = s.node("dns", ("dns", "network"), ("Route 53", "shop.example.com"), (160, 192));
    let waf = s.node("waf", ("waf", "security"), ("WAF", "managed rules"), (336, 192));
    let cdn = s.node("cdn", ("cdn", "network"), ("CloudFront", "TLS, 2 origins"), (spine, 192));
    let site = s.node("site", ("bucket", "storage"), ("S3", "static site"), (688, 192));
    let igw = s.node("igw", ("internet-gateway", "network"), ("Internet gateway", ""), (spine, 384));
    let alb =
        s.node("alb", ("load-balancer", "network"), ("Load balancer", "ALB in public a, b"), (spine, 532));
    let mut nats = Vec::new();
    let mut backs = Vec::new();
    for (z, x) in [("a", a1), ("b", b1)] {
        let ip = format!("elastic IP {z}");
        nats.push(s.node("nat", ("nat-gateway", "network"), ("NAT gateway", &ip), (x, 532)));
        backs.push(s.node("backend", ("service", "compute"), ("Backend", "Fargate 0.5 vCPU"), (x, 740)));
    }
    let cache = s.node("cache", ("cache", "database"), ("ElastiCache", "Redis 7 · primary"), (a1, 940));
    let db = s.node("db", ("database", "database"), ("RDS primary", "PostgreSQL 16"), (a2, 940));
    let standby = s.node("db@b", ("database", "database"), ("RDS standby", "PostgreSQL 16"), (b1, 940));
    let replica = s.node("cache@b", ("cache", "database"), ("ElastiCache", "Redis 7 · replica"), (b2, 940));
    let mailer = s.node("mailer", ("function", "compute"), ("Mailer", "Lambda, Python 3.12"), (col, 468));
    let queue = s.node("queue", ("queue", "integration"), ("SQS", "outgoing mail"), (col, 604));
    let sessions = s.node("sessions", ("key-value", "database"), ("DynamoDB", "sessions"), (col, 740));
    let vault = s.node("vault", ("secrets", "security"), ("Secrets Manager", "2 secrets"), (col, 876));
    let watch =
        s.node("watch", ("monitoring", "management"), ("CloudWatch", "logs, metrics, alarms"), (col, 1012));
    s.view.groups.push(Group {
        id: "backend".to_owned(),
        kind: "group".to_owned(),
        title: "Auto Scaling".to_owned(),
        quiet: "ECS · 2–6 tasks".to_owned(),
        icon: "server-group".to_owned(),
        members: backs.clone(),
    });
    s.layout.groups.push(rect(96, 728, 832, 124));
    s.layout.group_titles.push(rect(462, 802, 100, 38));
    let around =
        [None, Some(0), Some(1), Some(2), Some(3), Some(3), Some(3), Some(2), Some(7), Some(7), Some(7)];
    for (container, parent) in s.view.containers.iter_mut().zip(around) {
        container.parent = parent;
    }
    use Role::{Actor, Balancer, Cdn, Compute, External, Gateway, Guard, Monitor, Nat, Regional, Store};
    let parts = [
        (Actor, None),
        (External, None),
        (External, None),
        (Guard, Some(0)),
        (Guard, Some(0)),
        (Cdn, Some(0)),
        (Regional, Some(0)),
        (Gateway, Some(2)),
        (Balancer, Some(2)),
        (Nat, Some(4)),
        (Compute, Some(5)),
        (Nat, Some(8)),
        (Compute, Some(9)),
        (Store, Some(6)),
        (Store, Some(6)),
        (Store, Some(10)),
        (Store, Some(10)),
        (Regional, Some(1)),
        (Regional, Some(1)),
        (Regional, Some(1)),
        (Regional, Some(1)),
        (Monitor, Some(1)),
    ];
    for (node, (role, parent)) in s.view.nodes.iter_mut().zip(parts) {
        node.role = role;
        node.parent = parent;
    }
    for (second, first) in [(nats[1], nats[0]), (backs[1], backs[0]), (standby, db), (replica, cache)] {
        s.view.nodes[first].copy_of = Some((0, first));
        s.view.nodes[second].copy_of = Some((1, first));
    }
    let node = End::Node;
    let group = End::Group(0);
    use Class::{Async, Attached, Replication, Request, Telemetry};
    s.edge(node(users), node(dns), Request, &[(480, 16), (144, 16), (144, 192)], ("DNS", 240, 16)).numbers =
        vec![1];
    s.edge(node(users), node(cdn), Request, &[(512, 88), (512, 192)], ("HTTPS 443", 512, 144)).numbers =
        vec![2];
    s.edge(
        node(dns),
        node(cdn),
        Attached,
        &[(176, 192), (176, 166), (492, 166), (492, 192)],
        ("alias", 336, 166),
    )
    .heads = Heads::End;
    s.edge(node(cdn), node(waf), Attached, &[(480, 224), (368, 224)], ("web ACL", 424, 224));
    s.edge(node(cdn), node(site), Request, &[(544, 224), (656, 224)], ("OAC", 596, 224)).numbers = vec![3];
    s.edge(node(cdn), node(igw), Request, &[(512, 296), (512, 384)], ("HTTPS 443", 512, 350)).numbers =
        vec![4];
    s.edge(node(igw), node(alb), Request, &[(512, 470), (512, 532)], ("HTTPS 443", 512, 496));
    for (at, x) in [(0, a1 + 32), (1, b1 - 32)] {
        let points = [(512, 636), (512, 772), (x, 772)];
        let label = if at == 0 { "HTTP 8080" } else { "" };
        let edge = s.edge(node(alb), node(backs[at]), Request, &points, (label, 512, 668));
        edge.numbers = if at == 0 { vec![5] } else { Vec::new() };
    }
    for (at, x, side) in [(0, a1, -32), (1, b1, 32)] {
        s.edge(node(backs[at]), node(nats[at]), Request, &[(x, 740), (x, 636)], ("egress", x, 668));
        s.edge(node(nats[at]), node(igw), Request, &[(x, 532), (x, 432), (spine + side, 432)], ("", 0, 0));
    }
    s.edge(node(igw), node(pay), Request, &[(544, 400), (884, 400), (884, 88)], ("HTTPS 443", 884, 244));
    s.edge(group, node(db), Request, &[(a2, 852), (a2, 940)], ("SQL 5432", a2, 888)).numbers = vec![6];
    s.edge(group, node(cache), Request, &[(a1, 852), (a1, 940)], ("Redis 6379", a1, 888));
    s.edge(
        node(db),
        node(standby),
        Replication,
        &[(a2 + 32, 972), (b1 - 32, 972)],
        ("sync replication", spine, 972),
    )
    .heads = Heads::Both;
    let under = [(a1, 1044), (a1, 1092), (b2, 1092), (b2, 1044)];
    s.edge(node(cache), node(replica), Replication, &under, ("async replication", spine, 1092));
    let (right, lane) = (928, 1024);
    let to_queue = [(right, 748), (lane, 748), (lane, 636), (col - 32, 636)];
    s.edge(group, node(queue), Async, &to_queue, ("enqueue", 1072, 636));
    s.edge(group, node(sessions), Request, &[(right, 772), (col - 32, 772)], ("sessions", 1072, 772));
    let to_vault = [(right, 796), (lane, 796), (lane, 908), (col - 32, 908)];
    s.edge(group, node(vault), Request, &to_vault, ("read", 1072, 908));
    let to_watch = [(right, 820), (1004, 820), (1004, 1044), (col - 32, 1044)];
    s.edge(group, node(watch), Telemetry, &to_watch, ("logs, metrics", 1068, 1044));
    let branch = [(a2, 1044), (a2, 1112), (1004, 1112), (1004, 1044)];
    s.edge(node(db), node(watch), Telemetry, &branch, ("", 0, 0));
    s.edge(node(queue), node(mailer), Async, &[(col, 604), (col, 572)], ("", 0, 0));
    let to_mail = [(col + 32, 500), (1228, 500), (1228, 16), (col + 32, 16)];
    s.edge(node(mailer), node(mail), Request, &to_mail, ("HTTPS 443", 1228, 244));
    s.layout.size = Size { w: Fx(1272 * 64), h: Fx(1164 * 64) };
    s
}

fn compose() -> Sample {
    let mut s = Sample::default();
    s.view.sheet.id = "local-overview".to_owned();
    s.view.sheet.language = "es".to_owned();
    s.view.sheet.title = "Shop · local".to_owned();
    s.view.sheet.subtitle = "docker compose · one host, two networks".to_owned();
    s.view.direction = Direction::Right;
    s.container("host", Style::Host, Sort::Host, ("Docker host", "compose project shop"), (176, 0, 912, 396));
    s.container("front", Style::Network, Sort::Plain, ("frontend", "bridge"), (224, 44, 392, 208));
    s.container("back", Style::Network, Sort::Plain, ("backend", "internal"), (448, 76, 400, 188));
    let browser = s.node("browser", ("internet", "actor"), ("Browser", "localhost"), (64, 132));
    let nginx = s.node("nginx", ("load-balancer", "network"), ("nginx", "nginx:1.27-alpine"), (312, 132));
    let app = s.node("app", ("service", "compute"), ("Flask app", "build ./app"), (536, 132));
    s.view.nodes[app].copies = 2;
    let db = s.node("db", ("database", "database"), ("MySQL", "mysql:8.4"), (760, 132));
    let data = s.node("data", ("volume", "storage"), ("db-data", "named volume"), (1016, 132));
    let env = s.node("env", ("env-file", "delivery"), (".env", "5 variables"), (312, 276));
    for node in [nginx, app, db, data, env] {
        s.view.nodes[node].parent = Some(0);
    }
    let node = End::Node;
    use Class::{Attached, Request};
    s.edge(node(browser), node(nginx), Request, &[(96, 164), (280, 164)], ("", 0, 0)).published =
        "8080:80".to_owned();
    s.layout.routes[0].gate = Some(rect(176, 164, 0, 0));
    s.edge(node(nginx), node(app), Request, &[(344, 164), (504, 164)], ("HTTP 5000", 398, 164));
    s.edge(node(app), node(db), Request, &[(568, 164), (728, 164)], ("SQL 3306", 658, 164));
    s.edge(node(db), node(data), Attached, &[(792, 164), (984, 164)], ("/var/lib/mysql", 914, 164));
    s.edge(node(db), node(env), Attached, &[(760, 236), (760, 308), (344, 308)], ("env_file", 442, 308));
    s.edge(node(app), node(env), Attached, &[(536, 236), (536, 308)], ("", 0, 0));
    s.layout.size = Size { w: Fx(1088 * 64), h: Fx(396 * 64) };
    s
}

fn fixed(theme: Theme) -> Look {
    Look::Fixed(theme)
}

fn auto() -> Look {
    Look::Auto { light: Theme::light(), dark: Theme::dark() }
}

#[test]
fn ids_are_unique_and_references_resolve() {
    use resvg::usvg::roxmltree::Document;
    for sample in [shop(), compose()] {
        let text = render::svg(&sample.scene(auto()));
        let document = Document::parse(&text).unwrap();
        let mut ids = std::collections::BTreeSet::new();
        for element in document.descendants() {
            if let Some(id) = element.attribute("id") {
                assert!(ids.insert(id.to_owned()), "{id} occurs twice");
            }
        }
        for element in document.descendants() {
            let named =
                element.attribute("aria-labelledby").unwrap_or("").split(' ').filter(|id| !id.is_empty());
            let used = element.attribute("href").and_then(|href| href.strip_prefix('#'));
            assert!(named.chain(used).all(|id| ids.contains(id)), "{element:?}");
        }
        assert!(text.lines().all(|line| line.matches("/>").count() <= 1), "one element a line");
    }
}

#[test]
fn auto_declares_every_colour_that_it_uses() {
    let text = render::svg(&shop().scene(auto()));
    let used = text.split("var(--").skip(1).filter_map(|part| part.split_once(')')).map(|(name, _)| name);
    for name in used {
        assert_eq!(text.matches(&format!("\n--{name}: #")).count(), 2, "{name}");
    }
    let body = text.split_once("</style>").unwrap().1;
    assert!(!body.contains("=\"#f") && !body.contains("=\"#1"), "no colour is written beside the properties");
}

#[test]
fn fixed_and_auto_give_the_same_light_png_twice() {
    let (fixed, auto) = (compose().scene(fixed(Theme::light())), compose().scene(auto()));
    let first = render::png(&render::svg(&fixed), 1.0).unwrap();
    assert!(first == render::png(&render::svg(&auto), 1.0).unwrap());
    assert!(first == render::png(&render::svg(&compose().scene(Look::Fixed(Theme::light()))), 1.0).unwrap());
}

#[test]
fn hostile_texts_stay_texts() {
    let mut sample = compose();
    for node in &mut sample.view.nodes {
        node.title = "</text><script>alert(1)</script>\u{0}\"'&".to_owned();
        node.id = "\"><x".to_owned();
    }
    sample.view.sheet.id = "1 \"<>".to_owned();
    let text = render::svg(&sample.scene(auto()));
    let document = resvg::usvg::roxmltree::Document::parse(&text).unwrap();
    assert!(!document.descendants().any(|e| e.tag_name().name() == "script"));
    assert!(render::png(&text, 1.0).is_ok());
}

#[test]
fn a_layout_that_lacks_things_is_drawn_as_far_as_it_goes() {
    let mut sample = shop();
    sample.layout.routes.truncate(3);
    sample.layout.routes[0].points.clear();
    sample.layout.tiles.truncate(5);
    sample.layout.groups.clear();
    assert!(render::png(&render::svg(&sample.scene(auto())), 1.0).is_ok());
    let empty = Sample::default();
    assert!(render::png(&render::svg(&empty.scene(auto())), 1.0).is_ok());
}

/// Writes the pictures to `target/look` for the eye.
#[test]
#[ignore = "writes files to look at"]
fn look() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/look");
    std::fs::create_dir_all(folder).unwrap();
    let placed = |mut sample: Sample| {
        sample.layout = crate::layout::layout(&graph(&sample.view));
        sample
    };
    let samples = [
        ("shop", shop()),
        ("compose", compose()),
        ("shop-placed", placed(shop())),
        ("compose-placed", placed(compose())),
    ];
    for (name, sample) in samples {
        for (suffix, look) in
            [("", fixed(Theme::light())), ("-dark", fixed(Theme::dark())), ("-auto", auto())]
        {
            let text = render::svg(&sample.scene(look));
            std::fs::write(format!("{folder}/{name}{suffix}.svg"), &text).unwrap();
            let clock = std::time::Instant::now();
            let picture = render::png(&text, 1.0).unwrap();
            println!("{name}{suffix}: {:?}, {} KiB", clock.elapsed(), picture.len() / 1024);
            std::fs::write(format!("{folder}/{name}{suffix}.png"), render::png(&text, 2.0).unwrap()).unwrap();
        }
    }
}
