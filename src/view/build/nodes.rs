//! Leaves: components and their copies, machines without components, gateways; overlays around copies.

use super::draft::{Copy, Draft, Spot};
use super::{logical, text};
use crate::catalog::{Hosting, Trait};
use crate::layout::{Place, Role};
use crate::model::derive::endpoints::gateway_tier;
use crate::model::derive::{CopyPart, Instance, SpacePart};
use crate::model::{Access, Built, Component, ComponentId, End, Nat, Zone, ZoneDetail, ZoneId};
use crate::view::{Detail, Group, Marks, Node};

/// More copies of one component are not drawn one by one.
const MOST_COPIES: u32 = 8;

/// A place for copies: where, in which availability zone, what they do there and how many.
type Stand = (Spot, Option<usize>, CopyPart, u32);

impl Draft<'_> {
    /// Draws the components, then machines on which none is drawn.
    pub(super) fn draw_nodes(&mut self) {
        for (id, component) in self.shown() {
            let stands = self.stands(id, component);
            self.draw_copies(id, component, &stands);
        }
        for (id, component) in self.shown() {
            let Some(other) = component.hint.after else { continue };
            let others = self.copies[other.0 as usize].clone();
            for copy in self.copies[id.0 as usize].clone() {
                // A copy follows the copy in its own availability zone.
                let after = others.iter().find(|other| other.az == copy.az).or(others.first());
                self.view.nodes[copy.node].after = after.map(|other| other.node);
            }
        }
        if self.plan.only.is_none() && !self.plan.logical {
            self.draw_bare_machines();
        }
    }

    fn draw_copies(&mut self, id: ComponentId, component: &Component, stands: &[Stand]) {
        let first = self.view.nodes.len();
        let zones: Vec<Option<usize>> = stands.iter().map(|(_, az, _, _)| *az).collect();
        for (at, (spot, az, part, count)) in stands.iter().copied().enumerate() {
            let leaf = self.leaf(id, part, stands);
            let letter = az.zip(component.place).and_then(|(az, place)| self.letter(place, az));
            let several = zones.iter().any(|other| *other != az);
            // The second copy in one place, and those after it, have a number.
            let before = zones[..at].iter().filter(|other| **other == az).count();
            let number = if before == 0 { String::new() } else { format!(".{}", before + 1) };
            let node = Node {
                id: match letter.filter(|_| several) {
                    Some(letter) => format!("{}@{letter}{number}", component.id),
                    None => format!("{}{number}", component.id),
                },
                copies: count,
                badge: if stands.len() == 1 { text::badge(self, id, count) } else { String::new() },
                parent: self.boxes.get(&spot).copied(),
                role: if matches!(spot, Spot::Region(_)) && self.spans(component) {
                    Role::Regional
                } else {
                    self.role(component)
                },
                copy_of: az.filter(|_| several && before == 0).map(|az| (az, first)),
                marks: self.marks(id, part),
                ..leaf
            };
            self.copies[id.0 as usize].push(Copy { node: self.view.nodes.len(), az, part });
            self.view.nodes.push(node);
        }
    }

    /// A component as one leaf on the page.
    pub(super) fn leaf(&self, id: ComponentId, part: CopyPart, stands: &[Stand]) -> Node {
        let component = self.model.component(id);
        let kind = self.kind(component);
        let form = Some(component.form).filter(|_| !self.plan.logical);
        let (title, quiet) = match self.plan.logical {
            true => logical::meaning(self, id),
            false => text::caption(self, id, part, stands),
        };
        let icon = component.hint.icon.as_deref();
        Node {
            id: component.id.clone(),
            kind: kind.name.clone(),
            category: kind.category.clone(),
            icon: icon.unwrap_or_else(|| self.input.catalog.icon(component.kind, form)).to_owned(),
            title,
            quiet,
            copies: 1,
            badge: String::new(),
            card: None,
            parent: None,
            role: self.role(component),
            place: component.hint.place.as_deref().and_then(place),
            after: None,
            copy_of: None,
            detail: text::detail(self, id),
            marks: Marks::default(),
        }
    }

    /// A machine as one leaf on the page.
    pub(super) fn machine_leaf(&self, id: ZoneId) -> Node {
        let zone = self.model.zone(id);
        let kind = self.input.catalog.kind(zone.kind);
        let (title, quiet) = text::machine(self, id);
        Node {
            id: zone.id.clone(),
            kind: kind.name.clone(),
            category: "compute".to_owned(),
            icon: self.zone_icon(zone).to_owned(),
            title,
            quiet,
            copies: 1,
            badge: String::new(),
            card: None,
            parent: None,
            role: Role::Compute,
            place: None,
            after: None,
            copy_of: None,
            detail: Detail::default(),
            marks: Marks::default(),
        }
    }

    /// Where the copies of a component stand: each by itself where every copy is wanted and they are not too many.
    fn stands(&self, id: ComponentId, component: &Component) -> Vec<Stand> {
        let stands = self.folded_stands(id, component);
        let all: u32 = stands.iter().map(|(_, _, _, count)| *count).sum();
        if !self.plan.copies || all > MOST_COPIES {
            return stands;
        }
        let each = |(spot, az, part, count): Stand| (0..count).map(move |_| (spot, az, part, 1));
        stands.into_iter().flat_map(each).collect()
    }

    /// Where the copies of a component stand, those of one place together.
    fn folded_stands(&self, id: ComponentId, component: &Component) -> Vec<Stand> {
        if self.plan.logical {
            return vec![(Spot::Page, None, CopyPart::Equal, 1)];
        }
        let empty = Vec::new();
        let copies: &Vec<Instance> = self.input.facts.copies.get(id.0 as usize).unwrap_or(&empty);
        // Where the machines are drawn as one box that says their number, only what stands on each is counted.
        let machine = self.model.machine(End::Component(id)).and_then(|zone| self.model.zone(zone).machine());
        let all = match machine {
            Some(machine) if machine.nodes.is_none() => component.replicas.min,
            _ => copies.len() as u32,
        }
        .max(1);
        let one = |spot: Spot| vec![(spot, None, CopyPart::Equal, all)];
        if let Some(frame) = self.plan.frame {
            return one(Spot::Zone(frame, None));
        }
        let Some(place) = component.place else { return one(self.unplaced(id, component)) };
        if let ZoneDetail::Provider(_) = self.model.zone(place).detail {
            return one(self.in_provider(id, component, place));
        }
        let docker = self.docker_spot(id);
        let Some((space, zones)) = self.expanded(place) else {
            return one(docker.unwrap_or(Spot::Zone(place, None)));
        };
        let in_tier = matches!(self.model.zone(place).detail, ZoneDetail::Tier(_));
        match self.role(component) {
            Role::Balancer if in_tier => return vec![(Spot::Zone(space, None), None, CopyPart::Equal, 1)],
            _ if in_tier && self.spans(component) => {
                let provider = self.model.provider(End::Zone(space));
                return one(provider.map_or(Spot::Zone(space, None), Spot::Region));
            }
            _ => {}
        }
        let mut stands: Vec<Stand> = Vec::new();
        let columns = self.columns(zones);
        for copy in copies {
            let column = |az: &String| columns.iter().position(|letters| letters.contains(az));
            let az = copy.az.as_ref().and_then(column).unwrap_or(0);
            match stands.iter_mut().find(|(_, other, part, _)| *other == Some(az) && *part == copy.part) {
                Some((_, _, _, count)) => *count += 1,
                None => {
                    let spot = docker.unwrap_or(Spot::Zone(place, Some(az)));
                    stands.push((spot, Some(az), copy.part, 1));
                }
            }
        }
        if stands.is_empty() {
            stands.push((docker.unwrap_or(Spot::Zone(place, Some(0))), Some(0), CopyPart::Equal, 1));
        }
        // A component inside of the space, but in no tier of it, stands in no availability zone.
        if !self.boxes.contains_key(&stands[0].0) && self.boxes.contains_key(&Spot::Zone(place, None)) {
            return one(Spot::Zone(place, None));
        }
        stands
    }

    /// Whether something in a tier serves all availability zones alike, so that it stands beside them.
    fn spans(&self, component: &Component) -> bool {
        let form = self.input.catalog.form(component.form);
        let managed = form.hosting == Hosting::Own && !form.provider.is_empty();
        let share = self.kind(component).has(Trait::FileShare) && managed;
        share || self.role(component) == Role::Regional
    }

    /// The box of a docker network, or of the host, where one is drawn.
    pub(super) fn docker_spot(&self, id: ComponentId) -> Option<Spot> {
        let hosts = &self.input.facts.machines;
        let host = hosts.iter().position(|host| host.components.contains(&id))?;
        let network = hosts[host].networks.iter().position(|network| network.members.contains(&id));
        let spot = network.map(|network| Spot::Network(host, network));
        let spot = spot.filter(|spot| self.boxes.contains_key(spot)).unwrap_or(Spot::Docker(host));
        self.boxes.contains_key(&spot).then_some(spot)
    }

    /// What is installed on a machine without a zone stands beside the containers there.
    pub(super) fn loose_host(&self, component: &Component) -> Option<Spot> {
        let on_machine = self.input.catalog.form(component.form).hosting == Hosting::Host;
        let host = self.input.facts.machines.iter().position(|host| host.zone.is_none())?;
        let spot = Spot::Docker(host);
        (on_machine && component.place.is_none() && self.boxes.contains_key(&spot)).then_some(spot)
    }

    /// Without a place: on the Docker host, in its provider, or on the page.
    fn unplaced(&self, id: ComponentId, component: &Component) -> Spot {
        let form = self.input.catalog.form(component.form);
        if let Some(spot) = self.docker_spot(id).or_else(|| self.loose_host(component)) {
            return spot;
        }
        let outside = component.built == Built::Exists || form.hosting == Hosting::External;
        match self.provider_zone(&form.provider) {
            Some(provider) if !outside => self.in_provider(id, component, provider),
            _ => Spot::Page,
        }
    }

    /// What requests meet before the region stands at the provider's edge, and so does what only that reads.
    fn in_provider(&self, id: ComponentId, component: &Component, provider: ZoneId) -> Spot {
        let from_edge = |from: End| match from {
            End::Component(other) => self.role(self.model.component(other)) == Role::Cdn,
            End::Zone(_) => false,
        };
        let mut sources =
            self.model.connections().filter(|(_, c)| c.to == End::Component(id)).map(|(_, c)| c.from);
        let edge = match self.role(component) {
            Role::Guard | Role::Cdn => true,
            Role::Regional => sources.next().is_some_and(from_edge) && sources.all(from_edge),
            _ => false,
        };
        if edge { Spot::Edge(provider) } else { Spot::Region(provider) }
    }

    fn draw_bare_machines(&mut self) {
        let zones: Vec<ZoneId> = self.model.zones().map(|(id, _)| id).collect();
        for id in zones {
            let zone = self.model.zone(id);
            if zone.machine().is_none() || self.occupied(id) {
                continue;
            }
            let spots: Vec<(Option<usize>, usize)> = self
                .boxes
                .iter()
                .filter_map(|(spot, at)| match spot {
                    Spot::Zone(zone, az) if *zone == id => Some((*az, *at)),
                    _ => None,
                })
                .collect();
            let first = self.view.nodes.len();
            let several = spots.len() > 1 && self.spreads(id);
            let shown = if several { spots.len() } else { 1 };
            for (az, parent) in spots.into_iter().take(shown) {
                let letter = az.filter(|_| several).and_then(|az| self.letter(id, az));
                let node = Node {
                    id: letter.map_or_else(|| zone.id.clone(), |letter| format!("{}@{letter}", zone.id)),
                    copies: az.filter(|_| several).map_or(1, |az| self.letters(id, az).len() as u32),
                    parent: Some(parent),
                    copy_of: az.filter(|_| several).map(|az| (az, first)),
                    ..self.machine_leaf(id)
                };
                let copy = Copy { node: self.view.nodes.len(), az, part: CopyPart::Equal };
                self.machines.entry(id).or_default().push(copy);
                self.view.nodes.push(node);
            }
        }
    }

    /// The icon of a zone: the author's, else its form's or kind's.
    pub(super) fn zone_icon<'z>(&'z self, zone: &'z Zone) -> &'z str {
        zone.icon.as_deref().unwrap_or_else(|| self.input.catalog.icon(zone.kind, zone.form))
    }

    /// Whether a drawn component stands on a machine.
    pub(super) fn occupied(&self, machine: ZoneId) -> bool {
        self.shown().iter().any(|(id, _)| self.model.places(*id).any(|zone| zone == machine))
    }

    /// Overlays: one for each machine that spreads over zones, one for each other component that does.
    pub(super) fn draw_groups(&mut self) {
        let machines: Vec<ZoneId> =
            self.model.zones().map(|(id, _)| id).filter(|id| self.spreads(*id)).collect();
        let mut framed: Vec<ComponentId> = Vec::new();
        for machine in machines {
            let on_it = |id: &ComponentId| self.model.places(*id).any(|zone| zone == machine);
            let inside: Vec<ComponentId> = self.shown().into_iter().map(|(id, _)| id).filter(on_it).collect();
            framed.extend(&inside);
            let mut copies: Vec<Copy> =
                inside.iter().flat_map(|id| self.copies[id.0 as usize].clone()).collect();
            copies.extend(self.machines.get(&machine).into_iter().flatten().copied());
            let zone = self.model.zone(machine);
            let kind = self.input.catalog.kind(zone.kind);
            let (title, quiet) = text::machine_group(self, machine);
            let group = Group {
                id: format!("{}-group", zone.id),
                kind: kind.name.clone(),
                title,
                quiet,
                icon: self.zone_icon(zone).to_owned(),
                members: copies.iter().map(|copy| copy.node).collect(),
            };
            let drawn = self.frame(group, &copies);
            if let [only] = inside[..] {
                self.groups[only.0 as usize] = drawn;
            }
        }
        for (id, component) in self.shown() {
            let copies = self.copies[id.0 as usize].clone();
            if framed.contains(&id) || copies.iter().any(|copy| copy.part != CopyPart::Equal) {
                continue;
            }
            let (title, quiet) = text::component_group(self, id);
            let group = Group {
                id: format!("{}-group", component.id),
                kind: self.kind(component).name.clone(),
                title,
                quiet,
                icon: "server-group".to_owned(),
                members: copies.iter().map(|copy| copy.node).collect(),
            };
            self.groups[id.0 as usize] = self.frame(group, &copies);
        }
    }

    /// Adds an overlay if its members stand in more than one availability zone, or one by one.
    fn frame(&mut self, group: Group, copies: &[Copy]) -> Option<usize> {
        let first = copies.first()?.az;
        let apart = copies.iter().any(|copy| copy.az.is_some() && copy.az != first);
        let each = self.plan.copies && copies.len() > 1;
        (apart || each).then(|| {
            self.view.groups.push(group);
            self.view.groups.len() - 1
        })
    }

    /// Gateways of address spaces and the ways out of their private tiers.
    pub(super) fn draw_gateways(&mut self) {
        let spaces: Vec<ZoneId> = self
            .boxes
            .keys()
            .filter_map(|spot| match spot {
                Spot::Zone(zone, None) if self.expanded(*zone).is_some_and(|(id, _)| id == *zone) => {
                    Some(*zone)
                }
                _ => None,
            })
            .collect();
        for id in spaces {
            let Some(vpc) = self.boxes.get(&Spot::Zone(id, None)).copied() else { continue };
            let Some(public) = self.public_tier(id).filter(|_| self.plan.only.is_none()) else { continue };
            let name = format!("{}-gateway", self.model.zone(id).id);
            let gateway = self.derived(name, "internet-gateway", Role::Gateway, vpc);
            self.view.nodes[gateway].quiet =
                self.input.facts.said.of_zone(id, Some(SpacePart::Gateway)).to_owned();
            self.gateways.insert(id, gateway);
            let columns = self.expanded(id).map_or(0, |(_, space)| self.columns(space).len());
            let count = match self.way_out(id) {
                Some(Nat::PerAz) => columns,
                Some(Nat::Single) => 1,
                Some(Nat::None) | None => 0,
            };
            let first = self.view.nodes.len();
            for az in 0..count {
                let Some(parent) = self.boxes.get(&Spot::Zone(public, Some(az))).copied() else { continue };
                let letter = self.letter(id, az).unwrap_or_default();
                let name = format!("{}-nat@{letter}", self.model.zone(id).id);
                let nat = self.derived(name, "nat-gateway", Role::Nat, parent);
                self.view.nodes[nat].quiet =
                    self.input.facts.said.of_zone(id, Some(SpacePart::Nat)).to_owned();
                self.view.nodes[nat].copies = match count {
                    1 => 1,
                    _ => self.letters(id, az).len() as u32,
                };
                self.view.nodes[nat].copy_of = (count > 1).then_some((az, first));
                self.nats.insert((id, az), nat);
            }
        }
    }

    fn derived(&mut self, id: String, icon: &'static str, role: Role, parent: usize) -> usize {
        self.view.nodes.push(Node {
            id,
            kind: icon.to_owned(),
            category: "network".to_owned(),
            icon: icon.to_owned(),
            title: self.word(icon).to_owned(),
            quiet: String::new(),
            copies: 1,
            badge: String::new(),
            card: None,
            parent: Some(parent),
            role,
            place: None,
            after: None,
            copy_of: None,
            detail: Detail::default(),
            marks: Marks::default(),
        });
        self.view.nodes.len() - 1
    }

    pub(super) fn public_tier(&self, space: ZoneId) -> Option<ZoneId> {
        gateway_tier(self.model, self.input.catalog, space)
    }

    /// How private tiers of a space reach the internet; `None` where nothing stands in one.
    pub(super) fn way_out(&self, space: ZoneId) -> Option<Nat> {
        let (_, detail) = self.expanded(space)?;
        let private = |zone: ZoneId| self.model.zone(zone).detail == ZoneDetail::Tier(Access::Private);
        let used = self.shown().iter().any(|(id, component)| {
            let stays = self.role(component) == Role::Balancer || self.spans(component);
            !stays
                && self
                    .model
                    .places(*id)
                    .any(|zone| private(zone) && self.model.zone(zone).parent == Some(space))
        });
        let wanted = used && detail.nat != Nat::None && self.public_tier(space).is_some();
        (wanted && self.plan.only.is_none()).then_some(detail.nat)
    }
}

fn place(word: &str) -> Option<Place> {
    match word {
        "left" => Some(Place::Left),
        "right" => Some(Place::Right),
        "below" => Some(Place::Below),
        "row" => Some(Place::Row),
        _ => None,
    }
}
