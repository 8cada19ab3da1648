//! The described resources beside the recorded ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::recorded::{Recorded, Resource};
use super::{Finding, Report, What};
use crate::artifact::{Artifact, Content};
use crate::source::Span;
use crate::target::terraform::hcl::resource::{Call, Says, calls, resources};

/// What stands in place of a value that Terraform hides.
const HIDDEN: &str = "(hidden)";

/// A resource of the generated files.
struct Described {
    says: Says,
    counted: bool,
    file: String,
    from: Option<Span>,
}

/// Compares what is recorded with the files of one environment.
pub(super) fn compare(recorded: &Recorded, artifacts: &[Artifact], environment: &str) -> Report {
    let described = described(recorded, artifacts, environment);
    let mut findings: Vec<Finding> = Vec::new();
    let there: BTreeSet<&str> = recorded.resources.iter().map(|resource| resource.base.as_str()).collect();
    for (address, one) in &described {
        if !one.counted && !there.contains(address.as_str()) {
            findings.push(finding(address, Some(one), What::Missing));
        }
    }
    for resource in &recorded.resources {
        let Some(one) = described.get(&resource.base) else {
            findings.push(finding(&resource.address, None, What::Unknown));
            continue;
        };
        let mut differences = Vec::new();
        inside(&one.says, &resource.values, &resource.sensitive, "", &mut differences);
        findings.extend(differences.into_iter().map(|what| finding(&resource.address, Some(one), what)));
    }
    for drift in &recorded.drift {
        let what = What::Drifted { arguments: drift.arguments.clone() };
        findings.push(finding(&drift.address, described.get(&drift.base), what));
    }
    findings.sort_by(|a, b| a.address.cmp(&b.address));
    let known = |resource: &&Resource| described.contains_key(&resource.base);
    Report { is_plan: recorded.is_plan, compared: recorded.resources.iter().filter(known).count(), findings }
}

fn finding(address: &str, described: Option<&Described>, what: What) -> Finding {
    Finding {
        address: address.to_owned(),
        what,
        file: described.map(|one| one.file.clone()),
        from: described.and_then(|one| one.from),
    }
}

/// The resources of the generated files by address.
fn described(recorded: &Recorded, artifacts: &[Artifact], environment: &str) -> BTreeMap<String, Described> {
    let mut found = BTreeMap::new();
    let files = || {
        artifacts.iter().filter_map(|artifact| {
            let Content::Text { body, .. } = &artifact.content else { return None };
            let path = artifact.path.as_str();
            let ours = artifact.environment.as_deref() == Some(environment) && path.ends_with(".tf");
            ours.then_some((artifact, path, body))
        })
    };
    // What archgen prints is HCL; a file that were not would have been reported where it was made.
    let modules: Vec<(String, Call)> = files()
        .flat_map(|(_, path, body)| {
            let called = calls(body, &recorded.variables).unwrap_or_default();
            called.into_iter().map(|call| (format!("{}/{}", folder(path), call.source), call))
        })
        .collect();
    for (artifact, path, body) in files() {
        let inside: Vec<&Call> =
            modules.iter().filter(|(place, _)| place == folder(path)).map(|(_, call)| call).collect();
        let mut add = |before: &str, variables: &Map<String, Value>| {
            for resource in resources(body, variables).unwrap_or_default() {
                let (says, from) = (resource.says, artifact.from.first().copied());
                let one = Described { says, counted: resource.counted, file: path.to_owned(), from };
                found.insert(format!("{before}{}", resource.address), one);
            }
        };
        if inside.is_empty() {
            add("", &recorded.variables);
        }
        for call in inside {
            add(&format!("module.{}.", call.name), &call.values);
        }
    }
    found
}

/// The folder of a file.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Compares what a body says with recorded values; `path` stands before the names, with a dot at its end.
fn inside(
    says: &Says,
    values: &Map<String, Value>,
    sensitive: &Value,
    path: &str,
    differences: &mut Vec<What>,
) {
    for (name, described) in &says.values {
        // Terraform leaves out what it will know only when it has made the resource.
        let Some(planned) = values.get(name) else { continue };
        if !agree(described, planned) {
            let hidden =
                sensitive.get(name).is_some_and(|mark| *mark != Value::Bool(false) && !is_bare(mark));
            let show = |value: &Value| if hidden { HIDDEN.to_owned() } else { value.to_string() };
            differences.push(What::Differs {
                argument: format!("{path}{name}"),
                described: Some(show(described)),
                planned: Some(show(planned)),
            });
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in &says.blocks {
        if !names.contains(&name.as_str()) && !says.open.contains(name) {
            names.push(name);
        }
    }
    for name in names {
        let blocks: Vec<&Says> =
            says.blocks.iter().filter(|(other, _)| other == name).map(|(_, block)| block).collect();
        if let Some(planned) = values.get(name) {
            let marks = sensitive.get(name).cloned().unwrap_or_default();
            several(&blocks, planned, &marks, &format!("{path}{name}"), differences);
        }
    }
}

/// Whether a mark of what is hidden marks nothing: Terraform prints empty maps and lists for what may be shown.
fn is_bare(mark: &Value) -> bool {
    match mark {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.iter().all(is_bare),
        Value::Object(map) => map.values().all(is_bare),
        _ => false,
    }
}

/// Compares the blocks of one name with what is recorded of them. The provider may keep them in another order, so each
/// takes the recorded one that agrees with it; what is left over is compared in order.
fn several(blocks: &[&Says], planned: &Value, marks: &Value, path: &str, differences: &mut Vec<What>) {
    let list: Vec<(&Value, &Value)> = match planned {
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(at, value)| (value, marks.get(at).unwrap_or(&Value::Null)))
            .collect(),
        Value::Null => Vec::new(),
        one => vec![(one, marks)],
    };
    let empty = Map::new();
    let compared = |block: &Says, (value, marks): (&Value, &Value), differences: &mut Vec<What>| {
        inside(block, value.as_object().unwrap_or(&empty), marks, &format!("{path}."), differences);
    };
    let mut free = list;
    let mut left: Vec<&Says> = Vec::new();
    for &block in blocks {
        let same = free.iter().position(|&one| {
            let mut found = Vec::new();
            compared(block, one, &mut found);
            found.is_empty()
        });
        match same {
            Some(at) => {
                free.remove(at);
            }
            None => left.push(block),
        }
    }
    let pairs = left.len().min(free.len());
    for (&block, &one) in left.iter().zip(&free) {
        compared(block, one, differences);
    }
    let missing =
        What::Differs { argument: path.to_owned(), described: Some("a block".to_owned()), planned: None };
    differences.extend(left[pairs..].iter().map(|_| missing.clone()));
    let unknown =
        What::Differs { argument: path.to_owned(), described: None, planned: Some("a block".to_owned()) };
    differences.extend(free[pairs..].iter().map(|_| unknown.clone()));
}

/// Whether two values mean the same to Terraform: it turns numbers and truth values into texts as needed, keeps no
/// order in sets, and takes no value for an empty one.
fn agree(described: &Value, planned: &Value) -> bool {
    match (described, planned) {
        (Value::Object(a), Value::Object(b)) => {
            let known = |(name, value): (&String, &Value)| agree(value, b.get(name).unwrap_or(&Value::Null));
            let added = b.iter().filter(|(name, _)| !a.contains_key(*name));
            a.iter().all(known) && added.into_iter().all(|(_, value)| is_nothing(value))
        }
        (Value::Array(a), Value::Array(b)) => {
            let mut free: Vec<&Value> = b.iter().collect();
            let all = a.iter().all(|value| {
                let at = free.iter().position(|other| agree(value, other));
                at.map(|at| free.remove(at)).is_some()
            });
            all && free.is_empty()
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::String(text), other) | (other, Value::String(text)) if !other.is_string() => match other {
            Value::Number(number) => *text == number.to_string(),
            Value::Bool(on) => text == if *on { "true" } else { "false" },
            Value::Null => text.is_empty(),
            _ => false,
        },
        (a, b) => a == b || (is_nothing(a) && is_nothing(b)),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
