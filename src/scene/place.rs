//! Containers and overlays.

use super::canvas::{Canvas, On};
use super::stage::{Stage, anchored, px, rect, stroke, text, text_width};
use super::{Anchor, Box4, Group, Item, Paint, Step, Tenths};
use crate::view::caption::{self, BESIDE_BADGE, BoxTitle};
use crate::view::{Container, Style};

/// Side of the badge in a container's corner.
const BADGE: Tenths = px(24);
const RADIUS: Tenths = px(10);
/// Width of the strip that tells a place where nothing is filled.
const BAND: Tenths = px(10);

/// Paints all containers: the boxes at the back, their badges and titles above the lines.
pub(super) fn containers(canvas: &mut Canvas<'_>, stage: &Stage<'_>) {
    let view = stage.view;
    for (at, container) in view.containers.iter().enumerate() {
        let Some(&place) = stage.boxes.get(at) else { continue };
        let tokens = stage.tokens(at);
        let border = border(container.style, &tokens);
        let inside = fill(container.style, &tokens);
        let items = match canvas.outlined && has_pattern(container.style) {
            true => vec![
                rect(place, RADIUS, inside, None),
                band(place, tokens.trim_start_matches("box-")),
                rect(place, RADIUS, Paint::None, border),
            ],
            false => vec![rect(place, RADIUS, inside, border)],
        };
        let group = Group {
            id: canvas.id("c", &container.id),
            class: "container",
            data: data(container),
            title: sentence(&container.title, &container.quiet),
            items,
            ..Group::default()
        };
        canvas.push(On::Places, group);
        let items = title(canvas, container, place, &tokens);
        let named = vec![("id", container.id.clone())];
        canvas.push(On::Titles, Group { class: "container-title", data: named, items, ..Group::default() });
    }
}

/// How a container's border is drawn; also for its sample in the legend.
pub(super) fn border(style: Style, tokens: &str) -> Option<super::Stroke> {
    let (width, dash) = match style {
        Style::Cloud | Style::Network => (13, ""),
        Style::Region => (15, "6 4"),
        Style::Vpc => (18, ""),
        Style::Zone => (13, "4 4"),
        Style::SubnetPublic | Style::SubnetPrivate | Style::SubnetIsolated => (10, ""),
        Style::Host => (15, ""),
        Style::Plain => (13, "8 4"),
    };
    stroke(Paint::Token(format!("{tokens}-stroke")), width, dash)
}

/// Subnets are opaque, so that labels can take exactly their colour; networks may overlap and are not.
pub(super) fn fill(style: Style, tokens: &str) -> Paint {
    match style {
        Style::SubnetPublic | Style::SubnetPrivate | Style::SubnetIsolated => {
            Paint::Ground(vec![format!("{tokens}-fill")])
        }
        Style::Network => Paint::Token(format!("{tokens}-fill")),
        _ => Paint::None,
    }
}

/// Whether a place is told by its fill, and so by a pattern where nothing is filled.
pub(super) fn has_pattern(style: Style) -> bool {
    use Style::{Network, SubnetIsolated, SubnetPrivate, SubnetPublic};
    matches!(style, SubnetPublic | SubnetPrivate | SubnetIsolated | Network)
}

/// A strip of the pattern at the left border, below the badge: beside texts, not under them.
fn band((x, y, _, h): Box4, place: &str) -> Item {
    let bottom = y + h;
    let steps = vec![
        Step::Move(x, y + BADGE),
        Step::Line(x + BAND, y + BADGE),
        Step::Line(x + BAND, bottom),
        Step::Line(x + RADIUS, bottom),
        Step::Arc(RADIUS, true, x, bottom - RADIUS),
        Step::Close,
    ];
    Item::Path { steps, fill: Paint::Pattern(place.to_owned()), stroke: None }
}

fn data(container: &Container) -> Vec<(&'static str, String)> {
    vec![
        ("id", container.id.clone()),
        ("kind", container.kind.clone()),
        ("style", container.style.name().to_owned()),
    ]
}

fn sentence(title: &str, quiet: &str) -> String {
    let separator = if title.is_empty() || quiet.is_empty() { "" } else { ", " };
    caption::clean(&format!("{title}{separator}{quiet}"))
}

fn title(canvas: &mut Canvas<'_>, container: &Container, place: Box4, tokens: &str) -> Vec<Item> {
    let (x, y, _, _) = place;
    let BoxTitle { title, quiet, two_lines, .. } = caption::box_title(container);
    let inner = px(6);
    let icon = caption::box_icon(container);
    let coloured = canvas.is_coloured(icon, "network");
    let badge = Item::Path {
        steps: vec![
            Step::Move(x, y + BADGE),
            Step::Line(x, y + RADIUS),
            Step::Arc(RADIUS, true, x + RADIUS, y),
            Step::Line(x + BADGE, y),
            Step::Line(x + BADGE, y + BADGE - inner),
            Step::Arc(inner, true, x + BADGE - inner, y + BADGE),
            Step::Close,
        ],
        fill: if coloured { Paint::token("page") } else { Paint::Token(format!("{tokens}-badge")) },
        stroke: (coloured || canvas.outlined)
            .then(|| Paint::Token(format!("{tokens}-stroke")))
            .and_then(|ink| stroke(ink, 10, "")),
    };
    let ink = if coloured { Paint::token("ink") } else { Paint::token("glyph") };
    let icon = caption::box_icon(container);
    let glyph = canvas.glyph(icon, "network", (x + px(3), y + px(3)), px(18), ink);
    let start = x + px(BESIDE_BADGE);
    let mut items = vec![badge, glyph];
    if !title.is_empty() {
        let ink = Paint::Token(format!("{tokens}-title"));
        items.push(text((start, y + px(17)), 13, true, ink, title.clone()));
    }
    if !quiet.is_empty() {
        let beside = if title.is_empty() { start } else { start + text_width(&title, 13, true) + px(8) };
        let at = if two_lines { (start, y + px(33)) } else { (beside, y + px(17)) };
        items.push(text(at, 12, false, Paint::token("quiet"), quiet));
    }
    items
}

/// Paints the frames over several containers, with their titles where no line runs.
pub(super) fn overlays(canvas: &mut Canvas<'_>, stage: &Stage<'_>) {
    let view = stage.view;
    for (at, group) in view.groups.iter().enumerate() {
        let Some(&frame) = stage.frames.get(at).filter(|frame| frame.2 > 0 && frame.3 > 0) else { continue };
        let border = stroke(Paint::token("box-group-stroke"), 16, "6 4");
        let outline = rect(frame, RADIUS, Paint::token("box-group-fill"), border);
        let painted = Group {
            id: canvas.id("g", &group.id),
            class: "group",
            data: vec![("id", group.id.clone()), ("kind", group.kind.clone())],
            title: sentence(&group.title, &group.quiet),
            items: vec![outline],
            ..Group::default()
        };
        canvas.push(On::Overlays, painted);
        let words = caption::group_title(group);
        if words.title.is_empty() {
            continue;
        }
        let items = match stage.frame_titles.get(at).filter(|title| title.2 > 0) {
            Some(&place) => title_in_gap(canvas, &group.icon, &words, place),
            None => title_on_border(canvas, stage, &group.icon, &words, frame),
        };
        let named = vec![("id", group.id.clone())];
        canvas.push(On::Titles, Group { class: "group-title", data: named, items, ..Group::default() });
    }
}

/// The title where the layout kept a place free: glyph and title, and the quiet line below.
fn title_in_gap(canvas: &mut Canvas<'_>, icon: &str, words: &BoxTitle, place: Box4) -> Vec<Item> {
    let ink = Paint::token("box-group-title");
    let middle = place.0 + place.2 / 2;
    let first = text_width(&words.title, 12, true) + px(25);
    let left = middle - first / 2;
    let glyph = canvas.glyph(icon, "compute", (left, place.1), px(20), ink.clone());
    let mut items = vec![glyph, text((left + px(25), place.1 + px(15)), 12, true, ink, words.title.clone())];
    if !words.quiet.is_empty() {
        let quiet = text((middle, place.1 + px(32)), 12, false, Paint::token("quiet"), words.quiet.clone());
        items.push(anchored(quiet, Anchor::Middle));
    }
    items
}

/// The title as a chip on the upper border, moved to the right past lines that cross the border.
fn title_on_border(
    canvas: &mut Canvas<'_>,
    stage: &Stage<'_>,
    icon: &str,
    words: &BoxTitle,
    frame: Box4,
) -> Vec<Item> {
    let (x, y, w, _) = frame;
    let bold = text_width(&words.title, 12, true);
    let quiet = if words.quiet.is_empty() { 0 } else { text_width(&words.quiet, 12, false) + px(8) };
    let wide = px(6 + 16 + 5) + bold + quiet + px(6);
    let last = (x + w - wide - px(8)).max(x + px(16));
    let mut left = x + px(16);
    let blocked = |left: Tenths| {
        stage.runs.iter().any(|run| run.hits((left - px(4), y - px(10), wide + px(8), px(20))))
    };
    while blocked(left) && left + px(8) <= last {
        left += px(8);
    }
    if blocked(left) {
        left = x + px(16);
    }
    let chip = rect((left, y - px(10), wide, px(20)), px(6), stage.ground((left + wide / 2, y + 1)), None);
    let ink = Paint::token("box-group-title");
    let glyph = canvas.glyph(icon, "compute", (left + px(6), y - px(8)), px(16), ink.clone());
    let start = left + px(27);
    let mut items = vec![chip, glyph, text((start, y + 43), 12, true, ink, words.title.clone())];
    if quiet > 0 {
        let at = (start + bold + px(8), y + 43);
        items.push(text(at, 12, false, Paint::token("quiet"), words.quiet.clone()));
    }
    items
}
