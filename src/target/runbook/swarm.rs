//! A swarm from its first node to its stack, and what keeps it running.

use crate::model::derive::{ContainerHost, Delivery};
use crate::model::{ComponentId, Job, Publish};
use crate::target::compose::{StackNeeds, stack_needs};
use crate::target::shell::{quote, quoted};

use super::images::{context, image, images, platform};
use super::markdown::{code, heading};
use super::page::{Page, Remote};
use super::start::{checkout, install, log_in};

/// Joining the nodes, giving the swarm what the stack needs, and deploying it.
pub(super) fn start(page: &Page, host: &ContainerHost) -> String {
    let needs = stack_needs(page.input, host);
    let (managers, workers) = nodes(page, host);
    let mut out = String::new();
    let remote = host.zone.map(|zone| page.machine(zone)).filter(|_| page.has_terraform());
    if let Some(remote) = remote {
        out.push_str(&log_in(page, &Remote { count: managers + workers, ..remote }));
        out.push_str(&host.zone.map(|zone| install(page, &page.machine(zone))).unwrap_or_default());
    }
    let address = page.say("private_address");
    let first = [
        format!("docker swarm init --advertise-addr {address}"),
        "docker swarm join-token worker".to_owned(),
        "docker swarm join-token manager".to_owned(),
    ];
    out.push_str(&format!("\n{}", page.shell(&page.say("start.init"), &first)));
    if managers + workers > 1 {
        let (managers, workers) = (managers.to_string(), workers.to_string());
        let counts = [("managers", managers.as_str()), ("workers", workers.as_str())];
        let join = [format!("docker swarm join --token {} {address}:2377", page.say("token"))];
        out.push_str(&format!("\n{}", page.shell(&page.say_with("start.join", &counts), &join)));
    }
    out.push_str(&format!("\n{}", page.shell(&page.say("start.nodes"), &["docker node ls".to_owned()])));
    let labels: Vec<String> = needs
        .labels
        .iter()
        .map(|label| format!("docker node update --label-add {label}=true {}", page.say("node")))
        .collect();
    out.push_str(&page.shell(&format!("\n{}", page.say("start.labels")), &labels));
    let by = |wanted: Delivery| {
        let all = host.components.iter().copied();
        all.filter(|&id| page.input.facts.delivery(id) == Some(wanted)).collect::<Vec<_>>()
    };
    let pushed = by(Delivery::Registry);
    out.push_str(&images(page, |id| pushed.contains(&id)));
    out.push_str(&built_on_nodes(page, host, &by(Delivery::Build), &needs.stack));
    out.push_str(&loaded_on_nodes(page, &by(Delivery::Copy), &needs.stack));
    out.push_str(&deploy(page, &needs));
    out.push_str(&format!("\n{}\n", mesh(page, host)));
    out
}

/// The folder of the stack and the commands that run a job around a deployment there; no commands for other jobs.
pub(super) fn job(page: &Page, host: &ContainerHost, job: &Job) -> (String, Vec<String>) {
    let needs = stack_needs(page.input, host);
    let known = needs.before.iter().chain(&needs.after).find(|(id, _)| *id == job.id);
    let commands = known.map(|(_, name)| {
        let service = format!("{}_{name}", needs.stack);
        vec![
            format!("docker service rm {service}"),
            format!("docker stack deploy --with-registry-auth --compose-file {name}.yml {}", needs.stack),
            format!("docker service ps {service}"),
            format!("docker service logs {service}"),
        ]
    });
    (page.folder(&needs.folder), commands.unwrap_or_default())
}

/// A container of a service, as a word of the shell of a node that runs one.
pub(super) fn container(page: &Page, host: &ContainerHost, id: ComponentId) -> String {
    format!("\"$(docker ps -q -f name={}_{}. | head -n 1)\"", page.stack(host), page.component(id).id)
}

/// Managers and workers; one manager where nobody says.
fn nodes(page: &Page, host: &ContainerHost) -> (u32, u32) {
    let machine = host.zone.and_then(|zone| page.model().zone(zone).machine());
    machine.and_then(|machine| machine.nodes).unwrap_or((1, 0))
}

/// Values, secrets and the stack, on a manager.
fn deploy(page: &Page, needs: &StackNeeds) -> String {
    let folder = page.folder(&needs.folder);
    let mut out = String::new();
    let mut enter = vec![format!("cd {}", quote(&folder))];
    if !needs.variables.is_empty() {
        let copy = [enter[0].clone(), "cp .env.example .env".to_owned()];
        out.push_str(&format!("\n{}", page.shell(&page.say("start.values_there"), &copy)));
        let load = ["set -a; . ./.env; set +a".to_owned()];
        out.push_str(&format!("\n{}", page.shell(&page.say("start.load"), &load)));
        enter.clear();
    }
    let secrets: Vec<String> = needs.secrets.iter().map(|(id, name)| make_secret(page, id, name)).collect();
    out.push_str(&page.shell(&format!("\n{}", page.say("start.swarm_secrets")), &secrets));
    enter.push(deployment(&needs.stack));
    enter.push(format!("docker stack services {}", needs.stack));
    out.push_str(&format!("\n{}", page.shell(&page.say("start.stack"), &enter)));
    out
}

fn deployment(stack: &str) -> String {
    format!("docker stack deploy --with-registry-auth --compose-file stack.yml {stack}")
}

/// What makes a docker secret: from a variable of the shell, or from the file of a certificate.
fn make_secret(page: &Page, id: &str, name: &str) -> String {
    match page.model().secrets().find(|(_, secret)| secret.id == id) {
        Some((_, secret)) => {
            format!("printf '%s' \"${}\" | docker secret create {name} -", secret.variable())
        }
        None => {
            let file = id.rsplit('-').next().unwrap_or(id);
            format!("docker secret create {name} {file}.pem")
        }
    }
}

/// Who answers on a published port, and how a name finds a copy.
fn mesh(page: &Page, host: &ContainerHost) -> String {
    let ports = |ingress: bool| {
        let rows = host.published.iter().filter(|row| row.ingress == ingress);
        rows.filter_map(|row| row.host_port)
            .map(|port| code(&port.to_string()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (everywhere, there) = (ports(true), ports(false));
    let mut sentences = Vec::new();
    if !everywhere.is_empty() {
        sentences.push(page.say_with("start.mesh", &[("ports", &everywhere)]));
    }
    if !there.is_empty() {
        sentences.push(page.say_with("start.on_node", &[("ports", &there)]));
    }
    sentences.push(page.say("start.names"));
    sentences.join(" ")
}

/// Images that every node builds for itself.
fn built_on_nodes(page: &Page, host: &ContainerHost, ids: &[ComponentId], stack: &str) -> String {
    let mut commands = Vec::new();
    for &id in ids {
        let Some(workload) = &page.component(id).workload else { continue };
        let Some(build) = &workload.build else { continue };
        let name = image(page, id, workload, stack);
        commands.push(format!(
            "docker build{} -t {name} {}",
            platform(page, id, workload),
            context(&build.context)
        ));
    }
    if commands.is_empty() {
        return String::new();
    }
    if let Some(repository) = &page.model().system().repository {
        let checkout_folder = host
            .zone
            .and_then(|zone| page.model().zone(zone).machine())
            .and_then(|machine| machine.checkout.clone())
            .filter(|folder| folder != ".");
        let folder =
            checkout_folder.map_or(checkout(repository), |below| format!("{}/{below}", checkout(repository)));
        commands.insert(0, format!("cd {}", quote(&folder)));
        commands.insert(0, format!("git clone -- {}", quote(repository)));
    }
    format!("\n{}", page.shell(&page.say("start.build_there"), &commands))
}

/// Images that are built elsewhere and loaded on every node.
fn loaded_on_nodes(page: &Page, ids: &[ComponentId], stack: &str) -> String {
    let mut out = String::new();
    for &id in ids {
        let Some(workload) = &page.component(id).workload else { continue };
        let Some(build) = &workload.build else { continue };
        let (name, file) = (image(page, id, workload, stack), format!("{}.tar", page.component(id).id));
        let node = page.say("node");
        let commands = [
            format!("docker build{} -t {name} {}", platform(page, id, workload), context(&build.context)),
            format!("docker save -o {file} {name}"),
            format!("scp {file} {node}:"),
            format!("ssh {node} docker load -i {file}"),
        ];
        let sentence = page.say_with("start.load_there", &[("name", &code(&page.component(id).id))]);
        out.push_str(&format!("\n{}", page.shell(&sentence, &commands)));
    }
    out
}

/// Changing, moving and rescuing: what one does with a swarm that runs.
pub(super) fn operate(page: &Page) -> String {
    let mut out = String::new();
    for host in page.swarms() {
        let needs = stack_needs(page.input, host);
        let (managers, _) = nodes(page, host);
        let node = page.say("node");
        out.push_str(&format!("{}\n", heading(3, &page.say("swarm.title"))));
        let scaled: Vec<String> = host
            .components
            .iter()
            .filter(|id| page.is_service(host, **id) && can_scale(page, **id))
            .map(|id| {
                format!(
                    "docker service scale {}_{}={}",
                    needs.stack,
                    page.component(*id).id,
                    page.say("count")
                )
            })
            .collect();
        out.push_str(&page.shell(&page.say("swarm.scale"), &scaled));
        let drain = [
            format!("docker node update --availability drain {node}"),
            format!("docker node ps {node}"),
            format!("docker node update --availability active {node}"),
        ];
        out.push_str(&format!("\n{}", page.shell(&page.say("swarm.drain"), &drain)));
        if let Some((id, first)) = needs.secrets.first() {
            let next = format!("{}-2", first.trim_end_matches("-1"));
            let variable = format!("{}_VERSION", crate::model::variable_name(id));
            let load =
                format!("sed -i 's/^{variable}=.*/{variable}=2/' .env && set -a && . ./.env && set +a");
            let commands = [make_secret(page, id, &next), load, deployment(&needs.stack)];
            let sentence = page.say_with("swarm.secret", &[("name", &code(id))]);
            out.push_str(&format!("\n{}", page.shell(&sentence, &commands)));
        }
        let (total, may_fail) = (managers.to_string(), (managers.max(1) - 1) / 2);
        let values = [("managers", total.as_str()), ("lost", &may_fail.to_string())];
        let key = if may_fail == 0 { "swarm.leader_one" } else { "swarm.leader" };
        let leader = [
            "docker node ls".to_owned(),
            format!("docker node promote {node}"),
            format!("docker node demote {node}"),
            format!("docker node rm --force {node}"),
        ];
        out.push_str(&format!("\n{}", page.shell(&page.say_with(key, &values), &leader)));
        let init = [format!(
            "docker swarm init --force-new-cluster --advertise-addr {}",
            page.say("private_address")
        )];
        out.push_str(&format!("\n{}", page.shell(&page.say("swarm.quorum"), &init)));
        let saved = [
            "sudo systemctl stop docker".to_owned(),
            format!("sudo tar -C /var/lib/docker -czf {} swarm", quoted("swarm.tar.gz")),
            "sudo systemctl start docker".to_owned(),
        ];
        out.push_str(&format!("\n{}\n", page.shell(&page.say("swarm.state"), &saved)));
    }
    out
}

/// Whether a service may have more copies by hand: one that writes to a disk of a node, or opens a port of it, has not.
fn can_scale(page: &Page, id: ComponentId) -> bool {
    let component = page.component(id);
    let workload = component.workload.as_ref();
    workload.is_some_and(|workload| !matches!(workload.publish, Publish::Port { ingress: false, .. }))
}
