//! The sections of a description: their order and the blank lines between them.

use super::tokens::{Block, Kind, Line, Token};

/// The order of the sections of a description. What is not here stays behind its predecessor.
const SECTIONS: &[&str] = &[
    "archgen",
    "system",
    "vars",
    "zones",
    "components",
    "connections",
    "secrets",
    "decisions",
    "flows",
    "operations",
    "pipelines",
    "assert",
    "environments",
    "views",
    "outputs",
    "passthrough",
];

/// Whether a line is the first of a section: a key of the outermost map.
fn section<'a>(text: &'a str, line: &Line) -> Option<&'a str> {
    match line.tokens.first() {
        Some(Token { kind: Kind::Key(_), column: Some(0), at, .. }) => {
            Some(text[at.clone()].trim_matches(['"', '\'']))
        }
        // An anchor before a key.
        Some(Token { kind: Kind::Property, column: Some(0), .. }) => Some(""),
        _ => None,
    }
}

/// The first line of each section: its key, or the comment directly above it. The comments at the top belong to
/// the file.
fn starts(text: &str, lines: &[Line], indents: &[usize]) -> Vec<usize> {
    let mut starts = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if section(text, line).is_none() {
            continue;
        }
        let mut start = at;
        while !starts.is_empty()
            && !lines[start].blank_before
            && lines[start - 1].tokens[0].kind == Kind::Comment
            && indents[start - 1] == 0
        {
            start -= 1;
        }
        starts.push(start);
    }
    starts
}

/// Puts a blank line between sections.
pub(super) fn space(text: &str, lines: &mut [Line], indents: &[usize]) {
    for start in starts(text, lines, indents).into_iter().skip(1) {
        // Blank lines behind a `|+` block are part of its text.
        let last = lines[start - 1].tokens.last();
        let keeps = last.is_some_and(|t| t.kind == Kind::Block && Block::new(&text[t.at.clone()], 0).keeps);
        lines[start].blank_before = !keeps;
    }
}

/// The lines with their sections in canonical order. What stands before the first key and the comments behind
/// the last one stay where they are.
pub(super) fn order(text: &str, lines: &[Line], indents: &[usize]) -> Vec<usize> {
    let starts = starts(text, lines, indents);
    let Some(&first) = starts.first() else { return (0..lines.len()).collect() };
    let mut end = lines.len();
    while end > first && lines[end - 1].tokens[0].kind == Kind::Comment && indents[end - 1] == 0 {
        end -= 1;
    }
    // A comment that follows a section without a blank line still belongs to it.
    while end < lines.len() && !lines[end].blank_before {
        end += 1;
    }
    let mut rank = 0;
    let mut chunks = Vec::new();
    for (index, &start) in starts.iter().enumerate() {
        let stop = starts.get(index + 1).copied().unwrap_or(end);
        let key = (start..stop).find_map(|at| section(text, &lines[at]));
        rank = key.and_then(|key| SECTIONS.iter().position(|section| *section == key)).unwrap_or(rank);
        chunks.push((rank, start..stop));
    }
    chunks.sort_by_key(|(rank, _)| *rank);
    (0..first).chain(chunks.into_iter().flat_map(|(_, range)| range)).chain(end..lines.len()).collect()
}
