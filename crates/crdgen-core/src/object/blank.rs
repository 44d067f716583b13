//! Values of fields before they are read.

use super::Object;
use crate::{ApiVersion, IntOrString, Json, KindOf, ListKindOf, Map, Number};

/// Initial value of a field until its value is read. An object without a required field is never returned, so any value
/// will do, but it must be cheap to create.
pub trait Blank {
    /// Creates the initial value.
    fn blank() -> Self;
}

impl<T: Object> Blank for T {
    fn blank() -> Self {
        Object::blank()
    }
}

impl<T> Blank for Option<T> {
    fn blank() -> Self {
        None
    }
}

macro_rules! blank_is_default {
    ($(for<$($parameter:ident)?> $ty:ty;)*) => {
        $(impl<$($parameter)?> Blank for $ty {
            fn blank() -> Self {
                Self::default()
            }
        })*
    };
}

blank_is_default! {
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

impl Blank for IntOrString {
    fn blank() -> Self {
        Self::Int(0)
    }
}
