//! Elements of a picture.
//!
//! An element is written `CLASS [ID] [NAME=VALUE …] ["TEXT" …] [in ID …]`: the class of its group in the SVG (`node`,
//! `container`, `group`, `edge`, `legend` …), its `data-id`, other `data-` attributes, texts that are seen on it or on its
//! title or label (or are part of its tooltip), and boxes or frames that it is drawn inside of. `node db@a kind=postgres
//! "Multi-AZ" in data@a in vpc` is the tile of `db` in zone a, inside the subnet's box and the network's.

use resvg::usvg::roxmltree::{Document, Node};

struct Element {
    class: String,
    id: Option<String>,
    attributes: Vec<(String, String)>,
    texts: Vec<String>,
    inside: Vec<String>,
}

/// Splits the words of an element; those in quotes may have spaces.
fn words(text: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    for (number, part) in text.split('"').enumerate() {
        match number % 2 == 1 {
            true => found.push((true, part.to_owned())),
            false => found.extend(part.split_whitespace().map(|word| (false, word.to_owned()))),
        }
    }
    found
}

fn parse(text: &str) -> Element {
    let mut words = words(text).into_iter();
    let class = words.next().filter(|(quoted, _)| !quoted).expect("an element begins with its class").1;
    let mut element = Element { class, id: None, attributes: vec![], texts: vec![], inside: vec![] };
    while let Some((quoted, word)) = words.next() {
        if quoted {
            element.texts.push(word);
        } else if word == "in" {
            element.inside.push(words.next().expect("`in` names a box").1);
        } else if let Some((name, value)) = word.split_once('=') {
            element.attributes.push((format!("data-{name}"), value.to_owned()));
        } else {
            assert!(element.id.is_none(), "`{text}` has two ids");
            element.id = Some(word);
        }
    }
    element
}

/// Left, top, right and bottom of the first rectangle of a group.
fn bounds(group: Node<'_, '_>) -> Option<[f64; 4]> {
    let rect = group.descendants().find(|node| node.has_tag_name("rect"))?;
    let number = |name: &str| rect.attribute(name)?.parse::<f64>().ok();
    let (x, y) = (number("x")?, number("y")?);
    Some([x, y, x + number("width")?, y + number("height")?])
}

fn is_inside(inner: [f64; 4], outer: [f64; 4]) -> bool {
    inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

fn texts(group: Node<'_, '_>) -> Vec<String> {
    let is_text = |node: &Node<'_, '_>| node.has_tag_name("text") || node.has_tag_name("title");
    let text_of = |node: Node<'_, '_>| -> String {
        node.descendants().filter(Node::is_text).filter_map(|piece| piece.text()).collect()
    };
    let found: Vec<String> = group.descendants().filter(is_text).map(text_of).collect();
    // A text that is broken into lines reads as one.
    let all = found.join(" ");
    found.into_iter().chain([all]).collect()
}

/// Looks for an element; otherwise says what is not there.
pub(crate) fn see(svg: &str, element: &str) -> Result<(), String> {
    let wanted = parse(element);
    let document = Document::parse(svg).map_err(|error| error.to_string())?;
    let has_class = |node: &Node<'_, '_>, class: &str| node.attribute("class") == Some(class);
    let groups: Vec<Node<'_, '_>> = document.descendants().filter(|node| node.has_tag_name("g")).collect();
    let found: Vec<Node<'_, '_>> = groups
        .iter()
        .copied()
        .filter(|node| has_class(node, &wanted.class))
        .filter(|node| wanted.id.is_none() || node.attribute("data-id") == wanted.id.as_deref())
        .filter(|node| wanted.attributes.iter().all(|(name, value)| node.attribute(&**name) == Some(value)))
        .collect();
    if found.is_empty() {
        return Err(format!("there is no `{element}`"));
    }
    let all_texts = |node: Node<'_, '_>| -> Vec<String> {
        let id = node.attribute("data-id");
        let titles = ["container-title", "group-title", "label"];
        let own = groups.iter().filter(|group| {
            id.is_some()
                && group.attribute("data-id") == id
                && titles.iter().any(|class| has_class(group, class))
        });
        own.copied().chain([node]).flat_map(texts).collect()
    };
    let said = |node: Node<'_, '_>| {
        let all = all_texts(node);
        wanted.texts.iter().all(|text| all.iter().any(|part| part.contains(text)))
    };
    let found: Vec<Node<'_, '_>> = found.into_iter().filter(|node| said(*node)).collect();
    if found.is_empty() {
        return Err(format!(
            "no `{} {}` says {:?}",
            wanted.class,
            wanted.id.unwrap_or_default(),
            wanted.texts
        ));
    }
    for outer in &wanted.inside {
        let around = groups.iter().find(|group| {
            group.attribute("data-id") == Some(outer)
                && (has_class(group, "container") || has_class(group, "group"))
        });
        let around = around.and_then(|group| bounds(*group)).ok_or(format!("there is no box `{outer}`"))?;
        if !found.iter().any(|node| bounds(*node).is_some_and(|inner| is_inside(inner, around))) {
            return Err(format!("`{element}` is not drawn inside of `{outer}`"));
        }
    }
    Ok(())
}

#[test]
fn elements_are_found_by_class_id_attributes_texts_and_place() {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg"><g class="container" data-id="vpc"><rect x="0" y="0" width="90" height="90"/></g>
<g class="container-title" data-id="vpc"><text>10.0.0.0/16</text></g><g class="node" data-id="db" data-kind="postgres">
<title>Data: x</title><rect x="10" y="10" width="64" height="64"/><text>Main</text><text>database</text></g>
<g class="node" data-id="users"><rect x="200" y="10" width="64" height="64"/></g></svg>"#;
    for element in [
        "node db kind=postgres in vpc",
        "container vpc \"10.0.0.0/16\"",
        "node \"Main database\"",
        "node users",
    ] {
        assert_eq!(see(svg, element), Ok(()), "{element}");
    }
    for element in
        ["node db kind=mysql", "node users in vpc", "node db \"Other\"", "edge db", "node db in cloud"]
    {
        assert!(see(svg, element).is_err(), "{element}");
    }
}
