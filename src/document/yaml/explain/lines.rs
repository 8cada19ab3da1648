//! Mistakes in how lines make up lists and maps: colons, indentation, TABs.

use super::super::lookup;
use super::values::reserved_start;
use super::{Context, Last, is_key, line_value, quoted, short};
use crate::diag::Diagnostic;
use std::ops::Range;

/// The TAB that indents a line, at the error or after it.
pub(super) fn tab(c: &Context<'_>, at: usize) -> Diagnostic {
    let mut line = lookup::line(c.text, at);
    let found = loop {
        let blanks = &c.text[line.start..line.start + lookup::indent(&c.text[line.clone()])];
        if let Some(tab) = blanks.find('\t') {
            break Some(line.start + tab);
        }
        if line.end + 1 >= c.text.len() {
            break None;
        }
        line = lookup::line(c.text, c.text[line.end..].find('\n').map_or(c.text.len(), |n| line.end + n + 1));
    };
    let start = found.or_else(|| c.text[at..].find('\t').map(|tab| at + tab)).unwrap_or(at);
    let end = start + c.text[start..].len() - c.text[start..].trim_start_matches('\t').len();
    c.error("tab", start..end, "a TAB indents this line, and YAML allows only spaces there")
        .label(if end - start > 1 { "TABs" } else { "TAB" })
        .hint("use two spaces for each level; most editors can convert TABs to spaces")
}

/// A colon where no key can stand.
pub(super) fn second_colon(c: &Context<'_>, at: usize) -> Diagnostic {
    let line = lookup::line(c.text, at);
    let Some(last) = c.last.as_ref().filter(|last| last.at.end <= at) else {
        return c
            .error("second-colon", c.one(at), "no key stands before this colon")
            .label("not expected here")
            .hint("put the value in quotes if the colon belongs to it");
    };
    if last.at.start < line.start {
        return key_below_value(c, at, last);
    }
    if !c.text[last.at.end..at].trim().is_empty() {
        return after_value(c, at, line_value(c.text, at));
    }
    let value = line_value(c.text, last.at.start);
    let rest = c.text[at + 1..value.end.max(at + 1)].trim();
    let error = c
        .error("second-colon", c.one(at), "a value without quotes cannot hold a colon and a space")
        .label("second `:` on this line");
    if rest.is_empty() {
        return error.hint(format!(
            "put `{}:` on a line of its own, indented, if it is a key",
            short(&c.text[last.at.clone()])
        ));
    }
    error.hint(format!("put the value in quotes: {}", quoted(&c.text[value])))
}

/// A value over several lines that swallowed a key: something is missing on its first line.
pub(super) fn key_below_value(c: &Context<'_>, at: usize, last: &Last) -> Diagnostic {
    let line = lookup::line(c.text, at);
    let first_line = lookup::line(c.text, last.at.start);
    let first = c.text[last.at.clone()].lines().next().unwrap_or_default();
    let begins_line = c.content(&first_line).start == last.at.start
        || c.text[first_line.start..last.at.start].trim().chars().all(|sign| sign == '-');
    let colon =
        first.find(':').filter(|colon| is_key(&first[..*colon]) && !first[*colon..].starts_with("://"));
    if let (true, Some(colon)) = (begins_line, colon) {
        let colon = last.at.start + colon;
        return c
            .error("missing-space", colon..colon + 1, "a space is missing after this colon")
            .label("not a key without a space behind it")
            .hint(format!(
                "write `{}: {}`",
                &first[..colon - last.at.start],
                short(first[colon - last.at.start + 1..].trim())
            ));
    }
    if begins_line && last.at.end > line.start {
        let end = last.at.start + first.trim_end().len();
        return c
            .error("missing-colon", last.at.start..end, "a colon is missing after this")
            .label("neither a key nor a list item")
            .hint(format!("write `{}: value`", short(first.trim_end())));
    }
    let key = c.content(&line).start..at;
    let key = if key.start < key.end { key } else { c.one(at) };
    let above = last.at.start..last.at.start + first.trim_end().len();
    c.error("indentation", key, "the key above has a value already, so no keys can lie inside it")
        .label("read as part of that value")
        .related(c.span(above), "the value")
        .hint("indent this line like the key above if it stands beside it")
        .hint("or delete that value if these keys are what it holds")
}

/// A line that is neither `key: value` nor a list item.
pub(super) fn missing_colon(c: &Context<'_>, at: usize) -> Diagnostic {
    let mut content = c.content(&lookup::line(c.text, at));
    // The parser may already stand on the line after.
    let read = &c.text[content.clone()];
    if (read.is_empty() || read.contains(": ") || read.ends_with(':'))
        && let Some(before) = lookup::line_before(c.text, lookup::line(c.text, at).start)
    {
        content = c.content(&before);
    }
    let text = &c.text[content.clone()];
    if let Some(colon) = text.find(':').filter(|colon| is_key(&text[..*colon])) {
        return c
            .error(
                "missing-space",
                content.start + colon..content.start + colon + 1,
                "a space is missing after this colon",
            )
            .label("not a key without a space behind it")
            .hint(format!("write `{}: {}`", &text[..colon], short(text[colon + 1..].trim())));
    }
    let hint = match text.split_once('=') {
        Some((key, value)) if is_key(key.trim()) => {
            format!("write `{}: {}`", key.trim(), short(value.trim()))
        }
        _ => format!("write `{}: value`, or `- {}` for a list item", short(text), short(text)),
    };
    c.error("missing-colon", content, "a colon is missing after this")
        .label("neither a key nor a list item")
        .hint(hint)
}

/// A line that fits none of the open lists and maps.
pub(super) fn block_structure(c: &Context<'_>, at: usize) -> Diagnostic {
    let line = lookup::line(c.text, at);
    let content = c.content(&line);
    let text = &c.text[content.clone()];
    let column = content.start - line.start;
    if c.text[line.start..content.start].contains('\t') {
        return tab(c, at);
    }
    let before = c.text[content.start.min(at)..at].trim_matches(['-', ' ']);
    if !before.is_empty() && at < content.end {
        return if c.text[at..].starts_with("? ") {
            reserved_start(c, at)
        } else {
            after_value(c, at, at..content.end)
        };
    }
    if let Some(last) = c.last.as_ref().filter(|last| last.block && last.at.end <= content.start)
        && lookup::line_before(c.text, line.start).is_some_and(|before| before.start < last.at.end)
        && !text.contains(": ")
    {
        return c
            .error("indentation", content, "the text block goes on with less indentation than its first line")
            .label("outside the block")
            .related(c.span(c.one(last.at.start)), "the block")
            .hint("indent every line of the block at least as far as its first line");
    }
    let columns: Vec<usize> =
        c.block.iter().map(|start| start - lookup::line(c.text, *start).start).collect();
    let fits = columns.contains(&column);
    let is_item = text == "-" || text.starts_with("- ");
    let open = c.block.last().copied();
    let token = content.start..content.start + first_token(text);
    if let (true, Some(open)) = (fits, open) {
        let (message, label) = match (is_item, c.in_list) {
            (true, _) => ("a list item stands among the keys of a map", "an item"),
            (false, true) => ("a key stands among the items of a list", "`- ` expected"),
            (false, false) => ("a key is expected here", "not a key"),
        };
        let kind = if c.in_list { "the list begins here" } else { "the map begins here" };
        return c
            .error("mixed-structure", token, message)
            .label(label)
            .related(c.span(c.one(open)), kind)
            .hint("indent it under the key it belongs to, or give all entries of this level the same form");
    }
    let mut levels: Vec<usize> = columns;
    let mut error = c
        .error("indentation", token, "the indentation of this line fits no level above it")
        .label(format!("indented by {column}"));
    if let Some(before) = lookup::line_before(c.text, line.start) {
        let content = c.content(&before);
        levels.push(content.start - before.start);
        error = error.related(
            c.span(content.start..content.start + first_token(&c.text[content.clone()])),
            format!("indented by {}", content.start - before.start),
        );
    }
    levels.sort_unstable();
    levels.dedup();
    let levels: Vec<String> = levels.iter().map(ToString::to_string).collect();
    let levels = match levels.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "0".to_owned(),
    };
    error.hint(format!("indent it by {levels} spaces, like the lines it belongs to"))
}

/// The length of the first key or word of a line.
fn first_token(content: &str) -> usize {
    let end = content.find(": ").or_else(|| content.strip_suffix(':').map(str::len));
    end.or_else(|| content.find(' '))
        .unwrap_or(content.len())
        .max(content.chars().next().map_or(0, char::len_utf8))
}

/// Text behind a value that has ended, such as `[a] b`.
fn after_value(c: &Context<'_>, at: usize, rest: Range<usize>) -> Diagnostic {
    c.error("after-value", if rest.is_empty() { c.one(at) } else { rest }, "the value ends before this")
        .label("not expected here")
        .hint(
            "put the whole value in quotes if this belongs to it, else delete it or put it on the next line",
        )
}
