//! Regions of generated Markdown that belong to the user.
//!
//! ```text
//! <!-- archgen:keep notes -->
//! Whatever stands here survives every regeneration.
//! <!-- archgen:keep end -->
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// What is wrong with the markers of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepFault {
    /// A region without an end.
    Open(String),
    /// An end without a region.
    End,
    /// Two regions of one name.
    Twice(String),
    /// A region that begins inside another.
    Nested(String),
}

impl fmt::Display for KeepFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeepFault::Open(name) => {
                write!(f, "the region `{name}` has no end; close it with `<!-- archgen:keep end -->`")
            }
            KeepFault::End => f.write_str("an `archgen:keep end` stands there without a region before it"),
            KeepFault::Twice(name) => write!(f, "two regions are named `{name}`"),
            KeepFault::Nested(name) => write!(f, "the region `{name}` begins inside another"),
        }
    }
}

/// A fresh text that holds what the user wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merged {
    /// The fresh text with the user's words in its regions.
    pub(super) text: String,
    /// Regions with words in them that the fresh text has no place for.
    pub(super) lost: Vec<String>,
}

/// Puts what stands in the regions of `old` into the regions of the same name of `fresh`.
pub(super) fn merge(fresh: &str, old: &str) -> Result<Merged, KeepFault> {
    let mut words: BTreeMap<String, &str> =
        regions(old)?.into_iter().map(|(name, range)| (name, &old[range])).collect();
    let mut text = String::with_capacity(fresh.len());
    let mut done = 0;
    for (name, range) in regions(fresh)? {
        text.push_str(&fresh[done..range.start]);
        text.push_str(words.remove(&name).unwrap_or(&fresh[range.clone()]));
        done = range.end;
    }
    text.push_str(&fresh[done..]);
    words.retain(|_, text| !text.trim().is_empty());
    Ok(Merged { text, lost: words.into_keys().collect() })
}

/// The names of the regions that hold words.
pub(super) fn filled(text: &str) -> Result<Vec<String>, KeepFault> {
    let all = regions(text)?.into_iter();
    Ok(all.filter(|(_, range)| !text[range.clone()].trim().is_empty()).map(|(name, _)| name).collect())
}

/// The text without what stands in its regions: the part that archgen answers for.
pub(super) fn emptied(text: &str) -> Result<String, KeepFault> {
    let mut rest = String::with_capacity(text.len());
    let mut done = 0;
    for (_, range) in regions(text)? {
        rest.push_str(&text[done..range.start]);
        done = range.end;
    }
    rest.push_str(&text[done..]);
    Ok(rest)
}

/// Name and byte range of each region, in the order of the text; the markers' own lines are not in the range.
fn regions(text: &str) -> Result<Vec<(String, Range<usize>)>, KeepFault> {
    let mut all: Vec<(String, Range<usize>)> = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        match (marker(line), open.take()) {
            (None, still) => open = still,
            (Some("end"), None) => return Err(KeepFault::End),
            (Some("end"), Some((name, start))) => all.push((name, start..at)),
            (Some(name), Some(_)) => return Err(KeepFault::Nested(name.to_string())),
            (Some(name), None) if all.iter().any(|(other, _)| other == name) => {
                return Err(KeepFault::Twice(name.to_string()));
            }
            (Some(name), None) => open = Some((name.to_string(), next)),
        }
        at = next;
    }
    match open {
        Some((name, _)) => Err(KeepFault::Open(name)),
        None => Ok(all),
    }
}

/// The name on a line that is a marker and nothing else.
fn marker(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let name = inner.strip_prefix("archgen:keep ")?.trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    plain.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: &str = "# New\n<!-- archgen:keep notes -->\n<!-- archgen:keep end -->\nafter\n";

    #[test]
    fn words_of_the_user_move_into_the_fresh_text() {
        let old = "# Old\n<!-- archgen:keep notes -->\nmine\n<!-- archgen:keep end -->\n";
        let merged = merge(FRESH, old).unwrap();
        assert_eq!(
            merged.text,
            "# New\n<!-- archgen:keep notes -->\nmine\n<!-- archgen:keep end -->\nafter\n"
        );
        assert!(merged.lost.is_empty());
        assert_eq!(emptied(&merged.text).unwrap(), FRESH);
    }

    #[test]
    fn a_region_without_a_place_is_lost_only_when_it_holds_words() {
        let old = "<!-- archgen:keep a -->\nmine\n<!-- archgen:keep end -->\n<!-- archgen:keep b -->\n \n<!-- archgen:keep end -->\n";
        assert_eq!(merge(FRESH, old).unwrap().lost, ["a"]);
        assert_eq!(filled(old).unwrap(), ["a"]);
    }

    #[test]
    fn broken_markers_are_told_apart() {
        let start = "<!-- archgen:keep a -->\n";
        let end = "<!-- archgen:keep end -->\n";
        assert_eq!(emptied(start), Err(KeepFault::Open("a".into())));
        assert_eq!(emptied(end), Err(KeepFault::End));
        assert_eq!(emptied(&format!("{start}{start}{end}")), Err(KeepFault::Nested("a".into())));
        assert_eq!(emptied(&format!("{start}{end}{start}{end}")), Err(KeepFault::Twice("a".into())));
        assert_eq!(emptied("text <!-- archgen:keep a --> in a line\n").unwrap().len(), 39);
    }
}
