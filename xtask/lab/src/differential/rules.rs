//! Random CEL rules for a schema node.

use serde_json::{Value, json};

use super::dice::Dice;

const STRING: &[&str] = &[
    "self.size() > 1",
    "self.startsWith('a')",
    "self.matches('^[a-c]*$')",
    "self != 'b'",
    "self == oldSelf",
    "self in ['a', 'b', 'ab']",
    "self.lowerAscii() == self",
    "self.split('').all(l, l < 'c')",
    "self.indexOf('b') < 1",
    "self.size() < 4 || self.substring(0, 2) == 'ab'",
    "!isIP(self)",
    "int(self) > 1",
    "self.charAt(1) == 'b'",
    "!format.dns1123Label().validate(self).hasValue()",
    "oldSelf.hasValue() ? self == oldSelf.value() : true",
];
const DURATION: &[&str] = &["self > duration('1m')", "self.getSeconds() < 100", "self == oldSelf"];
const TIME: &[&str] = &["self > timestamp('2020-01-01T00:00:00Z')", "self.getFullYear() == 2024", "self == oldSelf"];
const BYTES: &[&str] = &["self.size() > 2", "self != b'abc'", "string(self) == 'hi'"];
const INTEGER: &[&str] = &[
    "self > 3",
    "self % 2 == 0",
    "self >= oldSelf",
    "10 / self > 1",
    "self in [1, 2, 3]",
    "self < 2.5",
    "string(self) != '5'",
    "self + 9223372036854775800 > 0",
    "oldSelf.optMap(o, self > o).orValue(true)",
];
const NUMBER: &[&str] = &["self < 2.5", "self * 2.0 > 1.0", "self == oldSelf", "int(self) > 0", "self > 1"];
const BOOLEAN: &[&str] = &["self", "!self", "self || true", "self == oldSelf"];
const INT_OR_STRING: &[&str] = &[
    "type(self) == int ? self < 5 : self.endsWith('%')",
    "self == 'a'",
    "self > 3",
    "type(self) == string || self >= 0",
    "self == oldSelf",
    "int(self) > 3",
    "self != 80",
];
const LIST: &[&str] = &[
    "self.size() < 3",
    "self.all(x, self.exists(y, x == y))",
    "self == oldSelf",
    "self.size() == oldSelf.size()",
    "self.all(i, x, self[i] == x)",
    "oldSelf.all(x, x in self)",
    "self.map(x, x).size() == self.size()",
    "(self + self).size() < 5",
    "self + oldSelf == self",
    "!oldSelf.hasValue() || oldSelf.value() == self",
    "self.distinct().size() == self.size()",
    "self[0] == self[1]",
    "self.first().hasValue()",
    "sets.contains(self, oldSelf)",
];
const MAP: &[&str] = &[
    "self.all(k, k.size() < 2)",
    "'a' in self",
    "self.size() < 3",
    "self == oldSelf",
    "self.all(k, v, v == self[k])",
    "has(self.a) || has(self.b)",
    "oldSelf.all(k, k in self && self[k] == oldSelf[k])",
    "self.transformList(k, v, v).size() > 1",
    "self.?a == self.?b",
    "self.exists_one(k, k.startsWith('x'))",
];

/// Adds one or two rules to a schema.
pub fn add(dice: &mut Dice, schema: &mut Value) {
    let rules: Vec<Value> = (0..=dice.below(2)).map(|_| rule(dice, schema)).collect();
    schema["x-kubernetes-validations"] = rules.into();
}

fn rule(dice: &mut Dice, schema: &Value) -> Value {
    let expression = expression(dice, schema);
    let mut rule = json!({ "rule": expression });
    if expression.contains("oldSelf.hasValue") || expression.contains("oldSelf.optMap") {
        rule["optionalOldSelf"] = json!(true);
    }
    if dice.one_in(3) {
        rule["message"] = json!("is not as it should be");
    }
    if dice.one_in(3) {
        let reasons = ["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"];
        rule["reason"] = json!(dice.pick(&reasons));
    }
    if dice.one_in(4)
        && let Some(name) = property(dice, schema)
    {
        rule["fieldPath"] = json!(format!("['{name}']"));
    }
    rule
}

fn expression(dice: &mut Dice, schema: &Value) -> String {
    let type_ = schema["type"].as_str().unwrap_or_default();
    let format = schema["format"].as_str().unwrap_or_default();
    let templates = match (type_, format) {
        ("string", "duration") => DURATION,
        ("string", "date" | "date-time") => TIME,
        ("string", "byte") => BYTES,
        ("string", _) => STRING,
        ("integer", _) => INTEGER,
        ("number", _) => NUMBER,
        ("boolean", _) => BOOLEAN,
        ("array", _) => LIST,
        ("object", _) if schema.get("properties").is_some() => return of_object(dice, schema),
        ("object", _) => MAP,
        _ => INT_OR_STRING,
    };
    (*dice.pick(templates)).to_owned()
}

fn of_object(dice: &mut Dice, schema: &Value) -> String {
    let mut field = || property(dice, schema).map(|name| escaped(&name)).unwrap_or_default();
    let (one, other) = (field(), field());
    match dice.below(11) {
        0 => format!("has(self.{one})"),
        1 => format!("!has(self.{one}) || has(self.{other})"),
        2 => format!("self.{one} == self.{one}"),
        3 => "self == oldSelf".to_owned(),
        4 => format!("self.{one} == oldSelf.{one}"),
        5 => format!("self.?{one}.hasValue() || self.?{other}.hasValue()"),
        6 => format!("has(self.{one}) == has(oldSelf.{one})"),
        7 => format!("[has(self.{one}), has(self.{other})].exists_one(x, x)"),
        8 => format!("self.?{one} == oldSelf.?{one}"),
        9 => format!("!oldSelf.hasValue() || oldSelf.?{one} == self.?{one}"),
        _ => "self == self".to_owned(),
    }
}

fn property(dice: &mut Dice, schema: &Value) -> Option<String> {
    let names: Vec<&String> = schema["properties"].as_object()?.keys().collect();
    (!names.is_empty()).then(|| dice.pick(&names).to_string())
}

fn escaped(name: &str) -> String {
    match name {
        "in" | "namespace" => format!("__{name}__"),
        _ => name.replace("__", "__underscores__").replace('-', "__dash__").replace('.', "__dot__"),
    }
}
