//! One type of Kubernetes' own, as it is and as it was.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::words;

/// Index of a definition in the reference data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefinitionId(pub usize);

/// A type of Kubernetes' own.
#[derive(Debug)]
pub struct Definition {
    /// `io.k8s.api.core.v1.EnvVar`.
    pub name: String,
    /// What it is, in one sentence.
    pub about: Cow<'static, str>,
    /// By wire name.
    pub properties: BTreeMap<&'static str, Vec<Span>>,
    /// Of a small one, what versions of Kubernetes say of each property: the first sentence.
    pub words: BTreeMap<&'static str, Vec<Cow<'static, str>>>,
    /// Of `meta/v1`: it says nothing about what it stands in.
    pub general: bool,
    /// It says how some kind is doing, and stands nowhere else.
    pub only_in_status: bool,
}

/// A property over a span of versions.
#[derive(Debug)]
pub struct Span {
    /// What it holds.
    pub form: Form,
    /// In some version k8s-openapi writes it always.
    pub required: bool,
    /// First version, 1.`since`.
    pub since: u8,
    /// Last version; the greatest number when it is still there.
    pub until: u8,
}

/// What a property holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    Boolean,
    Int32,
    Int64,
    Double,
    String,
    /// Base64.
    Bytes,
    /// An int32 or a string.
    IntOrString,
    /// A string; users may write a number.
    Quantity,
    /// A point in time.
    Time,
    /// Any JSON value.
    Any,
    /// `ObjectMeta`, of which a CRD's schema can say little.
    Metadata,
    /// A type without reference data.
    Opaque,
    List(Box<Form>),
    Map(Box<Form>),
    Definition(DefinitionId),
}

impl Definition {
    /// The name without its package.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }

    /// The properties in Kubernetes 1.`minor`.
    pub fn at(&self, minor: u8) -> impl Iterator<Item = (&'static str, &Span)> {
        let properties = self.properties.iter();
        properties.filter_map(move |(wire, spans)| Some((*wire, spans.iter().find(|span| span.covers(minor))?)))
    }

    /// What a property holds in Kubernetes 1.`minor`.
    pub fn form(&self, wire: &str, minor: u8) -> Option<&Form> {
        self.properties.get(wire)?.iter().find(|span| span.covers(minor)).map(|span| &span.form)
    }

    /// The last version before each change, and the newest.
    pub fn turns(&self) -> BTreeSet<u8> {
        let spans = || self.properties.values().flatten();
        spans().map(|span| span.until).chain(spans().filter_map(|span| span.since.checked_sub(1))).collect()
    }

    /// Kubernetes says the same of this property.
    pub fn says(&self, wire: &str, docs: &str) -> bool {
        self.words.get(wire).is_some_and(|words| words.contains(&sentence(docs).into()))
    }

    /// It says how a kind is doing.
    pub fn is_status(&self) -> bool {
        self.short_name().ends_with("Status")
    }

    /// A property of this name, `[]` and `{}` behind it for its levels, is most likely of this type: it has several words, or
    /// the type's own name.
    pub fn is_told_by(&self, edge: &str) -> bool {
        let (property, levels) = edge.split_at(edge.find(['[', '{']).unwrap_or(edge.len()));
        let word = words::upper_camel(property);
        let word = if levels.is_empty() { word } else { words::singular(&word) };
        property.contains(|c: char| c.is_ascii_uppercase()) || word.eq_ignore_ascii_case(self.short_name())
    }
}

impl Span {
    fn covers(&self, minor: u8) -> bool {
        self.since <= minor && minor <= self.until
    }
}

impl Form {
    /// The definition at the bottom of lists and maps.
    pub fn definition(&self) -> Option<DefinitionId> {
        match self {
            Self::Definition(id) => Some(*id),
            Self::List(inner) | Self::Map(inner) => inner.definition(),
            _ => None,
        }
    }

    /// `[]` for each list and `{}` for each map.
    pub fn levels(&self) -> String {
        match self {
            Self::List(inner) => format!("[]{}", inner.levels()),
            Self::Map(inner) => format!("{{}}{}", inner.levels()),
            _ => String::new(),
        }
    }
}

/// The first sentence of a description.
fn sentence(docs: &str) -> String {
    let text = docs.split_whitespace().collect::<Vec<_>>().join(" ");
    text.find(". ").map_or(text.clone(), |end| text[..=end].to_owned())
}
