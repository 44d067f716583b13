//! Fields of a struct, with the source that they are read from and the target that they are written to.

use serde::de::DeserializeOwned;
use serde::ser::Serialize;

use crate::integer::Integers;
use crate::{Json, Map};

/// Struct that is read from and written to a JSON object. [`object!`](crate::object!) implements it.
pub trait Object: Sized {
    /// Names of the fields in JSON.
    const NAMES: &'static [&'static str];
    /// Whether undeclared keys are kept.
    const OPEN: bool;
    /// Creates the struct to read into. Optional fields are absent, required fields hold arbitrary values.
    fn initial_value() -> Self;
    /// Reads a value into the field at `index`. The index after the last field stands for an undeclared key.
    fn read<S: Source>(&mut self, index: usize, from: &mut S);
    /// Writes every field, in order.
    fn write<S: Sink>(&self, to: &mut S);
    /// Completes the struct after all keys were read: decides the fields that depend on several keys.
    fn settle(&mut self) {}
}

/// Source of the value of a field, with one method for each sort of field. The source stores an error and returns it
/// when the next key is read, so that generated code handles no errors.
pub trait Source {
    /// Reads a value of any type.
    fn value<T: DeserializeOwned>(&mut self, field: &mut T);

    /// Reads a value that contains integers at any depth.
    fn integers<T: Integers>(&mut self, field: &mut T);

    /// Reads the value of an undeclared key. The value is kept if the struct has a field for undeclared keys.
    fn undeclared<const N: usize>(&mut self, unknown_fields: [&mut Map<Json>; N]);

    /// Reads a required field.
    fn required<T: DeserializeOwned>(&mut self, field: &mut T) {
        self.value(field);
    }

    /// Reads a field that gets its default when it is absent.
    fn defaulted<T: DeserializeOwned>(&mut self, field: &mut T) {
        self.value(field);
    }

    /// Reads an optional field. `null` counts as absent.
    fn optional<T: DeserializeOwned>(&mut self, field: &mut Option<T>) {
        self.value(field);
    }

    /// Reads an optional field in which `null` differs from absent.
    fn nullable<T: DeserializeOwned>(&mut self, field: &mut Option<Option<T>>) {
        self.value(field.insert(None));
    }

    /// Reads a required field that contains integers.
    fn required_integer<T: Integers>(&mut self, field: &mut T) {
        self.integers(field);
    }

    /// Reads an optional field that contains integers. `null` counts as absent.
    fn optional_integer<T: Integers>(&mut self, field: &mut Option<T>) {
        self.integers(field);
    }

    /// Reads an optional field that contains integers, and in which `null` differs from absent.
    fn nullable_integer<T: Integers>(&mut self, field: &mut Option<Option<T>>) {
        self.integers(field.insert(None));
    }
}

/// Target that fields are written to. The methods have the names of those of [`Source`].
pub trait Sink {
    /// Writes a required field.
    fn required<T: Serialize>(&mut self, name: &'static str, field: &T);

    /// Writes a field with a default, always.
    fn defaulted<T: Serialize>(&mut self, name: &'static str, field: &T);

    /// Writes an optional field if it is present.
    fn optional<T: Serialize>(&mut self, name: &'static str, field: &Option<T>);

    /// Writes undeclared keys with their values.
    fn undeclared(&mut self, unknown_fields: &Map<Json>);

    /// Writes a nullable field if it is present. Default: [`optional`](Self::optional).
    fn nullable<T: Serialize>(&mut self, name: &'static str, field: &Option<T>) {
        self.optional(name, field);
    }

    /// Writes a required field that contains integers. Default: [`required`](Self::required).
    fn required_integer<T: Serialize>(&mut self, name: &'static str, field: &T) {
        self.required(name, field);
    }

    /// Writes an optional field that contains integers, if it is present. Default: [`optional`](Self::optional).
    fn optional_integer<T: Serialize>(&mut self, name: &'static str, field: &Option<T>) {
        self.optional(name, field);
    }

    /// Writes a nullable field that contains integers, if it is present. Default: [`optional`](Self::optional).
    fn nullable_integer<T: Serialize>(&mut self, name: &'static str, field: &Option<T>) {
        self.optional(name, field);
    }
}
