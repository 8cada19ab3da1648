//! The class of the disks that pods claim, where the cluster's form says of what kind they are.

use crate::catalog::{Catalog, TargetName};
use crate::model::{ComponentId, End, Model};

use super::super::service::{Place, Service};
use super::super::tree::{Data, Map};
use super::{metadata, name, object};

/// What makes the disks of a component's cluster, and its arguments: `ebs.csi.aws.com type=gp3 encrypted=true`. `None`
/// where the cluster's own class is the one to take.
fn written<'a>(model: &Model, catalog: &'a Catalog, id: ComponentId) -> Option<&'a str> {
    let zone = model.cluster(End::Component(id)).map(|zone| model.zone(zone))?;
    let form = catalog.form(zone.form?);
    form.attributes.get(&TargetName::Kubernetes)?.get("disks").map(String::as_str)
}

/// The name of the class, for the claims of a component. Classes belong to the whole cluster, so it has the project's.
pub(super) fn class(place: &Place, id: ComponentId) -> Option<String> {
    written(place.model(), place.catalog(), id).map(|_| name(&format!("{}-disks", place.project)))
}

/// The class itself, when one of the services has a disk.
pub(super) fn object_of(place: &Place, services: &[Service]) -> Option<Map> {
    let of = services.iter().find(|service| !service.volumes.is_empty() || !service.on_node.is_empty())?;
    let mut words = written(place.model(), place.catalog(), of.id)?.split_whitespace();
    let mut map = object("storage.k8s.io/v1", "StorageClass", metadata(&class(place, of.id)?));
    map.set("provisioner", Data::text(words.next()?));
    let mut parameters = Map::default();
    for (key, value) in words.filter_map(|word| word.split_once('=')) {
        parameters.set(key, Data::text(value));
    }
    map.fill("parameters", parameters);
    // A disk belongs to one zone: that of the machine on which the pod comes to stand.
    map.set("volumeBindingMode", Data::text("WaitForFirstConsumer"));
    map.set("allowVolumeExpansion", Data::Bool(true));
    Some(map)
}
