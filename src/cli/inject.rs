//! `archgen inject`: fills the marked regions of the author's own pages. `render` and `check` do so too, for the pages
//! that `outputs.inject` names.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Status;
use super::load;
use super::output::{MessageFormat, Out};
use super::render::{Prepared, Selection, prepare};
use crate::artifact::RelPath;
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::project::{Disk, Entry, RealDisk, difference, read, replace};
use crate::source::Span;
use crate::target::inject;

/// How a page gets a region.
const HINT: &str =
    "write `<!-- archgen:begin view=overview -->` and `<!-- archgen:end -->` where the picture goes";

/// What `inject` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen inject README.md docs/network.md
  archgen inject --check README.md    exit with 1 when a region is not as described
  archgen inject --file shop/archgen.yaml shop/README.md

Paths in a call count from where you stand, those under `outputs: { inject: … }` from the description.

A region holds a picture, the badges of the pipelines, or a list of the environments:
  <!-- archgen:begin view=network env=prod -->
  <!-- archgen:end -->
  <!-- archgen:begin badges -->
  <!-- archgen:end -->
  <!-- archgen:begin environments -->
  <!-- archgen:end -->")]
pub(super) struct Arguments {
    /// Markdown files, by their paths from where you stand; they lie below the folder of archgen.yaml
    #[arg(value_name = "PAGE", required = true)]
    pages: Vec<PathBuf>,
    /// The description; without it the nearest archgen.yaml here or above
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Write nothing; say what differs and exit with 1 when something does
    #[arg(long)]
    check: bool,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    let files: Vec<PathBuf> = arguments.file.iter().cloned().collect();
    let Some(files) = load::find(&files, out) else { return Status::Wrong };
    let Some(file) = files.first() else { return Status::Wrong };
    let mut prepared = match prepare(file, &Selection::only(inject::NAME), out) {
        Ok(prepared) => prepared,
        Err(status) => return status,
    };
    let mut pages = Vec::new();
    for page in &arguments.pages {
        let beside = prepared.place.beside();
        let Some(below) = below(beside, page) else {
            let problem = format!("{} does not lie below {}", page.display(), beside.display());
            match (page.exists(), beside.join(page).exists()) {
                (true, _) => out.error(&problem, "links lead from a page to the pictures beside its description: name a page of the same project"),
                (false, true) => out.error(
                    &format!("there is no page `{}` here", page.display()),
                    &format!("paths count from where you stand: name it as {}", beside.join(page).display()),
                ),
                (false, false) => out.error(&format!("there is no page `{}`", page.display()), HINT),
            }
            return Status::Wrong;
        };
        pages.push((below, None));
    }
    let pages = filled(&mut prepared, &pages);
    out.findings(&prepared.findings, &prepared.project.sources, MessageFormat::Human);
    let Some(pages) = pages else { return Status::Wrong };
    if arguments.check { check(&pages, out) } else { write(&pages, out) }
}

/// A page's path as seen from a folder above it.
fn below(folder: &Path, page: &Path) -> Option<String> {
    let (folder, page) = (folder.canonicalize().ok()?, page.canonicalize().ok()?);
    let rest = page.strip_prefix(folder).ok()?;
    Some(rest.to_string_lossy().replace('\\', "/"))
}

/// A page with its regions filled.
pub(super) struct Page {
    name: String,
    path: PathBuf,
    before: String,
    after: String,
}

/// The pages that the description names, filled; none where the call is about a part of the system. `None` when something
/// is wrong with one, which is among the findings then.
pub(super) fn described(prepared: &mut Prepared) -> Option<Vec<Page>> {
    let pages = prepared.pages.clone();
    filled(prepared, &pages)
}

/// Pages by their paths below the folder of the description, with the place that names each, filled.
fn filled(prepared: &mut Prepared, pages: &[(String, Option<Span>)]) -> Option<Vec<Page>> {
    let (mut findings, mut all) = (Diagnostics::default(), Vec::new());
    for (name, span) in pages {
        let say = |severity, message: String, hint: &str| {
            Diagnostic::new(severity, "inject-page", *span, message).hint(hint.to_owned())
        };
        let relative = match RelPath::new(name.clone()) {
            Ok(relative) => relative,
            Err(error) => {
                let hint = "name a page below the folder of archgen.yaml";
                findings.push(say(Severity::Error, error.to_string(), hint));
                continue;
            }
        };
        let path = relative.parts().fold(prepared.place.beside().to_path_buf(), |path, part| path.join(part));
        if !matches!(RealDisk.entry(&path), Ok(Entry::File { .. })) {
            findings.push(say(Severity::Error, format!("there is no page `{name}`"), HINT));
            continue;
        }
        let before = match read::read_text(&path, &RealDisk) {
            Ok(text) => text,
            Err(diagnostic) => {
                findings.push(*diagnostic);
                continue;
            }
        };
        let source = prepared.project.sources.add(name.clone(), before.clone());
        let mut to_output = "../".repeat(relative.parts().count() - 1);
        let parts = prepared.output_dir.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.for_each(|part| to_output.push_str(&format!("{part}/")));
        let page = inject::fill(&before, &prepared.made.regions, &to_output, source, &mut findings);
        if page.regions == 0 && !findings.has_errors() {
            findings.push(say(Severity::Warning, format!("`{name}` has no region"), HINT));
        }
        all.push(Page { name: name.clone(), path, before, after: page.text });
    }
    let failed = findings.has_errors();
    prepared.findings.extend(findings);
    (!failed).then_some(all)
}

/// Writes what differs.
pub(super) fn write(pages: &[Page], out: &Out) -> Status {
    for page in pages {
        if page.before == page.after {
            out.detail(&format!("unchanged {}", page.name));
            continue;
        }
        if let Err(failure) = replace(&page.path, page.after.as_bytes(), &RealDisk) {
            out.error(&failure.message(), &failure.remedy());
            return Status::Wrong;
        }
        out.line(&format!("updated   {}", page.name));
    }
    Status::Fine
}

/// Says what differs.
pub(super) fn check(pages: &[Page], out: &Out) -> Status {
    let mut status = Status::Fine;
    for page in pages.iter().filter(|page| page.before != page.after) {
        out.line(&format!("{}: its marked regions are not as described", page.name));
        out.line("  `archgen render` fills them");
        out.line(difference(&page.before, &page.after, &page.name).trim_end_matches('\n'));
        status = Status::Differs;
    }
    status
}
