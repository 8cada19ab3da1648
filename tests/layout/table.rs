//! What the layouts of all graphs are like, for people: `cargo test --release --test layout table -- --nocapture`.
//! A part of a graph's name in `ONLY` limits them and admits the large ones; `DETAILS=1` says what each violation is.

use std::collections::BTreeMap;
use std::time::Instant;

use archgen::layout::check::{Report, check, quality};
use archgen::layout::{Graph, layout};

use crate::graphs;
use crate::seeded::nested;

/// What is wrong with a graph's layout.
pub(crate) fn counts(graph: &Graph) -> Report {
    check(graph, &layout(graph))
}

fn words(broken: impl IntoIterator<Item = (&'static str, usize)>) -> String {
    broken.into_iter().map(|(name, count)| format!(" {name} {count}")).collect()
}

#[test]
fn table() {
    let only = std::env::var("ONLY").unwrap_or_default();
    println!(
        "{:<12} {:>5} {:>5} {:>5} {:>5} {:>8} {:>11} {:>5} {:>8} {:>8}  violations by kind",
        "graph", "nodes", "lines", "viol", "cross", "bends", "size", "h/w", "length", "ms"
    );
    let mut all = graphs::all();
    if !only.is_empty() {
        all.push(("big1000".to_owned(), graphs::read("large/big1000")));
    }
    for (name, graph) in all {
        if !name.contains(&only) {
            continue;
        }
        let start = Instant::now();
        let made = layout(&graph);
        let spent = start.elapsed();
        let report = check(&graph, &made);
        let found = quality(&graph, &made);
        println!(
            "{name:<12} {:>5} {:>5} {:>5} {:>5} {:>8} {:>11} {:>5} {:>8} {:>8.1} {}",
            graph.nodes.len(),
            graph.edges.len(),
            report.violations(),
            found.crossings,
            found.bends,
            format!("{}x{}", found.width, found.height),
            found.aspect,
            found.length,
            spent.as_secs_f64() * 1000.0,
            words(report.broken())
        );
        if std::env::var_os("DETAILS").is_some() {
            report.details.iter().for_each(|detail| println!("    {detail}"));
        }
    }
}

/// How many of a hundred random graphs are drawn without a violation.
#[test]
fn table_of_random_graphs() {
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut sound = 0;
    for seed in 0..100 {
        let report = counts(&nested(seed, 34, 9));
        sound += usize::from(report.violations() == 0);
        for (name, count) in report.broken() {
            *kinds.entry(name).or_default() += count;
        }
    }
    println!("{sound} of 100 random graphs without a violation; the others:{}", words(kinds));
}
