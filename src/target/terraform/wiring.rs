//! What a module of a region and what stands around it hand to each other.
//!
//! Templates name resources as if all stood in one folder. Where the named one stands on the other side, a variable or
//! an output takes its place: `aws_route53_zone.dns.zone_id` in a module becomes `var.dns_zone_id`, which each call
//! fills, and `module.eu_west_1.aws_lb.edge.arn` around it becomes `module.eu_west_1.edge_arn`, an output. In a module
//! `first.aws_lb.edge[*].arn` is what the module of the first region has; there the list is empty.

use std::collections::BTreeSet;
use std::ops::Range;

use super::files::Piece;
use super::naming::identifier;

/// What a module is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The variable.
    pub(super) name: String,
    /// What it is, in the words of the module's surroundings; for what comes from the first region, in its own.
    pub(super) value: String,
    /// Whether it comes from the module of the first region.
    pub(super) first: bool,
}

/// What a module hands out beside its own outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Handed {
    /// The output.
    pub(super) name: String,
    /// Its value in the module.
    pub(super) value: String,
    /// Whether the module has the output in any case.
    pub(super) own: bool,
}

/// All that goes through the walls of the modules.
#[derive(Debug, Default)]
pub(super) struct Wiring {
    /// In the order in which it was met.
    pub(super) given: Vec<Given>,
    /// In the order in which it was met.
    pub(super) handed: Vec<Handed>,
    /// Names of variables that a module has in any case.
    taken: BTreeSet<String>,
}

impl Wiring {
    /// The outputs that a module has in any case, by name and value, and the names of its variables.
    pub(super) fn with_own(
        outputs: impl Iterator<Item = (String, String)>,
        taken: BTreeSet<String>,
    ) -> Wiring {
        let handed = outputs.map(|(name, value)| Handed { name, value, own: true }).collect();
        Wiring { given: Vec::new(), handed, taken }
    }

    /// Replaces what the pieces of a module name outside of it; `around` are the addresses there.
    pub(super) fn replace_inside(
        &mut self,
        piece: &mut Piece,
        around: &BTreeSet<String>,
        inside: &BTreeSet<String>,
    ) {
        let mut text = piece.block.text.clone();
        for address in inside {
            text = replace(&text, &format!("first.{address}"), |path| {
                let path = path.trim_start_matches("first.");
                format!("var.first_{}", self.give(path, true))
            });
        }
        for address in around.difference(inside) {
            text = replace(&text, address, |path| format!("var.{}", self.give(path, false)));
        }
        piece.block.text = text;
    }

    /// Replaces what stands around the modules and names what is in them; where no module is named, the first
    /// region's is meant.
    pub(super) fn replace_around(
        &mut self,
        piece: &mut Piece,
        keys: &[String],
        around: &BTreeSet<String>,
        inside: &BTreeSet<String>,
    ) {
        let mut text = piece.block.text.clone();
        for address in inside {
            for key in keys {
                let module = format!("module.{key}.");
                text = replace(&text, &format!("{module}{address}"), |path| {
                    format!("{module}{}", self.hand(&path[module.len()..]))
                });
            }
        }
        if let Some(first) = keys.first() {
            for address in inside.difference(around) {
                text = replace(&text, address, |path| format!("module.{first}.{}", self.hand(path)));
            }
        }
        piece.block.text = text;
    }

    /// The variable for a value, without `first_` before it.
    fn give(&mut self, path: &str, first: bool) -> String {
        let found = self.given.iter().find(|given| given.value == path && given.first == first);
        if let Some(found) = found {
            return found.name.clone();
        }
        let name = free(path, |name| {
            self.taken.contains(name)
                || self.given.iter().any(|given| given.name == name && given.first == first)
        });
        self.given.push(Given { name: name.clone(), value: path.to_owned(), first });
        if first {
            self.hand(path);
        }
        name
    }

    /// The output for a value.
    pub(super) fn hand(&mut self, path: &str) -> String {
        if let Some(found) = self.handed.iter().find(|handed| handed.value == path) {
            return found.name.clone();
        }
        let name = free(path, |name| self.handed.iter().any(|handed| handed.name == name));
        self.handed.push(Handed { name: name.clone(), value: path.to_owned(), own: false });
        name
    }
}

/// A name for a value that is not taken: of the resource's own name and the argument, else with its type.
fn free(path: &str, taken: impl Fn(&str) -> bool) -> String {
    let bare: String =
        path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect();
    let words: Vec<&str> = bare.trim_start_matches("data.").split('.').collect();
    let own = identifier(&words[1.min(words.len() - 1)..].join("_"));
    if taken(&own) { identifier(&bare) } else { own }
}

/// A text with every way that begins at an address replaced.
fn replace(text: &str, address: &str, mut by: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for way in ways(text, address) {
        out.push_str(&text[done..way.start]);
        out.push_str(&by(&text[way.clone()]));
        done = way.end;
    }
    out.push_str(&text[done..]);
    out
}

/// Where a text goes from an address to something of it: `aws_lb.edge`, `aws_subnet.app["a"].id`, `aws_a.b[*].arn`.
fn ways(text: &str, address: &str) -> Vec<Range<usize>> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, _) in text.match_indices(address) {
        let mut end = start + address.len();
        let before = text[..start].chars().next_back();
        if before.is_some_and(|c| part(c) || c == '.') || text[end..].starts_with(part) {
            continue;
        }
        loop {
            let rest = &text[end..];
            if rest.starts_with('[') {
                let Some(close) = rest.find(']') else { break };
                end += close + 1;
            } else if let Some(name) = rest.strip_prefix('.') {
                let length = name.find(|c| !part(c)).unwrap_or(name.len());
                if length == 0 {
                    break;
                }
                end += 1 + length;
            } else {
                break;
            }
        }
        if found.last().is_none_or(|last| last.end <= start) {
            found.push(start..end);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::terraform::hcl;

    fn piece(text: &str) -> Piece {
        let block = hcl::blocks(text).unwrap().remove(0);
        Piece { file: "a.tf".to_owned(), block, always: true, across: false, from: Vec::new() }
    }

    fn addresses(list: &[&str]) -> BTreeSet<String> {
        list.iter().map(|&address| address.to_owned()).collect()
    }

    #[test]
    fn a_module_is_given_what_stands_around_it() {
        let mut wiring = Wiring::default();
        let mut inner = piece(
            "resource \"aws_a\" \"x\" {\n  b = aws_zone.dns.id\n  c = \"${aws_zone.dns.id}/${aws_a.y.id}\"\n  \
             d = one(first.aws_a.y[*].arn)\n}\n",
        );
        wiring.replace_inside(&mut inner, &addresses(&["aws_zone.dns"]), &addresses(&["aws_a.x", "aws_a.y"]));
        let text = &inner.block.text;
        assert!(
            text.contains("b = var.dns_id\n") && text.contains("\"${var.dns_id}/${aws_a.y.id}\""),
            "{text}"
        );
        assert!(text.contains("one(var.first_y_arn)"), "{text}");
        assert_eq!(wiring.given.len(), 2);
        assert_eq!(
            wiring.handed,
            [Handed { name: "y_arn".into(), value: "aws_a.y[*].arn".into(), own: false }]
        );
    }

    #[test]
    fn modules_hand_out_what_is_named_around_them() {
        let mut wiring = Wiring::default();
        let mut outer = piece(
            "resource \"aws_r\" \"x\" {\n  a = module.eu.aws_lb.edge.arn\n  b = aws_lb.edge.arn\n  c = data.aws_lb.edge.arn\n}\n",
        );
        let keys = ["us".to_owned(), "eu".to_owned()];
        wiring.replace_around(
            &mut outer,
            &keys,
            &BTreeSet::new(),
            &addresses(&["aws_lb.edge", "data.aws_lb.edge"]),
        );
        let text = &outer.block.text;
        assert!(text.contains("a = module.eu.edge_arn\n"), "{text}");
        assert!(text.contains("b = module.us.edge_arn\n"), "{text}");
        assert!(text.contains("c = module.us.data_aws_lb_edge_arn\n"), "{text}");
    }
}
