//! Tokens to text: parsed by `syn`, so that nothing that is no Rust is ever written, and printed by prettyplease.

use proc_macro2::TokenStream;

use crate::HEADER;

/// A whole file with the header line.
pub fn print(tokens: TokenStream) -> syn::Result<String> {
    let file: syn::File = syn::parse2(tokens)?;
    Ok(format!("// {HEADER}\n{}", prettyplease::unparse(&file)))
}
