//! Pictures as text for other tools: Mermaid, D2, Graphviz, draw.io.
//!
//! All are written from the view that the SVG is painted from. draw.io gets the places of the layout too; the others lay
//! out themselves, so that they get an [`outline`]: plain boxes, leaves and lines.

pub mod outline;

mod d2;
mod dot;
mod drawio;
mod mermaid;
mod names;
mod pen;
mod time;

use crate::layout::Layout;
use crate::scene::Paint;
use crate::scene::icon::Icons;
use crate::scene::theme::Theme;
use crate::view::sequence::{Arranged, Sequence};
use crate::view::{Sheet, View};

/// A way to write a picture as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// A page of diagrams.net, with places.
    Drawio,
    /// A flowchart of Mermaid.
    Mermaid,
    /// D2.
    D2,
    /// Graphviz.
    Dot,
}

/// All of them, in the order of the language.
pub const EXPORTS: [Export; 4] = [Export::Drawio, Export::Mermaid, Export::D2, Export::Dot];

impl Export {
    /// The word for it in `outputs.formats` and `--format`.
    pub fn name(self) -> &'static str {
        match self {
            Export::Drawio => "drawio",
            Export::Mermaid => "mermaid",
            Export::D2 => "d2",
            Export::Dot => "dot",
        }
    }

    /// What its files' names end with.
    pub fn extension(self) -> &'static str {
        match self {
            Export::Mermaid => "mmd",
            other => other.name(),
        }
    }

    /// What it is called in pages.
    pub fn title(self) -> &'static str {
        match self {
            Export::Drawio => "draw.io",
            Export::Mermaid => "Mermaid",
            Export::D2 => "D2",
            Export::Dot => "Graphviz",
        }
    }
}

/// A picture with everything in its place.
#[derive(Debug)]
pub enum Drawn<'a> {
    /// Views, each laid out by itself; what stands around all of them is the first.
    Views(&'a Sheet, Vec<(&'a View, &'a Layout)>),
    /// Messages in the order of time.
    Sequence(&'a Sequence, &'a Arranged),
}

/// A picture as text.
pub fn write(export: Export, drawn: &Drawn<'_>, theme: &Theme, icons: &Icons) -> String {
    let outline = || outline::outline(drawn);
    match (export, drawn) {
        (Export::Drawio, Drawn::Views(sheet, views)) => drawio::views(sheet, views, theme, icons),
        (Export::Drawio, Drawn::Sequence(sequence, arranged)) => {
            drawio::sequence(sequence, arranged, theme, icons)
        }
        (Export::Mermaid, Drawn::Sequence(sequence, _)) => time::mermaid(sequence),
        (Export::Mermaid, Drawn::Views(..)) => mermaid::write(&outline(), theme),
        (Export::D2, Drawn::Sequence(sequence, _)) => time::d2(sequence, theme),
        (Export::D2, Drawn::Views(..)) => d2::write(&outline(), theme),
        // Graphviz has no axis of time: the messages are numbered lines.
        (Export::Dot, _) => dot::write(&outline(), theme),
    }
}

/// Fill, border and letters of a leaf: on paper nothing is filled.
fn leaf_colours(theme: &Theme, category: &str) -> [String; 3] {
    let colour = |token: String| theme.resolve(&Paint::Token(token));
    let tile = colour(format!("tile-{category}"));
    match theme.is_outlined() {
        true => [colour("page".to_owned()), tile, colour("ink".to_owned())],
        false => [tile.clone(), tile, colour("glyph".to_owned())],
    }
}
