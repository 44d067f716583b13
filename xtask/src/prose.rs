//! `prose`: doc comments that do not say what their item is.
//!
//! A comment on a type names the thing, and one on a function says what it returns or does. A comment that opens with
//! "What" or "How" does neither, and one that repeats the name says nothing. A machine can check no more than that.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use crdgen_harness::check::Finding;
use crdgen_harness::{Verdict, workspace};
use proc_macro2::Ident;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// Check the doc comments of the workspace: their first words, and whether they say more than the name.
#[derive(clap::Args)]
pub struct Args {}

/// First words of comments that make a reader guess the subject.
const OPENINGS: [&str; 8] = ["What", "How", "Where", "Who", "Whose", "Of", "That", "The same"];

/// Mark of generated files, which no one writes by hand.
const GENERATED: &str = concat!("@", "generated");

/// Folders with Rust of this workspace.
const FOLDERS: [&str; 6] = ["crates", "docs", "examples", "fixtures", "fuzz", "xtask"];

pub fn run(_: &Args) -> Result<Verdict> {
    let findings = findings()?;
    for Finding { file, message } in &findings {
        println!("{}:{message}", file.display());
    }
    println!("{} comments to rewrite", findings.len());
    Ok(if findings.is_empty() { Verdict::Good } else { Verdict::Findings })
}

/// Returns the comments to rewrite, in the order of files and lines.
pub fn findings() -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for folder in FOLDERS {
        for path in workspace::files_where(&workspace::root().join(folder), is_source)? {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            if !text.contains(GENERATED) {
                let file = path.strip_prefix(workspace::root())?;
                findings.extend(said_of(&text).into_iter().map(|message| Finding { file: file.to_owned(), message }));
            }
        }
    }
    Ok(findings)
}

/// Returns whether a path is a Rust file, or a folder that may have some.
fn is_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !matches!(name, "target" | "node_modules") && (path.is_dir() || name.ends_with(".rs"))
}

/// Returns line and fault of each comment to rewrite.
fn said_of(text: &str) -> Vec<String> {
    // The compiler finds files that are no Rust.
    let Ok(file) = syn::parse_file(text) else { return Vec::new() };
    let mut reader = Reader { found: Vec::new() };
    reader.visit_file(&file);
    reader.found.sort();
    reader.found.into_iter().map(|(line, message)| format!("{line}: {message}")).collect()
}

struct Reader {
    found: Vec<(usize, String)>,
}

impl Reader {
    /// Checks the comment among the attributes of an item.
    fn check(&mut self, attributes: &[Attribute], name: Option<&Ident>) {
        let Some(first) = attributes.iter().find(|attribute| doc(attribute).is_some()) else { return };
        let text: Vec<_> = attributes.iter().filter_map(doc).collect();
        let text = text.join("\n");
        let said = opening(&text).map(|opening| format!("the comment begins with `{opening}`")).or_else(|| {
            name.filter(|name| repeats(&text, &name.to_string())).map(|_| "the comment repeats the name".into())
        });
        self.found.extend(said.map(|said| (first.span().start().line, said)));
    }
}

/// Returns the text of a doc attribute.
fn doc(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// Returns the first words of a comment that make a reader guess.
fn opening(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    OPENINGS.into_iter().find(|opening| {
        text.strip_prefix(opening).is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
    })
}

/// Returns whether a comment has the words of a name and no others. A word in backticks is a key or a literal, which says
/// where a value comes from.
fn repeats(text: &str, name: &str) -> bool {
    if text.contains('`') {
        return false;
    }
    let words: String = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !matches!(*word, "a" | "A" | "an" | "An" | "the" | "The"))
        .collect();
    let name: String = name.trim_start_matches("r#").split('_').collect();
    words.eq_ignore_ascii_case(&name)
}

macro_rules! read {
    ($($visit:ident($node:ty) $name:expr;)*) => {
        impl<'ast> Visit<'ast> for Reader {
            $(
                fn $visit(&mut self, node: &'ast $node) {
                    let name: fn(&$node) -> Option<&Ident> = $name;
                    self.check(&node.attrs, name(node));
                    visit::$visit(self, node);
                }
            )*
        }
    };
}

read! {
    visit_file(syn::File) |_| None;
    visit_field(syn::Field) |node| node.ident.as_ref();
    visit_foreign_item_fn(syn::ForeignItemFn) |node| Some(&node.sig.ident);
    visit_impl_item_const(syn::ImplItemConst) |node| Some(&node.ident);
    visit_impl_item_fn(syn::ImplItemFn) |node| Some(&node.sig.ident);
    visit_impl_item_type(syn::ImplItemType) |node| Some(&node.ident);
    visit_item_const(syn::ItemConst) |node| Some(&node.ident);
    visit_item_enum(syn::ItemEnum) |node| Some(&node.ident);
    visit_item_fn(syn::ItemFn) |node| Some(&node.sig.ident);
    visit_item_impl(syn::ItemImpl) |_| None;
    visit_item_macro(syn::ItemMacro) |node| node.ident.as_ref();
    visit_item_mod(syn::ItemMod) |node| Some(&node.ident);
    visit_item_static(syn::ItemStatic) |node| Some(&node.ident);
    visit_item_struct(syn::ItemStruct) |node| Some(&node.ident);
    visit_item_trait(syn::ItemTrait) |node| Some(&node.ident);
    visit_item_type(syn::ItemType) |node| Some(&node.ident);
    visit_trait_item_const(syn::TraitItemConst) |node| Some(&node.ident);
    visit_trait_item_fn(syn::TraitItemFn) |node| Some(&node.sig.ident);
    visit_trait_item_type(syn::TraitItemType) |node| Some(&node.ident);
    visit_variant(syn::Variant) |node| Some(&node.ident);
}

#[cfg(test)]
mod tests {
    use super::said_of;

    #[test]
    fn comments_that_make_a_reader_guess_are_found_with_their_lines() {
        let text = "//! How it works.\n\n/// What was read.\nstruct A {\n    /// Of the object.\n    b: u8,\n}\n\n/// The same.\nfn c() {}\n";
        assert_eq!(
            said_of(text),
            [
                "1: the comment begins with `How`",
                "3: the comment begins with `What`",
                "5: the comment begins with `Of`",
                "9: the comment begins with `The same`"
            ]
        );
    }

    #[test]
    fn comments_that_repeat_the_name_are_found() {
        let text = "/// The field manager.\nstruct FieldManager {\n    /// Plural.\n    plural: u8,\n    /// Plural name, in lower case.\n    name: u8,\n}\n";
        assert_eq!(said_of(text), ["1: the comment repeats the name", "3: the comment repeats the name"]);
    }

    #[test]
    fn plain_comments_pass() {
        let text = "/// Returns how many objects there are.\nfn count() {}\n\n/// Offset in bytes.\nfn off() {}\n\n/// Whatever.\nfn a() {}\n";
        assert!(said_of(text).is_empty());
    }
}
