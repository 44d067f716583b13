//! Types, patterns and expressions on one line.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use super::items::is_punct;

/// Maximum width of a struct expression on one line: that of prettyplease.
const STRUCT_WIDTH: usize = 35;

/// Keywords that a space separates from any other token.
const APART: [&str; 11] = ["as", "const", "dyn", "fn", "for", "impl", "in", "match", "mut", "pub", "type"];

/// Kind of the token that was printed last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// Identifier, literal, or the end of generic arguments.
    Value,
    /// Keyword of [`APART`].
    Keyword,
    Lifetime,
    /// Mark that belongs to the next token: `&`, `<`, `::`, `.`, `'`, the minus of a number.
    Prefix,
    /// Mark with a space after it.
    Infix,
    Group,
}

/// Returns tokens as prettyplease prints them if they fit on one line. Returns `None` for tokens that it prints in another
/// way, or that this function does not know.
pub fn flat(tokens: &[TokenTree]) -> Option<String> {
    let mut out = String::new();
    let mut before = Before::Nothing;
    let mut index = 0;
    while let Some(tree) = tokens.get(index) {
        index += 1;
        before = match tree {
            TokenTree::Ident(ident) => {
                let is_lifetime = before == Before::Prefix && out.ends_with('\'');
                out.push_str(if matches!(before, Before::Nothing | Before::Prefix) { "" } else { " " });
                let word = ident.to_string();
                out.push_str(&word);
                match () {
                    () if is_lifetime => Before::Lifetime,
                    () if APART.contains(&word.as_str()) => Before::Keyword,
                    () => Before::Value,
                }
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                match before {
                    Before::Nothing | Before::Prefix => out.push_str(&text),
                    Before::Infix => out.extend([" ", &text]),
                    _ => return None,
                }
                Before::Value
            }
            TokenTree::Punct(punct) => {
                let second = tokens.get(index).filter(|_| punct.spacing() == Spacing::Joint);
                let two = second.and_then(|second| two(punct.as_char(), second));
                index += usize::from(two.is_some());
                mark(two.unwrap_or(one(punct.as_char())?), before, &mut out)?
            }
            TokenTree::Group(group) => self::group(group, before, &mut out)?,
        };
    }
    Some(out)
}

/// Splits a list at its commas.
pub fn split(list: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut items = vec![Vec::new()];
    let mut depth = 0usize;
    let mut is_arrow = false;
    for tree in list {
        match &tree {
            TokenTree::Punct(punct) => {
                match punct.as_char() {
                    '<' => depth += 1,
                    '>' if !is_arrow => depth = depth.saturating_sub(1),
                    ',' if depth == 0 => {
                        items.push(Vec::new());
                        continue;
                    }
                    _ => {}
                }
                is_arrow = matches!(punct.as_char(), '=' | '-') && punct.spacing() == Spacing::Joint;
            }
            _ => is_arrow = false,
        }
        if let Some(item) = items.last_mut() {
            item.push(tree);
        }
    }
    items.pop_if(|last| last.is_empty());
    items
}

fn one(mark: char) -> Option<&'static str> {
    [",", ":", ".", "<", ">", "=", "-", "&", "'"].into_iter().find(|known| known.starts_with(mark))
}

fn two(first: char, second: &TokenTree) -> Option<&'static str> {
    let marks = ["::", "->", "=>", ".."].into_iter();
    marks.into_iter().find(|mark| mark.starts_with(first) && is_punct(second, mark.chars().last().unwrap_or(first)))
}

fn mark(mark: &'static str, before: Before, out: &mut String) -> Option<Before> {
    let needs_space = matches!(before, Before::Keyword | Before::Infix | Before::Lifetime);
    let (space, after) = match mark {
        "," | ":" => (false, Before::Infix),
        "=" | "->" | "=>" => (before != Before::Nothing, Before::Infix),
        "<" if before != Before::Value => return None,
        "<" | "." => (false, Before::Prefix),
        ">" => (false, Before::Value),
        "::" => (needs_space, Before::Prefix),
        // A binary operator would have a value before it.
        "&" | "'" | "-" if matches!(before, Before::Value | Before::Group | Before::Lifetime) => return None,
        "&" | "'" | "-" => (matches!(before, Before::Infix | Before::Keyword), Before::Prefix),
        _ => return None,
    };
    out.push_str(if space { " " } else { "" });
    out.push_str(mark);
    Some(after)
}

fn group(group: &Group, before: Before, out: &mut String) -> Option<Before> {
    let items = split(group.stream());
    let items: Vec<String> = items.iter().map(|item| field(item, group.delimiter())).collect::<Option<_>>()?;
    let items = items.join(", ");
    match group.delimiter() {
        Delimiter::Parenthesis => {
            out.push_str(if matches!(before, Before::Infix | Before::Keyword) { " " } else { "" });
            out.extend(["(", &items, ")"]);
        }
        Delimiter::Bracket => {
            out.push_str(match before {
                Before::Nothing | Before::Prefix => "",
                Before::Infix | Before::Lifetime => " ",
                _ => return None,
            });
            out.extend(["[", &items, "]"]);
        }
        Delimiter::Brace => {
            out.extend([" { ", &items, " }"]);
            (before == Before::Value && !items.is_empty() && !out.starts_with('&') && out.len() <= STRUCT_WIDTH)
                .then_some(())?;
        }
        Delimiter::None => return None,
    }
    Some(Before::Group)
}

/// Returns an item of a list. Only in a struct expression an item may begin with `..`.
fn field(item: &[TokenTree], delimiter: Delimiter) -> Option<String> {
    match item {
        [first, second, base @ ..]
            if delimiter == Delimiter::Brace && is_punct(first, '.') && is_punct(second, '.') =>
        {
            Some(format!("..{}", flat(base)?))
        }
        item => flat(item),
    }
}
