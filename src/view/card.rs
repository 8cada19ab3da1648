//! How the texts of a card are broken and measured: one place, so that the layout's box and the drawn texts agree.

use super::caption::{clean, cut, wrapped};
use super::font::{Weight, width};
use super::{Card, Node};
use crate::layout::{Fx, Size};

/// Around everything in a card.
pub const PAD: i32 = 16;
/// The side of the small tile in the head.
pub const HEAD: i32 = 40;
/// Between the small tile in the head and the words beside it.
pub const BESIDE: i32 = 12;
/// From one line of words to the next.
pub const LEADING: i32 = 16;
/// From one row to the next.
pub const ROW: i32 = 28;
/// The side of the small tile in a row, and the space behind it.
pub const MARK: i32 = 20;
/// Words in a card are no wider.
const WIDEST: i32 = 220;
/// A card is no narrower.
const LEAST: i32 = 184;
/// Lines of words below the title.
const LINES: usize = 4;

/// A card's texts as they are drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardWords {
    /// One or two lines in bold.
    pub title: Vec<String>,
    /// Below the title.
    pub text: Vec<String>,
    /// What each row says.
    pub rows: Vec<String>,
    /// The whole card.
    pub size: Size,
}

/// Breaks and measures the texts of a card.
pub fn words(node: &Node, card: &Card) -> CardWords {
    let title = wrapped(&clean(&node.title), (14, Weight::Bold), WIDEST * 64, 2);
    let first = card.text.split("\n\n").next().unwrap_or_default();
    let text = wrapped(&clean(first), (12, Weight::Regular), WIDEST * 64, LINES);
    let rows: Vec<String> =
        card.rows.iter().map(|row| cut(&clean(&row.text), 12, Weight::Regular, WIDEST)).collect();
    let widest = |lines: &[String], size, weight| {
        lines.iter().map(|line| width(line, size, weight).0).max().unwrap_or(0)
    };
    let beside = (2 * PAD + HEAD + BESIDE) * 64;
    let head = widest(&title, 14, Weight::Bold).max(widest(&text, 12, Weight::Regular)) + beside;
    let below = widest(&rows, 12, Weight::Regular) + (2 * PAD + MARK + 8) * 64;
    let wide = head.max(below).max(LEAST * 64);
    let high = head_height(&title, &text) + if rows.is_empty() { 0 } else { ROW * rows.len() as i32 + 12 };
    // Whole grid steps keep cards of about one size alike.
    let size = Size { w: Fx((wide + 511) / 512 * 512), h: Fx(high * 64) };
    CardWords { title, text, rows, size }
}

/// Down to the end of the head.
pub fn head_height(title: &[String], text: &[String]) -> i32 {
    let lines = 18 * title.len() as i32 + LEADING * text.len() as i32 + 6;
    2 * PAD + HEAD.max(lines)
}
