//! Projection of objects to the fields of a view, as bytes.

use crdgen_core::{Map, Resource, View};
use serde::Deserialize;

use super::error::Error;
use super::filter::{Emptied, Filter, Lists, Member, Members, Others, Rule};
use super::metadata_filter::{self, KeepMetadata};

/// Filter that copies only the fields that a view reads. `apiVersion` and `kind` are always written, as in the view's
/// type. If the view reads `metadata` as a whole, `managedFields` and the last-applied annotation are dropped, as by
/// [`MetadataFilter`](super::MetadataFilter).
#[derive(Clone, Debug)]
pub struct Projection(Filter);

impl Projection {
    /// Returns the projection to the fields of `V`.
    pub fn of<V: View>() -> Self {
        Self::new::<V>(&[])
    }

    /// Returns the projection to the fields of `V` and to the namespace, name, uid and resourceVersion.
    pub fn identified<V: View>() -> Self {
        Self::new::<V>(&["metadata.namespace", "metadata.name", "metadata.uid", "metadata.resourceVersion"])
    }

    fn new<V: View>(besides: &[&str]) -> Self {
        // The schema tells which levels of a path are maps. It is empty for a kind that was written by hand.
        let shape: Shape = serde_json::from_str(V::Of::SCHEMA).unwrap_or_default();
        let mut root = Members { named: identity::<V::Of>(), lists: Lists::Keep, ..Members::nothing() };
        for path in V::FIELDS.iter().chain(besides) {
            root.add(Some(&shape), path);
        }
        root.leave_bookkeeping_out();
        Self(Filter::new(Rule::Members(root)))
    }

    /// Appends the fields of the view in `object` to `out`. After an error, the appended bytes must not be used.
    ///
    /// # Errors
    ///
    /// Fails when the examined part of the object is not valid JSON. The offset is relative to the object.
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

/// Returns the rules for apiVersion and kind. They are written when an item of a list lacks them, since a view requires
/// them.
fn identity<K: Resource>() -> Vec<Member> {
    [("apiVersion", K::API_VERSION), ("kind", K::KIND)]
        .map(|(key, value)| Member {
            key: key.into(),
            rule: Rule::Keep,
            otherwise: Some(format!("\"{key}\":{}", serde_json::Value::from(value)).into()),
        })
        .into()
}

/// Part of a schema that the projection needs.
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
    /// Returns the schema of the elements below all lists and maps, and the number of maps.
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

    /// Returns the property at the start of a path, and the rest of the path. A name may contain dots: the longest
    /// property name that matches is used.
    fn property<'a, 'p>(&'a self, path: &'p str) -> Option<(&'a str, &'a Self, &'p str)> {
        let behind = |name: &str| {
            let rest = path.strip_prefix(name)?.trim_start_matches(['[', ']', '{', '}']);
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
        };
        let fitting = self.properties.iter().filter_map(|(name, shape)| Some((name.as_str(), shape, behind(name)?)));
        fitting.max_by_key(|(name, ..)| name.len())
    }
}

/// First step of a path.
struct Step<'a> {
    name: &'a str,
    /// Number of nested maps around the value.
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
        // No schema describes this step, as for `metadata`: the path itself marks its lists and maps.
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let name = first.trim_end_matches(['[', ']', '{', '}']);
        Self { name, maps: first[name.len()..].matches('{').count(), shape: None, rest }
    }
}

impl Members {
    fn nothing() -> Self {
        Self { named: Vec::new(), others: Others::Drop, emptied: Emptied::Keep, lists: Lists::Through }
    }

    /// Adds a path to the kept fields.
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
            Rule::Keep => *metadata = metadata_filter::metadata(KeepMetadata::Nothing),
            Rule::Members(members) => {
                if let Some(annotations @ Rule::Keep) = members.rule_mut("annotations") {
                    *annotations = metadata_filter::annotations();
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
    /// Returns the rules of the members below a path. `None` when everything below is kept.
    fn members_mut(&mut self) -> Option<&mut Members> {
        match self {
            Self::Members(members) => Some(members),
            Self::Values(rule) => rule.members_mut(),
            Self::Keep | Self::Drop => None,
        }
    }
}
