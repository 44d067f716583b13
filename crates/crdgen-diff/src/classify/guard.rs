//! CEL rules that constrain only new fields.
//!
//! Objects from before the change do not have the new fields, or have their defaults. If a rule is true then, whatever
//! the other fields are, it refuses no such object. The evaluation is partial: it knows `has`, comparisons with a
//! literal, `!`, `&&`, `||` and the conditional operator, and has no result for anything else.

use super::entailment::keeps_undeclared;
use crdgen_schema::Schema;
use serde_json::Value as Json;

use super::boolean::{conditional, split, split_once, unwrapped};

/// Maximum length of a rule that is evaluated, in bytes, and maximum depth.
const MAX_LENGTH: usize = 4096;
const MAX_DEPTH: usize = 32;

/// Maximum number of optional objects around new fields. Each may be absent, which doubles the work.
const MAX_OPTIONAL: usize = 4;

/// Returns whether a rule is true for every value of the old schema. `rule` has no white space without meaning.
pub(super) fn holds_without_new_fields(rule: &str, old: &Schema, new: &Schema) -> bool {
    if rule.len() > MAX_LENGTH {
        return false;
    }
    let optional = optional_parents(rule, old, new);
    optional.len() <= MAX_OPTIONAL
        && (0..1_u32 << optional.len()).all(|absent| {
            let is_absent = |index: &usize| absent & (1 << index) != 0;
            let (absent, present): (Vec<_>, Vec<_>) = (0..optional.len()).partition(is_absent);
            let named = |indices: Vec<usize>| indices.into_iter().map(|index| optional[index].as_str()).collect();
            let guard = Guard { old, new, absent: named(absent), present: named(present) };
            guard.value(rule, 0) == Some(true)
        })
}

/// Returns the paths of objects in a rule that an old object need not have, and below which the rule reads a field.
fn optional_parents(rule: &str, old: &Schema, new: &Schema) -> Vec<String> {
    let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let mut found: Vec<String> = Vec::new();
    for path in rule.split(|letter| !is_path(letter)).filter_map(|path| path.strip_prefix("self.")) {
        let (mut old, mut new, mut parent) = (old, new, "self".to_owned());
        let names: Vec<&str> = path.split('.').collect();
        for name in &names[..names.len() - 1] {
            let (Some(before), Some(after)) = (old.properties.get(*name), new.properties.get(*name)) else { break };
            let is_required = |schema: &Schema| schema.required.iter().any(|required| required == name);
            let has_default = after.default.as_ref().is_some_and(|default| !default.is_null());
            parent = format!("{parent}.{name}");
            let is_always_there = has_default || is_required(old) && is_required(new);
            if !is_always_there && !found.contains(&parent) {
                found.push(parent.clone());
            }
            (old, new) = (before, after);
        }
    }
    found
}

struct Guard<'s> {
    old: &'s Schema,
    new: &'s Schema,
    /// Paths of optional objects that are absent, and of those that are present.
    absent: Vec<&'s str>,
    present: Vec<&'s str>,
}

/// Presence of a new field in an old object.
enum Presence<'s> {
    Absent,
    Default(&'s Json),
}

impl<'s> Guard<'s> {
    /// Returns the value of a boolean expression, or `None` if it depends on other fields.
    fn value(&self, text: &str, depth: usize) -> Option<bool> {
        if depth > MAX_DEPTH {
            return None;
        }
        let value = |text: &str| self.value(text, depth + 1);
        let text = unwrapped(text);
        if let Some((condition, then, other)) = conditional(text) {
            let (then, other) = (value(then), value(other));
            return match value(condition) {
                Some(true) => then,
                Some(false) => other,
                None => then.filter(|then| Some(*then) == other),
            };
        }
        let parts = split(text, "||");
        if parts.len() > 1 {
            let values: Vec<_> = parts.into_iter().map(value).collect();
            return combined(&values, true);
        }
        let parts = split(text, "&&");
        if parts.len() > 1 {
            let values: Vec<_> = parts.into_iter().map(value).collect();
            return combined(&values, false);
        }
        if let Some(negated) = text.strip_prefix('!') {
            return value(negated).map(|value| !value);
        }
        if let Some(argument) = text.strip_prefix("has(").and_then(|text| text.strip_suffix(')')) {
            if self.is_below_absent(argument) {
                return None;
            }
            if self.absent.contains(&argument) || self.present.contains(&argument) {
                return Some(self.present.contains(&argument));
            }
            return match self.presence(argument)? {
                Presence::Absent => Some(false),
                Presence::Default(_) => Some(true),
            };
        }
        match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => self.comparison(text),
        }
    }

    /// Returns the value of a comparison of a new field's default with a literal.
    fn comparison(&self, text: &str) -> Option<bool> {
        for (operator, equal) in [("==", true), ("!=", false)] {
            if let Some((left, right)) = split_once(text, operator) {
                let field = |text: &str| match self.presence(text) {
                    Some(Presence::Default(default)) => Some(default.clone()),
                    _ => None,
                };
                let (default, other) = field(left)
                    .map(|default| (default, right))
                    .or_else(|| field(right).map(|default| (default, left)))?;
                return Some((default == literal(other)?) == equal);
            }
        }
        None
    }

    /// Returns whether a path leads through an absent object. Reading it is an error.
    fn is_below_absent(&self, path: &str) -> bool {
        self.absent.iter().any(|absent| path.strip_prefix(absent).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Returns the presence of a field that only the new schema declares.
    fn presence(&self, path: &str) -> Option<Presence<'s>> {
        if self.is_below_absent(path) {
            return None;
        }
        let mut segments = path.strip_prefix("self.")?.split('.').peekable();
        let (mut old, mut new) = (self.old, self.new);
        while let Some(name) = segments.next() {
            // Objects may have these fields although no schema declares them.
            if keeps_undeclared(old) || matches!(name, "apiVersion" | "kind" | "metadata") {
                return None;
            }
            let property = new.properties.get(name)?;
            match old.properties.get(name) {
                Some(before) => (old, new) = (before, property),
                None => {
                    return match property.default.as_ref().filter(|default| !default.is_null()) {
                        None => Some(Presence::Absent),
                        Some(default) if segments.peek().is_none() => Some(Presence::Default(default)),
                        Some(_) => None,
                    };
                }
            }
        }
        None
    }
}

/// Combines operands. One operand with the value `decisive` decides, whatever the others are.
fn combined(values: &[Option<bool>], decisive: bool) -> Option<bool> {
    match values {
        _ if values.contains(&Some(decisive)) => Some(decisive),
        _ if values.iter().all(|value| *value == Some(!decisive)) => Some(!decisive),
        _ => None,
    }
}

fn literal(text: &str) -> Option<Json> {
    let quoted =
        |quote: char| text.strip_prefix(quote)?.strip_suffix(quote).filter(|text| !text.contains(['\\', quote]));
    match quoted('\'').or_else(|| quoted('"')) {
        Some(text) => Some(Json::from(text)),
        None => serde_json::from_str(text).ok().filter(|value: &Json| value.is_boolean() || value.is_i64()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(rule: &str) -> bool {
        let schema = |properties| Schema::from_json(&json!({"type": "object", "properties": properties})).unwrap();
        let old = schema(json!({"image": {"type": "string"}}));
        let new = schema(json!({
            "image": {"type": "string"}, "catalog": {"type": "string"}, "mode": {"type": "string", "default": "safe"},
        }));
        holds_without_new_fields(rule, &old, &new)
    }

    #[test]
    fn a_rule_about_a_new_field_holds_without_the_field() {
        assert!(holds("!(has(self.image)&&has(self.catalog))"));
        assert!(holds("!has(self.catalog)||self.image=='a'"));
        assert!(holds("self.mode!='fast'||(!has(self.image)||self.image.size()==0)"));
        assert!(holds("has(self.catalog)?self.image=='a':true"));
    }

    #[test]
    fn a_field_that_an_object_may_have_undeclared_has_no_value() {
        let read = |json| Schema::from_json(&json).unwrap();
        let inner = |properties| json!({"type": "object", "properties": {"a": properties}});
        let old = read(inner(json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})));
        let new = read(inner(json!({"type": "object", "properties": {"b": {"type": "string"}}})));
        assert!(!holds_without_new_fields("!has(self.a.b)", &old, &new));
    }

    #[test]
    fn a_field_of_an_optional_object_cannot_be_read_without_the_object() {
        let read = |properties| Schema::from_json(&json!({"type": "object", "properties": properties})).unwrap();
        let old = read(json!({"a": {"type": "object"}}));
        let new = read(json!({"a": {"type": "object", "properties": {"b": {"type": "string"}}}}));
        assert!(!holds_without_new_fields("!has(self.a.b)", &old, &new));
        assert!(holds_without_new_fields("!has(self.a)||!has(self.a.b)", &old, &new));
        assert!(!holds_without_new_fields("has(self.a)&&!has(self.a.b)", &old, &new));
        let required = |schema: &Schema| Schema { required: vec!["a".to_owned()].into(), ..schema.clone() };
        assert!(holds_without_new_fields("!has(self.a.b)", &required(&old), &required(&new)));
    }

    #[test]
    fn a_rule_about_old_fields_has_no_value() {
        assert!(!holds("has(self.image)"));
        assert!(!holds("has(self.catalog)"));
        assert!(!holds("self.catalog=='a'"));
        assert!(!holds("has(self.image)||self.mode=='fast'"));
        assert!(!holds("self.image==')||true'"));
    }
}
