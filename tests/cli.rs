//! The program as people call it: exit codes, help, messages, and what lies on the disk afterwards.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A small system in two environments that renders in an instant.
const SHOP: &str = "\
archgen: v1
system: { id: shop, title: Shop }
components:
  users: { kind: actor }
  web: { kind: service, image: web:1.0.0, port: 8080 }
  db: { kind: postgres, version: \"17\", database: shop, user: app }
connections:
  users -> web: http
  web -> db: postgres
environments:
  local: { target: compose }
  stage: { target: compose }
";

fn folder(description: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("archgen.yaml"), description).expect("written");
    folder
}

fn call(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_archgen"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program runs")
}

/// The exit code, standard output and standard error of a call that did not panic.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = call(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    (output.status.code().expect("a code"), out, err)
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("listed").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn fails(folder: &Path, arguments: &[&str], code: i32, words: &[&str]) {
    let (status, out, err) = run(folder, arguments);
    assert_eq!(status, code, "{arguments:?}:\n{out}{err}");
    for word in words {
        assert!(err.contains(word) || out.contains(word), "{arguments:?} does not say {word:?}:\n{out}{err}");
    }
}

#[test]
fn every_command_has_help_with_examples() {
    let here = tempfile::tempdir().expect("a folder");
    let (code, help, _) = run(here.path(), &["--help"]);
    assert_eq!(code, 0);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for known in ["render", "check", "inject", "init", "schema", "kinds", "forms", "targets", "completions"] {
        assert!(commands.contains(&known), "{known} is not in the help: {commands:?}");
    }
    for command in commands.into_iter().filter(|command| *command != "help") {
        let (code, out, _) = run(here.path(), &[command, "--help"]);
        assert_eq!(code, 0, "{command}");
        assert!(out.contains("Usage:") && out.contains("Example"), "{command}:\n{out}");
    }
    assert_eq!(run(here.path(), &["--version"]).0, 0);
}

#[test]
fn a_wrong_call_is_2_and_says_what_is_meant() {
    let here = folder(SHOP);
    fails(here.path(), &[], 2, &["Usage"]);
    fails(here.path(), &["rendr"], 2, &["render"]);
    fails(here.path(), &["render", "--envs", "local"], 2, &["--env"]);
    fails(
        here.path(),
        &["render", "--env", "locl"],
        2,
        &["there is no environment `locl`", "did you mean `local`?"],
    );
    fails(here.path(), &["render", "--only", "compse"], 2, &["did you mean `compose`?"]);
    fails(here.path(), &["render", "--view", "overvew"], 2, &["did you mean `overview`?"]);
    fails(here.path(), &["render", "--format", "pgn"], 2, &["did you mean `png`?"]);
    fails(here.path(), &["render", "--theme", "drak"], 2, &["did you mean `dark`?"]);
    fails(here.path(), &["render", "--theme", "sepia"], 2, &["there are: auto, light, dark, print"]);
    fails(here.path(), &["icons", "--out", "icons.gif"], 2, &[".svg", ".png"]);
    fails(here.path(), &["render", "--jobs", "0"], 2, &["jobs"]);
    fails(here.path(), &["render", "--scale", "99"], 2, &["0.1"]);
    fails(here.path(), &["render", "nowhere.yaml"], 2, &["nowhere.yaml"]);
    fails(here.path(), &["kinds", "postgress"], 2, &["did you mean `postgres`?"]);
    assert!(!here.path().join("generated").exists(), "a wrong call writes nothing");
}

#[test]
fn without_a_description_the_way_to_begin_is_said() {
    let here = tempfile::tempdir().expect("a folder");
    fails(here.path(), &["render"], 2, &["archgen init"]);
    fails(here.path(), &["check", "."], 2, &["archgen init"]);
}

#[test]
fn a_new_project_renders_and_is_clean() {
    let here = tempfile::tempdir().expect("a folder");
    assert_eq!(run(here.path(), &["init", "notes"]).0, 0);
    let project = here.path().join("notes");
    fails(&project, &["init"], 1, &["there already"]);
    let (code, out, err) = run(&project, &["render"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.is_empty(), "the first description has nothing to complain of:\n{err}");
    assert_eq!(run(&project, &["check"]).0, 0);
    let (code, out, _) = run(&project, &["render"]);
    assert_eq!(code, 0);
    assert!(out.contains("0 written, 0 updated"), "{out}");
}

#[test]
fn the_nearest_description_and_whole_folders_are_found() {
    let here = tempfile::tempdir().expect("a folder");
    for name in ["a", "b/c"] {
        fs::create_dir_all(here.path().join(name).join("deep")).expect("made");
        fs::write(here.path().join(name).join("archgen.yaml"), SHOP).expect("written");
    }
    let (code, out, err) = run(&here.path().join("a/deep"), &["render", "--env", "local", "--format", "svg"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(here.path().join("a/generated/local").is_dir());
    let (code, out, _) = run(here.path(), &["render", ".", "--only", "compose"]);
    assert_eq!(code, 0);
    assert!(out.contains("b/c/generated/local/docker-compose.yml"), "{out}");
}

#[test]
fn an_edit_by_hand_stops_and_force_goes_over_it() {
    let here = folder(SHOP);
    assert_eq!(run(here.path(), &["render", "--only", "compose"]).0, 0);
    let file = here.path().join("generated/local/docker-compose.yml");
    let fresh = fs::read_to_string(&file).expect("there");
    let edited = fresh.replacen("8080", "8081", 1);
    assert_ne!(fresh, edited);
    fs::write(&file, &edited).expect("written");
    fails(here.path(), &["render", "--only", "compose"], 1, &["docker-compose.yml", "--force"]);
    assert_eq!(fs::read_to_string(&file).expect("there"), edited, "the edit is kept");
    fails(
        here.path(),
        &["check", "--only", "compose"],
        1,
        &["generated/local/docker-compose.yml", "from archgen.yaml:", "8081"],
    );
    assert_eq!(run(here.path(), &["render", "--only", "compose", "--force"]).0, 0);
    assert_eq!(fs::read_to_string(&file).expect("there"), fresh);
    assert_eq!(run(here.path(), &["check", "--only", "compose"]).0, 0);
}

#[test]
fn check_shows_what_a_change_of_the_description_means_and_writes_nothing() {
    let here = folder(SHOP);
    assert_eq!(run(here.path(), &["render", "--only", "compose"]).0, 0);
    fs::write(here.path().join("archgen.yaml"), SHOP.replace("web:1.0.0", "web:1.1.0")).expect("written");
    let (code, out, err) = run(here.path(), &["check", "--only", "compose"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("-") && out.contains("+") && out.contains("web:1.1.0"), "{out}");
    assert!(out.contains("from archgen.yaml:"), "the line behind it is named:\n{out}");
    let there = fs::read_to_string(here.path().join("generated/local/docker-compose.yml")).expect("there");
    assert!(there.contains("web:1.0.0"));
    fails(here.path(), &["render", "--check", "--only", "compose"], 1, &["web:1.1.0"]);
}

#[test]
fn mistakes_are_2_and_nothing_is_written() {
    let here = folder(&SHOP.replace("web -> db", "web -> bd"));
    fails(here.path(), &["render"], 2, &["archgen.yaml:9:10", "did you mean `db`?", "1 error"]);
    fails(here.path(), &["render", "--messages", "short"], 2, &["archgen.yaml:9:10: error[unknown-end]"]);
    assert!(!here.path().join("generated").exists());
}

#[test]
fn a_wrong_output_folder_is_named_at_its_place() {
    let here = folder(&SHOP.replace("environments:", "outputs: { dir: ../elsewhere }\nenvironments:"));
    fails(here.path(), &["render"], 2, &["archgen.yaml:10:17", "outputs.dir", "--out"]);
    fails(here.path(), &["check", "--messages", "short"], 2, &["archgen.yaml:10:17: error[output-folder]"]);
}

/// A child that does not outlive its test.
struct Watch {
    child: std::process::Child,
    printed: std::path::PathBuf,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watch {
    fn start(folder: &Path, printed: std::path::PathBuf) -> Watch {
        let to = fs::File::create(&printed).expect("a file");
        let child = Command::new(env!("CARGO_BIN_EXE_archgen"))
            .args(["render", "--watch", "--only", "compose,runbook"])
            .current_dir(folder)
            .stdout(to.try_clone().expect("one more"))
            .stderr(to)
            .spawn()
            .expect("it runs");
        Watch { child, printed }
    }

    /// Waits until a file holds some words; machines may be slow, so the limit only ends a test that hangs.
    fn until(&mut self, file: &Path, words: &str) {
        let start = std::time::Instant::now();
        loop {
            let printed = fs::read_to_string(&self.printed).unwrap_or_default();
            if fs::read_to_string(file).is_ok_and(|text| text.contains(words)) {
                return;
            }
            let state = self.child.try_wait().expect("it can be asked");
            assert!(state.is_none(), "it ended with {state:?}:\n{printed}");
            let waited = start.elapsed().as_secs();
            assert!(waited < 120, "{} never said {words:?}:\n{printed}", file.display());
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// Waits until it has printed a number of times that it waits for changes.
    fn waits(&mut self, times: usize) {
        let start = std::time::Instant::now();
        loop {
            let printed = fs::read_to_string(&self.printed).unwrap_or_default();
            if printed.matches("Ctrl-C ends").count() >= times {
                return;
            }
            assert!(start.elapsed().as_secs() < 120, "it never waited {times} times:\n{printed}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

#[test]
fn watching_renders_at_every_change_and_outlives_mistakes() {
    let here = folder(SHOP);
    let beside = tempfile::tempdir().expect("a folder");
    let description = here.path().join("archgen.yaml");
    let compose = here.path().join("generated/local/docker-compose.yml");
    let printed = beside.path().join("printed");
    let mut watch = Watch::start(here.path(), printed.clone());
    watch.waits(1);
    watch.until(&compose, "web:1.0.0");

    fs::write(&description, SHOP.replace("web:1.0.0", "web:1.1.0")).expect("written");
    watch.until(&compose, "web:1.1.0");
    watch.until(&printed, "changed: archgen.yaml");

    fs::write(&description, SHOP.replace("web -> db", "web -> bd")).expect("written");
    watch.until(&printed, "did you mean `db`?");
    fs::remove_file(&description).expect("removed");
    watch.until(&printed, "there is no file archgen.yaml");
    fs::write(&description, SHOP.replace("web:1.0.0", "web:1.2.0")).expect("written");
    watch.until(&compose, "web:1.2.0");

    fs::create_dir(here.path().join("archgen.d")).expect("made");
    fs::write(here.path().join("archgen.d/web.md"), "Restart it at full moon.\n").expect("written");
    watch.until(&here.path().join("generated/runbook/local.md"), "full moon");
    watch.until(&printed, "changed: archgen.d/web.md");
}

#[test]
fn messages_as_json_are_one_array_and_nothing_else() {
    let wrong = folder(&SHOP.replace("web -> db", "web -> bd"));
    let warned = folder(&SHOP.replace("web -> db: postgres", "web -> db: postgres\n  db -> web: http"));
    let fine = folder(SHOP);
    for (here, code, count) in [(&wrong, 2, 1), (&warned, 0, 1), (&fine, 0, 0)] {
        let (status, out, err) = run(here.path(), &["render", "--only", "compose", "--messages", "json"]);
        assert_eq!(status, code, "{out}{err}");
        let value: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}"));
        assert_eq!(value.as_array().expect("an array").len(), count, "{out}");
    }
    let (code, out, _) = run(fine.path(), &["check", "--only", "compose", "--messages", "json"]);
    assert_eq!((code, out.trim()), (0, "[]"));
}

#[test]
fn colour_is_only_for_those_who_ask() {
    let here = folder(&SHOP.replace("web -> db", "web -> bd"));
    let (_, _, plain) = run(here.path(), &["render"]);
    assert!(!plain.contains('\u{1b}'), "a pipe gets no colour");
    let (_, _, always) = run(here.path(), &["render", "--color", "always"]);
    assert!(always.contains('\u{1b}'));
    let output = Command::new(env!("CARGO_BIN_EXE_archgen"))
        .args(["--color", "auto", "render"])
        .current_dir(here.path())
        .env("NO_COLOR", "1")
        .output()
        .expect("it runs");
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let here = folder(SHOP);
    for arguments in [&["schema"][..], &["kinds"], &["--help"], &["render", "--only", "compose"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_archgen"))
            .args(arguments)
            .current_dir(here.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.is_empty(), "{arguments:?}: {err}");
        assert!(output.status.code().is_some_and(|code| code == 0), "{arguments:?}: {:?}", output.status);
    }
}

#[test]
fn the_catalog_and_the_schema_are_told() {
    let here = tempfile::tempdir().expect("a folder");
    let (code, out, _) = run(here.path(), &["schema"]);
    assert_eq!(code, 0);
    let schema: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for (arguments, word) in [
        (&["kinds"][..], "postgres"),
        (&["kinds", "postgres"], "5432"),
        (&["forms"], "aws.rds"),
        (&["targets"], "terraform"),
        (&["targets", "--matrix"], "compose"),
    ] {
        let (code, out, err) = run(here.path(), arguments);
        assert_eq!(code, 0, "{arguments:?}: {err}");
        assert!(out.contains(word), "{arguments:?}:\n{out}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let (code, out, _) = run(here.path(), &["completions", shell]);
        assert_eq!(code, 0);
        assert!(out.contains("archgen"), "{shell}");
    }
}

#[test]
fn quiet_prints_nothing_and_verbose_every_file() {
    let here = folder(SHOP);
    let (code, out, err) = run(here.path(), &["render", "--only", "compose", "--quiet"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
    let (code, out, _) = run(here.path(), &["render", "--only", "compose", "--verbose"]);
    assert_eq!(code, 0);
    assert!(out.contains("unchanged"), "{out}");
}

#[test]
fn the_first_page_is_the_same_whatever_else_is_made() {
    let here = folder(&SHOP.replace("environments:", "outputs: { formats: [svg, png] }\nenvironments:"));
    assert_eq!(run(here.path(), &["render"]).0, 0);
    for narrow in [&["--only", "index"][..], &["--only", "index,compose"], &["--format", "png"]] {
        let (code, out, err) = run(here.path(), &[&["check"], narrow].concat());
        assert_eq!(code, 0, "{narrow:?}:\n{out}{err}");
    }
}

#[test]
fn pixels_that_are_not_committed_are_no_drift() {
    let here = folder(&SHOP.replace("environments:", "outputs: { formats: [svg, png] }\nenvironments:"));
    assert_eq!(run(here.path(), &["render"]).0, 0);
    let png = here.path().join("generated/diagrams/local-overview.png");
    let svg = png.with_extension("svg");
    fs::remove_file(&png).expect("removed");
    let (code, out, err) = run(here.path(), &["check"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("1 picture is not there"), "{out}");
    fs::remove_file(&svg).expect("removed");
    fails(here.path(), &["check"], 1, &["local-overview.svg: missing"]);
    fs::write(here.path().join("archgen.yaml"), SHOP.replace("title: Shop", "title: Store"))
        .expect("written");
    fails(here.path(), &["check", "--format", "png"], 1, &["README.md: stale"]);
    assert_eq!(run(here.path(), &["render"]).0, 0);
}

#[test]
fn only_what_was_asked_for_is_written() {
    let here = folder(SHOP);
    let files = ["--env", "local", "--only", "diagram", "--view", "overview", "--format", "svg"];
    assert_eq!(run(here.path(), &[&["render"], &files[..]].concat()).0, 0);
    let generated = here.path().join("generated");
    assert_eq!(names(&generated), ["archgen.lock", "diagrams"]);
    assert_eq!(names(&generated.join("diagrams")), ["local-overview.svg"]);
    let out = tempfile::tempdir().expect("a folder");
    let to = out.path().join("review");
    let (code, _, err) = run(here.path(), &["render", "--only", "compose", "--out", &to.to_string_lossy()]);
    assert_eq!(code, 0, "{err}");
    assert!(to.join("local/docker-compose.yml").is_file());
    assert!(!generated.join("local").exists());
}

#[test]
fn layout_judges_a_picture_and_prints_its_geometry() {
    let folder = folder(SHOP);
    let (status, out, err) = run(folder.path(), &["layout"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    for word in
        ["local · overview", "node_overlap", "edges_coincident", "violations", "crossings", "height / width"]
    {
        assert!(out.contains(word), "{word}: {out}");
    }
    assert_eq!(run(folder.path(), &["layout", "archgen.yaml", "--env", "stage", "--check"]).0, 0);
    let (status, out, _) = run(folder.path(), &["layout", "--json"]);
    assert_eq!(status, 0);
    let made: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let ids: Vec<&str> =
        made["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["users", "web", "db"]);
    let lines = made["edges"].as_array().unwrap();
    assert!(
        lines
            .iter()
            .all(|e| e["pts"].as_array().unwrap().len() > 1 && e["s"].is_string() && e["t"].is_string())
    );
    fails(folder.path(), &["layout", "--env", "prod"], 2, &["there is no environment `prod`"]);
    fails(folder.path(), &["layout", "--view", "overveiw"], 2, &["did you mean `overview`?"]);
    fails(folder.path(), &["layout", "none.yaml"], 2, &["none.yaml"]);
}

#[test]
fn an_assertion_that_does_not_hold_fails_the_check_of_its_environment() {
    let description = SHOP
        .replace("  stage: { target: compose }", "  stage: { target: compose, assert: { users -> db: No } }");
    let here = folder(&description);
    let (code, _, err) = run(here.path(), &["render", "--only", "compose,index,runbook"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("`users -> db` does not hold in `stage`"), "{err}");
    fails(here.path(), &["check", "--only", "compose,index,runbook"], 1, &["1 assertion does not hold"]);
    let (code, _, err) = run(here.path(), &["check", "--only", "compose,index,runbook", "--env", "local"]);
    assert_eq!(code, 0, "{err}");
    let runbook = fs::read_to_string(here.path().join("generated/runbook/stage.md")).expect("written");
    assert!(runbook.contains("**does not hold:** `users` has no way to `db`"), "{runbook}");
}

#[test]
fn pictures_of_the_whole_system_and_of_flows_are_known_by_name() {
    let flow = "flows:\n  buy: { steps: [ users -> web: opens, web -> db: stores ] }\n";
    let folder = folder(&format!("{SHOP}{flow}"));
    assert_eq!(run(folder.path(), &["render", "-q", "--only", "diagram"]).0, 0);
    let pictures = folder.path().join("generated/diagrams");
    let all = names(&pictures);
    for name in ["context.svg", "logical.svg", "local-flow-buy.svg", "stage-sequence-buy.svg"] {
        assert!(all.iter().any(|other| other == name), "{name} in {all:?}");
    }
    // What belongs to no single environment is left as it is where one is asked for.
    assert_eq!(run(folder.path(), &["render", "-q", "--only", "diagram", "--env", "local"]).0, 0);
    assert_eq!(names(&pictures), all);
    assert_eq!(run(folder.path(), &["render", "-q", "--view", "context,sequence-buy", "--out", "some"]).0, 0);
    let some = names(&folder.path().join("some/diagrams"));
    assert_eq!(some, ["context.svg", "local-sequence-buy.svg", "stage-sequence-buy.svg"]);
    fails(folder.path(), &["render", "--view", "contxt"], 2, &["did you mean `context`?"]);
    let (status, out, _) = run(folder.path(), &["layout", "--view", "context"]);
    assert_eq!((status, out.starts_with("archgen.yaml · context")), (0, true), "{out}");
    let (status, out, _) = run(folder.path(), &["layout", "--view", "sequence-buy", "--json"]);
    assert!(status == 0 && out.contains("\"messages\"") && out.contains("opens"), "{out}");
}

#[test]
fn a_folder_that_the_call_names_is_named_so() {
    let here = tempfile::tempdir().expect("a folder");
    fs::create_dir(here.path().join("shop")).expect("made");
    fs::write(here.path().join("shop/archgen.yaml"), SHOP).expect("written");
    let (code, said, _) = run(here.path(), &["render", "shop", "--only", "compose", "--out", "out"]);
    assert_eq!(code, 0);
    assert!(said.contains("wrote     out/local/docker-compose.yml"), "{said}");
    assert!(here.path().join("out/local/docker-compose.yml").exists());
}

#[test]
fn regions_of_own_pages_are_filled_and_kept_true() {
    let here = folder(&format!("{SHOP}outputs: {{ inject: [docs/page.md] }}\n"));
    let page = here.path().join("docs/page.md");
    fails(here.path(), &["render"], 2, &["there is no page `docs/page.md`", "archgen:begin"]);
    assert!(!here.path().join("generated").exists(), "nothing is written before all pages are known");
    fs::create_dir(here.path().join("docs")).expect("made");
    fs::write(&page, "# Mine\n\nNo region.\n").expect("written");
    let (code, _, said) = run(here.path(), &["render"]);
    assert_eq!(code, 0);
    assert!(said.contains("has no region"), "{said}");
    let text = "# Mine\n\n<!-- archgen:begin view=overview env=stage -->\n<!-- archgen:end -->\n\nStays.\n";
    fs::write(&page, text).expect("written");
    fails(here.path(), &["check"], 1, &["docs/page.md: its marked regions are not as described", "+!["]);
    assert_eq!(run(here.path(), &["render", "--env", "stage"]).0, 0);
    assert_eq!(fs::read_to_string(&page).expect("read"), text, "a part of the system fills no region");
    assert_eq!(run(here.path(), &["render"]).0, 0);
    let filled = fs::read_to_string(&page).expect("read");
    assert!(filled.contains("](../generated/diagrams/stage-overview.svg)"), "{filled}");
    assert!(filled.ends_with("\n\nStays.\n"), "{filled}");
    assert_eq!(run(here.path(), &["check"]).0, 0);
    assert_eq!(run(here.path(), &["inject", "--check", "docs/page.md"]).0, 0);
    fs::write(&page, text.replace("overview", "overveiw")).expect("written");
    fails(here.path(), &["inject", "docs/page.md"], 2, &["did you mean `overview`?"]);
    fails(here.path(), &["inject", "archgen.yaml/../../page.md"], 2, &["there is no page"]);
    fs::write(&page, text).expect("written");
    // Paths count from where one stands, also when the description lies elsewhere.
    let docs = here.path().join("docs");
    fails(
        &docs,
        &["inject", "docs/page.md"],
        2,
        &["there is no page `docs/page.md` here", "from where you stand"],
    );
    assert_eq!(run(&docs, &["inject", "page.md"]).0, 0);
    assert_eq!(run(here.path(), &["inject", "--check", "docs/page.md"]).0, 0);
    let other = folder(SHOP);
    fs::write(other.path().join("page.md"), text).expect("written");
    let far = other.path().join("page.md").display().to_string();
    fails(here.path(), &["inject", &far], 2, &["does not lie below"]);
}
