//! What a word that is no kind was meant to be: first by what it means (`words` and titles in the files of kinds and
//! forms), then by its spelling.

use super::{Catalog, Form, FormId, Kind, Trait};
use crate::diag::suggest::nearest;

/// A word without what people write differently: `Load balancer`, `load_balancer` and `loadbalancer` are one.
fn squash(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words in backticks, the last one after `or`.
fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

/// All that a kind is called.
fn called(kind: &Kind) -> impl Iterator<Item = &str> {
    let titles = kind.title.by_language.values().map(String::as_str);
    std::iter::once(kind.name.as_str()).chain(titles).chain(kind.words.iter().map(String::as_str))
}

/// Whether a squashed word is what a form is called: by its name with or without the provider, its titles, its words.
fn is_called(form: &Form, word: &str) -> bool {
    let end = form.name.rsplit('.').next();
    let short = form.short.iter().flat_map(|text| text.by_language.values());
    let titles = form.title.by_language.values().chain(short).chain(&form.words).map(String::as_str);
    std::iter::once(form.name.as_str()).chain(end).chain(titles).any(|name| squash(name) == word)
}

impl Catalog {
    /// What helps whoever wrote a word as a kind that is none, as hints. `zones` says under which section it stands,
    /// where it stands in a description.
    pub fn instead_of_kind(&self, word: &str, zones: Option<bool>) -> Vec<String> {
        let squashed = squash(word);
        let stray = self.kinds.iter().flat_map(|kind| &kind.instead);
        if let Some((_, say)) = stray.clone().find(|(words, _)| words.iter().any(|w| squash(w) == squashed)) {
            return vec![say.clone()];
        }
        let meaning = |squashed: &str| -> Vec<&Kind> {
            let all = self.kinds.iter().filter(|kind| called(kind).any(|name| squash(name) == squashed));
            all.collect()
        };
        let meant = meaning(&squashed);
        if !meant.is_empty() {
            return vec![did_you_mean(&meant, zones)];
        }
        if let Some((at, form)) = self
            .forms
            .iter()
            .enumerate()
            .find(|(_, form)| is_called(form, &squashed))
            .filter(|_| !word.is_empty())
        {
            return vec![self.is_a_form(FormId(at as u16), form, zones)];
        }
        let here = self.kinds.iter().filter(|kind| zones.is_none_or(|zones| kind.has(Trait::Zone) == zones));
        if let Some(near) = nearest(word, here.map(|kind| kind.name.as_str())) {
            return vec![format!("did you mean `{near}`?")];
        }
        let near = nearest(word, self.kinds.iter().flat_map(called));
        near.map(|near| did_you_mean(&meaning(&squash(near)), zones)).into_iter().collect()
    }

    /// Who writes a form as a kind is told the kinds that take it.
    fn is_a_form(&self, id: FormId, form: &Form, zones: Option<bool>) -> String {
        let name = &form.name;
        let takers: Vec<&Kind> = self.kinds.iter().filter(|kind| kind.form(id).is_some()).collect();
        let names: Vec<String> = in_section(&takers, zones).iter().map(|kind| kind.name.clone()).collect();
        match names.as_slice() {
            [only] => format!(
                "`{name}` is a form: write `kind: {only}` and, where it is not the default, `as: {name}`"
            ),
            few if few.len() <= 6 => {
                format!(
                    "`{name}` is a form: write what it is, {} as the `kind`, and `as: {name}`",
                    either(few)
                )
            }
            _ => format!("`{name}` is a form: `archgen forms {name}` lists the kinds that have it"),
        }
    }
}

/// The kinds of a section, or all where none is of it.
fn in_section<'a>(kinds: &[&'a Kind], zones: Option<bool>) -> Vec<&'a Kind> {
    let fits = |kind: &Kind| zones.is_none_or(|zones| kind.has(Trait::Zone) == zones);
    let here: Vec<&Kind> = kinds.iter().copied().filter(|kind| fits(kind)).collect();
    if here.is_empty() { kinds.to_vec() } else { here }
}

fn did_you_mean(kinds: &[&Kind], zones: Option<bool>) -> String {
    let kinds = in_section(kinds, zones);
    let names: Vec<String> = kinds.iter().map(|kind| kind.name.clone()).collect();
    let asked = format!("did you mean {}?", either(&names));
    let zone = kinds.first().is_some_and(|kind| kind.has(Trait::Zone));
    match zones {
        Some(zones) if zones != zone && zone => format!("{asked} It stands under `zones`"),
        Some(zones) if zones != zone => format!("{asked} It stands under `components`"),
        _ => asked,
    }
}
