//! One file of `templates/kinds/` -> [`Kind`].

use std::collections::BTreeMap;

use super::{
    BOXES, CATEGORIES, CONTAINER_KEYS, Form, FormId, FormUse, Hosting, Kind, Origin, PortSpec, ROLES,
    RUNBOOK_KEYS, Reach, SettingSpec, Trait, Transport, ZONE_ROLES, naming, read,
};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::shape::Shape;
use crate::document::tree::{Entry, Map, Node, Scalar};
use crate::document::{shape, units};
use crate::source::{SourceId, Span};

const KEYS: &[&str] = &[
    "kind",
    "title",
    "doc",
    "words",
    "instead",
    "category",
    "icon",
    "role",
    "traits",
    "ports",
    "peer_ports",
    "forms",
    "settings",
    "attributes",
    "secrets",
    "container",
    "runbook",
    "quiet",
];

/// Keys of a form in a kind that mean something of their own; all others are data for the form's templates.
const USE_KEYS: [&str; 7] =
    ["icon", "ports", "secrets", "attributes", "client_environment", "runbook", "names"];

/// Reads a kind; what is wrong in it is reported and left out. `forms` are all that were read, `broken` the
/// names of those that could not be.
pub(super) fn read(
    stem: &str,
    node: &Node,
    source: SourceId,
    origin: Origin,
    forms: &[Form],
    broken: &[String],
    out: &mut Diagnostics,
) -> Option<Kind> {
    let map = read::map(node, "a kind", out)?;
    read::keys(map, "a kind", KEYS, out);
    let traits = read::traits(map, out);
    let zone = traits.contains(&Trait::Zone);
    let categories: &[&str] = if zone { &BOXES } else { &CATEGORIES };
    let roles: &[&str] = if zone { &ZONE_ROLES } else { &ROLES };
    let mut kind = Kind {
        name: stem.to_owned(),
        span: read::name(map, "kind", stem, node.span, out),
        title: read::title(map, node.span, out),
        doc: read::required(map, node.span, "doc", "one sentence: what it is for", out),
        words: read::list(map, "words", out).into_iter().map(|(word, _)| word).collect(),
        instead: instead(map, out),
        category: known(map, "category", categories, node.span, out),
        icon: read::text(map, "icon", out).unwrap_or_else(|| stem.to_owned()),
        role: known(map, "role", roles, node.span, out),
        ports: ports(map, "ports", out),
        peer_ports: ports(map, "peer_ports", out),
        forms: Vec::new(),
        settings: settings(map, out),
        attributes: read::texts(map, "attributes", out),
        secrets: secrets(map, out).unwrap_or_else(|| {
            traits.contains(&Trait::HasUser).then(|| "password".to_owned()).into_iter().collect()
        }),
        container: container(map, out),
        runbook: runbook(map, out),
        quiet: read::translation(map, "quiet", out),
        traits,
        origin,
        source,
    };
    let uses = map.get("forms").map(|node| uses(node, &kind, forms, broken, out));
    if uses.is_none() {
        read::missing(
            node.span,
            "this kind",
            "forms",
            "what it becomes, such as `[container, external]`",
            out,
        );
    }
    kind.forms = uses.unwrap_or_default();
    Some(kind)
}

/// A word that must stand and be known.
fn known(map: &Map, key: &str, words: &[&str], file: Span, out: &mut Diagnostics) -> String {
    if map.get(key).is_none() {
        read::missing(file, "this kind", key, &format!("one of {}", words.join(", ")), out);
    }
    read::word(map, key, words, out).unwrap_or_default()
}

/// Words that are no kind at all, with what to do instead.
fn instead(map: &Map, out: &mut Diagnostics) -> Vec<(Vec<String>, String)> {
    let Some(node) = map.get("instead") else { return Vec::new() };
    let Some(items) = node.as_list() else {
        read::wrong_type(node.span, "`instead`", "a list of maps with `words` and `say`", out);
        return Vec::new();
    };
    let mut all = Vec::new();
    for item in items {
        let Some(inner) = read::map(item, "an entry of `instead`", out) else { continue };
        read::keys(inner, "an entry of `instead`", &["words", "say"], out);
        let words = read::list(inner, "words", out).into_iter().map(|(word, _)| word).collect();
        all.push((words, read::required(inner, item.span, "say", "one sentence: what to do instead", out)));
    }
    all
}

fn secrets(map: &Map, out: &mut Diagnostics) -> Option<Vec<String>> {
    map.get("secrets")?;
    Some(read::list(map, "secrets", out).into_iter().map(|(name, _)| name).collect())
}

fn runbook(map: &Map, out: &mut Diagnostics) -> BTreeMap<String, String> {
    if let Some(inner) = map.get("runbook").and_then(Node::as_map) {
        read::keys(inner, "`runbook`", &RUNBOOK_KEYS, out);
    }
    read::texts(map, "runbook", out)
}

/// The container, with unknown keys and misshapen health commands reported.
fn container(map: &Map, out: &mut Diagnostics) -> Option<Node> {
    let node = map.get("container")?;
    if node.is_null() {
        return Some(Node::map(Vec::new(), node.span));
    }
    let inner = read::map(node, "`container`", out)?;
    read::keys(inner, "`container`", &CONTAINER_KEYS, out);
    if let Some(health) = inner.get("health") {
        let first = health.as_list().and_then(|list| list.first()).and_then(Node::as_str);
        if !matches!(first, Some("CMD" | "CMD-SHELL")) {
            read::wrong_type(health.span, "`health`", "a list that begins with `CMD` or `CMD-SHELL`", out);
        }
    }
    Some(node.clone())
}

/// The ports of a map of `NAME: protocol/number`, `protocol/number/udp`, `protocol/number/ip` or `protocol`.
fn ports(map: &Map, key: &str, out: &mut Diagnostics) -> Vec<PortSpec> {
    let Some(inner) = map.get(key).and_then(|node| read::map(node, &format!("`{key}`"), out)) else {
        return Vec::new();
    };
    inner.entries.iter().filter_map(|entry| port(entry, out)).collect()
}

fn port(entry: &Entry, out: &mut Diagnostics) -> Option<PortSpec> {
    let mut parts = entry.value.as_str().unwrap_or_default().split('/');
    let protocol = parts.next().unwrap_or_default().to_owned();
    let number = parts.next().map(|text| text.parse::<u16>().ok().filter(|number| *number > 0));
    let transport = match parts.next() {
        None | Some("tcp") => Some(Transport::Tcp),
        Some("udp") => Some(Transport::Udp),
        Some("ip") => Some(Transport::Ip),
        Some(_) => None,
    };
    match (number, transport, parts.next()) {
        (None | Some(Some(_)), Some(transport), None)
            if protocol.starts_with(|c: char| c.is_ascii_lowercase()) =>
        {
            Some(PortSpec { name: entry.key.value.clone(), number: number.flatten(), transport, protocol })
        }
        _ => {
            read::wrong_type(
                entry.value.span,
                &format!("port `{}`", entry.key.value),
                "a protocol, `protocol/number`, `protocol/number/udp` or `protocol/number/ip`",
                out,
            );
            None
        }
    }
}

fn settings(map: &Map, out: &mut Diagnostics) -> Vec<SettingSpec> {
    let Some(inner) = map.get("settings").and_then(|node| read::map(node, "`settings`", out)) else {
        return Vec::new();
    };
    inner.entries.iter().filter_map(|entry| setting(entry, out)).collect()
}

fn setting(entry: &Entry, out: &mut Diagnostics) -> Option<SettingSpec> {
    let what = format!("setting `{}`", entry.key.value);
    let map = read::map(&entry.value, &what, out)?;
    read::keys(map, "a setting", &["type", "default", "doc"], out);
    let doc = read::text(map, "doc", out);
    if doc.is_none() {
        read::missing(entry.key.span, &what, "doc", "one sentence: what it does", out);
    }
    let Some(written) = read::text(map, "type", out) else {
        read::missing(
            entry.key.span,
            &what,
            "type",
            "text, int, bool, duration … or words with bars between them",
            out,
        );
        return None;
    };
    let Some(shape) = shape::named(&written) else {
        let span = map.get("type").map_or(entry.key.span, |node| node.span);
        read::unknown(span, "type", &written, &TYPES, out);
        return None;
    };
    let default = map.get("default").filter(|node| !node.is_null()).cloned();
    if let Some(node) = &default
        && let Some(wanted) = misfit(&shape, node)
    {
        read::wrong_type(node.span, &format!("the default of {what}"), wanted, out);
    }
    Some(SettingSpec {
        name: entry.key.value.clone(),
        shape,
        type_name: written,
        default,
        doc: doc.unwrap_or_default(),
    })
}

/// Words for the types of settings, for did-you-mean; the whole grammar is [`shape::named`]'s.
const TYPES: [&str; 17] = [
    "any",
    "text",
    "name",
    "bool",
    "int",
    "number",
    "version",
    "duration",
    "size",
    "share",
    "rate",
    "cidr",
    "port",
    "path",
    "url",
    "list of text",
    "map of text",
];

/// What a default should have been, when it does not fit its type.
fn misfit(shape: &Shape, node: &Node) -> Option<&'static str> {
    let scalar = node.as_scalar();
    let (fits, wanted) = match shape {
        Shape::Any => (true, ""),
        Shape::List(_) => (node.as_list().is_some(), "a list"),
        Shape::Map(..) | Shape::Object(_) => (node.as_map().is_some(), "a map"),
        Shape::Int(low, high) => {
            let number = scalar.and_then(Scalar::as_int);
            (number.is_some_and(|number| (low..=high).contains(&&number)), "a whole number in its range")
        }
        Shape::Bool => (scalar.is_some_and(|s| s.as_bool().is_some()), "`true` or `false`"),
        Shape::Version => (scalar.is_some_and(|s| !s.looks_like_number()), "a text in quotes"),
        Shape::Duration => {
            (scalar.is_some_and(|s| units::duration(&s.text).is_ok()), "a duration such as `90s`")
        }
        Shape::Size => (scalar.is_some_and(|s| units::size(&s.text).is_ok()), "a size such as `20GiB`"),
        Shape::Word(words) => (
            scalar.is_some_and(|s| words.iter().any(|word| word.word == s.text)),
            "one of the words of its type",
        ),
        Shape::Many(one) => (node.as_list().is_some() || misfit(one, node).is_none(), "one value or a list"),
        _ => (scalar.is_some(), "a text"),
    };
    (!fits).then_some(wanted)
}

/// The forms of a kind: a list of names, or a map of names with what is special there.
fn uses(node: &Node, kind: &Kind, forms: &[Form], broken: &[String], out: &mut Diagnostics) -> Vec<FormUse> {
    let empty = Node::map(Vec::new(), node.span);
    let named: Vec<(&str, Span, &Node)> = match (node.as_list(), node.as_map()) {
        (Some(list), _) => list.iter().filter_map(|item| Some((item.as_str()?, item.span, &empty))).collect(),
        (None, Some(map)) => {
            map.entries.iter().map(|e| (e.key.value.as_str(), e.key.span, &e.value)).collect()
        }
        (None, None) => {
            read::wrong_type(node.span, "`forms`", "a list of forms, or a map of forms with their data", out);
            return Vec::new();
        }
    };
    let mut uses: Vec<FormUse> = Vec::new();
    for (name, span, data) in named {
        let Some(at) = forms.iter().position(|form| form.name == name) else {
            if !broken.iter().any(|form| form == name) {
                let names: Vec<&str> = forms.iter().map(|form| form.name.as_str()).collect();
                read::unknown(span, "form", name, &names, out);
            }
            continue;
        };
        if uses.iter().any(|used| used.form.0 as usize == at) {
            out.push(
                Diagnostic::error("catalog-twice", span, format!("the form `{name}` stands twice"))
                    .hint("delete one of the two"),
            );
            continue;
        }
        // A form that nobody reaches runs nothing: a volume, a network.
        let runs = forms[at].hosting == Hosting::Container && forms[at].reach != Reach::None;
        if runs && kind.container.is_none() {
            out.push(
                Diagnostic::error(
                    "catalog-missing-key",
                    span,
                    format!("the kind takes the form `{name}` and has no `container`"),
                )
                .hint("add `container: { image: … }`, or `container: {}` when its author brings the image"),
            );
        }
        uses.extend(form_use(FormId(at as u16), &forms[at], data, kind, out));
    }
    uses
}

fn form_use(id: FormId, form: &Form, node: &Node, kind: &Kind, out: &mut Diagnostics) -> Option<FormUse> {
    let empty = Map::default();
    let map = if node.is_null() { &empty } else { read::map(node, "what a kind says of a form", out)? };
    let data = map.entries.iter().filter(|e| !USE_KEYS.contains(&e.key.value.as_str())).cloned().collect();
    let mut all = kind.ports.clone();
    for port in ports(map, "ports", out) {
        match all.iter_mut().find(|known| known.name == port.name) {
            Some(known) => *known = port,
            None => all.push(port),
        }
    }
    let mut attributes = kind.attributes.clone();
    attributes.extend(read::texts(map, "attributes", out));
    let mut commands = kind.runbook.clone();
    commands.extend(form.runbook.clone());
    commands.extend(runbook(map, out));
    Some(FormUse {
        form: id,
        icon: read::text(map, "icon", out),
        data: Node::map(data, node.span),
        ports: all,
        secrets: secrets(map, out).unwrap_or_else(|| kind.secrets.clone()),
        attributes,
        client_environment: read::texts(map, "client_environment", out),
        runbook: commands,
        names: naming::read(map, &form.names, out),
    })
}
