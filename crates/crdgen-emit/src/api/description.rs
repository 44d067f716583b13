//! What people read beside a type or a field: its documentation and, in words, what types do not carry.

use std::fmt::Write;

use crdgen_model::{Field, FieldUnion, Object, Rule, Shape, TypeDef};

use super::filled;

/// How much of the CRD's descriptions is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Docs {
    /// Nothing; two thirds of a large document are descriptions.
    None,
    /// What stands before the first empty line.
    FirstParagraph,
    /// All.
    #[default]
    Full,
}

/// The text of a description, in Markdown.
#[derive(Debug, Default)]
pub struct Description {
    text: String,
}

impl Description {
    /// For a named type.
    pub fn of_type(def: &TypeDef, docs: Docs) -> Option<String> {
        let mut description = Self::begin(def.docs.as_deref(), docs);
        if let Shape::Object(Object { rules, unions, .. }) = &def.shape {
            description.unions(unions);
            description.rules(rules);
        }
        description.end(docs)
    }

    /// For a field. `docs` of the CRD that the field's type repeats are left to the type.
    pub fn of_field(field: &Field, inherited: Option<&str>, docs: Docs) -> Option<String> {
        let own = field.docs.as_deref().filter(|own| Some(*own) != inherited);
        let mut description = Self::begin(own, docs);
        if let Some(default) = filled(field) {
            description.paragraph(&format!("Default: {}", code(&default.to_string())));
        }
        description.rules(&field.slot.rules);
        description.end(docs)
    }

    /// For free text of a CRD.
    pub fn of_text(text: &str, docs: Docs) -> Option<String> {
        Self::begin(Some(text), docs).end(docs)
    }

    fn begin(text: Option<&str>, docs: Docs) -> Self {
        let mut description = Self::default();
        let text = text.unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
        let kept = match docs {
            Docs::None => "",
            Docs::FirstParagraph => first_paragraph(&text),
            Docs::Full => text.trim(),
        };
        description.paragraph(kept);
        description
    }

    fn end(self, docs: Docs) -> Option<String> {
        (docs != Docs::None && !self.text.is_empty()).then_some(self.text)
    }

    fn paragraph(&mut self, text: &str) {
        if !self.text.is_empty() && !text.is_empty() {
            self.text.push_str("\n\n");
        }
        self.text.push_str(text);
    }

    fn unions(&mut self, unions: &[FieldUnion]) {
        for union in unions {
            let how_many = if union.exactly_one { "Exactly one" } else { "At least one" };
            let branches: Vec<_> = union.branches.iter().map(|branch| together(branch)).collect();
            self.paragraph(&format!("{how_many} of: {}.", branches.join("; ")));
        }
    }

    fn rules(&mut self, rules: &[Rule]) {
        let mut list = String::new();
        for rule in rules {
            let separator = if list.is_empty() { "" } else { "\n" };
            let said = rule.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
            let text = said.map_or_else(|| code(rule.rule.trim()), |message| message.replace(['\r', '\n'], " "));
            write!(list, "{separator}- {text}").expect("strings take all");
        }
        if !list.is_empty() {
            self.paragraph("Rules:");
            self.paragraph(&list);
        }
    }
}

fn first_paragraph(text: &str) -> &str {
    let text = text.trim();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    text[..end].trim_end()
}

fn together(fields: &[String]) -> String {
    match fields {
        [] => "none".to_owned(),
        fields => fields.iter().map(|field| code(field)).collect::<Vec<_>>().join(" with "),
    }
}

/// A Markdown code span that the text cannot leave.
fn code(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_paragraph_ends_at_an_empty_line() {
        assert_eq!(Description::of_text(" a\r\nb\r\n \r\nc", Docs::FirstParagraph).as_deref(), Some("a\nb"));
        assert_eq!(Description::of_text("a\n\nc", Docs::Full).as_deref(), Some("a\n\nc"));
        assert_eq!(Description::of_text("a", Docs::None), None);
        assert_eq!(Description::of_text(" \n ", Docs::Full), None);
    }

    #[test]
    fn code_spans_hold_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
    }
}
