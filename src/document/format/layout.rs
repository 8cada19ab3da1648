//! Lines of tokens to text: indentation and blanks between tokens.

use super::tokens::{Block, Kind, Line, Lines, STEP, Token};
use super::{columns, sections};

/// Prints the lines of a text in canonical form.
pub(super) fn print(text: &str, mut lines: Lines) -> String {
    let indents = indents(text, &lines.lines);
    if lines.sections {
        sections::space(text, &mut lines.lines, &indents);
    }
    let pads = columns::pads(text, &lines.lines);
    let content = |(at, line)| print_line(text, line, indents[at], pads[at]);
    let mut printed: Vec<String> = lines.lines.iter().enumerate().map(content).collect();
    columns::add_comments(text, &lines.lines, &mut printed);
    let order = if lines.sections && !lines.anchors {
        sections::order(text, &lines.lines, &indents)
    } else {
        (0..printed.len()).collect()
    };
    let mut result = String::with_capacity(text.len() + text.len() / 8);
    for at in order {
        if lines.lines[at].blank_before && !result.is_empty() {
            result.push('\n');
        }
        result.push_str(&printed[at]);
        result.push('\n');
    }
    result
}

/// Where each line begins.
fn indents(text: &str, lines: &[Line]) -> Vec<usize> {
    let mut indents = vec![0; lines.len()];
    // The brackets open at the start of a line, each with the indentation of the line that opened it.
    let mut open: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(first) = line.tokens.first() else { continue };
        indents[at] = match (first.column, open.last()) {
            (_, Some(indent)) if first.kind == Kind::Close => *indent,
            (_, Some(indent)) => indent + STEP,
            (Some(column), None) => column,
            (None, None) => 0,
        };
        for token in &line.tokens {
            match token.kind {
                // Brackets that open on one line indent what follows once.
                Kind::Open => open.push(indents[at]),
                Kind::Close => {
                    open.pop();
                }
                _ => {}
            }
        }
    }
    comment_indents(text, lines, &mut indents);
    indents
}

/// A comment belongs to the line below it, or to the block above it where it is indented like that block.
fn comment_indents(text: &str, lines: &[Line], indents: &mut [usize]) {
    let is_comment = |line: &Line| line.tokens.first().is_some_and(|token| token.kind == Kind::Comment);
    let written =
        |line: &Line| line.tokens.first().map_or(0, |t| text[line.start..t.at.start].chars().count());
    let mut below: Option<usize> = None;
    let mut above = vec![None; lines.len()];
    let mut last = None;
    for (at, line) in lines.iter().enumerate() {
        above[at] = last;
        if !is_comment(line) {
            last = Some(at);
        }
    }
    for at in (0..lines.len()).rev() {
        let line = &lines[at];
        if !is_comment(line) {
            below = Some(at);
            continue;
        }
        if line.tokens[0].column.is_none() {
            continue;
        }
        let column = written(line);
        let deeper = below.is_none_or(|below| written(&lines[below]) < column);
        let level = above[at].filter(|_| deeper).and_then(|above: usize| {
            lines[above].levels.iter().rev().find(|(written, _)| *written <= column)
        });
        indents[at] = match (level, below) {
            (Some((_, column)), _) => *column,
            (None, Some(below)) => indents[below],
            (None, None) => 0,
        };
    }
}

/// A line without the comment behind it.
fn print_line(text: &str, line: &Line, indent: usize, pad: usize) -> String {
    let mut printed = " ".repeat(indent);
    let mut before: Option<&Token> = None;
    for token in &line.tokens {
        let blanks = match before {
            None => 0,
            Some(_) if token.kind == Kind::Comment => break,
            Some(before) => blanks_between(text, before, token, pad),
        };
        printed.extend(std::iter::repeat_n(' ', blanks));
        print_token(text, token, indent, &mut printed);
        before = Some(token);
    }
    printed
}

fn blanks_between(text: &str, before: &Token, token: &Token, pad: usize) -> usize {
    let sign = |token: &Token| text.as_bytes()[token.at.start];
    match (before.kind, token.kind) {
        (Kind::Open, Kind::Close) => 0,
        (Kind::Open, _) => usize::from(sign(before) == b'{'),
        (_, Kind::Close) => usize::from(sign(token) == b'}'),
        (Kind::Colon, Kind::Comma) => 1,
        (_, Kind::Comma) => 0,
        // `*alias:` would be another alias.
        (Kind::Value | Kind::Key(_), Kind::Colon) if sign(before) == b'*' => 1,
        (_, Kind::Colon) => 0,
        (Kind::Colon, _) if before.column.is_some() => pad,
        _ => 1,
    }
}

fn print_token(text: &str, token: &Token, indent: usize, printed: &mut String) {
    let raw = &text[token.at.clone()];
    let Some((first, rest)) = raw.split_once('\n') else {
        printed.push_str(raw);
        return;
    };
    let inside = token.inside.unwrap_or(indent + STEP);
    if token.kind == Kind::Block {
        print_block(token, raw, rest, inside, printed);
        return;
    }
    // A scalar over several lines: the blanks around its line breaks mean nothing outside quotes; inside, those
    // before a break may be escaped.
    let quoted = raw.starts_with(['"', '\'']);
    let end = |line: &str| if quoted { line.len() } else { line.trim_end_matches([' ', '\t']).len() };
    printed.push_str(&first[..end(first)]);
    for line in rest.split('\n') {
        printed.push('\n');
        let line = line.trim_start_matches([' ', '\t']);
        if !line.is_empty() {
            printed.extend(std::iter::repeat_n(' ', inside));
            printed.push_str(&line[..end(line)]);
        }
    }
}

/// A text block: its lines keep their indentation against each other.
fn print_block(token: &Token, raw: &str, rest: &str, inside: usize, printed: &mut String) {
    let block = Block::new(raw, token.written);
    let header = block.header.trim_end();
    match block.digit {
        Some(digit) => printed.push_str(&header.replacen(&digit.to_string(), &STEP.to_string(), 1)),
        None => printed.push_str(header),
    }
    for line in rest.split('\n') {
        printed.push('\n');
        let blanks = (line.len() - line.trim_start_matches(' ').len()).min(block.indent);
        let content = &line[blanks..];
        if !content.is_empty() {
            printed.extend(std::iter::repeat_n(' ', inside));
            printed.push_str(content);
        }
    }
}
