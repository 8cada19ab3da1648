//! Measures text with the very font that PNG uses: Noto Sans, regular and bold, shaped as the rasteriser
//! shapes it (with kerning), so that a box drawn around a text fits it.

use crate::layout::Fx;
use harfrust::{
    Direction, FontRef, Script, ShapeOptions, ShapePlan, Shaper, ShaperData, UnicodeBuffer, script,
};
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

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
    face(weight).map_or(0, |face| face.units(text))
}

/// How wide several texts are, each by itself, in the font's own units.
///
/// Those of ASCII are shaped in one go, which is quicker where they are short; between them stands a sign with which the
/// font kerns nothing. Other letters may be of a script that is shaped by rules of its own.
pub fn units_of_all(texts: &[String], weight: Weight) -> Vec<i64> {
    let Some(face) = face(weight) else { return vec![0; texts.len()] };
    let (mut all, mut ends) = (String::new(), Vec::new());
    for text in texts.iter().filter(|text| text.is_ascii()) {
        all.push_str(text);
        ends.push(all.len());
        all.push(BETWEEN);
    }
    let mut plain = vec![0; ends.len()];
    for (at, _, advance) in shape(face, &all) {
        let text = ends.partition_point(|end| *end < at);
        if let Some(width) = plain.get_mut(text).filter(|_| ends[text] != at) {
            *width += i64::from(advance);
        }
    }
    let mut plain = plain.into_iter();
    let width =
        |text: &String| if text.is_ascii() { plain.next().unwrap_or_default() } else { face.units(text) };
    texts.iter().map(width).collect()
}

/// The sign for an object among letters, with which no font kerns.
const BETWEEN: char = '\u{fffc}';

/// How wide a text is at a size in px, rounded up to 1/64 px.
pub fn width(text: &str, size: i32, weight: Weight) -> Fx {
    let Some(face) = face(weight) else { return Fx(0) };
    let units = face.units(text);
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

/// How many widths a face remembers before it begins anew.
const REMEMBERED: usize = 10_000;

struct Face {
    shaper: Shaper<'static>,
    units_per_em: i64,
    /// How letters of the Latin script are shaped: making a plan takes ten times as long as following it.
    latin: OnceLock<ShapePlan>,
    /// How digits and marks alone are shaped.
    plain: OnceLock<ShapePlan>,
    /// How wide texts are: each is measured for the layout, and again by all that draw it.
    known: Mutex<BTreeMap<String, i64>>,
}

impl Face {
    /// The plan for texts of a script that nearly all are in; the others get one each.
    fn plan(&self, direction: Direction, of: Script) -> Option<&ShapePlan> {
        let (cell, of) = match of {
            script::LATIN => (&self.latin, Some(of)),
            script::UNKNOWN => (&self.plain, None),
            _ => return None,
        };
        (direction == Direction::LeftToRight)
            .then(|| cell.get_or_init(|| ShapePlan::new(&self.shaper, direction, of, None, &[])))
    }

    fn units(&self, text: &str) -> i64 {
        let lock = || self.known.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(units) = lock().get(text) {
            return *units;
        }
        let units = shape(self, text).iter().map(|(_, _, advance)| i64::from(*advance)).sum();
        let mut known = lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(text.to_owned(), units);
        units
    }
}

/// A font and what shapers share.
type Parsed = (FontRef<'static>, ShaperData);

/// Fonts are parsed once in a process. `None` cannot happen with the embedded files; a test holds that.
fn face(weight: Weight) -> Option<&'static Face> {
    static REGULAR: (OnceLock<Option<Parsed>>, OnceLock<Option<Face>>) = (OnceLock::new(), OnceLock::new());
    static BOLD: (OnceLock<Option<Parsed>>, OnceLock<Option<Face>>) = (OnceLock::new(), OnceLock::new());
    let (parsed, face) = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    let parse = || {
        let font = FontRef::from_index(bytes(weight), 0).ok()?;
        let data = ShaperData::new(&font);
        Some((font, data))
    };
    let make = || {
        let (font, data) = parsed.get_or_init(parse).as_ref()?;
        let shaper = data.shaper(font).build();
        Some(Face {
            units_per_em: i64::from(shaper.units_per_em()).max(1),
            shaper,
            latin: OnceLock::new(),
            plain: OnceLock::new(),
            known: Mutex::default(),
        })
    };
    face.get_or_init(make).as_ref()
}

/// Byte position, glyph and advance of each glyph.
fn shape(face: &Face, text: &str) -> Vec<(usize, u32, i32)> {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    let plan = face.plan(buffer.direction(), buffer.script());
    let output = face.shaper.shape(buffer, ShapeOptions::new().plan(plan));
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
    fn many_texts_are_as_wide_as_each_alone() {
        let signs: Vec<char> = (b' '..=b'~').map(char::from).collect();
        let pairs = signs.iter().flat_map(|a| signs.iter().map(move |b| format!("{a}{b}")));
        let others = ["", "ñ", "Año", "·", "Ωμ", "漢"].map(str::to_owned);
        let texts: Vec<String> =
            others.into_iter().chain(signs.iter().map(char::to_string)).chain(pairs).collect();
        for weight in [Weight::Regular, Weight::Bold] {
            let alone: Vec<i64> = texts.iter().map(|text| units(text, weight)).collect();
            let together = units_of_all(&texts, weight);
            let differ = texts.iter().zip(&alone).zip(&together).filter(|((_, a), b)| a != b);
            assert_eq!(differ.map(|((text, _), _)| text.as_str()).collect::<Vec<_>>(), [""; 0]);
        }
        assert!(units_of_all(&[], Weight::Bold).is_empty());
    }

    #[test]
    fn missing_glyphs_are_named() {
        assert!(lacking("Añadir · 2–6 ×2 …").is_empty());
        let ascii: String = (b' '..=b'~').map(char::from).chain(['…']).collect();
        assert!(lacking(&ascii).is_empty());
        assert_eq!(lacking("ab漢c"), ['漢']);
    }
}
