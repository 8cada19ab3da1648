//! D2: a shape for each leaf, a container for each box.

use std::fmt::Write;

use super::leaf_colours;
use super::names::names;
use super::outline::{Line, Outline, Tie};
use crate::layout::Class;
use crate::scene::theme::Theme;
use crate::scene::{Paint, class_name};
use crate::view::Heads;

/// Words that D2 takes for itself, wherever they stand as a key.
const RESERVED: [&str; 37] = [
    "all",
    "class",
    "classes",
    "constraint",
    "d2_config",
    "desc",
    "direction",
    "explanation",
    "filter",
    "grid_columns",
    "grid_gap",
    "grid_rows",
    "height",
    "horizontal_gap",
    "icon",
    "label",
    "layers",
    "layout",
    "left",
    "link",
    "near",
    "null",
    "scenarios",
    "shape",
    "source_arrowhead",
    "steps",
    "style",
    "suspend",
    "target_arrowhead",
    "title",
    "tooltip",
    "top",
    "true",
    "vars",
    "vertical_gap",
    "width",
    "false",
];

/// The outline as a D2 program.
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

    fn colour(&self, token: impl Into<String>) -> String {
        self.theme.resolve(&Paint::token(token))
    }

    fn document(&mut self) {
        let outline = self.outline;
        self.line(0, &format!("direction: {}", if outline.right { "right" } else { "down" }));
        let title = [outline.title.clone(), outline.subtitle.clone()];
        let title: Vec<String> = title.into_iter().filter(|text| !text.is_empty()).collect();
        if !title.is_empty() {
            self.line(0, &format!("title: {} {{", label(&title)));
            self.line(1, "shape: text");
            self.line(1, "near: top-center");
            self.line(1, "style.font-size: 24");
            self.line(0, "}");
        }
        self.classes();
        self.inside(None, 0);
        for line in &outline.lines {
            let (from, to) = (self.path(line.from), self.path(line.to));
            let arrow = match line.heads {
                Heads::End => "->",
                Heads::Both => "<->",
                Heads::None => "--",
            };
            let words =
                if line.label.is_empty() { String::new() } else { format!("{} ", quote(&line.label)) };
            self.line(0, &format!("{from} {arrow} {to}: {words}{{ class: {} }}", class(line)));
        }
    }

    /// How leaves, boxes and lines of each sort look; only the sorts that occur.
    fn classes(&mut self) {
        let outline = self.outline;
        self.line(0, "classes: {");
        let mut categories: Vec<&str> = outline.leaves.iter().map(|leaf| leaf.category.as_str()).collect();
        categories.sort_unstable();
        categories.dedup();
        for category in categories.into_iter().filter(|category| !category.is_empty()) {
            let [fill, stroke, letters] = leaf_colours(self.theme, category);
            self.line(1, &format!("{}: {{", of(category)));
            for (name, value) in [("fill", &fill), ("stroke", &stroke), ("font-color", &letters)] {
                self.line(2, &format!("style.{name}: {}", quote(value)));
            }
            self.line(2, "style.border-radius: 8");
            self.line(1, "}");
        }
        let mut styles: Vec<_> = outline.boxes.iter().map(|place| place.style).collect();
        styles.sort_unstable();
        styles.dedup();
        for style in styles {
            let token = |part: &str| format!("box-{}-{part}", style.name());
            let fill = if self.theme.has(&token("fill")) {
                // D2 takes no translucent colours.
                self.theme.ground(&[token("fill")]).to_string()
            } else {
                self.colour("page")
            };
            let (stroke, title) = (self.colour(token("stroke")), self.colour(token("title")));
            self.line(1, &format!("{}: {{", of(style.name())));
            for (name, value) in [("fill", fill), ("stroke", stroke), ("font-color", title)] {
                self.line(2, &format!("style.{name}: {}", quote(&value)));
            }
            self.line(2, "style.border-radius: 10");
            self.line(1, "}");
        }
        let mut classes: Vec<Class> = outline.lines.iter().map(|line| line.class).collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let stroke = self.colour(format!("line-{}", class_name(class)));
            self.line(1, &format!("line_{}: {{", class_name(class)));
            self.line(2, &format!("style.stroke: {}", quote(&stroke)));
            match class {
                Class::Request | Class::Replication => {}
                Class::Async => self.line(2, "style.stroke-dash: 5"),
                Class::Telemetry | Class::Attached => self.line(2, "style.stroke-dash: 2"),
            }
            self.line(1, "}");
        }
        self.line(0, "}");
    }

    fn inside(&mut self, parent: Option<usize>, depth: usize) {
        let outline = self.outline;
        for at in outline.leaves_in(parent) {
            let leaf = &outline.leaves[at];
            let name = &self.leaves[at];
            if leaf.texts.is_empty() {
                self.line(
                    depth,
                    &format!("{name}: \"\" {{ shape: circle; width: 8; height: 8; style.opacity: 0 }}"),
                );
                continue;
            }
            let mut fields = vec![format!("class: {}", of(&leaf.category))];
            fields.extend((leaf.copies > 1).then(|| "style.multiple: true".to_owned()));
            fields.extend((!leaf.link.is_empty()).then(|| format!("link: {}", quote(&leaf.link))));
            self.line(depth, &format!("{name}: {} {{ {} }}", label(&leaf.texts), fields.join("; ")));
        }
        for at in outline.boxes_in(parent) {
            let place = &outline.boxes[at];
            self.line(depth, &format!("{}: {} {{", self.boxes[at], label(&place.texts)));
            self.line(depth + 1, &format!("class: {}", of(place.style.name())));
            self.inside(Some(at), depth + 1);
            self.line(depth, "}");
        }
    }

    /// The way to a shape through its containers.
    fn path(&self, tie: Tie) -> String {
        let (name, mut parent) = match tie {
            Tie::Leaf(at) => (&self.leaves[at], self.outline.leaves[at].parent),
            Tie::Box(at) => (&self.boxes[at], self.outline.boxes[at].parent),
        };
        let mut path = name.clone();
        while let Some(at) = parent {
            path = format!("{}.{path}", self.boxes[at]);
            parent = self.outline.boxes[at].parent;
        }
        path
    }
}

fn class(line: &Line) -> String {
    format!("line_{}", class_name(line.class))
}

/// The class of a category or a style: a prefix, so that none is a word of D2.
fn of(word: &str) -> String {
    format!("of_{}", names([word].into_iter(), &[])[0])
}

fn label(texts: &[String]) -> String {
    quote(&texts.join("\n"))
}

/// Text between quotes; `${` would be a variable.
pub(super) fn quote(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_backslashes_and_variables_are_harmless() {
        assert_eq!(quote("a \"b\"\n\\ ${c}"), "\"a \\\"b\\\"\\n\\\\ \\${c}\"");
    }
}
