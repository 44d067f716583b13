//! Splitter: finds each item once, whatever the chunks, and reports every other body as an error with its position.

use crdgen_runtime::ListMeta;
use crdgen_runtime::bytes::{ErrorKind, Limits};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{json, split, twin};

fn whole(body: &str) -> (Vec<Value>, Result<crdgen_runtime::bytes::ListEnd, String>) {
    let (items, end) = split(body.as_bytes(), Limits::default(), &[]);
    let items = items.iter().map(|item| serde_json::from_slice(item).expect("an item is JSON")).collect();
    (items, end.map_err(|error| error.to_string()))
}

fn error(body: &str) -> String {
    whole(body).1.expect_err("not a list")
}

#[test]
fn the_end_of_a_list_is_known_wherever_it_stands() {
    let metadata = r#""metadata":{"resourceVersion":"9","continue":"abc","remainingItemCount":3}"#;
    let head = r#""kind":"WidgetList","apiVersion":"ci.example.com/v1""#;
    for body in [
        format!(r#"{{{head},{metadata},"items":[{{"a":1}},{{}}]}}"#),
        format!(r#"{{{head},"items":[{{"a":1}},{{}}],{metadata}}}"#),
        format!(r#" {{ "items" : [ {{"a":1}} , {{}} ] , {metadata},{head} }} "#),
    ] {
        let (items, end) = whole(&body);
        let end = end.expect("a list");
        assert_eq!(items, [json!({"a": 1}), json!({})]);
        assert_eq!((end.kind.as_deref(), end.items), (Some("WidgetList"), 2));
        let metadata = ListMeta {
            continue_: Some("abc".to_owned()),
            remaining_item_count: Some(3),
            resource_version: Some("9".to_owned()),
        };
        assert_eq!(end.metadata, metadata);
    }
}

#[test]
fn the_last_page_has_no_token() {
    let end = whole(r#"{"items":[],"metadata":{"continue":"","resourceVersion":"9"}}"#).1.expect("a list");
    assert_eq!(end.metadata.continue_, None);
}

#[test]
fn a_list_that_was_never_filled_is_empty() {
    let (items, end) = whole(r#"{"items":null,"metadata":null}"#);
    assert_eq!((items.len(), end.expect("a list").metadata), (0, ListMeta::default()));
}

#[test]
fn what_is_no_list_is_an_error_with_its_place() {
    assert_eq!(error(""), "byte 0: the body ends early");
    assert_eq!(error("[]"), "byte 0: expected a list, '{'");
    assert_eq!(error(r#"{"kind":"Status"}"#), "byte 17: expected a list, with items");
    assert_eq!(error(r#"{"items":[1]}"#), "byte 10: expected an item, '{', or ']'");
    assert_eq!(error(r#"{"items":[{},]}"#), "byte 13: expected an item, '{'");
    assert_eq!(error(r#"{"items":[{} {}]}"#), "byte 13: expected ',' or ']'");
    assert_eq!(error(r#"{"items":[{}"#), "byte 12: the body ends early");
    assert_eq!(error(r#"{"items":[{"a":"}]}"#), "byte 19: the body ends early");
    assert_eq!(error(r#"{"a":,"items":[]}"#), "byte 5: expected a value");
    assert_eq!(error(r#"{"items":nothing}"#), "byte 9: expected a list of items");
    assert_eq!(error(r#"{"items":[],"items":[]}"#), "byte 20: expected items only once");
    assert_eq!(error(r#"{"items":[],"kind":7}"#), "byte 19: expected the list's kind, a string");
    assert_eq!(error(r#"{"items":[]}{}"#), "byte 12: expected nothing behind the list");
}

#[test]
fn an_item_has_a_largest_size_and_a_deepest_level() {
    let limits = Limits { item_bytes: 20, depth: 3, ..Limits::default() };
    let kind = |body: &str, sizes: &[usize]| {
        let error = split(body.as_bytes(), limits, sizes).1.expect_err("more than the limit");
        (error.offset, error.kind)
    };
    for sizes in [&[][..], &[1], &[7], &[29, 1]] {
        assert_eq!(split(br#"{"items":[{"a":"901234567890"}]}"#, limits, sizes).1.map(|end| end.items), Ok(1));
        assert_eq!(kind(r#"{"items":[{"a":"9012345678901"}]}"#, sizes), (30, ErrorKind::TooLarge(20)));
        assert_eq!(split(br#"{"items":[{"a":[[]]}]}"#, limits, sizes).1.map(|end| end.items), Ok(1));
        assert_eq!(kind(r#"{"items":[{"a":[[[]]]}]}"#, sizes), (17, ErrorKind::TooDeep(3)));
    }
}

#[test]
fn only_members_that_are_kept_have_a_largest_size() {
    let limits = Limits { envelope_bytes: 20, ..Limits::default() };
    let long = "x".repeat(30);
    for sizes in [&[][..], &[1], &[7]] {
        let skipped = format!(r#"{{"a":"{long}","b":["{long}"],"c":1{long},"items":[]}}"#);
        assert!(split(skipped.as_bytes(), limits, sizes).1.is_ok());
        let kept = format!(r#"{{"kind":"{long}","items":[]}}"#);
        let error = split(kept.as_bytes(), limits, sizes).1.expect_err("too large");
        assert_eq!((error.offset, error.kind), (28, ErrorKind::TooLarge(20)));
    }
}

#[test]
fn a_hundred_thousand_levels_are_refused_before_they_are_kept() {
    let body = format!(r#"{{"items":[{{"a":{}"#, "[".repeat(100_000));
    let error = split(body.as_bytes(), Limits::default(), &[4096]).1.expect_err("too deep");
    assert_eq!(error.kind, ErrorKind::TooDeep(10_000));
}

/// Generates a list with its members in any order.
fn list() -> impl Strategy<Value = String> {
    let members = vec![("kind", json!("List")), ("apiVersion", json!("v1")), ("metadata", json!({"continue": "x"}))];
    let members = (Just(members).prop_shuffle(), prop::collection::vec(json::object(), 0..5), 0..4usize);
    (members, json::value(), json::style()).prop_map(|((members, items, place), other, style)| {
        let mut members: Vec<(&str, Value)> = members;
        members.insert(place, ("items", Value::Array(items)));
        members.push(("other", other));
        style.write(&Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()))
    })
}

/// Generates damaged lists, and bodies that are not lists.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        " ",
        "a",
        "1",
        "null",
        "\"items\":[",
        "\"metadata\":",
        "\"kind\"",
        "{\"items\":",
        "\\\"",
        "\u{7f}",
    ]);
    let changed = (list(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(list, index, byte)| {
        let mut list = list.into_bytes();
        let index = index.index(list.len());
        list[index] = byte;
        list
    });
    let cut = (list(), any::<prop::sample::Index>()).prop_map(|(list, index)| {
        let end = index.index(list.len());
        list.into_bytes()[..end].to_vec()
    });
    prop_oneof![
        2 => list().prop_map(String::into_bytes),
        2 => changed,
        1 => cut,
        2 => prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![
        2 => Just(Limits::default()),
        1 => (0..80usize, 1..6u32, 0..30usize)
            .prop_map(|(item_bytes, depth, envelope_bytes)| Limits { item_bytes, depth, envelope_bytes }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn items_are_those_of_a_parser(body in list(), sizes in prop::collection::vec(1..200usize, 0..4)) {
        let parsed: Value = serde_json::from_str(&body).expect("a list is JSON");
        let (items, end) = split(body.as_bytes(), Limits::default(), &sizes);
        let items: Vec<Value> = items.iter().map(|item| serde_json::from_slice(item).expect("an item is JSON")).collect();
        prop_assert_eq!(Value::Array(items), parsed["items"].clone());
        prop_assert_eq!(end.map(|end| end.metadata.continue_), Ok(Some("x".to_owned())));
    }

    #[test]
    fn any_body_in_any_chunks_is_what_the_twin_says(
        body in body().prop_map(|body| String::from_utf8_lossy(&body).into_owned()), limits in limits(), sizes in prop::collection::vec(1..100usize, 0..4),
    ) {
        prop_assert_eq!(split(body.as_bytes(), limits, &sizes), twin::split(body.as_bytes(), limits));
    }
}
