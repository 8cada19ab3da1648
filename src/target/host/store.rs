//! Machines of stores that have one each: the disk is ready when whoever installs the software comes.

use serde_json::{Map, Value, json};

use crate::catalog::Trait;
use crate::model::os::{self, Packages};
use crate::model::{ComponentId, End, variable_name};
use crate::target::Input;
use crate::target::shell::quote;
use crate::target::terraform;

use super::script::{Script, Variable};

/// The operating system of such machines: the form's template starts them with its image.
const SYSTEM: &str = "ubuntu-24.04";

/// Stores that have a machine with a disk of their own, in the order of the model.
pub fn stores<'a>(input: &'a Input<'a>) -> impl Iterator<Item = ComponentId> + 'a {
    let model = input.model;
    let all = model.components().map(|(id, _)| id);
    all.filter(move |&id| {
        let component = model.component(id);
        component.store.is_some()
            && !input.catalog.kind(component.kind).has(Trait::Volume)
            && model.machine(End::Component(id)).is_none()
            && terraform::value(input, id, "of_machine").is_some()
    })
}

/// The path of such a machine's script below the output.
pub fn store_path(input: &Input, id: ComponentId) -> String {
    format!("{}/{}/user-data.sh", input.model.environment().id, input.model.component(id).id)
}

/// What it must be told.
pub fn store_variables(input: &Input, id: ComponentId) -> Vec<Variable> {
    script(input, id).map(|script| script.variables).unwrap_or_default()
}

/// The script of such a machine.
pub(super) fn script(input: &Input, id: ComponentId) -> Option<Script> {
    let component = input.model.component(id);
    let system = os::of(SYSTEM)?;
    let name = variable_name(&format!("{}-disk", component.id));
    let value = terraform::value(input, id, "of_machine")?;
    let disk = json!({
        "number": format!("\"${{{name}:-}}\""), "device": "sdf", "folder": quote(&folder(input, id)),
    });
    let mut context = Map::new();
    context.insert("title".into(), json!(component.title));
    context
        .insert("say".into(), input.messages.context().pointer("/host/script").cloned().unwrap_or_default());
    context.insert("family".into(), json!(if system.packages == Packages::Apt { "apt" } else { "dnf" }));
    context.insert("login".into(), json!(system.login));
    context.insert("docker_folder".into(), json!(system.docker));
    context.insert("disks".into(), json!([disk]));
    context.insert(
        "variables".into(),
        json!([{ "name": name, "title": component.title, "demand": "", "once": true }]),
    );
    for empty in ["packages", "shares", "files", "certificates", "software", "run"] {
        context.insert(empty.into(), Value::Array(Vec::new()));
    }
    for off in ["docker", "start"] {
        context.insert(off.into(), json!(false));
    }
    let variables = vec![Variable { name, component: id, value, once: true }];
    let mut script = Script::default();
    script.context = context;
    script.variables = variables;
    Some(script)
}

/// Where the disk is mounted.
fn folder(input: &Input, id: ComponentId) -> String {
    format!("/mnt/{}", input.model.component(id).id)
}
