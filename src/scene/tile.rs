//! Leaves: tile, glyph, stack, title and quiet line.

use super::canvas::{Canvas, On};
use super::card;
use super::stage::{Stage, anchored, px, rect, stroke, text, text_width};
use super::{Anchor, Box4, Group, Item, Paint, Tenths};
use crate::view::Node;
use crate::view::caption;

/// Paints all leaves.
pub(super) fn tiles(canvas: &mut Canvas<'_>, stage: &Stage<'_>) {
    for (leaf, &place) in stage.view.nodes.iter().zip(&stage.tiles) {
        node(canvas, leaf, place);
    }
}

/// Paints one leaf, whose tile has its place.
pub(super) fn node(canvas: &mut Canvas<'_>, node: &Node, place: Box4) {
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
    let group = Group {
        id: canvas.id("n", &node.id),
        class: "node",
        data: vec![("id", node.id.clone()), ("kind", node.kind.clone()), ("category", node.category.clone())],
        title: caption::clean(&full.join(": ")),
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
    let outline = || stacked.then(|| stroke(Paint::token("page"), 15, "")).flatten();
    let mut items = Vec::new();
    for (shift, percent) in [(px(8), 38), (px(4), 66)].into_iter().filter(|_| stacked) {
        let behind = (x + shift, y - shift, w, h);
        items.push(rect(behind, px(8), Paint::Mix(colour.clone(), percent), outline()));
    }
    items.push(rect(place, px(8), Paint::Token(colour.clone()), outline()));
    let side = w.min(h) * 3 / 4;
    let corner = (x + (w - side) / 2, y + (h - side) / 2);
    items.push(canvas.glyph(&node.icon, &node.category, corner, side, Paint::token("glyph")));
    if stacked {
        items.extend(badge((x + w + px(8), y - px(8)), &badge_text(node), &colour));
    }
    items.extend(captions(node, x + w / 2, y + h));
    items
}

/// What the badge of a stack says.
pub(super) fn badge_text(node: &Node) -> String {
    if node.badge.is_empty() { format!("×{}", node.copies) } else { caption::clean(&node.badge) }
}

/// A pill around the top right corner of a stack.
fn badge(corner: (Tenths, Tenths), words: &str, colour: &str) -> Vec<Item> {
    let wide = (text_width(words, 12, true) + px(12)).max(px(24));
    let middle = corner.0 - px(4);
    pill((middle - wide / 2, corner.1 - px(9), wide, px(18)), words, colour)
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
