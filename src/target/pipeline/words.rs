//! A pipeline's words for references: variables and secrets of its platform, and addresses of registries.

use std::cell::RefCell;

use serde_json::{Value, json};

use crate::document::tree::Node;
use crate::model::{ComponentId, SecretId, Template, VarId, ZoneDetail, ZoneId, variable_name};
use crate::target::Input;
use crate::target::attributes::{self, Dialect, Unknown};
use crate::target::{delivery, parts};
use crate::template;

/// A secret or variable that the platform must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    /// Its name.
    pub(super) name: String,
    /// Whether nobody may read it.
    pub(super) secret: bool,
    /// What it is.
    pub(super) about: String,
    /// Whether it has several lines.
    pub(super) lines: bool,
    /// Whether nobody has to set it where no file names it.
    pub(super) if_named: bool,
}

/// What a pipeline needs, in the order of its first use.
#[derive(Debug, Default)]
pub(super) struct Needs {
    all: RefCell<Vec<Need>>,
}

impl Needs {
    /// Notes one, and stands for its value in a shell.
    pub(super) fn note(&self, name: &str, secret: bool, about: &str) -> String {
        self.add(Need {
            name: name.to_owned(),
            secret,
            about: about.to_owned(),
            lines: false,
            if_named: false,
        })
    }

    /// The same for what templates may name or not.
    fn note_if_named(&self, name: &str, about: &str) -> String {
        self.add(Need {
            name: name.to_owned(),
            secret: false,
            about: about.to_owned(),
            lines: false,
            if_named: true,
        })
    }

    /// The same for what has several lines.
    pub(super) fn note_lines(&self, name: &str, secret: bool, about: &str) -> String {
        self.add(Need {
            name: name.to_owned(),
            secret,
            about: about.to_owned(),
            lines: true,
            if_named: false,
        })
    }

    fn add(&self, need: Need) -> String {
        let text = format!("${{{}}}", need.name);
        let mut all = self.all.borrow_mut();
        if !all.iter().any(|known| known.name == need.name) {
            all.push(need);
        }
        text
    }

    /// All.
    pub(super) fn all(&self) -> Vec<Need> {
        self.all.borrow().clone()
    }

    /// Those that a text for a shell names.
    pub(super) fn in_text(&self, text: &str) -> Vec<Need> {
        let all = self.all();
        all.into_iter().filter(|need| text.contains(&format!("${{{}}}", need.name))).collect()
    }
}

/// The words of one environment.
pub(super) struct Words<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) needs: &'a Needs,
}

impl Words<'_> {
    /// A text of the author, for a shell.
    pub(super) fn text(&self, template: &Template) -> Result<String, Unknown> {
        attributes::text(template, self.input.model, self.input.catalog, self)
    }

    /// What pipelines must know of a component's form.
    pub(super) fn delivery(&self, id: ComponentId, key: &str) -> Option<&Node> {
        let form = self.input.model.component(id).form;
        self.input.catalog.form(form).delivery.as_ref()?.get(key)
    }

    /// The same as a text, filled with what the component is called and `more`.
    pub(super) fn delivery_text(&self, id: ComponentId, key: &str, more: &[(&str, Value)]) -> Option<String> {
        let pattern = self.delivery(id, key)?.as_str()?;
        self.fill(id, pattern, more)
    }

    /// A template of a component's `delivery`, filled.
    pub(super) fn fill(&self, id: ComponentId, pattern: &str, more: &[(&str, Value)]) -> Option<String> {
        let mut context = delivery::context(self.input, id);
        context.insert("region".into(), json!(self.region()));
        for (key, value) in more {
            context.insert((*key).to_owned(), value.clone());
        }
        let whole = parts::whole(self.input, pattern, parts::SHELL).ok()?;
        let text = template::render(whole.trim_end(), &Value::Object(context)).ok()?;
        self.note_variables(id);
        Some(text)
    }

    /// Notes the variables that a form needs.
    fn note_variables(&self, id: ComponentId) {
        self.note_all(self.delivery(id, "variables"));
    }

    /// Notes the variables of a map with what each is.
    pub(super) fn note_all(&self, variables: Option<&Node>) {
        let variables = variables.and_then(Node::as_map);
        for entry in variables.into_iter().flat_map(|map| &map.entries) {
            let language = &self.input.messages.language;
            let about = entry.value.get(language).unwrap_or(&entry.value);
            self.needs.note(&entry.key.value, false, about.as_str().unwrap_or_default());
        }
    }

    /// The region of the provider's account; a variable where the description has none.
    pub(super) fn region(&self) -> String {
        let mut regions = self.input.model.zones().filter_map(|(_, zone)| match &zone.detail {
            ZoneDetail::Provider(provider) => provider.regions.first().cloned(),
            _ => None,
        });
        let about = || self.input.messages.say("pipeline.need.region", &[]);
        regions.next().unwrap_or_else(|| self.needs.note_if_named("REGION", &about()))
    }
}

impl Dialect for Words<'_> {
    fn secret(&self, id: SecretId) -> String {
        let secret = self.input.model.secret(id);
        let title = if secret.title.is_empty() { &secret.id } else { &secret.title };
        let name = secret.name.clone().filter(|name| is_variable(name)).unwrap_or_else(|| secret.variable());
        self.needs.note(&name, true, title)
    }

    fn secret_file(&self, _: SecretId) -> Option<String> {
        None
    }

    fn var(&self, id: VarId) -> String {
        let var = self.input.model.var(id);
        match &var.value {
            Some(value) => value.clone(),
            None => {
                self.needs.note(&var.variable(), false, if var.doc.is_empty() { &var.id } else { &var.doc })
            }
        }
    }

    fn attribute(&self, id: ComponentId, attribute: &str) -> Option<String> {
        if attribute != "host" {
            return None;
        }
        self.delivery_text(id, "host", &[])
    }

    fn zone_attribute(&self, id: ZoneId, attribute: &str) -> Option<String> {
        (attribute == "id").then(|| self.input.model.zone(id).id.clone())
    }
}

/// The variable that holds something of an environment or a machine.
pub(super) fn variable(of: &str, what: &str) -> String {
    variable_name(&format!("{of}-{what}"))
}

/// Whether a name can be one of a variable.
fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
