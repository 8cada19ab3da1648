//! The rules of ARCHITECTURE.md that can be read off the text, each tried on a seeded violation first.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "tidy/lexer.rs"]
mod lexer;
#[path = "tidy/rules.rs"]
mod rules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The paths of all files that belong to the repository, with `/`; below `src`, `tests` and `templates` where git is absent.
fn paths() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success());
    let mut found: Vec<String> = match listed {
        Some(output) => String::from_utf8_lossy(&output.stdout).split('\0').map(str::to_string).collect(),
        None => ["src", "tests", "templates"].iter().flat_map(|folder| below(&root().join(folder))).collect(),
    };
    found.retain(|path| root().join(path).is_file());
    found.sort();
    found.dedup();
    found
}

fn below(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            let skipped = name.contains("/.") || name.ends_with("/node_modules");
            if path.is_dir() { if skipped { Vec::new() } else { below(&path) } } else { vec![name] }
        })
        .collect()
}

/// The modules that files of the repository declare for tests alone, and those that these declare in turn.
fn test_modules(paths: &[String]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<(String, bool)> = paths
        .iter()
        .filter(|path| path.starts_with("src/") && path.ends_with(".rs"))
        .map(|path| (path.clone(), false))
        .collect();
    while let Some((path, is_test)) = open.pop() {
        let text = fs::read_to_string(root().join(&path)).unwrap_or_default();
        for module in lexer::declared_modules(&text, !is_test) {
            let folder = match path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix("/lib.rs")) {
                Some(folder) => folder.to_string(),
                None => path.trim_end_matches(".rs").to_string(),
            };
            for file in [format!("{folder}/{module}.rs"), format!("{folder}/{module}/mod.rs")] {
                if paths.contains(&file) && found.insert(file.clone()) {
                    open.push((file, true));
                }
            }
        }
    }
    found
}

/// Applies a rule to every text file with one of the endings (all, when none is given) and fails with its complaints.
/// `of_tests`: whether it is meant for test modules too.
fn hold(endings: &[&str], of_tests: bool, rule: impl Fn(&str, &str) -> Vec<String>) {
    let paths = paths();
    let left_out = if of_tests { BTreeSet::new() } else { test_modules(&paths) };
    let mut judged = 0;
    let mut complaints = Vec::new();
    for path in paths.iter().filter(|path| !left_out.contains(*path)) {
        if !endings.is_empty() && !endings.iter().any(|ending| path.ends_with(ending)) {
            continue;
        }
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        judged += 1;
        complaints.extend(rule(path, &text).into_iter().map(|complaint| format!("{path}:{complaint}")));
    }
    assert!(judged > 0, "no file to judge");
    assert!(complaints.is_empty(), "{} complaint(s):\n{}", complaints.len(), complaints.join("\n"));
}

/// The ids of the catalog: the stems of its files.
fn ids() -> Vec<String> {
    let files = paths();
    let stem = |path: &String| {
        let name = path.strip_prefix("templates/kinds/").or_else(|| path.strip_prefix("templates/forms/"))?;
        name.strip_suffix(".yaml").map(str::to_string)
    };
    let found: Vec<String> = files.iter().filter_map(stem).collect();
    assert!(!found.is_empty(), "no kinds and forms below templates/");
    found
}

#[test]
fn imports_run_one_way() {
    let seeded = |path: &str, text: &str| rules::imports(path, text).len();
    assert_eq!(seeded("src/layout/mod.rs", "use crate::model::Model;"), 0);
    assert_eq!(seeded("src/layout/mod.rs", "use crate::scene::Scene;"), 1);
    assert_eq!(seeded("src/model/mod.rs", "use crate::{diag, target::{compose, terraform}, source};"), 1);
    assert_eq!(seeded("src/model/merge.rs", "fn f() { crate::cli::main() }"), 1);
    assert_eq!(seeded("src/model/merge.rs", "use super::super::project::Project;"), 1);
    assert_eq!(seeded("src/model/mod.rs", "use super::project::Project;"), 1);
    assert_eq!(seeded("src/model/merge.rs", "use super::project;"), 0);
    assert_eq!(seeded("src/novelty.rs", ""), 1);
    assert_eq!(seeded("src/model.rs", "use tera::Tera;"), 1);
    assert_eq!(seeded("src/model.rs", "// crate::cli\n#[cfg(test)]\nmod tests { use crate::cli; }"), 0);
    assert_eq!(seeded("src/lib.rs", "pub use crate::cli::main;"), 0);
    hold(&[".rs"], false, rules::imports);
}

#[test]
fn below_project_nothing_reaches_outside() {
    let seeded = |path: &str, text: &str| rules::outside(path, text).len();
    assert_eq!(seeded("src/target/compose.rs", "use std::fs;"), 1);
    assert_eq!(seeded("src/target/compose.rs", "use std::{collections::BTreeMap, env};"), 1);
    assert_eq!(seeded("src/target/compose.rs", "use std::collections::HashMap;"), 1);
    assert_eq!(seeded("src/target/compose.rs", "fn f() { println!(\"x\"); }"), 1);
    assert_eq!(seeded("src/target/compose.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\"); // std::fs"), 0);
    assert_eq!(seeded("src/project.rs", "use std::fs;"), 0);
    hold(&[".rs"], false, rules::outside);
}

#[test]
fn no_rust_file_names_a_kind_or_a_form() {
    let catalog = ["postgres".to_string(), "network".to_string()];
    let also: [(&str, &[&str], &str); 1] = [("src/target/compose", &["network"], "a key of Compose files")];
    let seeded = |path: &str, text: &str| rules::names(path, text, &catalog, &also).len();
    assert_eq!(seeded("src/model/mod.rs", "if kind == \"postgres\" {}"), 1);
    assert_eq!(seeded("src/model/mod.rs", "// \"postgres\"\nlet x = \"postgres is meant\";"), 0);
    assert_eq!(seeded("src/model/mod.rs", "#[cfg(test)]\nmod tests { fn f() { g(\"postgres\") } }"), 0);
    assert_eq!(seeded("src/target/compose.rs", "key(\"network\")"), 0);
    assert_eq!(seeded("src/target/terraform.rs", "key(\"network\")"), 1);
    let known = ids();
    hold(&[".rs"], false, |path, text| rules::names(path, text, &known, rules::ALSO_WORDS));
}

#[test]
fn every_allowed_word_is_needed() {
    let known = ids();
    for (place, words, reason) in rules::ALSO_WORDS {
        let files: Vec<String> = paths().into_iter().filter(|path| path.starts_with(place)).collect();
        assert!(!files.is_empty() && !reason.is_empty(), "{place} does not exist, or has no reason");
        for word in *words {
            assert!(known.iter().any(|id| id == word), "`{word}` is no kind or form");
            let used = files.iter().any(|path| {
                let text = fs::read_to_string(root().join(path)).unwrap_or_default();
                !rules::names(path, &text, &[word.to_string()], &[]).is_empty()
            });
            assert!(used, "`{word}` is allowed in {place} but does not stand there");
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    assert_eq!(rules::size_and_head("src/a.rs", "//! A file.\n").len(), 0);
    assert_eq!(rules::size_and_head("src/a.rs", "fn main() {}\n").len(), 1);
    assert_eq!(rules::size_and_head("src/a.rs", &format!("//! Long.\n{}", "\n".repeat(600))).len(), 1);
    hold(&[".rs"], true, rules::size_and_head);
}

#[test]
fn bad_input_never_panics() {
    let seeded = |text: &str| rules::panics("src/a.rs", text).len();
    assert_eq!(seeded("fn f() { a.unwrap(); b.expect(\"it\"); panic!(\"no\") }"), 3);
    assert_eq!(seeded("fn f() { a\n    .expect(\n        \"it\") }"), 1);
    assert_eq!(seeded("fn f() { self.expect(Token::Comma); a.unwrap_or(1); \".unwrap()\"; }"), 0);
    assert_eq!(
        seeded("#[allow(clippy::expect_used, reason = \"built in\")]\nfn f() { a.expect(\"it\") }"),
        0
    );
    assert_eq!(
        seeded(
            "#[allow(clippy::expect_used, reason = \"built in\")]\nfn f() {}\nfn g() { a.expect(\"it\") }"
        ),
        1
    );
    assert_eq!(seeded("#[allow(clippy::unwrap_used)]\nfn f() { a.unwrap() }"), 1);
    assert_eq!(seeded("#[cfg(test)]\nmod tests { fn f() { a.unwrap() } }"), 0);
    hold(&[".rs"], false, rules::panics);
}

#[test]
fn what_is_left_to_do_stands_in_an_issue() {
    let mark = concat!("TO", "DO");
    assert_eq!(rules::left_to_do("src/a.rs", &format!("// {mark}: later\n")).len(), 1);
    assert_eq!(
        rules::left_to_do("src/a.rs", &format!("// {mark}(#12): later\nlet x = \"{mark}\";\n")).len(),
        0
    );
    hold(&[".rs"], true, rules::left_to_do);
}

#[test]
fn no_file_speaks_of_one_machine() {
    assert_eq!(rules::machine("README.md", concat!("see /wo", "rk/main")).len(), 1);
    assert_eq!(rules::machine("Cargo.lock", "source = \"registry+https://mirror.example/index\"").len(), 1);
    assert_eq!(rules::machine("README.md", "see https://github.com/").len(), 0);
    hold(&[], true, rules::machine);
}

/// The names under a heading of Cargo.toml that ends in `dependencies`.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim_end_matches(']').ends_with("dependencies");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| inside && !line.starts_with('#')) {
            found.push(name.trim().to_string());
        }
    }
    found
}

#[test]
fn every_dependency_has_its_reason() {
    assert_eq!(
        dependencies("[package]\nname = \"a\"\n[dev-dependencies]\nb = \"1\"\n# c = 1\n[lints]\nd = 1\n"),
        ["b"]
    );
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let page = fs::read_to_string(root().join("book/src/decisions/dependencies.md")).unwrap();
    let taken = page.split("## What is not taken").next().unwrap();
    let known = dependencies(&manifest);
    assert!(!known.is_empty(), "Cargo.toml has no dependencies?");
    for name in &known {
        assert!(
            taken.contains(&format!("| `{name}` |")),
            "{name} has no line in book/src/decisions/dependencies.md"
        );
    }
    let rows = taken.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(
        rows,
        known.len(),
        "book/src/decisions/dependencies.md has lines for what Cargo.toml does not take"
    );
}
