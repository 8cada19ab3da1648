//! Seeing that everything works: each component in the order of starting, then the ways between them.

use crate::catalog::{Hosting, TargetName, Trait};
use crate::model::derive::ContainerHost;
use crate::model::{Built, Component, ComponentId, End, Health};

use super::cluster;
use super::facts::entries;
use super::markdown::{code, fence, heading, indent};
use super::page::Page;
use super::words::Seat;
use crate::target::shell::{quote, quoted};

/// Tools of the person at the keyboard; all others are looked for in the container of the component.
const OWN_TOOLS: [&str; 14] = [
    "aws",
    "curl",
    "dig",
    "docker",
    "gh",
    "glab",
    "kubectl",
    "nc",
    "openssl",
    "printf",
    "showmount",
    "ssh",
    "sudo",
    "terraform",
];

/// Images that have a tool of the reader; local images of a provider's services take any key.
const TOOL_IMAGES: [(&str, &str); 3] = [
    (
        "aws",
        "-e AWS_ACCESS_KEY_ID=local -e AWS_SECRET_ACCESS_KEY=local -e AWS_DEFAULT_REGION=us-east-1 \
         amazon/aws-cli:2.22.35",
    ),
    ("curl", "curlimages/curl:8.11.1"),
    ("nc", "busybox:1.37 nc"),
];

/// Whether a tool is the reader's own.
pub(super) fn is_own_tool(word: &str) -> bool {
    OWN_TOOLS.contains(&word)
}

/// A command, and where it is typed: as Markdown.
struct Check {
    place: String,
    command: String,
}

/// The whole chapter.
pub(super) fn verify(page: &Page) -> String {
    let mut out = String::new();
    for host in page.compose_hosts() {
        let sentence = page.say_with("verify.all", &[("place", &place(page, host))]);
        out.push_str(&page.shell(&sentence, &["docker compose ps".to_owned()]));
        out.push('\n');
    }
    for host in page.swarms() {
        let stack = page.stack(host);
        let commands = [
            format!("docker stack services {stack}"),
            format!("docker stack ps --filter desired-state=running {stack}"),
        ];
        out.push_str(&page.shell(&page.say("verify.stack"), &commands));
        out.push('\n');
    }
    out.push_str(&cluster::verify(page));
    let mut number = 0;
    for &id in &page.input.facts.start_order {
        let Some(check) = check(page, id) else { continue };
        number += 1;
        let name = page.name(End::Component(id));
        let where_ = if check.place.is_empty() { String::new() } else { format!(", {}", check.place) };
        let block = indent(&fence("sh", &check.command), format!("{number}. ").len());
        out.push_str(&format!("{number}. {name}{where_}:\n\n{block}\n\n"));
    }
    let entries: Vec<String> = entries(page).iter().map(|entry| format!("- {entry}\n")).collect();
    if !out.is_empty() && !entries.is_empty() {
        out.push_str(&format!("{}\n\n{}\n", page.say("verify.entry"), entries.concat()));
    }
    let ways = ways(page);
    if !ways.trim().is_empty() {
        out.push_str(&format!("{}\n{ways}", heading(3, &page.say("verify.ways"))));
    }
    out
}

/// Where the commands of a compose host are typed.
pub(super) fn place(page: &Page, host: &ContainerHost) -> String {
    let folder = code(&page.compose_place(host).0);
    match (page.remote(host), page.own_start(host)) {
        (None, _) => page.say_with("place.folder", &[("folder", &folder)]),
        // What such a machine knows stands in no file that docker compose reads: its script gives it to a shell.
        (Some(remote), Some(start)) => {
            let command = code(&format!("sudo /opt/{}/start bash", start.project));
            page.say_with("place.shell", &[("machine", &remote.title), ("command", &command)])
        }
        (Some(remote), None) => {
            page.say_with("place.machine", &[("folder", &folder), ("machine", &remote.title)])
        }
    }
}

fn check(page: &Page, id: ComponentId) -> Option<Check> {
    let component = page.component(id);
    if let Some(host) = page.compose_host(id) {
        let place = page.remote(host).map(|_| place(page, host)).unwrap_or_default();
        return Some(Check { place, command: in_compose(page, host, id) });
    }
    match (page.hosting(id), &component.built) {
        (Hosting::Container, Built::By(TargetName::Swarm)) => {
            let host = page.input.facts.host(id).filter(|host| page.is_service(host, id))?;
            let stack = page.stack(host);
            let command =
                format!("docker service ps --filter desired-state=running {stack}_{}", component.id);
            Some(Check { place: page.say("place.manager"), command })
        }
        (Hosting::Host, _) => {
            let command = by_name(page, id, page.command(id, "check", Seat::Machine)?);
            let host = page.input.facts.host(id)?;
            let place =
                page.remote(host).map(|remote| page.say_with("place.on", &[("machine", &remote.title)]));
            Some(Check { place: place.unwrap_or_default(), command })
        }
        (Hosting::External, _) => None,
        (_, Built::By(TargetName::Terraform)) if !page.is_made(id) => None,
        (_, Built::By(TargetName::Terraform) | Built::Shared(_)) => {
            let command = page.command(id, "check", Seat::Own)?;
            let own = command.split_whitespace().next().is_some_and(is_own_tool);
            Some(Check { place: if own { String::new() } else { inside(page, id) }, command })
        }
        _ => None,
    }
}

/// That a command is to be typed where the address of a component means something.
pub(super) fn inside(page: &Page, id: ComponentId) -> String {
    let variable = crate::model::variable_name(&format!("{}-host", page.component(id).id));
    let component = page.component(id);
    let environment = match &component.built {
        Built::Shared(environment) => environment,
        _ => page.id(),
    };
    let folder = page.terraform_folder(environment);
    let set = format!("{variable}=$(terraform -chdir={folder} output -raw {}_host)", component.name());
    page.say_with("place.inside", &[("variable", &code(&format!("${variable}"))), ("set", &code(&set))])
}

/// A request to the machine itself by the name that its certificate proves.
fn by_name(page: &Page, id: ComponentId, command: String) -> String {
    let tls = page.component(id).tls.as_ref().map(|tls| page.component(tls.certificate));
    let names = tls.and_then(|certificate| certificate.certificate.as_ref()).map(|c| &c.names);
    let Some(name) = names.and_then(|names| names.iter().find(|name| !name.starts_with('*'))) else {
        return command;
    };
    command.replace("https://localhost", &format!("--resolve {name}:443:127.0.0.1 https://{name}"))
}

/// The check of a service of a compose file.
fn in_compose(page: &Page, host: &ContainerHost, id: ComponentId) -> String {
    let component = page.component(id);
    let health = component.workload.as_ref().and_then(|workload| workload.health.as_ref());
    let fallback = format!("docker compose ps {}", component.id);
    if let Some(Health::Run(run)) = health {
        return format!("docker compose exec {} sh -c {}", component.id, quoted(run));
    }
    let Some(command) = page.command(id, "check", Seat::Inside(id)) else { return fallback };
    let first = command.split_whitespace().next().unwrap_or_default();
    if !is_own_tool(first) {
        return in_container(&component.id, &command, false);
    }
    let path = match health {
        Some(Health::Path(path)) if command.contains("://") => path.as_str(),
        _ => "",
    };
    let whole = |command: String| {
        if path.is_empty() { command } else { format!("{}{}", command.trim_end_matches('/'), quote(path)) }
    };
    if !is_open(host, component, id) {
        return in_network(&component.id, &whole(command)).unwrap_or(fallback);
    }
    whole(page.command(id, "check", Seat::Machine).unwrap_or(fallback))
}

/// Whether the host opens the main port of a service.
fn is_open(host: &ContainerHost, component: &Component, id: ComponentId) -> bool {
    let main = component.port().map(|port| port.number);
    host.published.iter().any(|row| row.component == id && Some(row.port) == main && row.host_port.is_some())
}

/// A command of the reader for a service whose port is open on its docker networks alone.
pub(super) fn for_service(page: &Page, host: &ContainerHost, id: ComponentId, key: &str) -> Option<String> {
    let component = page.component(id);
    let command = page.command(id, key, Seat::Inside(id))?;
    if !command.split_whitespace().next().is_some_and(is_own_tool) {
        return Some(in_container(&component.id, &command, false));
    }
    if is_open(host, component, id) {
        return page.command(id, key, Seat::Machine);
    }
    in_network(&component.id, &command)
}

/// A command of the reader from where a container stands, in a container of its own; `None` where no image has the
/// tool.
fn in_network(id: &str, command: &str) -> Option<String> {
    let (tool, rest) = command.split_once(' ')?;
    let (_, image) = TOOL_IMAGES.iter().find(|(name, _)| *name == tool)?;
    Some(format!(
        "docker run --rm --network \"container:$(docker compose ps -q {id} | head -n 1)\" {image} {rest}"
    ))
}

/// A command in a container; what needs a shell of its own gets one. What stands behind a redirection happens on
/// the machine.
pub(super) fn in_container(id: &str, command: &str, piped: bool) -> String {
    let at = [" > ", " < "].iter().filter_map(|mark| command.find(mark)).min().unwrap_or(command.len());
    let (inner, outer) = command.split_at(at);
    let inner =
        if inner.contains(['|', '$', ';']) { format!("sh -c {}", quoted(inner)) } else { inner.to_owned() };
    let exec = match id {
        // What runs a command in a pod is a command itself; what a shell finds out is a container of a swarm's node.
        _ if id.starts_with("kubectl ") => "",
        _ if id.starts_with('"') => {
            if piped {
                "docker exec -i "
            } else {
                "docker exec -it "
            }
        }
        _ => {
            if piped {
                "docker compose exec -T "
            } else {
                "docker compose exec "
            }
        }
    };
    format!("{exec}{id} {inner}{outer}")
}

/// How the shell of a machine gets to know the address in a variable: only who starts by itself has it there, of what its
/// containers use.
fn asked(page: &Page, host: &ContainerHost, to: ComponentId, target: &str) -> Option<String> {
    let variable = target.strip_prefix("\"$")?.strip_suffix('"')?;
    let known =
        page.own_start(host).is_some_and(|start| start.values.iter().any(|(name, _)| name == variable));
    let words = super::words::Words { input: page.input, seat: Seat::Own };
    let address = words.address(to).filter(|_| !known)?;
    Some(format!("{variable}=… # {}", address.trim_start_matches("$(").trim_end_matches(')')))
}

/// Whether each container reaches what it talks to.
fn ways(page: &Page) -> String {
    let model = page.model();
    let mut out = String::new();
    for host in page.compose_hosts() {
        let mut commands = Vec::new();
        for (_, connection) in model.connections() {
            // Who hands messages over is called by who takes them.
            let Some(leg) = connection.legs.first() else { continue };
            let (End::Component(from), End::Component(to)) =
                model.opened(page.input.catalog, connection, leg)
            else {
                continue;
            };
            if !page.is_service(host, from)
                || page.input.catalog.kind(page.component(to).kind).has(Trait::Transparent)
            {
                continue;
            }
            let near = page.is_service(host, to);
            let seat = Seat::Inside(from);
            let words = super::words::Words { input: page.input, seat };
            let target = if near {
                page.component(to).id.clone()
            } else {
                let text =
                    crate::target::attributes::attribute(to, "host", model, page.input.catalog, &words);
                text.unwrap_or_else(|_| {
                    format!("${}", crate::model::variable_name(&format!("{}-host", page.component(to).id)))
                })
            };
            // What the shell of this machine cannot know is no address for a command.
            if target.contains("$(") {
                continue;
            }
            for leg in &connection.legs {
                let Some(port) = leg.port else { continue };
                if leg.transport != crate::catalog::Transport::Tcp
                    || page.hosting(to) == Hosting::Container && !near
                {
                    continue;
                }
                let (from, name) = (&page.component(from).id, &page.component(to).id);
                commands.push(format!("# {from} -> {name} ({})", leg.protocol));
                commands.extend(asked(page, host, to, &target));
                commands.push(format!(
                    "docker run --rm --network \"container:$(docker compose ps -q {from} | head -n 1)\" busybox:1.37 nc -zv -w 3 {target} {port}"
                ));
            }
        }
        let sentence = page.say_with("verify.way", &[("place", &place(page, host))]);
        out.push_str(&page.shell(&sentence, &commands));
        out.push('\n');
    }
    out
}
