//! Lists the files of `templates/` and `icons/` so that the library can embed them: a new kind, form or icon is one
//! new file there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?);
    for folder in ["templates", "icons"] {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(Path::new(folder), "", &mut files)?;
        files.sort();
        let mut table = String::from("&[\n");
        for path in &files {
            table.push_str(&format!(
                "    ({path:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))),\n",
                format!("/{folder}/{path}")
            ));
        }
        table.push_str("]\n");
        fs::write(out.join(format!("{folder}.rs")), table)?;
    }
    Ok(())
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
