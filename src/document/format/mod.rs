//! The canonical form of a description: `archgen fmt`.
//!
//! The text is cut into tokens and printed again with the blanks that belong between them, so that every
//! comment, quote and line break stays the author's. What changes is indentation, blanks, blank lines between
//! sections, the order of sections and spellings that have a shorter form. The result is read again and must
//! mean the same as before, else the text is left alone.

mod columns;
mod layout;
mod rewrite;
mod sections;
#[cfg(test)]
mod tests;
mod tokens;

use super::{tree::Node, yaml};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::source::SourceId;

/// Changing a text can make new changes possible (values that are aligned now); it comes to rest soon.
const MOST_PASSES: usize = 20;

/// A description in canonical form.
///
/// # Errors
/// The mistakes in the text, with places in source 0: a text that cannot be read is not formatted.
pub fn format(text: &str) -> Result<String, Diagnostics> {
    let mut text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    // Without it a text block at the very end would end without a line break, which nobody means.
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let before = read(&text)?;
    let mut current = text;
    for _ in 0..MOST_PASSES {
        let Some(next) = pass(&current) else { return Err(refused()) };
        if next == current {
            let after = read(&current).map_err(|_| refused())?;
            let same = rewrite::meaning(&before) == rewrite::meaning(&after);
            return if same { Ok(current) } else { Err(refused()) };
        }
        current = next;
    }
    Err(refused())
}

/// Formats once; `None` when the result of a step cannot be read.
fn pass(text: &str) -> Option<String> {
    let root = read(text).ok()?;
    let Some(lines) = tokens::lines(text) else { return Some(ended(text)) };
    // A value with an anchor is written for several places at once.
    if lines.anchors {
        return Some(layout::print(text, lines));
    }
    let edits = rewrite::edits(text, &root);
    if edits.is_empty() {
        return Some(layout::print(text, lines));
    }
    let text = rewrite::apply(text, &edits);
    let lines = tokens::lines(&text)?;
    Some(layout::print(&text, lines))
}

/// A text that is not laid out again still ends with one line break.
fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

fn read(text: &str) -> Result<Node, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    match yaml::parse(SourceId(0), text, &mut diagnostics) {
        Some(node) if !diagnostics.has_errors() => Ok(node),
        _ => Err(diagnostics),
    }
}

fn refused() -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let message = "formatting would change what the file means, so it is left alone";
    diagnostics.push(
        Diagnostic::new(Severity::Error, "format", None, message)
            .hint("this is a mistake in archgen: please report it with the file"),
    );
    diagnostics
}
