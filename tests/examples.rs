//! The seven examples resolve in every environment without an error.

use archgen::compile::{self, Texts};
use archgen::diag::{Diagnostics, Severity, print};
use archgen::model;

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

#[test]
fn examples_resolve_in_every_environment() {
    for name in EXAMPLES {
        let mut out = Diagnostics::default();
        let project = compile::read(&read(name), &mut out);
        if let Some(document) = &project.document {
            for environment in model::environments(document) {
                let resolved = compile::resolve(&project, &environment, &mut out);
                if std::env::var_os("ARCHGEN_SHOW").is_some()
                    && let Some(resolved) = resolved
                {
                    show(&environment, &resolved, &project);
                }
            }
        }
        let problems = out.count(Severity::Error) + out.count(Severity::Warning);
        assert_eq!(problems, 0, "{name}:\n{}", print::human(&out, &project.sources, false));
    }
}

/// Prints a model in short, to look at: `ARCHGEN_SHOW=1 cargo test --test examples -- --nocapture`.
fn show(environment: &str, resolved: &compile::Resolved, project: &compile::Project) {
    let (model, facts) = (&resolved.model, &resolved.facts);
    println!("== {} / {environment}: {:?}", model.system().id, model.environment().targets);
    for (_, zone) in model.zones() {
        let parent = zone.parent.map(|p| model.zone(p).id.clone());
        println!("  zone {} in {parent:?} {:?}", zone.id, zone.built);
    }
    for (id, c) in model.components() {
        let place = c.place.map(|p| model.zone(p).id.clone()).unwrap_or_default();
        let ports: Vec<u16> = c.ports.iter().map(|p| p.number).collect();
        let form = &project.catalog.form(c.form).name;
        println!(
            "  {} = {form} in {place} {:?} ports {ports:?} copies {}",
            c.id,
            c.built,
            facts.copies(id).len()
        );
    }
    for (_, c) in model.connections() {
        let legs: Vec<String> = c.legs.iter().map(|l| format!("{}/{:?}", l.protocol, l.port)).collect();
        println!("  {} -> {} {legs:?} {:?}", model.end_id(c.from), model.end_id(c.to), c.origin);
    }
    for rule in &facts.rules {
        println!("  rule {} <- {:?} {}", model.end_id(rule.to), rule.from, rule.port);
    }
    for host in &facts.machines {
        for network in &host.networks {
            let members: Vec<&str> =
                network.members.iter().map(|m| model.component(*m).id.as_str()).collect();
            println!("  network {} internal={} {members:?}", network.name, network.internal);
        }
        for p in &host.published {
            println!(
                "  publish {} {} -> {:?} loopback={}",
                model.component(p.component).id,
                p.port,
                p.host_port,
                p.loopback
            );
        }
    }
    for loss in model.losses() {
        println!("  loss {}: {} ({})", loss.element, loss.what, loss.why);
    }
}
