//! A Rust file from tokens: parsed by `syn`, so that nothing that is no Rust is ever written, and printed by prettyplease.
//!
//! rustfmt leaves the file as it is, whatever its settings: a user's `cargo fmt` or editor must not change what
//! `crdgen generate --check` compares.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, File, Item, Macro, Visibility, parse_quote};

use crate::HEADER;

/// Keeps rustfmt from changing the file, whatever its settings, also when an editor formats the file alone.
const SKIP: &str = "#![cfg_attr(rustfmt, rustfmt_skip)]\n";

/// The comment of a file in which `object!` stands.
const OBJECT: &str = "// `object!` implements serde's `Serialize` and `Deserialize` for the struct above it.\n\
                      // Derives in its place: `serde = \"derive\"` below `[rust]` in crdgen.toml.\n";

/// Writes a file: the header, and the items with a blank line between them.
pub fn print(tokens: TokenStream) -> syn::Result<String> {
    let File { attrs, items, .. } = syn::parse2(tokens)?;
    let comment = if items.iter().any(|item| is_macro(item, "object")) { OBJECT } else { "" };
    let (docs, attributes): (Vec<_>, Vec<_>) =
        attrs.into_iter().partition(|attribute| attribute.path().is_ident("doc"));
    let mut parts = vec![format!("// {HEADER}\n{comment}"), SKIP.to_owned()];
    parts.extend(
        [docs, attributes].into_iter().filter(|attrs| !attrs.is_empty()).map(|attrs| unparse(attrs, Vec::new())),
    );
    parts.extend(groups(items).into_iter().map(group));
    Ok(parts.join("\n"))
}

fn unparse(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    format!("{}\n", prettyplease::unparse(&File { attrs, items, ..parse_quote!() }).trim_end())
}

/// Items that stand together: imports, exports, modules; any other item alone.
fn groups(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    for item in items {
        match groups.last_mut() {
            Some(last) if kind(&item).is_some() && last.last().and_then(kind) == kind(&item) => last.push(item),
            _ => groups.push(vec![item]),
        }
    }
    groups
}

/// Returns the keyword and the visibility that one-line items of a group share.
fn kind(item: &Item) -> Option<(&'static str, bool)> {
    match item {
        Item::Use(item) => Some(("use", matches!(item.vis, Visibility::Inherited))),
        Item::Mod(item) if item.content.is_none() => Some(("mod", false)),
        _ => None,
    }
}

fn group(items: Vec<Item>) -> String {
    match items.as_slice() {
        [item @ Item::Macro(list)] if ["object", "one_of"].iter().any(|name| is_macro(item, name)) => listed(&list.mac),
        _ => spaced(&unparse(Vec::new(), items)),
    }
}

/// An item with blank lines between its functions, and before what is documented.
fn spaced(item: &str) -> String {
    let mut out = String::with_capacity(item.len());
    let mut above = "";
    for line in item.lines() {
        let begins = ["    ///", "    fn ", "    pub fn "].iter().any(|start| line.starts_with(start));
        if above == "    }" && line != "}" || above.ends_with(';') && begins {
            out.push('\n');
        }
        out.extend([line, "\n"]);
        above = line;
    }
    out
}

/// Whether an item is one of the runtime's macros.
fn is_macro(item: &Item, name: &str) -> bool {
    matches!(item, Item::Macro(item) if item.mac.path.segments.last().is_some_and(|last| last.ident == name))
}

/// An `object!` or `one_of!` with its fields one below the other; prettyplease would fill lines with them.
fn listed(list: &Macro) -> String {
    let mut out = format!("{}! {{\n   ", list.path.to_token_stream().to_string().replace(' ', ""));
    for tree in list.tokens.clone() {
        match tree {
            TokenTree::Group(fields) => out.push_str(&field_a_line(fields.stream())),
            tree => out.push_str(&format!(" {tree}")),
        }
    }
    out + "\n}\n"
}

fn field_a_line(fields: TokenStream) -> String {
    let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',');
    let fields: Vec<TokenTree> = fields.into_iter().collect();
    let line = |field: &[TokenTree]| format!("\n       {}", spelled(field.iter().cloned()));
    let lines: String = fields.split_inclusive(is_comma).map(line).collect();
    format!(" {{{lines}\n    }}")
}

/// Tokens with a space before each, but for commas and the rest of a longer mark.
fn spelled(tokens: impl IntoIterator<Item = TokenTree>) -> String {
    let (mut out, mut joint) = (String::new(), false);
    for tree in tokens {
        let glued = joint || matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ',');
        out.push_str(if glued { "" } else { " " });
        joint = matches!(&tree, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
        match tree {
            TokenTree::Group(group) => out.push_str(&format!("{{{} }}", spelled(group.stream()))),
            tree => out.push_str(&tree.to_string()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn body(tokens: TokenStream) -> String {
        let text = print(tokens).expect("Rust");
        text.split_once(SKIP).expect("every file has it").1.trim_start().to_owned()
    }

    #[test]
    fn a_file_keeps_rustfmt_off_and_says_where_the_impls_of_serde_are() {
        assert_eq!(
            print(quote!(#![doc = " A."] #![doc = " B."] #![allow(b)] pub struct C; object! { C {} })).expect("Rust"),
            format!(
                "// {HEADER}\n{OBJECT}\n{SKIP}\n//! A.\n//! B.\n\n#![allow(b)]\n\npub struct C;\n\nobject! {{\n    \
                 C {{\n    }}\n}}\n"
            )
        );
        assert_eq!(
            print(quote!(
                pub struct C;
            ))
            .expect("Rust"),
            format!("// {HEADER}\n\n{SKIP}\npub struct C;\n")
        );
    }

    #[test]
    fn what_is_no_rust_is_not_written() {
        assert!(print(quote!(pub struct struct;)).is_err());
    }

    #[test]
    fn fields_of_an_object_take_a_line_each() {
        assert_eq!(
            body(quote!(::crdgen_runtime::object! { A { required b "{,", .. c } })),
            "::crdgen_runtime::object! {\n    A {\n        required b \"{,\",\n        .. c\n    }\n}\n"
        );
        assert_eq!(
            body(quote!(::crdgen_runtime::one_of! { A of B { C { c one c " ,", d one d "d" }, } })),
            "::crdgen_runtime::one_of! {\n    A of B {\n        C { c one c \" ,\", d one d \"d\" },\n    }\n}\n"
        );
    }

    #[test]
    fn functions_stand_apart() {
        assert_eq!(
            body(quote!(
                trait A {
                    const B: u8;
                    #[doc = " C."]
                    fn c();
                    fn d() {}
                    fn e() {}
                }
            )),
            "trait A {\n    const B: u8;\n\n    /// C.\n    fn c();\n\n    fn d() {}\n    fn e() {}\n}\n"
        );
        assert_eq!(
            body(quote!(impl A { fn b() { c(); } fn d() { e(); } })),
            "impl A {\n    fn b() {\n        c();\n    }\n\n    fn d() {\n        e();\n    }\n}\n"
        );
    }

    #[test]
    fn imports_stand_together_and_other_items_apart() {
        assert_eq!(
            body(quote!(
                pub mod a;
                pub mod b;
                pub use a::C;
                use b::D;
                use b::E;
                struct F;
                struct G;
            )),
            "pub mod a;\npub mod b;\n\npub use a::C;\n\nuse b::D;\nuse b::E;\n\nstruct F;\n\nstruct G;\n"
        );
    }
}
