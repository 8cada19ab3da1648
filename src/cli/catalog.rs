//! `archgen kinds`, `archgen forms` and `archgen targets`: what the catalog knows.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Status;
use super::load;
use super::output::{MessageFormat, Out};
use crate::catalog::{self, Catalog, describe};
use crate::diag::Diagnostics;
use crate::project::{RealDisk, read};
use crate::source::Sources;

/// What `kinds` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen kinds
  archgen kinds postgres")]
pub(super) struct KindArguments {
    /// The kind to describe; all are listed without one
    #[arg(value_name = "KIND")]
    kind: Option<String>,
    /// A description whose project's own kinds count
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// What `forms` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen forms
  archgen forms aws.rds
  archgen forms --file shop/archgen.yaml    with the project's own forms")]
pub(super) struct FormArguments {
    /// The form to describe; all are listed without one
    #[arg(value_name = "FORM")]
    form: Option<String>,
    /// A description whose project's own forms count
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// What `targets` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen targets
  archgen targets --matrix --markdown > support.md")]
pub(super) struct TargetArguments {
    /// Which target builds which kind, and as what
    #[arg(long)]
    matrix: bool,
    /// The matrix as a Markdown table
    #[arg(long, requires = "matrix")]
    markdown: bool,
    /// A description whose project's own kinds and forms count
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) fn kinds(arguments: &KindArguments, out: &Out) -> Status {
    let Ok(catalog) = overlay_catalog(arguments.file.as_deref(), out) else { return Status::Wrong };
    match &arguments.kind {
        None => out.result(&describe::kinds(&catalog)),
        Some(name) => match describe::kind(&catalog, name) {
            Ok(text) => out.result(&text),
            Err(no) => {
                out.error(&no.problem, &no.remedy);
                return Status::Wrong;
            }
        },
    }
    Status::Fine
}

pub(super) fn forms(arguments: &FormArguments, out: &Out) -> Status {
    let Ok(catalog) = overlay_catalog(arguments.file.as_deref(), out) else { return Status::Wrong };
    match &arguments.form {
        None => out.result(&describe::forms(&catalog)),
        Some(name) => match describe::form(&catalog, name) {
            Ok(text) => out.result(&text),
            Err(no) => {
                out.error(&no.problem, &no.remedy);
                return Status::Wrong;
            }
        },
    }
    Status::Fine
}

pub(super) fn targets(arguments: &TargetArguments, out: &Out) -> Status {
    let Ok(catalog) = overlay_catalog(arguments.file.as_deref(), out) else { return Status::Wrong };
    if arguments.matrix {
        out.result(&describe::matrix(&catalog, arguments.markdown));
    } else {
        for name in crate::compile::run::target_names() {
            out.result(&format!("{name}\n"));
        }
    }
    Status::Fine
}

/// The catalog with the overlay of a project: of the named description, else of the nearest one, if any. `Err`
/// when a file of it is wrong, which was said.
pub(super) fn overlay_catalog(file: Option<&Path>, out: &Out) -> Result<Catalog, ()> {
    let found = match file {
        Some(file) => Some(file.to_path_buf()),
        None => std::env::current_dir()
            .ok()
            .and_then(|here| read::find_description(&here, &RealDisk).ok().flatten()),
    };
    let mut findings = Diagnostics::default();
    let mut sources = Sources::default();
    let mut templates = Default::default();
    if let Some(file) = found {
        match load::load(&file, None) {
            Ok(loaded) => {
                findings.extend(loaded.findings);
                templates = loaded.texts.templates;
            }
            Err(diagnostic) => findings.push(*diagnostic),
        }
    }
    let catalog = catalog::load(&templates, &mut sources, &mut findings);
    out.findings(&findings, &sources, MessageFormat::Human);
    if findings.has_errors() { Err(()) } else { Ok(catalog) }
}
