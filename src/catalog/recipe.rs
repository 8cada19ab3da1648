//! One file of `templates/recipes/` -> [`Recipe`].

use super::{Origin, TemplateText, Text, read};
use crate::diag::Diagnostics;
use crate::document::tree::Node;
use crate::source::{SourceId, Span};

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

const KEYS: [&str; 8] = ["recipe", "title", "doc", "port", "base", "build_only", "ignore", "dockerfile"];

/// Reads a recipe; what is wrong in it is reported and left out.
pub(super) fn read(
    stem: &str,
    node: &Node,
    source: SourceId,
    origin: Origin,
    out: &mut Diagnostics,
) -> Option<Recipe> {
    let map = read::map(node, "a recipe", out)?;
    read::keys(map, "a recipe", &KEYS, out);
    let span = read::name(map, "recipe", stem, node.span, out);
    let texts = |key: &str, out: &mut Diagnostics| -> Vec<String> {
        read::list(map, key, out).into_iter().map(|(text, _)| text).collect()
    };
    let port = map.get("port").and_then(|node| {
        let port =
            node.as_scalar().and_then(|scalar| scalar.as_int()).and_then(|port| u16::try_from(port).ok());
        if port.is_none() {
            read::wrong_type(node.span, "`port`", "a port number", out);
        }
        port
    });
    Some(Recipe {
        name: stem.to_owned(),
        title: read::title(map, node.span, out),
        doc: read::required(map, node.span, "doc", "one sentence: what it builds", out),
        port,
        base: read::required(map, node.span, "base", "the image to start from, with a tag", out),
        build_only: texts("build_only", out),
        ignore: texts("ignore", out),
        dockerfile: TemplateText {
            text: read::required(map, node.span, "dockerfile", "the template", out),
            span: map.get("dockerfile").map_or(node.span, |node| node.span),
        },
        origin,
        source,
        span,
    })
}
