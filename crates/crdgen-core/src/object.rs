//! Implementation of serde's traits for generated structs, which compiles much faster than serde's derives.
//!
//! `object!` implements [`Object`], a list of a struct's fields and their names. Reading and writing objects is
//! implemented once, here. If a key is repeated, the last value wins, as on an API server.

mod fields;
mod initial_value;
mod reader;
mod writer;

use serde::de::Deserializer;
use serde::ser::Serializer;

pub use fields::{Object, Sink, Source};
pub use initial_value::InitialValue;

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
