//! What the canonical form is, and that it keeps meaning and comments.

use super::*;
use granit_parser::{Event, Parser, options};
use proptest::prelude::*;

const EXAMPLES: [&str; 6] = [
    include_str!("../../../examples/bookstore/archgen.yaml"),
    include_str!("../../../examples/bookstore-microservices/archgen.yaml"),
    include_str!("../../../examples/craftech-ha/archgen.yaml"),
    include_str!("../../../examples/ecs-mongo/archgen.yaml"),
    include_str!("../../../examples/shop/archgen.yaml"),
    include_str!("../../../examples/three-tier/archgen.yaml"),
];

#[track_caller]
fn good(text: &str) -> String {
    let formatted = format(text).unwrap_or_else(|found| panic!("{text}\n{:#?}", found.sorted()));
    assert_eq!(format(&formatted).ok().as_ref(), Some(&formatted), "again");
    formatted
}

/// The comments of a text, sorted.
fn comments(text: &str) -> Vec<String> {
    let options = options! { max_buffered_comment_events: usize::MAX };
    let mut comments: Vec<String> = Parser::new_from_str_with_options(text, options)
        .filter_map(|event| match event {
            Ok((Event::Comment(text, _), _)) => Some(text.trim_end().to_owned()),
            _ => None,
        })
        .collect();
    comments.sort();
    comments
}

#[test]
fn the_examples_are_canonical() {
    for example in EXAMPLES {
        assert_eq!(good(example), example);
    }
}

#[test]
fn blanks_indentation_and_sections_are_put_in_order() {
    let text = "\
# A shop.

components:
    db:
        {kind: postgres,in: data ,  version: '16' }   # why
    web:
      kind:   service
      ports: { main: 80 }
      replicas: {min: 2, max: 2}
      environment:
         A:  \"${db.host}\"
      healthcheck: {path: /x}
      build:
        context: ./x
      command:  [ npm,start , {}, [ ] ]
      description: |
           Text
             more

           end
      # the end of web
# about the system
system: { id: shop, title: Shop }



zones:
   a:        { kind: cloud }
   longer:   { kind: vpc, in: a }
   c: { kind: subnet }
archgen: v1
# last words
";
    let canonical = "\
# A shop.

archgen: v1
# last words

# about the system
system: { id: shop, title: Shop }

zones:
  a:      { kind: cloud }
  longer: { kind: vpc, in: a }
  c: { kind: subnet }

components:
  db:
    { kind: postgres, in: data, version: '16' }       # why
  web:
    kind: service
    port: 80
    replicas: 2
    env:
      A: \"${db.host}\"
    health: /x
    build: ./x
    command: [npm, start, {}, []]
    description: |
      Text
        more

      end
    # the end of web
";
    assert_eq!(
        good(text).replace("    { kind: postgres, in: data, version: '16' }       # why", "X"),
        canonical.replace("    { kind: postgres, in: data, version: '16' }       # why", "X")
    );
}

#[test]
fn lists_are_indented_and_brackets_over_lines_too() {
    let text = "a:\n- b\n-   c: 1\n    d: 2\n- - e\n  - f\nb: [\n      1, 2,   # one\n  # two\n3 ]\nc: [{ a: 1 },\n   {\n  b: 2 }]\n";
    let canonical = "a:\n  - b\n  - c: 1\n    d: 2\n  - - e\n    - f\n\nb: [\n  1, 2,       # one\n  # two\n  3]\n\nc: [{ a: 1 },\n  {\n    b: 2 }]\n";
    assert_eq!(good(text), canonical);
}

#[test]
fn texts_over_several_lines_keep_their_words() {
    let text = "a:\n    b: |2\n         x\n       y\n    c: >+\n\n        z\n\n    d: 'q\n\n      r'\n    e: \"s \\\n          t\"\n    f: u\n          v  \n";
    let canonical = "a:\n  b: |2\n       x\n     y\n  c: >+\n\n    z\n\n  d: 'q\n\n    r'\n  e: \"s \\\n    t\"\n  f: u\n    v\n";
    assert_eq!(good(text), canonical);
}

#[test]
fn anchors_keep_their_order_and_long_forms() {
    let text = "components: &all\n   a: { ports: {main: 1}, build:   &b ./x }\nzones: { a: *all , *b : c }\n";
    let canonical =
        "components: &all\n  a: { ports: { main: 1 }, build: &b ./x }\n\nzones: { a: *all, *b : c }\n";
    assert_eq!(good(text), canonical);
}

#[test]
fn only_what_is_shorter_and_means_the_same_is_shortened() {
    let kept = "components:\n  a:\n    health: /x\n    healthcheck: /y\n    ports: { main: 80, other: 90 }\n    build:\n      # why\n      context: .\n    replicas: { min: 1, max: 2 }\n    env: { environment: x }\n";
    assert_eq!(good(kept), kept);
    let text = "environments:\n  x: { components: { a: { environment: { A: \"${b.c}\" }, ports: { main: 80 } } } }\n";
    assert_eq!(
        good(text),
        "environments:\n  x: { components: { a: { env: { A: \"${b.c}\" }, port: 80 } } }\n"
    );
}

#[test]
fn comments_stay_with_what_they_speak_of() {
    let text = "a:\n   # first\n   b: 1   # c1\n   ccc: 2 # c2\n     # deep\n   # last of a\n# for d\nd: 1\n\n\n\ne: 2 # tab\n";
    let canonical = "a:\n  # first\n  b: 1   # c1\n  ccc: 2 # c2\n  # deep\n  # last of a\n\n# for d\nd: 1\n\ne: 2 # tab\n";
    assert_eq!(good(text), canonical);
}

#[test]
fn what_is_not_understood_is_left_alone_and_mistakes_are_reported() {
    assert_eq!(good("? a\n:   b"), "? a\n:   b\n");
    assert_eq!(good("\u{feff}a:  1\r\n"), "a: 1\n");
    assert_eq!(good("---\na:  1\n...\n"), "---\na: 1\n...\n");
    let found = format("a: 1\na: 2\n").unwrap_err();
    assert_eq!(found.sorted()[0].code, "duplicate-key");
}

fn check(text: &str) -> Result<(), TestCaseError> {
    match format(text) {
        Err(found) => {
            let codes: Vec<_> = found.sorted().iter().map(|d| d.code).collect();
            prop_assert!(!codes.contains(&"format"), "refused: {text:?}");
        }
        Ok(formatted) => {
            let again = format(&formatted).ok();
            prop_assert_eq!(again.as_ref(), Some(&formatted), "again: {:?}", text);
            prop_assert_eq!(comments(text), comments(&formatted), "comments of {:?} {:?}", text, formatted);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_kept_or_put_in_order(text in "[-a:ñ \n{}\\[\\],\"'|>#*&!?0+\t]{0,40}") {
        check(&text)?;
    }

    #[test]
    fn any_lines_are_kept_or_put_in_order(text in prop::collection::vec(LINE, 1..9)) {
        check(&text.join("\n"))?;
    }


    #[test]
    fn columns_come_to_rest(
        entries in prop::collection::vec(("[a-e]{1,6}", 1usize..8, "(1|\\{a: 1\\}|\\{ b:  2 \\}|)", 0usize..9, 0usize..3), 1..14),
    ) {
        let mut text = String::from("a:\n");
        for (number, (key, blanks, value, before_comment, kind)) in entries.iter().enumerate() {
            let comment = if *before_comment > 0 { format!("{}# c", " ".repeat(*before_comment)) } else { String::new() };
            let inner = if *kind == 1 && value.is_empty() { "\n     inner:  1  # d" } else { "" };
            let blank = if *kind == 2 { "\n" } else { "" };
            text += &format!("{blank}   {key}{number}:{}{value}{comment}{inner}\n", " ".repeat(*blanks));
        }
        check(&text)?;
    }
}

proptest! {
    // Whole examples are slow to format without optimisation.
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn examples_survive_any_change_of_blanks(
        which in 0usize..6,
        step in 1usize..5,
        blanks in prop::collection::vec(0usize..4, 8),
        at in 0usize..7000,
        sign in "[-a:ñ \n{}\\[\\],\"'|>#]{0,2}",
    ) {
        // Every indentation is multiplied and blanks inside lines change where they mean nothing.
        let mut text = String::new();
        for (number, line) in EXAMPLES[which].lines().enumerate() {
            let content = line.trim_start();
            let indent = (line.len() - content.len()) / 2 * step;
            let more = " ".repeat(blanks[number % blanks.len()]);
            let content = content.replacen(" #", &format!("{more} #"), 1).replacen(" }", &format!("{more}}}"), 1);
            let content = content.replacen(", ", &format!(",{more} "), 1).replacen(": ", &format!(":{more} "), 1);
            text += &format!("{}{content}{}", " ".repeat(indent), if more.len() > 2 { " \n\n" } else { "\n" });
        }
        check(&text)?;
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        check(&format!("{}{sign}{}", &text[..at], &text[at..]))?;
    }
}

/// A line of YAML that may or may not fit the others.
const LINE: &str = "( ){0,5}(- ){0,2}(a|b|cc|\"d\"|&x e|f): {0,3}(1|\\{x: 1,  y:2\\}|\\[1, 2\\]|\"q\n  r\"|p\n      q|\\||>-|\\|2|\\|\\+|'s'|!!str t|# c|\\{\n|\\[|\\}|\\]|,)( {0,3}# c| *)";
