//! Views and outputs.

use crate::document::shape::{Keys, Object, Of, Shape, field, many, map, to_field, words};

/// One of `views`.
pub(super) fn view() -> Object {
    Object::new(
        "view",
        "A diagram.",
        vec![
            field("title", Shape::Markdown, "What stands over it.").default("the id"),
            field("description", Shape::Markdown, "What it shows."),
            field(
                "of",
                many(Shape::Name(Of::Pictured)),
                "The environment; several stand side by side; or `pipelines.ID`.",
            )
            .default("the base, as a picture of the whole system"),
            field("show", many(Shape::Name(Of::Element)), "Only these, with what is inside them."),
            field("hide", many(Shape::Name(Of::Element)), "All but these."),
            field("neighbours", Shape::Int(0, 9), "How many arrows around what is shown are shown too.")
                .default("0"),
            field("flow", Shape::Name(Of::Flow), "The flow whose steps are numbered."),
            field(
                "expand",
                words([
                    ("none", "One box for each element."),
                    ("az", "One subnet for each availability zone."),
                    ("replicas", "One box for each copy."),
                ]),
                "What is drawn several times.",
            )
            .default("none"),
            field(
                "direction",
                words([("down", "From top to bottom."), ("right", "From left to right.")]),
                "Where requests go.",
            )
            .default("what suits the picture"),
        ],
    )
    .habits(&[
        ("environment", "the environment is `of`"),
        ("include", "say `show`"),
        ("exclude", "say `hide`"),
    ])
}

/// `outputs`.
pub(super) fn outputs() -> Object {
    let formats = words([
        ("svg", "Vector picture."),
        ("png", "Pixel picture."),
        ("drawio", "A page of draw.io (diagrams.net), to be edited on."),
        ("mermaid", "A flowchart of Mermaid, which GitHub draws."),
        ("d2", "A program of D2."),
        ("dot", "A graph of Graphviz."),
    ]);
    let pack = Object::new(
        "icon pack",
        "Icons that others drew: a folder of SVGs, a provider's archive unpacked, or a JSON collection of Iconify.",
        vec![
            field("from", Shape::Path, "The folder or file.").required(),
            field(
                "use",
                map(Keys::Free, Shape::Text),
                "Icons of it by the kind or form that they stand for, where the names do not say it.",
            ),
        ],
    )
    .short(vec![to_field(Shape::Path, &["from"])]);
    let terraform = Object::new(
        "terraform output",
        "How the Terraform is laid out.",
        vec![
            field(
                "modules",
                Shape::Path,
                "The folder of the module that the resources stand in, below that of the Terraform.",
            ),
            field(
                "names",
                map(Keys::Id, Shape::Text),
                "Names of files by element, where they must be others than the ids.",
            ),
        ],
    );
    Object::new(
        "outputs",
        "Where the files go and in which formats.",
        vec![
            field("dir", Shape::Path, "The folder of everything generated.").default("generated"),
            field("formats", many(formats), "Formats of the pictures.").default("svg"),
            field("theme", Shape::Text, "`auto`, `light`, `dark`, `print` or a file.").default("auto"),
            field(
                "icons",
                many(pack),
                "Packs of icons; a file is named like the kind or form that it stands for.",
            ),
            field("inject", many(Shape::Path), "Markdown files whose marked regions are kept true."),
            field("workflows", Shape::Path, "The folder of the pipelines' files.")
                .default(".github/workflows"),
            field("terraform", terraform.shape(), "How the Terraform is laid out."),
        ],
    )
    .habits(&[("directory", "say `dir`"), ("format", "say `formats`: one or a list")])
}
