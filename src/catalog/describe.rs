//! The catalog as text for the terminal: tables of kinds and forms, one kind in full, who builds what.

use std::collections::BTreeMap;

use super::{Catalog, Form, Hosting, Kind, Origin, PortSpec, TargetName, Trait, Transport};
use crate::diag::suggest::nearest;
use crate::document::schema::{self, KindSettings};
use crate::document::shape::field;
use crate::document::tree::{Data, Node};

/// All kinds, one a line: name, category, main port, forms and where the file is from.
pub fn kinds(catalog: &Catalog) -> String {
    let mut rows = vec![["KIND", "CATEGORY", "PORT", "FORMS", "FROM"].map(str::to_owned).to_vec()];
    for zone in [true, false] {
        for kind in catalog.kinds().iter().filter(|kind| kind.has(Trait::Zone) == zone) {
            rows.push(vec![
                kind.name.clone(),
                if zone { "zone".to_owned() } else { kind.category.clone() },
                kind.ports.first().and_then(|port| port.number).map_or("-".to_owned(), |n| n.to_string()),
                form_names(catalog, kind).join(" "),
                from(&kind.origin).to_owned(),
            ]);
        }
    }
    table(&rows)
}

/// What is said instead of a page about something that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPage {
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

/// One kind in full.
///
/// # Errors
/// When no kind has that name: what was probably meant.
pub fn kind(catalog: &Catalog, name: &str) -> Result<String, NoPage> {
    let Some(kind) = catalog.find_kind(name).map(|id| catalog.kind(id)) else {
        if let Some(form) = catalog.find_form(name) {
            let form = &catalog.form(form).name;
            return Err(NoPage {
                problem: format!("`{form}` is a form, not a kind"),
                remedy: format!("`archgen forms {form}` shows it, with the kinds that have it"),
            });
        }
        let mut hints = catalog.instead_of_kind(name, None);
        hints.push("`archgen kinds` lists all".to_owned());
        return Err(NoPage { problem: format!("there is no kind `{name}`"), remedy: hints.join("; ") });
    };
    let mut out = format!("{}: {}\n{}\n", kind.name, kind.title.get("en"), kind.doc);
    if kind.ports.len() + kind.peer_ports.len() > 0 {
        let peers = kind.peer_ports.iter().map(|port| port_row(port, "among its own members"));
        let rows: Vec<_> = kind.ports.iter().map(|port| port_row(port, "")).chain(peers).collect();
        section(&mut out, "Ports", &table(&rows));
    }
    section(&mut out, "Forms (`as`), the first that fits is the default", &form_table(catalog, kind));
    if !kind.settings.is_empty() {
        let rows: Vec<_> = kind
            .settings
            .iter()
            .map(|setting| {
                let default = setting.default.as_ref().map_or("-".to_owned(), inline);
                vec![setting.name.clone(), setting.type_name.clone(), default, setting.doc.clone()]
            })
            .collect();
        section(&mut out, "Settings of its own (name, type, default)", &table(&rows));
    }
    let attributes = attributes(catalog, kind);
    if !attributes.is_empty() {
        let names: Vec<String> = attributes.iter().map(|name| format!("${{id.{name}}}")).collect();
        section(&mut out, "Attributes", &format!("{}\n", names.join(" ")));
    }
    let rows: Vec<_> = metrics(catalog, kind);
    if !rows.is_empty() {
        section(&mut out, "Metrics of alarms (form, words)", &table(&rows));
    }
    if let Some(image) = kind.container.as_ref().and_then(|c| c.get("image")).and_then(Node::as_str) {
        section(&mut out, "Image", &format!("{image}\n"));
    }
    let traits: Vec<_> =
        Trait::ALL.iter().filter(|(_, found)| kind.has(*found)).map(|(word, _)| *word).collect();
    section(
        &mut out,
        "Traits",
        &format!("{}\n", if traits.is_empty() { "-".into() } else { traits.join(" ") }),
    );
    section(&mut out, "From", &format!("{}\n", from(&kind.origin)));
    Ok(out)
}

/// All forms, one a line: name, title, targets, kinds that may take it and where the file is from.
pub fn forms(catalog: &Catalog) -> String {
    let mut rows = vec![["FORM", "TITLE", "BUILT BY", "KINDS", "FROM"].map(str::to_owned).to_vec()];
    for (at, form) in catalog.forms().iter().enumerate() {
        let takers: Vec<_> = catalog
            .kinds()
            .iter()
            .filter(|kind| kind.forms.iter().any(|used| used.form.0 as usize == at))
            .map(|kind| kind.name.as_str())
            .collect();
        let takers = match takers.len() {
            0 => "-".to_owned(),
            n if n > 6 => format!("{} and {} more", takers[..5].join(" "), n - 5),
            _ => takers.join(" "),
        };
        rows.push(vec![
            form.name.clone(),
            form.title.get("en").to_owned(),
            built_by(form),
            takers,
            from(&form.origin).to_owned(),
        ]);
    }
    table(&rows)
}

/// One form in full.
///
/// # Errors
/// When no form has that name: what was probably meant.
pub fn form(catalog: &Catalog, name: &str) -> Result<String, NoPage> {
    let Some(id) = catalog.find_form(name) else {
        if catalog.find_kind(name).is_some() {
            return Err(NoPage {
                problem: format!("`{name}` is a kind, not a form"),
                remedy: format!("`archgen kinds {name}` shows it, with the forms that it has"),
            });
        }
        let names = catalog.forms().iter().map(|form| form.name.as_str());
        let end = |form: &&Form| form.name.rsplit('.').next() == Some(name);
        let meant = catalog.forms().iter().find(end).map(|form| form.name.as_str());
        let near = meant.or_else(|| nearest(name, names));
        let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        return Err(NoPage {
            problem: format!("there is no form `{name}`"),
            remedy: format!("{near}`archgen forms` lists all"),
        });
    };
    let form = catalog.form(id);
    let mut out = format!("{}: {}\n{}\n", form.name, form.title.get("en"), form.doc);
    section(&mut out, "Built by", &format!("{}\n", built_by(form)));
    let takers: Vec<_> = catalog
        .kinds()
        .iter()
        .filter(|kind| kind.form(id).is_some())
        .map(|kind| vec![kind.name.clone(), kind.title.get("en").to_owned()])
        .collect();
    section(&mut out, "Kinds that it is a form of (`as`)", &table(&takers));
    if !form.stands_in.is_empty() {
        section(&mut out, "Stands in", &format!("{}\n", form.stands_in.join(" ")));
    }
    let rows: Vec<_> = form
        .attributes
        .iter()
        .filter(|(_, given)| !given.is_empty())
        .map(|(target, given)| {
            let names: Vec<String> = given.keys().map(|name| format!("${{id.{name}}}")).collect();
            vec![target.name().to_owned(), names.join(" ")]
        })
        .collect();
    if !rows.is_empty() {
        section(&mut out, "Attributes (target, references)", &table(&rows));
    }
    if !form.metrics.is_empty() {
        let words: Vec<&str> = form.metrics.iter().map(|metric| metric.word.as_str()).collect();
        section(&mut out, "Metrics of alarms", &format!("{}\n", words.join(" ")));
    }
    section(&mut out, "From", &format!("{}\n", from(&form.origin)));
    Ok(out)
}

/// Which target builds which kind, by which form: a table for the terminal or for Markdown. A form that
/// a target will build but does not yet is in parentheses.
pub fn matrix(catalog: &Catalog, markdown: bool) -> String {
    let targets: Vec<TargetName> =
        TargetName::ALL.into_iter().filter(|target| *target != TargetName::Diagram).collect();
    let mut rows = vec![vec!["kind".to_owned()]];
    rows[0].extend(targets.iter().map(|target| target.name().to_owned()));
    for kind in catalog.kinds() {
        let mut row = vec![kind.name.clone()];
        for target in &targets {
            let names: Vec<String> = kind
                .forms
                .iter()
                .map(|used| catalog.form(used.form))
                .filter(|form| form.targets.contains(target))
                .map(
                    |form| {
                        if is_ready(form, *target) { form.name.clone() } else { format!("({})", form.name) }
                    },
                )
                .collect();
            row.push(if names.is_empty() { "-".to_owned() } else { names.join(", ") });
        }
        rows.push(row);
    }
    if !markdown {
        return table(&rows) + "\n(x): the form is known and drawn; its Terraform is not written yet.\n";
    }
    let widths = widths(&rows);
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let pad = |row: &Vec<String>| row.iter().zip(&widths).map(|(cell, width)| padded(cell, *width)).collect();
    let mut out = line(pad(&rows[0]));
    out.push_str(&line(widths.iter().map(|width| "-".repeat(*width)).collect()));
    rows[1..].iter().for_each(|row| out.push_str(&line(pad(row))));
    out
}

/// Whether a target can build a form today: for Terraform there must be a body, or somebody else's machine.
fn is_ready(form: &Form, target: TargetName) -> bool {
    target != TargetName::Terraform || form.terraform.is_some() || form.hosting == Hosting::Host
}

fn form_names<'a>(catalog: &'a Catalog, kind: &Kind) -> Vec<&'a str> {
    kind.forms.iter().map(|used| catalog.form(used.form).name.as_str()).collect()
}

fn form_table(catalog: &Catalog, kind: &Kind) -> String {
    let rows: Vec<_> = kind
        .forms
        .iter()
        .map(|used| {
            let form = catalog.form(used.form);
            let other = used.ports.first().filter(|port| Some(*port) != kind.ports.first());
            let port = other.and_then(|port| port.number).map_or(String::new(), |n| format!(" (port {n})"));
            vec![form.name.clone(), format!("{}{port}", form.title.get("en")), built_by(form)]
        })
        .collect();
    table(&rows)
}

/// The words that an alarm may use, by form.
fn metrics(catalog: &Catalog, kind: &Kind) -> Vec<Vec<String>> {
    let forms = kind.forms.iter().map(|used| catalog.form(used.form));
    forms
        .filter(|form| !form.metrics.is_empty())
        .map(|form| {
            let words: Vec<&str> = form.metrics.iter().map(|metric| metric.word.as_str()).collect();
            vec![form.name.clone(), words.join(" ")]
        })
        .collect()
}

/// The attributes that some form of the kind has.
fn attributes<'a>(catalog: &'a Catalog, kind: &'a Kind) -> Vec<&'a str> {
    let mut names: BTreeMap<&str, ()> = BTreeMap::new();
    if !kind.ports.is_empty() {
        names.insert("port", ());
    }
    for used in &kind.forms {
        let form = catalog.form(used.form);
        let fixed = form.attributes.values().flat_map(BTreeMap::keys);
        names.extend(fixed.chain(used.attributes.keys()).map(|name| (name.as_str(), ())));
        names.extend(used.secrets.iter().map(|name| (name.as_str(), ())));
    }
    for setting in kind.settings.iter().filter(|setting| matches!(setting.name.as_str(), "user" | "database"))
    {
        names.insert(&setting.name, ());
    }
    names.into_keys().collect()
}

fn built_by(form: &Form) -> String {
    match form.targets.as_slice() {
        [] => "nobody: it exists".to_owned(),
        targets => targets.iter().map(|target| target.name()).collect::<Vec<_>>().join(" "),
    }
}

fn port_row(port: &PortSpec, note: &str) -> Vec<String> {
    let number = port.number.map_or("yours".to_owned(), |number| number.to_string());
    let transport = match port.transport {
        Transport::Tcp => String::new(),
        other => format!("/{}", other.name()),
    };
    vec![port.name.clone(), format!("{number}{transport}"), port.protocol.clone(), note.to_owned()]
}

fn from(origin: &Origin) -> &str {
    match origin {
        Origin::BuiltIn => "built in",
        Origin::Project(path) => path,
    }
}

/// A default on one line, as one would write it.
fn inline(node: &Node) -> String {
    match &node.data {
        Data::Null => "null".to_owned(),
        Data::Scalar(scalar) => scalar.text.clone(),
        Data::List(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Data::Map(map) => {
            let pairs: Vec<_> =
                map.entries.iter().map(|e| format!("{}: {}", e.key.value, inline(&e.value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

fn section(out: &mut String, head: &str, body: &str) {
    out.push_str(&format!("\n{head}\n"));
    for line in body.lines() {
        out.push_str(&format!("  {line}\n"));
    }
}

/// Rows with their columns under each other, two spaces apart; nothing is padded at a line's end.
fn table(rows: &[Vec<String>]) -> String {
    let widths = widths(rows);
    let mut out = String::new();
    for row in rows {
        let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| padded(cell, *width)).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    (0..columns).map(|at| width(at).unwrap_or(0)).collect()
}

fn padded(cell: &str, width: usize) -> String {
    let missing = width.saturating_sub(cell.chars().count());
    format!("{cell}{}", " ".repeat(missing))
}

/// The JSON Schema of descriptions with all kinds of a catalog, as text.
pub fn schema(catalog: &Catalog) -> String {
    let kinds: Vec<KindSettings> = catalog
        .kinds()
        .iter()
        .map(|kind| KindSettings {
            kind: kind.name.clone(),
            title: kind.title.get("en").to_owned(),
            zone: kind.has(Trait::Zone),
            forms: kind.forms.iter().map(|used| catalog.form(used.form).name.clone()).collect(),
            settings: kind
                .settings
                .iter()
                .map(|spec| {
                    let field = field(spec.name.clone(), spec.shape.clone(), spec.doc.clone());
                    match spec.default.as_ref().and_then(|node| node.as_str()) {
                        Some(default) => field.default(default),
                        None => field,
                    }
                })
                .collect(),
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&schema::schema(&kinds)).unwrap_or_default();
    text.push('\n');
    text
}
