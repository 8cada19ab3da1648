//! Markdown from parts: what the author wrote as a plain text is escaped, what is Markdown keeps its structure.

/// Text on one line in which nothing is read as Markdown or HTML; addresses become links.
pub(super) fn line(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    escape_start(words.join(" "))
}

/// One word, escaped.
fn word(word: &str) -> String {
    let is_url = ["http://", "https://"].iter().any(|scheme| word.starts_with(scheme));
    let clean = !word.contains(['<', '>', '`', '|', '\\', '(', ')', '"']);
    if is_url && clean {
        let end = word.trim_end_matches(['.', ',', ';', ':']).len();
        return format!("<{}>{}", &word[..end], &word[end..]);
    }
    if clean && is_mail(word) {
        return format!("<{word}>");
    }
    let mut out = String::with_capacity(word.len());
    let characters: Vec<char> = word.chars().collect();
    for (at, &c) in characters.iter().enumerate() {
        let inside = at > 0
            && characters[at - 1].is_alphanumeric()
            && characters.get(at + 1).is_some_and(|next| next.is_alphanumeric());
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '[' | ']' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '_' if !inside => out.push_str("\\_"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether a word is an address for mail, which Markdown wants in angle brackets.
fn is_mail(word: &str) -> bool {
    let fine = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
    };
    word.split_once('@').is_some_and(|(name, host)| fine(name) && fine(host) && host.contains('.'))
        && !word.ends_with('.')
}

/// Escapes what would begin a heading, a quotation or a list.
fn escape_start(text: String) -> String {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let rest = &text[digits..];
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{}\\{rest}", &text[..digits]);
    }
    if text.starts_with(['#', '+', '-', '=']) { format!("\\{text}") } else { text }
}

/// Code within a line; the fence is longer than every run of backticks in it.
pub(super) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A block of code.
pub(super) fn fence(language: &str, text: &str) -> String {
    let marks = "`".repeat(longest_run(text).max(2) + 1);
    format!("{marks}{language}\n{}\n{marks}\n", text.trim_matches('\n'))
}

/// A link; the text is plain.
pub(super) fn link(text: &str, target: &str) -> String {
    let text = line(text).replace(['<', '>'], "");
    let target: String = target
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| match c {
            ' ' => "%20".to_owned(),
            '(' => "%28".to_owned(),
            ')' => "%29".to_owned(),
            '<' => "%3C".to_owned(),
            '>' => "%3E".to_owned(),
            '|' => "%7C".to_owned(),
            '\\' => "%5C".to_owned(),
            c => c.to_string(),
        })
        .collect();
    format!("[{text}]({target})")
}

/// A heading; marks at its end would be read as the end of a sentence.
pub(super) fn heading(level: usize, text: &str) -> String {
    format!("{} {}\n", "#".repeat(level), text.trim_end_matches(['.', ',', ';', ':', '!', ' ']))
}

/// A table of cells that are Markdown already; nothing when it has no rows. Columns without any text fall out.
pub(super) fn table(head: &[String], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let used: Vec<usize> = (0..head.len())
        .filter(|&at| at == 0 || rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty())))
        .collect();
    let row = |cells: &[String]| {
        let cell = |at: &usize| match cells.get(*at).map(|cell| in_cell(cell)).unwrap_or_default() {
            text if text.is_empty() => " |".to_owned(),
            text => format!(" {text} |"),
        };
        format!("|{}\n", used.iter().map(cell).collect::<String>())
    };
    let mut out = row(head);
    out.push_str(&format!("|{}\n", " --- |".repeat(used.len())));
    rows.iter().for_each(|cells| out.push_str(&row(cells)));
    out
}

fn in_cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// A block of text moved to the right, so that it belongs to an item of a list.
pub(super) fn indent(text: &str, columns: usize) -> String {
    let gap = " ".repeat(columns);
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{gap}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// The author's Markdown as paragraphs of its own before what follows; nothing where nothing is written.
pub(super) fn paragraphs(text: &str, level: usize) -> String {
    let prose = prose(text, level);
    if prose.is_empty() { prose } else { format!("{}\n\n", prose.trim_end()) }
}

/// The author's Markdown: headings are moved below `level`, code blocks are closed, and nothing in it is taken
/// for a region of the user.
pub(super) fn prose(text: &str, level: usize) -> String {
    let text = text.replace("\r\n", "\n").replace("<!-- archgen:", "<!-- archgen ");
    let mut open: Option<String> = None;
    let highest = headings(&text).min().unwrap_or(1);
    let mut out = String::new();
    for line in text.trim().lines() {
        let mark = fence_mark(line);
        match (&open, &mark) {
            (Some(opened), Some(mark)) if mark.starts_with(opened.as_str()) => open = None,
            (None, Some(mark)) => open = Some(mark.clone()),
            (None, None) => {
                if let Some(depth) = heading_depth(line) {
                    let depth = (depth - highest + level + 1).min(6);
                    let title = line.trim_start_matches('#').trim().trim_end_matches('#').trim_end();
                    out.push_str(&heading(depth, title));
                    continue;
                }
            }
            _ => {}
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if let Some(mark) = open {
        out.push_str(&format!("{mark}\n"));
    }
    out
}

fn headings(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut open: Option<String> = None;
    text.lines().filter_map(move |line| {
        if let Some(mark) = fence_mark(line) {
            match &open {
                Some(opened) if mark.starts_with(opened.as_str()) => open = None,
                Some(_) => {}
                None => open = Some(mark),
            }
            return None;
        }
        if open.is_some() { None } else { heading_depth(line) }
    })
}

fn heading_depth(line: &str) -> Option<usize> {
    let depth = line.chars().take_while(|&c| c == '#').count();
    ((1..=6).contains(&depth) && line[depth..].starts_with(' ')).then_some(depth)
}

/// The marks that open or close a block of code on a line.
pub(super) fn fence_mark(line: &str) -> Option<String> {
    let line = line.trim_start();
    ['`', '~'].into_iter().find_map(|mark| {
        let count = line.chars().take_while(|&c| c == mark).count();
        (count >= 3).then(|| mark.to_string().repeat(count))
    })
}

/// The page with one empty line between its parts, no spaces at the ends of lines, and no two headings of one
/// name below the same heading.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<String> = None;
    let mut empty = 1;
    let mut seen: Vec<(usize, String)> = Vec::new();
    for line in text.trim().lines() {
        let mark = fence_mark(line);
        match (&open, &mark) {
            (Some(opened), Some(mark)) if mark.starts_with(opened.as_str()) => open = None,
            (None, Some(mark)) => open = Some(mark.clone()),
            _ => {}
        }
        if open.is_some() {
            empty = 0;
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty > 1 {
            continue;
        }
        match heading_depth(line) {
            Some(depth) => out.push_str(&unique(line, depth, &mut seen)),
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// A heading that no other below the same one has.
fn unique(line: &str, depth: usize, seen: &mut Vec<(usize, String)>) -> String {
    seen.retain(|(other, _)| *other <= depth);
    let mut text = line.to_owned();
    let mut count = 1;
    while seen.iter().any(|(other, name)| *other == depth && *name == text) {
        count += 1;
        text = format!("{line} ({count})");
    }
    // A heading of a higher level begins a new set below it.
    seen.push((depth, text.clone()));
    text
}

/// Paths with their notes as a tree.
pub(super) fn tree(files: &[(String, String)]) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    let paths: Vec<Vec<&str>> =
        files.iter().map(|(path, _)| path.split('/').filter(|part| !part.is_empty()).collect()).collect();
    branch(&paths, files, &(0..files.len()).collect::<Vec<_>>(), 0, "", &mut rows);
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let lines = rows.iter().map(|(name, note)| {
        let gap = " ".repeat(width - name.chars().count());
        if note.is_empty() { name.clone() } else { format!("{name}{gap}  {note}") }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn branch(
    paths: &[Vec<&str>],
    files: &[(String, String)],
    members: &[usize],
    depth: usize,
    before: &str,
    rows: &mut Vec<(String, String)>,
) {
    let mut names: Vec<&str> = Vec::new();
    for name in members.iter().filter_map(|&at| paths[at].get(depth)) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    for (at, name) in names.iter().enumerate() {
        let last = at + 1 == names.len();
        let below: Vec<usize> =
            members.iter().copied().filter(|&at| paths[at].get(depth) == Some(name)).collect();
        let own = below.iter().find(|&&at| paths[at].len() == depth + 1);
        let note =
            own.map_or("", |&at| files[at].1.as_str()).split_whitespace().collect::<Vec<_>>().join(" ");
        let folder = below.iter().any(|&at| paths[at].len() > depth + 1)
            || own.is_some_and(|&at| files[at].0.ends_with('/'));
        let slash = if folder { "/" } else { "" };
        let (arm, gap) = if last { ("└── ", "    ") } else { ("├── ", "│   ") };
        rows.push((format!("{before}{arm}{name}{slash}"), note));
        if depth < 64 {
            branch(paths, files, &below, depth + 1, &format!("{before}{gap}"), rows);
        }
    }
}
