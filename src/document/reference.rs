//! References in texts: `${db.host}`, `${secret.x}`, `${var.x}`; `$${` stands for a plain `${`.

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Taken as it is, with `$${` already turned into `${`.
    Text(String),
    /// To be resolved.
    Reference(Reference),
}

/// What stands between `${` and `}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The element, or `secret`, `var`, `system`, `env`.
    pub root: Spanned<String>,
    /// What is wanted of it, at least one: `host`, or `x` and `file` in `${secret.x.file}`.
    pub path: Vec<Spanned<String>>,
    /// From `${` to `}`.
    pub span: Span,
}

/// Whether a text holds anything to resolve or to unescape.
pub fn is_template(text: &str) -> bool {
    text.contains("${")
}

/// Splits a text into pieces. What is malformed is reported and kept as text.
///
/// `span` is where the scalar stands, `raw` what stands there in the source (quotes and block indicators
/// included; see [`Span`]). Without `raw` (empty) the places are exact for scalars on one line without
/// escapes; else they are the whole scalar.
pub fn parse_template(text: &str, span: Span, raw: &str, out: &mut Diagnostics) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    let mut seen = 0;
    while let Some(found) = text[at..].find("${") {
        let start = at + found;
        let occurrence = seen;
        seen += 1;
        if text[..start].ends_with('$') && start > at {
            plain.push_str(&text[at..start - 1]);
            plain.push_str("${");
            at = start + 2;
            continue;
        }
        plain.push_str(&text[at..start]);
        let inside = &text[start + 2..];
        // A reference ends on its own line: a missing brace must not swallow a whole script.
        let end = inside.find(['}', '\n']).filter(|&end| inside[end..].starts_with('}'));
        let Some(end) = end else {
            let width = inside.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(inside.len());
            let place = Places::new(text, span, raw, start, occurrence).at(start, start + 2 + width);
            out.push(
                Diagnostic::error("bad-reference", place, "this reference has no end")
                    .label("`}` is missing")
                    .hint("close it with `}`; a plain `${` is written `$${`"),
            );
            plain.push_str("${");
            at = start + 2;
            continue;
        };
        let after = start + 2 + end + 1;
        let places = Places::new(text, span, raw, start, occurrence);
        match reference(&inside[..end], start + 2, places.at(start, after), &places) {
            Ok(reference) => {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Reference(reference));
            }
            Err(problem) => {
                out.push(*problem);
                plain.push_str(&text[start..after]);
            }
        }
        at = after;
    }
    plain.push_str(&text[at..]);
    if !plain.is_empty() || parts.is_empty() {
        parts.push(Part::Text(plain));
    }
    parts
}

/// Reads what stands between the braces; `offset` is where it begins in the text.
fn reference(inside: &str, offset: usize, span: Span, places: &Places) -> Result<Reference, Box<Diagnostic>> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in inside.split('.') {
        words.push(Spanned::new(word.to_owned(), places.at(offset + at, offset + at + word.len())));
        at += word.len() + 1;
    }
    if words.len() >= 2 && words.iter().all(|word| is_name(&word.value)) {
        let root = words.remove(0);
        return Ok(Reference { root, path: words, span });
    }
    Err(Box::new(problem(inside, span)))
}

/// Says why something between braces is not a reference.
fn problem(inside: &str, span: Span) -> Diagnostic {
    let tight: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
    let whole = Diagnostic::error("bad-reference", span, format!("`${{{inside}}}` is not a reference"));
    let literal = format!("if the shell or another program resolves it, write `$${{{inside}}}`");
    if tight.is_empty() {
        return whole.label("empty").hint("name an element and what is wanted of it: `${db.host}`");
    }
    if tight != inside && tight.contains('.') && tight.split('.').all(is_name) {
        return whole.label("spaces inside").hint(format!("write `${{{tight}}}`"));
    }
    if let Some((before, _)) = tight.split_once(":-").or_else(|| tight.split_once('-'))
        && tight.contains(":-")
    {
        return whole
            .label("no defaults here")
            .hint(format!(
                "write `${{var.{}}}` and give the value under `vars`",
                before.rsplit('.').next().unwrap_or(before).to_lowercase()
            ))
            .hint(literal);
    }
    if is_name(&tight.to_lowercase()) && !tight.contains('.') {
        return whole
            .label("expected `${id.attribute}`")
            .hint(format!("a variable of this description is `${{var.{}}}`", tight.to_lowercase()))
            .hint(literal);
    }
    whole
        .label("expected `${id.attribute}`")
        .hint("names have small letters, digits, `-` and `_`")
        .hint(literal)
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// Where bytes of a scalar's text stand in the source.
struct Places {
    span: Span,
    /// Source byte minus text byte around one reference; `None` where they do not run in step.
    shift: Option<i64>,
}

impl Places {
    /// Finds the shift at the reference that begins at `start` and is the one after `occurrence` others.
    fn new(text: &str, span: Span, raw: &str, start: usize, occurrence: usize) -> Places {
        let width = (span.end - span.start) as usize;
        let shift = if raw.is_empty() {
            // Plain scalars run in step from the first byte, quoted ones from the second.
            (!text.contains('\n')
                && width >= text.len()
                && width - text.len() <= 2
                && width - text.len() != 1)
                .then(|| i64::from(span.start) + i64::from(width > text.len()))
        } else {
            // Folding and escapes move text about, but the references keep their order.
            raw.match_indices("${").nth(occurrence).and_then(|(at, _)| {
                let end = text[start..].find(['}', '\n']).map_or(text.len(), |end| start + end);
                raw[at..]
                    .starts_with(&text[start..end])
                    .then(|| i64::from(span.start) + at as i64 - start as i64)
            })
        };
        Places { span, shift }
    }

    fn at(&self, start: usize, end: usize) -> Span {
        match self.shift {
            Some(shift) => Span {
                source: self.span.source,
                start: (shift + start as i64) as u32,
                end: ((shift + end as i64) as u32).min(self.span.end),
            },
            None => self.span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn span(start: usize, end: usize) -> Span {
        Span::new(SourceId(0), start, end)
    }

    #[test]
    fn splits_text_and_references_with_exact_places() {
        let mut out = Diagnostics::default();
        let text = "http://${db.host}:${secret.x.file}/$${HOME}";
        let parts = parse_template(text, span(10, 10 + text.len()), text, &mut out);
        assert!(out.is_empty());
        assert_eq!(parts.len(), 5);
        assert_eq!(parts[0], Part::Text("http://".into()));
        let Part::Reference(first) = &parts[1] else { panic!("a reference") };
        assert_eq!(
            (first.root.value.as_str(), first.root.span, first.span),
            ("db", span(19, 21), span(17, 27))
        );
        let Part::Reference(second) = &parts[3] else { panic!("a reference") };
        assert_eq!(second.path.iter().map(|p| p.value.as_str()).collect::<Vec<_>>(), ["x", "file"]);
        assert_eq!(parts[4], Part::Text("/${HOME}".into()));
    }

    #[test]
    fn finds_places_in_quotes_and_blocks() {
        let mut out = Diagnostics::default();
        let raw = "|\n    echo\n    ${a.b} ${c.d}\n";
        let parts = parse_template("echo\n${a.b} ${c.d}\n", span(5, 5 + raw.len()), raw, &mut out);
        let Part::Reference(last) = &parts[3] else { panic!("a reference") };
        let at = 5 + raw.find("c.d").expect("it is there");
        assert_eq!(last.root.span, span(at, at + 1));
        let quoted = parse_template("${a.b}", span(0, 8), "", &mut out);
        let Part::Reference(only) = &quoted[0] else { panic!("a reference") };
        assert_eq!(only.span, span(1, 7));
    }

    #[test]
    fn reports_what_is_malformed() {
        for (text, hint) in [
            ("${HOME}", "`${var.home}`"),
            ("${ db.host }", "write `${db.host}`"),
            ("${}", "`${db.host}`"),
            ("${db.host", "close it"),
            ("${x:-1}", "give the value"),
            ("${Db.host}", "small letters"),
        ] {
            let mut out = Diagnostics::default();
            parse_template(text, span(0, text.len()), text, &mut out);
            let all = out.sorted();
            assert_eq!(all.len(), 1, "{text}");
            assert!(all[0].hints.join(" ").contains(hint), "{text}: {:?}", all[0].hints);
        }
    }
}
