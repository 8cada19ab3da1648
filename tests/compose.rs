//! The compose files of all examples: every one reads back, and no mistake is reported.
//!
//! `ARCHGEN_DUMP=DIR cargo test --test compose` also writes them, for the validators and for reading.

use std::collections::BTreeMap;
use std::path::Path;

use archgen::artifact::Content;
use archgen::catalog::{self, Trait};
use archgen::compile::{self, Texts};
use archgen::diag::{Diagnostics, print};
use archgen::model;
use archgen::source::Sources;
use archgen::target::compose::Compose;
use archgen::target::{Input, Target};

const EXAMPLES: [&str; 7] = [
    "bookstore",
    "bookstore-microservices",
    "craftech-ha",
    "ecs-mongo",
    "kubernetes-shop",
    "shop",
    "three-tier",
];

fn read(name: &str) -> Texts {
    let path = format!("{}/examples/{name}/archgen.yaml", env!("CARGO_MANIFEST_DIR"));
    let description = std::fs::read_to_string(path).expect("the example exists");
    Texts { name: format!("examples/{name}/archgen.yaml"), description, ..Texts::default() }
}

/// What the compose target makes of a description.
#[derive(Default)]
struct Made {
    /// All files by path.
    files: BTreeMap<String, String>,
    /// The rows of the loss report.
    losses: Vec<String>,
    /// Mistakes, as they are printed.
    mistakes: String,
}

fn generate(texts: &Texts, to_description: &str) -> Made {
    let mut out = Diagnostics::default();
    let project = compile::read(texts, &mut out);
    let mut made = Made::default();
    let document = project.document.as_ref().expect("it reads");
    for environment in model::environments(document) {
        let Some(resolved) = compile::resolve(&project, &environment, &mut out) else {
            panic!("{}", print::human(&out, &project.sources, false));
        };
        let input = Input {
            model: &resolved.model,
            facts: &resolved.facts,
            catalog: &project.catalog,
            messages: &project.messages,
            templates: &texts.templates,
            prose: &BTreeMap::new(),
            to_description,
            output_dir: "generated",
            picture_format: None,
        };
        let output = Compose.generate(&input);
        made.mistakes += &print::human(&output.diagnostics, &project.sources, false);
        for artifact in output.artifacts {
            let Content::Text { body, .. } = artifact.content else { panic!("not a text") };
            let old = made.files.insert(artifact.path.to_string(), body);
            assert!(old.is_none(), "{} is written twice", artifact.path);
        }
        let rows = output.losses.iter();
        made.losses.extend(rows.map(|l| format!("{environment}: {}: {} ({})", l.element, l.what, l.why)));
    }
    dump(&texts.name, &made);
    made
}

/// Writes what was made below `ARCHGEN_DUMP`, if that is set.
fn dump(name: &str, made: &Made) {
    let Some(folder) = std::env::var_os("ARCHGEN_DUMP") else { return };
    let folder = Path::new(&folder).join(name.trim_end_matches("/archgen.yaml"));
    for (path, text) in &made.files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("can be made");
        std::fs::write(path, text).expect("can be written");
    }
    std::fs::write(folder.join("losses.txt"), made.losses.join("\n")).expect("can be written");
}

#[test]
fn examples_become_compose_files() {
    for name in EXAMPLES {
        let made = generate(&read(name), "../..");
        assert_eq!(made.mistakes, "", "{name}");
        assert!(made.files.keys().any(|path| path.ends_with("docker-compose.yml")), "{name}");
        for (path, text) in made.files.iter().filter(|(path, _)| path.ends_with(".yml")) {
            let read: serde_yaml::Value = serde_yaml::from_str(text).expect(path);
            for (service, keys) in read["services"].as_mapping().expect(path) {
                let image = keys.get("image").or(keys.get("build"));
                assert!(image.is_some(), "{path}: {service:?} has no image");
            }
        }
        for losses in made.losses {
            assert!(!losses.contains("compose.loss"), "a sentence is missing: {losses}");
            assert!(!losses.contains(['{', '}']), "a name was not filled in: {losses}");
        }
    }
}

/// What becomes of a description with one environment `local` and target compose.
fn local(name: &str, description: &str) -> Made {
    local_with(name, description, &[])
}

fn local_with(name: &str, description: &str, templates: &[(&str, &str)]) -> Made {
    let description = format!(
        "archgen: v1\nsystem: {{ id: shop, language: en }}\n{description}\nenvironments:\n  local: {{ target: compose }}\n"
    );
    let templates = templates.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    generate(&Texts { name: format!("made/{name}"), description, templates, ..Texts::default() }, "..")
}

impl Made {
    fn compose(&self) -> serde_yaml::Value {
        assert_eq!(self.mistakes, "");
        serde_yaml::from_str(&self.files["local/docker-compose.yml"]).expect("it reads")
    }
}

fn text(value: &serde_yaml::Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:?}"))
}

#[test]
fn values_are_quoted_and_escaped_and_secrets_are_variables() {
    let made = local(
        "values",
        r#"
components:
  api:
    kind: service
    image: "acme/api:1.0"
    port: 22
    publish: 22
    command: echo "$HOME" | cat
    restart: any
    resources: { cpu: 0.5, memory: 512MiB }
    labels: { traefik.enable: "true" }
    env: { ON: "on", CASH: "5$", KEY: "${secret.key}", FILE: "${secret.key.file}", ASKED: "${var.asked}", SET: "${var.set}" }
    passthrough: { compose: { mem_swappiness: 0, labels: { traefik.enable: "false", more: yes } } }
secrets: { key: { title: "Key of the API" } }
vars: { asked: { doc: What is asked for }, set: "1.10" }
passthrough: { compose: { networks.outside: { external: true } } }
"#,
    );
    let file = made.compose();
    let api = &file["services"]["api"];
    assert_eq!(text(&api["ports"][0]), "22:22");
    assert!(made.files["local/docker-compose.yml"].contains("- \"22:22\"\n"));
    assert_eq!(text(&api["command"][2]), "echo \"$$HOME\" | cat");
    assert_eq!(text(&api["restart"]), "always");
    assert_eq!(text(&api["environment"]["ON"]), "on");
    assert_eq!(text(&api["environment"]["CASH"]), "5$$");
    assert_eq!(text(&api["environment"]["KEY"]), "${KEY:?set KEY in .env}");
    assert_eq!(text(&api["environment"]["FILE"]), "/run/secrets/key");
    assert_eq!(text(&api["environment"]["ASKED"]), "${ASKED:?set ASKED in .env}");
    assert_eq!(text(&api["environment"]["SET"]), "1.10");
    assert_eq!(text(&api["deploy"]["resources"]["limits"]["memory"]), "512m");
    assert_eq!(text(&api["labels"]["traefik.enable"]), "false");
    assert_eq!(api["mem_swappiness"].as_i64(), Some(0));
    assert_eq!(text(&file["secrets"]["key"]["environment"]), "KEY");
    assert_eq!(file["networks"]["outside"]["external"].as_bool(), Some(true));
    let example = &made.files["local/.env.example"];
    assert!(example.contains("# Key of the API\n"), "{example}");
    assert!(example.ends_with("# What is asked for\nASKED=\n"), "{example}");
}

#[test]
fn stand_ins_tell_their_clients_where_they_listen() {
    let made = local(
        "stand-ins",
        r#"
components:
  api: { kind: service, build: ./api, port: 8000, health: { path: /up, interval: 30s, retries: 2 }, env: { AWS_DEFAULT_REGION: eu-west-1 } }
  files: { kind: bucket }
  table: { kind: dynamodb }
  queue: { kind: queue }
  poller: { kind: worker, build: ./poller }
connections:
  api -> files: auto
  api -> table: auto
  queue --> poller: auto
"#,
    );
    let file = made.compose();
    let environment = &file["services"]["api"]["environment"];
    assert_eq!(text(&environment["AWS_ENDPOINT_URL_S3"]), "http://files:9000");
    assert_eq!(text(&environment["AWS_ENDPOINT_URL_DYNAMODB"]), "http://table:8000");
    assert_eq!(text(&environment["AWS_SECRET_ACCESS_KEY"]), "${FILES_PASSWORD:?set FILES_PASSWORD in .env}");
    assert_eq!(text(&environment["AWS_ACCESS_KEY_ID"]), "app");
    assert_eq!(text(&environment["AWS_DEFAULT_REGION"]), "eu-west-1");
    let health = &file["services"]["api"]["healthcheck"];
    assert_eq!((text(&health["interval"]), health["retries"].as_i64()), ("30s", Some(2)));
    let poller = &file["services"]["poller"];
    assert_eq!(text(&poller["environment"]["AWS_ENDPOINT_URL_SQS"]), "http://queue:9324");
    assert_eq!(text(&poller["depends_on"]["queue"]["condition"]), "service_healthy");
    assert_eq!(text(&poller["develop"]["watch"][0]["path"]), "../poller");
}

#[test]
fn volumes_shares_and_paths_are_mounted() {
    let made = local(
        "mounts",
        r#"
components:
  api:
    kind: service
    image: "acme/api:1.0"
    volumes:
      /media: share
      /thumbs: { from: share, path: small, read_only: true }
      /conf: ./conf
      /etc/ssl: { from: /etc/ssl, read_only: true }
  share: { kind: file-share }
  nas: { kind: file-share, as: external, mount: /mnt/nas }
  job: { kind: worker, image: "acme/job:1.0", volumes: { /nas: nas } }
operations:
  jobs:
    clean: { in: job, run: ./clean.sh, schedule: "0 3 * * *" }
"#,
    );
    let file = made.compose();
    let volumes = &file["services"]["api"]["volumes"];
    assert_eq!(text(&volumes[0]), "share:/media");
    assert_eq!(text(&volumes[1]["volume"]["subpath"]), "small");
    assert_eq!(text(&volumes[2]), "../conf:/conf");
    assert_eq!(text(&volumes[3]), "/etc/ssl:/etc/ssl:ro");
    assert!(file["volumes"].get("share").is_some());
    assert!(file["services"].get("share").is_none());
    let nas = &file["services"]["job"]["volumes"][0];
    assert_eq!(text(&nas["source"]), "/mnt/nas");
    assert_eq!(nas["bind"]["create_host_path"].as_bool(), Some(false));
    let job = &file["services"]["job-clean"];
    assert_eq!(text(&job["profiles"][0]), "jobs");
    assert_eq!(text(&job["restart"]), "no");
    assert!(made.losses.iter().any(|row| row.contains("0 3 * * *")), "{:?}", made.losses);
}

#[test]
fn a_router_in_a_container_gets_a_configuration() {
    let made = local(
        "router",
        r#"
components:
  users: { kind: actor }
  dns: { kind: dns, name: shop.example.com, as: external }
  cert: { kind: certificate, for: dns }
  edge: { kind: lb, tls: cert }
  web: { kind: proxy, static: { /static: ./public }, body_size: 1m, passthrough: { nginx: "gzip on;" } }
  api: { kind: service, build: ./api, port: 8000, replicas: 2 }
  old: { kind: service, build: ./old, port: 8000 }
  partner: { kind: external, url: "https://partner.example/v1" }
connections:
  users -> dns -> edge: https
  edge -> web: http
  web -> api: { path: /api/* }
  web -> old: [{ path: /api/* }, { path: "/legacy/*.php" }, { host: old.example.com }]
  web -> partner: { proto: https, path: /partner }
"#,
    );
    let file = made.compose();
    let edge = &file["services"]["edge"];
    let ports: Vec<&str> = edge["ports"].as_sequence().unwrap().iter().map(text).collect();
    assert_eq!(ports, ["80:80", "443:443"]);
    assert!(
        edge["volumes"]
            .as_sequence()
            .unwrap()
            .iter()
            .any(|v| text(v) == "./nginx/edge.conf:/etc/nginx/conf.d/default.conf:ro")
    );
    let conf = &made.files["local/nginx/edge.conf"];
    for line in [
        "resolver 127.0.0.11 valid=10s;",
        "return 301 https://$host$request_uri;",
        "listen 443 ssl;",
        "ssl_certificate /etc/ssl/cert/fullchain.pem;",
        "set $target_1 http://web:80;",
        "proxy_pass $target_1;",
        "proxy_set_header Host $host;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
    ] {
        assert!(conf.contains(line), "{line}\n{conf}");
    }
    let conf = &made.files["local/nginx/web.conf"];
    for line in [
        "split_clients",
        "50% http://api:8000;",
        "* http://old:8000;",
        "location ~ ^/legacy/.*\\.php$ {",
        "location = /partner {",
        "https://partner.example:443;",
        "server_name old.example.com;",
        "location /static/ {",
        "alias /srv/static/;",
        "client_max_body_size 1m;",
        "gzip on;",
        "$forwarded_proto",
    ] {
        assert!(conf.contains(line), "{line}\n{conf}");
    }
}

#[test]
fn what_runs_on_another_machine_is_a_variable() {
    let made = generate(&read("craftech-ha"), "../..");
    let read = |path: &str| -> serde_yaml::Value { serde_yaml::from_str(&made.files[path]).expect(path) };
    let web = &read("ha/web-nodes/docker-compose.yml")["services"]["web"];
    assert_eq!(text(&web["environment"]["BACKEND_HOST"]), "${BACKEND_HOST:?set BACKEND_HOST in .env}");
    assert!(made.files["ha/web-nodes/nginx/web.conf.template"].contains("http://${BACKEND_HOST}:8000;"));
    assert!(made.files["ha/web-nodes/.env.example"].ends_with("\nBACKEND_HOST=\n"));
    let backend = &read("ha/app-nodes/docker-compose.yml")["services"]["backend"];
    assert_eq!(text(&backend["environment"]["SQL_HOST"]), "${SQL_HOST:?set SQL_HOST in .env}");
    assert!(made.files["ha/app-nodes/.env.example"].contains("terraform output -raw sql_host\n"));
    assert!(backend.get("build").is_none(), "a registry delivers it");
}

#[test]
fn software_of_the_machine_is_reached_through_its_gateway() {
    let made = local(
        "software",
        r#"
components:
  front: { kind: proxy, as: host }
  api: { kind: service, image: "acme/api:1.0", port: 8000, env: { FRONT: "${front.host}" } }
connections: { front -> api: http }
"#,
    );
    let file = made.compose();
    let api = &file["services"]["api"];
    assert_eq!(text(&api["environment"]["FRONT"]), "host.docker.internal");
    assert_eq!(text(&api["extra_hosts"][0]), "host.docker.internal:host-gateway");
    assert_eq!(text(&api["ports"][0]), "127.0.0.1:8000:8000");
    assert!(made.files["local/nginx/front.conf"].contains("proxy_pass http://localhost:8000;"));
}

/// Every kind that runs in a container, one component each, with a client that has no image of its kind.
fn every_kind(port: Option<u16>) -> String {
    let mut sources = Sources::default();
    let catalog = catalog::load(&BTreeMap::new(), &mut sources, &mut Diagnostics::default());
    let mut text = "components:\n  client: { kind: worker, image: \"a/client:1\" }\n".to_owned();
    let mut clients = String::new();
    for kind in catalog.kinds() {
        let runs = kind.forms.iter().any(|used| catalog.form(used.form).name == "container");
        let fixed = kind.container.as_ref().and_then(|c| c.get("fixed_ports")).is_some();
        if !runs {
            continue;
        }
        let image = if kind.has(Trait::Workload) { ", image: \"a/b:1\"" } else { "" };
        let listens = !kind.ports.is_empty();
        let moves = listens && !fixed && (kind.has(Trait::Workload) || kind.has(Trait::DataStore));
        let port = port.filter(|_| moves).map_or(String::new(), |port| format!(", port: {port}"));
        text += &format!("  x-{}: {{ kind: {}{image}{port}, as: container }}\n", kind.name, kind.name);
        if listens {
            clients += &format!("  client -> x-{}: auto\n", kind.name);
        }
    }
    text + "connections:\n" + &clients
}

#[test]
fn every_kind_that_runs_in_a_container_becomes_a_service() {
    for (name, port) in [("kinds", None), ("kinds-moved", Some(7777))] {
        let made = local(name, &every_kind(port));
        let file = made.compose();
        let services = file["services"].as_mapping().unwrap();
        assert!(services.len() > 25, "{}", services.len());
        assert!(!made.files["local/docker-compose.yml"].contains("{{"), "a template was not filled in");
        assert!(made.files["local/docker-compose.yml"].contains("7777") == port.is_some());
    }
}

#[test]
fn a_port_that_an_image_cannot_listen_on_is_a_mistake() {
    let made = local("fixed", "components: { db: { kind: oracle, port: 1600 } }");
    assert!(made.mistakes.contains("error[fixed-port]"), "{}", made.mistakes);
    let made = local("no-image", "components: { api: { kind: service, port: 80 } }");
    assert!(made.mistakes.contains("error[no-image]"), "{}", made.mistakes);
}

#[test]
fn a_kind_of_the_project_is_a_container_by_its_file_alone() {
    let kind = r#"
kind: lavalamp
title: Lava lamp
doc: Gives random numbers to whoever asks.
category: compute
icon: service
role: compute
traits: [stateful]
ports: { main: http/4242 }
forms: { container: { secrets: [token], client_environment: { LAMP: "http://{{ host }}:{{ port }}" } }, external: {} }
settings:
  colour: { type: text, default: red, doc: What it looks like }
container:
  image: "acme/lavalamp:3"
  command: [--colour, "{{ colour }}", "{% if port != 4242 %}--port={{ port }}{% endif %}"]
  environment: { TOKEN: "{{ token }}" }
  data: [/wax, /glass]
  health: [CMD, lamp, --check, "$PID"]
  privileged: true
"#;
    let made = local_with(
        "own-kind",
        "components:\n  lamp: { kind: lavalamp, colour: blue }\n  api: { kind: service, image: \"a/b:1\" }\nconnections: { api -> lamp: auto }\n",
        &[("kinds/lavalamp.yaml", kind)],
    );
    let file = made.compose();
    let lamp = &file["services"]["lamp"];
    assert_eq!(text(&lamp["command"][1]), "blue");
    assert_eq!(lamp["command"].as_sequence().unwrap().len(), 2);
    assert_eq!(text(&lamp["environment"]["TOKEN"]), "${LAMP_TOKEN:?set LAMP_TOKEN in .env}");
    assert_eq!(text(&lamp["volumes"][1]), "lamp-glass:/glass");
    assert_eq!(text(&lamp["healthcheck"]["test"][3]), "$$PID");
    assert!(lamp.get("security_opt").is_none());
    assert_eq!(text(&file["services"]["api"]["environment"]["LAMP"]), "http://lamp:4242");
}

#[test]
fn a_table_is_made_once_before_its_clients_start() {
    let description = r#"
archgen: v1
system: { id: shop, title: Shop }
components:
  users: { kind: actor }
  web: { kind: service, image: web:1.0.0, port: 8080 }
  orders: { kind: dynamodb, key: customer, sort: placed }
connections: { users -> web: http, web -> orders: auto }
environments: { local: { target: compose } }
"#;
    let texts = Texts { description: description.to_owned(), ..Texts::default() };
    let made = generate(&texts, "..");
    assert_eq!(made.mistakes, "");
    let text = made.files.values().find(|text| text.contains("services:")).expect("a compose file");
    let file: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
    let services = &file["services"];
    let prepare = &services["orders-prepare"];
    assert_eq!(prepare["restart"], "no");
    assert_eq!(prepare["depends_on"]["orders"]["condition"], "service_healthy");
    assert_eq!(prepare["networks"], services["orders"]["networks"]);
    let command = prepare["command"][0].as_str().expect("one line");
    assert!(command.starts_with("aws dynamodb describe-table --table-name orders"), "{command}");
    for part in ["AttributeName=customer,KeyType=HASH", "AttributeName=placed,KeyType=RANGE"] {
        assert!(command.contains(part), "{command}");
    }
    let needs = &services["web"]["depends_on"]["orders-prepare"];
    assert_eq!(needs["condition"], "service_completed_successfully");
}
