//! Document and environment in, [`Model`] out: the one builder of models.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::{Merged, merge};
use super::{Environment, Layout, Loss, Model, Operations, System, read};
use crate::catalog::{Catalog, KindId, TargetName, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::tree::Node;
use crate::document::{self, Document};
use crate::source::Span;
use crate::template::messages::Messages;

/// The environment of a description that has none.
pub const ONLY_ENVIRONMENT: &str = "main";

/// The ids of all environments, in order; at least one.
pub fn environments(document: &Document) -> Vec<String> {
    match document.environments.as_slice() {
        [] => vec![ONLY_ENVIRONMENT.to_owned()],
        all => all.iter().map(|environment| environment.id.value.clone()).collect(),
    }
}

/// The language of generated prose.
pub fn language(document: &Document) -> String {
    read::text(&document.system, "language").unwrap_or_else(|| "en".to_owned())
}

/// Builds the model of one environment. Everything wrong is reported; a model comes back only when nothing is.
pub fn resolve(
    document: &Document,
    environment: &str,
    catalog: &Catalog,
    messages: &Messages,
    out: &mut Diagnostics,
) -> Option<Model> {
    let mut found = Diagnostics::default();
    let written = document.environments.iter().find(|e| e.id.value == environment);
    let bridges =
        |node: &Node| kind_of(node, catalog).is_some_and(|kind| catalog.kind(kind).has(Trait::Bridged));
    let merged = merge(document, written, &bridges, &mut found);
    let targets = targets(&merged);
    let mut builder = Builder {
        document,
        catalog,
        messages,
        model: Model {
            system: System { terraform: layout(document), ..system(&document.system, &messages.language) },
            environment: describe(
                environment,
                &merged,
                targets,
                (
                    super::pipelines::deployed_by(document, environment),
                    super::pipelines::delivered(document, environment),
                ),
                &messages.language,
            ),
            zones: Vec::new(),
            components: Vec::new(),
            connections: Vec::new(),
            secrets: Vec::new(),
            vars: Vec::new(),
            operations: Operations::default(),
            pipelines: Vec::new(),
            assertions: Vec::new(),
            passthrough: Vec::new(),
            views: Vec::new(),
            losses: Vec::new(),
        },
        merged,
        zone_ids: BTreeMap::new(),
        component_ids: BTreeMap::new(),
        aliases: BTreeMap::new(),
        unsure: BTreeSet::new(),
        written: super::names::written(document),
        out: &mut found,
    };
    builder.check_kinds();
    builder.zones();
    builder.drop_unbuilt();
    builder.secrets_and_vars();
    builder.components();
    builder.check_hints();
    builder.connections();
    builder.check_names_lead();
    builder.certified_names();
    builder.references();
    builder.operations();
    builder.rest();
    builder.pipelines();
    builder.prune_zones();
    builder.check_placement();
    builder.check_regions();
    let Builder { model, .. } = builder;
    let failed = found.has_errors();
    out.extend(found);
    (!failed).then_some(model)
}

/// What the steps of building share.
pub(super) struct Builder<'a> {
    pub(super) document: &'a Document,
    pub(super) catalog: &'a Catalog,
    pub(super) messages: &'a Messages,
    pub(super) merged: Merged,
    pub(super) model: Model,
    pub(super) zone_ids: BTreeMap<String, super::ZoneId>,
    pub(super) component_ids: BTreeMap<String, super::ComponentId>,
    /// Further names of components: a read replica that is no component of its own here.
    pub(super) aliases: BTreeMap<String, String>,
    /// Elements whose place or form was reported: whether they stand right cannot be told.
    pub(super) unsure: BTreeSet<String>,
    /// The names of all elements that are written anywhere in the description.
    pub(super) written: BTreeSet<&'a str>,
    pub(super) out: &'a mut Diagnostics,
}

impl Builder<'_> {
    /// Whether the environment generates for a target; a diagram alone shows the system as if all were there.
    pub(super) fn builds(&self, target: TargetName) -> bool {
        self.only_drawn() || self.model.has_target(target)
    }

    /// Whether nothing but pictures is made.
    pub(super) fn only_drawn(&self) -> bool {
        self.model.environment.targets.iter().all(|target| *target == TargetName::Diagram)
    }

    /// Notes something that was left out or replaced because no target can make it.
    pub(super) fn lose(&mut self, element: &str, what: String, why: String) {
        self.model.losses.push(Loss { target: String::new(), element: element.to_owned(), what, why });
    }

    /// Whether a name that has no element was reported already: it is no id at all, or it is written and
    /// something is wrong with its kind. One mistake is then one message.
    pub(super) fn reported(&self, name: &str) -> bool {
        !document::arrow::is_id(name)
            || name == "internet"
            || self.merged.zones.get(name).is_some()
            || self.merged.components.get(name).is_some()
    }

    /// Reports elements that an environment adds without saying what they are. What is wrong with the kinds that
    /// are written was said before any environment was resolved.
    fn check_kinds(&mut self) {
        for entry in self.merged.zones.entries.iter().chain(&self.merged.components.entries) {
            let id = &entry.key.value;
            let base = &self.document.base;
            if entry.value.get("kind").is_some() || base.zones.get(id).or(base.components.get(id)).is_some() {
                continue;
            }
            self.out.push(
                Diagnostic::error("missing-kind", entry.key.span, format!("`{id}` has no kind"))
                    .hint("say what it is, such as `kind: service`; `archgen kinds` lists all"),
            );
        }
    }
}

/// The kind that an element names.
pub(super) fn kind_of(node: &Node, catalog: &Catalog) -> Option<KindId> {
    catalog.find_kind(node.get("kind")?.as_str()?)
}

/// A reference in a text, with the name of its root and where both stand.
pub(super) fn parse_text(
    node: &Node,
    document: &Document,
    out: &mut Diagnostics,
) -> Vec<document::reference::Part> {
    let text = node.as_str().unwrap_or_default();
    let raw = slice(&document.text, node.span);
    document::reference::parse_template(text, node.span, raw, out)
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or("")
}

fn targets(merged: &Merged) -> Vec<TargetName> {
    let fields = read::as_node(&merged.fields);
    let mut targets: Vec<TargetName> =
        read::texts(&fields, "target").iter().filter_map(|word| TargetName::parse(word)).collect();
    if !targets.contains(&TargetName::Diagram) {
        targets.insert(0, TargetName::Diagram);
    }
    targets.dedup();
    targets
}

fn system(node: &Node, language: &str) -> System {
    let id = read::text(node, "id").unwrap_or_else(|| "system".to_owned());
    System {
        title: read::prose(node, "title", language).unwrap_or_else(|| id.clone()),
        id,
        description: read::prose(node, "description", language).unwrap_or_default(),
        language: language.to_owned(),
        owner: read::text(node, "owner"),
        repository: read::text(node, "repository"),
        facts: read::facts(node),
        requires: read::pairs(node, "requires"),
        links: read::pairs(node, "links"),
        files: read::prose_pairs(node, "files", language),
        layers: read::prose_pairs(node, "layers", language),
        terraform: Layout::default(),
        allow: read::prose_pairs(node, "allow", language),
    }
}

/// How the Terraform is laid out.
fn layout(document: &Document) -> Layout {
    match document.outputs.get("terraform") {
        Some(node) => Layout { modules: read::text(node, "modules"), names: read::pairs(node, "names") },
        None => Layout::default(),
    }
}

fn describe(
    id: &str,
    merged: &Merged,
    targets: Vec<TargetName>,
    (deployed_by, delivered): (Option<String>, Vec<String>),
    language: &str,
) -> Environment {
    let node = read::as_node(&merged.fields);
    Environment {
        id: id.to_owned(),
        title: read::prose(&node, "title", language).unwrap_or_else(|| id.to_owned()),
        description: read::prose(&node, "description", language).unwrap_or_default(),
        facts: read::facts(&node),
        targets,
        host: read::text(&node, "host"),
        deployed_by,
        delivered,
    }
}
