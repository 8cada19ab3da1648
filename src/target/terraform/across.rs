//! The files of an environment with several regions: a module of what stands in each region, and around it its calls
//! and what stands once for all.

use std::collections::BTreeSet;

use super::files::{File, Piece};
use super::wiring::{Given, Wiring};
use super::{Findings, conflicts, files, hcl, layout, moved, ready, regions, variables};
use crate::diag::Diagnostic;
use crate::model::derive::{Kept, Regions};
use crate::model::{PipelineStep, Verb, ZoneId};
use crate::source::Span;
use crate::target::parts::own_or_built_in;
use crate::target::{Input, Output};

/// The variables that every call of the module fills.
const REGION: &str = "region";
const FIRST: &str = "first_region";

/// What stands around the module, what is in it, and what goes through its walls.
pub(super) struct Parts {
    around: Vec<Piece>,
    inside: Vec<Piece>,
    wiring: Wiring,
}

/// Says what several regions do not get.
pub(super) fn report(input: &Input, several: &Regions, findings: &mut Findings) {
    for (id, kept) in &several.stores {
        let component = input.model.component(*id);
        if *kept == Kept::Apart && super::naming::is_ours(&component.built) {
            let title = input.catalog.form(component.form).title.get(&input.messages.language);
            findings.loss(input, &component.id, "apart", &[("form", title)]);
        }
    }
    let here = &input.model.environment().id;
    for pipeline in input.model.pipelines() {
        let mut steps = pipeline.jobs.iter().flat_map(|job| &job.steps);
        let deploys = |step: &PipelineStep| matches!(&step.verb, Verb::Deploy { environment, .. } if environment == here);
        if steps.any(deploys) {
            findings.loss(input, &pipeline.id, "first-deployed", &[("first", &several.names[0])]);
        }
    }
}

/// Parts the pieces, and joins the parts again through variables and outputs.
pub(super) fn split(
    input: &Input,
    several: &Regions,
    mut pieces: Vec<Piece>,
    moved: Vec<moved::Move>,
    findings: &mut Findings,
) -> Parts {
    pieces.retain(|piece| piece.block.address() != format!("var.{REGION}"));
    let mut pool = pieces.clone();
    pool.retain(|piece| piece.across || (!piece.always && piece.block.kind != "resource"));
    let mut around = files::needed(pool);
    // What is there on demand stands in the module, and what stands around it takes it from there.
    let mut inside: Vec<Piece> = pieces.into_iter().filter(|piece| !piece.across).collect();
    for piece in inside.iter_mut().filter(|piece| piece.block.kind == "resource" && !piece.always) {
        let address = piece.block.address();
        piece.always = around.iter().any(|other| super::naming::mentions(&other.block.text, &address));
    }
    let mut inside = files::needed(inside);
    ready::apply(&mut around);
    ready::apply(&mut inside);
    moved::add(&moved, &mut around);
    moved::add(&moved, &mut inside);
    conflicts::report(&around, findings);
    conflicts::report(&inside, findings);
    for piece in &mut inside {
        if let Err(error) = regions::tell_apart(&mut piece.block) {
            let span = piece.from.first().copied().unwrap_or_default();
            findings.output.diagnostics.push(Diagnostic::error("terraform-template", span, error.message));
        }
    }
    let wiring = wire(several, &mut around, &mut inside);
    for (id, text) in network_variables(input, several) {
        inside.extend(on_demand_always(&text, input.model.zone(id).span));
    }
    inside.extend(on_demand_always(&region_variables(input), Span::default()));
    inside.extend(on_demand_always(&given_variables(input, &wiring), Span::default()));
    inside.extend(on_demand_always(&handed_outputs(input, &wiring), Span::default()));
    let known: BTreeSet<String> = around.iter().map(|piece| piece.block.address()).collect();
    let handed_on: Vec<Piece> = inside
        .iter()
        .filter(|piece| piece.block.kind == "variable" && !is_filled(several, input, &wiring, piece))
        .filter(|piece| !known.contains(&piece.block.address()))
        .cloned()
        .collect();
    around.extend(handed_on);
    Parts { around, inside, wiring }
}

fn wire(several: &Regions, around: &mut [Piece], inside: &mut [Piece]) -> Wiring {
    let addresses = |pieces: &[Piece]| -> BTreeSet<String> {
        // Variables go by their name on both sides.
        let named = pieces.iter().filter(|piece| matches!(piece.block.kind.as_str(), "resource" | "data"));
        let blocks = named.flat_map(|piece| hcl::blocks(&piece.block.text).unwrap_or_default());
        blocks.map(|block| block.address()).collect()
    };
    let (out, within) = (addresses(around), addresses(inside));
    let outputs = inside.iter().filter(|piece| piece.block.kind == "output").filter_map(|piece| {
        let value = argument(&piece.block, "value")?;
        Some((piece.block.labels.first()?.clone(), value.to_owned()))
    });
    let variables = inside.iter().filter(|piece| piece.block.kind == "variable");
    let variables = variables.filter_map(|piece| piece.block.labels.first().cloned()).collect();
    let mut wiring = Wiring::with_own(outputs, variables);
    let keys: Vec<String> = several.names.iter().map(|name| regions::key(name)).collect();
    for piece in inside.iter_mut() {
        wiring.replace_inside(piece, &out, &within);
    }
    for piece in around.iter_mut() {
        wiring.replace_around(piece, &keys, &out, &within);
    }
    wiring
}

/// The value of an argument that stands on one line right in a block.
fn argument<'a>(block: &'a hcl::Block, name: &str) -> Option<&'a str> {
    block.text.lines().find_map(|line| {
        let (key, value) = line.strip_prefix("  ")?.split_once('=')?;
        (key.trim_end() == name).then(|| value.trim())
    })
}

fn on_demand_always(text: &str, span: Span) -> Vec<Piece> {
    let mut pieces = super::secrets::on_demand("variables.tf", text, span);
    for piece in &mut pieces {
        piece.always = true;
        if span == Span::default() {
            piece.from.clear();
        }
    }
    pieces
}

/// The variable that holds the range of a network.
pub(super) fn range_variable(space: &str) -> String {
    format!("{space}_cidr")
}

fn network_variables(input: &Input, several: &Regions) -> Vec<(ZoneId, String)> {
    several
        .spaces
        .iter()
        .filter(|(id, _)| super::naming::is_ours(&input.model.zone(*id).built))
        .map(|(id, _)| {
            let zone = input.model.zone(*id);
            let about = input.messages.say("terraform.regions.range", &[("space", &zone.id)]);
            (*id, variable(&range_variable(&zone.name()), &about, "string", None))
        })
        .collect()
}

fn region_variables(input: &Input) -> String {
    let say = |key: &str| input.messages.say(&format!("terraform.regions.{key}"), &[]);
    variable(REGION, &say("region"), "string", None) + &variable(FIRST, &say("first"), "string", None)
}

fn given_variables(input: &Input, wiring: &Wiring) -> String {
    let one = |given: &Given| {
        let value = spoken(&given.value);
        let values = [("value", value.as_str())];
        let whole = given.value.split('.').count() < 3;
        let kind = match (given.value.contains("[*]"), whole) {
            (true, _) => "list(string)",
            (_, true) => "any",
            _ => "string",
        };
        let about = if given.first { "first-has" } else { "given" };
        let about = input.messages.say(&format!("terraform.regions.{about}"), &values);
        let default = given.first.then_some(if given.value.contains("[*]") { "[]" } else { "null" });
        variable(&variable_name(given), &about, kind, default)
    };
    wiring.given.iter().map(one).collect()
}

/// A value as people say it: `aws_lb edge: arn`.
fn spoken(path: &str) -> String {
    let path = path.trim_start_matches("data.").replace("[*]", "");
    let mut words = path.splitn(3, '.');
    let resource: Vec<&str> = words.by_ref().take(2).collect();
    let argument = words.next().map(|argument| format!(": {argument}")).unwrap_or_default();
    format!("{}{argument}", resource.join(" "))
}

fn variable_name(given: &Given) -> String {
    if given.first { format!("first_{}", given.name) } else { given.name.clone() }
}

fn variable(name: &str, about: &str, kind: &str, default: Option<&str>) -> String {
    let default = default.map(|value| format!(" default = {value}\n")).unwrap_or_default();
    format!("variable \"{name}\" {{\n description = {}\n type = {kind}\n{default}}}\n\n", hcl::quote(about))
}

fn handed_outputs(input: &Input, wiring: &Wiring) -> String {
    let new = wiring.handed.iter().filter(|handed| !handed.own);
    new.map(|handed| {
        let about = input.messages.say("terraform.regions.handed", &[("value", &spoken(&handed.value))]);
        output(&handed.name, &hcl::quote(&about), &handed.value, false)
    })
    .collect()
}

fn output(name: &str, description: &str, value: &str, sensitive: bool) -> String {
    let sensitive = if sensitive { " sensitive = true\n" } else { "" };
    format!("output \"{name}\" {{\n description = {description}\n value = {value}\n{sensitive}}}\n\n")
}

/// Whether the calls fill a variable of the module with a value of their own.
fn is_filled(several: &Regions, input: &Input, wiring: &Wiring, piece: &Piece) -> bool {
    let Some(name) = piece.block.labels.first() else { return false };
    let range = several.spaces.iter().any(|(id, _)| range_variable(&input.model.zone(*id).name()) == *name);
    name == REGION || name == FIRST || range || wiring.given.iter().any(|given| variable_name(given) == *name)
}

/// Prints all files.
pub(super) fn add_files(input: &Input, several: &Regions, parts: &Parts, output: &mut Output) {
    let folder = layout::module_folder(input).unwrap_or_default();
    let mut around = files::files(&parts.around);
    super::add_heads(input, &mut around, output);
    let example = around.entry("terraform.tfvars.example".to_owned()).or_default();
    example.text = variables::example(input, &parts.around);
    let calls: Vec<String> =
        (0..several.names.len()).map(|at| call(input, several, parts, &folder, at)).collect();
    around.insert("main.tf".to_owned(), File { text: calls.join("\n"), from: Vec::new() });
    let outputs = outer_outputs(several, &parts.inside);
    if !outputs.is_empty() {
        let file = around.entry("outputs.tf".to_owned()).or_default();
        let between = if file.text.is_empty() { "" } else { "\n" };
        file.text = format!("{}{between}{outputs}", file.text);
    }
    let mut inside = files::files(&parts.inside);
    if let Some(text) = own_or_built_in(input, "terraform/module-versions.tf") {
        inside.insert("versions.tf".to_owned(), File { text, from: Vec::new() });
    }
    around.extend(inside.into_iter().map(|(name, file): (String, File)| (format!("{folder}/{name}"), file)));
    super::write(input, around, output);
}

/// The call of the module for one region.
fn call(input: &Input, several: &Regions, parts: &Parts, folder: &str, at: usize) -> String {
    let (name, first) = (&several.names[at], &several.names[0]);
    let key = regions::key(name);
    let provider = &several.provider;
    let own = if at == 0 { provider.clone() } else { format!("{provider}.{key}") };
    let mut text = format!(
        "module \"{key}\" {{\n source = \"./{folder}\"\n\n providers = {{\n {provider} = {own}\n }}\n\n \
         {REGION} = \"{name}\"\n {FIRST} = \"{first}\"\n"
    );
    for (id, ranges) in &several.spaces {
        let zone = input.model.zone(*id);
        if let (true, Some(range)) = (super::naming::is_ours(&zone.built), ranges.get(at)) {
            text.push_str(&format!(" {} = \"{range}\"\n", range_variable(&zone.name())));
        }
    }
    for piece in parts.inside.iter().filter(|piece| piece.block.kind == "variable") {
        if let Some(name) = piece.block.labels.first()
            && !is_filled(several, input, &parts.wiring, piece)
        {
            text.push_str(&format!(" {name} = var.{name}\n"));
        }
    }
    for given in &parts.wiring.given {
        let name = variable_name(given);
        if !given.first {
            text.push_str(&format!(" {name} = {}\n", given.value));
        } else if at > 0 {
            let handed = parts.wiring.handed.iter().find(|handed| handed.value == given.value);
            let output = handed.map(|handed| handed.name.as_str()).unwrap_or_default();
            text.push_str(&format!(" {name} = module.{}.{output}\n", regions::key(first)));
        }
    }
    printed(&(text + "}\n"))
}

/// The module's own outputs: those of the first region under their names, each other region's with the region behind
/// them.
fn outer_outputs(several: &Regions, inside: &[Piece]) -> String {
    let outputs = inside.iter().filter(|piece| piece.block.kind == "output" && piece.file != "variables.tf");
    let mut texts = Vec::new();
    for piece in outputs {
        let Some(name) = piece.block.labels.first() else { continue };
        let about = argument(&piece.block, "description").unwrap_or("\"\"").trim_end_matches('"');
        let sensitive = argument(&piece.block, "sensitive") == Some("true");
        for (at, region) in several.names.iter().enumerate() {
            let key = regions::key(region);
            let own = if at == 0 { name.clone() } else { format!("{name}_{key}") };
            let about = format!("{about} ({region})\"");
            texts.push(printed(&output(&own, &about, &format!("module.{key}.{name}"), sensitive)));
        }
    }
    texts.join("\n")
}

fn printed(text: &str) -> String {
    hcl::format(text).unwrap_or_else(|_| text.to_owned())
}
