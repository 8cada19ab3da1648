//! One description of a book: its text in, its views and what is wrong with it out.

use crate::compile::choose::{self, Chosen, Gallery, Missed};
use crate::compile::{self, Texts};
use crate::diag::Diagnostics;
use crate::scene::Look;
use crate::scene::icon::Icons;
use crate::source::{SourceId, Sources};
use crate::target::diagram;
use crate::view::Picture;

/// A description that can be drawn.
#[derive(Debug)]
pub(super) struct Described {
    gallery: Gallery,
    look: Look,
    icons: Icons,
}

/// What came of a description.
#[derive(Debug)]
pub(super) struct Answer {
    /// `None` when it has a mistake.
    pub(super) described: Option<Described>,
    /// What is wrong or worth saying; places lie in `sources`.
    pub(super) findings: Diagnostics,
    /// The description and the catalog.
    pub(super) sources: Sources,
    /// The description.
    pub(super) source: SourceId,
}

/// Reads a description and resolves all of its environments: a mistake in one that no block shows is a mistake
/// all the same. `theme` is the book's; without one the description's own holds.
pub(super) fn describe(texts: &Texts, theme: Option<&str>, mut findings: Diagnostics) -> Answer {
    let mut project = compile::read(texts, &mut findings);
    let look = compile::look(&mut project, texts, theme, &mut findings);
    let gallery = choose::all(&project, &mut findings);
    let icons = project.icons.clone();
    let sound = project.document.is_some() && !findings.has_errors();
    Answer {
        described: look.filter(|_| sound).map(|look| Described { gallery, look, icons }),
        findings,
        sources: project.sources,
        source: project.source,
    }
}

impl Described {
    /// The environment and the view that a block asks for, each by its own finding when it is not there.
    pub(super) fn choose(&self, environment: Option<&str>, view: Option<&str>) -> Result<Chosen<'_>, Missed> {
        choose::choose(&self.gallery, environment, view)
    }

    /// A picture of it as SVG, and what is wrong with that.
    pub(super) fn paint(&self, picture: &Picture) -> (String, Diagnostics) {
        diagram::svg(picture, &self.look, &self.icons)
    }
}
