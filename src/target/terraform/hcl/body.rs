//! Bodies: attributes with aligned equals signs, blocks with an empty line around them, comments above.

use hcl_edit::structure::{Block, BlockLabel, Body, Structure};
use hcl_edit::{Decorate, RawString};

use super::expression;

/// Spaces of one step.
pub(super) const STEP: usize = 2;

/// A line of a body or object, before equals signs are aligned.
pub(super) enum Line {
    /// An empty line; two in a row become one.
    Empty,
    /// A comment, with its mark.
    Comment(String),
    /// `key = value`; the value may have further lines, which are indented already.
    Pair(String, String),
    /// Anything else, indented already, without a line break at the end.
    Other(String),
}

/// A body with all lines indented by `indent` spaces.
pub(super) fn print(body: &Body, indent: usize) -> String {
    let mut lines = Vec::new();
    let mut after_block = false;
    for (at, structure) in body.iter().enumerate() {
        let is_block = structure.is_block();
        if at > 0 && (is_block || after_block) {
            lines.push(Line::Empty);
        }
        push_structure(structure, indent, &mut lines);
        after_block = is_block;
    }
    lines.extend(comments(body.decor().suffix()));
    layout(lines, indent)
}

/// One structure with its comments.
pub(super) fn print_structure(structure: &Structure, indent: usize) -> String {
    let mut lines = Vec::new();
    push_structure(structure, indent, &mut lines);
    layout(lines, indent)
}

fn push_structure(structure: &Structure, indent: usize, lines: &mut Vec<Line>) {
    lines.extend(comments(structure.decor().prefix()));
    lines.extend(comments(structure.decor().suffix()).into_iter().filter(|l| !matches!(l, Line::Empty)));
    match structure {
        Structure::Attribute(attribute) => {
            let key = attribute.key.as_str().to_owned();
            lines.extend(trailing_comment(attribute.value.decor().suffix()));
            let value = expression::print(&attribute.value, indent, key.len() + 3);
            lines.push(Line::Pair(key, value));
        }
        Structure::Block(inner) => lines.push(Line::Other(block(inner, indent))),
    }
}

fn block(block: &Block, indent: usize) -> String {
    let mut head = format!("{}{}", " ".repeat(indent), block.ident.as_str());
    for label in &block.labels {
        head.push(' ');
        match label {
            BlockLabel::Ident(ident) => head.push_str(&expression::quote(ident.as_str())),
            BlockLabel::String(text) => head.push_str(&expression::quote(text.as_str())),
        }
    }
    let inner = print(&block.body, indent + STEP);
    if inner.is_empty() {
        return format!("{head} {{}}");
    }
    format!("{head} {{\n{inner}{}}}", " ".repeat(indent))
}

/// Joins lines; equals signs of neighbouring pairs that have one line each stand below each other, which is
/// what `terraform fmt` does.
pub(super) fn layout(lines: Vec<Line>, indent: usize) -> String {
    let lines = without_spare_empties(lines);
    let pad = " ".repeat(indent);
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        match &lines[at] {
            Line::Empty => out.push('\n'),
            Line::Comment(text) => out.push_str(&format!("{pad}{text}\n")),
            Line::Other(text) => out.push_str(&format!("{text}\n")),
            Line::Pair(key, value) if is_long(value) => out.push_str(&format!("{pad}{key} = {value}\n")),
            Line::Pair(..) => {
                let run: Vec<(&String, &String)> = lines[at..]
                    .iter()
                    .map_while(|line| match line {
                        Line::Pair(key, value) if !is_long(value) => Some((key, value)),
                        _ => None,
                    })
                    .collect();
                let width = run.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
                for (key, value) in &run {
                    let space = " ".repeat(width - key.chars().count());
                    out.push_str(&format!("{pad}{key}{space} = {value}\n"));
                }
                at += run.len() - 1;
            }
        }
        at += 1;
    }
    out
}

/// Whether a value breaks a run of aligned equals signs; a heredoc does not.
fn is_long(value: &str) -> bool {
    value.contains('\n') && !value.starts_with("<<")
}

/// No empty line at the start, at the end, or after another one.
fn without_spare_empties(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let spare = matches!(line, Line::Empty) && matches!(kept.last(), None | Some(Line::Empty));
        if !spare {
            kept.push(line);
        }
    }
    if matches!(kept.last(), Some(Line::Empty)) {
        kept.pop();
    }
    kept
}

/// Comments and empty lines before a structure.
pub(super) fn comments(raw: Option<&RawString>) -> Vec<Line> {
    let Some(text) = raw.map(|raw| &**raw) else {
        return Vec::new();
    };
    let mut lines: Vec<&str> = text.split('\n').collect();
    // What follows the last line break is the indentation of the structure itself.
    if lines.last().is_some_and(|last| last.trim().is_empty()) {
        lines.pop();
    }
    lines
        .into_iter()
        .map(str::trim)
        .map(|line| if line.is_empty() { Line::Empty } else { Line::Comment(line.to_owned()) })
        .collect()
}

/// A comment at the end of a line, which moves above it: it needs no alignment there.
pub(super) fn trailing_comment(raw: Option<&RawString>) -> Option<Line> {
    let text = raw.map(|raw| raw.trim())?;
    (!text.is_empty()).then(|| Line::Comment(text.to_owned()))
}
