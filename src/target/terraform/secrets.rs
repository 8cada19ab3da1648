//! Secrets: kept in the provider's store, written through variables that Terraform does not keep in its state.

use serde_json::json;

use super::dialect::{Text, Words, secret_variable};
use super::files::Piece;
use super::hcl;
use super::naming;
use super::workload::variable_slug;
use crate::model::{Component, Model, SecretId};
use crate::source::Span;
use crate::target::Input;
use crate::target::attributes::Dialect;
use crate::target::secrets::is_given;
use crate::template;

/// The ARN of a secret, and the key of its value when several are kept together.
pub(super) fn reference(input: &Input, words: &Words, secret: SecretId) -> (String, Option<String>) {
    let owner = input.model.secret(secret).owner.filter(|_| !is_given(input.model, input.catalog, secret));
    if let Some(arn) = owner.and_then(|owner| words.attribute(owner, "password_arn")) {
        return (arn, Some("password".to_owned()));
    }
    let name = naming::identifier(&input.model.secret(secret).id);
    (format!("${{aws_secretsmanager_secret.{name}.arn}}"), None)
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
        pieces.push(stored(input, &name, &model.first_secret_id(secret), &secret.title, value, secret.span));
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
            pieces.push(stored(input, &name, &id, variable, value, template.span));
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

/// A secret with its value and the number of the value, as one piece: one without the other is of no use.
fn stored(
    input: &Input,
    name: &str,
    id: &str,
    title: &str,
    (value, version): (String, String),
    span: Span,
) -> Piece {
    let full = format!("{}/{}/{id}", input.model.system().id, input.model.environment().id);
    let description = if title.is_empty() { id } else { title };
    let value = template::render("{{ value | hcl }}", &json!({ "value": value })).unwrap_or_default();
    let text = format!(
        "resource \"aws_secretsmanager_secret\" \"{name}\" {{\n name = \"{full}\"\n description = {}\n \
         recovery_window_in_days = 7\n}}\n\n# {}\nresource \"aws_secretsmanager_secret_version\" \"{name}\" {{\n \
         secret_id = aws_secretsmanager_secret.{name}.id\n secret_string_wo = {value}\n \
         secret_string_wo_version = {version}\n}}\n",
        hcl::quote(description),
        input.messages.say("terraform.write-only", &[]),
    );
    let mut all = hcl::blocks(&text).unwrap_or_default().into_iter();
    let mut block = all.next().unwrap_or_else(|| hcl::Block {
        kind: String::new(),
        labels: Vec::new(),
        text: String::new(),
    });
    for more in all {
        block.text.push('\n');
        block.text.push_str(&more.text);
    }
    Piece { file: "secrets.tf".to_owned(), block, always: false, across: false, from: vec![span] }
}

/// Pieces that are there only when something refers to them.
pub(super) fn on_demand(file: &str, text: &str, span: Span) -> Vec<Piece> {
    hcl::blocks(text)
        .unwrap_or_default()
        .into_iter()
        .map(|block| Piece { file: file.to_owned(), block, always: false, across: false, from: vec![span] })
        .collect()
}
