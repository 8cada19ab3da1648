//! The views of the examples, also with their descriptions changed.

use std::path::PathBuf;

use archgen::compile::{self, Texts};
use archgen::diag::Diagnostics;
use archgen::model;
use archgen::view::View;

pub(crate) const EXAMPLES: [&str; 6] =
    ["bookstore", "bookstore-microservices", "craftech-ha", "ecs-mongo", "shop", "three-tier"];

/// The description of an example.
pub(crate) fn description(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join("examples").join(name).join("archgen.yaml"))
        .expect("the example exists")
}

/// All views of a description, in order.
pub(crate) fn of(name: &str, description: String) -> Vec<View> {
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
    pictures.iter().flat_map(|(_, picture)| picture.views().to_vec()).collect()
}
