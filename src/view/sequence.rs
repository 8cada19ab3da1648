//! A walk in the order of time: who takes part stands side by side, what passes between them one below the other.
//!
//! [`Sequence::answered`] adds the answers that a walk implies, [`arrange`] measures texts and says where everything
//! stands; the scene paints exactly that.

use super::caption::{self, number_width, wrapped};
use super::font::{Weight, width};
use super::{Node, Sheet, TILE};
use crate::layout::{Class, Fx, Rect, Size};

/// One walk.
#[derive(Debug, Clone, Default)]
pub struct Sequence {
    /// What stands around it.
    pub sheet: Sheet,
    /// Who takes part, from left to right.
    pub parties: Vec<Node>,
    /// What passes between them, from top to bottom.
    pub messages: Vec<Message>,
    /// What is to be said below, such as steps that do not exist here.
    pub notes: Vec<String>,
}

/// What passes from one to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The number of the step; `None` for an answer.
    pub number: Option<u32>,
    /// Who sends it, by index.
    pub from: usize,
    /// Who gets it, by index.
    pub to: usize,
    /// Whether the sender goes on without waiting for an answer.
    pub detached: bool,
    /// What happens, above the line.
    pub text: String,
    /// Protocol and port, below the line.
    pub quiet: String,
    /// What the line says, in a sentence: for readers who cannot see it.
    pub sentence: String,
}

impl Message {
    /// How its line is drawn: answers as what belongs to a request.
    pub fn class(&self) -> Class {
        match (self.number, self.detached) {
            (None, _) => Class::Attached,
            (Some(_), true) => Class::Async,
            (Some(_), false) => Class::Request,
        }
    }
}

impl Sequence {
    /// All texts that are drawn.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let parties = self.parties.iter().flat_map(|party| [&party.title, &party.quiet]);
        let messages = self.messages.iter().flat_map(|message| [&message.text, &message.quiet]);
        self.sheet.texts().chain(parties.chain(messages).chain(&self.notes).map(String::as_str))
    }

    /// Adds the answers to requests that led to others: the answer to one that led to nothing follows at once, and
    /// a line for it would say nothing new. A request is answered before its sender, or whoever waits for that, goes on.
    pub fn answered(mut self, say: impl Fn(&Node, &Node) -> String) -> Sequence {
        let mut out: Vec<Message> = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let answer = |open: Open, out: &mut Vec<Message>, parties: &[Node]| {
            if open.led_on {
                let (from, to) = (open.to, open.from);
                let sentence = say(&parties[from], &parties[to]);
                out.push(Message { from, to, sentence, ..Message::default() });
            }
        };
        for message in std::mem::take(&mut self.messages) {
            // Whoever waits for nobody starts anew, once everything is answered.
            while let Some(last) = open.pop_if(|last| last.to != message.from) {
                answer(last, &mut out, &self.parties);
            }
            if let Some(waiting) = open.last_mut() {
                waiting.led_on = true;
            }
            if !message.detached {
                open.push(Open { from: message.from, to: message.to, led_on: false });
            }
            out.push(message);
        }
        while let Some(last) = open.pop() {
            answer(last, &mut out, &self.parties);
        }
        self.messages = out;
        self
    }
}

/// A request that was not answered yet.
struct Open {
    from: usize,
    to: usize,
    /// Whether who got it went on to others.
    led_on: bool,
}

/// Where everything stands; the picture's corner is at 0, 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arranged {
    /// The whole picture.
    pub size: Size,
    /// The tile of each party, by index.
    pub tiles: Vec<Rect>,
    /// Where the lines of life begin and end: below the texts of their tiles.
    pub life: (Vec<Fx>, Fx),
    /// Where parties are named once more below a long walk: the base line.
    pub names: Option<Fx>,
    /// The line of each message, by index.
    pub rows: Vec<Row>,
    /// While a party works: index, from, to, and how deep in work that began before.
    pub work: Vec<(usize, Fx, Fx, i32)>,
    /// Notes with their boxes, in lines.
    pub notes: Vec<(Rect, Vec<String>)>,
}

/// A message's line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Where it starts, from the left.
    pub from: Fx,
    /// Where it ends, from the left.
    pub to: Fx,
    /// How far down it is.
    pub y: Fx,
    /// The words above it, in lines.
    pub text: Vec<String>,
    /// The box of number and words; no height where there are none.
    pub label: Rect,
    /// The words below it.
    pub quiet: String,
    /// The box of the words below; no height where there are none.
    pub below: Rect,
}

/// Between two lines of life; in walks with many parties the second counts.
const PITCH: [i32; 2] = [152, 112];
/// A message's words are broken where they are wider, unless there is room.
const WORDS: [i32; 2] = [176, 112];
/// More parties than this stand near each other.
const FEW: usize = 8;
/// Words below a message, such as what it leads through, keep lines of life this far apart before they are cut.
const BELOW: i32 = 220;
/// Between words and the lines of life at their ends.
const BESIDE: i32 = 20;
/// Lines of words above a message.
const LINES: usize = 3;
/// How words are set.
const PLAIN: (i32, Weight) = (12, Weight::Regular);
/// From one line of words to the next.
const LEADING: i32 = 16;
/// Half of the bar that shows who works.
pub const BAR: i32 = 4;
/// A walk higher than this names its parties below once more.
const TALL: i32 = 760;

/// Measures texts and places everything.
pub fn arrange(sequence: &Sequence) -> Arranged {
    let count = sequence.parties.len();
    let captions: Vec<Size> =
        sequence.parties.iter().map(|party| caption::caption(&party.title, &party.quiet).size).collect();
    let near = usize::from(count > FEW);
    let (pitch, limit) = (px(PITCH[near]), px(WORDS[near]));
    let columns = columns(sequence, &captions, (pitch, limit));
    let high = captions.iter().map(|size| size.h.0).max().unwrap_or(0);
    let tile = |x: &Fx| Rect { x: Fx(x.0 - px(TILE / 2)), y: Fx(0), w: Fx(px(TILE)), h: Fx(px(TILE)) };
    let tops = captions.iter().map(|size| Fx(px(TILE + 8) + size.h.0)).collect();
    let mut at = px(TILE + 20) + high;
    let mut rows = Vec::new();
    for message in sequence.messages.iter().filter(|m| m.from < count && m.to < count) {
        rows.push(row(message, (columns[message.from], columns[message.to]), limit, &mut at));
    }
    let end = at + px(12);
    let work = work(sequence, &rows, Fx(at));
    for (row, message) in rows.iter_mut().zip(&sequence.messages) {
        ends(row, message, &work);
    }
    let tall = end > px(TALL);
    let names = tall.then(|| Fx(end + px(20)));
    let mut below = if tall { end + px(28) } else { end };
    let right =
        columns.last().map_or(0, |x| x.0) + captions.last().map_or(0, |size| size.w.0.max(px(TILE)) / 2);
    let mut notes = Vec::new();
    for note in &sequence.notes {
        let lines = wrapped(&caption::clean(note), PLAIN, (right - px(24)).max(px(320)), usize::MAX);
        let wide = lines.iter().map(|line| width(line, 12, Weight::Regular).0).max().unwrap_or(0) + px(24);
        let h = px(LEADING * lines.len() as i32 + 16);
        notes.push((Rect { x: Fx(0), y: Fx(below + px(16)), w: Fx(wide), h: Fx(h) }, lines));
        below += px(16) + h;
    }
    let widest = notes.iter().map(|(place, _)| place.w.0).max().unwrap_or(0);
    Arranged {
        size: Size { w: Fx(right.max(widest)), h: Fx(below) },
        tiles: columns.iter().map(tile).collect(),
        life: (tops, Fx(end)),
        names,
        rows,
        work,
        notes,
    }
}

/// The line of life of each party: near enough to read, far enough for the words between them.
fn columns(sequence: &Sequence, captions: &[Size], (pitch, limit): (i32, i32)) -> Vec<Fx> {
    let half = |at: usize| captions.get(at).map_or(0, |size| size.w.0.max(px(TILE)) / 2);
    let mut columns: Vec<Fx> = Vec::new();
    for at in 0..sequence.parties.len() {
        let Some(last) = columns.last() else {
            columns.push(Fx(half(0)));
            continue;
        };
        let mut x = (last.0 + pitch).max(last.0 + half(at - 1) + half(at) + px(16));
        for message in &sequence.messages {
            let (first, second) = (message.from.min(message.to), message.from.max(message.to));
            if second == at && first < at {
                let words = wrapped(&caption::clean(&message.text), PLAIN, limit, LINES);
                let quiet = width(&below(message, limit.max(px(BELOW))), 11, Weight::Regular).0;
                let wide = words_size(&words, message.number).0.max(quiet);
                x = x.max(columns[first].0 + wide + px(2 * BESIDE));
            }
        }
        columns.push(Fx(x));
    }
    columns
}

/// Width and height of a number with its words.
fn words_size(words: &[String], number: Option<u32>) -> (i32, i32) {
    let wide = words.iter().map(|line| width(line, 12, Weight::Regular).0).max().unwrap_or(0);
    let badge = number.map_or(0, |number| px(number_width(number)));
    let gap = if wide > 0 && badge > 0 { px(6) } else { 0 };
    let high = (px(LEADING) * words.len() as i32).max(if badge > 0 { px(20) } else { 0 });
    (wide + badge + gap, high)
}

fn row(message: &Message, (from, to): (Fx, Fx), limit: i32, at: &mut i32) -> Row {
    let span = (from.0 - to.0).abs();
    let badge = message.number.map_or(0, |number| px(number_width(number) + 6));
    let text =
        wrapped(&caption::clean(&message.text), PLAIN, (span - px(2 * BESIDE) - badge).max(limit), LINES);
    let (wide, high) = words_size(&text, message.number);
    *at += px(if message.number.is_some() { 16 } else { 12 }) + high;
    let y = *at + px(if high > 0 { 4 } else { 0 });
    let middle = (from.0 + to.0) / 2;
    let quiet = below(message, (span - px(2 * BESIDE)).max(limit));
    let below = width(&quiet, 11, Weight::Regular).0;
    let under = if quiet.is_empty() { 0 } else { px(15) };
    *at = y + under + px(8);
    Row {
        from,
        to,
        y: Fx(y),
        text,
        label: Rect { x: Fx(middle - wide / 2), y: Fx(y - px(6) - high), w: Fx(wide), h: Fx(high) },
        quiet,
        below: Rect { x: Fx(middle - below / 2), y: Fx(y + px(4)), w: Fx(below), h: Fx(under) },
    }
}

/// The words below a message, cut to a width in 1/64 px.
fn below(message: &Message, limit: i32) -> String {
    // Up to the next px, so that words fit into the room that they asked for.
    caption::cut(&caption::clean(&message.quiet), 11, Weight::Regular, (limit + 63) / 64)
}

/// Who works when: from a message that waits for an answer until that, or the last thing it led to.
fn work(sequence: &Sequence, rows: &[Row], end: Fx) -> Vec<(usize, Fx, Fx, i32)> {
    let mut open: Vec<(usize, usize, Fx)> = Vec::new();
    let mut done: Vec<(usize, Fx, Fx, i32)> = Vec::new();
    let mut last = end;
    for (at, (message, row)) in sequence.messages.iter().zip(rows).enumerate() {
        let close = |open: &mut Vec<(usize, usize, Fx)>, until: Fx, done: &mut Vec<_>| {
            if let Some((_, party, from)) = open.pop() {
                let depth = open.iter().filter(|(_, other, _)| *other == party).count() as i32;
                done.push((party, from, until, depth));
            }
        };
        if message.number.is_none() {
            while open.last().is_some_and(|(_, party, _)| *party != message.from) {
                close(&mut open, last, &mut done);
            }
            close(&mut open, row.y, &mut done);
        } else {
            while open.last().is_some_and(|(_, party, _)| *party != message.from) {
                close(&mut open, last, &mut done);
            }
            if !message.detached {
                open.push((at, message.to, row.y));
            }
        }
        last = Fx(row.y.0 + row.below.h.0.max(px(10)));
    }
    while let Some((_, party, from)) = open.pop() {
        let depth = open.iter().filter(|(_, other, _)| *other == party).count() as i32;
        done.push((party, from, last, depth));
    }
    done.sort_by_key(|(party, from, _, depth)| (*party, *from, *depth));
    done
}

/// A line ends at the bars of those who work at its height.
fn ends(row: &mut Row, message: &Message, work: &[(usize, Fx, Fx, i32)]) {
    let right = row.to.0 > row.from.0;
    let bar = |party: usize, to_right: bool| {
        let at = work.iter().filter(|(who, from, to, _)| *who == party && *from <= row.y && row.y <= *to);
        let depth = at.map(|(_, _, _, depth)| *depth).max();
        depth.map_or(0, |depth| if to_right { px(BAR + BAR * depth) } else { px(BAR) - px(BAR * depth) })
    };
    let (from, to) = (bar(message.from, right), bar(message.to, !right));
    row.from = Fx(if right { row.from.0 + from } else { row.from.0 - from });
    row.to = Fx(if right { row.to.0 - to } else { row.to.0 + to });
}

const fn px(length: i32) -> i32 {
    length * 64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Role;
    use crate::view::{Detail, Marks};

    fn party(id: &str) -> Node {
        Node {
            id: id.to_owned(),
            kind: "service".to_owned(),
            category: "compute".to_owned(),
            icon: "component".to_owned(),
            title: id.to_owned(),
            quiet: String::new(),
            copies: 1,
            badge: String::new(),
            card: None,
            parent: None,
            role: Role::Compute,
            place: None,
            after: None,
            copy_of: None,
            detail: Detail::default(),
            marks: Marks::default(),
        }
    }

    /// A walk of steps between parties `a` to `e`; a dash instead of an arrow waits for no answer.
    fn walk(steps: &str) -> Sequence {
        let at = |text: Option<&str>| "abcde".find(text.unwrap_or_default()).unwrap();
        let message = |(number, step): (u32, &str)| {
            let mut ends = step.split(['>', '-']);
            let (from, to, detached) = (at(ends.next()), at(ends.next()), step.contains('-'));
            let text = format!("step {number} says this much");
            Message { number: Some(number), from, to, detached, text, ..Message::default() }
        };
        let messages = (1..).zip(steps.split_whitespace()).map(message).collect();
        let parties = "abcde".chars().map(|id| party(&id.to_string())).collect();
        Sequence { parties, messages, ..Sequence::default() }
            .answered(|from, to| format!("{} answers {}", from.title, to.title))
    }

    /// The steps with the answers between them, answers in brackets.
    fn said(sequence: &Sequence) -> String {
        let name = |at: usize| sequence.parties[at].title.clone();
        let message = |message: &Message| match message.number {
            Some(number) => number.to_string(),
            None => format!("[{}{}]", name(message.from), name(message.to)),
        };
        sequence.messages.iter().map(message).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn who_led_on_answers_before_its_sender_goes_on() {
        assert_eq!(said(&walk("a>b b>c c>d")), "1 2 3 [cb] [ba]");
        assert_eq!(said(&walk("a>b b>c b>d a>e")), "1 2 3 [ba] 4");
        assert_eq!(said(&walk("a>b a>c")), "1 2", "answers at once say nothing new");
        assert_eq!(said(&walk("a>b b>c a>b b>c")), "1 2 [ba] 3 4 [ba]", "one line twice");
        assert_eq!(said(&walk("")), "");
    }

    #[test]
    fn nobody_waits_for_an_answer_to_what_is_left_for_others() {
        assert_eq!(said(&walk("a>b b-c d>c d>e")), "1 2 [ba] 3 4");
        assert_eq!(said(&walk("a-b b-a")), "1 2");
    }

    #[test]
    fn rows_go_down_and_words_fit_between_their_lines() {
        let sequence = walk("a>b b>c c>d d>e e>a a-e");
        let made = arrange(&sequence);
        assert!(made.rows.windows(2).all(|pair| pair[0].y < pair[1].y));
        for (row, message) in made.rows.iter().zip(&sequence.messages) {
            let (left, right) = (row.from.min(row.to).0, row.from.max(row.to).0);
            if message.number.is_some() {
                assert!(row.label.x.0 > left && row.label.x.0 + row.label.w.0 < right, "{row:?}");
                assert!(row.label.y.0 + row.label.h.0 <= row.y.0, "{row:?}");
            }
        }
        for (who, from, to, _) in &made.work {
            assert!(from < to && *who < sequence.parties.len());
        }
        assert!(made.rows.iter().all(|row| row.y < made.life.1));
    }

    #[test]
    fn a_walk_that_names_nobody_is_drawn_as_far_as_it_goes() {
        let lost = Message { number: Some(1), from: 0, to: 9, ..Message::default() };
        let sequence = Sequence { messages: vec![lost], parties: vec![party("a")], ..Sequence::default() };
        assert!(arrange(&sequence).rows.is_empty());
        assert_eq!(arrange(&Sequence::default()).tiles, []);
    }
}
