//! Types of fields, as one file writes them.

use std::collections::HashMap;

use crdgen_model::TypeId;
use proc_macro2::TokenStream;
use quote::quote;

use super::engine::{self, FieldType, Structs};
use super::overrides::{self, Overrides};
use super::scope::Scope;

/// Types of fields in a file. Most fields have one of few types, so each type is written once.
pub struct FieldTypes<'a> {
    structs: &'a Structs<'a>,
    overrides: &'a Overrides,
    scope: &'a Scope,
    written: HashMap<FieldType, TokenStream>,
}

impl<'a> FieldTypes<'a> {
    /// Returns the types of a file with this scope.
    pub fn new(structs: &'a Structs<'a>, overrides: &'a Overrides, scope: &'a Scope) -> Self {
        Self { structs, overrides, scope, written: HashMap::new() }
    }

    /// Returns the type of an object's field, by the field's index.
    ///
    /// # Errors
    ///
    /// typify made no such struct or field, or a type of the project is not a Rust type.
    pub fn of(&mut self, object: TypeId, index: usize) -> Result<TokenStream, String> {
        let fields = self.structs.fields(object).ok_or("typify made no struct")?;
        let found = fields.get(&engine::field(index)).ok_or_else(|| format!("typify made no field {index}"))?;
        if let Some(written) = self.written.get(found) {
            return Ok(written.clone());
        }
        let mut ty = self.scope.shorten(self.structs.rust(found)?);
        overrides::insert_external(&mut ty, self.overrides, self.scope)?;
        let written = quote!(#ty);
        self.written.insert(found.clone(), written.clone());
        Ok(written)
    }
}
