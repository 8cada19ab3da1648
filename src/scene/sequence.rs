//! A walk in the order of time: tiles with their lines of life, bars while somebody works, numbered messages, notes.

use super::canvas::{Canvas, On};
use super::chip::number_badge;
use super::legend::{self, Section};
use super::line::{class_name, items as line_items};
use super::route::{Mark, Run};
use super::stage::{anchored, px, rect, stroke, tenths, text};
use super::tile::{colour, node};
use super::{Anchor, Box4, Group, Item, Paint, Scene, Step, Style, Tenths, frame, stage};
use crate::layout::{Class, Fx, Rect};
use crate::view::caption::{self, number_width};
use crate::view::sequence::{Arranged, BAR, Message, Row, Sequence};

/// Paints a walk where it was arranged.
pub fn sequence(sequence: &Sequence, arranged: &Arranged, style: Style<'_>) -> Scene {
    let mut canvas = Canvas::new(&sequence.sheet, stage::size(arranged.size), style);
    let origin = canvas.origin;
    let down = |y: Fx| origin.1 + tenths(y);
    for (at, (party, tile)) in sequence.parties.iter().zip(&arranged.tiles).enumerate() {
        let place = on_page(origin, tile);
        node(&mut canvas, party, place, "");
        let middle = place.0 + place.2 / 2;
        let from = arranged.life.0.get(at).map_or(place.1 + place.3, |top| down(*top));
        life(&mut canvas, &party.id, middle, (from, down(arranged.life.1)));
        if let Some(line) = arranged.names {
            let name = caption::cut_title(&party.title);
            let name =
                anchored(text((middle, down(line)), 12, true, Paint::token("ink"), name), Anchor::Middle);
            canvas.push(On::Labels, Group { class: "label", items: vec![name], ..Group::default() });
        }
    }
    for (party, from, to, depth) in &arranged.work {
        let (Some(tile), Some(party)) = (arranged.tiles.get(*party), sequence.parties.get(*party)) else {
            continue;
        };
        let middle = on_page(origin, tile).0 + px(32) + px(BAR * depth);
        let place = (middle - px(BAR), down(*from), px(2 * BAR), down(*to) - down(*from));
        let colour = colour(&party.category);
        let bar = rect(place, px(2), Paint::Mix(colour.clone(), 38), stroke(Paint::token(colour), 12, ""));
        canvas.push(On::Overlays, Group { class: "work", items: vec![bar], ..Group::default() });
    }
    for (message, row) in sequence.messages.iter().zip(&arranged.rows) {
        let names =
            [message.from, message.to].map(|at| sequence.parties.get(at).map_or("", |party| &party.id));
        paint(&mut canvas, origin, names, message, row);
    }
    for (place, lines) in &arranged.notes {
        note(&mut canvas, on_page(origin, place), lines);
    }
    frame::title_block(&mut canvas);
    let sections = sections(sequence);
    let bottom = legend::legend(&mut canvas, sections);
    let bottom = frame::footnote(&mut canvas, bottom);
    canvas.finish(bottom, style.look)
}

fn on_page(origin: (Tenths, Tenths), place: &Rect) -> Box4 {
    (origin.0 + tenths(place.x), origin.1 + tenths(place.y), tenths(place.w), tenths(place.h))
}

fn life(canvas: &mut Canvas<'_>, id: &str, x: Tenths, (from, to): (Tenths, Tenths)) {
    let steps = vec![Step::Move(x, from), Step::Line(x, to)];
    let stroke = stroke(Paint::token("line-attached"), 10, "2 4");
    let items = vec![Item::Path { steps, fill: Paint::None, stroke }];
    let data = vec![("id", id.to_owned())];
    canvas.push(On::Places, Group { class: "life", data, items, ..Group::default() });
}

fn paint(canvas: &mut Canvas<'_>, origin: (Tenths, Tenths), names: [&str; 2], message: &Message, row: &Row) {
    let y = origin.1 + tenths(row.y);
    let across = |x: Fx| origin.0 + tenths(x);
    // The head's point keeps clear of the bar, as lines keep clear of tiles elsewhere.
    let gap = if row.to > row.from { px(2) } else { -px(2) };
    let points = vec![(across(row.from), y), (across(row.to) - gap, y)];
    let run = Run { points, start: Mark::Plain, end: Mark::Head, ..Run::default() };
    let class = message.class();
    let step = message.number.map_or_else(|| "answer".to_owned(), |number| number.to_string());
    let group = Group {
        id: canvas.id("e", &format!("{step}-{}-{}", names[0], names[1])),
        class: "edge",
        data: vec![
            ("id", format!("{}->{}", names[0], names[1])),
            ("from", names[0].to_owned()),
            ("to", names[1].to_owned()),
            ("class", class_name(class).to_owned()),
        ],
        title: caption::clean(&message.sentence),
        items: line_items(&run, class, canvas.outlined),
        ..Group::default()
    };
    canvas.push(On::Lines, group);
    let mut items = Vec::new();
    let ground = |place: Box4| {
        let (x, y, w, h) = place;
        rect((x - px(4), y, w + px(8), h), px(6), Paint::Ground(Vec::new()), None)
    };
    if row.label.h.0 > 0 {
        let (x, top, w, h) = on_page(origin, &row.label);
        items.push(ground((x, top, w, h)));
        let badge = message.number.map_or(0, |number| px(number_width(number) + 6));
        let first = top + px(10).max(h - px(16 * row.text.len() as i32) + px(8));
        if let Some(number) = message.number {
            let middle = if row.text.len() > 1 { top + px(8) } else { first };
            items.extend(number_badge((x, middle), number, canvas.outlined));
        }
        for (at, line) in row.text.iter().enumerate() {
            let base = first + px(16 * at as i32) + 43;
            items.push(text((x + badge, base), 12, false, Paint::token("label"), line.clone()));
        }
    }
    if !row.quiet.is_empty() {
        let place = on_page(origin, &row.below);
        items.push(ground(place));
        let quiet = text((place.0, place.1 + px(10)), 11, false, Paint::token("quiet"), row.quiet.clone());
        items.push(quiet);
    }
    if !items.is_empty() {
        canvas.push(On::Labels, Group { class: "label", items, ..Group::default() });
    }
}

fn note(canvas: &mut Canvas<'_>, place: Box4, lines: &[String]) {
    let (x, y, _, _) = place;
    let border = stroke(Paint::token("rule"), 10, "");
    let mut items = vec![rect(place, px(6), Paint::token("panel"), border)];
    for (at, line) in lines.iter().enumerate() {
        let base = y + px(20 + 16 * at as i32);
        items.push(text((x + px(12), base), 12, false, Paint::token("label"), line.clone()));
    }
    canvas.push(On::Labels, Group { class: "note", items, ..Group::default() });
}

fn sections(sequence: &Sequence) -> Vec<Section> {
    let words = &sequence.sheet.words;
    let occurs = |class: Class| sequence.messages.iter().any(|message| message.class() == class);
    let lines = [(Class::Request, "request"), (Class::Async, "async"), (Class::Attached, "answer")];
    let lines = lines.into_iter().filter(|(class, _)| occurs(*class));
    let lines = lines.map(|(class, key)| legend::line(words, class, Mark::Plain, Mark::Head, key)).collect();
    let kinds = sequence.parties.iter().map(|party| party.category.as_str()).collect();
    vec![
        Section { head: words.get("head-lines").to_owned(), entries: lines },
        Section { head: words.get("head-kinds").to_owned(), entries: legend::of_kinds(words, kinds) },
    ]
}
