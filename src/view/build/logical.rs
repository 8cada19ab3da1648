//! A system without its infrastructure: what is left out, and what the rest is called.

use super::draft::Draft;
use super::lines::REPLICATION;
use super::text::{first_line, leg_name, own_title, replication};
use crate::catalog::Trait;
use crate::layout::Role;
use crate::model::{ComponentId, Connection, DataAccess, End, Leg};

/// Looks after others, or is a part of how something runs.
const ASIDE: [Trait; 7] = [
    Trait::Transparent,
    Trait::Certificate,
    Trait::Registry,
    Trait::Volume,
    Trait::Care,
    Trait::Monitor,
    Trait::SecretStore,
];

impl Draft<'_> {
    /// Whether a component only passes requests on, or looks after others: a drawing of what the system does leaves it
    /// out, and requests lead on to what is behind it.
    pub(super) fn is_infrastructure(&self, id: ComponentId) -> bool {
        let component = self.model.component(id);
        let kind = self.kind(component);
        // What the author builds does more than to pass requests on.
        let own = component.workload.as_ref().is_some_and(|workload| workload.build.is_some());
        let leads_on = |(_, connection): (_, &Connection)| connection.from == End::Component(id);
        let aside = ASIDE.iter().any(|wanted| kind.has(*wanted));
        let role = matches!(self.role(component), Role::Monitor | Role::Gateway);
        aside || role || (kind.has(Trait::Bridged) && !own && self.model.connections().any(leads_on))
    }

    /// Whether a component is no part of the system: a person, or somebody else's.
    pub(super) fn is_outside(&self, id: ComponentId) -> bool {
        let component = self.model.component(id);
        let kind = self.kind(component);
        let lent = self.input.catalog.form(component.form).hosting == crate::catalog::Hosting::External;
        kind.has(Trait::Actor) || kind.has(Trait::External) || lent
    }
}

/// What a component is called and what it is, wherever it runs.
pub(super) fn meaning(draft: &Draft<'_>, id: ComponentId) -> (String, String) {
    let component = draft.model.component(id);
    let kind = draft.kind(component);
    let kind_title = kind.title.get(&draft.model.system().language);
    let title = own_title(draft, component);
    let said = |text: &str| title.to_lowercase().contains(&text.to_lowercase());
    let quiet = match component.setting_text("version") {
        Some(version) if said(kind_title) => format!("{} {version}", draft.word("version")),
        Some(version) => format!("{kind_title} {version}"),
        None if kind.has(Trait::Actor) || kind.has(Trait::External) => {
            first_line(&component.description).unwrap_or_default()
        }
        None if said(kind_title) => String::new(),
        None => kind_title.to_owned(),
    };
    (title, quiet)
}

/// What somebody exchanges with what is behind a name, a filter or a balancer: the author's words for either end of the
/// way, else what the asker speaks, whatever is spoken behind it.
pub(super) fn asked(draft: &Draft<'_>, first: &Connection, last: &Connection) -> String {
    let labelled = |connection: &Connection| connection.legs.iter().any(|leg| leg.label.is_some());
    let names = |leg: &Leg| match first.to {
        End::Component(id) => draft.has(id, Trait::Dns) && draft.model.component(id).speaks(&leg.protocol),
        End::Zone(_) => false,
    };
    match labelled(first) || !labelled(last) && !first.legs.iter().all(names) {
        true => exchange(draft, first),
        false => exchange(draft, last),
    }
}

/// What passes along a connection: the author's words, what is done with data, or a protocol without its port.
pub(super) fn exchange(draft: &Draft<'_>, connection: &Connection) -> String {
    let mut labels: Vec<String> = Vec::new();
    for leg in &connection.legs {
        let text = match (&leg.label, leg.access) {
            (Some(label), _) => label.clone(),
            _ if leg.protocol == REPLICATION => replication(draft, None),
            (None, Some(DataAccess::Read)) => draft.word("read").to_owned(),
            (None, Some(DataAccess::Write)) => draft.word("write").to_owned(),
            (None, Some(DataAccess::ReadWrite) | None) => leg_name(draft, leg, connection.to),
        };
        if !text.is_empty() && !labels.contains(&text) {
            labels.push(text);
        }
    }
    labels.join(", ")
}
