//! The sorts of pictures: a view of a network, several of them side by side, a sequence.
//!
//! All have a [`Sheet`] around them and become scenes; only how they are arranged differs.

use super::sequence::Sequence;
use super::{Sheet, View, font};

/// One picture of a system.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What it is called in its environment, or in the system: the file's name and `--view`.
    pub name: String,
    /// What it is about, if not about all.
    pub about: Option<About>,
    /// What it shows.
    pub shows: Shows,
}

/// What a picture is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A flow, by id.
    Flow(String),
    /// A pipeline, by id.
    Pipeline(String),
}

/// What a picture shows.
#[derive(Debug, Clone)]
pub enum Shows {
    /// Boxes and lines.
    View(View),
    /// Several views on one page.
    Beside(Beside),
    /// Messages in the order of time.
    Sequence(Sequence),
}

/// Several views on one page, each under a heading of its own: title and subtitle of its sheet.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// What stands around all of them.
    pub sheet: Sheet,
    /// The views, in order.
    pub views: Vec<View>,
}

impl Picture {
    /// The flow that it is about, by id.
    pub fn flow(&self) -> Option<&str> {
        match &self.about {
            Some(About::Flow(id)) => Some(id),
            _ => None,
        }
    }

    /// The pipeline that it is about, by id.
    pub fn pipeline(&self) -> Option<&str> {
        match &self.about {
            Some(About::Pipeline(id)) => Some(id),
            _ => None,
        }
    }

    /// What stands around it.
    pub fn sheet(&self) -> &Sheet {
        match &self.shows {
            Shows::View(view) => &view.sheet,
            Shows::Beside(beside) => &beside.sheet,
            Shows::Sequence(sequence) => &sequence.sheet,
        }
    }

    /// The same, to be changed.
    pub fn sheet_mut(&mut self) -> &mut Sheet {
        match &mut self.shows {
            Shows::View(view) => &mut view.sheet,
            Shows::Beside(beside) => &mut beside.sheet,
            Shows::Sequence(sequence) => &mut sequence.sheet,
        }
    }

    /// The views that it consists of: each is laid out by itself.
    pub fn views(&self) -> &[View] {
        match &self.shows {
            Shows::View(view) => std::slice::from_ref(view),
            Shows::Beside(beside) => &beside.views,
            Shows::Sequence(_) => &[],
        }
    }

    /// The characters that the embedded font lacks, sorted, each once. They are drawn as boxes in PNG and
    /// with a font of the reader's machine in SVG.
    pub fn lacking(&self) -> Vec<char> {
        let mut all: Vec<char> = self.views().iter().flat_map(View::lacking).collect();
        let texts: Vec<&str> = match &self.shows {
            Shows::View(_) => Vec::new(),
            Shows::Beside(beside) => beside.sheet.texts().collect(),
            Shows::Sequence(sequence) => sequence.texts().collect(),
        };
        all.extend(texts.into_iter().flat_map(font::lacking));
        all.sort_unstable();
        all.dedup();
        all
    }
}
