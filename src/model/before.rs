//! The same system under the ids that its elements had before.

use super::component::Origin;
use super::{Component, Model, Zone};

impl Component {
    /// The id that it had first, which names at a provider keep, so that nothing is built anew after a renaming.
    pub fn first_id(&self) -> &str {
        self.was.first().unwrap_or(&self.id)
    }
}

impl Zone {
    /// The id that it had first, which names at a provider keep.
    pub fn first_id(&self) -> &str {
        self.was.first().unwrap_or(&self.id)
    }
}

impl Model {
    /// The model as it was some renamings ago; `None` where nothing was renamed as often. What was renamed less
    /// often has its first id.
    pub fn before(&self, renamings: usize) -> Option<Model> {
        let components = self.components.iter().map(|component| component.was.len());
        let most = components.chain(self.zones.iter().map(|zone| zone.was.len())).max().unwrap_or(0);
        if renamings > most {
            return None;
        }
        let mut former = self.clone();
        for zone in &mut former.zones {
            step_back(&mut zone.id, &mut zone.was, renamings);
        }
        for component in &mut former.components {
            step_back(&mut component.id, &mut component.was, renamings);
        }
        for secret in &mut former.secrets {
            let Some(owner) = secret.owner else { continue };
            let now = &self.components[owner.0 as usize].id;
            let then = &former.components[owner.0 as usize].id;
            if let Some(rest) = secret.id.strip_prefix(now.as_str()).filter(|rest| rest.starts_with('-')) {
                secret.id = format!("{then}{rest}");
            }
        }
        Some(former)
    }

    /// The name of a secret under the id that its owner had first.
    pub fn first_secret_id(&self, secret: &super::Secret) -> String {
        let Some(owner) = secret.owner.map(|owner| self.component(owner)) else { return secret.id.clone() };
        match secret.id.strip_prefix(owner.id.as_str()).filter(|rest| rest.starts_with('-')) {
            Some(rest) => format!("{}{rest}", owner.first_id()),
            None => secret.id.clone(),
        }
    }
}

/// Gives an element the id that it had some renamings ago.
fn step_back(id: &mut String, was: &mut Vec<String>, renamings: usize) {
    for _ in 0..renamings {
        if let Some(former) = was.pop() {
            *id = former;
        }
    }
}

/// What a read replica was called when the store that it copies had other ids.
pub(super) fn replica_ids(original: &Component, replica: &str) -> Vec<String> {
    let suffix = replica.strip_prefix(original.id.as_str()).unwrap_or_default();
    match original.origin {
        Origin::Written => original.was.iter().map(|former| format!("{former}{suffix}")).collect(),
        Origin::ReadReplica(_) => Vec::new(),
    }
}
