//! One file of `templates/profiles/` -> [`Profile`].

use super::{Origin, Text, read};
use crate::diag::Diagnostics;
use crate::document::tree::Node;

/// What an account cannot have: one file under `templates/profiles/`.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The word the user writes; equals the file's stem.
    pub name: String,
    /// What people call it.
    pub title: Text,
    /// One sentence: whose accounts these are.
    pub doc: String,
    /// Forms that cannot be had, each with the reason.
    pub forbids: Vec<(String, Text)>,
    /// Fields of elements with one form that must have one of some values.
    pub limits: Vec<Limit>,
    /// The role that everything runs with, where nobody may make one.
    pub role: Option<String>,
    /// The same for machines: what carries that role to them.
    pub instance_profile: Option<String>,
    /// Where the file is from.
    pub origin: Origin,
}

/// A field that a profile fixes.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The form's name.
    pub form: String,
    /// The field.
    pub field: String,
    /// The values it may have; `*` at the beginning stands for anything.
    pub values: Vec<String>,
    /// Why.
    pub reason: Text,
}

impl Limit {
    /// Whether the field may have a value.
    pub fn allows(&self, value: &str) -> bool {
        self.values.iter().any(|allowed| match allowed.strip_prefix('*') {
            Some(end) => value.ends_with(end),
            None => allowed == value,
        })
    }
}

/// Reads a profile; `forms` are the names of all forms that exist.
pub(super) fn read(
    stem: &str,
    node: &Node,
    origin: Origin,
    forms: &[&str],
    out: &mut Diagnostics,
) -> Option<Profile> {
    let map = read::map(node, "a profile", out)?;
    read::keys(
        map,
        "a profile",
        &["profile", "title", "doc", "forbids", "limits", "role", "instance_profile"],
        out,
    );
    read::name(map, "profile", stem, node.span, out);
    let mut forbids = Vec::new();
    for entry in
        map.get("forbids").and_then(|n| read::map(n, "`forbids`", out)).into_iter().flat_map(|m| &m.entries)
    {
        if forms.contains(&entry.key.value.as_str()) {
            forbids.push((entry.key.value.clone(), read::translated(&entry.value, "the reason", out)));
        } else {
            read::unknown(entry.key.span, "form", &entry.key.value, forms, out);
        }
    }
    let mut limits = Vec::new();
    for form in
        map.get("limits").and_then(|n| read::map(n, "`limits`", out)).into_iter().flat_map(|m| &m.entries)
    {
        if !forms.contains(&form.key.value.as_str()) {
            read::unknown(form.key.span, "form", &form.key.value, forms, out);
            continue;
        }
        for field in read::map(&form.value, "the limits of a form", out).into_iter().flat_map(|m| &m.entries)
        {
            if let Some((values, reason)) = limit(&field.value, out) {
                limits.push(Limit {
                    form: form.key.value.clone(),
                    field: field.key.value.clone(),
                    values,
                    reason,
                });
            }
        }
    }
    Some(Profile {
        name: stem.to_owned(),
        title: read::title(map, node.span, out),
        doc: read::required(map, node.span, "doc", "one sentence: whose accounts these are", out),
        forbids,
        limits,
        role: read::text(map, "role", out),
        instance_profile: read::text(map, "instance_profile", out),
        origin,
    })
}

fn limit(node: &Node, out: &mut Diagnostics) -> Option<(Vec<String>, Text)> {
    let map = read::map(node, "a limit", out)?;
    read::keys(map, "a limit", &["value", "values", "reason"], out);
    let mut values: Vec<String> = read::list(map, "values", out).into_iter().map(|(text, _)| text).collect();
    if values.is_empty() {
        values.push(read::required(map, node.span, "value", "the only value it may have", out));
    }
    match map.get("reason") {
        Some(reason) => Some((values, read::translated(reason, "the reason", out))),
        None => {
            read::missing(node.span, "this limit", "reason", "why, as `{ en: …, es: … }`", out);
            None
        }
    }
}
