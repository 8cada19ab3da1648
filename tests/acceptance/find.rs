//! What a check looks for in an artifact, and whether it is there.
//!
//! - `find`: passages of text. A passage is one or more lines; each is part of a line of the artifact, white space apart,
//!   and they follow each other. `…` in a line stands for anything on that line; alone on a line, for any number of lines
//!   without an empty one, so that a passage stays in one block or paragraph.
//! - `at`: the address of a value in YAML, JSON or HCL (`services.web.ports[0]`, `resource.aws_lb.edge.internal`), which is there,
//!   or has the value `is`, or has a part `has`: a piece of a text, an element of a list, a key of a map.
//! - `see`: elements of a picture; see `picture.rs`.

use serde_yaml::Value;

use crate::{many, picture, string, tree};

/// One thing to look for.
pub(crate) enum Wanted {
    /// A passage of text.
    Text(String),
    /// A value at an address, and what it must be or have.
    At { address: String, is: Option<Value>, has: Vec<Value> },
    /// An element of a picture.
    Element(String),
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Wanted::Text(passage) => {
                f.write_str(&passage.lines().map(str::trim).collect::<Vec<_>>().join(" ⏎ "))
            }
            Wanted::At { address, is, has } => {
                f.write_str(address)?;
                if let Some(is) = is {
                    write!(f, " = {}", tree::short(is))?;
                }
                has.iter().try_for_each(|part| write!(f, " ∋ {}", tree::short(part)))
            }
            Wanted::Element(element) => f.write_str(element),
        }
    }
}

/// What a check names.
pub(crate) fn wanted(check: &Value) -> Vec<Wanted> {
    let list = |key: &str| check.get(key).map(many).unwrap_or_default();
    let mut wanted: Vec<Wanted> = list("find").iter().map(|text| Wanted::Text(string(text))).collect();
    wanted.extend(list("see").iter().map(|element| Wanted::Element(string(element))));
    for address in list("at") {
        let address = string(&address);
        wanted.push(Wanted::At { address, is: check.get("is").cloned(), has: list("has") });
    }
    wanted
}

/// Looks for one thing; otherwise says what is not there.
pub(crate) fn find(name: &str, text: &str, wanted: &Wanted) -> Result<(), String> {
    match wanted {
        Wanted::Text(passage) => match has_passage(text, passage) {
            true => Ok(()),
            false => Err(format!("there is no `{wanted}`")),
        },
        Wanted::At { address, is, has } => {
            let root = tree::read(name, text)?;
            let value = tree::at(&root, address)?;
            if let Some(is) = is.as_ref().filter(|is| !tree::same(value, is)) {
                return Err(format!("{address} is {}, not {}", tree::short(value), tree::short(is)));
            }
            match has.iter().find(|part| !tree::has(value, part)) {
                Some(part) => {
                    Err(format!("{address} is {}, without {}", tree::short(value), tree::short(part)))
                }
                None => Ok(()),
            }
        }
        Wanted::Element(element) => picture::see(text, element),
    }
}

fn plain(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the pieces between the `…` of a pattern come in a line in their order.
fn has_line(line: &str, pattern: &str) -> bool {
    let mut rest = line;
    pattern.split('…').map(str::trim).all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// Whether the pattern's lines stand at the start of the text's lines.
fn starts(lines: &[String], pattern: &[String]) -> bool {
    match (pattern, lines) {
        ([], _) => true,
        ([gap], _) if gap == "…" => true,
        ([gap, ..], _) if gap == "…" => {
            let block = lines.iter().take_while(|line| !line.is_empty()).count();
            (0..=block).any(|skipped| starts(&lines[skipped..], &pattern[1..]))
        }
        ([first, others @ ..], [line, rest @ ..]) => has_line(line, first) && starts(rest, others),
        _ => false,
    }
}

fn has_passage(text: &str, passage: &str) -> bool {
    let lines: Vec<String> = text.lines().map(plain).collect();
    let pattern: Vec<String> = passage.trim().lines().map(plain).collect();
    assert!(!pattern.is_empty(), "an empty passage is found everywhere");
    (0..lines.len()).any(|at| starts(&lines[at..], &pattern))
}

#[test]
fn a_passage_stays_in_its_order_and_its_block() {
    let text = "rule a {\n  port   = 22\n  from = ops\n}\n\nrule b {\n  port = 80\n}\n";
    for passage in
        ["port = 22", "rule a {\n…\nfrom = ops", "rule … {\n port = 80", "port…ops", "port = 22\nfrom"]
    {
        assert_eq!(has_passage(text, passage), passage != "port…ops", "{passage}");
    }
    for passage in ["rule a {\n…\nport = 80", "from = ops\nport = 22", "rule a {\nfrom = ops", "port = 8080"]
    {
        assert!(!has_passage(text, passage), "{passage}");
    }
}
