//! The words of Terraform for attributes: `${db.host}` becomes `${aws_db_instance.db.address}`.

use serde_json::{Map, Value, json};

use super::{naming, place};
use crate::catalog::{Hosting, TargetName};
use crate::model::{ComponentId, End, Model, Origin, Part, RefRoot, SecretId, Template, VarId, ZoneId};
use crate::target::Input;
use crate::target::attributes::{self, Dialect, Unknown};
use crate::template;

/// Stands around the id of a secret in a text until it is known where the text goes.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// Terraform's words.
pub(super) struct Words<'a> {
    pub(super) input: &'a Input<'a>,
}

/// A text in the words of Terraform, by what a secret in it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text {
    /// No secret is in it.
    Plain(String),
    /// It is one secret.
    Secret(SecretId),
    /// It holds secrets: `${var.…}` stands for each.
    Mixed(String, Vec<SecretId>),
}

impl<'a> Words<'a> {
    fn model(&self) -> &'a Model {
        self.input.model
    }

    /// Whether resources of a component are there to be referred to: Terraform makes or finds them, and
    /// its form has a template.
    pub(super) fn is_known(&self, id: ComponentId) -> bool {
        let component = self.model().component(id);
        let form = self.input.catalog.form(component.form);
        let template = form.terraform.as_ref();
        naming::is_ours(&component.built) && template.is_some()
            || naming::shared_by(&component.built).is_some() && template.is_some_and(|t| can_look_up(&t.text))
    }

    /// Whether resources of a zone are there to be referred to.
    pub(super) fn is_known_zone(&self, id: ZoneId) -> bool {
        let zone = self.model().zone(id);
        let template = zone.form.and_then(|form| self.input.catalog.form(form).terraform.as_ref());
        naming::is_ours(&zone.built) && template.is_some()
            || naming::shared_by(&zone.built).is_some() && template.is_some_and(|t| can_look_up(&t.text))
    }

    /// A text of the author in the words of Terraform; the author's own `${` is escaped.
    pub(super) fn text(&self, template: &Template) -> Result<Text, Unknown> {
        let mut out = String::new();
        for part in &template.parts {
            match part {
                Part::Text(text) => out.push_str(&escape(text)),
                Part::Ref(reference) if reference.root == RefRoot::System => {
                    out.push_str(&escape(&self.part(part)?));
                }
                Part::Ref(_) => out.push_str(&self.part(part)?),
            }
        }
        Ok(self.sort_out(&out))
    }

    fn part(&self, part: &Part) -> Result<String, Unknown> {
        let one = Template { parts: vec![part.clone()], span: crate::source::Span::default() };
        attributes::text(&one, self.model(), self.input.catalog, self)
    }

    /// Finds the secrets in a text.
    fn sort_out(&self, text: &str) -> Text {
        let mut out = String::new();
        let mut secrets = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            out.push_str(before);
            let Some((id, tail)) = after.split_once(CLOSE) else { break };
            if let Some((secret, _)) = self.model().secrets().find(|(_, secret)| secret.id == id) {
                out.push_str(&format!("${{var.{}}}", secret_variable(self.model(), secret)));
                if !secrets.contains(&secret) {
                    secrets.push(secret);
                }
            }
            rest = tail;
        }
        out.push_str(rest);
        match secrets.as_slice() {
            [] => Text::Plain(out),
            [secret] if text == self.secret(*secret) => Text::Secret(*secret),
            _ => Text::Mixed(self.encoded(out, &secrets), secrets),
        }
    }

    /// A text with secrets; in a URL, characters of a secret must not be taken for parts of the URL.
    fn encoded(&self, text: String, secrets: &[SecretId]) -> String {
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        if scheme.is_empty() || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)) {
            return text;
        }
        secrets.iter().fold(text, |text, &secret| {
            let variable = secret_variable(self.model(), secret);
            text.replace(&format!("${{var.{variable}}}"), &format!("${{urlencode(var.{variable})}}"))
        })
    }

    /// What a form says an attribute is.
    fn form_attribute(
        &self,
        form: crate::catalog::FormId,
        name: &str,
        context: Map<String, Value>,
        looked_up: bool,
    ) -> Option<String> {
        let pattern = self.input.catalog.form(form).attributes.get(&TargetName::Terraform)?.get(name)?;
        let text = template::render(pattern, &Value::Object(context)).ok()?;
        Some(if looked_up { look_up(&text) } else { text })
    }

    /// What attribute templates may name. It asks for no other attribute: that could go round in circles.
    fn small_context(&self, id: ComponentId) -> Map<String, Value> {
        let model = self.model();
        let component = model.component(id);
        let settings: Map<String, Value> = component
            .settings
            .iter()
            .filter_map(|(name, setting)| Some((name.clone(), setting.plain()?)))
            .collect();
        let mut context = settings.clone();
        context.insert("settings".into(), Value::Object(settings));
        context.insert("id".into(), json!(component.id));
        context.insert("name".into(), json!(component.name()));
        context.insert("title".into(), json!(component.title));
        context.insert("system".into(), json!(model.system().id));
        context.insert("environment".into(), json!(model.environment().id));
        context.insert("full".into(), json!(naming::full(model, &component.built, component.first_id())));
        context.insert("port".into(), json!(component.port().map(|port| port.number)));
        let owner = naming::shared_by(&component.built).unwrap_or(&model.environment().id);
        context.insert("owner_environment".into(), json!(owner));
        context.insert("shared".into(), json!(naming::shared_by(&component.built).is_some()));
        context.insert("copy".into(), json!("1"));
        context.insert("nodes".into(), json!(false));
        context.insert("imported".into(), json!(super::certificate::is_imported(self.input, id)));
        let primary = match component.origin {
            Origin::ReadReplica(primary) => Some(model.component(primary).name()),
            Origin::Written => None,
        };
        context.insert("replica_of".into(), json!(primary));
        context.insert("tls".into(), json!(component.tls.is_some()));
        context.insert("aliases".into(), json!(super::routes::aliases(self.input, id)));
        context.insert("twice".into(), json!(super::certificate::is_needed_twice(self.input, id)));
        super::regions::insert(self.input, id, &mut context);
        if let Some(used) = self.input.catalog.kind(component.kind).form(component.form) {
            context.insert("form".into(), attributes::node_value(&used.data));
        }
        context
    }
}

impl Dialect for Words<'_> {
    fn secret(&self, secret: SecretId) -> String {
        format!("{OPEN}{}{CLOSE}", self.model().secret(secret).id)
    }

    fn secret_file(&self, _: SecretId) -> Option<String> {
        None
    }

    fn var(&self, var: VarId) -> String {
        format!("${{var.{}}}", naming::identifier(&self.model().var(var).id))
    }

    fn attribute(&self, id: ComponentId, name: &str) -> Option<String> {
        // The number is known without asking the provider, and a reference to it would not be a text.
        if name == "port" {
            return None;
        }
        let component = self.model().component(id);
        if self.input.catalog.form(component.form).hosting != Hosting::Own
            && let Some(machine) = self.model().machine(End::Component(id))
            && matches!(name, "host" | "ip")
        {
            return self.zone_attribute(machine, name);
        }
        if !self.is_known(id) {
            return None;
        }
        let looked_up = naming::shared_by(&component.built).is_some();
        self.form_attribute(component.form, name, self.small_context(id), looked_up)
    }

    fn zone_attribute(&self, id: ZoneId, name: &str) -> Option<String> {
        let zone = self.model().zone(id);
        match name {
            "id" => return Some(zone.id.clone()),
            _ if !self.is_known_zone(id) => return None,
            _ => {}
        }
        let mut context = Map::new();
        context.insert("id".into(), json!(zone.id));
        context.insert("name".into(), json!(zone.name()));
        context.insert("title".into(), json!(zone.title));
        context.insert("system".into(), json!(self.model().system().id));
        context.insert("environment".into(), json!(self.model().environment().id));
        context.insert("full".into(), json!(naming::full(self.model(), &zone.built, zone.first_id())));
        let owner = naming::shared_by(&zone.built).unwrap_or(&self.model().environment().id);
        context.insert("owner_environment".into(), json!(owner));
        let keys = zone.machine().map(place::machine_keys).unwrap_or_default();
        context.insert("copy".into(), json!(keys.first()));
        context.insert("nodes".into(), json!(zone.machine().is_some_and(|machine| machine.nodes.is_some())));
        let looked_up = naming::shared_by(&zone.built).is_some();
        self.form_attribute(zone.form?, name, context, looked_up)
    }
}

/// Whether a form's template can also find what another environment made.
pub(super) fn can_look_up(template: &str) -> bool {
    template.contains("shared")
}

/// The variable that holds a secret's value.
pub(super) fn secret_variable(model: &Model, id: SecretId) -> String {
    let name = naming::identifier(&model.secret(id).id);
    let taken = model.vars().any(|(_, var)| naming::identifier(&var.id) == name) || name == "region";
    if taken { format!("secret_{name}") } else { name }
}

/// References to resources become references to data sources.
fn look_up(text: &str) -> String {
    text.replace("${aws_", "${data.aws_")
}

/// A text without references, for HCL: the author's `${` means nothing there.
pub(super) fn escape(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}
