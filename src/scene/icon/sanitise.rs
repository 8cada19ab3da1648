//! An SVG that somebody else drew -> shapes and colours, and nothing that could do harm or reach outside.

use super::{ID_MARK, Icon};
use resvg::usvg::roxmltree::{Document, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Reads one icon.
///
/// # Errors
/// What is wrong with it, as a sentence for the user.
pub(super) fn sanitise(svg: &str) -> Result<Icon, String> {
    if svg.len() > MOST_BYTES {
        return Err(format!("the icon is larger than {} KiB", MOST_BYTES / 1024));
    }
    let document =
        Document::parse(svg).map_err(|error| format!("the icon is no well-formed XML: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err("the icon is no SVG: its outermost element must be <svg>".to_owned());
    }
    let mut reader = Reader {
        gradients: gradients(root),
        styles: styles(root),
        colours: BTreeSet::new(),
        out: Vec::new(),
        count: 0,
    };
    for node in root.descendants().filter(is_gradient) {
        reader.gradient(node)?;
    }
    reader.shapes(root, 0)?;
    if reader.count == 0 {
        return Err(
            "the icon has no shape: archgen draws path, circle, rect, line, polyline, polygon, ellipse"
                .to_owned(),
        );
    }
    let (fit, on_grid) = fit(root)?;
    let mut attributes = String::new();
    let own = reader.attributes(root, &INHERITED);
    for (name, value) in &own {
        // On our own grid the place decides the width of the strokes, so that small glyphs stay legible.
        if !(on_grid && name == "stroke-width") {
            attributes.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    if !own.iter().any(|(name, _)| name == "fill" || name == "stroke") {
        attributes.push_str(" fill=\"currentColor\"");
        // Black is what a shape has that says nothing of its colour.
        if reader.colours.len() == 1 && reader.has_bare_shape(root) {
            reader.colours.insert("#000000".to_owned());
        }
    }
    attributes.push_str(&fit);
    let coloured = reader.colours.len() > 1;
    let mut elements = reader.out;
    if let (false, Some(only)) = (coloured, reader.colours.first()) {
        // A drawing of one colour takes that of its place.
        let plain = |text: &str| text.replace(&format!("=\"{only}\""), "=\"currentColor\"");
        attributes = plain(&attributes);
        elements.iter_mut().for_each(|element| *element = plain(element));
    }
    Ok(Icon { attributes, coloured, elements })
}

/// More elements than this are a drawing, not an icon.
const MOST_ELEMENTS: usize = 400;
/// Longer files are not looked at.
const MOST_BYTES: usize = 256 * 1024;
/// Groups nest no deeper.
const DEEPEST: usize = 12;

const SHAPES: [&str; 8] = ["path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "g"];

const ATTRIBUTES: [&str; 29] = [
    "clip-rule",
    "cx",
    "cy",
    "d",
    "fill",
    "fill-opacity",
    "fill-rule",
    "height",
    "opacity",
    "points",
    "r",
    "rx",
    "ry",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "transform",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// What a gradient may say beside what a shape may.
const OF_GRADIENTS: [&str; 15] = [
    "cx",
    "cy",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "offset",
    "r",
    "spreadMethod",
    "stop-color",
    "stop-opacity",
    "x1",
    "x2",
    "y1",
    "y2",
];

/// What the group around an icon takes over from its `svg` element.
const INHERITED: [&str; 6] =
    ["fill", "fill-rule", "stroke", "stroke-linecap", "stroke-linejoin", "stroke-width"];

/// Names and values, in the order of writing.
type Attributes = Vec<(String, String)>;

struct Reader {
    /// The ids of gradients, which shapes may refer to.
    gradients: BTreeSet<String>,
    /// What a style sheet says of classes.
    styles: BTreeMap<String, Vec<(String, String)>>,
    /// The colours that occur.
    colours: BTreeSet<String>,
    out: Vec<String>,
    /// How many shapes there are.
    count: usize,
}

impl Reader {
    fn shapes(&mut self, parent: Node<'_, '_>, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("the icon nests groups deeper than {DEEPEST} levels"));
        }
        for node in parent.children().filter(Node::is_element) {
            let name = node.tag_name().name();
            if !SHAPES.contains(&name) {
                continue;
            }
            self.room()?;
            let text = format!("<{name}{}", written(&self.attributes(node, &ATTRIBUTES)));
            if name == "g" {
                self.out.push(text + ">");
                self.shapes(node, depth + 1)?;
                self.out.push("</g>".to_owned());
            } else {
                self.count += 1;
                self.out.push(text + "/>");
            }
        }
        Ok(())
    }

    fn gradient(&mut self, node: Node<'_, '_>) -> Result<(), String> {
        let Some(id) = node.attribute("id").filter(|id| self.gradients.contains(*id)) else { return Ok(()) };
        self.room()?;
        let mut text = format!("<{} id=\"{ID_MARK}{id}\"", node.tag_name().name());
        let href = node.attributes().find(|attribute| attribute.name() == "href");
        if let Some(other) = href.and_then(|href| href.value().strip_prefix('#'))
            && self.gradients.contains(other)
        {
            text.push_str(&format!(" href=\"#{ID_MARK}{other}\""));
        }
        let attributes = self.attributes(node, &OF_GRADIENTS);
        self.out.push(text + &written(&attributes) + ">");
        for stop in node.children().filter(|child| child.tag_name().name() == "stop") {
            self.room()?;
            let attributes = self.attributes(stop, &OF_GRADIENTS);
            self.out.push(format!("<stop{}/>", written(&attributes)));
        }
        self.out.push(format!("</{}>", node.tag_name().name()));
        Ok(())
    }

    fn room(&self) -> Result<(), String> {
        match self.out.len() < MOST_ELEMENTS {
            true => Ok(()),
            false => Err(format!("the icon has more than {MOST_ELEMENTS} elements")),
        }
    }

    /// The attributes of an element that may pass: its own, then what its classes and its style say.
    fn attributes(&mut self, node: Node<'_, '_>, allowed: &[&str]) -> Attributes {
        let mut all: Attributes = Vec::new();
        let plain = node.attributes().filter(|attribute| attribute.namespace().is_none());
        let mut said: Vec<(String, String)> =
            plain.map(|attribute| (attribute.name().to_owned(), attribute.value().to_owned())).collect();
        for class in node.attribute("class").unwrap_or_default().split_whitespace() {
            said.extend(self.styles.get(class).into_iter().flatten().cloned());
        }
        said.extend(declarations(node.attribute("style").unwrap_or_default()));
        for (name, value) in said {
            let Some(name) = allowed.iter().find(|known| **known == name) else { continue };
            let Some(value) = self.value(&value) else { continue };
            let value = match *name {
                "fill" | "stroke" | "stop-color" => self.colour(value),
                _ => value,
            };
            match all.iter_mut().find(|(known, _)| known == name) {
                Some((_, earlier)) => *earlier = value,
                None => all.push(((*name).to_owned(), value)),
            }
        }
        all
    }

    /// Values are numbers, names and colours, or one of our own gradients; anything that could reach outside is
    /// left out.
    fn value(&self, value: &str) -> Option<String> {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let inner = value.strip_prefix("url(").and_then(|rest| rest.strip_suffix(')'));
        if let Some(id) = inner.and_then(|inner| inner.trim_matches(['"', '\'']).strip_prefix('#')) {
            return self.gradients.contains(id).then(|| format!("url(#{ID_MARK}{id})"));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || " .,-+#()%".contains(c);
        let lower = value.to_ascii_lowercase();
        (value.chars().all(plain) && !lower.contains("url") && !lower.contains("var")).then_some(value)
    }

    /// A colour as it is written here, counted among those that occur.
    fn colour(&mut self, value: String) -> String {
        let value = match value.as_str() {
            "currentColor" | "none" | "inherit" | "transparent" => return value,
            "currentcolor" => return "currentColor".to_owned(),
            _ if value.starts_with("url(") => {
                // A gradient goes from one colour to others.
                self.colours.extend([value.clone(), "gradient".to_owned()]);
                return value;
            }
            "white" => "#ffffff".to_owned(),
            "black" => "#000000".to_owned(),
            _ => value.to_ascii_lowercase(),
        };
        let value = match value.strip_prefix('#').map(|hex| hex.chars().collect::<Vec<_>>()) {
            Some(hex) if hex.len() == 3 => format!("#{0}{0}{1}{1}{2}{2}", hex[0], hex[1], hex[2]),
            _ => value,
        };
        self.colours.insert(value.clone());
        value
    }

    /// Whether a shape gets its colour from nowhere.
    fn has_bare_shape(&self, root: Node<'_, '_>) -> bool {
        let says = |node: &Node<'_, '_>| {
            let classes = node.attribute("class").unwrap_or_default().split_whitespace();
            let mut styled = classes
                .filter_map(|class| self.styles.get(class))
                .flatten()
                .cloned()
                .chain(declarations(node.attribute("style").unwrap_or_default()));
            ["fill", "stroke"].iter().any(|name| node.attribute(*name).is_some())
                || styled.any(|(name, _)| name == "fill" || name == "stroke")
        };
        let shape = |node: &Node<'_, '_>| {
            let name = node.tag_name().name();
            name != "g" && SHAPES.contains(&name)
        };
        let within = |node: &Node<'_, '_>| !node.ancestors().any(|above| above.has_tag_name("defs"));
        root.descendants()
            .filter(shape)
            .filter(within)
            .any(|node| !node.ancestors().any(|above| says(&above)))
    }
}

fn written(attributes: &Attributes) -> String {
    attributes.iter().map(|(name, value)| format!(" {name}=\"{value}\"")).collect()
}

fn is_gradient(node: &Node<'_, '_>) -> bool {
    matches!(node.tag_name().name(), "linearGradient" | "radialGradient")
}

/// The ids of gradients that a reference may name.
fn gradients(root: Node<'_, '_>) -> BTreeSet<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let ids = root.descendants().filter(is_gradient).filter_map(|node| node.attribute("id"));
    ids.filter(|id| !id.is_empty() && id.chars().all(plain)).map(str::to_owned).collect()
}

/// What a style sheet in the icon says of classes; other selectors are passed over.
fn styles(root: Node<'_, '_>) -> BTreeMap<String, Vec<(String, String)>> {
    let mut styles: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for node in root
        .descendants()
        .filter(|node| node.has_tag_name((root.tag_name().namespace().unwrap_or(""), "style")))
    {
        let text: String = node.children().filter_map(|child| child.text()).collect();
        for rule in text.split('}') {
            let Some((selectors, body)) = rule.split_once('{') else { continue };
            for selector in selectors.split(',').map(str::trim) {
                if let Some(class) = selector.strip_prefix('.') {
                    styles.entry(class.to_owned()).or_default().extend(declarations(body));
                }
            }
        }
    }
    styles
}

fn declarations(text: &str) -> Vec<(String, String)> {
    let pairs = text.split(';').filter_map(|pair| pair.split_once(':'));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// The transformation onto the grid of 48 px, and whether the icon is drawn on that grid already.
fn fit(root: Node<'_, '_>) -> Result<(String, bool), String> {
    let number = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok();
    let from_box = root.attribute("viewBox").map(|text| {
        let parts = text.split([' ', ',']).filter(|part| !part.is_empty());
        parts.map(number).collect::<Option<Vec<f64>>>()
    });
    let parts = match from_box {
        Some(parts) => parts,
        None => {
            let side = |name| root.attribute(name).and_then(number);
            side("width").zip(side("height")).map(|(w, h)| vec![0.0, 0.0, w, h])
        }
    };
    let sane = |v: &f64| v.is_finite() && v.abs() < 1e6;
    match parts.as_deref() {
        Some([x, y, w, h]) if *w > 0.001 && *h > 0.001 && [x, y, w, h].into_iter().all(sane) => {
            if (*x, *y, *w, *h) == (0.0, 0.0, 48.0, 48.0) {
                return Ok((String::new(), true));
            }
            // Other packs draw to the border of their box; ours leave 4 px free.
            let scale = 40.0 / w.max(*h);
            let (dx, dy) = (24.0 - scale * (x + w / 2.0), 24.0 - scale * (y + h / 2.0));
            Ok((format!(" transform=\"translate({dx:.3} {dy:.3}) scale({scale:.5})\""), false))
        }
        _ => Err("the icon does not say how large it is: give its <svg> a viewBox".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_icons_lose_what_could_do_harm() {
        let evil = r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24" onload="x()">
            <script>alert(1)</script><style>*{fill:url(http://x)} @import url(http://x);</style><image href="http://x/a.png"/>
            <a xlink:href="javascript:x"><path d="M0 0"/></a><foreignObject/><use href="http://x/#a"/>
            <g onclick="x()"><path d="M1 1h2" fill="url(#a)" style="fill:red;background:url(http://x)" onmouseover="x()" stroke="red"/></g></svg>"##;
        let icon = sanitise(evil).unwrap();
        assert_eq!(icon.elements, ["<g>", "<path d=\"M1 1h2\" stroke=\"red\" fill=\"red\"/>", "</g>"]);
        assert_eq!(
            icon.attributes,
            " fill=\"currentColor\" transform=\"translate(4.000 4.000) scale(1.66667)\""
        );
    }

    #[test]
    fn gradients_get_ids_of_the_picture_and_no_other_reference_passes() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><defs>
            <linearGradient id="a"><stop offset="0" stop-color="#C8511B"/><stop offset="1" stop-color="#F90"/></linearGradient>
            <radialGradient id="b" href="#a"/><linearGradient id="x" href="http://x#a"/></defs>
            <rect width="40" height="40" fill="url(#a)" stroke="url(http://x#a)"/><path d="M1 1" fill="url(#none)"/></svg>"##;
        let icon = sanitise(svg).unwrap();
        assert!(icon.coloured);
        let lines: Vec<String> = icon.elements("p-").collect();
        assert!(lines.contains(&"<linearGradient id=\"p-a\">".to_owned()), "{lines:?}");
        assert!(lines.contains(&"<stop offset=\"1\" stop-color=\"#ff9900\"/>".to_owned()), "{lines:?}");
        assert!(lines.contains(&"<radialGradient id=\"p-b\" href=\"#p-a\">".to_owned()), "{lines:?}");
        assert!(
            lines.contains(&"<rect width=\"40\" height=\"40\" fill=\"url(#p-a)\"/>".to_owned()),
            "{lines:?}"
        );
        assert!(!lines.concat().contains("http"), "{lines:?}");
    }

    #[test]
    fn one_colour_becomes_that_of_the_place_and_several_stay() {
        let of = |body: &str| {
            sanitise(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\">{body}</svg>"))
                .unwrap()
        };
        let one = of("<path d='M0 0' fill='#336791'/><path d='M1 1' style='fill: #336791'/>");
        assert!(!one.coloured);
        assert_eq!(one.elements[1], "<path d=\"M1 1\" fill=\"currentColor\"/>");
        assert!(of("<path d='M0 0' fill='#336791'/><path d='M1 1' fill='#fff'/>").coloured);
        assert!(of("<path d='M0 0' fill='#336791'/><path d='M1 1'/>").coloured, "what says nothing is black");
        assert!(
            of("<style>.a,.b{fill:#111}.b{fill:#222}</style><g class='a'><path d='M0 0' class='b'/></g>")
                .coloured
        );
        assert!(!of("<path d='M0 0'/>").coloured);
    }

    #[test]
    fn what_is_no_icon_is_refused() {
        for bad in [
            "",
            "<svg",
            "<html/>",
            "<svg viewBox='0 0 1 1'/>",
            "<svg viewBox='0 0 1 1'><g/></svg>",
            "<svg><path d='M0 0'/></svg>",
            "<svg viewBox='0 0 x 1'><path/></svg>",
        ] {
            assert!(sanitise(bad).is_err(), "{bad}");
        }
        let deep = format!("<svg viewBox='0 0 1 1'>{}</svg>", "<g>".repeat(100) + &"</g>".repeat(100));
        assert!(sanitise(&deep).is_err());
        assert!(
            sanitise(&format!("<svg viewBox='0 0 1 1'>{}</svg>", "<path d='M0 0'/>".repeat(401))).is_err()
        );
    }
}
