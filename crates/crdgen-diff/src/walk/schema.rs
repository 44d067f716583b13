//! Comparison of two schemas in lockstep.

mod rename;
pub(crate) mod rules;

use std::collections::HashSet;

use crdgen_schema::crd::Version;
use crdgen_schema::schema::{Additional, Bounds, ListType, SchemaType};
use crdgen_schema::{Crd, Schema};
use serde_json::{Value as Json, json};

use super::only;
use crate::change::{Bound, Change, Context, Keyword, Sides};
use crate::path::{FieldPath, Step};

/// Compares the schemas of two versions.
pub(crate) fn schemas<'a>(
    crds: Sides<&'a Crd>,
    versions: Sides<Option<&'a Version>>,
    old: &'a Schema,
    new: &'a Schema,
    out: &mut Vec<Change<'a>>,
) {
    let context = Context { is_correlated: true, parents: Sides::default(), is_kept: false, needs_value: true };
    Walk { crds, versions, path: FieldPath::default(), out }.node(old, new, context);
}

/// Type that a server requires of a value.
fn type_name(schema: &Schema) -> &'static str {
    match schema.type_ {
        _ if schema.int_or_string => "int-or-string",
        None => "any",
        Some(SchemaType::Object) => "object",
        Some(SchemaType::Array) => "array",
        Some(SchemaType::String) => "string",
        Some(SchemaType::Integer) => "integer",
        Some(SchemaType::Number) => "number",
        Some(SchemaType::Boolean) => "boolean",
    }
}

struct Walk<'a, 'o> {
    crds: Sides<&'a Crd>,
    versions: Sides<Option<&'a Version>>,
    path: FieldPath,
    out: &'o mut Vec<Change<'a>>,
}

impl<'a> Walk<'a, '_> {
    fn below(&mut self, step: Step, walk: impl FnOnce(&mut Self)) {
        self.path.push(step);
        walk(self);
        self.path.pop();
    }

    fn push(
        &mut self,
        schemas: Sides<Option<&'a Schema>>,
        context: Context<'a>,
        keyword: Keyword,
        old: Option<Json>,
        new: Option<Json>,
    ) {
        self.out.push(Change {
            crds: self.crds,
            versions: self.versions,
            path: self.path.clone(),
            schemas,
            context,
            keyword,
            values: Sides { old, new },
        });
    }

    fn node(&mut self, old: &'a Schema, new: &'a Schema, context: Context<'a>) {
        let schemas = Sides { old: Some(old), new: Some(new) };
        let Schema {
            span: _,
            type_: _,
            int_or_string: _,
            format,
            title,
            description,
            example,
            external_docs,
            nullable,
            default,
            enum_,
            properties: _,
            required: _,
            additional_properties: _,
            unique_items,
            items: _,
            bounds,
            all_of,
            any_of,
            one_of,
            not,
            preserve_unknown_fields,
            embedded_resource,
            list_type,
            list_map_keys,
            map_type,
            validations,
        } = old;
        let text = |text: Option<&str>| text.map(Json::from);
        let flag = |set: bool| set.then_some(Json::Bool(true));
        let mut differ = |keyword, before: Option<Json>, after: Option<Json>| {
            if before != after {
                self.push(schemas, context, keyword, before, after);
            }
        };
        // Long texts are compared before they are copied.
        if description != &new.description {
            differ(Keyword::Description, text(description.as_deref()), text(new.description.as_deref()));
        }
        differ(Keyword::Title, text(title.as_deref()), text(new.title.as_deref()));
        differ(Keyword::Example, example.as_deref().cloned(), new.example.as_deref().cloned());
        differ(Keyword::ExternalDocs, external_docs.as_deref().cloned(), new.external_docs.as_deref().cloned());
        differ(Keyword::Nullable, flag(*nullable), flag(new.nullable));
        differ(Keyword::Default, default.as_deref().cloned(), new.default.as_deref().cloned());
        let types = Sides { old: type_name(old), new: type_name(new) };
        differ(Keyword::Type, Some(json!(types.old)), Some(json!(types.new)));
        // If the types have no value in common, no other keyword matters.
        if are_disjoint(types) {
            return;
        }
        differ(Keyword::Format, text(format.as_deref()), text(new.format.as_deref()));
        differ(Keyword::UniqueItems, flag(*unique_items), flag(new.unique_items));
        differ(Keyword::PreserveUnknown, flag(*preserve_unknown_fields), flag(new.preserve_unknown_fields));
        differ(Keyword::Embedded, flag(*embedded_resource), flag(new.embedded_resource));
        differ(Keyword::ListType, list_type.map(list_type_json), new.list_type.map(list_type_json));
        differ(Keyword::MapType, text(map_type.as_deref()), text(new.map_type.as_deref()));
        let keys = |keys: &[String]| (!keys.is_empty()).then(|| json!(sorted(keys)));
        differ(Keyword::ListMapKeys, keys(list_map_keys), keys(&new.list_map_keys));
        for (keyword, before, after) in [
            (Keyword::AllOf, all_of, &new.all_of),
            (Keyword::AnyOf, any_of, &new.any_of),
            (Keyword::OneOf, one_of, &new.one_of),
        ] {
            let branches = |branches: &[Schema]| -> Option<Json> {
                (!branches.is_empty()).then(|| branches.iter().map(Schema::to_json).collect())
            };
            differ(keyword, branches(before), branches(after));
        }
        let branch = |branch: &Option<Box<Schema>>| branch.as_deref().map(Schema::to_json);
        differ(Keyword::Not, branch(not), branch(&new.not));
        self.bounds(schemas, context, bounds, &new.bounds);
        self.enumeration(schemas, context, enum_, &new.enum_);
        self.rules(schemas, context, validations, &new.validations);
        self.children(schemas, old, new, context);
    }

    fn bounds(&mut self, schemas: Sides<Option<&'a Schema>>, context: Context<'a>, old: &Bounds, new: &Bounds) {
        let Bounds {
            pattern,
            min_length,
            max_length,
            minimum,
            maximum,
            exclusive_minimum,
            exclusive_maximum,
            multiple_of,
            min_items,
            max_items,
            min_properties,
            max_properties,
        } = old;
        let mut differ = |keyword, before: Option<Json>, after: Option<Json>| {
            if before != after {
                self.push(schemas, context, keyword, before, after);
            }
        };
        differ(
            Keyword::Pattern,
            pattern.as_ref().map(|text| json!(text)),
            new.pattern.as_ref().map(|text| json!(text)),
        );
        for (bound, before, after) in [
            (Bound::Minimum, minimum, new.minimum),
            (Bound::Maximum, maximum, new.maximum),
            (Bound::MultipleOf, multiple_of, new.multiple_of),
        ] {
            differ(Keyword::Bound(bound), before.map(number), after.map(number));
        }
        for (bound, before, after) in [
            (Bound::MinLength, min_length, new.min_length),
            (Bound::MaxLength, max_length, new.max_length),
            (Bound::MinItems, min_items, new.min_items),
            (Bound::MaxItems, max_items, new.max_items),
            (Bound::MinProperties, min_properties, new.min_properties),
            (Bound::MaxProperties, max_properties, new.max_properties),
        ] {
            differ(Keyword::Bound(bound), before.map(Json::from), after.map(Json::from));
        }
        let flag = |set: bool| set.then_some(Json::Bool(true));
        differ(Keyword::ExclusiveMinimum, flag(*exclusive_minimum), flag(new.exclusive_minimum));
        differ(Keyword::ExclusiveMaximum, flag(*exclusive_maximum), flag(new.exclusive_maximum));
    }

    fn enumeration(&mut self, schemas: Sides<Option<&'a Schema>>, context: Context<'a>, old: &[Json], new: &[Json]) {
        match (old.is_empty(), new.is_empty()) {
            (true, true) => {}
            (true, false) => self.push(schemas, context, Keyword::Enum, None, Some(json!(new))),
            (false, true) => self.push(schemas, context, Keyword::Enum, Some(json!(old)), None),
            (false, false) => {
                let written = |values: &[Json]| values.iter().map(Json::to_string).collect::<Vec<_>>();
                let (before, after) = (written(old), written(new));
                let (gone, come) = only(&before, &after);
                let read = |text: &String| serde_json::from_str::<Json>(text).ok();
                for value in gone {
                    self.push(schemas, context, Keyword::EnumValue, read(value), None);
                }
                for value in come {
                    self.push(schemas, context, Keyword::EnumValue, None, read(value));
                }
            }
        }
    }

    fn children(&mut self, schemas: Sides<Option<&'a Schema>>, old: &'a Schema, new: &'a Schema, context: Context<'a>) {
        let is_map = |schema: &Schema| matches!(schema.additional_properties, Some(Additional::Schema(_)));
        let became_map = is_map(new) && !old.properties.is_empty();
        let became_struct = is_map(old) && !new.properties.is_empty();
        match (&old.additional_properties, &new.additional_properties) {
            (Some(Additional::Schema(old_values)), Some(Additional::Schema(new_values))) => {
                let context = Context {
                    parents: schemas,
                    is_kept: false,
                    needs_value: false,
                    is_correlated: context.is_correlated,
                };
                self.below(Step::Values, |walk| walk.node(old_values, new_values, context));
            }
            (before, after) if before != after => {
                let json = |additional: &Option<Additional>| {
                    additional.as_ref().map(|additional| match additional {
                        Additional::Allowed(allowed) => Json::Bool(*allowed),
                        Additional::Schema(values) => values.to_json(),
                    })
                };
                self.push(schemas, context, Keyword::AdditionalProperties, json(before), json(after));
            }
            _ => {}
        }
        // The change between a map and an object with fields includes the fields.
        if !became_map && !became_struct {
            self.properties(schemas, old, new, context);
        }
        self.required(schemas, old, new, context, became_map || became_struct);
        match (&old.items, &new.items) {
            (Some(old_items), Some(new_items)) => {
                let is_kept = new.preserve_unknown_fields || context.is_kept;
                let is_map = [old, new].iter().all(|schema| schema.list_type == Some(ListType::Map));
                let context = Context {
                    parents: schemas,
                    is_kept,
                    needs_value: true,
                    is_correlated: context.is_correlated && is_map,
                };
                self.below(Step::Items, |walk| walk.node(old_items, new_items, context));
            }
            (before, after) if before.is_some() != after.is_some() => {
                let json = |items: &Option<Box<Schema>>| items.as_deref().map(Schema::to_json);
                self.push(schemas, context, Keyword::Items, json(before), json(after));
            }
            _ => {}
        }
    }

    fn properties(
        &mut self,
        parents: Sides<Option<&'a Schema>>,
        old: &'a Schema,
        new: &'a Schema,
        context: Context<'a>,
    ) {
        let child = |name: &str| Context {
            parents,
            is_kept: false,
            needs_value: new.required.iter().any(|required| required == name),
            is_correlated: context.is_correlated,
        };
        let removed: Vec<&String> = old.properties.keys().filter(|name| !new.properties.contains_key(*name)).collect();
        let added: Vec<&String> = new.properties.keys().filter(|name| !old.properties.contains_key(*name)).collect();
        let renamed = rename::pairs(old, new, &removed, &added);
        for (name, before) in &old.properties {
            let context = child(name);
            let after = new.properties.get(name);
            let new_name = renamed.iter().find(|(gone, _)| *gone == name).map(|(_, come)| json!(come));
            self.below(Step::Field(name.clone()), |walk| match after {
                Some(after) => walk.node(before, after, context),
                None => {
                    let context = Context { is_kept: new.preserve_unknown_fields, ..context };
                    let schemas = Sides { old: Some(before), new: None };
                    walk.push(schemas, context, Keyword::Property, Some(json!(name)), new_name);
                }
            });
        }
        for name in added {
            let is_renamed = renamed.iter().any(|(_, come)| *come == name);
            let context = child(name);
            // A required field is also a field of its own: objects without it are refused.
            if is_renamed && !context.needs_value {
                continue;
            }
            let schemas = Sides { old: None, new: new.properties.get(name) };
            self.below(Step::Field(name.clone()), |walk| {
                walk.push(schemas, context, Keyword::Property, None, Some(json!(name)));
            });
        }
    }

    /// Compares `required` for properties that both sides have, and for names that no side declares.
    fn required(
        &mut self,
        parents: Sides<Option<&'a Schema>>,
        old: &'a Schema,
        new: &'a Schema,
        context: Context<'a>,
        changed_shape: bool,
    ) {
        if old.required == new.required {
            return;
        }
        let is_new_field =
            |name: &String| !changed_shape && old.properties.contains_key(name) != new.properties.contains_key(name);
        let (gone, come) = only(&old.required, &new.required);
        let changes = gone.into_iter().map(|name| (name, Some(json!(true)), None));
        let changes = changes.chain(come.into_iter().map(|name| (name, None, Some(json!(true)))));
        for (name, before, after) in changes.filter(|(name, _, _)| !is_new_field(name)) {
            let schemas = Sides { old: old.properties.get(name), new: new.properties.get(name) };
            let context = Context { parents, ..context };
            self.below(Step::Field(name.clone()), |walk| {
                walk.push(schemas, context, Keyword::Required, before, after);
            });
        }
    }
}

/// Returns whether two types have no value in common.
fn are_disjoint(types: Sides<&str>) -> bool {
    let scalars = |name| match name {
        "any" => ["object", "array", "string", "number", "boolean"].as_slice(),
        "int-or-string" => &["string", "number"],
        "integer" => &["number"],
        "object" => &["object"],
        "array" => &["array"],
        "string" => &["string"],
        "number" => &["number"],
        _ => &["boolean"],
    };
    let old: HashSet<_> = scalars(types.old).iter().collect();
    !scalars(types.new).iter().any(|name| old.contains(name))
}

fn sorted(keys: &[String]) -> Vec<&String> {
    let mut sorted: Vec<_> = keys.iter().collect();
    sorted.sort_unstable();
    sorted
}

fn list_type_json(list_type: ListType) -> Json {
    json!(match list_type {
        ListType::Atomic => "atomic",
        ListType::Set => "set",
        ListType::Map => "map",
    })
}

/// Writes a bound as in a CRD: without a fraction if it has none.
fn number(value: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT { Json::from(value as i64) } else { Json::from(value) }
}
