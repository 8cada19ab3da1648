//! P6: positions across the flow, so that what is connected stands in line.

use super::geom::Len;

/// A wish that two items of different rows stand in line, each with the point of it that the line leaves from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) a: usize,
    pub(super) a_at: Len,
    pub(super) b: usize,
    pub(super) b_at: Len,
    pub(super) weight: i64,
}

/// The left edge of each item. Items of a row keep their order and at least `gap` between each other.
pub(super) fn across(
    rows: &[Vec<usize>],
    width: &[Len],
    gap: impl Fn(usize, usize) -> Len,
    pairs: &[Pair],
) -> Vec<Len> {
    let n = width.len();
    let mut x = vec![0; n];
    let mut row_of = vec![usize::MAX; n];
    for (r, row) in rows.iter().enumerate() {
        let mut at = 0;
        for (i, &v) in row.iter().enumerate() {
            if i > 0 {
                at += gap(row[i - 1], v);
            }
            x[v] = at;
            at += width[v];
            row_of[v] = r;
        }
        for &v in row {
            x[v] -= at / 2;
        }
    }
    let mut wishes: Vec<Vec<(usize, Len, i64)>> = vec![Vec::new(); n];
    for pair in pairs.iter().filter(|pair| row_of[pair.a] != row_of[pair.b]) {
        wishes[pair.a].push((pair.b, pair.b_at - pair.a_at, pair.weight));
        wishes[pair.b].push((pair.a, pair.a_at - pair.b_at, pair.weight));
    }
    for sweep in 0..8 {
        let down = sweep % 2 == 0;
        let order: Vec<usize> =
            if down { (0..rows.len()).collect() } else { (0..rows.len()).rev().collect() };
        // The last two sweeps look both ways, so that a row in the middle ends between its neighbours.
        let both = sweep >= 6;
        for r in order {
            let row = &rows[r];
            let wanted: Vec<(Len, i64)> = row
                .iter()
                .map(|&v| {
                    let mut seen: Vec<(Len, i64)> = wishes[v]
                        .iter()
                        .filter(|(w, _, _)| both || (if down { row_of[*w] < r } else { row_of[*w] > r }))
                        .map(|&(w, offset, weight)| (x[w] + offset, weight))
                        .collect();
                    if seen.is_empty() {
                        (x[v], 1)
                    } else {
                        (median(&mut seen), seen.iter().map(|s| s.1).sum::<i64>() * 4)
                    }
                })
                .collect();
            let mut offset = 0;
            let mut offsets = Vec::with_capacity(row.len());
            for (i, &v) in row.iter().enumerate() {
                if i > 0 {
                    offset += width[row[i - 1]] + gap(row[i - 1], v);
                }
                offsets.push(offset);
            }
            for (&v, at) in row.iter().zip(separated(&wanted, &offsets)) {
                x[v] = at;
            }
        }
    }
    x
}

/// The weighted median; of two middle values their mean.
fn median(seen: &mut [(Len, i64)]) -> Len {
    seen.sort_unstable();
    let total: i64 = seen.iter().map(|s| s.1).sum();
    let mut sum = 0;
    for (i, &(at, weight)) in seen.iter().enumerate() {
        sum += weight;
        if 2 * sum > total {
            return at;
        }
        if 2 * sum == total {
            return (at + seen.get(i + 1).map_or(at, |next| next.0)).div_euclid(2);
        }
    }
    seen.last().map_or(0, |s| s.0)
}

/// The positions nearest to the wanted ones (least sum of weighted distances) that keep `offsets[i + 1] - offsets[i]`
/// between neighbours.
///
/// Less the offsets the positions must only not decrease, so violators are pooled into blocks with a common median. A mean
/// would move what weighs most a little for everybody else, and bend its line.
pub(super) fn separated(wanted: &[(Len, i64)], offsets: &[Len]) -> Vec<Len> {
    let mut pools: Vec<(Len, Vec<(Len, i64)>)> = Vec::new();
    for (&(at, weight), &offset) in wanted.iter().zip(offsets) {
        let mut pool = (at - offset, vec![(at - offset, weight.max(1))]);
        while let Some(last) = pools.pop_if(|last| last.0 > pool.0) {
            pool.1.extend(last.1);
            pool.0 = median(&mut pool.1);
        }
        pools.push(pool);
    }
    let mut result = Vec::with_capacity(wanted.len());
    for (at, members) in pools {
        for _ in members {
            result.push(at + offsets[result.len()]);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_free_stands_where_it_wants() {
        assert_eq!(separated(&[(0, 1), (100, 1)], &[0, 10]), [0, 100]);
    }

    #[test]
    fn what_wants_the_same_place_shares_the_way() {
        assert_eq!(separated(&[(50, 1), (50, 1)], &[0, 20]), [40, 60]);
    }

    #[test]
    fn a_chain_stands_in_line() {
        let pair = |a, b| Pair { a, a_at: 5, b, b_at: 5, weight: 1 };
        let x =
            across(&[vec![0], vec![1, 2], vec![3]], &[10, 10, 10, 10], |_, _| 4, &[pair(0, 1), pair(1, 3)]);
        assert_eq!((x[0], x[3]), (x[1], x[1]));
    }
}
