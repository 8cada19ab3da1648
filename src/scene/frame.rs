//! What stands around the picture: title block and footnote.

use super::canvas::{Canvas, MARGIN, On};
use super::stage::{anchored, px, text};
use super::{Anchor, Group, Paint, Tenths};
use crate::view::Sheet;
use crate::view::caption;
use crate::view::font::Weight;

/// The class of the footnote.
pub(super) const FOOTNOTE: &str = "footnote";

/// What the tool calls itself in the footnote.
const TOOL: &str = "archgen";

/// Where the picture begins, below the title block.
pub(super) fn picture_top(sheet: &Sheet) -> Tenths {
    match (sheet.title.is_empty(), sheet.subtitle.is_empty()) {
        (true, true) => MARGIN,
        (false, true) => MARGIN + px(40),
        (_, false) => MARGIN + px(64),
    }
}

/// System and view, and below them what is special.
pub(super) fn title_block(canvas: &mut Canvas<'_>) {
    let sheet = canvas.sheet;
    let limit = (canvas.right - canvas.left) / 10;
    let mut items = Vec::new();
    if !sheet.title.is_empty() {
        let title = caption::cut(&caption::clean(&sheet.title), 22, Weight::Bold, limit);
        items.push(text((canvas.left, MARGIN + px(20)), 22, true, Paint::token("ink"), title));
    }
    if !sheet.subtitle.is_empty() {
        let subtitle = caption::cut(&caption::clean(&sheet.subtitle), 13, Weight::Regular, limit);
        items.push(text((canvas.left, MARGIN + px(42)), 13, false, Paint::token("quiet"), subtitle));
    }
    if !items.is_empty() {
        canvas.push(On::Frame, Group { class: "heading", items, ..Group::default() });
    }
}

/// Where the picture comes from at the left, the tool at the right; returns the page's lower end.
pub(super) fn footnote(canvas: &mut Canvas<'_>, above: Tenths) -> Tenths {
    let line = above + px(24);
    let quiet = |at, words: String| text((at, line), 11, false, Paint::token("quiet"), words);
    let mut items = vec![anchored(quiet(canvas.right, TOOL.to_owned()), Anchor::End)];
    if !canvas.sheet.footnote.is_empty() {
        items.insert(0, quiet(canvas.left, caption::clean(&canvas.sheet.footnote)));
    }
    canvas.push(On::Frame, Group { class: FOOTNOTE, items, ..Group::default() });
    line + px(16)
}
