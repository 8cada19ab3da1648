//! What images are called where pipelines build, fetch and push them.

use crate::model::ComponentId;
use crate::model::derive::Delivery;
use crate::model::derive::pipelines::Image;
use crate::target::attributes;

use super::words::Words;

/// What marks the state of the sources that a run works with, for people: the variable of every run.
pub(super) const TAG: &str = "TAG";

/// The commit of a run: a variable of those runs that name it. A tag of git can be moved, and a tag of an image that never
/// changes would then stand for another commit.
pub(super) const COMMIT: &str = "COMMIT";

/// An image's name without its tag, and the tags that it gets, the one of this run first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) repository: String,
    pub(super) tags: Vec<String>,
    /// Whether its registry takes each tag once.
    pub(super) fixed: bool,
}

impl Name {
    /// The full name that this run works with.
    pub(super) fn this(&self) -> String {
        format!("{}:{}", self.repository, self.tags.first().map_or("", String::as_str))
    }

    /// All full names.
    pub(super) fn all(&self) -> Vec<String> {
        self.tags.iter().map(|tag| format!("{}:{tag}", self.repository)).collect()
    }
}

/// The name of an image, in the words of a shell.
pub(super) fn name(words: &Words, image: Image) -> Name {
    let model = words.input.model;
    let component = model.component(image.component);
    let workload = component.workload.as_ref();
    let this = format!("${{{TAG}}}");
    let written = workload.and_then(|workload| words.text(workload.image.as_ref()?).ok());
    let built = workload.is_some_and(|workload| workload.build.is_some());
    if let Some(written) = written {
        let (repository, tag) = split(&written);
        if !built {
            return Name {
                repository: repository.to_owned(),
                tags: vec![tag.unwrap_or("latest").to_owned()],
                fixed: false,
            };
        }
        let tags = std::iter::once(this).chain(tag.map(str::to_owned)).collect();
        return Name { repository: repository.to_owned(), tags, fixed: false };
    }
    let Some(registry) = image.registry else {
        return Name {
            repository: format!("{}/{}", model.system().id, component.id),
            tags: vec![this],
            fixed: false,
        };
    };
    if let Some(repository) = own_repository(words, image.component, registry) {
        return Name { repository, tags: vec![format!("${{{COMMIT}}}")], fixed: true };
    }
    let images = attributes::attribute(registry, "images", model, words.input.catalog, words);
    let images = images.unwrap_or_else(|_| model.component(registry).id.clone());
    Name {
        repository: format!("{images}/{}", component.id),
        tags: vec![this, "latest".to_owned()],
        fixed: false,
    }
}

/// The same image as the environment of `there` calls it, where it is pulled under another name than it was pushed with:
/// every environment has repositories of its own, so that what one runs does not depend on what another keeps.
pub(super) fn elsewhere(there: &Words, pushing: &Words, image: Image) -> Option<(Image, Name)> {
    let (model, home) = (there.input.model, pushing.input.model);
    let same = |id: ComponentId| {
        let id = &home.component(id).id;
        model.components().find(|(_, component)| component.id == *id).map(|(id, _)| id)
    };
    let component = same(image.component)?;
    let registry = Some(same(image.registry?)?);
    let pulled =
        matches!(there.input.facts.delivery(component), Some(Delivery::Registry | Delivery::Repository));
    let image_there = Image { component, registry };
    let name_there = name(there, image_there);
    (pulled && name_there.repository != name(pushing, image).repository).then_some((image_there, name_there))
}

/// The name that the environment of `there` runs an image under.
pub(super) fn name_in(there: &Words, pushing: &Words, image: Image) -> Name {
    elsewhere(there, pushing, image).map_or_else(|| name(pushing, image), |(_, name)| name)
}

/// The repository that the infrastructure makes for what runs an image, in the registry of the same provider.
fn own_repository(words: &Words, id: ComponentId, registry: ComponentId) -> Option<String> {
    let own = words.input.facts.delivery(id) == Some(Delivery::Repository);
    let cloud = |id| words.delivery(id, "cloud").and_then(|node| node.as_str().map(str::to_owned));
    if !own || cloud(id).is_none() || cloud(id) != cloud(registry) {
        return None;
    }
    let host = words.delivery_text(registry, "host", &[])?;
    Some(format!("{host}/{}", words.delivery_text(id, "repository", &[])?))
}

/// An image's name and its tag; a port of the registry is no tag, and neither is a digest.
fn split(image: &str) -> (&str, Option<&str>) {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn names_and_tags_part() {
        assert_eq!(split("camilg/web:1.0.0"), ("camilg/web", Some("1.0.0")));
        assert_eq!(split("localhost:5000/web"), ("localhost:5000/web", None));
        assert_eq!(split("localhost:5000/web:2@sha256:00"), ("localhost:5000/web", Some("2")));
        assert_eq!(split("nginx"), ("nginx", None));
    }
}
