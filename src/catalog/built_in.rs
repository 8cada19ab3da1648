//! The files of `templates/`, compiled in: kinds, forms, profiles and whatever else lies there.

use crate::document::packed::Packed;
use crate::document::tree::Node;
use crate::source::SourceId;

/// All built-in template files by path below `templates/`, sorted by path.
pub static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// What those of them say that are YAML.
static TREES: Packed = include!(concat!(env!("OUT_DIR"), "/templates.trees.rs"));

/// The text of one built-in file, such as `kinds/service.yaml`.
pub fn file(path: &str) -> Option<&'static str> {
    FILES.binary_search_by_key(&path, |(path, _)| path).ok().map(|at| FILES[at].1)
}

/// What one built-in file says, as reading [`file()`] would give it; `None` for templates.
pub fn tree(path: &str, source: SourceId) -> Option<Node> {
    TREES.tree(path, source)
}
