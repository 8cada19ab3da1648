//! The language as a JSON Schema (draft 2020-12), for editors.
//!
//! It says what the checks say as far as JSON Schema can: names, types, patterns and rules between fields.
//! Anything that needs two places at once (a name that must exist, addresses that must not overlap) is left
//! to the compiler.

use super::arrow::ID_LENGTH;
use super::check::{Mode, RESERVED};
use super::language;
use super::shape::{Field, Keys, Object, Of, Rule, Shape};
use serde_json::{Map, Value, json};

/// What the schema needs to know of a kind of the catalog.
#[derive(Debug, Clone, PartialEq)]
pub struct KindSettings {
    /// Its id.
    pub kind: String,
    /// Its title, shown where kinds are completed.
    pub title: String,
    /// Whether it is a kind of zones.
    pub zone: bool,
    /// The ids of its forms.
    pub forms: Vec<String>,
    /// What it has beyond the fields of the language.
    pub settings: Vec<Field>,
}

const ID: &str = "[a-z][a-z0-9_-]*";

/// The schema of `archgen.yaml`. Without kinds, zones and components take any further keys.
pub fn schema(kinds: &[KindSettings]) -> Value {
    let mut writer = Writer { kinds, definitions: Map::new() };
    let document = writer.object(language::document(), Mode::Base);
    let mut definitions: Vec<(String, Value)> = writer.definitions.into_iter().collect();
    definitions.sort_by(|a, b| a.0.cmp(&b.0));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "archgen.yaml",
        "description": language::document().doc,
        "$ref": document["$ref"],
        "$defs": definitions.into_iter().collect::<Map<String, Value>>(),
    })
}

struct Writer<'a> {
    kinds: &'a [KindSettings],
    definitions: Map<String, Value>,
}

impl Writer<'_> {
    fn value(&mut self, shape: &Shape, mode: Mode) -> Value {
        match shape {
            Shape::Any => json!({}),
            Shape::Markdown => self.definition("markdown", || {
                json!({
                    "description": "A text (Markdown), or one for each language.",
                    "anyOf": [
                        { "type": "string", "minLength": 1 },
                        {
                            "type": "object",
                            "properties": { "en": { "type": "string" }, "es": { "type": "string" } },
                            "additionalProperties": false,
                        },
                    ],
                })
            }),
            Shape::Command => self.definition("command", || {
                json!({
                    "description": "A command: a text for a shell, or a list of arguments.",
                    "anyOf": [
                        { "type": "string", "minLength": 1 },
                        { "type": "array", "items": { "type": ["string", "number", "boolean"] } },
                    ],
                })
            }),
            Shape::List(inner) => json!({ "type": "array", "items": self.value(inner, Mode::Base) }),
            Shape::Many(inner) => {
                let one = self.value(inner, mode);
                let item = self.value(inner, Mode::Base);
                any_of(vec![one, json!({ "type": "array", "items": item })])
            }
            Shape::Map(keys, inner) => {
                let value = self.value(inner, mode);
                let mut map = json!({ "type": "object", "additionalProperties": nullable(value, mode) });
                if let Some(names) = key_names(*keys) {
                    map["propertyNames"] = names;
                }
                map
            }
            Shape::Object(object) => self.object(object, mode),
            Shape::Short(forms, object) => {
                let mut all: Vec<Value> = forms.iter().map(|form| self.value(&form.shape, mode)).collect();
                all.push(self.object(object, mode));
                any_of(all)
            }
            Shape::Either(all) => {
                let all = all.iter().map(|shape| self.value(shape, mode)).collect();
                any_of(all)
            }
            Shape::Step => {
                let text = self.value(&Shape::Markdown, Mode::Base);
                self.definition("flow-step", || {
                    json!({
                        "description": "`a -> b: what happens`.",
                        "type": "object",
                        "propertyNames": { "pattern": format!("^\\s*{ID}\\s*(->|-->|<->)\\s*{ID}\\s*$") },
                        "additionalProperties": text,
                        "minProperties": 1,
                        "maxProperties": 1,
                    })
                })
            }
            Shape::Overlay(inner) => self.value(inner, Mode::Overlay),
            leaf => leaf_schema(leaf),
        }
    }

    /// A definition by name, written once.
    fn definition(&mut self, name: &str, write: impl FnOnce() -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            let value = write();
            self.definitions.insert(name.to_owned(), value);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    fn object(&mut self, object: &Object, mode: Mode) -> Value {
        let mut name = object.name.replace([' ', '_'], "-");
        if mode == Mode::Overlay && object.name != "environment" {
            name.push_str("-overlay");
        }
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        if self.definitions.contains_key(&name) {
            return reference;
        }
        // Takes the name first, so that a shape that holds itself would end.
        self.definitions.insert(name.clone(), Value::Null);
        let definition = self.definition_of(object, mode);
        self.definitions.insert(name, definition);
        reference
    }

    fn definition_of(&mut self, object: &Object, mode: Mode) -> Value {
        let mut properties = Map::new();
        for field in &object.fields {
            let mut value = self.value(&field.shape, mode);
            if !field.required && !field.kept {
                value = nullable(value, mode);
            }
            if let Some(alias) = field.alias {
                let mut other = described(value.clone(), &format!("Compose's name of `{}`.", field.name));
                other["deprecated"] = json!(true);
                properties.insert(alias.to_owned(), other);
            }
            properties.insert(field.name.clone(), described(value, &sentence(field)));
        }
        let mut result = json!({ "description": object.doc, "type": "object" });
        let required: Vec<&str> =
            object.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
        if mode == Mode::Base {
            if !required.is_empty() {
                result["required"] = json!(required);
            }
            let rules: Vec<Value> = object.rules.iter().filter_map(rule).collect();
            if !rules.is_empty() {
                result["allOf"] = json!(rules);
            }
        }
        let zone = match object.name.as_str() {
            "zone" => Some(true),
            "component" => Some(false),
            _ => None,
        };
        match zone.filter(|_| object.open && !self.kinds.is_empty()) {
            Some(zone) => self.kinds(zone, mode, object, &mut properties, &mut result),
            None if !object.open => result["additionalProperties"] = json!(false),
            None => {}
        }
        result["properties"] = Value::Object(properties);
        result
    }

    /// Names the kinds, and adds what each has of its own.
    fn kinds(
        &mut self,
        zone: bool,
        mode: Mode,
        object: &Object,
        properties: &mut Map<String, Value>,
        result: &mut Value,
    ) {
        let kinds: Vec<&KindSettings> = self.kinds.iter().filter(|kind| kind.zone == zone).collect();
        if let Some(kind) = properties.get_mut("kind") {
            let names: Vec<Value> =
                kinds.iter().map(|kind| json!({ "const": kind.kind, "description": kind.title })).collect();
            *kind = described(json!({ "oneOf": names }), kind["description"].as_str().unwrap_or_default());
        }
        let mut branches = result["allOf"].as_array().cloned().unwrap_or_default();
        let mut loose: Map<String, Value> = Map::new();
        for kind in &kinds {
            let mut own = Map::new();
            if !kind.forms.is_empty() {
                own.insert("as".into(), nullable(json!({ "enum": kind.forms }), mode));
            }
            for field in kind.settings.iter().filter(|field| object.field(&field.name).is_none()) {
                let value = described(nullable(self.value(&field.shape, mode), mode), &sentence(field));
                let other = loose.entry(field.name.clone()).or_insert_with(|| value.clone());
                if *other != value {
                    *other = json!({});
                }
                own.insert(field.name.clone(), value);
            }
            if !own.is_empty() {
                branches.push(json!({
                    "if": { "properties": { "kind": { "const": kind.kind } }, "required": ["kind"] },
                    "then": { "properties": own },
                }));
            }
        }
        if mode == Mode::Overlay && !loose.is_empty() {
            // Without a kind of its own, an overlay may set what any kind has.
            branches
                .push(json!({ "if": { "not": { "required": ["kind"] } }, "then": { "properties": loose } }));
        }
        if !branches.is_empty() {
            result["allOf"] = json!(branches);
        }
        result["unevaluatedProperties"] = json!(false);
    }
}

/// The doc of a field with its default.
fn sentence(field: &Field) -> String {
    match &field.default {
        Some(default) => format!("{} Default: {default}.", field.doc),
        None => field.doc.clone(),
    }
}

/// Puts a description first.
fn described(value: Value, text: &str) -> Value {
    let mut result = Map::new();
    result.insert("description".into(), json!(text));
    if let Value::Object(map) = value {
        result.extend(map.into_iter().filter(|(key, _)| key != "description"));
    }
    Value::Object(result)
}

fn nullable(value: Value, mode: Mode) -> Value {
    match mode {
        Mode::Base => value,
        Mode::Overlay => any_of(vec![value, json!({ "type": "null" })]),
    }
}

/// One of several, without nesting; equal ones stand once.
fn any_of(all: Vec<Value>) -> Value {
    let mut flat: Vec<Value> = Vec::new();
    for value in all {
        let inner = match value.as_object() {
            Some(map) if map.len() == 1 => map.get("anyOf").and_then(Value::as_array).cloned(),
            _ => None,
        };
        for one in inner.unwrap_or_else(|| vec![value]) {
            if !flat.contains(&one) {
                flat.push(one);
            }
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { json!({ "anyOf": flat }) }
}

fn rule(rule: &Rule) -> Option<Value> {
    let each = |names: &[&str]| names.iter().map(|name| json!({ "required": [name] })).collect::<Vec<_>>();
    Some(match rule {
        Rule::ExactlyOne(names) => json!({ "oneOf": each(names) }),
        Rule::AtLeastOne(names) => json!({ "anyOf": each(names) }),
        Rule::AtMostOne(names) => {
            let mut all = each(names);
            all.push(json!({ "not": { "anyOf": each(names) } }));
            json!({ "oneOf": all })
        }
        Rule::Ordered(..) => return None,
    })
}

fn key_names(keys: Keys) -> Option<Value> {
    let list = format!("{ID}(\\s*,\\s*{ID})*");
    let ends = format!("{ID}(\\s*,\\s*{ID})*");
    Some(match keys {
        Keys::Id => json!({ "pattern": format!("^{ID}$"), "maxLength": ID_LENGTH }),
        Keys::Element => {
            json!({ "pattern": format!("^{ID}$"), "maxLength": ID_LENGTH, "not": { "enum": RESERVED } })
        }
        Keys::Free => return None,
        Keys::Variable => json!({ "pattern": "^[A-Za-z_][A-Za-z0-9_.-]*$" }),
        Keys::Path => json!({ "pattern": "^/" }),
        Keys::Connection => json!({ "pattern": format!("^\\s*{ends}(\\s*(->|-->|<->)\\s*{ends})+\\s*$") }),
        Keys::Assertion => json!({
            "pattern": format!(
                "^\\s*(survives\\s+loss\\s+of\\s+(one\\s+az|{ID})|only\\s+{list}\\s+->\\s+{list}|{list}\\s+!?->>?\\s+{list})\\s*$"
            ),
        }),
    })
}

fn leaf_schema(shape: &Shape) -> Value {
    let pattern = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    // Where a reference may stand, whatever holds one fits.
    let or_reference = |text: &str| json!({ "type": "string", "pattern": format!("{text}|\\$\\{{") });
    let amount = |units: &str| pattern(&format!("^0*[1-9][0-9]*{units}$"));
    match shape {
        Shape::Text | Shape::Version | Shape::Path => json!({ "type": "string", "minLength": 1 }),
        Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Int(low, high) => {
            let mut value = json!({ "type": "integer" });
            if *low != i64::MIN {
                value["minimum"] = json!(low);
            }
            if *high != i64::MAX {
                value["maximum"] = json!(high);
            }
            value
        }
        Shape::Number(low, high) => {
            let mut value = json!({ "type": "number" });
            if *low != f64::MIN {
                value["minimum"] = json!(low);
            }
            if *high != f64::MAX {
                value["maximum"] = json!(high);
            }
            value
        }
        Shape::Duration => amount("[smhd]"),
        Shape::Size => amount("[KMGT]iB"),
        Shape::Share => pattern("^(100(\\.0*)?|[0-9]{1,2}(\\.[0-9]*)?)%$"),
        Shape::Rate => pattern("^\\s*[0-9]+\\s+per\\s+0*[1-9][0-9]*[smhd]\\s*$"),
        Shape::Cidr => or_reference("^[0-9a-fA-F:.]+/[0-9]{1,3}$"),
        Shape::Port => json!({ "type": "integer", "minimum": 1, "maximum": 65535 }),
        Shape::PortProtocol => any_of(vec![
            json!({ "type": "integer", "minimum": 1, "maximum": 65535 }),
            pattern("^[0-9]{1,5}/(tcp|udp)$"),
        ]),
        Shape::AbsolutePath => or_reference("^/"),
        Shape::RequestPath => or_reference("^/[^\\s'\"`<>\\\\]*$"),
        Shape::Plain(more) => {
            // Any other escaped sign is a mistake in expressions of Unicode.
            let more = more.replace('[', "\\[").replace(']', "\\]");
            or_reference(&format!("^[A-Za-z0-9_.{more}-]+$"))
        }
        Shape::Login => or_reference("^([A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9\\[][A-Za-z0-9.:\\[\\]_-]*$"),
        Shape::Repository => or_reference("^[A-Za-z0-9_./~][A-Za-z0-9_./~:@%+=-]*$"),
        Shape::Source => or_reference(&format!("^[./]|^{ID}$")),
        Shape::Url => or_reference("^\\S+://\\S+$"),
        Shape::Schedule => pattern("^\\s*\\S+(\\s+\\S+){4}\\s*$"),
        Shape::Date => pattern("^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"),
        // `false` as a word is the truth value.
        Shape::Word(words) if words.iter().any(|word| word.word == "false") => {
            let all = words.iter().map(|word| {
                let constant = if word.word == "false" { json!(false) } else { json!(word.word) };
                json!({ "const": constant, "description": word.doc })
            });
            json!({ "oneOf": all.collect::<Vec<_>>() })
        }
        Shape::Word(words) if words.iter().all(|word| word.doc.is_empty()) => {
            json!({ "enum": words.iter().map(|word| word.word.as_str()).collect::<Vec<_>>() })
        }
        Shape::Word(words) => {
            let all: Vec<Value> =
                words.iter().map(|word| json!({ "const": word.word, "description": word.doc })).collect();
            json!({ "oneOf": all })
        }
        Shape::Name(Of::Form) => pattern(&format!("^{ID}(\\.{ID})*$")),
        Shape::Name(Of::Pictured) => pattern(&format!("^(pipelines\\.)?{ID}$")),
        Shape::Name(_) => json!({ "type": "string", "pattern": format!("^{ID}$"), "maxLength": ID_LENGTH }),
        Shape::ProtocolPort => pattern(&format!("^{ID}(/[0-9]{{1,5}})?$")),
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::field;
    use super::*;
    use std::collections::BTreeMap;

    /// Every object of the language under its name.
    fn objects(shape: &Shape, all: &mut BTreeMap<String, Vec<Object>>) {
        let mut take = |object: &Object| {
            all.entry(object.name.clone()).or_default().push(object.clone());
            for field in &object.fields {
                objects(&field.shape, all);
            }
        };
        match shape {
            Shape::Object(object) => take(object),
            Shape::Short(forms, object) => {
                take(object);
                forms.iter().for_each(|form| objects(&form.shape, all));
            }
            Shape::List(inner) | Shape::Many(inner) | Shape::Map(_, inner) | Shape::Overlay(inner) => {
                objects(inner, all);
            }
            Shape::Either(shapes) => shapes.iter().for_each(|shape| objects(shape, all)),
            _ => {}
        }
    }

    #[test]
    fn every_field_has_a_doc_and_every_name_means_one_object() {
        let mut all = BTreeMap::new();
        objects(&Shape::Object(language::document().clone()), &mut all);
        assert!(all.len() > 25, "{:?}", all.keys());
        for (name, same) in &all {
            assert!(same.iter().all(|object| object == &same[0]), "two objects are called {name}");
            for field in &same[0].fields {
                assert!(
                    field.doc.ends_with('.') && field.doc.len() > 5,
                    "{name}.{}: {:?}",
                    field.name,
                    field.doc
                );
                assert!(!field.groups.is_empty());
            }
            let names: std::collections::BTreeSet<_> =
                same[0].fields.iter().map(|field| &field.name).collect();
            assert_eq!(names.len(), same[0].fields.len(), "{name} has a field twice");
            for (habit, advice) in &same[0].habits {
                assert!(same[0].field(habit).is_none(), "{name}: `{habit}` is a field");
                assert!(!advice.ends_with('.'), "{name}: {advice}");
            }
        }
    }

    #[test]
    fn the_schema_is_complete_and_the_same_each_time() {
        let kinds = [KindSettings {
            kind: "store".into(),
            title: "A store".into(),
            zone: false,
            forms: vec!["container".into()],
            settings: vec![field("engine", Shape::Text, "Which engine.")],
        }];
        let first = schema(&kinds);
        assert_eq!(first.to_string(), schema(&kinds).to_string());
        let text = first.to_string();
        for (at, _) in text.match_indices("#/$defs/") {
            let name: String = text[at + 8..].chars().take_while(|c| *c != '"').collect();
            assert!(first["$defs"][&name].is_object(), "{name} is not defined");
        }
        assert_eq!(first["$defs"]["component"]["unevaluatedProperties"], json!(false));
        assert!(schema(&[])["$defs"]["component"]["unevaluatedProperties"].is_null());
    }
}
