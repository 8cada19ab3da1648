//! Security groups from the facts: one for each component or machine that takes part, one resource for each
//! rule, and never a range of addresses where the other side has a group.

use std::collections::BTreeSet;

use super::dialect::Words;
use super::files::Piece;
use super::{endpoints, hcl, naming, place, secrets};
use crate::catalog::{Trait, Transport};
use crate::model::derive::endpoints::has_exit;
use crate::model::derive::{self, Delivery, Rule, Source};
use crate::model::{End, Model, ZoneDetail};
use crate::source::Span;
use crate::target::Input;
use crate::target::attributes::Dialect;

/// All groups and rules.
pub(super) fn pieces(input: &Input) -> Vec<Piece> {
    let mut out = Vec::new();
    for end in ends(input) {
        out.extend(group(input, end));
    }
    let mut seen = BTreeSet::new();
    for rule in &input.facts.rules {
        rule_pieces(input, rule, &mut seen, &mut out);
    }
    for end in ends(input) {
        leaving(input, end, &mut seen, &mut out);
    }
    out
}

/// Everything that has a group, zones first.
fn ends(input: &Input) -> Vec<End> {
    let model = input.model;
    let zones = model.zones().map(|(id, _)| End::Zone(id));
    let components = model.components().map(|(id, _)| End::Component(id));
    zones.chain(components).filter(|&end| place::group_of(input, end) == Some(end)).collect()
}

fn span(model: &Model, end: End) -> Span {
    match end {
        End::Zone(zone) => model.zone(zone).span,
        End::Component(id) => model.component(id).span,
    }
}

fn name(model: &Model, end: End) -> String {
    naming::identifier(model.end_id(end))
}

fn is_ours(model: &Model, end: End) -> bool {
    match end {
        End::Zone(zone) => naming::is_ours(&model.zone(zone).built),
        End::Component(id) => naming::is_ours(&model.component(id).built),
    }
}

/// A group, or the search for the one that another environment made. Its description cannot change while it is in
/// use, so it holds nothing that the author may write otherwise one day.
fn group(input: &Input, end: End) -> Vec<Piece> {
    let model = input.model;
    let (built, id) = match end {
        End::Zone(zone) => (&model.zone(zone).built, model.zone(zone).first_id()),
        End::Component(id) => (&model.component(id).built, model.component(id).first_id()),
    };
    let Some(space) = model.space(end) else { return Vec::new() };
    let vpc = place::space_address(model.zone(space));
    let full = naming::full(model, built, id);
    let name = name(model, end);
    let ours = naming::is_ours(built);
    let text = if ours {
        format!(
            "resource \"aws_security_group\" \"{name}\" {{\n name = \"{full}\"\n description = \"{full}\"\n \
             vpc_id = {vpc}.id\n\n tags = {{\n Name = \"{full}\"\n }}\n}}\n"
        )
    } else {
        format!("data \"aws_security_group\" \"{name}\" {{\n name = \"{full}\"\n vpc_id = {vpc}.id\n}}\n")
    };
    let mut pieces = secrets::on_demand("security.tf", &text, span(model, end));
    pieces.iter_mut().for_each(|piece| piece.always = ours);
    pieces
}

/// Both sides of one rule: what lets the traffic in, and what lets it out of where it comes from.
fn rule_pieces(input: &Input, rule: &Rule, seen: &mut BTreeSet<String>, out: &mut Vec<Piece>) {
    let model = input.model;
    let Some(to) = place::group_of(input, rule.to) else { return };
    let description = description(input, rule);
    let mut spans: Vec<Span> = rule.connections.iter().map(|&id| model.connection(id).span).collect();
    if spans.is_empty() {
        spans.push(span(model, rule.to));
    }
    let to_name = name(model, to);
    let to_group = format!("{}.id", place::group_address(model, to));
    let tail = port_name(rule.port, rule.transport);
    // The API of a cluster has no group of ours: its own list says who may call it from outside.
    let is_api =
        matches!(rule.to, End::Zone(zone) if matches!(model.zone(zone).detail, ZoneDetail::Cluster(_)));
    if is_api && !matches!(rule.from, Source::Inside(_)) {
        return;
    }
    let mut push = |kind: &str, key: String, group: &str, other: &str| {
        // Equal names of different groups are told apart here, so that they are reported and not merged.
        if seen.insert(format!("{kind}.{key} {group} {other}")) {
            let port = (rule.port, rule.transport);
            out.extend(piece(kind, &key, [group, other], port, &description, &spans));
        }
    };
    match &rule.from {
        Source::Internet => {
            push(
                "ingress",
                format!("{to_name}_from_internet_{tail}"),
                &to_group,
                "cidr_ipv4 = \"0.0.0.0/0\"",
            );
        }
        Source::Edge(cdn) => {
            let words = Words { input };
            let Some(list) = words.attribute(*cdn, "prefix_list") else { return };
            let key = format!("{to_name}_from_{}_{tail}", model.component(*cdn).name());
            push("ingress", key, &to_group, &format!("prefix_list_id = \"{list}\""));
        }
        Source::Range(range) => {
            let (key, value) = range_words(range);
            push(
                "ingress",
                format!("{to_name}_from_{key}_{tail}"),
                &to_group,
                &format!("cidr_ipv4 = {value}"),
            );
        }
        Source::Inside(from) => {
            let Some(from) = place::group_of(input, *from) else { return };
            // What two shared elements say to each other is the business of the environment that made them.
            if !is_ours(model, to) && !is_ours(model, from) {
                return;
            }
            let from_name = name(model, from);
            let from_group = format!("{}.id", place::group_address(model, from));
            let other = format!("referenced_security_group_id = {from_group}");
            push("ingress", format!("{to_name}_from_{from_name}_{tail}"), &to_group, &other);
            let other = format!("referenced_security_group_id = {to_group}");
            push("egress", format!("{from_name}_to_{to_name}_{tail}"), &from_group, &other);
        }
    }
}

/// What a group may open to what has no group: the provider's services through endpoints, and to the internet the
/// ports of elements outside of the private network that it connects to, and what its form needs by itself. What
/// has no way to the internet gets no door to it either.
fn leaving(input: &Input, group: End, seen: &mut BTreeSet<String>, out: &mut Vec<Piece>) {
    let model = input.model;
    if !is_ours(model, group) {
        return;
    }
    let mut wanted: Vec<(u16, Transport, Vec<String>, Vec<Span>)> = Vec::new();
    let mut want = |port: u16, transport: Transport, reason: String, span: Span| match wanted
        .iter_mut()
        .find(|(p, t, ..)| (*p, *t) == (port, transport))
    {
        Some((_, _, reasons, spans)) => {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
            spans.push(span);
        }
        None => wanted.push((port, transport, vec![reason], vec![span])),
    };
    let inside: Vec<&str> =
        endpoints::of_client(input, group).map(|endpoint| endpoint.service.as_str()).collect();
    let all_inside = |services: &[String]| {
        let bare = |service: &String| service.strip_prefix("gateway/").unwrap_or(service).to_owned();
        !services.is_empty() && services.iter().map(bare).all(|service| inside.contains(&service.as_str()))
    };
    let exit = has_exit(model, group);
    let own = own_services(input, group);
    if exit && !(all_inside(&own) && images_come_from_the_provider(input, group)) {
        let mut ports = own_ports(input, group);
        if ports.is_empty() && !own.is_empty() {
            ports.push(443);
        }
        for port in ports {
            want(port, Transport::Tcp, input.messages.say("terraform.own-egress", &[]), span(model, group));
        }
    }
    // Stores answer; what they report to the provider does not go through their network.
    let opens = |end: End| match end {
        End::Component(id) => !input.catalog.kind(model.component(id).kind).has(Trait::DataStore),
        End::Zone(_) => true,
    };
    for (_, connection) in model.connections().filter(|(_, connection)| exit && opens(connection.from)) {
        let from_here = place::group_of(input, connection.from) == Some(group);
        if !from_here
            || place::group_of(input, connection.to).is_some()
            || same_machine(model, connection.to, group)
        {
            continue;
        }
        if let End::Component(to) = connection.to
            && all_inside(&input.catalog.form(model.component(to).form).services.endpoints)
        {
            continue;
        }
        for leg in &connection.legs {
            let port = leg.port.unwrap_or(443);
            want(port, leg.transport, model.end_id(connection.to).to_owned(), connection.span);
        }
    }
    let open = wanted.iter().any(|(port, transport, ..)| (*port, *transport) == (443, Transport::Tcp));
    to_endpoints(input, group, open, seen, out);
    let name = name(model, group);
    let address = format!("{}.id", place::group_address(model, group));
    for (port, transport, reasons, spans) in wanted {
        let key = format!("{name}_to_internet_{}", port_name(port, transport));
        if seen.insert(format!("egress.{key} {address}")) {
            let text = plain(&format!("{} - {}", model.end_id(group), reasons.join(", ")));
            let other = "cidr_ipv4 = \"0.0.0.0/0\"";
            let mut pieces = piece("egress", &key, [&address, other], (port, transport), &text, &spans);
            for piece in &mut pieces {
                let why = input.messages.say("terraform.open-egress", &[]);
                piece.block.text = format!("# {why}\n# trivy:ignore:AVD-AWS-0104\n{}", piece.block.text);
            }
            out.extend(pieces);
        }
    }
}

/// The rules between a group and the endpoints that it uses. Where the group may go anywhere on the port, only the
/// endpoints' side is missing.
fn to_endpoints(input: &Input, group: End, open: bool, seen: &mut BTreeSet<String>, out: &mut Vec<Piece>) {
    let model = input.model;
    let name = name(model, group);
    let address = format!("{}.id", place::group_address(model, group));
    let spans = [span(model, group)];
    for endpoint in endpoints::of_client(input, group) {
        let space = model.zone(endpoint.space);
        let guard = endpoints::group_name(space);
        let text = plain(&format!("{} - {}", model.end_id(group), endpoint.service));
        let mut push = |kind: &str, key: String, sides: [&str; 2], text: &str| {
            if seen.insert(format!("{kind}.{key} {}", sides[0])) {
                out.extend(piece(kind, &key, sides, (443, Transport::Tcp), text, &spans));
            }
        };
        if endpoint.gateway {
            let list = format!("prefix_list_id = {}.prefix_list_id", endpoints::address(model, endpoint));
            let key = format!("{name}_to_{}_443", naming::identifier(&endpoint.service));
            if !open {
                push("egress", key, [&address, &list], &text);
            }
            continue;
        }
        let text = plain(&format!("{} - endpoints of the provider", model.end_id(group)));
        let other = format!("referenced_security_group_id = {address}");
        let guard_id = format!("aws_security_group.{guard}.id");
        push("ingress", format!("{guard}_from_{name}_443"), [&guard_id, &other], &text);
        if !open {
            let other = format!("referenced_security_group_id = {guard_id}");
            push("egress", format!("{name}_to_{guard}_443"), [&address, &other], &text);
        }
    }
}

/// The provider's services that the form of a group's owner calls by itself, and for the secrets it is given.
fn own_services(input: &Input, group: End) -> Vec<String> {
    let (form, for_secrets) = match group {
        End::Zone(zone) => (input.model.zone(zone).form, Vec::new()),
        End::Component(id) => (
            Some(input.model.component(id).form),
            derive::secrets::services(input.model, input.catalog, &input.facts.secrets, id),
        ),
    };
    let Some(services) = form.map(|form| &input.catalog.form(form).services) else { return Vec::new() };
    services.calls.iter().cloned().chain(for_secrets).collect()
}

/// Whether what runs comes from a registry of the provider: it is built, and its repository made with it.
fn images_come_from_the_provider(input: &Input, group: End) -> bool {
    matches!(group, End::Component(id) if input.facts.delivery(id) == Some(Delivery::Repository))
}

/// Whether the other end stands on the very machine.
fn same_machine(model: &Model, end: End, group: End) -> bool {
    matches!((model.machine(end), group), (Some(machine), End::Zone(zone)) if machine == zone)
}

/// Ports that the form opens by itself, to install packages or to reach the provider.
fn own_ports(input: &Input, group: End) -> Vec<u16> {
    let model = input.model;
    let form = match group {
        End::Zone(zone) => model.zone(zone).form,
        End::Component(id) => Some(model.component(id).form),
    };
    form.map(|form| input.catalog.form(form).egress.clone()).unwrap_or_default()
}

/// One rule: of which group, and who the other side is.
fn piece(
    kind: &str,
    key: &str,
    [group, other]: [&str; 2],
    (port, transport): (u16, Transport),
    description: &str,
    spans: &[Span],
) -> Vec<Piece> {
    let what = match transport {
        Transport::Tcp | Transport::Udp => {
            let protocol = transport.name();
            format!("ip_protocol = \"{protocol}\"\n from_port = {port}\n to_port = {port}")
        }
        Transport::Ip => format!("ip_protocol = \"{port}\""),
    };
    let text = format!(
        "resource \"aws_vpc_security_group_{kind}_rule\" \"{key}\" {{\n security_group_id = {group}\n {other}\n \
         {what}\n description = {}\n}}\n",
        hcl::quote(description),
    );
    let pieces = hcl::blocks(&text).unwrap_or_default().into_iter();
    pieces
        .map(|block| Piece {
            file: "security.tf".to_owned(),
            block,
            always: true,
            across: false,
            from: spans.to_vec(),
        })
        .collect()
}

fn port_name(port: u16, transport: Transport) -> String {
    match transport {
        Transport::Tcp => port.to_string(),
        Transport::Udp => format!("{port}_udp"),
        Transport::Ip => format!("ip_{port}"),
    }
}

/// A range as part of a name and as an expression.
pub(super) fn range_words(range: &str) -> (String, String) {
    if let Some(variable) = range.strip_prefix("${var.").and_then(|rest| rest.strip_suffix('}')) {
        let variable = naming::identifier(variable);
        return (variable.clone(), format!("var.{variable}"));
    }
    let with_mask = if range.contains('/') { range.to_owned() } else { format!("{range}/32") };
    (naming::identifier(range).trim_start_matches('_').to_owned(), hcl::quote(&with_mask))
}

/// Which connections a rule is for, in the characters that the provider takes.
fn description(input: &Input, rule: &Rule) -> String {
    let model = input.model;
    let mut pairs: Vec<String> = Vec::new();
    for &id in &rule.connections {
        let connection = model.connection(id);
        let pair = format!("{} - {}", model.end_id(connection.from), model.end_id(connection.to));
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    if pairs.is_empty() {
        pairs.push(model.end_id(rule.to).to_owned());
    }
    plain(&format!("{}: {}", pairs.join(", "), rule.protocol))
}

/// Only what the provider takes in a description, and no more of it than 255 characters.
fn plain(text: &str) -> String {
    text.chars()
        .map(unaccented)
        .filter(|c| c.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(*c))
        .take(255)
        .collect()
}

fn unaccented(c: char) -> char {
    match c {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        'Á' => 'A',
        'É' => 'E',
        'Í' => 'I',
        'Ó' => 'O',
        'Ú' => 'U',
        'Ñ' => 'N',
        c => c,
    }
}
