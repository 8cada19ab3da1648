//! One description of a book: its text in, its views and what is wrong with it out.

use crate::compile::{self, Texts};
use crate::diag::{Diagnostic, Diagnostics, Severity, suggest};
use crate::model;
use crate::scene::Look;
use crate::scene::icon::Icons;
use crate::source::{SourceId, Sources};
use crate::target::diagram;
use crate::view::View;
use crate::view::build::NETWORK;

/// A description that can be drawn.
#[derive(Debug)]
pub(super) struct Described {
    /// The environments in order, with their views in order.
    environments: Vec<(String, Vec<View>)>,
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
    let project = compile::read(texts, &mut findings);
    let mut environments = Vec::new();
    let mut look = diagram::default_look();
    if let Some(document) = &project.document {
        let theme = theme.map_or_else(|| compile::outputs(document).theme, str::to_owned);
        match diagram::look(&theme) {
            Some(known) => look = known,
            None => findings.push(diagram::unknown_theme(&theme)),
        }
        for environment in model::environments(document) {
            if let Some(resolved) = compile::resolve(&project, &environment, &mut findings) {
                environments.push((environment, compile::views(&project, &resolved, &mut findings)));
            }
        }
    }
    let icons = diagram::icons(&texts.icons, &mut findings);
    let sound = project.document.is_some() && !findings.has_errors();
    Answer {
        described: sound.then_some(Described { environments, look, icons }),
        findings,
        sources: project.sources,
        source: project.source,
    }
}

impl Described {
    /// The environment and the view that a block asks for, each by its own finding when it is not there. Without
    /// names: the first environment, and the view with the most to see.
    pub(super) fn choose(
        &self,
        environment: Option<&str>,
        view: Option<&str>,
    ) -> Result<(&str, &View), (Asked, Box<Diagnostic>)> {
        let names: Vec<&str> = self.environments.iter().map(|(name, _)| name.as_str()).collect();
        let chosen = match environment {
            Some(name) => self.environments.iter().find(|(other, _)| other == name),
            None => self.environments.first(),
        };
        let Some((environment, views)) = chosen else {
            return Err((Asked::Environment, absent("environment", environment.unwrap_or_default(), &names)));
        };
        let name_of = |view: &View| {
            let name = view.id.strip_prefix(environment.as_str()).unwrap_or(&view.id);
            name.trim_start_matches('-').to_owned()
        };
        let named = |name: &str| views.iter().find(|view| name_of(view) == name);
        let chosen = match view {
            Some(name) => named(name),
            None => named(NETWORK).or(views.first()),
        };
        let Some(chosen) = chosen else {
            if views.is_empty() {
                let message = format!("there is nothing to draw in the environment `{environment}`");
                let diagnostic = Diagnostic::new(Severity::Error, "nothing-to-draw", None, message);
                let diagnostic = diagnostic.hint("add components, or name another `env`");
                return Err((Asked::Environment, Box::new(diagnostic)));
            }
            let names: Vec<String> = views.iter().map(name_of).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return Err((Asked::View, absent("view", view.unwrap_or_default(), &names)));
        };
        Ok((environment, chosen))
    }

    /// A view of it as SVG.
    pub(super) fn paint(&self, view: &View) -> String {
        diagram::svg(view, &self.look, &self.icons)
    }
}

/// Which option of a block a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// `env`.
    Environment,
    /// `view`.
    View,
}

fn absent(what: &str, name: &str, all: &[&str]) -> Box<Diagnostic> {
    let message = format!("there is no {what} `{name}`");
    let diagnostic = Diagnostic::new(Severity::Error, "unknown-choice", None, message);
    Box::new(match suggest::nearest(name, all.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!("there are: {}", all.join(", "))),
    })
}
