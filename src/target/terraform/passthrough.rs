//! What the author adds: arguments of blocks by path, or whole blocks as text, merged last.

use serde_json::json;

use super::files::Piece;
use super::{Findings, NAME, hcl};
use crate::diag::Diagnostic;
use crate::document::tree::Node;
use crate::source::Span;
use crate::target::Input;
use crate::target::attributes::node_value;
use crate::template;

/// Merges the additions of the environment, then those of zones and components, whose paths begin in the
/// element's first resource.
pub(super) fn apply(input: &Input, pieces: &mut Vec<Piece>, findings: &mut Findings) {
    let model = input.model;
    for (path, value) in of_target(model.passthrough()) {
        if path.is_empty() && value.as_map().is_none() {
            add_text(value, pieces, findings);
            continue;
        }
        for (path, span, value) in arguments(&path, value) {
            set(pieces, &path, span, value, findings);
        }
    }
    let zones = model.zones().map(|(_, zone)| (zone.name(), &zone.passthrough));
    let components = model.components().map(|(_, component)| (component.name(), &component.passthrough));
    for (name, additions) in zones.chain(components) {
        for (path, value) in of_target(additions) {
            let main = pieces.iter().find(|piece| {
                let block = &piece.block;
                block.kind == "resource"
                    && block.labels.get(1) == Some(&name)
                    && !block.labels[0].contains("security_group")
            });
            let Some(main) = main.map(|piece| piece.block.address()) else {
                report(value.span, format!("Terraform makes no resource for `{name}` here"), findings);
                continue;
            };
            for (path, span, value) in arguments(&path, value) {
                set(pieces, &format!("resource.{main}.{path}"), span, value, findings);
            }
        }
    }
}

/// The additions for this target, each with what stands behind its name in the key.
fn of_target(additions: &[(String, Node)]) -> impl Iterator<Item = (String, &Node)> {
    additions.iter().filter_map(|(key, value)| {
        let path = key.strip_prefix(NAME)?;
        let path = if path.is_empty() { path } else { path.strip_prefix('.')? };
        Some((path.to_owned(), value))
    })
}

/// A map below a path as single arguments; anything else is the argument of the path itself.
fn arguments<'a>(path: &str, value: &'a Node) -> Vec<(String, Span, &'a Node)> {
    let Some(map) = value.as_map() else { return vec![(path.to_owned(), value.span, value)] };
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    map.entries.iter().map(|entry| (join(&entry.key.value), entry.key.span, &entry.value)).collect()
}

/// Sets `resource.TYPE.NAME.ARGUMENT`, or an argument of a `data` source, `variable` or `output`.
fn set(pieces: &mut [Piece], path: &str, span: Span, value: &Node, findings: &mut Findings) {
    let words: Vec<&str> = path.split('.').collect();
    let labels = if matches!(words[0], "resource" | "data") { 2 } else { 1 };
    if words.len() < labels + 2 {
        let message = format!("`{path}` names no argument: write `resource.TYPE.NAME.ARGUMENT`");
        return report(span, message, findings);
    }
    let (head, arguments) = words.split_at(labels + 1);
    let found =
        pieces.iter_mut().find(|piece| piece.block.kind == head[0] && piece.block.labels == head[1..]);
    let Some(piece) = found else {
        return report(span, format!("Terraform makes no `{}` here", head.join(".")), findings);
    };
    let text = match template::render("{{ value | hcl }}", &json!({ "value": node_value(value) })) {
        Ok(text) => text,
        Err(error) => return report(value.span, error.message, findings),
    };
    match hcl::set(&mut piece.block, arguments, &text) {
        Ok(()) => piece.from.push(span),
        Err(error) => report(span, format!("`{path}` cannot be set: {}", error.message), findings),
    }
}

/// Whole blocks as text.
fn add_text(value: &Node, pieces: &mut Vec<Piece>, findings: &mut Findings) {
    match hcl::blocks(value.as_str().unwrap_or_default()) {
        Ok(blocks) => pieces.extend(blocks.into_iter().map(|block| Piece {
            file: "passthrough.tf".to_owned(),
            block,
            always: true,
            across: false,
            from: vec![value.span],
        })),
        Err(error) => {
            let message = format!("this is no HCL: {} (line {} of the text)", error.message, error.line);
            report(value.span, message, findings);
        }
    }
}

fn report(span: Span, message: String, findings: &mut Findings) {
    let error = Diagnostic::error("terraform-passthrough", span, message)
        .hint("look into the generated .tf files for the names of resources and arguments");
    findings.output.diagnostics.push(error);
}
