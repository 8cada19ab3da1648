//! A view for tools that lay out themselves: boxes, leaves, and lines between them.
//!
//! Such tools know no frames over several boxes and no lines that share a way: a line of a frame becomes one line for each
//! leaf that it stands for, each leaf says which frame it is in, and each line of a trunk says what the trunk says.

use crate::layout::{Class, Direction, End, Layout, Sort};
use crate::view::sequence::Sequence;
use crate::view::{Edge, Heads, Sheet, Style, View, caption};

use super::Drawn;

/// A picture in plain words.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Stable name.
    pub id: String,
    /// System and view.
    pub title: String,
    /// Environment, provider, region.
    pub subtitle: String,
    /// What the picture says, in sentences.
    pub description: String,
    /// Whether the flow runs from left to right.
    pub right: bool,
    /// Boxes; a parent stands before its children.
    pub boxes: Vec<Place>,
    /// Leaves.
    pub leaves: Vec<Leaf>,
    /// Lines.
    pub lines: Vec<Line>,
}

/// A box.
#[derive(Debug, Clone)]
pub struct Place {
    /// Stable name.
    pub id: String,
    /// Title and quiet line, those that there are.
    pub texts: Vec<String>,
    /// The box around it, by index.
    pub parent: Option<usize>,
    /// How it is painted.
    pub style: Style,
}

/// A leaf.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Stable name.
    pub id: String,
    /// Title and quiet line, those that there are; none for a point that only holds the end of a line.
    pub texts: Vec<String>,
    /// The box it stands in, by index.
    pub parent: Option<usize>,
    /// Which colour it has.
    pub category: String,
    /// How many equal copies it stands for.
    pub copies: u32,
    /// Whether it is drawn as a person.
    pub person: bool,
    /// Where it leads; empty for nowhere.
    pub link: String,
}

/// What a line is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// A leaf, by index.
    Leaf(usize),
    /// A box, by index; never one around the line's other end.
    Box(usize),
}

/// A line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it starts.
    pub from: Tie,
    /// Where it ends.
    pub to: Tie,
    /// What flows.
    pub class: Class,
    /// Which ends have an arrowhead.
    pub heads: Heads,
    /// Steps, port and words; empty for none.
    pub label: String,
    /// What the line says, in a sentence.
    pub sentence: String,
}

/// The outline of a picture. Of several views, each gets a box; a sequence becomes numbered lines.
pub fn outline(drawn: &Drawn<'_>) -> Outline {
    match drawn {
        Drawn::Views(_, views) if views.len() == 1 => of_view(views[0].0, views[0].1),
        Drawn::Views(sheet, views) => {
            let mut whole = around(sheet);
            for (view, layout) in views {
                whole.add(of_view(view, layout));
            }
            whole
        }
        Drawn::Sequence(sequence, _) => of_sequence(sequence),
    }
}

fn around(sheet: &Sheet) -> Outline {
    Outline {
        id: sheet.id.clone(),
        title: caption::clean(&sheet.title),
        subtitle: caption::clean(&sheet.subtitle),
        description: caption::clean(&sheet.description),
        ..Outline::default()
    }
}

fn of_view(view: &View, layout: &Layout) -> Outline {
    let mut outline = Outline {
        right: right(view, layout),
        boxes: view.containers.iter().map(place).collect(),
        leaves: view.nodes.iter().map(leaf).collect(),
        ..around(&view.sheet)
    };
    for (leaf, node) in outline.leaves.iter_mut().zip(&view.nodes) {
        leaf.texts.extend(Some(view.signs(node)).filter(|signs| !signs.is_empty()));
    }
    for group in &view.groups {
        let frame = texts(&group.title, &group.quiet).join(": ");
        for leaf in group.members.iter().filter(|_| !frame.is_empty()) {
            if let Some(leaf) = outline.leaves.get_mut(*leaf) {
                leaf.texts.push(frame.clone());
            }
        }
    }
    for edge in &view.edges {
        for (from, to) in pairs(view, edge) {
            let (from, to) = (outline.tie(from, to), outline.tie(to, from));
            if let (Some(from), Some(to)) = (from, to) {
                let (class, heads) = (edge.class, edge.heads);
                let (label, sentence) = (label(view, edge), caption::clean(&edge.sentence));
                outline.lines.push(Line { from, to, class, heads, label, sentence });
            }
        }
    }
    outline
}

fn of_sequence(sequence: &Sequence) -> Outline {
    let there = |party: usize| party < sequence.parties.len();
    let messages = sequence.messages.iter().filter(|message| there(message.from) && there(message.to));
    let lines = messages.map(|message| {
        let number = message.number.map(|number| format!("({number})")).unwrap_or_default();
        let parts = [number, caption::clean(&message.text), caption::clean(&message.quiet)];
        Line {
            from: Tie::Leaf(message.from),
            to: Tie::Leaf(message.to),
            class: message.class(),
            heads: Heads::End,
            label: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            sentence: caption::clean(&message.sentence),
        }
    });
    Outline {
        right: true,
        leaves: sequence.parties.iter().map(leaf).collect(),
        lines: lines.collect(),
        ..around(&sequence.sheet)
    }
}

fn texts(title: &str, quiet: &str) -> Vec<String> {
    [title, quiet].into_iter().map(caption::clean).filter(|text| !text.is_empty()).collect()
}

fn place(container: &crate::view::Container) -> Place {
    let texts = texts(&container.title, &container.quiet);
    Place { id: container.id.clone(), texts, parent: container.parent, style: container.style }
}

fn leaf(node: &crate::view::Node) -> Leaf {
    let mut texts = texts(&node.title, &node.quiet);
    if texts.is_empty() {
        texts.push(node.id.clone());
    }
    if node.copies > 1 {
        texts[0] = format!("{} {}", texts[0], caption::badge_text(node));
    }
    if let Some(card) = &node.card {
        let rows = std::iter::once(&card.text).chain(card.rows.iter().map(|row| &row.text));
        texts.extend(rows.map(|text| caption::clean(text)).filter(|text| !text.is_empty()));
    }
    Leaf {
        id: node.id.clone(),
        texts,
        parent: node.parent,
        category: node.category.clone(),
        copies: node.copies,
        person: node.role == crate::layout::Role::Actor,
        link: node.detail.link.clone(),
    }
}

/// Steps, published port and words of a line; those of a trunk stand on its first line alone.
pub(super) fn label(view: &View, edge: &Edge) -> String {
    let mates = view.edges.iter().filter(|mate| mate.trunk.is_some() && mate.trunk == edge.trunk);
    let said = std::iter::once(edge).chain(mates).find(|edge| !edge.label.is_empty());
    let numbers: Vec<String> = edge.numbers.iter().map(|number| format!("({number})")).collect();
    let words = said.map_or("", |edge| &edge.label);
    let parts = [numbers.join(" "), caption::clean(&edge.published), caption::clean(words)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The ends that a line stands for: its own, and where one is a frame, the leaves that it leads to.
fn pairs(view: &View, edge: &Edge) -> Vec<(End, End)> {
    let is_group = |end: End| matches!(end, End::Group(_));
    if !is_group(edge.from) && !is_group(edge.to) {
        return vec![(edge.from, edge.to)];
    }
    let mut pairs: Vec<(End, End)> = edge.covers.iter().map(|part| (part.from, part.to)).collect();
    pairs.retain(|(from, to)| !is_group(*from) && !is_group(*to));
    if pairs.is_empty() {
        let members = |end: End| match end {
            End::Group(group) => {
                let members = view.groups.get(group).map(|group| &group.members[..]).unwrap_or_default();
                members.iter().map(|node| End::Node(*node)).collect()
            }
            end => vec![end],
        };
        let targets = members(edge.to);
        pairs = members(edge.from).into_iter().flat_map(|a| targets.iter().map(move |b| (a, *b))).collect();
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

impl Outline {
    /// Puts another outline into a box of its own.
    fn add(&mut self, other: Outline) {
        let (boxes, leaves) = (self.boxes.len() + 1, self.leaves.len());
        let own = texts(&other.title, &other.subtitle);
        self.boxes.push(Place { id: other.id.clone(), texts: own, parent: None, style: Style::Plain });
        let outer = Some(boxes - 1);
        let inside = |parent: Option<usize>| parent.map_or(outer, |at| Some(at + boxes));
        let tie = |tie: Tie| match tie {
            Tie::Leaf(at) => Tie::Leaf(at + leaves),
            Tie::Box(at) => Tie::Box(at + boxes),
        };
        // Two views may show the same element.
        let named = |id: &str| format!("{}/{id}", other.id);
        self.boxes.extend(other.boxes.into_iter().map(|place| Place {
            id: named(&place.id),
            parent: inside(place.parent),
            ..place
        }));
        self.leaves.extend(other.leaves.into_iter().map(|leaf| Leaf {
            id: named(&leaf.id),
            parent: inside(leaf.parent),
            ..leaf
        }));
        let lines = other.lines.into_iter();
        self.lines.extend(lines.map(|line| Line { from: tie(line.from), to: tie(line.to), ..line }));
        self.right |= other.right;
    }

    /// What an end is tied to. A box around the other end cannot hold it: a point inside of the box does.
    fn tie(&mut self, end: End, other: End) -> Option<Tie> {
        match end {
            End::Node(node) => (node < self.leaves.len()).then_some(Tie::Leaf(node)),
            End::Container(place) if place >= self.boxes.len() => None,
            End::Container(place) if self.around(other).contains(&place) => {
                Some(Tie::Leaf(self.point(place)))
            }
            End::Container(place) => Some(Tie::Box(place)),
            End::Group(_) => None,
        }
    }

    /// The boxes around an end, the innermost first.
    fn around(&self, end: End) -> Vec<usize> {
        let mut next = match end {
            End::Node(node) => self.leaves.get(node).and_then(|leaf| leaf.parent),
            End::Container(place) => self.boxes.get(place).and_then(|place| place.parent),
            End::Group(_) => None,
        };
        let mut around = Vec::new();
        while let Some(place) = next.filter(|place| *place < self.boxes.len()) {
            around.push(place);
            next = self.boxes[place].parent;
        }
        around
    }

    /// The point in a box that holds ends of lines from inside of it.
    fn point(&mut self, place: usize) -> usize {
        let id = format!("{}@border", self.boxes[place].id);
        if let Some(at) = self.leaves.iter().position(|leaf| leaf.texts.is_empty() && leaf.id == id) {
            return at;
        }
        self.leaves.push(Leaf {
            id,
            texts: Vec::new(),
            parent: Some(place),
            category: String::new(),
            copies: 1,
            person: false,
            link: String::new(),
        });
        self.leaves.len() - 1
    }

    /// The boxes in a box, or on the page.
    pub(super) fn boxes_in(&self, parent: Option<usize>) -> impl Iterator<Item = usize> {
        (0..self.boxes.len()).filter(move |at| self.boxes[*at].parent == parent)
    }

    /// The leaves in a box, or on the page.
    pub(super) fn leaves_in(&self, parent: Option<usize>) -> impl Iterator<Item = usize> {
        (0..self.leaves.len()).filter(move |at| self.leaves[*at].parent == parent)
    }
}

/// Which way the flow runs: as the view says, else as the layout chose, which goes down through zones.
fn right(view: &View, layout: &Layout) -> bool {
    match view.direction {
        Direction::Right => return true,
        Direction::Down => return false,
        Direction::Auto => {}
    }
    if view.containers.iter().any(|container| matches!(container.sort, Sort::Zone | Sort::Tier(_))) {
        return false;
    }
    let middle = |end: End| {
        let area = match end {
            End::Node(at) => layout.tiles.get(at),
            End::Container(at) => layout.containers.get(at),
            End::Group(at) => layout.groups.get(at),
        }?;
        Some((i64::from(area.x.0) + i64::from(area.w.0) / 2, i64::from(area.y.0) + i64::from(area.h.0) / 2))
    };
    let requests = view.edges.iter().filter(|edge| edge.class == Class::Request);
    let (mut along, mut down) = (0, 0);
    for (from, to) in requests.filter_map(|edge| Some((middle(edge.from)?, middle(edge.to)?))) {
        along += (to.0 - from.0).max(0);
        down += (to.1 - from.1).max(0);
    }
    along > down
}
