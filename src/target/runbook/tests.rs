//! Pages of small systems, in both languages.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use super::{Runbook, markdown};
use crate::artifact::Content;
use crate::compile::{self, Texts};
use crate::diag::{Diagnostics, print};
use crate::target::{Input, Output, Target};

fn output(description: &str, environment: &str, texts: Texts) -> Output {
    let mut out = Diagnostics::default();
    let texts = Texts { name: "archgen.yaml".into(), description: description.into(), ..texts };
    let project = compile::read(&texts, &mut out);
    let resolved = compile::resolve(&project, environment, &mut out);
    let resolved = resolved.unwrap_or_else(|| panic!("{}", print::human(&out, &project.sources, false)));
    Runbook.generate(&Input {
        model: &resolved.model,
        facts: &resolved.facts,
        catalog: &project.catalog,
        messages: &project.messages,
        templates: &texts.templates,
        prose: &texts.prose,
        to_description: "../..",
        output_dir: "generated",
        picture_format: Some("svg"),
    })
}

fn page_with(description: &str, environment: &str, texts: Texts) -> String {
    let output = output(description, environment, texts);
    assert!(output.diagnostics.is_empty(), "{:?}", output.diagnostics);
    match &output.artifacts[0].content {
        Content::Text { body, .. } => body.clone(),
        Content::Bytes(_) => panic!("a page is text"),
    }
}

fn page(description: &str, environment: &str) -> String {
    page_with(description, environment, Texts::default())
}

/// Fails with the whole page when a part is missing.
fn holds(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "`{part}` is missing in:\n{page}");
    }
}

const SMALL: &str = r#"
archgen: v1
system: { id: notes, title: Notes, language: LANGUAGE, repository: https://example.com/team/notes.git }
components:
  users: { kind: actor }
  web: { kind: service, build: ./web, port: 8080, health: /healthz, env: { KEY: "${secret.key}", DB: "${db.url}" } }
  db: { kind: postgres, database: notes, backup: { keep: 7d } }
connections:
  users -> web: http
  web -> db: postgres
secrets: { key: { title: Key of sessions, rotate: 90d } }
operations:
  contacts: { ops: ops@example.com }
  jobs: { migrate: { in: web, run: ./migrate, when: after-deploy } }
  runbooks:
    down:
      title: The web is down
      steps: [{ do: Look, run: docker compose ps, expect: running }, { do: Restart, run: docker compose restart web, rollback: docker compose stop web, time: 5m }]
  issues: { slow: { of: web, title: Slow start, cause: It warms up, fix: Wait } }
decisions: { pg: { of: db, choose: postgres, over: [mysql], because: We know it } }
environments: { local: { target: compose } }
"#;

#[test]
fn a_small_system_in_both_languages() {
    let english = page(&SMALL.replace("LANGUAGE", "en"), "local");
    holds(
        &english,
        &[
            "# Notes: local",
            "git clone -- https://example.com/team/notes.git",
            "cd generated/local",
            "cp .env.example .env",
            "docker compose up -d --build",
            "<http://localhost:8080>",
            "curl -fsS http://localhost:8080/healthz",
            "docker compose exec db pg_isready -h localhost -p 5432",
            "nc -zv -w 3 db 5432",
            "docker compose run --rm web-migrate",
            "docker compose exec -T db pg_dump -h localhost -p 5432 -U app -Fc notes > db.dump",
            "## Start",
            "every 90 days",
            "postgres rather than mysql",
            "![Notes · overview](../diagrams/local-overview.svg)",
            "<!-- archgen:keep notes -->\n<!-- archgen:keep end -->",
        ],
    );
    let spanish = page(&SMALL.replace("LANGUAGE", "es"), "local");
    holds(
        &spanish,
        &["## Arranque", "cada 90 días", "docker compose up -d --build", "postgres en vez de mysql"],
    );
    for english in ["## Start", "Where it is set", "Made by"] {
        assert!(!spanish.contains(english), "{english}");
    }
}

#[test]
fn a_server_gets_its_values_by_scp_and_its_images_as_described() {
    let description = r#"
archgen: v1
system: { id: notes, title: Notes, repository: https://example.com/team/notes.git }
zones:
  aws: { kind: cloud, provider: aws, region: eu-west-1 }
  vpc: { kind: vpc, in: aws, cidr: 10.0.0.0/16 }
  public: { kind: subnet, in: vpc, access: public }
  vm: { kind: server, in: public, key: ops }
components:
  operator: { kind: actor, from: 203.0.113.0/24 }
  users: { kind: actor }
  web: { kind: service, in: vm, build: ./web, deliver: copy, port: 80, env: { KEY: "${secret.key}" } }
connections: { users -> web: http, operator -> vm: ssh }
secrets: { key: { title: Key } }
environments: { prod: { target: [terraform, compose] } }
"#;
    let page = page(description, "prod");
    holds(
        &page,
        &[
            "terraform -chdir=generated/prod/terraform init",
            "terraform -chdir=generated/prod/terraform apply",
            "VM=ubuntu@$(terraform -chdir=generated/prod/terraform output -json vm_public_ips | jq -r 'first(.[])')",
            "ssh-add ~/.ssh/ops.pem",
            "docker build --platform linux/amd64 -t notes-prod-web web",
            "docker save -o web.tar notes-prod-web",
            "scp web.tar \"$VM\":",
            "docker load -i web.tar",
            "ssh \"$VM\" 'cd notes/generated/prod && docker compose up -d'",
            "scp generated/prod/.env \"$VM\":notes/generated/prod/.env",
            "| the internet | `vm` | 80/tcp | http |",
            "| `203.0.113.0/24` | `vm` | 22/tcp | ssh |",
        ],
    );
    assert!(!page.contains("No rule lets anybody log in"));
}

#[test]
fn ssh_is_told_the_port_of_a_host() {
    let description = r#"
archgen: v1
system: { id: notes, title: Notes }
vars: { office: 203.0.113.0/24 }
components:
  users: { kind: actor }
  web: { kind: service, build: ./web, deliver: copy, port: 80, env: { KEY: "${secret.key}" } }
connections: { users -> web: http }
secrets: { key: { title: Key } }
environments: { prod: { target: compose, host: "deploy@host.example.com:2222" } }
"#;
    holds(
        &page(description, "prod"),
        &[
            "scp -P 2222 web.tar deploy@host.example.com:",
            "ssh -p 2222 deploy@host.example.com docker load -i web.tar",
            "scp -P 2222 generated/prod/.env deploy@host.example.com:generated/prod/.env",
        ],
    );
}

#[test]
fn images_are_built_then_pushed_and_fetched_anew_and_clients_stand_behind_names() {
    let description = r#"
archgen: v1
system: { id: notes, title: Notes }
vars: { office: 203.0.113.0/24, home: { doc: Where from } }
zones:
  aws: { kind: cloud, provider: aws, region: eu-west-1 }
  vpc: { kind: vpc, in: aws, cidr: 10.0.0.0/16, azs: 2 }
  public: { kind: subnet, in: vpc, access: public }
  app: { kind: subnet, in: vpc, access: private }
components:
  users: { kind: actor, from: "${var.office}" }
  staff: { kind: actor, from: "${var.home}" }
  dns: { kind: dns, name: notes.example.com }
  cert: { kind: certificate, for: dns }
  edge: { kind: lb, in: public, tls: cert }
  web: { kind: service, in: app, build: ./web, port: 8000, health: /healthz }
  jobs: { kind: worker, in: app, build: ./jobs }
connections: { "users, staff -> dns": https, dns -> edge: https, edge -> web: http, web -> jobs: tcp/9000 }
environments: { prod: { target: terraform } }
"#;
    let page = page(description, "prod");
    holds(
        &page,
        &[
            "| `edge` | 443/tcp | https | `users`, `staff` |",
            "| `edge` | 80/tcp | http | `users`, `staff` |",
            "| `office` (`203.0.113.0/24`) | `edge` | 80/tcp | http |",
            "| `home` | `edge` | 443/tcp | https |",
        ],
    );
    let order = [
        "docker build --platform linux/amd64 -t \"$(",
        "docker build --platform linux/amd64 -t \"$(",
        "docker login",
        "docker push",
        "docker push",
        "ecs update-service",
    ];
    let mut rest = page.as_str();
    for step in order {
        let at = rest.find(step).unwrap_or_else(|| panic!("{step} is missing or out of order:\n{page}"));
        rest = &rest[at + step.len()..];
    }
}

#[test]
fn a_swarm_is_joined_and_its_stack_deployed() {
    let description = r#"
archgen: v1
system: { id: notes, title: Notes }
zones:
  aws: { kind: cloud, provider: aws, region: eu-west-1 }
  vpc: { kind: vpc, in: aws, cidr: 10.0.0.0/16 }
  public: { kind: subnet, in: vpc, access: public }
  swarm: { kind: swarm, in: public, managers: 3, workers: 2 }
components:
  users: { kind: actor }
  web: { kind: service, in: swarm, image: "notes:1.0.0", port: 80, replicas: 4, env: { KEY_FILE: "${secret.key.file}", SALT: "${secret.salt}" } }
connections: { users -> web: http }
secrets: { key: { title: Key }, salt: { title: Salt } }
environments: { prod: { target: [terraform, swarm] } }
"#;
    holds(
        &page(description, "prod"),
        &[
            "docker swarm init --advertise-addr PRIVATE_ADDRESS",
            "docker swarm join-token worker",
            "docker swarm join-token manager",
            "managers: 3, workers: 2",
            "printf '%s' \"$KEY\" | docker secret create notes-prod-key-1 -",
            "set -a; . ./.env; set +a",
            "`SALT` in `generated/prod/.env`",
            "docker stack deploy --with-registry-auth --compose-file stack.yml notes-prod",
            "Every node answers on `80`",
            "docker service scale notes-prod_web=COUNT",
            "docker node update --availability drain NODE",
            "at most 1 are lost",
            "docker swarm init --force-new-cluster",
            "docker service rollback notes-prod_web",
            "No rule lets anybody log in",
        ],
    );
}

#[test]
fn nasty_texts_stay_texts() {
    let description = r#"
archgen: v1
system:
  id: notes
  title: "A | <script>alert(1)</script> `code`\n# two"
  facts: { "pipe | here": "1. `x` | *y*\nline" }
components:
  web: { kind: service, image: "a:1", port: 80, title: "[x](javascript:y) | <b>" }
operations:
  runbooks: { a: { title: "<img src=x> | `", steps: [{ do: "- ```", run: "echo '```'" }] } }
environments: { local: { target: compose } }
"#;
    let prose = "# Title\n\n```sh\n# no heading\n<!-- archgen:keep notes -->\nstill open\n";
    let texts = Texts { prose: BTreeMap::from([("web".to_owned(), prose.to_owned())]), ..Texts::default() };
    let page = page_with(description, "local", texts);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("[x]("), "{page}");
    holds(
        &page,
        &[
            "# A | &lt;script&gt;alert(1)&lt;/script&gt; \\`code\\` # two: local",
            "   ````sh\n   echo '```'\n   ````",
        ],
    );
    assert_eq!(page.matches("<!-- archgen:keep notes -->").count(), 1, "{page}");
    for row in page.lines().filter(|line| line.starts_with("| pipe")) {
        assert_eq!(row.replace("\\|", "").matches('|').count(), 3, "{row}");
    }
}

#[test]
fn a_service_that_opens_no_port_is_asked_from_its_network() {
    let description = r#"
archgen: v1
system: { id: notes, title: Notes }
components:
  users: { kind: actor }
  web: { kind: service, build: ./web, port: 8080 }
  api: { kind: service, build: ./api, port: 9000, health: /up }
connections: { users -> web -> api: http }
environments: { local: { target: compose } }
"#;
    let curl = "ps -q api | head -n 1)\" curlimages/curl:8.11.1 -fsS http://localhost:9000/up";
    holds(&page(description, "local"), &[curl, "curl -fsS http://localhost:8080\n"]);
}

#[test]
fn a_project_replaces_the_template_and_is_told_of_its_mistakes() {
    let description = SMALL.replace("LANGUAGE", "en");
    let with = |text: &str| Texts {
        templates: BTreeMap::from([("runbook/environment.md".to_owned(), text.to_owned())]),
        ..Texts::default()
    };
    let page =
        page_with(&description, "local", with("# Ours: {{ system.title }}\n\n{{ sections.verify }}\n"));
    assert!(page.starts_with("# Ours: Notes\n\n<a id=\"verify\"></a>\n\n## Verify\n"), "{page}");
    let broken = output(&description, "local", with("# A\n\n{{ sections.nothing }}\n"));
    assert!(broken.artifacts.is_empty());
    let message = format!("{:?}", broken.diagnostics);
    assert!(message.contains("runbook/environment.md") && message.contains("line 3"), "{message}");
}

#[test]
fn languages_have_the_same_sentences_with_the_same_places() {
    let texts = |language: &str| {
        let mut out = Diagnostics::default();
        let description = format!("archgen: v1\nsystem: {{ id: a, language: {language} }}\n");
        let project = compile::read(&Texts { description, ..Texts::default() }, &mut out);
        let places = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
        };
        let sentences = project.messages.below("runbook").into_iter();
        sentences.map(|(key, text)| (key, places(text))).collect::<BTreeMap<_, _>>()
    };
    assert!(texts("en").len() > 100);
    assert_eq!(texts("en"), texts("es"));
}

#[test]
fn every_sentence_that_is_asked_for_exists() {
    let page = page(&SMALL.replace("LANGUAGE", "en"), "local");
    assert!(!page.contains("runbook."), "{page}");
}

#[test]
fn markdown_is_escaped_where_it_must_be() {
    for (text, escaped) in [
        ("a_b _c_ *d*", "a_b \\_c\\_ \\*d\\*"),
        ("# x", "\\# x"),
        ("1. x", "1\\. x"),
        ("see https://a.example/b.", "see <https://a.example/b>."),
        ("mail a@b.example", "mail <a@b.example>"),
        ("a\n\tb", "a b"),
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
    ] {
        assert_eq!(markdown::line(text), escaped);
    }
    assert_eq!(markdown::code("a`b"), "``a`b``");
    assert_eq!(markdown::code("`a`"), "`` `a` ``");
}

#[test]
fn files_become_a_tree() {
    let files = [("a/b.txt", "first"), ("a/c/", "folder"), ("d", "")];
    let files: Vec<(String, String)> =
        files.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(markdown::tree(&files), "├── a/\n│   ├── b.txt  first\n│   └── c/     folder\n└── d");
}

#[test]
fn prose_moves_below_its_chapter() {
    assert_eq!(
        markdown::prose("## A\ntext\n### B\n```\n# no\n", 3),
        "#### A\ntext\n##### B\n```\n# no\n```\n"
    );
    assert_eq!(markdown::tidy("# A\n\n\n\n## B  \n\n## B\n"), "# A\n\n## B\n\n## B (2)\n");
}
