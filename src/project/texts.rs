//! A description with everything that takes part in what is made of it, as texts.

use std::path::Path;

use super::disk::Disk;
use super::read::{read_overlay, read_pack, read_text};
use crate::catalog;
use crate::compile::icons::{Wanted, chosen, wishes};
use crate::compile::{Texts, outputs};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document;
use crate::source::Sources;
use crate::target::diagram;

/// Reads a description and what belongs to it: the files beside it, and those that it names. What is wrong with one
/// of those is said in the findings. `theme` is one that the call asks for instead of the description's.
pub fn read_texts(
    file: &Path,
    theme: Option<&str>,
    disk: &dyn Disk,
) -> Result<(Texts, Diagnostics), Box<Diagnostic>> {
    let description = read_text(file, disk)?;
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (overlay, mut findings) = read_overlay(folder, disk);
    let mut texts = Texts {
        name: file.to_string_lossy().replace('\\', "/"),
        description,
        templates: overlay.templates,
        icons: overlay.icons,
        packs: Default::default(),
        themes: overlay.themes,
        prose: overlay.prose,
    };
    // Most descriptions name no other files, and are parsed only once then.
    if theme.is_some() || ["icons", "theme"].iter().any(|word| texts.description.contains(word)) {
        named(&mut texts, folder, theme, disk, &mut findings);
    }
    Ok((texts, findings))
}

/// Reads the packs of icons and the theme that a description names. Its own mistakes are told later.
fn named(texts: &mut Texts, folder: &Path, theme: Option<&str>, disk: &dyn Disk, findings: &mut Diagnostics) {
    let mut quiet = Diagnostics::default();
    let mut sources = Sources::default();
    let source = sources.add(texts.name.clone(), texts.description.clone());
    let Some(document) = document::read(source, &texts.description, &mut quiet) else { return };
    let theme = theme.map_or_else(|| outputs(&document).theme, str::to_owned);
    if diagram::is_file(&theme)
        && !texts.themes.contains_key(&theme)
        && let Ok(text) = read_text(&folder.join(&theme), disk)
    {
        texts.themes.insert(theme, text);
    }
    let wishes = wishes(&document.outputs);
    if wishes.is_empty() {
        return;
    }
    let catalog = catalog::load(&texts.templates, &mut sources, &mut quiet);
    let wanted = Wanted::new(&catalog, &wishes, &chosen(&document));
    for wish in wishes {
        let path = folder.join(&wish.from.value);
        let (pack, found) = read_pack(&path, &|path| wanted.wants(path), disk);
        findings.extend(found);
        texts.packs.insert(wish.from.value, pack);
    }
}
