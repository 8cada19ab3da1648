//! Workloads and what belongs to each: its service, how many run, and the disks that they claim.

use crate::catalog::Trait;
use crate::document::units;
use crate::model::{Command, Component, ComponentId, End, Job, JobTime, Port};

use super::super::losses::Losses;
use super::super::service::{Place, Service, command_data};
use super::super::tree::{Data, Map};
use super::super::words::Words;
use super::{LATER, disks, label, metadata, name, object, one, pod, pod_labels};

/// The key of a secret with one value.
pub(super) const SECRET_KEY: &str = "value";

/// A time for what the clock never starts, since it is suspended: an object that keeps a job must have one.
const NEVER: &str = "0 0 1 1 *";

/// How long a job around a deployment may take, in seconds.
const LONGEST: i64 = 1800;

/// What a volume has where nobody says its size.
const SIZE: &str = "10Gi";

/// The objects of a service, the one that runs it first.
pub(super) fn of(place: &Place, service: &Service, losses: &mut Losses) -> Vec<Map> {
    let component = place.model().component(service.id);
    let mut all: Vec<Map> = account(place, service).into_iter().collect();
    all.push(workload(place, service, losses));
    all.extend(address(place, service));
    let copies = place.input.facts.copies(service.id).len();
    if copies > 1 {
        let mut spec = one("maxUnavailable", Data::int(1));
        spec.set("selector", one("matchLabels", label(&service.name)));
        all.push(with_spec("policy/v1", "PodDisruptionBudget", &service.name, spec));
    }
    all.extend(scaler(component, losses));
    all.extend(timed(place, service, losses));
    all.extend(prepared(service));
    all
}

/// The account that a pod's rights at the provider's API belong to; the cluster's own API it may not ask.
fn account(place: &Place, service: &Service) -> Option<Map> {
    crate::target::terraform::has_account(place.input, service.id).then(|| {
        let mut account = object("v1", "ServiceAccount", metadata(&service.name));
        account.set("automountServiceAccountToken", Data::Bool(false));
        account
    })
}

fn with_spec(version: &str, kind: &str, id: &str, spec: Map) -> Map {
    let mut map = object(version, kind, metadata(id));
    map.set("spec", spec);
    map
}

/// A deployment, or a stateful set where each copy keeps a disk of its own.
fn workload(place: &Place, service: &Service, losses: &mut Losses) -> Map {
    let component = place.model().component(service.id);
    let copies = place.input.facts.copies(service.id).len().max(1) as i64;
    let mut spec = Map::default();
    // Where the load decides, a number here would set it back at every change.
    if !follows(component) {
        spec.set("replicas", Data::int(copies));
    }
    spec.set("selector", one("matchLabels", label(&service.name)));
    let of_kind = |kind: &str, spec: Map| {
        let mut map = with_spec("apps/v1", kind, &service.name, spec);
        if let (true, Some(Data::Map(metadata))) =
            (starts_later(place, service), map.get("metadata").cloned().as_mut())
            && let Some(Data::Map(mut labels)) = metadata.get("labels").cloned()
        {
            labels.set(LATER.0, Data::text(LATER.1));
            metadata.set("labels", labels);
            map.set("metadata", metadata.clone());
        }
        map
    };
    let template = pod::pod(place, service, losses).template;
    if service.on_node.is_empty() {
        let mut rolling = one("maxUnavailable", Data::int(0));
        rolling.set("maxSurge", Data::int(1));
        let mut strategy = one("type", Data::text("RollingUpdate"));
        strategy.set("rollingUpdate", rolling);
        spec.set("strategy", strategy);
        spec.set("template", template);
        return of_kind("Deployment", spec);
    }
    spec.set("serviceName", Data::text(name(&service.name)));
    spec.set("template", template);
    let size = storage(component);
    let claims = service.on_node.iter().map(|volume| {
        let mut claim = Map::default();
        claim.set("metadata", one("name", Data::text(name(volume))));
        claim.set("spec", claim_spec("ReadWriteOnce", &size, disks::class(place, service.id)));
        claim.into()
    });
    spec.set("volumeClaimTemplates", Data::List(claims.collect()));
    of_kind("StatefulSet", spec)
}

/// Whether something starts only when the jobs before a deployment have ended: programs do where there are such jobs, and
/// what keeps data is there before.
pub(super) fn starts_later(place: &Place, service: &Service) -> bool {
    let model = place.model();
    let here = |job: &Job| matches!(job.at, End::Component(id) if place.host.components.contains(&id));
    let jobs = &model.operations().jobs;
    place.catalog().kind(model.component(service.id).kind).has(Trait::Workload)
        && jobs.iter().any(|job| job.when == JobTime::BeforeDeploy && here(job))
}

/// What the job of a component is called in a cluster.
pub(super) fn job_name(component: &Component, job: &Job) -> String {
    name(&format!("{}-{}", component.id, job.id))
}

/// Whether the cluster sets the number of copies by what it measures itself.
fn follows(component: &Component) -> bool {
    component.scale_on.as_ref().is_some_and(|scale| matches!(scale.metric.as_str(), "cpu" | "memory"))
}

/// The size of a store's disk, in a cluster's words.
fn storage(component: &Component) -> String {
    let bytes = component.setting_text("storage").and_then(|text| units::size(&text).ok());
    bytes.map_or(SIZE.to_owned(), |size| format!("{}Gi", size.bytes.div_ceil(1 << 30).max(1)))
}

fn claim_spec(mode: &str, size: &str, class: Option<String>) -> Map {
    let mut spec = one("accessModes", Data::texts([mode]));
    if let Some(class) = class {
        spec.set("storageClassName", Data::text(class));
    }
    spec.set("resources", one("requests", one("storage", Data::text(size))));
    spec
}

/// Commands that the clock starts, or a deployment: those are suspended, and each deployment makes a job of them.
fn timed(place: &Place, service: &Service, losses: &mut Losses) -> Vec<Map> {
    let at_service = |job: &&Job| job.at == End::Component(service.id);
    let mut all = Vec::new();
    for job in place.model().operations().jobs.iter().filter(at_service) {
        let (when, around) = match &job.when {
            JobTime::Schedule(when) => (when.as_str(), false),
            JobTime::BeforeDeploy | JobTime::AfterDeploy => (NEVER, true),
            JobTime::Manual => continue,
        };
        let words = Words::new(place.input, place.host, place.book);
        let command = match command_data(&Command::Line(job.run.clone()), place, &words) {
            Ok(command) => command,
            Err(unknown) => {
                losses.unknown(place.model().component(service.id), &job.id, &unknown);
                continue;
            }
        };
        let id = format!("{}-{}", service.name, job.id);
        let mut pod = pod::pod(place, service, losses).template;
        pod.set("metadata", one("labels", pod_labels(&id, &service.name)));
        if let Some(Data::Map(spec)) = pod.get("spec").cloned() {
            let mut spec = run_once(spec, &command);
            if around {
                spec.set("restartPolicy", Data::text("Never"));
            }
            pod.set("spec", spec);
        }
        let mut job = one("backoffLimit", Data::int(if around { 0 } else { 2 }));
        if around {
            job.set("activeDeadlineSeconds", Data::int(LONGEST));
        }
        job.set("template", pod);
        let mut spec = one("schedule", Data::text(when));
        if around {
            spec.set("suspend", Data::Bool(true));
        }
        spec.set("concurrencyPolicy", Data::text("Forbid"));
        spec.set("jobTemplate", one("spec", job));
        all.push(with_spec("batch/v1", "CronJob", &id, spec));
    }
    all
}

/// A pod that does one thing and ends: nobody asks it, and nobody waits for it.
fn run_once(mut spec: Map, command: &Data) -> Map {
    let drop = ["ports", "startupProbe", "readinessProbe", "livenessProbe"];
    if let Some(Data::List(containers)) = spec.get("containers").cloned() {
        let containers = containers.into_iter().map(|container| match container {
            Data::Map(mut container) => {
                container.entries.retain(|entry| !drop.contains(&entry.key.as_str()));
                container.set("args", pod::words(Some(command)));
                Data::Map(container)
            }
            other => other,
        });
        spec.set("containers", Data::List(containers.collect()));
    }
    spec.entries.retain(|entry| entry.key != "topologySpreadConstraints");
    spec.set("restartPolicy", Data::text("OnFailure"));
    spec
}

/// What makes once, before others use it, what an empty service lacks: a job that is tried until it succeeds.
fn prepared(service: &Service) -> Option<Map> {
    let (id, said) = service.prepare.as_ref()?;
    let mut container = one("name", Data::text(name(id)));
    container.fill("image", said.get("image").cloned().unwrap_or_default());
    container.fill("command", pod::words(said.get("entrypoint")));
    container.fill("args", pod::words(said.get("command")));
    if let Some(Data::Map(all)) = said.get("environment") {
        let variables = all.entries.iter().map(|entry| {
            let mut variable = one("name", Data::text(entry.key.clone()));
            variable.set("value", entry.value.clone());
            Data::Map(variable)
        });
        container.set("env", Data::List(variables.collect()));
    }
    let mut security = one("allowPrivilegeEscalation", Data::Bool(false));
    security.set("capabilities", one("drop", Data::texts(["ALL"])));
    container.set("securityContext", security);
    let mut pod = one("automountServiceAccountToken", Data::Bool(false));
    pod.set("containers", Data::List(vec![container.into()]));
    pod.set("restartPolicy", Data::text("OnFailure"));
    let mut template = one("metadata", one("labels", pod_labels(id, &service.name)));
    template.set("spec", pod);
    let mut spec = one("backoffLimit", Data::int(20));
    spec.set("template", template);
    Some(with_spec("batch/v1", "Job", id, spec))
}

/// The name and ports by which others reach it. What speaks something else than HTTP to the outside
/// gets an address of the provider's.
fn address(place: &Place, service: &Service) -> Option<Map> {
    let component = place.model().component(service.id);
    let open = component.ports.iter().filter(|port| port.protocol != "https");
    let ports: Vec<Data> = open
        .map(|port| {
            let mut map = one("name", Data::text(port_name(&port.name)));
            map.set("port", Data::int(port.number));
            map.set("targetPort", Data::text(port_name(&port.name)));
            if port.transport.name() != "tcp" {
                map.set("protocol", Data::text(port.transport.name().to_uppercase()));
            }
            map.into()
        })
        .collect();
    if ports.is_empty() {
        return None;
    }
    let mut spec = Map::default();
    if is_outside(place, service.id) && web_port(place, service.id).is_none() {
        spec.set("type", Data::text("LoadBalancer"));
    } else if !service.on_node.is_empty() {
        spec.set("clusterIP", Data::text("None"));
    }
    spec.set("selector", label(&service.name));
    spec.set("ports", Data::List(ports));
    Some(with_spec("v1", "Service", &service.name, spec))
}

/// Whether something outside of the cluster reaches a component.
pub(super) fn is_outside(place: &Place, id: ComponentId) -> bool {
    place.host.published.iter().any(|row| row.component == id)
}

/// The port that an ingress can lead to: the one that speaks HTTP. TLS ends before it.
pub(super) fn web_port<'a>(place: &Place<'a>, id: ComponentId) -> Option<&'a Port> {
    let ports = &place.input.model.component(id).ports;
    ports.iter().find(|port| matches!(port.protocol.as_str(), "http" | "ws" | "grpc"))
}

/// A port's name: letters, digits and dashes, at most fifteen.
pub(super) fn port_name(written: &str) -> String {
    name(written).chars().take(15).collect::<String>().trim_matches('-').to_owned()
}

/// The number of copies follows the load.
fn scaler(component: &Component, losses: &mut Losses) -> Option<Map> {
    let scale = component.scale_on.as_ref()?;
    let metric = match scale.metric.as_str() {
        known @ ("cpu" | "memory") => known,
        other => {
            losses.add(component, "metric", &[("metric", other)]);
            return None;
        }
    };
    let mut target = one("type", Data::text("Utilization"));
    target.set("averageUtilization", Data::int(scale.value));
    let mut resource = one("name", Data::text(metric));
    resource.set("target", target);
    let mut metric = one("type", Data::text("Resource"));
    metric.set("resource", resource);
    let mut reference = one("apiVersion", Data::text("apps/v1"));
    reference.set("kind", Data::text("Deployment"));
    reference.set("name", Data::text(name(&component.id)));
    let mut spec = one("scaleTargetRef", reference);
    spec.set("minReplicas", Data::int(component.replicas.min.max(1)));
    spec.set("maxReplicas", Data::int(component.replicas.max.max(1)));
    spec.set("metrics", Data::List(vec![metric.into()]));
    let workload = component.workload.as_ref();
    let asked = workload.is_some_and(|workload| match scale.metric.as_str() {
        "memory" => workload.memory.is_some(),
        _ => workload.cpu.is_some(),
    });
    if !asked {
        losses.add(component, "unmeasured", &[("metric", &scale.metric)]);
    }
    Some(with_spec("autoscaling/v2", "HorizontalPodAutoscaler", &component.id, spec))
}

/// The ConfigMap of a router's configuration.
pub(super) fn config_name(service: &Service) -> String {
    format!("{}-config", name(&service.name))
}

/// The namespace that everything is in, where pods may not do more than they must.
pub(super) fn namespace(place: &Place) -> Map {
    let mut metadata = one("name", Data::text(name(&place.project)));
    metadata.set("labels", one("pod-security.kubernetes.io/enforce", Data::text("baseline")));
    object("v1", "Namespace", metadata)
}

/// Disks that several pods share.
pub(super) fn claims(place: &Place, services: &[Service], losses: &mut Losses) -> Vec<Map> {
    let mut done: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for service in services {
        for (volume, _) in service.volumes.iter().filter(|(volume, _)| !service.on_node.contains(volume)) {
            if done.contains(&volume.as_str()) {
                continue;
            }
            done.push(volume);
            let found = place.model().components().find(|(_, component)| component.id == *volume);
            let shared = found.is_some_and(|(_, c)| place.catalog().kind(c.kind).has(Trait::FileShare));
            let mode = if shared { "ReadWriteMany" } else { "ReadWriteOnce" };
            // A disk is no place for files of several machines.
            let class = disks::class(place, service.id).filter(|_| !shared);
            let size = found.map_or(SIZE.to_owned(), |(_, component)| storage(component));
            all.push(with_spec("v1", "PersistentVolumeClaim", volume, claim_spec(mode, &size, class)));
            if let Some((_, component)) = found.filter(|_| shared) {
                losses.add(component, "shared", &[]);
            }
        }
    }
    all
}
