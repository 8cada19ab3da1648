//! Where files go: all in one folder, or the resources in a module and around it what only calls the module.

use std::collections::BTreeMap;

use super::files::{File, Piece};
use super::{hcl, naming, regions};
use crate::target::Input;
use crate::target::parts::own_or_built_in;

/// The folder of what stands in a region, unless the author names one.
const REGION: &str = "region";

/// Files that stay outside of the module.
const OUTER: [&str; 2] = ["providers.tf", "terraform.tfvars.example"];

/// The environment's folder of Terraform, as the resources' files say it: they may stand in a module, which can also be
/// looked at by itself.
pub(super) fn root(input: &Input) -> String {
    let Some(folder) = module_folder(input) else { return "${path.root}".to_owned() };
    let up = folder.split('/').filter(|part| !part.is_empty()).map(|_| "/..");
    format!("${{path.module}}{}", up.collect::<String>())
}

/// The folder of the module below the environment's folder of Terraform, when the author wants one or there are several
/// regions.
pub(super) fn module_folder(input: &Input) -> Option<String> {
    let Some(folder) = input.model.system().terraform.modules.as_deref() else {
        return regions::of(input).map(|_| REGION.to_owned());
    };
    let folder = folder.trim_start_matches("./").trim_matches('/');
    Some(folder.strip_prefix("terraform/").unwrap_or(folder).to_owned())
}

/// The module's name.
pub(super) fn module(input: &Input) -> String {
    naming::identifier(&input.model.system().id)
}

/// The files with their paths in the environment's folder of Terraform.
pub(super) fn lay_out(
    input: &Input,
    pieces: &[Piece],
    mut files: BTreeMap<String, File>,
) -> BTreeMap<String, File> {
    let Some(folder) = &module_folder(input) else { return files };
    let mut out: BTreeMap<String, File> = BTreeMap::new();
    for name in OUTER {
        if let Some(file) = files.remove(name) {
            out.insert(name.to_owned(), file);
        }
    }
    if let Some(versions) = files.remove("versions.tf") {
        out.insert("versions.tf".to_owned(), versions);
    }
    if let Some(text) = own_or_built_in(input, "terraform/module-versions.tf") {
        out.insert(format!("{folder}/versions.tf"), File { text, from: Vec::new() });
    }
    if let Some(variables) = files.get("variables.tf") {
        out.insert("variables.tf".to_owned(), variables.clone());
    }
    let name = module(input);
    out.insert("main.tf".to_owned(), File { text: call(&name, folder, pieces), from: Vec::new() });
    if files.contains_key("outputs.tf") {
        out.insert("outputs.tf".to_owned(), File { text: outputs(&name, pieces), from: Vec::new() });
    }
    out.extend(files.into_iter().map(|(file, text)| (format!("{folder}/{file}"), text)));
    out
}

/// The call of the module, with every variable handed on.
fn call(name: &str, folder: &str, pieces: &[Piece]) -> String {
    let variables = pieces.iter().filter(|piece| piece.block.kind == "variable");
    let arguments: String = variables
        .filter_map(|piece| piece.block.labels.first())
        .map(|variable| format!("{variable} = var.{variable}\n"))
        .collect();
    printed(&format!("module \"{name}\" {{\n source = \"./{folder}\"\n\n {arguments}}}\n"))
}

/// The module's outputs, under their own names.
fn outputs(name: &str, pieces: &[Piece]) -> String {
    let outputs = pieces.iter().filter(|piece| piece.block.kind == "output");
    let texts: Vec<String> = outputs
        .filter_map(|piece| {
            let output = piece.block.labels.first()?;
            let description =
                piece.block.text.lines().find(|line| line.trim_start().starts_with("description"));
            let description = description.map(|line| format!("{line}\n")).unwrap_or_default();
            Some(printed(&format!(
                "output \"{output}\" {{\n{description} value = module.{name}.{output}\n}}\n"
            )))
        })
        .collect();
    texts.join("\n")
}

fn printed(text: &str) -> String {
    hcl::format(text).unwrap_or_else(|_| text.to_owned())
}
