//! Filters that templates may use beside Tera's own: quoting for each language that archgen writes.

use sha2::{Digest, Sha256};
use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::document::units::duration;

/// Adds the filters to an engine.
pub(super) fn register(engine: &mut Tera) {
    engine.autoescape_on(Vec::<&str>::new());
    engine.register_filter("hcl", |value: &Value, _: Kwargs, _: &State| hcl(value));
    engine.register_filter("json", |value: &Value, _: Kwargs, _: &State| json(value));
    engine.register_filter("shell", |text: &str, _: Kwargs, _: &State| shell(text));
    engine.register_filter("seconds", |text: &str, _: Kwargs, _: &State| seconds(text));
    engine.register_filter("short", |text: &str, options: Kwargs, _: &State| -> TeraResult<String> {
        Ok(short(text, options.must_get("max")?))
    });
}

/// Seconds of a duration such as `90s`, `5m`, `24h` or `7d`.
fn seconds(text: &str) -> TeraResult<u64> {
    duration(text).map(|duration| duration.seconds).map_err(tera::Error::message)
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

/// A value as JSON, which every reader of YAML takes too.
fn json(value: &Value) -> String {
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    if let Some(text) = value.as_str() {
        return quote(text);
    }
    if let Some(list) = value.as_array() {
        return format!("[{}]", list.iter().map(json).collect::<Vec<_>>().join(", "));
    }
    if let Some(map) = value.as_map() {
        let pairs = map.iter().map(|(key, value)| format!("{}: {}", quote(&key.to_string()), json(value)));
        return format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "));
    }
    if value.is_none() { "null".to_owned() } else { value.to_string() }
}

/// A text as one word of a POSIX shell; quoted only where it must be.
pub fn shell(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''").replace('\n', " "))
}

/// A quoted HCL string; what stands between `${` and `}` is an expression and stays as it is.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut depth = 0_usize;
    let mut before = [' ', ' '];
    for c in text.chars() {
        match c {
            '{' if depth > 0 => depth += 1,
            // `$${` is an escaped dollar and begins no expression.
            '{' if before[1] == '$' && before[0] != '$' => depth = 1,
            '}' if depth > 0 => depth -= 1,
            _ => {}
        }
        before = [before[1], c];
        match c {
            c if depth > 0 => out.push(c),
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

/// A name of at most `max` characters: longer ones are cut, and end with a part of their own hash, so that two
/// long names that begin the same stay two.
pub fn short(text: &str, max: usize) -> String {
    const HASH: usize = 6;
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let hash: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let head: String = text.chars().take(max.saturating_sub(HASH + 1)).collect();
    format!("{}-{}", head.trim_end_matches('-'), &hash[..HASH])
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
    fn values_are_json_and_words_of_a_shell() {
        let context = json!({ "a": "x\"\ny", "b": ["p", 2, true], "c": { "k": "v" } });
        assert_eq!(render("{{ a | json }} {{ b | json }}", &context).unwrap(), r#""x\"\ny" ["p", 2, true]"#);
        assert_eq!(render("{{ c | json }}", &context).unwrap(), r#"{"k": "v"}"#);
        assert_eq!(render("{{ 'a b' | shell }} {{ 'a/b' | shell }}", &context).unwrap(), "'a b' a/b");
    }

    #[test]
    fn expressions_in_texts_stay() {
        let context = json!({ "a": "x-${aws_instance.vm[\"1\"].id}\"", "b": "$${a\"}" });
        assert_eq!(render("{{ a | hcl }}", &context).unwrap(), r#""x-${aws_instance.vm["1"].id}\"""#);
        assert_eq!(render("{{ b | hcl }}", &context).unwrap(), r#""$${a\"}""#);
    }

    #[test]
    fn names_are_shortened_with_a_hash() {
        let context = json!({ "a": "a-name", "b": "a-very-long-name-that-goes-on" });
        assert_eq!(render("{{ a | short(max=10) }}", &context).unwrap(), "a-name");
        let short = render("{{ b | short(max=16) }}", &context).unwrap();
        assert!(short.starts_with("a-very-lo") && short.len() <= 16, "{short}");
    }

    #[test]
    fn durations_become_seconds() {
        assert_eq!(render("{{ a | seconds // 3600 }}", &json!({ "a": "2d" })).unwrap(), "48");
        assert!(render("{{ a | seconds }}", &json!({ "a": "soon" })).is_err());
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
