//! `archgen mdbook`: the preprocessor, whether it suits a renderer, and its entry in `book.toml`.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::output::{MessageFormat, Out};
use super::{Status, load};
use crate::diag::Diagnostics;
use crate::mdbook;
use crate::project::{RealDisk, read, replace};
use crate::source::Sources;

/// What `mdbook` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen mdbook install book     add the preprocessor to book/book.toml
  mdbook build book               mdBook then runs `archgen mdbook` by itself
  archgen mdbook supports html    exit with 0 where pictures can be shown, else with 1

In a chapter:
  ```archgen file=../../archgen.yaml env=prod view=network
  ```")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say by the exit code whether a renderer can show the pictures
    Supports {
        /// The renderer's name, such as html
        #[arg(value_name = "RENDERER")]
        renderer: String,
    },
    /// Add the preprocessor to a book's book.toml; everything else in it stays
    Install {
        /// The folder of book.toml
        #[arg(value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
}

/// How the preprocessor is meant to be used.
const USAGE: &str = "mdBook runs it: `archgen mdbook install` adds it to book.toml, then `mdbook build`";

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    match &arguments.command {
        None => preprocess(out),
        Some(Command::Supports { renderer }) if mdbook::supports(renderer) => Status::Fine,
        Some(Command::Supports { .. }) => Status::Differs,
        Some(Command::Install { dir }) => install(dir, out),
    }
}

/// Reads the book from standard input and writes it with its pictures to standard output.
fn preprocess(out: &Out) -> Status {
    let mut stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        out.error("`archgen mdbook` reads a book from its standard input, not from a terminal", USAGE);
        return Status::Wrong;
    }
    let mut bytes = Vec::new();
    let text = match stdin.read_to_end(&mut bytes).map_err(|error| error.to_string()) {
        Ok(_) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
        Err(error) => Err(error),
    };
    let input = match text.and_then(|text| mdbook::parse(&text)) {
        Ok(input) => input,
        Err(problem) => {
            out.error(&format!("the standard input is no book from mdBook: {problem}"), USAGE);
            return Status::Wrong;
        }
    };
    let root = input.context.get("root").and_then(|root| root.as_str()).unwrap_or(".");
    let root = PathBuf::from(root);
    let outcome = mdbook::process(input, &|path: &str| {
        let loaded = load::load(&root.join(path), None)?;
        Ok((loaded.texts, loaded.findings))
    });
    out.findings(&outcome.findings, &outcome.sources, MessageFormat::Human);
    if outcome.findings.has_errors() {
        return Status::Wrong;
    }
    out.result(&outcome.book.to_string());
    Status::Fine
}

fn install(dir: &Path, out: &Out) -> Status {
    let file = dir.join("book.toml");
    if !file.is_file() {
        out.error(
            &format!("there is no book.toml in {}", dir.display()),
            "name the book's folder, as in `archgen mdbook install book`",
        );
        return Status::Wrong;
    }
    let text = match read::read_text(&file, &RealDisk) {
        Ok(text) => text,
        Err(diagnostic) => {
            let mut findings = Diagnostics::default();
            findings.push(*diagnostic);
            out.findings(&findings, &Sources::default(), MessageFormat::Human);
            return Status::Wrong;
        }
    };
    match mdbook::install(&text) {
        Ok(None) => {
            out.line(&format!("{} has the preprocessor already", file.display()));
            Status::Fine
        }
        Ok(Some(changed)) => match replace(&file, changed.as_bytes(), &RealDisk) {
            Ok(()) => {
                out.line(&format!("added the preprocessor to {}", file.display()));
                Status::Fine
            }
            Err(failure) => {
                out.error(&failure.message(), &failure.remedy());
                Status::Wrong
            }
        },
        Err(problem) => {
            out.error(&format!("{} cannot be extended", file.display()), &problem);
            Status::Wrong
        }
    }
}
