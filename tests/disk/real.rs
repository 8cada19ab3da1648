//! What only a real disk shows: links, modes, times, locks, and files that a user wrote.

use std::fs;
use std::path::Path;

use archgen::artifact::{Artifact, Root};
use archgen::project::{self, Disk, Failure, Place, RealDisk, Scope, Settings, Trouble, read};
use tempfile::TempDir;

use super::text;

fn project() -> (TempDir, Place) {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("project")).unwrap();
    let place = Place::new(folder.path().join("project"), "docs/generated").unwrap();
    (folder, place)
}

fn plan(artifacts: &[Artifact], place: &Place) -> Result<project::Plan, Failure> {
    let scope = Scope::default();
    project::plan(artifacts, &Settings { place, scope: &scope, force: false, description: "d" }, &RealDisk)
}

fn render(artifacts: &[Artifact], place: &Place) -> Result<(), Failure> {
    project::apply(&plan(artifacts, place)?, &RealDisk)
}

fn force(artifacts: &[Artifact], place: &Place) -> Result<(), Failure> {
    let scope = Scope::default();
    let settings = Settings { place, scope: &scope, force: true, description: "d" };
    project::apply(&project::plan(artifacts, &settings, &RealDisk)?, &RealDisk)
}

fn troubles(artifacts: &[Artifact], place: &Place) -> Vec<Trouble> {
    plan(artifacts, place).unwrap().conflicts().map(|step| step.trouble.clone().unwrap()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    all.sort();
    all
}

#[test]
fn a_project_is_written_changed_and_emptied() {
    let (_guard, place) = project();
    let workflow = Artifact { root: Root::Beside, ..text(".github/workflows/a.yml", "on: push\n") };
    let all = [text("a/b.yaml", "a: 1\n"), text("run.sh", "#!/bin/sh\n"), workflow];
    render(&all, &place).unwrap();
    assert_eq!(names(place.output()), ["a", "archgen.lock", "run.sh"]);
    assert_eq!(names(place.beside()), [".github", "docs"]);
    let written = |name: &str| fs::metadata(place.output().join(name)).unwrap().modified().unwrap();
    let before = written("run.sh");
    let changed = [text("a/b.yaml", "a: 2\n"), all[1].clone()];
    render(&changed, &place).unwrap();
    assert_eq!(written("run.sh"), before, "an unchanged file is not written again");
    assert!(fs::read_to_string(place.output().join("a/b.yaml")).unwrap().ends_with("a: 2\n"));
    assert_eq!(names(place.beside()), ["docs"], "the folders of an orphan go with it");
    render(&[], &place).unwrap();
    assert_eq!(names(place.output()), ["archgen.lock"]);
}

#[cfg(unix)]
#[test]
fn modes_are_the_same_whatever_the_user_set() {
    use std::os::unix::fs::PermissionsExt;
    let (_guard, place) = project();
    let all = [text("run.sh", "#!/bin/sh\n"), text("a.yaml", "a: 1\n")];
    render(&all, &place).unwrap();
    let mode = |name: &str| fs::metadata(place.output().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("run.sh"), mode("a.yaml"), mode("archgen.lock")), (0o755, 0o644, 0o644));
    fs::set_permissions(place.output().join("run.sh"), fs::Permissions::from_mode(0o644)).unwrap();
    render(&all, &place).unwrap();
    assert_eq!(mode("run.sh"), 0o755);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    use std::os::unix::fs::symlink;
    let (guard, place) = project();
    let outside = guard.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a.yaml"), "theirs\n").unwrap();
    let all = [text("sub/a.yaml", "a: 1\n")];

    // A folder that leads out.
    fs::create_dir_all(place.output()).unwrap();
    symlink(&outside, place.output().join("sub")).unwrap();
    let above = Trouble::LinkAbove("docs/generated/sub".to_string());
    assert_eq!(troubles(&all, &place), [above]);
    assert!(force(&all, &place).is_err(), "not even by force");
    assert_eq!(names(&outside), ["a.yaml"]);

    // A file that leads out: force replaces the link, not what it leads to.
    fs::remove_file(place.output().join("sub")).unwrap();
    fs::create_dir(place.output().join("sub")).unwrap();
    symlink(outside.join("a.yaml"), place.output().join("sub/a.yaml")).unwrap();
    assert_eq!(troubles(&all, &place), [Trouble::Link]);
    force(&all, &place).unwrap();
    assert!(fs::symlink_metadata(place.output().join("sub/a.yaml")).unwrap().is_file());
    assert_eq!(fs::read_to_string(outside.join("a.yaml")).unwrap(), "theirs\n");

    // An orphan whose folder became a link: what lies behind it is not archgen's.
    fs::copy(place.output().join("sub/a.yaml"), outside.join("a.yaml")).unwrap();
    fs::remove_dir_all(place.output().join("sub")).unwrap();
    symlink(&outside, place.output().join("sub")).unwrap();
    render(&[], &place).unwrap();
    assert_eq!(names(&outside), ["a.yaml"]);

    // The output folder itself, and a link that leads nowhere.
    fs::remove_dir_all(place.output()).unwrap();
    symlink(&outside, place.output()).unwrap();
    assert_eq!(plan(&all, &place).unwrap_err(), Failure::Link { path: "docs/generated".to_string() });
    fs::remove_file(place.output()).unwrap();
    symlink(guard.path().join("nowhere"), place.output()).unwrap();
    assert!(plan(&all, &place).is_err());
    // Named outright, it is what the caller wants.
    let named = Place::elsewhere(place.beside(), outside.join("new/folder"));
    render(&all, &named).unwrap();
    assert_eq!(names(&outside), ["a.yaml", "new"]);
}

#[cfg(unix)]
#[test]
fn links_in_place_of_archgens_own_files_are_refused() {
    use std::os::unix::fs::symlink;
    let (guard, place) = project();
    let all = [text("a.yaml", "a: 1\n")];
    for name in [project::LOCK_NAME, project::PENDING_NAME, project::BUSY_NAME] {
        fs::create_dir_all(place.output()).unwrap();
        symlink(guard.path().join("target"), place.output().join(name)).unwrap();
        assert!(render(&all, &place).is_err(), "{name}");
        assert!(!guard.path().join("target").exists(), "{name}");
        fs::remove_dir_all(place.output()).unwrap();
    }
}

#[test]
fn a_second_run_at_the_same_time_says_so() {
    let (_guard, place) = project();
    fs::create_dir_all(place.output()).unwrap();
    let busy = place.output().join(project::BUSY_NAME);
    let held = RealDisk.lock(&busy).unwrap().unwrap();
    let all = [text("a.yaml", "a: 1\n")];
    let failure = render(&all, &place).unwrap_err();
    assert_eq!(failure.message(), "another archgen is writing to docs/generated");
    assert_eq!(names(place.output()), [project::BUSY_NAME]);
    // A file that a killed run left locks nobody out, and goes.
    drop(held);
    render(&all, &place).unwrap();
    assert_eq!(names(place.output()), ["a.yaml", "archgen.lock"]);
}

#[test]
fn many_runs_at_the_same_time_leave_a_whole_project() {
    let (_guard, place) = project();
    let all: Vec<Artifact> = (0..20).map(|n| text(&format!("{n}/a.yaml"), &format!("a: {n}\n"))).collect();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| match render(&all, &place) {
                Ok(()) | Err(Failure::Busy { .. } | Failure::Changed { .. }) => {}
                // A run that looks on while another tidies up may see a file go.
                Err(Failure::Io(failure)) => assert_eq!(failure.kind, std::io::ErrorKind::NotFound),
                Err(failure) => panic!("{failure}"),
            });
        }
    });
    render(&all, &place).unwrap();
    assert_eq!(names(place.output()).len(), 21);
    assert!(!plan(&all, &place).unwrap().has_work());
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_way_is_not_waited_for() {
    let (_guard, place) = project();
    fs::create_dir_all(place.output()).unwrap();
    let pipe = place.output().join("a.yaml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    assert_eq!(troubles(&[text("a.yaml", "a: 1\n")], &place), [Trouble::Special]);
    assert!(read::read_text(&pipe, &RealDisk).is_err());
}

#[test]
fn the_nearest_description_is_found_from_below() {
    let (_guard, place) = project();
    let root = place.beside();
    fs::create_dir_all(root.join("a/b")).unwrap();
    fs::write(root.join("archgen.yaml"), "archgen: v1\n").unwrap();
    fs::create_dir_all(root.join("a/archgen.yaml")).unwrap();
    let found = read::find_description(&root.join("a/b"), &RealDisk).unwrap();
    assert_eq!(found, Some(root.join("archgen.yaml")), "a folder of that name is not meant");
}

#[test]
fn all_descriptions_below_are_found_but_no_generated_ones() {
    let (_guard, place) = project();
    let root = place.beside();
    for folder in ["b", "a/inner", ".hidden", "target/x", "a/node_modules/x", "b/generated/x", "b/sub"] {
        fs::create_dir_all(root.join(folder)).unwrap();
        fs::write(root.join(folder).join("archgen.yaml"), "").unwrap();
    }
    fs::write(root.join("b/generated/archgen.lock"), "").unwrap();
    // A project whose output folder is its own.
    fs::write(root.join("b/archgen.lock"), "").unwrap();
    let found = read::find_descriptions(root, &RealDisk).unwrap();
    let expected = ["a/inner", "b", "b/sub"].map(|folder| root.join(folder).join("archgen.yaml"));
    assert_eq!(found, expected);
}

#[test]
fn overrides_and_prose_are_read_and_what_cannot_be_read_is_said() {
    let (_guard, place) = project();
    let root = place.beside();
    let put = |name: &str, bytes: &[u8]| {
        fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        fs::write(root.join(name), bytes).unwrap();
    };
    put("archgen/templates/kinds/mine.yaml", b"kind: mine\n");
    put("archgen/templates/.DS_Store", b"\xff");
    put("archgen/icons/mine.svg", b"<svg/>\n");
    put("archgen/themes/dark.yaml", b"line 1\nline \xff\n");
    put("archgen.d/db.md", b"# Words\n");
    put("archgen.d/picture.png", b"\xff");
    put("archgen.d/old/db.md", b"# Not read\n");
    let (overlay, findings) = read::read_overlay(root, &RealDisk);
    assert_eq!(overlay.templates["kinds/mine.yaml"], "kind: mine\n");
    assert_eq!(overlay.templates.len(), 1);
    assert_eq!(overlay.icons.keys().collect::<Vec<_>>(), ["mine.svg"]);
    assert_eq!(overlay.prose.keys().collect::<Vec<_>>(), ["db"]);
    let messages: Vec<&str> = findings.sorted().iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages.len(), 1);
    assert!(
        messages[0].ends_with("archgen/themes/dark.yaml is not UTF-8: line 2 has the byte 0xff"),
        "{messages:?}"
    );
    assert_eq!(read::read_overlay(&root.join("archgen.d"), &RealDisk).0, read::Overlay::default());
}

#[cfg(unix)]
#[test]
fn overrides_are_not_read_through_links() {
    let (guard, place) = project();
    let root = place.beside();
    fs::create_dir_all(root.join("archgen/templates")).unwrap();
    fs::write(guard.path().join("secret"), "secret\n").unwrap();
    std::os::unix::fs::symlink(guard.path().join("secret"), root.join("archgen/templates/a.yaml")).unwrap();
    let (overlay, findings) = read::read_overlay(root, &RealDisk);
    assert!(overlay.templates.is_empty());
    assert_eq!(findings.sorted()[0].code, "link");
}

#[test]
fn a_text_that_is_too_long_or_missing_is_said() {
    let (_guard, place) = project();
    let long = place.beside().join("long");
    fs::File::create(&long).unwrap().set_len(read::LONGEST_TEXT + 1).unwrap();
    assert_eq!(read::read_text(&long, &RealDisk).unwrap_err().code, "too-long");
    let missing = read::read_text(&place.beside().join("no"), &RealDisk).unwrap_err();
    assert_eq!(missing.code, "no-file");
    assert!(missing.message.starts_with("there is no file"), "{}", missing.message);
}
