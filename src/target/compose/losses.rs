//! What a compose file cannot say, collected while it is written.

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::derive::ContainerHost;
use crate::model::{Component, ComponentId, Loss};
use crate::source::Span;
use crate::target::Input;
use crate::target::attributes::Unknown;
use crate::template::messages::Messages;

use super::service::Place;

/// Rows of the loss report, and mistakes.
pub(super) struct Losses<'a> {
    messages: &'a Messages,
    target: &'static str,
    pub(super) rows: Vec<Loss>,
    pub(super) diagnostics: Diagnostics,
}

impl<'a> Losses<'a> {
    /// None yet.
    pub(super) fn new(messages: &'a Messages, target: &'static str) -> Self {
        Losses { messages, target, rows: Vec::new(), diagnostics: Diagnostics::default() }
    }

    /// A row about a component, by the key of its sentences.
    pub(super) fn add(&mut self, component: &Component, key: &str, values: &[(&str, &str)]) {
        let mut values = values.to_vec();
        values.push(("id", &component.id));
        values.push(("title", &component.title));
        let row = Loss {
            target: self.target.to_owned(),
            element: component.id.clone(),
            what: self.messages.say(&format!("{}.loss.{key}.what", self.target), &values),
            why: self.messages.say(&format!("{}.loss.{key}.why", self.target), &values),
        };
        if !self.rows.contains(&row) {
            self.rows.push(row);
        }
    }

    /// A value that a reference has not, here.
    pub(super) fn unknown(&mut self, component: &Component, name: &str, unknown: &Unknown) {
        let reference = format!("{}.{}", unknown.element, unknown.attribute);
        let cause = unknown.cause.clone().unwrap_or_default();
        self.add(component, "unknown", &[("name", name), ("reference", &reference), ("cause", &cause)]);
    }

    /// Neither the author nor the kind names an image.
    pub(super) fn no_image(&mut self, component: &Component) {
        self.diagnostics.push(
            Diagnostic::error(
                "no-image",
                component.span,
                format!("`{}` is a container, but nothing says from which image", component.id),
            )
            .hint("add `image: NAME:TAG`, or `build: FOLDER` with a Dockerfile in it"),
        );
    }

    /// Sources that no node of a swarm can turn into an image.
    pub(super) fn no_registry(&mut self, component: &Component) {
        self.diagnostics.push(
            Diagnostic::error(
                "no-registry",
                component.span,
                format!("`{}` is built, but the nodes of a swarm can only pull its image", component.id),
            )
            .hint(
                "add a component of the kind registry, or `image: REGISTRY/NAME:TAG`; with `deliver: build` every \
                 node builds it, with `deliver: copy` somebody loads it there",
            ),
        );
    }

    /// Ports that the author wrote for an image that listens on its own only.
    pub(super) fn fixed_ports(&mut self, place: &Place, component: &Component) {
        let kind = place.input.catalog.kind(component.kind);
        let specs = kind.form(component.form).map_or(&kind.ports, |form| &form.ports);
        for port in &component.ports {
            let spec = specs.iter().find(|spec| spec.name == port.name);
            if let Some(number) = spec.and_then(|spec| spec.number).filter(|number| *number != port.number) {
                self.diagnostics.push(
                    Diagnostic::error(
                        "fixed-port",
                        component.span,
                        format!("the image of `{}` listens on port {number} and on no other", component.id),
                    )
                    .hint(format!("delete `port: {}`; `publish` sets the port of the host", port.number)),
                );
            }
        }
    }

    /// A file that cannot have its name.
    pub(super) fn bad_path(&mut self, input: &Input, host: &ContainerHost, message: &str) {
        let first = host.components.iter().chain(&host.software).next();
        let span = first.map_or(Span::default(), |id| input.model.component(*id).span);
        self.diagnostics.push(
            Diagnostic::error("bad-path", span, message.to_owned())
                .hint("give the environment, the zone or the component a shorter id"),
        );
    }

    /// What a container does not have of its component, whatever it is.
    pub(super) fn of_component(&mut self, place: &Place, id: ComponentId) {
        let component = place.model().component(id);
        let copies = place.input.facts.copies(id).len() as u32;
        let replicas = component.replicas;
        let follows = place.host.cluster && component.scale_on.is_some();
        if (component.scale_on.is_some() || replicas.max > replicas.min) && !follows {
            let (min, max) = (replicas.min.to_string(), replicas.max.to_string());
            self.add(component, "scale", &[("min", &min), ("max", &max)]);
        }
        if replicas.min > copies.max(1) {
            self.add(component, "replicas", &[("count", &replicas.min.to_string())]);
        }
        if let Some(store) = &component.store {
            if store.standby {
                self.add(component, "standby", &[]);
            }
            if store.backup.is_some() {
                self.add(component, "backup", &[]);
            }
        }
    }
}
