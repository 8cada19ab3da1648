//! What every sort of picture is painted on: layers, ids that stay unique, icons that are written once, and the page
//! around the picture.

use super::icon::{Icon, Icons};
use super::stage::{rect, slug, tenths};
use super::{Group, Item, Layer, Look, Paint, Scene, Style, Tenths};
use crate::view::Sheet;
use crate::view::font::{Weight, width};
use std::collections::{BTreeMap, BTreeSet};

/// Free space around everything.
pub(super) const MARGIN: Tenths = 320;
/// A page is no narrower, so that title and legend have room.
const LEAST_WIDTH: Tenths = 3200;

/// A heading makes its page no wider than this; what is longer is cut.
const MOST_HEADING: Tenths = 12000;

/// The layers, back to front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Page,
    Places,
    Overlays,
    Lines,
    Nodes,
    Titles,
    Labels,
    Frame,
}

const LAYERS: [&str; 8] = ["page", "places", "overlays", "lines", "nodes", "titles", "labels", "frame"];

pub(super) struct Canvas<'a> {
    pub(super) sheet: &'a Sheet,
    /// Left and right end of what stands around the picture.
    pub(super) left: Tenths,
    pub(super) right: Tenths,
    /// Where the picture's corner lies on the page.
    pub(super) origin: (Tenths, Tenths),
    /// Where the picture ends below.
    pub(super) bottom: Tenths,
    /// Nothing is filled: patterns tell categories and places.
    pub(super) outlined: bool,
    icons: &'a Icons,
    used: BTreeMap<String, Icon>,
    ids: BTreeSet<String>,
    layers: Vec<Layer>,
}

impl<'a> Canvas<'a> {
    /// A page for a picture of a size.
    pub(super) fn new(sheet: &'a Sheet, (wide, high): (Tenths, Tenths), style: Style<'a>) -> Self {
        let heading = tenths(width(&sheet.title, 22, Weight::Bold));
        let heading = heading.max(tenths(width(&sheet.subtitle, 13, Weight::Regular)));
        // On whole px, so that viewers neither scale the page nor blur its lines.
        let around = whole(wide.max(heading.min(MOST_HEADING)).max(LEAST_WIDTH));
        let origin = (MARGIN + (around - wide) / 20 * 10, super::frame::picture_top(sheet));
        Canvas {
            sheet,
            left: MARGIN,
            right: MARGIN + around,
            origin,
            bottom: origin.1 + high,
            outlined: style.look.is_outlined(),
            icons: style.icons,
            used: BTreeMap::new(),
            ids: BTreeSet::new(),
            layers: LAYERS.iter().map(|class| Layer { class, groups: Vec::new() }).collect(),
        }
    }

    pub(super) fn push(&mut self, on: On, group: Group) {
        self.layers[on as usize].groups.push(group);
    }

    /// An id that no other group has: the view's name, what it is, and its own name in letters that ids allow.
    pub(super) fn id(&mut self, what: &str, name: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '.' };
        let name: String = name.chars().map(plain).collect();
        let first = format!("{}-{what}-{name}", slug(&self.sheet.id));
        let mut id = first.clone();
        let mut count = 1;
        while !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{first}.{count}");
        }
        id
    }

    /// An icon at a place; it is written once however often it occurs.
    pub(super) fn glyph(
        &mut self,
        icon: &str,
        category: &str,
        at: (Tenths, Tenths),
        side: Tenths,
        colour: Paint,
    ) -> Item {
        let name = self.icons.find(icon, category);
        if !self.used.contains_key(name) {
            self.used.insert(name.to_owned(), self.icons.icon(name));
        }
        Item::Glyph { at, side, icon: name.to_owned(), colour }
    }

    /// Whether an icon has colours of its own, so that it cannot stand on a colour.
    pub(super) fn is_coloured(&self, icon: &str, category: &str) -> bool {
        self.icons.is_coloured(self.icons.find(icon, category))
    }

    /// The scene, whose page ends at `bottom`.
    pub(super) fn finish(self, bottom: Tenths, look: &Look) -> Scene {
        let (wide, high) = (self.right + MARGIN, whole(bottom));
        let mut layers = self.layers;
        let page = rect((0, 0, wide, high), 0, Paint::token("page"), None);
        layers[On::Page as usize].groups.push(Group { items: vec![page], ..Group::default() });
        layers.retain(|layer| !layer.groups.is_empty());
        Scene {
            id: slug(&self.sheet.id),
            language: self.sheet.language.clone(),
            width: wide,
            height: high,
            title: self.sheet.title.clone(),
            description: self.sheet.description.clone(),
            look: look.clone(),
            icons: self.used.into_iter().collect(),
            layers,
        }
    }
}

/// A length in whole px that something fits in.
fn whole(length: Tenths) -> Tenths {
    (length + 9).div_euclid(10) * 10
}
