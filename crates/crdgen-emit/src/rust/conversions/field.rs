//! Expressions that convert the value of a field.

use crdgen_model::Field;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::conversion::{Container, Conversion, Element};
use crate::rust::field::{Presence, presence};
use crate::rust::ident;
use crate::rust::scope::Scope;

/// States of a field beside a value, which decide its type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// `T`: always a value.
    Required,
    /// `Option<T>`: a value or null.
    Nullable,
    /// `Option<T>`: a value or absent.
    Optional,
    /// `Option<Option<T>>`: a value, null or absent.
    Any,
}

impl State {
    fn of(field: &Field) -> Self {
        match (presence(field), field.slot.nullable) {
            (Presence::Required, false) => Self::Required,
            (Presence::Required, true) => Self::Nullable,
            (Presence::Optional, _) => Self::Optional,
            (Presence::OptionalNullable, _) => Self::Any,
        }
    }

    /// Returns the name of the constructor in the runtime's `FieldValue`.
    fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Nullable => "nullable",
            Self::Optional => "optional",
            Self::Any => "any",
        }
    }

    /// Returns whether a field in this state can hold everything that a field in the other state can.
    fn takes(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Required
    }
}

/// Returns whether the conversion of a field's value may fail.
pub fn may_fail(conversion: &Conversion, from: &Field, to: &Field) -> bool {
    conversion.may_fail() || !State::of(to).takes(State::of(from))
}

/// Returns an expression for whether a field's value is set.
pub fn is_set(field: &Field, value: &TokenStream) -> TokenStream {
    if State::of(field) == State::Required { quote!(true) } else { quote!(#value.is_some()) }
}

/// Writer of the expressions of one file.
pub struct Writer<'a> {
    pub scope: &'a Scope,
}

impl Writer<'_> {
    /// Returns the field's value in the type of the other field, for a conversion that cannot fail.
    pub fn sure(&self, conversion: &Conversion, from: &Field, to: &Field, value: &TokenStream) -> TokenStream {
        let some = self.scope.name("::std::option::Option::Some");
        let convert = |value: TokenStream| self.apply(conversion, value);
        let optional = |value: &TokenStream| match conversion {
            Conversion::Same => quote!(#value),
            _ => {
                let function = self.function(conversion);
                quote!(#value.map(#function))
            }
        };
        match (State::of(from), State::of(to)) {
            (State::Required, State::Required) => convert(value.clone()),
            (State::Required, State::Any) => {
                let value = convert(value.clone());
                quote!(#some(#some(#value)))
            }
            (State::Required, _) => {
                let value = convert(value.clone());
                quote!(#some(#value))
            }
            (State::Any, _) if *conversion == Conversion::Same => quote!(#value),
            (State::Any, _) => {
                let inner = optional(&quote!(value));
                quote!(#value.map(|value| #inner))
            }
            (State::Nullable, State::Any) => {
                let value = optional(value);
                quote!(#some(#value))
            }
            (State::Optional, State::Any) => {
                let value = optional(value);
                quote!(#value.map(#some))
            }
            _ => optional(value),
        }
    }

    /// Returns the field's value in the type of the other field. If it has no place there, the expression is
    /// `None` and `lost` names the field.
    pub fn tried(
        &self,
        conversion: &Conversion,
        from: &Field,
        to: &Field,
        value: &TokenStream,
        lost: &Ident,
    ) -> TokenStream {
        let wire = &to.wire;
        let field_value = self.scope.name("::crdgen_runtime::conversion::FieldValue");
        let before = ident(State::of(from).name());
        let after = ident(&format!("into_{}", State::of(to).name()));
        let function = self.function(conversion);
        let step = match conversion {
            Conversion::Same => None,
            conversion if conversion.may_fail() => Some(quote!(.try_map(#function))),
            _ => Some(quote!(.map(#function))),
        };
        quote!(#field_value::#before(#value)#step.#after(#wire, &mut #lost))
    }

    /// Returns a function that converts a value. It returns a `Result` if the conversion may fail.
    fn function(&self, conversion: &Conversion) -> TokenStream {
        match conversion {
            Conversion::Into => self.named("::std::convert::Into", "into"),
            Conversion::TryInto => self.named("::std::convert::TryInto", "try_into"),
            Conversion::Json => quote!(::crdgen_runtime::conversion::same_json),
            Conversion::Same | Conversion::Text | Conversion::Each(..) => {
                let value = self.apply(conversion, quote!(value));
                quote!(|value| #value)
            }
        }
    }

    fn named(&self, path: &str, function: &str) -> TokenStream {
        let (path, function) = (self.scope.name(path), ident(function));
        quote!(#path::#function)
    }

    /// Returns the converted value. It is a `Result` if the conversion may fail.
    fn apply(&self, conversion: &Conversion, value: TokenStream) -> TokenStream {
        match conversion {
            Conversion::Same => value,
            Conversion::Text => quote!(#value.to_string()),
            Conversion::Into => quote!(#value.into()),
            Conversion::TryInto => quote!(#value.try_into()),
            Conversion::Json => quote!(::crdgen_runtime::conversion::same_json(#value)),
            Conversion::Each(container, element) => self.each(*container, element, &value),
        }
    }

    fn each(&self, container: Container, element: &Element, value: &TokenStream) -> TokenStream {
        let function = self.element_function(element);
        match (container, element.may_fail()) {
            (Container::List, true) => quote!(::crdgen_runtime::conversion::items(#value, #function)),
            (Container::Map, true) => quote!(::crdgen_runtime::conversion::values(#value, #function)),
            (Container::List, false) => quote!(#value.into_iter().map(#function).collect()),
            (Container::Map, false) => {
                let converted = self.element(element);
                quote!(#value.into_iter().map(|(key, value)| (key, #converted)).collect())
            }
        }
    }

    /// Returns a function that converts an element. It returns a `Result` if the conversion may fail.
    fn element_function(&self, element: &Element) -> TokenStream {
        match (element.nullable, &element.conversion) {
            ([false, false], conversion) => self.function(conversion),
            ([false, true], Conversion::Same) => self.scope.name("::std::option::Option::Some"),
            _ => {
                let converted = self.element(element);
                quote!(|value| #converted)
            }
        }
    }

    /// Returns the conversion of an element that is called `value`.
    fn element(&self, element: &Element) -> TokenStream {
        let some = self.scope.name("::std::option::Option::Some");
        let converted = self.apply(&element.conversion, quote!(value));
        let function = self.function(&element.conversion);
        match (element.nullable, element.conversion.may_fail()) {
            ([false, false], _) => converted,
            ([false, true], false) => quote!(#some(#converted)),
            ([false, true], true) => quote!(#converted.map(#some)),
            ([true, true], false) => quote!(value.map(#function)),
            ([true, true], true) => quote!(value.map(#function).transpose()),
            ([true, false], _) => {
                let error = self.scope.name("::crdgen_runtime::ConversionError");
                let step = match &element.conversion {
                    Conversion::Same => None,
                    conversion if conversion.may_fail() => Some(quote!(.and_then(#function))),
                    _ => Some(quote!(.map(#function))),
                };
                quote!(value.ok_or_else(#error::here)#step)
            }
        }
    }
}
