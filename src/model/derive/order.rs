//! What starts after what. A cycle is cut at the arrow that stands last in the description.

use std::collections::BTreeSet;

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
    let mut needs: Vec<Vec<ComponentId>> = vec![Vec::new(); model.components().count()];
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
        if needs[edge.component.0 as usize].contains(&edge.needs) {
            continue;
        }
        if reaches(&needs, edge.needs, edge.component) {
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
        needs[edge.component.0 as usize].push(edge.needs);
        edges.push(edge);
    }
    let sorted = sort(model, catalog, &edges, &needs);
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

/// Whether a way leads from one component to another; `needs` has for each what it waits for.
fn reaches(needs: &[Vec<ComponentId>], from: ComponentId, to: ComponentId) -> bool {
    let mut todo = vec![from];
    let mut seen = BTreeSet::from([from]);
    while let Some(at) = todo.pop() {
        if at == to {
            return true;
        }
        todo.extend(needs[at.0 as usize].iter().filter(|next| seen.insert(**next)));
    }
    false
}

/// Each after what it needs, else in the order of the description.
fn sort(
    model: &Model,
    catalog: &Catalog,
    edges: &[StartsAfter],
    needs: &[Vec<ComponentId>],
) -> Vec<ComponentId> {
    let mut waiting: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut waited_for: Vec<Vec<ComponentId>> = vec![Vec::new(); needs.len()];
    for edge in edges {
        waited_for[edge.needs.0 as usize].push(edge.component);
    }
    let all = model.components().map(|(id, _)| id).filter(|id| runs(model, catalog, *id));
    let mut ready: BTreeSet<ComponentId> = all.filter(|id| waiting[id.0 as usize] == 0).collect();
    let mut sorted = Vec::new();
    while let Some(next) = ready.pop_first() {
        sorted.push(next);
        for &other in &waited_for[next.0 as usize] {
            waiting[other.0 as usize] -= 1;
            if waiting[other.0 as usize] == 0 {
                ready.insert(other);
            }
        }
    }
    sorted
}
