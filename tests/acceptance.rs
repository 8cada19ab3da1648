//! What real write-ups of systems describe, line by line, and where archgen's artifacts show each line.
//!
//! `acceptance/lines.yaml` has the lines, each with the letters of the outputs that it must come out in. For each letter
//! a file says where: `D.yaml` for diagrams, `T.yaml` for Terraform, and so on. A row is a check or a list of checks:
//!
//! ```yaml
//! "1.09":
//!   - { in: examples/NAME/generated/diagrams/ha-network.svg, see: [node db kind=postgres, edge backend->db "5432"] }
//!   - { in: examples/NAME/generated/ha/terraform/db.tf, at: resource.aws_db_instance.db.multi_az, is: true }
//!   - { in: examples/NAME/generated/runbook/ha.md, find: ["## Restore", "aws rds … --db-instance-identifier"] }
//! "1.10": { open: what is missing }
//! ```
//!
//! What `see`, `at`, `is`, `has` and `find` look for is said in `acceptance/find.rs`. `open` is for a line that nothing
//! makes yet, with the reason; a check may have it too, for the part that is missing. Open lines are counted and shown,
//! never as passed. The description that an accepted artifact comes from names the line's id in a comment, so that its
//! author finds the artifact and its reader the line.
//!
//! `ARCHGEN_ACCEPT=1 cargo test --test acceptance` writes the table, `book/src/acceptance.md`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "acceptance/find.rs"]
mod find;
#[path = "acceptance/page.rs"]
mod page;
#[path = "acceptance/picture.rs"]
mod picture;
#[path = "acceptance/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::{Mapping, Value};

/// The outputs, in the order of the table: letter, file of checks, what is called so.
const LETTERS: [(char, &str); 11] = [
    ('D', "Diagrams"),
    ('C', "Compose"),
    ('W', "Swarm"),
    ('N', "nginx"),
    ('F', "Dockerfiles"),
    ('E', "Environment and secrets"),
    ('U', "Host scripts"),
    ('P', "Pipelines"),
    ('T', "Terraform"),
    ('R', "Runbook and docs"),
    ('L', "Lint and validation"),
];

/// A line of the list.
pub(crate) struct Line {
    pub(crate) id: String,
    /// What the write-up says, in Markdown.
    pub(crate) what: String,
    /// The letters of the outputs that it must come out in.
    pub(crate) letters: Vec<char>,
}

/// What is looked for in one artifact.
pub(crate) struct Check {
    /// The artifact, from the repository's root.
    pub(crate) artifact: String,
    /// What must be found there.
    pub(crate) wanted: Vec<find::Wanted>,
}

/// A line in one output.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) checks: Vec<Check>,
    /// What is missing; `None` for a line that is accepted when its checks hold.
    pub(crate) open: Option<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> Mapping {
    let path = root().join("tests/acceptance").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value:?} is no string: quote it")).to_owned()
}

fn lines() -> Vec<Line> {
    let lines = read("lines.yaml");
    lines
        .iter()
        .map(|(id, fields)| Line {
            id: string(id),
            what: string(&fields["what"]),
            letters: string(&fields["out"]).split(' ').map(|word| word.chars().next().unwrap()).collect(),
        })
        .collect()
}

/// One or several: a list stands for itself, anything else for a list of one.
fn many(value: &Value) -> Vec<Value> {
    value.as_sequence().cloned().unwrap_or_else(|| vec![value.clone()])
}

fn row(id: &str, value: &Value) -> Row {
    let mut row = Row::default();
    for part in many(value) {
        let fields =
            part.as_mapping().unwrap_or_else(|| panic!("{id}: {part:?} is no map of `in` and `find`"));
        let known = ["in", "find", "see", "at", "is", "has", "open"];
        let strange = fields.keys().map(string).find(|key| !known.contains(&key.as_str()));
        assert!(strange.is_none(), "{id}: nothing is called `{}`", strange.unwrap());
        if let Some(open) = part.get("open") {
            row.open = Some(string(open));
        }
        let Some(artifact) = part.get("in") else {
            assert!(part.get("open").is_some() && fields.len() == 1, "{id}: `in` says which artifact");
            continue;
        };
        let wanted = find::wanted(&part);
        assert!(!wanted.is_empty(), "{id}: nothing to look for in {artifact:?}");
        row.checks.push(Check { artifact: string(artifact), wanted });
    }
    assert!(row.open.is_some() || !row.checks.is_empty(), "{id}: no checks");
    row
}

/// The rows of one letter's file, by id.
fn rows(letter: char) -> BTreeMap<String, Row> {
    let file = read(&format!("{letter}.yaml"));
    file.iter().map(|(id, value)| (string(id), row(&format!("{letter} {}", string(id)), value))).collect()
}

/// The description that an artifact comes from: `archgen.yaml` in a folder above it, or the file of its own name for what
/// is said about a description (`tests/mistakes`).
fn description(artifact: &str) -> Option<String> {
    let path = root().join(artifact);
    let beside = path.with_extension("yaml");
    let above = path.ancestors().skip(1).map(|folder| folder.join("archgen.yaml"));
    above.chain([beside]).find(|file| file.is_file()).and_then(|file| fs::read_to_string(file).ok())
}

/// Whether a comment of a description names the id.
fn names(description: &str, id: &str) -> bool {
    let comments = description.lines().filter_map(|line| line.split_once('#').map(|(_, comment)| comment));
    comments
        .flat_map(|comment| comment.split(|c: char| c != '.' && !c.is_ascii_digit()))
        .any(|word| word.trim_matches('.') == id)
}

/// What is wrong with a check; empty when it holds.
fn judge(id: &str, check: &Check) -> Vec<String> {
    let path: &Path = check.artifact.as_ref();
    let Ok(text) = fs::read_to_string(root().join(path)) else {
        return vec![format!("{} is not there", check.artifact)];
    };
    let mut wrong = Vec::new();
    match description(&check.artifact) {
        Some(description) if names(&description, id) => {}
        Some(_) => wrong.push(format!("no comment of the description of {} names it", check.artifact)),
        None => wrong.push(format!("{} comes from no description", check.artifact)),
    }
    for wanted in &check.wanted {
        if let Err(why) = find::find(&check.artifact, &text, wanted) {
            wrong.push(format!("{}: {why}", check.artifact));
        }
    }
    wrong
}

#[test]
fn every_accepted_line_is_seen_in_its_artifact() {
    let lines = lines();
    assert_eq!(lines.len(), 205);
    let (mut accepted, mut open, mut lost) = (0, Vec::new(), Vec::new());
    for (letter, _) in LETTERS {
        let rows = rows(letter);
        let of_letter: Vec<&Line> = lines.iter().filter(|line| line.letters.contains(&letter)).collect();
        for line in &of_letter {
            let Some(row) = rows.get(&line.id) else {
                lost.push(format!("{letter} {} ({}): no row in {letter}.yaml", line.id, line.what));
                continue;
            };
            let wrong: Vec<String> = row.checks.iter().flat_map(|check| judge(&line.id, check)).collect();
            lost.extend(wrong.iter().map(|why| format!("{letter} {} ({}): {why}", line.id, line.what)));
            match &row.open {
                Some(why) => open.push(format!("{letter} {}: {why}", line.id)),
                None => accepted += usize::from(wrong.is_empty()),
            }
        }
        for id in rows.keys().filter(|id| !of_letter.iter().any(|line| line.id == **id)) {
            lost.push(format!("{letter}.yaml: {id} is no line with the letter {letter}"));
        }
    }
    println!("{accepted} accepted, {} open, {} lost", open.len(), lost.len());
    println!("{}", open.join("\n"));
    assert!(lost.is_empty(), "{} lost, {} open:\n{}", lost.len(), open.len(), lost.join("\n"));
}

#[test]
fn the_books_table_is_up_to_date() {
    let rows: BTreeMap<char, _> = LETTERS.iter().map(|(letter, _)| (*letter, rows(*letter))).collect();
    let now = page::page(&LETTERS, &lines(), &rows);
    let path = root().join("book/src/acceptance.md");
    if std::env::var_os("ARCHGEN_ACCEPT").is_some() {
        fs::write(&path, now).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let change = similar::TextDiff::from_lines(&written, &now);
    let change = change.unified_diff().header("book/src/acceptance.md", "now").to_string();
    assert!(written == now, "{change}\nwrite it with: ARCHGEN_ACCEPT=1 cargo test --test acceptance");
}

#[test]
fn an_id_counts_in_a_comment_only() {
    assert!(names("a: 1  # 0.41 1.09: two lines.", "1.09"));
    assert!(names("a: 1  # see 1.09.", "1.09"));
    assert!(!names("a: 1.09  # 11.09 1.091", "1.09"));
}
