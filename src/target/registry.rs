//! The targets, in the order in which they write.

use super::Target;
use super::runbook::Runbook;

/// All targets that work on one environment.
pub static TARGETS: &[&dyn Target] = &[&Runbook];
