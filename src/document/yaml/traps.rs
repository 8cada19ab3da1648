//! Mistakes that people make in YAML: each is answered at the very token, with the way to mend it.

use super::*;
use crate::source::SourceId;

/// A text in which `«…»` marks the token that must be pointed at, the code of the first finding and a part of
/// its first hint.
type Trap = (&'static str, &'static str, &'static str);

const INDENTATION: &[Trap] = &[
    ("a:\n«\t»b: 1\n", "tab", "two spaces"),
    ("a:\n  b: 1\n«\t»c: 1\n", "tab", "two spaces"),
    ("a:\n  b: 1\n  «\t»c: 1\n", "tab", "two spaces"),
    ("a: |\n«\t»text\n", "tab", "two spaces"),
    ("a: {\n«\t\t»b: 1 }\n", "tab", "two spaces"),
    ("a:\n    b: 1\n  «c»: 2\n", "indentation", "by 0 or 4 spaces"),
    ("a:\n  - x: 1\n    y: 2\n   «z»: 3\n", "indentation", "by 0, 2 or 4 spaces"),
    ("  a: 1\n«b»: 2\n", "indentation", "by 2 spaces"),
    ("a: 1\n  «b»: 2\n", "indentation", "like the key above"),
    ("título: ñandú  # años\n  «b»: 2\n", "indentation", "like the key above"),
    ("a: { x: 1 }\n  «b»: 2\n", "indentation", "by 0 spaces"),
    ("a: |\n  text\n «less»\nb: 1\n", "indentation", "every line of the block"),
    ("a:\n  - b\n  «c»: d\n", "mixed-structure", "indent it under the key"),
    ("a:\n  b: 1\n  «-» c\n", "mixed-structure", "indent it under the key"),
    ("a:\n  - b:\n    - c\n   «-» d\n", "indentation", "by 0, 2 or 4 spaces"),
];

const COLONS: &[Trap] = &[
    ("title: Foo«:» bar # why\n", "second-colon", "in quotes: \"Foo: bar\""),
    ("steps:\n  - do: run«:» \"x\"\n", "second-colon", "in quotes: 'run: \"x\"'"),
    ("{ title: Foo«:» bar }\n", "second-colon", "in quotes: \"Foo: bar\""),
    ("a: [title: ñu«:» bar, b]\n", "second-colon", "in quotes: \"ñu: bar\""),
    ("a: b«:»\n  c: 1\n", "second-colon", "put `b:` on a line of its own"),
    ("{ b: 1 c«:» 2 }\n", "second-colon", "put a comma before `c`"),
    ("image«:»nginx\nport: 80\n", "missing-space", "write `image: nginx`"),
    ("a: 1\nimage«:»nginx\nport: 80\n", "missing-space", "write `image: nginx`"),
    ("a:\n  image«:»nginx:1.27\n  port: 80\n", "missing-space", "write `image: nginx:1.27`"),
    ("a: 1\n«foo»\nb: 2\n", "missing-colon", "write `foo: value`"),
    ("a: 1\n«foo=bar»\nb: 2\n", "missing-colon", "write `foo: bar`"),
    ("a -> b: http\n«b -> c»\n", "missing-colon", "write `b -> c: value`"),
    ("«:» 1\n", "key", "write a key"),
    ("«~»: 1\n", "key", "in quotes"),
    ("? «{ a: 1 }»\n: 1\n", "key", "in quotes"),
];

const QUOTES: &[Trap] = &[
    ("a: «\"»x\nb: 1\n", "unclosed-quote", "close it with `\"`"),
    ("a: «\"»x\n  more\nb: \"c\"\n", "unclosed-quote", "close it with `\"`"),
    ("a: «'»it is\nb: 1\n", "unclosed-quote", "`''`"),
    ("a: { b: «\"»x, c: 1 }\nd: \"e\"\n", "unclosed-quote", "close it with `\"`"),
    ("a: «\"»C:\\\"\n", "unclosed-quote", "`\\\\` for a backslash"),
    ("a: 'it'«s'»\n", "after-quote", "`''` for an apostrophe"),
    ("a: \"x\" «y»\n", "after-quote", "around the whole value"),
    ("a: \"${x}\"«/y»\n", "after-quote", "around the whole value"),
    ("a: \"x \"«y\" z»\n", "after-quote", "`\\\"` for a quote"),
    ("a: { b: \"x\" «c: 1» }\n", "after-quote", "a comma after the quoted text"),
    ("a: \"C:«\\p»ath\"\n", "escape", "single quotes"),
    ("a: 'x'«#» y\n", "comment", "space before `#`"),
];

const BRACKETS: &[Trap] = &[
    ("a: «[»1, 2\nb: 1\n", "unclosed-bracket", "close it with `]`"),
    ("a: «{» x: 1\nb: 1\n", "unclosed-bracket", "close it with `}`"),
    ("a:\n  b: «{» c: 1\n  d: 2\n", "unclosed-bracket", "close it with `}`"),
    ("a: «[»\n", "unclosed-bracket", "close it with `]`"),
    ("a: { b: [1, 2«}», c: 3 ]\n", "wrong-bracket", "write `]` here"),
    ("a: { b: \"}\", c: [1 # ]\n«}» }\n", "wrong-bracket", "write `]` here"),
    ("a: { b: 1 }«}»\n", "stray-bracket", "delete it"),
    ("a: «]»x\n", "stray-bracket", "must be quoted: \"]x\""),
    ("a: [1,«,» 2]\n", "stray-comma", "delete the comma"),
    ("a: {\n  x: 1«»\n  y: 2\n}\n", "missing-comma", "separated by commas"),
    ("a: { x: { b: 1 } «c: 2» }\n", "missing-comma", "separated by commas"),
    ("a: [x] «y»\n", "after-value", "in quotes"),
    ("a: [ «-» x ]\n", "list-item", "`[a, b]`"),
    ("a: { «a», b -> c: http }\n", "missing-value", "quotes, `\"a, b -> c\": …`"),
    ("a: { label: logs, «metrics» }\n", "missing-value", "value before it in quotes"),
    ("a: { «b» }\n", "missing-value", "write `b: value`"),
];

const SIGNS: &[Trap] = &[
    ("{ run: x «${y.z}» }\n", "unquoted", "in quotes: \"x ${y.z}\""),
    ("a: { ñ: é, host: «${db.host}»:80, b: 1 }\n", "unquoted", "in quotes: \"${db.host}:80\""),
    ("a: [«${y}», 2]\n", "unquoted", "in quotes: \"${y}\""),
    ("a: { b: c «{»d} }\n", "unquoted", "in quotes: \"c {d}\""),
    ("a: «@»x\n", "unquoted", "in quotes: \"@x\""),
    ("a: { b: «@»x, c: 1 }\n", "unquoted", "in quotes: \"@x\""),
    ("a: «`»x` y\n", "unquoted", "in quotes: \"`x` y\""),
    ("a: «%»x\n", "unquoted", "in quotes: \"%x\""),
    ("a: «,»x\n", "unquoted", "in quotes: \",x\""),
    ("a: «&»\n", "unquoted", "in quotes: \"&\""),
    ("a: «?» b\n", "unquoted", "in quotes: \"? b\""),
    ("a: «*»\n", "unknown-alias", "quoted: \"*\""),
    ("a: { path: «*», b: 1 }\n", "unknown-alias", "quoted: \"*\""),
    ("a: «*.example.com»\n", "unknown-alias", "quoted: \"*.example.com\""),
    ("a: «* * * * *»\n", "unknown-alias", "quoted: \"* * * * *\""),
    ("a: «*x»\nb: &x 1\n", "unknown-alias", "define the anchor earlier"),
    ("a: «!important» x\n", "tag", "quotes"),
    ("a: «!»x!y z\n", "unquoted", "in quotes: \"!x!y z\""),
    ("a: «-» b\n", "list-item", "in brackets: `[b]`"),
    ("a: | «foo»\n", "text-block", "next line"),
    ("a: >-«x»\n", "text-block", "next line"),
    ("a: text «# more»\n  text\n", "comment", "whole value in quotes"),
    ("«%FOO»\na: 1\n", "directive", "delete the line"),
    ("a: 1\n«---»\nb: 1\n", "several-documents", "`environments`"),
    ("a: 1\n...\n«b: 1»\n", "several-documents", "`environments`"),
    ("a: 1\n«a»: 2\n", "duplicate-key", "delete one"),
    ("a: { «<<»: 1 }\n", "merge", "alias of a map"),
    ("a: &a [«*a»]\n", "alias", "does not contain"),
    ("a: x«\u{7}»y\n", "control-character", "delete it"),
];

fn check(traps: &[Trap]) {
    let mut failures = Vec::new();
    for (marked, code, hint) in traps {
        let (Some(start), Some(end)) = (marked.find('«'), marked.rfind('»')) else { panic!("{marked}") };
        let end = end - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let mut diagnostics = Diagnostics::default();
        parse(SourceId(0), &text, &mut diagnostics);
        let found = diagnostics.sorted();
        let [first, ..] = found[..] else { panic!("nothing found in {text}") };
        let span = first.span.unwrap();
        let hinted = first.hints.first().is_some_and(|first| first.contains(hint));
        if (span.start as usize, span.end as usize, first.code, hinted) != (start, end, code, true) {
            failures.push(format!("{text}\n -> {first:#?}\n"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.concat());
}

#[test]
fn indentation_mistakes_are_shown_at_the_line_that_does_not_fit() {
    check(INDENTATION);
}

#[test]
fn colon_mistakes_are_shown_at_the_colon() {
    check(COLONS);
}

#[test]
fn quote_mistakes_are_shown_at_the_quote() {
    check(QUOTES);
}

#[test]
fn bracket_mistakes_are_shown_at_the_bracket() {
    check(BRACKETS);
}

#[test]
fn signs_that_need_quotes_are_shown_with_the_quoted_value() {
    check(SIGNS);
}
