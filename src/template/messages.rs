//! Every generated sentence, by key and language: `templates/messages/<language>.yaml`.

use serde_json::{Map, Value};

use crate::document::tree::{Data, Node};

/// The sentences of one language: a map of maps, whose keys are joined with dots (`runbook.ports`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Messages {
    /// The language's code.
    pub language: String,
    tree: Option<Node>,
}

impl Messages {
    /// The sentences of a messages file.
    pub fn new(language: &str, tree: Node) -> Self {
        Messages { language: language.to_owned(), tree: Some(tree) }
    }

    /// All sentences below a key with what follows that key in theirs, sorted: of `diagram`, that of `diagram.digest`
    /// as `digest`.
    pub fn below(&self, key: &str) -> Vec<(String, &str)> {
        let mut found = Vec::new();
        if let Some(node) = self.node(key) {
            collect("", node, &mut found);
        }
        found.sort();
        found
    }

    /// The sentence of a key with its `{names}` filled in. A key that no file has gives the key itself, which
    /// the tests of the catalog turn into a failure.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(text) = self.node(key).and_then(sentence) else {
            return key.to_owned();
        };
        let fill = |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{name}}}"), value);
        values.iter().fold(text.to_owned(), fill)
    }

    /// All sentences as nested maps, for templates: `{{ say.runbook.ports }}`.
    pub fn context(&self) -> Value {
        self.tree.as_ref().and_then(value).unwrap_or_else(|| Value::Object(Map::new()))
    }

    fn node(&self, key: &str) -> Option<&Node> {
        key.split('.').try_fold(self.tree.as_ref()?, |node, word| node.get(word))
    }
}

/// What a text says, without the line break that ends a block of YAML.
fn sentence(node: &Node) -> Option<&str> {
    node.as_str().map(str::trim_end)
}

fn collect<'a>(path: &str, node: &'a Node, found: &mut Vec<(String, &'a str)>) {
    if let Some(map) = node.as_map() {
        for entry in &map.entries {
            let key = &entry.key.value;
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect(&path, &entry.value, found);
        }
    } else if let Some(text) = sentence(node) {
        found.push((path.to_owned(), text));
    }
}

fn value(node: &Node) -> Option<Value> {
    match &node.data {
        Data::Map(map) => {
            let entries = map.entries.iter();
            let inner = entries.filter_map(|entry| Some((entry.key.value.clone(), value(&entry.value)?)));
            Some(Value::Object(inner.collect()))
        }
        _ => sentence(node).map(|text| Value::String(text.to_owned())),
    }
}
