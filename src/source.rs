//! Texts that archgen reads, and places in them.
//!
//! Every later stage speaks of a place as a [`Span`]: a source and a byte range. Only printing turns it into
//! lines and columns again, so that a diagnostic can point at the very token the user wrote.

use std::borrow::Cow;
use std::sync::OnceLock;

/// Which text a [`Span`] points into; an index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceId(pub u32);

/// A byte range of one source. Empty ranges are points between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The text that the range lies in.
    pub source: SourceId,
    /// First byte, counted from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end` of `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Span { source, start: start as u32, end: end as u32 }
    }

    /// The smallest range that holds both; `other` when the two lie in different sources.
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return other;
        }
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }
}

/// One text with its name.
#[derive(Debug, Clone)]
pub struct Source {
    name: Cow<'static, str>,
    text: Cow<'static, str>,
    /// Where its lines start: counted when the first place in it is asked for, which most texts never see.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// The path as the user named it, with `/` between folders.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, both counted from 1; the column counts characters.
    pub fn position(&self, byte: u32) -> (usize, usize) {
        let byte = (byte as usize).min(self.text.len());
        let lines = self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        });
        let line = lines.partition_point(|&start| start <= byte) - 1;
        let start = lines[line];
        let column = self.text[start..].char_indices().take_while(|(at, _)| start + at < byte).count();
        (line + 1, column + 1)
    }
}

/// All texts of one run.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Takes a text in and gives it an id.
    pub fn add(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) -> SourceId {
        self.all.push(Source { name: name.into(), text: text.into(), lines: OnceLock::new() });
        SourceId(self.all.len() as u32 - 1)
    }

    /// The text behind an id.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }

    /// The text behind an id that may come from elsewhere.
    pub fn find(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// The text that a span covers; empty when the span does not lie on character borders.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}
