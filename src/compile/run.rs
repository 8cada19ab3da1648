//! One run over all environments, cut into tasks that do not depend on each other.
//!
//! The tasks may run in any order and at once; their results are joined in the order of the tasks, so that the
//! number of workers changes no byte.

use std::collections::BTreeMap;

use super::{Project, Resolved, Shown, outputs, pictures};
use crate::artifact::Artifact;
use crate::diag::Diagnostics;
use crate::model::{self, Loss};
use crate::target::diagram::{self, Painting};
use crate::target::export::{EXPORTS, Export};
use crate::target::registry::TARGETS;
use crate::target::{self, Input, Output, Target, dockerfile, index, inject, later, pipeline};
use crate::view::Picture;

/// Everything that the tasks of one run share.
#[derive(Debug)]
pub struct Run<'a> {
    project: &'a Project,
    environments: Vec<Resolved>,
    pictures: Vec<Shown>,
    painting: Painting,
    /// The project's own templates.
    templates: &'a BTreeMap<String, String>,
    prose: &'a BTreeMap<String, String>,
    to_description: String,
    output_dir: String,
    footnote: String,
}

/// One piece of work.
#[derive(Clone, Copy)]
pub enum Task {
    /// The files of one target in one environment, by index.
    Files(&'static dyn Target, usize),
    /// One picture, by index.
    Picture(usize),
    /// The files of all pipelines: they belong to the whole description.
    Pipelines,
    /// The Dockerfiles of all recipes: they lie in folders that belong to no environment.
    Dockerfiles,
}

/// What a run made.
#[derive(Debug, Default)]
pub struct Made {
    /// All files.
    pub artifacts: Vec<Artifact>,
    /// What could not be expressed: the environment (empty for all) and the row.
    pub losses: Vec<(String, Loss)>,
    /// What is wrong.
    pub diagnostics: Diagnostics,
    /// What the marked regions of the author's own pages can hold.
    pub regions: inject::Regions,
}

/// What a run is about; `None` does not narrow.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whether it is about the system as a whole, not about some of its environments alone.
    pub whole: bool,
    /// Targets by name.
    pub targets: Option<Vec<String>>,
    /// Views by name.
    pub views: Option<Vec<String>>,
}

impl Default for Wanted {
    fn default() -> Self {
        Wanted { whole: true, targets: None, views: None }
    }
}

impl Wanted {
    fn has_target(&self, name: &str) -> bool {
        self.targets.as_ref().is_none_or(|targets| targets.iter().any(|target| target == name))
    }

    fn has_view(&self, name: &str) -> bool {
        self.views.as_ref().is_none_or(|views| views.iter().any(|view| view == name))
    }

    /// Whether the first page is wanted, which no single view is part of.
    fn has_index(&self) -> bool {
        self.views.is_none() && self.has_target(index::NAME)
    }
}

/// Where the texts beside the description come from and how pictures are painted.
#[derive(Debug)]
pub struct Setup<'a> {
    /// The project's own templates.
    pub templates: &'a BTreeMap<String, String>,
    /// Long prose by element id.
    pub prose: &'a BTreeMap<String, String>,
    /// How pictures are painted.
    pub painting: Painting,
    /// Path from an environment's output folder back to the folder of the description.
    pub to_description: String,
}

impl<'a> Run<'a> {
    /// Prepares a run over resolved environments; the views that it needs are built here.
    pub fn new(
        project: &'a Project,
        environments: Vec<Resolved>,
        setup: Setup<'a>,
        wanted: &Wanted,
        out: &mut Diagnostics,
    ) -> Run<'a> {
        // Pages name pictures, and a call may name views that are not there.
        let shown = [pipeline::NAME, inject::NAME].iter().any(|name| wanted.has_target(name));
        let shown = shown || wanted.has_index();
        let needed = wanted.has_target(diagram::NAME) || shown || wanted.views.is_some();
        let pictures = match needed {
            true => pictures(project, &environments, wanted.whole, out),
            false => Vec::new(),
        };
        Run {
            project,
            environments,
            pictures,
            painting: setup.painting,
            templates: setup.templates,
            prose: setup.prose,
            to_description: setup.to_description,
            output_dir: project.document.as_ref().map_or_else(String::new, |document| outputs(document).dir),
            footnote: "archgen.yaml".to_owned(),
        }
    }

    /// The environments, in order.
    pub fn environments(&self) -> &[Resolved] {
        &self.environments
    }

    /// The names of all views, without their environments.
    pub fn view_names(&self) -> Vec<String> {
        self.pictures.iter().map(|(_, picture)| picture.name.clone()).collect()
    }

    /// All tasks of the run.
    pub fn tasks(&self, wanted: &Wanted) -> Vec<Task> {
        let mut tasks = Vec::new();
        if wanted.has_target(diagram::NAME) {
            let pictures = self.pictures.iter().enumerate();
            let named = pictures.filter(|(_, (_, picture))| wanted.has_view(&picture.name));
            tasks.extend(named.map(|(at, _)| Task::Picture(at)));
        }
        if wanted.views.is_none() {
            // The first page links every file and has every row of the loss report.
            let index = wanted.has_index();
            for target in TARGETS.iter().filter(|target| index || wanted.has_target(target.name())) {
                tasks.extend((0..self.environments.len()).map(|at| Task::Files(*target, at)));
            }
            // A pipeline may deploy any environment, and Dockerfiles are the same in all, so that all must be there.
            let all =
                self.project.document.as_ref().map_or(0, |document| model::environments(document).len());
            let whole = self.environments.len() == all;
            let asked = |name: &str| whole && (index || wanted.has_target(name));
            if asked(pipeline::NAME) && !self.pipelines().is_empty() {
                tasks.push(Task::Pipelines);
            }
            if asked(dockerfile::NAME) && dockerfile::is_wanted(&self.inputs()) {
                tasks.push(Task::Dockerfiles);
            }
        }
        tasks
    }

    /// What targets may read, of every environment.
    fn inputs(&self) -> Vec<Input<'_>> {
        (0..self.environments.len()).map(|at| self.input(at)).collect()
    }

    /// The ids of all pipelines, in the order of the description.
    fn pipelines(&self) -> Vec<&str> {
        self.project.document.as_ref().map(model::pipeline_ids).unwrap_or_default()
    }

    /// Does one task.
    pub fn perform(&self, task: &Task) -> Output {
        match task {
            Task::Files(target, at) => target.generate(&self.input(*at)),
            Task::Dockerfiles => dockerfile::generate(&self.inputs()),
            Task::Pipelines => {
                let inputs = self.inputs();
                let workflows = self.project.document.as_ref().map(|document| outputs(document).workflows);
                let picture = |id: &str| self.picture_of_pipeline(id);
                pipeline::generate(&inputs, &self.pipelines(), &workflows.unwrap_or_default(), &picture)
            }
            Task::Picture(at) => {
                let (environment, picture) = &self.pictures[*at];
                let environment = environment.map(|at| self.environments[at].model.environment().id.clone());
                let mut picture = picture.clone();
                picture.sheet_mut().footnote = match &environment {
                    Some(environment) => format!("{} · {environment}", self.footnote),
                    None => self.footnote.clone(),
                };
                diagram::generate(&picture, environment.as_deref(), &self.painting, &self.project.messages)
            }
        }
    }

    /// The picture of a pipeline, as pages in the output folder show it.
    fn picture_of_pipeline(&self, id: &str) -> Option<String> {
        let format = self.picture_format()?;
        let shows = |(_, picture): &&Shown| picture.pipeline() == Some(id);
        self.pictures.iter().find(shows).map(|(_, picture)| diagram::path(picture, format))
    }

    /// The format of the pictures that pages show: the description's, whatever a call asks for beside it.
    fn picture_format(&self) -> Option<&'static str> {
        let said = self.project.document.as_ref().map(|document| outputs(document).formats);
        let has = |formats: &[String], format: &str| formats.iter().any(|other| other == format);
        let mut known = ["svg", "png"].into_iter();
        match said {
            Some(formats) => known.find(|format| has(&formats, format)),
            None => known.find(|format| has(&self.painting.formats, format)),
        }
    }

    /// The pictures of one environment, or of none, that the first page shows: as pictures, or as flowcharts where the
    /// description asks for those and for no picture.
    fn pictures(&self, environment: Option<usize>) -> Vec<index::Picture> {
        let said = self.project.document.as_ref().map(|document| outputs(document).formats);
        let said = said.unwrap_or_default();
        let exports: Vec<Export> =
            EXPORTS.into_iter().filter(|export| said.iter().any(|format| format == export.name())).collect();
        let shown = |picture: &Picture| match self.picture_format() {
            Some(format) => index::Shown::File(diagram::path(picture, format)),
            None if exports.contains(&Export::Mermaid) => {
                index::Shown::Flowchart(diagram::flowchart(picture, &self.painting))
            }
            None => index::Shown::Nothing,
        };
        let own = self.pictures.iter().filter(|(at, _)| *at == environment);
        own.map(|(_, picture)| index::Picture {
            name: picture.name.clone(),
            id: picture.sheet().id.clone(),
            shown: shown(picture),
            exports: exports.iter().map(|e| (e.title(), diagram::path(picture, e.name()))).collect(),
        })
        .collect()
    }

    /// The pictures that regions can show.
    fn region_pictures(&self) -> Vec<inject::Picture> {
        let Some(format) = self.picture_format() else { return Vec::new() };
        let of = |(environment, picture): &Shown| inject::Picture {
            environment: environment.map(|at| self.environments[at].model.environment().id.clone()),
            view: picture.name.clone(),
            title: picture.sheet().title.clone(),
            path: diagram::path(picture, format),
        };
        self.pictures.iter().map(of).collect()
    }

    /// The titles of all environments, and the pages about them.
    fn pages(&self) -> Vec<(String, String)> {
        let page = |resolved: &Resolved| {
            let environment = resolved.model.environment();
            (environment.title.clone(), format!("runbook/{}.md", environment.id))
        };
        self.environments.iter().map(page).collect()
    }

    fn input(&self, at: usize) -> Input<'_> {
        let resolved = &self.environments[at];
        Input {
            model: &resolved.model,
            facts: &resolved.facts,
            catalog: &self.project.catalog,
            messages: &self.project.messages,
            templates: self.templates,
            prose: self.prose,
            to_description: &self.to_description,
            output_dir: &self.output_dir,
            picture_format: self.picture_format(),
        }
    }

    /// Joins the results of the tasks, in their order, and adds the index and the rows that no target gives.
    pub fn finish(&self, tasks: &[Task], results: Vec<Output>) -> Made {
        let mut made = Made::default();
        let mut losses: Vec<Vec<Loss>> = self
            .environments
            .iter()
            .enumerate()
            .map(|(at, resolved)| {
                let mut rows = resolved.model.losses().to_vec();
                rows.extend(later::losses(&self.input(at)));
                rows
            })
            .collect();
        let mut general = Vec::new();
        for (task, output) in tasks.iter().zip(results) {
            made.artifacts.extend(output.artifacts);
            made.diagnostics.extend(output.diagnostics);
            let environment = match task {
                Task::Files(_, at) => Some(*at),
                Task::Picture(at) => self.pictures[*at].0,
                Task::Pipelines | Task::Dockerfiles => None,
            };
            match environment {
                Some(at) => losses[at].extend(output.losses),
                None => general.extend(output.losses),
            }
        }
        let entries: Vec<index::Entry> = self
            .environments
            .iter()
            .zip(&losses)
            .enumerate()
            .map(|(at, (resolved, losses))| index::Entry {
                model: &resolved.model,
                pictures: self.pictures(Some(at)),
                losses,
            })
            .collect();
        let say = &self.project.messages;
        let badges = pipeline::badges(&self.inputs(), &self.pipelines());
        let pages = index::generate(&entries, &made.artifacts, &self.pictures(None), &badges, &general, say);
        made.artifacts.extend(pages);
        made.regions =
            inject::Regions { pictures: self.region_pictures(), badges, environments: self.pages() };
        made.losses.extend(general.into_iter().map(|loss| (String::new(), loss)));
        for (resolved, rows) in self.environments.iter().zip(losses) {
            let id = &resolved.model.environment().id;
            made.losses.extend(rows.into_iter().map(|loss| (id.clone(), loss)));
        }
        made
    }
}

/// The names that `--only` takes, in order.
pub fn target_names() -> Vec<&'static str> {
    let mut names = vec![target::diagram::NAME];
    names.extend(TARGETS.iter().map(|target| target.name()));
    names.push(pipeline::NAME);
    names.push(dockerfile::NAME);
    names.push(inject::NAME);
    names.push(index::NAME);
    names
}
