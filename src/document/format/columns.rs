//! Columns across lines: values of neighbours that are aligned, and comments that stand in one column.

use super::tokens::{Kind, Line};

/// The key of a line, with its value or with nothing but a block below it.
struct Entry {
    line: usize,
    map: usize,
    /// Characters of the key.
    width: usize,
    /// Blanks behind the colon, as written; 1 without a value.
    blanks: usize,
    /// Whether the value stands on the line, all of it.
    value: bool,
}

impl Entry {
    /// Where the value stands, counted from the key.
    fn column(&self) -> usize {
        self.width + self.blanks
    }
}

/// Entries of one map whose values stand in one column.
struct Run {
    map: usize,
    entries: Vec<Entry>,
    /// Whether an entry that does not belong to the column stands behind the last one.
    interrupted: bool,
}

/// How many blanks stand behind the colon of each line: one, or as many as align the values of neighbours that
/// were aligned before.
pub(super) fn pads(text: &str, lines: &[Line]) -> Vec<usize> {
    let mut pads = vec![1; lines.len()];
    // The run of each map that is still open, innermost map last, and the runs that have ended.
    let mut open: Vec<Run> = Vec::new();
    let mut ended: Vec<Run> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.blank_before {
            ended.append(&mut open);
        }
        let Some(entry) = entry(text, line, at) else { continue };
        while open.last().is_some_and(|run| run.map > entry.map) {
            ended.extend(open.pop());
        }
        match open.last_mut() {
            Some(run) if run.map == entry.map && run.takes(&entry) => run.entries.push(entry),
            Some(run) if run.map == entry.map && !entry.value => run.interrupted = true,
            Some(run) if run.map == entry.map => ended.push(std::mem::replace(run, Run::of(entry))),
            _ => open.push(Run::of(entry)),
        }
    }
    ended.append(&mut open);
    for run in ended {
        let aligned = run.entries.len() > 1 && run.entries.iter().any(|entry| entry.blanks > 1);
        let width = run.entries.iter().map(|entry| entry.width).max().unwrap_or_default();
        for entry in run.entries {
            pads[entry.line] = if aligned { width - entry.width + 1 } else { 1 };
        }
    }
    pads
}

impl Run {
    fn of(entry: Entry) -> Self {
        Run { map: entry.map, entries: vec![entry], interrupted: false }
    }

    /// Whether an entry is aligned with those above it, or meant to be.
    fn takes(&self, entry: &Entry) -> bool {
        let column = self.entries.last().map_or(0, Entry::column);
        let near = !self.interrupted && entry.blanks > 1 && self.entries.iter().any(|entry| entry.blanks > 1);
        column.abs_diff(entry.column()) <= if near { 2 } else { 0 }
    }
}

fn entry(text: &str, line: &Line, at: usize) -> Option<Entry> {
    let [key, colon, rest @ ..] = &line.tokens[..] else { return None };
    let Kind::Key(map) = key.kind else { return None };
    if colon.kind != Kind::Colon {
        return None;
    }
    let width = text[key.at.clone()].chars().count();
    let last = rest.iter().rfind(|token| token.kind != Kind::Comment);
    let (Some(first), Some(last)) = (rest.first(), last) else {
        return Some(Entry { line: at, map, width, blanks: 1, value: false });
    };
    let brackets = |kind| line.tokens.iter().filter(|token| token.kind == kind).count();
    let whole = !text[key.at.start..last.at.end].contains('\n')
        && brackets(Kind::Open) == brackets(Kind::Close)
        && last.kind != Kind::Block;
    let blanks = if whole { text[colon.at.end..first.at.start].chars().count() } else { 1 };
    Some(Entry { line: at, map, width, blanks, value: whole })
}

/// Puts the comments behind the printed lines. Comments of neighbours that stand in one column stay in one: close
/// to the longest line if they were, else where they are; a single one keeps its distance if it is small.
pub(super) fn add_comments(text: &str, lines: &[Line], printed: &mut [String]) {
    let mut group: Vec<Comment> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let comment = comment(text, line, at);
        let joins = |comment: &Comment| group.last().is_some_and(|last| last.column == comment.column);
        if line.blank_before || !comment.as_ref().is_some_and(joins) {
            place(text, lines, &group, printed);
            group.clear();
        }
        group.extend(comment);
    }
    place(text, lines, &group, printed);
}

/// A comment behind something on its line.
struct Comment {
    line: usize,
    /// Where it stands, as written.
    column: usize,
    /// Blanks before it, as written.
    gap: usize,
}

fn comment(text: &str, line: &Line, at: usize) -> Option<Comment> {
    let [.., before, comment] = &line.tokens[..] else { return None };
    if comment.kind != Kind::Comment {
        return None;
    }
    let start = text[..comment.at.start].rfind('\n').map_or(0, |found| found + 1);
    let count = |from: usize| text[from..comment.at.start].chars().count();
    Some(Comment { line: at, column: count(start), gap: count(before.at.end) })
}

fn place(text: &str, lines: &[Line], group: &[Comment], printed: &mut [String]) {
    let width = |printed: &str| printed.rsplit('\n').next().unwrap_or_default().chars().count();
    let gap = group.iter().map(|comment| comment.gap).min().unwrap_or_default().max(1);
    let longest = group.iter().map(|comment| width(&printed[comment.line])).max().unwrap_or_default();
    for comment in group {
        let Some(token) = lines[comment.line].tokens.last() else { continue };
        let line = &mut printed[comment.line];
        let column = if gap <= 2 { longest + gap } else { comment.column.max(width(line) + 2) };
        line.extend(std::iter::repeat_n(' ', column - width(line)));
        line.push_str(&text[token.at.clone()]);
    }
}
