//! Lists the files of `templates/` and `icons/` so that the library can embed them: a new kind, form or icon is one
//! new file there. What is YAML in them is read here, by the library's own reader, so that no run has to.

// The modules belong to the library, which uses and documents more of them.
#![allow(dead_code, unused_imports, unreachable_pub, missing_docs)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

#[path = "src/source.rs"]
mod source;

#[path = "src/diag"]
mod diag {
    mod finding;
    pub use finding::{Diagnostic, Diagnostics, Severity};
}

#[path = "src/document"]
mod document {
    pub mod packed;
    pub mod tree;
    pub mod yaml;
}

/// Whose YAML is data; the rest of `templates/` are templates of YAML.
const TREES: [(&str, &[&str]); 2] =
    [("templates", &["forms/", "kinds/", "messages/", "profiles/", "recipes/"]), ("themes", &[""])];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?);
    for folder in ["templates", "icons"] {
        let mut table = String::from("&[\n");
        for path in &files(folder)? {
            table.push_str(&format!(
                "    ({path:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))),\n",
                format!("/{folder}/{path}")
            ));
        }
        table.push_str("]\n");
        fs::write(out.join(format!("{folder}.rs")), table)?;
    }
    TREES.into_iter().try_for_each(|(folder, below)| trees(folder, below, &out))
}

/// Writes what the files of a folder say, one behind the other, and where each of them lies.
fn trees(folder: &str, below: &[&str], out: &Path) -> io::Result<()> {
    let (mut bytes, mut places) = (Vec::new(), String::new());
    for path in files(folder)?.iter().filter(|path| below.iter().any(|start| path.starts_with(start))) {
        let file = format!("{folder}/{path}");
        let mut found = diag::Diagnostics::default();
        let tree = document::yaml::parse(source::SourceId(0), &fs::read_to_string(&file)?, &mut found);
        let Some(tree) = tree.filter(|_| found.is_empty()) else {
            let said: Vec<&str> = found.sorted().iter().map(|finding| finding.message.as_str()).collect();
            return Err(io::Error::other(format!("{file}: {}", said.join("; "))));
        };
        let start = bytes.len();
        document::packed::pack(&tree, &mut bytes);
        places.push_str(&format!("        ({path:?}, {start}..{}),\n", bytes.len()));
    }
    let name = format!("{folder}.trees.bin");
    let table = format!(
        "Packed {{\n    places: &[\n{places}    ],\n    bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")),\n}}\n"
    );
    fs::write(out.join(name), bytes)?;
    fs::write(out.join(format!("{folder}.trees.rs")), table)
}

/// The paths of all files below a folder, relative to it, sorted.
fn files(folder: &str) -> io::Result<Vec<String>> {
    println!("cargo::rerun-if-changed={folder}");
    let mut files = Vec::new();
    collect(Path::new(folder), "", &mut files)?;
    files.sort();
    Ok(files)
}

/// Adds the paths of all files below a folder, relative to it, with `/` between folders.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}
