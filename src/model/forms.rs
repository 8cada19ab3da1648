//! What a component becomes here, and who makes that.

use super::build::{Builder, kind_of};
use super::{Built, ZoneDetail, ZoneId, read};
use crate::catalog::{FormId, Hosting, KindId, TargetName, Trait};
use crate::diag::Diagnostic;
use crate::document::tree::{Entry, Node};
use crate::source::Span;

impl Builder<'_> {
    /// Takes out what no target of this environment can make and what passes traffic on.
    pub(super) fn drop_unbuilt(&mut self) {
        if self.only_drawn() {
            return;
        }
        let mut unbuilt = Vec::new();
        for entry in &self.merged.components.entries {
            let Some(kind) = kind_of(&entry.value, self.catalog) else { continue };
            let kind = self.catalog.kind(kind);
            let external = entry
                .value
                .get("as")
                .and_then(Node::as_str)
                .and_then(|name| self.catalog.find_form(name))
                .is_some_and(|form| self.catalog.form(form).hosting == Hosting::External);
            let builds = kind.forms.iter().any(|used| {
                let form = self.catalog.form(used.form);
                form.targets.iter().any(|target| self.model.has_target(*target))
            });
            if kind.has(Trait::Bridged) && !external && !builds {
                unbuilt.push(entry.key.value.clone());
            }
        }
        for id in &unbuilt {
            let title = self.title_of(id);
            let what = self.messages.say("model.bridged.what", &[("title", &title)]);
            let why = self.messages.say("model.bridged.why", &[]);
            self.lose(id, what, why);
        }
        let catalog = self.catalog;
        let bridges =
            |node: &Node| kind_of(node, catalog).is_some_and(|k| catalog.kind(k).has(Trait::Bridged));
        self.merged.drop_components(&unbuilt, &bridges, true);
        let idle = self.idle_certificates();
        self.merged.drop_components(&idle, &bridges, false);
        let idle = self.idle_registries();
        for id in &idle {
            let title = self.title_of(id);
            let what = self.messages.say("model.idle_registry.what", &[("title", &title)]);
            let why = self.messages.say("model.idle_registry.why", &[]);
            self.lose(id, what, why);
        }
        self.merged.drop_components(&idle, &bridges, false);
    }

    /// Registries of a provider in an environment of nothing but compose, which nobody talks to: images are built
    /// where they run, and a stand-in would stay empty.
    fn idle_registries(&self) -> Vec<String> {
        let composes = |target: &TargetName| matches!(target, TargetName::Diagram | TargetName::Compose);
        let delivers = |node: &Node| read::text(node, "deliver").as_deref() == Some("registry");
        if !self.model.environment.targets.iter().all(composes)
            || self.merged.components.entries.iter().any(|entry| delivers(&entry.value))
        {
            return Vec::new();
        }
        let is_idle = |entry: &&Entry| {
            let kind = kind_of(&entry.value, self.catalog).map(|kind| self.catalog.kind(kind));
            let form =
                entry.value.get("as").and_then(Node::as_str).and_then(|name| self.catalog.find_form(name));
            // What the author asks for by name, or what exists, stays.
            let stands_in = form.is_some_and(|form| {
                let form = self.catalog.form(form);
                !form.targets.is_empty() && !form.targets.contains(&TargetName::Compose)
            });
            kind.is_some_and(|kind| kind.has(Trait::Registry))
                && stands_in
                && !self.merged.is_wired(&entry.key.value)
        };
        self.merged.components.entries.iter().filter(is_idle).map(|entry| entry.key.value.clone()).collect()
    }

    /// Certificates whose TLS ended only in what is not there any more.
    fn idle_certificates(&self) -> Vec<String> {
        let names = |node: &Node, id: &str| {
            node.get("tls").and_then(|tls| tls.get("cert")).and_then(Node::as_str) == Some(id)
        };
        let ended = |id: &str| self.merged.gone.iter().any(|gone| names(&gone.node, id));
        let ends = |id: &str| self.merged.components.entries.iter().any(|entry| names(&entry.value, id));
        self.merged
            .components
            .entries
            .iter()
            .filter(|entry| {
                let kind = kind_of(&entry.value, self.catalog);
                let id = &entry.key.value;
                kind.is_some_and(|kind| self.catalog.kind(kind).has(Trait::Certificate))
                    && ended(id)
                    && !ends(id)
            })
            .map(|entry| entry.key.value.clone())
            .collect()
    }

    /// A form that was written, if the kind has it.
    pub(super) fn written_form(&mut self, written: &Node, kind: KindId) -> Option<FormId> {
        let name = written.as_str()?;
        let kind = self.catalog.kind(kind);
        let found = self.catalog.find_form(name).filter(|form| {
            self.catalog.form(*form).hosting == Hosting::External || kind.form(*form).is_some()
        });
        if found.is_none() {
            let names: Vec<&str> =
                kind.forms.iter().map(|used| self.catalog.form(used.form).name.as_str()).collect();
            let known = self.catalog.find_form(name).is_some();
            let message = if known {
                format!("a `{}` cannot become `{name}`", kind.name)
            } else {
                format!("there is no form `{name}`")
            };
            let diagnostic = Diagnostic::error("unknown-form", written.span, message);
            let near = crate::diag::suggest::nearest(name, names.iter().copied());
            self.out.push(match near {
                Some(near) if !known => diagnostic.hint(format!("did you mean `{near}`?")),
                _ => diagnostic.hint(format!("it can become {}", names.join(", "))),
            });
        }
        found
    }

    /// What a component becomes here, and who makes that.
    pub(super) fn choose_form(
        &mut self,
        entry: &Entry,
        kind: KindId,
        place: Option<ZoneId>,
    ) -> (FormId, Built) {
        let written = entry.value.get("as").and_then(|node| self.written_form(node, kind));
        if written.is_none() && entry.value.get("as").is_some() {
            self.unsure.insert(entry.key.value.clone());
        }
        let preferred = written
            .or_else(|| self.certificate_form(entry, kind))
            .unwrap_or_else(|| self.default_form(kind, place));
        let shared = entry.value.get("shared").and_then(|node| Some((node.as_str()?.to_owned(), node.span)));
        if self.only_drawn() {
            let external = self.catalog.form(preferred).hosting == Hosting::External;
            let built = if external { Built::Exists } else { Built::By(TargetName::Diagram) };
            return (preferred, built);
        }
        if let Some(target) = self.builder_of(preferred, place) {
            // A stand-in on the reader's computer is this environment's own, whatever is shared elsewhere.
            if let Some((environment, span)) = shared
                && self.known_environment(&environment, span)
                && target == TargetName::Terraform
            {
                self.check_shared(entry, place, &environment, span);
                return (preferred, Built::Shared(environment));
            }
            return (preferred, Built::By(target));
        }
        if self.catalog.form(preferred).targets.is_empty() {
            return (preferred, Built::Exists);
        }
        let stand_in = self.catalog.kind(kind).forms.iter().find_map(|used| {
            if self.catalog.form(used.form).hosting == Hosting::External {
                return None;
            }
            Some((used.form, self.builder_of(used.form, place)?))
        });
        let id = entry.key.value.clone();
        let title = self.title_of(&id);
        let wanted = self.catalog.form(preferred).title.get(&self.messages.language).to_owned();
        match stand_in {
            Some((form, target)) => {
                let instead = self.catalog.form(form).title.get(&self.messages.language).to_owned();
                if written.is_some() {
                    let what = self.messages.say(
                        "model.stand_in.what",
                        &[("title", &title), ("form", &wanted), ("instead", &instead)],
                    );
                    let why = self.messages.say("model.stand_in.why", &[("form", &wanted)]);
                    self.lose(&id, what, why);
                }
                (form, Built::By(target))
            }
            None => {
                let what = self.messages.say("model.unbuilt.what", &[("title", &title), ("form", &wanted)]);
                let why = self.messages.say("model.unbuilt.why", &[("form", &wanted)]);
                self.lose(&id, what, why);
                (preferred, Built::Nowhere)
            }
        }
    }

    /// A certificate whose TLS ends only on machines takes the form that its issuer is usual for there.
    fn certificate_form(&self, entry: &Entry, kind: KindId) -> Option<FormId> {
        let about = self.catalog.kind(kind);
        if !about.has(Trait::Certificate) {
            return None;
        }
        let names_it = |node: &Node| {
            node.get("tls").and_then(|tls| tls.get("cert")).and_then(Node::as_str) == Some(&entry.key.value)
        };
        let mut ends =
            self.merged.components.entries.iter().filter(|other| names_it(&other.value)).peekable();
        ends.peek()?;
        let on_machine = |node: &Node| {
            read::texts(node, "in")
                .iter()
                .any(|zone| self.zone_ids.get(zone).is_some_and(|zone| self.hosts_containers(*zone)))
        };
        if !ends.all(|end| on_machine(&end.value)) {
            return None;
        }
        let issuer = read::text(&entry.value, "issuer")?;
        let usual = about.forms.iter().find(|used| read::texts(&used.data, "issuers").contains(&issuer));
        usual.map(|used| used.form)
    }

    /// The form that a kind takes when none is written.
    fn default_form(&self, kind: KindId, place: Option<ZoneId>) -> FormId {
        let forms = &self.catalog.kind(kind).forms;
        let of = |hosting: Hosting| {
            forms.iter().find(|used| self.catalog.form(used.form).hosting == hosting).map(|used| used.form)
        };
        let provider = self.provider_name(place);
        let hosted = place.is_some_and(|place| self.hosts_containers(place));
        // A picture of a system without a cloud shows none of a cloud's services.
        let cloudless = self.only_drawn() && provider.is_empty();
        if (hosted || cloudless || !self.builds(TargetName::Terraform))
            && let Some(container) = of(Hosting::Container)
        {
            return container;
        }
        let own = forms.iter().find(|used| {
            let form = self.catalog.form(used.form);
            form.hosting != Hosting::External
                && !form.targets.is_empty()
                && form.provider == provider
                && !form.provider.is_empty()
        });
        own.map(|used| used.form).or(forms.first().map(|used| used.form)).unwrap_or(FormId(0))
    }

    /// The provider around a place, else the system's only one.
    fn provider_name(&self, place: Option<ZoneId>) -> String {
        let around = place.into_iter().flat_map(|place| self.model.around(place));
        let names = |zone: ZoneId| match &self.model.zone(zone).detail {
            ZoneDetail::Provider(provider) => Some(provider.name.clone()),
            _ => None,
        };
        around
            .filter_map(names)
            .next()
            .or_else(|| self.model.zones().map(|(id, _)| id).find_map(names))
            .unwrap_or_default()
    }

    /// Whether what stands in a place runs in containers there.
    fn hosts_containers(&self, place: ZoneId) -> bool {
        self.container_target(Some(place)).is_some_and(|(machine, _)| machine.is_some())
    }

    /// The machine or scheduler around a place and the target that writes its containers.
    fn container_target(&self, place: Option<ZoneId>) -> Option<(Option<ZoneId>, TargetName)> {
        for zone in place.into_iter().flat_map(|place| self.model.around(place)) {
            let current = self.model.zone(zone);
            if let ZoneDetail::Machine(machine) = &current.detail {
                let target = if machine.nodes.is_some() { TargetName::Swarm } else { TargetName::Compose };
                return Some((Some(zone), target));
            }
            let scheduler = match current.form {
                Some(form) => self.catalog.has(current.kind, form, Trait::Scheduler),
                None => self.catalog.kind(current.kind).has(Trait::Scheduler),
            };
            if scheduler && current.is_place {
                return Some((Some(zone), TargetName::Kubernetes));
            }
        }
        Some((None, TargetName::Compose))
    }

    /// The target of this environment that makes a form in a place.
    fn builder_of(&self, form: FormId, place: Option<ZoneId>) -> Option<TargetName> {
        let form = self.catalog.form(form);
        if form.hosting == Hosting::Container {
            let (machine, target) = self.container_target(place)?;
            // Without a machine a container runs on the reader's own, unless it should stand in a network of
            // the provider: there only the provider's own forms do.
            let in_network = place.is_some_and(|place| {
                self.model.around(place).any(|z| matches!(self.model.zone(z).detail, ZoneDetail::Space(_)))
            });
            let only = self
                .model
                .environment
                .targets
                .iter()
                .copied()
                .find(|t| matches!(t, TargetName::Compose | TargetName::Swarm | TargetName::Kubernetes));
            let target = if machine.is_none() { only.unwrap_or(target) } else { target };
            return (form.targets.contains(&target)
                && self.model.has_target(target)
                && (machine.is_some() || !in_network))
                .then_some(target);
        }
        form.targets.iter().copied().find(|target| self.model.has_target(*target))
    }

    /// A shared component must be there, and so must what it stands in.
    fn check_shared(&mut self, entry: &Entry, place: Option<ZoneId>, environment: &str, span: Span) {
        let id = &entry.key.value;
        if !self.environment_has(environment, id) {
            self.out.push(
                Diagnostic::error(
                    "shared-not-there",
                    span,
                    format!("`{environment}` has no `{id}` to share"),
                )
                .hint("name the environment that builds it"),
            );
            return;
        }
        let Some(place) = place else { return };
        // An account is there for all.
        if matches!(self.model.zone(place).detail, ZoneDetail::Provider(_)) {
            return;
        }
        let is_space = |zone: &ZoneId| matches!(self.model.zone(*zone).detail, ZoneDetail::Space(_));
        let outer = self.model.zone(self.model.around(place).find(is_space).unwrap_or(place)).id.clone();
        let shared = self
            .model
            .around(place)
            .any(|zone| matches!(&self.model.zone(zone).built, Built::Shared(other) if other == environment));
        if !shared {
            self.out.push(
                Diagnostic::error(
                    "shared-place",
                    span,
                    format!("`{}` is shared, but what it stands in is not", entry.key.value),
                )
                .hint(format!("share that too: `zones: {{ {outer}: {{ shared: {environment} }} }}`")),
            );
        }
    }
}
