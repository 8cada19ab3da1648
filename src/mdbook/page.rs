//! What stands on the page instead of a block: the picture as inline SVG, and the description if it is to stay.

use super::blocks::Block;

/// The picture is never drawn smaller than this share of its size; below it the reader scrolls.
const LEAST_PERCENT: f64 = 65.0;

/// How a picture says that it follows the reader's system; see [`themed`].
const DARK: &str = "@media (prefers-color-scheme: dark) {\n";

/// What replaces a block: lines without blank ones between, so that Markdown leaves them alone, each behind the
/// signs of the lists and quotations that the block stands in.
pub(super) fn replacement(chapter: &str, block: &Block, svg: &str, source: Option<&str>) -> String {
    let newline = if chapter[block.fence.end..]
        .find('\n')
        .is_some_and(|at| chapter[..block.fence.end + at].ends_with('\r'))
    {
        "\r\n"
    } else {
        "\n"
    };
    let mut lines = vec!["<figure class=\"archgen\" style=\"margin:1em 0;overflow-x:auto\">".to_owned()];
    lines.extend(figure(svg).lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
    lines.push("</figure>".to_owned());
    let fence = &chapter[block.fence.clone()];
    let prefix = &block.prefix;
    // The blank line ends the HTML; what follows is Markdown again.
    let blank = format!("{newline}{}{newline}{prefix}", prefix.trim_end());
    let mut out = lines.join(&format!("{newline}{prefix}"));
    match source {
        None if block.followed => out.push_str(&format!("{newline}{}", prefix.trim_end())),
        None => {}
        // The block itself stays: its lines are copied as they stand in the chapter.
        Some(_) if !block.body.text.trim().is_empty() => {
            out.push_str(&format!("{blank}{fence}yaml{newline}"));
            out.push_str(&chapter[block.lines.clone()]);
            out.push_str(&format!("{newline}{prefix}{fence}"));
        }
        Some(text) => {
            let fence = longer_than_any(text);
            out.push_str(&format!("{blank}{fence}yaml"));
            for line in text.lines() {
                let line = format!("{newline}{prefix}{line}");
                out.push_str(if line.trim().is_empty() { line.trim_end_matches(' ') } else { &line });
            }
            out.push_str(&format!("{newline}{prefix}{fence}"));
        }
    }
    out
}

/// A fence that no line of a text closes.
fn longer_than_any(text: &str) -> String {
    let runs = text.lines().map(|line| line.trim_start().bytes().take_while(|byte| *byte == b'`').count());
    "`".repeat(runs.max().unwrap_or(0).max(2) + 1)
}

/// The SVG with its size on the page.
fn figure(svg: &str) -> String {
    let svg = themed(svg);
    let width = svg
        .split_once(" width=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .and_then(|(width, _)| width.parse::<f64>().ok())
        .unwrap_or_default();
    let least = (width * LEAST_PERCENT / 100.0).round();
    let style = format!("display:block;margin:auto;max-width:100%;min-width:{least}px;height:auto");
    svg.replacen("<svg ", &format!("<svg style=\"{style}\" "), 1)
}

/// The SVG with the colours of the theme that the reader chose in mdBook's menu, which is a class of the page's
/// root. Elsewhere (and until a theme is chosen) the colours follow the reader's system.
fn themed(svg: &str) -> String {
    let Some((before, rest)) = svg.split_once(DARK) else { return svg.to_owned() };
    let Some((rules, after)) = rest.split_once("\n}\n}\n") else { return svg.to_owned() };
    format!(
        "{before}{DARK}:root:not(.light,.rust) {rules}\n}}\n}}\n:root:is(.coal,.navy,.ayu) {rules}\n}}\n{after}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mdbook::blocks;

    const SVG: &str = "<svg id=\"a\" width=\"200\" height=\"9\">\n<style>\n#a {\n--x: #fff;\n}\n@media (prefers-color-scheme: dark) {\n#a {\n--x: #000;\n}\n}\n</style>\n\n</svg>\n";

    fn replaced(chapter: &str, source: Option<&str>) -> String {
        let block = blocks::find(chapter).remove(0);
        let text = replacement(chapter, &block, "<svg width=\"100\">\n\n</svg>\n", source);
        let text = text.replace(" style=\"margin:1em 0;overflow-x:auto\"", "");
        let style = " style=\"display:block;margin:auto;max-width:100%;min-width:65px;height:auto\"";
        assert!(text.contains(style), "{text}");
        let text = text.replace(style, "");
        format!("{}{text}{}", &chapter[..block.range.start], &chapter[block.range.end..])
    }

    #[test]
    fn the_theme_of_the_book_goes_before_that_of_the_system() {
        let svg = figure(SVG);
        assert!(svg.contains("min-width:130px"), "{svg}");
        assert!(svg.contains("dark) {\n:root:not(.light,.rust) #a {\n--x: #000;\n}\n}\n"), "{svg}");
        assert!(svg.contains("}\n:root:is(.coal,.navy,.ayu) #a {\n--x: #000;\n}\n</style>"), "{svg}");
        assert_eq!(themed("<svg/>"), "<svg/>");
    }

    #[test]
    fn nothing_around_a_block_changes() {
        let picture = "<figure class=\"archgen\">\n<svg width=\"100\">\n</svg>\n</figure>";
        assert_eq!(replaced("a\n\n```archgen\nx\n```\n\nb", None), format!("a\n\n{picture}\n\nb"));
        assert_eq!(replaced("```archgen\nx\n```\nb\n", None), format!("{picture}\n\nb\n"));
        assert_eq!(
            replaced("a\r\n\r\n```archgen\r\nx\r\n```\r\nb", None),
            format!("a\n\n{picture}\n\nb").replace('\n', "\r\n")
        );
    }

    #[test]
    fn lists_and_quotations_stay_whole() {
        assert_eq!(
            replaced("> - ```archgen\n>   x\n>   ```\n>   b\n", None),
            "> - <figure class=\"archgen\">\n>   <svg width=\"100\">\n>   </svg>\n>   </figure>\n>\n>   b\n"
        );
        assert_eq!(
            replaced("- ```archgen\n  x\n  ```\n- b\n", None),
            "- <figure class=\"archgen\">\n  <svg width=\"100\">\n  </svg>\n  </figure>\n- b\n"
        );
    }

    #[test]
    fn the_description_stays_below() {
        let picture = "<figure class=\"archgen\">\n<svg width=\"100\">\n</svg>\n</figure>";
        assert_eq!(
            replaced("~~~~archgen source\nx:\n\n  y\n~~~~\nb", Some("x:\n\n  y\n")),
            format!("{picture}\n\n~~~~yaml\nx:\n\n  y\n~~~~\nb")
        );
        assert_eq!(
            replaced("> ```archgen source\n> x\n> ```\n", Some("x\n")),
            "> <figure class=\"archgen\">\n> <svg width=\"100\">\n> </svg>\n> </figure>\n>\n> ```yaml\n> x\n> ```\n"
        );
        assert_eq!(
            replaced("```archgen file=a source\n```\n", Some("x: |\n  ````\n\n  y\n")),
            format!("{picture}\n\n`````yaml\nx: |\n  ````\n\n  y\n`````\n")
        );
    }
}
