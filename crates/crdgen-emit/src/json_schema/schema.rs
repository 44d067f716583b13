//! Schemas of types and slots.

use crdgen_model::{Field, FieldUnion, ListType, Object, Shape, Slot, Type, TypeDef, TypeId, Validation, Variant};
use serde_json::{Value as Json, json};

use super::conjunction::{Schema, conjoin};
use super::judged::{Judged, Types};
use super::junctor::{self, not_null};
use super::{bounds, format};
use crate::api::{Api, Description, Docs, Form, Nulls, Prose, filled};
use crate::extension::{self, rules};

/// Writer of the schemas of one file.
pub struct Writer<'a> {
    /// API of the model, with all types.
    pub api: &'a Api<'a>,
    /// Form that the file describes.
    pub form: Form,
    /// Extent of the CRDs' descriptions in the schemas.
    pub docs: Docs,
    /// Whether a default is written.
    pub has_default: fn(&Json) -> bool,
}

impl Writer<'_> {
    /// Returns the schema of the whole object, without its description. `apiVersion` and `kind` identify the
    /// object, so they are constants and required in both forms.
    pub fn root(&self, def: &TypeDef) -> Schema {
        let Shape::Object(object) = &def.shape else { return Schema::new() };
        let fields: Vec<Field> = self.api.fields(def, self.form).into_iter().cloned().map(in_envelope).collect();
        let mut schema = self.object(object, &fields.iter().collect::<Vec<_>>());
        let judged = Judged::Object(self.types(), self.api.fields(def, self.form));
        self.validation(object.validation.as_deref(), &judged, Null::Refused, &mut schema);
        for field in fields.iter().filter(|field| ["apiVersion", "kind"].contains(&field.wire.as_str())) {
            let value = field.slot.allowed.first();
            schema["properties"][&field.wire] = json!({ "description": field.docs.as_deref(), "const": value });
        }
        schema
    }

    /// Returns the schema of a named type.
    pub fn definition(&self, def: &TypeDef) -> Schema {
        let mut schema = Schema::new();
        if let Some(text) = Description::of_type(def, Prose::plain(self.docs)) {
            schema.insert("description".to_owned(), text.into());
        }
        schema.extend(match &def.shape {
            Shape::Object(object) => self.object(object, &self.api.fields(def, self.form)),
            Shape::Enum(variants) => self.enumeration(variants),
        });
        schema
    }

    fn object(&self, object: &Object, fields: &[&Field]) -> Schema {
        let properties = fields.iter().map(|field| (field.wire.clone(), Json::Object(self.field(field))));
        let required = fields.iter().filter(|field| self.form.requires(field)).map(|field| json!(field.wire)).collect();
        let mut schema = Schema::new();
        schema.insert("type".to_owned(), "object".into());
        schema.insert("properties".to_owned(), Json::Object(properties.collect()));
        list(&mut schema, "required", required);
        self.unions(object, &Judged::Object(self.types(), fields.to_vec()), &mut schema);
        match (object.unknown_fields, self.form) {
            (true, _) => schema.insert("additionalProperties".to_owned(), true.into()),
            (false, Form::Write) => schema.insert("additionalProperties".to_owned(), false.into()),
            (false, Form::Read) => None,
        };
        list(&mut schema, "x-kubernetes-validations", rules(&object.rules));
        schema
    }

    fn unions(&self, object: &Object, judged: &Judged<'_>, schema: &mut Schema) {
        let unions: Vec<Schema> = object.unions.iter().map(|union| self::union(union, judged)).collect();
        match <[Schema; 1]>::try_from(unions) {
            Ok([only]) => schema.extend(only),
            Err(several) => list(schema, "allOf", several.into_iter().map(Json::Object).collect()),
        }
    }

    /// Adds required keys, unions of keys and junctors. A junctor that JSON Schema cannot express is written as data.
    fn validation(&self, validation: Option<&Validation>, judged: &Judged<'_>, null: Null, schema: &mut Schema) {
        let Some(validation) = validation else { return };
        let required = validation.required.iter().map(|key| json!(key));
        match schema.get_mut("required") {
            Some(Json::Array(names)) => names.extend(required),
            _ => list(schema, "required", required.collect()),
        }
        let (mut said, mut data) = (Schema::new(), Vec::new());
        let dropped = validation.required.iter().map(String::as_str).filter(|key| judged.drops(key));
        said.extend(not_null(dropped));
        validation.unions.iter().for_each(|union| conjoin(&mut said, self::union(union, judged)));
        for junctor in self.junctors(validation) {
            match junctor::exact(junctor, judged) {
                Some(exact) => conjoin(&mut said, exact),
                None => data.push(junctor.clone()),
            }
        }
        match null {
            Null::Allowed if !said.is_empty() => conjoin(schema, junctor::or_null(said)),
            Null::Allowed | Null::Refused => said.into_iter().for_each(|(keyword, value)| {
                conjoin(schema, Schema::from_iter([(keyword, value)]));
            }),
        }
        list(schema, "x-crdgen-validation", data);
    }

    /// Returns the junctors of the form. The read form leaves out junctors with an `enum`, since a newer
    /// server may send other values.
    fn junctors<'v>(&self, validation: &'v Validation) -> impl Iterator<Item = &'v Json> {
        let form = self.form;
        validation.junctors.iter().filter_map(move |junctor| match form {
            Form::Read => Some(&junctor.stored).filter(|stored| !junctor::has_choice(stored)),
            Form::Write => junctor.written.as_ref(),
        })
    }

    fn enumeration(&self, variants: &[Variant]) -> Schema {
        let mut schema = Schema::from_iter([("type".to_owned(), "string".into())]);
        self.choices(&mut schema, variants.iter().map(|variant| json!(variant.wire)).collect());
        schema
    }

    /// Adds known values: as `enum` in the write form, as `examples` in the read form.
    fn choices(&self, schema: &mut Schema, values: Vec<Json>) {
        match self.form {
            Form::Read => list(schema, "examples", values),
            Form::Write => list(schema, "enum", values),
        }
    }

    fn field(&self, field: &Field) -> Schema {
        let inherited = match &field.slot.ty {
            Type::Named(id) => self.api.get(*id).docs.as_deref(),
            _ => None,
        };
        let mut schema = Schema::new();
        if let Some(text) = Description::of_field(field, inherited, Prose::plain(self.docs)) {
            schema.insert("description".to_owned(), text.into());
        }
        schema.extend(self.slot(&field.slot, self.form.requires(field)));
        let default = filled(field).filter(|default| (self.has_default)(default));
        if let (Form::Write, Some(default)) = (self.form, default) {
            schema.insert("default".to_owned(), default.clone());
        }
        schema
    }

    /// `required` says that something else than null must stand there.
    fn slot(&self, slot: &Slot, required: bool) -> Schema {
        let mut schema = Schema::new();
        let null = self.null(slot, required);
        let judged = self.types().judged(slot);
        match &slot.ty {
            Type::Boolean => typed(&mut schema, &["boolean"], null),
            Type::Integer { int32 } => {
                typed(&mut schema, &["integer"], null);
                if *int32 {
                    schema.insert("format".to_owned(), "int32".into());
                }
            }
            Type::Number { float32 } => {
                typed(&mut schema, &["number"], null);
                if *float32 {
                    schema.insert("format".to_owned(), "float".into());
                }
            }
            Type::String { format } => {
                typed(&mut schema, &["string"], null);
                if let Some(format) = format {
                    format::write(format, &mut schema);
                }
            }
            Type::IntOrString => {
                typed(&mut schema, &["integer", "string"], null);
                schema.insert("x-kubernetes-int-or-string".to_owned(), true.into());
            }
            Type::List { items, list_type, keys } => {
                typed(&mut schema, &["array"], null);
                schema.insert("items".to_owned(), Json::Object(self.slot(items, false)));
                self.merging(*list_type, keys, &mut schema);
            }
            Type::Map(values) => {
                typed(&mut schema, &["object"], null);
                schema.insert("additionalProperties".to_owned(), Json::Object(self.slot(values, counts_keys(slot))));
            }
            Type::AnyObject => {
                typed(&mut schema, &["object"], null);
                schema.insert("additionalProperties".to_owned(), true.into());
            }
            Type::Any => {}
            Type::Named(id) => schema.extend(self.reference(*id, null)),
        }
        bounds::write(&slot.bounds, &mut schema);
        self.choices(&mut schema, self.allowed(slot, null));
        if self.is_refused(slot, null) {
            conjoin(&mut schema, Schema::from_iter([("not".to_owned(), json!({ "type": "null" }))]));
        }
        if counts_keys(slot) {
            not_null(judged.droppable()).into_iter().for_each(|said| conjoin(&mut schema, Schema::from_iter([said])));
        }
        self.validation(slot.validation.as_deref(), &judged, null, &mut schema);
        list(&mut schema, "x-kubernetes-validations", rules(&slot.rules));
        schema
    }

    /// Returns the keywords of a string in `metadata` beside its type. Null is no value there and is always allowed.
    pub fn restrictions(&self, slot: &Slot) -> Schema {
        let mut schema = Schema::new();
        if let Type::String { format: Some(format) } = &slot.ty {
            format::write(format, &mut schema);
        }
        bounds::write(&slot.bounds, &mut schema);
        let mut values: Vec<Json> = slot.allowed.iter().filter(|value| value.is_string()).cloned().collect();
        if self.form == Form::Write && !slot.allowed.is_empty() {
            values.push(Json::Null);
        }
        self.choices(&mut schema, values);
        self.validation(slot.validation.as_deref(), &self.types().judged(slot), Null::Allowed, &mut schema);
        list(&mut schema, "x-kubernetes-validations", rules(&slot.rules));
        schema
    }

    /// Returns whether null is allowed. In the write form it is not if there are choices: the server then refuses null even if
    /// the field is `nullable`.
    fn null(&self, slot: &Slot, required: bool) -> Null {
        let has_choices = match &slot.ty {
            Type::Named(id) => matches!(self.api.get(*id).shape, Shape::Enum(_)),
            _ => !slot.allowed.is_empty(),
        };
        let is_enumerated = slot.nullable && has_choices && self.form == Form::Write;
        match self.api.nulls.allow(slot, required, self.form) && !is_enumerated {
            true => Null::Allowed,
            false => Null::Refused,
        }
    }

    /// The choices of a slot. Null is one where it may be written, whatever the CRD says.
    fn allowed(&self, slot: &Slot, null: Null) -> Vec<Json> {
        if slot.allowed.is_empty() || self.form == Form::Read || self.api.nulls == Nulls::Values {
            return slot.allowed.clone();
        }
        let values = slot.allowed.iter().filter(|value| !value.is_null()).cloned();
        values.chain((null == Null::Allowed).then_some(Json::Null)).collect()
    }

    /// Whether null has to be refused by a keyword of its own, as no type and no choices refuse it.
    fn is_refused(&self, slot: &Slot, null: Null) -> bool {
        let is_strict = self.form == Form::Write && self.api.nulls == Nulls::Dropped;
        is_strict && null == Null::Refused && slot.ty == Type::Any && slot.allowed.is_empty()
    }

    fn types(&self) -> Types<'_> {
        Types { api: self.api, form: self.form }
    }

    fn reference(&self, id: TypeId, null: Null) -> Schema {
        let reference = json!(format!("#/$defs/{}", self.api.name(id, self.form)));
        let (keyword, value) = match null {
            Null::Refused => ("$ref", reference),
            Null::Allowed => ("anyOf", json!([{ "$ref": reference }, { "type": "null" }])),
        };
        Schema::from_iter([(keyword.to_owned(), value)])
    }

    fn merging(&self, list_type: Option<ListType>, keys: &[String], schema: &mut Schema) {
        let Some(list_type) = list_type else { return };
        if list_type == ListType::Set && self.form == Form::Write {
            schema.insert("uniqueItems".to_owned(), true.into());
        }
        schema.insert("x-kubernetes-list-type".to_owned(), extension::list_type(list_type).into());
        list(schema, "x-kubernetes-list-map-keys", keys.iter().map(|key| json!(key)).collect());
    }
}

/// A union of keys. The server fills in defaults before it looks, so what has one need not be written; and null that it
/// drops is no key.
fn union(union: &FieldUnion, judged: &Judged<'_>) -> Schema {
    let branch = |branch: &Vec<String>| {
        let mut schema = Schema::new();
        let required: Vec<Json> = branch.iter().filter(|key| !judged.fills(key)).map(|key| json!(key)).collect();
        if !required.is_empty() {
            schema.insert("required".to_owned(), junctor::unique(&required));
        }
        schema.extend(not_null(branch.iter().map(String::as_str).filter(|key| judged.drops(key))));
        Json::Object(schema)
    };
    let keyword = if union.exactly_one { "oneOf" } else { "anyOf" };
    Schema::from_iter([(keyword.to_owned(), union.branches.iter().map(branch).collect())])
}

/// Whether a number of keys is needed. JSON Schema counts null that the server drops before, so there must be none then.
fn counts_keys(slot: &Slot) -> bool {
    slot.bounds.min_properties.is_some_and(|least| least > 0)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Null {
    Allowed,
    Refused,
}

/// Adds `type`, with `null` as one of several if it is allowed.
fn typed(schema: &mut Schema, names: &[&str], null: Null) {
    let null: &[&str] = if null == Null::Allowed { &["null"] } else { &[] };
    let names = [names, null].concat();
    let value = if let [only] = names[..] { json!(only) } else { json!(names) };
    schema.insert("type".to_owned(), value);
}

/// Adds a keyword whose value is a list, unless the list is empty.
fn list(schema: &mut Schema, keyword: &str, values: Vec<Json>) {
    if !values.is_empty() {
        schema.insert(keyword.to_owned(), values.into());
    }
}

/// Returns a field of a root. `apiVersion` and `kind` are always required.
fn in_envelope(field: Field) -> Field {
    let required = field.required || ["apiVersion", "kind"].contains(&field.wire.as_str());
    Field { required, ..field }
}
