//! Names that belong to no single environment: what views show, what pipelines build and deploy, and the
//! environments that things are shared with. They are checked once, against all that the description has anywhere.

use std::collections::BTreeSet;

use super::merge::unknown;
use super::read;
use crate::catalog::{Catalog, TargetName, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Map, Node};
use crate::document::{Document, Layer, arrow};
use crate::source::Spanned;

/// Reports kinds that nobody knows, and ends of arrows, names in views and pipelines, and environments in `shared`
/// that nothing has in any environment: also what every environment leaves out must be right.
pub fn check_names(document: &Document, catalog: &Catalog, out: &mut Diagnostics) {
    let names = Names::of(document);
    let written = written(document);
    let ends: BTreeSet<&str> =
        written.iter().copied().chain(names.components.iter().map(String::as_str)).collect();
    for entry in &document.views.entries {
        names.view(&entry.value, out);
    }
    names.files(document, out);
    super::dangling::check(document, &names.components, &names.zones, out);
    super::credentials::check(document, out);
    super::unused::check(document, out);
    super::pipelines::check(document, catalog, out);
    for layer in layers(document) {
        check_passthrough(&layer.passthrough, Some(&names.components), catalog, out);
        for entry in layer.zones.entries.iter().chain(&layer.components.entries) {
            if let Some(own) = entry.value.get("passthrough").and_then(Node::as_map) {
                check_passthrough(own, None, catalog, out);
            }
        }
        check_kinds(&layer.zones, true, catalog, out);
        check_kinds(&layer.components, false, catalog, out);
        check_recipes(&layer.components, catalog, out);
        for connection in layer.connections.iter().filter(|connection| connection.values.is_some()) {
            for end in [&connection.from, &connection.to] {
                // What only its suffix makes unknown is a read replica, which each environment has or has not.
                let replica =
                    end.value.split_once("-read").is_some_and(|(original, _)| written.contains(original));
                if !replica && !ends.contains(end.value.as_str()) {
                    names.no_end(end, catalog, document, out);
                }
            }
        }
        for entry in &layer.pipelines.entries {
            names.pipeline(&entry.value, out);
        }
        for entry in layer.zones.entries.iter().chain(&layer.components.entries) {
            names.check(entry.value.get("shared"), "environment", &names.environments, out);
            names.former(&entry.value, out);
        }
    }
}

/// Reports kinds that nobody knows, with what is meant instead, and elements in the wrong section.
fn check_kinds(section: &Map, zones: bool, catalog: &Catalog, out: &mut Diagnostics) {
    for entry in &section.entries {
        let Some(kind) = entry.value.get("kind") else { continue };
        let Some(name) = kind.as_str() else { continue };
        match catalog.find_kind(name) {
            None => {
                let message = format!("there is no kind `{name}`");
                let mut unknown = Diagnostic::error("unknown-kind", kind.span, message).label("unknown");
                unknown.hints = catalog.instead_of_kind(name, Some(zones));
                out.push(unknown.hint("`archgen kinds` lists all"));
            }
            Some(id) if catalog.kind(id).has(Trait::Zone) != zones => {
                let (here, there) = if zones { ("component", "components") } else { ("zone", "zones") };
                let section = if zones { "zones" } else { "components" };
                out.push(
                    Diagnostic::error("wrong-section", kind.span, format!("a `{name}` is a {here}"))
                        .label(format!("does not stand under `{section}`"))
                        .hint(format!("move `{}` to `{there}`", entry.key.value)),
                );
            }
            Some(_) => {}
        }
    }
}

/// Reports recipes that nobody knows.
fn check_recipes(components: &Map, catalog: &Catalog, out: &mut Diagnostics) {
    let recipes = components.entries.iter().filter_map(|entry| entry.value.get("build")?.get("recipe"));
    for node in recipes {
        let Some(name) = node.as_str() else { continue };
        if catalog.find_recipe(name).is_none() {
            let names = catalog.recipes().iter().map(|recipe| recipe.name.as_str());
            out.push(unknown("unknown-recipe", "recipe", name, node.span, names));
        }
    }
}

/// Reports additions for targets that nobody knows. What a router's tool takes belongs to one component, which
/// stands behind the tool's name, unless the component itself says it.
fn check_passthrough(
    additions: &Map,
    components: Option<&[String]>,
    catalog: &Catalog,
    out: &mut Diagnostics,
) {
    let tools = if additions.entries.is_empty() { BTreeSet::new() } else { catalog.tools() };
    for entry in &additions.entries {
        let (target, path) = entry.key.value.split_once('.').unwrap_or((&entry.key.value, ""));
        let span = entry.key.span;
        if TargetName::parse(target).is_some_and(|target| target != TargetName::Diagram) {
            continue;
        }
        if !tools.contains(target) {
            let targets = TargetName::ALL.into_iter().filter(|target| *target != TargetName::Diagram);
            let mut names: Vec<&str> = targets.map(TargetName::name).collect();
            names.extend(tools.iter().map(String::as_str));
            out.push(unknown("unknown-target", "target", target, span, names.into_iter()));
        } else if let Some(components) = components
            && !components.iter().any(|id| id == path)
        {
            let names = components.iter().map(String::as_str);
            out.push(unknown("unknown-component", "component", path, span, names).hint(format!(
                "write `{target}.ID`, or say `passthrough: {{ {target}: … }}` on the component"
            )));
        }
    }
}

/// The names of all elements that are written in any layer.
pub(super) fn written(document: &Document) -> BTreeSet<&str> {
    layers(document).flat_map(|layer| layer.zones.keys().chain(layer.components.keys())).collect()
}

/// The base and what every environment lays over it.
pub(super) fn layers(document: &Document) -> impl Iterator<Item = &Layer> {
    std::iter::once(&document.base).chain(document.environments.iter().map(|environment| &environment.layer))
}

/// All names of a description, in order.
struct Names {
    environments: Vec<String>,
    zones: Vec<String>,
    components: Vec<String>,
    flows: Vec<String>,
    pipelines: Vec<String>,
}

impl Names {
    /// Reports names of files for what is no element, and those that cannot name a file.
    fn files(&self, document: &Document, out: &mut Diagnostics) {
        let Some(layout) = document.outputs.get("terraform") else { return };
        if let Some(folder) = layout.get("modules")
            && let Some(path) = folder.as_str()
            && path.trim_matches('/').split('/').any(|part| part.is_empty() || part == "..")
        {
            out.push(
                Diagnostic::error("bad-file-name", folder.span, format!("`{path}` is no folder below"))
                    .hint("write a folder below that of the Terraform, such as `modules`"),
            );
        }
        let Some(given) = layout.get("names") else { return };
        for entry in given.as_map().into_iter().flat_map(|map| &map.entries) {
            let id = entry.key.value.as_str();
            let mut known = self.zones.iter().chain(&self.components).map(String::as_str);
            if !known.clone().any(|name| name == id) {
                out.push(unknown("unknown-name", "element", id, entry.key.span, &mut known));
            }
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let name = entry.value.as_str().unwrap_or_default();
            if name.is_empty() || !name.chars().all(plain) {
                out.push(
                    Diagnostic::error(
                        "bad-file-name",
                        entry.value.span,
                        format!("`{name}` cannot name a file"),
                    )
                    .hint("use letters, digits, `_` and `-`, without an ending"),
                );
            }
        }
    }

    /// Reports a former id that something else has now: one of the two would be taken for the other.
    fn former(&self, element: &Node, out: &mut Diagnostics) {
        for former in read::nodes(element, "was") {
            let Some(id) = former.as_str() else { continue };
            if self.zones.iter().chain(&self.components).any(|known| known == id) {
                out.push(
                    Diagnostic::error(
                        "former-id-taken",
                        former.span,
                        format!("`{id}` is the id of another element"),
                    )
                    .hint("`was` names ids that nothing has any more"),
                );
            }
        }
    }

    fn of(document: &Document) -> Names {
        let all = |section: &dyn Fn(&Layer) -> &Map| -> Vec<String> {
            let mut seen = BTreeSet::new();
            let keys = layers(document)
                .flat_map(|layer| section(layer).keys().map(str::to_owned).collect::<Vec<_>>());
            keys.filter(|key| seen.insert(key.clone())).collect()
        };
        let mut components = all(&|layer| &layer.components);
        for entry in layers(document).flat_map(|layer| &layer.components.entries) {
            let count = read::count(&entry.value, "read_replicas").unwrap_or(0);
            let id = &entry.key.value;
            components.extend((1..=count.min(99)).map(|number| match number {
                1 => format!("{id}-read"),
                _ => format!("{id}-read-{number}"),
            }));
        }
        Names {
            environments: super::environments(document),
            zones: all(&|layer| &layer.zones),
            components,
            flows: all(&|layer| &layer.flows),
            pipelines: all(&|layer| &layer.pipelines),
        }
    }

    /// Reports an end of an arrow that is no component and no machine, unless it is no id at all, which was reported.
    fn no_end(&self, name: &Spanned<String>, catalog: &Catalog, document: &Document, out: &mut Diagnostics) {
        let text = &name.value;
        if !arrow::is_id(text) || text == "internet" {
            return;
        }
        let machines = layers(document).flat_map(|layer| &layer.zones.entries).filter(|entry| {
            let kind = super::build::kind_of(&entry.value, catalog).map(|kind| catalog.kind(kind));
            kind.is_some_and(|kind| kind.has(Trait::Machine) || kind.has(Trait::Scheduler))
        });
        let machines = machines.map(|entry| entry.key.value.as_str());
        let names = self.components.iter().map(String::as_str).chain(machines);
        out.push(unknown("unknown-end", "component or server", text, name.span, names));
    }

    fn view(&self, view: &Node, out: &mut Diagnostics) {
        let pictured: Vec<String> = self
            .environments
            .iter()
            .cloned()
            .chain(self.pipelines.iter().map(|id| format!("pipelines.{id}")))
            .collect();
        for node in read::nodes(view, "of") {
            self.check(Some(node), "environment or pipeline", &pictured, out);
        }
        let elements: Vec<String> =
            self.components.iter().chain(&self.zones).chain(&self.flows).cloned().collect();
        for node in read::nodes(view, "show").iter().chain(read::nodes(view, "hide")) {
            self.check(Some(node), "component, zone or flow", &elements, out);
        }
        self.check(view.get("flow"), "flow", &self.flows, out);
    }

    fn pipeline(&self, pipeline: &Node, out: &mut Diagnostics) {
        let jobs: Vec<String> = read::entries(pipeline, "jobs").map(|(id, _)| id.to_owned()).collect();
        for (_, job) in read::entries(pipeline, "jobs") {
            for node in read::nodes(job, "needs") {
                self.check(Some(node), "job", &jobs, out);
            }
            for step in read::nodes(job, "steps") {
                for verb in ["build", "push", "try", "scan"] {
                    for node in read::nodes(step, verb) {
                        self.check(Some(node), "component", &self.components, out);
                    }
                }
                self.check(step.get("deploy"), "environment", &self.environments, out);
            }
        }
    }

    fn check(&self, node: Option<&Node>, what: &str, known: &[String], out: &mut Diagnostics) {
        let Some(node) = node else { return };
        let Some(name) = node.as_str() else { return };
        if !known.iter().any(|other| other == name) {
            let code = match what {
                "environment" => "unknown-environment",
                "component" => "unknown-component",
                _ => "unknown-name",
            };
            out.push(unknown(code, what, name, node.span, known.iter().map(String::as_str)));
        }
    }
}
