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
    written(scene, true)
}

/// The same for a painter that has the fonts, so that they need not lie in the document.
pub fn svg_without_fonts(scene: &Scene) -> String {
    written(scene, false)
}

fn written(scene: &Scene, fonts: bool) -> String {
    let by_name = matches!(scene.look, Look::Auto { .. });
    let mut writer = Writer { out: String::new(), scene, by_name };
    writer.document(fonts);
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

    fn document(&mut self, fonts: bool) {
        let scene = self.scene;
        let id = &scene.id;
        let (mut w, mut h) = (String::new(), String::new());
        decimal(&mut w, scene.width);
        decimal(&mut h, scene.height);
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
        self.line("<style>");
        if fonts {
            self.fonts();
        }
        self.properties();
        self.line("</style>");
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

    /// The custom properties, light and dark, only those that occur.
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
            let ink = self.named(&Paint::token("ink"));
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
            self.item(item);
            self.out.push('\n');
        }
        if !plain {
            self.line("</g>");
        }
        if !group.link.is_empty() {
            self.line("</a>");
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Rect { at: (x, y, w, h), radius, fill, stroke } => {
                self.number("<rect x=\"", *x);
                self.number("\" y=\"", *y);
                self.number("\" width=\"", *w);
                self.number("\" height=\"", *h);
                if *radius > 0 {
                    self.number("\" rx=\"", *radius);
                }
                self.out.push('"');
                self.paints(fill, stroke.as_ref());
                self.out.push_str("/>");
            }
            Item::Circle { at: (x, y), radius, fill } => {
                self.number("<circle cx=\"", *x);
                self.number("\" cy=\"", *y);
                self.number("\" r=\"", *radius);
                self.out.push('"');
                self.paints(fill, None);
                self.out.push_str("/>");
            }
            Item::Path { steps, fill, stroke } => {
                self.out.push_str("<path d=\"");
                path(&mut self.out, steps);
                self.out.push('"');
                self.paints(fill, stroke.as_ref());
                self.out.push_str("/>");
            }
            Item::Text { at: (x, y), size, bold, anchor, fill, text, tracking } => {
                self.number("<text x=\"", *x);
                self.number("\" y=\"", *y);
                self.number("\" font-size=\"", *size * 10);
                self.out.push('"');
                if *bold {
                    self.out.push_str(" font-weight=\"700\"");
                }
                match anchor {
                    Anchor::Start => {}
                    Anchor::Middle => self.out.push_str(" text-anchor=\"middle\""),
                    Anchor::End => self.out.push_str(" text-anchor=\"end\""),
                }
                if *tracking != 0 {
                    self.number(" letter-spacing=\"", *tracking);
                    self.out.push('"');
                } else {
                    // A viewer without the font draws with another one, fitted into the room that was measured.
                    let weight = if *bold { Weight::Bold } else { Weight::Regular };
                    self.number(" textLength=\"", (font::width(text, *size, weight).0 * 10 + 32) / 64);
                    self.out.push_str("\" lengthAdjust=\"spacingAndGlyphs\"");
                }
                self.colour(" fill", fill);
                self.out.push('>');
                self.out.push_str(&escape(text));
                self.out.push_str("</text>");
            }
            Item::Glyph { at: (x, y), side, icon, colour } => {
                // The fewer pixels, the stronger the strokes, so that small glyphs stay legible.
                let width = match side {
                    360.. => "2",
                    280..360 => "2.4",
                    _ => "2.8",
                };
                let id = self.icon_id(icon);
                let _ = write!(self.out, "<use href=\"#{id}\"");
                self.number(" transform=\"translate(", *x);
                self.number(" ", *y);
                self.out.push(')');
                if *side != 480 {
                    let _ = write!(self.out, " scale({})", thousandths(*side * 100 / 48));
                }
                self.out.push('"');
                self.colour(" color", colour);
                let _ = write!(self.out, " stroke-width=\"{width}\"/>");
            }
        }
    }

    fn paints(&mut self, fill: &Paint, stroke: Option<&Stroke>) {
        self.colour(" fill", fill);
        if let Some(stroke) = stroke {
            self.colour(" stroke", &stroke.paint);
            self.number(" stroke-width=\"", stroke.width);
            self.out.push('"');
            if stroke.round {
                self.out.push_str(" stroke-linecap=\"round\"");
            }
            if !stroke.dash.is_empty() {
                let _ = write!(self.out, " stroke-dasharray=\"{}\"", stroke.dash);
            }
        }
    }

    /// A colour as an attribute.
    fn colour(&mut self, attribute: &str, paint: &Paint) {
        let colour = self.named(paint);
        for part in [attribute, "=\"", &colour, "\""] {
            self.out.push_str(part);
        }
    }

    /// What SVG calls a colour.
    fn named(&self, paint: &Paint) -> String {
        match (&self.scene.look, paint) {
            (_, Paint::None) => "none".to_owned(),
            (_, Paint::Pattern(name)) => format!("url(#{}-pattern-{name})", self.scene.id),
            (Look::Fixed(theme), paint) if !self.by_name => theme.resolve(paint),
            (_, paint) => ["var(--", &paint.property(), ")"].concat(),
        }
    }

    /// Some text and a number of tenths behind it.
    fn number(&mut self, before: &str, number: Tenths) {
        self.out.push_str(before);
        decimal(&mut self.out, number);
    }
}

/// Tenths as a decimal number.
fn decimal(out: &mut String, number: Tenths) {
    let mut digits = [0; 12];
    let (mut rest, mut at) = (number.unsigned_abs() / 10, digits.len());
    let tenth = number.unsigned_abs() % 10;
    if tenth > 0 {
        at -= 2;
        digits[at..].copy_from_slice(&[b'.', b'0' + tenth as u8]);
    }
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

/// A scale in thousandths as a decimal number.
fn thousandths(scale: i32) -> String {
    let text = format!("{}.{:03}", scale / 1000, scale % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The steps of a path, each in its shortest form.
fn path(out: &mut String, steps: &[Step]) {
    let mut pen = (0, 0);
    let mut step = |letter: char, numbers: &[Tenths]| {
        out.push(letter);
        for (at, number) in numbers.iter().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            decimal(out, *number);
        }
    };
    for one in steps {
        match *one {
            Step::Move(x, y) => step('M', &[x, y]),
            Step::Line(x, y) if y == pen.1 => step('H', &[x]),
            Step::Line(x, y) if x == pen.0 => step('V', &[y]),
            Step::Line(x, y) => step('L', &[x, y]),
            Step::Curve(a, b, x, y) => step('Q', &[a, b, x, y]),
            Step::Arc(r, clockwise, x, y) => step('A', &[r, r, 0, 0, 10 * Tenths::from(clockwise), x, y]),
            Step::Close => step('Z', &[]),
        }
        pen = match *one {
            Step::Move(x, y) | Step::Line(x, y) | Step::Curve(_, _, x, y) | Step::Arc(_, _, x, y) => (x, y),
            Step::Close => pen,
        };
    }
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
        let text = |number| {
            let mut text = String::new();
            decimal(&mut text, number);
            text
        };
        assert_eq!([0, 10, -5, 123, -120].map(text), ["0", "1", "-0.5", "12.3", "-12"]);
        assert_eq!([i32::MIN, i32::MAX].map(text), ["-214748364.8", "214748364.7"]);
        assert_eq!([thousandths(375), thousandths(1000), thousandths(416)], ["0.375", "1", "0.416"]);
    }

    #[test]
    fn paths_are_short() {
        let steps =
            [Step::Move(0, 0), Step::Line(100, 0), Step::Line(100, 55), Step::Line(0, 0), Step::Close];
        let mut text = String::new();
        path(&mut text, &steps);
        assert_eq!(text, "M0 0H10V5.5L0 0Z");
    }

    #[test]
    fn markup_and_control_characters_are_harmless() {
        assert_eq!(escape("<a b=\"&\">\u{0}\u{b}'é"), "&lt;a b=&quot;&amp;&quot;&gt;  'é");
    }
}
