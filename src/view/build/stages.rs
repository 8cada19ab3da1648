//! A pipeline from left to right: what starts it, its jobs as cards with their steps, and where their work ends up:
//! registries and environments.

use super::text::{capital, first_line};
use super::{Input, Plan, draft::Draft};
use crate::layout::{Class, Direction, End, Role};
use crate::model::derive::CopyPart;
use crate::model::{
    ComponentId, Part, Pipeline, PipelineJob, PipelineStep, RefRoot, Template, Trigger, Verb,
};
use crate::view::reduce::{Ground, Line, reduce};
use crate::view::words::Words;
use crate::view::{Card, CardRow, Detail, Heads, Marks, Node, View};

/// How a pipeline is to be drawn.
pub(super) struct Asked<'a> {
    /// The picture's name.
    pub(super) name: &'a str,
    /// The picture's title, where it is not the pipeline's own.
    pub(super) title: Option<String>,
    pub(super) direction: Direction,
}

/// The picture of one pipeline that uses the names of one environment, `home`; `all` are the environments.
pub(super) fn stages(
    pipeline: &Pipeline,
    asked: &Asked<'_>,
    home: Input<'_>,
    all: &[Input<'_>],
    words: &Words,
) -> View {
    let plan = Plan { whole: true, ..Plan::default() };
    let words = &words.instead("words.request", "words.next").instead("sentence.request", "sentence.stage");
    let draft = &Draft::new(home, &plan, words);
    let mut stages = Stages { draft, all, words, view: View::default(), ends: Vec::new() };
    stages.view.sheet = draft.sheet(asked.name, asked.title.as_ref().unwrap_or(&pipeline.title));
    stages.view.direction = asked.direction;
    let trigger = stages.trigger(&pipeline.trigger);
    let first = stages.view.nodes.len();
    for job in &pipeline.jobs {
        let alone = pipeline.jobs.len() == 1;
        stages.job(job, alone.then_some(pipeline.title.as_str()));
    }
    for (at, job) in pipeline.jobs.iter().enumerate() {
        let place = |name: &String| pipeline.jobs.iter().position(|other| other.id == *name);
        let needs: Vec<usize> = job.needs.iter().filter_map(place).filter(|needed| *needed != at).collect();
        if needs.is_empty() {
            stages.line(trigger, first + at, "");
        }
        for needed in needs {
            stages.line(first + needed, first + at, "");
        }
        stages.ends(first + at, job);
    }
    let mut view = stages.view;
    view.edges = reduce(&view, &Ground::default());
    let language = &home.model.system().language;
    let runner = home.catalog.form(pipeline.form).title.get(language).to_owned();
    let parts = [Some(runner), first_line(&pipeline.description)].into_iter().flatten();
    view.sheet.subtitle = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view.sheet.description = described(&view);
    view
}

struct Stages<'a, 'd> {
    draft: &'d Draft<'a>,
    all: &'d [Input<'a>],
    words: &'d Words,
    view: View,
    /// Where work ends up: its key, and the node.
    ends: Vec<(String, usize)>,
}

impl Stages<'_, '_> {
    /// What starts it: one thing as a tile, several as a card. Anything can be started by hand, so that this is worth a
    /// word where nothing else starts it.
    fn trigger(&mut self, trigger: &Trigger) -> usize {
        let mut starts: Vec<(&str, &str, String)> = Vec::new();
        if !trigger.push.is_empty() {
            starts.push(("trigger-push", "trigger-push", trigger.push.join(", ")));
        }
        if !trigger.tags.is_empty() {
            starts.push(("trigger-tag", "trigger-tag", trigger.tags.join(", ")));
        }
        if let Some(branches) = &trigger.pull_request {
            starts.push(("trigger-proposal", "trigger-proposal", branches.join(", ")));
        }
        if let Some(schedule) = &trigger.schedule {
            starts.push(("trigger-schedule", "scheduler", schedule.clone()));
        }
        if starts.is_empty() {
            starts.push(("trigger-manual", "user", String::new()));
        }
        let paths = match trigger.paths.is_empty() {
            true => String::new(),
            false => format!("{} {}", self.words.get("in"), trigger.paths.join(", ")),
        };
        let mut node = leaf("trigger", "actor", Role::Actor);
        match starts.as_slice() {
            [(key, icon, said)] => {
                let quiet: Vec<&str> =
                    [said.as_str(), &paths].into_iter().filter(|part| !part.is_empty()).collect();
                (node.title, node.quiet, node.icon) = (self.word(key), quiet.join(" · "), (*icon).to_owned());
            }
            several => {
                let row = |(key, icon, said): &(&str, &str, String)| CardRow {
                    category: "actor".to_owned(),
                    icon: (*icon).to_owned(),
                    text: format!("{} {said}", self.words.get(key)),
                };
                node.title = self.word("triggers");
                node.icon = "trigger-push".to_owned();
                node.card = Some(Card { text: paths, rows: several.iter().map(row).collect() });
            }
        }
        self.push(node)
    }

    /// A job as a card; the only one is called like its pipeline.
    fn job(&mut self, job: &PipelineJob, title: Option<&str>) {
        let rows = job.steps.iter().map(|step| self.row(step)).collect();
        let mut node = leaf(&format!("job-{}", job.id), "delivery", Role::Compute);
        node.title = title.map_or_else(|| capital(&job.id.replace(['-', '_'], " ")), str::to_owned);
        node.icon = "step-jobs".to_owned();
        node.card = Some(Card { text: String::new(), rows });
        self.push(node);
    }

    fn row(&self, step: &PipelineStep) -> CardRow {
        let names = |ids: &[ComponentId]| -> String {
            ids.iter().map(|id| self.title(*id)).collect::<Vec<_>>().join(", ")
        };
        let (icon, category, text) = match &step.verb {
            Verb::Run(command) => ("step-run", "external", self.command(command)),
            Verb::Test(command) => ("step-test", "management", self.command(command)),
            Verb::Build(ids) => ("step-build", "compute", self.said("step-build", &names(ids))),
            Verb::Push(id) => ("step-push", "delivery", self.said("step-push", &self.title(*id))),
            Verb::Try(id) => ("step-try", "management", self.said("step-try", &self.title(*id))),
            Verb::Scan(ids) => ("step-scan", "security", self.said("step-scan", &names(ids))),
            Verb::Approve(text) => ("step-approve", "actor", self.said("step-approve", text)),
            Verb::Deploy { environment, by } => {
                let by = by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
                let text = self.said("step-deploy", &self.environment(environment)) + &by;
                ("step-deploy", "network", text)
            }
        };
        CardRow {
            category: category.to_owned(),
            icon: icon.to_owned(),
            text: step.title.clone().unwrap_or(text),
        }
    }

    /// Where the steps of a job lead: to registries and environments, each drawn once.
    fn ends(&mut self, job: usize, steps: &PipelineJob) {
        for step in &steps.steps {
            let (end, label) = match &step.verb {
                Verb::Push(id) => (self.registry(*id), "line-push"),
                Verb::Deploy { environment, .. } => (self.deployed(environment), "line-deploy"),
                _ => continue,
            };
            let same = |line: &Line| line.from == End::Node(job) && line.to == End::Node(end);
            if !self.view.lines.iter().any(same) {
                let label = self.word(label);
                self.line(job, end, &label);
            }
        }
    }

    fn registry(&mut self, id: ComponentId) -> usize {
        let node = Node { role: Role::External, ..self.draft.leaf(id, CopyPart::Equal, &[]) };
        self.end(node)
    }

    fn deployed(&mut self, environment: &str) -> usize {
        let mut node = leaf(&format!("environment-{environment}"), "network", Role::External);
        node.title = self.environment(environment);
        node.quiet = self.word("environment");
        node.icon = "step-deploy".to_owned();
        self.end(node)
    }

    fn end(&mut self, node: Node) -> usize {
        if let Some((_, at)) = self.ends.iter().find(|(known, _)| *known == node.id) {
            return *at;
        }
        let id = node.id.clone();
        let at = self.push(node);
        self.ends.push((id, at));
        at
    }

    fn push(&mut self, node: Node) -> usize {
        self.view.nodes.push(node);
        self.view.nodes.len() - 1
    }

    fn line(&mut self, from: usize, to: usize, label: &str) {
        self.view.lines.push(Line {
            from: End::Node(from),
            to: End::Node(to),
            class: Class::Request,
            heads: Heads::End,
            label: label.to_owned(),
            numbers: Vec::new(),
            published: String::new(),
            said: false,
            arrives: String::new(),
        });
    }

    fn word(&self, key: &str) -> String {
        self.words.get(key).to_owned()
    }

    /// A verb with what it is done to.
    fn said(&self, key: &str, what: &str) -> String {
        self.words.get(key).replacen("{what}", what, 1)
    }

    fn title(&self, id: ComponentId) -> String {
        self.draft.leaf(id, CopyPart::Equal, &[]).title
    }

    /// A command as one line, as it was written.
    fn command(&self, command: &Template) -> String {
        let model = self.draft.model;
        let part = |part: &Part| match part {
            Part::Text(text) => text.trim_end_matches('\n').replace('\n', "; "),
            Part::Ref(reference) => {
                let root = match reference.root {
                    RefRoot::Component(id) => model.component(id).id.clone(),
                    RefRoot::Zone(id) => model.zone(id).id.clone(),
                    RefRoot::Secret(id) => format!("secret.{}", model.secret(id).id),
                    RefRoot::Var(id) => format!("var.{}", model.var(id).id),
                    RefRoot::System => "system".to_owned(),
                    RefRoot::Environment => "env".to_owned(),
                };
                let separator = if reference.attribute.is_empty() { "" } else { "." };
                format!("${{{root}{separator}{}}}", reference.attribute)
            }
        };
        command.parts.iter().map(part).collect()
    }

    fn environment(&self, id: &str) -> String {
        let found =
            self.all.iter().map(|input| input.model.environment()).find(|environment| environment.id == id);
        found.map_or_else(|| id.to_owned(), |environment| environment.title.clone())
    }
}

fn leaf(id: &str, category: &str, role: Role) -> Node {
    Node {
        id: id.to_owned(),
        kind: "stage".to_owned(),
        category: category.to_owned(),
        icon: String::new(),
        title: String::new(),
        quiet: String::new(),
        copies: 1,
        badge: String::new(),
        card: None,
        parent: None,
        role,
        place: None,
        after: None,
        copy_of: None,
        detail: Detail::default(),
        marks: Marks::default(),
    }
}

/// The lines in sentences, then each card's rows.
fn described(view: &View) -> String {
    let cards = view.nodes.iter().filter_map(|node| Some((node, node.card.as_ref()?)));
    let cards = cards.map(|(node, card)| {
        let rows: Vec<&str> = card.rows.iter().map(|row| row.text.as_str()).collect();
        format!("{}: {}.", node.title, rows.join(", "))
    });
    let lines = view.edges.iter().map(|edge| format!("{}.", edge.sentence));
    cards.chain(lines).collect::<Vec<_>>().join(" ")
}
