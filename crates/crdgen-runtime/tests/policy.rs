//! The policy applies whatever a service overrides: an override never sees a request that the policy refuses, on any
//! route.

mod sample;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts;
use axum::http::Request;
use axum::http::request::Parts;
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::validation::Mode;
use sample::api::ci_example_com::v1::widget::router;
use sample::ci_example_com::v1::widget::Widget;
use serde_json::{Value, json};
use tower::ServiceExt;

const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/team/widgets";
const ALL: &str = "/apis/ci.example.com/v1/widgets";
const WATCH: &str = "/apis/ci.example.com/v1/watch/namespaces/team/widgets";

/// Service that overrides every store step and records which of them ran. Callers see red widgets, `blind` sees none,
/// and black widgets are refused.
#[derive(Clone)]
struct Service {
    objects: MemoryBackend,
    ran: Arc<Mutex<Vec<&'static str>>>,
    validation: Validation,
}

struct Caller(String);

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Problem> {
        let name = parts.headers.get("x-user").and_then(|name| name.to_str().ok());
        name.map(|name| Self(name.to_owned())).ok_or_else(|| Problem::new(Reason::Unauthorized, "who?"))
    }
}

impl Principal for Caller {
    fn id(&self) -> &str {
        &self.0
    }
}

impl Policy for Service {
    type Caller = Caller;

    async fn authorize(&self, caller: &Caller, _: Verb, _: &Target) -> Result<(), Problem> {
        match caller.0.as_str() {
            "stranger" => Err(Problem::new(Reason::Forbidden, "no")),
            _ => Ok(()),
        }
    }

    fn default_visibility<K: Resource>(&self, caller: &Caller) -> Visibility<K> {
        match caller.0.as_str() {
            "ada" => Visibility::everything(),
            _ => Visibility::only(|object: &K| object.metadata().label("seen").is_some()),
        }
    }

    async fn default_admission<K: Resource>(
        &self,
        caller: &Caller,
        write: &mut AdmissionRequest<'_, K>,
    ) -> Result<(), Problem> {
        let _ = write.verb();
        match caller.0.as_str() {
            "refused" => Err(Problem::new(Reason::Invalid, "not admitted")),
            _ => Ok(()),
        }
    }

    fn default_validation(&self) -> &Validation {
        &self.validation
    }
}

impl Service {
    fn new() -> Self {
        Self { objects: MemoryBackend::new(), ran: Arc::default(), validation: Validation::new(Mode::Requests) }
    }

    fn run(&self, step: &'static str) {
        self.ran.lock().expect("no panic").push(step);
    }

    fn ran(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.ran.lock().expect("no panic"))
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Widget> {
        self.objects.clone()
    }

    async fn list(&self, request: ListRequest<'_, Self, Widget>) -> Result<ObjectListResponse<Widget>, Problem> {
        self.run("list");
        request.run().await
    }

    async fn create(&self, request: CreateRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        self.run("create");
        request.run().await
    }

    async fn get(&self, request: GetRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        self.run("get");
        request.run().await
    }

    async fn replace(&self, request: ReplaceRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        self.run("replace");
        request.run().await
    }

    async fn patch(&self, request: PatchRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        self.run("patch");
        request.run().await
    }

    async fn delete(&self, request: DeleteRequest<'_, Self, Widget>) -> Result<Deleted<Widget>, Problem> {
        self.run("delete");
        request.run().await
    }

    async fn delete_collection(
        &self,
        request: DeleteCollectionRequest<'_, Self, Widget>,
    ) -> Result<List<Widget>, Problem> {
        self.run("delete_collection");
        request.run().await
    }

    async fn watch(&self, request: WatchRequest<'_, Self, Widget>) -> Result<EventStream<Widget>, Problem> {
        self.run("watch");
        request.run().await
    }

    async fn get_status(&self, request: GetRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        self.run("get_status");
        request.run().await
    }

    async fn replace_status(&self, request: ReplaceRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        self.run("replace_status");
        request.run().await
    }

    async fn patch_status(&self, request: PatchRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        self.run("patch_status");
        request.run().await
    }

    async fn get_scale(&self, request: GetScaleRequest<'_, Self, Widget>) -> Result<Scale, Problem> {
        self.run("get_scale");
        request.run().await
    }

    async fn replace_scale(&self, request: ReplaceScaleRequest<'_, Self, Widget>) -> Result<Scale, Problem> {
        self.run("replace_scale");
        request.run().await
    }

    async fn patch_scale(&self, request: PatchScaleRequest<'_, Self, Widget>) -> Result<Scale, Problem> {
        self.run("patch_scale");
        request.run().await
    }

    async fn list_views<V: View<Of = Widget>>(
        &self,
        request: ListRequest<'_, Self, Widget>,
    ) -> Result<ViewListResponse<V>, Problem> {
        self.run("list_views");
        request.run_views().await
    }

    async fn get_view<V: View<Of = Widget>>(&self, request: GetRequest<'_, Self, Widget>) -> Result<V, Problem> {
        self.run("get_view");
        request.run_view().await
    }

    async fn watch_views<V: View<Of = Widget>>(
        &self,
        request: WatchRequest<'_, Self, Widget>,
    ) -> Result<WatchedViews<V>, Problem> {
        self.run("watch_views");
        request.run_views().await
    }
}

/// Request, and the store step that answers it.
struct Case {
    method: &'static str,
    path: String,
    media_type: &'static str,
    body: Value,
    step: &'static str,
}

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const STEPS: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

/// Returns a request for every operation on a widget or on its collection.
fn cases(name: &str) -> Vec<Case> {
    let case = |method, path: String, media_type, body, step| Case { method, path, media_type, body, step };
    let widget =
        json!({ "metadata": { "name": name, "labels": { "seen": "" } }, "spec": { "color": "red", "replicas": 1 } });
    let scale = json!({ "metadata": { "name": name }, "spec": { "replicas": 2 } });
    let object = format!("{WIDGETS}/{name}");
    let (status, scaled) = (format!("{object}/status"), format!("{object}/scale"));
    let views = WIDGETS.replace("widgets", "widgetsummaries");
    let apply = format!("{object}?fieldManager=me");
    vec![
        case("GET", WIDGETS.to_owned(), JSON, Value::Null, "list"),
        case("GET", ALL.to_owned(), JSON, Value::Null, "list"),
        case("GET", views.clone(), JSON, Value::Null, "list_views"),
        case("GET", object.clone(), JSON, Value::Null, "get"),
        case("GET", status.clone(), JSON, Value::Null, "get_status"),
        case("GET", scaled.clone(), JSON, Value::Null, "get_scale"),
        case("GET", format!("{views}/{name}"), JSON, Value::Null, "get_view"),
        case("GET", WATCH.to_owned(), JSON, Value::Null, "watch"),
        case("GET", WATCH.replace("widgets", "widgetsummaries"), JSON, Value::Null, "watch_views"),
        case("POST", WIDGETS.to_owned(), JSON, widget.clone(), "create"),
        case("PUT", object.clone(), JSON, widget.clone(), "replace"),
        case("PATCH", object.clone(), MERGE, json!({ "spec": { "replicas": 3 } }), "patch"),
        case("PATCH", object.clone(), STEPS, json!([]), "patch"),
        case("PATCH", apply, APPLY, json!({ "spec": { "replicas": 3 } }), "patch"),
        case("PUT", status.clone(), JSON, widget, "replace_status"),
        case("PATCH", status, MERGE, json!({ "status": { "phase": "On" } }), "patch_status"),
        case("PUT", scaled.clone(), JSON, scale, "replace_scale"),
        case("PATCH", scaled, MERGE, json!({ "spec": { "replicas": 3 } }), "patch_scale"),
        case("DELETE", object, JSON, Value::Null, "delete"),
        case("DELETE", WIDGETS.to_owned(), JSON, Value::Null, "delete_collection"),
    ]
}

async fn send(service: &Service, user: Option<&str>, case: &Case) -> (u16, Value) {
    let router: Router = router().with_state(service.clone());
    let mut request = Request::builder().method(case.method).uri(&case.path).header("content-type", case.media_type);
    if let Some(user) = user {
        request = request.header("x-user", user);
    }
    let body = if case.body.is_null() { Body::empty() } else { Body::from(case.body.to_string()) };
    let response = router.oneshot(request.body(body).expect("a request")).await.expect("routers answer");
    let status = response.status().as_u16();
    if status == 200 && case.step.starts_with("watch") {
        return (status, Value::Null);
    }
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a whole body");
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// Returns a service with a widget that everybody sees and one that only Ada sees.
async fn service() -> Service {
    let service = Service::new();
    let widget = |name: &str, labels: Value| json!({ "metadata": { "name": name, "labels": labels }, "spec": { "color": "red", "replicas": 1 } });
    for (name, labels) in [("a", json!({ "seen": "" })), ("hidden", json!({}))] {
        let mut case = cases(name).swap_remove(9);
        case.body = widget(name, labels);
        assert_eq!(send(&service, Some("ada"), &case).await.0, 201);
    }
    service.ran();
    service
}

#[tokio::test]
async fn an_override_runs_for_requests_that_the_policy_lets_through() {
    for index in 0..cases("a").len() {
        let service = service().await;
        let mut case = cases("a").swap_remove(index);
        if case.method == "POST" {
            case.body["metadata"]["name"] = "b".into();
        }
        if case.method == "PUT" && case.step != "replace_scale" {
            let version = service.objects_version().await;
            case.body["metadata"]["resourceVersion"] = version.into();
        }
        let (status, body) = send(&service, Some("ada"), &case).await;
        // The memory backend does not support server-side apply.
        let is_done = (200..300).contains(&status) || case.media_type == APPLY && status == 501;
        assert!(is_done, "{} {}: {status} {body}", case.method, case.path);
        assert_eq!(service.ran(), [case.step], "{} {}", case.method, case.path);
    }
}

impl Service {
    /// Returns the version of the widget `a`.
    async fn objects_version(&self) -> String {
        let key = Key::namespaced("team".parse().expect("a name"), "a".parse().expect("a name"));
        let widget: Widget = self.objects.get(&key).await.expect("it is there");
        widget.metadata().resource_version().expect("a version").to_owned()
    }
}

#[tokio::test]
async fn no_override_runs_for_a_caller_who_is_not_known_or_may_not() {
    let service = service().await;
    for case in cases("a") {
        assert_eq!(send(&service, None, &case).await.0, 401, "{} {}", case.method, case.path);
        assert_eq!(send(&service, Some("stranger"), &case).await.0, 403, "{} {}", case.method, case.path);
    }
    assert_eq!(service.ran(), Vec::<&str>::new());
}

#[tokio::test]
async fn no_override_runs_for_a_hidden_object() {
    let service = service().await;
    for case in cases("hidden").into_iter().filter(|case| case.path.contains("/hidden")) {
        let (status, body) = send(&service, Some("bob"), &case).await;
        assert_eq!(status, 404, "{} {}: {body}", case.method, case.path);
        // The answer for an absent object differs in the name only.
        let absent = cases("absent").into_iter().find(|absent| {
            (absent.method, absent.media_type, absent.step) == (case.method, case.media_type, case.step)
        });
        let (_, of_absent) = send(&service, Some("bob"), &absent.expect("a case")).await;
        assert_eq!(body.to_string().replace("hidden", "absent"), of_absent.to_string(), "{}", case.path);
    }
    assert_eq!(service.ran(), Vec::<&str>::new());
}

#[tokio::test]
async fn hidden_objects_are_in_no_answer_of_an_override() {
    let service = service().await;
    for case in cases("a").into_iter().filter(|case| matches!(case.step, "list" | "list_views" | "delete_collection")) {
        let (status, body) = send(&service, Some("bob"), &case).await;
        assert_eq!((status, body["items"].as_array().map(Vec::len)), (200, Some(1)), "{}: {body}", case.path);
        assert!(!body.to_string().contains("hidden"), "{body}");
    }
    assert_eq!(service.ran(), ["list", "list", "list", "delete_collection"]);
}

#[tokio::test]
async fn no_override_runs_for_a_write_that_is_not_admitted() {
    let service = service().await;
    for case in cases("a").into_iter().filter(|case| case.method != "GET") {
        let (status, body) = send(&service, Some("refused"), &case).await;
        assert_eq!((status, &body["detail"]), (422, &json!("not admitted")), "{} {}", case.method, case.path);
    }
    assert_eq!(service.ran(), Vec::<&str>::new());
}

#[tokio::test]
async fn no_override_runs_for_an_object_that_breaks_the_rules_of_its_kind() {
    let service = service().await;
    for mut case in cases("a").into_iter().filter(|case| matches!(case.step, "create" | "replace")) {
        case.body["metadata"]["labels"] = json!({ "not a label": "" });
        let (status, body) = send(&service, Some("ada"), &case).await;
        assert_eq!(status, 422, "{} {}: {body}", case.method, case.path);
    }
    assert_eq!(service.ran(), Vec::<&str>::new());
}

#[tokio::test]
async fn leaving_the_policy_out_takes_its_name() {
    use sample::api::ci_example_com::v1::widget::operations;

    let service = Service::new();
    let router: Router<Service> = operations().without_policy("listWidgets", async || "anybody").into();
    let request = Request::builder().uri(WIDGETS).body(Body::empty()).expect("a request");
    let response = router.with_state(service.clone()).oneshot(request).await.expect("routers answer");
    assert_eq!(response.status(), 200);
    assert_eq!(&to_bytes(response.into_body(), 100).await.expect("a body")[..], b"anybody");
    assert_eq!(service.ran(), Vec::<&str>::new());
}
