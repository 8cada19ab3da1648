//! Names that belong to no single environment: what views show, what pipelines build and deploy, and the
//! environments that things are shared with. They are checked once, against all that the description has anywhere.

use std::collections::BTreeSet;

use super::merge::unknown;
use super::read;
use crate::diag::Diagnostics;
use crate::document::tree::{Map, Node};
use crate::document::{Document, Layer};

/// Reports names in views, pipelines and `shared` that nothing has in any environment.
pub fn check_names(document: &Document, out: &mut Diagnostics) {
    let names = Names::of(document);
    for entry in &document.views.entries {
        names.view(&entry.value, out);
    }
    for layer in layers(document) {
        for entry in &layer.pipelines.entries {
            names.pipeline(&entry.value, out);
        }
        for entry in layer.zones.entries.iter().chain(&layer.components.entries) {
            names.check(entry.value.get("shared"), "environment", &names.environments, out);
        }
    }
}

/// The base and what every environment lays over it.
fn layers(document: &Document) -> impl Iterator<Item = &Layer> {
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
