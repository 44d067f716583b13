//! Impls of constants and small functions, printed from their tokens as prettyplease prints them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::flat::{flat, split};
use super::items::{is_punct, is_word};
use super::plain::{MARGIN, Printer};

/// Minimum width of a line, however deep it is indented: that of prettyplease.
const MIN_WIDTH: usize = 60;

impl Printer {
    /// Prints the members of an impl.
    pub fn members(&mut self, members: TokenStream) -> Option<()> {
        let members: Vec<TokenTree> = members.into_iter().collect();
        let mut rest = members.as_slice();
        while !rest.is_empty() {
            rest = self.attributes(rest)?;
            let is_end = |tree: &TokenTree| is_punct(tree, ';') || is_group(tree, Delimiter::Brace);
            let (member, after) = rest.split_at(rest.iter().position(is_end)? + 1);
            match member.split_last()? {
                (TokenTree::Group(body), head) => self.function(head, body.stream())?,
                (_, constant) => self.constant(constant)?,
            }
            rest = after;
        }
        Some(())
    }

    /// Prints a constant or an associated type.
    fn constant(&mut self, tokens: &[TokenTree]) -> Option<()> {
        let equals = tokens.iter().position(|tree| is_punct(tree, '='))?;
        let head = flat(&tokens[..=equals])?;
        ["pub const ", "const ", "type "].iter().any(|keyword| head.starts_with(keyword)).then_some(())?;
        self.text(&head);
        self.text(" ");
        self.expression(&tokens[equals + 1..], 1)?;
        self.text(";");
        self.break_line();
        Some(())
    }

    fn function(&mut self, head: &[TokenTree], body: TokenStream) -> Option<()> {
        let at = head.iter().position(|tree| is_group(tree, Delimiter::Parenthesis))?;
        let TokenTree::Group(parameters) = &head[at] else { return None };
        let (name, result) = (flat(&head[..at])?, flat(&head[at + 1..])?);
        (name.starts_with("pub fn ") || name.starts_with("fn ")).then_some(())?;
        let result = if result.is_empty() { " {".to_owned() } else { format!(" {result} {{") };
        self.text(&name);
        self.list(('(', ')'), parameters.stream(), result.len())?;
        self.text(&result);
        self.break_line();
        self.indented(|printer| printer.body(body))?;
        self.text("}");
        self.break_line();
        Some(())
    }

    /// Prints the body of a function: a `match`, or another expression.
    fn body(&mut self, body: TokenStream) -> Option<()> {
        let tokens: Vec<TokenTree> = body.into_iter().collect();
        match tokens.as_slice() {
            [word, on @ .., TokenTree::Group(arms)] if is_word(word, "match") => {
                self.text(&format!("match {} {{", flat(on)?));
                self.break_line();
                self.indented(|printer| printer.arms(arms.stream()))?;
                self.text("}");
            }
            expression => self.expression(expression, 0)?,
        }
        self.break_line();
        Some(())
    }

    /// Prints the arms of a `match`, unless one is too long for a line.
    fn arms(&mut self, arms: TokenStream) -> Option<()> {
        for arm in split(arms) {
            let arm = flat(&arm)?;
            self.text(&arm);
            (arm.contains(" => ") && self.column() < MARGIN).then_some(())?;
            self.text(",");
            self.break_line();
        }
        Some(())
    }

    /// Prints an expression. `trailing` bytes follow it on its last line.
    fn expression(&mut self, tokens: &[TokenTree], trailing: usize) -> Option<()> {
        if let Some(line) = flat(tokens)
            && self.fits(line.len() + trailing)
        {
            self.text(&line);
            return Some(());
        }
        match tokens.split_last()? {
            (TokenTree::Group(group), path) => {
                let head = flat(path)?;
                (!head.contains('.')).then_some(())?;
                self.text(&head);
                match group.delimiter() {
                    Delimiter::Parenthesis => self.arguments_of_call(group.stream(), trailing),
                    Delimiter::Bracket => self.list(('[', ']'), group.stream(), trailing),
                    Delimiter::Brace if !path.is_empty() && !head.starts_with('&') => {
                        self.fields_of_value(group.stream())
                    }
                    _ => None,
                }
            }
            // A literal is not broken.
            (TokenTree::Literal(literal), []) => {
                self.text(&literal.to_string());
                Some(())
            }
            _ => None,
        }
    }

    fn arguments_of_call(&mut self, arguments: TokenStream, trailing: usize) -> Option<()> {
        match split(arguments.clone()).as_slice() {
            // The only argument of a call begins on the line of the call if it has brackets of its own.
            [only]
                if is_group(only.last()?, Delimiter::Brace)
                    || only.len() == 1 && matches!(only[0], TokenTree::Group(_)) =>
            {
                self.text("(");
                self.expression(only, trailing + 1)?;
                self.text(")");
                Some(())
            }
            _ => self.list(('(', ')'), arguments, trailing),
        }
    }

    /// Prints a list on one line, or with each item on a line of its own.
    fn list(&mut self, (open, close): (char, char), list: TokenStream, trailing: usize) -> Option<()> {
        let items = split(list);
        let lines: Option<Vec<String>> = items.iter().map(|item| flat(item)).collect();
        let line = lines.map(|lines| format!("{open}{}{close}", lines.join(", ")));
        if let Some(line) = line.filter(|line| self.fits(line.len() + trailing)) {
            self.text(&line);
            return Some(());
        }
        self.text(open.encode_utf8(&mut [0; 4]));
        self.break_line();
        let last = items.len().checked_sub(1)?;
        self.indented(|printer| {
            for (index, item) in items.iter().enumerate() {
                printer.expression(item, usize::from(index < last))?;
                printer.text(",");
                printer.break_line();
            }
            Some(())
        })?;
        self.text(close.encode_utf8(&mut [0; 4]));
        Some(())
    }

    /// Prints the fields of a struct expression, each on a line of its own.
    fn fields_of_value(&mut self, fields: TokenStream) -> Option<()> {
        let fields = split(fields);
        let last = fields.len().checked_sub(1)?;
        self.text(" {");
        self.break_line();
        self.indented(|printer| {
            for (index, field) in fields.iter().enumerate() {
                match field.as_slice() {
                    [first, second, base @ ..] if is_punct(first, '.') && is_punct(second, '.') => {
                        printer.text("..");
                        printer.expression(base, 0)?;
                    }
                    [name, colon, value @ ..] if is_punct(colon, ':') => {
                        printer.ident(name)?;
                        printer.text(": ");
                        printer.expression(value, usize::from(index < last))?;
                        printer.text(",");
                    }
                    [name] => {
                        printer.ident(name)?;
                        printer.text(",");
                    }
                    _ => return None,
                }
                printer.break_line();
            }
            Some(())
        })?;
        self.text("}");
        Some(())
    }

    fn fits(&self, bytes: usize) -> bool {
        self.column() + bytes <= MARGIN.max(self.indentation() + MIN_WIDTH)
    }
}

fn is_group(tree: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == delimiter)
}
