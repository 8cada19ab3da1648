//! Credentials that stand in the description as they are, where a secret belongs.
//!
//! The value itself is named nowhere: what is reported is the variable.

use super::names::layers;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Entry, Node};
use crate::document::{Document, reference};

/// Last words of variables that hold a credential.
const SECRET_WORDS: [&str; 9] =
    ["PASSWORD", "PASSWD", "PASS", "PASSPHRASE", "SECRET", "TOKEN", "KEY", "APIKEY", "CREDENTIALS"];

/// Words before the last one that make it something public.
const PUBLIC_WORDS: [&str; 8] =
    ["PUBLIC", "PUB", "PUBLISHABLE", "SORT", "PARTITION", "PRIMARY", "CACHE", "EMPTY"];

/// Values that are switches, not credentials.
const SWITCHES: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "none", "null"];

/// The name by which `allow` silences the finding.
const RULE: &str = "literal-credential";

/// Warns of every literal credential in `env`, unless the component allows it with a reason.
pub(super) fn check(document: &Document, out: &mut Diagnostics) {
    let components = || layers(document).flat_map(|layer| &layer.components.entries);
    for component in components() {
        let id = component.key.value.as_str();
        let allowed = components()
            .filter(|other| other.key.value == id)
            .any(|other| other.value.get("allow").and_then(|allow| allow.get(RULE)).is_some());
        if allowed {
            continue;
        }
        let env = component.value.get("env").and_then(Node::as_map);
        for entry in env.into_iter().flat_map(|map| &map.entries) {
            let Some(value) = entry.value.as_str() else { continue };
            if let Some(finding) = finding(entry, value) {
                out.push(finding);
            }
        }
    }
}

fn finding(entry: &Entry, value: &str) -> Option<Diagnostic> {
    let name = &entry.key.value;
    let secret = name.to_lowercase().replace('_', "-");
    if is_named_secret(name) && is_literal(value) {
        return Some(
            warning(entry, format!("`{name}` holds a credential as it is"))
                .hint(format!("name it: `secrets: {{ {secret}: {{ title: … }} }}`, and write `${{secret.{secret}}}` here"))
                .hint("the password of a store with a user is `${id.password}`, without being named")
                .hint(ALLOW),
        );
    }
    has_password(value).then(|| {
        warning(entry, format!("`{name}` holds an address with a password in it"))
            .hint("write `${id.url}` where it is the address of a component")
            .hint(format!(
                "else put `${{secret.{secret}}}` in place of the password, and name it under `secrets`"
            ))
            .hint(ALLOW)
    })
}

const ALLOW: &str = "where it protects nothing, say so: `allow: { literal-credential: reason }`";

fn warning(entry: &Entry, message: String) -> Diagnostic {
    Diagnostic::warning(RULE, entry.key.span, message).label("it reaches every generated file")
}

/// Whether a variable's name says that its value is secret.
fn is_named_secret(name: &str) -> bool {
    let name = name.to_uppercase();
    let mut words = name.rsplit(['_', '-', '.']);
    let last = words.next().unwrap_or_default();
    let before = words.next().unwrap_or_default();
    SECRET_WORDS.contains(&last) && !PUBLIC_WORDS.contains(&before)
}

/// Whether a value stands for itself: no reference, no switch, no number, no path to where the secret is.
fn is_literal(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty()
        && !reference::is_template(value)
        && !SWITCHES.contains(&value.to_lowercase().as_str())
        && value.parse::<f64>().is_err()
        && !value.starts_with(['/', '.'])
        && !value.contains("://")
}

/// Whether a URL holds a user and a literal password.
fn has_password(value: &str) -> bool {
    value.match_indices("://").any(|(at, sign)| {
        let rest = &value[at + sign.len()..];
        let authority = rest.split(['/', '?', '#', ' ', '"']).next().unwrap_or(rest);
        let login = authority.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
        login.is_some_and(|(_, password)| !password.is_empty() && !password.contains(['$', '{']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_secret() {
        for name in ["DB_PASSWORD", "SECRET_KEY", "api_key", "JWT_SECRET", "TOKEN", "AWS_SECRET_ACCESS_KEY"] {
            assert!(is_named_secret(name), "{name}");
        }
        for name in ["KEY_ID", "PASSWORD_FILE", "TOKEN_TTL", "PUBLIC_KEY", "MONKEY", "ALLOW_EMPTY_PASSWORD"] {
            assert!(!is_named_secret(name), "{name}");
        }
    }

    #[test]
    fn references_switches_and_paths_are_no_credentials() {
        assert!(is_literal("hunter2"));
        for value in ["${db.password}", "yes", "3600", "/run/secrets/x", "", "http://a"] {
            assert!(!is_literal(value), "{value}");
        }
    }

    #[test]
    fn addresses_may_hold_a_password() {
        for value in ["postgres://app:hunter2@db:5432/shop", "x=amqp://a:b@c"] {
            assert!(has_password(value), "{value}");
        }
        for value in
            ["http://db:5432/a@b", "redis://:${cache.password}@c", "http://user@host", "${db.url}", "://"]
        {
            assert!(!has_password(value), "{value}");
        }
    }
}
