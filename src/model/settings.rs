//! Settings of elements: which keys a kind has, what their values may be, and their defaults.

use super::build::Builder;
use super::{Secret, SecretId, Setting, Template, Var, read};
use crate::catalog::naming::Fault;
use crate::catalog::{FormId, Hosting, Kind, KindId, Trait};
use crate::diag::{Diagnostic, suggest};
use crate::document::check::{Context, Mode, check};
use crate::document::tree::{Data, Node};
use crate::document::{advice, language, reference};
use crate::source::Spanned;

/// Keys of the language that have a place of their own in the model; every other key is a setting.
const STRUCTURE: [&str; 37] = [
    "kind",
    "as",
    "in",
    "title",
    "description",
    "links",
    "tags",
    "layer",
    "shared",
    "passthrough",
    "was",
    "place",
    "after",
    "allow",
    "image",
    "build",
    "deliver",
    "command",
    "ports",
    "publish",
    "env",
    "volumes",
    "health",
    "restart",
    "labels",
    "replicas",
    "scale_on",
    "max_per_node",
    "resources",
    "tls",
    "redirect_http",
    "static",
    "backup",
    "standby",
    "read_replicas",
    "regions",
    "platform",
];

/// Whether a key has a place of its own in the model; every other key is a setting.
pub(super) fn is_structure(key: &str) -> bool {
    STRUCTURE.contains(&key)
}

impl Builder<'_> {
    /// Reports keys that the kind does not have and values that do not fit.
    pub(super) fn check_settings(&mut self, id: &Spanned<String>, node: &Node, kind: KindId) {
        let kind = self.catalog.kind(kind);
        let zone = kind.has(Trait::Zone);
        let object = if zone { language::zone() } else { language::component() };
        let external = node
            .get("as")
            .and_then(Node::as_str)
            .and_then(|name| self.catalog.find_form(name))
            .is_some_and(|form| self.catalog.form(form).hosting == Hosting::External);
        let Some(map) = node.as_map() else { return };
        for entry in &map.entries {
            let key = entry.key.value.as_str();
            if let Some(spec) = kind.settings.iter().find(|spec| spec.name == key) {
                if object.field(key).is_none() {
                    let context = Context { mode: Mode::Base, text: &self.document.text };
                    check(&entry.key, &entry.value, &spec.shape, context, self.out);
                }
                continue;
            }
            let field = object.field(key);
            // The short `port` of every kind that listens stands as `ports` in the normal form.
            let short = if key == "ports" { object.field("port") } else { None };
            if field.into_iter().chain(short).any(|field| applies(field.groups, kind, external)) {
                continue;
            }
            let mut diagnostic = match field {
                Some(_) => Diagnostic::error(
                    "field-of-other-kind",
                    entry.key.span,
                    format!("the kind `{}` has no `{key}`", kind.name),
                ),
                None => Diagnostic::error(
                    "unknown-key",
                    entry.key.span,
                    format!("`{}` of kind `{}` has no `{key}`", id.value, kind.name),
                ),
            };
            let known = kind.settings.iter().map(|spec| spec.name.as_str()).chain(
                object
                    .fields
                    .iter()
                    .filter(|field| applies(field.groups, kind, external))
                    .map(|field| field.name.as_ref()),
            );
            if let Some(near) = suggest::nearest(key, known) {
                diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
            } else if field.is_none()
                && let Some(place) = advice::elsewhere(key)
            {
                diagnostic = diagnostic.hint(place);
            }
            self.out.push(diagnostic.hint(format!("`archgen kinds {}` lists what it has", kind.name)));
        }
    }

    /// Reports names that the chosen form refuses: a reserved user, a sign that its engine does not know.
    pub(super) fn check_names(&mut self, node: &Node, kind: KindId, form: FormId) {
        let Some(used) = self.catalog.kind(kind).form(form) else { return };
        let title = self.catalog.form(form).title.get(&self.messages.language);
        for naming in &used.names {
            let Some(value) = node.get(&naming.setting) else { continue };
            let Some(name) = value.as_str().filter(|text| !reference::is_template(text)) else { continue };
            let Some(fault) = naming.fault(name) else { continue };
            let setting = &naming.setting;
            let message = format!(
                "{title} refuses `{name}` as the `{setting}` of a `{}`",
                self.catalog.kind(kind).name
            );
            let error = Diagnostic::error("refused-name", value.span, message);
            self.out.push(match fault {
                Fault::Reserved => error.label("reserved there").hint("choose another name, such as `app`"),
                Fault::Sign(sign) => {
                    error.label(format!("holds `{sign}`")).hint(format!("use only `{}`", naming.rest))
                }
                Fault::First(sign) => error
                    .label(format!("begins with `{sign}`"))
                    .hint(format!("begin with one of `{}`", naming.first)),
                Fault::Long(most) => error.label("too long").hint(format!("{most} signs are the most")),
            });
        }
    }

    /// What the author wrote beside the structure, then the kind's defaults. References are filled in later.
    pub(super) fn settings(&self, node: &Node, kind: KindId) -> Vec<(String, Setting)> {
        let written = node.as_map().into_iter().flat_map(|map| &map.entries);
        let mut settings: Vec<(String, Setting)> = written
            .filter(|entry| !STRUCTURE.contains(&entry.key.value.as_str()))
            .filter_map(|entry| Some((entry.key.value.clone(), plain_setting(&entry.value)?)))
            .collect();
        for spec in &self.catalog.kind(kind).settings {
            if let Some(default) = &spec.default
                && !settings.iter().any(|(name, _)| *name == spec.name)
                && !STRUCTURE.contains(&spec.name.as_str())
                && let Some(setting) = plain_setting(default)
            {
                settings.push((spec.name.clone(), setting));
            }
        }
        settings
    }

    /// Replaces settings that hold references by resolved ones.
    pub(super) fn fill_settings(&mut self, at: usize, node: &Node) {
        let names: Vec<String> =
            self.model.components[at].settings.iter().map(|(name, _)| name.clone()).collect();
        for name in names {
            let Some(value) = node.get(&name) else { continue };
            if !value.as_str().is_some_and(crate::document::reference::is_template) {
                continue;
            }
            let filled = self.template(value).map(Setting::Text);
            let settings = &mut self.model.components[at].settings;
            match filled {
                Some(filled) => {
                    settings.iter_mut().filter(|(key, _)| *key == name).for_each(|s| s.1 = filled.clone())
                }
                None => settings.retain(|(key, _)| *key != name),
            }
        }
    }

    /// The author's secrets and variables.
    pub(super) fn secrets_and_vars(&mut self) {
        let language = self.messages.language.clone();
        for entry in self.merged.secrets.entries.clone() {
            let node = &entry.value;
            self.model.secrets.push(Secret {
                title: read::prose(node, "title", &language).unwrap_or_default(),
                from: read::text(node, "from"),
                name: read::text(node, "name"),
                rotate: read::seconds(node, "rotate"),
                generate: read::count(node, "generate"),
                owner: None,
                span: entry.key.span,
                id: entry.key.value,
            });
        }
        for entry in self.merged.vars.entries.clone() {
            self.model.vars.push(Var {
                value: read::text(&entry.value, "value"),
                doc: read::prose(&entry.value, "doc", &language).unwrap_or_default(),
                span: entry.key.span,
                id: entry.key.value,
            });
        }
    }

    /// The secrets that exist unasked for a component: its password, and more where its form needs more.
    pub(super) fn own_secrets(
        &mut self,
        id: &Spanned<String>,
        kind: KindId,
        form: FormId,
        settings: &[(String, Setting)],
    ) -> (Option<SecretId>, Vec<(String, SecretId)>) {
        let about = self.catalog.kind(kind);
        if about.has(Trait::HasUser) && !settings.iter().any(|(name, _)| name == "user") {
            return (None, Vec::new());
        }
        let names = about.form(form).map_or_else(|| about.secrets.clone(), |used| used.secrets.clone());
        let mut password = None;
        let mut others = Vec::new();
        for name in names {
            let full = format!("{}-{name}", id.value);
            let owner = self.component_ids.get(&id.value).copied();
            let secret = match self.model.secrets.iter().position(|secret| secret.id == full) {
                Some(at) => at,
                None => {
                    let key = format!("model.secret.{}", name.replace('-', "_"));
                    let title = self.messages.say(&key, &[("id", &id.value)]);
                    self.model.secrets.push(Secret {
                        title: if title == key { format!("{} {name}", id.value) } else { title },
                        id: full,
                        from: None,
                        name: None,
                        rotate: None,
                        generate: None,
                        owner,
                        span: id.span,
                    });
                    self.model.secrets.len() - 1
                }
            };
            self.model.secrets[secret].owner = owner;
            if self.model.secrets[secret].title.is_empty() {
                let key = format!("model.secret.{}", name.replace('-', "_"));
                self.model.secrets[secret].title = self.messages.say(&key, &[("id", &id.value)]);
            }
            let secret = SecretId(secret as u32);
            if name == "password" {
                password = Some(secret);
            }
            others.push((name.replace('-', "_"), secret));
        }
        (password, others)
    }

    /// Raw keys of an element, by target.
    pub(super) fn passthrough_of(&self, node: &Node) -> Vec<(String, Node)> {
        read::entries(node, "passthrough").map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }
}

/// Whether a field of the language belongs to a kind: its groups are traits, and `all`, `container` (whatever can
/// be one) and `external` (whatever exists already). Which zone has which field, its kind's settings say.
fn applies(groups: &[&str], kind: &Kind, external: bool) -> bool {
    let has_trait = |group: &str| Trait::ALL.iter().any(|(word, wanted)| *word == group && kind.has(*wanted));
    groups.is_empty()
        || groups.iter().any(|group| match *group {
            "all" => true,
            "container" => kind.container.is_some() || kind.has(Trait::Workload),
            "external" => external || kind.has(Trait::External),
            other => has_trait(other),
        })
}

/// A value as a setting; references stay as text.
fn plain_setting(node: &Node) -> Option<Setting> {
    Some(match &node.data {
        Data::Null => return None,
        Data::Scalar(scalar) => match (scalar.as_int(), scalar.as_bool()) {
            (Some(number), _) => Setting::Int(number),
            (_, Some(value)) => Setting::Bool(value),
            _ => Setting::Text(Template::plain(scalar.text.clone(), node.span)),
        },
        Data::List(list) => Setting::List(list.iter().filter_map(plain_setting).collect()),
        Data::Map(map) => Setting::Map(
            map.entries
                .iter()
                .filter_map(|entry| Some((entry.key.value.clone(), plain_setting(&entry.value)?)))
                .collect(),
        ),
    })
}
