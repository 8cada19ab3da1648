//! Which secrets somebody must give, and which a provider makes and keeps: one answer for all targets.

use crate::catalog::{Catalog, TargetName};
use crate::model::derive::has_region_copies;
use crate::model::{Built, ComponentId, Model, RefRoot, Reference, Secret, SecretId};

/// After how many days a provider changes a password that it keeps, where nothing else is written.
const DAYS: u64 = 7;

/// After how many days at most it can be told to.
const MOST_DAYS: u64 = 999;

/// After how many days a provider changes a password that it keeps.
pub(super) fn changed_after(secret: &Secret) -> u64 {
    secret.rotate.map_or(DAYS, |seconds| seconds.div_ceil(86_400)).clamp(1, MOST_DAYS)
}

/// Whether somebody must give a secret: it belongs to no store whose form keeps its password, copies of the store
/// need it, or a text holds it beside other things, so that only one who knows it can fill that text.
pub(super) fn is_given(model: &Model, catalog: &Catalog, secret: SecretId) -> bool {
    let Some(owner) = model.secret(secret).owner else { return true };
    let component = model.component(owner);
    let form = catalog.form(component.form);
    let kept =
        form.attributes.get(&TargetName::Terraform).is_some_and(|all| all.contains_key("password_arn"));
    let copies = component.store.as_ref().is_some_and(|store| store.read_replicas > 0)
        || has_region_copies(model, catalog, owner);
    let mixed = |reference: &Reference, alone: bool| match reference.root {
        RefRoot::Secret(other) => other == secret && !alone,
        RefRoot::Component(other) if other == owner => {
            reference.attribute == "password" && !alone
                || holds_password(model, catalog, owner, &reference.attribute)
        }
        _ => false,
    };
    let built = model.components().filter(|(_, c)| c.built == Built::By(TargetName::Terraform));
    let mut texts = built.flat_map(|(_, c)| c.workload.iter().flat_map(|workload| &workload.env));
    // Nobody but who makes a cluster's secrets hands it over there; and machines read it once, when they start, where
    // a provider that keeps a password changes it every few days.
    let mut elsewhere = model
        .components()
        .filter(|(_, c)| matches!(c.built, Built::By(target) if target != TargetName::Terraform));
    let read_elsewhere = elsewhere.any(|(_, c)| {
        let texts = c.workload.iter().flat_map(|workload| &workload.env);
        texts.flat_map(|(_, text)| text.references()).any(|reference| mixed(reference, false))
    });
    !kept
        || copies
        || read_elsewhere
        || texts.any(|(_, text)| text.references().any(|reference| mixed(reference, text.parts.len() == 1)))
}

/// Whether an attribute of a store holds its password beside other things, as a URL does.
fn holds_password(model: &Model, catalog: &Catalog, store: ComponentId, attribute: &str) -> bool {
    let component = model.component(store);
    let kind = catalog.kind(component.kind);
    let patterns = kind.form(component.form).map_or(&kind.attributes, |used| &used.attributes);
    patterns.get(attribute).is_some_and(|pattern| pattern.contains("password"))
}
