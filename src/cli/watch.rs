//! `archgen render --watch`: renders again whenever a description, or what lies beside it, changes.
//!
//! What is compared is the content of the files, not the time of their last change: clocks of file systems are
//! coarse, and an editor that saves the same text again is no reason to render. Everything that a run reads is a
//! few small texts, so looking several times a second costs next to nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Status;
use super::load;
use super::output::Out;
use crate::project;

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// How often to look again while files are still being written.
const SETTLING: usize = 20;

/// The digest of every file that takes part, by name; a file that cannot be read has what is wrong instead.
type Seen = BTreeMap<String, String>;

/// Renders every description, then each again that changes, until the program is ended or nobody listens. What
/// `render` makes of a mistake is no reason to end: the next change may mend it.
pub(super) fn run(files: &[PathBuf], out: &Out, render: impl Fn(&Path) -> Status) -> Status {
    let mut seen: Vec<Seen> = Vec::new();
    for file in files {
        // What changes while it is rendered is seen at the next look, since this one came first.
        seen.push(look(file));
        render(file);
    }
    waiting(files, out);
    while !out.is_closed() {
        std::thread::sleep(PAUSE);
        let mut rendered = false;
        for (file, before) in files.iter().zip(&mut seen) {
            let now = settled(file, before);
            if now == *before {
                continue;
            }
            out.line(&format!("\nchanged: {}", changed(before, &now).join(", ")));
            *before = now;
            render(file);
            rendered = true;
        }
        if rendered {
            waiting(files, out);
        }
    }
    Status::Fine
}

fn waiting(files: &[PathBuf], out: &Out) {
    out.line(&match files {
        [file] => format!("watching {}; Ctrl-C ends", file.display()),
        files => format!("watching {} descriptions; Ctrl-C ends", files.len()),
    });
}

/// What is there now. Where it differs from before, two looks in a row must agree: some programs save in steps.
fn settled(file: &Path, before: &Seen) -> Seen {
    let mut now = look(file);
    for _ in 0..SETTLING {
        if now == *before {
            break;
        }
        std::thread::sleep(PAUSE / 5);
        let again = look(file);
        if again == now {
            break;
        }
        now = again;
    }
    now
}

fn look(file: &Path) -> Seen {
    let mut seen = Seen::new();
    let name = file.to_string_lossy().replace('\\', "/");
    let loaded = match load::load(file, None) {
        Ok(loaded) => loaded,
        Err(wrong) => {
            seen.insert(name, wrong.message);
            return seen;
        }
    };
    seen.insert(name, project::digest(&loaded.bytes));
    let texts = &loaded.texts;
    let folders = [
        ("archgen/templates", &texts.templates),
        ("archgen/icons", &texts.icons),
        ("archgen/themes", &texts.themes),
        ("archgen.d", &texts.prose),
    ];
    for (folder, texts) in folders {
        let ending = if folder == "archgen.d" { ".md" } else { "" };
        for (path, text) in texts {
            seen.insert(format!("{folder}/{path}{ending}"), project::digest(text.as_bytes()));
        }
    }
    for finding in loaded.findings.sorted() {
        seen.insert(finding.message.clone(), String::new());
    }
    seen
}

/// The names of what is new, gone or different.
fn changed<'a>(before: &'a Seen, now: &'a Seen) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    names.extend(
        now.iter().filter(|(name, digest)| before.get(*name) != Some(*digest)).map(|(name, _)| name.as_str()),
    );
    names.extend(before.keys().filter(|name| !now.contains_key(*name)).map(String::as_str));
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(files: &[(&str, &str)]) -> Seen {
        files.iter().map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned())).collect()
    }

    #[test]
    fn what_is_new_gone_or_different_has_changed() {
        let before = seen(&[("archgen.yaml", "1"), ("archgen.d/a.md", "2"), ("archgen.d/b.md", "3")]);
        let now = seen(&[("archgen.yaml", "9"), ("archgen.d/b.md", "3"), ("archgen/icons/c.svg", "4")]);
        assert_eq!(changed(&before, &now), ["archgen.d/a.md", "archgen.yaml", "archgen/icons/c.svg"]);
        assert!(changed(&now, &now).is_empty());
    }
}
