//! Defaulting. Follows `pkg/apiserver/schema/defaulting/algorithm.go` of apiextensions-apiserver.

use serde_json::Value as Json;

use crate::prepared::Prepared;

/// Maximum number of bytes of JSON that defaults may add to an object. A server has no such limit, but cannot store an
/// object that is larger than etcd's requests (1.5 MiB by default). Without a limit, an item of three bytes, `{},`,
/// could grow to the size of all defaults of an item.
const MAX_ADDED: usize = 8 << 20;

/// Fills in the defaults of absent fields, and of null fields that are not nullable. An absent object is not created
/// for the defaults of its fields. Returns an error when the defaults make the object too large.
pub(crate) fn fill(value: &mut Json, schema: &Prepared) -> Result<(), String> {
    Filling { room: MAX_ADDED }.fill(value, schema)
}

struct Filling {
    /// Number of bytes that may still be added.
    room: usize,
}

impl Filling {
    fn fill(&mut self, value: &mut Json, schema: &Prepared) -> Result<(), String> {
        match value {
            Json::Object(fields) => {
                for (name, property) in schema.defaulted.iter().filter_map(|at| schema.properties.get_index(*at)) {
                    if let Some(default) = &property.default
                        && fields.get(name).is_none_or(|value| value.is_null() && !property.nullable)
                    {
                        fields.insert(name.clone(), self.copy(default)?);
                    }
                }
                for (name, value) in fields.iter_mut() {
                    if let Some(schema) = schema.field(name) {
                        self.replace_null(value, schema)?;
                        self.fill(value, schema)?;
                    }
                }
            }
            Json::Array(items) => {
                let Some(schema) = &schema.items else { return Ok(()) };
                for item in items {
                    self.replace_null(item, schema)?;
                    self.fill(item, schema)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn replace_null(&mut self, value: &mut Json, schema: &Prepared) -> Result<(), String> {
        if let Some(default) = &schema.default
            && value.is_null()
            && !schema.nullable
        {
            *value = self.copy(default)?;
        }
        Ok(())
    }

    fn copy(&mut self, default: &Json) -> Result<Json, String> {
        match self.room.checked_sub(size(default)) {
            Some(room) => {
                self.room = room;
                Ok(default.clone())
            }
            None => Err(format!("defaults add more than {} MiB to the object", MAX_ADDED >> 20)),
        }
    }
}

/// Returns the approximate size of a value in bytes of JSON.
fn size(value: &Json) -> usize {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => 5,
        Json::String(text) => 3 + text.len(),
        Json::Array(items) => 3 + items.iter().map(size).sum::<usize>(),
        Json::Object(fields) => 3 + fields.iter().map(|(name, value)| 4 + name.len() + size(value)).sum::<usize>(),
    }
}
