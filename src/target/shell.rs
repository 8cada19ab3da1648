//! Words of a shell: whatever the description says stays one word and runs nothing.

/// A text as one word of a POSIX shell; quoted only where it must be.
pub(super) fn quote(text: &str) -> String {
    crate::template::filters::shell(text)
}

/// A text in quotes, whatever it holds.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''").replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn nothing_leaves_its_word() {
        assert_eq!(quote("https://a.example/b.git"), "https://a.example/b.git");
        assert_eq!(quote("/h?full=1&x=2"), "'/h?full=1&x=2'");
        assert_eq!(quote("/h'; touch x; '$(id)"), "'/h'\\''; touch x; '\\''$(id)'");
        assert_eq!(quote("root@h;rm -rf /"), "'root@h;rm -rf /'");
        assert_eq!(quote(""), "''");
    }
}
