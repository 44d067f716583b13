//! Typed unions: the enum, the struct of its fields for objects that break the union's rule, and the code
//! that connects them.

use crdgen_model::{Field, Object};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use super::field::{Presence, RustField};
use super::overrides::Added;
use super::parts::{Choice, Struct};
use super::scope::Scope;
use super::unions::{Branch, Plan, Union};
use super::{Options, Serde, declaration, docs, ident, idents, inherent, serde};

/// Traits that the enums and the structs of their fields already derive, or cannot derive: a union has no
/// default.
const DERIVED: [&str; 6] = ["Clone", "Debug", "PartialEq", "Serialize", "Deserialize", "Default"];

/// Writes a type with typed unions. `of` has all fields of the type.
pub fn print(
    plan: &Plan,
    of: &Struct<'_>,
    serde: Serde,
    scope: &Scope,
    options: &Options,
) -> Result<TokenStream, String> {
    let writer = Writer { of, scope, added: options.overrides.added(of.id, &DERIVED)? };
    match plan {
        Plan::Whole(union) => Ok(writer.whole(union, options)),
        Plan::Beside(unions) => writer.beside(unions, serde, options),
    }
}

struct Writer<'a> {
    of: &'a Struct<'a>,
    scope: &'a Scope,
    added: Added,
}

impl<'a> Writer<'a> {
    fn whole(&self, union: &Union, options: &Options) -> TokenStream {
        let docs = docs::of_type(self.of.def, self.of.object);
        // The block has only constants and rules of the type as a whole.
        let nothing = Object::default();
        let inherent = inherent::block(&Struct { object: &nothing, fields: &[], ..*self.of }, self.scope, options);
        let (enumeration, fields) = (self.enumeration(union, &docs), self.fields(union));
        quote!(#enumeration #inherent #fields)
    }

    fn beside(&self, unions: &[Union], serde: Serde, options: &Options) -> Result<TokenStream, String> {
        let Object { fields, .. } = self.of.object;
        let is_common = |index: usize| !unions.iter().any(|union| union.members().contains(&index));
        let common = || (0..fields.len()).filter(|index| is_common(*index));
        let declared: Vec<Field> = common().map(|index| fields[index].clone()).collect();
        let finished: Vec<RustField> = common().map(|index| self.of.fields[index].clone()).collect();
        let choices = self.choices(unions);
        let of = Struct {
            object: &Object { fields: declared, ..self.of.object.clone() },
            fields: &finished,
            choices: &choices,
            ..*self.of
        };
        let object = declaration::print(&of, serde, self.scope, options)?;
        let unions = unions.iter().map(|union| {
            let docs = docs::line(&format!("Alternatives in {}, of which one is set.", docs::code(&self.of.def.path)));
            let (enumeration, fields) = (self.enumeration(union, &docs), self.fields(union));
            quote!(#enumeration #fields)
        });
        Ok(quote!(#object #(#unions)*))
    }

    fn choices<'u>(&self, unions: &'u [Union]) -> Vec<Choice<'u>>
    where
        'a: 'u,
    {
        let mut taken: Vec<String> = self.of.fields.iter().map(|field| field.name.to_string()).collect();
        let choice = |union: &'u Union| {
            let mut name = idents::snake(&union.word);
            while taken.contains(&name) {
                name.push('_');
            }
            taken.push(name.clone());
            let wires: Vec<&str> = union.members().into_iter().map(|index| self.of.fields[index].wire).collect();
            let names: Vec<_> = wires.iter().map(|wire| docs::code(wire)).collect();
            let docs = docs::line(&format!("The alternative that is set: {}.", names.join(" or ")));
            Choice { name: ident(&name), ty: &union.name, docs, wires }
        };
        unions.iter().map(choice).collect()
    }

    fn enumeration(&self, union: &Union, docs: &TokenStream) -> TokenStream {
        let Union { name, fields, .. } = union;
        let (boxed, Added { derives, attributes }) = (self.scope.name("::std::boxed::Box"), &self.added);
        let variants = union.branches.iter().map(|branch| self.variant(branch));
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq #derives)]
            #[allow(clippy::large_enum_variant)]
            #attributes
            pub enum #name {
                #(#variants)*
                /// None of these, several, or a null: kept as it came.
                Other(#boxed<#fields>),
            }
        }
    }

    fn variant(&self, branch: &Branch) -> TokenStream {
        let variant = &branch.variant;
        let members: Vec<&RustField> = branch.members.iter().map(|index| &self.of.fields[*index]).collect();
        if let [RustField { docs, .. }] = members.as_slice() {
            let ty = held(members[0]);
            return quote!(#docs #variant(#ty),);
        }
        let wires: Vec<_> = members.iter().map(|field| docs::code(field.wire)).collect();
        let docs = docs::line(&format!("{}.", wires.join(" and ")));
        let fields = members.iter().map(|field| {
            let (RustField { name, docs, .. }, ty) = (field, held(field));
            quote!(#docs #name: #ty,)
        });
        quote!(#docs #variant { #(#fields)* },)
    }

    /// Returns the struct of a union's fields, and the code that connects it with the enum.
    fn fields(&self, union: &Union) -> TokenStream {
        let (Union { name, fields, .. }, Added { derives, attributes }) = (union, &self.added);
        let members: Vec<&RustField> = union.members().into_iter().map(|index| &self.of.fields[index]).collect();
        let docs = docs::line(&format!("Fields of all alternatives of [`{name}`]."));
        let lines = members.iter().map(|field| {
            let RustField { name, ty, wire, .. } = field;
            let docs = docs::line(&format!("{}.", docs::code(wire)));
            quote!(#docs pub #name: #ty,)
        });
        let object = serde::object(fields, members.iter().copied());
        let variants = union.branches.iter().map(|branch| self.connected(branch));
        quote! {
            #docs
            #[derive(Clone, Debug, Default, PartialEq #derives)]
            #attributes
            pub struct #fields {
                #(#lines)*
            }
            #object
            ::crdgen_runtime::one_of! { #name of #fields { #(#variants)* } }
        }
    }

    /// Returns a variant as the runtime's `one_of!` expects it.
    fn connected(&self, branch: &Branch) -> TokenStream {
        let variant = &branch.variant;
        let members = branch.members.iter().map(|index| {
            let RustField { name, wire, presence, .. } = &self.of.fields[*index];
            let at = if branch.members.len() == 1 { quote!(0) } else { quote!(#name) };
            let presence = ident(if *presence == Presence::OptionalNullable { "nullable" } else { "optional" });
            quote!(#at #presence #name #wire)
        });
        quote!(#variant { #(#members),* },)
    }
}

/// Returns the type of a field's value, without `Option` for absent or null.
fn held(field: &RustField) -> TokenStream {
    let options = match field.presence {
        Presence::Required => 0,
        Presence::Optional => 1,
        Presence::OptionalNullable => 2,
    };
    let ty = syn::parse2(field.ty.clone()).expect("a type written in this crate");
    let held = (0..options).fold(ty, |ty, _| argument(ty));
    quote!(#held)
}

/// Returns `T` of `Option<T>`.
fn argument(ty: Type) -> Type {
    let Type::Path(path) = &ty else { return ty };
    let last = path.path.segments.last().map(|segment| &segment.arguments);
    match last {
        Some(PathArguments::AngleBracketed(arguments)) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => inner.clone(),
            _ => ty,
        },
        _ => ty,
    }
}
