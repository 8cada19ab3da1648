//! The compose files of all examples: every one reads back, and no mistake is reported.
//!
//! `ARCHGEN_DUMP=DIR cargo test --test compose` also writes them, for the validators and for reading.

use std::collections::BTreeMap;
use std::path::Path;

use archgen::artifact::Content;
use archgen::compile::{self, Texts};
use archgen::diag::{Diagnostics, print};
use archgen::model;
use archgen::target::compose::Compose;
use archgen::target::{Input, Target};

const EXAMPLES: [&str; 6] =
    ["bookstore", "bookstore-microservices", "craftech-ha", "ecs-mongo", "shop", "three-tier"];

fn read(name: &str) -> Texts {
    let path = format!("{}/examples/{name}/archgen.yaml", env!("CARGO_MANIFEST_DIR"));
    let description = std::fs::read_to_string(path).expect("the example exists");
    Texts { name: format!("examples/{name}/archgen.yaml"), description, ..Texts::default() }
}

/// All files of an example by path, and the rows of the loss report.
fn generate(name: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let mut out = Diagnostics::default();
    let project = compile::read(&read(name), &mut out);
    let mut files = BTreeMap::new();
    let mut losses = Vec::new();
    for environment in model::environments(project.document.as_ref().expect("it reads")) {
        let resolved = compile::resolve(&project, &environment, &mut out).expect("it resolves");
        let input = Input {
            model: &resolved.model,
            facts: &resolved.facts,
            catalog: &project.catalog,
            messages: &project.messages,
            templates: &BTreeMap::new(),
            prose: &BTreeMap::new(),
            to_description: "../..",
        };
        let output = Compose.generate(&input);
        assert!(
            output.diagnostics.is_empty(),
            "{}",
            print::human(&output.diagnostics, &project.sources, false)
        );
        for artifact in output.artifacts {
            let Content::Text { body, .. } = artifact.content else { panic!("not a text") };
            let old = files.insert(artifact.path.to_string(), body);
            assert!(old.is_none(), "{} is written twice", artifact.path);
        }
        losses.extend(
            output.losses.iter().map(|l| format!("{environment}: {}: {} ({})", l.element, l.what, l.why)),
        );
    }
    (files, losses)
}

#[test]
fn examples_become_compose_files() {
    for name in EXAMPLES {
        let (files, losses) = generate(name);
        if let Some(folder) = std::env::var_os("ARCHGEN_DUMP") {
            let folder = Path::new(&folder).join(name);
            for (path, text) in &files {
                let path = folder.join(path);
                std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("can be made");
                std::fs::write(path, text).expect("can be written");
            }
            std::fs::write(folder.join("losses.txt"), losses.join("\n")).expect("can be written");
        }
        assert!(files.keys().any(|path| path.ends_with("docker-compose.yml")), "{name}");
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".yml")) {
            let read: serde_yaml::Value = serde_yaml::from_str(text).expect(path);
            for (service, keys) in read["services"].as_mapping().expect(path) {
                let image = keys.get("image").or(keys.get("build"));
                assert!(image.is_some(), "{path}: {service:?} has no image");
            }
        }
        for losses in losses {
            assert!(!losses.contains("compose.loss"), "a sentence is missing: {losses}");
            assert!(!losses.contains(['{', '}']), "a name was not filled in: {losses}");
        }
    }
}
