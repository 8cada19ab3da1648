//! No two glyphs may be taken for each other where they are small: their pictures at 24 px are compared, pair by pair.

use super::{FILES, built_in, names};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// The side of the smallest tile's glyph, in px.
const SIDE: usize = 24;
/// Ink that must differ wherever one glyph is laid over the other, in px that are all ink. A padlock with a keyhole and
/// one without differ by 2, a drum with two rings and one with three lines of a list in it by 10.
const LEAST: f64 = 9.5;

/// How much ink lies in each px, from 0 to 1, and the most that lies in it or in the four beside it.
struct Ink {
    at: Vec<f64>,
    around: Vec<f64>,
}

fn ink(svg: &str) -> Ink {
    // As the writer draws glyphs of this size: strokes of 2.8 units.
    let svg = svg.replace("currentColor", "#000000").replace("stroke-width=\"2\"", "stroke-width=\"2.8\"");
    let tree = Tree::from_str(&svg, &Options::default()).unwrap();
    let mut pixmap = Pixmap::new(SIDE as u32, SIDE as u32).unwrap();
    let scale = SIDE as f32 / 48.0;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let at: Vec<f64> = pixmap.pixels().iter().map(|pixel| f64::from(pixel.alpha()) / 255.0).collect();
    let beside = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];
    let most = |(x, y): (i32, i32)| beside.iter().map(|(i, j)| get(&at, x + i, y + j)).fold(0.0, f64::max);
    let around = points().map(most).collect();
    Ink { at, around }
}

fn points() -> impl Iterator<Item = (i32, i32)> {
    (0..SIDE as i32).flat_map(|y| (0..SIDE as i32).map(move |x| (x, y)))
}

fn get(values: &[f64], x: i32, y: i32) -> f64 {
    let inside = |v: i32| (0..SIDE as i32).contains(&v);
    if inside(x) && inside(y) { values[y as usize * SIDE + x as usize] } else { 0.0 }
}

/// The least ink that is in one of two pictures only, however the second is moved by a px. What lies beside ink of the
/// other counts for the part that is beyond it: eyes do not tell half a px.
fn distance(a: &Ink, b: &Ink) -> f64 {
    let moves = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
    let beyond = |(dx, dy): (i32, i32)| {
        let differs = |(x, y): (i32, i32)| {
            let own = (get(&a.at, x, y) - get(&b.around, x - dx, y - dy)).max(0.0);
            own + (get(&b.at, x - dx, y - dy) - get(&a.around, x, y)).max(0.0)
        };
        points().map(differs).sum::<f64>()
    };
    moves.map(beyond).fold(f64::MAX, f64::min)
}

#[test]
fn no_two_glyphs_look_alike_at_24_px() {
    let glyphs: Vec<(&str, Ink)> = names().map(|name| (name, ink(built_in(name).unwrap()))).collect();
    assert_eq!(glyphs.len(), FILES.len());
    let mut pairs: Vec<(f64, &str, &str)> = Vec::new();
    for (at, (name, own)) in glyphs.iter().enumerate() {
        pairs.extend(glyphs[..at].iter().map(|(other, its)| (distance(own, its), *other, *name)));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let near: Vec<String> = pairs.iter().take(12).map(|(far, a, b)| format!("{far:5.1} {a} / {b}")).collect();
    assert!(pairs[0].0 >= LEAST, "look alike at {SIDE} px:\n{}", near.join("\n"));
}

#[test]
fn small_differences_are_too_small() {
    let private = built_in("subnet-private").unwrap();
    let without = private.replace("  <path d=\"M24 29v6\"/>\n", "");
    assert!(without != private);
    assert!(distance(&ink(private), &ink(&without)) < LEAST, "a keyhole tells no two glyphs apart");
    let moved = private.replace("<rect x=\"9\"", "<rect x=\"10\"");
    assert!(distance(&ink(private), &ink(&moved)) < LEAST / 2.0, "nor does half a px");
    let drum = built_in("database").unwrap();
    assert!(
        distance(&ink(drum), &ink(&drum.replace("19.5", "17.5"))) < LEAST,
        "nor does a ring moved by 1 px"
    );
    assert_eq!(distance(&ink(drum), &ink(drum)), 0.0);
}
