//! Origins behind the provider's edge: what keeps others from them, and how their keys are changed.

use super::markdown::code;
use super::page::Page;
use super::words::Seat;
use crate::model::derive::EdgeBy;

/// A sentence for each origin that is guarded, or should be, and the commands that give it another key.
pub(super) fn origins(page: &Page) -> String {
    let mut out = String::new();
    let mut keyed = Vec::new();
    for way in &page.input.facts.edges {
        let key = match way.by {
            EdgeBy::Private => "private",
            EdgeBy::Key => "key",
            EdgeBy::Anybody => "anybody",
            // Open is what people reach as well; and the loss report says what cannot be reached.
            EdgeBy::Open | EdgeBy::Nowhere => continue,
        };
        if !page.is_made(way.router) {
            continue;
        }
        let (router, target) = (code(&page.component(way.router).id), code(&page.component(way.target).id));
        let values = [("router", router.as_str()), ("target", target.as_str())];
        out.push_str(&format!("\n- {}", page.say_with(&format!("origins.{key}"), &values)));
        if way.by == EdgeBy::Key && !keyed.contains(&way.router) {
            keyed.push(way.router);
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    for router in keyed {
        let commands: Vec<String> = page.command(router, "rekey", Seat::Own).into_iter().collect();
        let values = [("router", code(&page.component(router).id))];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let sentence = page.say_with("origins.rekey", &values);
        let shell = page.shell(&sentence, &commands);
        if !shell.is_empty() {
            out.push_str(&format!("\n{shell}"));
        }
    }
    out
}
