//! How long a layout takes, from a small system to thousands of components: `cargo bench --bench layout`.

#[path = "../tests/layout/graphs.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod graphs;

use archgen::layout::layout;

fn main() {
    divan::main();
}

#[divan::bench]
fn shop_22(bencher: divan::Bencher) {
    let graph = graphs::read("shop");
    bencher.bench(|| layout(&graph));
}

#[divan::bench]
fn zones_22(bencher: divan::Bencher) {
    let graph = graphs::read("aws-ha");
    bencher.bench(|| layout(&graph));
}

#[divan::bench]
fn region_93(bencher: divan::Bencher) {
    let graph = graphs::read("big96");
    bencher.bench(|| layout(&graph));
}

#[divan::bench(sample_count = 5)]
fn regions_961(bencher: divan::Bencher) {
    let graph = graphs::read("large/big1000");
    bencher.bench(|| layout(&graph));
}

/// The exponent between 300 and 3,000 is the logarithm of the quotient of their times.
#[divan::bench(args = [300, 1000, 3000], sample_count = 3)]
fn large(bencher: divan::Bencher, nodes: usize) {
    let graph = graphs::large(nodes);
    bencher.bench(|| layout(&graph));
}
