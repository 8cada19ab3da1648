//! The files of `templates/`, compiled in: kinds, forms, profiles and whatever else lies there.

/// All built-in template files by path below `templates/`, sorted by path.
pub static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The text of one built-in file, such as `kinds/service.yaml`.
pub fn file(path: &str) -> Option<&'static str> {
    FILES.binary_search_by_key(&path, |(path, _)| path).ok().map(|at| FILES[at].1)
}
