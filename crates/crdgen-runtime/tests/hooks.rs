//! Visibility and admission of a service, on every route.

mod sample;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::server::prelude::*;
use futures_util::StreamExt;
use sample::api::ci_example_com::v1::widget::router;
use sample::ci_example_com::v1::widget::Widget;
use serde_json::{Value, json};
use tower::ServiceExt;

const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/team/widgets";
const SUMMARIES: &str = "/apis/ci.example.com/v1/namespaces/team/widgetsummaries";
const WATCH: &str = "/apis/ci.example.com/v1/watch/namespaces/team/widgets";

/// Service on which callers see the widgets of their colour, and Ada sees all. Admission labels widgets with their
/// writer, and refuses black widgets, more than nine replicas, and the deletion of kept widgets.
#[derive(Clone, Default)]
struct Service {
    objects: MemoryBackend,
    asked: Arc<Mutex<Vec<String>>>,
}

struct Caller(String);

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Problem> {
        Ok(Self(parts.headers["x-user"].to_str().expect("text").to_owned()))
    }
}

fn forbidden(why: &str) -> Problem {
    Problem::new(Reason::Forbidden, why)
}

impl Principal for Caller {
    fn id(&self) -> &str {
        &self.0
    }
}

impl Policy for Service {
    type Caller = Caller;

    async fn authorize(&self, _: &Caller, _: Verb, _: &Target) -> Result<(), Problem> {
        Ok(())
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Widget> {
        self.objects.clone()
    }

    fn visible(&self, caller: &Caller) -> Visibility<Widget> {
        if caller.0 == "ada" {
            return Visibility::everything();
        }
        let color = caller.0.clone();
        Visibility::only(move |widget: &Widget| widget.spec.color == color)
    }

    async fn admit(&self, caller: &Caller, write: &mut AdmissionRequest<'_, Widget>) -> Result<(), Problem> {
        self.asked.lock().expect("no panic").push(write.verb().as_str().to_owned());
        if write.verb() == Verb::Delete {
            let kept = write.stored().await?.is_some_and(|widget| widget.metadata().label("kept").is_some());
            return if kept { Err(forbidden("it is kept")) } else { Ok(()) };
        }
        if write.replicas().is_some_and(|replicas| replicas > 9) {
            return Err(forbidden("too many"));
        }
        let before = write.stored().await?.map(|widget| widget.spec.color.clone());
        let Some(widget) = write.object().await? else { return Ok(()) };
        if widget.spec.color == "black" {
            return Err(forbidden(&format!("black was {}", before.as_deref().unwrap_or("nothing"))));
        }
        widget.metadata.labels.get_or_insert_default().insert("writer".to_owned(), caller.0.clone());
        Ok(())
    }
}

struct Client {
    service: Service,
    router: Router,
}

struct Reply {
    status: u16,
    warning: Option<String>,
    body: Value,
}

const MERGE: &str = "application/merge-patch+json";
const STEPS: &str = "application/json-patch+json";
const JSON: &str = "application/json";

impl Client {
    fn new() -> Self {
        let service = Service::default();
        let router = crdgen_runtime::server::problems(router()).with_state(service.clone());
        Self { service, router }
    }

    async fn send(&self, user: &str, method: &str, path: &str, media_type: &str, body: Value) -> Reply {
        let request = Request::builder().method(method).uri(path).header("x-user", user);
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = request.header("content-type", media_type).body(body).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("routers answer");
        let status = response.status().as_u16();
        let warning = response.headers().get("warning").map(|text| text.to_str().expect("text").to_owned());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a whole body");
        Reply { status, warning, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }

    async fn get(&self, user: &str, path: &str) -> Reply {
        self.send(user, "GET", path, JSON, Value::Null).await
    }

    /// Creates a widget, and clears the record of admissions.
    async fn widget(&self, name: &str, color: &str) -> Value {
        let widget = json!({ "metadata": { "name": name }, "spec": { "color": color, "replicas": 1 } });
        let created = self.send("ada", "POST", WIDGETS, JSON, widget).await;
        assert_eq!(created.status, 201, "{}", created.body);
        self.service.asked.lock().expect("no panic").clear();
        created.body
    }

    async fn watch(&self, user: &str, path: &str) -> BodyDataStream {
        let request = Request::builder().uri(path).header("x-user", user).header("accept", "application/x-ndjson");
        let response =
            self.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("answers");
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().into_data_stream()
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.service.asked.lock().expect("no panic"))
    }
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().expect("items").iter().filter_map(|item| item["metadata"]["name"].as_str()).collect()
}

/// Returns the next event: its type, and the name of its object.
async fn event(watch: &mut BodyDataStream) -> (String, Option<String>) {
    let line = tokio::time::timeout(std::time::Duration::from_secs(10), watch.next()).await.expect("something is told");
    let event: Value = serde_json::from_slice(&line.expect("it goes on").expect("bytes")).expect("JSON");
    let name = [&event["object"]["metadata"]["name"], &event["gone"]["name"]];
    (event["type"].as_str().expect("a type").to_owned(), name.iter().find_map(|name| name.as_str().map(str::to_owned)))
}

#[tokio::test]
async fn what_is_hidden_is_not_there() {
    let client = Client::new();
    client.widget("a", "red").await;
    let hidden = client.widget("b", "blue").await;
    client.widget("c", "red").await;
    for path in [WIDGETS, "/apis/ci.example.com/v1/widgets", SUMMARIES, "/apis/ci.example.com/v1/widgetsummaries"] {
        assert_eq!(names(&client.get("red", path).await.body), ["a", "c"], "{path}");
        assert_eq!(names(&client.get("ada", path).await.body), ["a", "b", "c"], "{path}");
    }
    // Pages are filled with visible objects. The number of hidden objects is not sent, and continue tokens do not name
    // them.
    let page = client.get("red", &format!("{WIDGETS}?limit=2")).await.body;
    assert_eq!((names(&page), page["metadata"].get("remainingItemCount")), (vec!["a", "c"], None));
    assert_eq!(page["metadata"].get("continue"), None);
    let page = client.get("red", &format!("{WIDGETS}?limit=1")).await.body;
    assert_eq!(names(&page), ["a"]);
    let token = page["metadata"]["continue"].as_str().expect("a token");
    let rest = client.get("red", &format!("{WIDGETS}?limit=1&continue={token}")).await.body;
    assert_eq!((names(&rest), rest["metadata"].get("continue")), (vec!["c"], None));
    for (user, path) in [
        ("blue", format!("{WIDGETS}?limit=1&continue={token}")),
        ("red", format!("{SUMMARIES}?limit=1&labelSelector=a&continue={token}")),
        ("red", format!("{WIDGETS}?fieldSelector=spec.color%3Dred&continue={token}")),
        ("red", format!("/apis/ci.example.com/v1/widgets?limit=1&continue={token}")),
        ("red", format!("{WIDGETS}?limit=1&continue={}A", &token[..token.len() - 1])),
        ("red", format!("{WIDGETS}?limit=1&continue=eyJydiI6MX0")),
    ] {
        assert_eq!(client.get(user, &path).await.status, 400, "{user} {path}");
    }

    let nobody = client.get("red", &format!("{WIDGETS}/nobody")).await.body["detail"].clone();
    let path = format!("{WIDGETS}/b");
    let scale = json!({ "metadata": { "name": "b" }, "spec": { "replicas": 2 } });
    for (method, path, media_type, body) in [
        ("GET", path.clone(), JSON, Value::Null),
        ("GET", format!("{path}/status"), JSON, Value::Null),
        ("GET", format!("{path}/scale"), JSON, Value::Null),
        ("GET", format!("{SUMMARIES}/b"), JSON, Value::Null),
        ("PUT", path.clone(), JSON, hidden.clone()),
        ("PUT", format!("{path}/status"), JSON, hidden.clone()),
        ("PUT", format!("{path}/scale"), JSON, scale),
        ("PATCH", path.clone(), MERGE, json!({})),
        ("PATCH", path.clone(), STEPS, json!([])),
        ("PATCH", format!("{path}/status"), MERGE, json!({})),
        ("PATCH", format!("{path}/scale"), MERGE, json!({})),
        ("DELETE", path.clone(), JSON, Value::Null),
    ] {
        let reply = client.send("red", method, &path, media_type, body).await;
        assert_eq!(reply.status, 404, "{method} {path}: {}", reply.body);
        let said = reply.body["detail"].as_str().expect("a detail").replace("\"b\"", "\"nobody\"");
        assert_eq!(nobody, said, "{method} {path}");
    }
    assert_eq!(client.asked(), Vec::<String>::new());
    assert_eq!(client.get("ada", &path).await.body, hidden);
    // Visible objects are written as usual.
    let patched =
        client.send("red", "PATCH", &format!("{WIDGETS}/a"), MERGE, json!({ "spec": { "replicas": 2 } })).await;
    assert_eq!((patched.status, &patched.body["spec"]["replicas"]), (200, &json!(2)), "{}", patched.body);
}

#[tokio::test]
async fn a_watch_tells_what_comes_into_sight_and_what_leaves_it() {
    let client = Client::new();
    client.widget("a", "red").await;
    client.widget("b", "blue").await;
    let mut red = client.watch("red", WATCH).await;
    let mut views = client.watch("red", &WATCH.replace("widgets", "widgetsummaries")).await;
    for watch in [&mut red, &mut views] {
        assert_eq!(event(watch).await, ("ADDED".to_owned(), Some("a".to_owned())));
        assert_eq!(event(watch).await, ("SYNCED".to_owned(), None));
    }
    let paint = async |name: &str, color: &str| {
        let path = format!("{WIDGETS}/{name}");
        assert_eq!(client.send("ada", "PATCH", &path, MERGE, json!({ "spec": { "color": color } })).await.status, 200);
    };
    paint("b", "green").await;
    paint("b", "red").await;
    paint("a", "blue").await;
    paint("a", "green").await;
    assert_eq!(client.send("ada", "DELETE", &format!("{WIDGETS}/a"), JSON, Value::Null).await.status, 200);
    assert_eq!(client.send("ada", "DELETE", &format!("{WIDGETS}/b"), JSON, Value::Null).await.status, 200);
    for watch in [&mut red, &mut views] {
        for (kind, name) in [("ADDED", "b"), ("DELETED", "a"), ("DELETED", "b")] {
            assert_eq!(event(watch).await, (kind.to_owned(), Some(name.to_owned())));
        }
    }
    // A watch that resumes after a version starts from the beginning.
    client.widget("c", "red").await;
    let mut later = client.watch("red", &format!("{WATCH}?resourceVersion=1")).await;
    assert_eq!(event(&mut later).await, ("ADDED".to_owned(), Some("c".to_owned())));
}

#[tokio::test]
async fn a_write_is_changed_or_refused_whatever_its_form() {
    let client = Client::new();
    let path = format!("{WIDGETS}/a");
    let created = client.widget("a", "red").await;
    assert_eq!(created["metadata"]["labels"], json!({ "writer": "ada" }));
    let mut black = created.clone();
    black["spec"]["color"] = "black".into();
    for (method, path, media_type, body, was) in [
        ("POST", WIDGETS, JSON, json!({ "metadata": { "name": "b" }, "spec": { "color": "black" } }), "nothing"),
        ("PUT", &path, JSON, black.clone(), "red"),
        ("PATCH", &path, MERGE, json!({ "spec": { "color": "black" } }), "red"),
        ("PATCH", &path, STEPS, json!([{ "op": "replace", "path": "/spec/color", "value": "black" }]), "red"),
    ] {
        let reply = client.send("red", method, path, media_type, body).await;
        assert_eq!((reply.status, &reply.body["detail"]), (403, &json!(format!("black was {was}"))), "{method}");
    }
    assert_eq!(client.asked(), ["create", "update", "patch", "patch"]);
    assert_eq!(client.get("ada", WIDGETS).await.body["items"], json!([created]));

    let merged = client.send("red", "PATCH", &path, MERGE, json!({ "spec": { "replicas": 3 } })).await.body;
    assert_eq!((&merged["metadata"]["labels"]["writer"], &merged["spec"]["replicas"]), (&json!("red"), &json!(3)));
    let steps =
        json!([{ "op": "test", "path": "/spec/replicas", "value": 3 }, { "op": "remove", "path": "/spec/replicas" }]);
    let stepped = client.send("ada", "PATCH", &path, STEPS, steps.clone()).await.body;
    assert_eq!((&stepped["metadata"]["labels"]["writer"], stepped["spec"].get("replicas")), (&json!("ada"), None));
    assert_eq!(client.send("ada", "PATCH", &path, STEPS, steps).await.status, 422);
    let status =
        client.send("red", "PATCH", &format!("{path}/status"), MERGE, json!({ "status": { "phase": "On" } })).await;
    assert_eq!((status.status, &status.body["status"]["phase"]), (200, &json!("On")));
    let stale = json!({ "metadata": { "resourceVersion": "1" }, "spec": { "color": "red" } });
    assert_eq!(client.send("red", "PATCH", &path, MERGE, stale).await.status, 409);

    let scale = format!("{path}/scale");
    let scaled = |replicas: i32| json!({ "metadata": { "name": "a" }, "spec": { "replicas": replicas } });
    assert_eq!(client.send("red", "PUT", &scale, JSON, scaled(10)).await.status, 403);
    assert_eq!(client.send("red", "PATCH", &scale, MERGE, json!({ "spec": { "replicas": 10 } })).await.status, 403);
    assert_eq!(client.send("red", "PUT", &scale, JSON, scaled(9)).await.status, 200);
}

/// If admission has read the result of a patch, the typed object is stored, without undeclared fields.
#[tokio::test]
async fn what_nobody_declared_is_told_or_refused_in_patches_too() {
    let client = Client::new();
    let path = format!("{WIDGETS}/a");
    client.widget("a", "red").await;
    let steps = json!([{ "op": "add", "path": "/metadata/size", "value": 1 }]);
    for (media_type, patch) in [(MERGE, json!({ "metadata": { "size": 1 } })), (STEPS, steps)] {
        let patched = client.send("red", "PATCH", &path, media_type, patch.clone()).await;
        let warning = r#"299 - "unknown field \"metadata.size\"""#;
        assert_eq!((patched.status, patched.warning.as_deref()), (200, Some(warning)));
        let ignored = format!("{path}?fieldValidation=Ignore");
        assert_eq!(client.send("red", "PATCH", &ignored, media_type, patch.clone()).await.warning, None);
        let strict = format!("{path}?fieldValidation=Strict");
        let refused = client.send("red", "PATCH", &strict, media_type, patch).await;
        assert_eq!((refused.status, &refused.body["causes"][0]["field"]), (422, &json!("patch")));
    }
}

#[tokio::test]
async fn what_may_not_be_deleted_is_not_deleted_with_others() {
    let client = Client::new();
    for (name, color) in [("a", "red"), ("b", "blue"), ("c", "red")] {
        client.widget(name, color).await;
    }
    let keep = |labels: Value| json!({ "metadata": { "labels": labels } });
    client.send("ada", "PATCH", &format!("{WIDGETS}/c"), MERGE, keep(json!({ "kept": "yes" }))).await;
    client.asked();
    assert_eq!(client.send("ada", "DELETE", &format!("{WIDGETS}/c"), JSON, Value::Null).await.status, 403);
    // Admission is asked for the collection, then for each object. Nothing is deleted if one deletion is refused.
    client.asked();
    assert_eq!(client.send("red", "DELETE", WIDGETS, JSON, Value::Null).await.status, 403);
    assert_eq!(client.asked(), vec!["delete"; 3]);
    assert_eq!(names(&client.get("ada", WIDGETS).await.body), ["a", "b", "c"]);

    client.send("ada", "PATCH", &format!("{WIDGETS}/c"), MERGE, keep(json!({ "kept": null }))).await;
    let deleted = client.send("red", "DELETE", WIDGETS, JSON, Value::Null).await;
    assert_eq!((deleted.status, names(&deleted.body)), (200, vec!["a", "c"]), "{}", deleted.body);
    assert_eq!(names(&client.get("ada", WIDGETS).await.body), ["b"]);
}
