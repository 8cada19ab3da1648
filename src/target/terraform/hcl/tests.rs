//! The printer against a sample of everything, and against Terraform itself.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{blocks, format, set};

const SAMPLE: &str = r#"
# What it is.
resource "aws_lb" edge {
      name = "x-${ var.environment }"   # short
  internal=true
  security_groups = [aws_security_group.edge.id]
  subnets = [for key, subnet in aws_subnet.public : subnet.id if key!="z"]
  tags = {
    Name = "edge"
    Environment : var.environment }
  empty = {}
  access_logs { 
    bucket = "${aws_s3_bucket.logs.id}"


    # comment
    enabled = !var.off && 1+2 == 3 ? true : false
  }
}
data "aws_region" "current" { }
data "aws_iam_policy_document" "x" {
  statement {
    actions = ["a:b","c:d"]
    long = ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccc", "d"]
    # the end
  }
}
locals {
  map = merge({ a = 1 }, { for k, v in var.m : k => v... }, { (var.key) = "v", "a b" = null })
  json = jsonencode([{
    name = "backend", environment = [{ name = "A", value = "$${x} \"q\" %%{y}" }, { name = "B", value = tostring(1.50) }]
    list = [
      # first
      1, 2
    ]
  }])
  text = <<-EOT
    #!/bin/sh
    echo "${var.x}"
      deeper
  EOT
  ids = values(aws_instance.vm)[*].id
  first = aws_instance.vm["1"].private_ip
  neg = -(3)
  keys = { "${var.a}" = "${var.b}", "x-${var.a}" = ["${var.c}"] }
}
"#;

#[test]
fn prints_canonically() {
    let printed = format(SAMPLE).unwrap();
    assert!(printed.contains("resource \"aws_lb\" \"edge\" {\n  # short\n  name            = \"x-${var.environment}\"\n  internal        = true"), "{printed}");
    assert!(printed.contains("bucket = aws_s3_bucket.logs.id\n\n    # comment"), "{printed}");
    assert!(
        printed.contains("    Name        = \"edge\"\n    Environment = var.environment\n  }"),
        "{printed}"
    );
    assert!(printed.contains("value = \"$${x} \\\"q\\\" %%{y}\""), "{printed}");
    assert!(printed.contains("keys  = { (var.a) = var.b, \"x-${var.a}\" = [var.c] }"), "{printed}");
    assert!(printed.contains("data \"aws_region\" \"current\" {}\n"), "{printed}");
    assert!(printed.contains("      deeper\n  EOT\n"), "{printed}");
    assert!(printed.contains("    # the end\n  }\n}\n\nlocals {"), "{printed}");
}

#[test]
fn printing_twice_changes_nothing() {
    let once = format(SAMPLE).unwrap();
    assert_eq!(format(&once).unwrap(), once);
}

#[test]
fn blocks_have_addresses() {
    let found = blocks(SAMPLE).unwrap();
    let addresses: Vec<String> = found.iter().map(super::Block::address).collect();
    assert_eq!(
        addresses,
        ["aws_lb.edge", "data.aws_region.current", "data.aws_iam_policy_document.x", "locals."]
    );
    assert!(found[0].text.starts_with("# What it is.\nresource"));
    assert!(found[0].text.ends_with("}\n"));
}

#[test]
fn errors_have_a_line() {
    let error = format("a = 1\nb = [\nc = }\n").unwrap_err();
    assert!(error.line >= 2, "{error:?}");
    let error = blocks("locals {\n}\nx = 1\n").unwrap_err();
    assert_eq!((error.line, error.text.as_str()), (3, "x = 1"));
}

#[test]
fn terraform_agrees() {
    let printed = format(SAMPLE).unwrap();
    let child = Command::new("terraform")
        .args(["fmt", "-no-color", "-"])
        .env("CHECKPOINT_DISABLE", "1")
        .stderr(Stdio::null())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: there is no terraform on this machine");
        return;
    };
    child.stdin.take().unwrap().write_all(printed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), printed);
}

#[test]
fn arguments_are_set_and_replaced() {
    let mut block =
        blocks("resource \"aws_lb\" \"edge\" {\n  name = \"a\"\n  logs {\n    on = true\n  }\n}\n")
            .unwrap()
            .remove(0);
    set(&mut block, &["idle_timeout"], "120").unwrap();
    set(&mut block, &["name"], "\"b\"").unwrap();
    set(&mut block, &["logs", "on"], "false").unwrap();
    set(&mut block, &["other", "list"], "[1, 2]").unwrap();
    assert_eq!(
        block.text,
        "resource \"aws_lb\" \"edge\" {\n  name         = \"b\"\n  idle_timeout = 120\n\n  logs {\n    on = false\n  }\n\n  other {\n    list = [1, 2]\n  }\n}\n"
    );
    assert!(set(&mut block, &["x"], "[").is_err());
    assert!(set(&mut block, &["x y"], "1").is_err());
    assert!(set(&mut block, &["x y", "z"], "1").is_err());
    assert!(set(&mut block, &[], "1").is_err());
}
