//! Watches of the memory backend, directly and over HTTP.

mod sample;

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use crdgen_runtime::Resource;
use crdgen_runtime::backend::memory::{Limits, MemoryBackend};
use crdgen_runtime::backend::{
    Backend, Change, Event, Key, MergePatch, Namespace, Preconditions, Reason, Start, Watch, WatchQuery,
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use sample::api;
use sample::ci_example_com::v1::widget::Widget;
use sample::service::Service;

fn team() -> Namespace {
    "team".parse().expect("a namespace")
}

fn key(name: &str) -> Key {
    Key::namespaced(team(), name.parse().expect("a name"))
}

async fn create(store: &MemoryBackend, name: &str, color: &str) -> Widget {
    store.create(Some(&team()), &Widget::new(name, color)).await.expect("a new name")
}

async fn label(store: &MemoryBackend, name: &str, tier: Value) {
    let Value::Object(changes) = json!({"metadata": {"labels": {"tier": tier}}}) else { unreachable!() };
    let patched: Result<Widget, _> =
        store.patch(&key(name), &MergePatch::new(changes), &Preconditions::default()).await;
    patched.expect("a patch");
}

async fn delete(store: &MemoryBackend, name: &str) {
    Backend::<Widget>::delete(store, &key(name), &Preconditions::default()).await.expect("it is there");
}

/// Returns the kind of the next event and the name of its object.
async fn told(watch: &mut Watch<Widget>) -> String {
    let event = next(watch).await;
    let name = |widget: &Widget| widget.metadata.name.clone().unwrap_or_default();
    match &event.change {
        Change::Added(widget) => format!("added {}", name(widget)),
        Change::Modified(widget) => format!("modified {}", name(widget)),
        Change::Deleted(widget) => format!("deleted {}", name(widget)),
        other => format!("{other:?}"),
    }
}

async fn next(watch: &mut Watch<Widget>) -> Event<Widget> {
    let event = tokio::time::timeout(Duration::from_secs(10), watch.next()).await.expect("something is told");
    event.expect("it goes on").expect("an event")
}

async fn watch(store: &MemoryBackend, query: &WatchQuery) -> Watch<Widget> {
    store.watch(Some(&team()), query).await.expect("a watch")
}

#[tokio::test]
async fn what_is_there_comes_first_and_then_what_happens() {
    let store = MemoryBackend::new();
    create(&store, "a", "red").await;
    let mut watch = watch(&store, &WatchQuery::default()).await;
    assert_eq!(told(&mut watch).await, "added a");
    assert_eq!(told(&mut watch).await, "InitialEventsEnd");
    create(&store, "b", "red").await;
    label(&store, "a", json!("test")).await;
    delete(&store, "a").await;
    for expected in ["added b", "modified a", "deleted a"] {
        assert_eq!(told(&mut watch).await, expected);
    }
}

#[tokio::test]
async fn a_watch_goes_on_after_a_version_and_the_last_state_has_a_version_of_its_own() {
    let store = MemoryBackend::new();
    let first = create(&store, "a", "red").await.metadata.resource_version.expect("a version");
    create(&store, "b", "red").await;
    delete(&store, "b").await;
    let mut watch =
        watch(&store, &WatchQuery { start: Start::ResourceVersion(first.clone()), ..WatchQuery::default() }).await;
    assert_eq!(told(&mut watch).await, "added b");
    let Event { change: Change::Deleted(last), resource_version } = next(&mut watch).await else { panic!("gone") };
    assert_eq!(last.metadata.resource_version, resource_version);
    assert_ne!(resource_version, Some(first));
}

#[tokio::test]
async fn what_is_selected_no_longer_is_gone() {
    let store = MemoryBackend::new();
    let query = WatchQuery { labels: "tier=test".parse().expect("a selector"), ..WatchQuery::default() };
    let mut watch = watch(&store, &query).await;
    assert_eq!(told(&mut watch).await, "InitialEventsEnd");
    create(&store, "a", "red").await;
    label(&store, "a", json!("test")).await;
    label(&store, "a", Value::Null).await;
    assert_eq!(told(&mut watch).await, "added a");
    let Event { change: Change::Deleted(last), .. } = next(&mut watch).await else { panic!("no longer selected") };
    let label = last.metadata.labels.and_then(|labels| labels.get("tier").cloned());
    assert_eq!(label.as_deref(), Some("test"), "as it was, like an API server tells it");
}

#[tokio::test]
async fn who_comes_from_a_store_before_this_one_has_to_begin_again() {
    let store = MemoryBackend::new();
    create(&store, "a", "red").await;
    let query = WatchQuery { start: Start::ResourceVersion("50".to_owned()), ..WatchQuery::default() };
    let error = Result::<Watch<Widget>, _>::err(store.watch(None, &query).await).expect("not of this store");
    assert_eq!(error.reason, Reason::Expired);
}

#[tokio::test]
async fn who_is_too_far_behind_has_to_begin_again() {
    let store = MemoryBackend::new().with_limits(Limits { log_bytes: 64 << 10, ..Limits::default() });
    let first = create(&store, "a", "red").await.metadata.resource_version.expect("a version");
    let mut slow = watch(&store, &WatchQuery::default()).await;
    assert_eq!(told(&mut slow).await, "added a");
    assert_eq!(told(&mut slow).await, "InitialEventsEnd");
    for number in 0..64 {
        label(&store, "a", json!(number.to_string())).await;
    }
    let error = store.watch(None, &WatchQuery { start: Start::ResourceVersion(first), ..WatchQuery::default() }).await;
    let error = Result::<Watch<Widget>, _>::err(error).expect("forgotten");
    assert_eq!(error.reason, Reason::Expired);
    let error = slow.next().await.expect("a word").expect_err("forgotten");
    assert_eq!(error.reason, Reason::Expired);
    assert!(slow.next().await.is_none());
}

const WATCH: &str = "/apis/ci.example.com/v1/watch/namespaces/team/widgets";

async fn open(store: &MemoryBackend, path: &str, headers: &[(&str, &str)]) -> Response {
    let service = Service { objects: store.clone() };
    let router = crdgen_runtime::server::problems(api::router()).with_state(service);
    let request = Request::builder().uri(path).header("x-user", "ada");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    router.oneshot(request.body(Body::empty()).expect("a request")).await.expect("routers answer")
}

/// Reads from a body until the text contains `what`.
async fn piece(body: &mut BodyDataStream, what: &str) -> String {
    let mut text = String::new();
    while !text.contains(what) {
        let bytes = tokio::time::timeout(Duration::from_secs(10), body.next()).await.expect("something is told");
        text.push_str(std::str::from_utf8(&bytes.expect("it goes on").expect("bytes")).expect("text"));
    }
    text
}

#[tokio::test]
async fn events_have_ids_to_go_on_after() {
    let store = MemoryBackend::new();
    let a = create(&store, "a", "red").await;
    let response = open(&store, WATCH, &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let first = piece(&mut body, "SYNCED").await;
    let added: Value =
        serde_json::from_str(first.lines().next().and_then(|line| line.strip_prefix("data: ")).expect("data"))
            .expect("JSON");
    assert_eq!(added, json!({"type": "ADDED", "object": a}));
    let version = a.metadata().resource_version.clone().expect("a version");
    assert!(first.contains(&format!("id: {version}\n")), "{first}");

    delete(&store, "a").await;
    let mut later = open(&store, WATCH, &[("last-event-id", &version)]).await.into_body().into_data_stream();
    let gone = piece(&mut later, "DELETED").await;
    let data = gone.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
    let gone: Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(gone["gone"]["name"], "a");
    assert_eq!(gone["gone"]["namespace"], "team");
    assert_eq!(gone["gone"]["uid"], json!(a.metadata().uid));
}

#[tokio::test]
async fn lines_are_events_without_a_frame() {
    let store = MemoryBackend::new();
    create(&store, "a", "red").await;
    let response = open(&store, WATCH, &[("accept", "application/x-ndjson")]).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/x-ndjson");
    let text = piece(&mut response.into_body().into_data_stream(), "SYNCED").await;
    let types: Vec<Value> =
        text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["type"].take()).collect();
    assert_eq!(types, ["ADDED", "SYNCED"]);
}

#[tokio::test]
async fn a_watch_of_views_tells_what_they_read_and_which_object_it_is() {
    let store = MemoryBackend::new();
    let a = create(&store, "a", "red").await;
    for path in
        [WATCH.replace("widgets", "widgetsummaries"), "/apis/ci.example.com/v1/watch/widgetsummaries".to_owned()]
    {
        let response = open(&store, &path, &[("accept", "application/x-ndjson")]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let text = piece(&mut response.into_body().into_data_stream(), "SYNCED").await;
        let added: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        let view = json!({
            "apiVersion": "ci.example.com/v1",
            "kind": "Widget",
            "metadata": { "name": "a" },
            "spec": { "color": "red" },
        });
        assert_eq!(added, json!({ "type": "ADDED", "object": view }));
    }
    let version = a.metadata.resource_version.expect("a version");
    delete(&store, "a").await;
    let path = WATCH.replace("widgets", "widgetsummaries") + "?resourceVersion=" + &version;
    let mut later = open(&store, &path, &[]).await.into_body().into_data_stream();
    let gone = piece(&mut later, "DELETED").await;
    let data = gone.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
    let gone: Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(gone["gone"], json!({ "name": "a", "namespace": "team", "uid": a.metadata.uid }));
    assert_eq!(gone["object"]["metadata"], json!({ "name": "a" }));
}

#[tokio::test]
async fn what_cannot_be_watched_is_a_problem() {
    let store = MemoryBackend::new();
    for (path, headers, status) in [
        (format!("{WATCH}?fieldSelector=spec.nope%3D1"), &[][..], StatusCode::BAD_REQUEST),
        (format!("{WATCH}?watch=true"), &[], StatusCode::BAD_REQUEST),
        (format!("{WATCH}?resourceVersion=x"), &[], StatusCode::BAD_REQUEST),
        (WATCH.to_owned(), &[("accept", "application/json")], StatusCode::NOT_ACCEPTABLE),
    ] {
        let response = open(&store, &path, headers).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    }
}
