//! What the YAML reader takes, refuses and says.

use super::super::tree::{Data, Node};
use super::*;
use crate::source::SourceId;
use proptest::prelude::*;

/// Reads a text that has mistakes or none.
fn read(text: &str) -> (Option<Node>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let node = parse(SourceId(0), text, &mut diagnostics);
    (node, diagnostics)
}

/// Reads a text without mistakes.
fn good(text: &str) -> Node {
    let (node, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{text}\n{:#?}", diagnostics.sorted());
    node.unwrap()
}

fn slice<'a>(text: &'a str, node: &Node) -> &'a str {
    &text[node.span.start as usize..node.span.end as usize]
}

/// A tree without places, in one line.
fn plain(node: &Node) -> String {
    match &node.data {
        Data::Null => "null".to_owned(),
        Data::Scalar(scalar) if scalar.plain => scalar.text.clone(),
        Data::Scalar(scalar) => format!("{:?}", scalar.text),
        Data::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(" ")),
        Data::Map(map) => {
            let pair = |e: &super::super::tree::Entry| format!("{}={}", e.key.value, plain(&e.value));
            format!("{{{}}}", map.entries.iter().map(pair).collect::<Vec<_>>().join(" "))
        }
    }
}

#[test]
fn values_keep_their_text_and_place() {
    let text = "título: &x \"ñé\"   # año\nb: |\n  text ñ\n  more\n\nc: >- # folded | no\n\n  x\nd:\n  - 1.10\n  -\n  - a: 'ó'\n    b: *x\ne: {é: [ñ, \"q\"], g: , h: 'x'}\nf: !!str 5\ng:\n";
    let root = good(text);
    assert_eq!(
        plain(&root),
        "{título=\"ñé\" b=\"text ñ\\nmore\\n\" c=\"\\nx\" d=[1.10 null {a=\"ó\" b=\"ñé\"}] e={é=[ñ \"q\"] g=null h=\"x\"} f=\"5\" g=null}"
    );
    let value = |key: &str| slice(text, root.get(key).unwrap());
    assert_eq!(value("título"), "\"ñé\"");
    assert_eq!(value("b"), "|\n  text ñ\n  more");
    assert_eq!(value("c"), ">- # folded | no\n\n  x");
    assert_eq!(value("d"), "- 1.10\n  -\n  - a: 'ó'\n    b: *x");
    assert_eq!(value("e"), "{é: [ñ, \"q\"], g: , h: 'x'}");
    assert_eq!(value("f"), "5");
    assert_eq!(slice(text, &root), text.trim_end());
    // The point after the colon stands for an absent value; an alias has the place of its anchor.
    assert_eq!(root.get("g").unwrap().span.start as usize, text.len() - 1);
    let list = root.get("d").unwrap().as_list().unwrap();
    assert_eq!(slice(text, list[2].get("b").unwrap()), "\"ñé\"");
    assert_eq!(slice(text, &list[2]), "a: 'ó'\n    b: *x");
    let key = &root.as_map().unwrap().entries[0].key;
    assert_eq!(&text[key.span.start as usize..key.span.end as usize], "título");
}

#[test]
fn a_list_begins_at_its_first_dash() {
    let text = "a: # - no\n- &x b\n- c\nd: &y\n-\n  - e\n  -\nf:\n  - g\n";
    let root = good(text);
    let value = |key: &str| slice(text, root.get(key).unwrap());
    assert_eq!((value("a"), value("d"), value("f")), ("- &x b\n- c", "-\n  - e\n  -", "- g"));
}

#[test]
fn null_is_only_what_is_not_written_or_plain() {
    assert_eq!(
        plain(&good("[~, null, '~', \"null\", Null, !!str ]")),
        "[null null \"~\" \"null\" Null \"\"]"
    );
}

#[test]
fn carriage_returns_and_a_byte_order_mark_are_fine() {
    let text = "\u{feff}a: 1\r\nb:\r\n  - |\r\n    x\r\n    y\r\n";
    let root = good(text);
    assert_eq!(plain(&root), "{a=1 b=[\"x\\ny\\n\"]}");
    assert_eq!(slice(text, root.get("a").unwrap()), "1");
}

#[test]
fn merge_keys_fill_in_what_is_not_written() {
    let text = "base: &base { a: 1, b: 2 }\nmore: &more { b: 3, c: 4 }\none: { <<: *base, b: 9 }\nall:\n  b: 8\n  <<: [*base, *more]\nquoted: { '<<': 1 }\n";
    assert_eq!(
        plain(&good(text)),
        "{base={a=1 b=2} more={b=3 c=4} one={a=1 b=9} all={b=8 a=1 c=4} quoted={<<=1}}"
    );
}

#[test]
fn the_first_of_two_keys_wins_and_reading_goes_on() {
    let (node, diagnostics) = read("a: { x: 1, y: 2, x: 3 }\na: 4\n? [b]\n: 5\nc: 6\n");
    assert_eq!(plain(&node.unwrap()), "{a={x=1 y=2} c=6}");
    let found: Vec<_> = diagnostics.sorted().iter().map(|d| (d.code, d.message.clone())).collect();
    assert_eq!(
        found,
        [
            ("duplicate-key", "`x` is written twice".to_owned()),
            ("duplicate-key", "`a` is written twice".to_owned()),
            ("key", "a list cannot be a key".to_owned()),
        ]
    );
    assert_eq!(diagnostics.sorted()[0].related[0].0.start, 5);
}

#[test]
fn bytes_are_decoded_or_their_fault_is_named() {
    assert_eq!(decode("\u{feff}ñ: 1".as_bytes()).unwrap(), "ñ: 1");
    let message = |bytes: &[u8]| decode(bytes).unwrap_err().message;
    assert_eq!(
        message(b"a: 1\nb: \xF1o\n"),
        "the file is not UTF-8: byte 9 (0xF1), on line 2, is part of no character"
    );
    assert_eq!(message(b"\xFF\xFEa\0"), "the file is UTF-16 (little endian), not UTF-8");
    assert_eq!(message(b"\x00a\x00:\x00 \x001"), "the file is UTF-16 (big endian), not UTF-8");
    assert!(message(b"a\x00:\x00 \x001\x00").contains("UTF-16"));
}

#[test]
fn too_much_is_refused_with_a_reason() {
    let code = |text: &str| {
        let (node, diagnostics) = read(text);
        assert!(node.is_none(), "{:.80}", text);
        let found = diagnostics.sorted();
        (found[0].code, found.len())
    };
    assert_eq!(code(&"[".repeat(100_000)), ("too-deep", 1));
    assert_eq!(code(&"{a: ".repeat(3_000)), ("too-deep", 1));
    assert_eq!(code(&"- ".repeat(3_000)), ("too-deep", 1));
    let block: String = (0..3_000).map(|level| format!("{}k:\n", " ".repeat(level))).collect();
    assert_eq!(code(&block), ("too-deep", 1));
    let level_101: String = "[".repeat(101) + &"]".repeat(101);
    assert_eq!(code(&level_101), ("too-deep", 1));
    good(&level_101[1..201]);

    let mut bomb = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let alias = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(", "));
    }
    assert_eq!(code(&bomb), ("alias-limit", 1));
    let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(1 << 20), ["*a"; 40].join(", "));
    assert_eq!(code(&long), ("alias-limit", 1));
    let mut deep = format!("a0: &a0 {}1{}\n", "[".repeat(60), "]".repeat(60));
    deep += &format!("b: {}*a0{}\n", "[".repeat(60), "]".repeat(60));
    assert_eq!(code(&deep), ("too-deep", 1));
    assert_eq!(code("a: &a [1, { b: *a }]\n"), ("alias", 1));
    assert_eq!(code(&"a: 1\n".repeat(5_000)).1, MAX_MISTAKES + 1);
    assert_eq!(code(&"x".repeat(MAX_BYTES + 1)), ("too-large", 1));
    assert_eq!(code("a: \u{7}\n"), ("control-character", 1));
    for nothing in ["", "\n \n", "# only words\n", "---\n", "~\n"] {
        assert_eq!(code(nothing), ("empty", 1));
    }
}

/// Checks that every place lies inside the text and on character borders.
fn check_spans(text: &str, node: &Node) {
    assert!(text.get(node.span.start as usize..node.span.end as usize).is_some());
    match &node.data {
        Data::List(items) => items.iter().for_each(|item| check_spans(text, item)),
        Data::Map(map) => {
            for entry in &map.entries {
                assert!(text.get(entry.key.span.start as usize..entry.key.span.end as usize).is_some());
                check_spans(text, &entry.value);
            }
        }
        _ => {}
    }
}

fn check(text: &str) {
    let (node, diagnostics) = read(text);
    assert!(node.is_some() || diagnostics.has_errors());
    if let Some(node) = node {
        check_spans(text, &node);
    }
    for diagnostic in diagnostics.sorted() {
        let places = diagnostic.span.iter().chain(diagnostic.related.iter().map(|(span, _)| span));
        for span in places {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn no_text_of_signs_panics(text in "[-a:ñ \n\t{}\\[\\],\"'|>#*&!%@`?<~$\r.0é😀]{0,60}") {
        check(&text);
    }

    #[test]
    fn no_cut_or_changed_example_panics(at in 0usize..3200, sign in "[-a:ñ \n\t{}\\[\\],\"'|>#*&!]{0,3}", skip in 0usize..5) {
        let text = include_str!("../../../examples/shop/archgen.yaml");
        let at = lookup::floor(text, at);
        let rest = lookup::floor(text, at + skip);
        check(&format!("{}{sign}{}", &text[..at], &text[rest..]));
        check(&text[..at]);
    }
}
