//! `archgen icons`: the contact sheet of all icons.

use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::load;
use super::output::{MessageFormat, Out};
use crate::catalog::{CATEGORIES, Catalog, Trait};
use crate::compile::{self, Project, Texts};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::project::{RealDisk, read, replace};
use crate::render;
use crate::scene::icon::names;
use crate::scene::sheet::{Cell, Section, Sheet, sheet};
use crate::scene::theme::Theme;
use crate::scene::{Look, Style};
use crate::target::diagram;

/// What `icons` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  archgen icons > icons.svg
  archgen icons --theme dark --out icons.png
  archgen icons --file shop/archgen.yaml --out icons.svg    with the project's own icons")]
pub(super) struct Arguments {
    /// File to write, as SVG or PNG by its ending; the SVG is printed without one
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A description whose project's own kinds, forms and icons count; without one, the nearest
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Colours: auto, light, dark, print, or a theme of the project by its name, or by its
    /// file as seen from the description
    #[arg(long, value_name = "THEME")]
    theme: Option<String>,
}

pub(super) fn run(arguments: &Arguments, out: &Out) -> Status {
    let mut findings = Diagnostics::default();
    let theme = arguments.theme.as_deref();
    let texts = match texts(arguments, theme, &mut findings) {
        Ok(texts) => texts,
        Err(problem) => {
            findings.push(*problem);
            out.findings(&findings, &Default::default(), MessageFormat::Human);
            return Status::Wrong;
        }
    };
    let mut project = match &texts {
        Some(texts) => compile::read(texts, &mut findings),
        // Without a description nothing is wrong with it.
        None => compile::read(&Texts::default(), &mut Diagnostics::default()),
    };
    let look = compile::look(&mut project, &texts.unwrap_or_default(), theme, &mut findings);
    out.findings(&findings, &project.sources, MessageFormat::Human);
    let Some(look) = look.filter(|_| !findings.has_errors()) else { return Status::Wrong };
    let paint = |look: &Look| {
        let style = Style { look, icons: &project.icons };
        render::svg(&sheet(&contents(&project), style))
    };
    let Some(file) = &arguments.out else {
        out.result(&paint(&look));
        return Status::Fine;
    };
    let bytes = match file.extension().and_then(|ending| ending.to_str()) {
        Some("svg") => Ok(paint(&look).into_bytes()),
        Some("png") => render::png(&paint(&diagram::fixed(&look)), 2.0).map_err(|error| error.to_string()),
        _ => Err("its name ends neither with .svg nor with .png".to_owned()),
    };
    let written = match bytes {
        Ok(bytes) => replace(file, &bytes, &RealDisk).map_err(|failure| failure.message()),
        Err(problem) => Err(format!("{} cannot be written: {problem}", file.display())),
    };
    match written {
        Ok(()) => {
            out.line(&format!("wrote     {}", file.display()));
            Status::Fine
        }
        Err(problem) => {
            let problem = Diagnostic::new(Severity::Error, "icons", None, problem);
            let mut findings = Diagnostics::default();
            findings.push(problem.hint("name a file as in `--out icons.svg`"));
            out.findings(&findings, &project.sources, MessageFormat::Human);
            Status::Wrong
        }
    }
}

/// The texts of the named description, else of the nearest one; `None` where there is none.
fn texts(
    arguments: &Arguments,
    theme: Option<&str>,
    findings: &mut Diagnostics,
) -> Result<Option<Texts>, Box<Diagnostic>> {
    let file = match &arguments.file {
        Some(file) => Some(file.clone()),
        None => {
            let here = std::env::current_dir().ok();
            here.and_then(|here| read::find_description(&here, &RealDisk).ok().flatten())
        }
    };
    let Some(file) = file else { return Ok(None) };
    let loaded = load::load(&file, theme)?;
    findings.extend(loaded.findings);
    Ok(Some(loaded.texts))
}

/// Every icon in the category of what it stands for first.
fn contents(project: &Project) -> Sheet {
    let catalog = &project.catalog;
    let uses = uses(catalog);
    let mut sections: Vec<Section> = Vec::new();
    for category in CATEGORIES {
        let own = uses.iter().filter(|used| !used.is_place && used.category == category);
        let cells = own.map(|used| used.cell(format!("tile-{category}"))).collect();
        sections.push(Section { title: capital(category), cells });
    }
    let places = uses.iter().filter(|used| used.is_place);
    let cells = places.map(|used| used.cell(box_colour(used))).collect();
    sections.push(Section { title: "Places".to_owned(), cells });
    let more = names().filter(|name| !uses.iter().any(|used| used.icon == *name));
    let cells = more.map(|name| Cell {
        icon: name.to_owned(),
        colour: "tile-external".to_owned(),
        title: name.to_owned(),
        ..Cell::default()
    });
    sections.push(Section { title: "More".to_owned(), cells: cells.collect() });
    sections.retain(|section| !section.cells.is_empty());
    let count: usize = sections.iter().map(|section| section.cells.len()).sum();
    Sheet {
        title: "archgen icons".to_owned(),
        subtitle: format!(
            "{count} icons for {} kinds and {} forms",
            catalog.kinds().len(),
            catalog.forms().len()
        ),
        sections,
        language: "en".to_owned(),
    }
}

/// An icon with what it stands for.
struct Used {
    icon: String,
    category: String,
    /// Whether it stands for a zone.
    is_place: bool,
    names: Vec<String>,
}

impl Used {
    fn cell(&self, colour: String) -> Cell {
        Cell {
            icon: self.icon.clone(),
            category: self.category.clone(),
            colour,
            title: self.icon.trim_start_matches("own.").to_owned(),
            quiet: self.names.join(", "),
        }
    }
}

/// The icons that the catalog uses, in the order of kinds and then of forms.
fn uses(catalog: &Catalog) -> Vec<Used> {
    let mut uses: Vec<Used> = Vec::new();
    let mut add = |icon: &str, category: &str, is_place: bool, name: &str| match uses
        .iter_mut()
        .find(|used| used.icon == icon)
    {
        Some(used) if used.names.iter().any(|known| known == name) => {}
        Some(used) => used.names.push(name.to_owned()),
        None => uses.push(Used {
            icon: icon.to_owned(),
            category: category.to_owned(),
            is_place,
            names: vec![name.to_owned()],
        }),
    };
    for kind in catalog.kinds() {
        if let Some(id) = catalog.find_kind(&kind.name) {
            add(catalog.icon(id, None), &kind.category, kind.has(Trait::Zone), &kind.name);
        }
    }
    for form in catalog.forms() {
        let Some(id) = catalog.find_form(&form.name) else { continue };
        let kinds = || catalog.kinds().iter().filter(|kind| kind.form(id).is_some());
        for kind in kinds() {
            if let Some(icon) = kind.form(id).and_then(|used| used.icon.as_deref()) {
                add(icon, &kind.category, kind.has(Trait::Zone), &form.name);
            }
        }
        let own = catalog.own_icons().find(|(name, _)| *name == form.name).map(|(_, icon)| icon);
        let icon = own.or(form.icon.as_deref());
        let first = kinds().find(|kind| !kind.has(Trait::Zone)).or_else(|| kinds().next());
        match (icon, first) {
            // What anything can take runs things: a matter of computing.
            (Some(icon), _) if catalog.is_general(id) => add(icon, CATEGORIES[4], false, &form.name),
            (icon, Some(kind)) => {
                add(icon.unwrap_or(&kind.icon), &kind.category, kind.has(Trait::Zone), &form.name);
            }
            _ => {}
        }
    }
    uses
}

/// The colour of a place's badge: its own, or that of its sort.
fn box_colour(used: &Used) -> String {
    let theme = Theme::light();
    let own = [&used.icon, &used.category].map(|name| format!("box-{name}-badge"));
    own.into_iter().find(|name| theme.has(name)).unwrap_or_else(|| "box-plain-badge".to_owned())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
