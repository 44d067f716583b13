//! Text beside a type or a field: its documentation, and in words the constraints that its type does not
//! express.

use std::borrow::Cow;

use crdgen_model::{Field, FieldUnion, Level, Object, Rule, Shape, TypeDef};
use serde::{Deserialize, Serialize};

use super::filled;
use crate::markdown::{self, Dialect};

/// Value of `openapi.docs` and `json-schema.docs`: extent of the CRDs' descriptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
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

    /// Returns a sentence about a CEL rule on one line: its message, and its expression, which is shortened if it is long.
    /// `place` says what the rule is about: [`RULE`], or [`rule_below`] lists and maps.
    pub fn rule(self, place: &str, message: Option<&str>, expression: &str) -> String {
        let message = message.map(on_one_line).filter(|message| !message.is_empty());
        let expression = shortened(on_one_line(expression));
        match (self.dialect, &message) {
            (Some(dialect), message) => markdown::labelled(place, message.as_deref(), &expression, dialect),
            (None, Some(message)) => format!("{place}: \"{message}\" ({}).", markdown::code_span(&expression)),
            (None, None) => format!("{place}: {}.", markdown::code_span(&expression)),
        }
    }
}

/// Beginning of a sentence about a CEL rule.
pub const RULE: &str = "Rule";

/// Returns the beginning of a sentence about a CEL rule on each item of a list or each value of a map.
pub fn rule_below(level: Level) -> &'static str {
    match level {
        Level::List => "Rule of each item",
        Level::Map => "Rule of each value",
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Maximum length of an expression that a description has, in characters.
const LONGEST: usize = 160;

fn shortened(mut expression: String) -> String {
    const MARK: &str = " ...";
    if expression.chars().count() > LONGEST {
        let end = expression.char_indices().nth(LONGEST - MARK.len()).map_or(0, |(at, _)| at);
        expression.truncate(expression[..end].trim_end().len());
        expression.push_str(MARK);
    }
    expression
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
            description.rules(RULE, rules);
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
        let mut place = Some((RULE, &field.slot));
        while let Some((words, slot)) = place {
            description.rules(words, &slot.rules);
            place = slot.below().map(|(level, inner)| (rule_below(level), inner));
        }
        description.end()
    }

    /// For free text of a CRD.
    pub fn of_text(text: &str, prose: Prose) -> Option<String> {
        Self::begin(Some(text), prose).end()
    }

    fn begin(text: Option<&str>, prose: Prose) -> Self {
        let mut description = Self { prose, text: String::new() };
        let text = text.unwrap_or_default();
        let text = match text.contains('\r') {
            true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
            false => Cow::Borrowed(text),
        };
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

    fn rules(&mut self, place: &str, rules: &[Rule]) {
        for rule in rules {
            self.paragraph(&self.prose.rule(place, rule.message.as_deref(), &rule.rule));
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
    fn a_rule_is_one_line_whatever_it_says() {
        let rule = |message: Option<&str>, rule: &str| Rule {
            message: message.map(str::to_owned),
            rule: rule.to_owned(),
            ..Rule::default()
        };
        let described = |prose| {
            let mut description = Description::begin(Some("a"), prose);
            let long = format!("self == '{}'", "é".repeat(200));
            description.rules(RULE, &[rule(Some("```\nb\n\n# c"), "self\n  == `a`"), rule(Some(" "), &long)]);
            description.text
        };
        let start = "Rule: `self == '";
        let text = described(Prose::markdown(Docs::Full, Dialect::OpenApi));
        let lines: Vec<_> = text.split("\n\n").collect();
        assert_eq!(lines[..2], ["a", "Rule: \"\\`\\`\\` b # c\" (`` self == `a` ``)."]);
        assert!(lines[2].starts_with(start) && lines[2].ends_with("é ...`.") && lines.len() == 3, "{text}");
        assert_eq!(lines[2].chars().count(), LONGEST + "Rule: ``.".len());
        assert!(described(Prose::plain(Docs::Full)).starts_with("a\n\nRule: \"``` b # c\" (`` self == `a` ``)."));
    }
}
