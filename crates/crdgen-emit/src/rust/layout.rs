//! Files of the types, and the `mod` files around them.
//!
//! A type that one kind uses is in the module of that kind. A type that several kinds share is in the
//! `shared` module of the nearest folder above all of them, and the module of each kind re-exports it. So the
//! path that a user wrote stays valid when another kind starts to share the type.
//!
//! With [`Features::Kinds`] the module of a kind is compiled only with a cargo feature. Shared types are
//! always compiled.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_model::{Model, ResourceId, TypeDef, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

use super::{Api, Features, ident, idents, type_ident};

/// Place in which a type is declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// Module of a kind.
    Kind(ResourceId),
    /// `group/version/shared.rs`.
    Version(String, String),
    /// `group/shared.rs`.
    Group(String),
    /// `shared.rs` in the root folder.
    Root,
}

/// The module tree of a model.
pub struct Layout<'a> {
    model: &'a Model,
    homes: BTreeMap<Home, Vec<TypeId>>,
    groups: BTreeMap<&'a str, String>,
    versions: BTreeMap<(&'a str, &'a str), String>,
    kinds: Vec<String>,
    features: Features,
}

const SHARED: &str = "shared";
/// Name of the axum emitter's module, beside the groups.
const API: &str = "api";
/// Name of the module of conversions in a group.
pub const CONVERSIONS: &str = "conversions";

/// Modules of a folder, each with its `cfg` attribute, and re-exports of the folder.
type Folder = (BTreeMap<String, TokenStream>, Vec<(TokenStream, TokenStream)>);

impl<'a> Layout<'a> {
    /// Assigns each type of a model to a file.
    pub fn new(model: &'a Model) -> Self {
        let mut homes: BTreeMap<Home, Vec<TypeId>> = BTreeMap::new();
        for (id, def) in model.type_ids() {
            homes.entry(home(model, def)).or_default().push(id);
        }
        let mut in_root = BTreeSet::from([SHARED.to_owned(), API.to_owned()]);
        let mut in_group: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        let mut in_version: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
        let (mut groups, mut versions, mut kinds) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let reserved = || BTreeSet::from([SHARED.to_owned()]);
        let reserved_in_group = || BTreeSet::from([SHARED.to_owned(), CONVERSIONS.to_owned()]);
        for resource in &model.resources {
            let group = resource.group.as_str();
            let version = (group, resource.version.as_str());
            groups.entry(group).or_insert_with(|| idents::module_ident(group, &mut in_root));
            let taken = in_group.entry(group).or_insert_with(reserved_in_group);
            versions.entry(version).or_insert_with(|| idents::module_ident(version.1, taken));
            kinds.push(idents::module_ident(&resource.kind, in_version.entry(version).or_insert_with(reserved)));
        }
        Self { model, homes, groups, versions, kinds, features: Features::None }
    }

    /// Makes the modules of kinds depend on cargo features.
    pub fn with_features(self, features: Features) -> Self {
        Self { features, ..self }
    }

    /// Returns the `cfg` attribute for code that needs all of these homes.
    pub fn gate<'h>(&self, homes: impl IntoIterator<Item = &'h Home>) -> TokenStream {
        let features: BTreeSet<String> = homes.into_iter().filter_map(|home| self.feature(home)).collect();
        let features: Vec<_> = features.into_iter().collect();
        match &features[..] {
            [] => TokenStream::new(),
            [feature] => quote!(#[cfg(feature = #feature)]),
            features => quote!(#[cfg(all(#(feature = #features),*))]),
        }
    }

    /// Returns the features of all kinds.
    fn features(&self) -> BTreeSet<String> {
        self.homes.keys().filter_map(|home| self.feature(home)).collect()
    }

    fn feature(&self, home: &Home) -> Option<String> {
        match (self.features, home) {
            (Features::Kinds, Home::Kind(id)) => {
                let module = idents::snake(&self.model.resource(*id).kind);
                let feature = module.trim_start_matches("r#").trim_end_matches('_').replace('_', "-");
                // Cargo gives the feature `default` a meaning.
                Some(if feature == "default" { "default-kind".to_owned() } else { feature })
            }
            _ => None,
        }
    }

    fn module_docs(&self, folder: &str) -> Vec<String> {
        let docs = match folder.matches('/').count() {
            _ if folder.is_empty() => " Custom resources by API group.",
            0 => " Versions of an API group.",
            _ => " Kinds of a version.",
        };
        let mut docs = vec![docs.to_owned()];
        let features = if folder.is_empty() { self.features() } else { BTreeSet::new() };
        if !features.is_empty() {
            let opening = [
                "",
                " Each kind is compiled only with the feature of its name. Declare the features in `Cargo.toml`:",
                "",
            ];
            docs.extend(opening.map(str::to_owned));
            docs.extend([" ```toml".to_owned(), " [features]".to_owned()]);
            docs.extend(features.iter().map(|feature| format!(" {feature} = []")));
            docs.push(" ```".to_owned());
        }
        docs
    }

    /// Returns the home of a type.
    pub fn home(&self, id: TypeId) -> Home {
        home(self.model, self.model.get(id))
    }

    /// Removes all types but these from the files.
    pub fn keep(&mut self, written: &BTreeSet<TypeId>) {
        self.homes.values_mut().for_each(|ids| ids.retain(|id| written.contains(id)));
        self.homes.retain(|_, ids| !ids.is_empty());
    }

    /// Returns every home that has types, with its types in the model's order.
    pub fn homes(&self) -> impl Iterator<Item = (&Home, &Vec<TypeId>)> {
        self.homes.iter()
    }

    /// Returns the modules of group, version and kind for a resource.
    pub fn resource(&self, id: ResourceId) -> [String; 3] {
        let resource = self.model.resource(id);
        let version = (resource.group.as_str(), resource.version.as_str());
        [self.groups[version.0].clone(), self.versions[&version].clone(), self.kinds[id.0].clone()]
    }

    /// Returns the file of a home.
    pub fn file(&self, home: &Home) -> String {
        let folder = match home {
            Home::Kind(id) => return self.resource(*id).join("/") + ".rs",
            Home::Version(group, version) => {
                format!("{}/{}/", self.groups[group.as_str()], self.versions[&(group.as_str(), version.as_str())])
            }
            Home::Group(group) => format!("{}/", self.groups[group.as_str()]),
            Home::Root => String::new(),
        };
        format!("{folder}{SHARED}.rs")
    }

    /// Returns the path of a file in a group's folder.
    pub fn group_file(&self, group: &str, module: &str) -> String {
        format!("{}/{module}.rs", self.groups[group])
    }

    /// Returns the module path of a type, relative to a file in its group's folder.
    pub fn module_from_group(&self, id: TypeId) -> Vec<String> {
        let home = home(self.model, self.model.get(id));
        let above = if home == Home::Root { vec!["super", "super"] } else { vec!["super"] };
        let file = self.file(&home);
        let below = file.trim_end_matches(".rs").split('/').skip(usize::from(home != Home::Root));
        above.into_iter().chain(below).map(str::to_owned).collect()
    }

    /// Returns the homes above a home, nearest first.
    fn above(&self, home: &Home) -> Vec<Home> {
        match home {
            Home::Kind(id) => {
                let resource = self.model.resource(*id);
                let (group, version) = (resource.group.clone(), resource.version.clone());
                vec![Home::Version(group.clone(), version), Home::Group(group), Home::Root]
            }
            Home::Version(group, _) => vec![Home::Group(group.clone()), Home::Root],
            Home::Group(_) => vec![Home::Root],
            Home::Root => Vec::new(),
        }
    }

    /// Returns the types that can be named in a home without a path.
    pub fn visible(&self, home: &Home) -> impl Iterator<Item = TypeId> {
        let homes = std::iter::once(home.clone()).chain(self.above(home));
        homes.flat_map(|home| self.homes.get(&home).into_iter().flatten().copied())
    }

    /// Returns re-exports of the shared modules above a home.
    pub fn exports(&self, home: &Home) -> Vec<TokenStream> {
        let levels = if matches!(home, Home::Kind(_)) { 1 } else { 2 };
        let shared = ident(SHARED);
        self.above(home)
            .iter()
            .enumerate()
            .filter(|(_, above)| self.homes.contains_key(above))
            .map(|(index, _)| {
                let up = (0..index + levels).map(|_| quote!(super::));
                quote!(pub use #(#up)* #shared::*;)
            })
            .rev()
            .collect()
    }

    /// Returns the `mod.rs` files. `converting` has the groups with conversions.
    pub fn modules(&self, api: Api, converting: &BTreeSet<&str>) -> Vec<(String, TokenStream)> {
        let mut files: BTreeMap<String, Folder> = BTreeMap::new();
        let mut declare = |folder: &str, module: &str, gate: TokenStream| {
            files.entry(folder.to_owned()).or_default().0.insert(module.to_owned(), gate);
        };
        if api == Api::Present {
            declare("", API, TokenStream::new());
        }
        for home in self.homes.keys() {
            let file = self.file(home);
            let mut gate = self.gate([home]);
            let mut path = file.trim_end_matches(".rs");
            loop {
                let (folder, module) = path.rsplit_once('/').unwrap_or(("", path));
                declare(folder, module, std::mem::take(&mut gate));
                if folder.is_empty() {
                    break;
                }
                path = folder;
            }
        }
        for def in &self.model.types {
            let Some(resource) = def.root_of else { continue };
            let [group, version, kind] = self.resource(resource);
            let (kind, root) = (ident(&kind), type_ident(def));
            if let Some((_, uses)) = files.get_mut(&format!("{group}/{version}")) {
                let gate = self.gate([&Home::Kind(resource)]);
                uses.push((quote!(pub use #kind::#root;), gate));
            }
        }
        files
            .into_iter()
            .map(|(folder, (modules, mut uses))| {
                uses.sort_by_key(|(tokens, _)| tokens.to_string());
                let modules = modules.iter().map(|(module, gate)| {
                    let module = ident(module);
                    quote!(#gate pub mod #module;)
                });
                let uses = uses.into_iter().map(|(export, gate)| quote!(#gate #export));
                let docs = self.module_docs(&folder);
                let slash = if folder.is_empty() { "" } else { "/" };
                let converts = converting.iter().any(|group| self.groups[group] == folder);
                let conversions = converts.then(|| {
                    let module = ident(CONVERSIONS);
                    quote!(mod #module;)
                });
                let allowed = folder.is_empty().then(allowed);
                let items = quote!(#(#![doc = #docs])* #allowed #conversions #(#modules)* #(#uses)*);
                (format!("{folder}{slash}mod.rs"), items)
            })
            .collect()
    }
}

/// Allows lints that a program cannot satisfy, since it cannot change generated code.
fn allowed() -> TokenStream {
    quote! {
        #![allow(dead_code, unreachable_pub, unused_imports, unused_qualifications, reason = "a program uses parts of it")]
        #![allow(
            missing_docs, clippy::enum_variant_names, clippy::module_inception, clippy::upper_case_acronyms,
            clippy::nursery, clippy::pedantic, reason = "names and texts are those of the CRDs"
        )]
    }
}

fn home(model: &Model, def: &TypeDef) -> Home {
    let mut users = def.used_by.iter().map(|id| model.resource(*id));
    let Some(first) = users.next() else { return Home::Root };
    if def.used_by.len() == 1 {
        return Home::Kind(def.used_by[0]);
    }
    let same_group = users.clone().all(|user| user.group == first.group);
    let same_version = users.all(|user| user.version == first.version);
    match (same_group, same_version) {
        (true, true) => Home::Version(first.group.clone(), first.version.clone()),
        (true, false) => Home::Group(first.group.clone()),
        (false, _) => Home::Root,
    }
}
