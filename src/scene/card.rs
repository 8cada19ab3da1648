//! Leaves that list something: a frame with a small tile and a title, and a row for each thing.

use super::canvas::Canvas;
use super::stage::{px, rect, stroke, text};
use super::tile::colour;
use super::{Box4, Item, Paint, Step, Tenths};
use crate::view::card::{self, BESIDE, CardWords, HEAD, LEADING, MARK, PAD, ROW};
use crate::view::{Card, Node};

/// The items of a card at its place.
pub(super) fn items(canvas: &mut Canvas<'_>, node: &Node, card: &Card, place: Box4) -> Vec<Item> {
    let (x, y, w, _) = place;
    let words = card::words(node, card);
    let border = stroke(Paint::Token(colour(&node.category)), 16, "");
    let mut items = vec![rect(place, px(10), Paint::token("panel"), border)];
    items.extend(small(canvas, (&node.icon, &node.category), (x + px(PAD), y + px(PAD)), px(HEAD)));
    let CardWords { title, text: below, rows, .. } = words;
    let left = x + px(PAD + HEAD + BESIDE);
    let high = px(18 * title.len() as i32 + LEADING * below.len() as i32);
    // Few words stand in the middle of the small tile beside them.
    let mut base = y + px(PAD) + ((px(HEAD) - high) / 2).max(0) + px(13);
    let head = px(card::head_height(&title, &below));
    for line in title {
        items.push(text((left, base), 14, true, Paint::token("ink"), line));
        base += px(18);
    }
    for line in below {
        items.push(text((left, base), 12, false, Paint::token("quiet"), line));
        base += px(LEADING);
    }
    if !rows.is_empty() {
        let line = vec![Step::Move(x, y + head), Step::Line(x + w, y + head)];
        let rule = stroke(Paint::token("rule"), 10, "");
        items.push(Item::Path { steps: line, fill: Paint::None, stroke: rule });
    }
    for (at, (row, said)) in card.rows.iter().zip(rows).enumerate() {
        let middle = y + head + px(6) + px(ROW * at as i32 + ROW / 2);
        let corner = (x + px(PAD), middle - px(MARK) / 2);
        items.extend(small(canvas, (&row.icon, &row.category), corner, px(MARK)));
        let start = (x + px(PAD + MARK + 8), middle + 43);
        items.push(text(start, 12, false, Paint::token("label"), said));
    }
    items
}

/// A small tile, whose glyph fills a little more of it than that of a large one.
fn small(
    canvas: &mut Canvas<'_>,
    (icon, category): (&str, &str),
    corner: (Tenths, Tenths),
    side: Tenths,
) -> [Item; 2] {
    let glyph = side * 4 / 5;
    let inset = (side - glyph) / 2;
    let coloured = canvas.is_coloured(icon, category);
    let colour = Paint::Token(colour(category));
    let (fill, border) = match canvas.outlined || coloured {
        true => (Paint::token("page"), stroke(colour, 12, "")),
        false => (colour, None),
    };
    let tile = rect((corner.0, corner.1, side, side), px(5), fill, border);
    let at = (corner.0 + inset, corner.1 + inset);
    let ink = if coloured { Paint::token("ink") } else { Paint::token("glyph") };
    [tile, canvas.glyph(icon, category, at, glyph, ink)]
}
