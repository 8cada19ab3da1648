//! Amounts with units: durations, sizes, shares, rates, address ranges.
//!
//! Every reader takes the text as written and answers with a value or with one sentence that says how to
//! write it right.

use ipnet::IpNet;

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// Whole seconds.
    pub seconds: u64,
}

/// An amount of memory or storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    /// Bytes.
    pub bytes: u64,
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share {
    /// Hundredths of the whole, 0 to 100.
    pub percent: f64,
}

/// How often something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many times.
    pub count: u64,
    /// Within which time.
    pub per: Duration,
}

const TIME: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];
const BYTES: [(&str, u64); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)];

/// Reads `90s`, `5m`, `24h` or `7d`.
///
/// # Errors
/// A sentence that says how a duration is written.
pub fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let Some(count) = whole(number) else {
        return Err("write a whole number and a unit, such as `90s`, `5m`, `24h` or `7d`".into());
    };
    if let Some((_, seconds)) = TIME.iter().find(|(name, _)| *name == unit) {
        return count
            .checked_mul(*seconds)
            .filter(|_| count > 0)
            .map(|seconds| Duration { seconds })
            .ok_or_else(|| "a duration is more than 0 and less than an age of the world".into());
    }
    let meant = match unit.trim().to_lowercase().as_str() {
        "" => return Err(format!("write `{count}s`, `{count}m`, `{count}h` or `{count}d`")),
        "sec" | "secs" | "second" | "seconds" | "s" => "s",
        "min" | "mins" | "minute" | "minutes" | "m" => "m",
        "hr" | "hrs" | "hour" | "hours" | "h" => "h",
        "day" | "days" | "d" => "d",
        _ => return Err("the units of a duration are `s`, `m`, `h` and `d`".into()),
    };
    Err(format!("write `{count}{meant}`"))
}

/// Reads `512MiB` or `20GiB`.
///
/// # Errors
/// A sentence that says how a size is written.
pub fn size(text: &str) -> Result<Size, String> {
    let (number, unit) = split(text);
    let Some(count) = whole(number) else {
        return Err("write a whole number and a unit, such as `512MiB` or `20GiB`".into());
    };
    if let Some((_, bytes)) = BYTES.iter().find(|(name, _)| *name == unit) {
        return count
            .checked_mul(*bytes)
            .filter(|_| count > 0)
            .map(|bytes| Size { bytes })
            .ok_or_else(|| "a size is more than 0 and less than 16777216TiB".into());
    }
    let meant = match unit.trim().to_lowercase().as_str() {
        "" => return Err(format!("write `{count}MiB` or `{count}GiB`")),
        "k" | "kb" | "ki" | "kib" => "KiB",
        "m" | "mb" | "mi" | "mib" => "MiB",
        "g" | "gb" | "gi" | "gib" => "GiB",
        "t" | "tb" | "ti" | "tib" => "TiB",
        _ => return Err("the units of a size are `KiB`, `MiB`, `GiB` and `TiB`".into()),
    };
    Err(format!("write `{count}{meant}`"))
}

/// Reads `80%` or `99.9%`.
///
/// # Errors
/// A sentence that says how a share is written.
pub fn share(text: &str) -> Result<Share, String> {
    let number = text.strip_suffix('%').unwrap_or(text);
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match number.parse::<f64>() {
        Ok(percent) if digits && percent <= 100.0 => {
            if text.ends_with('%') {
                Ok(Share { percent })
            } else {
                Err(format!("write `{number}%`"))
            }
        }
        _ => Err("a share goes from `0%` to `100%`".into()),
    }
}

/// Reads `5 per 1m`.
///
/// # Errors
/// A sentence that says how a rate is written.
pub fn rate(text: &str) -> Result<Rate, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [count, "per", time] = words.as_slice() {
        let per = duration(time)?;
        return whole(count)
            .map(|count| Rate { count, per })
            .ok_or_else(|| "a rate begins with a whole number, such as `5 per 1m`".into());
    }
    if let Some((count, time)) = text.split_once('/')
        && let Some(count) = whole(count.trim())
    {
        let time = time.trim();
        let time =
            if time.starts_with(|c: char| c.is_ascii_digit()) { time.into() } else { format!("1{time}") };
        return Err(format!("write `{count} per {time}`"));
    }
    Err("write a number, `per` and a duration, such as `5 per 1m`".into())
}

/// Reads an address range such as `10.0.0.0/16`: the address must be the first of the range.
///
/// # Errors
/// A sentence that says how the range is written.
pub fn cidr(text: &str) -> Result<IpNet, String> {
    let Some((address, _)) = text.split_once('/') else {
        return Err(match text.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(_)) => format!("a single address is written `{text}/32`"),
            Ok(std::net::IpAddr::V6(_)) => format!("a single address is written `{text}/128`"),
            Err(_) => "write an address and the length of its prefix, such as `10.0.0.0/16`".into(),
        });
    };
    if address.parse::<std::net::IpAddr>().is_err() {
        return Err(format!("`{address}` is not an IP address: four numbers from 0 to 255 with dots"));
    }
    let net: IpNet =
        text.parse().map_err(|_| "the prefix goes from /0 to /32 (to /128 for IPv6)".to_owned())?;
    if net.trunc() == net { Ok(net) } else { Err(format!("the range begins at `{}`", net.trunc())) }
}

/// Checks a schedule of five fields, as cron has it: minute, hour, day of the month, month, day of the week.
///
/// # Errors
/// A sentence that says which field is wrong.
pub fn schedule(text: &str) -> Result<(), String> {
    const FIELDS: [(&str, u64, u64); 5] = [
        ("minute", 0, 59),
        ("hour", 0, 23),
        ("day of the month", 1, 31),
        ("month", 1, 12),
        ("day of the week", 0, 7),
    ];
    let fields: Vec<&str> = text.split_whitespace().collect();
    if let Some(fields) = clock(text).filter(|fields| fields != text) {
        return Err(format!("write `\"{fields}\"`: minute, hour, day, month, day of the week"));
    }
    if fields.len() != FIELDS.len() {
        return Err(format!(
            "write five fields: minute, hour, day, month, day of the week, such as `0 3 * * *`; here are {}",
            fields.len()
        ));
    }
    for (field, (name, low, high)) in fields.iter().zip(FIELDS) {
        let fits = |number: &str| whole(number).is_some_and(|n| (low..=high).contains(&n));
        let good = field.split(',').all(|part| {
            let (range, step) =
                part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
            let range_fits = range == "*"
                || is_day_or_month(range)
                || range.split_once('-').map_or_else(|| fits(range), |(from, to)| fits(from) && fits(to));
            range_fits && step.is_none_or(|step| whole(step).is_some_and(|n| n > 0))
        });
        if !good {
            return Err(format!("`{field}` is no {name} ({low} to {high}, `*`, `a-b`, `*/n` or a list)"));
        }
    }
    Ok(())
}

/// A text that says when something runs, as the five fields: what has five fields already, or a word such as `daily`.
pub fn clock(text: &str) -> Option<String> {
    if text.split_whitespace().count() == 5 {
        return Some(text.to_owned());
    }
    let fields = match text.trim_start_matches('@') {
        "hourly" => "0 * * * *",
        "daily" | "nightly" | "midnight" => "0 3 * * *",
        "weekly" => "0 3 * * 0",
        "monthly" => "0 3 1 * *",
        "yearly" | "annually" => "0 3 1 1 *",
        _ => return None,
    };
    Some(fields.to_owned())
}

/// Checks `2027`, `2027-01` or `2027-01-31`.
///
/// # Errors
/// A sentence that says how a date is written.
pub fn date(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let sizes_fit = parts.len() <= 3 && parts.iter().zip([4, 2, 2]).all(|(part, size)| part.len() == size);
    let numbers: Vec<u64> = parts.iter().filter_map(|part| whole(part)).collect();
    let in_range = |at: usize, high: u64| numbers.get(at).is_none_or(|n| (1..=high).contains(n));
    if sizes_fit && numbers.len() == parts.len() && in_range(1, 12) && in_range(2, 31) {
        Ok(())
    } else {
        Err("write a year, a month or a day: `2027`, `2027-01` or `2027-01-31`".into())
    }
}

fn is_day_or_month(text: &str) -> bool {
    const NAMES: [&str; 19] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul",
        "aug", "sep", "oct", "nov", "dec",
    ];
    text.split('-').all(|name| NAMES.contains(&name.to_lowercase().as_str()))
}

fn split(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn whole(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts() {
        assert_eq!(duration("90s"), Ok(Duration { seconds: 90 }));
        assert_eq!(duration("7d"), Ok(Duration { seconds: 604_800 }));
        assert_eq!(size("512MiB"), Ok(Size { bytes: 512 << 20 }));
        assert_eq!(share("99.9%"), Ok(Share { percent: 99.9 }));
        assert_eq!(rate("5 per 1m"), Ok(Rate { count: 5, per: Duration { seconds: 60 } }));
        assert!(cidr("10.0.0.0/16").is_ok() && cidr("::/0").is_ok() && cidr("203.0.113.10/32").is_ok());
        assert!(schedule("0 3 * * *").is_ok() && schedule("*/5 8-18 1,15 jan mon-fri").is_ok());
        assert!(date("2027").is_ok() && date("2027-01").is_ok() && date("2027-12-31").is_ok());
    }

    #[test]
    fn says_what_was_meant() {
        assert_eq!(duration("90"), Err("write `90s`, `90m`, `90h` or `90d`".into()));
        assert_eq!(duration("5 min"), Err("write `5m`".into()));
        assert_eq!(size("20GB"), Err("write `20GiB`".into()));
        assert_eq!(size("512"), Err("write `512MiB` or `512GiB`".into()));
        assert_eq!(share("80"), Err("write `80%`".into()));
        assert_eq!(rate("5/m"), Err("write `5 per 1m`".into()));
        assert_eq!(cidr("10.0.0.5/16"), Err("the range begins at `10.0.0.0/16`".into()));
        assert_eq!(cidr("203.0.113.10"), Err("a single address is written `203.0.113.10/32`".into()));
        assert!(cidr("10.0.0.0/33").is_err() && cidr("10.0.0.300/8").is_err());
        assert!(schedule("0 25 * * *").is_err() && schedule("daily").is_err());
        assert!(date("2027-13").is_err() && date("soon").is_err() && date("27").is_err());
        assert!(
            duration("").is_err() && duration("0s").is_err() && duration("99999999999999999999d").is_err()
        );
        assert!(duration("ñ").is_err() && size("ñ1").is_err() && share("%").is_err());
    }
}
