//! What one diagram shows, free of the model: nodes, containers, groups and lines with their texts.
//!
//! Kinds, categories and icons are text tokens here, so the stages behind need to know neither catalog nor
//! model. [`graph`] measures the texts and hands sizes to the layout; the scene paints the same texts.

pub mod build;
pub mod caption;
pub mod card;
pub mod font;
pub mod geometry;
mod graph;
mod picture;
pub mod reduce;
pub mod sequence;
pub mod words;

pub use graph::graph;
pub use picture::{About, Beside, Picture, Shows};

use crate::layout::{Class, Direction, End, Place, Role, Sort};
use reduce::{Line, Stretch};
use words::Words;

/// The side of a tile, in px.
pub const TILE: i32 = 64;

/// What every sort of picture has: its name, what stands around it, and what it says in words.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Stable name, unique among the pictures of a system (`prod-network`); the prefix of every id in the SVG.
    pub id: String,
    /// System and view (`Shop · network`).
    pub title: String,
    /// Environment, provider and region, what is special.
    pub subtitle: String,
    /// What the picture says, in sentences: for readers who cannot see it.
    pub description: String,
    /// Language of the generated words (`en`, `es`).
    pub language: String,
    /// The words that the legend adds.
    pub words: Words,
    /// Where the picture comes from (`archgen.yaml · prod · digest 3f9c2a1b`); the caller fills it in.
    pub footnote: String,
}

/// One diagram.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// What stands around it.
    pub sheet: Sheet,
    /// Which way the flow runs.
    pub direction: Direction,
    /// Boxes; a parent stands before its children.
    pub containers: Vec<Container>,
    /// Leaves, in the order of the description.
    pub nodes: Vec<Node>,
    /// Frames over leaves of several containers.
    pub groups: Vec<Group>,
    /// Lines, as they are drawn.
    pub edges: Vec<Edge>,
    /// The lines between single copies that the drawn ones stand for.
    pub lines: Vec<Line>,
    /// The steps of the numbered flow, in words, in order.
    pub steps: Vec<Step>,
    /// What the flow is called; heads its part of the legend.
    pub flow: String,
    /// The layers that are numbered, in order.
    pub layers: Vec<Step>,
}

/// What readers find behind a leaf.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detail {
    /// One sentence, shown on hover.
    pub tip: String,
    /// A page about it; empty for none.
    pub link: String,
}

/// Small signs on the corners of a tile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The number of its layer, on the upper left corner.
    pub layer: Option<u32>,
    /// What looks after it, on the lower right corner.
    pub care: Vec<Care>,
}

/// What looks after something unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// Copies of its data are kept.
    Backup,
    /// Somebody is told when a value passes its limit.
    Alarm,
}

impl Care {
    /// All, in the order of the legend.
    pub const ALL: [Care; 2] = [Care::Backup, Care::Alarm];

    /// The key of its word.
    pub fn name(self) -> &'static str {
        match self {
            Care::Backup => "backup",
            Care::Alarm => "alarm",
        }
    }
}

/// A leaf.
#[derive(Debug, Clone)]
pub struct Node {
    /// Stable name (`backend`, `backend@a`).
    pub id: String,
    /// The id of its kind, for `data-kind`.
    pub kind: String,
    /// Which colour it has; a token of the theme (`compute`, `database` …).
    pub category: String,
    /// Name of the icon.
    pub icon: String,
    /// First line, bold.
    pub title: String,
    /// Second line: what the title does not say.
    pub quiet: String,
    /// How many equal copies the tile stands for; a stack with `×N` from 2 on.
    pub copies: u32,
    /// What stands on the stack's badge instead of `×N` (`×2–6`).
    pub badge: String,
    /// What is listed inside of it: it is drawn as a card instead of a tile.
    pub card: Option<Card>,
    /// The container it stands in, by index.
    pub parent: Option<usize>,
    /// Its part in the picture.
    pub role: Role,
    /// Where the author wants it.
    pub place: Option<Place>,
    /// Stands after this node, by index.
    pub after: Option<usize>,
    /// Which zone's copy it is (0 = first) and of which node (index of the first copy).
    pub copy_of: Option<(usize, usize)>,
    /// What readers find behind it.
    pub detail: Detail,
    /// Small signs on its corners.
    pub marks: Marks,
}

/// What a leaf lists that says more than a tile can: the steps of a job, what a system is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// Words below the title.
    pub text: String,
    /// Rows with a small tile each.
    pub rows: Vec<CardRow>,
}

/// A row of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardRow {
    /// Which colour it has.
    pub category: String,
    /// Name of the icon.
    pub icon: String,
    /// What is done.
    pub text: String,
}

/// A box around others.
#[derive(Debug, Clone)]
pub struct Container {
    /// Stable name.
    pub id: String,
    /// The id of its kind, for `data-kind`.
    pub kind: String,
    /// How it is painted.
    pub style: Style,
    /// Bold title.
    pub title: String,
    /// What stands beside or below the title.
    pub quiet: String,
    /// Name of the icon on the badge; empty for the style's own.
    pub icon: String,
    /// The container around it, by index.
    pub parent: Option<usize>,
    /// What sort of box it is, as far as placing goes.
    pub sort: Sort,
}

/// How a container is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// A provider.
    Cloud,
    /// A region of a provider.
    Region,
    /// A private network.
    Vpc,
    /// An availability zone.
    Zone,
    /// A subnet that the internet reaches.
    SubnetPublic,
    /// A subnet with a way out only.
    SubnetPrivate,
    /// A subnet without a route to the internet.
    SubnetIsolated,
    /// A machine, or what stands for one.
    Host,
    /// A container network.
    Network,
    /// Anything else.
    Plain,
}

/// All styles, in the order of the legend.
pub const STYLES: [Style; 10] = [
    Style::Cloud,
    Style::Region,
    Style::Vpc,
    Style::SubnetPublic,
    Style::SubnetPrivate,
    Style::SubnetIsolated,
    Style::Zone,
    Style::Host,
    Style::Network,
    Style::Plain,
];

impl Style {
    /// The name in themes, classes and `data-style`.
    pub fn name(self) -> &'static str {
        match self {
            Style::Cloud => "cloud",
            Style::Region => "region",
            Style::Vpc => "vpc",
            Style::Zone => "zone",
            Style::SubnetPublic => "subnet-public",
            Style::SubnetPrivate => "subnet-private",
            Style::SubnetIsolated => "subnet-isolated",
            Style::Host => "host",
            Style::Network => "network",
            Style::Plain => "plain",
        }
    }

    /// The icon of a container that names none.
    pub fn icon(self) -> &'static str {
        match self {
            Style::Host => "server",
            Style::Plain => "cluster",
            other => other.name(),
        }
    }
}

/// A frame over leaves of several containers.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Stable name.
    pub id: String,
    /// The id of its kind, for `data-kind`.
    pub kind: String,
    /// Bold title.
    pub title: String,
    /// What stands below the title.
    pub quiet: String,
    /// Name of the icon beside the title.
    pub icon: String,
    /// The leaves, by index.
    pub members: Vec<usize>,
}

/// A line.
#[derive(Debug, Clone)]
pub struct Edge {
    /// Stable name (`backend->db`).
    pub id: String,
    /// Where it starts.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What flows.
    pub class: Class,
    /// Which ends have an arrowhead.
    pub heads: Heads,
    /// Protocol and port, or the author's words; empty for none.
    pub label: String,
    /// Numbers of the flow's steps that go along it.
    pub numbers: Vec<u32>,
    /// The port published on the machine that the line enters (`8080:80`); empty for none.
    pub published: String,
    /// Lines with the same number share a way from their common end: a trunk, whose first line has the label.
    pub trunk: Option<usize>,
    /// What the line says, in a sentence: for readers who cannot see it.
    pub sentence: String,
    /// The parts of lines between single copies that it stands for.
    pub covers: Vec<Stretch>,
}

/// Which ends of a line have an arrowhead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Heads {
    /// Where it ends.
    #[default]
    End,
    /// Both.
    Both,
    /// None.
    None,
}

/// A step of the flow.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Its number in the picture.
    pub number: u32,
    /// What happens, in a few words.
    pub text: String,
}

impl Sheet {
    /// All texts that are drawn.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [&self.title, &self.subtitle, &self.footnote].into_iter().map(String::as_str)
    }
}

impl View {
    /// What the signs of a leaf say, in words: its layer, and what looks after it.
    pub fn signs(&self, node: &Node) -> String {
        let layers = self.layers.iter().filter(|layer| node.marks.layer == Some(layer.number));
        let layers = layers.map(|layer| format!("{}. {}", layer.number, caption::clean(&layer.text)));
        let care = node.marks.care.iter().map(|care| self.sheet.words.get(care.name()).to_owned());
        layers.chain(care).collect::<Vec<_>>().join(", ")
    }

    /// All texts that are drawn, in drawing order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let frame = [&self.flow];
        let containers = self.containers.iter().flat_map(|c| [&c.title, &c.quiet]);
        let nodes = self.nodes.iter().flat_map(|n| [&n.title, &n.quiet, &n.badge]);
        let cards = self.nodes.iter().flat_map(|n| &n.card);
        let cards =
            cards.flat_map(|card| std::iter::once(&card.text).chain(card.rows.iter().map(|row| &row.text)));
        let groups = self.groups.iter().flat_map(|g| [&g.title, &g.quiet]);
        let edges = self.edges.iter().flat_map(|e| [&e.label, &e.published]);
        let steps = self.steps.iter().chain(&self.layers).map(|s| &s.text);
        let all = frame
            .into_iter()
            .chain(containers)
            .chain(nodes)
            .chain(cards)
            .chain(groups)
            .chain(edges)
            .chain(steps);
        self.sheet.texts().chain(all.map(String::as_str))
    }

    /// The characters that the embedded font lacks, sorted, each once. They are drawn as boxes in PNG and
    /// with a font of the reader's machine in SVG.
    pub fn lacking(&self) -> Vec<char> {
        let mut all: Vec<char> = self.texts().flat_map(font::lacking).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
