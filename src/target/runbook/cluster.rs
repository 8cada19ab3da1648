//! A cluster of Kubernetes: what is made before the manifests are applied, and what keeps them running.

use serde_json::json;

use crate::catalog::TargetName;
use crate::model::derive::{ContainerHost, Delivery};
use crate::model::{Built, ComponentId, Job, Zone};
use crate::target::compose::{ClusterNeeds, LATER, cluster_needs};
use crate::target::shell::quote;
use crate::template;

use super::images::images;
use super::markdown::{code, heading};
use super::page::Page;

/// Namespace, values, secrets, images, and applying it all.
pub(super) fn start(page: &Page, host: &ContainerHost) -> String {
    let needs = cluster_needs(page.input, host);
    let folder = page.folder(&needs.folder);
    let mut out = String::new();
    let mut ready: Vec<String> = connect(page, host).into_iter().collect();
    ready.push("kubectl config current-context".to_owned());
    ready.push(format!("kubectl apply -f {folder}/namespace.yaml"));
    out.push_str(&page.shell(&page.say("start.context"), &ready));
    if needs.values {
        let copy = [format!("cp {folder}/values.env.example {folder}/values.env")];
        out.push_str(&format!("\n{}", page.shell(&page.say("start.values_cluster"), &copy)));
    }
    let mut secrets: Vec<String> = needs.secrets.iter().map(|name| make_secret(page, &needs, name)).collect();
    secrets.extend(needs.certificates.iter().map(|name| {
        format!(
            "kubectl -n {} create secret tls {name} --cert=fullchain.pem --key=privkey.pem",
            needs.namespace
        )
    }));
    out.push_str(&page.shell(&format!("\n{}", page.say("start.cluster_secrets")), &secrets));
    let pushed: Vec<ComponentId> = host
        .components
        .iter()
        .copied()
        .filter(|&id| page.input.facts.delivery(id) == Some(Delivery::Registry))
        .collect();
    out.push_str(&images(page, |id| pushed.contains(&id)));
    if !needs.before.is_empty() {
        let mut first = vec![format!("kubectl apply -k {folder} -l '{}!={}'", LATER.0, LATER.1)];
        let namespace = &needs.namespace;
        first.extend(needs.stores.iter().map(|it| format!("kubectl -n {namespace} rollout status {it}")));
        first.extend(needs.before.iter().flat_map(|(_, name)| run(&needs, name)));
        out.push_str(&format!("\n{}", page.shell(&page.say("start.before_cluster"), &first)));
    }
    let apply = [format!("kubectl diff -k {folder}"), format!("kubectl apply -k {folder}")];
    out.push_str(&format!("\n{}", page.shell(&page.say("start.apply_cluster"), &apply)));
    let wait = rollout(&needs, "status");
    out.push_str(&format!("\n{}", page.shell(&page.say("start.rollout"), &wait)));
    let after: Vec<String> = needs.after.iter().flat_map(|(_, name)| run(&needs, name)).collect();
    out.push_str(&page.shell(&format!("\n{}", page.say("start.after_cluster")), &after));
    out
}

/// Runs a job that a deployment makes, and waits for it.
fn run(needs: &ClusterNeeds, job: &str) -> Vec<String> {
    let namespace = &needs.namespace;
    vec![
        format!("kubectl -n {namespace} delete job {job} --ignore-not-found"),
        format!("kubectl -n {namespace} create job {job} --from=cronjob/{job}"),
        format!("kubectl -n {namespace} wait --for=condition=Complete --timeout=30m job/{job}"),
        format!("kubectl -n {namespace} logs job/{job}"),
    ]
}

/// The commands that run a job which a deployment makes; nothing for others.
pub(super) fn job(page: &Page, host: &ContainerHost, job: &Job) -> Vec<String> {
    let needs = cluster_needs(page.input, host);
    let known = needs.before.iter().chain(&needs.after).find(|(id, _)| *id == job.id);
    known.map(|(_, name)| run(&needs, name)).unwrap_or_default()
}

/// How one gets at a cluster that is made here, as its form says.
fn connect(page: &Page, host: &ContainerHost) -> Option<String> {
    let zone = host.zone.map(|zone| page.model().zone(zone)).filter(|zone| is_made(zone))?;
    let command = page.input.catalog.form(zone.form?).runbook.get("connect")?;
    let command = template::render(command, &json!({ "name": zone.name() })).ok()?;
    let output = format!("terraform -chdir={} output", page.terraform_folder(page.id()));
    Some(command.replace("terraform output", &output))
}

fn is_made(zone: &Zone) -> bool {
    zone.built == Built::By(TargetName::Terraform)
}

fn rollout(needs: &ClusterNeeds, verb: &str) -> Vec<String> {
    let all = needs.workloads.iter();
    all.map(|workload| format!("kubectl -n {} rollout {verb} {workload}", needs.namespace)).collect()
}

fn make_secret(page: &Page, needs: &ClusterNeeds, name: &str) -> String {
    let found = page.model().secrets().find(|(_, secret)| secret.id.replace('_', "-").to_lowercase() == name);
    let variable = found.map_or_else(|| crate::model::variable_name(name), |(_, secret)| secret.variable());
    format!(
        "kubectl -n {} create secret generic {name} --from-literal=value=\"${variable}\"",
        needs.namespace
    )
}

/// A command in a container of a component.
pub(super) fn exec(page: &Page, host: &ContainerHost, id: ComponentId, piped: bool) -> String {
    let needs = cluster_needs(page.input, host);
    let id = page.component(id).id.replace('_', "-");
    let workload = needs.workloads.iter().find(|workload| workload.ends_with(&format!("/{id}")));
    let workload = workload.cloned().unwrap_or_else(|| format!("deployment/{id}"));
    format!(
        "kubectl -n {} exec {}{} --",
        needs.namespace,
        if piped { "-i " } else { "-it " },
        quote(&workload)
    )
}

/// Everything runs: workloads, and what leads to them.
pub(super) fn verify(page: &Page) -> String {
    let mut out = String::new();
    for host in page.clusters() {
        let needs = cluster_needs(page.input, host);
        let commands =
            [format!("kubectl -n {} get pods,services,ingress,horizontalpodautoscalers", needs.namespace)];
        out.push_str(&format!("{}\n", page.shell(&page.say("verify.cluster"), &commands)));
    }
    out
}

/// Logs and restarts.
pub(super) fn inspect(page: &Page) -> String {
    let mut out = String::new();
    for host in page.clusters() {
        let needs = cluster_needs(page.input, host);
        let mut commands = Vec::new();
        for workload in &needs.workloads {
            commands.push(format!("kubectl -n {} logs --tail 100 -f {workload}", needs.namespace));
            commands.push(format!("kubectl -n {} rollout restart {workload}", needs.namespace));
        }
        out.push_str(&format!("{}\n", page.shell(&page.say("inspect.cluster"), &commands)));
        let namespace = &needs.namespace;
        let mut wrong = vec![
            format!("kubectl -n {namespace} get events --sort-by=.lastTimestamp"),
            format!("kubectl -n {namespace} get pods"),
        ];
        if let Some(workload) = needs.workloads.first() {
            wrong.push(format!("kubectl -n {namespace} describe {workload}"));
            wrong.push(format!("kubectl -n {namespace} logs --previous --tail 100 {workload}"));
        }
        out.push_str(&format!("{}\n", page.shell(&page.say("inspect.cluster_wrong"), &wrong)));
        if let Some(name) = needs.secrets.first() {
            let commands = [
                format!("{} --dry-run=client -o yaml | kubectl apply -f -", make_secret(page, &needs, name)),
                format!("kubectl -n {} rollout restart deployment,statefulset", needs.namespace),
            ];
            out.push_str(&format!("{}\n", heading(3, &page.say("cluster.title"))));
            let sentence = page.say_with("cluster.secret", &[("name", &code(name))]);
            out.push_str(&format!("{}\n", page.shell(&sentence, &commands)));
        }
    }
    out
}

/// Going back, and removing it all.
pub(super) fn stop(page: &Page) -> String {
    let mut out = String::new();
    for host in page.clusters() {
        let needs = cluster_needs(page.input, host);
        // What keeps data does not go back with the programs: its disk would stay as the newer version left it.
        let mut back = rollout(&needs, "undo");
        back.retain(|command| !command.contains(" statefulset/"));
        out.push_str(&format!("{}\n", page.shell(&page.say("stop.back_cluster"), &back)));
        let remove = [format!("kubectl delete namespace {}", needs.namespace)];
        out.push_str(&format!("{}\n", page.shell(&page.say("stop.cluster"), &remove)));
    }
    out
}
