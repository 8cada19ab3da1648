//! Terraform of the examples: it generates without a diagnostic, keeps its own format, and names only what is there.

use std::collections::BTreeMap;
use std::fs;

use archgen::artifact::Content;
use archgen::compile::{self, Texts};
use archgen::diag::{Diagnostics, print};
use archgen::model;
use archgen::target::runbook::Runbook;
use archgen::target::terraform::{Terraform, hcl};
use archgen::target::{Input, Output, Target};

const EXAMPLES: [&str; 7] = [
    "bookstore",
    "bookstore-microservices",
    "craftech-ha",
    "ecs-mongo",
    "kubernetes-shop",
    "shop",
    "three-tier",
];

/// Output of every environment of an example that has some, by environment.
fn generate(name: &str) -> BTreeMap<String, Output> {
    generate_from(name, read(name))
}

fn read(name: &str) -> String {
    let path = format!("{}/examples/{name}/archgen.yaml", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("the example exists")
}

fn generate_from(name: &str, description: String) -> BTreeMap<String, Output> {
    let mut made = BTreeMap::new();
    for (environment, output, found) in outputs_of(&Terraform, name, description) {
        assert!(output.diagnostics.is_empty(), "{name}/{environment}: {found}");
        if !output.artifacts.is_empty() {
            made.insert(environment, output);
        }
    }
    made
}

/// What a target gives for each environment, with its findings as text.
fn outputs_of(target: &dyn Target, name: &str, description: String) -> Vec<(String, Output, String)> {
    let texts = Texts { name: name.to_owned(), description, ..Texts::default() };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let document = project.document.as_ref().expect("the example is read");
    let mut made = Vec::new();
    for environment in model::environments(document) {
        let resolved = compile::resolve(&project, &environment, &mut out);
        let resolved = resolved.unwrap_or_else(|| panic!("{}", print::human(&out, &project.sources, false)));
        let input = Input {
            model: &resolved.model,
            facts: &resolved.facts,
            catalog: &project.catalog,
            messages: &project.messages,
            templates: &BTreeMap::new(),
            prose: &BTreeMap::new(),
            to_description: "../..",
            output_dir: "generated",
            picture_format: None,
        };
        let output = target.generate(&input);
        let found = print::human(&output.diagnostics, &project.sources, false);
        made.push((environment, output, found));
    }
    made
}

fn files(output: &Output) -> Vec<(&str, &str)> {
    output
        .artifacts
        .iter()
        .map(|artifact| match &artifact.content {
            Content::Text { body, .. } => (artifact.path.as_str(), body.as_str()),
            Content::Bytes(_) => panic!("{} is no text", artifact.path),
        })
        .collect()
}

#[test]
fn examples_give_terraform_in_its_own_format() {
    let target = std::env::var_os("ARCHGEN_TERRAFORM_OUT");
    for name in EXAMPLES {
        for (environment, output) in generate(name) {
            for (path, text) in files(&output) {
                if let Some(target) = &target {
                    let file = std::path::Path::new(target).join(name).join(path);
                    fs::create_dir_all(file.parent().unwrap()).unwrap();
                    fs::write(file, text).unwrap();
                }
                let again = hcl::format(text).unwrap_or_else(|e| panic!("{name}/{path}: {e:?}\n{text}"));
                assert_eq!(again, text, "{name}/{path} is not in its own format");
            }
            if target.is_some() {
                for loss in &output.losses {
                    println!("{name}/{environment}: {}: {} ({})", loss.element, loss.what, loss.why);
                }
            }
            for loss in &output.losses {
                assert!(!loss.what.starts_with("terraform."), "{loss:?}");
            }
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for name in ["ecs-mongo", "three-tier"] {
        let (first, second) = (generate(name), generate(name));
        for (environment, output) in &first {
            assert_eq!(files(output), files(&second[environment]), "{name}/{environment}");
        }
    }
}

/// A description with one made-up component, and the project's own files.
fn with_own_form(terraform: &str) -> (Option<Output>, String) {
    with_own_form_and(terraform, "")
}

/// The same with more in the description.
fn with_own_form_and(terraform: &str, more: &str) -> (Option<Output>, String) {
    let kind = "kind: box\ntitle: Box\ndoc: A thing.\ncategory: compute\nicon: service\nrole: compute\nports: { main: http/8080 }\nforms: [acme.box]\nsettings:\n  size: { type: int, default: 3, doc: How big }\n";
    let form = format!(
        "form: acme.box\ntitle: Acme Box\ndoc: A box of ours.\nprovider: aws\ntargets: [terraform]\nstands_in: [tier]\nattributes:\n  terraform: {{ host: \"${{aws_instance.{{{{ name }}}}.private_ip}}\" }}\nterraform: |\n{}",
        terraform.lines().map(|line| format!("  {line}\n")).collect::<String>()
    );
    let description = "archgen: v1\nsystem: { id: own }\nzones:\n  aws: { kind: cloud, provider: aws }\n  vpc: { kind: vpc, in: aws }\n  app: { kind: subnet, in: vpc, access: private }\ncomponents:\n  one: { kind: box, in: app, size: 5 }\n  users: { kind: actor }\nconnections:\n  users -> one: http\nenvironments:\n  prod: { target: terraform }\n";
    let description = format!("{description}{more}");
    let templates = BTreeMap::from([
        ("kinds/box.yaml".to_owned(), kind.to_owned()),
        ("forms/acme.box.yaml".to_owned(), form),
    ]);
    let texts = Texts { name: "own".into(), description, templates, ..Texts::default() };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let resolved = compile::resolve(&project, "prod", &mut out);
    let text = print::human(&out, &project.sources, false);
    let resolved = resolved.unwrap_or_else(|| panic!("{text}"));
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
    let output = Terraform.generate(&input);
    let text = print::human(&output.diagnostics, &project.sources, false);
    (Some(output), text)
}

#[test]
fn a_form_of_the_project_needs_no_rust() {
    let (output, text) = with_own_form(
        "resource \"aws_instance\" \"{{ name }}\" {\n  tags = { Size = {{ size | hcl }} }\n  vpc_security_group_ids = [{{ security_group }}]\n}",
    );
    assert_eq!(text.trim(), "");
    let output = output.unwrap();
    let files: BTreeMap<&str, &str> = files(&output).into_iter().collect();
    assert_eq!(
        files["prod/terraform/one.tf"],
        "resource \"aws_instance\" \"one\" {\n  tags                   = { Size = 5 }\n  vpc_security_group_ids = [aws_security_group.one.id]\n}\n"
    );
    assert!(files["prod/terraform/security.tf"].contains("\"one_from_internet_8080\""));
}

#[test]
fn a_broken_template_is_named_with_its_line() {
    let (_, text) = with_own_form("resource \"aws_instance\" \"{{ name }}\" {\n  x = {{ nothing }}\n}");
    assert!(text.contains("template of `acme.box`, line 2: ") && text.contains("nothing"), "{text}");
    let (_, text) = with_own_form("resource \"aws_instance\" \"{{ name }}\" {\n  x = [\n}");
    assert!(text.contains("template of `acme.box` gives no HCL"), "{text}");
}

#[test]
fn the_runbook_finds_its_outputs() {
    for name in EXAMPLES {
        for (environment, output) in generate(name) {
            let files: BTreeMap<&str, &str> = files(&output).into_iter().collect();
            let Some(outputs) = files.get(format!("{environment}/terraform/outputs.tf").as_str()) else {
                continue;
            };
            for wanted in wanted_outputs(name, &environment) {
                assert!(
                    outputs.contains(&format!("output \"{wanted}\" {{")),
                    "{name}/{environment}: {wanted} is missing"
                );
            }
        }
    }
}

/// Outputs that the commands of an environment's forms ask for.
fn wanted_outputs(name: &str, environment: &str) -> Vec<String> {
    let path = format!("{}/examples/{name}/archgen.yaml", env!("CARGO_MANIFEST_DIR"));
    let texts = Texts {
        name: name.into(),
        description: fs::read_to_string(path).expect("the example exists"),
        ..Texts::default()
    };
    let mut out = Diagnostics::default();
    let project = compile::read(&texts, &mut out);
    let resolved = compile::resolve(&project, environment, &mut out).expect("the example resolves");
    let built = model::Built::By(archgen::catalog::TargetName::Terraform);
    let components = resolved.model.components().map(|(_, c)| (c.name(), c.form, &c.built));
    let zones = resolved.model.zones().filter_map(|(_, z)| Some((z.name(), z.form?, &z.built)));
    let mut wanted = Vec::new();
    for (name, form, by) in components.chain(zones) {
        let form = project.catalog.form(form);
        if *by != built || form.terraform.is_none() {
            continue;
        }
        for command in form.runbook.values() {
            for part in command.split("output -raw {{ name }}_").skip(1) {
                let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
                wanted.push(format!("{name}_{}", &part[..end]));
            }
        }
    }
    wanted
}

/// Names behind `terraform output` in a text, with the options between.
fn named_outputs(text: &str) -> Vec<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(" output -raw ")
        .skip(1)
        .chain(text.split(" output -json ").skip(1))
        .map(|rest| rest.chars().take_while(|&c| word(c)).collect())
        .collect()
}

#[test]
fn every_output_that_a_runbook_names_is_defined() {
    let mut seen = 0;
    for name in EXAMPLES {
        let made = generate(name);
        for (environment, runbook, _) in outputs_of(&Runbook, name, read(name)) {
            let path = format!("{environment}/terraform/outputs.tf");
            let outputs = made.get(&environment).map(files).unwrap_or_default();
            let outputs = outputs.iter().find(|(file, _)| *file == path).map_or("", |(_, text)| *text);
            for (file, text) in files(&runbook) {
                // What the loss report says that Terraform does not make has no outputs either.
                let missing = |wanted: &str| {
                    let losses = made.get(&environment).map(|output| output.losses.as_slice());
                    losses.unwrap_or_default().iter().any(|loss| {
                        let form =
                            loss.what.starts_with("Terraform for ") || loss.what.starts_with("Falta el ");
                        form && wanted.starts_with(&loss.element.replace('-', "_"))
                    })
                };
                for wanted in named_outputs(text).into_iter().filter(|wanted| !missing(wanted)) {
                    let line = format!("output \"{wanted}\" {{");
                    assert!(outputs.contains(&line), "{name}/{file}: {wanted} is missing");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn two_elements_never_share_an_address_or_a_name() {
    let description = "archgen: v1\nsystem: { id: own }\nzones:\n  aws: { kind: cloud, provider: aws }\n  vpc: { kind: vpc, in: aws }\n  app: { kind: subnet, in: vpc, access: private }\ncomponents:\n  security: { kind: service, in: app, as: aws.fargate, image: a/b:1 }\n  security-execution: { kind: service, in: app, as: aws.fargate, image: a/b:1 }\nenvironments:\n  prod: { target: terraform }\n";
    let made = outputs_of(&Terraform, "own", description.to_owned());
    let (_, output, found) = &made[0];
    assert!(output.diagnostics.has_errors());
    assert!(found.contains("`aws_iam_role.security_execution`"), "{found}");
    let made = outputs_of(&Terraform, "own", description.replace("security-execution", "guard"));
    assert_eq!(made[0].2.trim(), "");
}

#[test]
fn secrets_can_be_given_anew() {
    let mut seen = 0;
    for name in EXAMPLES {
        for (environment, output) in generate(name) {
            let all: String = files(&output).into_iter().map(|(_, text)| text).collect();
            for line in all.lines().filter(|line| line.contains("_wo_version")) {
                let value = line.split_once('=').map_or("", |(_, value)| value);
                for part in value.split('+') {
                    let variable = part.trim().strip_prefix("var.");
                    let variable = variable.unwrap_or_else(|| panic!("{name}/{environment}: {line}"));
                    assert!(all.contains(&format!("variable \"{variable}\" {{")), "{variable}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn additions_are_merged_last() {
    let template = "resource \"aws_instance\" \"{{ name }}\" {\n  ami = \"a\"\n}";
    let more = "passthrough:\n  terraform: { resource.aws_vpc.vpc.instance_tenancy: dedicated }\n";
    let (output, text) = with_own_form_and(template, more);
    assert_eq!(text.trim(), "");
    let output = output.unwrap();
    let files: BTreeMap<&str, &str> = files(&output).into_iter().collect();
    assert!(files["prod/terraform/network.tf"].contains("instance_tenancy = \"dedicated\""));
    let (_, text) = with_own_form_and(template, "passthrough:\n  terraform: { resource.aws_lb.x.y: 1 }\n");
    assert!(text.contains("Terraform makes no `resource.aws_lb.x` here"), "{text}");
    let (_, text) = with_own_form_and(template, "passthrough:\n  terraform: { y: 1 }\n");
    assert!(text.contains("names no argument"), "{text}");
}

#[test]
fn long_ids_stay_within_the_limits_of_the_provider() {
    let long = |id: &str| format!("{id}-{}", "x".repeat(39 - id.len()));
    let mut text = read("shop").replace("{ id: shop,", &format!("{{ id: {},", long("shop")));
    for id in ["edge", "backend", "cache", "db", "mail-queue"] {
        text = text
            .lines()
            .map(|line| {
                let words = line.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-');
                words
                    .map(|word| {
                        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
                        if bare == id { word.replacen(id, &long(id), 1) } else { word.to_owned() }
                    })
                    .collect::<String>()
            })
            .collect::<Vec<_>>()
            .join("\n");
    }
    let made = generate_from("shop", text);
    let limits = [
        ("aws_lb", "name", 32),
        ("aws_lb_target_group", "name", 32),
        ("aws_db_instance", "identifier", 63),
        ("aws_elasticache_replication_group", "replication_group_id", 40),
        ("aws_iam_role", "name", 64),
        ("aws_sqs_queue", "name", 80),
        ("aws_security_group", "name", 255),
    ];
    let mut seen = 0;
    for (path, text) in files(&made["prod"]).into_iter().filter(|(path, _)| path.ends_with(".tf")) {
        for block in hcl::blocks(text).unwrap() {
            for (kind, argument, limit) in
                limits.iter().filter(|(kind, ..)| block.labels[0..].first().is_some_and(|l| l == kind))
            {
                let names = block.text.lines().filter_map(|line| {
                    line.strip_prefix("  ")?
                        .strip_prefix(argument)?
                        .trim_start()
                        .strip_prefix("= \"")?
                        .strip_suffix('"')
                });
                for name in names {
                    assert!(name.len() <= *limit, "{path}: {kind}.{argument} = {name}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn a_certificate_stands_in_every_region_that_needs_it() {
    let description = |region: &str| {
        format!(
            "
archgen: v1
system: {{ id: notes, title: Notes }}
zones:
  aws: {{ kind: cloud, provider: aws, region: {region} }}
  vpc: {{ kind: vpc, in: aws, cidr: 10.0.0.0/16, azs: 2 }}
  public: {{ kind: subnet, in: vpc, access: public }}
  app: {{ kind: subnet, in: vpc, access: private }}
components:
  users: {{ kind: actor }}
  dns: {{ kind: dns, name: notes.example.com }}
  cert: {{ kind: certificate, for: dns }}
  cdn: {{ kind: cdn, tls: cert }}
  edge: {{ kind: lb, in: public, tls: cert }}
  web: {{ kind: service, in: app, image: 'web:1.0.0', port: 8000 }}
connections: {{ users -> dns -> cdn -> edge: https, edge -> web: http }}
environments: {{ prod: {{ target: terraform }} }}
"
        )
    };
    let text = |region: &str| {
        let outputs = generate_from("notes", description(region));
        let output = outputs.get("prod").expect("the environment");
        files(output).into_iter().map(|(_, text)| text).collect::<String>()
    };
    let far = text("eu-west-1");
    for (part, count) in [
        ("resource \"aws_acm_certificate\" \"cert\" {", 1),
        ("resource \"aws_acm_certificate\" \"cert_edge\" {", 1),
        ("acm_certificate_arn      = aws_acm_certificate_validation.cert_edge.certificate_arn", 1),
        ("certificate_arn   = aws_acm_certificate_validation.cert.certificate_arn", 1),
    ] {
        assert_eq!(far.matches(part).count(), count, "{part}:\n{far}");
    }
    assert_eq!(far.matches("resource \"aws_route53_record\" \"cert_validation\"").count(), 1);
    let same = text("us-east-1");
    assert!(!same.contains("cert_edge") && same.contains("\"aws_acm_certificate\" \"cert\""), "{same}");
}

/// The Terraform of a small system with several regions, and what is lost there.
fn of_regions(fields: &str) -> (String, Vec<String>) {
    let description = format!(
        "
archgen: v1
system: {{ id: notes, title: Notes }}
zones:
  aws: {{ kind: cloud, provider: aws, region: [us-east-1, eu-west-1] }}
  vpc: {{ kind: vpc, in: aws, cidr: 10.0.0.0/16, azs: 2 }}
  public: {{ kind: subnet, in: vpc, access: public }}
  app: {{ kind: subnet, in: vpc, access: private }}
  data: {{ kind: subnet, in: vpc, access: isolated }}
components:
  users: {{ kind: actor }}
  cdn: {{ kind: cdn }}
  edge: {{ kind: lb, in: public }}
  web: {{ kind: service, in: app, image: 'web:1.0.0', port: 8000 }}
  db: {{ {fields} }}
connections: {{ users -> cdn -> edge: http, edge -> web: http, web -> db: auto }}
environments: {{ prod: {{ target: terraform }} }}
"
    );
    let outputs = generate_from("notes", description);
    let output = outputs.get("prod").expect("the environment");
    let losses = output.losses.iter().map(|loss| format!("{}: {}", loss.element, loss.what)).collect();
    (files(output).into_iter().map(|(_, text)| text).collect(), losses)
}

#[test]
fn stores_are_kept_alike_among_regions_or_said_to_be_apart() {
    let (copied, losses) = of_regions("kind: postgres, in: data, version: '16'");
    assert!(copied.contains("resource \"aws_db_instance\" \"db_copy\""), "{copied}");
    assert!(losses.iter().any(|loss| loss.starts_with("cdn: Requests go to the first region")), "{losses:?}");
    let (own, losses) = of_regions("kind: postgres, in: data, version: '16', regions: own");
    assert!(own.contains("resource \"aws_db_instance\" \"db\"") && !own.contains("db_copy"), "{own}");
    assert!(!losses.iter().any(|loss| loss.starts_with("db:")), "{losses:?}");
    let (_, losses) = of_regions("kind: mysql, as: aws.aurora, in: data, version: '8.0'");
    assert!(losses.iter().any(|loss| loss.starts_with("db: Each region has its own")), "{losses:?}");
    let (table, _) = of_regions("kind: dynamodb, key: id, regions: own");
    assert!(!table.contains("replica {") && table.contains("var.region"), "{table}");
}

#[test]
fn nothing_of_a_cluster_is_open_to_the_internet() {
    let description = "
archgen: v1
system: { id: notes, title: Notes }
zones:
  aws: { kind: cloud, provider: aws, region: eu-west-1 }
  vpc: { kind: vpc, in: aws, cidr: 10.0.0.0/16, azs: 2 }
  public: { kind: subnet, in: vpc, access: public }
  app: { kind: subnet, in: vpc, access: private }
  data: { kind: subnet, in: vpc, access: isolated }
  k8s: { kind: cluster, as: aws.eks, in: app }
components:
  users: { kind: actor }
  edge: { kind: lb, in: public }
  web: { kind: service, in: k8s, image: 'web:1.0.0', port: 8000 }
  db: { kind: postgres, in: data, version: '16' }
connections: { users -> edge: http, edge -> web: http, users -> web: http, web -> db: auto }
environments: { prod: { target: [terraform, kubernetes] } }
";
    let outputs = generate_from("notes", description.to_owned());
    let output = outputs.get("prod").expect("the environment");
    let rules: Vec<hcl::Block> = files(output)
        .into_iter()
        .filter(|(path, _)| path.ends_with("security.tf"))
        .flat_map(|(_, text)| hcl::blocks(text).unwrap())
        .filter(|block| block.labels[0] == "aws_vpc_security_group_ingress_rule")
        .collect();
    let names: Vec<&str> = rules.iter().map(|block| block.labels[1].as_str()).collect();
    assert_eq!(names, ["edge_from_internet_80", "k8s_from_edge_8000", "db_from_k8s_5432"]);
    let cluster =
        files(output).into_iter().find(|(path, _)| path.ends_with("k8s.tf")).expect("the cluster").1;
    assert!(cluster.contains("endpoint_public_access  = false"), "{cluster}");
}
