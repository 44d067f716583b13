//! Facts about a value in words: its default, its constraints, and its CEL rules.

use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, Bounds, ListType, Rule};
use serde_json::Value as Json;

use crate::field::below;

/// Maximum number of characters of a piece of code. Longer code is cut off.
const MAX_CODE: usize = 1000;

/// Maximum number of values of an enum that are listed.
const MAX_VALUES: usize = 200;

/// Statement about a value: a label and a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Subject and kind of the statement, for example `Default` or `Pattern of each item`.
    pub label: String,
    /// Parts of the sentence, to be concatenated without spaces between them.
    pub parts: Vec<Part>,
}

/// Part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain text.
    Text(String),
    /// Value, expression or name.
    Code(String),
}

/// Returns the facts about a value, and about the innermost items and values of its lists and maps. Type, fields and
/// description are not among them.
pub fn facts(schema: &Schema) -> Vec<Fact> {
    let mut facts = Vec::new();
    let (mut schema, mut of) = (schema, "");
    loop {
        Writer { facts: &mut facts, of }.schema(schema);
        let Some((level, inner)) = below(schema) else { return facts };
        of = if level == "[]" { " of each item" } else { " of each value" };
        schema = inner;
    }
}

struct Writer<'f> {
    facts: &'f mut Vec<Fact>,
    /// Subject in a label: empty for the value itself.
    of: &'static str,
}

impl Writer<'_> {
    fn schema(&mut self, schema: &Schema) {
        if let Some(default) = &schema.default {
            self.add("Default", vec![json(default)]);
        }
        self.values(schema);
        self.bounds(&schema.bounds);
        self.lists_and_maps(schema);
        if schema.nullable {
            self.text("Null", "is a value");
        }
        self.branches(schema);
        schema.validations.iter().for_each(|rule| self.rule(rule));
    }

    fn values(&mut self, schema: &Schema) {
        if schema.enum_.is_empty() {
            return;
        }
        let shown = schema.enum_.iter().take(MAX_VALUES).map(|value| match value {
            Json::String(text) => code(text),
            other => json(other),
        });
        let mut parts = listed(shown, ", ");
        let more = schema.enum_.len().saturating_sub(MAX_VALUES);
        if more > 0 {
            parts.push(Part::Text(format!(" and {more} more")));
        }
        self.add("One of", parts);
    }

    fn bounds(&mut self, bounds: &Bounds) {
        if let Some(pattern) = &bounds.pattern {
            self.add("Pattern", vec![code(pattern)]);
        }
        self.count("Length", bounds.min_length, bounds.max_length, "character");
        self.count("Items", bounds.min_items, bounds.max_items, "item");
        self.count("Entries", bounds.min_properties, bounds.max_properties, "entry");
        let minimum = bounds.minimum.map(|least| match bounds.exclusive_minimum {
            true => format!("greater than {least}"),
            false => format!("at least {least}"),
        });
        let maximum = bounds.maximum.map(|most| match bounds.exclusive_maximum {
            true => format!("less than {most}"),
            false => format!("at most {most}"),
        });
        let range: Vec<String> = minimum.into_iter().chain(maximum).collect();
        if !range.is_empty() {
            self.text("Value", &range.join(" and "));
        }
        if let Some(factor) = bounds.multiple_of {
            self.text("Multiple of", &factor.to_string());
        }
    }

    /// Adds a range of a number of characters, items or entries. A minimum of 0 is no constraint.
    fn count(&mut self, label: &str, least: Option<i64>, most: Option<i64>, unit: &str) {
        let units = |count: i64| match (count, unit) {
            (1, _) => format!("1 {unit}"),
            (_, "entry") => format!("{count} entries"),
            _ => format!("{count} {unit}s"),
        };
        let text = match (least.filter(|least| *least > 0), most) {
            (None, None) => return,
            (Some(least), None) => format!("at least {}", units(least)),
            (None, Some(most)) => format!("at most {}", units(most)),
            (Some(least), Some(most)) if least == most => format!("exactly {}", units(most)),
            (Some(least), Some(most)) => format!("{least} to {}", units(most)),
        };
        self.text(label, &text);
    }

    fn lists_and_maps(&mut self, schema: &Schema) {
        match schema.list_type {
            Some(ListType::Set) => self.text("Set", "no item occurs twice"),
            Some(ListType::Map) => {
                let keys = listed(schema.list_map_keys.iter().map(|key| code(key)), " with ");
                self.add(
                    "List by key",
                    [Part::Text("each item has its own ".to_owned())].into_iter().chain(keys).collect(),
                );
            }
            Some(ListType::Atomic) => self.text("Server-side apply", "replaces the whole list"),
            None => {}
        }
        if schema.map_type.as_deref() == Some("atomic") {
            self.text("Server-side apply", "replaces the whole object");
        }
        if schema.embedded_resource {
            self.text("Object", "a whole object, with `apiVersion`, `kind` and `metadata`");
        }
        let keeps_unknown =
            schema.preserve_unknown_fields || schema.additional_properties == Some(Additional::Allowed(true));
        if keeps_unknown && !schema.properties.is_empty() {
            self.text("Undeclared fields", "are kept");
        }
        let undeclared = schema.required.iter().filter(|name| !schema.properties.contains_key(*name));
        let undeclared: Vec<Part> = listed(undeclared.map(|name| code(name)), ", ");
        if !undeclared.is_empty() {
            self.add("Required keys", undeclared);
        }
    }

    fn branches(&mut self, schema: &Schema) {
        if !schema.int_or_string {
            self.alternatives("Exactly one of", "oneOf", &schema.one_of);
            self.alternatives("At least one of", "anyOf", &schema.any_of);
        }
        for branch in &schema.all_of {
            if !schema.int_or_string {
                self.branches(branch);
            }
            self.bounds(&branch.bounds);
        }
        if let Some(not) = &schema.not {
            match not.required.as_slice() {
                required @ [_, ..] => self.add("Not together", listed(required.iter().map(|name| code(name)), ", ")),
                [] => self.add("Not", vec![json(&not.to_json())]),
            }
        }
    }

    fn alternatives(&mut self, label: &str, keyword: &str, branches: &[Schema]) {
        if branches.is_empty() {
            return;
        }
        let is_of_fields = |branch: &&Schema| {
            **branch == Schema { span: branch.span, required: branch.required.clone(), ..Schema::default() }
        };
        if branches.iter().all(|branch| is_of_fields(&branch) && !branch.required.is_empty()) {
            let mut parts = Vec::new();
            for branch in branches {
                if !parts.is_empty() {
                    parts.push(Part::Text("; ".to_owned()));
                }
                parts.extend(listed(branch.required.iter().map(|name| code(name)), " with "));
            }
            self.add(label, parts);
        } else {
            let branches = Json::Array(branches.iter().map(Schema::to_json).collect());
            self.add(label, vec![Part::Text(format!("the schemas of {keyword}, ")), json(&branches)]);
        }
    }

    /// Adds a CEL rule: its message in quotation marks, and its expression.
    fn rule(&mut self, rule: &Rule) {
        let expression = rule.rule.split_whitespace().collect::<Vec<_>>().join(" ");
        let message = rule.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
        let is_immutability = matches!(expression.as_str(), "self == oldSelf" | "oldSelf == self" | "self==oldSelf");
        match message {
            Some(message) => {
                let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
                let parts = vec![Part::Text(format!("\"{message}\" (")), code(&expression), Part::Text(")".to_owned())];
                self.add("Rule", parts);
            }
            None if is_immutability => self.text("Immutable", "the value cannot be changed"),
            None => self.add("Rule", vec![code(&expression)]),
        }
    }

    fn text(&mut self, label: &str, text: &str) {
        self.add(label, vec![Part::Text(text.to_owned())]);
    }

    fn add(&mut self, label: &str, parts: Vec<Part>) {
        self.facts.push(Fact { label: format!("{label}{}", self.of), parts });
    }
}

fn listed(parts: impl Iterator<Item = Part>, separator: &str) -> Vec<Part> {
    let mut list = Vec::new();
    for part in parts {
        if !list.is_empty() {
            list.push(Part::Text(separator.to_owned()));
        }
        list.push(part);
    }
    list
}

fn json(value: &Json) -> Part {
    code(&value.to_string())
}

fn code(text: &str) -> Part {
    let mut text = if text.is_empty() { "\"\"".to_owned() } else { text.to_owned() };
    if let Some((end, _)) = text.char_indices().nth(MAX_CODE) {
        text.truncate(end);
        text.push_str(" ...");
    }
    Part::Code(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns the facts as lines, with code in backticks.
    fn lines(schema: &Json) -> Vec<String> {
        let schema = Schema::from_json(schema).expect("the schema can be read");
        let written = |fact: Fact| {
            let parts = fact.parts.iter().map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Code(code) => format!("`{code}`"),
            });
            format!("{}: {}", fact.label, parts.collect::<String>())
        };
        facts(&schema).into_iter().map(written).collect()
    }

    #[test]
    fn constraints_are_written_in_words() {
        let schema = json!({
            "type": "string", "default": "a", "enum": ["a", "b"], "pattern": "^a", "minLength": 1, "maxLength": 63,
        });
        assert_eq!(
            lines(&schema),
            ["Default: `\"a\"`", "One of: `a`, `b`", "Pattern: `^a`", "Length: 1 to 63 characters"]
        );
        let schema = json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 5, "multipleOf": 2});
        assert_eq!(lines(&schema), ["Value: greater than 0 and at most 5", "Multiple of: 2"]);
    }

    #[test]
    fn a_minimum_of_nothing_is_no_constraint() {
        assert_eq!(lines(&json!({"type": "string", "minLength": 0})), [] as [&str; 0]);
    }

    #[test]
    fn an_enum_is_listed_up_to_200_values() {
        let longer =
            |count: usize| lines(&json!({"type": "integer", "enum": (0..count).collect::<Vec<_>>()})).remove(0);
        assert!(longer(200).ends_with(", `199`"));
        assert!(longer(202).ends_with(", `199` and 2 more"));
    }

    #[test]
    fn an_object_says_what_it_does_with_undeclared_fields_and_keys() {
        let of = |keyword: &str, value: bool| {
            lines(&json!({"type": "object", "properties": {"a": {}}, "required": ["a", "b"], keyword: value}))
        };
        let required = "Required keys: `b`";
        assert_eq!(of("x-kubernetes-preserve-unknown-fields", true), ["Undeclared fields: are kept", required]);
        assert_eq!(of("additionalProperties", true), ["Undeclared fields: are kept", required]);
        assert_eq!(of("additionalProperties", false), [required]);
        // An object without declared fields is a free one by its type.
        assert_eq!(lines(&json!({"type": "object", "additionalProperties": true})), [] as [&str; 0]);
    }

    #[test]
    fn constraints_of_items_say_so() {
        let schema = json!({
            "type": "array", "maxItems": 1, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a", "b"],
            "items": {"type": "object", "minProperties": 2},
        });
        assert_eq!(
            lines(&schema),
            [
                "Items: at most 1 item",
                "List by key: each item has its own `a` with `b`",
                "Entries of each item: at least 2 entries"
            ]
        );
    }

    #[test]
    fn rules_and_unions_are_one_line() {
        let schema = json!({
            "type": "object",
            "oneOf": [{"required": ["a"]}, {"required": ["b", "c"]}],
            "x-kubernetes-validations": [
                {"rule": "self.a\n  == 1", "message": "a is\n1"}, {"rule": "self == oldSelf"},
            ],
        });
        assert_eq!(
            lines(&schema),
            [
                "Exactly one of: `a`; `b` with `c`",
                "Rule: \"a is 1\" (`self.a == 1`)",
                "Immutable: the value cannot be changed"
            ]
        );
    }
}
