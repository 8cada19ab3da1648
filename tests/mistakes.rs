//! Descriptions with mistakes, and what is said about them.
//!
//! `tests/mistakes/NAME.yaml` is read; everything reported must be exactly what `NAME.txt` says, with each
//! place and the token at it. `ARCHGEN_ACCEPT=1 cargo test --test mistakes` writes what is said now: read the
//! difference before you commit it.

use archgen::diag::{Diagnostic, Diagnostics, Severity};
use archgen::document;
use archgen::source::{Sources, Span};
use std::fmt::Write;
use std::path::{Path, PathBuf};

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

/// Everything that is said about a text.
fn report(name: &str, text: &str) -> String {
    let mut sources = Sources::default();
    let source = sources.add(name, text);
    let mut out = Diagnostics::default();
    document::read(source, text, &mut out);
    out.sorted().into_iter().map(|diagnostic| describe(&sources, diagnostic)).collect()
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

#[test]
fn every_mistake_is_reported_at_its_token() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let accept = std::env::var_os("ARCHGEN_ACCEPT").is_some();
    let mut wrong = Vec::new();
    let inputs = files(&folder, "yaml");
    for input in &inputs {
        let name = input.file_name().expect("a name").to_string_lossy().into_owned();
        let said = report(&name, &std::fs::read_to_string(input).expect("a text"));
        let expected = input.with_extension("txt");
        if accept {
            std::fs::write(&expected, &said).expect("written");
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{name} says:\n{said}"));
        }
        if !said.contains("error[") {
            wrong.push(format!("{name} holds no mistake"));
        }
    }
    for expected in files(&folder, "txt") {
        assert!(
            inputs.contains(&expected.with_extension("yaml")),
            "{} belongs to nothing",
            expected.display()
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_examples_hold_no_mistake() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(examples).expect("the folder is there") {
        let file = entry.expect("it can be listed").path().join("archgen.yaml");
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        seen += 1;
        assert_eq!(report(&file.display().to_string(), &text), "");
    }
    assert!(seen >= 6, "{seen} examples were found");
}
