//! What a machine's script may name.

use serde_json::{Map, Value, json};

use crate::catalog::{Hosting, TargetName};
use crate::diag::Diagnostics;
use crate::document::tree::Node;
use crate::model::derive::Install;
use crate::model::os::{self, Packages};
use crate::model::{Component, ComponentId, End, Loss, Machine, variable_name};
use crate::target::Input;
use crate::target::attributes::node_value;
use crate::target::compose::{Software, software};
use crate::target::shell::{quote, quoted};
use crate::target::terraform;
use crate::template;

use super::own::{self, Obstacle, Start};
use super::store;

/// Ends a text that is written into a file.
const END: &str = "END_OF_FILE";

/// A value that only the provider knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name in the script.
    pub name: String,
    /// Whose attribute it is.
    pub component: ComponentId,
    /// Its value, in the words of Terraform.
    pub value: String,
    /// Whether the script does without it once it has run.
    pub once: bool,
}

/// A script before it is text.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// What the template may name.
    pub(super) context: Map<String, Value>,
    /// What it must be told.
    pub(super) variables: Vec<Variable>,
    pub(super) losses: Vec<Loss>,
    pub(super) diagnostics: Diagnostics,
    /// Texts that are put in when the rest is tidy: each stands for the line that names its number.
    texts: Vec<String>,
}

impl Script {
    /// Takes a text in and stands for it.
    fn keep(&mut self, text: &str) -> String {
        self.texts.push(text.trim_matches('\n').to_owned());
        format!("\u{1}{}", self.texts.len() - 1)
    }

    /// The variable for the address of a component; `None`, with a row of the loss report, when nobody knows it.
    fn demand(&mut self, input: &Input, machine: &str, component: ComponentId) -> Option<String> {
        let id = &input.model.component(component).id;
        let name = variable_name(&format!("{id}-host"));
        if self.variables.iter().any(|known| known.name == name) {
            return Some(name);
        }
        let Some(value) = terraform::value(input, component, "host") else {
            self.losses.push(super::loss(input, machine, "address", &[("id", id), ("machine", machine)]));
            return None;
        };
        self.variables.push(Variable { name: name.clone(), component, value, once: false });
        Some(name)
    }

    /// The variable for the number of a disk; `None` where nobody makes it.
    fn disk(&mut self, input: &Input, component: ComponentId) -> Option<String> {
        let name = variable_name(&format!("{}-disk", input.model.component(component).id));
        let value = terraform::value(input, component, "of_machine")?;
        self.variables.push(Variable { name: name.clone(), component, value, once: true });
        Some(name)
    }

    /// The final text: one blank line at most between two, and every text in its place.
    pub(super) fn finish(&self, rendered: &str) -> String {
        let mut out = String::new();
        let mut blank = false;
        for line in rendered.lines().map(str::trim_end) {
            let text =
                line.strip_prefix('\u{1}').and_then(|number| self.texts.get(number.parse::<usize>().ok()?));
            if line.is_empty() {
                blank = !out.is_empty();
                continue;
            }
            // A text of a file begins where its command ends.
            if blank && text.is_none() && !line.starts_with("  ") && line != "fi" && line != "}" {
                out.push('\n');
            }
            blank = false;
            out.push_str(text.map_or(line, String::as_str));
            out.push('\n');
        }
        out
    }
}

/// The script of a machine; `None` for an operating system that archgen cannot install on.
pub(super) fn of(input: &Input, install: &Install) -> Option<Script> {
    let model = input.model;
    let zone = model.zone(install.zone);
    let machine = zone.machine()?;
    let system = os::of(&machine.os)?;
    let apt = system.packages == Packages::Apt;
    let mut script = Script::default();
    let programs: Vec<Program> = install.software.iter().filter_map(|id| program(input, *id)).collect();
    let shares: Vec<Value> = install
        .shares
        .iter()
        .filter_map(|(share, folder)| {
            let variable = script.demand(input, &zone.id, *share)?;
            Some(json!({ "source": format!("\"${{{variable}}}:/\""), "folder": quote(folder) }))
        })
        .collect();
    let disks: Vec<Value> = install
        .disks
        .iter()
        .filter_map(|(disk, folder)| {
            let variable = script.disk(input, *disk)?;
            let device = install.device(*disk)?;
            let volume = format!("\"${{{variable}:-}}\"");
            Some(json!({ "number": volume, "device": quote(&device), "folder": quote(folder) }))
        })
        .collect();
    let software: Vec<Value> =
        programs.iter().filter_map(|program| routes(input, &zone.id, program, &mut script)).collect();
    let certificates: Vec<Value> =
        programs.iter().filter_map(|program| certificate(input, install, program, &programs)).collect();
    let filled =
        software.iter().any(|program| program["names"].as_str().is_some_and(|names| !names.is_empty()));
    let mut context = Map::new();
    context.insert("title".into(), json!(zone.title));
    context
        .insert("say".into(), input.messages.context().pointer("/host/script").cloned().unwrap_or_default());
    context.insert("family".into(), json!(if apt { "apt" } else { "dnf" }));
    context.insert("login".into(), json!(system.login));
    context.insert("docker".into(), json!(install.docker));
    context.insert("docker_folder".into(), json!(system.docker));
    context.insert("packages".into(), json!(packages(input, install, machine, &programs, (apt, filled))));
    context.insert("shares".into(), Value::Array(shares));
    context.insert("disks".into(), Value::Array(disks));
    context.insert("files".into(), Value::Array(files(machine, &mut script)));
    context.insert("certificates".into(), Value::Array(certificates));
    context.insert("software".into(), Value::Array(software));
    context.insert("run".into(), json!(machine.setup.run));
    context.insert("start".into(), start(input, install, &mut script));
    let variables = script.variables.iter().map(|variable| {
        let title = &model.component(variable.component).title;
        let demand = if variable.once { String::new() } else { format!(": \"${{{}:?}}\"", variable.name) };
        json!({ "name": variable.name, "title": title, "demand": demand, "once": variable.once })
    });
    context.insert("variables".into(), Value::Array(variables.collect()));
    script.context = context;
    Some(script)
}

/// How the machine starts its containers by itself; null where somebody else does it, or it cannot.
fn start(input: &Input, install: &Install, script: &mut Script) -> Value {
    let machine = &input.model.zone(install.zone).id;
    let start = match own::of(input, install) {
        None => return Value::Null,
        Some(Err(Obstacle::Sources(of))) => {
            let of: Vec<&str> = of.iter().map(|id| input.model.component(*id).id.as_str()).collect();
            let values = [("machine", machine.as_str()), ("of", &of.join(", "))];
            script.losses.push(super::loss(input, machine, "sources", &values));
            return Value::Null;
        }
        Some(Err(Obstacle::Value(name))) => {
            let values = [("machine", machine.as_str()), ("name", &name)];
            script.losses.push(super::loss(input, machine, "value", &values));
            return Value::Null;
        }
        Some(Ok(start)) => start,
    };
    words(&start, script)
}

/// What the template says of starting containers.
fn words(start: &Start, script: &mut Script) -> Value {
    let files: Vec<Value> = start
        .files
        .iter()
        .map(|(path, text)| json!({ "path": quote(path), "end": end_of(text), "text": script.keep(text) }))
        .collect();
    let secrets: Vec<Value> = start
        .secrets
        .iter()
        .map(|kept| json!({ "name": kept.name, "key": kept.key, "encoded": kept.encoded }))
        .collect();
    json!({
        "project": start.project,
        "files": files,
        "values": start.values.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "secrets": secrets,
        "logins": start.logins,
    })
}

/// The script of a machine that is there for one store.
pub(super) fn of_store(input: &Input, id: ComponentId) -> Option<Script> {
    let start = own::store(input, id)?;
    let component = input.model.component(id);
    let system = os::of(input.catalog.form(component.form).machine.as_deref()?)?;
    let apt = system.packages == Packages::Apt;
    let mut packages = vec!["curl"];
    packages.extend(apt.then_some("ca-certificates"));
    packages.extend(start.secrets.iter().any(own::Kept::takes_jq).then_some("jq"));
    packages.sort_unstable();
    let mut script = Script::default();
    let (variable, disk) = store::disk(input, id)?;
    let start = words(&start, &mut script);
    let mut context = json!({
        "title": component.title,
        "say": input.messages.context().pointer("/host/script"),
        "family": if apt { "apt" } else { "dnf" },
        "login": system.login,
        "docker": true,
        "docker_folder": system.docker,
        "packages": packages,
        "disk": own::data_folder(&component.id),
        "disks": [disk],
        "variables": store::told(input, &variable),
        "start": start,
    });
    script.variables.push(variable);
    for list in ["shares", "files", "certificates", "software", "run"] {
        context[list] = json!([]);
    }
    script.context = context.as_object().cloned().unwrap_or_default();
    Some(script)
}

/// A program of the machine's own system.
struct Program<'a> {
    id: ComponentId,
    component: &'a Component,
    /// What its kind says about its form.
    data: &'a Node,
}

impl Program<'_> {
    fn word(&self, key: &str) -> Option<&str> {
        self.data.get(key).and_then(Node::as_str)
    }
}

fn program<'a>(input: &'a Input, id: ComponentId) -> Option<Program<'a>> {
    let component = input.model.component(id);
    let used = input.catalog.kind(component.kind).form(component.form)?;
    let data = used.data_by(|name| component.setting_text(name));
    Some(Program { id, component, data })
}

/// All packages, each once: what the steps need, the programs', the author's.
fn packages(
    input: &Input,
    install: &Install,
    machine: &Machine,
    programs: &[Program],
    (apt, filled): (bool, bool),
) -> Vec<String> {
    let mut all: Vec<&str> = Vec::new();
    if apt {
        all.extend(["ca-certificates", "curl"]);
    }
    if install.docker && input.model.system().repository.is_some() {
        all.push("git");
    }
    if !install.shares.is_empty() {
        all.push(if apt { "nfs-common" } else { "nfs-utils" });
    }
    if filled {
        all.push(if apt { "gettext-base" } else { "gettext" });
    }
    if own::of(input, install)
        .is_some_and(|start| start.is_ok_and(|s| s.secrets.iter().any(own::Kept::takes_jq)))
    {
        all.push("jq");
    }
    all.extend(programs.iter().filter_map(|program| program.word("package")));
    all.extend(machine.setup.packages.iter().map(String::as_str));
    let mut found: Vec<String> = Vec::new();
    for package in all.into_iter().map(quote) {
        if !found.contains(&package) {
            found.push(package);
        }
    }
    found
}

/// A program with a configuration and a service.
fn routes(input: &Input, machine: &str, program: &Program, script: &mut Script) -> Option<Value> {
    let service = program.word("service")?;
    let host = input.facts.host(program.id)?;
    let Software { text, path, variables, losses, diagnostics } = software(input, host, program.id);
    // Where compose writes, it says itself what the configuration lacks.
    if !input.model.has_target(TargetName::Compose) {
        script.losses.extend(losses);
    }
    script.diagnostics.extend(diagnostics);
    let mut names = Vec::new();
    for variable in &variables {
        // What a configuration asks for is the address of something on another machine.
        let found =
            input.model.components().find(|(_, c)| variable_name(&format!("{}-host", c.id)) == *variable);
        if let Some((id, _)) = found {
            script.demand(input, machine, id);
        }
        names.push(format!("${{{variable}}}"));
    }
    let remove: Vec<&str> = program
        .data
        .get("remove")
        .and_then(Node::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_str)
        .collect();
    let end = end_of(&text);
    let kept = if text.is_empty() { String::new() } else { script.keep(&text) };
    Some(json!({
        "title": program.component.title,
        "service": quote(service),
        "test": program.word("test").unwrap_or("true"),
        "remove": remove,
        "path": quote(&path),
        "text": kept,
        "end": end,
        "names": names.join(" "),
    }))
}

/// A certificate that the machine makes, asks for or is given.
fn certificate(input: &Input, install: &Install, program: &Program, programs: &[Program]) -> Option<Value> {
    let about = program.component.certificate.as_ref()?;
    let pattern = program.word("install")?;
    // Proving a name over HTTP proves no other names below it.
    let plain = |name: &&String| name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    let names: Vec<&String> = about.names.iter().filter(plain).collect();
    let mut hooks: [Vec<String>; 3] = Default::default();
    for (id, component) in input.model.components() {
        let ends = component.tls.as_ref().is_some_and(|tls| tls.certificate == program.id);
        if !ends || input.model.machine(End::Component(id)) != Some(install.zone) {
            continue;
        }
        match programs.iter().find(|other| other.id == id).and_then(|other| other.word("service")) {
            Some(service) => {
                let verbs = ["stop", "restart", "reload"];
                verbs
                    .iter()
                    .zip(&mut hooks)
                    .for_each(|(v, all)| all.push(format!("systemctl {v} {service}")));
            }
            None if input.catalog.form(component.form).hosting == Hosting::Container => {
                let project = format!("{}-{}", input.model.system().id, input.model.environment().id);
                let verbs = ["stop", "start", "kill --signal HUP"];
                verbs.iter().zip(&mut hooks).for_each(|(v, all)| {
                    all.push(format!("docker compose --project-name {project} {v} {}", component.id));
                });
            }
            None => {}
        }
    }
    let mut contacts = input.model.operations().contacts.iter().map(|(_, address)| address);
    let email =
        contacts.find(|address| address.contains('@') && !address.contains(['"', '\'', ' ', '%', '$']));
    let context = json!({
        "id": program.component.id,
        "names": names,
        "email": email,
        "stop": hooks[0].join("; "),
        "start": hooks[1].join("; "),
        "reload": hooks[2].join("; "),
        "say": input.messages.context().pointer("/host/script").cloned().unwrap_or_default(),
        "form": node_value(program.data),
    });
    let text = template::render(pattern, &context).ok()?;
    (!names.is_empty()).then(|| json!({ "title": program.component.title, "install": text.trim() }))
}

/// Files of the author.
fn files(machine: &Machine, script: &mut Script) -> Vec<Value> {
    machine
        .setup
        .files
        .iter()
        .map(|(path, text)| json!({ "path": quoted(path), "end": end_of(text), "text": script.keep(text) }))
        .collect()
}

/// A line that ends a text and does not stand in it.
fn end_of(text: &str) -> String {
    let mut end = END.to_owned();
    while text.lines().any(|line| line == end) {
        end.push('_');
    }
    end
}
