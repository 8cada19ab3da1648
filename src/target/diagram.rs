//! Diagrams: each view of a model as SVG, as PNG made from that very SVG, and as text for other tools.

use crate::artifact::{Artifact, RelPath};
use crate::diag::{Diagnostic, Diagnostics, Severity, suggest};
use crate::layout::check::{Report, check};
use crate::layout::{Graph, Layout, layout};
use crate::render;
use crate::scene::icon::Icons;
use crate::scene::theme::Theme;
use crate::scene::{self, Look, Scene, Style};
use crate::template::messages::Messages;
use crate::view::sequence::{Arranged, arrange};
use crate::view::{self, Picture, Shows, View};

use super::Output;
use super::export::{self, Drawn, EXPORTS, Export};

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

/// The built-in themes.
pub const THEMES: [&str; 4] = ["auto", "light", "dark", "print"];

/// The names of all formats, in the order of the language.
pub fn formats() -> Vec<&'static str> {
    ["svg", "png"].into_iter().chain(EXPORTS.map(Export::name)).collect()
}

/// What the names of a format's files end with.
fn extension(format: &str) -> &str {
    EXPORTS.into_iter().find(|export| export.name() == format).map_or(format, |export| export.extension())
}

/// The colours of a built-in theme; `None` when none has the name.
pub fn built_in(theme: &str) -> Option<Look> {
    match theme {
        "auto" => Some(default_look()),
        "light" => Some(Look::Fixed(Theme::light())),
        "dark" => Some(Look::Fixed(Theme::dark())),
        "print" => Some(Look::Fixed(Theme::print())),
        _ => None,
    }
}

/// Whether a theme's name is that of a file.
pub fn is_file(theme: &str) -> bool {
    theme.ends_with(".yaml") || theme.ends_with(".yml")
}

/// The colours when none are chosen: SVG follows the reader.
pub fn default_look() -> Look {
    Look::Auto { light: Theme::light(), dark: Theme::dark() }
}

/// The colours of a picture that cannot follow the reader: light, unless one theme was chosen.
pub fn fixed(look: &Look) -> Look {
    Look::Fixed(look.theme().clone())
}

/// What is said of a theme's name that no theme has; `own` are the project's.
pub fn unknown_theme<'a>(theme: &str, own: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = match is_file(theme) {
        true => format!("there is no theme `{theme}`, neither beside the description nor in archgen/themes/"),
        false => format!("there is no theme `{theme}`"),
    };
    let unknown = Diagnostic::new(Severity::Error, "unknown-theme", None, message);
    let all: Vec<&str> = THEMES.into_iter().chain(own).collect();
    match suggest::nearest(theme, all.iter().copied()) {
        Some(near) => unknown.hint(format!("did you mean `{near}`?")),
        None => unknown.hint(format!("there are: {}", all.join(", "))),
    }
}

/// Where everything in a picture stands, whatever its colours.
enum Placed {
    Views(Vec<(Graph, Layout)>),
    Sequence(Arranged),
}

fn placed(picture: &Picture) -> Placed {
    let lay_out = |view: &View| {
        let graph = view::graph(view);
        let made = layout(&graph);
        (graph, made)
    };
    match &picture.shows {
        Shows::View(_) | Shows::Beside(_) => Placed::Views(picture.views().iter().map(lay_out).collect()),
        Shows::Sequence(sequence) => Placed::Sequence(arrange(sequence)),
    }
}

fn scene(picture: &Picture, placed: &Placed, style: Style<'_>) -> Scene {
    match (&picture.shows, placed) {
        (Shows::Sequence(sequence), Placed::Sequence(arranged)) => scene::sequence(sequence, arranged, style),
        (Shows::Beside(beside), Placed::Views(laid_out)) => scene::beside(beside, laid_out, style),
        (Shows::View(view), Placed::Views(laid_out)) => match laid_out.as_slice() {
            [(graph, made)] => scene::build(view, graph, made, style),
            _ => scene::build(view, &Graph::default(), &Layout::default(), style),
        },
        // The two are made of each other.
        (Shows::Sequence(sequence), _) => scene::sequence(sequence, &Arranged::default(), style),
        (Shows::Beside(beside), _) => scene::beside(beside, &[], style),
        (Shows::View(view), _) => scene::build(view, &Graph::default(), &Layout::default(), style),
    }
}

/// A picture as SVG, and what is wrong with it. Its id is the prefix of every id in it.
pub fn svg(picture: &Picture, look: &Look, icons: &Icons) -> (String, Diagnostics) {
    let placed = placed(picture);
    (render::svg(&scene(picture, &placed, Style { look, icons })), verified(picture, &placed))
}

/// What the verifier says of all layouts of a picture.
fn verified(picture: &Picture, placed: &Placed) -> Diagnostics {
    let mut found = Diagnostics::default();
    if let Placed::Views(laid_out) = placed {
        for (view, (graph, made)) in picture.views().iter().zip(laid_out) {
            found.extend(judged(&view.sheet.id, &check(graph, made)));
        }
    }
    found
}

/// What the verifier says of a layout; it promises to find nothing.
fn judged(view: &str, report: &Report) -> Diagnostics {
    let mut found = Diagnostics::default();
    if report.violations() > 0 {
        let counts: Vec<String> = report.broken().map(|(name, count)| format!("{count} {name}")).collect();
        let message = format!("the layout of {view} breaks its promises: {}", counts.join(", "));
        found.push(Diagnostic::new(Severity::Warning, "layout", None, message).hint(
            "a mistake of archgen's: please report it with the description; `archgen layout --check` says where",
        ));
    }
    found
}

/// Paints one picture in all formats. `environment` is the one that it shows, `None` for several.
pub fn generate(
    picture: &Picture,
    environment: Option<&str>,
    painting: &Painting,
    messages: &Messages,
) -> Output {
    let mut output = Output::default();
    let placed = placed(picture);
    output.diagnostics.extend(verified(picture, &placed));
    let signed = |look: &Look| {
        let mut scene = scene(picture, &placed, Style { look, icons: &painting.icons });
        scene.sign(&messages.say("diagram.digest", &[("digest", &render::digest(&scene))]));
        scene
    };
    let mut add = |format: &'static str, content: Painted| {
        let Ok(path) = RelPath::new(path(picture, format)) else { return };
        let artifact = match content {
            Painted::Text(text) => Artifact::text(NAME, path, text),
            Painted::Pixels(bytes) => Artifact::bytes(NAME, path, bytes),
        };
        output.artifacts.push(Artifact {
            environment: environment.map(str::to_owned),
            view: Some(picture.name.clone()),
            format: Some(format),
            ..artifact
        });
    };
    let wants = |format: &str| painting.formats.iter().any(|wanted| wanted == format);
    if wants("svg") {
        add("svg", Painted::Text(render::svg(&signed(&painting.look))));
    }
    if wants("png") {
        let svg = render::svg_without_fonts(&signed(&painting.fixed));
        let scale = painting.width.map_or(painting.scale, |width| render::scale_to(&svg, width));
        match render::png(&svg, scale) {
            Ok(bytes) => add("png", Painted::Pixels(bytes)),
            Err(error) => output.diagnostics.push(
                Diagnostic::new(
                    Severity::Error,
                    "png",
                    None,
                    format!("{} cannot become a PNG: {error}", picture.sheet().id),
                )
                .hint("take a smaller `--scale`, or `--format svg`"),
            ),
        }
    }
    for export in EXPORTS.into_iter().filter(|export| wants(export.name())) {
        let text = export::write(export, &drawn(picture, &placed), painting.fixed.theme(), &painting.icons);
        add(export.name(), Painted::Text(text));
    }
    output
}

/// What stands in a picture's file.
enum Painted {
    Text(String),
    Pixels(Vec<u8>),
}

/// A picture as Mermaid, for a page that shows it inline.
pub fn flowchart(picture: &Picture, painting: &Painting) -> String {
    let placed = placed(picture);
    export::write(Export::Mermaid, &drawn(picture, &placed), painting.fixed.theme(), &painting.icons)
}

/// What an export needs of a picture.
fn drawn<'a>(picture: &'a Picture, placed: &'a Placed) -> Drawn<'a> {
    match (&picture.shows, placed) {
        (Shows::Sequence(sequence), Placed::Sequence(arranged)) => Drawn::Sequence(sequence, arranged),
        (_, Placed::Views(laid_out)) => {
            let views = picture.views().iter().zip(laid_out.iter().map(|(_, made)| made));
            Drawn::Views(picture.sheet(), views.collect())
        }
        // The two are made of each other.
        _ => Drawn::Views(picture.sheet(), Vec::new()),
    }
}

/// Where a picture lies in the output folder.
pub fn path(picture: &Picture, format: &str) -> String {
    format!("diagrams/{}.{}", picture.sheet().id, extension(format))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Role, Size};

    #[test]
    fn a_picture_with_a_mistake_says_so() {
        let node = |id: &str| crate::layout::Node {
            id: id.to_owned(),
            parent: None,
            role: Role::Compute,
            tile: Size { w: crate::layout::Fx(64 * 64), h: crate::layout::Fx(64 * 64) },
            text: Size::default(),
            badge: None,
            place: None,
            after: None,
            copy_of: None,
        };
        let graph = Graph { nodes: vec![node("a"), node("b")], ..Graph::default() };
        assert!(judged("prod-network", &check(&graph, &layout(&graph))).is_empty());
        let tile =
            crate::layout::Rect { w: graph.nodes[0].tile.w, h: graph.nodes[0].tile.h, ..Default::default() };
        let spoilt = Layout { tiles: vec![tile, tile], ..layout(&graph) };
        let found = judged("prod-network", &check(&graph, &spoilt));
        let said: Vec<&str> = found.sorted().iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(said, ["the layout of prod-network breaks its promises: 1 node_overlap"]);
    }
}
