//! The part of a font that one picture needs: the glyphs of its characters and the kerning between them, as a small
//! TrueType font of its own, so that every viewer shows the widths that were measured.
//!
//! Only what browsers ask for is written. Kerning is measured by shaping, pair by pair, so that the tables for
//! languages that no picture uses can stay away.

use crate::view::font::{self, Weight};
use std::collections::{BTreeMap, BTreeSet};

/// A font with the characters of some texts; `None` where there are none, or when the font cannot be read.
pub(super) fn subset<'a>(texts: impl Iterator<Item = &'a str>, weight: Weight) -> Option<Vec<u8>> {
    let font = Font::read(font::bytes(weight))?;
    let (mut characters, mut neighbours) = (BTreeMap::new(), BTreeSet::new());
    for text in texts {
        let letters: Vec<char> = text.chars().collect();
        for letter in &letters {
            if let Some(glyph) = font.glyph(*letter) {
                characters.insert(*letter, glyph);
            }
        }
        neighbours.extend(letters.windows(2).map(|pair| (pair[0], pair[1])));
    }
    if characters.is_empty() {
        return None;
    }
    // Glyph 0 stands for what is missing; then the characters' in their order, then the parts that they are made of.
    let mut glyphs: Vec<u16> = vec![0];
    for glyph in characters.values() {
        if !glyphs.contains(glyph) {
            glyphs.push(*glyph);
        }
    }
    let mut next = 0;
    while let Some(glyph) = glyphs.get(next).copied() {
        for (_, part) in parts(font.outline(glyph)?)? {
            if !glyphs.contains(&part) {
                glyphs.push(part);
            }
        }
        next += 1;
    }
    let new: BTreeMap<u16, u16> = glyphs.iter().enumerate().map(|(at, old)| (*old, at as u16)).collect();
    let map: BTreeMap<char, u16> = characters.iter().map(|(c, old)| (*c, new[old])).collect();
    let (mut glyf, mut loca, mut hmtx) = (Vec::new(), Vec::new(), Vec::new());
    for old in &glyphs {
        loca.push((glyf.len() / 2) as u16);
        let mut outline = font.outline(*old)?.to_vec();
        for (at, part) in parts(&outline)? {
            outline[at..at + 2].copy_from_slice(&new[&part].to_be_bytes());
        }
        glyf.extend(outline);
        glyf.resize(glyf.len().next_multiple_of(4), 0);
        hmtx.extend(font.metrics(*old)?);
    }
    loca.push(u16::try_from(glyf.len() / 2).ok()?);
    let count = glyphs.len() as u16;
    let tables = BTreeMap::from([
        (*b"OS/2", font.table(b"OS/2")?.to_vec()),
        (*b"cmap", cmap(&map)),
        (*b"glyf", glyf),
        (*b"head", patched(font.table(b"head")?, &[(8, &[0; 4]), (50, &[0, 0])])?),
        (*b"hhea", patched(font.table(b"hhea")?, &[(34, &count.to_be_bytes())])?),
        (*b"hmtx", hmtx),
        (*b"kern", kern(&map, &neighbours, weight)),
        (*b"loca", loca.iter().flat_map(|offset| offset.to_be_bytes()).collect()),
        (*b"maxp", patched(font.table(b"maxp")?, &[(4, &count.to_be_bytes())])?),
        // No names: the picture calls the font by its own.
        (*b"name", vec![0, 0, 0, 0, 0, 6]),
        (*b"post", patched(font.table(b"post")?, &[(0, &[0, 3, 0, 0])])?),
    ]);
    Some(written(&tables))
}

/// Bytes as text, four characters for each three.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let all = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = DIGITS[(all >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// A TrueType font, read where it lies. Every reader returns `None` for what is not there.
struct Font<'a> {
    tables: BTreeMap<[u8; 4], &'a [u8]>,
    /// Whether offsets of outlines have four bytes.
    long: bool,
    /// How many glyphs have an advance of their own.
    measured: u16,
}

impl<'a> Font<'a> {
    fn read(data: &'a [u8]) -> Option<Font<'a>> {
        let mut tables = BTreeMap::new();
        for at in 0..usize::from(u16_at(data, 4)?) {
            let entry = data.get(12 + 16 * at..28 + 16 * at)?;
            let (from, length) = (u32_at(entry, 8)? as usize, u32_at(entry, 12)? as usize);
            tables.insert(entry[..4].try_into().ok()?, data.get(from..from.checked_add(length)?)?);
        }
        let mut font = Font { tables, long: false, measured: 0 };
        font.long = u16_at(font.table(b"head")?, 50)? != 0;
        font.measured = u16_at(font.table(b"hhea")?, 34)?;
        Some(font)
    }

    fn table(&self, tag: &[u8; 4]) -> Option<&'a [u8]> {
        self.tables.get(tag).copied()
    }

    /// The glyph of a character: from the table for the characters up to U+FFFF, where all that we draw lie.
    fn glyph(&self, letter: char) -> Option<u16> {
        let code = u16::try_from(u32::from(letter)).ok()?;
        let cmap = self.table(b"cmap")?;
        let records = (0..usize::from(u16_at(cmap, 2)?)).filter_map(|at| cmap.get(4 + 8 * at..12 + 8 * at));
        let mut tables = records.filter_map(|record| cmap.get(u32_at(record, 4)? as usize..));
        let map = tables.find(|table| u16_at(table, 0) == Some(4))?;
        let double = usize::from(u16_at(map, 6)?);
        let at = (0..double / 2).find(|at| u16_at(map, 14 + 2 * at).is_some_and(|end| end >= code))?;
        let start = u16_at(map, 16 + double + 2 * at)?;
        let delta = u16_at(map, 16 + 2 * double + 2 * at)?;
        let place = 16 + 3 * double + 2 * at;
        let glyph = match (code >= start, u16_at(map, place)?) {
            (false, _) => 0,
            (true, 0) => code.wrapping_add(delta),
            (true, offset) => {
                match u16_at(map, place + usize::from(offset) + 2 * usize::from(code - start))? {
                    0 => 0,
                    glyph => glyph.wrapping_add(delta),
                }
            }
        };
        (glyph != 0).then_some(glyph)
    }

    fn outline(&self, glyph: u16) -> Option<&'a [u8]> {
        let (loca, glyph) = (self.table(b"loca")?, usize::from(glyph));
        let offset = |at: usize| match self.long {
            true => Some(u32_at(loca, 4 * at)? as usize),
            false => Some(2 * usize::from(u16_at(loca, 2 * at)?)),
        };
        self.table(b"glyf")?.get(offset(glyph)?..offset(glyph + 1)?)
    }

    /// Advance and left side bearing.
    fn metrics(&self, glyph: u16) -> Option<[u8; 4]> {
        let hmtx = self.table(b"hmtx")?;
        let last = self.measured.checked_sub(1)?;
        let advance = u16_at(hmtx, 4 * usize::from(glyph.min(last)))?.to_be_bytes();
        let beside = match glyph > last {
            true => 4 * usize::from(self.measured) + 2 * usize::from(glyph - self.measured),
            false => 4 * usize::from(glyph) + 2,
        };
        let bearing = u16_at(hmtx, beside)?.to_be_bytes();
        Some([advance[0], advance[1], bearing[0], bearing[1]])
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

/// The glyphs that an outline is made of, with the places where it names them; none for a simple one.
fn parts(outline: &[u8]) -> Option<Vec<(usize, u16)>> {
    let mut found = Vec::new();
    if u16_at(outline, 0).is_none_or(|contours| contours < 0x8000) {
        return Some(found);
    }
    let mut at = 10;
    loop {
        let flags = u16_at(outline, at)?;
        found.push((at + 2, u16_at(outline, at + 2)?));
        let transformed = match (flags & 0x08 != 0, flags & 0x40 != 0, flags & 0x80 != 0) {
            (true, ..) => 2,
            (_, true, _) => 4,
            (.., true) => 8,
            _ => 0,
        };
        at += 4 + if flags & 0x01 != 0 { 4 } else { 2 } + transformed;
        if flags & 0x20 == 0 {
            return Some(found);
        }
    }
}

/// A table with some bytes replaced.
fn patched(table: &[u8], patches: &[(usize, &[u8])]) -> Option<Vec<u8>> {
    let mut table = table.to_vec();
    for (at, bytes) in patches {
        table.get_mut(*at..at + bytes.len())?.copy_from_slice(bytes);
    }
    Some(table)
}

/// Which glyph each character has: one segment for each run of neighbours in both.
fn cmap(map: &BTreeMap<char, u16>) -> Vec<u8> {
    let mut segments: Vec<(u16, u16, u16)> = Vec::new();
    for (letter, glyph) in map {
        let code = u32::from(*letter) as u16;
        let delta = glyph.wrapping_sub(code);
        match segments.last_mut() {
            Some((_, end, same)) if *end + 1 == code && *same == delta => *end = code,
            _ => segments.push((code, code, delta)),
        }
    }
    segments.push((0xffff, 0xffff, 1));
    let count = segments.len() as u16;
    let power = 1 << (15 - count.leading_zeros());
    let words = |pick: &dyn Fn(&(u16, u16, u16)) -> u16| segments.iter().map(pick).collect::<Vec<u16>>();
    let mut body: Vec<u16> =
        vec![4, 16 + 8 * count, 0, 2 * count, 2 * power, power.trailing_zeros() as u16, 2 * (count - power)];
    body.extend(words(&|segment| segment.1));
    body.push(0);
    body.extend(words(&|segment| segment.0));
    body.extend(words(&|segment| segment.2));
    body.extend(words(&|_| 0));
    // One table, for Windows and Unicode, 12 bytes further on.
    let head: [u16; 6] = [0, 1, 3, 1, 0, 12];
    head.iter().chain(&body).flat_map(|word| word.to_be_bytes()).collect()
}

/// How much nearer or further than their advances two neighbours stand, as the shaper sees it.
fn kern(map: &BTreeMap<char, u16>, neighbours: &BTreeSet<(char, char)>, weight: Weight) -> Vec<u8> {
    let letters: Vec<String> = map.keys().map(char::to_string).collect();
    let alone: BTreeMap<&char, i64> = map.keys().zip(font::units_of_all(&letters, weight)).collect();
    let both: Vec<(&char, &char)> = neighbours
        .iter()
        .map(|(a, b)| (a, b))
        .filter(|(a, b)| map.contains_key(a) && map.contains_key(b))
        .collect();
    let texts: Vec<String> = both.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let mut pairs: BTreeMap<(u16, u16), i16> = BTreeMap::new();
    for ((left, right), together) in both.into_iter().zip(font::units_of_all(&texts, weight)) {
        let more = together - alone[left] - alone[right];
        if let Some(value) = i16::try_from(more).ok().filter(|value| *value != 0) {
            pairs.insert((map[left], map[right]), value);
        }
    }
    let count = pairs.len() as u16;
    let power: u16 = if count == 0 { 0 } else { 1 << (15 - count.leading_zeros()) };
    let search = if power == 0 { 0 } else { power.trailing_zeros() as u16 };
    let mut words: Vec<u16> = vec![0, 1, 0, 14 + 6 * count, 1, count, 6 * power, search, 6 * (count - power)];
    for ((left, right), value) in pairs {
        words.extend([left, right, value as u16]);
    }
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The tables as one file, with its sums.
fn written(tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Vec<u8> {
    let count = tables.len() as u16;
    let power: u16 = 1 << (15 - count.leading_zeros());
    let head = [0x0001, 0x0000, count, 16 * power, power.trailing_zeros() as u16, 16 * (count - power)];
    let mut file: Vec<u8> = head.iter().flat_map(|word: &u16| word.to_be_bytes()).collect();
    let (mut body, start) = (Vec::new(), 12 + 16 * tables.len());
    let mut adjust = None;
    for (tag, table) in tables {
        let place = start + body.len();
        if tag == b"head" {
            adjust = Some(place + 8);
        }
        let mut padded = table.clone();
        padded.resize(table.len().next_multiple_of(4), 0);
        file.extend(tag);
        for number in [sum(&padded), place as u32, table.len() as u32] {
            file.extend(number.to_be_bytes());
        }
        body.extend(padded);
    }
    file.extend(body);
    let whole = 0xb1b0_afba_u32.wrapping_sub(sum(&file));
    if let Some(place) = adjust.and_then(|at| file.get_mut(at..at + 4)) {
        place.copy_from_slice(&whole.to_be_bytes());
    }
    file
}

fn sum(bytes: &[u8]) -> u32 {
    let words = bytes.chunks_exact(4).map(|word| u32_at(word, 0).unwrap_or(0));
    words.fold(0, u32::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::usvg::fontdb::Database;
    use resvg::usvg::{Options, Tree};
    use std::sync::Arc;

    #[test]
    fn bytes_become_text() {
        let all = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{ff}", "w78="),
        ];
        for (plain, text) in all {
            assert_eq!(base64(plain.as_bytes()), text);
        }
    }

    /// What is drawn with the small font is as wide and has the same ink as with the whole one.
    #[test]
    fn the_small_font_draws_what_the_whole_one_draws() {
        let texts = [
            "AVATAR To We",
            "Añadir señal",
            "×12 · 2–6 “ff”",
            "Fargate 0.5 vCPU",
            "Übergröße fi ffl",
            "VPC 10.0.0.0/16",
        ];
        for weight in [Weight::Regular, Weight::Bold] {
            let small = subset(texts.into_iter(), weight).unwrap();
            assert!(small.len() < 12_000, "{}", small.len());
            for text in texts {
                let draw = |font: &[u8]| {
                    let mut fonts = Database::new();
                    fonts.load_font_data(font.to_vec());
                    let face = fonts.faces().next().expect("a font that can be read");
                    let family = face.families.first().map_or("", |(name, _)| name).to_owned();
                    let bold = if weight == Weight::Bold { 700 } else { 400 };
                    let svg = format!(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"99\"><text x=\"9\" y=\"60\" \
                         font-family=\"{family}\" font-weight=\"{bold}\" font-size=\"40\">{text}</text></svg>"
                    );
                    let options = Options { fontdb: Arc::new(fonts), ..Options::default() };
                    let tree = Tree::from_str(&svg, &options).unwrap();
                    tree.root().bounding_box()
                };
                let (own, whole) = (draw(&named(&small)), draw(font::bytes(weight)));
                assert!((own.width() - whole.width()).abs() < 0.1, "{text}: {own:?} {whole:?}");
                assert!((own.height() - whole.height()).abs() < 0.1, "{text}: {own:?} {whole:?}");
                assert!(own.width() > 100.0, "{text} is drawn");
            }
        }
        assert!(subset(["漢"].into_iter(), Weight::Bold).is_none());
    }

    /// The font with a name, without which the rasteriser finds none: pictures name it in their style.
    fn named(font: &[u8]) -> Vec<u8> {
        let font = Font::read(font).unwrap();
        let mut tables: BTreeMap<[u8; 4], Vec<u8>> =
            font.tables.iter().map(|(tag, table)| (*tag, table.to_vec())).collect();
        let name: Vec<u8> = "Small".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let size = name.len() as u16;
        let mut table: Vec<u8> = [0_u16, 2, 30, 3, 1, 0x409, 1, size, 0, 3, 1, 0x409, 6, size, 0]
            .iter()
            .flat_map(|word| word.to_be_bytes())
            .collect();
        table.extend(name);
        tables.insert(*b"name", table);
        written(&tables)
    }

    #[test]
    fn what_is_no_font_is_none() {
        assert!(Font::read(b"").is_none());
        assert!(Font::read(&[0; 40]).is_none());
        assert!(parts(&[0xff; 11]).is_none());
    }
}
