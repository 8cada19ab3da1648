//! YAML, JSON and HCL as one tree, and addresses in it.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};
use serde_yaml::{Mapping, Value};

/// Reads a file as a tree; its name says as what.
pub(crate) fn read(name: &str, text: &str) -> Result<Value, String> {
    let name = name.strip_suffix(".example").unwrap_or(name);
    let hcl = [".tf", ".tfvars", ".hcl"].iter().any(|ending| name.ends_with(ending));
    if !hcl {
        return serde_yaml::from_str(text).map_err(|error| error.to_string());
    }
    let body = hcl_edit::parser::parse_body(text).map_err(|error| error.to_string())?;
    Ok(Value::Mapping(map(&body, text)))
}

/// A body as a map: `resource "a" "b" {…}` is `resource.a.b`, a block that comes again a list of its bodies.
fn map(body: &Body, text: &str) -> Mapping {
    let mut found = Mapping::new();
    for structure in body.iter() {
        match structure {
            Structure::Attribute(attribute) => {
                found.insert(attribute.key.as_str().into(), value(&attribute.value, text));
            }
            Structure::Block(block) => {
                let mut at = &mut found;
                let mut path: Vec<&str> = vec![block.ident.as_str()];
                path.extend(block.labels.iter().map(|label| label.as_str()));
                let last = path.pop().unwrap_or_default();
                for key in path {
                    let below = at.entry(key.into()).or_insert_with(|| Value::Mapping(Mapping::new()));
                    at = below.as_mapping_mut().expect("a block of that type has labels");
                }
                let inner = Value::Mapping(map(&block.body, text));
                match at.get_mut(last) {
                    None => drop(at.insert(last.into(), inner)),
                    Some(Value::Sequence(several)) => several.push(inner),
                    Some(one) => *one = Value::Sequence(vec![one.clone(), inner]),
                }
            }
        }
    }
    found
}

/// An expression: what is written out as its value, anything else as its text.
fn value(expression: &Expression, text: &str) -> Value {
    match expression {
        Expression::Bool(value) => (**value).into(),
        Expression::String(value) => value.as_str().into(),
        Expression::Number(value) => value.as_i64().map_or_else(|| value.to_string().into(), Value::from),
        Expression::Array(items) => items.iter().map(|item| value(item, text)).collect::<Vec<_>>().into(),
        Expression::Object(entries) => {
            let mut found = Mapping::new();
            for (key, entry) in entries.iter() {
                let key = key.as_expr().map_or_else(
                    || key.as_ident().map(|ident| ident.as_str().to_owned()).unwrap_or_default(),
                    |expression| string_of(&value(expression, text)),
                );
                found.insert(key.into(), value(entry.expr(), text));
            }
            Value::Mapping(found)
        }
        other => other.span().map_or_else(String::new, |span| text[span].trim().to_owned()).into(),
    }
}

/// The value at an address: keys between dots, `[0]` for an element, `["a.b"]` for a key with a dot.
pub(crate) fn at<'a>(root: &'a Value, address: &str) -> Result<&'a Value, String> {
    let mut value = root;
    let mut gone = String::new();
    let mut rest = address;
    while !rest.is_empty() {
        let (step, more) = match rest.strip_prefix("[\"") {
            Some(quoted) => quoted.split_once("\"]").ok_or("a quote that does not end")?,
            None => match rest.strip_prefix('[') {
                Some(number) => number.split_once(']').ok_or("a bracket that does not end")?,
                None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
            },
        };
        let is_number = rest.starts_with('[') && !rest.starts_with("[\"");
        let below = match is_number {
            true => step.parse::<usize>().ok().and_then(|index| value.get(index)),
            false => value.get(step),
        };
        value = below.ok_or_else(|| {
            let place = if gone.is_empty() { "the file".to_owned() } else { gone.clone() };
            format!("{place} has no `{step}` ({})", short(value))
        })?;
        gone = address[..address.len() - more.len()].to_owned();
        rest = more.strip_prefix('.').unwrap_or(more);
    }
    Ok(value)
}

/// Whether two values are the same; a number or a word counts as the text that it is written as.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Mapping(_) | Value::Sequence(_), _) | (_, Value::Mapping(_) | Value::Sequence(_)) => a == b,
        _ => string_of(a) == string_of(b),
    }
}

/// Whether a value has a part: a text a piece, a list an element, a map a key or all entries of another.
pub(crate) fn has(value: &Value, part: &Value) -> bool {
    match (value, part) {
        (Value::Sequence(items), _) => {
            items.iter().any(|item| same(item, part) || matches!(item, Value::Mapping(_)) && has(item, part))
        }
        (Value::Mapping(map), Value::Mapping(entries)) => {
            entries.iter().all(|(key, entry)| map.get(key).is_some_and(|value| same(value, entry)))
        }
        (Value::Mapping(map), _) => map.contains_key(string_of(part)),
        (_, Value::Mapping(_) | Value::Sequence(_)) => false,
        _ => string_of(value).contains(&string_of(part)),
    }
}

fn string_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

/// A value on one line, for people; long ones are cut.
pub(crate) fn short(value: &Value) -> String {
    let text = match value {
        Value::Mapping(_) | Value::Sequence(_) => serde_json::to_string(value).unwrap_or_default(),
        other => string_of(other),
    };
    match text.char_indices().nth(100) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[test]
fn addresses_find_values_in_every_format() {
    let yaml =
        read("a.yml", "services: { web: { ports: ['80:80', '443:443'], labels: { a.b: c } } }\n").unwrap();
    assert_eq!(string_of(at(&yaml, "services.web.ports[1]").unwrap()), "443:443");
    assert_eq!(string_of(at(&yaml, "services.web.labels[\"a.b\"]").unwrap()), "c");
    assert!(at(&yaml, "services.web.ports[2]").is_err() && at(&yaml, "services.db").is_err());
    let tf = "resource \"a\" \"b\" {\n  n = 5\n  ref = x.y.id\n  set = [x.y.id, \"z\"]\n  in { p = 1 }\n  in { p = 2 }\n}\n";
    let tf = read("a.tf", tf).unwrap();
    for (address, is) in [("n", "5"), ("ref", "x.y.id"), ("set[0]", "x.y.id"), ("in[1].p", "2")] {
        assert_eq!(string_of(at(&tf, &format!("resource.a.b.{address}")).unwrap()), is);
    }
    let set = at(&tf, "resource.a.b.set").unwrap();
    assert!(has(set, &"z".into()) && has(set, &"x.y.id".into()) && !has(set, &"y".into()));
    let blocks = at(&tf, "resource.a.b.in").unwrap();
    let two: Value = serde_yaml::from_str("{ p: 2 }").unwrap();
    let three: Value = serde_yaml::from_str("{ p: 3 }").unwrap();
    assert!(has(blocks, &two) && !has(blocks, &three));
    assert!(same(at(&tf, "resource.a.b.n").unwrap(), &"5".into()) && !same(&"a".into(), &"b".into()));
}
