//! What the system is: facts, pictures, what is needed, layers, files, links.

use crate::catalog::Trait;
use crate::model::{ComponentId, Connection, End};
use crate::target::diagram;
use crate::view::build::UNASKED_OF_FLOWS;
use crate::view::{self, Picture, Shows};

use super::markdown::{code, fence, heading, line, link, prose, table, tree};
use super::page::Page;
use super::words::domain;

/// Descriptions of the system and of the environment.
pub(super) fn about(page: &Page) -> String {
    let model = page.model();
    format!("{}\n{}", prose(&model.system().description, 2), prose(&model.environment().description, 2))
}

/// The first table: whom to ask, where the code is, where it runs, where to open it.
pub(super) fn facts(page: &Page) -> String {
    let model = page.model();
    let (system, environment) = (model.system(), model.environment());
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |key: String, value: String| {
        if !value.is_empty() {
            rows.push(vec![key, value]);
        }
    };
    row(page.say("fact.entry"), entries(page).join("<br>"));
    row(page.say("fact.environment"), super::page::named(&environment.title, &environment.id));
    let drawn = crate::catalog::TargetName::Diagram;
    let targets = environment.targets.iter().filter(|target| **target != drawn);
    let targets: Vec<String> = targets.map(|target| code(target.name())).collect();
    row(page.say("fact.targets"), targets.join(", "));
    let mut regions: Vec<String> = Vec::new();
    for (_, zone) in model.zones() {
        if let crate::model::ZoneDetail::Provider(provider) = &zone.detail {
            regions.extend(
                provider.regions.iter().map(|region| format!("{} {}", line(&provider.name), code(region))),
            );
        }
    }
    row(page.say("fact.region"), regions.join(", "));
    row(page.say("fact.host"), environment.host.as_deref().map(code).unwrap_or_default());
    row(page.say("fact.owner"), system.owner.as_deref().map(line).unwrap_or_default());
    row(page.say("fact.repository"), system.repository.as_deref().map(line).unwrap_or_default());
    for (name, address) in &model.operations().contacts {
        row(page.say_with("fact.contact", &[("name", &line(name))]), line(address));
    }
    for (name, values) in system.facts.iter().chain(&environment.facts) {
        row(line(name), values.iter().map(|value| line(value)).collect::<Vec<_>>().join("<br>"));
    }
    table(&page.head(&["fact", "value"]), &rows)
}

/// The pictures that are made of the environment.
pub(super) fn drawn(page: &Page) -> Vec<Picture> {
    let input = view::build::Input {
        model: page.input.model,
        facts: page.input.facts,
        catalog: page.input.catalog,
        messages: page.input.messages,
    };
    // Whoever makes the pictures reports what is wrong with a view.
    match page.input.picture_format {
        Some(_) => view::build::build(input, &mut crate::diag::Diagnostics::default()),
        None => Vec::new(),
    }
}

/// The pictures of the environment; what is drawn for a flow alone stands beside its steps.
pub(super) fn pictures(page: &Page, drawn: &[Picture]) -> String {
    drawn.iter().filter(|picture| !of_flow_alone(picture)).map(|picture| image(page, picture)).collect()
}

/// Whether a picture exists for the sake of a flow.
pub(super) fn of_flow_alone(picture: &Picture) -> bool {
    let own = |flow: &str| UNASKED_OF_FLOWS.iter().any(|name| picture.name == format!("{name}{flow}"));
    picture.flow().is_some_and(own)
}

/// A picture on a line of its own.
pub(super) fn image(page: &Page, picture: &Picture) -> String {
    format!("!{}\n\n", picture_link(page, picture))
}

/// A link to a picture under its title.
pub(super) fn picture_link(page: &Page, picture: &Picture) -> String {
    let format = page.input.picture_format.unwrap_or_default();
    let title = &picture.sheet().title;
    let title = match picture.shows {
        Shows::Sequence(_) => page.say_with("flow.in_time", &[("title", title)]),
        _ => title.clone(),
    };
    link(&title, &format!("../{}", diagram::path(picture, format)))
}

/// Tools, layers, files and links.
pub(super) fn needs(page: &Page, chapters: &[(&str, String)]) -> String {
    let system = page.model().system();
    let rows: Vec<Vec<String>> =
        system.requires.iter().map(|(tool, version)| vec![line(tool), code(version)]).collect();
    let mut tools: Vec<&str> = Vec::new();
    let terraform = page.has_terraform();
    if terraform {
        tools.extend(["terraform"]);
    }
    let containers = !page.compose_hosts().is_empty() || !page.swarms().is_empty();
    if containers {
        tools.extend(["docker", "docker compose"]);
    }
    let used = |tool: &str| chapters.iter().any(|(_, text)| calls(text, tool));
    tools.extend(
        ["aws", "curl", "dig", "git", "jq", "kubectl", "nc", "openssl", "ssh"]
            .into_iter()
            .filter(|tool| used(tool)),
    );
    if !containers && used("docker") {
        tools.push("docker");
    }
    let lacking: Vec<String> = tools
        .into_iter()
        .filter(|tool| !system.requires.iter().any(|(name, _)| name == tool))
        .map(code)
        .collect();
    let mut out = table(&page.head(&["tool", "version"]), &rows);
    if !lacking.is_empty() {
        out.push_str(&format!("\n{}\n", page.say_with("needs.tools", &[("tools", &lacking.join(", "))])));
    }
    out
}

/// Whether a command of a text begins with a tool.
fn calls(text: &str, tool: &str) -> bool {
    let mut inside = false;
    text.lines().map(str::trim_start).any(|line| {
        if line.starts_with("```") {
            inside = !inside;
            return false;
        }
        let begins =
            |part: &str| part.trim_start().strip_prefix(tool).is_some_and(|rest| rest.starts_with(' '));
        inside
            && (begins(line) || [" | ", "$(", " && "].iter().any(|mark| line.split(mark).skip(1).any(begins)))
    })
}

/// The layers with their members, the tree of files, and the links.
pub(super) fn system(page: &Page) -> String {
    let model = page.model();
    let system = model.system();
    let mut out = String::new();
    for (at, (id, title)) in system.layers.iter().enumerate() {
        let members: Vec<String> = model
            .components()
            .filter(|(_, c)| c.layer.as_deref() == Some(id))
            .map(|(id, _)| page.name(End::Component(id)))
            .collect();
        out.push_str(&format!("{}. {}: {}\n", at + 1, line(title), members.join(", ")));
    }
    if !system.files.is_empty() {
        out.push_str(&format!(
            "\n{}\n{}",
            heading(3, &page.say("chapter.files")),
            fence("text", &tree(&system.files))
        ));
    }
    if !system.links.is_empty() {
        out.push_str(&format!("\n{}\n", heading(3, &page.say("chapter.links"))));
        for (title, address) in &system.links {
            out.push_str(&format!("- {}\n", reference(page, title, address)));
        }
    }
    out
}

/// A link of the author; a path counts from the description.
pub(super) fn reference(page: &Page, title: &str, address: &str) -> String {
    let back = page.input.to_description.trim_end_matches('/');
    let is_url = address.contains("://") || address.starts_with("mailto:");
    let target =
        if is_url || address.starts_with('/') { address.to_owned() } else { format!("{back}/{address}") };
    let picture = [".png", ".svg", ".jpg", ".jpeg", ".gif", ".webp"];
    let shown = picture.iter().any(|end| address.to_lowercase().ends_with(end));
    format!("{}{}", if shown { "!" } else { "" }, link(title, &target))
}

/// The addresses that people open.
pub(super) fn entries(page: &Page) -> Vec<String> {
    let model = page.model();
    let mut found: Vec<String> = Vec::new();
    for (_, connection) in model.connections() {
        let End::Component(from) = connection.from else { continue };
        if !page.input.catalog.kind(page.component(from).kind).has(Trait::Actor) {
            continue;
        }
        let End::Component(to) = connection.to else { continue };
        for address in addresses(page, connection, to) {
            if !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found
}

/// What an actor types to get to a component.
fn addresses<'p>(page: &Page<'p>, connection: &'p Connection, to: ComponentId) -> Vec<String> {
    let component = page.component(to);
    let kind = page.input.catalog.kind(component.kind);
    let mut out = Vec::new();
    for leg in &connection.legs {
        let web = matches!(leg.protocol.as_str(), "http" | "https");
        let path = leg.path.as_deref().unwrap_or("").trim_end_matches('*').trim_end_matches('/');
        let host = if kind.has(Trait::Dns) { component.setting_text("name") } else { domain(page.input, to) };
        if let Some(host) = host {
            let arrives = last_protocol(page, to, &leg.protocol);
            let scheme = if web { arrives } else { leg.protocol.as_str() };
            out.push(line(&format!("{scheme}://{host}{path}")));
            continue;
        }
        for row in page.input.facts.published(to).filter(|row| leg.port.is_none_or(|port| port == row.port)) {
            let Some(port) = row.host_port else { continue };
            let remote = page.input.facts.host(to).and_then(|host| page.remote(host));
            let host = match &remote {
                None => "localhost".to_owned(),
                Some(remote) if remote.zone.is_none() => {
                    remote.address.rsplit('@').next().unwrap_or_default().to_owned()
                }
                Some(_) => page.say("address"),
            };
            // Where no TLS ends, nobody answers https.
            let plain = leg.protocol == "https" && kind.has(Trait::TlsEnd) && component.tls.is_none();
            let scheme = if plain { "http" } else { leg.protocol.as_str() };
            let usual = (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
            let port = if usual { String::new() } else { format!(":{port}") };
            let url = format!("{}://{host}{port}{path}", if web { scheme } else { "tcp" });
            match &remote {
                Some(remote) if remote.zone.is_some() => {
                    out.push(
                        page.say_with("fact.address_of", &[("url", &code(&url)), ("machine", &remote.title)]),
                    );
                }
                _ => out.push(line(&url)),
            }
        }
    }
    out
}

/// What is spoken where a name leads to: the last protocol counts.
fn last_protocol<'p>(page: &Page<'p>, from: ComponentId, protocol: &'p str) -> &'p str {
    let transparent =
        |id: ComponentId| page.input.catalog.kind(page.component(id).kind).has(Trait::Transparent);
    let (mut at, mut protocol) = (from, protocol);
    for _ in 0..page.model().components().count() {
        if !transparent(at) {
            break;
        }
        let next = page.model().connections().find(|(_, connection)| connection.from == End::Component(at));
        let Some((_, connection)) = next else { break };
        let (Some(leg), End::Component(to)) = (connection.legs.first(), connection.to) else { break };
        (at, protocol) = (to, leg.protocol.as_str());
    }
    protocol
}
