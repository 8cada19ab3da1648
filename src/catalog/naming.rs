//! What a form takes as the value of a setting that becomes a name there: its signs, its length, and the words that
//! are its own.
//!
//! ```yaml
//! names:
//!   user: { first: a-zA-Z, rest: a-zA-Z0-9_, longest: 63, reserved: [admin] }
//! ```

use super::read;
use crate::diag::Diagnostics;
use crate::document::tree::Map;

/// What a form takes for one setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Naming {
    /// The setting.
    pub setting: String,
    /// What the first sign may be, such as `a-zA-Z_`; empty: like the rest.
    pub first: String,
    /// What every sign may be; empty: anything.
    pub rest: String,
    /// The most signs; `None`: any number.
    pub longest: Option<usize>,
    /// Words that are taken, whatever the case.
    pub reserved: Vec<String>,
}

/// Why a form does not take a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It begins with this sign.
    First(char),
    /// It holds this sign.
    Sign(char),
    /// It is longer than this.
    Long(usize),
    /// It is a word of the form's own.
    Reserved,
}

impl Naming {
    /// What is wrong with a name.
    pub fn fault(&self, name: &str) -> Option<Fault> {
        if self.reserved.iter().any(|word| word.eq_ignore_ascii_case(name)) {
            return Some(Fault::Reserved);
        }
        let first = name.chars().next().filter(|sign| !takes(&self.first, *sign));
        let sign = name.chars().find(|sign| !takes(&self.rest, *sign));
        let long = self.longest.filter(|longest| name.chars().count() > *longest);
        // A sign that is wrong anywhere is said as that.
        sign.map(Fault::Sign).or(first.map(Fault::First)).or(long.map(Fault::Long))
    }
}

/// Whether signs with ranges, such as `a-z0-9_`, hold one; nothing written holds everything.
fn takes(signs: &str, wanted: char) -> bool {
    let signs: Vec<char> = signs.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        if let [low, '-', high] = signs[at..(at + 3).min(signs.len())] {
            if (low..=high).contains(&wanted) {
                return true;
            }
            at += 3;
        } else if signs[at] == wanted {
            return true;
        } else {
            at += 1;
        }
    }
    signs.is_empty()
}

/// Reads `names`. What it says of a setting goes before what is known of it already.
pub(super) fn read(map: &Map, known: &[Naming], out: &mut Diagnostics) -> Vec<Naming> {
    let mut all = known.to_vec();
    let inner = map.get("names").and_then(|node| read::map(node, "`names`", out));
    for entry in inner.into_iter().flat_map(|map| &map.entries) {
        let what = format!("`{}`", entry.key.value);
        let Some(rules) = read::map(&entry.value, &what, out) else { continue };
        read::keys(rules, "a name", &["first", "rest", "longest", "reserved"], out);
        if !all.iter().any(|naming| naming.setting == entry.key.value) {
            all.push(Naming { setting: entry.key.value.clone(), ..Naming::default() });
        }
        let Some(naming) = all.iter_mut().find(|naming| naming.setting == entry.key.value) else { continue };
        if let Some(first) = read::text(rules, "first", out) {
            naming.first = first;
        }
        if let Some(rest) = read::text(rules, "rest", out) {
            naming.rest = rest;
        }
        if let Some(longest) = rules.get("longest") {
            naming.longest = longest.as_str().and_then(|text| text.parse().ok());
            if naming.longest.is_none() {
                read::wrong_type(longest.span, "`longest`", "a number", out);
            }
        }
        naming.reserved.extend(read::list(rules, "reserved", out).into_iter().map(|(word, _)| word));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_judged_by_its_signs_its_length_and_what_is_taken() {
        let naming = Naming {
            setting: "user".into(),
            first: "a-zA-Z".into(),
            rest: "a-zA-Z0-9_".into(),
            longest: Some(8),
            reserved: vec!["admin".into()],
        };
        for (name, fault) in [
            ("shop_2", None),
            ("Admin", Some(Fault::Reserved)),
            ("my-db", Some(Fault::Sign('-'))),
            ("2shop", Some(Fault::First('2'))),
            ("shopshops", Some(Fault::Long(8))),
        ] {
            assert_eq!(naming.fault(name), fault, "{name}");
        }
        assert_eq!(Naming::default().fault("any thing-at all"), None);
        assert!(takes("a-c-", '-') && takes("-a", 'a') && !takes("a-c", 'd'));
    }
}
