//! Rights at the provider's API: one policy for each pair of who asks and what is asked.

use serde_json::{Map, Value, json};

use super::Findings;
use super::dialect::Words;
use super::files::Piece;
use super::hcl;
use super::naming;
use crate::catalog::Trait;
use crate::model::{DataAccess, End};
use crate::target::Input;
use crate::template;

/// Policies for all grants whose role the templates of forms have made.
pub(super) fn pieces(input: &Input, words: &Words, made: &[Piece], findings: &mut Findings) -> Vec<Piece> {
    let model = input.model;
    let mut out: Vec<Piece> = Vec::new();
    for grant in &input.facts.grants {
        let on = model.component(grant.on);
        let Some(grants) = &input.catalog.form(on.form).grants else { continue };
        let machine = model.machine(End::Component(grant.who)).map(|zone| model.zone(zone));
        let who = model.component(grant.who);
        let (role, built) = machine.map_or((who.name(), &who.built), |zone| (zone.name(), &zone.built));
        if !naming::is_ours(built) {
            continue;
        }
        let address = format!("aws_iam_role.{role}");
        let has_role =
            made.iter().any(|piece| piece.block.kind == "resource" && piece.block.address() == address);
        let mut context = Map::new();
        context.insert("name".into(), json!(on.name()));
        context.insert("id".into(), json!(on.id));
        context.insert("system".into(), json!(model.system().id));
        let context = Value::Object(context);
        let rendered: Result<Vec<String>, _> =
            grants.resources.iter().map(|resource| template::render(resource, &context)).collect();
        // The element itself stands in the loss report already, and stores report without a right of their own.
        let reports = input.catalog.kind(who.kind).has(Trait::DataStore)
            && input.catalog.kind(on.kind).has(Trait::Monitor);
        if !words.is_known(grant.on) || reports && !has_role {
            continue;
        }
        let (true, Ok(resources)) = (has_role, rendered) else {
            findings.loss(input, &who.id, "grant", &[("on", &on.id)]);
            continue;
        };
        let mut actions: Vec<&String> = Vec::new();
        if grant.access != DataAccess::Write {
            actions.extend(&grants.read);
        }
        if grant.access != DataAccess::Read {
            actions.extend(&grants.write);
        }
        let mut actions: Vec<&str> = actions.into_iter().map(String::as_str).collect();
        actions.sort_unstable();
        actions.dedup();
        let looked_up = naming::shared_by(&on.built).is_some();
        let key = format!("{}_{}", who.name(), on.name());
        let text = policy(&key, &role, &actions, &resources, looked_up);
        for block in hcl::blocks(&text).unwrap_or_default() {
            out.push(Piece { file: "iam.tf".to_owned(), block, always: true, from: vec![on.span] });
        }
    }
    out
}

fn policy(key: &str, role: &str, actions: &[&str], resources: &[String], looked_up: bool) -> String {
    let list = |items: Vec<String>| items.join(",\n");
    let actions = list(actions.iter().map(|action| hcl::quote(action)).collect());
    let resources = list(
        resources
            .iter()
            .map(
                |resource| {
                    if looked_up { resource.replace("${aws_", "${data.aws_") } else { resource.clone() }
                },
            )
            .map(|resource| expression(&resource))
            .collect(),
    );
    format!(
        "data \"aws_iam_policy_document\" \"{key}\" {{\n statement {{\n actions = [\n{actions}\n]\n \
         resources = [\n{resources}\n]\n }}\n}}\n\nresource \"aws_iam_role_policy\" \"{key}\" {{\n \
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
