//! The parser's events to a tree, without recursion.

use super::super::tree::{Data, Entry, Map, Node, Scalar};
use super::copies::{Anchor, Size};
use super::explain::{self, Context, Last};
use super::{MAX_DEPTH, MAX_MISTAKES, lookup};
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span, Spanned};
use granit_parser::{Event, ScalarStyle, ScanError, StructureStyle, Tag};
use std::collections::BTreeMap;
use std::ops::Range;

/// Collects events into a tree.
pub(super) struct Builder<'a> {
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    pub(super) diagnostics: &'a mut Diagnostics,
    mistakes: usize,
    pub(super) frames: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    pub(super) anchors: BTreeMap<usize, Anchor>,
    pub(super) copied: Size,
    last: Option<Last>,
}

/// A list or map whose end has not come yet.
pub(super) struct Frame {
    /// First byte.
    start: usize,
    /// One past the last byte of what it holds so far.
    end: usize,
    /// Whether it is written in brackets (or is a single pair inside brackets).
    flow: bool,
    /// The anchor it defines, 0 for none.
    anchor: usize,
    pub(super) open: Open,
}

/// What an unfinished list or map holds so far.
pub(super) enum Open {
    List(Vec<Node>),
    Map { pairs: Vec<Pair>, key: Option<Key> },
}

/// An entry and whether a merge key brought it.
pub(super) struct Pair {
    entry: Entry,
    merged: bool,
}

/// A key whose value has not come yet.
pub(super) enum Key {
    Text(Spanned<String>),
    Merge(Span),
    /// Not a text: reported already, its value is dropped.
    Refused,
}

impl<'a> Builder<'a> {
    /// A builder that has seen nothing yet.
    pub(super) fn new(source: SourceId, text: &'a str, diagnostics: &'a mut Diagnostics) -> Self {
        Builder {
            source,
            text,
            diagnostics,
            mistakes: 0,
            frames: Vec::new(),
            root: None,
            documents: 0,
            anchors: BTreeMap::new(),
            copied: Size::default(),
            last: None,
        }
    }

    /// Takes one event in; `false` when reading must end.
    pub(super) fn take(&mut self, event: Event<'_>, at: Range<usize>, tag_at: Option<Range<usize>>) -> bool {
        match event {
            Event::DocumentStart(..) => self.document(&at),
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = self.check_tag(tag.as_deref(), tag_at, true);
                self.scalar(&text, style, at, is_text, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), tag_at, false);
                self.open(Open::List(Vec::new()), style, anchor, &at)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(tag.as_deref(), tag_at, false);
                self.open(Open::Map { pairs: Vec::new(), key: None }, style, anchor, &at)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&at),
            Event::Alias(id) => self.alias(id, at),
            Event::UnresolvedAlias(_) => self.unknown_alias(at),
            _ => true,
        }
    }

    /// The tree, once the events have ended.
    pub(super) fn finish(self) -> Option<Node> {
        let root = self.root.filter(|node| !node.is_null());
        if root.is_none() {
            let span = Span::new(self.source, 0, 0);
            self.diagnostics.push(
                Diagnostic::error("empty", span, "the file describes nothing")
                    .hint("`archgen init` writes a small description to start from"),
            );
        }
        root
    }

    /// Reports the error that ended the events.
    pub(super) fn syntax_error(&mut self, error: &ScanError) {
        let bracketed = |frame: &&Frame| matches!(self.text.as_bytes().get(frame.start), Some(b'{' | b'['));
        let context = Context {
            source: self.source,
            text: self.text,
            flow: self.frames.iter().filter(|f| f.flow).filter(bracketed).map(|f| f.start).collect(),
            block: self.frames.iter().filter(|f| !f.flow).map(|f| f.start).collect(),
            in_list: self.frames.last().is_some_and(|f| matches!(f.open, Open::List(_))),
            last: self.last.clone(),
        };
        self.diagnostics.push(explain::explain(&context, error));
    }

    pub(super) fn span(&self, at: &Range<usize>) -> Span {
        Span::new(self.source, at.start, at.end)
    }

    /// Reports a mistake after which reading goes on; `false` when there have been too many.
    pub(super) fn mistake(&mut self, diagnostic: Diagnostic) -> bool {
        self.mistakes += 1;
        self.diagnostics.push(diagnostic);
        if self.mistakes < MAX_MISTAKES {
            return true;
        }
        let message = format!("{MAX_MISTAKES} mistakes in the form of the file; the rest is not read");
        self.diagnostics.push(Diagnostic::new(
            crate::diag::Severity::Error,
            "too-many-mistakes",
            None,
            message,
        ));
        false
    }

    fn document(&mut self, at: &Range<usize>) -> bool {
        self.documents += 1;
        if self.documents == 1 {
            return true;
        }
        let at = at.start..at.end.max(lookup::line(self.text, at.start).end);
        self.diagnostics.push(
            Diagnostic::error("several-documents", self.span(&at), "the file holds more than one document")
                .label("a second document begins here")
                .hint("keep one description in one file; what differs by place belongs under `environments`"),
        );
        false
    }

    /// Whether a tag makes a value a text; reports tags that mean nothing here.
    fn check_tag(&mut self, tag: Option<&Tag>, at: Option<Range<usize>>, scalar: bool) -> bool {
        let Some(tag) = tag else { return false };
        if scalar && tag.is_yaml_core_schema_tag("str") {
            return true;
        }
        let at = at.unwrap_or_default();
        let written = self.text.get(at.clone()).unwrap_or_default();
        let message = format!("the YAML tag `{written}` means nothing here");
        self.mistake(
            Diagnostic::error("tag", self.span(&at), message)
                .label("a tag, because it begins with `!`")
                .hint("delete it, or put the value in quotes if it begins with `!`"),
        );
        false
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        at: Range<usize>,
        is_text: bool,
        anchor: usize,
    ) -> bool {
        let plain = style == ScalarStyle::Plain;
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let empty = plain && at.is_empty();
        let at = if block {
            self.block_scalar(&at)
        } else if empty {
            self.after_colon(at.start)
        } else {
            at
        };
        let data = if plain && !is_text && (empty || matches!(text, "~" | "null")) {
            Data::Null
        } else {
            let text = if empty { "" } else { text };
            Data::Scalar(Scalar { text: text.to_owned(), plain: plain && !is_text })
        };
        let node = Node { span: self.span(&at), data };
        if empty && !self.check_missing_value() {
            return false;
        }
        if !empty {
            let key = matches!(self.frames.last(), Some(Frame { open: Open::Map { key: None, .. }, .. }));
            self.last = Some(Last { at: at.clone(), key, block });
        }
        self.remember(anchor, &node, &at) && self.attach(node, at)
    }

    /// A text block from its `|` or `>` to its last character; the parser gives the lines alone.
    fn block_scalar(&self, at: &Range<usize>) -> Range<usize> {
        let before = self.last.as_ref().map_or(0, |last| last.at.end);
        let before = self.frames.last().map_or(before, |frame| frame.end.max(before));
        let header = lookup::value_start(self.text, before.min(at.start)).min(at.start);
        let end = header + self.text[header..at.end.max(header)].trim_end().len();
        header..end.max(header)
    }

    /// The point where an absent value would stand.
    fn after_colon(&self, at: usize) -> Range<usize> {
        let blanks = self.text[at..].len() - self.text[at..].trim_start_matches([' ', '\t']).len();
        let at = if self.text[at + blanks..].starts_with(':') { at + blanks + 1 } else { at };
        at..at
    }

    /// In `{ a, b -> c: http }` the comma ends the key `a`, which nobody means: it is an error.
    fn check_missing_value(&mut self) -> bool {
        let Some(Frame { flow: true, start, open: Open::Map { key: Some(Key::Text(key)), .. }, .. }) =
            self.frames.last()
        else {
            return true;
        };
        if !self.text[*start..].starts_with('{') {
            return true;
        }
        let span = key.span;
        let after = lookup::skip_blanks(self.text, span.end as usize);
        if self.text[after..].starts_with(':') {
            return true;
        }
        let message = format!("`{}` has no value", key.value);
        let mut diagnostic = Diagnostic::error("missing-value", span, message).label("a comma ends it here");
        if !self.text[after..].starts_with(',') {
            diagnostic.label = "no `:` follows".to_owned();
        }
        // A key with commas is the usual reason; a value with commas the other one.
        let next = lookup::flow_value(self.text, lookup::skip_blanks(self.text, after + 1));
        let next = self.text.get(next).unwrap_or_default();
        let before = self.text[..span.start as usize].trim_end();
        diagnostic = match next.split_once(": ") {
            Some((rest, _)) if next.contains("->") && before.ends_with('{') => diagnostic.hint(format!(
                "put the whole key in quotes, `\"{}, {rest}\": …`, or write one entry a line",
                key.value
            )),
            _ if before.ends_with(',') => diagnostic
                .hint("put the value before it in quotes if the comma belongs to that value")
                .hint(format!("write `{}: value` if it is a key", key.value)),
            _ => {
                diagnostic.hint(format!("write `{}: value`; in brackets `[…]` it would be a list", key.value))
            }
        };
        self.mistake(diagnostic)
    }

    fn open(&mut self, open: Open, style: StructureStyle, anchor: usize, at: &Range<usize>) -> bool {
        if self.frames.len() >= MAX_DEPTH {
            let at = at.start..(at.start + 1).min(self.text.len());
            self.diagnostics.push(explain::too_deep(self.span(&at)));
            return false;
        }
        let flow = style == StructureStyle::Flow;
        let mut start = at.start;
        if let (Open::List(_), false, Some(key)) = (&open, flow, self.last.as_ref().filter(|last| last.key)) {
            // A list as little indented as its key is reported behind its first `-`.
            start = lookup::first_dash(self.text, key.at.end, start).unwrap_or(start);
        }
        self.frames.push(Frame { start, end: at.end, flow, anchor, open });
        true
    }

    fn close(&mut self, at: &Range<usize>) -> bool {
        let Some(frame) = self.frames.pop() else { return true };
        let end = if frame.flow && !at.is_empty() { at.end } else { frame.end };
        let at = frame.start..end.max(frame.start);
        let data = match frame.open {
            Open::List(items) => Data::List(items),
            Open::Map { pairs, .. } => {
                let Some(entries) = self.unique(pairs) else { return false };
                Data::Map(Map { entries })
            }
        };
        let node = Node { span: self.span(&at), data };
        self.remember(frame.anchor, &node, &at) && self.attach(node, at)
    }

    /// Puts a finished value where it belongs; `at` is the text that stood for it.
    pub(super) fn attach(&mut self, node: Node, at: Range<usize>) -> bool {
        let Some(mut frame) = self.frames.pop() else {
            self.root = Some(node);
            return true;
        };
        frame.end = frame.end.max(at.end);
        let going = match &mut frame.open {
            Open::List(items) => {
                items.push(node);
                true
            }
            Open::Map { pairs, key } => match key.take() {
                None => {
                    let (taken, going) = self.key(node, &at);
                    *key = Some(taken);
                    going
                }
                Some(Key::Refused) => true,
                Some(Key::Text(key)) => {
                    pairs.push(Pair { entry: Entry { key, value: node }, merged: false });
                    true
                }
                Some(Key::Merge(span)) => self.merge(pairs, node, span),
            },
        };
        self.frames.push(frame);
        going
    }

    fn key(&mut self, node: Node, at: &Range<usize>) -> (Key, bool) {
        let span = self.span(at);
        let what = match node.data {
            Data::Scalar(scalar) if scalar.plain && scalar.text == "<<" => return (Key::Merge(span), true),
            Data::Scalar(scalar) => return (Key::Text(Spanned::new(scalar.text, span)), true),
            Data::Null if at.is_empty() => "the key before this colon is missing",
            Data::Null => "`null` and `~` mean nothing, so they cannot be keys",
            Data::List(_) => "a list cannot be a key",
            Data::Map(_) => "a map cannot be a key",
        };
        let (span, hint) = if at.is_empty() {
            let colon =
                if self.text[..at.start].ends_with(':') { at.start - 1..at.start } else { at.clone() };
            (self.span(&colon), "write a key before the colon")
        } else {
            (span, "put it in quotes if it is meant as a text")
        };
        let going = self.mistake(Diagnostic::error("key", span, what).label("not a text").hint(hint));
        (Key::Refused, going)
    }

    fn merge(&mut self, pairs: &mut Vec<Pair>, node: Node, key: Span) -> bool {
        let wrong = node.span;
        let maps = match node.data {
            Data::Map(map) => vec![map],
            Data::List(items) if items.iter().all(|item| item.as_map().is_some()) => items
                .into_iter()
                .filter_map(|item| match item.data {
                    Data::Map(map) => Some(map),
                    _ => None,
                })
                .collect(),
            _ => {
                let diagnostic = Diagnostic::error("merge", key, "`<<` merges maps, and this value is none")
                    .label("merge key")
                    .related(wrong, "the value")
                    .hint("give it the alias of a map, such as `<<: *defaults`");
                return self.mistake(diagnostic);
            }
        };
        pairs.extend(maps.into_iter().flat_map(|map| map.entries).map(|entry| Pair { entry, merged: true }));
        true
    }

    /// The entries with each key once: a written one before merged ones, else the first. A key written twice is
    /// reported. `None` when reading must end.
    fn unique(&mut self, pairs: Vec<Pair>) -> Option<Vec<Entry>> {
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|&at| (pairs[at].entry.key.value.as_str(), pairs[at].merged, at));
        let mut keep = vec![true; pairs.len()];
        let mut twice = Vec::new();
        let mut first = 0;
        for at in 1..order.len() {
            let (kept, next) = (&pairs[order[first]], &pairs[order[at]]);
            if kept.entry.key.value != next.entry.key.value {
                first = at;
                continue;
            }
            keep[order[at]] = false;
            if !next.merged {
                twice.push((order[at], order[first]));
            }
        }
        twice.sort_unstable();
        for (again, first) in twice {
            let (again, first) = (&pairs[again].entry.key, &pairs[first].entry.key);
            let diagnostic =
                Diagnostic::error("duplicate-key", again.span, format!("`{}` is written twice", again.value))
                    .label("again here")
                    .related(first.span, "first here")
                    .hint("delete one of them, or join what they say under one key");
            if !self.mistake(diagnostic) {
                return None;
            }
        }
        Some(pairs.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(pair, _)| pair.entry).collect())
    }

    pub(super) fn in_flow(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.flow)
    }
}
