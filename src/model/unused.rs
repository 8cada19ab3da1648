//! Variables that are declared and never used: whoever deploys would be asked for nothing.

use super::names::layers;
use super::variable_name;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::Document;

/// Warns of each variable that no text of the description names, in any environment. Where a name is unknown, one
/// letter is probably wrong, and that was said.
pub(super) fn check(document: &Document, out: &mut Diagnostics) {
    if out.sorted().iter().any(|finding| finding.code == "unknown-variable") {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for entry in layers(document).flat_map(|layer| &layer.vars.entries) {
        let id = entry.key.value.as_str();
        if told.contains(&id) || is_named(&document.text, id) {
            continue;
        }
        told.push(id);
        out.push(
            Diagnostic::warning(
                "unused-variable",
                entry.key.span,
                format!("nothing uses the variable `{id}`"),
            )
            .hint(format!("write `${{var.{id}}}` where its value belongs, or take it out")),
        );
    }
}

/// Whether a text names a variable: in a reference, or in raw text as Terraform or Compose call it.
fn is_named(text: &str, id: &str) -> bool {
    let plain = [format!("var.{id}"), format!("var.{}", id.replace('-', "_"))];
    let shell = [format!("${}", variable_name(id)), format!("${{{}", variable_name(id))];
    plain.iter().chain(&shell).any(|name| {
        text.match_indices(name.as_str()).any(|(at, _)| {
            let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            (name.starts_with('$') || !before.ends_with(word)) && !after.starts_with(word)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn a_variable_is_named_as_a_whole() {
        assert!(is_named("from: ${var.admin-cidr}", "admin-cidr"));
        assert!(is_named("cidr = var.admin_cidr", "admin-cidr"));
        assert!(is_named("X: $ADMIN_CIDR", "admin-cidr"));
        assert!(is_named("X: ${ADMIN_CIDR:-none}", "admin-cidr"));
        assert!(!is_named("ADMIN_CIDR: none", "admin-cidr"));
        assert!(!is_named("vars: { admin: 1 } ${var.admin-cidr}", "admin"));
    }
}
