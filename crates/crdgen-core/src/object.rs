//! Implementation of serde's traits for generated structs, which compiles much faster than serde's derives.
//!
//! `object!` implements [`Object`], a list of a struct's fields and their names. Reading and writing objects is
//! implemented once, here. If a key is repeated, the last value wins, as on an API server.

mod initial_value;
mod reader;
mod writer;

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{Serialize, Serializer};

pub use initial_value::InitialValue;

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

/// Deserializes an object.
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let visitor = reader::ObjectVisitor::new();
    // As serde's derive: a struct that keeps undeclared keys asks for all keys. Any other struct asks for its own keys
    // only, and leaves the rest to the struct that flattens it.
    if T::OPEN { deserializer.deserialize_map(visitor) } else { deserializer.deserialize_struct("", T::NAMES, visitor) }
}

/// Serializes an object.
pub fn serialize<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    writer::write(object, serializer)
}

/// Implements serde's `Serialize` and `Deserialize` for a struct with named fields.
///
/// The macro lists, in this order:
///
/// 1. Each field: its sort (a method of [`Source`](crate::object::Source)), its name in Rust and its name in JSON.
/// 2. Each field that is a [`one_of!`](crate::one_of!): the names of all keys that it stands for, and its name in Rust.
///    Most structs have none.
/// 3. The field that keeps undeclared keys. Most structs have none.
///
/// A struct may have one type parameter.
///
/// ```
/// # use crdgen_runtime::{Json, Map};
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Port {
///     pub number: i32,
///     pub app_protocol: Option<String>,
///     pub unknown_fields: Map<Json>,
/// }
///
/// crdgen_runtime::object! {
///     Port {
///         required_integer number "number",
///         optional app_protocol "appProtocol",
///         .. unknown_fields
///     }
/// }
/// # let port: Port = serde_json::from_str(r#"{"number": 80.0, "x": [1]}"#).unwrap();
/// # assert_eq!(serde_json::to_string(&port).unwrap(), r#"{"number":80,"x":[1]}"#);
/// ```
#[macro_export]
macro_rules! object {
    ($object:ident $(<$parameter:ident: $bound:path>)? {
        $($sort:ident $field:ident $name:literal,)*
        $($($member:literal)+ => $choice:ident,)*
        $(.. $unknown:ident)?
    }) => {
        impl $(<$parameter: $bound>)? $crate::object::Object for $object $(<$parameter>)? {
            const NAMES: &'static [&'static str] = &[$($name,)* $($($member,)+)*];
            const OPEN: bool = !<[&str]>::is_empty(&[$(::std::stringify!($unknown))?]);

            fn initial_value() -> Self {
                Self {
                    $($field: $crate::object::InitialValue::initial_value(),)*
                    $($choice: $crate::object::InitialValue::initial_value(),)*
                    $($unknown: $crate::object::InitialValue::initial_value(),)?
                }
            }

            // A macro cannot number the fields. Counting down compiles to the jump table that a match on numbers would be.
            fn read<S: $crate::object::Source>(&mut self, mut index: usize, from: &mut S) {
                $(
                    if index == 0 {
                        return from.$sort(&mut self.$field);
                    }
                    index -= 1;
                )*
                $(
                    let members = <[&str]>::len(&[$($member),+]);
                    if index < members {
                        return $crate::object::Object::read(&mut self.$choice, index, from);
                    }
                    index -= members;
                )*
                let _ = index;
                from.undeclared([$(&mut self.$unknown)?])
            }

            fn write<S: $crate::object::Sink>(&self, to: &mut S) {
                $(to.$sort($name, &self.$field);)*
                $($crate::object::Object::write(&self.$choice, to);)*
                $(to.undeclared(&self.$unknown);)?
            }

            fn settle(&mut self) {
                $($crate::object::Object::settle(&mut self.$choice);)*
            }
        }

        impl<'de $(, $parameter: $bound)?> $crate::serde::Deserialize<'de> for $object $(<$parameter>)? {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::object::deserialize(deserializer)
            }
        }

        impl $(<$parameter: $bound>)? $crate::serde::Serialize for $object $(<$parameter>)? {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::object::serialize(self, serializer)
            }
        }
    };
}
