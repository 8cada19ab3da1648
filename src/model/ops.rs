//! Operations, decisions, flows and the rest of a model. What names something that fell away falls away too.

use super::build::Builder;
use super::derive::reach::Point;
use super::merge::unknown;
use super::{
    Alarm, Assertion, Claim, ConnectionId, Decision, End, Flow, FlowStep, GoneStep, Issue, Job, JobTime,
    Operations, Procedure, Step, Template, ZoneId, read,
};
use crate::catalog::Trait;
use crate::diag::Diagnostic;
use crate::document::AssertionForm;
use crate::document::tree::{Entry, Node};
use crate::source::Spanned;

/// Seconds for which the limit of an alarm must be passed that says nothing of it.
const ALARM_LASTING: u64 = 300;

impl Operations {
    /// Gives the zones in ends their new ids.
    pub(super) fn renumber_zones(&mut self, new: &dyn Fn(ZoneId) -> Option<ZoneId>) {
        let fix = |end: &mut End| {
            if let End::Zone(zone) = end {
                *zone = new(*zone).unwrap_or(*zone);
            }
        };
        self.jobs.iter_mut().for_each(|job| fix(&mut job.at));
        self.alarms.iter_mut().for_each(|alarm| fix(&mut alarm.watch));
        for step in self.flows.iter_mut().flat_map(|flow| &mut flow.steps) {
            fix(&mut step.from);
            fix(&mut step.to);
        }
    }

    /// All texts with references.
    pub(super) fn templates_mut(&mut self) -> impl Iterator<Item = &mut Template> {
        let jobs = self.jobs.iter_mut().map(|job| &mut job.run);
        let steps = self.procedures.iter_mut().flat_map(|procedure| &mut procedure.steps);
        jobs.chain(
            steps.flat_map(|step| step.run.iter_mut().chain(&mut step.check).chain(&mut step.rollback)),
        )
    }
}

/// What a name means for operations.
enum Named {
    Element(End),
    Gone,
    Unknown,
}

impl Builder<'_> {
    /// Reads `operations`, `decisions` and `flows`.
    pub(super) fn operations(&mut self) {
        let language = self.messages.language.clone();
        let operations = read::as_node(&self.merged.operations);
        self.model.operations.contacts = read::pairs(&operations, "contacts");
        for entry in section(&operations, "jobs") {
            self.job(&entry, &language);
        }
        for entry in section(&operations, "runbooks") {
            let procedure = self.procedure(&entry, &language);
            self.model.operations.procedures.push(procedure);
        }
        for entry in section(&operations, "alarms") {
            self.alarm(&entry, &language);
        }
        for entry in section(&operations, "issues") {
            self.issue(&entry, &language);
        }
        for entry in self.merged.decisions.entries.clone() {
            self.decision(&entry, &language);
        }
        for entry in self.merged.flows.entries.clone() {
            self.flow(&entry, &language);
        }
    }

    /// An element by the name in a node, looking through what was bridged.
    fn named(&mut self, node: &Node) -> Named {
        let Some(name) = node.as_str() else { return Named::Unknown };
        self.named_text(&Spanned::new(name.to_owned(), node.span))
    }

    fn named_text(&mut self, name: &Spanned<String>) -> Named {
        if let Some(id) = self.find_component(&name.value) {
            return Named::Element(End::Component(id));
        }
        if let Some(&zone) = self.zone_ids.get(&name.value) {
            return Named::Element(End::Zone(zone));
        }
        if self.merged.is_gone(&name.value) {
            return Named::Gone;
        }
        if self.reported(&name.value) {
            return Named::Unknown;
        }
        let mut names: Vec<String> = self.component_ids.keys().cloned().collect();
        names.extend(self.zone_ids.keys().cloned());
        let names = names.iter().map(String::as_str);
        self.out.push(unknown("unknown-element", "component or zone", &name.value, name.span, names));
        Named::Unknown
    }

    fn job(&mut self, entry: &Entry, language: &str) {
        let node = &entry.value;
        let Some(Named::Element(at)) = node.get("in").map(|name| self.named(name)) else { return };
        let Some(run) = node.get("run").and_then(|run| self.words(run)) else { return };
        let when = match (read::text(node, "schedule"), read::text(node, "when").as_deref()) {
            (Some(schedule), _) => JobTime::Schedule(schedule),
            (_, Some("before-deploy")) => JobTime::BeforeDeploy,
            (_, Some("after-deploy")) => JobTime::AfterDeploy,
            _ => JobTime::Manual,
        };
        self.model.operations.jobs.push(Job {
            title: read::prose(node, "title", language).unwrap_or_else(|| entry.key.value.clone()),
            id: entry.key.value.clone(),
            description: read::prose(node, "description", language).unwrap_or_default(),
            at,
            run,
            when,
            span: entry.key.span,
        });
    }

    /// A command as one line.
    pub(super) fn words(&mut self, node: &Node) -> Option<Template> {
        match self.command(node)? {
            super::Command::Line(line) => Some(line),
            super::Command::Words(words) => {
                let mut parts = Vec::new();
                for word in words {
                    if !parts.is_empty() {
                        parts.push(super::Part::Text(" ".to_owned()));
                    }
                    parts.extend(word.parts);
                }
                Some(Template { parts, span: node.span })
            }
        }
    }

    fn procedure(&mut self, entry: &Entry, language: &str) -> Procedure {
        let steps: Vec<Node> = read::nodes(&entry.value, "steps").to_vec();
        Procedure {
            id: entry.key.value.clone(),
            title: read::prose(&entry.value, "title", language).unwrap_or_else(|| entry.key.value.clone()),
            description: read::prose(&entry.value, "description", language).unwrap_or_default(),
            steps: steps.iter().map(|step| self.step(step, language)).collect(),
        }
    }

    fn step(&mut self, node: &Node, language: &str) -> Step {
        if let Some(at) = node.get("at") {
            self.named(at);
        }
        Step {
            action: read::prose(node, "do", language).unwrap_or_default(),
            run: node.get("run").and_then(|run| self.words(run)),
            expect: read::text(node, "expect"),
            check: node.get("check").and_then(|check| self.words(check)),
            rollback: node.get("rollback").and_then(|rollback| self.template(rollback)),
            time: read::text(node, "time"),
            at: read::text(node, "at"),
            manual: read::flag(node, "manual").unwrap_or(false),
            safe: read::flag(node, "safe").unwrap_or(false),
        }
    }

    fn alarm(&mut self, entry: &Entry, language: &str) {
        let node = &entry.value;
        let Some(Named::Element(watch)) = node.get("watch").map(|name| self.named(name)) else { return };
        let procedures: Vec<String> = self.model.operations.procedures.iter().map(|p| p.id.clone()).collect();
        let contacts: Vec<String> = self.model.operations.contacts.iter().map(|(id, _)| id.clone()).collect();
        let procedure = self.one_of(node.get("runbook"), "runbook", &procedures);
        let mut notify = None;
        for name in read::nodes(node, "notify") {
            let contact = self.one_of(Some(name), "contact", &contacts);
            notify = notify.or(contact);
        }
        self.model.operations.alarms.push(Alarm {
            id: entry.key.value.clone(),
            title: read::prose(node, "title", language),
            description: read::prose(node, "description", language),
            watch,
            metric: read::text(node, "metric").unwrap_or_default(),
            above: read::text(node, "above"),
            below: read::text(node, "below"),
            lasting: read::seconds(node, "for").unwrap_or(ALARM_LASTING),
            notify,
            procedure,
            span: entry.key.span,
        });
    }

    /// A name that must be among some; reports it otherwise.
    fn one_of(&mut self, node: Option<&Node>, what: &str, names: &[String]) -> Option<String> {
        let node = node?;
        let name = node.as_str()?;
        if names.iter().any(|known| known == name) {
            return Some(name.to_owned());
        }
        let known = names.iter().map(String::as_str);
        let mut problem = unknown("unknown-name", what, name, node.span, known);
        if names.is_empty() {
            problem = problem
                .hint(format!("each {what} stands under `operations: {{ {what}s: {{ {name}: … }} }}`"));
        }
        self.out.push(problem);
        None
    }

    /// The name of the element that something belongs to; `Err` when that fell away.
    fn belongs_to(&mut self, node: &Node) -> Result<Option<String>, ()> {
        let Some(of) = node.get("of") else { return Ok(None) };
        match self.named(of) {
            Named::Element(_) => Ok(of.as_str().map(str::to_owned)),
            Named::Gone => Err(()),
            Named::Unknown => Ok(None),
        }
    }

    fn issue(&mut self, entry: &Entry, language: &str) {
        let node = &entry.value;
        let Ok(of) = self.belongs_to(node) else { return };
        self.model.operations.issues.push(Issue {
            id: entry.key.value.clone(),
            title: read::prose(node, "title", language).unwrap_or_else(|| entry.key.value.clone()),
            of,
            description: read::prose(node, "description", language),
            cause: read::prose(node, "cause", language),
            fix: read::prose(node, "fix", language),
            link: read::text(node, "link"),
            state: read::text(node, "state").unwrap_or_else(|| "known".to_owned()),
        });
    }

    fn decision(&mut self, entry: &Entry, language: &str) {
        let node = &entry.value;
        let Ok(of) = self.belongs_to(node) else { return };
        self.model.operations.decisions.push(Decision {
            id: entry.key.value.clone(),
            title: read::prose(node, "title", language),
            of,
            choose: read::prose(node, "choose", language).unwrap_or_default(),
            over: read::texts(node, "over"),
            because: read::prose(node, "because", language).unwrap_or_default(),
            description: read::prose(node, "description", language).unwrap_or_default(),
            revisit: read::text(node, "revisit"),
        });
    }

    /// The shortest way between two ends that have no arrow of their own, as steps of a flow.
    fn steps_between(&self, start: End, end: End) -> Option<String> {
        let mut ways: Vec<Vec<End>> = vec![vec![start]];
        let mut seen = vec![start];
        let mut at = 0;
        while let Some(way) = ways.get(at).cloned() {
            at += 1;
            let last = *way.last()?;
            if last == end {
                let name = |end: &End| match end {
                    End::Component(id) => self.model.component(*id).id.clone(),
                    End::Zone(id) => self.model.zone(*id).id.clone(),
                };
                // Names and filters are no stations of a flow.
                let station = |end: &&End| match end {
                    End::Component(id) => {
                        !self.catalog.kind(self.model.component(*id).kind).has(Trait::Transparent)
                    }
                    End::Zone(_) => true,
                };
                let names: Vec<String> = way.iter().filter(station).map(name).collect();
                let steps = names.windows(2).map(|pair| format!("`- {} -> {}: …`", pair[0], pair[1]));
                return Some(steps.collect::<Vec<_>>().join(", then "));
            }
            for connection in self.model.connections.iter().filter(|connection| connection.from == last) {
                if !seen.contains(&connection.to) {
                    seen.push(connection.to);
                    let mut longer = way.clone();
                    longer.push(connection.to);
                    ways.push(longer);
                }
            }
        }
        None
    }

    fn flow(&mut self, entry: &Entry, language: &str) {
        let (mut steps, mut gone) = (Vec::new(), Vec::new());
        for node in read::nodes(&entry.value, "steps").to_vec() {
            let (Some(from), Some(to)) = (node.get("from").cloned(), node.get("to").cloned()) else {
                continue;
            };
            let text = read::prose(&node, "text", language).unwrap_or_default();
            let (start, end) = match (self.named(&from), self.named(&to)) {
                (Named::Element(start), Named::Element(end)) if start != end => (start, end),
                (Named::Unknown, _) | (_, Named::Unknown) => continue,
                _ => {
                    let name = |node: &Node| node.as_str().unwrap_or_default().to_owned();
                    gone.push(GoneStep { from: name(&from), to: name(&to), text });
                    continue;
                }
            };
            match self.way(start, end) {
                Some(along) => steps.push(FlowStep { from: start, to: end, text, along }),
                None => {
                    let (a, b) = (from.as_str().unwrap_or_default(), to.as_str().unwrap_or_default());
                    let message = format!("no connection leads from `{a}` to `{b}`");
                    let problem =
                        Diagnostic::error("step-without-connection", from.span.to(to.span), message);
                    let hint = match self.steps_between(start, end) {
                        Some(steps) => format!("a step goes along one arrow: write {steps}"),
                        None => format!(
                            "write it under `connections`: `{a} -> {b}: …`, or walk along those that are there"
                        ),
                    };
                    self.out.push(problem.hint(hint));
                }
            }
        }
        if !steps.is_empty() {
            self.model.operations.flows.push(Flow {
                id: entry.key.value.clone(),
                title: read::prose(&entry.value, "title", language)
                    .unwrap_or_else(|| entry.key.value.clone()),
                description: read::prose(&entry.value, "description", language).unwrap_or_default(),
                steps,
                gone,
            });
        }
    }

    /// The connections from one element to another, looking through transparent ones.
    fn way(&self, from: End, to: End) -> Option<Vec<ConnectionId>> {
        let mut todo: Vec<(End, Vec<ConnectionId>)> = vec![(from, Vec::new())];
        let mut seen = vec![from];
        while !todo.is_empty() {
            let (at, path) = todo.remove(0);
            for (id, connection) in self.model.connections() {
                let next = if connection.from == at {
                    connection.to
                } else if connection.to == at && connection.arrow == crate::document::Arrow::BothWays {
                    connection.from
                } else {
                    continue;
                };
                let mut longer = path.clone();
                longer.push(id);
                if next == to {
                    return Some(longer);
                }
                if seen.contains(&next) {
                    continue;
                }
                seen.push(next);
                if let End::Component(component) = next
                    && self.catalog.kind(self.model.component(component).kind).has(Trait::Transparent)
                {
                    todo.push((next, longer));
                }
            }
        }
        None
    }

    /// Assertions, raw additions and views.
    pub(super) fn rest(&mut self) {
        let raw = &self.merged.passthrough.entries;
        self.model.passthrough = raw.iter().map(|e| (e.key.value.clone(), e.value.clone())).collect();
        let language = self.messages.language.clone();
        for assertion in self.merged.assertions.clone() {
            // Where an end is gone from this environment, there is nothing to hold.
            let Some(claim) = self.claim(&assertion.form) else { continue };
            let reason = assertion.reason.as_ref().and_then(|node| read::localised(node, &language));
            self.model.assertions.push(Assertion {
                text: assertion.key.value.clone(),
                claim,
                reason: reason.unwrap_or_default(),
                span: assertion.key.span,
            });
        }
        let environment = self.model.environment.id.clone();
        for entry in &self.document.views.entries {
            if read::texts(&entry.value, "of") == [environment.as_str()] {
                self.model.views.push((entry.key.value.clone(), entry.value.clone()));
            }
        }
    }

    /// Ends of an assertion; `None` when one of them is not there. All are looked for, so that each mistake is reported.
    fn asserted(&mut self, names: &[Spanned<String>]) -> Option<Vec<Point>> {
        let found: Vec<Option<Point>> = names
            .iter()
            .map(|name| match name.value.as_str() {
                "internet" => Some(Point::Internet),
                // What was said of a thing that is gone does not hold of what took its place.
                gone if self.merged.is_gone(gone) => None,
                _ => match self.named_text(name) {
                    Named::Element(end) => Some(Point::End(end)),
                    Named::Gone | Named::Unknown => None,
                },
            })
            .collect();
        found.into_iter().collect()
    }

    /// An assertion with its ends; `None` when one of them is not there.
    fn claim(&mut self, form: &AssertionForm) -> Option<Claim> {
        let claim = match form {
            AssertionForm::Reach { from, to, holds, any_hops } => {
                let (from, to) = (self.asserted(from), self.asserted(to));
                Claim::Reach { from: from?, to: to?, holds: *holds, any_hops: *any_hops }
            }
            AssertionForm::Only { from, to } => {
                let (from, to) = (self.asserted(from), self.asserted(to));
                Claim::Only { from: from?, to: to? }
            }
            AssertionForm::SurvivesZoneLoss => Claim::SurvivesZoneLoss,
            AssertionForm::SurvivesLossOf(name) => match self.named_text(name) {
                Named::Element(end) => Claim::SurvivesLossOf(end),
                Named::Gone | Named::Unknown => return None,
            },
        };
        Some(claim)
    }
}

fn section(node: &Node, key: &str) -> Vec<Entry> {
    node.get(key).and_then(Node::as_map).map(|map| map.entries.clone()).unwrap_or_default()
}
