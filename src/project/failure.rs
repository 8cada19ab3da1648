//! What can go wrong between archgen and the disk, as data with words and a remedy.

use std::fmt;
use std::io;

use super::keep::KeepFault;
use super::lock::LockFault;
use crate::diag::{Diagnostic, Severity};
use crate::source::Span;

/// Why nothing could be planned, or a plan could not be carried out. A wrong disk or call: exit code 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The disk refused.
    Io(DiskFailure),
    /// Another archgen is writing to the same folder.
    Busy {
        /// The output folder.
        folder: String,
    },
    /// A file changed between looking at it and writing it.
    Changed {
        /// The file.
        path: String,
    },
    /// The lock cannot be read.
    Lock {
        /// The lock's name.
        path: String,
        /// What is wrong with it.
        fault: LockFault,
    },
    /// A link lies where one of archgen's own files or folders must be.
    Link {
        /// The link.
        path: String,
    },
    /// Two artifacts claim one file, on some system at least.
    Collision {
        /// The path of the first.
        first: String,
        /// The target that makes the first.
        first_target: &'static str,
        /// The path of the second.
        second: String,
        /// The target that makes the second.
        second_target: &'static str,
        /// Places in the description behind both.
        from: Vec<Span>,
    },
    /// An artifact has broken markers of regions, which come from prose of the user.
    Region {
        /// The artifact.
        path: String,
        /// What is wrong.
        fault: KeepFault,
        /// Places in the description.
        from: Vec<Span>,
    },
    /// The plan has conflicts, so that nothing was written.
    Blocked {
        /// How many.
        conflicts: usize,
    },
}

/// An operation that the disk refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskFailure {
    /// What was tried, such as `write`.
    pub doing: &'static str,
    /// On what.
    pub path: String,
    /// The kind of error.
    pub kind: io::ErrorKind,
    /// The error in words.
    pub detail: String,
    /// How many changes were made before, and how many there are; `None` where nothing was being written.
    pub progress: Option<(usize, usize)>,
}

impl Failure {
    /// The failure for an operation on a path, named for people.
    pub(super) fn io(doing: &'static str, path: impl Into<String>, error: &io::Error) -> Self {
        // The system's own words differ between systems and languages; the kind's do not.
        let words = error.kind().to_string();
        let known = error.get_ref().is_none() && words != "uncategorized error";
        let detail = if known { words } else { error.to_string() };
        Failure::Io(DiskFailure { doing, path: path.into(), kind: error.kind(), detail, progress: None })
    }

    /// Says how far the writing had come.
    #[must_use]
    pub(super) fn after(mut self, done: usize, all: usize) -> Self {
        if let Failure::Io(failure) = &mut self {
            failure.progress = Some((done, all));
        }
        self
    }

    /// What is wrong, one sentence without a full stop.
    pub fn message(&self) -> String {
        match self {
            Failure::Io(DiskFailure { doing, path, detail, progress, .. }) => {
                let so_far = match progress {
                    None => String::new(),
                    Some((0, _)) => "; nothing was changed".to_string(),
                    Some((done, all)) if done == all => "; all changes were made".to_string(),
                    Some((done, all)) => format!("; {done} of {all} changes were made, each of them whole"),
                };
                format!("cannot {doing} {path}: {detail}{so_far}")
            }
            Failure::Busy { folder } => format!("another archgen is writing to {folder}"),
            Failure::Changed { path } => {
                format!("{path} changed while archgen was at work; nothing was changed")
            }
            Failure::Lock { path, fault } => format!("cannot read {path}: {fault}"),
            Failure::Link { path } => {
                format!(
                    "{path} is a symbolic link or no regular file or folder, and archgen writes through none"
                )
            }
            Failure::Collision { first, first_target, second, second_target, .. } if first == second => {
                format!("{first_target} and {second_target} both make {first}")
            }
            Failure::Collision { first, first_target, second, second_target, .. } => format!(
                "{first} (of {first_target}) and {second} (of {second_target}) cannot lie side by side on every system"
            ),
            Failure::Region { path, fault, .. } => format!("{path} cannot be made: {fault}"),
            Failure::Blocked { conflicts: 1 } => "a file is in the way; nothing was written".to_string(),
            Failure::Blocked { conflicts } => {
                format!("{conflicts} files are in the way; nothing was written")
            }
        }
    }

    /// What to do, one sentence without a full stop.
    pub fn remedy(&self) -> String {
        match self {
            Failure::Io(failure) => failure.remedy(),
            Failure::Busy { .. } => "wait until it has ended and run again".to_string(),
            Failure::Changed { .. } => "run again".to_string(),
            Failure::Lock { fault: LockFault::Newer, .. } => "update archgen".to_string(),
            Failure::Lock { path, .. } => format!(
                "bring {path} back from version control, or delete it: archgen knows its own files by their first line"
            ),
            Failure::Link { path } => {
                format!("move {path} away, or point outputs.dir to where the files should lie")
            }
            Failure::Collision { .. } => "give one of the two another id or name".to_string(),
            Failure::Region { .. } => "mend the markers in the prose that it takes in".to_string(),
            Failure::Blocked { .. } => "see to each of them, or overwrite all with --force".to_string(),
        }
    }

    /// Places in the description behind it.
    pub fn from(&self) -> &[Span] {
        match self {
            Failure::Collision { from, .. } | Failure::Region { from, .. } => from,
            _ => &[],
        }
    }

    /// The failure as a finding to print.
    pub fn diagnostic(&self) -> Diagnostic {
        let code = match self {
            Failure::Io(_) => "disk",
            Failure::Busy { .. } => "busy",
            Failure::Changed { .. } => "changed-meanwhile",
            Failure::Lock { .. } => "lock-unreadable",
            Failure::Link { .. } => "link",
            Failure::Collision { .. } => "same-file",
            Failure::Region { .. } => "keep-region",
            Failure::Blocked { .. } => "in-the-way",
        };
        diagnostic(code, self.message(), self.remedy(), self.from())
    }
}

impl DiskFailure {
    fn remedy(&self) -> String {
        let first = match self.kind {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space on the disk",
            io::ErrorKind::PermissionDenied => {
                "give yourself the right to do that, or choose another folder with --out"
            }
            io::ErrorKind::ReadOnlyFilesystem => {
                "the file system can only be read: choose another folder with --out"
            }
            io::ErrorKind::NotFound => "see that the folder exists",
            _ => "see to the cause",
        };
        match self.progress {
            Some((done, _)) if done > 0 => format!("{first} and run again: the next run does the rest"),
            _ => format!("{first} and run again"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message(), self.remedy())
    }
}

impl std::error::Error for Failure {}

/// Why a file is in the way of what a run wants to do. What is checked does not hold: exit code 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A file that archgen did not write lies where one is to be written.
    Foreign,
    /// The file was edited since archgen wrote it.
    Edited,
    /// The file is no longer made, and was edited since archgen wrote it.
    EditedOrphan,
    /// Regions with the user's words in them have no place in what is made now.
    LostRegions(Vec<String>),
    /// The markers of regions in the file are broken, so that it is not clear which words are the user's.
    BrokenRegions(KeepFault),
    /// A folder with other things in it lies where a file is to be written.
    Folder,
    /// A folder without a file in it, which archgen did not make, lies where a file is to be written.
    EmptyFolder,
    /// A symbolic link lies where a file is to be written.
    Link,
    /// A device, pipe or socket lies where a file is to be written.
    Special,
    /// A file lies where a folder is needed.
    FileAbove(String),
    /// A symbolic link lies where a folder is needed, and may lead anywhere.
    LinkAbove(String),
}

impl Trouble {
    /// Whether `--force` may go over it. It never removes what lies in a folder, never follows links and touches no devices.
    pub fn yields_to_force(&self) -> bool {
        match self {
            Trouble::Foreign
            | Trouble::Edited
            | Trouble::EditedOrphan
            | Trouble::LostRegions(_)
            | Trouble::BrokenRegions(_)
            | Trouble::EmptyFolder
            | Trouble::Link => true,
            Trouble::Folder | Trouble::Special | Trouble::FileAbove(_) | Trouble::LinkAbove(_) => false,
        }
    }

    /// What is wrong with the file at `path`, one sentence without a full stop.
    pub fn message(&self, path: &str) -> String {
        match self {
            Trouble::Foreign => format!("{path} was not written by archgen"),
            Trouble::Edited => format!("{path} was edited by hand"),
            Trouble::EditedOrphan => format!("{path} is no longer made, but was edited by hand"),
            Trouble::LostRegions(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                format!("{path} holds your words in {}, which it will no longer have", names.join(", "))
            }
            Trouble::BrokenRegions(fault) => format!("{path} has broken markers: {fault}"),
            Trouble::EmptyFolder => {
                format!("{path} is an empty folder, and a file of that name is to be written")
            }
            Trouble::Folder => format!("{path} is a folder, and a file of that name is to be written"),
            Trouble::Link => format!("{path} is a symbolic link"),
            Trouble::Special => format!("{path} is a device, a pipe or a socket"),
            Trouble::FileAbove(above) => format!("{above} is a file, and {path} needs a folder there"),
            Trouble::LinkAbove(above) => {
                format!("{above} is a symbolic link, and {path} would be written through it")
            }
        }
    }

    /// What to do, one sentence without a full stop.
    pub fn remedy(&self, path: &str) -> String {
        match self {
            Trouble::Foreign => format!("move {path} away, or overwrite it with --force"),
            Trouble::Edited => {
                "bring the edit into archgen.yaml (passthrough reaches what it has no key for) and undo it here, \
                 or overwrite it with --force"
                    .to_string()
            }
            Trouble::EditedOrphan => format!("move {path} away to keep it, or remove it with --force"),
            Trouble::LostRegions(_) => {
                "move the words to archgen.d/<id>.md or into another region, or drop them with --force".to_string()
            }
            Trouble::BrokenRegions(_) => "mend the markers, or overwrite the file with --force".to_string(),
            Trouble::EmptyFolder => format!("remove the folder {path}, or replace it with --force"),
            Trouble::Folder => format!("move the folder {path} away"),
            Trouble::Link => format!("remove the link {path}, or replace it with --force (what it leads to stays)"),
            Trouble::Special => format!("remove {path}"),
            Trouble::FileAbove(above) => format!("move {above} away"),
            Trouble::LinkAbove(above) => {
                format!("replace {above} by a folder, or point outputs.dir to where the files should lie")
            }
        }
    }

    /// The trouble as a finding to print.
    pub fn diagnostic(&self, path: &str, from: &[Span]) -> Diagnostic {
        let code = match self {
            Trouble::Foreign => "foreign-file",
            Trouble::Edited | Trouble::EditedOrphan => "edited-by-hand",
            Trouble::LostRegions(_) | Trouble::BrokenRegions(_) => "keep-region",
            Trouble::Folder | Trouble::EmptyFolder | Trouble::FileAbove(_) | Trouble::Special => "in-the-way",
            Trouble::Link | Trouble::LinkAbove(_) => "link",
        };
        diagnostic(code, self.message(path), self.remedy(path), from)
    }
}

fn diagnostic(code: &'static str, message: String, remedy: String, from: &[Span]) -> Diagnostic {
    let mut all = Diagnostic::new(Severity::Error, code, from.first().copied(), message).hint(remedy);
    if !from.is_empty() {
        all = all.label("this makes it");
    }
    from.iter().skip(1).fold(all, |all, span| all.related(*span, "and this"))
}
