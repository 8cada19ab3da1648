//! Random nested graphs: the same seed gives the same graph everywhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use archgen::layout::Graph;

use crate::graphs::parse;

/// A small generator of numbers (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below `most`.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(most.max(1)).expect("fits")).expect("fits")
    }

    /// Yes in `percent` of all cases.
    pub(crate) fn likely(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const ROLES: [&str; 8] =
    ["compute", "compute", "store", "balancer", "external", "regional", "monitor", "guard"];
const WORDS: [&str; 6] =
    ["call", "HTTPS 443", "replicates to", "logs, metrics", "SQL", "a rather long label"];

/// A graph with up to `most` leaves in up to `boxes` nested containers: labelled parallel and antiparallel lines, lines to
/// containers, lines to oneself, labels on borders, badges.
pub(crate) fn nested(seed: u64, most: usize, boxes: usize) -> Graph {
    let mut dice = Dice::new(seed);
    // Numbers of their own for what came later, so that the rest of each graph stays as it was.
    let mut more = Dice::new(!seed);
    let n = 3 + dice.below(most.saturating_sub(2));
    let c = dice.below(boxes + 1);
    let mut text = String::new();
    let mut around: BTreeMap<String, String> = BTreeMap::new();
    for i in 0..c {
        let parent = if i > 0 && dice.likely(70) { format!("c{}", dice.below(i)) } else { "-".to_owned() };
        let sort = ["plain", "plain", "host", "region"][dice.below(4)];
        let _ = writeln!(text, "C c{i} {parent} {sort} Container {i}");
        around.insert(format!("c{i}"), parent);
    }
    for v in 0..n {
        let parent = if c > 0 && dice.likely(85) { format!("c{}", dice.below(c)) } else { "-".to_owned() };
        let _ = writeln!(text, "N n{v} {parent} {} Node {v}", ROLES[dice.below(ROLES.len())]);
        around.insert(format!("n{v}"), parent);
        if more.likely(10) {
            let _ = writeln!(text, "B n{v} ×2–6");
        }
    }
    let mut lines: Vec<(String, String)> = Vec::new();
    for _ in 0..dice.below(n + n / 2 + 1) + n / 3 {
        let ends = match dice.below(10) {
            0 if !lines.is_empty() => lines[dice.below(lines.len())].clone(),
            1 if !lines.is_empty() => {
                let (a, b) = lines[dice.below(lines.len())].clone();
                (b, a)
            }
            2 if c > 0 => (format!("n{}", dice.below(n)), format!("c{}", dice.below(c))),
            _ => (format!("n{}", dice.below(n)), format!("n{}", dice.below(n))),
        };
        if ends.0 == ends.1 && !dice.likely(20) {
            continue;
        }
        let class = ["request", "request", "request", "async", "replication", "telemetry"][dice.below(6)];
        let label = if dice.likely(80) { WORDS[dice.below(WORDS.len())] } else { "" };
        let _ = writeln!(text, "E {} {} {class} {label}", ends.0, ends.1);
        if let Some(entered) = around.get(&ends.1).filter(|c| *c != "-" && more.likely(15)) {
            let _ = writeln!(text, "P {entered} 8080:80");
        }
        lines.push(ends);
    }
    parse(&text)
}
