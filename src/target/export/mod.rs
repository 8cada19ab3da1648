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

use crate::layout::Layout;
use crate::scene::icon::Icons;
use crate::scene::theme::Theme;
use crate::view::View;

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

/// A laid out view as text.
pub fn write(export: Export, view: &View, layout: &Layout, theme: &Theme, icons: &Icons) -> String {
    match export {
        Export::Drawio => drawio::write(view, layout, theme, icons),
        Export::Mermaid => mermaid(view, layout, theme),
        Export::D2 => d2::write(&outline::outline(view, layout), theme),
        Export::Dot => dot::write(&outline::outline(view, layout), theme),
    }
}

/// A laid out view as a Mermaid flowchart, also for pages that show it inline.
pub fn mermaid(view: &View, layout: &Layout, theme: &Theme) -> String {
    mermaid::write(&outline::outline(view, layout), theme)
}
