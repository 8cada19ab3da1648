//! Bringing the system up: preparation, infrastructure, containers, swarm, jobs.

use crate::catalog::{Hosting, TargetName, Trait};
use crate::model::derive::{ContainerHost, Delivery};
use crate::model::{Built, ComponentId, End, JobTime};

use super::cluster;
use super::images::{context, image, images, platform, repositories, targets};
use super::inventory::needs_values;
use super::jobs;
use super::markdown::{code, heading, line};
use super::page::{Page, Remote, Through, zone_command};
use super::regions;
use super::swarm;
use super::words::{Seat, Words};
use crate::target::delivery;
use crate::target::host;
use crate::target::shell::{quote, quoted};
use crate::target::terraform::address;

/// Cloning the repository, and what must be up before.
pub(super) fn prepare(page: &Page) -> String {
    let mut out = String::new();
    if let Some(repository) = &page.model().system().repository {
        let commands =
            [format!("git clone -- {}", quote(repository)), format!("cd {}", checkout(repository))];
        out.push_str(&page.shell(&page.say("prepare.clone"), &commands));
    }
    out.push_str(&format!("\n{}\n", page.say("prepare.where")));
    for environment in page.shared() {
        out.push_str(&format!(
            "\n{}\n",
            page.say_with(
                "prepare.shared",
                &[("environment", &format!("[{}]({environment}.md)", line(environment)))]
            )
        ));
    }
    out
}

/// All steps, target by target; nothing where nothing is deployed.
pub(super) fn start(page: &Page) -> String {
    let mut out = String::new();
    if page.has_terraform() {
        out.push_str(&format!("{}\n{}\n", heading(3, &page.say("start.terraform")), terraform(page)));
    }
    for host in page.compose_hosts() {
        let remote = page.remote(host);
        let title = match &remote {
            None => page.say("start.compose"),
            Some(remote) => page.say_with("start.compose_on", &[("machine", &remote.title)]),
        };
        out.push_str(&format!("{}\n{}\n", heading(3, &title), compose(page, host, remote.as_ref())));
    }
    for host in page.swarms() {
        out.push_str(&format!("{}\n{}\n", heading(3, &page.say("start.swarm")), swarm::start(page, host)));
    }
    for host in page.clusters() {
        out.push_str(&format!("{}\n{}\n", heading(3, "Kubernetes"), cluster::start(page, host)));
    }
    if out.is_empty() {
        return page.say("start.nothing");
    }
    // What a job needs, such as its container, its secrets and its store, stands only when the steps above are done.
    let before = jobs::of_time(page, &JobTime::BeforeDeploy);
    if !before.is_empty() {
        let title = heading(3, &page.say("start.before"));
        out.push_str(&format!("{title}\n{}\n\n{before}\n", page.say("start.before_when")));
    }
    let after = jobs::of_time(page, &JobTime::AfterDeploy);
    if !after.is_empty() {
        out.push_str(&format!("{}\n{after}\n", heading(3, &page.say("start.after"))));
    }
    out
}

fn terraform(page: &Page) -> String {
    let folder = page.terraform_folder(page.id());
    let mut out = String::new();
    let secrets: Vec<String> = page
        .input
        .facts
        .secrets
        .iter()
        .filter(|used| page.is_asked(used.secret, &used.users))
        .map(|used| format!("export TF_VAR_{}=…", page.model().secret(used.secret).id.replace('-', "_")))
        .collect();
    let example = [format!("cp {folder}/terraform.tfvars.example {folder}/terraform.tfvars")];
    out.push_str(&page.shell(&page.say("start.example"), &example));
    out.push_str(&page.shell(&format!("\n{}", page.say("start.secrets")), &secrets));
    let terraform = |command: &str| format!("terraform -chdir={folder} {command}");
    let init: Vec<String> = regions::choose(page).into_iter().chain([terraform("init")]).collect();
    out.push_str(&format!("\n{}", page.shell(&page.say("start.init_terraform"), &init)));
    // A certificate is proved by records that the world sees only when the zone is delegated already.
    let zones: Vec<ComponentId> = proving_zones(page);
    for zone in &zones {
        let component = page.component(*zone);
        let Some(form) = &page.input.catalog.form(component.form).terraform else { continue };
        let Some(resource) = form.text.split("resource \"").nth(1).and_then(|rest| rest.split('"').next())
        else {
            continue;
        };
        let address = address(page.input, &format!("{resource}.{}", component.name()));
        let commands =
            [terraform(&format!("apply -target={address}")), terraform(&format!("state show {address}"))];
        let domain = component.setting_text("name").unwrap_or_else(|| component.id.clone());
        let sentence = page.say_with("start.delegate", &[("name", &code(&domain))]);
        out.push_str(&format!("\n{}", page.shell(&sentence, &commands)));
    }
    let repositories: Vec<ComponentId> = repositories(page).collect();
    let targets: String =
        repositories.iter().flat_map(|id| targets(page, *id)).map(|at| format!(" -target={at}")).collect();
    if !targets.is_empty() {
        let sentence = page.say("start.repositories");
        out.push_str(&format!("\n{}", page.shell(&sentence, &[terraform(&format!("apply{targets}"))])));
        out.push_str(&images(page, |id| repositories.contains(&id)));
        out.push_str(&regions::images(page));
        out.push_str(&format!("\n{}\n", page.say("start.version")));
    }
    let early: Vec<ComponentId> = page.compose_hosts().iter().flat_map(|host| early(page, host)).collect();
    out.push_str(&images(page, |id| early.contains(&id)));
    out.push_str(&format!("\n{}", page.shell(&page.say("start.plan"), &[terraform("plan")])));
    out.push_str(&format!(
        "\n{}",
        page.shell(&page.say("start.apply"), &[terraform("apply"), terraform("output")])
    ));
    out.push_str(&bare(page));
    out.push_str(&rollouts(page));
    out.push_str(&names(page));
    let prepared: Vec<String> = page
        .input
        .facts
        .start_order
        .iter()
        .filter(|id| page.is_made(**id))
        .filter_map(|id| page.command(*id, "prepare", Seat::Own))
        .collect();
    out.push_str(&page.shell(&format!("\n{}", page.say("start.prepare")), &prepared));
    let others = |id| page.is_made(id) && page.hosting(id) == Hosting::Own && !repositories.contains(&id);
    out.push_str(&images(page, others));
    out
}

/// Machines of stores that nothing is installed on, and how to get there.
fn bare(page: &Page) -> String {
    let mut out = String::new();
    let bare = host::stores(page.input).filter(|id| page.is_made(*id) && page.is_by_hand(*id));
    for id in bare {
        let name = page.component(id).name();
        let several = page.input.facts.copies(id).len() > 1;
        let list = several
            .then(|| format!("terraform -chdir={} output {name}_machines", page.terraform_folder(page.id())));
        let values = [
            ("name", page.name(End::Component(id))),
            ("folder", code(&host::data_folder(&page.component(id).id))),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let key = if several { "start.bare" } else { "start.bare_one" };
        let commands: Vec<String> = list.into_iter().chain(page.command(id, "connect", Seat::Own)).collect();
        out.push_str(&format!("\n{}", page.shell(&page.say_with(key, &values), &commands)));
    }
    out
}

/// Changing more than a rollout can, of what a service moves requests to: Terraform leaves it alone then.
fn rollouts(page: &Page) -> String {
    // What one listener leads to changes at once: made anew, it points to the first group of every service again.
    let mut groups: Vec<Vec<String>> = Vec::new();
    for rollout in &page.input.facts.rollouts {
        let form = page.input.catalog.form(page.component(rollout.component).form);
        let listed =
            form.delivery.as_ref().and_then(|node| node.get("replace")?.as_list()).unwrap_or_default();
        let context = serde_json::Value::Object(delivery::context(page.input, rollout.component));
        let replaced: Vec<String> = listed
            .iter()
            .filter_map(|pattern| crate::template::render(pattern.as_str()?, &context).ok())
            .map(|resource| address(page.input, &resource))
            .collect();
        match groups.iter_mut().find(|group| replaced.iter().any(|resource| group.contains(resource))) {
            Some(group) => {
                let more = replaced.into_iter().filter(|resource| !group.contains(resource));
                let more: Vec<String> = more.collect();
                group.extend(more);
            }
            None if replaced.is_empty() => {}
            None => groups.push(replaced),
        }
    }
    let command = |group: &Vec<String>| {
        let replaced: String = group.iter().map(|resource| format!(" -replace={resource}")).collect();
        format!("terraform -chdir={} apply{replaced}", page.terraform_folder(page.id()))
    };
    let commands: Vec<String> = groups.iter().map(command).collect();
    page.shell(&format!("\n{}", page.say("start.rollouts")), &commands)
}

/// The zones that Terraform makes and that prove a certificate which it makes too.
fn proving_zones(page: &Page) -> Vec<ComponentId> {
    let mut found = Vec::new();
    for (id, component) in page.model().components() {
        let dns = component.certificate.as_ref().and_then(|certificate| certificate.dns);
        if let Some(dns) = dns
            && page.is_made(id)
            && page.is_made(dns)
            && !found.contains(&dns)
        {
            found.push(dns);
        }
    }
    found
}

/// Records that somebody must enter by hand.
fn names(page: &Page) -> String {
    let model = page.model();
    let mut out = String::new();
    for (id, component) in model.components() {
        if !page.input.catalog.kind(component.kind).has(Trait::Dns) {
            continue;
        }
        let name = code(&component.setting_text("name").unwrap_or_else(|| component.id.clone()));
        if component.built == Built::By(TargetName::Terraform) {
            if proving_zones(page).contains(&id) {
                continue;
            }
            out.push_str(&format!("\n{}\n", page.say_with("start.servers", &[("name", &name)])));
        } else if component.built == Built::Exists {
            for (_, connection) in model.connections().filter(|(_, c)| c.from == End::Component(id)) {
                let values = [("name", name.as_str()), ("target", &page.name(connection.to))];
                out.push_str(&format!("\n{}\n", page.say_with("start.record", &values)));
            }
        }
    }
    out
}

fn compose(page: &Page, host: &ContainerHost, remote: Option<&Remote>) -> String {
    let (folder, project) = page.compose_place(host);
    let values = needs_values(page, &host.components);
    let delivered: Vec<(ComponentId, Delivery)> =
        host.components.iter().filter_map(|&id| Some((id, page.input.facts.delivery(id)?))).collect();
    let builds = delivered.iter().any(|(_, how)| *how == Delivery::Build);
    let up = if builds { "docker compose up -d --build" } else { "docker compose up -d" };
    let Some(remote) = remote else {
        let mut out = String::new();
        let mut commands = vec![format!("cd {folder}")];
        if values {
            commands.push("cp .env.example .env".to_owned());
            out.push_str(&page.shell(&page.say("start.values"), &commands));
            commands = Vec::new();
        }
        // With values to fill in, the reader is in the folder by now.
        let certificates = certificates(page, host, if values { "" } else { &folder });
        if !certificates.is_empty() {
            out.push_str(&format!("\n{certificates}"));
        }
        commands.push(up.to_owned());
        let sentence = page.say("start.up");
        out.push_str(&format!("\n{}", page.shell(&sentence, &commands)));
        return out + &stand_ins(page, host);
    };
    let (address, ssh, scp) = (remote.quoted(), remote.ssh(), remote.scp());
    let mut out = String::new();
    if let Some(start) = page.own_start(host) {
        let project = &start.project;
        let mut commands = vec![
            "cloud-init status --wait".to_owned(),
            format!("systemctl status --no-pager {project}"),
            format!("sudo journalctl --no-pager --unit {project}"),
        ];
        match enter(page, remote) {
            Some(text) => out.push_str(&text),
            None => {
                out.push_str(&log_in(page, remote));
                commands.iter_mut().for_each(|command| *command = format!("{ssh} {}", quoted(command)));
            }
        }
        let sentence = page.say_with("start.itself", &[("folder", &code(&format!("/opt/{project}")))]);
        out.push_str(&format!("\n{}", page.shell(&sentence, &commands)));
        if is_balanced(page, host) {
            out.push_str(&format!("\n{}\n", page.say("start.replaced")));
        }
        let early = early(page, host);
        let pulled = |id: &ComponentId| delivered.contains(&(*id, Delivery::Registry));
        out.push_str(&images(page, |id| pulled(&id) && !early.contains(&id)));
        if start.logins.is_empty() && host.components.iter().any(pulled) {
            out.push_str(&format!("\n{}\n", page.say("start.open_images")));
        }
        out.push_str(&format!("\n{}", page.shell(&page.say("start.roll"), &roll(page, host))));
        return out + &stand_ins(page, host);
    }
    out.push_str(&log_in(page, remote));
    out.push_str(&install(page, remote));
    let pushed: Vec<ComponentId> =
        delivered.iter().filter(|(_, how)| *how == Delivery::Registry).map(|(id, _)| *id).collect();
    out.push_str(&images(page, |id| pushed.contains(&id)));
    if !pushed.is_empty() {
        out.push_str(&format!("\n{}\n", page.say("start.log_in_there")));
    }
    for (id, _) in delivered.iter().filter(|(_, how)| *how == Delivery::Copy) {
        let Some(workload) = &page.component(*id).workload else { continue };
        let Some(build) = &workload.build else { continue };
        let (name, file) = (image(page, *id, workload, &project), format!("{}.tar", page.component(*id).id));
        let commands = [
            format!("docker build{} -t {name} {}", platform(page, *id, workload), context(&build.context)),
            format!("docker save -o {file} {name}"),
            format!("{scp} {file} {address}:"),
            format!("{ssh} docker load -i {file}"),
        ];
        let sentence = page.say_with("start.copy", &[("name", &code(&page.component(*id).id))]);
        out.push_str(&format!("\n{}", page.shell(&sentence, &commands)));
    }
    let there = match &page.model().system().repository {
        Some(repository) => {
            let commands = [format!("{ssh} {}", quoted(&format!("git clone -- {}", quote(repository))))];
            out.push_str(&format!("\n{}", page.shell(&page.say("start.clone_there"), &commands)));
            format!("{}/{folder}", checkout(repository))
        }
        None => {
            let commands = [
                format!("{ssh} {}", quoted(&format!("mkdir -p {}", quote(&folder)))),
                format!("{scp} -r {}/. {address}:{}/", quote(&folder), quote(&folder)),
            ];
            out.push_str(&format!("\n{}", page.shell(&page.say("start.copy_folder"), &commands)));
            folder.clone()
        }
    };
    if values {
        let commands = [format!("cp {folder}/.env.example {folder}/.env")];
        out.push_str(&format!("\n{}", page.shell(&page.say("start.values"), &commands)));
        let commands = [format!("{scp} {folder}/.env {address}:{there}/.env")];
        out.push_str(&format!("\n{}", page.shell(&page.say("start.send_values"), &commands)));
    }
    out.push_str(&brought(page, host, remote));
    let certificates = certificates(page, host, &folder);
    if !certificates.is_empty() {
        let from = quote(&format!("{folder}/certificates"));
        let commands = [format!("{scp} -r {from} {address}:{there}/")];
        out.push_str(&format!(
            "\n{certificates}\n{}",
            page.shell(&page.say("start.certificate_send"), &commands)
        ));
    }
    let mut commands = vec![format!("cd {}", quote(&there))];
    if !pushed.is_empty() {
        commands.push(format!(
            "docker compose pull {}",
            pushed.iter().map(|id| page.component(*id).id.as_str()).collect::<Vec<_>>().join(" ")
        ));
    }
    commands.push(up.to_owned());
    let command = format!("{ssh} {}", quoted(&commands.join(" && ")));
    out.push_str(&format!("\n{}", page.shell(&page.say("start.up_there"), &[command])));
    out.push_str(&software(page, host));
    out + &stand_ins(page, host)
}

/// What machines that start by themselves pull from a registry that is there already: a balancer has those replaced that
/// find nothing, so it is pushed before they are made.
fn early(page: &Page, host: &ContainerHost) -> Vec<ComponentId> {
    let made = |id: ComponentId| page.component(id).built == Built::By(TargetName::Terraform);
    if page.own_start(host).is_none() || page.input.facts.registry.is_some_and(made) {
        return Vec::new();
    }
    let pulled = |id: &ComponentId| page.input.facts.delivery(*id) == Some(Delivery::Registry);
    host.components.iter().copied().filter(pulled).collect()
}

/// Whether a balancer of Terraform passes requests on to a service of a host.
fn is_balanced(page: &Page, host: &ContainerHost) -> bool {
    page.input.facts.upstreams.iter().any(|upstream| {
        host.components.contains(&upstream.target)
            && page.is_made(upstream.router)
            && page.input.catalog.kind(page.component(upstream.router).kind).has(Trait::Balancer)
    })
}

/// Certificates that containers mount from beside the compose file: made, or put there.
fn certificates(page: &Page, host: &ContainerHost, folder: &str) -> String {
    let mut done: Vec<ComponentId> = Vec::new();
    let mut out = Vec::new();
    for id in &host.components {
        let Some(tls) = &page.component(*id).tls else { continue };
        let certificate = page.component(tls.certificate);
        let kind = page.input.catalog.kind(certificate.kind);
        let Some(used) = kind.form(certificate.form) else { continue };
        // What the machine's own script makes, or keeps in a folder of its own, lies elsewhere.
        let elsewhere = page.input.facts.is_installed(tls.certificate) || used.data.get("folder").is_some();
        if done.contains(&tls.certificate) || elsewhere || page.hosting(tls.certificate) != Hosting::Host {
            continue;
        }
        done.push(tls.certificate);
        let at = format!("{folder}/certificates/{}", certificate.id);
        let at = quote(at.trim_start_matches('/'));
        let known = certificate.certificate.as_ref().map(|about| about.names.clone()).unwrap_or_default();
        let names = if known.is_empty() { vec!["localhost".to_owned()] } else { known };
        let id = code(&certificate.id);
        let name = [("name", id.as_str())];
        let context = serde_json::json!({ "folder": at, "names": names });
        let make = used.runbook.get("make").and_then(|text| crate::template::render(text, &context).ok());
        out.push(match make {
            Some(make) => {
                let lines: Vec<String> = make.lines().map(str::to_owned).collect();
                page.shell(&page.say_with("start.certificate", &name), &lines)
            }
            None => page.shell(&page.say_with("start.certificate_files", &name), &[format!("mkdir -p {at}")]),
        });
    }
    out.join("\n")
}

/// Certificates that somebody brings to the machine, where its script has made a folder for them.
fn brought(page: &Page, host: &ContainerHost, remote: &Remote) -> String {
    let ends = host.components.iter().chain(&host.software);
    let mut all: Vec<ComponentId> =
        ends.filter_map(|id| page.component(*id).tls.as_ref()).map(|tls| tls.certificate).collect();
    all.dedup();
    let mut out = String::new();
    for id in all.into_iter().filter(|id| page.input.facts.is_installed(*id)) {
        let certificate = page.component(id);
        let kind = page.input.catalog.kind(certificate.kind);
        let Some(used) = kind.form(certificate.form) else { continue };
        // What is made on the machine, or asked for there, needs nobody.
        if used.data.get("folder").is_some() || used.runbook.contains_key("make") {
            continue;
        }
        let folder = quote(&format!("/etc/ssl/{}", certificate.id));
        let (address, ssh, scp) = (remote.quoted(), remote.ssh(), remote.scp());
        let files = "fullchain.pem privkey.pem";
        let commands = [
            format!("{scp} {files} {address}:"),
            format!("{ssh} {}", quoted(&format!("sudo install -m 0600 {files} {folder} && rm {files}"))),
        ];
        let sentence = page.say_with("start.certificate_there", &[("name", &code(&certificate.id))]);
        out.push_str(&format!("\n{}", page.shell(&sentence, &commands)));
    }
    out
}

/// Bringing a new version to machines that start their containers by themselves: with the description's change, or with
/// another image under the same name.
pub(super) fn roll(page: &Page, host: &ContainerHost) -> Vec<String> {
    let folder = page.terraform_folder(page.id());
    let mut commands = vec![format!("terraform -chdir={folder} apply")];
    commands.extend(host.zone.and_then(|zone| zone_command(page, zone, "restart")));
    commands
}

/// Finding and entering a machine that ssh does not reach, because no rule lets it in or the machine has no address outside;
/// `None` where ssh is the way, or the provider has no other.
fn enter(page: &Page, remote: &Remote) -> Option<String> {
    let zone = remote.zone?;
    if page.is_opened(zone) && page.is_public(zone) {
        return None;
    }
    let (find, enter) = (zone_command(page, zone, "find")?, zone_command(page, zone, "enter")?);
    let variable = crate::model::variable_name(&page.model().zone(zone).id);
    let commands = [format!("{variable}=$({find})"), format!("{enter} \"${variable}\"")];
    Some(page.shell(&page.say("start.enter"), &commands))
}

/// Finding and logging in to a machine.
pub(super) fn log_in(page: &Page, remote: &Remote) -> String {
    let key = remote.zone.and_then(|zone| page.model().zone(zone).machine()).and_then(|m| m.key.clone());
    let mut out = String::new();
    if let Some(find) = &remote.find {
        let mut commands = vec![find.clone()];
        commands.extend(remote.through.as_ref().map(Through::sets));
        if let Some(key) = &key {
            commands.push(format!("ssh-add ~/.ssh/{}.pem", quote(key)));
        }
        // Without a key nobody is let in by ssh, and the provider opens a shell all the same.
        let enter = remote.zone.filter(|_| key.is_none()).and_then(|zone| zone_command(page, zone, "enter"));
        let keyless = enter.filter(|_| matches!(remote.through, Some(Through::Session(_))));
        match &keyless {
            Some(enter) => {
                commands.push(format!("{enter} \"${{{}#*@}}\"", remote.address.trim_start_matches('$')))
            }
            None => commands.push(format!("{} uptime", remote.ssh())),
        }
        let sentence = match &remote.through {
            None => page.say("start.find"),
            Some(Through::Jump { title, .. }) => page.say_with("start.find_over", &[("machine", title)]),
            Some(Through::Session(_)) => page.say("start.find_through"),
        };
        out.push_str(&page.shell(&sentence, &commands));
        if keyless.is_some() {
            out.push_str(&format!("\n{}\n", page.say("start.keyless")));
        }
    }
    let starts = remote.zone.is_some_and(|zone| host::starts(page.input, zone).is_some());
    if remote.count > 1 && !starts {
        out.push_str(&format!(
            "\n{}\n",
            page.say_with("start.each", &[("count", &remote.count.to_string())])
        ));
    }
    let Some(zone) = remote.zone else { return out };
    let elastic = page.model().zone(zone).machine().is_some_and(|machine| machine.elastic);
    if elastic && !starts {
        out.push_str(&format!("\n{}\n", page.say("start.elastic")));
    }
    if !page.is_opened(zone)
        && remote.through.is_none()
        && page.model().zone(zone).built == Built::By(TargetName::Terraform)
    {
        let id = &page.model().zone(zone).id;
        out.push_str(&format!(
            "\n{}\n",
            page.say_with("start.closed", &[("example", &code(&format!("operator -> {id}: ssh")))])
        ));
    }
    out
}

/// How a machine gets what it needs: by its script, or by hand.
pub(super) fn install(page: &Page, remote: &Remote) -> String {
    let Some(zone) = remote.zone else { return String::new() };
    let ssh = remote.ssh();
    let Some(install) =
        page.input.facts.installs.iter().find(|install| install.zone == zone && install.known)
    else {
        return format!("\n{}\n", page.say("start.install_else"));
    };
    let script = page.folder(&host::path(page.input, install));
    let words = Words { input: page.input, seat: Seat::Own };
    let values: Vec<String> = host::variables(page.input, install)
        .into_iter()
        .filter(|variable| !variable.once)
        .filter_map(|variable| Some(format!("{}={} ", variable.name, words.address(variable.component)?)))
        .collect();
    let ready = [format!("{ssh} 'cloud-init status --wait'")];
    let again = [format!("{ssh} \"sudo {}bash -s\" < {}", values.concat(), quote(&script))];
    let sentence = page.say_with("start.installed", &[("script", &code(&script))]);
    format!("\n{}\n{}", page.shell(&sentence, &ready), page.shell(&page.say("start.install_again"), &again))
}

/// Programs that stand on the machine itself.
fn software(page: &Page, host: &ContainerHost) -> String {
    let names: Vec<String> = host
        .software
        .iter()
        .filter(|id| page.hosting(**id) == Hosting::Host && !page.component(**id).ports.is_empty())
        .filter(|id| !page.input.facts.is_installed(**id))
        .map(|id| page.name(End::Component(*id)))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!("\n{}\n", page.say_with("start.software", &[("names", &names.join(", "))]))
}

/// What stand-ins of provider services lack after their first start.
fn stand_ins(page: &Page, host: &ContainerHost) -> String {
    let commands =
        host.components.iter().filter_map(|&id| super::verify::for_service(page, host, id, "prepare"));
    page.shell(&format!("\n{}", page.say("start.prepare")), &commands.collect::<Vec<_>>())
}

/// The folder that cloning a repository makes.
pub(in crate::target) fn checkout(repository: &str) -> String {
    let name =
        repository.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next().unwrap_or("");
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c)).collect();
    if name.is_empty() { "sources".to_owned() } else { name }
}
