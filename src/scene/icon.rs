//! Icons by name: our own, compiled in, and the user's, sanitised.
//!
//! An icon is drawn in the colour of its place (`currentColor`), so one file serves tiles, badges and legends.

use resvg::usvg::roxmltree::{Document, Node};
use std::collections::BTreeMap;

/// An icon on the grid of 48 x 48 px.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Icon {
    /// Attributes of the group around the elements, with their leading space.
    pub attributes: String,
    /// Well-formed elements, one a line, nothing in them but shapes.
    pub elements: Vec<String>,
}

/// Where icons come from: the user's own first.
#[derive(Debug, Clone, Default)]
pub struct Icons {
    own: BTreeMap<String, Icon>,
}

impl Icons {
    /// Takes a user's icon in under a name. Only shapes pass (path, circle, rect, line, polyline, polygon,
    /// ellipse, g) and only attributes that say form and colour: no script, style, link or picture.
    ///
    /// # Errors
    /// What is wrong with the text, as a sentence for the user.
    pub fn add(&mut self, name: &str, svg: &str) -> Result<(), String> {
        self.own.insert(name.to_owned(), sanitise(svg)?);
        Ok(())
    }

    /// The icon of a name with the name it is found by. Where the name is not known, the glyph of the category
    /// stands for it, and where that is not known either, a placeholder.
    pub fn find(&self, name: &str, category: &str) -> (String, Icon) {
        if let Some(icon) = self.own.get(name) {
            return (name.to_owned(), icon.clone());
        }
        let known = |name: &str| BUILT_IN.binary_search_by(|(key, _)| (*key).cmp(name)).ok();
        let fallback =
            CATEGORIES.iter().find(|(key, _)| *key == category).map_or(PLACEHOLDER, |(_, icon)| icon);
        let Some(at) = known(name).or_else(|| known(fallback)) else {
            return (name.to_owned(), Icon::default());
        };
        let (name, svg) = BUILT_IN[at];
        (name.to_owned(), sanitise(svg).unwrap_or_default())
    }

    /// Whether a name has an icon of its own.
    pub fn has(&self, name: &str) -> bool {
        self.own.contains_key(name) || BUILT_IN.iter().any(|(key, _)| *key == name)
    }
}

const PLACEHOLDER: &str = "component";

/// The glyph of a kind without an icon, by category.
const CATEGORIES: &[(&str, &str)] = &[
    ("actor", "user"),
    ("compute", "service"),
    ("database", "database"),
    ("delivery", "pipeline"),
    ("external", "external"),
    ("integration", "queue"),
    ("management", "monitoring"),
    ("network", "network"),
    ("security", "waf"),
    ("storage", "bucket"),
];

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

/// What the group around an icon takes over from its `svg` element.
const INHERITED: [&str; 6] =
    ["fill", "fill-rule", "stroke", "stroke-linecap", "stroke-linejoin", "stroke-width"];

fn sanitise(svg: &str) -> Result<Icon, String> {
    if svg.len() > MOST_BYTES {
        return Err(format!("the icon is larger than {} KiB", MOST_BYTES / 1024));
    }
    let document =
        Document::parse(svg).map_err(|error| format!("the icon is no well-formed XML: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err("the icon is no SVG: its outermost element must be <svg>".to_owned());
    }
    let mut elements = Vec::new();
    shapes(root, 0, &mut elements)?;
    if elements.is_empty() {
        return Err(
            "the icon has no shape: archgen draws path, circle, rect, line, polyline, polygon, ellipse"
                .to_owned(),
        );
    }
    let (fit, on_grid) = fit(root)?;
    let mut attributes = String::new();
    for name in INHERITED {
        // On our own grid the place decides the width of the strokes, so that small glyphs stay legible.
        let Some(value) = root.attribute(name).filter(|_| !(on_grid && name == "stroke-width")) else {
            continue;
        };
        push_attribute(&mut attributes, name, value);
    }
    if root.attribute("fill").is_none() && root.attribute("stroke").is_none() {
        attributes.push_str(" fill=\"currentColor\"");
    }
    attributes.push_str(&fit);
    Ok(Icon { attributes, elements })
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

fn shapes(parent: Node<'_, '_>, depth: usize, out: &mut Vec<String>) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("the icon nests groups deeper than {DEEPEST} levels"));
    }
    for node in parent.children().filter(Node::is_element) {
        let name = node.tag_name().name();
        if !SHAPES.contains(&name) {
            continue;
        }
        if out.len() >= MOST_ELEMENTS {
            return Err(format!("the icon has more than {MOST_ELEMENTS} elements"));
        }
        let mut text = format!("<{name}");
        for attribute in
            node.attributes().filter(|a| a.namespace().is_none() && ATTRIBUTES.contains(&a.name()))
        {
            push_attribute(&mut text, attribute.name(), attribute.value());
        }
        if name == "g" {
            out.push(text + ">");
            shapes(node, depth + 1, out)?;
            out.push("</g>".to_owned());
        } else {
            out.push(text + "/>");
        }
    }
    Ok(())
}

/// Values are numbers, names and colours; anything that could reach outside is left out.
fn push_attribute(text: &mut String, name: &str, value: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || " .,-+#()%\t\n\r".contains(c);
    let lower = value.to_ascii_lowercase();
    if value.chars().all(plain) && !lower.contains("url") && !lower.contains("var") {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&format!(" {name}=\"{value}\""));
    }
}

/// All our own icons, in order of their names.
const BUILT_IN: &[(&str, &str)] = &[
    ("alarm", include_str!("../../icons/alarm.svg")),
    ("api-gateway", include_str!("../../icons/api-gateway.svg")),
    ("backup", include_str!("../../icons/backup.svg")),
    ("bastion", include_str!("../../icons/bastion.svg")),
    ("bucket", include_str!("../../icons/bucket.svg")),
    ("cache", include_str!("../../icons/cache.svg")),
    ("cdn", include_str!("../../icons/cdn.svg")),
    ("certificate", include_str!("../../icons/certificate.svg")),
    ("cloud", include_str!("../../icons/cloud.svg")),
    ("cluster", include_str!("../../icons/cluster.svg")),
    ("column-db", include_str!("../../icons/column-db.svg")),
    ("component", include_str!("../../icons/component.svg")),
    ("dashboard", include_str!("../../icons/dashboard.svg")),
    ("database", include_str!("../../icons/database.svg")),
    ("dns", include_str!("../../icons/dns.svg")),
    ("document-db", include_str!("../../icons/document-db.svg")),
    ("env-file", include_str!("../../icons/env-file.svg")),
    ("event-bus", include_str!("../../icons/event-bus.svg")),
    ("external", include_str!("../../icons/external.svg")),
    ("external-api", include_str!("../../icons/external-api.svg")),
    ("file-share", include_str!("../../icons/file-share.svg")),
    ("firewall", include_str!("../../icons/firewall.svg")),
    ("function", include_str!("../../icons/function.svg")),
    ("graph-db", include_str!("../../icons/graph-db.svg")),
    ("identity", include_str!("../../icons/identity.svg")),
    ("internet", include_str!("../../icons/internet.svg")),
    ("internet-gateway", include_str!("../../icons/internet-gateway.svg")),
    ("key-value", include_str!("../../icons/key-value.svg")),
    ("load-balancer", include_str!("../../icons/load-balancer.svg")),
    ("logs", include_str!("../../icons/logs.svg")),
    ("mail", include_str!("../../icons/mail.svg")),
    ("monitoring", include_str!("../../icons/monitoring.svg")),
    ("nat-gateway", include_str!("../../icons/nat-gateway.svg")),
    ("network", include_str!("../../icons/network.svg")),
    ("pipeline", include_str!("../../icons/pipeline.svg")),
    ("proxy", include_str!("../../icons/proxy.svg")),
    ("queue", include_str!("../../icons/queue.svg")),
    ("region", include_str!("../../icons/region.svg")),
    ("registry", include_str!("../../icons/registry.svg")),
    ("repository", include_str!("../../icons/repository.svg")),
    ("scheduler", include_str!("../../icons/scheduler.svg")),
    ("search", include_str!("../../icons/search.svg")),
    ("secrets", include_str!("../../icons/secrets.svg")),
    ("server", include_str!("../../icons/server.svg")),
    ("server-group", include_str!("../../icons/server-group.svg")),
    ("service", include_str!("../../icons/service.svg")),
    ("static-site", include_str!("../../icons/static-site.svg")),
    ("step-approve", include_str!("../../icons/step-approve.svg")),
    ("step-build", include_str!("../../icons/step-build.svg")),
    ("step-deploy", include_str!("../../icons/step-deploy.svg")),
    ("step-jobs", include_str!("../../icons/step-jobs.svg")),
    ("step-push", include_str!("../../icons/step-push.svg")),
    ("step-run", include_str!("../../icons/step-run.svg")),
    ("step-scan", include_str!("../../icons/step-scan.svg")),
    ("step-test", include_str!("../../icons/step-test.svg")),
    ("step-try", include_str!("../../icons/step-try.svg")),
    ("stream", include_str!("../../icons/stream.svg")),
    ("subnet-isolated", include_str!("../../icons/subnet-isolated.svg")),
    ("subnet-private", include_str!("../../icons/subnet-private.svg")),
    ("subnet-public", include_str!("../../icons/subnet-public.svg")),
    ("swarm", include_str!("../../icons/swarm.svg")),
    ("time-series", include_str!("../../icons/time-series.svg")),
    ("topic", include_str!("../../icons/topic.svg")),
    ("trigger-proposal", include_str!("../../icons/trigger-proposal.svg")),
    ("trigger-push", include_str!("../../icons/trigger-push.svg")),
    ("trigger-tag", include_str!("../../icons/trigger-tag.svg")),
    ("user", include_str!("../../icons/user.svg")),
    ("users", include_str!("../../icons/users.svg")),
    ("volume", include_str!("../../icons/volume.svg")),
    ("vpc", include_str!("../../icons/vpc.svg")),
    ("vpn", include_str!("../../icons/vpn.svg")),
    ("waf", include_str!("../../icons/waf.svg")),
    ("worker", include_str!("../../icons/worker.svg")),
    ("zone", include_str!("../../icons/zone.svg")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_folder() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/icons")).unwrap();
        let mut files: Vec<String> = folder.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let listed: Vec<String> = BUILT_IN.iter().map(|(name, _)| format!("{name}.svg")).collect();
        let mut sorted = listed.clone();
        sorted.sort();
        assert_eq!(sorted, files);
        assert!(BUILT_IN.is_sorted_by_key(|(name, _)| *name), "names are found by halving");
    }

    #[test]
    fn our_own_icons_pass_unchanged() {
        for (name, svg) in BUILT_IN {
            let icon = sanitise(svg).unwrap();
            let drawn = svg.lines().filter(|line| line.starts_with("  <")).count();
            assert_eq!(icon.elements.len(), drawn, "{name}");
            assert!(drawn <= 9 && svg.contains("viewBox=\"0 0 48 48\""), "{name}");
            assert!(!icon.attributes.contains("transform"), "{name}");
        }
    }

    #[test]
    fn categories_and_placeholder_exist() {
        let icons = Icons::default();
        assert!(CATEGORIES.iter().all(|(_, name)| icons.has(name)));
        assert_eq!(icons.find("nothing", "database").0, "database");
        assert_eq!(icons.find("nothing", "nothing").0, PLACEHOLDER);
    }

    #[test]
    fn user_icons_lose_what_could_do_harm() {
        let mut icons = Icons::default();
        let evil = r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24" onload="x()">
            <script>alert(1)</script><style>*{fill:url(http://x)}</style><image href="http://x/a.png"/>
            <a xlink:href="javascript:x"><path d="M0 0"/></a><foreignObject/>
            <g onclick="x()"><path d="M1 1h2" fill="url(#a)" style="fill:red" onmouseover="x()" stroke="red"/></g></svg>"##;
        icons.add("evil", evil).unwrap();
        let icon = icons.find("evil", "").1;
        assert_eq!(icon.elements, ["<g>", "<path d=\"M1 1h2\" stroke=\"red\"/>", "</g>"]);
        assert_eq!(
            icon.attributes,
            " fill=\"currentColor\" transform=\"translate(4.000 4.000) scale(1.66667)\""
        );
    }

    #[test]
    fn what_is_no_icon_is_refused() {
        let mut icons = Icons::default();
        for bad in [
            "",
            "<svg",
            "<html/>",
            "<svg viewBox='0 0 1 1'/>",
            "<svg><path d='M0 0'/></svg>",
            "<svg viewBox='0 0 x 1'><path/></svg>",
        ] {
            assert!(icons.add("bad", bad).is_err(), "{bad}");
        }
        let deep = format!("<svg viewBox='0 0 1 1'>{}</svg>", "<g>".repeat(100) + &"</g>".repeat(100));
        assert!(icons.add("bad", &deep).is_err());
    }
}
