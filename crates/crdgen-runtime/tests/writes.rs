//! Writes through generated routes: every patch format, write options and collection deletions, and the requests that
//! they become at an API server.

mod sample;
mod script;

use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, Request, StatusCode};
use crdgen_runtime::backend::KubeBackend;
use crdgen_runtime::client::Client;
use crdgen_runtime::server::prelude::*;
use sample::api::ci_example_com::v1::widget::router;
use sample::ci_example_com::v1::widget::Widget;
use script::{Answer, Script, status};
use serde_json::{Value, json};
use tower::ServiceExt;

const WIDGETS: &str = "/apis/ci.example.com/v1/namespaces/team/widgets";

/// Service in front of an API server. Everybody may do everything, but only Ada may create.
#[derive(Clone)]
struct Service(Client);

struct Caller(String);

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Problem> {
        Ok(Self(parts.headers["x-user"].to_str().expect("text").to_owned()))
    }
}

impl Principal for Caller {
    fn id(&self) -> &str {
        &self.0
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Widget> {
        KubeBackend::new(self.0.clone())
    }
}

impl Policy for Service {
    type Caller = Caller;

    async fn authorize(&self, caller: &Caller, verb: Verb, _: &Target) -> Result<(), Problem> {
        if verb == Verb::Create && caller.0 != "ada" {
            return Err(Problem::new(Reason::Forbidden, "no"));
        }
        Ok(())
    }
}

/// Outcome of one request to the routes, in front of a server with scripted answers.
struct Asked {
    status: StatusCode,
    warnings: Vec<String>,
    body: Value,
    server: Script,
}

async fn ask(method: &str, path: &str, media_type: &str, body: Value, answers: Vec<Answer>) -> Asked {
    ask_as("ada", method, path, media_type, &[], body, answers).await
}

async fn ask_as(
    user: &str,
    method: &str,
    path: &str,
    media_type: &str,
    headers: &[(&str, &str)],
    body: Value,
    answers: Vec<Answer>,
) -> Asked {
    let server = Script::new(answers);
    let router = router().with_state(Service(server.client()));
    let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(path).header("x-user", user);
    for (name, value) in [("content-type", media_type)].iter().chain(headers) {
        request = request.header(*name, *value);
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let response = router.oneshot(request.body(body).unwrap()).await.expect("routers answer");
    let status = response.status();
    let warnings = response.headers().get_all("warning").into_iter();
    let warnings = warnings.map(|warning| warning.to_str().expect("text").to_owned()).collect();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a whole body");
    Asked { status, warnings, body: serde_json::from_slice(&bytes).unwrap_or_default(), server }
}

impl Asked {
    /// Asserts a problem, and that no request reached the server.
    #[track_caller]
    fn refused(&self, status: u16, reason: &str, field: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!((&self.body["reason"], &self.body["causes"][0]["field"]), (&json!(reason), &json!(field)));
        assert_eq!(self.server.asked(), Vec::<String>::new());
    }
}

fn widget() -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "Widget",
        "metadata": { "name": "a", "namespace": "team", "uid": "u-1", "resourceVersion": "7" },
        "spec": { "color": "red" },
    })
}

fn found() -> Vec<Answer> {
    vec![Answer::ok(&widget())]
}

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const STEPS: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

#[tokio::test]
async fn every_form_of_patch_is_passed_on_as_what_it_is() {
    let steps = json!([{ "op": "replace", "path": "/spec/color", "value": "blue" }]);
    let wanted = json!({ "spec": { "color": "blue" } });
    let whole = json!({ "apiVersion": "ci.example.com/v1", "kind": "Widget", "metadata": { "name": "a" }, "spec": { "color": "blue" } });
    let path = format!("{WIDGETS}/a");
    for (media_type, query, body, asked, sent) in [
        (MERGE, "", &wanted, "", (MERGE, &wanted)),
        (JSON, "?dryRun=All", &wanted, "?dryRun=All", (MERGE, &wanted)),
        (STEPS, "?fieldManager=me", &steps, "?fieldManager=me", (STEPS, &steps)),
        (APPLY, "?fieldManager=me", &wanted, "?fieldManager=me", (APPLY, &whole)),
        (APPLY, "?force=true&fieldManager=me", &wanted, "?fieldManager=me&force=true", (APPLY, &whole)),
        (
            "Application/Apply-Patch+YAML; charset=utf-8",
            "?fieldManager=me&force=false&dryRun=All&fieldValidation=Strict",
            &wanted,
            "?dryRun=All&fieldManager=me&fieldValidation=Strict",
            (APPLY, &whole),
        ),
    ] {
        for below in ["", "/status"] {
            // An apply first reads the object, to decide whether it changes or creates one, and then holds for that
            // object only.
            let is_looked_for = sent.0 == APPLY && below.is_empty();
            let answers = found().into_iter().chain(is_looked_for.then(|| Answer::ok(&widget()))).collect();
            let answer = ask("PATCH", &format!("{path}{below}{query}"), media_type, body.clone(), answers).await;
            assert_eq!(answer.status, 200, "{media_type} {query} {}", answer.body);
            let look = is_looked_for.then(|| format!("GET {path}"));
            let asked: Vec<_> = look.into_iter().chain([format!("PATCH {path}{below}{asked}")]).collect();
            assert_eq!(answer.server.asked(), asked);
            let mut expected = sent.1.clone();
            if is_looked_for {
                expected["metadata"]["uid"] = "u-1".into();
            }
            assert_eq!(answer.server.sent(), [(sent.0.to_owned(), expected)]);
        }
    }
}

#[tokio::test]
async fn a_version_in_a_header_holds_for_every_form() {
    let path = format!("{WIDGETS}/a");
    let matching = [("if-match", "\"7\"")];
    let query = "?fieldManager=me";
    let apply = async |answer| {
        let path = format!("{path}{query}");
        let answers = found().into_iter().chain([answer]).collect();
        ask_as("ada", "PATCH", &path, APPLY, &matching, json!({ "spec": { "color": "blue" } }), answers).await
    };
    let applied = apply(Answer::ok(&widget())).await;
    assert_eq!(applied.server.sent()[0].1["metadata"], json!({ "uid": "u-1", "resourceVersion": "7", "name": "a" }));
    let missed = apply(Answer::refusal(409, "Conflict")).await;
    assert_eq!(missed.status, 412, "{}", missed.body);
    let mut conflict = status(409, "Conflict");
    conflict["details"]["causes"] =
        json!([{ "reason": "FieldManagerConflict", "message": "of mgr", "field": ".spec.color" }]);
    let conflict = apply(Answer::Whole(409, conflict.to_string())).await;
    assert_eq!((conflict.status.as_u16(), &conflict.body["causes"][0]["field"]), (409, &json!(".spec.color")));

    let remove = json!([{ "op": "remove", "path": "/spec/color" }]);
    let stepped = ask_as("ada", "PATCH", &path, STEPS, &matching, remove, found()).await;
    let test = json!({ "op": "test", "path": "/metadata/resourceVersion", "value": "7" });
    assert_eq!(stepped.server.sent()[0].1[0], test);
}

#[tokio::test]
async fn an_apply_creates_for_those_only_who_may_create() {
    let path = format!("{WIDGETS}/a?fieldManager=me");
    let apply = async |user, answers| ask_as(user, "PATCH", &path, APPLY, &[], json!({ "spec": {} }), answers).await;
    // A caller who may change an object changes only the object that was found.
    for user in ["ada", "eve"] {
        let changed = apply(user, found().into_iter().chain(found()).collect()).await;
        assert_eq!(changed.status, 200, "{}", changed.body);
        assert_eq!(changed.server.asked(), [format!("GET {WIDGETS}/a"), format!("PATCH {path}")]);
        assert_eq!(changed.server.sent()[0].1["metadata"]["uid"], "u-1");
    }
    let absent = || Answer::refusal(404, "NotFound");
    let nothing_there = apply("eve", vec![absent()]).await;
    assert_eq!((nothing_there.status.as_u16(), nothing_there.server.asked().len()), (403, 1));
    // A creation is run dry before it is made, and the caller gets 201.
    let created = apply("ada", vec![absent(), Answer::ok(&widget()), Answer::Whole(201, widget().to_string())]).await;
    assert_eq!((created.status.as_u16(), &created.body["metadata"]["name"]), (201, &json!("a")), "{}", created.body);
    let preview = format!("PATCH {WIDGETS}/a?dryRun=All&fieldManager=me");
    assert_eq!(created.server.asked(), [format!("GET {WIDGETS}/a"), preview, format!("PATCH {path}")]);
    // Other patches create no object.
    let merge = ask_as("eve", "PATCH", &format!("{WIDGETS}/a"), MERGE, &[], json!({}), found()).await;
    assert_eq!((merge.status.as_u16(), merge.server.asked().len()), (200, 1));
}

#[tokio::test]
async fn what_is_wrong_with_a_patch_is_said_before_anything_is_asked() {
    let path = format!("{WIDGETS}/a");
    let wanted = || json!({ "spec": {} });
    for (query, media_type, body, status, reason, field) in [
        ("", APPLY, wanted(), 422, "Invalid", "fieldManager"),
        ("?fieldManager=", APPLY, wanted(), 422, "Invalid", "fieldManager"),
        ("?force=true", MERGE, wanted(), 422, "Invalid", "force"),
        ("?force=false", STEPS, json!([]), 422, "Invalid", "force"),
        ("?fieldManager=me&force=perhaps", APPLY, wanted(), 400, "BadRequest", "force"),
        ("?fieldManager=me&fieldManager=you", APPLY, wanted(), 400, "BadRequest", "fieldManager"),
        ("?fieldManager=a%0Ab", MERGE, wanted(), 422, "Invalid", "fieldManager"),
        ("?dryRun=None", MERGE, wanted(), 422, "Invalid", "dryRun"),
        ("?dryRun=", MERGE, wanted(), 422, "Invalid", "dryRun"),
        ("?fieldValidation=strict", MERGE, wanted(), 422, "Invalid", "fieldValidation"),
        ("?dryrun=All", MERGE, wanted(), 400, "BadRequest", "dryrun"),
        ("", STEPS, json!([{ "op": "grow", "path": "/a" }]), 400, "BadRequest", "[0].op"),
    ] {
        let answer = ask("PATCH", &format!("{path}{query}"), media_type, body, vec![]).await;
        answer.refused(status, reason, field);
    }
    for (media_type, status) in
        [("application/strategic-merge-patch+json", 415), ("application/apply-patch+json", 415), (APPLY, 422)]
    {
        let answer = ask("PATCH", &format!("{path}?fieldManager=me"), media_type, json!(["a"]), vec![]).await;
        assert_eq!((answer.status.as_u16(), answer.server.asked().len()), (status, 0), "{media_type}");
    }
    // A scale accepts merge patches only.
    let scale = ask("PATCH", &format!("{path}/scale"), STEPS, json!([]), vec![]).await;
    assert_eq!(scale.status, 415);
}

#[tokio::test]
async fn options_of_a_write_reach_the_server() {
    let all = "dryRun=All&fieldManager=me&fieldValidation=Warn";
    let new = json!({ "metadata": { "name": "a" }, "spec": { "color": "red" } });
    let created = ask("POST", &format!("{WIDGETS}?{all}"), JSON, new.clone(), found()).await;
    assert_eq!(created.server.asked(), [format!("POST {WIDGETS}?{all}")]);
    // An object with a resourceVersion was read before, so it is not a new one.
    let versioned = ask("POST", WIDGETS, JSON, widget(), vec![]).await;
    versioned.refused(400, "BadRequest", "metadata.resourceVersion");
    for below in ["", "/status"] {
        let path = format!("{WIDGETS}/a{below}?{all}");
        assert_eq!(ask("PUT", &path, JSON, widget(), found()).await.server.asked(), [format!("PUT {path}")]);
    }
    let path = format!("{WIDGETS}/a?dryRun=All");
    let deleted = ask("DELETE", &path, JSON, Value::Null, found()).await;
    assert_eq!(deleted.server.asked(), [format!("DELETE {path}")]);
    // Options in the body, as clients send them. A server that reads the body ignores the query.
    let body = json!({ "propagationPolicy": "Foreground", "dryRun": ["All"], "preconditions": { "uid": "u-1" } });
    let deleted = ask("DELETE", &format!("{WIDGETS}/a"), JSON, body, found()).await;
    assert_eq!(deleted.server.asked(), [format!("DELETE {WIDGETS}/a?dryRun=All")]);
    let mut sent = deleted.server.sent()[0].1.clone();
    sent.as_object_mut().expect("options").retain(|name, _| name != "apiVersion" && name != "kind");
    assert_eq!(
        sent,
        json!({ "dryRun": ["All"], "propagationPolicy": "Foreground", "preconditions": { "uid": "u-1" } })
    );
    for (body, status, reason, field) in [
        (json!({ "propagationPolicy": "Sideways" }), 422, "Invalid", "propagationPolicy"),
        (json!({ "propagationPolicy": "Orphan", "orphanDependents": true }), 422, "Invalid", "propagationPolicy"),
        (json!({ "dryRun": ["None"] }), 422, "Invalid", "dryRun"),
        (json!({ "precondition": {} }), 422, "Invalid", "precondition"),
        (json!({ "preconditions": { "uid": 1 } }), 422, "Invalid", "preconditions.uid"),
    ] {
        for path in [format!("{WIDGETS}/a"), WIDGETS.to_owned()] {
            ask("DELETE", &path, JSON, body.clone(), vec![]).await.refused(status, reason, field);
        }
    }
    for body in [json!([]), json!(["v1", "DeleteOptions"]), json!({ "preconditions": ["u-1"] }), json!("All")] {
        let refused = ask("DELETE", &format!("{WIDGETS}/a"), JSON, body, vec![]).await;
        assert_eq!((refused.status.as_u16(), refused.server.asked().len()), (400, 0));
    }
    // A failed precondition of the body is a conflict, as clients expect. A failed `If-Match` is not.
    let body = json!({ "preconditions": { "uid": "other" } });
    let missed = ask("DELETE", &format!("{WIDGETS}/a"), JSON, body, vec![Answer::refusal(409, "Conflict")]).await;
    assert_eq!((missed.status.as_u16(), &missed.body["reason"]), (409, &json!("Conflict")));
    // A deletion has no field manager.
    let deleted = ask("DELETE", &format!("{WIDGETS}/a?{all}"), JSON, Value::Null, vec![]).await;
    deleted.refused(400, "BadRequest", "fieldManager");
    let long = "m".repeat(129);
    let created = ask("POST", &format!("{WIDGETS}?fieldManager={long}"), JSON, new, vec![]).await;
    created.refused(422, "Invalid", "fieldManager");
    assert_eq!(created.body["causes"][0]["reason"], "FieldValueTooLong");
}

#[tokio::test]
async fn warnings_are_passed_on() {
    const DEPRECATED: (&str, &str) = ("warning", r#"299 - "deprecated""#);
    const UNKNOWN: &str = r#"299 - "unknown field \"metadata.size\"""#;
    let wide = || json!({ "metadata": { "name": "a", "size": 1 }, "spec": { "color": "red" } });
    let create = async |query: &str, status| {
        let answer = Answer::With(status, DEPRECATED, widget().to_string());
        ask("POST", &format!("{WIDGETS}{query}"), JSON, wide(), vec![answer]).await
    };
    // Fields that the type drops never reach the server.
    assert_eq!(create("", 201).await.warnings, [UNKNOWN, DEPRECATED.1]);
    assert_eq!(create("?fieldValidation=Warn", 201).await.warnings, [UNKNOWN, DEPRECATED.1]);
    assert_eq!(create("?fieldValidation=Ignore", 201).await.warnings, [DEPRECATED.1]);
    assert_eq!(create("?fieldValidation=Strict", 201).await.warnings, [""; 0]);
    // Refusals carry the warnings too.
    let answer = Answer::With(409, DEPRECATED, status(409, "Conflict").to_string());
    let refused = ask("PATCH", &format!("{WIDGETS}/a"), MERGE, json!({}), vec![answer]).await;
    assert_eq!((refused.status.as_u16(), refused.warnings), (409, vec![DEPRECATED.1.to_owned()]));
}

#[tokio::test]
async fn many_are_deleted_by_what_selects_them_and_nothing_else() {
    let list = json!({ "metadata": { "resourceVersion": "9" }, "items": [widget()] });
    let query = "labelSelector=tier+in+%28web%29&fieldSelector=spec.color%3Dred&dryRun=All";
    let deleted = ask("DELETE", &format!("{WIDGETS}?{query}"), JSON, Value::Null, vec![Answer::ok(&list)]).await;
    assert_eq!(deleted.status, 200, "{}", deleted.body);
    assert_eq!(
        (&deleted.body["kind"], &deleted.body["items"][0]["metadata"]["name"]),
        (&json!("WidgetList"), &json!("a"))
    );
    assert_eq!(deleted.server.asked(), [format!("DELETE {WIDGETS}?{query}")]);
    for (query, status, field) in [
        ("labelselector=a", 400, "labelselector"),
        ("limit=1", 400, "limit"),
        ("labelSelector=a%3D%3D%3D", 400, "labelSelector"),
        ("dryRun=No", 422, "dryRun"),
        ("fieldManager=me", 400, "fieldManager"),
    ] {
        let refused = ask("DELETE", &format!("{WIDGETS}?{query}"), JSON, Value::Null, vec![]).await;
        let reason = if status == 422 { "Invalid" } else { "BadRequest" };
        refused.refused(status, reason, field);
    }
    // Like an API server, no deletion over all namespaces.
    let all = ask("DELETE", "/apis/ci.example.com/v1/widgets", JSON, Value::Null, vec![]).await;
    assert_eq!((all.status.as_u16(), all.server.asked().len()), (405, 0));
}
