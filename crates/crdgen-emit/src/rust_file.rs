//! Rust files from tokens. Simple items and the runtime's lists of fields are printed as they are (`plain`). Everything else is
//! parsed by `syn`, so that only valid Rust is written, and printed by prettyplease.
//!
//! rustfmt skips them, because `crdgen generate --check` compares what a user's `cargo fmt` or editor would change.

mod expression;
mod flat;
mod items;
mod plain;

use proc_macro2::{Spacing, TokenStream, TokenTree};
use syn::File;

use crate::HEADER;
use items::Item;

/// Attribute that keeps rustfmt from changing the file, with any settings, also when an editor formats it alone.
const SKIP: &str = "#![cfg_attr(rustfmt, rustfmt_skip)]\n";

/// Comment in the head of a file that contains an `object!`.
const OBJECT: &str = "// `object!` implements serde's `Serialize` and `Deserialize` for the struct above it.\n\
                      // For derives instead, set `serde = \"derive\"` in `[rust]` of crdgen.toml.\n";

/// Prints a file: the header, then the items with a blank line between them.
///
/// # Errors
///
/// The tokens are not a Rust file.
pub fn print(tokens: TokenStream) -> syn::Result<String> {
    let (attributes, items) = items::split(tokens);
    let comment = if items.iter().any(|item| item.calls("object")) { OBJECT } else { "" };
    let mut parts = vec![format!("// {HEADER}\n{comment}"), SKIP.to_owned()];
    for attributes in attributes.into_iter().filter(|attributes| !attributes.is_empty()) {
        parts.push(parsed(attributes)?);
    }
    for group in groups(items) {
        parts.push(self::group(&group)?);
    }
    Ok(parts.join("\n"))
}

/// Prints tokens as prettyplease does.
fn parsed(tokens: TokenStream) -> syn::Result<String> {
    let file: File = syn::parse2(tokens)?;
    Ok(format!("{}\n", prettyplease::unparse(&file).trim_end()))
}

/// Groups items that get no blank line between them: imports, exports, modules. Any other item is alone.
fn groups(items: Vec<Item>) -> Vec<Vec<Item>> {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    for item in items {
        match groups.last_mut() {
            Some(last) if item.kind().is_some() && last.last().and_then(Item::kind) == item.kind() => last.push(item),
            _ => groups.push(vec![item]),
        }
    }
    groups
}

fn group(items: &[Item]) -> syn::Result<String> {
    if let [item] = items {
        if let Some((path, content)) = ["object", "one_of"].iter().find_map(|name| item.call(name)) {
            return Ok(listed(path, content));
        }
        if let Some(plain) = plain::item(item.tokens()) {
            return Ok(spaced(&plain));
        }
    }
    Ok(spaced(&parsed(items.iter().flat_map(|item| item.tokens().iter().cloned()).collect())?))
}

/// Adds blank lines to an item: between its functions, and before documented constants and functions.
fn spaced(item: &str) -> String {
    let mut out = String::with_capacity(item.len());
    let mut above = "";
    for line in item.lines() {
        let begins = ["    ///", "    fn ", "    pub fn "].iter().any(|start| line.starts_with(start));
        let is_statement = above.ends_with(';') && !above.trim_start().starts_with("//");
        if above == "    }" && line != "}" || is_statement && begins {
            out.push('\n');
        }
        out.extend([line, "\n"]);
        above = line;
    }
    out
}

/// Prints an `object!` or `one_of!` with one field on each line. Prettyplease would fill the lines.
fn listed(path: &[TokenTree], content: TokenStream) -> String {
    let mut out: String = path.iter().map(TokenTree::to_string).collect();
    out.push_str("! {\n   ");
    for tree in content {
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

/// Prints tokens with a space before each, except commas and the rest of a longer mark.
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
    fn doc_comments_of_quoted_code_and_calls_are_printed_without_parsing() {
        let tokens = quote! {
            /// A \c.
            pub enum A {
                /// D.
                D,
            }
            ::crdgen_runtime::open_enum!(A, b::C);
        };
        let (_, items) = items::split(tokens.clone());
        assert!(items.iter().all(|item| plain::item(item.tokens()).is_some()));
        assert_eq!(
            body(tokens),
            "/// A \\c.\npub enum A {\n    /// D.\n    D,\n}\n\n::crdgen_runtime::open_enum!(A, b::C);\n"
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
    fn docs_stay_together_whatever_their_lines_end_in() {
        let text = "struct A {\n    /// ```text\n    /// a();\n    /// ```\n    b: u8,\n}\n";
        assert_eq!(
            body(quote!(
                struct A {
                    #[doc = " ```text"]
                    #[doc = " a();"]
                    #[doc = " ```"]
                    b: u8,
                }
            )),
            text
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
