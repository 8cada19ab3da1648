//! What a workload runs, in the words of Terraform: image, command, environment, secrets, size.

use serde_json::{Map, Value, json};

use super::Findings;
use super::dialect::{Text, Words};
use super::naming;
use super::secrets;
use crate::model::{Command, ComponentId, FileSource, Health, Mount, Template, Workload};
use crate::target::Input;
use crate::target::attributes::Dialect;

/// What templates may say about a workload: `image` (null when it is built), `command`, `env` (name and value),
/// `secrets` (name, ARN and the key in it), `rotated` (the ARNs of those that the provider changes by itself),
/// `secret_rights` (actions and ARNs), `health_path`, `health_command`, `cpu_units`, `memory_mib`, `mounts`
/// and `platform`.
pub(super) fn insert(
    input: &Input,
    words: &Words,
    id: ComponentId,
    context: &mut Map<String, Value>,
    findings: &mut Findings,
) {
    let component = input.model.component(id);
    let Some(workload) = &component.workload else { return };
    let mut text = |what: &str, template: &Template| match words.text(template) {
        Ok(Text::Plain(text)) => Some(text),
        Ok(_) => {
            findings.loss(input, &component.id, "secret-in", &[("what", what)]);
            None
        }
        Err(unknown) => {
            let name = format!("${{{}.{}}}", unknown.element, unknown.attribute);
            findings.loss(input, &component.id, "unknown-attribute", &[("what", what), ("attribute", &name)]);
            None
        }
    };
    let image = workload.image.as_ref().and_then(|image| text("image", image));
    let command: Vec<String> = match &workload.command {
        None => Vec::new(),
        Some(Command::Line(line)) => {
            text("command", line).map(|line| vec!["sh".into(), "-c".into(), line]).unwrap_or_default()
        }
        Some(Command::Words(list)) => list.iter().filter_map(|word| text("command", word)).collect(),
    };
    environment(input, words, id, workload, context, findings);
    let (path, run) = match &workload.health {
        Some(Health::Path(path)) => (Some(path), None),
        Some(Health::Run(run)) => (None, Some(run)),
        None => (None, None),
    };
    context.insert("image".into(), json!(image));
    context.insert("built".into(), json!(workload.build.is_some()));
    context.insert("command".into(), json!(command));
    context.insert("health_path".into(), json!(path));
    context.insert("health_command".into(), json!(run));
    context.insert("cpu_units".into(), json!(cpu_units(workload.cpu.as_deref())));
    context.insert("memory_mib".into(), json!(workload.memory.map_or(512, |bytes| bytes.div_ceil(1 << 20))));
    context.insert("platform".into(), json!(workload.platform));
    context.insert("mounts".into(), Value::Array(mounts(input, words, id, workload, findings)));
}

/// Environment variables, those of them that hold secrets, and the rights that reading these takes.
fn environment(
    input: &Input,
    words: &Words,
    id: ComponentId,
    workload: &Workload,
    context: &mut Map<String, Value>,
    findings: &mut Findings,
) {
    let component = input.model.component(id);
    let (mut env, mut secrets) = (Vec::new(), Vec::new());
    for (name, template) in &workload.env {
        match words.text(template) {
            Ok(Text::Plain(value)) => env.push(json!({ "name": name, "value": value })),
            Ok(Text::Secret(secret)) => {
                secrets.push((name, secrets::reference(input, words, secret)));
            }
            Ok(Text::Mixed(_, used)) => {
                secrets.push((name, secrets::mixed_reference(input, component, name, &used)));
            }
            Err(unknown) => {
                let attribute = format!("${{{}.{}}}", unknown.element, unknown.attribute);
                let values = [("what", name.as_str()), ("attribute", attribute.as_str())];
                findings.loss(input, &component.id, "unknown-attribute", &values);
            }
        }
    }
    let mut rights: Vec<(&[String], Vec<&str>)> = Vec::new();
    for (_, reference) in &secrets {
        let (actions, arn) = (reference.read.as_slice(), reference.text.as_str());
        match rights.iter_mut().find(|(known, _)| *known == actions) {
            Some((_, arns)) => arns.push(arn),
            None => rights.push((actions, vec![arn])),
        }
    }
    let rights = rights.iter().map(|(actions, arns)| json!({ "actions": actions, "arns": arns }));
    let mut rotated: Vec<&str> = Vec::new();
    for (_, reference) in secrets.iter().filter(|(_, reference)| reference.rotates) {
        if !rotated.contains(&reference.text.as_str()) {
            rotated.push(&reference.text);
        }
    }
    context.insert("rotated".into(), json!(rotated));
    context.insert("env".into(), Value::Array(env));
    context.insert("secret_rights".into(), rights.collect());
    let secrets = secrets.iter();
    let secrets = secrets.map(|(name, of)| json!({ "name": name, "arn": of.text, "json_key": of.key }));
    context.insert("secrets".into(), secrets.collect());
}

/// Mounts of file shares that Terraform knows; paths of a machine mean nothing without one.
fn mounts(
    input: &Input,
    words: &Words,
    id: ComponentId,
    workload: &Workload,
    findings: &mut Findings,
) -> Vec<Value> {
    let component = input.model.component(id);
    let one = |mount: &Mount| -> Option<Value> {
        let FileSource::Component(share) = mount.from else { return None };
        let file_system = words.attribute(share, "name")?;
        let name = input.model.component(share).name();
        Some(json!({
            "name": name, "path": mount.path, "read_only": mount.read_only, "file_system": file_system,
        }))
    };
    let mut found = Vec::new();
    for mount in &workload.volumes {
        match one(mount) {
            Some(value) => found.push(value),
            None => findings.loss(input, &component.id, "mount", &[("path", &mount.path)]),
        }
    }
    found
}

/// Thousandths of a CPU in the provider's measure, 1024 for one; a quarter when nothing is written.
fn cpu_units(share: Option<&str>) -> u32 {
    share.and_then(|share| share.parse::<f64>().ok()).map_or(256, |share| (share * 1024.0).ceil() as u32)
}

/// The file of an element's own secrets and their names are safe.
pub(super) fn variable_slug(name: &str) -> String {
    naming::identifier(&name.to_lowercase())
}
