//! Clusters with machines of their own: who may call them, and what their pods may do at the provider's API.

use serde_json::{Map, Value, json};

use super::element::{GIB, architecture};
use super::{naming, security};
use crate::model::derive::Source;
use crate::model::{ComponentId, End, Model, ZoneDetail, ZoneId};
use crate::target::Input;
use crate::target::compose::cluster_needs;

/// What templates of clusters may say: `machines` (`version`, `instance`, `architecture`, `disk_gib`, `min`, `max`),
/// `callers` (ranges from outside of the network that its API answers, as expressions, and whether one is everybody:
/// `open`), `pods` (components in it with rights of their own: `{ name, id, full, namespace, account }`), and `entered`:
/// whether anybody from outside reaches what runs in it.
pub(super) fn insert(input: &Input, id: ZoneId, context: &mut Map<String, Value>) {
    let model = input.model;
    let ZoneDetail::Cluster(cluster) = &model.zone(id).detail else { return };
    context.insert(
        "machines".into(),
        json!({
            "version": cluster.version,
            "instance": cluster.instance,
            "architecture": architecture(&Some(cluster.instance.clone())),
            "disk_gib": cluster.disk.map_or(50, |bytes| bytes.div_ceil(GIB)),
            "min": cluster.replicas.min.max(1),
            "max": cluster.replicas.max.max(1),
        }),
    );
    let mut callers: Vec<String> = Vec::new();
    let mut open = false;
    for rule in input.facts.rules.iter().filter(|rule| rule.to == End::Zone(id)) {
        let range = match &rule.from {
            Source::Internet => "\"0.0.0.0/0\"".to_owned(),
            Source::Range(range) => security::range_words(range).1,
            Source::Edge(_) | Source::Inside(_) => continue,
        };
        open |= rule.from == Source::Internet;
        if !callers.contains(&range) {
            callers.push(range);
        }
    }
    context.insert("callers".into(), json!(callers));
    context.insert("open".into(), json!(open));
    context.insert("pods".into(), pods(input, id));
    let stands_here = |end| matches!(end, End::Component(_)) && model.cluster(end) == Some(id);
    let enters = |from, to| stands_here(to) && !stands_here(from);
    let entered = model.connections().any(|(_, connection)| enters(connection.from, connection.to));
    context.insert("entered".into(), json!(entered));
}

/// Whether a component runs in a cluster that Terraform makes, and calls the provider's API.
pub(in crate::target) fn has_account(input: &Input, id: ComponentId) -> bool {
    let model = input.model;
    let cluster = model.cluster(End::Component(id)).map(|zone| model.zone(zone));
    cluster.is_some_and(|zone| naming::is_ours(&zone.built))
        && input.facts.grants.iter().any(|grant| grant.who == id)
}

/// Components in a cluster that call the provider's API.
fn pods(input: &Input, id: ZoneId) -> Value {
    let model: &Model = input.model;
    let host = input.facts.machines.iter().find(|host| host.cluster && host.zone == Some(id));
    let Some(namespace) = host.map(|host| cluster_needs(input, host).namespace) else { return json!([]) };
    let here = model
        .components()
        .filter(|(pod, _)| model.cluster(End::Component(*pod)) == Some(id) && has_account(input, *pod));
    let pod = |component: &crate::model::Component| {
        json!({
            "name": component.name(),
            "id": component.id,
            "full": naming::full(model, &model.zone(id).built, component.first_id()),
            "namespace": namespace,
            "account": component.id.replace('_', "-"),
        })
    };
    Value::Array(here.map(|(_, component)| pod(component)).collect())
}
