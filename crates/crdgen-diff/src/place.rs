//! Places of a schema's field in an object.

use serde_json::Value as Json;

use crate::path::{FieldPath, Step};

/// Maximum number of places that are compared.
const MOST: usize = 256;

/// Relation of a place in an object to the field of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The place is the field or is below it.
    Within,
    /// The place is above the field.
    Above,
    /// The place and the field are in different parts of the object.
    Apart,
}

/// Returns the relation of a place in an object to a field. `place` is written as in the causes of an API server, for
/// example `spec.ports[0].name` or `spec.labels[key]`; the empty text is the object itself.
///
/// # Examples
///
/// ```
/// use crdgen_diff::{FieldPath, Relation, Step, relation};
/// use serde_json::json;
///
/// let field = |name: &str| Step::Field(name.to_owned());
/// let path = FieldPath::new(vec![field("spec"), field("ports"), Step::Items, field("name")]);
/// let object = json!({"spec": {"ports": [{"name": "http"}]}});
/// assert_eq!(relation(&path, &object, "spec.ports[0].name"), Relation::Within);
/// assert_eq!(relation(&path, &object, "spec.ports"), Relation::Above);
/// assert_eq!(relation(&path, &object, "spec.selector"), Relation::Apart);
/// ```
pub fn relation(path: &FieldPath, object: &Json, place: &str) -> Relation {
    let mut relation = Relation::Apart;
    for written in places(path, object) {
        if is_within(place, &written) {
            return Relation::Within;
        }
        if is_within(&written, place) {
            relation = Relation::Above;
        }
    }
    relation
}

/// Returns whether a place is another place or below it.
fn is_within(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.is_empty() || other.is_empty() || rest.starts_with(['.', '[']))
}

/// Returns the places of a field in an object, in both forms in which a server writes keys of maps.
fn places(path: &FieldPath, object: &Json) -> Vec<String> {
    let mut places: Vec<(String, Option<&Json>)> = vec![(String::new(), Some(object))];
    for step in path.steps() {
        places = places.into_iter().flat_map(|(place, value)| below(step, &place, value)).take(MOST).collect();
    }
    places.into_iter().map(|(place, _)| place).collect()
}

/// Returns the places one step below a place. A field that is absent has a place as well.
fn below<'j>(step: &Step, place: &str, value: Option<&'j Json>) -> Vec<(String, Option<&'j Json>)> {
    let dotted = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match (step, value) {
        (Step::Field(name), _) => vec![(dotted(name), value.and_then(|value| value.get(name)))],
        (Step::Items, Some(Json::Array(items))) => {
            items.iter().enumerate().map(|(index, item)| (format!("{place}[{index}]"), Some(item))).collect()
        }
        (Step::Values, Some(Json::Object(fields))) => fields
            .iter()
            .flat_map(|(key, value)| [(dotted(key), Some(value)), (format!("{place}[{key}]"), Some(value))])
            .collect(),
        (Step::Items | Step::Values, _) => Vec::new(),
    }
}
