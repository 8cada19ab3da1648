//! Mermaid: a flowchart with a subgraph for each box. GitHub draws it in Markdown.

use std::fmt::Write;

use super::leaf_colours;
use super::names::names;
use super::outline::{Line, Outline, Tie};
use crate::layout::Class;
use crate::scene::Paint;
use crate::scene::theme::Theme;
use crate::view::Heads;

/// Words that the grammar takes for itself.
const RESERVED: [&str; 21] = [
    "acc_descr",
    "acc_title",
    "call",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "flowchart",
    "graph",
    "href",
    "interpolate",
    "linkstyle",
    "o",
    "parent",
    "style",
    "subgraph",
    "title",
    "v",
    "x",
];

/// The outline as a flowchart.
pub(super) fn write(outline: &Outline, theme: &Theme) -> String {
    let ids = outline.boxes.iter().map(|place| place.id.as_str());
    let all = names(ids.chain(outline.leaves.iter().map(|leaf| leaf.id.as_str())), &RESERVED);
    let (boxes, leaves) = all.split_at(outline.boxes.len());
    let mut writer = Writer { outline, theme, boxes, leaves, out: String::new() };
    writer.document();
    writer.out
}

struct Writer<'a> {
    outline: &'a Outline,
    theme: &'a Theme,
    boxes: &'a [String],
    leaves: &'a [String],
    out: String,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = depth * 2);
    }

    fn document(&mut self) {
        let outline = self.outline;
        let title: Vec<&str> =
            [&*outline.title, &*outline.subtitle].into_iter().filter(|t| !t.is_empty()).collect();
        if !title.is_empty() {
            // The front matter is YAML, and a string of JSON is one of YAML.
            let title = serde_json::Value::from(title.join(" · ")).to_string();
            self.out.push_str(&format!("---\ntitle: {title}\n---\n"));
        }
        self.line(0, if outline.right { "flowchart LR" } else { "flowchart TB" });
        if !outline.title.is_empty() {
            self.line(1, &format!("accTitle: {}", plain(&outline.title)));
        }
        if !outline.description.is_empty() {
            self.line(1, &format!("accDescr {{ {} }}", plain(&outline.description).replace(['{', '}'], " ")));
        }
        self.inside(None, 1);
        for (at, line) in outline.lines.iter().enumerate() {
            let text = self.arrow(line);
            self.line(1, &text);
            if line.class == Class::Replication {
                let colour = self.theme.resolve(&Paint::token("line-replication"));
                self.line(1, &format!("linkStyle {at} stroke:{colour}"));
            }
        }
        self.colours();
        for (leaf, name) in outline.leaves.iter().zip(self.leaves).filter(|(leaf, _)| !leaf.link.is_empty()) {
            // A quotation mark or a blank has no place in an address.
            let link = leaf.link.replace('"', "%22").replace(' ', "%20");
            self.line(1, &format!("click {name} href \"{link}\""));
        }
    }

    fn inside(&mut self, parent: Option<usize>, depth: usize) {
        let outline = self.outline;
        for at in outline.leaves_in(parent) {
            let leaf = &outline.leaves[at];
            let (open, close) = match (leaf.texts.is_empty(), leaf.person, leaf.copies > 1) {
                (true, ..) => ("((", "))"),
                (_, true, _) => ("([", "])"),
                (_, _, true) => ("[[", "]]"),
                _ => ("[", "]"),
            };
            self.line(depth, &format!("{}{open}\"{}\"{close}", self.leaves[at], label(&leaf.texts)));
        }
        for at in outline.boxes_in(parent) {
            self.line(
                depth,
                &format!("subgraph {}[\"{}\"]", self.boxes[at], label(&outline.boxes[at].texts)),
            );
            self.inside(Some(at), depth + 1);
            self.line(depth, "end");
        }
    }

    fn name(&self, tie: Tie) -> &str {
        match tie {
            Tie::Leaf(at) => &self.leaves[at],
            Tie::Box(at) => &self.boxes[at],
        }
    }

    fn arrow(&self, line: &Line) -> String {
        let solid = matches!(line.class, Class::Request | Class::Replication);
        let arrow = match (solid, line.heads) {
            (true, Heads::End) => "-->",
            (true, Heads::Both) => "<-->",
            (true, Heads::None) => "---",
            (false, Heads::End) => "-.->",
            (false, Heads::Both) => "<-.->",
            (false, Heads::None) => "-.-",
        };
        let words =
            if line.label.is_empty() { String::new() } else { format!("|\"{}\"|", escape(&line.label)) };
        format!("{} {arrow}{words} {}", self.name(line.from), self.name(line.to))
    }

    /// Colours of leaves by category, and of the boxes' borders; texts in boxes keep the reader's colour.
    fn colours(&mut self) {
        let outline = self.outline;
        let mut categories: Vec<&str> = outline.leaves.iter().map(|leaf| leaf.category.as_str()).collect();
        categories.sort_unstable();
        categories.dedup();
        for category in categories {
            let all: Vec<&str> = (0..outline.leaves.len())
                .filter(|at| outline.leaves[*at].category == category)
                .map(|at| self.leaves[at].as_str())
                .collect();
            let (name, style) = match category {
                "" => ("point".to_owned(), "fill:none,stroke:none".to_owned()),
                category => {
                    let [fill, stroke, letters] = leaf_colours(self.theme, category);
                    // A prefix, so that no category is a word of the grammar.
                    let name = format!("of_{}", names([category].into_iter(), &[])[0]);
                    (name, format!("fill:{fill},stroke:{stroke},color:{letters}"))
                }
            };
            self.line(1, &format!("classDef {name} {style}"));
            self.line(1, &format!("class {} {name}", all.join(",")));
        }
        for (at, place) in outline.boxes.iter().enumerate() {
            let stroke = self.theme.resolve(&Paint::Token(format!("box-{}-stroke", place.style.name())));
            self.line(1, &format!("style {} fill:none,stroke:{stroke}", self.boxes[at]));
        }
    }
}

fn label(texts: &[String]) -> String {
    if texts.is_empty() {
        " ".to_owned()
    } else {
        texts.iter().map(|text| escape(text)).collect::<Vec<_>>().join("<br>")
    }
}

/// Text between quotes: what Mermaid, its Markdown or the browser would read as markup is written as an entity. A
/// number or dash at the start would make a list.
fn escape(text: &str) -> String {
    let head = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let list = text[head..].starts_with(['.', ')', '-', '+']) && text[head + 1..].starts_with(' ');
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '*' | '_' | '`' | '~' | '\\' | '[' | ']' | '$' | '{' | '}' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if list && at == head => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Text on a line of its own, where nothing ends it but what stands for the end of a statement.
fn plain(text: &str) -> String {
    text.replace([';', '#'], ",").replace("%%", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_texts_is_harmless() {
        assert_eq!(escape("a \"b\" #1; <c> *d*"), "a #34;b#34; #35;1; #60;c#62; #42;d#42;");
        assert_eq!(
            [escape("1. Layer"), escape("- x"), escape("1.5 GiB")],
            ["1#46; Layer", "#45; x", "1.5 GiB"]
        );
    }
}
