//! Alarms: which of the provider's metrics each one watches, from when on it rings, and whom it tells.

use serde_json::{Value, json};

use super::dialect::Words;
use super::files::Piece;
use super::secrets::on_demand;
use super::{Findings, element, hcl, naming};
use crate::catalog::{FormId, Metric};
use crate::document::units;
use crate::model::{Alarm, Built, End};
use crate::source::Span;
use crate::target::Input;
use crate::template;

/// Seconds over which values become one, where the limit says nothing else.
const PERIOD: u64 = 300;

/// The same where the limit must be passed for more than a day, for which the provider counts no shorter ones.
const LONG_PERIOD: u64 = 3_600;

/// Seconds that an alarm may look back at most: over shorter periods than an hour, and over others.
const LOOKS_BACK: [u64; 2] = [86_400, 7 * 86_400];

/// The file of alarms.
const FILE: &str = "alarms.tf";

/// All alarms that can be made, with what tells people of them; a row of the loss report for each other one.
pub(super) fn pieces(input: &Input, words: &Words, findings: &mut Findings) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for alarm in &input.model.operations().alarms {
        match one(input, words, alarm) {
            Some(text) => {
                let mut made = on_demand(FILE, &text, alarm.span);
                for piece in &mut made {
                    piece.always = true;
                    piece.across = super::regions::is_alarm_across(input, alarm);
                }
                pieces.extend(made);
            }
            None => {
                let known = measured(input, words, alarm.watch).unwrap_or_default();
                let known: Vec<String> =
                    known.iter().map(|(metric, _)| format!("`{}`", metric.word)).collect();
                let key = if known.is_empty() { "alarm_unknown" } else { "alarm" };
                let values = [("metric", alarm.metric.as_str()), ("known", &known.join(", "))];
                findings.loss(input, &alarm.id, key, &values);
            }
        }
    }
    for (id, address) in &input.model.operations().contacts {
        pieces.extend(contact(input, id, address));
    }
    pieces
}

/// One alarm, when its metric is known and its limit can be read.
pub(super) fn one(input: &Input, words: &Words, alarm: &Alarm) -> Option<String> {
    let model = input.model;
    let measured = measured(input, words, alarm.watch)?;
    let (metric, dimensions) = measured.iter().find(|(metric, _)| metric.word == alarm.metric)?;
    let (above, written) = match (&alarm.above, &alarm.below) {
        (Some(limit), _) => (true, limit),
        (None, Some(limit)) => (false, limit),
        (None, None) => return None,
    };
    let limit = limit(written)?;
    let (threshold, above) = match dimensions.free_of {
        Some(total) => ((total * (100.0 - limit.value) / 100.0).floor(), !above),
        None if metric.milliseconds && limit.is_time => (limit.value * 1000.0, above),
        None => (limit.value, above),
    };
    let title = operations_title(input, alarm);
    let dimensions: String =
        dimensions.pairs.iter().map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
    let (period, periods) = periods(limit.period, alarm.lasting);
    let topic = alarm.notify.as_ref().map(|id| format!("aws_sns_topic.alarm_{}.arn", naming::identifier(id)));
    let actions = topic.map(|topic| format!("alarm_actions = [{topic}]\nok_actions = [{topic}]\n"));
    let (plain, queries) = counted(metric, period, &dimensions);
    Some(format!(
        "resource \"aws_cloudwatch_metric_alarm\" \"{}\" {{\n alarm_name = \"{}-{}-{}\"\n \
         alarm_description = {}\n {plain}evaluation_periods = {periods}\n threshold = {}\n \
         comparison_operator = \"{}\"\n treat_missing_data = \"{}\"\n {}\n{queries}}}\n",
        naming::identifier(&alarm.id),
        model.system().id,
        model.environment().id,
        alarm.id,
        hcl::quote(&title),
        threshold,
        if above { "GreaterThanThreshold" } else { "LessThanThreshold" },
        // What says nothing any more must not pass for well where little is what is feared.
        if above || alarm.above.is_some() { "notBreaching" } else { "breaching" },
        actions.unwrap_or_default(),
    ))
}

/// Over how many seconds values become one, and how many such periods in a row the limit must be passed.
fn periods(of_limit: Option<u64>, lasting: u64) -> (u64, u64) {
    let [short, long] = LOOKS_BACK;
    let period = of_limit.unwrap_or(if lasting > short { LONG_PERIOD } else { PERIOD });
    let most = if period < LONG_PERIOD { short } else { long };
    (period, lasting.min(most).div_ceil(period).max(1))
}

/// What is counted: the arguments of one metric, or the blocks that add several up.
fn counted(metric: &Metric, period: u64, dimensions: &str) -> (String, String) {
    let Metric { namespace, name, statistic, also, .. } = metric;
    if also.is_empty() {
        let key = if statistic.starts_with('p') { "extended_statistic" } else { "statistic" };
        let plain = format!(
            "namespace = \"{namespace}\"\n metric_name = \"{name}\"\n {key} = \"{statistic}\"\n period = {period}\n "
        );
        return (plain, format!("\n dimensions = {{\n{dimensions}}}\n"));
    }
    let names: Vec<&String> = std::iter::once(name).chain(also).collect();
    // Where nothing is counted there is no value, which added to one gives none.
    let sum: Vec<String> = (1..=names.len()).map(|at| format!("FILL(m{at}, 0)")).collect();
    let mut queries = format!(
        "\n metric_query {{\n id = \"sum\"\n expression = \"{}\"\n label = \"{}\"\n return_data = true\n}}\n",
        sum.join(" + "),
        metric.word,
    );
    for (at, name) in names.iter().enumerate() {
        queries.push_str(&format!(
            "\n metric_query {{\n id = \"m{}\"\n\n metric {{\n namespace = \"{namespace}\"\n metric_name = \"{name}\"\n \
             stat = \"{statistic}\"\n period = {period}\n\n dimensions = {{\n{dimensions}}}\n}}\n}}\n",
            at + 1,
        ));
    }
    (String::new(), queries)
}

/// What the alarm is about, and where the runbook says what to do.
fn operations_title(input: &Input, alarm: &Alarm) -> String {
    let operations = input.model.operations();
    let procedure =
        alarm.procedure.as_ref().and_then(|id| operations.procedures.iter().find(|p| p.id == *id));
    let watched = input.model.end_id(alarm.watch);
    let about = format!("{watched}: {}", alarm.metric);
    match procedure {
        Some(procedure) => {
            let values = [("alarm", about.as_str()), ("procedure", procedure.title.as_str())];
            input.messages.say("terraform.alarm", &values)
        }
        None => about,
    }
}

/// From when on an alarm rings.
struct Limit {
    value: f64,
    /// Seconds in which that much must happen, for a rate; at least a minute, which is how often metrics come.
    period: Option<u64>,
    is_time: bool,
}

/// Reads `5 per 1m`, `80%`, `2s`, `10GiB` or a number.
fn limit(text: &str) -> Option<Limit> {
    let plain = |value| Some(Limit { value, period: None, is_time: false });
    if let Ok(rate) = units::rate(text) {
        let period = rate.per.seconds.div_ceil(60) * 60;
        return Some(Limit { value: rate.count as f64, period: Some(period), is_time: false });
    }
    if let Ok(number) = text.parse::<f64>() {
        return plain(number);
    }
    if let Ok(share) = units::share(text) {
        return plain(share.percent);
    }
    if let Ok(time) = units::duration(text) {
        return Some(Limit { value: time.seconds as f64, period: None, is_time: true });
    }
    units::size(text).ok().and_then(|size| plain(size.bytes as f64))
}

/// Whose metric it is, filled in.
struct Dimensions {
    pairs: Vec<(String, String)>,
    free_of: Option<f64>,
}

/// The metrics of an element that Terraform makes here, with their dimensions; `None` when it makes none.
fn measured<'a>(input: &'a Input, words: &Words, end: End) -> Option<Vec<(&'a Metric, Dimensions)>> {
    let model = input.model;
    let (form, built): (FormId, &Built) = match end {
        End::Component(id) => (model.component(id).form, &model.component(id).built),
        End::Zone(id) => (model.zone(id).form?, &model.zone(id).built),
    };
    let form = input.catalog.form(form);
    if !naming::is_ours(built) || form.terraform.is_none() || form.metrics.is_empty() {
        return None;
    }
    let context = match end {
        End::Component(id) => element::component(input, words, id, &mut Findings::default()),
        End::Zone(id) => element::zone(input, id),
    };
    let fill = |text: &String| template::render(text, &context).ok().filter(|text| !text.trim().is_empty());
    let filled = form.metrics.iter().filter_map(|metric| {
        let pair = |(key, text): &(String, String)| Some((key.clone(), fill(text)?));
        let mut pairs = metric.dimensions.iter().map(pair).collect::<Option<Vec<_>>>()?;
        // A template says so of a dimension that does not count here.
        pairs.retain(|(_, value)| value.trim() != "-");
        let free_of = match &metric.free_of {
            Some(text) => Some(fill(text)?.trim().parse().ok()?),
            None => None,
        };
        Some((metric, Dimensions { pairs, free_of }))
    });
    Some(filled.collect())
}

/// `{ id, title, metrics: [{ word, namespace, name, statistic, dimensions }] }` of everything here that can be
/// measured, for a board that shows it.
pub(super) fn board(input: &Input, words: &Words) -> Value {
    let model = input.model;
    let zones = model.zones().map(|(id, zone)| (End::Zone(id), &zone.id, &zone.title));
    let components =
        model.components().map(|(id, component)| (End::Component(id), &component.id, &component.title));
    let rows = zones.chain(components).filter_map(|(end, id, title)| {
        let metrics: Vec<Value> = measured(input, words, end)?
            .into_iter()
            .map(|(metric, dimensions)| {
                json!({
                    "word": metric.word,
                    "namespace": metric.namespace,
                    "name": metric.name,
                    "statistic": metric.statistic,
                    "dimensions": dimensions.pairs,
                })
            })
            .collect();
        (!metrics.is_empty()).then(|| json!({ "id": id, "title": title, "metrics": metrics }))
    });
    Value::Array(rows.collect())
}

/// What tells one contact, when an alarm names it. An address that is neither mail nor a web hook gets a topic
/// that somebody subscribes to.
fn contact(input: &Input, id: &str, address: &str) -> Vec<Piece> {
    let name = naming::identifier(id);
    let full = format!("{}-{}-alarm-{id}", input.model.system().id, input.model.environment().id);
    let topic = format!(
        "resource \"aws_sns_topic\" \"alarm_{name}\" {{\n name = \"{full}\"\n \
         kms_master_key_id = aws_kms_alias.messages.target_key_arn\n}}\n"
    );
    let mut pieces = on_demand(FILE, &topic, Span::default());
    let protocol = match address {
        web if web.starts_with("https://") => Some("https"),
        mail if mail.contains('@') && !mail.contains("://") => Some("email"),
        _ => None,
    };
    if let (Some(protocol), Some(topic)) = (protocol, pieces.first_mut()) {
        let text = format!(
            "# {}\nresource \"aws_sns_topic_subscription\" \"alarm_{name}\" {{\n \
             topic_arn = aws_sns_topic.alarm_{name}.arn\n protocol = \"{protocol}\"\n endpoint = {}\n}}\n",
            input.messages.say("terraform.confirm", &[]),
            hcl::quote(address)
        );
        for block in hcl::blocks(&text).unwrap_or_default() {
            topic.block.text.push('\n');
            topic.block.text.push_str(&block.text);
        }
    }
    pieces.iter_mut().for_each(|piece| piece.from.clear());
    pieces
}

#[cfg(test)]
mod tests {
    use super::{limit, periods};

    #[test]
    fn a_limit_is_passed_for_as_long_as_was_said() {
        assert_eq!(periods(Some(60), 300), (60, 5));
        assert_eq!(periods(None, 900), (300, 3));
        assert_eq!(periods(None, 60), (300, 1));
        assert_eq!(periods(None, 3 * 86_400), (3_600, 72));
        assert_eq!(periods(Some(60), 3 * 86_400), (60, 1_440));
    }

    #[test]
    fn limits_are_numbers() {
        let read = |text| limit(text).map(|limit| (limit.value, limit.period, limit.is_time));
        assert_eq!(read("5 per 1m"), Some((5.0, Some(60), false)));
        assert_eq!(read("5 per 90s"), Some((5.0, Some(120), false)));
        assert_eq!(read("80%"), Some((80.0, None, false)));
        assert_eq!(read("2s"), Some((2.0, None, true)));
        assert_eq!(read("1GiB"), Some((1_073_741_824.0, None, false)));
        assert_eq!(read("0.5"), Some((0.5, None, false)));
        assert_eq!(read("many"), None);
    }
}
