//! Volumes and folders that a service mounts.

use serde_json::json;

use crate::catalog::{Hosting, Trait};
use crate::model::{ComponentId, FileSource};
use crate::template;

use super::losses::Losses;
use super::router::Config;
use super::service::Place;
use super::stack;
use super::tree::{Data, Map, part_name};
use super::words::Words;

/// What a service mounts.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    /// Its `volumes`.
    pub(super) list: Data,
    /// The named volumes among them, with their definitions.
    pub(super) volumes: Vec<(String, Map)>,
    /// Those that lie on the disk of the one node where they were first used.
    pub(super) on_node: Vec<String>,
    /// Secrets of a swarm that are mounted as files: the name in the file, and where.
    pub(super) secrets: Vec<(String, String)>,
}

impl Mounts {
    /// Adds a named volume, once.
    fn volume(&mut self, name: &str, about: Map) {
        if self.volumes.iter().all(|(known, _)| known != name) {
            self.volumes.push((name.to_owned(), about));
        }
    }

    /// Adds a volume on the machine's own disk.
    fn own_volume(&mut self, name: &str) {
        self.volume(name, Map::default());
        if !self.on_node.iter().any(|known| known == name) {
            self.on_node.push(name.to_owned());
        }
    }
}

/// A mount before it has its form.
struct Wanted<'a> {
    target: &'a str,
    from: &'a FileSource,
    inside: Option<&'a str>,
    read_only: bool,
}

/// The mounts of a component: the folders its kind keeps, the author's, the files it delivers, a configuration.
pub(super) fn of(
    place: &Place,
    id: ComponentId,
    kind_keys: &Map,
    config: Option<&Config>,
    words: &Words,
    losses: &mut Losses,
) -> Mounts {
    let component = place.model().component(id);
    let mut mounts = Mounts::default();
    let mut list = Vec::new();
    let paths: Vec<String> = match kind_keys.get("data") {
        Some(Data::Text(path)) => vec![path.clone()],
        Some(Data::List(paths)) => paths
            .iter()
            .filter_map(|path| if let Data::Text(path) = path { Some(path.clone()) } else { None })
            .collect(),
        _ => Vec::new(),
    };
    for path in &paths {
        let last = path.rsplit('/').next().unwrap_or("data");
        let mut name =
            part_name(&format!("{}-{}", component.id, if paths.len() == 1 { "data" } else { last }));
        while mounts.on_node.contains(&name) {
            name.push('2');
        }
        list.push(Data::text(format!("{name}:{path}")));
        mounts.own_volume(&name);
    }
    let volumes = component.workload.iter().flat_map(|workload| &workload.volumes);
    let mut wanted: Vec<Wanted> = volumes
        .map(|mount| Wanted {
            target: &mount.path,
            from: &mount.from,
            inside: mount.inside.as_deref(),
            read_only: mount.read_only,
        })
        .collect();
    let delivered: Vec<(String, &FileSource)> = match config {
        Some(config) => config.folders.iter().map(|(target, source)| (target.clone(), source)).collect(),
        None => Vec::new(),
    };
    wanted.extend(delivered.iter().map(|(target, from)| Wanted {
        target,
        from,
        inside: None,
        read_only: true,
    }));
    for want in &wanted {
        list.extend(mount(place, id, want, &mut mounts, words, losses));
    }
    if let Some(config) = config {
        if !place.host.is_spread() {
            list.push(Data::text(format!("./{}:{}:ro", config.path, config.target)));
        }
        for (from, target) in &config.certificates {
            if place.host.is_spread() {
                let id = target.rsplit('/').next().unwrap_or_default();
                mounts.secrets.extend(stack::certificate(id, target));
                continue;
            }
            let source = FileSource::Path(from.clone());
            let want = Wanted { target, from: &source, inside: None, read_only: true };
            list.push(existing(from, &want));
        }
    }
    mounts.list = Data::List(list);
    mounts
}

fn mount(
    place: &Place,
    id: ComponentId,
    want: &Wanted,
    mounts: &mut Mounts,
    words: &Words,
    losses: &mut Losses,
) -> Option<Data> {
    let read_only = if want.read_only { ":ro" } else { "" };
    let source = match want.from {
        FileSource::Path(path) => {
            let path = match want.inside {
                Some(inside) => format!("{path}/{inside}"),
                None => path.clone(),
            };
            if place.host.cluster {
                losses.add(
                    place.model().component(id),
                    "folder",
                    &[("folder", &path), ("path", want.target)],
                );
                return None;
            }
            if place.host.swarm && !stack::folder(place, id, &path, want.target, losses) {
                return None;
            }
            return Some(Data::text(format!("{}:{}{read_only}", place.path(&path), want.target)));
        }
        FileSource::Component(source) => *source,
    };
    let component = place.model().component(source);
    let form = place.catalog().form(component.form);
    let kind = place.catalog().kind(component.kind);
    if place.host.cluster && (kind.has(Trait::FileShare) || kind.has(Trait::Volume)) {
        // A claim, whoever provides what it asks for.
        let name = part_name(&component.id);
        mounts.volume(&name, Map::default());
        let inside = want.inside.map(|inside| format!("#{inside}")).unwrap_or_default();
        return Some(Data::text(format!("{name}{inside}:{}{read_only}", want.target)));
    }
    let named = place.host.components.contains(&source) && form.hosting == Hosting::Container;
    if named && !kind.has(Trait::FileShare) && !kind.has(Trait::Volume) {
        // What has a server of its own is asked over the network.
        losses.add(
            place.model().component(id),
            "not_mounted",
            &[("source", &component.id), ("path", want.target)],
        );
        return None;
    }
    if named {
        if let Some(folder) = component.setting_text("source") {
            losses.add(component, "source", &[("folder", &folder)]);
        }
        if let (Some(_), true) = (want.inside, place.host.swarm) {
            let values = [("source", component.id.as_str()), ("path", want.target)];
            losses.add(place.model().component(id), "inside", &values);
            return None;
        }
        let volume_name = part_name(&component.id);
        mounts.own_volume(&volume_name);
        let Some(inside) = want.inside else {
            return Some(Data::text(format!("{volume_name}:{}{read_only}", want.target)));
        };
        let mut volume = Map::default();
        volume.set("subpath", Data::text(inside));
        return Some(long("volume", &volume_name, want, ("volume", volume)));
    }
    if !kind.has(Trait::FileShare) && !kind.has(Trait::Volume) {
        losses.add(
            place.model().component(id),
            "not_mounted",
            &[("source", &component.id), ("path", want.target)],
        );
        return None;
    }
    if place.host.swarm && kind.has(Trait::FileShare) {
        let volume_name = stack::share_name(component, want.inside);
        mounts.volume(&volume_name, stack::share(place, source, want.inside, words)?);
        return Some(Data::text(format!("{volume_name}:{}{read_only}", want.target)));
    }
    let pattern = component.setting_text("mount").unwrap_or_else(|| "/mnt/{{ id }}".to_owned());
    let folder = template::render(&pattern, &json!({ "id": component.id })).unwrap_or(pattern);
    let folder = want.inside.map_or(folder.clone(), |inside| format!("{folder}/{inside}"));
    if place.host.swarm {
        return Some(Data::text(format!("{folder}:{}{read_only}", want.target)));
    }
    Some(existing(&folder, want))
}

/// A folder that somebody else brings: when it is missing, it must not become an empty one.
fn existing(folder: &str, want: &Wanted) -> Data {
    let mut bind = Map::default();
    bind.set("create_host_path", Data::Bool(false));
    long("bind", folder, want, ("bind", bind))
}

fn long(kind: &str, source: &str, want: &Wanted, options: (&str, Map)) -> Data {
    let mut map = Map::default();
    map.set("type", Data::text(kind));
    map.set("source", Data::text(source));
    map.set("target", Data::text(want.target));
    if want.read_only {
        map.set("read_only", Data::Bool(true));
    }
    map.set(options.0, options.1);
    Data::Map(map)
}
