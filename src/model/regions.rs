//! Regions and availability zones that a provider does not have.
//!
//! Providers open regions and zones, so that the list in a form's file is of some time: what it lacks and could be there
//! by now is a warning, what can be nothing at all is an error. A picture alone may be of anything.

use super::build::Builder;
use super::{Built, Space, Zone, ZoneDetail, ZoneId};
use crate::catalog::{KnownRegions, TargetName};
use crate::diag::{Diagnostic, Severity, suggest};
use crate::document::tree::Node;
use crate::source::Span;

/// The name by which `allow` silences the finding.
const RULE: &str = "unknown-region";

impl Builder<'_> {
    /// Reports regions that their provider is not known to have, and zones that its regions lack.
    pub(super) fn check_regions(&mut self) {
        let ids: Vec<ZoneId> = self.model.zones().map(|(id, _)| id).collect();
        for id in ids {
            let zone = self.model.zone(id).clone();
            match &zone.detail {
                ZoneDetail::Provider(provider) => {
                    let Some((known, title, sure)) = self.known(id) else { continue };
                    for name in &provider.regions {
                        self.check_region(&zone, name, &known, &title, sure);
                    }
                }
                ZoneDetail::Space(space) => self.check_zones_of(id, space),
                _ => {}
            }
        }
    }

    /// What is known of the regions of a provider's zone, what the provider is called, and whether something is built
    /// there.
    fn known(&self, id: ZoneId) -> Option<(KnownRegions, String, bool)> {
        let zone = self.model.zone(id);
        let ZoneDetail::Provider(provider) = &zone.detail else { return None };
        // A cloud of another provider is drawn in the form of the first one that has any.
        let form =
            zone.form.map(|form| self.catalog.form(form)).filter(|form| form.provider == provider.name)?;
        let built = zone.built == Built::By(TargetName::Terraform);
        Some((form.regions.clone()?, form.title.get("en").to_owned(), built))
    }

    fn check_region(&mut self, zone: &Zone, name: &str, known: &KnownRegions, title: &str, sure: bool) {
        if name.is_empty() || known.find(name).is_some() {
            return;
        }
        let possible = known.could_be(name);
        let named = |allow: &[(String, String)]| allow.iter().any(|(rule, _)| rule == RULE);
        if possible && (named(&zone.allow) || named(&self.model.system().allow)) {
            return;
        }
        let written = self.merged.zones.get(&zone.id).and_then(|node| node.get("region"));
        let span = written.map_or(zone.span, |node| item(node, name));
        let names = || known.all.iter().map(|region| region.name.as_str());
        let meant = match suggest::nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`? "),
            None => neighbours(name, known),
        };
        let example = names().next().unwrap_or_default();
        let (severity, message, hint) = if possible {
            let newer = format!(
                "the list is of {}; where the region is newer, say so: `allow: {{ {RULE}: reason }}`",
                known.as_of
            );
            (Severity::Warning, format!("{title} is not known to have a region `{name}`"), newer)
        } else {
            let severity = if sure { Severity::Error } else { Severity::Warning };
            (
                severity,
                format!("`{name}` is no region of {title}"),
                format!("a region is called like `{example}`"),
            )
        };
        let hint = format!("{meant}{hint}");
        self.out.push(Diagnostic::new(severity, RULE, Some(span), message).hint(hint));
    }

    /// The availability zones of a network in each of its regions.
    fn check_zones_of(&mut self, id: ZoneId, space: &Space) {
        let around: Vec<ZoneId> = self.model.around(id).collect();
        let cloud = around.into_iter().find_map(|zone| match &self.model.zone(zone).detail {
            ZoneDetail::Provider(provider) => Some((zone, provider.regions.clone())),
            _ => None,
        });
        let Some((cloud, regions)) = cloud else { return };
        let Some((known, title, sure)) = self.known(cloud) else { return };
        let zone = self.model.zone(id).clone();
        let node = self.merged.zones.get(&zone.id).and_then(|node| node.get("azs")).cloned();
        let Some(node) = node else { return };
        let severity = if sure { Severity::Error } else { Severity::Warning };
        if !space.azs_counted {
            for (at, letter) in space.azs.iter().enumerate() {
                let span = item(&node, letter);
                if space.azs[..at].contains(letter) {
                    let message = format!("`{}` has the availability zone `{letter}` twice", zone.id);
                    self.out.push(Diagnostic::error("az-twice", span, message).hint("name each zone once"));
                } else if !known.has_letter(letter) {
                    let message = format!("no region of {title} has an availability zone `{letter}`");
                    let hint = match alone(letter, &known) {
                        Some(meant) => format!("write the letter alone: `{meant}`"),
                        None => "an availability zone is a letter: `azs: [a, b]`, or their number".to_owned(),
                    };
                    self.out.push(Diagnostic::new(severity, "unknown-az", Some(span), message).hint(hint));
                    return;
                }
            }
        }
        if space.azs.len() > known.most() {
            let message = format!(
                "`{}` has {} availability zones, and no region of {title} has more than {}",
                zone.id,
                space.azs.len(),
                known.most()
            );
            let hint = "take fewer: two survive the loss of one, three keep a majority";
            self.out.push(Diagnostic::new(severity, "unknown-az", Some(node.span), message).hint(hint));
            return;
        }
        for region in regions.iter().filter_map(|name| known.find(name)) {
            let missing = |letter: &&String| !space.azs_counted && !region.letters.contains(letter.as_str());
            let (span, message) = if let Some(letter) = space.azs.iter().find(missing) {
                (item(&node, letter), format!("`{}` is not known to have a zone `{letter}`", region.name))
            } else if space.azs.len() > region.zones {
                let has = format!("an account has {} availability zones in `{}`", region.zones, region.name);
                (node.span, format!("{has}, and `{}` asks for {}", zone.id, space.azs.len()))
            } else {
                continue;
            };
            let letters: Vec<String> = region.letters.chars().map(String::from).collect();
            let hint = format!("its zones were {} in {}", letters.join(", "), known.as_of);
            self.out.push(Diagnostic::warning("unknown-az", span, message).hint(hint));
        }
    }
}

/// The regions of the same part of the world; nothing where there are none.
fn neighbours(name: &str, known: &KnownRegions) -> String {
    let Some((part, _)) = name.split_once('-') else { return String::new() };
    let same = known.all.iter().filter(|region| region.name.split('-').next() == Some(part));
    let names: Vec<String> = same.map(|region| format!("`{}`", region.name)).collect();
    if names.is_empty() { String::new() } else { format!("there are {}; ", names.join(", ")) }
}

/// The letter in the whole name of a zone, such as `eu-west-1a`.
fn alone(name: &str, known: &KnownRegions) -> Option<String> {
    let letter = name.chars().last()?.to_string();
    known.find(name.strip_suffix(&letter)?).map(|_| letter)
}

/// Where a text stands in a list; else the whole of it.
fn item(node: &Node, text: &str) -> Span {
    let mut items = node.as_list().into_iter().flatten();
    items.find(|item| item.as_str() == Some(text)).map_or(node.span, |item| item.span)
}
