//! Running the system: looking inside, stopping, going back, backups.

use crate::catalog::{Hosting, TargetName, Trait};
use crate::document::units;
use crate::model::derive::assertions::Fault;
use crate::model::derive::reach::{Door, Point};
use crate::model::{Built, ComponentId, End};
use crate::view::Picture;

use super::cluster;
use super::facts;
use super::inventory::duration;
use super::markdown::{code, heading, line};
use super::page::{Page, zone_command};
use super::regions;
use super::start;
use super::swarm;
use super::verify::{in_container, inside, is_own_tool, place};
use super::words::Seat;
use crate::target::delivery;
use crate::target::terraform::is_across;

/// Logs, logins and restarts.
pub(super) fn inspect(page: &Page) -> String {
    let mut out = String::new();
    for host in page.compose_hosts() {
        let services: Vec<&str> = host
            .components
            .iter()
            .filter(|id| page.is_service(host, **id))
            .map(|id| page.component(*id).id.as_str())
            .collect();
        let Some(first) = services.first() else { continue };
        let names = services.iter().map(|id| code(id)).collect::<Vec<_>>().join(", ");
        let mut commands = vec![
            format!("docker compose logs --tail 100 -f {first}"),
            format!("docker compose exec {first} sh"),
            format!("docker compose restart {first}"),
        ];
        for &id in &host.components {
            let Some(command) = page.command(id, "connect", Seat::Inside(id)) else { continue };
            if !command.split_whitespace().next().is_some_and(is_own_tool) {
                commands.push(in_container(&page.component(id).id, &command, false));
            }
        }
        let sentence = page.say_with("inspect.compose", &[("place", &place(page, host)), ("names", &names)]);
        out.push_str(&format!("{}\n", page.shell(&sentence, &commands)));
    }
    for host in page.swarms() {
        let mut commands = Vec::new();
        for &id in host.components.iter().filter(|id| page.is_service(host, **id)) {
            let name = format!("{}_{}", page.stack(host), page.component(id).id);
            commands.push(format!("docker service logs --tail 100 -f {name}"));
            commands.push(format!("docker service update --force {name}"));
        }
        out.push_str(&format!("{}\n", page.shell(&page.say("inspect.swarm"), &commands)));
    }
    out.push_str(&swarm::operate(page));
    out.push_str(&cluster::inspect(page));
    let mut commands = Vec::new();
    for &id in &page.input.facts.start_order {
        if !page.is_made(id) || page.hosting(id) == Hosting::Container {
            continue;
        }
        let found: Vec<String> = ["logs", "connect", "restart"]
            .iter()
            .filter_map(|key| page.command(id, key, Seat::Own))
            .filter(|command| command.split_whitespace().next().is_some_and(is_own_tool))
            .collect();
        if !found.is_empty() {
            commands.push(format!("# {}", page.component(id).id));
            commands.extend(found);
        }
    }
    if !commands.is_empty() {
        commands.splice(0..0, regions::choose(page));
    }
    let sentence = page.say("inspect.provider");
    out.push_str(&page.shell(&sentence, &commands));
    out
}

/// Stopping, updating, going back.
pub(super) fn stop(page: &Page) -> String {
    let mut out = String::new();
    for host in page.compose_hosts() {
        if page.own_start(host).is_some() {
            let machine = page.remote(host).map(|remote| remote.title).unwrap_or_default();
            let roll = page.say_with("stop.roll", &[("machine", &machine)]);
            out.push_str(&format!("{}\n", page.shell(&roll, &start::roll(page, host))));
            continue;
        }
        let values = [("place", place(page, host))];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let commands = ["docker compose stop".to_owned(), "docker compose down".to_owned()];
        out.push_str(&page.shell(&page.say_with("stop.compose", &values), &commands));
        let back = ["git log --oneline -5", "git checkout COMMIT", "docker compose up -d --build"]
            .map(str::to_owned);
        out.push_str(&format!("\n{}\n", page.shell(&page.say_with("stop.back_compose", &values), &back)));
    }
    for host in page.swarms() {
        let stack = page.stack(host);
        let back: Vec<String> = host
            .components
            .iter()
            .filter(|id| page.is_service(host, **id))
            .map(|id| format!("docker service rollback {stack}_{}", page.component(*id).id))
            .collect();
        out.push_str(&format!("{}\n", page.shell(&page.say("stop.back_swarm"), &back)));
        out.push_str(&format!(
            "{}\n",
            page.shell(&page.say("stop.swarm"), &[format!("docker stack rm {stack}")])
        ));
    }
    out.push_str(&cluster::stop(page));
    if page.has_terraform() {
        let folder = page.terraform_folder(page.id());
        let terraform = |command: &str| format!("terraform -chdir={folder} {command}");
        let back = [
            "git log --oneline -5".to_owned(),
            "git checkout COMMIT".to_owned(),
            terraform("plan"),
            terraform("apply"),
        ];
        out.push_str(&format!("{}\n", page.shell(&page.say("stop.back_terraform"), &back)));
        let prepared = delivery::preparations(page.input);
        let mut destroy = vec![terraform("plan -destroy")];
        destroy.extend(prepared.iter().filter_map(|first| delivery::removal(page.input, first)));
        destroy.push(terraform("destroy"));
        let lifts = lifts(page);
        out.push_str(&format!("{}\n", page.shell(&page.say("stop.protected"), &lifts)));
        out.push_str(&page.shell(&page.say("stop.terraform"), &destroy));
        if !lifts.is_empty() {
            out.push_str(&format!("\n{}\n", page.say("stop.kept")));
        }
    }
    out
}

/// Taking away what keeps things from being removed, under the name of each, in one region after another.
fn lifts(page: &Page) -> Vec<String> {
    let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
    for (id, zone) in page.model().zones() {
        let lift = zone_command(page, id, "lift");
        here.extend(lift.iter().flat_map(|lift| [format!("# {}", zone.id), lift.clone()]));
        elsewhere.extend(lift);
    }
    for (id, component) in page.model().components() {
        // A copy for reading goes with what it is a copy of.
        if !page.is_made(id) || matches!(component.origin, crate::model::Origin::ReadReplica(_)) {
            continue;
        }
        let lift = page.command(id, "lift", Seat::Own).filter(|command| !command.trim().is_empty());
        let lift = lift.map(|lift| lift.trim_end().to_owned());
        here.extend(lift.iter().flat_map(|lift| [format!("# {}", component.id), lift.clone()]));
        elsewhere.extend(lift.filter(|_| !is_across(page.input, id)));
    }
    if !here.is_empty() {
        here.splice(0..0, regions::choose(page));
        here.extend(regions::elsewhere(page, &elsewhere));
    }
    here
}

/// Backup and restore of each store.
pub(super) fn backup(page: &Page) -> String {
    let mut out = String::new();
    let mut all: Vec<ComponentId> = Vec::new();
    for (id, component) in page.model().components() {
        let kind = page.input.catalog.kind(component.kind);
        let made = match component.built {
            Built::By(TargetName::Terraform) => page.is_made(id),
            Built::By(target) => target != TargetName::Diagram,
            _ => false,
        };
        if !made
            || !kind.has(Trait::DataStore)
            || matches!(component.origin, crate::model::Origin::ReadReplica(_))
        {
            continue;
        }
        let kept = component.store.as_ref().and_then(|store| store.backup.as_ref());
        let mut text = String::new();
        if let Some(backup) = kept {
            let mut parts = Vec::new();
            if let Some(every) = backup.every {
                parts.push(page.say_with("backup.every", &[("time", &duration(page, every))]));
            }
            if let Some(keep) = backup.keep {
                parts.push(page.say_with("backup.keep", &[("time", &duration(page, keep))]));
            }
            if let Some(by) = &backup.by {
                parts.push(page.say_with("backup.by", &[("name", &line(by))]));
            }
            if let Some(to) = &backup.to {
                parts.push(page.say_with("backup.to", &[("name", &code(to))]));
            }
            let key = if component.built == Built::By(TargetName::Terraform) {
                "backup.made"
            } else {
                "backup.wanted"
            };
            text.push_str(&format!("{}\n", page.say_with(key, &[("rules", &parts.join(", "))])));
        }
        let vaults = vaults(page, id);
        for &vault in &vaults {
            let name = page.name(End::Component(vault));
            let rules = self::rules(page, vault);
            text.push_str(&format!(
                "{}\n",
                page.say_with("backup.vault", &[("name", &name), ("rules", &rules)])
            ));
        }
        if kept.is_none() && vaults.is_empty() && kind.has(Trait::Stateful) {
            text.push_str(&format!("{}\n", page.say("backup.none")));
        }
        for key in ["backup", "restore"] {
            let Some((sentence, command)) = store_command(page, id, key) else { continue };
            text.push_str(&format!(
                "\n{}",
                page.shell(&format!("{} ({sentence}):", page.say(&format!("backup.{key}"))), &[command])
            ));
        }
        if !text.is_empty() {
            out.push_str(&format!("{}\n{text}\n", heading(3, &page.name(End::Component(id)))));
        }
        for vault in vaults {
            if !all.contains(&vault) {
                all.push(vault);
            }
        }
    }
    for vault in all {
        let commands: Vec<String> = page.command(vault, "restore", Seat::Own).into_iter().collect();
        let shell = page.shell(&page.say("backup.from_vault"), &commands);
        out.push_str(&format!("{}\n{shell}\n", heading(3, &page.name(End::Component(vault)))));
    }
    out
}

/// What keeps copies of a store beside it, and is made here: each with a way to restore from it.
fn vaults(page: &Page, store: ComponentId) -> Vec<ComponentId> {
    let mut found = Vec::new();
    for (_, connection) in page.model().connections().filter(|(_, c)| c.from == End::Component(store)) {
        let End::Component(id) = connection.to else { continue };
        if page.input.catalog.kind(page.component(id).kind).has(Trait::Care)
            && page.is_made(id)
            && page.command(id, "restore", Seat::Own).is_some()
            && !found.contains(&id)
        {
            found.push(id);
        }
    }
    found
}

/// How often a vault makes copies, and how long it keeps each.
fn rules(page: &Page, vault: ComponentId) -> String {
    let seconds = |name: &str| {
        let text = page.component(vault).setting_text(name)?;
        units::duration(&text).ok().map(|time| time.seconds)
    };
    let parts = [("backup.every", seconds("every")), ("backup.keep", seconds("keep"))];
    let said = parts
        .into_iter()
        .filter_map(|(key, time)| Some(page.say_with(key, &[("time", &duration(page, time?))])));
    said.collect::<Vec<_>>().join(", ")
}

/// A command of a store, and where it is typed.
fn store_command(page: &Page, id: ComponentId, key: &str) -> Option<(String, String)> {
    let component = page.component(id);
    if let Some(host) = page.compose_host(id) {
        let command = page.command(id, key, Seat::Inside(id))?;
        let first = command.split_whitespace().next().unwrap_or_default();
        let command = if is_own_tool(first) {
            page.command(id, key, Seat::Machine)?
        } else {
            in_container(&component.id, &command, true)
        };
        return Some((place(page, host), command));
    }
    if let Some(host) = page.input.facts.host(id).filter(|host| page.is_service(host, id)) {
        let command = page.command(id, key, Seat::Inside(id))?;
        if host.cluster {
            let start = cluster::exec(page, host, id, true);
            return Some((page.say("place.own"), in_container(&start, &command, true)));
        }
        let container = swarm::container(page, host, id);
        return Some((page.say("place.node"), in_container(&container, &command, true)));
    }
    let command = page.command(id, key, Seat::Own)?;
    let own = command.split_whitespace().next().is_some_and(is_own_tool);
    Some((if own { page.say("place.own") } else { inside(page, id) }, command))
}

/// A flow as numbered steps, with its pictures; one that is shown above is linked.
pub(super) fn flows(page: &Page, drawn: &[Picture]) -> String {
    let mut out = String::new();
    for flow in &page.model().operations().flows {
        out.push_str(&format!("{}\n", heading(3, &super::page::named(&flow.title, &flow.id))));
        for (at, step) in flow.steps.iter().enumerate() {
            let (from, to) = (code(page.model().end_id(step.from)), code(page.model().end_id(step.to)));
            out.push_str(&format!("{}. {from} → {to}: {}\n", at + 1, line(&step.text)));
        }
        let gone = flow.gone.iter().map(|step| {
            let way = format!("{} → {}", code(&step.from), code(&step.to));
            if step.text.is_empty() { way } else { format!("{way} ({})", line(&step.text)) }
        });
        let mut gone: Vec<String> = gone.collect();
        gone.dedup();
        if !gone.is_empty() {
            out.push_str(&format!("\n{}\n", page.say_with("flow.gone", &[("steps", &gone.join(", "))])));
        }
        out.push('\n');
        let own = drawn.iter().filter(|picture| picture.flow() == Some(flow.id.as_str()));
        for picture in own {
            match facts::of_flow_alone(picture) {
                true => out.push_str(&facts::image(page, picture)),
                false => out.push_str(&format!("{}\n\n", facts::picture_link(page, picture))),
            }
        }
    }
    out
}

/// What must hold.
pub(super) fn assertions(page: &Page) -> String {
    let mut out = String::new();
    for (assertion, faults) in page.model().assertions().iter().zip(&page.input.facts.verdicts) {
        let verdict = match faults.is_empty() {
            true => page.say("assertions.holds"),
            false => {
                let why: Vec<String> = faults.iter().map(|fault| self::fault(page, fault)).collect();
                page.say_with("assertions.fails", &[("why", &why.join("; "))])
            }
        };
        let reason = line(&assertion.reason);
        let reason = if reason.is_empty() { String::new() } else { format!("{reason}; ") };
        out.push_str(&format!("- {}: {reason}{verdict}\n", code(&assertion.text)));
    }
    out
}

/// Why an assertion does not hold.
fn fault(page: &Page, fault: &Fault) -> String {
    let model = page.model();
    let point = |point: &Point| code(point.name(model));
    match fault {
        Fault::NoWay { from, to } => {
            page.say_with("assertions.no_way", &[("from", &point(from)), ("to", &point(to))])
        }
        Fault::Cut { from, to } => {
            page.say_with("assertions.cut", &[("from", &point(from)), ("to", &point(to))])
        }
        Fault::Gone { what, az } => {
            page.say_with("assertions.gone", &[("what", &code(model.end_id(*what))), ("az", &code(az))])
        }
        Fault::Minority { what, az, lost, copies } => page.say_with(
            "assertions.minority",
            &[
                ("what", &code(model.end_id(*what))),
                ("az", &code(az)),
                ("lost", &lost.to_string()),
                ("copies", &copies.to_string()),
            ],
        ),
        Fault::NoExit { who, az } => {
            page.say_with("assertions.no_exit", &[("what", &code(model.end_id(*who))), ("az", &code(az))])
        }
        Fault::Way { from, hops } => {
            let ends: Vec<&str> = std::iter::once(from)
                .chain(hops.iter().map(|hop| &hop.to))
                .map(|end| end.name(model))
                .collect();
            let way = code(&ends.join(" -> "));
            match hops.last().map(|hop| &hop.by) {
                Some(Door::Rule(port)) => {
                    page.say_with("assertions.rule", &[("way", &way), ("port", &port.to_string())])
                }
                Some(Door::Network(name)) => {
                    page.say_with("assertions.network", &[("way", &way), ("name", &code(name))])
                }
                Some(Door::Exit) => page.say_with("assertions.exit", &[("way", &way)]),
                _ => page.say_with("assertions.way", &[("way", &way)]),
            }
        }
    }
}

/// The pipelines that build and deploy this environment, with their badges; what they do stands on their own page.
pub(super) fn pipelines(page: &Page) -> String {
    let all = page.model().pipelines();
    if all.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n", page.say("pipelines.intro"));
    for pipeline in all {
        let badge = crate::target::pipeline::badge(page.input, pipeline).map(|badge| format!(" {badge}"));
        let link =
            format!("[{}](../{}#{})", line(&pipeline.title), crate::target::pipeline::PAGE, pipeline.id);
        out.push_str(&format!("\n- {link}{}", badge.unwrap_or_default()));
    }
    out
}
