//! `archgen check`: says what differs from the description, and writes nothing.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Status;
use super::inject;
use super::load;
use super::output::Out;
use super::plan;
use super::render::{Prepared, Selection, prepare};
use crate::project::{self, Difference, Drift, LOCK_NAME, RealDisk, Settings, State};

/// What `check` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen check                 the nearest archgen.yaml
  archgen check examples        every description below a folder
  archgen check --only terraform --env prod
  archgen check --env prod --plan plan.json
                                the plan of `terraform show -json plan.out`, too

Prints for each file how it differs, why, which line of the description is behind it, and a diff.")]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Also compare what `terraform show -json` printed of a plan or of the state
    #[arg(long, value_name = "JSON")]
    plan: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    all(&arguments.selection, arguments.plan.as_deref(), out)
}

/// Checks every description that a selection names, and a plan that belongs to it.
pub(super) fn all(selection: &Selection, plan: Option<&Path>, out: &Out) -> Status {
    let Some(files) = load::find(&selection.files, out) else { return Status::Wrong };
    if plan.is_some() && files.len() > 1 {
        out.error("a plan belongs to one description, and the call names several", "name the one it is of");
        return Status::Wrong;
    }
    files.iter().map(|file| one(file, selection, plan, out)).max().unwrap_or(Status::Fine)
}

fn one(file: &Path, selection: &Selection, plan: Option<&Path>, out: &Out) -> Status {
    let out = &out.beside(selection.messages);
    let mut prepared = match prepare(file, selection, out) {
        Ok(prepared) => prepared,
        Err(status) => return status,
    };
    let Some(pages) = inject::described(&mut prepared) else {
        out.findings(&prepared.findings, &prepared.project.sources, selection.messages);
        return Status::Wrong;
    };
    let settings = Settings {
        place: &prepared.place,
        scope: &prepared.scope,
        force: false,
        description: &prepared.description,
    };
    let found = project::check(&prepared.made.artifacts, &settings, &RealDisk)
        .map_err(|failure| Box::new(failure.diagnostic()));
    let planned = plan.map(|plan| plan::compare(plan, &prepared)).transpose();
    let (found, planned) = match (found, planned) {
        (Ok(found), Ok(planned)) => (found, planned),
        (found, planned) => {
            let mut findings = prepared.findings.clone();
            let mistakes = found.err().into_iter().chain(planned.err());
            mistakes.for_each(|diagnostic| findings.push(*diagnostic));
            out.findings(&findings, &prepared.project.sources, selection.messages);
            return Status::Wrong;
        }
    };
    out.findings(&prepared.findings, &prepared.project.sources, selection.messages);
    let files = files(file, found, &prepared, out).max(inject::check(&pages, out));
    let plans = planned.map_or(Status::Fine, |planned| plan::say(&planned, &prepared, out));
    files.max(plans).max(assertions(file, prepared.broken, out))
}

/// Says how many assertions do not hold; which and why was said with the other findings.
fn assertions(file: &Path, broken: usize, out: &Out) -> Status {
    match broken {
        0 => return Status::Fine,
        1 => out.line(&format!("{}: 1 assertion does not hold", file.display())),
        many => out.line(&format!("{}: {many} assertions do not hold", file.display())),
    }
    Status::Differs
}

/// Says how the files on the disk differ.
fn files(file: &Path, found: Vec<Drift>, prepared: &Prepared, out: &Out) -> Status {
    let name = file.display();
    let (uncommitted, drifts): (Vec<Drift>, Vec<Drift>) =
        found.into_iter().partition(|drift| drift.state == State::Uncommitted);
    // The lock only repeats what its files say; alone it is a finding of its own.
    let (lock, files): (Vec<&Drift>, Vec<&Drift>) =
        drifts.iter().partition(|drift| drift.path.ends_with(LOCK_NAME));
    for drift in &files {
        show(drift, &prepared.project.sources, out);
    }
    for drift in &lock {
        out.line(&format!("{}: {}", drift.path, drift.why));
    }
    for drift in &uncommitted {
        out.detail(&format!("{}: {}", drift.path, drift.why));
    }
    if drifts.is_empty() {
        let there = prepared.made.artifacts.len() - uncommitted.len();
        out.line(&match uncommitted.len() {
            0 => format!("{name}: {there} files as described"),
            rest => {
                let pictures =
                    if rest == 1 { "1 picture is".to_owned() } else { format!("{rest} pictures are") };
                format!(
                    "{name}: {there} files as described; {pictures} not there: `archgen render` makes them"
                )
            }
        });
        return Status::Fine;
    }
    out.line(&match files.len() {
        0 => format!("{name}: the lock differs: run `archgen render`"),
        1 => format!("{name}: 1 file differs"),
        many => format!("{name}: {many} files differ"),
    });
    Status::Differs
}

fn show(drift: &Drift, sources: &crate::source::Sources, out: &Out) {
    // What stands in the way says in its own sentence which file and how.
    out.line(&match drift.why.starts_with(&drift.path) {
        true => drift.why.clone(),
        false => format!("{}: {}: {}", drift.path, drift.state.name(), drift.why),
    });
    if let Some(span) = drift.from.first() {
        let source = sources.get(span.source);
        let (line, column) = source.position(span.start);
        out.line(&format!("  from {}:{line}:{column}", source.name()));
    }
    out.line(&format!("  {}", drift.remedy));
    match &drift.difference {
        Difference::None => {}
        Difference::Text(text) => out.line(text.trim_end_matches('\n')),
        Difference::Sizes { there, fresh } => {
            out.line(&format!("  {there} bytes there, {fresh} bytes fresh"))
        }
    }
}
