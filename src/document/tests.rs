//! What reading gives, from text to document.

use super::check::{Context, Mode, check};
use super::shape::Shape;
use super::tree::{Data, Map, Node};
use super::{Arrow, AssertionForm, Document, language, read};
use crate::diag::Diagnostics;
use crate::source::{Sources, Span};
use proptest::prelude::*;

fn load(text: &str) -> (Sources, Option<Document>, Diagnostics) {
    let mut sources = Sources::default();
    let source = sources.add("archgen.yaml", text.to_owned());
    let mut out = Diagnostics::default();
    let document = read(source, text, &mut out);
    (sources, document, out)
}

fn good(text: &str) -> (Sources, Document) {
    let (sources, document, out) = load(&format!("archgen: v1\n{text}"));
    assert!(out.is_empty(), "{:?}", out.sorted());
    (sources, document.expect("a document"))
}

/// A value on one line.
fn flat(node: &Node) -> String {
    match &node.data {
        Data::Null => "null".into(),
        Data::Scalar(scalar) => scalar.text.clone(),
        Data::List(items) => format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", ")),
        Data::Map(map) => flat_map(map),
    }
}

fn flat_map(map: &Map) -> String {
    let entries: Vec<String> =
        map.entries.iter().map(|entry| format!("{}: {}", entry.key.value, flat(&entry.value))).collect();
    format!("{{{}}}", entries.join(", "))
}

#[test]
fn short_forms_become_long_ones() {
    for (short, long) in [
        ("port: 8000", "ports: {main: 8000}"),
        ("port: 53/udp", "ports: {main: 53/udp}"),
        ("port: 80, ports: { admin: 81 }", "ports: {main: 80, admin: 81}"),
        ("ports: { admin: 81 }, port: 80", "ports: {admin: 81, main: 80}"),
        ("build: ./x", "build: {context: ./x}"),
        ("replicas: 2", "replicas: {min: 2, max: 2}"),
        ("health: /p", "health: {path: /p}"),
        ("healthcheck: { run: [a, b] }", "health: {run: [a, b]}"),
        ("environment: { A: 1 }", "env: {A: 1}"),
        ("tls: cert", "tls: {cert: cert}"),
        ("publish: 8080", "publish: {port: 8080}"),
        ("publish: auto", "publish: {port: auto}"),
        ("publish: false", "publish: {port: false}"),
        ("publish: { port: 80, mode: host }", "publish: {port: 80, mode: host}"),
        ("in: app", "in: [app]"),
        ("in: [app, net]", "in: [app, net]"),
        ("volumes: { /a: files, /b: { from: ./b } }", "volumes: {/a: {from: files}, /b: {from: ./b}}"),
        ("tags: x", "tags: [x]"),
        ("command: [a, 1]", "command: [a, 1]"),
        ("engine: { any: [thing] }", "engine: {any: [thing]}"),
    ] {
        let (_, document) = good(&format!("components: {{ x: {{ kind: service, {short} }} }}"));
        assert_eq!(
            flat_map(&document.base.components),
            format!("{{x: {{kind: service, {long}}}}}"),
            "{short}"
        );
    }
}

#[test]
fn other_sections_have_one_form_too() {
    let (_, document) = good(concat!(
        "system: { facts: { a: x, b: [y, z] } }\n",
        "vars: { a: 1, b: { doc: What it is } }\n",
        "flows: { buy: { steps: [a --> b: sends] } }\n",
        "pipelines: { p: { trigger: { push: main }, steps: [{ build: x }] }, q: { jobs: { a: [{ run: make }] } } }\n",
        "operations: { alarms: { a: { watch: x, metric: m, above: 80%, notify: ops } } }\n",
        "views: { v: { of: prod } }\n",
    ));
    assert_eq!(flat(&document.system), "{facts: {a: [x], b: [y, z]}}");
    assert_eq!(flat_map(&document.base.vars), "{a: {value: 1}, b: {doc: What it is}}");
    assert_eq!(flat_map(&document.base.flows), "{buy: {steps: [{from: a, to: b, arrow: -->, text: sends}]}}");
    assert_eq!(
        flat_map(&document.base.pipelines),
        "{p: {trigger: {push: [main]}, jobs: {main: {steps: [{build: [x]}]}}}, q: {jobs: {a: {steps: [{run: make}]}}}}"
    );
    assert_eq!(
        flat_map(&document.base.operations),
        "{alarms: {a: {watch: x, metric: m, above: 80%, notify: [ops]}}}"
    );
    assert_eq!(flat_map(&document.views), "{v: {of: [prod]}}");
}

#[test]
fn connections_become_single_pairs_with_exact_places() {
    let (sources, document) = good(concat!(
        "connections:\n",
        "  users -> dns -> edge: https/8443\n",
        "  \"web, worker --> queue\": [auto, { label: jobs }]\n",
        "  db <-> peer: { proto: replication }\n",
    ));
    let seen: Vec<String> = (document.base.connections.iter())
        .map(|one| {
            let values: Vec<String> = one.values.iter().flatten().map(flat).collect();
            assert_eq!(sources.slice(one.from.span), one.from.value);
            assert_eq!(sources.slice(one.to.span), one.to.value);
            format!(
                "{} {:?} {} {} | {}",
                one.from.value,
                one.arrow,
                one.to.value,
                values.join(" "),
                sources.slice(one.span)
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "users OneWay dns {proto: https, port: 8443} | users -> dns",
            "dns OneWay edge {proto: https, port: 8443} | dns -> edge",
            "web Async queue {proto: auto} {label: jobs} | web, worker --> queue",
            "worker Async queue {proto: auto} {label: jobs} | worker --> queue",
            "db BothWays peer {proto: replication} | db <-> peer",
        ]
    );
    let port = document.base.connections[0]
        .values
        .as_ref()
        .and_then(|values| values[0].get("port"))
        .expect("a port");
    assert_eq!(sources.slice(port.span), "8443");
}

#[test]
fn environments_delete_with_null_at_every_depth() {
    let (_, document) = good(concat!(
        "environments:\n",
        "  local:\n",
        "    target: compose\n",
        "    only: web\n",
        "    facts: null\n",
        "    zones: { swarm: { checkout: null } }\n",
        "    components: { edge: null, web: { port: null, env: { A: null }, replicas: 1 } }\n",
        "    connections: { a -> b: null, \"c, d -> e\": null }\n",
        "    assert: { a !-> b: null }\n",
        "  stage: { extends: local }\n",
    ));
    let [local, stage] = document.environments.as_slice() else { panic!("two environments") };
    assert_eq!(flat_map(&local.fields), "{target: [compose], only: [web], facts: null}");
    assert_eq!(flat_map(&local.layer.zones), "{swarm: {checkout: null}}");
    assert_eq!(
        flat_map(&local.layer.components),
        "{edge: null, web: {ports: {main: null}, env: {A: null}, replicas: {min: 1, max: 1}}}"
    );
    assert_eq!(local.layer.connections.len(), 3);
    assert!(local.layer.connections.iter().all(|one| one.values.is_none() && one.arrow == Arrow::OneWay));
    assert!(local.layer.assertions.iter().all(|one| one.reason.is_none()));
    assert_eq!((stage.id.value.as_str(), flat_map(&stage.fields)), ("stage", "{extends: local}".into()));
}

#[test]
fn assertions_are_read() {
    let (_, document) = good("assert: { \"internet  !-> db ,web\": no, survives loss of one az: two }\n");
    assert_eq!(document.base.assertions[0].key.value, "internet !-> db,web");
    assert!(matches!(&document.base.assertions[0].form, AssertionForm::Reach { to, .. } if to.len() == 2));
    assert_eq!(document.base.assertions[1].form, AssertionForm::SurvivesZoneLoss);
}

#[test]
fn a_mistake_in_an_element_does_not_take_it_away() {
    let (_, document, out) = load(concat!(
        "archgen: v1\n",
        "components: { a: service, b: { kind: service, port: x, replicas: 2 }, C: { kind: service } }\n",
        "connections: { a => b: http, b -> C: [] }\n",
    ));
    // What cannot be an id is said once, and taken for what it was meant to be.
    assert_eq!(out.sorted().len(), 5, "{:?}", out.sorted());
    let document = document.expect("a document");
    assert_eq!(
        flat_map(&document.base.components),
        "{a: {}, b: {kind: service, replicas: {min: 2, max: 2}}, c: {kind: service}}"
    );
    assert_eq!(document.base.connections.len(), 2);
}

const EXAMPLES: [&str; 6] = [
    include_str!("../../examples/bookstore/archgen.yaml"),
    include_str!("../../examples/bookstore-microservices/archgen.yaml"),
    include_str!("../../examples/craftech-ha/archgen.yaml"),
    include_str!("../../examples/ecs-mongo/archgen.yaml"),
    include_str!("../../examples/shop/archgen.yaml"),
    include_str!("../../examples/three-tier/archgen.yaml"),
];

#[test]
fn the_normal_form_is_in_the_language_too() {
    for text in EXAMPLES {
        let (_, document, _) = load(text);
        let document = document.expect("a document");
        let mut out = Diagnostics::default();
        let layers = document.environments.iter().map(|one| (&one.layer, Mode::Overlay));
        for (layer, mode) in layers.chain([(&document.base, Mode::Base)]) {
            let context = Context { mode, text };
            let zones = layer.zones.entries.iter().map(|entry| (entry, language::zone()));
            let components = layer.components.entries.iter().map(|entry| (entry, language::component()));
            for (entry, object) in zones.chain(components) {
                check(&entry.key, &entry.value, &Shape::Object(object.clone()), context, &mut out);
            }
        }
        assert!(out.is_empty(), "{:?}", out.sorted());
    }
}

/// Whether a span can be printed.
fn lies_in(text: &str, span: Span) -> bool {
    text.get(span.start as usize..span.end as usize).is_some()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Examples with something cut out and something put in: never a panic, and every place lies in the text.
    #[test]
    fn broken_examples_are_answered(
        which in 0usize..6,
        at in 0.0f64..1.0,
        cut in 0usize..30,
        put in prop::sample::select(vec![
            "", " -> ", "${", "null", ": ", "{", "]", "- ", "\n", "ñ", "→", "'", "\"", "99999999999999999999", "a.b", ",",
        ]),
    ) {
        let text = EXAMPLES[which];
        let mut start = (at * text.len() as f64) as usize;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (start + cut).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let broken = format!("{}{put}{}", &text[..start], &text[end..]);
        let (_, _, out) = load(&broken);
        for diagnostic in out.sorted() {
            let places = diagnostic.related.iter().map(|(span, _)| *span).chain(diagnostic.span);
            for span in places {
                prop_assert!(lies_in(&broken, span), "{diagnostic:?}");
            }
        }
    }

    /// Keys with arrows made of anything.
    #[test]
    fn any_key_is_answered(key in "[a-z ,<>!→\\-=.ñ]{0,24}") {
        let text = format!("archgen: v1\nconnections:\n  \"{key}\": http\nassert:\n  \"{key}\": why\n");
        let (_, _, out) = load(&text);
        for diagnostic in out.sorted() {
            if let Some(span) = diagnostic.span {
                prop_assert!(lies_in(&text, span), "{diagnostic:?}");
            }
        }
    }
}
