//! Nothing is lost, nothing is half written, and the next run mends what a broken one left.

// A helper that fails fails its test.
#![allow(clippy::unwrap_used)]

#[path = "disk/memory.rs"]
mod memory;
#[path = "disk/real.rs"]
mod real;

use std::collections::BTreeSet;
use std::io::ErrorKind;

use archgen::artifact::{Artifact, RelPath, Root};
use archgen::project::{
    self, Action, Difference, Disk, Failure, Place, Plan, Scope, Settings, State, Trouble,
};
use memory::{Files, How, MemoryDisk};

const HOW: [How; 8] = [
    How::Once(ErrorKind::StorageFull),
    How::Once(ErrorKind::PermissionDenied),
    How::Once(ErrorKind::ReadOnlyFilesystem),
    How::From(ErrorKind::StorageFull),
    How::From(ErrorKind::PermissionDenied),
    How::From(ErrorKind::ReadOnlyFilesystem),
    How::Kill,
    How::KillHalf,
];

fn path(path: &str) -> RelPath {
    RelPath::new(path).unwrap()
}

fn text(name: &str, body: &str) -> Artifact {
    Artifact::text("test", path(name), body)
}

fn place() -> Place {
    Place::new("/p", "generated").unwrap()
}

fn settings<'a>(place: &'a Place, scope: &'a Scope) -> Settings<'a> {
    Settings { place, scope, force: false, description: "d1" }
}

fn plan(artifacts: &[Artifact], disk: &dyn Disk) -> Result<Plan, Failure> {
    project::plan(artifacts, &settings(&place(), &Scope::default()), disk)
}

fn render(artifacts: &[Artifact], disk: &dyn Disk) -> Result<(), Failure> {
    project::apply(&plan(artifacts, disk)?, disk)
}

fn force(artifacts: &[Artifact], disk: &dyn Disk) -> Result<(), Failure> {
    let (place, scope) = (place(), Scope::default());
    let settings = Settings { force: true, ..settings(&place, &scope) };
    project::apply(&project::plan(artifacts, &settings, disk)?, disk)
}

fn check(artifacts: &[Artifact], disk: &dyn Disk) -> Vec<(String, State)> {
    let drifts = project::check(artifacts, &settings(&place(), &Scope::default()), disk).unwrap();
    drifts.into_iter().map(|drift| (drift.path, drift.state)).collect()
}

fn troubles(artifacts: &[Artifact], disk: &dyn Disk) -> Vec<(String, Trouble)> {
    let plan = plan(artifacts, disk).unwrap();
    plan.conflicts().map(|step| (step.path.clone(), step.trouble.clone().unwrap())).collect()
}

fn empty() -> MemoryDisk {
    let disk = MemoryDisk::with_folder("/p");
    disk.put("/p/archgen.yaml", "archgen: v1\n");
    disk.put("/p/generated/mine.txt", "not archgen's\n");
    disk
}

const REGION: &str = "<!-- archgen:keep notes -->\n<!-- archgen:keep end -->\n";

fn runbook(title: &str) -> Artifact {
    text("runbook/prod.md", &format!("# {title}\n\n{REGION}\nend\n"))
}

/// A first version of a project's files.
fn first() -> Vec<Artifact> {
    vec![
        text("README.md", "# One\n"),
        runbook("One"),
        text("prod/docker-compose.yml", "services: {}\n"),
        text("prod/start.sh", "#!/bin/sh\necho one\n"),
        text("same.yaml", "same: true\n"),
        text("facts.json", "{\"one\": 1}\n"),
        Artifact::bytes("test", path("a.png"), b"\x89PNG\r\n\x1a\nnot really\0one".to_vec()),
        text("gone/deep/er/orphan.tf", "# gone\n"),
        text("becomes-folder", "a file\n"),
        text("becomes-file/inner.yaml", "a: 1\n"),
        text("Case.json", "{}\n"),
        Artifact { root: Root::Beside, ..text(".github/workflows/old.yml", "on: push\n") },
    ]
}

/// A second version that changes, adds, removes, and turns files into folders and back.
fn second() -> Vec<Artifact> {
    vec![
        text("README.md", "# Two\n"),
        runbook("Two"),
        text("prod/docker-compose.yml", "services: { web: {} }\n"),
        text("prod/start.sh", "#!/bin/sh\necho two\n"),
        text("same.yaml", "same: true\n"),
        text("facts.json", "{\"two\": 2}\n"),
        Artifact::bytes("test", path("a.png"), b"\x89PNG\r\n\x1a\nnot really\0two".to_vec()),
        text("new/deep/er/file.tf", "# new\n"),
        text("new.json", "{\"new\": true}\n"),
        text("becomes-folder/inner.json", "{}\n"),
        text("becomes-file", "a file\n"),
        text("case.json", "{\"lower\": true}\n"),
        Artifact { root: Root::Beside, ..text(".github/workflows/new.yml", "on: push\n") },
    ]
}

/// A third version, rendered when the second was broken off: some of it new again, some as it was at first.
fn third() -> Vec<Artifact> {
    vec![
        text("README.md", "# Three\n"),
        runbook("Three"),
        text("same.yaml", "same: true\n"),
        text("facts.json", "{\"three\": 3}\n"),
        text("becomes-folder", "a file\n"),
        text("new.json", "{\"new\": \"again\"}\n"),
    ]
}

/// The disk after the first version and some words of the user.
fn rendered_once() -> MemoryDisk {
    let disk = empty();
    render(&first(), &disk).unwrap();
    let runbook = String::from_utf8(disk.get("/p/generated/runbook/prod.md").unwrap()).unwrap();
    let runbook = runbook.replace("keep notes -->\n", "keep notes -->\nMy words.\n");
    disk.put("/p/generated/runbook/prod.md", runbook);
    disk
}

fn fault_points(start: &MemoryDisk, artifacts: &[Artifact]) -> usize {
    let disk = start.copy();
    disk.fail_at(usize::MAX, How::Kill);
    render(artifacts, &disk).unwrap();
    disk.operations()
}

fn clean(start: &MemoryDisk, artifacts: &[Artifact]) -> Files {
    let disk = start.copy();
    render(artifacts, &disk).unwrap();
    disk.all()
}

/// What the user has must be there, and what archgen makes must be one of the versions, whole.
fn assert_old_or_new(disk: &MemoryDisk, versions: &[&Files], when: &str) {
    assert_eq!(disk.get("/p/generated/mine.txt").as_deref(), Some(&b"not archgen's\n"[..]), "{when}");
    assert_eq!(disk.get("/p/archgen.yaml").as_deref(), Some(&b"archgen: v1\n"[..]), "{when}");
    let now = disk.all();
    for (name, content) in &now {
        let own = name.ends_with(".archgen-tmp") || name.contains("archgen.lock");
        if own || content.is_none() {
            continue;
        }
        let whole = versions.iter().any(|version| version.get(name) == Some(content));
        assert!(whole, "{when}: {name} is neither old nor new");
    }
    let in_all = |name: &str| versions.iter().all(|version| version.get(name).is_some_and(Option::is_some));
    for name in versions[0].keys().filter(|name| in_all(name)) {
        assert!(now.contains_key(name), "{when}: {name} is lost");
    }
}

#[test]
fn a_run_broken_off_at_any_operation_is_mended_by_the_next() {
    let nothing = MemoryDisk::with_folder("/p");
    nothing.put("/p/archgen.yaml", "archgen: v1\n");
    nothing.put("/p/generated/mine.txt", "not archgen's\n");
    let once = rendered_once();
    for (start, next) in [(&nothing, first()), (&once, second())] {
        let (old, new, other) = (start.all(), clean(start, &next), clean(start, &third()));
        let points = fault_points(start, &next);
        assert!(points > 100, "{points}");
        for at in 0..points {
            for how in HOW {
                let when = format!("{how:?} at {at} of {points}");
                let disk = start.copy();
                disk.fail_at(at, how);
                let failure = render(&next, &disk).err();
                if let Some(failure) = &failure {
                    assert!(!failure.message().is_empty() && !failure.remedy().is_empty());
                }
                let broken = disk.copy();
                assert_old_or_new(&broken, &[&old, &new], &when);
                if let (Some(failure), How::Once(_)) = (&failure, how) {
                    let says_nothing = failure.message().contains("nothing was changed");
                    assert!(!says_nothing || same_files(&broken, &old), "{when}: {failure}");
                }
                let mended = broken.copy();
                render(&next, &mended).unwrap_or_else(|e| panic!("{when}: {e}"));
                assert_same(&mended.all(), &new, &when);
                // The description may have changed before the next run.
                let changed = broken.copy();
                render(&third(), &changed).unwrap_or_else(|e| panic!("{when}, then another: {e}"));
                assert_same(&changed.all(), &other, &when);
            }
        }
    }
}

fn assert_same(is: &Files, should: &Files, when: &str) {
    let differs: Vec<&String> = is
        .keys()
        .chain(should.keys())
        .filter(|name| is.get(*name) != should.get(*name))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    assert!(differs.is_empty(), "{when}: {differs:?} differ");
}

/// Whether the files are the same, apart from archgen's own and empty folders.
fn same_files(disk: &MemoryDisk, old: &Files) -> bool {
    let files = |all: &Files| -> Vec<(String, Vec<u8>)> {
        all.iter()
            .filter(|(name, _)| !name.contains("archgen.lock") && !name.ends_with(".archgen-tmp"))
            .filter_map(|(name, content)| Some((name.clone(), content.clone()?.0)))
            .collect()
    };
    files(&disk.all()) == files(old)
}

#[test]
fn two_runs_killed_one_after_the_other_are_mended_by_the_third() {
    let start = rendered_once();
    let new = clean(&start, &first_after_third());
    let points = fault_points(&start, &second());
    for at in (0..points).step_by(3) {
        let once = start.copy();
        once.fail_at(at, How::KillHalf);
        let _ = render(&second(), &once);
        let once = once.copy();
        let found = troubles(&third(), &once);
        assert!(found.is_empty(), "killed at {at}: {found:?}");
        for again in (at % 5..fault_points(&once, &third())).step_by(5) {
            let twice = once.copy();
            twice.fail_at(again, How::KillHalf);
            let _ = render(&third(), &twice);
            let disk = twice.copy();
            let when = format!("killed at {at}, then at {again}");
            render(&first_after_third(), &disk).unwrap_or_else(|e| panic!("{when}: {e}"));
            assert_same(&disk.all(), &new, &when);
        }
    }
}

fn first_after_third() -> Vec<Artifact> {
    let mut all = first();
    all.retain(|artifact| artifact.path.as_str() != "README.md");
    all
}

#[test]
fn a_full_disk_leaves_every_old_file() {
    let disk = rendered_once();
    let old = disk.all();
    for at in 0..fault_points(&disk, &second()) {
        let disk = disk.copy();
        disk.fail_at(at, How::From(ErrorKind::StorageFull));
        let Err(failure) = render(&second(), &disk) else { continue };
        assert!(failure.message().contains("no storage space"), "{failure}");
        assert!(failure.remedy().starts_with("free some space"), "{failure}");
        assert_old_or_new(&disk, &[&old, &clean(&rendered_once(), &second())], &format!("full at {at}"));
        let rest: Vec<String> =
            disk.all().into_keys().filter(|name| name.ends_with(".archgen-tmp")).collect();
        assert_eq!(rest, [""; 0]);
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_says_so() {
    let disk = empty();
    let before = disk.all();
    disk.fail_at(0, How::From(ErrorKind::ReadOnlyFilesystem));
    let failure = render(&first(), &disk).unwrap_err();
    assert_eq!(
        failure.message(),
        "cannot lock generated/archgen.lock.busy: read-only filesystem or storage medium; nothing was changed"
    );
    assert!(failure.remedy().contains("--out"));
    assert_eq!(disk.all(), before);
}

#[test]
fn a_second_run_writes_nothing() {
    let disk = empty();
    render(&first(), &disk).unwrap();
    let plan = plan(&first(), &disk).unwrap();
    assert_eq!(plan.count(Action::Unchanged), first().len());
    assert!(!plan.has_work());
    // Not even a disk that can only be read is in the way.
    disk.fail_at(0, How::From(ErrorKind::ReadOnlyFilesystem));
    project::apply(&plan, &disk).unwrap();
    assert_eq!(check(&first(), &disk), []);
}

#[test]
fn a_hand_edit_stops_the_run_before_the_first_write() {
    let disk = rendered_once();
    disk.put("/p/generated/prod/docker-compose.yml", "mine: true\n");
    disk.put("/p/generated/facts.json", "{}\n");
    let before = disk.all();
    let found = troubles(&second(), &disk);
    assert_eq!(
        found,
        [
            ("generated/facts.json".to_string(), Trouble::Edited),
            ("generated/prod/docker-compose.yml".to_string(), Trouble::Edited)
        ]
    );
    assert!(found[0].1.remedy(&found[0].0).contains("--force"));
    assert_eq!(render(&second(), &disk), Err(Failure::Blocked { conflicts: 2 }));
    assert_eq!(disk.all(), before);
    force(&second(), &disk).unwrap();
    assert_same(&disk.all(), &clean(&rendered_once(), &second()), "forced");
}

#[test]
fn a_hand_edit_that_says_what_would_be_written_is_no_edit() {
    let disk = rendered_once();
    disk.put("/p/generated/facts.json", "{\"two\": 2}\n");
    assert_eq!(troubles(&second(), &disk), []);
}

#[test]
fn a_foreign_file_in_the_way_is_not_overwritten() {
    let disk = empty();
    disk.put("/p/generated/README.md", "# Mine\n");
    disk.put("/p/.github/workflows/old.yml", "on: never\n");
    let found = troubles(&first(), &disk);
    assert_eq!(
        found,
        [
            (".github/workflows/old.yml".to_string(), Trouble::Foreign),
            ("generated/README.md".to_string(), Trouble::Foreign)
        ]
    );
    assert!(render(&first(), &disk).is_err());
    assert_eq!(disk.get("/p/generated/README.md").unwrap(), b"# Mine\n");
    assert_eq!(disk.get("/p/generated/archgen.lock"), None);
}

#[test]
fn files_are_known_by_their_first_line_when_the_lock_is_lost() {
    let disk = rendered_once();
    disk.delete("/p/generated/archgen.lock");
    // What has no place for a header is known only while it is what would be written.
    let found: Vec<String> = troubles(&second(), &disk).into_iter().map(|(path, _)| path).collect();
    let unknown = ["a.png", "becomes-file", "becomes-folder/inner.json", "facts.json"];
    assert_eq!(found, unknown.map(|name| format!("generated/{name}")));
    assert_eq!(troubles(&first(), &disk), []);
    assert_eq!(check(&first(), &disk), [("generated/archgen.lock".to_string(), State::Missing)]);
}

#[test]
fn an_edited_orphan_stays_and_an_untouched_one_goes_with_its_folders() {
    let disk = rendered_once();
    render(&second(), &disk).unwrap();
    assert!(!disk.all().contains_key("/p/generated/gone"));
    assert!(disk.all().contains_key("/p/.github/workflows/new.yml"));
    assert!(!disk.all().contains_key("/p/.github/workflows/old.yml"));

    let disk = rendered_once();
    disk.put("/p/generated/gone/deep/er/orphan.tf", "# mine now\n");
    disk.put("/p/generated/gone/note.txt", "mine\n");
    let orphan = "generated/gone/deep/er/orphan.tf".to_string();
    assert_eq!(troubles(&second(), &disk), [(orphan, Trouble::EditedOrphan)]);
    force(&second(), &disk).unwrap();
    assert!(disk.all().contains_key("/p/generated/gone/note.txt"));
    assert!(!disk.all().contains_key("/p/generated/gone/deep"));
}

#[test]
fn words_of_the_user_survive_and_are_never_dropped_silently() {
    let disk = rendered_once();
    render(&second(), &disk).unwrap();
    let runbook = String::from_utf8(disk.get("/p/generated/runbook/prod.md").unwrap()).unwrap();
    assert!(runbook.contains("# Two") && runbook.contains("keep notes -->\nMy words.\n"), "{runbook}");
    assert_eq!(check(&second(), &disk), []);

    let mut without_region = second();
    without_region[1] = text("runbook/prod.md", "# Two\n");
    let lost = Trouble::LostRegions(vec!["notes".to_string()]);
    assert_eq!(troubles(&without_region, &disk), [("generated/runbook/prod.md".to_string(), lost.clone())]);
    without_region.remove(1);
    assert_eq!(troubles(&without_region, &disk), [("generated/runbook/prod.md".to_string(), lost)]);
    assert!(render(&without_region, &disk).is_err());

    disk.put("/p/generated/runbook/prod.md", runbook.replace("<!-- archgen:keep end -->\n", ""));
    assert!(matches!(&troubles(&second(), &disk)[..], [(_, Trouble::BrokenRegions(_))]));
}

#[test]
fn an_edit_outside_of_the_regions_keeps_the_words_under_force() {
    let disk = rendered_once();
    let runbook = String::from_utf8(disk.get("/p/generated/runbook/prod.md").unwrap()).unwrap();
    disk.put("/p/generated/runbook/prod.md", runbook.replace("\nend\n", "\nedited\n"));
    assert_eq!(troubles(&second(), &disk), [("generated/runbook/prod.md".to_string(), Trouble::Edited)]);
    force(&second(), &disk).unwrap();
    assert_same(&disk.all(), &clean(&rendered_once(), &second()), "forced");
}

#[test]
fn line_endings_that_git_rewrote_are_no_edit() {
    let disk = rendered_once();
    let names: Vec<String> = disk.all().into_keys().filter(|name| disk.get(name).is_some()).collect();
    for name in names.iter().filter(|name| !name.ends_with(".png") && !name.ends_with(".txt")) {
        let text = String::from_utf8(disk.get(name).unwrap()).unwrap();
        if name != "/p/archgen.yaml" {
            disk.put(name, text.replace('\n', "\r\n"));
        }
    }
    assert_eq!(check(&first(), &disk), []);
    let before = disk.get("/p/generated/same.yaml").unwrap();
    assert!(before.ends_with(b"\r\n"));
    render(&second(), &disk).unwrap();
    assert_eq!(disk.get("/p/generated/same.yaml").unwrap(), before, "an unchanged file is left alone");
    assert!(!disk.get("/p/generated/README.md").unwrap().contains(&b'\r'));
    let runbook = String::from_utf8(disk.get("/p/generated/runbook/prod.md").unwrap()).unwrap();
    assert!(runbook.contains("My words.\n"), "{runbook:?}");
}

#[test]
fn what_a_filter_leaves_out_is_neither_touched_nor_removed() {
    let of = |environment: &str, body: &str| Artifact {
        environment: Some(environment.to_string()),
        ..text(&format!("{environment}/a.yaml"), body)
    };
    let disk = empty();
    render(&[of("dev", "a: 1\n"), of("prod", "a: 1\n"), text("README.md", "# All\n")], &disk).unwrap();
    let lock = disk.get("/p/generated/archgen.lock").unwrap();
    let scope = Scope { environments: Some(BTreeSet::from(["prod".to_string()])), ..Scope::default() };
    let place = place();
    let narrow = settings(&place, &scope);
    let only = [of("prod", "a: 1\n")];
    assert!(!project::plan(&only, &narrow, &disk).unwrap().has_work());
    assert_eq!(project::check(&only, &narrow, &disk), Ok(vec![]));

    disk.put("/p/generated/dev/a.yaml", "edited: true\n");
    let changed = [of("prod", "a: 2\n"), of("dev", "a: 2\n")];
    project::apply(&project::plan(&changed, &narrow, &disk).unwrap(), &disk).unwrap();
    assert_eq!(disk.get("/p/generated/dev/a.yaml").unwrap(), b"edited: true\n");
    let after = disk.get("/p/generated/archgen.lock").unwrap();
    let lines = |lock: &[u8], name: &str| {
        let text = String::from_utf8(lock.to_vec()).unwrap();
        text.lines().filter(|line| line.contains(name)).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(lines(&lock, "dev/a.yaml"), lines(&after, "dev/a.yaml"));
    assert_eq!(lines(&lock, "README.md"), lines(&after, "README.md"));
    assert_ne!(lines(&lock, "prod/a.yaml"), lines(&after, "prod/a.yaml"));
    // Without the filter, the edit is in the way again.
    assert_eq!(troubles(&changed, &disk), [("generated/dev/a.yaml".to_string(), Trouble::Edited)]);
}

#[test]
fn folders_and_files_that_change_places_need_room_that_is_archgens() {
    let disk = rendered_once();
    disk.put("/p/generated/becomes-file/mine.txt", "mine\n");
    assert_eq!(troubles(&second(), &disk), [("generated/becomes-file".to_string(), Trouble::Folder)]);
    assert!(force(&second(), &disk).is_err(), "a folder with other things is never removed");

    let disk = rendered_once();
    disk.put("/p/generated/becomes-folder", "mine\n");
    let above = Trouble::FileAbove("generated/becomes-folder".to_string());
    assert_eq!(
        troubles(&second(), &disk),
        [
            ("generated/becomes-folder".to_string(), Trouble::EditedOrphan),
            ("generated/becomes-folder/inner.json".to_string(), above)
        ]
    );

    let disk = rendered_once();
    disk.put_folder("/p/generated/becomes-file/empty");
    disk.put_folder("/p/generated/becomes-file/empty/too");
    render(&second(), &disk).unwrap();
    assert_same(&disk.all(), &clean(&rendered_once(), &second()), "empty folders give way");
    let disk = empty();
    disk.put_folder("/p/generated/facts.json");
    disk.put_folder("/p/generated/facts.json/deeper");
    assert_eq!(troubles(&first(), &disk), [("generated/facts.json".to_string(), Trouble::EmptyFolder)]);
    assert!(force(&first(), &disk).is_ok(), "nothing is lost with it");
}

#[test]
fn a_disk_that_knows_no_case_is_served_all_the_same() {
    let disk = empty().blind_to_case();
    render(&first(), &disk).unwrap();
    let before = disk.copy();
    render(&second(), &disk).unwrap();
    assert!(disk.get("/p/generated/case.json").unwrap().starts_with(b"{\"lower\""));
    assert_eq!(check(&second(), &disk), []);
    let points = fault_points(&before, &second());
    for at in 0..points {
        let broken = before.copy();
        broken.fail_at(at, How::KillHalf);
        let _ = render(&second(), &broken);
        let mended = broken.copy();
        render(&second(), &mended).unwrap_or_else(|e| panic!("killed at {at}: {e}"));
        assert_same(&mended.all(), &disk.all(), &format!("killed at {at}"));
    }
    // The same bytes under a name of another case.
    let mut renamed = second();
    renamed[11] = text("CASE.json", "{\"lower\": true}\n");
    render(&renamed, &disk).unwrap();
    assert!(disk.all().contains_key("/p/generated/CASE.json"));
}

#[test]
fn two_artifacts_on_one_path_are_refused() {
    let mut all = first();
    all.push(Artifact { target: "other", ..text("readme.md", "") });
    let failure = plan(&all, &empty()).unwrap_err();
    assert!(failure.message().contains("README.md") && failure.message().contains("other"), "{failure}");
}

#[test]
fn a_lock_that_someone_tampered_with_reaches_nothing() {
    let disk = rendered_once();
    disk.put("/p/secret.txt", "secret\n");
    let digest = project::digest(b"secret\n");
    for (path, accepted) in [("../secret.txt", false), ("/p/secret.txt", false), ("..\\\\secret.txt", false)]
    {
        let lock =
            format!("version: 1\nfiles:\n  \"{path}\": {{\"sha256\":\"{digest}\",\"target\":\"a\"}}\n");
        disk.put("/p/generated/archgen.lock", lock);
        assert_eq!(matches!(plan(&first(), &disk), Err(Failure::Lock { .. })), !accepted, "{path}");
    }
}

#[test]
fn a_lock_that_git_could_not_merge_still_serves() {
    let disk = rendered_once();
    let ours = String::from_utf8(disk.get("/p/generated/archgen.lock").unwrap()).unwrap();
    let other = disk.copy();
    render(&second(), &other).unwrap();
    let theirs = String::from_utf8(other.get("/p/generated/archgen.lock").unwrap()).unwrap();
    disk.put("/p/generated/archgen.lock", format!("<<<<<<< a\n{ours}=======\n{theirs}>>>>>>> b\n"));
    disk.put("/p/generated/facts.json", other.get("/p/generated/facts.json").unwrap());
    render(&third(), &disk).unwrap();
    assert_eq!(check(&third(), &disk), []);
}

#[test]
fn drift_says_which_why_and_how() {
    let disk = rendered_once();
    disk.put("/p/generated/facts.json", "{}\n");
    disk.delete("/p/generated/same.yaml");
    disk.put("/p/generated/new.json", "foreign\n");
    let (place, scope) = (place(), Scope::default());
    let settings = Settings { description: "d2", ..settings(&place, &scope) };
    let before = disk.all();
    let drifts = project::check(&second(), &settings, &disk).unwrap();
    assert_eq!(disk.all(), before);
    let of = |name: &str| drifts.iter().find(|drift| drift.path == format!("generated/{name}")).unwrap();
    assert_eq!(of("facts.json").state, State::Edited);
    assert_eq!(of("same.yaml").state, State::Missing);
    assert_eq!(of("new.json").state, State::Blocked);
    assert_eq!(of("gone/deep/er/orphan.tf").state, State::Orphaned);
    assert_eq!(of("archgen.lock").state, State::Stale);
    let readme = of("README.md");
    assert_eq!(
        (readme.state, readme.why.as_str()),
        (State::Stale, "archgen.yaml was changed since it was written")
    );
    let Difference::Text(diff) = &readme.difference else { panic!("{readme:?}") };
    assert!(diff.contains("\n-# One\n") && diff.contains("\n+# Two\n"), "{diff}");
    assert_eq!(of("a.png").difference, Difference::Sizes { there: 22, fresh: 22 });
}

#[test]
fn a_file_that_changes_between_plan_and_apply_is_not_overwritten() {
    let disk = rendered_once();
    let plan = plan(&second(), &disk).unwrap();
    disk.put("/p/generated/README.md", "# Mine\n");
    let path = "generated/README.md".to_string();
    assert_eq!(project::apply(&plan, &disk), Err(Failure::Changed { path }));
    assert_eq!(disk.get("/p/generated/README.md").unwrap(), b"# Mine\n");
    assert!(disk.all().keys().all(|name| !name.contains("pending") && !name.contains("busy")));
}

#[test]
fn scripts_may_be_run_and_other_files_not() {
    let disk = rendered_once();
    let all = disk.all();
    assert!(all["/p/generated/prod/start.sh"].as_ref().unwrap().1);
    assert!(!all["/p/generated/README.md"].as_ref().unwrap().1);
}
