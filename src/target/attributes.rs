//! What `${id.attribute}` and the templates of kinds and forms mean for one target.
//!
//! The model knows that `${db.host}` is the host of `db`; only a target knows its words for it: a service name
//! in a compose file, `${aws_db_instance.db.address}` in Terraform. A target says these words through a
//! [`Dialect`]; everything that is equal for all targets is here.

use serde_json::{Map, Value, json};

use crate::catalog::Catalog;
use crate::document::tree::{Data, Node};
use crate::model::{
    Built, Component, ComponentId, Model, Part, RefRoot, Reference, SecretId, Setting, Template, VarId,
    ZoneId,
};
use crate::template;

/// A target's own words.
pub trait Dialect {
    /// Stands for the value of a secret.
    fn secret(&self, secret: SecretId) -> String;

    /// The path of a file that holds the secret; `None` where the target mounts none.
    fn secret_file(&self, secret: SecretId) -> Option<String>;

    /// Stands for the value of a variable.
    fn var(&self, var: VarId) -> String;

    /// An attribute that differs by target (`host`, `arn`, `ip`, `port`, `name` …); `None`: it is not special
    /// here, or the target does not know it.
    fn attribute(&self, component: ComponentId, attribute: &str) -> Option<String>;

    /// An attribute of a zone; `None`: the target does not know it.
    fn zone_attribute(&self, zone: ZoneId, attribute: &str) -> Option<String>;
}

/// An attribute that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The element's id.
    pub element: String,
    /// The attribute.
    pub attribute: String,
    /// What went wrong in a template on the way, if one did.
    pub cause: Option<String>,
}

/// A text in the words of a target.
///
/// # Errors
/// The first attribute that neither the target, the kind nor the author gives.
pub fn text(
    template: &Template,
    model: &Model,
    catalog: &Catalog,
    dialect: &dyn Dialect,
) -> Result<String, Unknown> {
    let mut out = String::new();
    for part in &template.parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Ref(reference) => out.push_str(&value(reference, model, catalog, dialect)?),
        }
    }
    Ok(out)
}

/// What one reference means for a target.
fn value(
    reference: &Reference,
    model: &Model,
    catalog: &Catalog,
    dialect: &dyn Dialect,
) -> Result<String, Unknown> {
    let name = reference.attribute.as_str();
    let unknown =
        |element: &str| Unknown { element: element.to_owned(), attribute: name.to_owned(), cause: None };
    match reference.root {
        RefRoot::Component(component) => attribute(component, name, model, catalog, dialect),
        RefRoot::Zone(zone) => {
            dialect.zone_attribute(zone, name).ok_or_else(|| unknown(&model.zone(zone).id))
        }
        RefRoot::Secret(secret) if name == "file" => {
            dialect.secret_file(secret).ok_or_else(|| unknown(&model.secret(secret).id))
        }
        RefRoot::Secret(secret) => Ok(dialect.secret(secret)),
        RefRoot::Var(var) => Ok(dialect.var(var)),
        RefRoot::System => match name {
            "id" => Ok(model.system().id.clone()),
            "title" => Ok(model.system().title.clone()),
            "repository" => model.system().repository.clone().ok_or_else(|| unknown("system")),
            "owner" => model.system().owner.clone().ok_or_else(|| unknown("system")),
            _ => Err(unknown("system")),
        },
        RefRoot::Environment => match name {
            "name" | "id" => Ok(model.environment().id.clone()),
            "title" => Ok(model.environment().title.clone()),
            _ => Err(unknown("env")),
        },
    }
}

/// What an attribute of a component means for a target.
///
/// # Errors
/// When neither the target, the author nor the kind knows it, or the kind's template for it fails.
pub fn attribute(
    id: ComponentId,
    name: &str,
    model: &Model,
    catalog: &Catalog,
    dialect: &dyn Dialect,
) -> Result<String, Unknown> {
    let component = model.component(id);
    let unknown =
        |cause: Option<String>| Unknown { element: component.id.clone(), attribute: name.to_owned(), cause };
    if let Some(text) = dialect.attribute(id, name) {
        return Ok(text);
    }
    match name {
        "id" => return Ok(component.id.clone()),
        "port" if component.port().is_some() => {
            return Ok(component.port().map(|port| port.number.to_string()).unwrap_or_default());
        }
        "password" => {
            return component.password.map(|secret| dialect.secret(secret)).ok_or_else(|| unknown(None));
        }
        _ => {}
    }
    if let Some(setting) = component.setting(name) {
        return setting_text(setting, model, catalog, dialect).ok_or_else(|| unknown(None))?;
    }
    let kind = catalog.kind(component.kind);
    let patterns = kind.form(component.form).map_or(&kind.attributes, |used| &used.attributes);
    if let Some(pattern) = patterns.get(name) {
        let context = Value::Object(context(id, model, catalog, dialect));
        return template::render(pattern, &context).map_err(|error| unknown(Some(error.message)));
    }
    Err(unknown(None))
}

/// A scalar setting in the words of a target; `None` for lists and maps.
fn setting_text(
    setting: &Setting,
    model: &Model,
    catalog: &Catalog,
    dialect: &dyn Dialect,
) -> Option<Result<String, Unknown>> {
    match setting {
        Setting::Text(template) => Some(text(template, model, catalog, dialect)),
        Setting::Int(number) => Some(Ok(number.to_string())),
        Setting::Bool(value) => Some(Ok(value.to_string())),
        Setting::List(_) | Setting::Map(_) => None,
    }
}

/// What the templates of a kind and its form may name: settings, `settings` (all again, for those whose name has
/// another meaning here), `id`, `name`, `title`, `system`, `environment`, `owner_environment` (the one that makes it), `port`, `ports`, `scheme` (of requests
/// to the main port), `host`, `password`, the kind's further secrets, `form` (what the kind says about its form),
/// and the kind's attributes (`url`). What is not known is absent, so that a template that needs it fails with its name; in `settings` alone
/// it is null, so that a template can ask.
pub fn context(
    id: ComponentId,
    model: &Model,
    catalog: &Catalog,
    dialect: &dyn Dialect,
) -> Map<String, Value> {
    let component = model.component(id);
    let mut context = Map::new();
    let kind = catalog.kind(component.kind);
    let mut settings: Map<String, Value> =
        kind.settings.iter().map(|setting| (setting.name.clone(), Value::Null)).collect();
    for (name, setting) in &component.settings {
        if let Some(value) = setting_value(setting, model, catalog, dialect) {
            context.insert(name.clone(), value.clone());
            settings.insert(name.clone(), value);
        }
    }
    context.insert("settings".into(), Value::Object(settings));
    context.insert("id".into(), json!(component.id));
    context.insert("name".into(), json!(component.name()));
    context.insert("title".into(), json!(component.title));
    context.insert("system".into(), json!(model.system().id));
    let environment = &model.environment().id;
    let owner = match &component.built {
        Built::Shared(owner) => owner,
        _ => environment,
    };
    context.insert("environment".into(), json!(environment));
    context.insert("owner_environment".into(), json!(owner));
    insert_ports(component, &mut context);
    for name in ["host", "port"] {
        if let Some(text) = dialect.attribute(id, name) {
            context.insert(name.into(), json!(text));
        }
    }
    if let Some(secret) = component.password {
        context.insert("password".into(), json!(dialect.secret(secret)));
    }
    for (name, secret) in &component.own_secrets {
        context.insert(name.clone(), json!(dialect.secret(*secret)));
    }
    let used = kind.form(component.form);
    if let Some(used) = used {
        context.insert("form".into(), node_value(&used.data));
    }
    for (name, pattern) in used.map_or(&kind.attributes, |used| &used.attributes) {
        if context.contains_key(name) {
            continue;
        }
        let own = dialect.attribute(id, name);
        let given = own.or_else(|| template::render(pattern, &Value::Object(context.clone())).ok());
        if let Some(text) = given {
            context.insert(name.clone(), json!(text));
        }
    }
    context
}

fn insert_ports(component: &Component, context: &mut Map<String, Value>) {
    if let Some(port) = component.port() {
        context.insert("port".into(), json!(port.number));
        let https = component.tls.is_some() || port.protocol == "https";
        context.insert("scheme".into(), json!(if https { "https" } else { "http" }));
    }
    let ports = component.ports.iter().map(|port| (port.name.clone(), json!(port.number)));
    context.insert("ports".into(), Value::Object(ports.collect()));
}

/// A setting for a template; `None` when a reference in it has no meaning for the target.
fn setting_value(
    setting: &Setting,
    model: &Model,
    catalog: &Catalog,
    dialect: &dyn Dialect,
) -> Option<Value> {
    Some(match setting {
        Setting::Text(template) => json!(text(template, model, catalog, dialect).ok()?),
        Setting::Int(number) => json!(number),
        Setting::Bool(value) => json!(value),
        Setting::List(list) => {
            Value::Array(list.iter().filter_map(|s| setting_value(s, model, catalog, dialect)).collect())
        }
        Setting::Map(pairs) => Value::Object(
            pairs
                .iter()
                .filter_map(|(key, s)| Some((key.clone(), setting_value(s, model, catalog, dialect)?)))
                .collect(),
        ),
    })
}

/// A part of a catalog file for a template.
pub fn node_value(node: &Node) -> Value {
    match &node.data {
        Data::Null => Value::Null,
        Data::Scalar(scalar) => match (scalar.as_int(), scalar.as_bool()) {
            (Some(number), _) => json!(number),
            (_, Some(value)) => json!(value),
            _ => json!(scalar.text),
        },
        Data::List(list) => Value::Array(list.iter().map(node_value).collect()),
        Data::Map(map) => Value::Object(
            map.entries.iter().map(|entry| (entry.key.value.clone(), node_value(&entry.value))).collect(),
        ),
    }
}
