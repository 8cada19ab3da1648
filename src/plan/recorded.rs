//! What `terraform show -json` prints, as far as it is compared.
//!
//! The format is that of Terraform's "JSON Output Format", whose major version is 1 for plans and for states.

use serde_json::{Map, Value};

use super::PlanError;

/// A plan or a state.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) is_plan: bool,
    /// Values of variables, where the plan has them.
    pub(super) variables: Map<String, Value>,
    /// What will be there, or is.
    pub(super) resources: Vec<Resource>,
    /// What was changed outside of Terraform.
    pub(super) drift: Vec<Drift>,
}

/// One instance of a resource.
#[derive(Debug)]
pub(super) struct Resource {
    /// With the key of the instance.
    pub(super) address: String,
    /// Without the key.
    pub(super) base: String,
    pub(super) values: Map<String, Value>,
    /// `true` where a value must not be shown, in the shape of `values`.
    pub(super) sensitive: Value,
}

/// A change that somebody made to a resource outside of Terraform.
#[derive(Debug)]
pub(super) struct Drift {
    pub(super) address: String,
    pub(super) base: String,
    /// Names of arguments with another value; none when the resource is gone.
    pub(super) arguments: Vec<String>,
}

const HINT: &str =
    "make it with `terraform show -json plan.out > plan.json`, after `terraform plan -out plan.out`";

/// Reads a plan or a state.
pub(super) fn read(text: &str) -> Result<Recorded, PlanError> {
    let fault = |message: String| PlanError { message, hint: HINT.to_owned() };
    // Some shells write a mark of the byte order in front of redirected text.
    let text = text.trim_start_matches('\u{feff}');
    let whole: Value =
        serde_json::from_str(text).map_err(|error| fault(format!("the plan is no JSON: {error}")))?;
    let version = whole.get("format_version").and_then(Value::as_str);
    let Some(version) = version else {
        let message = "the plan has no `format_version`, so it is not what Terraform prints as JSON";
        return Err(fault(message.to_owned()));
    };
    let major = version.split('.').next().unwrap_or(version);
    if !matches!(major, "0" | "1") {
        return Err(PlanError {
            message: format!("the plan has the format version {version}, and archgen reads version 1"),
            hint: "use a release of Terraform that prints version 1, or a newer archgen".to_owned(),
        });
    }
    let is_plan = whole.get("planned_values").is_some();
    let values = whole.get("planned_values").or_else(|| whole.get("values"));
    let mut resources = Vec::new();
    if let Some(root) = values.and_then(|values| values.get("root_module")) {
        collect(root, &mut resources);
    } else if !is_plan && whole.get("terraform_version").is_none() {
        return Err(fault("the text has neither a plan nor a state".to_owned()));
    }
    let variables = whole.get("variables").and_then(Value::as_object).cloned().unwrap_or_default();
    let variables = variables
        .into_iter()
        .filter_map(|(name, variable)| Some((name, variable.get("value")?.clone())))
        .collect();
    Ok(Recorded { is_plan, variables, resources, drift: drift(&whole) })
}

/// Resources of a module and of those inside it. A module inside another one cannot be deeper than JSON may be.
fn collect(module: &Value, resources: &mut Vec<Resource>) {
    for resource in list(module, "resources") {
        if let Some(address) = managed(resource) {
            resources.push(Resource {
                address: address.to_owned(),
                base: base(address).to_owned(),
                values: resource.get("values").and_then(Value::as_object).cloned().unwrap_or_default(),
                sensitive: resource.get("sensitive_values").cloned().unwrap_or_default(),
            });
        }
    }
    for child in list(module, "child_modules") {
        collect(child, resources);
    }
}

/// What the plan says about changes outside of Terraform.
fn drift(whole: &Value) -> Vec<Drift> {
    let one = |change: &Value| {
        let address = managed(change)?;
        let change = change.get("change")?;
        let before = change.get("before").and_then(Value::as_object);
        let after = change.get("after").and_then(Value::as_object);
        let arguments = match (before, after) {
            (Some(before), Some(after)) => {
                let mut names: Vec<String> = after
                    .iter()
                    .filter(|(name, value)| before.get(*name).unwrap_or(&Value::Null) != *value)
                    .map(|(name, _)| name.clone())
                    .collect();
                names.sort();
                names
            }
            _ => Vec::new(),
        };
        let gone = after.is_none();
        // A change of nothing that is shown is one of values that Terraform keeps for itself.
        (gone || !arguments.is_empty()).then(|| Drift {
            address: address.to_owned(),
            base: base(address).to_owned(),
            arguments,
        })
    };
    list(whole, "resource_drift").iter().filter_map(one).collect()
}

/// The address of a resource that Terraform makes; what it only looks up is not compared.
fn managed(resource: &Value) -> Option<&str> {
    let is_managed = resource.get("mode").and_then(Value::as_str).is_none_or(|mode| mode == "managed");
    resource.get("address").and_then(Value::as_str).filter(|_| is_managed)
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// An address without the key of the instance: `aws_subnet.app` for `aws_subnet.app["a"]`. A key may have any text in it,
/// so the bracket that opens it is looked for from the name on.
fn base(address: &str) -> &str {
    if !address.ends_with(']') {
        return address;
    }
    let mut quoted = false;
    let mut escaped = false;
    let mut opened = address.len();
    for (at, c) in address.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => opened = at,
            _ => {}
        }
    }
    &address[..opened]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_off() {
        for (address, expected) in [
            ("aws_lb.edge", "aws_lb.edge"),
            ("aws_lb.edge[0]", "aws_lb.edge"),
            (r#"aws_lb.edge["a"]"#, "aws_lb.edge"),
            (r#"aws_lb.edge["a[1]"]"#, "aws_lb.edge"),
            (r#"aws_lb.edge["a\"[b"]"#, "aws_lb.edge"),
            (r#"module.x["a"].aws_lb.edge[1]"#, r#"module.x["a"].aws_lb.edge"#),
            ("]", "]"),
        ] {
            assert_eq!(base(address), expected);
        }
    }

    #[test]
    fn what_is_no_plan_is_said() {
        for (text, words) in [
            ("", "no JSON"),
            ("[", "no JSON"),
            ("{}", "format_version"),
            ("[]", "format_version"),
            (r#"{"format_version":"2.0"}"#, "format version 2.0"),
            (r#"{"format_version":"1.0"}"#, "neither a plan nor a state"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.message.contains(words), "{text}: {}", error.message);
        }
        // An empty state has no values at all.
        assert!(
            read(r#"{"format_version":"1.0","terraform_version":"1.13.0"}"#).unwrap().resources.is_empty()
        );
    }
}
