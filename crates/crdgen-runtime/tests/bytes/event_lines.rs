//! Watches with one event a line, split into chunks of any size.

use crdgen_runtime::bytes::{Error, ErrorKind, EventLines, EventType, Limits};
use proptest::prelude::*;
use serde_json::json;

use crate::{chunks, json};

type Events = Vec<(EventType, Vec<u8>)>;

fn events(body: &[u8], limits: Limits, sizes: &[usize]) -> (Events, Result<(), Error>) {
    let mut lines = EventLines::new(limits);
    let mut events = Vec::new();
    for mut chunk in chunks(body, sizes) {
        loop {
            match lines.next_event(&mut chunk) {
                Ok(Some(event)) => events.push((event.event_type, event.object.to_vec())),
                Ok(None) => break,
                Err(error) => return (events, Err(error)),
            }
        }
    }
    (events, lines.finish())
}

#[test]
fn events_have_a_type_and_an_object_in_any_order() {
    let body =
        b"{\"type\":\"ADDED\",\"object\":{\"a\":1}}\n\n{ \"object\": {\"type\":\"x\"}, \"type\": \"BOOKMARK\" }\r\n";
    for sizes in [&[][..], &[1], &[5], &[40]] {
        let (events, end) = events(body, Limits::default(), sizes);
        let expected = [(EventType::Added, br#"{"a":1}"#.to_vec()), (EventType::Bookmark, br#"{"type":"x"}"#.to_vec())];
        assert_eq!(events, expected);
        assert_eq!(end, Ok(()));
    }
}

#[test]
fn what_is_no_event_is_an_error_with_its_place() {
    let error = |body: &str| events(body.as_bytes(), Limits::default(), &[9]).1.expect_err("no events").to_string();
    assert_eq!(error("{\"type\":\"ADDED\",\"object\":{}}\n[]\n"), "byte 29: expected an event, '{'");
    assert_eq!(error("{\"type\":\"NEW\",\"object\":{}}\n"), "byte 8: expected the type of an event");
    assert_eq!(error("{\"type\":\"ADDED\"}\n"), "byte 16: expected an event, with type and object");
    assert_eq!(error("{\"type\":\"ADDED\",\"obj"), "byte 20: the body ends early");
}

#[test]
fn a_line_has_a_largest_size() {
    let limits = Limits { item_bytes: 40, ..Limits::default() };
    for sizes in [&[][..], &[1], &[30]] {
        let body = format!("{{\"type\":\"ADDED\",\"object\":{{\"a\":\"{}\"}}}}\n", "x".repeat(50));
        let error = events(body.as_bytes(), limits, sizes).1.expect_err("too large");
        assert_eq!((error.offset, error.kind), (40, ErrorKind::TooLarge(40)));
        let largest = format!("{{\"type\":\"ADDED\",\"object\":{{\"a\":\"{}\"}}}}\n", "x".repeat(6));
        assert_eq!(
            (largest.len(), events(largest.as_bytes(), limits, sizes).1),
            (41, Ok(())),
            "40 bytes and the newline"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_event_comes_out_whole(
        objects in prop::collection::vec(json::object(), 0..6), sizes in prop::collection::vec(1..100usize, 0..4),
    ) {
        let line = |object| json!({"type": "MODIFIED", "object": object}).to_string() + "\n";
        let body: String = objects.iter().map(line).collect();
        let (events, end) = events(body.as_bytes(), Limits::default(), &sizes);
        let expected: Vec<_> = objects.iter().map(|object| (EventType::Modified, object.to_string().into_bytes())).collect();
        prop_assert_eq!((events, end), (expected, Ok(())));
    }

    #[test]
    fn nothing_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), sizes in prop::collection::vec(1..50usize, 0..3)) {
        let (_, in_chunks) = events(&body, Limits::default(), &sizes);
        prop_assert_eq!(in_chunks, events(&body, Limits::default(), &[]).1);
    }
}
