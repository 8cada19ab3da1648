//! P9: which segment each label stands on, and beside what.

use super::super::gate::{self, Crossing};
use super::super::geom::{Area, Len};
use super::super::input::{Input, sane};
use super::super::picture::Picture;
use super::super::route::Path;
use super::lines::{FINE, Label, Lines};

/// Gives every line its label: where the rough picture has it, else in the middle of its longest segment.
pub(super) fn host(input: &Input, picture: &Picture, lines: &mut Lines, paths: &[Path]) {
    for (e, path) in paths.iter().enumerate() {
        let range = lines.first[e]..lines.first[e + 1];
        let gate = gate(input, picture, lines, e, range.clone());
        lines.labels.extend(gate);
        let Some(size) = input.graph.edges[e].label else { continue };
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
            lines.labels.push(Label { line: e, host, along, size: sane(size), border: None });
        }
    }
}

/// The label on a border, on the first segment that crosses that.
fn gate(
    input: &Input,
    picture: &Picture,
    lines: &Lines,
    line: usize,
    range: std::ops::Range<usize>,
) -> Option<Label> {
    let c = gate::container(input, line)?;
    let size = sane(input.graph.edges[line].gate?.size);
    range.into_iter().find_map(|s| {
        let seg = &lines.segs[s];
        let (a, b) = lines.extent(picture, s);
        let point = |along: Len| if seg.axis == 0 { (seg.at, along) } else { (along, seg.at) };
        let Crossing { side, at, .. } = gate::crossing(&picture.boxes[c], point(a / FINE), point(b / FINE))?;
        Some(Label { line, host: s, along: at, size, border: Some((c, side)) })
    })
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
