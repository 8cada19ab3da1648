//! Every built-in kind, form and profile is complete, and a project's own files join them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use archgen::catalog::{
    Catalog, FormUse, Hosting, Kind, Reach, TargetName, Text, Trait, built_in, describe, load,
};
use archgen::diag::Diagnostics;
use archgen::document::tree::{Data, Node};
use archgen::document::yaml;
use archgen::source::{SourceId, Sources};
use archgen::template;
use serde_json::{Map, Value, json};

fn overlaid(files: &[(&str, &str)]) -> (Catalog, Vec<String>) {
    let overlay = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let catalog = load(&overlay, &mut sources, &mut diagnostics);
    let messages = diagnostics
        .sorted()
        .into_iter()
        .map(|d| {
            let place = d.span.map_or(String::new(), |span| {
                let source = sources.get(span.source);
                let (line, column) = source.position(span.start);
                format!("{}:{line}:{column}: ", source.name())
            });
            format!("{place}{}: {} [{}]", d.code, d.message, d.hints.join("; "))
        })
        .collect();
    (catalog, messages)
}

fn catalog() -> Catalog {
    let (catalog, messages) = overlaid(&[]);
    assert!(messages.is_empty(), "{}", messages.join("\n"));
    catalog
}

fn bilingual(text: &Text, of: &str) {
    assert!(!text.get("en").is_empty(), "{of} has no English title");
    // One text for all languages is a proper name.
    let languages: Vec<_> = text.by_language.keys().map(String::as_str).collect();
    assert!(languages == ["en"] || languages == ["en", "es"], "{of}: {languages:?}");
}

fn sentence(doc: &str, of: &str) {
    assert!(doc.len() > 10 && !doc.contains('\n'), "{of}: {doc:?}");
    assert!(doc.starts_with(|c: char| !c.is_lowercase()), "{of}: {doc:?}");
}

#[test]
fn every_file_is_loaded_under_its_name() {
    let catalog = catalog();
    let names = |folder: &str| -> Vec<String> {
        let stem = |path: &str| path.strip_prefix(folder)?.strip_suffix(".yaml").map(str::to_owned);
        let mut names: Vec<_> = built_in::FILES.iter().filter_map(|(path, _)| stem(path)).collect();
        names.sort();
        names
    };
    assert_eq!(names("kinds/"), catalog.kinds().iter().map(|k| k.name.clone()).collect::<Vec<_>>());
    assert_eq!(names("forms/"), catalog.forms().iter().map(|f| f.name.clone()).collect::<Vec<_>>());
    assert_eq!(names("profiles/"), catalog.profiles().iter().map(|p| p.name.clone()).collect::<Vec<_>>());
}

#[test]
fn what_was_read_at_build_time_is_what_the_texts_say() {
    let mut trees = 0;
    for (path, text) in built_in::FILES {
        let mut found = Diagnostics::default();
        let Some(tree) = built_in::tree(path, SourceId(3)) else {
            let data = ["forms/", "kinds/", "messages/", "profiles/", "recipes/"];
            assert!(
                !path.ends_with(".yaml") || !data.iter().any(|folder| path.starts_with(folder)),
                "{path}"
            );
            continue;
        };
        assert_eq!(Some(tree), yaml::parse(SourceId(3), text, &mut found), "{path}");
        assert!(found.is_empty(), "{path}");
        trees += 1;
    }
    assert!(trees > 120, "{trees}");
}

#[test]
fn titles_and_docs_are_there() {
    let catalog = catalog();
    for kind in catalog.kinds() {
        bilingual(&kind.title, &kind.name);
        sentence(&kind.doc, &kind.name);
    }
    for form in catalog.forms() {
        bilingual(&form.title, &form.name);
        sentence(&form.doc, &form.name);
    }
    for profile in catalog.profiles() {
        bilingual(&profile.title, &profile.name);
        for reason in profile.forbids.iter().map(|(_, r)| r).chain(profile.limits.iter().map(|l| &l.reason)) {
            assert_eq!(reason.by_language.len(), 2, "{}: {reason:?}", profile.name);
        }
    }
}

/// Everyday words are no names of kinds, stand once in each file, and lead to a kind or to a sentence.
#[test]
fn everyday_words_lead_somewhere() {
    let catalog = catalog();
    for kind in catalog.kinds() {
        let mut seen = BTreeSet::new();
        let stray = kind.instead.iter().flat_map(|(words, _)| words);
        for word in kind.words.iter().chain(stray.clone()) {
            assert!(seen.insert(word), "{}: {word} stands twice", kind.name);
            assert!(catalog.find_kind(word).is_none(), "{}: {word} is a kind", kind.name);
        }
        for word in &kind.words {
            let said = catalog.instead_of_kind(word, None).join(" ");
            assert!(said.contains(&format!("`{}`", kind.name)), "{}: {word}: {said}", kind.name);
        }
        for (words, say) in &kind.instead {
            assert!(!words.is_empty() && !say.ends_with('.'), "{}: {say}", kind.name);
            assert!(
                words.iter().all(|word| catalog.instead_of_kind(word, None) == [say.as_str()]),
                "{words:?}"
            );
        }
    }
    for form in catalog.forms() {
        let page = describe::form(&catalog, &form.name).unwrap();
        assert!(page.contains(&form.doc), "{page}");
        let said = describe::kind(&catalog, &form.name).err();
        // Some words are a kind and a form.
        let both = catalog.find_kind(&form.name).is_some();
        assert!(both || said.is_some_and(|no| no.remedy.contains("archgen forms")), "{}", form.name);
    }
    let said = |word: &str| describe::form(&catalog, word).unwrap_err().remedy;
    assert!(said("rds").contains("did you mean `aws.rds`?"), "{}", said("rds"));
    assert!(said("postgres").contains("`archgen kinds postgres`"), "{}", said("postgres"));
}

#[test]
fn every_icon_exists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("icons");
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let icons: BTreeSet<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".svg")?.to_owned()))
        .collect();
    let catalog = catalog();
    for kind in catalog.kinds() {
        assert!(icons.contains(&kind.icon), "{}: no icon {}", kind.name, kind.icon);
    }
    for form in catalog.forms() {
        let icon = form.icon.as_ref();
        assert!(icon.is_some_and(|icon| icons.contains(icon)), "{}: no icon {icon:?}", form.name);
        for used in catalog.kinds().iter().filter_map(|kind| kind.form(catalog.find_form(&form.name)?)) {
            assert!(
                used.icon.iter().all(|icon| icons.contains(icon)),
                "{}: no icon {:?}",
                form.name,
                used.icon
            );
        }
    }
}

#[test]
fn every_form_is_built_by_a_target_or_exists_already() {
    let catalog = catalog();
    let mut used = BTreeSet::new();
    for kind in catalog.kinds() {
        assert!(!kind.forms.is_empty(), "{} becomes nothing", kind.name);
        let external = kind.forms.iter().any(|u| catalog.form(u.form).name == "external");
        assert!(external || kind.has(Trait::Pipeline), "{} cannot be external", kind.name);
        used.extend(kind.forms.iter().map(|u| u.form));
    }
    for form in catalog.forms() {
        assert!(
            !form.targets.is_empty() || form.hosting == Hosting::External,
            "{} is built by nobody and does not exist already",
            form.name
        );
        assert!(used.contains(&catalog.find_form(&form.name).unwrap()), "no kind becomes {}", form.name);
        if form.name.contains('.') {
            assert_eq!(form.provider, form.name.split('.').next().unwrap(), "{}", form.name);
        }
        if form.reach == Reach::Api {
            assert!(form.grants.is_some(), "{} is reached by an API and grants nothing", form.name);
        }
    }
}

#[test]
fn settings_are_explained_once_and_kinds_are_consistent() {
    for kind in catalog().kinds() {
        let names: BTreeSet<_> = kind.settings.iter().map(|s| &s.name).collect();
        assert_eq!(names.len(), kind.settings.len(), "{}", kind.name);
        for setting in &kind.settings {
            sentence(&setting.doc, &format!("{}.{}", kind.name, setting.name));
        }
        if kind.has(Trait::HasUser) {
            assert!(kind.secrets.iter().any(|s| s == "password"), "{}", kind.name);
            assert!(names.contains(&"user".to_owned()), "{} has users and no `user`", kind.name);
        }
        if let Some(first) = kind.ports.first() {
            assert_eq!(first.name, "main", "{}", kind.name);
        }
        assert!(
            !kind.has(Trait::Zone)
                || kind.has(Trait::Place)
                || kind.has(Trait::Group)
                || kind.name == "cluster"
        );
        let text = built_in::file(&format!("kinds/{}.yaml", kind.name)).unwrap();
        assert!(!text.contains(":latest"), "{} has an image that is not pinned", kind.name);
    }
}

/// What templates find, with every setting at its default.
fn context(kind: &Kind, used: &FormUse, port: Option<u16>) -> Value {
    let mut all = Map::new();
    let mut settings = Map::new();
    for setting in &kind.settings {
        let value = setting.default.as_ref().map_or(Value::Null, plain);
        if !value.is_null() {
            all.insert(setting.name.clone(), value.clone());
        }
        settings.insert(setting.name.clone(), value);
    }
    let port_of = |number: Option<u16>| number.unwrap_or(8000);
    let ports: Map<_, _> = used.ports.iter().map(|p| (p.name.clone(), port_of(p.number).into())).collect();
    for (key, value) in [
        ("id", json!("some-id")),
        ("name", json!("some_id")),
        ("system", json!("shop")),
        ("host", json!("some-id")),
        ("scheme", json!("http")),
        ("port", json!(port.unwrap_or_else(|| port_of(used.ports.first().and_then(|p| p.number))))),
        ("ports", Value::Object(ports)),
        ("settings", Value::Object(settings)),
    ] {
        all.insert(key.to_owned(), value);
    }
    if kind.has(Trait::Zone) {
        all.insert("user".to_owned(), json!("ubuntu"));
    }
    if kind.has(Trait::Workload) || kind.ports.is_empty() {
        all.entry("port").or_insert(json!(8000));
    }
    for secret in &used.secrets {
        all.insert(secret.replace('-', "_"), json!("${SECRET:?set it}"));
    }
    // What Terraform says of an element beside that.
    for (key, value) in [
        ("copy", json!("1")),
        ("address", json!("")),
        ("imported", json!(false)),
        ("owner_environment", json!("prod")),
        ("shared", json!(false)),
        ("nodes", json!(false)),
        ("environment", json!("prod")),
        ("replica_of", Value::Null),
        ("tls", json!(false)),
        ("aliases", json!([])),
    ] {
        all.insert(key.to_owned(), value);
    }
    // What the runbook says of a certificate.
    for (key, value) in [
        ("folder", json!("certificates/some-id")),
        ("names", json!(["example.com"])),
        ("public", json!(true)),
    ] {
        all.insert(key.to_owned(), value);
    }
    all.insert("form".to_owned(), plain(&used.data));
    Value::Object(all)
}

fn plain(node: &Node) -> Value {
    match &node.data {
        Data::Null => Value::Null,
        Data::Scalar(scalar) => scalar
            .as_int()
            .map(Value::from)
            .or(scalar.as_bool().map(Value::from))
            .unwrap_or_else(|| Value::from(scalar.text.clone())),
        Data::List(list) => list.iter().map(plain).collect(),
        Data::Map(map) => map.entries.iter().map(|e| (e.key.value.clone(), plain(&e.value))).collect(),
    }
}

fn fill(value: &Value, context: &Map<String, Value>, of: &str) -> Value {
    match value {
        Value::String(text) => Value::String(render(text, &Value::Object(context.clone()), of)),
        Value::Array(list) => list.iter().map(|item| fill(item, context, of)).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), fill(value, context, of))).collect()
        }
        other => other.clone(),
    }
}

fn render(text: &str, context: &Value, of: &str) -> String {
    template::render(text, context).unwrap_or_else(|error| panic!("{of}: {error:?} in {text:?}"))
}

#[test]
fn templates_render_with_defaults() {
    let catalog = catalog();
    for kind in catalog.kinds() {
        for used in &kind.forms {
            let form = catalog.form(used.form);
            let of = format!("{} as {}", kind.name, form.name);
            let context = context(kind, used, None);
            let commands = used.runbook.values();
            let variables = used.client_environment.values();
            let fixed = form.attributes.values().flat_map(BTreeMap::values);
            for text in commands.chain(variables).chain(fixed).chain(used.attributes.values()) {
                let filled = render(text, &context, &of);
                assert!(!filled.contains("{{") && !filled.contains("{%"), "{of}: {filled}");
            }
            if let Some(grants) = &form.grants {
                for text in grants.read.iter().chain(&grants.write).chain(&grants.resources) {
                    render(text, &context, &of);
                }
                let actions: Vec<_> = grants.read.iter().chain(&grants.write).collect();
                assert!(actions.iter().all(|action| action.contains(':')), "{of}: {actions:?}");
            }
            if let (Hosting::Container, Some(container)) = (form.hosting, &kind.container) {
                let filled = fill(&plain(container), context.as_object().unwrap(), &of);
                let image = filled.get("image").and_then(Value::as_str);
                assert!(image.is_none_or(|image| image.contains(':')), "{of}: image {image:?}");
                assert_eq!(image.is_none(), kind.has(Trait::Workload) && filled == json!({}), "{of}");
            }
        }
    }
}

/// A port that differs from the usual one stands in what the container is told, not only in who asks.
#[test]
fn containers_listen_on_another_port_when_told() {
    let catalog = catalog();
    for kind in catalog.kinds().iter().filter(|kind| !kind.has(Trait::Router)) {
        let Some(container) = kind.container.as_ref().filter(|c| c.get("image").is_some()) else { continue };
        for used in &kind.forms {
            let form = catalog.form(used.form);
            if form.hosting != Hosting::Container || !form.targets.contains(&TargetName::Compose) {
                continue;
            }
            if container.get("fixed_ports").is_some() {
                continue;
            }
            let context = context(kind, used, Some(4321));
            let mut filled = fill(&plain(container), context.as_object().unwrap(), &kind.name);
            filled.as_object_mut().unwrap().remove("health");
            let text = filled.to_string();
            assert!(text.contains("4321"), "{} does not listen on 4321: {text}", kind.name);
        }
    }
}

#[test]
fn health_commands_never_name_a_secret() {
    let catalog = catalog();
    for kind in catalog.kinds() {
        let Some(health) = kind.container.as_ref().and_then(|c| c.get("health")) else { continue };
        for part in health.as_list().unwrap() {
            let text = part.as_str().unwrap();
            assert!(!text.contains("{{ password") && !text.contains("{{ token"), "{}: {text}", kind.name);
        }
    }
}

#[test]
fn a_kind_and_a_form_of_the_project_join_the_built_in_ones() {
    let kind = "kind: ledger
title: { en: Ledger, es: Libro mayor }
doc: Keeps bookings.
category: database
icon: database
role: store
traits: [data-store, stateful, has-user]
ports: { main: ledger/7777 }
forms: { acme.ledger: { size: small }, container: {}, external: {} }
settings:
  user: { type: text, default: books, doc: User of the clients }
  pages: { type: int 1..900, default: 40, doc: How many pages one book has }
attributes: { url: \"ledger://{{ user }}@{{ host }}:{{ port }}\" }
container:
  image: acme/ledger:1.2
  health: [CMD, ledger, ping]
";
    let form = "form: acme.ledger
title: Acme Ledger
doc: A managed ledger.
provider: acme
targets: [terraform]
attributes: { terraform: { host: \"${acme_ledger.{{ name }}.host}\" } }
terraform: |
  resource \"acme_ledger\" \"{{ name }}\" {
    pages = {{ pages }}
  }
";
    let (catalog, messages) = overlaid(&[("kinds/ledger.yaml", kind), ("forms/acme.ledger.yaml", form)]);
    assert!(messages.is_empty(), "{messages:?}");
    let text = describe::kind(&catalog, "ledger").unwrap();
    for wanted in [
        "Keeps bookings.",
        "7777",
        "acme.ledger",
        "int 1..900",
        "${id.password}",
        "archgen/templates/kinds/ledger.yaml",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(describe::matrix(&catalog, true).contains("| acme.ledger"), "its Terraform is there");
    assert!(describe::kind(&catalog, "legder").unwrap_err().remedy.contains("did you mean `ledger`"));
    // All ids stay right when names come in between.
    for kind in catalog.kinds() {
        assert_eq!(catalog.kind(catalog.find_kind(&kind.name).unwrap()).name, kind.name);
    }
}

#[test]
fn a_file_of_the_project_replaces_a_built_in_one() {
    let text = built_in::file("kinds/postgres.yaml").unwrap().replace("default: \"17\"", "default: \"15\"");
    let (catalog, messages) =
        overlaid(&[("kinds/postgres.yaml", &text), ("runbook/environment.md", "not ours")]);
    assert!(messages.is_empty(), "{messages:?}");
    let kind = catalog.kind(catalog.find_kind("postgres").unwrap());
    let version = kind.settings.iter().find(|setting| setting.name == "version").unwrap();
    assert_eq!(version.default.as_ref().and_then(Node::as_str), Some("15"));
    assert_eq!(catalog.kinds().iter().filter(|kind| kind.name == "postgres").count(), 1);
}

#[test]
fn every_mistake_in_a_file_of_the_project_is_reported_at_its_place() {
    let kind = "kind: legder
category: databse
icon: database
role: tier
traits: [data-store, statefull]
ports: { main: 70000 }
forms: { aws.rdss: {}, container: {}, aws.ec2: { ports: { main: x/0 } } }
settings:
  a: { type: strin, doc: Something }
  b: { type: int, default: many, doc: Something else }
  c: { default: x }
colour: red
attributes: { url: \"{{ host \" }
";
    let form = "form: acme.ledger\ntitle: [x]\ntargets: [terrafrom]\nreach: netwrk\ngrants: { raed: [] }\n";
    let (catalog, messages) = overlaid(&[
        ("kinds/ledger.yaml", kind),
        ("forms/acme.ledger.yaml", form),
        (
            "profiles/p.yaml",
            "profile: p\ntitle: P\ndoc: A profile of nobody.\nforbids: { aws.ekz: { es: no } }\n",
        ),
        ("kinds/Big Name.yaml", ""),
        ("kinds/broken.yaml", "kind: [\n"),
    ]);
    assert!(catalog.find_kind("ledger").is_some() && catalog.find_kind("postgres").is_some());
    let all = messages.join("\n");
    for wanted in [
        "ledger.yaml:1:7: catalog-name-differs",
        "has no `title`",
        "has no `doc`",
        "ledger.yaml:2:11: catalog-unknown-word: `databse`",
        "write `database`",
        "ledger.yaml:4:7: catalog-unknown-word: `tier`",
        "write `stateful`",
        "ledger.yaml:6:16: catalog-wrong-type: port `main`",
        "write `aws.rds`",
        "has no `container`",
        "ledger.yaml:7:65: catalog-wrong-type",
        "ledger.yaml:9:14: catalog-unknown-word: `strin` is not a type",
        "the default of setting `b` must be a whole number",
        "setting `c` has no `type`",
        "setting `c` has no `doc`",
        "ledger.yaml:12:1: catalog-unknown-word: `colour` is not a key of a kind",
        "ledger.yaml:13:20: catalog-bad-template",
        "acme.ledger.yaml:2:8: catalog-wrong-type: `title`",
        "write `terraform`",
        "write `network`",
        "write `read`",
        "write `aws.eks`",
        "Big Name.yaml` is not the name of a catalog file",
        "broken.yaml:",
    ] {
        assert!(all.contains(wanted), "{wanted} is not in\n{all}");
    }
}

#[test]
fn tables_for_the_terminal_name_everything() {
    let catalog = catalog();
    let (kinds, forms, matrix) =
        (describe::kinds(&catalog), describe::forms(&catalog), describe::matrix(&catalog, false));
    for kind in catalog.kinds() {
        let starts = |text: &str| text.lines().any(|line| line.split_whitespace().next() == Some(&kind.name));
        assert!(starts(&kinds) && starts(&matrix), "{}", kind.name);
        assert!(describe::kind(&catalog, &kind.name).unwrap().contains(&kind.doc));
    }
    for form in catalog.forms() {
        assert!(forms.contains(&form.name), "{}", form.name);
    }
    for text in [kinds, forms, matrix] {
        assert!(text.lines().all(|line| line == line.trim_end()), "trailing spaces");
    }
}

/// The image of PostgreSQL keeps its data elsewhere from version 18 on.
#[test]
fn a_path_may_follow_the_version() {
    let catalog = catalog();
    let kind = catalog.kind(catalog.find_kind("postgres").unwrap());
    let used = kind.forms.iter().find(|u| catalog.form(u.form).hosting == Hosting::Container).unwrap();
    let mut context = context(kind, used, None);
    let data = kind.container.as_ref().unwrap().get("data").unwrap().as_str().unwrap().to_owned();
    for (version, path) in [
        ("16.4", "/var/lib/postgresql/data"),
        ("17", "/var/lib/postgresql/data"),
        ("18.1", "/var/lib/postgresql"),
    ] {
        context["version"] = json!(version);
        assert_eq!(render(&data, &context, version), path);
    }
}

/// The files that the book shows are read without a complaint.
#[test]
fn the_examples_of_the_book_load() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src/catalog.md");
    let text = std::fs::read_to_string(page).unwrap();
    let files: Vec<(&str, &str)> = text
        .split("```yaml\n# archgen/templates/")
        .skip(1)
        .map(|rest| rest.split_once("```").unwrap().0.split_once('\n').unwrap())
        .collect();
    assert!(files.len() >= 2, "{files:?}");
    let (catalog, messages) = overlaid(&files);
    assert!(messages.is_empty(), "{messages:?}");
    for (path, _) in files {
        let stem = path.rsplit('/').next().unwrap().strip_suffix(".yaml").unwrap();
        assert!(catalog.find_kind(stem).is_some() || catalog.find_form(stem).is_some(), "{path}");
    }
}
