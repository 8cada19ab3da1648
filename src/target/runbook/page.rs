//! What all chapters of a page share: sentences, names of things, folders, machines.

use crate::catalog::{Hosting, Reach, TargetName};
use crate::model::derive::ContainerHost;
use crate::model::{Built, Component, ComponentId, End, Model, SecretId, ZoneId};
use crate::target::Input;
use crate::target::compose::stack_needs;

use super::markdown::{code, fence, heading, line};
use super::words::{Seat, Words};
use crate::target::secrets;
use crate::target::shell::quote;

/// The environment that a page is about.
pub(super) struct Page<'a> {
    pub(super) input: &'a Input<'a>,
}

impl<'a> Page<'a> {
    pub(super) fn model(&self) -> &'a Model {
        self.input.model
    }

    /// A sentence, whose values are Markdown already.
    pub(super) fn say(&self, key: &str) -> String {
        self.input.messages.say(&format!("runbook.{key}"), &[])
    }

    /// A sentence with values, which are Markdown already.
    pub(super) fn say_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.input.messages.say(&format!("runbook.{key}"), values)
    }

    /// Sentences as the head of a table.
    pub(super) fn head(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.say(&format!("column.{key}"))).collect()
    }

    /// A chapter under its heading, with an anchor that is the same in every language; nothing when it is empty.
    pub(super) fn chapter(&self, key: &str, body: &str) -> String {
        if body.trim().is_empty() {
            return String::new();
        }
        let title = heading(2, &self.say(&format!("chapter.{key}")));
        format!("<a id=\"{key}\"></a>\n\n{title}\n{}\n", body.trim())
    }

    pub(super) fn component(&self, id: ComponentId) -> &'a Component {
        self.input.model.component(id)
    }

    pub(super) fn hosting(&self, id: ComponentId) -> Hosting {
        self.input.catalog.form(self.component(id).form).hosting
    }

    /// The id and, where it says more, the title of an end.
    pub(super) fn name(&self, end: End) -> String {
        let model = self.input.model;
        let title = match end {
            End::Zone(zone) => &model.zone(zone).title,
            End::Component(component) => &model.component(component).title,
        };
        named(title, model.end_id(end))
    }

    /// The name of what has an id, of a zone or component; the id where nothing has it.
    pub(super) fn name_of_id(&self, id: &str) -> String {
        let model = self.input.model;
        let component = model.components().find(|(_, c)| c.id == id).map(|(id, _)| End::Component(id));
        let zone = || model.zones().find(|(_, zone)| zone.id == id).map(|(id, _)| End::Zone(id));
        component.or_else(zone).map_or_else(|| code(id), |end| self.name(end))
    }

    /// A folder of the output, as seen from the folder of the description.
    pub(super) fn folder(&self, below: &str) -> String {
        let dir = self.input.output_dir.trim_start_matches("./").trim_end_matches('/');
        if dir.is_empty() || dir == "." { below.to_owned() } else { format!("{dir}/{below}") }
    }

    /// The folder of Terraform's files of an environment.
    pub(super) fn terraform_folder(&self, environment: &str) -> String {
        self.folder(&format!("{environment}/terraform"))
    }

    /// The id of the environment.
    pub(super) fn id(&self) -> &'a str {
        &self.input.model.environment().id
    }

    /// Whether Terraform makes anything here.
    pub(super) fn has_terraform(&self) -> bool {
        let model = self.input.model;
        let ours = |built: &Built| *built == Built::By(TargetName::Terraform);
        model.has_target(TargetName::Terraform)
            && (model.components().any(|(_, c)| ours(&c.built)) || model.zones().any(|(_, z)| ours(&z.built)))
    }

    /// Whether Terraform makes a component: it is meant to, and this release knows how.
    pub(super) fn is_made(&self, id: ComponentId) -> bool {
        let component = self.component(id);
        let form = self.input.catalog.form(component.form);
        component.built == Built::By(TargetName::Terraform)
            && (form.hosting != Hosting::Own || form.terraform.is_some())
    }

    /// Whether Terraform asks for a secret: something that it makes uses it, and the provider does not make it.
    pub(super) fn is_asked(&self, id: SecretId, users: &[ComponentId]) -> bool {
        let ours = |id: ComponentId| self.is_made(id) && self.hosting(id) == Hosting::Own;
        users.iter().any(|user| ours(*user)) && secrets::is_given(self.model(), self.input.catalog, id)
    }

    /// Other environments that things are looked up in.
    pub(super) fn shared(&self) -> Vec<&'a str> {
        let model = self.input.model;
        let all = model.components().map(|(_, c)| &c.built).chain(model.zones().map(|(_, z)| &z.built));
        let mut found: Vec<&str> = Vec::new();
        for built in all {
            if let Built::Shared(environment) = built
                && !found.contains(&environment.as_str())
            {
                found.push(environment);
            }
        }
        found
    }

    /// Whether a component is a service of its host's file, not a volume.
    pub(super) fn is_service(&self, host: &ContainerHost, id: ComponentId) -> bool {
        host.components.contains(&id) && self.input.catalog.form(self.component(id).form).reach != Reach::None
    }

    /// The hosts with a compose file.
    pub(super) fn compose_hosts(&self) -> Vec<&'a ContainerHost> {
        if !self.input.model.has_target(TargetName::Compose) {
            return Vec::new();
        }
        let hosts = self.input.facts.machines.iter().filter(|host| !host.swarm);
        hosts.filter(|host| host.components.iter().any(|&id| self.is_service(host, id))).collect()
    }

    /// The swarms to which a stack is deployed.
    pub(super) fn swarms(&self) -> Vec<&'a ContainerHost> {
        let hosts = self.input.facts.machines.iter().filter(|host| host.swarm);
        hosts.filter(|host| !host.components.is_empty()).collect()
    }

    /// The compose host of a component, if it is a service there.
    pub(super) fn compose_host(&self, id: ComponentId) -> Option<&'a ContainerHost> {
        self.compose_hosts().into_iter().find(|host| self.is_service(host, id))
    }

    /// The folder of a host's compose file below the environment's, and the name of its project.
    pub(super) fn compose_place(&self, host: &ContainerHost) -> (String, String) {
        let project = format!("{}-{}", self.model().system().id, self.id());
        match host.zone {
            Some(zone) if self.compose_hosts().len() > 1 => {
                let zone = &self.model().zone(zone).id;
                (self.folder(&format!("{}/{zone}", self.id())), format!("{project}-{zone}"))
            }
            _ => (self.folder(self.id()), project),
        }
    }

    /// The name of a stack in a swarm.
    pub(super) fn stack(&self, host: &ContainerHost) -> String {
        stack_needs(self.input, host).stack
    }

    /// The machine of a host: `None` for the reader's own.
    pub(super) fn remote(&self, host: &ContainerHost) -> Option<Remote> {
        match host.zone {
            Some(zone) => Some(self.machine(zone)),
            None => self.model().environment().host.as_ref().map(|written| {
                let (address, port) = address_and_port(written);
                let (title, address) = (code(written), address.to_owned());
                Remote { title, address, port, find: None, count: 1, zone: None }
            }),
        }
    }

    /// How to log in to a machine.
    pub(super) fn machine(&self, zone: ZoneId) -> Remote {
        let model = self.model();
        let found = model.zone(zone);
        let variable = crate::model::variable_name(&found.id);
        let machine = found.machine();
        let os = machine.map_or("", |machine| machine.os.as_str());
        let user = LOGINS.iter().find(|(start, _)| os.starts_with(start)).map_or("root", |(_, user)| user);
        let count = machine.map_or(1, |machine| machine.replicas.min.max(1));
        let open = model.tier(End::Zone(zone)).is_none_or(|tier| {
            matches!(model.zone(tier).detail, crate::model::ZoneDetail::Tier(crate::model::Access::Public))
        });
        let elastic = machine.is_some_and(|machine| machine.elastic);
        let find = (found.built == Built::By(TargetName::Terraform) && !elastic).then(|| {
            let kind = if open { "public" } else { "private" };
            let output = format!("{}_{kind}_ips", found.name());
            let folder = self.terraform_folder(self.id());
            format!(
                "{variable}={user}@$(terraform -chdir={folder} output -json {output} | jq -r 'first(.[])')"
            )
        });
        let find = find.or_else(|| Some(format!("{variable}={user}@{}", self.say("address"))));
        Remote {
            title: named(&found.title, &found.id),
            address: format!("${variable}"),
            port: None,
            find,
            count,
            zone: Some(zone),
        }
    }

    /// Commands with what is said before them; nothing without commands.
    pub(super) fn shell(&self, sentence: &str, commands: &[String]) -> String {
        if commands.is_empty() {
            return String::new();
        }
        let sentence = if sentence.is_empty() { String::new() } else { format!("{sentence}\n\n") };
        format!("{sentence}{}\n", fence("sh", &commands.join("\n")))
    }

    /// A command of the catalog in the words of a seat.
    pub(super) fn command(&self, id: ComponentId, key: &str, seat: Seat) -> Option<String> {
        let component = self.component(id);
        let kind = self.input.catalog.kind(component.kind);
        let commands = kind.form(component.form).map_or(&kind.runbook, |used| &used.runbook);
        let words = Words { input: self.input, seat };
        let mut context =
            crate::target::attributes::context(id, self.input.model, self.input.catalog, &words);
        if let Seat::Inside(_) = seat
            && let Some(port) = component.port()
        {
            context.insert("port".into(), serde_json::json!(port.number));
        }
        // What the author wrote is one word of the shell; what stands for a secret is quoted already.
        if let Some(settings) = context.get_mut("settings").and_then(serde_json::Value::as_object_mut) {
            for (name, value) in settings {
                let plain = component.settings.iter().any(|(key, setting)| {
                    key == name
                        && matches!(setting, crate::model::Setting::Text(text) if text.references().next().is_none())
                });
                if plain && let Some(text) = value.as_str() {
                    *value = serde_json::json!(quote(text));
                }
            }
        }
        let text = crate::template::render(commands.get(key)?, &serde_json::Value::Object(context)).ok()?;
        let environment = match &component.built {
            Built::Shared(environment) => environment,
            _ => self.id(),
        };
        let output = format!("terraform -chdir={} output", self.terraform_folder(environment));
        let text = text.trim().replace("terraform output", &output);
        (!text.is_empty()).then_some(text)
    }
}

/// Who logs in, by the first letters of an operating system.
const LOGINS: [(&str, &str); 4] =
    [("ubuntu", "ubuntu"), ("debian", "admin"), ("amazon", "ec2-user"), ("al20", "ec2-user")];

/// A machine that is reached by ssh.
pub(super) struct Remote {
    /// Its name, as Markdown.
    pub(super) title: String,
    /// What stands behind `ssh`: an address, or a variable of the shell.
    pub(super) address: String,
    /// The port of ssh, where it is not the usual one.
    pub(super) port: Option<u16>,
    /// Sets that variable.
    pub(super) find: Option<String>,
    /// How many equal ones there are.
    pub(super) count: u32,
    /// Its zone.
    pub(super) zone: Option<ZoneId>,
}

impl Remote {
    /// The address, fit for a shell.
    pub(super) fn quoted(&self) -> String {
        if self.zone.is_some() { format!("\"{}\"", self.address) } else { quote(&self.address) }
    }

    /// What logs in there.
    pub(super) fn ssh(&self) -> String {
        let port = self.port.map(|port| format!(" -p {port}")).unwrap_or_default();
        format!("ssh{port} {}", self.quoted())
    }

    /// What copies files there or from there, without them.
    pub(super) fn scp(&self) -> String {
        self.port.map_or_else(|| "scp".to_owned(), |port| format!("scp -P {port}"))
    }
}

/// An address of ssh with the port behind it, where there is one; an IPv6 address stands in brackets then.
fn address_and_port(written: &str) -> (&str, Option<u16>) {
    let Some((address, port)) = written.rsplit_once(':') else { return (written, None) };
    let host = address.rsplit_once('@').map_or(address, |(_, host)| host);
    match port.parse::<u16>() {
        Ok(port) if !host.contains(':') || host.ends_with(']') => (address, Some(port)),
        _ => (written, None),
    }
}

/// A title with its id, where they are not the same.
pub(super) fn named(title: &str, id: &str) -> String {
    let same = title.is_empty() || title.to_lowercase() == id.to_lowercase();
    if same { code(id) } else { format!("{} ({})", line(title), code(id)) }
}
