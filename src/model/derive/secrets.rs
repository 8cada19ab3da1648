//! Secrets and who needs them.

use super::SecretUse;
use crate::catalog::Catalog;
use crate::model::{Command, Component, ComponentId, Model, RefRoot, SecretId, Setting, Template};

/// The secrets that a text holds; a text that holds one is a secret as a whole.
pub fn in_text(model: &Model, catalog: &Catalog, template: &Template) -> Vec<SecretId> {
    let mut found = Vec::new();
    for reference in template.references() {
        let secret = match reference.root {
            RefRoot::Secret(secret) => Some(secret),
            RefRoot::Component(id) => of_attribute(model, catalog, id, &reference.attribute),
            _ => None,
        };
        found.extend(secret.filter(|secret| !found.contains(secret)));
    }
    found
}

/// The secret in an attribute of a component: its password, or what is made with it.
fn of_attribute(model: &Model, catalog: &Catalog, id: ComponentId, attribute: &str) -> Option<SecretId> {
    let component = model.component(id);
    let secret = component.password?;
    if attribute == "password" {
        return Some(secret);
    }
    let kind = catalog.kind(component.kind);
    let used = kind.form(component.form).and_then(|used| used.attributes.get(attribute));
    used.or_else(|| kind.attributes.get(attribute))
        .filter(|pattern| pattern.contains("password"))
        .map(|_| secret)
}

/// All secrets that somebody needs, in the order of the model.
pub(super) fn uses(model: &Model, catalog: &Catalog) -> Vec<SecretUse> {
    let mut uses = Vec::new();
    for (secret, _) in model.secrets() {
        let users: Vec<ComponentId> = model
            .components()
            .filter(|(_, component)| {
                component.password == Some(secret)
                    || component.own_secrets.iter().any(|(_, own)| *own == secret)
                    || texts(component)
                        .into_iter()
                        .any(|text| in_text(model, catalog, text).contains(&secret))
            })
            .map(|(id, _)| id)
            .collect();
        if !users.is_empty() {
            uses.push(SecretUse { secret, users });
        }
    }
    uses
}

/// All texts of a component in which references may stand.
fn texts(component: &Component) -> Vec<&Template> {
    let mut texts: Vec<&Template> = component
        .settings
        .iter()
        .filter_map(|(_, setting)| match setting {
            Setting::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    if let Some(workload) = &component.workload {
        texts.extend(workload.env.iter().map(|(_, text)| text));
        texts.extend(&workload.image);
        match &workload.command {
            Some(Command::Line(line)) => texts.push(line),
            Some(Command::Words(words)) => texts.extend(words),
            None => {}
        }
    }
    texts
}
