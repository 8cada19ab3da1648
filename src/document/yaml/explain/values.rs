//! Values that begin with a sign YAML keeps for itself, and text blocks.

use super::super::lookup;
use super::lines::key_below_value;
use super::{Context, line_value, quoted, short, value_range};
use crate::diag::Diagnostic;
use crate::source::{SourceId, Span};
use std::ops::Range;

/// A `*` that begins a value makes it an alias.
pub(in crate::document::yaml) fn unknown_alias(
    source: SourceId,
    text: &str,
    at: &Range<usize>,
    block: bool,
) -> Diagnostic {
    let span = Span::new(source, at.start, at.end);
    let written = &text[at.clone()];
    let rest = if block { line_value(text, at.start) } else { lookup::flow_value(text, at.start) };
    let diagnostic = Diagnostic::error(
        "unknown-alias",
        span,
        format!("no anchor `&{}` stands before this alias", &written[1..]),
    );
    let is_name = written[1..].starts_with(|c: char| c.is_alphanumeric() || c == '_') && rest.end <= at.end;
    let quote = format!("a value that begins with `*` must be quoted: {}", quoted(&text[rest]));
    let mut diagnostic = diagnostic.label("`*` begins an alias");
    if !is_name {
        diagnostic.message = "a value cannot begin with `*`".to_owned();
    }
    if is_name {
        diagnostic.hint(format!("define the anchor earlier: `&{} value`", &written[1..])).hint(quote)
    } else {
        diagnostic.hint(quote)
    }
}

/// A value that begins with a sign YAML keeps for itself.
pub(super) fn reserved_start(c: &Context<'_>, at: usize) -> Diagnostic {
    let value = value_range(c, at);
    let value = if value.is_empty() { c.one(at) } else { value };
    let sign = c.char_at(at).unwrap_or(' ');
    let content = c.content(&lookup::line(c.text, at));
    if sign == '%' && content.start == at && c.last.is_none() {
        return document_start(c, at);
    }
    let quote = format!("put it in quotes: {}", quoted(&c.text[value]));
    let what = if sign == '`' { "a backtick".to_owned() } else { format!("`{sign}`") };
    c.error("unquoted", c.one(at), format!("a value cannot begin with {what}"))
        .label("a sign that YAML keeps for itself")
        .hint(quote)
}

/// Something behind `|` or `>`.
pub(super) fn block_header(c: &Context<'_>, at: usize) -> Diagnostic {
    let value = line_value(c.text, at);
    let sign = c.char_at(at).unwrap_or('|');
    let rest = value.start + 1..value.end;
    let read =
        c.text[rest.clone()].trim_start_matches(['-', '+', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let start = rest.end - read.trim_start().len();
    c.error("text-block", start..rest.end, format!("the text of a `{sign}` block begins on the next line"))
        .label("not part of the block")
        .hint(format!(
            "move it to the next line, indented, or put the value in quotes if it begins with `{sign}`"
        ))
}

/// A comment in the middle of a value over several lines.
pub(super) fn comment_in_value(c: &Context<'_>, at: usize) -> Diagnostic {
    let line = lookup::line(c.text, at);
    let next = lookup::line(c.text, lookup::skip_blanks(c.text, at));
    let content = c.content(&next);
    let colon =
        c.text[content.clone()].find(": ").or(c.text[content.clone()].strip_suffix(':').map(str::len));
    if let (Some(colon), Some(last)) = (colon, &c.last) {
        return key_below_value(c, content.start + colon, last);
    }
    c.error("comment", at..line.end, "`#` after a space begins a comment, and the value goes on behind it")
        .label("read as a comment")
        .hint("put the whole value in quotes if `#` belongs to it")
        .hint("move the comment above the value if it is one")
}

/// A `- ` where no list item can stand.
pub(super) fn dash(c: &Context<'_>, at: usize) -> Diagnostic {
    let error =
        c.error("list-item", c.one(at), "a list item cannot begin here").label("`- ` begins a list item");
    if !c.flow.is_empty() {
        return error.hint("inside brackets items are separated by commas alone: `[a, b]`");
    }
    let value = line_value(c.text, at);
    let item = c.text[value.clone()].trim_start_matches('-').trim();
    error
        .hint(format!("begin the list on the next line, or write it in brackets: `[{}]`", short(item)))
        .hint(format!("or put the value in quotes: {}", quoted(&c.text[value])))
}

/// Directives, document ends and what follows them.
pub(super) fn document_start(c: &Context<'_>, at: usize) -> Diagnostic {
    let line = lookup::line(c.text, at);
    let content = c.content(&line);
    let before = lookup::line_before(c.text, line.start).filter(|line| c.text[line.clone()].starts_with('%'));
    let content = before.map_or(content, |line| c.content(&line));
    c.error("directive", content, "archgen knows no YAML directives")
        .label("a directive, because the line begins with `%`")
        .hint("delete the line, or put the value in quotes if it begins with `%`")
}
