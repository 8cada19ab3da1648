//! Small questions to the text itself: lines, indentation, where a bracket closes.

use std::ops::Range;

/// The first character that YAML does not allow anywhere, with its byte.
pub(super) fn control_character(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let at = bytes.iter().enumerate().position(|(at, byte)| match byte {
        b'\t' | b'\n' | b'\r' => false,
        0..0x20 | 0x7F => true,
        // C1 controls but the next-line character.
        0xC2 => matches!(bytes.get(at + 1), Some(0x80..=0x84 | 0x86..=0x9F)),
        // U+FFFE and U+FFFF.
        0xEF => matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])),
        _ => false,
    })?;
    Some((at, text[at..].chars().next()?))
}

/// The line that a byte lies on, without its line break.
pub(super) fn line(text: &str, at: usize) -> Range<usize> {
    let at = floor(text, at);
    let start = text[..at].rfind('\n').map_or(0, |found| found + 1);
    let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
    let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
    start..end.max(start)
}

/// The line before the one that starts at `start`, blank lines and comments skipped.
pub(super) fn line_before(text: &str, start: usize) -> Option<Range<usize>> {
    let mut start = start;
    while start > 0 {
        let before = line(text, start - 1);
        let content = text[before.clone()].trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return Some(before);
        }
        start = before.start;
    }
    None
}

/// How many blanks a line begins with.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The nearest border between characters at or before a byte.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first byte from `from` on that is content: blanks, line breaks, comments, anchors, tags and the signs
/// `:`, `-`, `?` and `,` before a value are skipped.
pub(super) fn value_start(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => at += 1,
            b':' | b'-' | b'?' if bytes.get(at + 1).is_none_or(|next| next.is_ascii_whitespace()) => at += 1,
            // A colon right after a quoted key needs no blank in braces.
            b':' if at == from => at += 1,
            b'#' => at = line(text, at).end,
            b'&' | b'!' => {
                at += bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len() - at);
            }
            _ => break,
        }
    }
    floor(text, at)
}

/// The first byte from `from` on that is neither blank nor comment.
pub(super) fn skip_blanks(text: &str, from: usize) -> usize {
    let mut at = floor(text, from);
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at = line(text, at).end;
    }
}

/// The first `-` in `from..to` that begins a list item: the first sign of its line, outside comments.
pub(in crate::document) fn first_dash(text: &str, from: usize, to: usize) -> Option<usize> {
    let mut start = from;
    for line in text.get(from..to)?.split_inclusive('\n') {
        let blanks = indent(line);
        let rest = &line[blanks..];
        let begins = start == 0 || text[..start].ends_with('\n');
        if begins && rest.starts_with('-') && rest[1..].chars().next().is_none_or(char::is_whitespace) {
            return Some(start + blanks);
        }
        start += line.len();
    }
    None
}

/// The part of a line before its comment, blanks at the end removed. Quotes are respected.
pub(super) fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '#') if before == ' ' || before == '\t' => return line[..at].trim_end(),
            // A quote opens only where a value can begin.
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(character),
            (Some(open), close) if open == close && before != '\\' => quote = None,
            _ => {}
        }
        before = character;
    }
    line.trim_end()
}

/// The value that begins at `start` inside brackets: up to the comma or bracket that ends it, or the line's
/// end, where `${…}` and nested brackets belong to it.
pub(super) fn flow_value(text: &str, start: usize) -> Range<usize> {
    // Only hints need the value, and they show its beginning; a line may be the whole file.
    let most = &text[start..floor(text, start + 2_000)];
    let end_of_line = start + without_comment(&most[..most.find('\n').unwrap_or(most.len())]).len();
    let mut depth = 0usize;
    let mut end = end_of_line;
    for (at, character) in text[start..end_of_line].char_indices() {
        match character {
            '{' | '[' => depth += 1,
            '}' | ']' if depth > 0 => depth -= 1,
            '}' | ']' | ',' if depth == 0 => {
                end = start + at;
                break;
            }
            _ => {}
        }
    }
    start..start + text[start..end].trim_end().len()
}

/// The bracket that ends the collection opened at `open`, whatever kind it is; quotes and comments skipped.
pub(super) fn closing_bracket(text: &str, open: usize) -> Option<usize> {
    let mut stack = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    let mut characters = text[open..].char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some('"'), '\\') => {
                characters.next();
            }
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(character),
            (None, '#') if before.is_whitespace() => {
                let rest = line(text, open + at).end - (open + at);
                for _ in text[open + at..open + at + rest].chars().skip(1) {
                    characters.next();
                }
            }
            (None, '{' | '[') => stack.push(character),
            (None, '}' | ']') => {
                let expected = if stack.pop() == Some('{') { '}' } else { ']' };
                if expected != character || stack.is_empty() {
                    return Some(open + at);
                }
            }
            _ => {}
        }
        before = character;
    }
    None
}
