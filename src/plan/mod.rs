//! A Terraform plan or state against the description: what is planned or built otherwise than described.
//!
//! The plan is what `terraform show -json` prints of a plan or of the state. Only what the description says itself is
//! compared; what Terraform works out (identifiers, addresses, defaults of the provider) is its own.

mod compare;
mod recorded;

use crate::artifact::Artifact;
use crate::source::Span;

/// One way in which plan and description differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The resource, with its key where there are several (`aws_subnet.app["a"]`).
    pub address: String,
    /// What is the matter with it.
    pub what: What,
    /// The generated file that has the resource; `None` where none has.
    pub file: Option<String>,
    /// The place in the description that the file came from.
    pub from: Option<Span>,
}

/// What may be the matter with a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The description has it, the plan does not.
    Missing,
    /// The plan has it, the description does not.
    Unknown,
    /// An argument has another value; values as JSON, the planned one hidden where Terraform hides it.
    Differs {
        /// The argument, through blocks with dots.
        argument: String,
        /// The described value; `None` where the description has no such block.
        described: Option<String>,
        /// The planned value; `None` where the plan has no such block.
        planned: Option<String>,
    },
    /// Somebody changed it outside of Terraform; the arguments that changed, none when it was deleted.
    Drifted {
        /// The arguments.
        arguments: Vec<String>,
    },
}

/// What the comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Whether it was a plan; else it was a state.
    pub is_plan: bool,
    /// How many resources were compared.
    pub compared: usize,
    /// Differences: by address, then in the order of the text.
    pub findings: Vec<Finding>,
}

/// Why a text cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanError {
    /// One sentence without a full stop.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

/// Compares a plan with the Terraform files of one environment.
///
/// # Errors
/// When `text` is not what `terraform show -json` prints.
pub fn compare(text: &str, artifacts: &[Artifact], environment: &str) -> Result<Report, PlanError> {
    let recorded = recorded::read(text)?;
    Ok(compare::compare(&recorded, artifacts, environment))
}
