//! One edit moves little: each leaf and each line of the graphs of real systems is taken away once.

use archgen::layout::{Graph, Layout, layout};

use crate::edits::{without_leaf, without_line};
use crate::graphs;

/// What one edit changed: pairs whose order along an axis turned round, all pairs with an order, and each way in px.
fn change(before: &Layout, after: &Layout, kept: &[usize]) -> (usize, usize, Vec<i32>) {
    let spot = |made: &Layout, v: usize| {
        let tile = made.tiles[v];
        [tile.x.0 + tile.w.0 / 2, tile.y.0 + tile.h.0 / 2]
    };
    let (mut flips, mut pairs) = (0, 0);
    for i in 0..kept.len() {
        for j in 0..i {
            for axis in 0..2 {
                let old = spot(before, kept[i])[axis] - spot(before, kept[j])[axis];
                let new = spot(after, i)[axis] - spot(after, j)[axis];
                // What stands about level has no order.
                if old.abs() >= 32 * 64 {
                    pairs += 1;
                    flips += usize::from(new.abs() >= 32 * 64 && new.signum() != old.signum());
                }
            }
        }
    }
    // The whole picture may begin elsewhere: moves are measured against the median of all.
    let mut ways = vec![0; kept.len()];
    for axis in 0..2 {
        let mut each: Vec<i32> =
            (0..kept.len()).map(|i| spot(after, i)[axis] - spot(before, kept[i])[axis]).collect();
        let all = each.clone();
        each.sort_unstable();
        let middle = each.get(each.len() / 2).copied().unwrap_or(0);
        for (way, move_) in ways.iter_mut().zip(all) {
            *way += (move_ - middle).abs();
        }
    }
    (flips, pairs, ways.iter().map(|way| way / 64).collect())
}

/// What all edits of a graph changed, and the worst of them with their flips in 10,000 pairs.
fn measure(graph: &Graph) -> (usize, usize, Vec<i32>, Vec<(usize, String)>) {
    let before = layout(graph);
    let leaves = (0..graph.nodes.len()).map(|v| (graph.nodes[v].id.clone(), without_leaf(graph, v)));
    let lines = (0..graph.edges.len()).map(|e| (graph.edges[e].id.clone(), without_line(graph, e)));
    let (mut flips, mut pairs, mut ways, mut worst) = (0, 0, Vec::new(), Vec::new());
    for (name, (less, kept)) in leaves.chain(lines) {
        let (f, p, w) = change(&before, &layout(&less), &kept);
        flips += f;
        pairs += p;
        ways.extend(w);
        worst.push((f * 10_000 / p.max(1), name));
    }
    worst.sort_by_key(|(share, _)| std::cmp::Reverse(*share));
    worst.truncate(6);
    (flips, pairs, ways, worst)
}

#[test]
fn single_edits_keep_the_order_and_move_little() {
    let (mut flips, mut pairs, mut ways) = (0, 0, Vec::new());
    for name in
        ["shop", "three-tier", "ecs-mongo", "craftech", "compose", "serverless", "machines", "flat-tiers"]
    {
        let (f, p, w, worst) = measure(&graphs::read(name));
        let share = f * 10_000 / p.max(1);
        println!("{name}: {share} in 10,000 pairs turned round, most by {worst:?}");
        // A leaf of a small graph makes up more than 2 % of its pairs, so small ones count together only.
        assert!(
            share <= 200 || p < 10_000,
            "{name}: {share} in 10,000 pairs turned round, most by {worst:?}"
        );
        flips += f;
        pairs += p;
        ways.extend(w);
    }
    ways.sort_unstable();
    println!(
        "all: {} in 10,000 pairs turned round, median way {} px",
        flips * 10_000 / pairs,
        ways[ways.len() / 2]
    );
    assert!(flips * 50 <= pairs, "{flips} of {pairs} pairs turned round");
    assert!(ways[ways.len() / 2] <= 24, "the median leaf moved {} px", ways[ways.len() / 2]);
}
