//! Several regions: what stands once in each, what stands once for all, and what templates may say about them.
//!
//! What stands in a region is a module that is called for each one, with the provider of that region; what stands at
//! the provider's edge, and what joins the regions, is around it. A template is written once: where it says `across`,
//! it is read a second time for what stands once for all.

use serde_json::{Map, Value, json};

use super::{hcl, naming};
use crate::catalog::{Reach, Trait};
use crate::model::derive::{Kept, Regions};
use crate::model::{Alarm, ComponentId, End};
use crate::target::Input;
use crate::template;

/// Characters of the longest name of a region, so that a name fits in every one of them.
const LONGEST: usize = 14;

/// What all regions of an account share, with the argument that names it and how long the name may be before the
/// region is added to it.
const SHARED_NAMES: [(&str, &str, usize); 4] = [
    ("aws_iam_role", "name", 64 - 1 - LONGEST),
    ("aws_iam_instance_profile", "name", 128 - 1 - LONGEST),
    ("aws_cloudwatch_dashboard", "dashboard_name", 255 - 1 - LONGEST),
    // The number of the account stands in it, too.
    ("aws_s3_bucket", "bucket", 63 - 1 - LONGEST - 13),
];

/// The regions that Terraform makes, where there are several.
pub(super) fn of<'a>(input: &Input<'a>) -> Option<&'a Regions> {
    input.facts.regions.as_ref()
}

/// The name of a region's module, and of its provider where it is not the first.
pub(super) fn key(region: &str) -> String {
    naming::identifier(region)
}

/// `[{ name, key, first }]`: what templates may say about the regions; empty where there is one.
pub(super) fn context(input: &Input) -> Value {
    let names = of(input).map(|regions| regions.names.as_slice()).unwrap_or_default();
    let entry = |(at, name): (usize, &String)| json!({ "name": name, "key": key(name), "first": at == 0 });
    Value::Array(names.iter().enumerate().map(entry).collect())
}

/// What a template may say about a component among regions: `regions`, `across` (whether what stands once for all is
/// asked for), and `kept`: `first-writes`, `all-write`, or null where each region has its own.
pub(super) fn insert(input: &Input, id: ComponentId, context: &mut Map<String, Value>) {
    let kept = of(input).and_then(|regions| regions.kept(id));
    let word = match kept {
        Some(Kept::FirstWrites) => Some("first-writes"),
        Some(Kept::AllWrite) => Some("all-write"),
        _ => None,
    };
    context.insert("regions".into(), self::context(input));
    context.insert("across".into(), json!(is_across(input, id)));
    context.insert("kept".into(), json!(word));
}

/// Whether a component stands once for all regions: at the provider's edge, or as the guard of what stands there.
pub(in crate::target) fn is_across(input: &Input, id: ComponentId) -> bool {
    let component = input.model.component(id);
    let edge = input.catalog.form(component.form).reach == Reach::Edge;
    let guard = input.catalog.kind(component.kind).has(Trait::Guard);
    of(input).is_some() && edge && (!guard || super::routes::guards_the_edge(input, id))
}

/// Whether an alarm watches what stands once for all regions.
pub(super) fn is_alarm_across(input: &Input, alarm: &Alarm) -> bool {
    matches!(alarm.watch, End::Component(id) if is_across(input, id))
}

/// Whether a template has parts that stand once for all regions beside those that stand in each.
pub(super) fn joins(template: &str) -> bool {
    template.contains("across")
}

/// A text as what stands around the modules says it of one region: the modules are looked into.
pub(super) fn in_region(region: &str, text: &str) -> String {
    let key = key(region);
    text.replace("${aws_", &format!("${{module.{key}.aws_"))
        .replace("${data.aws_", &format!("${{module.{key}.data.aws_"))
}

/// What a template may say about how requests find a region: to the first one as long as it answers where something is
/// written there alone, else to the nearest.
pub(super) fn routing(input: &Input) -> Option<&'static str> {
    of(input).map(|regions| if regions.first_writes() { "failover" } else { "latency" })
}

/// Adds the region to the names that all regions of an account share.
pub(super) fn tell_apart(block: &mut hcl::Block) -> Result<(), hcl::HclError> {
    let Some(kind) = block.labels.first().filter(|_| block.kind == "resource") else { return Ok(()) };
    let Some((_, argument, longest)) = SHARED_NAMES.iter().find(|(shared, ..)| shared == kind) else {
        return Ok(());
    };
    let named = |line: &str| {
        let (key, value) = line.strip_prefix("  ")?.split_once('=')?;
        let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        (key.trim_end() == *argument).then(|| value.to_owned())
    };
    let Some(name) = block.text.lines().find_map(named) else { return Ok(()) };
    let at = name.find("${").unwrap_or(name.len());
    let (written, rest) = name.split_at(at);
    let written = template::filters::short(written.trim_end_matches('-'), *longest);
    let dash = if rest.is_empty() { "" } else { "-" };
    hcl::set(block, &[argument], &format!("\"{written}{dash}{rest}-${{var.region}}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_an_account_carry_the_region() {
        let name = |text: &str| {
            let mut block = hcl::blocks(text).unwrap().remove(0);
            tell_apart(&mut block).unwrap();
            block.text
        };
        let role = format!("resource \"aws_iam_role\" \"x\" {{\n  name = \"{}\"\n}}\n", "n".repeat(64));
        let told = name(&role);
        let told = told.split('"').find(|part| part.starts_with("nn")).unwrap();
        assert!(told.ends_with("-${var.region}") && told.len() == 49 + "-${var.region}".len(), "{told}");
        let bucket = "resource \"aws_s3_bucket\" \"x\" {\n  bucket = \"a-b-${data.x.y.z}\"\n}\n";
        assert!(name(bucket).contains("\"a-b-${data.x.y.z}-${var.region}\""));
        let queue = "resource \"aws_sqs_queue\" \"x\" {\n  name = \"a\"\n}\n";
        assert_eq!(name(queue), queue);
    }

    #[test]
    fn what_stands_around_looks_into_the_modules() {
        assert_eq!(
            in_region("eu-west-1", "${aws_lb.edge.arn} ${data.aws_lb.x.arn}"),
            "${module.eu_west_1.aws_lb.edge.arn} ${module.eu_west_1.data.aws_lb.x.arn}"
        );
    }
}
