//! The table of the book: each line, and where it is seen.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::{Line, Row};

const HEAD: &str = "# Acceptance\n
Five real write-ups of systems were taken apart into 205 lines. archgen is measured against them: each line can be said
in `archgen.yaml`, and comes out in the artifacts that its letters name. The tables below say where each line is seen, in
the committed examples and test cases, and what is looked for there. A test looks for it, so that a lost feature is noticed,
and writes this page. Lines that nothing makes yet are *open*, with the reason.\n
In the last column, `node`, `container`, `edge` and so on are elements of a picture, `in` says which box they are drawn
inside of; an address such as `services.web.ports` points into YAML or Terraform, with `=` before the value that stands
there and `∋` before a part of it; anything else is text, `…` standing for anything between.\n";

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// Text as code, also where it has backticks itself.
fn code(text: &str) -> String {
    let text = cell(text);
    match (text.contains('`'), text.starts_with('`') || text.ends_with('`')) {
        (false, _) => format!("`{text}`"),
        (true, false) => format!("``{text}``"),
        (true, true) => format!("`` {text} ``"),
    }
}

/// The row of one line: every artifact with what is found in it, then what is missing.
fn cells(row: Option<&Row>) -> (String, String) {
    let Some(row) = row else { return ("*open*".to_owned(), "*no row*".to_owned()) };
    let mut artifacts: Vec<String> = Vec::new();
    let mut wanted: Vec<String> = Vec::new();
    for check in &row.checks {
        let artifact = code(&check.artifact);
        if !artifacts.contains(&artifact) {
            artifacts.push(artifact);
        }
        wanted.extend(check.wanted.iter().map(|wanted| code(&wanted.to_string())));
    }
    if let Some(open) = &row.open {
        artifacts.push("*open*".to_owned());
        wanted.push(format!("*{}*", cell(open)));
    }
    (artifacts.join("<br>"), wanted.join("<br>"))
}

/// The whole page.
pub(crate) fn page(
    letters: &[(char, &str)],
    lines: &[Line],
    rows: &BTreeMap<char, BTreeMap<String, Row>>,
) -> String {
    let mut text = HEAD.to_owned();
    for (letter, title) in letters {
        let of_letter: Vec<&Line> = lines.iter().filter(|line| line.letters.contains(letter)).collect();
        let row_of = |line: &Line| rows.get(letter).and_then(|rows| rows.get(&line.id));
        let is_open = |line: &&&Line| row_of(line).is_none_or(|row| row.open.is_some());
        let open = of_letter.iter().filter(is_open).count();
        let accepted = of_letter.len() - open;
        write!(text, "\n## {title} ({letter})\n\n{accepted} accepted, {open} open.\n\n").expect("text grows");
        text.push_str(
            "| line | what it says | artifact | what is found there |\n| --- | --- | --- | --- |\n",
        );
        for line in of_letter {
            let (artifacts, wanted) = cells(row_of(line));
            writeln!(text, "| {} | {} | {artifacts} | {wanted} |", line.id, cell(&line.what))
                .expect("text grows");
        }
    }
    text
}
