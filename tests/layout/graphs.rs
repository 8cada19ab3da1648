//! Graphs for the layout's tests: the text form of the files beside this one, and generated ones.
//!
//! ```text
//! C id parent sort title | quiet        parent: a container or - for the page
//! N id parent role title | quiet
//! B leaf badge
//! G id member,member title
//! E from to class label                 ends: leaf, group or container; class/1 for a line of trunk 1; group:a,b for one that
//!                                       speaks for leaves a and b of the group
//! P container label                     the line before has a label on the border of a container
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use archgen::layout::{
    Class, Container, Direction, Edge, End, Fx, Gate, Graph, Group, Node, Rect, Role, Size, Sort,
};

/// Whole pixels.
pub(crate) fn px(pixels: usize) -> Fx {
    Fx(i32::try_from(pixels * 64).expect("a sane size"))
}

/// A size in whole pixels.
pub(crate) fn size(w: usize, h: usize) -> Size {
    Size { w: px(w), h: px(h) }
}

/// About the width of a text, narrow or bold.
fn wide(text: &str, per_char: usize) -> usize {
    text.chars().map(|c| if c > '\u{2e80}' { 2 } else { 1 }).sum::<usize>() * per_char
}

/// Reads one of the files beside this one.
pub(crate) fn read(name: &str) -> Graph {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layout").join(name).with_extension("txt");
    parse(&std::fs::read_to_string(&path).expect("the graph is readable"))
}

/// All files beside this one.
pub(crate) fn all() -> Vec<(String, Graph)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layout");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is readable")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".txt").map(str::to_owned))
        .collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

/// Reads the text form.
pub(crate) fn parse(text: &str) -> Graph {
    let mut graph = Graph::default();
    let mut boxes: BTreeMap<String, usize> = BTreeMap::new();
    let mut leaves: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let rest = |n: usize| fields.get(n..).unwrap_or_default().join(" ");
        match fields.first().copied() {
            Some("C") => {
                let sort = sort(fields[3]);
                let text = rest(4);
                let (title, quiet) = text.split_once('|').unwrap_or((&text, ""));
                let (title, quiet) = (title.trim(), quiet.trim());
                // Subnets are narrow: their second text stands on a line of its own.
                let title = match (sort, quiet.is_empty()) {
                    (Sort::Tier(_), false) => size(31 + wide(title, 8).max(wide(quiet, 7)), 38),
                    (_, true) => size(31 + wide(title, 8), 24),
                    _ => size(31 + wide(title, 8) + 8 + wide(quiet, 7), 24),
                };
                boxes.insert(fields[1].to_owned(), graph.containers.len());
                let parent = boxes.get(fields[2]).copied();
                graph.containers.push(Container { id: fields[1].to_owned(), parent, sort, title });
            }
            Some("N") => {
                let text = rest(4);
                let (title, quiet) = text.split_once('|').unwrap_or((&text, ""));
                let (title, quiet) = (title.trim(), quiet.trim());
                let text = size(wide(title, 8).max(wide(quiet, 7)), if quiet.is_empty() { 20 } else { 37 });
                leaves.insert(fields[1].to_owned(), graph.nodes.len());
                graph.nodes.push(Node {
                    id: fields[1].to_owned(),
                    parent: boxes.get(fields[2]).copied(),
                    role: role(fields[3]),
                    tile: size(64, 64),
                    text,
                    badge: None,
                    place: None,
                    after: None,
                    copy_of: None,
                });
            }
            Some("B") => {
                let w = wide(&rest(2), 8) + 12;
                let corner = Rect { x: Fx(4 * 64 - px(w).0 / 2), y: Fx(-17 * 64), w: px(w), h: px(18) };
                graph.nodes[leaves[fields[1]]].badge = Some(corner);
            }
            Some("G") => {
                let title = rest(3);
                let longest = title.split('|').map(|part| wide(part.trim(), 7)).max().unwrap_or(0);
                groups.insert(fields[1].to_owned(), graph.groups.len());
                graph.groups.push(Group {
                    id: fields[1].to_owned(),
                    members: fields[2].split(',').map(|id| leaves[id]).collect(),
                    title: size(longest + 24, if title.contains('|') { 40 } else { 20 }),
                });
            }
            Some("E") => {
                let end = |id: &str| {
                    let leaf = leaves.get(id).map(|&v| End::Node(v));
                    let group = groups.get(id).map(|&g| End::Group(g));
                    leaf.or(group).or_else(|| boxes.get(id).map(|&c| End::Container(c))).expect("a known end")
                };
                let label = rest(4);
                let (flow, trunk) = match fields[3].split_once('/') {
                    Some((flow, trunk)) => (flow, Some(trunk)),
                    None => (fields[3], None),
                };
                let (from, speakers) = fields[1].split_once(':').unwrap_or((fields[1], ""));
                graph.edges.push(Edge {
                    id: format!("{from}->{}", fields[2]),
                    from: end(from),
                    to: end(fields[2]),
                    class: class(flow),
                    trunk: trunk.map(|n| n.parse().expect("a trunk's number")),
                    label: (!label.is_empty()).then(|| size(wide(&label, 7) + 12, 20)),
                    gate: None,
                    speakers: speakers.split(',').filter_map(|id| leaves.get(id).copied()).collect(),
                });
            }
            Some("P") => {
                let line = graph.edges.last_mut().expect("a line stands before its label");
                line.gate =
                    Some(Gate { container: boxes[fields[1]], size: size(wide(&rest(2), 8) + 16, 20) });
            }
            _ => {}
        }
    }
    graph
}

fn sort(word: &str) -> Sort {
    match word {
        "outer" => Sort::Outer,
        "region" => Sort::Region,
        "network" => Sort::Network,
        "zone" => Sort::Zone,
        "host" => Sort::Host,
        "plain" => Sort::Plain,
        tier => Sort::Tier(tier.trim_start_matches("tier").parse().expect("a sort")),
    }
}

fn role(word: &str) -> Role {
    match word {
        "actor" => Role::Actor,
        "guard" => Role::Guard,
        "cdn" => Role::Cdn,
        "gateway" => Role::Gateway,
        "nat" => Role::Nat,
        "balancer" => Role::Balancer,
        "compute" => Role::Compute,
        "store" => Role::Store,
        "regional" => Role::Regional,
        "monitor" => Role::Monitor,
        "external" => Role::External,
        other => panic!("{other} is no role"),
    }
}

fn class(word: &str) -> Class {
    match word {
        "request" => Class::Request,
        "async" => Class::Async,
        "replication" => Class::Replication,
        "telemetry" => Class::Telemetry,
        "attached" => Class::Attached,
        other => panic!("{other} is no class"),
    }
}

/// A system of several regions with `n` leaves or a few more.
pub(crate) fn large(n: usize) -> Graph {
    let mut text = String::from("N users - actor Users\n");
    let mut count = 1;
    for r in 0.. {
        if count >= n {
            break;
        }
        text += &format!(
            "C r{r} - region Region {r}\nC v{r} r{r} network VPC {r}\nN lb{r} v{r} balancer Balancer {r}\n"
        );
        let mut lines = format!("E users lb{r} request/1\n");
        for z in 0..3 {
            text += &format!("C z{r}{z} v{r} zone Zone {z}\n");
            for (t, tier) in ["public", "app", "data"].iter().enumerate() {
                text += &format!("C s{r}{z}{t} z{r}{z} tier{t} {tier} subnet\n");
                for k in 0..4 {
                    let role = ["nat", "compute", "store"][t];
                    text += &format!("N n{r}{z}{t}{k} s{r}{z}{t} {role} {tier} {r}{z}{k}\n");
                    if t > 0 {
                        let to = (k * 7 + z) % 4;
                        lines += &format!("E n{r}{z}{}{to} n{r}{z}{t}{k} request call\n", t - 1);
                    }
                    count += 1;
                }
            }
        }
        for k in 0..3 {
            text += &format!("N q{r}{k} r{r} regional Queue {k}\n");
            lines += &format!("E n{r}{k}10 q{r}{k} async send\n");
            count += 1;
        }
        text += &lines;
    }
    let mut graph = parse(&text);
    graph.direction = Direction::Down;
    graph
}
