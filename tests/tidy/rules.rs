//! The rules: each takes a file's path and text and returns its complaints, `LINE: WHAT`.

use crate::lexer::{self, item_end, line_of, words};

/// The stages in their order: a module may use those before it. ARCHITECTURE.md says why.
const STAGES: [&str; 19] = [
    "source", "diag", "artifact", "document", "template", "catalog", "model", "layout", "view", "scene",
    "render", "target", "diff", "compile", "plan", "project", "mdbook", "cli", "main",
];

/// What no stage before `project` may use: the same description must give the same bytes everywhere.
const OUTSIDE: [(&str, &str); 18] = [
    ("std::fs", "files are read and written by `project` alone"),
    ("std::env", "environment variables differ by machine"),
    ("std::time", "the clock differs by run"),
    ("TcpStream", "nothing here uses the network"),
    ("TcpListener", "nothing here uses the network"),
    ("UdpSocket", "nothing here uses the network"),
    ("ToSocketAddrs", "nothing here uses the network"),
    ("std::thread", "the order of threads differs by run"),
    ("std::process", "nothing here starts programs"),
    ("rand", "random numbers differ by run"),
    ("HashMap", "its order differs by run; use BTreeMap or Vec"),
    ("HashSet", "its order differs by run; use BTreeSet or Vec"),
    ("stdin()", "`cli` alone reads the standard input"),
    ("stdout()", "`cli` alone prints"),
    ("println!", "`cli` alone prints"),
    ("print!", "`cli` alone prints"),
    ("eprintln!", "`cli` alone prints"),
    ("eprint!", "`cli` alone prints"),
];

/// Outside crates that one stage hides from the others.
const HOMES: [(&str, &[&str]); 3] =
    [("granit_parser", &["document"]), ("tera", &["template"]), ("clap", &["cli", "main"])];

/// The longest a Rust file may be, in lines.
const LONGEST: usize = 600;

/// Ids of kinds and forms that are also words of something else: where they may stand, which, and as what.
/// An entry is added for a word of the language or of a format that we write, never for a decision on a kind.
pub(crate) const ALSO_WORDS: &[(&str, &[&str], &str)] = &[
    (
        "src/target/terraform/",
        &["bucket", "cluster", "files", "host"],
        "arguments of resources, attributes and conditions of routes, keys of catalog files and names in their templates",
    ),
    ("src/artifact.rs", &["service"], "the ending of a systemd unit's file name"),
    (
        "src/catalog/",
        &[
            "actor",
            "cdn",
            "certificate",
            "cloud",
            "container",
            "dns",
            "external",
            "file-share",
            "files",
            "group",
            "host",
            "kubernetes",
            "monitor",
            "network",
            "pipeline",
            "registry",
            "repository",
            "secret-store",
            "subnet",
            "swarm",
            "volume",
            "vpc",
        ],
        "keys of catalog files, and traits, categories and targets, which are named like what has them",
    ),
    (
        "src/document/language/",
        &[
            "actor",
            "certificate",
            "container",
            "dns",
            "external",
            "file-share",
            "files",
            "host",
            "kubernetes",
            "pipeline",
            "queue",
            "registry",
            "repository",
            "swarm",
        ],
        "fields, values and nouns of the language, and the groups that the fields belong to",
    ),
    (
        "src/model/",
        &["container", "dns", "external", "files", "host", "network", "registry", "repository"],
        "fields of the language and protocols, groups of fields, roles of zones, and a value of `deliver`",
    ),
    ("src/target/later.rs", &["host"], "keys of sentences and words of the loss report"),
    ("src/project/lock.rs", &["files"], "a key of the lock"),
    (
        "src/scene/icon/",
        &["actor", "bucket", "external", "network", "pipeline", "queue", "service", "waf"],
        "which icon stands for a category",
    ),
    ("src/render/svg.rs", &["group"], "the role of a picture in which something can be reached"),
    (
        "src/render/pattern.rs",
        &["actor", "external", "network"],
        "categories and places, which have patterns",
    ),
    (
        "src/scene/legend.rs",
        &["actor", "external", "group", "network"],
        "samples and categories of the legend",
    ),
    ("src/scene/place.rs", &["container", "group", "network"], "classes of the drawing, and an icon"),
    (
        "src/target/attributes.rs",
        &["host", "repository"],
        "attributes of `${id.host}` and `${system.repository}`",
    ),
    (
        "src/target/export/",
        &["actor", "network"],
        "a word of sequence diagrams, and the category of a box's icon",
    ),
    (
        "src/view/build/",
        &["actor", "cdn", "dns", "external", "host", "monitor", "mqtt", "network", "server-group", "vpc"],
        "roles and a category of the catalog, protocols, a setting, a view, a word of the pictures, an icon",
    ),
    (
        "src/target/compose/",
        &["certificate", "external", "files", "host", "kubernetes", "monitor", "service", "volume"],
        "words of Compose, the attribute of `${id.host}`, and names in templates and sentences",
    ),
    (
        "src/target/host/",
        &["files", "host", "service"],
        "the target's name, an attribute of `${id.host}`, and names in the template of scripts and in catalog files",
    ),
    ("src/target/delivery.rs", &["cluster"], "a name in templates"),
    ("src/target/dockerfile.rs", &["files"], "a field of the language"),
    (
        "src/target/pipeline/",
        &["cloud", "files", "host", "pipeline", "registry", "repository"],
        "keys of catalog files, and names in templates and sentences",
    ),
    ("src/target/runbook/", &["aws", "host"], "a tool of the shell, and the attribute of `${id.host}`"),
    (
        "src/view/mod.rs",
        &["cloud", "cluster", "host", "network", "server", "vpc"],
        "containers' styles in themes, and icons",
    ),
];

/// The top-level module of a file below `src`; nothing for `lib.rs` and files elsewhere.
fn module(path: &str) -> Option<&str> {
    let inner = path.strip_prefix("src/")?;
    let name = inner.split('/').next()?.trim_end_matches(".rs");
    (name != "lib").then_some(name)
}

fn rank(module: &str) -> Option<usize> {
    STAGES.iter().position(|stage| *stage == module)
}

/// 1: imports run one way.
pub(crate) fn imports(path: &str, text: &str) -> Vec<String> {
    let Some(own) = module(path) else { return Vec::new() };
    let Some(own_rank) = rank(own) else {
        return vec![format!(
            "1: `{own}` is no stage: give it a place in STAGES of tests/tidy/rules.rs and in ARCHITECTURE.md"
        )];
    };
    let code = lexer::split(text).code;
    let mut found = Vec::new();
    for (at, used) in crate_paths(path, &code) {
        match rank(&used) {
            Some(other) if other > own_rank => {
                found.push(format!("{}: `{own}` uses `{used}`, which comes after it", line_of(&code, at)))
            }
            _ => {}
        }
    }
    found.extend(HOMES.iter().filter(|(_, homes)| !homes.contains(&own)).flat_map(|(name, homes)| {
        words(&code, &format!("{name}::"))
            .map(|at| format!("{}: `{name}` is used in {} only", line_of(&code, at), homes.join(" and ")))
            .collect::<Vec<_>>()
    }));
    found
}

/// Every top-level module that the code names by `crate::…` or by enough `super::`.
fn crate_paths(path: &str, code: &str) -> Vec<(usize, String)> {
    let depth = path.trim_end_matches("/mod.rs").matches('/').count();
    let up = "super::".repeat(depth);
    let mut found = Vec::new();
    for root in ["crate::", up.as_str()] {
        for (at, _) in code.match_indices(root) {
            let deeper = root != "crate::"
                && (code[..at].ends_with("super::") || code[at + root.len()..].starts_with("super::"));
            if !deeper {
                found.extend(first_names(&code[at + root.len()..]).into_iter().map(|name| (at, name)));
            }
        }
    }
    found
}

/// The first names of a path or of a braced group of paths: `{a::b, c}` names `a` and `c`.
fn first_names(after: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = after.strip_prefix('{') else { return vec![name(after)] };
    let (mut found, mut depth, mut expects) = (Vec::new(), 1, true);
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => expects = true,
            c if expects && !c.is_whitespace() => {
                found.push(name(&group[i..]));
                expects = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// 2: below `project` nothing reaches outside.
pub(crate) fn outside(path: &str, text: &str) -> Vec<String> {
    let below = module(path).and_then(rank).is_some_and(|own| Some(own) < rank("project"));
    if !below {
        return Vec::new();
    }
    let code = lexer::split(text).code;
    let mut found = Vec::new();
    for (word, why) in OUTSIDE {
        found.extend(words(&code, word).map(|at| format!("{}: `{word}`: {why}", line_of(&code, at))));
    }
    for (at, _) in code.match_indices("std::{") {
        for name in first_names(&code[at + "std::".len()..]) {
            let full = format!("std::{name}");
            found.extend(
                OUTSIDE
                    .iter()
                    .filter(|(word, _)| *word == full)
                    .map(|(word, why)| format!("{}: `{word}`: {why}", line_of(&code, at))),
            );
        }
    }
    found
}

/// 3: no Rust file names a kind or a form. `ids` are the stems of the catalog's files, `also` the words with their places.
pub(crate) fn names(path: &str, text: &str, ids: &[String], also: &[(&str, &[&str], &str)]) -> Vec<String> {
    if !path.starts_with("src/") {
        return Vec::new();
    }
    let allowed =
        |word: &str| also.iter().any(|(place, words, _)| words.contains(&word) && path.starts_with(place));
    lexer::split(text)
        .strings
        .into_iter()
        .filter(|(_, string)| ids.contains(string) && !allowed(string))
        .map(|(at, string)| {
            format!(
                "{}: \"{string}\" is a kind or a form: read a trait or a field of its catalog file instead",
                line_of(text, at)
            )
        })
        .collect()
}

/// 5: files stay readable in one sitting, and say at their head what they are for.
pub(crate) fn size_and_head(_path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST {
        found.push(format!("{lines}: the file has {lines} lines, {LONGEST} are the limit: split it"));
    }
    if !text.trim_start().starts_with("//!") {
        found.push("1: no head comment (`//!`) says what the file is for".to_string());
    }
    found
}

/// 6: bad input never panics: no `unwrap`, `expect` or `panic!` outside tests without a reason.
pub(crate) fn panics(path: &str, text: &str) -> Vec<String> {
    if !path.starts_with("src/") {
        return Vec::new();
    }
    let code = lexer::split(text).code;
    let excused = excused(&code);
    let expects = words(&code, ".expect(").filter(|at| {
        // A parser may have its own `expect`; ours to refuse is the one that takes a message.
        let argument = text[at + ".expect(".len()..].trim_start();
        argument.starts_with('"') || argument.starts_with("&format")
    });
    let mut places: Vec<(usize, &str)> = expects.map(|at| (at, ".expect(")).collect();
    for word in [".unwrap()", ".unwrap_err()", "panic!", "unimplemented!", "todo!"] {
        places.extend(words(&code, word).map(|at| (at, word)));
    }
    places.sort_unstable();
    places
        .into_iter()
        .filter(|(at, _)| !excused.iter().any(|range| range.contains(at)))
        .map(|(at, word)| {
            format!(
                "{}: `{word}` outside tests: return a diagnostic, or give the reason in an `allow`",
                line_of(&code, at)
            )
        })
        .collect()
}

/// What attributes with a reason cover.
fn excused(code: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    for opening in ["#[allow(", "#[expect("] {
        for (at, _) in code.match_indices(opening) {
            let Some(end) = code[at..].find(")]").map(|end| at + end + 2) else { continue };
            let attribute = &code[at..end];
            let names = ["unwrap_used", "expect_used", "panic"]
                .iter()
                .any(|lint| attribute.contains(&format!("clippy::{lint}")));
            if names && words(attribute, "reason").next().is_some() {
                ranges.push(at..item_end(code, end));
            }
        }
    }
    ranges
}

/// 6: what is left to do stands in an issue.
pub(crate) fn left_to_do(_path: &str, text: &str) -> Vec<String> {
    let comments = lexer::split(text).comments;
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    comments
        .iter()
        .flat_map(|(start, comment)| {
            marks.iter().flat_map(move |mark| words(comment, mark).map(move |at| (start + at, mark)))
        })
        .filter(|(at, mark)| !text[at + mark.len()..].starts_with("(#"))
        .map(|(at, mark)| {
            format!("{}: {mark} without an issue: write {mark}(#12), or do it", line_of(text, at))
        })
        .collect()
}

/// No file speaks of the machine that it was made on.
pub(crate) fn machine(_path: &str, text: &str) -> Vec<String> {
    let strange = [
        concat!("/wo", "rk/"),
        concat!("/tmp", "/wt/"),
        concat!("/ro", "ot/"),
        concat!("/home", "/user/"),
        concat!("registry.npm", "js.org"),
        concat!("pypi", ".org"),
        concat!("files.python", "hosted.org"),
        concat!("static.crates", ".io"),
        concat!("index.crates", ".io"),
        concat!("deb.deb", "ian.org"),
    ];
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        found.extend(
            strange
                .iter()
                .filter(|word| line.contains(*word))
                .map(|word| format!("{}: `{word}` belongs to one machine", number + 1)),
        );
        if line.starts_with("source = \"registry+")
            && !line.contains("//github.com/rust-lang/crates.io-index\"")
        {
            found.push(format!("{}: another registry than the public one", number + 1));
        }
    }
    found
}
