//! The words of a picture: titles, quiet lines, labels.

use ipnet::Ipv4Net;

use super::draft::{Draft, Spot, space};
use crate::catalog::{Copying, FormId, Hosting, Reach, TargetName, Trait};
use crate::layout::{Class, Role};
use crate::model::derive::{CopyPart, images};
use crate::model::{
    Component, ComponentId, Connection, DataAccess, End, Leg, Replicas, Setting, Space, Template, Zone,
    ZoneDetail, ZoneId,
};
use crate::view::Detail;

/// A quiet line takes parts until it has so many characters.
const QUIET: usize = 26;
/// A form's title with more characters is no title of a tile.
const LONGEST: usize = 18;

/// Title and quiet line of one copy of a component: the author's words, then what they do not say.
pub(super) fn caption(
    draft: &Draft<'_>,
    id: ComponentId,
    part: CopyPart,
    stands: &[(Spot, Option<usize>, CopyPart, u32)],
) -> (String, String) {
    let component = draft.model.component(id);
    let language = &draft.model.system().language;
    let kind = draft.kind(component);
    let form = draft.input.catalog.form(component.form);
    let managed = form.hosting == Hosting::Own && !form.provider.is_empty();
    let form_title = short(form.title.get(language));
    let kind_title = kind.title.get(language);
    let named =
        managed && !draft.input.catalog.is_general(component.form) && form_title.chars().count() <= LONGEST;
    let own_words = component.title != kind_title;
    let title = match (own_words, named) {
        (false, true) if !shared_title(draft, component) => form_title.clone(),
        _ => own_title(draft, component),
    };
    let mut parts: Vec<String> = Vec::new();
    match part {
        CopyPart::Primary if stands.len() > 1 => parts.push(draft.word("primary").to_owned()),
        CopyPart::Standby => parts.push(draft.word("standby").to_owned()),
        _ => {}
    }
    parts.extend(component.setting_text("name").filter(|_| kind.has(Trait::Dns)));
    parts.extend(address(component).filter(|_| form.hosting == Hosting::External));
    let brand = Some(form_title.clone()).filter(|title| title.chars().count() <= LONGEST);
    let brand = brand.or_else(|| form.short.as_ref().map(|text| text.get(language).to_owned()));
    let brand = brand.filter(|brand| managed && title != *brand && title != form_title);
    let place = stands_across(draft, id);
    parts.push([brand, place].into_iter().flatten().collect::<Vec<_>>().join(" "));
    let version = component.setting_text("version");
    match (&version, image(component)) {
        (_, Some(image)) if form.hosting == Hosting::Container => parts.push(image),
        (Some(version), _) if title == kind_title => {
            parts.push(format!("{} {version}", draft.word("version")))
        }
        (Some(version), _) => parts.push(format!("{kind_title} {version}")),
        (None, _) if kind.has(Trait::DataStore) && !managed => parts.push(kind_title.to_owned()),
        _ => {}
    }
    parts.extend(component.setting_text("instance"));
    if let Some(cpu) = component.workload.as_ref().and_then(|w| w.cpu.as_deref()).filter(|_| managed) {
        parts.push(format!("{cpu} vCPU"));
    }
    if component.tls.is_some() {
        parts.push("TLS".to_owned());
    }
    parts.push(draft.input.facts.said.of(id).to_owned());
    parts.retain(|part| !part.is_empty());
    if parts.is_empty() && kind.has(Trait::Actor) {
        parts.extend(first_line(&component.description));
    }
    let quiet = joined(&title, parts);
    (title, quiet)
}

/// The tier of what is drawn beside tiers: it stands in all availability zones at once, or in the frame of a group.
fn stands_across(draft: &Draft<'_>, id: ComponentId) -> Option<String> {
    let component = draft.model.component(id);
    let tier = draft.model.tier(End::Component(id)).filter(|tier| component.place == Some(*tier))?;
    let across = |space: &Space| {
        format!("{} {} {}", draft.word("in"), tier_name(draft, draft.model.zone(tier)), space.azs.join(", "))
    };
    if draft.plan.frame.is_some() {
        let space = draft.model.around(tier).find_map(|zone| space(&draft.model.zone(zone).detail))?;
        return Some(across(space));
    }
    let (_, space) = draft.expanded(tier).filter(|_| draft.role(component) == Role::Balancer)?;
    Some(across(space))
}

/// What is said of a component beside its caption, and where more of it stands: where the author says, else the page of
/// the one image that it keeps.
pub(super) fn detail(draft: &Draft<'_>, id: ComponentId) -> Detail {
    let component = draft.model.component(id);
    let outside =
        |address: &&String| ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    Detail {
        tip: first_line(&component.description).unwrap_or_default(),
        link: component
            .links
            .iter()
            .map(|(_, address)| address)
            .find(outside)
            .cloned()
            .or_else(|| images::only_page(draft.model, draft.input.catalog, id))
            .unwrap_or_default(),
    }
}

/// The author's words for a component, or those of its kind where they tell it from others; else its id in words.
pub(super) fn own_title(draft: &Draft<'_>, component: &Component) -> String {
    let kind_title = draft.kind(component).title.get(&draft.model.system().language);
    let common = component.title == kind_title && shared_title(draft, component);
    match common || component.title == component.id {
        true => capital(&component.id.replace(['-', '_'], " ")),
        false => component.title.clone(),
    }
}

/// Whether another component is called alike, so that its id tells more.
fn shared_title(draft: &Draft<'_>, component: &Component) -> bool {
    let alike = |other: &Component| other.title == component.title && other.form == component.form;
    // Also what this picture leaves out, so that all pictures call one thing alike.
    draft.model.components().filter(|(_, other)| alike(other)).count() > 1
}

/// Joins what the title does not say yet, as long as there is room.
fn joined(title: &str, parts: Vec<String>) -> String {
    let mut quiet = String::new();
    let mut said = vec![title.to_lowercase()];
    for part in parts {
        let known = said.iter().any(|text| text.contains(&part.to_lowercase()));
        let room = quiet.is_empty() || quiet.chars().count() + 3 + part.chars().count() <= QUIET;
        if known || !room {
            continue;
        }
        if !quiet.is_empty() {
            quiet.push_str(" · ");
        }
        quiet.push_str(&part);
        said.push(part.to_lowercase());
    }
    quiet
}

/// A provider's brand stands on its box already.
fn short(title: &str) -> String {
    let brands = ["Amazon ", "AWS "];
    brands.iter().find_map(|brand| title.strip_prefix(brand)).unwrap_or(title).to_owned()
}

pub(super) fn first_line(text: &str) -> Option<String> {
    text.lines().next().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned)
}

/// The image with its tag but without its registry, or where it is built.
fn image(component: &Component) -> Option<String> {
    let workload = component.workload.as_ref()?;
    if let Some(build) = &workload.build {
        return Some(format!("build {}", build.context));
    }
    let image = workload.image.as_ref().and_then(Template::as_plain)?;
    Some(image.rsplit('/').next().unwrap_or(&image).to_owned())
}

/// Where an external system answers.
fn address(component: &Component) -> Option<String> {
    let text = |name: &str| match component.setting(name) {
        Some(Setting::Text(template)) => template.as_plain(),
        _ => None,
    };
    let url = text("url").map(|url| {
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or(rest).to_owned()
    });
    url.or_else(|| text("host")).or_else(|| text("from"))
}

/// What the badge of a stack says, where the number of copies changes.
pub(super) fn badge(draft: &Draft<'_>, id: ComponentId, count: u32) -> String {
    let Replicas { min, max, .. } = draft.model.component(id).replicas;
    if count > 1 && max > min && (draft.plan.logical || draft.input.facts.scales(id)) {
        format!("×{min}–{max}")
    } else {
        String::new()
    }
}

/// The title of a provider's box.
pub(super) fn cloud(draft: &Draft<'_>, provider: &str) -> String {
    draft.word("cloud-of").replace("{name}", &provider.to_uppercase())
}

/// Title and quiet text of a group or cluster: what it is and what the provider calls it, where nobody named it.
pub(super) fn plain(draft: &Draft<'_>, id: ZoneId) -> (String, String) {
    let zone = draft.model.zone(id);
    let language = &draft.model.system().language;
    let form = zone.form.map(|form| draft.input.catalog.form(form));
    let brand = form.filter(|form| !form.provider.is_empty()).map(|form| short(form.title.get(language)));
    let title = match (&brand, zone.titled) {
        (Some(_), false) => draft.input.catalog.kind(zone.kind).title.get(language).to_owned(),
        _ => zone.title.clone(),
    };
    let brand = brand.filter(|brand| *brand != title).unwrap_or_default();
    (title, brand)
}

/// The id of a tier, in the picture's language where it only says who reaches it.
fn tier_name<'d>(draft: &Draft<'d>, zone: &'d Zone) -> &'d str {
    match zone.detail {
        ZoneDetail::Tier(access) if access.name() == zone.id => {
            draft.word(super::boxes::tier_style(access).name())
        }
        _ => &zone.id,
    }
}

/// Title and addresses of a tier.
pub(super) fn tier(draft: &Draft<'_>, id: ZoneId, az: Option<usize>) -> (String, String) {
    let zone = draft.model.zone(id);
    let title = match zone.titled {
        true => zone.title.clone(),
        false => capital(&draft.word("subnet-of").replace("{name}", tier_name(draft, zone))),
    };
    let letters = az.map(|az| draft.letters(id, az)).filter(|letters| !letters.is_empty());
    let mut subnets = draft.input.facts.subnets.iter().filter(|subnet| subnet.tier == id);
    let quiet = match letters {
        Some(letters) => {
            let first = subnets.find(|subnet| letters.contains(&subnet.az));
            first.map(|subnet| ranges(draft, subnet.space, subnet.cidr, letters.len() > 1))
        }
        None => {
            let letters: Vec<&str> = subnets.map(|subnet| subnet.az.as_str()).collect();
            (letters.len() > 1).then(|| format!("{} {}", draft.word("zones"), letters.join(", ")))
        }
    };
    (title, quiet.unwrap_or_default())
}

/// How many regions' ranges stand beside each other; more would not fit on the box of a subnet.
const RANGES: usize = 3;

/// A range, in the order of the regions where there are several; `more` says that it stands for others, too.
pub(super) fn ranges(draft: &Draft<'_>, space: ZoneId, range: Ipv4Net, more: bool) -> String {
    let regions = draft.input.facts.regions.as_ref();
    let mut all = regions.map(|regions| regions.ranges(draft.model, space, range)).unwrap_or_default();
    if all.is_empty() {
        all.push(range);
    }
    let more = more || all.len() > RANGES;
    let said: Vec<String> = all.iter().take(RANGES).map(Ipv4Net::to_string).collect();
    format!("{}{}", said.join(", "), if more { " …" } else { "" })
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

/// Title and quiet text of a machine.
pub(super) fn machine(draft: &Draft<'_>, id: ZoneId) -> (String, String) {
    let zone = draft.model.zone(id);
    let title = if zone.titled { zone.title.clone() } else { capital(&zone.id.replace(['-', '_'], " ")) };
    (title, machine_size(draft, id))
}

/// Size and number of a machine.
fn machine_size(draft: &Draft<'_>, id: ZoneId) -> String {
    let Some(machine) = draft.model.zone(id).machine() else { return String::new() };
    let mut parts = vec![machine.instance.clone()];
    match machine.nodes {
        Some((managers, workers)) => {
            parts.push(format!("{managers} + {workers} {}", draft.word("nodes")));
        }
        None if machine.replicas.max > 1 => parts.push(format!("×{}", range(machine.replicas))),
        None => {}
    }
    parts.push(draft.input.facts.said.of_zone(id, None).to_owned());
    parts.push(draft.alarms(id));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn range(replicas: Replicas) -> String {
    let Replicas { min, max, .. } = replicas;
    if max > min { format!("{min}–{max}") } else { min.to_string() }
}

/// Title and quiet text of the overlay around machines.
pub(super) fn machine_group(draft: &Draft<'_>, id: ZoneId) -> (String, String) {
    let zone = draft.model.zone(id);
    let scales = zone.machine().is_some_and(|machine| machine.elastic || machine.scale_on.is_some());
    let title = match (zone.titled, scales) {
        (true, _) => zone.title.clone(),
        (false, true) => draft.word("auto-scaling").to_owned(),
        (false, false) => capital(&zone.id.replace(['-', '_'], " ")),
    };
    (title, machine_size(draft, id))
}

/// Title and quiet text of the overlay around a component's copies.
pub(super) fn component_group(draft: &Draft<'_>, id: ComponentId) -> (String, String) {
    let component = draft.model.component(id);
    let language = &draft.model.system().language;
    let groups = component.groups.iter().map(|group| draft.model.zone(*group));
    let provided = |form: &FormId| !draft.input.catalog.form(*form).provider.is_empty();
    let cluster = groups.filter_map(|zone| zone.form).find(provided);
    let form = cluster.unwrap_or(component.form);
    let by = short(draft.input.catalog.form(form).title.get(language));
    let title = match component.scale_on.is_some() {
        true => draft.word("auto-scaling").to_owned(),
        false => by.clone(),
    };
    let unit = if component.workload.is_some() { draft.word("tasks") } else { draft.word("copies") };
    let number = format!("{} {unit}", range(component.replicas));
    (title.clone(), joined(&title, vec![by, number]))
}

/// What a connection's label says.
pub(super) fn label(draft: &Draft<'_>, connection: &Connection) -> String {
    let by_right = match connection.to {
        End::Component(id) => {
            let form = draft.input.catalog.form(draft.model.component(id).form);
            form.reach == Reach::Api
        }
        End::Zone(_) => false,
    };
    let mut labels: Vec<String> = Vec::new();
    for leg in &connection.legs {
        let text = leg.label.clone().unwrap_or_else(|| leg_label(draft, leg, connection.to, by_right));
        if !text.is_empty() && !labels.contains(&text) {
            labels.push(text);
        }
    }
    labels.join(", ")
}

fn leg_label(draft: &Draft<'_>, leg: &Leg, to: End, by_right: bool) -> String {
    if let Some(path) = &leg.path {
        return path.clone();
    }
    if leg.protocol == super::lines::REPLICATION {
        let copying = match to {
            End::Component(id) => draft.copies_of(id).replica,
            End::Zone(_) => None,
        };
        return replication(draft, copying);
    }
    if by_right {
        return match leg.access {
            Some(DataAccess::Read) => draft.word("read").to_owned(),
            Some(DataAccess::Write) => draft.word("write").to_owned(),
            Some(DataAccess::ReadWrite) | None => String::new(),
        };
    }
    let name = leg_name(draft, leg, to);
    match leg.port {
        Some(port) if !name.is_empty() => format!("{name} {port}"),
        Some(port) => port.to_string(),
        None => name,
    }
}

/// What is spoken.
pub(super) fn leg_name(draft: &Draft<'_>, leg: &Leg, to: End) -> String {
    own_protocol(draft, leg, to).unwrap_or_else(|| protocol(&leg.protocol))
}

/// What a line between copies of a store says.
pub(super) fn replication(draft: &Draft<'_>, copying: Option<Copying>) -> String {
    let key = match copying {
        Some(Copying::Sync) => "sync-replication",
        Some(Copying::Async) => "async-replication",
        None => "replication",
    };
    draft.word(key).to_owned()
}

/// A data store that speaks a language of its own gives it its name.
fn own_protocol(draft: &Draft<'_>, leg: &Leg, to: End) -> Option<String> {
    if ABBREVIATIONS.contains(&leg.protocol.as_str()) {
        return None;
    }
    let target = match to {
        End::Component(id) => Some(draft.model.component(id)),
        End::Zone(_) => None,
    };
    // What hands its messages over is not the target.
    let mut all = target.into_iter().chain(draft.model.components().map(|(_, component)| component));
    let kind = all.find_map(|component| {
        let kind = draft.kind(component);
        let speaks = kind.ports.iter().any(|port| port.protocol == leg.protocol);
        (speaks && kind.has(Trait::DataStore)).then_some(kind)
    })?;
    Some(kind.title.get(&draft.model.system().language).to_owned())
}

/// Protocols that are abbreviations; others are names.
const ABBREVIATIONS: [&str; 18] = [
    "amqp", "dns", "ftp", "grpc", "http", "https", "imap", "ldap", "mqtt", "nfs", "smb", "smtp", "ssh",
    "tcp", "tls", "udp", "ws", "wss",
];

fn protocol(name: &str) -> String {
    if ABBREVIATIONS.contains(&name) { name.to_uppercase() } else { capital(name) }
}

impl Draft<'_> {
    /// Environment, provider and region, what is special.
    pub(super) fn subtitle(&self) -> String {
        let model = self.model;
        if self.plan.logical {
            return self.word("logical-subtitle").to_owned();
        }
        let mut parts = vec![model.environment().title.clone()];
        for (_, zone) in model.zones() {
            match &zone.detail {
                ZoneDetail::Provider(provider) => {
                    parts.push(format!("{} {}", provider.name.to_uppercase(), provider.regions.join(", ")));
                }
                ZoneDetail::Space(space) if space.azs.len() > 1 => {
                    parts.push(format!("{} {}", space.azs.len(), self.word("availability-zones")));
                }
                _ => {}
            }
        }
        if !model.zones().any(|(_, zone)| matches!(zone.detail, ZoneDetail::Provider(_))) {
            for (target, name) in [
                (TargetName::Compose, "Docker Compose"),
                (TargetName::Swarm, "Docker Swarm"),
                (TargetName::Kubernetes, "Kubernetes"),
            ] {
                parts.extend(model.has_target(target).then(|| name.to_owned()));
            }
        }
        parts.retain(|part| !part.trim().is_empty());
        parts.dedup();
        parts.join(" · ")
    }

    /// The way of requests, in sentences.
    pub(super) fn describe(&self) -> String {
        let about = &self.plan.about;
        let first = first_line(if about.is_empty() { &self.model.system().description } else { about });
        let lines = self.view.edges.iter().filter(|edge| matches!(edge.class, Class::Request | Class::Async));
        let lines = lines.map(|edge| format!("{}.", edge.sentence));
        let mut sentences: Vec<String> = first.into_iter().collect();
        for line in lines {
            if !sentences.contains(&line) && sentences.len() < 12 {
                sentences.push(line);
            }
        }
        match sentences.is_empty() {
            true => self.word("no-lines").to_owned(),
            false => sentences.join(" "),
        }
    }
}
