//! Finds and reads what the user wrote: descriptions, overrides of templates, icons and themes, long prose.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Entry};
use super::failure::Failure;
use super::place::{LOCK_NAME, slashed};
use crate::compile::icons::Pack;
use crate::diag::{Diagnostic, Diagnostics, Severity};

/// The name of a description.
pub const DESCRIPTION_NAME: &str = "archgen.yaml";

/// The most bytes that one file may have.
pub const LONGEST_TEXT: u64 = 16 << 20;

/// The most files that a user's overrides may have, all together.
const MOST_FILES: usize = 10_000;

/// The most folders inside each other.
const DEEPEST: usize = 64;

/// What lies next to a description and takes part in what is made of it. Keys are paths with `/`, below the
/// folder that the field names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay {
    /// `archgen/templates/**`.
    pub templates: BTreeMap<String, String>,
    /// `archgen/icons/**`.
    pub icons: BTreeMap<String, String>,
    /// `archgen/themes/**`.
    pub themes: BTreeMap<String, String>,
    /// `archgen.d/<id>.md`, by id.
    pub prose: BTreeMap<String, String>,
}

/// The nearest `archgen.yaml` in a folder or above it. The folder is best absolute, since only then all folders
/// above it are known.
pub fn find_description(start: &Path, disk: &dyn Disk) -> Result<Option<PathBuf>, Failure> {
    for folder in start.ancestors() {
        let file = folder.join(DESCRIPTION_NAME);
        // A link is followed when it is read; a folder of that name is not meant.
        if matches!(look(disk, &file)?, Entry::File { .. } | Entry::Link) {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// Every `archgen.yaml` in a folder and below it, sorted. Hidden folders, `target`, `node_modules`, links and folders
/// that archgen generated are passed over.
pub fn find_descriptions(folder: &Path, disk: &dyn Disk) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    let mut waiting = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        let names = list(disk, &folder)?;
        let has = |name: &str| names.iter().any(|other| other == name);
        if has(DESCRIPTION_NAME) {
            let file = folder.join(DESCRIPTION_NAME);
            if matches!(look(disk, &file)?, Entry::File { .. } | Entry::Link) {
                all.push(file);
            }
        } else if has(LOCK_NAME) {
            continue;
        }
        for name in names {
            let text = name.to_string_lossy();
            if depth == DEEPEST || text.starts_with('.') || text == "target" || text == "node_modules" {
                continue;
            }
            let path = folder.join(&name);
            if look(disk, &path)? == Entry::Folder {
                waiting.push((path, depth + 1));
            }
        }
    }
    all.sort();
    Ok(all)
}

/// Reads a text that the user wrote. What is too long or no UTF-8 is said with the place of the first wrong byte.
pub fn read_text(path: &Path, disk: &dyn Disk) -> Result<String, Box<Diagnostic>> {
    let name = slashed(path);
    let bytes = disk.read(path, LONGEST_TEXT + 1).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Box::new(finding(
            "no-file",
            format!("there is no file {name}"),
            "name one that is there; `archgen init` begins one",
        )),
        _ => Box::new(Failure::io("read", name.as_str(), &e).diagnostic()),
    })?;
    if bytes.len() as u64 > LONGEST_TEXT {
        let message = format!("{name} has more than {} MiB", LONGEST_TEXT >> 20);
        return Err(Box::new(finding(
            "too-long",
            message,
            "split it or leave out what does not belong there",
        )));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = e.utf8_error().valid_up_to();
        let before = &e.as_bytes()[..good];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let wrong = e.as_bytes().get(good).copied().unwrap_or_default();
        let message = format!("{name} is not UTF-8: line {line} has the byte {wrong:#04x}");
        Box::new(finding("not-utf-8", message, "save the file as UTF-8"))
    })
}

/// Reads what lies next to the description in `folder`. What cannot be read is said in the findings and left out.
pub fn read_overlay(folder: &Path, disk: &dyn Disk) -> (Overlay, Diagnostics) {
    let mut reader = Reader { disk, findings: Diagnostics::default(), files: 0 };
    let own = folder.join("archgen");
    let mut overlay = Overlay::default();
    if reader.is_folder(&own) {
        overlay.templates = reader.tree(&own.join("templates"), Take::All);
        overlay.icons = reader.tree(&own.join("icons"), Take::All);
        overlay.themes = reader.tree(&own.join("themes"), Take::All);
    }
    let prose = reader.tree(&folder.join("archgen.d"), Take::Pages);
    overlay.prose =
        prose.into_iter().map(|(path, text)| (path.trim_end_matches(".md").to_string(), text)).collect();
    (overlay, reader.findings)
}

/// Reads a pack of icons: of a folder the files that `wants` says, by their path in it; or the one file. What is no
/// pack at all is its problem; what is wrong with a single file is a finding.
pub fn read_pack(path: &Path, wants: &dyn Fn(&str) -> bool, disk: &dyn Disk) -> (Pack, Diagnostics) {
    let mut reader = Reader { disk, findings: Diagnostics::default(), files: 0 };
    let mut pack = Pack::default();
    match look(disk, path) {
        Ok(Entry::Folder) => pack.files = reader.tree(path, Take::Those(wants)),
        Ok(Entry::File { .. }) => {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            reader.file(path, name, &mut pack.files);
        }
        Ok(Entry::Missing) => pack.problem = Some("there is no such folder or file".to_owned()),
        Ok(Entry::Link | Entry::Special) => {
            pack.problem = Some("it is no regular folder or file; archgen reads no links".to_owned());
        }
        Err(failure) => pack.problem = Some(failure.message()),
    }
    (pack, reader.findings)
}

/// Which files of a folder are read.
#[derive(Clone, Copy)]
enum Take<'a> {
    /// Every file, however deep.
    All,
    /// The Markdown right in the folder; pictures that it shows may lie beside it.
    Pages,
    /// Those whose path below the folder is wanted.
    Those(&'a dyn Fn(&str) -> bool),
}

struct Reader<'a> {
    disk: &'a dyn Disk,
    findings: Diagnostics,
    files: usize,
}

impl Reader<'_> {
    /// Every text below a folder; none when the folder does not exist.
    fn tree(&mut self, folder: &Path, take: Take<'_>) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        if self.is_folder(folder) {
            self.below(folder, "", take, &mut all);
        }
        all
    }

    fn below(&mut self, folder: &Path, prefix: &str, take: Take<'_>, all: &mut BTreeMap<String, String>) {
        let names = match list(self.disk, folder) {
            Ok(names) => names,
            Err(failure) => return self.findings.push(failure.diagnostic()),
        };
        for name in names {
            let path = folder.join(&name);
            let Some(text) = name.to_str() else {
                let message = format!("the name of {} is not UTF-8", slashed(&path));
                self.findings.push(finding("not-utf-8", message, "rename the file"));
                continue;
            };
            // Editors and file managers leave such files about.
            let pages = matches!(take, Take::Pages);
            if text.starts_with('.') || text.ends_with('~') || (pages && !text.ends_with(".md")) {
                continue;
            }
            let key = format!("{prefix}{text}");
            match look(self.disk, &path) {
                Err(failure) => self.findings.push(failure.diagnostic()),
                Ok(Entry::Missing) => {}
                Ok(Entry::Folder) if pages => {}
                Ok(Entry::Folder) if key.matches('/').count() == DEEPEST => {
                    let message = format!("{} has too many folders inside each other", slashed(&path));
                    self.findings.push(finding("too-deep", message, "move the files up"));
                }
                Ok(Entry::Folder) => self.below(&path, &format!("{key}/"), take, all),
                Ok(Entry::Link | Entry::Special) => {
                    let message = format!("{} is no regular file or folder", slashed(&path));
                    let remedy =
                        "copy what it leads to: archgen reads no links, which could lead out of the project";
                    self.findings.push(finding("link", message, remedy));
                }
                Ok(Entry::File { .. }) if matches!(take, Take::Those(wants) if !wants(&key)) => {}
                Ok(Entry::File { .. }) => self.file(&path, key, all),
            }
        }
    }

    fn file(&mut self, path: &Path, key: String, all: &mut BTreeMap<String, String>) {
        self.files += 1;
        if self.files > MOST_FILES {
            let message =
                format!("there are more than {MOST_FILES} files in archgen/, archgen.d/ or a pack of icons");
            return self.findings.push(finding(
                "too-many-files",
                message,
                "move away what archgen does not need",
            ));
        }
        match read_text(path, self.disk) {
            Ok(text) => {
                all.insert(key, text);
            }
            Err(diagnostic) => self.findings.push(*diagnostic),
        }
    }

    /// Whether a folder is there; a link in its place is a finding.
    fn is_folder(&mut self, path: &Path) -> bool {
        match look(self.disk, path) {
            Ok(Entry::Folder) => true,
            Ok(Entry::Missing | Entry::File { .. }) => false,
            Ok(Entry::Link | Entry::Special) => {
                let message = format!("{} is no regular folder", slashed(path));
                self.findings.push(finding("link", message, "copy the files there: archgen reads no links"));
                false
            }
            Err(failure) => {
                self.findings.push(failure.diagnostic());
                false
            }
        }
    }
}

fn finding(code: &'static str, message: String, remedy: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, code, None, message).hint(remedy)
}

fn look(disk: &dyn Disk, path: &Path) -> Result<Entry, Failure> {
    disk.entry(path).map_err(|e| Failure::io("look at", slashed(path), &e))
}

fn list(disk: &dyn Disk, folder: &Path) -> Result<Vec<std::ffi::OsString>, Failure> {
    disk.list(folder).map_err(|e| Failure::io("list", slashed(folder), &e))
}
