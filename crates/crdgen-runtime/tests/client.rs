//! Client against a scripted server: which requests are repeated, and how lists and watches continue. Time advances
//! only while all tasks wait for it.

mod sample;
mod script;

use std::time::Duration;

use crdgen_runtime::backend::work::EventMemory;
use crdgen_runtime::backend::{self, Change, ListQuery, MergePatch, Reason, Start, WatchQuery};
use crdgen_runtime::client::{Api, Client, Error, KeepMetadata, ResourceVersionMatch, RetryPolicy, Warnings};
use futures_util::{StreamExt, TryStreamExt, pin_mut};
use sample::ci_example_com::v1::widget::Widget;
use script::{Answer, Script, status};
use serde_json::{Value as Json, json};
use tokio::time::{Instant, timeout};

const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/default/widgets";

fn widget(name: &str, version: u32) -> Json {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "Widget",
        "metadata": {
            "name": name, "namespace": "default", "uid": format!("uid-{name}"), "resourceVersion": version.to_string(),
        },
        "spec": { "color": "red" },
    })
}

fn page(items: &[Json], version: u32, next: &str) -> Json {
    json!({ "items": items, "metadata": { "resourceVersion": version.to_string(), "continue": next } })
}

fn event(kind: &str, object: Json) -> Json {
    json!({ "type": kind, "object": object })
}

fn widgets(client: &Client) -> Api<Widget> {
    client.namespaced(&"default".parse().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_read_is_made_again() {
    let script = Script::new([
        Answer::With(503, ("retry-after", "7"), "busy".to_owned()),
        Answer::Nothing,
        Answer::Broken(vec!["{\"api".to_owned()]),
        Answer::refusal(504, "Timeout"),
        Answer::ok(&widget("a", 1)),
    ]);
    let started = Instant::now();
    let found = widgets(&script.client()).get(&"a".parse().unwrap()).await.unwrap();
    assert_eq!(found.metadata.name.as_deref(), Some("a"));
    assert_eq!(script.asked(), vec![format!("GET {WIDGETS}/a"); 5]);
    assert!(started.elapsed() >= Duration::from_secs(7), "the server said when");
}

#[tokio::test(start_paused = true)]
async fn a_read_is_not_made_again_for_ever_nor_for_a_refusal() {
    let script = Script::new((0..20).map(|_| Answer::refusal(503, "ServiceUnavailable")));
    let error = widgets(&script.client()).get(&"a".parse().unwrap()).await.unwrap_err();
    assert_eq!(backend::Error::from(error).reason, Reason::ServiceUnavailable);
    assert_eq!(script.asked().len(), RetryPolicy::default().attempts as usize);

    let script = Script::new([Answer::refusal(404, "NotFound")]);
    let error = widgets(&script.client()).get(&"a".parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)));
    assert_eq!(script.asked().len(), 1);
}

/// An error is for a program (its variant), for a server that passes it on (the reason), and for a retry: `transient` may
/// succeed again, and `safe` was certainly not carried out.
#[tokio::test]
async fn each_refusal_is_an_error_with_a_reason_and_advice_on_retries() {
    let said = |code: u16, message: &str| {
        let mut status = status(code, "InternalError");
        status["message"] = message.into();
        Answer::Whole(code, status.to_string())
    };
    let mut owned = status(409, "Conflict");
    owned["details"] = json!({ "causes": [{ "reason": "FieldManagerConflict", "field": ".spec.color" }] });
    let plain = |code: u16| Answer::Whole(code, "plain text".to_owned());
    let rows = [
        (Answer::refusal(404, "NotFound"), "NotFound", Reason::NotFound, ""),
        (plain(404), "NotServed", Reason::NotFound, ""),
        (Answer::refusal(409, "AlreadyExists"), "AlreadyExists", Reason::AlreadyExists, ""),
        (Answer::refusal(409, "Conflict"), "Conflict", Reason::Conflict, ""),
        (Answer::Whole(409, owned.to_string()), "FieldConflict", Reason::Conflict, ""),
        (Answer::refusal(422, "Invalid"), "Invalid", Reason::Invalid, ""),
        (said(500, "x: field not declared in schema"), "Undeclared", Reason::Invalid, ""),
        (Answer::refusal(410, "Expired"), "Expired", Reason::Expired, ""),
        (Answer::refusal(401, "Unauthorized"), "Unauthorized", Reason::Unauthorized, ""),
        (Answer::refusal(403, "Forbidden"), "Forbidden", Reason::Forbidden, ""),
        (Answer::refusal(429, "TooManyRequests"), "TooManyRequests", Reason::TooManyRequests, "transient, safe"),
        (Answer::refusal(503, "ServiceUnavailable"), "Refused", Reason::ServiceUnavailable, "transient"),
        (Answer::refusal(500, "InternalError"), "Refused", Reason::InternalError, "transient"),
        (said(500, "etcdserver: request is too large"), "Refused", Reason::RequestEntityTooLarge, "transient"),
        (plain(500), "Refused", Reason::InternalError, ""),
        (plain(502), "Refused", Reason::ServiceUnavailable, "transient"),
        (plain(504), "Refused", Reason::Timeout, "transient"),
        (plain(400), "Refused", Reason::BadRequest, ""),
        (plain(405), "Refused", Reason::MethodNotAllowed, ""),
        (plain(406), "Refused", Reason::NotAcceptable, ""),
        (plain(413), "Refused", Reason::RequestEntityTooLarge, ""),
        (plain(415), "Refused", Reason::UnsupportedMediaType, ""),
        (Answer::refusal(400, "MethodNotAllowed"), "Refused", Reason::MethodNotAllowed, ""),
    ];
    for (answer, variant, reason, retries) in rows {
        let once = RetryPolicy { attempts: 1, ..RetryPolicy::default() };
        let client = Script::new([answer]).client().with_retries(once);
        let error = widgets(&client).get(&"a".parse().unwrap()).await.unwrap_err();
        let advice = [("transient", error.is_transient()), ("safe", error.is_safe_to_retry())];
        let advice: Vec<_> = advice.iter().filter(|(_, holds)| *holds).map(|(name, _)| *name).collect();
        let shown = format!("{error:?}");
        assert!(shown.starts_with(variant), "{shown} is no {variant}");
        assert_eq!((advice.join(", ").as_str(), backend::Error::from(error).reason), (retries, reason), "{shown}");
    }
}

#[tokio::test]
async fn the_message_of_a_refusal_is_passed_on_up_to_a_limit() {
    for (length, shown) in [(100, "a".repeat(100)), (20_000, "a".repeat(16 << 10) + "...")] {
        let mut refusal = status(422, "Invalid");
        refusal["message"] = "a".repeat(length).into();
        let client = Script::new([Answer::Whole(422, refusal.to_string())]).client();
        let error = widgets(&client).get(&"a".parse().unwrap()).await.unwrap_err();
        assert_eq!(backend::Error::from(error).message, shown);
    }
}

/// It is unknown whether the server made the write, and repeating it could have another effect than making it once.
#[tokio::test(start_paused = true)]
async fn a_write_whose_fate_is_unknown_is_not_made_again() {
    for (answer, unknown) in [
        (Answer::Nothing, Reason::ServerTimeout),
        (Answer::Broken(Vec::new()), Reason::ServerTimeout),
        (Answer::refusal(504, "Timeout"), Reason::Timeout),
        (Answer::refusal(503, "ServiceUnavailable"), Reason::ServiceUnavailable),
    ] {
        let script = Script::new([answer, Answer::ok(&widget("a", 1))]);
        let widgets = widgets(&script.client());
        let error = widgets.create(&Widget::new("a", "red")).await.unwrap_err();
        assert!(error.is_transient() && !error.is_safe_to_retry(), "{error:?}");
        assert_eq!(backend::Error::from(error).reason, unknown);
        assert_eq!(script.asked(), [format!("POST {WIDGETS}")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_certainly_not_done_is_made_again() {
    let script = Script::new([Answer::refusal(429, "TooManyRequests"), Answer::ok(&widget("a", 1))]);
    widgets(&script.client()).create(&Widget::new("a", "red")).await.unwrap();
    assert_eq!(script.asked().len(), 2);

    // No server listens at this port.
    let config = kube::Config::new("http://127.0.0.1:1".parse().unwrap());
    let policy = RetryPolicy { attempts: 2, ..RetryPolicy::default() };
    let client = Client::from_config(config).unwrap().with_retries(policy);
    let error = widgets(&client).create(&Widget::new("a", "red")).await.unwrap_err();
    assert!(error.is_safe_to_retry(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn an_apply_is_made_again() {
    let script = Script::new([Answer::Nothing, Answer::ok(&widget("a", 1))]);
    let apply = backend::Apply::new("me & you", &json!({ "spec": {} })).unwrap().force();
    widgets(&script.client()).dry_run().apply(&"a".parse().unwrap(), &apply).await.unwrap();
    let asked = format!("PATCH {WIDGETS}/a?dryRun=All&fieldManager=me+%26+you&force=true");
    assert_eq!(script.asked(), [asked.clone(), asked]);
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_holds_no_values() {
    let unreadable = json!({ "metadata": { "name": "a" }, "spec": { "color": "red", "replicas": "secret" } });
    for answer in [
        Answer::refusal(422, "Invalid"),
        Answer::refusal(409, "Conflict"),
        Answer::Whole(500, "secret".to_owned()),
        Answer::ok(&unreadable),
        Answer::Whole(200, "secret".to_owned()),
    ] {
        let script = Script::new([answer]);
        let patch = MergePatch::new(serde_json::Map::new());
        let error = widgets(&script.client()).patch(&"a".parse().unwrap(), &patch).await.unwrap_err();
        let error: Box<dyn std::error::Error> = Box::new(error);
        let mut next = Some(&*error);
        while let Some(error) = next {
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
            next = error.source();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_pages_outlives_its_token() {
    let script = Script::new([
        Answer::ok(&page(&[widget("a", 1), widget("b", 2)], 9, "next&page=")),
        Answer::refusal(410, "Expired"),
        // The list at a later version: one new object, which sorts before those already returned, and one object less.
        Answer::ok(&page(&[widget("0", 12), widget("b", 2), widget("c", 3)], 12, "more")),
        Answer::ok(&page(&[widget("d", 4)], 12, "")),
    ]);
    let all: Vec<_> = widgets(&script.client()).stream(&ListQuery::default()).try_collect().await.unwrap();
    let names: Vec<_> = all.iter().filter_map(|widget| widget.metadata.name.as_deref()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    let tokens = ["?limit=500", "?limit=500&continue=next%26page%3D", "?limit=500", "?limit=500&continue=more"];
    assert_eq!(script.asked(), tokens.map(|token| format!("GET {WIDGETS}{token}")));
}

#[tokio::test(start_paused = true)]
async fn lists_leave_bookkeeping_out_unless_asked() {
    const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let mut applied = widget("a", 1);
    applied["metadata"]["annotations"] = json!({ LAST_APPLIED: "{}", "mine": "x" });
    let list = page(&[applied.clone()], 1, "");
    let script = Script::new([Answer::ok(&list), Answer::ok(&list), Answer::ok(&applied)]);
    let widgets = widgets(&script.client());
    let listed = widgets.list(&ListQuery::default()).await.unwrap().items.remove(0);
    let kept =
        widgets.keep_metadata(KeepMetadata::LastApplied).list(&ListQuery::default()).await.unwrap().items.remove(0);
    let got = widgets.get(&"a".parse().unwrap()).await.unwrap();
    let annotations = [listed, kept, got].map(|widget| widget.metadata.annotations.unwrap_or_default().len());
    assert_eq!(annotations, [1, 2, 2]);
}

/// An incomplete list is an error, whether the connection breaks or ends.
#[tokio::test(start_paused = true)]
async fn half_a_list_is_asked_for_again() {
    let list = page(&[widget("a", 1), widget("b", 2)], 9, "").to_string();
    let script = Script::new([
        Answer::Broken(vec![list[..list.len() - 9].to_owned()]),
        Answer::Whole(200, list[..list.len() - 9].to_owned()),
        Answer::Broken(vec![list[..90].to_owned()]),
        Answer::Whole(200, list.clone()),
    ]);
    let found = widgets(&script.client()).list(&ListQuery::default()).await.unwrap();
    assert_eq!((found.items.len(), script.asked().len()), (2, 4));

    let script = Script::new([Answer::Broken(vec![list[..list.len() - 9].to_owned()]), Answer::Whole(200, list)]);
    let found: Vec<_> = widgets(&script.client()).stream(&ListQuery::default()).try_collect().await.unwrap();
    assert_eq!((found.len(), script.asked().len()), (2, 2));

    let script = Script::new([Answer::Whole(200, "[]".to_owned())]);
    let error = widgets(&script.client()).list(&ListQuery::default()).await.unwrap_err();
    assert!(matches!(error, Error::NotAList(_)), "{error:?}");
}

/// Returns the events of a watch in short form.
async fn told(script: &Script, query: &WatchQuery) -> Vec<String> {
    let client = script.client();
    let events = widgets(&client).watch(query);
    pin_mut!(events);
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        told.push(match event.map(|event| (event.change, event.resource_version)) {
            Ok((Change::Added(widget), _)) => format!("+{}", widget.metadata.name.unwrap()),
            Ok((Change::Modified(widget), _)) => format!("~{}", widget.metadata.name.unwrap()),
            Ok((Change::Deleted(widget), _)) => format!("-{}", widget.metadata.name.unwrap()),
            Ok((Change::DeletedFinalStateUnknown(gone), _)) => format!("?{}", gone.key.name),
            Ok((Change::InitialEventsEnd, version)) => format!("synced {}", version.unwrap()),
            Ok((Change::Bookmark, version)) => format!("bookmark {}", version.unwrap()),
            Err(Error::Decode(unreadable)) => format!("unreadable {}", unreadable.field),
            Err(error) => format!("{error}"),
        });
    }
    told
}

fn after(asked: &str) -> Option<&str> {
    asked.split_once("resourceVersion=")?.1.split('&').next()
}

#[tokio::test(start_paused = true)]
async fn a_watch_goes_on_where_it_ended_and_closes_gaps() {
    let bookmark = json!({ "kind": "Widget", "metadata": { "resourceVersion": "12" } });
    let script = Script::new([
        Answer::ok(&page(&[widget("a", 1), widget("b", 2)], 10, "")),
        // An incomplete line is not an event.
        Answer::Broken(vec![
            format!("{}\n{}\n", event("MODIFIED", widget("a", 11)), event("BOOKMARK", bookmark)),
            event("ADDED", widget("half", 13)).to_string()[..40].to_owned(),
        ]),
        Answer::Nothing,
        Answer::refusal(429, "TooManyRequests"),
        Answer::lines(&[
            event("ADDED", widget("c", 14)),
            // An event that was already reported is not reported again.
            event("MODIFIED", widget("a", 11)),
            event("DELETED", widget("never-seen", 15)),
        ]),
        Answer::lines(&[event("ERROR", status(410, "Expired"))]),
        // A temporary refusal, as from a server that has just started.
        Answer::refusal(403, "Forbidden"),
        Answer::ok(&page(&[widget("a", 11)], 20, "more")),
        // Recovery is the same when the list itself expires.
        Answer::refusal(410, "Expired"),
        Answer::ok(&page(&[widget("a", 11), widget("c", 21), widget("d", 19)], 22, "")),
        Answer::lines(&[event("DELETED", widget("c", 23))]),
    ]);
    let told = told(&script, &WatchQuery::default()).await;
    let expected =
        ["+a", "+b", "synced 10", "~a", "bookmark 12", "+c", "~c", "+d", "?b", "synced 22", "-c", "403 Forbidden"];
    assert_eq!(told, expected);
    let versions: Vec<_> = script.asked().iter().filter_map(|asked| Some(after(asked)?.to_owned())).collect();
    assert_eq!(versions[..6], ["10", "12", "12", "12", "15", "22"]);
    assert!(versions[6..].iter().all(|version| version == "23"));
}

#[tokio::test(start_paused = true)]
async fn a_watch_from_a_version_ends_when_that_has_expired() {
    let query = WatchQuery { start: Start::ResourceVersion("5".to_owned()), ..WatchQuery::default() };
    let script = Script::new([Answer::lines(&[event("MODIFIED", widget("a", 6))]), Answer::refusal(410, "Expired")]);
    assert_eq!(told(&script, &query).await, ["~a", "410 Expired"]);
    let script = Script::new([Answer::lines(&[event("ERROR", status(410, "Expired"))])]);
    assert_eq!(told(&script, &query).await, ["410 Expired"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_an_error_among_events() {
    let mut bad = widget("b", 2);
    bad["spec"]["color"] = json!(["secret"]);
    let script = Script::new([
        Answer::ok(&page(&[widget("a", 1), bad.clone(), widget("c", 3)], 4, "")),
        Answer::lines(&[event("MODIFIED", bad), event("ADDED", widget("d", 5))]),
    ]);
    let told = told(&script, &WatchQuery::default()).await;
    assert_eq!(told[..5], ["+a", "unreadable spec.color", "+c", "synced 4", "+d"]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_may_not_ends() {
    let script = Script::new([Answer::refusal(403, "Forbidden")]);
    assert_eq!(told(&script, &WatchQuery::default()).await, ["403 Forbidden"]);
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_large_event_waits_until_there_is_memory_for_it() {
    const LONG: Duration = Duration::from_secs(3600);
    let large = |name, version| {
        let mut widget = widget(name, version);
        widget["spec"]["color"] = "red".repeat(100 << 10).into();
        event("MODIFIED", widget)
    };
    let query = WatchQuery { start: Start::ResourceVersion("5".to_owned()), ..WatchQuery::default() };
    let scripts = [
        Script::new([Answer::lines(&[large("a", 6), event("MODIFIED", widget("a", 7)), large("a", 8)])]),
        Script::new([Answer::lines(&[event("MODIFIED", widget("b", 6)), large("b", 7)])]),
    ];
    // Room for one event of unknown size.
    let memory = EventMemory::new(2 << 20);
    let open = async |script: &Script| Box::pin(widgets(&script.client()).watch_encoded(&query));
    let mut first = memory.clone().around(open(&scripts[0])).await;
    let mut second = memory.clone().around(open(&scripts[1])).await;

    first.next().await.unwrap().unwrap();
    second.next().await.unwrap().unwrap();
    assert!(timeout(LONG, second.next()).await.is_err(), "the first event was not taken");
    first.next().await.unwrap().unwrap();
    second.next().await.unwrap().unwrap();
    assert!(timeout(LONG, first.next()).await.is_err(), "the second event was not taken");
    drop(second);
    first.next().await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_list_is_read_as_fast_as_its_events_are_taken() {
    let script = Script::new([
        Answer::Broken(vec![format!(r#"{{"items":[{},"#, widget("a", 1)), widget("b", 2).to_string()]),
        Answer::ok(&page(&[widget("a", 1), widget("b", 3)], 4, "")),
    ]);
    let watch = widgets(&script.client()).watch_encoded(&WatchQuery::default());
    pin_mut!(watch);
    watch.next().await.unwrap().unwrap();
    assert_eq!(script.asked().len(), 1, "the rest of the page was not asked for");
    let event = watch.next().await.unwrap().unwrap();
    assert!(matches!(event.change, Change::Added(object) if object.name() == "b"));
}

#[tokio::test(start_paused = true)]
async fn warnings_reach_whoever_asked() {
    let warning = ("warning", r#"299 - "unknown field \"spec.x\"", 299 - "deprecated""#);
    let script = Script::new([Answer::With(200, warning, widget("a", 1).to_string())]);
    let (collected, heard) = (Warnings::default(), Warnings::default());
    let log = heard.clone();
    let client = script.client().on_warning(move |text| log.add(text));
    widgets(&client).collect_warnings(&collected).get(&"a".parse().unwrap()).await.unwrap();
    assert_eq!(collected.take(), [r#"unknown field "spec.x""#, "deprecated"]);
    assert_eq!(heard.take().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_conflict_is_tried_again_with_what_is_there_by_then() {
    let script = Script::new([
        Answer::ok(&widget("a", 1)),
        Answer::refusal(409, "Conflict"),
        Answer::ok(&widget("a", 2)),
        Answer::ok(&widget("a", 3)),
    ]);
    let mut seen = Vec::new();
    let change = |widget: &mut Widget| seen.push(widget.metadata.resource_version.clone().unwrap());
    widgets(&script.client()).update_with_retry(&"a".parse().unwrap(), change).await.unwrap();
    assert_eq!(seen, ["1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_is_passed_on_trimmed_and_not_decoded() {
    let mut fat = widget("a", 1);
    fat["metadata"]["managedFields"] = json!([{ "manager": "m" }]);
    fat["spec"] = json!({ "unheard": "of" });
    let script = Script::new([Answer::ok(&page(&[fat, widget("b", 2)], 7, "more"))]);
    let pieces: Vec<_> =
        widgets(&script.client()).list_body(&ListQuery::default()).await.unwrap().try_collect().await.unwrap();
    let list: Json = serde_json::from_slice(&pieces.concat()).unwrap();
    assert_eq!((&list["kind"], &list["metadata"]["continue"]), (&json!("WidgetList"), &json!("more")));
    assert_eq!(list["items"][0]["spec"], json!({ "unheard": "of" }));
    assert_eq!(list["items"][0]["metadata"].get("managedFields"), None);
    assert_eq!(list["items"][1], widget("b", 2));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_list_is_refused_before_anything_is_passed_on() {
    for answer in [Answer::ok(&widget("a", 1)), Answer::refusal(410, "Expired")] {
        let script = Script::new([answer]);
        assert!(widgets(&script.client()).list_body(&ListQuery::default()).await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_is_of_the_moment_that_is_asked_for() {
    let answer = || Answer::ok(&page(&[widget("a", 1)], 9, "next"));
    let script = Script::new([answer(), answer(), answer()]);
    let api = widgets(&script.client());
    let query = ListQuery { limit: 1.try_into().ok(), ..ListQuery::default() };
    let first = api.list_at_version(&query, &ResourceVersionMatch::Exact("9".to_owned())).await.unwrap();
    // A continue token determines the version of the next page, and servers accept no resourceVersion beside it.
    api.list(&ListQuery { continue_: first.metadata.continue_, ..query.clone() }).await.unwrap();
    api.list_at_version(&query, &ResourceVersionMatch::NotOlderThan("0".to_owned())).await.unwrap();
    let asked = script.asked();
    assert_eq!(asked[0], format!("GET {WIDGETS}?limit=1&resourceVersion=9&resourceVersionMatch=Exact"));
    assert_eq!(asked[1], format!("GET {WIDGETS}?limit=1&continue=next"));
    assert_eq!(asked[2], format!("GET {WIDGETS}?limit=1&resourceVersion=0&resourceVersionMatch=NotOlderThan"));
}
