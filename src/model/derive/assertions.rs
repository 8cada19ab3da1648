//! Whether what must hold does: assertions judged on the hops that may be opened and on the copies there are.

use std::collections::BTreeSet;

use super::reach::{self, Door, Hop, Point};
use super::{Facts, rules};
use crate::catalog::{Catalog, Hosting, Reach, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Built, Claim, ComponentId, End, Model, Nat, ZoneDetail, ZoneId};

/// Why an assertion does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no way that there should be.
    NoWay {
        /// From here.
        from: Point,
        /// To there.
        to: Point,
    },
    /// There is a way that there should not be.
    Way {
        /// Where it begins.
        from: Point,
        /// Its hops.
        hops: Vec<Hop>,
    },
    /// All copies stand in the availability zone of this letter.
    Gone {
        /// What is lost.
        what: End,
        /// The letter.
        az: String,
    },
    /// The copies outside of the availability zone of this letter are no majority.
    Minority {
        /// What no longer agrees on anything.
        what: End,
        /// The letter.
        az: String,
        /// How many copies the zone holds.
        lost: usize,
        /// How many there are.
        copies: usize,
    },
    /// The only way out to others leads through the availability zone of this letter.
    NoExit {
        /// Who can no longer call out.
        who: End,
        /// The letter.
        az: String,
    },
    /// A way led through what is lost.
    Cut {
        /// From here.
        from: Point,
        /// To there.
        to: Point,
    },
}

/// Judges each assertion of the model: its faults, none where it holds.
pub(super) fn judge(model: &Model, catalog: &Catalog, facts: &Facts) -> Vec<Vec<Fault>> {
    if model.assertions().is_empty() {
        return Vec::new();
    }
    let judge = Judge { model, catalog, facts, hops: reach::hops(model, catalog, facts) };
    model.assertions().iter().map(|assertion| judge.faults(&assertion.claim)).collect()
}

/// So many further faults of one assertion are told; the runbook tells all.
const MORE: usize = 4;

/// Reports the assertions that do not hold.
pub(super) fn report(model: &Model, verdicts: &[Vec<Fault>], out: &mut Diagnostics) {
    for (assertion, faults) in model.assertions().iter().zip(verdicts) {
        let Some(first) = faults.first() else { continue };
        let environment = &model.environment().id;
        let message = format!("`{}` does not hold in `{environment}`", assertion.text);
        let more = match faults.len() {
            1 => String::new(),
            many => format!(", and {} more", many - 1),
        };
        let mut warning = Diagnostic::warning("assertion", assertion.span, message)
            .label(format!("{}{more}", first.sentence(model)))
            .hint(first.hint(model));
        for fault in faults.iter().skip(1).take(MORE) {
            warning = warning.hint(format!("also: {}", fault.sentence(model)));
        }
        for hop in first.hops() {
            if let Door::Connection(connection) = hop.by {
                let words = format!("{} leads to {}", hop.from.name(model), hop.to.name(model));
                warning = warning.related(model.connection(connection).span, words);
            }
        }
        out.push(warning);
    }
}

impl Point {
    /// The id, or `internet`.
    pub fn name(self, model: &Model) -> &str {
        match self {
            Point::Internet => "internet",
            Point::End(end) => model.end_id(end),
        }
    }
}

impl Fault {
    /// A way that there should not be, hop by hop; else nothing.
    pub fn hops(&self) -> &[Hop] {
        match self {
            Fault::Way { hops, .. } => hops,
            _ => &[],
        }
    }

    /// What mends it.
    fn hint(&self, model: &Model) -> String {
        let Fault::Minority { what, copies, .. } = self else {
            return "change the system, or the assertion if it asks too much".to_owned();
        };
        let space = model.space(*what).map(|space| model.zone(space));
        let zones = match space.map(|zone| &zone.detail) {
            Some(ZoneDetail::Space(space)) => space.azs.len(),
            _ => 0,
        };
        let third = space.map(|zone| format!("`azs: 3` on `{}`", zone.id)).unwrap_or_default();
        match (*copies, zones) {
            (..3, ..3) => format!(
                "two copies never survive one of them: `replicas: 3`, and {third} for a zone that the third, or an arbiter, stands in"
            ),
            (3.., ..3) => format!("{third}: with a copy, or an arbiter, in a third zone a majority is left"),
            _ => "`replicas: 3`: of an odd number of copies in three zones a majority is left".to_owned(),
        }
    }

    /// What is wrong, in a few words for a diagnostic.
    fn sentence(&self, model: &Model) -> String {
        match self {
            Fault::NoWay { from, to } => {
                format!("{} has no way to {}", from.name(model), to.name(model))
            }
            Fault::Way { from, hops } => {
                let mut way = from.name(model).to_owned();
                for hop in hops {
                    way.push_str(" -> ");
                    way.push_str(hop.to.name(model));
                }
                match hops.last().map(|hop| &hop.by) {
                    Some(Door::Rule(port)) => format!("{way}: the firewall lets port {port} through"),
                    Some(Door::Network(name)) => format!("{way}: both are on the docker network {name}"),
                    Some(Door::Exit) => format!("{way}: it stands where there is a way out"),
                    _ => way,
                }
            }
            Fault::Gone { what, az } => {
                format!("every copy of {} stands in availability zone {az}", model.end_id(*what))
            }
            Fault::Minority { what, az, lost, copies } => format!(
                "{} agrees by majority, and {lost} of its {copies} copies stand in availability zone {az}",
                model.end_id(*what)
            ),
            Fault::NoExit { who, az } => {
                format!(
                    "{} calls out through the one NAT gateway in availability zone {az}",
                    model.end_id(*who)
                )
            }
            Fault::Cut { from, to } => {
                format!("{} would no longer reach {}", from.name(model), to.name(model))
            }
        }
    }
}

struct Judge<'a> {
    model: &'a Model,
    catalog: &'a Catalog,
    facts: &'a Facts,
    hops: Vec<Hop>,
}

impl Judge<'_> {
    fn faults(&self, claim: &Claim) -> Vec<Fault> {
        match claim {
            Claim::Reach { from, to, holds, any_hops } => {
                let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
                pairs.filter_map(|(from, to)| self.reach(from, to, *holds, *any_hops)).collect()
            }
            Claim::Only { from, to } => to.iter().flat_map(|to| self.strangers(from, *to)).collect(),
            Claim::SurvivesZoneLoss => self.zone_loss(),
            Claim::SurvivesLossOf(end) => self.loss_of(*end),
        }
    }

    /// An end and everything in it.
    fn members(&self, end: End) -> Vec<End> {
        let End::Zone(zone) = end else { return vec![end] };
        let inside = |id: &ComponentId| {
            let component = self.model.component(*id);
            component.groups.contains(&zone)
                || self
                    .model
                    .nearest(End::Component(*id), |_| true)
                    .is_some_and(|around| self.within(around, zone))
        };
        let components = self.model.components().map(|(id, _)| id).filter(inside).map(End::Component);
        components.chain([end]).collect()
    }

    fn within(&self, zone: ZoneId, outer: ZoneId) -> bool {
        zone == outer || self.model.around(zone).any(|around| around == outer)
    }

    fn points(&self, point: Point) -> Vec<Point> {
        match point {
            Point::Internet => vec![Point::Internet],
            Point::End(end) => self.members(end).into_iter().map(Point::End).collect(),
        }
    }

    /// What is wrong between one source and one target.
    fn reach(&self, from: Point, to: Point, holds: bool, any_hops: bool) -> Option<Fault> {
        let (sources, targets) = (self.points(from), self.points(to));
        let way = if any_hops {
            let reached = reach::closure(&self.hops, &sources, |_| true);
            let end = reached.iter().find(|(end, _)| targets.contains(end)).map(|(end, _)| *end);
            end.map(|end| way_back(&reached, end))
        } else {
            let direct = |hop: &&Hop| sources.contains(&hop.from) && targets.contains(&hop.to);
            self.hops.iter().find(direct).map(|hop| vec![hop.clone()])
        };
        match (way, holds) {
            (None, true) => Some(Fault::NoWay { from, to }),
            (Some(hops), false) => Some(Fault::Way { from: hops.first().map_or(from, |hop| hop.from), hops }),
            _ => None,
        }
    }

    /// Who reaches a target and is not among those who may.
    fn strangers(&self, allowed: &[Point], to: Point) -> Vec<Fault> {
        let targets = self.points(to);
        let mut may: BTreeSet<Point> = allowed.iter().flat_map(|point| self.points(*point)).collect();
        // The machine of who may is no other than who may.
        let machines: Vec<ZoneId> = may
            .iter()
            .filter_map(|point| match point {
                Point::End(end) => self.model.machine(*end),
                Point::Internet => None,
            })
            .collect();
        may.extend(machines.into_iter().map(|zone| Point::End(End::Zone(zone))));
        if may.contains(&Point::Internet) {
            return Vec::new();
        }
        let stranger = |hop: &&Hop| {
            targets.contains(&hop.to) && !may.contains(&hop.from) && !targets.contains(&hop.from)
        };
        let found = self.hops.iter().filter(stranger);
        found.map(|hop| Fault::Way { from: hop.from, hops: vec![hop.clone()] }).collect()
    }

    /// What is lost with one availability zone, whichever it is, and missed.
    fn zone_loss(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let asked: BTreeSet<End> =
            rules::ways(self.model, self.catalog).into_iter().map(|way| way.to).collect();
        for (id, component) in self.model.components() {
            let copies = self.facts.copies(id);
            // What nobody reaches and what does nothing by itself is missed by nobody.
            let works = self.catalog.kind(component.kind).has(Trait::Workload);
            let missed = works || asked.contains(&End::Component(id));
            let there = matches!(component.built, Built::By(_) | Built::Shared(_)) && missed;
            let first = copies.first().and_then(|copy| copy.az.as_ref()).filter(|_| there);
            if let Some(az) = first.filter(|az| copies.iter().all(|copy| copy.az.as_ref() == Some(az))) {
                faults.push(Fault::Gone { what: End::Component(id), az: az.clone() });
            } else if there {
                faults.extend(self.minority(id));
            }
        }
        for (_, zone) in self.model.zones() {
            let ZoneDetail::Space(space) = &zone.detail else { continue };
            if let ([az, _, ..], Nat::Single) = (space.azs.as_slice(), space.nat) {
                faults
                    .extend(self.leaving(zone.id.as_str()).map(|who| Fault::NoExit { who, az: az.clone() }));
            }
        }
        faults
    }

    /// The first availability zone without which the copies of a store are no majority.
    fn minority(&self, id: ComponentId) -> Option<Fault> {
        let component = self.model.component(id);
        let form = self.catalog.form(component.form);
        let run_by_us = form.machine.is_some() || form.hosting != Hosting::Own;
        if !run_by_us || !self.catalog.has(component.kind, component.form, Trait::Quorum) {
            return None;
        }
        let zones: Vec<&String> = self.facts.copies(id).iter().filter_map(|copy| copy.az.as_ref()).collect();
        let held = |az: &String| zones.iter().filter(|other| **other == az).count();
        let az = zones.iter().find(|az| 2 * held(az) >= zones.len())?;
        let what = End::Component(id);
        Some(Fault::Minority { what, az: (*az).clone(), lost: held(az), copies: zones.len() })
    }

    /// Who calls somebody outside, or a service of the provider that no endpoint leads to, from a private tier of an
    /// address space.
    fn leaving<'s>(&'s self, space: &'s str) -> impl Iterator<Item = End> + 's {
        let mut seen = BTreeSet::new();
        let ways = rules::ways(self.model, self.catalog).into_iter();
        ways.filter(move |way| {
            let End::Component(to) = way.to else { return false };
            let model = self.model;
            let here = model.space(way.from).is_some_and(|zone| model.zone(zone).id == space);
            let tier = model.tier(way.from).map(|tier| &model.zone(tier).detail);
            let private = tier == Some(&ZoneDetail::Tier(crate::model::Access::Private));
            let outside = self.catalog.kind(model.component(to).kind).has(Trait::External);
            here && private && (outside || self.calls_over_nat(way.from, to))
        })
        .map(|way| way.from)
        .filter(move |end| seen.insert(*end))
    }

    /// Whether what calls a service of the provider's does so over the internet. Stores report by themselves.
    fn calls_over_nat(&self, from: End, to: ComponentId) -> bool {
        let stores = matches!(from, End::Component(id)
            if self.catalog.kind(self.model.component(id).kind).has(Trait::DataStore));
        let form = self.catalog.form(self.model.component(to).form);
        if stores || form.reach != Reach::Api {
            return false;
        }
        let owner = rules::stands(self.model, self.catalog, from);
        let covered = |service: &String| {
            let name = service.strip_prefix("gateway/").unwrap_or(service);
            let mut endpoints = self.facts.endpoints.iter();
            endpoints.any(|e| e.service == name && owner.is_some_and(|owner| e.clients.contains(&owner)))
        };
        let services = &form.services.endpoints;
        services.is_empty() || !services.iter().all(covered)
    }

    /// Who no longer reaches what else, when one element is gone: that it is gone itself is what was asked.
    fn loss_of(&self, lost: End) -> Vec<Fault> {
        let gone: BTreeSet<Point> = self.members(lost).into_iter().map(Point::End).collect();
        let written: Vec<Hop> = self
            .hops
            .iter()
            .filter(|hop| matches!(hop.by, Door::Connection(_)) && hop.from != Point::Internet)
            .cloned()
            .collect();
        let mut faults = Vec::new();
        for (id, _) in self.model.components() {
            let from = Point::End(End::Component(id));
            if gone.contains(&from) {
                continue;
            }
            let passes = |hop: &Hop| !gone.contains(&hop.from) && !gone.contains(&hop.to);
            let before = reach::closure(&written, &[from], |_| true);
            let after = reach::closure(&written, &[from], passes);
            let cut = before.into_iter().map(|(end, _)| end);
            let cut = cut.filter(|end| !gone.contains(end) && after.iter().all(|(still, _)| still != end));
            faults.extend(cut.map(|to| Fault::Cut { from, to }));
        }
        faults
    }
}

/// The hops that led to an end, from the first on.
fn way_back(reached: &[(Point, &Hop)], end: Point) -> Vec<Hop> {
    let mut way = Vec::new();
    let mut at = end;
    while let Some((_, hop)) = reached.iter().find(|(reached, _)| *reached == at) {
        way.push((*hop).clone());
        if way.len() > reached.len() {
            break;
        }
        at = hop.from;
    }
    way.reverse();
    way
}
