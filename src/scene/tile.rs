//! Leaves: tile, glyph, stack, title and quiet line.

use super::canvas::{Canvas, On};
use super::stage::{Stage, anchored, px, rect, stroke, tenths, text};
use super::{Anchor, Box4, Group, Item, Paint, Step, Tenths};
use super::{card, mark};
use crate::view::Node;
use crate::view::caption;

/// The side of a glyph at most: the tile of a hub is as large as its lines need, not its glyph.
const GLYPH: Tenths = px(96);
/// Of a tile's corners.
const RADIUS: Tenths = px(8);

/// Paints all leaves.
pub(super) fn tiles(canvas: &mut Canvas<'_>, stage: &Stage<'_>) {
    for (leaf, &place) in stage.view.nodes.iter().zip(&stage.tiles) {
        node(canvas, leaf, place, &stage.view.signs(leaf));
    }
}

/// Paints one leaf, whose tile has its place; `signs` says its small signs in words.
pub(super) fn node(canvas: &mut Canvas<'_>, node: &Node, place: Box4, signs: &str) {
    let items = match &node.card {
        Some(card) => card::items(canvas, node, card, place),
        None => items(canvas, node, place),
    };
    let card = node
        .card
        .iter()
        .flat_map(|card| std::iter::once(&card.text).chain(card.rows.iter().map(|row| &row.text)));
    let full = [node.title.as_str(), node.quiet.as_str()].into_iter().chain(card.map(String::as_str));
    let full: Vec<&str> = full.filter(|text| !text.is_empty()).collect();
    let tip = &node.detail.tip;
    let stop = if tip.is_empty() || full.is_empty() { "" } else { ". " };
    let mut data =
        vec![("id", node.id.clone()), ("kind", node.kind.clone()), ("category", node.category.clone())];
    data.extend(node.marks.layer.map(|layer| ("layer", layer.to_string())));
    let beside = if signs.is_empty() { String::new() } else { format!(" ({signs})") };
    let group = Group {
        id: canvas.id("n", &node.id),
        class: "node",
        data,
        title: caption::clean(&format!("{}{beside}{stop}{tip}", full.join(": "))),
        link: node.detail.link.clone(),
        items,
    };
    canvas.push(On::Nodes, group);
}

/// The colour name of a category.
pub(super) fn colour(category: &str) -> String {
    format!("tile-{category}")
}

fn items(canvas: &mut Canvas<'_>, node: &Node, place: Box4) -> Vec<Item> {
    let (x, y, w, h) = place;
    let colour = colour(&node.category);
    let stacked = node.copies > 1;
    let coloured = canvas.is_coloured(&node.icon, &node.category);
    let plain = canvas.outlined || coloured;
    let border = |paint: Paint| stroke(paint, 15, "");
    let mut items = Vec::new();
    for (shift, percent) in [(px(8), 38), (px(4), 66)].into_iter().filter(|_| stacked) {
        let behind = (x + shift, y - shift, w, h);
        let tint = Paint::Mix(colour.clone(), percent);
        items.push(match plain {
            true => rect(behind, RADIUS, Paint::token("page"), border(tint)),
            false => rect(behind, RADIUS, tint, border(Paint::token("page"))),
        });
    }
    if plain {
        items.extend(plain_tile(place, &colour, canvas.outlined.then_some(node.category.as_str())));
    } else {
        let outline = if stacked { border(Paint::token("page")) } else { None };
        items.push(rect(place, RADIUS, Paint::Token(colour.clone()), outline));
    }
    let side = (w.min(h) * 3 / 4).min(GLYPH);
    let corner = (x + (w - side) / 2, y + (h - side) / 2);
    let ink = if coloured { Paint::token("ink") } else { Paint::token("glyph") };
    items.push(canvas.glyph(&node.icon, &node.category, corner, side, ink));
    if stacked {
        items.extend(badge((x + w, y), node, &colour));
    }
    items.extend(mark::marks(&node.marks, place, &colour));
    items.extend(captions(node, x + w / 2, y + h));
    items
}

/// A pill around the top right corner of a stack, whose front tile has its `corner` there.
fn badge(corner: (Tenths, Tenths), node: &Node, colour: &str) -> Vec<Item> {
    let Some(at) = caption::badge(node) else { return Vec::new() };
    let place = (corner.0 + tenths(at.x), corner.1 + tenths(at.y), tenths(at.w), tenths(at.h));
    pill(place, &caption::badge_text(node), colour)
}

/// A tile that is not filled: on paper with the pattern of its category below the glyph, and under an icon with
/// colours of its own.
fn plain_tile(place: Box4, colour: &str, pattern: Option<&str>) -> Vec<Item> {
    let (x, y, w, h) = place;
    let mut items = vec![rect(place, RADIUS, Paint::token("page"), None)];
    if let Some(category) = pattern {
        let (top, bottom) = (y + h - RADIUS - px(1), y + h);
        let steps = vec![
            Step::Move(x, top),
            Step::Line(x + w, top),
            Step::Line(x + w, bottom - RADIUS),
            Step::Arc(RADIUS, true, x + w - RADIUS, bottom),
            Step::Line(x + RADIUS, bottom),
            Step::Arc(RADIUS, true, x, bottom - RADIUS),
            Step::Close,
        ];
        let border = stroke(Paint::token(colour), 10, "");
        items.push(Item::Path { steps, fill: Paint::Pattern(category.to_owned()), stroke: border });
    }
    items.push(rect(place, RADIUS, Paint::None, stroke(Paint::token(colour), 15, "")));
    items
}

/// A pill in the page's colour with a border in a category's.
pub(super) fn pill(place: Box4, words: &str, colour: &str) -> Vec<Item> {
    let (x, y, w, h) = place;
    let border = stroke(Paint::token(colour), 15, "");
    let words = text((x + w / 2, y + h / 2 + 43), 12, true, Paint::token("ink"), words);
    vec![rect(place, h / 2, Paint::token("page"), border), anchored(words, Anchor::Middle)]
}

/// Title and quiet line, centred below the tile.
fn captions(node: &Node, middle: Tenths, below: Tenths) -> Vec<Item> {
    let words = caption::caption(&node.title, &node.quiet);
    let mut items = Vec::new();
    let mut line = below + px(18);
    for title in words.title {
        items.push(anchored(text((middle, line), 14, true, Paint::token("ink"), title), Anchor::Middle));
        line += px(17);
    }
    if !words.quiet.is_empty() {
        let quiet = text((middle, line), 12, false, Paint::token("quiet"), words.quiet);
        items.push(anchored(quiet, Anchor::Middle));
    }
    items
}
