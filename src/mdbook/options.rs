//! The options behind the word `archgen`: `file=PATH env=ENV, view=VIEW source`.

use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics, suggest};
use crate::source::{SourceId, Span, Spanned};

/// What one block asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The description's file, as seen from the chapter; without one the block contains the description.
    pub(super) file: Option<Spanned<String>>,
    /// The environment; the first one without it.
    pub(super) env: Option<Spanned<String>>,
    /// The view.
    pub(super) view: Option<Spanned<String>>,
    /// Whether the description stays below the picture.
    pub(super) source: bool,
}

/// All that can be said, and whether it has a value: an example of one.
const KNOWN: [(&str, Option<&str>); 4] = [
    ("file", Some("file=archgen.yaml")),
    ("env", Some("env=prod")),
    ("view", Some("view=network")),
    ("source", None),
];

/// Reads the options at a range of a chapter.
pub(super) fn read(chapter: &str, range: Range<usize>, source: SourceId, out: &mut Diagnostics) -> Options {
    let mut options = Options::default();
    let mut seen: Vec<&str> = Vec::new();
    for word in words(chapter, range) {
        let text = &chapter[word.clone()];
        let span = Span::new(source, word.start, word.end);
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(unquoted(value))),
            None => (text, None),
        };
        let Some((known, example)) = KNOWN.into_iter().find(|(known, _)| *known == name) else {
            let diagnostic =
                Diagnostic::error("unknown-option", span, format!("a block has no option `{name}`"));
            out.push(match suggest::nearest(name, KNOWN.map(|(known, _)| known)) {
                Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                None => diagnostic.hint("there are: file=PATH, env=ENV, view=VIEW, source"),
            });
            continue;
        };
        if seen.contains(&known) {
            out.push(
                Diagnostic::error("option-twice", span, format!("`{known}` stands here a second time"))
                    .hint("leave one of them out"),
            );
            continue;
        }
        seen.push(known);
        match (example, value.filter(|value| !value.is_empty())) {
            (Some(_), Some(value)) => {
                let end = word.end - usize::from(text.ends_with(['"', '\'']) && text.len() > name.len() + 2);
                let place = Span::new(source, end - value.len(), end);
                let value = Some(Spanned::new(value.to_owned(), place));
                match known {
                    "file" => options.file = value,
                    "env" => options.env = value,
                    _ => options.view = value,
                }
            }
            (Some(example), None) => out.push(
                Diagnostic::error("option-value", span, format!("`{known}` needs a value"))
                    .hint(format!("write it as in `{example}`, without spaces around `=`")),
            ),
            (None, None) if !text.contains('=') => options.source = true,
            (None, _) => out.push(
                Diagnostic::error("option-value", span, format!("`{known}` takes no value"))
                    .hint(format!("write `{known}` alone, or leave it out")),
            ),
        }
    }
    options
}

/// The ranges of words: spaces and commas part them, but not inside quotes.
fn words(chapter: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start: Option<usize> = None;
    let mut quote: Option<char> = None;
    for (at, c) in chapter[range.clone()].char_indices() {
        let at = range.start + at;
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c.is_whitespace() || c == ',' => words.extend(start.take().map(|start| start..at)),
            None => {
                if matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
                start.get_or_insert(at);
            }
        }
    }
    words.extend(start.map(|start| start..range.end));
    words
}

/// A value without the quotes around it.
fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::print;
    use crate::source::Sources;

    fn said(text: &str) -> (Options, String) {
        let mut sources = Sources::default();
        let source = sources.add("a.md", text.to_owned());
        let mut out = Diagnostics::default();
        let options = read(text, 0..text.len(), source, &mut out);
        for value in [&options.file, &options.env, &options.view].into_iter().flatten() {
            assert_eq!(sources.slice(value.span), value.value, "{text}");
        }
        (options, print::human(&out, &sources, false))
    }

    #[test]
    fn spaces_commas_and_quotes() {
        let (options, complaints) = said(" file=\"my book/a, b.yaml\",env=prod   view='network' , source");
        assert_eq!(complaints, "");
        let value = |value: &Option<Spanned<String>>| value.clone().unwrap().value;
        assert_eq!(value(&options.file), "my book/a, b.yaml");
        assert_eq!((value(&options.env).as_str(), value(&options.view).as_str()), ("prod", "network"));
        assert!(options.source);
        assert_eq!(said(" , "), (Options::default(), String::new()));
    }

    #[test]
    fn mistakes_name_the_remedy() {
        for (text, words) in [
            ("veiw=network", "did you mean `view`?"),
            ("zebra", "there are: file=PATH"),
            ("view", "`view=network`"),
            ("env = prod", "`env=prod`"),
            ("file=\"\"", "needs a value"),
            ("source=true", "takes no value"),
            ("source=", "takes no value"),
            ("env=a env=b", "second time"),
        ] {
            let (_, complaints) = said(text);
            assert!(complaints.contains(words), "{text}: {complaints}");
        }
    }
}
