//! A text as lines of tokens: every sign and comment is one, so that printing them again loses nothing.

use crate::document::yaml::lookup;
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, options};
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The key of a map without brackets; the number tells one map from another.
    Key(usize),
    /// A scalar or alias.
    Value,
    /// A text block with its `|` or `>`.
    Block,
    /// `{` or `[`.
    Open,
    /// `}` or `]`.
    Close,
    /// `,`.
    Comma,
    /// `:` behind a key.
    Colon,
    /// `-` before an item.
    Dash,
    /// An anchor or tag.
    Property,
    /// A comment, with its `#`.
    Comment,
    /// A line that is YAML's own: `---`, `...`, `%YAML`.
    Marker,
}

/// A piece of the text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// The column where it belongs if a line begins with it; `None` inside brackets.
    pub(super) column: Option<usize>,
    /// The column where further lines of it belong; `None` inside brackets.
    pub(super) inside: Option<usize>,
    /// The column of the list or map that holds it, as written.
    pub(super) written: usize,
}

/// A line, or several when its last token is a long one.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Whether a blank line stands before it.
    pub(super) blank_before: bool,
    /// Its first byte.
    pub(super) start: usize,
    /// What it holds; never empty.
    pub(super) tokens: Vec<Token>,
    /// The lists and maps that it lies in: column as written and where it belongs.
    pub(super) levels: Vec<(usize, usize)>,
}

/// A text in lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The lines, without blank ones.
    pub(super) lines: Vec<Line>,
    /// Whether the text has anchors or aliases.
    pub(super) anchors: bool,
    /// Whether the outermost value is a map without brackets, alone in its document.
    pub(super) sections: bool,
}

/// How much deeper each level lies.
pub(super) const STEP: usize = 2;

/// A list or map that is open.
struct Frame {
    kind: FrameKind,
    written: usize,
    column: usize,
    /// Whether a key comes next, for maps.
    key_next: bool,
    id: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FrameKind {
    Map,
    List,
    Brackets { map: bool },
}

/// A text block, from its `|` or `>` on.
pub(super) struct Block<'a> {
    /// The first line.
    pub(super) header: &'a str,
    /// How far its lines are indented, as written.
    pub(super) indent: usize,
    /// The digit that says so.
    pub(super) digit: Option<u32>,
    /// Whether blank lines at its end belong to it (`+`).
    pub(super) keeps: bool,
}

impl<'a> Block<'a> {
    /// Looks at a block inside a list or map that is indented by `outer`.
    pub(super) fn new(text: &'a str, outer: usize) -> Self {
        let (header, rest) = text.split_once('\n').unwrap_or((text, ""));
        let sign = header.split([' ', '\t']).next().unwrap_or(header);
        let digit = sign.chars().find_map(|c| c.to_digit(10));
        let indent = match digit {
            Some(digit) => outer + digit as usize,
            // Without any text all its lines are blank.
            None => rest
                .split('\n')
                .find(|line| !line.trim_matches(' ').is_empty())
                .map_or(usize::MAX, |line| line.len() - line.trim_start_matches(' ').len()),
        };
        Block { header, indent, digit, keeps: sign.contains('+') }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    lines: Vec<Line>,
    frames: Vec<Frame>,
    anchors: bool,
    markers: bool,
    new_line: bool,
    blank: bool,
    maps: usize,
    /// A `|` or `>` was found; its lines come with the next event.
    header: Option<usize>,
}

/// Cuts a text into lines; `None` when it has signs that are not laid out again (`? key`) or is not YAML.
pub(super) fn lines(text: &str) -> Option<Lines> {
    let options = options! {
        emit_comments: false,
    };
    let mut lexer = Lexer {
        text,
        at: 0,
        lines: Vec::new(),
        frames: Vec::new(),
        anchors: false,
        markers: false,
        new_line: true,
        blank: false,
        maps: 0,
        header: None,
    };
    let mut sections = false;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.ok()?;
        let at = span.byte_range()?;
        match event {
            Event::Scalar(_, style, anchor, _) => {
                lexer.anchors |= anchor != 0;
                lexer.scalar(style, at)?;
            }
            Event::Alias(_) => {
                lexer.anchors = true;
                lexer.scalar(ScalarStyle::Plain, at)?;
            }
            Event::SequenceStart(style, anchor, _) => {
                lexer.anchors |= anchor != 0;
                lexer.open(false, style == StructureStyle::Flow, at)?;
            }
            Event::MappingStart(style, anchor, _) => {
                lexer.anchors |= anchor != 0;
                sections |= lexer.frames.is_empty() && style == StructureStyle::Block;
                lexer.open(true, style == StructureStyle::Flow, at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // The end of a list or map without brackets is where the next token begins.
                if !at.is_empty() {
                    lexer.gap(at.end)?;
                }
                lexer.frames.pop();
                lexer.value_done();
            }
            _ => {}
        }
    }
    lexer.gap(text.len())?;
    Some(Lines { sections: sections && !lexer.markers, lines: lexer.lines, anchors: lexer.anchors })
}

impl Lexer<'_> {
    fn in_brackets(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame.kind, FrameKind::Brackets { .. }))
    }

    fn open(&mut self, map: bool, flow: bool, mut at: Range<usize>) -> Option<()> {
        if let (false, false, Some(Frame { kind: FrameKind::Map, .. })) = (map, flow, self.frames.last()) {
            // A list as little indented as its key is reported behind its first `-`.
            at.start = lookup::first_dash(self.text, self.at, at.start).unwrap_or(at.start);
        }
        self.gap(at.start)?;
        let column = self.frames.last().map_or(0, |frame| frame.column + STEP);
        // Inside brackets columns mean nothing, and lines may be very long.
        let written = if flow { 0 } else { self.column_of(at.start) };
        let kind = match (flow, map) {
            (true, map) => FrameKind::Brackets { map },
            (false, true) => FrameKind::Map,
            (false, false) => FrameKind::List,
        };
        if flow {
            self.gap(at.end)?;
        }
        self.maps += 1;
        self.frames.push(Frame { kind, written, column, key_next: map, id: self.maps });
        Some(())
    }

    fn scalar(&mut self, style: ScalarStyle, at: Range<usize>) -> Option<()> {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if block {
            // The parser gives the lines of a block, its `|` or `>` stands before them, or is all there is.
            self.gap(at.start)?;
            if self.header.is_none() {
                self.gap(at.end)?;
            }
            let header = self.header.take()?;
            let written = match self.frames.last() {
                Some(frame) => frame.written,
                None => 0,
            };
            let block = Block::new(&self.text[header..], written);
            let end_of_header = header + block.header.len();
            let mut end = self.text[..at.end.max(end_of_header)].rfind('\n').unwrap_or(0).max(end_of_header);
            // Blank lines at the end belong to the text only if it keeps them or they hold more than indentation.
            while !block.keeps && end > end_of_header {
                let start = self.text[..end].rfind('\n').map_or(end, |found| found.max(end_of_header));
                let line = self.text[start..end].trim_start_matches('\n');
                if !line.trim_matches(' ').is_empty() || line.len() > block.indent {
                    break;
                }
                end = start;
            }
            self.push(Kind::Block, header..end);
        } else {
            self.gap(at.start)?;
            if !at.is_empty() {
                let kind = match self.frames.last() {
                    Some(Frame { kind: FrameKind::Map, key_next: true, id, .. }) => Kind::Key(*id),
                    _ => Kind::Value,
                };
                self.push(kind, at);
            }
        }
        self.value_done();
        Some(())
    }

    /// A key is followed by its value, a value by the next key.
    fn value_done(&mut self) {
        if let Some(frame) = self.frames.last_mut()
            && matches!(frame.kind, FrameKind::Map | FrameKind::Brackets { map: true })
        {
            frame.key_next = !frame.key_next;
        }
    }

    /// The column of a byte, in characters.
    fn column_of(&self, at: usize) -> usize {
        let start = self.text[..at].rfind('\n').map_or(0, |found| found + 1);
        self.text[start..at].chars().count()
    }

    fn push(&mut self, kind: Kind, at: Range<usize>) {
        let (column, inside, written) = if self.in_brackets() {
            (None, None, 0)
        } else {
            match self.frames.last() {
                None => (Some(0), Some(STEP), 0),
                Some(frame) => {
                    let key =
                        matches!(kind, Kind::Key(_)) || (frame.kind == FrameKind::Map && frame.key_next);
                    let column = if key { frame.column } else { frame.column + STEP };
                    (Some(column), Some(frame.column + STEP), frame.written)
                }
            }
        };
        self.add(Token { kind, at, column, inside, written });
    }

    fn add(&mut self, token: Token) {
        let end = token.at.end;
        if std::mem::take(&mut self.new_line) || self.lines.is_empty() {
            let start = self.text[..token.at.start].rfind('\n').map_or(0, |found| found + 1);
            let levels = if self.in_brackets() {
                Vec::new()
            } else {
                self.frames.iter().map(|frame| (frame.written, frame.column)).collect()
            };
            let blank_before = std::mem::take(&mut self.blank) && !self.lines.is_empty();
            self.lines.push(Line { blank_before, start, tokens: Vec::new(), levels });
        }
        if let Some(line) = self.lines.last_mut() {
            line.tokens.push(token);
        }
        self.at = end;
    }

    /// Takes the signs between two values.
    fn gap(&mut self, end: usize) -> Option<()> {
        while self.at < end {
            let rest = self.text.get(self.at..end)?;
            let sign = rest.chars().next()?;
            let to = self.at + sign.len_utf8();
            let flow = self.in_brackets();
            let kind = match sign {
                '\n' => {
                    self.blank |= self.new_line;
                    self.new_line = true;
                    self.at = to;
                    continue;
                }
                ' ' | '\t' | '\r' | '\u{feff}' => {
                    self.at = to;
                    continue;
                }
                '#' => {
                    let length = self.text[self.at..].find('\n').unwrap_or(self.text.len() - self.at);
                    let length = self.text[self.at..self.at + length].trim_end().len();
                    self.push(Kind::Comment, self.at..self.at + length);
                    continue;
                }
                '{' | '[' => Kind::Open,
                '}' | ']' => Kind::Close,
                ',' => Kind::Comma,
                ':' => Kind::Colon,
                '|' | '>' => {
                    self.header = Some(self.at);
                    self.at = end;
                    return Some(());
                }
                '&' | '!' => {
                    let stop =
                        |c: char| c.is_whitespace() || (flow && matches!(c, ',' | '{' | '}' | '[' | ']'));
                    let length = rest.find(stop).unwrap_or(rest.len());
                    self.push(Kind::Property, self.at..self.at + length);
                    continue;
                }
                '-' | '.' | '%' if self.new_line && self.marker(rest) => {
                    let length = rest.find('\n').unwrap_or(rest.len());
                    // A value behind `---` on its line is not laid out again.
                    if rest.starts_with("---") && length > 3 && !rest[3..length].trim().is_empty() {
                        return None;
                    }
                    self.markers = true;
                    let at = self.at..self.at + rest[..length].trim_end().len();
                    self.add(Token { kind: Kind::Marker, at, column: Some(0), inside: Some(0), written: 0 });
                    continue;
                }
                '-' if !flow => {
                    let written = self.column_of(self.at);
                    let frame = self
                        .frames
                        .iter()
                        .rev()
                        .find(|f| f.kind == FrameKind::List && f.written == written)?;
                    let (column, inside) = (Some(frame.column), Some(frame.column + STEP));
                    self.add(Token { kind: Kind::Dash, at: self.at..to, column, inside, written });
                    continue;
                }
                _ => return None,
            };
            self.push(kind, self.at..to);
        }
        Some(())
    }

    fn marker(&self, rest: &str) -> bool {
        let start = self.text[..self.at].ends_with('\n') || self.at == 0;
        start && (rest.starts_with("---") || rest.starts_with("...") || rest.starts_with('%'))
    }
}
