//! What a field holds before it is read.

use super::Object;
use crate::{ApiVersion, IntOrString, Json, KindOf, ListKindOf, Map, Number};

/// A value that stands in a field until the one from the wire does. An object of which a required field was not read is
/// never handed out, so which value it is does not matter; it should cost nothing to make.
pub trait Blank {
    /// Some value.
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
