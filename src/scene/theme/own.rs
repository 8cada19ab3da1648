//! A theme of the project: one file of colours over a built-in theme.

use super::contrast::pairs;
use super::{Colour, Theme, read};
use crate::diag::{Diagnostic, Diagnostics, Severity, suggest};
use crate::document::tree::{Data, Map, Node};
use crate::scene::Look;
use crate::source::Span;
use std::collections::BTreeMap;

/// The built-in themes that another may stand on.
const BASES: [&str; 4] = ["auto", "light", "dark", "print"];

impl Theme {
    /// Reads a project's theme: `base`, colours by name, and with the base `auto` colours of one ground only, below
    /// `light` and `dark`. What is no colour or has no name of ours is reported and left out; so is what can hardly
    /// be read, but it stays.
    pub fn read(tree: &Node, out: &mut Diagnostics) -> Look {
        let Data::Map(map) = &tree.data else {
            let message = "a theme is a map of colours by name";
            out.push(
                Diagnostic::error("theme", tree.span, message)
                    .hint("write `base: light` and `ink: \"#000000\"`"),
            );
            return Look::Fixed(Theme::light());
        };
        let base = base(map, out);
        let common = Node { data: Data::Map(without(map)), ..tree.clone() };
        let of = |theme: Theme, own: Option<&Node>, out: &mut Diagnostics| {
            let mut layer = Layer { theme, set: BTreeMap::new() };
            layer.lay(&common, out);
            if let Some(own) = own {
                layer.lay(own, out);
            }
            layer.weak(out);
            layer.theme
        };
        if base != "auto" {
            for key in ["light", "dark"] {
                if let Some(node) = map.get(key) {
                    let message = format!("`{key}` is for themes that follow the reader");
                    out.push(Diagnostic::error("theme", node.span, message).hint("say `base: auto`"));
                }
            }
        }
        match base {
            "auto" => {
                let light = of(Theme::light(), map.get("light"), out);
                Look::Auto { light, dark: of(Theme::dark(), map.get("dark"), out) }
            }
            "dark" => Look::Fixed(of(Theme::dark(), None, out)),
            "print" => Look::Fixed(of(Theme::print(), None, out)),
            _ => Look::Fixed(of(Theme::light(), None, out)),
        }
    }
}

/// A theme while colours are laid over it.
struct Layer {
    theme: Theme,
    /// Where each colour of the file stands.
    set: BTreeMap<String, Span>,
}

impl Layer {
    fn lay(&mut self, tree: &Node, out: &mut Diagnostics) {
        read(tree, "", &mut |name, node| {
            if name.is_empty() {
                return;
            }
            if !self.theme.has(&name) {
                let unknown =
                    Diagnostic::error("theme-name", node.span, format!("no colour is called `{name}`"));
                out.push(match suggest::nearest(&name, self.theme.names()) {
                    Some(near) => unknown.hint(format!("did you mean `{near}`?")),
                    None => unknown.hint("the book lists all names of colours"),
                });
                return;
            }
            match node.as_str().and_then(Colour::parse) {
                Some(colour) => {
                    self.theme.colours.insert(name.clone(), colour);
                    self.set.insert(name, node.span);
                }
                None => out.push(
                    Diagnostic::error("theme-colour", node.span, "this is no colour")
                        .hint("write \"#RRGGBB\", or \"#RRGGBB 12%\" for a translucent colour"),
                ),
            }
        });
    }

    /// Warns of pairs with too little contrast that the file has a part in: for each name the worst one.
    fn weak(&self, out: &mut Diagnostics) {
        let mut worst: BTreeMap<String, (f64, Span, String)> = BTreeMap::new();
        for pair in pairs(&self.theme).into_iter().filter(super::contrast::Pair::is_weak) {
            let own = std::iter::once(&pair.over)
                .chain(pair.ground.iter().rev())
                .find_map(|name| self.set.get(name));
            let Some(span) = own.or_else(|| self.set.get("page")) else { continue };
            let message = format!(
                "`{}` on `{}` has a contrast of {:.2}:1, and {} should have {}:1",
                pair.over,
                pair.below(),
                pair.ratio,
                if pair.least > 4.0 { "text" } else { "a shape or line" },
                pair.least
            );
            let entry = worst.entry(pair.over.clone()).or_insert((f64::MAX, *span, String::new()));
            if pair.ratio < entry.0 {
                *entry = (pair.ratio, *span, message);
            }
        }
        for (_, span, message) in worst.into_values() {
            out.push(
                Diagnostic::new(Severity::Warning, "theme-contrast", Some(span), message)
                    .hint("make one of the two lighter or darker"),
            );
        }
    }
}

fn base(map: &Map, out: &mut Diagnostics) -> &'static str {
    let Some(node) = map.get("base") else { return "light" };
    let said = node.as_str().unwrap_or_default();
    if let Some(known) = BASES.into_iter().find(|known| *known == said) {
        return known;
    }
    let wrong = Diagnostic::error("theme-base", node.span, "a theme stands on a built-in one");
    out.push(match suggest::nearest(said, BASES) {
        Some(near) => wrong.hint(format!("did you mean `{near}`?")),
        None => wrong.hint(format!("say one of {}", BASES.join(", "))),
    });
    "light"
}

/// The colours of a file, without what says something else.
fn without(map: &Map) -> Map {
    let own = |key: &str| !["base", "light", "dark"].contains(&key);
    Map { entries: map.entries.iter().filter(|entry| own(&entry.key.value)).cloned().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::yaml;
    use crate::scene::Paint;
    use crate::source::SourceId;

    fn look(text: &str) -> (Look, Vec<String>) {
        let mut out = Diagnostics::default();
        let tree = yaml::parse(SourceId::default(), text, &mut out).unwrap();
        let look = Theme::read(&tree, &mut out);
        let text = |d: &Diagnostic| [vec![d.message.clone()], d.hints.clone()].concat().join("; ");
        (look, out.sorted().into_iter().map(text).collect())
    }

    #[test]
    fn a_file_goes_over_a_theme_and_its_mistakes_are_told() {
        let (look, messages) =
            look("base: dark\nink: \"#FFFFFF\"\ntile: { compte: \"#123456\" }\npage: white\n");
        let Look::Fixed(theme) = look else { panic!("one theme") };
        assert_eq!(theme.resolve(&Paint::token("ink")), "#ffffff");
        assert_eq!(theme.resolve(&Paint::token("page")), "#0f172a");
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(
            messages[0].contains("no colour is called `tile-compte`; did you mean `tile-compute`?"),
            "{messages:?}"
        );
        assert!(messages[1].contains("this is no colour"), "{messages:?}");
    }

    #[test]
    fn both_grounds_may_have_colours_of_their_own() {
        let text = "base: auto\ntile: { compute: \"#D96200\" }\nlight: { ink: \"#101010\" }\ndark: { ink: \"#F0F0F0\" }\n";
        let (look, messages) = look(text);
        let Look::Auto { light, dark } = look else { panic!("both") };
        assert_eq!(light.resolve(&Paint::token("ink")), "#101010");
        assert_eq!(dark.resolve(&Paint::token("ink")), "#f0f0f0");
        assert_eq!(dark.resolve(&Paint::token("tile-compute")), "#d96200");
        assert!(messages.is_empty(), "{messages:?}");
    }

    #[test]
    fn what_can_hardly_be_read_is_told_with_its_contrast() {
        let (_, messages) = look("quiet: \"#BBBBBB\"\n");
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(messages[0].starts_with("`quiet` on `"), "{messages:?}");
        assert!(messages[0].contains(":1, and text should have 4.5:1"), "{messages:?}");
        let (_, messages) = look("page: \"#777777\"\n");
        assert!(messages.iter().any(|message| message.starts_with("`ink` on `")), "{messages:?}");
    }

    #[test]
    fn a_base_that_is_none_is_told() {
        assert!(look("base: darkk\n").1[0].contains("did you mean `dark`?"));
        assert!(look("base: light\ndark: { ink: \"#FFFFFF\" }\n").1[0].contains("follow the reader"));
    }
}
