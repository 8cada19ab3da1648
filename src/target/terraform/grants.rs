//! Rights at the provider's API: one policy for each pair of who asks and what is asked.

use serde_json::{Map, Value, json};

use super::Findings;
use super::dialect::Words;
use super::files::Piece;
use super::hcl;
use super::naming;
use crate::catalog::{Reach, Trait};
use crate::model::End;
use crate::target::Input;
use crate::template;

/// Policies for all grants whose role the templates of forms have made.
pub(super) fn pieces(input: &Input, words: &Words, made: &[Piece], findings: &mut Findings) -> Vec<Piece> {
    let model = input.model;
    let mut out: Vec<Piece> = Vec::new();
    for grant in &input.facts.grants {
        let on = model.component(grant.on);
        let Some(grants) = &input.catalog.form(on.form).grants else { continue };
        let (asks, who) = (End::Component(grant.who), model.component(grant.who));
        // What runs on a machine has the machine's role; what runs in a cluster has one of its own there.
        let machine = model.machine(asks).map(|zone| model.zone(zone));
        let cluster = model.cluster(asks).map(|zone| model.zone(zone));
        let (role, built) = match (machine, cluster) {
            (Some(zone), _) => (zone.name(), &zone.built),
            (None, Some(zone)) => (who.name(), &zone.built),
            (None, None) => (who.name(), &who.built),
        };
        // What is handed over by the provider itself, as messages of a topic are, needs no right.
        let (read, write) = grant.actions(grants);
        let asks = !(read.is_empty() && write.is_empty());
        if !naming::is_ours(built) || !asks {
            continue;
        }
        let address = format!("aws_iam_role.{role}");
        let has_role =
            made.iter().any(|piece| piece.block.kind == "resource" && piece.block.address() == address);
        let mut context = Map::new();
        context.insert("name".into(), json!(on.name()));
        context.insert("id".into(), json!(on.id));
        super::regions::insert(input, grant.on, &mut context);
        context.insert("system".into(), json!(model.system().id));
        context.insert("environment".into(), json!(model.environment().id));
        let owner = naming::shared_by(&on.built).unwrap_or(&model.environment().id);
        context.insert("owner_environment".into(), json!(owner));
        let context = Value::Object(context);
        let render = |texts: &[String]| -> Option<Vec<String>> {
            texts.iter().map(|text| template::render(text, &context).ok()).collect()
        };
        let rendered = render(&grants.resources).zip(render(&grants.write_if));
        // The element itself stands in the loss report already, and stores report without a right of their own.
        let reports = input.catalog.kind(who.kind).has(Trait::DataStore)
            && input.catalog.kind(on.kind).has(Trait::Monitor);
        // A store behind an API has a role where it asks others, and hands over without one.
        let hands_over = input.catalog.form(who.form).reach == Reach::Api
            && input.catalog.kind(who.kind).has(Trait::DataStore);
        if !words.is_known(grant.on) || (reports || hands_over) && !has_role {
            continue;
        }
        let (true, Some((resources, write_if))) = (has_role, rendered) else {
            findings.loss(input, &who.id, "grant", &[("on", &on.id)]);
            continue;
        };
        let statements = if write_if.is_empty() {
            vec![(actions(read.iter().chain(write)), [].as_slice())]
        } else {
            vec![(actions(read.iter()), [].as_slice()), (actions(write.iter()), write_if.as_slice())]
        };
        let looked_up = naming::shared_by(&on.built).is_some();
        let key = format!("{}_{}", who.name(), on.name());
        let text = policy(&key, &role, &statements, &resources, looked_up);
        for block in hcl::blocks(&text).unwrap_or_default() {
            out.push(Piece {
                file: "iam.tf".to_owned(),
                block,
                always: true,
                across: false,
                from: vec![on.span],
            });
        }
    }
    out
}

/// Actions in the order of the alphabet, each once.
fn actions<'a>(all: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut actions: Vec<&str> = all.map(String::as_str).collect();
    actions.sort_unstable();
    actions.dedup();
    actions
}

/// A policy of a role; a statement has actions, and a key with the patterns of its value where it is limited.
fn policy(
    key: &str,
    role: &str,
    statements: &[(Vec<&str>, &[String])],
    resources: &[String],
    looked_up: bool,
) -> String {
    let list = |items: Vec<String>| items.join(",\n");
    let looked_up =
        |text: &String| if looked_up { text.replace("${aws_", "${data.aws_") } else { text.clone() };
    let resources = list(resources.iter().map(looked_up).map(|text| expression(&text)).collect());
    let mut text = format!("data \"aws_iam_policy_document\" \"{key}\" {{\n");
    for (actions, only_if) in statements.iter().filter(|(actions, _)| !actions.is_empty()) {
        let actions = list(actions.iter().map(|action| hcl::quote(action)).collect());
        text.push_str(&format!(
            " statement {{\n actions = [\n{actions}\n]\n resources = [\n{resources}\n]\n"
        ));
        if let Some((variable, values)) = only_if.split_first() {
            let values = list(values.iter().map(|value| expression(value)).collect());
            text.push_str(&format!(
                "\n condition {{\n test = \"StringLike\"\n variable = {}\n values = [{values}]\n }}\n",
                hcl::quote(variable)
            ));
        }
        text.push_str(" }\n");
    }
    text + &format!(
        "}}\n\nresource \"aws_iam_role_policy\" \"{key}\" {{\n \
         name = {}\n role = aws_iam_role.{role}.id\n policy = data.aws_iam_policy_document.{key}.json\n}}\n",
        hcl::quote(&key.replace('_', "-"))
    )
}

/// A text with references as an expression: one reference alone stands without quotes.
pub(super) fn expression(text: &str) -> String {
    match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(only) if !only.contains("${") && !only.contains('}') => only.to_owned(),
        _ => format!("\"{text}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn one_reference_stands_alone() {
        assert_eq!(expression("${aws_s3_bucket.a.arn}"), "aws_s3_bucket.a.arn");
        assert_eq!(expression("${aws_s3_bucket.a.arn}/*"), "\"${aws_s3_bucket.a.arn}/*\"");
        assert_eq!(expression("${a.b}${c.d}"), "\"${a.b}${c.d}\"");
    }
}
