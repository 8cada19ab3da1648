//! What the writers of text share: the outline, the colours of its parts, names that a grammar takes, indented lines.

use std::fmt::Write;

use super::names::names;
use super::outline::{Outline, Tie};
use crate::scene::Paint;
use crate::scene::theme::Theme;
use crate::view::Style;

/// An outline on the way to being text.
pub(super) struct Pen<'a> {
    pub(super) outline: &'a Outline,
    pub(super) theme: &'a Theme,
    /// What has been written.
    pub(super) out: String,
    boxes: Vec<String>,
    leaves: Vec<String>,
}

impl<'a> Pen<'a> {
    /// Begins a text; its names are none of the words that the grammar takes for itself.
    pub(super) fn new(outline: &'a Outline, theme: &'a Theme, reserved: &[&str]) -> Pen<'a> {
        let ids = outline.boxes.iter().map(|place| place.id.as_str());
        let mut boxes = names(ids.chain(outline.leaves.iter().map(|leaf| leaf.id.as_str())), reserved);
        let leaves = boxes.split_off(outline.boxes.len());
        Pen { outline, theme, out: String::new(), boxes, leaves }
    }

    /// Writes a line.
    pub(super) fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = depth * 2);
    }

    /// The name of a box or a leaf.
    pub(super) fn name(&self, tie: Tie) -> &str {
        match tie {
            Tie::Leaf(at) => &self.leaves[at],
            Tie::Box(at) => &self.boxes[at],
        }
    }

    /// Title and subtitle, without what is empty.
    pub(super) fn heading(&self) -> Vec<String> {
        let both = [self.outline.title.clone(), self.outline.subtitle.clone()];
        both.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// The categories of the leaves that occur, points without one among them.
    pub(super) fn categories(&self) -> Vec<&'a str> {
        let mut all: Vec<&str> = self.outline.leaves.iter().map(|leaf| leaf.category.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The colour behind a name of the theme.
    pub(super) fn colour(&self, token: impl Into<String>) -> String {
        self.theme.resolve(&Paint::token(token))
    }

    /// The name in the theme of a part of a box: `fill`, `stroke`, `title`.
    pub(super) fn of_box(style: Style, part: &str) -> String {
        format!("box-{}-{part}", style.name())
    }

    /// Fill, border and letters of a leaf: on paper nothing is filled.
    pub(super) fn of_leaf(&self, category: &str) -> [String; 3] {
        super::leaf_colours(self.theme, category)
    }
}

/// The class of a category or a style: a prefix, so that none is a word of the grammar.
pub(super) fn class_of(word: &str) -> String {
    format!("of_{}", names([word].into_iter(), &[])[0])
}
