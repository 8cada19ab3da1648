//! Who may talk to whom in a cluster, from the connections; and the way in from outside.

use crate::catalog::TargetName;
use crate::model::{ComponentId, End};

use super::super::service::{Place, Service};
use super::super::tree::{Data, Map};
use super::super::words::is_service;
use super::objects::{is_outside, port_name, web_port};
use super::{IDENTITY, metadata, name, object, one};
use crate::target::runbook::domain;
use crate::target::terraform::has_account;

/// Where names are looked up.
const DNS: u16 = 53;

/// The policies of a service, and its ingress.
pub(super) fn of(place: &Place, service: &Service) -> Vec<Map> {
    let mut all: Vec<Map> = ingress(place, service).into_iter().collect();
    all.push(policy(place, service.id, service.prepare.is_some()));
    all
}

/// Nothing passes that no other policy lets through; names may be looked up.
pub(super) fn closed() -> Vec<Map> {
    let mut closed = Map::default();
    closed.set("podSelector", Map::default());
    closed.set("policyTypes", Data::texts(["Ingress", "Egress"]));
    let mut dns = Map::default();
    dns.set("podSelector", Map::default());
    dns.set("policyTypes", Data::texts(["Egress"]));
    let mut to = one(
        "namespaceSelector",
        one("matchLabels", one("kubernetes.io/metadata.name", Data::text("kube-system"))),
    );
    to.set("podSelector", one("matchLabels", one("k8s-app", Data::text("kube-dns"))));
    let mut rule = one("to", Data::List(vec![to.into()]));
    rule.set("ports", Data::List(vec![port(DNS, "UDP"), port(DNS, "TCP")]));
    dns.set("egress", Data::List(vec![rule.into()]));
    vec![network_policy("closed", closed), network_policy("names", dns)]
}

fn network_policy(id: &str, spec: Map) -> Map {
    let mut map = object("networking.k8s.io/v1", "NetworkPolicy", one("name", Data::text(id)));
    map.set("spec", spec);
    map
}

fn port(number: u16, protocol: &str) -> Data {
    let mut map = one("port", Data::int(number));
    map.set("protocol", Data::text(protocol));
    map.into()
}

/// Who reaches a component and whom it reaches, by the connections.
fn policy(place: &Place, id: ComponentId, prepared: bool) -> Map {
    let model = place.model();
    let near = |id: ComponentId| is_service(place.input, place.host, id);
    let mut entering: Vec<(Data, Vec<Data>)> = Vec::new();
    let mut leaving: Vec<(Data, Vec<Data>)> = Vec::new();
    let add = |rules: &mut Vec<(Data, Vec<Data>)>, peer: Data, port: Data| match rules
        .iter_mut()
        .find(|(known, _)| *known == peer)
    {
        Some((_, ports)) if !ports.contains(&port) => ports.push(port),
        Some(_) => {}
        None => rules.push((peer, vec![port])),
    };
    for (_, connection) in model.connections() {
        for leg in &connection.legs {
            let Some(number) = leg.port else { continue };
            let (from, to) = model.opened(place.input.catalog, connection, leg);
            // What pods mount is fetched by their node.
            if matches!(to, End::Component(to) if place.host.components.contains(&to) && !near(to)) {
                continue;
            }
            let number = port(number, &leg.transport.name().to_uppercase());
            if to == End::Component(id)
                && let End::Component(from) = from
                && near(from)
            {
                add(&mut entering, peer(model.component(from).id.as_str()), number.clone());
            }
            if from == End::Component(id) {
                let to = match to {
                    End::Component(to) if near(to) => peer(&model.component(to).id),
                    _ => Data::Null,
                };
                add(&mut leaving, to, number);
            }
        }
    }
    let main = web_port(place, id);
    for row in place.host.published.iter().filter(|row| row.component == id) {
        let number = main.map_or(row.port, |port| port.number);
        add(&mut entering, Data::Null, port(number, &row.transport.name().to_uppercase()));
    }
    if let Some((address, number)) = credentials(place, id) {
        let range = one("ipBlock", one("cidr", Data::text(format!("{address}/32"))));
        add(&mut leaving, range.into(), port(number, "TCP"));
    }
    // What fills it once is one of its own.
    if prepared && let Some(main) = model.component(id).port() {
        let number = port(main.number, &main.transport.name().to_uppercase());
        add(&mut entering, peer(&model.component(id).id), number.clone());
        add(&mut leaving, peer(&model.component(id).id), number);
    }
    let rules = |rules: Vec<(Data, Vec<Data>)>, side: &str| {
        Data::List(
            rules
                .into_iter()
                .map(|(peer, ports)| {
                    let mut rule = Map::default();
                    if peer != Data::Null {
                        rule.set(side, Data::List(vec![peer]));
                    }
                    rule.set("ports", Data::List(ports));
                    rule.into()
                })
                .collect(),
        )
    };
    let mut spec =
        one("podSelector", one("matchLabels", one(IDENTITY, Data::text(name(&model.component(id).id)))));
    spec.set("policyTypes", Data::texts(["Ingress", "Egress"]));
    spec.fill("ingress", rules(entering, "from"));
    spec.fill("egress", rules(leaving, "to"));
    let mut map = object("networking.k8s.io/v1", "NetworkPolicy", metadata(&model.component(id).id));
    map.set("spec", spec);
    map
}

/// Where a pod gets the credentials of its account: an address of the node and its port, as the cluster's form says.
fn credentials<'a>(place: &Place<'a>, id: ComponentId) -> Option<(&'a str, u16)> {
    let zone = place.input.model.cluster(End::Component(id)).map(|zone| place.input.model.zone(zone))?;
    let form = place.input.catalog.form(zone.form?);
    let written = form.attributes.get(&TargetName::Kubernetes)?.get("credentials")?;
    let (address, number) = written.split_once(':').filter(|_| has_account(place.input, id))?;
    Some((address, number.parse().ok()?))
}

fn peer(id: &str) -> Data {
    one("podSelector", one("matchLabels", one(IDENTITY, Data::text(name(id))))).into()
}

/// The way in for requests from outside, by the name that leads there.
fn ingress(place: &Place, service: &Service) -> Option<Map> {
    if !is_outside(place, service.id) {
        return None;
    }
    let main = web_port(place, service.id)?;
    let mut backend = one("name", Data::text(name(&service.name)));
    backend.set("port", one("name", Data::text(port_name(&main.name))));
    let mut path = one("path", Data::text("/"));
    path.set("pathType", Data::text("Prefix"));
    path.set("backend", one("service", backend));
    let mut rule = Map::default();
    let domain = domain(place.input, service.id);
    if let Some(domain) = &domain {
        rule.set("host", Data::text(domain.clone()));
    }
    rule.set("http", one("paths", Data::List(vec![path.into()])));
    let mut spec = Map::default();
    if let (Some(domain), Some(certificate)) = (&domain, certificate_of(place, service.id)) {
        let mut tls = one("hosts", Data::texts([domain.clone()]));
        tls.set("secretName", Data::text(certificate));
        spec.set("tls", Data::List(vec![tls.into()]));
    }
    spec.set("rules", Data::List(vec![rule.into()]));
    let mut map = object("networking.k8s.io/v1", "Ingress", metadata(&service.name));
    map.set("spec", spec);
    Some(map)
}

/// The certificate with which TLS ends before a component: its own, else the one for the name that leads there.
fn certificate_of(place: &Place, id: ComponentId) -> Option<String> {
    let model = place.model();
    if let Some(tls) = &model.component(id).tls {
        return Some(name(&model.component(tls.certificate).id));
    }
    let domain = domain(place.input, id)?;
    let mut found = model.components().filter(|(_, component)| {
        component.certificate.as_ref().is_some_and(|certificate| certificate.names.contains(&domain))
    });
    found.next().map(|(_, component)| name(&component.id))
}

/// The certificates that ingresses end TLS with.
pub(super) fn certificates(place: &Place) -> Vec<String> {
    let ids = place.host.components.iter().copied();
    let led = ids.filter(|&id| is_outside(place, id) && web_port(place, id).is_some());
    led.filter_map(|id| certificate_of(place, id)).collect()
}
