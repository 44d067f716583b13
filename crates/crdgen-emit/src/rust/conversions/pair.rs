//! A conversion between two types.

use crdgen_model::{Object, Shape, TypeId};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::field::{self, Writer};
use super::finder::{ConversionFinder, FieldRef, Pair, counterpart, fields, is_required};
use super::undeclared::Undeclared;
use crate::rust::idents::unknown_name;
use crate::rust::scope::Scope;
use crate::rust::{ident, type_ident};

/// Returns the `impl`.
pub fn conversion(pair: Pair, conversions: &mut ConversionFinder<'_>, scope: &Scope) -> TokenStream {
    let model = conversions.model;
    match (&model.get(pair.0).shape, &model.get(pair.1).shape) {
        (Shape::Object(from), Shape::Object(to)) => {
            let names = Names::new(pair, from, to, conversions);
            Structs { pair, from, to, names, scope }.conversion(conversions)
        }
        _ => {
            let from_trait = scope.name("::std::convert::From");
            let [from, to] = [pair.0, pair.1].map(|id| type_ident(model.get(id)));
            quote! {
                impl #from_trait<#from> for #to {
                    fn from(value: #from) -> Self {
                        Self::from(value.as_str())
                    }
                }
            }
        }
    }
}

/// Names of the fields and variables of a conversion.
struct Names {
    from: Vec<Ident>,
    to: Vec<Ident>,
    from_unknown: Ident,
    to_unknown: Ident,
    /// Variable for the object that is converted.
    value: Ident,
    /// Variable for fields that cannot be converted.
    lost: Ident,
}

impl Names {
    fn new(pair: Pair, from: &Object, to: &Object, conversions: &ConversionFinder<'_>) -> Self {
        let names = |id: TypeId, object| -> Vec<Ident> {
            let overrides = &conversions.options.overrides;
            overrides.idents(conversions.model.get(id), id, object).iter().map(|name| ident(name)).collect()
        };
        let (from, to) = (names(pair.0, from), names(pair.1, to));
        let free = |name: &str| {
            let mut name = name.to_owned();
            while to.iter().any(|taken| *taken == name) {
                name.push('_');
            }
            ident(&name)
        };
        Self {
            value: free("from"),
            lost: free("lost"),
            from_unknown: unknown_name(from.iter()),
            to_unknown: unknown_name(to.iter()),
            from,
            to,
        }
    }
}

/// A conversion between two structs.
struct Structs<'a> {
    pair: Pair,
    from: &'a Object,
    to: &'a Object,
    names: Names,
    scope: &'a Scope,
}

/// Code for a field of the new object.
struct Filled {
    /// Value of the field in the struct literal.
    value: TokenStream,
    /// Statement before the literal that tries the conversion. The value is then `name?`.
    tried: Option<TokenStream>,
}

impl Structs<'_> {
    fn conversion(&self, conversions: &mut ConversionFinder<'_>) -> TokenStream {
        let fields: Vec<Filled> = fields(self.pair.1, self.to).map(|of| self.filled(of, conversions)).collect();
        let names = self.names.to.iter();
        let values = names.zip(&fields).map(|(name, field)| {
            let value = &field.value;
            quote!(#name: #value,)
        });
        let (envelope, unknown) = (self.envelope(conversions), self.unknown());
        let object = quote!(Self { #envelope #(#values)* #unknown });
        if conversions.may_fail(self.pair) {
            self.try_from(conversions, &fields, &object)
        } else {
            self.infallible(conversions, &object)
        }
    }

    fn infallible(&self, conversions: &ConversionFinder<'_>, object: &TokenStream) -> TokenStream {
        let from_trait = self.scope.name("::std::convert::From");
        let [from, to] = self.types(conversions);
        let value = self.parameter(object);
        quote! {
            impl #from_trait<#from> for #to {
                fn from(#value: #from) -> Self {
                    #object
                }
            }
        }
    }

    fn try_from(&self, conversions: &ConversionFinder<'_>, filled: &[Filled], object: &TokenStream) -> TokenStream {
        let (scope, lost) = (self.scope, &self.names.lost);
        let error = scope.name("::crdgen_runtime::ConversionError");
        let lost_type = scope.name("::crdgen_runtime::conversion::LostFields");
        let (try_from, result) = (scope.name("::std::convert::TryFrom"), scope.name("::std::result::Result"));
        let some = scope.name("::std::option::Option::Some");
        let dropped = fields(self.pair.0, self.from).filter_map(|of| self.dropped(of));
        let undeclared = self.undeclared();
        let tried = filled.iter().filter_map(|field| field.tried.as_ref());
        let body = quote! {
            let mut #lost = #lost_type::default();
            #(#dropped)*
            #undeclared
            #(#tried)*
            #lost.finish(|| #some(#object))
        };
        let [from, to] = self.types(conversions);
        let value = self.parameter(&body);
        quote! {
            impl #try_from<#from> for #to {
                type Error = #error;

                fn try_from(#value: #from) -> #result<Self, #error> {
                    #body
                }
            }
        }
    }

    fn types(&self, conversions: &ConversionFinder<'_>) -> [Ident; 2] {
        [self.pair.0, self.pair.1].map(|id| type_ident(conversions.model.get(id)))
    }

    /// Returns the parameter for the converted object, or `_` if `body` does not use it.
    fn parameter(&self, body: &TokenStream) -> TokenStream {
        let value = &self.names.value;
        if mentions(body, value) { quote!(#value) } else { quote!(_) }
    }

    /// Returns the envelope of a root.
    fn envelope(&self, conversions: &ConversionFinder<'_>) -> Option<TokenStream> {
        let (value, default) = (&self.names.value, self.scope.name("::std::default::Default"));
        conversions.model.get(self.pair.1).root_of.map(|_| {
            quote! {
                api_version: #default::default(),
                kind: #default::default(),
                metadata: #value.metadata,
            }
        })
    }

    /// Returns the code for a field of the new object.
    fn filled(&self, of: FieldRef<'_>, conversions: &mut ConversionFinder<'_>) -> Filled {
        let (lost, wire) = (&self.names.lost, &of.field.wire);
        let name = &self.names.to[of.index];
        let trying = |result: TokenStream| Filled { value: quote!(#name?), tried: Some(quote!(let #name = #result;)) };
        let Some(source) = counterpart(of, self.pair.0, self.from) else {
            return match is_required(of) {
                true => trying(quote!(#lost.missing(#wire))),
                false => Filled { value: self.scope.name("::std::option::Option::None"), tried: None },
            };
        };
        let conversion = conversions.of_fields(source, of);
        let value = self.value(source);
        let writer = Writer { scope: self.scope };
        if !field::may_fail(&conversion, source.field, of.field) {
            return Filled { value: writer.sure(&conversion, source.field, of.field, &value), tried: None };
        }
        trying(writer.tried(&conversion, source.field, of.field, &value, lost))
    }

    /// Returns a statement that reports a field which the other type does not have.
    fn dropped(&self, of: FieldRef<'_>) -> Option<TokenStream> {
        let (lost, wire) = (&self.names.lost, &of.field.wire);
        let set = field::is_set(of.field, &self.value(of));
        counterpart(of, self.pair.1, self.to).is_none().then(|| quote!(#lost.dropped(#wire, #set);))
    }

    /// Returns the value of a field of the converted object.
    fn value(&self, of: FieldRef<'_>) -> TokenStream {
        let (value, name) = (&self.names.value, &self.names.from[of.index]);
        quote!(#value.#name)
    }

    /// Returns a statement that reports undeclared fields which have no place in the other type.
    fn undeclared(&self) -> Option<TokenStream> {
        let Names { value, lost, from_unknown, .. } = &self.names;
        match Undeclared::of(self.from, self.to) {
            Undeclared::None | Undeclared::Move => None,
            Undeclared::Refuse => Some(quote!(#lost.undeclared(&#value.#from_unknown);)),
            Undeclared::MoveOthers => {
                let own = |wire: &str| self.from.fields.iter().any(|field| field.wire == wire);
                let declared = self.to.fields.iter().map(|field| field.wire.as_str()).filter(|wire| !own(wire));
                Some(quote!(#lost.declared(&#value.#from_unknown, &[#(#declared),*]);))
            }
        }
    }

    /// Returns the undeclared fields of the new object.
    fn unknown(&self) -> Option<TokenStream> {
        let Names { value, from_unknown, to_unknown, .. } = &self.names;
        let default = self.scope.name("::std::default::Default");
        self.to.unknown_fields.then(|| match self.from.unknown_fields {
            true => quote!(#to_unknown: #value.#from_unknown,),
            false => quote!(#to_unknown: #default::default(),),
        })
    }
}

fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}
