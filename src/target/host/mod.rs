//! Scripts that machines run when they start for the first time: Docker, programs of the system, shares, and what
//! the author adds.
//!
//! A script may be run again at any time, so it is also how a change reaches a machine that runs. What only the
//! provider knows (the address of a share) comes to it as a variable.

mod own;
mod script;
mod store;

pub use own::{Start, data_folder, starts, store};
pub use script::Variable;
pub use store::{store_path, store_variables, stores};

use serde_json::Value;

use crate::artifact::{Artifact, RelPath};
use crate::catalog::built_in;
use crate::diag::{Diagnostic, Severity};
use crate::model::Loss;
use crate::model::derive::Install;
use crate::source::Span;
use crate::target::{Input, Output, Target};
use crate::template;

/// The word for this target in `--only`, in the lock and in the loss report.
const NAME: &str = "host";

/// The template of a script, by its path below `templates/`.
const TEMPLATE: &str = "hosts/user-data.sh.tera";

/// Writes `user-data.sh` for the machines of an environment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hosts;

impl Target for Hosts {
    fn name(&self) -> &'static str {
        NAME
    }

    fn generate(&self, input: &Input) -> Output {
        let mut output = Output::default();
        for id in stores(input) {
            if let Some(script) = script::of_store(input, id).or_else(|| store::script(input, id)) {
                let from = vec![input.model.component(id).span];
                write(input, script, store_path(input, id), from, &mut output);
            }
        }
        for install in &input.facts.installs {
            let zone = input.model.zone(install.zone);
            let Some(script) = script::of(input, install) else {
                let machine = zone.machine().map_or("", |machine| machine.os.as_str());
                output.losses.push(loss(input, &zone.id, "os", &[("os", machine)]));
                continue;
            };
            let mut from = vec![zone.span];
            from.extend(install.software.iter().map(|id| input.model.component(*id).span));
            write(input, script, path(input, install), from, &mut output);
        }
        output
    }
}

/// Writes one script.
fn write(input: &Input, script: script::Script, path: String, from: Vec<Span>, output: &mut Output) {
    let own = input.templates.get(TEMPLATE).map(String::as_str);
    let Some(text) = own.or_else(|| built_in::file(TEMPLATE)) else { return };
    match template::render(text, &Value::Object(script.context.clone())) {
        Ok(text) => {
            let Ok(path) = RelPath::new(path) else { return };
            output.artifacts.push(Artifact {
                environment: Some(input.model.environment().id.clone()),
                from,
                ..Artifact::text(NAME, path, script.finish(&text))
            });
        }
        Err(error) => {
            let at = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
            let message = format!("`{TEMPLATE}`{at}: {}", error.message);
            output.diagnostics.push(
                Diagnostic::new(Severity::Error, "bad-template", from.first().copied(), message)
                    .hint("correct the template; its names stand in the built-in one"),
            );
        }
    }
    output.losses.extend(script.losses);
    output.diagnostics.extend(script.diagnostics);
}

/// The path of a machine's script below the output: several machines have a folder each.
pub fn path(input: &Input, install: &Install) -> String {
    let environment = &input.model.environment().id;
    match input.facts.installs.len() {
        0 | 1 => format!("{environment}/user-data.sh"),
        _ => format!("{environment}/{}/user-data.sh", input.model.zone(install.zone).id),
    }
}

/// What a script must be told.
pub fn variables(input: &Input, install: &Install) -> Vec<Variable> {
    script::of(input, install).map(|script| script.variables).unwrap_or_default()
}

fn loss(input: &Input, element: &str, key: &str, values: &[(&str, &str)]) -> Loss {
    let say = |part: &str| input.messages.say(&format!("host.loss.{key}.{part}"), values);
    Loss { target: NAME.to_owned(), element: element.to_owned(), what: say("what"), why: say("why") }
}
