//! Sets of an object's fields that exclude each other according to `required` lists.

use std::collections::HashSet;

use crdgen_schema::Schema;

use crate::model::{Field, FieldUnion};

/// Returns the `oneOf` and the `anyOf` of an object whose branches have nothing but `required`.
pub fn of(schema: &Schema) -> Vec<FieldUnion> {
    [(true, &schema.one_of), (false, &schema.any_of)]
        .into_iter()
        .filter_map(|(exactly_one, branches)| Some(FieldUnion { exactly_one, branches: sets(branches)? }))
        .collect()
}

/// Returns groups of field sets of which at most one may be present. One group has every field of an object with
/// `maxProperties: 1`. The others are `oneOf`s of `required` sets with a branch for none of the sets, which is how
/// protobuf's `oneof` is written.
pub fn at_most_one<Id>(schema: &Schema, fields: &[Field<Id>]) -> Vec<Vec<Vec<String>>> {
    let single = schema.bounds.max_properties == Some(1);
    let all = single.then(|| fields.iter().map(|field| vec![field.wire.clone()]).collect());
    let schemas = std::iter::once(schema).chain(&schema.all_of);
    all.into_iter().chain(schemas.filter_map(|schema| one_or_none(&schema.one_of))).collect()
}

/// Returns the sets of a `oneOf` that has a branch for none of them.
fn one_or_none(branches: &[Schema]) -> Option<Vec<Vec<String>>> {
    let (none, some): (Vec<&Schema>, Vec<&Schema>) = branches.iter().partition(|branch| branch.not.is_some());
    let [none] = none.as_slice() else { return None };
    let excluded = none.not.as_deref().filter(|_| is_nothing_but(none, |rest| rest.not = None))?;
    let excluded = Some(excluded).filter(|excluded| is_nothing_but(excluded, |rest| rest.any_of.clear()))?;
    let (named, found) = (sets(&excluded.any_of)?, sets(some)?);
    let all: HashSet<&Vec<String>> = found.iter().collect();
    let is_same = named.iter().all(|set| all.contains(set)) && found.len() == named.len();
    is_same.then_some(found)
}

/// Returns the `required` lists of branches that have nothing else. Returns `None` if some branch has more, or if there
/// are no branches.
pub fn sets<'a>(branches: impl IntoIterator<Item = &'a Schema>) -> Option<Vec<Vec<String>>> {
    let set = |branch: &'a Schema| {
        let only_required = !branch.required.is_empty() && is_nothing_but(branch, |rest| rest.required.clear());
        only_required.then(|| branch.required.to_vec())
    };
    let sets: Vec<_> = branches.into_iter().map(set).collect::<Option<_>>()?;
    (!sets.is_empty()).then_some(sets)
}

/// Returns whether a schema is empty after `forget` has removed a part of it.
fn is_nothing_but(schema: &Schema, forget: impl FnOnce(&mut Schema)) -> bool {
    let mut rest = Schema { span: Default::default(), ..schema.clone() };
    forget(&mut rest);
    rest == Schema::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PlaceId;

    fn required(names: &[&str]) -> Schema {
        Schema { required: names.iter().map(|name| (*name).to_owned()).collect(), ..Schema::default() }
    }

    fn none_of(branches: &[Schema]) -> Schema {
        let any = Schema { any_of: branches.to_vec().into(), ..Schema::default() };
        Schema { not: Some(Box::new(any)), ..Schema::default() }
    }

    fn one_of(branches: &[Schema]) -> Schema {
        Schema { one_of: branches.to_vec().into(), ..Schema::default() }
    }

    #[test]
    fn a_branch_for_none_of_them_makes_at_most_one() {
        let (a, b) = (required(&["a"]), required(&["b", "c"]));
        let sets = vec![vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
        let schema = one_of(&[none_of(&[b.clone(), a.clone()]), a.clone(), b.clone()]);
        assert_eq!(at_most_one::<PlaceId>(&schema, &[]), std::slice::from_ref(&sets));
        assert!(of(&schema).is_empty());
        let several = Schema { all_of: vec![schema.clone(), schema].into(), ..Schema::default() };
        assert_eq!(at_most_one::<PlaceId>(&several, &[]), [sets.clone(), sets]);
    }

    #[test]
    fn a_branch_that_says_anything_else_makes_none() {
        let (a, b) = (required(&["a"]), required(&["b"]));
        for schema in [
            one_of(&[none_of(std::slice::from_ref(&a)), a.clone(), b.clone()]),
            one_of(&[none_of(&[a.clone(), b.clone(), required(&["c"])]), a.clone(), b.clone()]),
            one_of(&[none_of(&[a.clone(), b.clone()]), a.clone(), Schema { nullable: true, ..b.clone() }]),
            one_of(&[Schema { nullable: true, ..none_of(&[a.clone(), b.clone()]) }, a.clone(), b.clone()]),
            one_of(&[none_of(&[a.clone(), b.clone()]), none_of(&[a.clone(), b.clone()]), a.clone(), b.clone()]),
            one_of(&[a.clone(), b.clone()]),
            Schema::default(),
        ] {
            assert!(at_most_one::<PlaceId>(&schema, &[]).is_empty(), "{schema:?}");
        }
    }
}
