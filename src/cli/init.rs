//! `archgen init`: a small, good description to begin with, or the built-in templates to change.

use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::output::Out;
use crate::catalog::built_in;
use crate::project::{RealDisk, create};

/// What `init` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen init              archgen.yaml in this folder
  archgen init shop         in the folder shop, which is made
  archgen init --templates  copies the built-in templates to archgen/templates, to be changed")]
pub(super) struct Arguments {
    /// The folder; this one without it
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Copy the built-in templates (kinds, forms, profiles, sentences) out instead
    #[arg(long)]
    templates: bool,
}

/// The first description of a project.
const FIRST: &str = include_str!("first.yaml");

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    let folder = arguments.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let files: Vec<(PathBuf, &str)> = if arguments.templates {
        let target = folder.join("archgen").join("templates");
        built_in::FILES.iter().map(|(path, text)| (target.join(path), *text)).collect()
    } else {
        vec![(folder.join("archgen.yaml"), FIRST)]
    };
    let mut status = Status::Fine;
    let mut written = 0;
    for (path, text) in files {
        match create(&path, text.as_bytes(), &RealDisk) {
            Ok(true) => {
                written += 1;
                out.line(&format!("wrote {}", path.display()));
            }
            Ok(false) if arguments.templates => out.detail(&format!("kept  {}", path.display())),
            Ok(false) => {
                out.error(
                    &format!("{} is there already", path.display()),
                    "it was left as it is; name another folder",
                );
                status = Status::Differs;
            }
            Err(failure) => {
                out.error(&failure.message(), &failure.remedy());
                return Status::Wrong;
            }
        }
    }
    if written > 0 && !arguments.templates {
        out.line("next: change it to your system, then `archgen render`");
    }
    status
}
