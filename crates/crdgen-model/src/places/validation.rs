//! Validation of a value beyond its type, fields and bounds: required keys that no property declares, and junctors.

use std::collections::HashSet;

use crdgen_schema::schema::{Additional, Schema, SchemaType};
use serde_json::Value as Json;

use crate::model::{Junctor, Validation};
use crate::places::unions;

/// Form of the type that holds a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An object with declared fields. It has its unions of fields itself.
    Object,
    /// A map, any object or any value: a type with undeclared keys.
    Keys,
    /// Any other type.
    Scalar,
}

/// Returns the validation of a schema node, if there is any. `implied` lists properties that exist without being
/// declared.
pub fn of(schema: &Schema, holder: Holder, implied: &[&str]) -> Option<Box<Validation>> {
    let validation = Validation {
        required: if holder == Holder::Scalar { Vec::new() } else { undeclared(schema, implied) },
        unions: if holder == Holder::Keys { unions::of(schema) } else { Vec::new() },
        junctors: conjuncts(schema, holder).iter().map(|conjunct| junctor(conjunct, schema)).collect(),
    };
    (validation != Validation::default()).then(|| Box::new(validation))
}

fn undeclared(schema: &Schema, implied: &[&str]) -> Vec<String> {
    let mut seen = HashSet::new();
    let is_declared = |name: &String| schema.properties.contains_key(name) || implied.contains(&name.as_str());
    schema.required.iter().filter(|name| !is_declared(name) && seen.insert(*name)).cloned().collect()
}

/// Returns the junctors of a node, one schema each, without those that the model expresses otherwise.
fn conjuncts(schema: &Schema, holder: Holder) -> Vec<Schema> {
    let is_union = |branches: &[Schema]| holder != Holder::Scalar && unions::sets(branches).is_some();
    let any_of = Schema { any_of: schema.any_of.clone(), ..Schema::default() };
    let one_of = Schema { one_of: schema.one_of.clone(), ..Schema::default() };
    let not = Schema { not: schema.not.clone(), ..Schema::default() };
    let own = [
        (any_of, !schema.any_of.is_empty() && !is_union(&schema.any_of)),
        (one_of, !schema.one_of.is_empty() && !is_union(&schema.one_of)),
        (not, schema.not.is_some()),
    ];
    let own = own.into_iter().filter(|(_, is_there)| *is_there).map(|(conjunct, _)| conjunct);
    let all = schema.all_of.iter().cloned().chain(own);
    all.filter(|conjunct| !(schema.int_or_string && says_int_or_string(conjunct))).collect()
}

/// Returns whether a junctor is `anyOf: [{type: integer}, {type: string}]`, with which a structural schema repeats
/// `x-kubernetes-int-or-string`.
fn says_int_or_string(conjunct: &Schema) -> bool {
    let types: Vec<_> = conjunct.any_of.iter().map(|branch| branch.type_).collect();
    types == [Some(SchemaType::Integer), Some(SchemaType::String)]
}

fn junctor(conjunct: &Schema, of: &Schema) -> Junctor {
    let written = (!constrains_filled(conjunct, of)).then(|| {
        let mut conjunct = conjunct.clone();
        leave_out_filled(&mut conjunct, of);
        conjunct.to_json()
    });
    Junctor {
        stored: conjunct.to_json(),
        written: written.filter(|schema| *schema != Json::Object(Default::default())),
    }
}

fn has_default(schema: &Schema) -> bool {
    schema.default.as_ref().is_some_and(|default| !default.is_null())
}

/// Returns whether a junctor constrains, at any depth, a property of `of` that has a default. The server fills the
/// default in before it validates, so the default decides whether an absent property is valid.
fn constrains_filled(junctor: &Schema, of: &Schema) -> bool {
    let of_properties = junctor.properties.iter().any(|(name, junctor)| {
        let property = property(of, name);
        property.is_some_and(|property| has_default(property) || constrains_filled(junctor, property))
    });
    let of_items =
        junctor.items.as_ref().zip(of.items.as_ref()).is_some_and(|(junctor, of)| constrains_filled(junctor, of));
    of_properties || of_items || junctors_of(junctor).any(|junctor| constrains_filled(junctor, of))
}

/// Removes properties that have a default from the `required` lists of a junctor.
fn leave_out_filled(junctor: &mut Schema, of: &Schema) {
    junctor.required.retain(|name| !of.properties.get(name).is_some_and(has_default));
    for (name, junctor) in &mut junctor.properties {
        if let Some(of) = property(of, name) {
            leave_out_filled(junctor, of);
        }
    }
    if let (Some(junctor), Some(of)) = (&mut junctor.items, &of.items) {
        leave_out_filled(junctor, of);
    }
    let lists = [&mut junctor.all_of, &mut junctor.any_of, &mut junctor.one_of].into_iter().flatten();
    lists.chain(junctor.not.as_deref_mut()).for_each(|junctor| leave_out_filled(junctor, of));
}

fn property<'s>(of: &'s Schema, name: &str) -> Option<&'s Schema> {
    of.properties.get(name).or(match &of.additional_properties {
        Some(Additional::Schema(values)) => Some(values),
        Some(Additional::Allowed(_)) | None => None,
    })
}

/// Returns the schemas directly inside the junctors of a schema.
pub fn junctors_of(schema: &Schema) -> impl Iterator<Item = &Schema> {
    [&schema.all_of, &schema.any_of, &schema.one_of].into_iter().flatten().chain(schema.not.as_deref())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn validation(schema: Json, holder: Holder) -> Validation {
        *of(&Schema::from_json(&schema).expect("it is a schema"), holder, &[]).expect("there is some")
    }

    #[test]
    fn keys_that_no_property_declares_are_required_by_the_value() {
        let schema = json!({"type": "object", "required": ["a", "b", "b"], "properties": {"a": {"type": "string"}}});
        assert_eq!(validation(schema.clone(), Holder::Object).required, ["b"]);
        let schema = Schema::from_json(&schema).expect("it is a schema");
        assert_eq!(of(&schema, Holder::Object, &["b"]), None);
        assert_eq!(of(&schema, Holder::Scalar, &[]), None, "only objects have keys");
    }

    #[test]
    fn unions_of_keys_are_told_from_other_junctors() {
        let schema = json!({
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
            "anyOf": [{"minProperties": 1}, {"required": ["c"]}],
            "allOf": [{"not": {"required": ["d"]}}],
        });
        let Validation { unions, junctors, .. } = validation(schema.clone(), Holder::Keys);
        assert_eq!(unions[0].branches, [["a"], ["b"]]);
        let stored: Vec<_> = junctors.into_iter().map(|junctor| junctor.stored).collect();
        let expected =
            [json!({"not": {"required": ["d"]}}), json!({"anyOf": [{"minProperties": 1}, {"required": ["c"]}]})];
        assert_eq!(stored, expected);
        assert!(validation(schema, Holder::Object).unions.is_empty(), "an object has them itself");
    }

    #[test]
    fn an_int_or_string_is_no_junctor() {
        let types = json!([{"type": "integer"}, {"type": "string"}]);
        let plain = json!({"x-kubernetes-int-or-string": true, "anyOf": types});
        assert_eq!(of(&Schema::from_json(&plain).expect("it is a schema"), Holder::Scalar, &[]), None);
        let more = json!({"x-kubernetes-int-or-string": true, "allOf": [{"anyOf": types}, {"not": {"enum": [0]}}]});
        assert_eq!(validation(more, Holder::Scalar).junctors[0].stored, json!({"not": {"enum": [0]}}));
    }

    #[test]
    fn before_defaults_nothing_is_said_of_what_they_fill_in() {
        let schema = json!({
            "properties": {"mode": {"type": "string", "default": "a"}, "b": {"type": "string"}},
            "allOf": [{"required": ["mode", "b"]}, {"required": ["mode"]}, {"properties": {"mode": {"enum": ["a"]}}}],
        });
        let junctors = validation(schema, Holder::Object).junctors;
        let written: Vec<_> = junctors.into_iter().map(|junctor| junctor.written).collect();
        assert_eq!(written, [Some(json!({"required": ["b"]})), None, None]);
    }
}
