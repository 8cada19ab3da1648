//! The names of what a run writes, compared as the least discerning disk would.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::failure::Failure;
use super::lock::Key;
use super::place::Place;
use crate::artifact::Artifact;

/// The files and folders that a run needs, in lower case.
pub(super) struct Names {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Names {
    /// Takes in what is to be written. Two artifacts on one path, on paths that differ in case alone, or one inside
    /// the other are refused: on some system one would overwrite the other.
    pub(super) fn new(wanted: &[(Key, &Artifact)], place: &Place) -> Result<Self, Failure> {
        let mut files: BTreeMap<String, &(Key, &Artifact)> = BTreeMap::new();
        let mut folders: BTreeMap<String, (&str, &(Key, &Artifact))> = BTreeMap::new();
        let shown: Vec<String> = wanted.iter().map(|(key, _)| place.shown(key)).collect();
        for (one, shown) in wanted.iter().zip(&shown) {
            if let Some(other) = files.insert(shown.to_lowercase(), one) {
                return Err(collision(other, one, place));
            }
            for folder in folders_of(shown) {
                let (spelling, other) = *folders.entry(folder.to_lowercase()).or_insert((folder, one));
                if spelling != folder {
                    return Err(collision(other, one, place));
                }
            }
        }
        let clash = files.iter().find_map(|(name, file)| folders.get(name).map(|(_, inner)| (file, inner)));
        if let Some((file, inner)) = clash {
            return Err(collision(file, inner, place));
        }
        Ok(Names { files: files.into_keys().collect(), folders: folders.into_keys().collect() })
    }

    /// Whether a file of this name must be gone before the run can write: it has the name of a file or folder that
    /// is needed, or lies below where a file is needed.
    pub(super) fn obstructs(&self, shown: &str) -> bool {
        let name = shown.to_lowercase();
        self.files.contains(&name)
            || self.folders.contains(&name)
            || folders_of(&name).any(|folder| self.files.contains(folder))
    }
}

/// Every folder above a file, from the root down.
fn folders_of(shown: &str) -> impl Iterator<Item = &str> {
    shown.match_indices('/').map(|(at, _)| &shown[..at])
}

fn collision(one: &(Key, &Artifact), other: &(Key, &Artifact), place: &Place) -> Failure {
    let mut from = one.1.from.clone();
    from.extend(other.1.from.iter().filter(|span| !one.1.from.contains(span)));
    Failure::Collision {
        first: place.shown(&one.0),
        first_target: one.1.target,
        second: place.shown(&other.0),
        second_target: other.1.target,
        from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::{RelPath, Root};

    fn names(paths: &[(&'static str, Root, &str)]) -> Result<Names, Failure> {
        let all: Vec<Artifact> = paths
            .iter()
            .map(|(target, root, path)| Artifact {
                root: *root,
                ..Artifact::text(target, RelPath::new(*path).unwrap(), "")
            })
            .collect();
        let wanted: Vec<(Key, &Artifact)> = all.iter().map(|a| ((a.root, a.path.clone()), a)).collect();
        Names::new(&wanted, &Place::new("/p", "out").unwrap())
    }

    #[test]
    fn two_artifacts_on_one_path_are_both_named() {
        use Root::{Beside, OutputDir};
        let message = |paths| names(paths).err().unwrap().message();
        assert_eq!(message(&[("a", OutputDir, "x"), ("b", OutputDir, "x")]), "a and b both make out/x");
        assert_eq!(message(&[("a", OutputDir, "x"), ("b", Beside, "out/x")]), "a and b both make out/x");
        let case = message(&[("a", OutputDir, "x/README.md"), ("b", OutputDir, "x/Readme.md")]);
        assert_eq!(
            case,
            "out/x/README.md (of a) and out/x/Readme.md (of b) cannot lie side by side on every system"
        );
        assert!(names(&[("a", OutputDir, "X/a"), ("b", OutputDir, "x/b")]).is_err());
        assert!(names(&[("a", OutputDir, "x"), ("b", OutputDir, "X/b")]).is_err());
        assert!(names(&[("a", OutputDir, "x/a"), ("b", OutputDir, "x/b"), ("c", OutputDir, "x-a")]).is_ok());
    }

    #[test]
    fn what_stands_where_something_is_needed_goes_first() {
        let names = names(&[("a", Root::OutputDir, "x/y")]).unwrap();
        for (name, first) in
            [("out/x", true), ("out/X/Y", true), ("out/x/y/z", true), ("out/x/z", false), ("out/x-y", false)]
        {
            assert_eq!(names.obstructs(name), first, "{name}");
        }
    }
}
