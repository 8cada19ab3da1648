//! Names: what a resource is called in Terraform and at the provider.

use crate::catalog::TargetName;
use crate::model::{Built, Model};

/// Whether Terraform makes the element here.
pub(super) fn is_ours(built: &Built) -> bool {
    *built == Built::By(TargetName::Terraform)
}

/// The environment that made an element that is only looked up here.
pub(super) fn shared_by(built: &Built) -> Option<&str> {
    match built {
        Built::Shared(environment) => Some(environment),
        _ => None,
    }
}

/// The full name of an element at the provider: system, environment, id. The environment is the one that made
/// the element, so that both environments mean the same thing by it.
pub(in crate::target) fn full(model: &Model, built: &Built, id: &str) -> String {
    let environment = shared_by(built).unwrap_or(&model.environment().id);
    format!("{}-{environment}-{id}", model.system().id).replace('_', "-")
}

/// An id as the name of a resource, variable or output.
pub(super) fn identifier(id: &str) -> String {
    let name: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// Whether a text names an address, and not only a longer one that begins or ends the same.
pub(super) fn mentions(text: &str, address: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    text.match_indices(address).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + address.len()..].chars().next();
        !before.is_some_and(|c| part(c) || c == '.') && !after.is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_safe() {
        assert_eq!(identifier("203.0.113.0/24"), "_203_0_113_0_24");
        assert_eq!(identifier("db-read"), "db_read");
    }

    #[test]
    fn addresses_are_whole() {
        let text = "x = data.aws_lb.edge.arn, aws_lb.edge_2, [aws_vpc.vpc.id]";
        assert!(mentions(text, "data.aws_lb.edge"));
        assert!(mentions(text, "aws_vpc.vpc"));
        assert!(!mentions(text, "aws_lb.edge"));
    }
}
