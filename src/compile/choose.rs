//! Which view is meant by the names of an environment and a view.

use super::{Project, Shown, pictures, resolve};
use crate::diag::{Diagnostic, Diagnostics, Severity, suggest};
use crate::model;
use crate::view::Picture;
use crate::view::build::NETWORK;

/// Which name a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The environment's.
    Environment,
    /// The view's.
    View,
}

/// All pictures of a description.
#[derive(Debug, Clone, Default)]
pub struct Gallery {
    /// The names of the environments, in order.
    pub environments: Vec<String>,
    /// The pictures, each with its environment by index.
    pub pictures: Vec<Shown>,
}

impl Gallery {
    /// The pictures of one environment.
    pub fn of(&self, environment: usize) -> impl Iterator<Item = &Picture> {
        self.pictures.iter().filter(move |(at, _)| *at == Some(environment)).map(|(_, picture)| picture)
    }
}

/// The pictures of every environment that can be resolved and of the system, in order; what is wrong goes to `out`.
pub fn all(project: &Project, out: &mut Diagnostics) -> Gallery {
    let names = project.document.iter().flat_map(model::environments);
    let (environments, resolved): (Vec<String>, Vec<_>) =
        names.filter_map(|name| resolve(project, &name, out).map(|resolved| (name, resolved))).unzip();
    let pictures = pictures(project, &resolved, true, out);
    Gallery { environments, pictures }
}

/// A picture with its environment's name; none for the system as a whole.
pub type Chosen<'g> = (Option<&'g str>, &'g Picture);

/// Which name is about nothing that is there, and what is said of it.
pub type Missed = (Asked, Box<Diagnostic>);

/// The picture that the names of an environment and a view stand for, with the environment's name; none for a picture
/// of the whole system. Without names: the first environment, and its network view, else its first. A view's name alone
/// is looked for in the first environment, then in the system, then in the others.
///
/// # Errors
/// What is not there, and which of the two names it is about.
pub fn choose<'g>(
    gallery: &'g Gallery,
    environment: Option<&str>,
    view: Option<&str>,
) -> Result<Chosen<'g>, Missed> {
    let names: Vec<&str> = gallery.environments.iter().map(String::as_str).collect();
    let at = match environment {
        Some(name) => names.iter().position(|other| *other == name),
        None => (!names.is_empty()).then_some(0),
    };
    let Some(at) = at else {
        return Err((Asked::Environment, absent("environment", environment.unwrap_or_default(), &names)));
    };
    let named = |name: &str| {
        let all = gallery.pictures.iter().filter(|(own, _)| environment.is_none() || *own == Some(at));
        let found = all.filter(|(_, picture)| picture.name == name);
        found.min_by_key(|(own, _)| match own {
            Some(own) if *own == at => 0,
            None => 1,
            Some(own) => 2 + own,
        })
    };
    if let Some(name) = view {
        return named(name).map(|(own, picture)| (own.map(|own| names[own]), picture)).ok_or_else(|| {
            let mut all: Vec<&str> = gallery.of(at).map(|picture| picture.name.as_str()).collect();
            let whole = gallery.pictures.iter().filter(|(own, _)| own.is_none() && environment.is_none());
            all.extend(whole.map(|(_, picture)| picture.name.as_str()));
            (Asked::View, absent("view", name, &all))
        });
    }
    let network = gallery.of(at).find(|picture| picture.name == NETWORK);
    network.or_else(|| gallery.of(at).next()).map(|picture| (Some(names[at]), picture)).ok_or_else(|| {
        let message = format!("there is nothing to draw in the environment `{}`", names[at]);
        let diagnostic = Diagnostic::new(Severity::Error, "nothing-to-draw", None, message);
        (Asked::Environment, Box::new(diagnostic.hint("add components, or name another `env`")))
    })
}

fn absent(what: &str, name: &str, all: &[&str]) -> Box<Diagnostic> {
    let message = format!("there is no {what} `{name}`");
    let diagnostic = Diagnostic::new(Severity::Error, "unknown-choice", None, message);
    Box::new(match suggest::nearest(name, all.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!("there are: {}", all.join(", "))),
    })
}
