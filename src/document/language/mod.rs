//! The whole description language as one table of shapes: every key, what its value may be, and what it means.

mod elements;
mod environments;
mod operations;
mod pipelines;
mod system;
mod traffic;
mod views;

use super::shape::{Field, Keys, Object, Shape, field, map, words};
use std::sync::{Arc, LazyLock};

pub use elements::{component, zone};

/// The file as a whole.
pub fn document() -> &'static Arc<Object> {
    static DOCUMENT: LazyLock<Arc<Object>> = LazyLock::new(|| Arc::new(whole()));
    &DOCUMENT
}

/// The fields that an environment has of its own, before the sections it lays over.
pub fn environment() -> &'static Arc<Object> {
    static ENVIRONMENT: LazyLock<Arc<Object>> =
        LazyLock::new(|| Arc::new(environments::environment(layer_fields())));
    &ENVIRONMENT
}

/// Where a key may stand, as paths such as `operations.alarms.ID.notify`, in the order of the table.
pub fn places(key: &str) -> Vec<String> {
    fn walk(shape: &Shape, key: &str, path: &str, out: &mut Vec<String>) {
        match shape {
            Shape::List(inner) | Shape::Many(inner) => walk(inner, key, path, out),
            Shape::Map(Keys::Connection, inner) => walk(inner, key, &format!("{path}.a -> b"), out),
            Shape::Map(_, inner) => walk(inner, key, &format!("{path}.ID"), out),
            Shape::Either(all) => all.iter().for_each(|one| walk(one, key, path, out)),
            Shape::Object(object) | Shape::Short(_, object) => {
                for field in &object.fields {
                    let below =
                        if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
                    if field.name == key && !out.contains(&below) {
                        out.push(below.clone());
                    }
                    walk(&field.shape, key, &below, out);
                }
            }
            // What an environment lays over the base stands in the base as well.
            _ => {}
        }
    }
    let mut all = Vec::new();
    walk(&Shape::Object(document().clone()), key, "", &mut all);
    all
}

fn whole() -> Object {
    let mut fields = vec![
        field("archgen", words([("v1", "The first version of the language.")]), "Version of the language.")
            .required(),
        field(
            "system",
            system::system().shape(),
            "What the system is called, and the facts about it as a whole.",
        ),
    ];
    fields.extend(layer_fields());
    fields.push(field(
        "environments",
        map(Keys::Id, Shape::Overlay(Box::new(Shape::Object(environment().clone())))),
        "Where and how the system runs, by name: a target plus what differs there.",
    ));
    fields.push(field(
        "views",
        map(Keys::Id, views::view().shape()),
        "Extra diagrams by id; sensible ones exist unasked, and one with the same name is replaced.",
    ));
    fields.push(field("outputs", views::outputs().shape(), "Where the files go and in which formats."));
    Object::new("description", "A system, described once: every artifact is derived from it.", fields).habits(
        &[
            ("services", "what runs stands under `components`, each with a `kind`"),
            ("version", "the version of the language is `archgen: v1`"),
            ("networks", "a docker network is a zone: `zones: { backnet: { kind: network } }`"),
            ("volumes", "storage is a component, and `volumes` of a component mounts it"),
            ("name", "the name of the system is `system: { id: …, title: … }`"),
            ("title", "the title stands in `system: { title: … }`"),
            ("edges", "arrows stand under `connections`"),
            ("jobs", "jobs stand under `operations: { jobs: … }`"),
            ("alarms", "alarms stand under `operations: { alarms: … }`"),
            ("runbooks", "runbooks stand under `operations: { runbooks: … }`"),
            ("issues", "issues stand under `operations: { issues: … }`"),
            ("contacts", "contacts stand under `operations: { contacts: … }`"),
        ],
    )
}

/// The sections that the base and every environment may have.
fn layer_fields() -> Vec<Field> {
    let sections = vec![
        field(
            "vars",
            map(Keys::Id, system::variable()),
            "Values that differ by environment; one without a value is asked for at deployment.",
        ),
        field(
            "zones",
            map(Keys::Element, Shape::Object(zone().clone())),
            "What contains: networks, subnets, servers, clusters. Flat; `in` says what stands in what.",
        ),
        field(
            "components",
            map(Keys::Element, Shape::Object(component().clone())),
            "What runs or is used: services, databases, balancers, actors, external systems.",
        ),
        field(
            "connections",
            map(Keys::Connection, traffic::connection()),
            "Who talks to whom: `a -> b` (request), `a --> b` (asynchronous), `a <-> b` (both ways); chains and lists \
             stand for single arrows.",
        ),
        field(
            "secrets",
            map(Keys::Id, system::secret().shape()),
            "Names of secrets and where each comes from; never a value.",
        ),
        field(
            "flows",
            map(Keys::Id, traffic::flow().shape()),
            "Numbered walks along connections: badges in a picture, a sequence in the runbook.",
        ),
        field(
            "operations",
            operations::operations().shape(),
            "What people do: jobs, alarms, issues, runbooks.",
        ),
        field("decisions", map(Keys::Id, operations::decision().shape()), "Choices with their reasons."),
        field("pipelines", map(Keys::Id, pipelines::pipeline().shape()), "What builds, tests and deploys."),
        field(
            "assert",
            map(Keys::Assertion, Shape::Markdown),
            "Facts that must hold, each with its reason: `a -> b`, `a !-> b`, `a ->> b`, `a !->> b`, `only a -> b`, \
             `survives loss of one az`, `survives loss of ID`.",
        ),
        field("passthrough", passthrough(), "Raw text or keys for one target, merged last."),
    ];
    sections.into_iter().map(Field::kept).collect()
}

/// What the language does not model: a target (or a path in it), then keys or text.
fn passthrough() -> Shape {
    map(Keys::Free, Shape::Either(vec![Shape::Text, map(Keys::Free, Shape::Any)]))
}
