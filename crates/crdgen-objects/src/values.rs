//! Values of single schema nodes.

use crdgen_schema::Schema;
use crdgen_schema::schema::{Bounds, SchemaType};
use serde_json::Value as Json;

use crate::checks::Checks;
use crate::demand::Demand;
use crate::maker::{Maker, Mode};
use crate::mentions::Mentions;
use crate::request::Request;

/// Number of random values that are made of an object or a list.
const DRAWS: usize = 24;

/// Maximum work for one value, and for all values of a call, in values that are made or checked.
const MAX_WORK: usize = 12_000;
const MAX_WORK_OF_ALL: usize = 36_000;

/// Returns up to `most` different values that a schema accepts, simple ones first. The list is empty if none are found.
///
/// # Examples
///
/// ```
/// use crdgen_schema::Schema;
/// use serde_json::json;
///
/// let schema = Schema::from_json(&json!({"type": "integer", "minimum": 3, "multipleOf": 5})).unwrap();
/// assert_eq!(crdgen_objects::values(&schema, 2), [json!(5), json!(10)]);
/// ```
pub fn values(schema: &Schema, most: usize) -> Vec<Json> {
    satisfying(&Demand::of(schema), &Mentions::default(), most)
}

/// Returns a value that `accepting` accepts and `refusing` refuses, or `None` if none is found.
///
/// The values that are tried come from the constraints of both schemas: next to bounds and lengths, from enums and
/// patterns.
///
/// # Examples
///
/// ```
/// use crdgen_schema::Schema;
/// use serde_json::json;
///
/// let before = Schema::from_json(&json!({"type": "string", "pattern": "^[a-z]+$"})).unwrap();
/// let after = Schema::from_json(&json!({"type": "string", "pattern": "^[a-z]+$", "maxLength": 3})).unwrap();
/// assert_eq!(crdgen_objects::distinguishing(&before, &after), Some(json!("aaaa")));
/// assert_eq!(crdgen_objects::distinguishing(&after, &before), None);
/// ```
pub fn distinguishing(accepting: &Schema, refusing: &Schema) -> Option<Json> {
    let demand = Demand { all: vec![accepting], none: vec![refusing] };
    satisfying(&demand, &ideas(refusing), 1).pop()
}

fn satisfying<'s>(demand: &Demand<'s>, ideas: &Mentions, most: usize) -> Vec<Json> {
    let mut checks = Checks::new(None);
    let mut rng = fastrand::Rng::with_seed(0);
    let request = Request::root(None);
    let mut found = match demand.type_() {
        Some(SchemaType::Object | SchemaType::Array) => Vec::new(),
        _ => Maker::new(&mut checks, Mode::Minimal, rng.fork()).scalars(demand, &request, ideas, most),
    };
    let modes = [Mode::Minimal, Mode::Full].into_iter().chain(std::iter::repeat_n(Mode::Random, DRAWS));
    let mut left = MAX_WORK_OF_ALL;
    for mode in modes {
        if found.len() >= most || left == 0 {
            break;
        }
        let limit = left.min(MAX_WORK);
        let mut maker = Maker::new(&mut checks, mode, rng.fork()).limited(limit);
        let made = maker.make(demand, &request);
        left -= limit - maker.left();
        if let Ok(value) = made
            && !found.contains(&value)
        {
            found.push(value);
        }
    }
    found
}

/// Returns ideas for values that a schema refuses.
fn ideas(schema: &Schema) -> Mentions {
    let mut ideas = Mentions::default();
    for schema in Demand::of(schema).hints() {
        let Bounds { minimum, maximum, multiple_of, min_length, max_length, .. } = &*schema.bounds;
        ideas.numbers.extend([minimum, maximum, multiple_of].into_iter().flatten());
        let lengths = [min_length.map(|length| length - 1), max_length.map(|length| length + 1)];
        let lengths = lengths.into_iter().flatten().filter_map(|length| usize::try_from(length).ok());
        ideas.texts.extend(lengths.filter(|length| *length <= 4096).map(|length| "a".repeat(length)));
    }
    ideas
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(json: Json) -> Schema {
        Schema::from_json(&json).expect("the schema can be read")
    }

    #[test]
    fn values_meet_every_constraint_of_a_string() {
        let name = schema(json!({
            "type": "string", "minLength": 12, "maxLength": 14, "pattern": "^[a-z]+-[0-9]+$", "not": {"pattern": "1"},
        }));
        let found = values(&name, 3);
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn a_value_of_one_pattern_and_not_of_another_is_found() {
        let digits = schema(json!({"type": "string", "pattern": "^[0-9a-f]+$"}));
        let letters = schema(json!({"type": "string", "pattern": "^[a-z]+$"}));
        let found = distinguishing(&digits, &letters).expect("there is one");
        assert!(found.as_str().unwrap().contains(|letter: char| letter.is_ascii_digit()), "{found}");
    }

    #[test]
    fn a_value_is_found_next_to_a_bound() {
        let wide = schema(json!({"type": "integer", "minimum": 0, "maximum": 100_000}));
        let narrow = schema(json!({"type": "integer", "minimum": 0, "maximum": 65_535}));
        assert!(distinguishing(&wide, &narrow).is_some_and(|value| value.as_i64() > Some(65_535)));
        let enum_ = schema(json!({"type": "string", "enum": ["a", "b"]}));
        assert_eq!(distinguishing(&enum_, &schema(json!({"type": "string", "enum": ["a"]}))), Some(json!("b")));
    }

    #[test]
    fn a_number_between_two_whole_ones_is_found() {
        let share = schema(json!({"type": "number", "minimum": 0.25, "maximum": 0.75}));
        assert_eq!(values(&share, 1), [json!(0.25)]);
    }

    #[test]
    fn an_object_without_a_field_that_another_schema_requires_is_found() {
        let free = schema(json!({"type": "object", "properties": {"a": {"type": "string"}}}));
        let strict = schema(json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}));
        assert_eq!(distinguishing(&free, &strict), Some(json!({})));
    }
}
