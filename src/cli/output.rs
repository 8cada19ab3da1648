//! What is printed, and where. A reader that closes the pipe ends the printing, not the program.

use std::cell::Cell;
use std::io::{IsTerminal, Write};

use super::Colour;
use crate::diag::{Diagnostics, Severity, print};
use crate::source::Sources;

/// How much is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Mistakes only.
    Quiet,
    /// What was done.
    Normal,
    /// Notes and what stayed as it was.
    Verbose,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum MessageFormat {
    /// With the source line and a caret
    #[default]
    Human,
    /// One line each
    Short,
    /// One JSON array
    Json,
}

/// Where everything is printed.
#[derive(Debug)]
pub(super) struct Out {
    level: Level,
    colour: Colour,
    closed: Cell<bool>,
    /// Whether lines about what was done go to standard error.
    aside: bool,
}

impl Out {
    pub(super) fn new(level: Level, colour: Colour) -> Self {
        Out { level, colour, closed: Cell::new(false), aside: false }
    }

    /// What else is printed beside findings: nothing on standard output where a program reads them there.
    pub(super) fn beside(&self, format: MessageFormat) -> Out {
        let aside = self.aside || format == MessageFormat::Json;
        Out { aside, closed: Cell::new(self.closed.get()), ..*self }
    }

    /// Whether the reader of what is printed has gone.
    pub(super) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    pub(super) fn level(&self) -> Level {
        self.level
    }

    /// Results that were asked for, to standard output.
    pub(super) fn result(&self, text: &str) {
        if !self.closed.get() && std::io::stdout().lock().write_all(text.as_bytes()).is_err() {
            self.closed.set(true);
        }
    }

    /// A line about what was done, to standard output unless `--quiet`.
    pub(super) fn line(&self, text: &str) {
        if self.level >= Level::Normal {
            self.say(text);
        }
    }

    fn say(&self, text: &str) {
        if self.aside {
            self.complain(&format!("{text}\n"));
        } else {
            self.result(&format!("{text}\n"));
        }
    }

    /// A line of interest only with `--verbose`.
    pub(super) fn detail(&self, text: &str) {
        if self.level >= Level::Verbose {
            self.say(text);
        }
    }

    /// A mistake outside of any text, to standard error.
    pub(super) fn error(&self, message: &str, hint: &str) {
        let mut text = format!("error: {message}\n");
        if !hint.is_empty() {
            text.push_str(&format!("  = help: {hint}\n"));
        }
        self.complain(&text);
    }

    /// Findings, to standard error (JSON: to standard output). Notes are shown with `--verbose`.
    pub(super) fn findings(&self, findings: &Diagnostics, sources: &Sources, format: MessageFormat) {
        let mut shown = Diagnostics::default();
        for finding in findings.sorted() {
            if finding.severity != Severity::Note || self.level == Level::Verbose {
                shown.push(finding.clone());
            }
        }
        match format {
            MessageFormat::Json => self.result(&print::json(&shown, sources)),
            _ if shown.is_empty() => {}
            MessageFormat::Human => self.complain(&print::human(&shown, sources, self.coloured())),
            MessageFormat::Short => self.complain(&print::short(&shown, sources)),
        }
    }

    fn complain(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    fn coloured(&self) -> bool {
        match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => std::env::var_os("NO_COLOR").is_none() && std::io::stderr().is_terminal(),
        }
    }
}
