//! Certificates: which names they prove, who uses them, and whether a person brings them.

use serde_json::{Map, Value, json};

use super::dialect::Words;
use super::naming;
use crate::catalog::Trait;
use crate::model::{ComponentId, Model};
use crate::target::Input;
use crate::target::attributes::Dialect;

/// Whether the certificate is issued elsewhere and imported: the author names an issuer that is not the
/// form's own.
pub(super) fn is_imported(input: &Input, id: ComponentId) -> bool {
    let component = input.model.component(id);
    if component.certificate.is_none() {
        return false;
    }
    let Some(issuer) = component.setting_text("issuer") else { return false };
    let used = input.catalog.kind(component.kind).form(component.form);
    let issuers = used.and_then(|used| used.data.get("issuers")).and_then(|node| node.as_list());
    issuers.is_some_and(|list| !list.iter().any(|node| node.as_str() == Some(&issuer)))
}

/// Whether something at the provider's edge uses the certificate.
pub(super) fn is_at_the_edge(input: &Input, id: ComponentId) -> bool {
    users(input.model, id).any(|user| input.catalog.kind(input.model.component(user).kind).has(Trait::Cdn))
}

/// The region whose certificates the provider's edge takes.
const EDGE_REGION: &str = "us-east-1";

/// Whether a certificate is needed twice: at the edge, whose region is one of its own, and where the rest stands.
pub(super) fn is_needed_twice(input: &Input, id: ComponentId) -> bool {
    let cdn = |user: &ComponentId| input.catalog.kind(input.model.component(*user).kind).has(Trait::Cdn);
    is_at_the_edge(input, id)
        && users(input.model, id).any(|user| !cdn(&user))
        && (super::regions::of(input).is_some() || super::variables::region(input) != EDGE_REGION)
}

/// The certificate of a user, as the form has it for the place where TLS ends.
pub(super) fn arn(
    input: &Input,
    words: &Words,
    user: ComponentId,
    certificate: ComponentId,
) -> Option<String> {
    let edge = input.catalog.kind(input.model.component(user).kind).has(Trait::Cdn);
    let own = if edge { words.attribute(certificate, "edge_arn") } else { None };
    own.or_else(|| words.attribute(certificate, "arn"))
}

/// Who ends TLS with the certificate.
fn users(model: &Model, id: ComponentId) -> impl Iterator<Item = ComponentId> {
    model
        .components()
        .filter(move |(_, user)| user.tls.as_ref().is_some_and(|tls| tls.certificate == id))
        .map(|(user, _)| user)
}

/// What templates may say: `names`, `dns_zone` (the zone that Terraform makes, to prove the names in),
/// `imported` and `places`: the certificates to make, each with its `name` and whether it is at the provider's `edge`.
pub(super) fn insert(input: &Input, id: ComponentId, context: &mut Map<String, Value>) {
    let Some(certificate) = &input.model.component(id).certificate else { return };
    context.insert("names".into(), json!(certificate.names));
    let zone =
        certificate.dns.map(|dns| input.model.component(dns)).filter(|dns| naming::is_ours(&dns.built));
    context.insert("dns_zone".into(), json!(zone.map(|dns| dns.name())));
    context.insert("imported".into(), json!(is_imported(input, id)));
    let name = input.model.component(id).name();
    let places = match (is_needed_twice(input, id), is_at_the_edge(input, id)) {
        (true, _) => {
            json!([{ "name": name, "edge": false }, { "name": format!("{name}_edge"), "edge": true }])
        }
        (false, edge) => json!([{ "name": name, "edge": edge }]),
    };
    context.insert("places".into(), places);
}
