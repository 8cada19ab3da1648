//! Mistakes with brackets and between them.

use super::super::lookup;
use super::{Context, is_key, line_value, quoted};
use crate::diag::Diagnostic;
use std::ops::Range;

/// A bracket that is never closed.
pub(super) fn unclosed_bracket(c: &Context<'_>, open: usize) -> Diagnostic {
    let bracket = c.char_at(open).unwrap_or('[');
    let close = if bracket == '{' { '}' } else { ']' };
    c.error("unclosed-bracket", c.one(open), format!("this `{bracket}` is never closed"))
        .label("opened here")
        .hint(format!("close it with `{close}`, or put the value in quotes if `{bracket}` belongs to it"))
}

/// A bracket closed by one of the other kind.
pub(super) fn wrong_bracket(c: &Context<'_>, open_at: usize, open: char, close: char) -> Diagnostic {
    let right = if open == '{' { '}' } else { ']' };
    let Some(at) = lookup::closing_bracket(c.text, open_at) else { return unclosed_bracket(c, open_at) };
    c.error("wrong-bracket", c.one(at), format!("`{open}` is closed by `{close}`"))
        .label(format!("`{right}` expected"))
        .related(c.span(c.one(open_at)), "opened here")
        .hint(format!("write `{right}` here, or close the inner bracket first"))
}

/// A closing bracket that nothing opened.
pub(super) fn stray_bracket(c: &Context<'_>, at: usize) -> Diagnostic {
    let bracket = c.char_at(at).unwrap_or(']');
    let diagnostic = c
        .error("stray-bracket", c.one(at), format!("this `{bracket}` closes nothing"))
        .label("no bracket is open here");
    if c.value_after_last(at) == at && c.last.as_ref().is_some_and(|last| last.key) {
        return diagnostic.hint(format!(
            "a value that begins with it must be quoted: {}",
            quoted(&c.text[line_value(c.text, at)])
        ));
    }
    diagnostic.hint("delete it, or open the bracket it belongs to")
}

/// A mistake inside brackets.
pub(super) fn in_brackets(c: &Context<'_>, at: usize) -> Diagnostic {
    let open = c.flow.last().copied().unwrap_or(at);
    let open_line = lookup::line(c.text, open);
    let line = lookup::line(c.text, at);
    let indent = |line: &Range<usize>| lookup::indent(&c.text[line.clone()]);
    if at >= c.text.len() || (line.start > open_line.start && indent(&line) <= indent(&open_line)) {
        return unclosed_bracket(c, open);
    }
    let sign = c.char_at(at).unwrap_or(' ');
    let last = c.last.clone().filter(|last| last.at.start >= open && last.at.end <= at);
    if matches!(sign, '{' | '[')
        && let Some(last) = &last
        && c.text[last.at.end..at].trim().is_empty()
    {
        let value = lookup::flow_value(c.text, last.at.start);
        let quote = format!("put the value in quotes: {}", quoted(&c.text[value.clone()]));
        if c.text[..at].ends_with('$') {
            let shown = if value.end > at { at - 1..flow_end(c, at).min(value.end) } else { at - 1..at + 1 };
            return c
                .error("unquoted", shown, "a reference inside brackets must stand in quotes")
                .label("`{` begins a map here")
                .hint(quote)
                .hint("or write one entry a line, without brackets: there it needs no quotes");
        }
        return c
            .error(
                "unquoted",
                c.one(at),
                format!("a value without quotes cannot hold `{sign}` inside brackets"),
            )
            .label("begins a new value")
            .hint(quote)
            .hint("or put a comma before it if it is the next value");
    }
    if sign == ':'
        && let Some(last) = &last
    {
        let read = &c.text[last.at.clone()];
        if let Some((first, _)) = read.split_once('\n') {
            let end = last.at.start + lookup::without_comment(first).len();
            return c
                .error("missing-comma", end..end, "a comma is missing at the end of this line")
                .label("`,` expected")
                .hint("inside brackets entries are separated by commas");
        }
        let value = lookup::flow_value(c.text, last.at.start);
        let error = c
            .error("second-colon", c.one(at), "a value without quotes cannot hold a colon and a space")
            .label("second `:` in this entry");
        let quote = format!("put the value in quotes: {}", quoted(&c.text[value]));
        return match read.rsplit_once(' ').map(|(_, word)| word).filter(|word| is_key(word)) {
            Some(word) => {
                error.hint(format!("put a comma before `{word}` if it is the next key")).hint(quote)
            }
            None => error.hint(quote),
        };
    }
    if sign == ',' {
        return c
            .error("stray-comma", c.one(at), "nothing stands before this comma")
            .label("a value is missing")
            .hint("delete the comma, or put the value in quotes if it belongs to it");
    }
    let word = lookup::flow_value(c.text, at);
    let word = if word.is_empty() { c.one(at) } else { word };
    c.error("missing-comma", word, "a comma or a closing bracket is missing before this")
        .label("not expected here")
        .related(c.span(c.one(open)), "the bracket is opened here")
        .hint(
            "inside brackets entries are separated by commas; put the value in quotes if this belongs to it",
        )
}

/// Where the `${…}` or bracket at a byte ends.
fn flow_end(c: &Context<'_>, at: usize) -> usize {
    c.text[at..].find(['}', ']', '\n']).map_or(c.text.len(), |found| at + found + 1)
}
