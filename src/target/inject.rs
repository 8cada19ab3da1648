//! Regions of a page that the author wrote: what stands between two marks is kept true, all else stays as it is.
//!
//! ```text
//! <!-- archgen:begin view=network env=prod -->
//!
//! ![Network](generated/diagrams/prod-network.svg)
//!
//! <!-- archgen:end -->
//! ```

use std::ops::Range;

use super::markdown;
use crate::diag::{Diagnostic, Diagnostics, suggest};
use crate::source::{SourceId, Span};

/// The word for it in `--only`.
pub const NAME: &str = "inject";

/// What a region can hold beside a picture.
const LISTS: [&str; 2] = ["badges", "environments"];

/// A picture that a region can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its environment; `None` for one of the whole system.
    pub environment: Option<String>,
    /// The view.
    pub view: String,
    /// Its title.
    pub title: String,
    /// The file, below the output folder.
    pub path: String,
}

/// Everything that regions can hold; paths are below the output folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Regions {
    /// In the order of environments.
    pub pictures: Vec<Picture>,
    /// The badges of all pipelines.
    pub badges: Vec<String>,
    /// Titles of the environments, and the pages about them.
    pub environments: Vec<(String, String)>,
}

/// What a page becomes.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// The page.
    pub text: String,
    /// How many regions it has.
    pub regions: usize,
}

/// Fills the regions of a page. `to_output` is the way from the page's folder to the output folder, and what is wrong
/// with its marks is reported at its source.
pub fn fill(
    page: &str,
    regions: &Regions,
    to_output: &str,
    source: SourceId,
    out: &mut Diagnostics,
) -> Filled {
    let mut filled = Filled::default();
    let newline = if page.contains("\r\n") { "\r\n" } else { "\n" };
    let mut open: Option<Range<usize>> = None;
    let mut fence: Option<String> = None;
    let mut at = 0;
    for line in page.split_inclusive('\n') {
        let place = at..at + line.trim_end().len();
        at += line.len();
        if open.is_none() {
            match (&fence, markdown::fence_mark(line)) {
                (Some(opened), Some(mark)) if mark.starts_with(opened.as_str()) => fence = None,
                (None, Some(mark)) => fence = Some(mark),
                _ => {}
            }
        }
        let mark = if fence.is_none() { mark(line) } else { None };
        let span = Span::new(source, place.start, place.end);
        let mut wrong = |code, message: &str, hint: &str| {
            out.push(Diagnostic::error(code, span, message).hint(hint));
        };
        match (mark, &open) {
            (None, None) => filled.text.push_str(line),
            (None, Some(_)) => {}
            (Some(Mark::End), None) => {
                wrong("region-end", "no region begins before this end", "take it out, or begin one");
            }
            (Some(Mark::End), Some(_)) => {
                filled.text.push_str(line);
                open = None;
            }
            (Some(Mark::Begin(_)), Some(_)) => {
                wrong("region-nested", "a region begins inside another", "end the first one before");
            }
            (Some(Mark::Begin(words)), None) => {
                filled.text.push_str(line);
                if !line.ends_with('\n') {
                    filled.text.push_str(newline);
                }
                if let Some(content) = content(words, regions, to_output, span, out) {
                    // Some readers of Markdown take what touches a comment for a part of it.
                    for line in std::iter::once("").chain(content.lines()).chain([""]) {
                        filled.text.push_str(line);
                        filled.text.push_str(newline);
                    }
                }
                filled.regions += 1;
                open = Some(place);
            }
        }
    }
    if let Some(place) = open {
        let span = Span::new(source, place.start, place.end);
        out.push(
            Diagnostic::error("region-open", span, "this region has no end")
                .hint("close it with `<!-- archgen:end -->` on a line of its own"),
        );
    }
    filled
}

/// A line that is a mark and nothing else.
enum Mark<'a> {
    /// With what the region is to hold.
    Begin(&'a str),
    End,
}

fn mark(line: &str) -> Option<Mark<'_>> {
    let inner = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    if inner == "archgen:end" {
        return Some(Mark::End);
    }
    let words = inner.strip_prefix("archgen:begin")?;
    (words.is_empty() || words.starts_with(' ')).then(|| Mark::Begin(words.trim()))
}

/// What a region holds; `None` when it cannot be told, which was reported.
fn content(
    words: &str,
    regions: &Regions,
    to_output: &str,
    span: Span,
    out: &mut Diagnostics,
) -> Option<String> {
    let (mut list, mut view, mut env) = (None, None, None);
    for word in words.split_whitespace() {
        match word.split_once('=') {
            Some(("view", name)) => view = Some(name),
            Some(("env", name)) => env = Some(name),
            None if LISTS.contains(&word) => list = Some(word),
            _ => {
                let known = ["view=", "env="].into_iter().chain(LISTS);
                let report = Diagnostic::error("unknown-region", span, format!("a region holds no `{word}`"));
                out.push(match suggest::nearest(word, known) {
                    Some(near) => report.hint(format!("did you mean `{near}`?")),
                    None => report.hint("there are: view=VIEW env=ENV, badges, environments"),
                });
                return None;
            }
        }
    }
    let below = |path: &str| format!("{to_output}{path}");
    match (list, view) {
        (Some("badges"), None) => {
            if regions.badges.is_empty() {
                let message = "there is no badge to show, so this region stays empty";
                out.push(Diagnostic::warning("empty-region", span, message).hint(
                    "a badge needs `system.repository` and a pipeline whose platform has badges; else take the region out",
                ));
            }
            Some(regions.badges.join("\n"))
        }
        (Some(_), None) => {
            let row = |(title, path): &(String, String)| format!("- {}", markdown::link(title, &below(path)));
            Some(regions.environments.iter().map(row).collect::<Vec<_>>().join("\n"))
        }
        (None, Some(view)) => {
            let picture = picture(&regions.pictures, view, env, span, out)?;
            Some(format!("!{}", markdown::link(&picture.title, &below(&picture.path))))
        }
        _ => {
            out.push(
                Diagnostic::error("unknown-region", span, "it does not say what one thing it holds").hint(
                    "write `<!-- archgen:begin view=network env=prod -->`, or `badges`, or `environments`",
                ),
            );
            None
        }
    }
}

/// A picture by its view: of the named environment, else of the first one that has it, the system's own before those
/// of further environments.
fn picture<'a>(
    all: &'a [Picture],
    view: &str,
    env: Option<&str>,
    span: Span,
    out: &mut Diagnostics,
) -> Option<&'a Picture> {
    let named = |picture: &&Picture| picture.view == view;
    let found = match env {
        Some(env) => all.iter().find(|p| named(p) && p.environment.as_deref() == Some(env)),
        None => {
            let first = all.iter().find_map(|picture| picture.environment.as_ref());
            let own = all.iter().find(|p| named(p) && p.environment.as_ref() == first && first.is_some());
            own.or_else(|| all.iter().find(|p| named(p) && p.environment.is_none()))
                .or_else(|| all.iter().find(named))
        }
    };
    if found.is_none() {
        let place = env.map(|env| format!(" of `{env}`")).unwrap_or_default();
        let report = Diagnostic::error("unknown-choice", span, format!("there is no view `{view}`{place}"));
        let names = all.iter().filter(|p| env.is_none() || p.environment.as_deref() == env);
        let names: Vec<&str> = names.map(|picture| picture.view.as_str()).collect();
        out.push(match suggest::nearest(view, names.iter().copied()) {
            Some(near) => report.hint(format!("did you mean `{near}`?")),
            None if names.is_empty() => report.hint("no picture is written there: look at `outputs.formats`"),
            None => report.hint(format!("there are: {}", names.join(", "))),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::print;
    use crate::source::Sources;

    fn filled(page: &str) -> (String, String) {
        let picture = |environment: Option<&str>, view: &str| Picture {
            environment: environment.map(str::to_owned),
            view: view.to_owned(),
            title: format!("The {view}"),
            path: format!("diagrams/{}{view}.svg", environment.map(|e| format!("{e}-")).unwrap_or_default()),
        };
        let regions = Regions {
            pictures: vec![
                picture(Some("dev"), "overview"),
                picture(Some("prod"), "network"),
                picture(None, "context"),
            ],
            badges: vec!["[![ci](a)](b)".to_owned()],
            environments: vec![("Production".to_owned(), "runbook/prod.md".to_owned())],
        };
        let (mut sources, mut out) = (Sources::default(), Diagnostics::default());
        let source = sources.add("page.md", page.to_owned());
        let text = fill(page, &regions, "../gen/", source, &mut out).text;
        (text, print::short(&out, &sources))
    }

    #[test]
    fn regions_are_filled_and_the_rest_stays() {
        let page = "# Mine\n<!-- archgen:begin view=network -->\nold\n<!-- archgen:end -->\nrest";
        let (text, said) = filled(page);
        assert_eq!(
            text,
            "# Mine\n<!-- archgen:begin view=network -->\n\n![The network](../gen/diagrams/prod-network.svg)\n\n<!-- archgen:end -->\nrest"
        );
        assert_eq!(said, "");
        assert_eq!(filled(&text).0, text);
        let (text, _) = filled("<!-- archgen:begin environments -->\r\n<!-- archgen:end -->\r\n");
        assert!(text.contains("- [Production](../gen/runbook/prod.md)\r\n"), "{text}");
        let quoted = "```html\n<!-- archgen:begin badges -->\n```\n";
        assert_eq!(filled(quoted).0, quoted);
    }

    #[test]
    fn marks_that_do_not_fit_are_said() {
        for (page, code) in [
            ("<!-- archgen:begin view=network -->\n", "region-open"),
            ("<!-- archgen:end -->\n", "region-end"),
            ("<!-- archgen:begin badges -->\n<!-- archgen:begin badges -->\n", "region-nested"),
            ("<!-- archgen:begin views=network -->\n<!-- archgen:end -->\n", "unknown-region"),
            ("<!-- archgen:begin -->\n<!-- archgen:end -->\n", "unknown-region"),
            ("<!-- archgen:begin view=netwrok env=prod -->\n<!-- archgen:end -->\n", "unknown-choice"),
        ] {
            let (_, said) = filled(page);
            assert!(said.contains(code), "{page}: {said}");
        }
    }
}
