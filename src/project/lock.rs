//! `archgen.lock`: what archgen wrote, so that it never overwrites or removes anything else.
//!
//! One line per file, sorted. Each line is JSON and the whole is YAML. A merge by git that left its markers is read
//! all the same: then a file may have the digest of either side.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use super::scope::Origin;
use super::stamp::NOTICE;
use crate::artifact::{RelPath, Root};

/// The version of the format.
const VERSION: u32 = 1;

/// A file by the folder it counts from and its path.
pub(super) type Key = (Root, RelPath);

/// What the lock knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lock {
    /// The version of archgen that wrote it.
    pub(super) archgen: String,
    /// The digest of the description that it was written from.
    pub(super) description: String,
    /// Every file that archgen wrote.
    pub(super) files: BTreeMap<Key, Known>,
}

/// What the lock knows of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// The digests that the file may have and still be untouched; one, but for a merge or a killed run.
    pub(super) digests: BTreeSet<String>,
    /// What the file belongs to.
    pub(super) origin: Origin,
}

/// Why a lock cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockFault {
    /// It is no text.
    NotText,
    /// A line, counted from 1, says nothing that a lock says.
    Line(usize),
    /// A newer archgen wrote it.
    Newer,
}

impl fmt::Display for LockFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockFault::NotText => f.write_str("it is not UTF-8 text"),
            LockFault::Line(line) => write!(f, "line {line} is not what archgen writes there"),
            LockFault::Newer => f.write_str("a newer archgen wrote it"),
        }
    }
}

/// One line of the lock behind the path.
#[derive(Serialize, Deserialize)]
struct Row {
    sha256: String,
    #[serde(flatten)]
    origin: Origin,
}

impl Lock {
    /// The text of the lock.
    pub(super) fn print(&self) -> String {
        let mut text = format!(
            "# {NOTICE}. It tells what archgen may overwrite and remove.\nversion: {VERSION}\narchgen: {}\ndescription: {}\n",
            quoted(&self.archgen),
            quoted(&self.description)
        );
        for (root, title) in [(Root::OutputDir, "files"), (Root::Beside, "beside")] {
            let mut rows = self.files.iter().filter(|((r, _), _)| *r == root).peekable();
            let empty = if rows.peek().is_none() { " {}" } else { "" };
            let _ = writeln!(text, "{title}:{empty}");
            for ((_, path), known) in rows {
                for digest in &known.digests {
                    let row = Row { sha256: digest.clone(), origin: known.origin.clone() };
                    // Strings always have a JSON form, so there is nothing to lose here.
                    let row = serde_json::to_string(&row).unwrap_or_default();
                    let _ = writeln!(text, "  {}: {row}", quoted(path.as_str()));
                }
            }
        }
        text
    }

    /// Reads a lock. Paths are checked like any other: a lock that someone tampered with reaches nothing outside.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, LockFault> {
        let text = std::str::from_utf8(bytes).map_err(|_| LockFault::NotText)?;
        let mut lock = Lock::default();
        let mut root = Root::OutputDir;
        let mut version = None;
        for (at, line) in text.lines().enumerate() {
            let fault = || LockFault::Line(at + 1);
            let is_merge =
                ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark));
            if is_merge || line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if line.starts_with(' ') {
                let (path, row) = read_row(line).ok_or_else(fault)?;
                lock.add((root, path), &row.origin, row.sha256);
                continue;
            }
            let (key, value) = line.split_once(':').ok_or_else(fault)?;
            let value = value.trim();
            let words = || serde_json::from_str::<String>(value).map_err(|_| fault());
            match key {
                "version" => version = Some(value.parse::<u32>().map_err(|_| fault())?),
                "archgen" => lock.archgen = words()?,
                "description" => lock.description = words()?,
                "files" => root = Root::OutputDir,
                "beside" => root = Root::Beside,
                _ => return Err(if version > Some(VERSION) { LockFault::Newer } else { fault() }),
            }
        }
        match version {
            Some(VERSION) => Ok(lock),
            Some(_) => Err(LockFault::Newer),
            None => Err(LockFault::Line(text.lines().count().max(1))),
        }
    }

    /// Takes in all that another lock knows.
    pub(super) fn add_all(&mut self, other: &Lock) {
        for (key, known) in &other.files {
            for digest in &known.digests {
                self.add(key.clone(), &known.origin, digest.clone());
            }
        }
    }

    /// Takes in one digest of one file.
    pub(super) fn add(&mut self, key: Key, origin: &Origin, digest: String) {
        let fresh = || Known { digests: BTreeSet::new(), origin: origin.clone() };
        self.files.entry(key).or_insert_with(fresh).digests.insert(digest);
    }
}

/// Text between double quotes, as JSON and YAML both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The path and the facts on one line.
fn read_row(line: &str) -> Option<(RelPath, Row)> {
    let mut one: BTreeMap<String, Row> = serde_json::from_str(&format!("{{{line}}}")).ok()?;
    let (path, row) = one.pop_first()?;
    (one.is_empty()).then_some((RelPath::new(path).ok()?, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Lock {
        let mut lock = Lock { archgen: "0.1.0".into(), description: "ab".into(), files: BTreeMap::new() };
        let origin = |environment: Option<&str>| Origin {
            target: "compose".into(),
            environment: environment.map(String::from),
            view: None,
            format: None,
        };
        lock.add((Root::OutputDir, RelPath::new("prod/a.yml").unwrap()), &origin(Some("prod")), "11".into());
        lock.add((Root::Beside, RelPath::new(".github/b.yml").unwrap()), &origin(None), "22".into());
        lock
    }

    #[test]
    fn what_is_printed_is_read_back() {
        let text = sample().print();
        assert_eq!(Lock::parse(text.as_bytes()), Ok(sample()), "{text}");
        assert_eq!(Lock::parse(text.replace('\n', "\r\n").as_bytes()), Ok(sample()));
        let yaml: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(yaml["files"]["prod/a.yml"]["environment"], "prod");
        let empty = Lock::default();
        assert_eq!(Lock::parse(empty.print().as_bytes()), Ok(empty));
    }

    #[test]
    fn a_merge_that_was_not_resolved_keeps_both_sides() {
        let ours = sample().print();
        let text = ours.replace(
            "  \"prod/a.yml\"",
            "<<<<<<< ours\n  \"prod/a.yml\": {\"sha256\":\"33\",\"target\":\"compose\",\"environment\":\"prod\"}\n=======\n  \"prod/a.yml\"",
        );
        let lock = Lock::parse(format!("{text}>>>>>>> theirs\n").as_bytes()).unwrap();
        let known = &lock.files[&(Root::OutputDir, RelPath::new("prod/a.yml").unwrap())];
        assert_eq!(known.digests.iter().collect::<Vec<_>>(), ["11", "33"]);
    }

    #[test]
    fn what_is_no_lock_is_refused_with_its_line() {
        assert_eq!(Lock::parse(b"\xff"), Err(LockFault::NotText));
        assert_eq!(Lock::parse(b""), Err(LockFault::Line(1)));
        assert_eq!(Lock::parse(b"version: 2\nnew: thing\n"), Err(LockFault::Newer));
        assert_eq!(
            Lock::parse(b"version: 1\nfiles:\n  \"../a\": {\"sha256\":\"1\",\"target\":\"a\"}\n"),
            Err(LockFault::Line(3))
        );
        assert_eq!(Lock::parse(b"version: 1\nnonsense\n"), Err(LockFault::Line(2)));
    }
}
