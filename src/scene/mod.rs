//! A view and its layout become drawing items at fixed positions; only writing them down is left.
//!
//! Every file paints one sort of thing: `place` containers and overlays, `tile` leaves, `line` routes (which
//! `route` and `trunk` prepare), `chip` labels, `legend` and `frame` what stands around the picture. Colours stay names of a theme
//! ([`Paint`]) until the very end, so that one scene serves light and dark.

pub mod icon;
pub mod sheet;
pub mod theme;

mod beside;
mod canvas;
mod card;
mod chip;
mod frame;
mod legend;
mod line;
mod mark;
mod place;
mod route;
mod sequence;
mod stage;
mod tile;
mod trunk;

#[cfg(test)]
mod sample;

pub use beside::beside;
pub use sequence::sequence;

use crate::layout::{Graph, Layout};
use crate::view::View;
use canvas::Canvas;
use icon::Icons;
pub use line::class_name;
use stage::Stage;
use theme::Theme;

/// A length or position in tenths of a px: whole numbers, so that every machine writes the same digits.
pub type Tenths = i32;

/// A picture: items at fixed positions, back to front.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Stable name; the prefix of every id.
    pub id: String,
    /// Language of the texts.
    pub language: String,
    /// Width.
    pub width: Tenths,
    /// Height.
    pub height: Tenths,
    /// What the picture is called.
    pub title: String,
    /// What it says, in sentences.
    pub description: String,
    /// Its colours.
    pub look: Look,
    /// The icons that occur, in order of their names: name, SVG elements one a line.
    pub icons: Vec<(String, icon::Icon)>,
    /// Back to front.
    pub layers: Vec<Layer>,
}

/// The colours of a scene.
#[derive(Debug, Clone)]
pub enum Look {
    /// One theme, written as plain colours.
    Fixed(Theme),
    /// Both, written as custom properties: the reader's preference decides.
    Auto {
        /// The usual one.
        light: Theme,
        /// The one for readers who prefer dark.
        dark: Theme,
    },
}

/// What lies at one height.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// Its class.
    pub class: &'static str,
    /// Back to front.
    pub groups: Vec<Group>,
}

/// The items of one node, line or container.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Unique in the scene; empty for none.
    pub id: String,
    /// Its class; empty for none.
    pub class: &'static str,
    /// Names (without `data-`) and values.
    pub data: Vec<(&'static str, String)>,
    /// A sentence for readers who cannot see it, shown on hover; empty for none.
    pub title: String,
    /// The address that it leads to; empty for none.
    pub link: String,
    /// Back to front.
    pub items: Vec<Item>,
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A box, with round corners if `radius` is not 0.
    Rect {
        /// Left edge, top edge, width, height.
        at: Box4,
        /// Of the corners.
        radius: Tenths,
        /// Inside.
        fill: Paint,
        /// Border.
        stroke: Option<Stroke>,
    },
    /// A filled circle.
    Circle {
        /// Centre.
        at: (Tenths, Tenths),
        /// Radius.
        radius: Tenths,
        /// Inside.
        fill: Paint,
    },
    /// A path.
    Path {
        /// What the pen does.
        steps: Vec<Step>,
        /// Inside.
        fill: Paint,
        /// The line.
        stroke: Option<Stroke>,
    },
    /// A text.
    Text {
        /// Start, middle or end of the base line.
        at: (Tenths, Tenths),
        /// In px.
        size: i32,
        /// Whether it is bold.
        bold: bool,
        /// Which end of the text `at` is.
        anchor: Anchor,
        /// Colour.
        fill: Paint,
        /// The text.
        text: String,
        /// Added between letters.
        tracking: Tenths,
    },
    /// An icon in a square.
    Glyph {
        /// Top left corner.
        at: (Tenths, Tenths),
        /// Side.
        side: Tenths,
        /// Name of the icon.
        icon: String,
        /// Colour of its strokes.
        colour: Paint,
    },
}

/// Left edge, top edge, width, height.
pub type Box4 = (Tenths, Tenths, Tenths, Tenths);

/// A step of a path, absolute unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Put the pen down.
    Move(Tenths, Tenths),
    /// A straight line.
    Line(Tenths, Tenths),
    /// A curve with one control point: control x and y, end x and y.
    Curve(Tenths, Tenths, Tenths, Tenths),
    /// An arc of a circle: radius, clockwise, end x and y.
    Arc(Tenths, bool, Tenths, Tenths),
    /// Back to the start.
    Close,
}

/// How a line is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub paint: Paint,
    /// Width.
    pub width: Tenths,
    /// `stroke-dasharray`; empty for a solid line.
    pub dash: &'static str,
    /// Whether ends and corners are round.
    pub round: bool,
}

/// Which end of a text its position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

/// A colour by its part in the picture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paint {
    /// Nothing.
    None,
    /// A colour of the theme.
    Token(String),
    /// The colour that results from laying translucent colours over the page, lowest first.
    Ground(Vec<String>),
    /// A colour mixed with the page: name, percent of the colour.
    Mix(String, u8),
    /// A pattern of lines or dots, by the name of the category or place that it tells; for pictures without fills.
    Pattern(String),
}

/// What a drawing needs besides the view: colours, icons and what the tool calls itself.
#[derive(Debug, Clone, Copy)]
pub struct Style<'a> {
    /// The colours.
    pub look: &'a Look,
    /// The icons, the user's own first.
    pub icons: &'a Icons,
}

/// Paints a laid out view. `graph` is what [`crate::view::graph`] made of it and `layout` what the layout
/// made of that; all three share their indices.
pub fn build(view: &View, graph: &Graph, layout: &Layout, style: Style<'_>) -> Scene {
    let mut canvas = Canvas::new(&view.sheet, stage::size(layout.size), style);
    let stage = Stage::new(view, graph, layout, canvas.origin);
    paint(&mut canvas, &stage);
    finish(canvas, std::slice::from_ref(&stage), style.look)
}

/// Paints what belongs to one view.
fn paint(canvas: &mut Canvas<'_>, stage: &Stage<'_>) {
    place::containers(canvas, stage);
    place::overlays(canvas, stage);
    line::lines(canvas, stage);
    tile::tiles(canvas, stage);
    chip::chips(canvas, stage);
}

/// Paints what stands around views that share a page.
fn finish(mut canvas: Canvas<'_>, stages: &[Stage<'_>], look: &Look) -> Scene {
    frame::title_block(&mut canvas);
    let sections = legend::of_views(&canvas.sheet.words, stages);
    let bottom = legend::legend(&mut canvas, sections);
    let bottom = frame::footnote(&mut canvas, bottom);
    canvas.finish(bottom, look)
}

impl Paint {
    /// A colour of the theme.
    pub fn token(name: impl Into<String>) -> Paint {
        Paint::Token(name.into())
    }
}

impl Scene {
    /// Adds words to the line at the lower left.
    pub fn sign(&mut self, words: &str) {
        let groups = self.layers.iter_mut().flat_map(|layer| &mut layer.groups);
        let mut footnotes = groups.filter(|group| group.class == frame::FOOTNOTE && group.items.len() > 1);
        if let Some(Item::Text { text, .. }) = footnotes.next().and_then(|group| group.items.first_mut()) {
            text.push_str(" · ");
            text.push_str(words);
        }
    }
}

impl Look {
    /// Whether nothing is filled.
    pub fn is_outlined(&self) -> bool {
        matches!(self, Look::Fixed(theme) if theme.is_outlined())
    }
}

impl Scene {
    /// Every colour that occurs, sorted, each once.
    pub fn paints(&self) -> Vec<Paint> {
        let items = self.layers.iter().flat_map(|layer| &layer.groups).flat_map(|group| &group.items);
        let mut all: Vec<Paint> = items.flat_map(Item::paints).cloned().collect();
        all.push(Paint::token("page"));
        all.retain(|paint| *paint != Paint::None);
        all.sort();
        all.dedup();
        all
    }
}

impl Item {
    fn paints(&self) -> impl Iterator<Item = &Paint> {
        let (fill, stroke) = match self {
            Item::Rect { fill, stroke, .. } | Item::Path { fill, stroke, .. } => (fill, stroke.as_ref()),
            Item::Circle { fill, .. } | Item::Text { fill, .. } => (fill, None),
            Item::Glyph { colour, .. } => (colour, None),
        };
        [Some(fill), stroke.map(|stroke| &stroke.paint)].into_iter().flatten()
    }
}
