//! Text beside a type or a field: its documentation, and in words the constraints that its type does not
//! express.

use std::fmt::Write;

use crdgen_model::{Field, FieldUnion, Object, Rule, Shape, TypeDef};

use super::filled;
use crate::markdown::{self, Dialect};

/// Extent of the CRD's descriptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Docs {
    /// No descriptions. Two thirds of a large document are descriptions.
    None,
    /// The text before the first empty line.
    FirstParagraph,
    /// Whole descriptions.
    #[default]
    Full,
}

/// Extent and format of descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prose {
    docs: Docs,
    /// The Markdown that the reader knows. A reader who knows none gets the CRD's own words.
    dialect: Option<Dialect>,
}

impl Prose {
    /// For a reader who knows no Markdown.
    pub fn plain(docs: Docs) -> Self {
        Self { docs, dialect: None }
    }

    /// For a reader of Markdown.
    pub fn markdown(docs: Docs, dialect: Dialect) -> Self {
        Self { docs, dialect: Some(dialect) }
    }

    /// Text of a CRD.
    fn text(self, text: &str) -> String {
        match self.dialect {
            Some(dialect) => markdown::safe(text, dialect),
            None => text.trim().to_owned(),
        }
    }

    /// Text as it is, in backticks.
    fn code(self, text: &str) -> String {
        match self.dialect {
            Some(dialect) => markdown::code(text, dialect),
            None => markdown::code_span(&text.replace(['\r', '\n'], " ")),
        }
    }
}

/// The text of a description.
#[derive(Debug)]
pub struct Description {
    prose: Prose,
    text: String,
}

impl Description {
    /// For a named type.
    pub fn of_type(def: &TypeDef, prose: Prose) -> Option<String> {
        let mut description = Self::begin(def.docs.as_deref(), prose);
        if let Shape::Object(Object { rules, unions, .. }) = &def.shape {
            description.unions(unions);
            description.rules(rules);
        }
        description.end()
    }

    /// For a field. `docs` of the CRD that the field's type repeats are left to the type.
    pub fn of_field(field: &Field, inherited: Option<&str>, prose: Prose) -> Option<String> {
        let own = field.docs.as_deref().filter(|own| Some(*own) != inherited);
        let mut description = Self::begin(own, prose);
        if let Some(default) = filled(field) {
            description.paragraph(&format!("Default: {}", prose.code(&default.to_string())));
        }
        description.rules(&field.slot.rules);
        description.end()
    }

    /// For free text of a CRD.
    pub fn of_text(text: &str, prose: Prose) -> Option<String> {
        Self::begin(Some(text), prose).end()
    }

    fn begin(text: Option<&str>, prose: Prose) -> Self {
        let mut description = Self { prose, text: String::new() };
        let text = text.unwrap_or_default().replace("\r\n", "\n").replace('\r', "\n");
        let kept = match prose.docs {
            Docs::None => "",
            Docs::FirstParagraph => first_paragraph(&text),
            Docs::Full => &text,
        };
        description.paragraph(&prose.text(kept));
        description
    }

    fn end(self) -> Option<String> {
        (self.prose.docs != Docs::None && !self.text.is_empty()).then_some(self.text)
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
            let branches: Vec<_> = union.branches.iter().map(|branch| self.together(branch)).collect();
            self.paragraph(&format!("{how_many} of: {}.", branches.join("; ")));
        }
    }

    fn together(&self, fields: &[String]) -> String {
        match fields {
            [] => "none".to_owned(),
            fields => fields.iter().map(|field| self.prose.code(field)).collect::<Vec<_>>().join(" with "),
        }
    }

    fn rules(&mut self, rules: &[Rule]) {
        let mut list = String::new();
        for rule in rules {
            let separator = if list.is_empty() { "" } else { "\n" };
            let said = rule.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
            let text = match said {
                Some(message) => item(&self.prose.text(message)),
                None => self.prose.code(rule.rule.trim()),
            };
            write!(list, "{separator}- {text}").expect("strings take all");
        }
        if !list.is_empty() {
            self.paragraph("Rules:");
            self.paragraph(&list);
        }
    }
}

/// Text as it continues in an item of a list.
fn item(text: &str) -> String {
    text.replace('\n', "\n  ").replace("\n  \n", "\n\n")
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str, docs: Docs) -> Option<String> {
        Description::of_text(text, Prose::markdown(docs, Dialect::OpenApi))
    }

    #[test]
    fn the_first_paragraph_ends_at_an_empty_line() {
        assert_eq!(of_text(" a\r\nb\r\n \r\nc", Docs::FirstParagraph).as_deref(), Some("a\nb"));
        assert_eq!(of_text("a\n\nc", Docs::Full).as_deref(), Some("a\n\nc"));
        assert_eq!(of_text("a", Docs::None), None);
        assert_eq!(of_text(" \n ", Docs::Full), None);
    }

    #[test]
    fn a_rule_stays_in_its_item_whatever_its_message_says() {
        let rule = |message: &str| Rule { message: Some(message.to_owned()), ..Rule::default() };
        let mut description = Description::begin(Some("```"), Prose::markdown(Docs::Full, Dialect::OpenApi));
        description.rules(&[rule("```\na\n\nb"), rule("c")]);
        assert_eq!(description.text, "Rules:\n\n- ```text\n  a\n\n  b\n  ```\n- c");
    }
}
