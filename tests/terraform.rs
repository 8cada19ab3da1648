//! Terraform of the examples: it generates without a diagnostic, keeps its own format, and names only what is there.

use std::collections::BTreeMap;
use std::fs;

use archgen::artifact::Content;
use archgen::compile::{self, Texts};
use archgen::diag::{Diagnostics, print};
use archgen::model;
use archgen::target::terraform::{Terraform, hcl};
use archgen::target::{Input, Output, Target};

const EXAMPLES: [&str; 6] =
    ["bookstore", "bookstore-microservices", "craftech-ha", "ecs-mongo", "shop", "three-tier"];

/// Output of every environment of an example that has some, by environment.
fn generate(name: &str) -> BTreeMap<String, Output> {
    let path = format!("{}/examples/{name}/archgen.yaml", env!("CARGO_MANIFEST_DIR"));
    let description = fs::read_to_string(path).expect("the example exists");
    let texts = Texts { name: name.to_owned(), description, ..Texts::default() };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let document = project.document.as_ref().expect("the example is read");
    let mut made = BTreeMap::new();
    for environment in model::environments(document) {
        let resolved = compile::resolve(&project, &environment, &mut out).expect("the example resolves");
        let input = Input {
            model: &resolved.model,
            facts: &resolved.facts,
            catalog: &project.catalog,
            messages: &project.messages,
            templates: &BTreeMap::new(),
            prose: &BTreeMap::new(),
            to_description: "../..",
        };
        let output = Terraform.generate(&input);
        let found = print::human(&output.diagnostics, &project.sources, false);
        assert!(output.diagnostics.is_empty(), "{name}/{environment}: {found}");
        if !output.artifacts.is_empty() {
            made.insert(environment, output);
        }
    }
    made
}

fn files(output: &Output) -> Vec<(&str, &str)> {
    output
        .artifacts
        .iter()
        .map(|artifact| match &artifact.content {
            Content::Text { body, .. } => (artifact.path.as_str(), body.as_str()),
            Content::Bytes(_) => panic!("{} is no text", artifact.path),
        })
        .collect()
}

#[test]
fn examples_give_terraform_in_its_own_format() {
    let target = std::env::var_os("ARCHGEN_TERRAFORM_OUT");
    for name in EXAMPLES {
        for (environment, output) in generate(name) {
            for (path, text) in files(&output) {
                if let Some(target) = &target {
                    let file = std::path::Path::new(target).join(name).join(path);
                    fs::create_dir_all(file.parent().unwrap()).unwrap();
                    fs::write(file, text).unwrap();
                }
                let again = hcl::format(text).unwrap_or_else(|e| panic!("{name}/{path}: {e:?}\n{text}"));
                assert_eq!(again, text, "{name}/{path} is not in its own format");
            }
            if target.is_some() {
                for loss in &output.losses {
                    println!("{name}/{environment}: {}: {} ({})", loss.element, loss.what, loss.why);
                }
            }
            for loss in &output.losses {
                assert!(!loss.what.starts_with("terraform."), "{loss:?}");
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for name in ["ecs-mongo", "three-tier"] {
        let (first, second) = (generate(name), generate(name));
        for (environment, output) in &first {
            assert_eq!(files(output), files(&second[environment]), "{name}/{environment}");
        }
    }
}
