//! What the description says and this release does not make: a row of the loss report each, so that nothing is
//! missing in silence.

use crate::catalog::{Hosting, TargetName};
use crate::model::Loss;

use super::Input;

/// The rows of one environment. `swarm`, `kubernetes` and `pipelines` have no target in this release.
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
    for (target, key) in [(TargetName::Swarm, "swarm"), (TargetName::Kubernetes, "kubernetes")] {
        if targets.contains(&target) {
            losses.push(row(target.name(), "", key, &[]));
        }
    }
    for host in &input.facts.machines {
        for id in &host.software {
            let component = model.component(*id);
            if input.catalog.form(component.form).hosting == Hosting::Host {
                losses.push(row("host", &component.id, "host", &[("title", &component.title)]));
            }
        }
    }
    for (id, _) in model.pipelines() {
        losses.push(row("pipelines", id, "pipeline", &[("id", id)]));
    }
    for (_, component) in model.components() {
        let recipe =
            component.workload.as_ref().and_then(|w| w.build.as_ref()).and_then(|b| b.recipe.as_ref());
        if let Some(recipe) = recipe {
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

/// Rows that belong to the whole description: formats and regions that are not made yet.
pub fn of_outputs(
    formats: &[String],
    inject: &[String],
    say: &crate::template::messages::Messages,
) -> Vec<Loss> {
    let mut losses = Vec::new();
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
