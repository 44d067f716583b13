//! Changes of a schema node and of its rules.

use serde_json::{Value, json};

use super::super::dice::Dice;

/// Makes up to three changes. One node in three stays as it is.
pub fn mutate(dice: &mut Dice, node: &mut Value) {
    if dice.one_in(3) {
        return;
    }
    for _ in 0..=dice.below(3) {
        if dice.one_in(3) {
            change_schema(dice, node);
        } else {
            change_rules(dice, node);
        }
    }
}

fn change_rules(dice: &mut Dice, node: &mut Value) {
    let names = names(node);
    let Some(rules) = node["x-kubernetes-validations"].as_array_mut().filter(|rules| !rules.is_empty()) else { return };
    let others: Vec<String> = rules.iter().filter_map(|rule| Some(rule["rule"].as_str()?.to_owned())).collect();
    let at = dice.below(rules.len());
    let rule = &mut rules[at];
    let text = rule["rule"].as_str().unwrap_or_default().to_owned();
    match dice.below(12) {
        0..=6 => rule["rule"] = json!(edited(dice, &text, &names)),
        7 => {
            let other = dice.pick(&others).clone();
            let joined = [
                format!("({text}) && ({other})"),
                format!("({text}) ? ({other}) : true"),
                format!("!({text})"),
                format!("[{text}, {other}].exists_one(x, x)"),
                format!("[self].all(self, {text})"),
                format!("dyn({text}) == true"),
                format!("optional.of({text}).orValue({other})"),
            ];
            rule["rule"] = json!(dice.pick(&joined));
        }
        8 => {
            let name = names.first().cloned().unwrap_or_default();
            let messages = [
                "'text'".to_owned(),
                "string(self)".to_owned(),
                format!("self.{name}"),
                format!("'%s'.format([self.{name}])"),
                format!("'is ' + string(self.{name}) + '!'"),
                "oldSelf == self ? 'a' : 'b'".to_owned(),
                text,
            ];
            rule["messageExpression"] = json!(dice.pick(&messages));
        }
        9 => rule["optionalOldSelf"] = json!(dice.one_in(3)),
        10 => {
            let name = names.first().cloned().unwrap_or_default();
            let paths =
                [format!(".{name}"), format!("['{name}']"), ".nope".to_owned(), format!(".{name}[0]"), String::new()];
            rule["fieldPath"] = json!(dice.pick(&paths));
        }
        _ => {
            let (field, value) = *dice.pick(&[
                ("reason", "FieldValueForbidden"),
                ("reason", "Nope"),
                ("message", "a\nb"),
                ("message", " "),
                ("rule", "  "),
            ]);
            rule[field] = json!(value);
        }
    }
}

/// Returns the names of the properties of a node and of the nodes below it.
fn names(node: &Value) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let properties = node["properties"].as_object().into_iter().flatten();
    for (name, property) in properties {
        found.push(name.clone());
        found.extend(property["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    found.extend(node["items"]["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    found
}

/// Tokens that replace others.
const TOKENS: [&str; 40] = [
    "self", "oldSelf", "x", "true", "null", "0", "1", "-1", "2.5", "3u", "'a'", "''", "b'x'", "==", "!=", "<", ">=",
    "&&", "||", "in", "+", "-", "*", "/", "%", "!", ".", "?", ":", "[", "]", "(", ")", "size", "has", "all", "map",
    "dyn", "string", "int",
];

/// Returns a rule with one token changed.
fn edited(dice: &mut Dice, text: &str, names: &[String]) -> String {
    let mut tokens = tokens(text);
    if tokens.is_empty() {
        return "self".to_owned();
    }
    let at = dice.below(tokens.len());
    let other = tokens[dice.below(tokens.len())].clone();
    match dice.below(8) {
        0 => _ = tokens.remove(at),
        1 => tokens.insert(at, other),
        2 => {
            let second = dice.below(tokens.len());
            tokens.swap(at, second);
        }
        3 | 4 => tokens[at] = other,
        5 if !names.is_empty() => tokens[at].clone_from(dice.pick(names)),
        _ => tokens[at] = (*dice.pick(&TOKENS)).to_owned(),
    }
    tokens.concat()
}

/// Splits a rule into words, strings, signs and blanks.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ if is_word(first) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
            '&' | '|' | '=' | '!' | '<' | '>' if rest[1..].starts_with(['&', '|', '=']) => 2,
            _ => first.len_utf8(),
        };
        tokens.push(rest[..length].to_owned());
        rest = &rest[length..];
    }
    tokens
}

/// Changes a limit, a type or an extension of the node or of a node below it.
fn change_schema(dice: &mut Dice, node: &mut Value) {
    let rules = node.get("x-kubernetes-validations").cloned();
    let mut target = &mut *node;
    for _ in 0..dice.below(4) {
        let step = ["properties", "items", "additionalProperties"][dice.below(3)];
        if !target[step].is_object() {
            continue;
        }
        target = if step == "properties" {
            let fields = target["properties"].as_object_mut().expect("it is an object");
            let at = dice.below(fields.len().max(1));
            match fields.values_mut().nth(at) {
                Some(field) => field,
                None => return,
            }
        } else {
            &mut target[step]
        };
    }
    if !target.is_object() {
        return;
    }
    let limits = [0, 1, 5, 64, 256, 4096, 1_000_000];
    match dice.below(10) {
        0 => target["maxLength"] = json!(dice.pick(&limits)),
        1 => target["maxItems"] = json!(dice.pick(&limits)),
        2 => target["maxProperties"] = json!(dice.pick(&limits)),
        3 => {
            for limit in ["maxLength", "maxItems", "maxProperties"] {
                _ = target.as_object_mut().and_then(|fields| fields.remove(limit));
            }
        }
        4 => target["format"] = json!(dice.pick(&["date", "date-time", "duration", "byte", "int64"])),
        5 => target["nullable"] = json!(true),
        6 => target["enum"] = json!(["a", "abcdef"]),
        7 if target["type"] == "array" => target["x-kubernetes-list-type"] = json!(dice.pick(&["atomic", "set"])),
        8 if target["type"] == "object" => target["x-kubernetes-preserve-unknown-fields"] = json!(true),
        9 => {
            let scalar = target.get("properties").is_none() && target.get("items").is_none();
            if scalar && target.get("additionalProperties").is_none() {
                target["type"] = json!(dice.pick(&["string", "integer", "number", "boolean", "object"]));
            }
        }
        _ => {}
    }
    if let Some(rules) = rules {
        node["x-kubernetes-validations"] = rules;
    }
}
