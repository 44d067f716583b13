//! Items printed from their tokens, without parsing.
//!
//! Most generated code is structs whose fields fit on one line each, enums, and impls of constants and small functions. They
//! are printed as prettyplease prints them, at a small part of the cost. Anything else is left to prettyplease.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use syn::Lit;

use super::flat::flat;
use super::items::{is_joint, is_punct, is_word};
use crate::keyword::is_keyword;

/// Maximum width of a line: that of prettyplease.
pub const MARGIN: usize = 89;

/// Indentation of a level, in spaces.
const INDENT: usize = 4;

/// Prints a struct with named fields, an enum, an impl or a call of a macro. Returns `None` for other items, and for items that prettyplease may
/// print in another way.
pub fn item(item: &[TokenTree]) -> Option<String> {
    let mut printer = Printer::default();
    if let [path @ .., bang, TokenTree::Group(arguments), end] = item
        && is_punct(bang, '!')
        && is_punct(end, ';')
    {
        printer.call(path, arguments)?;
        return Some(printer.out);
    }
    let (TokenTree::Group(body), head) = printer.attributes(item)?.split_last()? else { return None };
    if body.delimiter() != Delimiter::Brace || body.stream().is_empty() {
        return None;
    }
    match head {
        [public, keyword, name]
            if is_word(public, "pub") && (is_word(keyword, "struct") || is_word(keyword, "enum")) =>
        {
            printer.text(&format!("pub {keyword} "));
            printer.ident(name)?;
        }
        [keyword, ..] if is_word(keyword, "impl") => printer.text(&flat(head)?),
        _ => return None,
    }
    printer.text(" {");
    printer.end_line()?;
    printer.indented(|printer| match head {
        [_, keyword, _] if is_word(keyword, "struct") => printer.fields(body.stream()),
        [_, keyword, _] if is_word(keyword, "enum") => printer.variants(body.stream()),
        _ => printer.members(body.stream()),
    })?;
    printer.text("}");
    printer.break_line();
    Some(printer.out)
}

/// Printer of a file's lines.
#[derive(Default)]
pub struct Printer {
    out: String,
    /// Beginning of the current line.
    line: usize,
    /// Indentation of lines that begin now, in spaces.
    indent: usize,
}

impl Printer {
    pub fn text(&mut self, text: &str) {
        if self.line == self.out.len() {
            self.out.extend(std::iter::repeat_n(' ', self.indent));
        }
        self.out.push_str(text);
    }

    /// Ends a line, unless prettyplease would break it.
    fn end_line(&mut self) -> Option<()> {
        if self.out.len() - self.line > MARGIN {
            return None;
        }
        self.break_line();
        Some(())
    }

    pub fn break_line(&mut self) {
        self.out.push('\n');
        self.line = self.out.len();
    }

    /// Prints lines that are indented by one level more.
    pub fn indented(&mut self, print: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.indent += INDENT;
        print(self)?;
        self.indent -= INDENT;
        Some(())
    }

    /// Returns the column of the next byte.
    pub fn column(&self) -> usize {
        (self.out.len() - self.line).max(self.indent)
    }

    /// Returns the indentation of lines that begin now, in spaces.
    pub fn indentation(&self) -> usize {
        self.indent
    }

    pub fn ident(&mut self, tree: &TokenTree) -> Option<()> {
        let TokenTree::Ident(ident) = tree else { return None };
        let text = ident.to_string();
        self.text(&text);
        (!is_keyword(&text)).then_some(())
    }

    /// Prints the outer attributes at the beginning of some tokens, and returns the other tokens.
    pub fn attributes<'t>(&mut self, mut tokens: &'t [TokenTree]) -> Option<&'t [TokenTree]> {
        while let [hash, TokenTree::Group(content), rest @ ..] = tokens
            && is_punct(hash, '#')
            && content.delimiter() == Delimiter::Bracket
        {
            self.attribute(content.stream())?;
            tokens = rest;
        }
        Some(tokens)
    }

    fn attribute(&mut self, content: TokenStream) -> Option<()> {
        let content: Vec<TokenTree> = content.into_iter().collect();
        match content.as_slice() {
            [doc, equals, TokenTree::Literal(text)] if is_word(doc, "doc") && is_punct(equals, '=') => self.doc(text),
            [derive, TokenTree::Group(traits)] if is_word(derive, "derive") => {
                self.text("#[derive(");
                self.paths(traits.stream())?;
                self.text(")]");
                self.end_line()
            }
            _ => None,
        }
    }

    fn doc(&mut self, literal: &Literal) -> Option<()> {
        let written = literal.to_string();
        // `quote!` writes the doc comments of its tokens as raw strings.
        if let Some(raw) = written.strip_prefix("r\"") {
            return self.doc_line(raw.strip_suffix('"')?);
        }
        let text = written.strip_prefix('"')?.strip_suffix('"')?;
        if text.contains('\\') {
            match Lit::new(literal.clone()) {
                Lit::Str(text) => self.doc_line(&text.value()),
                _ => None,
            }
        } else {
            self.doc_line(text)
        }
    }

    fn doc_line(&mut self, text: &str) -> Option<()> {
        if text.contains('\n') || text.starts_with('/') {
            return None;
        }
        self.text("///");
        self.text(text.trim_end_matches(' '));
        self.break_line();
        Some(())
    }

    /// Prints a call of a macro with paths in parentheses.
    fn call(&mut self, path: &[TokenTree], arguments: &Group) -> Option<()> {
        (arguments.delimiter() == Delimiter::Parenthesis && self.path(path)?.is_empty()).then_some(())?;
        self.text("!(");
        self.paths(arguments.stream())?;
        self.text(");");
        self.end_line()
    }

    fn fields(&mut self, fields: TokenStream) -> Option<()> {
        let fields: Vec<TokenTree> = fields.into_iter().collect();
        let mut rest = fields.as_slice();
        while !rest.is_empty() {
            rest = self.attributes(rest)?;
            let [public, name, colon, after @ ..] = rest else { return None };
            if !is_word(public, "pub") || !is_punct(colon, ':') {
                return None;
            }
            self.text("pub ");
            self.ident(name)?;
            self.text(": ");
            rest = match self.ty(after, 1)? {
                [] => &[],
                [comma, after @ ..] => is_punct(comma, ',').then_some(after)?,
            };
            self.text(",");
            self.break_line();
        }
        Some(())
    }

    /// Prints the path at the beginning of some tokens, with each generic argument on a line of its own if the line would
    /// become too long, and returns the other tokens. `trailing` bytes follow the path on its last line.
    fn ty<'t>(&mut self, tokens: &'t [TokenTree], trailing: usize) -> Option<&'t [TokenTree]> {
        let start = self.out.len();
        let rest = self.path(tokens)?;
        if self.column() + trailing <= MARGIN {
            return Some(rest);
        }
        let path = &tokens[..tokens.len() - rest.len()];
        let Some(open) = path.iter().position(|tree| is_punct(tree, '<')) else { return Some(rest) };
        self.out.truncate(start);
        self.path(&tokens[..open])?;
        self.text("<");
        self.break_line();
        let mut arguments = &tokens[open + 1..];
        self.indented(|printer| {
            loop {
                let start = printer.out.len();
                let is_last = is_punct(printer.path(arguments)?.first()?, '>');
                printer.out.truncate(start);
                let after = printer.ty(arguments, usize::from(!is_last))?;
                printer.text(",");
                printer.break_line();
                arguments = &after[1..];
                if is_last {
                    return Some(());
                }
            }
        })?;
        self.text(">");
        Some(arguments)
    }

    fn variants(&mut self, variants: TokenStream) -> Option<()> {
        let variants: Vec<TokenTree> = variants.into_iter().collect();
        let mut rest = variants.as_slice();
        while !rest.is_empty() {
            let (name, mut after) = self.attributes(rest)?.split_first()?;
            self.ident(name)?;
            if let [TokenTree::Group(value), others @ ..] = after {
                let value: Vec<TokenTree> = value.stream().into_iter().collect();
                self.text(&format!("({})", flat(&value)?));
                after = others;
            }
            rest = match after {
                [] => &[],
                [comma, after @ ..] => is_punct(comma, ',').then_some(after)?,
            };
            self.text(",");
            self.end_line()?;
        }
        Some(())
    }

    /// Prints paths with commas between them.
    fn paths(&mut self, paths: TokenStream) -> Option<()> {
        let paths: Vec<TokenTree> = paths.into_iter().collect();
        let mut rest = self.path(&paths)?;
        while let [comma, after @ ..] = rest {
            is_punct(comma, ',').then_some(())?;
            self.text(", ");
            rest = self.path(after)?;
        }
        Some(())
    }

    /// Prints the path at the beginning of some tokens, and returns the other tokens.
    fn path<'t>(&mut self, tokens: &'t [TokenTree]) -> Option<&'t [TokenTree]> {
        let mut rest = self.colons(tokens).unwrap_or(tokens);
        loop {
            let (name, after) = rest.split_first()?;
            self.ident(name)?;
            rest = match after {
                [open, arguments @ ..] if is_punct(open, '<') => self.arguments(arguments)?,
                _ => after,
            };
            match self.colons(rest) {
                Some(after) => rest = after,
                None => return Some(rest),
            }
        }
    }

    /// Prints generic arguments after `<`, and returns the tokens after `>`.
    fn arguments<'t>(&mut self, tokens: &'t [TokenTree]) -> Option<&'t [TokenTree]> {
        self.text("<");
        let mut rest = self.path(tokens)?;
        loop {
            let (mark, after) = rest.split_first()?;
            if is_punct(mark, '>') {
                self.text(">");
                return Some(after);
            }
            is_punct(mark, ',').then_some(())?;
            self.text(", ");
            rest = self.path(after)?;
        }
    }

    /// Prints `::` if some tokens begin with it, and returns the other tokens.
    fn colons<'t>(&mut self, tokens: &'t [TokenTree]) -> Option<&'t [TokenTree]> {
        match tokens {
            [first, second, rest @ ..] if is_joint(first, ':') && is_punct(second, ':') => {
                self.text("::");
                Some(rest)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::{format_ident, quote};

    use super::*;

    #[test]
    fn fields_of_any_width_are_printed_as_prettyplease_prints_them() {
        let mut plain = 0;
        for width in 1..120 {
            let name = format_ident!("{}", "L".repeat(width));
            for ty in [
                quote!(#name),
                quote!(Option<#name>),
                quote!(Option<Box<Vec<#name>>>),
                quote!(::std::collections::BTreeMap<String, #name>),
            ] {
                let tokens = quote!(
                    pub struct A {
                        pub b: #ty,
                        pub c: Vec<String>,
                        pub d: Option<i32>,
                    }
                );
                let file = syn::parse2(tokens.clone()).expect("Rust");
                let trees: Vec<TokenTree> = tokens.into_iter().collect();
                if let Some(text) = item(&trees) {
                    assert_eq!(text, prettyplease::unparse(&file));
                    plain += 1;
                }
            }
        }
        assert!(plain > 300, "{plain}");
    }
}
