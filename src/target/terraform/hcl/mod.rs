//! HCL: text in, parsed, and printed in the one form that `terraform fmt` leaves alone.
//!
//! Everything that the Terraform target writes goes through [`blocks`] or [`format`], so a template that is not
//! HCL fails at once, and no generated file needs formatting.

mod body;
mod expression;

use hcl_edit::parser;
use hcl_edit::structure::Structure;

/// Why a text is no HCL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HclError {
    /// What is wrong.
    pub message: String,
    /// Line of the text, counted from 1.
    pub line: usize,
    /// That line, without the spaces around it.
    pub text: String,
}

/// One block of a file, printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// `resource`, `data`, `output` …
    pub kind: String,
    /// Type and name, as far as the block has them.
    pub labels: Vec<String>,
    /// The whole block with the comments before it and a line break at its end.
    pub text: String,
}

impl Block {
    /// How others refer to it: `aws_lb.edge`, `data.aws_lb.edge`, `var.region`.
    pub fn address(&self) -> String {
        let labels = self.labels.join(".");
        match self.kind.as_str() {
            "resource" => labels,
            "variable" => format!("var.{labels}"),
            kind => format!("{kind}.{labels}"),
        }
    }
}

/// Prints a text canonically.
///
/// # Errors
/// When it is no HCL.
pub fn format(text: &str) -> Result<String, HclError> {
    let parsed = parser::parse_body(text).map_err(|error| failure(&error))?;
    Ok(body::print(&parsed, 0))
}

/// Prints a text canonically, block by block, so that each may go to another file.
///
/// # Errors
/// When it is no HCL, or has an attribute outside of a block.
pub fn blocks(text: &str) -> Result<Vec<Block>, HclError> {
    let parsed = parser::parse_body(text).map_err(|error| failure(&error))?;
    let mut found = Vec::new();
    for structure in &parsed {
        match structure {
            Structure::Block(block) => found.push(Block {
                kind: block.ident.as_str().to_owned(),
                labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
                text: body::print_structure(structure, 0),
            }),
            Structure::Attribute(attribute) => {
                let name = attribute.key.as_str();
                let line = text.lines().position(|line| line.trim_start().starts_with(name)).unwrap_or(0);
                return Err(HclError {
                    message: "an attribute stands outside of a block".to_owned(),
                    line: line + 1,
                    text: text.lines().nth(line).unwrap_or_default().trim().to_owned(),
                });
            }
        }
    }
    Ok(found)
}

/// A quoted text without references.
pub fn quote(text: &str) -> String {
    expression::quote(text)
}

fn failure(error: &parser::Error) -> HclError {
    HclError {
        message: error.message().trim().replace('\n', ", "),
        line: error.location().line(),
        text: error.line().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests;
