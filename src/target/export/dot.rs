//! Graphviz: a directed graph with a cluster for each box.

use super::outline::{Line, Outline, Tie};
use super::pen::Pen;
use crate::layout::Class;
use crate::scene::class_name;
use crate::scene::theme::Theme;
use crate::view::Heads;

/// The outline as a graph.
pub(super) fn write(outline: &Outline, theme: &Theme) -> String {
    let mut writer = Writer { pen: Pen::new(outline, theme, &[]) };
    writer.document();
    writer.pen.out
}

struct Writer<'a> {
    pen: Pen<'a>,
}

impl Writer<'_> {
    fn document(&mut self) {
        let outline = self.pen.outline;
        self.pen.line(0, &format!("digraph {} {{", quote(&outline.id)));
        let title = self.pen.heading();
        let (ink, font) = (self.pen.colour("ink"), "Noto Sans,Helvetica,Arial,sans-serif");
        let rank = if outline.right { "LR" } else { "TB" };
        self.pen.line(
            1,
            &format!(
                "graph [label={}, labelloc=t, labeljust=l, fontsize=18, fontname=\"{font}\", fontcolor=\"{ink}\", \
                 rankdir={rank}, compound=true, charset=\"UTF-8\", ranksep=0.7, bgcolor=\"{}\"];",
                label(&title),
                self.pen.colour("page")
            ),
        );
        self.pen.line(
            1,
            &format!(
                "node [shape=box, style=\"rounded,filled\", margin=\"0.2,0.12\", fontsize=12, \
                 fontname=\"{font}\"];"
            ),
        );
        self.pen.line(
            1,
            &format!("edge [fontsize=11, fontname=\"{font}\", fontcolor=\"{ink}\", arrowsize=0.7];"),
        );
        self.inside(None, 1);
        for line in &outline.lines {
            let text = self.arrow(line);
            self.pen.line(1, &text);
        }
        self.pen.line(0, "}");
    }

    fn inside(&mut self, parent: Option<usize>, depth: usize) {
        let outline = self.pen.outline;
        for at in outline.leaves_in(parent) {
            let leaf = &outline.leaves[at];
            let id = quote(&leaf.id);
            if leaf.texts.is_empty() {
                self.pen.line(depth, &format!("{id} [shape=point, style=invis];"));
                continue;
            }
            let [fill, stroke, letters] = self.pen.of_leaf(&leaf.category);
            let stacked = if leaf.copies > 1 { ", peripheries=2" } else { "" };
            let colours = format!("fillcolor=\"{fill}\", color=\"{stroke}\", fontcolor=\"{letters}\"");
            let link = match leaf.link.is_empty() {
                true => String::new(),
                false => format!(", URL={}", quote(&leaf.link)),
            };
            self.pen.line(depth, &format!("{id} [label={}, {colours}{stacked}{link}];", label(&leaf.texts)));
        }
        for at in outline.boxes_in(parent) {
            let place = &outline.boxes[at];
            let token = |part: &str| Pen::of_box(place.style, part);
            self.pen.line(depth, &format!("subgraph {} {{", quote(&cluster(&place.id))));
            let fill = match self.pen.theme.has(&token("fill")) {
                true => {
                    format!(", style=\"rounded,filled\", fillcolor=\"{}\"", self.pen.colour(token("fill")))
                }
                false => ", style=\"rounded\"".to_owned(),
            };
            let (stroke, title) = (self.pen.colour(token("stroke")), self.pen.colour(token("title")));
            self.pen.line(
                depth + 1,
                &format!(
                    "graph [label={}, fontsize=12, fontcolor=\"{title}\", color=\"{stroke}\"{fill}];",
                    label(&place.texts)
                ),
            );
            self.inside(Some(at), depth + 1);
            // A cluster without a leaf is not drawn.
            if self.first_leaf(at).is_none() {
                self.pen.line(depth + 1, &format!("{} [shape=point, style=invis];", quote(&hold(&place.id))));
            }
            self.pen.line(depth, "}");
        }
    }

    /// The first leaf in a box, however deep.
    fn first_leaf(&self, place: usize) -> Option<&str> {
        let outline = self.pen.outline;
        let own = outline.leaves_in(Some(place)).next().map(|at| outline.leaves[at].id.as_str());
        own.or_else(|| outline.boxes_in(Some(place)).find_map(|inner| self.first_leaf(inner)))
    }

    /// The leaf at an end, and the attribute that clips the line at the border of its cluster.
    fn end(&self, tie: Tie, clip: &str) -> (String, String) {
        match tie {
            Tie::Leaf(at) => (quote(&self.pen.outline.leaves[at].id), String::new()),
            Tie::Box(at) => {
                let id = &self.pen.outline.boxes[at].id;
                let leaf = self.first_leaf(at).map_or_else(|| quote(&hold(id)), quote);
                (leaf, format!(", {clip}={}", quote(&cluster(id))))
            }
        }
    }

    fn arrow(&self, line: &Line) -> String {
        let ((from, tail), (to, head)) = (self.end(line.from, "ltail"), self.end(line.to, "lhead"));
        let style = match line.class {
            Class::Request | Class::Replication => "solid",
            Class::Async => "dashed",
            Class::Telemetry | Class::Attached => "dotted",
        };
        let direction = match line.heads {
            Heads::End => "forward",
            Heads::Both => "both",
            Heads::None => "none",
        };
        let colour = self.pen.colour(format!("line-{}", class_name(line.class)));
        let words =
            if line.label.is_empty() { String::new() } else { format!(", label={}", quote(&line.label)) };
        let tip = quote(&line.sentence);
        format!(
            "{from} -> {to} [style={style}, dir={direction}, color=\"{colour}\"{words}, edgetooltip={tip}{tail}{head}];"
        )
    }
}

/// Clusters are known by the start of their name.
fn cluster(id: &str) -> String {
    format!("cluster_{id}")
}

/// The name of the point that keeps an empty cluster.
fn hold(id: &str) -> String {
    format!("{id}@empty")
}

fn label(texts: &[String]) -> String {
    let lines: Vec<String> = texts.iter().map(|text| escape(text)).collect();
    format!("\"{}\"", lines.join("\\n"))
}

fn quote(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

/// Text between quotes. Graphviz reads entities of HTML and backslashes in labels.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_backslashes_and_entities_are_harmless() {
        assert_eq!(quote("a \"b\" \\N &lt; c\\"), "\"a \\\"b\\\" \\\\N &amp;lt; c\\\\\"");
    }
}
