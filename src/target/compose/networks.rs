//! Docker networks of a compose file.

use crate::model::ZoneDetail;
use crate::model::derive::{ContainerHost, ContainerNetwork, OVERLAY};
use crate::target::Input;

use super::tree::{Data, Map, part_name};
use super::words::is_service;

/// The networks that services are on. One that was made for a volume alone is none: files are not reached over
/// a network here.
pub(super) fn of<'a>(input: &Input, host: &'a ContainerHost) -> Vec<&'a ContainerNetwork> {
    let services = |network: &ContainerNetwork| {
        network.members.iter().filter(|id| is_service(input, host, **id)).count()
    };
    host.networks
        .iter()
        .filter(|network| {
            let least = if network.zone.is_none() && network.internal { 2 } else { 1 };
            services(network) >= least
        })
        .collect()
}

/// The section `networks`.
pub(super) fn section(input: &Input, host: &ContainerHost) -> Map {
    let mut map = Map::default();
    for network in of(input, host) {
        let mut about = Map::default();
        let declared = network.zone.map(|zone| &input.model.zone(zone).detail);
        let detail = match declared {
            Some(ZoneDetail::Network(detail)) => Some(detail),
            _ => None,
        };
        let driver = network.driver(input.model, host);
        if let Some(driver) = driver {
            about.set("driver", Data::text(driver));
        }
        if detail.is_some_and(|detail| detail.encrypted) && (host.swarm || driver == Some(OVERLAY)) {
            let mut options = Map::default();
            options.set("encrypted", Data::text("true"));
            about.set("driver_opts", options);
        }
        if detail.is_some_and(|detail| detail.attachable) {
            about.set("attachable", Data::Bool(true));
        }
        if network.internal {
            about.set("internal", Data::Bool(true));
        }
        map.set(part_name(&network.name), about);
    }
    map
}
