//! Descriptions as rustdoc: kept, and defused. A CRD's text must not become a doctest, a broken link, HTML, or the end of a
//! comment.

use crdgen_model::{Field, FieldUnion, Object, TypeDef};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value as Json;

use super::constraint::{self, Bound, Constraint, Counted};

/// Docs of a struct, with what its fields must obey together.
pub fn of_type(def: &TypeDef, object: &Object) -> TokenStream {
    let mut paragraphs = vec![def.docs.as_deref().map_or_else(|| format!("`{}`.", code(&def.path)), markdown)];
    paragraphs.extend(constraint::of_object(object).into_iter().flat_map(|constraint| sentences(&constraint)));
    attributes(&paragraphs)
}

/// Docs of an enum.
pub fn of_enum(def: &TypeDef) -> TokenStream {
    attributes(&[def.docs.as_deref().map_or_else(|| format!("Values of `{}`.", code(&def.path)), markdown)])
}

/// Docs of a field, with its default and what the API server checks.
pub fn of_field(field: &Field) -> TokenStream {
    let mut paragraphs: Vec<String> = field.docs.as_deref().map(markdown).into_iter().collect();
    if paragraphs.is_empty() {
        paragraphs.push(format!("`{}`.", code(&field.wire)));
    }
    let (mut line, mut messages) = (Vec::new(), Vec::new());
    line.extend(field.default.as_ref().map(|default| format!("Default: `{}`.", code(&value(default)))));
    let mut place = Some(("", &field.slot));
    while let Some((whose, slot)) = place {
        let (said, told): (Vec<_>, Vec<_>) =
            constraint::of_slot(slot).into_iter().partition(|constraint| !matches!(constraint, Constraint::Cel(_)));
        let mut said: Vec<String> = said.iter().flat_map(sentences).collect();
        if let Some(first) = said.first_mut().filter(|_| !whose.is_empty()) {
            first[..1].make_ascii_lowercase();
            first.insert_str(0, whose);
        }
        line.append(&mut said);
        messages.extend(told.iter().flat_map(sentences));
        place = constraint::below(slot)
            .map(|(level, inner)| (if level == "[]" { "Each item: " } else { "Each value: " }, inner));
    }
    paragraphs.push(line.join(" "));
    paragraphs.extend(messages);
    attributes(&paragraphs)
}

/// One line of docs.
pub fn line(text: &str) -> TokenStream {
    attributes(&[text.to_owned()])
}

/// Text that can stand between two backticks.
pub fn code(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '`' {
                '\''
            } else if c.is_control() || is_bidi(c) {
                ' '
            } else {
                c
            }
        })
        .collect()
}

/// A constraint in words; what would be too long for a sentence is left to `RULES`.
fn sentences(constraint: &Constraint<'_>) -> Vec<String> {
    let said = match constraint {
        Constraint::Pattern(pattern) => quoted("Matches", pattern),
        Constraint::Format(format) => quoted("Format", format),
        Constraint::Count(counted, min, max) => Some(count(*counted, *min, *max)),
        Constraint::Range(min, max) => Some(range(*min, *max)),
        Constraint::MultipleOf(factor) => Some(format!("A multiple of {}.", number(*factor))),
        Constraint::OneOf(values) => {
            let values: Vec<_> = values.iter().map(|value| format!("`{}`", code(&value.to_string()))).collect();
            Some(format!("One of {}.", values.join(", ")))
        }
        Constraint::Unique => Some("No item twice.".to_owned()),
        Constraint::UniqueBy(keys) => Some(format!("Items are told apart by {}.", names(keys, " and "))),
        Constraint::Union(union) => Some(self::union(union)),
        Constraint::Immutable(message) => return immutable(*message),
        Constraint::Cel(rule) => match rule.message.as_deref() {
            Some(message) => Some(markdown(message)),
            None => quoted("Obeys", &rule.rule),
        },
    };
    said.into_iter().collect()
}

/// The message too, where it says more.
fn immutable(message: Option<&str>) -> Vec<String> {
    let says_more = |message: &&str| !message.to_lowercase().contains("immutable");
    std::iter::once("Immutable.".to_owned()).chain(message.filter(says_more).map(markdown)).collect()
}

/// The longest text that docs quote.
const QUOTED: usize = 160;

fn quoted(verb: &str, text: &str) -> Option<String> {
    (text.len() <= QUOTED && !text.trim().is_empty()).then(|| format!("{verb} `{}`.", code(text)))
}

/// A default as a person would write it: a string without quotes, unless it would be read as something else.
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

/// A float64 without needless digits.
fn number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number:?}") }
}

fn names(names: &[String], between: &str) -> String {
    names.iter().map(|name| format!("`{}`", code(name))).collect::<Vec<_>>().join(between)
}

fn union(union: &FieldUnion) -> String {
    let branches: Vec<String> = union.branches.iter().map(|branch| names(branch, " and ")).collect();
    let quantity = if union.exactly_one { "Exactly one" } else { "At least one" };
    format!("{quantity} of these is set: {}.", branches.join("; "))
}

fn attributes(paragraphs: &[String]) -> TokenStream {
    let lines =
        paragraphs.iter().filter(|paragraph| !paragraph.is_empty()).enumerate().flat_map(|(index, paragraph)| {
            let blank = (index > 0).then(String::new);
            let lines = paragraph.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
            blank.into_iter().chain(lines.collect::<Vec<_>>())
        });
    quote!(#(#[doc = #lines])*)
}

/// A description as markdown that rustdoc takes without a warning.
pub fn markdown(text: &str) -> String {
    let clean: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| {
            if c == '\r' {
                '\n'
            } else if c == '\t' {
                ' '
            } else {
                c
            }
        })
        .filter(|&c| c == '\n' || !(c.is_control() || is_bidi(c)))
        .collect();
    let mut out = String::new();
    let mut fence: Option<&str> = None;
    for line in clean.trim().lines() {
        let line = line.trim_end();
        let body = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| body.starts_with(mark));
        match (fence, mark) {
            // Any other info string than `text` might make it a doctest.
            (None, Some(mark)) => {
                fence = Some(mark);
                out.push_str(mark);
                out.push_str("text");
            }
            (Some(open), Some(mark)) if open == mark && body.trim_end_matches(['`', '~']).is_empty() => {
                fence = None;
                out.push_str(mark);
            }
            (Some(_), _) => out.push_str(line),
            (None, None) => {
                // Four spaces would be a code block, and that a doctest.
                out.push_str(&" ".repeat((line.len() - body.len()).min(3)));
                escape_line(body, &mut out);
            }
        }
        out.push('\n');
    }
    if let Some(mark) = fence {
        out.push_str(mark);
    }
    out.trim_end().to_owned()
}

fn escape_line(line: &str, out: &mut String) {
    let balanced = line.matches('`').count().is_multiple_of(2);
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            out.push_str(if balanced { "`" } else { "\\`" });
        }
        if balanced && index % 2 == 1 { out.push_str(part) } else { escape_text(part, out) }
    }
}

fn escape_text(mut text: &str, out: &mut String) {
    while let Some(start) = next_url(text) {
        escape_marks(&text[..start], out);
        let rest = &text[start..];
        let end = rest.find(|c: char| c.is_whitespace() || "<>()[]{}\"'`|\\^".contains(c)).unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
        out.push('<');
        out.push_str(url);
        out.push('>');
        text = &rest[url.len()..];
    }
    escape_marks(text, out);
}

fn next_url(text: &str) -> Option<usize> {
    ["http://", "https://"]
        .iter()
        .filter_map(|scheme| {
            // A scheme with nothing behind it is no link.
            text.match_indices(scheme)
                .map(|(at, _)| at)
                .find(|at| text[at + scheme.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()))
        })
        .min()
}

fn escape_marks(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Characters that reorder text: rustc refuses them in comments, and rightly.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_doctest() {
        assert_eq!(markdown("Use:\n```\nfn main() {}\n```\ndone"), "Use:\n```text\nfn main() {}\n```\ndone");
        assert_eq!(markdown("```rust\nx"), "```text\nx\n```");
        assert_eq!(markdown("a\n\n        indented"), "a\n\n   indented");
    }

    #[test]
    fn brackets_tags_and_links_are_text() {
        assert_eq!(markdown("[x] <tag> `a[0]`"), "\\[x\\] \\<tag\\> `a[0]`");
        assert_eq!(markdown("see https://a.b/c."), "see <https://a.b/c>.");
        assert_eq!(markdown("odd ` tick [x]"), "odd \\` tick \\[x\\]");
    }

    #[test]
    fn control_characters_do_not_pass() {
        assert_eq!(markdown("a\r\nb\rc\u{0}\u{202E}d"), "a\nb\ncd");
    }
}
