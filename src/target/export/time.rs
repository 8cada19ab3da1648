//! Messages in the order of time, for the tools that have a sort of diagram for them: Mermaid and D2.

use std::fmt::Write;

use super::leaf_colours;
use super::names::names;
use crate::layout::{Class, Role};
use crate::scene::theme::Theme;
use crate::view::caption::clean;
use crate::view::sequence::{Message, Sequence};

/// Words that one of the two takes for itself.
const RESERVED: [&str; 30] = [
    "actor",
    "alt",
    "and",
    "as",
    "autonumber",
    "box",
    "break",
    "class",
    "classes",
    "critical",
    "destroy",
    "direction",
    "else",
    "end",
    "label",
    "left",
    "link",
    "links",
    "loop",
    "near",
    "note",
    "opt",
    "over",
    "par",
    "participant",
    "rect",
    "shape",
    "style",
    "title",
    "walk",
];

/// Number and words of a message, and below them its protocol.
fn words(message: &Message) -> Vec<String> {
    let number = message.number.map(|number| format!("({number})")).unwrap_or_default();
    let first = format!("{number} {}", clean(&message.text)).trim().to_owned();
    [first, clean(&message.quiet)].into_iter().filter(|text| !text.is_empty()).collect()
}

/// The messages with the names of their ends.
fn messages<'a>(
    sequence: &'a Sequence,
    names: &'a [String],
) -> impl Iterator<Item = (&'a Message, &'a str, &'a str)> {
    let name = |at: usize| names.get(at).map(String::as_str);
    sequence.messages.iter().filter_map(move |m| Some((m, name(m.from)?, name(m.to)?)))
}

/// The walk as a sequence diagram of Mermaid.
pub(super) fn mermaid(sequence: &Sequence) -> String {
    let names = names(sequence.parties.iter().map(|party| party.id.as_str()), &RESERVED);
    let sheet = &sequence.sheet;
    let mut out = String::new();
    let title: Vec<String> = [&sheet.title, &sheet.subtitle]
        .map(|text| clean(text))
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect();
    if !title.is_empty() {
        let title = serde_json::Value::from(title.join(" · ")).to_string();
        let _ = writeln!(out, "---\ntitle: {title}\n---");
    }
    out.push_str("sequenceDiagram\n");
    for (party, name) in sequence.parties.iter().zip(&names) {
        let sort = if party.role == Role::Actor { "actor" } else { "participant" };
        let texts: Vec<String> = [&party.title, &party.quiet]
            .map(|text| clean(text))
            .iter()
            .filter(|t| !t.is_empty())
            .map(|t| plain(t))
            .collect();
        let _ = writeln!(out, "  {sort} {name} as {}", texts.join("<br>"));
    }
    for (message, from, to) in messages(sequence, &names) {
        let arrow = match message.class() {
            Class::Async => "-)",
            Class::Attached => "-->>",
            _ => "->>",
        };
        let words: Vec<String> = words(message).iter().map(|text| plain(text)).collect();
        // A message without words is one with a space that has no width.
        let words = if words.is_empty() { "#8203;".to_owned() } else { words.join("<br>") };
        let _ = writeln!(out, "  {from}{arrow}{to}: {words}");
    }
    if let (Some(first), Some(last)) = (names.first(), names.last()) {
        for note in &sequence.notes {
            let _ = writeln!(out, "  Note over {first},{last}: {}", plain(&clean(note)));
        }
    }
    out
}

/// Text at the end of a line: what would end it, or be read as markup, is written as an entity.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '#' | ';' | '<' | '>' | '&' | '"' | '%' | '*' | '_' | '`' | '\\' | '$' | ':' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    // A lone `end` would close a block.
    if out.eq_ignore_ascii_case("end") { out.replacen(['e', 'E'], "#101;", 1) } else { out }
}

/// The walk as a sequence diagram of D2.
pub(super) fn d2(sequence: &Sequence, theme: &Theme) -> String {
    let names = names(sequence.parties.iter().map(|party| party.id.as_str()), &RESERVED);
    let sheet = &sequence.sheet;
    let title: Vec<String> = [&sheet.title, &sheet.subtitle]
        .map(|text| clean(text))
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect();
    let mut out = String::new();
    if !title.is_empty() {
        let _ = writeln!(
            out,
            "title: {} {{\n  shape: text\n  near: top-center\n  style.font-size: 24\n}}",
            super::d2::quote(&title.join("\n"))
        );
    }
    out.push_str("walk: \"\" {\n  shape: sequence_diagram\n");
    for (party, name) in sequence.parties.iter().zip(&names) {
        let [fill, stroke, letters] = leaf_colours(theme, &party.category);
        let texts: Vec<String> = [&party.title, &party.quiet]
            .map(|text| clean(text))
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect();
        let _ = writeln!(
            out,
            "  {name}: {} {{ style.fill: \"{fill}\"; style.stroke: \"{stroke}\"; style.font-color: \"{letters}\" }}",
            super::d2::quote(&texts.join("\n"))
        );
    }
    for (message, from, to) in messages(sequence, &names) {
        let dash = match message.class() {
            Class::Async => " { style.stroke-dash: 5 }",
            Class::Attached => " { style.stroke-dash: 2 }",
            _ => "",
        };
        let _ = writeln!(out, "  {from} -> {to}: {}{dash}", super::d2::quote(&words(message).join("\n")));
    }
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_a_line_or_a_block() {
        assert_eq!(plain("a; b #1 <c>"), "a#59; b #35;1 #60;c#62;");
        assert_eq!([plain("end"), plain("the end")], ["#101;nd", "the end"]);
    }
}
