//! What a syntax error means to the person who wrote the text: the token and the way to mend it.
//!
//! The parser says where it gave up; the mistake often stands earlier. Each function here looks at the text
//! around that point and names the likely mistake.

mod brackets;
mod lines;
mod quotes;
mod values;

pub(super) use values::unknown_alias;

use super::lookup;
use crate::diag::Diagnostic;
use crate::source::{SourceId, Span};
use granit_parser::{ErrorKind, ScanError};
use std::ops::Range;

/// What had been read when the error came.
pub(super) struct Context<'a> {
    /// Which text it is.
    pub(super) source: SourceId,
    /// The text.
    pub(super) text: &'a str,
    /// The open brackets, outermost first.
    pub(super) flow: Vec<usize>,
    /// The first bytes of the open lists and maps without brackets, outermost first.
    pub(super) block: Vec<usize>,
    /// Whether the innermost open collection is a list.
    pub(super) in_list: bool,
    /// The scalar before the error.
    pub(super) last: Option<Last>,
}

/// A scalar that has been read.
#[derive(Clone)]
pub(super) struct Last {
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// Whether it is a key.
    pub(super) key: bool,
    /// Whether it is a text block (`|`, `>`).
    pub(super) block: bool,
}

impl Context<'_> {
    fn error(&self, code: &'static str, at: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.span(at), message)
    }

    fn span(&self, at: Range<usize>) -> Span {
        let start = lookup::floor(self.text, at.start);
        Span::new(self.source, start, lookup::floor(self.text, at.end).max(start))
    }

    /// The character at a byte.
    fn char_at(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The character at a byte as a range; empty at the end of the text.
    fn one(&self, at: usize) -> Range<usize> {
        at..at + self.char_at(at).map_or(0, char::len_utf8)
    }

    /// The content of a line: without indentation and comment.
    fn content(&self, line: &Range<usize>) -> Range<usize> {
        let whole = &self.text[line.clone()];
        let end = line.start + lookup::without_comment(whole).len();
        (line.start + lookup::indent(whole)).min(end)..end
    }

    /// Where the scalar begins in which the parser gave up, known only from what stands before it.
    fn value_after_last(&self, at: usize) -> usize {
        let from = self.last.as_ref().map_or(0, |last| last.at.end);
        let from = self.flow.last().map_or(from, |open| from.max(open + 1));
        lookup::value_start(self.text, from).min(at)
    }
}

/// Turns the parser's error into a diagnostic.
pub(super) fn explain(c: &Context<'_>, error: &ScanError) -> Diagnostic {
    use ErrorKind as K;
    let at = lookup::floor(c.text, error.marker().byte_offset().unwrap_or(c.text.len()));
    match error.kind() {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabInPlainScalar
        | K::TabAtBlockScalarStart => lines::tab(c, at),
        K::UnclosedQuotedScalar | K::InvalidQuotedScalarIndent | K::DocumentIndicatorInQuotedScalar => {
            quotes::unclosed_quote(c, c.value_after_last(at))
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            quotes::after_quote(c, at)
        }
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => quotes::escape(c, at),
        K::UnclosedFlowCollection { .. } => brackets::unclosed_bracket(c, at),
        K::MismatchedFlowCollectionEnd { open, close } => brackets::wrong_bracket(c, at, *open, *close),
        K::MisplacedFlowCollectionEnd => brackets::stray_bracket(c, at),
        K::UnexpectedCharacter { .. } => values::reserved_start(c, at),
        K::MissingAnchorOrAliasName if c.text[at..].starts_with('*') => {
            let value = value_range(c, at);
            unknown_alias(c.source, c.text, &value, c.flow.is_empty())
        }
        K::MissingAnchorOrAliasName => values::reserved_start(c, at),
        K::RecursionLimitExceeded => too_deep(c.span(c.one(at))),
        K::InvalidBlockScalarHeader | K::ZeroBlockScalarIndent => values::block_header(c, at),
        K::CommentInterceptedScalar => values::comment_in_value(c, at),
        K::CommentNotSeparated => c
            .error("comment", c.one(at), "a comment must stand apart from what is before it")
            .label("no blank before `#`")
            .hint("put a space before `#`, or the value in quotes if `#` belongs to it"),
        K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection | K::InvalidBlockEntryWhitespace => {
            values::dash(c, at)
        }
        K::UndeclaredTagHandle
        | K::ExpectedTagBang
        | K::InvalidGlobalTagCharacter
        | K::InvalidTagTerminator
        | K::MissingTagUri
        | K::UnclosedVerbatimTag
        | K::InvalidTagEscape
        | K::InvalidTagUtf8LeadingByte
        | K::InvalidTagUtf8TrailingByte
        | K::InvalidTagUtf8 => values::reserved_start(c, c.value_after_last(at)),
        K::DuplicateVersionDirective
        | K::UnsupportedYamlMajorVersion
        | K::DuplicateTagDirective
        | K::ExpectedTagDirectiveBang
        | K::MissingDocumentEndBeforeDirective
        | K::InvalidDirectiveTerminator
        | K::MissingYamlVersionSeparator
        | K::MissingDirectiveName
        | K::InvalidDirectiveName
        | K::DirectiveByteLimitExceeded { .. }
        | K::TooManyReservedDirectiveParams { .. }
        | K::YamlVersionTooLong
        | K::MissingYamlVersion
        | K::InvalidTagDirectiveTerminator => values::document_start(c, at),
        K::ExpectedDocumentStart if c.last.is_none() && c.text.trim_start().starts_with('%') => {
            values::document_start(c, at)
        }
        K::ExpectedDocumentStart => lines::block_structure(c, at),
        K::PlainScalarStartsWithDashFlowIndicator => values::reserved_start(c, at),
        K::BomInsideDocument => c
            .error("syntax", c.one(at), "a byte order mark (U+FEFF) stands inside the text")
            .label("invisible character")
            .hint("delete it; it comes from joining two files"),
        _ if !c.flow.is_empty() => brackets::in_brackets(c, at),
        K::MappingValueNotAllowed | K::InvalidColonPlacement => lines::second_colon(c, at),
        K::SimpleKeyExpected | K::InvalidSimpleKey => lines::missing_colon(c, at),
        _ if c.text[at..].starts_with(',') => values::reserved_start(c, at),
        _ => lines::block_structure(c, at),
    }
}

/// Too many lists and maps inside one another.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and maps lie more than {} levels inside one another", super::MAX_DEPTH);
    Diagnostic::error("too-deep", span, message).label("one level too many").hint("flatten the structure")
}

/// A value from its first byte to where it was meant to end.
fn value_range(c: &Context<'_>, at: usize) -> Range<usize> {
    if c.flow.is_empty() { line_value(c.text, at) } else { lookup::flow_value(c.text, at) }
}

/// A value outside brackets: to the end of the line or the comment.
fn line_value(text: &str, at: usize) -> Range<usize> {
    at..at + lookup::without_comment(&text[at..lookup::line(text, at).end.max(at)]).len()
}

/// Whether a word looks like a key of the language.
fn is_key(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// A text shortened for a hint.
fn short(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST).chain(['…']).collect()
    }
}

/// A text in the quotes that need the fewest escapes.
fn quoted(text: &str) -> String {
    let text = short(text.trim());
    if !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else if !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
