//! Golden cases: what small descriptions become, byte for byte.
//!
//! Each folder `tests/cases/NAME` holds an `archgen.yaml`, files beside it where the case is about them (`archgen/`,
//! `archgen.d/`), and under `expected/` every text that comes of it, with `diagnostics.txt` (what is said) and
//! `losses.txt` (what is left out). A file `only` names the targets that the case is about, so that a change of the
//! drawing touches the cases about drawing alone. Pixels are not compared: a PNG is its SVG, painted.
//!
//! `ARCHGEN_ACCEPT=1 cargo test --test golden` writes what comes now. Read the difference before you commit it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use archgen::compile::run::{Run, Setup, Wanted};
use archgen::compile::{self, Texts};
use archgen::diag::print;
use archgen::model;
use archgen::project::{self, RealDisk, stamp};
use archgen::target::diagram::{self, Painting};

/// Everything that comes of a case, by path.
fn render(folder: &Path) -> BTreeMap<String, String> {
    let file = folder.join("archgen.yaml");
    let (texts, mut out) =
        project::read_texts(&file, None, &RealDisk).unwrap_or_else(|problem| panic!("{problem:?}"));
    let texts = Texts { name: "archgen.yaml".to_owned(), ..texts };
    let mut project = compile::read(&texts, &mut out);
    let look = compile::look(&mut project, &texts, None, &mut out).unwrap_or_else(diagram::default_look);
    let mut files = BTreeMap::new();
    let mut losses = String::new();
    if let Some(document) = &project.document {
        let environments = model::environments(document);
        let resolved: Vec<_> = environments
            .iter()
            .filter_map(|environment| compile::resolve(&project, environment, &mut out))
            .collect();
        let painting = Painting {
            fixed: diagram::fixed(&look),
            look,
            icons: project.icons.clone(),
            formats: compile::outputs(document)
                .formats
                .into_iter()
                .filter(|format| format != "png")
                .collect(),
            scale: 1.0,
            width: None,
        };
        let setup = Setup {
            templates: &texts.templates,
            prose: &texts.prose,
            painting,
            to_description: "../..".to_owned(),
        };
        let run = Run::new(&project, resolved, setup, &Wanted::default(), &mut out);
        let only = fs::read_to_string(folder.join("only")).ok();
        let targets = only.map(|only| only.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let tasks = run.tasks(&Wanted { targets: targets.clone(), ..Wanted::default() });
        let results = tasks.iter().map(|task| run.perform(task)).collect();
        let made = run.finish(&tasks, results);
        for artifact in &made.artifacts {
            if targets.as_ref().is_some_and(|targets| !targets.iter().any(|name| name == artifact.target)) {
                continue;
            }
            let bytes = String::from_utf8(stamp(artifact)).expect("only texts are compared");
            assert!(
                files.insert(artifact.path.to_string(), bytes).is_none(),
                "{} comes twice",
                artifact.path
            );
        }
        for (environment, loss) in &made.losses {
            let place = [environment, &loss.target, &loss.element]
                .map(|word| if word.is_empty() { "-" } else { word });
            writeln!(losses, "{}: {}\n  {}", place.join(" "), loss.what, loss.why).expect("text grows");
        }
        out.extend(made.diagnostics);
    }
    if project.document.is_some() && out.has_errors() {
        files.clear();
    }
    files.insert("losses.txt".to_owned(), losses);
    files.insert("diagnostics.txt".to_owned(), print::short(&out, &project.sources));
    files
}

/// All files below a folder by path.
fn read_all(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(at) = todo.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten() {
            let path = entry.expect("listed").path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).expect("text"));
            }
        }
    }
    found
}

/// What differs in one case, for people; empty when nothing does.
fn difference(expected: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (name, old) in expected {
        match now.get(name) {
            None => writeln!(text, "  {name}: comes no more").expect("text grows"),
            Some(new) if new != old => {
                let change = similar::TextDiff::from_lines(old, new);
                let change = change.unified_diff().context_radius(2).header("expected", "now").to_string();
                // A line of an SVG may be long, and a page of differences says as much as ten.
                let lines = change.lines().take(60).map(|line| line.chars().take(200).collect::<String>());
                writeln!(text, "  {name}:\n{}", lines.collect::<Vec<_>>().join("\n")).expect("text grows");
            }
            Some(_) => {}
        }
    }
    for name in now.keys().filter(|name| !expected.contains_key(*name)) {
        writeln!(text, "  {name}: is new").expect("text grows");
    }
    text
}

fn accept(folder: &Path, now: &BTreeMap<String, String>) {
    let _ = fs::remove_dir_all(folder);
    for (name, text) in now {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, text).expect("written");
    }
}

#[test]
fn every_case_becomes_what_is_expected() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(&cases)
        .expect("the folder is there")
        .map(|entry| entry.expect("listed").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 12, "{} cases", folders.len());
    let accepting = std::env::var_os("ARCHGEN_ACCEPT").is_some();
    let mut wrong = String::new();
    for folder in folders {
        let now = render(&folder);
        let expected = folder.join("expected");
        if accepting {
            accept(&expected, &now);
            continue;
        }
        let difference = difference(&read_all(&expected), &now);
        if !difference.is_empty() {
            let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
            writeln!(wrong, "{name}:\n{difference}").expect("text grows");
        }
    }
    assert!(wrong.is_empty(), "{wrong}\naccept with: ARCHGEN_ACCEPT=1 cargo test --test golden");
}
