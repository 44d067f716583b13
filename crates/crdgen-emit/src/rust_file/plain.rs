//! Structs printed from their tokens, without parsing.
//!
//! Most generated code is structs whose fields fit on one line each. They are printed as prettyplease prints
//! them, at a small part of the cost. Anything else is left to prettyplease.

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use syn::Lit;

use super::items::{is_joint, is_punct, is_word};
use crate::keyword::is_keyword;

/// Maximum width of a line: that of prettyplease.
const MARGIN: usize = 89;

/// Prints a struct with named fields. Returns `None` for other items, and for a struct that prettyplease would print with
/// a field on several lines.
pub fn structure(item: &[TokenTree]) -> Option<String> {
    let mut printer = Printer { out: String::new(), line: 0, indent: "" };
    let rest = printer.attributes(item)?;
    let [public, keyword, name, TokenTree::Group(fields)] = rest else { return None };
    let is_struct = is_word(public, "pub") && is_word(keyword, "struct") && fields.delimiter() == Delimiter::Brace;
    if !is_struct || fields.stream().is_empty() {
        return None;
    }
    printer.text("pub struct ");
    printer.ident(name)?;
    printer.text(" {");
    printer.end_line()?;
    printer.fields(fields.stream())?;
    printer.indent = "";
    printer.text("}");
    printer.end_line()?;
    Some(printer.out)
}

struct Printer {
    out: String,
    /// Beginning of the current line.
    line: usize,
    indent: &'static str,
}

impl Printer {
    fn text(&mut self, text: &str) {
        if self.line == self.out.len() {
            self.out.push_str(self.indent);
        }
        self.out.push_str(text);
    }

    /// Ends a line, unless it is too long for one line.
    fn end_line(&mut self) -> Option<()> {
        if self.out.len() - self.line > MARGIN {
            return None;
        }
        self.break_line();
        Some(())
    }

    fn break_line(&mut self) {
        self.out.push('\n');
        self.line = self.out.len();
    }

    fn ident(&mut self, tree: &TokenTree) -> Option<()> {
        let TokenTree::Ident(ident) = tree else { return None };
        let text = ident.to_string();
        self.text(&text);
        (!is_keyword(&text)).then_some(())
    }

    /// Prints the outer attributes at the beginning of some tokens, and returns the other tokens.
    fn attributes<'t>(&mut self, mut tokens: &'t [TokenTree]) -> Option<&'t [TokenTree]> {
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

    fn fields(&mut self, fields: TokenStream) -> Option<()> {
        self.indent = "    ";
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
            rest = match self.path(after)? {
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
