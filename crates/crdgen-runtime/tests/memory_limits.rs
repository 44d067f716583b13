//! Memory backend under load: memory, work and locking are bounded.

mod sample;

use std::cell::Cell;
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use crdgen_runtime::backend::memory::{DeleteOutcome, Limits, MemoryBackend, Objects};
use crdgen_runtime::backend::{
    Backend, Change, EncodedObject, Error, Event, EventStream, JsonPatch, JsonPatchStep, Key, ListQuery, ListResponse,
    MergePatch, Namespace, Preconditions, Reason, Start, Watch, WatchQuery, WriteOptions,
};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use sample::ci_example_com::v1::widget::{Widget, WidgetSummary};

const CRD: &str = r#"{
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "lamps.example.com"},
    "spec": {
        "group": "example.com", "scope": "Namespaced", "names": {"kind": "Lamp", "plural": "lamps"},
        "versions": [{
            "name": "v1", "served": true, "storage": true,
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {
                    "list": {"type": "array", "items": {"type": "integer"}, "x-kubernetes-validations": [
                        {"rule": "self.all(a, self.all(b, self.all(c, a + b + c != -1)))"}
                    ]}
                }}
            }}}
        }]
    }
}"#;

fn lamps(limits: Limits) -> Objects {
    let backend = MemoryBackend::from_crds(CRD).expect("a CRD").with_limits(limits);
    backend.objects("lamps.example.com", "v1").expect("a kind")
}

fn lamp(name: &str, spec: Value) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Lamp", "metadata": {"name": name}, "spec": spec})
}

fn namespace(name: &str) -> Namespace {
    name.parse().expect("a namespace")
}

fn key(name: &str) -> Key {
    Key::namespaced(namespace("team"), name.parse().expect("a name"))
}

fn create(lamps: &Objects, of: &str, name: &str, spec: Value) -> Result<Value, Error> {
    lamps.create(Some(&namespace(of)), lamp(name, spec))
}

fn patch(lamps: &Objects, name: &str, changes: Value) -> Result<Value, Error> {
    let Value::Object(changes) = changes else { panic!("not an object: {changes}") };
    lamps.patch(&key(name), &MergePatch::new(changes), &Preconditions::default())
}

fn text(length: usize) -> Value {
    "x".repeat(length).into()
}

#[track_caller]
fn refused<T>(result: Result<T, Error>, reason: Reason) -> Error {
    let Err(error) = result else { panic!("expected {reason:?}") };
    assert_eq!(error.reason, reason, "{error}");
    error
}

#[test]
fn a_namespace_and_the_store_hold_no_more_than_their_quota() {
    let lamps = lamps(Limits { store_bytes: 25_000, namespace_bytes: 10_000, ..Limits::default() });
    create(&lamps, "team", "a", json!({"text": text(5000)})).expect("there is room");
    let error = refused(create(&lamps, "team", "b", json!({"text": text(5000)})), Reason::Forbidden);
    assert!(
        error.message.starts_with("lamps.example.com \"b\" is forbidden: exceeded quota: namespace \"team\" holds")
    );
    refused(patch(&lamps, "a", json!({"spec": {"more": text(5000)}})), Reason::Forbidden);
    let dry = lamps
        .clone()
        .with_options(WriteOptions { effect: crdgen_runtime::backend::Effect::DryRun, ..WriteOptions::default() });
    refused(create(&dry, "team", "b", json!({"text": text(5000)})), Reason::Forbidden);

    create(&lamps, "two", "a", json!({"text": text(8000)})).expect("another namespace");
    create(&lamps, "three", "a", json!({"text": text(8000)})).expect("another namespace");
    let error = refused(create(&lamps, "four", "a", json!({"text": text(8000)})), Reason::Forbidden);
    assert!(error.message.contains("the store holds"), "{error}");

    let empty = Preconditions::default();
    lamps.delete(&key("a"), &empty).expect("it is there");
    create(&lamps, "team", "b", json!({"text": text(5000)})).expect("there is room again");
}

#[test]
fn a_full_store_takes_what_makes_room() {
    let generous = Limits::default();
    let backend = MemoryBackend::from_crds(CRD).expect("a CRD").with_limits(generous);
    let lamps = backend.objects("lamps.example.com", "v1").expect("a kind");
    create(&lamps, "team", "a", json!({"text": text(5000)})).expect("there is room");
    patch(&lamps, "a", json!({"metadata": {"finalizers": ["example.com/held"]}})).expect("there is room");
    let _full = backend.with_limits(Limits { store_bytes: 100, ..generous });
    refused(patch(&lamps, "a", json!({"spec": {"more": "x"}})), Reason::Forbidden);
    patch(&lamps, "a", json!({"spec": {"text": "less"}})).expect("it is smaller");
    let marked = lamps.delete(&key("a"), &Preconditions::default()).expect("it is there");
    assert!(matches!(marked, DeleteOutcome::Terminating(_)));
    patch(&lamps, "a", json!({"metadata": {"finalizers": null}})).expect("it goes");
    refused(lamps.get(&key("a")), Reason::NotFound);
}

#[test]
fn what_the_rules_leave_open_is_refused() {
    let lamps = lamps(Limits::default());
    let few: Vec<_> = (0..10).collect();
    create(&lamps, "team", "few", json!({"list": few})).expect("the rule holds");
    let many: Vec<_> = (0..1000).collect();
    let error = refused(create(&lamps, "team", "many", json!({"list": many})), Reason::Invalid);
    assert_eq!(error.causes[0].field, "spec.list");
}

#[test]
fn json_that_the_parser_takes_for_something_else_is_refused() {
    let lamps = lamps(Limits::default());
    let raw = json!({"$serde_json::private::RawValue": "{\"a\": 1, \"a\": 2}"});
    refused(create(&lamps, "team", "a", json!({"raw": raw})), Reason::BadRequest);
    create(&lamps, "team", "a", json!({})).expect("a new name");
    refused(patch(&lamps, "a", json!({"spec": {"raw": raw}})), Reason::BadRequest);
    let mut replacement = lamps.get(&key("a")).expect("it is there");
    replacement["spec"] = raw.clone();
    refused(lamps.replace(&key("a"), replacement, &Preconditions::default()), Reason::BadRequest);
    let path = "/spec/$serde_json::private::RawValue".to_owned();
    let steps: JsonPatch = vec![JsonPatchStep::Add { path, value: "{}".into() }].into();
    refused(lamps.json_patch(&key("a"), &steps, &Preconditions::default()), Reason::BadRequest);
}

#[test]
fn patches_make_no_more_than_the_limits() {
    let lamps = lamps(Limits::default());
    create(&lamps, "team", "a", json!({"x": {}})).expect("a new name");
    let copy = |step: usize| JsonPatchStep::Copy { from: "/spec/x".to_owned(), path: format!("/spec/x/k{step}") };
    let doubling: JsonPatch = (0..40).map(copy).collect::<Vec<_>>().into();
    refused(lamps.json_patch(&key("a"), &doubling, &Preconditions::default()), Reason::Invalid);
    for _ in 0..70 {
        let deeper: JsonPatch = vec![
            JsonPatchStep::Move { from: "/spec/x".to_owned(), path: "/spec/y".to_owned() },
            JsonPatchStep::Add { path: "/spec/x".to_owned(), value: json!({"a": {}}) },
            JsonPatchStep::Move { from: "/spec/y".to_owned(), path: "/spec/x/a/a".to_owned() },
        ]
        .into();
        if let Err(error) = lamps.json_patch(&key("a"), &deeper, &Preconditions::default()) {
            assert_eq!(error.reason, Reason::BadRequest);
            return;
        }
    }
    panic!("140 levels were made");
}

#[test]
fn versions_that_are_no_numbers_are_bad_requests() {
    let lamps = lamps(Limits::default());
    let mut sent = create(&lamps, "team", "a", json!({})).expect("a new name");
    sent["metadata"]["resourceVersion"] = "abc".into();
    refused(lamps.replace(&key("a"), sent.clone(), &Preconditions::default()), Reason::BadRequest);
    sent["metadata"]["name"] = "b".into();
    refused(lamps.create(Some(&namespace("team")), sent), Reason::BadRequest);
}

#[test]
fn thousands_of_owners_take_no_longer_than_they_are_long() {
    let lamps = lamps(Limits::default());
    let owner =
        |index: usize| json!({"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": format!("u{}", index % 5999)});
    let mut sent = lamp("a", json!({}));
    sent["metadata"]["ownerReferences"] = (0..6000).map(owner).collect();
    let start = Instant::now();
    let stored = lamps.create(Some(&namespace("team")), sent).expect("a new name");
    assert_eq!(stored["metadata"]["ownerReferences"].as_array().map(Vec::len), Some(5999));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn a_continue_token_tells_nothing_and_holds_for_its_list_only() {
    let lamps = lamps(Limits::default());
    for name in ["a", "b", "c"] {
        create(&lamps, "team", name, json!({})).expect("a new name");
    }
    let page = |of: Option<&str>, query: ListQuery| {
        lamps.list(of.map(namespace).as_ref(), &ListQuery { limit: NonZeroU64::new(1), ..query })
    };
    let token = page(Some("team"), ListQuery::default()).expect("a page").1.continue_.expect("a token");
    let next = |token: &str| ListQuery { continue_: Some(token.to_owned()), ..ListQuery::default() };
    assert_eq!(page(Some("team"), next(&token)).expect("a page").0[0]["metadata"]["name"], "b");
    refused(page(Some("other"), next(&token)), Reason::BadRequest);
    refused(page(None, next(&token)), Reason::BadRequest);
    let selected = ListQuery { labels: "tier=web".parse().expect("a selector"), ..next(&token) };
    refused(page(Some("team"), selected), Reason::BadRequest);
    refused(page(Some("team"), next(&token[1..])), Reason::BadRequest);
    let other = self::lamps(Limits::default());
    refused(other.list(Some(&namespace("team")), &next(&token)), Reason::BadRequest);
}

fn widget(name: &str, color: String) -> Widget {
    Widget::new(name, &color)
}

async fn created(backend: &MemoryBackend, name: &str, length: usize) -> Widget {
    let created = backend.create(Some(&namespace("team")), &widget(name, "x".repeat(length))).await;
    created.expect("a new name")
}

async fn labelled(backend: &MemoryBackend, name: &str, label: usize) -> Widget {
    let Value::Object(changes) = json!({"metadata": {"labels": {"n": label.to_string()}}}) else { unreachable!() };
    let patched = backend.patch(&key(name), &MergePatch::new(changes), &Preconditions::default()).await;
    patched.expect("a patch")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_on_many_threads_lose_nothing() {
    let backend = MemoryBackend::new();
    created(&backend, "a", 20_000).await;
    let writers = (0..12).map(|number| {
        let backend = backend.clone();
        tokio::spawn(async move {
            for round in 0..5 {
                let Value::Object(changes) = json!({"metadata": {"labels": {format!("l{number}-{round}"): "x"}}})
                else {
                    unreachable!()
                };
                let _: Widget = backend
                    .patch(&key("a"), &MergePatch::new(changes), &Preconditions::default())
                    .await
                    .expect("stored");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    let widget: Widget = backend.get(&key("a")).await.expect("stored");
    assert_eq!(widget.metadata.labels.expect("labels").len(), 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_creators_of_one_name_one_succeeds() {
    let backend = MemoryBackend::new();
    let creators = (0..16).map(|_| {
        let backend = backend.clone();
        tokio::spawn(
            async move { backend.create(Some(&namespace("team")), &widget("a", "x".repeat(20_000))).await.is_ok() },
        )
    });
    let mut successes = 0;
    for creator in creators.collect::<Vec<_>>() {
        successes += usize::from(creator.await.expect("no panic"));
    }
    assert_eq!(successes, 1);
}

async fn body(backend: &MemoryBackend, meanwhile: impl AsyncFn()) -> Result<Value, Error> {
    written(Backend::<Widget>::list_response(backend, None, &ListQuery::default()).await?, meanwhile).await
}

async fn written<L>(listing: ListResponse<L>, meanwhile: impl AsyncFn()) -> Result<Value, Error> {
    let ListResponse::Body(mut pieces) = listing else { panic!("it was decoded") };
    let mut json = Vec::new();
    while let Some(piece) = pieces.next().await {
        json.extend_from_slice(&piece?);
        meanwhile().await;
    }
    Ok(serde_json::from_slice(&json).expect("JSON"))
}

#[tokio::test]
async fn a_list_shows_one_state_while_it_is_read() {
    let backend = MemoryBackend::new();
    for index in 0..40 {
        created(&backend, &format!("w{index:02}"), 100_000).await;
    }
    let before = Backend::<Widget>::list(&backend, None, &ListQuery::default()).await.expect("a list");
    let read = body(&backend, async || {
        for name in ["w39", "w38"] {
            labelled(&backend, name, 1).await;
        }
    });
    assert_eq!(read.await.expect("a list"), serde_json::to_value(&before).expect("JSON"));
    let brief = Limits { log_bytes: 0, ..Limits::default() };
    let brief = backend.clone().with_limits(brief);
    let label = Cell::new(2);
    let changes = async || {
        label.update(|label| label + 1);
        labelled(&brief, "w39", label.get()).await;
    };
    refused(body(&brief, changes).await, Reason::Expired);
    assert_eq!(body(&brief, async || ()).await.expect("a list")["items"].as_array().map(Vec::len), Some(40));
}

#[tokio::test]
async fn a_list_of_views_is_written_while_it_is_read() {
    let backend = MemoryBackend::new();
    for index in 0..40 {
        created(&backend, &format!("w{index:02}"), 50_000).await;
    }
    let query = ListQuery::default();
    let listing = Backend::<Widget>::view_list_response::<WidgetSummary>(&backend, None, &query).await.expect("a list");
    let views = Backend::<Widget>::list_views::<WidgetSummary>(&backend, None, &query).await.expect("a list");
    let written = written(listing, async || ()).await.expect("a list");
    assert_eq!(written, serde_json::to_value(&views).expect("JSON"));
}

async fn watch(backend: &MemoryBackend, query: WatchQuery) -> Watch<Widget> {
    backend.watch(Some(&namespace("team")), &query).await.expect("a watch")
}

fn name(event: Option<Result<Event<Widget>, Error>>) -> String {
    match event.expect("it goes on").expect("an event").change {
        Change::Added(widget) => format!("added {}", widget.metadata.name.unwrap_or_default()),
        Change::Modified(widget) => format!("modified {}", widget.metadata.name.unwrap_or_default()),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn a_watch_tells_the_state_of_its_beginning_and_then_each_change() {
    let backend = MemoryBackend::new();
    for name in ["a", "b", "c", "d"] {
        created(&backend, name, 50_000).await;
    }
    let mut slow = watch(&backend, WatchQuery::default()).await;
    assert_eq!(name(slow.next().await), "added a");
    Backend::<Widget>::delete(&backend, &key("c"), &Preconditions::default()).await.expect("it is there");
    labelled(&backend, "a", 1).await;
    created(&backend, "bb", 50_000).await;
    let mut told = Vec::new();
    while told.last().is_none_or(|last| last != "added bb") {
        told.push(name(slow.next().await));
    }
    let gone = told.iter().position(|told| told.starts_with("Deleted")).expect("c went");
    told.remove(gone);
    assert_eq!(told, ["added b", "added c", "added d", "InitialEventsEnd", "modified a", "added bb"]);
    assert_eq!(gone, 4);
}

/// Returns the first two events of a watch.
async fn encoded(stream: EventStream<impl Sized>) -> Vec<Event<EncodedObject>> {
    let EventStream::Encoded(watch) = stream else { panic!("it was decoded") };
    let told = watch.take(2).try_collect();
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("something is told").expect("events")
}

#[tokio::test]
async fn watches_share_the_json_of_a_change() {
    let backend = MemoryBackend::new();
    let first = created(&backend, "a", 100_000).await.metadata.resource_version.expect("a version");
    labelled(&backend, "a", 1).await;
    Backend::<Widget>::delete(&backend, &key("a"), &Preconditions::default()).await.expect("it is there");
    let query = WatchQuery { start: Start::ResourceVersion(first), ..WatchQuery::default() };
    let stream = async || Backend::<Widget>::event_stream(&backend, None, &query).await.expect("a watch");
    let (one, two) = (encoded(stream().await).await, encoded(stream().await).await);
    assert_eq!((one.len(), &one), (2, &two));
    let pieces = |event: &Event<EncodedObject>| match &event.change {
        Change::Modified(object) | Change::Deleted(object) => object.json().to_vec(),
        other => panic!("{other:?}"),
    };
    let long = |event: &Event<EncodedObject>| pieces(event).into_iter().map(|piece| piece.as_ptr()).nth(1);
    assert_eq!(long(&one[0]), long(&two[0]));

    let mut decoded = watch(&backend, query.clone()).await;
    for event in &one {
        let expected = decoded.next().await.expect("it goes on").expect("an event");
        let json: Value = serde_json::from_slice(&pieces(event).concat()).expect("JSON");
        let same = expected.change.map(|widget| serde_json::to_value(&widget).expect("JSON"));
        assert_eq!(
            Event { change: same, resource_version: expected.resource_version.clone() }.change,
            match &event.change {
                Change::Modified(_) => Change::Modified(json),
                _ => Change::Deleted(json),
            }
        );
        assert_eq!(event.resource_version, expected.resource_version);
    }

    let views = async || Backend::<Widget>::view_event_stream::<WidgetSummary>(&backend, None, &query).await;
    let (one, two) = (encoded(views().await.expect("a watch")).await, encoded(views().await.expect("a watch")).await);
    assert_eq!(pieces(&one[0])[0].as_ptr(), pieces(&two[0])[0].as_ptr());
    let view: Value = serde_json::from_slice(&pieces(&one[1]).concat()).expect("JSON");
    assert_eq!(view["metadata"], json!({"name": "a"}));
}

#[tokio::test]
async fn what_waits_for_a_slow_watch_is_not_kept_for_it() {
    let backend = MemoryBackend::new().with_limits(Limits { log_bytes: 1 << 20, ..Limits::default() });
    created(&backend, "a", 100_000).await;
    let slow = watch(&backend, WatchQuery::default()).await;
    for label in 0..50 {
        labelled(&backend, "a", label).await;
    }
    let error = slow.try_collect::<Vec<_>>().await.expect_err("forgotten");
    assert_eq!(error.reason, Reason::Expired);
}

#[tokio::test]
async fn large_writes_do_not_keep_the_thread_that_answers() {
    let backend = MemoryBackend::new();
    created(&backend, "large", 1_000_000).await;
    let writing = tokio::spawn({
        let backend = backend.clone();
        async move { labelled(&backend, "large", 1).await }
    });
    tokio::task::yield_now().await;
    // The test runs on one thread; by now the write runs on another.
    created(&backend, "small", 1).await;
    writing.await.expect("no panic");
}
