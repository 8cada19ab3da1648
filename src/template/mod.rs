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

/// The same, for text whose lines count: a line that has nothing but tags leaves none.
///
/// # Errors
/// As for [`render`].
pub fn render_lines(template: &str, context: &Value) -> Result<String, TemplateError> {
    render(&mark_tag_lines(template), context).map(|rendered| without_tag_lines(&rendered))
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

/// Stands at the end of a line that only has tags, so that the line can be taken out of what comes of it. The
/// number of lines stays, and so do the places of errors.
const TAG_LINE: char = '\u{E002}';

fn mark_tag_lines(text: &str) -> String {
    let only_tags = |line: &str| {
        let line = line.trim();
        line.starts_with("{%") && line.ends_with("%}") && {
            let outside =
                line.split("%}").all(|part| part.trim().is_empty() || part.trim().starts_with("{%"));
            outside && !line.contains("{{")
        }
    };
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        out.push_str(line);
        if only_tags(line) {
            out.push(TAG_LINE);
        }
        out.push('\n');
    }
    out
}

/// Takes out what lines of tags leave: spaces, marks and the line break.
fn without_tag_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let rest = line.replace(TAG_LINE, "");
        if rest.len() == line.len() || !rest.trim().is_empty() {
            out.push_str(&rest);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_of_tags_leave_nothing() {
        let text = "a {\n  {% if x %}\n  b = 1\n  {% endif %}\n  {% if not x %}\n  c = 2\n  {% endif %}\n\n  d = 3\n}\n";
        let rendered = render_lines(text, &json!({ "x": true })).unwrap();
        assert_eq!(rendered, "a {\n  b = 1\n\n  d = 3\n}\n");
    }
}
