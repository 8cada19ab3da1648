//! Resources of a file as values: what the text itself says, without what Terraform works out.

use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::parser;
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::Element;
use serde_json::{Map, Value};

use super::{HclError, failure};

/// Arguments that steer Terraform and are no value of a resource.
const META: [&str; 4] = ["count", "for_each", "provider", "depends_on"];

/// Blocks that steer Terraform and are no value of a resource.
const META_BLOCKS: [&str; 4] = ["lifecycle", "provisioner", "connection", "timeouts"];

/// A resource as the text says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Type and name, such as `aws_lb.edge`.
    pub address: String,
    /// What it says.
    pub says: Says,
    /// Whether an expression decides how many there are, so that there may be none.
    pub counted: bool,
}

/// The inside of a resource or of one of its blocks, in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Says {
    /// Arguments whose values the text and the variables give.
    pub values: Vec<(String, Value)>,
    /// Nested blocks by name.
    pub blocks: Vec<(String, Says)>,
    /// Names of nested blocks of which only Terraform knows how many there are (`dynamic`).
    pub open: Vec<String>,
}

/// The resources of a text. `variables` gives the values of `var.NAME`; an argument that refers to anything else is
/// left out, because only Terraform knows its value.
///
/// # Errors
/// When the text is no HCL.
pub fn resources(text: &str, variables: &Map<String, Value>) -> Result<Vec<Resource>, HclError> {
    let parsed = parser::parse_body(text).map_err(|error| failure(&error))?;
    let blocks = parsed.iter().filter_map(Structure::as_block);
    let found = blocks.filter(|block| block.ident.as_str() == "resource").map(|block| {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        Resource {
            address: labels.join("."),
            says: says(&block.body, variables),
            counted: block.body.has_attribute("count"),
        }
    });
    Ok(found.collect())
}

/// A module that a text calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The name of the call.
    pub name: String,
    /// The folder of the module, as seen from the file.
    pub source: String,
    /// The values that it is given, as far as the text and the variables say them.
    pub values: Map<String, Value>,
}

/// The modules that a text calls from folders.
///
/// # Errors
/// When the text is no HCL.
pub fn calls(text: &str, variables: &Map<String, Value>) -> Result<Vec<Call>, HclError> {
    let parsed = parser::parse_body(text).map_err(|error| failure(&error))?;
    let blocks = parsed.iter().filter_map(Structure::as_block);
    let found = blocks.filter(|block| block.ident.as_str() == "module").filter_map(|block| {
        let name = block.labels.first()?.as_str().to_owned();
        let values: Map<String, Value> = says(&block.body, variables).values.into_iter().collect();
        let source = values.get("source")?.as_str()?.strip_prefix("./")?.to_owned();
        Some(Call { name, source, values })
    });
    Ok(found.collect())
}

fn says(body: &Body, variables: &Map<String, Value>) -> Says {
    let mut says = Says::default();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                let name = attribute.key.as_str();
                if META.contains(&name) {
                    continue;
                }
                if let Some(value) = value(&attribute.value, variables) {
                    says.values.push((name.to_owned(), value));
                }
            }
            Structure::Block(block) if block.ident.as_str() == "dynamic" => {
                says.open.extend(block.labels.first().map(|label| label.as_str().to_owned()));
            }
            Structure::Block(block) => {
                let name = block.ident.as_str();
                if !META_BLOCKS.contains(&name) {
                    says.blocks.push((name.to_owned(), self::says(&block.body, variables)));
                }
            }
        }
    }
    says
}

/// The value of an expression of literals and variables; `None` where it needs anything else.
fn value(expression: &Expression, variables: &Map<String, Value>) -> Option<Value> {
    match expression {
        Expression::Null(_) => Some(Value::Null),
        Expression::Bool(on) => Some(Value::Bool(*on.value())),
        Expression::Number(number) => serde_json::from_str(&number.value().to_string()).ok(),
        Expression::String(text) => Some(Value::String(text.value().clone())),
        Expression::Array(list) => {
            list.iter().map(|item| value(item, variables)).collect::<Option<Vec<_>>>().map(Value::Array)
        }
        Expression::Object(map) => {
            let pair = |(key, item): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                Some((key_text(key, variables)?, value(item.expr(), variables)?))
            };
            map.iter().map(pair).collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        Expression::Parenthesis(inner) => value(inner.inner(), variables),
        Expression::UnaryOp(op) if *op.operator.value() == UnaryOperator::Neg => {
            value(&op.expr, variables)?.as_i64().and_then(i64::checked_neg).map(Value::from)
        }
        Expression::Traversal(way) => {
            let Expression::Variable(root) = &way.expr else { return None };
            let [only] = way.operators.as_slice() else { return None };
            let TraversalOperator::GetAttr(name) = only.value() else { return None };
            (root.as_str() == "var").then(|| variables.get(name.as_str()).cloned()).flatten()
        }
        Expression::StringTemplate(text) => {
            let mut whole = String::new();
            for element in text.iter() {
                match element {
                    Element::Literal(literal) => whole.push_str(literal.value()),
                    Element::Interpolation(part) => whole.push_str(&text_of(&value(&part.expr, variables)?)?),
                    Element::Directive(_) => return None,
                }
            }
            Some(Value::String(whole))
        }
        _ => None,
    }
}

fn key_text(key: &ObjectKey, variables: &Map<String, Value>) -> Option<String> {
    match key {
        ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(expression) => text_of(&value(expression, variables)?),
    }
}

/// A plain value as the text that Terraform makes of it.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(on.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_text_says_is_known_and_nothing_else() {
        let text = r#"
resource "aws_lb" "edge" {
  count        = 2
  name         = "shop-${var.stage}"
  internal     = false
  idle_timeout = -5
  subnets      = [aws_subnet.a.id, "x"]
  tags         = { Name = "edge", "a b" = var.stage, size = 3 }
  arn          = var.unknown
  policy       = jsonencode({})
  access_logs {
    bucket = "logs"
    lifecycle {}
  }
  dynamic "rule" {
    for_each = [1]
    content {}
  }
  lifecycle {
    prevent_destroy = true
  }
}
data "aws_region" "current" {}
"#;
        let variables = json!({ "stage": "prod" }).as_object().cloned().unwrap_or_default();
        let found = resources(text, &variables).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].address, "aws_lb.edge");
        let says = &found[0].says;
        let values: Map<String, Value> = says.values.iter().cloned().collect();
        assert_eq!(
            Value::Object(values),
            json!({
                "name": "shop-prod", "internal": false, "idle_timeout": -5,
                "tags": { "Name": "edge", "a b": "prod", "size": 3 },
            })
        );
        assert_eq!(says.blocks.len(), 1);
        assert_eq!(says.blocks[0].1.values, [("bucket".to_owned(), json!("logs"))]);
        assert_eq!(says.open, ["rule"]);
    }
}
