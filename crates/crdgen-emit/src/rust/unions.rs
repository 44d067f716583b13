//! Unions of an object's fields that become enums, and the names of the enums.
//!
//! A union is a `oneOf` or `anyOf` of `required` sets, with or without a branch for none of them, or
//! `maxProperties: 1` on an object of optional fields. It becomes an enum under two conditions. No field is
//! in two of its sets. Every field of the sets may be absent and has no default, since the API server would
//! set a default beside any other field. Each of several unions on an object has an enum of its own. A union
//! that shares a field with an earlier one stays a set of fields. So do unions of roots and views, and of
//! types with `#[serde]` attributes from the project.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Model, Object, Shape, TypeDef, TypeId, variant_names};
use proc_macro2::Ident;

use super::{Options, Unions, ident, type_ident};

/// Replacement of a struct with optional fields.
pub enum Plan {
    /// The type is an enum: the union has all fields.
    Whole(Union),
    /// The type is a struct with a field for each union, and its other fields.
    Beside(Vec<Union>),
}

/// An enum for some of an object's fields.
pub struct Union {
    /// Name of the enum.
    pub name: Ident,
    /// Name of the struct with the union's fields, for objects that match no variant.
    pub fields: Ident,
    /// Name of the union's field, in upper camel case.
    pub word: String,
    /// Variants of the enum.
    pub branches: Vec<Branch>,
}

/// A variant.
pub struct Branch {
    /// Name of the variant.
    pub variant: Ident,
    /// Indexes of the variant's fields in the object.
    pub members: Vec<usize>,
}

impl Union {
    /// Returns the indexes of all fields, in the order of the object.
    pub fn members(&self) -> BTreeSet<usize> {
        self.branches.iter().flat_map(|branch| branch.members.iter().copied()).collect()
    }
}

/// Sets of fields, by index.
type Sets = Vec<Vec<usize>>;

/// Plans for the types of a model that have typed unions.
pub struct Plans(BTreeMap<TypeId, Plan>);

impl Plans {
    /// Finds every union that becomes an enum.
    pub fn new(model: &Model, options: &Options) -> Self {
        let mut names = Names(model.types.iter().map(|def| def.name.to_ascii_lowercase()).collect());
        let plans = model.type_ids().filter_map(|(id, def)| {
            let Shape::Object(object) = &def.shape else { return None };
            let typed = typed(id, def, object, options);
            (!typed.is_empty()).then(|| (id, names.plan(def, object, typed)))
        });
        Self(plans.collect())
    }

    /// Returns the plan of a type, or `None` if the type stays a plain struct.
    pub fn of(&self, id: TypeId) -> Option<&Plan> {
        self.0.get(&id)
    }
}

/// Returns whether some union of a type becomes an enum.
pub fn is_typed(model: &Model, id: TypeId, options: &Options) -> bool {
    let def = model.get(id);
    matches!(&def.shape, Shape::Object(object) if !typed(id, def, object, options).is_empty())
}

/// Returns the unions of a type that become enums.
fn typed(id: TypeId, def: &TypeDef, object: &Object, options: &Options) -> Vec<Sets> {
    let asked = options.overrides.of_type(id).and_then(|change| change.unions).unwrap_or(options.unions);
    let stays = def.root_of.is_some() || def.view_of.is_some() || options.overrides.has_serde_attributes(id, object);
    if asked == Unions::Fields || stays {
        return Vec::new();
    }
    let mut taken = BTreeSet::new();
    let exact = object.unions.iter().map(|union| &union.branches);
    let all = object.at_most_one.iter().chain(exact).filter_map(|union| sets(union, object));
    all.filter(|sets| is_union(sets, object) && claim(sets, &mut taken)).collect()
}

/// Returns the sets of a union without fields that are required anyway, or `None` if a field of it is not
/// declared.
fn sets(union: &[Vec<String>], object: &Object) -> Option<Sets> {
    let index = |wire: &String| object.fields.iter().position(|field| field.wire == *wire);
    let set = |wires: &Vec<String>| {
        let set: Option<BTreeSet<usize>> = wires.iter().map(index).collect();
        Some(set?.into_iter().filter(|index| !object.fields[*index].required).collect())
    };
    union.iter().map(set).collect()
}

fn is_union(sets: &Sets, object: &Object) -> bool {
    let may_be_absent = |index: &usize| !object.fields[*index].required && object.fields[*index].default.is_none();
    sets.len() > 1 && sets.iter().all(|set| !set.is_empty() && set.iter().all(may_be_absent))
}

/// Adds all fields of the sets to `taken`. Returns `false` if a field is already taken or in two sets.
fn claim(sets: &Sets, taken: &mut BTreeSet<usize>) -> bool {
    let mut with = taken.clone();
    let free = sets.iter().flatten().all(|index| with.insert(*index));
    if free {
        *taken = with;
    }
    free
}

/// Names of all types, in lower case.
struct Names(BTreeSet<String>);

impl Names {
    fn plan(&mut self, def: &TypeDef, object: &Object, typed: Vec<Sets>) -> Plan {
        let is_whole = !object.unknown_fields && typed[0].iter().flatten().count() == object.fields.len();
        let unions = typed.into_iter().enumerate().map(|(index, sets)| {
            let branches = branches(sets, object);
            // The first union keeps its name when another union is added.
            let word = match index {
                0 => "Choice".to_owned(),
                _ => format!("{}Or{}", branches[0].variant, branches[1].variant),
            };
            let name = if is_whole { type_ident(def) } else { self.free(format!("{}{word}", def.name)) };
            let fields = self.free(format!("{}Fields", if is_whole { def.name.clone() } else { name.to_string() }));
            Union { name, fields, word, branches }
        });
        let mut unions: Vec<Union> = unions.collect();
        match unions.pop() {
            Some(union) if is_whole => Plan::Whole(union),
            last => Plan::Beside(unions.into_iter().chain(last).collect()),
        }
    }

    fn free(&mut self, mut name: String) -> Ident {
        while !self.0.insert(name.to_ascii_lowercase()) {
            name.push_str("Union");
        }
        ident(&name)
    }
}

fn branches(sets: Sets, object: &Object) -> Vec<Branch> {
    let word = |set: &Vec<usize>| {
        let wires: Vec<&str> = set.iter().map(|index| object.fields[*index].wire.as_str()).collect();
        wires.join(" and ")
    };
    let words: Vec<String> = sets.iter().map(word).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let variants = variant_names(&words, &["Other", "Self"]);
    variants.iter().zip(sets).map(|(variant, members)| Branch { variant: ident(variant), members }).collect()
}

#[cfg(test)]
mod tests {
    use crdgen_model::{Field, FieldUnion, Slot, Type};
    use serde_json::json;

    use super::*;

    fn object(fields: &[&str], unions: &[&[&[&str]]]) -> Object {
        let slot = Slot {
            ty: Type::Boolean,
            nullable: false,
            null: Default::default(),
            bounds: Default::default(),
            allowed: Vec::new(),
            rules: Vec::new(),
            validation: None,
        };
        let field = |wire: &&str| Field {
            wire: wire.trim_end_matches(['!', '=']).to_owned(),
            docs: None,
            required: wire.ends_with('!'),
            default: wire.ends_with('=').then(|| json!(true)),
            slot: slot.clone(),
        };
        let names = |set: &&[&str]| set.iter().map(|name| (*name).to_owned()).collect();
        let union = |sets: &&[&[&str]]| FieldUnion { exactly_one: true, branches: sets.iter().map(names).collect() };
        Object {
            fields: fields.iter().map(field).collect(),
            unions: unions.iter().map(union).collect(),
            ..Object::default()
        }
    }

    fn plan(object: Object, others: &[&str]) -> Option<Plan> {
        let def = |name: &str, object: &Object| TypeDef {
            name: name.to_owned(),
            docs: None,
            shape: Shape::Object(object.clone()),
            root_of: None,
            view_of: None,
            apply_of: None,
            kubernetes: None,
            used_by: Vec::new(),
            path: name.to_owned(),
        };
        let others = others.iter().map(|name| def(name, &Object::default()));
        let model = Model { types: std::iter::once(def("A", &object)).chain(others).collect(), ..Model::default() };
        let options = Options { unions: Unions::Typed, ..Options::default() };
        Plans::new(&model, &options).0.remove(&TypeId(0))
    }

    /// Returns the names of the enums, of the structs of their fields and of the variants. For an enum that
    /// replaces the type only its own names are returned.
    fn told(object: Object, others: &[&str]) -> Vec<String> {
        let tell = |union: &Union| {
            let variants: Vec<_> = union.branches.iter().map(|branch| branch.variant.to_string()).collect();
            format!("{} {} {}", union.name, union.fields, variants.join("|"))
        };
        match plan(object, others) {
            None => Vec::new(),
            Some(Plan::Whole(union)) => vec![tell(&union)],
            Some(Plan::Beside(unions)) => unions.iter().map(tell).collect(),
        }
    }

    #[test]
    fn disjoint_sets_of_optional_fields_are_a_union() {
        assert_eq!(told(object(&["a", "b"], &[&[&["a"], &["b"]]]), &[]), ["A AFields A|B"]);
        assert_eq!(told(object(&["a", "b", "c"], &[&[&["a"], &["c", "b"]]]), &[]), ["A AFields A|BAndC"]);
        assert_eq!(told(object(&["a", "b", "c"], &[&[&["a"], &["c"]]]), &[]), ["AChoice AChoiceFields A|C"]);
        assert_eq!(told(object(&["t!", "a", "b"], &[&[&["t", "a"], &["t", "b"]]]), &[]), ["AChoice AChoiceFields A|B"]);
        let open = Object { unknown_fields: true, ..object(&["a", "b"], &[&[&["a"], &["b"]]]) };
        assert_eq!(told(open, &[]), ["AChoice AChoiceFields A|B"]);
    }

    #[test]
    fn one_property_at_most_is_a_union_of_all() {
        let single = |fields: &[&str]| {
            let object = object(fields, &[]);
            let all = object.fields.iter().map(|field| vec![field.wire.clone()]).collect();
            Object { at_most_one: vec![all], ..object }
        };
        assert_eq!(told(single(&["aws", "gcp", "self"]), &[]), ["A AFields Aws|Gcp|SelfLower"]);
        assert!(told(single(&["a"]), &[]).is_empty());
        assert!(told(single(&["a", "b!"]), &[]).is_empty());
    }

    #[test]
    fn what_is_not_disjoint_stays_fields() {
        let fields = ["a", "b", "c", "d=", "e!"];
        for sets in [
            &[&["a", "b"][..], &["b", "c"]][..],
            &[&["a"], &["a"]],
            &[&["a"]],
            &[&["a"], &["unknown"]],
            &[&["a"], &["d"]],
            &[&["a"], &["e"]],
        ] {
            assert!(told(object(&fields, &[sets]), &[]).is_empty(), "{sets:?}");
        }
    }

    #[test]
    fn each_union_has_a_choice_of_its_own_unless_it_shares_a_field() {
        let unions: [&[&[&str]]; 3] = [&[&["a"], &["b"]], &[&["b"], &["c"]], &[&["c"], &["d"]]];
        let expected = ["AChoice AChoiceFields A|B", "ACOrD ACOrDFields C|D"];
        assert_eq!(told(object(&["a", "b", "c", "d"], &unions), &[]), expected);
    }

    #[test]
    fn names_that_are_taken_are_left_alone() {
        let union = || object(&["a", "b", "c"], &[&[&["a"], &["b"]]]);
        assert_eq!(told(union(), &["aChoice"]), ["AChoiceUnion AChoiceUnionFields A|B"]);
        assert_eq!(told(object(&["a", "b"], &[&[&["a"], &["b"]]]), &["AFields"]), ["A AFieldsUnion A|B"]);
        assert_eq!(told(object(&["other", "a"], &[&[&["a"], &["other"]]]), &[]), ["A AFields A|OtherLower"]);
    }
}
