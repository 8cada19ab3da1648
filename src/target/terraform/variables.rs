//! Variables: the region, the author's, and those that templates bring along.

use super::files::Piece;
use super::hcl;
use super::naming;
use super::secrets::on_demand;
use crate::model::ZoneDetail;
use crate::model::derive::Source;
use crate::target::Input;

/// The author's variables and the region. All but the region are there only when something refers to them.
pub(super) fn pieces(input: &Input) -> Vec<Piece> {
    let model = input.model;
    let region = region(input);
    let text = format!(
        "variable \"region\" {{\n description = {}\n type = string\n default = {}\n}}\n",
        hcl::quote(&input.messages.say("terraform.region", &[])),
        hcl::quote(&region)
    );
    let mut pieces = on_demand("variables.tf", &text, crate::source::Span::default());
    for piece in &mut pieces {
        piece.always = true;
        piece.from.clear();
    }
    for (_, var) in model.vars() {
        let name = naming::identifier(&var.id);
        let range = is_range(input, &var.id);
        let doc = match var.doc.as_str() {
            "" if range => format!("{}: {}", var.id, input.messages.say("terraform.range", &[])),
            "" => var.id.clone(),
            doc => doc.to_owned(),
        };
        let default = var.value.as_ref().map(|value| format!(" default = {}\n", hcl::quote(value)));
        let validation = range.then(|| {
            let message = input.messages.say("terraform.no-range", &[]);
            format!(
                "\n validation {{\n condition = can(cidrhost(var.{name}, 0))\n error_message = {}\n }}\n",
                hcl::quote(&message)
            )
        });
        let text = format!(
            "variable \"{name}\" {{\n description = {}\n type = string\n{}{}}}\n",
            hcl::quote(&doc),
            default.unwrap_or_default(),
            validation.unwrap_or_default()
        );
        pieces.extend(on_demand("variables.tf", &text, var.span));
    }
    pieces
}

/// Whether a variable says where somebody comes from.
fn is_range(input: &Input, id: &str) -> bool {
    let reference = format!("${{var.{id}}}");
    input.facts.rules.iter().any(|rule| matches!(&rule.from, Source::Range(range) if *range == reference))
}

/// The region that resources are made in: the first one of the first provider.
pub(super) fn region(input: &Input) -> String {
    let of = |detail: &ZoneDetail| match detail {
        ZoneDetail::Provider(provider) => provider.regions.first().cloned(),
        _ => None,
    };
    input.model.zones().find_map(|(_, zone)| of(&zone.detail)).unwrap_or_else(|| "us-east-1".to_owned())
}

/// `terraform.tfvars.example`: every variable; what has a default is commented out, and so is what must not lie
/// in a file.
pub(super) fn example(input: &Input, pieces: &[Piece]) -> String {
    let mut text = format!("# {}\n\n", input.messages.say("terraform.example", &[]));
    let mut secrets = String::new();
    for piece in pieces.iter().filter(|piece| piece.block.kind == "variable") {
        let Some(name) = piece.block.labels.first() else { continue };
        let line = |key: &str| {
            let mut lines = piece.block.text.lines().map(str::trim);
            lines.find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix("= ").map(str::to_owned))
        };
        let description = line("description").unwrap_or_default();
        let description = description.trim_matches('"');
        if line("sensitive").is_some() {
            secrets.push_str(&format!("# TF_VAR_{name}: {description}\n"));
            continue;
        }
        let value = line("default");
        let (mark, value) = value.map_or(("", "\"\"".to_owned()), |value| ("# ", value));
        text.push_str(&format!("# {description}\n{mark}{name} = {value}\n\n"));
    }
    if !secrets.is_empty() {
        text.push_str(&format!("# {}\n{secrets}", input.messages.say("terraform.example-secrets", &[])));
    }
    text.trim_end().to_owned() + "\n"
}
