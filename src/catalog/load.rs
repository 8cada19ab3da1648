//! The built-in files and the project's, file by file -> [`Catalog`].

use std::collections::BTreeMap;

use super::{Catalog, Origin, built_in, form, kind, profile, recipe, templates};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::Node;
use crate::document::yaml;
use crate::source::{SourceId, Sources};

/// Where the project's own catalog files lie, below its root.
const OVERLAY: &str = "archgen/templates/";

/// One catalog file, parsed.
struct File {
    stem: String,
    origin: Origin,
    source: SourceId,
    node: Option<Node>,
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
        let read = file
            .node
            .as_ref()
            .and_then(|node| form::read(&file.stem, node, file.source, file.origin.clone(), diagnostics));
        match read {
            Some(form) => catalog.forms.push(form),
            None => broken.push(file.stem),
        }
    }
    for file in files("kinds/", overlay, sources, diagnostics) {
        let Some(node) = &file.node else { continue };
        catalog.kinds.extend(kind::read(
            &file.stem,
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
        let Some(node) = &file.node else { continue };
        catalog.profiles.extend(profile::read(&file.stem, node, file.origin, &names, diagnostics));
    }
    for file in files("recipes/", overlay, sources, diagnostics) {
        let Some(node) = &file.node else { continue };
        catalog.recipes.extend(recipe::read(&file.stem, node, file.source, file.origin, diagnostics));
    }
    catalog
}

/// The parsed files of one folder, by name.
fn files(
    folder: &str,
    overlay: &BTreeMap<String, String>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Vec<File> {
    let built_in = built_in::FILES.iter().map(|(path, text)| (*path, *text, false));
    let project = overlay.iter().map(|(path, text)| (path.as_str(), text.as_str(), true));
    let mut texts: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
    for (path, text, ours) in built_in.chain(project).filter(|(path, ..)| path.starts_with(folder)) {
        texts.insert(path, (text, ours));
    }
    let mut files: Vec<File> = Vec::new();
    for (path, (text, ours)) in texts {
        let (name, origin) = if ours {
            let path = format!("{OVERLAY}{path}");
            (path.clone(), Origin::Project(path))
        } else {
            (format!("built-in {path}"), Origin::BuiltIn)
        };
        let Some(stem) = path[folder.len()..].strip_suffix(".yaml").filter(|stem| is_name(stem)) else {
            out.push(misnamed(&name));
            continue;
        };
        let source = sources.add(name.as_str(), text);
        let node = yaml::parse(source, text, out);
        if let (true, Some(node)) = (ours, &node) {
            templates::check(node, out);
        }
        files.push(File { stem: stem.to_owned(), origin, source, node });
    }
    // By name, not by path: `server` before `server-group`.
    files.sort_by(|a, b| a.stem.cmp(&b.stem));
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
