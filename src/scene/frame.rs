//! What stands around the picture: title block and footnote.

use super::stage::{MARGIN, On, Stage, anchored, px, text};
use super::{Anchor, Group, Paint, Tenths};
use crate::view::View;
use crate::view::caption;

/// The class of the footnote.
pub(super) const FOOTNOTE: &str = "footnote";

/// What the tool calls itself in the footnote.
const TOOL: &str = "archgen";

/// Where the picture begins, below the title block.
pub(super) fn picture_top(view: &View) -> Tenths {
    match (view.title.is_empty(), view.subtitle.is_empty()) {
        (true, true) => MARGIN,
        (false, true) => MARGIN + px(40),
        (_, false) => MARGIN + px(64),
    }
}

/// System and view, and below them what is special.
pub(super) fn title_block(stage: &mut Stage<'_>) {
    let view = stage.view;
    let mut items = Vec::new();
    if !view.title.is_empty() {
        let title = caption::clean(&view.title);
        items.push(text((stage.left, MARGIN + px(20)), 22, true, Paint::token("ink"), title));
    }
    if !view.subtitle.is_empty() {
        let subtitle = caption::clean(&view.subtitle);
        items.push(text((stage.left, MARGIN + px(42)), 13, false, Paint::token("quiet"), subtitle));
    }
    if !items.is_empty() {
        stage.push(On::Frame, Group { class: "heading", items, ..Group::default() });
    }
}

/// Where the picture comes from at the left, the tool at the right; returns the page's lower end.
pub(super) fn footnote(stage: &mut Stage<'_>, above: Tenths) -> Tenths {
    let line = above + px(24);
    let quiet = |at, words: String| text((at, line), 11, false, Paint::token("quiet"), words);
    let mut items = vec![anchored(quiet(stage.right, TOOL.to_owned()), Anchor::End)];
    if !stage.view.footnote.is_empty() {
        items.insert(0, quiet(stage.left, caption::clean(&stage.view.footnote)));
    }
    stage.push(On::Frame, Group { class: FOOTNOTE, items, ..Group::default() });
    line + px(16)
}
