//! Validation rules of a kind: in the memory backend, and by `Validation` before the backend.

use std::sync::{Arc, Mutex};

use axum::extract::{FromRequest, Request};
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::backend::{Backend, Error, Key, MergePatch, Namespace, Preconditions, Reason};
use crdgen_runtime::server::ObjectBody;
use crdgen_runtime::validation::{InvalidObject, Mode, Validation};
use crdgen_runtime::{ApiVersion, KindOf, ObjectMeta, Resource, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Kind with rules of every sort, written as a generated type would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lamp {
    #[serde(default)]
    api_version: ApiVersion<Self>,
    #[serde(default)]
    kind: KindOf<Self>,
    #[serde(default)]
    metadata: ObjectMeta,
    spec: Value,
}

impl Resource for Lamp {
    type Meta = ObjectMeta;
    const GROUP: &'static str = "home.example.com";
    const VERSION: &'static str = "v1";
    const API_VERSION: &'static str = "home.example.com/v1";
    const KIND: &'static str = "Lamp";
    const LIST_KIND: &'static str = "LampList";
    const PLURAL: &'static str = "lamps";
    const SCOPE: Scope = Scope::Namespaced;
    const STATUS: bool = false;
    const SCHEMA: &'static str = r#"{"type": "object", "required": ["spec"], "properties": {"spec": {
        "type": "object", "required": ["color"],
        "x-kubernetes-validations": [{"rule": "self.watts <= 100 || self.color == 'red'", "message": "too bright"}],
        "properties": {
            "color": {"type": "string", "enum": ["red", "white"]},
            "watts": {"type": "integer", "minimum": 1, "default": 60},
            "room": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "fixed"}]}
        }}}}"#;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

fn lamp(spec: Value) -> Lamp {
    let metadata = ObjectMeta { name: Some("a".to_owned()), ..ObjectMeta::default() };
    Lamp { api_version: ApiVersion::default(), kind: KindOf::default(), metadata, spec }
}

fn home() -> Namespace {
    "home".parse().expect("a namespace")
}

fn key() -> Key {
    Key::namespaced(home(), "a".parse().expect("a name"))
}

#[track_caller]
fn blamed<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(String, String)> {
    let error = result.expect_err("it breaks a rule");
    assert_eq!(error.reason, Reason::Invalid, "{error}");
    error.causes.into_iter().map(|cause| (cause.field, cause.reason)).collect()
}

fn cause(field: &str, reason: &str) -> (String, String) {
    (field.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn memory_stores_what_a_server_would() {
    let store = MemoryBackend::new();
    let sent = lamp(json!({"color": "white", "nonsense": 1, "room": null}));
    let stored = store.create(Some(&home()), &sent).await.expect("it keeps the rules");
    assert_eq!(stored.spec, json!({"color": "white", "watts": 60}), "pruned and with defaults");
}

#[tokio::test]
async fn memory_refuses_what_a_server_would() {
    let store = MemoryBackend::new();
    let create = async |spec| blamed(store.create(Some(&home()), &lamp(spec)).await);
    assert_eq!(create(json!({"color": "white", "watts": 0})).await, [cause("spec.watts", "FieldValueInvalid")]);
    assert_eq!(create(json!({"color": "white", "watts": 101})).await, [cause("spec", "FieldValueInvalid")]);
    assert!(create(json!({})).await.contains(&cause("spec.color", "FieldValueRequired")));
    assert!(create(json!({"color": "blue"})).await.contains(&cause("spec.color", "FieldValueNotSupported")));

    store.create(Some(&home()), &lamp(json!({"color": "red", "room": "hall"}))).await.expect("it keeps the rules");
    let Value::Object(changes) = json!({"spec": {"room": "attic"}}) else { unreachable!() };
    let moved: Result<Lamp, Error> = store.patch(&key(), &MergePatch::new(changes), &Preconditions::default()).await;
    assert_eq!(blamed(moved), [cause("spec.room", "FieldValueInvalid")], "a rule of transition");
}

#[tokio::test]
async fn what_changes_nothing_once_defaults_are_filled_in_counts_no_generation() {
    let store = MemoryBackend::new();
    let mut stored = store.create(Some(&home()), &lamp(json!({"color": "red"}))).await.expect("it keeps the rules");
    stored.spec = json!({"color": "red"});
    let again = store.replace(&key(), &stored, &Preconditions::default()).await.expect("it keeps the rules");
    assert_eq!(again.metadata.generation, Some(1));
}

#[tokio::test]
async fn the_switch_says_what_is_judged() {
    let validation = Validation::new(Mode::Off);
    let bad = lamp(json!({"color": "white", "watts": 0}));
    validation.creation(&bad).expect("off");
    validation.set(Mode::Requests);
    assert_eq!(blamed(validation.creation(&bad)), [cause("spec.watts", "FieldValueInvalid")]);
    validation.creation(&lamp(json!({"color": "white"}))).expect("it keeps the rules");
    validation.set(Mode::Off);
    validation.creation(&bad).expect("off again");
}

#[tokio::test]
async fn a_replacement_may_stay_as_wrong_as_it_was() {
    let validation = Validation::new(Mode::Requests);
    let (old, same) = (lamp(json!({"color": "blue"})), lamp(json!({"color": "blue", "watts": 5})));
    validation.replacement(&same, async { Ok(old) }).await.expect("the colour is not new");
    let worse = lamp(json!({"color": "green"}));
    let judged = validation.replacement(&worse, async { Ok(same) }).await;
    assert!(blamed(judged).contains(&cause("spec.color", "FieldValueNotSupported")));
    let unread = validation.replacement(&worse, async { Err(Error::new(Reason::NotFound, "gone")) }).await;
    unread.expect("the write will tell");
}

#[tokio::test]
async fn what_the_backend_answers_is_reported_without_its_content() {
    let invalid_objects: Arc<Mutex<Vec<InvalidObject>>> = Arc::default();
    let seen = invalid_objects.clone();
    let validation =
        Validation::with_report(Mode::All, move |invalid| seen.lock().expect("no panic").push(invalid.clone()));
    validation.answered([&lamp(json!({"color": "secret"})), &lamp(json!({"color": "red"}))]);
    assert_eq!(validation.invalid_objects(), 1);
    let found = invalid_objects.lock().expect("no panic");
    assert_eq!((found[0].kind, found[0].name.as_str()), ("Lamp", "a"));
    assert!(found[0].causes.contains(&("spec.color".to_owned(), "FieldValueNotSupported")));
    assert!(!format!("{found:?}").contains("secret"));
    drop(found);
    validation.set(Mode::Requests);
    validation.answered([&lamp(json!({"color": "secret"}))]);
    assert_eq!(validation.invalid_objects(), 1);
}

#[tokio::test]
async fn a_strict_write_has_no_undeclared_field() {
    let object_body = async |query: &str, spec: Value| {
        let body = json!({ "metadata": { "name": "a" }, "spec": spec }).to_string();
        let request = Request::builder().uri(format!("/lamps{query}")).header("content-type", "application/json");
        ObjectBody::<Lamp>::from_request(request.body(body.into()).expect("a request"), &()).await
    };
    let strict = "?fieldValidation=Strict";
    let refused = object_body(strict, json!({ "color": "red", "colour": 1, "wats": 2 })).await.expect_err("undeclared");
    assert_eq!((refused.status, refused.reason), (400, Reason::BadRequest));
    let said = "Lamp in version \"v1\" cannot be handled as a Lamp: strict decoding error: unknown field \"spec.colour\", \
                unknown field \"spec.wats\"";
    assert_eq!(refused.to_string(), said);
    assert_eq!(refused.causes[1].field, "spec.wats");
    object_body(strict, json!({ "color": "red" })).await.expect("everything is declared");
    // Decoding does not check the rules.
    object_body(strict, json!({ "color": "blue" })).await.expect("everything is declared");
    for query in ["", "?fieldValidation=Warn", "?fieldValidation=Ignore"] {
        object_body(query, json!({ "color": "red", "colour": 1 })).await.expect("it is dropped");
    }
}
