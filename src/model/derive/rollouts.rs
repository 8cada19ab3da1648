//! What is rolled out by a service of the provider that moves requests from the old version to the new one.

use super::{Rollout, Upstream};
use crate::catalog::{Catalog, TargetName, Trait};
use crate::document::tree::Node;
use crate::model::{Built, Component, Model};

/// The components that a pipeline deploys by such a service: their forms know it, and one balancer alone, which can
/// move its requests, leads to one port of theirs.
pub(super) fn rollouts(model: &Model, catalog: &Catalog, upstreams: &[Upstream]) -> Vec<Rollout> {
    let Some(by) = &model.environment().deployed_by else { return Vec::new() };
    let ours = |component: &Component| component.built == Built::By(TargetName::Terraform);
    let delivery =
        |component: &Component, key: &str| catalog.form(component.form).delivery.as_ref()?.get(key).cloned();
    let mut found = Vec::new();
    for (id, component) in model.components().filter(|(_, component)| ours(component)) {
        if delivery(component, "by").is_none_or(|known| known.get(by).is_none()) {
            continue;
        }
        let mut before: Vec<&Upstream> = Vec::new();
        for upstream in upstreams.iter().filter(|upstream| upstream.target == id) {
            let same = |other: &&Upstream| (other.router, other.port) == (upstream.router, upstream.port);
            if !before.iter().any(same) {
                before.push(upstream);
            }
        }
        let [upstream] = before.as_slice() else { continue };
        let router = model.component(upstream.router);
        let swaps = delivery(router, "swaps");
        let swaps = swaps.as_ref().and_then(Node::as_scalar).and_then(|scalar| scalar.as_bool());
        if ours(router) && catalog.kind(router.kind).has(Trait::Balancer) && swaps == Some(true) {
            found.push(Rollout {
                component: id,
                by: by.clone(),
                router: upstream.router,
                port: upstream.port,
                protocol: upstream.protocol.clone(),
            });
        }
    }
    found
}
