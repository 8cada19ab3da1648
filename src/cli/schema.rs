//! `archgen schema`: the JSON Schema of descriptions.

use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::catalog::overlay_catalog;
use super::output::Out;
use crate::catalog::describe;

/// What `schema` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  archgen schema > archgen.schema.json
and in archgen.yaml, for editors with a YAML language server:
  # yaml-language-server: $schema=./archgen.schema.json")]
pub(super) struct Arguments {
    /// A description whose project's own kinds are taken in; without one, the nearest, if there is one
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    let Ok(catalog) = overlay_catalog(arguments.file.as_deref(), out) else { return Status::Wrong };
    out.result(&describe::schema(&catalog));
    Status::Fine
}
