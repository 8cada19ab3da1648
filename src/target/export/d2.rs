//! D2: a shape for each leaf, a container for each box.

use super::outline::{Line, Outline, Tie};
use super::pen::{Pen, class_of};
use crate::layout::Class;
use crate::scene::class_name;
use crate::scene::theme::Theme;
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
        self.pen.line(0, &format!("direction: {}", if outline.right { "right" } else { "down" }));
        let title = self.pen.heading();
        if !title.is_empty() {
            self.pen.line(0, &format!("title: {} {{", label(&title)));
            self.pen.line(1, "shape: text");
            self.pen.line(1, "near: top-center");
            self.pen.line(1, "style.font-size: 24");
            self.pen.line(0, "}");
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
            self.pen.line(0, &format!("{from} {arrow} {to}: {words}{{ class: {} }}", class(line)));
        }
    }

    /// How leaves, boxes and lines of each sort look; only the sorts that occur.
    fn classes(&mut self) {
        let outline = self.pen.outline;
        self.pen.line(0, "classes: {");
        for category in self.pen.categories().into_iter().filter(|category| !category.is_empty()) {
            let [fill, stroke, letters] = self.pen.of_leaf(category);
            self.pen.line(1, &format!("{}: {{", class_of(category)));
            for (name, value) in [("fill", &fill), ("stroke", &stroke), ("font-color", &letters)] {
                self.pen.line(2, &format!("style.{name}: {}", quote(value)));
            }
            self.pen.line(2, "style.border-radius: 8");
            self.pen.line(1, "}");
        }
        let mut styles: Vec<_> = outline.boxes.iter().map(|place| place.style).collect();
        styles.sort_unstable();
        styles.dedup();
        for style in styles {
            let token = |part: &str| Pen::of_box(style, part);
            let fill = if self.pen.theme.has(&token("fill")) {
                // D2 takes no translucent colours.
                self.pen.theme.ground(&[token("fill")]).to_string()
            } else {
                self.pen.colour("page")
            };
            let (stroke, title) = (self.pen.colour(token("stroke")), self.pen.colour(token("title")));
            self.pen.line(1, &format!("{}: {{", class_of(style.name())));
            for (name, value) in [("fill", fill), ("stroke", stroke), ("font-color", title)] {
                self.pen.line(2, &format!("style.{name}: {}", quote(&value)));
            }
            self.pen.line(2, "style.border-radius: 10");
            self.pen.line(1, "}");
        }
        let mut classes: Vec<Class> = outline.lines.iter().map(|line| line.class).collect();
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            let stroke = self.pen.colour(format!("line-{}", class_name(class)));
            self.pen.line(1, &format!("line_{}: {{", class_name(class)));
            self.pen.line(2, &format!("style.stroke: {}", quote(&stroke)));
            match class {
                Class::Request | Class::Replication => {}
                Class::Async => self.pen.line(2, "style.stroke-dash: 5"),
                Class::Telemetry | Class::Attached => self.pen.line(2, "style.stroke-dash: 2"),
            }
            self.pen.line(1, "}");
        }
        self.pen.line(0, "}");
    }

    fn inside(&mut self, parent: Option<usize>, depth: usize) {
        let outline = self.pen.outline;
        for at in outline.leaves_in(parent) {
            let leaf = &outline.leaves[at];
            let name = self.pen.name(Tie::Leaf(at)).to_owned();
            if leaf.texts.is_empty() {
                self.pen.line(
                    depth,
                    &format!("{name}: \"\" {{ shape: circle; width: 8; height: 8; style.opacity: 0 }}"),
                );
                continue;
            }
            let mut fields = vec![format!("class: {}", class_of(&leaf.category))];
            fields.extend((leaf.copies > 1).then(|| "style.multiple: true".to_owned()));
            fields.extend((!leaf.link.is_empty()).then(|| format!("link: {}", quote(&leaf.link))));
            self.pen.line(depth, &format!("{name}: {} {{ {} }}", label(&leaf.texts), fields.join("; ")));
        }
        for at in outline.boxes_in(parent) {
            let place = &outline.boxes[at];
            let name = self.pen.name(Tie::Box(at)).to_owned();
            self.pen.line(depth, &format!("{name}: {} {{", label(&place.texts)));
            self.pen.line(depth + 1, &format!("class: {}", class_of(place.style.name())));
            self.inside(Some(at), depth + 1);
            self.pen.line(depth, "}");
        }
    }

    /// The way to a shape through its containers.
    fn path(&self, tie: Tie) -> String {
        let mut parent = match tie {
            Tie::Leaf(at) => self.pen.outline.leaves[at].parent,
            Tie::Box(at) => self.pen.outline.boxes[at].parent,
        };
        let mut path = self.pen.name(tie).to_owned();
        while let Some(at) = parent {
            path = format!("{}.{path}", self.pen.name(Tie::Box(at)));
            parent = self.pen.outline.boxes[at].parent;
        }
        path
    }
}

fn class(line: &Line) -> String {
    format!("line_{}", class_name(line.class))
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
