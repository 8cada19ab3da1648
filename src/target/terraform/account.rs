//! Accounts in which nobody makes roles: everything runs with the role that the account has, which a profile names.

use std::collections::BTreeSet;

use super::Findings;
use super::files::Piece;
use super::naming::mentions;
use super::{hcl, secrets};
use crate::catalog::Profile;
use crate::model::ZoneDetail;
use crate::target::Input;

/// Resources that make roles and give them rights.
const MADE: [&str; 4] =
    ["aws_iam_role", "aws_iam_instance_profile", "aws_iam_role_policy", "aws_iam_role_policy_attachment"];

/// Puts the account's own role in place of all that would be made, where the profile says that there is one.
pub(super) fn apply(input: &Input, pieces: &mut Vec<Piece>, findings: &mut Findings) {
    let Some((zone, profile)) = profile(input) else { return };
    let Some(role) = &profile.role else { return };
    let (made, mut kept): (Vec<Piece>, Vec<Piece>) = pieces.drain(..).partition(is_made);
    if made.is_empty() {
        *pieces = kept;
        return;
    }
    let documents: Vec<String> = kept
        .iter()
        .filter(|piece| piece.block.labels.first().is_some_and(|kind| kind == "aws_iam_policy_document"))
        .map(|piece| piece.block.address())
        .collect();
    let used_by = |all: &[Piece], address: &str| all.iter().any(|piece| mentions(&piece.block.text, address));
    let spare: BTreeSet<String> =
        documents.into_iter().filter(|address| used_by(&made, address) && !used_by(&kept, address)).collect();
    kept.retain(|piece| !spare.contains(&piece.block.address()));
    for piece in &mut kept {
        refer(piece, &made);
    }
    let say = |key: &str| input.messages.say(&format!("terraform.text.{key}"), &[]);
    let instances = profile.instance_profile.as_ref();
    let mut text = format!(
        "# {}\ndata \"aws_iam_role\" \"account\" {{\n name = {}\n}}\n",
        say("account_role"),
        hcl::quote(role)
    );
    if let Some(name) = instances {
        text.push_str(&format!(
            "data \"aws_iam_instance_profile\" \"account\" {{\n name = {}\n}}\n",
            hcl::quote(name)
        ));
    }
    kept.extend(secrets::on_demand("iam.tf", &text, zone.span));
    let title = profile.title.get(&input.messages.language);
    findings.loss(input, &zone.id, "account-role", &[("role", role), ("profile", title)]);
    *pieces = kept;
}

/// The profile of the account that Terraform works in.
fn profile<'a>(input: &Input<'a>) -> Option<(&'a crate::model::Zone, &'a Profile)> {
    input.model.zones().find_map(|(_, zone)| match &zone.detail {
        ZoneDetail::Provider(provider) => {
            Some((zone, input.catalog.find_profile(provider.profile.as_deref()?)?))
        }
        _ => None,
    })
}

fn is_made(piece: &Piece) -> bool {
    let kind = piece.block.labels.first().map_or("", String::as_str);
    piece.block.kind == "resource" && MADE.contains(&kind)
}

/// What referred to something that is not made refers to the account's own.
fn refer(piece: &mut Piece, made: &[Piece]) {
    for other in made {
        let address = other.block.address();
        if !mentions(&piece.block.text, &address) {
            continue;
        }
        // Nothing waits for rights that are there already.
        if piece.block.text.contains("depends_on") {
            hcl::replace_in_list(&mut piece.block, "depends_on", &address, &[]).ok();
        }
        let kind = other.block.labels.first().map_or("", String::as_str);
        piece.block.text = with_address(&piece.block.text, &address, &format!("data.{kind}.account"));
    }
}

/// A text with one address in place of another.
fn with_address(text: &str, old: &str, new: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let (before, after) = (rest[..at].chars().next_back(), rest[at + old.len()..].chars().next());
        let whole = !before.is_some_and(|c| part(c) || c == '.') && !after.is_some_and(part);
        out.push_str(&rest[..at]);
        out.push_str(if whole { new } else { old });
        rest = &rest[at + old.len()..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::with_address;

    #[test]
    fn only_whole_addresses_are_replaced() {
        let text = "a = aws_iam_role.vm.arn, b = aws_iam_role.vm_2.arn, c = data.aws_iam_role.vm.arn";
        assert_eq!(
            with_address(text, "aws_iam_role.vm", "data.aws_iam_role.account"),
            "a = data.aws_iam_role.account.arn, b = aws_iam_role.vm_2.arn, c = data.aws_iam_role.vm.arn"
        );
    }
}
