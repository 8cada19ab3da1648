//! Zones and components. Their kinds declare further settings, so both take other keys; those are checked
//! where kinds are known.

use super::passthrough;
use super::system::{allow, links};
use crate::document::shape::{
    Field, Keys, Object, Of, Rule, Shape, field, grouped, list, many, map, to_field, words,
};
use std::sync::{Arc, LazyLock};

/// A zone: what contains.
pub fn zone() -> &'static Arc<Object> {
    static ZONE: LazyLock<Arc<Object>> = LazyLock::new(|| {
        let mut fields = common("zone");
        fields.extend(grouped(&["zone"], zone_fields()));
        Arc::new(
            Object::new("zone", "What contains: a network, a machine, a cluster.", fields).open().habits(&[
                ("type", "say `kind`"),
                ("parent", "say `in`"),
                ("children", "zones are flat: say `in` inside"),
            ]),
        )
    });
    &ZONE
}

/// A component: what runs or is used. Its fields say which kinds have them (`Field::groups`): those with one of
/// these traits, `all`, `container` (whose kind has a container form) or `external` (also whatever has that form).
pub fn component() -> &'static Arc<Object> {
    static COMPONENT: LazyLock<Arc<Object>> = LazyLock::new(|| {
        let mut fields = common("component");
        fields.extend(grouped(&["workload"], workload_fields()));
        fields.extend(grouped(&["container"], container_fields()));
        fields.extend(grouped(&["container", "external"], vec![port_field()]));
        fields.extend(grouped(&["tls-end"], proxy_fields()));
        fields.extend(grouped(&["data-store"], store_fields()));
        fields.extend(grouped(&["certificate"], certificate_fields()));
        fields.extend(grouped(
            &["actor"],
            vec![field("from", Shape::Cidr, "The addresses it comes from.").default("anywhere")],
        ));
        fields.extend(grouped(&["external"], external_fields()));
        fields.extend(grouped(
            &["dns", "external", "registry"],
            vec![field("name", Shape::Text, "Its name outside: a host name, an account or a namespace.")],
        ));
        fields.extend(grouped(
            &["registry"],
            vec![field("token", Shape::Text, "The secret that lets push: `${secret.x}`.")],
        ));
        fields.extend(grouped(
            &["file-share", "files"],
            vec![
                field("mount", Shape::AbsolutePath, "Where servers mount it.").default("/mnt/<id>"),
                field("source", Shape::Path, "The folder to upload."),
            ],
        ));
        Arc::new(Object::new("component", "What runs or is used.", fields).open().habits(&[
            ("type", "say `kind`"),
            ("depends_on", "it is derived from `connections`: write `a -> b: …` there"),
            ("depends", "it is derived from `connections`: write `a -> b: …` there"),
            ("needs", "it is derived from `connections`: write `a -> b: …` there"),
            ("links_to", "write `a -> b: …` under `connections`"),
            ("networks", "a docker network is a zone: `in: [swarm, backnet]`"),
            ("secrets", "a secret reaches a component through `env: { NAME: \"${secret.x}\" }` or its kind"),
            ("container_name", "the id is the name"),
            ("env_file", "values stand in `env`; secrets come as `${secret.x}`"),
            ("deploy", "say `replicas` and `resources`"),
            ("expose", "the port inside is `port`; the one on the host is `publish`"),
        ]))
    });
    &COMPONENT
}

/// The fields of every zone and component.
fn common(what: &str) -> Vec<Field> {
    vec![
        field(
            "kind",
            Shape::Name(Of::Kind),
            format!("What this {what} is; the kind supplies every default."),
        )
        .required(),
        field("as", Shape::Name(Of::Form), "What it becomes: a form of its kind.")
            .default("by place and target"),
        field(
            "in",
            many(Shape::Name(Of::Zone)),
            "The zones it stands in: one place at most, any number of groups.",
        ),
        field("title", Shape::Markdown, "What people call it.").default("the id"),
        field("description", Shape::Markdown, "What it does."),
        field("links", links(), "Titles with addresses or paths."),
        field("tags", many(Shape::Text), "Words to select by."),
        field("layer", Shape::Name(Of::Layer), "One of `system.layers`."),
        field(
            "shared",
            Shape::Name(Of::Environment),
            "The environment that builds it; here it is only looked up.",
        ),
        field(
            "passthrough",
            passthrough(),
            "Raw text or keys for one target, relative to what this becomes there.",
        ),
        field(
            "was",
            many(Shape::Name(Of::Former)),
            "Ids it had before, the oldest first: resources move to their new addresses and keep their names at the \
             provider, so that nothing is built anew after a renaming.",
        ),
        field(
            "place",
            words([
                ("left", "Left of the main path."),
                ("right", "Right of the main path."),
                ("below", "Under the main path."),
                ("row", "In the row of its neighbours."),
            ]),
            "Hint for the layout; only for components.",
        ),
        field(
            "after",
            Shape::Name(Of::Element),
            "Hint for the layout: it comes after this one, a component after a component, a zone after a zone.",
        ),
        field("icon", Shape::Text, "Its icon in pictures; `archgen icons` shows all.")
            .default("its form's or its kind's"),
        field("allow", allow(), "Rules of the linter that are broken on purpose, each with the reason."),
    ]
}

/// `{ min, max }`, or one number for both.
fn replicas() -> Shape {
    let counts = vec![
        field("min", Shape::Int(0, 10_000), "The fewest copies."),
        field("max", Shape::Int(1, 10_000), "The most copies."),
    ];
    Object::new("replicas", "How many copies there are.", counts)
        .rule(Rule::Ordered("min", "max"))
        .short(vec![to_field(Shape::Int(1, 10_000), &["min", "max"])])
}

fn scale_on() -> Shape {
    Object::new(
        "scale_on",
        "What makes the number of copies grow.",
        vec![
            field("cpu", Shape::Int(1, 100), "Percent of the processor."),
            field("memory", Shape::Int(1, 100), "Percent of the memory."),
            field("requests", Shape::Int(1, 1_000_000), "Requests per minute for each copy."),
            field("queue", Shape::Int(1, 1_000_000), "Waiting messages for each copy."),
        ],
    )
    .rule(Rule::AtLeastOne(&["cpu", "memory", "requests", "queue"]))
    .shape()
}

fn zone_fields() -> Vec<Field> {
    let setup = Object::new(
        "setup",
        "What is installed on a server beside what the components on it need.",
        vec![
            field("packages", many(Shape::Plain("+:=~/@*")), "Packages of the system."),
            field("run", many(Shape::Text), "Commands at first boot, in order."),
            field("files", map(Keys::Path, Shape::Path), "Paths on the server with the files to copy there."),
        ],
    );
    vec![
        field("provider", Shape::Name(Of::Own), "Whose cloud it is, such as `aws`."),
        field(
            "region",
            many(Shape::Text),
            "The region; with several, everything inside stands once in each.",
        ),
        field(
            "profile",
            Shape::Name(Of::Own),
            "A file of restrictions of the account, checked with reasons.",
        ),
        field("cidr", Shape::Cidr, "The range of its addresses.").default("planned"),
        field(
            "azs",
            Shape::Either(vec![Shape::Int(1, 26), list(Shape::Text)]),
            "How many availability zones, or their letters: `[a, c]`.",
        )
        .default("2"),
        field(
            "nat",
            words([
                ("per-az", "One NAT gateway in each availability zone."),
                ("single", "One for all."),
                ("none", "No way out."),
            ]),
            "How private subnets reach the internet.",
        )
        .default("per-az"),
        field(
            "access",
            words([
                ("public", "Reachable from the internet."),
                ("private", "Out through NAT only."),
                ("isolated", "No route to the internet."),
            ]),
            "What a subnet has to do with the internet.",
        ),
        field("os", Shape::Text, "The operating system, such as `ubuntu-24.04`."),
        field("instance", Shape::Text, "The machine's type, such as `t3.small`."),
        field("disk", Shape::Size, "The size of the system disk."),
        field("key", Shape::Text, "The name of an SSH key pair."),
        field("purchase", purchase(), "How the machine is paid for.").default("on-demand"),
        field("replicas", replicas(), "How many equal machines: a number or a range.").default("1"),
        field("scale_on", scale_on(), "What makes the number of machines grow."),
        field("setup", setup.shape(), "What is installed beside what the components need."),
        field(
            "checkout",
            Shape::Path,
            "The folder of `system.repository` that is cloned for builds on the host.",
        ),
        field("managers", Shape::Int(1, 100), "How many machines lead a swarm.").default("1"),
        field("workers", Shape::Int(0, 10_000), "How many machines only work.").default("0"),
        field("driver", Shape::Text, "The driver of a docker network.")
            .default("overlay in a swarm, else bridge"),
        field("attachable", Shape::Bool, "Whether other containers may join a docker network.")
            .default("false"),
        field("encrypted", Shape::Bool, "Whether an overlay network encrypts what goes from node to node.")
            .default("false"),
    ]
}

fn purchase() -> Shape {
    words([
        ("on-demand", "By the hour."),
        ("spot", "Spare capacity that may be taken away."),
        ("reserved-1y", "Bound for a year."),
        ("reserved-3y", "Bound for three years."),
    ])
}

fn workload_fields() -> Vec<Field> {
    let build = Object::new(
        "build",
        "How the image is made.",
        vec![
            field("context", Shape::Path, "The folder with the sources.").default("."),
            field("dockerfile", Shape::Path, "The Dockerfile in it.").default("Dockerfile"),
            field("target", Shape::Text, "The stage to stop at."),
            field("args", map(Keys::Variable, Shape::Scalar), "Arguments of the build; never secrets."),
            field(
                "recipe",
                Shape::Name(Of::Own),
                "Generates the Dockerfile, such as `node`, `node-spa` or `python`.",
            ),
            field("base", Shape::Text, "The image to start from.").default("the recipe's"),
            field("packages", many(Shape::Plain("+:=~/@*")), "Packages of the system to add."),
            field(
                "files",
                map(Keys::Free, Shape::Path),
                "Files of the context with their places in the image.",
            ),
        ],
    )
    .short(vec![to_field(Shape::Path, &["context"])]);
    vec![
        field("build", build, "Makes the image: a folder, or more about it."),
        field(
            "deliver",
            words([
                ("registry", "Pulled from a registry."),
                ("build", "Built on the server from the checkout."),
                ("copy", "Saved, copied and loaded."),
            ]),
            "How the image reaches a server.",
        )
        .default("registry where there is one, else build"),
        field("scale_on", scale_on(), "What makes the number of copies grow."),
        field("max_per_node", Shape::Int(1, 10_000), "How many copies one machine takes at most."),
        field(
            "ports",
            map(Keys::Id, Shape::PortProtocol),
            "Its ports by name; `main` is the one meant unasked.",
        ),
    ]
}

/// What everything has that can be a container.
fn container_fields() -> Vec<Field> {
    let other = || words([("auto", "Any free port."), ("false", "None.")]);
    let publish = Object::new(
        "publish",
        "The port on the host.",
        vec![
            field("port", Shape::Either(vec![Shape::Port, other()]), "The number, `auto` or `false`.")
                .default("the port itself"),
            field(
                "mode",
                words([
                    ("ingress", "On every machine of a swarm."),
                    ("host", "On the machines that run a copy."),
                ]),
                "Where a swarm opens it.",
            )
            .default("ingress"),
        ],
    )
    .short(vec![to_field(Shape::Port, &["port"]), to_field(other(), &["port"])]);
    let volume = Object::new(
        "mount",
        "What is mounted at a path.",
        vec![
            field(
                "from",
                Shape::Source,
                "A component that stores files, or a path that begins with `.` or `/`.",
            )
            .required(),
            field("path", Shape::Path, "A folder inside it."),
            field("read_only", Shape::Bool, "Whether it may only be read.").default("false"),
        ],
    )
    .habits(&[("source", "what is mounted is `from`"), ("src", "what is mounted is `from`")])
    .short(vec![to_field(Shape::Source, &["from"])]);
    let health = Object::new(
        "health",
        "How one sees that it works.",
        vec![
            field("path", Shape::RequestPath, "The path that answers 200 when all is well."),
            field("run", Shape::Command, "The command inside the container that succeeds when all is well."),
            field("interval", Shape::Duration, "How often."),
            field("timeout", Shape::Duration, "How long an answer may take."),
            field("retries", Shape::Int(1, 100), "After how many failures it counts as ill."),
            field("start_period", Shape::Duration, "How long failures at the start do not count."),
        ],
    )
    .rule(Rule::AtMostOne(&["path", "run"]))
    .habits(&[
        ("test", "say `run` with the command, without CMD"),
        ("url", "say `path`: host and port are known"),
    ])
    .short(vec![to_field(Shape::RequestPath, &["path"])]);
    let resources = Object::new(
        "resources",
        "What one copy may use.",
        vec![
            field("cpu", Shape::Number(0.01, 1024.0), "Processors."),
            field("memory", Shape::Size, "Memory."),
        ],
    );
    vec![
        field("image", Shape::Text, "The image's name with its tag.").default("<registry>/<id>"),
        field("platform", Shape::Text, "The platform of the image, such as `linux/amd64`."),
        field("command", Shape::Command, "Replaces the command of the image."),
        field("publish", publish, "The port on the host: a number, `auto` or `false`.")
            .default("the port, when something outside connects"),
        field(
            "env",
            map(Keys::Variable, Shape::Scalar),
            "Environment variables; `${db.host}` and `${secret.x}` are resolved.",
        )
        .alias("environment"),
        field("volumes", map(Keys::Path, volume), "Paths in the container with what is mounted there."),
        field("health", health, "How one sees that it works: a path, or more about it.").alias("healthcheck"),
        field(
            "restart",
            words([
                ("no", "Never."),
                ("always", "Always."),
                ("unless-stopped", "Unless somebody stopped it."),
                ("on-failure", "When it failed."),
                ("any", "Whenever it ends."),
                ("none", "Never."),
            ]),
            "When it is started again after it ended.",
        )
        .default("unless-stopped"),
        field("labels", map(Keys::Free, Shape::Scalar), "Labels of the container."),
        field("replicas", replicas(), "How many equal copies: a number or a range.").default("1"),
        field("resources", resources.shape(), "What one copy may use."),
    ]
}

fn port_field() -> Field {
    field("port", Shape::PortProtocol, "The port it listens on.")
        .default("the kind's")
        .moves_to(&["ports", "main"])
}

fn proxy_fields() -> Vec<Field> {
    let tls = Object::new(
        "tls",
        "Where TLS ends.",
        vec![
            field("cert", Shape::Name(Of::Component), "The certificate.").required(),
            field("policy", Shape::Text, "Versions and ciphers that are accepted."),
        ],
    )
    .short(vec![to_field(Shape::Name(Of::Component), &["cert"])]);
    vec![
        field("tls", tls, "Ends TLS here with this certificate."),
        field("redirect_http", Shape::Bool, "Whether port 80 redirects to 443.").default("true with `tls`"),
        field(
            "static",
            map(Keys::Path, Shape::Source),
            "Paths of URLs with the component or folder that is served there.",
        ),
    ]
}

fn store_fields() -> Vec<Field> {
    let backup = Object::new(
        "backup",
        "How the data is kept safe.",
        vec![
            field("every", Shape::Duration, "How often.").default("24h"),
            field("keep", Shape::Duration, "How long."),
            field("by", Shape::Text, "What makes it.").default("the form's own means"),
            field("to", Shape::Name(Of::Component), "Where it is stored."),
        ],
    );
    vec![
        field("version", Shape::Version, "Its version, quoted: `\"16\"`.").default("the kind's"),
        field("database", Shape::Plain(""), "The database that is created at first start."),
        field(
            "user",
            Shape::Plain(""),
            "The user that is created; its password is the secret `<id>-password`.",
        ),
        field("storage", Shape::Size, "How much it can hold."),
        field("instance", Shape::Text, "The machine's type.").default("the form's"),
        field("purchase", purchase(), "How the machine is paid for.").default("on-demand"),
        field("standby", Shape::Bool, "Whether a passive copy waits in the next availability zone.")
            .default("false"),
        field(
            "regions",
            words([
                ("copies", "Copies of one store, where the form has them."),
                ("own", "A store of its own in each."),
            ]),
            "What stands in each region, where the cloud has several.",
        )
        .default("copies"),
        field("read_replicas", Shape::Int(0, 15), "How many copies can only be read: `<id>-read`.")
            .default("0"),
        field("backup", backup.shape(), "How the data is kept safe."),
        field("key", Shape::Plain("/"), "The field by which records are found."),
    ]
}

fn certificate_fields() -> Vec<Field> {
    vec![
        field("for", Shape::Name(Of::Component), "The name service whose name it certifies."),
        field("names", many(Shape::Plain("*")), "Further host names."),
        field(
            "issuer",
            words([
                ("acm", "The cloud's own."),
                ("letsencrypt", "Let's Encrypt."),
                ("zerossl", "ZeroSSL."),
                ("own", "Your own files."),
            ]),
            "Who signs it.",
        ),
        field(
            "renew",
            words([("auto", "Unasked."), ("manual", "By a procedure, with an alarm 30 days ahead.")]),
            "How it is renewed.",
        )
        .default("auto where the issuer can"),
    ]
}

fn external_fields() -> Vec<Field> {
    vec![
        field("url", Shape::Url, "Where it is reached, as a whole."),
        field("host", Shape::Plain(":[]"), "Where it is reached: its host name."),
    ]
}
