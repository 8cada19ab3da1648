//! Machines that stores have for themselves: their disk is ready at the first start, whoever installs the software.

use serde_json::{Map, Value, json};

use crate::catalog::Trait;
use crate::model::os::{self, Packages};
use crate::model::{ComponentId, End, variable_name};
use crate::target::Input;
use crate::target::shell::quote;
use crate::target::terraform;

use super::own;
use super::script::{Script, Variable};

/// Stores that have a machine with a disk of their own, in the order of the model.
pub fn stores<'a>(input: &'a Input<'a>) -> impl Iterator<Item = ComponentId> + 'a {
    let model = input.model;
    model.components().map(|(id, _)| id).filter(move |&id| {
        let component = model.component(id);
        component.store.is_some()
            && !input.catalog.kind(component.kind).has(Trait::Volume)
            && model.machine(End::Component(id)).is_none()
            && input.catalog.form(component.form).machine.is_some()
            && terraform::value(input, id, "of_machine").is_some()
    })
}

/// The path of such a machine's script below the output.
pub fn store_path(input: &Input, id: ComponentId) -> String {
    format!("{}/{}/user-data.sh", input.model.environment().id, input.model.component(id).id)
}

/// What it must be told of its disk.
pub fn store_variables(input: &Input, id: ComponentId) -> Vec<Variable> {
    disk(input, id).map(|(variable, _)| variable).into_iter().collect()
}

/// The disk of such a machine, and the variable for its number.
pub(super) fn disk(input: &Input, id: ComponentId) -> Option<(Variable, Value)> {
    let component = input.model.component(id);
    let name = variable_name(&format!("{}-disk", component.id));
    let value = terraform::value(input, id, "of_machine")?;
    let disk = json!({
        "number": format!("\"${{{name}:-}}\""), "device": "sdf", "folder": quote(&own::data_folder(&component.id)),
    });
    Some((Variable { name, component: id, value, once: true }, disk))
}

/// What the head of a script says about such a variable.
pub(super) fn told(input: &Input, variable: &Variable) -> Value {
    let title = &input.model.component(variable.component).title;
    json!([{ "name": variable.name, "title": title, "demand": "", "once": true }])
}

/// The script of a machine whose software somebody else installs.
pub(super) fn script(input: &Input, id: ComponentId) -> Option<Script> {
    let component = input.model.component(id);
    let system = os::of(input.catalog.form(component.form).machine.as_deref()?)?;
    let (variable, disk) = disk(input, id)?;
    let mut context = Map::new();
    context.insert("title".into(), json!(component.title));
    context
        .insert("say".into(), input.messages.context().pointer("/host/script").cloned().unwrap_or_default());
    context.insert("family".into(), json!(if system.packages == Packages::Apt { "apt" } else { "dnf" }));
    context.insert("login".into(), json!(system.login));
    context.insert("docker_folder".into(), json!(system.docker));
    context.insert("disks".into(), json!([disk]));
    context.insert("variables".into(), told(input, &variable));
    for empty in ["packages", "shares", "files", "certificates", "software", "run"] {
        context.insert(empty.into(), Value::Array(Vec::new()));
    }
    for off in ["docker", "start", "disk"] {
        context.insert(off.into(), json!(false));
    }
    let mut script = Script::default();
    script.context = context;
    script.variables.push(variable);
    Some(script)
}
