//! Every generated sentence, by key and language: `templates/messages/<language>.yaml`.

use std::collections::BTreeMap;

use crate::document::tree::Node;

/// The sentences of one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Messages {
    /// The language's code.
    pub language: String,
    texts: BTreeMap<String, String>,
}

impl Messages {
    /// Reads a messages file: a map of maps, whose keys are joined with dots (`runbook.ports`).
    pub fn new(language: &str, tree: &Node) -> Self {
        let mut texts = BTreeMap::new();
        collect("", tree, &mut texts);
        Messages { language: language.to_owned(), texts }
    }

    /// All keys, for tests that compare languages.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The sentence of a key with its `{names}` filled in. A key that no file has gives the key itself, which
    /// the tests of the catalog turn into a failure.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(text) = self.texts.get(key) else {
            return key.to_owned();
        };
        values.iter().fold(text.clone(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// All sentences as nested maps, for templates: `{{ say.runbook.ports }}`.
    pub fn context(&self) -> serde_json::Value {
        let mut root = serde_json::Map::new();
        for (key, text) in &self.texts {
            let mut at = &mut root;
            let mut words = key.split('.').peekable();
            while let Some(word) = words.next() {
                if words.peek().is_none() {
                    at.insert(word.to_owned(), serde_json::Value::String(text.clone()));
                    break;
                }
                let inner = at.entry(word).or_insert_with(|| serde_json::Value::Object(Default::default()));
                match inner {
                    serde_json::Value::Object(map) => at = map,
                    _ => break,
                }
            }
        }
        serde_json::Value::Object(root)
    }
}

fn collect(path: &str, node: &Node, texts: &mut BTreeMap<String, String>) {
    if let Some(map) = node.as_map() {
        for entry in &map.entries {
            let key = &entry.key.value;
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect(&path, &entry.value, texts);
        }
    } else if let Some(text) = node.as_str() {
        texts.insert(path.to_owned(), text.trim_end().to_owned());
    }
}
