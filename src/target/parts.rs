//! Parts of templates that several forms share: a line `{# part NAME #}` stands for a file.

use super::Input;
use crate::catalog::built_in;

/// Where the parts of Terraform templates are, and what their names end with.
pub(super) const TERRAFORM: (&str, &str) = ("terraform/parts", "tf");

/// Where those of lines of a shell are.
pub(super) const SHELL: (&str, &str) = ("pipeline/parts", "sh");

/// How deep parts may name others.
const DEEPEST: usize = 8;

/// A text template with the parts that it names in place of the lines that name them; a part may name others.
///
/// # Errors
/// The name of a part that is not there, or that names itself.
pub(super) fn whole(input: &Input, text: &str, kept: (&str, &str)) -> Result<String, String> {
    with_parts(input, text, kept, 0)
}

fn with_parts(
    input: &Input,
    text: &str,
    (folder, ending): (&str, &str),
    depth: usize,
) -> Result<String, String> {
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        match line.trim().strip_prefix("{# part ").and_then(|rest| rest.strip_suffix(" #}")) {
            Some(name) => {
                let part = own_or_built_in(input, &format!("{folder}/{name}.{ending}"));
                let part = part.filter(|_| depth < DEEPEST).ok_or_else(|| name.to_owned())?;
                whole.push_str(&with_parts(input, &part, (folder, ending), depth + 1)?);
            }
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
        }
    }
    Ok(whole)
}

/// A text template: the author's, else the built-in one.
pub(super) fn own_or_built_in(input: &Input, path: &str) -> Option<String> {
    input.templates.get(path).cloned().or_else(|| built_in::file(path).map(str::to_owned))
}
