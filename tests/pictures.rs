//! Every environment of every example as pictures: well-formed, with unique ids, the same on every run.

use std::collections::BTreeSet;
use std::path::PathBuf;

use archgen::compile::{self, Texts};
use archgen::diag::Diagnostics;
use archgen::layout::{Layout, layout};
use archgen::model;
use archgen::render;
use archgen::scene::icon::Icons;
use archgen::scene::theme::Theme;
use archgen::scene::{Look, Style, build};
use archgen::view::{self, View};
use resvg::usvg::roxmltree::Document;

const EXAMPLES: [&str; 6] =
    ["bookstore", "bookstore-microservices", "craftech-ha", "ecs-mongo", "shop", "three-tier"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All views of an example, in order.
fn views(name: &str) -> Vec<View> {
    let path = root().join("examples").join(name).join("archgen.yaml");
    let description = std::fs::read_to_string(path).expect("the example exists");
    let texts = Texts { name: name.to_owned(), description, ..Texts::default() };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let document = project.document.as_ref().expect("the example can be read");
    let mut views = Vec::new();
    for environment in model::environments(document) {
        // That all environments resolve is held by another test.
        let Some(resolved) = compile::resolve(&project, &environment, &mut out) else { continue };
        let input =
            view::build::Input { model: &resolved.model, facts: &resolved.facts, catalog: &project.catalog };
        let mut found = Diagnostics::default();
        views.extend(view::build::build(input, &mut found));
        assert!(found.is_empty(), "{name} {environment}: {:?}", found.sorted());
    }
    views
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
        let views = views(name);
        assert!(!views.is_empty(), "{name}");
        let ids: BTreeSet<&str> = views.iter().map(|view| view.id.as_str()).collect();
        assert_eq!(ids.len(), views.len(), "{name}: two views with one name");
        for view in &views {
            let text = svg(view, auto());
            assert!(text == svg(view, auto()), "{name} {}: not the same twice", view.id);
            let document = Document::parse(&text).expect("well-formed");
            let mut seen = BTreeSet::new();
            for id in document.descendants().filter_map(|element| element.attribute("id")) {
                assert!(seen.insert(id), "{name} {}: {id} occurs twice", view.id);
            }
            let edges: BTreeSet<&str> = view.edges.iter().map(|edge| edge.id.as_str()).collect();
            assert!(edges.len() == view.edges.len(), "{name} {}: two lines with one name", view.id);
            assert!(view.lacking().is_empty(), "{name} {}: {:?}", view.id, view.lacking());
            assert!(view.edges.iter().all(|edge| !edge.sentence.is_empty()), "{name} {}", view.id);
            assert!(!view.description.is_empty() && !view.title.is_empty());
        }
    }
}

#[test]
fn a_network_stands_beside_each_overview() {
    let ids: Vec<String> = views("shop").into_iter().map(|view| view.id).collect();
    assert_eq!(ids, ["prod-overview", "prod-network", "local-overview"]);
}

/// Writes all pictures to `target/look` for the eye.
#[test]
#[ignore = "writes files to look at"]
fn look() {
    let folder = root().join("target/look");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    for name in EXAMPLES {
        for view in views(name) {
            println!("{name} {}: {} nodes, {} lines", view.id, view.nodes.len(), view.edges.len());
            let text = svg(&view, Look::Fixed(Theme::light()));
            let file = folder.join(format!("{name}-{}.svg", view.id));
            std::fs::write(&file, &text).expect("the picture can be written");
            let picture = render::png(&text, 1.5).expect("the picture can be drawn");
            std::fs::write(file.with_extension("png"), picture).expect("the picture can be written");
        }
    }
}
