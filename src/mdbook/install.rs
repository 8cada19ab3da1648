//! Adds the preprocessor to the text of a `book.toml`; everything else in it stays as it is.

/// The command that mdBook is to run.
const COMMAND: &str = "command = \"archgen mdbook\"";

/// The text with the preprocessor in it; `None` when it is there already.
///
/// # Errors
/// When all preprocessors stand in one inline table, which cannot be added to from outside: what to write there.
pub fn install(book: &str) -> Result<Option<String>, String> {
    let newline = if book.contains("\r\n") { "\r\n" } else { "\n" };
    let mut table = String::new();
    let mut own = None;
    let mut end = 0;
    for line in book.split_inclusive('\n') {
        end += line.len();
        let words = plain(line);
        if let Some(header) = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = header.to_owned();
            if table == "preprocessor.archgen" {
                own = Some((end, line.ends_with('\n')));
            }
            continue;
        }
        let Some((key, _)) = words.split_once('=') else { continue };
        let key = if table.is_empty() { key.to_owned() } else { format!("{table}.{key}") };
        if key == "preprocessor" {
            return Err(
                "`preprocessor` is one inline table: add `archgen = { command = \"archgen mdbook\" }` to it"
                    .to_owned(),
            );
        }
        if key == "preprocessor.archgen" || key == "preprocessor.archgen.command" {
            return Ok(None);
        }
    }
    if let Some((at, broken)) = own {
        let before = if broken { "" } else { newline };
        return Ok(Some(format!("{}{before}{COMMAND}{newline}{}", &book[..at], &book[at..])));
    }
    let mut text = book.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(newline);
    }
    if !text.trim().is_empty() {
        text.push_str(newline);
    }
    Ok(Some(format!("{text}[preprocessor.archgen]{newline}{COMMAND}{newline}")))
}

/// A line without comment, spaces and quotes: enough to know tables and keys by their names.
fn plain(line: &str) -> String {
    let line = line.trim_start_matches('\u{feff}');
    let line = line.split_once('#').map_or(line, |(before, _)| before);
    line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_added_at_the_end_once() {
        let book = "# My book\n[book]\ntitle = \"A\" # [preprocessor.archgen]\n";
        let text = install(book).unwrap().unwrap();
        assert_eq!(text, format!("{book}\n[preprocessor.archgen]\ncommand = \"archgen mdbook\"\n"));
        assert_eq!(install(&text), Ok(None));
        assert_eq!(
            install("[book]\r\nsrc = \"s\"").unwrap().unwrap(),
            "[book]\r\nsrc = \"s\"\r\n\r\n[preprocessor.archgen]\r\ncommand = \"archgen mdbook\"\r\n"
        );
        assert_eq!(install("").unwrap().unwrap(), "[preprocessor.archgen]\ncommand = \"archgen mdbook\"\n");
    }

    #[test]
    fn every_way_to_have_it_is_known() {
        for book in [
            "[ preprocessor . \"archgen\" ] # ours\ncommand = 'x'\n",
            "[preprocessor]\narchgen = { command = \"x\" }\n",
            "preprocessor.archgen.command = \"x\"\n",
            "[preprocessor]\narchgen.command = \"x\"\n",
        ] {
            assert_eq!(install(book), Ok(None), "{book}");
        }
        assert!(install("preprocessor = { links = {} }\n").is_err());
    }

    #[test]
    fn a_table_without_a_command_gets_one() {
        assert_eq!(
            install("[preprocessor.archgen]\ntheme = \"light\"\n").unwrap().unwrap(),
            "[preprocessor.archgen]\ncommand = \"archgen mdbook\"\ntheme = \"light\"\n"
        );
        assert_eq!(
            install("[preprocessor.archgen]").unwrap().unwrap(),
            "[preprocessor.archgen]\ncommand = \"archgen mdbook\"\n"
        );
    }
}
