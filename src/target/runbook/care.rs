//! When something is wrong: alarms, procedures, known problems; and why things are as they are.

use crate::model::{Issue, Procedure, Step};

use super::facts::reference;
use super::markdown::{code, fence, heading, indent, line, link, paragraphs, prose, table};
use super::page::Page;
use super::words::{Seat, Words};
use crate::target::terraform;

/// The table of alarms.
pub(super) fn alarms(page: &Page) -> String {
    let operations = page.model().operations();
    let rows: Vec<Vec<String>> = operations
        .alarms
        .iter()
        .map(|alarm| {
            let above =
                alarm.above.as_deref().map(|value| page.say_with("alarm.above", &[("value", &line(value))]));
            let below =
                alarm.below.as_deref().map(|value| page.say_with("alarm.below", &[("value", &line(value))]));
            let limit: Vec<String> = above.into_iter().chain(below).collect();
            let contact = alarm.notify.as_ref().map(|id| {
                let address =
                    operations.contacts.iter().find(|(name, _)| name == id).map(|(_, address)| line(address));
                address.map_or_else(|| line(id), |address| format!("{} {address}", line(id)))
            });
            let procedure =
                alarm.procedure.as_ref().and_then(|id| operations.procedures.iter().find(|p| p.id == *id));
            let procedure = procedure.map(|p| link(title(p), &format!("#procedure-{}", p.id)));
            let about = alarm.title.iter().chain(&alarm.description).map(|text| line(text));
            let told: Vec<String> = std::iter::once(code(&alarm.id)).chain(about).collect();
            vec![
                told.join("<br>"),
                page.name(alarm.watch),
                code(&alarm.metric),
                limit.join(", "),
                contact.unwrap_or_default(),
                procedure.unwrap_or_default(),
            ]
        })
        .collect();
    let rows = table(&page.head(&["alarm", "watch", "metric", "limit", "notify", "procedure"]), &rows);
    if operations.alarms.is_empty() {
        return rows;
    }
    if page.has_terraform() {
        let silent = operations.alarms.iter().filter(|alarm| !terraform::raises(page.input, alarm));
        let silent: Vec<String> = silent.map(|alarm| code(&alarm.id)).collect();
        return match silent.is_empty() {
            true => rows,
            false => {
                format!("{rows}\n{}\n", page.say_with("alarm.silent", &[("alarms", &silent.join(", "))]))
            }
        };
    }
    format!("{}\n\n{rows}", page.say("alarm.unmade"))
}

fn title(procedure: &Procedure) -> &str {
    if procedure.title.is_empty() { &procedure.id } else { &procedure.title }
}

/// Procedures, step by step.
pub(super) fn procedures(page: &Page) -> String {
    let mut out = String::new();
    for procedure in &page.model().operations().procedures {
        out.push_str(&format!("<a id=\"procedure-{}\"></a>\n\n", procedure.id));
        out.push_str(&format!("{}\n", heading(3, &line(title(procedure)))));
        out.push_str(&paragraphs(&procedure.description, 3));
        for (at, step) in procedure.steps.iter().enumerate() {
            out.push_str(&one(page, at + 1, step));
        }
    }
    out
}

fn one(page: &Page, number: usize, step: &Step) -> String {
    let seat = match &step.at {
        Some(at) => page
            .model()
            .components()
            .find(|(_, c)| c.id == *at)
            .map_or(Seat::Machine, |(id, _)| Seat::Inside(id)),
        None => Seat::Own,
    };
    let words = Words { input: page.input, seat };
    let mark = format!("{number}. ");
    let mut about = Vec::new();
    if let Some(at) = &step.at {
        about.push(page.say_with("place.on", &[("machine", &page.name_of_id(at))]));
    }
    if let Some(time) = &step.time {
        about.push(page.say_with("step.time", &[("time", &line(time))]));
    }
    if step.manual {
        about.push(page.say("step.manual"));
    }
    if step.safe {
        about.push(page.say("step.safe"));
    }
    let about = if about.is_empty() { String::new() } else { format!(" *({})*", about.join("; ")) };
    let mut out = format!("{mark}{}{about}\n", line(&step.action));
    let mut add = |text: String| out.push_str(&format!("\n{}\n", indent(text.trim_end(), mark.len())));
    if let Some(run) = &step.run {
        add(fence("sh", &words.command(run)));
    }
    if let Some(expect) = &step.expect {
        add(page.say_with("step.expect", &[("text", &code(expect))]));
    }
    if let Some(check) = &step.check {
        add(format!("{}\n\n{}", page.say("step.check"), fence("sh", &words.command(check))));
    }
    if let Some(rollback) = &step.rollback {
        let text = words.command(rollback);
        // A way back may be a command or a sentence.
        let is_command = step.run.is_some();
        add(if is_command {
            format!("{}\n\n{}", page.say("step.rollback"), fence("sh", &text))
        } else {
            format!("{} {}", page.say("step.rollback"), line(&text))
        });
    }
    out + "\n"
}

/// Known, planned and fixed problems.
pub(super) fn issues(page: &Page) -> String {
    let issues = &page.model().operations().issues;
    let mut out = String::new();
    for (state, key) in [("known", "issue.known"), ("planned", "issue.planned"), ("fixed", "issue.fixed")] {
        let found: Vec<&Issue> = issues.iter().filter(|issue| issue.state == state).collect();
        if found.is_empty() {
            continue;
        }
        out.push_str(&format!("{}\n", heading(3, &page.say(key))));
        for issue in found {
            let of = issue.of.as_ref().map(|of| format!(": {}", page.name_of_id(of))).unwrap_or_default();
            let title = if issue.title.is_empty() { &issue.id } else { &issue.title };
            out.push_str(&format!("- **{}**{of}.", line(title).trim_end_matches('.')));
            if let Some(about) = &issue.description {
                out.push_str(&format!(" {}.", line(about).trim_end_matches('.')));
            }
            for (text, key) in [(&issue.cause, "issue.cause"), (&issue.fix, "issue.fix")] {
                if let Some(text) = text {
                    out.push_str(&format!(" {} {}.", page.say(key), line(text).trim_end_matches('.')));
                }
            }
            if let Some(address) = &issue.link {
                out.push_str(&format!(" {}", reference(page, &page.say("issue.link"), address)));
            }
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// Decisions with their reasons.
pub(super) fn decisions(page: &Page) -> String {
    let mut out = String::new();
    for decision in &page.model().operations().decisions {
        let over: Vec<String> = decision.over.iter().map(|other| line(other)).collect();
        let title = match &decision.title {
            Some(title) => line(title),
            None if over.is_empty() => line(&decision.choose),
            None => page.say_with(
                "decision.title",
                &[("choice", &line(&decision.choose)), ("others", &over.join(", "))],
            ),
        };
        out.push_str(&format!("{}\n", heading(3, &title)));
        if let Some(of) = &decision.of {
            out.push_str(&format!("- {}\n", page.say_with("decision.of", &[("name", &page.name_of_id(of))])));
        }
        out.push_str(&format!(
            "- {}\n",
            page.say_with("decision.choose", &[("choice", &line(&decision.choose))])
        ));
        if !over.is_empty() {
            out.push_str(&format!("- {}\n", page.say_with("decision.over", &[("others", &over.join(", "))])));
        }
        if let Some(revisit) = &decision.revisit {
            out.push_str(&format!("- {}\n", page.say_with("decision.revisit", &[("time", &line(revisit))])));
        }
        out.push_str(&format!("\n{}\n", prose(&decision.because, 3)));
        out.push_str(&paragraphs(&decision.description, 3));
    }
    out
}
