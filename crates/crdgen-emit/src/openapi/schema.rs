//! Definitions and slots as schemas.

use crdgen_model::{Field, FieldUnion, Object, Shape, Slot, Type, Validation, Variant};
use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, BooleanType, IntegerFormat, NumberFormat, ObjectType, ReferenceOr, Schema,
    SchemaData, SchemaKind, StringType, Type as SchemaType, VariantOrUnknownOrEmpty,
};
use serde_json::{Value as Json, json};

use super::bounds::Remainder;
use super::varnames::varnames;
use crate::api::{Api, Definition, Description, Docs, Form, Prose, filled};
use crate::extension::{self, rules};
use crate::markdown::Dialect;

/// Schemas of the components, by name.
pub struct Schemas<'a> {
    api: &'a Api<'a>,
    docs: Docs,
    components: Vec<(String, Component<'a>)>,
}

enum Component<'a> {
    Definition(Definition<'a>),
    IntOrString(Nullable),
}

impl<'a> Schemas<'a> {
    /// Returns the schemas of an API, none of which is made yet.
    pub fn new(api: &'a Api<'a>, docs: Docs) -> Self {
        if api.operations.is_empty() {
            return Self { api, docs, components: Vec::new() };
        }
        let definitions = api.definitions();
        let used = |nullable: bool| {
            let uses = |definition: &Definition<'_>, field: &Field| {
                let null = api.nulls.allow_in(field, definition.form);
                int_or_string_in(api, &field.slot, null, definition.form) == Some(nullable)
            };
            definitions.iter().any(|definition| {
                api.fields(definition.def, definition.form).into_iter().any(|field| uses(definition, field))
            })
        };
        let builtin = [
            (&api.builtin.int_or_string, Nullable::No, used(false)),
            (&api.builtin.int_or_string_or_null, Nullable::Yes, used(true)),
        ];
        let builtin = builtin.into_iter().filter(|(.., is_used)| *is_used);
        let builtin = builtin.map(|(name, nullable, _)| (name.clone(), Component::IntOrString(nullable)));
        let mut components: Vec<_> = builtin.collect();
        let named = |definition: Definition<'a>| (definition.name.clone(), Component::Definition(definition));
        components.extend(definitions.into_iter().map(named));
        components.sort_by(|a, b| a.0.cmp(&b.0));
        Self { api, docs, components }
    }

    /// Returns the names of the schemas.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.components.iter().map(|(name, _)| name.as_str())
    }

    /// Returns each schema with its name. A schema is made when the iterator gets there.
    pub fn items(&self) -> impl Iterator<Item = (&str, Schema)> {
        self.components.iter().map(|(name, found)| {
            let schema = match found {
                Component::Definition(definition) => component(self.api, definition, self.docs),
                Component::IntOrString(nullable) => int_or_string(*nullable),
            };
            (name.as_str(), schema)
        })
    }
}

/// A reference to a component schema.
pub fn reference(name: &str) -> ReferenceOr<Schema> {
    ReferenceOr::Reference { reference: format!("#/components/schemas/{name}") }
}

/// Returns the schema of an object with any properties.
pub fn any_object() -> Schema {
    plain(SchemaType::Object(ObjectType {
        additional_properties: Some(AdditionalProperties::Any(true)),
        ..ObjectType::default()
    }))
}

fn plain(schema: SchemaType) -> Schema {
    Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Type(schema) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nullable {
    Yes,
    No,
}

/// Whether null may stand in place of the int-or-string that a slot holds; none if it holds none.
fn int_or_string_in(api: &Api<'_>, slot: &Slot, null: bool, form: Form) -> Option<bool> {
    match &slot.ty {
        Type::IntOrString => Some(null),
        Type::List { items: inner, .. } | Type::Map(inner) => {
            int_or_string_in(api, inner, api.nulls.allow(inner, false, form), form)
        }
        _ => None,
    }
}

/// `oneOf`, which all tools read; the `anyOf` of CRDs loses the values in some. Null is said in one branch, as two that accept
/// it would exclude each other.
fn int_or_string(nullable: Nullable) -> Schema {
    let integer = openapiv3::IntegerType {
        format: VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64),
        ..openapiv3::IntegerType::default()
    };
    let mut string = plain(SchemaType::String(StringType::default()));
    string.schema_data.nullable = nullable == Nullable::Yes;
    let one_of = vec![ReferenceOr::Item(plain(SchemaType::Integer(integer))), ReferenceOr::Item(string)];
    let schema_data = SchemaData {
        description: Some("An integer or a string.".to_owned()),
        extensions: IndexMap::from([("x-kubernetes-int-or-string".to_owned(), Json::Bool(true))]),
        ..SchemaData::default()
    };
    Schema { schema_data, schema_kind: SchemaKind::OneOf { one_of } }
}

fn component(api: &Api<'_>, definition: &Definition<'_>, docs: Docs) -> Schema {
    let mut data = SchemaData {
        description: Description::of_type(definition.def, Prose::markdown(docs, Dialect::OpenApi)),
        ..SchemaData::default()
    };
    let kind = match &definition.def.shape {
        Shape::Enum(variants) => SchemaType::String(enumeration(variants, &mut data)),
        Shape::Object(object) => SchemaType::Object(self::object(api, definition, object, docs, &mut data)),
    };
    if let Some(resource) = definition.def.root_of.map(|id| api.resource(id)) {
        let kind = json!([{ "group": resource.group, "version": resource.version, "kind": resource.kind }]);
        data.extensions.insert("x-kubernetes-group-version-kind".to_owned(), kind);
    }
    Schema { schema_data: data, schema_kind: SchemaKind::Type(kind) }
}

fn object(
    api: &Api<'_>,
    definition: &Definition<'_>,
    object: &Object,
    docs: Docs,
    data: &mut SchemaData,
) -> ObjectType {
    let fields = api.fields(definition.def, definition.form);
    let writer = Writer { api, form: definition.form, docs };
    list(&mut data.extensions, "x-kubernetes-validations", rules(&object.rules));
    let of_root = writer.validation(object.validation.as_deref());
    list(&mut data.extensions, "x-crdgen-validation", object.unions.iter().map(union).chain(of_root).collect());
    ObjectType {
        properties: fields.iter().map(|field| (field.wire.clone(), boxed(writer.field(field)))).collect(),
        required: fields
            .iter()
            .filter(|field| definition.form.requires(field))
            .map(|field| field.wire.clone())
            .collect(),
        additional_properties: object.unknown_fields.then_some(AdditionalProperties::Any(true)),
        ..ObjectType::default()
    }
}

fn enumeration(variants: &[Variant], data: &mut SchemaData) -> StringType {
    if let Some(names) = varnames(variants) {
        list(&mut data.extensions, "x-enum-varnames", names.into_iter().map(Json::from).collect());
    }
    let enumeration = variants.iter().map(|variant| Some(variant.wire.clone())).collect();
    StringType { enumeration, ..StringType::default() }
}

/// Writes the slots of one definition.
struct Writer<'a> {
    api: &'a Api<'a>,
    form: Form,
    docs: Docs,
}

impl Writer<'_> {
    fn field(&self, field: &Field) -> ReferenceOr<Schema> {
        let inherited = match &field.slot.ty {
            Type::Named(id) => self.api.get(*id).docs.as_deref(),
            _ => None,
        };
        let mut data = SchemaData {
            description: Description::of_field(field, inherited, Prose::markdown(self.docs, Dialect::OpenApi)),
            ..SchemaData::default()
        };
        if let Some(default) = filled(field) {
            // As `default` some generators would make the field of a request obligatory.
            data.extensions.insert("x-crdgen-default".to_owned(), default.clone());
        }
        self.slot(&field.slot, self.api.nulls.allow_in(field, self.form), data)
    }

    /// A list's items or a map's values.
    fn inner(&self, slot: &Slot) -> ReferenceOr<Schema> {
        self.slot(slot, self.api.nulls.allow(slot, false, self.form), SchemaData::default())
    }

    fn slot(&self, slot: &Slot, null: bool, mut data: SchemaData) -> ReferenceOr<Schema> {
        let mut rest = Remainder::default();
        let written = match &slot.ty {
            Type::Named(id) => {
                let of = match self.api.get(*id).shape {
                    Shape::Object(_) => "object",
                    Shape::Enum(_) => "string",
                };
                self.referring(&self.api.name(*id, self.form), null.then_some(of), slot, &mut data, &mut rest)
            }
            Type::IntOrString => {
                let builtin = &self.api.builtin;
                let name = if null { &builtin.int_or_string_or_null } else { &builtin.int_or_string };
                self.referring(name, None, slot, &mut data, &mut rest)
            }
            Type::Any => SchemaKind::Any(rest.any(&slot.bounds)),
            typed => {
                data.nullable = null;
                SchemaKind::Type(self.typed(typed, slot, &mut data, &mut rest))
            }
        };
        list(&mut data.extensions, "x-kubernetes-validations", rules(&slot.rules));
        if let Some(pattern) = rest.pattern {
            data.extensions.insert("x-crdgen-pattern".to_owned(), pattern.into());
        }
        if !enumerated(&slot.ty) && !slot.allowed.is_empty() {
            rest.validation.insert("enum".to_owned(), Json::from(slot.allowed.clone()));
        }
        let of_bounds = (!rest.validation.is_empty()).then_some(Json::Object(rest.validation));
        let validation = of_bounds.into_iter().chain(self.validation(slot.validation.as_deref())).collect();
        list(&mut data.extensions, "x-crdgen-validation", validation);
        match written {
            // Nothing beside it: a bare reference.
            SchemaKind::AllOf { mut all_of } if data == SchemaData::default() && all_of.len() == 1 => all_of.remove(0),
            schema_kind => ReferenceOr::Item(Schema { schema_data: data, schema_kind }),
        }
    }

    /// Required keys, unions of keys and junctors: data, as generators of clients make types of such keywords.
    fn validation(&self, validation: Option<&Validation>) -> Vec<Json> {
        let Some(Validation { required, unions, junctors }) = validation else { return Vec::new() };
        let required = (!required.is_empty()).then(|| json!({ "required": required }));
        let junctors = junctors.iter().filter_map(|junctor| match self.form {
            Form::Read => Some(junctor.stored.clone()),
            Form::Write => junctor.written.clone(),
        });
        required.into_iter().chain(unions.iter().map(union)).chain(junctors).collect()
    }

    /// `allOf` around a reference, as OpenAPI 3.0 ignores what stands beside one. With `null`, linters want the type too.
    fn referring(
        &self,
        name: &str,
        nullable: Option<&str>,
        slot: &Slot,
        data: &mut SchemaData,
        rest: &mut Remainder,
    ) -> SchemaKind {
        let beside = rest.any(&slot.bounds);
        let all_of = vec![reference(name)];
        data.nullable = nullable.is_some();
        if nullable.is_none() && beside == AnySchema::default() {
            return SchemaKind::AllOf { all_of };
        }
        SchemaKind::Any(AnySchema { typ: nullable.map(str::to_owned), all_of, ..beside })
    }

    fn typed(&self, ty: &Type, slot: &Slot, data: &mut SchemaData, rest: &mut Remainder) -> SchemaType {
        match ty {
            Type::Boolean => {
                SchemaType::Boolean(BooleanType { enumeration: allowed(slot, data.nullable, Json::as_bool) })
            }
            Type::Integer { int32 } => {
                let format = if *int32 { IntegerFormat::Int32 } else { IntegerFormat::Int64 };
                let mut integer = rest.integer(&slot.bounds);
                integer.format = VariantOrUnknownOrEmpty::Item(format);
                integer.enumeration = allowed(slot, data.nullable, Json::as_i64);
                SchemaType::Integer(integer)
            }
            Type::Number { float32 } => {
                let format = if *float32 { NumberFormat::Float } else { NumberFormat::Double };
                let mut number = rest.number(&slot.bounds);
                number.format = VariantOrUnknownOrEmpty::Item(format);
                number.enumeration = allowed(slot, data.nullable, Json::as_f64);
                SchemaType::Number(number)
            }
            Type::String { format } => {
                let mut string = rest.string(&slot.bounds);
                string.enumeration = allowed(slot, data.nullable, |value| value.as_str().map(str::to_owned));
                match format {
                    Some(format) if travels(format) => string.format = Some(format.clone()).into(),
                    Some(format) => {
                        data.extensions.insert("x-crdgen-format".to_owned(), format.as_str().into());
                    }
                    None => {}
                }
                SchemaType::String(string)
            }
            Type::List { items, list_type, keys } => {
                let mut array = Remainder::array(&slot.bounds);
                array.items = Some(boxed(self.inner(items)));
                if let Some(list_type) = list_type {
                    data.extensions
                        .insert("x-kubernetes-list-type".to_owned(), extension::list_type(*list_type).into());
                }
                list(&mut data.extensions, "x-kubernetes-list-map-keys", keys.iter().map(|key| json!(key)).collect());
                SchemaType::Array(array)
            }
            Type::Map(values) => {
                let values = Box::new(self.inner(values));
                let additional_properties = Some(AdditionalProperties::Schema(values));
                SchemaType::Object(ObjectType { additional_properties, ..Remainder::object(&slot.bounds) })
            }
            Type::AnyObject => {
                let additional_properties = Some(AdditionalProperties::Any(true));
                SchemaType::Object(ObjectType { additional_properties, ..Remainder::object(&slot.bounds) })
            }
            Type::IntOrString | Type::Any | Type::Named(_) => unreachable!("written by `slot`"),
        }
    }
}

/// Whether `allowed` of this type becomes an `enum`.
fn enumerated(ty: &Type) -> bool {
    matches!(ty, Type::Boolean | Type::Integer { .. } | Type::Number { .. } | Type::String { .. })
}

/// The allowed values that the type can hold, and null where it may stand.
fn allowed<T>(slot: &Slot, null: bool, read: impl Fn(&Json) -> Option<T>) -> Vec<Option<T>> {
    let values: Vec<_> = slot.allowed.iter().filter_map(read).map(Some).collect();
    let null = null && !values.is_empty();
    values.into_iter().chain(null.then_some(None)).collect()
}

/// Formats under which OpenAPI's readers accept what the server accepts. A `duration` of Kubernetes is not one of ISO 8601,
/// `binary` would be a file, and formats of numbers have no meaning for strings.
fn travels(format: &str) -> bool {
    const TRAVELLERS: &[&str] =
        &["byte", "cidr", "date", "date-time", "email", "hostname", "ipv4", "ipv6", "mac", "password", "uri", "uuid"];
    TRAVELLERS.contains(&format)
}

fn union(union: &FieldUnion) -> Json {
    let branches: Vec<_> = union.branches.iter().map(|branch| json!({ "required": branch })).collect();
    json!({ if union.exactly_one { "oneOf" } else { "anyOf" }: branches })
}

/// Writes an extension that is a list, unless it is empty.
fn list(extensions: &mut IndexMap<String, Json>, key: &str, values: Vec<Json>) {
    if !values.is_empty() {
        extensions.insert(key.to_owned(), values.into());
    }
}

fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        ReferenceOr::Item(schema) => ReferenceOr::boxed_item(schema),
    }
}
