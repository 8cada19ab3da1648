//! How texts are broken, cut and measured: one place, so that the layout's boxes and the drawn texts agree.

use super::font::{Weight, width};
use super::{Container, Group, Node, Style};
use crate::layout::{Fx, Rect, Size, Sort};

/// Titles of nodes wider than this are broken into two lines.
const TITLE_WIDTH: i32 = 144;
/// Quiet lines wider than this are cut.
const QUIET_WIDTH: i32 = 176;
/// Labels wider than this are cut.
const LABEL_WIDTH: i32 = 160;
/// Titles of containers wider than this are cut.
const BOX_WIDTH: i32 = 240;
/// Height of a label.
pub const CHIP_HEIGHT: i32 = 20;
/// From a label to the published port behind it.
pub const BEFORE_PORT: i32 = 4;
/// From a container's left border to its title, beside the badge.
pub const BESIDE_BADGE: i32 = 31;

/// The texts below a tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// One or two lines in bold.
    pub title: Vec<String>,
    /// The quiet line; empty for none.
    pub quiet: String,
    /// What all lines take, from the tile's lower border on.
    pub size: Size,
}

/// The first line of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxTitle {
    /// In bold.
    pub title: String,
    /// Beside the title, or below it.
    pub quiet: String,
    /// Whether the quiet text has a line of its own.
    pub two_lines: bool,
    /// What it takes, with the badge, from the container's corner on.
    pub size: Size,
}

/// Breaks and measures the texts below a tile.
pub fn caption(title: &str, quiet: &str) -> Caption {
    let title = two_lines(&clean(title));
    let quiet = cut(&clean(quiet), 12, Weight::Regular, QUIET_WIDTH);
    let widest = title.iter().map(|line| width(line, 14, Weight::Bold)).max().unwrap_or_default();
    let widest = widest.max(width(&quiet, 12, Weight::Regular));
    let lines = title.len() as i32 + i32::from(!quiet.is_empty());
    let height = if lines == 0 { 0 } else { 22 + 18 * (lines - 1) };
    Caption { title, quiet, size: Size { w: widest, h: px(height) } }
}

/// Cuts and measures a container's first line.
pub fn box_title(container: &Container) -> BoxTitle {
    let title = cut(&clean(&container.title), 13, Weight::Bold, BOX_WIDTH);
    let quiet = cut(&clean(&container.quiet), 12, Weight::Regular, BOX_WIDTH);
    let two_lines = matches!(container.sort, Sort::Tier(_)) && !quiet.is_empty() && !title.is_empty();
    let (bold, light) = (width(&title, 13, Weight::Bold), width(&quiet, 12, Weight::Regular));
    let text = match (two_lines, quiet.is_empty()) {
        (true, _) => bold.max(light),
        (false, true) => bold,
        (false, false) => Fx(bold.0 + light.0 + px(8).0),
    };
    let size = Size { w: Fx(text.0 + px(BESIDE_BADGE).0), h: px(if two_lines { 40 } else { 24 }) };
    BoxTitle { title, quiet, two_lines, size }
}

/// Cuts and measures an overlay's title: a glyph of 20 px and the title, and the quiet line below.
pub fn group_title(group: &Group) -> BoxTitle {
    let title = cut(&clean(&group.title), 12, Weight::Bold, BOX_WIDTH);
    let quiet = cut(&clean(&group.quiet), 12, Weight::Regular, BOX_WIDTH);
    let first = Fx(width(&title, 12, Weight::Bold).0 + px(25).0);
    let size = Size {
        w: first.max(width(&quiet, 12, Weight::Regular)),
        h: px(if quiet.is_empty() { 20 } else { 38 }),
    };
    BoxTitle { two_lines: !quiet.is_empty(), title, quiet, size }
}

/// A node's title on one line, where it only reminds of who is meant.
pub fn cut_title(title: &str) -> String {
    cut(&clean(title), 12, Weight::Bold, TITLE_WIDTH)
}

/// The words of a label as they are drawn.
pub fn label(text: &str) -> String {
    cut(&clean(text), 12, Weight::Regular, LABEL_WIDTH)
}

/// A label that says whose it is; where both do not fit, the name is cut.
pub fn named(name: &str, text: &str) -> String {
    let said = format!(": {}", clean(text));
    let left = LABEL_WIDTH - width(&said, 12, Weight::Regular).0 / 64 - 1;
    format!("{}{said}", cut(&clean(name), 12, Weight::Regular, left.max(LABEL_WIDTH / 4)))
}

/// The box of a label with its flow numbers; `None` when there is neither.
pub fn chip(text: &str, numbers: &[u32]) -> Option<Size> {
    let text = label(text);
    let badges = numbers.iter().map(|number| number_width(*number) + 2).sum::<i32>();
    let text = match (text.is_empty(), numbers.is_empty()) {
        (true, true) => return None,
        (true, false) => return Some(Size { w: px(badges - 2), h: px(18) }),
        (false, _) => width(&text, 12, Weight::Regular),
    };
    Some(Size { w: Fx(text.0 + px(12 + badges).0), h: px(CHIP_HEIGHT) })
}

/// How far the copies of a stack reach to the right and upwards.
pub const STACK: i32 = 8;

/// What the badge of a stack says.
pub fn badge_text(node: &Node) -> String {
    if node.badge.is_empty() { format!("×{}", node.copies) } else { clean(&node.badge) }
}

/// The pill on the corner of a stack, seen from its tile's top right corner; `None` for a single copy.
pub fn badge(node: &Node) -> Option<Rect> {
    let wide = Fx(width(&badge_text(node), 12, Weight::Bold).0 + px(12).0).max(px(24));
    let left = Fx(px(STACK - 4).0 - wide.0 / 2);
    (node.copies > 1).then_some(Rect { x: left, y: px(-STACK - 9), w: wide, h: px(18) })
}

/// The box of a published port's pill; `None` when there is none.
pub fn port(text: &str) -> Option<Size> {
    let text = clean(text);
    let wide = Fx(width(&text, 12, Weight::Bold).0 + px(16).0);
    (!text.is_empty()).then_some(Size { w: wide, h: px(CHIP_HEIGHT) })
}

/// How wide the badge of a flow number is, in px: a circle, from two digits on a pill.
pub fn number_width(number: u32) -> i32 {
    18 + 6 * (number.to_string().len() as i32 - 1)
}

/// The icon that a container shows on its badge.
pub fn box_icon(container: &Container) -> &str {
    match (container.icon.is_empty(), container.style) {
        (true, style) => Style::icon(style),
        (false, _) => &container.icon,
    }
}

/// Text as SVG shows it: no control characters, every run of white space one space.
pub fn clean(text: &str) -> String {
    let visible = |c: char| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c };
    let text: String = text.chars().map(visible).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts a text with an ellipsis so that it is no wider than `limit` px.
pub fn cut(text: &str, size: i32, weight: Weight, limit: i32) -> String {
    if width(text, size, weight) <= px(limit) {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let fits = |end: &usize| width(&shortened(&text[..*end]), size, weight) <= px(limit);
    let count = ends.partition_point(fits);
    shortened(&text[..ends.get(count.saturating_sub(1)).copied().unwrap_or(0)])
}

/// Breaks words into lines no wider than a limit in 1/64 px; the last of them is cut.
pub fn wrapped(text: &str, (size, weight): (i32, Weight), limit: i32, most: usize) -> Vec<String> {
    let limit = limit.max(px(40).0);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || width(&longer, size, weight).0 <= limit {
            line = longer;
        } else if lines.len() + 1 < most {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        } else {
            let rest: Vec<&str> = words.by_ref().collect();
            line = format!("{longer} {}", rest.join(" "));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines.into_iter().map(|line| cut(&line, size, weight, limit / 64)).collect()
}

fn shortened(text: &str) -> String {
    format!("{}…", text.trim_end())
}

/// Breaks a title at the space (or after the hyphen) that makes both halves most alike.
fn two_lines(title: &str) -> Vec<String> {
    if title.is_empty() {
        return Vec::new();
    }
    let limit = px(TITLE_WIDTH);
    let measure = |text: &str| width(text, 14, Weight::Bold);
    if measure(title) <= limit {
        return vec![title.to_owned()];
    }
    let breaks = title.char_indices().filter_map(|(at, c)| match c {
        ' ' => Some((at, at + 1)),
        '-' | '/' | '_' | '.' => Some((at + 1, at + 1)),
        _ => None,
    });
    let breaks = breaks.filter(|(end, start)| *end > 0 && *start < title.len());
    let longest = |(end, start): &(usize, usize)| measure(&title[..*end]).max(measure(&title[*start..]));
    let best = breaks.clone().min_by_key(longest).filter(|at| longest(at) <= limit);
    // Where no break makes both lines fit, the first line takes what it can and the second is cut.
    let best = best.or_else(|| breaks.clone().rfind(|(end, _)| measure(&title[..*end]) <= limit));
    match best {
        Some((end, start)) => {
            vec![title[..end].to_owned(), cut(&title[start..], 14, Weight::Bold, TITLE_WIDTH)]
        }
        None => vec![cut(title, 14, Weight::Bold, TITLE_WIDTH)],
    }
}

fn px(value: i32) -> Fx {
    Fx(value * 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_64_and_40_high() {
        assert_eq!(caption("Backend", "Fargate 0.5 vCPU").size.h, px(40));
        assert_eq!(caption("Backend", "").size.h, px(22));
        assert_eq!(caption("", "").size, Size::default());
    }

    #[test]
    fn long_titles_break_and_are_cut() {
        let two = caption("Payments and refunds gateway", "").title;
        assert_eq!(two, ["Payments and", "refunds gateway"]);
        let cut = caption(&"unbreakable".repeat(9), "").title;
        assert!(cut.len() == 1 && cut[0].ends_with('…'), "{cut:?}");
        let both = caption(&"many words ".repeat(9), "").title;
        assert!(both.len() == 2 && both[1].ends_with('…'), "{both:?}");
        assert!(both.iter().all(|line| width(line, 14, Weight::Bold) <= px(TITLE_WIDTH)));
    }

    #[test]
    fn control_characters_become_spaces() {
        assert_eq!(clean(" a\u{0}b\n\tc\u{7f} "), "a b c");
    }

    #[test]
    fn chips_grow_by_their_numbers() {
        let plain = chip("HTTP 80", &[]).map(|size| size.w.0);
        let numbered = chip("HTTP 80", &[2]).map(|size| size.w.0);
        assert_eq!(numbered.zip(plain).map(|(n, p)| n - p), Some(20 * 64));
        assert_eq!(chip("", &[7]), Some(Size { w: px(18), h: px(18) }));
        assert_eq!(chip("", &[]), None);
    }

    #[test]
    fn a_long_name_leaves_room_for_what_is_said() {
        assert_eq!(named("Catalog", "MySQL 3306"), "Catalog: MySQL 3306");
        let long = named("Purchase, payment and delivery", "MySQL 3306");
        assert!(long.ends_with("…: MySQL 3306") && label(&long) == long, "{long}");
    }

    #[test]
    fn cutting_any_text_stays_in_its_limit() {
        for text in ["ñandú", "漢字漢字漢字漢字", "", " ", "iiiiiiiiiiiiiiii"] {
            assert!(width(&cut(text, 12, Weight::Bold, 40), 12, Weight::Bold) <= px(40), "{text}");
        }
    }
}
