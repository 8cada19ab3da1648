//! Packs of icons that others drew: how their files are named, and collections of Iconify.

use serde_json::Value;
use std::collections::BTreeMap;

/// A name without what packs write differently: case, spaces, hyphens, dots.
pub fn squash(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// What the path of an SVG in a pack says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The file's name without its ending.
    pub stem: String,
    /// The name of what it shows, squashed: no marks of size, theme or archive.
    pub name: String,
    /// The last part of a name in several parts, squashed (the resource of a service); empty for none.
    pub part: String,
    /// How little it suits: how far it was drawn from the size of a tile, and for which ground.
    pub rank: u32,
}

/// Reads the path of an SVG; `None` for other files.
pub fn named(path: &str) -> Option<Named> {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".svg").or_else(|| file.strip_suffix(".SVG"))?;
    let (mut rest, mut size, mut dark) = (stem, None, false);
    // From the end: `_48`, `-64x64`, `_Light`, `_Dark`, `-icon`.
    while let Some((before, mark)) = rest.rsplit_once(['_', '-', '@']) {
        let side = mark.split_once(['x', 'X']).map_or(mark, |(side, _)| side);
        match side.parse::<u32>() {
            Ok(side) if (8..=1024).contains(&side) => size = size.or(Some(side)),
            _ if ["light", "dark", "icon", "svg"].contains(&mark.to_ascii_lowercase().as_str()) => {
                dark |= mark.eq_ignore_ascii_case("dark");
            }
            _ => break,
        }
        if before.is_empty() {
            break;
        }
        rest = before;
    }
    // From the front: `Arch_`, `Res_`, `00123-icon-service-`.
    if let Some((number, after)) = rest.split_once("-icon-service-")
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        rest = after;
    }
    for mark in ["Arch_", "Res_"] {
        rest = rest.strip_prefix(mark).unwrap_or(rest);
    }
    let folder_size = || folders.split('/').rev().find_map(|folder| folder.parse::<u32>().ok());
    let size = size.or_else(folder_size);
    Some(Named {
        stem: stem.to_owned(),
        name: squash(rest),
        part: rest.rsplit_once('_').map_or_else(String::new, |(_, part)| squash(part)),
        rank: size.map_or(0, |side| side.abs_diff(48)) + if dark { 2000 } else { 0 },
    })
}

/// The icons of a collection of Iconify, by name, as SVGs.
///
/// # Errors
/// Why the text is no such collection, as a sentence for the user.
pub fn iconify(text: &str) -> Result<BTreeMap<String, String>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let Some(icons) = value.get("icons").and_then(Value::as_object) else {
        return Err("it is no collection of Iconify: it has no `icons`".to_owned());
    };
    let number = |icon: &Value, key: &str, default: f64| {
        let own = icon.get(key).or_else(|| value.get(key)).and_then(Value::as_f64);
        own.filter(|v| v.is_finite() && v.abs() < 1e5).unwrap_or(default)
    };
    let svg = |icon: &Value| {
        let body = icon.get("body").and_then(Value::as_str)?;
        let (left, top) = (number(icon, "left", 0.0), number(icon, "top", 0.0));
        let (wide, high) = (number(icon, "width", 16.0), number(icon, "height", 16.0));
        Some(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             viewBox=\"{left} {top} {wide} {high}\">{body}</svg>"
        ))
    };
    let mut all: BTreeMap<String, String> =
        icons.iter().filter_map(|(name, icon)| Some((name.clone(), svg(icon)?))).collect();
    if let Some(aliases) = value.get("aliases").and_then(Value::as_object) {
        for (name, alias) in aliases {
            let parent = alias.get("parent").and_then(Value::as_str).and_then(|parent| icons.get(parent));
            if let Some(svg) = parent.and_then(&svg) {
                all.entry(name.clone()).or_insert(svg);
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_an_archive_adds() {
        let read = |path: &str| named(path).map(|named| (named.name, named.part, named.rank));
        let plain = |name: &str, rank: u32| Some((name.to_owned(), String::new(), rank));
        assert_eq!(read("postgres.svg"), plain("postgres", 0));
        assert_eq!(read("Arch_Database/64/Arch_Amazon-RDS_64.svg"), plain("amazonrds", 16));
        assert_eq!(read("Arch_Database/48/Arch_Amazon-RDS.svg"), plain("amazonrds", 0));
        assert_eq!(
            read("Res_Elastic-Load-Balancing_Application-Load-Balancer_48.svg"),
            Some(("elasticloadbalancingapplicationloadbalancer".into(), "applicationloadbalancer".into(), 0))
        );
        assert_eq!(read("Res_User_48_Dark.svg"), plain("user", 2000));
        assert_eq!(read("databases/10132-icon-service-SQL-Database.svg"), plain("sqldatabase", 0));
        assert_eq!(
            read("cloud_sql/cloud_sql-512-color.svg").map(|read| read.0),
            Some("cloudsql512color".into())
        );
        assert_eq!(read("route53.svg"), plain("route53", 0));
        assert_eq!(read("Arch_Amazon-RDS_64.png"), None);
        assert_eq!(read("48.svg"), plain("48", 0));
    }

    #[test]
    fn a_collection_gives_svgs_with_its_size() {
        let text = r#"{"prefix":"x","width":24,"height":24,"icons":{"a":{"body":"<path d='M0 0'/>"},"b":{"body":"<g/>","width":32,"left":-2}},
            "aliases":{"c":{"parent":"a"},"d":{"parent":"none"}}}"#;
        let all = iconify(text).unwrap();
        assert_eq!(all.keys().map(String::as_str).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(all["a"].contains("viewBox=\"0 0 24 24\"") && all["a"].contains("<path d='M0 0'/>"));
        assert!(all["b"].contains("viewBox=\"-2 0 32 24\""));
        assert!(iconify("{}").is_err() && iconify("[").is_err());
    }
}
