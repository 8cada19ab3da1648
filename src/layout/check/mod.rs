//! P11: counts everything in a picture that a reader would trip over. It shares no code with what makes the picture, so that
//! neither can hide the other's mistakes.

mod bounds;
mod boxes;
mod drawn;
mod ends;
mod labels;
mod lines;
mod quality;
mod rows;
mod trunks;

use super::{Graph, Layout};
use drawn::Drawn;
pub use quality::{Quality, quality};

/// Counts all that is wrong with a layout of `graph`.
pub fn check(graph: &Graph, layout: &Layout) -> Report {
    let drawn = Drawn::new(graph, layout);
    let mut found = Found::default();
    boxes::count(&drawn, &mut found);
    rows::count(&drawn, &mut found);
    lines::count(&drawn, &mut found);
    ends::count(&drawn, &mut found);
    labels::count(&drawn, &mut found);
    found.report()
}

/// What is wrong with a layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every count by name, those that are zero included, in a fixed order.
    pub counts: Vec<(&'static str, usize)>,
    /// The count and the names of what is concerned; the first two hundred.
    pub details: Vec<String>,
}

impl Report {
    /// The sum of all counts.
    pub fn violations(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// The count with this name.
    pub fn count(&self, name: &str) -> usize {
        self.counts.iter().find(|(known, _)| *known == name).map_or(0, |(_, count)| *count)
    }

    /// The counts that are not zero.
    pub fn broken(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.counts.iter().copied().filter(|(_, count)| *count > 0)
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    NodeOverlap,
    NotInContainer,
    ForeignInContainer,
    SiblingContainerOverlap,
    ForeignInGroup,
    NotInGroup,
    TitleNode,
    TitleTitle,
    TitleBorder,
    TitleCut,
    EdgeThroughNode,
    EdgeThroughOwnNode,
    EdgeThroughTitle,
    EdgeThroughForeignContainer,
    LabelNode,
    LabelLabel,
    LabelTitle,
    LabelEdge,
    LabelBorder,
    LabelOffLine,
    EdgesCoincident,
    MissingEdge,
    MissingLabel,
    NotOrthogonal,
    EndpointOffIcon,
    SyncMisaligned,
    SyncWidth,
    TiersNotLevel,
    ZonesUnequal,
    FlowReversed,
    OutsidePicture,
}

/// The names of the kinds, in their order.
const NAMES: [&str; Kind::OutsidePicture as usize + 1] = [
    "node_overlap",
    "not_in_container",
    "foreign_in_container",
    "sibling_container_overlap",
    "foreign_in_group",
    "not_in_group",
    "title_node",
    "title_title",
    "title_border",
    "title_cut",
    "edge_through_node",
    "edge_through_own_node",
    "edge_through_title",
    "edge_through_foreign_container",
    "label_node",
    "label_label",
    "label_title",
    "label_edge",
    "label_border",
    "label_off_line",
    "edges_coincident",
    "missing_edge",
    "missing_label",
    "not_orthogonal",
    "endpoint_off_icon",
    "sync_misaligned",
    "sync_width",
    "tiers_not_level",
    "zones_unequal",
    "flow_reversed",
    "outside_picture",
];

/// More details than this help nobody.
const DETAILS: usize = 200;

/// What was found so far.
struct Found {
    counts: [usize; NAMES.len()],
    details: Vec<String>,
}

impl Default for Found {
    fn default() -> Found {
        Found { counts: [0; NAMES.len()], details: Vec::new() }
    }
}

impl Found {
    fn add(&mut self, kind: Kind, a: &str, b: &str) {
        self.counts[kind as usize] += 1;
        if self.details.len() < DETAILS {
            self.details.push(format!("{} {a} {b}", NAMES[kind as usize]).trim_end().to_owned());
        }
    }

    fn report(mut self) -> Report {
        self.details.sort();
        Report { counts: NAMES.into_iter().zip(self.counts).collect(), details: self.details }
    }
}
