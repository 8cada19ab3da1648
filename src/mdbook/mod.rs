//! mdBook's preprocessor: a book in, the same book with pictures out.
//!
//! mdBook hands over JSON, `[context, book]`. The book is changed where it lies, as JSON: what this module does not
//! know passes through, and so versions 0.4 (`sections`) and 0.5 (`items`) are served alike. Files are read through
//! a function that the caller brings.

mod blocks;
mod describe;
mod install;
mod options;
mod page;

pub use install::install;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::compile::Texts;
use crate::compile::choose::Asked;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::source::{SourceId, Sources, Span, Spanned};
use crate::target::diagram;
use blocks::Block;
use describe::Described;

/// Reads a description and what lies beside it, by its path as seen from the book's root folder, and says what is
/// wrong with the files beside it.
pub type Read<'a> = dyn Fn(&str) -> Result<(Texts, Diagnostics), Box<Diagnostic>> + 'a;

/// What mdBook says of a book.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Root folder, configuration, renderer, version.
    pub context: Value,
    /// The chapters.
    pub book: Value,
}

/// What came of a book.
#[derive(Debug)]
pub struct Outcome {
    /// The book with its pictures; where a block has a mistake, it stands as it was.
    pub book: Value,
    /// What is wrong or worth saying, in the order of the chapters.
    pub findings: Diagnostics,
    /// The chapters and the descriptions that they name.
    pub sources: Sources,
}

/// Renderers that drop HTML, and SVG with it.
const WITHOUT_HTML: [&str; 5] = ["latex", "man", "pandoc", "tectonic", "typst"];

/// Whether a renderer can show the pictures. Renderers are plugins: one that is not known to drop HTML can.
pub fn supports(renderer: &str) -> bool {
    !WITHOUT_HTML.contains(&renderer)
}

/// Reads what mdBook wrote.
///
/// # Errors
/// What is wrong with it, in one sentence.
pub fn parse(input: &str) -> Result<Input, String> {
    let value: Value = serde_json::from_str(input).map_err(|error| format!("it is no JSON ({error})"))?;
    let Value::Array(parts) = value else { return Err("it is no list of a context and a book".to_owned()) };
    let Ok([context, book]) = <[Value; 2]>::try_from(parts) else {
        return Err("it is no list of a context and a book".to_owned());
    };
    if !context.is_object() {
        return Err("the context is no object".to_owned());
    }
    if !["items", "sections"].iter().any(|key| book.get(key).is_some_and(Value::is_array)) {
        return Err("the book has neither `items` (mdBook 0.5) nor `sections` (mdBook 0.4)".to_owned());
    }
    Ok(Input { context, book })
}

/// Replaces every marked block of a book by its picture.
pub fn process(input: Input, read: &Read<'_>) -> Outcome {
    let Input { context, mut book } = input;
    let config = |path: &str| context.pointer(path).and_then(Value::as_str);
    let mut work = Work {
        src: config("/config/book/src").unwrap_or("src").to_owned(),
        theme: config("/config/preprocessor/archgen/theme").map(str::to_owned),
        read,
        files: BTreeMap::new(),
        drawn: 0,
        findings: Diagnostics::default(),
        sources: Sources::default(),
    };
    if let Some(theme) = &work.theme
        && diagram::built_in(theme).is_none()
    {
        work.findings.push(diagram::unknown_theme(theme, std::iter::empty()).hint("it stands in book.toml"));
        work.theme = None;
    }
    for key in ["sections", "items"] {
        if let Some(items) = book.get_mut(key) {
            work.items(items);
        }
    }
    Outcome { book, findings: work.findings, sources: work.sources }
}

struct Work<'a> {
    /// The folder of the chapters, below the book's root.
    src: String,
    /// The theme that the book asks for.
    theme: Option<String>,
    read: &'a Read<'a>,
    /// Descriptions by path, with their texts; `None` for one that cannot be drawn, which was said.
    files: BTreeMap<String, Option<(Described, String)>>,
    /// How many pictures there are so far. Chapters may be printed on one page, so ids count through the book.
    drawn: usize,
    findings: Diagnostics,
    sources: Sources,
}

/// A chapter while its blocks are replaced.
struct Chapter<'a> {
    /// The folder of its file, as seen from the book's root.
    folder: String,
    source: SourceId,
    text: &'a str,
}

impl Work<'_> {
    /// Goes through chapters, separators and headings of parts, in order.
    fn items(&mut self, items: &mut Value) {
        for item in items.as_array_mut().into_iter().flatten() {
            let Some(chapter) = item.get_mut("Chapter") else { continue };
            let path =
                ["source_path", "path"].iter().find_map(|key| chapter.get(key).and_then(Value::as_str));
            let name = path.or_else(|| chapter.get("name").and_then(Value::as_str)).unwrap_or_default();
            let name = joined(&self.src, &name.replace('\\', "/"));
            if let Some(Value::String(content)) = chapter.get_mut("content")
                && let Some(changed) = self.chapter(&name, content)
            {
                *content = changed;
            }
            if let Some(below) = chapter.get_mut("sub_items") {
                self.items(below);
            }
        }
    }

    /// The chapter with its pictures; `None` when there is nothing to replace.
    fn chapter(&mut self, name: &str, text: &str) -> Option<String> {
        let blocks = blocks::find(text);
        if blocks.is_empty() {
            return None;
        }
        let source = self.sources.add(name.to_owned(), text.to_owned());
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let chapter = Chapter { folder, source, text };
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for block in &blocks {
            let Some(instead) = self.block(&chapter, block) else { continue };
            out.push_str(&text[done..block.range.start]);
            out.push_str(&instead);
            done = block.range.end;
        }
        out.push_str(&text[done..]);
        Some(out)
    }

    /// What stands instead of a block; `None` when it has a mistake.
    fn block(&mut self, chapter: &Chapter<'_>, block: &Block) -> Option<String> {
        let here = Span::new(chapter.source, block.word.start, block.word.end);
        let mut found = Diagnostics::default();
        let options = options::read(chapter.text, block.options.clone(), chapter.source, &mut found);
        let wrong = found.has_errors();
        self.findings.extend(found);
        let empty = block.body.text.trim().is_empty();
        let owned;
        let (described, footnote, source) = match &options.file {
            Some(file) if !empty => {
                self.findings.push(
                    Diagnostic::error(
                        "file-and-content",
                        file.span,
                        "the block has a file and content of its own",
                    )
                    .hint("leave the block empty, or leave `file=` out"),
                );
                return None;
            }
            Some(file) => {
                let path = joined(&chapter.folder, &file.value);
                self.file(&path, file, here);
                let (described, text) = self.files.get(&path)?.as_ref()?;
                let name = path.rsplit('/').next().unwrap_or(&path);
                (described, name.to_owned(), text.as_str())
            }
            None if empty => {
                if !wrong {
                    self.findings.push(
                        Diagnostic::error("empty-block", here, "the block has no description")
                            .hint("write one into it, or name its file as in `file=archgen.yaml`"),
                    );
                }
                return None;
            }
            None => {
                owned = self.inline(chapter, block, here)?;
                (&owned, String::new(), block.body.text.as_str())
            }
        };
        let text = |option: &Option<Spanned<String>>| option.as_ref().map(|option| option.value.clone());
        let (environment, picture) =
            match described.choose(text(&options.env).as_deref(), text(&options.view).as_deref()) {
                Ok(chosen) => chosen,
                Err((asked, mut diagnostic)) => {
                    let option = if asked == Asked::View { &options.view } else { &options.env };
                    diagnostic.span = Some(option.as_ref().map_or(here, |option| option.span));
                    self.findings.push(*diagnostic);
                    return None;
                }
            };
        if wrong {
            return None;
        }
        self.drawn += 1;
        let mut picture = picture.clone();
        let sheet = picture.sheet_mut();
        sheet.id = format!("archgen-{}-{}", self.drawn, sheet.id);
        if !footnote.is_empty() {
            let parts = std::iter::once(footnote.as_str()).chain(environment);
            sheet.footnote = parts.collect::<Vec<_>>().join(" · ");
        }
        let (svg, wrong) = described.paint(&picture);
        for finding in wrong.sorted() {
            self.findings.push(Diagnostic { span: finding.span.or(Some(here)), ..finding.clone() });
        }
        Some(page::replacement(chapter.text, block, &svg, options.source.then_some(source)))
    }

    /// A description that stands in the chapter. What is wrong with it is told at its place in the chapter.
    fn inline(&mut self, chapter: &Chapter<'_>, block: &Block, here: Span) -> Option<Described> {
        let texts = Texts {
            name: self.sources.get(chapter.source).name().to_owned(),
            description: block.body.text.clone(),
            ..Texts::default()
        };
        let result = describe::describe(&texts, self.theme.as_deref(), Diagnostics::default());
        self.adopt(
            &result,
            &|range| {
                let range = block.body.place(range).unwrap_or(block.word.clone());
                Span::new(chapter.source, range.start, range.end)
            },
            here,
            None,
        );
        result.described
    }

    /// Reads a description by its path, once for the whole book; what is wrong with it is told once too.
    fn file(&mut self, path: &str, written: &Spanned<String>, here: Span) {
        if self.files.contains_key(path) {
            return;
        }
        let described = match (self.read)(path) {
            Ok((texts, beside)) => {
                let texts = Texts { name: path.to_owned(), ..texts };
                let result = describe::describe(&texts, self.theme.as_deref(), beside);
                let source = self.sources.add(path.to_owned(), texts.description.clone());
                self.adopt(
                    &result,
                    &|range| Span::new(source, range.start, range.end),
                    here,
                    Some(written.span),
                );
                result.described.map(|described| (described, texts.description))
            }
            Err(mut diagnostic) => {
                diagnostic.span = Some(written.span);
                self.findings.push(*diagnostic);
                None
            }
        };
        self.files.insert(path.to_owned(), described);
    }

    /// Takes over the findings of one description. `place` turns a range of its text into a place of the book;
    /// findings without a place get `here`. `named` is where a chapter names the description's file.
    fn adopt(
        &mut self,
        result: &describe::Answer,
        place: &dyn Fn(std::ops::Range<usize>) -> Span,
        here: Span,
        named: Option<Span>,
    ) {
        let mut others: BTreeMap<SourceId, SourceId> = BTreeMap::new();
        for finding in result.findings.sorted() {
            let mut finding = finding.clone();
            let mut moved = |span: Span| {
                if span.source == result.source {
                    return place(span.start as usize..span.end as usize);
                }
                // A file of the catalog: taken over when something is said of it.
                let source =
                    *others.entry(span.source).or_insert_with(|| match result.sources.find(span.source) {
                        Some(source) => self.sources.add(source.name().to_owned(), source.text().to_owned()),
                        None => here.source,
                    });
                Span { source, ..span }
            };
            finding.span = finding.span.map(&mut moved);
            for (span, _) in &mut finding.related {
                *span = moved(*span);
            }
            match (finding.span, named) {
                (None, _) => finding.span = Some(named.unwrap_or(here)),
                (Some(_), Some(named)) if finding.severity == Severity::Error => {
                    let chapter = self.sources.get(named.source);
                    let (line, _) = chapter.position(named.start);
                    let words = format!("drawn in {}, line {line}", chapter.name());
                    finding.related.push((named, words));
                }
                _ => {}
            }
            self.findings.push(finding);
        }
    }
}

/// A path with `/`, as seen from where `folder` is seen from, without `.` and `..` inside.
fn joined(folder: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if folder.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
