//! The system as a whole, its variables and its secrets.

use crate::document::shape::{Keys, Object, Of, Shape, field, many, map, to_field, words};

/// `system`.
pub(super) fn system() -> Object {
    Object::new(
        "system",
        "What the system is called, and the facts about it as a whole.",
        vec![
            field("id", Shape::Name(Of::Own), "Short name: prefix of generated names.").default("system"),
            field("title", Shape::Markdown, "What people call it.").default("the id"),
            field("description", Shape::Markdown, "What it does and for whom."),
            field(
                "language",
                words([("en", "English."), ("es", "Spanish.")]),
                "Language of the sentences that are generated.",
            )
            .default("en"),
            field("owner", Shape::Text, "Who answers for it: a team or a person."),
            field(
                "repository",
                Shape::Repository,
                "Address of its source code; servers that build clone it.",
            ),
            field("allow", allow(), "Rules of the linter that are broken on purpose, each with the reason."),
            field("facts", map(Keys::Free, many(Shape::Scalar)), "Rows of the first table of the runbook."),
            field(
                "requires",
                map(Keys::Free, Shape::Version),
                "Tools and their versions, such as `docker: \"24+\"`.",
            ),
            field("links", links(), "Titles with addresses or paths; a link to an image is shown."),
            field("files", map(Keys::Free, Shape::Markdown), "Paths with notes, drawn as a tree."),
            field(
                "layers",
                map(Keys::Id, Shape::Markdown),
                "Layers by id with titles; numbered in this order in the legend.",
            ),
        ],
    )
    .habits(&[("name", "say `id` for the short name or `title` for what people call it")])
}

/// Titles with addresses.
pub(super) fn links() -> Shape {
    map(Keys::Free, Shape::Text)
}

/// Rules of the linter with reasons.
pub(super) fn allow() -> Shape {
    map(Keys::Free, Shape::Markdown)
}

/// One of `vars`.
pub(super) fn variable() -> Shape {
    Object::new(
        "variable",
        "A value that differs by environment.",
        vec![
            field("value", Shape::Scalar, "Its value here; without one it is asked for at deployment."),
            field("doc", Shape::Markdown, "What it is, for whoever is asked."),
        ],
    )
    .short(vec![to_field(Shape::Scalar, &["value"])])
}

/// One of `secrets`.
pub(super) fn secret() -> Object {
    Object::new(
        "secret",
        "A secret by name; its value never stands here.",
        vec![
            field("title", Shape::Markdown, "What it is."),
            field("from", Shape::Name(Of::Form), "Where it comes from: `ci`, or a form that keeps secrets.")
                .default("by target"),
            field("name", Shape::Text, "What it is called there.").default("the id"),
            field("rotate", Shape::Duration, "How often it is replaced."),
            field("generate", Shape::Int(8, 4096), "Length in characters of a generated value."),
        ],
    )
    .habits(&[
        ("value", "a secret's value never stands in the description; say where it comes from: `from`"),
        ("default", "a secret has no default; say where it comes from: `from`"),
    ])
}
