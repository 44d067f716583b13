//! Definition of a Kubernetes type over several versions of Kubernetes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::levels::{Level, Levels};
use crate::places::Step;

/// Index of a definition in the reference data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefinitionId(pub usize);

/// A type of Kubernetes itself.
#[derive(Debug)]
pub struct Definition {
    /// Full name, for example `io.k8s.api.core.v1.EnvVar`.
    pub name: String,
    /// Description in one sentence.
    pub about: Cow<'static, str>,
    /// Properties by wire name, each over one or more spans of versions.
    pub properties: BTreeMap<&'static str, Vec<Span>>,
    /// First sentence of each property's description in versions of Kubernetes. Only small types have these.
    pub words: BTreeMap<&'static str, Vec<Cow<'static, str>>>,
    /// Whether the type is in `meta/v1`, so that it says nothing about the type that holds it.
    pub general: bool,
    /// Whether the type is used only in the status of kinds.
    pub only_in_status: bool,
}

/// A property over a span of versions.
#[derive(Debug)]
pub struct Span {
    /// Form of the value.
    pub form: Form,
    /// Whether k8s-openapi always writes the property, in some version.
    pub required: bool,
    /// First version: 1.`since`.
    pub since: u8,
    /// Last version: 1.`until`; [`u8::MAX`] if the property still exists.
    pub until: u8,
}

/// Form of a property's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    Boolean,
    Int32,
    Int64,
    Double,
    String,
    /// Base64 text.
    Bytes,
    /// An int32 or a string.
    IntOrString,
    /// A quantity: a string, for which users may write a number.
    Quantity,
    /// A point in time.
    Time,
    /// Any JSON value.
    Any,
    /// `ObjectMeta`, of which a CRD's schema can declare only a few properties.
    Metadata,
    /// A type without reference data.
    Opaque,
    List(Box<Form>),
    Map(Box<Form>),
    Definition(DefinitionId),
}

impl Definition {
    /// Returns the name without its package.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }

    /// Returns the properties in Kubernetes 1.`minor`.
    pub fn at(&self, minor: u8) -> impl Iterator<Item = (&'static str, &Span)> {
        let properties = self.properties.iter();
        properties.filter_map(move |(wire, spans)| Some((*wire, spans.iter().find(|span| span.covers(minor))?)))
    }

    /// Returns the form of a property in Kubernetes 1.`minor`.
    pub fn form(&self, wire: &str, minor: u8) -> Option<&Form> {
        self.properties.get(wire)?.iter().find(|span| span.covers(minor)).map(|span| &span.form)
    }

    /// Returns the last version before each change of the properties, and the newest version.
    pub fn turns(&self) -> BTreeSet<u8> {
        let spans = || self.properties.values().flatten();
        spans().map(|span| span.until).chain(spans().filter_map(|span| span.since.checked_sub(1))).collect()
    }

    /// Returns whether `sentence` is the first one of Kubernetes' description of the property.
    pub fn says(&self, wire: &str, sentence: &str) -> bool {
        self.words.get(wire).is_some_and(|words| words.iter().any(|known| known == sentence))
    }

    /// Returns whether the type is the status of a kind.
    pub fn is_status(&self) -> bool {
        self.short_name().ends_with("Status")
    }

    /// Returns whether a property of this name most likely holds the type: its name has several words or is the type's
    /// own name.
    pub fn is_told_by(&self, step: &Step) -> bool {
        let has_words = step.property.contains(|c: char| c.is_ascii_uppercase());
        has_words || step.word().eq_ignore_ascii_case(self.short_name())
    }
}

impl Span {
    fn covers(&self, minor: u8) -> bool {
        self.since <= minor && minor <= self.until
    }
}

impl Form {
    /// Returns the definition at the bottom of lists and maps.
    pub fn definition(&self) -> Option<DefinitionId> {
        match self {
            Self::Definition(id) => Some(*id),
            Self::List(inner) | Self::Map(inner) => inner.definition(),
            _ => None,
        }
    }

    /// Returns the lists and maps around the form's value.
    pub fn levels(&self) -> Levels {
        std::iter::successors(self.below(), |(_, inner)| inner.below()).map(|(level, _)| level).collect()
    }

    /// Returns the form of the items of a list or of the values of a map.
    fn below(&self) -> Option<(Level, &Self)> {
        match self {
            Self::List(inner) => Some((Level::List, inner)),
            Self::Map(inner) => Some((Level::Map, inner)),
            _ => None,
        }
    }
}

/// Returns the first sentence of a description.
pub fn sentence(docs: &str) -> String {
    let mut sentence = String::new();
    for word in docs.split_whitespace() {
        if sentence.ends_with('.') {
            break;
        }
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
    }
    sentence
}
