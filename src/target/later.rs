//! What the description says and this release does not make: a row of the loss report each, so that nothing is
//! missing in silence.

use crate::catalog::{Hosting, TargetName};
use crate::document::tree::{Map, Node};
use crate::model::{Built, Loss};
use crate::template::messages::Messages;

use super::Input;

/// The rows of one environment; none where nothing but pictures is asked for.
pub fn losses(input: &Input) -> Vec<Loss> {
    let (model, say) = (input.model, input.messages);
    let row = |target: &str, element: &str, key: &str, values: &[(&str, &str)]| Loss {
        target: target.to_owned(),
        element: element.to_owned(),
        what: say.say(&format!("later.{key}.what"), values),
        why: say.say(&format!("later.{key}.why"), values),
    };
    let mut losses = Vec::new();
    let targets = &model.environment().targets;
    if !model.assertions().is_empty() {
        let count = model.assertions().len().to_string();
        losses.push(row("assert", "", "assertions", &[("count", &count)]));
    }
    if targets.iter().all(|target| *target == TargetName::Diagram) {
        return losses;
    }
    for (target, key) in [(TargetName::Swarm, "swarm"), (TargetName::Kubernetes, "kubernetes")] {
        if targets.contains(&target) {
            losses.push(row(target.name(), "", key, &[]));
        }
    }
    // Where compose writes, it says itself what it leaves to others.
    let composed = targets.contains(&TargetName::Compose);
    for host in &input.facts.machines {
        for id in &host.software {
            let component = model.component(*id);
            if !composed && input.catalog.form(component.form).hosting == Hosting::Host {
                losses.push(row("host", &component.id, "host", &[("title", &component.title)]));
            }
        }
    }
    for (_, component) in model.components() {
        let recipe =
            component.workload.as_ref().and_then(|w| w.build.as_ref()).and_then(|b| b.recipe.as_ref());
        if let Some(recipe) = recipe.filter(|_| component.built != Built::By(TargetName::Compose)) {
            losses.push(row(
                "dockerfile",
                &component.id,
                "recipe",
                &[("id", &component.id), ("recipe", recipe)],
            ));
        }
    }
    losses
}

/// The rows of views that show no environment: pipelines, or the system as a whole.
pub fn of_views(views: &Map, say: &Messages) -> Vec<Loss> {
    let shown = |node: &Node| {
        let of = node.get("of").and_then(Node::as_list).unwrap_or_default();
        of.iter().filter_map(Node::as_str).any(|name| !name.starts_with("pipelines."))
    };
    let unseen = views.entries.iter().filter(|entry| !shown(&entry.value));
    unseen
        .map(|entry| Loss {
            target: "diagram".to_owned(),
            element: entry.key.value.clone(),
            what: say.say("later.view.what", &[("id", &entry.key.value)]),
            why: say.say("later.view.why", &[]),
        })
        .collect()
}

/// Rows that belong to the whole description: formats and regions that are not made yet.
pub fn of_outputs(formats: &[String], theme: &str, inject: &[String], say: &Messages) -> Vec<Loss> {
    let mut losses = Vec::new();
    if super::diagram::look(theme).is_none() {
        losses.push(Loss {
            target: "diagram".to_owned(),
            element: theme.to_owned(),
            what: say.say("later.theme.what", &[("theme", theme)]),
            why: say.say("later.theme.why", &[]),
        });
    }
    for format in formats.iter().filter(|format| !matches!(format.as_str(), "svg" | "png")) {
        losses.push(Loss {
            target: "diagram".to_owned(),
            element: format.clone(),
            what: say.say("later.format.what", &[("format", format)]),
            why: say.say("later.format.why", &[]),
        });
    }
    for file in inject {
        losses.push(Loss {
            target: "inject".to_owned(),
            element: file.clone(),
            what: say.say("later.inject.what", &[("file", file)]),
            why: say.say("later.inject.why", &[]),
        });
    }
    losses
}
