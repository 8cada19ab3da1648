//! Images in a runbook: where they are built and pushed, and what they are called there.

use crate::catalog::{TargetName, Trait};
use crate::model::derive::Delivery;
use crate::model::{Built, ComponentId, End, Workload};
use crate::target::shell::quote;
use crate::target::terraform::{address, architecture, region_key};

use super::page::Page;
use super::words::{Seat, Words};

/// Building and pushing the images of components that a registry delivers.
pub(super) fn images(page: &Page, wanted: impl Fn(ComponentId) -> bool) -> String {
    let (mut built, mut pushed) = (Vec::new(), Vec::new());
    let (mut logins, mut own_known): (Vec<String>, bool) = (Vec::new(), false);
    for (id, component) in page.model().components().filter(|(id, _)| wanted(*id)) {
        let Some(workload) = &component.workload else { continue };
        let Some(build) = &workload.build else { continue };
        let name = image(page, id, workload, "");
        built.push(format!(
            "docker build{} -t {name} {}",
            platform(page, id, workload),
            context(&build.context)
        ));
        pushed.push(format!("docker push {name}"));
        // A repository that Terraform made is at the registry of the provider's account, the same for all.
        let own = page.input.facts.delivery(id) == Some(Delivery::Repository);
        let more = match (own, own_known) {
            (true, true) => Vec::new(),
            (true, false) => page.command(id, "login", Seat::Own).into_iter().collect(),
            (false, _) => registries(page),
        };
        own_known |= own;
        for login in more {
            if !logins.contains(&login) {
                logins.push(login);
            }
        }
    }
    if built.is_empty() {
        return String::new();
    }
    let tagged = built.iter().any(|command| command.contains("$TAG"));
    let mut all: Vec<String> =
        tagged.then(|| format!("TAG=1.0.0 # {}", page.say("start.tag"))).into_iter().collect();
    let words = Words { input: page.input, seat: Seat::Own };
    for (id, component) in page.model().components() {
        let variable = crate::model::variable_name(&format!("{}-host", component.id));
        let named = built.iter().any(|command| command.contains(&format!("${variable}\"")));
        if named && let Some(address) = words.address(id) {
            all.push(format!("{variable}={address}"));
        }
    }
    all.extend(built);
    all.extend(logins);
    all.extend(pushed);
    format!("\n{}", page.shell(&page.say("start.push"), &all))
}

/// The option for the processor that an image will meet, which is often another one than the reader's: what the author
/// wrote, else that of the machine, where Terraform makes what runs it.
pub(super) fn platform(page: &Page, id: ComponentId, workload: &Workload) -> String {
    let machine = page.model().machine(End::Component(id)).map(|zone| page.model().zone(zone));
    let instance = machine.and_then(|zone| zone.machine()).map(|machine| machine.instance.clone());
    let ours = machine.is_some_and(|zone| zone.built == Built::By(TargetName::Terraform));
    let known = ours && instance.is_some() || page.input.facts.delivery(id) == Some(Delivery::Repository);
    let derived = known.then(|| format!("linux/{}", architecture(&instance)));
    let platform = workload.platform.clone().or(derived);
    platform.map(|platform| format!(" --platform {}", quote(&platform))).unwrap_or_default()
}

/// A folder of the description.
pub(super) fn context(path: &str) -> String {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() || path == "." { ".".to_owned() } else { quote(path) }
}

/// Logging in to the registries of the description.
fn registries(page: &Page) -> Vec<String> {
    let all = page.model().components();
    let registries =
        all.filter(|(_, component)| page.input.catalog.kind(component.kind).has(Trait::Registry));
    registries.filter_map(|(id, _)| page.command(id, "connect", Seat::Own)).collect()
}

/// The name of an image.
pub(super) fn image(page: &Page, id: ComponentId, workload: &Workload, project: &str) -> String {
    let words = Words { input: page.input, seat: Seat::Own };
    if let Some(image) = &workload.image {
        let name = words.command(image);
        // What stands for a reference is quoted already.
        return if image.references().next().is_some() { name } else { quote(&name) };
    }
    if page.input.facts.delivery(id) == Some(Delivery::Repository) {
        return format!(
            "\"$(terraform -chdir={} output -raw {}_repository):$TAG\"",
            page.terraform_folder(page.id()),
            page.component(id).name()
        );
    }
    let images = page.input.facts.registry.and_then(|registry| {
        crate::target::attributes::attribute(registry, "images", page.model(), page.input.catalog, &words)
            .ok()
    });
    match images {
        // The shell knows its address by then, in quotes.
        Some(images) => format!("{images}/{}:latest", page.component(id).id),
        None if project.is_empty() => quote(&page.component(id).id),
        None => quote(&format!("{project}-{}", page.component(id).id)),
    }
}

/// What has a repository of its own for its image: it starts with an image that is there, or not at all.
pub(super) fn repositories<'a>(page: &'a Page) -> impl Iterator<Item = ComponentId> + use<'a> {
    let all = page.model().components().map(|(id, _)| id);
    all.filter(|id| page.input.facts.delivery(*id) == Some(Delivery::Repository))
}

/// Where the repository of a component stands in Terraform, once for each region.
pub(super) fn targets(page: &Page, id: ComponentId) -> Vec<String> {
    let component = page.component(id);
    let form = page.input.catalog.form(component.form);
    let pattern = form.delivery.as_ref().and_then(|node| node.get("resource")?.as_str());
    let context = serde_json::json!({ "name": component.name() });
    let Some(resource) = pattern.and_then(|text| crate::template::render(text, &context).ok()) else {
        return Vec::new();
    };
    match &page.input.facts.regions {
        Some(regions) => {
            let in_region = |name: &String| format!("module.{}.{resource}", region_key(name));
            regions.names.iter().map(in_region).collect()
        }
        None => vec![address(page.input, &resource)],
    }
}
