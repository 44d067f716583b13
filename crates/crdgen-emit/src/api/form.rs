//! The two forms of a type: what the server returns and what users send.

use crdgen_model::{Field, TypeId};

use super::Api;

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

/// Returns the default that the server fills in. A default of null fills nothing.
pub fn filled(field: &Field) -> Option<&serde_json::Value> {
    field.default.as_ref().filter(|value| !value.is_null())
}

/// For each type, whether its forms differ: in a field of its own or in a type below. Roots always differ, by their metadata.
pub(super) fn twofold(api: &Api<'_>) -> Vec<bool> {
    let ids: Vec<TypeId> = api.ids().collect();
    let fields: Vec<Vec<&Field>> = ids.iter().map(|id| api.fields(api.get(*id), Form::Read)).collect();
    let mut twofold: Vec<bool> = ids
        .iter()
        .map(|id| api.get(*id).root_of.is_some() || fields[id.0].iter().any(|field| filled(field).is_some()))
        .collect();
    let users = users(&fields);
    let mut queue: Vec<usize> = (0..ids.len()).filter(|index| twofold[*index]).collect();
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

/// For each type, the types that have a field of it.
fn users(fields: &[Vec<&Field>]) -> Vec<Vec<usize>> {
    let mut users = vec![Vec::new(); fields.len()];
    for (user, fields) in fields.iter().enumerate() {
        for used in fields.iter().filter_map(|field| field.slot.ty.named()) {
            users[used.0].push(user);
        }
    }
    users
}
