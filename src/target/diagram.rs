//! Diagrams: each view of a model as SVG, as PNG made from that very SVG, and as text for other tools.

use std::collections::BTreeMap;

use crate::artifact::{Artifact, RelPath};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::layout::check::{Report, check};
use crate::layout::layout;
use crate::model::Loss;
use crate::render;
use crate::scene::icon::Icons;
use crate::scene::theme::Theme;
use crate::scene::{self, Look, Style};
use crate::template::messages::Messages;
use crate::view::{self, View};

use super::Output;
use super::export::{self, EXPORTS, Export};

/// The word for diagrams in `--only` and in the lock.
pub const NAME: &str = "diagram";

/// How pictures are painted, and in which formats.
#[derive(Debug, Clone)]
pub struct Painting {
    /// Colours of SVG files.
    pub look: Look,
    /// Colours of PNG files, which cannot follow the reader.
    pub fixed: Look,
    /// The icons, the user's own first.
    pub icons: Icons,
    /// The formats by name, of [`formats`].
    pub formats: Vec<String>,
    /// Pixels of a PNG for each px of its SVG.
    pub scale: f32,
    /// Pixels that a PNG is wide; goes before `scale`.
    pub width: Option<u32>,
}

/// The names of all formats, in the order of the language.
pub fn formats() -> Vec<&'static str> {
    ["svg", "png"].into_iter().chain(EXPORTS.map(Export::name)).collect()
}

/// What the names of a format's files end with.
fn extension(format: &str) -> &str {
    EXPORTS.into_iter().find(|export| export.name() == format).map_or(format, |export| export.extension())
}

/// The colours that a theme's name stands for; `None` when no theme has it.
pub fn look(theme: &str) -> Option<Look> {
    match theme {
        "auto" => Some(default_look()),
        "light" => Some(Look::Fixed(Theme::light())),
        "dark" => Some(Look::Fixed(Theme::dark())),
        _ => None,
    }
}

/// The colours when none are chosen: SVG follows the reader.
pub fn default_look() -> Look {
    Look::Auto { light: Theme::light(), dark: Theme::dark() }
}

/// The colours of a picture that cannot follow the reader: light, unless one theme was chosen.
pub fn fixed(look: &Look) -> Look {
    Look::Fixed(look.theme().clone())
}

/// What is said of a theme's name that no theme has.
pub fn unknown_theme(theme: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, "unknown-theme", None, format!("there is no theme `{theme}`"))
        .hint("there are: auto, light, dark")
}

/// The icons: the project's own, by their paths, over those built in. One that cannot be used is a warning.
pub fn icons(own: &BTreeMap<String, String>, out: &mut Diagnostics) -> Icons {
    let mut icons = Icons::default();
    for (path, svg) in own {
        let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".svg");
        if let Err(problem) = icons.add(name, svg) {
            let message = format!("archgen/icons/{path} cannot be used: {problem}");
            out.push(
                Diagnostic::new(Severity::Warning, "bad-icon", None, message)
                    .hint("the category's glyph is drawn instead"),
            );
        }
    }
    icons
}

/// One view as SVG. The view's id is the prefix of every id in it.
pub fn svg(view: &View, look: &Look, icons: &Icons) -> String {
    let graph = view::graph(view);
    let placed = layout(&graph);
    render::svg(&scene::build(view, &graph, &placed, Style { look, icons }))
}

/// What the verifier says of a layout; it promises to find nothing.
fn judged(view: &View, report: &Report) -> Diagnostics {
    let mut found = Diagnostics::default();
    if report.violations() > 0 {
        let counts: Vec<String> = report.broken().map(|(name, count)| format!("{count} {name}")).collect();
        let message = format!("the layout of {} breaks its promises: {}", view.sheet.id, counts.join(", "));
        found.push(Diagnostic::new(Severity::Warning, "layout", None, message).hint(
            "a mistake of archgen's: please report it with the description; `archgen layout --check` says where",
        ));
    }
    found
}

/// Paints one view in all formats. `environment` is the one that the view shows, `None` for several.
pub fn generate(view: &View, environment: Option<&str>, painting: &Painting, messages: &Messages) -> Output {
    let mut output = Output::default();
    let graph = view::graph(view);
    let placed = layout(&graph);
    output.diagnostics.extend(judged(view, &check(&graph, &placed)));
    let paint = |look: &Look| {
        render::svg(&scene::build(view, &graph, &placed, Style { look, icons: &painting.icons }))
    };
    let mut add = |format: &'static str, content: Painted| {
        let Ok(path) = RelPath::new(path(view, format)) else { return };
        let artifact = match content {
            Painted::Text(text) => Artifact::text(NAME, path, text),
            Painted::Pixels(bytes) => Artifact::bytes(NAME, path, bytes),
        };
        let name = environment
            .and_then(|e| view.sheet.id.strip_prefix(e))
            .map_or(view.sheet.id.as_str(), |n| n.trim_start_matches('-'));
        output.artifacts.push(Artifact {
            environment: environment.map(str::to_owned),
            view: Some(name.to_owned()),
            format: Some(format),
            ..artifact
        });
    };
    let wants = |format: &str| painting.formats.iter().any(|wanted| wanted == format);
    if wants("svg") {
        add("svg", Painted::Text(paint(&painting.look)));
    }
    if wants("png") {
        let svg = paint(&painting.fixed);
        let scale = painting.width.map_or(painting.scale, |width| render::scale_to(&svg, width));
        match render::png(&svg, scale) {
            Ok(bytes) => add("png", Painted::Pixels(bytes)),
            Err(error) => output.diagnostics.push(
                Diagnostic::new(
                    Severity::Error,
                    "png",
                    None,
                    format!("{} cannot become a PNG: {error}", view.sheet.id),
                )
                .hint("take a smaller `--scale`, or `--format svg`"),
            ),
        }
    }
    for export in EXPORTS.into_iter().filter(|export| wants(export.name())) {
        let text = export::write(export, view, &placed, painting.fixed.theme(), &painting.icons);
        add(export.name(), Painted::Text(text));
    }
    output.losses.extend(lacking(view, messages));
    output
}

/// What stands in a picture's file.
enum Painted {
    Text(String),
    Pixels(Vec<u8>),
}

/// A view as a Mermaid flowchart, for a page that shows it inline.
pub fn flowchart(view: &View, painting: &Painting) -> String {
    export::mermaid(view, &layout(&view::graph(view)), painting.fixed.theme())
}

/// Where a picture lies in the output folder.
pub fn path(view: &View, format: &str) -> String {
    format!("diagrams/{}.{}", view.sheet.id, extension(format))
}

/// Signs that a picture cannot show, since no font has them.
pub fn lacking(view: &View, messages: &Messages) -> Option<Loss> {
    let lacking = view.lacking();
    let all: String = lacking.iter().collect();
    (!all.is_empty()).then(|| Loss {
        target: NAME.to_owned(),
        element: view.sheet.id.clone(),
        what: messages.say("diagram.lacking.what", &[("characters", &all)]),
        why: messages.say("diagram.lacking.why", &[]),
    })
}
