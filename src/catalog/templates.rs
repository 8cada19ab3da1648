//! Syntax of the templates in the project's own catalog files.
//!
//! The built-in files are checked by the tests; checking them in each run would only cost time.

use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Data, Node};
use crate::template;

/// Reports every text of a file that is no template.
pub(super) fn check(node: &Node, out: &mut Diagnostics) {
    match &node.data {
        Data::Null => {}
        Data::Scalar(scalar) => {
            if let Err(error) = template::check(&scalar.text) {
                let place = match error.line {
                    Some(line) if scalar.text.contains('\n') => format!(" (line {line} of the text)"),
                    _ => String::new(),
                };
                out.push(
                    Diagnostic::error(
                        "catalog-bad-template",
                        node.span,
                        format!("this template does not parse: {}{place}", error.message),
                    )
                    .hint("placeholders are `{{ name }}`, statements `{% if … %}`, comments `{# … #}`"),
                );
            }
        }
        Data::List(items) => items.iter().for_each(|item| check(item, out)),
        Data::Map(map) => map.entries.iter().for_each(|entry| check(&entry.value, out)),
    }
}
