//! The preprocessor as mdBook runs it: a book on standard input, the book with pictures on standard output.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_archgen"))
        .arg("mdbook")
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read to the end closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A book of which all is well.
fn built(input: &Value) -> Value {
    let output = run(&[], input.to_string().as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is said of a book with mistakes.
fn refused(input: &Value) -> String {
    let output = run(&[], input.to_string().as_bytes());
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    stderr(&output)
}

/// A book of a fixture; its root has the description that its chapters name.
fn fixture(name: &str) -> Value {
    let text = fs::read_to_string(root().join("tests/mdbook").join(name)).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value[0]["root"] = json!(root().join("tests/mdbook"));
    value
}

/// A book of single chapters, each with path and content.
fn book(root: &Path, chapters: &[(&str, &str)]) -> Value {
    let items: Vec<Value> = chapters
        .iter()
        .map(|(path, content)| {
            json!({ "Chapter": { "name": path, "content": content, "number": null, "sub_items": [],
                                 "path": path, "source_path": path, "parent_names": [] } })
        })
        .collect();
    json!([{ "root": root, "config": { "book": { "src": "src" } }, "renderer": "html" }, { "items": items }])
}

fn content(chapter: &Value) -> &str {
    chapter["Chapter"]["content"].as_str().unwrap()
}

/// Every id of a page, and every reference to one, by what stands before it.
fn after(page: &str, mark: &str) -> Vec<String> {
    page.split(mark).skip(1).map(|rest| rest[..rest.find(['"', ' ', ')']).unwrap()].to_owned()).collect()
}

#[test]
fn a_book_of_0_4() {
    let input = fixture("book-0.4.json");
    let output = built(&input);
    let (before, sections) = (&input[1]["sections"], &output["sections"]);
    assert_eq!(output["__non_exhaustive"], Value::Null);
    assert_eq!((&sections[0], &sections[1], &sections[2]), (&before[0], &before[1], &before[2]));
    let outer = content(&sections[3]);
    assert!(outer.starts_with("# Outer\n\n<figure class=\"archgen\""), "{outer}");
    assert!(outer.ends_with("</svg>\n</figure>\n\nText right behind.\n"), "{outer}");
    assert!(outer.contains("prefers-color-scheme: dark"), "{outer}");
    let below = &sections[3]["Chapter"]["sub_items"];
    assert_eq!(below[1], before[3]["Chapter"]["sub_items"][1]);
    let inner = content(&below[0]);
    assert_eq!(inner.matches("<figure").count(), 2);
    assert!(inner.contains("system.yaml · prod"), "{inner}");
    let system = fs::read_to_string(root().join("tests/mdbook/system.yaml")).unwrap();
    assert!(inner.contains(&format!("</figure>\n\n```yaml\n{system}```\n\nand the same again\n")), "{inner}");
    // Without `view=`, the picture with availability zones is drawn where there are several.
    assert!(inner.contains("Notes · network") && inner.contains("Notes · overview"), "{inner}");
    let page = format!("{outer}{inner}");
    let ids = after(&page, " id=\"");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert!(ids.len() > 20 && unique.len() == ids.len(), "an id stands twice");
    for used in after(&page, " href=\"#").iter().chain(&after(&page, "aria-labelledby=\"")) {
        assert!(unique.contains(used), "{used}");
    }
}

#[test]
fn a_book_of_0_5_in_a_quotation_and_a_list() {
    let input = fixture("book-0.5.json");
    let output = built(&input);
    assert_eq!(output["novelty"], "stays");
    let mut chapter = output["items"][1].clone();
    let text = content(&chapter).to_owned();
    assert!(text.starts_with("> - <figure "), "{text}");
    assert!(text.ends_with("\n>   </figure>\n"), "{text}");
    assert!(text.lines().skip(1).all(|line| line.starts_with(">   ") && line.len() > 4), "{text}");
    // The book's theme is a fixed one.
    assert!(!text.contains("prefers-color-scheme"), "{text}");
    chapter["Chapter"]["content"] = input[1]["items"][1]["Chapter"]["content"].clone();
    assert_eq!(chapter.to_string(), input[1]["items"][1].to_string(), "fields and their order stay");
    assert_eq!(run(&[], input.to_string().as_bytes()).stdout, run(&[], input.to_string().as_bytes()).stdout);
}

#[test]
fn all_mistakes_of_all_chapters_at_their_places() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.yaml"), "archgen: v1\ncomponents:\n  db: { kind: postgress }\n")
        .unwrap();
    let said = refused(&book(
        folder.path(),
        &[
            (
                "a.md",
                "# A\r\n\r\n> - ```archgen\r\n>   archgen: v1\r\n>   components:\r\n>     ñ: 1\r\n>     db: { kind: postgress }\r\n>   ```\r\n",
            ),
            ("sub/b.md", "```archgen file=../../bad.yaml\n```\n\n```archgen file=../../bad.yaml\n```\n"),
            ("c.md", "text\n```archgen veiw=x\narchgen: v1\ncomponents: { web: { kind: service } }\n```\n"),
            ("d.md", "```archgen file=none.yaml\n```\n```archgen\n```\n"),
            (
                "e.md",
                "```archgen env=prod view=netwrk\narchgen: v1\ncomponents: { u: { kind: actor } }\n```\n",
            ),
            ("f.md", "```archgen view=overveiw\narchgen: v1\ncomponents: { u: { kind: actor } }\n```\n"),
            (
                "g.md",
                "```archgen\narchgen: v1\ncomponents: [\n```\n\n~~~archgen file=../bad.yaml\nx: 1\n~~~\n",
            ),
        ],
    ));
    for words in [
        "src/a.md:7:19",
        "did you mean `postgres`?",
        ">     db: { kind: postgress }",
        "bad.yaml:3:15",
        "drawn in src/sub/b.md, line 1",
        "src/c.md:2:12",
        "did you mean `view`?",
        "none.yaml",
        "src/d.md:1:17",
        "src/d.md:3:4",
        "there is no environment `prod`",
        "src/e.md:1:16",
        "src/f.md:1:17",
        "did you mean `overview`?",
        "src/g.md:3:",
        "src/g.md:6:17",
    ] {
        assert!(said.contains(words), "{words} is missing in\n{said}");
    }
    assert_eq!(said.matches("bad.yaml:3:15").count(), 1, "a file's mistakes are told once\n{said}");
}

#[test]
fn a_theme_that_does_not_exist_fails_the_build() {
    let mut input = fixture("book-0.5.json");
    input[0]["config"]["preprocessor"]["archgen"]["theme"] = json!("drak");
    let said = refused(&input);
    assert!(said.contains("there is no theme `drak`") && said.contains("book.toml"), "{said}");
}

#[test]
fn what_is_no_book_gets_a_clear_answer() {
    let deep = "[".repeat(100_000);
    let inputs: [&[u8]; 9] = [
        b"",
        b"hello",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[1, 2, 3]",
        b"[{}, {}]",
        b"[{}, {\"items\": 1}]",
        deep.as_bytes(),
    ];
    for input in inputs {
        let output = run(&[], input);
        let said = stderr(&output);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
        assert!(said.contains("no book from mdBook") && said.contains("archgen mdbook install"), "{said}");
    }
    let odd = json!([{ "root": 1, "config": [] }, { "items": [null, 1, "x", { "Chapter": 1 }, { "Chapter": { "content": 1, "sub_items": {} } }] }]);
    assert_eq!(built(&odd), odd[1]);
}

#[test]
fn renderers_without_html_are_not_supported() {
    for (renderer, code) in [("html", 0), ("markdown", 0), ("novelty", 0), ("latex", 1), ("man", 1)] {
        assert_eq!(run(&["supports", renderer], b"").status.code(), Some(code), "{renderer}");
    }
}

#[test]
fn install_changes_book_toml_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let absent = run(&["install", path], b"");
    assert_eq!(absent.status.code(), Some(2));
    assert!(stderr(&absent).contains("there is no book.toml"), "{}", stderr(&absent));
    let file = folder.path().join("book.toml");
    fs::write(&file, "[book] # mine\ntitle = \"A\"\n").unwrap();
    let expected = "[book] # mine\ntitle = \"A\"\n\n[preprocessor.archgen]\ncommand = \"archgen mdbook\"\n";
    for words in ["added", "already"] {
        let output = run(&["install", path], b"");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(String::from_utf8(output.stdout).unwrap().contains(words));
        assert_eq!(fs::read_to_string(&file).unwrap(), expected);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_book_of_this_repository_has_all_its_pictures() {
    let mut chapters: Vec<(String, String)> = Vec::new();
    let src = root().join("book/src");
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
                chapters.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    chapters.sort();
    let given: Vec<(&str, &str)> =
        chapters.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let output = built(&book(&root().join("book"), &given));
    let mut pictures = 0;
    for (item, (name, before)) in output["items"].as_array().unwrap().iter().zip(&chapters) {
        let text = content(item);
        let drawn = text.matches("<figure class=\"archgen\"").count();
        pictures += drawn;
        // What is left of blocks are examples, which stand inside a longer fence.
        let mut outer = "";
        for line in text.lines() {
            match line {
                "````markdown" | "````" => outer = if outer.is_empty() { line } else { "" },
                line => assert!(!outer.is_empty() || !line.starts_with("```archgen"), "{name}: {line}"),
            }
        }
        assert!(drawn > 0 || text == before, "{name} has changed without a picture");
    }
    assert!(pictures >= 3, "{pictures} pictures");
}
