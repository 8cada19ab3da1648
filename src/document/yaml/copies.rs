//! Anchors and aliases: values written once and repeated, and how much they may repeat.

use super::super::tree::{Data, Node};
use super::build::{Builder, Frame, Key, Open};
use super::explain;
use super::{MAX_COPIED_BYTES, MAX_COPIED_VALUES, MAX_DEPTH};
use crate::diag::Diagnostic;
use std::ops::Range;

/// A value that aliases can repeat.
pub(super) struct Anchor {
    node: Node,
    size: Size,
}

/// What copying a value costs, and how deep it is.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    values: usize,
    bytes: usize,
    depth: usize,
}

impl Builder<'_> {
    /// Keeps a copy of an anchored value for its aliases.
    pub(super) fn remember(&mut self, anchor: usize, node: &Node, at: &Range<usize>) -> bool {
        if anchor == 0 {
            return true;
        }
        let size = measure(node);
        if !self.charge(size, at, "the values with anchors hold") {
            return false;
        }
        self.anchors.insert(anchor, Anchor { node: node.clone(), size });
        true
    }

    pub(super) fn alias(&mut self, id: usize, at: Range<usize>) -> bool {
        let Some(anchor) = self.anchors.get(&id) else {
            self.diagnostics.push(
                Diagnostic::error(
                    "alias",
                    self.span(&at),
                    "the alias stands inside the value that it repeats",
                )
                .label("would repeat for ever")
                .hint("move the anchor to a value that does not contain the alias"),
            );
            return false;
        };
        let size = anchor.size;
        if self.frames.len() + size.depth > MAX_DEPTH {
            self.diagnostics.push(explain::too_deep(self.span(&at)));
            return false;
        }
        if !self.charge(size, &at, "the aliases up to here expand to") {
            return false;
        }
        let Some(node) = self.anchors.get(&id).map(|anchor| anchor.node.clone()) else { return true };
        self.attach(node, at)
    }

    /// Counts a copy; `false`, with an error, when all copies together are too large.
    fn charge(&mut self, size: Size, at: &Range<usize>, what: &str) -> bool {
        self.copied.values += size.values;
        self.copied.bytes += size.bytes;
        if self.copied.values <= MAX_COPIED_VALUES && self.copied.bytes <= MAX_COPIED_BYTES {
            return true;
        }
        let message = format!(
            "{what} more than {MAX_COPIED_VALUES} values or {} MiB of text, and are refused",
            MAX_COPIED_BYTES >> 20
        );
        let diagnostic = Diagnostic::error("alias-limit", self.span(at), message)
            .label("the limit is passed here")
            .hint("write the values out, or let fewer aliases lie inside one another");
        self.diagnostics.push(diagnostic);
        false
    }

    pub(super) fn unknown_alias(&mut self, at: Range<usize>) -> bool {
        let going = self.mistake(explain::unknown_alias(self.source, self.text, &at, !self.in_flow()));
        let node = Node { span: self.span(&at), data: Data::Null };
        // As a key or a merged map it would be reported a second time, as `null`.
        if let Some(Frame { open: Open::Map { key, .. }, .. }) = self.frames.last_mut() {
            match key {
                None => {
                    *key = Some(Key::Refused);
                    return going;
                }
                Some(Key::Merge(_)) => *key = Some(Key::Refused),
                Some(_) => {}
            }
        }
        self.attach(node, at) && going
    }
}

/// Counts a value with all that lies in it. Trees are at most [`MAX_DEPTH`] deep, so recursion is safe.
fn measure(node: &Node) -> Size {
    let mut size = Size { values: 1, bytes: 0, depth: 0 };
    let mut add = |inner: Size| {
        size.values += inner.values;
        size.bytes += inner.bytes;
        size.depth = size.depth.max(inner.depth);
    };
    match &node.data {
        Data::Null => {}
        Data::Scalar(scalar) => add(Size { values: 0, bytes: scalar.text.len(), depth: 0 }),
        Data::List(items) => items.iter().for_each(|item| add(measure(item))),
        Data::Map(map) => {
            for entry in &map.entries {
                add(measure(&entry.value));
                add(Size { values: 0, bytes: entry.key.value.len(), depth: 0 });
            }
        }
    }
    size.depth += usize::from(matches!(node.data, Data::List(_) | Data::Map(_)));
    size
}
