//! Systems of separations `x[to] - x[from] >= gap`, solved in whole numbers.
//!
//! Two solutions are easy to find: the least one in which nothing stands left of where it wishes to stand, and the
//! greatest one in which nothing stands right of it. Separations are convex, so the middle of the two is a solution
//! too, and rounding it down keeps every gap because all gaps are whole. It moves both sides of a conflict by the same
//! amount, and what has room stays exactly where it wishes to be. Stages make some things heavier than others:
//! leaves and borders are settled first, with no more than the room that lines need between them, then the lines.

use super::super::geom::Len;

/// Far below every position.
const NEVER: Len = Len::MIN / 4;

/// A separation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) gap: Len,
}

/// Separations between variables, ready to be solved.
pub(super) struct System {
    /// By variable, along and against the order: gaps sorted by the variable they start from.
    along: Lists,
    against: Lists,
    /// The variables in the order in which most gaps point.
    order: Vec<usize>,
    /// Where each variable stands once it is settled.
    settled: Vec<Option<Len>>,
}

/// For each variable the variables that it pushes and how far, with the index of the gap.
struct Lists {
    start: Vec<usize>,
    items: Vec<(usize, Len, usize)>,
}

impl Lists {
    fn new(count: usize, gaps: &[Gap], against: bool) -> Lists {
        let ends = |gap: &Gap| if against { (gap.to, gap.from) } else { (gap.from, gap.to) };
        let mut start = vec![0; count + 1];
        for gap in gaps {
            start[ends(gap).0 + 1] += 1;
        }
        for v in 0..count {
            start[v + 1] += start[v];
        }
        let mut next = start.clone();
        let mut items = vec![(0, 0, 0); gaps.len()];
        for (k, gap) in gaps.iter().enumerate() {
            let (from, to) = ends(gap);
            items[next[from]] = (to, gap.gap, k);
            next[from] += 1;
        }
        Lists { start, items }
    }

    fn of(&self, v: usize) -> &[(usize, Len, usize)] {
        &self.items[self.start[v]..self.start[v + 1]]
    }
}

/// Gaps that contradict each other: each list is a circle in which everything would have to stand right of itself.
#[derive(Debug)]
pub(super) struct Contradiction(pub(super) Vec<Vec<usize>>);

impl System {
    /// Prepares a system; `keys` say in which order the variables stand, where the gaps leave it open as well.
    pub(super) fn new(keys: &[i64], gaps: &[Gap]) -> System {
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|&v| (keys[v], v));
        System {
            along: Lists::new(keys.len(), gaps, false),
            against: Lists::new(keys.len(), gaps, true),
            order,
            settled: vec![None; keys.len()],
        }
    }

    /// Fails if no positions at all keep the gaps.
    pub(super) fn check(&self, wishes: &[Len]) -> Result<(), Contradiction> {
        self.push(wishes.to_vec(), false).map(|_| ())
    }

    /// Settles the variables that have a wish, as near to it as the gaps and what is settled already allow.
    pub(super) fn settle(&mut self, wishes: &[Option<Len>]) -> Result<(), Contradiction> {
        let known = |sign: Len| -> Vec<Len> {
            self.settled.iter().map(|at| at.map_or(NEVER, |at| sign * at)).collect()
        };
        let (low, high) = (self.push(known(1), false)?, self.push(known(-1), true)?);
        let wanted = |sign: Len| -> Vec<Len> {
            (0..wishes.len())
                .map(|v| match (self.settled[v], wishes[v]) {
                    (Some(at), _) => sign * at,
                    (None, Some(wish)) => {
                        // Without bounds on a side the wish decides.
                        let wish = if high[v] > NEVER / 2 { wish.min(-high[v]) } else { wish };
                        sign * if low[v] > NEVER / 2 { wish.max(low[v]) } else { wish }
                    }
                    (None, None) => NEVER,
                })
                .collect()
        };
        let right = self.push(wanted(1), false)?;
        let left = self.push(wanted(-1), true)?;
        for v in 0..wishes.len() {
            if self.settled[v].is_none() && wishes[v].is_some() {
                self.settled[v] = Some((right[v] - left[v]).div_euclid(2));
            }
        }
        Ok(())
    }

    /// Where a variable stands; zero before it is settled.
    pub(super) fn at(&self, v: usize) -> Len {
        self.settled[v].unwrap_or(0)
    }

    /// The least positions that keep all gaps and are nowhere less than `at`; mirrored, positions count leftwards.
    fn push(&self, mut at: Vec<Len>, mirrored: bool) -> Result<Vec<Len>, Contradiction> {
        let lists = if mirrored { &self.against } else { &self.along };
        let count = at.len();
        let mut dirty: Vec<bool> = at.iter().map(|&at| at > NEVER / 2).collect();
        let mut cause: Vec<Option<(usize, usize)>> = vec![None; count];
        for pass in 0..=count + 1 {
            let mut again = false;
            for k in 0..count {
                let v = self.order[if mirrored { count - 1 - k } else { k }];
                if !std::mem::take(&mut dirty[v]) {
                    continue;
                }
                for &(to, gap, index) in lists.of(v) {
                    if at[v] + gap > at[to] {
                        at[to] = at[v] + gap;
                        cause[to] = Some((v, index));
                        dirty[to] = true;
                        again = true;
                    }
                }
            }
            if !again {
                return Ok(at);
            }
            if pass >= 3 {
                let circles = circles(&cause);
                if !circles.is_empty() {
                    return Err(Contradiction(circles));
                }
            }
        }
        Err(Contradiction(circles(&cause)))
    }
}

/// The circles among "was last pushed by", each as the gaps it is made of.
fn circles(cause: &[Option<(usize, usize)>]) -> Vec<Vec<usize>> {
    let mut seen = vec![0; cause.len()];
    let mut found = Vec::new();
    for start in 0..cause.len() {
        let mut v = start;
        while seen[v] == 0 {
            seen[v] = start + 1;
            match cause[v] {
                Some((from, _)) => v = from,
                None => break,
            }
        }
        if seen[v] != start + 1 || cause[v].is_none() {
            continue;
        }
        let mut circle = Vec::new();
        let mut at = v;
        while let Some((from, gap)) = cause[at] {
            circle.push(gap);
            at = from;
            if at == v {
                break;
            }
        }
        found.push(circle);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(from: usize, to: usize, gap: Len) -> Gap {
        Gap { from, to, gap }
    }

    fn solve(wishes: &[Len], gaps: &[Gap]) -> Vec<Len> {
        let mut system = System::new(wishes, gaps);
        system.settle(&wishes.iter().map(|&wish| Some(wish)).collect::<Vec<_>>()).unwrap();
        (0..wishes.len()).map(|v| system.at(v)).collect()
    }

    #[test]
    fn what_has_room_stays() {
        assert_eq!(solve(&[0, 10, 30], &[gap(0, 1, 10), gap(1, 2, 5)]), [0, 10, 30]);
    }

    #[test]
    fn both_sides_of_a_conflict_give_way() {
        assert_eq!(solve(&[0, 0], &[gap(0, 1, 10)]), [-5, 5]);
        assert_eq!(solve(&[0, 0, 0], &[gap(0, 1, 10), gap(1, 2, 10)]), [-10, 0, 10]);
    }

    #[test]
    fn odd_gaps_are_kept_when_halved() {
        let at = solve(&[0, 0, 1], &[gap(0, 1, 7), gap(1, 2, 4)]);
        assert!(at[1] - at[0] >= 7 && at[2] - at[1] >= 4, "{at:?}");
    }

    #[test]
    fn upper_bounds_hold() {
        // Two ports of one side, at most 26 off the middle of their leaf, 60 from something at the left.
        let gaps =
            [gap(0, 2, -26), gap(2, 0, -26), gap(0, 3, -26), gap(3, 0, -26), gap(2, 3, 16), gap(1, 2, 60)];
        let at = solve(&[0, -10, 0, 0], &gaps);
        for g in gaps {
            assert!(at[g.to] - at[g.from] >= g.gap, "{at:?}");
        }
    }

    #[test]
    fn a_settled_stage_does_not_move_any_more() {
        let mut system = System::new(&[0, 5, 20], &[gap(0, 1, 8), gap(1, 2, 8)]);
        system.settle(&[Some(0), None, Some(20)]).unwrap();
        assert_eq!((system.at(0), system.at(2)), (0, 20));
        system.settle(&[None, Some(2), None]).unwrap();
        assert_eq!([system.at(0), system.at(1), system.at(2)], [0, 8, 20]);
    }

    #[test]
    fn heavy_things_make_only_the_room_that_is_needed() {
        let mut system = System::new(&[0, 5, 10], &[gap(0, 1, 8), gap(1, 2, 8)]);
        system.settle(&[Some(0), None, Some(10)]).unwrap();
        assert_eq!((system.at(0), system.at(2)), (-3, 13));
    }

    #[test]
    fn a_contradiction_is_named() {
        let gaps = [gap(0, 1, 5), gap(1, 2, 30), gap(2, 0, -20)];
        let system = System::new(&[0, 1, 2], &gaps);
        let Err(Contradiction(circles)) = system.check(&[0, 0, 0]) else { panic!("it is solvable") };
        let mut circle = circles[0].clone();
        circle.sort_unstable();
        assert_eq!(circle, [0, 1, 2]);
    }
}
