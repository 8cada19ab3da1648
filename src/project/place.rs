//! Where a project lies: the folder of `archgen.yaml` and the output folder.

use std::path::{Path, PathBuf};

use super::lock::Key;
use crate::artifact::{PathError, RelPath, Root};

/// The name of the lock, in the output folder.
pub const LOCK_NAME: &str = "archgen.lock";

/// The folder of `archgen.yaml` and the folder that is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    beside: PathBuf,
    output: PathBuf,
    /// The output folder counted from `beside`; `None` when it lies anywhere else.
    inside: Option<Vec<String>>,
}

impl Place {
    /// The output folder as `outputs.dir` gives it: below the folder `beside` of `archgen.yaml`, or `.`.
    pub fn new(beside: impl Into<PathBuf>, dir: &str) -> Result<Self, PathError> {
        let beside = beside.into();
        let mut dir = dir.trim_end_matches('/');
        while let Some(rest) = dir.strip_prefix("./") {
            dir = rest.trim_start_matches('/');
        }
        let parts = match dir {
            "." => Vec::new(),
            dir => RelPath::new(dir)?.parts().map(String::from).collect(),
        };
        let output = parts.iter().fold(beside.clone(), |path, part| path.join(part));
        Ok(Place { beside, output, inside: Some(parts) })
    }

    /// An output folder that the caller names outright (`--out`), anywhere on the disk.
    pub fn elsewhere(beside: impl Into<PathBuf>, output: impl Into<PathBuf>) -> Self {
        Place { beside: beside.into(), output: output.into(), inside: None }
    }

    /// Whether the output folder is one that the caller named.
    pub fn is_elsewhere(&self) -> bool {
        self.inside.is_none()
    }

    /// The folder of `archgen.yaml`.
    pub fn beside(&self) -> &Path {
        &self.beside
    }

    /// The output folder.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// Where a file lies.
    pub(super) fn file(&self, key: &Key) -> PathBuf {
        key.1.parts().fold(self.folder(key.0).to_path_buf(), |path, part| path.join(part))
    }

    /// The name of a file for people, with `/` between folders: as seen from `archgen.yaml`, where it lies below.
    pub(super) fn shown(&self, key: &Key) -> String {
        self.below(key.0, key.1.as_str())
    }

    /// The name of one of archgen's own files in the output folder, for people.
    pub(super) fn own_shown(&self, name: &str) -> String {
        self.below(Root::OutputDir, name)
    }

    /// Where one of archgen's own files lies.
    pub(super) fn own(&self, name: &str) -> PathBuf {
        self.output.join(name)
    }

    /// Every folder between the root and the file, from the root down, each with its path below the key's root;
    /// the empty path stands for the folders of `outputs.dir` itself.
    pub(super) fn above(&self, key: &Key) -> Vec<Above> {
        let mut all = Vec::new();
        let mut path = self.folder(key.0).to_path_buf();
        if let (Root::OutputDir, Some(parts)) = (key.0, &self.inside) {
            path = self.beside.clone();
            for part in parts {
                path.push(part);
                all.push(Above { path: path.clone(), below: String::new() });
            }
        }
        let mut below = String::new();
        for part in key.1.parent().into_iter().flat_map(|parent| parent.split('/')) {
            path.push(part);
            below = if below.is_empty() { part.to_string() } else { format!("{below}/{part}") };
            all.push(Above { path: path.clone(), below: below.clone() });
        }
        all
    }

    /// The folder that a key's path counts from.
    pub(super) fn folder(&self, root: Root) -> &Path {
        match root {
            Root::OutputDir => &self.output,
            Root::Beside => &self.beside,
        }
    }

    /// The name of any path for people.
    pub(super) fn name_of(&self, path: &Path) -> String {
        let from_beside = path.strip_prefix(&self.beside).ok().filter(|rest| !rest.as_os_str().is_empty());
        slashed(from_beside.unwrap_or(path))
    }

    fn below(&self, root: Root, path: &str) -> String {
        match (root, &self.inside) {
            (Root::Beside, _) => path.to_string(),
            (Root::OutputDir, Some(parts)) if parts.is_empty() => path.to_string(),
            (Root::OutputDir, Some(parts)) => format!("{}/{path}", parts.join("/")),
            (Root::OutputDir, None) => format!("{}/{path}", slashed(&self.output)),
        }
    }
}

/// A folder above a file.
pub(super) struct Above {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Its path below the key's root.
    pub(super) below: String,
}

/// A path with `/` between folders on every system.
pub(super) fn slashed(path: &Path) -> String {
    let text = path.display().to_string();
    if std::path::MAIN_SEPARATOR == '/' { text } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// The name that a file has while it is being written, in the same folder.
pub(super) fn temporary(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.with_file_name(format!(".{name}.archgen-tmp"))
}

/// The name of the file that a temporary name belongs to.
pub(super) fn of_temporary(name: &str) -> Option<&str> {
    name.strip_prefix('.')?.strip_suffix(".archgen-tmp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_folder_stays_below_the_description() {
        for (dir, shown) in
            [("generated", "generated/a"), ("./docs/gen/", "docs/gen/a"), (".", "a"), ("./", "a")]
        {
            let place = Place::new("/p", dir).unwrap();
            assert_eq!(place.shown(&(Root::OutputDir, RelPath::new("a").unwrap())), shown);
        }
        for dir in ["..", "../out", "/tmp", "a/../../b", "", ".git", "a\\b"] {
            assert!(Place::new("/p", dir).is_err(), "{dir}");
        }
    }
}
