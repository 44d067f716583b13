//! YAML and JSON of users. Positions are within the text, and the JSON of an object is read as an equal object. The JSON of
//! another value need not be: text without a `{` in front is YAML, in which `1.0` is an integer.

#![no_main]

use crdgen_fuzz::crds::{read, read_with};
use crdgen_schema::{Node, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut found = Vec::new();
    for document in read_with(text, &mut found) {
        check(&document.root, text);
        let json = document.root.to_json();
        if json.is_object() {
            let again = read(&json.to_string());
            assert_eq!(again.first().map(|again| again.root.to_json()), Some(json));
        }
    }
    for place in found.iter().filter_map(|found| found.place.as_ref()) {
        assert!(place.span.offset <= text.len() && place.span.line >= 1 && place.span.column >= 1, "{place:?}");
    }
});

fn check(node: &Node, text: &str) {
    let span = node.span;
    assert!(span.offset <= text.len() && span.line >= 1 && span.column >= 1, "{span:?}");
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check(item, text)),
        Value::Map(entries) => entries.iter().for_each(|entry| check(&entry.value, text)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => {}
    }
}
