//! Where people find an image: its page at the registry that it is pushed to.

use serde_json::json;

use crate::catalog::Catalog;
use crate::document::tree::Node;
use crate::model::{ComponentId, Model};
use crate::template;

/// The page of an image, by the registries that the description has.
pub fn page(model: &Model, catalog: &Catalog, image: &str) -> Option<String> {
    model.components().find_map(|(id, _)| page_at(model, catalog, id, image))
}

/// The page of the only image that is built for a registry; `None` for none and for several.
pub fn only_page(model: &Model, catalog: &Catalog, registry: ComponentId) -> Option<String> {
    let built = model.components().filter_map(|(_, component)| {
        let workload = component.workload.as_ref()?;
        workload.build.as_ref()?;
        page_at(model, catalog, registry, &workload.image.as_ref()?.as_plain()?)
    });
    let mut pages: Vec<String> = built.collect();
    pages.dedup();
    pages.pop().filter(|_| pages.is_empty())
}

/// The page of an image at one registry; `None` where the image is of another one, or the registry has no pages.
fn page_at(model: &Model, catalog: &Catalog, registry: ComponentId, image: &str) -> Option<String> {
    let about = catalog.form(model.component(registry).form).delivery.as_ref()?;
    let text = |key: &str| about.get(key).and_then(Node::as_str);
    let (host, name) = parts(image);
    let name = name.filter(|_| text("images") == Some(host))?;
    template::render(text("page")?, &json!({ "image": name })).ok()
}

/// The host of an image's registry, and its name there without its tag; no name for one that nobody owns.
fn parts(image: &str) -> (&str, Option<&str>) {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    let image = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    };
    match image.split_once('/') {
        Some((host, name)) if host.contains(['.', ':']) || host == "localhost" => (host, Some(name)),
        Some(_) => ("docker.io", Some(image)),
        None => ("docker.io", None),
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn hosts_and_names_part() {
        assert_eq!(parts("camilg/web:1.0.0"), ("docker.io", Some("camilg/web")));
        assert_eq!(parts("ghcr.io/acme/web:1@sha256:00"), ("ghcr.io", Some("acme/web")));
        assert_eq!(parts("localhost:5000/web"), ("localhost:5000", Some("web")));
        assert_eq!(parts("nginx:1.28"), ("docker.io", None));
    }
}
