//! Which icon stands for a thing: its kind's, its form's, or one that the project brings.

use super::{Catalog, FormId, KindId};

impl Catalog {
    /// The name of the icon for a kind in a form.
    ///
    /// A form says more than a kind (a managed cache is more than a cache), unless it is one that anything can take.
    /// What the project brings goes before what is built in.
    pub fn icon(&self, kind: KindId, form: Option<FormId>) -> &str {
        let (what, general) = (self.kind(kind), form.is_some_and(|form| self.is_general(form)));
        let as_form = form.map(|form| self.form(form));
        let own = |name: &str| self.own_icons.get(name).map(String::as_str);
        let own_form = as_form.and_then(|form| own(&form.name));
        let used = form.and_then(|form| what.form(form)).and_then(|used| used.icon.as_deref());
        own_form
            .filter(|_| !general)
            .or_else(|| own(&what.name))
            .or(own_form)
            .or(used)
            .or_else(|| as_form.and_then(|form| form.icon.as_deref()).filter(|_| !general))
            .unwrap_or(&what.icon)
    }

    /// Whether kinds of several categories take a form (a virtual machine, a container): then it says nothing of
    /// what a thing is.
    pub fn is_general(&self, form: FormId) -> bool {
        let mut categories =
            self.kinds.iter().filter(|kind| kind.form(form).is_some()).map(|kind| &kind.category);
        let first = categories.next();
        categories.any(|category| Some(category) != first)
    }

    /// Whether a kind or a form has a name.
    pub fn has_name(&self, name: &str) -> bool {
        self.find_kind(name).is_some() || self.find_form(name).is_some()
    }

    /// Lets an icon of the project stand for the kind and the form of a name; nothing happens where there is none.
    pub fn give_icon(&mut self, name: &str, icon: &str) {
        if self.has_name(name) {
            self.own_icons.insert(name.to_owned(), icon.to_owned());
        }
    }

    /// The kinds and forms that an icon of the project stands for, each with the icon, by name.
    pub fn own_icons(&self) -> impl Iterator<Item = (&str, &str)> {
        self.own_icons.iter().map(|(name, icon)| (name.as_str(), icon.as_str()))
    }
}
