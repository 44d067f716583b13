//! Names in generated Rust: modules, types, fields and variants.

use std::collections::HashSet;

use anyhow::{Context, Result, anyhow};
use crdgen_emit::Files;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, Fields, Ident, ImplItem, Item, ItemImpl, Lit, Type, UseTree};

use super::names::{Member, Surface};

/// Reads the types of a set of files. The routes are left out, because they are the API of a server.
pub fn surface(files: &Files) -> Result<Surface> {
    let parsed = files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with("api/"));
    let parsed = parsed.map(|(path, text)| Ok((path, syn::parse_file(text).with_context(|| path.clone())?.items)));
    let files: Vec<(&String, Vec<Item>)> = parsed.collect::<Result<_>>()?;
    let items = || files.iter().flat_map(|(_, items)| items);
    let types: HashSet<String> = items().filter_map(declared).map(ToString::to_string).collect();
    let mut surface = Surface::default();
    for (_, items) in &files {
        let imported: HashSet<String> = items.iter().flat_map(imports).collect();
        let types = types.difference(&imported).cloned().collect();
        for item in items {
            let Some(name) = declared(item) else { continue };
            surface.types.insert(name.to_string(), members(item, &types));
        }
    }
    for (path, items) in &files {
        for (name, ty) in items.iter().filter_map(resource).collect::<Result<Vec<_>>>()? {
            surface.words.insert(format!("module of {name}"), (*path).clone());
            surface.roots.insert(name, ty);
        }
    }
    Ok(surface)
}

fn declared(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        _ => None,
    }
}

/// Returns the names that a file imports from other crates.
fn imports(item: &Item) -> Vec<String> {
    match item {
        Item::Use(item) if item.leading_colon.is_some() => names(&item.tree),
        _ => Vec::new(),
    }
}

fn names(tree: &UseTree) -> Vec<String> {
    match tree {
        UseTree::Path(path) => names(&path.tree),
        UseTree::Group(group) => group.items.iter().flat_map(names).collect(),
        UseTree::Name(name) => vec![name.ident.to_string()],
        UseTree::Rename(rename) => vec![rename.rename.to_string()],
        UseTree::Glob(_) => Vec::new(),
    }
}

fn members(item: &Item, types: &HashSet<String>) -> Vec<Member> {
    match item {
        Item::Struct(item) => fields(&item.fields, types),
        Item::Enum(item) => {
            let variants = item.variants.iter().map(|variant| variant.ident.to_string());
            variants.map(|step| Member { step, declared: String::new(), ty: None }).collect()
        }
        _ => Vec::new(),
    }
}

fn fields(fields: &Fields, types: &HashSet<String>) -> Vec<Member> {
    let named = fields.iter().filter_map(|field| Some((field.ident.as_ref()?.to_string(), &field.ty)));
    // Leaves out the fields of a root that mark its version and kind.
    let own = named.filter(|(name, ty)| !(matches!(name.as_str(), "api_version" | "kind") && is_marker(ty)));
    own.map(|(step, ty)| {
        let mut found = Found { types, ty: None };
        let mut ty = ty.clone();
        found.visit_type_mut(&mut ty);
        Member { step, declared: format!("{ty:?}"), ty: found.ty }
    })
    .collect()
}

fn is_marker(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "ApiVersion" || last.ident == "KindOf")
}

/// Replaces the generated type in the type of a field, and keeps its name.
struct Found<'a> {
    types: &'a HashSet<String>,
    ty: Option<String>,
}

impl VisitMut for Found<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(ident) = path.get_ident().map(ToString::to_string).filter(|name| self.types.contains(name)) {
            *path = syn::parse_quote!(_Named);
            self.ty = Some(ident);
        }
    }
}

/// Returns `group/version/Kind` and the root type of an `impl Resource for T`.
fn resource(item: &Item) -> Option<Result<(String, String)>> {
    let Item::Impl(item) = item else { return None };
    let (implemented, _) = item.trait_.as_ref()?;
    if implemented.segments.last()?.ident != "Resource" || !has(item, "LIST_KIND") {
        return None;
    }
    let read = || {
        let [group, version, kind] = ["GROUP", "VERSION", "KIND"].map(|name| constant(item, name));
        let Type::Path(ty) = &*item.self_ty else { return None };
        Some((format!("{}/{}/{}", group?, version?, kind?), ty.path.get_ident()?.to_string()))
    };
    Some(read().ok_or_else(|| anyhow!("an impl of Resource without its constants")))
}

fn has(item: &ItemImpl, name: &str) -> bool {
    constant(item, name).is_some()
}

fn constant(item: &ItemImpl, name: &str) -> Option<String> {
    item.items.iter().find_map(|item| match item {
        ImplItem::Const(item) if item.ident == name => match &item.expr {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    })
}
