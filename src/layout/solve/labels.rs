//! P9: which segment each label stands on, and beside what.

use super::super::geom::{Area, Len};
use super::super::input::{Input, sane};
use super::super::picture::Picture;
use super::super::route::Path;
use super::lines::{FINE, Label, Lines};

/// Gives every line its label: where the rough picture has it, else in the middle of its longest segment.
pub(super) fn host(input: &Input, picture: &Picture, lines: &mut Lines, paths: &[Path]) {
    for (e, path) in paths.iter().enumerate() {
        let Some(size) = input.graph.edges[e].label else { continue };
        let range = lines.first[e]..lines.first[e + 1];
        let near = path.chip.and_then(|chip| on_chip(lines, picture, range.clone(), &chip));
        let length = |s: usize| {
            let (a, b) = lines.extent(picture, s);
            b - a
        };
        let longest = || {
            let s = range.clone().max_by_key(|&s| (length(s), std::cmp::Reverse(s)))?;
            let (a, b) = lines.extent(picture, s);
            Some((s, (a + b) / 2 / FINE))
        };
        if let Some((host, along)) = near.or_else(longest) {
            lines.labels.push(Label { line: e, host, along, size: sane(size) });
        }
    }
}

/// The segment that runs through the middle of a chip, and where.
fn on_chip(
    lines: &Lines,
    picture: &Picture,
    range: std::ops::Range<usize>,
    chip: &Area,
) -> Option<(usize, Len)> {
    let (x, y) = chip.centre();
    range.into_iter().find_map(|s| {
        let seg = &lines.segs[s];
        let (at, along) = if seg.axis == 0 { (x, y) } else { (y, x) };
        let (a, b) = lines.extent(picture, s);
        ((seg.at - at).abs() <= 1 && a <= along * FINE && along * FINE <= b).then_some((s, along))
    })
}
