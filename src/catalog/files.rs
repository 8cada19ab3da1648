//! What the smaller files of the catalog hold: restrictions of accounts, and recipes of Dockerfiles.

use super::{Origin, TemplateText, Text};
use crate::source::{SourceId, Span};

/// What an account cannot have: one file under `templates/profiles/`.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The word the user writes; equals the file's stem.
    pub name: String,
    /// What people call it.
    pub title: Text,
    /// One sentence: whose accounts these are.
    pub doc: String,
    /// Forms that cannot be had, each with the reason.
    pub forbids: Vec<(String, Text)>,
    /// Fields of components with one form that must have one value: form, field, value, reason.
    pub limits: Vec<Limit>,
    /// Where the file is from.
    pub origin: Origin,
}

/// A field that a profile fixes.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The form's name.
    pub form: String,
    /// The field.
    pub field: String,
    /// The only value it may have.
    pub value: String,
    /// Why.
    pub reason: Text,
}

/// How an image is made of sources of one sort: one file under `templates/recipes/`.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The word the user writes; equals the file's stem.
    pub name: String,
    /// What people call it.
    pub title: Text,
    /// One sentence: what it builds.
    pub doc: String,
    /// The port that the image listens on when the component has none; `None`: none.
    pub port: Option<u16>,
    /// The image to start from.
    pub base: String,
    /// Packages that only the building needs, if an author names them.
    pub build_only: Vec<String>,
    /// What the builder need not see, as patterns of `.dockerignore`; templates.
    pub ignore: Vec<String>,
    /// The Dockerfile: a template.
    pub dockerfile: TemplateText,
    /// Where the file is from.
    pub origin: Origin,
    /// The file's text.
    pub source: SourceId,
    /// The place of its name, for messages.
    pub span: Span,
}
