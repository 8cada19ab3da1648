//! Secrets and who needs them.

use super::SecretUse;
use crate::catalog::{Catalog, FormId, Trait};
use crate::model::{Command, Component, ComponentId, End, Model, RefRoot, SecretId, Setting, Template};

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

/// The form that keeps a secret: the one that the author names, else the one that keeps those for which nothing is
/// written. `None` where no form does.
pub fn kept_in(model: &Model, catalog: &Catalog, secret: SecretId) -> Option<FormId> {
    let named = model.secret(secret).from.as_deref().and_then(|from| catalog.find_form(from));
    named.filter(|&form| catalog.form(form).keeps.is_some()).or_else(|| {
        let all =
            catalog.forms().iter().filter(|form| form.keeps.as_ref().is_some_and(|keeps| keeps.unasked));
        all.into_iter().next().and_then(|form| catalog.find_form(&form.name))
    })
}

/// The provider's services through which an element fetches the secrets it is given.
pub fn services(model: &Model, catalog: &Catalog, uses: &[SecretUse], id: ComponentId) -> Vec<String> {
    let usual = &catalog.form(model.component(id).form).services.calls_for_secrets;
    let mut found: Vec<String> = Vec::new();
    if usual.is_empty() || model.component(id).workload.is_none() {
        return found;
    }
    for used in uses.iter().filter(|used| used.users.contains(&id)) {
        let form = kept_in(model, catalog, used.secret).map(|form| catalog.form(form));
        let own = form.filter(|form| form.keeps.as_ref().is_some_and(|keeps| !keeps.unasked));
        let services = own.map_or(usual, |form| &form.services.endpoints);
        found.extend(services.iter().filter(|service| !found.contains(service)).cloned().collect::<Vec<_>>());
    }
    found
}

/// All secrets that somebody needs, in the order of the model.
pub(super) fn uses(model: &Model, catalog: &Catalog) -> Vec<SecretUse> {
    let mut uses = Vec::new();
    for (secret, _) in model.secrets() {
        let users: Vec<ComponentId> = model
            .components()
            .filter(|(id, component)| {
                component.password == Some(secret)
                    || handed(model, catalog, *id).contains(&secret)
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

/// The passwords that a workload is handed because what it uses asks its clients for them.
fn handed(model: &Model, catalog: &Catalog, id: ComponentId) -> Vec<SecretId> {
    let mut found = Vec::new();
    if !asks(model, catalog, id) {
        return found;
    }
    for (_, connection) in model.connections().filter(|(_, c)| c.from == End::Component(id)) {
        let End::Component(to) = connection.to else { continue };
        let component = model.component(to);
        let Some(used) = catalog.kind(component.kind).form(component.form) else { continue };
        if used.client_environment.values().any(|pattern| pattern.contains("password")) {
            found.extend(component.password);
        }
    }
    found
}

/// Whether a component reads what is handed to clients: a program of the author does, what only passes requests on does
/// not.
pub fn asks(model: &Model, catalog: &Catalog, id: ComponentId) -> bool {
    let component = model.component(id);
    let kind = catalog.kind(component.kind);
    let own = component.workload.as_ref().is_some_and(|work| work.build.is_some() || work.image.is_some());
    kind.has(Trait::Workload) && (own || !kind.has(Trait::Router))
}

/// All texts of a component in which references may stand.
pub fn texts(component: &Component) -> Vec<&Template> {
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
