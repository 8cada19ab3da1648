//! Placements that cannot be: a database without a subnet, a network inside a subnet, what an account cannot have.

use super::build::Builder;
use super::{Built, Component, Publish, Setting, ZoneDetail, ZoneId};
use crate::catalog::{FormUse, Hosting, Limit, Profile, TargetName};
use crate::diag::Diagnostic;
use crate::source::Span;

impl Builder<'_> {
    /// Reports what stands where it cannot stand.
    pub(super) fn check_placement(&mut self) {
        self.check_zones();
        for at in 0..self.model.components.len() {
            let component = self.model.components[at].clone();
            self.check_place(&component);
            self.check_spread(&component);
            self.check_profile(&component);
            self.check_replicas(&component);
        }
        for zone in self.model.zones().map(|(id, _)| id).collect::<Vec<_>>() {
            self.check_zone_profile(zone);
        }
    }

    fn check_zones(&mut self) {
        for at in 0..self.model.zones.len() {
            let zone = self.model.zones[at].clone();
            if self.unsure.contains(&zone.id) {
                continue;
            }
            let outer = zone.parent.map(|parent| self.model.zone(parent).clone());
            let problem = match (&zone.detail, outer.as_ref().map(|outer| &outer.detail)) {
                (ZoneDetail::Tier(_), Some(ZoneDetail::Space(_))) => None,
                (ZoneDetail::Tier(_), _) => Some("stands in a network: `in` names one of kind vpc"),
                (ZoneDetail::Space(_), None | Some(ZoneDetail::Provider(_) | ZoneDetail::Plain)) => None,
                (ZoneDetail::Space(_), _) => Some("stands in a cloud or in nothing"),
                (ZoneDetail::Provider(_), None | Some(ZoneDetail::Plain)) => None,
                (ZoneDetail::Provider(_), _) => Some("stands in nothing"),
                (ZoneDetail::Machine(_), Some(ZoneDetail::Machine(_))) => {
                    Some("cannot stand on another machine")
                }
                (ZoneDetail::Machine(_), Some(ZoneDetail::Space(_))) => {
                    Some("stands in a subnet of that network")
                }
                _ => None,
            };
            if let Some(problem) = problem {
                let kind = &self.catalog.kind(zone.kind).name;
                let span = self.field_span(&zone.id, "in", true).unwrap_or(zone.span);
                let mut diagnostic = Diagnostic::error(
                    "impossible-placement",
                    span,
                    format!("`{}` cannot stand here: a {kind} {problem}", zone.id),
                );
                if let Some(outer) = outer {
                    diagnostic = diagnostic.label(format!(
                        "`{}` is a {}",
                        outer.id,
                        self.catalog.kind(outer.kind).name
                    ));
                }
                self.out.push(diagnostic.hint("`archgen kinds KIND` says where a kind may stand"));
            }
        }
    }

    /// Where a field of an element is written.
    fn field_span(&self, id: &str, field: &str, zone: bool) -> Option<crate::source::Span> {
        let map = if zone { &self.merged.zones } else { &self.merged.components };
        Some(map.get(id)?.get(field)?.span)
    }

    fn check_place(&mut self, component: &Component) {
        let form = self.catalog.form(component.form);
        if form.stands_in.is_empty() || form.hosting == Hosting::External || component.built == Built::Nowhere
        {
            return;
        }
        // A picture alone may show what stands nowhere yet, and what was reported already is not said twice.
        let around = component.place.into_iter().flat_map(|place| self.model.around(place));
        let mut unsure = around.map(|zone| &self.model.zone(zone).id).chain([&component.id]);
        if component.place.is_none() && self.only_drawn() || unsure.any(|id| self.unsure.contains(id)) {
            return;
        }
        let role = component.place.map(|place| self.place_role(place));
        let fits = match &role {
            Some(role) => form.stands_in.iter().any(|word| word == role),
            None => form.stands_in.iter().any(|word| word == "none"),
        };
        if fits {
            return;
        }
        let span = self.field_span(&component.id, "in", false).unwrap_or(component.span);
        let title = form.title.get("en").to_owned();
        let needs = match form.stands_in.first().map(String::as_str) {
            Some("tier") => "a subnet",
            Some("host") => "a server, a server group or a swarm",
            Some("outer") => "a cloud",
            Some("network") => "a network",
            _ => "nothing",
        };
        let message = match component.place {
            Some(place) => {
                let zone = self.model.zone(place);
                format!("`{}` as {title} cannot stand in `{}`", component.id, zone.id)
            }
            None => format!("`{}` as {title} stands nowhere", component.id),
        };
        let mut problem = Diagnostic::error("impossible-placement", span, message)
            .label(format!("it stands in {needs}"))
            .hint(format!("name {needs}: `in: ID`, or choose another form with `as`"));
        // On a machine it would be a container, which nothing starts without a file for them.
        let machine = component.place.is_some_and(|place| self.model.zone(place).machine().is_some());
        let kind = self.catalog.kind(component.kind);
        let contained = |used: &FormUse| self.catalog.form(used.form).hosting == Hosting::Container;
        if machine && !self.builds(TargetName::Compose) && kind.forms.iter().any(contained) {
            problem = problem.hint(
                "a container on a machine needs `compose` among the targets: `target: [terraform, compose]`",
            );
        }
        self.out.push(problem);
    }

    /// A form may need a network in several zones, whether or not it uses them.
    fn check_spread(&mut self, component: &Component) {
        let form = self.catalog.form(component.form);
        // A picture alone may be of anything.
        let built = component.built == Built::By(TargetName::Terraform);
        let Some(place) = component.place.filter(|_| built) else { return };
        let around: Vec<ZoneId> = self.model.around(place).collect();
        for zone in around {
            let ZoneDetail::Space(space) = &self.model.zone(zone).detail else { continue };
            if space.azs.len() >= form.azs {
                continue;
            }
            let id = self.model.zone(zone).id.clone();
            let title = form.title.get("en");
            let message = format!(
                "`{}` as {title} needs {} availability zones, and `{id}` has {}",
                component.id,
                form.azs,
                space.azs.len()
            );
            let mut error = Diagnostic::error("too-few-zones", component.span, message);
            if let Some(span) = self.field_span(&id, "azs", true) {
                error = error.related(span, "they are counted here");
            }
            self.out.push(error.hint(format!(
                "write `azs: {}` on `{id}`: what needs one zone still stands in one",
                form.azs
            )));
        }
    }

    fn place_role(&self, place: ZoneId) -> String {
        self.catalog.kind(self.model.zone(place).kind).role.clone()
    }

    /// The profile of the account around a zone, or of the only account there is; one that does not exist is
    /// reported at the field, however often it is asked for.
    fn profile_around(&mut self, place: Option<ZoneId>) -> Option<Profile> {
        let around: Vec<ZoneId> = match place {
            Some(place) => self.model.around(place).collect(),
            None => self.model.zones().map(|(id, _)| id).collect(),
        };
        let (zone, name) = around.into_iter().find_map(|zone| match &self.model.zone(zone).detail {
            ZoneDetail::Provider(provider) => Some((zone, provider.profile.clone()?)),
            _ => None,
        })?;
        let found = self.catalog.find_profile(&name).cloned();
        if found.is_none() {
            let zone_id = self.model.zone(zone).id.clone();
            let span = self.field_span(&zone_id, "profile", true).unwrap_or(self.model.zone(zone).span);
            let names = self.catalog.profiles().iter().map(|profile| profile.name.as_str());
            let diagnostic = super::merge::unknown("unknown-profile", "profile", &name, span, names);
            self.out.push(diagnostic);
        }
        found
    }

    /// What the account cannot have.
    fn check_profile(&mut self, component: &Component) {
        let Some(profile) = self.profile_around(component.place) else { return };
        if !matches!(component.built, Built::By(_)) {
            return;
        }
        let form = self.catalog.form(component.form).name.clone();
        for (_, reason) in profile.forbids.iter().filter(|(forbidden, _)| *forbidden == form) {
            let message = format!("`{}` cannot become `{form}` under `{}`", component.id, profile.name);
            self.out.push(
                Diagnostic::error("forbidden-by-profile", component.span, message)
                    .hint(reason.get("en").to_owned())
                    .hint("choose another form with `as`, or another account"),
            );
        }
        for limit in profile.limits.iter().filter(|limit| limit.form == form) {
            let value = match limit.field.as_str() {
                "standby" => component.store.as_ref().map(|store| store.standby.to_string()),
                "replicas" => Some(component.replicas.max.to_string()),
                "read_replicas" => component.store.as_ref().map(|store| store.read_replicas.to_string()),
                other => component.setting(other).and_then(setting_text),
            };
            self.check_limit(limit, &profile.name, value, (&component.id, false), component.span);
        }
    }

    /// What the account cannot have of zones.
    fn check_zone_profile(&mut self, id: ZoneId) {
        let zone = self.model.zone(id).clone();
        let Some(form) = zone.form.filter(|_| matches!(zone.built, Built::By(_))) else { return };
        let Some(profile) = self.profile_around(Some(id)) else { return };
        let form = self.catalog.form(form).name.clone();
        for limit in profile.limits.iter().filter(|limit| limit.form == form) {
            let values: Vec<String> = match (&zone.detail, limit.field.as_str()) {
                (ZoneDetail::Provider(provider), "region") => provider.regions.clone(),
                (ZoneDetail::Machine(machine), "instance") => vec![machine.instance.clone()],
                (ZoneDetail::Machine(machine), "replicas") => vec![machine.replicas.max.to_string()],
                _ => Vec::new(),
            };
            for value in values {
                self.check_limit(limit, &profile.name, Some(value), (&zone.id, true), zone.span);
            }
        }
    }

    /// One field that the account fixes; a value that is not there cannot be wrong.
    fn check_limit(
        &mut self,
        limit: &Limit,
        profile: &str,
        value: Option<String>,
        (id, is_zone): (&str, bool),
        span: Span,
    ) {
        if value.is_none_or(|value| limit.allows(&value)) {
            return;
        }
        let span = self.field_span(id, &limit.field, is_zone).unwrap_or(span);
        let allowed = limit.values.join(", ");
        let (must, hint) = match limit.values.as_slice() {
            [only] => (only.clone(), format!("write `{}: {only}`", limit.field)),
            _ => (format!("one of {allowed}"), format!("choose another `{}`", limit.field)),
        };
        self.out.push(
            Diagnostic::error(
                "limited-by-profile",
                span,
                format!("`{}` must be {must} under `{profile}`", limit.field),
            )
            .hint(limit.reason.get("en").to_owned())
            .hint(hint),
        );
    }

    /// Counts that cannot be met.
    fn check_replicas(&mut self, component: &Component) {
        let Some(workload) = &component.workload else { return };
        // A port of the node itself is open once on each.
        let on_node = matches!(workload.publish, Publish::Port { ingress: false, .. });
        let (limit, field) = match (workload.max_per_node, on_node) {
            (_, true) => (1, "publish"),
            (Some(limit), false) => (limit, "max_per_node"),
            (None, false) => return,
        };
        let machine = component.place.into_iter().flat_map(|place| self.model.around(place)).find_map(
            |zone| match &self.model.zone(zone).detail {
                ZoneDetail::Machine(machine) => Some((zone, machine.nodes?)),
                _ => None,
            },
        );
        let Some((zone, (managers, workers))) = machine else { return };
        let nodes = managers + workers;
        if component.replicas.min > limit.saturating_mul(nodes) {
            let span = self.field_span(&component.id, field, false).unwrap_or(component.span);
            let zone = self.model.zone(zone).id.clone();
            self.out.push(
                Diagnostic::error(
                    "too-few-nodes",
                    span,
                    format!(
                        "{} copies of `{}` do not fit on {nodes} nodes",
                        component.replicas.min, component.id
                    ),
                )
                .label(if on_node {
                    "opens a port of its node".to_owned()
                } else {
                    format!("{limit} on each")
                })
                .hint(match on_node {
                    true => format!("give `{zone}` more workers, or publish by `mode: ingress`"),
                    false => format!("give `{zone}` more workers, or allow more on one node"),
                }),
            );
        }
    }
}

fn setting_text(setting: &Setting) -> Option<String> {
    match setting {
        Setting::Text(template) => template.as_plain(),
        Setting::Int(number) => Some(number.to_string()),
        Setting::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
