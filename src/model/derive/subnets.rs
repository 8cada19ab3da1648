//! The plan of addresses: a subnet for each tier and availability zone.
//!
//! Each tier has sixteen places, one for each zone, so that a tier or a zone that is added at the end moves no
//! other; a tier that is empty in an environment keeps its places. A range of `/16` gives subnets of `/24`; smaller ranges give smaller subnets, down to the `/28` that
//! is the provider's least.

use ipnet::Ipv4Net;

use super::Subnet;
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Model, ZoneDetail, ZoneId};

/// Places for availability zones that each tier has.
const ZONES: usize = 16;

/// The smallest subnet that providers take.
const SMALLEST: u8 = 28;

/// Plans all subnets, in the order of networks, tiers and zones.
pub(super) fn subnets(model: &Model, out: &mut Diagnostics) -> Vec<Subnet> {
    let mut subnets: Vec<Subnet> = Vec::new();
    for (space_id, space_zone) in model.zones() {
        let ZoneDetail::Space(space) = &space_zone.detail else { continue };
        let tiers: Vec<ZoneId> = model
            .zones()
            .filter(|(_, zone)| matches!(zone.detail, ZoneDetail::Tier(_)) && zone.parent == Some(space_id))
            .map(|(id, _)| id)
            .collect();
        let written: Vec<Ipv4Net> = tiers.iter().filter_map(|tier| model.zone(*tier).cidr).collect();
        let prefix = (space.cidr.prefix_len() + 8).min(SMALLEST).max(space.cidr.prefix_len());
        let places = space.cidr.subnets(prefix).map(Iterator::collect::<Vec<_>>).unwrap_or_default();
        let roomy = space.rows * ZONES <= places.len() && space.azs.len() <= ZONES;
        let stride = if roomy { ZONES } else { space.azs.len() };
        let mut full = false;
        for tier in &tiers {
            let row = model.zone(*tier).row;
            for (column, az) in space.azs.iter().enumerate() {
                let cidr = match model.zone(*tier).cidr {
                    Some(range) => part_of(range, column, space.azs.len()),
                    None => places
                        .get(row * stride + column)
                        .copied()
                        .filter(|place| !written.iter().any(|w| w.contains(place) || place.contains(w)))
                        .or_else(|| free(&places, &written, &subnets, space_id)),
                };
                match cidr {
                    Some(cidr) => {
                        subnets.push(Subnet { space: space_id, tier: *tier, az: az.clone(), cidr });
                    }
                    None if full => {}
                    None => {
                        full = true;
                        let zone = model.zone(*tier);
                        out.push(
                            Diagnostic::error(
                                "cidr-full",
                                space_zone.span,
                                format!("`{}` has no room for `{}` in zone {az}", space.cidr, zone.id),
                            )
                            .hint("give the network a larger range, such as `cidr: 10.0.0.0/16`"),
                        );
                    }
                }
            }
        }
    }
    subnets
}

/// The share of one availability zone in a range that was written for all.
fn part_of(range: Ipv4Net, column: usize, zones: usize) -> Option<Ipv4Net> {
    let bits = zones.next_power_of_two().trailing_zeros() as u8;
    range.subnets(range.prefix_len().checked_add(bits)?).ok()?.nth(column)
}

/// The first place that nothing takes.
fn free(places: &[Ipv4Net], written: &[Ipv4Net], taken: &[Subnet], space: ZoneId) -> Option<Ipv4Net> {
    places.iter().rev().copied().find(|place| {
        !written.iter().any(|w| w.contains(place) || place.contains(w))
            && !taken.iter().any(|subnet| subnet.space == space && subnet.cidr == *place)
    })
}
