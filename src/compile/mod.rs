//! The pipeline as one pure function of texts: description in, models and artifacts out.
//!
//! Nothing here touches the disk: whoever calls brings the texts and writes what comes back.

pub mod choose;
pub mod icons;
pub mod run;

use std::collections::BTreeMap;

use crate::artifact::RelPath;
use crate::catalog::{self, Catalog};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::document::{self, Document, yaml};
use crate::model::derive::{Facts, derive};
use crate::model::{self, Model};
use crate::scene::Look;
use crate::scene::icon::Icons;
use crate::scene::theme::Theme;
use crate::source::{SourceId, Sources, Span};
use crate::target::diagram;
use crate::template::messages::Messages;
use crate::view::{self, Picture};

/// The texts that one run works with.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// The description's name, for messages.
    pub name: String,
    /// The description.
    pub description: String,
    /// The project's own templates by path below `templates/`.
    pub templates: BTreeMap<String, String>,
    /// The project's own icons by path.
    pub icons: BTreeMap<String, String>,
    /// The packs of `outputs.icons`, by the folder or file that the description names.
    pub packs: BTreeMap<String, icons::Pack>,
    /// The project's own themes by path.
    pub themes: BTreeMap<String, String>,
    /// Long prose by element id.
    pub prose: BTreeMap<String, String>,
}

/// A description that was read: everything that does not depend on an environment.
#[derive(Debug, Clone)]
pub struct Project {
    /// All texts, for printing diagnostics.
    pub sources: Sources,
    /// Kinds and forms.
    pub catalog: Catalog,
    /// Sentences in the system's language.
    pub messages: Messages,
    /// The icons, the project's own first.
    pub icons: Icons,
    /// The description; `None` when it could not be read.
    pub document: Option<Document>,
    /// The description's source.
    pub source: SourceId,
}

/// One environment: its model and what follows from it.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The model.
    pub model: Model,
    /// What follows from it.
    pub facts: Facts,
}

/// Reads catalog, description and sentences.
pub fn read(texts: &Texts, out: &mut Diagnostics) -> Project {
    let mut sources = Sources::default();
    let source = sources.add(texts.name.clone(), texts.description.clone());
    let document = document::read(source, &texts.description, out);
    let mut catalog = catalog::load(&texts.templates, &mut sources, out);
    let icons = icons::take(&mut catalog, &texts.icons, document.as_ref(), &texts.packs, out);
    let language = document.as_ref().map_or_else(|| "en".to_owned(), model::language);
    let messages = messages(&language, texts, &mut sources, out);
    if let Some(document) = &document {
        model::check_names(document, &catalog, out);
    }
    Project { sources, catalog, messages, icons, document, source }
}

/// The sentences of a language: built in, with the project's own laid over them file by file.
fn messages(language: &str, texts: &Texts, sources: &mut Sources, out: &mut Diagnostics) -> Messages {
    let path = format!("messages/{language}.yaml");
    let name = format!("templates/{path}");
    let tree = match texts.templates.get(&path) {
        Some(text) => yaml::parse(sources.add(name, text.clone()), text, out),
        None => catalog::built_in::file(&path)
            .and_then(|text| catalog::built_in::tree(&path, sources.add(name, text))),
    };
    tree.map(|tree| Messages::new(language, tree)).unwrap_or_default()
}

/// Resolves one environment and derives what follows; `None` when something is wrong with it.
pub fn resolve(project: &Project, environment: &str, out: &mut Diagnostics) -> Option<Resolved> {
    let document = project.document.as_ref()?;
    check_folder(document, environment, out);
    let model = model::resolve(document, environment, &project.catalog, &project.messages, out)?;
    let mut found = Diagnostics::default();
    let facts = derive(&model, &project.catalog, &mut found);
    let failed = found.has_errors();
    out.extend(found);
    (!failed).then_some(Resolved { model, facts })
}

/// A picture with the environment that it shows, by index; `None` for the system as a whole.
pub type Shown = (Option<usize>, Picture);

/// The pictures of environments, in order, then those of the system as a whole where `whole` says so: that needs all
/// environments.
pub fn pictures(
    project: &Project,
    environments: &[Resolved],
    whole: bool,
    out: &mut Diagnostics,
) -> Vec<Shown> {
    let input = |resolved| input(project, resolved);
    let mut pictures: Vec<Shown> = Vec::new();
    for (at, resolved) in environments.iter().enumerate() {
        pictures.extend(view::build::build(input(resolved), out).into_iter().map(|one| (Some(at), one)));
    }
    let base = if whole { base(project) } else { None };
    let base = base.as_ref().or(environments.first());
    if let (true, Some(document), Some(base)) = (whole, &project.document, base) {
        let whole = view::build::Whole {
            base: input(base),
            environments: environments.iter().map(input).collect(),
            views: &document.views,
            pipelines: model::pipeline_ids(document),
        };
        let all = view::build::whole(&whole, out);
        for picture in all {
            let id = &picture.sheet().id;
            if let Some((_, other)) = pictures.iter().find(|(_, other)| other.sheet().id == *id) {
                out.push(same_file(document, &picture.name, other));
            } else {
                pictures.push((None, picture));
            }
        }
    }
    out.extend(lacking(project, pictures.iter().map(|(_, picture)| picture)));
    pictures
}

/// A view of several environments whose file would be that of one environment's view.
fn same_file(document: &Document, name: &str, other: &Picture) -> Diagnostic {
    let message =
        format!("the view `{name}` and the view `{}` of an environment would be one file", other.name);
    let span = document.views.entry(name).map(|entry| entry.key.span);
    Diagnostic::new(Severity::Error, "view-twice", span, message).hint("give it another id")
}

/// What the stage of views needs of a project in one environment.
pub fn input<'a>(project: &'a Project, resolved: &'a Resolved) -> view::build::Input<'a> {
    view::build::Input {
        model: &resolved.model,
        facts: &resolved.facts,
        catalog: &project.catalog,
        messages: &project.messages,
    }
}

/// The description without its environments, as a drawing; `None` where it has none, or cannot stand alone because
/// something of it only comes true in an environment. What is wrong with it then is told of environments, if at all.
fn base(project: &Project) -> Option<Resolved> {
    let document = project.document.as_ref()?;
    if document.environments.is_empty() {
        return None;
    }
    let mut ignored = Diagnostics::default();
    let model = model::resolve(document, "", &project.catalog, &project.messages, &mut ignored)?;
    let facts = derive(&model, &project.catalog, &mut ignored);
    (!ignored.has_errors() && model.components().next().is_some()).then_some(Resolved { model, facts })
}

/// The characters in pictures that the embedded font lacks: one warning for all, at the first of them.
fn lacking<'a>(project: &Project, pictures: impl Iterator<Item = &'a Picture>) -> Diagnostics {
    let mut found = Diagnostics::default();
    let mut lacking: Vec<char> = pictures.flat_map(Picture::lacking).collect();
    lacking.sort_unstable();
    lacking.dedup();
    if lacking.is_empty() {
        return found;
    }
    let text = project.document.as_ref().map_or("", |document| document.text.as_str());
    let mut lines = text.split_inclusive('\n').scan(0, |start, line| {
        let at = *start;
        *start += line.len();
        Some((at, line))
    });
    // A comment draws nothing. What is written with an escape has no place.
    let place = lines.find_map(|(start, line)| {
        let drawn = if line.trim_start().starts_with('#') { "" } else { line };
        let (at, letter) = drawn.char_indices().find(|(_, letter)| lacking.contains(letter))?;
        let from = start + at;
        Some(Span::new(project.source, from, from + letter.len_utf8()))
    });
    let names: Vec<String> =
        lacking.iter().map(|letter| format!("`{letter}` (U+{:04X})", u32::from(*letter))).collect();
    let message = format!("the font of the pictures lacks {}", names.join(", "));
    found.push(
        Diagnostic::new(Severity::Warning, "no-glyph", place, message)
            .label("drawn with another font")
            .hint("a viewer takes a font of its own, fitted into the width of a box; a PNG shows the box"),
    );
    found
}

/// What `outputs` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The folder of everything generated.
    pub dir: String,
    /// Formats of the pictures.
    pub formats: Vec<String>,
    /// `auto`, `light`, `dark`, or a file of the project's themes.
    pub theme: String,
    /// Markdown files whose marked regions are to be kept true.
    pub inject: Vec<String>,
    /// The folder of the pipelines' files.
    pub workflows: String,
}

/// Reads `outputs` with its defaults.
pub fn outputs(document: &Document) -> Outputs {
    let texts = |key: &str| -> Vec<String> {
        let node = document.outputs.get(key);
        let list = node.and_then(|node| node.as_list()).unwrap_or_default();
        list.iter()
            .chain(node.filter(|node| node.as_list().is_none()))
            .filter_map(|n| n.as_str())
            .map(str::to_owned)
            .collect()
    };
    let text = |key: &str, default: &str| {
        document.outputs.get(key).and_then(|node| node.as_str()).unwrap_or(default).to_owned()
    };
    let formats = texts("formats");
    Outputs {
        dir: text("dir", "generated"),
        formats: if formats.is_empty() { vec!["svg".to_owned()] } else { formats },
        theme: text("theme", "auto"),
        inject: texts("inject"),
        workflows: text("workflows", ".github/workflows"),
    }
}

/// The colours of a theme: a built-in one, a file of `archgen/themes/` by its name, or one that the description names
/// by its path. `None` when there is none or it has a mistake, which is reported. `asked` is a theme that the call
/// asks for instead of the description's.
pub fn look(
    project: &mut Project,
    texts: &Texts,
    asked: Option<&str>,
    out: &mut Diagnostics,
) -> Option<Look> {
    let document = project.document.as_ref();
    let said = document.map_or_else(|| "auto".to_owned(), |document| outputs(document).theme);
    let theme = asked.unwrap_or(&said);
    if let Some(look) = diagram::built_in(theme) {
        return Some(look);
    }
    let file = [theme.to_owned(), format!("{theme}.yaml"), format!("{theme}.yml")];
    let Some((path, text)) = file.iter().find_map(|path| texts.themes.get_key_value(path)) else {
        let own = texts.themes.keys().map(|path| path.trim_end_matches(".yaml"));
        let mut unknown = diagram::unknown_theme(theme, own);
        let place = document.and_then(|document| document.outputs.get("theme"));
        unknown.span = place.filter(|_| asked.is_none()).map(|node| node.span);
        out.push(unknown);
        return None;
    };
    let source = project.sources.add(format!("theme {path}"), text.clone());
    let mut found = Diagnostics::default();
    let tree = yaml::parse(source, text, &mut found);
    let look = tree.map(|tree| Theme::read(&tree, &mut found));
    let failed = found.has_errors();
    out.extend(found);
    look.filter(|_| !failed)
}

/// Folders of the output that are no environment's.
const OWN_FOLDERS: [&str; 2] = ["diagrams", "runbook"];

/// Reports an environment whose name cannot be a folder of its own in the output.
fn check_folder(document: &Document, environment: &str, out: &mut Diagnostics) {
    let written = document.environments.iter().find(|written| written.id.value == environment);
    let taken = OWN_FOLDERS.contains(&environment);
    if let Some(written) = written
        && (taken || RelPath::new(environment).is_err())
    {
        let why = if taken { "archgen writes other files there" } else { "some systems have no such folder" };
        out.push(
            Diagnostic::error(
                "reserved-id",
                written.id.span,
                format!("no environment can be called `{environment}`"),
            )
            .label(format!("its files go to a folder of that name, and {why}"))
            .hint("give it another id"),
        );
    }
}
