//! Writes SVG: one element a line, whole numbers or one decimal, ids that stay the same.

use super::pattern;
use super::subset::{base64, subset};
use crate::scene::{Anchor, Group, Item, Look, Paint, Scene, Step, Stroke, Tenths};
use crate::view::font::FAMILY;
use crate::view::font::{self, Weight};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Fonts that look alike where Noto Sans is not installed.
const SIMILAR: &str = "'Segoe UI','Helvetica Neue',Arial,sans-serif";

/// The scene as an SVG document. With [`Look::Auto`] the colours are custom properties that follow the
/// reader's preference; otherwise they are written plainly.
pub fn svg(scene: &Scene) -> String {
    let by_name = matches!(scene.look, Look::Auto { .. });
    let mut writer = Writer { out: String::new(), scene, by_name };
    writer.document();
    writer.out
}

/// Eight digits that change with what is drawn, whatever its colours.
pub fn digest(scene: &Scene) -> String {
    let mut writer = Writer { out: String::new(), scene, by_name: true };
    writer.layers();
    let hash = Sha256::digest(writer.out.as_bytes());
    hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The name of the font that lies in the picture itself.
fn font_name(id: &str) -> String {
    format!("{id} font")
}

struct Writer<'a> {
    out: String,
    scene: &'a Scene,
    /// Colours are written as custom properties, not as what they are in a theme.
    by_name: bool,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn document(&mut self) {
        let scene = self.scene;
        let (id, w, h) = (&scene.id, Number(scene.width), Number(scene.height));
        let mut root =
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"{id}\" width=\"{w}\" height=\"{h}\"");
        // What is one picture to a screen reader has nothing in it to be reached.
        let mut groups = scene.layers.iter().flat_map(|layer| &layer.groups);
        let role = if groups.any(|group| !group.link.is_empty()) { "group" } else { "img" };
        let _ = write!(
            root,
            " viewBox=\"0 0 {w} {h}\" text-rendering=\"geometricPrecision\" role=\"{role}\" aria-labelledby=\"{id}-title {id}-desc\""
        );
        if !scene.language.is_empty() {
            let _ = write!(root, " lang=\"{}\"", escape(&scene.language));
        }
        let _ = write!(root, " font-family=\"'{}','{FAMILY}',{SIMILAR}\">", font_name(id));
        self.line(&root);
        self.line(&format!("<title id=\"{id}-title\">{}</title>", escape(&scene.title)));
        self.line(&format!("<desc id=\"{id}-desc\">{}</desc>", escape(&scene.description)));
        self.style();
        self.icons();
        self.layers();
        self.line("</svg>");
    }

    fn layers(&mut self) {
        for layer in &self.scene.layers {
            self.line(&format!("<g class=\"{}\">", layer.class));
            for group in &layer.groups {
                self.group(group);
            }
            self.line("</g>");
        }
    }

    /// The custom properties, light and dark, only those that occur.
    fn style(&mut self) {
        self.line("<style>");
        self.fonts();
        self.properties();
        self.line("</style>");
    }

    /// The glyphs that occur, as fonts of the picture's own, which no page around it can take for its own.
    fn fonts(&mut self) {
        let scene = self.scene;
        for (weight, number) in [(Weight::Regular, 400), (Weight::Bold, 700)] {
            let groups = scene.layers.iter().flat_map(|layer| &layer.groups);
            let texts = groups.flat_map(|group| &group.items).filter_map(|item| match item {
                Item::Text { text, bold, .. } if *bold == (weight == Weight::Bold) => Some(text.as_str()),
                _ => None,
            });
            let Some(font) = subset(texts, weight) else { continue };
            self.line(&format!(
                "@font-face {{ font-family: '{}'; font-weight: {number}; src: url(data:font/ttf;base64,{}) format('truetype'); }}",
                font_name(&scene.id),
                base64(&font)
            ));
        }
    }

    fn properties(&mut self) {
        let Look::Auto { light, dark } = &self.scene.look else { return };
        let mut names: Vec<(String, Paint)> =
            self.scene.paints().into_iter().map(|paint| (paint.property(), paint)).collect();
        names.sort();
        names.dedup_by(|b, a| a.0 == b.0);
        for (theme, around) in [(light, None), (dark, Some("@media (prefers-color-scheme: dark) {"))] {
            if let Some(open) = around {
                self.line(open);
            }
            self.line(&format!("#{} {{", self.scene.id));
            for (name, paint) in &names {
                self.line(&format!("--{name}: {};", theme.resolve(paint)));
            }
            self.line("}");
            if around.is_some() {
                self.line("}");
            }
        }
    }

    fn icons(&mut self) {
        let scene = self.scene;
        let patterns: Vec<String> = scene
            .paints()
            .into_iter()
            .filter_map(|paint| if let Paint::Pattern(name) = paint { Some(name) } else { None })
            .collect();
        if scene.icons.is_empty() && patterns.is_empty() {
            return;
        }
        self.line("<defs>");
        for name in &patterns {
            let ink = self.colour(&Paint::token("ink"));
            self.line(&pattern::definition(&format!("{}-pattern-{name}", scene.id), name, &ink));
        }
        for (name, icon) in &scene.icons {
            let id = self.icon_id(name);
            let prefix = format!("{id}-");
            self.line(&format!("<g id=\"{id}\"{}>", icon.attributes(&prefix)));
            for element in icon.elements(&prefix) {
                self.line(&element);
            }
            self.line("</g>");
        }
        self.line("</defs>");
    }

    fn icon_id(&self, name: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '.' };
        format!("{}-icon-{}", self.scene.id, name.chars().map(plain).collect::<String>())
    }

    fn group(&mut self, group: &Group) {
        let plain = group.id.is_empty() && group.class.is_empty() && group.data.is_empty();
        if !group.link.is_empty() {
            self.line(&format!("<a href=\"{}\" target=\"_top\">", escape(&group.link)));
        }
        if !plain {
            let mut open = "<g".to_owned();
            if !group.id.is_empty() {
                let _ = write!(open, " id=\"{}\"", group.id);
            }
            if !group.class.is_empty() {
                let _ = write!(open, " class=\"{}\"", group.class);
            }
            for (name, value) in &group.data {
                let _ = write!(open, " data-{name}=\"{}\"", escape(value));
            }
            self.line(&(open + ">"));
        }
        if !group.title.is_empty() {
            self.line(&format!("<title>{}</title>", escape(&group.title)));
        }
        for item in &group.items {
            let text = self.item(item);
            self.line(&text);
        }
        if !plain {
            self.line("</g>");
        }
        if !group.link.is_empty() {
            self.line("</a>");
        }
    }

    fn item(&self, item: &Item) -> String {
        match item {
            Item::Rect { at: (x, y, w, h), radius, fill, stroke } => {
                let mut text = format!("<rect x=\"{}\" y=\"{}\"", Number(*x), Number(*y));
                let _ = write!(text, " width=\"{}\" height=\"{}\"", Number(*w), Number(*h));
                if *radius > 0 {
                    let _ = write!(text, " rx=\"{}\"", Number(*radius));
                }
                text + &self.paints(fill, stroke.as_ref()) + "/>"
            }
            Item::Circle { at: (x, y), radius, fill } => {
                let shape =
                    format!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", Number(*x), Number(*y), Number(*radius));
                shape + &self.paints(fill, None) + "/>"
            }
            Item::Path { steps, fill, stroke } => {
                format!("<path d=\"{}\"", path(steps)) + &self.paints(fill, stroke.as_ref()) + "/>"
            }
            Item::Text { at: (x, y), size, bold, anchor, fill, text, tracking } => {
                let mut out = format!("<text x=\"{}\" y=\"{}\" font-size=\"{size}\"", Number(*x), Number(*y));
                if *bold {
                    out.push_str(" font-weight=\"700\"");
                }
                match anchor {
                    Anchor::Start => {}
                    Anchor::Middle => out.push_str(" text-anchor=\"middle\""),
                    Anchor::End => out.push_str(" text-anchor=\"end\""),
                }
                if *tracking != 0 {
                    let _ = write!(out, " letter-spacing=\"{}\"", Number(*tracking));
                } else {
                    // A viewer without the font draws with another one, fitted into the room that was measured.
                    let weight = if *bold { Weight::Bold } else { Weight::Regular };
                    let wide = Number((font::width(text, *size, weight).0 * 10 + 32) / 64);
                    let _ = write!(out, " textLength=\"{wide}\" lengthAdjust=\"spacingAndGlyphs\"");
                }
                format!("{out} fill=\"{}\">{}</text>", self.colour(fill), escape(text))
            }
            Item::Glyph { at: (x, y), side, icon, colour } => {
                // The fewer pixels, the stronger the strokes, so that small glyphs stay legible.
                let width = match side {
                    360.. => "2",
                    280..360 => "2.4",
                    _ => "2.8",
                };
                let mut transform = format!("translate({} {})", Number(*x), Number(*y));
                if *side != 480 {
                    let _ = write!(transform, " scale({})", thousandths(*side * 100 / 48));
                }
                let colour = self.colour(colour);
                let id = self.icon_id(icon);
                format!(
                    "<use href=\"#{id}\" transform=\"{transform}\" color=\"{colour}\" stroke-width=\"{width}\"/>"
                )
            }
        }
    }

    fn paints(&self, fill: &Paint, stroke: Option<&Stroke>) -> String {
        let mut text = format!(" fill=\"{}\"", self.colour(fill));
        if let Some(stroke) = stroke {
            let _ = write!(text, " stroke=\"{}\"", self.colour(&stroke.paint));
            let _ = write!(text, " stroke-width=\"{}\"", Number(stroke.width));
            if stroke.round {
                text.push_str(" stroke-linecap=\"round\"");
            }
            if !stroke.dash.is_empty() {
                let _ = write!(text, " stroke-dasharray=\"{}\"", stroke.dash);
            }
        }
        text
    }

    fn colour(&self, paint: &Paint) -> String {
        match (&self.scene.look, paint) {
            (_, Paint::None) => "none".to_owned(),
            (_, Paint::Pattern(name)) => format!("url(#{}-pattern-{name})", self.scene.id),
            (Look::Fixed(theme), paint) if !self.by_name => theme.resolve(paint),
            (_, paint) => format!("var(--{})", paint.property()),
        }
    }
}

/// Tenths as a decimal number.
struct Number(Tenths);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        let sign = if self.0 < 0 { "-" } else { "" };
        match tenth {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

/// A scale in thousandths as a decimal number.
fn thousandths(scale: i32) -> String {
    let text = format!("{}.{:03}", scale / 1000, scale % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn path(steps: &[Step]) -> String {
    let mut text = String::new();
    let mut pen = (0, 0);
    for step in steps {
        let _ = match *step {
            Step::Move(x, y) => write!(text, "M{} {}", Number(x), Number(y)),
            Step::Line(x, y) if y == pen.1 => write!(text, "H{}", Number(x)),
            Step::Line(x, y) if x == pen.0 => write!(text, "V{}", Number(y)),
            Step::Line(x, y) => write!(text, "L{} {}", Number(x), Number(y)),
            Step::Curve(a, b, x, y) => {
                write!(text, "Q{} {} {} {}", Number(a), Number(b), Number(x), Number(y))
            }
            Step::Arc(r, clockwise, x, y) => {
                let (r, sweep) = (Number(r), u8::from(clockwise));
                write!(text, "A{r} {r} 0 0 {sweep} {} {}", Number(x), Number(y))
            }
            Step::Close => write!(text, "Z"),
        };
        pen = match *step {
            Step::Move(x, y) | Step::Line(x, y) | Step::Curve(_, _, x, y) | Step::Arc(_, _, x, y) => (x, y),
            Step::Close => pen,
        };
    }
    text
}

/// Text as XML allows it: markup escaped, forbidden characters as spaces.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_decimal_at_most() {
        let texts: Vec<String> = [0, 10, -5, 123, -120].map(|n| Number(n).to_string()).into();
        assert_eq!(texts, ["0", "1", "-0.5", "12.3", "-12"]);
        assert_eq!([thousandths(375), thousandths(1000), thousandths(416)], ["0.375", "1", "0.416"]);
    }

    #[test]
    fn paths_are_short() {
        let steps =
            [Step::Move(0, 0), Step::Line(100, 0), Step::Line(100, 55), Step::Line(0, 0), Step::Close];
        assert_eq!(path(&steps), "M0 0H10V5.5L0 0Z");
    }

    #[test]
    fn markup_and_control_characters_are_harmless() {
        assert_eq!(escape("<a b=\"&\">\u{0}\u{b}'é"), "&lt;a b=&quot;&amp;&quot;&gt;  'é");
    }
}
