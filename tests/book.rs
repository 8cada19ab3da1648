//! Every block of YAML in the README and the book is what it says it is: whole descriptions, parts of one, catalog files.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use archgen::diag::Diagnostics;
use archgen::source::Sources;
use archgen::{catalog, document};

/// A fenced code block.
struct Block {
    /// File and line of its fence.
    place: String,
    /// The first word after the fence.
    language: String,
    /// What follows that word.
    options: String,
    text: String,
}

fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("book/src")];
    let mut found = vec![root.join("README.md")];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The outermost fenced blocks of a page.
fn blocks(path: &Path, text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(String, Block)> = None;
    for (number, line) in text.lines().enumerate() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &mut open {
            Some((fence, _)) if ticks == *fence && line.trim_end() == ticks => {
                found.extend(open.take().map(|(_, block)| block))
            }
            Some((_, block)) => block.text.extend([line, "\n"]),
            None if ticks.len() >= 3 => {
                let (language, options) =
                    line[ticks.len()..].split_once(' ').unwrap_or((&line[ticks.len()..], ""));
                let place = format!("{}:{}", path.display(), number + 1);
                open = Some((
                    ticks,
                    Block { place, language: language.into(), options: options.into(), text: String::new() },
                ));
            }
            None => {}
        }
    }
    found
}

/// What is wrong with a description, a line each.
fn mistakes(block: &Block, text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let source = sources.add(block.place.clone(), text.to_owned());
    let mut diagnostics = Diagnostics::default();
    document::read(source, text, &mut diagnostics);
    said(&block.place, &diagnostics)
}

fn said(place: &str, diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .sorted()
        .into_iter()
        .map(|finding| format!("{place}: {} ({:?})", finding.message, finding.hints))
        .collect()
}

/// The path of a catalog file, which its first line names.
fn overlay_path(block: &Block) -> Option<String> {
    block.text.lines().next()?.strip_prefix("# archgen/templates/").map(str::to_string)
}

#[test]
fn every_description_in_the_book_can_be_read() {
    let (mut wholes, mut parts, mut complaints) = (0, 0, Vec::new());
    let mut overlay = BTreeMap::new();
    for page in pages() {
        for block in blocks(&page, &fs::read_to_string(&page).unwrap()) {
            let is_whole = block.text.lines().any(|line| line == "archgen: v1");
            match block.language.as_str() {
                "archgen" if block.options.contains("file=") => {}
                "archgen" => {
                    wholes += 1;
                    complaints.extend(mistakes(&block, &block.text));
                }
                "yaml" => match overlay_path(&block) {
                    Some(path) => {
                        overlay.insert(path, block.text);
                    }
                    None => {
                        parts += 1;
                        let head = if is_whole { "" } else { "archgen: v1\n" };
                        complaints.extend(mistakes(&block, &format!("{head}{}", block.text)));
                    }
                },
                _ => {}
            }
        }
    }
    let mut diagnostics = Diagnostics::default();
    catalog::load(&overlay, &mut Sources::default(), &mut diagnostics);
    complaints.extend(said("the book's catalog files", &diagnostics));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(
        wholes >= 3 && parts >= 10 && overlay.len() == 2,
        "{wholes} wholes, {parts} parts, {} catalog files",
        overlay.len()
    );
}

#[test]
fn a_mistake_in_the_book_is_found() {
    let page =
        "a\n\n````markdown\n```archgen\nx\n```\n````\n\n```archgen env=a\narchgen: v1\ncomponentz: {}\n```\n";
    let found = blocks(Path::new("page.md"), page);
    assert_eq!(
        found.iter().map(|block| block.language.as_str()).collect::<Vec<_>>(),
        ["markdown", "archgen"]
    );
    assert_eq!((found[1].place.as_str(), found[1].options.as_str()), ("page.md:9", "env=a"));
    assert_eq!(mistakes(&found[1], &found[1].text).len(), 1);
}
