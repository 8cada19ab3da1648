//! The command line: arguments, commands and exit codes. One file per command.

mod catalog;
mod check;
mod completions;
mod fmt;
mod icons;
mod init;
mod inject;
mod layout;
mod load;
mod mdbook;
mod output;
mod plan;
mod render;
mod schema;
mod watch;
mod work;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use output::{Level, Out};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// All is well.
    Fine,
    /// What is checked does not hold: drift, or an edit in the way.
    Differs,
    /// The input, the call or the disk is wrong.
    Wrong,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Fine => 0,
            Status::Differs => 1,
            Status::Wrong => 2,
        })
    }
}

/// One description of a system in, diagrams, runbooks, compose files and Terraform out.
#[derive(Debug, Parser)]
#[command(name = "archgen", version, about, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// When to colour what is printed
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    /// Print nothing but mistakes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Print notes and every unchanged file too
    #[arg(short, long, global = true)]
    verbose: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

const EXAMPLES: &str = "\
Examples:
  archgen init                      begin with a small archgen.yaml
  archgen render                    write everything that ./archgen.yaml describes
  archgen render --env prod --format svg
  archgen check                     say what differs from the description, for CI
  archgen kinds postgres            what a kind has

Exit codes: 0 fine; 1 something differs or is in the way; 2 the input, the call or the disk is wrong.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Write every artifact of every environment
    Render(render::Arguments),
    /// Say what differs from the description; writes nothing
    Check(check::Arguments),
    /// Fill the marked regions of your own Markdown pages
    Inject(inject::Arguments),
    /// Begin with a small, good archgen.yaml
    Init(init::Arguments),
    /// Bring descriptions into their canonical form; comments stay
    Fmt(fmt::Arguments),
    /// Print the JSON Schema of archgen.yaml, for editors
    Schema(schema::Arguments),
    /// List the kinds, or say what one has
    Kinds(catalog::KindArguments),
    /// List the forms that kinds can take
    Forms(catalog::FormArguments),
    /// List the targets, and which of them builds what
    Targets(catalog::TargetArguments),
    /// Draw every icon on one sheet
    Icons(icons::Arguments),
    /// Judge how one picture is laid out, or print its geometry
    Layout(layout::Arguments),
    /// Draw the descriptions in an mdBook's chapters, as its preprocessor
    Mdbook(mdbook::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
}

/// Runs the program: reads the arguments, does what they say, and tells how it went.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return Status::from_clap(&error).into();
        }
    };
    let level = match (arguments.quiet, arguments.verbose) {
        (true, _) => Level::Quiet,
        (_, true) => Level::Verbose,
        _ => Level::Normal,
    };
    let out = Out::new(level, arguments.color);
    let status = match arguments.command {
        Command::Render(arguments) => render::run(&arguments, &out),
        Command::Check(arguments) => check::run(&arguments, &out),
        Command::Inject(arguments) => inject::run(&arguments, &out),
        Command::Init(arguments) => init::run(&arguments, &out),
        Command::Fmt(arguments) => fmt::run(&arguments, &out),
        Command::Schema(arguments) => schema::run(&arguments, &out),
        Command::Kinds(arguments) => catalog::kinds(&arguments, &out),
        Command::Forms(arguments) => catalog::forms(&arguments, &out),
        Command::Targets(arguments) => catalog::targets(&arguments, &out),
        Command::Icons(arguments) => icons::run(&arguments, &out),
        Command::Layout(arguments) => layout::run(&arguments, &out),
        Command::Mdbook(arguments) => mdbook::run(&arguments, &out),
        Command::Completions(arguments) => completions::run(&arguments, &out),
    };
    status.into()
}

impl Status {
    /// Help and version are fine; anything else means that the call is wrong.
    fn from_clap(error: &clap::Error) -> Status {
        if error.use_stderr() { Status::Wrong } else { Status::Fine }
    }
}
