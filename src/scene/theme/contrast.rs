//! Whether what is drawn can be read: contrasts as WCAG measures them, for every pair that occurs in a picture.

use super::{Colour, Theme};
use std::collections::BTreeSet;

/// The least contrast of texts.
pub const OF_TEXTS: f64 = 4.5;
/// The least contrast of glyphs, lines and borders.
pub const OF_SHAPES: f64 = 3.0;

/// Tiles that stand on the page alone.
const OUTSIDE: [&str; 2] = ["tile-actor", "tile-external"];

/// Two colours of a theme that meet in pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The name of the upper one.
    pub over: String,
    /// The names of those below, lowest first; the page is below all of them.
    pub ground: Vec<String>,
    /// The least contrast that they should have.
    pub least: f64,
    /// The contrast that they have.
    pub ratio: f64,
}

impl Pair {
    /// What lies below, in words.
    pub fn below(&self) -> String {
        if self.ground.is_empty() { "page".to_owned() } else { self.ground.join(" and ") }
    }

    /// Whether the contrast is too low.
    pub fn is_weak(&self) -> bool {
        self.ratio < self.least
    }
}

/// The contrast of two opaque colours, from 1 to 21.
pub fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Every pair of colours that meet in pictures, in order of their names.
pub fn pairs(theme: &Theme) -> Vec<Pair> {
    let mut all = Pairs { theme, found: Vec::new() };
    let grounds = grounds(theme);
    for ground in &grounds {
        for text in ["ink", "quiet", "label"] {
            all.add(text, ground, OF_TEXTS);
        }
        for line in theme.names().filter(|name| name.starts_with("line-")) {
            all.add(line, ground, OF_SHAPES);
        }
        // A tile is told from the ground by its fill, or by its border where nothing is filled. Who uses the system
        // and what lies outside of it stand in no place that has a ground of its own.
        for tile in theme.names().filter(|name| name.starts_with("tile-")) {
            if !OUTSIDE.contains(&tile) || ground.iter().all(|name| name == "panel") {
                all.add(tile, ground, OF_SHAPES);
            }
        }
    }
    for name in theme.names().filter(|name| name.starts_with("box-")) {
        let Some((own, part)) = name.rsplit_once('-') else { continue };
        let fill = format!("{own}-fill");
        let inside: Vec<String> = Some(fill).filter(|fill| theme.has(fill)).into_iter().collect();
        match part {
            "title" => {
                all.add(name, &[], OF_TEXTS);
                all.add(name, &inside, OF_TEXTS);
            }
            "stroke" => {
                all.add(name, &[], OF_SHAPES);
                all.add(name, &inside, OF_SHAPES);
            }
            "badge" if !theme.is_outlined() => all.add("glyph", &[name.to_owned()], OF_SHAPES),
            _ => {}
        }
    }
    match theme.is_outlined() {
        true => all.add("glyph", &[], OF_SHAPES),
        false => {
            for tile in theme.names().filter(|name| name.starts_with("tile-")) {
                all.add("glyph", &[tile.to_owned()], OF_SHAPES);
            }
        }
    }
    all.add("digit", &["flow".to_owned()], OF_TEXTS);
    // Titles of overlays stand where subnets may lie below.
    for ground in grounds.iter().filter(|ground| ground.last().is_some_and(|name| name == "box-group-fill")) {
        all.add("box-group-title", ground, OF_TEXTS);
    }
    let mut seen = BTreeSet::new();
    all.found.retain(|pair| seen.insert((pair.over.clone(), pair.ground.clone())));
    all.found.sort_by(|a, b| (&a.over, &a.ground).cmp(&(&b.over, &b.ground)));
    all.found
}

struct Pairs<'a> {
    theme: &'a Theme,
    found: Vec<Pair>,
}

impl Pairs<'_> {
    fn add(&mut self, over: &str, ground: &[String], least: f64) {
        let below = self.theme.ground(ground);
        let ratio = contrast(self.theme.colour(over).over(below), below);
        self.found.push(Pair { over: over.to_owned(), ground: ground.to_vec(), least, ratio });
    }
}

/// Everything that texts, tiles and lines stand on: page, legend, fills, and fills over fills.
fn grounds(theme: &Theme) -> Vec<Vec<String>> {
    let mut grounds = vec![Vec::new(), vec!["panel".to_owned()]];
    let overlay = "box-group-fill".to_owned();
    for fill in theme.names().filter(|name| name.ends_with("-fill")) {
        grounds.push(vec![fill.to_owned()]);
        if fill != overlay {
            grounds.push(vec![fill.to_owned(), overlay.clone()]);
        }
    }
    grounds.push(vec!["box-network-fill".to_owned(), "box-network-2-fill".to_owned()]);
    grounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_can_be_read_in_every_theme() {
        for (name, theme) in [("light", Theme::light()), ("dark", Theme::dark()), ("print", Theme::print())] {
            let pairs = pairs(&theme);
            assert!(pairs.len() > 150, "{name}: {}", pairs.len());
            let weak: Vec<String> = pairs
                .iter()
                .filter(|pair| pair.is_weak())
                .map(|pair| format!("{} on {}: {:.2}", pair.over, pair.below(), pair.ratio))
                .collect();
            assert!(weak.is_empty(), "{name}: {weak:#?}");
            // Each text, line, tile and border of the theme is in a pair.
            for token in theme.names() {
                let counts = ["-fill", "-badge"].iter().all(|end| !token.ends_with(end));
                let ground = ["page", "panel", "rule", "flow"].contains(&token);
                assert!(!counts || ground || pairs.iter().any(|pair| pair.over == token), "{name}: {token}");
            }
        }
    }

    #[test]
    fn contrasts_are_those_of_wcag() {
        let colour = |text: &str| Colour::parse(text).unwrap();
        assert_eq!(contrast(colour("#000000"), colour("#FFFFFF")), 21.0);
        assert!((contrast(colour("#767676"), colour("#FFFFFF")) - 4.54).abs() < 0.01);
    }
}
