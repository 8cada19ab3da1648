//! The regions of a provider, as its form lists them: what they are called, and their availability zones.

use super::read;
use crate::diag::Diagnostics;
use crate::document::tree::{Map, Node};

/// What is known of a provider's regions. It was so at a time: providers open new ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownRegions {
    /// When it was so.
    pub as_of: String,
    /// The regions, in the order of the file.
    pub all: Vec<KnownRegion>,
}

/// One region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRegion {
    /// What it is called.
    pub name: String,
    /// The letters of its availability zones.
    pub letters: String,
    /// How many of them one account has.
    pub zones: usize,
}

impl KnownRegions {
    /// The region of a name.
    pub fn find(&self, name: &str) -> Option<&KnownRegion> {
        self.all.iter().find(|region| region.name == name)
    }

    /// Whether a name could be that of a region: it is built like a known one.
    pub fn could_be(&self, name: &str) -> bool {
        self.all.iter().any(|region| built(&region.name) == built(name))
    }

    /// The most zones that any region has.
    pub fn most(&self) -> usize {
        self.all.iter().map(|region| region.zones).max().unwrap_or_default()
    }

    /// Whether some region has a zone with a letter.
    pub fn has_letter(&self, letter: &str) -> bool {
        letter.chars().count() == 1 && self.all.iter().any(|region| region.letters.contains(letter))
    }
}

/// How a name is built: what each part between dashes is made of.
fn built(name: &str) -> Vec<char> {
    let part = |part: &str| match part {
        "" => '?',
        _ if part.bytes().all(|b| b.is_ascii_lowercase()) => 'a',
        _ if part.bytes().all(|b| b.is_ascii_digit()) => '0',
        _ => '?',
    };
    name.split('-').map(part).collect()
}

/// Reads `regions` of a form's file: `as_of`, and for each region the letters of its zones, with their number behind a
/// slash where an account has fewer.
pub(super) fn read(map: &Map, out: &mut Diagnostics) -> Option<KnownRegions> {
    let inner = map.get("regions").and_then(|node| read::map(node, "`regions`", out))?;
    let mut known = KnownRegions::default();
    for entry in &inner.entries {
        let text = entry.value.as_str().unwrap_or_default();
        if entry.key.value == "as_of" {
            known.as_of = text.to_owned();
            continue;
        }
        match region(&entry.key.value, &entry.value) {
            Some(region) => known.all.push(region),
            None => read::wrong_type(
                entry.value.span,
                &format!("`{}`", entry.key.value),
                "the letters of its zones, such as `abc`, or `abcd/3` where an account has three of them",
                out,
            ),
        }
    }
    Some(known)
}

fn region(name: &str, node: &Node) -> Option<KnownRegion> {
    let (letters, zones) = match node.as_str()?.split_once('/') {
        Some((letters, zones)) => (letters, zones.parse().ok()?),
        None => (node.as_str()?, node.as_str()?.len()),
    };
    let fits = letters.bytes().all(|b| b.is_ascii_lowercase()) && (1..=letters.len()).contains(&zones);
    fits.then(|| KnownRegion { name: name.to_owned(), letters: letters.to_owned(), zones })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_what_is_none() {
        let region = |name: &str| KnownRegion { name: name.into(), letters: "abc".into(), zones: 3 };
        let all = vec![region("us-east-1"), region("us-gov-west-1")];
        let known = KnownRegions { as_of: "2026".into(), all };
        for name in ["eu-moon-1", "xx-yy-zz-12"] {
            assert!(known.could_be(name), "{name}");
        }
        for name in ["", "us-east-1a", "us-east1", "useast-1", "US-EAST-1", "Virginia", "us--1", "us-east-"] {
            assert!(!known.could_be(name), "{name}");
        }
    }
}
