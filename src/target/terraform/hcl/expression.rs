//! Expressions: on one line where they fit and were written so, else one element a line.

use hcl_edit::Decorate;
use hcl_edit::expr::{
    Array, BinaryOperator, Expression, ForExpr, FuncCall, Object, ObjectKey, Traversal, TraversalOperator,
    UnaryOperator,
};
use hcl_edit::template::{Element, HeredocTemplate, StringTemplate, Strip, Template};

use super::body::{Line, STEP, comments, layout, trailing_comment};

/// Longest line that lists and maps are not broken for.
const WIDTH: usize = 110;

/// An expression whose first line begins `column` characters after `indent`; further lines are indented.
pub(super) fn print(expression: &Expression, indent: usize, column: usize) -> String {
    let inner = |e: &Expression| print(e, indent, column);
    match expression {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(number) => {
            number.as_repr().map_or_else(|| number.value().to_string(), |text| text.to_string())
        }
        Expression::String(text) => quote(text.value()),
        Expression::Variable(name) => name.as_str().to_owned(),
        Expression::Array(list) => array(list, indent, column),
        Expression::Object(map) => object(map, indent, column),
        Expression::StringTemplate(text) => match only_reference(text) {
            Some(reference) => print(reference, indent, column),
            None => string_template(text, indent),
        },
        Expression::HeredocTemplate(text) => heredoc(text),
        Expression::Parenthesis(e) => format!("({})", inner(e.inner())),
        Expression::Conditional(c) => {
            format!("{} ? {} : {}", inner(&c.cond_expr), inner(&c.true_expr), inner(&c.false_expr))
        }
        Expression::FuncCall(call) => function(call, indent, column),
        Expression::Traversal(t) => traversal(t, indent, column),
        Expression::UnaryOp(op) => {
            let sign = match *op.operator.value() {
                UnaryOperator::Neg => "-",
                UnaryOperator::Not => "!",
            };
            format!("{sign}{}", inner(&op.expr))
        }
        Expression::BinaryOp(op) => {
            let sign: &BinaryOperator = op.operator.value();
            format!("{} {} {}", inner(&op.lhs_expr), sign.as_str(), inner(&op.rhs_expr))
        }
        Expression::ForExpr(e) => for_expression(e, indent, column),
    }
}

/// The reference that a text is nothing but: it says the same without quotes.
fn only_reference(template: &StringTemplate) -> Option<&Expression> {
    let mut elements = template.iter();
    match (elements.next(), elements.next()) {
        (Some(Element::Interpolation(only)), None) if only.strip == Strip::None => Some(&only.expr),
        _ => None,
    }
}

fn array(list: &Array, indent: usize, column: usize) -> String {
    if list.is_empty() && list.trailing().trim().is_empty() {
        return "[]".to_owned();
    }
    let written_long =
        list.iter().any(|value| has_break(value.decor().prefix())) || list.trailing().contains('\n');
    let hugged: Vec<String> = list.iter().map(|value| print(value, indent, column + 1)).collect();
    let short = format!("[{}]", hugged.join(", "));
    let one_long = hugged.len() == 1 && short.contains('\n');
    if one_long
        || (!written_long && !short.contains('\n') && indent + column + short.chars().count() <= WIDTH)
    {
        return short;
    }
    let deeper = indent + STEP;
    let mut lines = Vec::new();
    for value in list {
        lines.extend(comments(value.decor().prefix()).into_iter().filter(is_comment));
        lines.extend(trailing_comment(value.decor().suffix()));
        lines.push(Line::Other(format!("{}{},", " ".repeat(deeper), print(value, deeper, 0))));
    }
    lines.extend(comments(Some(list.trailing())).into_iter().filter(is_comment));
    format!("[\n{}{}]", layout(lines, deeper), " ".repeat(indent))
}

fn object(map: &Object, indent: usize, column: usize) -> String {
    if map.is_empty() && map.trailing().trim().is_empty() {
        return "{}".to_owned();
    }
    let written_long =
        map.iter().any(|(key, _)| has_break(key.decor().prefix())) || map.trailing().contains('\n');
    if !written_long {
        let pairs: Vec<String> = map
            .iter()
            .map(|(key, value)| format!("{} = {}", object_key(key), print(value.expr(), indent, column)))
            .collect();
        let short = format!("{{ {} }}", pairs.join(", "));
        if !short.contains('\n') && indent + column + short.chars().count() <= WIDTH {
            return short;
        }
    }
    let deeper = indent + STEP;
    let mut lines = Vec::new();
    for (key, value) in map {
        lines.extend(comments(key.decor().prefix()).into_iter().filter(is_comment));
        lines.extend(trailing_comment(value.expr().decor().suffix()));
        let key = object_key(key);
        let text = print(value.expr(), deeper, key.chars().count() + 3);
        lines.push(Line::Pair(key, text));
    }
    lines.extend(comments(Some(map.trailing())).into_iter().filter(is_comment));
    format!("{{\n{}{}}}", layout(lines, deeper), " ".repeat(indent))
}

fn is_comment(line: &Line) -> bool {
    matches!(line, Line::Comment(_))
}

fn has_break(raw: Option<&hcl_edit::RawString>) -> bool {
    raw.is_some_and(|raw| raw.contains('\n'))
}

fn object_key(key: &ObjectKey) -> String {
    match key {
        ObjectKey::Ident(ident) => ident.as_str().to_owned(),
        // A key without quotes would be a name: a reference stands in parentheses.
        ObjectKey::Expression(Expression::StringTemplate(text)) => match only_reference(text) {
            Some(reference) => format!("({})", print(reference, 0, 0)),
            None => string_template(text, 0),
        },
        ObjectKey::Expression(expression) => print(expression, 0, 0),
    }
}

/// A call; its last argument may go on over several lines.
fn function(call: &FuncCall, indent: usize, column: usize) -> String {
    let mut name: String = call.name.namespace.iter().map(|part| format!("{}::", part.as_str())).collect();
    name.push_str(call.name.name.as_str());
    let args: Vec<&Expression> = call.args.iter().collect();
    let column = column + name.len() + 1;
    let texts: Vec<String> = args.iter().map(|arg| print(arg, indent, column)).collect();
    let spread = if call.args.expand_final() { "..." } else { "" };
    let long_before_last = texts.iter().rev().skip(1).any(|text| text.contains('\n'));
    if !long_before_last {
        return format!("{name}({}{spread})", texts.join(", "));
    }
    let deeper = indent + STEP;
    let pad = " ".repeat(deeper);
    let lines: Vec<String> = args.iter().map(|arg| format!("{pad}{}", print(arg, deeper, 0))).collect();
    let comma = if spread.is_empty() { "," } else { spread };
    format!("{name}(\n{}{comma}\n{})", lines.join(",\n"), " ".repeat(indent))
}

fn traversal(traversal: &Traversal, indent: usize, column: usize) -> String {
    let mut out = print(&traversal.expr, indent, column);
    for operator in &traversal.operators {
        match operator.value() {
            TraversalOperator::AttrSplat(_) => out.push_str(".*"),
            TraversalOperator::FullSplat(_) => out.push_str("[*]"),
            TraversalOperator::GetAttr(name) => {
                out.push('.');
                out.push_str(name.as_str());
            }
            TraversalOperator::Index(index) => {
                out.push_str(&format!("[{}]", print(index, indent, column)));
            }
            TraversalOperator::LegacyIndex(index) => out.push_str(&format!(".{}", index.value())),
        }
    }
    out
}

fn for_expression(e: &ForExpr, indent: usize, column: usize) -> String {
    let inner = |e: &Expression| print(e, indent, column);
    let key = e.intro.key_var.as_ref().map(|key| format!("{}, ", key.as_str())).unwrap_or_default();
    let head = format!("for {key}{} in {} :", e.intro.value_var.as_str(), inner(&e.intro.collection_expr));
    let condition = e.cond.as_ref().map(|cond| format!(" if {}", inner(&cond.expr))).unwrap_or_default();
    match &e.key_expr {
        Some(key) => {
            let grouping = if e.grouping { "..." } else { "" };
            format!("{{ {head} {} => {}{grouping}{condition} }}", inner(key), inner(&e.value_expr))
        }
        None => format!("[{head} {}{condition}]", inner(&e.value_expr)),
    }
}

fn string_template(template: &StringTemplate, indent: usize) -> String {
    let mut out = String::from("\"");
    for element in template {
        push_element(element, indent, true, &mut out);
    }
    out.push('"');
    out
}

/// A text over several lines stands as it is: its lines belong to what it contains.
fn heredoc(heredoc: &HeredocTemplate) -> String {
    let mut text = heredoc.clone();
    text.decor_mut().clear();
    Expression::HeredocTemplate(Box::new(text)).to_string().trim().to_owned()
}

fn push_element(element: &Element, indent: usize, quoted: bool, out: &mut String) {
    match element {
        Element::Literal(text) if quoted => {
            let text = quote(text.value());
            out.push_str(&text[1..text.len() - 1]);
        }
        Element::Literal(text) => out.push_str(text.value()),
        Element::Interpolation(part) => {
            let (open, close) = match part.strip {
                Strip::None => ("", ""),
                Strip::Start => ("~ ", ""),
                Strip::End => ("", " ~"),
                Strip::Both => ("~ ", " ~"),
            };
            // A line break inside of a quoted text is no HCL, so lists and maps stay on one line there.
            let inner = print(&part.expr, indent, 0);
            out.push_str(&format!("${{{open}{inner}{close}}}"));
        }
        Element::Directive(directive) => {
            let mut whole = Template::new();
            whole.push(Element::Directive(directive.clone()));
            let text = StringTemplate::from(whole).to_string();
            out.push_str(text.trim_matches('"'));
        }
    }
}

/// A quoted text without references.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                out.push(c);
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
