//! Zones that are empty in an environment: they are taken out, and what refers to others is numbered anew.

use super::build::Builder;
use super::{Access, End, Nat, ZoneDetail, ZoneId};

impl Builder<'_> {
    /// Takes zones out that hold nothing and are nobody's end.
    pub(super) fn prune_zones(&mut self) {
        self.number_tiers();
        let count = self.model.zones.len();
        let mut used = vec![false; count];
        for component in &self.model.components {
            for zone in component.place.into_iter().chain(component.groups.iter().copied()) {
                used[zone.0 as usize] = true;
            }
        }
        for connection in &self.model.connections {
            for end in [connection.from, connection.to] {
                if let End::Zone(zone) = end {
                    used[zone.0 as usize] = true;
                }
            }
        }
        for _ in 0..count {
            for at in 0..count {
                if used[at] {
                    let zone = &self.model.zones[at];
                    for outer in zone.parent.into_iter().chain(zone.groups.iter().copied()) {
                        used[outer.0 as usize] = true;
                    }
                }
            }
        }
        self.keep_exits(&mut used);
        let mut next = 0;
        let ids: Vec<Option<ZoneId>> = used
            .iter()
            .map(|used| {
                used.then(|| {
                    next += 1;
                    ZoneId(next - 1)
                })
            })
            .collect();
        self.renumber_zones(&ids);
    }

    /// The first public subnet of a network holds the NAT gateways of its private ones.
    fn keep_exits(&self, used: &mut [bool]) {
        let zones = &self.model.zones;
        let tiers = |space: ZoneId, wanted: Access| {
            zones.iter().enumerate().filter(move |(_, zone)| {
                zone.parent == Some(space)
                    && matches!(zone.detail, ZoneDetail::Tier(access) if access == wanted)
            })
        };
        for (at, zone) in zones.iter().enumerate() {
            let space = ZoneId(at as u32);
            let translates = matches!(&zone.detail, ZoneDetail::Space(space) if space.nat != Nat::None);
            let exits = tiers(space, Access::Public).any(|(public, _)| used[public]);
            let needed = tiers(space, Access::Private).any(|(private, _)| used[private]);
            let first = tiers(space, Access::Public).next();
            if let Some((public, _)) = first.filter(|_| translates && needed && !exits) {
                used[public] = true;
            }
        }
    }

    /// Gives zones new ids; those with none are dropped. Nothing refers to a dropped one.
    fn renumber_zones(&mut self, ids: &[Option<ZoneId>]) {
        let new = |zone: ZoneId| ids[zone.0 as usize];
        let mut at = 0;
        self.model.zones.retain(|_| {
            at += 1;
            ids[at - 1].is_some()
        });
        for zone in &mut self.model.zones {
            zone.parent = zone.parent.and_then(new);
            zone.groups = zone.groups.iter().copied().filter_map(new).collect();
        }
        for component in &mut self.model.components {
            component.place = component.place.and_then(new);
            component.groups = component.groups.iter().copied().filter_map(new).collect();
        }
        let end = |end: End| match end {
            End::Zone(zone) => End::Zone(new(zone).unwrap_or(zone)),
            other => other,
        };
        for connection in &mut self.model.connections {
            connection.from = end(connection.from);
            connection.to = end(connection.to);
        }
        self.model.operations.renumber_zones(&new);
        self.renumber_references(&new);
        self.zone_ids.retain(|_, zone| match new(*zone) {
            Some(id) => {
                *zone = id;
                true
            }
            None => false,
        });
    }

    /// Numbers the tiers of each network as they are written, so that the plan of addresses stays as it is when
    /// an empty one is filled.
    fn number_tiers(&mut self) {
        for space in 0..self.model.zones.len() {
            let parent = Some(ZoneId(space as u32));
            let mut rows = 0;
            for zone in &mut self.model.zones {
                if zone.parent == parent && matches!(zone.detail, ZoneDetail::Tier(_)) {
                    zone.row = rows;
                    rows += 1;
                }
            }
            if let ZoneDetail::Space(space) = &mut self.model.zones[space].detail {
                space.rows = rows;
            }
        }
    }
}
