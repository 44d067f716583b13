//! Objects cut to what a view reads, as bytes.

use serde::Deserialize;

use super::error::Error;
use super::filter::{Emptied, Filter, Lists, Member, Members, Others, Rule};
use super::trim::{self, Keep};
use crate::{Map, Resource, View};

/// Copies of objects what a view reads. `apiVersion` and `kind` are there always, as in the view's type; of metadata that is
/// read whole the bookkeeping is left out, as by [`Trim`](super::Trim).
#[derive(Clone, Debug)]
pub struct Projection(Filter);

impl Projection {
    /// What `V` reads.
    pub fn of<V: View>() -> Self {
        Self::new::<V>(&[])
    }

    /// What `V` reads, and which object it is at which version.
    pub fn identified<V: View>() -> Self {
        Self::new::<V>(&["metadata.namespace", "metadata.name", "metadata.uid", "metadata.resourceVersion"])
    }

    fn new<V: View>(besides: &[&str]) -> Self {
        // The schema says which levels of a path are maps; it says nothing for a kind that was written by hand.
        let shape: Shape = serde_json::from_str(V::Of::SCHEMA).unwrap_or_default();
        let mut root = Members { named: identity::<V::Of>(), lists: Lists::Keep, ..Members::nothing() };
        for path in V::FIELDS.iter().chain(besides) {
            root.add(Some(&shape), path);
        }
        root.leave_bookkeeping_out();
        Self(Filter::new(Rule::Members(root)))
    }

    /// Appends what is read of an object. If it fails, what was appended is not to be used.
    ///
    /// # Errors
    ///
    /// When a key or value is not where JSON has it, as far as it was looked for. The offset is within the object.
    pub fn copy(&self, object: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        self.0.copy(object, out)
    }
}

impl From<Projection> for Filter {
    fn from(projection: Projection) -> Self {
        projection.0
    }
}

impl AsRef<Filter> for Projection {
    fn as_ref(&self) -> &Filter {
        &self.0
    }
}

/// Items of a list need not say what they are, a view does.
fn identity<K: Resource>() -> Vec<Member> {
    [("apiVersion", K::API_VERSION), ("kind", K::KIND)]
        .map(|(key, value)| Member {
            key: key.into(),
            rule: Rule::Keep,
            otherwise: Some(format!("\"{key}\":{}", serde_json::Value::from(value)).into()),
        })
        .into()
}

/// What is asked of a schema here.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Shape {
    properties: Map<Shape>,
    items: Option<Box<Shape>>,
    additional_properties: Additional,
}

#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum Additional {
    Schema(Box<Shape>),
    #[default]
    No,
    #[allow(dead_code, reason = "read, and of no interest")]
    Flag(bool),
}

impl Shape {
    /// What stands at the bottom of lists and maps, and how many maps there are on the way.
    fn bottom(&self) -> (&Self, usize) {
        match (&self.items, &self.additional_properties) {
            (Some(items), _) => items.bottom(),
            (None, Additional::Schema(values)) if self.properties.is_empty() => {
                let (bottom, maps) = values.bottom();
                (bottom, maps + 1)
            }
            _ => (self, 0),
        }
    }

    /// The property that a path begins with, and the path behind it. Names may have dots: the longest that fits is meant.
    fn property<'a, 'p>(&'a self, path: &'p str) -> Option<(&'a str, &'a Self, &'p str)> {
        let behind = |name: &str| {
            let rest = path.strip_prefix(name)?.trim_start_matches(['[', ']', '{', '}']);
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
        };
        let fitting = self.properties.iter().filter_map(|(name, shape)| Some((name.as_str(), shape, behind(name)?)));
        fitting.max_by_key(|(name, ..)| name.len())
    }
}

/// The first step of a path.
struct Step<'a> {
    name: &'a str,
    /// Maps that the value is.
    maps: usize,
    shape: Option<&'a Shape>,
    rest: &'a str,
}

impl<'a> Step<'a> {
    fn of(shape: Option<&'a Shape>, path: &'a str) -> Self {
        if let Some((name, property, rest)) = shape.and_then(|shape| shape.property(path)) {
            let (shape, maps) = property.bottom();
            return Self { name, maps, shape: Some(shape), rest };
        }
        // No schema has it, `metadata` above all: the path itself says what it leads through.
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let name = first.trim_end_matches(['[', ']', '{', '}']);
        Self { name, maps: first[name.len()..].matches('{').count(), shape: None, rest }
    }
}

impl Members {
    fn nothing() -> Self {
        Self { named: Vec::new(), others: Others::Drop, emptied: Emptied::Keep, lists: Lists::Through }
    }

    /// Keeps what stands at a path too.
    fn add(&mut self, shape: Option<&Shape>, path: &str) {
        let step = Step::of(shape, path);
        let index = self.named.iter().position(|member| *member.key == *step.name).unwrap_or_else(|| {
            let rule = (0..step.maps).fold(Rule::Members(Self::nothing()), |rule, _| Rule::Values(Box::new(rule)));
            self.named.push(Member { key: step.name.into(), rule, otherwise: None });
            self.named.len() - 1
        });
        let rule = &mut self.named[index].rule;
        if step.rest.is_empty() {
            *rule = Rule::Keep;
        } else if let Some(members) = rule.members_mut() {
            members.add(step.shape, step.rest);
        }
    }

    fn leave_bookkeeping_out(&mut self) {
        let Some(metadata) = self.rule_mut("metadata") else { return };
        match metadata {
            Rule::Keep => *metadata = trim::metadata(Keep::Nothing),
            Rule::Members(members) => {
                if let Some(annotations @ Rule::Keep) = members.rule_mut("annotations") {
                    *annotations = trim::annotations();
                }
            }
            Rule::Drop | Rule::Values(_) => {}
        }
    }

    fn rule_mut(&mut self, key: &str) -> Option<&mut Rule> {
        self.named.iter_mut().find(|member| &*member.key == key).map(|member| &mut member.rule)
    }
}

impl Rule {
    /// The members that a path leads on to; `None` where everything is kept already.
    fn members_mut(&mut self) -> Option<&mut Members> {
        match self {
            Self::Members(members) => Some(members),
            Self::Values(rule) => rule.members_mut(),
            Self::Keep | Self::Drop => None,
        }
    }
}
