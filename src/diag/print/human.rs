//! Diagnostics for people: the source line with a caret, other places, and how to mend it.

use super::super::{Diagnostic, Diagnostics, Severity};
use super::{clamp, clean, summary};
use crate::source::{Source, SourceId, Sources, Span};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;

/// Columns that a line may take.
const WIDTH: usize = 120;
/// Places on lines longer than this are drawn one by one, so that each line can be cut around its place.
const LONG_LINE: usize = 100;
/// Places further apart than this many bytes are drawn one by one.
const FAR: usize = 10_000;
/// Lines longer than this many bytes are not drawn.
const TOO_LONG: usize = 50_000;

/// All findings with their source lines, and how many there are; empty when there are none.
pub fn human(diagnostics: &Diagnostics, sources: &Sources, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut text = String::new();
    for diagnostic in diagnostics.sorted() {
        text.push_str(&renderer.render(&[report(diagnostic, sources)]));
        text.push_str("\n\n");
    }
    if !text.is_empty() {
        text.push_str(&summary(diagnostics));
        text.push('\n');
    }
    text
}

/// One place that is drawn.
struct Mark<'a> {
    id: SourceId,
    source: &'a Source,
    at: Range<usize>,
    label: String,
    primary: bool,
}

fn report<'a>(diagnostic: &Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level
        .primary_title(clean(&diagnostic.message))
        .id(diagnostic.code)
        .elements(Vec::<Origin<'_>>::new());
    let mut marks: Vec<Mark<'_>> = Vec::new();
    marks.extend(diagnostic.span.and_then(|span| mark(span, &diagnostic.label, true, sources)));
    marks.extend(diagnostic.related.iter().filter_map(|(span, label)| mark(*span, label, false, sources)));
    for marks in together(marks) {
        let Some(first) = marks.first() else { continue };
        let (name, text) = (clean(first.source.name()), first.source.text());
        let start = marks.iter().map(|mark| line_of(text, mark.at.start).start).min().unwrap_or_default();
        let end = marks.iter().map(|mark| line_of(text, mark.at.start).end).max().unwrap_or_default();
        let blank = text[start..end].trim().is_empty() && marks.iter().all(|mark| mark.at.is_empty());
        if blank || end - start > TOO_LONG {
            // There is nothing to see but the place.
            let (line, column) = first.source.position(first.at.start as u32);
            group = group.element(Origin::path(name).line(line).char_column(column));
            continue;
        }
        let (line, _) = first.source.position(start as u32);
        let annotations: Vec<_> = marks
            .iter()
            .map(|mark| annotation(mark.primary, mark.at.start - start..mark.at.end - start, &mark.label))
            .collect();
        let snippet = Snippet::source(&text[start..end]).path(name).line_start(line).annotations(annotations);
        group = group.element(snippet);
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(clean(hint)));
    }
    group
}

fn annotation<'a>(primary: bool, at: Range<usize>, label: &str) -> Annotation<'a> {
    let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(at);
    if label.is_empty() { annotation } else { annotation.label(clean(label)) }
}

/// A place, cut to its first line: what a long value holds need not be drawn.
fn mark<'a>(span: Span, label: &str, primary: bool, sources: &'a Sources) -> Option<Mark<'a>> {
    let (source, at) = clamp(span, sources)?;
    let line = line_of(source.text(), at.start);
    let start = at.start.min(line.end);
    Some(Mark {
        id: span.source,
        source,
        at: start..at.end.min(line.end).max(start),
        label: label.to_owned(),
        primary,
    })
}

/// Groups places that one picture can show: near to the first and on lines of usual length.
fn together(marks: Vec<Mark<'_>>) -> Vec<Vec<Mark<'_>>> {
    let long = |mark: &Mark<'_>| {
        mark.source.text()[line_of(mark.source.text(), mark.at.start)].chars().count() > LONG_LINE
    };
    let mut groups: Vec<Vec<Mark<'_>>> = Vec::new();
    for mark in marks {
        let near = groups.iter_mut().find(|group| {
            let first = &group[0];
            first.id == mark.id
                && !long(first)
                && !long(&mark)
                && first.at.start.abs_diff(mark.at.start) <= FAR
        });
        match near {
            Some(group) => group.push(mark),
            None => groups.push(vec![mark]),
        }
    }
    groups
}

/// The line of a byte, without its line break.
fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let end = text[start..].find('\n').map_or(text.len(), |found| start + found);
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    start..end
}
