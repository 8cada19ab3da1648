//! The author's `place` and `after` win, along a spine as well.

use archgen::layout::{Graph, Place, layout};

use crate::graphs::read;
use crate::promises::broken;

fn leaf(graph: &Graph, id: &str) -> usize {
    graph.nodes.iter().position(|node| node.id == id).expect("a leaf")
}

/// Corners of the tiles of two leaves after a change of the graph.
fn placed(change: impl Fn(&mut Graph), a: &str, b: &str) -> [(i32, i32); 2] {
    let mut graph = read("shop");
    change(&mut graph);
    let made = layout(&graph);
    assert_eq!(broken(&graph, &made), Vec::<String>::new());
    [a, b].map(|id| {
        let tile = made.tiles[leaf(&graph, id)];
        (tile.x.0, tile.y.0)
    })
}

fn after(a: &str, b: &str) -> impl Fn(&mut Graph) {
    let (a, b) = (a.to_owned(), b.to_owned());
    move |graph| {
        let first = leaf(graph, &b);
        let then = leaf(graph, &a);
        graph.nodes[then].after = Some(first);
    }
}

fn at(a: &str, place: Place) -> impl Fn(&mut Graph) {
    let a = a.to_owned();
    move |graph| {
        let v = leaf(graph, &a);
        graph.nodes[v].place = Some(place);
    }
}

#[test]
fn tiles_of_a_tier_follow_the_author() {
    let [cache, db] = placed(|_| {}, "ca", "dba");
    assert!(cache.0 < db.0);
    let [cache, db] = placed(after("ca", "dba"), "ca", "dba");
    assert!(cache.0 > db.0 && cache.1 == db.1);
    let [cache, db] = placed(at("dba", Place::Left), "ca", "dba");
    assert!(cache.0 > db.0);
    let [cache, db] = placed(at("ca", Place::Right), "ca", "dba");
    assert!(cache.0 > db.0);
}

#[test]
fn rows_above_follow_the_author() {
    let [dns, waf] = placed(|_| {}, "dns", "waf");
    assert!(dns.0 < waf.0);
    let [dns, waf] = placed(after("dns", "waf"), "dns", "waf");
    assert!(dns.0 > waf.0 && dns.1 == waf.1);
    let [dns, cdn] = placed(at("dns", Place::Right), "dns", "cdn");
    assert!(dns.0 > cdn.0 && dns.1 == cdn.1);
    let [site, cdn] = placed(at("site", Place::Left), "site", "cdn");
    assert!(site.0 < cdn.0);
    let [waf, cdn] = placed(after("waf", "cdn"), "waf", "cdn");
    assert!(waf.0 > cdn.0);
    let [site, waf] = placed(after("site", "waf"), "site", "waf");
    assert!(site.0 > waf.0);
}

#[test]
fn the_column_of_services_follows_the_author() {
    let [vault, watch] = placed(|_| {}, "vault", "watch");
    assert!(vault.1 < watch.1);
    let [vault, watch] = placed(after("vault", "watch"), "vault", "watch");
    assert!(vault.1 > watch.1 && vault.0 == watch.0);
    let [sessions, vpc] = placed(at("sessions", Place::Below), "sessions", "dba");
    assert!(sessions.1 > vpc.1);
}
