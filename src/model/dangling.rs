//! Names inside elements, checked once against all that the description has anywhere.
//!
//! Resolving an environment finds what dangles in it, but an element that every environment leaves out is resolved
//! in none; what it says must be right all the same, or the mistake shows on the day that it is taken in. What an
//! environment finds as well is the same finding and is reported once.

use std::collections::BTreeSet;

use super::build::parse_text;
use super::merge::unknown;
use super::names::{layers, written};
use super::{read, references, settings};
use crate::diag::Diagnostics;
use crate::document::tree::Node;
use crate::document::{Document, arrow, reference};

/// Reports names in components that nothing has in any layer.
pub(super) fn check(document: &Document, components: &[String], zones: &[String], out: &mut Diagnostics) {
    let known = Known {
        document,
        elements: written(document).into_iter().chain(components.iter().map(String::as_str)).collect(),
        components,
        zones,
        secrets: layers(document).flat_map(|layer| layer.secrets.keys()).collect(),
        vars: layers(document).flat_map(|layer| layer.vars.keys()).collect(),
    };
    for entry in layers(document).flat_map(|layer| &layer.components.entries) {
        known.component(&entry.value, out);
    }
}

/// Everything that a name may be.
struct Known<'a> {
    document: &'a Document,
    elements: BTreeSet<&'a str>,
    components: &'a [String],
    zones: &'a [String],
    secrets: BTreeSet<&'a str>,
    vars: BTreeSet<&'a str>,
}

impl Known<'_> {
    fn component(&self, node: &Node, out: &mut Diagnostics) {
        for place in read::nodes(node, "in") {
            self.name(place, "unknown-zone", "zone", self.zones, out);
        }
        let certificate = node.get("tls").and_then(|tls| tls.get("cert"));
        let single = [certificate, node.get("for"), node.get("after")].into_iter().flatten();
        let mounts = read::entries(node, "volumes").filter_map(|(_, mount)| mount.get("from"));
        let statics = read::entries(node, "static").map(|(_, source)| source);
        let is_path = |node: &Node| node.as_str().is_some_and(|text| text.starts_with(['.', '/']));
        for named in single.chain(mounts.chain(statics).filter(|source| !is_path(source))) {
            self.name(named, "unknown-component", "component", self.components, out);
        }
        for (_, value) in read::entries(node, "env") {
            self.text(value, out);
        }
        for (_, value) in node.get("build").into_iter().flat_map(|build| read::entries(build, "args")) {
            self.text(value, out);
        }
        for word in read::nodes(node, "command") {
            self.text(word, out);
        }
        let others = node.as_map().into_iter().flat_map(|map| &map.entries);
        let others = others.filter(|entry| !settings::is_structure(&entry.key.value));
        for value in others.map(|entry| &entry.value).chain(node.get("image")).chain(node.get("command")) {
            self.text(value, out);
        }
    }

    fn name(&self, node: &Node, code: &'static str, what: &str, names: &[String], out: &mut Diagnostics) {
        let Some(name) = node.as_str() else { return };
        if self.is_unknown(name) {
            out.push(unknown(code, what, name, node.span, names.iter().map(String::as_str)));
        }
    }

    /// Whether nothing has a name that is one: what is no id at all was reported.
    fn is_unknown(&self, name: &str) -> bool {
        arrow::is_id(name) && name != "internet" && !self.elements.contains(name)
    }

    fn text(&self, node: &Node, out: &mut Diagnostics) {
        if !node.as_str().is_some_and(reference::is_template) {
            return;
        }
        for part in parse_text(node, self.document, out) {
            if let reference::Part::Reference(reference) = part {
                self.reference(&reference, out);
            }
        }
    }

    fn reference(&self, written: &reference::Reference, out: &mut Diagnostics) {
        let Some(attribute) = written.path.first() else { return };
        let name = attribute.value.as_str();
        match written.root.value.as_str() {
            "secret" => {
                // A store's secrets exist unasked: its id, then what they are.
                let owned = name.match_indices('-').any(|(at, _)| self.elements.contains(&name[..at]));
                if !owned && !self.secrets.contains(name) {
                    out.push(references::no_secret(name, attribute.span, self.secrets.iter().copied()));
                }
            }
            "var" if !self.vars.contains(name) => {
                out.push(references::no_variable(name, attribute.span, self.vars.iter().copied()));
            }
            "var" | "system" | "env" => {}
            root if self.is_unknown(root) => {
                let names = self.elements.iter().copied().chain(["secret", "var", "system", "env"]);
                out.push(references::no_element(root, written.root.span, names));
            }
            _ => {}
        }
    }
}
