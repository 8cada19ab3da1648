//! What all chapters of a page share: sentences, names of things, folders, machines.

use crate::catalog::{Hosting, Reach, TargetName};
use crate::model::derive::{ContainerHost, Delivery, Rule, Source, StoreInstall};
use crate::model::{Built, Component, ComponentId, End, Model, SecretId, ZoneId, os};
use crate::target::Input;
use crate::target::compose;

use super::markdown::{code, fence, heading, line};
use super::words::{Seat, Words};
use crate::target::host;
use crate::target::secrets;
use crate::target::shell::quote;

/// The environment that a page is about.
pub(in crate::target) struct Page<'a> {
    pub(in crate::target) input: &'a Input<'a>,
}

impl<'a> Page<'a> {
    pub(in crate::target) fn model(&self) -> &'a Model {
        self.input.model
    }

    /// A sentence, whose values are Markdown already.
    pub(in crate::target) fn say(&self, key: &str) -> String {
        self.input.messages.say(&format!("runbook.{key}"), &[])
    }

    /// A sentence with values, which are Markdown already.
    pub(in crate::target) fn say_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.input.messages.say(&format!("runbook.{key}"), values)
    }

    /// Sentences as the head of a table.
    pub(in crate::target) fn head(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.say(&format!("column.{key}"))).collect()
    }

    /// A chapter under its heading, with an anchor that is the same in every language; nothing when it is empty.
    pub(in crate::target) fn chapter(&self, key: &str, body: &str) -> String {
        if body.trim().is_empty() {
            return String::new();
        }
        let title = heading(2, &self.say(&format!("chapter.{key}")));
        format!("<a id=\"{key}\"></a>\n\n{title}\n{}\n", body.trim())
    }

    pub(in crate::target) fn component(&self, id: ComponentId) -> &'a Component {
        self.input.model.component(id)
    }

    pub(in crate::target) fn hosting(&self, id: ComponentId) -> Hosting {
        self.input.catalog.form(self.component(id).form).hosting
    }

    /// The id and, where it says more, the title of an end.
    pub(in crate::target) fn name(&self, end: End) -> String {
        let model = self.input.model;
        let title = match end {
            End::Zone(zone) => &model.zone(zone).title,
            End::Component(component) => &model.component(component).title,
        };
        named(title, model.end_id(end))
    }

    /// The name of what has an id, of a zone or component; the id where nothing has it.
    pub(in crate::target) fn name_of_id(&self, id: &str) -> String {
        let model = self.input.model;
        let component = model.components().find(|(_, c)| c.id == id).map(|(id, _)| End::Component(id));
        let zone = || model.zones().find(|(_, zone)| zone.id == id).map(|(id, _)| End::Zone(id));
        component.or_else(zone).map_or_else(|| code(id), |end| self.name(end))
    }

    /// A folder of the output, as seen from the folder of the description.
    pub(in crate::target) fn folder(&self, below: &str) -> String {
        let dir = self.input.output_dir.trim_start_matches("./").trim_end_matches('/');
        if dir.is_empty() || dir == "." { below.to_owned() } else { format!("{dir}/{below}") }
    }

    /// The folder of Terraform's files of an environment.
    pub(in crate::target) fn terraform_folder(&self, environment: &str) -> String {
        self.folder(&format!("{environment}/terraform"))
    }

    /// The id of the environment.
    pub(in crate::target) fn id(&self) -> &'a str {
        &self.input.model.environment().id
    }

    /// Whether Terraform makes anything here.
    pub(in crate::target) fn has_terraform(&self) -> bool {
        let model = self.input.model;
        let ours = |built: &Built| *built == Built::By(TargetName::Terraform);
        model.has_target(TargetName::Terraform)
            && (model.components().any(|(_, c)| ours(&c.built)) || model.zones().any(|(_, z)| ours(&z.built)))
    }

    /// Whether Terraform makes a component: it is meant to, and this release knows how.
    pub(in crate::target) fn is_made(&self, id: ComponentId) -> bool {
        let component = self.component(id);
        let form = self.input.catalog.form(component.form);
        component.built == Built::By(TargetName::Terraform)
            && (form.hosting != Hosting::Own || form.terraform.is_some())
    }

    /// Whether Terraform asks for a secret: something that it makes uses it, and the provider does not make it.
    pub(in crate::target) fn is_asked(&self, id: SecretId, users: &[ComponentId]) -> bool {
        // What starts by itself reads its secrets from the provider's store, too.
        let starts = |id| self.compose_host(id).is_some_and(|host| self.own_start(host).is_some());
        self.is_given(id, users)
            || users.iter().any(|user| starts(*user))
                && secrets::is_given(self.model(), self.input.catalog, id)
    }

    /// Whether Terraform asks for a secret for the sake of what the provider runs, whatever machines start by themselves.
    pub(in crate::target) fn is_given(&self, id: SecretId, users: &[ComponentId]) -> bool {
        users.iter().any(|user| self.is_run(*user)) && secrets::is_given(self.model(), self.input.catalog, id)
    }

    /// Whether the form of a store is a machine on which somebody has to install it.
    pub(in crate::target) fn is_by_hand(&self, id: ComponentId) -> bool {
        self.input.facts.store_install(id) == Some(StoreInstall::ByHand)
    }

    /// Whether Terraform sees to it that a component runs, not only that there is a machine on which somebody installs it.
    pub(in crate::target) fn is_run(&self, id: ComponentId) -> bool {
        self.is_made(id) && self.hosting(id) == Hosting::Own && !self.is_by_hand(id)
    }

    /// Other environments that things are looked up in.
    pub(in crate::target) fn shared(&self) -> Vec<&'a str> {
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
    pub(in crate::target) fn is_service(&self, host: &ContainerHost, id: ComponentId) -> bool {
        host.components.contains(&id) && self.input.catalog.form(self.component(id).form).reach != Reach::None
    }

    /// The hosts with a compose file.
    pub(in crate::target) fn compose_hosts(&self) -> Vec<&'a ContainerHost> {
        if !self.input.model.has_target(TargetName::Compose) {
            return Vec::new();
        }
        let hosts = self.input.facts.machines.iter().filter(|host| !host.is_spread());
        hosts.filter(|host| host.components.iter().any(|&id| self.is_service(host, id))).collect()
    }

    /// The swarms to which a stack is deployed.
    pub(in crate::target) fn swarms(&self) -> Vec<&'a ContainerHost> {
        let hosts = self.input.facts.machines.iter().filter(|host| host.swarm);
        hosts.filter(|host| !host.components.is_empty()).collect()
    }

    /// The clusters to which manifests are applied.
    pub(in crate::target) fn clusters(&self) -> Vec<&'a ContainerHost> {
        let hosts = self.input.facts.machines.iter().filter(|host| host.cluster);
        hosts.filter(|host| !host.components.is_empty()).collect()
    }

    /// The compose host of a component, if it is a service there.
    pub(in crate::target) fn compose_host(&self, id: ComponentId) -> Option<&'a ContainerHost> {
        self.compose_hosts().into_iter().find(|host| self.is_service(host, id))
    }

    /// The folder of a host's compose file below the environment's, and the name of its project.
    pub(in crate::target) fn compose_place(&self, host: &ContainerHost) -> (String, String) {
        let (folder, project) = compose::folder(self.input, host);
        (self.folder(&folder), project)
    }

    /// How the machines of a host start its containers by themselves, where they do.
    pub(in crate::target) fn own_start(&self, host: &ContainerHost) -> Option<host::Start> {
        host::starts(self.input, host.zone?)
    }

    /// The name of a stack in a swarm.
    pub(in crate::target) fn stack(&self, host: &ContainerHost) -> String {
        compose::folder(self.input, host).1
    }

    /// The machine of a host: `None` for the reader's own.
    pub(in crate::target) fn remote(&self, host: &ContainerHost) -> Option<Remote> {
        match host.zone {
            Some(zone) => Some(self.machine(zone)),
            None => self.model().environment().host.as_ref().map(|written| {
                let (address, port) = address_and_port(written);
                let (title, address) = (code(written), address.to_owned());
                Remote {
                    title,
                    address,
                    user: String::new(),
                    port,
                    find: None,
                    through: None,
                    count: 1,
                    zone: None,
                }
            }),
        }
    }

    /// Whether a machine has an address that the internet reaches.
    pub(in crate::target) fn is_public(&self, zone: ZoneId) -> bool {
        let model = self.model();
        model.tier(End::Zone(zone)).is_none_or(|tier| {
            matches!(model.zone(tier).detail, crate::model::ZoneDetail::Tier(crate::model::Access::Public))
        })
    }

    /// Whether a rule lets ssh reach a machine.
    pub(in crate::target) fn is_opened(&self, zone: ZoneId) -> bool {
        self.input.facts.rules.iter().any(|rule| rule.to == End::Zone(zone) && rule.protocol == "ssh")
    }

    /// How to log in to a machine.
    pub(in crate::target) fn machine(&self, zone: ZoneId) -> Remote {
        let model = self.model();
        let found = model.zone(zone);
        let variable = crate::model::variable_name(&found.id);
        let machine = found.machine();
        let system = machine.map_or("", |machine| machine.os.as_str());
        let user = os::of(system).map_or("root", |os| os.login);
        let count = machine.map_or(1, |machine| machine.replicas.min.max(1));
        let open = self.is_public(zone);
        let elastic = machine.is_some_and(|machine| machine.elastic);
        let through = self.through(zone).filter(|_| !elastic && !open);
        let find = (found.built == Built::By(TargetName::Terraform) && !elastic).then(|| {
            if let Some(Through::Session(_)) = &through
                && let Some(find) = zone_command(self, zone, "find")
            {
                return format!("{variable}={user}@$({find})");
            }
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
            user: user.to_string(),
            port: None,
            find,
            through,
            count,
            zone: Some(zone),
        }
    }

    /// How ssh gets to a machine that Terraform makes without an address outside: over the machine that a rule lets in, else
    /// through the provider. `None` where somebody else inside of the network is let in, such as a tunnel's end.
    fn through(&self, zone: ZoneId) -> Option<Through> {
        let opened = |rule: &&Rule| rule.to == End::Zone(zone) && rule.protocol == "ssh";
        let mut inside = self.input.facts.rules.iter().filter(opened).filter_map(|rule| match rule.from {
            Source::Inside(end) => Some(end),
            _ => None,
        });
        if inside.clone().next().is_none() {
            return zone_command(self, zone, "through").map(Through::Session);
        }
        inside.find_map(|end| {
            let End::Component(id) = end else { return None };
            let connect = self.command(id, "connect", Seat::Own)?;
            let address = connect.strip_prefix("ssh ")?.to_owned();
            let variable = crate::model::variable_name(&self.component(id).id);
            Some(Through::Jump { title: self.name(End::Component(id)), variable, address })
        })
    }

    /// Commands with what is said before them; nothing without commands.
    pub(in crate::target) fn shell(&self, sentence: &str, commands: &[String]) -> String {
        if commands.is_empty() {
            return String::new();
        }
        let sentence = if sentence.is_empty() { String::new() } else { format!("{sentence}\n\n") };
        format!("{sentence}{}\n", fence("sh", &commands.join("\n")))
    }

    /// A command of the catalog in the words of a seat.
    pub(in crate::target) fn command(&self, id: ComponentId, key: &str, seat: Seat) -> Option<String> {
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
        let repository = self.input.facts.delivery(id) == Some(Delivery::Repository);
        context.insert("repository_made".into(), serde_json::json!(repository));
        let public = self.model().is_public(End::Component(id));
        context.insert("public".into(), serde_json::json!(public));
        context.insert("rollout".into(), serde_json::json!(self.input.facts.rollout(id).is_some()));
        // A resource is addressed from the environment's folder, whatever module it is in.
        context
            .insert("address".into(), serde_json::json!(crate::target::terraform::address(self.input, "")));
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
        let start = format!("terraform -chdir={}", self.terraform_folder(environment));
        let at =
            |text: &str, word: &str| text.replace(&format!("terraform {word}"), &format!("{start} {word}"));
        let text = at(&at(text.trim(), "output"), "apply");
        (!text.is_empty()).then_some(text)
    }
}

/// A machine that is reached by ssh.
pub(in crate::target) struct Remote {
    /// Its name, as Markdown.
    pub(in crate::target) title: String,
    /// What stands behind `ssh`: an address, or a variable of the shell.
    pub(in crate::target) address: String,
    /// Who logs in; empty where the address says it.
    pub(in crate::target) user: String,
    /// The port of ssh, where it is not the usual one.
    pub(in crate::target) port: Option<u16>,
    /// Sets that variable.
    pub(in crate::target) find: Option<String>,
    /// How ssh gets there, where the machine has no address that the internet reaches.
    pub(in crate::target) through: Option<Through>,
    /// How many equal ones there are.
    pub(in crate::target) count: u32,
    /// Its zone.
    pub(in crate::target) zone: Option<ZoneId>,
}

/// A way of ssh to a machine without an address outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) enum Through {
    /// Over a machine that can be reached: its name as Markdown, the variable with its address, what sets it.
    Jump { title: String, variable: String, address: String },
    /// Through the provider, which leads a connection to the machine by this command.
    Session(String),
}

impl Through {
    /// The variable that must be set before.
    pub(super) fn sets(&self) -> String {
        match self {
            Through::Jump { variable, address, .. } => format!("{variable}={address}"),
            Through::Session(command) => format!("WAY=\"ProxyCommand={command}\""),
        }
    }

    fn option(&self) -> String {
        match self {
            Through::Jump { variable, .. } => format!(" -J \"${variable}\""),
            Through::Session(_) => " -o \"$WAY\"".to_owned(),
        }
    }
}

impl Remote {
    fn option(&self) -> String {
        self.through.as_ref().map(Through::option).unwrap_or_default()
    }

    /// The address, fit for a shell.
    pub(in crate::target) fn quoted(&self) -> String {
        if self.zone.is_some() { format!("\"{}\"", self.address) } else { quote(&self.address) }
    }

    /// What logs in there.
    pub(in crate::target) fn ssh(&self) -> String {
        let port = self.port.map(|port| format!(" -p {port}")).unwrap_or_default();
        format!("ssh{}{port} {}", self.option(), self.quoted())
    }

    /// What copies files there or from there, without them.
    pub(in crate::target) fn scp(&self) -> String {
        let port = self.port.map(|port| format!(" -P {port}")).unwrap_or_default();
        format!("scp{}{port}", self.option())
    }
}

/// A command that the form of a zone gives, where Terraform makes the zone.
pub(super) fn zone_command(page: &Page, id: ZoneId, key: &str) -> Option<String> {
    let zone = page.model().zone(id);
    if zone.built != Built::By(TargetName::Terraform) {
        return None;
    }
    let text = page.input.catalog.form(zone.form?).runbook.get(key)?;
    let command = crate::template::render(text, &serde_json::json!({ "name": zone.name() })).ok()?;
    let folder = page.terraform_folder(page.id());
    Some(command.replace("terraform output", &format!("terraform -chdir={folder} output")))
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
pub(in crate::target) fn named(title: &str, id: &str) -> String {
    let same = title.is_empty() || title.to_lowercase() == id.to_lowercase();
    if same { code(id) } else { format!("{} ({})", line(title), code(id)) }
}
