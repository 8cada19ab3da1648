//! How the files on the disk differ from what the description makes, without writing.

use super::Disk;
use super::failure::{Failure, Trouble};
use super::inspect::Seen;
use super::lines;
use super::lock::Lock;
use super::place::LOCK_NAME;
use super::plan::{Action, Plan, Settings, Step, plan};
use super::stamp::{fingerprint, text_of};
use crate::artifact::Artifact;
use crate::source::Span;

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// archgen wrote it, and would write it differently now.
    Stale,
    /// It was edited by hand.
    Edited,
    /// It is not there.
    Missing,
    /// archgen wrote it, and no longer makes it.
    Orphaned,
    /// Something that archgen did not write lies in its place.
    Blocked,
    /// It is not there, but the lock knows it as it would be written: a picture that is made anew rather than
    /// committed. That is no drift.
    Uncommitted,
}

impl State {
    /// The state in one word.
    pub fn name(self) -> &'static str {
        match self {
            State::Stale => "stale",
            State::Edited => "edited by hand",
            State::Missing => "missing",
            State::Orphaned => "orphaned",
            State::Blocked => "in the way",
            State::Uncommitted => "not committed",
        }
    }
}

/// One file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The file's name, as seen from the folder of `archgen.yaml`.
    pub path: String,
    /// How it differs.
    pub state: State,
    /// Why, one sentence without a full stop.
    pub why: String,
    /// What to do, one sentence without a full stop.
    pub remedy: String,
    /// Places in the description behind the file, the most telling first.
    pub from: Vec<Span>,
    /// From what lies there to what would be written.
    pub difference: Difference,
}

/// From what lies on the disk to what would be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// One of the two does not exist or cannot be compared.
    None,
    /// A unified diff.
    Text(String),
    /// Bytes that are no text, or too many for a diff.
    Sizes {
        /// Bytes on the disk.
        there: usize,
        /// Bytes that would be written.
        fresh: usize,
    },
}

/// Above this many bytes a diff would take long and nobody would read it.
const LONGEST_DIFF: usize = 1 << 20;

/// Every file that differs from what the description makes, by name; none when all is well.
pub fn check(
    artifacts: &[Artifact],
    settings: &Settings<'_>,
    disk: &dyn Disk,
) -> Result<Vec<Drift>, Failure> {
    let plan = plan(artifacts, settings, disk)?;
    let old = plan.lock_before.as_deref().and_then(|bytes| Lock::parse(bytes).ok()).unwrap_or_default();
    let mut all: Vec<Drift> = plan.steps.iter().filter_map(|step| drift(step, &plan, &old)).collect();
    if plan.lock_stale {
        let missing = plan.lock_before.is_none();
        all.push(Drift {
            path: plan.place.own_shown(LOCK_NAME),
            state: if missing { State::Missing } else { State::Stale },
            why: if missing { "it is not there" } else { "it names other files or digests" }.to_string(),
            remedy: RENDER.to_string(),
            from: Vec::new(),
            difference: match &plan.lock_before {
                Some(before) => difference(LOCK_NAME, before, &plan.lock_after),
                None => Difference::None,
            },
        });
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

const RENDER: &str = "run `archgen render`";

fn drift(step: &Step, plan: &Plan, old: &Lock) -> Option<Drift> {
    let (state, why) = match (&step.trouble, step.action) {
        (Some(trouble), _) => (state_of(trouble), trouble.message(&step.path)),
        (None, Action::Unchanged | Action::Forget) => return None,
        (None, Action::Create) if is_uncommitted(step, old) => {
            (State::Uncommitted, "it is not there, and would be as the lock says".to_string())
        }
        (None, Action::Create) => (State::Missing, "it is not there".to_string()),
        (None, Action::Remove) => (State::Orphaned, "archgen.yaml no longer makes it".to_string()),
        (None, Action::Update) => (State::Stale, cause(plan)),
    };
    let difference = match (&step.seen, &step.after) {
        (Seen::File { bytes, .. }, Some(after)) => difference(&step.path, bytes, after),
        _ => Difference::None,
    };
    // A file that only lacks the right to be run, or is written again for the sake of its name, has no drift.
    if state == State::Stale && difference == Difference::Text(String::new()) {
        return None;
    }
    let remedy = step.trouble.as_ref().map_or(RENDER.to_string(), |trouble| trouble.remedy(&step.path));
    Some(Drift { path: step.path.clone(), state, why, remedy, from: step.from.clone(), difference })
}

/// Whether a missing file is no text and would be written as the lock has it. Who keeps pixels out of version
/// control has nothing to mend: the lock still says whether they are what the description makes.
fn is_uncommitted(step: &Step, old: &Lock) -> bool {
    let Some(after) = step.after.as_deref().filter(|after| text_of(after).is_none()) else { return false };
    let known = old.files.get(&step.key);
    known.is_some_and(|known| known.digests.contains(&fingerprint(&step.key.1, after)))
}

fn state_of(trouble: &Trouble) -> State {
    match trouble {
        Trouble::Edited | Trouble::BrokenRegions(_) => State::Edited,
        Trouble::EditedOrphan => State::Orphaned,
        Trouble::LostRegions(_) => State::Stale,
        Trouble::Foreign
        | Trouble::Folder
        | Trouble::EmptyFolder
        | Trouble::Link
        | Trouble::Special
        | Trouble::FileAbove(_)
        | Trouble::LinkAbove(_) => State::Blocked,
    }
}

/// Why archgen would write a file differently that nobody edited.
fn cause(plan: &Plan) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match &plan.written_from {
        Some((_, archgen)) if archgen != version => {
            format!("archgen {archgen} wrote it, and this is {version}")
        }
        Some((description, _)) if *description != plan.description => {
            "archgen.yaml was changed since it was written".to_string()
        }
        _ => "archgen would write it differently now".to_string(),
    }
}

fn difference(path: &str, there: &[u8], fresh: &[u8]) -> Difference {
    let sizes = Difference::Sizes { there: there.len(), fresh: fresh.len() };
    if there.len().max(fresh.len()) > LONGEST_DIFF {
        return sizes;
    }
    let (Some(old), Some(new)) = (text_of(there), text_of(fresh)) else { return sizes };
    Difference::Text(lines::difference(&old, &new, path))
}
