//! Which drawn things a connection's ends mean, and which gateways it passes.

use super::draft::{Copy, Draft, Spot};
use super::lines::Line;
use crate::layout::{Class, End as Drawn, Role};
use crate::model::derive::CopyPart;
use crate::model::{Access, End, ZoneDetail, ZoneId};
use crate::view::{Heads, Style};

/// What stands for an end in the picture.
#[derive(Debug, Clone, Default)]
struct Handle {
    /// The border that stands for all copies.
    border: Option<Drawn>,
    /// The border of all that stands on the same machines: lines leave from there, but arrive at the copies.
    exit: Option<Drawn>,
    copies: Vec<Copy>,
    /// The machine that spreads over zones, where the copies share it with others.
    machine: Option<ZoneId>,
}

impl Draft<'_> {
    /// Draws a connection between two ends, through the gateways on its way.
    pub(super) fn pass(&mut self, from: End, to: End, line: &Line) {
        let (source, target) = (self.space_with_gateway(from), self.space_with_gateway(to));
        let through = matches!(line.class, Class::Request | Class::Async);
        match (source, target) {
            (None, Some(space)) if through && self.stands_outside(from) => {
                let gateway = Drawn::Node(self.gateways[&space]);
                for end in self.sources(from) {
                    self.push_line(end, gateway, line, Some((from, to)));
                }
                for end in self.targets(to) {
                    self.push_line(gateway, end, &Line { heads: Heads::End, ..line.clone() }, None);
                }
            }
            (Some(space), None) if through && self.stands_on_page(to) => self.leave(from, to, space, line),
            _ => {
                for (a, b) in self.pairs(from, to) {
                    self.push_line(a, b, line, Some((from, to)));
                }
            }
        }
    }

    /// The way out: private copies leave through the NAT gateway of their zone; equal parts are drawn once.
    fn leave(&mut self, from: End, to: End, space: ZoneId, line: &Line) {
        let gateway = Drawn::Node(self.gateways[&space]);
        let access = self.model.tier(from).map(|tier| self.model.zone(tier).detail.clone());
        let private = access == Some(ZoneDetail::Tier(Access::Private));
        let egress = Line { class: Class::Request, label: self.word("egress").to_owned(), heads: Heads::End };
        let mut left = false;
        if private {
            for copy in self.handle(from).copies {
                let nat =
                    self.nats.get(&(space, copy.az.unwrap_or(0))).or_else(|| self.nats.get(&(space, 0)));
                let Some(nat) = nat.copied() else { continue };
                left = true;
                self.push_line(Drawn::Node(copy.node), Drawn::Node(nat), &egress, None);
            }
        }
        if !left {
            for end in self.sources(from) {
                self.push_line(end, gateway, &egress, None);
            }
        }
        for end in self.targets(to) {
            self.push_line(gateway, end, line, Some((from, to)));
        }
    }

    /// Each NAT gateway leads to its internet gateway.
    pub(super) fn connect_nats(&mut self) {
        let line = Line { class: Class::Request, label: String::new(), heads: Heads::End };
        for ((space, _), nat) in self.nats.clone() {
            if let Some(gateway) = self.gateways.get(&space).copied() {
                self.push_line(Drawn::Node(nat), Drawn::Node(gateway), &line, None);
            }
        }
    }

    /// The address space around an end, if its gateway is drawn.
    pub(super) fn space_with_gateway(&self, end: End) -> Option<ZoneId> {
        let space = self.model.space(end)?;
        let beside = match end {
            End::Component(id) => {
                let copies = &self.copies[id.0 as usize];
                copies.iter().any(|copy| self.view.nodes[copy.node].role == Role::Regional)
            }
            End::Zone(_) => false,
        };
        (self.gateways.contains_key(&space) && !beside).then_some(space)
    }

    fn stands_on_page(&self, end: End) -> bool {
        let handle = self.handle(end);
        !handle.copies.is_empty()
            && handle.copies.iter().all(|copy| self.view.nodes[copy.node].parent.is_none())
    }

    /// On the page, or at a provider's edge.
    fn stands_outside(&self, end: End) -> bool {
        let edges: Vec<usize> =
            self.boxes.iter().filter(|(spot, _)| matches!(spot, Spot::Edge(_))).map(|(_, at)| *at).collect();
        let outside = |parent: Option<usize>| parent.is_none_or(|parent| edges.contains(&parent));
        let handle = self.handle(end);
        let front = |role: Role| matches!(role, Role::Guard | Role::Cdn | Role::Actor | Role::External);
        !handle.copies.is_empty()
            && handle.copies.iter().all(|copy| {
                let node = &self.view.nodes[copy.node];
                outside(node.parent) && (node.parent.is_none() || front(node.role))
            })
    }

    fn handle(&self, end: End) -> Handle {
        match end {
            End::Component(id) => {
                let copies = self.copies[id.0 as usize].clone();
                let machine = self.model.machine(end).filter(|machine| self.spreads(*machine));
                let exit = machine.and_then(|machine| self.machine_border(machine));
                Handle { border: self.groups[id.0 as usize].map(Drawn::Group), exit, copies, machine }
            }
            End::Zone(id) => {
                let copies = self.machines.get(&id).cloned().unwrap_or_default();
                let group = self.machine_border(id);
                let own = |(spot, at): (&Spot, &usize)| match spot {
                    Spot::Zone(zone, _) if *zone == id => {
                        let style = self.view.containers[*at].style;
                        matches!(style, Style::Host | Style::Plain).then_some(Drawn::Container(*at))
                    }
                    _ => None,
                };
                let border = group.or_else(|| self.boxes.iter().find_map(own).filter(|_| copies.is_empty()));
                Handle { border, exit: None, copies, machine: None }
            }
        }
    }

    /// The overlay around everything on a machine that spreads over zones.
    fn machine_border(&self, machine: ZoneId) -> Option<Drawn> {
        let name = format!("{}-group", self.model.zone(machine).id);
        self.view.groups.iter().position(|group| group.id == name).map(Drawn::Group)
    }

    fn sources(&self, end: End) -> Vec<Drawn> {
        leaving(&self.handle(end)).into_iter().map(|(end, _)| end).collect()
    }

    fn targets(&self, end: End) -> Vec<Drawn> {
        ends(&self.handle(end)).into_iter().map(|(end, _)| end).collect()
    }

    /// The drawn ends of a line, in pairs: copies on the same machines talk to their neighbours, and so do
    /// copies of two components without a common border.
    pub(super) fn pairs(&self, from: End, to: End) -> Vec<(Drawn, Drawn)> {
        let (source, target) = (self.handle(from), self.handle(to));
        let together = source.machine.is_some() && source.machine == target.machine;
        let zone_by_zone = |a: &[(Drawn, Option<usize>)], b: &[(Drawn, Option<usize>)]| {
            let same = |a: &(Drawn, Option<usize>)| {
                b.iter().find(|b| a.1.is_some() && b.1 == a.1).map(|b| (a.0, b.0))
            };
            a.iter().filter_map(same).collect::<Vec<_>>()
        };
        let single = |handle: &Handle| ends(&Handle { border: None, ..handle.clone() });
        if together {
            return zone_by_zone(&single(&source), &single(&target));
        }
        let (sources, targets) = (leaving(&source), ends(&target));
        if sources.len() > 1 && targets.len() > 1 {
            let paired = zone_by_zone(&sources, &targets);
            if !paired.is_empty() {
                return paired;
            }
        }
        sources.iter().flat_map(|a| targets.iter().map(move |b| (a.0, b.0))).collect()
    }
}

/// Where lines start: at a border, where there is one.
fn leaving(handle: &Handle) -> Vec<(Drawn, Option<usize>)> {
    ends(&Handle { border: handle.border.or(handle.exit), ..handle.clone() })
}

/// The border, else the primary, else every copy.
fn ends(handle: &Handle) -> Vec<(Drawn, Option<usize>)> {
    if let Some(border) = handle.border {
        return vec![(border, None)];
    }
    let primary = handle.copies.iter().find(|copy| copy.part == CopyPart::Primary);
    let copies = primary.map_or(handle.copies.as_slice(), std::slice::from_ref);
    copies.iter().map(|copy| (Drawn::Node(copy.node), copy.az)).collect()
}
