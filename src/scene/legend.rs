//! The legend: only what occurs in the picture, in one row where it fits, else in columns under heads.

use super::canvas::{Canvas, On};
use super::chip::{number_badge, port_pill};
use super::line::{class_name, items as line_items};
use super::place::{border, fill, has_pattern};
use super::route::{Mark, Run};
use super::stage::{Stage, px, rect, stroke, text, text_width};
use super::tile::{colour, pill};
use super::{Group, Item, Paint, Tenths, mark};
use crate::layout::{Class, End};
use crate::view::words::Words;
use crate::view::{Care, Heads, STYLES, Style, View, caption};

/// One entry: a sample and a word.
pub(super) struct Entry {
    sample: Sample,
    words: String,
    /// How wide the sample is, with the space behind it.
    sample_width: Tenths,
}

enum Sample {
    Step(u32),
    Line(Class, Mark, Mark),
    Place(Style),
    Overlay,
    Port(String),
    Copies(String, String),
    Kind(String),
    Layer(u32, String),
    Care(Care, String),
}

/// Entries under one head.
pub(super) struct Section {
    pub(super) head: String,
    pub(super) entries: Vec<Entry>,
}

const PAD: Tenths = px(16);
const ROW: Tenths = px(24);
/// Rows of a section, where it is not too wide.
const ROWS: usize = 3;
/// Fewer kinds than this explain themselves.
const FEWEST_KINDS: usize = 4;

/// Paints the legend below the picture and returns its lower end.
pub(super) fn legend(canvas: &mut Canvas<'_>, sections: Vec<Section>) -> Tenths {
    let sections: Vec<Section> = sections.into_iter().filter(|s| !s.entries.is_empty()).collect();
    if sections.iter().flat_map(|section| &section.entries).all(Entry::is_plain) {
        return canvas.bottom;
    }
    let (top, left) = (canvas.bottom + px(16), canvas.left);
    let inner = canvas.right - canvas.left - 2 * PAD;
    let (high, items) = one_row(&sections, (left + PAD, top), inner, canvas.outlined)
        .unwrap_or_else(|| under_heads(&sections, (left + PAD, top), inner, canvas.outlined));
    let place = (left, top, canvas.right - left, high);
    let mut all = vec![rect(place, px(10), Paint::token("panel"), stroke(Paint::token("rule"), 10, ""))];
    all.extend(items);
    canvas.push(On::Frame, Group { class: "legend", items: all, ..Group::default() });
    top + high
}

/// What occurs in views that share a page.
pub(super) fn of_views(words: &Words, stages: &[Stage<'_>]) -> Vec<Section> {
    let views: Vec<&View> = stages.iter().map(|stage| stage.view).collect();
    let head = |key: &'static str| words.get(key).to_owned();
    let flow = views.iter().map(|view| caption::clean(&view.flow)).find(|flow| !flow.is_empty());
    vec![
        Section { head: flow.unwrap_or_else(|| head("head-flow")), entries: steps(&views) },
        Section { head: head("head-layers"), entries: layers(&views) },
        Section { head: head("head-lines"), entries: lines(words, stages) },
        Section { head: head("head-places"), entries: places(words, stages) },
        Section { head: head("head-kinds"), entries: kinds(words, &views) },
    ]
}

/// The steps of a flow that are drawn, each once.
fn steps(views: &[&View]) -> Vec<Entry> {
    let mut seen: Vec<u32> = Vec::new();
    let mut entries = Vec::new();
    for view in views {
        let drawn = |number: u32| view.edges.iter().any(|edge| edge.numbers.contains(&number));
        for step in view.steps.iter().filter(|step| drawn(step.number)) {
            if !seen.contains(&step.number) {
                seen.push(step.number);
                entries.push(Entry {
                    sample: Sample::Step(step.number),
                    words: caption::label(&step.text),
                    sample_width: px(caption::number_width(step.number) + 8),
                });
            }
        }
    }
    entries
}

/// The layers of several views, each once, in the colour of its first tile.
fn layers(views: &[&View]) -> Vec<Entry> {
    let mut seen: Vec<u32> = Vec::new();
    let mut entries = Vec::new();
    for view in views {
        for layer in &view.layers {
            let mut nodes = view.nodes.iter().filter(|node| node.marks.layer == Some(layer.number));
            if let Some(node) = nodes.next().filter(|_| !seen.contains(&layer.number)) {
                seen.push(layer.number);
                entries.push(Entry {
                    sample: Sample::Layer(layer.number, colour(&node.category)),
                    words: caption::label(&layer.text),
                    sample_width: mark::SIDE + px(8),
                });
            }
        }
    }
    entries
}

/// A line's entry.
pub(super) fn line(words: &Words, class: Class, start: Mark, end: Mark, key: &str) -> Entry {
    Entry { sample: Sample::Line(class, start, end), words: words.get(key).to_owned(), sample_width: px(46) }
}

fn lines(words: &Words, stages: &[Stage<'_>]) -> Vec<Entry> {
    let drawn = |stage: &Stage<'_>, at: usize| stage.runs.get(at).is_some_and(|run| run.points.len() > 1);
    let edges: Vec<_> = stages
        .iter()
        .flat_map(|stage| stage.view.edges.iter().enumerate().filter(|(at, _)| drawn(stage, *at)))
        .map(|(_, edge)| edge)
        .collect();
    let mut entries = Vec::new();
    for class in [Class::Request, Class::Async, Class::Replication, Class::Telemetry, Class::Attached] {
        let mut of_class = edges.iter().filter(|edge| edge.class == class).peekable();
        if of_class.peek().is_none() {
            continue;
        }
        let (start, end) = match class {
            Class::Replication if of_class.clone().any(|edge| edge.heads == Heads::Both) => {
                (Mark::Head, Mark::Head)
            }
            Class::Attached if of_class.any(|edge| edge.heads == Heads::None) => (Mark::Plain, Mark::Plain),
            _ => (Mark::Plain, Mark::Head),
        };
        entries.push(line(words, class, start, end, class_name(class)));
    }
    if edges.iter().any(|edge| matches!(edge.from, End::Group(_))) {
        entries.push(line(words, Class::Request, Mark::Dot, Mark::Head, "every-replica"));
    }
    entries
}

fn places(words: &Words, stages: &[Stage<'_>]) -> Vec<Entry> {
    let views = || stages.iter().map(|stage| stage.view);
    let told = |style: &Style| !matches!(style, Style::Cloud | Style::Region | Style::Vpc | Style::Plain);
    let occurs =
        |style: &Style| views().any(|view| view.containers.iter().any(|container| container.style == *style));
    let place =
        |sample: Sample, key: &str| Entry { sample, words: words.get(key).to_owned(), sample_width: px(34) };
    let mut entries: Vec<Entry> = STYLES
        .into_iter()
        .filter(|style| told(style) && occurs(style))
        .map(|style| place(Sample::Place(style), style.name()))
        .collect();
    // A group whose members stand too far apart has no frame.
    if stages.iter().any(|stage| stage.frames.iter().any(|frame| frame.2 > 0)) {
        entries.push(place(Sample::Overlay, "group"));
    }
    let mut edges = views().flat_map(|view| &view.edges);
    if let Some(edge) = edges.find(|edge| !edge.published.is_empty()) {
        let words = caption::clean(&edge.published);
        let sample_width = text_width(&words, 12, true) + px(16 + 8);
        entries.push(Entry {
            sample: Sample::Port(words),
            sample_width,
            ..place(Sample::Overlay, "published")
        });
    }
    if let Some(node) = views().flat_map(|view| &view.nodes).find(|node| node.copies > 1) {
        let words = caption::badge_text(node);
        let sample_width = (text_width(&words, 12, true) + px(12)).max(px(24)) + px(8);
        let sample = Sample::Copies(words, colour(&node.category));
        entries.push(Entry { sample, sample_width, ..place(Sample::Overlay, "replicas") });
    }
    for care in Care::ALL {
        let mut nodes = views().flat_map(|view| &view.nodes);
        if let Some(node) = nodes.find(|node| node.marks.care.contains(&care)) {
            let sample = Sample::Care(care, colour(&node.category));
            entries.push(Entry { sample_width: mark::SIDE + px(8), ..place(sample, care.name()) });
        }
    }
    entries
}

/// Categories in the order of the legend; others follow in the order of the description.
const KINDS: [&str; 10] = [
    "network",
    "compute",
    "database",
    "storage",
    "integration",
    "security",
    "management",
    "delivery",
    "external",
    "actor",
];

fn kinds(words: &Words, views: &[&View]) -> Vec<Entry> {
    of_kinds(words, views.iter().flat_map(|view| &view.nodes).map(|node| node.category.as_str()).collect())
}

/// The categories that occur, each once, unless they are few.
pub(super) fn of_kinds(words: &Words, mut names: Vec<&str>) -> Vec<Entry> {
    names.sort_by_key(|name| KINDS.iter().position(|known| known == name).unwrap_or(KINDS.len()));
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if !name.is_empty() && !seen.contains(&name) {
            seen.push(name);
        }
    }
    if seen.len() < FEWEST_KINDS {
        return Vec::new();
    }
    let entry = |name: &&str| Entry {
        sample: Sample::Kind((*name).to_owned()),
        words: words.get(name).to_owned(),
        sample_width: px(24),
    };
    seen.iter().map(entry).collect()
}

impl Entry {
    /// Whether it explains nothing where it stands alone: an arrow that everybody reads the same.
    fn is_plain(&self) -> bool {
        matches!(self.sample, Sample::Line(Class::Request, Mark::Plain, Mark::Head))
    }

    fn width(&self) -> Tenths {
        self.sample_width + text_width(&self.words, 12, false)
    }

    /// The entry with the middle of its left side at a point.
    fn items(&self, (x, y): (Tenths, Tenths), outlined: bool) -> Vec<Item> {
        let mut items = match &self.sample {
            Sample::Step(number) => number_badge((x, y), *number, outlined),
            Sample::Line(class, start, end) => {
                let run =
                    Run { points: vec![(x, y), (x + px(36), y)], start: *start, end: *end, ..Run::default() };
                line_items(&run, *class, outlined)
            }
            Sample::Place(style) => {
                let tokens = format!("box-{}", style.name());
                let inside = match outlined && has_pattern(*style) {
                    true => Paint::Pattern(style.name().to_owned()),
                    false => fill(*style, &tokens),
                };
                vec![rect((x, y - px(7), px(24), px(14)), px(4), inside, border(*style, &tokens))]
            }
            Sample::Overlay => {
                let border = stroke(Paint::token("box-group-stroke"), 16, "5 3");
                vec![rect((x, y - px(7), px(24), px(14)), px(4), Paint::token("box-group-fill"), border)]
            }
            Sample::Port(words) => port_pill((x + (self.sample_width - px(8)) / 2, y), words),
            Sample::Copies(words, colour) => {
                pill((x, y - px(9), self.sample_width - px(8), px(18)), words, colour)
            }
            Sample::Layer(number, colour) => mark::layer((x + mark::SIDE / 2, y), *number, colour),
            Sample::Care(care, colour) => mark::care((x + mark::SIDE / 2, y), *care, colour),
            Sample::Kind(category) => {
                let (place, colour) = ((x, y - px(8), px(16), px(16)), Paint::Token(colour(category)));
                match outlined {
                    true => {
                        let pattern = Paint::Pattern(category.clone());
                        vec![rect(place, px(3), pattern, stroke(colour, 13, ""))]
                    }
                    false => vec![rect(place, px(3), colour, None)],
                }
            }
        };
        items.push(text(
            (x + self.sample_width, y + 43),
            12,
            false,
            Paint::token("label"),
            self.words.clone(),
        ));
        items
    }
}

/// All entries in one row without heads, if they fit and are few.
fn one_row(
    sections: &[Section],
    at: (Tenths, Tenths),
    inner: Tenths,
    outlined: bool,
) -> Option<(Tenths, Vec<Item>)> {
    let entries: Vec<&Entry> = sections.iter().flat_map(|section| &section.entries).collect();
    let words: Tenths = entries.iter().map(|entry| entry.width()).sum();
    let gaps = entries.len() as Tenths - 1;
    if entries.len() > 10 || words + gaps * px(24) > inner {
        return None;
    }
    let gap = if gaps == 0 { 0 } else { ((inner - words) / gaps).min(px(40)) };
    let (high, mut x) = (px(48), at.0);
    let mut items = Vec::new();
    for entry in entries {
        items.extend(entry.items((x, at.1 + high / 2), outlined));
        x += entry.width() + gap;
    }
    Some((high, items))
}

/// Sections side by side, in as many bands as the width asks for.
fn under_heads(
    sections: &[Section],
    at: (Tenths, Tenths),
    inner: Tenths,
    outlined: bool,
) -> (Tenths, Vec<Item>) {
    let sized: Vec<(&Section, Columns)> =
        sections.iter().map(|section| (section, columns(section, inner))).collect();
    let mut bands: Vec<Vec<&(&Section, Columns)>> = Vec::new();
    let mut used = 0;
    for section in &sized {
        let wide = section.1.total;
        match bands.last_mut() {
            Some(band) if used + px(32) + wide <= inner => {
                used += px(32) + wide;
                band.push(section);
            }
            _ => {
                used = wide;
                bands.push(vec![section]);
            }
        }
    }
    let (mut items, mut top) = (Vec::new(), at.1);
    for band in &bands {
        let wide: Tenths = band.iter().map(|(_, columns)| columns.total).sum();
        let gaps = (band.len() as Tenths - 1).max(1);
        let gap = ((inner - wide) / gaps).min(px(72));
        let mut x = at.0;
        for (section, columns) in band {
            let head = text((x, top + px(22)), 11, true, Paint::token("quiet"), section.head.to_uppercase());
            items.push(tracked(head));
            for (index, entry) in section.entries.iter().enumerate() {
                let left: Tenths =
                    columns.widths[..index / columns.rows].iter().map(|w| w + COLUMN_GAP).sum();
                let row = (index % columns.rows) as Tenths;
                items.extend(entry.items((x + left, top + px(43) + row * ROW), outlined));
            }
            x += columns.total + gap;
        }
        let rows =
            band.iter().map(|(section, columns)| columns.rows.min(section.entries.len())).max().unwrap_or(1);
        top += px(48) + (rows as Tenths - 1) * ROW + px(12);
    }
    (top - at.1 + px(4), items)
}

const COLUMN_GAP: Tenths = px(24);

struct Columns {
    rows: usize,
    widths: Vec<Tenths>,
    total: Tenths,
}

/// The columns of a section: three rows, more where it would be too wide.
fn columns(section: &Section, inner: Tenths) -> Columns {
    let head =
        text_width(&section.head.to_uppercase(), 11, true) + px(section.head.chars().count() as i32) * 6 / 10;
    let fitted = |rows: usize| {
        let widest = |chunk: &[Entry]| chunk.iter().map(Entry::width).max().unwrap_or(0);
        let widths: Vec<Tenths> = section.entries.chunks(rows).map(widest).collect();
        let total = widths.iter().map(|w| w + COLUMN_GAP).sum::<Tenths>() - COLUMN_GAP;
        Columns { rows, widths, total: total.max(head) }
    };
    let most = section.entries.len().max(ROWS);
    (ROWS..most).map(fitted).find(|columns| columns.total <= inner).unwrap_or_else(|| fitted(most))
}

fn tracked(item: Item) -> Item {
    match item {
        Item::Text { at, size, bold, anchor, fill, text, .. } => {
            Item::Text { at, size, bold, anchor, fill, text, tracking: 6 }
        }
        other => other,
    }
}
