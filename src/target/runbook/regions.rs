//! Several regions: what stands where, how requests find one, and what to do when the first one is lost.

use crate::model::derive::{Kept, Regions};
use crate::model::{ComponentId, End, Origin, Zone, ZoneDetail};

use super::images as pushed;
use super::markdown::{code, fence, table};
use super::page::Page;
use super::words::Seat;

/// What a command asks Terraform for; the other regions' outputs have the region behind the name.
const OUTPUT: &str = "output -raw ";

/// The chapter; nothing where there is one region, or Terraform makes none.
pub(super) fn regions(page: &Page) -> String {
    let Some(regions) = page.input.facts.regions.as_ref().filter(|_| page.has_terraform()) else {
        return String::new();
    };
    let names: Vec<String> = regions.names.iter().map(|name| code(name)).collect();
    let Some((first, others)) = names.split_first() else { return String::new() };
    let mut out = page.say_with("regions.intro", &[("first", first)]);
    out.push_str(&format!("\n\n{}", rows(page, regions)));
    let way = match (regions.first_writes(), others.len()) {
        (false, _) => "nearest",
        (true, 1) => "failover",
        (true, _) => "failover-more",
    };
    let second = others.first().map_or("", String::as_str);
    let values = [("first", first.as_str()), ("second", second), ("others", &others.join(", "))];
    out.push_str(&format!("\n{}\n", page.say_with(&format!("regions.{way}"), &values)));
    out.push_str(&lost(page, regions));
    out
}

/// The command that tells the provider's program where the commands after it apply: the first region, as long as nothing
/// else is said.
pub(super) fn choose(page: &Page) -> Option<String> {
    page.model().zones().find_map(|(_, zone)| {
        let ZoneDetail::Provider(provider) = &zone.detail else { return None };
        in_shell(page, zone, provider.regions.first()?)
    })
}

fn in_shell(page: &Page, cloud: &Zone, region: &str) -> Option<String> {
    let text = page.input.catalog.form(cloud.form?).runbook.get("region")?;
    crate::template::render(text, &serde_json::json!({ "region": region })).ok()
}

/// Commands for the first region as those for each of the others; nothing where there is one region.
pub(super) fn elsewhere(page: &Page, commands: &[String]) -> Vec<String> {
    let Some(several) = &page.input.facts.regions else { return Vec::new() };
    let cloud = page.model().zones().find(|(_, zone)| matches!(zone.detail, ZoneDetail::Provider(_)));
    let mut out = Vec::new();
    for region in several.names.iter().skip(1) {
        out.extend(cloud.and_then(|(_, zone)| in_shell(page, zone, region)));
        out.extend(commands.iter().map(|command| in_region(command, region)));
    }
    out.extend(choose(page));
    out
}

/// Pushing to the repositories of the other regions than the first; nothing where there are no others.
pub(super) fn images(page: &Page) -> String {
    let Some(regions) = &page.input.facts.regions else { return String::new() };
    let repositories: Vec<ComponentId> = pushed::repositories(page).collect();
    let images = pushed::images(page, |id| repositories.contains(&id));
    let mut out = String::new();
    let back = choose(page).unwrap_or_else(|| "unset AWS_REGION".to_owned());
    for region in regions.names.iter().skip(1) {
        let sentence = page.say_with("regions.images", &[("region", &code(region))]);
        let commands = in_region(&images, region);
        let go = fence("sh", &format!("export AWS_REGION={region}"));
        out.push_str(&format!("\n{sentence}\n\n{go}\n{commands}\n{}\n", fence("sh", &back)));
    }
    out
}

/// A row for each region: its networks, and what it has of each store.
fn rows(page: &Page, regions: &Regions) -> String {
    let row = |(at, region): (usize, &String)| {
        let networks = regions.spaces.iter().filter_map(|(id, ranges)| {
            Some(format!("{} {}", page.name(End::Zone(*id)), code(&ranges.get(at)?.to_string())))
        });
        let stores = written(page, regions).map(|(id, kept)| {
            let key = match (kept, at) {
                (Kept::FirstWrites, 0) => "written",
                (Kept::FirstWrites, _) => "copy",
                (Kept::AllWrite, _) => "shared",
                (Kept::Own | Kept::Apart, _) => "own",
            };
            format!("{}: {}", page.name(End::Component(id)), page.say(&format!("regions.{key}")))
        });
        let lines = |cells: &mut dyn Iterator<Item = String>| cells.collect::<Vec<_>>().join("<br>");
        let module = code(&format!("module.{}", key(region)));
        vec![code(region), module, lines(&mut networks.into_iter()), lines(&mut stores.into_iter())]
    };
    let rows: Vec<Vec<String>> = regions.names.iter().enumerate().map(row).collect();
    table(&page.head(&["region", "module", "networks", "stores"]), &rows)
}

/// The stores that Terraform makes, without their copies for reading, which stand beside them in every region.
fn written(page: &Page, regions: &Regions) -> impl Iterator<Item = (ComponentId, Kept)> {
    let own = |id: ComponentId| page.is_made(id) && page.component(id).origin == Origin::Written;
    regions.stores.iter().copied().filter(move |(id, _)| own(*id))
}

/// What to do when the first region is lost: copies that only answer reads become stores of their own.
fn lost(page: &Page, regions: &Regions) -> String {
    let Some(second) = regions.names.get(1) else { return String::new() };
    let commands: Vec<String> = written(page, regions)
        .filter(|(_, kept)| *kept == Kept::FirstWrites)
        .filter_map(|(id, _)| page.command(id, "promote", Seat::Own))
        .map(|command| in_region(&format!("AWS_REGION={second} {command}"), second))
        .collect();
    if commands.is_empty() {
        return String::new();
    }
    let values = [("first", &*code(&regions.names[0])), ("second", &*code(second))];
    let sentence = page.say_with("regions.lost", &values);
    format!("\n{}\n{}\n", page.shell(&sentence, &commands), page.say_with("regions.back", &values))
}

/// A text with the outputs of another region than the first.
fn in_region(text: &str, region: &str) -> String {
    let mut parts = text.split(OUTPUT);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        out.push_str(&format!("{OUTPUT}{}_{}{}", &part[..end], key(region), &part[end..]));
    }
    out
}

/// A region as part of a name in Terraform.
fn key(region: &str) -> String {
    crate::target::terraform::region_key(region)
}

#[cfg(test)]
mod tests {
    use super::in_region;

    #[test]
    fn outputs_are_those_of_the_region() {
        assert_eq!(
            in_region(
                "a $(terraform output -raw db_name) b $(terraform -chdir=x output -raw y)/z",
                "eu-west-1"
            ),
            "a $(terraform output -raw db_name_eu_west_1) b $(terraform -chdir=x output -raw y_eu_west_1)/z"
        );
    }
}
