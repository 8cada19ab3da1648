//! Which block goes into which file, and which blocks are there at all.

use std::collections::{BTreeMap, BTreeSet};

use super::hcl::Block;
use super::naming::mentions;
use crate::model::Model;
use crate::source::Span;

/// A block on its way into a file.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The file's name, unless the block has a place of its own: outputs, variables and rights do.
    pub(super) file: String,
    /// The block.
    pub(super) block: Block,
    /// Whether it is there in any case, or only when another block refers to it.
    pub(super) always: bool,
    /// Whether it stands once for all regions, where there are several.
    pub(super) across: bool,
    /// Where in the description it comes from.
    pub(super) from: Vec<Span>,
}

impl Piece {
    /// The name of the file it goes into.
    fn place(&self) -> &str {
        if self.block.kind == "moved" {
            return "moved.tf";
        }
        let first = self.block.labels.first().map_or("", String::as_str);
        match self.block.kind.as_str() {
            "output" => "outputs.tf",
            "variable" => "variables.tf",
            _ if first.starts_with("aws_iam_") => "iam.tf",
            _ => &self.file,
        }
    }
}

/// A file: its text and the places it comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    /// The blocks with an empty line between them.
    pub(super) text: String,
    /// Places in the description, each once, in order.
    pub(super) from: Vec<Span>,
}

/// The pieces that are needed: those that are always there and what they refer to, however far. Of two equal
/// pieces the first counts; pieces with one address and different texts are both kept, see
/// [`conflicts`](super::conflicts). The order stays.
pub(super) fn needed(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut seen = BTreeSet::new();
    let pieces: Vec<Piece> = pieces
        .into_iter()
        .filter(|piece| seen.insert((piece.block.address(), piece.block.text.clone())))
        .collect();
    let mut wanted: Vec<bool> = pieces.iter().map(|piece| piece.always).collect();
    let mut open: Vec<usize> = (0..pieces.len()).filter(|&at| wanted[at]).collect();
    while let Some(at) = open.pop() {
        for (other, piece) in pieces.iter().enumerate() {
            if !wanted[other] && mentions(&pieces[at].block.text, &piece.block.address()) {
                wanted[other] = true;
                open.push(other);
            }
        }
    }
    pieces.into_iter().zip(wanted).filter_map(|(piece, wanted)| wanted.then_some(piece)).collect()
}

/// Files by name.
pub(super) fn files(pieces: &[Piece]) -> BTreeMap<String, File> {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for piece in pieces {
        let file = files.entry(piece.place().to_owned()).or_default();
        if !file.text.is_empty() {
            file.text.push('\n');
        }
        file.text.push_str(&piece.block.text);
        for span in &piece.from {
            if !file.from.contains(span) {
                file.from.push(*span);
            }
        }
    }
    files
}

/// Names that elements must not take, because other things stand there.
const TAKEN: [&str; 15] = [
    "versions.tf",
    "providers.tf",
    "variables.tf",
    "outputs.tf",
    "network.tf",
    "security.tf",
    "iam.tf",
    "secrets.tf",
    "data.tf",
    "cluster.tf",
    "keys.tf",
    "moved.tf",
    "main.tf",
    "alarms.tf",
    "passthrough.tf",
];

/// The file of an element: of the name that the author gave it, else of its id.
pub(super) fn of_element(model: &Model, id: &str) -> String {
    let names = &model.system().terraform.names;
    let stem = names.iter().find(|(element, _)| element == id).map_or(id, |(_, name)| name);
    let name = format!("{stem}.tf");
    if TAKEN.contains(&name.as_str()) { format!("{stem}-element.tf") } else { name }
}

#[cfg(test)]
mod tests {
    use super::super::hcl::blocks;
    use super::*;

    fn pieces(text: &str, always: bool) -> Vec<Piece> {
        let block = |block| Piece { file: "a.tf".to_owned(), block, always, across: false, from: Vec::new() };
        blocks(text).unwrap().into_iter().map(block).collect()
    }

    #[test]
    fn only_what_is_named_is_kept() {
        let mut all = pieces("resource \"a\" \"x\" {\n  b = var.one\n}\n", true);
        all.extend(pieces(
            "variable \"one\" {\n  default = data.c.d.e\n}\ndata \"c\" \"d\" {}\nvariable \"two\" {}\n",
            false,
        ));
        let kept: Vec<String> = needed(all).iter().map(|piece| piece.block.address()).collect();
        assert_eq!(kept, ["a.x", "var.one", "data.c.d"]);
    }

    #[test]
    fn blocks_find_their_files() {
        let all = pieces(
            "output \"o\" {}\nvariable \"v\" {}\nresource \"aws_iam_role\" \"r\" {}\nresource \"a\" \"b\" {}\n",
            true,
        );
        let files = files(&all);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["a.tf", "iam.tf", "outputs.tf", "variables.tf"]);
    }
}
