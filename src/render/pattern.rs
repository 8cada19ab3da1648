//! Patterns for pictures without fills: a square of 8 px, repeated, for each category and place.

/// The definition of a pattern with an id, by the name of what it tells.
pub(super) fn definition(id: &str, name: &str, ink: &str) -> String {
    let (_, strokes, width) = PATTERNS.iter().find(|(known, ..)| *known == name).unwrap_or(&OTHER);
    format!(
        "<pattern id=\"{id}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><path d=\"{strokes}\" fill=\"none\" \
         stroke=\"{ink}\" stroke-width=\"{width}\" stroke-linecap=\"square\"/></pattern>"
    )
}

const OTHER: (&str, &str, &str) = ("", "M0 0", "1");

/// Name, strokes and their width. Lines that leave the square at one side come in at the other.
const PATTERNS: &[(&str, &str, &str)] = &[
    ("compute", "M-2 2L2 -2M0 8L8 0M6 10L10 6", "1.2"),
    ("database", "M0 1H8M0 5H8", "1.2"),
    ("storage", "M1 0V8M5 0V8", "1.2"),
    ("network", "M0 1H8M1 0V8", "1"),
    ("security", "M0 8L8 0M0 0L8 8", "1"),
    ("integration", "M-2 6L2 10M0 0L8 8M6 -2L10 2", "1.2"),
    ("management", "M2 2h.1M6 6h.1", "1.8"),
    ("delivery", "M0 4L2 2L6 6L8 4", "1.2"),
    ("actor", "M0 1H8M0 3H8M0 5H8M0 7H8", "2.2"),
    ("external", "M2 2h3M6 6h3M-2 6h3", "1.2"),
    ("subnet-public", "M2 2h.1M6 6h.1", "1.6"),
    ("subnet-private", "M-2 2L2 -2M0 8L8 0M6 10L10 6", "1"),
    ("subnet-isolated", "M0 8L8 0M0 0L8 8", "1"),
    ("network-2", "M-2 6L2 10M0 0L8 8M6 -2L10 2", "1"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_categories_and_no_two_places_have_one_pattern() {
        let (places, categories): (Vec<_>, Vec<_>) = PATTERNS
            .iter()
            .partition(|(name, ..)| name.starts_with("subnet") || name.starts_with("network-"));
        for all in [places, categories] {
            let strokes: BTreeSet<&str> = all.iter().map(|(_, strokes, _)| *strokes).collect();
            assert_eq!(strokes.len(), all.len());
        }
        assert!(definition("a", "compute", "#000000").contains("M0 8L8 0"));
        assert!(definition("a", "nothing", "#000000").contains("M0 0"));
    }
}
