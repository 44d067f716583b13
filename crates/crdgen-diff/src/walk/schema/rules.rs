//! Comparison of CEL rules.

use std::collections::{HashMap, HashSet};

use crdgen_schema::Schema;
use crdgen_schema::schema::Rule;
use serde_json::{Value as Json, json};

use super::Walk;
use crate::change::{Context, Keyword, Sides};

impl<'a> Walk<'a, '_> {
    /// Compares the rules of a schema. Rules belong together if their expressions are equal except for white space, or
    /// else their messages, or if one rule of each side is left.
    pub(super) fn rules(
        &mut self,
        schemas: Sides<Option<&'a Schema>>,
        context: Context<'a>,
        old: &[Rule],
        new: &[Rule],
    ) {
        if old == new {
            return;
        }
        let mut gone: Vec<&Rule> = old.iter().collect();
        let mut come: Vec<&Rule> = new.iter().collect();
        let mut pairs = take_pairs(&mut gone, &mut come, |rule| Some(condensed(&rule.rule)));
        pairs.append(&mut take_pairs(&mut gone, &mut come, |rule| rule.message.clone()));
        if let ([before], [after]) = (gone.as_slice(), come.as_slice()) {
            pairs.push((before, after));
            (gone, come) = (Vec::new(), Vec::new());
        }
        for (before, after) in pairs.into_iter().filter(|(before, after)| before != after) {
            self.push(schemas, context, Keyword::Rule, Some(rule_json(before)), Some(rule_json(after)));
        }
        for rule in gone {
            self.push(schemas, context, Keyword::Rule, Some(rule_json(rule)), None);
        }
        for rule in come {
            self.push(schemas, context, Keyword::Rule, None, Some(rule_json(rule)));
        }
    }
}

/// Removes the rules with equal keys from both lists, and returns them as pairs.
fn take_pairs<'r>(
    gone: &mut Vec<&'r Rule>,
    come: &mut Vec<&'r Rule>,
    key: impl Fn(&Rule) -> Option<String>,
) -> Vec<(&'r Rule, &'r Rule)> {
    let mut by_key: HashMap<String, Vec<&'r Rule>> = HashMap::new();
    for rule in come.iter().rev() {
        if let Some(key) = key(rule) {
            by_key.entry(key).or_default().push(rule);
        }
    }
    let mut pairs = Vec::new();
    gone.retain(|before| {
        let after = key(before).and_then(|key| by_key.get_mut(&key)?.pop());
        pairs.extend(after.map(|after| (*before, after)));
        after.is_none()
    });
    let taken: HashSet<*const Rule> = pairs.iter().map(|(_, after)| std::ptr::from_ref(*after)).collect();
    come.retain(|rule| !taken.contains(&std::ptr::from_ref(*rule)));
    pairs
}

/// Returns an expression without the white space that has no meaning.
pub(crate) fn condensed(expression: &str) -> String {
    let mut out = String::with_capacity(expression.len());
    let mut quote = None;
    let mut is_escaped = false;
    let mut has_space = false;
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    for letter in expression.trim().chars() {
        if quote.is_none() && letter.is_whitespace() {
            has_space = true;
            continue;
        }
        // Space separates words, as in `a in b`. Next to operators it has no meaning.
        if std::mem::take(&mut has_space) && is_word(letter) && out.ends_with(is_word) {
            out.push(' ');
        }
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if letter == '\\' => is_escaped = true,
            Some(end) if letter == end => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None => {}
        }
        out.push(letter);
    }
    out
}

fn rule_json(rule: &Rule) -> Json {
    let Rule { rule, message, message_expression, reason, field_path, optional_old_self } = rule;
    let mut json = json!({"rule": rule});
    let texts = [
        ("message", message),
        ("messageExpression", message_expression),
        ("reason", reason),
        ("fieldPath", field_path),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            json[key] = json!(text);
        }
    }
    if let Some(optional) = optional_old_self {
        json["optionalOldSelf"] = json!(optional);
    }
    json
}
