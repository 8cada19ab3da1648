//! Views and outputs.

use crate::document::shape::{Keys, Object, Of, Shape, field, many, map, words};

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
            .default("the base"),
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
        ("drawio", "For diagrams.net."),
        ("pdf", "For printing."),
        ("mermaid", "Text for Mermaid."),
        ("d2", "Text for D2."),
        ("dot", "Text for Graphviz."),
    ]);
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
            field("icons", many(Shape::Path), "Folders of icons; a file is named like the kind or form."),
            field("inject", many(Shape::Path), "Markdown files whose marked regions are kept true."),
            field("workflows", Shape::Path, "The folder of the pipelines' files.")
                .default(".github/workflows"),
            field("terraform", terraform.shape(), "How the Terraform is laid out."),
        ],
    )
    .habits(&[("directory", "say `dir`"), ("format", "say `formats`: one or a list")])
}
