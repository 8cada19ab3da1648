//! A walk in the order of time: who takes part, their lines of life, what passes between them.

use std::fmt::Write;

use super::text::{attribute, exact, markup};
use super::{Area, FONT, HEAD, Head, MARGIN, Page, file, page, point, px};
use crate::layout::{Fx, Layout, Point};
use crate::scene::class_name;
use crate::scene::icon::Icons;
use crate::scene::theme::Theme;
use crate::view::sequence::{Arranged, Sequence};
use crate::view::{Node, View, caption};

/// A walk as a file with one page.
pub(in crate::target::export) fn sequence(
    sequence: &Sequence,
    arranged: &Arranged,
    theme: &Theme,
    icons: &Icons,
) -> String {
    // Who takes part is a view without lines; the rest is added to it.
    let view = View { sheet: sequence.sheet.clone(), nodes: sequence.parties.clone(), ..View::default() };
    let layout = Layout { size: arranged.size, tiles: arranged.tiles.clone(), ..Layout::default() };
    let mut page = Page { view: &view, layout: &layout, theme, icons, out: String::new() };
    page.head();
    page.walk(sequence, arranged);
    page.foot();
    let pages = page.out;
    file(&sequence.sheet, pages)
}

impl Page<'_> {
    /// Who takes part, their lines of life, and what passes between them: tied to the lines of life, at its height.
    fn walk(&mut self, sequence: &Sequence, arranged: &Arranged) {
        let lives: Vec<Area> = arranged
            .tiles
            .iter()
            .zip(&arranged.life.0)
            .map(|(tile, top)| {
                let (x, y) = point(&Point { x: Fx(tile.x.0 + tile.w.0 / 2), y: *top });
                Area { x: x - 1.0, y, w: 2.0, h: px(Fx(arranged.life.1.0 - top.0)) }
            })
            .collect();
        let rule = self.colour("rule");
        for (life, party) in lives.iter().zip(&sequence.parties) {
            let own = Head { id: life_id(party), ..Head::default() };
            let style = format!("html=1;fillColor={rule};strokeColor=none;");
            self.vertex(&own, &style, "1", *life, "");
        }
        for (at, party) in sequence.parties.iter().enumerate() {
            self.node(at, party);
        }
        let messages = sequence.messages.iter().filter(|m| m.from < lives.len() && m.to < lives.len());
        for (at, (message, row)) in messages.zip(&arranged.rows).enumerate() {
            let y = px(row.y) + MARGIN + HEAD;
            let mut style = "edgeStyle=none;html=1;verticalAlign=bottom;endSize=5;".to_owned();
            for (name, x, life) in
                [("exit", row.from, lives[message.from]), ("entry", row.to, lives[message.to])]
            {
                let (x, y) = ((px(x) + MARGIN - life.x) / life.w, (y - life.y) / life.h.max(1.0));
                let _ = write!(
                    style,
                    "{name}X={};{name}Y={};{name}Dx=0;{name}Dy=0;{name}Perimeter=0;",
                    exact(x),
                    exact(y)
                );
            }
            style.push_str(&self.stroke(message.class()));
            let number = message.number.map(|number| format!("({number}) ")).unwrap_or_default();
            let quiet = caption::clean(&message.quiet);
            let mut label = markup(format!("{number}{}", caption::clean(&message.text)).trim());
            if !quiet.is_empty() {
                let colour = self.colour("quiet");
                let _ = write!(
                    label,
                    "<br><font color=\"{colour}\" style=\"font-size:11px\">{}</font>",
                    markup(&quiet)
                );
            }
            let id = format!("e-{at}");
            let head = Head {
                id,
                label,
                tooltip: caption::clean(&message.sentence),
                data: vec![("class", class_name(message.class()))],
            };
            self.open(&head);
            let ends = [&sequence.parties[message.from], &sequence.parties[message.to]].map(life_id);
            self.line(&format!(
                "<mxCell style=\"{}\" edge=\"1\" parent=\"1\" source=\"{}\" target=\"{}\">",
                attribute(&format!("{style}endArrow=block;endFill=1;")),
                attribute(&ends[0]),
                attribute(&ends[1])
            ));
            self.line("<mxGeometry relative=\"1\" as=\"geometry\"/>");
            self.line("</mxCell>");
            self.line("</object>");
        }
        for (at, (place, lines)) in arranged.notes.iter().enumerate() {
            let head = Head { id: format!("note-{at}"), label: markup(&lines.join(" ")), ..Head::default() };
            let style = format!(
                "html=1;whiteSpace=wrap;align=left;spacingLeft=12;fontSize=12;{FONT}fontColor={};fillColor={};strokeColor={rule};",
                self.colour("label"),
                self.colour("panel")
            );
            self.vertex(&head, &style, "1", page(place), "");
        }
    }
}

fn life_id(party: &Node) -> String {
    format!("l-{}", party.id)
}
