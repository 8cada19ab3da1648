//! Mermaid: a flowchart with a subgraph for each box. GitHub draws it in Markdown.

use std::fmt::Write;

use super::outline::{Line, Outline, Tie};
use super::pen::{Pen, class_of};
use crate::layout::Class;
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
    let mut writer = Writer { pen: Pen::new(outline, theme, &RESERVED) };
    writer.document();
    writer.pen.out
}

struct Writer<'a> {
    pen: Pen<'a>,
}

impl Writer<'_> {
    fn document(&mut self) {
        let outline = self.pen.outline;
        let title = self.pen.heading();
        if !title.is_empty() {
            // The front matter is YAML, and a string of JSON is one of YAML.
            let title = serde_json::Value::from(title.join(" · ")).to_string();
            self.pen.out.push_str(&format!("---\ntitle: {title}\n---\n"));
        }
        self.pen.line(0, if outline.right { "flowchart LR" } else { "flowchart TB" });
        if !outline.title.is_empty() {
            self.pen.line(1, &format!("accTitle: {}", plain(&outline.title)));
        }
        if !outline.description.is_empty() {
            self.pen
                .line(1, &format!("accDescr {{ {} }}", plain(&outline.description).replace(['{', '}'], " ")));
        }
        self.inside(None, 1);
        for (at, line) in outline.lines.iter().enumerate() {
            let text = self.arrow(line);
            self.pen.line(1, &text);
            if line.class == Class::Replication {
                let colour = self.pen.colour("line-replication");
                self.pen.line(1, &format!("linkStyle {at} stroke:{colour}"));
            }
        }
        self.colours();
        for (at, leaf) in outline.leaves.iter().enumerate().filter(|(_, leaf)| !leaf.link.is_empty()) {
            let name = self.pen.name(Tie::Leaf(at)).to_owned();
            // A quotation mark or a blank has no place in an address.
            let link = leaf.link.replace('"', "%22").replace(' ', "%20");
            self.pen.line(1, &format!("click {name} href \"{link}\""));
        }
    }

    fn inside(&mut self, parent: Option<usize>, depth: usize) {
        let outline = self.pen.outline;
        for at in outline.leaves_in(parent) {
            let leaf = &outline.leaves[at];
            let (open, close) = match (leaf.texts.is_empty(), leaf.person, leaf.copies > 1) {
                (true, ..) => ("((", "))"),
                (_, true, _) => ("([", "])"),
                (_, _, true) => ("[[", "]]"),
                _ => ("[", "]"),
            };
            let name = self.pen.name(Tie::Leaf(at)).to_owned();
            self.pen.line(depth, &format!("{name}{open}\"{}\"{close}", label(&leaf.texts)));
        }
        for at in outline.boxes_in(parent) {
            let name = self.pen.name(Tie::Box(at)).to_owned();
            self.pen.line(depth, &format!("subgraph {name}[\"{}\"]", label(&outline.boxes[at].texts)));
            self.inside(Some(at), depth + 1);
            self.pen.line(depth, "end");
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
        format!("{} {arrow}{words} {}", self.pen.name(line.from), self.pen.name(line.to))
    }

    /// Colours of leaves by category, and of the boxes' borders; texts in boxes keep the reader's colour.
    fn colours(&mut self) {
        let outline = self.pen.outline;
        for category in self.pen.categories() {
            let all: Vec<&str> = (0..outline.leaves.len())
                .filter(|at| outline.leaves[*at].category == category)
                .map(|at| self.pen.name(Tie::Leaf(at)))
                .collect();
            let all = all.join(",");
            let (name, style) = match category {
                "" => ("point".to_owned(), "fill:none,stroke:none".to_owned()),
                category => {
                    let [fill, stroke, letters] = self.pen.of_leaf(category);
                    (class_of(category), format!("fill:{fill},stroke:{stroke},color:{letters}"))
                }
            };
            self.pen.line(1, &format!("classDef {name} {style}"));
            self.pen.line(1, &format!("class {all} {name}"));
        }
        for (at, place) in outline.boxes.iter().enumerate() {
            let stroke = self.pen.colour(Pen::of_box(place.style, "stroke"));
            let name = self.pen.name(Tie::Box(at)).to_owned();
            self.pen.line(1, &format!("style {name} fill:none,stroke:{stroke}"));
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
