//! Trees as bytes: what the build script leaves of the built-in files, so that no run has to read their YAML again.
//!
//! Only the build script packs and only its bytes are unpacked, by the same version of this file; they lie nowhere
//! else. Numbers are written seven bits a byte, the lowest first.

use std::ops::Range;

use super::tree::{Data, Entry, Map, Node, Scalar};
use crate::source::{SourceId, Span, Spanned};

const NULL: u8 = 0;
const PLAIN: u8 = 1;
const QUOTED: u8 = 2;
const LIST: u8 = 3;
const MAP: u8 = 4;

/// The trees of a folder's files.
#[derive(Debug)]
pub struct Packed {
    /// Which of the bytes are a file's, by its path in the folder, sorted.
    pub places: &'static [(&'static str, Range<usize>)],
    /// All trees, one behind the other.
    pub bytes: &'static [u8],
}

impl Packed {
    /// What one file says, with places in `source`: as parsing its text would give it, without the time that this takes.
    pub fn tree(&self, path: &str, source: SourceId) -> Option<Node> {
        let at = self.places.binary_search_by_key(&path, |(path, _)| path).ok()?;
        unpack(self.bytes.get(self.places[at].1.clone())?, source)
    }
}

/// Appends a tree to some bytes.
pub fn pack(node: &Node, out: &mut Vec<u8>) {
    match &node.data {
        Data::Null => {
            out.push(NULL);
            place(node.span, out);
        }
        Data::Scalar(scalar) => {
            out.push(if scalar.plain { PLAIN } else { QUOTED });
            place(node.span, out);
            text(&scalar.text, out);
        }
        Data::List(items) => {
            out.push(LIST);
            place(node.span, out);
            number(items.len(), out);
            items.iter().for_each(|item| pack(item, out));
        }
        Data::Map(map) => {
            out.push(MAP);
            place(node.span, out);
            number(map.entries.len(), out);
            for entry in &map.entries {
                place(entry.key.span, out);
                text(&entry.key.value, out);
                pack(&entry.value, out);
            }
        }
    }
}

/// The tree that [`pack`] wrote, with places in `source`; `None` for other bytes.
pub fn unpack(bytes: &[u8], source: SourceId) -> Option<Node> {
    Reader { rest: bytes, source }.node()
}

fn number(number: usize, out: &mut Vec<u8>) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

fn place(span: Span, out: &mut Vec<u8>) {
    number(span.start as usize, out);
    number((span.end - span.start) as usize, out);
}

fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

struct Reader<'a> {
    rest: &'a [u8],
    source: SourceId,
}

impl Reader<'_> {
    fn node(&mut self) -> Option<Node> {
        let kind = self.byte()?;
        let span = self.place()?;
        let data = match kind {
            NULL => Data::Null,
            PLAIN | QUOTED => Data::Scalar(Scalar { text: self.text()?, plain: kind == PLAIN }),
            LIST => {
                let count = self.count()?;
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(self.node()?);
                }
                Data::List(items)
            }
            MAP => {
                let count = self.count()?;
                let mut entries = Vec::with_capacity(count);
                for _ in 0..count {
                    let at = self.place()?;
                    let key = Spanned::new(self.text()?, at);
                    entries.push(Entry { key, value: self.node()? });
                }
                Data::Map(Map { entries })
            }
            _ => return None,
        };
        Some(Node { span, data })
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// How many values follow; each takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        self.number().filter(|count| *count <= self.rest.len())
    }

    fn place(&mut self) -> Option<Span> {
        let start = self.number()?;
        Some(Span::new(self.source, start, start + self.number()?))
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        std::str::from_utf8(text).ok().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Diagnostics;
    use crate::document::yaml;

    const TEXT: &str =
        "a: [1, \"2\", ~, {}, []]\nlong: |\n  ñandú\n  {{ x }}\nb: { c: null, 'd e': x }\nf:\n";

    fn packed() -> (Node, Vec<u8>) {
        let tree = yaml::parse(SourceId(7), TEXT, &mut Diagnostics::default()).unwrap();
        let mut bytes = Vec::new();
        pack(&tree, &mut bytes);
        (tree, bytes)
    }

    #[test]
    fn what_was_packed_comes_back_with_its_places() {
        let (tree, bytes) = packed();
        assert_eq!(unpack(&bytes, SourceId(7)), Some(tree.clone()));
        assert_eq!(unpack(&bytes, SourceId(8)).map(|node| node.span.source), Some(SourceId(8)));
        let long = Node::text("x".repeat(300_000), Span::new(SourceId(7), 70_000, 370_000));
        let mut bytes = Vec::new();
        pack(&long, &mut bytes);
        assert_eq!(unpack(&bytes, SourceId(7)), Some(long));
    }

    #[test]
    fn bytes_that_are_cut_short_or_foreign_are_no_tree() {
        let (_, bytes) = packed();
        for length in 0..bytes.len() {
            assert_eq!(unpack(&bytes[..length], SourceId(0)), None, "{length}");
        }
        assert_eq!(unpack(&[9, 0, 0], SourceId(0)), None);
        assert_eq!(unpack(&[LIST, 0, 0, 0xff, 0xff, 0xff, 0x7f], SourceId(0)), None);
        assert_eq!(unpack(&[0xff; 9], SourceId(0)), None);
    }
}
