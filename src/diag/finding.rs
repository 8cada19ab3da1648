//! One finding, and the findings of a run.
//!
//! The build script reads the built-in files with the same reader as the program and needs no more of `diag` than this.

use crate::source::Span;
use std::collections::BTreeMap;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing can be generated before this is mended.
    Error,
    /// Generated all the same, but probably not what is wanted.
    Warning,
    /// What archgen decided on its own and the reader should know.
    Note,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it weighs.
    pub severity: Severity,
    /// Stable name of the kind of finding, in kebab case, such as `unknown-key`.
    pub code: &'static str,
    /// One sentence without a full stop that says what is wrong.
    pub message: String,
    /// The token that is wrong; `None` when the finding has no place (an empty file, a disk error).
    pub span: Option<Span>,
    /// A few words under the caret.
    pub label: String,
    /// Other places that belong to the finding, each with a few words.
    pub related: Vec<(Span, String)>,
    /// How to mend it, one sentence each; the first is the best.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, Some(span), message)
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, Some(span), message)
    }

    /// A note at a place.
    pub fn note(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, Some(span), message)
    }

    /// A finding with or without a place.
    pub fn new(
        severity: Severity,
        code: &'static str,
        span: Option<Span>,
        message: impl Into<String>,
    ) -> Self {
        Diagnostic {
            severity,
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds words under the caret.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    /// Adds a way to mend it.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }
}

/// The findings of one run, in the order they were made.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Which of the list stand at a place, so that many findings stay quick to compare.
    at: BTreeMap<Option<Span>, Vec<usize>>,
}

impl Diagnostics {
    /// Takes one in; the same finding at the same place is kept once, whatever the hints: two environments may
    /// know different names to suggest.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let here = self.at.entry(diagnostic.span).or_default();
        let same = |old: &Diagnostic| (old.code, &old.message) == (diagnostic.code, &diagnostic.message);
        if here.iter().all(|&index| !same(&self.list[index])) {
            here.push(self.list.len());
            self.list.push(diagnostic);
        }
    }

    /// Takes all of another collection in.
    pub fn extend(&mut self, other: Diagnostics) {
        for diagnostic in other.list {
            self.push(diagnostic);
        }
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// How many there are of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|d| d.severity == severity).count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All, by place in the text; those without a place first, equal places in the order they were made.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.list.iter().collect();
        all.sort_by_key(|d| d.span.map(|s| (s.source, s.start)));
        all
    }
}
