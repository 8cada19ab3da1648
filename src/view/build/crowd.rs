//! Pictures with too much in them: what to show instead.

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::model::Model;
use crate::source::Span;
use crate::view::View;

/// A picture with more tiles is hard to read.
const MOST: usize = 60;
/// A part that is worth a picture of its own has so many components.
const PART: std::ops::RangeInclusive<usize> = 4..=40;
/// Parts that are proposed.
const PROPOSED: usize = 3;

/// Notes that a picture shows very much, and names parts of the system that could be pictures of their own: places, and
/// flows. `wish` is where the author asks for the picture.
pub(super) fn check(model: &Model, view: &View, wish: Option<Span>) -> Diagnostics {
    let mut found = Diagnostics::default();
    let count = view.nodes.len();
    if count <= MOST {
        return found;
    }
    let inside =
        |zone| model.components().filter(|(id, _)| model.places(*id).any(|place| place == zone)).count();
    let mut parts: Vec<(usize, &str)> = model
        .zones()
        .map(|(id, zone)| (inside(id), zone.id.as_str()))
        .filter(|(count, _)| PART.contains(count))
        .collect();
    // The largest parts first; equal ones in the order of the description.
    parts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let flows = model.operations().flows.iter().map(|flow| flow.id.as_str());
    let names: Vec<&str> = parts.into_iter().map(|(_, id)| id).chain(flows).take(PROPOSED).collect();
    let hint = match names.as_slice() {
        [] => "views of parts are easier to read: `show` takes components, zones and flows".to_owned(),
        names => format!(
            "views of parts are easier to read, such as `show: [{}]` with `neighbours: 1`; others: {}",
            names[0],
            if names.len() > 1 { names[1..].join(", ") } else { "single components".to_owned() }
        ),
    };
    let message = format!("the picture `{}` shows {count} elements", view.sheet.id);
    found.push(Diagnostic::new(Severity::Note, "view-crowd", wish, message).hint(hint));
    found
}
