//! Rust types in a module tree of group, version and kind, printed by prettyplease.
//!
//! typify makes the structs from a normalised JSON Schema (`engine`). A `syn` pass (`structs`) adds the
//! properties of CRDs that typify does not know: wire names, the three states of a field, source order,
//! undeclared fields, docs. Enums and the impls of a root are written with `quote` (`enums`, `resource`),
//! because typify's enums are closed.

mod apply;
mod builder;
mod constraint;
mod conversions;
mod declaration;
mod defaults;
mod docs;
mod engine;
mod enums;
mod envelope;
mod expandable;
mod field;
mod field_types;
mod idents;
mod inherent;
mod known;
mod layout;
mod new;
mod one_of;
mod options;
pub mod overrides;
mod parts;
mod reach;
mod resource;
mod rules;
mod schema;
mod scope;
mod serde;
mod settings;
mod structs;
mod unions;
mod view;

use crdgen_model::{Model, ResourceId, Shape, TypeDef};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{Error, Files, Step, Write, collected, rust_file};
use engine::Structs;
use expandable::Expandable;
use field_types::FieldTypes;
use idents::ident;
use layout::{CONVERSIONS, Home, Layout};
use scope::Scope;

pub use idents::{field_idents, root_fields, type_ident};
pub use options::Options;
pub use overrides::Overrides;
pub use settings::{Api, Apply, Builders, Client, Conversions, Features, KnownTypes, Serde, Unions};

/// Returns the module identifiers of group, version and kind for each resource. They are unique among their
/// siblings and not keywords.
pub fn module_paths(model: &Model) -> Vec<[String; 3]> {
    let layout = Layout::new(model);
    (0..model.resources.len()).map(|resource| layout.resource(ResourceId(resource))).collect()
}

/// Writes the Rust types.
///
/// # Errors
///
/// Returns an error if a generated file is not valid Rust, which is a defect of crdgen.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    collected(|write| emit_each(model, options, write))
}

/// Does what [`emit`] does, and hands over each file as soon as it is made.
///
/// # Errors
///
/// Fails as [`emit`] does.
pub fn emit_each(model: &Model, options: &Options, write: Write<'_>) -> Result<(), Error> {
    let options = Options { overrides: known::overrides(model, options), ..options.clone() };
    match options.apply {
        Apply::None => types(model, &options, write),
        Apply::Kinds => {
            let (model, options) = apply::with_twins(model, &options);
            types(&model, &options, write)
        }
    }
}

fn types(model: &Model, options: &Options, write: Write<'_>) -> Result<(), Error> {
    let mut layout = Layout::new(model).with_features(options.features);
    layout.keep(&reach::written(model, &options.overrides));
    let expandable = Expandable::new(model, options);
    let unions = unions::Plans::new(model, options);
    let engine = Structs::new(model, &options.overrides)?;
    for (home, ids) in layout.homes() {
        let scope = Scope::new(layout.visible(home).map(|id| type_ident(model.get(id)).to_string()));
        let mut types = FieldTypes::new(&engine, &options.overrides, &scope);
        let mut items = TokenStream::new();
        for id in ids {
            let def = model.get(*id);
            items.extend(match &def.shape {
                Shape::Enum(variants) => {
                    let added =
                        options.overrides.added(*id, &enums::DERIVED).map_err(|message| defect(def, &message))?;
                    enums::enumeration(def, variants, &scope, &added)
                }
                Shape::Object(object) => {
                    let form = structs::Form { serde: expandable.of(*id), plan: unions.of(*id) };
                    structs::finish(model, *id, object, &mut types, form, &scope, options)
                        .map_err(|message| defect(def, &message))?
                }
            });
            if let Some(view) = envelope::view_of(model, def) {
                items.extend(view::implementation(model, def, view, &scope));
            }
            if let Some(root) = def.root_of.filter(|_| def.apply_of.is_none()) {
                items.extend(resource::impls(def, model.resource(root), &layout.file(home), &scope, options));
            }
        }
        let docs = file_docs(model, home);
        let exports = layout.exports(home);
        let imports = scope.imports();
        let path = layout.file(home);
        let text = printed(&path, quote!(#(#![doc = #docs])* #(#exports)* #(#imports)* #items))?;
        write(path, text);
    }
    for (index, resource) in model.resources.iter().enumerate() {
        let types = layout.file(&Home::Kind(ResourceId(index)));
        write(schema::path(&types), schema::text(&resource.schema));
    }
    let conversions = conversions::files(model, &layout, options);
    let converting = conversions.keys().copied().collect();
    for (group, items) in conversions {
        let path = layout.group_file(group, CONVERSIONS);
        let text = printed(&path, items)?;
        write(path, text);
    }
    for (path, items) in layout.modules(options.api, &converting) {
        let text = printed(&path, items)?;
        write(path, text);
    }
    Ok(())
}

fn printed(path: &str, items: TokenStream) -> Result<String, Error> {
    rust_file::print(items).map_err(|error| Error { target: Step::Rust, message: format!("{path}: {error}") })
}

fn file_docs(model: &Model, home: &Home) -> Vec<String> {
    match home {
        Home::Kind(resource) => {
            let resource = model.resource(*resource);
            vec![format!(" `{}` of `{}/{}`.", resource.kind, resource.group, resource.version)]
        }
        Home::Version(..) => vec![" Types that several kinds of this version use.".to_owned()],
        Home::Group(_) => vec![" Types that several versions of this group use.".to_owned()],
        Home::Root => vec![" Types that several groups use.".to_owned()],
    }
}

fn defect(def: &TypeDef, message: &str) -> Error {
    Error { target: Step::Rust, message: format!("{} ({}): {message}", def.name, def.path) }
}

/// Writes a file of structs, each with a text of a CRD in every place of its docs where such a text can be.
/// For tests.
#[doc(hidden)]
pub fn documented(texts: &[String]) -> Result<String, Error> {
    let structs = texts.iter().enumerate().map(|(index, text)| {
        let (name, docs) = (ident(&format!("S{index}")), docs::of_field(&docs::field(text)));
        quote!(#docs pub struct #name;)
    });
    printed("documented", structs.collect())
}
