//! What lies on the disk at the place of one file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Entry};
use super::failure::Failure;
use super::lock::{Key, Lock};
use super::place::{Place, of_temporary, temporary};
use super::{BUSY_NAME, PENDING_NAME};
use crate::artifact::{RelPath, Root};

/// Generated files are read whole to be compared; nothing that archgen writes comes near this.
const LONGEST_FILE: u64 = 256 << 20;

/// What lies at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing.
    Missing,
    /// A file.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Whether it may be run; `None` where the system does not say.
        executable: Option<bool>,
    },
    /// A folder.
    Folder,
    /// A link.
    Link,
    /// A device, a pipe, a socket.
    Special,
    /// A link stands where a folder above the file should be.
    LinkAbove(PathBuf),
    /// A file stands where a folder above the file should be. The path counts from the key's root; it is empty for
    /// a part of `outputs.dir`.
    FileAbove(PathBuf, String),
}

/// Looks at places; what was seen of folders is remembered, since many files share them.
pub(super) struct Inspector<'a> {
    disk: &'a dyn Disk,
    place: &'a Place,
    folders: BTreeMap<PathBuf, Entry>,
}

impl<'a> Inspector<'a> {
    /// Looks at the files of one project.
    pub(super) fn new(disk: &'a dyn Disk, place: &'a Place) -> Self {
        Inspector { disk, place, folders: BTreeMap::new() }
    }

    /// What lies at the place of a file.
    pub(super) fn look(&mut self, key: &Key) -> Result<Seen, Failure> {
        for above in self.place.above(key) {
            match self.folder(&above.path)? {
                Entry::Folder => {}
                Entry::Missing => return Ok(Seen::Missing),
                Entry::Link => return Ok(Seen::LinkAbove(above.path)),
                Entry::File { .. } | Entry::Special => return Ok(Seen::FileAbove(above.path, above.below)),
            }
        }
        let path = self.place.file(key);
        Ok(match self.entry(&path)? {
            Entry::Missing => Seen::Missing,
            Entry::Folder => Seen::Folder,
            Entry::Link => Seen::Link,
            Entry::Special => Seen::Special,
            Entry::File { executable } => match self.read(&path)? {
                Some(bytes) => Seen::File { bytes, executable },
                None => Seen::Missing,
            },
        })
    }

    /// One of archgen's own files in the output folder; `None` when it is not there.
    pub(super) fn own(&mut self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        if !self.output_exists()? {
            return Ok(None);
        }
        let path = self.place.own(name);
        match self.entry(&path)? {
            Entry::Missing => Ok(None),
            Entry::File { .. } => self.read(&path),
            Entry::Folder | Entry::Link | Entry::Special => {
                Err(Failure::Link { path: self.place.own_shown(name) })
            }
        }
    }

    /// Whether a killed run left one of archgen's own files behind, other than the pending file itself.
    pub(super) fn has_rests(&mut self) -> Result<bool, Failure> {
        // A lock file that another process holds cannot be read on every system, but looked at.
        let rests = [self.place.own(BUSY_NAME), temporary(&self.place.own(PENDING_NAME))];
        for path in &rests {
            if self.entry(path)? != Entry::Missing {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether every folder above a file is there and none of them is a link.
    pub(super) fn is_reachable(&mut self, key: &Key) -> Result<bool, Failure> {
        for above in self.place.above(key) {
            if self.folder(&above.path)? != Entry::Folder {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Every file below a folder that is to make room for a file, or `None` when something lies there that archgen
    /// would not write. Temporary files that a killed run left of a `known` file do not count: they go anyway.
    pub(super) fn files_below(&mut self, key: &Key, known: &Lock) -> Result<Option<Vec<Key>>, Failure> {
        let folder = self.place.file(key);
        let names = self.disk.list(&folder).map_err(|e| self.failure("list", &folder, &e))?;
        let mut all = Vec::new();
        for name in names {
            let of_temporary = name.to_str().and_then(of_temporary).and_then(|name| key.1.join(name).ok());
            if of_temporary.is_some_and(|path| known.files.contains_key(&(key.0, path))) {
                continue;
            }
            let path = name.to_str().and_then(|name| key.1.join(name).ok());
            let Some(path) = path else { return Ok(None) };
            let inner = (key.0, path);
            match self.entry(&self.place.file(&inner))? {
                Entry::File { .. } => all.push(inner),
                Entry::Folder => match self.files_below(&inner, known)? {
                    Some(below) => all.extend(below),
                    None => return Ok(None),
                },
                Entry::Missing => {}
                Entry::Link | Entry::Special => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// What lies at a path, unremembered.
    fn entry(&self, path: &Path) -> Result<Entry, Failure> {
        self.disk.entry(path).map_err(|e| self.failure("look at", path, &e))
    }

    /// Whether the output folder is there, reached without a link inside the project.
    fn output_exists(&mut self) -> Result<bool, Failure> {
        // The folders above any file right in the output folder are those of `outputs.dir`.
        let Ok(any) = RelPath::new("any") else { return Ok(false) };
        for above in self.place.above(&(Root::OutputDir, any)) {
            match self.folder(&above.path)? {
                Entry::Folder => {}
                Entry::Missing => return Ok(false),
                Entry::Link | Entry::File { .. } | Entry::Special => {
                    return Err(Failure::Link { path: self.place.name_of(&above.path) });
                }
            }
        }
        Ok(true)
    }

    fn folder(&mut self, path: &Path) -> Result<Entry, Failure> {
        if let Some(entry) = self.folders.get(path) {
            return Ok(*entry);
        }
        let entry = self.entry(path)?;
        self.folders.insert(path.to_path_buf(), entry);
        Ok(entry)
    }

    /// The bytes of a file; `None` when it went away since it was looked at, as another run may have done.
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Failure> {
        match self.disk.read(path, LONGEST_FILE) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(self.failure("read", path, &e)),
        }
    }

    fn failure(&self, doing: &'static str, path: &Path, error: &std::io::Error) -> Failure {
        Failure::io(doing, self.place.name_of(path), error)
    }
}
