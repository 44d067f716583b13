//! Rust identifiers from wire names.

use std::collections::BTreeSet;

use crdgen_model::{Object, TypeDef};
use heck::ToSnakeCase;
use proc_macro2::Ident;

use crate::keyword::is_keyword;

/// Returns a name as an identifier.
pub fn ident(name: &str) -> Ident {
    Ident::new(name, proc_macro2::Span::call_site())
}

/// Returns the identifier of a type. It is the neutral name, except for `Self`, which cannot be a type's
/// name.
pub fn type_ident(def: &TypeDef) -> Ident {
    ident(match def.name.as_str() {
        "Self" => "Self_",
        name => name,
    })
}

/// Returns identifiers for the fields of `object`, in their order. `given` has an identifier for some
/// indexes; the others are made from their wire names. The fields of a root's envelope keep their own
/// identifiers.
pub fn of_fields<'a>(def: &TypeDef, object: &Object, given: &dyn Fn(usize) -> Option<&'a str>) -> Vec<String> {
    let mut reserved: Vec<&str> = (0..object.fields.len()).filter_map(given).collect();
    reserved.extend(root_fields(def));
    let wires = object.fields.iter().enumerate().filter(|(index, _)| given(*index).is_none());
    let mut others = from_wires(&reserved, wires.map(|(_, field)| field.wire.as_str())).into_iter();
    let name = |index| given(index).map(str::to_owned).or_else(|| others.next()).unwrap_or_default();
    (0..object.fields.len()).map(name).collect()
}

/// Returns identifiers for the fields of `object`, in their order, without identifiers of the project.
pub fn field_idents(def: &TypeDef, object: &Object) -> Vec<String> {
    of_fields(def, object, &|_| None)
}

/// Returns the fields that a type has beside those of its shape.
pub fn root_fields(def: &TypeDef) -> &'static [&'static str] {
    match def.root_of.or(def.view_of) {
        Some(_) => &["api_version", "kind", "metadata"],
        None => &[],
    }
}

/// Returns a name for the field for undeclared keys that differs from the other names.
pub fn unknown_name<'a>(names: impl Iterator<Item = &'a Ident> + Clone) -> Ident {
    let mut name = "unknown_fields".to_owned();
    while names.clone().any(|taken| *taken == name) {
        name.push('_');
    }
    ident(&name)
}

/// Returns identifiers for wire names, in their order: in snake case, unique, and not keywords. A wire name
/// that already is an identifier keeps it. The others get their style as a suffix if necessary: beside
/// `foo_bar`, `fooBar` becomes `foo_bar_camel`.
fn from_wires<'a>(reserved: &[&str], wires: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wires: Vec<(&str, String)> = wires.map(|wire| (wire, snake(wire))).collect();
    let is_ident = |wire: &str, plain: &str| plain == wire && !reserved.contains(&wire);
    let idents = wires.iter().filter(|(wire, plain)| is_ident(wire, plain));
    let mut taken: BTreeSet<String> = idents.map(|(_, plain)| plain.clone()).collect();
    taken.extend(reserved.iter().map(|name| (*name).to_owned()));
    wires
        .into_iter()
        .map(|(wire, plain)| {
            if is_ident(wire, &plain) || taken.insert(plain.clone()) {
                return plain;
            }
            let mut name = legal(format!("{}_{}", snake_spelled(wire), style(wire)));
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            name
        })
        .collect()
}

/// Returns a module identifier that is not in `taken`, and adds it to `taken`.
pub fn module_ident(text: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = snake(text);
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// Returns the snake case of a text, changed if it would be a keyword.
pub fn snake(text: &str) -> String {
    let ascii: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let name = match ascii.trim().is_empty() {
        true => snake_spelled(text),
        false => plural_acronyms(&ascii).to_snake_case(),
    };
    legal(name)
}

/// Makes the plural of an acronym one word: `podIPs` gives `podIps`.
fn plural_acronyms(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let upper = |at: usize| chars.get(at).is_some_and(char::is_ascii_uppercase);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let run = (at..chars.len()).take_while(|&i| upper(i)).count();
        let plural = run > 1 && chars.get(at + run) == Some(&'s');
        if plural && !chars.get(at + run + 1).is_some_and(char::is_ascii_lowercase) {
            out.push(chars[at]);
            out.extend(chars[at + 1..at + run].iter().map(char::to_ascii_lowercase));
        } else {
            out.extend(&chars[at..at + run.max(1)]);
        }
        at += run.max(1);
    }
    out
}

/// Returns the snake case of a text with every symbol written as a word.
fn snake_spelled(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        match c {
            'A'..='Z' => {
                if name.chars().last().is_some_and(|last| last.is_ascii_lowercase()) {
                    name.push('_');
                }
                name.push(c.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' => name.push(c),
            '_' => name.push('_'),
            '-' => name.push_str("_minus_"),
            '.' => name.push_str("_dot_"),
            '/' => name.push_str("_slash_"),
            '$' => name.push_str("_dollar_"),
            other => name.push_str(&format!("_u{:x}_", u32::from(other))),
        }
    }
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    words.join("_")
}

fn style(wire: &str) -> &'static str {
    if wire.contains('-') {
        "kebab"
    } else if wire.contains('_') {
        "snake"
    } else if wire.contains('.') {
        "dotted"
    } else if wire.starts_with(|c: char| c.is_ascii_uppercase()) {
        "pascal"
    } else {
        "camel"
    }
}

fn legal(name: String) -> String {
    if name.is_empty() {
        return "empty".to_owned();
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{name}");
    }
    if is_keyword(&name) { format!("{name}_") } else { name }
}

/// Returns the name that serde's `rename_all = "camelCase"` gives to a field identifier.
pub fn serde_camel(ident: &str) -> String {
    let mut out = String::new();
    let mut capitalize = false;
    for c in ident.chars() {
        match c {
            '_' => capitalize = !out.is_empty() || capitalize,
            c if capitalize => {
                out.push(c.to_ascii_uppercase());
                capitalize = false;
            }
            c => out.push(c),
        }
    }
    // serde capitalises the first letter and then makes it lower case again.
    let mut chars = out.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idents(wires: &[&str]) -> Vec<String> {
        from_wires(&[], wires.iter().copied())
    }

    #[test]
    fn keywords_digits_and_symbols_become_identifiers() {
        assert_eq!(
            idents(&["type", "self", "3scale", "$schema", "http-code", "-", "podIPs", "x.y/z", "gen"]),
            ["type_", "self_", "_3scale", "schema", "http_code", "minus", "pod_ips", "x_y_z", "gen_"]
        );
    }

    #[test]
    fn names_that_fall_together_stay_apart() {
        assert_eq!(idents(&["fooBar", "foo_bar"]), ["foo_bar_camel", "foo_bar"]);
        assert_eq!(idents(&["a.b", "a-b", "aB"]), ["a_b", "a_minus_b_kebab", "a_b_camel"]);
        assert_eq!(idents(&["type", "type_"]), ["type_camel", "type_"]);
        assert_eq!(idents(&["1-5", "1.5"]), ["_1_5", "_1_dot_5_dotted"]);
        assert_eq!(from_wires(&["kind"], ["kind_", "kind"].into_iter()), ["kind_snake", "kind_camel"]);
    }

    #[test]
    fn camel_case_is_serdes() {
        for (ident, wire) in [("pipeline_ref", "pipelineRef"), ("type_", "type"), ("pod_ips", "podIps"), ("a", "a")] {
            assert_eq!(serde_camel(ident), wire);
        }
    }
}
