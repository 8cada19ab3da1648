//! P3: which item lies how far along the flow.

/// A line between two items of one container, by their position in its list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) pull: Pull,
}

/// What a line says about the layers of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pull {
    /// The target lies further along the flow.
    Flow,
    /// The target watches: further along as well, but never at the price of a request.
    Watch,
    /// Both lie level.
    Level,
    /// One of them belongs to the other and stands beside it.
    Beside,
}

/// The layer of each of `n` items. `rank` breaks ties where a cycle has no natural start; the order of the
/// items breaks those that are left.
pub(super) fn layers(n: usize, arcs: &[Arc], rank: &[u8]) -> Vec<usize> {
    let flow: Vec<(usize, usize)> = arcs
        .iter()
        .filter(|arc| arc.pull == Pull::Flow && arc.from != arc.to)
        .map(|arc| (arc.from, arc.to))
        .collect();
    let (order, kept) = without_cycles(n, &flow, rank);
    let mut layer = vec![0usize; n];
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut has_before = vec![false; n];
    for &(a, b) in &kept {
        next[a].push(b);
        has_before[b] = true;
    }
    for &v in &order {
        for &w in &next[v] {
            layer[w] = layer[w].max(layer[v] + 1);
        }
    }
    // What starts a path stands right before the nearest item it leads to, not far above it.
    for &v in order.iter().rev() {
        if !has_before[v]
            && let Some(nearest) = next[v].iter().map(|&w| layer[w]).min()
        {
            layer[v] = nearest.saturating_sub(1);
        }
    }
    let mut placed: Vec<bool> = (0..n).map(|v| has_before[v] || !next[v].is_empty()).collect();
    if !placed.contains(&true)
        && let Some(first) = arcs.iter().map(|arc| arc.from).min()
    {
        placed[first] = true;
    }
    beside(arcs, &next, &mut layer, &mut placed);
    layer
}

/// Places what no request reaches next to what it belongs to.
fn beside(arcs: &[Arc], next: &[Vec<usize>], layer: &mut [usize], placed: &mut [bool]) {
    loop {
        let before = placed.to_vec();
        let mut hosts: Vec<Vec<(usize, Pull)>> = vec![Vec::new(); placed.len()];
        for arc in arcs.iter().filter(|arc| arc.pull != Pull::Flow && arc.from != arc.to) {
            if before[arc.from] && !before[arc.to] {
                hosts[arc.to].push((arc.from, arc.pull));
            } else if before[arc.to] && !before[arc.from] {
                hosts[arc.from].push((arc.to, if arc.pull == Pull::Watch { Pull::Beside } else { arc.pull }));
            }
        }
        let mut last_taken = vec![false; placed.len()];
        for (v, hosts) in hosts.iter().enumerate() {
            let Some(&(first, pull)) = hosts.first() else { continue };
            let most = hosts.iter().map(|&(h, _)| layer[h]).max().unwrap_or(0);
            let end_of_path = hosts.len() == 1 && next[first].is_empty() && !last_taken[first];
            layer[v] = match pull {
                Pull::Watch => most + 1,
                Pull::Beside if end_of_path => {
                    last_taken[first] = true;
                    layer[first] + 1
                }
                _ => layer[first],
            };
            placed[v] = true;
        }
        if before == placed {
            break;
        }
    }
}

/// An order of the items along the arcs, and the arcs without those that run against it.
fn without_cycles(n: usize, arcs: &[(usize, usize)], rank: &[u8]) -> (Vec<usize>, Vec<(usize, usize)>) {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut entered = vec![false; n];
    for &(a, b) in arcs {
        next[a].push(b);
        entered[b] = true;
    }
    let mut starts: Vec<usize> = (0..n).collect();
    starts.sort_by_key(|&v| (entered[v], rank[v], v));
    let mut seen = vec![false; n];
    let mut finished = Vec::with_capacity(n);
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for start in starts {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        stack.push((start, 0));
        while let Some((v, k)) = stack.pop() {
            if let Some(&w) = next[v].get(k) {
                stack.push((v, k + 1));
                if !seen[w] {
                    seen[w] = true;
                    stack.push((w, 0));
                }
            } else {
                finished.push(v);
            }
        }
    }
    finished.reverse();
    let mut place = vec![0; n];
    for (i, &v) in finished.iter().enumerate() {
        place[v] = i;
    }
    let kept = arcs.iter().copied().filter(|&(a, b)| place[a] < place[b]).collect();
    (finished, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(from: usize, to: usize) -> Arc {
        Arc { from, to, pull: Pull::Flow }
    }

    #[test]
    fn a_chain_takes_a_layer_each() {
        assert_eq!(layers(3, &[flow(0, 1), flow(1, 2)], &[0; 3]), [0, 1, 2]);
    }

    #[test]
    fn a_cycle_is_cut_where_the_description_starts() {
        assert_eq!(layers(3, &[flow(0, 1), flow(1, 2), flow(2, 0)], &[0; 3]), [0, 1, 2]);
    }

    #[test]
    fn a_late_source_stands_right_before_its_target() {
        assert_eq!(layers(4, &[flow(0, 1), flow(1, 2), flow(3, 2)], &[0; 4]), [0, 1, 2, 1]);
    }

    #[test]
    fn a_volume_follows_the_end_of_the_path() {
        let arcs = [flow(0, 1), Arc { from: 1, to: 2, pull: Pull::Beside }];
        assert_eq!(layers(3, &arcs, &[0; 3]), [0, 1, 2]);
    }

    #[test]
    fn a_file_of_two_stands_level_with_the_first() {
        let arcs = [
            flow(0, 1),
            Arc { from: 2, to: 0, pull: Pull::Beside },
            Arc { from: 2, to: 1, pull: Pull::Beside },
        ];
        assert_eq!(layers(3, &arcs, &[0; 3]), [0, 1, 0]);
    }
}
