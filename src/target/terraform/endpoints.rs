//! Endpoints of the provider's services in a private network, with the group that guards those that are addresses.

use std::collections::BTreeSet;

use super::files::Piece;
use super::secrets::on_demand;
use super::{naming, place};
use crate::model::derive::{Endpoint, endpoints::nat};
use crate::model::{Access, End, Model, Nat, Zone, ZoneDetail, ZoneId};
use crate::target::Input;

/// All endpoints.
pub(super) fn pieces(input: &Input) -> Vec<Piece> {
    let model = input.model;
    let mut text = String::new();
    for endpoint in &input.facts.endpoints {
        let space = model.zone(endpoint.space);
        if !naming::is_ours(&space.built) {
            continue;
        }
        text.push_str(&one(input, endpoint));
        let first =
            input.facts.endpoints.iter().find(|other| other.space == endpoint.space && !other.gateway);
        if first == Some(endpoint) {
            text.push_str(&group(input, space));
        }
    }
    let mut pieces = on_demand("network.tf", &text, crate::source::Span::default());
    for piece in &mut pieces {
        piece.always = true;
        piece.from.clear();
    }
    pieces
}

/// The address of the group that guards the endpoints of a network.
pub(super) fn group_name(space: &Zone) -> String {
    format!("{}_endpoints", space.name())
}

/// The address of an endpoint: `aws_vpc_endpoint.vpc_s3`.
pub(super) fn address(model: &Model, endpoint: &Endpoint) -> String {
    format!(
        "aws_vpc_endpoint.{}_{}",
        model.zone(endpoint.space).name(),
        naming::identifier(&endpoint.service)
    )
}

fn group(input: &Input, space: &Zone) -> String {
    let full = format!("{}-endpoints", naming::full(input.model, &space.built, space.first_id()));
    format!(
        "# {}\nresource \"aws_security_group\" \"{}\" {{\n name = \"{full}\"\n \
         description = \"{full}\"\n vpc_id = {}.id\n\n \
         tags = {{\n Name = \"{full}\"\n }}\n}}\n",
        input.messages.say("terraform.endpoints", &[]),
        group_name(space),
        place::space_address(space),
    )
}

fn one(input: &Input, endpoint: &Endpoint) -> String {
    let model = input.model;
    let space = model.zone(endpoint.space);
    let name = format!("{}_{}", space.name(), naming::identifier(&endpoint.service));
    let full = naming::full(model, &space.built, space.first_id());
    let tiers: BTreeSet<ZoneId> = endpoint.clients.iter().filter_map(|&client| model.tier(client)).collect();
    let ours = tiers.iter().filter(|tier| naming::is_ours(&model.zone(**tier).built));
    let place = if endpoint.gateway {
        let tables: Vec<String> = ours.map(|&tier| route_tables(model, tier)).collect();
        format!("route_table_ids = concat({})\n", tables.join(", "))
    } else {
        // One address in each zone serves the whole network.
        let tier = tiers.first().map(|tier| place::tier_address(model.zone(*tier))).unwrap_or_default();
        format!(
            "subnet_ids = values({tier})[*].id\nsecurity_group_ids = [aws_security_group.{}.id]\n\
             private_dns_enabled = true\n",
            group_name(space)
        )
    };
    format!(
        "resource \"aws_vpc_endpoint\" \"{name}\" {{\n vpc_id = {}.id\n \
         service_name = \"com.amazonaws.${{var.region}}.{}\"\n vpc_endpoint_type = \"{}\"\n {place}\n \
         tags = {{\n Name = \"{full}-{}\"\n }}\n}}\n",
        place::space_address(space),
        endpoint.service,
        if endpoint.gateway { "Gateway" } else { "Interface" },
        endpoint.service,
    )
}

/// The route tables of a tier, as a list: one for each zone where each zone has its own way out.
fn route_tables(model: &Model, tier: ZoneId) -> String {
    let zone = model.zone(tier);
    let table = format!("aws_route_table.{}", zone.name());
    let private = matches!(zone.detail, ZoneDetail::Tier(Access::Private));
    if private && nat(model, tier) == Nat::PerAz {
        format!("values({table})[*].id")
    } else {
        format!("[{table}.id]")
    }
}

/// The endpoints that a group's traffic goes to.
pub(super) fn of_client<'a>(input: &'a Input, group: End) -> impl Iterator<Item = &'a Endpoint> {
    let ours = |endpoint: &&Endpoint| naming::is_ours(&input.model.zone(endpoint.space).built);
    input.facts.endpoints.iter().filter(ours).filter(move |endpoint| endpoint.clients.contains(&group))
}
