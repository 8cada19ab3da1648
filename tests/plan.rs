//! `archgen check --plan`: plans and states that agree with the description, and those that do not.

use std::fs;
use std::path::Path;
use std::process::Command;

use archgen::target::terraform::hcl::resource::{Says, resources};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

const SYSTEM: &str = "\
archgen: v1
system: { id: shop, title: Shop }
zones:
  aws: { kind: cloud, provider: aws, region: us-east-1 }
  vpc: { kind: vpc, in: aws, cidr: 10.0.0.0/16, azs: 2 }
  public: { kind: subnet, in: vpc, access: public }
  app: { kind: subnet, in: vpc, access: private }
components:
  users: { kind: actor }
  edge: { kind: lb, in: public }
  web: { kind: service, in: app, image: web:1.0.0, port: 8080 }
  jobs: { kind: queue }
connections:
  users -> edge -> web: http
  web -> jobs: auto
environments:
  prod: { target: terraform }
  stage: { target: terraform }
  local: { target: compose }
";

/// A folder with the description and everything that it gives.
fn rendered() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("archgen.yaml"), SYSTEM).expect("written");
    assert_eq!(run(folder.path(), &["render", "--only", "terraform"]).0, 0);
    folder
}

/// The exit code of a call, and everything that it prints.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_archgen"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().expect("a code"), String::from_utf8(text).expect("UTF-8"))
}

/// What Terraform would plan of the files in a folder, with one thing that it works out in each resource.
fn planned(folder: &Path) -> Value {
    let list = planned_in(folder, "generated/prod/terraform");
    json!({
        "format_version": "1.2",
        "terraform_version": "1.13.0",
        "planned_values": { "root_module": { "resources": list } },
        "resource_drift": [],
    })
}

/// The resources of the files right in a folder.
fn planned_in(folder: &Path, below: &str) -> Vec<Value> {
    let mut list = Vec::new();
    let mut files: Vec<_> = fs::read_dir(folder.join(below))
        .expect("the folder is there")
        .map(|entry| entry.expect("listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "tf"))
        .collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(file).expect("read");
        for resource in resources(&text, &Map::new()).expect("HCL") {
            let mut values = values(&resource.says);
            values.insert("arn".to_owned(), json!("worked out"));
            list.push(json!({
                "address": resource.address, "mode": "managed", "values": values, "sensitive_values": {},
            }));
        }
    }
    list
}

/// Arguments as the provider gives them back: blocks are lists, in an order of its own.
fn values(says: &Says) -> Map<String, Value> {
    let mut values: Map<String, Value> = says.values.iter().cloned().collect();
    for (name, block) in says.blocks.iter().rev() {
        let list = values.entry(name.clone()).or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(Value::Object(self::values(block)));
    }
    values
}

fn resource<'a>(plan: &'a mut Value, address: &str) -> &'a mut Value {
    let list = plan["planned_values"]["root_module"]["resources"].as_array_mut().expect("a list");
    list.iter_mut().find(|resource| resource["address"] == address).expect("the resource is planned")
}

/// The exit code and the text of a check of `plan`.
fn check(folder: &Path, plan: &Value) -> (i32, String) {
    fs::write(folder.join("plan.json"), plan.to_string()).expect("written");
    run(folder, &["check", "--only", "terraform", "--env", "prod", "--plan", "plan.json"])
}

#[test]
fn a_plan_of_the_described_files_agrees() {
    let folder = rendered();
    let plan = planned(folder.path());
    let (code, text) = check(folder.path(), &plan);
    assert_eq!(code, 0, "{text}");
    let count = plan["planned_values"]["root_module"]["resources"].as_array().expect("a list").len();
    assert!(count > 20, "{count}");
    assert!(text.contains(&format!("{count} resources of prod as described")), "{text}");
}

#[test]
fn every_region_is_compared() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = SYSTEM.replace("region: us-east-1", "region: [us-east-1, eu-west-1]").replace(
        "connections:",
        "  db: { kind: postgres, in: app, version: '16' }\nconnections:\n  web -> db: auto",
    );
    fs::write(folder.path().join("archgen.yaml"), text).expect("written");
    assert_eq!(run(folder.path(), &["render", "--only", "terraform"]).0, 0);
    let inside = planned_in(folder.path(), "generated/prod/terraform/region");
    let modules: Vec<Value> = ["us_east_1", "eu_west_1"]
        .iter()
        .enumerate()
        .map(|(at, key)| {
            let mut list = inside.clone();
            // The first region has the database, and the other one its copy.
            let other = if at == 0 { "aws_db_instance.db_copy" } else { "aws_db_instance.db" };
            list.retain(|resource| resource["address"] != *other);
            for resource in &mut list {
                resource["address"] =
                    json!(format!("module.{key}.{}", resource["address"].as_str().expect("text")));
            }
            json!({ "resources": list })
        })
        .collect();
    let around = planned_in(folder.path(), "generated/prod/terraform");
    let mut plan = json!({
        "format_version": "1.2",
        "terraform_version": "1.13.0",
        "planned_values": { "root_module": { "resources": around, "child_modules": modules } },
    });
    let (code, text) = check(folder.path(), &plan);
    assert_eq!(code, 0, "{text}");
    let list = plan["planned_values"]["root_module"]["child_modules"][1]["resources"].as_array_mut();
    let list = list.expect("a list");
    let range = |resource: &&mut Value| resource["address"] == "module.eu_west_1.aws_vpc.vpc";
    list.iter_mut().find(range).expect("the network is planned")["values"]["cidr_block"] =
        json!("10.0.0.0/16");
    let (code, text) = check(folder.path(), &plan);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("10.1.0.0/16") && text.contains("module.eu_west_1.aws_vpc.vpc"), "{text}");
}

#[test]
fn a_state_is_read_like_a_plan() {
    let folder = rendered();
    let mut plan = planned(folder.path());
    resource(&mut plan, "aws_sqs_queue.jobs")["values"]["redrive_policy"] = json!("{}");
    resource(&mut plan, "aws_sqs_queue.jobs")["values"]["sqs_managed_sse_enabled"] = json!(false);
    let state = json!({
        "format_version": "1.0",
        "terraform_version": "1.13.0",
        "values": { "root_module": { "child_modules": [plan["planned_values"]["root_module"]] } },
    });
    let (code, text) = check(folder.path(), &state);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("is false in the state, described is true"), "{text}");
    assert!(text.contains("plan.json: 1 difference from prod"), "{text}");
}

#[test]
fn every_sort_of_difference_is_said_with_its_place() {
    let folder = rendered();
    let mut plan = planned(folder.path());
    resource(&mut plan, "aws_lb.edge")["values"]["drop_invalid_header_fields"] = json!(false);
    resource(&mut plan, "aws_vpc.vpc")["values"]["tags"]["Owner"] = json!("somebody");
    let task = resource(&mut plan, "aws_sqs_queue.jobs");
    task["values"]["name"] = json!("private");
    task["sensitive_values"] = json!({ "name": true });
    resource(&mut plan, "aws_sqs_queue.jobs_dead")["address"] = json!("aws_sqs_queue.other[\"x\"]");
    plan["resource_drift"] = json!([
        { "address": "aws_lb.edge", "mode": "managed", "change": {
            "before": { "idle_timeout": 60, "name": "a" }, "after": { "idle_timeout": 120, "name": "a" } } },
        { "address": "aws_vpc.vpc", "mode": "managed", "change": { "before": {}, "after": null } },
        { "address": "data.aws_region.x", "mode": "data", "change": { "before": {}, "after": null } },
    ]);
    let (code, text) = check(folder.path(), &plan);
    assert_eq!(code, 1, "{text}");
    for words in [
        "aws_lb.edge: differs: `drop_invalid_header_fields` is false in the plan, described is true\n  from archgen.yaml:10:3\n  in prod/terraform/edge.tf",
        "aws_vpc.vpc: differs: `tags` is ",
        "aws_sqs_queue.jobs: differs: `name` is (hidden) in the plan, described is (hidden)",
        "aws_sqs_queue.jobs_dead: missing: described, but not in the plan",
        "aws_sqs_queue.other[\"x\"]: not described: the plan has it",
        "aws_lb.edge: changed outside of Terraform: idle_timeout;",
        "aws_vpc.vpc: deleted outside of Terraform",
        "plan.json: 7 differences from prod",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert!(!text.contains("aws_region"), "{text}");
    assert!(!text.contains("\"private\""), "{text}");
}

#[test]
fn blocks_find_their_own_whatever_their_order() {
    let folder = rendered();
    let mut plan = planned(folder.path());
    let group = resource(&mut plan, "aws_lb_target_group.edge_web");
    group["values"]["health_check"][0]["path"] = json!("/other");
    group["values"]["stickiness"] = json!([{ "enabled": true }]);
    let (code, text) = check(folder.path(), &plan);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("`health_check.path` is \"/other\" in the plan"), "{text}");
    assert!(text.contains("plan.json: 1 difference"), "{text}");
    let group = resource(&mut plan, "aws_lb_target_group.edge_web");
    group["values"]["health_check"] = json!([]);
    assert!(check(folder.path(), &plan).1.contains("lacks a block `health_check`"));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let folder = rendered();
    let path = folder.path();
    for (text, words) in
        [("", "is no JSON"), ("{}", "format_version"), (r#"{"format_version":"9.0"}"#, "9.0")]
    {
        fs::write(path.join("plan.json"), text).expect("written");
        let (code, said) =
            run(path, &["check", "--env", "prod", "--only", "terraform", "--plan", "plan.json"]);
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(words), "{said}");
    }
    for (arguments, words) in [
        (&["check", "--plan", "none.json", "--env", "prod"] as &[&str], "there is no file none.json"),
        (&["check", "--plan", "plan.json"], "choose one with `--env`: prod, stage"),
        (&["check", "--plan", "plan.json", "--env", "local"], "has Terraform to compare"),
        (&["check", "--plan", "plan.json", "--env", "prod", "--only", "compose"], "has Terraform to compare"),
    ] {
        let (code, said) = run(path, arguments);
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    // A plan that is nested without end is refused, not followed.
    let deep = format!("{{\"format_version\":\"1.0\",\"values\":{}", "{\"root_module\":".repeat(100_000));
    fs::write(path.join("plan.json"), deep).expect("written");
    assert_eq!(run(path, &["check", "--env", "prod", "--plan", "plan.json"]).0, 2);
}
