//! Checks a tree against a shape: every mistake is reported at its own token, and checking goes on.

use super::advice::{article, list_hints, map_hints, missing, object_hints, port_hints, unknown_key};
use super::arrow;
use super::leaf::{self, Misfit};
use super::reference;
use super::shape::{Field, Keys, Object, Rule, Shape};
use super::tree::{Data, Entry, Map, Node};
use crate::diag::{Diagnostic, Diagnostics, suggest};
use crate::source::{Span, Spanned};
use std::collections::BTreeMap;

/// Ids that no zone or component may have: roots of references, and the other side of every firewall.
pub const RESERVED: [&str; 5] = ["internet", "secret", "var", "system", "env"];

/// Whether a layer stands alone or over another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Obligatory fields must stand, and null is a mistake.
    Base,
    /// Null deletes, and what is obligatory may stand below.
    Overlay,
}

/// What checking needs to know beside value and shape.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Whether the value stands alone or over another.
    pub mode: Mode,
    /// The whole source text, for places in block texts; may be empty.
    pub text: &'a str,
}

/// Checks the value of a key. Unknown keys of open objects are passed over.
pub fn check(key: &Spanned<String>, node: &Node, shape: &Shape, context: Context, out: &mut Diagnostics) {
    Checker { context, out }.value(key, node, shape);
}

/// Whether a value fits a shape, without saying why not.
pub fn fits(node: &Node, shape: &Shape, context: Context) -> bool {
    let mut scratch = Diagnostics::default();
    let key = Spanned::new(String::new(), node.span);
    check(&key, node, shape, context, &mut scratch);
    !scratch.has_errors()
}

/// Reports what is obligatory and does not stand: for values that layers were merged into.
pub fn check_required(key: &Spanned<String>, node: &Node, object: &Object, out: &mut Diagnostics) {
    if let Some(map) = node.as_map() {
        for field in object.fields.iter().filter(|field| field.required && map.get(&field.name).is_none()) {
            out.push(missing(key, object, field));
        }
    }
}

struct Checker<'a, 'o> {
    context: Context<'a>,
    out: &'o mut Diagnostics,
}

impl Checker<'_, '_> {
    fn value(&mut self, key: &Spanned<String>, node: &Node, shape: &Shape) {
        if node.is_null() && *shape != Shape::Any {
            self.null(key, node, shape);
            return;
        }
        match shape {
            Shape::Any => {}
            Shape::Markdown if node.as_map().is_some() => self.languages(key, node),
            Shape::Command if node.as_list().is_some() => {
                for item in node.as_list().unwrap_or_default() {
                    self.item(key, item, &Shape::Scalar);
                }
            }
            Shape::List(inner) => match &node.data {
                Data::List(items) => self.items(key, items, inner),
                _ => self.wrong_type(key, node, shape, list_hints(node, inner)),
            },
            Shape::Many(inner) => match &node.data {
                Data::List(items) => self.items(key, items, inner),
                _ => self.value(key, node, inner),
            },
            Shape::Map(keys, inner) => match &node.data {
                Data::Map(map) => self.map(*keys, map, inner),
                _ => self.wrong_type(key, node, shape, map_hints(key, node, *keys, inner)),
            },
            Shape::Object(object) => match &node.data {
                Data::Map(map) => self.object(key, map, object),
                _ => self.wrong_type(key, node, shape, object_hints(node, object)),
            },
            Shape::Short(forms, object) => match &node.data {
                Data::Map(map) => self.object(key, map, object),
                _ => self.alternatives(
                    key,
                    node,
                    shape,
                    &forms.iter().map(|form| &form.shape).collect::<Vec<_>>(),
                ),
            },
            Shape::Either(all) => self.alternatives(key, node, shape, &all.iter().collect::<Vec<_>>()),
            Shape::Step => self.step(key, node),
            Shape::Overlay(inner) => {
                let context = Context { mode: Mode::Overlay, ..self.context };
                Checker { context, out: self.out }.value(key, node, inner);
            }
            _ => self.leaf(key, node, shape),
        }
    }

    /// Lists replace as a whole, so within one nothing stands below.
    fn items(&mut self, key: &Spanned<String>, items: &[Node], inner: &Shape) {
        let context = Context { mode: Mode::Base, ..self.context };
        let mut inside = Checker { context, out: self.out };
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for item in items {
            inside.item(key, item, inner);
            // Names and words are sets; texts such as commands may repeat.
            let (Shape::Name(_) | Shape::Word(_), Some(text)) = (inner, item.as_str()) else { continue };
            if let Some(first) = seen.get(text) {
                let message = format!("`{text}` stands twice in `{}`", key.value);
                inside.out.push(
                    Diagnostic::error("duplicate-item", item.span, message)
                        .label("the second")
                        .related(*first, "the first")
                        .hint("take one of them out"),
                );
            } else {
                seen.insert(text, item.span);
            }
        }
    }

    /// A value in a list: null cannot delete there.
    fn item(&mut self, key: &Spanned<String>, node: &Node, shape: &Shape) {
        if node.is_null() && *shape != Shape::Any {
            let span = if node.span.start == node.span.end { key.span } else { node.span };
            let problem =
                Diagnostic::error("empty-value", span, format!("an item of `{}` is empty", key.value));
            self.out.push(
                problem
                    .label("nothing stands here")
                    .hint("leave the item out; lists are replaced as a whole"),
            );
            return;
        }
        self.value(key, node, shape);
    }

    fn null(&mut self, key: &Spanned<String>, node: &Node, shape: &Shape) {
        if self.context.mode == Mode::Overlay {
            return;
        }
        let written = node.span.start < node.span.end;
        let span = if written { node.span } else { key.span };
        let problem = Diagnostic::error("empty-value", span, format!("`{}` has no value", key.value));
        self.out.push(if written {
            problem
                .label("deletes, and there is nothing to delete")
                .hint("leave the key out; null stands in environments, where it deletes what the base has")
        } else {
            problem.label("nothing stands after this").hint(match shape {
                Shape::Overlay(_) => format!("write `{}: {{}}` if nothing differs there", key.value),
                _ => format!("it takes {}", leaf::expected(shape)),
            })
        });
    }

    fn languages(&mut self, key: &Spanned<String>, node: &Node) {
        let Some(map) = node.as_map() else { return };
        for entry in &map.entries {
            if !["en", "es"].contains(&entry.key.value.as_str()) {
                let problem = Diagnostic::error(
                    "unknown-key",
                    entry.key.span,
                    format!("`{}` takes a text, or one for each language", key.value),
                );
                self.out.push(
                    problem
                        .label("not a language")
                        .hint("the languages are `en` and `es`; a text with `: ` inside is quoted"),
                );
            } else {
                self.value(&entry.key, &entry.value, &Shape::Text);
            }
        }
    }

    fn leaf(&mut self, key: &Spanned<String>, node: &Node, shape: &Shape) {
        if let Some(mut misfit) = leaf::misfit(shape, node) {
            if *shape == Shape::PortProtocol && node.as_scalar().is_none() {
                misfit.hints = port_hints(node);
            }
            self.report(key, node, shape, misfit);
        } else if let Some(scalar) = node.as_scalar()
            && leaf::takes_references(shape)
            && reference::is_template(&scalar.text)
        {
            let raw = self.context.text.get(node.span.start as usize..node.span.end as usize).unwrap_or("");
            reference::parse_template(&scalar.text, node.span, raw, self.out);
        }
    }

    /// A value that fits the first of several shapes; if none, the sentence that helps most.
    fn alternatives(&mut self, key: &Spanned<String>, node: &Node, shape: &Shape, all: &[&Shape]) {
        if let Some(fit) = all.iter().find(|one| fits(node, one, self.context)) {
            // Checked again, for what is worth saying about a value that fits.
            self.value(key, node, fit);
            return;
        }
        let same_sort: Vec<&&Shape> = all.iter().filter(|one| takes_sort(one, node)).collect();
        if let [only] = same_sort.as_slice()
            && (all.len() == 1 || node.as_scalar().is_none())
        {
            self.value(key, node, only);
            return;
        }
        let misfits: Vec<Misfit> = same_sort.iter().filter_map(|one| leaf::misfit(one, node)).collect();
        let near = misfits.into_iter().find(|misfit| misfit.near && !misfit.hints.is_empty());
        let code = near.as_ref().map_or("wrong-type", |misfit| misfit.code);
        let label = format!("found {}", leaf::found(node));
        let hints = near.map_or_else(Vec::new, |misfit| misfit.hints);
        self.report(key, node, shape, Misfit { code, label, hints, near: false });
    }

    fn wrong_type(&mut self, key: &Spanned<String>, node: &Node, shape: &Shape, hints: Vec<String>) {
        let label = format!("found {}", leaf::found(node));
        self.report(key, node, shape, Misfit { code: "wrong-type", label, hints, near: false });
    }

    fn report(&mut self, key: &Spanned<String>, node: &Node, shape: &Shape, misfit: Misfit) {
        // A map or list over several lines has no token of its own to point at; its key has.
        let raw = self.context.text.get(node.span.start as usize..node.span.end as usize).unwrap_or("\n");
        let span = if node.as_scalar().is_none() && raw.contains('\n') { key.span } else { node.span };
        let mut problem =
            Diagnostic::error(misfit.code, span, format!("`{}` takes {}", key.value, leaf::expected(shape)))
                .label(misfit.label);
        problem.hints = misfit.hints;
        self.out.push(problem);
    }

    fn map(&mut self, keys: Keys, map: &Map, inner: &Shape) {
        for entry in &map.entries {
            self.key(keys, &entry.key, inner);
            if keys == Keys::Connection
                && (entry.value.is_null() || entry.value.as_list().is_some_and(<[Node]>::is_empty))
            {
                self.nothing_goes_over(entry);
                continue;
            }
            self.value(&entry.key, &entry.value, inner);
        }
    }

    fn nothing_goes_over(&mut self, entry: &Entry) {
        if entry.value.is_null() && self.context.mode == Mode::Overlay {
            return;
        }
        let written = entry.value.span.start < entry.value.span.end;
        let span = if written { entry.value.span } else { entry.key.span };
        let problem = Diagnostic::error(
            "empty-value",
            span,
            format!("`{}` does not say what goes over it", entry.key.value),
        );
        self.out.push(
            problem
                .label(if written { "empty" } else { "nothing stands after this" })
                .hint("write a protocol such as `https`, or `auto` for the one that the target speaks"),
        );
    }

    fn key(&mut self, keys: Keys, key: &Spanned<String>, inner: &Shape) {
        let text = key.value.as_str();
        let problem = |code, message: String| Diagnostic::error(code, key.span, message);
        match keys {
            Keys::Id | Keys::Element => {
                let what = match inner {
                    Shape::Object(object) | Shape::Short(_, object) => object.name.as_str(),
                    _ => "thing",
                };
                if let Some(problem) = arrow::id_problem(text, key.span, what) {
                    self.out.push(problem);
                } else if keys == Keys::Element && RESERVED.contains(&text) {
                    let why = if text == "internet" {
                        "it is what lies outside, in assertions".to_owned()
                    } else {
                        format!("`${{{text}.…}}` would mean two things")
                    };
                    self.out.push(
                        problem("reserved-id", format!("`{text}` is reserved"))
                            .label("take another id")
                            .hint(why),
                    );
                }
            }
            Keys::Free if text.is_empty() => {
                self.out.push(problem("bad-key", "a key is empty".into()).label("expected a text"));
            }
            Keys::Variable => {
                let good = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
                if !good {
                    let found = problem("bad-key", format!("`{text}` cannot be the name of a variable"));
                    self.out.push(found.label("not a name").hint("names have letters, digits and `_`"));
                }
            }
            Keys::Path if !text.starts_with('/') => {
                let found = problem("bad-key", format!("`{text}` is not a path that begins with `/`"));
                self.out.push(if text.starts_with('.') {
                    found
                        .label("a path on this machine")
                        .hint("the key is the path inside: `{ /data: ./folder }`")
                } else {
                    found.label("expected `/…`").hint(format!("write `/{text}`"))
                });
            }
            Keys::Connection => {
                arrow::chain(key, self.out);
            }
            Keys::Assertion => {
                arrow::assertion(key, self.out);
            }
            Keys::Free | Keys::Path => {}
        }
    }

    fn object(&mut self, key: &Spanned<String>, map: &Map, object: &Object) {
        // What an unknown key was meant to be is not missing as well.
        let mut meant: Vec<&str> = Vec::new();
        for entry in &map.entries {
            match object.field(&entry.key.value) {
                Some(field) => self.field(entry, map, object, field),
                None => meant.extend(self.stranger(entry, object)),
            }
        }
        if self.context.mode == Mode::Base {
            for field in object.fields.iter().filter(|field| field.required) {
                let stands = map.get(&field.name).is_some()
                    || field.alias.is_some_and(|alias| map.get(alias).is_some())
                    || meant.contains(&field.name.as_str());
                if !stands {
                    self.out.push(missing(key, object, field));
                }
            }
        }
        for rule in &object.rules {
            self.rule(key, map, object, rule, &meant);
        }
    }

    fn field(&mut self, entry: &Entry, map: &Map, object: &Object, field: &Field) {
        let twice = |other: Span| {
            Diagnostic::error(
                "duplicate-key",
                entry.key.span,
                format!("`{}` and `{}` are one field", entry.key.value, field.name),
            )
            .label("said twice")
            .related(other, "first said here")
            .hint(format!("keep `{}`", field.name))
        };
        if entry.key.value != field.name
            && let Some(other) = map.entry(&field.name)
        {
            self.out.push(twice(other.key.span));
        }
        if let Some([first, rest @ ..]) = field.moves_to
            && let Some(other) =
                map.get(first).and_then(|node| rest.first().and_then(|key| node.as_map()?.entry(key)))
        {
            let path = format!("{first}.{}", rest.join("."));
            self.out.push(
                Diagnostic::error(
                    "duplicate-key",
                    entry.key.span,
                    format!("`{}` and `{path}` are one field", field.name),
                )
                .label("said twice")
                .related(other.key.span, "also said here")
                .hint("keep one of them"),
            );
        }
        if entry.value.is_null() && self.context.mode == Mode::Overlay && (field.required || field.kept) {
            let written = entry.value.span.start < entry.value.span.end;
            let span = if written { entry.value.span } else { entry.key.span };
            let problem =
                Diagnostic::error("required-field", span, format!("`{}` cannot be deleted", field.name));
            self.out.push(if field.kept {
                problem
                    .label("a section is not deleted as a whole")
                    .hint(format!("delete its entries one by one: `{}: {{ x: null }}`", field.name))
            } else {
                problem
                    .label(format!("{} must have one", article(&object.name)))
                    .hint("delete the whole element with null, or write another value")
            });
            return;
        }
        self.value(&entry.key, &entry.value, &field.shape);
    }

    /// Reports an unknown key, and says which field it was meant to be.
    fn stranger<'s>(&mut self, entry: &Entry, object: &'s Object) -> Option<&'s str> {
        if let Some((_, advice)) = object.habits.iter().find(|(habit, _)| *habit == entry.key.value) {
            let what = article(&object.name);
            self.out.push(
                Diagnostic::error(
                    "unknown-key",
                    entry.key.span,
                    format!("`{}` is not a key of {what}", entry.key.value),
                )
                .label("unknown key")
                .hint(*advice),
            );
            let mut names = object.fields.iter().map(|field| field.name.as_str());
            return names.find(|name| advice.contains(&format!("`{name}`")));
        }
        if object.open {
            return None;
        }
        let known =
            || object.fields.iter().flat_map(|field| [Some(field.name.as_str()), field.alias]).flatten();
        self.out.push(unknown_key(&entry.key, &object.name, known()));
        suggest::nearest(&entry.key.value, known())
    }

    fn rule(&mut self, key: &Spanned<String>, map: &Map, object: &Object, rule: &Rule, meant: &[&str]) {
        let stands = |names: &[&'static str]| -> Vec<Spanned<String>> {
            let here = map.entries.iter().filter(|entry| {
                !entry.value.is_null()
                    && object
                        .field(&entry.key.value)
                        .is_some_and(|field| names.contains(&field.name.as_str()))
            });
            here.map(|entry| entry.key.clone()).collect()
        };
        let listed =
            |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match rule {
            Rule::ExactlyOne(names) | Rule::AtMostOne(names) if stands(names).len() > 1 => {
                let here = stands(names);
                self.out.push(
                    Diagnostic::error(
                        "conflicting-keys",
                        here[1].span,
                        format!("`{}` and `{}` exclude each other", here[0].value, here[1].value),
                    )
                    .label("the second")
                    .related(here[0].span, "the first")
                    .hint(format!(
                        "{} has one of {} at most",
                        article(&object.name),
                        listed(names)
                    )),
                );
            }
            Rule::ExactlyOne(names) | Rule::AtLeastOne(names)
                if stands(names).is_empty()
                    && self.context.mode == Mode::Base
                    && !names.iter().any(|name| meant.contains(name)) =>
            {
                self.out.push(
                    Diagnostic::error(
                        "missing-field",
                        self.head(key, map),
                        format!("{} needs one of {}", article(&object.name), listed(names)),
                    )
                    .label("none of them stands here"),
                );
            }
            Rule::Ordered(low, high) => {
                let number = |name: &str| map.get(name).and_then(|node| node.as_scalar()?.as_int());
                if let (Some(a), Some(b)) = (number(low), number(high))
                    && a > b
                    && let (Some(first), Some(second)) = (map.get(low), map.get(high))
                {
                    self.out.push(
                        Diagnostic::error("out-of-range", first.span, format!("`{low}` is above `{high}`"))
                            .label(format!("more than {b}"))
                            .related(second.span, format!("`{high}` stands here"))
                            .hint("swap the two"),
                    );
                }
            }
            _ => {}
        }
    }

    /// Where to point when something is missing from a map: at its first key in a list, else at its own key.
    fn head(&self, key: &Spanned<String>, map: &Map) -> Span {
        map.entries
            .first()
            .map(|entry| entry.key.span)
            .filter(|first| first.start > key.span.end)
            .filter(|_| self.listed(key, map))
            .unwrap_or(key.span)
    }

    /// Whether the map is an item of the list under `key` and not its value.
    fn listed(&self, key: &Spanned<String>, map: &Map) -> bool {
        let Some(first) = map.entries.first() else { return false };
        let between =
            self.context.text.get(key.span.end as usize..first.key.span.start as usize).unwrap_or("");
        between.contains("- ") || between.contains('[')
    }

    fn step(&mut self, key: &Spanned<String>, node: &Node) {
        let Data::Map(map) = &node.data else {
            let hints = match node.as_str() {
                Some(text) => vec![format!("say what happens: `- {text}: …`")],
                None => Vec::new(),
            };
            self.wrong_type(key, node, &Shape::Step, hints);
            return;
        };
        if let Some(second) = map.entries.get(1) {
            self.out.push(
                Diagnostic::error("bad-step", second.key.span, "a step has one arrow")
                    .label("the second")
                    .hint("begin a new item: `- a -> b: what happens`"),
            );
        }
        for entry in map.entries.iter().take(1) {
            arrow::step(&entry.key, self.out);
            if entry.value.is_null() {
                self.out.push(
                    Diagnostic::error("empty-value", entry.key.span, "this step does not say what happens")
                        .label("nothing stands after this")
                        .hint(format!("write `{}: what happens`", entry.key.value)),
                );
            } else {
                self.value(&entry.key, &entry.value, &Shape::Markdown);
            }
        }
    }
}

/// Whether a shape takes values of this sort (scalar, list or map) at all.
fn takes_sort(shape: &Shape, node: &Node) -> bool {
    match (&node.data, shape) {
        (_, Shape::Any) => true,
        (_, Shape::Either(all)) => all.iter().any(|one| takes_sort(one, node)),
        (Data::List(_), shape) => matches!(shape, Shape::List(_) | Shape::Many(_) | Shape::Command),
        (Data::Map(_), Shape::Many(inner) | Shape::Overlay(inner)) => takes_sort(inner, node),
        (Data::Map(_), shape) => {
            matches!(
                shape,
                Shape::Map(..) | Shape::Object(_) | Shape::Short(..) | Shape::Markdown | Shape::Step
            )
        }
        (_, Shape::Many(inner) | Shape::Overlay(inner)) => takes_sort(inner, node),
        (_, Shape::Short(forms, _)) => forms.iter().any(|form| takes_sort(&form.shape, node)),
        (_, shape) => leaf::is_leaf(shape),
    }
}
