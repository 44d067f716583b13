//! Random objects for a schema: valid ones, and ones with a few mistakes.

use serde_json::{Map, Value, json};

use super::dice::Dice;

/// Names of properties. CEL has to escape some of them.
pub const NAMES: [&str; 8] = ["a", "b", "c", "in", "x-y", "d.e", "f__g", "namespace"];

/// Returns a whole custom resource.
pub fn object(dice: &mut Dice, schema: &Value) -> Value {
    // Most objects have few mistakes or none. With many mistakes only the first would be reported.
    let mistakes = *dice.pick(&[0, 0, 40, 15]);
    let mut object = value(dice, schema, mistakes);
    head(&mut object);
    object
}

/// Returns an object that could be the stored one before a write of `object`.
pub fn before(dice: &mut Dice, schema: &Value, object: &Value) -> Value {
    let mut old = if dice.one_in(4) { value(dice, schema, 0) } else { object.clone() };
    for _ in 0..dice.below(4) {
        change(dice, schema, &mut old);
    }
    head(&mut old);
    old
}

/// Returns a value of the right type. It may still violate bounds.
pub fn valid(dice: &mut Dice, schema: &Value) -> Value {
    value(dice, schema, 0)
}

fn head(object: &mut Value) {
    if !object.is_object() {
        *object = json!({});
    }
    object["apiVersion"] = json!("oracle.example.com/v1");
    object["kind"] = json!("Probe");
    object["metadata"] = json!({ "name": "one", "namespace": "there" });
}

/// Changes a random value inside an object.
fn change(dice: &mut Dice, schema: &Value, object: &mut Value) {
    match object {
        Value::Object(fields) if !fields.is_empty() && !dice.one_in(6) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let name = dice.pick(&names);
            if let Some(below) = child(schema, name) {
                if dice.one_in(5) {
                    fields.remove(name);
                } else {
                    change(dice, below, &mut fields[name]);
                }
            }
        }
        Value::Array(items) if !items.is_empty() && !dice.one_in(6) => {
            let at = dice.below(items.len());
            match dice.below(4) {
                0 => drop(items.remove(at)),
                1 => items.reverse(),
                _ => change(dice, &schema["items"], &mut items[at]),
            }
        }
        value => *value = self::value(dice, schema, 0),
    }
}

fn child<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    schema.get("properties").and_then(|properties| properties.get(name)).or_else(|| schema.get("additionalProperties"))
}

/// Returns a value with about one mistake in `mistakes` places; with none if `mistakes` is 0.
fn value(dice: &mut Dice, schema: &Value, mistakes: usize) -> Value {
    if mistakes > 0 && dice.one_in(mistakes) {
        return anything(dice);
    }
    if dice.one_in(if schema["nullable"] == true { 4 } else { 40 }) && mistakes != 0 {
        return Value::Null;
    }
    if let Some(choices) = schema["enum"].as_array()
        && !dice.one_in(8)
    {
        return dice.pick(choices).clone();
    }
    match schema["type"].as_str() {
        Some("string") => string(dice, schema["format"].as_str().unwrap_or_default()),
        Some("integer") => integer(dice),
        Some("number") => number(dice),
        Some("boolean") => json!(dice.one_in(2)),
        Some("array") => array(dice, schema, mistakes),
        Some("object") => fields(dice, schema, mistakes),
        _ if schema["x-kubernetes-int-or-string"] == true => match dice.below(2) {
            0 => integer(dice),
            _ => json!(dice.pick(&["50%", "a", "7", ""])),
        },
        _ => anything(dice),
    }
}

fn anything(dice: &mut Dice) -> Value {
    dice.pick(&[
        json!(null),
        json!("a"),
        json!(1),
        json!(1.5),
        json!(true),
        json!([]),
        json!(["a"]),
        json!({}),
        json!({ "a": 1, "b": { "c": null } }),
        json!([null]),
    ])
    .clone()
}

fn string(dice: &mut Dice, format: &str) -> Value {
    let right: &[&str] = match format {
        "date-time" => &["2024-01-01T00:00:00Z", "2019-06-01T10:00:00.5+02:00", "2024-01-01t00:00:00z"],
        "date" => &["2024-01-01", "2024-02-30"],
        "duration" => &["1h", "5m30s", "1 day", "90 s"],
        "byte" => &["aGk=", "YWJj", "aGVsbG8="],
        "ipv4" => &["1.2.3.4", "1.2.3"],
        "uuid" => &["123e4567-e89b-12d3-a456-426614174000", "123"],
        "email" => &["a@b.c", "A <a@b.c>", "a"],
        "uri" => &["https://a/b", "/a", "a"],
        "hostname" => &["a.example", "a_b"],
        _ => &["a", "b", "ab", "abc", "c", "", "1", "12", "ABC", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "h\u{e9}"],
    };
    json!(dice.pick(right))
}

fn integer(dice: &mut Dice) -> Value {
    dice.pick(&[
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(4),
        json!(5),
        json!(-1),
        json!(12),
        json!(2.0),
        json!(2_147_483_648_i64),
        json!(i64::MAX),
    ])
    .clone()
}

fn number(dice: &mut Dice) -> Value {
    dice.pick(&[json!(0), json!(1), json!(0.5), json!(1.5), json!(2.25), json!(3.0), json!(-1.5), json!(1e300)]).clone()
}

fn array(dice: &mut Dice, schema: &Value, mistakes: usize) -> Value {
    let most = schema["maxItems"].as_u64().unwrap_or(3) as usize;
    let count = dice.below(most + 1 + usize::from(mistakes > 0));
    let mut items: Vec<Value> = Vec::new();
    for _ in 0..count {
        let item = value(dice, &schema["items"], mistakes);
        // Sets mostly have no duplicates.
        if schema["x-kubernetes-list-type"] != "set" || !items.contains(&item) || dice.one_in(10) {
            items.push(item);
        }
    }
    items.into()
}

fn fields(dice: &mut Dice, schema: &Value, mistakes: usize) -> Value {
    let mut fields = Map::new();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, below) in schema["properties"].as_object().into_iter().flatten() {
        let is_required = required.iter().any(|required| required == name);
        let leaves_out = if is_required { mistakes > 0 && dice.one_in(mistakes) } else { dice.one_in(3) };
        if !leaves_out {
            fields.insert(name.clone(), value(dice, below, mistakes));
        }
    }
    if let Some(values) = schema.get("additionalProperties") {
        for _ in 0..dice.below(5) {
            let value = if values.is_object() { value(dice, values, mistakes) } else { anything(dice) };
            fields.insert((*dice.pick(&NAMES)).into(), value);
        }
    }
    if mistakes > 0 && dice.one_in(8) || schema["x-kubernetes-preserve-unknown-fields"] == true && dice.one_in(2) {
        fields.insert("unknown".into(), anything(dice));
    }
    if schema["x-kubernetes-embedded-resource"] == true {
        for (name, value) in
            [("apiVersion", json!("v1")), ("kind", json!("Inner")), ("metadata", json!({ "name": "i" }))]
        {
            if !dice.one_in(12) {
                fields.insert(name.into(), value);
            }
        }
    }
    fields.into()
}
