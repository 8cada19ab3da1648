//! Small signs on a tile's corners: the number of its layer, and what looks after it.

use super::stage::{anchored, px, rect, stroke, text};
use super::{Anchor, Box4, Item, Paint, Step, Tenths};
use crate::view::{Care, Marks};

/// The side of a sign.
pub(super) const SIDE: Tenths = px(18);
/// How far a sign's middle lies inside of the tile's corner.
const INSET: Tenths = px(4);
/// From the middle of one sign to that of the next.
const PITCH: Tenths = px(20);

/// The signs of a tile, in the colour of its category.
pub(super) fn marks(marks: &Marks, tile: Box4, colour: &str) -> Vec<Item> {
    let (x, y, w, h) = tile;
    let mut items = Vec::new();
    if let Some(number) = marks.layer {
        items.extend(layer((x + INSET, y + INSET), number, colour));
    }
    let mut middle = (x + w - INSET, y + h - px(6));
    for sign in marks.care.iter().rev() {
        items.extend(care(middle, *sign, colour));
        middle.0 -= PITCH;
    }
    items
}

/// The number of a layer on a square: steps of a flow stand in circles.
pub(super) fn layer(middle: (Tenths, Tenths), number: u32, colour: &str) -> Vec<Item> {
    let place = (middle.0 - SIDE / 2, middle.1 - SIDE / 2, SIDE, SIDE);
    let words = text((middle.0, middle.1 + 40), 11, true, Paint::token("ink"), number.to_string());
    let border = stroke(Paint::token(colour), 15, "");
    vec![rect(place, px(5), Paint::token("page"), border), anchored(words, Anchor::Middle)]
}

/// What looks after something, on a disc.
pub(super) fn care(middle: (Tenths, Tenths), care: Care, colour: &str) -> Vec<Item> {
    let place = (middle.0 - SIDE / 2, middle.1 - SIDE / 2, SIDE, SIDE);
    let mut items = vec![rect(place, SIDE / 2, Paint::token("page"), stroke(Paint::token(colour), 15, ""))];
    items.extend(match care {
        Care::Backup => clock(middle),
        Care::Alarm => bell(middle),
    });
    items
}

/// A clock whose hand goes back.
fn clock((x, y): (Tenths, Tenths)) -> Vec<Item> {
    let pen = || stroke(Paint::token("ink"), 13, "");
    let ring = vec![
        Step::Move(x - 32, y - 22),
        Step::Arc(39, true, x + 39, y),
        Step::Arc(39, true, x, y + 39),
        Step::Arc(39, true, x - 37, y + 12),
    ];
    let head =
        vec![Step::Move(x - 46, y - 44), Step::Line(x - 46, y - 11), Step::Line(x - 13, y - 11), Step::Close];
    let hands = vec![Step::Move(x, y - 20), Step::Line(x, y + 3), Step::Line(x + 16, y + 12)];
    vec![
        Item::Path { steps: ring, fill: Paint::None, stroke: pen() },
        Item::Path { steps: head, fill: Paint::token("ink"), stroke: None },
        Item::Path { steps: hands, fill: Paint::None, stroke: pen() },
    ]
}

/// A bell.
fn bell((x, y): (Tenths, Tenths)) -> Vec<Item> {
    let steps = vec![
        Step::Move(x - 43, y + 24),
        Step::Curve(x - 29, y + 10, x - 29, y - 14),
        Step::Arc(29, true, x + 29, y - 14),
        Step::Curve(x + 29, y + 10, x + 43, y + 24),
        Step::Close,
    ];
    let clapper = vec![Step::Move(x - 15, y + 34), Step::Curve(x, y + 56, x + 15, y + 34), Step::Close];
    [steps, clapper]
        .into_iter()
        .map(|steps| Item::Path { steps, fill: Paint::token("ink"), stroke: None })
        .collect()
}
