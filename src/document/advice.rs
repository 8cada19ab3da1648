//! What is said about a mistake: sentences that name the fix.

use super::language;
use super::leaf;
use super::shape::{Field, Keys, Object, Rule, Shape};
use super::tree::{Data, Node};
use crate::diag::{Diagnostic, suggest};
use crate::source::Spanned;

/// An error for a key that an object does not have, with the nearest of `known` or all of them as hint.
pub fn unknown_key<'a>(
    key: &Spanned<String>,
    what: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let problem = Diagnostic::error(
        "unknown-key",
        key.span,
        format!("`{}` is not a key of {}", key.value, article(what)),
    )
    .label("unknown key");
    if let Some(near) = suggest::nearest(&key.value, known.iter().copied()) {
        return problem.hint(format!("did you mean `{near}`?"));
    }
    let problem = match elsewhere(&key.value) {
        Some(hint) => problem.hint(hint),
        None => problem,
    };
    if known.len() > 16 || known.is_empty() {
        return problem;
    }
    problem.hint(format!(
        "its keys are {}",
        known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
    ))
}

/// Where a key has its place, when it stands in the wrong one. A key that is known in many places says nothing.
pub fn elsewhere(key: &str) -> Option<String> {
    let places = language::places(key);
    let named: Vec<String> = places.iter().map(|place| format!("`{place}`")).collect();
    match named.as_slice() {
        [] => None,
        [one] => Some(format!("it stands in {one}")),
        [one, two] => Some(format!("it stands in {one} or {two}")),
        _ => None,
    }
}

/// How ports are written, where a list, a map or a text stands for them.
pub(super) fn port_hints(node: &Node) -> Vec<String> {
    let number =
        |node: &Node| node.as_scalar().filter(|scalar| scalar.as_int().is_some()).map(|s| s.text.clone());
    let several = |numbers: &[String]| match numbers {
        [] => Vec::new(),
        [one] => vec![format!("write `port: {one}`")],
        [first, rest @ ..] => {
            let rest = rest.iter().enumerate().map(|(at, number)| format!("other{}: {number}", suffix(at)));
            let all: Vec<String> = std::iter::once(format!("main: {first}")).chain(rest).collect();
            vec![format!("each port has a name: `ports: {{ {} }}`", all.join(", "))]
        }
    };
    match &node.data {
        Data::List(items) => {
            let numbers: Vec<String> = items.iter().filter_map(number).collect();
            if numbers.len() == items.len() {
                return several(&numbers);
            }
            let named = |item: &Node| {
                let name = item.get("name").and_then(Node::as_str)?.to_owned();
                let port = ["port", "containerPort", "target", "number"].iter().find_map(|key| item.get(key));
                Some(format!("{name}: {}", number(port?)?))
            };
            let pairs: Option<Vec<String>> = items.iter().map(named).collect();
            pairs
                .map(|all| format!("the name is the key: `ports: {{ {} }}`", all.join(", ")))
                .into_iter()
                .collect()
        }
        Data::Map(map) => {
            let pairs: Option<Vec<String>> = map
                .entries
                .iter()
                .map(|entry| Some(format!("{}: {}", entry.key.value, number(&entry.value)?)))
                .collect();
            let text = pairs.map(|all| all.join(", "));
            text.map(|all| format!("several stand in `ports`: `ports: {{ {all} }}`")).into_iter().collect()
        }
        Data::Scalar(scalar) if scalar.as_int().is_some() => {
            vec![format!("one port is `port: {}`", scalar.text)]
        }
        Data::Scalar(scalar) => match scalar.text.split_once(':') {
            Some((host, inside)) => {
                vec![format!("write `port: {inside}`, and `publish: {host}` for the one on the host")]
            }
            None => Vec::new(),
        },
        Data::Null => Vec::new(),
    }
}

fn suffix(at: usize) -> String {
    if at == 0 { String::new() } else { format!("{}", at + 1) }
}

/// An error for a field that must stand and does not.
pub(super) fn missing(key: &Spanned<String>, object: &Object, field: &Field) -> Diagnostic {
    let what = if key.value.is_empty() {
        format!("the {}", object.name)
    } else {
        format!("{} `{}`", object.name, key.value)
    };
    let problem = Diagnostic::error("missing-field", key.span, format!("{what} has no `{}`", field.name))
        .label(format!("`{}` is missing", field.name));
    match &field.shape {
        Shape::Word(words) if words.len() == 1 => {
            problem.hint(format!("write `{}: {}`", field.name, words[0].word))
        }
        shape => problem.hint(format!("`{}` takes {}", field.name, leaf::expected(shape))),
    }
}

/// How to write a list where something else stands.
pub(super) fn list_hints(node: &Node, inner: &Shape) -> Vec<String> {
    match node.as_str() {
        Some(text) if leaf::is_leaf(inner) => vec![format!("write `[{text}]`")],
        Some(_) => Vec::new(),
        None => vec!["begin each item with `- `: the order counts".into()],
    }
}

/// How to write a map where something else stands; lists are the usual mistake.
pub(super) fn map_hints(key: &Spanned<String>, node: &Node, keys: Keys, inner: &Shape) -> Vec<String> {
    if *inner == Shape::PortProtocol {
        let hints = port_hints(node);
        if !hints.is_empty() {
            return hints;
        }
    }
    let Some(items) = node.as_list() else { return Vec::new() };
    let first = items.first();
    if matches!(keys, Keys::Connection | Keys::Assertion) {
        return vec!["take the `- ` away: each is a key with its value".into()];
    }
    if let Some((name, value)) = first.and_then(Node::as_str).and_then(|text| text.split_once('='))
        && keys == Keys::Variable
    {
        return vec![format!("write a map: `{}: {{ {name}: \"{value}\" }}`", key.value)];
    }
    if let Some((from, to)) = first.and_then(Node::as_str).and_then(|text| text.split_once(':'))
        && keys == Keys::Path
    {
        return vec![format!(
            "the path inside comes first: `{}: {{ {}: {from} }}`",
            key.value,
            to.trim_end_matches(":ro")
        )];
    }
    if let Some((host, inside)) = first.and_then(Node::as_str).and_then(|text| text.split_once(':'))
        && *inner == Shape::PortProtocol
    {
        return vec![format!("write `port: {inside}`, and `publish: {host}` for the one on the host")];
    }
    if let Some(name) =
        first.and_then(|item| item.get("name").or_else(|| item.get("id"))).and_then(Node::as_str)
    {
        return vec![format!("the name is the key: `{}: {{ {name}: {{ … }} }}`, not a list", key.value)];
    }
    vec![format!("write a map with a key for each: `{}: {{ x: … }}`, not a list", key.value)]
}

/// How to write fields where a word stands.
pub(super) fn object_hints(node: &Node, object: &Object) -> Vec<String> {
    let Some(text) = node.as_str() else { return Vec::new() };
    let required = object.fields.iter().find(|field| field.required).map(|field| field.name.as_str());
    let one_of = object.rules.iter().find_map(|rule| match rule {
        Rule::ExactlyOne(names) | Rule::AtLeastOne(names) => names.first().copied(),
        _ => None,
    });
    required.or(one_of).map(|name| format!("write `{{ {name}: {text} }}`")).into_iter().collect()
}

/// The noun with `a` or `an`.
pub(super) fn article(noun: &str) -> String {
    match noun {
        "operations" | "outputs" | "replicas" | "resources" | "health" | "scale_on" | "tls" | "setup" => {
            format!("`{noun}`")
        }
        "system" | "description" => format!("the {noun}"),
        _ if noun.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}
