//! Terraform of random systems: what must hold whatever is connected with what.
//!
//! Each system is a private network with random services, stores and managed things in it and random arrows between
//! them. Its Terraform names only what is there and goes in no circle, opens what an arrow needs and nothing else,
//! stays within the provider's limits, and keeps its addresses when something is added.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use archgen::artifact::Content;
use archgen::compile::{self, Texts};
use archgen::diag::{Diagnostics, print};
use archgen::target::terraform::{Terraform, hcl};
use archgen::target::{Input, Target};
use proptest::prelude::*;

/// A thing of a random system: what is written of it, and how others reach it.
#[derive(Debug, Clone, Copy)]
struct Sort {
    fields: &'static str,
    /// The port that others inside reach it on; `None` for what has an API of the provider.
    port: Option<u16>,
    store: bool,
    calls: bool,
}

const SORTS: [Sort; 17] = [
    Sort {
        fields: "kind: service, in: app, image: 'a/b:1.0.0', port: 8000",
        port: Some(8000),
        store: false,
        calls: true,
    },
    Sort {
        fields: "kind: service, in: public, build: ./x, port: 3000",
        port: Some(3000),
        store: false,
        calls: true,
    },
    Sort {
        fields: "kind: service, as: aws.ecs-ec2, in: app, image: 'a/b:1.0.0', port: 9000, scale_on: { cpu: 50 }, replicas: { min: 1, max: 3 }",
        port: Some(9000),
        store: false,
        calls: true,
    },
    Sort { fields: "kind: worker, in: data, build: ./x", port: None, store: false, calls: true },
    Sort { fields: "kind: function, in: app, build: ./x", port: None, store: false, calls: true },
    Sort { fields: "kind: function, build: ./x", port: None, store: false, calls: true },
    Sort { fields: "kind: postgres, in: data, standby: true", port: Some(5432), store: true, calls: false },
    Sort {
        fields: "kind: mysql, as: aws.aurora, in: data, version: '8.0'",
        port: Some(3306),
        store: true,
        calls: false,
    },
    Sort {
        fields: "kind: mongodb, as: aws.documentdb, in: data",
        port: Some(27017),
        store: true,
        calls: false,
    },
    Sort { fields: "kind: redis, in: data", port: Some(6379), store: true, calls: false },
    Sort {
        fields: "kind: search, as: aws.opensearch, in: data, replicas: 2",
        port: Some(443),
        store: true,
        calls: false,
    },
    Sort {
        fields: "kind: mongodb, as: aws.ec2, in: data, backup: { keep: 7d }",
        port: Some(27017),
        store: true,
        calls: false,
    },
    Sort { fields: "kind: bucket", port: None, store: true, calls: false },
    Sort { fields: "kind: dynamodb", port: None, store: true, calls: false },
    Sort { fields: "kind: queue", port: None, store: true, calls: false },
    Sort { fields: "kind: topic", port: None, store: true, calls: false },
    Sort {
        fields: "kind: service, in: k8s, image: 'a/b:1.0.0', port: 7000",
        port: Some(7000),
        store: false,
        calls: true,
    },
];

/// A random system.
#[derive(Debug, Clone)]
struct System {
    zones: usize,
    nat: &'static str,
    endpoints: &'static str,
    regions: &'static str,
    front: bool,
    long: bool,
    things: Vec<usize>,
    arrows: BTreeSet<(usize, usize)>,
}

impl System {
    fn id(&self, at: usize) -> String {
        if self.long { format!("t{at}-with-a-name-that-goes-on-and-on") } else { format!("t{at}") }
    }

    /// The name of the group that guards a thing: its own, or that of the cluster's machines.
    fn group(&self, at: usize) -> String {
        if self.sort(at).fields.contains("in: k8s") {
            "k8s".to_owned()
        } else {
            self.id(at).replace('-', "_")
        }
    }

    fn sort(&self, at: usize) -> Sort {
        SORTS[self.things[at]]
    }

    /// The arrows that can be: from what calls to what answers.
    fn real_arrows(&self) -> Vec<(usize, usize)> {
        let count = self.things.len();
        let answers = |at: usize| self.sort(at).port.is_some() || self.sort(at).store || self.things[at] == 5;
        let wanted = self.arrows.iter().map(|&(from, to)| (from % count, to % count));
        let found: BTreeSet<(usize, usize)> =
            wanted.filter(|&(from, to)| from != to && self.sort(from).calls && answers(to)).collect();
        found.into_iter().collect()
    }

    fn description(&self) -> String {
        let mut text = format!(
            "archgen: v1\nsystem: {{ id: {} }}\nzones:\n  aws: {{ kind: cloud, provider: aws, region: {} }}\n  \
             vpc: {{ kind: vpc, in: aws, azs: {}, nat: {}, endpoints: {} }}\n  \
             public: {{ kind: subnet, in: vpc, access: public }}\n  app: {{ kind: subnet, in: vpc, access: private }}\n  \
             data: {{ kind: subnet, in: vpc, access: isolated }}\n  k8s: {{ kind: cluster, as: aws.eks, in: app }}\ncomponents:\n  users: {{ kind: actor }}\n  \
             dns: {{ kind: dns, name: a.example.com }}\n  cdn: {{ kind: cdn }}\n  edge: {{ kind: lb, in: public }}\n",
            if self.long { "a-system-whose-name-goes-on" } else { "s" },
            self.regions,
            self.zones,
            self.nat,
            self.endpoints,
        );
        for at in 0..self.things.len() {
            text.push_str(&format!("  {}: {{ {} }}\n", self.id(at), self.sort(at).fields));
        }
        text.push_str("connections:\n");
        text.push_str(if self.front {
            "  users -> dns -> cdn -> edge: http\n"
        } else {
            "  users -> edge: http\n"
        });
        for at in (0..self.things.len()).filter(|&at| self.front && self.sort(at).fields == "kind: bucket") {
            text.push_str(&format!("  cdn -> {}: {{ proto: https, path: /f{at}/* }}\n", self.id(at)));
        }
        if let Some(first) = self.behind_edge() {
            text.push_str(&format!("  edge -> {}: http\n", self.id(first)));
        }
        for (from, to) in self.real_arrows() {
            text.push_str(&format!("  {} -> {}: auto\n", self.id(from), self.id(to)));
        }
        text + "environments:\n  prod: { target: [terraform, kubernetes] }\n"
    }

    /// The first service, which the balancer leads to.
    fn behind_edge(&self) -> Option<usize> {
        (0..self.things.len()).find(|&at| self.things[at] < 3)
    }
}

fn systems() -> impl Strategy<Value = System> {
    let arrows = prop::collection::btree_set((0_usize..12, 0_usize..12), 0..14);
    (
        2_usize..4,
        prop::sample::select(vec!["per-az", "single", "none"]),
        prop::sample::select(vec!["auto", "all", "none"]),
        prop::sample::select(vec![
            "us-east-1",
            "[us-east-1, eu-west-1]",
            "[eu-west-1, us-east-1, eu-north-1]",
        ]),
        any::<bool>(),
        any::<bool>(),
        prop::collection::vec(0..SORTS.len(), 1..10),
        arrows,
    )
        .prop_map(|(zones, nat, endpoints, regions, front, long, things, arrows)| System {
            zones,
            nat,
            endpoints,
            regions,
            front,
            long,
            things,
            arrows,
        })
}

/// The blocks of one folder, by address.
type Folder = BTreeMap<String, hcl::Block>;

/// What stands around the modules of regions, and what stands in each; where there is one region, only the latter.
struct Made {
    around: Option<Folder>,
    inside: Folder,
}

impl Made {
    fn folders(&self) -> impl Iterator<Item = &Folder> {
        self.around.iter().chain([&self.inside])
    }
}

/// All blocks of a system's Terraform.
fn blocks(description: &str) -> Made {
    let texts = Texts { name: "random".to_owned(), description: description.to_owned(), ..Texts::default() };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let resolved = compile::resolve(&project, "prod", &mut out);
    let resolved =
        resolved.unwrap_or_else(|| panic!("{description}\n{}", print::human(&out, &project.sources, false)));
    let input = Input {
        model: &resolved.model,
        facts: &resolved.facts,
        catalog: &project.catalog,
        messages: &project.messages,
        templates: &BTreeMap::new(),
        prose: &BTreeMap::new(),
        to_description: "../..",
        output_dir: "generated",
        picture_format: None,
    };
    let output = Terraform.generate(&input);
    let said = print::human(&output.diagnostics, &project.sources, false);
    assert_eq!(said.trim(), "", "{description}");
    let mut found: BTreeMap<String, Folder> = BTreeMap::new();
    for artifact in &output.artifacts {
        let Content::Text { body, .. } = &artifact.content else { panic!("{} is no text", artifact.path) };
        if !artifact.path.as_str().ends_with(".tf") {
            continue;
        }
        for block in hcl::blocks(body).expect("it is HCL") {
            let address = block.address();
            let folder = artifact.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder = found.entry(folder.to_owned()).or_default();
            let twice = folder.insert(address.clone(), block).is_some();
            assert!(
                !twice || matches!(address.as_str(), "provider.aws" | "terraform."),
                "{address} comes twice"
            );
        }
    }
    let around = found.remove("prod/terraform").expect("there is a folder");
    match found.pop_last() {
        Some((_, inside)) => Made { around: Some(around), inside },
        None => Made { around: None, inside: around },
    }
}

/// Addresses that a text refers to.
fn references(text: &str) -> BTreeSet<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let mut found = BTreeSet::new();
    for path in text.split(|c: char| !word(c)) {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["data", kind, name, ..] if kind.starts_with("aws_") => {
                found.insert(format!("data.{kind}.{name}"));
            }
            [kind, name, ..] if kind.starts_with("aws_") => {
                found.insert(format!("{kind}.{name}"));
            }
            ["var", name, ..] => {
                found.insert(format!("var.{name}"));
            }
            _ => {}
        }
    }
    found
}

/// The value of an argument right in a block.
fn argument<'a>(block: &'a hcl::Block, name: &str) -> Option<&'a str> {
    let mut lines = block.text.lines();
    lines.find_map(|line| {
        let (key, value) = line.strip_prefix("  ")?.split_once('=')?;
        (key.trim_end() == name).then(|| value.trim())
    })
}

fn names_only_what_is_there(all: &Folder) {
    for (address, block) in all {
        for wanted in references(&block.text) {
            assert!(all.contains_key(&wanted), "{address} refers to {wanted}, which is not there");
        }
    }
}

fn goes_in_no_circle(all: &Folder) {
    let mut open: BTreeMap<&str, BTreeSet<String>> = all
        .iter()
        .map(|(address, block)| {
            let mut needs = references(&block.text);
            needs.remove(address);
            (address.as_str(), needs)
        })
        .collect();
    loop {
        let free: Vec<&str> =
            open.iter().filter(|(_, needs)| needs.is_empty()).map(|(address, _)| *address).collect();
        if free.is_empty() {
            break;
        }
        for address in free {
            open.remove(address);
            for needs in open.values_mut() {
                needs.remove(address);
            }
        }
    }
    assert!(open.is_empty(), "a circle among {:?}", open.keys());
}

/// Rules between groups, as `from to port`.
fn pairs(all: &Folder, kind: &str) -> BTreeSet<String> {
    let group =
        |text: &str| text.trim_start_matches("aws_security_group.").trim_end_matches(".id").to_owned();
    let rules = all
        .iter()
        .filter(|(address, _)| address.starts_with(&format!("aws_vpc_security_group_{kind}_rule.")));
    rules
        .filter_map(|(_, block)| {
            let own = group(argument(block, "security_group_id")?);
            let other = group(argument(block, "referenced_security_group_id")?);
            let port = argument(block, "from_port")?;
            let (from, to) = if kind == "ingress" { (other, own) } else { (own, other) };
            Some(format!("{from} {to} {port}"))
        })
        .collect()
}

fn opens_what_arrows_need(system: &System, all: &Folder) {
    let name = |at: usize| system.group(at);
    let has_group = |at: usize| all.contains_key(&format!("aws_security_group.{}", name(at)));
    let mut wanted = BTreeSet::new();
    if let Some(first) = system.behind_edge() {
        let port = system.sort(first).port.unwrap_or_default();
        wanted.insert(format!("edge {} {port}", name(first)));
    }
    for (from, to) in system.real_arrows() {
        if let Some(port) = system.sort(to).port
            && has_group(from)
            && name(from) != name(to)
        {
            wanted.insert(format!("{} {} {port}", name(from), name(to)));
        }
    }
    for kind in ["ingress", "egress"] {
        let mut found = pairs(all, kind);
        // What copies say to each other, and the ways to the provider, are not along arrows.
        found.retain(|rule| {
            let words: Vec<&str> = rule.split(' ').collect();
            words[0] != words[1] && words[1] != "vpc_endpoints"
        });
        assert_eq!(found, wanted, "{kind}");
    }
}

fn keeps_stores_closed(system: &System, all: &Folder) {
    for at in (0..system.things.len()).filter(|&at| system.sort(at).store) {
        let group = format!("aws_security_group.{}.id", system.id(at).replace('-', "_"));
        for (address, block) in all {
            let ingress = address.starts_with("aws_vpc_security_group_ingress_rule.");
            if ingress && argument(block, "security_group_id") == Some(&group) {
                assert!(argument(block, "referenced_security_group_id").is_some(), "{}", block.text);
            }
        }
    }
}

/// What the provider takes at most for a name.
const LIMITS: [(&str, &str, usize); 17] = [
    ("aws_lb", "name", 32),
    ("aws_lb_target_group", "name", 32),
    ("aws_iam_role", "name", 64),
    ("aws_iam_role_policy", "name", 128),
    ("aws_iam_instance_profile", "name", 128),
    ("aws_db_instance", "identifier", 63),
    ("aws_db_subnet_group", "name", 255),
    ("aws_rds_cluster", "cluster_identifier", 63),
    ("aws_docdb_cluster", "cluster_identifier", 63),
    ("aws_elasticache_replication_group", "replication_group_id", 40),
    ("aws_opensearch_domain", "domain_name", 28),
    ("aws_lambda_function", "function_name", 64),
    ("aws_sqs_queue", "name", 80),
    ("aws_sns_topic", "name", 256),
    ("aws_dynamodb_table", "name", 255),
    ("aws_security_group", "name", 255),
    ("aws_launch_template", "name", 128),
];

fn stays_within_limits(all: &Folder) {
    for (address, block) in all {
        for (kind, key, limit) in LIMITS {
            if block.kind != "resource" || block.labels[0] != kind {
                continue;
            }
            let name = argument(block, key).map(|name| name.trim_matches('"')).unwrap_or_default();
            let name = name.replace("${var.region}", "ap-southeast-1");
            assert!(name.len() <= limit, "{address}: {name} has more than {limit} characters");
        }
        if block.kind == "resource" && block.labels[0] == "aws_s3_bucket" {
            let name = argument(block, "bucket").unwrap_or_default().trim_matches('"');
            let fixed = name.split("${").next().unwrap_or_default();
            let region = if name.ends_with("${var.region}") { "-ap-southeast-1".len() } else { 0 };
            assert!(fixed.len() + 12 + region <= 63, "{address}: {name}");
        }
    }
}

/// The range of a network in the first region.
const NETWORK: &str = "10.0.0.0/16";

/// First and last address of every subnet. Where there are several regions, its place in the network's range is
/// written.
fn ranges(all: &Folder) -> Vec<(u32, u32)> {
    let subnets = all.iter().filter(|(address, _)| address.starts_with("aws_subnet."));
    let lines = subnets.flat_map(|(_, block)| block.text.lines());
    lines
        .filter_map(|line| {
            if let Some(range) = line
                .split('"')
                .find(|part| part.contains('/') && part.starts_with(|c: char| c.is_ascii_digit()))
            {
                return Some(range_of(range));
            }
            let (_, place) = line.split_once("cidrsubnet(aws_vpc.vpc.cidr_block, ")?;
            let (bits, number) = place.trim_end_matches(')').split_once(", ").expect("two numbers");
            let (first, last) = range_of(NETWORK);
            let size = (last - first + 1) >> bits.parse::<u32>().expect("a number");
            let first = first + number.parse::<u32>().expect("a number") * size;
            Some((first, first + size - 1))
        })
        .collect()
}

fn range_of(cidr: &str) -> (u32, u32) {
    let (address, prefix) = cidr.split_once('/').expect("a range");
    let first: u32 = address.parse::<Ipv4Addr>().expect("an address").into();
    let size = 1_u32 << (32 - prefix.parse::<u32>().expect("a length"));
    (first, first + size - 1)
}

/// Each call of a region's module gives it what it asks for and nothing else, takes only what it hands out, and has
/// addresses of its own.
fn calls_fit(made: &Made) {
    let Some(around) = &made.around else { return };
    let asked: BTreeSet<&str> =
        made.inside.keys().filter_map(|address| address.strip_prefix("var.")).collect();
    let needed = asked.iter().filter(|name| !made.inside[&format!("var.{name}")].text.contains("default"));
    let needed: BTreeSet<&str> = needed.copied().collect();
    let mut networks = Vec::new();
    for (address, block) in around {
        for reference in block.text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')) {
            if let ["module", module, output, ..] = reference.split('.').collect::<Vec<_>>().as_slice() {
                assert!(around.contains_key(&format!("module.{module}")), "{address}: {reference}");
                assert!(made.inside.contains_key(&format!("output.{output}")), "{address}: {reference}");
            }
        }
        if block.kind == "module" {
            let arguments = block.text.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(" = "));
            let given: BTreeSet<&str> = arguments
                .map(|(name, _)| name.trim_end())
                .filter(|name| {
                    !name.is_empty() && !name.starts_with(' ') && !["source", "providers"].contains(name)
                })
                .collect();
            assert!(given.is_subset(&asked), "{address} gives {given:?}, asked are {asked:?}");
            assert!(needed.is_subset(&given), "{address} gives {given:?}, needed are {needed:?}");
            networks.extend(argument(block, "vpc_cidr").map(|range| range_of(range.trim_matches('"'))));
        }
    }
    networks.sort_unstable();
    assert!(networks.len() > 1);
    assert!(networks.windows(2).all(|pair| pair[0].1 < pair[1].0), "{networks:?}");
}

/// What all regions of an account share has the region in its name.
fn regions_are_told_apart(made: &Made) {
    if made.around.is_none() {
        return;
    }
    for (address, block) in &made.inside {
        let shared = ["aws_iam_role.", "aws_iam_instance_profile.", "aws_s3_bucket."];
        if shared.iter().any(|kind| address.starts_with(kind)) {
            let name = argument(block, "name").or_else(|| argument(block, "bucket")).unwrap_or_default();
            assert!(name.ends_with("-${var.region}\""), "{address}: {name}");
        }
    }
}

fn no_ranges_overlap(all: &Folder) {
    let mut ranges = ranges(all);
    ranges.sort_unstable();
    for pair in ranges.windows(2) {
        assert!(pair[0].1 < pair[1].0, "{ranges:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn random_systems_are_sound(system in systems()) {
        let made = blocks(&system.description());
        for all in made.folders() {
            names_only_what_is_there(all);
            goes_in_no_circle(all);
            stays_within_limits(all);
        }
        opens_what_arrows_need(&system, &made.inside);
        keeps_stores_closed(&system, &made.inside);
        no_ranges_overlap(&made.inside);
        calls_fit(&made);
        regions_are_told_apart(&made);
    }

    #[test]
    fn what_is_added_moves_nothing_else(system in systems(), added in 0..SORTS.len()) {
        let before = blocks(&system.description());
        let mut grown = system.clone();
        // Arrows are counted over the things, so that what is added must change no other.
        let arrows = system.real_arrows();
        grown.things.push(added);
        grown.arrows = arrows.into_iter().collect();
        let after = blocks(&grown.description());
        for (before, after) in before.folders().zip(after.folders()) {
            for (address, block) in before {
                let other = after.get(address);
                // Once one has to reach a service through an endpoint, all of its network does.
                let reached_inside = address.contains("_egress_rule.") && address.contains("_to_internet_");
                prop_assert!(other.is_some() || reached_inside, "{address} is gone");
                if address.starts_with("aws_subnet.") || address.starts_with("aws_db") {
                    // A cluster marks the subnets that its balancers stand in, which builds nothing anew.
                    let lasting = |block: &hcl::Block| block.text.split("\n  tags").next().map(str::to_owned);
                    prop_assert_eq!(other.and_then(lasting), lasting(block));
                }
            }
        }
    }
}

#[test]
fn a_circle_is_seen() {
    let text =
        "resource \"aws_a\" \"x\" {\n  b = aws_b.y.id\n}\nresource \"aws_b\" \"y\" {\n  a = aws_a.x.id\n}\n";
    let all: BTreeMap<String, hcl::Block> =
        hcl::blocks(text).unwrap().into_iter().map(|block| (block.address(), block)).collect();
    names_only_what_is_there(&all);
    assert!(std::panic::catch_unwind(|| goes_in_no_circle(&all)).is_err());
}
