//! Which view is meant by the names of an environment and a view.

use super::{Project, resolve, views};
use crate::diag::{Diagnostic, Diagnostics, Severity, suggest};
use crate::model;
use crate::view::View;
use crate::view::build::NETWORK;

/// Which name a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The environment's.
    Environment,
    /// The view's.
    View,
}

/// The views of every environment that can be resolved, in order; what is wrong goes to `out`.
pub fn all(project: &Project, out: &mut Diagnostics) -> Vec<(String, Vec<View>)> {
    let mut environments = Vec::new();
    for environment in project.document.iter().flat_map(model::environments) {
        if let Some(resolved) = resolve(project, &environment, out) {
            environments.push((environment, views(project, &resolved, out)));
        }
    }
    environments
}

/// The name of a view without its environment.
pub fn name_of<'v>(environment: &str, view: &'v View) -> &'v str {
    view.sheet.id.strip_prefix(environment).unwrap_or(&view.sheet.id).trim_start_matches('-')
}

/// The environment and the view that two names stand for. Without names: the first environment, and its network view,
/// else its first.
///
/// # Errors
/// What is not there, and which of the two names it is about.
pub fn choose<'e>(
    environments: &'e [(String, Vec<View>)],
    environment: Option<&str>,
    view: Option<&str>,
) -> Result<(&'e str, &'e View), (Asked, Box<Diagnostic>)> {
    let names: Vec<&str> = environments.iter().map(|(name, _)| name.as_str()).collect();
    let chosen = match environment {
        Some(name) => environments.iter().find(|(other, _)| other == name),
        None => environments.first(),
    };
    let Some((environment, views)) = chosen else {
        return Err((Asked::Environment, absent("environment", environment.unwrap_or_default(), &names)));
    };
    let named = |name: &str| views.iter().find(|view| name_of(environment, view) == name);
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
        let names: Vec<&str> = views.iter().map(|view| name_of(environment, view)).collect();
        return Err((Asked::View, absent("view", view.unwrap_or_default(), &names)));
    };
    Ok((environment, chosen))
}

fn absent(what: &str, name: &str, all: &[&str]) -> Box<Diagnostic> {
    let message = format!("there is no {what} `{name}`");
    let diagnostic = Diagnostic::new(Severity::Error, "unknown-choice", None, message);
    Box::new(match suggest::nearest(name, all.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!("there are: {}", all.join(", "))),
    })
}
