//! Values of fields before they are read.

use super::Object;
use crate::{ApiVersion, IntOrString, Json, KindOf, ListKindOf, Map, Number};

/// Initial value of a field until its value is read. An object without a required field is never returned, so any value
/// will do, but it must be cheap to create.
pub trait InitialValue {
    /// Creates the initial value.
    fn initial_value() -> Self;
}

impl<T: Object> InitialValue for T {
    fn initial_value() -> Self {
        Object::initial_value()
    }
}

impl<T> InitialValue for Option<T> {
    fn initial_value() -> Self {
        None
    }
}

macro_rules! initial_value_is_default {
    ($(for<$($parameter:ident)?> $ty:ty;)*) => {
        $(impl<$($parameter)?> InitialValue for $ty {
            fn initial_value() -> Self {
                Self::default()
            }
        })*
    };
}

initial_value_is_default! {
    for<> bool;
    for<> i32;
    for<> i64;
    for<> Number;
    for<> String;
    for<> Json;
    for<T> Vec<T>;
    for<T> Map<T>;
    for<K> ApiVersion<K>;
    for<K> KindOf<K>;
    for<K> ListKindOf<K>;
}

impl InitialValue for IntOrString {
    fn initial_value() -> Self {
        Self::Int(0)
    }
}
