//! One service -> the template of its pods.

use crate::model::{ComponentId, Health, SecretId};

use super::super::losses::Losses;
use super::super::service::{Place, Service};
use super::super::tree::{Data, Map};
use super::{TAG, VALUES, label, name, objects, one, pod_labels};

/// A pod's template, and what it asks for.
pub(super) struct Pod {
    /// `metadata` and `spec`.
    pub(super) template: Map,
    /// Secrets with one value.
    pub(super) secrets: Vec<String>,
}

/// The secret behind a variable.
pub(super) fn secret(place: &Place, variable: &str) -> Option<SecretId> {
    place.model().secrets().find(|(_, secret)| secret.variable() == variable).map(|(id, _)| id)
}

/// The image of a service without its tag, when the kustomization sets that.
pub(super) fn tagged(service: &Service) -> Option<String> {
    let Some(Data::Text(image)) = service.map.get("image") else { return None };
    image.strip_suffix(&format!(":$({TAG})")).map(str::to_owned)
}

/// The pod of a service.
pub(super) fn pod(place: &Place, service: &Service, losses: &mut Losses) -> Pod {
    let mut pod = Pod { template: Map::default(), secrets: Vec::new() };
    let mut container = Map::default();
    container.set("name", Data::text(name(&service.name)));
    let image = tagged(service).map(Data::Text).or_else(|| service.map.get("image").cloned());
    container.set("image", image.unwrap_or_default());
    container.fill("command", words(service.map.get("entrypoint")));
    container.fill("args", words(service.map.get("command")));
    container.fill("ports", ports(place, service.id));
    container.fill("env", environment(place, service, &mut pod));
    probes(place, service, &mut container);
    container.fill("resources", resources(place, service.id));
    container.set("securityContext", security(service));
    let (mounts, volumes) = mounts(service, &mut pod);
    container.fill("volumeMounts", Data::List(mounts));
    if service.map.get("privileged").is_some() {
        losses.add(place.model().component(service.id), "privileged", &[]);
    }
    let mut spec = Map::default();
    if crate::target::terraform::has_account(place.input, service.id) {
        spec.set("serviceAccountName", Data::text(name(&service.name)));
    }
    spec.set("automountServiceAccountToken", Data::Bool(false));
    spec.set("securityContext", one("seccompProfile", one("type", Data::text("RuntimeDefault"))));
    spec.set("containers", Data::List(vec![container.into()]));
    spec.fill("volumes", Data::List(volumes));
    if let Some(Data::Text(time)) = service.map.get("stop_grace_period")
        && let Some(seconds) = seconds(time)
    {
        spec.set("terminationGracePeriodSeconds", Data::int(seconds as i64));
    }
    if let Some((system, processor)) = place
        .model()
        .component(service.id)
        .workload
        .as_ref()
        .and_then(|workload| workload.platform.as_deref())
        .and_then(|platform| platform.split_once('/'))
    {
        let mut nodes = Map::default();
        nodes.set("kubernetes.io/os", Data::text(system));
        nodes.set("kubernetes.io/arch", Data::text(processor.split('/').next().unwrap_or(processor)));
        spec.set("nodeSelector", nodes);
    }
    if place.input.facts.copies(service.id).len() > 1 {
        spec.set("topologySpreadConstraints", spread(&service.name));
    }
    pod.template.set("metadata", one("labels", pod_labels(&service.name, &service.name)));
    pod.template.set("spec", spec);
    pod
}

/// Copies stand on different nodes where there are some.
fn spread(id: &str) -> Data {
    let mut map = Map::default();
    map.set("maxSkew", Data::int(1));
    map.set("topologyKey", Data::text("kubernetes.io/hostname"));
    map.set("whenUnsatisfiable", Data::text("ScheduleAnyway"));
    map.set("labelSelector", one("matchLabels", label(id)));
    Data::List(vec![map.into()])
}

/// A command as a list; a text is split as a shell would split words without quotes.
pub(super) fn words(command: Option<&Data>) -> Data {
    match command {
        Some(Data::Text(line)) if line.contains(['"', '\'', '\\']) => {
            Data::texts(["sh".to_owned(), "-c".to_owned(), line.clone()])
        }
        Some(Data::Text(line)) => Data::texts(line.split_whitespace()),
        Some(other) => other.clone(),
        None => Data::Null,
    }
}

fn ports(place: &Place, id: ComponentId) -> Data {
    let component = place.model().component(id);
    let open = component.ports.iter().filter(|port| port.protocol != "https");
    Data::List(
        open.map(|port| {
            let mut map = Map::default();
            map.set("name", Data::text(objects::port_name(&port.name)));
            map.set("containerPort", Data::int(port.number));
            if port.transport.name() != "tcp" {
                map.set("protocol", Data::text(port.transport.name().to_uppercase()));
            }
            map.into()
        })
        .collect(),
    )
}

/// Variables: what is named in others first, then all in order.
fn environment(place: &Place, service: &Service, pod: &mut Pod) -> Data {
    let mut list = Vec::new();
    let mut done: Vec<String> = Vec::new();
    let empty = Map::default();
    let all = match service.map.get("environment") {
        Some(Data::Map(map)) => map,
        _ => &empty,
    };
    let mut texts: Vec<String> = all
        .entries
        .iter()
        .filter_map(|entry| text(&entry.value))
        .filter(|text| alone(text).is_none())
        .collect();
    for key in ["command", "entrypoint"] {
        match service.map.get(key) {
            Some(Data::List(words)) => texts.extend(words.iter().filter_map(text)),
            Some(Data::Text(line)) => texts.push(line.clone()),
            _ => {}
        }
    }
    for variable in texts.iter().flat_map(|text| named(text)) {
        if !done.contains(&variable) && known(place, &variable) {
            list.push(reference(place, &variable, &variable, pod));
            done.push(variable);
        }
    }
    for entry in all.entries.iter().filter(|entry| !done.contains(&entry.key)) {
        let Some(value) = text(&entry.value) else { continue };
        match alone(&value).filter(|variable| known(place, variable)) {
            Some(variable) => list.push(reference(place, &entry.key, &variable, pod)),
            None => {
                let mut map = Map::default();
                map.set("name", Data::text(entry.key.clone()));
                map.set("value", Data::text(value));
                list.push(map.into());
            }
        }
    }
    Data::List(list)
}

fn text(data: &Data) -> Option<String> {
    match data {
        Data::Text(text) | Data::Number(text) => Some(text.clone()),
        Data::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn known(place: &Place, variable: &str) -> bool {
    place.book.used().iter().any(|known| known.name == variable)
}

/// The variable that a text is, and nothing beside it.
fn alone(text: &str) -> Option<String> {
    let name = text.strip_prefix("$(")?.strip_suffix(')')?;
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| name.to_owned())
}

/// The variables that a text names.
fn named(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("$(") {
        let escaped = rest[..at].ends_with('$');
        rest = &rest[at + 2..];
        if let Some((name, _)) = rest.split_once(')').filter(|_| !escaped) {
            found.push(name.to_owned());
        }
    }
    found
}

/// A variable whose value is kept elsewhere.
fn reference(place: &Place, as_name: &str, variable: &str, pod: &mut Pod) -> Data {
    let mut key = Map::default();
    let from = match secret(place, variable) {
        Some(id) => {
            let secret = name(&place.model().secret(id).id);
            if !pod.secrets.contains(&secret) {
                pod.secrets.push(secret.clone());
            }
            key.set("name", Data::text(secret));
            key.set("key", Data::text(objects::SECRET_KEY));
            "secretKeyRef"
        }
        None => {
            key.set("name", Data::text(VALUES.0));
            key.set("key", Data::text(variable));
            "configMapKeyRef"
        }
    };
    let mut map = Map::default();
    map.set("name", Data::text(as_name));
    map.set("valueFrom", one(from, key));
    map.into()
}

/// How the cluster sees that it works: a path is asked for, a command is run.
fn probes(place: &Place, service: &Service, container: &mut Map) {
    let Some(Data::Map(check)) = service.map.get("healthcheck") else { return };
    let component = place.model().component(service.id);
    let path = match component.workload.as_ref().and_then(|workload| workload.health.as_ref()) {
        Some(Health::Path(path)) => component.port().map(|port| (path, port)),
        _ => None,
    };
    let mut probe = match (path, check.get("test")) {
        (Some((path, port)), _) => {
            let mut get = one("path", Data::text(path.clone()));
            get.set("port", Data::int(port.number));
            one("httpGet", get)
        }
        (None, Some(Data::List(test))) => {
            // A probe knows no variables of the cluster, so nothing is escaped in it.
            let plain = |data: &Data| text(data).map(|text| text.replace("$$(", "$("));
            let words: Vec<String> = test.iter().filter_map(plain).collect();
            let command = match words.split_first() {
                Some((how, rest)) if how == "CMD-SHELL" => {
                    vec!["sh".to_owned(), "-c".to_owned(), rest.join(" ")]
                }
                Some((_, rest)) => rest.to_vec(),
                None => return,
            };
            one("exec", one("command", Data::texts(command)))
        }
        _ => return,
    };
    let time = |key: &str| text(check.get(key)?).and_then(|text| seconds(&text));
    let every = time("interval").unwrap_or(10).max(1);
    probe.set("periodSeconds", Data::int(every as i64));
    probe.set("timeoutSeconds", Data::int(time("timeout").unwrap_or(5).max(1) as i64));
    let retries = check.get("retries").and_then(text).and_then(|text| text.parse::<u64>().ok()).unwrap_or(5);
    let mut start = probe.clone();
    start.set(
        "failureThreshold",
        Data::int((retries + time("start_period").unwrap_or(0).div_ceil(every)) as i64),
    );
    container.set("startupProbe", start);
    container.set("readinessProbe", probe.clone());
    probe.set("failureThreshold", Data::int(retries as i64));
    container.set("livenessProbe", probe);
}

/// Seconds in Docker's words: `90s`, `2m`, `1h`.
fn seconds(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "h" => 3600,
        "m" => 60,
        "s" | "" => 1,
        _ => return None,
    };
    digits.parse::<u64>().ok().map(|number| number * unit)
}

/// What it asks for is what it may have: a node without room is then not chosen.
fn resources(place: &Place, id: ComponentId) -> Map {
    let mut amounts = Map::default();
    if let Some(workload) = &place.model().component(id).workload {
        if let Some(cpu) = &workload.cpu {
            amounts.set("cpu", Data::text(cpu.clone()));
        }
        if let Some(memory) = workload.memory {
            amounts.set("memory", Data::text(format!("{}Mi", memory.div_ceil(1 << 20))));
        }
    }
    let mut map = Map::default();
    map.fill("requests", amounts.clone());
    map.fill("limits", amounts);
    map
}

fn security(service: &Service) -> Map {
    let mut map = Map::default();
    map.set("allowPrivilegeEscalation", Data::Bool(false));
    if service.map.get("read_only") == Some(&Data::Bool(true)) {
        map.set("readOnlyRootFilesystem", Data::Bool(true));
    }
    match service.map.get("user").and_then(text).map(|user| (user.parse::<i64>().ok(), user)) {
        Some((Some(number), _)) => map.set("runAsUser", Data::int(number)),
        Some((None, user)) if user == "root" => map.set("runAsUser", Data::int(0)),
        _ => {}
    }
    let mut capabilities = Map::default();
    for (from, to) in [("cap_drop", "drop"), ("cap_add", "add")] {
        if let Some(list) = service.map.get(from) {
            capabilities.set(to, list.clone());
        }
    }
    map.fill("capabilities", capabilities);
    map
}

/// Mounts of the container and volumes of the pod.
fn mounts(service: &Service, pod: &mut Pod) -> (Vec<Data>, Vec<Data>) {
    let (mut mounts, mut volumes): (Vec<Data>, Vec<Data>) = Default::default();
    let mut add = |mount: Map, volume: Option<Map>| {
        mounts.push(mount.into());
        if let Some(volume) = volume.map(Data::from).filter(|volume| !volumes.contains(volume)) {
            volumes.push(volume);
        }
    };
    let mount = |volume: &str, path: &str| {
        let mut map = one("name", Data::text(volume));
        map.set("mountPath", Data::text(path));
        map
    };
    for entry in list(service.map.get("volumes")) {
        let mut parts = entry.split(':');
        let (Some(source), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (volume, inside) =
            source.split_once('#').map_or((source, None), |(volume, inside)| (volume, Some(inside)));
        let volume = name(volume);
        let mut map = mount(&volume, path);
        if let Some(inside) = inside {
            map.set("subPath", Data::text(inside));
        }
        if parts.next() == Some("ro") {
            map.set("readOnly", Data::Bool(true));
        }
        let own = service.on_node.iter().any(|own| name(own) == volume);
        // A new disk is not always empty: some have a folder of lost files.
        if own {
            map.set("subPath", Data::text("data"));
        }
        let claim = (!own).then(|| {
            let mut about = one("name", Data::text(volume.clone()));
            about.set("persistentVolumeClaim", one("claimName", Data::text(volume.clone())));
            about
        });
        add(map, claim);
    }
    for (at, path) in list(service.map.get("tmpfs")).iter().enumerate() {
        let volume = format!("memory-{}", at + 1);
        let mut about = one("name", Data::text(volume.clone()));
        about.set("emptyDir", one("medium", Data::text("Memory")));
        add(mount(&volume, path), Some(about));
    }
    if service.map.get("shm_size").is_some() {
        let mut about = one("name", Data::text("shared-memory"));
        about.set("emptyDir", one("medium", Data::text("Memory")));
        add(mount("shared-memory", "/dev/shm"), Some(about));
    }
    if let Some((path, _, target)) = &service.config {
        let mut map = mount("config", target);
        map.set("subPath", Data::text(path.rsplit('/').next().unwrap_or(path)));
        map.set("readOnly", Data::Bool(true));
        let mut about = one("name", Data::text("config"));
        about.set("configMap", one("name", Data::text(objects::config_name(service))));
        add(map, Some(about));
    }
    let handed = match service.map.get("secrets") {
        Some(Data::List(list)) => list.clone(),
        _ => Vec::new(),
    };
    for secret in handed {
        let (secret, key, path) = match &secret {
            Data::Text(id) => (name(id), objects::SECRET_KEY, format!("/run/secrets/{id}")),
            _ => continue,
        };
        if !pod.secrets.contains(&secret) {
            pod.secrets.push(secret.clone());
        }
        let volume = format!("secret-{secret}");
        let mut map = mount(&volume, &path);
        map.set("subPath", Data::text(key));
        map.set("readOnly", Data::Bool(true));
        let mut about = one("name", Data::text(volume.clone()));
        about.set("secret", one("secretName", Data::text(secret)));
        add(map, Some(about));
    }
    (mounts, volumes)
}

fn list(data: Option<&Data>) -> Vec<String> {
    match data {
        Some(Data::List(list)) => list.iter().filter_map(text).collect(),
        Some(other) => text(other).into_iter().collect(),
        None => Vec::new(),
    }
}
