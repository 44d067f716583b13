//! Root types in generated Rust: the types that implement the runtime's `Resource`.

use std::collections::BTreeMap;

use crdgen_emit::Files;
use syn::{Expr, ImplItem, Item, Lit, Type};

/// Returns the path of each root type, by `apiVersion` and `kind`.
pub fn of(files: &Files) -> BTreeMap<(String, String), String> {
    let mut roots = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        let Ok(file) = syn::parse_file(text) else { continue };
        let module = path.trim_end_matches(".rs").replace('/', "::");
        for item in &file.items {
            if let Some((name, key)) = resource(item) {
                roots.insert(key, format!("{module}::{name}"));
            }
        }
    }
    roots
}

/// Returns the name, `apiVersion` and `kind` of an `impl Resource for Name`.
fn resource(item: &Item) -> Option<(String, (String, String))> {
    let Item::Impl(item) = item else { return None };
    let (path, _) = item.trait_.as_ref()?;
    let Type::Path(name) = &*item.self_ty else { return None };
    let constant = |wanted: &str| item.items.iter().find_map(|item| text(item, wanted));
    (path.segments.last()?.ident == "Resource")
        .then(|| Some((name.path.get_ident()?.to_string(), (constant("API_VERSION")?, constant("KIND")?))))?
}

fn text(item: &ImplItem, wanted: &str) -> Option<String> {
    match item {
        ImplItem::Const(constant) if constant.ident == wanted => match &constant.expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
