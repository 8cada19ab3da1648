//! The difference of two texts by lines, as a unified diff.
//!
//! Myers' greedy algorithm (An O(ND) difference algorithm, 1986) finds the fewest lines that go and come. Texts that
//! share next to nothing would take it long and its result would be no help: past a limit all between the common
//! beginning and end counts as replaced.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The most lines that may go and come before the search is given up.
const MOST_EDITS: usize = 2000;

/// A run of lines that go, and of those that come in their place.
type Change = (Range<usize>, Range<usize>);

/// The unified diff from a page on the disk to a fresh one.
pub fn difference(old: &str, new: &str, name: &str) -> String {
    unified(old, new, name, &format!("{name} (fresh)"))
}

/// The unified diff from one text to another; empty when they are equal.
pub(super) fn unified(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let changes = changes(&old, &new);
    let mut text = String::new();
    if changes.is_empty() {
        return text;
    }
    let _ = writeln!(text, "--- {old_name}\n+++ {new_name}");
    let mut rest = changes.as_slice();
    while let Some(first) = rest.first() {
        // Changes whose contexts touch are one hunk.
        let near = |pair: &[Change]| pair[1].0.start - pair[0].0.end <= 2 * CONTEXT;
        let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
        let (hunk, later) = rest.split_at(count);
        let last = &hunk[count - 1];
        let before = first.0.start.min(CONTEXT);
        let after = (old.len() - last.0.end).min(CONTEXT);
        let _ = writeln!(
            text,
            "@@ -{} +{} @@",
            shown(first.0.start - before..last.0.end + after),
            shown(first.1.start - before..last.1.end + after)
        );
        let mut at = first.0.start - before;
        for (gone, come) in hunk {
            push(&mut text, ' ', &old[at..gone.start]);
            push(&mut text, '-', &old[gone.clone()]);
            push(&mut text, '+', &new[come.clone()]);
            at = gone.end;
        }
        push(&mut text, ' ', &old[at..at + after]);
        rest = later;
    }
    text
}

fn push(text: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// A range of lines as a hunk's head has it: the first, counted from 1, and how many unless it is one.
fn shown(lines: Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn changes(old: &[&str], new: &[&str]) -> Vec<Change> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    // Numbers are quicker to compare than lines.
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let a = numbered(old_rest, &mut numbers);
    let b = numbered(new_rest, &mut numbers);
    let mut all = Vec::new();
    let (mut x, mut y) = (0, 0);
    let end = (a.len(), b.len());
    for (i, j) in common(&a, &b).unwrap_or_default().into_iter().chain([end]) {
        if x < i || y < j {
            all.push((head + x..head + i, head + y..head + j));
        }
        (x, y) = (i + 1, j + 1);
    }
    all
}

fn numbered<'t>(lines: &[&'t str], numbers: &mut BTreeMap<&'t str, usize>) -> Vec<usize> {
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        let next = numbers.len();
        all.push(*numbers.entry(line).or_insert(next));
    }
    all
}

/// The lines that both have, in order; `None` when they have too little in common.
fn common(a: &[usize], b: &[usize]) -> Option<Vec<(usize, usize)>> {
    let most = (a.len() + b.len()).min(MOST_EDITS);
    // How far each diagonal `x - y` was reached, shifted so that no index is negative.
    let zero = most + 1;
    let mut reached = vec![0usize; 2 * most + 3];
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for edits in 0..=most {
        steps.push(reached[zero - edits..=zero + edits].to_vec());
        for diagonal in (zero - edits..=zero + edits).step_by(2) {
            let low = diagonal == zero - edits;
            let high = diagonal == zero + edits;
            let mut x = match low || (!high && reached[diagonal - 1] < reached[diagonal + 1]) {
                true => reached[diagonal + 1],
                false => reached[diagonal - 1] + 1,
            };
            let mut y = x + zero - diagonal;
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            reached[diagonal] = x;
            if x >= a.len() && y >= b.len() {
                return Some(back(&steps, a.len(), b.len()));
            }
        }
    }
    None
}

/// Walks the steps back from the end and gathers what is common.
fn back(steps: &[Vec<usize>], mut x: usize, mut y: usize) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for (edits, reached) in steps.iter().enumerate().skip(1).rev() {
        // `reached` begins with the diagonal `-edits`.
        let diagonal = x + edits - y;
        let low = diagonal == 0;
        let high = diagonal == 2 * edits;
        let down = low || (!high && reached[diagonal - 1] < reached[diagonal + 1]);
        let from = if down { diagonal + 1 } else { diagonal - 1 };
        let (before_x, before_y) = (reached[from], reached[from] + edits - from);
        while x > before_x && y > before_y {
            (x, y) = (x - 1, y - 1);
            all.push((x, y));
        }
        (x, y) = (before_x, before_y);
    }
    while x > 0 && y > 0 {
        (x, y) = (x - 1, y - 1);
        all.push((x, y));
    }
    all.reverse();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_change_is_shown_with_its_context() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\nj\nk\nl\n";
        let new = "a\nb\nc\nd\nE\nf\ng\nh\nj\nk\nl\nm";
        assert_eq!(
            unified(old, new, "x", "y"),
            "--- x\n+++ y\n@@ -2,10 +2,11 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n j\n k\n l\n+m\n\\ No newline at end of file\n"
        );
        assert_eq!(unified(old, old, "x", "y"), "");
        assert_eq!(unified("", "a\n", "x", "y"), "--- x\n+++ y\n@@ -0,0 +1 @@\n+a\n");
        assert_eq!(unified("a\n", "", "x", "y"), "--- x\n+++ y\n@@ -1 +0,0 @@\n-a\n");
    }

    #[test]
    fn far_changes_are_hunks_of_their_own() {
        let old: String = (0..30).map(|n| format!("{n}\n")).collect();
        let new = old.replace("5\n", "five\n").replace("20\n", "twenty\n");
        assert_eq!(unified(&old, &new, "x", "y").matches("@@ -").count(), 2, "5, then 15 to 25");
    }

    #[test]
    fn texts_without_anything_in_common_are_replaced() {
        let old: String = (0..3000).map(|n| format!("old {n}\n")).collect();
        let new: String = (0..3000).map(|n| format!("new {n}\n")).collect();
        let text = unified(&old, &new, "x", "y");
        assert!(text.contains("@@ -1,3000 +1,3000 @@"));
        assert_eq!(text.lines().count(), 6003);
    }

    /// What the hunks make of the old text.
    fn applied(old: &[&str], changes: &[Change], new: &[&str]) -> String {
        let mut text = String::new();
        let mut at = 0;
        for (gone, come) in changes {
            text.push_str(&old[at..gone.start].concat());
            text.push_str(&new[come.clone()].concat());
            at = gone.end;
        }
        text + &old[at..].concat()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_difference_leads_from_one_text_to_the_other_with_the_fewest_lines(
            old in "([abc]\n){0,12}[abc]?",
            new in "([abc]\n){0,12}[abc]?",
        ) {
            let (a, b): (Vec<&str>, Vec<&str>) =
                (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
            let found = changes(&a, &b);
            prop_assert_eq!(applied(&a, &found, &b), new.clone());
            let edits: usize = found.iter().map(|(gone, come)| gone.len() + come.len()).sum();
            // The length of the longest common subsequence, by the table.
            let mut table = vec![vec![0usize; b.len() + 1]; a.len() + 1];
            for i in 0..a.len() {
                for j in 0..b.len() {
                    table[i + 1][j + 1] = match a[i] == b[j] {
                        true => table[i][j] + 1,
                        false => table[i][j + 1].max(table[i + 1][j]),
                    };
                }
            }
            prop_assert_eq!(edits, a.len() + b.len() - 2 * table[a.len()][b.len()]);
            prop_assert_eq!(unified(&old, &new, "x", "y").is_empty(), old == new);
        }
    }
}
