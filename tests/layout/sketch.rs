//! Sketches of layouts to look at: `cargo test --test layout sketch -- --ignored` writes them as PNG into the folder that
//! `SKETCHES` names. A part of a graph's name in `ONLY` limits them.

use std::fmt::Write as _;

use archgen::layout::{Fx, Graph, Layout, Rect, layout};
use resvg::{tiny_skia, usvg};

use crate::graphs;

fn f(v: Fx) -> f64 {
    f64::from(v.0) / 64.0
}

fn rect(out: &mut String, r: &Rect, style: &str) {
    let _ = writeln!(
        out,
        r#"<rect x="{}" y="{}" width="{}" height="{}" {style}/>"#,
        f(r.x),
        f(r.y),
        f(r.w),
        f(r.h)
    );
}

fn text(out: &mut String, x: f64, y: f64, size: u8, anchor: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        out,
        r#"<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" font-family="Noto Sans">{words}</text>"#
    );
}

fn svg(graph: &Graph, made: &Layout) -> String {
    let (w, h) = (f(made.size.w) + 64.0, f(made.size.h) + 64.0);
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-32 -32 {w} {h}" width="{w}" height="{h}"><rect x="-32" y="-32" width="{w}" height="{h}" fill="white"/>"#
    );
    for (container, r) in graph.containers.iter().zip(&made.containers) {
        rect(&mut out, r, r##"rx="8" fill="#147EBA" fill-opacity=".05" stroke="#147EBA""##);
        let title = Rect { w: container.title.w, h: container.title.h, ..*r };
        rect(&mut out, &title, r##"fill="#147EBA" fill-opacity=".15""##);
        text(&mut out, f(r.x) + 28.0, f(r.y) + 16.0, 12, "start", &container.id);
    }
    for (group, (r, t)) in graph.groups.iter().zip(made.groups.iter().zip(&made.group_titles)) {
        rect(
            &mut out,
            r,
            r##"rx="8" fill="none" stroke="#DB6500" stroke-width="1.6" stroke-dasharray="6 4""##,
        );
        rect(&mut out, t, r##"fill="#DB6500" fill-opacity=".2""##);
        text(&mut out, f(t.x) + 4.0, f(t.y) + 14.0, 12, "start", &group.id);
    }
    for (e, route) in made.routes.iter().enumerate() {
        let points: Vec<String> = route.points.iter().map(|p| format!("{},{}", f(p.x), f(p.y))).collect();
        let colour = ["#4B5563", "#C925D1", "#1A8F43", "#2F6FD0", "#B3261E", "#8A5200"][e % 6];
        let _ = writeln!(
            out,
            r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-linejoin="round"/>"#,
            points.join(" ")
        );
        if let [.., p, q] = route.points.as_slice() {
            let (dx, dy) = (
                (f(q.x) - f(p.x)).signum() * f64::from(u8::from(p.x != q.x)),
                (f(q.y) - f(p.y)).signum() * f64::from(u8::from(p.y != q.y)),
            );
            let (x, y) = (f(q.x), f(q.y));
            let _ = writeln!(
                out,
                r#"<path d="M{x} {y}L{} {}L{} {}z" fill="{colour}"/>"#,
                x - 9.0 * dx + 4.0 * dy,
                y - 9.0 * dy + 4.0 * dx,
                x - 9.0 * dx - 4.0 * dy,
                y - 9.0 * dy - 4.0 * dx
            );
        }
    }
    for (node, r) in graph.nodes.iter().zip(&made.tiles) {
        rect(&mut out, r, r##"rx="8" fill="#5A6B86""##);
        let middle = f(r.x) + f(r.w) / 2.0;
        if node.text.h.0 > 0 {
            let texts = Rect {
                x: Fx(r.x.0 + (r.w.0 - node.text.w.0) / 2),
                y: Fx(r.y.0 + r.h.0),
                w: node.text.w,
                h: node.text.h,
            };
            rect(&mut out, &texts, r##"fill="#1B2430" fill-opacity=".08""##);
        }
        text(&mut out, middle, f(r.y) + f(r.h) + 17.0, 13, "middle", &node.id);
    }
    for (edge, route) in graph.edges.iter().zip(&made.routes) {
        if let Some(r) = &route.label {
            rect(&mut out, r, r##"rx="6" fill="white" stroke="#ccc""##);
            text(&mut out, f(r.x) + f(r.w) / 2.0, f(r.y) + 14.0, 10, "middle", &edge.id);
        }
    }
    out.push_str("</svg>");
    out
}

#[test]
#[ignore = "writes pictures to look at"]
fn sketch_all() {
    let folder = std::env::var("SKETCHES").expect("SKETCHES names a folder");
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut options = usvg::Options::default();
    options.fontdb_mut().load_font_data(notosans::REGULAR_TTF.to_vec());
    for (name, graph) in graphs::all() {
        if !name.contains(&only) {
            continue;
        }
        let start = std::time::Instant::now();
        let made = layout(&graph);
        println!(
            "{name}: {} x {}, {:?}, {}",
            f(made.size.w),
            f(made.size.h),
            start.elapsed(),
            crate::promises::quality(&graph, &made)
        );
        let drawn = svg(&graph, &made);
        let tree = usvg::Tree::from_str(&drawn, &options).expect("valid SVG");
        let size = tree.size().to_int_size();
        let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).expect("room for the picture");
        resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
        pixels.save_png(format!("{folder}/{name}.png")).expect("a writable folder");
    }
}
