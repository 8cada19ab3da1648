//! `archgen check --plan`: a Terraform plan or state against the description.

use std::path::Path;

use super::Status;
use super::output::Out;
use super::render::Prepared;
use crate::diag::{Diagnostic, Severity};
use crate::plan::{self, Finding, Report, What};
use crate::project::{RealDisk, read};

/// The target whose files a plan is compared with.
const TARGET: &str = "terraform";

/// A plan beside the description.
pub(super) struct Planned {
    file: String,
    environment: String,
    report: Report,
}

/// Compares a plan with what was made of a description.
pub(super) fn compare(file: &Path, prepared: &Prepared) -> Result<Planned, Box<Diagnostic>> {
    let environment = environment(prepared)?;
    let text = read::read_text(file, &RealDisk)?;
    let file = file.display().to_string();
    let report = plan::compare(&text, &prepared.made.artifacts, &environment).map_err(|error| {
        let message = format!("{file}: {}", error.message);
        Box::new(Diagnostic::new(Severity::Error, "plan", None, message).hint(error.hint))
    })?;
    Ok(Planned { file, environment, report })
}

/// The environment that the plan is of: the only one that has Terraform among those asked for.
fn environment(prepared: &Prepared) -> Result<String, Box<Diagnostic>> {
    let mut all: Vec<&str> = prepared
        .made
        .artifacts
        .iter()
        .filter(|artifact| artifact.target == TARGET)
        .filter_map(|artifact| artifact.environment.as_deref())
        .collect();
    all.dedup();
    let error = |message: &str, hint: String| {
        Err(Box::new(Diagnostic::new(Severity::Error, "plan", None, message).hint(hint)))
    };
    match all.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => error(
            "no environment that was asked for has Terraform to compare the plan with",
            "choose one with `--env`, and leave `--only` out or let it name terraform".to_owned(),
        ),
        _ => error(
            "it is not clear which environment the plan is of",
            format!("choose one with `--env`: {}", all.join(", ")),
        ),
    }
}

/// Says how a plan and the description differ.
pub(super) fn say(planned: &Planned, prepared: &Prepared, out: &Out) -> Status {
    let Planned { file: name, environment, report } = planned;
    for finding in &report.findings {
        out.line(&format!("{}: {}", finding.address, sentence(finding, report.is_plan)));
        if let Some(span) = finding.from {
            let source = prepared.project.sources.get(span.source);
            let (line, column) = source.position(span.start);
            out.line(&format!("  from {}:{line}:{column}", source.name()));
        }
        if let Some(generated) = &finding.file {
            out.line(&format!("  in {generated}"));
        }
    }
    let resources = match report.compared {
        1 => "1 resource".to_owned(),
        many => format!("{many} resources"),
    };
    if report.findings.is_empty() {
        out.line(&format!("{name}: {resources} of {environment} as described"));
        return Status::Fine;
    }
    let differences = match report.findings.len() {
        1 => "1 difference".to_owned(),
        many => format!("{many} differences"),
    };
    out.line(&format!("{name}: {differences} from {environment}, {resources} compared"));
    Status::Differs
}

fn sentence(finding: &Finding, is_plan: bool) -> String {
    let record = if is_plan { "plan" } else { "state" };
    match &finding.what {
        What::Missing => format!(
            "missing: described, but not in the {record}; it was taken out by hand, or the {record} is of another time"
        ),
        What::Unknown => format!(
            "not described: the {record} has it; it was added by hand, or the description has lost it"
        ),
        What::Differs { argument, described, planned } => match (described, planned) {
            (Some(described), Some(planned)) => {
                format!("differs: `{argument}` is {planned} in the {record}, described is {described}")
            }
            (Some(_), None) => format!("differs: the {record} lacks a block `{argument}`"),
            (None, _) => format!("differs: the {record} has one more block `{argument}` than described"),
        },
        What::Drifted { arguments } if arguments.is_empty() => {
            "deleted outside of Terraform; the next apply makes it again".to_owned()
        }
        What::Drifted { arguments } => {
            format!("changed outside of Terraform: {}; the next apply undoes it", arguments.join(", "))
        }
    }
}
