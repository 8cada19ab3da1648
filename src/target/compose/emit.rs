//! A tree -> YAML that every reader takes for the same, also those of YAML 1.1.
//!
//! Compose files are read by more than Docker: PyYAML takes `on` for true and `22:22` for a number. So a text
//! stands without quotes only where no reader could see anything else in it.

use super::tree::{Data, Map};

/// The text of a tree, with a newline at its end.
pub(in crate::target) fn yaml(map: &Map) -> String {
    let mut out = String::new();
    write_map(map, 0, &mut out);
    if map.entries.is_empty() {
        out.push_str("{}\n");
    }
    out
}

fn write_map(map: &Map, depth: usize, out: &mut String) {
    for (at, entry) in map.entries.iter().enumerate() {
        if entry.apart && at > 0 {
            out.push('\n');
        }
        if !entry.comment.is_empty() {
            indent(depth, out);
            out.push_str("# ");
            // What a reader takes for the end of a line would end the comment.
            out.extend(entry.comment.chars().map(|c| if needs_escape(c) || c == '\n' { ' ' } else { c }));
            out.push('\n');
        }
        indent(depth, out);
        out.push_str(&inline(&entry.key));
        out.push(':');
        write_value(&entry.value, depth, out);
    }
}

/// Writes a value after its key's colon.
fn write_value(value: &Data, depth: usize, out: &mut String) {
    match value {
        Data::Map(map) if !map.entries.is_empty() => {
            out.push('\n');
            write_map(map, depth + 1, out);
        }
        Data::List(list) if !list.is_empty() => {
            out.push('\n');
            write_list(list, depth + 1, out);
        }
        other => {
            out.push(' ');
            write_leaf(other, depth + 1, out);
        }
    }
}

fn write_list(list: &[Data], depth: usize, out: &mut String) {
    for item in list {
        indent(depth, out);
        out.push_str("- ");
        match item {
            // The first key of a map stands behind the dash, the rest below it.
            Data::Map(map) if !map.entries.is_empty() => {
                let mut inner = String::new();
                write_map(map, depth + 1, &mut inner);
                out.push_str(inner.trim_start_matches(' '));
            }
            Data::List(inner) if !inner.is_empty() => {
                let mut text = String::new();
                write_list(inner, depth + 1, &mut text);
                out.push_str(text.trim_start_matches(' '));
            }
            other => write_leaf(other, depth + 1, out),
        }
    }
}

fn write_leaf(value: &Data, depth: usize, out: &mut String) {
    match value {
        Data::Null => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Number(digits) => out.push_str(digits),
        Data::Text(text) if is_block(text) => {
            out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                out.push('\n');
                if !line.is_empty() {
                    indent(depth, out);
                    out.push_str(line);
                }
            }
        }
        Data::Text(text) => out.push_str(&inline(text)),
        Data::List(_) => out.push_str("[]"),
        Data::Map(_) => out.push_str("{}"),
    }
    out.push('\n');
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Whether a text of several lines can stand as a block without an indicator of its indentation.
fn is_block(text: &str) -> bool {
    let lines = text.strip_suffix('\n').unwrap_or(text);
    lines.contains('\n')
        && !lines.starts_with([' ', '\n'])
        && !lines.ends_with('\n')
        && !lines.chars().any(|c| c != '\n' && needs_escape(c))
        && lines.split('\n').all(|line| line.is_empty() || line.trim_end() == line)
}

/// A text in one line.
fn inline(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let escapes = text.chars().any(needs_escape) || text.contains('\n');
    if !escapes && !text.contains('\'') && text.contains(['"', '\\']) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => match u32::from(c) {
                code @ 0..=0xff => out.push_str(&format!("\\x{code:02x}")),
                code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Characters that cannot stand in a line as they are: readers refuse them, drop them or end the line.
fn needs_escape(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{a0}')
        || ('\u{e000}'..='\u{f8ff}').contains(&c)
        || u32::from(c) > 0xffff
}

/// Words that some reader takes for something else than a text.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Whether a text needs no quotes.
fn is_plain(text: &str) -> bool {
    // `10s` and `512m` are numbers for nobody.
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if unit.len() < text.len() && ["s", "m", "h", "g", "k", "mb", "gb"].contains(&unit) {
        return true;
    }
    let mut chars = text.chars();
    let begins = match chars.next() {
        Some(c) if c.is_ascii_alphabetic() || c == '/' || c == '_' => true,
        Some('.') => text.starts_with("./") || text.starts_with("../"),
        _ => false,
    };
    begins
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./@+=;()~^- :".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn meant(data: &Data) -> serde_yaml::Value {
        match data {
            Data::Null => serde_yaml::Value::Null,
            Data::Bool(value) => serde_yaml::Value::Bool(*value),
            Data::Number(digits) => serde_yaml::Value::Number(digits.parse::<i64>().unwrap().into()),
            Data::Text(text) => serde_yaml::Value::String(text.clone()),
            Data::List(list) => serde_yaml::Value::Sequence(list.iter().map(meant).collect()),
            Data::Map(map) => serde_yaml::Value::Mapping(
                map.entries.iter().map(|entry| (entry.key.clone().into(), meant(&entry.value))).collect(),
            ),
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[ -~]{0,12}",
            "[a-z:# \\n'\"-]{0,16}",
            "[ \\t\\n\\r|>a]{0,8}",
            proptest::sample::select(vec![
                "on",
                "Yes",
                "~",
                "22:22",
                "0x1f",
                "0o17",
                "017",
                "1e3",
                ".5",
                ".inf",
                "2026-01-01",
                "<<",
                "=",
                "-",
                "?",
                "&a",
                "*a",
                "!x",
                "%x",
                "@x",
                "`x",
                "null",
                "",
                "a: b",
                "a #b",
                "[",
                "{",
                "a,b",
                "-1",
                "\u{85}",
                "\u{2028}x",
                "a\u{0}b",
                "x\n",
                "x\n\n",
                "\nx",
                " x\ny",
                "x\n y\n",
                "x \ny",
                "x\n\ny",
            ])
            .prop_map(str::to_owned),
        ]
    }

    fn data() -> impl Strategy<Value = Data> {
        let leaf = prop_oneof![
            Just(Data::Null),
            any::<bool>().prop_map(Data::Bool),
            any::<i64>().prop_map(Data::int),
            texts().prop_map(Data::Text),
        ];
        leaf.prop_recursive(4, 24, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Data::List),
                proptest::collection::vec((texts(), inner, texts()), 0..4).prop_map(|pairs| {
                    let mut map = Map::default();
                    for (key, value, comment) in pairs {
                        if map.get(&key).is_none() {
                            map.section(key, value, comment);
                        }
                    }
                    Data::Map(map)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_read_back_is_what_was_meant(data in data()) {
            let mut map = Map::default();
            map.set("root", data);
            let text = yaml(&map);
            let read: serde_yaml::Value = serde_yaml::from_str(&text)
                .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(read, meant(&Data::Map(map)), "{}", text);
        }
    }

    #[test]
    fn texts_that_old_readers_misread_are_quoted() {
        for text in
            ["on", "YES", "no", "22:22", "8080:80", "0755", "1.10", "2026-11-22", "~", "1_000", "0x1f", ""]
        {
            assert_eq!(inline(text), format!("\"{text}\""));
        }
        for text in
            ["postgres:16-alpine", "./nginx/web.conf", "http://db:5432", "no-new-privileges:true", "CMD"]
        {
            assert_eq!(inline(text), text);
        }
        assert_eq!(inline("say \"x\""), "'say \"x\"'");
        assert_eq!(inline("a: b"), "\"a: b\"");
    }

    #[test]
    fn several_lines_are_a_block() {
        let mut map = Map::default();
        map.set("test", Data::List(vec![Data::text("CMD-SHELL"), Data::text("one ||\ntwo")]));
        map.set("text", Data::text("a\n\nb\n"));
        assert_eq!(yaml(&map), "test:\n  - CMD-SHELL\n  - |-\n    one ||\n    two\ntext: |\n  a\n\n  b\n");
    }
}
