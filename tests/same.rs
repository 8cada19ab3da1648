//! The same description gives the same bytes: in every run, with any number of threads, in any language of the
//! system, from any folder, and whatever the order of an element's fields.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::{Mapping, Value};

/// Rich in zones, environments and targets, and written in two languages between them.
const EXAMPLES: [&str; 2] = ["bookstore", "shop"];

fn description(example: &str) -> String {
    let path = format!("{}/examples/{example}/archgen.yaml", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("the example exists")
}

/// All files below a folder by path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(at) = todo.pop() {
        for entry in fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("listed").path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_path_buf();
                found.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

/// Renders a description in a new folder, without PNG (drawing them takes most of the time and adds nothing that the
/// SVG does not decide), and returns what was written.
fn render(text: &str, change: impl FnOnce(&mut Command, &Path)) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("archgen.yaml"), text).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_archgen"));
    command.args(["render", "--quiet", "--format", "svg"]).current_dir(folder.path());
    change(&mut command, folder.path());
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    files(&folder.path().join("generated"))
}

fn same(first: &BTreeMap<PathBuf, Vec<u8>>, second: &BTreeMap<PathBuf, Vec<u8>>, what: &str) {
    let names = |map: &BTreeMap<PathBuf, Vec<u8>>| map.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(first), names(second), "{what}");
    for (name, bytes) in first {
        if *bytes != second[name] {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (old, new) = (text(bytes), text(&second[name]));
            let change = similar::TextDiff::from_lines(&old, &new);
            panic!("{what}: {} differs:\n{}", name.display(), change.unified_diff());
        }
    }
}

#[test]
fn runs_threads_languages_and_folders_change_no_byte() {
    for example in EXAMPLES {
        let text = description(example);
        let first = render(&text, |command, _| {
            command.args(["--jobs", "1"]);
        });
        assert!(first.len() > 10, "{example}: {:?}", first.keys());
        let again = render(&text, |command, _| {
            command.args(["--jobs", "8"]).env("LC_ALL", "C");
        });
        same(&first, &again, "eight threads, LC_ALL=C");
        let elsewhere = render(&text, |command, folder| {
            let file = folder.join("archgen.yaml");
            command.arg(file).current_dir("/").env("LC_ALL", "tr_TR.UTF-8").env("TZ", "Asia/Kathmandu");
        });
        same(&first, &elsewhere, "another working directory, Turkish");
    }
}

/// The lock carries the digest of the description, which differs where the description does.
fn without_lock(mut files: BTreeMap<PathBuf, Vec<u8>>) -> BTreeMap<PathBuf, Vec<u8>> {
    files.remove(Path::new("archgen.lock"));
    files
}

/// The description with the fields of each zone and component, in the base and in environments, turned round. The
/// order of elements, and of the keys in maps whose order is the author's (`env`, `volumes`), stays.
fn permuted(text: &str) -> String {
    let mut root: Value = serde_yaml::from_str(text).expect("YAML");
    let sections = ["zones", "components"];
    let turn_all = |layer: &mut Value| {
        for section in sections {
            if let Some(Value::Mapping(elements)) = layer.get_mut(section) {
                for (_, element) in elements.iter_mut() {
                    turn(element);
                }
            }
        }
    };
    turn_all(&mut root);
    if let Some(Value::Mapping(environments)) = root.get_mut("environments") {
        for (_, environment) in environments.iter_mut() {
            turn_all(environment);
        }
    }
    serde_yaml::to_string(&root).expect("YAML")
}

fn turn(element: &mut Value) {
    if let Value::Mapping(fields) = element {
        let mut entries: Vec<(Value, Value)> = std::mem::take(fields).into_iter().collect();
        entries.reverse();
        *fields = Mapping::from_iter(entries);
    }
}

#[test]
fn the_order_of_an_elements_fields_changes_no_byte() {
    for example in EXAMPLES {
        let text = description(example);
        // Written anew both times, so that nothing differs but the order.
        let root: Value = serde_yaml::from_str(&text).expect("YAML");
        let plain = serde_yaml::to_string(&root).expect("YAML");
        let turned = permuted(&text);
        assert_ne!(plain, turned);
        let first = without_lock(render(&plain, |_, _| {}));
        same(&first, &without_lock(render(&turned, |_, _| {})), example);
        same(&first, &without_lock(render(&text, |_, _| {})), "as the author wrote it");
    }
}
