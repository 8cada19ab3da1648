//! Zones of a model: which of them there are, what is in what, and who builds them.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::{IpNet, Ipv4Net};

use super::build::{Builder, kind_of};
use super::merge::{merge, unknown};
use super::{
    Access, Built, Cluster, Endpoints, Machine, Nat, NetworkDetail, Provider, Replicas, ScaleOn, Setup,
    Space, Zone, ZoneDetail, ZoneId, read,
};
use crate::catalog::{FormId, Hosting, KindId, TargetName, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::Node;
use crate::source::Span;

/// A zone's name with its places while ids are not given yet.
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) span: Span,
    pub(super) kind: KindId,
    pub(super) form: Option<FormId>,
    pub(super) node: Node,
    pub(super) parents: Vec<(String, Span)>,
    pub(super) stays: bool,
}

impl Builder<'_> {
    /// Makes the zones that a target of this environment builds, or that exist.
    pub(super) fn zones(&mut self) {
        let mut drafts = self.drafts();
        self.report_unknown_parents(&drafts);
        self.cut_cycles(&mut drafts);
        let fallen: Vec<String> = drafts.iter().filter(|d| !d.stays).map(|d| d.id.clone()).collect();
        let parents: BTreeMap<String, Vec<(String, Span)>> =
            drafts.iter().map(|d| (d.id.clone(), d.parents.clone())).collect();
        drafts.retain(|draft| draft.stays);
        for (at, draft) in drafts.iter().enumerate() {
            self.zone_ids.insert(draft.id.clone(), ZoneId(at as u32));
        }
        let shared = self.shared_zones(&drafts);
        let mut spaces = 0;
        for draft in &drafts {
            let (places, groups) = self.split_places(&draft.parents, &parents, &draft.id);
            let zone = self.zone(draft, places, groups, &shared, &mut spaces);
            self.model.zones.push(zone);
        }
        self.merged.gone_zones.extend(fallen);
        self.check_ranges(&drafts);
    }

    fn drafts(&mut self) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for entry in self.merged.zones.entries.clone() {
            let Some(kind) = kind_of(&entry.value, self.catalog) else { continue };
            if !self.catalog.kind(kind).has(Trait::Zone) {
                continue;
            }
            let form = self.zone_form(&entry.value, kind);
            if form.is_none() && entry.value.get("as").is_some() {
                self.unsure.insert(entry.key.value.clone());
            }
            self.check_settings(&entry.key, &entry.value, kind);
            let parents = read::nodes(&entry.value, "in")
                .iter()
                .filter_map(|node| Some((node.as_str()?.to_owned(), node.span)))
                .collect();
            drafts.push(Draft {
                stays: self.zone_stays(form),
                id: entry.key.value,
                span: entry.key.span,
                kind,
                form,
                node: entry.value,
                parents,
            });
        }
        drafts
    }

    /// The form that was written, else the first that a target of this environment builds, else the first.
    fn zone_form(&mut self, node: &Node, kind: KindId) -> Option<FormId> {
        if let Some(written) = node.get("as") {
            return self.written_form(written, kind);
        }
        let forms = &self.catalog.kind(kind).forms;
        let built = forms.iter().find(|used| {
            let form = self.catalog.form(used.form);
            form.hosting != Hosting::External && form.targets.iter().any(|t| self.builds(*t))
        });
        built.or(forms.first()).map(|used| used.form)
    }

    fn zone_stays(&self, form: Option<FormId>) -> bool {
        let Some(form) = form.map(|form| self.catalog.form(form)) else { return true };
        self.only_drawn() || form.targets.is_empty() || form.targets.iter().any(|t| self.model.has_target(*t))
    }

    fn report_unknown_parents(&mut self, drafts: &[Draft]) {
        for draft in drafts {
            for (parent, span) in &draft.parents {
                if drafts.iter().any(|other| other.id == *parent) {
                    continue;
                }
                self.unsure.insert(draft.id.clone());
                let others = drafts.iter().filter(|other| other.id != draft.id);
                let names: Vec<String> = others.map(|other| other.id.clone()).collect();
                self.report_no_zone(parent, *span, &names);
            }
        }
    }

    /// Reports a name under `in` that is no zone, unless something else is wrong with what it names.
    pub(super) fn report_no_zone(&mut self, name: &str, span: Span, zones: &[String]) {
        if let Some(component) = self.merged.components.get(name) {
            if kind_of(component, self.catalog).is_some_and(|kind| !self.catalog.kind(kind).has(Trait::Zone))
            {
                self.out.push(
                    Diagnostic::error("not-a-zone", span, format!("`{name}` is a component"))
                        .hint("`in` names a zone; who talks to whom is a connection"),
                );
            }
            return;
        }
        if self.reported(name) {
            return;
        }
        let diagnostic = if self.merged.gone_zones.iter().any(|gone| gone == name) {
            let environment = &self.model.environment.id;
            Diagnostic::error(
                "unknown-zone",
                span,
                format!("the zone `{name}` is deleted in `{environment}`"),
            )
            .label("what is in it stands nowhere")
            .hint(format!("say there where else it stands (`in`), or keep `{name}`"))
        } else {
            unknown("unknown-zone", "zone", name, span, zones.iter().map(String::as_str))
        };
        self.out.push(diagnostic);
    }

    /// Reports zones that contain themselves and takes them out of each other, so that later steps end.
    fn cut_cycles(&mut self, drafts: &mut [Draft]) {
        let parents: BTreeMap<String, Vec<(String, Span)>> =
            drafts.iter().map(|d| (d.id.clone(), d.parents.clone())).collect();
        let mut reported: BTreeSet<String> = BTreeSet::new();
        for draft in drafts.iter_mut() {
            let mut path = vec![draft.id.clone()];
            if let Some(cycle) = find_cycle(&draft.id, &parents, &mut path) {
                if !cycle.iter().any(|id| reported.contains(id)) {
                    let span = draft.parents.first().map_or(draft.span, |(_, span)| *span);
                    self.out.push(
                        Diagnostic::error("zone-cycle", span, format!("`{}` contains itself", draft.id))
                            .label(cycle.join(" in "))
                            .hint("zones form a tree: take one of these `in` away"),
                    );
                }
                reported.extend(cycle);
                self.unsure.insert(draft.id.clone());
                draft.parents.clear();
            }
        }
    }

    /// The place and the groups among the zones that an element is in. What fell away is replaced by what it
    /// was in itself.
    pub(super) fn split_places(
        &mut self,
        names: &[(String, Span)],
        parents: &BTreeMap<String, Vec<(String, Span)>>,
        element: &str,
    ) -> (Option<ZoneId>, Vec<ZoneId>) {
        let mut all: Vec<(ZoneId, Span)> = Vec::new();
        let mut todo: Vec<(String, Span)> = names.iter().rev().cloned().collect();
        let mut steps = 0;
        while let Some((name, span)) = todo.pop() {
            steps += 1;
            if let Some(&zone) = self.zone_ids.get(&name) {
                if !all.iter().any(|(seen, _)| *seen == zone) {
                    all.push((zone, span));
                }
            } else if let Some(outer) = parents.get(&name).filter(|_| steps < 10_000) {
                todo.extend(outer.iter().rev().map(|(outer, _)| (outer.clone(), span)));
            }
        }
        let mut place: Option<(ZoneId, Span)> = None;
        let mut groups = Vec::new();
        for (zone, span) in all {
            let id = self.zone_name(zone);
            if self.is_group(&id) {
                groups.push(zone);
            } else if let Some((first, first_span)) = place {
                let first = self.zone_name(first);
                self.out.push(
                    Diagnostic::error("two-places", span, format!("`{element}` stands in two places, `{first}` and `{id}`"))
                        .label("second place")
                        .related(first_span, "first place")
                        .hint("an element is in one place and any number of groups (docker networks, ECS clusters, groups)"),
                );
            } else {
                place = Some((zone, span));
            }
        }
        (place.map(|(zone, _)| zone), groups)
    }

    fn zone_name(&self, zone: ZoneId) -> String {
        self.zone_ids.iter().find(|(_, id)| **id == zone).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    fn is_group(&self, id: &str) -> bool {
        let Some(node) = self.merged.zones.get(id) else { return false };
        let Some(kind) = kind_of(node, self.catalog) else { return false };
        !self.zone_has(kind, self.form_of_zone(node, kind), Trait::Place)
    }

    fn form_of_zone(&self, node: &Node, kind: KindId) -> Option<FormId> {
        let written = node.get("as").and_then(Node::as_str).and_then(|name| self.catalog.find_form(name));
        written.or_else(|| self.catalog.kind(kind).forms.first().map(|used| used.form))
    }

    fn zone_has(&self, kind: KindId, form: Option<FormId>, wanted: Trait) -> bool {
        match form {
            Some(form) => self.catalog.has(kind, form, wanted),
            None => self.catalog.kind(kind).has(wanted),
        }
    }

    /// Zones that another environment builds: those that say so, and what that environment has inside them.
    fn shared_zones(&mut self, drafts: &[Draft]) -> BTreeMap<String, String> {
        let mut shared: BTreeMap<String, String> = BTreeMap::new();
        for draft in drafts {
            let Some(node) = draft.node.get("shared") else { continue };
            let Some(name) = node.as_str() else { continue };
            if self.known_environment(name, node.span) {
                shared.insert(draft.id.clone(), name.to_owned());
            }
        }
        let mut grown = true;
        while grown {
            grown = false;
            for draft in drafts {
                let owner = draft.parents.iter().find_map(|(parent, _)| shared.get(parent)).cloned();
                if let (Some(owner), None) = (owner, shared.get(&draft.id))
                    && self.environment_has(&owner, &draft.id)
                {
                    shared.insert(draft.id.clone(), owner);
                    grown = true;
                }
            }
        }
        shared
    }

    /// Whether an environment of that name exists and is not this one; reports it otherwise.
    pub(super) fn known_environment(&mut self, name: &str, span: Span) -> bool {
        let known = self.document.environments.iter().any(|e| e.id.value == name);
        if name == self.model.environment.id {
            self.out.push(
                Diagnostic::error("shared-with-itself", span, "an environment cannot share with itself")
                    .hint("`shared` names the environment that builds it"),
            );
            return false;
        }
        if !known {
            let names = self.document.environments.iter().map(|e| e.id.value.as_str());
            self.out.push(unknown("unknown-environment", "environment", name, span, names));
        }
        known
    }

    /// Whether an environment has an element.
    pub(super) fn environment_has(&self, environment: &str, id: &str) -> bool {
        let written = self.document.environments.iter().find(|e| e.id.value == environment);
        let catalog = self.catalog;
        let bridges =
            |node: &Node| kind_of(node, catalog).is_some_and(|kind| catalog.kind(kind).has(Trait::Bridged));
        let theirs = merge(self.document, written, &bridges, &mut Diagnostics::default());
        theirs.zones.get(id).or(theirs.components.get(id)).is_some()
    }

    fn zone(
        &mut self,
        draft: &Draft,
        parent: Option<ZoneId>,
        groups: Vec<ZoneId>,
        shared: &BTreeMap<String, String>,
        spaces: &mut u8,
    ) -> Zone {
        let kind = self.catalog.kind(draft.kind);
        let language = self.messages.language.clone();
        let title = read::prose(&draft.node, "title", &language);
        let is_place = self.zone_has(draft.kind, draft.form, Trait::Place);
        Zone {
            id: draft.id.clone(),
            kind: draft.kind,
            form: draft.form,
            built: self.zone_built(draft, shared.get(&draft.id)),
            was: read::texts(&draft.node, "was"),
            titled: title.is_some(),
            title: title.unwrap_or_else(|| draft.id.clone()),
            description: read::prose(&draft.node, "description", &language).unwrap_or_default(),
            parent,
            groups,
            after: None,
            icon: draft.node.get("icon").and_then(Node::as_str).map(str::to_owned),
            is_place,
            cidr: self.range(&draft.node),
            row: 0,
            detail: self.zone_detail(draft, kind.has(Trait::Elastic), spaces),
            passthrough: self.passthrough_of(&draft.node),
            allow: read::prose_pairs(&draft.node, "allow", &language),
            span: draft.span,
        }
    }

    fn zone_built(&self, draft: &Draft, shared: Option<&String>) -> Built {
        if let Some(environment) = shared {
            return Built::Shared(environment.clone());
        }
        let Some(form) = draft.form.map(|form| self.catalog.form(form)) else { return Built::Exists };
        if form.hosting == Hosting::External || form.targets.is_empty() {
            return Built::Exists;
        }
        match form.targets.iter().find(|target| self.model.has_target(**target)) {
            Some(target) => Built::By(*target),
            None => Built::By(TargetName::Diagram),
        }
    }

    fn zone_detail(&mut self, draft: &Draft, elastic: bool, spaces: &mut u8) -> ZoneDetail {
        let (kind, form, node) = (draft.kind, draft.form, &draft.node);
        if self.zone_has(kind, form, Trait::Provider) {
            let regions = read::texts(node, "region");
            ZoneDetail::Provider(Provider {
                name: self.zone_text(kind, node, "provider"),
                regions: if regions.is_empty() {
                    vec![self.zone_text(kind, node, "region")]
                } else {
                    regions
                },
                profile: read::text(node, "profile"),
            })
        } else if self.zone_has(kind, form, Trait::AddressSpace) {
            *spaces = spaces.saturating_add(1);
            ZoneDetail::Space(Space {
                cidr: self.range(node).unwrap_or_else(|| planned(*spaces - 1)),
                azs: zone_letters(node),
                azs_counted: node.get("azs").is_none_or(|azs| azs.as_list().is_none()),
                nat: match read::text(node, "nat").as_deref() {
                    Some("single") => Nat::Single,
                    Some("none") => Nat::None,
                    _ => Nat::PerAz,
                },
                endpoints: match read::text(node, "endpoints").as_deref() {
                    Some("all") => Endpoints::All,
                    Some("none") => Endpoints::None,
                    _ => Endpoints::Auto,
                },
                rows: 0,
                flow_logs: read::flag(node, "flow_logs").unwrap_or(false),
            })
        } else if self.zone_has(kind, form, Trait::Tier) {
            ZoneDetail::Tier(match read::text(node, "access").as_deref() {
                Some("public") => Access::Public,
                Some("isolated") => Access::Isolated,
                _ => Access::Private,
            })
        } else if self.zone_has(kind, form, Trait::Machine) {
            let spreads = self.zone_has(kind, form, Trait::Scheduler);
            ZoneDetail::Machine(Box::new(self.machine(kind, node, elastic, spreads)))
        } else if self.zone_has(kind, form, Trait::Scheduler) {
            ZoneDetail::Cluster(Cluster {
                version: read::text(node, "version"),
                instance: self.zone_text(kind, node, "instance"),
                disk: read::bytes(node, "disk"),
                replicas: self.usual_replicas(kind, node),
            })
        } else if self.zone_has(kind, form, Trait::ContainerNetwork) {
            ZoneDetail::Network(NetworkDetail {
                driver: read::text(node, "driver"),
                attachable: read::flag(node, "attachable").unwrap_or(false),
                encrypted: read::flag(node, "encrypted").unwrap_or(false),
            })
        } else {
            ZoneDetail::Plain
        }
    }

    fn machine(&self, kind: KindId, node: &Node, elastic: bool, spreads: bool) -> Machine {
        let nodes = spreads.then(|| {
            (read::count(node, "managers").unwrap_or(1).max(1), read::count(node, "workers").unwrap_or(0))
        });
        let setup = node.get("setup");
        Machine {
            os: self.zone_text(kind, node, "os"),
            instance: self.zone_text(kind, node, "instance"),
            disk: read::bytes(node, "disk"),
            key: read::text(node, "key"),
            purchase: read::text(node, "purchase"),
            replicas: match nodes {
                Some((managers, workers)) => {
                    Replicas { min: managers + workers, max: managers + workers, written: true }
                }
                None => replicas(node),
            },
            scale_on: scale_on(node),
            elastic,
            nodes,
            setup: Setup {
                packages: setup.map(|s| read::texts(s, "packages")).unwrap_or_default(),
                run: setup.map(|s| read::texts(s, "run")).unwrap_or_default(),
                files: setup.map(|s| read::pairs(s, "files")).unwrap_or_default(),
            },
            checkout: read::text(node, "checkout"),
        }
    }

    /// The written number of machines, else the kind's.
    fn usual_replicas(&self, kind: KindId, node: &Node) -> Replicas {
        let usual = self.catalog.kind(kind).settings.iter().find(|spec| spec.name == "replicas");
        match node.get("replicas").or_else(|| usual?.default.as_ref()) {
            Some(counts) => replica_counts(counts),
            None => Replicas::default(),
        }
    }

    /// A zone's text, else its kind's default.
    fn zone_text(&self, kind: KindId, node: &Node, name: &str) -> String {
        read::text(node, name)
            .or_else(|| {
                let spec = self.catalog.kind(kind).settings.iter().find(|spec| spec.name == name)?;
                spec.default.as_ref()?.as_str().map(str::to_owned)
            })
            .unwrap_or_default()
    }

    fn range(&mut self, node: &Node) -> Option<Ipv4Net> {
        let written = node.get("cidr")?;
        match written.as_str()?.parse::<IpNet>().ok()? {
            IpNet::V4(range) => Some(range),
            IpNet::V6(_) => {
                self.out.push(
                    Diagnostic::error("not-ipv4", written.span, "the range of a network is IPv4")
                        .hint("write one such as `10.0.0.0/16`"),
                );
                None
            }
        }
    }
}

/// The way from a zone back to itself.
fn find_cycle(
    start: &str,
    parents: &BTreeMap<String, Vec<(String, Span)>>,
    path: &mut Vec<String>,
) -> Option<Vec<String>> {
    let last = path.last()?.clone();
    for (next, _) in parents.get(&last)? {
        if next == start {
            let mut cycle = path.clone();
            cycle.push(start.to_owned());
            return Some(cycle);
        }
        if !path.contains(next) {
            path.push(next.clone());
            if let Some(cycle) = find_cycle(start, parents, path) {
                return Some(cycle);
            }
            path.pop();
        }
    }
    None
}

/// The range of the network with this number when none was written.
fn planned(number: u8) -> Ipv4Net {
    Ipv4Net::new_assert(std::net::Ipv4Addr::new(10, number, 0, 0), 16)
}

/// Letters of the availability zones: written, counted, or two.
fn zone_letters(node: &Node) -> Vec<String> {
    let letters =
        |count: usize| (0..count.clamp(1, 26)).map(|at| char::from(b'a' + at as u8).to_string()).collect();
    match node.get("azs") {
        Some(azs) if azs.as_list().is_some() => {
            let written = read::texts(node, "azs");
            if written.is_empty() { letters(2) } else { written }
        }
        Some(azs) => letters(azs.as_scalar().and_then(|s| s.as_int()).unwrap_or(2).max(1) as usize),
        None => letters(2),
    }
}

/// `replicas` of an element.
pub(super) fn replicas(node: &Node) -> Replicas {
    match node.get("replicas") {
        Some(counts) => replica_counts(counts),
        None => Replicas::default(),
    }
}

fn replica_counts(counts: &Node) -> Replicas {
    let min = read::count(counts, "min");
    let max = read::count(counts, "max");
    let low = min.or(max).unwrap_or(1);
    Replicas { min: low, max: max.unwrap_or(low).max(low), written: true }
}

/// `scale_on` of an element.
pub(super) fn scale_on(node: &Node) -> Option<ScaleOn> {
    let map = node.get("scale_on")?.as_map()?;
    let entry = map.entries.first()?;
    Some(ScaleOn {
        metric: entry.key.value.clone(),
        value: entry.value.as_scalar()?.as_int().and_then(|number| u32::try_from(number).ok())?,
    })
}
