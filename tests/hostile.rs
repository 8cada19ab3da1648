//! What nobody should feed a compiler: a clear answer, no panic, in bounded time.
//!
//! The bounds here are those of a build without optimisation on a busy machine. `ARCHGEN_TIMES=1 cargo test --release
//! --test hostile -- --nocapture` prints what each takes.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use archgen::compile::run::{Run, Setup, Task, Wanted};
use archgen::compile::{self, Project, Texts};
use archgen::diag::{Diagnostics, print};
use archgen::scene::icon::Icons;
use archgen::target::diagram::{self, Painting};
use archgen::{document, model};
use proptest::prelude::*;

const EXAMPLES: [&str; 7] = [
    "bookstore",
    "bookstore-microservices",
    "craftech-ha",
    "ecs-mongo",
    "kubernetes-shop",
    "shop",
    "three-tier",
];

/// Feeds bytes to the program; returns its exit code and what it complained of.
fn feed(name: &str, bytes: &[u8], command: &[&str], bound: Duration) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("archgen.yaml"), bytes).expect("written");
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_archgen"))
        .args(command)
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let took = start.elapsed();
    if std::env::var_os("ARCHGEN_TIMES").is_some() {
        println!("{name}: {} ms", took.as_millis());
    }
    let err = String::from_utf8(output.stderr).expect("messages are UTF-8");
    assert!(!err.contains("panicked"), "{name}: {err}");
    assert!(took < bound, "{name} took {took:?}");
    assert!(err.len() < 200_000, "{name}: {} bytes of messages", err.len());
    (output.status.code().unwrap_or_else(|| panic!("{name} was killed")), err)
}

/// Bytes that look random and are the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn alias_bomb() -> String {
    let mut text = String::from("archgen: v1\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let before = format!("*a{}", level - 1);
        writeln!(text, "a{level}: &a{level} [{}]", vec![before; 9].join(", ")).expect("text grows");
    }
    text
}

/// A description that is right and long: so many services in a row, each with so many sentences of prose.
fn long(services: usize, sentences: usize) -> String {
    let mut text = String::from("archgen: v1\nsystem: { id: long, title: Long }\ncomponents:\n");
    let prose = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. ".repeat(sentences);
    for at in 0..services {
        writeln!(
            text,
            "  s{at}:\n    kind: service\n    image: s:1.{at}.0\n    port: 80\n    description: {prose}\n    env:\n      NAME: s{at}"
        )
        .expect("text grows");
    }
    text.push_str("connections:\n");
    for at in 1..services {
        writeln!(text, "  s{} -> s{at}: http", at - 1).expect("text grows");
    }
    text
}

#[test]
fn hostile_files_get_a_clear_answer() {
    let short = Duration::from_secs(10);
    let noise = noise(1 << 20);
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("empty file", Vec::new(), "empty"),
        ("only a comment", b"# nothing\n".to_vec(), "empty"),
        ("a byte order mark alone", b"\xef\xbb\xbf".to_vec(), "empty"),
        ("1 MiB of random bytes", noise, "UTF-8"),
        ("invalid UTF-8 late", b"archgen: v1\nsystem: { id: a, title: \xff }\n".to_vec(), "UTF-8"),
        ("NUL bytes", b"archgen: v1\n\0\0\0\n".to_vec(), ""),
        ("alias bomb", alias_bomb().into_bytes(), "alias"),
        ("100,000 [", "[".repeat(100_000).into_bytes(), "100 levels"),
        ("100,000 {", "{".repeat(100_000).into_bytes(), "100 levels"),
        ("3,000 deep", nested(3_000).into_bytes(), "100 levels"),
        ("one endless line", vec![b'a'; 1 << 20], ""),
        ("an alias of itself", b"archgen: v1\nsystem: &a { x: *a }\n".to_vec(), ""),
    ];
    for (name, bytes, word) in cases {
        let (code, err) = feed(name, &bytes, &["render"], short);
        assert_eq!(code, 2, "{name}: {err}");
        assert!(err.contains("error") && err.contains(word), "{name} does not say {word:?}: {err}");
    }
}

fn nested(depth: usize) -> String {
    let mut text = String::from("archgen: v1\n");
    for level in 0..depth {
        writeln!(text, "{}a:", " ".repeat(level)).expect("text grows");
    }
    text
}

#[test]
fn long_valid_files_are_read_up_to_the_model() {
    let few = long(500, 180);
    assert!(few.len() > 5_000_000);
    // Nothing but the page of contents: everything up to the model, and little after it.
    let (code, err) =
        feed("5 MiB of prose", few.as_bytes(), &["render", "--only", "index"], Duration::from_secs(60));
    assert_eq!(code, 0, "{err}");
    let many = long(17_000, 3);
    assert!(many.len() > 5_000_000);
    let mut project = catalog().clone();
    let mut out = Diagnostics::default();
    let start = Instant::now();
    project.document = document::read(project.source, &many, &mut out);
    let resolved = compile::resolve(&project, "main", &mut out);
    let took = start.elapsed();
    if std::env::var_os("ARCHGEN_TIMES").is_some() {
        println!("5 MiB, 17,000 components, up to model and facts: {} ms", took.as_millis());
    }
    assert!(resolved.is_some() && out.is_empty());
    assert!(took < Duration::from_secs(60), "{took:?}");
}

/// The catalog, read once.
fn catalog() -> &'static Project {
    static CATALOG: LazyLock<Project> = LazyLock::new(|| {
        let description = "archgen: v1\ncomponents: { users: { kind: actor } }\n".to_owned();
        compile::read(&Texts { description, ..Texts::default() }, &mut Diagnostics::default())
    });
    &CATALOG
}

/// Reads, resolves, generates every text and prints every message; what comes of it does not matter.
fn through(text: &str) {
    let mut project = catalog().clone();
    project.source = project.sources.add("archgen.yaml", text.to_owned());
    let mut out = Diagnostics::default();
    project.document = document::read(project.source, text, &mut out);
    if let Some(document) = project.document.clone() {
        model::check_names(&document, &project.catalog, &mut out);
        let mut resolved = Vec::new();
        for environment in model::environments(&document).iter().take(6) {
            resolved.extend(compile::resolve(&project, environment, &mut out));
        }
        let (templates, prose) = (BTreeMap::new(), BTreeMap::new());
        let look = diagram::default_look();
        let painting = Painting {
            fixed: diagram::fixed(&look),
            look,
            icons: Icons::default(),
            formats: vec!["svg".to_owned()],
            scale: 1.0,
            width: None,
        };
        let setup =
            Setup { templates: &templates, prose: &prose, painting, to_description: "../..".to_owned() };
        let run = Run::new(&project, resolved, setup, &Wanted::default(), &mut out);
        let tasks = run.tasks(&Wanted::default());
        // Pictures are the slow part without optimisation: the first one stands for all.
        let mut pictures = 0;
        let tasks: Vec<Task> = tasks
            .into_iter()
            .filter(|task| {
                pictures += usize::from(matches!(task, Task::Picture(_)));
                !matches!(task, Task::Picture(_)) || pictures <= 1
            })
            .collect();
        let results = tasks.iter().map(|task| run.perform(task)).collect();
        out.extend(run.finish(&tasks, results).diagnostics);
    }
    print::human(&out, &project.sources, false);
    print::json(&out, &project.sources);
}

/// One change to a text.
#[derive(Debug, Clone)]
enum Change {
    /// Takes a line out.
    Drop(usize),
    /// Sets a line twice.
    Double(usize),
    /// Swaps two lines.
    Swap(usize, usize),
    /// Puts a character at a place.
    Put(usize, char),
    /// Takes some characters out.
    Cut(usize, usize),
    /// Sets one word in place of another.
    Replace(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = || any::<usize>();
    prop_oneof![
        at().prop_map(Change::Drop),
        at().prop_map(Change::Double),
        (at(), at()).prop_map(|(a, b)| Change::Swap(a, b)),
        (
            at(),
            prop::sample::select(":{}[],-\"'#&*!|>%@ \t\n$0-9aé\u{0}\u{202e}".chars().collect::<Vec<_>>())
        )
            .prop_map(|(at, c)| Change::Put(at, c)),
        (at(), 1usize..40).prop_map(|(at, length)| Change::Cut(at, length)),
        (at(), at()).prop_map(|(a, b)| Change::Replace(a, b)),
    ]
}

fn apply(text: &str, change: &Change) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let line = |at: usize| at % lines.len().max(1);
    let mut changed = lines.clone();
    let chars: Vec<char> = text.chars().collect();
    let place = |at: usize| at % chars.len().max(1);
    match change {
        Change::Drop(at) if !lines.is_empty() => drop(changed.remove(line(*at))),
        Change::Double(at) if !lines.is_empty() => changed.insert(line(*at), lines[line(*at)]),
        Change::Swap(a, b) if !lines.is_empty() => changed.swap(line(*a), line(*b)),
        Change::Put(at, c) => {
            let mut chars = chars.clone();
            chars.insert(place(*at), *c);
            return chars.into_iter().collect();
        }
        Change::Cut(at, length) => {
            let at = place(*at);
            let end = (at + length).min(chars.len());
            return chars[..at].iter().chain(&chars[end..]).collect();
        }
        Change::Replace(a, b) => {
            let words = words(text);
            if words.is_empty() {
                return text.to_owned();
            }
            let (old, new) = (words[a % words.len()].clone(), words[b % words.len()].clone());
            return format!("{}{}{}", &text[..old.start], &text[new], &text[old.end..]);
        }
        _ => {}
    }
    changed.join("\n") + "\n"
}

/// The places of the words of a text.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    words
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(40),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn changed_examples_never_panic(
        example in prop::sample::select(EXAMPLES.to_vec()),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let path = format!("{}/examples/{example}/archgen.yaml", env!("CARGO_MANIFEST_DIR"));
        let mut text = fs::read_to_string(path).expect("the example exists");
        for change in &changes {
            text = apply(&text, change);
        }
        through(&text);
    }
}
