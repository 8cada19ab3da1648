//! Compose's words for references: service names, and variables of the `.env` file for what is found elsewhere.
//!
//! A text is resolved with marks in the place of variables. Only when it is final, [`Words::finish`] doubles its
//! dollar signs, which belong to the container, and turns the marks into `${NAME:?…}`, which belong to Compose.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::catalog::{Hosting, Reach, TargetName};
use crate::model::derive::ContainerHost;
use crate::model::{Built, ComponentId, End, SecretId, Template, VarId, Zone, ZoneId, variable_name};
use crate::target::Input;
use crate::target::attributes::{self, Dialect, Unknown};
use crate::target::runbook::page::Page;
use crate::target::terraform;
use crate::template;

/// Begins the name of a variable in a text that is not final.
const OPEN: char = '\u{1}';

/// Ends it.
const CLOSE: char = '\u{2}';

/// Ends the name of a variable that holds a secret as a URL takes it.
pub const ENCODED: &str = "_IN_URL";

/// What a variable of the `.env` file stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The value of a secret.
    Secret(SecretId),
    /// An attribute of a component.
    Component(ComponentId, String),
    /// An attribute of a zone.
    Zone(ZoneId, String),
    /// A value that differs by environment.
    Var(VarId),
    /// What whoever deploys chooses.
    Choice,
}

/// A variable of the `.env` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    /// Its name.
    pub(super) name: String,
    /// Lines that say what it is and where its value is found.
    pub(super) about: Vec<String>,
    /// What holds when nothing is set; `None`: it must be set.
    pub(super) default: Option<String>,
    /// What it stands for.
    pub(super) source: Source,
}

/// The variables that the files of one host use, in the order of their first use.
#[derive(Debug, Default)]
pub(super) struct Book {
    known: RefCell<BTreeMap<String, Variable>>,
    used: RefCell<Vec<String>>,
    /// Whether texts are for a cluster, whose files have other words for variables.
    cluster: bool,
    /// Whether secrets in URLs come under names of their own, with characters that are no parts of a URL.
    encodes: bool,
    /// Those that do.
    encoded: RefCell<Vec<String>>,
}

impl Book {
    /// An empty one for the texts of a host.
    pub(super) fn new(host: &ContainerHost) -> Self {
        Book { cluster: host.cluster, ..Book::default() }
    }

    /// An empty one for the texts of a machine that encodes secrets for URLs by itself.
    pub(super) fn encoding(host: &ContainerHost) -> Self {
        Book { encodes: true, ..Book::new(host) }
    }

    /// The variables whose encoded values stand in final texts.
    pub(super) fn encoded(&self) -> Vec<String> {
        self.encoded.borrow().clone()
    }

    /// The variables that stand in final texts.
    pub(super) fn used(&self) -> Vec<Variable> {
        let known = self.known.borrow();
        self.used.borrow().iter().filter_map(|name| known.get(name).cloned()).collect()
    }

    /// Makes a variable known and stands for its value.
    pub(super) fn mark(&self, variable: Variable) -> String {
        let mark = mark(&variable.name);
        self.known.borrow_mut().entry(variable.name.clone()).or_insert(variable);
        mark
    }

    /// What a file says for a variable that it now uses; `None` for a name that is none.
    fn say(&self, name: &str, in_url: bool) -> Option<String> {
        let known = self.known.borrow();
        let variable = known.get(name)?;
        let mut used = self.used.borrow_mut();
        if !used.iter().any(|other| other == name) {
            used.push(name.to_owned());
        }
        if self.encodes && in_url && matches!(variable.source, Source::Secret(_)) {
            let mut encoded = self.encoded.borrow_mut();
            if !encoded.iter().any(|other| other == name) {
                encoded.push(name.to_owned());
            }
            return Some(demanded(&format!("{name}{ENCODED}")));
        }
        Some(match &variable.default {
            _ if self.cluster => format!("$({name})"),
            None => demanded(name),
            Some(default) => format!("${{{name}:-{default}}}"),
        })
    }

    /// Names a variable as used, for files that get its value in another way.
    pub(super) fn note(&self, name: &str) {
        self.say(name, false);
    }

    /// A final text: dollar signs doubled, marks replaced.
    pub(super) fn finish(&self, text: &str) -> String {
        let in_url = is_url(text);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find([OPEN, '$']) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix('$') {
                // A cluster takes `$(NAME)` alone for a variable.
                let plain = self.cluster && !after.starts_with('(');
                out.push_str(if plain { "$" } else { "$$" });
                rest = after;
                continue;
            }
            let name = rest[OPEN.len_utf8()..].split_once(CLOSE).map(|(name, _)| name);
            match name.and_then(|name| Some((name, self.say(name, in_url)?))) {
                Some((name, said)) => {
                    out.push_str(&said);
                    rest = &rest[OPEN.len_utf8() + name.len() + CLOSE.len_utf8()..];
                }
                None => {
                    out.push(OPEN);
                    rest = &rest[OPEN.len_utf8()..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}

/// A variable that must be set, as files name it.
pub(super) fn demanded(name: &str) -> String {
    format!("${{{name}:?set {name} in .env}}")
}

/// Stands for a variable's value in a text that is not final.
pub(super) fn mark(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// Whether a text is a URL as a whole.
fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// The names of the variables in a text that is not final.
pub(super) fn marked(text: &str) -> Vec<&str> {
    text.split(OPEN).skip(1).filter_map(|rest| rest.split_once(CLOSE)).map(|(name, _)| name).collect()
}

/// Replaces the marks of a text by what a function says for each name.
pub(super) fn replace_marks(text: &str, say: impl Fn(&str) -> String) -> String {
    let mut out = text.to_owned();
    for name in marked(text) {
        out = out.replace(&mark(name), &say(name));
    }
    out
}

/// Compose's words, as one service of one host says them.
pub(super) struct Words<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) host: &'a ContainerHost,
    pub(super) book: &'a Book,
    /// Whether whoever says them runs on the machine's own system, not in a container.
    pub(super) on_machine: bool,
    /// Whether the machine itself was named, which a container must be told how to reach.
    pub(super) names_machine: Cell<bool>,
    /// Secrets that were named as files.
    pub(super) files: RefCell<Vec<SecretId>>,
}

impl<'a> Words<'a> {
    /// The words of a container on a host.
    pub(super) fn new(input: &'a Input<'a>, host: &'a ContainerHost, book: &'a Book) -> Self {
        let (names_machine, files) = (Cell::new(false), RefCell::default());
        Words { input, host, book, on_machine: false, names_machine, files }
    }

    /// The text of a template, not final.
    pub(super) fn raw(&self, template: &Template) -> Result<String, Unknown> {
        attributes::text(template, self.input.model, self.input.catalog, self)
    }

    /// What the templates of a component's kind may name.
    pub(super) fn context(&self, id: ComponentId) -> Map<String, Value> {
        attributes::context(id, self.input.model, self.input.catalog, self)
    }

    /// Whether a component is a service of the host's compose file.
    pub(super) fn is_service(&self, id: ComponentId) -> bool {
        is_service(self.input, self.host, id)
    }

    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.input.messages.say(&format!("compose.env.{key}"), values)
    }

    /// A variable for an attribute that only a running machine or provider knows.
    fn variable(
        &self,
        (id, name, title): (&str, &str, &str),
        attribute: &str,
        source: Source,
        machine: Option<&Zone>,
    ) -> String {
        let built = match source {
            Source::Zone(zone, _) => &self.input.model.zone(zone).built,
            Source::Component(component, _) => &self.input.model.component(component).built,
            _ => &Built::Nowhere,
        };
        let mut about =
            vec![self.say("attribute", &[("attribute", attribute), ("title", title), ("id", id)])];
        if *built == Built::By(TargetName::Terraform) {
            about.push(self.say("terraform", &[("output", &format!("{name}_{attribute}"))]));
        } else if let Some(machine) = machine {
            about.push(self.say("machine", &[("title", &machine.title), ("id", &machine.id)]));
        } else if let Built::Shared(environment) = built {
            about.push(self.say("shared", &[("environment", environment)]));
        }
        let name = variable_name(&format!("{id}-{attribute}"));
        self.book.mark(Variable { name, about, default: None, source })
    }

    fn of_component(&self, id: ComponentId, attribute: &str) -> String {
        let component = self.input.model.component(id);
        let machine = self.input.model.machine(End::Component(id)).map(|zone| self.input.model.zone(zone));
        let about = (component.id.as_str(), component.name(), component.title.as_str());
        let source = Source::Component(id, attribute.to_owned());
        self.variable((about.0, &about.1, about.2), attribute, source, machine)
    }

    fn host_name(&self, id: ComponentId) -> Option<String> {
        let component = self.input.model.component(id);
        let form = self.input.catalog.form(component.form);
        if self.is_service(id) {
            if self.on_machine {
                return Some("127.0.0.1".to_owned());
            }
            let patterns = form.attributes.get(&self.host.target());
            let context = json!({ "id": component.id, "name": component.name() });
            let said = patterns.and_then(|p| p.get("host")).and_then(|p| template::render(p, &context).ok());
            return Some(said.unwrap_or_else(|| component.id.clone()));
        }
        if self.host.software.contains(&id) {
            self.names_machine.set(!self.on_machine);
            return Some(if self.on_machine { "127.0.0.1" } else { "host.docker.internal" }.to_owned());
        }
        if form.hosting == Hosting::External {
            if component.setting("host").is_some() {
                return None;
            }
            if let Some(url) = component.setting_text("url") {
                return Some(host_of_url(&url).to_owned());
            }
        }
        Some(self.of_component(id, "host"))
    }

    /// The port by which it is reached from here; `None`: its own.
    fn port(&self, id: ComponentId) -> Option<String> {
        if self.is_service(id) && !self.on_machine {
            return None;
        }
        let main = self.input.model.component(id).port()?.number;
        let mut rows = self.input.facts.published(id);
        rows.find(|row| row.port == main)?.host_port.map(|port| port.to_string())
    }
}

/// Whether a component is a service of a host's compose file: what nobody reaches (a volume) is none.
pub(super) fn is_service(input: &Input, host: &ContainerHost, id: ComponentId) -> bool {
    host.components.contains(&id) && input.catalog.form(input.model.component(id).form).reach != Reach::None
}

/// The host in a URL.
fn host_of_url(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.rsplit_once(':').map_or(host, |(host, _)| host)
}

impl Dialect for Words<'_> {
    fn secret(&self, id: SecretId) -> String {
        let model = self.input.model;
        let secret = model.secret(id);
        let title = if secret.title.is_empty() { &secret.id } else { &secret.title };
        let mut about = vec![title.clone()];
        let owner = secret.owner.map(|owner| &model.component(owner).built);
        let place = secret.from.as_deref().unwrap_or_default();
        let name = secret.name.as_deref().unwrap_or(&secret.id);
        // What Terraform is given has the name that Terraform gives it.
        let used = self.input.facts.secrets.iter().find(|used| used.secret == id);
        let page = Page { input: self.input };
        let asked = used.is_some_and(|used| page.is_given(id, &used.users));
        let path = terraform::secret_path(self.input, id).filter(|_| asked);
        about.push(match owner {
            _ if !place.is_empty() => {
                self.say("kept", &[("place", place), ("name", path.as_deref().unwrap_or(name))])
            }
            _ if asked => self.say("same", &[("name", &secret.id.replace('-', "_"))]),
            Some(Built::By(TargetName::Terraform))
                if secret.owner.is_some_and(|owner| page.is_run(owner)) =>
            {
                self.say("generated", &[])
            }
            Some(Built::Shared(environment)) => self.say("shared", &[("environment", environment)]),
            Some(Built::Exists | Built::Nowhere) => self.say("given", &[]),
            _ => self.say("choose", &[]),
        });
        self.book.mark(Variable { name: secret.variable(), about, default: None, source: Source::Secret(id) })
    }

    fn secret_file(&self, id: SecretId) -> Option<String> {
        if self.on_machine {
            return None;
        }
        self.secret(id);
        let mut files = self.files.borrow_mut();
        if !files.contains(&id) {
            files.push(id);
        }
        Some(format!("/run/secrets/{}", self.input.model.secret(id).id))
    }

    fn var(&self, id: VarId) -> String {
        let var = self.input.model.var(id);
        match &var.value {
            Some(value) => value.clone(),
            None => {
                let doc = if var.doc.is_empty() { var.id.clone() } else { var.doc.clone() };
                let (name, source) = (var.variable(), Source::Var(id));
                self.book.mark(Variable { name, about: vec![doc], default: None, source })
            }
        }
    }

    fn attribute(&self, id: ComponentId, attribute: &str) -> Option<String> {
        match attribute {
            "host" => self.host_name(id),
            "port" => self.port(id),
            _ if self.host.components.contains(&id) => None,
            other => {
                let component = self.input.model.component(id);
                let form = self.input.catalog.form(component.form);
                let known = form.attributes.get(&TargetName::Terraform)?.contains_key(other);
                known.then(|| self.of_component(id, other))
            }
        }
    }

    fn zone_attribute(&self, id: ZoneId, attribute: &str) -> Option<String> {
        let zone = self.input.model.zone(id);
        match attribute {
            "id" => Some(zone.id.clone()),
            _ => {
                let source = Source::Zone(id, attribute.to_owned());
                Some(self.variable((&zone.id, &zone.name(), &zone.title), attribute, source, None))
            }
        }
    }
}
