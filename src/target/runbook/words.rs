//! The words of the person at the keyboard: service names, variables of a shell, outputs of Terraform.

use crate::catalog::{Hosting, TargetName};
use crate::model::derive::{domains, secrets};
use crate::model::{Built, ComponentId, RefRoot, SecretId, Template, VarId, ZoneId, variable_name};
use crate::target::Input;
use crate::target::attributes::{self, Dialect};

use super::page::Page;
use crate::target::shell::quote;

/// Where a command is typed, which decides what a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::target) enum Seat {
    /// In the container of this component.
    Inside(ComponentId),
    /// On the machine whose Docker runs the containers, or in one of its shells.
    Machine,
    /// On the machine of the reader.
    Own,
}

/// The words for one seat.
pub(super) struct Words<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) seat: Seat,
}

impl Words<'_> {
    /// A command of the author; what nobody knows stays as a reference in angle brackets.
    pub(super) fn command(&self, template: &Template) -> String {
        let one = |part: &crate::model::Part| {
            let alone = Template { parts: vec![part.clone()], span: template.span };
            attributes::text(&alone, self.input.model, self.input.catalog, self)
                .unwrap_or_else(|unknown| format!("<{}.{}>", unknown.element, unknown.attribute))
        };
        template.parts.iter().map(one).collect()
    }

    /// What Terraform says of an attribute; `None` where Terraform does not make the element.
    fn output(&self, name: &str, attribute: &str, built: &Built) -> Option<String> {
        let page = Page { input: self.input };
        let environment = match built {
            Built::By(TargetName::Terraform) => page.id(),
            Built::Shared(environment) => environment,
            _ => return None,
        };
        let folder = page.terraform_folder(environment);
        Some(format!("$(terraform -chdir={folder} output -raw {name}_{attribute})"))
    }

    /// The address of something that Terraform makes or finds, as it is known where the state of Terraform is.
    pub(super) fn address(&self, id: ComponentId) -> Option<String> {
        let component = self.input.model.component(id);
        self.output(&component.name(), "host", &component.built)
    }

    fn host(&self, id: ComponentId) -> Option<String> {
        let component = self.input.model.component(id);
        let hosting = self.input.catalog.form(component.form).hosting;
        if hosting == Hosting::External {
            if component.setting("host").is_some() {
                return None;
            }
            if let Some(url) = component.setting_text("url") {
                return Some(quote(host_of_url(&url)));
            }
            if let Some(name) = component.setting_text("name") {
                return Some(quote(&name));
            }
        }
        if let Some(domain) = domain(self.input, id) {
            return Some(quote(&domain));
        }
        if hosting == Hosting::Container {
            return Some(match self.seat {
                Seat::Inside(other) if other != id => component.id.clone(),
                Seat::Inside(_) | Seat::Own | Seat::Machine => "localhost".to_owned(),
            });
        }
        if hosting == Hosting::Host {
            return Some("localhost".to_owned());
        }
        // Its address means something in its own network alone, where no state of Terraform lies.
        Some(format!("\"${}\"", variable_name(&format!("{}-host", component.id))))
    }
}

impl Dialect for Words<'_> {
    fn secret(&self, secret: SecretId) -> String {
        let variable = self.input.model.secret(secret).variable();
        match self.seat {
            Seat::Inside(id) => match inside_name(self.input, id, secret) {
                Some(name) if has_file(self.input, id, &name) => {
                    format!("\"$(cat /run/secrets/{})\"", self.input.model.secret(secret).id)
                }
                name => format!("\"${}\"", name.unwrap_or(variable)),
            },
            Seat::Machine | Seat::Own => format!("\"${variable}\""),
        }
    }

    fn secret_file(&self, secret: SecretId) -> Option<String> {
        Some(format!("/run/secrets/{}", self.input.model.secret(secret).id))
    }

    fn var(&self, var: VarId) -> String {
        let var = self.input.model.var(var);
        var.value.clone().unwrap_or_else(|| format!("${}", var.variable()))
    }

    fn attribute(&self, id: ComponentId, attribute: &str) -> Option<String> {
        let component = self.input.model.component(id);
        match attribute {
            "host" => self.host(id),
            "port" if self.seat != Seat::Inside(id) => {
                let main = component.port()?.number;
                let row = self.input.facts.published(id).find(|row| row.port == main)?;
                row.host_port.map(|port| port.to_string())
            }
            "port" => None,
            other => {
                let form = self.input.catalog.form(component.form);
                form.attributes.get(&TargetName::Terraform)?.get(other)?;
                self.output(&component.name(), other, &component.built)
            }
        }
    }

    fn zone_attribute(&self, id: ZoneId, attribute: &str) -> Option<String> {
        let zone = self.input.model.zone(id);
        match attribute {
            "id" => Some(zone.id.clone()),
            other => self.output(&zone.name(), other, &zone.built),
        }
    }
}

/// The variable that holds a secret inside a container: the kind's own container says so.
fn inside_name(input: &Input, id: ComponentId, secret: SecretId) -> Option<String> {
    let component = input.model.component(id);
    let held = component.own_secrets.iter().find(|(_, own)| *own == secret).map(|(name, _)| name.as_str());
    let name = if component.password == Some(secret) { Some("password") } else { held }?;
    let container = input.catalog.kind(component.kind).container.as_ref()?;
    let environment = container.as_map()?.get("environment")?.as_map()?;
    let pattern = format!("{{{{ {name} }}}}");
    let entry = environment.entries.iter().find(|entry| entry.value.as_str() == Some(pattern.as_str()))?;
    Some(entry.key.value.clone())
}

/// Whether a swarm hands a variable of a container over as a file: then its shell does not know it.
fn has_file(input: &Input, id: ComponentId, variable: &str) -> bool {
    let files = input.catalog.kind(input.model.component(id).kind).container.as_ref();
    let files = files.and_then(|container| container.get("secret_files"));
    input.facts.host(id).is_some_and(|host| host.swarm)
        && files.is_some_and(|files| files.get(variable).is_some())
}

/// The first domain name that leads to a component.
pub(in crate::target) fn domain(input: &Input, id: ComponentId) -> Option<String> {
    domains(input.model, input.catalog, id, false).into_iter().next()
}

/// The secrets and variables, and the attributes of what is found elsewhere, that texts of a component name.
pub(super) fn references(input: &Input, id: ComponentId) -> Vec<(RefRoot, String)> {
    let texts = secrets::texts(input.model.component(id));
    texts.iter().flat_map(|text| text.references()).map(|r| (r.root, r.attribute.clone())).collect()
}

/// The host in a URL.
fn host_of_url(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.rsplit_once(':').map_or(host, |(host, _)| host)
}
