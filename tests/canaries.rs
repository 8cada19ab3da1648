//! No value of a secret and no well-known password in anything that is written.
//!
//! Canaries stand wherever somebody might read a value by mistake: in the environment of the program under every name
//! that an `.env.example` asks for, in `.env` files, and in the variables and the state of Terraform. No file, and no line
//! on the terminal, may have one. And whatever looks like a password in a file must be a reference, not a value.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What every canary begins with.
const CANARY: &str = "canary-4f1c";

/// Passwords that images, manuals and attackers know, as they stand in files: none is a part of a usual word.
const KNOWN: [&str; 24] = [
    "minioadmin",
    "changeme",
    "change-me",
    "change_me",
    "changeit",
    "hunter2",
    "letmein",
    "passw0rd",
    "p@ssw0rd",
    "password123",
    "password1",
    "mysecretpassword",
    "supersecret",
    "root_pass",
    "rootpass",
    "guest:guest",
    "admin:admin",
    "postgres:postgres",
    "root:root",
    "elastic:changeme",
    "sa_password=",
    "qwerty",
    "123456",
    "s3cr3t",
];

/// Values that look like secrets and are none, each with its reason.
const HARMLESS: [(&str, &str, &str); 6] = [
    ("AWS_SECRET_ACCESS_KEY", "local", "local images of a provider's services take any key"),
    ("MYSQL_RANDOM_ROOT_PASSWORD", "yes", "asks the image for one that nobody knows"),
    ("MARIADB_RANDOM_ROOT_PASSWORD", "yes", "asks the image for one that nobody knows"),
    ("id-token", "write", "the right of a workflow to prove who it is"),
    ("http_tokens", "required", "says that a machine's own data wants a session"),
    ("creation_token", "*", "a name by which the provider knows a file system again"),
];

/// A system that needs secrets in every way: stores, stand-ins, plain ones, files, URLs, and several machines.
const EVERY_WAY: &str = r#"
archgen: v1
system: { id: shop, title: Shop, language: en, repository: "https://git.example/shop.git" }
zones:
  aws: { kind: cloud, provider: aws, region: eu-west-1 }
  vpc: { kind: vpc, in: aws, cidr: 10.0.0.0/16 }
  public: { kind: subnet, in: vpc, access: public }
  data: { kind: subnet, in: vpc, access: isolated }
  vm: { kind: server, in: public }
  swarm: { kind: swarm, in: public, managers: 1, workers: 2 }
components:
  users: { kind: actor }
  web:
    kind: service
    in: vm
    image: "acme/web:1.0.0"
    port: 8000
    env:
      SESSION_KEY: "${secret.session}"
      SESSION_FILE: "${secret.session.file}"
      DATABASE_URL: "${db.url}"
      MONGO: "${docs.url}"
      BROKER: "${events.url}"
      ORDERS_PASSWORD: "${orders.password}"
      ASKED: "${var.asked}"
  api: { kind: service, in: swarm, image: "acme/api:1.0.0", port: 8001, replicas: 3, env: { KEY: "${secret.session}", KEY_FILE: "${secret.session.file}" } }
  store: { kind: mysql, in: swarm }
  db: { kind: postgres, in: data }
  orders: { kind: mariadb, in: vm }
  docs: { kind: mongodb, in: vm }
  cache: { kind: redis, in: vm }
  events: { kind: rabbitmq, in: vm }
  assets: { kind: bucket }
  pictures: { kind: grafana, in: vm }
  login: { kind: identity, in: vm }
  vault: { kind: secret-store, in: vm }
connections:
  users -> web, api: http
  web -> db, orders, docs, cache, events, assets, login, vault, pictures: auto
  api -> store: auto
secrets: { session: { title: Key of the sessions } }
vars: { asked: { doc: What is asked for } }
environments:
  prod: { target: [terraform, compose, swarm] }
  local: { target: compose }
"#;

#[test]
fn no_value_of_a_secret_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("archgen.yaml"), EVERY_WAY).unwrap();
    render(folder, &BTreeSet::new());
    let names = asked(folder);
    assert!(names.len() >= 8, "too few variables to judge by: {names:?}");
    for name in ["DB_PASSWORD", "SESSION", "ORDERS_PASSWORD", "STORE_PASSWORD"] {
        assert!(names.contains(name), "nobody asks for {name}: {names:?}");
    }
    plant(folder, &names);
    fs::write(folder.join("archgen.yaml"), format!("{EVERY_WAY}\n# changed, so that all is written anew\n"))
        .unwrap();
    let said = render(folder, &names);
    assert!(!said.contains(CANARY), "the terminal shows a canary:\n{said}");
    for (path, text) in texts(&folder.join("generated")) {
        let own = path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name == ".env" || name == "terraform.tfvars" || name.ends_with(".tfstate")
        });
        assert!(own || !text.contains(CANARY), "{} has a canary", path.display());
    }
}

#[test]
fn no_password_is_known_beforehand() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("archgen.yaml"), EVERY_WAY).unwrap();
    render(folder.path(), &BTreeSet::new());
    let mut files = texts(&folder.path().join("generated"));
    files.extend(texts(&root.join("examples")));
    files.extend(texts(&root.join("tests/cases")));
    assert!(files.len() > 100, "only {} files to judge", files.len());
    let mut wrong = Vec::new();
    for (path, text) in &files {
        for (number, line) in text.lines().enumerate() {
            let complaint = known(line).or_else(|| literal(path, line));
            wrong.extend(complaint.map(|what| format!("{}:{}: {what}", path.display(), number + 1)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_password_that_is_written_is_found() {
    let stack = Path::new("stack.yml");
    for line in
        ["      POSTGRES_PASSWORD: postgres", "  MYSQL_ROOT_PASSWORD: \"geheim\"", "      API_TOKEN: abc123"]
    {
        assert!(literal(stack, line).is_some(), "{line}");
    }
    for line in [
        "      POSTGRES_PASSWORD: \"${DB_PASSWORD:?set DB_PASSWORD in .env}\"",
        "      POSTGRES_PASSWORD_FILE: /run/secrets/db-password",
        "      DATABASE_URL: \"mysql://app:${X:?set X in .env}@db:3306/app\"",
        "      AWS_SECRET_ACCESS_KEY: local",
    ] {
        assert_eq!(literal(stack, line), None, "{line}");
    }
    assert!(literal(stack, "      DATABASE_URL: postgresql://app:geheim@db:5432/shop").is_some());
    assert!(literal(Path::new("db.tf"), "  password = \"geheim\"").is_some());
    assert!(literal(Path::new("db.tf"), "  password = var.db_password").is_none());
    assert!(literal(Path::new(".env.example"), "DB_PASSWORD=geheim").is_some());
    assert!(literal(Path::new(".env.example"), "DB_PASSWORD=").is_none());
    assert!(known("docker run -e PASSWORD=minioadmin").is_some());
}

/// Runs the program with canaries under these names; all that it printed.
fn render(folder: &Path, names: &BTreeSet<String>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_archgen"));
    command.args(["render", "--verbose", "--format", "svg"]).current_dir(folder);
    for name in names {
        command.env(name, format!("{CANARY}-{name}"));
        command.env(format!("TF_VAR_{}", name.to_lowercase()), format!("{CANARY}-{name}"));
    }
    let done = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}");
    said
}

/// The names of all variables that some file asks for.
fn asked(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (path, text) in texts(folder) {
        match path.file_name().and_then(|name| name.to_str()) {
            Some(".env.example") => {
                let lines = text.lines().filter(|line| !line.starts_with('#'));
                names.extend(lines.filter_map(|line| line.split_once('=')).map(|(name, _)| name.to_owned()));
            }
            Some("variables.tf") => {
                let all = text.lines().filter_map(|line| line.strip_prefix("variable \""));
                names.extend(all.filter_map(|rest| rest.split('"').next()).map(str::to_uppercase));
            }
            _ => {
                // Docker secrets have no line in `.env.example`; the runbook asks the shell for them.
                let all = text.split("printf '%s' \"$").skip(1).filter_map(|rest| rest.split('"').next());
                names.extend(all.map(str::to_owned));
            }
        }
    }
    names
}

/// Puts canaries into the files in which people keep values.
fn plant(folder: &Path, names: &BTreeSet<String>) {
    let lines: String = names.iter().map(|name| format!("{name}={CANARY}-{name}\n")).collect();
    let vars: String = names.iter().map(|name| format!("{} = \"{CANARY}\"\n", name.to_lowercase())).collect();
    let state = format!("{{\"version\":4,\"outputs\":{{\"db_password\":{{\"value\":\"{CANARY}\"}}}}}}");
    let mut places = vec![folder.to_path_buf(), folder.join("generated")];
    places
        .extend(["prod", "local", "prod/vm", "prod/swarm"].map(|below| folder.join("generated").join(below)));
    for place in places.iter().filter(|place| place.is_dir()) {
        fs::write(place.join(".env"), &lines).unwrap();
    }
    let terraform = folder.join("generated/prod/terraform");
    fs::write(terraform.join("terraform.tfvars"), vars).unwrap();
    fs::write(terraform.join("terraform.tfstate"), state).unwrap();
}

/// All texts below a folder.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(at) = todo.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

/// A password that everybody knows.
fn known(line: &str) -> Option<String> {
    let low = line.to_lowercase();
    let hit = KNOWN.iter().find(|known| {
        low.match_indices(**known).any(|(at, _)| {
            // Digits within a digest or a coordinate are none.
            let before = low[..at].chars().next_back();
            let after = low[at + known.len()..].chars().next();
            ![before, after].into_iter().flatten().any(|c| c.is_ascii_alphanumeric() || c == '.')
        })
    })?;
    Some(format!("the known password `{hit}`"))
}

/// A value that stands where a file should name a secret.
fn literal(path: &Path, line: &str) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let (key, value) = match name {
        ".env.example" => line.split_once('=').filter(|_| !line.starts_with('#'))?,
        _ if name.ends_with(".yml") => line.split_once(": ")?,
        _ if name.ends_with(".tf") => line.split_once(" = ")?,
        _ => return None,
    };
    let key = key.trim().trim_start_matches("- ").trim_matches('"');
    let value = value.trim().trim_matches('"');
    // A password inside of a URL.
    let inside = value.split_once("://").and_then(|(_, rest)| rest.split_once('@')).map(|(user, _)| user);
    if let Some((_, password)) = inside.and_then(|user| user.split_once(':'))
        && !password.starts_with("${")
    {
        return Some(format!("a password in the URL of `{key}`"));
    }
    let low = key.to_lowercase();
    let secret = ["password", "passwd", "secret", "token", "api_key", "apikey", "private_key", "passphrase"];
    let reference = value.contains("${")
        || value.starts_with("/run/secrets/")
        || value.is_empty()
        || value == "true"
        || value == "false"
        || name.ends_with(".tf") && !line.contains(" = \"");
    // A version of a docker secret is a number, a file is a path, and an id names a secret without being one.
    let about =
        ["_version", "_file", "_id", "_arn", "name", "_path"].iter().any(|ending| low.ends_with(ending));
    let harmless =
        HARMLESS.iter().any(|(known, harmless, _)| *known == key && (*harmless == value || *harmless == "*"));
    let looks = secret.iter().any(|word| low.contains(word));
    (looks && !reference && !about && !harmless).then(|| format!("`{key}` has the value `{value}`"))
}
