//! What can be measured of a form: which of the provider's metrics a word of the description means.

use super::read;
use crate::diag::Diagnostics;
use crate::document::tree::{Map, Node};

/// One metric; all texts are templates over what the form's own template may name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metric {
    /// The word of the description: `cpu`, `http_5xx`, `disk_used`.
    pub word: String,
    /// The provider's name space.
    pub namespace: String,
    /// The provider's name.
    pub name: String,
    /// Further metrics of the same name space and dimensions that an alarm counts in.
    pub also: Vec<String>,
    /// How values of one period become one: `Average`, `Sum`, `Maximum`, `p95`.
    pub statistic: String,
    /// Whose metric it is. Where one of them gives an empty text, there is nothing to measure.
    pub dimensions: Vec<(String, String)>,
    /// Where the provider counts what is left in place of what is used: how much there is at all.
    pub free_of: Option<String>,
    /// Whether the provider counts time in thousandths of a second.
    pub milliseconds: bool,
}

const KEYS: [&str; 7] = ["namespace", "name", "also", "statistic", "dimensions", "free_of", "unit"];

/// Reads `metrics` of a form's file.
pub(super) fn read(map: &Map, out: &mut Diagnostics) -> Vec<Metric> {
    let Some(inner) = map.get("metrics").and_then(|node| read::map(node, "`metrics`", out)) else {
        return Vec::new();
    };
    let mut metrics = Vec::new();
    for entry in &inner.entries {
        let word = entry.key.value.clone();
        let Some(fields) = read::map(&entry.value, &format!("`{word}`"), out) else { continue };
        read::keys(fields, &format!("`{word}`"), &KEYS, out);
        let mut text = |key: &str, hint: &str| read::required(fields, entry.key.span, key, hint, out);
        let namespace = text("namespace", "the provider's name space, such as AWS/RDS");
        let name = text("name", "the provider's name of it");
        let statistic = text("statistic", "Average, Sum, Maximum or a percentile such as p95");
        let dimensions = fields.get("dimensions").and_then(Node::as_map).map(|map| {
            let pair = |entry: &crate::document::tree::Entry| {
                Some((entry.key.value.clone(), entry.value.as_str()?.to_owned()))
            };
            map.entries.iter().filter_map(pair).collect()
        });
        metrics.push(Metric {
            word,
            namespace,
            name,
            also: read::list(fields, "also", out).into_iter().map(|(name, _)| name).collect(),
            statistic,
            dimensions: dimensions.unwrap_or_default(),
            free_of: read::text(fields, "free_of", out),
            milliseconds: read::word(fields, "unit", &["ms"], out).is_some(),
        });
    }
    metrics
}
