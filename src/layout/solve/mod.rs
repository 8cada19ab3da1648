//! P8 to P10: from the placed picture and the rough ways of its lines to the final geometry, in which everything has room.
//!
//! Rough ways say on which side a line passes everything else; they may lie on each other. The solve keeps that and
//! moves leaves, borders and lines apart as far as needed: first along x, then along y. Every distance points from the
//! smaller to the larger rough coordinate (lines on each other are ranked before), so distances alone never contradict
//! each other. Only bounds from above can: a line must end at a side of its tile, which is 64 px wide. Where they do,
//! the line gets a jog (`jogs`), after which nothing but a short stub is bound. Two things that overlap along y in the rough
//! picture are moved apart along x, and moving along y never changes x; two that do not keep their order along y. Hence
//! nothing overlaps in the end, provided that the ways run through nothing.

mod axis;
mod jogs;
mod labels;
mod lines;
mod loops;
mod model;
mod order;
mod relax;
mod stages;
mod straight;
mod sweep;
#[cfg(test)]
pub(super) mod tests;
mod things;

use super::geom::Area;
use super::input::Input;
use super::picture::Picture;
use super::route::Path;
use jogs::Jogs;
use lines::{Lines, Thing};
use model::Drawing;

/// How often contradictions are mended one by one before all lines at leaves get a jog.
const MENDS: usize = 12;

/// How much freedom lines have at the leaves that they end at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ease {
    /// They leave straight, unless that leads to a contradiction.
    Tight,
    /// All go round a corner first, so that no leaf holds a line back.
    Loose,
}

/// The final picture and its lines; `None` when nothing keeps all distances.
pub(super) fn solve(
    input: &Input,
    picture: &Picture,
    paths: &[Path],
    ease: Ease,
) -> Option<(Picture, Vec<Path>)> {
    let mut rough = Lines::new(input, picture, paths);
    order::rank(&mut rough, picture);
    labels::host(input, picture, &mut rough, paths);
    let loops = loops::loops(input, picture);
    let mut riders: Vec<_> = loops.iter().map(|own| own.rider.clone()).collect();
    riders.extend(loops::badges(input, picture));
    let mut jogs = if ease == Ease::Loose { everywhere(&rough) } else { rough.crowded(picture) };
    for mend in 0..=MENDS + 1 {
        let lines = rough.jogged(picture, &jogs);
        let mut drawing = Drawing::new(input, picture, lines, riders.clone());
        let Err(circles) = drawing.solve() else { return Some(finish(drawing, paths.len(), &loops)) };
        let before = jogs.len();
        for circle in &circles {
            // Only what is not jogged yet can be mended so, and rather what turns anyway.
            let ends = circle.iter().filter_map(|&(s, end)| {
                let seg = drawing.lines.segs.get(s).filter(|seg| seg.part == lines::Part::Way)?;
                Some((drawing.lines.straight(s), seg.line, seg.ends[end]?))
            });
            let mut ends: Vec<_> = ends.collect();
            ends.sort_unstable();
            let straight = ends.first().is_none_or(|end| end.0);
            ends.truncate(if straight { 1 } else { 2 });
            for (_, line, anchor) in ends {
                let of = rough.first[line]..rough.first[line + 1];
                let hung = rough.segs[of].iter().filter(|seg| seg.ends.contains(&Some(anchor)));
                jogs.extend(hung.map(|seg| (seg.class, anchor)));
            }
        }
        if jogs.len() == before || mend == MENDS {
            jogs = everywhere(&rough);
            if jogs.len() == before {
                return None;
            }
        }
    }
    None
}

/// A jog at every leaf.
fn everywhere(lines: &Lines) -> Jogs {
    lines
        .segs
        .iter()
        .flat_map(|seg| seg.ends.iter().flatten().map(|anchor| (seg.class, *anchor)))
        .filter(|(_, anchor)| matches!(anchor.thing, Thing::Leaf(_)))
        .collect()
}

fn finish(drawing: Drawing, count: usize, loops: &[loops::Loop]) -> (Picture, Vec<Path>) {
    let mut paths: Vec<Path> =
        (0..count).map(|e| Path { points: drawing.points(e), ..Path::default() }).collect();
    for (label, at) in drawing.lines.labels.iter().zip(&drawing.label_at) {
        let (w, h) = label.size;
        let area = Area::at(at[0] - w / 2, at[1] - h / 2, w, h);
        let path = &mut paths[label.line];
        *(if label.border.is_some() { &mut path.gate } else { &mut path.chip }) = Some(area);
    }
    for own in loops {
        paths[own.line] = own.path(&drawing.now);
    }
    (drawing.now, paths)
}
