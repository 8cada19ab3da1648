//! P9: where each label stands on its line: in the middle of a long segment, on nothing else.

use std::collections::BTreeMap;

use super::geom::{Area, Len, px};
use super::input::{Input, sane};
use super::picture::Picture;
use super::route::Path;
use super::{End, Sort, gate};

/// Everything a chip may hit, in squares, so that only what is near is looked at.
struct Squares {
    x0: Len,
    y0: Len,
    columns: usize,
    rows: usize,
    lists: Vec<Vec<u32>>,
    things: Vec<(Area, Thing)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Solid,
    Chip,
    Border,
    Line(usize),
}

const SQUARE: Len = px(128);

impl Squares {
    fn new(hull: Area) -> Squares {
        let count = |length: Len| usize::try_from(length / SQUARE + 1).unwrap_or(1).clamp(1, 2000);
        let (columns, rows) = (count(hull.w()), count(hull.h()));
        Squares {
            x0: hull.x0,
            y0: hull.y0,
            columns,
            rows,
            lists: vec![Vec::new(); columns * rows],
            things: Vec::new(),
        }
    }

    fn span(&self, area: &Area) -> (std::ops::RangeInclusive<usize>, std::ops::RangeInclusive<usize>) {
        let index = |at: Len, zero: Len, most: usize| {
            usize::try_from((at - zero).max(0) / SQUARE).unwrap_or(0).min(most - 1)
        };
        (
            index(area.x0, self.x0, self.columns)..=index(area.x1, self.x0, self.columns),
            index(area.y0, self.y0, self.rows)..=index(area.y1, self.y0, self.rows),
        )
    }

    fn add(&mut self, area: Area, thing: Thing) {
        let id = u32::try_from(self.things.len()).unwrap_or(0);
        self.things.push((area, thing));
        let (columns, rows) = self.span(&area);
        for j in rows {
            for i in columns.clone() {
                self.lists[j * self.columns + i].push(id);
            }
        }
    }

    /// Adds a label.
    fn extend(&mut self, chip: Option<Area>) {
        if let Some(chip) = chip {
            self.add(chip, Thing::Chip);
        }
    }

    /// Ids of what may touch an area, each once.
    fn near(&self, area: &Area, ids: &mut Vec<u32>) {
        ids.clear();
        let (columns, rows) = self.span(area);
        for j in rows {
            for i in columns.clone() {
                ids.extend(&self.lists[j * self.columns + i]);
            }
        }
        ids.sort_unstable();
        ids.dedup();
    }
}

/// Gives every labelled line its chip.
pub(super) fn place(input: &Input, picture: &Picture, paths: &mut [Path]) {
    let mut squares = fill(input, picture, paths);
    for (e, path) in paths.iter_mut().enumerate() {
        path.gate = gate::place(input, picture, e, &path.points);
        squares.extend(path.gate);
    }
    // Lines by their start and by their end: those that may lie on each other.
    let mut mates: [BTreeMap<End, Vec<usize>>; 2] = Default::default();
    for (e, edge) in input.graph.edges.iter().enumerate() {
        for (lists, end) in mates.iter_mut().zip([edge.from, edge.to]) {
            lists.entry(end).or_default().push(e);
        }
    }
    for e in 0..paths.len() {
        let Some(size) = input.graph.edges[e].label else { continue };
        let chip = best(input, picture, &squares, &mates, paths, e, sane(size));
        squares.extend(chip);
        paths[e].chip = chip;
    }
}

fn fill(input: &Input, picture: &Picture, paths: &[Path]) -> Squares {
    let frames = || picture.boxes.iter().chain(picture.frames.iter().flatten());
    let hull = picture.slots.iter().chain(frames()).copied().reduce(|a, b| a.join(&b)).unwrap_or_default();
    let mut squares = Squares::new(hull);
    let titles = picture.titles.iter().chain(picture.frame_titles.iter().flatten());
    for area in
        picture.tiles.iter().chain(&picture.texts).chain(titles).filter(|area| area.w() > 0 && area.h() > 0)
    {
        squares.add(*area, Thing::Solid);
    }
    for badge in picture.badges(input) {
        squares.add(badge, Thing::Solid);
    }
    for area in frames() {
        let Area { x0, y0, x1, y1 } = *area;
        for (a, b) in [((x0, y0), (x1, y0)), ((x0, y1), (x1, y1)), ((x0, y0), (x0, y1)), ((x1, y0), (x1, y1))]
        {
            squares.add(Area::spanning(a, b), Thing::Border);
        }
    }
    for (e, path) in paths.iter().enumerate() {
        for pair in path.points.windows(2) {
            squares.add(Area::spanning(pair[0], pair[1]), Thing::Line(e));
        }
    }
    squares
}

/// The best place on the line, which may still be a bad one.
fn best(
    input: &Input,
    picture: &Picture,
    squares: &Squares,
    mates: &[BTreeMap<End, Vec<usize>>; 2],
    paths: &[Path],
    e: usize,
    (w, h): (Len, Len),
) -> Option<Area> {
    let points = &paths[e].points;
    let edge = &input.graph.edges[e];
    let shared = |a: (Len, Len), b: (Len, Len)| {
        let area = Area::spanning(a, b);
        let near = mates.iter().zip([edge.from, edge.to]).filter_map(|(lists, end)| lists.get(&end));
        near.flatten().filter(|&&f| f != e).any(|&f| {
            let mut pairs = paths[f].points.windows(2);
            pairs.any(|pair| along(&area, &Area::spanning(pair[0], pair[1])))
        })
    };
    let mut found: Option<(Len, usize, Len, Area)> = None;
    let mut ids = Vec::new();
    for (k, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let level = a.1 == b.1;
        let length = (a.0 - b.0).abs() + (a.1 - b.1).abs();
        let half = if level { w / 2 } else { h / 2 };
        let (start, end) = (px(8), if k + 2 == points.len() { px(17) } else { px(8) });
        let short = (2 * half + start + end - length).max(0);
        let base = short / 64 * 40 - length.min(px(400)) / 64 / 4 + if shared(a, b) { 60 } else { 0 };
        let steps = (length / px(6)).clamp(2, 80);
        for step in 0..=steps {
            let t = length * step / steps;
            let room = t >= half + start && length - t >= half + end;
            if !room && (short == 0 || 2 * step != steps) && step != steps / 2 {
                continue;
            }
            let (x, y) = (a.0 + (b.0 - a.0) * step / steps, a.1 + (b.1 - a.1) * step / steps);
            let chip = Area::at(x - w / 2, y - h / 2, w, h);
            let off = (t - length / 2).abs() / 64 / 2;
            let cost =
                base + off + hits(squares, &mut ids, &chip, e, (a, b)) * 1000 + ground(input, picture, &chip);
            if found.as_ref().is_none_or(|best| cost < best.0) {
                found = Some((cost, k, t, chip));
            }
        }
    }
    found.map(|(_, _, _, chip)| chip)
}

/// Whether two segments lie on each other for a while.
fn along(a: &Area, b: &Area) -> bool {
    let level = a.h() == 0 && b.h() == 0 && a.y0 == b.y0;
    let upright = a.w() == 0 && b.w() == 0 && a.x0 == b.x0;
    (level && a.x0 < b.x1 && b.x0 < a.x1) || (upright && a.y0 < b.y1 && b.y0 < a.y1)
}

/// How much a chip covers that it should not.
fn hits(squares: &Squares, ids: &mut Vec<u32>, chip: &Area, e: usize, own: ((Len, Len), (Len, Len))) -> Len {
    let own = Area::spanning(own.0, own.1);
    squares.near(&chip.grown(px(3)), ids);
    let mut bad = 0;
    for &id in ids.iter() {
        let (area, thing) = &squares.things[id as usize];
        bad += match thing {
            Thing::Solid if chip.grown(px(1)).hits(area) => 4,
            Thing::Chip if chip.grown(px(2)).hits(area) => 4,
            Thing::Border if chip.grown(px(2)).hits(&area.grown(1)) => 2,
            Thing::Line(f) if *f == e && *area == own => 0,
            Thing::Line(f) if chip.grown(px(3)).hits(&area.grown(1)) => {
                if *f == e || along(area, &own) {
                    1
                } else {
                    4
                }
            }
            _ => 0,
        };
    }
    bad
}

/// Labels stand on the page's ground rather than in a tier.
fn ground(input: &Input, picture: &Picture, chip: &Area) -> Len {
    let tier = |c: usize| matches!(input.sort(c), Some(Sort::Tier(_)));
    if picture.boxes.len() > 200 {
        return 0;
    }
    if picture.boxes.iter().enumerate().any(|(c, area)| tier(c) && area.hits(chip)) { 24 } else { 0 }
}
