//! HCL: text in, parsed, and printed in the one form that `terraform fmt` leaves alone.
//!
//! Everything that the Terraform target writes goes through [`blocks`] or [`format()`], so a template that is not
//! HCL fails at once, and no generated file needs formatting.

mod body;
mod expression;
pub mod resource;

use hcl_edit::parser;
use hcl_edit::structure::{Body, Structure};

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

/// Sets an argument of a block, through nested blocks where the path has several words; what is there is replaced,
/// nested blocks that are missing are added. The value is an expression.
///
/// # Errors
/// When the value is no expression, or the path is empty.
pub fn set(block: &mut Block, path: &[&str], value: &str) -> Result<(), HclError> {
    let fault = |message: &str| HclError { message: message.to_owned(), line: 1, text: value.to_owned() };
    let Some((key, outer)) = path.split_last() else { return Err(fault("no argument is named")) };
    let attribute = parser::parse_body(&format!("{key} = {value}\n")).map_err(|error| failure(&error))?;
    let attribute =
        attribute.into_attributes().next().ok_or_else(|| fault("this is no argument with a value"))?;
    let mut parsed = parser::parse_body(&block.text).map_err(|error| failure(&error))?;
    let mut at = parsed.blocks_mut().next().map(|block| &mut block.body);
    for word in outer {
        at = at.and_then(|body| nested(body, word));
    }
    let body = at.ok_or_else(|| fault("this is no name of a block"))?;
    if let Some(mut old) = body.get_attribute_mut(key) {
        *old.value_mut() = attribute.value;
    } else {
        let first_block = body.iter().position(Structure::is_block).unwrap_or(body.len());
        body.insert(first_block, attribute);
    }
    block.text = body::print(&parsed, 0);
    Ok(())
}

/// Puts items in place of a word in a list, which is an argument of a block. An item stands there once; a list with
/// nothing in it goes.
///
/// # Errors
/// When the block has no such list.
pub fn replace_in_list(block: &mut Block, key: &str, word: &str, items: &[String]) -> Result<(), HclError> {
    let fault = || HclError { message: "this is no list".to_owned(), line: 1, text: key.to_owned() };
    let mut parsed = parser::parse_body(&block.text).map_err(|error| failure(&error))?;
    let body = parsed.blocks_mut().next().map(|block| &mut block.body).ok_or_else(fault)?;
    let list = body.get_attribute(key).and_then(|attribute| attribute.value.as_array()).ok_or_else(fault)?;
    let mut all: Vec<String> = Vec::new();
    for item in list.iter().map(|item| expression::print(item, 0, 0)) {
        let found = if item == word { items } else { std::slice::from_ref(&item) };
        all.extend(found.iter().filter(|item| !all.contains(item)).cloned().collect::<Vec<_>>());
    }
    if all.is_empty() {
        body.remove_attribute(key);
        block.text = body::print(&parsed, 0);
        return Ok(());
    }
    block.text = body::print(&parsed, 0);
    let lines = if all.len() > 1 { format!("[\n{},\n]", all.join(",\n")) } else { format!("[{}]", all[0]) };
    set(block, &[key], &lines)
}

/// The body of the first nested block of a name, made when there is none.
fn nested<'a>(body: &'a mut Body, word: &'a str) -> Option<&'a mut Body> {
    if !body.has_blocks(word) {
        for made in &parser::parse_body(&format!("{word} {{}}\n")).ok()? {
            body.push(made.clone());
        }
    }
    body.get_blocks_mut(word).next().map(|block| &mut block.body)
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
