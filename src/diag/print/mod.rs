//! How diagnostics are printed: for people, one line each, or as JSON.
//!
//! All three are plain functions of their input: the width is fixed, nothing asks the terminal, and texts of
//! the user are freed of control characters.

mod human;
#[cfg(test)]
mod tests;

pub use human::human;

use super::{Diagnostic, Diagnostics, Severity};
use crate::source::{Source, Sources, Span};
use serde::Serialize;
use std::fmt::Write;

/// The word for a severity.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A span that is safe to use: inside its text and on character borders. `None` for an unknown source.
fn clamp(span: Span, sources: &Sources) -> Option<(&Source, std::ops::Range<usize>)> {
    let source = sources.find(span.source)?;
    let text = source.text();
    let floor = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    Some((source, start..floor(span.end).max(start)))
}

/// A text on one line and without control characters or signs that turn the direction of writing.
fn clean(text: &str) -> String {
    let bad = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.trim_end()
        .chars()
        .map(|c| {
            if c == '\n' || c == '\t' {
                ' '
            } else if bad(c) {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

/// "2 errors, 1 warning": what the findings are in number; empty when there are none.
pub fn summary(diagnostics: &Diagnostics) -> String {
    let mut parts = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        match diagnostics.count(severity) {
            0 => {}
            1 => parts.push(format!("1 {}", word(severity))),
            n => parts.push(format!("{n} {}s", word(severity))),
        }
    }
    parts.join(", ")
}

/// One line for each finding, `file:line:column: error[code]: message`, as editors and grep like it.
pub fn short(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.sorted() {
        if let Some((source, at)) = diagnostic.span.and_then(|span| clamp(span, sources)) {
            let (line, column) = source.position(at.start as u32);
            let _ = write!(text, "{}:{line}:{column}: ", clean(source.name()));
        }
        let _ = writeln!(
            text,
            "{}[{}]: {}",
            word(diagnostic.severity),
            diagnostic.code,
            clean(&diagnostic.message)
        );
    }
    text
}

/// All findings as a JSON array, in the order of [`short`].
///
/// Each is an object: `severity` (`error`, `warning`, `note`), `code`, `message`, `place` (`null` when it has
/// none), `label` (the words under the caret), `related` (an array of `place` with `label`) and `hints`. A place
/// is `file`, `line`, `column`, `end_line`, `end_column`: counted from 1, columns in characters, the end being
/// the first character that no longer belongs to it.
pub fn json(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let all: Vec<_> =
        diagnostics.sorted().into_iter().map(|diagnostic| record(diagnostic, sources)).collect();
    // Strings, numbers and arrays alone always serialise.
    let mut text = serde_json::to_string_pretty(&all).unwrap_or_else(|_| "[]".to_owned());
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Record<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    place: Option<Place<'a>>,
    label: &'a str,
    related: Vec<Related<'a>>,
    hints: &'a [String],
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    place: Option<Place<'a>>,
    label: &'a str,
}

fn record<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Record<'a> {
    Record {
        severity: word(diagnostic.severity),
        code: diagnostic.code,
        message: &diagnostic.message,
        place: diagnostic.span.and_then(|span| place(span, sources)),
        label: &diagnostic.label,
        related: diagnostic
            .related
            .iter()
            .map(|(span, label)| Related { place: place(*span, sources), label })
            .collect(),
        hints: &diagnostic.hints,
    }
}

fn place(span: Span, sources: &Sources) -> Option<Place<'_>> {
    let (source, at) = clamp(span, sources)?;
    let (line, column) = source.position(at.start as u32);
    let (end_line, end_column) = source.position(at.end as u32);
    Some(Place { file: source.name(), line, column, end_line, end_column })
}
