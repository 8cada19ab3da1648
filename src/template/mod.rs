//! Tera behind one function: text and context in, text or an error with its line out.
//!
//! A template can read nothing but its context: no files, no environment, no clock. A variable that the context
//! lacks is an error, so that a misspelt name never becomes an empty place in an artifact.

pub mod filters;
pub mod messages;

use serde_json::Value;
use tera::Tera;

/// Why a template gave no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// What is wrong, in the words of the template engine.
    pub message: String,
    /// Line of the template, counted from 1, where known.
    pub line: Option<usize>,
}

/// Fills a template from a context, which must be a JSON object.
///
/// # Errors
/// When the template does not parse, names what the context lacks, or a filter refuses its value.
pub fn render(template: &str, context: &Value) -> Result<String, TemplateError> {
    if !is_template(template) {
        return Ok(template.to_owned());
    }
    let mut engine = Tera::new();
    filters::register(&mut engine);
    let context = tera::Context::from_serialize(context).map_err(|error| failure(&error))?;
    engine.add_raw_template("template", template).map_err(|error| failure(&error))?;
    engine.render("template", &context).map_err(|error| failure(&error))
}

/// Checks the syntax of a template without filling it.
///
/// # Errors
/// When the template does not parse.
pub fn check(template: &str) -> Result<(), TemplateError> {
    if !is_template(template) {
        return Ok(());
    }
    let mut engine = Tera::new();
    filters::register(&mut engine);
    engine.add_raw_template("template", template).map_err(|error| failure(&error))
}

/// Whether a text has anything to fill.
fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// Splits the engine's report into its sentence and the line it names.
fn failure(error: &tera::Error) -> TemplateError {
    use tera::ErrorKind::{RenderingError, SyntaxError};
    match error.kind() {
        SyntaxError(report) | RenderingError(report) => TemplateError {
            message: report.message().trim_end_matches('.').to_owned(),
            line: Some(report.span().start_line),
        },
        other => TemplateError { message: other.to_string(), line: None },
    }
}
