//! Every environment of every example as pictures: well-formed, with unique ids, the same on every run.

use std::collections::BTreeSet;
use std::path::PathBuf;

use archgen::compile::{self, Texts};
use archgen::diag::Diagnostics;
use archgen::layout::{Direction, Layout, Place, Role, Sort, layout};
use archgen::model;
use archgen::render;
use archgen::scene::icon::Icons;
use archgen::scene::theme::Theme;
use archgen::scene::{Look, Style, build};
use archgen::target::diagram;
use archgen::view::reduce::expand;
use archgen::view::{self, Picture, View};
use resvg::usvg::roxmltree::Document;

const EXAMPLES: [&str; 7] = [
    "bookstore",
    "bookstore-microservices",
    "craftech-ha",
    "ecs-mongo",
    "kubernetes-shop",
    "shop",
    "three-tier",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All views of an example, in order.
fn views(name: &str) -> Vec<View> {
    let path = root().join("examples").join(name).join("archgen.yaml");
    views_of(name, std::fs::read_to_string(path).expect("the example exists"))
}

/// All views of a description, in order.
fn views_of(name: &str, description: String) -> Vec<View> {
    let pictures = pictures_of(name, description);
    pictures.iter().flat_map(|picture| picture.views().to_vec()).collect()
}

/// All pictures of a description, in order.
fn pictures_of(name: &str, description: String) -> Vec<Picture> {
    let texts = Texts { name: name.to_owned(), description, ..Texts::default() };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let document = project.document.as_ref().expect("the example can be read");
    let resolved: Vec<_> = model::environments(document)
        .iter()
        // That all environments resolve is held by another test.
        .filter_map(|environment| compile::resolve(&project, environment, &mut out))
        .collect();
    let mut found = Diagnostics::default();
    let pictures = compile::pictures(&project, &resolved, true, &mut found);
    assert!(found.is_empty(), "{name}: {:?}", found.sorted());
    pictures.into_iter().map(|(_, picture)| picture).collect()
}

fn svg(view: &View, look: Look) -> String {
    let graph = view::graph(view);
    let placed: Layout = layout(&graph);
    render::svg(&build(view, &graph, &placed, Style { look: &look, icons: &Icons::default() }))
}

fn auto() -> Look {
    Look::Auto { light: Theme::light(), dark: Theme::dark() }
}

#[test]
fn every_picture_is_sound() {
    for name in EXAMPLES {
        let path = root().join("examples").join(name).join("archgen.yaml");
        let pictures = pictures_of(name, std::fs::read_to_string(path).expect("the example exists"));
        assert!(!pictures.is_empty(), "{name}");
        let ids: BTreeSet<&str> = pictures.iter().map(|picture| picture.sheet().id.as_str()).collect();
        assert_eq!(ids.len(), pictures.len(), "{name}: two pictures with one name");
        for picture in &pictures {
            let place = format!("{name} {}", picture.sheet().id);
            let paint = || diagram::svg(picture, &auto(), &Icons::default());
            let (text, wrong) = paint();
            assert!(text == paint().0, "{place}: not the same twice");
            assert!(wrong.is_empty(), "{place}: {wrong:?}");
            let document = Document::parse(&text).expect("well-formed");
            let mut seen = BTreeSet::new();
            for id in document.descendants().filter_map(|element| element.attribute("id")) {
                assert!(seen.insert(id), "{place}: {id} occurs twice");
            }
            assert!(picture.lacking().is_empty(), "{place}: {:?}", picture.lacking());
            assert!(!picture.sheet().description.is_empty() && !picture.sheet().title.is_empty(), "{place}");
        }
        for view in pictures.iter().flat_map(Picture::views) {
            let edges: BTreeSet<&str> = view.edges.iter().map(|edge| edge.id.as_str()).collect();
            assert!(edges.len() == view.edges.len(), "{name} {}: two lines with one name", view.sheet.id);
            assert!(view.edges.iter().all(|edge| !edge.sentence.is_empty()), "{name} {}", view.sheet.id);
        }
    }
}

#[test]
fn a_network_stands_beside_each_overview() {
    let path = root().join("examples/shop/archgen.yaml");
    let pictures = pictures_of("shop", std::fs::read_to_string(path).expect("the example exists"));
    let ids: Vec<&str> = pictures.iter().map(|picture| picture.sheet().id.as_str()).collect();
    let prod = ["prod-overview", "prod-network", "prod-sequence-request"];
    let local = ["local-overview", "local-flow-request", "local-sequence-request"];
    assert_eq!(ids, [&prod[..], &local, &["context", "logical"]].concat());
}

/// The lines of a view as `from->to` with their labels.
fn lines(view: &View) -> Vec<(&str, &str)> {
    view.edges.iter().map(|edge| (edge.id.as_str(), edge.label.as_str())).collect()
}

/// The lines of each trunk of a view.
fn trunks(view: &View) -> Vec<Vec<&str>> {
    let on = |trunk: usize| {
        view.edges.iter().filter(move |edge| edge.trunk == Some(trunk)).map(|edge| edge.id.as_str())
    };
    (0..).map(|trunk| on(trunk).collect::<Vec<_>>()).take_while(|lines| !lines.is_empty()).collect()
}

#[test]
fn what_is_drawn_says_every_line() {
    for name in EXAMPLES {
        for view in views(name) {
            let read = expand(&view);
            assert_eq!(read.len(), view.lines.len(), "{name} {}", view.sheet.id);
            for (read, line) in read.iter().zip(&view.lines) {
                let place = format!("{name} {}: line {} {line:?}", view.sheet.id, read.line);
                assert_eq!((read.from, read.to, read.class), (line.from, line.to, line.class), "{place}");
                let mut words = line.label.split(", ").filter(|word| !word.is_empty());
                assert!(line.said || words.all(|word| read.words.iter().any(|said| said == word)), "{place}");
                assert!(line.numbers.iter().all(|number| read.numbers.contains(number)), "{place}");
                assert!(line.published.is_empty() || read.published.contains(&line.published), "{place}");
            }
            assert!(view.edges.iter().all(|edge| !edge.covers.is_empty()), "{name} {}", view.sheet.id);
        }
    }
}

#[test]
fn the_network_of_the_shop_is_reduced() {
    let views = views("shop");
    let network = views.iter().find(|view| view.sheet.id == "prod-network").expect("the shop has a network");
    let lines = lines(network);
    // Replicas share their lines, and only the primary is asked.
    assert!(lines.contains(&("backend-group->db@a", "PostgreSQL 5432")), "{lines:#?}");
    // The balancer stands in the gap between the zones: its line forks, and says its words once.
    assert!(lines.contains(&("edge->backend@a", "HTTP 8080")) && lines.contains(&("edge->backend@b", "")));
    assert!(
        lines.contains(&("backend-group->watch", "logs, metrics")) && lines.contains(&("db@a->watch", ""))
    );
    let trunks: Vec<Vec<&str>> = trunks(network);
    assert_eq!(trunks, [["edge->backend@a", "edge->backend@b"], ["backend-group->watch", "db@a->watch"]]);
    assert!(!lines.iter().any(|(id, _)| id.ends_with("->db@b") && !id.starts_with("db@a")));
    // The way out goes through the gateways, once.
    assert!(lines.contains(&("backend@a->vpc-nat@a", "egress")));
    assert_eq!(lines.iter().filter(|(id, _)| *id == "vpc-gateway->payments").count(), 1);
    assert!(!lines.iter().any(|(id, _)| id.starts_with("backend") && id.ends_with("payments")));
    // Names and filters are attached; certificates are a word of whoever uses them.
    assert!(lines.contains(&("dns->cdn", "alias")) && lines.contains(&("cdn->waf", "web ACL")));
    assert!(!network.nodes.iter().any(|node| node.id == "cert"));
    let cdn = network.nodes.iter().find(|node| node.id == "cdn").expect("the edge is drawn");
    assert_eq!((cdn.title.as_str(), cdn.quiet.as_str()), ("CloudFront", "TLS · 2 origins"));
    // The flow that the author asked for is numbered in order.
    let numbers: Vec<u32> = network.steps.iter().map(|step| step.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert!(
        numbers.iter().all(|n| network.edges.iter().filter(|edge| edge.numbers.contains(n)).count() == 1)
    );
    // What only the edge reads stands at the edge.
    let parent = |id: &str| {
        let node = network.nodes.iter().find(|node| node.id == id).expect("it is drawn");
        node.parent.map(|parent| network.containers[parent].id.as_str())
    };
    assert_eq!(
        (parent("site"), parent("sessions"), parent("users")),
        (Some("aws"), Some("aws-region"), None)
    );
}

#[test]
fn the_overview_of_the_shop_folds_its_zones() {
    let views = views("shop");
    let overview = &views[0];
    assert!(overview.groups.is_empty() && overview.containers.iter().all(|c| !c.id.contains('@')));
    let node = |id: &str| overview.nodes.iter().find(|node| node.id == id).expect("it is drawn");
    assert_eq!((node("backend").copies, node("backend").badge.as_str()), (2, "×2–6"));
    assert_eq!(node("db").copies, 2);
    let local = views.iter().find(|view| view.sheet.id == "local-overview").expect("a local environment");
    let entry = local.edges.iter().find(|edge| edge.id == "users->backend").expect("users reach it");
    assert_eq!((entry.published.as_str(), entry.label.as_str()), ("8080:8080", ""));
}

#[test]
fn what_a_view_asks_for_and_does_not_exist_is_told() {
    let path = root().join("examples/shop/archgen.yaml");
    let text = std::fs::read_to_string(path).expect("the example exists");
    let text = text.replace("expand: az, flow: request", "show: [nobody, app], neighbours: 1, flow: selling");
    let texts = Texts { name: "shop".to_owned(), description: text, ..Texts::default() };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let resolved = compile::resolve(&project, "prod", &mut out);
    let mut found = out;
    if let Some(resolved) = resolved {
        let input = view::build::Input {
            model: &resolved.model,
            facts: &resolved.facts,
            catalog: &project.catalog,
            messages: &project.messages,
        };
        let pictures = view::build::build(input, &mut found);
        let mut views = pictures.iter().flat_map(Picture::views);
        let network = views.find(|view| view.sheet.id == "prod-network").expect("it is drawn");
        assert!(network.nodes.iter().any(|node| node.id == "backend"));
        assert!(!network.nodes.iter().any(|node| node.id == "users"), "two connections away");
    }
    let messages: Vec<&str> = found.sorted().iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    assert!(messages.iter().any(|message| message.contains("nobody")), "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("selling")), "{messages:?}");
}

/// An example with so many availability zones.
fn with_zones(name: &str, count: u32) -> Vec<View> {
    let path = root().join("examples").join(name).join("archgen.yaml");
    let text = std::fs::read_to_string(path).expect("the example exists");
    views_of(name, text.replacen("azs: 2", &format!("azs: {count}"), 1))
}

#[test]
fn zones_are_folded_where_they_would_not_fit() {
    for (name, id) in [("shop", "prod-network"), ("three-tier", "ha-network"), ("ecs-mongo", "prod-network")]
    {
        for count in [3, 5] {
            let views = with_zones(name, count);
            let view = views.iter().find(|view| view.sheet.id == id).expect("it is drawn");
            let zones: Vec<&str> = view
                .containers
                .iter()
                .filter(|container| container.sort == Sort::Zone)
                .map(|zone| zone.title.as_str())
                .collect();
            let nats: Vec<u32> =
                view.nodes.iter().filter(|node| node.role == Role::Nat).map(|node| node.copies).collect();
            let place = format!("{name} with {count} zones: {zones:?} {nats:?}");
            match zones.len() {
                2 => assert_eq!(nats, [1, count - 1], "{place}"),
                _ => assert_eq!((zones.len() as u32, nats), (count, vec![1; count as usize]), "{place}"),
            }
            // Five zones side by side fit in no picture.
            assert!(count == 3 || (zones.len() == 2 && zones[1].ends_with(" b, c, d, e")), "{place}");
            assert!(layout(&view::graph(view)).size.w.0 <= 1700 * 64, "{place}");
            assert_eq!(expand(view).len(), view.lines.len(), "{place}");
        }
    }
}

#[test]
fn a_filter_before_a_network_is_a_station_of_the_way() {
    let views = views("craftech-ha");
    let network = views.iter().find(|view| view.sheet.id == "ha-network").expect("it is drawn");
    let lines = lines(network);
    for line in [
        ("users->dns", "DNS"),
        ("users->waf", "HTTPS 443"),
        ("waf->vpc-gateway", "HTTPS 443"),
        ("vpc-gateway->edge", "HTTPS 443, 80 redirige"),
        ("dns->edge", "alias · IP pública"),
    ] {
        assert!(lines.contains(&line), "{line:?} in {lines:#?}");
    }
    assert!(!lines.iter().any(|(id, label)| *label == "web ACL" || *id == "users->vpc-gateway"));
    // What the gateway sends out with equal words shares a way.
    let trunks = trunks(network);
    assert!(trunks.contains(&vec!["vpc-gateway->payments", "vpc-gateway->shipping"]), "{trunks:?}");
}

#[test]
fn wishes_reach_the_layout_in_every_view() {
    let path = root().join("examples/shop/archgen.yaml");
    let text = std::fs::read_to_string(path).expect("the example exists");
    let text = text
        .replace("kind: dynamodb, key: id", "kind: dynamodb, key: id, place: below")
        .replace("kind: redis, in: data,", "kind: redis, in: data, after: db,")
        .replace("expand: az, flow: request", "expand: az, flow: request, direction: right");
    let views = views_of("shop", text);
    for id in ["prod-overview", "prod-network"] {
        let graph = view::graph(views.iter().find(|view| view.sheet.id == id).expect("it is drawn"));
        let wide = id == "prod-network";
        assert_eq!(graph.direction, if wide { Direction::Right } else { Direction::Auto });
        let node = |id: &str| graph.nodes.iter().find(|node| node.id == id).expect("it is drawn");
        assert_eq!(node("sessions").place, Some(Place::Below));
        let whom = |id: &str| node(id).after.map(|after| graph.nodes[after].id.as_str());
        match wide {
            true => assert_eq!((whom("cache@a"), whom("cache@b")), (Some("db@a"), Some("db@b"))),
            false => assert_eq!(whom("cache"), Some("db")),
        }
    }
}

#[test]
fn zones_stand_in_the_order_that_their_author_wants() {
    let text = |after: &str| {
        format!(
            "archgen: v1\nzones:\n  one: {{ kind: server{after} }}\n  two: {{ kind: server }}\ncomponents:\n  \
             web: {{ kind: service, in: one, image: web:1.0.0 }}\n  api: {{ kind: service, in: two, image: api:1.0.0 }}\n\
             connections:\n  web -> api: http\nenvironments:\n  prod: {{ target: diagram }}\n"
        )
    };
    let boxes = |after: &str| -> Vec<String> {
        let views = views_of("pair", text(after));
        views[0].containers.iter().map(|container| container.id.clone()).collect()
    };
    assert_eq!(
        (boxes(""), boxes(", after: two")),
        (vec!["one".into(), "two".into()], vec!["two".into(), "one".into()])
    );
}

/// Writes all pictures to `target/look` for the eye; with `ARCHGEN_DARK` set, the dark ones.
#[test]
#[ignore = "writes files to look at"]
fn look() {
    let folder = root().join("target/look");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for name in EXAMPLES {
        for view in views(name) {
            println!("{name} {}: {} nodes, {} lines", view.sheet.id, view.nodes.len(), view.edges.len());
            let dark = std::env::var_os("ARCHGEN_DARK").is_some();
            let text = svg(&view, Look::Fixed(if dark { Theme::dark() } else { Theme::light() }));
            let file = folder.join(format!("{name}-{}.svg", view.sheet.id));
            std::fs::write(&file, &text).expect("the picture can be written");
            let picture = render::png(&text, 1.5).expect("the picture can be drawn");
            std::fs::write(file.with_extension("png"), picture).expect("the picture can be written");
        }
    }
}
