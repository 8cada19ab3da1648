//! Terraform: one folder for each environment, made of the text templates of forms and of the facts.
//!
//! A form's template gives the resources of an element. The network's rules, rights, secrets and variables come
//! from the facts. All of it is HCL text that is parsed and printed again, and every block finds its file by
//! what it is, so a template need not know about files. Blocks that are only useful to others (variables,
//! secrets, lookups) are there when something refers to them.

mod account;
mod across;
mod alarms;
mod certificate;
mod cluster;
mod conflicts;
mod dialect;
mod edges;
mod element;
mod endpoints;
mod files;
mod grants;
pub mod hcl;
mod jobs;
mod layout;
mod moved;
pub(in crate::target) mod naming;
mod neighbours;
mod passthrough;
mod pipelines;
pub(in crate::target) mod place;
mod ready;
mod regions;
pub(in crate::target) mod routes;
mod secrets;
mod security;
mod variables;
mod wiring;
mod workload;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::attributes::Dialect;
use super::parts::{self, own_or_built_in};
use super::{Input, Output, Target, attributes, host};
use crate::artifact::{Artifact, RelPath};
use crate::catalog::{FormId, TargetName};
use crate::diag::Diagnostic;
use crate::model::{Alarm, Built, ComponentId, Loss, SecretId, VarId, ZoneDetail, ZoneId};
use crate::source::Span;
use crate::template;
pub(in crate::target) use cluster::has_account;
use dialect::Words;
pub(in crate::target) use element::architecture;
use files::Piece;
pub(in crate::target) use regions::is_across;

/// The word for this target in `--only`, in the lock and in the loss report.
const NAME: &str = "terraform";

/// Folder of the blocks that are there when something refers to them; a file's name is that of the output.
const LIBRARY: [&str; 4] = ["cluster.tf", "data.tf", "keys.tf", "network.tf"];

/// Makes Terraform for the provider.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terraform;

impl Target for Terraform {
    fn name(&self) -> &'static str {
        NAME
    }

    fn generate(&self, input: &Input) -> Output {
        if !input.model.has_target(TargetName::Terraform) {
            return Output::default();
        }
        let mut findings = Findings::default();
        let mut pieces = all_pieces(input, &mut findings);
        let moved = moved::pieces(input, &pieces);
        passthrough::apply(input, &mut pieces, &mut findings);
        account::apply(input, &mut pieces, &mut findings);
        if let Some(several) = regions::of(input) {
            across::report(input, several, &mut findings);
            let parts = across::split(input, several, pieces, moved, &mut findings);
            let mut output = findings.output;
            across::add_files(input, several, &parts, &mut output);
            return output;
        }
        let mut pieces = files::needed(pieces);
        ready::apply(&mut pieces);
        moved::add(&moved, &mut pieces);
        conflicts::report(&pieces, &mut findings);
        let mut output = findings.output;
        add_files(input, &pieces, &mut output);
        output
    }
}

/// An attribute of a component in the words of Terraform, for what stands beside its files; `None` where Terraform
/// neither makes nor finds it.
pub(super) fn value(input: &Input, component: ComponentId, attribute: &str) -> Option<String> {
    attributes::attribute(component, attribute, input.model, input.catalog, &Words { input }).ok()
}

/// The same of a zone.
pub(super) fn zone_value(input: &Input, zone: ZoneId, attribute: &str) -> Option<String> {
    Words { input }.zone_attribute(zone, attribute)
}

/// A value that differs by environment, in the words of Terraform.
pub(super) fn variable(input: &Input, id: VarId) -> String {
    Words { input }.var(id)
}

/// Whether an alarm is made.
pub(super) fn raises(input: &Input, alarm: &Alarm) -> bool {
    alarms::one(input, &Words { input }, alarm).is_some()
}

/// What a secret is called in the store in which Terraform keeps it; not what its provider keeps by itself.
pub(super) fn secret_path(input: &Input, id: SecretId) -> Option<String> {
    secrets::kept_as(input, id)
}

/// Where a secret is kept, in the words of Terraform, the key of its value there, and the actions that reading it takes.
pub(super) fn secret(input: &Input, id: SecretId) -> (String, Option<String>, Vec<String>) {
    let reference = secrets::reference(input, &Words { input }, id);
    (reference.text, reference.key, reference.read)
}

/// The name of a region in the words of Terraform: of its module, and behind the names of its outputs.
pub(super) fn region_key(region: &str) -> String {
    regions::key(region)
}

/// Where a resource stands as one calls it from outside: in a module when the author wants one. Where there are several
/// regions, it is one that stands once for all of them.
pub(super) fn address(input: &Input, resource: &str) -> String {
    match &input.model.system().terraform.modules {
        Some(_) if regions::of(input).is_none() => format!("module.{}.{resource}", layout::module(input)),
        _ => resource.to_owned(),
    }
}

/// What goes wrong on the way.
#[derive(Default)]
struct Findings {
    output: Output,
}

impl Findings {
    /// Says that something is missing: the sentences `terraform.loss.KEY.what` and `.why`.
    fn loss(&mut self, input: &Input, element: &str, key: &str, values: &[(&str, &str)]) {
        let say = |part: &str| input.messages.say(&format!("terraform.loss.{key}.{part}"), values);
        let loss =
            Loss { target: NAME.to_owned(), element: element.to_owned(), what: say("what"), why: say("why") };
        if !self.output.losses.contains(&loss) {
            self.output.losses.push(loss);
        }
    }
}

/// Everything that could go into a file, in order.
fn all_pieces(input: &Input, findings: &mut Findings) -> Vec<Piece> {
    let words = Words { input };
    let model = input.model;
    let mut pieces = variables::pieces(input);
    for (id, zone) in model.zones() {
        let Some(form) = zone.form.filter(|_| is_built(&zone.built)) else { continue };
        let file = match zone.detail {
            ZoneDetail::Space(_) | ZoneDetail::Tier(_) => "network.tf".to_owned(),
            _ => files::of_element(input.model, &zone.id),
        };
        let element =
            Element { form, built: &zone.built, id: &zone.id, span: zone.span, file, across: false };
        pieces.extend(element_pieces(input, &element, || element::zone(input, id), findings));
        if words.is_known_zone(id) {
            pieces.extend(outputs(&element::zone_outputs(input, &words, id), zone.span, false));
        }
        for (name, default) in host::starts(input, id).into_iter().flat_map(|start| start.choices) {
            pieces.extend(variables::choice(input, &name, &default, zone.span));
        }
    }
    other_clouds(input, findings);
    for (id, component) in model.components().filter(|(_, component)| is_built(&component.built)) {
        let element = Element {
            form: component.form,
            built: &component.built,
            id: &component.id,
            span: component.span,
            file: files::of_element(input.model, &component.id),
            across: regions::is_across(input, id),
        };
        let mut inner = Findings::default();
        let context = || element::component(input, &words, id, &mut inner);
        let said = findings.output.losses.len();
        let made = element_pieces(input, &element, context, findings);
        // Where a template makes nothing and says why, there is nothing to show.
        let is_left_out = made.is_empty() && findings.output.losses.len() > said;
        let is_there = words.is_known(id) && !is_left_out;
        pieces.extend(made);
        if is_there {
            findings.output.losses.extend(inner.output.losses);
            pieces.extend(outputs(&element::outputs(input, &words, id), component.span, element.across));
        }
    }
    pieces.extend(pipelines::pieces(input, findings));
    pieces.extend(alarms::pieces(input, &words, findings));
    pieces.extend(jobs::pieces(input, &words, findings));
    pieces.extend(endpoints::pieces(input));
    pieces.extend(security::pieces(input));
    let rights = grants::pieces(input, &words, &pieces, findings);
    pieces.extend(rights);
    pieces.extend(secrets::pieces(input, &words));
    for (_, secret) in secrets::kept_elsewhere(input, &words) {
        let place = secret.from.as_deref().unwrap_or_default();
        findings.loss(input, &secret.id, "kept-elsewhere", &[("place", place)]);
    }
    pieces.extend(library(input, findings));
    pieces
}

/// Says which providers' zones have regions that nothing is made in: all is made in those of one.
fn other_clouds(input: &Input, findings: &mut Findings) {
    let several = regions::of(input).map(|regions| regions.names.clone());
    let made = several.unwrap_or_else(|| vec![variables::region(input)]);
    for (_, zone) in input.model.zones() {
        if let ZoneDetail::Provider(provider) = &zone.detail
            && provider.regions != made
        {
            findings.loss(input, &zone.id, "regions", &[("region", &made.join(", "))]);
        }
    }
}

/// Outputs, which are there in any case.
fn outputs(text: &str, span: Span, across: bool) -> Vec<Piece> {
    let mut outputs = secrets::on_demand("outputs.tf", text, span);
    for piece in &mut outputs {
        piece.always = true;
        piece.across = across;
    }
    outputs
}

fn is_built(built: &Built) -> bool {
    naming::is_ours(built) || naming::shared_by(built).is_some()
}

/// A component or zone whose form may have a template.
struct Element<'a> {
    form: FormId,
    built: &'a Built,
    id: &'a str,
    span: Span,
    file: String,
    /// Whether it stands once for all regions.
    across: bool,
}

/// The blocks of one element's form; a row of the loss report when this release cannot make them.
fn element_pieces(
    input: &Input,
    element: &Element,
    context: impl FnOnce() -> Value,
    findings: &mut Findings,
) -> Vec<Piece> {
    let id = element.id;
    let form = input.catalog.form(element.form);
    let shared = naming::shared_by(element.built);
    let Some(text) = &form.terraform else {
        if shared.is_none() && form.provider != form.name {
            let title = form.title.get(&input.messages.language);
            findings.loss(input, id, "form", &[("form", title)]);
        }
        return Vec::new();
    };
    if let Some(environment) = shared
        && !dialect::can_look_up(&text.text)
    {
        let title = form.title.get(&input.messages.language);
        findings.loss(input, id, "lookup", &[("form", title), ("environment", environment)]);
        return Vec::new();
    }
    let whole = match parts::whole(input, &text.text, parts::TERRAFORM) {
        Ok(whole) => whole,
        Err(part) => {
            let message = format!("the Terraform template of `{}` names no part: `{part}`", form.name);
            let error = Diagnostic::error("terraform-template", text.span, message)
                .hint(format!("put it into archgen/templates/terraform/parts/{part}.tf"));
            findings.output.diagnostics.push(error);
            return Vec::new();
        }
    };
    let mut context = context();
    let mut pieces = Vec::new();
    // What joins regions is written beside what stands in each.
    let joins = regions::of(input).is_some() && regions::joins(&whole) && !element.across;
    for across in if joins { vec![false, true] } else { vec![element.across] } {
        context["across"] = json!(across);
        let mut blocks = render(&whole, &context, &form.name, Some(text.span), findings);
        // A template says what it leaves out in blocks of its own: `loss "KEY" {}`.
        for block in blocks.extract_if(.., |block| block.kind == "loss") {
            let title = form.title.get(&input.messages.language);
            findings.loss(input, id, &block.labels.join("."), &[("form", title)]);
        }
        pieces.extend(blocks.into_iter().map(|block| Piece {
            file: element.file.clone(),
            block,
            always: shared.is_none(),
            across,
            from: vec![element.span],
        }));
    }
    pieces
}

/// Blocks of a template; what is wrong with it is reported by name and line.
fn render(
    text: &str,
    context: &Value,
    name: &str,
    span: Option<Span>,
    findings: &mut Findings,
) -> Vec<hcl::Block> {
    let mut report = |message: String| {
        let error = Diagnostic::new(crate::diag::Severity::Error, "terraform-template", span, message).hint(
            "`archgen kinds` says where a template comes from; a file in archgen/templates replaces it",
        );
        findings.output.diagnostics.push(error);
        Vec::new()
    };
    let rendered = match template::render_lines(text, context) {
        Ok(rendered) => rendered,
        Err(error) => {
            let line = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
            return report(format!("the Terraform template of `{name}`{line}: {}", error.message));
        }
    };
    match hcl::blocks(&rendered) {
        Ok(blocks) => blocks,
        Err(error) => report(format!(
            "the Terraform template of `{name}` gives no HCL: {} at `{}` (line {} of what it gives)",
            error.message, error.text, error.line
        )),
    }
}

/// Blocks that are there when something refers to them.
fn library(input: &Input, findings: &mut Findings) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for file in LIBRARY {
        let path = format!("terraform/library/{file}");
        let Some(text) = own_or_built_in(input, &path) else { continue };
        for block in render(&text, &system_context(input), &path, None, findings) {
            pieces.push(Piece {
                file: file.to_owned(),
                block,
                always: false,
                across: false,
                from: Vec::new(),
            });
        }
    }
    pieces
}

/// What templates of no element may name.
fn system_context(input: &Input) -> Value {
    let model = input.model;
    let vpc = model
        .zones()
        .find(|(_, zone)| matches!(zone.detail, ZoneDetail::Space(_)) && is_built(&zone.built))
        .map(|(_, zone)| place::space_address(zone));
    json!({
        "system": model.system().id,
        "environment": model.environment().id,
        "region": variables::region(input),
        "regions": regions::context(input),
        "vpc_ref": vpc,
        "members": neighbours::members(input, None),
        "say": element::sentences(input),
        "full": format!("{}-{}", model.system().id, model.environment().id),
    })
}

/// Prints the files.
fn add_files(input: &Input, pieces: &[Piece], output: &mut Output) {
    let mut files = files::files(pieces);
    add_heads(input, &mut files, output);
    let example = files.entry("terraform.tfvars.example".to_owned()).or_default();
    example.text = variables::example(input, pieces);
    write(input, layout::lay_out(input, pieces, files), output);
}

/// Adds versions and providers.
fn add_heads(input: &Input, files: &mut BTreeMap<String, files::File>, output: &mut Output) {
    let mut findings = Findings::default();
    for name in ["versions.tf", "providers.tf"] {
        let path = format!("terraform/{name}");
        let Some(text) = own_or_built_in(input, &path) else { continue };
        let blocks = render(&text, &system_context(input), &path, None, &mut findings);
        let texts: Vec<String> = blocks.into_iter().map(|block| block.text).collect();
        files.entry(name.to_owned()).or_default().text = texts.join("\n");
    }
    output.diagnostics.extend(findings.output.diagnostics);
}

/// Files with their paths in the environment's folder of Terraform become artifacts.
fn write(input: &Input, files: BTreeMap<String, files::File>, output: &mut Output) {
    let environment = &input.model.environment().id;
    for (name, file) in files {
        let Ok(path) = RelPath::new(format!("{environment}/terraform/{name}")) else { continue };
        output.artifacts.push(Artifact {
            environment: Some(environment.clone()),
            from: file.from,
            ..Artifact::text(NAME, path, file.text)
        });
    }
}
