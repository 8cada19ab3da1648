//! The first page of the output folder: every picture inline, links to everything else, and `.gitignore`.

use crate::artifact::{Artifact, RelPath, Root};
use crate::model::{Loss, Model};
use crate::template::messages::Messages;

/// The word for it in `--only` and in the lock.
pub const NAME: &str = "index";

/// What the page says of one environment.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The model.
    pub model: &'a Model,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// What could not be expressed.
    pub losses: &'a [Loss],
}

/// A picture that the page shows; it need not be painted for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The view's name, without its environment.
    pub name: String,
    /// The view's id, by which pictures are sorted.
    pub id: String,
    /// What the page shows.
    pub shown: Shown,
    /// The same picture for other tools: what they are called, and the file.
    pub exports: Vec<(&'static str, String)>,
}

/// How the page shows a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A file, in the output folder.
    File(String),
    /// A flowchart of Mermaid in the page itself.
    Flowchart(String),
    /// Its name and links alone.
    Nothing,
}

/// The page and `.gitignore`. `artifacts` are all others, `pictures` those of no single environment, `badges` those of
/// the pipelines; `general` is what could not be expressed for the whole description.
pub fn generate(
    entries: &[Entry],
    artifacts: &[Artifact],
    pictures: &[Picture],
    badges: &[String],
    general: &[Loss],
    say: &Messages,
) -> Vec<Artifact> {
    let mut files = Vec::new();
    if let Some(first) = entries.first()
        && let Ok(path) = RelPath::new("README.md")
    {
        let mut text = page(first.model, entries, artifacts, pictures, general, say);
        if let (false, Some(end)) = (badges.is_empty(), text.find('\n')) {
            // Badges stand right below the title.
            text.insert_str(end + 1, &format!("\n{}\n", badges.join("\n")));
        }
        files.push(Artifact::text(NAME, path, text));
    }
    if let Ok(path) = RelPath::new(".gitignore") {
        files.push(Artifact::text(NAME, path, IGNORED));
    }
    files
}

/// Never to be committed: values of secrets, what Terraform keeps, and what a killed run may leave.
const IGNORED: &str = "\
.env
*.tfvars
values.env
certificates/
*.tfstate
*.tfstate.*
.terraform/
*.archgen-tmp
archgen.lock.pending
archgen.lock.busy
";

fn page(
    model: &Model,
    entries: &[Entry],
    artifacts: &[Artifact],
    pictures: &[Picture],
    general: &[Loss],
    say: &Messages,
) -> String {
    let system = model.system();
    let mut out = format!("# {}\n", inline(&system.title));
    if !system.description.trim().is_empty() {
        out.push_str(&format!("\n{}\n", prose(&system.description, 2)));
    }
    for picture in sorted(pictures) {
        push_picture(&mut out, picture, None);
    }
    let general_files =
        artifacts.iter().filter(|a| a.view.is_none() && a.environment.is_none() && a.root == Root::OutputDir);
    let links: Vec<&str> = general_files.map(|artifact| artifact.path.as_str()).collect();
    if !links.is_empty() {
        out.push('\n');
        links.iter().for_each(|path| out.push_str(&format!("- [{path}]({})\n", link(path))));
    }
    for entry in entries {
        let environment = entry.model.environment();
        out.push_str(&format!("\n## {}\n", inline(&environment.title)));
        if !environment.description.trim().is_empty() {
            out.push_str(&format!("\n{}\n", prose(&environment.description, 3)));
        }
        let others: Vec<&Artifact> = artifacts
            .iter()
            .filter(|a| a.view.is_none() && a.root == Root::OutputDir)
            .filter(|a| a.environment.as_deref() == Some(environment.id.as_str()))
            .collect();
        if !others.is_empty() {
            out.push('\n');
            for artifact in others {
                let path = artifact.path.as_str();
                out.push_str(&format!("- [{path}]({})\n", link(path)));
            }
        }
        for picture in sorted(&entry.pictures) {
            push_picture(&mut out, picture, Some(&environment.title));
        }
    }
    let losses: Vec<(&str, &Loss)> = general
        .iter()
        .map(|loss| ("", loss))
        .chain(
            entries
                .iter()
                .flat_map(|e| e.losses.iter().map(|loss| (e.model.environment().id.as_str(), loss))),
        )
        .collect();
    if !losses.is_empty() {
        out.push_str(&format!(
            "\n## {}\n\n{}\n\n",
            say.say("index.losses", &[]),
            say.say("index.losses_intro", &[])
        ));
        out.push_str(&format!(
            "| {} | {} | {} |\n| --- | --- | --- |\n",
            say.say("index.where", &[]),
            say.say("index.what", &[]),
            say.say("index.why", &[]),
        ));
        for (environment, loss) in losses {
            let place = [environment, &loss.target, &loss.element];
            let place: Vec<&str> = place.into_iter().filter(|word| !word.is_empty()).collect();
            out.push_str(&format!(
                "| {} | {} | {} |\n",
                cell(&place.join(" · ")),
                sentence(&loss.what),
                sentence(&loss.why)
            ));
        }
    }
    out
}

/// Pictures in the order of their files.
fn sorted(pictures: &[Picture]) -> Vec<&Picture> {
    let mut sorted: Vec<&Picture> = pictures.iter().collect();
    sorted.sort_by_key(|picture| &picture.id);
    sorted
}

fn push_picture(out: &mut String, picture: &Picture, environment: Option<&str>) {
    let name = &picture.name;
    let text = match environment {
        Some(environment) => format!("{environment}: {name}"),
        None => name.clone(),
    };
    let text = inline(&text);
    match &picture.shown {
        Shown::File(path) => out.push_str(&format!("\n![{text}]({})\n", link(path))),
        Shown::Flowchart(flowchart) => out.push_str(&format!("\n{text}:\n\n```mermaid\n{flowchart}```\n")),
        Shown::Nothing => out.push_str(&format!("\n{text}:\n")),
    }
    let exports: Vec<String> =
        picture.exports.iter().map(|(title, path)| format!("[{title}]({})", link(path))).collect();
    if !exports.is_empty() {
        out.push_str(&format!("\n{}\n", exports.join(" · ")));
    }
}

/// Prose of the author, with its headings moved below a level.
fn prose(text: &str, level: usize) -> String {
    super::markdown::prose(text, level).trim_end().to_owned()
}

/// Text on one line without what Markdown would read as a link or tag.
fn inline(text: &str) -> String {
    super::markdown::line(text)
}

/// A sentence of archgen in a cell: what stands between backticks is code, the rest is text.
fn sentence(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len() < 3 || parts.len().is_multiple_of(2) {
        return cell(text);
    }
    let part = |(at, part): (usize, &&str)| {
        if at % 2 == 1 {
            return format!("`{}`", part.replace('|', "\\|"));
        }
        // The text around code keeps the spaces at its ends.
        let before = if part.starts_with(' ') { " " } else { "" };
        let after = if part.len() > 1 && part.ends_with(' ') { " " } else { "" };
        format!("{before}{}{after}", cell(part.trim()))
    };
    parts.iter().enumerate().map(part).collect()
}

fn cell(text: &str) -> String {
    inline(text).replace('|', "\\|")
}

fn link(path: &str) -> String {
    path.replace(' ', "%20")
}
