//! Jobs by the clock: the provider's scheduler starts what the form of their element says.

use serde_json::json;

use super::dialect::{Text, Words};
use super::files::Piece;
use super::{Findings, element, files, naming};
use crate::model::{ComponentId, End, Job, JobTime};
use crate::target::Input;
use crate::target::{delivery, parts};

/// Schedules of all jobs whose element Terraform makes. What nobody starts here stands in the loss report.
pub(super) fn pieces(input: &Input, words: &Words, findings: &mut Findings) -> Vec<Piece> {
    let model = input.model;
    let mut out = Vec::new();
    for job in &model.operations().jobs {
        let End::Component(id) = job.at else { continue };
        if !naming::is_ours(&model.component(id).built) {
            continue;
        }
        match &job.when {
            JobTime::Manual => {}
            JobTime::BeforeDeploy | JobTime::AfterDeploy if delivery::runs(input, id, job) => {}
            JobTime::BeforeDeploy | JobTime::AfterDeploy => findings.loss(input, &job.id, "job", &[]),
            JobTime::Schedule(cron) => out.extend(schedules(input, words, (job, id), cron, findings)),
        }
    }
    out
}

fn schedules(
    input: &Input,
    words: &Words,
    (job, id): (&Job, ComponentId),
    cron: &str,
    findings: &mut Findings,
) -> Vec<Piece> {
    let component = input.model.component(id);
    let form = input.catalog.form(component.form);
    let Some(text) = &form.schedule else {
        findings.loss(input, &job.id, "schedule", &[("form", form.title.get(&input.messages.language))]);
        return Vec::new();
    };
    let Ok(Text::Plain(command)) = words.text(&job.run) else {
        findings.loss(input, &job.id, "secret-in", &[("what", "run")]);
        return Vec::new();
    };
    let Ok(whole) = parts::whole(input, &text.text, parts::TERRAFORM) else { return Vec::new() };
    // What the element itself leaves out is said where it is made.
    let mut context = element::component(input, words, id, &mut Findings::default());
    let full = naming::full(input.model, &component.built, &job.id);
    let mut out = Vec::new();
    for (number, expression) in expressions(cron).into_iter().enumerate() {
        let ending = if number == 0 { String::new() } else { format!("_{}", number + 1) };
        context["job"] = json!({
            "id": job.id,
            "name": format!("{}{ending}", naming::identifier(&job.id)),
            "full": format!("{full}{}", ending.replace('_', "-")),
            "title": job.title,
            "command": command,
            "expression": expression,
        });
        let blocks = super::render(&whole, &context, &form.name, Some(text.span), findings);
        let file = files::of_element(input.model, &component.id);
        out.extend(blocks.into_iter().map(|block| Piece {
            file: file.clone(),
            block,
            always: true,
            across: false,
            from: vec![job.span],
        }));
    }
    out
}

/// The five fields of cron in the words of the provider's scheduler, which knows either days of the month or days of
/// the week: where both are limited, cron means either, so there are two.
pub(super) fn expressions(cron: &str) -> Vec<String> {
    let fields: Vec<&str> = cron.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return Vec::new() };
    let expression = |day: &str, weekday: &str| format!("cron({minute} {hour} {day} {month} {weekday} *)");
    let weekdays = days_of_week(weekday);
    match (*day != "*", *weekday != "*") {
        (_, false) => vec![expression(day, "?")],
        (false, true) => vec![expression("?", &weekdays)],
        (true, true) => vec![expression(day, "?"), expression("?", &weekdays)],
    }
}

/// Days of the week by the numbers of the provider, which counts from 1 for Sunday where cron counts from 0.
fn days_of_week(field: &str) -> String {
    let day = |text: &str| match text.parse::<u8>() {
        Ok(number) => (number % 7 + 1).to_string(),
        Err(_) => text.to_ascii_uppercase(),
    };
    let part = |part: &str| {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let every = step.and_then(|step| step.parse::<usize>().ok()).unwrap_or(1).max(1);
        match range.split_once('-') {
            // A range that ends with the other Sunday, or has steps, is clearer as a list.
            Some((from, to)) => match (from.parse::<u8>(), to.parse::<u8>()) {
                (Ok(from), Ok(to)) => {
                    let all = (from..=to).step_by(every).map(|number| day(&number.to_string()));
                    all.collect::<Vec<_>>().join(",")
                }
                _ => format!("{}-{}", day(from), day(to)),
            },
            None if range == "*" => {
                let all = (0..=6u8).step_by(every).map(|number| day(&number.to_string()));
                all.collect::<Vec<_>>().join(",")
            }
            None => day(range),
        }
    };
    field.split(',').map(part).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::expressions;

    #[test]
    fn cron_in_the_words_of_the_scheduler() {
        assert_eq!(expressions("0 3 * * *"), ["cron(0 3 * * ? *)"]);
        assert_eq!(expressions("*/5 8-18 * * 1-5"), ["cron(*/5 8-18 ? * 2,3,4,5,6 *)"]);
        assert_eq!(expressions("0 0 * * 7"), ["cron(0 0 ? * 1 *)"]);
        assert_eq!(expressions("0 0 * * mon-fri"), ["cron(0 0 ? * MON-FRI *)"]);
        assert_eq!(expressions("0 0 * * */2"), ["cron(0 0 ? * 1,3,5,7 *)"]);
        assert_eq!(expressions("0 0 1 * 0"), ["cron(0 0 1 * ? *)", "cron(0 0 ? * 1 *)"]);
    }
}
