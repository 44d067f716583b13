//! `From` and `TryFrom` between each version of a kind and its best version, in a file for each group.
//!
//! Two types are compared field by field, by wire names. A field whose type is the same is moved. Any other
//! field is converted, with a conversion of its own if both types are structs or enums. If nothing can be
//! lost the impl is `From`. Otherwise it is `TryFrom`, whose error names every field that has no place in the
//! other version (the runtime's `conversion`).

mod conversion;
mod field;
mod finder;
mod pair;
mod undeclared;

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Model, ResourceId, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

use super::layout::Layout;
use super::scope::Scope;
use super::{Conversions, Options, ident, type_ident};
use finder::{ConversionFinder, Pair};

/// Returns the content of the conversions file of each group that has one.
pub fn files<'m>(model: &'m Model, layout: &Layout<'_>, options: &Options) -> BTreeMap<&'m str, TokenStream> {
    if options.conversions == Conversions::None {
        return BTreeMap::new();
    }
    let mut conversions = ConversionFinder::new(model, options);
    // A conversion that several groups need is written once, in the first of them.
    let mut done = BTreeSet::new();
    let mut pairs: BTreeMap<&str, BTreeSet<Pair>> = BTreeMap::new();
    for (group, from, to) in roots(model) {
        let mut found = BTreeSet::new();
        conversions.reach((from, to), &mut found);
        pairs.entry(group).or_default().extend(found.into_iter().filter(|pair| done.insert(*pair)));
    }
    pairs.into_iter().map(|(group, pairs)| (group, file(&pairs, &mut conversions, layout))).collect()
}

/// Returns every pair of root types with conversions, and their group. A pair has the best version of a kind,
/// which is the first of the model, and another version.
fn roots(model: &Model) -> impl Iterator<Item = (&str, TypeId, TypeId)> {
    let mut kinds: BTreeMap<(&str, &str), Vec<ResourceId>> = BTreeMap::new();
    for (index, resource) in model.resources.iter().enumerate() {
        kinds.entry((&resource.group, &resource.kind)).or_default().push(ResourceId(index));
    }
    kinds.into_iter().flat_map(move |((group, _), versions)| {
        let root = |id: ResourceId| model.resource(id).root;
        let best = root(versions[0]);
        let others = versions.into_iter().skip(1).map(root);
        others.flat_map(move |other| [(group, best, other), (group, other, best)])
    })
}

fn file(pairs: &BTreeSet<Pair>, conversions: &mut ConversionFinder<'_>, layout: &Layout<'_>) -> TokenStream {
    let types: BTreeSet<TypeId> = pairs.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let scope = Scope::new(types.iter().map(|id| type_ident(conversions.model.get(*id)).to_string()));
    let impls: Vec<TokenStream> = pairs.iter().map(|pair| gated(*pair, conversions, &scope, layout)).collect();
    let mut modules: BTreeMap<Vec<String>, Vec<TypeId>> = BTreeMap::new();
    for id in types {
        modules.entry(layout.module_from_group(id)).or_default().push(id);
    }
    let uses = modules.into_iter().map(|(module, ids)| {
        let gate = layout.gate(&ids.first().map(|id| layout.home(*id)));
        let module = module.iter().map(|segment| ident(segment));
        let names = ids.into_iter().map(|id| type_ident(conversions.model.get(id)));
        quote!(#gate use #(#module::)*{#(#names),*};)
    });
    let imports = scope.imports();
    let docs = " Conversions between the versions of each kind.";
    quote!(#![doc = #docs] #(#imports)* #(#uses)* #(#impls)*)
}

/// Returns a conversion that is compiled only if both its types are.
fn gated((from, to): Pair, conversions: &mut ConversionFinder<'_>, scope: &Scope, layout: &Layout<'_>) -> TokenStream {
    let gate = layout.gate(&[layout.home(from), layout.home(to)]);
    let conversion = pair::conversion((from, to), conversions, scope);
    quote!(#gate #conversion)
}
