//! Dockerfiles of builds that name a recipe, with what the builder need not see.
//!
//! They lie in the folder of the build, which belongs to no environment: what one environment says must be what all
//! others say, or the file has another name there.

use serde_json::{Map, Value, json};

use super::{Input, Output};
use crate::artifact::{Artifact, CommentStyle, Content, RelPath, Root};
use crate::catalog::{Recipe, TargetName, built_in};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Build, Command, Component, Health};
use crate::source::Span;
use crate::template;

/// The word for it in `--only` and in the lock.
pub const NAME: &str = "dockerfiles";

/// Whether any environment has something to write.
pub fn is_wanted(inputs: &[Input]) -> bool {
    inputs.iter().any(|input| builds(input).next().is_some())
}

/// The files of all environments.
pub fn generate(inputs: &[Input]) -> Output {
    let mut output = Output::default();
    let mut made: Vec<(RelPath, String, Span, String)> = Vec::new();
    for input in inputs {
        for (component, build, recipe) in builds(input) {
            for (path, text) in files(input, component, build, recipe, &mut output.diagnostics) {
                let by = format!("`{}` in `{}`", component.id, input.model.environment().id);
                match made.iter().find(|(other, ..)| *other == path) {
                    None => made.push((path, text, component.span, by)),
                    Some((_, other, ..)) if *other == text => {}
                    Some((_, _, span, first)) => output.diagnostics.push(
                        Diagnostic::error(
                            "two-dockerfiles",
                            component.span,
                            format!("{by} wants another `{path}` than {first}"),
                        )
                        .related(*span, "the first")
                        .hint("say `dockerfile: NAME.Dockerfile` in one of the two builds"),
                    ),
                }
            }
        }
    }
    if output.diagnostics.has_errors() {
        return output;
    }
    for (path, text, span, _) in made {
        let mut artifact = Artifact::text(NAME, path, text);
        if let Content::Text { style, .. } = &mut artifact.content {
            *style = Some(CommentStyle::Hash);
        }
        output.artifacts.push(Artifact { root: Root::Beside, from: vec![span], ..artifact });
    }
    output
}

/// What is built with a recipe in an environment where anything is built.
fn builds<'a>(input: &'a Input) -> impl Iterator<Item = (&'a Component, &'a Build, &'a Recipe)> {
    let drawn = input.model.environment().targets.iter().all(|target| *target == TargetName::Diagram);
    input.model.components().filter(move |_| !drawn).filter_map(|(_, component)| {
        let build = component.workload.as_ref()?.build.as_ref()?;
        let recipe = input.catalog.find_recipe(build.recipe.as_deref()?)?;
        Some((component, build, recipe))
    })
}

/// The Dockerfile and what it ignores.
fn files(
    input: &Input,
    component: &Component,
    build: &Build,
    recipe: &Recipe,
    out: &mut Diagnostics,
) -> Vec<(RelPath, String)> {
    let folder = build.context.trim_start_matches("./").trim_end_matches('/');
    let name = build.dockerfile.as_deref().unwrap_or("Dockerfile");
    let ignored =
        if build.dockerfile.is_none() { ".dockerignore".to_owned() } else { format!("{name}.dockerignore") };
    let place = |name: &str| match folder {
        "" | "." => RelPath::new(name),
        folder => RelPath::new(format!("{folder}/{name}")),
    };
    let (path, ignored) = match (place(name), place(&ignored)) {
        (Ok(path), Ok(ignored)) => (path, ignored),
        (Err(error), _) | (_, Err(error)) => {
            out.push(
                Diagnostic::error("bad-path", component.span, error.to_string())
                    .hint("a recipe writes into the folder of the build: give it one below archgen.yaml"),
            );
            return Vec::new();
        }
    };
    let mut maker = Maker { input, recipe, out };
    let context = maker.context(component, build);
    let text = maker.render(&recipe.dockerfile.text, &context);
    if let Some(stage) = &build.target
        && !text.lines().any(|line| line.starts_with("FROM ") && line.ends_with(&format!(" AS {stage}")))
    {
        let stages: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("FROM ")?.split(" AS ").nth(1)).collect();
        maker.out.push(
            Diagnostic::error(
                "unknown-stage",
                component.span,
                format!("the recipe `{}` of `{}` has no stage `{stage}`", recipe.name, component.id),
            )
            .hint(format!("it has: {}", stages.join(", "))),
        );
    }
    let patterns: Vec<String> = recipe.ignore.iter().map(|pattern| maker.render(pattern, &context)).collect();
    let patterns: Vec<&str> =
        patterns.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty()).collect();
    let left_out = maker.part("ignore", &json!({ "ignore": patterns }));
    vec![(path, text), (ignored, left_out)]
}

struct Maker<'a, 'b> {
    input: &'a Input<'a>,
    recipe: &'a Recipe,
    out: &'b mut Diagnostics,
}

impl Maker<'_, '_> {
    /// What a recipe may name: `id`, `title`, `base`, `alpine`, `port`, `health_path`, `health_run`, `command`, `files`
    /// (`from`, `to`), `args` (names), and lines that are the same for all: `install_build` and `install_run` (packages of
    /// the system), `user` (makes the user `app`), `arguments`, `copies`, `expose`.
    fn context(&mut self, component: &Component, build: &Build) -> Value {
        let base = build.base.as_deref().unwrap_or(&self.recipe.base);
        let alpine = base.contains("alpine");
        let workload = component.workload.as_ref();
        let port = component.port().map(|port| port.number).or(self.recipe.port);
        let (path, run) = match workload.and_then(|workload| workload.health.as_ref()) {
            Some(Health::Path(path)) => (Some(path), None),
            Some(Health::Run(run)) => (None, Some(run)),
            None => (None, None),
        };
        let mut context = Map::new();
        let later: Vec<&String> =
            build.packages.iter().filter(|package| !self.recipe.build_only.contains(package)).collect();
        for (key, packages) in [("install_build", build.packages.iter().collect()), ("install_run", later)] {
            let text = match packages.is_empty() {
                true => String::new(),
                false => self.part("install", &json!({ "alpine": alpine, "packages": packages })),
            };
            context.insert(key.to_owned(), json!(text.trim_end()));
        }
        let user = self.part("user", &json!({ "alpine": alpine }));
        let files = build.files.iter().map(|(from, to)| json!({ "from": from, "to": to }));
        let copies =
            build.files.iter().map(|(from, to)| match [from, to].iter().any(|path| path.contains(' ')) {
                true => format!("COPY {}", json!([from, to])),
                false => format!("COPY {from} {to}"),
            });
        let args: Vec<&str> = build.args.iter().map(|(name, _)| name.as_str()).collect();
        let known = |name: &&&str| !self.recipe.dockerfile.text.contains(&format!("ARG {name}="));
        let arguments: Vec<String> = args.iter().filter(known).map(|name| format!("ARG {name}")).collect();
        for (key, value) in [
            ("id", json!(component.id)),
            ("title", json!(component.title)),
            ("base", json!(base)),
            ("alpine", json!(alpine)),
            ("port", json!(port)),
            ("health_path", json!(path)),
            ("health_run", json!(run)),
            ("command", json!(workload.and_then(|workload| command(workload.command.as_ref()?)))),
            ("files", Value::Array(files.collect())),
            ("args", json!(args)),
            ("user", json!(user.trim_end())),
            ("arguments", json!(arguments.join("\n"))),
            ("copies", json!(copies.collect::<Vec<_>>().join("\n"))),
            ("expose", json!(port.map(|port| format!("EXPOSE {port}")).unwrap_or_default())),
        ] {
            context.insert(key.to_owned(), value);
        }
        Value::Object(context)
    }

    /// Lines that all recipes share: the project's own template, else the built-in one.
    fn part(&mut self, name: &str, context: &Value) -> String {
        let path = format!("dockerfile/{name}.tera");
        let own = self.input.templates.get(&path).map(String::as_str);
        own.or_else(|| built_in::file(&path)).map(|text| self.render(text, context)).unwrap_or_default()
    }

    fn render(&mut self, text: &str, context: &Value) -> String {
        match template::render(text, context) {
            Ok(text) => tidy(&text),
            Err(error) => {
                let line = error.line.map_or(String::new(), |line| format!(" (line {line} of the template)"));
                self.out.push(
                    Diagnostic::error("bad-template", self.recipe.span, format!("{}{line}", error.message))
                        .hint("correct the recipe's file; its names stand in the built-in ones"),
                );
                String::new()
            }
        }
    }
}

/// A command without references, as words.
fn command(command: &Command) -> Option<Vec<String>> {
    match command {
        Command::Line(line) => {
            // `exec` lets the program have the signals, where the line is one program.
            let line = line.as_plain()?;
            let several = line.contains(['&', '|', ';', '\n', '(', '{']);
            let line = if several { line } else { format!("exec {line}") };
            Some(vec!["sh".to_owned(), "-c".to_owned(), line])
        }
        Command::Words(words) => words.iter().map(|word| word.as_plain()).collect(),
    }
}

/// Without empty lines but those between stages.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let mut out = String::new();
    for line in lines {
        if line.starts_with("FROM ") && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
