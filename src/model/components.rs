//! Components of a model: what they become here, where they stand, and what each field says.

use std::collections::BTreeMap;

use super::build::{Builder, kind_of, parse_text};
use super::merge::unknown;
use super::zones::{replicas, scale_on};
use super::{
    Backup, Build, Built, CertificateFor, Command, Component, ComponentId, FileSource, Health, HealthTiming,
    Hint, Mount, Origin, Port, Publish, Store, Template, Tls, Workload, ZoneId, read,
};
use crate::catalog::{FormId, Hosting, KindId, Trait, Transport};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::reference;
use crate::document::tree::{Entry, Node};
use crate::source::Span;

impl Builder<'_> {
    pub(super) fn title_of(&self, id: &str) -> String {
        let Some(node) = self.merged.components.get(id) else { return id.to_owned() };
        read::prose(node, "title", &self.messages.language)
            .or_else(|| {
                let kind = kind_of(node, self.catalog)?;
                Some(self.catalog.kind(kind).title.get(&self.messages.language).to_owned())
            })
            .unwrap_or_else(|| id.to_owned())
    }

    /// Makes the components, and read replicas where they are components of their own.
    pub(super) fn components(&mut self) {
        let entries: Vec<(Entry, KindId)> = self
            .merged
            .components
            .entries
            .iter()
            .filter_map(|entry| Some((entry.clone(), kind_of(&entry.value, self.catalog)?)))
            .filter(|(_, kind)| !self.catalog.kind(*kind).has(Trait::Zone))
            .collect();
        // Ids first: fields of one component name others.
        let mut plan = Vec::new();
        for (entry, kind) in entries {
            let id = entry.key.value.clone();
            let places = self.places(&entry);
            let chosen = self.choose_form(&entry, kind, places.0);
            let at = plan.len() as u32;
            self.component_ids.insert(id.clone(), ComponentId(at));
            let reads = read::count(&entry.value, "read_replicas").unwrap_or(0);
            plan.push((entry.clone(), kind, places.clone(), chosen.clone(), None));
            for number in 1..=reads {
                let name = if number == 1 { format!("{id}-read") } else { format!("{id}-read-{number}") };
                if self.own_read_replica(chosen.0) {
                    self.component_ids.insert(name.clone(), ComponentId(plan.len() as u32));
                    let mut copy = entry.clone();
                    copy.key.value = name;
                    plan.push((copy, kind, places.clone(), chosen.clone(), Some(ComponentId(at))));
                } else {
                    self.aliases.insert(name, id.clone());
                }
            }
        }
        for (entry, kind, places, (form, built), replica_of) in plan {
            self.check_settings(&entry.key, &entry.value, kind);
            self.check_names(&entry.value, kind, form);
            let mut component = self.component(&entry, kind, form, built, places);
            if let Some(original) = replica_of {
                component.origin = Origin::ReadReplica(original);
                let stored = &self.model.components[original.0 as usize];
                component.was = super::before::replica_ids(stored, &component.id);
                component.title = self.messages.say("model.read_replica", &[("title", &component.title)]);
                component.store = Some(Store::default());
                component.password = self.model.components[original.0 as usize].password;
                component.own_secrets.clear();
            }
            self.model.components.push(component);
        }
    }

    /// Whether a read replica of a store in this form is a thing of its own; in a container it is the store.
    fn own_read_replica(&self, form: FormId) -> bool {
        self.catalog.form(form).hosting == Hosting::Own
    }

    fn places(&mut self, entry: &Entry) -> (Option<ZoneId>, Vec<ZoneId>) {
        let names: Vec<(String, Span)> = read::nodes(&entry.value, "in")
            .iter()
            .filter_map(|node| Some((node.as_str()?.to_owned(), node.span)))
            .collect();
        let mut parents: BTreeMap<String, Vec<(String, Span)>> = BTreeMap::new();
        for zone in &self.merged.zones.entries {
            let outer = read::nodes(&zone.value, "in");
            let outer = outer.iter().filter_map(|n| Some((n.as_str()?.to_owned(), n.span))).collect();
            parents.insert(zone.key.value.clone(), outer);
        }
        for (name, span) in &names {
            let falls_away = self.merged.gone_zones.contains(name) && self.merged.zones.get(name).is_some();
            if self.zone_ids.contains_key(name) || falls_away {
                continue;
            }
            self.unsure.insert(entry.key.value.clone());
            let zones: Vec<String> = self.merged.zones.keys().map(str::to_owned).collect();
            self.report_no_zone(name, *span, &zones);
        }
        self.split_places(&names, &parents, &entry.key.value)
    }

    fn component(
        &mut self,
        entry: &Entry,
        kind: KindId,
        form: FormId,
        built: Built,
        (place, groups): (Option<ZoneId>, Vec<ZoneId>),
    ) -> Component {
        let node = &entry.value;
        let language = self.messages.language.clone();
        let about = self.catalog.kind(kind);
        let tls = self.tls(node);
        let workload = about.has(Trait::Workload).then(|| self.workload(node));
        let store = about.has(Trait::DataStore).then(|| store(node));
        let certificate = about.has(Trait::Certificate).then(|| self.certificate(node));
        let settings = self.settings(node, kind);
        let ports = self.ports(node, kind, form, tls.is_some());
        let id = entry.key.value.clone();
        let (password, own_secrets) = self.own_secrets(&entry.key, kind, form, &settings);
        Component {
            kind,
            form,
            built,
            title: read::prose(node, "title", &language).unwrap_or_else(|| {
                match about.has(Trait::Workload) {
                    true => id.clone(),
                    false => about.title.get(&language).to_owned(),
                }
            }),
            id,
            description: read::prose(node, "description", &language).unwrap_or_default(),
            links: read::pairs(node, "links"),
            was: read::texts(node, "was"),
            tags: read::texts(node, "tags"),
            layer: self.layer(node),
            place,
            groups,
            hint: Hint {
                place: read::text(node, "place"),
                after: node.get("after").and_then(|after| self.named_component(after)),
                icon: read::text(node, "icon"),
            },
            ports,
            replicas: replicas(node),
            scale_on: scale_on(node),
            redirect_http: read::flag(node, "redirect_http").unwrap_or(tls.is_some()),
            tls,
            files: self.static_files(node),
            workload,
            store,
            certificate,
            settings,
            password,
            own_secrets,
            origin: Origin::Written,
            passthrough: self.passthrough_of(node),
            allow: read::prose_pairs(node, "allow", &language),
            span: entry.key.span,
        }
    }

    fn layer(&mut self, node: &Node) -> Option<String> {
        let written = node.get("layer")?;
        let name = written.as_str()?;
        if !self.model.system.layers.iter().any(|(id, _)| id == name) {
            let names = self.model.system.layers.iter().map(|(id, _)| id.as_str());
            self.out.push(
                unknown("unknown-layer", "layer", name, written.span, names)
                    .hint("layers stand under `system: { layers: { id: Title } }`"),
            );
        }
        Some(name.to_owned())
    }

    /// A component by its name, looking through what was bridged; reports what nothing has.
    pub(super) fn named_component(&mut self, node: &Node) -> Option<ComponentId> {
        let name = node.as_str()?;
        if let Some(id) = self.find_component(name) {
            return Some(id);
        }
        if !self.merged.is_gone(name) && !self.reported(name) {
            let names: Vec<String> = self.component_ids.keys().cloned().collect();
            let names = names.iter().map(String::as_str);
            self.out.push(unknown("unknown-component", "component", name, node.span, names));
        }
        None
    }

    /// A component by its name, its read replica's name, or the name of what was bridged to it.
    pub(super) fn find_component(&self, name: &str) -> Option<ComponentId> {
        let name = self.aliases.get(name).map_or(name, String::as_str);
        self.component_ids
            .get(name)
            .or_else(|| self.component_ids.get(self.merged.stands_for(name)?))
            .copied()
    }

    fn tls(&mut self, node: &Node) -> Option<Tls> {
        let tls = node.get("tls")?;
        let cert = tls.get("cert")?;
        let name = cert.as_str()?;
        if self.merged.is_gone(name) && self.find_component(name).is_none() {
            self.out.push(
                Diagnostic::error(
                    "dangling-tls",
                    cert.span,
                    format!("the certificate `{name}` is deleted in this environment"),
                )
                .hint("keep it, or end no TLS here: `tls: null`"),
            );
            return None;
        }
        let certificate = self.named_component(cert)?;
        let hint = "`tls` names a component of kind certificate";
        self.must_have(cert, Trait::Certificate, "not-a-certificate", "is not a certificate", hint);
        Some(Tls { certificate, policy: read::text(tls, "policy") })
    }

    fn certificate(&mut self, node: &Node) -> CertificateFor {
        let mut names = Vec::new();
        let mut dns = None;
        if let Some(target) = node.get("for") {
            let name = target.as_str().unwrap_or_default();
            match self.component_ids.get(name) {
                Some(&id) => {
                    dns = Some(id);
                    let hint = "`for` names a component of kind dns; other names stand in `names`";
                    self.must_have(target, Trait::Dns, "not-a-dns", "is not a dns", hint);
                }
                None if self.merged.is_gone(name) => {}
                None => drop(self.named_component(target)),
            }
            let about = self.merged.components.get(name).or(self.merged.gone(name).map(|gone| &gone.node));
            names.extend(about.and_then(|node| read::text(node, "name")));
        }
        names.extend(read::texts(node, "names"));
        CertificateFor { dns, names }
    }

    fn static_files(&mut self, node: &Node) -> Vec<(String, FileSource)> {
        let entries: Vec<(String, Node)> =
            read::entries(node, "static").map(|(path, value)| (path.to_owned(), value.clone())).collect();
        entries.into_iter().filter_map(|(path, value)| Some((path, self.file_source(&value)?))).collect()
    }

    /// A component or a path; `None` for what is gone or unknown.
    fn file_source(&mut self, node: &Node) -> Option<FileSource> {
        let text = node.as_str()?;
        if text.starts_with(['.', '/']) {
            return Some(FileSource::Path(text.to_owned()));
        }
        let found = self.named_component(node)?;
        let hint = "name a file-share, a volume or a bucket, or a path that begins with `.` or `/`";
        self.must_have(node, Trait::Files, "not-files", "holds no files", hint);
        Some(FileSource::Component(found))
    }

    /// Reports a component that is not of the sort that a field takes.
    fn must_have(&mut self, node: &Node, wanted: Trait, code: &'static str, problem: &str, hint: &str) {
        let Some(name) = node.as_str() else { return };
        let kind = self.merged.components.get(name).and_then(|node| kind_of(node, self.catalog));
        if kind.is_some_and(|kind| !self.catalog.kind(kind).has(wanted)) {
            self.out.push(Diagnostic::error(code, node.span, format!("`{name}` {problem}")).hint(hint));
        }
    }

    fn workload(&mut self, node: &Node) -> Workload {
        let volumes: Vec<(String, Node)> =
            read::entries(node, "volumes").map(|(path, value)| (path.to_owned(), value.clone())).collect();
        let resources = node.get("resources");
        Workload {
            // Texts with references are filled in when all components are known.
            image: None,
            env: Vec::new(),
            command: None,
            build: node.get("build").map(build),
            deliver: read::text(node, "deliver"),
            platform: read::text(node, "platform"),
            publish: publish(node),
            volumes: volumes
                .into_iter()
                .filter_map(|(path, value)| {
                    Some(Mount {
                        path,
                        from: self.file_source(value.get("from")?)?,
                        inside: read::text(&value, "path"),
                        read_only: read::flag(&value, "read_only").unwrap_or(false),
                    })
                })
                .collect(),
            health: node.get("health").and_then(health),
            health_timing: node.get("health").map(health_timing).unwrap_or_default(),
            restart: read::text(node, "restart"),
            labels: read::pairs(node, "labels"),
            max_per_node: read::count(node, "max_per_node"),
            cpu: resources.and_then(|r| read::text(r, "cpu")),
            memory: resources.and_then(|r| read::bytes(r, "memory")),
        }
    }

    /// What it listens on: the author's ports, else the form's, else the kind's. What ends TLS listens on the
    /// port of https and, to redirect, on the one of http; without a certificate only on the latter.
    fn ports(&mut self, node: &Node, kind: KindId, form: FormId, tls: bool) -> Vec<Port> {
        let about = self.catalog.kind(kind);
        let used = about.form(form).map(|used| used.ports.clone());
        let mut specs = used.filter(|ports| !ports.is_empty()).unwrap_or_else(|| about.ports.clone());
        if about.has(Trait::TlsEnd) && specs.iter().any(|p| p.protocol == "http") {
            if tls {
                specs.sort_by_key(|port| port.protocol != "https");
            } else {
                specs.retain(|port| port.protocol != "https");
            }
        }
        let mut ports: Vec<Port> = specs
            .iter()
            .filter_map(|spec| {
                Some(Port {
                    name: spec.name.clone(),
                    number: spec.number?,
                    transport: spec.transport,
                    protocol: spec.protocol.clone(),
                })
            })
            .collect();
        for (name, value) in read::entries(node, "ports") {
            let Some((number, transport)) = value.as_str().and_then(port_and_transport) else { continue };
            let spec = specs.iter().find(|spec| spec.name == name).or(specs.first());
            let port = Port {
                name: name.to_owned(),
                number,
                transport: transport.or(spec.map(|s| s.transport)).unwrap_or(Transport::Tcp),
                protocol: spec.filter(|s| s.name == name).map_or_else(
                    || if name == "main" { "http".to_owned() } else { name.to_owned() },
                    |spec| spec.protocol.clone(),
                ),
            };
            match ports.iter_mut().find(|old| old.name == name) {
                Some(old) => *old = port,
                None if name == "main" => ports.insert(0, port),
                None => ports.push(port),
            }
        }
        ports
    }

    /// Fills in the texts of workloads in which references may stand.
    pub(super) fn references(&mut self) {
        for at in 0..self.model.components.len() {
            let id = self.model.components[at].id.clone();
            let original = match self.model.components[at].origin {
                Origin::ReadReplica(original) => self.model.component(original).id.clone(),
                Origin::Written => id.clone(),
            };
            let Some(node) = self.merged.components.get(&original).cloned() else { continue };
            self.fill_settings(at, &node);
            if self.model.components[at].workload.is_none() {
                continue;
            }
            let image = node.get("image").and_then(|image| self.template(image));
            let command = node.get("command").and_then(|command| self.command(command));
            let mut env = Vec::new();
            for (name, value) in read::entries(&node, "env") {
                if let Some(template) = self.template(value) {
                    env.push((name.to_owned(), template));
                }
            }
            for (_, label) in read::entries(&node, "labels") {
                self.no_references(label, "labels", "write the value itself");
            }
            for word in node.get("health").map_or(&[][..], |health| read::nodes(health, "run")) {
                let hint = "put the reference into `env` and read that variable";
                self.no_references(word, "health", hint);
            }
            let mut args = Vec::new();
            if let Some(build) = node.get("build") {
                for (name, value) in read::entries(build, "args") {
                    if let Some(template) = self.template(value) {
                        args.push((name.to_owned(), template));
                    }
                }
            }
            if let Some(workload) = &mut self.model.components[at].workload {
                workload.image = image;
                workload.command = command;
                workload.env = env;
                if let Some(build) = &mut workload.build {
                    build.args = args;
                }
            }
        }
    }

    /// Reports references where none are filled in.
    fn no_references(&mut self, node: &Node, field: &str, hint: &str) {
        let parts = parse_text(node, self.document, &mut Diagnostics::default());
        let written = parts.iter().find_map(|part| match part {
            reference::Part::Reference(reference) => Some(reference.span),
            reference::Part::Text(_) => None,
        });
        if let Some(span) = written {
            let message = format!("a reference cannot stand in `{field}`");
            self.out.push(Diagnostic::error("reference-not-allowed", span, message).hint(hint));
        }
    }

    pub(super) fn command(&mut self, node: &Node) -> Option<Command> {
        match node.as_list() {
            Some(words) => {
                let words: Option<Vec<Template>> = words.iter().map(|word| self.template(word)).collect();
                Some(Command::Words(words?))
            }
            None => Some(Command::Line(self.template(node)?)),
        }
    }
}

fn build(node: &Node) -> Build {
    Build {
        context: read::text(node, "context").unwrap_or_else(|| ".".to_owned()),
        dockerfile: read::text(node, "dockerfile"),
        target: read::text(node, "target"),
        args: Vec::new(),
        recipe: read::text(node, "recipe"),
        base: read::text(node, "base"),
        packages: read::texts(node, "packages"),
        files: read::pairs(node, "files"),
    }
}

fn publish(node: &Node) -> Publish {
    let Some(publish) = node.get("publish") else { return Publish::Derived };
    let ingress = read::text(publish, "mode").as_deref() != Some("host");
    match publish.get("port").and_then(Node::as_scalar) {
        None => Publish::Derived,
        Some(port) if port.text == "auto" => Publish::Auto,
        Some(port) => match (port.as_bool(), port.as_int().and_then(|n| u16::try_from(n).ok())) {
            (Some(false), _) => Publish::Never,
            (_, Some(number)) => Publish::Port { number, ingress },
            _ => Publish::Derived,
        },
    }
}

fn health(node: &Node) -> Option<Health> {
    let run = |node: &Node| match node.as_list() {
        Some(words) => words.iter().filter_map(Node::as_str).collect::<Vec<_>>().join(" "),
        None => node.as_str().unwrap_or_default().to_owned(),
    };
    read::text(node, "path").map(Health::Path).or_else(|| Some(Health::Run(run(node.get("run")?))))
}

fn health_timing(node: &Node) -> HealthTiming {
    HealthTiming {
        interval: read::seconds(node, "interval"),
        timeout: read::seconds(node, "timeout"),
        retries: read::count(node, "retries"),
        start_period: read::seconds(node, "start_period"),
    }
}

fn store(node: &Node) -> Store {
    Store {
        standby: read::flag(node, "standby").unwrap_or(false),
        read_replicas: read::count(node, "read_replicas").unwrap_or(0),
        own_in_regions: read::text(node, "regions").as_deref() == Some("own"),
        backup: node.get("backup").map(|backup| Backup {
            every: read::seconds(backup, "every"),
            keep: read::seconds(backup, "keep"),
            by: read::text(backup, "by"),
            to: read::text(backup, "to"),
        }),
    }
}

/// `8080` or `53/udp`.
fn port_and_transport(text: &str) -> Option<(u16, Option<Transport>)> {
    let (number, transport) = match text.split_once('/') {
        Some((number, "udp")) => (number, Some(Transport::Udp)),
        Some((number, "tcp")) => (number, Some(Transport::Tcp)),
        Some(_) => return None,
        None => (text, None),
    };
    Some((number.parse().ok()?, transport))
}
