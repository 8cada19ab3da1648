//! Where an element stands, as expressions of Terraform.

use serde_json::{Map, Value, json};

use super::naming;
use crate::catalog::{Hosting, Reach};
use crate::model::{Access, Built, ComponentId, End, Machine, Model, Zone, ZoneDetail, ZoneId};
use crate::target::Input;

/// `data.` before the address of what another environment made.
pub(super) fn prefix(built: &Built) -> &'static str {
    if naming::shared_by(built).is_some() { "data." } else { "" }
}

/// The end whose security group lets traffic to a component in or out: the machine that it stands on, else
/// itself; `None` for what has no address in a private network.
pub(super) fn group_of(input: &Input, end: End) -> Option<End> {
    let model = input.model;
    match end {
        End::Zone(zone) => matches!(model.zone(zone).detail, ZoneDetail::Machine(_))
            .then_some(end)
            .filter(|_| is_built(&model.zone(zone).built)),
        End::Component(id) => {
            if let Some(machine) = model.machine(end) {
                return is_built(&model.zone(machine).built).then_some(End::Zone(machine));
            }
            let component = model.component(id);
            let form = input.catalog.form(component.form);
            let has_address = form.hosting == Hosting::Own && form.reach != Reach::Edge;
            (is_built(&component.built) && has_address && model.tier(end).is_some()).then_some(end)
        }
    }
}

fn is_built(built: &Built) -> bool {
    naming::is_ours(built) || naming::shared_by(built).is_some()
}

/// The address of a security group: `aws_security_group.db`.
pub(super) fn group_address(model: &Model, group: End) -> String {
    let (built, name) = match group {
        End::Zone(zone) => (&model.zone(zone).built, model.zone(zone).name()),
        End::Component(id) => (&model.component(id).built, model.component(id).name()),
    };
    format!("{}aws_security_group.{name}", prefix(built))
}

/// The address of an address space: `aws_vpc.vpc`.
pub(super) fn space_address(zone: &Zone) -> String {
    format!("{}aws_vpc.{}", prefix(&zone.built), zone.name())
}

/// The address of a tier's subnets, which are there once for each availability zone: `aws_subnet.app`.
pub(super) fn tier_address(zone: &Zone) -> String {
    format!("{}aws_subnet.{}", prefix(&zone.built), zone.name())
}

/// Letters of the availability zones around an end.
pub(super) fn zone_letters(model: &Model, end: End) -> Vec<String> {
    match model.space(end).map(|zone| &model.zone(zone).detail) {
        Some(ZoneDetail::Space(space)) => space.azs.clone(),
        _ => Vec::new(),
    }
}

/// What templates may say about the place of an element: `vpc_ref`, `tier`, `access`, `subnet_ref` (`{{ subnet_ref }}["a"]`
/// is the one in zone a), `subnets` (a list of ids), `azs`, `security_group` (an id), `public`. What the element
/// does not have is null or empty.
pub(super) fn insert(input: &Input, end: End, context: &mut Map<String, Value>) {
    let model = input.model;
    let space = model.space(end).map(|zone| model.zone(zone));
    let tier = model.tier(end).map(|zone| model.zone(zone));
    context.insert("vpc_ref".into(), json!(space.map(space_address)));
    context.insert("azs".into(), json!(zone_letters(model, end)));
    context.insert("tier".into(), json!(tier.map(Zone::name)));
    context.insert("subnet_ref".into(), json!(tier.map(tier_address)));
    context.insert("subnets".into(), json!(tier.map(|zone| format!("values({})[*].id", tier_address(zone)))));
    let access = tier.and_then(access_of);
    context.insert("access".into(), json!(access.map(Access::name)));
    context.insert("public".into(), json!(access == Some(Access::Public)));
    let group = group_of(input, end).map(|group| format!("{}.id", group_address(model, group)));
    context.insert("security_group".into(), json!(group));
}

/// Who reaches a tier.
pub(super) fn access_of(zone: &Zone) -> Option<Access> {
    match zone.detail {
        ZoneDetail::Tier(access) => Some(access),
        _ => None,
    }
}

/// The cluster that a component belongs to: a group that Terraform makes and that is no network.
pub(in crate::target) fn cluster(input: &Input, id: ComponentId) -> Option<ZoneId> {
    let model = input.model;
    model.component(id).groups.iter().copied().find(|&group| {
        let zone = model.zone(group);
        is_built(&zone.built) && zone.form.is_some() && zone.detail == ZoneDetail::Plain
    })
}

/// Names of the machines of a zone: numbers, or what a node does in a swarm and its number.
pub(super) fn machine_keys(machine: &Machine) -> Vec<String> {
    let names = |part: &'static str, count| (1..=count).map(move |at| format!("{part}{at}"));
    match machine.nodes {
        Some((managers, workers)) => names("manager-", managers).chain(names("worker-", workers)).collect(),
        None => (1..=machine.replicas.min.max(1)).map(|at| at.to_string()).collect(),
    }
}

/// `{ key, az, part }` of the machines of a zone, where something in it stands.
pub(super) fn machine_copies(model: &Model, end: End, machine: &Machine) -> Value {
    let keys = machine_keys(machine);
    let letters = zone_letters(model, end);
    let zones = spread(&letters, keys.len());
    let copies = keys.iter().zip(zones).map(|(key, az)| json!({ "key": key, "az": az, "part": "equal" }));
    Value::Array(copies.collect())
}

/// Availability zones for a number of copies: in turn, the first zones get the remainder.
pub(super) fn spread(letters: &[String], count: usize) -> Vec<Option<&str>> {
    (0..count).map(|at| letters.get(at % letters.len().max(1)).map(String::as_str)).collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn the_first_zones_get_the_remainder() {
        let letters = ["a".to_owned(), "b".to_owned()];
        assert_eq!(spread(&letters, 3), [Some("a"), Some("b"), Some("a")]);
        assert_eq!(spread(&[], 2), [None, None]);
    }
}
