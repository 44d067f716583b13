//! Descriptions as rustdoc: kept, and defused. A CRD's text must not become a doctest, a broken link, HTML, or the end of a
//! comment.

use crdgen_model::{Field, FieldUnion, Object, TypeDef};
use proc_macro2::TokenStream;
use quote::quote;

/// Docs of a struct, with what its fields must obey together.
pub fn of_type(def: &TypeDef, object: &Object) -> TokenStream {
    let mut paragraphs = vec![def.docs.as_deref().map_or_else(|| format!("`{}`.", code(&def.path)), markdown)];
    paragraphs.extend(object.unions.iter().map(union));
    paragraphs.extend(object.rules.iter().filter_map(|rule| rule.message.as_deref()).map(markdown));
    attributes(&paragraphs)
}

/// Docs of an enum.
pub fn of_enum(def: &TypeDef) -> TokenStream {
    attributes(&[def.docs.as_deref().map_or_else(|| format!("Values of `{}`.", code(&def.path)), markdown)])
}

/// Docs of a field, with its default.
pub fn of_field(field: &Field) -> TokenStream {
    let mut paragraphs: Vec<String> = field.docs.as_deref().map(markdown).into_iter().collect();
    if paragraphs.is_empty() {
        paragraphs.push(format!("`{}`.", code(&field.wire)));
    }
    if let Some(default) = &field.default {
        paragraphs.push(format!("Default: `{}`.", code(&default.to_string())));
    }
    paragraphs.extend(field.slot.rules.iter().filter_map(|rule| rule.message.as_deref()).map(markdown));
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

fn union(union: &FieldUnion) -> String {
    let branches: Vec<String> = union
        .branches
        .iter()
        .map(|names| names.iter().map(|name| format!("`{}`", code(name))).collect::<Vec<_>>().join(" and "))
        .collect();
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
