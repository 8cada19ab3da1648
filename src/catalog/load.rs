//! The built-in files and the project's, file by file -> [`Catalog`].

use std::collections::BTreeMap;

use super::{Catalog, Origin, built_in, form, kind, profile, recipe, templates};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::Node;
use crate::document::yaml;
use crate::source::{SourceId, Sources};

/// Where the project's own catalog files lie, below its root.
const OVERLAY: &str = "archgen/templates/";

/// One catalog file.
struct File<'a> {
    path: &'a str,
    stem: &'a str,
    origin: Origin,
    source: SourceId,
    text: Text<'a>,
}

impl File<'_> {
    /// What it says; `None` when it cannot be read, which is reported.
    fn tree(&self, out: &mut Diagnostics) -> Option<Node> {
        match self.text {
            Text::BuiltIn(_) => built_in::tree(self.path, self.source),
            Text::Project(text) => {
                let node = yaml::parse(self.source, text, out);
                node.iter().for_each(|node| templates::check(node, out));
                node
            }
        }
    }
}

/// The text of a catalog file. What is built in was read when archgen was built; a project's file is read now, and every
/// mistake in it is reported.
#[derive(Clone, Copy)]
enum Text<'a> {
    BuiltIn(&'static str),
    Project(&'a str),
}

/// Reads all kinds, forms, profiles and recipes.
///
/// `overlay` holds the project's files by their path below its template folder (`kinds/x.yaml`): each replaces
/// the built-in file of that path or adds one. Files of other folders are none of the catalog's business and are
/// passed over. Every mistake is reported at its place; a file that cannot be read is left out.
pub fn load(
    overlay: &BTreeMap<String, String>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Catalog {
    let mut catalog = Catalog::default();
    let mut broken = Vec::new();
    for file in files("forms/", overlay, sources, diagnostics) {
        let tree = file.tree(diagnostics);
        let form = tree.and_then(|node| form::read(file.stem, &node, file.source, file.origin, diagnostics));
        match form {
            Some(form) => catalog.forms.push(form),
            None => broken.push(file.stem.to_owned()),
        }
    }
    for file in files("kinds/", overlay, sources, diagnostics) {
        let Some(node) = &file.tree(diagnostics) else { continue };
        catalog.kinds.extend(kind::read(
            file.stem,
            node,
            file.source,
            file.origin,
            &catalog.forms,
            &broken,
            diagnostics,
        ));
    }
    let names: Vec<&str> = catalog.forms.iter().map(|form| form.name.as_str()).collect();
    for file in files("profiles/", overlay, sources, diagnostics) {
        let Some(node) = &file.tree(diagnostics) else { continue };
        catalog.profiles.extend(profile::read(file.stem, node, file.origin, &names, diagnostics));
    }
    for file in files("recipes/", overlay, sources, diagnostics) {
        let Some(node) = &file.tree(diagnostics) else { continue };
        catalog.recipes.extend(recipe::read(file.stem, node, file.source, file.origin, diagnostics));
    }
    catalog
}

/// The files of one folder, by name.
fn files<'a>(
    folder: &str,
    overlay: &'a BTreeMap<String, String>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Vec<File<'a>> {
    let built_in = built_in::FILES.iter().map(|(path, text)| (*path, Text::BuiltIn(text)));
    let project = overlay.iter().map(|(path, text)| (path.as_str(), Text::Project(text)));
    let texts: BTreeMap<&'a str, Text<'a>> =
        built_in.chain(project).filter(|(path, _)| path.starts_with(folder)).collect();
    let mut files = Vec::new();
    for (path, text) in texts {
        let (name, origin) = match text {
            Text::BuiltIn(_) => (format!("built-in {path}"), Origin::BuiltIn),
            Text::Project(_) => {
                let path = format!("{OVERLAY}{path}");
                (path.clone(), Origin::Project(path))
            }
        };
        let Some(stem) = path[folder.len()..].strip_suffix(".yaml").filter(|stem| is_name(stem)) else {
            out.push(misnamed(&name));
            continue;
        };
        let source = match text {
            Text::BuiltIn(text) => sources.add(name, text),
            Text::Project(text) => sources.add(name, text.to_owned()),
        };
        files.push(File { path, stem, origin, source, text });
    }
    // By name, not by path: `server` before `server-group`.
    files.sort_by(|a: &File<'_>, b| a.stem.cmp(b.stem));
    files
}

/// Whether a stem can be the name of a kind, a form, a profile or a recipe.
fn is_name(stem: &str) -> bool {
    stem.starts_with(|c: char| c.is_ascii_lowercase())
        && stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.')
}

fn misnamed(path: &str) -> Diagnostic {
    Diagnostic::new(
        crate::diag::Severity::Error,
        "catalog-file-name",
        None,
        format!("`{path}` is not the name of a catalog file"),
    )
    .hint("name it like the kind, form, profile or recipe, in small letters, with `.yaml` at the end: `kinds/queue.yaml`")
}
