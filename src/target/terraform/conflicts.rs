//! Two blocks that would be one: the same address in Terraform, or the same name at the provider.

use std::collections::BTreeMap;

use super::Findings;
use super::files::Piece;
use crate::diag::{Diagnostic, Severity};

/// Arguments that name a resource at the provider.
const NAMES: [&str; 7] =
    ["name", "identifier", "replication_group_id", "family", "bucket", "function_name", "cluster_identifier"];

/// Resources whose name has to be unique only within another resource.
const INNER: [&str; 12] = [
    "aws_appautoscaling_policy",
    "aws_autoscaling_policy",
    "aws_iam_role_policy",
    "aws_apigatewayv2_",
    "aws_efs_access_point",
    "aws_lambda_event_",
    "aws_lambda_permission",
    "aws_route53_record",
    "aws_service_discovery_service",
    "aws_s3_bucket_",
    "aws_lb_",
    "aws_secretsmanager_secret_version",
];

/// Reports each pair of blocks with one address or with one name at the provider. Nothing is merged: the second
/// would silently take the place of the first.
pub(super) fn report(pieces: &[Piece], findings: &mut Findings) {
    let mut addresses: BTreeMap<String, &Piece> = BTreeMap::new();
    let mut names: BTreeMap<(String, String), &Piece> = BTreeMap::new();
    for piece in pieces {
        let address = piece.block.address();
        if let Some(first) = addresses.get(&address) {
            add(findings, first, piece, format!("two elements give the Terraform block `{address}`"));
            continue;
        }
        addresses.insert(address, piece);
        let Some((kind, name)) = name_at_provider(piece) else { continue };
        if let Some(first) = names.get(&(kind.clone(), name.clone())) {
            add(findings, first, piece, format!("two elements give a `{kind}` with the name {name}"));
            continue;
        }
        names.insert((kind, name), piece);
    }
}

/// The type of a resource and what names it at the provider, as the expression that is printed.
fn name_at_provider(piece: &Piece) -> Option<(String, String)> {
    let kind = piece.block.labels.first().filter(|_| piece.block.kind == "resource")?;
    // Names of target groups are unique, unlike those of what belongs to a balancer.
    let inner = INNER.iter().any(|inner| kind.starts_with(inner)) && kind != "aws_lb_target_group";
    if inner {
        return None;
    }
    let argument = |line: &str| {
        let (key, value) = line.strip_prefix("  ")?.split_once('=')?;
        NAMES.contains(&key.trim_end()).then(|| value.trim().to_owned())
    };
    piece.block.text.lines().find_map(argument).map(|name| (kind.clone(), name))
}

fn add(findings: &mut Findings, first: &Piece, second: &Piece, message: String) {
    let span = second.from.first().or(first.from.first()).copied();
    let mut error = Diagnostic::new(Severity::Error, "terraform-conflict", span, message)
        .hint("rename one of them: names of resources are made of ids, and parts of an element add endings to its id");
    if let Some(&other) = first.from.first().filter(|&&other| Some(other) != span) {
        error = error.related(other, "the other one comes from here");
    }
    findings.output.diagnostics.push(error);
}
