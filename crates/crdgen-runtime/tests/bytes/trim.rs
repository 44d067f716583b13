//! Trimming of objects, compared with removing the two fields from the parsed object.

use crdgen_runtime::bytes::{KeepMetadata, MetadataFilter, Splitter};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{chunks, json};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn trimmed(object: &str, keep: KeepMetadata) -> String {
    let mut out = Vec::new();
    MetadataFilter::new(keep).copy(object.as_bytes(), &mut out).expect("an object");
    String::from_utf8(out).expect("text stays text")
}

/// Returns the expected result, from the parsed object.
pub fn expected(object: &Value, keep: KeepMetadata) -> Value {
    let mut object = object.clone();
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else { return object };
    if matches!(keep, KeepMetadata::Nothing | KeepMetadata::LastApplied) {
        metadata.shift_remove("managedFields");
    }
    if matches!(keep, KeepMetadata::Nothing | KeepMetadata::ManagedFields)
        && let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut)
        && annotations.shift_remove(LAST_APPLIED).is_some()
        && annotations.is_empty()
    {
        metadata.shift_remove("annotations");
    }
    object
}

#[test]
fn the_two_fields_go_and_nothing_else_changes() {
    let object = r#"{ "kind":"W", "metadata":{"annotations":{"a":"1","kubectl.kubernetes.io/last-applied-configuration":"{\"a\":\"}\\\"\"}","b":"2"},"managedFields":[{"f:a":{}}],"name":"n"}, "spec":{"managedFields":[1]} }"#;
    let expected =
        r#"{ "kind":"W", "metadata":{"annotations":{"a":"1","b":"2"},"name":"n"}, "spec":{"managedFields":[1]} }"#;
    assert_eq!(trimmed(object, KeepMetadata::Nothing), expected);
    assert_eq!(trimmed(object, KeepMetadata::All), object);
}

#[test]
fn a_field_goes_from_the_start_the_middle_and_the_end() {
    for (object, expected) in [
        (r#"{"metadata":{"managedFields":[]}}"#, r#"{"metadata":{}}"#),
        (r#"{"metadata":{"managedFields":[],"a":1}}"#, r#"{"metadata":{"a":1}}"#),
        (r#"{"metadata":{"a":1,"managedFields":[]}}"#, r#"{"metadata":{"a":1}}"#),
        (r#"{"metadata":{"a":1,"managedFields":[],"b":2}}"#, r#"{"metadata":{"a":1,"b":2}}"#),
        (r#"{"metadata":{"managedFields":[]},"spec":{}}"#, r#"{"metadata":{},"spec":{}}"#),
        (r#"{"metadata":null}"#, r#"{"metadata":null}"#),
        ("{}", "{}"),
    ] {
        assert_eq!(trimmed(object, KeepMetadata::Nothing), expected);
    }
}

#[test]
fn annotations_that_lose_their_last_go_and_empty_ones_stay() {
    let applied = |rest: &str| format!(r#"{{"metadata":{{"annotations":{{"{LAST_APPLIED}":"{{}}"}}{rest}}}}}"#);
    assert_eq!(trimmed(&applied(""), KeepMetadata::Nothing), r#"{"metadata":{}}"#);
    assert_eq!(trimmed(&applied(r#","name":"n""#), KeepMetadata::Nothing), r#"{"metadata":{"name":"n"}}"#);
    assert_eq!(
        trimmed(r#"{"metadata":{"annotations":{}}}"#, KeepMetadata::Nothing),
        r#"{"metadata":{"annotations":{}}}"#
    );
}

#[test]
fn an_escaped_key_is_the_key_that_it_means() {
    let object = r#"{"\u006detadata":{"managed\u0046ields":[1],"x":"\u0022"}}"#;
    assert_eq!(trimmed(object, KeepMetadata::Nothing), r#"{"\u006detadata":{"x":"\u0022"}}"#);
}

#[test]
fn what_is_cut_off_or_no_object_is_an_error() {
    let object = r#"{"metadata":{"annotations":{"a":"\\"},"managedFields":[{}]},"spec":{}}"#;
    let copy = |object: &str| MetadataFilter::default().copy(object.as_bytes(), &mut Vec::new());
    for end in 0..object.len() {
        assert!(copy(&object[..end]).is_err(), "{}", &object[..end]);
    }
    assert!(copy("[]").is_err());
    assert_eq!(copy(r#"{"metadata":{"managedFields":}}"#).expect_err("no value").offset, 29);
    assert_eq!(copy("{} {}").expect_err("two").offset, 3);
}

fn keep() -> impl Strategy<Value = KeepMetadata> {
    prop::sample::select(vec![
        KeepMetadata::Nothing,
        KeepMetadata::LastApplied,
        KeepMetadata::ManagedFields,
        KeepMetadata::All,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn trimmed_is_what_a_parser_leaves(object in json::object(), style in json::style(), keep in keep()) {
        let text = trimmed(&style.write(&object), keep);
        let value: Value = serde_json::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        prop_assert_eq!(value, expected(&object, keep));
    }

    #[test]
    fn items_are_trimmed_while_they_are_split(
        objects in prop::collection::vec(json::object(), 0..6), style in json::style(), keep in keep(),
        sizes in prop::collection::vec(1..300usize, 0..4),
    ) {
        let body = style.write(&json!({"items": objects, "kind": "List"}));
        let (trim, mut splitter, mut items) = (MetadataFilter::new(keep), Splitter::default(), Vec::new());
        for mut chunk in chunks(body.as_bytes(), &sizes) {
            let mut item = Vec::new();
            while splitter.next_cut(trim.as_ref(), &mut chunk, &mut item).expect("a list") {
                items.push(serde_json::from_slice(&item).expect("an object"));
                item.clear();
            }
            prop_assert_eq!(item, b"", "nothing is left of what is read again");
        }
        let expected: Vec<Value> = objects.iter().map(|object| expected(object, keep)).collect();
        prop_assert_eq!((items, splitter.finish().map(|end| end.items)), (expected, Ok(objects.len() as u64)));
    }

    #[test]
    fn a_body_that_is_cut_off_is_an_error_while_it_is_trimmed(
        objects in prop::collection::vec(json::object(), 1..4), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let body = json!({"items": objects}).to_string();
        let at = at.index(body.len());
        let cut = |body: &[u8]| {
            let (trim, mut splitter, mut out) = (MetadataFilter::default(), Splitter::default(), Vec::new());
            let mut chunk = body;
            while splitter.next_cut(trim.as_ref(), &mut chunk, &mut out)? {}
            splitter.finish()
        };
        prop_assert!(cut(&body.as_bytes()[..at]).is_err());
        let mut changed = body.into_bytes();
        changed[at] = byte;
        _ = cut(&changed);
    }

    #[test]
    fn nothing_makes_it_panic(text in prop::collection::vec(any::<u8>(), 0..60), object in json::object(), at in any::<prop::sample::Index>()) {
        let mut object = object.to_string().into_bytes();
        let at = at.index(object.len());
        object.splice(at..at, text.iter().copied());
        _ = MetadataFilter::default().copy(&object, &mut Vec::new());
        _ = MetadataFilter::default().copy(&text, &mut Vec::new());
    }
}
