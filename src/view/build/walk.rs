//! A flow in the order of time: who takes part, and what passes between them.

use super::draft::Draft;
use super::lines::REPLICATION;
use super::{Input, Plan, text};
use crate::catalog::Trait;
use crate::model::derive::CopyPart;
use crate::model::{Arrow, ConnectionId, End, Flow, FlowStep};
use crate::view::sequence::{Message, Sequence};
use crate::view::words::Words;
use crate::view::{Node, caption};

/// The sequence of a flow, under the name of its picture.
pub(super) fn sequence(input: Input<'_>, flow: &Flow, name: &str, words: &Words) -> Sequence {
    let plan = Plan::default();
    let draft = Draft::new(input, &plan, words);
    let mut ends: Vec<End> = Vec::new();
    let mut place = |end: End| match ends.iter().position(|other| *other == end) {
        Some(at) => at,
        None => {
            ends.push(end);
            ends.len() - 1
        }
    };
    let places: Vec<(usize, usize)> =
        flow.steps.iter().map(|step| (place(step.from), place(step.to))).collect();
    let parties: Vec<Node> = ends.iter().map(|end| party(&draft, *end)).collect();
    let messages = flow.steps.iter().zip(places).zip(1..).map(|((step, (from, to)), number)| {
        let detached = detached(&draft, step);
        let class = if detached { crate::layout::Class::Async } else { crate::layout::Class::Request };
        let line = words.sentence(class, &parties[from].title, &parties[to].title, &step.text);
        Message {
            number: Some(number),
            from,
            to,
            detached,
            text: step.text.clone(),
            quiet: said(&draft, step),
            sentence: format!("{number}. {line}"),
        }
    });
    let messages: Vec<Message> = messages.collect();
    let first = text::first_line(&flow.description);
    let mut sheet = draft.sheet(name, &flow.title);
    sheet.subtitle = [Some(input.model.environment().title.clone()), first]
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let sentences: Vec<String> = messages.iter().map(|message| format!("{}.", message.sentence)).collect();
    sheet.description = sentences.join(" ");
    let answer = words.get("answers");
    let notes = missing(flow, words);
    Sequence { sheet, parties, messages, notes }
        .answered(|from, to| answer.replacen("{from}", &from.title, 1).replacen("{to}", &to.title, 1))
}

fn party(draft: &Draft<'_>, end: End) -> Node {
    match end {
        End::Component(id) => draft.leaf(id, CopyPart::Equal, &[]),
        End::Zone(id) => draft.machine_leaf(id),
    }
}

/// Whether nobody waits for an answer: messages that are left for others, copies of data.
fn detached(draft: &Draft<'_>, step: &FlowStep) -> bool {
    let copies = |id: &ConnectionId| {
        let connection = draft.model.connection(*id);
        connection.arrow == Arrow::Async || connection.legs.iter().any(|leg| leg.protocol == REPLICATION)
    };
    step.along.iter().any(copies)
}

/// Protocol and port of the last part of the way, and what it leads through.
fn said(draft: &Draft<'_>, step: &FlowStep) -> String {
    let mut parts: Vec<String> = Vec::new();
    let named = |end: End| matches!(end, End::Component(id) if draft.has(id, Trait::Dns));
    if let Some(last) = step.along.last().map(|id| draft.model.connection(*id)) {
        let label = if named(last.to) { "DNS".to_owned() } else { text::label(draft, last) };
        // The author's words for a line are often those of the step.
        if label != step.text {
            parts.push(label);
        }
    }
    // A name is asked on the way; a filter lets the request pass.
    let through = step.along.iter().map(|id| draft.model.connection(*id).to).filter_map(|end| match end {
        End::Component(id) if end != step.to && !named(end) => {
            Some(draft.leaf(id, CopyPart::Equal, &[]).title)
        }
        _ => None,
    });
    let through: Vec<String> = through.collect();
    if !through.is_empty() {
        parts.push(format!("{} {}", draft.word("through"), through.join(", ")));
    }
    parts.retain(|part| !part.is_empty());
    caption::clean(&parts.join(" · "))
}

/// The steps that are not walked here, in a sentence.
fn missing(flow: &Flow, words: &Words) -> Vec<String> {
    if flow.gone.is_empty() {
        return Vec::new();
    }
    let steps = flow.gone.iter().map(|step| match step.text.is_empty() {
        true => format!("{} – {}", step.from, step.to),
        false => format!("{} – {} ({})", step.from, step.to, step.text),
    });
    let mut steps: Vec<String> = steps.collect();
    steps.dedup();
    vec![words.get("not-here").replacen("{steps}", &steps.join(", "), 1)]
}
