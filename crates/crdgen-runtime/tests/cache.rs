//! Watch cache, fed with events by hand: its lists, watches and errors.

mod sample;

use std::future::poll_fn;
use std::num::NonZeroU64;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crdgen_runtime::ListMeta;
use crdgen_runtime::backend::{
    Change, DeletedKey, Event, FieldSelector, Key, ListQuery, Namespace, Reason, Start, WatchQuery,
};
use crdgen_runtime::cache::{Cache, CachedObject, FeedError, Limits, RawEvent};
use futures_core::Stream;
use serde_json::{Value, json};

use sample::ci_example_com::v1::widget::{Widget, WidgetSummary};

fn widget(namespace: &str, name: &str, version: u64, color: &str) -> Value {
    json!({
        "apiVersion": "ci.example.com/v1", "kind": "Widget",
        "metadata": {
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
            "labels": {"color": color}, "managedFields": [{"manager": "m"}], "name": name, "namespace": namespace,
            "resourceVersion": version.to_string(), "uid": format!("uid-of-{name}")},
        "spec": {"color": color}})
}

fn event(change: Change<Value>, version: Option<u64>) -> RawEvent {
    let raw = |object: Value| serde_json::value::to_raw_value(&object).expect("JSON");
    Event { change: change.map(raw), resource_version: version.map(|version| version.to_string()) }
}

/// Returns a cache that has been fed with a list.
fn filled(limits: Limits, version: u64, objects: &[Value]) -> Cache<Widget> {
    let cache = Cache::new(limits);
    for object in objects {
        cache.apply(event(Change::Added(object.clone()), None)).expect("a widget");
    }
    cache.apply(event(Change::InitialEventsEnd, Some(version))).expect("a version");
    cache
}

fn small() -> Cache<Widget> {
    let objects = [
        widget("b", "one", 4, "red"),
        widget("a", "two", 5, "blue"),
        widget("a", "one", 3, "red"),
        widget("c", "x", 2, "red"),
    ];
    filled(Limits::default(), 10, &objects)
}

fn change(cache: &Cache<Widget>, change: Change<Value>, version: u64) {
    cache.apply(event(change, Some(version))).expect("a change");
}

fn namespace(name: &str) -> Namespace {
    name.parse().expect("a namespace")
}

fn key(namespace: &str, name: &str) -> Key {
    Key::namespaced(self::namespace(namespace), name.parse().expect("a name"))
}

fn names(cache: &Cache<Widget>, of: Option<&str>, query: &ListQuery) -> (Vec<String>, ListMeta) {
    let list = cache.list(of.map(namespace).as_ref(), query).expect("a list");
    let metadata = list.metadata().clone();
    let name = |object: CachedObject| format!("{}/{}", object.namespace().unwrap_or_default(), object.name());
    (list.objects().expect("just made").map(name).collect(), metadata)
}

fn limited(limit: u64, continue_: Option<String>) -> ListQuery {
    ListQuery { limit: NonZeroU64::new(limit), continue_, ..ListQuery::default() }
}

/// Returns the items of a stream that are ready.
fn at_hand<S: Stream>(mut stream: Pin<&mut S>) -> Vec<S::Item> {
    let mut found = Vec::new();
    while let Poll::Ready(Some(item)) = stream.as_mut().poll_next(&mut Context::from_waker(Waker::noop())) {
        found.push(item);
    }
    found
}

type Told = crdgen_runtime::backend::Result<Event<CachedObject>>;

fn told(events: Vec<Told>) -> Vec<String> {
    let text = |event: Told| match event {
        Ok(Event { change, resource_version }) => {
            let at = resource_version.map(|version| format!("@{version}")).unwrap_or_default();
            let of = |what: &str, object: CachedObject| format!("{what} {}:{}", object.name(), object.version());
            let text = match change {
                Change::Added(object) => of("added", object),
                Change::Modified(object) => of("modified", object),
                Change::Deleted(object) => of("deleted", object),
                other => format!("{other:?}").to_lowercase(),
            };
            text + &at
        }
        Err(error) => format!("{:?}", error.reason),
    };
    events.into_iter().map(text).collect()
}

#[test]
fn a_list_is_in_order_and_trimmed() {
    let cache = small();
    let (found, metadata) = names(&cache, None, &ListQuery::default());
    assert_eq!(found, ["a/one", "a/two", "b/one", "c/x"]);
    assert_eq!(metadata, ListMeta { resource_version: Some("10".to_owned()), ..ListMeta::default() });
    assert_eq!(names(&cache, Some("a"), &ListQuery::default()).0, ["a/one", "a/two"]);
    assert_eq!(names(&cache, Some("aa"), &ListQuery::default()).0, [""; 0]);

    let list = cache.list(Some(&namespace("c")), &ListQuery::default()).expect("a list");
    let chunks: Vec<_> = at_hand(pin!(list)).into_iter().map(|chunk| chunk.expect("never fails")).collect();
    let body: Value = serde_json::from_slice(&chunks.concat()).expect("a list is JSON");
    let mut item = widget("c", "x", 2, "red");
    let metadata = item["metadata"].as_object_mut().expect("it has metadata");
    metadata.shift_remove("managedFields");
    metadata.shift_remove("annotations");
    let head = json!({"apiVersion": "ci.example.com/v1", "kind": "WidgetList", "metadata": {"resourceVersion": "10"}});
    let mut expected = head;
    expected["items"] = json!([item]);
    assert_eq!(body, expected);
}

#[test]
fn labels_select() {
    let query = ListQuery { labels: "color in (blue, green)".parse().expect("a selector"), ..ListQuery::default() };
    assert_eq!(names(&small(), None, &query).0, ["a/two"]);
    let fields =
        FieldSelector { requirements: "spec.color=red".parse::<FieldSelector>().expect("a selector").requirements };
    let refused = small().list(None, &ListQuery { fields, ..ListQuery::default() }).expect_err("by fields");
    assert_eq!(refused.reason, Reason::NotImplemented);
}

#[test]
fn one_object_is_read_as_its_type_or_as_a_view() {
    let cache = small();
    let object = cache.get(&key("a", "two")).expect("it is there");
    assert_eq!(object.decode::<Widget>().expect("a widget").spec.color, "blue");
    assert_eq!(object.decode::<WidgetSummary>().expect("a view").metadata.name.as_deref(), Some("two"));
    assert_eq!(cache.get(&key("a", "x")).expect_err("it is elsewhere").reason, Reason::NotFound);
}

#[test]
fn pages_show_one_version_whatever_happens_meanwhile() {
    let cache = small();
    let (first, metadata) = names(&cache, None, &limited(2, None));
    assert_eq!(first, ["a/one", "a/two"]);
    assert_eq!(metadata.remaining_item_count, Some(2));
    change(&cache, Change::Deleted(widget("b", "one", 11, "red")), 11);
    change(&cache, Change::Added(widget("a", "aa", 12, "red")), 12);
    let (second, metadata) = names(&cache, None, &limited(2, metadata.continue_));
    assert_eq!(
        (second, metadata.resource_version.as_deref()),
        (vec!["b/one".to_owned(), "c/x".to_owned()], Some("10"))
    );
    assert_eq!(metadata.continue_, None);
    assert_eq!(names(&cache, None, &ListQuery::default()).0, ["a/aa", "a/one", "a/two", "c/x"]);
}

#[test]
fn a_page_is_full_of_what_is_selected() {
    let labels = || "color=red".parse().expect("a selector");
    let (first, metadata) = names(&small(), None, &ListQuery { labels: labels(), ..limited(2, None) });
    assert_eq!(first, ["a/one", "b/one"]);
    assert_eq!(metadata.remaining_item_count, None);
    assert!(metadata.continue_.is_some());
    let (all, metadata) = names(&small(), None, &ListQuery { labels: labels(), ..limited(3, None) });
    assert_eq!((all.len(), metadata.continue_), (3, None));
}

#[test]
fn pages_expire_and_foreign_tokens_are_refused() {
    let objects = [widget("a", "one", 1, "red"), widget("a", "two", 2, "red")];
    let cache = filled(Limits { snapshots: 1, ..Limits::default() }, 10, &objects);
    let old = names(&cache, None, &limited(1, None)).1.continue_;
    change(&cache, Change::Modified(widget("a", "two", 11, "red")), 11);
    names(&cache, None, &limited(1, None));
    let refusal = |token: Option<String>| cache.list(None, &limited(1, token)).expect_err("no page").reason;
    assert_eq!(refusal(old), Reason::Expired);
    for token in ["", "x", "10", "10.", "-1.1", "10.99999999999999999999"] {
        assert_eq!(refusal(Some(token.to_owned())), Reason::BadRequest);
    }
}

#[test]
fn a_watch_tells_what_is_there_and_then_what_happens() {
    let cache = small();
    let mut watch = pin!(cache.watch(Some(&namespace("a")), &WatchQuery::default()).expect("a watch"));
    assert_eq!(told(at_hand(watch.as_mut())), ["added one:3", "added two:5", "initialeventsend@10"]);
    change(&cache, Change::Modified(widget("a", "two", 11, "red")), 11);
    change(&cache, Change::Modified(widget("b", "one", 12, "red")), 12);
    change(&cache, Change::Deleted(widget("a", "one", 13, "red")), 13);
    change(&cache, Change::Bookmark, 20);
    assert_eq!(told(at_hand(watch)), ["modified two:11@11", "deleted one:13@13", "bookmark@20"]);
}

#[test]
fn what_enters_or_leaves_a_selection_is_added_or_deleted() {
    let cache = small();
    let query = WatchQuery {
        labels: "color=red".parse().expect("a selector"),
        start: Start::ResourceVersion("10".to_owned()),
        ..WatchQuery::default()
    };
    let watch = pin!(cache.watch(None, &query).expect("a watch"));
    change(&cache, Change::Modified(widget("a", "two", 11, "red")), 11);
    change(&cache, Change::Modified(widget("a", "two", 12, "red")), 12);
    change(&cache, Change::Modified(widget("a", "two", 13, "blue")), 13);
    change(&cache, Change::Deleted(widget("a", "two", 14, "blue")), 14);
    assert_eq!(told(at_hand(watch)), ["added two:11@11", "modified two:12@12", "deleted two:13@13"]);
}

#[test]
fn a_watch_goes_on_where_another_ended() {
    let cache = small();
    for version in 11..15 {
        change(&cache, Change::Modified(widget("a", "two", version, "red")), version);
    }
    let after =
        |version: &str| WatchQuery { start: Start::ResourceVersion(version.to_owned()), ..WatchQuery::default() };
    let watch = |version: &str| cache.watch(None, &after(version)).map(|watch| told(at_hand(pin!(watch))));
    assert_eq!(watch("12").expect("known"), ["modified two:13@13", "modified two:14@14"]);
    assert_eq!(watch("10").expect("known").len(), 4);
    assert_eq!(watch("9").expect_err("before the first list").reason, Reason::Expired);
    assert_eq!(watch("latest").expect_err("no version").reason, Reason::BadRequest);
}

#[test]
fn a_slow_watch_expires_and_ends() {
    let cache = filled(Limits { changes: 3, ..Limits::default() }, 10, &[widget("a", "one", 1, "red")]);
    let mut slow = pin!(cache.watch(None, &WatchQuery::default()).expect("a watch"));
    let mut quick = pin!(cache.watch(None, &WatchQuery::default()).expect("a watch"));
    at_hand(quick.as_mut());
    for version in 11..15 {
        change(&cache, Change::Modified(widget("a", "one", version, "red")), version);
        assert_eq!(told(at_hand(quick.as_mut())), [format!("modified one:{version}@{version}")]);
    }
    assert_eq!(told(at_hand(slow.as_mut())), ["added one:1", "initialeventsend@10", "Expired"]);
    let after = WatchQuery { start: Start::ResourceVersion("10".to_owned()), ..WatchQuery::default() };
    assert_eq!(cache.watch(None, &after).err().map(|error| error.reason), Some(Reason::Expired));
}

#[test]
fn changes_and_earlier_states_are_bounded_in_bytes() {
    let limits = Limits { change_bytes: 4096, snapshot_bytes: 4096, ..Limits::default() };
    let objects: Vec<_> = (0..10).map(|index| widget("a", &format!("o{index}"), index, "red")).collect();
    let cache = filled(limits, 20, &objects);
    let list = cache.list(None, &ListQuery::default()).expect("a list");
    let token = names(&cache, None, &limited(1, None)).1.continue_;
    let mut unread = pin!(cache.watch(None, &WatchQuery::default()).expect("a watch"));
    let mut read = pin!(cache.watch(None, &WatchQuery::default()).expect("a watch"));
    assert_eq!(at_hand(read.as_mut()).len(), 11);
    for version in 21..61 {
        change(&cache, Change::Modified(widget("a", "o1", version, "blue")), version);
    }
    let reason = |error: crdgen_runtime::backend::Error| error.reason;
    assert_eq!(at_hand(pin!(list)).pop().and_then(Result::err).map(reason), Some(Reason::Expired));
    assert_eq!(cache.list(None, &limited(1, token)).err().map(reason), Some(Reason::Expired));
    assert_eq!(told(at_hand(unread.as_mut())), ["Expired"]);
    assert_eq!(told(at_hand(read.as_mut())), ["Expired"]);
    let after = WatchQuery { start: Start::ResourceVersion("58".to_owned()), ..WatchQuery::default() };
    assert_eq!(at_hand(pin!(cache.watch(None, &after).expect("remembered"))).len(), 2);
    let long_ago = WatchQuery { start: Start::ResourceVersion("50".to_owned()), ..WatchQuery::default() };
    assert_eq!(cache.watch(None, &long_ago).err().map(reason), Some(Reason::Expired));
}

#[test]
fn as_many_changes_are_kept_as_the_limit_allows() {
    let cache = filled(Limits { changes: 3, ..Limits::default() }, 10, &[widget("a", "one", 1, "red")]);
    let after = WatchQuery { start: Start::ResourceVersion("10".to_owned()), ..WatchQuery::default() };
    for version in 11..14 {
        change(&cache, Change::Modified(widget("a", "one", version, "red")), version);
    }
    assert_eq!(at_hand(pin!(cache.watch(None, &after).expect("remembered"))).len(), 3);
    change(&cache, Change::Modified(widget("a", "one", 14, "red")), 14);
    assert_eq!(cache.watch(None, &after).err().map(|error| error.reason), Some(Reason::Expired));
}

#[test]
fn a_list_is_complete_while_few_of_its_objects_change() {
    let objects: Vec<_> = (0..10).map(|index| widget("a", &format!("o{index}"), index, "red")).collect();
    let cache = filled(Limits { snapshot_bytes: 4096, ..Limits::default() }, 20, &objects);
    let list = cache.list(None, &ListQuery::default()).expect("a list");
    for version in 21..25 {
        change(&cache, Change::Modified(widget("a", "o1", version, "blue")), version);
    }
    let versions: Vec<u64> = list.objects().expect("kept").map(|object| object.version()).collect();
    assert_eq!(versions, (0..10).collect::<Vec<_>>());
}

#[test]
fn a_large_change_is_told_too() {
    let cache = small();
    let after = WatchQuery { start: Start::ResourceVersion("10".to_owned()), ..WatchQuery::default() };
    let watch = pin!(cache.watch(None, &after).expect("a watch"));
    change(&cache, Change::Added(widget("a", "large", 11, &"x".repeat(100_000))), 11);
    change(&cache, Change::Bookmark, 12);
    assert_eq!(told(at_hand(watch)), ["added large:11@11", "bookmark@12"]);
}

#[test]
fn a_cache_says_whether_it_has_objects() {
    assert!(Cache::<Widget>::new(Limits::default()).is_empty());
    assert!(!small().is_empty());
}

#[test]
fn a_gap_shows_all_at_once() {
    let cache = small();
    let watch = pin!(
        cache
            .watch(None, &WatchQuery { start: Start::ResourceVersion("10".to_owned()), ..WatchQuery::default() })
            .expect("a watch")
    );
    cache.apply(event(Change::Modified(widget("a", "two", 30, "red")), None)).expect("a change");
    let deleted_key = DeletedKey { key: key("b", "one"), uid: "uid-of-one".to_owned() };
    cache.apply(event(Change::DeletedFinalStateUnknown(deleted_key), None)).expect("a change");
    let stranger = DeletedKey { key: key("a", "one"), uid: "another".to_owned() };
    cache.apply(event(Change::DeletedFinalStateUnknown(stranger), None)).expect("a change");
    assert_eq!((cache.version(), cache.len()), (Some(10), 4));
    change(&cache, Change::InitialEventsEnd, 40);
    assert_eq!((cache.version(), cache.len()), (Some(40), 3));
    assert_eq!(told(at_hand(watch)), ["modified two:30", "deleted one:4", "bookmark@40"]);
}

#[test]
fn nothing_is_answered_before_the_first_list() {
    let cache: Cache<Widget> = Cache::new(Limits::default());
    cache.apply(event(Change::Added(widget("a", "one", 1, "red")), None)).expect("a widget");
    let refusals = [
        cache.list(None, &ListQuery::default()).err(),
        cache.get(&key("a", "one")).err(),
        cache.watch(None, &WatchQuery::default()).err(),
    ];
    for refusal in refusals {
        assert_eq!(refusal.map(|error| error.reason), Some(Reason::ServiceUnavailable));
    }
}

#[test]
fn an_object_that_does_not_say_who_it_is_changes_nothing() {
    let cache = small();
    for field in ["name", "uid", "resourceVersion"] {
        let mut object = widget("a", "new", 11, "red");
        object["metadata"].as_object_mut().expect("it has metadata").shift_remove(field);
        let error = cache.apply(event(Change::Added(object), Some(11))).expect_err("it cannot be kept");
        assert!(matches!(error, FeedError::Object(_)), "{error}");
    }
    assert_eq!((cache.version(), cache.len()), (Some(10), 4));
}

#[tokio::test]
async fn who_wrote_reads_what_was_written() {
    let cache = small();
    let patience = Duration::from_secs(5);
    cache.at_least("10", patience).await.expect("known");
    let late = cache.at_least("11", Duration::from_millis(5)).await.expect_err("not yet known");
    assert_eq!(late.reason, Reason::Timeout);
    let writer = cache.clone();
    let waiting = tokio::spawn(async move {
        writer.at_least("11", patience).await?;
        writer.get(&key("a", "new"))
    });
    tokio::task::yield_now().await;
    change(&cache, Change::Added(widget("a", "new", 11, "red")), 11);
    assert_eq!(waiting.await.expect("no panic").expect("it is there").version(), 11);
}

#[tokio::test]
async fn a_watch_wakes_when_something_happens() {
    let cache = small();
    let after = WatchQuery { start: Start::ResourceVersion("10".to_owned()), ..WatchQuery::default() };
    let watch = cache.watch(None, &after).expect("a watch");
    let waiting = tokio::spawn(async move {
        let mut watch = pin!(watch);
        poll_fn(|context| watch.as_mut().poll_next(context)).await
    });
    tokio::task::yield_now().await;
    change(&cache, Change::Deleted(widget("a", "one", 11, "red")), 11);
    assert_eq!(told(waiting.await.expect("no panic").into_iter().collect()), ["deleted one:11@11"]);
}
