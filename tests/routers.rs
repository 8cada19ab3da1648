//! Upstreams of all generated routers, held against what is beside them: `nginx -t` does not look into variables, so that
//! a wrong name in one would be found by the first request alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archgen::artifact::Content;
use archgen::compile::{self, Texts};
use archgen::diag::Diagnostics;
use archgen::model::{self, Model};
use archgen::target::compose::{Compose, Swarm};
use archgen::target::{Input, Target};

/// The descriptions of all examples and golden cases.
fn descriptions() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders =
        ["examples", "tests/cases"].map(|folder| std::fs::read_dir(root.join(folder)).expect("it is there"));
    let mut files: Vec<PathBuf> = folders
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("listed").path().join("archgen.yaml"))
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// Scheme, host and port of every upstream in a configuration.
fn upstreams(text: &str) -> Vec<(String, u16)> {
    let mut found = Vec::new();
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    for line in lines.filter(|line| !line.contains("return 301") && !line.contains("RewriteRule")) {
        for scheme in ["http://", "https://"] {
            for (at, _) in line.match_indices(scheme) {
                let rest = &line[at + scheme.len()..];
                let end = rest.find([';', '/', '"', ' ']).unwrap_or(rest.len());
                let (host, port) = rest[..end].rsplit_once(':').unwrap_or_else(|| panic!("no port: {line}"));
                found.push((host.to_owned(), port.parse().unwrap_or_else(|_| panic!("{line}"))));
            }
        }
    }
    found
}

/// What is wrong with an upstream; `None` when it leads to something that is there.
fn wrong(host: &str, port: u16, services: &[String], model: &Model, published: &[u16]) -> Option<String> {
    // A value of the environment, or somebody else's domain.
    if host.contains(['$', '.']) && host != "127.0.0.1" {
        return None;
    }
    if ["localhost", "127.0.0.1"].contains(&host) {
        return (!published.contains(&port)).then(|| format!("no container has port {port} of the machine"));
    }
    if !services.iter().any(|service| service == host) {
        return Some(format!("`{host}` is no service beside: {services:?}"));
    }
    let component = model.components().find(|(_, component)| component.id == host);
    let ports: Vec<u16> = component.iter().flat_map(|(_, c)| &c.ports).map(|port| port.number).collect();
    (!ports.contains(&port)).then(|| format!("`{host}` listens on {ports:?}, not on {port}"))
}

fn services(text: &str) -> Vec<String> {
    let file: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
    let map = file["services"].as_mapping().cloned().unwrap_or_default();
    map.keys().filter_map(|key| key.as_str().map(str::to_owned)).collect()
}

#[test]
fn every_upstream_is_a_service_beside_or_a_port_of_the_machine() {
    let mut seen = 0;
    for path in descriptions() {
        let description = std::fs::read_to_string(&path).expect("readable");
        let texts = Texts { name: path.display().to_string(), description, ..Texts::default() };
        let mut out = Diagnostics::default();
        let project = compile::read(&texts, &mut out);
        let Some(document) = &project.document else { continue };
        for environment in model::environments(document) {
            let Some(resolved) = compile::resolve(&project, &environment, &mut out) else { continue };
            let input = Input {
                model: &resolved.model,
                facts: &resolved.facts,
                catalog: &project.catalog,
                messages: &project.messages,
                templates: &texts.templates,
                prose: &BTreeMap::new(),
                to_description: "../..",
                output_dir: "generated",
                picture_format: None,
            };
            let mut files: BTreeMap<String, String> = BTreeMap::new();
            for target in [&Compose as &dyn Target, &Swarm] {
                for artifact in target.generate(&input).artifacts {
                    if let Content::Text { body, .. } = artifact.content {
                        files.insert(artifact.path.to_string(), body);
                    }
                }
            }
            let published: Vec<u16> = resolved
                .facts
                .machines
                .iter()
                .flat_map(|h| &h.published)
                .filter_map(|p| p.host_port)
                .collect();
            for (file, text) in &files {
                let Some((folder, _)) = file.split_once("/nginx/").or(file.split_once("/apache/")) else {
                    continue;
                };
                let beside: Vec<String> = ["docker-compose.yml", "stack.yml"]
                    .iter()
                    .filter_map(|name| files.get(&format!("{folder}/{name}")))
                    .flat_map(|text| services(text))
                    .collect();
                for (host, port) in upstreams(text) {
                    seen += 1;
                    if let Some(wrong) = wrong(&host, port, &beside, &resolved.model, &published) {
                        panic!("{}: {file}: {host}:{port}: {wrong}", path.display());
                    }
                }
            }
        }
    }
    assert!(seen > 30, "only {seen} upstreams were looked at");
}

#[test]
fn a_wrong_upstream_is_found() {
    let text =
        "set $target_1 http://shop:5000;\nproxy_pass $target_1;\nreturn 301 https://$host$request_uri;\n";
    assert_eq!(upstreams(text), [("shop".to_owned(), 5000)]);
    let apache = "ProxyPass \"/\" \"http://shop:5000/\" upgrade=websocket\n";
    assert_eq!(upstreams(apache), [("shop".to_owned(), 5000)]);
    let texts = Texts {
        description: "archgen: v1\ncomponents: { shop: { kind: service, image: \"a/b:1\", port: 5000 } }\n"
            .to_owned(),
        ..Texts::default()
    };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let resolved = compile::resolve(&project, model::ONLY_ENVIRONMENT, &mut out).expect("it resolves");
    let beside = ["shop".to_owned()];
    let check = |host: &str, port| wrong(host, port, &beside, &resolved.model, &[8080]);
    assert_eq!(check("shop", 5000), None);
    assert!(check("shop", 5001).is_some());
    assert!(check("shpo", 5000).is_some());
    assert_eq!(check("localhost", 8080), None);
    assert!(check("localhost", 5000).is_some());
}
