//! Routers: what they listen on, where they pass requests on to, and the same seen from the targets.

use serde_json::{Map, Value, json};

use super::dialect::Words;
use super::{edges, naming, regions};
use crate::catalog::{Reach, Trait};
use crate::model::derive::Upstream;
use crate::model::{ComponentId, End, Health, ZoneId};
use crate::target::Input;
use crate::target::attributes::Dialect;

/// How far apart the priorities of rules lie, so that one can be put between two by hand.
const PRIORITIES: usize = 10;

/// The name of what stands for one target behind one router: `edge_backend`, with the port where the router
/// reaches the same target on several.
fn key(input: &Input, upstream: &Upstream) -> String {
    let model = input.model;
    let several = input.facts.upstreams.iter().any(|other| {
        other.router == upstream.router && other.target == upstream.target && other.port != upstream.port
    });
    let name =
        format!("{}_{}", model.component(upstream.router).name(), model.component(upstream.target).name());
    if several { format!("{name}_{}", upstream.port) } else { name }
}

/// The machine that a target stands on.
fn machine_of(input: &Input, target: ComponentId) -> Option<ZoneId> {
    input.model.machine(End::Component(target))
}

/// What templates of routers may say: `tls`, `certificate_arn`, `tls_policy`, `listener_port`, `redirect_http`,
/// `aliases` (names that lead to it), `targets` (each once), `routes` (in the order of the
/// description, the one without conditions under `default_route`) and `entrances` with their `spread`: who alone may come
/// through, see [`edges::entrances`], and by how much the priorities of rules must lie apart for them.
pub(super) fn insert_router(input: &Input, words: &Words, id: ComponentId, context: &mut Map<String, Value>) {
    let component = input.model.component(id);
    if !input.catalog.kind(component.kind).has(Trait::Router) {
        return;
    }
    let certificate =
        component.tls.as_ref().map(|tls| super::certificate::arn(input, words, id, tls.certificate));
    let policy = component.tls.as_ref().and_then(|tls| tls.policy.clone());
    let number = match (&certificate, component.port()) {
        (Some(_), _) => 443,
        (None, port) => port.map_or(80, |port| port.number),
    };
    context.insert("tls".into(), json!(certificate.is_some()));
    context.insert("certificate_arn".into(), json!(certificate.flatten()));
    context.insert("tls_policy".into(), json!(policy));
    context.insert("listener_port".into(), json!(number));
    let guard = guards_of(input, id).into_iter().find_map(|guard| words.attribute(guard, "arn"));
    context.insert("web_acl".into(), json!(guard));
    context.insert("aliases".into(), json!(aliases(input, id)));
    context.insert(
        "redirect_http".into(),
        json!(component.tls.is_some() && component.redirect_http && opens_http(input, id)),
    );
    let mut targets: Vec<Value> = Vec::new();
    for upstream in input.facts.upstreams.iter().filter(|upstream| upstream.router == id) {
        let target = target(input, words, upstream);
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    let (default, routes) = routes(input, id);
    let routes: Vec<Value> = routes.iter().map(Route::value).collect();
    let entrances = edges::entrances(input, id);
    context.insert("spread".into(), json!(entrances.len().div_ceil(PRIORITIES).max(1)));
    context.insert("last_priority".into(), json!((routes.len() + 1) * PRIORITIES));
    context.insert("entrances".into(), Value::Array(entrances));
    context.insert("targets".into(), Value::Array(targets));
    context.insert("routes".into(), Value::Array(routes));
    let default_route = |(key, rollout)| json!({ "target": key, "rollout": rollout });
    context.insert("default_route".into(), default.map_or(Value::Null, default_route));
}

/// Whether somebody reaches a router without TLS: behind a delivery network, nobody does.
fn opens_http(input: &Input, id: ComponentId) -> bool {
    input.facts.rules.iter().any(|rule| rule.to == End::Component(id) && rule.port == 80)
}

/// One rule of a router.
struct Route {
    key: String,
    target: String,
    path: Option<String>,
    host: Option<String>,
    priority: usize,
    rollout: bool,
}

impl Route {
    fn value(&self) -> Value {
        json!({
            "key": self.key, "target": self.target, "path": self.path, "host": self.host,
            "priority": self.priority, "rollout": self.rollout,
        })
    }
}

/// The target of what no condition sends elsewhere, and the rules of a router in the order of the description.
fn routes(input: &Input, router: ComponentId) -> (Option<(String, bool)>, Vec<Route>) {
    let mut routes: Vec<Route> = Vec::new();
    let mut default = None;
    for upstream in input.facts.upstreams.iter().filter(|upstream| upstream.router == router) {
        let target = key(input, upstream);
        let rollout = input.facts.rollout(upstream.target).is_some();
        if upstream.path.is_none() && upstream.host.is_none() {
            default.get_or_insert((target, rollout));
            continue;
        }
        let slug: String = [upstream.host.as_deref(), upstream.path.as_deref()]
            .into_iter()
            .flatten()
            .flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("_");
        let name = if slug.is_empty() { target.clone() } else { format!("{target}_{slug}") };
        // `/a-b` and `/a/b` give the same words.
        let taken = |name: &str| routes.iter().any(|route| route.key == name);
        let mut names = std::iter::once(name.clone()).chain((2..).map(|at| format!("{name}_{at}")));
        let key = names.find(|name| !taken(name)).unwrap_or_default();
        let priority = (routes.len() + 1) * PRIORITIES;
        let (path, host) = (upstream.path.clone(), upstream.host.clone());
        routes.push(Route { key, target, path, host, priority, rollout });
    }
    (default, routes)
}

/// The full name of what stands for a target behind a router, before it is shortened.
pub(in crate::target) fn full(
    input: &Input,
    router: ComponentId,
    target: ComponentId,
    protocol: &str,
    port: u16,
) -> String {
    let model = input.model;
    // A group of machines cannot become one of addresses: the new one needs a name of its own.
    let end = if machine_of(input, target).is_some() { "-machines" } else { "" };
    let (router, target) = (model.component(router).first_id(), model.component(target).first_id());
    format!("{}-{}-{router}-{target}-{protocol}-{port}{end}", model.system().id, model.environment().id)
}

fn target(input: &Input, words: &Words, upstream: &Upstream) -> Value {
    let model = input.model;
    let component = model.component(upstream.target);
    let health = component.workload.as_ref().and_then(|workload| match &workload.health {
        Some(Health::Path(path)) => Some(path.clone()),
        _ => None,
    });
    let form = input.catalog.form(component.form);
    let mut place = Map::new();
    super::place::insert(input, End::Component(upstream.target), &mut place);
    let legs = &model.connection(upstream.connection).legs;
    let leg = legs.iter().find(|leg| leg.protocol == upstream.protocol);
    let transport = leg.map_or("tcp", |leg| leg.transport.name());
    json!({
        "key": key(input, upstream),
        "id": component.id,
        "name": component.name(),
        "full": full(input, upstream.router, upstream.target, &upstream.protocol, upstream.port),
        "rollout": input.facts.rollout(upstream.target).is_some(),
        "protocol": upstream.protocol,
        "port": upstream.port,
        "health": health,
        "machine": machine_of(input, upstream.target).map(|zone| model.zone(zone).name()),
        "api": form.reach == Reach::Api,
        "known": machine_of(input, upstream.target).is_some() || words.is_known(upstream.target),
        "address": words.attribute(upstream.target, "host"),
        "arn": words.attribute(upstream.target, "arn"),
        "target_name": words.attribute(upstream.target, "name"),
        "origin": origin(input, upstream).map(|(_, name)| name),
        "in_regions": in_regions(input, End::Component(upstream.target), &|name| words.attribute(upstream.target, name)),
        "listener_arn": words.attribute(upstream.target, "listener_arn"),
        "tls": component.tls.is_some(),
        "edge": edges::way(input, upstream.router, upstream.target),
        "form": form.name,
        "transport": transport,
        "place": place,
    })
}

/// What templates of targets may say: `served_by`, one entry for each balancer that passes requests on to the
/// element: `{ key, router, port }`.
pub(super) fn insert_served(input: &Input, end: End, context: &mut Map<String, Value>) {
    let model = input.model;
    let mut served: Vec<Value> = Vec::new();
    for upstream in &input.facts.upstreams {
        let router = model.component(upstream.router);
        let here = match end {
            End::Component(id) => upstream.target == id && machine_of(input, id).is_none(),
            End::Zone(zone) => machine_of(input, upstream.target) == Some(zone),
        };
        let balances = input.catalog.kind(router.kind).has(Trait::Balancer) && naming::is_ours(&router.built);
        if !here || !balances {
            continue;
        }
        let entry = json!({ "key": key(input, upstream), "router": router.name(), "port": upstream.port });
        if !served.contains(&entry) {
            served.push(entry);
        }
    }
    context.insert("served_by".into(), Value::Array(served));
}

/// What templates of names may say: `domain`, and `records` with either an alias or an address each;
/// `ipv6` says that what the alias leads to has such addresses too.
pub(super) fn insert_records(
    input: &Input,
    words: &Words,
    id: ComponentId,
    context: &mut Map<String, Value>,
) {
    let model = input.model;
    if !input.catalog.kind(model.component(id).kind).has(Trait::Dns) {
        return;
    }
    let domain = model.component(id).setting_text("name").unwrap_or_default();
    let mut records = Vec::new();
    for (_, connection) in model.connections().filter(|(_, c)| c.from == End::Component(id)) {
        for leg in &connection.legs {
            for end in behind(input, connection.to, 0) {
                let name = leg.name.as_ref().map_or(domain.clone(), |sub| format!("{sub}.{domain}"));
                let own = naming::identifier(model.end_id(end));
                let key =
                    leg.name.as_ref().map_or(own.clone(), |sub| format!("{}_{own}", naming::identifier(sub)));
                let attribute = |attribute: &str| match end {
                    End::Component(target) => words.attribute(target, attribute),
                    End::Zone(zone) => words.zone_attribute(zone, attribute),
                };
                let ip = match end {
                    End::Component(target) => {
                        machine_of(input, target).and_then(|zone| words.zone_attribute(zone, "ip"))
                    }
                    End::Zone(zone) => words.zone_attribute(zone, "ip"),
                };
                // The provider does not watch what stands at its edge.
                let edge = matches!(end, End::Component(target)
                    if input.catalog.form(model.component(target).form).reach == Reach::Edge);
                let record = json!({
                    "key": key, "name": name, "alias_zone": attribute("alias_zone"),
                    "host": attribute("host"), "ip": ip, "health": !edge,
                    "in_regions": in_regions(input, end, &attribute),
                    "ipv6": attribute("ipv6").is_some(),
                });
                if !records.contains(&record) {
                    records.push(record);
                }
            }
        }
    }
    records.extend(origins(input, words, id, &domain));
    context.insert("domain".into(), json!(domain));
    context.insert("routing".into(), json!(regions::routing(input)));
    context.insert("records".into(), Value::Array(records));
}

/// `{ name, host, alias_zone, arn, target }` of an end in each region; nothing for what stands once for all.
fn in_regions(input: &Input, end: End, attribute: &dyn Fn(&str) -> Option<String>) -> Value {
    let across = matches!(end, End::Component(id) if regions::is_across(input, id));
    let names = regions::of(input).filter(|_| !across).map(|regions| regions.names.as_slice());
    let each = names.unwrap_or_default().iter().map(|region| {
        let of = |name: &str| attribute(name).map(|text| regions::in_region(region, &text));
        json!({
            "name": region, "host": of("host"), "alias_zone": of("alias_zone"), "arn": of("arn"),
            "target": of("name"),
        })
    });
    Value::Array(each.collect())
}

/// The name under which what stands at the edge reaches a target that every region has, and the component that holds
/// the name; `None` where each region is told apart otherwise, or nobody holds names here.
fn origin(input: &Input, upstream: &Upstream) -> Option<(ComponentId, String)> {
    let model = input.model;
    let (router, target) = (upstream.router, upstream.target);
    let api = input.catalog.form(model.component(target).form).reach == Reach::Api;
    // A name on the internet leads nowhere in a private subnet.
    let hidden = matches!(edges::way(input, router, target), Some("private" | "nowhere"));
    if api || hidden || !regions::is_across(input, router) || regions::is_across(input, target) {
        return None;
    }
    let holder = model.components().find(|(_, component)| {
        input.catalog.kind(component.kind).has(Trait::Dns) && naming::is_ours(&component.built)
    });
    let (dns, component) = holder?;
    let domain = component.setting_text("name")?;
    Some((dns, format!("origin-{}.{domain}", model.component(target).id)))
}

/// The records by which what stands at the edge finds the regions.
fn origins(input: &Input, words: &Words, dns: ComponentId, domain: &str) -> Vec<Value> {
    let mut records = Vec::new();
    for upstream in &input.facts.upstreams {
        let Some((holder, name)) = origin(input, upstream) else { continue };
        if holder != dns || domain.is_empty() {
            continue;
        }
        let end = End::Component(upstream.target);
        let attribute = |attribute: &str| words.attribute(upstream.target, attribute);
        let target = input.model.component(upstream.target);
        let record = json!({
            "key": format!("origin_{}", target.name()), "name": name, "alias_zone": attribute("alias_zone"),
            "host": attribute("host"), "ip": null, "health": true,
            "in_regions": in_regions(input, end, &attribute),
        });
        if !records.contains(&record) {
            records.push(record);
        }
    }
    records
}

/// What templates of guards may say: `guards`, one entry `{ name, arn, edge }` for each element behind it, and
/// `guards_edge`: whether one of them stands at the provider's edge.
pub(super) fn insert_guard(input: &Input, words: &Words, id: ComponentId, context: &mut Map<String, Value>) {
    let model = input.model;
    if !input.catalog.kind(model.component(id).kind).has(Trait::Guard) {
        return;
    }
    let mut guarded = Vec::new();
    for end in behind(input, End::Component(id), 0) {
        let End::Component(target) = end else { continue };
        let component = model.component(target);
        let edge = input.catalog.form(component.form).reach == Reach::Edge;
        if let Some(arn) = words.attribute(target, "arn") {
            guarded.push(json!({ "name": component.name(), "arn": arn, "edge": edge }));
        }
    }
    let edge = guarded.iter().any(|entry| entry["edge"] == json!(true));
    context.insert("guards".into(), Value::Array(guarded));
    context.insert("guards_edge".into(), json!(edge));
}

/// Whether a guard stands before something at the provider's edge.
pub(super) fn guards_the_edge(input: &Input, id: ComponentId) -> bool {
    let edge = |component| input.catalog.form(input.model.component(component).form).reach == Reach::Edge;
    let ends = behind(input, End::Component(id), 0);
    ends.into_iter().any(|end| matches!(end, End::Component(target) if target != id && edge(target)))
}

/// The guards that point at an element.
fn guards_of(input: &Input, id: ComponentId) -> Vec<ComponentId> {
    let model = input.model;
    model
        .components()
        .filter(|(guard, component)| {
            *guard != id
                && input.catalog.kind(component.kind).has(Trait::Guard)
                && behind(input, End::Component(*guard), 0).contains(&End::Component(id))
        })
        .map(|(guard, _)| guard)
        .collect()
}

/// The names that lead to a router.
pub(super) fn aliases(input: &Input, id: ComponentId) -> Vec<String> {
    let model = input.model;
    let mut names = Vec::new();
    for (dns, component) in model.components() {
        if !input.catalog.kind(component.kind).has(Trait::Dns) {
            continue;
        }
        let domain = component.setting_text("name").unwrap_or_default();
        for (_, connection) in model.connections().filter(|(_, c)| c.from == End::Component(dns)) {
            if !behind(input, connection.to, 0).contains(&End::Component(id)) {
                continue;
            }
            for leg in &connection.legs {
                let name = leg.name.as_ref().map_or(domain.clone(), |sub| format!("{sub}.{domain}"));
                if !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    names
}

/// The ends that an end leads to, when rules look through it; else itself.
fn behind(input: &Input, end: End, depth: usize) -> Vec<End> {
    let model = input.model;
    let End::Component(id) = end else { return vec![end] };
    let looked_through = input.catalog.kind(model.component(id).kind).has(Trait::Transparent);
    if !looked_through || depth > 8 {
        return vec![end];
    }
    model
        .connections()
        .filter(|(_, connection)| connection.from == end)
        .flat_map(|(_, connection)| behind(input, connection.to, depth + 1))
        .collect()
}
