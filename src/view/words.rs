//! The words that a picture adds of itself, from the sentences of its language (`diagram` in the messages).

use crate::layout::Class;
use crate::template::messages::Messages;
use std::collections::BTreeMap;

/// The words of one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// The words among all sentences.
    pub fn new(messages: &Messages) -> Self {
        Words(messages.below("diagram").into_iter().map(|(key, text)| (key, text.to_owned())).collect())
    }

    /// The same words, but one stands for another: what `key` says is what `other` would, both with their section.
    pub fn instead(&self, key: &str, other: &str) -> Words {
        let mut words = self.clone();
        if let Some(text) = self.0.get(other) {
            words.0.insert(key.to_owned(), text.clone());
        }
        words
    }

    /// A word by its key; the key itself where no language has it.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(&format!("words.{key}")).map_or(key, String::as_str)
    }

    /// A line in a sentence, without its full stop.
    pub fn sentence(&self, class: Class, from: &str, to: &str, label: &str) -> String {
        let key = match class {
            Class::Request => "sentence.request",
            Class::Async => "sentence.async",
            Class::Replication => "sentence.replication",
            Class::Telemetry => "sentence.telemetry",
            Class::Attached => "sentence.attached",
        };
        let pattern = self.0.get(key).map_or("{from} -> {to}", String::as_str);
        // Both ends at once: a title may hold what looks like a name in braces.
        let mut text = String::new();
        for part in pattern.split_inclusive('}') {
            let (before, value) = match (part.strip_suffix("{from}"), part.strip_suffix("{to}")) {
                (Some(before), _) => (before, from),
                (_, Some(before)) => (before, to),
                _ => (part, ""),
            };
            text.push_str(before);
            text.push_str(value);
        }
        if label.is_empty() { text } else { format!("{text}: {label}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let words = [("words.zone", "zona"), ("sentence.request", "{from} se conecta a {to}")];
        Words(words.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect())
    }

    #[test]
    fn unknown_words_stand_for_themselves() {
        assert_eq!(words().get("zone"), "zona");
        assert_eq!(words().get("mainframe"), "mainframe");
    }

    #[test]
    fn a_sentence_names_both_ends() {
        let say = |from, to, label| words().sentence(Class::Request, from, to, label);
        assert_eq!(say("A", "B", ""), "A se conecta a B");
        assert_eq!(say("{to}", "B", "HTTP 80"), "{to} se conecta a B: HTTP 80");
        assert_eq!(words().sentence(Class::Async, "A", "B", ""), "A -> B");
    }
}
