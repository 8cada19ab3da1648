//! Did-you-mean: the known word nearest to a mistyped one.

/// The candidate that differs least from `word`, if it is near enough to be meant: at most a third of the
/// letters differ (one for short words). Equal distances keep the candidates' order.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        // The difference in length is a lower bound, and keeps a huge word from costing anything.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edit distance in which a swap of neighbours counts as one edit and case does not count
/// (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_typo_and_refuses_strangers() {
        assert_eq!(nearest("replcias", ["ports", "replicas"]), Some("replicas"));
        assert_eq!(nearest("Port", ["ports", "port"]), Some("port"));
        assert_eq!(nearest("zebra", ["ports", "replicas"]), None);
        assert_eq!(nearest("prot", ["port", "ports"]), Some("port"));
        assert_eq!(nearest(&"x".repeat(1 << 20), ["ports", "replicas"]), None);
    }
}
