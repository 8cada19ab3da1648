//! What a machine needs that starts its containers by itself: the files of its project, and the values of their
//! variables.

use crate::model::ComponentId;
use crate::model::derive::ContainerHost;
use crate::target::Input;

use super::losses::Losses;
use super::service::{self, Place, Service};
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
    /// Those of them that hold secrets which URLs have, too: encoded, under their name with [`ENCODED`](super::words::ENCODED) behind.
    pub encoded: Vec<String>,
    /// Who is built from the sources there, or mounts what is not among the files.
    pub of_sources: Vec<ComponentId>,
}

/// The project of a host as its compose file has it.
pub fn bundle(input: &Input, host: &ContainerHost) -> Bundle {
    let mut losses = Losses::new(input.messages, host.target().name());
    let book = Book::encoding(host);
    let place = super::place(input, host, &book);
    let services = service::services(&place, &mut losses);
    let of_sources = services.iter().filter(|service| needs_sources(service));
    let of_sources = of_sources.map(|service| service.id).collect();
    let files = super::files(&place, &mut losses).into_iter();
    let own = |path: &str| {
        path == super::FILE
            || services.iter().any(|s| s.config.as_ref().is_some_and(|(name, ..)| name == path))
    };
    let files =
        files.filter(|(path, ..)| own(path)).map(|(path, text, _)| (path, without_head(&text))).collect();
    let values = book.used().into_iter().map(|variable| (variable.name, variable.source, variable.default));
    let (project, values) = (place.project.clone(), values.collect());
    Bundle { project, files, values, encoded: book.encoded(), of_sources }
}

/// The project of one store on a machine of its own: its container has the machine's network, and its files lie below
/// a folder of the machine.
pub fn bundle_of_one(input: &Input, id: ComponentId, folder: &str) -> Bundle {
    let component = input.model.component(id);
    let host = ContainerHost { components: vec![id], ..ContainerHost::default() };
    let mut losses = Losses::new(input.messages, host.target().name());
    let book = Book::encoding(&host);
    let project = format!("{}-{}-{}", input.model.system().id, input.model.environment().id, component.id);
    let place =
        Place { input, host: &host, book: &book, folder: String::new(), project, back: String::new() };
    let mut services = service::services(&place, &mut losses);
    for service in &mut services {
        service.map.entries.retain(|entry| !["networks", "ports"].contains(&entry.key.as_str()));
        service.map.set("network_mode", Data::text("host"));
        if let Some(Data::List(volumes)) = service.map.get("volumes").cloned() {
            let mounted = volumes.into_iter().map(|volume| match volume {
                Data::Text(text) if !text.starts_with(['/', '.']) => Data::Text(format!("{folder}/{text}")),
                other => other,
            });
            service.map.set("volumes", Data::List(mounted.collect()));
        }
        service.volumes.clear();
        service.prepare = None;
        service.map.sort_keys(&super::KEY_ORDER);
    }
    let text = without_head(&super::compose_file(&place, &services, &mut losses));
    let values = book.used().into_iter().map(|variable| (variable.name, variable.source, variable.default));
    let files = vec![(super::FILE.to_owned(), text)];
    let (project, values) = (place.project.clone(), values.collect());
    Bundle { project, files, values, encoded: book.encoded(), of_sources: Vec::new() }
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
