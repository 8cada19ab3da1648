//! Measures text with the very font that PNG uses: Noto Sans, regular and bold, shaped as the rasteriser
//! shapes it (with kerning), so that a box drawn around a text fits it.

use crate::layout::Fx;
use harfrust::{
    Direction, FontRef, Script, ShapeOptions, ShapePlan, Shaper, ShaperData, UnicodeBuffer, script,
};
use std::sync::OnceLock;

/// The family as SVG names it.
pub const FAMILY: &str = "Noto Sans";

/// The two weights of the embedded family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// 400.
    Regular,
    /// 700.
    Bold,
}

/// The bytes of a weight's font file.
pub fn bytes(weight: Weight) -> &'static [u8] {
    match weight {
        Weight::Regular => notosans::REGULAR_TTF,
        Weight::Bold => notosans::BOLD_TTF,
    }
}

/// How wide a text is, in the font's own units.
pub fn units(text: &str, weight: Weight) -> i64 {
    let Some(face) = face(weight) else { return 0 };
    shape(face, text).iter().map(|(_, _, advance)| i64::from(*advance)).sum()
}

/// How wide a text is at a size in px, rounded up to 1/64 px.
pub fn width(text: &str, size: i32, weight: Weight) -> Fx {
    let Some(face) = face(weight) else { return Fx(0) };
    let units = units(text, weight);
    let fx = (units * i64::from(size) * 64 + face.units_per_em - 1).div_euclid(face.units_per_em);
    Fx(fx.clamp(0, i64::from(i32::MAX / 4)) as i32)
}

/// The characters of a text that the font has no glyph for, in order of appearance; line breaks and the like are
/// never drawn.
pub fn lacking(text: &str) -> Vec<char> {
    let text = &super::caption::clean(text);
    // The font has every sign of ASCII, as a test holds.
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Vec::new();
    }
    let Some(face) = face(Weight::Regular) else { return text.chars().collect() };
    let missing = shape(face, text).into_iter().filter(|(_, glyph, _)| *glyph == 0);
    missing.filter_map(|(at, _, _)| text.get(at..).and_then(|rest| rest.chars().next())).collect()
}

struct Face {
    font: FontRef<'static>,
    shaper: ShaperData,
    units_per_em: i64,
    /// How letters of the Latin script are shaped: making a plan takes ten times as long as following it.
    latin: OnceLock<ShapePlan>,
    /// How digits and marks alone are shaped.
    plain: OnceLock<ShapePlan>,
}

impl Face {
    /// The plan for texts of a script that nearly all are in; the others get one each.
    fn plan(&self, shaper: &Shaper<'_>, direction: Direction, of: Script) -> Option<&ShapePlan> {
        let (cell, of) = match of {
            script::LATIN => (&self.latin, Some(of)),
            script::UNKNOWN => (&self.plain, None),
            _ => return None,
        };
        (direction == Direction::LeftToRight)
            .then(|| cell.get_or_init(|| ShapePlan::new(shaper, direction, of, None, &[])))
    }
}

/// Fonts are parsed once in a process. `None` cannot happen with the embedded files; a test holds that.
fn face(weight: Weight) -> Option<&'static Face> {
    static REGULAR: OnceLock<Option<Face>> = OnceLock::new();
    static BOLD: OnceLock<Option<Face>> = OnceLock::new();
    let cell = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    let parse = || {
        let font = FontRef::from_index(bytes(weight), 0).ok()?;
        let shaper = ShaperData::new(&font);
        let units_per_em = i64::from(shaper.shaper(&font).build().units_per_em()).max(1);
        Some(Face { font, shaper, units_per_em, latin: OnceLock::new(), plain: OnceLock::new() })
    };
    cell.get_or_init(parse).as_ref()
}

/// Byte position, glyph and advance of each glyph.
fn shape(face: &Face, text: &str) -> Vec<(usize, u32, i32)> {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    let shaper = face.shaper.shaper(&face.font).build();
    let plan = face.plan(&shaper, buffer.direction(), buffer.script());
    let output = shaper.shape(buffer, ShapeOptions::new().plan(plan));
    let glyphs = output.glyph_infos().iter().zip(output.glyph_positions());
    glyphs.map(|(info, position)| (info.cluster as usize, info.glyph_id, position.x_advance)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // 0.615 em for `b`, 0.561 em for `a` and so on: 3.987 em together, and no pair is kerned.
        let fx = width("backend", 12, Weight::Regular).0;
        assert!((fx as f64 / 64.0 - 47.8).abs() < 0.2, "{fx}");
        assert!(width("backend", 12, Weight::Bold) > width("backend", 12, Weight::Regular));
        assert_eq!(width("", 12, Weight::Bold), Fx(0));
    }

    #[test]
    fn kerning_counts() {
        let pair = width("AV", 100, Weight::Regular).0;
        assert!(pair < width("A", 100, Weight::Regular).0 + width("V", 100, Weight::Regular).0);
    }

    #[test]
    fn missing_glyphs_are_named() {
        assert!(lacking("Añadir · 2–6 ×2 …").is_empty());
        let ascii: String = (b' '..=b'~').map(char::from).chain(['…']).collect();
        assert!(lacking(&ascii).is_empty());
        assert_eq!(lacking("ab漢c"), ['漢']);
    }
}
