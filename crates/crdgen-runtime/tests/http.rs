//! Generated API over the memory backend, tested over HTTP.

mod sample;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use sample::api;
use sample::service::Service;

const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/team/widgets";
const RUNNERS: &str = "/apis/ci.example.com/v1/runners";

struct Client {
    router: Router,
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Client {
    fn new() -> Self {
        let router = crdgen_runtime::server::problems(api::router());
        Self { router: router.with_state(Service::default()) }
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("x-user", "ada");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.request(request.body(body.into()).expect("a request")).await
    }

    async fn request(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.expect("routers answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") };
        Reply { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    async fn json(&self, method: Method, path: &str, body: Value) -> Reply {
        self.send(method, path, &[JSON], body.to_string()).await
    }

    async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, &[("content-type", "application/merge-patch+json")], body.to_string()).await
    }

    /// Creates a widget.
    async fn widget(&self, name: &str, color: &str) -> Value {
        let reply = self.json(Method::POST, WIDGETS, widget(name, color)).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        reply.body
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

impl Reply {
    /// Asserts a problem document with this status and reason.
    #[track_caller]
    fn problem(&self, status: StatusCode, reason: &str) -> &Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(self.body["reason"], reason);
        assert_eq!(self.body["status"], status.as_u16());
        assert_eq!(self.body["title"], status.canonical_reason().expect("a known status"));
        assert_eq!(self.body["type"], "about:blank");
        &self.body
    }

    #[track_caller]
    fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body
    }
}

fn widget(name: &str, color: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"color": color}})
}

#[tokio::test]
async fn what_is_created_can_be_read() {
    let client = Client::new();
    let reply = client.json(Method::POST, WIDGETS, widget("a", "red")).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let created = &reply.body;
    assert_eq!(created["apiVersion"], "ci.example.com/v1");
    assert_eq!(created["kind"], "Widget");
    assert_eq!(created["metadata"]["namespace"], "team");
    let version = created["metadata"]["resourceVersion"].as_str().expect("a version");
    assert_eq!(reply.headers[header::ETAG], format!("\"{version}\""));

    let read = client.get(&format!("{WIDGETS}/a")).await;
    assert_eq!(read.headers[header::ETAG], reply.headers[header::ETAG]);
    assert_eq!(read.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(read.ok(), reply.body);
}

#[tokio::test]
async fn a_creation_that_is_not_stored_has_no_version_to_match() {
    let client = Client::new();
    let reply = client.json(Method::POST, &format!("{WIDGETS}?dryRun=All"), widget("a", "red")).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!((&reply.body["metadata"]["resourceVersion"], reply.headers.get(header::ETAG)), (&json!(""), None));
    client.get(&format!("{WIDGETS}/a")).await.problem(StatusCode::NOT_FOUND, "NotFound");
}

#[tokio::test]
async fn a_cluster_scoped_kind_has_no_namespace() {
    let client = Client::new();
    let reply = client.json(Method::POST, RUNNERS, json!({"metadata": {"name": "big"}, "status": "up"})).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    assert_eq!(reply.body["metadata"].get("namespace"), None);
    // Without the status subresource, `status` is an ordinary field.
    assert_eq!(reply.body["status"], "up");
    let patched = client.patch(&format!("{RUNNERS}/big"), json!({"status": "down"})).await.ok();
    assert_eq!(patched["status"], "down");
    assert_eq!(patched["metadata"]["generation"], 2);
    client.get(&format!("{RUNNERS}/big/status")).await.problem(StatusCode::NOT_FOUND, "NotFound");
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let client = Client::new();
    for name in ["c", "a", "b"] {
        client.widget(name, "red").await;
    }
    let first = client.get(&format!("{WIDGETS}?limit=2")).await.ok();
    assert_eq!(first["kind"], "WidgetList");
    assert_eq!(names(&first), ["a", "b"]);
    assert_eq!(first["metadata"]["remainingItemCount"], 1);
    let token = first["metadata"]["continue"].as_str().expect("a token");
    let second = client.get(&format!("{WIDGETS}?limit=2&continue={token}")).await.ok();
    assert_eq!(names(&second), ["c"]);
    assert_eq!(second["metadata"].get("continue"), None);
    assert_eq!(second["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);
}

#[tokio::test]
async fn a_list_over_all_namespaces_holds_each() {
    let client = Client::new();
    client.widget("a", "red").await;
    let other = WIDGETS.replace("team", "other");
    assert_eq!(client.json(Method::POST, &other, widget("b", "red")).await.status, StatusCode::CREATED);
    assert_eq!(names(&client.get("/apis/ci.example.com/v1/widgets").await.ok()), ["b", "a"]);
    assert_eq!(names(&client.get(WIDGETS).await.ok()), ["a"]);
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("items");
    items.iter().filter_map(|item| item["metadata"]["name"].as_str()).collect()
}

#[tokio::test]
async fn selectors_of_a_query_select() {
    let client = Client::new();
    client.widget("a", "red").await;
    client.widget("b", "blue").await;
    client.patch(&format!("{WIDGETS}/b"), json!({"metadata": {"labels": {"tier": "web"}}})).await.ok();
    assert_eq!(names(&client.get(&format!("{WIDGETS}?labelSelector=tier%20in%20(web,db)")).await.ok()), ["b"]);
    assert_eq!(names(&client.get(&format!("{WIDGETS}?fieldSelector=spec.color%3Dred")).await.ok()), ["a"]);
}

#[tokio::test]
async fn a_view_reads_its_fields_and_nothing_else() {
    let client = Client::new();
    client.widget("a", "red").await;
    client.widget("b", "blue").await;
    const VIEWS: &str = "/apis/ci.example.com/v1/namespaces/team/widgetsummaries";
    let list = client.get(&format!("{VIEWS}?limit=1")).await;
    assert_eq!(list.status, StatusCode::OK);
    let items = json!([{
        "apiVersion": "ci.example.com/v1",
        "kind": "Widget",
        "metadata": { "name": "a" },
        "spec": { "color": "red" },
    }]);
    assert_eq!(list.body["items"], items);
    assert_eq!(list.body["kind"], "WidgetList");
    assert!(list.body["metadata"]["continue"].is_string());
    let all = client.get("/apis/ci.example.com/v1/widgetsummaries?fieldSelector=spec.color=blue").await;
    assert_eq!(all.body["items"][0]["metadata"], json!({ "name": "b" }));
    let one = client.get(&format!("{VIEWS}/b")).await;
    assert_eq!(one.body["spec"], json!({ "color": "blue" }));
    assert_eq!(client.get(&format!("{VIEWS}/c")).await.status, StatusCode::NOT_FOUND);
    let written = client.json(Method::POST, VIEWS, json!({})).await;
    assert_eq!(written.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_query_that_is_not_understood_lists_nothing() {
    let client = Client::new();
    for query in [
        "limit=-1",
        "limit=many",
        "continue=garbage",
        "labelSelector===",
        "labelselector=a",
        "fieldSelector=spec.color",
        "fieldSelector=spec.size%3D1",
        "limit=1&limit=2",
    ] {
        let reply = client.get(&format!("{WIDGETS}?{query}")).await;
        reply.problem(StatusCode::BAD_REQUEST, "BadRequest");
    }
}

#[tokio::test]
async fn a_stale_resource_version_is_a_conflict() {
    let client = Client::new();
    let first = client.widget("a", "red").await;
    let path = format!("{WIDGETS}/a");
    let mut changed = first.clone();
    changed["spec"]["color"] = "blue".into();
    client.json(Method::PUT, &path, changed.clone()).await.ok();
    changed["spec"]["color"] = "green".into();
    client.json(Method::PUT, &path, changed).await.problem(StatusCode::CONFLICT, "Conflict");
    assert_eq!(client.get(&path).await.ok()["spec"]["color"], "blue");
}

#[tokio::test]
async fn a_replacement_must_name_a_version() {
    let client = Client::new();
    client.widget("a", "red").await;
    let path = format!("{WIDGETS}/a");
    let reply = client.json(Method::PUT, &path, widget("a", "blue")).await;
    let problem = reply.problem(StatusCode::UNPROCESSABLE_ENTITY, "Invalid");
    assert_eq!(problem["causes"][0]["field"], "metadata.resourceVersion");
    // The version may be in the header instead of the body.
    let tag = client.get(&path).await.headers[header::ETAG].to_str().expect("text").to_owned();
    let headers = [JSON, ("if-match", tag.as_str())];
    assert_eq!(
        client.send(Method::PUT, &path, &headers, widget("a", "blue").to_string()).await.ok()["spec"]["color"],
        "blue"
    );
}

#[tokio::test]
async fn if_match_guards_every_write() {
    let client = Client::new();
    let created = client.widget("a", "red").await;
    let path = format!("{WIDGETS}/a");
    for stale in ["\"0\"", "\"99\"", "\"another service's\"", "\"\"", "W/\"-1\""].map(|tag| ("if-match", tag)) {
        let put = client.send(Method::PUT, &path, &[JSON, stale], created.to_string()).await;
        put.problem(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
        let patch = client.send(Method::PATCH, &path, &[JSON, stale], "{}").await;
        patch.problem(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
        let delete = client.send(Method::DELETE, &path, &[stale], "").await;
        delete.problem(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
        let scale = client.send(Method::PATCH, &format!("{path}/scale"), &[JSON, stale], "{}").await;
        scale.problem(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
    }

    let malformed = client.send(Method::DELETE, &path, &[("if-match", "1")], "").await;
    malformed.problem(StatusCode::BAD_REQUEST, "BadRequest");
    let version = created["metadata"]["resourceVersion"].as_str().expect("a version");
    let weak = format!("W/\"{version}\"");
    client.send(Method::DELETE, &path, &[("if-match", &weak)], "").await.ok();
}

#[tokio::test]
async fn a_known_version_is_not_sent_again() {
    let client = Client::new();
    client.widget("a", "red").await;
    let path = format!("{WIDGETS}/a");
    let tag = client.get(&path).await.headers[header::ETAG].to_str().expect("text").to_owned();
    let known = client.send(Method::GET, &path, &[("if-none-match", &tag)], "").await;
    assert_eq!((known.status, &known.body), (StatusCode::NOT_MODIFIED, &Value::Null));
    assert_eq!(known.headers[header::ETAG], tag.as_str());
    client.send(Method::GET, &path, &[("if-none-match", "\"0\"")], "").await.ok();
}

#[tokio::test]
async fn a_merge_patch_changes_what_it_names() {
    let client = Client::new();
    let mut sent = widget("a", "red");
    sent["spec"]["replicas"] = 3.into();
    client.json(Method::POST, WIDGETS, sent).await;
    let path = format!("{WIDGETS}/a");
    let patched = client.patch(&path, json!({"spec": {"color": "blue", "replicas": null}})).await.ok();
    assert_eq!(patched["spec"], json!({"color": "blue"}));
    // Clients that can send no other media type than application/json may patch too.
    client.json(Method::PATCH, &path, json!({"spec": {"replicas": 1}})).await.ok();
    let refused = client.patch(&path, json!({"spec": {"color": 1}})).await;
    let problem = refused.problem(StatusCode::UNPROCESSABLE_ENTITY, "Invalid");
    assert_eq!(problem["causes"][0]["field"], "spec.color");
    client.patch(&path, json!(["a"])).await.problem(StatusCode::UNPROCESSABLE_ENTITY, "Invalid");
}

#[tokio::test]
async fn deleting_answers_a_status() {
    let client = Client::new();
    let created = client.widget("a", "red").await;
    let path = format!("{WIDGETS}/a");
    client.patch(&path, json!({"metadata": {"finalizers": ["example.com/hold"]}})).await.ok();
    let held = client.send(Method::DELETE, &path, &[], "").await;
    assert_eq!(held.status, StatusCode::ACCEPTED);
    assert!(client.get(&path).await.ok()["metadata"]["deletionTimestamp"].is_string());
    client.patch(&path, json!({"metadata": {"finalizers": null}})).await.ok();
    client.get(&path).await.problem(StatusCode::NOT_FOUND, "NotFound");

    client.widget("b", "red").await;
    let gone = client.send(Method::DELETE, &format!("{WIDGETS}/b"), &[], "").await.ok();
    assert_eq!(
        (&gone["kind"], &gone["status"], &gone["details"]["name"]),
        (&json!("Status"), &json!("Success"), &json!("b"))
    );
    assert_eq!(held.body["details"]["uid"], created["metadata"]["uid"]);
}

#[tokio::test]
async fn status_and_scale_have_routes_of_their_own() {
    let client = Client::new();
    let mut sent = widget("a", "red");
    sent["spec"]["replicas"] = 1.into();
    sent["status"] = json!({"phase": "Lies"});
    let created = client.json(Method::POST, WIDGETS, sent).await.body;
    assert_eq!(created.get("status"), None);
    let path = format!("{WIDGETS}/a");
    let status = json!({"spec": {"color": "blue"}, "status": {"phase": "Ready", "replicas": 1, "selector": "a=b"}});
    let patched = client.patch(&format!("{path}/status"), status).await.ok();
    assert_eq!((&patched["status"]["phase"], &patched["spec"]["color"]), (&json!("Ready"), &json!("red")));

    let scale = client.get(&format!("{path}/scale")).await;
    assert_eq!(
        scale.headers[header::ETAG],
        format!("\"{}\"", scale.body["metadata"]["resourceVersion"].as_str().unwrap_or(""))
    );
    assert_eq!(scale.body["apiVersion"], "autoscaling/v1");
    assert_eq!(scale.body["spec"], json!({"replicas": 1}));
    assert_eq!(scale.body["status"], json!({"replicas": 1, "selector": "a=b"}));
    let put = json!({"metadata": {"name": "a"}, "spec": {"replicas": 4}});
    client.json(Method::PUT, &format!("{path}/scale"), put).await.ok();
    assert_eq!(client.get(&path).await.ok()["spec"]["replicas"], 4);
}

#[tokio::test]
async fn a_body_is_json_or_a_problem() {
    let client = Client::new();
    let text = client.send(Method::POST, WIDGETS, &[("content-type", "text/plain")], "{}").await;
    text.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType");
    let untyped = client.send(Method::POST, WIDGETS, &[], "{}").await;
    untyped.problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType");
    let torn = client.send(Method::POST, WIDGETS, &[JSON], "{\"spec\":").await;
    torn.problem(StatusCode::BAD_REQUEST, "BadRequest");
    let trailing = client.send(Method::POST, WIDGETS, &[JSON], widget("a", "red").to_string() + "x").await;
    trailing.problem(StatusCode::BAD_REQUEST, "BadRequest");
    let deep = "[".repeat(100_000);
    client.send(Method::POST, WIDGETS, &[JSON], deep).await.problem(StatusCode::BAD_REQUEST, "BadRequest");
    let twice = r#"{"metadata": {"name": "a", "name": "b"}, "spec": {"color": "red"}}"#;
    let twice = client.send(Method::POST, WIDGETS, &[JSON], twice).await;
    assert_eq!(twice.problem(StatusCode::BAD_REQUEST, "BadRequest")["causes"][0]["field"], "metadata.name");
    let large = format!("{{\"spec\": {{\"color\": \"{}\"}}}}", "x".repeat(3_000_000));
    let large = client.send(Method::POST, WIDGETS, &[JSON], large).await;
    large.problem(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge");
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let client = Client::new();
    for (body, field) in [
        (json!({"metadata": {"name": "a"}, "spec": {"color": 1}}), "spec.color"),
        (json!({"metadata": {"name": "a"}, "spec": {}}), "spec"),
        (json!({"kind": "Gadget", "spec": {"color": "red"}}), "kind"),
        (json!({"apiVersion": "ci.example.com/v2", "spec": {"color": "red"}}), "apiVersion"),
        (json!({"metadata": {"name": "Bad_Name"}, "spec": {"color": "red"}}), "metadata.name"),
        (json!({"spec": {"color": "red"}}), "metadata.name"),
    ] {
        let reply = client.json(Method::POST, WIDGETS, body).await;
        let problem = reply.problem(StatusCode::UNPROCESSABLE_ENTITY, "Invalid");
        assert_eq!(problem["causes"][0]["field"], field, "{problem}");
    }
}

#[tokio::test]
async fn names_on_the_url_are_checked() {
    let client = Client::new();
    for path in ["Team/widgets", "a.b/widgets", "team/widgets/Bad_Name", "team/widgets/a%2Fb", "team/widgets/.."] {
        let reply = client.get(&format!("/apis/ci.example.com/v1/namespaces/{path}")).await;
        reply.problem(StatusCode::BAD_REQUEST, "BadRequest");
    }
    let reply = client.json(Method::PUT, &format!("{WIDGETS}/b"), widget("a", "red")).await;
    reply.problem(StatusCode::BAD_REQUEST, "BadRequest");
    let elsewhere = json!({"metadata": {"name": "a", "namespace": "other"}, "spec": {"color": "red"}});
    let reply = client.json(Method::POST, WIDGETS, elsewhere).await;
    reply.problem(StatusCode::BAD_REQUEST, "BadRequest");
}

#[tokio::test]
async fn what_has_no_operation_is_a_problem_too() {
    let client = Client::new();
    client.get("/apis/ci.example.com/v2/widgets").await.problem(StatusCode::NOT_FOUND, "NotFound");
    let reply = client.json(Method::POST, &format!("{WIDGETS}/a"), json!({})).await;
    reply.problem(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed");
    assert_eq!(reply.headers[header::ALLOW], "GET,HEAD,PUT,PATCH,DELETE");
}

#[tokio::test]
async fn callers_are_asked_first_and_may_be_refused() {
    let client = Client::new();
    let anonymous = Request::builder().uri(format!("{WIDGETS}/Bad_Name")).body(Body::empty()).expect("a request");
    client.request(anonymous).await.problem(StatusCode::UNAUTHORIZED, "Unauthorized");
    let guest = Request::builder().method(Method::DELETE).uri(format!("{WIDGETS}/a")).header("x-user", "guest");
    let reply = client.request(guest.body(Body::empty()).expect("a request")).await;
    assert_eq!(reply.problem(StatusCode::FORBIDDEN, "Forbidden")["detail"], "guest may not delete widgets");
}

#[tokio::test]
async fn an_overridden_operation_keeps_the_others() {
    let client = Client::new();
    client.widget("a", "pink").await;
    let second = client.json(Method::POST, WIDGETS, widget("b", "pink")).await;
    second.problem(StatusCode::CONFLICT, "Conflict");
    let same = client.json(Method::POST, WIDGETS, widget("a", "red")).await;
    same.problem(StatusCode::CONFLICT, "AlreadyExists");
    assert_eq!(names(&client.get(WIDGETS).await.ok()), ["a"]);
}

#[tokio::test]
async fn the_document_is_served() {
    let reply = Client::new().get("/openapi.json").await;
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    let document: Value = serde_json::from_str(api::OPENAPI).expect("JSON");
    assert_eq!(reply.ok(), document);
}

/// A generated router has the service as its state, and can be merged with routes of another state.
#[tokio::test]
async fn generated_routes_compose_with_routes_of_another_state() {
    #[derive(Clone)]
    struct App {
        greeting: &'static str,
    }

    let hello = |State(app): State<App>| async move { app.greeting };
    let router = Router::new()
        .route("/hello", axum::routing::get(hello))
        .merge(api::ci_example_com::v1::widget::router().with_state(Service::default()))
        .with_state(App { greeting: "\"hi\"" });
    let client = Client { router };
    assert_eq!(client.get("/hello").await.ok(), "hi");
    client.widget("a", "red").await;
}
