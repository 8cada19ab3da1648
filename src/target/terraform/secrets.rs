//! Secrets: kept in the provider's store, written through variables that Terraform does not keep in its state.

use serde_json::json;

use super::dialect::{Text, Words, secret_variable};
use super::files::Piece;
use super::hcl;
use super::naming;
use super::workload::variable_slug;
use crate::catalog::Keeps;
use crate::model::{Component, ComponentId, Model, Secret, SecretId, derive};
use crate::source::Span;
use crate::target::Input;
use crate::target::attributes::Dialect;
use crate::target::secrets::is_given;
use crate::template;

/// What a program is told instead of a secret: where it is kept.
pub(super) struct Reference {
    /// The text that stands for it, such as an ARN.
    pub(super) text: String,
    /// The key of its value when several are kept together.
    pub(super) key: Option<String>,
    /// The actions that reading it takes.
    pub(super) read: Vec<String>,
    /// Whether the provider changes it by itself, again and again.
    pub(super) rotates: bool,
}

/// What a program is told instead of a secret.
pub(super) fn reference(input: &Input, words: &Words, secret: SecretId) -> Reference {
    let owner = input.model.secret(secret).owner.filter(|_| !is_given(input.model, input.catalog, secret));
    if let Some(arn) = owner.and_then(|owner| words.attribute(owner, "password_arn")) {
        // What the provider makes itself it keeps where it keeps secrets unasked.
        let read = input.catalog.forms().iter().filter_map(|form| form.keeps.as_ref());
        let read = read.filter(|keeps| keeps.unasked).flat_map(|keeps| keeps.read.clone()).collect();
        return Reference { text: arn, key: Some("password".to_owned()), read, rotates: true };
    }
    let name = naming::identifier(&input.model.secret(secret).id);
    reference_to(keeper(input, &[secret]), &name)
}

/// What a program is told instead of a text with secrets in it.
pub(super) fn mixed_reference(
    input: &Input,
    component: &Component,
    variable: &str,
    used: &[SecretId],
) -> Reference {
    reference_to(keeper(input, used), &mixed_name(component, variable))
}

fn reference_to(keeps: Option<&Keeps>, name: &str) -> Reference {
    let text = keeps.and_then(|keeps| template::render(&keeps.reference, &json!({ "name": name })).ok());
    Reference {
        text: text.unwrap_or_default(),
        key: None,
        read: keeps.map_or(Vec::new(), |k| k.read.clone()),
        rotates: false,
    }
}

/// Who keeps a text with secrets: the form that keeps all of them, else the one that keeps them unasked.
fn keeper<'a>(input: &Input<'a>, secrets: &[SecretId]) -> Option<&'a Keeps> {
    let forms: Vec<_> =
        secrets.iter().map(|&secret| derive::secrets::kept_in(input.model, input.catalog, secret)).collect();
    let common = forms.first().copied().flatten().filter(|form| forms.iter().all(|of| *of == Some(*form)));
    let unasked = || {
        let all = input.catalog.forms().iter().filter_map(|form| form.keeps.as_ref());
        all.into_iter().find(|keeps| keeps.unasked)
    };
    common.and_then(|form| input.catalog.form(form).keeps.as_ref()).or_else(unasked)
}

/// The name of the secret that holds the whole value of an environment variable.
pub(super) fn mixed_name(component: &Component, variable: &str) -> String {
    format!("{}_{}", component.name(), variable_slug(variable))
}

/// Secrets, their values and the variables for them; each is there only when something refers to it.
pub(super) fn pieces(input: &Input, words: &Words) -> Vec<Piece> {
    let model = input.model;
    let mut pieces = Vec::new();
    for (id, secret) in model.secrets() {
        let name = naming::identifier(&secret.id);
        let variable = secret_variable(model, id);
        let value = (format!("${{var.{variable}}}"), version(model, &[id]));
        let first = model.first_secret_id(secret);
        let keeps = keeper(input, &[id]);
        pieces.extend(stored(input, keeps, [&name, &first, &secret.title], value, secret.span));
        let title = if secret.title.is_empty() { &secret.id } else { &secret.title };
        let text = format!(
            "variable \"{variable}\" {{\n description = {}\n type = string\n sensitive = true\n}}\n",
            hcl::quote(title)
        );
        pieces.extend(on_demand("variables.tf", &text, secret.span));
        let text = format!(
            "variable \"{variable}_version\" {{\n description = {}\n type = number\n default = 1\n}}\n",
            hcl::quote(&input.messages.say("terraform.secret-version", &[("secret", title)]))
        );
        pieces.extend(on_demand("variables.tf", &text, secret.span));
    }
    for (_, component) in model.components().filter(|(_, c)| naming::is_ours(&c.built)) {
        for (variable, template) in component.workload.iter().flat_map(|workload| &workload.env) {
            let Ok(Text::Mixed(value, used)) = words.text(template) else { continue };
            let value = (value, version(model, &used));
            let name = mixed_name(component, variable);
            let id = format!("{}/{}", component.first_id(), variable.to_lowercase().replace('_', "-"));
            let keeps = keeper(input, &used);
            pieces.extend(stored(input, keeps, [&name, &id, variable], value, template.span));
        }
    }
    pieces
}

/// A number that grows when one of the secrets is given anew: the provider is never asked for the value, so
/// Terraform only sees by the number that there is another.
fn version(model: &Model, secrets: &[SecretId]) -> String {
    let numbers = secrets.iter().map(|&secret| format!("var.{}_version", secret_variable(model, secret)));
    numbers.collect::<Vec<_>>().join(" + ")
}

/// Secrets for which a place is written, while the provider of their store makes them and keeps them in its own.
pub(super) fn kept_elsewhere<'a>(
    input: &'a Input,
    words: &'a Words,
) -> impl Iterator<Item = (SecretId, &'a Secret)> {
    input.model.secrets().filter(move |(id, secret)| {
        let made = |owner: ComponentId| {
            naming::is_ours(&input.model.component(owner).built) && words.is_known(owner)
        };
        let form = secret.from.as_deref().and_then(|from| input.catalog.find_form(from));
        let other =
            form.and_then(|form| input.catalog.form(form).keeps.as_ref()).is_some_and(|keeps| !keeps.unasked);
        other && secret.owner.is_some_and(made) && !is_given(input.model, input.catalog, *id)
    })
}

/// What a secret is called where it is kept.
fn path(input: &Input, keeps: &Keeps, id: &str) -> Option<String> {
    let plain = format!("{}/{}/{id}", input.model.system().id, input.model.environment().id);
    template::render(&keeps.path, &json!({ "path": plain })).ok()
}

/// What a secret that somebody gives is called where Terraform keeps it.
pub(super) fn kept_as(input: &Input, secret: SecretId) -> Option<String> {
    let about = input.model.secret(secret);
    path(input, keeper(input, &[secret])?, &input.model.first_secret_id(about))
}

/// A secret with its value and the number of the value, as one piece: one without the other is of no use.
fn stored(
    input: &Input,
    keeps: Option<&Keeps>,
    [name, id, title]: [&str; 3],
    (value, version): (String, String),
    span: Span,
) -> Option<Piece> {
    let keeps = keeps?;
    let context = json!({
        "name": name,
        "path": path(input, keeps, id)?,
        "description": if title.is_empty() { id } else { title },
        "value": value,
        "version": version,
        "say": super::element::sentences(input),
    });
    let text = template::render_lines(&keeps.terraform, &context).ok()?;
    let mut all = hcl::blocks(&text).ok()?.into_iter();
    let mut block = all.next()?;
    for more in all {
        block.text.push('\n');
        block.text.push_str(&more.text);
    }
    Some(Piece { file: "secrets.tf".to_owned(), block, always: false, across: false, from: vec![span] })
}

/// Pieces that are there only when something refers to them.
pub(super) fn on_demand(file: &str, text: &str, span: Span) -> Vec<Piece> {
    hcl::blocks(text)
        .unwrap_or_default()
        .into_iter()
        .map(|block| Piece { file: file.to_owned(), block, always: false, across: false, from: vec![span] })
        .collect()
}
