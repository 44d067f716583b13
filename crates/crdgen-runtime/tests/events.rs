//! Watches as response bodies: the bytes are the same whether the backend's events are decoded or encoded.

mod sample;

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use crdgen_runtime::Metadata;
use crdgen_runtime::backend::{
    Change, DeletedKey, EncodedObject, Error, Event, EventStream, Key, Reason, Result, Watch,
};
use crdgen_runtime::server::WatchForm;
use futures_util::{StreamExt, TryStreamExt, stream};

use sample::ci_example_com::v1::widget::Widget;

fn key() -> Key {
    Key::namespaced("team".parse().expect("a namespace"), "a".parse().expect("a name"))
}

fn widget(color: &str) -> Widget {
    let mut widget = Widget::new("a", color);
    widget.metadata.namespace = Some("team".to_owned());
    widget.metadata.uid = Some("u".to_owned());
    widget
}

fn json(widget: &Widget) -> Bytes {
    serde_json::to_vec(widget).expect("JSON").into()
}

fn encoded(widget: &Widget) -> EncodedObject {
    EncodedObject::new(&key(), widget.metadata.uid().unwrap_or_default(), json(widget))
}

fn watch<T: Send + 'static>(events: Vec<Result<Event<T>>>) -> Watch<T> {
    Box::pin(stream::iter(events))
}

fn event<T>(change: Change<T>, version: Option<&str>) -> Result<Event<T>> {
    Ok(Event { change, resource_version: version.map(str::to_owned) })
}

fn changes<T>(object: impl Fn(&str) -> T) -> Vec<Result<Event<T>>> {
    let deleted_key = DeletedKey { key: key(), uid: "u".to_owned() };
    vec![
        event(Change::Added(object("red")), None),
        event(Change::InitialEventsEnd, Some("1")),
        event(Change::Modified(object("two\nlines")), Some("2")),
        event(Change::Deleted(object("blue")), Some("3")),
        event(Change::DeletedFinalStateUnknown(deleted_key), Some("4")),
        event(Change::Bookmark, Some("5\n6")),
    ]
}

async fn body(form: WatchForm, watch: impl Into<EventStream<Widget>>) -> String {
    let body = form.reply(watch).into_response().into_body().into_data_stream();
    let pieces: Vec<Bytes> = body.try_collect().await.expect("it does not break");
    String::from_utf8(pieces.concat()).expect("text")
}

#[tokio::test]
async fn decoded_and_encoded_objects_are_written_the_same() {
    for form in [WatchForm::Events, WatchForm::Lines] {
        let decoded = body(form, EventStream::Decoded(watch(changes(widget)))).await;
        let encoded = body(form, EventStream::Encoded(watch(changes(|color| encoded(&widget(color)))))).await;
        assert_eq!(decoded, encoded);
    }
}

#[tokio::test]
async fn events_are_framed_by_form() {
    let red = String::from_utf8(json(&widget("red")).to_vec()).expect("text");
    let lines = body(WatchForm::Lines, watch(changes(widget))).await;
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines[0], format!(r#"{{"type":"ADDED","object":{red}}}"#));
    assert_eq!(lines[1], r#"{"type":"SYNCED","resourceVersion":"1"}"#);
    let gone = r#""gone":{"name":"a","namespace":"team","uid":"u"}"#;
    assert!(lines[3].ends_with(&format!(r#",{gone},"resourceVersion":"3"}}"#)), "{}", lines[3]);
    assert_eq!(lines[4], format!(r#"{{"type":"DELETED",{gone},"resourceVersion":"4"}}"#));

    let events = body(WatchForm::Events, watch(changes(widget))).await;
    let events: Vec<_> = events.split("\n\n").collect();
    assert_eq!(events[0], format!("data: {}", lines[0]));
    assert_eq!(events[1], format!("data: {}\nid: 1", lines[1]));
    assert_eq!(events[5], format!("data: {}", lines[5]), "what is not one line is no id");
    let headers = WatchForm::Events.reply(watch(changes(widget))).into_response().headers().clone();
    assert_eq!(
        (&headers[header::CONTENT_TYPE], &headers["x-accel-buffering"]),
        (&"text/event-stream".parse().unwrap(), &"no".parse().unwrap())
    );
}

#[tokio::test]
async fn the_last_failure_is_told_and_one_after_which_it_goes_on_is_not() {
    let failure = || Err(Error::new(Reason::Expired, "too old"));
    let events = vec![failure(), event(Change::InitialEventsEnd, Some("1")), failure()];
    let lines = body(WatchForm::Lines, watch::<Widget>(events)).await;
    let types: Vec<_> = lines.lines().map(|line| line.split('"').nth(3).unwrap_or_default()).collect();
    assert_eq!(types, ["SYNCED", "ERROR"]);
}

#[tokio::test]
async fn a_large_object_is_passed_on_without_being_copied() {
    let object = encoded(&widget(&"x".repeat(100_000)));
    let shared = object.json()[0].as_ptr();
    let one = EventStream::<Widget>::Encoded(watch(vec![event(Change::Added(object), None)]));
    let body = WatchForm::Events.reply(one).into_response().into_body().into_data_stream();
    let pieces: Vec<Bytes> = body.try_collect().await.expect("it does not break");
    assert!(pieces.iter().any(|piece| piece.as_ptr() == shared));
}

#[tokio::test]
async fn json_in_several_lines_is_one_event() {
    let pretty = serde_json::to_vec_pretty(&widget("red")).expect("JSON");
    let one = EventStream::Encoded(watch(vec![event(Change::Added(EncodedObject::new(&key(), "u", pretty)), None)]));
    assert_eq!(body(WatchForm::Lines, one).await.lines().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn silence_is_filled_with_heartbeats() {
    let silent = stream::iter(changes(widget).into_iter().take(1)).chain(stream::pending());
    let silent: Watch<Widget> = Box::pin(silent);
    let mut body = WatchForm::Events.reply(silent).into_response().into_body().into_data_stream();
    let mut next = async || body.next().await.expect("it goes on").expect("bytes");
    assert!(next().await.starts_with(b"data: "));
    for _ in 0..2 {
        let start = tokio::time::Instant::now();
        assert_eq!(&next().await[..], b":\n\n");
        assert_eq!(start.elapsed(), Duration::from_secs(15));
    }
}
