//! The names that a certificate proves beside those that are written: all that lead to where TLS ends with it.

use super::build::Builder;
use super::{ComponentId, End};
use crate::catalog::Trait;

/// How many components that only look at requests may stand one behind the other.
const DEEPEST: usize = 8;

impl Builder<'_> {
    /// Adds to certificates the names of their domain under which somebody reaches who uses them.
    pub(super) fn certified_names(&mut self) {
        let mut further: Vec<(ComponentId, String)> = Vec::new();
        for (id, component) in self.model.components() {
            let Some(dns) = component.certificate.as_ref().and_then(|about| about.dns) else { continue };
            let Some(domain) = self.model.component(dns).setting_text("name") else { continue };
            for (_, connection) in self.model.connections().filter(|(_, c)| c.from == End::Component(dns)) {
                if !self.ends_with(connection.to, id, 0) {
                    continue;
                }
                let names = connection.legs.iter().filter_map(|leg| leg.name.as_ref());
                further.extend(names.map(|name| (id, format!("{name}.{domain}"))));
            }
        }
        for (id, name) in further {
            let about = self.model.components.get_mut(id.0 as usize).and_then(|c| c.certificate.as_mut());
            if let Some(about) = about.filter(|about| !is_proved(&about.names, &name)) {
                about.names.push(name);
            }
        }
    }

    /// Whether TLS ends with a certificate there, or behind what only looks at the requests.
    fn ends_with(&self, end: End, certificate: ComponentId, depth: usize) -> bool {
        let End::Component(id) = end else { return false };
        let component = self.model.component(id);
        if let Some(tls) = &component.tls {
            return tls.certificate == certificate;
        }
        let looked_through = self.catalog.kind(component.kind).has(Trait::Transparent);
        looked_through
            && depth < DEEPEST
            && self
                .model
                .connections()
                .any(|(_, next)| next.from == end && self.ends_with(next.to, certificate, depth + 1))
    }
}

/// Whether a name is among others, or the one label before a domain whose names a `*` stands for.
fn is_proved(names: &[String], name: &str) -> bool {
    let parent = name.split_once('.').map(|(_, parent)| format!("*.{parent}"));
    names.iter().any(|known| known == name || Some(known) == parent.as_ref())
}

#[cfg(test)]
mod tests {
    use super::is_proved;

    #[test]
    fn a_star_stands_for_one_label() {
        let names = ["shop.example.com".to_owned(), "*.shop.example.com".to_owned()];
        assert!(is_proved(&names, "admin.shop.example.com"));
        assert!(!is_proved(&names, "a.admin.shop.example.com"));
        assert!(!is_proved(&names[..1], "admin.shop.example.com"));
    }
}
