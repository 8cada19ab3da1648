//! How long a layout takes, from a small system to thousands of components: `cargo bench --bench layout`.

#[path = "../tests/layout/graphs.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod graphs;

use std::fmt::Write as _;

use archgen::layout::{Graph, layout};

fn main() {
    divan::main();
}

/// A company's landscape of about `nodes` leaves: regions with a balancer and two zones each, whose three tiers call
/// each other. The same every time.
fn landscape(nodes: usize) -> Graph {
    const REGION: usize = 96;
    let regions = nodes.div_ceil(REGION).max(1);
    let apps = nodes.min(REGION) * 11 / REGION;
    let stores = nodes.min(REGION) * 9 / REGION;
    let mut text = "N users - actor Users\n".to_owned();
    let mut lines = String::new();
    let mut number = 0_usize;
    for r in 0..regions {
        let _ = writeln!(text, "C region{r} - region Region {r}\nC vpc{r} region{r} network VPC {r}");
        let _ = writeln!(text, "N lb{r} vpc{r} balancer Balancer {r}");
        let _ = writeln!(lines, "E users lb{r} request HTTPS");
        for z in ["a", "b", "c", "d"] {
            let at = format!("{r}{z}");
            let _ = writeln!(text, "C zone{at} vpc{r} zone Zone {z}");
            for (tier, what) in ["public", "app", "data"].iter().enumerate() {
                let _ = writeln!(text, "C {what}{at} zone{at} tier{tier} {what} subnet");
            }
            let _ = writeln!(text, "N nat{at} public{at} nat NAT {at}");
            for i in 0..stores {
                let _ = writeln!(text, "N store{at}{i} data{at} store Store {at} {i}");
            }
            for i in 0..apps {
                number += 1;
                let _ = writeln!(text, "N app{at}{i} app{at} compute App {at} {i}");
                let _ = writeln!(lines, "E app{at}{i} store{at}{} request SQL", number * 7 % stores.max(1));
                if number.is_multiple_of(3) {
                    let _ = writeln!(lines, "E lb{r} app{at}{i} request HTTP");
                }
                if number.is_multiple_of(5) {
                    let _ = writeln!(lines, "E app{at}{i} nat{at} request egress");
                }
            }
        }
    }
    graphs::parse(&(text + &lines))
}

#[divan::bench]
fn shop_22(bencher: divan::Bencher) {
    let graph = graphs::read("shop");
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
fn landscape_of(bencher: divan::Bencher, nodes: usize) {
    let graph = landscape(nodes);
    bencher.bench(|| layout(&graph));
}
