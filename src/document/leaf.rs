//! Whether a single value fits a shape, and if not, how it is written right.

use super::arrow::{ID_LENGTH, id_like, is_id};
use super::reference::is_template;
use super::shape::{Keys, Of, Shape};
use super::tree::{Data, Node, Scalar};
use super::units;
use crate::diag::suggest;

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Stable name of the kind of mistake.
    pub code: &'static str,
    /// A few words under the caret.
    pub label: String,
    /// How to mend it.
    pub hints: Vec<String>,
    /// Whether the value was plainly meant to be of this shape, so that its hints are the right ones among
    /// those of several shapes.
    pub near: bool,
}

/// Whether shapes of this sort hold one value (not a map, not a list of things).
pub fn is_leaf(shape: &Shape) -> bool {
    !matches!(
        shape,
        Shape::Any
            | Shape::List(_)
            | Shape::Many(_)
            | Shape::Map(..)
            | Shape::Object(_)
            | Shape::Short(..)
            | Shape::Either(_)
            | Shape::Step
            | Shape::Overlay(_)
    )
}

/// Whether references `${…}` may stand in values of this shape.
pub fn takes_references(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Text
            | Shape::Markdown
            | Shape::Scalar
            | Shape::Version
            | Shape::Cidr
            | Shape::Path
            | Shape::AbsolutePath
            | Shape::RequestPath
            | Shape::Plain(_)
            | Shape::Login
            | Shape::Repository
            | Shape::Source
            | Shape::Url
            | Shape::Command
    )
}

/// What a shape takes, as the end of the sentence "`x` takes …".
pub fn expected(shape: &Shape) -> String {
    match shape {
        Shape::Any => "anything".into(),
        Shape::Text => "a text".into(),
        Shape::Markdown => "a text, or one for each language: `{ en: …, es: … }`".into(),
        Shape::Scalar => "a text, a number, `true` or `false`".into(),
        Shape::Bool => "`true` or `false`".into(),
        Shape::Int(low, high) => format!("a whole number{}", range(*low, *high)),
        Shape::Number(low, high) if *low == f64::MIN && *high == f64::MAX => "a number".into(),
        Shape::Number(low, high) => format!("a number from {low} to {high}"),
        Shape::Version => "a version in quotes, such as `\"16\"`".into(),
        Shape::Duration => "a duration, such as `90s`, `5m`, `24h` or `7d`".into(),
        Shape::Size => "a size, such as `512MiB` or `20GiB`".into(),
        Shape::Share => "a share, such as `80%`".into(),
        Shape::Rate => "a rate, such as `5 per 1m`".into(),
        Shape::Cidr => "a range of addresses, such as `10.0.0.0/16`".into(),
        Shape::Port => "a port from 1 to 65535".into(),
        Shape::PortProtocol => "a port from 1 to 65535, such as `8000` or `53/udp`".into(),
        Shape::Path => "a path".into(),
        Shape::AbsolutePath | Shape::RequestPath => "a path that begins with `/`".into(),
        Shape::Plain(more) => format!("a name of letters, digits, `_`, `.` and `-`{}", also(more)),
        Shape::Login => "an ssh address, such as `user@host`".into(),
        Shape::Repository => "the address of a repository, such as `https://example.com/team/app.git`".into(),
        Shape::Source => "the id of a component, or a path that begins with `.` or `/`".into(),
        Shape::Url => "an address with its scheme, such as `https://api.example.com`".into(),
        Shape::Schedule => "a schedule of five fields, such as `\"0 3 * * *\"`".into(),
        Shape::Date => "a year, a month or a day, such as `2027-01`".into(),
        Shape::Command => "a command: a text, or a list of arguments".into(),
        Shape::Word(words) => either(words.iter().map(|word| format!("`{}`", word.word)).collect()),
        Shape::Name(of) => match of {
            Of::Kind => "the id of a kind; `archgen kinds` lists them".into(),
            Of::Form => "a form, such as `container` or `external`".into(),
            Of::Zone => "the id of a zone".into(),
            Of::Component => "the id of a component".into(),
            Of::Element => "the id of a component or zone".into(),
            Of::Environment => "the name of an environment".into(),
            Of::Pictured => "the name of an environment, or `pipelines.ID`".into(),
            Of::Layer => "the id of one of `system.layers`".into(),
            Of::Flow => "the id of a flow".into(),
            Of::Job => "the id of a job".into(),
            Of::Contact => "the id of a contact".into(),
            Of::Runbook => "the id of a runbook".into(),
            Of::Protocol => "a protocol, such as `https`, or `auto`".into(),
            Of::Former => "an id".into(),
            Of::Own => "a short name with small letters, digits and `-`".into(),
        },
        Shape::ProtocolPort => "a protocol such as `https` or `tcp/8443`, `auto`".into(),
        Shape::Overlay(inner) => expected(inner),
        Shape::List(inner) if **inner == Shape::Step => {
            "a list of steps such as `a -> b: what happens`".into()
        }
        Shape::List(_) => "a list".into(),
        Shape::Many(inner) => format!("{}, or a list of such", expected(inner)),
        Shape::Map(keys, _) => match keys {
            Keys::Id | Keys::Element => "a map by id".into(),
            Keys::Free => "a map".into(),
            Keys::Variable => "a map of names with their values".into(),
            Keys::Path => "a map of paths that begin with `/`".into(),
            Keys::Connection => "a map with keys such as `a -> b`".into(),
            Keys::Assertion => "a map with keys such as `a !-> b`".into(),
        },
        Shape::Object(object) => {
            let keys: Vec<String> =
                object.fields.iter().take(3).map(|field| format!("`{}`", field.name)).collect();
            let more = if object.fields.len() > keys.len() { " …" } else { "" };
            format!("a map with keys such as {}{more}", keys.join(", "))
        }
        Shape::Short(forms, object) => {
            let mut all: Vec<String> = forms.iter().map(|form| expected(&form.shape)).collect();
            all.push(expected(&Shape::Object(object.clone())));
            either(all.into_iter().map(brief).collect())
        }
        Shape::Either(all) => either(all.iter().map(expected).map(brief).collect()),
        Shape::Step => "a step such as `a -> b: what happens`".into(),
    }
}

/// What was found, for "found …".
pub fn found(node: &Node) -> String {
    match &node.data {
        Data::Null => "nothing".into(),
        Data::List(_) => "a list".into(),
        Data::Map(_) => "a map".into(),
        Data::Scalar(scalar) => {
            let short: String =
                scalar.text.chars().take(30).map(|c| if c.is_control() { ' ' } else { c }).collect();
            let dots = if scalar.text.chars().count() > 30 { "…" } else { "" };
            let what = match (scalar.looks_like_number(), scalar.as_bool()) {
                (true, _) => "the number",
                (_, Some(_)) => "the truth value",
                _ => "the text",
            };
            format!("{what} `{short}{dots}`")
        }
    }
}

/// Says why a value does not fit a leaf shape. References inside are not looked at, but where they may stand,
/// a value that holds one always fits.
pub fn misfit(shape: &Shape, node: &Node) -> Option<Misfit> {
    let Data::Scalar(scalar) = &node.data else {
        return Some(wrong_type(node));
    };
    if is_template(&scalar.text) {
        if let Shape::Plain(more) = shape {
            return foreign(&beside_references(&scalar.text), more);
        }
        if takes_references(shape) {
            return None;
        }
        return Some(Misfit {
            code: "reference-not-allowed",
            label: "a reference cannot stand here".into(),
            hints: vec!["write the value; an environment that differs overrides it".into()],
            near: true,
        });
    }
    let text = scalar.text.as_str();
    match shape {
        Shape::Bool => boolean(scalar, node),
        Shape::Int(low, high) => integer(scalar, node, *low, *high),
        Shape::Number(low, high) => number(scalar, node, *low, *high),
        Shape::Port => port(scalar, node),
        Shape::PortProtocol => match text.split_once('/') {
            Some((port, "tcp" | "udp")) if port_number(port) => None,
            _ => port(scalar, node),
        },
        Shape::Scalar => None,
        Shape::Version if scalar.looks_like_number() => Some(Misfit {
            code: "version-as-number",
            label: "a number, and a version is not one".into(),
            hints: vec![format!("write \"{text}\" in quotes: as a number, `8.10` would be `8.1`")],
            near: true,
        }),
        Shape::Plain(more) => plain_text(scalar).or_else(|| foreign(text, more)),
        Shape::Version if meant_for_a_shell(text, "&").is_some() => meant_for_a_shell(text, "&"),
        Shape::AbsolutePath | Shape::Source if meant_for_a_shell(text, "&<>").is_some() => {
            meant_for_a_shell(text, "&<>")
        }
        Shape::Url if meant_for_a_shell(text, "<>").is_some() => meant_for_a_shell(text, "<>"),
        Shape::Version | Shape::Text | Shape::Markdown | Shape::Command => plain_text(scalar),
        Shape::Duration => unit(units::duration(text).err(), text),
        Shape::Size => unit(units::size(text).err(), text),
        Shape::Share => unit(units::share(text).err(), text),
        Shape::Rate => unit(units::rate(text).err(), text),
        Shape::Cidr => unit(units::cidr(text).err(), text),
        Shape::Schedule => unit(units::schedule(text).err(), text),
        Shape::Date => unit(units::date(text).err(), text),
        Shape::Path => plain_text(scalar),
        Shape::AbsolutePath | Shape::RequestPath if !text.starts_with('/') => Some(Misfit {
            code: "bad-value",
            label: "does not begin with `/`".into(),
            hints: suggestion(!text.contains("://") && !text.is_empty(), || format!("write `/{text}`")),
            near: true,
        }),
        Shape::RequestPath
            if text.contains(|c: char| c.is_whitespace() || c.is_control() || "'\"`<>\\".contains(c)) =>
        {
            Some(Misfit {
                code: "bad-value",
                label: "no path of a request".into(),
                hints: vec![
                    "a path has no spaces, quotes or backslashes; write them as in a URL, such as `%20`".into(),
                ],
                near: true,
            })
        }
        Shape::Login => plain_text(scalar).or_else(|| (!is_login(text)).then(|| Misfit {
            code: "bad-value",
            label: "not an ssh address".into(),
            hints: vec!["write `user@host`, `host` or `user@host:port`; options belong in `~/.ssh/config`".into()],
            near: true,
        })),
        Shape::Repository => plain_text(scalar).or_else(|| (!is_repository(text)).then(|| Misfit {
            code: "bad-value",
            label: "not the address of a repository".into(),
            hints: vec![
                "write a URL such as `https://example.com/team/app.git`, or `git@example.com:team/app.git`".into(),
            ],
            near: true,
        })),
        Shape::Source if !text.starts_with(['.', '/']) && !is_id(text) => Some(Misfit {
            code: "bad-value",
            label: "neither an id nor a path".into(),
            hints: if text.contains('/') {
                vec![format!("a folder begins with `./`: `./{text}`")]
            } else {
                id_like(text).into_iter().map(|id| format!("write `{id}`")).collect()
            },
            near: true,
        }),
        Shape::Url if !text.contains("://") || text.contains(char::is_whitespace) => Some(Misfit {
            code: "bad-value",
            label: "not an address with its scheme".into(),
            hints: suggestion(text.contains('.') && !text.contains(' '), || {
                format!("write `https://{text}`")
            }),
            near: true,
        }),
        Shape::Word(words) => {
            // `false` as a word is the truth value, not the text.
            let truth = matches!(text, "true" | "false");
            if words.iter().any(|word| word.word == text) && (scalar.plain || !truth) {
                return None;
            }
            let has = |wanted: &str| words.iter().any(|word| word.word == wanted);
            let instead = INSTEAD.iter().find(|(asked, beside, _)| *asked == text && has(beside));
            let meant = suggest::nearest(text, words.iter().map(|word| word.word.as_str()));
            Some(Misfit {
                code: "unknown-word",
                label: "not one of these words".into(),
                near: instead.is_some() || meant.is_some(),
                hints: match instead {
                    Some((_, _, advice)) => vec![(*advice).to_owned()],
                    None if has("after-deploy") && units::clock(text).is_some() => {
                        let fields = units::clock(text).unwrap_or_default();
                        vec![format!("what runs by the clock says `schedule: \"{fields}\"`")]
                    }
                    None => meant.into_iter().map(|word| format!("did you mean `{word}`?")).collect(),
                },
            })
        }
        Shape::Name(of) => name(*of, scalar),
        Shape::ProtocolPort => protocol_port(scalar),
        _ => None,
    }
}

/// What is often asked for and has another name, or is not there at all: the word, one that the list then has, and what
/// to do.
const INSTEAD: [(&str, &str, &str); 8] = [
    ("pdf", "svg", "archgen writes no PDF: open the `svg` in a browser and print it to a file"),
    ("jpg", "png", "archgen writes no JPEG, which blurs lines and letters: write `png`"),
    ("jpeg", "png", "archgen writes no JPEG, which blurs lines and letters: write `png`"),
    ("mmd", "mermaid", "write `mermaid`"),
    ("graphviz", "dot", "write `dot`"),
    ("gv", "dot", "write `dot`"),
    ("draw.io", "drawio", "write `drawio`"),
    ("diagrams.net", "drawio", "write `drawio`"),
];

/// Whether a text is `[user@]host[:port]` of characters that no program takes for an option or a command.
fn is_login(text: &str) -> bool {
    let word = |text: &str, more: &str| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || more.contains('[') && c == '[')
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c) || more.contains(c))
    };
    match text.split_once('@') {
        Some((user, host)) => word(user, "") && word(host, "[]:"),
        None => word(text, "[]:"),
    }
}

/// What stands in a text beside its references, each of which is put down as a letter.
fn beside_references(text: &str) -> String {
    let mut pieces = text.split("${");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |all, piece| match piece.split_once('}') {
        Some((_, rest)) => all + "x" + rest,
        None => all + piece,
    })
}

/// A sign that no name in a command may have, or that would make an option of it.
fn foreign(text: &str, more: &str) -> Option<Misfit> {
    let fits = |c: &char| c.is_ascii_alphanumeric() || "_.-".contains(*c) || more.contains(*c);
    let label = match text.chars().find(|c| !fits(c)) {
        Some(sign) => format!("holds {}", sign_of(sign)),
        None if text.starts_with(['-', '.', '~', '=']) => "begins like an option".to_owned(),
        None => return None,
    };
    let hints = vec![format!("use letters without accents, digits, `_`, `.` and `-`{}", also(more))];
    Some(Misfit { code: "bad-value", label, hints, near: true })
}

/// A sign with which a shell would begin another command or another text; `more` are further ones.
fn meant_for_a_shell(text: &str, more: &str) -> Option<Misfit> {
    let special = |c: &char| c.is_control() || ";|$`'\"\\".contains(*c) || more.contains(*c);
    let sign = text.chars().find(special)?;
    Some(Misfit {
        code: "bad-value",
        label: format!("holds {}", sign_of(sign)),
        hints: vec!["it stands in commands, where this sign means something else: leave it out".into()],
        near: true,
    })
}

/// A sign, as a message shows it.
fn sign_of(sign: char) -> String {
    if sign.is_control() { "a sign that cannot be seen".into() } else { format!("`{sign}`") }
}

/// Further signs, as the end of a list of them.
fn also(more: &str) -> String {
    if more.is_empty() { String::new() } else { format!(", and `{more}`") }
}

/// Whether a text is a URL, an address of git or a path, and no option.
fn is_repository(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || "_./~".contains(c))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./~:@%+=-".contains(c))
}

fn wrong_type(node: &Node) -> Misfit {
    Misfit { code: "wrong-type", label: format!("found {}", found(node)), hints: Vec::new(), near: false }
}

fn suggestion(holds: bool, text: impl Fn() -> String) -> Vec<String> {
    if holds { vec![text()] } else { Vec::new() }
}

fn boolean(scalar: &Scalar, node: &Node) -> Option<Misfit> {
    if scalar.as_bool().is_some() {
        return None;
    }
    let meant = match scalar.text.to_lowercase().as_str() {
        "yes" | "on" | "true" | "1" | "y" => Some("true"),
        "no" | "off" | "false" | "0" | "n" => Some("false"),
        _ => None,
    };
    Some(Misfit {
        near: meant.is_some(),
        hints: meant.into_iter().map(|word| format!("write `{word}` without quotes")).collect(),
        ..wrong_type(node)
    })
}

fn integer(scalar: &Scalar, node: &Node, low: i64, high: i64) -> Option<Misfit> {
    match scalar.as_int() {
        Some(value) if (low..=high).contains(&value) => None,
        Some(_) => Some(out_of_range(format!("not in the range{}", range(low, high)))),
        None => {
            let bare = scalar.text.trim().trim_end_matches('%').trim();
            let number = bare.parse::<i64>().is_ok();
            Some(Misfit {
                near: number,
                hints: suggestion(number, || format!("write `{bare}`, without quotes or a unit")),
                ..wrong_type(node)
            })
        }
    }
}

fn number(scalar: &Scalar, node: &Node, low: f64, high: f64) -> Option<Misfit> {
    let value: Option<f64> = scalar.text.parse().ok().filter(|value: &f64| value.is_finite());
    match value {
        Some(value) if scalar.looks_like_number() => {
            if (low..=high).contains(&value) {
                None
            } else {
                Some(out_of_range(format!("not from {low} to {high}")))
            }
        }
        Some(_) => Some(Misfit {
            near: true,
            hints: vec![format!("write `{}` without quotes", scalar.text)],
            ..wrong_type(node)
        }),
        None => Some(wrong_type(node)),
    }
}

fn port_number(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0) && text.bytes().all(|b| b.is_ascii_digit())
}

fn port(scalar: &Scalar, node: &Node) -> Option<Misfit> {
    let text = scalar.text.as_str();
    if scalar.plain && port_number(text) {
        return None;
    }
    if scalar.as_int().is_some() {
        return Some(out_of_range("not from 1 to 65535".into()));
    }
    if port_number(text) {
        return Some(Misfit {
            near: true,
            hints: vec![format!("write `{text}` without quotes")],
            ..wrong_type(node)
        });
    }
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 1 && parts.iter().rev().take(2).all(|part| port_number(part)) {
        return Some(Misfit {
            code: "port-mapping",
            label: "two ports in one".into(),
            hints: vec![format!(
                "the port inside is `port: {}`, the one on the host `publish: {}`",
                parts[parts.len() - 1],
                parts[parts.len() - 2]
            )],
            near: true,
        });
    }
    Some(wrong_type(node))
}

fn plain_text(scalar: &Scalar) -> Option<Misfit> {
    if scalar.looks_like_number() || scalar.as_bool().is_some() {
        let what = if scalar.as_bool().is_some() { "a truth value" } else { "a number" };
        return Some(Misfit {
            code: "wrong-type",
            label: format!("{what}, not a text"),
            hints: vec![format!("quote it: \"{}\"", scalar.text)],
            near: true,
        });
    }
    scalar.text.is_empty().then(|| Misfit {
        code: "empty-value",
        label: "an empty text".into(),
        hints: vec!["write a text, or leave the key out".into()],
        near: true,
    })
}

fn unit(problem: Option<String>, text: &str) -> Option<Misfit> {
    problem.map(|hint| Misfit {
        code: "bad-value",
        label: "not written right".into(),
        near: hint.starts_with("write `") || (text.ends_with('%') && hint.starts_with("a share")),
        hints: vec![hint],
    })
}

fn name(of: Of, scalar: &Scalar) -> Option<Misfit> {
    let text = scalar.text.as_str();
    if scalar.as_bool().is_some() || scalar.looks_like_number() {
        let what = if scalar.as_bool().is_some() { "a truth value" } else { "a number" };
        let label = format!("{what}, not a name");
        return Some(Misfit { code: "wrong-type", label, hints: Vec::new(), near: false });
    }
    let fits = match of {
        Of::Form => !text.is_empty() && text.split('.').all(is_id),
        // What is no kind may still mean one: the catalog says which.
        Of::Kind => !text.is_empty() && text.len() <= ID_LENGTH && !text.contains(char::is_control),
        Of::Pictured => is_id(text.strip_prefix("pipelines.").unwrap_or(text)),
        _ => is_id(text),
    };
    (!fits).then(|| Misfit {
        code: "bad-value",
        label: "not a name of anything".into(),
        hints: match id_like(text) {
            _ if of == Of::Contact && text.contains('@') => {
                let name = text
                    .split('@')
                    .next()
                    .and_then(|name| if is_id(name) { Some(name.to_owned()) } else { id_like(name) });
                let name = name.unwrap_or_else(|| "ops".to_owned());
                vec![format!(
                    "addresses stand in `operations`: `contacts: {{ {name}: {text} }}`, and here `{name}`"
                )]
            }
            Some(id) => vec![format!("did you mean `{id}`?")],
            None => vec!["names begin with a small letter and have small letters, digits and `-`".into()],
        },
        near: false,
    })
}

fn protocol_port(scalar: &Scalar) -> Option<Misfit> {
    let text = scalar.text.as_str();
    let problem = |label: &str, hints: Vec<String>| {
        Some(Misfit { code: "bad-value", label: label.into(), near: true, hints })
    };
    match text.split_once('/') {
        Some((protocol, port)) if is_id(protocol) && port_number(port) => None,
        Some((protocol, port)) if is_id(protocol) && port.parse::<i64>().is_ok() => {
            Some(out_of_range("the port is not from 1 to 65535".into()))
        }
        None if is_id(text) => None,
        None if port_number(text) => {
            problem("a port without a protocol", vec![format!("write `tcp/{text}` or `{{ port: {text} }}`")])
        }
        _ => {
            let parts: Vec<&str> = text.split([':', ' ']).filter(|part| !part.is_empty()).collect();
            match parts.as_slice() {
                [protocol, port] if is_id(protocol) && port_number(port) => {
                    problem("not a protocol", vec![format!("write `{protocol}/{port}`")])
                }
                _ => problem(
                    "not a protocol",
                    vec!["what the edge says goes into a map: `{ proto: https, label: … }`".into()],
                ),
            }
        }
    }
}

fn out_of_range(label: String) -> Misfit {
    Misfit { code: "out-of-range", label, hints: Vec::new(), near: true }
}

fn range(low: i64, high: i64) -> String {
    match (low, high) {
        (i64::MIN, i64::MAX) => String::new(),
        (low, i64::MAX) => format!(" from {low}"),
        (i64::MIN, high) => format!(" up to {high}"),
        (low, high) => format!(" from {low} to {high}"),
    }
}

/// "a size, such as `512MiB` or `20GiB`" as "a size (`512MiB`)", for lists of several.
fn brief(text: String) -> String {
    match text.split_once(", such as ") {
        Some((noun, examples)) => {
            let first = examples.split(" or ").next().and_then(|first| first.split(", ").next());
            format!("{noun} ({})", first.unwrap_or(examples))
        }
        None => text,
    }
}

fn either(mut all: Vec<String>) -> String {
    let last = all.pop().unwrap_or_default();
    if all.is_empty() { last } else { format!("{} or {last}", all.join(", ")) }
}
