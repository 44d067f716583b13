//! serde's traits for a generated struct, at a fraction of what its derives cost to compile.
//!
//! `object!` says where a struct's fields are and what they are called ([`Object`]); how an object is read and written is
//! said once, here. A key that comes twice counts the second time, as for the API server.

mod blank;
mod reader;
mod writer;

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{Serialize, Serializer};

pub use blank::Blank;

use crate::integer::Integers;
use crate::{Json, Map};

/// A struct that is a JSON object, as [`object!`](crate::object!) implements it.
pub trait Object: Sized {
    /// The fields' names on the wire.
    const NAMES: &'static [&'static str];
    /// Whether undeclared keys are kept.
    const OPEN: bool;
    /// A struct to read into: what may be absent is, what may not be holds anything.
    fn blank() -> Self;
    /// Reads into the field at an index; one beyond the last is for the value of an undeclared key.
    fn read<S: Source>(&mut self, index: usize, from: &mut S);
    /// Writes every field, in order.
    fn write<S: Sink>(&self, to: &mut S);
    /// Called when all is read: what depends on several fields is decided here.
    fn settle(&mut self) {}
}

/// A value to be read into a field; there is a method for each sort of field. What goes wrong is kept until later, so that
/// generated code has no error to handle.
pub trait Source {
    /// A value of any type.
    fn value<T: DeserializeOwned>(&mut self, field: &mut T);

    /// Integers at any depth.
    fn integers<T: Integers>(&mut self, field: &mut T);

    /// The value of an undeclared key: kept if there is a place for it.
    fn undeclared<const N: usize>(&mut self, unknown_fields: [&mut Map<Json>; N]);

    /// Must be there.
    fn required<T: DeserializeOwned>(&mut self, field: &mut T) {
        self.value(field);
    }

    /// Has a value of its own when absent.
    fn defaulted<T: DeserializeOwned>(&mut self, field: &mut T) {
        self.value(field);
    }

    /// May be absent; null is as good.
    fn optional<T: DeserializeOwned>(&mut self, field: &mut Option<T>) {
        self.value(field);
    }

    /// May be absent; null is another value.
    fn nullable<T: DeserializeOwned>(&mut self, field: &mut Option<Option<T>>) {
        self.value(field.insert(None));
    }

    /// `required` of integers.
    fn required_integer<T: Integers>(&mut self, field: &mut T) {
        self.integers(field);
    }

    /// `optional` of integers.
    fn optional_integer<T: Integers>(&mut self, field: &mut Option<T>) {
        self.integers(field);
    }

    /// `nullable` of integers.
    fn nullable_integer<T: Integers>(&mut self, field: &mut Option<Option<T>>) {
        self.integers(field.insert(None));
    }
}

/// What fields are written to; its methods are called as those of [`Source`].
pub trait Sink {
    /// Must be there.
    fn required<T: Serialize>(&mut self, name: &'static str, field: &T);

    /// Is always written.
    fn defaulted<T: Serialize>(&mut self, name: &'static str, field: &T);

    /// Is written if there.
    fn optional<T: Serialize>(&mut self, name: &'static str, field: &Option<T>);

    /// Undeclared keys with their values.
    fn undeclared(&mut self, unknown_fields: &Map<Json>);

    /// As [`optional`](Self::optional).
    fn nullable<T: Serialize>(&mut self, name: &'static str, field: &Option<T>) {
        self.optional(name, field);
    }

    /// As [`required`](Self::required).
    fn required_integer<T: Serialize>(&mut self, name: &'static str, field: &T) {
        self.required(name, field);
    }

    /// As [`optional`](Self::optional).
    fn optional_integer<T: Serialize>(&mut self, name: &'static str, field: &Option<T>) {
        self.optional(name, field);
    }

    /// As [`optional`](Self::optional).
    fn nullable_integer<T: Serialize>(&mut self, name: &'static str, field: &Option<T>) {
        self.optional(name, field);
    }
}

/// `serde::Deserialize` of an object.
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let visitor = reader::ObjectVisitor::new();
    // A struct in whose place serde may flatten another takes its own keys and leaves the rest; one that keeps the rest asks
    // for all of them. That is what serde's derive does.
    if T::OPEN { deserializer.deserialize_map(visitor) } else { deserializer.deserialize_struct("", T::NAMES, visitor) }
}

/// `serde::Serialize` of an object.
pub fn serialize<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    writer::write(object, serializer)
}

/// Implements serde's `Serialize` and `Deserialize` for a struct of named fields. Each field has a line: how it may be missing
/// (a method of [`Source`](crate::object::Source)), its name in Rust, its name on the wire. Fields that are a choice of
/// [`one_of!`](crate::one_of!) follow, each behind the names on the wire that it stands for; then the field that keeps
/// undeclared keys. Most structs have neither. A struct may have one type parameter.
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

            fn blank() -> Self {
                Self {
                    $($field: $crate::object::Blank::blank(),)*
                    $($choice: $crate::object::Blank::blank(),)*
                    $($unknown: $crate::object::Blank::blank(),)?
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
