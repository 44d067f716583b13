//! The two forms of a type: what the server returns and what users send.

use crdgen_model::{Field, Null, Slot, Type, TypeDef};
use serde::{Deserialize, Serialize};

/// Value of `openapi.null`, `typescript.null` and `json-schema.null`: fields that may be null in a request.
///
/// An API server accepts null for every optional field, and stores null only for a nullable field. With `dropped`,
/// nearly every optional field is nullable, and nearly every type has a separate form for requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Nulls {
    /// Fields for which an API server stores null.
    #[default]
    #[serde(rename = "value")]
    Values,
    /// Also fields for which an API server drops null, or replaces null by the default.
    Dropped,
}

/// Read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Objects as the server returns them: defaults are filled in.
    Read,
    /// Objects as users send them: fields with a default may be left out.
    Write,
}

impl Form {
    /// Whether a field is always there in this form.
    pub fn requires(self, field: &Field) -> bool {
        match self {
            Form::Read => field.required || filled(field).is_some(),
            Form::Write => field.required && filled(field).is_none(),
        }
    }
}

impl Nulls {
    /// Returns whether null may stand in a slot of this form. `required` says that the field must have another value.
    pub fn allow(self, slot: &Slot, required: bool, form: Form) -> bool {
        let is_lost = self == Self::Dropped && form == Form::Write;
        slot.nullable
            || match slot.null {
                Null::Dropped => is_lost && !required,
                Null::Filled => is_lost,
                Null::Stored => true,
                Null::Refused => false,
            }
    }

    /// Returns whether null may stand in a field.
    pub fn allow_in(self, field: &Field, form: Form) -> bool {
        self.allow(&field.slot, form.requires(field), form)
    }
}

/// Returns the default that the server fills in. A default of null fills nothing.
pub fn filled(field: &Field) -> Option<&serde_json::Value> {
    field.default.as_ref().filter(|value| !value.is_null())
}

/// For each type, whether its forms differ: in a field of its own or in a type below. Roots always differ, by their metadata.
/// `types` has the fields of every type as they are read, in the order of their ids.
pub(super) fn twofold(types: &[(&TypeDef, Vec<&Field>)], nulls: Nulls) -> Vec<bool> {
    let mut twofold: Vec<bool> = types
        .iter()
        .map(|(def, fields)| def.root_of.is_some() || fields.iter().any(|field| differs(field, nulls)))
        .collect();
    let users = users(types);
    let mut queue: Vec<usize> = (0..types.len()).filter(|index| twofold[*index]).collect();
    while let Some(index) = queue.pop() {
        for user in &users[index] {
            if !twofold[*user] {
                twofold[*user] = true;
                queue.push(*user);
            }
        }
    }
    twofold
}

fn differs(field: &Field, nulls: Nulls) -> bool {
    let allows = |form| nulls.allow_in(field, form);
    filled(field).is_some() || allows(Form::Read) != allows(Form::Write) || differs_below(&field.slot.ty, nulls)
}

/// Whether null may be written within lists and maps, and not read.
fn differs_below(ty: &Type, nulls: Nulls) -> bool {
    let (Type::List { items: slot, .. } | Type::Map(slot)) = ty else { return false };
    let allows = |form| nulls.allow(slot, false, form);
    allows(Form::Read) != allows(Form::Write) || differs_below(&slot.ty, nulls)
}

/// For each type, the types that have a field of it.
fn users(types: &[(&TypeDef, Vec<&Field>)]) -> Vec<Vec<usize>> {
    let mut users = vec![Vec::new(); types.len()];
    for (user, (_, fields)) in types.iter().enumerate() {
        for used in fields.iter().filter_map(|field| field.slot.ty.named()) {
            users[used.0].push(user);
        }
    }
    users
}
