//! `archgen fmt`: the canonical form of descriptions.

use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::load;
use super::output::{MessageFormat, Out};
use crate::diag::Diagnostics;
use crate::document::format;
use crate::project::{RealDisk, read, replace};
use crate::source::Sources;

/// What `fmt` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen fmt                   rewrite the nearest archgen.yaml
  archgen fmt --check examples  say which descriptions are not in canonical form
  archgen fmt --stdout a.yaml   print instead of rewriting")]
pub(super) struct Arguments {
    /// Descriptions, or folders with descriptions below them; without one, the nearest archgen.yaml here or above
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; exit with 1 when a file is not in canonical form
    #[arg(long)]
    check: bool,
    /// Print the canonical form instead of rewriting the file
    #[arg(long, conflicts_with = "check")]
    stdout: bool,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    let Some(files) = load::find(&arguments.files, out) else { return Status::Wrong };
    files.iter().map(|file| one(file, arguments, out)).max().unwrap_or(Status::Fine)
}

fn one(file: &std::path::Path, arguments: &Arguments, out: &Out) -> Status {
    let name = file.display().to_string();
    let fail = |findings: &Diagnostics, text: &str| {
        let mut sources = Sources::default();
        sources.add(name.clone(), text.to_owned());
        out.findings(findings, &sources, MessageFormat::Human);
        Status::Wrong
    };
    let text = match read::read_text(file, &RealDisk) {
        Ok(text) => text,
        Err(diagnostic) => {
            let mut findings = Diagnostics::default();
            findings.push(*diagnostic);
            return fail(&findings, "");
        }
    };
    let formatted = match format::format(&text) {
        Ok(formatted) => formatted,
        Err(findings) => return fail(&findings, &text),
    };
    if arguments.stdout {
        out.result(&formatted);
        return Status::Fine;
    }
    if formatted == text {
        out.detail(&format!("{name} is in canonical form"));
        return Status::Fine;
    }
    if arguments.check {
        out.line(&format!("{name} is not in canonical form: run `archgen fmt {name}`"));
        return Status::Differs;
    }
    match replace(file, formatted.as_bytes(), &RealDisk) {
        Ok(()) => {
            out.line(&format!("formatted {name}"));
            Status::Fine
        }
        Err(failure) => {
            out.error(&failure.message(), &failure.remedy());
            Status::Wrong
        }
    }
}
