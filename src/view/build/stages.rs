//! A pipeline from left to right: what starts it, its jobs as cards with their steps, and where their work ends up:
//! registries and environments.

use super::text::{capital, first_line};
use super::{Input, Plan, draft::Draft};
use crate::document::tree::{Data, Entry, Node as Tree};
use crate::layout::{Class, Direction, End, Role};
use crate::model::derive::CopyPart;
use crate::model::{ComponentId, Model};
use crate::view::reduce::{Ground, Line, reduce};
use crate::view::words::Words;
use crate::view::{Card, CardRow, Detail, Heads, Node, View};

/// The verbs of steps, with the category and the icon of their rows.
const VERBS: [(&str, &str, &str); 8] = [
    ("run", "external", "step-run"),
    ("test", "management", "step-test"),
    ("build", "compute", "step-build"),
    ("push", "delivery", "step-push"),
    ("try", "management", "step-try"),
    ("scan", "security", "step-scan"),
    ("approve", "actor", "step-approve"),
    ("deploy", "network", "step-deploy"),
];

/// What may start a pipeline, with its icon.
const TRIGGERS: [(&str, &str); 5] = [
    ("push", "trigger-push"),
    ("tag", "trigger-tag"),
    ("pull_request", "trigger-proposal"),
    ("schedule", "scheduler"),
    ("manual", "user"),
];

/// How a pipeline is to be drawn.
pub(super) struct Asked<'a> {
    /// The picture's name.
    pub(super) name: &'a str,
    /// The picture's title, where it is not the pipeline's own.
    pub(super) title: Option<String>,
    pub(super) direction: Direction,
}

/// The picture of one pipeline. `all` are the environments, `base` what stands for all of them.
pub(super) fn stages(
    entry: &Entry,
    asked: &Asked<'_>,
    base: Input<'_>,
    all: &[Input<'_>],
    words: &Words,
) -> View {
    let pipeline = &entry.value;
    let home = home(pipeline, base, all);
    let plan = Plan { whole: true, ..Plan::default() };
    let words = &words.instead("words.request", "words.next").instead("sentence.request", "sentence.stage");
    // Names are looked up where the pipeline is at home first; a registry may be left out of what it deploys.
    let inputs = std::iter::once(home).chain(std::iter::once(base)).chain(all.iter().copied());
    let drafts: Vec<Draft<'_>> = inputs.map(|input| Draft::new(input, &plan, words)).collect();
    let Some(draft) = drafts.first() else { return View::default() };
    let language = &home.model.system().language;
    let title = prose(pipeline, "title", language).unwrap_or_else(|| entry.key.value.clone());
    let mut stages =
        Stages { drafts: &drafts, language, all, words, view: View::default(), ends: Vec::new() };
    stages.view.sheet = draft.sheet(asked.name, asked.title.as_ref().unwrap_or(&title));
    stages.view.direction = asked.direction;
    let jobs: Vec<&Entry> =
        pipeline.get("jobs").and_then(Tree::as_map).into_iter().flat_map(|map| &map.entries).collect();
    let trigger = stages.trigger(pipeline.get("trigger"));
    let first = stages.view.nodes.len();
    for job in &jobs {
        let alone = jobs.len() == 1;
        stages.job(job, alone.then_some(title.as_str()));
    }
    for (at, job) in jobs.iter().enumerate() {
        let needs = needs(&jobs, at);
        if needs.is_empty() {
            stages.line(trigger, first + at, "");
        }
        for needed in needs {
            stages.line(first + needed, first + at, "");
        }
        stages.ends(first + at, &job.value);
    }
    let mut view = stages.view;
    view.edges = reduce(&view, &Ground::default());
    let runner = runner(draft, pipeline);
    let about = prose(pipeline, "description", language).and_then(|text| first_line(&text));
    view.sheet.subtitle = [Some(runner), about]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    view.sheet.description = described(&view);
    view
}

/// The model whose names a pipeline uses: that of the environment it deploys first, else of whichever knows them.
fn home<'a>(pipeline: &Tree, base: Input<'a>, all: &[Input<'a>]) -> Input<'a> {
    let steps = || steps_of(pipeline);
    let deployed = steps().find_map(|step| step.get("deploy").and_then(Tree::as_str));
    let named = deployed.and_then(|id| all.iter().find(|input| input.model.environment().id == id));
    let names: Vec<&str> = steps()
        .flat_map(|step| ["build", "push", "try", "scan"].map(|verb| texts(step, verb)))
        .flatten()
        .collect();
    let knows = |input: &&Input<'a>| names.iter().all(|name| component(input.model, name).is_some());
    named
        .or_else(|| std::iter::once(&base).find(knows))
        .or_else(|| all.iter().find(knows))
        .copied()
        .unwrap_or(base)
}

fn steps_of(pipeline: &Tree) -> impl Iterator<Item = &Tree> {
    let jobs = pipeline.get("jobs").and_then(Tree::as_map).into_iter().flat_map(|map| &map.entries);
    jobs.flat_map(|job| job.value.get("steps").and_then(Tree::as_list).unwrap_or_default())
}

fn component(model: &Model, name: &str) -> Option<ComponentId> {
    model.components().find(|(_, component)| component.id == name).map(|(id, _)| id)
}

/// The jobs that one waits for, by index: those that it names, else the one before it.
fn needs(jobs: &[&Entry], at: usize) -> Vec<usize> {
    let job = &jobs[at].value;
    match job.get("needs") {
        Some(_) => texts(job, "needs")
            .into_iter()
            .filter_map(|name| jobs.iter().position(|other| other.key.value == name))
            .filter(|needed| *needed != at)
            .collect(),
        None => at.checked_sub(1).into_iter().collect(),
    }
}

struct Stages<'a, 'd> {
    /// Where names are looked up: the first has the pipeline.
    drafts: &'d [Draft<'a>],
    language: &'d str,
    all: &'d [Input<'a>],
    words: &'d Words,
    view: View,
    /// Where work ends up: the name in the description, and the node.
    ends: Vec<(String, usize)>,
}

impl Stages<'_, '_> {
    /// What starts it: one thing as a tile, several as a card.
    fn trigger(&mut self, trigger: Option<&Tree>) -> usize {
        let starts = TRIGGERS.iter().filter_map(|(key, icon)| {
            let value = trigger.and_then(|trigger| trigger.get(key));
            let said = match value.map(|value| &value.data) {
                Some(Data::Scalar(scalar)) if scalar.as_bool() == Some(false) => None,
                Some(Data::Scalar(scalar)) if scalar.as_bool() == Some(true) => Some(String::new()),
                Some(_) => Some(trigger.map(|trigger| texts(trigger, key).join(", ")).unwrap_or_default()),
                None => None,
            };
            said.map(|said| (self.word(&format!("trigger-{key}")), said, (*icon).to_owned()))
        });
        let mut starts: Vec<(String, String, String)> = starts.collect();
        // Anything can be started by hand; that is worth a word where nothing else starts it, or the author says it.
        if starts.is_empty() {
            starts.push((self.word("trigger-manual"), String::new(), "user".to_owned()));
        }
        let paths =
            trigger.map(|trigger| texts(trigger, "paths").join(", ")).filter(|paths| !paths.is_empty());
        let paths = paths.map(|paths| format!("{} {paths}", self.words.get("in"))).unwrap_or_default();
        let mut node = leaf("trigger", "actor", Role::Actor);
        match starts.as_slice() {
            [(title, said, icon)] => {
                let quiet: Vec<&str> =
                    [said.as_str(), &paths].into_iter().filter(|part| !part.is_empty()).collect();
                (node.title, node.quiet, node.icon) = (title.clone(), quiet.join(" · "), icon.clone());
            }
            several => {
                let row = |(title, said, icon): &(String, String, String)| CardRow {
                    category: "actor".to_owned(),
                    icon: icon.clone(),
                    text: format!("{title} {said}"),
                };
                node.title = self.word("triggers");
                node.icon = "trigger-push".to_owned();
                node.card = Some(Card { text: paths, rows: several.iter().map(row).collect() });
            }
        }
        self.push(node)
    }

    /// A job as a card; the only one is called like its pipeline.
    fn job(&mut self, job: &Entry, title: Option<&str>) {
        let steps = job.value.get("steps").and_then(Tree::as_list).unwrap_or_default();
        let rows = steps.iter().filter_map(|step| self.row(step)).collect();
        let mut node = leaf(&format!("job-{}", job.key.value), "delivery", Role::Compute);
        node.title = title.map_or_else(|| capital(&job.key.value.replace(['-', '_'], " ")), str::to_owned);
        node.icon = "step-jobs".to_owned();
        node.card = Some(Card { text: String::new(), rows });
        self.push(node);
    }

    fn row(&self, step: &Tree) -> Option<CardRow> {
        let (verb, category, icon) = VERBS.iter().find(|(verb, _, _)| step.get(verb).is_some())?;
        let language = self.language;
        let own = prose(step, "title", language);
        let value = step.get(verb)?;
        let text = own.unwrap_or_else(|| match *verb {
            "run" | "test" => command(value),
            "approve" => self.said(verb, &prose(step, verb, language).unwrap_or_default()),
            "deploy" => {
                let by =
                    step.get("by").and_then(Tree::as_str).map(|by| format!(" ({by})")).unwrap_or_default();
                self.said(verb, &self.environment(value.as_str().unwrap_or_default())) + &by
            }
            _ => {
                let names: Vec<String> = texts(step, verb).into_iter().map(|name| self.title(name)).collect();
                self.said(verb, &names.join(", "))
            }
        });
        Some(CardRow { category: (*category).to_owned(), icon: (*icon).to_owned(), text })
    }

    /// Where the steps of a job lead: to registries and environments, each drawn once.
    fn ends(&mut self, job: usize, steps: &Tree) {
        for step in steps.get("steps").and_then(Tree::as_list).unwrap_or_default() {
            for verb in ["push", "deploy"] {
                let Some(name) = step.get(verb).and_then(Tree::as_str) else { continue };
                let end = self.end(verb, name);
                let known = self
                    .view
                    .lines
                    .iter()
                    .any(|line| line.from == End::Node(job) && line.to == End::Node(end));
                if !known {
                    let label = self.word(&format!("line-{verb}"));
                    self.line(job, end, &label);
                }
            }
        }
    }

    fn end(&mut self, verb: &str, name: &str) -> usize {
        let key = format!("{verb}-{name}");
        if let Some((_, at)) = self.ends.iter().find(|(known, _)| *known == key) {
            return *at;
        }
        let node = match self.component(name) {
            Some((draft, id)) if verb == "push" => {
                Node { role: Role::External, ..draft.leaf(id, CopyPart::Equal, &[]) }
            }
            _ => {
                let mut node = leaf(&key, "network", Role::External);
                node.title = self.environment(name);
                node.quiet = self.word("environment");
                node.icon = "step-deploy".to_owned();
                node
            }
        };
        let at = self.push(node);
        self.ends.push((key, at));
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
        });
    }

    fn word(&self, key: &str) -> String {
        self.words.get(key).to_owned()
    }

    /// A verb with what it is done to.
    fn said(&self, verb: &str, what: &str) -> String {
        self.words.get(&format!("step-{verb}")).replacen("{what}", what, 1)
    }

    fn title(&self, name: &str) -> String {
        let found = self.component(name);
        found.map_or_else(|| name.to_owned(), |(draft, id)| draft.leaf(id, CopyPart::Equal, &[]).title)
    }

    fn component(&self, name: &str) -> Option<(&Draft<'_>, ComponentId)> {
        self.drafts.iter().find_map(|draft| Some((draft, component(draft.model, name)?)))
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
    }
}

/// What runs the pipeline, in its own name.
fn runner(draft: &Draft<'_>, pipeline: &Tree) -> String {
    let catalog = draft.input.catalog;
    let kind = catalog.kinds().iter().find(|kind| kind.has(crate::catalog::Trait::Pipeline));
    let mut forms = kind.into_iter().flat_map(|kind| &kind.forms).map(|used| catalog.form(used.form));
    let wanted = pipeline.get("as").and_then(Tree::as_str);
    let form = match wanted {
        Some(name) => forms.find(|form| form.name == name),
        None => forms.next(),
    };
    form.map(|form| form.title.get(&draft.model.system().language).to_owned()).unwrap_or_default()
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

fn texts<'n>(node: &'n Tree, key: &str) -> Vec<&'n str> {
    super::whole::listed(node, key)
}

/// A command as one line.
fn command(node: &Tree) -> String {
    let words = node.as_list().into_iter().flatten().filter_map(Tree::as_str);
    node.as_str().map_or_else(|| words.collect::<Vec<_>>().join(" "), |line| line.trim().replace('\n', "; "))
}

/// A text, or the one of several languages.
fn prose(node: &Tree, key: &str, language: &str) -> Option<String> {
    super::wish::in_language(node.get(key)?, language)
}
