//! The only place where archgen touches a disk.
//!
//! Everything else in `project` works through the trait [`Disk`], so that a test can put a disk in memory below it
//! that fails, fills up or dies at any operation it likes.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What lies at a path; links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Missing,
    /// A regular file.
    File {
        /// Whether it may be run; `None` on systems without such a bit.
        executable: Option<bool>,
    },
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A device, a pipe, a socket.
    Special,
}

/// What archgen asks of a disk. Every operation may fail; none is retried.
pub trait Disk: Sync {
    /// What lies at `path`, without following a link in its last part.
    fn entry(&self, path: &Path) -> io::Result<Entry>;

    /// The first `limit` bytes of a regular file. Links are followed.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// The names in a folder, sorted.
    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Creates one folder; its parent exists.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Creates a file that does not exist yet and writes all of it. The mode is 0755 or 0644.
    fn write_new(&self, path: &Path, bytes: &[u8], executable: bool) -> io::Result<()>;

    /// Returns when the bytes of these files would survive a loss of power.
    fn sync(&self, paths: &[PathBuf]) -> io::Result<()>;

    /// Renames a file, replacing what has that name, in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file or a link.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Takes a lock file for this process, creating it; `None` when another process holds it. The system lets go
    /// of it when the process ends, however it ends, so a file left behind by a killed run locks nobody out.
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Guard>>>;
}

/// Holds a lock until it is dropped.
pub trait Guard {}

impl Guard for File {}

/// The disk of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

/// How many files are made durable at a time: the system commits those that wait together in one go.
const SYNC_THREADS: usize = 8;

/// How often a lock file that vanishes between opening and locking is opened again.
const LOCK_ATTEMPTS: usize = 16;

impl Disk for RealDisk {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            // A file where a folder should be makes everything "below" it missing.
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Entry::Missing);
            }
            Err(e) => return Err(e),
        };
        let kind = metadata.file_type();
        Ok(if kind.is_symlink() {
            Entry::Link
        } else if kind.is_dir() {
            Entry::Folder
        } else if kind.is_file() {
            Entry::File { executable: executable(&metadata) }
        } else {
            Entry::Special
        })
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        // Opening a pipe would wait for a writer that may never come.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let mut names = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn write_new(&self, path: &Path, bytes: &[u8], executable: bool) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        set_mode(&file, executable)
    }

    fn sync(&self, paths: &[PathBuf]) -> io::Result<()> {
        let all = |some: &[PathBuf]| some.iter().try_for_each(|path| sync_one(path));
        let mut shares = paths.chunks(paths.len().div_ceil(SYNC_THREADS).max(1));
        let own = shares.next().unwrap_or_default();
        std::thread::scope(|scope| {
            let threads: Vec<_> = shares.map(|some| scope.spawn(move || all(some))).collect();
            let mine = all(own);
            threads.into_iter().fold(mine, |before, thread| {
                let ended =
                    thread.join().map_err(|_| io::Error::other("a thread that writes files ended early"));
                before.and(ended.flatten())
            })
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Guard>>> {
        for _ in 0..LOCK_ATTEMPTS {
            // A link here would have us create a file wherever it leads.
            if !matches!(self.entry(path)?, Entry::Missing | Entry::File { .. }) {
                return Err(io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    "something that is no file lies there",
                ));
            }
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                // Some network disks have no locks; two runs at a time are then the user's own matter.
                Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(e)) => return Err(e),
            }
            // The run before us may have removed the file after we opened it; then our lock keeps nobody out.
            if is_at(&file, path)? {
                return Ok(Some(Box::new(file)));
            }
        }
        Ok(None)
    }
}

#[cfg(unix)]
fn executable(metadata: &fs::Metadata) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn executable(_: &fs::Metadata) -> Option<bool> {
    None
}

#[cfg(unix)]
fn set_mode(file: &File, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 }))
}

#[cfg(not(unix))]
fn set_mode(_: &File, _: bool) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_one(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Elsewhere only what is open for writing can be synced.
#[cfg(not(unix))]
fn sync_one(path: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.sync_all()
}

/// Whether an open file is still the one that its path names.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let held = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(named) => Ok((held.dev(), held.ino()) == (named.dev(), named.ino())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}
