//! Runbooks: one page for each environment that the person on call at night can follow.
//!
//! Chapters are built here and put in order by the text template `runbook/environment.md`, which a project may
//! replace. Decisions are a chapter of the environments that they hold in: a decision may fall away or differ by
//! environment like everything else, so a page of its own could not say where it holds.

mod care;
mod cluster;
mod edges;
mod facts;
mod images;
mod inventory;
mod jobs;
use super::markdown;
mod operate;
pub(in crate::target) mod page;
mod regions;
mod sizing;
pub(in crate::target) mod start;
mod swarm;
#[cfg(test)]
mod tests;
mod verify;
pub(in crate::target) mod words;

pub(in crate::target) use words::domain;

use serde_json::{Map, Value, json};

use super::{Input, Output, Target};
use crate::artifact::{Artifact, RelPath};
use crate::catalog::built_in;
use crate::diag::{Diagnostic, Severity};
use crate::template;

use markdown::line;
use page::Page;

/// The target's name.
const NAME: &str = "runbook";

/// The template of a page, by its path below `templates/`.
const TEMPLATE: &str = "runbook/environment.md";

/// Writes `runbook/<environment>.md`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Runbook;

impl Target for Runbook {
    fn name(&self) -> &'static str {
        NAME
    }

    fn generate(&self, input: &Input) -> Output {
        let mut output = Output::default();
        let environment = &input.model.environment().id;
        let page = Page { input };
        let own = input.templates.get(TEMPLATE).map(String::as_str);
        let Some(text) = own.or_else(|| built_in::file(TEMPLATE)) else { return output };
        match template::render(text, &context(&page)) {
            Ok(text) => {
                let Ok(path) = RelPath::new(format!("runbook/{environment}.md")) else { return output };
                let from = input.model.components().map(|(_, component)| component.span).collect();
                output.artifacts.push(Artifact {
                    environment: Some(environment.clone()),
                    from,
                    ..Artifact::text(NAME, path, markdown::tidy(&text))
                });
            }
            Err(error) => {
                let at = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
                output.diagnostics.push(
                    Diagnostic::new(
                        Severity::Error,
                        "bad-template",
                        None,
                        format!("`{TEMPLATE}`{at}: {}", error.message),
                    )
                    .hint("the template may name `title`, `system`, `environment`, `navigation`, `say` and `sections`"),
                );
            }
        }
        output
    }
}

/// What a template of a page may name.
fn context(page: &Page) -> Value {
    let model = page.model();
    let (system, environment) = (model.system(), model.environment());
    let drawn = facts::drawn(page);
    let mut chapters: Vec<(&str, String)> = vec![
        ("facts", facts::facts(page)),
        ("pictures", facts::pictures(page, &drawn)),
        ("system", facts::system(page)),
        ("components", inventory::components(page)),
        ("machines", sizing::machines(page)),
        ("images", sizing::images(page)),
        ("regions", regions::regions(page)),
        ("flows", operate::flows(page, &drawn)),
        ("ports", inventory::ports(page)),
        ("rules", inventory::rules(page)),
        ("rights", sizing::rights(page)),
        ("assertions", operate::assertions(page)),
        ("certificates", inventory::certificates(page)),
        ("secrets", inventory::secrets(page)),
        ("variables", inventory::variables(page)),
        ("prepare", start::prepare(page)),
        ("start", start::start(page)),
        ("verify", verify::verify(page)),
        ("inspect", operate::inspect(page)),
        ("stop", operate::stop(page)),
        ("jobs", jobs::all(page)),
        ("backup", operate::backup(page)),
        ("alarms", care::alarms(page)),
        ("procedures", care::procedures(page)),
        ("pipelines", operate::pipelines(page)),
        ("issues", care::issues(page)),
        ("decisions", care::decisions(page)),
    ];
    let needs = facts::needs(page, &chapters);
    chapters.push(("needs", needs));
    let jumps = ["verify", "alarms", "procedures", "regions", "inspect", "stop", "start", "backup", "issues"];
    let navigation: Vec<String> = jumps
        .into_iter()
        .filter(|jump| chapters.iter().any(|(key, body)| key == jump && !body.trim().is_empty()))
        .map(|jump| format!("[{}](#{jump})", page.say(&format!("chapter.{jump}"))))
        .collect();
    let sections: Map<String, Value> =
        chapters.iter().map(|(key, body)| ((*key).to_owned(), json!(page.chapter(key, body)))).collect();
    let titles = [line(&system.title), line(&environment.title)];
    json!({
        "title": titles.join(": ").trim_end_matches(['.', ',', ';', ':', '!']),
        "about": facts::about(page),
        "navigation": navigation.join(" · "),
        "sections": sections,
        "say": page.input.messages.context().get("runbook").cloned().unwrap_or_default(),
        "system": { "id": system.id, "title": system.title, "language": system.language },
        "environment": { "id": environment.id, "title": environment.title },
    })
}
