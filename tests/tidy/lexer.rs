//! Enough of a Rust lexer to read rules off a file: code without comments, strings and tests.

/// A Rust file in parts. `code` has the length and the lines of the text; what is not code is blank in it.
pub(crate) struct Rust {
    /// The code outside tests.
    pub(crate) code: String,
    /// Every string literal outside tests: where its quote stands, and what is between the quotes as written.
    pub(crate) strings: Vec<(usize, String)>,
    /// Every comment, in tests too: where it starts, and its text.
    pub(crate) comments: Vec<(usize, String)>,
}

/// Splits a Rust text. Text that does not lex (an unclosed string) ends in the part that it began.
pub(crate) fn split(text: &str) -> Rust {
    let mut rust = parts(text);
    strip_tests(&mut rust);
    rust
}

fn parts(text: &str) -> Rust {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let (mut strings, mut comments) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let end = if rest.starts_with("//") {
            at + rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            at + block_comment(rest)
        } else if let Some((open, length)) = string(rest).filter(|_| !continues_a_word(bytes, at)) {
            strings.push((at, rest[open..length.saturating_sub(closing(rest, open))].to_string()));
            at + length
        } else if let Some(length) = character(rest) {
            at + length
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if rest.starts_with('/') {
            comments.push((at, text[at..end].to_string()));
        }
        blank(&mut code[at..end]);
        at = end;
    }
    Rust { code: String::from_utf8_lossy(&code).into_owned(), strings, comments }
}

/// The line of a place, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Where a word stands in the code, as a whole word.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let bytes = code.as_bytes();
        let before = at.checked_sub(1).and_then(|i| bytes.get(i));
        let goes_on_before = part(word.as_bytes().first()) && part(before);
        let goes_on_after = part(word.as_bytes().last()) && part(bytes.get(at + word.len()));
        !goes_on_before && !goes_on_after
    })
}

/// The end of the item or statement that starts at `at`, behind its attributes.
pub(crate) fn item_end(code: &str, at: usize) -> usize {
    let mut depth = 0i32;
    let is_statement = code[at..].trim_start().starts_with("let ");
    for (i, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth <= 0 && !is_statement {
                    return i + 1;
                }
            }
            b';' if depth == 0 => return i + 1,
            _ => {}
        }
    }
    code.len()
}

/// The names of modules that stand in files of their own; those for tests alone, or all.
pub(crate) fn declared_modules(text: &str, for_tests: bool) -> Vec<String> {
    let before_strip = parts(text).code;
    let mut found = Vec::new();
    for at in words(&before_strip, "mod") {
        let Some(end) = before_strip[at..].find([';', '{']).map(|end| at + end) else { continue };
        let head = before_strip[..at].trim_end();
        let head = head
            .strip_suffix("pub(crate)")
            .or_else(|| head.strip_suffix("pub(super)"))
            .unwrap_or(head)
            .trim_end();
        if before_strip[end..].starts_with(';') && (!for_tests || head.ends_with("#[cfg(test)]")) {
            found.push(before_strip[at + "mod".len()..end].trim().to_string());
        }
    }
    found
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

/// Whether the byte before belongs to a word: the `r` of `for"` begins no raw string.
fn continues_a_word(bytes: &[u8], at: usize) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    at > 0 && word(bytes[at - 1]) && word(bytes[at])
}

/// The length of a comment, which may hold others.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Where the content of a string literal begins, and the length of the whole.
fn string(rest: &str) -> Option<(usize, usize)> {
    if !rest.starts_with(['"', 'b', 'c', 'r']) {
        return None;
    }
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).unwrap_or("");
        after.starts_with('"')
            || (prefix.ends_with('r')
                && after.trim_start_matches('#').starts_with('"')
                && after.starts_with('#'))
    })?;
    let after = &rest[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let open = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        let length = rest[open..].find(&close).map_or(rest.len(), |end| open + end + close.len());
        return Some((open, length));
    }
    let mut escaped = false;
    for (i, byte) in rest.bytes().enumerate().skip(open) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((open, i + 1)),
            _ => {}
        }
    }
    Some((open, rest.len()))
}

/// How many bytes close a literal whose content begins at `open`: its quote and its hashes.
fn closing(rest: &str, open: usize) -> usize {
    1 + rest[..open].matches('#').count()
}

/// The length of a character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    if let Some(escape) = inner.strip_prefix('\\') {
        let skip = escape.chars().next()?.len_utf8();
        return Some(2 + skip + escape[skip..].find('\'')? + 1);
    }
    let first = inner.chars().next()?.len_utf8();
    inner[first..].starts_with('\'').then_some(2 + first)
}

/// Blanks what only a test build has, and forgets its strings.
fn strip_tests(rust: &mut Rust) {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    for marker in ["#[cfg(test)]", "#[test]"] {
        let mut at = 0;
        while let Some(start) = rust.code[at..].find(marker).map(|found| at + found) {
            let mut from = start + marker.len();
            while rust.code[from..].trim_start().starts_with('#') {
                from += rust.code[from..].find(']').map_or(rust.code.len() - from, |end| end + 1);
            }
            at = item_end(&rust.code, from);
            ranges.push(start..at);
        }
    }
    let mut bytes = std::mem::take(&mut rust.code).into_bytes();
    for range in &ranges {
        blank(&mut bytes[range.clone()]);
    }
    rust.code = String::from_utf8_lossy(&bytes).into_owned();
    rust.strings.retain(|(at, _)| !ranges.iter().any(|range| range.contains(at)));
}

#[test]
fn code_comments_and_strings_are_told_apart() {
    let text = "fn a<'x>() { let c = '\"'; let s = \"// no\"; } // yes \"no\"\nconst R: &str = r#\"a\"b\"#; /* x /* y */ z */ fn b() {}\n";
    let rust = split(text);
    assert_eq!(rust.code.len(), text.len());
    assert_eq!(rust.strings.iter().map(|(_, s)| s.as_str()).collect::<Vec<_>>(), ["// no", "a\"b"]);
    assert_eq!(
        rust.comments.iter().map(|(_, s)| s.as_str()).collect::<Vec<_>>(),
        ["// yes \"no\"", "/* x /* y */ z */"]
    );
    assert!(rust.code.contains("fn b() {}") && rust.code.contains("fn a<'x>()") && !rust.code.contains('"'));
}

#[test]
fn tests_are_no_code() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    const X: &str = \"x\";\n    fn b() { c(); }\n}\nfn d() { e(\"y\"); }\n";
    let rust = split(text);
    assert!(rust.code.contains("fn a()") && rust.code.contains("fn d()") && !rust.code.contains("fn b()"));
    assert_eq!(rust.strings.len(), 1);
    assert_eq!(line_of(text, rust.strings[0].0), 7);
    assert!(!split("#[cfg(test)]\nmod tests;\nfn a() {}\n").code.contains("mod tests"));
}

#[test]
fn modules_for_tests_are_known() {
    let text =
        "mod a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\npub(crate) mod c;\n#[cfg(test)]\nmod d { mod e; }\n";
    assert_eq!(declared_modules(text, true), ["b", "c"]);
    assert_eq!(declared_modules("mod a;\nmod b { }\n", false), ["a"]);
}
