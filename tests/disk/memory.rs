//! A disk in memory that fails, fills up or dies at any operation.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use archgen::project::disk::Guard;
use archgen::project::{Disk, Entry};

/// What happens at the operation that a fault names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// This one operation fails.
    Once(ErrorKind),
    /// This and every later operation that changes the disk fails.
    From(ErrorKind),
    /// The process dies before the operation.
    Kill,
    /// The process dies in the middle of it: half of what it writes is there.
    KillHalf,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    File { bytes: Vec<u8>, executable: bool, written: usize },
    Folder,
}

#[derive(Debug, Default)]
struct State {
    nodes: BTreeMap<PathBuf, Node>,
    operations: usize,
    fault: Option<(usize, How)>,
    dead: bool,
    case_blind: bool,
}

/// Everything on a disk by path: bytes and whether they may be run, or nothing for a folder.
pub(crate) type Files = BTreeMap<String, Option<(Vec<u8>, bool)>>;

/// The disk.
#[derive(Debug, Default)]
pub(crate) struct MemoryDisk {
    state: Mutex<State>,
}

struct Nothing;

impl Guard for Nothing {}

impl MemoryDisk {
    /// An empty disk with one folder.
    pub(crate) fn with_folder(folder: &str) -> Self {
        let disk = MemoryDisk::default();
        disk.state.lock().unwrap().nodes.insert(folder.into(), Node::Folder);
        disk
    }

    /// Takes names that differ in case alone for the same.
    pub(crate) fn blind_to_case(self) -> Self {
        self.state.lock().unwrap().case_blind = true;
        self
    }

    /// A copy with the same files, alive and without a fault.
    pub(crate) fn copy(&self) -> Self {
        let state = self.state.lock().unwrap();
        let (nodes, case_blind) = (state.nodes.clone(), state.case_blind);
        MemoryDisk { state: Mutex::new(State { nodes, case_blind, ..State::default() }) }
    }

    /// Sets what happens at the n-th operation from now, counted from 0.
    pub(crate) fn fail_at(&self, operation: usize, how: How) {
        let mut state = self.state.lock().unwrap();
        state.operations = 0;
        state.fault = Some((operation, how));
    }

    /// Operations since the fault was set.
    pub(crate) fn operations(&self) -> usize {
        self.state.lock().unwrap().operations
    }

    /// Puts a file there, with its folders.
    pub(crate) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let mut state = self.state.lock().unwrap();
        let path = state.spelled(Path::new(path));
        for folder in path.ancestors().skip(1) {
            let folder = state.spelled(folder);
            state.nodes.entry(folder).or_insert(Node::Folder);
        }
        let node = Node::File { bytes: bytes.as_ref().to_vec(), executable: false, written: 0 };
        state.nodes.insert(path, node);
    }

    /// Puts an empty folder there.
    pub(crate) fn put_folder(&self, path: &str) {
        self.state.lock().unwrap().nodes.insert(path.into(), Node::Folder);
    }

    /// Removes a file as a user would.
    pub(crate) fn delete(&self, path: &str) {
        self.state.lock().unwrap().nodes.remove(Path::new(path));
    }

    /// A file's bytes.
    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        let state = self.state.lock().unwrap();
        match state.nodes.get(&state.spelled(Path::new(path))) {
            Some(Node::File { bytes, .. }) => Some(bytes.clone()),
            _ => None,
        }
    }

    /// Everything that lies there: a file's bytes and mode, nothing for a folder.
    pub(crate) fn all(&self) -> Files {
        let state = self.state.lock().unwrap();
        let content = |node: &Node| match node {
            Node::File { bytes, executable, .. } => Some((bytes.clone(), *executable)),
            Node::Folder => None,
        };
        state.nodes.iter().map(|(path, node)| (path.display().to_string(), content(node))).collect()
    }
}

impl State {
    /// The path under which a node is known.
    fn spelled(&self, path: &Path) -> PathBuf {
        if !self.case_blind || self.nodes.contains_key(path) {
            return path.to_path_buf();
        }
        let lower = path.to_string_lossy().to_lowercase();
        let known = self.nodes.keys().find(|known| known.to_string_lossy().to_lowercase() == lower);
        if let Some(known) = known {
            return known.clone();
        }
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) if !parent.as_os_str().is_empty() => self.spelled(parent).join(name),
            _ => path.to_path_buf(),
        }
    }

    fn children(&self, folder: &Path) -> Vec<OsString> {
        let below = self.nodes.keys().filter(|path| path.parent() == Some(folder));
        below.filter_map(|path| path.file_name().map(OsString::from)).collect()
    }

    fn needs_folder(&self, path: &Path) -> io::Result<()> {
        match path.parent().and_then(|parent| self.nodes.get(parent)) {
            Some(Node::Folder) => Ok(()),
            Some(Node::File { .. }) => Err(ErrorKind::NotADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }
}

/// Whether an operation still leaves half of its work behind when it fails.
enum Turn {
    Whole,
    Half(io::Error),
}

impl MemoryDisk {
    /// Counts an operation and says whether it happens.
    fn turn(&self, changes: bool) -> io::Result<Turn> {
        let mut state = self.state.lock().unwrap();
        let gone = || io::Error::other("the process is dead");
        if state.dead {
            return Err(gone());
        }
        let now = state.operations;
        state.operations += 1;
        match state.fault {
            Some((at, How::Once(ErrorKind::StorageFull))) if at == now => {
                Ok(Turn::Half(ErrorKind::StorageFull.into()))
            }
            Some((at, How::Once(kind))) if at == now => Err(kind.into()),
            Some((at, How::From(ErrorKind::StorageFull))) if at <= now && changes => {
                Ok(Turn::Half(ErrorKind::StorageFull.into()))
            }
            Some((at, How::From(kind))) if at <= now && changes => Err(kind.into()),
            Some((at, How::Kill)) if at == now => {
                state.dead = true;
                Err(gone())
            }
            Some((at, How::KillHalf)) if at == now => {
                state.dead = true;
                Ok(Turn::Half(gone()))
            }
            _ => Ok(Turn::Whole),
        }
    }

    fn whole(&self, changes: bool) -> io::Result<std::sync::MutexGuard<'_, State>> {
        match self.turn(changes)? {
            Turn::Whole => Ok(self.state.lock().unwrap()),
            Turn::Half(error) => Err(error),
        }
    }

    /// For what a full disk still does: renaming and removing.
    fn unless_broken(&self) -> io::Result<std::sync::MutexGuard<'_, State>> {
        match self.turn(true)? {
            Turn::Half(error) if error.kind() != ErrorKind::StorageFull => Err(error),
            _ => Ok(self.state.lock().unwrap()),
        }
    }
}

impl Disk for MemoryDisk {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        let state = self.whole(false)?;
        Ok(match state.nodes.get(&state.spelled(path)) {
            None => Entry::Missing,
            Some(Node::File { executable, .. }) => Entry::File { executable: Some(*executable) },
            Some(Node::Folder) => Entry::Folder,
        })
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let state = self.whole(false)?;
        match state.nodes.get(&state.spelled(path)) {
            Some(Node::File { bytes, .. }) => Ok(bytes[..bytes.len().min(limit as usize)].to_vec()),
            Some(Node::Folder) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let state = self.whole(false)?;
        let folder = state.spelled(folder);
        match state.nodes.get(&folder) {
            Some(Node::Folder) => Ok(state.children(&folder)),
            Some(Node::File { .. }) => Err(ErrorKind::NotADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.whole(true)?;
        let path = state.spelled(path);
        state.needs_folder(&path)?;
        if state.nodes.contains_key(&path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        state.nodes.insert(path, Node::Folder);
        Ok(())
    }

    fn write_new(&self, path: &Path, bytes: &[u8], executable: bool) -> io::Result<()> {
        let turn = self.turn(true)?;
        let mut state = self.state.lock().unwrap();
        let path = state.spelled(path);
        state.needs_folder(&path)?;
        if state.nodes.contains_key(&path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let written = state.operations;
        let file = |bytes: &[u8]| Node::File { bytes: bytes.to_vec(), executable, written };
        match turn {
            Turn::Whole => {
                state.nodes.insert(path, file(bytes));
                Ok(())
            }
            Turn::Half(error) => {
                state.nodes.insert(path, file(&bytes[..bytes.len() / 2]));
                Err(error)
            }
        }
    }

    fn sync(&self, paths: &[PathBuf]) -> io::Result<()> {
        let state = self.whole(true)?;
        let missing = paths.iter().any(|path| !state.nodes.contains_key(&state.spelled(path)));
        if missing { Err(ErrorKind::NotFound.into()) } else { Ok(()) }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.unless_broken()?;
        let (from, to) = (state.spelled(from), state.spelled(to));
        state.needs_folder(&to)?;
        if state.nodes.get(&to) == Some(&Node::Folder) {
            return Err(ErrorKind::IsADirectory.into());
        }
        match state.nodes.remove(&from) {
            Some(node) => {
                state.nodes.insert(to, node);
                Ok(())
            }
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let mut state = self.unless_broken()?;
        let path = state.spelled(path);
        match state.nodes.get(&path) {
            Some(Node::File { .. }) => {
                state.nodes.remove(&path);
                Ok(())
            }
            Some(Node::Folder) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.unless_broken()?;
        let path = state.spelled(path);
        if !state.children(&path).is_empty() {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        match state.nodes.get(&path) {
            Some(Node::Folder) => {
                state.nodes.remove(&path);
                Ok(())
            }
            Some(Node::File { .. }) => Err(ErrorKind::NotADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Guard>>> {
        let mut state = self.whole(true)?;
        let path = state.spelled(path);
        state.needs_folder(&path)?;
        let file = Node::File { bytes: Vec::new(), executable: false, written: 0 };
        state.nodes.entry(path).or_insert(file);
        Ok(Some(Box::new(Nothing)))
    }
}
