//! `archgen layout`: how one picture is laid out: what is wrong with it, how good it is, where everything stands.

use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::load;
use super::output::{MessageFormat, Out};
use crate::compile::{self, choose};
use crate::diag::{Diagnostic, Diagnostics};
use crate::layout::check::{Quality, Report, check, quality};
use crate::layout::layout;
use crate::source::Sources;
use crate::view::build::NETWORK;
use crate::view::sequence::arrange;
use crate::view::{self, Shows, View, geometry};

/// What `layout` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen layout --check                                what is wrong with the network view, and how good it is
  archgen layout shop/archgen.yaml --env prod --json    where everything stands, in px

Without --env and --view it takes the first network view, else the overview. With --check the exit code is 1 when
anything is wrong.")]
pub(super) struct Arguments {
    /// The description; without one, the nearest
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The environment that the picture shows
    #[arg(long, value_name = "ENV")]
    env: Option<String>,
    /// The picture
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// Count what is wrong and measure what is good (what happens without --json too)
    #[arg(long)]
    check: bool,
    /// Print the geometry as JSON
    #[arg(long, conflicts_with = "check")]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    let named: Vec<PathBuf> = arguments.file.iter().cloned().collect();
    let Some(files) = load::find(&named, out) else { return Status::Wrong };
    let [file] = files.as_slice() else {
        let first = files.first().map(|file| file.display().to_string()).unwrap_or_default();
        out.error("there are several descriptions here", &format!("name one, such as {first}"));
        return Status::Wrong;
    };
    let loaded = match load::load(file, None) {
        Ok(loaded) => loaded,
        Err(problem) => return wrong(*problem, out),
    };
    let mut findings = loaded.findings;
    let project = compile::read(&loaded.texts, &mut findings);
    let gallery = choose::all(&project, &mut findings);
    if project.document.is_none() || findings.has_errors() {
        out.findings(&findings, &project.sources, MessageFormat::Human);
        return Status::Wrong;
    }
    let has = |at: &usize| gallery.of(*at).any(|picture| picture.name == NETWORK);
    let network = (0..gallery.environments.len()).find(has).map(|at| gallery.environments[at].as_str());
    let first = network.filter(|_| arguments.view.is_none());
    let environment = arguments.env.as_deref().or(first);
    let (environment, picture) = match choose::choose(&gallery, environment, arguments.view.as_deref()) {
        Ok(chosen) => chosen,
        Err((_, problem)) => return wrong(*problem, out),
    };
    let place: Vec<&str> = environment.into_iter().chain([picture.name.as_str()]).collect();
    let name = format!("{} · {}", file.display(), place.join(" · "));
    match &picture.shows {
        Shows::View(view) => one(&name, view, arguments.json, out),
        Shows::Beside(beside) => {
            let judge =
                |view: &View| one(&format!("{name} · {}", view.sheet.title), view, arguments.json, out);
            beside.views.iter().map(judge).max().unwrap_or(Status::Fine)
        }
        Shows::Sequence(sequence) => {
            let made = arrange(sequence);
            match arguments.json {
                true => out.result(&format!("{:#}\n", geometry::walk(sequence, &made))),
                false => out.result(&format!(
                    "{name}\n  in the order of time: {} x {} px\n",
                    made.size.w.0 / 64,
                    made.size.h.0 / 64
                )),
            }
            Status::Fine
        }
    }
}

/// Judges one view, or prints its geometry.
fn one(name: &str, view: &View, json: bool, out: &Out) -> Status {
    let graph = view::graph(view);
    let made = layout(&graph);
    if json {
        out.result(&format!("{:#}\n", geometry::json(view, &graph, &made)));
        return Status::Fine;
    }
    let report = check(&graph, &made);
    out.result(&judgement(name, &report, &quality(&graph, &made)));
    if report.violations() == 0 { Status::Fine } else { Status::Differs }
}

/// Says what is wrong with the call.
fn wrong(problem: Diagnostic, out: &Out) -> Status {
    let mut findings = Diagnostics::default();
    findings.push(problem);
    out.findings(&findings, &Sources::default(), MessageFormat::Human);
    Status::Wrong
}

/// Counts and qualities, one line each.
fn judgement(name: &str, report: &Report, quality: &Quality) -> String {
    let mut text = format!("{name}\n");
    let mut line = |what: &str, value: String| text.push_str(&format!("  {what:<32}{value:>12}\n"));
    for (count, value) in &report.counts {
        line(count, value.to_string());
    }
    line("violations", report.violations().to_string());
    line("crossings", quality.crossings.to_string());
    line("bends", quality.bends.to_string());
    line("length, px", quality.length.to_string());
    line("width x height, px", format!("{} x {}", quality.width, quality.height));
    line("area, 1000 square px", (quality.area / 1000).to_string());
    line("height / width", format!("{}.{:02}", quality.aspect / 100, quality.aspect % 100));
    for detail in &report.details {
        text.push_str(&format!("  {detail}\n"));
    }
    text
}
