//! The project's own icons: `archgen/icons/` and the packs of `outputs.icons`, found by the name of the kind or form
//! that they stand for.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Diagnostics, Severity, suggest};
use crate::document::Document;
use crate::document::tree::{Map, Node};
use crate::scene::icon::pack::{self, Named, squash};
use crate::scene::icon::{Icons, names};
use crate::source::{Span, Spanned};

/// The files of one pack, as far as they may be of use.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    /// Texts by path below the pack's folder; one file by its name.
    pub files: BTreeMap<String, String>,
    /// Why the pack could not be read.
    pub problem: Option<String>,
}

/// One pack that the description names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Its folder or file.
    pub from: Spanned<String>,
    /// Icons of it by the kind or form that they stand for.
    pub uses: Vec<(Spanned<String>, Spanned<String>)>,
}

/// The packs of `outputs.icons`, in order.
pub fn wishes(outputs: &Map) -> Vec<Wish> {
    let list = outputs.get("icons").and_then(Node::as_list).unwrap_or_default();
    let spanned = |node: &Node| node.as_str().map(|text| Spanned::new(text.to_owned(), node.span));
    let wish = |node: &Node| {
        let uses = node.get("use").and_then(Node::as_map);
        let entry = |entry: &crate::document::tree::Entry| Some((entry.key.clone(), spanned(&entry.value)?));
        Some(Wish {
            from: spanned(node.get("from")?)?,
            uses: uses.into_iter().flat_map(|map| &map.entries).filter_map(entry).collect(),
        })
    };
    list.iter().filter_map(wish).collect()
}

/// The icons that elements choose themselves, in every layer.
pub fn chosen(document: &Document) -> Vec<Spanned<String>> {
    let layers = std::iter::once(&document.base).chain(document.environments.iter().map(|e| &e.layer));
    let elements = layers.flat_map(|layer| layer.zones.entries.iter().chain(&layer.components.entries));
    let icon = |node: &Node| {
        let icon = node.get("icon")?;
        Some(Spanned::new(icon.as_str()?.to_owned(), icon.span))
    };
    elements.filter_map(|entry| icon(&entry.value)).collect()
}

/// Which files of a pack are worth reading: those that some kind, form or explicit use may mean. An archive of a
/// provider has thousands of others.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    known: Vec<Known>,
    used: Vec<String>,
}

/// What an icon may stand for, with the names under which packs have it, squashed.
#[derive(Debug, Clone)]
struct Known {
    id: String,
    names: Vec<String>,
    /// Whether a provider makes it: then the last part of a file's name counts too.
    provided: bool,
}

impl Wanted {
    /// What a catalog and the uses of the description ask for.
    pub fn new(catalog: &Catalog, wishes: &[Wish], chosen: &[Spanned<String>]) -> Wanted {
        let mut known = Vec::new();
        for kind in catalog.kinds() {
            let names = [squash(&kind.name), squash(kind.title.get("en"))];
            known.push(Known { id: kind.name.clone(), names: names.into(), provided: false });
        }
        for form in catalog.forms() {
            let mut names = vec![squash(&form.name), squash(form.title.get("en"))];
            names.extend(form.icon_names.iter().map(|name| squash(name)));
            match known.iter_mut().find(|known| known.id == form.name) {
                Some(same) => same.names.extend(names),
                None => {
                    known.push(Known { id: form.name.clone(), names, provided: !form.provider.is_empty() })
                }
            }
        }
        for name in names().filter(|name| !catalog.has_name(name)) {
            known.push(Known { id: name.to_owned(), names: vec![squash(name)], provided: false });
        }
        let uses = wishes.iter().flat_map(|wish| &wish.uses).map(|(_, icon)| icon);
        Wanted { known, used: uses.chain(chosen).map(|icon| icon.value.clone()).collect() }
    }

    /// Whether a file of a pack, by its path in it, may be of use.
    pub fn wants(&self, path: &str) -> bool {
        if path.ends_with(".json") {
            return true;
        }
        let Some(named) = pack::named(path) else { return false };
        self.used.iter().any(|icon| is_meant(icon, path, &named))
            || self.known.iter().any(|known| known.rank(&named).is_some())
    }
}

impl Known {
    /// How well a file suits, the less the better; `None` when it shows something else.
    fn rank(&self, named: &Named) -> Option<u32> {
        if named.stem == self.id {
            return Some(0);
        }
        let is = |name: &String| self.names.contains(name);
        match (is(&named.name), self.provided && !named.part.is_empty() && is(&named.part)) {
            (true, _) => Some(1 + named.rank),
            (_, true) => Some(5000 + named.rank),
            _ => None,
        }
    }
}

/// Takes the project's icons in: those of `archgen/icons/` first, then the packs in order, of which the first that
/// has an icon for a thing gives it.
pub fn take(
    catalog: &mut Catalog,
    own: &BTreeMap<String, String>,
    document: Option<&Document>,
    packs: &BTreeMap<String, Pack>,
    out: &mut Diagnostics,
) -> Icons {
    let wishes = document.map(|document| wishes(&document.outputs)).unwrap_or_default();
    let chosen = document.map(chosen).unwrap_or_default();
    // Nothing is looked for where there are no packs.
    let wanted = if wishes.is_empty() { Wanted::default() } else { Wanted::new(catalog, &wishes, &chosen) };
    let mut taker = Taker { catalog, icons: Icons::default(), given: Vec::new(), out };
    for (path, svg) in own {
        // Each file of this folder is meant to be used, whatever it is called.
        let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".svg");
        taker.give(name, name, &format!("archgen/icons/{path}"), svg, None);
    }
    for wish in &wishes {
        let empty = Pack::default();
        let pack = packs.get(&wish.from.value).unwrap_or(&empty);
        taker.pack(wish, pack, &wanted, &chosen);
    }
    taker.unknown(&chosen);
    let icons = taker.icons;
    missing(catalog, &icons, out);
    icons
}

struct Taker<'a> {
    catalog: &'a mut Catalog,
    icons: Icons,
    /// What has an icon of the project already.
    given: Vec<String>,
    out: &'a mut Diagnostics,
}

impl Taker<'_> {
    /// Lets an icon stand for a kind, a form or a built-in icon.
    fn give(&mut self, id: &str, icon: &str, place: &str, svg: &str, span: Option<Span>) {
        if self.given.iter().any(|given| given == id) {
            return;
        }
        match self.icons.add(icon, svg) {
            Ok(()) => {
                self.catalog.give_icon(id, icon);
                self.given.push(id.to_owned());
            }
            Err(problem) => {
                let message = format!("{place} cannot be used: {problem}");
                self.out.push(
                    Diagnostic::new(Severity::Warning, "bad-icon", span, message)
                        .hint("the built-in icon is drawn instead"),
                );
            }
        }
    }

    /// A built-in icon is replaced under its name; a kind or form gets one of its own.
    fn name_of(&self, id: &str) -> String {
        if self.catalog.has_name(id) { format!("own.{id}") } else { id.to_owned() }
    }

    fn pack(&mut self, wish: &Wish, pack: &Pack, wanted: &Wanted, chosen: &[Spanned<String>]) {
        if let Some(problem) = &pack.problem {
            let message = format!("the icons of `{}` cannot be read: {problem}", wish.from.value);
            self.out.push(Diagnostic::error("icons", wish.from.span, message).label("named here"));
            return;
        }
        let icons = self.flat(wish, pack);
        for (id, icon) in &wish.uses {
            self.used(id, icon, &icons, wish);
        }
        for icon in chosen {
            if !self.icons.has(&icon.value)
                && let Some((path, svg)) = find(&icons, &icon.value)
            {
                let place = format!("the icon `{path}` of {}", wish.from.value);
                self.give(&icon.value, &icon.value, &place, svg, Some(icon.span));
            }
        }
        for known in &wanted.known {
            let ranked = icons.iter().filter_map(|(path, (named, svg))| {
                let rank = known.rank(named.as_ref()?)?;
                Some((rank, path, svg))
            });
            if let Some((_, path, svg)) = ranked.min_by_key(|(rank, path, _)| (*rank, *path)) {
                let place = format!("the icon `{path}` of {}", wish.from.value);
                self.give(&known.id, &self.name_of(&known.id), &place, svg, Some(wish.from.span));
            }
        }
    }

    /// Reports icons that elements choose and nothing has.
    fn unknown(&mut self, chosen: &[Spanned<String>]) {
        for icon in chosen.iter().filter(|icon| !self.icons.has(&icon.value)) {
            let message = format!("there is no icon `{}`", icon.value);
            let unknown = Diagnostic::error("unknown-icon", icon.span, message).label("unknown");
            let hint = suggest::nearest(&icon.value, names()).map_or_else(
                || "`archgen icons` shows all; your own lie in archgen/icons/ or in a pack".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.out.push(unknown.hint(hint));
        }
    }

    /// The icons of a pack by path, or by name in a collection.
    fn flat(&mut self, wish: &Wish, pack: &Pack) -> Flat {
        let mut icons = BTreeMap::new();
        for (path, text) in &pack.files {
            if !path.ends_with(".json") {
                icons.insert(path.clone(), (pack::named(path), text.clone()));
                continue;
            }
            match pack::iconify(text) {
                Ok(all) => {
                    let named = |name: &str| pack::named(&format!("{name}.svg"));
                    icons.extend(all.into_iter().map(|(name, svg)| {
                        let named = named(&name);
                        (name, (named, svg))
                    }));
                }
                Err(problem) => {
                    let message =
                        format!("the icons of `{}` cannot be read: {path}: {problem}", wish.from.value);
                    self.out.push(Diagnostic::error("icons", wish.from.span, message).label("named here"));
                }
            }
        }
        icons
    }

    /// An icon that the description maps itself.
    fn used(&mut self, id: &Spanned<String>, icon: &Spanned<String>, icons: &Flat, wish: &Wish) {
        let has = |name: &str| self.catalog.has_name(name) || names().any(|known| known == name);
        if !has(&id.value) {
            let kinds = self.catalog.kinds().iter().map(|kind| &kind.name);
            let mut all: Vec<&str> = kinds.map(String::as_str).collect();
            all.extend(self.catalog.forms().iter().map(|form| form.name.as_str()));
            for icon in names() {
                all.push(icon);
            }
            let near = suggest::nearest(&id.value, all);
            let hint = near.map_or_else(
                || "`archgen kinds` and `archgen forms` list what an icon can stand for".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("there is no kind, form or icon `{}`", id.value);
            self.out.push(Diagnostic::error("unknown-kind", id.span, message).label("unknown").hint(hint));
            return;
        }
        let Some((path, svg)) = find(icons, &icon.value) else {
            let stems = icons.iter().filter_map(|(_, (named, _))| Some(named.as_ref()?.stem.as_str()));
            let near = suggest::nearest(&icon.value, stems);
            let hint = near.map_or_else(
                || "say the file's path in the pack, its name, or an icon's name in a collection".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("`{}` has no icon `{}`", wish.from.value, icon.value);
            self.out
                .push(Diagnostic::error("unknown-icon", icon.span, message).label("not there").hint(hint));
            return;
        };
        let place = format!("the icon `{path}` of {}", wish.from.value);
        self.give(&id.value, &self.name_of(&id.value), &place, svg, Some(icon.span));
    }
}

/// The icons of a pack by path, each with what its path says.
type Flat = BTreeMap<String, (Option<Named>, String)>;

/// The icon of a pack that a name means.
fn find<'a>(icons: &'a Flat, icon: &str) -> Option<(&'a String, &'a String)> {
    let meant = icons.iter().filter(|(path, (named, _))| match named {
        Some(named) => is_meant(icon, path, named),
        None => *path == icon,
    });
    let best = meant.min_by_key(|(path, (named, _))| (named.as_ref().map(|named| named.rank), *path));
    best.map(|(path, (_, svg))| (path, svg))
}

/// Whether the description means a file: by its path, its name, or its name without the marks of an archive.
fn is_meant(icon: &str, path: &str, named: &Named) -> bool {
    let said = icon.strip_prefix("./").unwrap_or(icon);
    said == path || said == named.stem || squash(said) == named.name
}

/// Notes kinds and forms of the project whose icon is nowhere: the category's is drawn.
fn missing(catalog: &Catalog, icons: &Icons, out: &mut Diagnostics) {
    let kinds = catalog.kinds().iter().map(|kind| (Some(&kind.icon), &kind.name, kind.span));
    let forms = catalog.forms().iter().map(|form| (form.icon.as_ref(), &form.name, form.span));
    for (icon, name, span) in kinds.chain(forms) {
        let Some(icon) = icon.filter(|icon| !icons.has(icon)) else { continue };
        if catalog.own_icons().any(|(own, _)| own == name) {
            continue;
        }
        let message = format!("there is no icon `{icon}` for `{name}`: its category's is drawn");
        let note = Diagnostic::new(Severity::Note, "missing-icon", Some(span), message);
        out.push(match suggest::nearest(icon, names()) {
            Some(near) => note.hint(format!("did you mean `{near}`?")),
            None => note.hint(format!(
                "put it into archgen/icons/{icon}.svg, or name another: `archgen icons` shows all"
            )),
        });
    }
}
