//! Reading catalog files: every value that is missing, unknown or of another type is a diagnostic at its place.

use std::collections::{BTreeMap, BTreeSet};

use super::{Text, Trait};
use crate::diag::suggest::nearest;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Entry, Map, Node};
use crate::source::Span;

/// The map that a node must be; an empty value is an empty map.
pub(super) fn map<'a>(node: &'a Node, what: &str, out: &mut Diagnostics) -> Option<&'a Map> {
    let map = node.as_map();
    if map.is_none() && !node.is_null() {
        wrong_type(node.span, what, "a map", out);
    }
    map
}

/// Reports the keys that are not known.
pub(super) fn keys(map: &Map, what: &str, known: &[&str], out: &mut Diagnostics) {
    for entry in &map.entries {
        if !known.contains(&entry.key.value.as_str()) {
            unknown(entry.key.span, &format!("key of {what}"), &entry.key.value, known, out);
        }
    }
}

/// Reports a word that is not among those that are known.
pub(super) fn unknown(span: Span, what: &str, word: &str, known: &[&str], out: &mut Diagnostics) {
    let report = Diagnostic::error("catalog-unknown-word", span, format!("`{word}` is not a {what}"));
    out.push(match nearest(word, known.iter().copied()) {
        Some(near) => report.label(format!("did you mean `{near}`?")).hint(format!("write `{near}`")),
        None if known.len() <= 40 => report.hint(format!("known are: {}", known.join(", "))),
        None => report,
    });
}

/// Reports a value that is of another type than is wanted.
pub(super) fn wrong_type(span: Span, what: &str, wanted: &str, out: &mut Diagnostics) {
    out.push(
        Diagnostic::error("catalog-wrong-type", span, format!("{what} must be {wanted}"))
            .label(format!("expected {wanted}")),
    );
}

/// Reports a key that must stand and does not.
pub(super) fn missing(span: Span, what: &str, key: &str, hint: &str, out: &mut Diagnostics) {
    out.push(
        Diagnostic::error("catalog-missing-key", span, format!("{what} has no `{key}`"))
            .hint(format!("add `{key}`: {hint}")),
    );
}

/// The text of a key, if it stands.
pub(super) fn text(map: &Map, key: &str, out: &mut Diagnostics) -> Option<String> {
    let node = map.get(key).filter(|node| !node.is_null())?;
    let text = node.as_str();
    if text.is_none() {
        wrong_type(node.span, &format!("`{key}`"), "a text", out);
    }
    text.map(str::to_owned)
}

/// The text of a key that must stand.
pub(super) fn required(map: &Map, what: Span, key: &str, hint: &str, out: &mut Diagnostics) -> String {
    match map.get(key).filter(|node| !node.is_null()) {
        Some(_) => text(map, key, out).unwrap_or_default(),
        None => {
            missing(what, "this file", key, hint, out);
            String::new()
        }
    }
}

/// A text that is one of some words, if it stands.
pub(super) fn word(map: &Map, key: &str, known: &[&str], out: &mut Diagnostics) -> Option<String> {
    let word = text(map, key, out)?;
    if !known.contains(&word.as_str()) {
        let span = map.get(key).map(|node| node.span).unwrap_or_default();
        unknown(span, &format!("word for `{key}`"), &word, known, out);
        return None;
    }
    Some(word)
}

/// The texts of a list, with their places.
pub(super) fn list(map: &Map, key: &str, out: &mut Diagnostics) -> Vec<(String, Span)> {
    let Some(node) = map.get(key).filter(|node| !node.is_null()) else { return Vec::new() };
    let Some(items) = node.as_list() else {
        wrong_type(node.span, &format!("`{key}`"), "a list", out);
        return Vec::new();
    };
    let mut texts = Vec::new();
    for item in items {
        match item.as_str() {
            Some(text) => texts.push((text.to_owned(), item.span)),
            None => wrong_type(item.span, &format!("an entry of `{key}`"), "a text", out),
        }
    }
    texts
}

/// The words of a list, each one of those that are known.
pub(super) fn words(map: &Map, key: &str, known: &[&str], out: &mut Diagnostics) -> Vec<String> {
    let mut words = list(map, key, out);
    words.retain(|(word, span)| {
        let fine = known.contains(&word.as_str());
        if !fine {
            unknown(*span, &format!("word for `{key}`"), word, known, out);
        }
        fine
    });
    words.into_iter().map(|(word, _)| word).collect()
}

/// The traits of a list.
pub(super) fn traits(map: &Map, out: &mut Diagnostics) -> BTreeSet<Trait> {
    let known = Trait::ALL.map(|(word, _)| word);
    let words = words(map, "traits", &known, out);
    Trait::ALL.iter().filter(|(word, _)| words.iter().any(|w| w == word)).map(|(_, found)| *found).collect()
}

/// A map of texts by key, if it stands.
pub(super) fn texts(map: &Map, key: &str, out: &mut Diagnostics) -> BTreeMap<String, String> {
    map.get(key).map(|node| texts_of(node, &format!("`{key}`"), out)).unwrap_or_default()
}

/// A node as texts by key.
pub(super) fn texts_of(node: &Node, what: &str, out: &mut Diagnostics) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for Entry { key, value } in self::map(node, what, out).into_iter().flat_map(|map| &map.entries) {
        match value.as_str() {
            Some(text) => {
                texts.insert(key.value.clone(), text.to_owned());
            }
            None => wrong_type(value.span, &format!("`{}`", key.value), "a text", out),
        }
    }
    texts
}

/// A text that differs by language: a map `{ en: …, es: … }`, or one text when it is a name that is the same
/// everywhere.
pub(super) fn translated(node: &Node, what: &str, out: &mut Diagnostics) -> Text {
    let mut by_language = BTreeMap::new();
    match (node.as_str(), node.as_map()) {
        (Some(text), _) => {
            by_language.insert("en".to_owned(), text.to_owned());
        }
        (None, Some(map)) => {
            keys(map, what, &["en", "es"], out);
            by_language = texts_of(node, what, out);
            if !by_language.contains_key("en") {
                missing(node.span, what, "en", "the text in English", out);
            }
        }
        (None, None) => wrong_type(node.span, what, "a text, or a text for each language", out),
    }
    Text { by_language }
}

/// The `title` of a file, which must stand.
pub(super) fn title(map: &Map, file: Span, out: &mut Diagnostics) -> Text {
    match map.get("title").filter(|node| !node.is_null()) {
        Some(node) => translated(node, "`title`", out),
        None => {
            missing(
                file,
                "this file",
                "title",
                "what people call it, or `{ en: …, es: … }` where that differs",
                out,
            );
            Text::default()
        }
    }
}

/// A text, or one for each language, that may be absent.
pub(super) fn translation(map: &Map, key: &str, out: &mut Diagnostics) -> Option<Text> {
    let node = map.get(key).filter(|node| !node.is_null())?;
    Some(translated(node, &format!("`{key}`"), out))
}

/// Reports a file whose `kind`, `form` or `profile` is not its name; gives the place of that key's value.
pub(super) fn name(map: &Map, key: &'static str, stem: &str, file: Span, out: &mut Diagnostics) -> Span {
    let Some(node) = map.get(key) else {
        missing(file, "this file", key, stem, out);
        return file;
    };
    if node.as_str() != Some(stem) {
        out.push(
            Diagnostic::error(
                "catalog-name-differs",
                node.span,
                format!("the {key} is not named like its file, `{stem}`"),
            )
            .hint(format!("write `{key}: {stem}`, or rename the file")),
        );
    }
    node.span
}
