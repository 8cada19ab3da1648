//! Shapes of values: the small language in which the table of the description language is written.
//!
//! One table of shapes (see [`super::language`]) is read by everything that must agree: the checks, the
//! normal form, the JSON Schema and the documentation.

use std::sync::Arc;

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything; no references are looked for in it.
    Any,
    /// A text. What looks like a number must be quoted.
    Text,
    /// Prose: a text, or one text for each language.
    Markdown,
    /// A text, a number or a truth value, kept as written.
    Scalar,
    /// `true` or `false`.
    Bool,
    /// A whole number in a range, both ends included.
    Int(i64, i64),
    /// A number in a range, both ends included.
    Number(f64, f64),
    /// A version: a text, because `8.10` as a number is `8.1`.
    Version,
    /// A duration such as `90s`.
    Duration,
    /// A size such as `512MiB`.
    Size,
    /// A share such as `80%`.
    Share,
    /// A rate such as `5 per 1m`.
    Rate,
    /// A range of addresses such as `10.0.0.0/16`.
    Cidr,
    /// A port number.
    Port,
    /// A port number, with `/tcp` or `/udp` if wanted.
    PortProtocol,
    /// A path of a file or folder.
    Path,
    /// A path that begins with `/`: a place on a machine, in a container or in a URL.
    AbsolutePath,
    /// A path of a request, as it stands in a URL.
    RequestPath,
    /// A name that stands in commands: letters, digits, `_`, `.`, `-`, and these signs.
    Plain(&'static str),
    /// `[user@]host[:port]`.
    Login,
    /// The address that a repository is cloned from.
    Repository,
    /// A component, or a folder that begins with `.` or `/`.
    Source,
    /// An address with its scheme.
    Url,
    /// Five fields of cron.
    Schedule,
    /// A year, month or day.
    Date,
    /// A command: one text for a shell, or a list of arguments.
    Command,
    /// One of some words.
    Word(Vec<Word>),
    /// The name of something that is defined elsewhere.
    Name(Of),
    /// A protocol, with `/port` if wanted.
    ProtocolPort,
    /// Values in order.
    List(Box<Shape>),
    /// One value or a list; the normal form is a list.
    Many(Box<Shape>),
    /// Keys of one syntax, each with a value of one shape.
    Map(Keys, Box<Shape>),
    /// Fields with names.
    Object(Arc<Object>),
    /// An object that also has short forms; the normal form is the object.
    Short(Vec<ShortForm>, Arc<Object>),
    /// The first that fits.
    Either(Vec<Shape>),
    /// One step of a flow: `a -> b: what happens`.
    Step,
    /// A layer over another: in it null deletes, and what is obligatory may stand below.
    Overlay(Box<Shape>),
}

/// A word that may stand, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub word: String,
    /// One sentence.
    pub doc: String,
}

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// A kind of the catalog.
    Kind,
    /// A form of the catalog.
    Form,
    /// A zone.
    Zone,
    /// A component.
    Component,
    /// A zone or a component.
    Element,
    /// An environment.
    Environment,
    /// An environment, or `pipelines.ID`.
    Pictured,
    /// A layer of the system.
    Layer,
    /// A flow.
    Flow,
    /// A job of the same pipeline.
    Job,
    /// A contact.
    Contact,
    /// A runbook.
    Runbook,
    /// A protocol, or the name of a port of the target.
    Protocol,
    /// An id that this element had before.
    Former,
    /// A setting of the description, defined by itself.
    Own,
}

/// What the keys of a map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Ids of what is defined here.
    Id,
    /// Ids of zones or components: `internet` is reserved.
    Element,
    /// Any text that is not empty.
    Free,
    /// Names of environment variables.
    Variable,
    /// Paths that begin with `/`.
    Path,
    /// Ends with arrows.
    Connection,
    /// Assertions.
    Assertion,
}

/// A value that stands for an object.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortForm {
    /// What may be written.
    pub shape: Shape,
    /// What it becomes.
    pub becomes: Becomes,
}

/// What a short form becomes.
#[derive(Debug, Clone, PartialEq)]
pub enum Becomes {
    /// The value of these fields.
    Fields(&'static [&'static str]),
    /// `proto/port` becomes two fields.
    ProtocolAndPort,
}

/// Fields with names.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// What it is called in messages and in the schema: a noun such as `component`.
    pub name: String,
    /// One sentence.
    pub doc: String,
    /// The fields, in the order they are documented.
    pub fields: Vec<Field>,
    /// Whether other keys may stand too (settings of a kind; they are checked where kinds are known).
    pub open: bool,
    /// Keys that people write here out of habit, and what to write instead.
    pub habits: Vec<(&'static str, &'static str)>,
    /// What must hold between fields.
    pub rules: Vec<Rule>,
}

/// What must hold between fields of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Exactly one of them stands.
    ExactlyOne(&'static [&'static str]),
    /// One of them stands, or more.
    AtLeastOne(&'static [&'static str]),
    /// One of them stands at most.
    AtMostOne(&'static [&'static str]),
    /// The first is a number not above the second.
    Ordered(&'static str, &'static str),
}

/// One field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its key.
    pub name: String,
    /// One sentence, Markdown.
    pub doc: String,
    /// What its value may be.
    pub shape: Shape,
    /// Whether it must stand.
    pub required: bool,
    /// Whether an environment may not delete it as a whole, though it may delete what is in it.
    pub kept: bool,
    /// What holds without it, in words or as a value.
    pub default: Option<String>,
    /// Compose's name for it, which is accepted.
    pub alias: Option<&'static str>,
    /// The path of keys at which its value stands in the normal form.
    pub moves_to: Option<&'static [&'static str]>,
    /// For fields of zones and components: the kinds that have it, by trait (see [`super::language::component`]).
    pub groups: &'static [&'static str],
}

impl Object {
    /// An object without rules that takes no other keys.
    pub fn new(name: impl Into<String>, doc: impl Into<String>, fields: Vec<Field>) -> Object {
        Object {
            name: name.into(),
            doc: doc.into(),
            fields,
            open: false,
            habits: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// Lets other keys stand.
    #[must_use]
    pub fn open(mut self) -> Object {
        self.open = true;
        self
    }

    /// Says what to write instead of keys that people write out of habit.
    #[must_use]
    pub fn habits(mut self, habits: &[(&'static str, &'static str)]) -> Object {
        self.habits.extend(habits);
        self
    }

    /// Adds a rule between fields.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Object {
        self.rules.push(rule);
        self
    }

    /// The field of a key, by its name or by its alias.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == key || field.alias == Some(key))
    }

    /// As a shape.
    pub fn shape(self) -> Shape {
        Shape::Object(Arc::new(self))
    }

    /// As a shape with short forms.
    pub fn short(self, forms: Vec<ShortForm>) -> Shape {
        Shape::Short(forms, Arc::new(self))
    }
}

/// A field with a doc sentence.
pub fn field(name: impl Into<String>, shape: Shape, doc: impl Into<String>) -> Field {
    Field {
        name: name.into(),
        doc: doc.into(),
        shape,
        required: false,
        kept: false,
        default: None,
        alias: None,
        moves_to: None,
        groups: &["all"],
    }
}

impl Field {
    /// Makes it obligatory.
    #[must_use]
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// Keeps environments from deleting it as a whole.
    #[must_use]
    pub fn kept(mut self) -> Field {
        self.kept = true;
        self
    }

    /// Says what holds without it.
    #[must_use]
    pub fn default(mut self, value: impl Into<String>) -> Field {
        self.default = Some(value.into());
        self
    }

    /// Accepts another name.
    #[must_use]
    pub fn alias(mut self, name: &'static str) -> Field {
        self.alias = Some(name);
        self
    }

    /// Says where its value stands in the normal form.
    #[must_use]
    pub fn moves_to(mut self, path: &'static [&'static str]) -> Field {
        self.moves_to = Some(path);
        self
    }
}

/// The fields, all of the same groups.
pub fn grouped(groups: &'static [&'static str], fields: Vec<Field>) -> Vec<Field> {
    fields.into_iter().map(|field| Field { groups, ..field }).collect()
}

/// One of some words, each with its meaning.
pub fn words<const N: usize>(list: [(&str, &str); N]) -> Shape {
    Shape::Word(list.map(|(word, doc)| Word { word: word.into(), doc: doc.into() }).into())
}

/// One value or a list of such.
pub fn many(shape: Shape) -> Shape {
    Shape::Many(Box::new(shape))
}

/// A list of such.
pub fn list(shape: Shape) -> Shape {
    Shape::List(Box::new(shape))
}

/// A map with such keys and values.
pub fn map(keys: Keys, shape: Shape) -> Shape {
    Shape::Map(keys, Box::new(shape))
}

/// A short form that becomes one field.
pub fn to_field(shape: Shape, fields: &'static [&'static str]) -> ShortForm {
    ShortForm { shape, becomes: Becomes::Fields(fields) }
}

/// The shape that a catalog file names: `text` (or `string`), `markdown`, `scalar`, `bool`, `int`, `int 1..9`,
/// `number`, `version`, `duration`, `size`, `share`, `rate`, `cidr`, `port`, `path`, `url`, `schedule`, `command`,
/// `component`, `zone`, words with bars (`a | b`), `list of …`, `one or more …`, `map of …`, `any`.
///
/// # Errors
/// `None` when the text names no shape.
pub fn named(text: &str) -> Option<Shape> {
    let text = text.trim();
    if text.contains('|') {
        let words: Vec<Word> =
            text.split('|').map(|word| Word { word: word.trim().into(), doc: String::new() }).collect();
        return words.iter().all(|word| !word.word.is_empty()).then_some(Shape::Word(words));
    }
    if let Some(inner) = text.strip_prefix("list of ") {
        return named(inner).map(list);
    }
    if let Some(inner) = text.strip_prefix("one or more ") {
        return named(inner).map(many);
    }
    if let Some(inner) = text.strip_prefix("map of ") {
        return named(inner).map(|shape| map(Keys::Free, shape));
    }
    if let Some((low, high)) = text.strip_prefix("int ").and_then(|range| range.split_once("..")) {
        let end = |text: &str, open: i64| match text.trim() {
            "" => Some(open),
            text => text.parse().ok(),
        };
        return Some(Shape::Int(end(low, i64::MIN)?, end(high, i64::MAX)?));
    }
    Some(match text {
        "any" => Shape::Any,
        "text" | "string" => Shape::Text,
        "markdown" => Shape::Markdown,
        "scalar" => Shape::Scalar,
        "bool" => Shape::Bool,
        "int" => Shape::Int(i64::MIN, i64::MAX),
        "number" => Shape::Number(f64::MIN, f64::MAX),
        "name" => Shape::Plain(""),
        "version" => Shape::Version,
        "duration" => Shape::Duration,
        "size" => Shape::Size,
        "share" => Shape::Share,
        "rate" => Shape::Rate,
        "cidr" => Shape::Cidr,
        "port" => Shape::Port,
        "path" => Shape::Path,
        "url" => Shape::Url,
        "schedule" => Shape::Schedule,
        "command" => Shape::Command,
        "component" => Shape::Name(Of::Component),
        "zone" => Shape::Name(Of::Zone),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalog_files_name_shapes() {
        assert_eq!(named("int 1..9"), Some(Shape::Int(1, 9)));
        assert_eq!(named("int 0.."), Some(Shape::Int(0, i64::MAX)));
        assert_eq!(named("list of map of text"), Some(list(map(Keys::Free, Shape::Text))));
        assert!(matches!(named("a | b"), Some(Shape::Word(words)) if words.len() == 2));
        assert_eq!(named("list of nothing"), None);
        assert_eq!(named("int x..2"), None);
    }
}
