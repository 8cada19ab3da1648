//! Icons by name: our own, compiled in, and the project's, sanitised.
//!
//! An icon is drawn in the colour of its place (`currentColor`), so one file serves tiles, badges and legends; one of
//! several colours keeps them and gets a plain tile.

pub mod pack;
mod sanitise;

#[cfg(test)]
mod alike;

use sanitise::sanitise;
use std::collections::BTreeMap;

/// An icon on the grid of 48 x 48 px.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Icon {
    /// Whether it has colours of its own.
    pub coloured: bool,
    /// Attributes of the group around the elements, with their leading space.
    attributes: String,
    /// Well-formed elements, one a line, nothing in them but shapes and gradients. Ids begin with [`ID_MARK`].
    elements: Vec<String>,
}

/// Stands before every id of an icon, and before every reference to one, until the picture is known.
const ID_MARK: char = '\u{1}';

impl Icon {
    /// Attributes of the group around the elements, with their leading space.
    pub fn attributes(&self, prefix: &str) -> String {
        self.attributes.replace(ID_MARK, prefix)
    }

    /// The elements, with a prefix that makes their ids unique.
    pub fn elements<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = String> + 'a {
        self.elements.iter().map(move |element| element.replace(ID_MARK, prefix))
    }
}

/// Where icons come from: the project's own first.
#[derive(Debug, Clone, Default)]
pub struct Icons {
    own: BTreeMap<String, Icon>,
}

impl Icons {
    /// Takes an icon of the project in under a name. Only shapes and gradients pass, and only attributes that say
    /// form and colour: no script, link, picture or foreign text.
    ///
    /// # Errors
    /// What is wrong with the text, as a sentence for the user.
    pub fn add(&mut self, name: &str, svg: &str) -> Result<(), String> {
        self.own.insert(name.to_owned(), sanitise(svg)?);
        Ok(())
    }

    /// The name of the icon that is drawn for a name. Where the name is not known, the glyph of the category stands
    /// for it, and where that is not known either, a placeholder.
    pub fn find<'a>(&self, name: &'a str, category: &str) -> &'a str {
        if self.has(name) {
            return name;
        }
        CATEGORIES.iter().find(|(key, _)| *key == category).map_or(PLACEHOLDER, |(_, icon)| icon)
    }

    /// The icon of a name; an empty one where the name is not known.
    pub fn icon(&self, name: &str) -> Icon {
        let own = self.own.get(name).cloned();
        own.or_else(|| sanitise(built_in(name)?).ok()).unwrap_or_default()
    }

    /// Whether an icon has colours of its own, as none of ours has.
    pub fn is_coloured(&self, name: &str) -> bool {
        self.own.get(name).is_some_and(|icon| icon.coloured)
    }

    /// Whether a name has an icon of its own.
    pub fn has(&self, name: &str) -> bool {
        self.own.contains_key(name) || built_in(name).is_some()
    }
}

/// The names of all built-in icons, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_suffix(".svg"))
}

const PLACEHOLDER: &str = "component";

/// The glyph of a kind without an icon, by category.
const CATEGORIES: &[(&str, &str)] = &[
    ("actor", "user"),
    ("compute", "service"),
    ("database", "database"),
    ("delivery", "pipeline"),
    ("external", "external"),
    ("integration", "queue"),
    ("management", "monitoring"),
    ("network", "network"),
    ("security", "waf"),
    ("storage", "bucket"),
];

/// The files of `icons/`, sorted by path.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/icons.rs"));

/// The text of a built-in icon.
fn built_in(name: &str) -> Option<&'static str> {
    let stem = |path: &'static str| path.strip_suffix(".svg").unwrap_or(path);
    FILES.iter().find(|(path, _)| stem(path) == name).map(|(_, svg)| *svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_icons_pass_unchanged() {
        for name in names() {
            let svg = built_in(name).unwrap();
            let icon = sanitise(svg).unwrap();
            let drawn = svg.lines().filter(|line| line.starts_with("  <")).count();
            assert_eq!(icon.elements.len(), drawn, "{name}");
            assert!(drawn <= 8 && svg.contains("viewBox=\"0 0 48 48\""), "{name}");
            assert!(!icon.attributes.contains("transform") && !icon.coloured, "{name}");
        }
        assert!(names().count() > 90);
    }

    #[test]
    fn categories_and_placeholder_exist() {
        let icons = Icons::default();
        assert!(CATEGORIES.iter().all(|(_, name)| icons.has(name)));
        assert_eq!(icons.find("nothing", "database"), "database");
        assert_eq!(icons.find("nothing", "nothing"), PLACEHOLDER);
    }
}
