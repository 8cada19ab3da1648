//! How what stands at the provider's edge reaches its origins in a network, so that nobody else's edge does.
//!
//! The provider's list of addresses says only that a request comes from its edge, where every customer has a network.

use super::{Rule, Source, Upstream};
use crate::catalog::{Catalog, OriginBy, Reach, Trait};
use crate::model::{Access, Built, ComponentId, End, Model, ZoneDetail};

/// A router at the provider's edge and an origin of it in a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeWay {
    /// Who asks.
    pub router: ComponentId,
    /// Who answers.
    pub target: ComponentId,
    /// What keeps others out.
    pub by: EdgeBy,
}

/// What keeps the edges of others from an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeBy {
    /// It has no address on the internet: a way of its own leads there.
    Private,
    /// It answers only requests with a key.
    Key,
    /// Nothing, and nothing need: it is open to everybody anyway.
    Open,
    /// Nothing: whoever has something at the same edge reaches it.
    Anybody,
    /// It cannot be reached either: it has no address on the internet, and no way of its own can lead there.
    Nowhere,
}

/// All ways from the edge into networks, in the order of the upstreams.
pub(super) fn ways(model: &Model, catalog: &Catalog, rules: &[Rule], upstreams: &[Upstream]) -> Vec<EdgeWay> {
    let mut ways: Vec<EdgeWay> = Vec::new();
    for upstream in upstreams {
        let (router, target) = (upstream.router, upstream.target);
        let known = ways.iter().any(|way| (way.router, way.target) == (router, target));
        if known || catalog.form(model.component(router).form).reach != Reach::Edge {
            continue;
        }
        let Some(by) = by(model, catalog, rules, router, target) else { continue };
        ways.push(EdgeWay { router, target, by });
    }
    ways
}

fn by(
    model: &Model,
    catalog: &Catalog,
    rules: &[Rule],
    router: ComponentId,
    target: ComponentId,
) -> Option<EdgeBy> {
    let end = End::Component(target);
    let (asks, answers) = (model.component(router), model.component(target));
    if catalog.form(answers.form).reach != Reach::Network || catalog.kind(answers.kind).has(Trait::External) {
        return None;
    }
    let ZoneDetail::Tier(access) = model.zone(model.tier(end)?).detail else { return None };
    let can = |by| catalog.form(answers.form).origin_by.contains(&by);
    if access != Access::Public {
        return Some(if can(OriginBy::Private) { EdgeBy::Private } else { EdgeBy::Nowhere });
    }
    let group = super::rules::guarded(model, catalog, end)?;
    if rules.iter().any(|rule| rule.to == group && rule.from == Source::Internet) {
        return Some(EdgeBy::Open);
    }
    // Who demands the key and who brings it must be made together.
    let made = [asks, answers].iter().all(|component| matches!(component.built, Built::By(_)));
    Some(if can(OriginBy::Key) && made { EdgeBy::Key } else { EdgeBy::Anybody })
}
