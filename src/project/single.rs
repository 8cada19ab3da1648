//! One file by itself: created when nothing is there, or replaced as a whole.

use std::io::ErrorKind;
use std::path::Path;

use super::disk::{Disk, Entry};
use super::failure::Failure;
use super::place::temporary;

/// Writes a file where there is none, with the folders around it; `false` when something is there already, which
/// stays as it is.
///
/// # Errors
/// When the disk refuses.
pub fn create(path: &Path, bytes: &[u8], disk: &dyn Disk) -> Result<bool, Failure> {
    let shown = path.display().to_string();
    if disk.entry(path).map_err(|error| Failure::io("look at", &shown, &error))? != Entry::Missing {
        return Ok(false);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut missing: Vec<&Path> = folder
            .ancestors()
            .filter(|folder| !folder.as_os_str().is_empty())
            .take_while(|folder| matches!(disk.entry(folder), Ok(Entry::Missing)))
            .collect();
        while let Some(folder) = missing.pop() {
            disk.create_folder(folder)
                .map_err(|error| Failure::io("create the folder", folder.display().to_string(), &error))?;
        }
    }
    match disk.write_new(path, bytes, false) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Failure::io("write", shown, &error)),
    }
}

/// Replaces a file as a whole: at every moment it has its old or its new bytes.
///
/// # Errors
/// When the disk refuses; the file has its old bytes then.
pub fn replace(path: &Path, bytes: &[u8], disk: &dyn Disk) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let fresh = temporary(path);
    let refused = |error: &std::io::Error| Failure::io("write", &shown, error);
    if disk.entry(&fresh).map_err(|error| refused(&error))? != Entry::Missing {
        disk.remove_file(&fresh).map_err(|error| refused(&error))?;
    }
    let written = disk
        .write_new(&fresh, bytes, false)
        .and_then(|()| disk.sync(std::slice::from_ref(&fresh)))
        .and_then(|()| disk.rename(&fresh, path));
    written.map_err(|error| {
        // What is left of the attempt is of no use to anybody; that it cannot be removed changes nothing.
        let _ = disk.remove_file(&fresh);
        refused(&error)
    })
}
