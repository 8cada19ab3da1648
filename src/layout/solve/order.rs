//! P8: who stands left of (or above) whom among segments on one line of the grid.
//!
//! Two lines that share a way part at both ends of it. Whichever turns to the right should lie on the right: then they do
//! not cross. Where both turn to the same side at the same corner, the question is passed on to the next segment.

use super::super::geom::Len;
use super::super::picture::Picture;
use super::lines::{FINE, Lines};

/// More segments than this on each other are ordered without looking at every pair.
const MANY: usize = 160;

/// Gives all segments their rank on their line of the grid.
pub(super) fn rank(lines: &mut Lines, picture: &Picture) {
    // One entry per segment, trunks as one.
    let mut keyed: Vec<(usize, Len, i64, i64, usize)> = (0..lines.segs.len())
        .map(|s| {
            let (a, b) = lines.extent(picture, s);
            (lines.segs[s].axis, lines.segs[s].at, a, b, s)
        })
        .collect();
    keyed.sort_unstable();
    let mut ranks = vec![0; lines.segs.len()];
    for line in keyed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (mut start, mut rank) = (0, 0);
        while start < line.len() {
            let mut end = start + 1;
            let mut reach = line[start].3;
            while end < line.len() && line[end].2 <= reach {
                reach = reach.max(line[end].3);
                end += 1;
            }
            bunch(lines, picture, &line[start..end], &mut rank, &mut ranks);
            start = end;
        }
    }
    for (seg, rank) in lines.segs.iter_mut().zip(&ranks) {
        seg.rank = *rank;
    }
    // A trunk has one place on its line, even where its pieces do not touch.
    for s in 0..lines.segs.len() {
        lines.segs[s].rank = ranks[lines.segs[s].class];
    }
}

/// Ranks segments that lie on each other, by what saves most crossings. `rank` goes on along the whole line of the grid:
/// no two segments on it are equal, not even those that do not meet.
fn bunch(
    lines: &Lines,
    picture: &Picture,
    members: &[(usize, Len, i64, i64, usize)],
    rank: &mut i64,
    ranks: &mut [i64],
) {
    let mut groups: Vec<(usize, Vec<usize>)> =
        members.iter().map(|m| (lines.segs[m.4].class, vec![m.4])).collect();
    groups.sort_unstable();
    groups.dedup_by(|b, a| {
        a.0 == b.0 && {
            a.1.append(&mut b.1);
            true
        }
    });
    let count = groups.len();
    let mut order: Vec<usize> = (0..count).collect();
    if count <= MANY {
        let mut gain = vec![0i32; count * count];
        for a in 0..count {
            for b in a + 1..count {
                let mut sum = 0;
                for &s in &groups[a].1 {
                    for &t in &groups[b].1 {
                        sum += compare(lines, picture, s, t);
                    }
                }
                gain[a * count + b] = sum;
                gain[b * count + a] = -sum;
            }
        }
        exchange(&mut order, |a, b| gain[a * count + b]);
    }
    for &g in &order {
        *rank = (*rank + 1).min(FINE / 4);
        for &s in &groups[g].1 {
            ranks[s] = *rank;
        }
    }
}

/// Moves one after the other to its best place until none gains. `cost(a, b)` is what it costs that `a` stands before `b`.
fn exchange(order: &mut Vec<usize>, cost: impl Fn(usize, usize) -> i32) {
    for _ in 0..order.len() {
        let mut moved = false;
        for i in 0..order.len() {
            let x = order[i];
            let (mut best, mut place) = (0, i);
            let mut sum = 0;
            for j in (0..i).rev() {
                sum += cost(x, order[j]) - cost(order[j], x);
                if sum < best {
                    (best, place) = (sum, j);
                }
            }
            sum = 0;
            for (j, &y) in order.iter().enumerate().skip(i + 1) {
                sum += cost(y, x) - cost(x, y);
                if sum < best {
                    (best, place) = (sum, j);
                }
            }
            if place != i {
                order.remove(i);
                order.insert(place, x);
                moved = true;
            }
        }
        if !moved {
            return;
        }
    }
}

/// Positive when `s` should have the larger coordinate, negative for the smaller one.
fn compare(lines: &Lines, picture: &Picture, s: usize, t: usize) -> i32 {
    let ((a0, a1), (b0, b1)) = (lines.extent(picture, s), lines.extent(picture, t));
    if a1 < b0 || b1 < a0 {
        return 0;
    }
    let mut sum = 0;
    for towards in [-1, 1] {
        let (a, b) = if towards < 0 { (-a0, -b0) } else { (a1, b1) };
        sum += if a == b {
            part(
                lines,
                picture,
                (s, end_at(lines, picture, s, towards)),
                (t, end_at(lines, picture, t, towards)),
                towards,
                0,
            )
        } else if a < b {
            turn(lines, picture, s, end_at(lines, picture, s, towards))
        } else {
            -turn(lines, picture, t, end_at(lines, picture, t, towards))
        };
    }
    sum
}

/// Which end of a segment (0 start, 1 end) lies towards smaller or larger coordinates.
fn end_at(lines: &Lines, picture: &Picture, s: usize, towards: i32) -> usize {
    usize::from((lines.end(picture, s, 1) > lines.end(picture, s, 0)) == (towards > 0))
}

/// To which side a line turns at the end of a segment; zero where it ends.
fn turn(lines: &Lines, picture: &Picture, s: usize, end: usize) -> i32 {
    if lines.segs[s].ends[end].is_some() {
        return 0;
    }
    let next = lines.next(s, end);
    // The far end of the next segment, seen from the corner.
    let far = lines.end(picture, next, end);
    match far.cmp(&lines.segs[s].fine()) {
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    }
}

/// Which side the first of two segments belongs on that end in the same corner, running `towards` it.
fn part(
    lines: &Lines,
    picture: &Picture,
    (s, s_end): (usize, usize),
    (t, t_end): (usize, usize),
    towards: i32,
    depth: usize,
) -> i32 {
    let (a, b) = (turn(lines, picture, s, s_end), turn(lines, picture, t, t_end));
    if a == 0 || b == 0 || depth > 40 {
        return 0;
    }
    if a != b {
        return if a > b { 1 } else { -1 };
    }
    let (u, v) = (lines.next(s, s_end), lines.next(t, t_end));
    let sign = i64::from(a);
    let (far_u, far_v) = (sign * lines.end(picture, u, s_end), sign * lines.end(picture, v, t_end));
    // Which of the two should lie further on in the direction both came from.
    let further = if far_u == far_v {
        part(lines, picture, (u, s_end), (v, t_end), a, depth + 1)
    } else if far_u < far_v {
        turn(lines, picture, u, s_end)
    } else {
        -turn(lines, picture, v, t_end)
    };
    -further * towards * a
}
