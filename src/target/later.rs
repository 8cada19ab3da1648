//! What the description says and this release does not make: a row of the loss report each, so that nothing is
//! missing in silence.

use crate::catalog::{Hosting, TargetName};
use crate::model::Loss;

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
    if targets.iter().all(|target| *target == TargetName::Diagram) {
        return losses;
    }
    let maker = targets.iter().find(|target| **target != TargetName::Diagram);
    if !targets.contains(&TargetName::Terraform)
        && let Some(maker) = maker
    {
        for alarm in &model.operations().alarms {
            losses.push(row(maker.name(), &alarm.id, "alarm", &[("id", &alarm.id)]));
        }
    }
    // Where compose writes, it says itself what it leaves to others.
    let composed = targets.contains(&TargetName::Compose);
    // In a swarm a certificate is a secret.
    for host in input.facts.machines.iter().filter(|host| !host.is_spread()) {
        for id in &host.software {
            let component = model.component(*id);
            if !composed
                && !input.facts.is_installed(*id)
                && input.catalog.form(component.form).hosting == Hosting::Host
            {
                losses.push(row("host", &component.id, "host", &[("title", &component.title)]));
            }
        }
    }
    losses
}
