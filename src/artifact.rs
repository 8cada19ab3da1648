//! What the targets make: files in memory, each with a place, bytes and where it came from.
//!
//! This is the type between `target` and `project`. Nothing here touches the disk; `project` adds the header,
//! compares with what lies there and writes.

use std::fmt;

use crate::source::Span;

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The folder that `path` counts from.
    pub root: Root,
    /// Where the file goes, below `root`.
    pub path: RelPath,
    /// What stands in it, without the header.
    pub content: Content,
    /// The target that made it, as `--only` names it (`diagram`, `compose` …).
    pub target: &'static str,
    /// The environment that it belongs to; `None` for what is of the whole system.
    pub environment: Option<String>,
    /// The view that it shows; `None` for what is no picture.
    pub view: Option<String>,
    /// The picture's format as `--format` names it (`svg`, `png` …); `None` for what is no picture.
    pub format: Option<&'static str>,
    /// Places in the description that the file came from, the most telling first; may be empty.
    pub from: Vec<Span>,
}

impl Artifact {
    /// A text in the output folder. The header's comment style follows from the file's name.
    ///
    /// Whatever else differs is set on the fields: `Artifact { environment, from, ..Artifact::text(…) }`.
    pub fn text(target: &'static str, path: RelPath, body: impl Into<String>) -> Self {
        let style = CommentStyle::of(&path);
        Self::new(target, path, Content::Text { body: body.into(), style })
    }

    /// A binary file in the output folder. PNG pictures carry the header in a text chunk, others only in the lock.
    pub fn bytes(target: &'static str, path: RelPath, bytes: Vec<u8>) -> Self {
        Self::new(target, path, Content::Bytes(bytes))
    }

    fn new(target: &'static str, path: RelPath, content: Content) -> Self {
        Artifact {
            root: Root::OutputDir,
            path,
            content,
            target,
            environment: None,
            view: None,
            format: None,
            from: Vec::new(),
        }
    }
}

/// The folder that an artifact's path counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Root {
    /// The output folder, `outputs.dir` or `--out`.
    #[default]
    OutputDir,
    /// The folder of `archgen.yaml`, for what must lie at a fixed place such as `.github/workflows`.
    Beside,
}

/// What stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text with `\n` between lines; `\r\n` is rewritten so that every system gets the same bytes.
    Text {
        /// The text without the header.
        body: String,
        /// How the header is written; `None` where the format has no comments (JSON).
        style: Option<CommentStyle>,
    },
    /// Anything else, byte by byte.
    Bytes(Vec<u8>),
}

/// How a text format writes a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommentStyle {
    /// `# …`: YAML, HCL, env files, nginx, shell, Dockerfiles, TOML.
    Hash,
    /// `// …`: Graphviz, JavaScript.
    Slashes,
    /// `%% …`: Mermaid.
    Percent,
    /// `<!-- … -->` as the first line, or below front matter.
    Markdown,
    /// `<!-- … -->` after the prolog or as the first child: SVG, XML, HTML, drawio.
    Xml,
}

impl CommentStyle {
    /// The style that a file's name implies; `None` where the format has no comments or is not known.
    pub fn of(path: &RelPath) -> Option<Self> {
        let name = path.file_name();
        // An example file has the format of what it is an example for: `.env.example`, `terraform.tfvars.example`.
        let name = name.strip_suffix(".example").unwrap_or(name);
        let stem = name.split('.').next().unwrap_or(name);
        if stem == "Dockerfile" || stem == "Caddyfile" || stem == "Makefile" {
            return Some(CommentStyle::Hash);
        }
        match name.rsplit_once('.').map(|(_, extension)| extension)? {
            "md" => Some(CommentStyle::Markdown),
            "svg" | "xml" | "html" | "drawio" => Some(CommentStyle::Xml),
            "mmd" => Some(CommentStyle::Percent),
            "dot" | "js" => Some(CommentStyle::Slashes),
            "yaml" | "yml" | "tf" | "tfvars" | "hcl" | "env" | "conf" | "sh" | "toml" | "py" | "d2"
            | "gitignore" | "dockerignore" | "service" => Some(CommentStyle::Hash),
            _ => None,
        }
    }
}

/// A relative path with `/` between folders that means the same file on every system and cannot leave its root.
///
/// It holds no `..`, no drive, no backslash, no control characters, no name that Windows reserves or cannot
/// write, nothing in `.git`, and none of the files that archgen itself keeps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(String);

/// The longest name of one file or folder, in bytes. File systems stop at 255; the name of the temporary file
/// that is written first is longer than the file's own.
const LONGEST_NAME: usize = 200;

/// The longest path, in bytes.
const LONGEST_PATH: usize = 1024;

impl RelPath {
    /// Checks a path.
    pub fn new(path: impl Into<String>) -> Result<Self, PathError> {
        let path = path.into();
        match fault(&path) {
            Some(fault) => Err(PathError { path, fault }),
            None => Ok(RelPath(path)),
        }
    }

    /// This path with more behind it.
    pub fn join(&self, more: &str) -> Result<Self, PathError> {
        RelPath::new(format!("{}/{more}", self.0))
    }

    /// The path with `/` between folders.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// What stands before the last part, without the slash; `None` for a file right in the root.
    pub fn parent(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(folder, _)| folder)
    }

    /// The folders and the file, from the root down.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// Whether the file is Markdown, and so may have regions that the user writes in.
    pub fn is_markdown(&self) -> bool {
        self.0.ends_with(".md")
    }

    /// Whether the file is a program to be run, and so needs the executable bit.
    pub fn is_script(&self) -> bool {
        self.0.ends_with(".sh")
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path that archgen does not write to, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// The path as it was given.
    pub path: String,
    /// What is wrong with it.
    pub fault: PathFault,
}

/// What is wrong with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// No path at all, or two slashes in a row, or a slash at the end.
    EmptyPart,
    /// It begins with `/`.
    Absolute,
    /// It has a part `.` or `..`.
    Dots,
    /// It has a character that some system does not take in a name.
    Character(char),
    /// A part ends with a dot or a space, or begins with a space.
    Edge,
    /// A part is a name that Windows keeps for a device.
    Device,
    /// A part or the whole is too long.
    TooLong,
    /// It lies in `.git`.
    Git,
    /// It is one of archgen's own files.
    Own,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no path that archgen writes to: ", self.path.escape_debug())?;
        match self.fault {
            PathFault::EmptyPart => f.write_str("a part of it is empty"),
            PathFault::Absolute => f.write_str("it is absolute; give it relative to archgen.yaml"),
            PathFault::Dots => f.write_str("it has a part `.` or `..`; name folders below archgen.yaml only"),
            PathFault::Character(c) => write!(f, "not every system takes `{}` in a name", c.escape_debug()),
            PathFault::Edge => f.write_str("a part of it begins or ends with a space, or ends with a dot"),
            PathFault::Device => f.write_str("Windows reserves a part of it for a device"),
            PathFault::TooLong => {
                write!(f, "a name may have {LONGEST_NAME} bytes and the whole path {LONGEST_PATH}")
            }
            PathFault::Git => f.write_str("`.git` belongs to git"),
            PathFault::Own => f.write_str("archgen keeps that name for a file of its own"),
        }
    }
}

impl std::error::Error for PathError {}

/// The first thing that is wrong with a path.
fn fault(path: &str) -> Option<PathFault> {
    if path.starts_with('/') {
        return Some(PathFault::Absolute);
    }
    if path.len() > LONGEST_PATH {
        return Some(PathFault::TooLong);
    }
    if let Some(c) = path.chars().find(|&c| !is_portable(c)) {
        return Some(PathFault::Character(c));
    }
    let parts: Vec<&str> = path.split('/').collect();
    let own = parts.last().is_some_and(|name| is_own(&name.to_ascii_lowercase()));
    parts.iter().find_map(|part| part_fault(part)).or(own.then_some(PathFault::Own))
}

/// Letters, digits and marks that every file system takes. Letters beyond ASCII may stand only in their composed
/// form (a combining mark is not alphanumeric), because some systems compose and others take names apart.
fn is_portable(c: char) -> bool {
    if c.is_ascii() {
        return c == ' ' || (c.is_ascii_graphic() && !r#"<>:"|?*\"#.contains(c));
    }
    c.is_alphanumeric()
}

/// What is wrong with one folder or file name.
fn part_fault(part: &str) -> Option<PathFault> {
    if part.is_empty() {
        return Some(PathFault::EmptyPart);
    }
    if part == "." || part == ".." {
        return Some(PathFault::Dots);
    }
    if part.starts_with(' ') || part.ends_with(' ') || part.ends_with('.') {
        return Some(PathFault::Edge);
    }
    if part.len() > LONGEST_NAME {
        return Some(PathFault::TooLong);
    }
    if part.eq_ignore_ascii_case(".git") {
        return Some(PathFault::Git);
    }
    is_device(part).then_some(PathFault::Device)
}

/// Whether Windows takes the name for a device, which it does whatever extension follows.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_uppercase();
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str()) {
        return true;
    }
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    number
        .is_some_and(|n| n.chars().count() == 1 && n.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c)))
}

/// Whether a lower-case file name is one that `project` writes for itself.
fn is_own(name: &str) -> bool {
    name == "archgen.yaml" || name.starts_with("archgen.lock") || name.ends_with(".archgen-tmp")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault_of(path: &str) -> Option<PathFault> {
        RelPath::new(path).err().map(|e| e.fault)
    }

    #[test]
    fn ordinary_paths_pass() {
        for path in [
            "README.md",
            ".gitignore",
            "prod/.env.example",
            ".github/workflows/a.yml",
            "a b/c-d_e.tf",
            "guía/año.md",
        ] {
            assert_eq!(RelPath::new(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn nothing_escapes() {
        for (path, fault) in [
            ("", PathFault::EmptyPart),
            ("a//b", PathFault::EmptyPart),
            ("a/", PathFault::EmptyPart),
            ("/etc/passwd", PathFault::Absolute),
            ("..", PathFault::Dots),
            ("../a", PathFault::Dots),
            ("a/../../b", PathFault::Dots),
            ("./a", PathFault::Dots),
            ("a\\..\\b", PathFault::Character('\\')),
            ("c:/windows", PathFault::Character(':')),
            ("a:stream", PathFault::Character(':')),
            ("a\0b", PathFault::Character('\0')),
            ("a\nb", PathFault::Character('\n')),
            ("a\u{202e}b", PathFault::Character('\u{202e}')),
            ("e\u{301}.md", PathFault::Character('\u{301}')),
            ("a./b", PathFault::Edge),
            ("a /b", PathFault::Edge),
            ("...", PathFault::Edge),
            ("con", PathFault::Device),
            ("a/NUL.txt", PathFault::Device),
            ("com1.yaml", PathFault::Device),
            ("LPT¹", PathFault::Device),
            (".git/hooks/pre-commit", PathFault::Git),
            ("a/.GIT/config", PathFault::Git),
            ("archgen.lock", PathFault::Own),
            ("Archgen.yaml", PathFault::Own),
            ("a/.b.archgen-tmp", PathFault::Own),
        ] {
            assert_eq!(fault_of(path), Some(fault), "{path:?}");
        }
        assert_eq!(fault_of(&"a".repeat(201)), Some(PathFault::TooLong));
        assert_eq!(fault_of(&"a/".repeat(600)), Some(PathFault::TooLong));
        assert_eq!(fault_of("com10.yaml"), None);
        assert_eq!(fault_of("console.md"), None);
    }

    #[test]
    fn errors_say_what_is_wrong_on_one_line() {
        let text = RelPath::new("a\nb").unwrap_err().to_string();
        assert_eq!(text, "`a\\nb` is no path that archgen writes to: not every system takes `\\n` in a name");
    }

    #[test]
    fn the_style_follows_from_the_name() {
        let style = |path: &str| CommentStyle::of(&RelPath::new(path).unwrap());
        assert_eq!(style("prod/.env.example"), Some(CommentStyle::Hash));
        assert_eq!(style("prod/terraform/terraform.tfvars.example"), Some(CommentStyle::Hash));
        assert_eq!(style("Dockerfile.web"), Some(CommentStyle::Hash));
        assert_eq!(style(".gitignore"), Some(CommentStyle::Hash));
        assert_eq!(style("a.svg"), Some(CommentStyle::Xml));
        assert_eq!(style("README.md"), Some(CommentStyle::Markdown));
        assert_eq!(style("a.json"), None);
        assert_eq!(style("LICENSE"), None);
    }
}
