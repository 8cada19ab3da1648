//! The examples' pictures, judged by the layout's verifier: from the description alone, without a coordinate.

#[path = "layout/edits.rs"]
mod edits;
#[path = "systems/views.rs"]
mod views;

use archgen::layout::check::{Quality, Report, check, quality};
use archgen::layout::{Graph, layout};
use archgen::view::{self, View};

/// What the network view of a system may have at most: crossings, bends, px of width.
const LIMITS: [(&str, &str, [u64; 3]); 4] = [
    ("shop", "prod-network", [1, 20, 1400]),
    ("three-tier", "ha-network", [0, u64::MAX, 1480]),
    ("ecs-mongo", "prod-network", [2, u64::MAX, 1480]),
    ("craftech-ha", "ha-network", [2, u64::MAX, 1480]),
];

fn judged(graph: &Graph) -> (Report, Quality) {
    let made = layout(graph);
    (check(graph, &made), quality(graph, &made))
}

/// Whether a leaf is no copy, so that it can go alone.
fn single(graph: &Graph, v: usize) -> bool {
    graph.nodes[v].copy_of.is_none() && !graph.groups.iter().any(|group| group.members.contains(&v))
}

fn named(views: Vec<View>, id: &str) -> View {
    views.into_iter().find(|view| view.sheet.id == id).expect("the view exists")
}

#[test]
fn no_picture_breaks_a_rule() {
    let mut broken = Vec::new();
    for name in views::EXAMPLES {
        for view in views::of(name, views::description(name)) {
            let (report, _) = judged(&view::graph(&view));
            if report.violations() > 0 {
                broken.push(format!("{name} {}: {:?}", view.sheet.id, report.details));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn network_views_have_few_crossings_and_fit_a_page() {
    let mut over = Vec::new();
    for (name, id, [crossings, bends, width]) in LIMITS {
        let view = named(views::of(name, views::description(name)), id);
        let (_, found) = judged(&view::graph(&view));
        if found.crossings as u64 > crossings || found.bends as u64 > bends || found.width > width {
            over.push(format!("{name} {id}: {found:?}"));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}

#[test]
fn a_third_zone_keeps_the_picture() {
    let mut over = Vec::new();
    for (name, id, _) in LIMITS {
        let three = views::description(name).replacen("azs: 2", "azs: 3", 1);
        let (report, quality) = judged(&view::graph(&named(views::of(name, three), id)));
        if report.violations() > 0 || quality.crossings > 3 || quality.width > 1700 {
            over.push(format!("{name} {id}: {quality:?} {:?}", report.details));
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}

#[test]
fn any_leaf_or_line_may_go() {
    let mut over = Vec::new();
    for (name, id, _) in LIMITS {
        let graph = view::graph(&named(views::of(name, views::description(name)), id));
        let lines = (0..graph.edges.len())
            .map(|e| (format!("without {}", graph.edges[e].id), edits::without_line(&graph, e).0));
        let leaves = (0..graph.nodes.len())
            .filter(|&v| single(&graph, v))
            .map(|v| (format!("without {}", graph.nodes[v].id), edits::without_leaf(&graph, v).0));
        for (edit, graph) in lines.chain(leaves) {
            let (report, quality) = judged(&graph);
            if report.violations() > 0 || quality.crossings > 3 {
                over.push(format!("{name} {edit}: {quality:?} {:?}", report.details));
            }
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}
