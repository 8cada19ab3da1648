//! The author's wishes for pictures, as far as they can be judged without drawing: whom an element follows.

use super::build::Builder;
use super::merge::unknown;
use crate::diag::Diagnostic;
use crate::document::tree::Map;
use crate::source::Span;

/// Elements of one sort that follow others: the element, whom it follows, and where that is written.
type Follows = Vec<(String, String, Span)>;

fn follows(elements: &Map) -> Follows {
    let wish = |node: &crate::document::tree::Node| {
        let after = node.get("after")?;
        Some((after.as_str()?.to_owned(), after.span))
    };
    let entries = elements.entries.iter();
    entries
        .filter_map(|entry| wish(&entry.value).map(|(name, span)| (entry.key.value.clone(), name, span)))
        .collect()
}

impl Builder<'_> {
    /// Notes whom zones follow, and reports wishes that cannot be met: to follow something of another sort, itself,
    /// or somebody who follows it.
    pub(super) fn check_hints(&mut self) {
        let (zones, components) = (follows(&self.merged.zones), follows(&self.merged.components));
        self.check_follows("component", &components);
        self.check_follows("zone", &zones);
        for (id, name, span) in zones {
            let known: Vec<String> = self.zone_ids.keys().cloned().collect();
            if !known.contains(&name) && !self.merged.is_gone(&name) && !self.reported(&name) {
                let names = known.iter().map(String::as_str);
                self.out.push(unknown("unknown-zone", "zone", &name, span, names));
            } else if let Some(own) = self.zone_ids.get(&id) {
                self.model.zones[own.0 as usize].after = Some(name);
            }
        }
        for entry in &self.merged.zones.entries {
            if let Some(place) = entry.value.get("place") {
                let message =
                    format!("`place` says where a component stands, and `{}` is a zone", entry.key.value);
                let hint = "say with `after` which zone it follows";
                self.out.push(Diagnostic::warning("place-of-zone", place.span, message).hint(hint));
            }
        }
    }

    fn check_follows(&mut self, sort: &str, all: &Follows) {
        let next = |name: &str| all.iter().find(|(id, _, _)| id == name).map(|(_, next, _)| next.as_str());
        let mut told: Vec<&str> = Vec::new();
        for (id, name, span) in all {
            let others = if sort == "zone" { &self.merged.components } else { &self.merged.zones };
            if others.get(name).is_some() {
                let message = format!("the {sort} `{id}` cannot come after `{name}`");
                let other = if sort == "zone" { "component" } else { "zone" };
                let diagnostic = Diagnostic::error("after-other-sort", *span, message);
                self.out.push(diagnostic.label(format!("a {other}")).hint(format!("name a {sort}")));
                continue;
            }
            // Whoever is met twice closes a circle; each is told once.
            let mut way = vec![id.as_str()];
            while let Some(at) = way.last().and_then(|last| next(last)).filter(|at| !way.contains(at)) {
                way.push(at);
            }
            let closes = way.last().and_then(|last| next(last)) == Some(id);
            if closes && !told.contains(&id.as_str()) {
                told.extend(&way);
                let message = match way[1..] {
                    [] => format!("`{id}` cannot come after itself"),
                    _ => format!("`{id}` comes after `{name}`, which comes after `{id}` again"),
                };
                self.out.push(Diagnostic::error("after-circle", *span, message));
            }
        }
    }
}
