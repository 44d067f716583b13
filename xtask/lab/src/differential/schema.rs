//! Random structural schemas. An API server accepts most of them.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::{object, rules};

/// Depth below which there are only scalars.
const MAX_DEPTH: usize = 3;

/// Returns the schema of a custom resource.
pub fn root(dice: &mut Dice) -> Value {
    let mut properties = Map::new();
    properties.insert("spec".into(), object_node(dice, 0));
    if dice.one_in(3) {
        properties.insert("status".into(), node(dice, 1));
    }
    let mut root = json!({ "type": "object", "properties": properties });
    if dice.one_in(4) {
        root["required"] = json!(["spec"]);
    }
    if dice.one_in(4) {
        rules::add(dice, &mut root);
    }
    root
}

fn node(dice: &mut Dice, depth: usize) -> Value {
    let mut schema = match dice.below(if depth < MAX_DEPTH { 16 } else { 8 }) {
        0..=2 => string(dice),
        3 | 4 => integer(dice),
        5 => number(dice),
        6 => json!({ "type": "boolean" }),
        7 => int_or_string(dice),
        8..=10 => object_node(dice, depth),
        11 | 12 => array(dice, depth),
        13 | 14 => map(dice, depth),
        _ => return unknown(dice),
    };
    if dice.one_in(6) {
        schema["nullable"] = json!(true);
    }
    if dice.one_in(5) {
        rules::add(dice, &mut schema);
    }
    if dice.one_in(6) {
        schema["default"] = object::valid(dice, &schema);
    }
    schema
}

fn string(dice: &mut Dice) -> Value {
    let mut schema = json!({ "type": "string", "maxLength": 5 + dice.below(20) });
    match dice.below(8) {
        0 => schema["pattern"] = json!(dice.pick(&["^[a-z]+$", "\\d", "^(ab|c)*$", "^\\w{1,3}$", "a.c"])),
        1 => schema["enum"] = json!(["a", "b", "ab", ""]),
        2 | 3 => {
            let formats = ["date-time", "date", "duration", "byte", "ipv4", "uuid", "email", "uri", "hostname", "nope"];
            schema["format"] = json!(dice.pick(&formats));
        }
        4 => schema["minLength"] = json!(dice.below(4)),
        _ => {}
    }
    schema
}

fn integer(dice: &mut Dice) -> Value {
    let mut schema = json!({ "type": "integer" });
    match dice.below(7) {
        0 => schema["minimum"] = json!(dice.below(5)),
        1 => schema["maximum"] = json!(dice.below(10)),
        2 => schema["multipleOf"] = json!(1 + dice.below(4)),
        3 => schema["format"] = json!(dice.pick(&["int32", "int64", "uint8"])),
        4 => schema["enum"] = json!([1, 2, 5]),
        5 => {
            schema["minimum"] = json!(2);
            schema["exclusiveMinimum"] = json!(true);
        }
        _ => {}
    }
    schema
}

fn number(dice: &mut Dice) -> Value {
    let mut schema = json!({ "type": "number" });
    match dice.below(5) {
        0 => schema["minimum"] = json!(0.5),
        1 => schema["maximum"] = json!(4),
        2 => schema["multipleOf"] = json!(0.5),
        3 => schema["format"] = json!(dice.pick(&["float", "double"])),
        _ => {}
    }
    schema
}

fn int_or_string(dice: &mut Dice) -> Value {
    let mut schema = json!({ "x-kubernetes-int-or-string": true, "maxLength": 10 });
    match dice.below(4) {
        0 => schema["anyOf"] = json!([{ "type": "integer" }, { "type": "string" }]),
        1 => schema["pattern"] = json!("^[0-9]+%?$"),
        2 => schema["maximum"] = json!(100),
        _ => {}
    }
    schema
}

fn object_node(dice: &mut Dice, depth: usize) -> Value {
    let mut properties = Map::new();
    for _ in 0..=dice.below(4) {
        properties.insert((*dice.pick(&object::NAMES)).into(), node(dice, depth + 1));
    }
    let names: Vec<&String> = properties.keys().collect();
    let mut schema = json!({ "type": "object" });
    if dice.one_in(2) {
        schema["required"] = json!([*dice.pick(&names)]);
    }
    match dice.below(14) {
        0 => schema["x-kubernetes-preserve-unknown-fields"] = json!(true),
        1 => schema["maxProperties"] = json!(1 + dice.below(3)),
        2 => schema["minProperties"] = json!(1 + dice.below(2)),
        3 => schema["x-kubernetes-map-type"] = json!("atomic"),
        4 => schema["x-kubernetes-embedded-resource"] = json!(true),
        5 => schema["oneOf"] = json!([{ "required": [*dice.pick(&names)] }, { "required": [*dice.pick(&names)] }]),
        6 => schema["anyOf"] = json!([{ "required": [*dice.pick(&names)] }, { "required": [*dice.pick(&names)] }]),
        7 => schema["not"] = json!({ "required": [*dice.pick(&names), *dice.pick(&names)] }),
        _ => {}
    }
    schema["properties"] = properties.into();
    schema
}

fn map(dice: &mut Dice, depth: usize) -> Value {
    if dice.one_in(8) {
        return json!({ "type": "object", "additionalProperties": true });
    }
    json!({ "type": "object", "maxProperties": 4, "additionalProperties": node(dice, depth + 1) })
}

fn array(dice: &mut Dice, depth: usize) -> Value {
    let mut schema = json!({ "type": "array", "maxItems": 2 + dice.below(4) });
    match dice.below(5) {
        0 => {
            schema["x-kubernetes-list-type"] = json!("set");
            let mut items = if dice.one_in(3) { integer(dice) } else { string(dice) };
            if dice.one_in(6) {
                items["default"] = object::valid(dice, &items);
            }
            schema["items"] = items;
        }
        1 | 2 => {
            let mut items = object_node(dice, depth + 1);
            for (key, type_) in [("key", "string"), ("port", "integer")] {
                items["properties"][key] = json!({ "type": type_ });
            }
            let keys = *dice.pick(&[&["key"] as &[&str], &["key", "port"]]);
            items["required"] = json!(keys);
            for key in keys.iter().filter(|_| dice.one_in(3)) {
                items["properties"][key]["default"] = if *key == "key" { json!("a") } else { json!(80) };
            }
            if dice.one_in(4) {
                rules::add(dice, &mut items);
            }
            schema["x-kubernetes-list-type"] = json!("map");
            schema["x-kubernetes-list-map-keys"] = json!(keys);
            schema["items"] = items;
        }
        _ => schema["items"] = node(dice, depth + 1),
    }
    if dice.one_in(6) {
        schema["minItems"] = json!(1);
    }
    schema
}

fn unknown(dice: &mut Dice) -> Value {
    match dice.below(3) {
        0 => json!({ "type": "object", "x-kubernetes-preserve-unknown-fields": true }),
        1 => json!({ "x-kubernetes-preserve-unknown-fields": true }),
        _ => json!({
            "type": "object",
            "x-kubernetes-embedded-resource": true,
            "x-kubernetes-preserve-unknown-fields": true,
        }),
    }
}
