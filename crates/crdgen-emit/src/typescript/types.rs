//! The data of `types.ts`.

use askama::Template;
use crdgen_model::{Field, Object, Shape, Slot, Type, Variant};
use serde_json::Value as Json;

use super::jsdoc::{self, JsDoc};
use super::literal;
use crate::HEADER;
use crate::api::{Api, Definition as Defined, Description, Form as Direction};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/types.ts.jinja", escape = "none")]
pub struct Types {
    header: &'static str,
    definitions: Vec<Definition>,
}

/// One exported type.
struct Definition {
    docs: JsDoc,
    name: String,
    form: Form,
}

/// Form of a type in TypeScript.
enum Form {
    Interface { members: Vec<Member>, unknown_fields: bool },
    Alias { ty: String },
}

/// One property of an interface.
struct Member {
    docs: JsDoc,
    key: String,
    optional: bool,
    ty: String,
}

impl Types {
    /// Every type that an operation takes or answers.
    pub fn new(api: &Api<'_>) -> Self {
        Self { header: HEADER, definitions: api.definitions().iter().map(|defined| definition(api, defined)).collect() }
    }
}

fn definition(api: &Api<'_>, defined: &Defined<'_>) -> Definition {
    let form = match &defined.def.shape {
        Shape::Enum(variants) => Form::Alias { ty: enumeration(variants) },
        Shape::Object(object) => {
            Form::Interface { members: members(api, defined), unknown_fields: object.unknown_fields }
        }
    };
    let docs = Description::of_type(defined.def, jsdoc::prose());
    Definition { docs: JsDoc::top(docs.as_deref()), name: defined.name.clone(), form }
}

fn members(api: &Api<'_>, defined: &Defined<'_>) -> Vec<Member> {
    let member = |field: &Field| Member {
        docs: JsDoc::member(Description::of_field(field, None, jsdoc::prose()).as_deref()),
        key: literal::key(&field.wire),
        optional: !defined.form.requires(field),
        ty: slot(api, &field.slot, api.nulls.allow_in(field, defined.form), defined.form).text,
    };
    let undeclared = |key: &String| Member {
        docs: JsDoc::member(None),
        key: literal::key(key),
        optional: false,
        ty: "unknown".to_owned(),
    };
    let fields = api.fields(defined.def, defined.form).into_iter().map(member);
    fields.chain(kept_keys(&defined.def.shape).iter().map(undeclared)).collect()
}

/// Keys that a root requires without declaring them. Where they are not kept, no object is valid.
fn kept_keys(shape: &Shape) -> &[String] {
    match shape {
        Shape::Object(Object { unknown_fields: true, validation: Some(validation), .. }) => &validation.required,
        _ => &[],
    }
}

/// The known values, open to others; written so that editors still propose the known ones.
fn enumeration(variants: &[Variant]) -> String {
    open(variants.iter().map(|variant| literal::string(&variant.wire)), "string")
}

fn open(values: impl Iterator<Item = String>, base: &str) -> String {
    values.chain([format!("({base} & {{}})")]).collect::<Vec<_>>().join(" | ")
}

/// A type expression.
struct Expression {
    text: String,
    is_union: bool,
}

impl Expression {
    fn one(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_union: false }
    }

    fn union(text: String) -> Self {
        Self { text, is_union: true }
    }

    fn list(self) -> Self {
        let Self { text, is_union } = self;
        Self::one(if is_union { format!("({text})[]") } else { format!("{text}[]") })
    }

    fn or_null(self) -> Self {
        Self::union(format!("{} | null", self.text))
    }
}

fn slot(api: &Api<'_>, slot: &Slot, null: bool, form: Direction) -> Expression {
    let inner = |inner: &Slot| self::slot(api, inner, api.nulls.allow(inner, false, form), form);
    let known = |read: fn(&Json) -> bool| slot.allowed.iter().filter(move |value| read(value)).map(ToString::to_string);
    let value = match &slot.ty {
        Type::Boolean => match slot.allowed.as_slice() {
            [Json::Bool(constant)] => Expression::one(constant.to_string()),
            _ => Expression::one("boolean"),
        },
        Type::Integer { .. } | Type::Number { .. } if known(Json::is_number).next().is_some() => {
            Expression::union(open(known(Json::is_number), "number"))
        }
        Type::Integer { .. } | Type::Number { .. } => Expression::one("number"),
        Type::String { .. } => strings(&slot.allowed),
        Type::IntOrString => Expression::union("number | string".to_owned()),
        Type::List { items, .. } => inner(items).list(),
        Type::Map(values) => keyed(slot, &inner(values).text),
        Type::AnyObject => keyed(slot, "unknown"),
        Type::Any => return Expression::one("unknown"),
        Type::Named(id) => named(slot, api.name(*id, form), &api.get(*id).shape),
    };
    if null { value.or_null() } else { value }
}

/// An object by its keys, those first that must be there.
fn keyed(slot: &Slot, value: &str) -> Expression {
    let required: String = required(slot).map(|key| format!("{key}: {value}; ")).collect();
    Expression::one(format!("{{ {required}[key: string]: {value} }}"))
}

/// A named type, with undeclared keys that must be there. Where they are not kept, no object is valid.
fn named(slot: &Slot, name: String, shape: &Shape) -> Expression {
    let required: Vec<_> = match shape {
        Shape::Object(Object { unknown_fields: true, .. }) => {
            required(slot).map(|key| format!("{key}: unknown")).collect()
        }
        Shape::Object(_) | Shape::Enum(_) => Vec::new(),
    };
    match required.is_empty() {
        true => Expression::one(name),
        // Brackets around it are needed where they are around a union.
        false => Expression::union(format!("{name} & {{ {} }}", required.join("; "))),
    }
}

fn required(slot: &Slot) -> impl Iterator<Item = String> {
    slot.validation.iter().flat_map(|validation| &validation.required).map(|key| literal::key(key))
}

/// A string; a single allowed value is a constant of the type, such as its `kind`. Values of other types mean nothing here.
fn strings(allowed: &[Json]) -> Expression {
    let values: Vec<_> = allowed.iter().filter_map(Json::as_str).map(literal::string).collect();
    match values.as_slice() {
        [] => Expression::one("string"),
        [constant] => Expression::one(constant.clone()),
        _ => Expression::union(open(values.into_iter(), "string")),
    }
}
