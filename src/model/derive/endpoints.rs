//! Ways to the provider's services that do not lead over the internet.
//!
//! A gateway endpoint is a route and costs nothing: it is there for everything that uses its service. An interface
//! endpoint is an address in each zone and is paid by the hour: unless the author wants all of them, it is there
//! where something has no other way out. What has one takes it from everywhere in the network, because the
//! service's name means it there.

use super::traffic::looks_after_itself;
use super::{Endpoint, Grant, SecretUse, rules, secrets};
use crate::catalog::{Catalog, Trait};
use crate::model::{
    Access, Built, ComponentId, Connection, End, Endpoints, Model, Nat, Zone, ZoneDetail, ZoneId,
};

/// All endpoints, by network, in the order in which they are needed first.
pub(super) fn endpoints(
    model: &Model,
    catalog: &Catalog,
    grants: &[Grant],
    uses_of_secrets: &[SecretUse],
) -> Vec<Endpoint> {
    let mut found: Vec<Endpoint> = Vec::new();
    let mut needed: Vec<bool> = Vec::new();
    for (client, service) in uses(model, catalog, grants, uses_of_secrets) {
        let Some(space_id) = model.space(client) else { continue };
        let space_zone = model.zone(space_id);
        let ZoneDetail::Space(space) = &space_zone.detail else { continue };
        if !matches!(space_zone.built, Built::By(_)) || space.endpoints == Endpoints::None {
            continue;
        }
        let (gateway, name) = match service.strip_prefix("gateway/") {
            Some(name) => (true, name),
            None => (false, service.as_str()),
        };
        let at = found.iter().position(|known| known.space == space_id && known.service == name);
        let at = at.unwrap_or_else(|| {
            needed.push(gateway || space.endpoints == Endpoints::All);
            found.push(Endpoint { space: space_id, service: name.to_owned(), gateway, clients: Vec::new() });
            found.len() - 1
        });
        needed[at] |= !has_exit(model, client);
        if !found[at].clients.contains(&client) {
            found[at].clients.push(client);
        }
    }
    found.into_iter().zip(needed).filter_map(|(endpoint, needed)| needed.then_some(endpoint)).collect()
}

/// Who uses which service: because of a connection, a right, or by itself.
fn uses(
    model: &Model,
    catalog: &Catalog,
    grants: &[Grant],
    uses_of_secrets: &[SecretUse],
) -> Vec<(End, String)> {
    let mut uses = Vec::new();
    let mut add = |client: End, services: &[String]| {
        if let Some(owner) = rules::stands(model, catalog, client) {
            uses.extend(services.iter().map(|service| (owner, service.clone())));
        }
    };
    for (_, connection) in model.connections() {
        if let End::Component(to) = connection.to
            && !looked_after(model, catalog, connection)
        {
            add(connection.from, &catalog.form(model.component(to).form).services.endpoints);
        }
    }
    for grant in grants {
        let on = catalog.form(model.component(grant.on).form);
        add(End::Component(grant.who), &on.services.endpoints);
    }
    for (id, zone) in model.zones() {
        if let Some(form) = zone.form.filter(|_| matches!(zone.built, Built::By(_))) {
            add(End::Zone(id), &catalog.form(form).services.calls);
        }
    }
    for (id, component) in model.components() {
        if !matches!(component.built, Built::By(_)) {
            continue;
        }
        let services = &catalog.form(component.form).services;
        add(End::Component(id), &services.calls);
        add(End::Component(id), &secrets::services(model, catalog, uses_of_secrets, id));
    }
    uses
}

/// The guard that all traffic of a network passes, with the public tier of its own that it stands in.
pub fn guard(model: &Model, catalog: &Catalog, space: ZoneId) -> Option<(ComponentId, ZoneId)> {
    model.components().find_map(|(id, component)| {
        let guards =
            catalog.kind(component.kind).has(Trait::Guard) && matches!(component.built, Built::By(_));
        let tier = model.tier(End::Component(id)).filter(|_| guards)?;
        (is_public(model, tier) && model.space(End::Zone(tier)) == Some(space)).then_some((id, tier))
    })
}

/// The public tier that a network's gateways for what is private stand in: behind the guard, where there is one.
pub fn gateway_tier(model: &Model, catalog: &Catalog, space: ZoneId) -> Option<ZoneId> {
    let own = guard(model, catalog, space).map(|(_, tier)| tier);
    let tiers = || {
        let here = move |&(id, zone): &(ZoneId, &Zone)| zone.parent == Some(space) && is_public(model, id);
        model.zones().filter(here).map(|(id, _)| id)
    };
    tiers().find(|tier| Some(*tier) != own).or_else(|| tiers().next())
}

fn is_public(model: &Model, tier: ZoneId) -> bool {
    model.zone(tier).detail == ZoneDetail::Tier(Access::Public)
}

/// Whether a store points at what looks after it, which the provider does by itself.
fn looked_after(model: &Model, catalog: &Catalog, connection: &Connection) -> bool {
    match (connection.from, connection.to) {
        (End::Component(from), End::Component(to)) => looks_after_itself(model, catalog, from, to),
        _ => false,
    }
}

/// Whether an end in a private network has a way to the internet.
pub fn has_exit(model: &Model, end: End) -> bool {
    let Some(tier) = model.tier(end) else { return true };
    match model.zone(tier).detail {
        ZoneDetail::Tier(Access::Public) => true,
        ZoneDetail::Tier(Access::Private) => nat(model, tier) != Nat::None,
        _ => false,
    }
}

/// The way out of a private tier; without a public subnet there is no place for one.
pub fn nat(model: &Model, tier: ZoneId) -> Nat {
    let space = model.space(End::Zone(tier));
    let exit = model.zones().any(|(other, zone)| {
        matches!(zone.detail, ZoneDetail::Tier(Access::Public)) && model.space(End::Zone(other)) == space
    });
    match space.map(|space| &model.zone(space).detail) {
        Some(ZoneDetail::Space(space)) if exit => space.nat,
        _ => Nat::None,
    }
}
