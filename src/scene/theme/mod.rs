//! Colours by name: `themes/*.yaml`, and a project's file over them.

pub mod contrast;
mod own;

use super::{Look, Paint};
use crate::document::packed::Packed;
use crate::document::tree::{Data, Node};
use crate::source::SourceId;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The colours of one theme.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Theme {
    colours: BTreeMap<String, Colour>,
    /// Nothing is filled: categories and places are told by patterns.
    outlined: bool,
}

/// Red, green, blue and how much of it covers what lies below, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: [u8; 3],
    /// 100 is opaque.
    pub cover: u8,
}

/// What the files of `themes/` say.
static TREES: Packed = include!(concat!(env!("OUT_DIR"), "/themes.trees.rs"));

/// What a name that no theme knows looks like: readable on light and dark.
const UNKNOWN: Colour = Colour { rgb: [0x5a, 0x6b, 0x86], cover: 100 };

impl Theme {
    /// The built-in light theme.
    pub fn light() -> Theme {
        static THEME: OnceLock<Theme> = OnceLock::new();
        THEME.get_or_init(|| built_in("light.yaml")).clone()
    }

    /// The built-in dark theme.
    pub fn dark() -> Theme {
        static THEME: OnceLock<Theme> = OnceLock::new();
        THEME.get_or_init(|| built_in("dark.yaml")).clone()
    }

    /// The built-in theme for paper: black on white, patterns instead of colours.
    pub fn print() -> Theme {
        static THEME: OnceLock<Theme> = OnceLock::new();
        THEME.get_or_init(|| Theme { outlined: true, ..built_in("print.yaml") }).clone()
    }

    /// Whether nothing is filled.
    pub fn is_outlined(&self) -> bool {
        self.outlined
    }

    /// The colour behind a name; a grey one where there is none.
    pub fn colour(&self, name: &str) -> Colour {
        self.colours.get(name).copied().unwrap_or(UNKNOWN)
    }

    /// Whether a name has a colour.
    pub fn has(&self, name: &str) -> bool {
        self.colours.contains_key(name)
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.colours.keys().map(String::as_str)
    }

    /// A paint as SVG writes it: `none`, `#rrggbb` or `#rrggbbaa`.
    pub fn resolve(&self, paint: &Paint) -> String {
        match paint {
            Paint::None | Paint::Pattern(_) => "none".to_owned(),
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
            Paint::Pattern(name) => format!("pattern-{name}"),
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
fn built_in(file: &str) -> Theme {
    let mut theme = Theme::default();
    if let Some(tree) = TREES.tree(file, SourceId::default()) {
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
    use crate::diag::Diagnostics;
    use crate::document::yaml;

    const LIGHT: &str = include_str!("../../../themes/light.yaml");
    const DARK: &str = include_str!("../../../themes/dark.yaml");
    const PRINT: &str = include_str!("../../../themes/print.yaml");

    #[test]
    fn all_themes_have_the_same_names() {
        let names = |theme: Theme| theme.colours.into_keys().collect::<Vec<_>>();
        assert_eq!(names(Theme::light()), names(Theme::dark()));
        assert_eq!(names(Theme::light()), names(Theme::print()));
        assert!(names(Theme::light()).len() > 60);
        for (base, text) in [("light", LIGHT), ("dark", DARK), ("print", PRINT)] {
            let mut diagnostics = Diagnostics::default();
            let tree = yaml::parse(SourceId::default(), text, &mut diagnostics);
            assert_eq!(TREES.tree(&format!("{base}.yaml"), SourceId::default()), tree);
            let text = format!("base: {base}\n{text}");
            let tree = yaml::parse(SourceId::default(), &text, &mut diagnostics).unwrap();
            Theme::read(&tree, &mut diagnostics);
            assert!(diagnostics.is_empty(), "{base}: {:?}", diagnostics.sorted());
        }
    }

    #[test]
    fn grounds_are_mixed_from_the_page_up() {
        let light = Theme::light();
        assert_eq!(light.resolve(&Paint::Ground(vec![])), "#ffffff");
        assert_eq!(light.resolve(&Paint::Ground(vec!["box-subnet-public-fill".into()])), "#eff4e3");
        assert_eq!(light.resolve(&Paint::token("box-network-fill")), "#2f6fd012");
        assert_eq!(light.resolve(&Paint::Mix("tile-compute".into(), 38)), "#f1c49e");
    }
}
