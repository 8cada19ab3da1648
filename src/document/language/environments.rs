//! Environments: their own fields, and the sections they lay over.

use crate::document::shape::{Field, Keys, Object, Of, Shape, field, many, map, words};

/// One of `environments`.
pub(super) fn environment(layer: Vec<Field>) -> Object {
    let targets = words([
        ("diagram", "Pictures and pages alone."),
        ("compose", "docker compose on a machine."),
        ("swarm", "A stack in a docker swarm."),
        ("terraform", "Infrastructure in a cloud."),
        ("kubernetes", "Manifests for a cluster."),
    ]);
    let mut fields = vec![
        field("title", Shape::Markdown, "What people call it.").default("the id"),
        field("description", Shape::Markdown, "What it is for."),
        field("facts", map(Keys::Free, many(Shape::Scalar)), "Rows of its table in the runbook."),
        field("target", many(targets), "What builds it; pictures are always made.").default("diagram"),
        field(
            "extends",
            Shape::Name(Of::Environment),
            "The environment that this one starts from instead of the base.",
        ),
        field(
            "only",
            many(Shape::Name(Of::Component)),
            "The components of the base that stay; what is added or changed here stays also.",
        ),
        field("host", Shape::Login, "The ssh address of a machine that exists: `user@host`."),
    ];
    fields.extend(layer);
    Object::new("environment", "Where and how the system runs.", fields).habits(&[
        ("archgen", "the version stands once, at the top of the file"),
        ("system", "the system is the same everywhere: write it once, at the top level"),
        ("views", "views stand at the top level and name their environment: `of`"),
        ("outputs", "outputs stand once, at the top level"),
        ("environments", "environments do not nest: `extends` builds one on another"),
        ("targets", "say `target`: one or a list"),
        ("services", "what runs stands under `components`"),
    ])
}
