//! What runs on how much, of which images, and with which rights: sizes, machines, builds, grants.

use crate::catalog::Hosting;
use crate::model::derive::images as pages;
use crate::model::{End, Machine, Replicas, ScaleOn};

use super::markdown::{code, line, table};
use super::page::Page;

/// The table of machines and of what the provider runs in sizes, where Terraform makes them.
pub(super) fn machines(page: &Page) -> String {
    if !page.has_terraform() {
        return String::new();
    }
    let model = page.model();
    let mut rows = Vec::new();
    for (id, zone) in model.zones() {
        let Some(machine) = zone.machine() else { continue };
        rows.push(vec![
            page.name(End::Zone(id)),
            machine_count(page, machine),
            code_or_nothing(&machine.instance),
            code_or_nothing(&machine.os),
            machine.disk.map(size).unwrap_or_default(),
            machine.key.as_deref().map(code).unwrap_or_default(),
            machine.purchase.as_deref().map(line).unwrap_or_default(),
            scaling(page, machine.scale_on.as_ref()),
        ]);
    }
    for (id, component) in model.components() {
        if !page.is_made(id) || page.hosting(id) != Hosting::Own {
            continue;
        }
        let setting = |name: &str| component.setting_text(name).unwrap_or_default();
        let workload = component.workload.as_ref();
        let power = workload.and_then(|workload| {
            let cpu = workload.cpu.as_ref().map(|cpu| format!("{cpu} CPU"));
            let memory = workload.memory.map(size);
            let parts: Vec<String> = cpu.into_iter().chain(memory).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        });
        // Of stores, the key is that of their records.
        let key = if component.store.is_none() { code_or_nothing(&setting("key")) } else { String::new() };
        let instance = code_or_nothing(&setting("instance"));
        let scale = scaling(page, component.scale_on.as_ref());
        let storage = match crate::document::units::size(&setting("storage")) {
            Ok(written) => size(written.bytes),
            Err(_) => line(&setting("storage")),
        };
        if instance.is_empty() && storage.is_empty() && scale.is_empty() && power.is_none() {
            continue;
        }
        rows.push(vec![
            page.name(End::Component(id)),
            count(component.replicas),
            power.unwrap_or(instance),
            code_or_nothing(&setting("os")),
            storage,
            key,
            line(&setting("purchase")),
            scale,
        ]);
    }
    let head = ["name", "copies", "instance", "os", "disk", "key", "purchase", "scaling"];
    table(&page.head(&head), &rows)
}

/// Bytes in the largest unit that they are whole in.
fn size(bytes: u64) -> String {
    let units = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let fits = |(unit, _): &(u64, &str)| bytes.is_multiple_of(*unit) && bytes > 0;
    units
        .into_iter()
        .find(fits)
        .map_or_else(|| bytes.to_string(), |(unit, name)| format!("{} {name}", bytes / unit))
}

fn code_or_nothing(text: &str) -> String {
    if text.is_empty() { String::new() } else { code(text) }
}

fn count(replicas: Replicas) -> String {
    match replicas.min == replicas.max {
        true => replicas.max.to_string(),
        false => format!("{}–{}", replicas.min, replicas.max),
    }
}

fn machine_count(page: &Page, machine: &Machine) -> String {
    match machine.nodes {
        Some((managers, workers)) => page.say_with(
            "machines.nodes",
            &[("managers", &managers.to_string()), ("workers", &workers.to_string())],
        ),
        None => count(machine.replicas),
    }
}

/// What a number of copies follows.
fn scaling(page: &Page, scale: Option<&ScaleOn>) -> String {
    let said = |scale: &ScaleOn| {
        page.say_with(&format!("machines.{}", scale.metric), &[("value", &scale.value.to_string())])
    };
    scale.map(said).unwrap_or_default()
}

/// The table of images that are built: from what, for which processors, with which packages.
pub(super) fn images(page: &Page) -> String {
    let mut rows = Vec::new();
    for (_, component) in page.model().components() {
        let Some(workload) = &component.workload else { continue };
        let Some(build) = &workload.build else { continue };
        let image = workload.image.as_ref().and_then(|image| image.as_plain());
        let recipe = build.recipe.as_deref().and_then(|name| page.input.catalog.find_recipe(name));
        let base = build.base.as_deref().or(recipe.map(|recipe| recipe.base.as_str()));
        let packages: Vec<String> = build.packages.iter().map(|package| code(package)).collect();
        rows.push(vec![
            code(&component.id),
            image.as_deref().map(|image| named(page, image)).unwrap_or_default(),
            code(&build.context),
            base.map(code).unwrap_or_default(),
            workload.platform.as_deref().map(code).unwrap_or_default(),
            packages.join(", "),
        ]);
    }
    table(&page.head(&["component", "image", "context", "base", "platform", "packages"]), &rows)
}

/// An image's name, with a link to its page where its registry has one.
fn named(page: &Page, image: &str) -> String {
    match pages::page(page.model(), page.input.catalog, image) {
        Some(address) => format!("[{}]({address})", code(image)),
        None => code(image),
    }
}

/// The table of rights at the provider's API, where Terraform gives them: no component has others.
pub(super) fn rights(page: &Page) -> String {
    if !page.has_terraform() {
        return String::new();
    }
    let mut rows = Vec::new();
    for grant in &page.input.facts.grants {
        let on = page.component(grant.on);
        let Some(grants) = &page.input.catalog.form(on.form).grants else { continue };
        let (read, write) = grant.actions(grants);
        // What the provider itself hands over needs no right.
        if read.is_empty() && write.is_empty() {
            continue;
        }
        let mut actions: Vec<String> = read.iter().chain(write).map(|action| code(action)).collect();
        actions.sort_unstable();
        actions.dedup();
        rows.push(vec![code(&page.component(grant.who).id), code(&on.id), actions.join(" ")]);
    }
    if rows.is_empty() {
        return String::new();
    }
    format!("{}\n\n{}", page.say("rights.intro"), table(&page.head(&["who", "on", "actions"]), &rows))
}
