//! The rules one by one, and that the lines can be read back from whatever is drawn.

use super::*;
use crate::layout::{Role, Sort};
use crate::view::{Container, Detail, Group, Marks, Node, Style};

/// A view in the making; everything is named, so that a test reads like the picture.
#[derive(Default)]
struct Sketch {
    view: View,
    ground: Ground,
}

impl Sketch {
    /// A network with a gateway and so many zones, each with a public, a private and an isolated tier.
    fn network(zones: usize) -> Sketch {
        let mut sketch = Sketch::default();
        sketch.container("cloud", None, Sort::Outer, Style::Cloud);
        sketch.container("region", Some("cloud"), Sort::Region, Style::Region);
        sketch.container("vpc", Some("region"), Sort::Network, Style::Vpc);
        let gateway = sketch.node("igw", Some("vpc"), Role::Gateway);
        sketch.ground.gateways.push(gateway);
        sketch.ground.egress = "egress".to_owned();
        for zone in ["a", "b", "c"].into_iter().take(zones) {
            sketch.container(zone, Some("vpc"), Sort::Zone, Style::Zone);
            let tiers = [
                ("public", Style::SubnetPublic),
                ("app", Style::SubnetPrivate),
                ("data", Style::SubnetIsolated),
            ];
            for (rank, (tier, style)) in (0..).zip(tiers) {
                sketch.container(&format!("{tier}@{zone}"), Some(zone), Sort::Tier(rank), style);
            }
        }
        sketch
    }

    fn container(&mut self, id: &str, parent: Option<&str>, sort: Sort, style: Style) {
        let parent = parent.map(|parent| self.place(parent));
        self.view.containers.push(Container {
            id: id.to_owned(),
            kind: String::new(),
            style,
            title: id.to_owned(),
            quiet: String::new(),
            icon: String::new(),
            parent,
            sort,
        });
    }

    fn node(&mut self, id: &str, parent: Option<&str>, role: Role) -> usize {
        let parent = parent.map(|parent| self.place(parent));
        self.view.nodes.push(Node {
            id: id.to_owned(),
            kind: String::new(),
            category: String::new(),
            icon: String::new(),
            title: id.to_owned(),
            quiet: String::new(),
            copies: 1,
            badge: String::new(),
            card: None,
            parent,
            role,
            place: None,
            after: None,
            copy_of: None,
            detail: Detail::default(),
            marks: Marks::default(),
        });
        self.view.nodes.len() - 1
    }

    /// A copy of something in the tier of each zone.
    fn copies(&mut self, id: &str, tier: &str, zones: &[&str]) -> Vec<usize> {
        let spot = |zone: &&str| (format!("{id}@{zone}"), format!("{tier}@{zone}"));
        let spots: Vec<(String, String)> = zones.iter().map(spot).collect();
        spots.into_iter().map(|(id, place)| self.node(&id, Some(&place), Role::Compute)).collect()
    }

    /// Copies with a frame of their own.
    fn replicas(&mut self, id: &str, tier: &str, zones: &[&str]) {
        let members = self.copies(id, tier, zones);
        let group = self.frame(id, members.clone());
        self.ground.folds.push(Fold { members, group, alone: true });
    }

    fn frame(&mut self, id: &str, members: Vec<usize>) -> usize {
        self.view.groups.push(Group { id: format!("{id}-group"), members, ..Group::default() });
        self.view.groups.len() - 1
    }

    fn nats(&mut self, zones: &[&str]) {
        for zone in zones {
            let nat = self.node(&format!("nat@{zone}"), Some(&format!("public@{zone}")), Role::Nat);
            self.ground.nats.push(nat);
        }
    }

    fn place(&self, id: &str) -> usize {
        self.view.containers.iter().position(|container| container.id == id).expect("it is drawn")
    }

    fn end(&self, id: &str) -> End {
        End::Node(self.view.nodes.iter().position(|node| node.id == id).expect("it is drawn"))
    }

    fn line(&mut self, from: &str, to: &str, class: Class, label: &str) -> &mut Line {
        let (from, to) = (self.end(from), self.end(to));
        self.view.lines.push(Line {
            from,
            to,
            class,
            heads: Heads::End,
            label: label.to_owned(),
            numbers: Vec::new(),
            published: String::new(),
            said: false,
            arrives: String::new(),
        });
        self.view.lines.last_mut().expect("one was added")
    }

    /// A line from each of the first to each of the others.
    fn request(&mut self, from: &[&str], to: &[&str], label: &str) {
        for (a, b) in from.iter().flat_map(|a| to.iter().map(move |b| (a, b))) {
            self.line(a, b, Class::Request, label);
        }
    }

    /// The edges as `from->to label` with the number of their trunk; the lines can be read back from them.
    fn drawn(&mut self) -> Vec<String> {
        self.view.edges = reduce(&self.view, &self.ground);
        whole(&self.view);
        let trunk = |edge: &Edge| edge.trunk.map(|trunk| format!(" /{trunk}")).unwrap_or_default();
        let label =
            |edge: &Edge| if edge.label.is_empty() { String::new() } else { format!(" {}", edge.label) };
        self.view.edges.iter().map(|edge| format!("{}{}{}", edge.id, label(edge), trunk(edge))).collect()
    }
}

/// Asserts that the edges of a view say its lines, all of them and nothing else, and that trunks are sound.
fn whole(view: &View) {
    let drawn: Vec<usize> =
        view.lines.iter().enumerate().filter(|(_, line)| line.from != line.to).map(|(at, _)| at).collect();
    let read = expand(view);
    assert_eq!(read.iter().map(|read| read.line).collect::<Vec<_>>(), drawn, "lines are missing");
    for read in &read {
        let line = &view.lines[read.line];
        assert_eq!((read.from, read.to, read.class), (line.from, line.to, line.class), "line {}", read.line);
        let mut words = line.label.split(", ").filter(|word| !word.is_empty());
        let said = words.all(|word| read.words.iter().any(|said| said == word));
        assert!(said || line.said, "{} of line {} in {:?}", line.label, read.line, read.words);
        assert!(line.numbers.iter().all(|number| read.numbers.contains(number)), "line {}", read.line);
        assert!(line.published.is_empty() || read.published.contains(&line.published), "line {}", read.line);
    }
    for edge in &view.edges {
        assert!(!edge.covers.is_empty(), "{} stands for nothing", edge.id);
        assert!(edge.covers.iter().all(|stretch| belongs(view, edge, stretch)), "{}", edge.id);
        assert!(!edge.sentence.is_empty());
        let Some(trunk) = edge.trunk else { continue };
        let mates: Vec<&Edge> = view.edges.iter().filter(|mate| mate.trunk == Some(trunk)).collect();
        assert!(mates.len() > 1, "{} is alone on its trunk", edge.id);
        let (starts, ends) = (|e: &&&Edge| e.from == edge.from, |e: &&&Edge| e.to == edge.to);
        let count = mates.len();
        assert!(
            mates.iter().filter(starts).count() == count || mates.iter().filter(ends).count() == count,
            "the trunk of {} has no common end",
            edge.id
        );
        assert!(mates.iter().all(|mate| mate.class == edge.class && mate.heads == edge.heads));
        assert!(mates[1..].iter().all(|mate| mate.label.is_empty() && mate.numbers.is_empty()));
    }
    let mut ids: Vec<&str> = view.edges.iter().map(|edge| edge.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "two edges with one name: {ids:?}");
}

const AB: [&str; 2] = ["a", "b"];

#[test]
fn what_every_replica_has_starts_at_their_frame() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.node("db", Some("data@a"), Role::Store);
    sketch.request(&["web@a", "web@b"], &["db"], "SQL 5432");
    assert_eq!(sketch.drawn(), ["web-group->db SQL 5432"]);
}

#[test]
fn what_only_some_replicas_have_starts_at_them() {
    let mut sketch = Sketch::network(3);
    sketch.replicas("web", "app", &["a", "b", "c"]);
    sketch.node("db", Some("data@a"), Role::Store);
    sketch.request(&["web@a", "web@b"], &["db"], "SQL 5432");
    sketch.request(&["web@c"], &["db"], "SQL 5433");
    assert_eq!(sketch.drawn(), ["web@a->db SQL 5432", "web@b->db SQL 5432", "web@c->db SQL 5433"]);
}

#[test]
fn numbers_and_classes_keep_lines_apart() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.node("db", Some("data@a"), Role::Store);
    sketch.line("web@a", "db", Class::Request, "SQL").numbers.push(3);
    sketch.line("web@b", "db", Class::Request, "SQL");
    sketch.line("web@b", "db", Class::Async, "SQL");
    assert_eq!(sketch.drawn(), ["web@a->db SQL", "web@b->db SQL", "web@b->db.2 SQL"]);
}

#[test]
fn replicas_of_two_components_meet_at_their_frames() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.replicas("cache", "data", &AB);
    sketch.request(&["web@a", "web@b"], &["cache@a", "cache@b"], "Redis 6379");
    sketch.line("cache@a", "cache@b", Class::Replication, "replication");
    assert_eq!(sketch.drawn(), ["web-group->cache-group Redis 6379", "cache@a->cache@b replication"]);
}

#[test]
fn a_balancer_in_the_gap_forks_to_both_sides() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.node("lb", Some("vpc"), Role::Balancer);
    sketch.node("job", Some("public@a"), Role::Compute);
    for copy in ["web@a", "web@b"] {
        sketch.line("lb", copy, Class::Request, "HTTP 80").numbers.push(2);
    }
    sketch.request(&["job"], &["web@a", "web@b"], "HTTP 80");
    assert_eq!(sketch.drawn(), ["lb->web@a HTTP 80 /0", "lb->web@b /0", "job->web-group HTTP 80"]);
    assert_eq!(sketch.view.edges[0].numbers, [2]);
}

#[test]
fn with_three_zones_the_balancer_leads_to_the_frame() {
    let mut sketch = Sketch::network(3);
    sketch.replicas("web", "app", &["a", "b", "c"]);
    sketch.node("lb", Some("vpc"), Role::Balancer);
    sketch.request(&["lb"], &["web@a", "web@b", "web@c"], "HTTP 80");
    assert_eq!(sketch.drawn(), ["lb->web-group HTTP 80"]);
}

#[test]
fn a_frame_around_several_components_is_left_but_not_entered() {
    let mut sketch = Sketch::network(2);
    let (web, app) = (sketch.copies("web", "app", &AB), sketch.copies("app", "app", &AB));
    let group = sketch.frame("machines", web.iter().chain(&app).copied().collect());
    for members in [web, app] {
        sketch.ground.folds.push(Fold { members, group, alone: false });
    }
    sketch.node("lb", Some("vpc"), Role::Balancer);
    sketch.node("db", Some("data@a"), Role::Store);
    sketch.request(&["lb"], &["web@a", "web@b"], "HTTP 80");
    sketch.request(&["web@a"], &["app@a"], "FastCGI 9000");
    sketch.request(&["web@b"], &["app@b"], "FastCGI 9000");
    sketch.request(&["app@a", "app@b"], &["db"], "SQL 5432");
    assert_eq!(
        sketch.drawn(),
        [
            "lb->web@a HTTP 80 /0",
            "lb->web@b /0",
            "web@a->app@a FastCGI 9000",
            "web@b->app@b FastCGI 9000",
            "machines-group->db SQL 5432"
        ]
    );
    // Not the frame's first component, but the one that talks.
    let sentences: Vec<&str> = sketch.view.edges.iter().map(|edge| edge.sentence.as_str()).collect();
    assert_eq!(sentences[4], "app@a, app@b -> db: SQL 5432");
}

#[test]
fn whose_line_it_is_stays_clear_in_a_shared_frame() {
    let mut sketch = Sketch::network(2);
    let (one, two) = (sketch.copies("auth", "app", &AB), sketch.copies("shop", "app", &AB));
    let group = sketch.frame("machines", one.iter().chain(&two).copied().collect());
    for members in [one, two] {
        sketch.ground.folds.push(Fold { members, group, alone: false });
    }
    for store in ["auth-db", "shop-db", "files"] {
        sketch.node(store, Some("data@a"), Role::Store);
    }
    sketch.request(&["auth@a", "auth@b"], &["auth-db"], "SQL 5432");
    sketch.request(&["shop@a", "shop@b"], &["shop-db"], "SQL 5432");
    sketch.request(&["auth@a", "auth@b", "shop@a", "shop@b"], &["files"], "NFS 2049");
    for (node, title) in [("auth@a", "auth"), ("auth@b", "auth"), ("shop@a", "shop"), ("shop@b", "shop")] {
        let End::Node(at) = sketch.end(node) else { continue };
        sketch.view.nodes[at].title = title.to_owned();
    }
    assert_eq!(
        sketch.drawn(),
        [
            "machines-group->auth-db auth: SQL 5432",
            "machines-group->shop-db shop: SQL 5432",
            "machines-group->files NFS 2049"
        ]
    );
}

#[test]
fn the_way_out_is_drawn_once() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.replicas("jobs", "app", &AB);
    sketch.node("bastion", Some("public@a"), Role::Compute);
    sketch.nats(&AB);
    sketch.node("pay", None, Role::External);
    sketch.request(&["nat@a", "nat@b"], &["igw"], "");
    sketch.request(&["web@a", "web@b", "jobs@a", "jobs@b", "bastion"], &["pay"], "HTTPS 443");
    assert_eq!(
        sketch.drawn(),
        [
            "nat@a->igw",
            "nat@b->igw",
            "web@a->nat@a egress",
            "igw->pay HTTPS 443",
            "web@b->nat@b egress",
            "jobs@a->nat@a egress",
            "jobs@b->nat@b egress",
            "bastion->igw egress"
        ]
    );
    let out = &sketch.view.edges[3];
    assert_eq!(out.covers.len(), 5);
}

#[test]
fn a_hub_calls_many_along_one_line() {
    for (count, shared) in [(7, false), (8, true)] {
        let mut sketch = Sketch::default();
        sketch.node("hub", None, Role::Compute);
        let services: Vec<String> = (0..count).map(|k| format!("s{k}")).collect();
        for service in &services {
            sketch.node(service, None, Role::Compute);
            sketch.request(&["hub"], &[service], "gRPC 50051");
        }
        sketch.node("other", None, Role::Compute);
        sketch.request(&["hub"], &["other"], "HTTP 80");
        let drawn = sketch.drawn();
        assert_eq!(drawn[0], if shared { "hub->s0 gRPC 50051 /0" } else { "hub->s0 gRPC 50051" });
        assert_eq!(drawn[1], if shared { "hub->s1 /0" } else { "hub->s1 gRPC 50051" });
        assert_eq!(drawn[count], "hub->other HTTP 80", "what is said differently stays apart");
    }
}

#[test]
fn a_single_way_out_is_shared() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.nats(&["a"]);
    sketch.node("pay", None, Role::External);
    sketch.line("web@a", "pay", Class::Async, "events");
    sketch.line("web@b", "pay", Class::Async, "events");
    assert_eq!(sketch.drawn(), ["web-group->nat@a egress", "nat@a->igw", "igw->pay events"]);
}

#[test]
fn the_way_in_says_its_words_twice() {
    let mut sketch = Sketch::network(2);
    sketch.node("lb", Some("vpc"), Role::Balancer);
    sketch.node("users", None, Role::Actor);
    sketch.node("cdn", Some("cloud"), Role::Cdn);
    sketch.node("queue", Some("region"), Role::Regional);
    sketch.line("users", "lb", Class::Request, "HTTPS 443").numbers.push(1);
    sketch.line("cdn", "lb", Class::Request, "HTTPS 443").numbers.push(4);
    sketch.request(&["queue"], &["lb"], "HTTPS 443");
    assert_eq!(
        sketch.drawn(),
        ["users->igw HTTPS 443", "igw->lb HTTPS 443", "cdn->igw HTTPS 443", "queue->lb HTTPS 443"]
    );
    let numbers: Vec<&[u32]> = sketch.view.edges.iter().map(|edge| edge.numbers.as_slice()).collect();
    assert_eq!(numbers, [&[1][..], &[], &[4], &[]]);
}

#[test]
fn telemetry_is_one_trunk_with_all_words() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.node("db", Some("data@a"), Role::Store);
    sketch.node("watch", Some("region"), Role::Monitor);
    for copy in ["web@a", "web@b"] {
        sketch.line(copy, "watch", Class::Telemetry, "logs");
    }
    sketch.line("db", "watch", Class::Telemetry, "logs, metrics");
    assert_eq!(sketch.drawn(), ["web-group->watch logs, metrics /0", "db->watch /0"]);
}

#[test]
fn what_one_regional_service_gets_is_a_trunk_where_words_are_equal() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.node("job", Some("app@a"), Role::Compute);
    sketch.node("mailer", Some("region"), Role::Regional);
    sketch.node("vault", Some("region"), Role::Regional);
    sketch.request(&["web@a", "web@b", "job", "mailer"], &["vault"], "read");
    sketch.line("job", "vault", Class::Async, "read");
    sketch.line("igw", "vault", Class::Request, "write");
    assert_eq!(
        sketch.drawn(),
        [
            "web-group->vault read /0",
            "job->vault /0",
            "mailer->vault read",
            "job->vault.2 read",
            "igw->vault write"
        ]
    );
}

#[test]
fn numbered_lines_keep_off_trunks() {
    let mut sketch = Sketch::network(2);
    sketch.node("x", Some("app@a"), Role::Compute);
    sketch.node("y", Some("app@b"), Role::Compute);
    sketch.node("vault", Some("region"), Role::Regional);
    sketch.line("x", "vault", Class::Request, "read").numbers.push(1);
    sketch.line("y", "vault", Class::Request, "read");
    assert_eq!(sketch.drawn(), ["x->vault read", "y->vault read"]);
}

#[test]
fn replicas_of_a_store_and_externals_of_a_gateway_are_trunks() {
    let mut sketch = Sketch::network(2);
    sketch.node("db", Some("data@a"), Role::Store);
    sketch.node("read", Some("data@b"), Role::Store);
    sketch.node("report", Some("data@b"), Role::Store);
    sketch.node("web", Some("app@a"), Role::Compute);
    for external in ["pay", "ship", "mail"] {
        sketch.node(external, None, Role::External);
    }
    for copy in ["read", "report"] {
        sketch.line("db", copy, Class::Replication, "async");
    }
    sketch.request(&["web"], &["pay", "ship"], "HTTPS 443");
    sketch.request(&["web"], &["mail"], "SMTP 587");
    assert_eq!(
        sketch.drawn(),
        [
            "db->read async /0",
            "db->report /0",
            "web->igw egress",
            "igw->pay HTTPS 443 /1",
            "igw->ship /1",
            "igw->mail SMTP 587"
        ]
    );
}

#[test]
fn one_file_of_two_services_is_a_trunk() {
    let mut sketch = Sketch::default();
    for id in ["api", "worker", "files"] {
        sketch.node(id, None, Role::Compute);
    }
    for id in ["api", "worker"] {
        sketch.line(id, "files", Class::Attached, "/data").heads = Heads::None;
    }
    assert_eq!(sketch.drawn(), ["api->files /data /0", "worker->files /0"]);
}

#[test]
fn a_published_port_says_what_the_label_would() {
    let mut sketch = Sketch::network(2);
    sketch.node("users", None, Role::Actor);
    sketch.node("web", Some("public@a"), Role::Compute);
    let line = sketch.line("users", "web", Class::Request, "HTTP 80");
    (line.published, line.said) = ("8080:80".to_owned(), true);
    assert_eq!(sketch.drawn(), ["users->igw HTTP 80", "igw->web"]);
    assert_eq!(sketch.view.edges[1].published, "8080:80");
}

/// A small generator of numbers: the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// A network with replicas, shared machines, ways out, regional services and externals, and lines between all of them.
fn generated(seed: u64) -> Sketch {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let zones = 1 + dice.below(3);
    let letters = &["a", "b", "c"][..zones];
    let mut sketch = Sketch::network(zones);
    let mut parties: Vec<Vec<String>> = Vec::new();
    for at in 0..1 + dice.below(4) {
        let id = format!("r{at}");
        let tier = dice.of(&["public", "app", "data"]);
        sketch.replicas(&id, tier, letters);
        parties.push(letters.iter().map(|zone| format!("{id}@{zone}")).collect());
    }
    if dice.below(2) == 0 {
        let (one, two) = (sketch.copies("m0", "app", letters), sketch.copies("m1", "app", letters));
        let group = sketch.frame("machines", one.iter().chain(&two).copied().collect());
        for members in [one, two] {
            sketch.ground.folds.push(Fold { members, group, alone: false });
        }
        parties.extend(
            ["m0", "m1"].map(|id| letters.iter().map(|zone| format!("{id}@{zone}")).collect::<Vec<_>>()),
        );
    }
    sketch.nats(&letters[..dice.below(zones + 1)]);
    for at in 0..3 + dice.below(8) {
        let (parent, role) = [
            (None, Role::Actor),
            (None, Role::External),
            (Some("cloud"), Role::Cdn),
            (Some("region"), Role::Regional),
            (Some("region"), Role::Monitor),
            (Some("vpc"), Role::Balancer),
            (Some("app@a"), Role::Compute),
            (Some("data@a"), Role::Store),
        ][dice.below(8)];
        sketch.node(&format!("n{at}"), parent, role);
        parties.push(vec![format!("n{at}")]);
    }
    let classes = [Class::Request, Class::Async, Class::Telemetry, Class::Replication, Class::Attached];
    for _ in 0..dice.below(24) {
        let (from, to) = (dice.below(parties.len()), dice.below(parties.len()));
        let (class, label) = (classes[dice.below(5)], dice.of(&["", "x", "y", "x, z"]).to_owned());
        let numbers: Vec<u32> = (0..dice.below(8) / 7).map(|_| 1 + dice.below(3) as u32).collect();
        let published = dice.of(&["", "", "", "80:80"]).to_owned();
        let skip = dice.below(6);
        for (at, (a, b)) in
            parties[from].iter().flat_map(|a| parties[to].iter().map(move |b| (a, b))).enumerate()
        {
            // Now and then one of the copies goes its own way.
            if at + 1 != skip {
                let line = sketch.line(a, b, class, &label);
                line.numbers = numbers.clone();
                line.said = !published.is_empty();
                line.published = published.clone();
            }
        }
    }
    sketch
}

#[test]
fn generated_views_can_be_read_back() {
    let (mut lines, mut edges, mut trunks) = (0, 0, 0);
    for seed in 0..3000 {
        let mut sketch = generated(seed);
        let drawn = sketch.drawn();
        lines += sketch.view.lines.len();
        edges += drawn.len();
        trunks += sketch.view.edges.iter().filter(|edge| edge.trunk.is_some()).count();
        assert_eq!(drawn, sketch.drawn(), "not the same twice");
    }
    assert!(edges * 4 < lines * 3 && trunks > 1000, "{lines} lines, {edges} edges, {trunks} on trunks");
}

#[test]
fn a_line_that_nobody_draws_is_missed() {
    let mut sketch = Sketch::network(2);
    sketch.replicas("web", "app", &AB);
    sketch.nats(&AB);
    sketch.node("pay", None, Role::External);
    sketch.request(&["web@a", "web@b"], &["pay"], "HTTPS 443");
    sketch.drawn();
    assert_eq!(expand(&sketch.view).len(), 2);
    let whole = sketch.view.edges.clone();
    for at in 0..whole.len() {
        sketch.view.edges = whole.clone();
        sketch.view.edges.remove(at);
        let read = expand(&sketch.view);
        let same = |read: &Read| {
            let line = &sketch.view.lines[read.line];
            (read.from, read.to) == (line.from, line.to)
        };
        assert!(read.iter().filter(|read| same(read)).count() < 2, "without {}", whole[at].id);
    }
}
