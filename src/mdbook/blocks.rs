//! Finds the blocks marked `archgen` in a chapter, with mdBook's own parser of Markdown.
//!
//! What looks like a block but stands inside a longer fence, a comment or indented code is no block, and what a
//! block in a list or a quotation contains is known without the signs of that list or quotation.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// The word that marks a block.
const WORD: &str = "archgen";

/// One fenced block; all ranges are bytes of the chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// From the first sign of the opening fence to the last of the closing one, without a line break.
    pub(super) range: Range<usize>,
    /// The fence's signs.
    pub(super) fence: Range<usize>,
    /// The word `archgen`.
    pub(super) word: Range<usize>,
    /// What follows that word on its line.
    pub(super) options: Range<usize>,
    /// The lines between the fences as they stand in the chapter, without the last line break.
    pub(super) lines: Range<usize>,
    /// The content.
    pub(super) body: Body,
    /// What every further line at this place begins with: signs of quotations, spaces for those of lists.
    pub(super) prefix: String,
    /// Whether the next line belongs to the same list item, quotation or chapter and is not blank.
    pub(super) followed: bool,
}

/// The content of a block, and where each piece of it stands in the chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Body {
    /// The content without the signs of lists and quotations.
    pub(super) text: String,
    /// Where pieces start in `text`, and their ranges in the chapter.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Body {
    fn push(&mut self, text: &str, range: Range<usize>) {
        self.pieces.push((self.text.len(), range));
        self.text.push_str(text);
    }

    /// The range of the chapter that a range of the content stands for; `None` when there is no content.
    pub(super) fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        let byte = |at: usize| {
            let index = self.pieces.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
            let (start, piece) = &self.pieces[index];
            Some((piece.start + (at - start)).min(piece.end))
        };
        let start = byte(range.start)?;
        // The end belongs to the piece of the last byte, not to the line after it.
        let end = if range.end > range.start { byte(range.end - 1)? + 1 } else { start };
        Some(start..end.max(start))
    }
}

/// The blocks of a chapter, in order.
pub(super) fn find(chapter: &str) -> Vec<Block> {
    // What mdBook 0.4 and 0.5 both enable; only what makes or ends containers matters here.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<(Range<usize>, Body)> = None;
    let mut just_closed = false;
    for (event, range) in Parser::new_ext(chapter, options).into_offset_iter() {
        if std::mem::take(&mut just_closed)
            && let Some(block) = found.last_mut()
        {
            let line = chapter[block.range.end..].lines().nth(1).unwrap_or_default();
            let blank = line.trim_matches([' ', '\t', '>']).is_empty();
            block.followed = !blank && !matches!(event, Event::End(_));
        }
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => open = Some((range, Body::default())),
            Event::Text(text) => {
                if let Some((_, body)) = &mut open {
                    body.push(&text, range);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((range, body)) = open.take()
                    && let Some(block) = block(chapter, range, body)
                {
                    found.push(block);
                    just_closed = true;
                }
            }
            _ => {}
        }
    }
    found
}

/// A fenced block, if it is marked.
fn block(chapter: &str, range: Range<usize>, body: Body) -> Option<Block> {
    let bytes = chapter.as_bytes();
    let sign = *bytes.get(range.start)?;
    let length = bytes[range.start..].iter().take_while(|byte| **byte == sign).count();
    let fence = range.start..range.start + length;
    let rest = &chapter[fence.end..];
    let line = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let info = &rest[..line];
    let start = fence.end + (info.len() - info.trim_start().len());
    let marked = info.trim_start().strip_prefix(WORD)?;
    if !(marked.is_empty() || marked.starts_with(|c: char| c.is_whitespace() || c == ',')) {
        return None;
    }
    let word = start..start + WORD.len();
    let options = word.end..fence.end + line;
    let text = chapter.get(range.clone())?;
    let end = range.start + text.trim_end_matches(['\r', '\n', ' ', '\t']).len();
    // The closing fence is the last line, unless the block was never closed.
    let above = chapter[..end].rfind('\n').map_or(0, |at| at + 1);
    let last = chapter[above..end].trim_start_matches([' ', '\t', '>']);
    let closed = above > fence.end && last.len() >= length && last.bytes().all(|byte| byte == sign);
    let until = if closed { chapter[..above].trim_end_matches(['\r', '\n']).len() } else { end };
    let from = next_line(chapter, options.end).min(until.max(options.end));
    let before = &chapter[chapter[..range.start].rfind('\n').map_or(0, |at| at + 1)..range.start];
    let prefix = before.chars().map(|c| if matches!(c, '>' | '\t') { c } else { ' ' }).collect();
    Some(Block {
        range: range.start..end.max(options.end),
        fence,
        word,
        lines: from..until.max(from),
        options,
        body,
        prefix,
        followed: false,
    })
}

/// The byte behind the line break at `at`.
fn next_line(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    at + match rest.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [_, ..] => 1,
        [] => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(chapter: &str) -> Vec<String> {
        find(chapter).into_iter().map(|block| block.body.text).collect()
    }

    #[test]
    fn both_fences_count_and_so_does_indentation() {
        for chapter in [
            "```archgen\na: 1\n```\n",
            "~~~~ archgen\na: 1\n~~~~\n",
            "   ```archgen x\n   a: 1\n   ```",
            "```archgen,x\na: 1\n",
            "text\n```archgen\r\na: 1\r\n```\r\n",
            "> ```archgen\n> a: 1\n> ```\n",
            "1. ```archgen\n   a: 1\n   ```\n",
            "- x\n\n  - > ```archgen\n    > a: 1\n    > ```\n",
        ] {
            let found = bodies(chapter);
            assert_eq!(found.len(), 1, "{chapter:?}");
            assert_eq!(found[0].trim_end(), "a: 1", "{chapter:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_block_is_none() {
        for chapter in [
            "````markdown\n```archgen\na: 1\n```\n````\n",
            "~~~\n```archgen\n```\n~~~\n",
            "    ```archgen\n    a: 1\n    ```\n",
            "<!--\n```archgen\na: 1\n```\n-->\n",
            "```archgenx\n```\n",
            "```yaml archgen\n```\n",
            "`` `archgen` ``\n",
            "```archgen `x`\n",
            "```\n",
            "",
        ] {
            assert_eq!(find(chapter), [], "{chapter:?}");
        }
    }

    #[test]
    fn ranges_are_those_of_the_chapter() {
        let chapter = "Text.\n\n> - ```archgen file=a, source\n>   k:\n>     v: ñ\n>   ```\n>   more\n";
        let block = find(chapter).remove(0);
        assert_eq!(&chapter[block.range.clone()], "```archgen file=a, source\n>   k:\n>     v: ñ\n>   ```");
        assert_eq!(&chapter[block.fence.clone()], "```");
        assert_eq!(&chapter[block.word.clone()], "archgen");
        assert_eq!(&chapter[block.options.clone()], " file=a, source");
        assert_eq!(&chapter[block.lines.clone()], ">   k:\n>     v: ñ");
        assert_eq!(block.body.text, "k:\n  v: ñ\n");
        assert_eq!((block.prefix.as_str(), block.followed), (">   ", true));
        let at = block.body.text.find('ñ').unwrap();
        assert_eq!(&chapter[block.body.place(at..at + 2).unwrap()], "ñ");
        assert_eq!(&chapter[block.body.place(0..2).unwrap()], "k:");
        assert_eq!(Body::default().place(0..0), None);
    }

    proptest::proptest! {
        #[test]
        fn no_chapter_is_too_odd(pieces in proptest::collection::vec(0..14_usize, 0..24)) {
            let all = [
                "```archgen", "~~~archgen a=b", "```", "~~~~", "\n", "\r\n", "\r", "\t", "> ", "- ", "  ", "a: ñ", "<!--", "[^1]: ",
            ];
            let chapter: String = pieces.into_iter().map(|piece| all[piece]).collect();
            for block in find(&chapter) {
                for range in [&block.range, &block.fence, &block.word, &block.options, &block.lines] {
                    assert!(chapter.get(range.clone()).is_some(), "{chapter:?}: {range:?}");
                }
                for at in 0..=block.body.text.len() {
                    let place = block.body.place(at..block.body.text.len());
                    assert!(place.is_none_or(|place| place.end <= chapter.len()), "{chapter:?}");
                }
                for source in [None, Some("a: 1\n")] {
                    crate::mdbook::page::replacement(&chapter, &block, "<svg/>", source);
                }
            }
        }
    }

    #[test]
    fn a_line_right_behind_is_seen() {
        let followed = |chapter: &str| find(chapter)[0].followed;
        assert!(followed("```archgen\n```\ntext"));
        assert!(!followed("```archgen\n```\n"));
        assert!(!followed("```archgen\n```\n \ntext"));
        assert!(!followed("- ```archgen\n  ```\n- next"));
        assert!(followed("- ```archgen\n  ```\n  rest"));
    }

    #[test]
    fn empty_and_open_blocks_have_sound_ranges() {
        for chapter in
            ["```archgen", "```archgen\n", "```archgen\n```", "> ```archgen\n", "- ```archgen\n\n\n"]
        {
            let block = find(chapter).remove(0);
            assert_eq!(block.body.text.trim(), "", "{chapter:?}");
            assert!(chapter[block.lines.clone()].trim().is_empty(), "{chapter:?}");
            assert!(block.lines.end <= block.range.end.max(block.lines.start), "{chapter:?}");
        }
    }
}
