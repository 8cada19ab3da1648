//! What a run will do to each file, decided before the first of them is touched.

use std::collections::{BTreeMap, BTreeSet};

use super::failure::{Failure, Trouble};
use super::inspect::{Inspector, Seen};
use super::keep;
use super::lock::{Key, Lock};
use super::names::Names;
use super::place::{LOCK_NAME, Place};
use super::scope::{Origin, Scope};
use super::stamp::{self, Mark, fingerprint, text_of};
use super::{Disk, PENDING_NAME};
use crate::artifact::{Artifact, Content, Root};
use crate::diag::Diagnostic;
use crate::source::Span;

/// How a run goes about it.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// Where the project lies.
    pub place: &'a Place,
    /// Which files the run is about.
    pub scope: &'a Scope,
    /// Whether edits and foreign files are overwritten (`--force`).
    pub force: bool,
    /// A digest of the description, as [`super::digest`] makes it.
    pub description: &'a str,
}

/// What a run does to one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is written for the first time.
    Create,
    /// It is replaced.
    Update,
    /// It stays as it is.
    Unchanged,
    /// It is no longer made, and removed.
    Remove,
    /// It is no longer made, and gone already.
    Forget,
}

/// One file of a plan.
#[derive(Debug, Clone)]
pub struct Step {
    /// The file's name for people, as seen from the folder of `archgen.yaml`.
    pub path: String,
    /// What is to be done.
    pub action: Action,
    /// Why that would lose something, or cannot be done.
    pub trouble: Option<Trouble>,
    /// Whether `--force` goes over the trouble.
    pub forced: bool,
    /// Places in the description behind the file, the most telling first.
    pub from: Vec<Span>,
    pub(super) key: Key,
    pub(super) seen: Seen,
    /// The bytes that the file is to have; `None` for what is no longer made.
    pub(super) after: Option<Vec<u8>>,
    /// Whether it must be removed before anything is written, since it stands where a folder or file will be.
    pub(super) first: bool,
}

impl Step {
    /// Whether this step keeps the plan from being carried out.
    pub fn is_conflict(&self) -> bool {
        self.trouble.is_some() && !self.forced
    }

    /// What keeps the plan from being carried out, as a finding to print.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        let trouble = self.trouble.as_ref().filter(|_| self.is_conflict())?;
        Some(trouble.diagnostic(&self.path, &self.from))
    }

    /// Whether the file lies in the output folder, not beside the description.
    pub fn is_in_output(&self) -> bool {
        self.key.0 == Root::OutputDir
    }

    /// Whether the file is written.
    pub(super) fn writes(&self) -> bool {
        matches!(self.action, Action::Create | Action::Update)
    }
}

/// What a run will do, all of it. [`super::apply()`] carries it out.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every file that the run is about, by its name.
    pub steps: Vec<Step>,
    pub(super) place: Place,
    pub(super) lock_before: Option<Vec<u8>>,
    pub(super) lock_after: Vec<u8>,
    /// Whether the lock's files differ, apart from what else it says.
    pub(super) lock_stale: bool,
    pub(super) pending_before: Option<Vec<u8>>,
    pub(super) pending_after: Vec<u8>,
    /// Whether a killed run left something behind.
    pub(super) leftovers: bool,
    /// Every file whose temporary file may lie about.
    pub(super) all: BTreeSet<Key>,
    /// The digest of the description that the plan was made from.
    pub(super) description: String,
    /// Description and version that the lock names, where there is a lock.
    pub(super) written_from: Option<(String, String)>,
}

impl Plan {
    /// The steps that keep the plan from being carried out.
    pub fn conflicts(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.is_conflict())
    }

    /// How many files one thing is done to.
    pub fn count(&self, action: Action) -> usize {
        self.steps.iter().filter(|step| step.action == action).count()
    }

    /// Whether there is anything to write or remove, the lock included.
    pub fn has_work(&self) -> bool {
        let busy = |step: &Step| step.writes() || step.action == Action::Remove;
        self.leftovers
            || self.steps.iter().any(busy)
            || !self.lock_before.as_deref().is_some_and(|before| same_text(before, &self.lock_after))
    }
}

/// Compares what the targets made with what lies on the disk. Nothing is written.
pub fn plan(artifacts: &[Artifact], settings: &Settings<'_>, disk: &dyn Disk) -> Result<Plan, Failure> {
    let place = settings.place;
    let mut inspector = Inspector::new(disk, place);
    let lock_before = inspector.own(LOCK_NAME)?;
    let old = match &lock_before {
        None => Lock::default(),
        Some(bytes) => {
            Lock::parse(bytes).map_err(|fault| Failure::Lock { path: place.own_shown(LOCK_NAME), fault })?
        }
    };
    let pending_before = inspector.own(PENDING_NAME)?;
    let mut known = old.clone();
    // What a killed run had begun to write is as much ours as what the lock names.
    let pending = pending_before.as_deref().and_then(|bytes| Lock::parse(bytes).ok()).unwrap_or_default();
    known.add_all(&pending);

    let mut wanted: Vec<(Key, &Artifact)> = artifacts
        .iter()
        .filter(|artifact| settings.scope.includes(artifact))
        .map(|artifact| ((artifact.root, artifact.path.clone()), artifact))
        .collect();
    wanted.sort_by(|a, b| a.0.cmp(&b.0));
    let names = Names::new(&wanted, place)?;
    let made: BTreeSet<&Key> = wanted.iter().map(|(key, _)| key).collect();

    let ours = Ours::new(&known, place);
    let orphans =
        known.files.iter().filter(|(key, known)| !made.contains(key) && settings.scope.covers(&known.origin));
    let mut steps = Vec::new();
    for (key, _) in orphans {
        steps.push(orphan_step(key, &ours, &names, settings, &mut inspector)?);
    }
    let removable: BTreeSet<Key> = steps
        .iter()
        .filter(|step| step.action == Action::Remove && !step.is_conflict())
        .map(|step| step.key.clone())
        .collect();
    let twins: BTreeSet<String> = removable.iter().map(|key| place.shown(key).to_lowercase()).collect();

    let mut new = Lock {
        archgen: env!("CARGO_PKG_VERSION").to_string(),
        description: settings.description.to_string(),
        files: BTreeMap::new(),
    };
    for (key, artifact) in &wanted {
        let mut step = wanted_step(key, artifact, &ours, &removable, settings, &mut inspector)?;
        // On a disk that knows no case, removing the orphan removes this file too.
        if step.action == Action::Unchanged && twins.contains(&step.path.to_lowercase()) {
            step.action = Action::Update;
        }
        let digest = fingerprint(&key.1, step.after.as_deref().unwrap_or_default());
        new.add(key.clone(), &Origin::from(*artifact), digest);
        steps.push(step);
    }
    for (key, known) in
        known.files.iter().filter(|(key, known)| !made.contains(key) && !settings.scope.covers(&known.origin))
    {
        if let Some(digest) = carried(key, &known.digests, &old, &mut inspector)? {
            new.add(key.clone(), &known.origin, digest);
        }
    }
    steps.sort_by(|a, b| a.path.cmp(&b.path));

    let leftovers = pending_before.is_some() || inspector.has_rests()?;
    let all = known.files.keys().chain(made.iter().copied()).cloned().collect();
    let lock_stale = old.files != new.files;
    let lock_after = new.print().into_bytes();
    known.add_all(&new);
    Ok(Plan {
        steps,
        place: place.clone(),
        description: settings.description.to_string(),
        written_from: lock_before.is_some().then_some((old.description, old.archgen)),
        lock_before,
        lock_after,
        lock_stale,
        pending_before,
        pending_after: known.print().into_bytes(),
        leftovers,
        all,
    })
}

/// The digests of what archgen wrote, by the file's name in lower case: on a disk that knows no case, a file that
/// was renamed by case alone still is the file that archgen wrote.
struct Ours<'a> {
    place: &'a Place,
    known: &'a Lock,
    digests: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> Ours<'a> {
    fn new(known: &'a Lock, place: &'a Place) -> Self {
        let mut digests: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (key, known) in &known.files {
            let name = place.shown(key).to_lowercase();
            digests.entry(name).or_default().extend(known.digests.iter().map(String::as_str));
        }
        Ours { place, known, digests }
    }

    fn get(&self, key: &Key) -> Option<&BTreeSet<&'a str>> {
        self.digests.get(&self.place.shown(key).to_lowercase())
    }

    /// Whether archgen wrote files below a folder of that name.
    fn has_below(&self, key: &Key) -> bool {
        let folder = format!("{}/", self.place.shown(key).to_lowercase());
        self.digests.keys().any(|name| name.starts_with(&folder))
    }

    /// Whether archgen wrote the bytes and nobody edited them since.
    fn untouched(&self, key: &Key, bytes: &[u8]) -> bool {
        stamp::mark(&key.1, bytes) == Mark::Intact
            || self.get(key).is_some_and(|digests| digests.contains(fingerprint(&key.1, bytes).as_str()))
    }
}

/// What is to be done about a file that is no longer made.
fn orphan_step(
    key: &Key,
    ours: &Ours<'_>,
    names: &Names,
    settings: &Settings<'_>,
    inspector: &mut Inspector<'_>,
) -> Result<Step, Failure> {
    let path = settings.place.shown(key);
    let seen = inspector.look(key)?;
    let (action, trouble) = match &seen {
        Seen::File { bytes, .. } if ours.untouched(key, bytes) => {
            let words = text_of(bytes).filter(|_| key.1.is_markdown());
            let words = words.map(|text| keep::filled(&text).unwrap_or_default()).unwrap_or_default();
            (Action::Remove, (!words.is_empty()).then_some(Trouble::LostRegions(words)))
        }
        Seen::File { .. } => (Action::Remove, Some(Trouble::EditedOrphan)),
        // Whatever the user put there instead is theirs.
        _ => (Action::Forget, None),
    };
    Ok(Step {
        forced: settings.force && trouble.as_ref().is_some_and(Trouble::yields_to_force),
        action,
        trouble,
        from: Vec::new(),
        key: key.clone(),
        seen,
        after: None,
        first: names.obstructs(&path),
        path,
    })
}

/// What is to be done about a file that is made.
fn wanted_step(
    key: &Key,
    artifact: &Artifact,
    ours: &Ours<'_>,
    removable: &BTreeSet<Key>,
    settings: &Settings<'_>,
    inspector: &mut Inspector<'_>,
) -> Result<Step, Failure> {
    let path = settings.place.shown(key);
    let mut after = stamp::stamp(artifact);
    if key.1.is_markdown()
        && let Some(Err(fault)) = text_of(&after).map(|text| keep::filled(&text))
    {
        return Err(Failure::Region { path, fault, from: artifact.from.clone() });
    }
    let seen = inspector.look(key)?;
    let (action, trouble) = match &seen {
        Seen::Missing => (Action::Create, None),
        Seen::Folder => {
            let below = inspector.files_below(key, ours.known)?;
            let is_free =
                below.as_ref().is_some_and(|files| files.iter().all(|file| removable.contains(file)));
            let trouble = match below {
                // A killed run may have left the folder of files that the lock still names.
                Some(files) if is_free && files.is_empty() && !ours.has_below(key) => {
                    Some(Trouble::EmptyFolder)
                }
                _ => (!is_free).then_some(Trouble::Folder),
            };
            (Action::Create, trouble)
        }
        Seen::FileAbove(above, below) => {
            let is_free = removable.iter().any(|(root, path)| *root == key.0 && path.as_str() == below);
            let name = settings.place.name_of(above);
            (Action::Create, (!is_free).then_some(Trouble::FileAbove(name)))
        }
        Seen::LinkAbove(above) => (Action::Create, Some(Trouble::LinkAbove(settings.place.name_of(above)))),
        Seen::Link => (Action::Update, Some(Trouble::Link)),
        Seen::Special => (Action::Update, Some(Trouble::Special)),
        Seen::File { bytes, executable } => {
            let merged = merge(key, &mut after, bytes);
            let same = *bytes == after
                || (matches!(artifact.content, Content::Text { .. }) && same_text(bytes, &after));
            let is_known = ours.get(key).is_some() || stamp::mark(&key.1, bytes) == Mark::Broken;
            match merged {
                _ if same && key.1.is_script() && *executable == Some(false) => (Action::Update, None),
                _ if same => (Action::Unchanged, None),
                Ok(lost) if ours.untouched(key, bytes) => {
                    (Action::Update, (!lost.is_empty()).then_some(Trouble::LostRegions(lost)))
                }
                Err(fault) if is_known => (Action::Update, Some(Trouble::BrokenRegions(fault))),
                _ => (Action::Update, Some(if is_known { Trouble::Edited } else { Trouble::Foreign })),
            }
        }
    };
    Ok(Step {
        forced: settings.force && trouble.as_ref().is_some_and(Trouble::yields_to_force),
        path,
        action,
        trouble,
        from: artifact.from.clone(),
        key: key.clone(),
        seen,
        after: Some(after),
        first: false,
    })
}

/// Brings the user's words from the file on the disk into fresh Markdown; answers with the regions that are lost.
fn merge(key: &Key, after: &mut Vec<u8>, bytes: &[u8]) -> Result<Vec<String>, keep::KeepFault> {
    if !key.1.is_markdown() {
        return Ok(Vec::new());
    }
    let (Some(fresh), Some(old)) = (text_of(after), text_of(bytes)) else { return Ok(Vec::new()) };
    let merged = keep::merge(&fresh, &old)?;
    *after = merged.text.into_bytes();
    Ok(merged.lost)
}

/// Whether two texts differ in line endings at most.
fn same_text(a: &[u8], b: &[u8]) -> bool {
    a == b || matches!((text_of(a), text_of(b)), (Some(a), Some(b)) if a == b)
}

/// The one digest under which the lock goes on knowing a file that this run is not about. Where a killed run left
/// several possible ones, the file itself tells.
fn carried(
    key: &Key,
    digests: &BTreeSet<String>,
    old: &Lock,
    inspector: &mut Inspector<'_>,
) -> Result<Option<String>, Failure> {
    let before = old.files.get(key).and_then(|known| known.digests.first());
    if let (1, Some(digest)) = (digests.len(), before) {
        return Ok(Some(digest.clone()));
    }
    Ok(match inspector.look(key)? {
        Seen::File { bytes, .. } => {
            let digest = fingerprint(&key.1, &bytes);
            if digests.contains(&digest) { Some(digest) } else { before.or(digests.first()).cloned() }
        }
        _ => before.cloned(),
    })
}
