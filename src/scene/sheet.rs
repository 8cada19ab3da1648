//! The contact sheet: every icon on its tile, in the sizes that pictures use, by category.

use super::icon::Icon;
use super::stage::{anchored, px, rect, text, text_width};
use super::{Anchor, Group, Item, Layer, Paint, Scene, Style, Tenths};
use crate::view::caption::{clean, cut};
use crate::view::font::Weight;
use std::collections::BTreeMap;

/// What a sheet shows.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// What stands over it.
    pub title: String,
    /// What stands below the title.
    pub subtitle: String,
    /// The icons by category.
    pub sections: Vec<Section>,
    /// Language of the texts.
    pub language: String,
}

/// The icons of one category.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its head.
    pub title: String,
    /// Its icons.
    pub cells: Vec<Cell>,
}

/// One icon.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Its name.
    pub icon: String,
    /// The category whose glyph stands for it where it is missing.
    pub category: String,
    /// The colour of its tile, by name.
    pub colour: String,
    /// What stands below it.
    pub title: String,
    /// What it is for.
    pub quiet: String,
}

/// Sides of tiles and of the glyphs on them, from the left: as in a picture, and the small ones.
const SIZES: [(i32, i32); 3] = [(64, 48), (40, 32), (30, 24)];
const COLUMNS: usize = 8;
const PITCH: Tenths = px(172);
const ROW: Tenths = px(124);
const MARGIN: Tenths = px(32);

/// Paints a sheet.
pub fn sheet(sheet: &Sheet, style: Style<'_>) -> Scene {
    let mut used: BTreeMap<String, Icon> = BTreeMap::new();
    let (wide, mut y) = (2 * MARGIN + PITCH * COLUMNS as Tenths, MARGIN + px(64));
    let heading = vec![
        text((MARGIN, MARGIN + px(20)), 22, true, Paint::token("ink"), clean(&sheet.title)),
        text((MARGIN, MARGIN + px(42)), 13, false, Paint::token("quiet"), clean(&sheet.subtitle)),
    ];
    let mut groups = vec![Group { class: "heading", items: heading, ..Group::default() }];
    for section in &sheet.sections {
        let head = text((MARGIN, y + px(16)), 14, true, Paint::token("ink"), clean(&section.title));
        groups.push(Group { class: "section", items: vec![head], ..Group::default() });
        y += px(32);
        for (at, cell) in section.cells.iter().enumerate() {
            let x = MARGIN + (at % COLUMNS) as Tenths * PITCH;
            let top = y + (at / COLUMNS) as Tenths * ROW;
            groups.push(painted(cell, (x, top), style, &mut used));
        }
        y += section.cells.len().div_ceil(COLUMNS) as Tenths * ROW + px(12);
    }
    let page = rect((0, 0, wide, y + MARGIN - px(12)), 0, Paint::token("page"), None);
    let page = Group { items: vec![page], ..Group::default() };
    Scene {
        id: "icons".to_owned(),
        language: sheet.language.clone(),
        width: wide,
        height: y + MARGIN - px(12),
        title: clean(&sheet.title),
        description: clean(&sheet.subtitle),
        look: style.look.clone(),
        icons: used.into_iter().collect(),
        layers: vec![Layer { class: "page", groups: vec![page] }, Layer { class: "icons", groups }],
    }
}

fn painted(cell: &Cell, at: (Tenths, Tenths), style: Style<'_>, used: &mut BTreeMap<String, Icon>) -> Group {
    let name = style.icons.find(&cell.icon, &cell.category);
    let coloured = style.icons.is_coloured(name);
    let plain = coloured || style.look.is_outlined();
    let ink = if coloured { "ink" } else { "glyph" };
    used.entry(name.to_owned()).or_insert_with(|| style.icons.icon(name));
    let (mut x, mut items) = (at.0, Vec::new());
    for (side, glyph) in SIZES {
        // All tiles stand on one line.
        let top = at.1 + px(64 - side);
        let colour = Paint::token(cell.colour.clone());
        let (fill, border) = match plain {
            true => (Paint::token("page"), super::stage::stroke(colour, 15, "")),
            false => (colour, None),
        };
        items.push(rect((x, top, px(side), px(side)), px(side / 8), fill, border));
        let inset = px(side - glyph) / 2;
        items.push(Item::Glyph {
            at: (x + inset, top + inset),
            side: px(glyph),
            icon: name.to_owned(),
            colour: Paint::token(ink),
        });
        x += px(side + 6);
    }
    let room = PITCH / 10 - 12;
    let title = cut(&clean(&cell.title), 12, Weight::Bold, room);
    items.push(text((at.0, at.1 + px(82)), 12, true, Paint::token("ink"), title));
    for (line, words) in two_lines(&clean(&cell.quiet), room).into_iter().enumerate() {
        let low = at.1 + px(97 + 14 * line as i32);
        items.push(anchored(text((at.0, low), 11, false, Paint::token("quiet"), words), Anchor::Start));
    }
    let title = format!("{}: {}", cell.title, cell.quiet);
    Group {
        class: "icon",
        data: vec![("id", cell.icon.clone())],
        title: clean(&title),
        items,
        ..Group::default()
    }
}

/// Breaks a list of names at a space, and cuts what does not fit into two lines.
fn two_lines(words: &str, room: i32) -> Vec<String> {
    let fits = |text: &str| text_width(text, 11, false) <= px(room);
    if words.is_empty() {
        return Vec::new();
    }
    if fits(words) {
        return vec![words.to_owned()];
    }
    let breaks = words.match_indices(' ').map(|(at, _)| at);
    match breaks.rev().find(|at| fits(&words[..*at])) {
        Some(at) => vec![words[..at].to_owned(), cut(&words[at + 1..], 11, Weight::Regular, room)],
        None => vec![cut(words, 11, Weight::Regular, room)],
    }
}
