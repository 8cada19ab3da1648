//! Manifests of a Kubernetes cluster, with a `kustomization.yaml` for each environment.
//!
//! What a container is told, mounts and is asked comes from the same code as for Compose; here it takes the cluster's
//! form. Values of secrets stand in no manifest: objects name them, and the runbook makes them.

mod disks;
mod network;
mod objects;
mod pod;

use crate::artifact::{Artifact, CommentStyle, Content, RelPath};
use crate::catalog::TargetName;
use crate::model::derive::ContainerHost;
use crate::model::{End, JobTime};
use crate::source::Span;
use crate::target::{Input, Output, Target};

use super::losses::Losses;
use super::service::{self, Place, Service};
use super::tree::{Data, Map};
use super::words::Book;
use super::{emit, has_services, overlay, place};

/// The folder of the manifests below that of the environment.
const FOLDER: &str = "kubernetes";

/// The ConfigMap of what only a running system knows, and the file that its values come from.
const VALUES: (&str, &str) = ("values", "values.env");

/// Writes manifests.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kubernetes;

/// What manifests do not bring along: somebody gives it to the cluster before they are applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClusterNeeds {
    /// The folder of the manifests below the output.
    pub folder: String,
    /// The namespace.
    pub namespace: String,
    /// Secrets with one value, by name.
    pub secrets: Vec<String>,
    /// Secrets with a certificate and its key, by name.
    pub certificates: Vec<String>,
    /// Whether `values.env` has values to fill in.
    pub values: bool,
    /// Workloads in words of `kubectl`: `deployment/web`.
    pub workloads: Vec<String>,
    /// Those of them that are there before the jobs of a deployment run: they keep what those work with.
    pub stores: Vec<String>,
    /// Jobs that have ended before a new version starts: the id of each, and what it is called in the cluster.
    pub before: Vec<(String, String)>,
    /// Jobs that run when it serves.
    pub after: Vec<(String, String)>,
}

/// The label of what starts only when the jobs of `before-deploy` have ended, and its value.
pub const LATER: (&str, &str) = ("archgen/starts", "after-jobs");

impl Target for Kubernetes {
    fn name(&self) -> &'static str {
        TargetName::Kubernetes.name()
    }

    fn generate(&self, input: &Input) -> Output {
        let mut output = Output::default();
        if !input.model.has_target(TargetName::Kubernetes) {
            return output;
        }
        let hosts = input.facts.machines.iter().filter(|host| host.cluster);
        for host in hosts.filter(|host| has_services(input, host)) {
            let mut losses = Losses::new(input.messages, self.name());
            let book = Book::new(host);
            let place = place(input, host, &book);
            for (path, text, spans) in files(&place, &mut losses) {
                match RelPath::new(format!("{}/{FOLDER}/{path}", place.folder)) {
                    Ok(path) => output.artifacts.push(artifact(input, path, text, spans)),
                    Err(error) => losses.bad_path(input, host, &error.to_string()),
                }
            }
            output.losses.extend(losses.rows);
            output.diagnostics.extend(losses.diagnostics);
        }
        output
    }
}

fn artifact(input: &Input, path: RelPath, text: String, from: Vec<Span>) -> Artifact {
    let mut artifact = Artifact::text(TargetName::Kubernetes.name(), path, text);
    if let Content::Text { style, .. } = &mut artifact.content {
        *style = Some(CommentStyle::Hash);
    }
    Artifact { environment: Some(input.model.environment().id.clone()), from, ..artifact }
}

/// What a cluster must have before its manifests are applied.
pub fn cluster_needs(input: &Input, host: &ContainerHost) -> ClusterNeeds {
    let mut losses = Losses::new(input.messages, host.target().name());
    let book = Book::new(host);
    let place = place(input, host, &book);
    let mut needs = ClusterNeeds {
        folder: format!("{}/{FOLDER}", place.folder),
        namespace: name(&place.project),
        ..ClusterNeeds::default()
    };
    for service in service::services(&place, &mut losses) {
        let pod = pod::pod(&place, &service, &mut losses);
        for secret in pod.secrets {
            if !needs.secrets.contains(&secret) {
                needs.secrets.push(secret);
            }
        }
        let kind = if service.on_node.is_empty() { "deployment" } else { "statefulset" };
        let workload = format!("{kind}/{}", name(&service.name));
        if !objects::starts_later(&place, &service) {
            needs.stores.push(workload.clone());
        }
        needs.workloads.push(workload);
    }
    for job in &input.model.operations().jobs {
        let End::Component(id) = job.at else { continue };
        let list = match job.when {
            JobTime::BeforeDeploy => &mut needs.before,
            JobTime::AfterDeploy => &mut needs.after,
            JobTime::Manual | JobTime::Schedule(_) => continue,
        };
        if super::words::is_service(input, host, id) {
            list.push((job.id.clone(), objects::job_name(input.model.component(id), job)));
        }
    }
    for certificate in network::certificates(&place) {
        if !needs.certificates.contains(&certificate) {
            needs.certificates.push(certificate);
        }
    }
    needs.values = !values(&place).is_empty();
    needs
}

/// The files: path below the folder, text, and what they came from.
fn files(place: &Place, losses: &mut Losses) -> Vec<(String, String, Vec<Span>)> {
    let model = place.input.model;
    let services = service::services(place, losses);
    let mut out = Vec::new();
    let mut resources = vec!["namespace.yaml".to_owned()];
    let mut configs: Vec<(String, String)> = Vec::new();
    for service in &services {
        let span = model.component(service.id).span;
        let mut all = objects::of(place, service, losses);
        all.extend(network::of(place, service));
        patch(place, service, &mut all);
        let path = format!("{}.yaml", name(&service.name));
        out.push((path.clone(), documents(&all), vec![span]));
        resources.push(path);
        if let Some((path, text, _)) = &service.config {
            configs.push((objects::config_name(service), path.clone()));
            out.push((path.clone(), text.clone(), vec![span]));
        }
    }
    let spans: Vec<Span> = services.iter().map(|service| model.component(service.id).span).collect();
    out.push(("namespace.yaml".to_owned(), documents(&[objects::namespace(place)]), spans.clone()));
    if let Some(class) = disks::object_of(place, &services) {
        out.push(("disks.yaml".to_owned(), documents(&[class]), spans.clone()));
        resources.push("disks.yaml".to_owned());
    }
    let claims = objects::claims(place, &services, losses);
    if !claims.is_empty() {
        out.push(("claims.yaml".to_owned(), documents(&claims), spans.clone()));
        resources.push("claims.yaml".to_owned());
    }
    out.push(("network-policies.yaml".to_owned(), documents(&network::closed()), spans.clone()));
    resources.push("network-policies.yaml".to_owned());
    let values = values(place);
    if !values.is_empty() {
        let lines = super::env_file::text(place.input, "kubernetes.env.header", &values);
        out.push((format!("{}.example", VALUES.1), lines, spans.clone()));
    }
    out.push(("kustomization.yaml".to_owned(), kustomization(place, &services, resources, configs), spans));
    out
}

/// The variables of attributes and of the author, which are no secrets.
fn values(place: &Place) -> Vec<super::words::Variable> {
    let all = place.book.used().into_iter();
    all.filter(|variable| variable.name != TAG && pod::secret(place, &variable.name).is_none()).collect()
}

/// The variable for the tag of images, which stands in the kustomization.
const TAG: &str = "TAG";

/// Objects as documents of one file.
fn documents(all: &[Map]) -> String {
    let texts: Vec<String> = all.iter().map(emit::yaml).collect();
    texts.join("---\n")
}

/// Lays the author's raw keys of a component over its main object.
fn patch(place: &Place, service: &Service, all: &mut [Map]) {
    if let Some(main) = all.first_mut() {
        let raw = &place.input.model.component(service.id).passthrough;
        overlay(raw, TargetName::Kubernetes.name(), None, main);
    }
}

/// What applies all of it at once, under one namespace and with the same labels.
fn kustomization(
    place: &Place,
    services: &[Service],
    resources: Vec<String>,
    configs: Vec<(String, String)>,
) -> String {
    let mut map = Map::default();
    map.set("apiVersion", Data::text("kustomize.config.k8s.io/v1beta1"));
    map.set("kind", Data::text("Kustomization"));
    map.set("namespace", Data::text(name(&place.project)));
    let mut pairs = Map::default();
    pairs.set("app.kubernetes.io/part-of", Data::text(place.input.model.system().id.clone()));
    let mut labels = Map::default();
    labels.set("pairs", pairs);
    map.set("labels", Data::List(vec![labels.into()]));
    map.set("resources", Data::texts(resources));
    let mut generators: Vec<Data> = configs
        .into_iter()
        .map(|(name, path)| {
            let mut generator = Map::default();
            generator.set("name", Data::text(name));
            generator.set("files", Data::texts([path]));
            generator.into()
        })
        .collect();
    if !values(place).is_empty() {
        let mut generator = Map::default();
        generator.set("name", Data::text(VALUES.0));
        generator.set("envs", Data::texts([VALUES.1]));
        generators.push(generator.into());
    }
    map.fill("configMapGenerator", Data::List(generators));
    let mut images: Vec<Data> = Vec::new();
    for image in services.iter().filter_map(pod::tagged) {
        let mut tag = Map::default();
        tag.set("name", Data::text(image));
        tag.set("newTag", Data::text("latest"));
        if !images.contains(&tag.clone().into()) {
            images.push(tag.into());
        }
    }
    map.fill("images", Data::List(images));
    overlay(place.input.model.passthrough(), TargetName::Kubernetes.name(), None, &mut map);
    let mut text = String::new();
    let values = [("folder", place.folder.as_str())];
    for line in place.input.messages.say("kubernetes.file.header", &values).lines() {
        text.push_str(&format!("# {line}\n"));
    }
    text + &emit::yaml(&map)
}

/// A name that a cluster takes: letters, digits and dashes.
fn name(id: &str) -> String {
    let name: String =
        id.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    name.trim_matches('-').chars().take(63).collect()
}

/// `metadata` with a name and the label by which others find it.
fn metadata(id: &str) -> Map {
    let mut metadata = Map::default();
    metadata.set("name", Data::text(name(id)));
    metadata.set("labels", label(id));
    metadata
}

/// The label of everything that belongs to a component.
fn label(id: &str) -> Map {
    let mut labels = Map::default();
    labels.set("app.kubernetes.io/name", Data::text(name(id)));
    labels
}

/// An object before its `spec`.
fn object(version: &str, kind: &str, metadata: Map) -> Map {
    let mut map = Map::default();
    map.set("apiVersion", Data::text(version));
    map.set("kind", Data::text(kind));
    map.set("metadata", metadata);
    map
}

/// The label by which policies know a component's pods: its own and those of its jobs.
const IDENTITY: &str = "app.kubernetes.io/component";

/// Both labels of a pod: the name of what runs it, and whose it is.
fn pod_labels(id: &str, component: &str) -> Map {
    let mut labels = label(id);
    labels.set(IDENTITY, Data::text(name(component)));
    labels
}

/// A map of one key.
fn one(key: &str, value: impl Into<Data>) -> Map {
    let mut map = Map::default();
    map.set(key, value);
    map
}
