//! `archgen render`: writes what the description says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::load::{self, Loaded};
use super::output::{Level, MessageFormat, Out};
use super::{Status, check, inject, watch, work};
use crate::compile::run::{Made, Run, Setup, Wanted, target_names};
use crate::compile::{self, Outputs, Project};
use crate::diag::{Diagnostic, Diagnostics, Severity, suggest};
use crate::model;
use crate::project::{self, Action, Place, RealDisk, Scope, Settings};
use crate::source::Span;
use crate::target::{
    self,
    diagram::{self, Painting},
};

/// What `render` and `check` take.
#[derive(Debug, Clone, Args)]
pub(super) struct Selection {
    /// Descriptions, or folders with descriptions below them; without one, the nearest archgen.yaml here or above
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Only these environments
    #[arg(long, value_name = "ENV", value_delimiter = ',')]
    pub(super) env: Vec<String>,
    /// Only these views, such as network
    #[arg(long, value_name = "VIEW", value_delimiter = ',')]
    pub(super) view: Vec<String>,
    /// Only these targets: diagram, compose, terraform, runbook, index
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Only these formats of pictures: svg, png, drawio, mermaid, d2, dot
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    pub(super) format: Vec<String>,
    /// Colours of the pictures: auto, light, dark, print, or a theme of the project by its name, or by its
    /// file as seen from the description
    #[arg(long, value_name = "THEME")]
    pub(super) theme: Option<String>,
    /// Pixels of a PNG for each px of its SVG
    #[arg(long, value_name = "NUMBER", default_value_t = 2.0, value_parser = scale)]
    pub(super) scale: f32,
    /// Width of a PNG in pixels; goes before --scale
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(16..=16384))]
    pub(super) width: Option<u32>,
    /// Folder to write to, instead of the one in the description
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Threads that work at once; changes no byte
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// How mistakes are written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = MessageFormat::Human)]
    pub(super) messages: MessageFormat,
}

/// What `render` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen render
  archgen render examples                       every description below a folder
  archgen render --env prod --view network --format png --width 1600
  archgen render --only terraform --out /tmp/review
  archgen render --watch --format svg           again at every save, until Ctrl-C
  archgen render --force                        also over edits and foreign files")]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Write nothing; say what differs and exit with 1 when something does
    #[arg(long)]
    check: bool,
    /// Overwrite edited and foreign files
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// Render again whenever the description, or what lies beside it, changes
    #[arg(long, conflicts_with = "check")]
    watch: bool,
}

impl Selection {
    /// All of the nearest description, by one target alone.
    pub(super) fn only(target: &str) -> Selection {
        Selection {
            files: Vec::new(),
            env: Vec::new(),
            view: Vec::new(),
            only: vec![target.to_owned()],
            format: Vec::new(),
            theme: None,
            scale: 2.0,
            width: None,
            out: None,
            jobs: None,
            messages: MessageFormat::Human,
        }
    }
}

fn scale(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(scale) if (0.1..=8.0).contains(&scale) => Ok(scale),
        _ => Err("a number from 0.1 to 8".to_owned()),
    }
}

/// Everything that one description makes, and where it goes.
pub(super) struct Prepared {
    /// For printing findings.
    pub(super) project: Project,
    /// Where files go.
    pub(super) place: Place,
    /// What the run is about.
    pub(super) scope: Scope,
    /// What was made.
    pub(super) made: Made,
    /// Digest of the description.
    pub(super) description: String,
    /// What was not printed yet: as JSON, everything is one array at the end.
    pub(super) findings: Diagnostics,
    /// How many assertions do not hold in the chosen environments.
    pub(super) broken: usize,
    /// The author's pages whose regions are to be filled, with the places that name them.
    pub(super) pages: Vec<(String, Option<Span>)>,
    /// The output folder as the description says it.
    pub(super) output_dir: String,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    if arguments.check {
        return check::all(&arguments.selection, None, out);
    }
    let Some(files) = load::find(&arguments.selection.files, out) else { return Status::Wrong };
    if arguments.watch {
        return watch::run(&files, &out.beside(arguments.selection.messages), |file| {
            one(file, arguments, out)
        });
    }
    files.iter().map(|file| one(file, arguments, out)).max().unwrap_or(Status::Fine)
}

fn one(file: &Path, arguments: &Arguments, out: &Out) -> Status {
    let messages = arguments.selection.messages;
    let out = &out.beside(messages);
    let mut prepared = match prepare(file, &arguments.selection, out) {
        Ok(prepared) => prepared,
        Err(status) => return status,
    };
    let Some(pages) = inject::described(&mut prepared) else {
        out.findings(&prepared.findings, &prepared.project.sources, messages);
        return Status::Wrong;
    };
    let settings = Settings {
        place: &prepared.place,
        scope: &prepared.scope,
        force: arguments.force,
        description: &prepared.description,
    };
    let sources = &prepared.project.sources;
    let mut findings = prepared.findings.clone();
    let plan = match project::plan(&prepared.made.artifacts, &settings, &RealDisk) {
        Ok(plan) => plan,
        Err(failure) => {
            findings.push(failure.diagnostic());
            out.findings(&findings, sources, messages);
            return Status::Wrong;
        }
    };
    for step in plan.conflicts() {
        if let Some(trouble) = &step.trouble {
            findings.push(trouble.diagnostic(&step.path, &step.from));
        }
    }
    if plan.conflicts().next().is_some() {
        out.findings(&findings, sources, messages);
        return Status::Differs;
    }
    if let Err(failure) = project::apply(&plan, &RealDisk) {
        findings.push(failure.diagnostic());
        out.findings(&findings, sources, messages);
        return Status::Wrong;
    }
    out.findings(&findings, sources, messages);
    report(&prepared, &plan, out);
    inject::write(&pages, out)
}

/// Says what was written, in the order of the files, then what was left out.
fn report(prepared: &Prepared, plan: &project::Plan, out: &Out) {
    let folder = prepared.place.beside();
    let shown = |step: &project::Step| match folder.to_str() {
        Some("." | "") | None => step.path.clone(),
        // A folder that the call names is named as the call does.
        Some(_) if step.is_in_output() && prepared.place.is_elsewhere() => step.path.clone(),
        Some(_) => folder.join(&step.path).to_string_lossy().replace('\\', "/"),
    };
    for step in &plan.steps {
        match step.action {
            Action::Create => out.line(&format!("wrote     {}", shown(step))),
            Action::Update => out.line(&format!("updated   {}", shown(step))),
            Action::Remove => out.line(&format!("removed   {}", shown(step))),
            Action::Unchanged => out.detail(&format!("unchanged {}", shown(step))),
            Action::Forget => {}
        }
    }
    losses(&prepared.made, out);
    if prepared.made.artifacts.is_empty() && prepared.pages.is_empty() {
        out.line("nothing is made by what was asked for: `archgen targets` lists targets, `target` in the environment names them");
    }
    let (written, updated) = (plan.count(Action::Create), plan.count(Action::Update));
    let (removed, unchanged) = (plan.count(Action::Remove), plan.count(Action::Unchanged));
    let name = &prepared.project.sources.get(prepared.project.source).name();
    out.line(&format!(
        "{name}: {written} written, {updated} updated, {removed} removed, {unchanged} unchanged"
    ));
}

/// The loss report: what no file could express, and why.
pub(super) fn losses(made: &Made, out: &Out) {
    if made.losses.is_empty() || out.level() == Level::Quiet {
        return;
    }
    out.line(&format!("left out ({}; the reasons stand in the output's README.md):", made.losses.len()));
    for (environment, loss) in &made.losses {
        let place = [environment.as_str(), &loss.target, &loss.element];
        let place: Vec<&str> = place.into_iter().filter(|word| !word.is_empty()).collect();
        let what: Vec<&str> = loss.what.split_whitespace().collect();
        out.line(&format!("  {}: {}", place.join(" · "), what.join(" ")));
        out.detail(&format!("    {}", loss.why));
    }
}

/// Reads a description and makes everything that the selection asks for. `Err` when something is wrong, which
/// was said.
pub(super) fn prepare(file: &Path, selection: &Selection, out: &Out) -> Result<Prepared, Status> {
    let loaded = load::load(file, selection.theme.as_deref()).map_err(|diagnostic| {
        let mut findings = Diagnostics::default();
        findings.push(*diagnostic);
        out.findings(&findings, &Default::default(), selection.messages);
        Status::Wrong
    })?;
    let mut findings = loaded.findings.clone();
    let mut project = compile::read(&loaded.texts, &mut findings);
    let fail = |project: &Project, findings: &Diagnostics| {
        out.findings(findings, &project.sources, selection.messages);
        Err(Status::Wrong)
    };
    let Some(document) = project.document.clone() else { return fail(&project, &findings) };
    let all = model::environments(&document);
    let chosen = choose(&all, &selection.env, "environment", &mut findings);
    let targets: Vec<String> = target_names().into_iter().map(str::to_owned).collect();
    choose(&targets, &selection.only, "target", &mut findings);
    let outputs = compile::outputs(&document);
    let painting = painting(&mut project, &outputs, selection, &loaded, &mut findings);
    // Environments that were not asked for are resolved too: a mistake in one is a mistake in the file.
    let mut resolved = Vec::new();
    for environment in &all {
        if let Some(one) = compile::resolve(&project, environment, &mut findings)
            && chosen.contains(environment)
        {
            resolved.push(one);
        }
    }
    if findings.has_errors() {
        return fail(&project, &findings);
    }
    let verdicts = resolved.iter().flat_map(|one| &one.facts.verdicts);
    let broken = verdicts.filter(|faults| !faults.is_empty()).count();
    let place = match &selection.out {
        Some(folder) => Place::elsewhere(&loaded.folder, folder),
        None => match Place::new(&loaded.folder, &outputs.dir) {
            Ok(place) => place,
            Err(error) => {
                let span = document.outputs.get("dir").map(|node| node.span);
                let message = format!("`outputs.dir` cannot be used: {error}");
                findings.push(
                    Diagnostic::new(Severity::Error, "output-folder", span, message)
                        .hint("name a folder below archgen.yaml; `--out` may lead anywhere"),
                );
                return fail(&project, &findings);
            }
        },
    };
    let setup = Setup {
        templates: &loaded.texts.templates,
        prose: &loaded.texts.prose,
        painting,
        to_description: back(&outputs.dir),
    };
    let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    let wanted = Wanted {
        whole: selection.env.is_empty(),
        targets: some(&selection.only),
        views: some(&selection.view),
    };
    let run = Run::new(&project, resolved, setup, &wanted, &mut findings);
    let tasks = run.tasks(&wanted);
    if let Some(views) = &wanted.views {
        known_views(&run, views, &mut findings);
    }
    let jobs = selection.jobs.map_or_else(work::cores, usize::from);
    let results = work::map(&tasks, jobs, |task| run.perform(task));
    let mut made = run.finish(&tasks, results);
    findings.extend(std::mem::take(&mut made.diagnostics));
    if findings.has_errors() {
        return fail(&project, &findings);
    }
    if selection.messages != MessageFormat::Json {
        out.findings(&std::mem::take(&mut findings), &project.sources, selection.messages);
    }
    let set = |list: &[String]| (!list.is_empty()).then(|| list.iter().cloned().collect::<BTreeSet<_>>());
    let scope = Scope {
        environments: set(&selection.env),
        targets: set(&selection.only),
        views: set(&selection.view),
        formats: set(&selection.format),
    };
    made.artifacts.retain(|artifact| scope.includes(artifact));
    let description = project::digest(&loaded.bytes);
    // Regions name pictures of any environment, in the folder that the description names.
    let parts = [&selection.env, &selection.view, &selection.format].iter().all(|part| part.is_empty());
    let asked = selection.only.is_empty() || selection.only.iter().any(|name| name == target::inject::NAME);
    let named = document.outputs.get("inject");
    let place_of = |page: &String| {
        let list = named.and_then(|node| node.as_list()).unwrap_or_default().iter();
        list.chain(named).find(|node| node.as_str() == Some(page)).map(|node| node.span)
    };
    let pages = outputs.inject.iter().map(|page| (page.clone(), place_of(page)));
    let pages = pages.filter(|_| parts && asked && selection.out.is_none()).collect();
    let output_dir = outputs.dir.clone();
    Ok(Prepared { project, place, scope, made, description, findings, broken, pages, output_dir })
}

/// The names that a call asks for; all when it asks for none. Reports those that are not there.
fn choose(all: &[String], asked: &[String], what: &str, findings: &mut Diagnostics) -> Vec<String> {
    for name in asked.iter().filter(|name| !all.contains(name)) {
        let diagnostic =
            Diagnostic::new(Severity::Error, "unknown-choice", None, format!("there is no {what} `{name}`"));
        findings.push(match suggest::nearest(name, all.iter().map(String::as_str)) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("there are: {}", all.join(", "))),
        });
    }
    if asked.is_empty() {
        all.to_vec()
    } else {
        all.iter().filter(|name| asked.contains(name)).cloned().collect()
    }
}

fn known_views(run: &Run, asked: &[String], findings: &mut Diagnostics) {
    let names: BTreeSet<String> = run.view_names().into_iter().collect();
    let names: Vec<String> = names.into_iter().collect();
    choose(&names, asked, "view", findings);
}

fn painting(
    project: &mut Project,
    outputs: &Outputs,
    selection: &Selection,
    loaded: &Loaded,
    findings: &mut Diagnostics,
) -> Painting {
    let look = compile::look(project, &loaded.texts, selection.theme.as_deref(), findings);
    let look = look.unwrap_or_else(diagram::default_look);
    let icons = project.icons.clone();
    let known: Vec<String> = diagram::formats().into_iter().map(str::to_owned).collect();
    let asked = choose(&known, &selection.format, "format", findings);
    let formats = if selection.format.is_empty() { outputs.formats.clone() } else { asked };
    Painting {
        fixed: diagram::fixed(&look),
        look,
        icons,
        formats,
        scale: selection.scale,
        width: selection.width,
    }
}

/// From an environment's folder in the output folder back to the description.
fn back(dir: &str) -> String {
    let depth = dir.split('/').filter(|part| !part.is_empty() && *part != ".").count();
    vec![".."; depth + 1].join("/")
}
