//! A caller cannot distinguish two worlds that differ only in objects hidden from them.
//!
//! Both worlds get the same random requests. Hidden objects have other names, labels and values in one world than in
//! the other, or exist in one world only. Every write of a hidden object is matched by a write in the other world,
//! since resource versions count all writes.

mod sample;

use std::collections::HashMap;

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::http::{HeaderMap, Request};
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::server::prelude::*;
use fastrand::Rng;
use futures_util::{FutureExt as _, StreamExt as _};
use sample::api::ci_example_com::v1::widget::router;
use sample::ci_example_com::v1::runner::Runner;
use sample::ci_example_com::v1::widget::Widget;
use serde_json::{Value, json};
use tower::ServiceExt;

const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/team/widgets";
const STEPS: usize = 12_000;
const SEED: u64 = 20_260_101;

/// Service on which callers see the objects with the label `seen`; admission reads every write.
#[derive(Clone, Default)]
struct Service(MemoryBackend);

impl Policy for Service {
    type Caller = ();

    async fn authorize(&self, (): &(), _: Verb, _: &Target) -> Result<(), Problem> {
        Ok(())
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, (): &()) -> impl Backend<Widget> {
        self.0.clone()
    }

    fn visible(&self, (): &()) -> Visibility<Widget> {
        Visibility::only(is_seen)
    }

    async fn admit(&self, (): &(), write: &mut AdmissionRequest<'_, Widget>) -> Result<(), Problem> {
        write.stored().await?;
        match write.object().await? {
            Some(widget) if widget.spec.color == "black" => Err(Problem::new(Reason::Forbidden, "no black widgets")),
            _ => Ok(()),
        }
    }
}

fn is_seen(widget: &Widget) -> bool {
    widget.metadata().label("seen").is_some()
}

/// One of the two worlds, with the caller's open watches and continue token.
struct World {
    objects: MemoryBackend,
    router: Router,
    watches: Vec<BodyDataStream>,
    token: Option<String>,
    uids: HashMap<String, usize>,
}

/// Request that is sent to both worlds.
struct Asked {
    method: &'static str,
    path: String,
    media_type: &'static str,
    body: Value,
    goes_on: bool,
}

impl World {
    fn new() -> Self {
        let objects = MemoryBackend::new();
        let router = crdgen_runtime::server::problems(router()).with_state(Service(objects.clone()));
        Self { objects, router, watches: Vec::new(), token: None, uids: HashMap::new() }
    }

    /// Stores a widget directly in the backend, whether it exists or not.
    async fn put(&self, step: usize, name: &str, labels: Value, color: &str) {
        let key = Key::namespaced("team".parse().expect("a namespace"), name.parse().expect("a name"));
        // The generation counts changes, hidden ones too, so both worlds change the object.
        let spec = json!({ "color": color, "replicas": step });
        let widget = json!({ "metadata": { "name": name, "labels": labels }, "spec": spec });
        let widget: Widget = serde_json::from_value(widget).expect("a widget");
        let stored: Result<Widget, _> = self.objects.get(&key).await;
        let done = match stored {
            Ok(stored) => {
                let version = stored.metadata().resource_version().map(str::to_owned);
                let at = Preconditions { uid: None, resource_version: version };
                self.objects.replace(&key, &widget, &at).await
            }
            Err(_) => self.objects.create(key.namespace.as_ref(), &widget).await,
        };
        done.expect("it is stored");
    }

    /// Writes an object that is not a widget.
    async fn elsewhere(&self, number: usize) {
        let runner = json!({ "metadata": { "name": format!("runner-{number}") }, "spec": { "image": "i" } });
        let runner: Runner = serde_json::from_value(runner).expect("a runner");
        self.objects.create(None, &runner).await.expect("it is stored");
    }

    async fn ask(&mut self, asked: &Asked) -> (u16, Vec<(String, String)>, Value) {
        let mut path = asked.path.clone();
        if let (true, Some(token)) = (asked.goes_on, &self.token) {
            path += &format!("&continue={token}");
        }
        let body = if asked.body.is_null() { Body::empty() } else { Body::from(asked.body.to_string()) };
        let request = Request::builder().method(asked.method).uri(path).header("content-type", asked.media_type);
        let request = request.header("accept", "application/x-ndjson, application/json");
        let response = self.router.clone().oneshot(request.body(body).expect("a request")).await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), headers(response.headers()));
        if asked.path.contains("/watch/") && status == 200 {
            self.watches.push(response.into_body().into_data_stream());
            return (status, headers, Value::Null);
        }
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a whole body");
        let mut body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if let Some(token) = body.pointer_mut("/metadata/continue") {
            self.token = token.as_str().map(str::to_owned);
            *token = "there is more".into();
        }
        self.make_equal(&mut body);
        (status, headers, body)
    }

    /// Returns all events of the open watches since the last call.
    async fn told(&mut self) -> Vec<Value> {
        let mut told = Vec::new();
        for watch in &mut self.watches {
            let lines = everything(watch).await;
            told.extend(lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")));
        }
        told.iter_mut().for_each(|event| self.make_equal(event));
        told
    }

    /// Replaces uids, which are random, and times by comparable values.
    fn make_equal(&mut self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    match (name.as_str(), &*value) {
                        ("uid", Value::String(uid)) => {
                            let next = self.uids.len();
                            *value = (*self.uids.entry(uid.clone()).or_insert(next)).into();
                        }
                        ("creationTimestamp", _) => *value = "time".into(),
                        _ => self.make_equal(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.make_equal(item)),
            _ => {}
        }
    }
}

/// Returns everything that a stream has ready. The stream may pause a few times in between.
async fn everything(stream: &mut BodyDataStream) -> String {
    let mut bytes = Vec::new();
    let mut pauses = 0;
    while pauses < 3 {
        match tokio::task::unconstrained(stream.next()).now_or_never() {
            Some(Some(piece)) => bytes.extend_from_slice(&piece.expect("a piece")),
            Some(None) => break,
            None => {
                pauses += 1;
                tokio::task::yield_now().await;
            }
        }
    }
    String::from_utf8(bytes).expect("text")
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut headers: Vec<_> = headers
        .iter()
        // The length depends on the uids and tokens in the body, which are not secret, so it is not compared.
        .filter(|(name, _)| *name != "content-length")
        .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
        .collect();
    headers.sort();
    headers
}

/// Returns a name: of both worlds, of one world, or of no object.
fn name(random: &mut Rng) -> String {
    match random.u8(0..10) {
        0..6 => format!("open-{}", random.u8(0..12)),
        6 => format!("left-{}", random.u8(0..6)),
        7 => format!("right-{}", random.u8(0..6)),
        8 => format!("turned-{}", random.u8(0..4)),
        _ => "nobody".to_owned(),
    }
}

fn color(random: &mut Rng) -> &'static str {
    random.choice(["red", "blue", "green", "secret-left", "secret-right", "black"]).expect("some")
}

fn selector(random: &mut Rng) -> String {
    match random.u8(0..6) {
        0 => format!("&fieldSelector=spec.color%3D{}", color(random)),
        1 => format!("&fieldSelector=metadata.name%3D{}", name(random)),
        2 => format!("&labelSelector=kind%3D{}", color(random)),
        3 => "&labelSelector=%21kind".to_owned(),
        _ => String::new(),
    }
}

/// Returns a random request. Creations avoid names that may be hidden, because a name that is taken stays taken.
fn request(random: &mut Rng) -> Asked {
    const JSON: &str = "application/json";
    const MERGE: &str = "application/merge-patch+json";
    const PATCH: &str = "application/json-patch+json";
    const APPLY: &str = "application/apply-patch+yaml";
    let views = WIDGETS.replace("widgets", "widgetsummaries");
    let all = "/apis/ci.example.com/v1/widgets";
    let name = name(random);
    let object = format!("{WIDGETS}/{name}");
    let part = random.choice(["", "/status", "/scale"]).expect("some");
    let dry = if random.u8(0..4) == 0 { "?dryRun=All" } else { "?" };
    let color = color(random);
    let ask = |method, path: String, media_type, body| Asked { method, path, media_type, body, goes_on: false };
    let widget = json!({ "metadata": { "name": name, "labels": { "seen": "", "kind": color } }, "spec": { "color": color, "replicas": 2 } });
    match random.u8(0..24) {
        0..6 => {
            let base = random
                .choice([WIDGETS, &views, all, &all.replace("widgets", "widgetsummaries")])
                .expect("some")
                .to_owned();
            let limit = random.choice(["", "&limit=1", "&limit=2", "&limit=3", "&limit=7"]).expect("some");
            let goes_on = random.bool();
            Asked { goes_on, ..ask("GET", format!("{base}?{limit}{}", selector(random)), JSON, Value::Null) }
        }
        6..9 => ask("GET", format!("{object}{part}"), JSON, Value::Null),
        9 => ask("GET", format!("{views}/{name}"), JSON, Value::Null),
        10 => {
            let kind = random.choice(["widgets", "widgetsummaries"]).expect("some");
            let since = random.choice(["", "&resourceVersion=1"]).expect("some");
            let path = format!("/apis/ci.example.com/v1/watch/namespaces/team/{kind}?{since}{}", selector(random));
            ask("GET", path, JSON, Value::Null)
        }
        11..14 => {
            let name = format!("open-{}", random.u8(0..12));
            let mut widget = widget;
            widget["metadata"]["name"] = name.into();
            ask("POST", format!("{WIDGETS}{dry}"), JSON, widget)
        }
        14 => ask("PUT", format!("{object}{}{dry}", part.replace("/scale", "")), JSON, widget),
        15 => ask(
            "PUT",
            format!("{object}/scale{dry}"),
            JSON,
            json!({ "metadata": { "name": name }, "spec": { "replicas": 4 } }),
        ),
        16 | 17 => ask(
            "PATCH",
            format!("{object}{}{dry}", part.replace("/scale", "")),
            MERGE,
            json!({ "spec": { "color": color } }),
        ),
        18 => ask("PATCH", format!("{object}/scale{dry}"), MERGE, json!({ "spec": { "replicas": 5 } })),
        19 => {
            let steps = json!([{ "op": "test", "path": "/spec/color", "value": color }, { "op": "add", "path": "/metadata/labels/kind", "value": color }]);
            ask("PATCH", format!("{object}{dry}"), PATCH, steps)
        }
        20 => ask("PATCH", format!("{object}{dry}&fieldManager=me"), APPLY, json!({ "spec": { "color": color } })),
        21 | 22 => ask("DELETE", format!("{object}{dry}"), JSON, Value::Null),
        _ => ask("DELETE", format!("{WIDGETS}{dry}{}", selector(random)), JSON, Value::Null),
    }
}

/// Changes hidden objects, differently in each world, or shows or hides an object in both.
async fn change(random: &mut Rng, step: usize, left: &World, right: &World) {
    let number = random.u8(0..6);
    match random.u8(0..6) {
        0 => {
            left.put(step, &format!("left-{number}"), json!({ "kind": "red" }), "secret-left").await;
            right.elsewhere(step).await;
        }
        1 => {
            left.elsewhere(step).await;
            right.put(step, &format!("right-{number}"), json!({}), "secret-right").await;
        }
        2 | 3 => {
            let name = format!("turned-{}", number % 4);
            left.put(step, &name, json!({ "kind": "left" }), "secret-left").await;
            right.put(step, &name, json!({}), "green").await;
        }
        _ => {
            let name = format!("turned-{}", number % 4);
            for world in [left, right] {
                world.put(step, &name, json!({ "seen": "", "kind": "red" }), "red").await;
            }
        }
    }
}

#[tokio::test]
async fn hidden_objects_change_nothing_that_a_caller_can_see() {
    let mut random = Rng::with_seed(SEED);
    let (mut left, mut right) = (World::new(), World::new());
    let mut statuses: HashMap<u16, usize> = HashMap::new();
    let (mut asked, mut events) = (0, 0);
    for step in 0..STEPS {
        if random.u8(0..8) == 0 {
            change(&mut random, step, &left, &right).await;
        } else {
            let request = request(&mut random);
            let (of_left, of_right) = (left.ask(&request).await, right.ask(&request).await);
            assert_eq!(of_left, of_right, "step {step}: {} {} {}", request.method, request.path, request.body);
            *statuses.entry(of_left.0).or_default() += 1;
            asked += 1;
        }
        let (of_left, of_right) = (left.told().await, right.told().await);
        assert_eq!(of_left, of_right, "step {step}: watches");
        events += of_left.len();
        if left.watches.len() > 4 {
            drop((left.watches.remove(0), right.watches.remove(0)));
        }
    }
    assert!(asked >= 10_000 && events >= 1_000, "{asked} requests, {events} events");
    for status in [200, 201, 400, 403, 404, 409, 501] {
        assert!(statuses.get(&status).is_some_and(|count| *count > 5), "{status}: {statuses:?}");
    }
}
