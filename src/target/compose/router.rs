//! The configuration of what takes requests and passes them on, from the facts about its routes.
//!
//! Which template it is written with, and where the image looks for it, stands in the catalog (`config` of the
//! kind's form). What only a running system knows (the address of another machine) stays a variable there,
//! which the image fills in when it starts.

use serde_json::{Map, Value, json};

use crate::catalog::{Trait, built_in};
use crate::diag::Diagnostic;
use crate::document::tree::Node;
use crate::model::derive::{Address, Upstream, domains};
use crate::model::{Component, ComponentId, End, FileSource};
use crate::target::attributes;
use crate::template;

use super::losses::Losses;
use super::service::Place;
use super::words::{Words, marked, replace_marks};

/// Where a container finds the folders that it delivers.
const FOLDERS: &str = "/srv";

/// A configuration file and what it needs.
#[derive(Debug, Clone)]
pub(super) struct Config {
    /// Below the compose file's folder.
    pub(super) path: String,
    /// What stands in it.
    pub(super) text: String,
    /// Where it is mounted.
    pub(super) target: String,
    /// Where its program reads it, with all values filled in.
    pub(super) home: String,
    /// Variables that are filled in when the container starts.
    pub(super) variables: Vec<String>,
    /// The environment variable that tells the image which variables to fill in, and where it writes the outcome; empty
    /// for a program that reads the environment itself.
    pub(super) filling: Option<(String, String)>,
    /// Folders that it delivers: where in the container, and what.
    pub(super) folders: Vec<(String, FileSource)>,
    /// Folders with certificates: where on the host, where in the container.
    pub(super) certificates: Vec<(String, String)>,
    /// A folder of the host for proofs of its name, which need not be there yet.
    pub(super) webroot: Option<String>,
}

/// The configuration of a component; `None` when it routes nothing, or its author's image brings its own.
pub(super) fn configuration(
    place: &Place,
    id: ComponentId,
    words: &Words,
    losses: &mut Losses,
) -> Option<Config> {
    let component = place.model().component(id);
    let kind = place.catalog().kind(component.kind);
    let about = kind.form(component.form)?.data_by(|name| component.setting_text(name)).get("config")?;
    let own_image = component.workload.as_ref().is_some_and(|w| w.image.is_some() || w.build.is_some());
    let upstreams: Vec<&Upstream> = place.input.facts.upstreams(id).collect();
    if upstreams.is_empty() && (own_image || (component.files.is_empty() && component.tls.is_none())) {
        if !component.files.is_empty() {
            losses.add(component, "own_files", &[]);
        }
        return None;
    }
    let (statics, folders) = statics(place, component, words, losses);
    let (certificate, certificates) = certificate(place, component, words, losses);
    let mut context = words.context(id);
    context.insert("servers".into(), servers(place, id, &upstreams, words, losses));
    context.insert("statics".into(), statics);
    let webroot = certificate.get("webroot").and_then(Value::as_str).map(str::to_owned);
    context.insert("certificate".into(), certificate);
    // In a cluster TLS ends before the pod, at its ingress.
    let ends = component.tls.is_some() && !place.host.cluster;
    context.insert("listen".into(), listen(component, ends));
    context.insert("redirect".into(), json!(component.redirect_http && ends));
    context.insert("own_image".into(), json!(own_image));
    // A cluster has no resolver of Docker's.
    context.insert("on_machine".into(), json!(words.on_machine || place.host.cluster));
    context.insert("behind".into(), json!(behind(place, id) || place.host.cluster));
    let size = component.setting_text("body_size").unwrap_or_default();
    context.insert("body_bytes".into(), json!(bytes(&size)));
    for (name, default) in [("body_size", "10m"), ("read_timeout", "60s"), ("idle_timeout", "75s")] {
        context.entry(name.to_owned()).or_insert_with(|| json!(default));
    }
    let path = about.get("template").and_then(Node::as_str).unwrap_or_default();
    let tool = path.split('/').next().unwrap_or_default();
    context.insert("extra".into(), json!(passthrough(place, component, tool)));
    let text = render(place, path, context, about, losses)?;
    if component.setting("sticky").is_some() && component.setting_text("sticky").as_deref() == Some("true") {
        losses.add(component, "sticky", &[]);
    }
    let mut variables: Vec<String> = Vec::new();
    for name in marked(&text) {
        if !variables.iter().any(|other| other == name) {
            variables.push(name.to_owned());
        }
    }
    variables.iter().for_each(|name| place.book.note(name));
    let text = replace_marks(&text, |name| format!("${{{name}}}"));
    let (ending, place_key) =
        if variables.is_empty() { ("", None) } else { (".template", about.get("filled")) };
    let word = |node: Option<&Node>, key: &str| {
        node.and_then(|node| node.get(key)).and_then(Node::as_str).unwrap_or_default().to_owned()
    };
    let target = word(if variables.is_empty() { Some(about) } else { place_key }, "path");
    let home = word(Some(about), "path");
    let filling = place_key.map(|node| (word(Some(node), "environment"), word(Some(node), "tmpfs")));
    Some(Config {
        path: format!("{tool}/{}.conf{ending}", component.id),
        text,
        target,
        home,
        variables,
        filling,
        folders,
        certificates,
        webroot,
    })
}

fn render(
    place: &Place,
    path: &str,
    context: Map<String, Value>,
    about: &Node,
    losses: &mut Losses,
) -> Option<String> {
    let file = format!("{path}.tera");
    let own = place.input.templates.get(&file).map(String::as_str);
    let rendered = match own.or_else(|| built_in::file(&file)) {
        Some(text) => template::render_lines(text, &Value::Object(context)),
        None => {
            let message = format!("there is no template `{file}`");
            Err(template::TemplateError { message, line: None })
        }
    };
    match rendered {
        Ok(text) => Some(tidy(&text)),
        Err(error) => {
            let line = error.line.map_or(String::new(), |line| format!(" (line {line} of `{file}`)"));
            losses.diagnostics.push(
                Diagnostic::error("bad-template", about.span, format!("{}{line}", error.message))
                    .hint("correct the template; its names stand in the built-in one"),
            );
            None
        }
    }
}

/// One blank line at most between two lines, none at the ends or inside of a brace.
fn tidy(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let after = out.last().is_none_or(|last| last.is_empty() || last.ends_with('{'));
        if line.is_empty() && after {
            continue;
        }
        if line.trim() == "}" && out.last().is_some_and(|last| last.is_empty()) {
            out.pop();
        }
        out.push(line);
    }
    format!("{}\n", out.join("\n").trim_end())
}

/// A size in nginx's words (`10m`) in bytes; zero, which means no limit, for what is no size.
fn bytes(size: &str) -> u64 {
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match size[digits.len()..].to_ascii_lowercase().as_str() {
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => 1,
    };
    digits.parse::<u64>().unwrap_or(0).saturating_mul(unit)
}

/// Raw text of the author for this component, to be appended.
fn passthrough(place: &Place, component: &Component, tool: &str) -> String {
    let full = format!("{tool}.{}", component.id);
    let whole = place.model().passthrough().iter().filter(|(key, _)| *key == full);
    let own = component.passthrough.iter().filter(|(key, _)| key == tool);
    let texts: Vec<&str> = whole.chain(own).filter_map(|(_, node)| node.as_str()).collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// The ports that it listens on.
fn listen(component: &Component, tls: bool) -> Value {
    let ports = component.ports.iter().filter(|port| tls || port.protocol != "https");
    Value::Array(
        ports.map(|port| json!({ "port": port.number, "tls": tls && port.protocol == "https" })).collect(),
    )
}

/// Whether another router stands before it, whose word on the client can be believed.
fn behind(place: &Place, id: ComponentId) -> bool {
    place.model().connections().any(|(_, connection)| {
        matches!(connection.from, End::Component(from)
            if connection.to == End::Component(id)
                && place.catalog().kind(place.model().component(from).kind).has(Trait::Router))
    })
}

/// One server for each name that requests are for, the one for all others first.
fn servers(
    place: &Place,
    id: ComponentId,
    upstreams: &[&Upstream],
    words: &Words,
    losses: &mut Losses,
) -> Value {
    let component = place.model().component(id);
    let mut hosts: Vec<Option<&str>> = vec![None];
    for upstream in upstreams {
        if !hosts.contains(&upstream.host.as_deref()) {
            hosts.push(upstream.host.as_deref());
        }
    }
    let mut number = 0;
    let mut servers = Vec::new();
    for &host in &hosts {
        let mut routes: Vec<(Option<&str>, Vec<Value>)> = Vec::new();
        for upstream in upstreams.iter().filter(|upstream| upstream.host.as_deref() == host) {
            let Some(target) = target(place, component, upstream, words, losses) else { continue };
            match routes.iter_mut().find(|(path, _)| *path == upstream.path.as_deref()) {
                Some((_, targets)) => targets.push(target),
                None => routes.push((upstream.path.as_deref(), vec![target])),
            }
        }
        let all = routes.iter().any(|(path, _)| matches!(path, None | Some("/*")));
        let names = match host {
            Some(name) => vec![name.to_owned()],
            None => {
                let all = domains(place.model(), place.catalog(), id, true);
                all.into_iter().filter(|name| !hosts.contains(&Some(name))).collect()
            }
        };
        let routes: Vec<Value> = routes
            .into_iter()
            .map(|(path, targets)| {
                number += 1;
                let last = targets.len().saturating_sub(1);
                let targets: Vec<Value> = targets
                    .iter()
                    .enumerate()
                    .map(|(at, target)| {
                        let share =
                            if at == last { "*".to_owned() } else { format!("{}%", 100 / targets.len()) };
                        json!({ "share": share, "address": target["address"], "local": target["local"] })
                    })
                    .collect();
                let prefix =
                    path.is_none_or(|path| path.strip_suffix('*').is_some_and(|stem| !stem.contains('*')));
                let stem = path.map_or("/", |path| path.strip_suffix('*').unwrap_or(path));
                json!({
                    "location": location(path),
                    "prefix": prefix.then_some(stem),
                    "pattern": pattern(path.unwrap_or("/*")),
                    "number": number,
                    "targets": targets,
                })
            })
            .collect();
        servers.push(json!({ "names": names, "routes": routes, "all": all }));
    }
    Value::Array(servers)
}

fn target(
    place: &Place,
    component: &Component,
    upstream: &Upstream,
    words: &Words,
    losses: &mut Losses,
) -> Option<Value> {
    let scheme = match upstream.protocol.as_str() {
        "http" | "ws" => "http",
        "https" | "wss" => "https",
        other => {
            let to = &place.model().component(upstream.target).id;
            losses.add(component, "protocol", &[("protocol", other), ("to", to)]);
            return None;
        }
    };
    let host = match upstream.address {
        Address::Localhost => "localhost".to_owned(),
        Address::ServiceName | Address::Private => {
            match attributes::attribute(upstream.target, "host", place.model(), place.catalog(), words) {
                Ok(host) => host,
                Err(unknown) => {
                    losses.unknown(component, "upstream", &unknown);
                    return None;
                }
            }
        }
    };
    // Its address stays: so does that of a service in a cluster, whatever becomes of its pods.
    let local = upstream.address == Address::Localhost
        || place.host.cluster && upstream.address == Address::ServiceName;
    Some(json!({ "address": format!("{scheme}://{host}:{}", upstream.port), "local": local }))
}

/// A path with `*` as a location: a folder, one path, or a pattern.
fn location(path: Option<&str>) -> String {
    let Some(path) = path else { return "/".to_owned() };
    let stem = path.strip_suffix('*').unwrap_or(path);
    if stem.contains('*') {
        return format!("~ {}", pattern(path));
    }
    if path.ends_with('*') { stem.to_owned() } else { format!("= {path}") }
}

/// A path with `*` as a regular expression.
fn pattern(path: &str) -> String {
    let parts: Vec<String> = path.split('*').map(quote_pattern).collect();
    format!("^{}$", parts.join(".*"))
}

fn quote_pattern(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if ".+?()[]|^$\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The folders that it delivers: URL path and where they are.
fn statics(
    place: &Place,
    component: &Component,
    words: &Words,
    losses: &mut Losses,
) -> (Value, Vec<(String, FileSource)>) {
    let mut statics = Vec::new();
    let mut folders: Vec<(String, FileSource)> = Vec::new();
    for (path, source) in &component.files {
        let path = path.trim_end_matches('*').trim_end_matches('/');
        let folder = match source {
            FileSource::Component(id) => {
                let share = place.model().component(*id);
                let kind = place.catalog().kind(share.kind);
                if !kind.has(Trait::FileShare) && !kind.has(Trait::Volume) {
                    losses.add(component, "not_mounted", &[("source", &share.id), ("path", path)]);
                    continue;
                }
                if words.on_machine {
                    let pattern = share.setting_text("mount").unwrap_or_else(|| "/mnt/{{ id }}".to_owned());
                    template::render(&pattern, &json!({ "id": share.id })).unwrap_or(pattern)
                } else {
                    format!("{FOLDERS}/{}", share.id)
                }
            }
            FileSource::Path(from) if words.on_machine && from.starts_with('/') => from.clone(),
            FileSource::Path(_) => {
                let name = path.trim_matches('/').replace('/', "-");
                format!("{FOLDERS}/{}", if name.is_empty() { "www" } else { &name })
            }
        };
        if !words.on_machine && !folders.iter().any(|(known, _)| *known == folder) {
            folders.push((folder.clone(), source.clone()));
        }
        statics.push(json!({ "path": format!("{path}/"), "folder": folder }));
    }
    (Value::Array(statics), folders)
}

/// The certificate's files, and the folders that a container mounts for them.
fn certificate(
    place: &Place,
    component: &Component,
    words: &Words,
    losses: &mut Losses,
) -> (Value, Vec<(String, String)>) {
    let tls = component.tls.as_ref().filter(|_| !place.host.cluster);
    let Some(tls) = tls else { return (Value::Null, Vec::new()) };
    let certificate = place.model().component(tls.certificate);
    let form = place.catalog().kind(certificate.kind).form(certificate.form);
    let kept = form.and_then(|form| form.data.get("folder")).and_then(Node::as_str);
    let name = certificate.certificate.as_ref().and_then(|about| about.names.first());
    // What the machine's own script makes, or makes a folder for, lies where its programs look for it too.
    let made = form.is_some_and(|form| form.data.get("install").is_some());
    let made = made && place.input.facts.is_installed(tls.certificate);
    // Nobody brings anything to machines that come by themselves: there it stays what the file lacks.
    let machine = place.host.zone.and_then(|zone| place.model().zone(zone).machine());
    let there = made && machine.is_some_and(|machine| !machine.elastic);
    let (folder, mounts) = match (kept, name) {
        // Who renews it keeps it in a folder of its own, by name; links in it lead to other parts of the folder.
        (Some(kept), Some(name)) if !place.host.is_spread() => {
            (format!("{kept}/live/{name}"), vec![(kept.to_owned(), kept.to_owned())])
        }
        _ => {
            let folder = format!("/etc/ssl/{}", certificate.id);
            let beside = format!("./certificates/{}", certificate.id);
            let mounts = vec![(if there { folder.clone() } else { beside }, folder.clone())];
            (folder, mounts)
        }
    };
    let from = mounts.first().map(|(from, _)| from.clone()).unwrap_or_default();
    let subject = name.map_or("localhost", String::as_str);
    let key = if kept.is_some() && name.is_some() { "certificate_kept" } else { "certificate" };
    let from = if words.on_machine { folder.clone() } else { from };
    // In a swarm they are secrets, which the runbook makes.
    if !(place.host.is_spread() || made) {
        losses.add(component, key, &[("folder", &from), ("name", subject), ("certificate", &certificate.id)]);
    }
    let webroot = form.and_then(|form| form.data.get("webroot")).and_then(Node::as_str);
    let webroot = webroot.filter(|_| !place.host.is_spread() && kept.is_some());
    let files = json!({
        "file": format!("{folder}/fullchain.pem"),
        "key": format!("{folder}/privkey.pem"),
        "webroot": webroot,
    });
    (files, mounts)
}
