//! Documentation of types and fields: their descriptions, and the API server's checks in words.

use crdgen_model::{Bounds, Field, FieldUnion, Level, Object, Rule, Slot, Type, TypeDef, Validation};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value as Json;

use crate::api::{Docs, Prose, RULE, rule_below};
use crate::markdown::{self, Dialect};

use super::constraint::{self, Bound, Constraint, Counted};

/// Returns the docs of a struct, with the constraints on its fields together.
pub fn of_type(def: &TypeDef, object: &Object) -> TokenStream {
    let mut paragraphs = vec![described(def.docs.as_deref()).unwrap_or_else(|| format!("{}.", code(&def.path)))];
    paragraphs.extend(constraint::of_object(object).into_iter().flat_map(|constraint| sentences(&constraint, RULE)));
    attributes(&paragraphs)
}

/// Returns the docs of an enum.
pub fn of_enum(def: &TypeDef) -> TokenStream {
    attributes(&[described(def.docs.as_deref()).unwrap_or_else(|| format!("Values of {}.", code(&def.path)))])
}

/// Returns the docs of a field, with its default and the API server's checks.
pub fn of_field(field: &Field) -> TokenStream {
    let mut paragraphs = vec![described(field.docs.as_deref()).unwrap_or_else(|| format!("{}.", code(&field.wire)))];
    let (mut line, mut messages) = (Vec::new(), Vec::new());
    line.extend(field.default.as_ref().map(|default| format!("Default: {}.", code(&value(default)))));
    let mut place = Some(("", RULE, &field.slot));
    while let Some((whose, rule, slot)) = place {
        let (said, told): (Vec<_>, Vec<_>) =
            constraint::of_slot(slot).into_iter().partition(|constraint| !matches!(constraint, Constraint::Cel(_)));
        let mut said: Vec<String> = said.iter().flat_map(|constraint| sentences(constraint, rule)).collect();
        if let Some(first) = said.first_mut().filter(|_| !whose.is_empty()) {
            first[..1].make_ascii_lowercase();
            first.insert_str(0, whose);
        }
        line.append(&mut said);
        messages.extend(told.iter().flat_map(|constraint| sentences(constraint, rule)));
        place = slot.below().map(|(level, inner)| match level {
            Level::List => ("Each item: ", rule_below(level), inner),
            Level::Map => ("Each value: ", rule_below(level), inner),
        });
    }
    paragraphs.push(line.join(" "));
    paragraphs.extend(messages);
    attributes(&paragraphs)
}

/// Returns a field that has `text` in every place from which docs are made. For tests.
pub fn field(text: &str) -> Field {
    let rule = Rule { rule: text.to_owned(), ..Rule::default() };
    let slot = Slot {
        ty: Type::String { format: Some(text.to_owned()) },
        nullable: false,
        null: Default::default(),
        bounds: Bounds { pattern: Some(text.to_owned()), ..Bounds::default() }.into(),
        allowed: vec![text.into()],
        rules: vec![rule.clone(), Rule { message: Some(text.to_owned()), ..rule }],
        validation: Some(Box::new(Validation { required: vec![text.to_owned()], ..Validation::default() })),
    };
    let (wire, docs) = (text.to_owned(), Some(text.into()));
    Field { wire, docs, required: false, default: Some(text.into()), slot }
}

/// Returns one line of docs.
pub fn line(text: &str) -> TokenStream {
    attributes(&[text.to_owned()])
}

/// Returns text as a code span.
pub fn code(text: &str) -> String {
    markdown::code(text, Dialect::Rustdoc)
}

/// Returns a description as Markdown, or `None` if it has no visible text.
fn described(text: Option<&str>) -> Option<String> {
    text.map(markdown).filter(|text| !text.is_empty())
}

fn markdown(text: &str) -> String {
    markdown::safe(text, Dialect::Rustdoc)
}

/// Describes a constraint in sentences. A text that is too long for a sentence is only in `RULES`. A sentence about a CEL
/// rule begins with `rule`.
fn sentences(constraint: &Constraint<'_>, rule: &str) -> Vec<String> {
    let said = match constraint {
        Constraint::Required(keys) => Some(required(keys)),
        Constraint::Pattern(pattern) => quoted("Matches", pattern),
        Constraint::Format(format) => quoted("Format", format),
        Constraint::Count(counted, min, max) => Some(count(*counted, *min, *max)),
        Constraint::Range(min, max) => Some(range(*min, *max)),
        Constraint::MultipleOf(factor) => Some(format!("A multiple of {}.", number(*factor))),
        Constraint::OneOf(values) => {
            let values: Vec<_> = values.iter().map(|value| code(&value.to_string())).collect();
            Some(format!("One of {}.", values.join(", ")))
        }
        Constraint::Unique => Some("All items are different.".to_owned()),
        Constraint::UniqueBy(keys) => Some(format!("Two items never have the same {}.", names(keys, " and "))),
        Constraint::Union(union) => Some(self::union(union)),
        Constraint::Immutable(message) => return immutable(*message, rule),
        Constraint::Cel(cel) => Some(prose().rule(rule, cel.message.as_deref(), &cel.rule)),
    };
    said.into_iter().collect()
}

fn required(keys: &[String]) -> String {
    let noun = if keys.len() == 1 { "key" } else { "keys" };
    format!("Must have the {noun} {}.", names(keys, " and "))
}

/// Describes immutability. The message of the rule is added if it says more.
fn immutable(message: Option<&str>, rule: &str) -> Vec<String> {
    let says_more = |message: &&str| !message.trim().is_empty() && !message.to_lowercase().contains("immutable");
    let more = message.filter(says_more).map(|message| prose().rule(rule, Some(message), "self == oldSelf"));
    std::iter::once("Immutable.".to_owned()).chain(more).collect()
}

fn prose() -> Prose {
    Prose::markdown(Docs::Full, Dialect::Rustdoc)
}

/// Maximum length of a text that docs quote, in bytes.
const QUOTED: usize = 160;

fn quoted(verb: &str, text: &str) -> Option<String> {
    (text.len() <= QUOTED && !text.trim().is_empty()).then(|| format!("{verb} {}.", code(text)))
}

/// Returns a default as a person would write it: a string without quotes, unless it would then be read as
/// another value.
fn value(default: &Json) -> String {
    match default.as_str() {
        Some(text) if !text.trim().is_empty() && serde_json::from_str::<Json>(text).is_err() => text.to_owned(),
        _ => default.to_string(),
    }
}

fn count(counted: Counted, min: Option<i64>, max: Option<i64>) -> String {
    let nouns = match counted {
        Counted::Characters => ["character", "characters"],
        Counted::Items => ["item", "items"],
        Counted::Properties => ["entry", "entries"],
    };
    let noun = |number: i64| nouns[usize::from(number != 1)];
    match (min, max) {
        (Some(1), None) => "Not empty.".to_owned(),
        (Some(min), Some(max)) if min == max => format!("Exactly {min} {}.", noun(min)),
        (Some(min), Some(max)) => format!("{min} to {max} {}.", noun(max)),
        (Some(min), None) => format!("At least {min} {}.", noun(min)),
        (None, Some(max)) => format!("At most {max} {}.", noun(max)),
        (None, None) => String::new(),
    }
}

fn range(min: Option<Bound>, max: Option<Bound>) -> String {
    let end = |bound: Bound, inclusive: &str, exclusive: &str| {
        format!("{} {}", if bound.exclusive { exclusive } else { inclusive }, number(bound.at))
    };
    match (min, max) {
        (Some(Bound { at: min, exclusive: false }), Some(Bound { at: max, exclusive: false })) => {
            format!("{} to {}.", number(min), number(max))
        }
        (Some(min), Some(max)) => {
            format!("{}, {}.", end(min, "At least", "Above"), end(max, "at most", "below"))
        }
        (Some(min), None) => format!("{}.", end(min, "At least", "Above")),
        (None, Some(max)) => format!("{}.", end(max, "At most", "Below")),
        (None, None) => String::new(),
    }
}

/// Formats a float64 without needless digits.
fn number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number:?}") }
}

fn names(names: &[String], between: &str) -> String {
    names.iter().map(|name| code(name)).collect::<Vec<_>>().join(between)
}

fn union(union: &FieldUnion) -> String {
    let branches: Vec<String> = union.branches.iter().map(|branch| names(branch, " and ")).collect();
    let quantity = if union.exactly_one { "Exactly one" } else { "At least one" };
    format!("{quantity} of these is set: {}.", branches.join("; "))
}

fn attributes(paragraphs: &[String]) -> TokenStream {
    let mut lines = Vec::new();
    for (index, paragraph) in paragraphs.iter().filter(|paragraph| !paragraph.is_empty()).enumerate() {
        lines.extend((index > 0).then(|| literal("")));
        lines.extend(paragraph.lines().map(literal));
    }
    quote!(#(#[doc = #lines])*)
}

/// Returns a line as a literal, with a space in front unless the line is empty.
fn literal(line: &str) -> Literal {
    let space = if line.is_empty() { "" } else { " " };
    // Escaping looks at each character, and most lines have none to escape.
    match line.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        true => format!("\"{space}{line}\"").parse().expect("text without quotes in quotes is a literal"),
        false => Literal::string(&format!("{space}{line}")),
    }
}
