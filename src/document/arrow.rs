//! The syntax of keys with arrows: connections, steps of flows, assertions.

use super::advice::article;
use super::{Arrow, AssertionForm};
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};

/// The longest id.
pub const ID_LENGTH: usize = 40;

/// A chain: lists of ends with an arrow between each two.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// The lists of ends, at least two, none empty.
    pub ends: Vec<Vec<Spanned<String>>>,
    /// The arrows, one fewer than lists.
    pub arrows: Vec<Arrow>,
}

/// Whether a text is an id: `[a-z][a-z0-9-]*`, `_` accepted, 40 characters at most.
pub fn is_id(text: &str) -> bool {
    text.len() <= ID_LENGTH
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// The id that a text was probably meant to be, if there is one.
pub fn id_like(text: &str) -> Option<String> {
    let mut id = String::new();
    for c in text.trim().chars() {
        let plain = match c.to_lowercase().next().unwrap_or(c) {
            'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            ' ' | '.' | '/' => '-',
            other => other,
        };
        id.push(plain);
    }
    (id != text && is_id(&id)).then_some(id)
}

/// Says what is wrong with an id; `None` when it is good. `what` is a noun such as `component`.
pub fn id_problem(id: &str, span: Span, what: &str) -> Option<Diagnostic> {
    if is_id(id) {
        return None;
    }
    let problem = Diagnostic::error("bad-id", span, format!("`{id}` cannot be the id of {}", article(what)));
    if id.is_empty() {
        return Some(problem.label("empty"));
    }
    if id.len() > ID_LENGTH && id.is_ascii() {
        return Some(
            problem
                .label(format!("{} characters", id.len()))
                .hint(format!("an id has {ID_LENGTH} characters at most; `title` takes longer names")),
        );
    }
    let problem = problem
        .label("not an id")
        .hint("an id begins with a small letter and has small letters, digits and `-`");
    Some(match id_like(id) {
        Some(meant) => Diagnostic { hints: vec![format!("write `{meant}`")], ..problem },
        None => problem,
    })
}

/// The places of pieces of a key. A quoted key is shifted by its quote; one with escapes has a single place.
fn piece(key: &Spanned<String>, start: usize, end: usize) -> Span {
    let width = (key.span.end - key.span.start) as usize;
    let shift = match width.checked_sub(key.value.len()) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return key.span,
    };
    let base = key.span.start as usize + shift;
    Span::new(key.span.source, base + start, base + end)
}

/// The words of a key: split at spaces, commas are words of their own.
fn words(key: &Spanned<String>) -> Vec<Spanned<&str>> {
    let text = key.value.as_str();
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_whitespace() || c == ',' {
            if let Some(from) = start.take() {
                words.push(Spanned::new(&text[from..at], piece(key, from, at)));
            }
            if c == ',' {
                words.push(Spanned::new(&text[at..at + 1], piece(key, at, at + 1)));
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    words
}

/// Whether a word consists of what arrows are drawn with.
fn drawn(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| " -<>=!~|".contains(c) || ('\u{2190}'..='\u{21ff}').contains(&c) || "–—⟶⟵⟷".contains(c))
}

/// What a wrong arrow was meant to be.
fn meant(arrow: &str) -> &'static str {
    let back = arrow.contains(['<', '←', '⟵']);
    let forth = arrow.contains(['>', '→', '⟶', '⇒']);
    if arrow.contains(['↔', '⟷', '⇔']) || back && forth {
        "<->"
    } else if back {
        "<-"
    } else if arrow.contains(['⇢', '⤏', '.', '~'])
        || arrow.chars().filter(|c| "-–—".contains(*c)).count() > 1 && forth
    {
        "-->"
    } else {
        "->"
    }
}

/// Reads the key of a connection. What can be repaired is reported and repaired, so that its ends still count.
///
/// `None` when there is no arrow or an end is missing.
pub fn chain(key: &Spanned<String>, out: &mut Diagnostics) -> Option<Chain> {
    let words = joined(key, words(key));
    if !words.iter().any(|word| drawn(&word.value)) {
        out.push(no_arrow(key));
        return None;
    }
    let mut ends = vec![Vec::new()];
    let mut arrows = Vec::new();
    let mut places: Vec<Span> = Vec::new();
    // Whether an end may come next without a comma before it.
    let mut open = true;
    let mut complete = true;
    for word in &words {
        let text = word.value.as_str();
        if text == "," {
            if open {
                out.push(missing(word.span, "before this comma"));
                complete = false;
            }
            open = true;
        } else if drawn(text) {
            if open {
                let place = if places.is_empty() { "before this arrow" } else { "between these arrows" };
                out.push(missing(word.span, place));
                complete = false;
            }
            arrows.push(arrow(word, &words, out));
            places.push(word.span);
            ends.push(Vec::new());
            open = true;
        } else {
            let list = ends.last_mut()?;
            if !open && let Some(before) = list.last() {
                let before: &Spanned<String> = before;
                out.push(
                    Diagnostic::error(
                        "bad-arrow",
                        word.span,
                        format!(
                            "between `{}` and `{text}` stands neither a comma nor an arrow",
                            before.value
                        ),
                    )
                    .label("expected `,` or `->` before this")
                    .hint(format!(
                        "write `{}, {text}` for both, or `{} -> {text}` for a chain",
                        before.value, before.value
                    )),
                );
            }
            if let Some(problem) = end_problem(text, word.span) {
                out.push(problem);
            }
            list.push(word.clone());
            open = false;
        }
    }
    if open {
        let place = places.last().copied().unwrap_or(key.span);
        out.push(missing(place, "after this"));
        complete = false;
    }
    complete.then_some(Chain { ends, arrows })
}

/// Joins the pieces of arrows that were torn by spaces (`- >`), and splits ends from arrows that touch them.
fn joined(key: &Spanned<String>, words: Vec<Spanned<&str>>) -> Vec<Spanned<String>> {
    let mut all: Vec<Spanned<String>> = Vec::new();
    for word in words {
        if let Some(last) = all.last_mut()
            && drawn(&last.value)
            && drawn(word.value)
            && !["->", "-->", "<->"].contains(&last.value.as_str())
        {
            last.value = format!("{} {}", last.value, word.value);
            last.span = last.span.to(word.span);
            continue;
        }
        let tight = ["<->", "-->", "->"].iter().find_map(|arrow| {
            let at = word.value.find(arrow)?;
            (!drawn(word.value)).then_some((at, arrow.len()))
        });
        match tight {
            // `a->b`: only one arrow is looked for, more of them are the same mistake.
            Some((at, width)) => {
                let base = word.span;
                let exact = (base.end - base.start) as usize == word.value.len();
                let place = |from: usize, to: usize| {
                    if exact {
                        Span::new(base.source, base.start as usize + from, base.start as usize + to)
                    } else {
                        key.span
                    }
                };
                let parts = [(0, at), (at, at + width), (at + width, word.value.len())];
                for (from, to) in parts.into_iter().filter(|(from, to)| from < to) {
                    all.push(Spanned::new(word.value[from..to].to_owned(), place(from, to)));
                }
            }
            None => all.push(Spanned::new(word.value.to_owned(), word.span)),
        }
    }
    all
}

fn arrow(word: &Spanned<String>, words: &[Spanned<String>], out: &mut Diagnostics) -> Arrow {
    let of = |text: &str| match text {
        "->" => Some(Arrow::OneWay),
        "-->" => Some(Arrow::Async),
        "<->" => Some(Arrow::BothWays),
        _ => None,
    };
    of(&word.value).unwrap_or_else(|| {
        let problem = Diagnostic::error("bad-arrow", word.span, format!("`{}` is not an arrow", word.value));
        let better = meant(&word.value);
        out.push(if better == "<-" {
            let ends = match words {
                [first, _, second] => format!("`{} -> {}`", second.value, first.value),
                _ => "`b -> a`".to_owned(),
            };
            problem.label("points backwards").hint(format!("write the ends the other way round: {ends}"))
        } else {
            problem
                .label("not an arrow")
                .hint(format!("did you mean `{better}`?"))
                .hint("arrows are `->` (request), `-->` (asynchronous) and `<->` (both ways)")
        });
        of(better).unwrap_or(Arrow::OneWay)
    })
}

fn missing(span: Span, place: &str) -> Diagnostic {
    Diagnostic::error("bad-arrow", span, "an end of this connection is missing")
        .label(format!("nothing stands {place}"))
        .hint("name a component or zone at both ends: `a -> b`")
}

fn no_arrow(key: &Spanned<String>) -> Diagnostic {
    let problem = Diagnostic::error("bad-arrow", key.span, format!("`{}` has no arrow", key.value));
    problem
        .label("expected `a -> b`")
        .hint("arrows are `->` (request), `-->` (asynchronous) and `<->` (both ways)")
}

fn end_problem(text: &str, span: Span) -> Option<Diagnostic> {
    if text == "internet" {
        return Some(
            Diagnostic::error("reserved-id", span, "`internet` cannot be an end of a connection")
                .label("reserved for assertions")
                .hint("who comes from the internet is a component: `users: { kind: actor }`"),
        );
    }
    id_problem(text, span, "component or zone")
}

/// Reads one step of a flow: two ends and an arrow.
pub fn step(
    key: &Spanned<String>,
    out: &mut Diagnostics,
) -> Option<(Spanned<String>, Arrow, Spanned<String>)> {
    let chain = chain(key, out)?;
    match (chain.ends.as_slice(), chain.arrows.as_slice()) {
        ([from, to], [arrow]) if from.len() == 1 && to.len() == 1 => {
            Some((from[0].clone(), *arrow, to[0].clone()))
        }
        _ => {
            let second = chain.ends.get(2).and_then(|list| list.first());
            let comma = chain.ends.iter().find_map(|list| list.get(1));
            let place = second.or(comma).map_or(key.span, |end| end.span);
            out.push(
                Diagnostic::error("bad-step", place, "a step goes from one end to one other")
                    .label("too many ends")
                    .hint("write a step of its own for each arrow: `- a -> b: what happens`"),
            );
            None
        }
    }
}

/// Reads the key of an assertion.
pub fn assertion(key: &Spanned<String>, out: &mut Diagnostics) -> Option<AssertionForm> {
    let words = words(key);
    let texts: Vec<&str> = words.iter().map(|word| word.value).collect();
    if texts.first() == Some(&"survives") {
        return match texts.as_slice() {
            ["survives", "loss", "of", "one", "az"] => Some(AssertionForm::SurvivesZoneLoss),
            ["survives", "loss", "of", id] if *id != "one" && *id != "az" => {
                let span = words[3].span;
                if let Some(problem) = end_problem(id, span) {
                    out.push(problem);
                }
                Some(AssertionForm::SurvivesLossOf(Spanned::new((*id).to_owned(), span)))
            }
            _ => {
                out.push(
                    Diagnostic::error("bad-assertion", key.span, "this assertion is not understood")
                        .label("expected `survives loss of one az` or `survives loss of ID`"),
                );
                None
            }
        };
    }
    let only = texts.first() == Some(&"only");
    let rest = &words[usize::from(only)..];
    let arrows: Vec<usize> = (0..rest.len()).filter(|&at| drawn(rest[at].value)).collect();
    let forms =
        "forms are `a -> b`, `a !-> b`, `a ->> b`, `a !->> b`, `only a -> b`, `survives loss of one az`";
    let at = match arrows.as_slice() {
        [at] => *at,
        [_, second, ..] => {
            let problem =
                Diagnostic::error("bad-assertion", rest[*second].span, "an assertion has one arrow");
            out.push(problem.label("the second").hint("write an assertion of its own for each arrow"));
            return None;
        }
        [] => {
            let problem =
                Diagnostic::error("bad-assertion", key.span, format!("`{}` has no arrow", key.value));
            out.push(problem.label("expected `a -> b`").hint(forms));
            return None;
        }
    };
    let arrow = &rest[at];
    let (holds, any_hops) = match arrow.value {
        "->" => (true, false),
        "!->" => (false, false),
        "->>" => (true, true),
        "!->>" => (false, true),
        other => {
            let better = match (other.contains(['!', '/', '|']), other.contains(">>")) {
                (true, true) => "!->>",
                (true, false) => "!->",
                (false, true) => "->>",
                (false, false) => "->",
            };
            let problem = Diagnostic::error(
                "bad-assertion",
                arrow.span,
                format!("`{other}` is not an arrow of assertions"),
            );
            out.push(problem.label("not an arrow").hint(format!("did you mean `{better}`?")).hint(forms));
            return None;
        }
    };
    let from = ends(&rest[..at], arrow.span, "before this arrow", out)?;
    let to = ends(&rest[at + 1..], arrow.span, "after this arrow", out)?;
    if !only {
        return Some(AssertionForm::Reach { from, to, holds, any_hops });
    }
    if arrow.value != "->" {
        let problem = Diagnostic::error("bad-assertion", arrow.span, "`only` goes with `->`");
        out.push(problem.label("expected `->`").hint("`only a -> b`: nothing but `a` may reach `b`"));
        return None;
    }
    Some(AssertionForm::Only { from, to })
}

/// Ends with commas between them.
fn ends(
    words: &[Spanned<&str>],
    arrow: Span,
    place: &str,
    out: &mut Diagnostics,
) -> Option<Vec<Spanned<String>>> {
    let mut all = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let comma = word.value == ",";
        if comma != (at % 2 == 1) {
            let problem =
                Diagnostic::error("bad-assertion", word.span, "ends are separated by single commas");
            out.push(problem.label(if comma { "a comma too many" } else { "expected `,` before this" }));
            return None;
        }
        if !comma {
            if word.value != "internet"
                && let Some(problem) = id_problem(word.value, word.span, "component or zone")
            {
                out.push(problem);
            }
            all.push(Spanned::new(word.value.to_owned(), word.span));
        }
    }
    if words.len() % 2 == 1 {
        return Some(all);
    }
    let problem =
        Diagnostic::error("bad-assertion", words.last().map_or(arrow, |word| word.span), "an end is missing");
    out.push(
        problem
            .label(format!("nothing stands {}", if words.is_empty() { place } else { "after this comma" })),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn key(text: &str) -> Spanned<String> {
        Spanned::new(text.to_owned(), Span::new(SourceId(0), 100, 100 + text.len()))
    }

    fn messages(text: &str) -> Vec<(u32, u32, String)> {
        let mut out = Diagnostics::default();
        chain(&key(text), &mut out);
        let hint = |d: &Diagnostic| d.hints.first().cloned().unwrap_or_default();
        out.sorted().iter().filter_map(|d| d.span.map(|s| (s.start - 100, s.end - 100, hint(d)))).collect()
    }

    #[test]
    fn reads_chains_and_fans() {
        let mut out = Diagnostics::default();
        let chain = chain(&key("a, b -> c --> d"), &mut out).expect("a chain");
        assert!(out.is_empty());
        assert_eq!(chain.arrows, [Arrow::OneWay, Arrow::Async]);
        let names: Vec<Vec<&str>> =
            chain.ends.iter().map(|list| list.iter().map(|end| end.value.as_str()).collect()).collect();
        assert_eq!(names, [vec!["a", "b"], vec!["c"], vec!["d"]]);
        assert_eq!(chain.ends[0][1].span, Span::new(SourceId(0), 103, 104));
    }

    #[test]
    fn a_quoted_key_is_shifted_by_its_quote() {
        let quoted = Spanned::new("a -> b".to_owned(), Span::new(SourceId(0), 10, 18));
        let chain = chain(&quoted, &mut Diagnostics::default()).expect("a chain");
        assert_eq!(chain.ends[1][0].span, Span::new(SourceId(0), 16, 17));
    }

    #[test]
    fn wrong_arrows_say_the_right_one() {
        for (text, start, end, hint) in [
            ("a - > b", 2, 5, "did you mean `->`?"),
            ("a => b", 2, 4, "did you mean `->`?"),
            ("a → b", 2, 5, "did you mean `->`?"),
            ("a <--> b", 2, 6, "did you mean `<->`?"),
            ("a ---> b", 2, 6, "did you mean `-->`?"),
            ("a <- b", 2, 4, "write the ends the other way round: `b -> a`"),
            ("a - b", 2, 3, "did you mean `->`?"),
        ] {
            assert_eq!(messages(text), [(start, end, hint.to_owned())], "{text}");
        }
    }

    #[test]
    fn missing_ends_and_commas_are_found() {
        assert_eq!(messages("-> b")[0].0, 0);
        assert_eq!(messages("a ->")[0], (2, 4, "name a component or zone at both ends: `a -> b`".into()));
        assert_eq!(messages("a, -> b")[0].0, 3);
        assert_eq!(messages("a -> -> b")[0].0, 5);
        assert_eq!(messages("a b -> c")[0].0, 2);
        assert_eq!(messages("a -> Internet")[0], (5, 13, "write `internet`".into()));
        assert_eq!(messages("internet -> a")[0].0, 0);
        assert!(messages("a->b").is_empty());
        assert_eq!(messages("")[0].0, 0);
    }

    #[test]
    fn reads_assertions() {
        let read = |text: &str| {
            let mut out = Diagnostics::default();
            let form = assertion(&key(text), &mut out);
            (form, out.sorted().into_iter().cloned().collect::<Vec<_>>())
        };
        assert!(matches!(
            read("internet !-> db, backend").0,
            Some(AssertionForm::Reach { to, holds: false, any_hops: false, .. }) if to.len() == 2
        ));
        assert!(matches!(read("users ->> db").0, Some(AssertionForm::Reach { any_hops: true, .. })));
        assert!(matches!(read("only a -> b").0, Some(AssertionForm::Only { .. })));
        assert!(matches!(read("survives loss of one az").0, Some(AssertionForm::SurvivesZoneLoss)));
        assert!(matches!(read("survives loss of edge").0, Some(AssertionForm::SurvivesLossOf(_))));
        for wrong in ["a => b", "a b", "only a !-> b", "a -> b -> c", "a, -> b", "-> b", "survives", "a -> "]
        {
            let (form, problems) = read(wrong);
            assert_eq!((form, problems.len()), (None, 1), "{wrong}");
        }
    }
}
