//! What of a provider's API belongs to a form: what clients are allowed, and through which of the provider's services
//! requests go.

use super::read;
use crate::diag::Diagnostics;
use crate::document::tree::Map;

/// What clients are allowed to do at the provider's API; all texts are templates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Actions of who reads.
    pub read: Vec<String>,
    /// Actions of who writes.
    pub write: Vec<String>,
    /// The resources that they are allowed on.
    pub resources: Vec<String>,
    /// What writing is limited to where resources cannot say it: a key of the provider, then the patterns that
    /// its value must match; empty without a limit.
    pub write_if: Vec<String>,
}

/// The provider's services that a private network needs endpoints for, by the provider's names;
/// `gateway/NAME` is one that is a route and not an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Services {
    /// Those that clients of the form call.
    pub endpoints: Vec<String>,
    /// Those that the form itself calls.
    pub calls: Vec<String>,
    /// Those that it calls when it is given secrets.
    pub calls_for_secrets: Vec<String>,
}

/// How a form keeps secrets; all texts are templates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeps {
    /// Whether it keeps those for which no place is written.
    pub unasked: bool,
    /// Actions of who reads one.
    pub read: Vec<String>,
    /// What programs are told instead of the value.
    pub reference: String,
    /// What one is called there, by the `path` of its system, environment and id.
    pub path: String,
    /// One secret with its value; its `path` is the whole name.
    pub terraform: String,
}

/// Reads `keeps`.
pub(super) fn keeps(map: &Map, out: &mut Diagnostics) -> Option<Keeps> {
    let node = map.get("keeps")?;
    let inner = read::map(node, "`keeps`", out)?;
    read::keys(inner, "`keeps`", &["unasked", "read", "reference", "path", "terraform"], out);
    Some(Keeps {
        unasked: read::word(inner, "unasked", &["true", "false"], out).as_deref() == Some("true"),
        read: read::list(inner, "read", out).into_iter().map(|(text, _)| text).collect(),
        reference: read::required(
            inner,
            node.span,
            "reference",
            "what programs are told, such as an ARN",
            out,
        ),
        path: read::text(inner, "path", out).unwrap_or_else(|| "{{ path }}".to_owned()),
        terraform: read::required(inner, node.span, "terraform", "one secret with its value", out),
    })
}

/// Reads `grants`.
pub(super) fn grants(map: &Map, out: &mut Diagnostics) -> Option<Grants> {
    let inner = read::map(map.get("grants")?, "`grants`", out)?;
    read::keys(inner, "`grants`", &["read", "write", "resources", "write-if"], out);
    let mut texts = |key| read::list(inner, key, out).into_iter().map(|(text, _)| text).collect();
    Some(Grants {
        read: texts("read"),
        write: texts("write"),
        resources: texts("resources"),
        write_if: texts("write-if"),
    })
}

/// Reads `endpoints`, `calls` and `calls-for-secrets`.
pub(super) fn services(map: &Map, out: &mut Diagnostics) -> Services {
    let mut texts = |key| read::list(map, key, out).into_iter().map(|(text, _)| text).collect();
    Services {
        endpoints: texts("endpoints"),
        calls: texts("calls"),
        calls_for_secrets: texts("calls-for-secrets"),
    }
}
