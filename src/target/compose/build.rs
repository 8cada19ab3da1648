//! Where a service's image comes from.

use crate::catalog::TargetName;
use crate::model::derive::Delivery;
use crate::model::{Build, Component, ComponentId};
use crate::target::attributes;

use super::losses::Losses;
use super::service::Place;
use super::tree::{Data, Map};
use super::words::{Source, Variable, Words};

/// Writes `image`, `build`, `pull_policy` and `platform`.
pub(super) fn image(
    place: &Place,
    id: ComponentId,
    kind_keys: &Map,
    words: &Words,
    map: &mut Map,
    losses: &mut Losses,
) {
    let component = place.model().component(id);
    let Some(workload) = &component.workload else {
        return kind_image(component, kind_keys, place.host.is_spread(), map, losses);
    };
    let delivery = place.input.facts.delivery(id);
    let build = workload.build.as_ref();
    let written = workload.image.as_ref().map(|image| words.raw(image));
    let name = match written {
        Some(Ok(name)) => Some(name),
        Some(Err(unknown)) => {
            losses.unknown(component, "image", &unknown);
            None
        }
        None if build.is_some() => from_registry(place, component, words),
        None => None,
    };
    match (&name, build) {
        (None, None) => return kind_image(component, kind_keys, place.host.is_spread(), map, losses),
        (Some(name), _) => map.set("image", Data::Text(place.book.finish(name))),
        // A name of its own, where the image is loaded or used by more than one service.
        (None, Some(_))
            if delivery == Some(Delivery::Copy) || has_jobs(place, id) || place.host.is_spread() =>
        {
            if place.host.is_spread() && delivery == Some(Delivery::Registry) {
                losses.no_registry(component);
            }
            map.set("image", Data::text(format!("{}-{}", place.project, component.id)));
        }
        (None, Some(_)) => {}
    }
    // A stack file neither builds nor says where a processor comes from: its nodes pull, and are chosen.
    if place.host.is_spread() {
        return;
    }
    if let Some(build) = build
        && (delivery == Some(Delivery::Build) || map.get("image").is_none())
    {
        map.set("build", build_map(place, component, build, words, losses));
    }
    if delivery == Some(Delivery::Copy) {
        map.set("pull_policy", Data::text("never"));
    }
    if let Some(platform) = &workload.platform {
        map.set("platform", Data::text(platform.clone()));
    }
}

fn kind_image(component: &Component, kind_keys: &Map, swarm: bool, map: &mut Map, losses: &mut Losses) {
    match kind_keys.get("image") {
        Some(image) => map.set("image", image.clone()),
        None => losses.no_image(component),
    }
    if let (Some(platform), false) = (kind_keys.get("platform"), swarm) {
        map.set("platform", platform.clone());
    }
}

fn has_jobs(place: &Place, id: ComponentId) -> bool {
    place.model().operations().jobs.iter().any(|job| job.at == crate::model::End::Component(id))
}

fn from_registry(place: &Place, component: &Component, words: &Words) -> Option<String> {
    let registry = place.input.facts.registry?;
    let images = attributes::attribute(registry, "images", place.model(), place.catalog(), words).ok()?;
    let about = place.input.messages.say("compose.env.tag", &[]).lines().map(str::to_owned).collect();
    let tag = place.book.mark(Variable {
        name: "TAG".to_owned(),
        about,
        default: Some("latest".to_owned()),
        source: Source::Choice,
    });
    Some(format!("{images}/{}:{tag}", component.id))
}

fn build_map(place: &Place, component: &Component, build: &Build, words: &Words, losses: &mut Losses) -> Map {
    let mut map = Map::default();
    map.set("context", Data::text(place.path(&build.context)));
    if let Some(dockerfile) = &build.dockerfile {
        map.set("dockerfile", Data::text(dockerfile.clone()));
    }
    if let Some(target) = &build.target {
        map.set("target", Data::text(target.clone()));
    }
    let mut args = Map::default();
    for (name, value) in &build.args {
        match words.raw(value) {
            Ok(text) => args.set(name.clone(), Data::Text(place.book.finish(&text))),
            Err(unknown) => losses.unknown(component, name, &unknown),
        }
    }
    map.fill("args", args);
    map
}

/// `develop.watch`: on the reader's computer a change of the sources builds the image again.
pub(super) fn watch(place: &Place, component: &Component, service: &Map) -> Map {
    let mut map = Map::default();
    let build = component.workload.as_ref().and_then(|workload| workload.build.as_ref());
    let alone =
        !place.model().has_target(TargetName::Terraform) && place.model().environment().host.is_none();
    if let (Some(build), Some(_), None, true) = (build, service.get("build"), place.host.zone, alone) {
        let mut rule = Map::default();
        rule.set("action", Data::text("rebuild"));
        rule.set("path", Data::text(place.path(&build.context)));
        map.set("watch", Data::List(vec![rule.into()]));
    }
    map
}
