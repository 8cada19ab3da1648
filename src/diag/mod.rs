//! Diagnostics: what is wrong or worth saying, where, and how to mend it.
//!
//! Stages collect into [`Diagnostics`] and go on, so that one run reports every mistake. Nothing here
//! prints; [`mod@print`] turns the collection into text.

mod finding;
pub mod print;
pub mod suggest;

pub use finding::{Diagnostic, Diagnostics, Severity};
