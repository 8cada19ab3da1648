//! Containers: which zones are drawn, and inside of what.

use super::draft::{Draft, Spot, space};
use super::text;
use crate::catalog::Trait;
use crate::layout::Sort;
use crate::model::{Access, Component, ComponentId, Space, Zone, ZoneDetail, ZoneId};
use crate::view::{Container, Style};

impl<'a> Draft<'a> {
    /// Draws every zone in which something stands, from the outside in.
    pub(super) fn draw_boxes(&mut self) {
        for zone in self.in_order(|zone| zone.parent.is_none()) {
            self.draw_zone(zone, None, None);
        }
        let hosts = self.input.facts.machines.iter().enumerate();
        let loose: Vec<usize> =
            hosts.filter(|(_, host)| host.zone.is_none() && !host.cluster).map(|(at, _)| at).collect();
        let shown: Vec<ComponentId> = self.shown().into_iter().map(|(id, _)| id).collect();
        // Members of a group that is shown stand in its frame, not on their host.
        for host in loose.into_iter().filter(|_| self.plan.frame.is_none()) {
            if self.input.facts.machines[host].components.iter().any(|id| shown.contains(id)) {
                let title = (self.word("docker-host").to_owned(), String::new());
                let at = self.push_box("docker", "", Style::Host, title, None, Sort::Host);
                self.boxes.insert(Spot::Docker(host), at);
                self.draw_networks(host, at);
            }
        }
    }

    fn draw_zone(&mut self, id: ZoneId, parent: Option<usize>, az: Option<usize>) {
        if !self.has_content(id) {
            return;
        }
        let zone = self.model.zone(id);
        let spread = self.spreads(id);
        let inner = match &zone.detail {
            ZoneDetail::Provider(provider) => {
                let title = if zone.titled { zone.title.clone() } else { text::cloud(self, &provider.name) };
                let cloud = self.zone_box(id, az, Style::Cloud, (title, String::new()), parent, Sort::Outer);
                self.boxes.insert(Spot::Edge(id), cloud);
                let title = (self.word("region").to_owned(), provider.regions.join(", "));
                let region = match provider.regions.is_empty() {
                    true => cloud,
                    false => self.push_box(
                        &format!("{}-region", zone.id),
                        "",
                        Style::Region,
                        title,
                        Some(cloud),
                        Sort::Region,
                    ),
                };
                self.boxes.insert(Spot::Region(id), region);
                Some(region)
            }
            ZoneDetail::Space(space) => {
                let title = if zone.titled { zone.title.clone() } else { self.word("vpc").to_owned() };
                let title = (title, text::ranges(self, id, space.cidr, false));
                let vpc = self.zone_box(id, az, Style::Vpc, title, parent, Sort::Network);
                return self.draw_space(id, vpc);
            }
            ZoneDetail::Tier(access) => {
                let (style, sort) = (tier_style(*access), Sort::Tier(self.rank(id)));
                Some(self.zone_box(id, az, style, text::tier(self, id, az), parent, sort))
            }
            // What stands on machines in several zones is framed by an overlay instead.
            ZoneDetail::Machine(_) if spread || !self.occupied(id) => {
                if let Some(parent) = parent {
                    self.boxes.insert(Spot::Zone(id, az), parent);
                }
                parent
            }
            // A single machine stands in the first availability zone.
            ZoneDetail::Machine(machine) if machine.replicas.max == 1 && az.is_some_and(|az| az > 0) => {
                return;
            }
            ZoneDetail::Machine(_) => {
                let title = text::machine(self, id);
                let host = self.zone_box(id, az, Style::Host, title, parent, Sort::Host);
                if let Some(at) = self.input.facts.machines.iter().position(|host| host.zone == Some(id)) {
                    self.boxes.insert(Spot::Docker(at), host);
                    self.draw_networks(at, host);
                }
                Some(host)
            }
            ZoneDetail::Network(_) => return,
            ZoneDetail::Plain | ZoneDetail::Cluster(_) => {
                Some(self.zone_box(id, az, Style::Plain, text::plain(self, id), parent, Sort::Host))
            }
        };
        for child in self.children(id) {
            self.draw_zone(child, inner, az);
        }
    }

    /// Tiers once for each availability zone, or once for all.
    fn draw_space(&mut self, id: ZoneId, vpc: usize) {
        let Some(space) = space(&self.model.zone(id).detail) else { return };
        let columns = self.columns(space);
        let children = self.children(id);
        let is_tier = |child: &ZoneId| matches!(self.model.zone(*child).detail, ZoneDetail::Tier(_));
        let (tiers, others): (Vec<ZoneId>, Vec<ZoneId>) = children.into_iter().partition(is_tier);
        if self.expanded(id).is_none() {
            for tier in tiers {
                self.draw_zone(tier, Some(vpc), None);
            }
        } else {
            for (at, letters) in columns.iter().enumerate() {
                let word = if letters.len() > 1 { "several-zones" } else { "availability-zone" };
                let title = (format!("{} {}", self.word(word), letters.join(", ")), String::new());
                let letter = letters.first().map(String::as_str).unwrap_or_default();
                let name = format!("{}@{letter}", self.model.zone(id).id);
                let zone = match columns.len() {
                    1 => vpc,
                    _ => self.push_box(&name, "", Style::Zone, title, Some(vpc), Sort::Zone),
                };
                self.boxes.insert(Spot::Az(id, at), zone);
                for tier in &tiers {
                    self.draw_zone(*tier, Some(zone), Some(at));
                }
            }
        }
        for other in others {
            self.draw_zone(other, Some(vpc), None);
        }
    }

    /// Docker networks as boxes, where no component is on two of them.
    fn draw_networks(&mut self, host: usize, parent: usize) {
        let networks = &self.input.facts.machines[host].networks;
        let mut members: Vec<ComponentId> = networks.iter().flat_map(|n| n.members.iter().copied()).collect();
        let all = members.len();
        members.sort_unstable();
        members.dedup();
        let declared = networks.iter().any(|network| network.zone.is_some());
        if all != members.len() || (networks.len() < 2 && !declared) {
            return;
        }
        for (at, network) in networks.iter().enumerate() {
            let said = network.zone.map(|zone| self.input.facts.said.of_zone(zone, None).to_owned());
            let mut quiet: Vec<String> = said.into_iter().collect();
            quiet.extend(network.internal.then(|| self.word("internal").to_owned()));
            quiet.retain(|part| !part.is_empty());
            let titled = network.zone.map(|zone| self.model.zone(zone)).filter(|zone| zone.titled);
            let title = titled.map_or_else(|| network.name.clone(), |zone| zone.title.clone());
            let title = (title, quiet.join(" · "));
            let name = format!("{}-{}", self.view.containers[parent].id, network.name);
            let drawn = self.push_box(&name, "", Style::Network, title, Some(parent), Sort::Plain);
            self.boxes.insert(Spot::Network(host, at), drawn);
        }
    }

    fn children(&self, parent: ZoneId) -> Vec<ZoneId> {
        self.in_order(|zone| zone.parent == Some(parent))
    }

    /// Places in the order of the description, each right after the one that its author wants it to follow.
    fn in_order(&self, wanted: impl Fn(&Zone) -> bool) -> Vec<ZoneId> {
        let drawn = |id: ZoneId, zone: &Zone| zone.is_place || self.plan.frame == Some(id);
        let places = self.model.zones().filter(|(id, zone)| drawn(*id, zone) && wanted(zone));
        let mut order: Vec<ZoneId> = places.map(|(id, _)| id).collect();
        for id in order.clone() {
            let Some(after) = &self.model.zone(id).after else { continue };
            let others: Vec<ZoneId> = order.iter().copied().filter(|other| *other != id).collect();
            if let Some(at) = others.iter().position(|other| self.model.zone(*other).id == *after) {
                order = others;
                order.insert(at + 1, id);
            }
        }
        order
    }

    /// Whether anything that is drawn stands in a zone. A public tier also holds the ways out of the private
    /// ones; machines and what reaches from outside count, address spaces alone do not.
    fn has_content(&self, id: ZoneId) -> bool {
        if let Some(frame) = self.plan.frame {
            return self.model.around(frame).any(|zone| zone == id);
        }
        let holds =
            |component: &(ComponentId, &Component)| self.model.places(component.0).any(|zone| zone == id);
        if self.shown().iter().any(holds) {
            return true;
        }
        let machine = |zone: ZoneId| self.model.zone(zone).machine().is_some();
        let all = self.plan.only.is_none();
        if all
            && self.model.zones().any(|(zone, _)| machine(zone) && self.model.around(zone).any(|z| z == id))
        {
            return true;
        }
        let zone = self.model.zone(id);
        if let (ZoneDetail::Provider(provider), true) = (&zone.detail, all) {
            let form = |component: &Component| &self.input.catalog.form(component.form).provider;
            return self.shown().iter().any(|(_, component)| *form(component) == provider.name);
        }
        let Some(space) = zone.parent else { return false };
        zone.detail == ZoneDetail::Tier(Access::Public) && self.way_out(space).is_some()
    }

    /// Tiers in the order in which requests pass them: public, private, isolated.
    fn rank(&self, tier: ZoneId) -> u8 {
        let parent = self.model.zone(tier).parent;
        let access = |id: ZoneId| match self.model.zone(id).detail {
            ZoneDetail::Tier(access) => Some(access),
            _ => None,
        };
        let mut tiers: Vec<(Option<Access>, ZoneId)> = self
            .model
            .zones()
            .filter(|(id, zone)| zone.parent == parent && access(*id).is_some())
            .map(|(id, _)| (access(id), id))
            .collect();
        tiers.sort_unstable();
        tiers.iter().position(|(_, id)| *id == tier).unwrap_or(0).min(255) as u8
    }

    fn zone_box(
        &mut self,
        id: ZoneId,
        az: Option<usize>,
        style: Style,
        title: (String, String),
        parent: Option<usize>,
        sort: Sort,
    ) -> usize {
        let zone = self.model.zone(id);
        let name = match az.and_then(|az| self.letter(id, az)) {
            Some(letter) => format!("{}@{letter}", zone.id),
            None => zone.id.clone(),
        };
        let kind = self.input.catalog.kind(zone.kind);
        let at = self.push_box(&name, &kind.name, style, title, parent, sort);
        if zone.icon.is_some() || matches!(style, Style::Host | Style::Plain) {
            self.view.containers[at].icon = self.zone_icon(zone).to_owned();
        }
        self.boxes.insert(Spot::Zone(id, az), at);
        at
    }

    fn push_box(
        &mut self,
        name: &str,
        kind: &str,
        style: Style,
        (title, quiet): (String, String),
        parent: Option<usize>,
        sort: Sort,
    ) -> usize {
        let kind = if kind.is_empty() { style.name() } else { kind };
        self.view.containers.push(Container {
            id: name.to_owned(),
            kind: kind.to_owned(),
            style,
            title,
            quiet,
            icon: String::new(),
            parent,
            sort,
        });
        self.view.containers.len() - 1
    }

    /// The letter of a column of availability zones around a zone; the first of several.
    pub(super) fn letter(&self, zone: ZoneId, az: usize) -> Option<String> {
        self.letters(zone, az).first().cloned()
    }

    /// All letters of a column.
    pub(super) fn letters(&self, zone: ZoneId, az: usize) -> &'a [String] {
        let column = |space: &'a Space| self.columns(space).get(az).copied();
        self.expanded(zone).and_then(|(_, space)| column(space)).unwrap_or_default()
    }

    /// The zone of a provider with a name.
    pub(super) fn provider_zone(&self, name: &str) -> Option<ZoneId> {
        let named =
            |detail: &ZoneDetail| matches!(detail, ZoneDetail::Provider(provider) if provider.name == name);
        self.model.zones().find(|(_, zone)| named(&zone.detail)).map(|(id, _)| id)
    }

    /// Whether a component's kind has a trait.
    pub(super) fn has(&self, id: ComponentId, wanted: Trait) -> bool {
        self.kind(self.model.component(id)).has(wanted)
    }
}

pub(super) fn tier_style(access: Access) -> Style {
    match access {
        Access::Public => Style::SubnetPublic,
        Access::Private => Style::SubnetPrivate,
        Access::Isolated => Style::SubnetIsolated,
    }
}
