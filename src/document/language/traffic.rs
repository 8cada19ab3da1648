//! Connections and flows.

use crate::document::shape::{Becomes, Object, Of, Shape, ShortForm, field, list, many, words};

/// The value of a connection.
pub(super) fn connection() -> Shape {
    let long = Object::new(
        "connection",
        "What goes over a connection.",
        vec![
            field(
                "proto",
                Shape::Name(Of::Protocol),
                "The protocol, the name of one of the target's ports, or `auto`: what the target's kind speaks.",
            )
            .default("auto"),
            field("port", Shape::Port, "The port of the target.").default("the target's, else the protocol's"),
            field("label", Shape::Markdown, "What the edge says.").default("protocol and port"),
            field(
                "access",
                words([
                    ("read", "The source only reads."),
                    ("write", "The source only writes."),
                    ("read-write", "Both."),
                ]),
                "What the source may do: the grants are derived from it.",
            )
            .default("read-write"),
            field(
                "path",
                Shape::AbsolutePath,
                "The route of a proxy, balancer or CDN, such as `/api/*`; without one: the rest.",
            ),
            field("host", Shape::Plain("*:"), "The host name that is routed here."),
            field("name", Shape::Plain("*"), "The record's name, for an arrow out of a name service."),
            field("description", Shape::Markdown, "More than fits on an edge."),
            field("tags", many(Shape::Text), "Words to select by."),
        ],
    )
    .habits(&[
        ("protocol", "the protocol is `proto`"),
        ("ports", "one port: `port`"),
        ("title", "what the edge says is `label`"),
    ]);
    many(long.short(vec![ShortForm { shape: Shape::ProtocolPort, becomes: Becomes::ProtocolAndPort }]))
}

/// One of `flows`.
pub(super) fn flow() -> Object {
    Object::new(
        "flow",
        "A numbered walk along connections.",
        vec![
            field("title", Shape::Markdown, "What the walk is about.").default("the id"),
            field("description", Shape::Markdown, "When and why it is walked."),
            field("steps", list(Shape::Step), "The steps in order, each `a -> b: what happens`.").required(),
        ],
    )
}
