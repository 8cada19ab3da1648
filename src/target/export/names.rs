//! Names that every format takes: letters, digits and underscores, each once.

use std::collections::BTreeSet;

/// A name for each id, in order. What a format reserves, and what two ids would share, gets a number.
pub(super) fn names<'a>(ids: impl Iterator<Item = &'a str>, reserved: &[&str]) -> Vec<String> {
    let mut taken: BTreeSet<String> = reserved.iter().map(|word| (*word).to_owned()).collect();
    ids.map(|id| {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let mut name: String = id.chars().map(plain).collect();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            name.insert(0, 'n');
        }
        let free = (1..).map(|number| if number == 1 { name.clone() } else { format!("{name}_{number}") });
        // Formats differ in whether they tell capitals apart.
        let name =
            free.into_iter().find(|name| !taken.contains(&name.to_ascii_lowercase())).unwrap_or_default();
        taken.insert(name.to_ascii_lowercase());
        name
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_each_comes_once() {
        let ids = ["web-1", "web_1", "end", "1st", "vpc@a", "WEB_1", "ñ"];
        let expected = ["web_1", "web_1_2", "end_2", "n1st", "vpc_a", "WEB_1_3", "n_"];
        assert_eq!(names(ids.into_iter(), &["end"]), expected);
    }
}
