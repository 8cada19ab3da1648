//! Pictures of the system as a whole: its surroundings, what it does without infrastructure, several environments side
//! by side.

use super::context::context;
use super::stages::Asked;
use super::{Input, Plan, WIDEST, draft, fitting, stages, wish};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::{Entry, Map, Node};
use crate::layout::{Direction, Fx, layout};
use crate::model::{Model, Pipeline};
use crate::view::words::Words;
use crate::view::{About, Beside, Picture, Sheet, Shows, View, graph};

/// Everything that pictures of the whole system are built from.
#[derive(Debug, Clone)]
pub struct Whole<'a> {
    /// What holds everywhere: the description without its environments; where that cannot stand alone, the first one.
    pub base: Input<'a>,
    /// The environments, in order.
    pub environments: Vec<Input<'a>>,
    /// The views that the author asked for.
    pub views: &'a Map,
    /// The ids of all pipelines, wherever they are written.
    pub pipelines: Vec<&'a str>,
}

/// The name of the view of people, the system and others.
const CONTEXT: &str = "context";

/// How the names of the pictures begin that every pipeline has unasked.
const PIPELINE: &str = "pipeline-";

/// The name of the view without infrastructure.
const LOGICAL: &str = "logical";

/// Builds the pictures of the whole system: the unasked `context` and `logical`, then what the author asked for that is
/// of no single environment. A view with the name of an unasked one takes its place.
pub fn whole(input: &Whole<'_>, diagnostics: &mut Diagnostics) -> Vec<Picture> {
    let words = Words::new(input.base.messages);
    let mut pictures = unasked(input, &words);
    let mut shown: Vec<&str> = Vec::new();
    for entry in &input.views.entries {
        let id = &entry.key.value;
        let of = listed(&entry.value, "of");
        let parts: Vec<Part<'_>> = of.iter().filter_map(|name| input.part(name)).collect();
        if !parts.is_empty() && parts.iter().all(|part| matches!(part, Part::Pipeline(..))) {
            check_wishes(id, &entry.value, diagnostics);
        }
        for name in of.iter().filter(|name| input.is_homeless(name)) {
            let message =
                format!("the view `{id}` does not show `{name}`: no environment has all that it names");
            let hint = "let an environment keep the components that its steps name";
            diagnostics.push(Diagnostic::warning("view-pipeline", entry.value.span, message).hint(hint));
        }
        let mut about = wish::flow_of(&entry.value).map(About::Flow);
        let shows = match (of.as_slice(), parts.as_slice()) {
            ([], _) => asked(input.base, id, &entry.value, &words, diagnostics).map(Shows::View),
            // A view of one environment is that environment's.
            ([_], [Part::Environment(_)]) => continue,
            ([_], [Part::Pipeline(home, pipeline)]) => {
                shown.push(&pipeline.id);
                let view = input.stages(*home, pipeline, id, Some(&entry.value), &words);
                about = Some(About::Pipeline(pipeline.id.clone()));
                Some(Shows::View(view))
            }
            _ => beside(input, &parts, entry, &words, diagnostics).map(Shows::Beside),
        };
        let Some(shows) = shows else {
            diagnostics.push(wish::empty(id, entry.value.span, &of.join(", ")));
            continue;
        };
        let picture = Picture { name: id.clone(), about, shows };
        match pictures.iter_mut().find(|other| other.name == *id) {
            Some(unasked) => *unasked = picture,
            None => pictures.push(picture),
        }
    }
    for id in input.pipelines.iter().filter(|id| !shown.contains(id)) {
        let name = format!("{PIPELINE}{id}");
        let taken = pictures.iter().any(|picture| picture.name == name);
        if let (false, Some((home, pipeline))) = (taken, input.pipeline(id)) {
            let view = input.stages(home, pipeline, &name, None, &words);
            let about = Some(About::Pipeline(pipeline.id.clone()));
            pictures.push(Picture { name, about, shows: Shows::View(view) });
        }
    }
    pictures
}

/// One of the things that a view may be of.
enum Part<'a> {
    Environment(Input<'a>),
    /// With the environment that it is at home in.
    Pipeline(Input<'a>, &'a Pipeline),
}

impl<'a> Whole<'a> {
    fn part(&self, name: &str) -> Option<Part<'a>> {
        if let Some(id) = name.strip_prefix("pipelines.") {
            return self.pipeline(id).map(|(home, pipeline)| Part::Pipeline(home, pipeline));
        }
        let named = |input: &&Input<'a>| input.model.environment().id == name;
        self.environments.iter().find(named).copied().map(Part::Environment)
    }

    /// Whether a name is that of a pipeline which cannot be drawn.
    fn is_homeless(&self, name: &str) -> bool {
        let id = name.strip_prefix("pipelines.");
        id.is_some_and(|id| self.pipelines.contains(&id) && self.pipeline(id).is_none())
    }

    /// A pipeline and the environment whose names it uses; none where no environment has all that it names.
    fn pipeline(&self, id: &str) -> Option<(Input<'a>, &'a Pipeline)> {
        let own = |input: &Input<'a>| {
            let model: &'a Model = input.model;
            model.pipelines().iter().find(|pipeline| pipeline.id == id).map(|pipeline| (*input, pipeline))
        };
        self.environments.iter().find_map(own)
    }

    /// A pipeline under the name of a picture, with what the author asks of the view.
    fn stages(
        &self,
        home: Input<'a>,
        pipeline: &Pipeline,
        name: &str,
        asked: Option<&Node>,
        words: &Words,
    ) -> View {
        let wanted = asked.and_then(wish::direction);
        let make = |direction| {
            let asked =
                Asked { name, title: asked.and_then(|node| wish::title(self.base.model, node)), direction };
            stages::stages(pipeline, &asked, home, &self.environments, words)
        };
        let view = make(wanted.unwrap_or(Direction::Right));
        // A long one runs down, unless the author says otherwise.
        let wide = || layout(&graph(&view)).size.w > Fx(WIDEST * 64);
        if wanted.is_none() && wide() { make(Direction::Down) } else { view }
    }
}

/// What says nothing about pipelines.
const OF_ELEMENTS: [&str; 5] = ["show", "hide", "neighbours", "expand", "flow"];

/// Warns of wishes that a view of pipelines alone cannot follow.
fn check_wishes(id: &str, node: &Node, diagnostics: &mut Diagnostics) {
    let wishes = node.as_map().into_iter().flat_map(|map| &map.entries);
    for entry in wishes.filter(|entry| OF_ELEMENTS.contains(&entry.key.value.as_str())) {
        let message = format!("`{}` says nothing about a pipeline", entry.key.value);
        let hint = format!("leave it out, or let `{id}` show an environment");
        diagnostics.push(Diagnostic::warning("view-wish", entry.key.span, message).hint(hint));
    }
}

fn unasked(input: &Whole<'_>, words: &Words) -> Vec<Picture> {
    let plan = |id: &str, key: &'static str| Plan {
        id: id.to_owned(),
        title: words.get(key).to_owned(),
        whole: true,
        logical: true,
        direction: Some(Direction::Down),
        ..Plan::default()
    };
    let mut pictures = Vec::new();
    let mut add = |view: View, name: &str| {
        if view.nodes.len() > 1 {
            pictures.push(Picture { name: name.to_owned(), about: None, shows: Shows::View(view) });
        }
    };
    let own = plan(CONTEXT, "context-view");
    add(context(input.base, &own, words), CONTEXT);
    let own = plan(LOGICAL, "logical-view");
    if tells_more(input) {
        add(draft::Draft::new(input.base, &own, words).view(), LOGICAL);
    }
    pictures
}

/// Whether the view without infrastructure differs from every other: with one environment that has no places and
/// nothing to leave out, it would be the overview once more.
fn tells_more(input: &Whole<'_>) -> bool {
    let plan = Plan { logical: true, ..Plan::default() };
    let words = Words::default();
    let draft = draft::Draft::new(input.base, &plan, &words);
    let model = input.base.model;
    let aside = model.components().any(|(id, _)| draft.is_infrastructure(id));
    input.environments.len() > 1 || aside || model.zones().next().is_some()
}

/// One view of a model as the system's own.
fn asked(
    base: Input<'_>,
    id: &str,
    node: &Node,
    words: &Words,
    diagnostics: &mut Diagnostics,
) -> Option<View> {
    let plan = Plan { whole: true, ..wish::plan(base.model, id, node, diagnostics) };
    let view = fitting(base, &plan, words);
    (!view.nodes.is_empty()).then_some(view)
}

/// One view of each environment or pipeline, side by side. What an environment lacks is told only if all of them do.
fn beside(
    input: &Whole<'_>,
    parts: &[Part<'_>],
    entry: &Entry,
    words: &Words,
    diagnostics: &mut Diagnostics,
) -> Option<Beside> {
    let (id, node) = (&entry.key.value, &entry.value);
    let mut views = Vec::new();
    let mut findings: Vec<Diagnostics> = Vec::new();
    for part in parts {
        let mut view = match part {
            Part::Environment(one) => {
                let mut found = Diagnostics::default();
                let plan = wish::plan(one.model, id, node, &mut found);
                findings.push(found);
                let mut view = fitting(*one, &plan, words);
                let environment = &one.model.environment().title;
                let rest = view.sheet.subtitle.strip_prefix(environment.as_str()).unwrap_or_default();
                view.sheet.subtitle = rest.trim_start_matches(" · ").to_owned();
                view.sheet.title.clone_from(environment);
                view
            }
            Part::Pipeline(home, pipeline) => {
                let mut view = input.stages(*home, pipeline, id, None, words);
                let system = format!("{} · ", input.base.model.system().title);
                let title = view.sheet.title.strip_prefix(&system).map(str::to_owned);
                view.sheet.title = title.unwrap_or(view.sheet.title);
                view
            }
        };
        if !view.nodes.is_empty() {
            view.sheet.id = format!("{id}-{}", views.len() + 1);
            views.push(view);
        }
    }
    let title = wish::title(input.base.model, node).unwrap_or_else(|| id.clone());
    let everywhere = |finding: &&Diagnostic| {
        let same = |other: &&Diagnostic| (other.code, other.span) == (finding.code, finding.span);
        findings.iter().all(|found| found.sorted().iter().any(same))
    };
    for finding in findings.first().into_iter().flat_map(Diagnostics::sorted).filter(everywhere) {
        diagnostics.push(finding.clone());
    }
    let first = views.first()?;
    let names: Vec<&str> = views.iter().map(|view| view.sheet.title.as_str()).collect();
    let said: Vec<String> =
        views.iter().map(|view| format!("{}: {}", view.sheet.title, view.sheet.description)).collect();
    let sheet = Sheet {
        id: id.clone(),
        title: format!("{} · {title}", input.base.model.system().title),
        subtitle: names.join(" · "),
        description: said.join(" "),
        ..first.sheet.clone()
    };
    Some(Beside { sheet, views })
}

pub(super) fn listed<'n>(node: &'n Node, key: &str) -> Vec<&'n str> {
    let list = node.get(key);
    let many = list.and_then(Node::as_list).into_iter().flatten();
    many.chain(list.filter(|node| node.as_list().is_none())).filter_map(Node::as_str).collect()
}
