//! Mistakes with quotes and what stands inside them.

use super::{Context, value_range};
use crate::diag::Diagnostic;

/// A quote that is opened and never closed, or closed so late that other lines were swallowed.
pub(super) fn unclosed_quote(c: &Context<'_>, opener: usize) -> Diagnostic {
    let quote = c.char_at(opener).filter(|q| matches!(q, '"' | '\'')).unwrap_or('"');
    let name = if quote == '"' { "double" } else { "single" };
    let value = value_range(c, opener);
    let mut diagnostic = c
        .error("unclosed-quote", c.one(opener), format!("this {name} quote is never closed"))
        .label("opened here");
    if quote == '\'' {
        diagnostic = diagnostic.hint("close it with `'`; an apostrophe inside single quotes is written `''`");
    } else if c.text[value].ends_with("\\\"") {
        diagnostic = diagnostic.hint("`\\\"` is a quote inside the text; close the text with one more `\"`, or write `\\\\` for a backslash");
    } else {
        diagnostic =
            diagnostic.hint("close it with `\"` at the end of the text; a quote inside is written `\\\"`");
    }
    diagnostic
}

/// Text right behind a closing quote.
pub(super) fn after_quote(c: &Context<'_>, at: usize) -> Diagnostic {
    let opener = c.value_after_last(at);
    let quote = c.char_at(opener).filter(|q| matches!(q, '"' | '\'')).unwrap_or('"');
    if c.text[opener..at].contains('\n') {
        return unclosed_quote(c, opener);
    }
    let rest = value_range(c, at);
    let rest = if rest.is_empty() { c.one(at) } else { rest };
    let text = &c.text[rest.clone()];
    let touching = !c.text[..at].ends_with([' ', '\t']);
    let diagnostic = c
        .error("after-quote", rest, "the quoted text ends before this")
        .label("outside the quotes")
        .related(c.span(opener..c.text[..at].trim_end().len()), "the quoted text");
    if !c.flow.is_empty() && text.contains(':') && !touching {
        return diagnostic.hint("put a comma after the quoted text if this is the next key");
    }
    if touching && quote == '\'' {
        return diagnostic.hint("write `''` for an apostrophe inside single quotes, or use double quotes");
    }
    if touching && text.contains('"') {
        return diagnostic.hint("write `\\\"` for a quote inside double quotes, or use single quotes");
    }
    diagnostic
        .hint("put the quotes around the whole value")
        .hint("a comment after a value needs ` #` before it")
}

/// A backslash that YAML does not know inside double quotes.
pub(super) fn escape(c: &Context<'_>, at: usize) -> Diagnostic {
    let opener = c.value_after_last(at);
    let bytes = c.text.as_bytes();
    let mut at = opener + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        if bytes[at] == b'\\' {
            let digits = match bytes.get(at + 1) {
                Some(b'x') => Some(2),
                Some(b'u') => Some(4),
                Some(b'U') => Some(8),
                _ => None,
            };
            let good = match (digits, bytes.get(at + 1)) {
                (Some(n), _) => {
                    let code =
                        c.text.get(at + 2..at + 2 + n).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    code.and_then(char::from_u32).is_some()
                }
                (None, Some(next)) => b"0abtnvfre \"/\\N_LP\t\n\r".contains(next),
                (None, None) => false,
            };
            if !good {
                break;
            }
            at += 1;
        }
        at += 1;
    }
    let next = c.char_at((at + 1).min(c.text.len())).map_or(0, char::len_utf8);
    let end = (at + 1 + next).min(c.text.len()).max(at);
    let written = c.text.get(at..end).unwrap_or("\\");
    c.error("escape", at..end, format!("`{written}` is no escape inside double quotes"))
        .label("a backslash begins an escape")
        .hint("use single quotes: there a backslash is a backslash")
        .hint("or write the backslash twice: `\\\\`")
}
