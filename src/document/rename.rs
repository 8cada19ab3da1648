//! Ids that cannot be one: each is reported where it is defined, and taken everywhere as what it was meant to be, so
//! that its uses are judged like all others and one mistake is one message.

use std::collections::{BTreeMap, BTreeSet};

use super::arrow::{ID_LENGTH, id_like, id_problem};
use super::shape::{Keys, Shape};
use super::tree::{Data, Map, Node};
use crate::diag::Diagnostics;
use crate::source::Spanned;

/// Reports ids that cannot be one, and renames them and what names them. Nothing is made of a description with such
/// a mistake, so what they are called from here on is seen in messages alone.
pub(super) fn rename_bad_ids(root: &mut Node, whole: &Shape, out: &mut Diagnostics) {
    let mut ids = Ids::default();
    ids.read(root, whole, "thing", out);
    if ids.bad.is_empty() {
        return;
    }
    let mut names = BTreeMap::new();
    for bad in &ids.bad {
        let meant = id_like(bad).unwrap_or_else(|| made_up(bad));
        let mut name = meant.clone();
        let mut number = 2;
        while ids.good.contains(&name) || names.values().any(|other| *other == name) {
            let short: String = meant.chars().take(ID_LENGTH - 4).collect();
            name = format!("{short}-{number}");
            number += 1;
        }
        names.insert(bad.clone(), name);
    }
    rename(root, whole, &names);
}

/// An id for what resembles none.
fn made_up(bad: &str) -> String {
    let letters = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-';
    let kept: String = bad.to_lowercase().chars().filter(letters).take(ID_LENGTH - 8).collect();
    format!("id-{kept}").trim_end_matches('-').to_owned()
}

/// The ids of a description.
#[derive(Default)]
struct Ids {
    good: BTreeSet<String>,
    bad: BTreeSet<String>,
}

impl Ids {
    /// Reads the ids in the value of a field.
    fn read(&mut self, node: &Node, shape: &Shape, field: &str, out: &mut Diagnostics) {
        match (&node.data, shape) {
            (Data::Map(map), Shape::Map(keys, inner)) => {
                let what = noun(inner).unwrap_or_else(|| field.trim_end_matches('s'));
                for entry in &map.entries {
                    if matches!(keys, Keys::Id | Keys::Element) {
                        let id = &entry.key.value;
                        match id_problem(id, entry.key.span, what) {
                            // An environment that changes an element writes its id once more.
                            Some(problem) if !id.is_empty() => {
                                if self.bad.insert(id.clone()) {
                                    out.push(problem);
                                }
                            }
                            _ => drop(self.good.insert(id.clone())),
                        }
                    }
                    self.read(&entry.value, inner, field, out);
                }
            }
            (Data::Map(map), Shape::Object(object) | Shape::Short(_, object)) => {
                for entry in &map.entries {
                    if let Some(field) = object.field(&entry.key.value) {
                        self.read(&entry.value, &field.shape, &field.name, out);
                    }
                }
            }
            (Data::Map(_), Shape::Either(all)) => all.iter().for_each(|one| self.read(node, one, field, out)),
            (Data::Map(_), Shape::Many(inner) | Shape::Overlay(inner)) => self.read(node, inner, field, out),
            (Data::List(items), Shape::List(inner) | Shape::Many(inner)) => {
                items.iter().for_each(|item| self.read(item, inner, field, out));
            }
            _ => {}
        }
    }
}

/// What an element of a map is called.
fn noun(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Object(object) | Shape::Short(_, object) => Some(&object.name),
        Shape::Overlay(inner) => noun(inner),
        _ => None,
    }
}

/// Renames the keys and the names in a value of a shape.
fn rename(node: &mut Node, shape: &Shape, names: &BTreeMap<String, String>) {
    match (&mut node.data, shape) {
        (_, Shape::Overlay(inner)) => rename(node, inner, names),
        (Data::Scalar(scalar), shape) => {
            let named = matches!(sort(shape), Shape::Name(_) | Shape::Source);
            if let Some(name) = names.get(&scalar.text).filter(|_| named) {
                scalar.text.clone_from(name);
            } else if scalar.text.contains("${") {
                scalar.text = in_references(&scalar.text, names);
            }
        }
        (Data::List(items), shape) => {
            let inner =
                if let Shape::List(inner) | Shape::Many(inner) = shape { &**inner } else { &Shape::Any };
            items.iter_mut().for_each(|item| rename(item, inner, names));
        }
        (Data::Map(map), Shape::Many(inner)) => match &**inner {
            Shape::Object(_) | Shape::Short(..) | Shape::Map(..) => in_map(map, inner, names),
            _ => in_map(map, &Shape::Any, names),
        },
        (Data::Map(map), shape) => in_map(map, shape, names),
        (Data::Null, _) => {}
    }
}

/// The shape that a single value of a shape has, where that can be a name.
fn sort(shape: &Shape) -> &Shape {
    match shape {
        Shape::Many(inner) | Shape::Overlay(inner) => sort(inner),
        Shape::Short(forms, _) => forms.first().map_or(shape, |form| sort(&form.shape)),
        _ => shape,
    }
}

fn in_map(map: &mut Map, shape: &Shape, names: &BTreeMap<String, String>) {
    for entry in &mut map.entries {
        let key = &mut entry.key.value;
        match shape {
            Shape::Map(keys, inner) => {
                match keys {
                    Keys::Id | Keys::Element => {
                        if let Some(name) = names.get(key.as_str()) {
                            key.clone_from(name);
                        }
                    }
                    Keys::Connection | Keys::Assertion => arrows(&mut entry.key, names),
                    Keys::Free | Keys::Variable | Keys::Path => {}
                }
                rename(&mut entry.value, inner, names);
            }
            Shape::Step => arrows(&mut entry.key, names),
            Shape::Object(object) | Shape::Short(_, object) => {
                let field = object.field(key).map_or(&Shape::Any, |field| &field.shape);
                rename(&mut entry.value, field, names);
            }
            _ => rename(&mut entry.value, &Shape::Any, names),
        }
    }
}

/// A text with other names in its references: `${a.host}`, `${secret.a}`.
fn in_references(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for (bad, name) in names {
        for root in ["", "secret.", "var."] {
            for end in [".", "}"] {
                text = text.replace(&format!("${{{root}{bad}{end}"), &format!("${{{root}{name}{end}"));
            }
        }
    }
    text
}

/// Renames the ends in a key with arrows. Where names change their length, no place inside the key is true any more:
/// spaces behind it make it longer than its place, which then stands for all of it.
fn arrows(key: &mut Spanned<String>, names: &BTreeMap<String, String>) {
    let renamed = in_arrows(&key.value, names);
    let moved = names.iter().any(|(bad, name)| bad.len() != name.len());
    if moved && renamed != key.value {
        let width = (key.span.end - key.span.start) as usize;
        key.value = renamed + &" ".repeat(width);
    } else {
        key.value = renamed;
    }
}

/// A key with arrows with other names at its ends.
fn in_arrows(key: &str, names: &BTreeMap<String, String>) -> String {
    let mut key = key.to_owned();
    for (bad, name) in names {
        let mut done = String::new();
        let mut rest = key.as_str();
        while let Some(at) = rest.find(bad.as_str()) {
            let (before, after) = (&rest[..at], &rest[at + bad.len()..]);
            let begins = before.is_empty() && done.is_empty() || before.ends_with([' ', ',', '>']);
            let ends = after.is_empty()
                || [" ", ",", "->", "-->", "<", "!"].iter().any(|sign| after.starts_with(sign));
            done.push_str(before);
            done.push_str(if begins && ends { name } else { bad });
            rest = after;
        }
        key = done + rest;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::arrow::is_id;

    #[test]
    fn names_are_whole_words() {
        let names = BTreeMap::from([
            ("Web".to_owned(), "web".to_owned()),
            ("my app".to_owned(), "my-app".to_owned()),
        ]);
        assert_eq!(in_arrows("users -> Web", &names), "users -> web");
        assert_eq!(in_arrows("Web-API, Web->my app", &names), "Web-API, web->my-app");
        assert_eq!(
            in_references("http://${Web.host}/${secret.Web}", &names),
            "http://${web.host}/${secret.web}"
        );
        assert_eq!(made_up("1Db"), "id-1db");
        assert!(is_id(&made_up(&"X".repeat(90))));
    }
}
