//! Several regions: the ranges of each one's networks, and how stores are kept alike among them.

use ipnet::Ipv4Net;

use crate::catalog::{Catalog, RegionCopies, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{ComponentId, Model, Origin, Provider, Zone, ZoneDetail, ZoneId};

/// The regions of an environment that has several. The first one is where stores with one writer are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    /// Whose regions they are.
    pub provider: String,
    /// Their names, in the order of the description.
    pub names: Vec<String>,
    /// The range of each network in each region; no two of them overlap.
    pub spaces: Vec<(ZoneId, Vec<Ipv4Net>)>,
    /// What stands in the regions for each store.
    pub stores: Vec<(ComponentId, Kept)>,
}

/// What stands in the regions for one store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// One store that the first region writes; the others have copies that only answer reads.
    FirstWrites,
    /// One store that every region writes.
    AllWrite,
    /// One in each, on purpose.
    Own,
    /// One in each, because its form keeps no copies.
    Apart,
}

impl Regions {
    /// What stands in the regions for a component; `None` for what keeps nothing.
    pub fn kept(&self, component: ComponentId) -> Option<Kept> {
        self.stores.iter().find(|(id, _)| *id == component).map(|(_, kept)| *kept)
    }

    /// What a range of a network in the first region is in each of them, in their order; nothing for what stands in no
    /// region of theirs.
    pub fn ranges(&self, model: &Model, space: ZoneId, range: Ipv4Net) -> Vec<Ipv4Net> {
        let theirs = model.around(space).any(|zone| {
            matches!(&model.zone(zone).detail, ZoneDetail::Provider(provider)
                if provider.name == self.provider && provider.regions == self.names)
        });
        let spaces = self.spaces.iter().find(|(id, _)| *id == space && theirs);
        let all = spaces.map(|(_, ranges)| ranges.as_slice()).unwrap_or_default();
        let Some(first) = all.first() else { return Vec::new() };
        let offset = u32::from(range.network()).wrapping_sub(u32::from(first.network()));
        let moved = |whole: &Ipv4Net| {
            let start = u32::from(whole.network()).wrapping_add(offset);
            Ipv4Net::new(start.into(), range.prefix_len()).ok()
        };
        all.iter().filter_map(moved).collect()
    }

    /// Whether something is written in the first region alone, so that requests that write must go there.
    pub fn first_writes(&self) -> bool {
        self.stores.iter().any(|(_, kept)| *kept == Kept::FirstWrites)
    }
}

/// The regions of the first provider that has several; `None` where each has one.
pub(super) fn regions(model: &Model, catalog: &Catalog, out: &mut Diagnostics) -> Option<Regions> {
    let (cloud, provider) = several(model)?;
    let names = provider.regions.clone();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            out.push(
                Diagnostic::error("region-twice", cloud.span, format!("`{}` has `{name}` twice", cloud.id))
                    .hint("name each region once"),
            );
            return None;
        }
    }
    let spaces = spaces(model, names.len(), out);
    let stores = model.components().filter_map(|(id, _)| Some((id, kept(model, catalog, id)?)));
    Some(Regions { provider: provider.name.clone(), names, spaces, stores: stores.collect() })
}

/// The first provider that has several regions.
fn several(model: &Model) -> Option<(&Zone, &Provider)> {
    model.zones().find_map(|(_, zone)| match &zone.detail {
        ZoneDetail::Provider(provider) if provider.regions.len() > 1 => Some((zone, provider)),
        _ => None,
    })
}

/// Whether a store has copies in other regions that its first region alone writes.
pub fn has_region_copies(model: &Model, catalog: &Catalog, id: ComponentId) -> bool {
    several(model).is_some() && kept(model, catalog, id) == Some(Kept::FirstWrites)
}

/// What would stand in several regions for a component; `None` for what keeps nothing.
fn kept(model: &Model, catalog: &Catalog, id: ComponentId) -> Option<Kept> {
    let component = model.component(id);
    if !catalog.kind(component.kind).has(Trait::DataStore) {
        return None;
    }
    let written = match component.origin {
        Origin::ReadReplica(primary) => model.component(primary),
        Origin::Written => component,
    };
    let own = written.store.as_ref().is_some_and(|store| store.own_in_regions);
    Some(match catalog.form(component.form).copies.regions {
        Some(RegionCopies::Own) => Kept::Own,
        _ if own => Kept::Own,
        Some(RegionCopies::FirstWrites) => Kept::FirstWrites,
        Some(RegionCopies::AllWrite) => Kept::AllWrite,
        None => Kept::Apart,
    })
}

/// The ranges of all networks: the written one in the first region, the next free one of that size in each other.
fn spaces(model: &Model, regions: usize, out: &mut Diagnostics) -> Vec<(ZoneId, Vec<Ipv4Net>)> {
    let mut found: Vec<(ZoneId, Vec<Ipv4Net>)> = model
        .zones()
        .filter_map(|(id, zone)| match &zone.detail {
            ZoneDetail::Space(space) => Some((id, vec![space.cidr])),
            _ => None,
        })
        .collect();
    for _ in 1..regions {
        for at in 0..found.len() {
            let (id, first) = (found[at].0, found[at].1[0]);
            let Some(range) = next(first, &found) else {
                let zone = model.zone(id);
                out.push(
                    Diagnostic::error(
                        "cidr-full",
                        zone.span,
                        format!("there is no range like `{first}` left for `{}` in another region", zone.id),
                    )
                    .hint("take a private range with room beside it, such as `cidr: 10.0.0.0/16`"),
                );
                return found;
            };
            found[at].1.push(range);
        }
    }
    found
}

/// Ranges of which nobody on the internet has addresses.
const PRIVATE: [&str; 3] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/// The next range of a range's size after it that overlaps none; at the end of the private range it goes on at its
/// beginning.
fn next(first: Ipv4Net, taken: &[(ZoneId, Vec<Ipv4Net>)]) -> Option<Ipv4Net> {
    let mut private = PRIVATE.iter().filter_map(|range| range.parse::<Ipv4Net>().ok());
    let around = private.find(|range| range.contains(&first))?;
    let places = || around.subnets(first.prefix_len()).into_iter().flatten();
    let free = |place: &Ipv4Net| {
        let mut all = taken.iter().flat_map(|(_, ranges)| ranges);
        !all.any(|other| other.contains(place) || place.contains(other))
    };
    // So many tries are enough for any number of networks, and no range is walked through to its end.
    let after = places().skip_while(|place| place.network() <= first.network()).take(4096);
    after.chain(places().take(4096)).find(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_range_is_free() {
        let net = |text: &str| text.parse::<Ipv4Net>().unwrap();
        let taken = vec![
            (ZoneId(0), vec![net("10.0.0.0/16")]),
            (ZoneId(1), vec![net("10.1.0.0/17"), net("10.3.0.0/16")]),
        ];
        assert_eq!(next(net("10.0.0.0/16"), &taken), Some(net("10.2.0.0/16")));
        let taken = vec![(ZoneId(0), vec![net("192.168.255.0/24")])];
        assert_eq!(next(net("192.168.255.0/24"), &taken), Some(net("192.168.0.0/24")));
        assert_eq!(next(net("10.0.0.0/8"), &[(ZoneId(0), vec![net("10.0.0.0/8")])]), None);
        assert_eq!(next(net("203.0.113.0/24"), &[]), None);
    }
}
