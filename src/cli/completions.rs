//! `archgen completions`: words for the shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Status;
use super::output::Out;

/// What `completions` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  archgen completions bash > ~/.local/share/bash-completion/completions/archgen")]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "archgen", &mut text);
    out.result(&String::from_utf8_lossy(&text));
    Status::Fine
}
