//! Filters that templates may use beside Tera's own: quoting for each language that archgen writes.

use tera::{Kwargs, State, Tera, Value};

/// Adds the filters to an engine.
pub(super) fn register(engine: &mut Tera) {
    engine.autoescape_on(Vec::<&str>::new());
    engine.register_filter("hcl", |value: &Value, _: Kwargs, _: &State| hcl(value));
}

/// An HCL expression for a value: texts quoted, lists and maps as HCL writes them. Texts keep their `${…}`
/// interpolations, which is how one resource refers to another.
fn hcl(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        return quote(text);
    }
    if let Some(list) = value.as_array() {
        return format!("[{}]", list.iter().map(hcl).collect::<Vec<_>>().join(", "));
    }
    if let Some(map) = value.as_map() {
        let pairs = map.iter().map(|(key, value)| format!("{} = {}", quote(&key.to_string()), hcl(value)));
        return format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "));
    }
    if value.is_none() { "null".to_owned() } else { value.to_string() }
}

/// A quoted HCL string.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use crate::template::render;
    use serde_json::json;

    #[test]
    fn quotes_for_hcl() {
        let context = json!({ "a": "x\"y", "b": ["p", 2, true], "c": { "k": "v" } });
        assert_eq!(render("{{ a | hcl }}", &context).unwrap(), r#""x\"y""#);
        assert_eq!(render("{{ b | hcl }}", &context).unwrap(), r#"["p", 2, true]"#);
        assert_eq!(render("{{ c | hcl }}", &context).unwrap(), r#"{ "k" = "v" }"#);
    }

    #[test]
    fn a_missing_name_is_an_error_with_its_line() {
        let error = render("one\n{{ two }}", &json!({})).unwrap_err();
        assert!(error.message.contains("two"), "{error:?}");
        assert_eq!(error.line, Some(2), "{error:?}");
    }

    #[test]
    fn nothing_is_escaped_as_html() {
        assert_eq!(render("{{ a }}", &json!({ "a": "<&>\"'" })).unwrap(), "<&>\"'");
    }
}
