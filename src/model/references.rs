//! References in texts: `${db.host}` becomes a component and an attribute that it has.

use std::collections::BTreeSet;

use super::build::{Builder, parse_text};
use super::merge::unknown;
use super::{
    Built, ComponentId, Part, RefRoot, Reference, Setting, Template, Verb, ZoneDetail, ZoneId, read,
};
use crate::catalog::{Hosting, Trait};
use crate::diag::{Diagnostic, suggest};
use crate::document::reference;
use crate::document::tree::Node;
use crate::source::Span;

/// What every component has beside its settings and its kind's attributes.
const OF_COMPONENTS: [&str; 6] = ["host", "port", "url", "name", "arn", "ip"];

/// What every zone has.
const OF_ZONES: [&str; 6] = ["id", "name", "arn", "ip", "host", "region"];

/// Why a reference has no target.
enum Missing {
    /// What it names fell away in this environment, and so does what refers to it.
    Gone,
    /// It was reported.
    Reported,
}

/// A reference to a secret that nobody has.
pub(super) fn no_secret<'a>(name: &str, span: Span, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    unknown("unknown-secret", "secret", name, span, names)
        .hint(format!("name it under `secrets: {{ {name}: {{ title: … }} }}`"))
}

/// A reference to a variable that nobody has.
pub(super) fn no_variable<'a>(name: &str, span: Span, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    unknown("unknown-variable", "variable", name, span, names)
        .hint(format!("name it under `vars: {{ {name}: value }}`"))
}

/// A reference to an element that is not there.
pub(super) fn no_element<'a>(name: &str, span: Span, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    unknown("unknown-reference", "component or zone", name, span, names)
        .hint("references are `${id.attribute}`, `${secret.x}`, `${var.x}`, `${system.x}`, `${env.name}`")
}

impl Builder<'_> {
    /// A text with its references resolved; `None` when one names what fell away, or nothing.
    pub(super) fn template(&mut self, node: &Node) -> Option<Template> {
        let mut parts = Vec::new();
        let mut missing = None;
        for part in parse_text(node, self.document, self.out) {
            match part {
                reference::Part::Text(text) => parts.push(Part::Text(text)),
                reference::Part::Reference(written) => match self.resolve_reference(&written) {
                    Ok(part) => parts.push(part),
                    Err(why) => missing = Some((why, written)),
                },
            }
        }
        match missing {
            None => Some(Template { parts, span: node.span }),
            Some((Missing::Gone, written)) => {
                let root = &written.root.value;
                self.out.push(
                    Diagnostic::note(
                        "dropped-reference",
                        written.span,
                        format!(
                            "left out in `{}`: it refers to `{root}`, which is not there",
                            self.model.environment.id
                        ),
                    )
                    .label("not in this environment"),
                );
                None
            }
            Some((Missing::Reported, _)) => None,
        }
    }

    fn resolve_reference(&mut self, written: &reference::Reference) -> Result<Part, Missing> {
        let root = written.root.value.as_str();
        let attribute = written.path.first().map(|word| word.value.clone()).unwrap_or_default();
        let at = written.path.first().map_or(written.span, |word| word.span);
        let made =
            |root: RefRoot, attribute: String| Part::Ref(Reference { root, attribute, span: written.span });
        if written.path.len() > 1 && root != "secret" {
            self.out.push(
                Diagnostic::error("bad-reference", written.path[1].span, "a reference has one attribute")
                    .hint(format!("write `${{{root}.{attribute}}}`")),
            );
            return Err(Missing::Reported);
        }
        match root {
            "secret" => {
                let Some(secret) = self.model.secrets.iter().position(|secret| secret.id == attribute) else {
                    if let Some((owner, _)) = attribute.rsplit_once('-')
                        && self.merged.is_gone(owner)
                    {
                        return Err(Missing::Gone);
                    }
                    let names: Vec<String> = self.model.secrets.iter().map(|s| s.id.clone()).collect();
                    let names = names.iter().map(String::as_str);
                    self.out.push(no_secret(&attribute, at, names));
                    return Err(Missing::Reported);
                };
                let rest = written.path.get(1).map(|word| word.value.clone()).unwrap_or_default();
                if !rest.is_empty() && rest != "file" {
                    self.out.push(
                        Diagnostic::error(
                            "unknown-attribute",
                            written.path[1].span,
                            format!("a secret has no `{rest}`"),
                        )
                        .hint("it has `file`: the path where a target mounts it"),
                    );
                    return Err(Missing::Reported);
                }
                Ok(made(RefRoot::Secret(super::SecretId(secret as u32)), rest))
            }
            "var" => match self.model.vars.iter().position(|var| var.id == attribute) {
                Some(var) => Ok(made(RefRoot::Var(super::VarId(var as u32)), String::new())),
                None => {
                    let names: Vec<String> = self.model.vars.iter().map(|v| v.id.clone()).collect();
                    self.out.push(no_variable(&attribute, at, names.iter().map(String::as_str)));
                    Err(Missing::Reported)
                }
            },
            "system" => {
                self.known_attribute(&attribute, at, "the system", &["id", "title", "owner", "repository"])?;
                Ok(made(RefRoot::System, attribute))
            }
            "env" => {
                self.known_attribute(&attribute, at, "the environment", &["name", "id", "title"])?;
                Ok(made(RefRoot::Environment, attribute))
            }
            _ => self.element_reference(written, attribute, at),
        }
    }

    fn element_reference(
        &mut self,
        written: &reference::Reference,
        attribute: String,
        at: Span,
    ) -> Result<Part, Missing> {
        let root = written.root.value.as_str();
        // What no target builds is gone, but what the author said of it still holds.
        if let Some(gone) = self.merged.gone(root).filter(|gone| gone.unbuilt)
            && let Some(text) = read::text(&gone.node, &attribute)
        {
            return Ok(Part::Text(text));
        }
        if let Some(id) = self.find_component(root) {
            self.check_attribute(id, &attribute, at)?;
            return Ok(Part::Ref(Reference { root: RefRoot::Component(id), attribute, span: written.span }));
        }
        if let Some(&zone) = self.zone_ids.get(root) {
            self.known_attribute(&attribute, at, "a zone", &OF_ZONES)?;
            return Ok(Part::Ref(Reference { root: RefRoot::Zone(zone), attribute, span: written.span }));
        }
        if self.merged.is_gone(root) {
            return Err(Missing::Gone);
        }
        if self.reported(root) {
            return Err(Missing::Reported);
        }
        let names: Vec<String> = self
            .component_ids
            .keys()
            .chain(self.zone_ids.keys())
            .cloned()
            .chain(["secret", "var", "system", "env"].map(str::to_owned))
            .collect();
        let names = names.iter().map(String::as_str);
        self.out.push(no_element(root, written.root.span, names));
        Err(Missing::Reported)
    }

    fn check_attribute(&mut self, id: ComponentId, attribute: &str, at: Span) -> Result<(), Missing> {
        // The components are all planned, but this one may not be made yet.
        let Some(component) = self.model.components.get(id.0 as usize) else { return Ok(()) };
        let kind = self.catalog.kind(component.kind);
        let used = kind.form(component.form);
        let mut known: Vec<String> = OF_COMPONENTS.iter().map(|name| (*name).to_owned()).collect();
        known.push("id".to_owned());
        if component.password.is_some() {
            known.push("password".to_owned());
        }
        known.extend(
            component
                .settings
                .iter()
                .filter(|(_, setting)| !matches!(setting, Setting::List(_) | Setting::Map(_)))
                .map(|(name, _)| name.clone()),
        );
        known.extend(kind.attributes.keys().cloned());
        known.extend(used.into_iter().flat_map(|used| used.attributes.keys().cloned()));
        let mut seen = BTreeSet::new();
        known.retain(|name| seen.insert(name.clone()));
        if known.iter().any(|name| name == attribute) {
            self.check_address(id, attribute, at);
            return Ok(());
        }
        let (name, message) = (component.id.clone(), format!("a `{}` has no `{attribute}`", kind.name));
        let mut diagnostic = Diagnostic::error("unknown-attribute", at, message);
        if kind.has(Trait::HasUser) && (attribute == "password" || attribute == "user") {
            diagnostic = diagnostic.hint(format!("give `{name}` a `user`; its password exists then unasked"));
        } else if let Some(near) = suggest::nearest(attribute, known.iter().map(String::as_str)) {
            diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
        }
        self.out.push(diagnostic.hint(format!("it has {}", known.join(", "))));
        Err(Missing::Reported)
    }

    /// Warns of an address that nobody can know: what exists already says it itself.
    fn check_address(&mut self, id: ComponentId, attribute: &str, at: Span) {
        let component = self.model.component(id);
        let form = self.catalog.form(component.form);
        let derived = form.attributes.values().any(|own| own.contains_key(attribute));
        if form.hosting != Hosting::External
            || component.built != Built::Exists
            || derived
            || !["host", "ip", "url"].contains(&attribute)
            || ["host", "url", attribute].iter().any(|name| component.setting(name).is_some())
        {
            return;
        }
        let message = format!("`{}` exists already, but nothing says where", component.id);
        self.out.push(
            Diagnostic::warning("no-address", component.span, message)
                .related(at, "needs its address")
                .hint("give it `host` or `url`; until then whoever deploys is asked for it"),
        );
    }

    fn known_attribute(
        &mut self,
        attribute: &str,
        at: Span,
        whose: &str,
        known: &[&'static str],
    ) -> Result<(), Missing> {
        if known.contains(&attribute) {
            return Ok(());
        }
        let diagnostic = Diagnostic::error("unknown-attribute", at, format!("{whose} has no `{attribute}`"));
        let diagnostic = match suggest::nearest(attribute, known.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("it has {}", known.join(", "))),
        };
        self.out.push(diagnostic);
        Err(Missing::Reported)
    }

    /// Gives the zones in references their new ids.
    pub(super) fn renumber_references(&mut self, new: &dyn Fn(ZoneId) -> Option<ZoneId>) {
        let fix = |template: &mut Template| {
            for part in &mut template.parts {
                if let Part::Ref(Reference { root: RefRoot::Zone(zone), .. }) = part {
                    *zone = new(*zone).unwrap_or(*zone);
                }
            }
        };
        for component in &mut self.model.components {
            for (_, setting) in &mut component.settings {
                if let Setting::Text(template) = setting {
                    fix(template);
                }
            }
            if let Some(workload) = &mut component.workload {
                workload.env.iter_mut().for_each(|(_, template)| fix(template));
                workload.image.iter_mut().for_each(fix);
                match &mut workload.command {
                    Some(super::Command::Line(line)) => fix(line),
                    Some(super::Command::Words(words)) => words.iter_mut().for_each(fix),
                    None => {}
                }
                workload.build.iter_mut().flat_map(|b| &mut b.args).for_each(|(_, template)| fix(template));
            }
        }
        self.model.operations.templates_mut().for_each(&fix);
        for pipeline in &mut self.model.pipelines {
            for step in pipeline.jobs.iter_mut().flat_map(|job| &mut job.steps) {
                if let Verb::Run(template) | Verb::Test(template) = &mut step.verb {
                    fix(template);
                }
            }
        }
    }

    /// The machine that a zone is, for an end of a connection.
    pub(super) fn is_machine(&self, zone: ZoneId) -> bool {
        let zone = self.model.zone(zone);
        let schedules = match zone.form {
            Some(form) => self.catalog.has(zone.kind, form, Trait::Scheduler),
            None => self.catalog.kind(zone.kind).has(Trait::Scheduler),
        };
        matches!(zone.detail, ZoneDetail::Machine(_)) || schedules
    }
}
