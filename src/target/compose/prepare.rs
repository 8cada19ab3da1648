//! A service that runs once beside another one and makes what that lacks while it is empty: tables, buckets.

use super::service::{Place, networks};
use super::stack;
use super::tree::{Data, Map};
use crate::model::ComponentId;

/// What the kind may say of it; the rest is the same for all.
const KEYS: [&str; 4] = ["image", "entrypoint", "command", "environment"];

/// The name and the keys of the service that prepares a component, where its kind has one.
pub(super) fn service(place: &Place, id: ComponentId, kind_keys: &Map) -> Option<(String, Map)> {
    let Some(Data::Map(said)) = kind_keys.get("prepare") else { return None };
    let component = place.input.model.component(id);
    let mut map = Map::default();
    for key in KEYS {
        if let Some(value) = said.get(key) {
            map.set(key, value.clone());
        }
    }
    let name = format!("{}-prepare", component.id);
    if place.host.swarm {
        return Some((name, stack::prepare(&map, networks(place, id))));
    }
    if place.host.cluster {
        return Some((name, map));
    }
    map.fill("networks", networks(place, id));
    let mut how = Map::default();
    let condition = if kind_keys.get("health").is_some() { "service_healthy" } else { "service_started" };
    how.set("condition", Data::text(condition));
    let mut needs = Map::default();
    needs.set(component.id.clone(), how);
    map.set("depends_on", needs);
    map.set("restart", Data::text("no"));
    map.set("cap_drop", Data::texts(["ALL"]));
    map.set("security_opt", Data::texts(["no-new-privileges:true"]));
    Some((name, map))
}
