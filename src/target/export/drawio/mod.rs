//! draw.io: a page of diagrams.net with everything where our picture has it, to be edited on.
//!
//! Boxes are parents of what stands in them, so that they move together. Lines are tied to their ends and bend where ours
//! do. Each element is an `object` with the id and kind of the description beside its label.

use std::fmt::Write;

mod text;
mod walk;

pub(super) use walk::sequence;

use super::outline;
use crate::layout::{Class, End, Fx, Layout, Point, Rect};
use crate::render::base64;
use crate::scene::icon::Icons;
use crate::scene::theme::Theme;
use crate::scene::{Paint, class_name};
use crate::view::{Container, Edge, Group, Heads, Node, Sheet, Style, View, caption, card};
use text::{along, attribute, exact, markup, number};

/// Free space around the picture, and above it for the title.
const MARGIN: f64 = 32.0;
const HEAD: f64 = 64.0;

/// Views as a file with a page for each.
pub(super) fn views(sheet: &Sheet, views: &[(&View, &Layout)], theme: &Theme, icons: &Icons) -> String {
    let mut pages = String::new();
    for (view, layout) in views {
        let mut page = Page { view, layout, theme, icons, out: String::new() };
        page.document();
        pages.push_str(&page.out);
    }
    file(sheet, pages)
}

fn file(sheet: &Sheet, pages: String) -> String {
    // A file without a page is none.
    let empty = "<mxGraphModel><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/></root></mxGraphModel>";
    let pages = match pages.is_empty() {
        true => format!("<diagram id=\"{}\" name=\"-\">\n{empty}\n</diagram>\n", attribute(&sheet.id)),
        false => pages,
    };
    format!("<mxfile host=\"archgen\" type=\"device\">\n{pages}</mxfile>\n")
}

struct Page<'a> {
    view: &'a View,
    layout: &'a Layout,
    theme: &'a Theme,
    icons: &'a Icons,
    out: String,
}

/// A box in px, on the page or in its parent.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

/// What an `object` says of itself.
#[derive(Default)]
struct Head<'a> {
    id: String,
    label: String,
    tooltip: String,
    data: Vec<(&'a str, &'a str)>,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn colour(&self, token: impl Into<String>) -> String {
        self.theme.resolve(&Paint::token(token))
    }

    fn document(&mut self) {
        let view = self.view;
        self.head();
        for (at, container) in view.containers.iter().enumerate() {
            self.container(at, container);
        }
        for (at, group) in view.groups.iter().enumerate() {
            self.group(at, group);
        }
        for (at, node) in view.nodes.iter().enumerate() {
            self.node(at, node);
        }
        for (at, edge) in view.edges.iter().enumerate() {
            self.edge(at, edge);
        }
        self.foot();
    }

    fn head(&mut self) {
        let view = self.view;
        let (w, h) = (px(self.layout.size.w) + 2.0 * MARGIN, px(self.layout.size.h) + HEAD + 2.0 * MARGIN);
        let name = if view.sheet.title.is_empty() { &view.sheet.id } else { &view.sheet.title };
        let name = attribute(&caption::clean(name));
        self.line(&format!("<diagram id=\"{}\" name=\"{name}\">", attribute(&view.sheet.id)));
        self.line(&format!(
            "<mxGraphModel dx=\"{0}\" dy=\"{1}\" grid=\"1\" gridSize=\"8\" guides=\"1\" tooltips=\"1\" connect=\"1\" \
             arrows=\"1\" fold=\"1\" page=\"1\" pageScale=\"1\" pageWidth=\"{0}\" pageHeight=\"{1}\" background=\"{2}\" \
             math=\"0\" shadow=\"0\">",
            number(w.ceil()),
            number(h.ceil()),
            self.colour("page"),
        ));
        self.line("<root>");
        self.line("<mxCell id=\"0\"/>");
        self.line("<mxCell id=\"1\" parent=\"0\"/>");
        self.title();
    }

    fn foot(&mut self) {
        for closing in ["</root>", "</mxGraphModel>", "</diagram>"] {
            self.line(closing);
        }
    }

    /// How a line of a class is drawn.
    fn stroke(&self, class: Class) -> String {
        let (width, dash) = match class {
            Class::Request => (1.6, ""),
            Class::Async => (1.6, "dashed=1;dashPattern=6 4;"),
            Class::Replication => (1.8, ""),
            Class::Telemetry => (2.0, "dashed=1;dashPattern=1 4;"),
            Class::Attached => (1.4, "dashed=1;dashPattern=2 3;"),
        };
        format!(
            "strokeWidth={width};{dash}strokeColor={};fontSize=12;{FONT}fontColor={};labelBackgroundColor={};",
            self.colour(format!("line-{}", class_name(class))),
            self.colour("label"),
            self.colour("page"),
        )
    }

    fn title(&mut self) {
        let view = self.view;
        let (title, subtitle) = (caption::clean(&view.sheet.title), caption::clean(&view.sheet.subtitle));
        if title.is_empty() && subtitle.is_empty() {
            return;
        }
        let quiet = self.colour("quiet");
        let label = format!(
            "<b style=\"font-size:22px\">{}</b><br><font color=\"{quiet}\" style=\"font-size:13px\">{}</font>",
            markup(&title),
            markup(&subtitle)
        );
        let style = format!(
            "text;html=1;align=left;verticalAlign=top;whiteSpace=nowrap;fillColor=none;strokeColor=none;{}fontColor={};",
            FONT,
            self.colour("ink")
        );
        let head = Head { id: "title".to_owned(), label, tooltip: String::new(), data: vec![] };
        let w = px(self.layout.size.w).max(320.0);
        self.vertex(&head, &style, "1", Area { x: MARGIN, y: MARGIN / 2.0, w, h: 48.0 }, "");
    }

    fn container(&mut self, at: usize, container: &Container) {
        let Some(area) = self.layout.containers.get(at).map(page) else { return };
        let token = |part: &str| format!("box-{}-{part}", container.style.name());
        let subnet = matches!(
            container.style,
            Style::SubnetPublic | Style::SubnetPrivate | Style::SubnetIsolated | Style::Network
        );
        let fill = match subnet && self.theme.has(&token("fill")) {
            true => self.theme.ground(&[token("fill")]).to_string(),
            false => "none".to_owned(),
        };
        let words = caption::box_title(container);
        let label = self.words(&words.title, &words.quiet, if words.two_lines { "<br>" } else { " &nbsp;" });
        let style = format!(
            "rounded=1;absoluteArcSize=1;arcSize=20;html=1;whiteSpace=wrap;container=1;collapsible=0;expand=0;\
             recursiveResize=0;pointerEvents=0;verticalAlign=top;align=left;spacingLeft=30;spacingTop=1;fontSize=13;\
             {FONT}fontColor={};fillColor={fill};strokeColor={};{}",
            self.colour(token("title")),
            self.colour(token("stroke")),
            border(container.style),
        );
        let head = Head {
            id: container_id(container),
            label,
            tooltip: String::new(),
            data: vec![("archgen", &container.id), ("kind", &container.kind)],
        };
        let (parent, place) = self.inside(container.parent, area);
        self.vertex(&head, &style, &parent, place, "");
        let badge = self.tile(caption::box_icon(container), "network", 18, &self.colour(token("badge")));
        let badge = format!("{badge}absoluteArcSize=1;arcSize=12;connectable=0;movable=0;resizable=0;");
        let own = Head {
            id: format!("{}-badge", head.id),
            label: String::new(),
            tooltip: String::new(),
            data: vec![],
        };
        self.vertex(&own, &badge, &head.id, Area { x: 0.0, y: 0.0, w: 24.0, h: 24.0 }, "");
    }

    /// A frame over leaves of several boxes: it holds none of them, and lets clicks through.
    fn group(&mut self, at: usize, group: &Group) {
        let Some(area) = self.layout.groups.get(at).filter(|frame| frame.w.0 > 0).map(page) else { return };
        let words = caption::group_title(group);
        let style = format!(
            "rounded=1;absoluteArcSize=1;arcSize=20;html=1;whiteSpace=wrap;pointerEvents=0;dashed=1;dashPattern=6 4;\
             verticalAlign=middle;align=center;fontSize=12;labelBackgroundColor=none;strokeWidth=1.6;{FONT}fontColor={};\
             fillColor=none;strokeColor={};",
            self.colour("box-group-title"),
            self.colour("box-group-stroke"),
        );
        // The title has a place of its own, which lines keep off.
        let (frame_label, apart) = match self.layout.group_titles.get(at).filter(|title| title.w.0 > 0) {
            Some(title) => (String::new(), Some(page(title))),
            None => (self.words(&words.title, &words.quiet, " &nbsp;"), None),
        };
        let data = vec![("archgen", group.id.as_str()), ("kind", group.kind.as_str())];
        let head = Head { id: group_id(group), label: frame_label, tooltip: String::new(), data };
        let parent = self.common(&group.members);
        let (parent, place) = self.inside(parent, area);
        self.vertex(&head, &style, &parent, place, "");
        if let Some(title) = apart {
            let style = format!(
                "text;html=1;align=center;verticalAlign=middle;whiteSpace=nowrap;connectable=0;fillColor=none;strokeColor=none;fontSize=12;{FONT}fontColor={};",
                self.colour("box-group-title")
            );
            let label = self.words(&words.title, &words.quiet, "<br>");
            let own = Head { id: format!("{}-title", head.id), label, tooltip: String::new(), data: vec![] };
            let place = Area { x: title.x - area.x, y: title.y - area.y, ..title };
            self.vertex(&own, &style, &head.id, place, "");
        }
    }

    fn node(&mut self, at: usize, node: &Node) {
        let Some(area) = self.layout.tiles.get(at).map(page) else { return };
        let (ink, quiet) = (self.colour("ink"), self.colour("quiet"));
        let fill = self.colour(format!("tile-{}", node.category));
        let small =
            |text: &str| format!("<font color=\"{quiet}\" style=\"font-size:12px\">{}</font>", markup(text));
        let (mut lines, style) = match &node.card {
            None => {
                let words = caption::caption(&node.title, &node.quiet);
                let title: Vec<String> = words.title.iter().map(|line| markup(line)).collect();
                let mut lines = vec![format!("<b>{}</b>", title.join("<br>"))];
                lines.extend((!words.quiet.is_empty()).then(|| small(&words.quiet)));
                let below = "whiteSpace=nowrap;verticalLabelPosition=bottom;verticalAlign=top;labelPosition=center;\
                             align=center;spacingTop=2;";
                (lines, format!("{}{below}", self.tile(&node.icon, &node.category, 48, &fill)))
            }
            // A card lists what it says inside of its border.
            Some(own) => {
                let words = card::words(node, own);
                let mut lines = vec![format!("<b>{}</b>", markup(&words.title.join(" ")))];
                lines.extend((!words.text.is_empty()).then(|| small(&words.text.join(" "))));
                lines.extend(words.rows.iter().map(|row| format!("• {}", markup(row))));
                let page = self.colour("page");
                (lines, format!("whiteSpace=wrap;align=left;spacing=12;fillColor={page};strokeColor={fill};"))
            }
        };
        lines.retain(|line| !line.is_empty());
        let style = format!(
            "{style}rounded=1;absoluteArcSize=1;arcSize=16;html=1;fontSize=14;{FONT}fontColor={ink};"
        );
        let full =
            [&*node.title, &*node.quiet, &*self.view.signs(node), &*node.detail.tip].map(caption::clean);
        let tooltip = full.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
        let mut data = vec![("archgen", node.id.as_str()), ("kind", node.kind.as_str())];
        data.extend((!node.detail.link.is_empty()).then_some(("link", node.detail.link.as_str())));
        let head = Head { id: node_id(node), label: lines.join("<br>"), tooltip, data };
        let (parent, place) = self.inside(node.parent, area);
        self.vertex(&head, &style, &parent, place, "");
        if node.copies > 1 {
            self.badge(&head.id, "copies", &caption::badge_text(node), (&fill, 50, 1.0));
        }
        if let Some(layer) = node.marks.layer {
            self.badge(&head.id, "layer", &layer.to_string(), (&fill, 30, 0.0));
        }
    }

    /// A few words on an upper corner of a leaf: its border's colour, how round it is in per cent, and which corner.
    fn badge(&mut self, leaf: &str, part: &str, words: &str, (colour, round, corner): (&str, u8, f64)) {
        let (ink, page) = (self.colour("ink"), self.colour("page"));
        let style = format!(
            "rounded=1;arcSize={round};html=1;whiteSpace=nowrap;fontSize=12;fontStyle=1;connectable=0;{FONT}\
             fontColor={ink};fillColor={page};strokeColor={colour};strokeWidth=1.5;",
        );
        let w = (words.chars().count() as f64 * 7.0 + 12.0).max(if corner > 0.0 { 24.0 } else { 18.0 });
        let offset = format!("<mxPoint x=\"{}\" y=\"-9\" as=\"offset\"/>", number(-w / 2.0));
        let own =
            Head { id: format!("{leaf}-{part}"), label: markup(words), tooltip: String::new(), data: vec![] };
        self.vertex(&own, &style, leaf, Area { x: corner, y: 0.0, w, h: 18.0 }, &offset);
    }

    fn edge(&mut self, at: usize, edge: &Edge) {
        let Some(route) = self.layout.routes.get(at).filter(|route| route.points.len() > 1) else { return };
        let points: Vec<(f64, f64)> = route.points.iter().map(point).collect();
        let (Some(source), Some(target)) = (self.end(edge.from), self.end(edge.to)) else { return };
        let mut style =
            "edgeStyle=segmentEdgeStyle;rounded=1;arcSize=16;html=1;jettySize=auto;endSize=5;startSize=5;"
                .to_owned();
        for (name, at, (_, area)) in
            [("exit", points[0], &source), ("entry", points[points.len() - 1], &target)]
        {
            let share = |v: f64, from: f64, size: f64| if size > 0.0 { (v - from) / size } else { 0.5 };
            let (x, y) = (share(at.0, area.x, area.w), share(at.1, area.y, area.h));
            let _ = write!(
                style,
                "{name}X={};{name}Y={};{name}Dx=0;{name}Dy=0;{name}Perimeter=0;",
                exact(x),
                exact(y)
            );
        }
        let (start, end) = match edge.heads {
            Heads::End => ("none", "block"),
            Heads::Both => ("block", "block"),
            Heads::None => ("none", "none"),
        };
        let _ = write!(
            style,
            "startArrow={start};startFill=1;endArrow={end};endFill=1;{}",
            self.stroke(edge.class)
        );
        // A trunk's label stands on its first line, as in the picture.
        let own = !edge.label.is_empty() || edge.trunk.is_none();
        let words = if own { outline::label(self.view, edge) } else { caption::clean(&edge.published) };
        let head = Head {
            id: format!("e-{}", edge.id),
            label: markup(&words),
            tooltip: caption::clean(&edge.sentence),
            data: vec![("archgen", &edge.id), ("class", class_name(edge.class))],
        };
        self.open(&head);
        self.line(&format!(
            "<mxCell style=\"{}\" edge=\"1\" parent=\"1\" source=\"{}\" target=\"{}\">",
            attribute(&style),
            attribute(&source.0),
            attribute(&target.0)
        ));
        let (along, aside) = match (route.label.as_ref().or(route.gate.as_ref()), words.is_empty()) {
            (Some(label), false) => along(&points, centre(&page(label))),
            _ => (0.0, (0.0, 0.0)),
        };
        self.line(&format!("<mxGeometry x=\"{}\" relative=\"1\" as=\"geometry\">", exact(along)));
        let between = &points[1..points.len() - 1];
        if !between.is_empty() {
            self.line("<Array as=\"points\">");
            for (x, y) in between {
                self.line(&format!("<mxPoint x=\"{}\" y=\"{}\"/>", number(*x), number(*y)));
            }
            self.line("</Array>");
        }
        if aside != (0.0, 0.0) {
            self.line(&format!(
                "<mxPoint x=\"{}\" y=\"{}\" as=\"offset\"/>",
                number(aside.0),
                number(aside.1)
            ));
        }
        self.line("</mxGeometry>");
        self.line("</mxCell>");
        self.line("</object>");
    }

    /// The cell at an end of a line, and its box on the page.
    fn end(&self, end: End) -> Option<(String, Area)> {
        Some(match end {
            End::Node(at) => (node_id(self.view.nodes.get(at)?), page(self.layout.tiles.get(at)?)),
            End::Container(at) => {
                (container_id(self.view.containers.get(at)?), page(self.layout.containers.get(at)?))
            }
            End::Group(at) => (group_id(self.view.groups.get(at)?), page(self.layout.groups.get(at)?)),
        })
    }

    /// The innermost box around all of some leaves.
    fn common(&self, members: &[usize]) -> Option<usize> {
        let around = |node: usize| {
            let mut chain = Vec::new();
            let mut next = self.view.nodes.get(node).and_then(|node| node.parent);
            while let Some(at) = next {
                chain.push(at);
                next = self.view.containers.get(at).and_then(|container| container.parent);
            }
            chain
        };
        let all: Vec<Vec<usize>> = members.iter().map(|node| around(*node)).collect();
        let first = all.first()?;
        first.iter().copied().find(|at| all.iter().all(|chain| chain.contains(at)))
    }

    /// The cell of a box, and a place on the page as seen from its corner.
    fn inside(&self, parent: Option<usize>, area: Area) -> (String, Area) {
        let around = parent.and_then(|at| self.view.containers.get(at).zip(self.layout.containers.get(at)));
        match around {
            Some((container, outer)) => {
                let outer = page(outer);
                (container_id(container), Area { x: area.x - outer.x, y: area.y - outer.y, ..area })
            }
            None => ("1".to_owned(), area),
        }
    }

    /// Title and quiet text of a box.
    fn words(&self, title: &str, quiet: &str, between: &str) -> String {
        let mut label = if title.is_empty() { String::new() } else { format!("<b>{}</b>", markup(title)) };
        if !quiet.is_empty() {
            let between = if title.is_empty() { "" } else { between };
            let colour = self.colour("quiet");
            let _ = write!(
                label,
                "{between}<font color=\"{colour}\" style=\"font-size:12px\">{}</font>",
                markup(quiet)
            );
        }
        label
    }

    /// The style of a filled square with a glyph.
    fn tile(&self, icon: &str, category: &str, side: u32, fill: &str) -> String {
        let icon = self.icons.icon(self.icons.find(icon, category));
        // Nothing is filled on paper, nor under an icon with colours of its own.
        let plain = self.theme.is_outlined() || icon.coloured;
        let glyph = self.colour(if icon.coloured { "ink" } else { "glyph" });
        let (fill, border) = match plain {
            true => (self.colour("page"), format!("strokeColor={fill};strokeWidth=1.5;")),
            false => (fill.to_owned(), "strokeColor=none;".to_owned()),
        };
        let width = if side < 28 { "2.8" } else { "2" };
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 48 48\" width=\"48\" height=\"48\" color=\"{glyph}\" \
             stroke-width=\"{width}\"><g{}>",
            icon.attributes("i")
        );
        icon.elements("i").for_each(|element| svg.push_str(&element));
        svg.push_str("</g></svg>");
        // Some readers do not pass a colour on to a picture.
        let svg = svg.replace("currentColor", &glyph);
        // `;base64` is left out, as draw.io itself does: a semicolon would end the style.
        format!(
            "shape=label;imageAlign=center;imageVerticalAlign=middle;imageWidth={side};imageHeight={side};\
             image=data:image/svg+xml,{};fillColor={fill};{border}",
            base64(svg.as_bytes())
        )
    }

    fn open(&mut self, head: &Head<'_>) {
        let mut text = format!("<object id=\"{}\" label=\"{}\"", attribute(&head.id), attribute(&head.label));
        if !head.tooltip.is_empty() {
            let _ = write!(text, " tooltip=\"{}\"", attribute(&head.tooltip));
        }
        for (name, value) in &head.data {
            let _ = write!(text, " {name}=\"{}\"", attribute(value));
        }
        self.line(&(text + ">"));
    }

    /// A leaf, box or badge; `more` stands in its geometry, which is then relative to its parent's size.
    fn vertex(&mut self, head: &Head<'_>, style: &str, parent: &str, area: Area, more: &str) {
        self.open(head);
        self.line(&format!(
            "<mxCell style=\"{}\" vertex=\"1\" parent=\"{}\">",
            attribute(style),
            attribute(parent)
        ));
        let Area { x, y, w, h } = area;
        let geometry = format!(
            "<mxGeometry x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            number(x),
            number(y),
            number(w),
            number(h)
        );
        match more {
            "" => self.line(&format!("{geometry} as=\"geometry\"/>")),
            more => self.line(&format!("{geometry} relative=\"1\" as=\"geometry\">{more}</mxGeometry>")),
        }
        self.line("</mxCell>");
        self.line("</object>");
    }
}

const FONT: &str = "fontFamily=Noto Sans;";

fn node_id(node: &Node) -> String {
    format!("n-{}", node.id)
}

fn container_id(container: &Container) -> String {
    format!("c-{}", container.id)
}

fn group_id(group: &Group) -> String {
    format!("g-{}", group.id)
}

/// How a box's border is drawn.
fn border(style: Style) -> &'static str {
    match style {
        Style::Cloud | Style::Network => "strokeWidth=1.3;",
        Style::Region => "strokeWidth=1.5;dashed=1;dashPattern=6 4;",
        Style::Vpc => "strokeWidth=1.8;",
        Style::Zone => "strokeWidth=1.3;dashed=1;dashPattern=4 4;",
        Style::SubnetPublic | Style::SubnetPrivate | Style::SubnetIsolated => "strokeWidth=1;",
        Style::Host => "strokeWidth=1.5;",
        Style::Plain => "strokeWidth=1.3;dashed=1;dashPattern=8 4;",
    }
}

fn px(length: Fx) -> f64 {
    f64::from(length.0) / 64.0
}

fn point(point: &Point) -> (f64, f64) {
    (px(point.x) + MARGIN, px(point.y) + MARGIN + HEAD)
}

fn page(rect: &Rect) -> Area {
    let (x, y) = point(&Point { x: rect.x, y: rect.y });
    Area { x, y, w: px(rect.w), h: px(rect.h) }
}

fn centre(area: &Area) -> (f64, f64) {
    (area.x + area.w / 2.0, area.y + area.h / 2.0)
}
