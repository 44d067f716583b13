//! Content of `columns.ts`: printer columns, each with a function that reads its value from an object.

use askama::Template;
use crdgen_model::{Column as Declared, Field, Resource, ResourceId, Slot, Type};

use super::json_path::{self, Step};
use super::literal;
use super::parts::parts_of_objects;
use crate::HEADER;
use crate::api::{Api, Form};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/columns.ts.jinja", escape = "none")]
pub struct Tables {
    header: &'static str,
    tables: Vec<Table>,
    /// Whether some value is read by `at`.
    at: bool,
}

struct Table {
    /// The type of the objects.
    name: String,
    columns: Vec<Column>,
}

/// A column; texts are literals.
struct Column {
    header: String,
    ty: String,
    format: Option<String>,
    description: Option<String>,
    priority: i64,
    /// An expression on `object`.
    value: String,
}

impl Tables {
    /// The tables of all kinds. A column whose path is none that can be followed in types is [left out](left_out).
    pub fn new(api: &Api<'_>) -> Self {
        let mut reader = Reader { api, uses_at: false };
        let tables = kinds(api).into_iter().map(|(_, resource, name)| {
            let columns = match resource.columns.as_slice() {
                // Then the server shows the age.
                [] => reader.column(resource, &age()).into_iter().collect(),
                declared => declared.iter().filter_map(|column| reader.column(resource, column)).collect(),
            };
            Table { name, columns }
        });
        let tables = tables.collect();
        Self { header: HEADER, tables, at: reader.uses_at }
    }
}

/// Returns the resources with columns that no table has, and the index of each of these columns.
pub fn left_out(api: &Api<'_>) -> Vec<(ResourceId, usize)> {
    let mut reader = Reader { api, uses_at: false };
    let mut left_out = Vec::new();
    for (id, resource, _) in kinds(api) {
        let lost = |column: &Declared| reader.column(resource, column).is_none();
        let lost: Vec<bool> = resource.columns.iter().map(lost).collect();
        left_out.extend((0..lost.len()).filter(|index| lost[*index]).map(|index| (id, index)));
    }
    left_out
}

/// The resources whose objects some operation answers, with the name of their type.
fn kinds<'m>(api: &Api<'m>) -> Vec<(ResourceId, &'m Resource, String)> {
    let names: Vec<_> = parts_of_objects(api).into_iter().map(|part| part.name).collect();
    let named = |(index, resource): (usize, &'m Resource)| {
        let name = api.name(resource.root, Form::Read);
        names.contains(&name).then_some((ResourceId(index), resource, name))
    };
    api.model.resources.iter().enumerate().filter_map(named).collect()
}

fn age() -> Declared {
    Declared {
        name: "Age".to_owned(),
        type_: "date".to_owned(),
        format: None,
        description: None,
        json_path: ".metadata.creationTimestamp".to_owned(),
        priority: 0,
        span: Default::default(),
    }
}

/// Properties that every JavaScript object inherits. A value with such a name must be the object's own.
const INHERITED: [&str; 12] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Writes expressions that follow a path: as types know it as long as they do, by `at` from there on.
struct Reader<'a> {
    api: &'a Api<'a>,
    uses_at: bool,
}

impl Reader<'_> {
    /// A column as it is declared; none if its path cannot be followed.
    fn column(&mut self, resource: &Resource, declared: &Declared) -> Option<Column> {
        let steps = json_path::parse(&declared.json_path)?;
        Some(Column {
            header: literal::string(&declared.name),
            ty: literal::string(&declared.type_),
            format: declared.format.as_deref().map(literal::string),
            description: declared.description.as_deref().map(literal::string),
            priority: declared.priority,
            value: self.root(resource, &steps)?,
        })
    }

    /// In the `object` of a resource.
    fn root(&mut self, resource: &Resource, steps: &[Step]) -> Option<String> {
        let fields = self.api.fields(self.api.get(resource.root), Form::Read);
        match steps {
            [Step::Field(name), rest @ ..] => match declared(&fields, name) {
                Some(field) => self.below(&format!("object{}", property(name)), &field.slot, rest),
                None => self.untyped("object", steps),
            },
            _ => None,
        }
    }

    /// In a value that may be absent. Nothing that a server sends must break a table, so nothing is taken for granted.
    fn below(&mut self, value: &str, slot: &Slot, steps: &[Step]) -> Option<String> {
        let [step, rest @ ..] = steps else { return Some(value.to_owned()) };
        match (step, &slot.ty) {
            (Step::Field(name), Type::Named(id)) => {
                let fields = self.api.fields(self.api.get(*id), Form::Read);
                match declared(&fields, name) {
                    Some(field) => self.below(&format!("{value}{}", optional(name)), &field.slot, rest),
                    None => self.untyped(value, steps),
                }
            }
            (Step::Field(name), Type::Map(values)) if !INHERITED.contains(&name.as_str()) => {
                self.below(&format!("{value}?.[{}]", literal::string(name)), values, rest)
            }
            (Step::Index(index), Type::List { items, .. }) => {
                let item = if *index < 0 { format!("{value}?.at({index})") } else { format!("{value}?.[{index}]") };
                self.below(&item, items, rest)
            }
            (Step::Each, Type::List { items, .. }) => {
                let found = self.below("item", items, rest)?;
                Some(format!("{value}?.map((item) => {found}).find((found) => found !== undefined)"))
            }
            (Step::With(path, wanted), Type::List { items, .. }) => {
                let is_wanted = self.equals(items, path, wanted)?;
                self.below(&format!("{value}?.find((item) => {is_wanted})"), items, rest)
            }
            _ => self.untyped(value, steps),
        }
    }

    /// Whether an `item` has this text at a path.
    fn equals(&mut self, items: &Slot, path: &[String], wanted: &str) -> Option<String> {
        let wanted = literal::string(wanted);
        let found = match (path, &items.ty) {
            ([name], Type::Named(id)) => {
                let fields = self.api.fields(self.api.get(*id), Form::Read);
                declared(&fields, name).filter(|field| is_any_string(&field.slot)).map(|_| optional(name))
            }
            _ => None,
        };
        if let Some(property) = found {
            return Some(format!("item{property} === {wanted}"));
        }
        let steps: Vec<_> = path.iter().map(|name| Step::Field(name.clone())).collect();
        Some(format!("{} === {wanted}", self.untyped("item", &steps)?))
    }

    fn untyped(&mut self, value: &str, steps: &[Step]) -> Option<String> {
        let step = |step: &Step| match step {
            Step::Field(name) => Some(literal::string(name)),
            Step::Index(index) => Some(index.to_string()),
            Step::Each | Step::With(..) => None,
        };
        let steps: Vec<_> = steps.iter().map(step).collect::<Option<_>>()?;
        self.uses_at = true;
        Some(format!("at({value}, {})", steps.join(", ")))
    }
}

fn declared<'a>(fields: &[&'a Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.wire == name && !INHERITED.contains(&name)).copied()
}

/// A string that is not a constant of its type, which could never equal another one.
fn is_any_string(slot: &Slot) -> bool {
    matches!(slot.ty, Type::String { .. }) && slot.allowed.is_empty()
}

fn property(name: &str) -> String {
    if literal::is_identifier(name) { format!(".{name}") } else { format!("[{}]", literal::string(name)) }
}

fn optional(name: &str) -> String {
    if literal::is_identifier(name) { format!("?.{name}") } else { format!("?.[{}]", literal::string(name)) }
}
