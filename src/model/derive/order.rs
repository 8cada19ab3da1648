//! What starts after what. A cycle is cut at the arrow that stands last in the description.

use super::StartsAfter;
use crate::catalog::{Catalog, Trait};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::Arrow;
use crate::model::{Built, ComponentId, End, Link, Model};

/// Who waits for whom, and all built components in an order that keeps it.
pub(super) fn order(
    model: &Model,
    catalog: &Catalog,
    out: &mut Diagnostics,
) -> (Vec<StartsAfter>, Vec<ComponentId>) {
    let mut edges: Vec<StartsAfter> = Vec::new();
    for (_, connection) in model.connections() {
        let (End::Component(from), End::Component(to)) = (connection.from, connection.to) else { continue };
        if !runs(model, catalog, from) || !runs(model, catalog, to) || connection.origin == Link::Replication
        {
            continue;
        }
        let workload = catalog.kind(model.component(to).kind).has(Trait::Workload);
        let edge = match connection.arrow {
            Arrow::BothWays => continue,
            // Who fetches from a queue needs the queue, not the other way round.
            Arrow::Async if workload => StartsAfter { component: to, needs: from },
            _ => StartsAfter { component: from, needs: to },
        };
        if edges.contains(&edge) {
            continue;
        }
        if reaches(&edges, edge.needs, edge.component) {
            let (waits, first) = (model.component(edge.component), model.component(edge.needs));
            out.push(
                Diagnostic::warning(
                    "start-cycle",
                    connection.span,
                    format!("`{}` and `{}` need each other to start", waits.id, first.id),
                )
                .label("this arrow closes a circle")
                .hint(format!(
                    "`{}` is started without waiting for `{}`; if it need not wait for an answer, draw it `-->`",
                    waits.id, first.id
                )),
            );
            continue;
        }
        edges.push(edge);
    }
    let sorted = sort(model, catalog, &edges);
    (edges, sorted)
}

/// Whether a component is something that starts.
fn runs(model: &Model, catalog: &Catalog, id: ComponentId) -> bool {
    let component = model.component(id);
    let kind = catalog.kind(component.kind);
    matches!(component.built, Built::By(_) | Built::Shared(_))
        && !kind.has(Trait::Transparent)
        && !kind.has(Trait::Certificate)
        && !kind.has(Trait::Registry)
        && !kind.has(Trait::Actor)
}

fn reaches(edges: &[StartsAfter], from: ComponentId, to: ComponentId) -> bool {
    let mut todo = vec![from];
    let mut seen = vec![from];
    while let Some(at) = todo.pop() {
        if at == to {
            return true;
        }
        for edge in edges.iter().filter(|edge| edge.component == at) {
            if !seen.contains(&edge.needs) {
                seen.push(edge.needs);
                todo.push(edge.needs);
            }
        }
    }
    false
}

/// Each after what it needs, else in the order of the description.
fn sort(model: &Model, catalog: &Catalog, edges: &[StartsAfter]) -> Vec<ComponentId> {
    let mut left: Vec<ComponentId> =
        model.components().map(|(id, _)| id).filter(|id| runs(model, catalog, *id)).collect();
    let mut sorted = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let ready = left
            .iter()
            .position(|id| edges.iter().all(|edge| edge.component != *id || !left.contains(&edge.needs)))
            .unwrap_or(0);
        sorted.push(left.remove(ready));
    }
    sorted
}
