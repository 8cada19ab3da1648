//! How Docker sees that a container works.

use crate::model::{Component, Health, HealthTiming};
use crate::target::shell;

use super::tree::{Data, Map};
use super::words::Book;

/// The health check of a component; `None` when nobody says how to see it.
pub(super) fn check(component: &Component, kind_keys: &Map, book: &Book) -> Option<Map> {
    let workload = component.workload.as_ref();
    let timing = workload.map(|workload| workload.health_timing).unwrap_or_default();
    let mut map = Map::default();
    let mut kind_start = None;
    match workload.and_then(|workload| workload.health.as_ref()) {
        Some(Health::Run(line)) => map.set("test", shell(&book.finish(line))),
        Some(Health::Path(path)) => map.set("test", shell(&book.finish(&ask(component, path)?))),
        None => {
            map.set("test", kind_keys.get("health")?.clone());
            kind_start = kind_keys.get("start_period").cloned();
        }
    }
    let HealthTiming { interval, timeout, retries, start_period } = timing;
    map.set("interval", Data::text(duration(interval.unwrap_or(10))));
    map.set("timeout", Data::text(duration(timeout.unwrap_or(5))));
    map.set("retries", Data::int(retries.unwrap_or(5)));
    match (start_period, kind_start) {
        (Some(seconds), _) => map.set("start_period", Data::text(duration(seconds))),
        (None, Some(period)) => map.set("start_period", period),
        (None, None) if workload.is_some_and(|w| w.health.is_some()) => {
            map.set("start_period", Data::text(duration(20)));
        }
        (None, None) => {}
    }
    Some(map)
}

fn shell(line: &str) -> Data {
    Data::texts(["CMD-SHELL", line])
}

/// Asks for a path with whatever the image has: small images have wget, larger ones curl, the slim ones of Python
/// and Node.js neither.
fn ask(component: &Component, path: &str) -> Option<String> {
    let port = component.port()?;
    let tls = component.tls.is_some() || port.protocol == "https";
    let (scheme, wget, curl) = if tls { ("https", " --no-check-certificate", "k") } else { ("http", "", "") };
    let url = format!("{scheme}://127.0.0.1:{}{path}", port.number);
    // The programs of Python and Node.js get it as an argument, so that it is never read as their code.
    let url = shell::quoted(&url);
    let mut lines =
        vec![format!("wget -q{wget} -O /dev/null {url}"), format!("curl -fsS{curl} -o /dev/null {url}")];
    if !tls {
        lines.push(format!(
            "python3 -c \"import sys, urllib.request; urllib.request.urlopen(sys.argv[1])\" {url}"
        ));
        lines.push(format!(
            "node -e \"fetch(process.argv[1]).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))\" {url}"
        ));
    }
    Some(lines.join(" ||\n"))
}

/// Seconds in Docker's words.
pub(super) fn duration(seconds: u64) -> String {
    match seconds {
        0 => "0s".to_owned(),
        s if s.is_multiple_of(3600) => format!("{}h", s / 3600),
        s if s.is_multiple_of(60) => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}
