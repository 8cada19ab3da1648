//! What the printed forms of findings look like.

use super::*;
use crate::source::SourceId;
use proptest::prelude::*;

const TEXT: &str = "título: \"ñandú\"\ncomponents:\n\tdb: 1\n  b: { c: 1 }\n";

/// The place of the first occurrence of a token.
fn at(text: &str, token: &str) -> Span {
    let start = text.find(token).unwrap();
    Span::new(SourceId(0), start, start + token.len())
}

fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add("shop/archgen.yaml", text.to_owned());
    sources.add("other.yaml", "a: 1\r\nb: 2\r\n");
    sources
}

fn one(diagnostic: Diagnostic) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(diagnostic);
    diagnostics
}

#[test]
fn people_see_the_line_the_caret_and_the_hints() {
    let mut all = one(Diagnostic::warning("later", at(TEXT, "\tdb"), "tab")
        .label("TAB")
        .related(at(TEXT, "título"), "first")
        .related(Span::new(SourceId(1), 6, 7), "there"));
    all.push(
        Diagnostic::error("first", at(TEXT, "ñandú"), "no \u{1b}[31mbird\nhere")
            .label("this one")
            .hint("Write it")
            .hint("Or not"),
    );
    all.push(Diagnostic::new(Severity::Error, "nowhere", None, "the disk is full").hint("Delete something"));
    assert_eq!(
        human(&all, &sources(TEXT), false),
        "\
error[nowhere]: the disk is full
 |
 = help: Delete something

error[first]: no \u{FFFD}[31mbird here
 --> shop/archgen.yaml:1:10
  |
1 | título: \"ñandú\"
  |          ^^^^^ this one
  |
  = help: Write it
  = help: Or not

warning[later]: tab
 --> shop/archgen.yaml:3:1
  |
1 | título: \"ñandú\"
  | ------ first
2 | components:
3 |     db: 1
  | ^^^^^^ TAB
  |
 ::: other.yaml:2:1
  |
2 | b: 2
  | - there

2 errors, 1 warning
"
    );
    assert_eq!(
        short(&all, &sources(TEXT)),
        "error[nowhere]: the disk is full\n\
         shop/archgen.yaml:1:10: error[first]: no \u{FFFD}[31mbird here\n\
         shop/archgen.yaml:3:1: warning[later]: tab\n"
    );
}

#[test]
fn nothing_found_prints_nothing() {
    let none = Diagnostics::default();
    assert_eq!(human(&none, &sources(TEXT), true), "");
    assert_eq!(short(&none, &sources(TEXT)), "");
    assert_eq!(json(&none, &sources(TEXT)), "[]\n");
}

#[test]
fn json_has_every_field_and_counts_from_one() {
    let found = Diagnostic::note("code", at(TEXT, "ñandú\"\n"), "say \"ñ\"")
        .label("here")
        .related(Span::new(SourceId(1), 6, 7), "there")
        .hint("Do it");
    let value: serde_json::Value = serde_json::from_str(&json(&one(found), &sources(TEXT))).unwrap();
    assert_eq!(
        value,
        serde_json::json!([{
            "severity": "note",
            "code": "code",
            "message": "say \"ñ\"",
            "place": { "file": "shop/archgen.yaml", "line": 1, "column": 10, "end_line": 2, "end_column": 1 },
            "label": "here",
            "related": [{
                "place": { "file": "other.yaml", "line": 2, "column": 1, "end_line": 2, "end_column": 2 },
                "label": "there",
            }],
            "hints": ["Do it"],
        }])
    );
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let text = format!("a: 1\n{}token {}\n", "ñ ".repeat(400), "y ".repeat(400));
    let found = Diagnostic::error("long", at(&text, "token"), "far right")
        .label("here")
        .related(at(&text, "a"), "there");
    let printed = human(&one(found), &sources(&text), false);
    assert!(printed.lines().all(|line| line.chars().count() <= 130), "{printed}");
    assert!(printed.contains("shop/archgen.yaml:2:801") && printed.contains("ñ token y"), "{printed}");
    let endless = "x".repeat(3 << 20);
    let found = Diagnostic::error("long", Span::new(SourceId(0), 1 << 20, (1 << 20) + 5), "no line");
    assert!(human(&one(found), &sources(&endless), false).len() < 200);
}

#[test]
fn color_changes_no_word() {
    let found = one(Diagnostic::error("code", at(TEXT, "ñandú"), "message").label("here").hint("Do it"));
    let colored = human(&found, &sources(TEXT), true);
    assert!(colored.contains('\u{1b}'));
    let mut plain = String::new();
    let mut escape = false;
    for character in colored.chars() {
        match character {
            '\u{1b}' => escape = true,
            'm' if escape => escape = false,
            _ if escape => {}
            _ => plain.push(character),
        }
    }
    assert_eq!(plain, human(&found, &sources(TEXT), false));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_span_panics(
        text in "[a: \tñ😀\r\n\u{1b}]{0,40}",
        spans in prop::collection::vec((0u32..3, 0u32..60, 0u32..60), 1..4),
        label in "[a\nñ]{0,3}",
    ) {
        let spans: Vec<_> = spans.iter().map(|(id, start, end)| Span { source: SourceId(*id), start: *start, end: *end }).collect();
        let mut found = Diagnostic::error("code", spans[0], &label).label(&label).hint(&label);
        for span in &spans[1..] {
            found = found.related(*span, &label);
        }
        let (all, sources) = (one(found), sources(&text));
        prop_assert!(human(&all, &sources, false).contains("code"));
        prop_assert_eq!(short(&all, &sources).lines().count(), 1);
        prop_assert!(json(&all, &sources).contains("code"));
    }
}
