//! Colours by name: `themes/*.yaml`, and a user's file over them.

use super::{Look, Paint};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Data, Node};
use crate::document::yaml;
use crate::source::SourceId;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The colours of one theme.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Theme {
    colours: BTreeMap<String, Colour>,
}

/// Red, green, blue and how much of it covers what lies below, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: [u8; 3],
    /// 100 is opaque.
    pub cover: u8,
}

const LIGHT: &str = include_str!("../../themes/light.yaml");
const DARK: &str = include_str!("../../themes/dark.yaml");

/// What a name that no theme knows looks like: readable on light and dark.
const UNKNOWN: Colour = Colour { rgb: [0x5a, 0x6b, 0x86], cover: 100 };

impl Theme {
    /// The built-in light theme.
    pub fn light() -> Theme {
        static THEME: OnceLock<Theme> = OnceLock::new();
        THEME.get_or_init(|| built_in(LIGHT)).clone()
    }

    /// The built-in dark theme.
    pub fn dark() -> Theme {
        static THEME: OnceLock<Theme> = OnceLock::new();
        THEME.get_or_init(|| built_in(DARK)).clone()
    }

    /// Lays a theme file over this theme. What is no colour or has a name that is not among the built-in ones
    /// is reported and left out.
    pub fn over(mut self, tree: &Node, diagnostics: &mut Diagnostics) -> Theme {
        let known: Vec<String> = Theme::light().colours.into_keys().collect();
        read(tree, "", &mut |name, node| {
            let Some(colour) = node.as_str().and_then(Colour::parse) else {
                let message = "this is no colour";
                let hint = "write \"#RRGGBB\", or \"#RRGGBB 12%\" for a translucent colour";
                diagnostics.push(Diagnostic::error("theme-colour", node.span, message).hint(hint));
                return;
            };
            if !known.contains(&name) && !name.starts_with("tile-") {
                let message = format!("no colour is called `{name}`");
                let hint = "the names are those of the built-in themes/light.yaml";
                diagnostics.push(Diagnostic::error("theme-name", node.span, message).hint(hint));
                return;
            }
            self.colours.insert(name, colour);
        });
        self
    }

    /// The colour behind a name; a grey one where there is none.
    pub fn colour(&self, name: &str) -> Colour {
        self.colours.get(name).copied().unwrap_or(UNKNOWN)
    }

    /// Whether a name has a colour.
    pub fn has(&self, name: &str) -> bool {
        self.colours.contains_key(name)
    }

    /// A paint as SVG writes it: `none`, `#rrggbb` or `#rrggbbaa`.
    pub fn resolve(&self, paint: &Paint) -> String {
        match paint {
            Paint::None => "none".to_owned(),
            Paint::Token(name) => self.colour(name).to_string(),
            Paint::Ground(names) => self.ground(names).to_string(),
            Paint::Mix(name, percent) => {
                let top = Colour { cover: *percent, ..self.colour(name) };
                top.over(self.colour("page")).to_string()
            }
        }
    }

    /// What is seen where translucent colours lie over the page.
    pub fn ground(&self, names: &[String]) -> Colour {
        names.iter().fold(self.colour("page"), |below, name| self.colour(name).over(below))
    }
}

impl Look {
    /// The theme of what cannot follow the reader: the light one, unless another was chosen.
    pub fn theme(&self) -> &Theme {
        match self {
            Look::Fixed(theme) | Look::Auto { light: theme, .. } => theme,
        }
    }
}

impl Paint {
    /// Its name as a CSS custom property, without the two hyphens.
    pub fn property(&self) -> String {
        match self {
            Paint::None => "none".to_owned(),
            Paint::Token(name) => name.clone(),
            Paint::Ground(names) if names.is_empty() => "page".to_owned(),
            Paint::Ground(names) => format!("on-{}", names.join("-")),
            Paint::Mix(name, percent) => format!("{name}-{percent}"),
        }
    }
}

impl Colour {
    /// Reads `#RRGGBB` or `#RRGGBB NN%`.
    pub fn parse(text: &str) -> Option<Colour> {
        let (hex, cover) = match text.split_once(' ') {
            Some((hex, percent)) => (hex, percent.trim().strip_suffix('%')?.parse().ok()?),
            None => (text, 100),
        };
        let hex = hex.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
        (cover <= 100).then_some(Colour { rgb: [part(0)?, part(2)?, part(4)?], cover })
    }

    /// The opaque colour that is seen where this one lies over an opaque one.
    pub fn over(self, below: Colour) -> Colour {
        let cover = u32::from(self.cover);
        let mix = |top: u8, low: u8| {
            let sum = u32::from(top) * cover + u32::from(low) * (100 - cover);
            ((sum + 50) / 100).min(255) as u8
        };
        let [red, green, blue] = self.rgb;
        let [r, g, b] = below.rgb;
        Colour { rgb: [mix(red, r), mix(green, g), mix(blue, b)], cover: 100 }
    }

    /// Relative luminance, as WCAG defines it.
    pub fn luminance(self) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.rgb;
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.rgb;
        write!(f, "#{r:02x}{g:02x}{b:02x}")?;
        if self.cover < 100 {
            write!(f, "{:02x}", (u32::from(self.cover) * 255 + 50) / 100)?;
        }
        Ok(())
    }
}

/// Calls back for every leaf, with the keys above it joined by hyphens.
fn read(node: &Node, prefix: &str, found: &mut impl FnMut(String, &Node)) {
    let Data::Map(map) = &node.data else { return found(prefix.to_owned(), node) };
    for entry in &map.entries {
        let key = &entry.key.value;
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}-{key}") };
        read(&entry.value, &name, found);
    }
}

/// Reads a built-in file; a test holds that none of them has a mistake.
fn built_in(text: &str) -> Theme {
    let mut theme = Theme::default();
    if let Some(tree) = yaml::parse(SourceId::default(), text, &mut Diagnostics::default()) {
        read(&tree, "", &mut |name, node| {
            if let Some(colour) = node.as_str().and_then(Colour::parse) {
                theme.colours.insert(name, colour);
            }
        });
    }
    theme
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(a: Colour, b: Colour) -> f64 {
        let (a, b) = (a.luminance(), b.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn both_themes_have_the_same_names() {
        let names = |theme: Theme| theme.colours.into_keys().collect::<Vec<_>>();
        assert_eq!(names(Theme::light()), names(Theme::dark()));
        assert!(names(Theme::light()).len() > 60);
        for text in [LIGHT, DARK] {
            let mut diagnostics = Diagnostics::default();
            let tree = yaml::parse(SourceId::default(), text, &mut diagnostics).unwrap();
            Theme::light().over(&tree, &mut diagnostics);
            assert!(diagnostics.is_empty());
        }
    }

    #[test]
    fn a_file_goes_over_a_theme_and_its_mistakes_are_told() {
        let mut diagnostics = Diagnostics::default();
        let text = "ink: \"#000000\"\ntile: { mainframe: \"#123456\" }\nincc: \"#000000\"\npage: white\n";
        let tree = yaml::parse(SourceId::default(), text, &mut diagnostics).unwrap();
        let theme = Theme::light().over(&tree, &mut diagnostics);
        assert_eq!(theme.resolve(&Paint::token("ink")), "#000000");
        assert_eq!(theme.resolve(&Paint::token("tile-mainframe")), "#123456");
        let messages: Vec<&str> = diagnostics.sorted().iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["no colour is called `incc`", "this is no colour"]);
    }

    #[test]
    fn texts_and_lines_stand_out_on_every_ground() {
        for theme in [Theme::light(), Theme::dark()] {
            let fills: Vec<String> =
                theme.colours.keys().filter(|name| name.ends_with("-fill")).cloned().collect();
            let mut grounds = vec![theme.colour("page"), theme.colour("panel")];
            for fill in &fills {
                grounds.push(theme.ground(std::slice::from_ref(fill)));
                grounds.push(theme.ground(&[fill.clone(), "box-group-fill".to_owned()]));
            }
            grounds.push(theme.ground(&["box-network-fill".to_owned(), "box-network-2-fill".to_owned()]));
            let least =
                |name: &str| grounds.iter().map(|g| contrast(theme.colour(name), *g)).fold(99.0, f64::min);
            for text in ["ink", "quiet", "label"] {
                assert!(least(text) >= 4.5, "{text}: {}", least(text));
            }
            for (name, colour) in &theme.colours {
                let own = name.strip_suffix("title").map(|name| theme.ground(&[format!("{name}fill")]));
                if let Some(own) = own.filter(|_| theme.has(&name.replace("title", "fill"))) {
                    assert!(contrast(*colour, own) >= 4.5, "{name}");
                }
                if name.starts_with("line-") {
                    assert!(least(name) >= 3.0, "{name}: {}", least(name));
                }
                if name.starts_with("tile-") || name.ends_with("-badge") {
                    assert!(contrast(*colour, theme.colour("glyph")) >= 3.0, "{name}");
                }
                if name.starts_with("tile-") {
                    assert!(contrast(*colour, theme.colour("page")) >= 3.0, "{name} on the page");
                }
                if name.ends_with("-title") {
                    assert!(contrast(*colour, theme.colour("page")) >= 4.5, "{name}");
                }
            }
            assert!(contrast(theme.colour("flow"), theme.colour("digit")) >= 4.5);
        }
    }

    #[test]
    fn grounds_are_mixed_from_the_page_up() {
        let light = Theme::light();
        assert_eq!(light.resolve(&Paint::Ground(vec![])), "#ffffff");
        assert_eq!(light.resolve(&Paint::Ground(vec!["box-subnet-public-fill".into()])), "#eff4e3");
        assert_eq!(light.resolve(&Paint::token("box-network-fill")), "#2f6fd014");
        assert_eq!(light.resolve(&Paint::Mix("tile-compute".into(), 38)), "#f1c49e");
    }
}
