//! Finds descriptions and reads what belongs to them.

use std::path::{Path, PathBuf};

use super::output::Out;
use crate::compile::Texts;
use crate::diag::{Diagnostic, Diagnostics};
use crate::project::{RealDisk, read, read_texts};

/// A description and the folder it lies in.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The folder of the description.
    pub(super) folder: PathBuf,
    /// Everything that was read.
    pub(super) texts: Texts,
    /// The description's bytes, for its digest.
    pub(super) bytes: Vec<u8>,
    /// What is wrong with the files beside it.
    pub(super) findings: Diagnostics,
}

/// The descriptions that a call names: files, folders (all below them), or the nearest one. `None` when one of
/// them cannot be found, which was said.
pub(super) fn find(files: &[PathBuf], out: &Out) -> Option<Vec<PathBuf>> {
    if files.is_empty() {
        let here = match std::env::current_dir() {
            Ok(here) => here,
            Err(error) => {
                out.error(&format!("the working directory cannot be read: {error}"), "");
                return None;
            }
        };
        return match read::find_description(&here, &RealDisk) {
            Ok(Some(file)) => Some(vec![relative(&file, &here)]),
            Ok(None) => {
                out.error(
                    "there is no archgen.yaml here or above",
                    "begin with `archgen init`, or name a file",
                );
                None
            }
            Err(failure) => {
                out.error(&failure.message(), &failure.remedy());
                None
            }
        };
    }
    let mut found = Vec::new();
    for file in files {
        if !file.is_dir() {
            found.push(file.clone());
            continue;
        }
        match read::find_descriptions(file, &RealDisk) {
            Ok(below) if below.is_empty() => {
                out.error(
                    &format!("there is no archgen.yaml in or below {}", file.display()),
                    "begin with `archgen init`",
                );
                return None;
            }
            Ok(below) => found.extend(below),
            Err(failure) => {
                out.error(&failure.message(), &failure.remedy());
                return None;
            }
        }
    }
    found.sort();
    found.dedup();
    Some(found)
}

/// A path as seen from a folder, where it lies below or right above.
fn relative(file: &Path, here: &Path) -> PathBuf {
    file.strip_prefix(here).map_or_else(|_| file.to_path_buf(), Path::to_path_buf)
}

/// Reads a description, what lies beside it and what it names. `theme` is one that the call asks for.
pub(super) fn load(file: &Path, theme: Option<&str>) -> Result<Loaded, Box<Diagnostic>> {
    let (texts, findings) = read_texts(file, theme, &RealDisk)?;
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    };
    Ok(Loaded { folder, bytes: texts.description.clone().into_bytes(), texts, findings })
}
