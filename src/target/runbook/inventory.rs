//! Who is there: components, ports, rules, certificates, secrets, variables.

use crate::catalog::{Hosting, TargetName, Trait};
use crate::model::derive::{SecretUse, Source};
use crate::model::{Built, ComponentId, End, RefRoot, SecretId};

use super::edges;
use super::markdown::{code, heading, indent, line, prose, table};
use super::page::{Page, named};
use super::words::{Seat, references};
use crate::target::compose::stack_needs;
use crate::target::secrets::{changed_after, is_given};
use crate::target::terraform;

/// The table of components, then what the author wrote about each.
pub(super) fn components(page: &Page) -> String {
    let (model, catalog) = (page.model(), page.input.catalog);
    let language = &model.system().language;
    let mut rows = Vec::new();
    for (id, component) in model.components() {
        let kind = catalog.kind(component.kind);
        let form = catalog.form(component.form);
        let place = component.place.map(|place| page.name(End::Zone(place)));
        let groups = component.groups.iter().map(|group| page.name(End::Zone(*group)));
        let mut places: Vec<String> = place.into_iter().chain(groups).collect();
        places.dedup();
        let copies = page.input.facts.copies(id).len();
        let count = match component.replicas {
            replicas if replicas.max > replicas.min && copies > 0 && page.input.facts.scales(id) => {
                format!("{}–{}", replicas.min.max(1), replicas.max)
            }
            _ => copies.max(1).to_string(),
        };
        let built = match &component.built {
            Built::By(TargetName::Diagram) => page.say("built.drawn"),
            Built::By(TargetName::Terraform) if !page.is_made(id) => page.say("built.later"),
            Built::By(target) => code(target.name()),
            Built::Shared(environment) => {
                page.say_with("built.shared", &[("environment", &code(environment))])
            }
            Built::Exists => page.say("built.exists"),
            Built::Nowhere => page.say("built.nowhere"),
        };
        let is_actor = kind.has(Trait::Actor);
        rows.push(vec![
            named(&component.title, &component.id),
            line(kind.title.get(language)),
            if is_actor { String::new() } else { line(form.title.get(language)) },
            places.join(", "),
            if is_actor { String::new() } else { count },
            if is_actor { String::new() } else { built },
        ]);
    }
    let mut out = table(&page.head(&["component", "kind", "form", "where", "copies", "built"]), &rows);
    for (id, component) in model.components() {
        out.push_str(&described(
            page,
            &named(&component.title, &component.id),
            &component.id,
            &component.description,
            id,
        ));
    }
    for (_, zone) in model.zones() {
        let text = page.input.prose.get(&zone.id).map(String::as_str).unwrap_or_default();
        let text = format!("{}\n\n{}", prose(&zone.description, 3), prose(text, 3));
        if !text.trim().is_empty() {
            out.push_str(&format!("\n{}\n{}\n", heading(3, &named(&zone.title, &zone.id)), text.trim()));
        }
    }
    out
}

/// The description, the links and the long prose of a component; nothing when there are none.
fn described(page: &Page, name: &str, id: &str, description: &str, component: ComponentId) -> String {
    let long = page.input.prose.get(id).map(String::as_str).unwrap_or_default();
    let links = &page.component(component).links;
    let links: Vec<String> = links
        .iter()
        .map(|(title, address)| format!("- {}", super::facts::reference(page, title, address)))
        .collect();
    let text = format!("{}\n\n{}\n\n{}", prose(description, 3), links.join("\n"), prose(long, 3));
    if text.trim().is_empty() {
        return String::new();
    }
    format!("\n{}\n{}\n", heading(3, name), text.trim())
}

/// The table of ports.
pub(super) fn ports(page: &Page) -> String {
    let mut rows = Vec::new();
    for row in &page.input.facts.ports {
        let component = page.component(row.component);
        if page.input.catalog.kind(component.kind).has(Trait::Transparent) {
            continue;
        }
        let clients: Vec<String> = row.clients.iter().map(|end| code(page.model().end_id(*end))).collect();
        let published = page.input.facts.published(row.component).find(|p| p.port == row.port);
        let host_port = match (row.host_port, published) {
            (Some(Some(port)), Some(published)) if published.loopback => format!("127.0.0.1:{port}"),
            (Some(Some(port)), _) => port.to_string(),
            (Some(None), _) => page.say("ports.any"),
            (None, _) => String::new(),
        };
        rows.push(vec![
            code(&component.id),
            format!("{}/{}", row.port, row.transport.name()),
            line(&row.protocol),
            host_port,
            clients.join(", "),
        ]);
    }
    table(&page.head(&["component", "port", "protocol", "host_port", "clients"]), &rows)
}

/// Firewall rules in words, where Terraform makes them.
pub(super) fn rules(page: &Page) -> String {
    if !page.has_terraform() || page.input.facts.rules.is_empty() {
        return String::new();
    }
    let model = page.model();
    let rows: Vec<Vec<String>> = page
        .input
        .facts
        .rules
        .iter()
        .map(|rule| {
            let from = match &rule.from {
                Source::Internet => page.say("rules.internet"),
                Source::Range(range) => self::range(page, range),
                Source::Edge(edge) => {
                    page.say_with("rules.edge", &[("name", &code(&page.component(*edge).id))])
                }
                Source::Inside(end) if *end == rule.to => page.say("rules.itself"),
                Source::Inside(end) => code(model.end_id(*end)),
            };
            let port = format!("{}/{}", rule.port, rule.transport.name());
            vec![from, code(model.end_id(rule.to)), port, line(&rule.protocol)]
        })
        .collect();
    format!(
        "{}\n\n{}{}",
        page.say("rules.intro"),
        table(&page.head(&["from", "to", "port", "protocol"]), &rows),
        edges::origins(page)
    )
}

/// A range of addresses; one that a variable gives is its name and, where it has one, its value.
fn range(page: &Page, range: &str) -> String {
    let named = range.strip_prefix("${var.").and_then(|rest| rest.strip_suffix('}'));
    let var = named.and_then(|id| page.model().vars().map(|(_, var)| var).find(|var| var.id == id));
    match var.map(|var| (code(&var.id), var.value.as_deref())) {
        Some((name, Some(value))) => format!("{name} ({})", code(value)),
        Some((name, None)) => name,
        None => code(range),
    }
}

/// Secrets, where each is set, who needs it, when it is changed.
pub(super) fn secrets(page: &Page) -> String {
    let mut rows = Vec::new();
    for used in &page.input.facts.secrets {
        let secret = page.model().secret(used.secret);
        let users: Vec<String> = used.users.iter().map(|id| code(&page.component(*id).id)).collect();
        let kept = secret.owner.is_some_and(|owner| page.is_made(owner))
            && !is_given(page.model(), page.input.catalog, used.secret);
        let rotation = match (kept, secret.rotate) {
            // It changes by itself, so nobody has to.
            (true, _) => {
                let time = duration(page, changed_after(secret) * 86_400);
                Some(page.say_with("secrets.by-itself", &[("time", &time)]))
            }
            (false, Some(seconds)) => {
                Some(page.say_with("secrets.every", &[("time", &duration(page, seconds))]))
            }
            (false, None) => None,
        };
        rows.push(vec![
            code(&secret.id),
            line(&secret.title),
            places(page, used.secret, &used.users).join("<br>"),
            users.join(", "),
            rotation.unwrap_or_default(),
        ]);
    }
    let others = page.model().secrets().filter(|(id, secret)| {
        secret.from.is_some() && !page.input.facts.secrets.iter().any(|used| used.secret == *id)
    });
    for (id, secret) in others {
        rows.push(vec![code(&secret.id), line(&secret.title), places(page, id, &[]).join("<br>")]);
    }
    if rows.is_empty() {
        return String::new();
    }
    let table = table(&page.head(&["name", "purpose", "set", "users", "rotation"]), &rows);
    let asked = page.input.facts.secrets.iter().any(|used| page.is_asked(used.secret, &used.users));
    let change = if asked { format!("\n{}\n", page.say("secrets.change")) } else { String::new() };
    format!("{}\n\n{table}{change}", page.say("secrets.intro"))
}

/// Where a secret is set.
fn places(page: &Page, id: SecretId, users: &[ComponentId]) -> Vec<String> {
    let secret = page.model().secret(id);
    let name = secret.name.clone().unwrap_or_else(|| secret.id.clone());
    let mut out = Vec::new();
    // What Terraform writes has the name that Terraform gives it; what a provider makes lies where that provider says.
    let made = secret.owner.is_some_and(|owner| page.is_made(owner))
        && !is_given(page.model(), page.input.catalog, id);
    let name = match page.is_asked(id, users) {
        true => terraform::secret_path(page.input, id).unwrap_or(name),
        false => name,
    };
    if let Some(from) = secret.from.as_ref().filter(|_| !made) {
        let key = if from == "ci" { "secrets.ci" } else { "secrets.from" };
        out.push(page.say_with(key, &[("place", &code(from)), ("name", &code(&name))]));
    }
    for host in page.compose_hosts() {
        // Machines that start by themselves ask the provider's store at each start and read no file.
        if page.own_start(host).is_some() {
            continue;
        }
        if users.iter().any(|user| page.is_service(host, *user)) {
            let file = format!("{}/.env", page.compose_place(host).0);
            out.push(
                page.say_with(
                    "secrets.env",
                    &[("variable", &code(&secret.variable())), ("file", &code(&file))],
                ),
            );
        }
    }
    for host in page.swarms() {
        if users.iter().any(|user| host.components.contains(user)) {
            let needs = stack_needs(page.input, host);
            if let Some((_, name)) = needs.secrets.iter().find(|(key, _)| *key == secret.id) {
                out.push(page.say_with("secrets.swarm", &[("name", &code(name))]));
            }
            if needs.variables.contains(&secret.variable()) {
                let file = format!("{}/.env", page.folder(&needs.folder));
                let values = [("variable", &code(&secret.variable())), ("file", &code(&file))];
                let values = values.map(|(key, value)| (key, value.as_str()));
                out.push(page.say_with("secrets.env", &values));
            }
        }
    }
    for host in page.clusters() {
        if users.iter().any(|user| host.components.contains(user)) {
            out.push(page.say_with("secrets.cluster", &[("name", &code(&secret.id.replace('_', "-")))]));
        }
    }
    if page.is_asked(id, users) || users.iter().any(|user| page.is_run(*user)) {
        let variable = format!("TF_VAR_{}", secret.id.replace('-', "_"));
        let key = if page.is_asked(id, users) { "secrets.terraform" } else { "secrets.provider" };
        out.push(page.say_with(key, &[("variable", &code(&variable))]));
    }
    for user in users {
        if page.is_made(*user) && page.is_by_hand(*user) {
            out.push(page.say_with("secrets.by-hand", &[("name", &code(&page.component(*user).id))]));
        }
        if let Built::Shared(environment) = &page.component(*user).built {
            let text = page.say_with("secrets.shared", &[("environment", &code(environment))]);
            if secret.owner == Some(*user) && !out.contains(&text) {
                out.push(text);
            }
        }
    }
    out
}

/// Variables and their values.
pub(super) fn variables(page: &Page) -> String {
    let model = page.model();
    let mut rows = Vec::new();
    for (_, var) in model.vars() {
        let value = var.value.as_deref().map_or_else(|| page.say("vars.ask"), code);
        let mut places = Vec::new();
        if var.value.is_none() && !page.compose_hosts().is_empty() {
            places.push(code(&format!("{}=", var.variable())));
        }
        if page.has_terraform() {
            places.push(code(&format!("TF_VAR_{}", var.id.replace('-', "_"))));
        }
        rows.push(vec![code(&var.id), line(&var.doc), value, places.join("<br>")]);
    }
    table(&page.head(&["name", "purpose", "value", "set"]), &rows)
}

/// Certificates: what they prove, where TLS ends, how they are renewed.
pub(super) fn certificates(page: &Page) -> String {
    let (model, catalog) = (page.model(), page.input.catalog);
    let mut out = String::new();
    for (id, component) in model.components() {
        if !catalog.kind(component.kind).has(Trait::Certificate) {
            continue;
        }
        let names = component.certificate.as_ref().map(|c| c.names.clone()).unwrap_or_default();
        let ends: Vec<String> = model
            .components()
            .filter(|(_, c)| c.tls.as_ref().is_some_and(|tls| tls.certificate == id))
            .map(|(id, _)| page.name(End::Component(id)))
            .collect();
        let form = line(catalog.form(component.form).title.get(&model.system().language));
        let all: Vec<String> = names.iter().map(|name| code(name)).collect();
        let ends = if ends.is_empty() { page.say("tls.nowhere") } else { ends.join(", ") };
        let values = [
            ("names", all.join(", ")),
            ("form", form),
            ("ends", ends),
            ("name", named(&component.title, &component.id)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
        out.push_str(&format!("- {}\n", page.say_with("tls.where", &values)));
        // Nobody but its owner renews a certificate that its owner issued.
        let is = |key: &str, value: &str| component.setting_text(key).as_deref() == Some(value);
        let manual = is("renew", "manual") || is("issuer", "own");
        // Files that lie on a machine are renewed by what put them there, if that stays.
        let used = catalog.kind(component.kind).form(component.form);
        let kept = used.is_some_and(|used| used.data.get("folder").is_some());
        let alone = page.hosting(id) == Hosting::Host && !kept;
        let renewed = match (manual, alone) {
            (true, _) => "tls.manual",
            (false, true) => "tls.alone",
            (false, false) => "tls.auto",
        };
        out.push_str(&format!("- {}\n", page.say(renewed)));
        if manual {
            for key in ["tls.step_request", "tls.step_files", "tls.step_reload", "tls.step_check"] {
                out.push_str(&format!("  1. {}\n", page.say(key)));
            }
        }
        if let Some(name) = names.iter().find(|name| !name.starts_with('*')) {
            let check = format!(
                "openssl s_client -connect {name}:443 -servername {name} </dev/null 2>/dev/null | openssl x509 -noout -subject -enddate"
            );
            let shell = page.shell(&page.say("tls.check"), &[check]);
            out.push_str(&format!("\n{}\n\n", indent(shell.trim_end(), 2)));
        }
        out.push_str(&installed(page, id));
    }
    if out.is_empty()
        && model
            .components()
            .any(|(_, c)| !c.ports.is_empty() && matches!(c.built, Built::By(t) if t != TargetName::Diagram))
    {
        return page.say("tls.none");
    }
    out
}

/// How to see and renew a certificate on the machine that keeps it.
fn installed(page: &Page, id: ComponentId) -> String {
    let installs = page.input.facts.installs.iter();
    let mut out = String::new();
    for install in installs.filter(|install| install.known && install.software.contains(&id)) {
        let commands: Vec<String> =
            ["check", "restart"].iter().filter_map(|key| page.command(id, key, Seat::Machine)).collect();
        let machine = page.machine(install.zone).title;
        let shell = page.shell(&page.say_with("tls.on_machine", &[("machine", &machine)]), &commands);
        if !shell.is_empty() {
            out.push_str(&format!("{}\n\n", indent(shell.trim_end(), 2)));
        }
    }
    out
}

/// Seconds in the largest unit that fits.
pub(super) fn duration(page: &Page, seconds: u64) -> String {
    let units = [(86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds")];
    // One of a unit is said in the next smaller one, so that the plural fits.
    let fits = |(unit, _): &(u64, &str)| seconds.is_multiple_of(*unit) && seconds / unit > 1;
    let (unit, key) = units.into_iter().find(fits).unwrap_or((1, "seconds"));
    format!("{} {}", seconds / unit, page.say(&format!("unit.{key}")))
}

/// Whether a host's containers need values from a `.env` file.
pub(super) fn needs_values(page: &Page, components: &[ComponentId]) -> bool {
    let asked = |root: &RefRoot| matches!(root, RefRoot::Var(var) if page.model().var(*var).value.is_none());
    let of = |id: &ComponentId| references(page.input, *id).into_iter().map(|(root, _)| root);
    // What exists elsewhere may be named by a variable of the author.
    let elsewhere = |id: &ComponentId| {
        !components.contains(id)
            && (!matches!(page.component(*id).built, Built::Exists) || of(id).any(|root| asked(&root)))
    };
    let secret = |used: &SecretUse| used.users.iter().any(|user| components.contains(user));
    page.input.facts.secrets.iter().any(secret)
        || components
            .iter()
            .flat_map(of)
            .any(|root| asked(&root) || matches!(&root, RefRoot::Component(id) if elsewhere(id)))
}
