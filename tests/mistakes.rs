//! Descriptions with mistakes, and what is said about them.
//!
//! `tests/mistakes/NAME.yaml` (of the language) and `tests/mistakes/model/NAME.yaml` (of what it says) are read and
//! resolved in all their environments; everything reported must be exactly what `NAME.txt` says, with each place and
//! the token at it. Where a `NAME.screen` lies beside it, what a person sees is compared as well.
//! `ARCHGEN_ACCEPT=1 cargo test --test mistakes` writes what is said now: read the difference before you commit it.

use archgen::compile::{self, Project, Texts};
use archgen::diag::{Diagnostic, Diagnostics, Severity, print};
use archgen::source::{Sources, Span};
use archgen::{document, model};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A place as `line:column-line:column` and its text, shortened to one line.
fn place(sources: &Sources, span: Span) -> String {
    let source = sources.get(span.source);
    let (line, column) = source.position(span.start);
    let (end_line, end_column) = source.position(span.end);
    let token: String = sources.slice(span).lines().next().unwrap_or_default().chars().take(60).collect();
    if line == end_line {
        format!("{line}:{column}-{end_column} `{token}`")
    } else {
        format!("{line}:{column}-{end_line}:{end_column} `{token}…`")
    }
}

fn describe(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut text = format!("{severity}[{}]: {}\n", diagnostic.code, diagnostic.message);
    if let Some(span) = diagnostic.span {
        writeln!(text, "  at {} {}", place(sources, span), diagnostic.label).expect("text grows");
    }
    for (span, words) in &diagnostic.related {
        writeln!(text, "  see {} {words}", place(sources, *span)).expect("text grows");
    }
    for hint in &diagnostic.hints {
        writeln!(text, "  hint: {hint}").expect("text grows");
    }
    text
}

/// The catalog, read once for all cases.
fn catalog() -> &'static Project {
    static CATALOG: LazyLock<Project> = LazyLock::new(|| {
        let description = "archgen: v1\ncomponents: { users: { kind: actor } }\n".to_owned();
        compile::read(&Texts { description, ..Texts::default() }, &mut Diagnostics::default())
    });
    &CATALOG
}

/// Everything that is said about a text: in full, and as a person sees it.
fn report(name: &str, text: &str) -> (String, String) {
    let mut project = catalog().clone();
    project.source = project.sources.add(name.to_owned(), text.to_owned());
    let mut out = Diagnostics::default();
    project.document = document::read(project.source, text, &mut out);
    if let Some(document) = &project.document {
        model::check_names(document, &project.catalog, &mut out);
        for environment in model::environments(document) {
            compile::resolve(&project, &environment, &mut out);
        }
    }
    let full = out.sorted().into_iter().map(|diagnostic| describe(&project.sources, diagnostic)).collect();
    (full, print::human(&out, &project.sources, false))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    all.sort();
    all
}

/// Compares a folder of descriptions with what is said of them; `ARCHGEN_ACCEPT` writes it instead.
fn compare(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let accept = std::env::var_os("ARCHGEN_ACCEPT").is_some();
    let mut wrong = Vec::new();
    let inputs = files(&folder, "yaml");
    for input in &inputs {
        let name = input.file_name().expect("a name").to_string_lossy().into_owned();
        let (said, seen) = report(&name, &std::fs::read_to_string(input).expect("a text"));
        let mut expect = |file: PathBuf, now: &str| {
            if accept {
                std::fs::write(&file, now).expect("written");
            } else {
                let then = std::fs::read_to_string(&file).unwrap_or_default();
                if then != now {
                    let change = similar::TextDiff::from_lines(&then, now);
                    let change = change.unified_diff().header("expected", "said now").to_string();
                    wrong.push(format!("{}:\n{change}", file.display()));
                }
            }
        };
        expect(input.with_extension("txt"), &said);
        if input.with_extension("screen").exists() {
            expect(input.with_extension("screen"), &seen);
        }
        for hint in said.lines().filter_map(|line| line.strip_prefix("  hint: ")) {
            let mut letters = hint.chars();
            let begins_large = letters.next().is_some_and(char::is_uppercase);
            if begins_large && letters.next().is_some_and(char::is_lowercase) {
                wrong.push(format!("{name}: hints begin with a small letter: {hint}"));
            }
        }
        if !said.contains("error[") && !said.contains("warning[") {
            wrong.push(format!("{name} holds no mistake"));
        }
    }
    for expected in files(&folder, "txt").into_iter().chain(files(&folder, "screen")) {
        let input = expected.with_extension("yaml");
        assert!(inputs.contains(&input), "{} belongs to nothing", expected.display());
    }
    assert!(wrong.is_empty(), "{}\naccept with ARCHGEN_ACCEPT=1", wrong.join("\n"));
}

#[test]
fn every_mistake_of_the_language_is_reported_at_its_token() {
    compare("tests/mistakes");
}

#[test]
fn every_mistake_in_what_is_said_is_reported_at_its_token() {
    compare("tests/mistakes/model");
}

#[test]
fn the_examples_hold_no_mistake() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(examples).expect("the folder is there") {
        let file = entry.expect("it can be listed").path().join("archgen.yaml");
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        seen += 1;
        let said = report(&file.display().to_string(), &text).0;
        assert!(!said.contains("error[") && !said.contains("warning["), "{said}");
    }
    assert!(seen >= 6, "{seen} examples were found");
}
