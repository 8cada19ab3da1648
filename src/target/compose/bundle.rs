//! What a machine needs that starts its containers by itself: the files of its project, and the values of their
//! variables.

use crate::model::ComponentId;
use crate::model::derive::ContainerHost;
use crate::target::Input;

use super::losses::Losses;
use super::service::{self, Service};
use super::tree::Data;
use super::words::{Book, Source};

/// The project of one host.
#[derive(Debug, Clone, Default)]
pub struct Bundle {
    /// Its name.
    pub project: String,
    /// Paths below its folder, with their texts.
    pub files: Vec<(String, String)>,
    /// Variables with what they stand for, and what holds when nothing is set.
    pub values: Vec<(String, Source, Option<String>)>,
    /// Who is built from the sources there, or mounts what is not among the files.
    pub of_sources: Vec<ComponentId>,
}

/// The project of a host as its compose file has it.
pub fn bundle(input: &Input, host: &ContainerHost) -> Bundle {
    let mut losses = Losses::new(input.messages, host.target().name());
    let book = Book::new(host);
    let place = super::place(input, host, &book);
    let services = service::services(&place, &mut losses);
    let of_sources = services.iter().filter(|service| needs_sources(service));
    let of_sources = of_sources.map(|service| service.id).collect();
    let files = super::files(&place, &mut losses).into_iter();
    let own = |path: &str| {
        path == super::FILE || services.iter().any(|s| s.config.as_ref().is_some_and(|(name, ..)| name == path))
    };
    let files = files.filter(|(path, ..)| own(path)).map(|(path, text, _)| (path, without_head(&text))).collect();
    let values = book.used().into_iter().map(|variable| (variable.name, variable.source, variable.default));
    Bundle { project: place.project.clone(), files, values: values.collect(), of_sources }
}

/// A file without the lines about who fills in its variables.
fn without_head(text: &str) -> String {
    text.lines().skip_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

/// Whether a service is built on the machine, or mounts what lies beside its file and is not written here: a folder of
/// the description, somebody's certificate.
fn needs_sources(service: &Service) -> bool {
    let own = service.config.as_ref().map(|(path, ..)| format!("./{path}:"));
    let beside =
        |source: &str| source.starts_with('.') && own.as_ref().is_none_or(|own| !source.starts_with(own));
    let mounted = |mount: &Data| match mount {
        Data::Text(short) => beside(short),
        Data::Map(long) => matches!(long.get("source"), Some(Data::Text(source)) if beside(source)),
        _ => false,
    };
    let volumes = match service.map.get("volumes") {
        Some(Data::List(volumes)) => volumes.as_slice(),
        _ => &[],
    };
    service.map.get("build").is_some() || volumes.iter().any(mounted)
}
