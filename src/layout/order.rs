//! P5: the order of the items inside each layer, from the order of the description towards fewer crossings.

/// Reorders `rows` in place. `arcs` connect items of different rows; a row changes only where that removes a crossing.
pub(super) fn order(rows: &mut [Vec<usize>], arcs: &[(usize, usize)], n: usize) {
    // Counting is quadratic in the lines of two rows: what is this large keeps the order of the description.
    if arcs.len() > 600 || rows.len() < 2 {
        return;
    }
    let mut row_of = vec![0; n];
    for (r, row) in rows.iter().enumerate() {
        for &v in row {
            row_of[v] = r;
        }
    }
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); n];
    for &(a, b) in arcs {
        near[a].push(b);
        near[b].push(a);
    }
    let mut best = crossings(rows, arcs, &row_of, n);
    for sweep in 0..6 {
        if best == 0 {
            return;
        }
        let ids: Vec<usize> =
            if sweep % 2 == 0 { (1..rows.len()).collect() } else { (0..rows.len() - 1).rev().collect() };
        for r in ids {
            let place = places(rows, n);
            let mut keyed: Vec<(i64, usize, usize)> = rows[r]
                .iter()
                .enumerate()
                .map(|(i, &v)| {
                    let fixed: Vec<i64> = near[v]
                        .iter()
                        .filter(|&&w| if sweep % 2 == 0 { row_of[w] < r } else { row_of[w] > r })
                        .map(|&w| place[w] * 64)
                        .collect();
                    let mean = match i64::try_from(fixed.len()) {
                        Ok(count) if count > 0 => fixed.iter().sum::<i64>() / count,
                        _ => place[v] * 64,
                    };
                    (mean, i, v)
                })
                .collect();
            keyed.sort_unstable();
            let old = std::mem::replace(&mut rows[r], keyed.into_iter().map(|(_, _, v)| v).collect());
            let now = crossings(rows, arcs, &row_of, n);
            if now < best {
                best = now;
            } else {
                rows[r] = old;
            }
        }
        best = switch_neighbours(rows, arcs, &row_of, n, best);
    }
}

/// Swaps neighbours as long as that removes a crossing.
fn switch_neighbours(
    rows: &mut [Vec<usize>],
    arcs: &[(usize, usize)],
    row_of: &[usize],
    n: usize,
    mut best: usize,
) -> usize {
    if arcs.len() > 150 {
        return best;
    }
    for r in 0..rows.len() {
        for i in 1..rows[r].len() {
            rows[r].swap(i - 1, i);
            let now = crossings(rows, arcs, row_of, n);
            if now < best {
                best = now;
            } else {
                rows[r].swap(i - 1, i);
            }
        }
    }
    best
}

/// Where each item stands, as 1/1000 of its row, so that rows of different length compare.
fn places(rows: &[Vec<usize>], n: usize) -> Vec<i64> {
    let mut place = vec![0; n];
    for row in rows {
        let count = i64::try_from(row.len()).unwrap_or(i64::MAX);
        for (i, &v) in (0i64..).zip(row) {
            place[v] = (2 * i + 1) * 500 / count.max(1);
        }
    }
    place
}

/// How many pairs of lines between the same two rows cross.
fn crossings(rows: &[Vec<usize>], arcs: &[(usize, usize)], row_of: &[usize], n: usize) -> usize {
    let mut place = vec![0; n];
    for row in rows {
        for (i, &v) in row.iter().enumerate() {
            place[v] = i;
        }
    }
    let mut spans: Vec<(usize, usize, usize, usize)> = arcs
        .iter()
        .map(|&(a, b)| if row_of[a] < row_of[b] { (a, b) } else { (b, a) })
        .filter(|&(a, b)| row_of[a] != row_of[b])
        .map(|(a, b)| (row_of[a], row_of[b], place[a], place[b]))
        .collect();
    spans.sort_unstable();
    let mut count = 0;
    for (i, p) in spans.iter().enumerate() {
        for q in spans[i + 1..].iter().take_while(|q| (q.0, q.1) == (p.0, p.1)) {
            count += usize::from(q.2 > p.2 && q.3 < p.3);
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_crossed_lines_are_untangled() {
        let mut rows = vec![vec![0, 1], vec![2, 3]];
        order(&mut rows, &[(0, 3), (1, 2)], 4);
        assert_eq!(rows, [vec![0, 1], vec![3, 2]]);
    }

    #[test]
    fn an_order_without_crossings_is_kept() {
        let mut rows = vec![vec![0], vec![1, 2, 3]];
        order(&mut rows, &[(0, 3), (0, 2), (0, 1)], 4);
        assert_eq!(rows[1], [1, 2, 3]);
    }
}
