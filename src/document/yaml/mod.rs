//! YAML text to the tree of nodes, see [`super::tree`].
//!
//! What the tree does not know stays here: anchors, aliases and merge keys are resolved, tags and several
//! documents are refused, keys are unique texts. All limits are our own, so that no input can cost much.

mod build;
mod copies;
mod decode;
mod explain;
pub(super) mod lookup;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod traps;

pub use decode::decode;

use super::tree::Node;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::source::{SourceId, Span};
use granit_parser::{Event, Parser, options};

/// How many bytes a text may have.
pub const MAX_BYTES: usize = 16 << 20;
/// How many lists and maps may lie in one another, aliases resolved.
pub const MAX_DEPTH: usize = 100;
/// How many values the aliases of a text may copy in all.
pub const MAX_COPIED_VALUES: usize = 100_000;
/// How many bytes of text the aliases of a text may copy in all.
pub const MAX_COPIED_BYTES: usize = 16 << 20;
/// After how many mistakes in the structure reading ends.
pub const MAX_MISTAKES: usize = 200;

/// Reads a text into a tree.
///
/// A mistake in the syntax ends reading: one error and no tree. Mistakes in the structure (a key twice, a key
/// that is not a text, a tag) are all reported and left out of the tree that is returned.
pub fn parse(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    if text.len() > MAX_BYTES {
        diagnostics.push(
            Diagnostic::new(
                Severity::Error,
                "too-large",
                None,
                format!(
                    "the file has {} MiB, at most {} are read",
                    text.len().div_ceil(1 << 20),
                    MAX_BYTES >> 20
                ),
            )
            .hint("keep data such as dumps out of the description"),
        );
        return None;
    }
    if let Some((at, character)) = lookup::control_character(text) {
        let span = Span::new(source, at, at + character.len_utf8());
        diagnostics.push(
            Diagnostic::error(
                "control-character",
                span,
                format!("the control character U+{:04X} cannot stand in YAML", character as u32),
            )
            .label("invisible character")
            .hint("delete it, or write it as an escape such as \\x07 inside double quotes"),
        );
        return None;
    }
    let options = options! {
        emit_unresolved_aliases: true,
        // Comments are not needed here, and a buffer of them is limited.
        emit_comments: false,
        // A little more than our own limit, so that ours answers first and names the place.
        flow_nesting_limit: MAX_DEPTH + 20,
        block_nesting_limit: MAX_DEPTH + 20,
    };
    let mut builder = build::Builder::new(source, text, diagnostics);
    for next in Parser::new_from_str_with_options(text, options) {
        let going = match next {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                let at = span.byte_range().unwrap_or(text.len()..text.len());
                let tag = span.tag_span().and_then(|tag| tag.byte_range());
                builder.take(event, at, tag)
            }
            Err(error) => {
                builder.syntax_error(&error);
                false
            }
        };
        if !going {
            return None;
        }
    }
    builder.finish()
}
